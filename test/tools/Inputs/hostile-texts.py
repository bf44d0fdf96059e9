"""hostile-texts.py FOLDER [--fmt | --program WORDS...]: gives `cnnc compile` strange texts.

Each must end with exit code 1 or, for a limit, 4 and with a message, within 5 s and 1 GiB.
With --fmt they are formatted, and only what has no tree is refused: exit code 0, 1 or 4,
within 30 s.
"""

import os
import subprocess
import sys

EXITS = [sys.executable, os.path.join(os.path.dirname(__file__), "exits.py")]
LIMITS = [*EXITS, "1,4", "--seconds", "5", "--memory", "1024"]
FORMAT_LIMITS = [*EXITS, "0,1,4", "--seconds", "30", "--memory", "1024"]
NET = b"net N { input x : [1, 8, 8]  let y = x -> %s  output y }\n"
TEXTS = {
    "empty": b"",
    "spaces": b" \n" * 100000,
    "nul": b"net N {\0}",
    "only-nul": b"\0" * 100000,
    "utf-8": b"net \xff\xfe { input x : [1, 8, 8] }",
    "cut-utf-8": b"net N { input x : [1, 8, 8] } # \xe2\x82",
    "brackets": b"[" * 100000,
    "groups": NET % (b"[" * 100000 + b"relu" + b"]" * 100000),
    "parentheses": NET % (b"conv(" + b"(" * 100000 + b"1" + b")" * 100000 + b", 3)"),
    "minuses": NET % (b"conv(" + b"-" * 100000 + b"1, 3)"),
    "ifs": NET % (b"if true then " * 50000 + b"relu" + b" else relu" * 50000),
    "repeat": NET % b"[relu]*1000000000000",
    "nested-repeats": NET % b"[[[[[relu]*999]*999]*999]*999]*999",
    "channels": NET % b"conv(9223372036854775807, 3)",
    "product": NET % b"conv(4294967296, 1) -> conv(4294967296, 1)",
    "number": NET % (b"conv(" + b"9" * 100000 + b", 3)"),
    "zero": NET % b"conv(1//0, 3)",
    "range": NET % b"[conv(i, 1)] for i in 0..9223372036854775807",
    "name": b"net " + b"N" * 1000000 + b" { }",
    "line": NET % (b"relu -> " * 100000 + b"rleu"),
    "quote": b'net N { assert true, "' + b"a" * 100000,
    "block": b"block f { in -> f }" + NET % b"f",
    "list": NET % (b"[relu] for x in [" + b"1, " * 1000000 + b"true + 1]"),
    "json": b'{"a": [' * 20000,
    "binary": bytes(range(256)) * 1000,
    "errors": NET % (b"conv(1, 99) -> " * 10000 + b"relu"),
}


def main(folder, program, limits):
    bad = []
    for name, text in TEXTS.items():
        path = os.path.join(folder, name + ".cnn")
        with open(path, "wb") as file:
            file.write(text)
        done = subprocess.run([*limits, *program, path], capture_output=True, check=False)
        if done.returncode != 0 or not (done.stderr or done.stdout):
            bad.append(f"{name}: {done.stderr[-500:].decode(errors='replace')}")
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    words = sys.argv[2:]
    if words == ["--fmt"]:
        sys.exit(main(sys.argv[1], ["cnnc", "fmt"], FORMAT_LIMITS))
    program = words[1:] if words else ["cnnc", "compile", "-o", os.path.join(sys.argv[1], "n.o")]
    sys.exit(main(sys.argv[1], program, LIMITS))
