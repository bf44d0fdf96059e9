"""One pass, one file, one name; one phase, one folder, one chapter."""

import re

import style

PASS = re.compile(r'^def (\w+?)(?:Pass)? : (?:\w*Pass)<"([^"]+)"(?:, "([^"]*)")?', re.MULTILINE)
ANCHORS = {"::mlir::func::FuncOp", "::mlir::ModuleOp", "mlir::func::FuncOp", "mlir::ModuleOp"}


def check(root):
    complaints = []
    for table in style.files(root, {".td"}, ("compiler",)):
        if table.name != "Passes.td" or len(table.parts) != 3:
            continue
        folder = table.parts[1]
        for name, flag, anchor in PASS.findall(style.text(root, table)):
            stem = style.kebab(name).removeprefix("cnn-")
            if flag != f"cnn-{stem}" and flag != style.kebab(name):
                complaints.append(f"{table}: {name} has the flag {flag}, expected cnn-{stem}")
            if not (root / "compiler" / folder / f"{name}.cpp").exists():
                complaints.append(f"{table}: {name} has no compiler/{folder}/{name}.cpp")
            test = f"test/compiler/{folder}/{style.kebab(name)}.mlir"
            if not (root / test).exists():
                complaints.append(f"{table}: {name} has no {test}")
            if anchor not in ANCHORS:
                complaints.append(f"{table}: {name} is anchored on '{anchor}', expected func or module")
    return complaints + check_phases(root)


def check_phases(root):
    phases = style.phases(root)
    complaints = [] if phases else ["compiler/Pipelines/Phases.def: no phase found"]
    for name, _, _ in phases:
        if not any((root / "compiler" / name).glob("*.*")):
            complaints.append(f"phase {name} has no folder compiler/{name}")
        if not any((root / "test" / "compiler" / name).glob("*.*")):
            complaints.append(f"phase {name} has no folder test/compiler/{name}")
    names = [name for name, _, _ in phases]
    chapters = re.findall(r"^#+ (?:[0-9.]+ )?(\w+)", style.text(root, "docs/Architecture.md"), re.M)
    if [chapter for chapter in chapters if chapter in names] != names:
        complaints.append(f"docs/Architecture.md: its chapters should include {', '.join(names)}")
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| (.*) \|$", style.text(root, "README.md"), re.M)
    if rows != style.phases(root, "CNNC_(?:PHASE|EMIT)"):
        complaints.append("README.md: its table of phases should have the rows of Phases.def")
    return complaints


BAD = {
    "compiler/Pipelines/Phases.def": 'CNNC_PHASE(Fusion, "fused", "x")\nCNNC_PHASE(Lowering, "linalg", "y")\n',
    "compiler/Fusion/Passes.td": 'def FuseReluPass : Pass<"cnn-fuse-relus", "::mlir::func::FuncOp"> {\n'
                                 'def GoodPass : Pass<"cnn-good", "::mlir::ModuleOp"> {\n'
                                 'def LowerToLLVMPass : Pass<"cnn-lower-to-llvm"> {\n',
    "compiler/Fusion/Good.cpp": "",
    "compiler/Fusion/LowerToLLVM.cpp": "",
    "test/compiler/Fusion/good.mlir": "",
    "test/compiler/Fusion/lower-to-llvm.mlir": "",
    "docs/Architecture.md": "# Architecture\n## Lowering\n## Fusion\n",
    "README.md": "| Fusion | `fused` | x |\n| Lowering | `linalg` | another |\n",
}
EXPECTED = [
    "compiler/Fusion/Passes.td: FuseRelu has the flag cnn-fuse-relus, expected cnn-fuse-relu",
    "compiler/Fusion/Passes.td: FuseRelu has no compiler/Fusion/FuseRelu.cpp",
    "compiler/Fusion/Passes.td: FuseRelu has no test/compiler/Fusion/fuse-relu.mlir",
    "compiler/Fusion/Passes.td: LowerToLLVM is anchored on '', expected func or module",
    "phase Lowering has no folder compiler/Lowering",
    "phase Lowering has no folder test/compiler/Lowering",
    "docs/Architecture.md: its chapters should include Fusion, Lowering",
    "README.md: its table of phases should have the rows of Phases.def",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
