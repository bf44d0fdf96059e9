"""Every numbered constraint of an op has its test."""

import re

import style

OP = re.compile(r'^def Cnn_\w+\s*:.*?<"(\w+)"|^def \w+\s*:\s*\w+<"(\w+)"', re.MULTILINE)
CONSTRAINT = re.compile(r"^\s*- \(C(\d+)\)", re.MULTILINE)


def constraints(root):
    """(op, number) of all that TableGen descriptions list."""
    for path in style.files(root, {".td"}, ("dialect",)):
        text = style.text(root, path)
        starts = [(found.start(), found.group(1) or found.group(2)) for found in OP.finditer(text)]
        for (start, name), (end, _) in zip(starts, starts[1:] + [(len(text), "")]):
            for number in CONSTRAINT.findall(text[start:end]):
                yield path, name, number


def check(root):
    tests = "\n".join(style.text(root, p) for p in style.files(root, {".mlir", ".cpp"}, ("test/dialect",)))
    complaints = [
        f"{path}: constraint C{number} of {name} has no test @{name}_c{number}"
        for path, name, number in constraints(root)
        if not re.search(rf"@{name}_c{number}\b", tests)
    ]
    if not any(constraints(root)):
        complaints.append("no constraint found: this check reads the wrong files")
    return complaints


BAD = {
    "dialect/Ops/Conv.td": 'def Cnn_ConvOp : Cnn_Op<"conv"> {\n    - (C1) one.\n    - (C2) two.\n}\n'
                           'def Cnn_PoolOp : Cnn_Op<"pool"> {\n    - (C1) one.\n}\n',
    "test/dialect/invalid-conv.mlir": "func.func @conv_c1() {\nfunc.func @pool_c12() {\n",
}
EXPECTED = [
    "dialect/Ops/Conv.td: constraint C2 of conv has no test @conv_c2",
    "dialect/Ops/Conv.td: constraint C1 of pool has no test @pool_c1",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
