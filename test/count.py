"""Says what the tests of a lit result file came to; the last line is the count.

Exits with 1 if a test failed or none ran.
"""

import collections
import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED"}
NOT_ASKED_FOR = {"EXCLUDED", "SKIPPED"}
SLOWEST = 5


def count(tests):
    """Prints the report; returns the exit code."""
    asked = [test for test in tests if test["code"] not in NOT_ASKED_FOR]
    passed = [test for test in asked if test["code"] in PASSED]
    skipped = [test for test in asked if test["code"] in SKIPPED]
    failed = [test for test in asked if test["code"] not in PASSED | SKIPPED]

    slowest = sorted(passed, key=lambda test: -(test.get("elapsed") or 0))[:SLOWEST]
    if slowest:
        times = (f"{name_of(test)} {test.get('elapsed') or 0:.1f} s" for test in slowest)
        print("slowest: " + ", ".join(times))
    reasons = collections.defaultdict(list)
    for test in skipped:
        reasons[reason_of(test)].append(name_of(test))
    for reason, names in sorted(reasons.items()):
        print(f"skipped ({reason}): {', '.join(sorted(names))}")
    for test in failed:
        print(f"failed: {name_of(test)} ({test['code']})")
    last = f"{len(passed)} passed, {len(failed)} failed"
    print(last + (f", {len(skipped)} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


def name_of(test):
    return test["name"].removeprefix("cnnc :: ")


def reason_of(test):
    text = " ".join((test.get("output") or "").split())
    if "unavailable features:" in text:
        return "needs " + text.partition("unavailable features:")[2].strip()
    return text or "no reason given"


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            tests = json.load(file)["tests"]
    except (OSError, ValueError, KeyError) as error:
        print(f"no result of the tests: {error}\n0 passed, 0 failed")
        return 1
    return count(tests)


if __name__ == "__main__":
    sys.exit(main())
