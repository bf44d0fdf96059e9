"""Applies every fix that cnnc offers for the texts of a folder.

    apply-fixes.py FOLDER SCRATCH

Each text that a RUN line of its own checks as it stands is checked with that line's flags. Of
every diagnostic each fix is applied to a copy, its edits as bytes, 1-based columns. After
that the diagnostic is gone from its place, which moves with the edits before it, and there
are no more errors than before; without errors, no more warnings either.

Every repair that the CHECK lines show (`= fix:`) has to be among the fixes, and every
message with "did you mean" has to have one: none can vanish silently.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

RUN = re.compile(r"^# RUN: (?:not )?cnnc check ([^%|]*)%s\b", re.M)
SHOWN = re.compile(r"^# CHECK(?:-NEXT)?: = fix: (.*)$", re.M)
# What stands on the command line is not repaired in the text.
OF_OPTIONS = re.compile(r"--param|no net ")


def check(path, flags):
    done = subprocess.run(["cnnc", "check", "--diagnostics=json", *flags, path], stderr=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, timeout=60)
    # One line, one object; other line ends of Unicode may stand inside.
    return [json.loads(line) for line in done.stderr.decode("utf-8").split("\n") if line]


def count(diagnostics, severity):
    return sum(found["severity"] == severity for found in diagnostics)


def offset(text, line, column):
    begins = [0] + [i + 1 for i, byte in enumerate(text) if byte == 0x0A]
    return begins[line - 1] + column - 1


def place(text, at):
    return text.count(b"\n", 0, at) + 1, at - (text.rfind(b"\n", 0, at) + 1) + 1


def apply(text, edits, at):
    """The text after the edits, and where the byte `at` is in it."""
    moved, result, done = at, b"", 0
    spans = [(offset(text, e["line"], e["col"]), offset(text, e["end_line"], e["end_col"]), e["new"]) for e in edits]
    for begin, end, new in sorted(spans, key=lambda span: span[0]):
        assert done <= begin <= end <= len(text), "edits overlap, or leave the text"
        result += text[done:begin] + new.encode("utf-8")
        done = end
        if begin < at:
            moved += len(new.encode("utf-8")) - (end - begin)
    return result + text[done:], moved


def repair(path, flags, diagnostic, fix, before):
    """What is wrong after a fix, or None."""
    home = diagnostic["file"]
    targets = {edit.get("file", home) for edit in fix["edits"]}
    if len(targets) != 1:
        return f"it edits {len(targets)} files"
    (target,) = targets
    with open(target, "rb") as file:
        original = file.read()
    with open(home, "rb") as file:
        at = offset(file.read(), diagnostic["line"], diagnostic["col"])
    text, moved = apply(original, fix["edits"], at if home == target else 0)
    with open(target, "wb") as file:
        file.write(text)
    try:
        after = check(path, flags)
        with open(home, "rb") as file:
            expected = place(file.read(), moved if home == target else at)
    finally:
        with open(target, "wb") as file:
            file.write(original)
    for found in after:
        if (found["file"], found["code"], found["line"], found["col"]) == (home, diagnostic["code"], *expected):
            return f"{found['code']} is still at {found['line']}:{found['col']}"
    # Errors hide warnings.
    for severity in ("error",) if count(before, "error") else ("error", "warning"):
        if count(after, severity) > count(before, severity):
            return f"there are {count(after, severity)} {severity}s, before {count(before, severity)}:" + "".join(
                f"\n    {found['line']}:{found['col']}: {found['code']} {found['message']}" for found in after)
    return None


def missing(text, diagnostics):
    """Repairs that the test shows, but cnnc does not offer."""
    offered = {fix["text"] for found in diagnostics for fix in found["fixes"]}
    shown = [part.strip() for line in SHOWN.findall(text) for part in line.split("  ·  ")]
    for part in shown:
        if part not in offered:
            yield f"the fix '{part}' is not offered"
    for found in diagnostics:
        message = found["message"]
        if "did you mean" not in message or OF_OPTIONS.match(message):
            continue
        if not found["fixes"]:
            yield f"{found['line']}:{found['col']}: {found['code']} says 'did you mean', but offers no fix"


def main():
    folder, scratch = sys.argv[1:]
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(folder, scratch)
    fixes, files, complaints = 0, 0, []
    for path in sorted(glob.glob(os.path.join(scratch, "*.cnn"))):
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        runs = RUN.findall(text)
        if not runs:
            continue
        flags = runs[0].split()
        before = check(path, flags)
        complaints += [f"{name}: {problem}" for problem in missing(text, before)]
        for diagnostic in before:
            for fix in diagnostic["fixes"]:
                problem = repair(path, flags, diagnostic, fix, before)
                fixes += 1
                if problem:
                    complaints.append(f"{name}:{diagnostic['line']}:{diagnostic['col']}: {diagnostic['code']}, "
                                      f"fix '{fix['text']}': {problem}")
        files += any(diagnostic["fixes"] for diagnostic in before)
    print("\n".join(complaints + [f"{fixes} fixes of {files} files applied"]))
    return 1 if complaints or not fixes else 0


if __name__ == "__main__":
    sys.exit(main())
