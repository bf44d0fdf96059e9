"""Runs the tests of a mutated tree: all once without a mutant, then those that reach one."""

import dataclasses
import functools
import hashlib
import json
import os
import re
import resource
import signal
import subprocess
import time

# The command line and whole training runs look at files, not at gradients. The random networks
# are run in parts of their own.
FOLDERS = ("dialect", "compiler")
LEFT_OUT = re.compile(r"compiler/Frontend/(hostile-texts|fixes|every-diagnostic)")
SLOWEST = 120  # seconds that a test may take without a mutant
MEMORY = 8 << 30
# Nets by first seed and number of seeds: few first.
NETS = [("integer", 0, 12), ("real", 0, 12), ("integer", 12, 40), ("real", 12, 40)]


@dataclasses.dataclass
class Test:
    """A lit test, or some random networks: `rank` orders kinds of tests, `reached` are mutants."""

    name: str
    command: list
    rank: int
    seconds: float = 0.0
    reached: frozenset = frozenset()


@dataclasses.dataclass
class Outcome:
    """`by`: the test that failed, or nothing. `left`: tests for which there was no time."""

    by: str
    how: str
    seconds: float
    left: int = 0


def rank_of(name):
    """Tests of one op or one rule first; random networks have 2."""
    if name.startswith("dialect/") or re.match(r"compiler/Autodiff/(?!gradients/)", name):
        return 0
    return 1 if name.startswith("compiler/Autodiff/") else 3


