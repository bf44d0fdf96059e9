"""best-accuracy.py METRICS BAR: the best accuracy on the test images reaches the bar."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    lines = [json.loads(line) for line in file]
accuracies = [line["metrics"]["accuracy"] for line in lines if line.get("split") == "test"]
print(accuracies)
sys.exit(0 if max(accuracies) >= float(sys.argv[2]) else 1)
