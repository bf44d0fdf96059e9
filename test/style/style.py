"""What the checks of this folder share: the files, and a test that each check can fail.

A check is a function from the project's folder to a list of complaints. `run` prints
them, or with --self-test makes a tiny bad project and expects exactly its complaints.
"""

import pathlib
import re
import sys
import tempfile

OURS = ("compiler", "dialect", "runtime", "tools", "test", "bench", "examples", "docs", ".ci")
CODE = {".cpp", ".h", ".c", ".td", ".def"}
NOT_OURS = {"Output", "__pycache__", "fuzz-corpus"}


def files(root, suffixes=None, folders=OURS):
    """All files of the project, as paths below `root`, in order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not NOT_OURS & set(path.parts):
                if suffixes is None or path.suffix in suffixes:
                    yield path.relative_to(root)


def text(root, path):
    path = root / path
    return path.read_text(encoding="utf-8") if path.exists() else ""


def lines(root, path):
    return list(enumerate(text(root, path).splitlines(), 1))


def kebab(name):
    """FuseEpilogue -> fuse-epilogue, CnnToLinalg -> cnn-to-linalg, LowerToLLVM -> lower-to-llvm"""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)
    return "-".join(part.lower() for part in parts)


def phases(root, macro="CNNC_PHASE"):
    """The phases of Phases.def: name, --emit value, summary."""
    return re.findall(
        rf'^{macro}\((\w+), "(\w+)", "([^"]*)"\)',
        text(root, "compiler/Pipelines/Phases.def"),
        re.MULTILINE,
    )


def self_test(check, bad, expected):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, content in bad.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        complaints = check(root)
    if sorted(complaints) != sorted(expected):
        print("expected:", *sorted(expected), "found:", *sorted(complaints), sep="\n  ")
        return 1
    return 0


def run(check, bad, expected):
    if sys.argv[1] == "--self-test":
        sys.exit(self_test(check, bad, expected))
    complaints = check(pathlib.Path(sys.argv[1]))
    print("\n".join(complaints))
    sys.exit(1 if complaints else 0)
