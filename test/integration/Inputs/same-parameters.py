"""same-parameters.py SAVED CHECKPOINT: every tensor of SAVED is in CHECKPOINT, with the same bits."""

import os
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "tools", "Inputs"))
import arrays

saved, checkpoint = (arrays.read_safetensors(path) for path in sys.argv[1:])
parameters = {name: t for name, t in checkpoint.items() if not name.startswith("state.")}
assert saved and list(saved) == list(parameters), (list(saved), list(parameters))
for name, tensor in saved.items():
    assert tensor == parameters[name], name
