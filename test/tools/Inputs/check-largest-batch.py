"""Plans a network at the batch that an error names as the largest, and at the next.

    check-largest-batch.py ERROR NET.cnn SIZE
"""

import re
import subprocess
import sys


def exit_of(batch):
    command = ["cnnc", "plan", sys.argv[2], "--train", "--batch", str(batch), "--max-memory", sys.argv[3]]
    return subprocess.run(command, capture_output=True, check=False).returncode


with open(sys.argv[1], encoding="utf-8") as file:
    largest = int(re.search(r"the largest batch that fits is (\d+)", file.read()).group(1))
assert largest > 1
assert exit_of(largest) == 0, largest
assert exit_of(largest + 1) == 4, largest
print("fits, and the next does not")
