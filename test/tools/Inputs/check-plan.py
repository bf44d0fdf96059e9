"""Checks what `cnnc plan --json` prints against the header of the library.

    check-plan.py PLAN.json NET.h

- The bytes are those of the header, and their sum is `bytes`.
- Buffers that are alive at the same step do not overlap and lie within the arena.
- The bytes alive at each step are those of the buffers; the peak is the most of them.
"""

import json
import re
import sys


def check_arena(arena):
    buffers, steps = arena["buffers"], arena["steps"]
    assert buffers and steps
    live = [0] * len(steps)
    for i, buffer in enumerate(buffers):
        assert buffer["offset"] % 64 == 0 and buffer["offset"] >= 0
        assert buffer["offset"] + buffer["bytes"] <= arena["bytes"], buffer
        assert 0 <= buffer["first"] <= buffer["last"] < len(steps), buffer
        for step in range(buffer["first"], buffer["last"] + 1):
            live[step] += buffer["bytes"]
        for other in buffers[:i]:
            together = buffer["first"] <= other["last"] and other["first"] <= buffer["last"]
            above = buffer["offset"] >= other["offset"] + other["bytes"]
            below = other["offset"] >= buffer["offset"] + buffer["bytes"]
            assert not together or above or below, (buffer, other)
    assert live == [step["live_bytes"] for step in steps]
    peak = arena["peak"]
    assert peak["live_bytes"] == max(live) == live[peak["step"]] <= arena["bytes"]
    where = {key: steps[peak["step"]][key] for key in ("layer", "file", "line", "col")}
    assert where == {key: peak[key] for key in where} and peak["layer"] and peak["line"] > 0
    assert all(buffer["layer"] for buffer in buffers)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        names = r"_(PARAMS_BYTES|STATE_BYTES|TRAIN_WORKSPACE_BYTES|WORKSPACE_BYTES|BATCH) (\d+)"
        sizes = {name: int(value) for name, value in re.findall(names, file.read())}
    arenas = {arena["function"]: arena for arena in plan["arenas"]}
    assert plan["schema"] == 1 and plan["batch"] == sizes["BATCH"]
    assert plan["params_bytes"] == sizes["PARAMS_BYTES"]
    assert plan["state_bytes"] == sizes.get("STATE_BYTES", 0)
    names = {"forward": "WORKSPACE_BYTES", "train_step": "TRAIN_WORKSPACE_BYTES"}
    assert arenas
    for function, arena in arenas.items():
        assert arena["bytes"] == sizes[names[function]], (function, sizes)
        check_arena(arena)
    largest = max(arena["bytes"] for arena in plan["arenas"])
    assert plan["bytes"] == plan["params_bytes"] + plan["state_bytes"] + plan["data_bytes"] + largest
    print("same", *arenas)


main()
