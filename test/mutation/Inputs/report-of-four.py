"""The summary of four mutants: two caught, one survivor, one equivalent."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import report  # noqa: E402
import sites  # noqa: E402

FAILED, CAUGHT = {"by": "a.mlir", "how": "fails", "left": 0}, {"by": "b.mlir", "how": "assertion", "left": 0}
SURVIVED = {"by": "", "how": "", "left": 2}


def mutant(line, what):
    return sites.Mutant("a/B.cpp", "f", "number", line, f"line {line};", what, [])


mutants = {number: mutant(number, f"{number} => 0") for number in (1, 2, 3, 4)}
results = {mutants[n].key(): result for n, result in ((1, FAILED), (2, CAUGHT), (3, SURVIVED), (4, SURVIVED))}
equivalent = report.read_equivalent(pathlib.Path(sys.argv[1]))
text, is_good = report.summary(mutants, results, equivalent, complete=True)
print(report.details(mutants, results, equivalent) + text + ("good" if is_good else "bad"))
