"""reschedule.py IN OUT SEED: gives each kernel of a file of schedules another one, drawn at random.

Lanes, tiles, the order of the loops, blocks of those that reduce and tasks are others; the loops
come from the comment above each line.
"""

import random
import re
import sys


def rescheduled(extents, reducing, dice):
    loops = range(len(extents))
    kept = [loop for loop in loops if loop not in reducing]
    lane = dice.choice([loop for loop in kept if extents[loop] > 1])
    lanes = dice.choice([2, 4, 8])
    tile = [1] * len(extents)
    for loop in dice.sample(kept, min(2, len(kept))):
        tile[loop] = dice.randint(1, 4)
    tile[lane] = lanes * dice.randint(1, 2)
    order = dice.sample(kept, len(kept))
    tasks = dice.randint(0, len(order))
    levels = [(loop, tile[loop]) for loop in order]
    for loop in reducing:
        if dice.random() < 0.3 and extents[loop] > 1:
            levels.insert(dice.randint(tasks, len(levels)), (loop, dice.randint(1, extents[loop])))
    inner = dice.sample(reducing, len(reducing))
    tile[inner[-1]] = dice.randint(1, 3)

    def array(numbers):
        return "array<i64: " + ", ".join(map(str, numbers)) + ">"

    return (f"{{inner = {array(inner)}, lane_loop = {lane}, lanes = {lanes} : i64, "
            f"levels = {array(number for level in levels for number in level)}, "
            f"tasks = {tasks} : i64, tile = {array(tile)}}}")


def main(source, target, seed):
    dice = random.Random(int(seed))
    lines, changed = [], 0
    with open(source, encoding="utf-8") as file:
        for line in file:
            comment = re.match(r"# .*: .*, loops of ([0-9, ]+), of which ([0-9, ]+) reduce$", line)
            if comment:
                extents, reducing = ([int(n) for n in text.split(", ")] for text in comment.groups())
            kernel = re.match(r"([^#]+): \{", line)
            if kernel:
                line = f"{kernel.group(1)}: {rescheduled(extents, reducing, dice)}\n"
                changed += 1
            lines.append(line)
    with open(target, "w", encoding="utf-8") as file:
        file.writelines(lines)
    print(f"{changed} schedules")


if __name__ == "__main__":
    main(*sys.argv[1:])
