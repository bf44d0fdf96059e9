"""wrong-schedules.py FOLDER COMMAND...: schedules for scheduled.cnn, each wrong in one thing.

The command, with a file of FOLDER behind it, must end with 1 and say what is wrong, at line 2. Most are of
fc1, whose kernel has the loops 8, 8, 784, of which the last reduces.
"""

import pathlib
import subprocess
import sys

RIGHT = {
    "inner": "array<i64: 2>", "lane_loop": "2", "lanes": "8", "levels": "array<i64: 0, 2, 1, 4>",
    "tasks": "0", "tile": "array<i64: 2, 4, 1>",
}


def line(name="fc1 forward", drop=None, **changes):
    entries = {key: value for key, value in {**RIGHT, **changes}.items() if key != drop}
    return f"{name}: {{" + ", ".join(f"{key} = {value}" for key, value in entries.items()) + "}"


def levels(*numbers):
    return "array<i64: " + ", ".join(map(str, numbers)) + ">"


CASES = [
    # No line.
    ("fc1 forward", "expected a layer and a direction, as in 'conv1 forward: {…}'"),
    ("a b c d: {}", "expected a layer and a direction"),
    (line("fc1 backward"), "the direction must be forward, data or weights, but is 'backward'"),
    (line("fc1 \x1b[1m"), "the direction must be forward, data or weights, but is '?[1m'"),
    (line("fc1 forward -1"), "expected the number of a kernel behind the direction, but got '-1'"),
    ("fc1 forward: 7", "expected '{' in column 14"),
    ("fc1 forward: {}", "expected a key in column 15"),
    ("fc1 forward: {tile 3}", "expected '=' in column 20"),
    ("fc1 forward: {tile = }", "expected a number in column 22"),
    ("fc1 forward: {tile = [1]}", "expected a number in column 22"),
    ("fc1 forward: {tile = 1 : i32}", "expected 'i64' in column 26"),
    ("fc1 forward: {tile = array[1]}", "expected '<' in column 27"),
    ("fc1 forward: {tile = array<f32: 1>}", "expected 'i64' in column 28"),
    ("fc1 forward: {tile = array<i64 1>}", "expected ':' in column 32"),
    ("fc1 forward: {tile = array<i64: 1", "expected ',' or '>' in column 34"),
    ("fc1 forward: {tile = 1", "expected ',' or '}' in column 23"),
    (line() + " x", "expected the end of the line in column"),
    (line(lanes="9223372036854775808"), "expected a number of 64 bits in column"),
    ("fc1 forward: {tile = 1, tile = 1}", "'tile' stands there twice"),
    ("fc1 forward: " + "{a = " * 3000, "a line of 15013 bytes, but 4096 are the most"),
    ("fc1 forward: " + "{a = " * 800, "expected a number in column 19"),
    # No kernel.
    (line("fc11 forward"), "no kernel with a schedule is of a layer 'fc11'; did you mean 'fc1'?"),
    (line("relu1 forward"), "no kernel with a schedule is of a layer 'relu1'"),
    (line("conv1 data"), "conv1 has no kernel with a schedule for data, only for forward, weights"),
    (line("fc1 forward 1"), "is no kernel: there is one, with number 0"),
    (line("conv2 data"), "is 4 kernels: the number of one must stand behind the direction, from 0 to 3"),
    (line("conv2 data 4"), "is no kernel: there are 4, from 0 on"),
    (line() + "\n" + line("fc1 forward 0"), "fc1 forward has a schedule already, in line 2"),
    # No schedule.
    (line(drop="tasks"), "has 3 loops, of which 2 reduce: 'tasks' is missing"),
    (line(colour="1"), "it has no key 'colour'"),
    (line(tile="7"), "'tile' must be a list of numbers"),
    (line(lanes="array<i64: 8>"), "'lanes' must be a number"),
    (line(tile=levels(2, 4)), "'tile' must have 3 numbers, but has 2"),
    (line(tile=levels(2, 4, 0)), "'tile' has 0 iterations of loop 2"),
    (line(lane_loop="3"), "'lane_loop' must be from 0 to 2, but is 3"),
    (line(lanes="-8"), "'lanes' must be from 1 to 64, but is -8"),
    (line(lanes="6"), "'lanes' must be a power of 2, but is 6"),
    (line(levels=levels(0, 2, 1)), "'levels' must be pairs of a loop and a step"),
    (line(levels=levels(0, 2, 3, 4)), "'levels' has no loop 3 to name"),
    (line(levels=levels(0, 2, 1, -4)), "'levels' has a step of -4"),
    (line(levels=levels(*[0, 2] * 40, 1, 4)), "'levels' must be at most 32 pairs"),
    (line(levels=levels(0, 2)), "'levels' must end with a step of 4 for loop 1, as 'tile' has it, but has none"),
    (line(levels=levels(0, 2, 1, 4, 1, 2)), "as 'tile' has it, but the last one is 2"),
    (line(tasks="3"), "'tasks' must be from 0 to 2, but is 3"),
    (line(tasks="2", levels=levels(0, 4, 0, 2, 1, 4)), "'tasks' shares two levels of loop 0"),
    (line(tasks="1", levels=levels(2, 4, 0, 2, 1, 4)), "'tasks' shares loop 2, which reduces"),
    (line(inner="array<i64>"), "'inner' must be the loops that reduce, but lacks 2"),
    (line(inner=levels(1)), "'inner' must be the loops that reduce, each once, but has 1"),
    (line(inner=levels(2, 2)), "'inner' must be the loops that reduce, each once, but has 2"),
    (line(lane_loop="1", tile=levels(2, 4, 1)), "'tile' must have whole vectors of loop 1, but has 4 iterations for 8 lanes"),
    # No code.
    (line(levels=levels(0, 2, 1, 4, 2, 100)), "'levels' has blocks of loop 2, which reduces, but its sums cannot wait"),
    (line(tile=levels(8, 8, 9223372036854775807), levels=levels(0, 8, 1, 8), lanes="1"), "code of more than 16384 steps of sums"),
    ("conv1 forward: {inner = array<i64: 4, 5, 6, 7>, lane_loop = 8, lanes = 1, levels = array<i64: 0, 8, 1, 2, 2, 13, 3, 13, 8, 16>, "
     "tasks = 0, tile = array<i64: 8, 2, 13, 13, 1, 1, 1, 1, 16>}", "a tile would have more than 256 sums, in vectors"),
]


def main(folder, *command):
    failures = 0
    for number, (text, message) in enumerate(CASES):
        path = pathlib.Path(folder) / f"{number}.schedules"
        path.write_text("# wrong\n" + text + "\n", encoding="utf-8")
        ended = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
        at = 3 if "already" in message else 2
        first = ended.stderr.split("\n")[0]
        if (ended.returncode != 1 or not first.startswith(f"{path}:{at}: error: ") or
                message not in first or "internal" in ended.stderr):
            print(f"case {number}: exit {ended.returncode}, expected\n  {message}\nbut got\n  {ended.stderr[:400]}")
            failures += 1
    print(f"{len(CASES) - failures} of {len(CASES)} schedules are refused as they should be")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
