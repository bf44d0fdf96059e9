"""Every fix that `cnnc check` proposes must make its error go away.

    apply-fixes.py COUNT FILE...    COUNT: how many fixes the files must have together
"""

import json
import subprocess
import sys
import tempfile


def check(path):
    done = subprocess.run(["cnnc", "check", "--diagnostics=json", path], capture_output=True, text=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def errors(diagnostics):
    return sorted((d["code"], d["message"]) for d in diagnostics if d["severity"] == "error")


def applied(text, edits):
    lines = text.split("\n")

    def offset(line, col):  # columns count bytes
        return sum(len(l.encode()) + 1 for l in lines[: line - 1]) + col - 1

    data = text.encode()
    for edit in sorted(edits, key=lambda e: -offset(e["line"], e["col"])):
        begin, end = offset(edit["line"], edit["col"]), offset(edit["end_line"], edit["end_col"])
        data = data[:begin] + edit["new"].encode() + data[end:]
    return data.decode()


def main():
    wanted, found, bad = int(sys.argv[1]), 0, 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        before = check(path)
        for diagnostic in before:
            for fix in diagnostic["fixes"]:
                found += 1
                with tempfile.NamedTemporaryFile("w", suffix=".cnn", encoding="utf-8") as fixed:
                    fixed.write(applied(text, fix["edits"]))
                    fixed.flush()
                    after = errors(check(fixed.name))
                left = (diagnostic["code"], diagnostic["message"]) in after
                new = [error for error in after if error not in errors(before)]
                if left or new:
                    bad += 1
                    print(f"{path}: {diagnostic['message']}: after '{fix['text']}': {new or 'the same'}")
    print(f"{found} fixes, {bad} bad")
    return 1 if bad or found != wanted else 0


if __name__ == "__main__":
    sys.exit(main())
