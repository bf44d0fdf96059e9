"""compile-examples.py FOLDER: every .cnn below it checks without a warning and compiles."""

import pathlib
import subprocess
import sys

paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.cnn"))
assert len(paths) >= 3, paths
for path in paths:
    subprocess.run(["cnnc", "check", "--werror", path], check=True)
    subprocess.run(["cnnc", "compile", path, "--batch", "2", "-o", path.stem + ".o"], check=True)
    for name in (path.stem + ".o", path.stem + ".h"):
        assert pathlib.Path(name).stat().st_size > 0, name
