"""check-format.py ROOT: `cnnc fmt` on every text below ROOT that has no syntax errors.

The tokens, the comments and the syntax tree stay, and formatting again changes nothing.
Prints how many texts were formatted and how many refused; ends with 1 at the first failure.
"""

import pathlib
import re
import subprocess
import sys

# A comment, or a string, in which # starts none.
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|(#[^\n]*)')


def cnnc(*words, text):
    done = subprocess.run(["cnnc", *words, "-"], input=text, capture_output=True, check=False)
    return done.returncode, done.stdout


def tokens(text):
    """Without their places."""
    code, printed = cnnc("compile", "--emit=tokens", text=text)
    assert code == 0
    return [line.partition(b" ")[2] for line in printed.splitlines()]


def comments(text):
    found = COMMENT.finditer(text.decode())
    return [match.group(1).rstrip() for match in found if match.group(1)]


def check(path):
    """Whether the text could be formatted."""
    text = path.read_bytes()
    code, formatted = cnnc("fmt", text=text)
    tree_code, tree = cnnc("compile", "--emit=ast", text=text)
    assert code == tree_code, f"{path}: fmt ends with {code}, --emit=ast with {tree_code}"
    if code != 0:
        assert code == 1 and formatted == b"", path
        return False
    assert tokens(text) == tokens(formatted), f"{path}: other tokens"
    assert comments(text) == comments(formatted), f"{path}: other comments"
    assert cnnc("compile", "--emit=ast", text=formatted) == (0, tree), f"{path}: another tree"
    assert cnnc("fmt", text=formatted) == (0, formatted), f"{path}: not the same twice"
    return True


def main(root):
    paths = [path for path in sorted(pathlib.Path(root).rglob("*.cnn"))
             if "build" not in path.relative_to(root).parts]
    formatted = sum(check(path) for path in paths)
    print(f"{formatted} formatted, {len(paths) - formatted} refused")


if __name__ == "__main__":
    main(*sys.argv[1:])
