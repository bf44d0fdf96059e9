"""check-diagnostics.py FILE SEVERITY CODE LINE COL: one diagnostic, in the JSON that is promised."""

import json
import sys

FIELDS = {"file": str, "line": int, "col": int, "severity": str, "code": str, "message": str,
          "notes": list, "fixes": list}
EDIT = {"line": int, "col": int, "end_line": int, "end_col": int, "new": str}


def main(path, severity, code, line, column):
    with open(path, encoding="utf-8") as file:
        diagnostics = [json.loads(text) for text in file]
    assert len(diagnostics) == 1, diagnostics
    found = diagnostics[0]
    for name, wanted in FIELDS.items():
        assert isinstance(found[name], wanted), (name, found)
    for fix in found["fixes"]:
        assert isinstance(fix["text"], str), fix
        for edit in fix["edits"]:
            assert {name: type(value) for name, value in edit.items()} == EDIT, edit
    place = (found["severity"], found["code"], found["line"], found["col"])
    assert place == (severity, code, int(line), int(column)), place


if __name__ == "__main__":
    main(*sys.argv[1:])
