"""Lists the mutants of one source, and writes the text that holds them all."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import schemata  # noqa: E402
import sites  # noqa: E402
from clang.cindex import Index  # noqa: E402

path, out = sys.argv[1:]
text = pathlib.Path(path).read_text(encoding="ascii")
unit = Index.create().parse(path, args=["-std=c++20"])
mutants = dict(enumerate(sites.find(unit, path, "window.cpp", text, {"Shape", "Gradient"}), 1))
for number, mutant in mutants.items():
    print(f"#{number} {mutant.function} {mutant.kind}: {mutant.what}")
body, _ = schemata.write(schemata.relax(text), mutants.items())
pathlib.Path(out).write_text(schemata.head(len(mutants)) + body, encoding="ascii")