class Runner:
    def __init__(self, folder, llvm_tools):
        self.folder, self.lit = folder, os.path.join(llvm_tools, "lit")
        self.tests = []

    # A process and all that it starts.

    def call(self, command, wall, cpu, **variables):
        """Exit code and output; -1 if it took longer than `wall` seconds, or `cpu` in one process."""

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        process = subprocess.Popen(
            command,
            env={**os.environ, **variables},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=limit,
        )
        try:
            output, _ = process.communicate(timeout=wall)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return -1, ""

    # Which tests there are, how long they take and what they reach.

    def discover(self):
        _, output = self.call([self.lit, "--show-tests", "test"], 60, 60)
        names = re.findall(r"^\s+cnnc :: (\S+)$", output, re.MULTILINE)
        for name in names:
            if name.split("/")[0] in FOLDERS and not LEFT_OUT.match(name):
                self.tests.append(Test(name, [f"test/{name}"], rank_of(name)))
        for numbers, first, count in NETS:
            arguments = [f"--numbers={numbers}", f"--seed={first}", f"--count={count}"]
            command = ["bin/random-nets", *arguments, "--reference-every=1000", "--full-every=1000",
                       "--schedules-every=1000"]
            self.tests.append(Test(f"random-nets {' '.join(arguments)}", command, 2))

    def measure(self, cache_path):
        """Runs each test that changed since the last time; says how many are of use."""
        cache = json.loads(cache_path.read_text(encoding="utf-8")) if cache_path.exists() else {}
        kept = []
        for index, test in enumerate(self.tests, 1):
            digest = self.digest(test)
            known = cache.get(test.name)
            if not known or known["digest"] != digest:
                known = cache[test.name] = {"digest": digest, **self.trace(test)}
                cache_path.write_text(json.dumps(cache), encoding="utf-8")
                print(f"[{index}/{len(self.tests)}] {test.name}: {known['seconds']:.1f} s", flush=True)
            test.seconds, test.reached = known["seconds"], frozenset(known["reached"])
            if known["failed"]:
                print(f"left out, since it fails or is too slow without a mutant: {test.name}")
            elif test.reached:
                kept.append(test)
        self.tests = kept

    def digest(self, test):
        """Of what a test runs: the compiler, the programs beside the test, the test itself."""
        tree = self.folder.parent
        folders = [tree / top for top in ("compiler", "dialect", "runtime", "tools")]
        folders.append(tree / "test" / "/".join(test.name.split("/")[:-1][:2]) if test.rank != 2 else tree / "test/oracle")
        digest = hashlib.sha256()
        for folder in folders:
            digest.update(self.programs(folder).encode())
        path = tree / "test" / test.name
        digest.update(path.read_bytes() if path.is_file() else b"")
        return digest.hexdigest()

    @functools.cache
    def programs(self, folder):
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".cpp", ".h", ".c", ".td", ".def") and path.is_file():
                digest.update(str(path).encode() + path.read_bytes())
        return digest.hexdigest()

    def trace(self, test):
        path = self.folder / "reached.txt"
        path.unlink(missing_ok=True)
        command = test.command if test.rank == 2 else [self.lit, "-j1", "--quiet", "--skip-test-time-recording", *test.command]
        start = time.monotonic()
        code, _ = self.call(command, SLOWEST, SLOWEST, CNNC_MUTANT_TRACE=str(path))
        seconds = time.monotonic() - start
        reached = set(map(int, path.read_text().split())) if path.exists() else set()
        return {"seconds": seconds, "failed": code != 0, "reached": sorted(reached)}

    # One mutant.

    def batches(self, number, budget):
        """The tests that reach a mutant, likely and quick ones first, in growing batches."""
        reaching = sorted((t for t in self.tests if number in t.reached), key=lambda t: (t.rank, t.seconds))
        batches, spent, limit = [], 0.0, 2.0
        for position, test in enumerate(reaching):
            if spent + test.seconds > budget and batches:
                return batches, len(reaching) - position
            spent += test.seconds
            if batches and spent <= limit and test.rank != 2 and batches[-1][-1].rank != 2:
                batches[-1].append(test)
            else:
                batches.append([test])
                limit = max(limit, 2 * spent)
        return batches, 0

    def run(self, number, budget):
        start = time.monotonic()
        batches, left = self.batches(number, budget)
        for batch in batches:
            by, how = self.run_nets(number, batch[0]) if batch[0].rank == 2 else self.run_lit(number, batch)
            if by:
                return Outcome(by, how, time.monotonic() - start)
        return Outcome("", "", time.monotonic() - start, left)

    def limits(self, batch):
        """Seconds on the wall, and of one process: others may need this machine, too."""
        return 30 + 6 * sum(test.seconds for test in batch), int(10 + 3 * max(test.seconds for test in batch))

    def run_nets(self, number, test):
        # A failure is reduced to a smaller net, which takes long: the time is a limit for that, too.
        code, output = self.call(test.command, *self.limits([test]), CNNC_MUTANT=str(number))
        if code == 0:
            return "", ""
        return test.name, "fails" if re.search(r"^seed ", output, re.MULTILINE) else "crash or time"

    def run_lit(self, number, batch):
        results = self.folder / "results.json"
        results.unlink(missing_ok=True)
        # lit starts with what took longest the last time.
        order = "".join(f"{len(batch) - position:e} {test.name}\n" for position, test in enumerate(batch))
        (self.folder / "test" / ".lit_test_times.txt").write_text(order)
        options = ["-j1", "--quiet", "--max-failures=1", "--order=smart", "--skip-test-time-recording", "-o", results]
        command = [self.lit, *options, *(test.command[0] for test in batch)]
        code, output = self.call(command, *self.limits(batch), CNNC_MUTANT=str(number))
        if code == 0:
            return "", ""
        if code == -1 or not results.exists():
            return batch[0].name if len(batch) == 1 else f"one of {len(batch)} from {batch[0].name}", "time"
        found = json.loads(results.read_text(encoding="utf-8"))["tests"]
        failed = [test for test in found if test["code"] in ("FAIL", "TIMEOUT", "UNRESOLVED", "XPASS")]
        how = "assertion" if any("Assertion `" in test["output"] for test in failed) else "fails"
        return failed[0]["name"].removeprefix("cnnc :: "), how
