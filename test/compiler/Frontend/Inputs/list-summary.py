"""list-summary.py: the nets of `cnnc summary --json` from standard input, one line a thing.

A layer with its output, parameters and multiply-adds; a parameter with its shape, and
`fixed` if it is not trained; an output with its shape.
"""

import json
import sys

for net in json.load(sys.stdin)["nets"]:
    print("net", net["name"])
    for layer in net["layers"]:
        print("layer", layer["name"], layer["output"], layer["params"], layer["macs"])
    for parameter in net["parameters"]:
        print("parameter", parameter["name"], parameter["shape"],
              *([] if parameter["trainable"] else ["fixed"]))
    for output in net["outputs"]:
        print("output", output["name"], output["shape"])
    print("total", net["totals"]["params"], net["totals"]["macs"])
