"""Contestants, each a process pinned to the same cores, and rounds that go through them in turn.

A contestant is prepared once and then asked for rounds; what it answers becomes a record, a row of the results.
"""

import contextlib
import json
import os
import platform
import resource
import select
import signal
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 900  # seconds until a contestant that does not answer is given up
DISTURBED = 0.1  # cores that other processes used during a round


@dataclass(frozen=True)
class Isa:
    """Instructions that all are held to, though the processor has more."""

    target: str  # as cnnc and g++ call it
    limits: dict  # what the peers read: oneDNN (PyTorch and OpenVINO have theirs), ATen, MKL, XLA
    peers: tuple  # those that heed it; the others choose by the processor alone


ISAS = {"avx2": Isa("x86-64-v3",
                    {"ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
                     "MKL_ENABLE_INSTRUCTIONS": "AVX2", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"},
                    ("onednn", "torch", "torch-compile", "jax", "openvino"))}


class Failure(Exception):
    """A contestant gave no result; the text says why."""


def pinned(threads, nice=0):
    """What a child does before it starts: keep to the first `threads` cores of those that we may use."""
    cores = sorted(os.sched_getaffinity(0))[:threads]

    def pin():
        os.setsid()
        os.sched_setaffinity(0, cores)
        if nice:
            prioritize(os.getpid(), nice)

    return pin


def prioritize(session, nice):
    """Sets the priority of a session's processes; where the kernel shares time among sessions first, the session's too."""
    with contextlib.suppress(ProcessLookupError):  # it has ended, which the next question to it will show
        os.setpriority(os.PRIO_PGRP, session, nice)
    with contextlib.suppress(OSError):
        with open(f"/proc/{session}/autogroup", "w", encoding="ascii") as group:
            group.write(str(nice))


def add_isa(parser):
    parser.add_argument("--isa", choices=ISAS, help="hold cnnc, the peers and the peak to these instructions")


def limit(options):
    """Holds all processes that are started from now on to --isa, and cnnc by its flag."""
    if options.isa:
        os.environ.update(ISAS[options.isa].limits)
        options.cnnc_flag.append(f"--target={ISAS[options.isa].target}")


def refusal(isa, peer):
    """Why a peer takes no part, or nothing."""
    return f"it cannot be held to {isa}" if isa and peer not in ISAS[isa].peers else None


def environment(threads, folder):
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return {**os.environ, **{name: str(threads) for name in names}, "JAX_PLATFORMS": "cpu",
            "CUDA_VISIBLE_DEVICES": "", "TORCHINDUCTOR_CACHE_DIR": os.path.join(folder, "inductor")}


def field_of(answer, name):
    if not isinstance(answer, dict) or name not in answer:
        raise Failure(f"bench --json: no field '{name}'")
    return answer[name]


def last_line(text):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it ended without a word"


class Server:
    """A process that answers each line on its standard input by one line of JSON."""

    def __init__(self, command, threads, folder, nice):
        self.nice = nice
        self.log = tempfile.TemporaryFile(mode="w+", dir=folder)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        bufsize=0, cwd=folder, env=environment(threads, folder),
                                        preexec_fn=pinned(threads))

    def ask(self, request):
        with contextlib.suppress(BrokenPipeError):  # it has ended; the log says why
            self.process.stdin.write(request.encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
                raise Failure(f"no answer in {PATIENCE} s")
            part = self.process.stdout.read(1 << 16)
            if not part:
                self.log.seek(0)
                raise Failure(last_line(self.log.read()))
            answer += part
        return json.loads(answer)

    @contextlib.contextmanager
    def hurried(self):
        """With the priority of a measurement, which preparing does not need."""
        if self.nice:
            prioritize(self.process.pid, self.nice)
        try:
            yield
        finally:
            if self.nice:
                prioritize(self.process.pid, 0)

    def processor_seconds(self):
        with contextlib.suppress(OSError):
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def close(self):
        with contextlib.suppress(ProcessLookupError):  # with the compilers that it started
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


class Peer(Server):
    """One of peers.py's processes."""

    def __init__(self, python, job, threads, folder, nice):
        command = [python, os.path.join(HERE, "peers.py"), json.dumps({**job, "folder": folder})]
        super().__init__(command, threads, folder, nice)

    def prepare(self):
        return self.ask("{}")

    def round(self, seconds, runs):
        return {"": self.ask(json.dumps({"seconds": seconds, "runs": runs}))}


class Cnnc:
    """`cnnc bench`, a process a round: it compiles, warms up and times by itself."""

    def __init__(self, command, threads, folder, nice):
        self.command, self.threads, self.folder, self.nice = command, threads, folder, nice

    def hurried(self):
        """A process a round, which has its priority from its start."""
        return contextlib.nullcontext()

    def bench(self, *more):
        """What `bench --json` says, as it stands."""
        try:
            process = subprocess.run([*self.command, *more], capture_output=True, text=True, timeout=PATIENCE, check=False,
                                     env=environment(self.threads, self.folder),
                                     preexec_fn=pinned(self.threads, self.nice))
        except OSError as error:
            raise Failure(f"{self.command[0]}: {error.strerror}") from error
        if process.returncode:
            raise Failure(last_line(process.stderr))
        try:
            answer = json.loads(process.stdout)
        except ValueError as error:
            raise Failure(f"bench --json wrote no JSON: {error}") from error
        if field_of(answer, "schema") != 1:
            raise Failure(f"bench --json: schema 1 expected, but {answer['schema']} found")
        return answer

    def round(self, seconds, runs):
        """Seconds and runs are cnnc's own."""
        answer = self.bench()
        fields = {"ms": "ms_median", "ms_min": "ms_min", "compile_s": "compile_s", "arena_bytes": "arena_bytes",
                  "own_gflops": "gflops", "own_peak_gflops": "peak_gflops"}
        return {"": {name: field_of(answer, field) for name, field in fields.items()}}

    def processor_seconds(self):
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def close(self):
        pass


def busy_seconds():
    """Processor time that the whole machine has spent, or lost to its host."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def watched(contestant, action):
    """The action's answer, and the cores that others used meanwhile."""
    with contestant.hurried():
        begin, busy, own = time.perf_counter(), busy_seconds(), contestant.processor_seconds()
        answer = action()
    others = (busy_seconds() - busy) - (contestant.processor_seconds() - own)
    return answer, max(0.0, others / (time.perf_counter() - begin))


def interleave(running, rounds, seconds, runs):
    """Fills records by rounds in turn, and ends the contestants. `running` has pairs of a contestant and its records, by
    the keys of what a round answers; a contestant, or a record, that fails once takes no further part."""
    running = list(running)
    for _ in range(rounds):
        for contestant, records in list(running):
            try:
                answers, load = watched(contestant, lambda: contestant.round(seconds, runs))  # pylint: disable=W0640
            except (Failure, subprocess.TimeoutExpired) as failure:
                for record in records.values():
                    record["skipped"] = str(failure)
                contestant.close()
                running.remove((contestant, records))
                continue
            for key, record in records.items():
                if key in answers:
                    add_round(record, answers[key], load)
                else:
                    record["skipped"] = f"no time of direction '{key}'"
    for contestant, _ in running:
        contestant.close()


def add_round(record, answer, load):
    record.setdefault("rounds_ms", []).append(answer.pop("ms"))
    record["ms_min"] = min(answer.pop("ms_min", record["rounds_ms"][-1]), record.get("ms_min", float("inf")))
    record["other_load"] = max(load, record.get("other_load", 0))
    if "compile_s" in answer:
        record.setdefault("compile_rounds_s", []).append(answer.pop("compile_s"))
    record.update(answer)


def finished(record, flop):
    """Adds to a record what follows from its rounds; `flop` is what the direct algorithm takes for one run."""
    if record.get("rounds_ms") and "skipped" not in record:
        median = statistics.median(record["rounds_ms"])
        record["ms_median"] = median
        record["noise"] = (max(record["rounds_ms"]) - min(record["rounds_ms"])) / median
        record["gflops"] = flop / median * 1e-6
        record["disturbed"] = record["other_load"] > DISTURBED
    return record


def agreement(records, tolerance):
    """Marks the records whose results are not those of the first one that has any."""
    reference = next((r["check"] for r in records if "check" in r), None)
    for record in records:
        if "check" in record:
            size = max(abs(value) for value in reference)
            record["agrees"] = len(record["check"]) == len(reference) and all(
                abs(a - b) <= tolerance * size for a, b in zip(record["check"], reference))


def available_gb():
    with open("/proc/meminfo", encoding="ascii") as info:
        return next(int(line.split()[1]) for line in info if line.startswith("MemAvailable")) / 1e6


def compiled(source, flags, folder, isa=None):
    """The program that g++ makes of a C++ source beside this file."""
    program = os.path.join(folder, source.removesuffix(".cpp"))
    target = ISAS[isa].target if isa else "native"
    command = ["g++", "-std=c++17", "-O3", f"-march={target}", "-fopenmp", os.path.join(HERE, source), *flags, "-o", program]
    try:
        process = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Failure(f"g++: {error.strerror}") from error
    if process.returncode:
        errors = [line for line in process.stderr.splitlines() if "error" in line] or ["g++ failed"]
        raise Failure(errors[0])
    return program


def measured_peak(threads, folder, nice, isa=None):
    """GFLOP/s of FMAs on registers, measured now; nothing where no compiler is."""
    try:
        program = compiled("peak.cpp", [], folder, isa)
    except Failure:
        return None
    return float(subprocess.run([program], env=environment(threads, folder),
                                preexec_fn=pinned(threads, nice), capture_output=True, text=True, check=True).stdout)


def machine(isa=None):
    """What a table must say of the machine it is from."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        lines = [line.split(":", 1) for line in info if ":" in line]
    facts = {key.strip(): value.strip() for key, value in lines}
    flags = facts.get("flags", "").split()
    vectors = next((name for name in ("avx512f", "avx2") if name in flags), "neither AVX2 nor AVX-512")
    if isa:
        vectors = f"held to {isa}, of {vectors}"
    return {"cpu": facts.get("model name", platform.machine()), "family": facts.get("cpu family"),
            "model": facts.get("model"), "cores": len(os.sched_getaffinity(0)), "vectors": vectors,
            "kernel": platform.release(), "date": time.strftime("%Y-%m-%d", time.gmtime())}
