"""Words that a finished file does not have: promises, and the paths of one machine."""

import re

import style

# In pieces, so that this file passes its own check.
PROMISES = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
EMPTY = re.compile(r"\bst" + r"ubs?\b", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.])/(home|root|work|Users|mnt)/\w")
TEXT = style.CODE | {".py", ".md", ".cnn", ".mlir", ".test", ".txt", ".sh", ".cfg", ".in", ".cmake", ""}


def check(root):
    complaints = []
    paths = [path for path in style.files(root) if path.suffix in TEXT]
    paths += [path for name in ("README.md", "CMakeLists.txt") for path in [root / name] if path.exists()]
    for path in paths:
        for number, line in style.lines(root, path):
            for pattern, reason in ((PROMISES, "a promise"), (EMPTY, "a promise"), (MACHINE, "a path of one machine")):
                found = pattern.search(line)
                if found:
                    complaints.append(f"{path}:{number}: {reason}: {found.group(0)}")
    return complaints


BAD = {
    "compiler/A.cpp": "// TO" + "DO: later\nint stubborn;\n// a st" + "ub\n",
    "docs/A.md": "see /ho" + "me/me/x and /usr/lib/llvm-22 and a/home/b\n",
}
EXPECTED = [
    "compiler/A.cpp:1: a promise: TO" + "DO",
    "compiler/A.cpp:3: a promise: st" + "ub",
    "docs/A.md:1: a path of one machine: /ho" + "me/m",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
