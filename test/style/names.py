"""Names of files and folders: CamelCase for C++ and TableGen, kebab-case for tests and examples."""

import re

import style

CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9_]*")
MEANINGLESS = re.compile(r"(Utils?|Helpers?|Common|Misc|Manager)(?![a-z])", re.IGNORECASE)
BUILD = {"CMakeLists.txt", "README.md", "lit.cfg.py"}
# Headers that C programs include, and the program's own name.
GIVEN = {"abi.h", "runtime.h"}


def wanted(root, path):
    """The form of the file's stem and its name; nothing where any will do."""
    if path.name in BUILD or path.suffix in {".md", ".cmake", ".py", ".cfg", ".in", ""}:
        return None
    folder, stem = path.parts[0], path.stem
    if folder in ("test", "examples", "bench"):
        # What several tests include, and the source beside such a header, is C++ like any other.
        shared = CAMEL.fullmatch(stem) and (root / path).with_suffix(".h").exists()
        return None if shared else (KEBAB, "kebab-case")
    is_program = folder == "tools" and stem == path.parts[-2]
    if path.suffix in style.CODE and not is_program and path.name not in GIVEN:
        return (CAMEL, "CamelCase")
    return None


def check(root):
    complaints, folders = [], set()
    for path in style.files(root):
        folders.update(parent for parent in path.parents if parent.name)
        form = wanted(root, path)
        if form and not form[0].fullmatch(path.stem.partition(".")[0]):
            complaints.append(f"{path}: the name should be {form[1]}")
        if path.suffix == ".py" and path.name not in BUILD and not (KEBAB.fullmatch(path.stem) or SNAKE.fullmatch(path.stem)):
            complaints.append(f"{path}: the name should be lower case")
        if MEANINGLESS.search(path.name):
            complaints.append(f"{path}: the name says nothing about what is in it")
    for folder in sorted(folders):
        if re.search(r"[_ ]", folder.name) or MEANINGLESS.fullmatch(folder.name):
            complaints.append(f"{folder}: not a folder's name")
        if folder.parts[0] in ("compiler", "dialect") and len(folder.parts) == 2:
            if not CAMEL.fullmatch(folder.name):
                complaints.append(f"{folder}: the name should be CamelCase")
    return complaints


BAD = {
    "compiler/Fusion/fold_bn.cpp": "",
    "compiler/lowering/Good.cpp": "",
    "dialect/OpUtils.h": "",
    "test/dialect/ConvTest.mlir": "",
    "test/dialect/good-test.mlir": "",
    "runtime/include/cnnc/abi.h": "",
    "tools/cnnc/cnnc.cpp": "",
    "runtime/helpers/Idx.cpp": "",
}
EXPECTED = [
    "compiler/Fusion/fold_bn.cpp: the name should be CamelCase",
    "compiler/lowering: the name should be CamelCase",
    "dialect/OpUtils.h: the name says nothing about what is in it",
    "test/dialect/ConvTest.mlir: the name should be kebab-case",
    "runtime/helpers: not a folder's name",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
