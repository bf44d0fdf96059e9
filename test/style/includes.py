"""Who may include whom. A layer takes the first row whose pattern fits its path."""

import re

import style

ANY_LLVM = r"llvm/|llvm-c/"
# Pattern of the file, what it may include beside the standard library, what it must not
# although that fits. The typed tree is what IRGen reads, so it may include the Frontend;
# the driver prints tokens and trees, so it may, too.
RULES = [
    # Compiled to bitcode too, where only their own folder and abi.h's are known.
    (r"runtime/embedded/", r"(Model|Normal|Philox|Safetensors|Storage)\.h|cnnc/", None),
    (r"runtime/", r"runtime/|cnnc/|fmt/|zlib\.h|png\.h|jpeglib\.h", None),
    (r"dialect/ShapeInference", r"dialect/ShapeInference\.h|llvm/ADT/", None),
    (r"dialect/", r"dialect/|mlir/|" + ANY_LLVM, r"mlir/(Pass|Transforms|Conversion|Dialect/Linalg)/"),
    (r"compiler/Frontend/", r"compiler/Frontend/|dialect/ShapeInference\.h|fmt/|llvm/", None),
    (r"compiler/IRGen/", r"compiler/(IRGen|Frontend|Support)/|dialect/|mlir/|llvm/|fmt/", None),
    (r"compiler/Pipelines/", r"compiler/(Pipelines|Support)/|compiler/Passes\.h|mlir/|llvm/", None),
    (r"compiler/Codegen/", r"compiler/(Codegen|Support)/|cnnc/abi\.h|mlir/|llvm/|fmt/", r"mlir/Pass/"),
    (r"compiler/InitAll", r"compiler/InitAll\.h|compiler/Passes\.h|compiler/Pipelines/|dialect/|mlir/|llvm/", None),
    (r"compiler/Support/", r"compiler/Support/|dialect/|mlir/|llvm/", None),
    (r"compiler/(?P<phase>\w+)/", r"compiler/(PHASE|Support)/|compiler/Passes\.h|dialect/|mlir/|llvm/", None),
    (r"compiler/Passes\.h", r"compiler/|dialect/|mlir/|llvm/", None),
    (r"tools/", r"tools/|runtime/|cnnc/|fmt/|mlir/|llvm/|compiler/InitAll\.h|compiler/IRGen/(IRGen|NetPrinter)\.h|"
                r"compiler/(Pipelines|Codegen|Frontend|Support)/", None),
]
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')
# A table that a file includes: Passes.h.inc, Tokens.def.
TABLE = re.compile(r"\.(inc|def)$")


def rule_for(path):
    for pattern, may, must_not in RULES:
        found = re.match(pattern, path)
        if found:
            phase = found.groupdict().get("phase") or ""
            return may.replace("PHASE", phase), must_not
    return None, None


def is_system(name):
    """A header of C, C++ or POSIX: no folder but sys/."""
    return re.fullmatch(r"(sys/)?[a-z_0-9]+(\.h)?", name) is not None


def check(root):
    complaints = []
    for path in style.files(root, {".cpp", ".h", ".c"}, ("compiler", "dialect", "runtime", "tools")):
        may, must_not = rule_for(path.as_posix())
        for number, line in style.lines(root, path):
            found = INCLUDE.match(line)
            name = found.group(1) if found else None
            if name is None or is_system(name) or (TABLE.search(name) and "/" not in name):
                continue
            if not may:
                complaints.append(f"{path}:{number}: no rule says what this file may include")
            elif not re.match(may, name) or (must_not and re.match(must_not, name)):
                complaints.append(f"{path}:{number}: must not include {name}")
    return complaints


BAD = {
    "runtime/A.cpp": '#include "runtime/A.h"\n#include <vector>\n#include "llvm/ADT/Twine.h"\n',
    "dialect/Ops/Conv.cpp": '#include "compiler/Passes.h"\n#include "mlir/Pass/Pass.h"\n',
    "compiler/Frontend/Lexer.cpp": '#include "mlir/IR/Value.h"\n#include "llvm/Support/JSON.h"\n',
    "dialect/Ops/Pool.cpp": '#include "compiler/Support/LoopNest.h"\n',
    "compiler/Fusion/A.cpp": '#include "compiler/Fusion/A.h"\n#include "compiler/Support/C.h"\n#include "compiler/Layout/B.h"\n',
    "compiler/Support/A.cpp": '#include "dialect/CnnOps.h"\n#include "compiler/Tiling/B.h"\n',
    "compiler/InitAll.cpp": '#include "compiler/Passes.h"\n#include "compiler/Memory/ArenaPlacement.h"\n',
    "tools/cnnc/A.cpp": '#include "dialect/Ops/Conv.h"\n#include "runtime/Idx.h"\n',
    "compiler/Other.cpp": '#include "dialect/CnnOps.h"\n',
}
EXPECTED = [
    "runtime/A.cpp:3: must not include llvm/ADT/Twine.h",
    "dialect/Ops/Conv.cpp:1: must not include compiler/Passes.h",
    "dialect/Ops/Conv.cpp:2: must not include mlir/Pass/Pass.h",
    "compiler/Frontend/Lexer.cpp:1: must not include mlir/IR/Value.h",
    "dialect/Ops/Pool.cpp:1: must not include compiler/Support/LoopNest.h",
    "compiler/Fusion/A.cpp:3: must not include compiler/Layout/B.h",
    "compiler/Support/A.cpp:2: must not include compiler/Tiling/B.h",
    "compiler/InitAll.cpp:2: must not include compiler/Memory/ArenaPlacement.h",
    "tools/cnnc/A.cpp:1: must not include dialect/Ops/Conv.h",
    "compiler/Other.cpp:1: no rule says what this file may include",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
