"""compile-examples.py FOLDER NAME...: these examples become an object and a header."""

import pathlib
import subprocess
import sys

folder, *names = sys.argv[1:]
assert len(names) >= 3, names
for name in names:
    path = pathlib.Path(folder, name + ".cnn")
    subprocess.run(["cnnc", "compile", path, "--batch", "2", "-o", name + ".o"], check=True)
    for made in (name + ".o", name + ".h"):
        assert pathlib.Path(made).stat().st_size > 0, made
