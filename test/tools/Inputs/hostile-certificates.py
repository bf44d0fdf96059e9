"""Gives `compile --require-cert` certificates that are damaged; prints how each is refused.

    hostile-certificates.py CERTIFICATE NET.cnn
"""

import json
import os
import subprocess
import sys

good_path, net = sys.argv[1:3]
with open(good_path, "rb") as file:
    good = file.read()


def changed(change):
    content = json.loads(good)
    change(content)
    return json.dumps(content).encode()


def without(key):
    return changed(lambda content: content.pop(key))


CASES = {
    "truncated": good[: len(good) // 2],
    "empty": b"",
    "deep": b"[" * 100000,
    "deep objects": b'{"a":' * 100000,
    "twice": b'{"schema":1,"schema":1}',
    "not UTF-8": b'{"schema":"\xff"}',
    "open string": b'{"schema":"a\\"}',
    "key": b"{1:2}",
    "colon": b'{"a" 1}',
    "comma": b'{"a":1 "b":2}',
    "list": b"[1 2]",
    "number": b"[1e]",
    "word": b"[nil]",
    "more": b"{} {}",
    "no object": b"[]",
    "no schema": without("schema"),
    "no hash": without("hash"),
    "no layers": without("layers"),
    "no passed": without("passed"),
    "layer": changed(lambda content: content["layers"].__setitem__(1, 7)),
    "check": changed(lambda content: content["layers"][0].update(check="guess")),
    "negative": changed(lambda content: content["layers"][0].update(worst=-1)),
    "fewer layers": changed(lambda content: content["layers"].pop()),
    "no loss": changed(lambda content: content["loss"].clear()),
    "control characters": changed(lambda content: content.update(hash="\33[31m")),
}


def compile_with(content):
    with open("hostile.json", "wb") as file:
        file.write(content)
    command = ["cnnc", "compile", net, "--require-cert", "hostile.json", "-o", "hostile.o"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert not os.path.exists("hostile.o"), content
    return run.returncode, run.stderr


for name, content in CASES.items():
    code, message = compile_with(content)
    assert message.count("\n") == 1, message
    print(f"{name}: {code} {message}", end="")

# A step of 29 bytes meets every kind of place.
codes = {compile_with(good[:end])[0] for end in range(0, len(good.rstrip()), 29)}
print("every prefix:", "refused" if codes == {3} else codes)
