"""The JSON of `cnnc doctor` on standard input: all keys, and numbers that fit together."""

import json
import sys

RATES = ["l1_gbytes_per_s", "l2_gbytes_per_s", "l3_gbytes_per_s", "memory_gbytes_per_s"]
KEYS = ["schema", "version", "llvm", "target", "processors", "processors_online", "available_bytes",
        "huge_pages", "peak_gflops_one_thread", "peak_gflops", *RATES, "notes"]
TARGET_KEYS = ["cpu", "triple", "runs_here", "vector_bits", "registers", "fma", "fma_ports",
               "fma_latency", "load_ports", "l1_bytes", "l2_bytes", "l3_bytes", "l1_bandwidth", "l2_bandwidth",
               "l3_bandwidth", "memory_bandwidth"]

found = json.load(sys.stdin)
target = found["target"]
assert list(found) == KEYS, list(found)
assert list(target) == TARGET_KEYS, list(target)
assert found["schema"] == 1
assert target["vector_bits"] in (128, 256, 512) and target["registers"] in (16, 32)
assert 0 < target["l1_bytes"] < target["l2_bytes"]
assert 1 <= found["processors"] <= found["processors_online"]
limits = [note for note in found["notes"] if note.startswith("this process may use")]
assert bool(limits) == (found["processors"] < found["processors_online"]), found["notes"]
one, several = found["peak_gflops_one_thread"], found["peak_gflops"]
if target["runs_here"]:
    assert one > 0 and several > 0
    assert found["processors"] > 1 or one == several
else:
    assert one is None and several is None
rates = [found[key] for key in RATES]
if target["runs_here"]:
    # Neighbours may be near each other where time is shared, the ends are not.
    assert rates[0] > rates[3] > 0 and min(rates) > 0, rates
else:
    assert rates == [None] * 4, rates
assert (target["l1_bandwidth"] == target["load_ports"] * target["vector_bits"] // 8
        >= target["l2_bandwidth"] >= target["l3_bandwidth"] >= target["memory_bandwidth"] > 0), target
