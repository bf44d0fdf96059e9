"""Whether a table of `cnnc gradcheck` has every layer of the language.

    checked-layers.py TABLE LayerTable.cpp
"""

import re
import sys

table, source = (open(path, encoding="utf-8").read() for path in sys.argv[1:3])
layers = set(re.findall(r'\{"(\w+)", LayerId::', source)) - {"pool", "id"}  # maxpool; nothing
checked = {line.split()[1] for line in table.splitlines() if line.endswith(" ok")}
missing = sorted(layers - checked)
print("not checked: " + ", ".join(missing) if missing or not layers else "every layer is checked")
