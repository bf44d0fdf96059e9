"""Checks `cnnc bench --json` of examples/three-layers.cnn.

    check-bench.py FILE NET MODE BATCH THREADS [CPU]
"""

import json
import sys

FIELDS = {
    "schema", "net", "mode", "batch", "threads", "cpu", "ms_min", "ms_median", "images_per_s", "gflops",
    "peak_gflops", "compile_s", "arena_bytes", "layers",
}
LAYER_FIELDS = {"name", "kind", "direction", "ms", "gflops", "share_of_peak"}
# Of one image: 2 filters of 3x3 on 4x4 places, and 32 numbers to 4.
MULTIPLY_ADDS = {"conv1": 2 * 9 * 16, "fc1": 32 * 4}
# In the order of the step; the image's gradient is asked for by nobody.
ROWS = [  # relu1 runs in the kernel of conv1, the gradient of the loss in that of the loss
    ("train", "optimizer", "update"), ("conv1", "conv", "forward"), ("fc1", "fc", "forward"), ("loss", "loss", "forward"),
    ("fc1", "fc", "weights"), ("fc1", "fc", "data"), ("relu1", "relu", "data"),
    ("conv1", "conv", "weights"), ("between kernels", "", "other"),
]


def near(a, b):
    assert abs(a - b) <= 1e-6 * max(abs(a), abs(b)), (a, b)


def main(path, net, mode, batch, threads, cpu=None):
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    batch = int(batch)
    assert set(found) == FIELDS, set(found) ^ FIELDS
    assert (found["schema"], found["net"], found["mode"]) == (1, net, mode), found
    assert (found["batch"], found["threads"]) == (batch, int(threads)), found
    assert found["cpu"] == (cpu or found["cpu"] or "no name"), found
    assert found["compile_s"] > 0 and found["arena_bytes"] > 0, found
    assert 0 < found["ms_min"] <= found["ms_median"], found
    near(found["images_per_s"], batch / found["ms_median"] * 1e3)
    operations = 2 * batch * sum(MULTIPLY_ADDS.values()) * (3 if mode == "train" else 1)
    near(found["gflops"], operations / found["ms_median"] * 1e-6)
    # What every processor with vectors of four numbers does.
    assert found["peak_gflops"] > max(found["gflops"], 1), found
    assert [(row["name"], row["kind"], row["direction"]) for row in found["layers"]] == (ROWS if mode == "train" else [])
    for row in found["layers"]:
        assert set(row) == LAYER_FIELDS, row
        near(row["share_of_peak"], row["gflops"] / found["peak_gflops"])
        counts = row["direction"] in ("forward", "data", "weights")
        operations = 2 * batch * MULTIPLY_ADDS.get(row["name"], 0) if counts else 0
        near(row["gflops"] * row["ms"] * 1e6, operations)


main(*sys.argv[1:])
