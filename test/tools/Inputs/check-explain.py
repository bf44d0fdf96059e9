"""The JSON of `cnnc explain` of explained.cnn on standard input: keys, and numbers that fit together.

    check-explain.py infer|train [measured]
"""

import json
import sys

KEYS = {"schema", "net", "mode", "batch", "cpu", "layers", "edges"}
LAYER_KEYS = {"name", "kind", "direction", "file", "line", "col", "text", "layout", "host",
              "measured_share_of_peak", "kernels"}
TILE_KEYS = {"lanes", "lane_loop", "lane_extent", "lanes_reduce", "rows", "columns", "blocks", "sums",
             "loads", "cycles", "bound", "share_of_peak", "skipped"}


def check_tile(tile):
    assert set(tile) == TILE_KEYS, tile
    assert tile["lanes"] in (2, 4, 8, 16)
    assert tile["sums"] == tile["rows"] * tile["columns"], tile
    assert tile["loads"] == tile["rows"] + tile["columns"], tile
    assert tile["bound"] in ("sums", "loads", "latency"), tile
    assert 0 < tile["share_of_peak"] <= 1 and tile["cycles"] * 2 >= tile["sums"], tile
    assert 0 <= tile["skipped"] < 1, tile
    assert all(0 < block["size"] < block["extent"] for block in tile["blocks"]), tile


def check_layer(layer):
    assert set(layer) == LAYER_KEYS, layer
    # What only moves numbers, or joins a neighbour's loop, has neither; forward it is listed all the same.
    assert layer["kernels"] or layer["host"] or layer["direction"] == "forward", layer
    for kernel in layer["kernels"]:
        assert kernel["bytes"] > 0 and kernel["tasks"] >= 1, kernel
        if kernel["tile"]:
            check_tile(kernel["tile"])


def edge_between(found, kernel, user):
    for edge in found["edges"]:
        ends = edge["kernel"], edge["user"]
        if tuple(end["name"] for end in ends) == (kernel, user) and edge["user"]["direction"] == "forward":
            assert all(end["file"].endswith("explained.cnn") and end["line"] > 0 for end in ends), edge
            assert edge["fused"] == (edge["reason"] is None), edge
            return edge
    raise AssertionError(f"no edge from {kernel} to {user}")


def main(mode, measured=None):
    found = json.load(sys.stdin)
    assert set(found) == KEYS, set(found) ^ KEYS
    assert (found["schema"], found["net"], found["mode"]) == (1, "Explained", mode), found
    for layer in found["layers"]:
        check_layer(layer)
    rows = {(layer["name"], layer["direction"]): layer for layer in found["layers"]}
    conv = rows["conv1", "forward"]
    assert conv["kind"] == "conv" and conv["text"].startswith("let trunk = image"), conv
    assert any(kernel["tile"] for kernel in conv["kernels"]), conv
    assert rows["relu1", "forward"]["host"] == "conv1", rows["relu1", "forward"]
    assert edge_between(found, "conv1", "relu1")["fused"]
    if mode == "train":
        assert not edge_between(found, "conv2", "bn1")["fused"]
        assert ("conv2", "weights") in rows and ("train", "update") in rows, list(rows)
    shares = [layer["measured_share_of_peak"] for layer in found["layers"]]
    # How large is no matter of a test: both numbers are measured, on a machine that may be busy.
    assert all(share is None or share > 0 for share in shares), shares
    assert any(shares) == (measured is not None), shares


main(*sys.argv[1:])
