"""falling-loss.py METRICS EVALUATION: the loss on the test images falls from the first epoch to
the last, which is the best, and `cnnc eval --json` on the best parameters gives the same number.
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    lines = [json.loads(line) for line in file]
losses = [line["loss"] for line in lines if line.get("split") == "test"]
with open(sys.argv[2], encoding="utf-8") as file:
    evaluated = json.load(file)["loss"]
print(losses, evaluated)
sys.exit(0 if losses[0] > losses[-1] == min(losses) == evaluated else 1)
