"""Which tests notice a small mistake in a derivative rule or a shape function?

Makes one tree of the sources that holds all mistakes at once, builds it, runs every test once to
see which mistakes it reaches, and then, mistake by mistake, the tests that reach it until one
fails. Prints where each was, what it was and what caught it, counts, and the survivors.
Fails if fewer than 95 % are caught, those in equivalent.txt aside.
"""

import argparse
import dataclasses
import json
import pathlib
import re
import sys
import time

import mutants as mutants_of_project
import report
import runs

HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=pathlib.Path, default=HERE.parent.parent, help="the project's folder")
    parser.add_argument("--build", type=pathlib.Path, help="its build (SOURCE/build), in which generated headers are")
    parser.add_argument("--llvm-tools", default="/usr/lib/llvm-22/bin", help="the folder with lit")
    parser.add_argument("--file", action="append", help="only mutants of files with this in their path")
    parser.add_argument("--only", action="append", type=int, metavar="N", help="only mutant N")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="a sample: each Nth mutant")
    parser.add_argument("--survivors", action="store_true", help="only what survived the last time")
    parser.add_argument("--resume", action="store_true", help="only what has no result yet")
    parser.add_argument("--budget", type=float, default=60, help="seconds of tests for a mutant (60)")
    parser.add_argument("--skip", metavar="REGEX", help="tests to leave out, to see what the others catch")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    options = parser.parse_args()
    options.build = options.build or options.source / "build"
    return options


def selected(options, mutants, results):
    """The numbers of the mutants to run."""
    numbers = list(mutants)
    if options.file:
        numbers = [n for n in numbers if any(part in mutants[n].path for part in options.file)]
    if options.only:
        numbers = [n for n in numbers if n in options.only]
    if options.survivors:
        numbers = [n for n in numbers if results.get(mutants[n].key(), {}).get("by") == ""]
    if options.resume:
        numbers = [n for n in numbers if mutants[n].key() not in results]
    return numbers[:: options.every]


def prepare(options, folder):
    """Finds the mutants, builds their tree, measures the tests."""
    sources = mutants_of_project.Sources(options.source.resolve(), options.build)
    found = mutants_of_project.find(sources, folder)
    print(f"{len(found)} mutants; building", flush=True)
    mutants, build = mutants_of_project.compile_all(sources, found, folder / "tree", folder)
    print(f"{len(found) - len(mutants)} of them are no C++", flush=True)
    if options.list:
        for number, mutant in mutants.items():
            print(report.line_of(number, mutant))
        sys.exit(0)
    runner = runs.Runner(build, options.llvm_tools)
    runner.discover()
    runner.measure(folder / "tests.json")
    if options.skip:
        runner.tests = [test for test in runner.tests if not re.search(options.skip, test.name)]
    print(f"{len(runner.tests)} tests reach mutants", flush=True)
    return mutants, runner


def main():
    options = arguments()
    folder = options.build.resolve() / "mutation"
    folder.mkdir(parents=True, exist_ok=True)
    equivalent = report.read_equivalent(HERE / "equivalent.txt")
    mutants, runner = prepare(options, folder)
    path = folder / ("results-of-others.json" if options.skip else "results.json")
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    numbers = selected(options, mutants, results)
    start = time.monotonic()
    for count, number in enumerate(numbers, 1):
        mutant = mutants[number]
        outcome = runner.run(number, options.budget)
        results[mutant.key()] = dataclasses.asdict(outcome)
        path.write_text(json.dumps(results, indent=1), encoding="utf-8")
        verdict = report.verdict_of(mutant, results, equivalent)
        print(f"[{count}/{len(numbers)}] {report.line_of(number, mutant)}: {verdict}", flush=True)
    whole = not (options.file or options.only or options.every > 1)
    shown = mutants if whole else {number: mutants[number] for number in numbers}
    text, is_good = report.summary(shown, results, equivalent, complete=whole)
    text += f"\n{len(numbers)} mutants run in {(time.monotonic() - start) / 60:.0f} min\n"
    (folder / "report.txt").write_text(report.details(shown, results, equivalent) + "\n" + text, encoding="utf-8")
    print(text + f"all of it: {folder / 'report.txt'}")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
