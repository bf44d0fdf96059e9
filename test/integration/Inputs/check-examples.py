"""check-examples.py FOLDER TABLE: are the examples what TABLE says?

Each .cnn of FOLDER is a line of TABLE and each line a .cnn. Its first line is a comment, its
text is short, `cnnc check --werror` prints one line with its net and parameters, and
`summary --json` has its multiply-adds. The net of a paper names its parameters in the first
line.
"""

import json
import pathlib
import re
import subprocess
import sys

LINES, COLUMNS = 60, 100


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0 and not result.stderr, (command, result)
    return result.stdout


def check_text(path, parameters):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LINES, (path, len(lines))
    assert max(map(len, lines)) <= COLUMNS, (path, [line for line in lines if len(line) > COLUMNS])
    assert lines[0].startswith("# "), (path, lines[0])
    of_a_paper = re.search(r" (19|20)\d\d\b", lines[0])
    assert not of_a_paper or lines[0].endswith(f": {parameters} parameters."), (path, lines[0])


def check_net(path, net, parameters, multiply_adds):
    printed = run("cnnc", "check", "--werror", str(path))
    assert printed == f"{path}: ok ({net}: {parameters} parameters)\n", printed
    (summary,) = json.loads(run("cnnc", "summary", "--json", str(path)))["nets"]
    macs = format(summary["totals"]["macs"], ",")
    assert macs == multiply_adds, (path, macs, multiply_adds)


def main(folder, table):
    lines = pathlib.Path(table).read_text(encoding="utf-8").splitlines()
    rows = {row[0]: row[1:] for row in (line.split() for line in lines if line[0] != "#")}
    paths = {path.stem: path for path in pathlib.Path(folder).glob("*.cnn")}
    assert set(rows) == set(paths), set(rows) ^ set(paths)
    for name, (net, parameters, multiply_adds) in rows.items():
        check_net(paths[name], net, parameters, multiply_adds)
        check_text(paths[name], parameters)


if __name__ == "__main__":
    main(*sys.argv[1:])
