"""check-summary.py FILE (NET PARAMS MACS)...: is it what `summary --json` promises?"""

import json
import sys

FIELDS = {
    "net": {"name": str, "inputs": list, "outputs": list, "parameters": list, "layers": list,
            "totals": dict},
    "tensor": {"name": str, "shape": list},
    "parameter": {"name": str, "shape": list, "trainable": bool, "line": int, "col": int},
    "layer": {"name": str, "kind": str, "line": int, "col": int, "output": list, "params": int,
              "macs": int, "receptive_field": list, "kept_bytes": int},
    "totals": {"params": int, "frozen": int, "macs": int, "kept_bytes": int},
}
# Of a layer with a window; else null.
WINDOW = ("kernel", "stride", "pad")


def check_window(kernel, stride, pad, layer):
    """On H and W: two sizes, two steps, what is added before and behind."""
    if layer["kind"] not in ("conv", "dwconv", "deconv", "maxpool", "avgpool", "l2pool"):
        assert kernel is None and stride is None and pad is None, layer
        return
    assert all(size >= 1 for size in kernel + stride) and len(kernel) == len(stride) == 2, layer
    assert [len(ends) for ends in pad] == [2, 2] and all(n >= 0 for ends in pad for n in ends), layer


def check(kind, value):
    for name, wanted in FIELDS[kind].items():
        assert isinstance(value[name], wanted), (kind, name, value)
        if wanted is list and kind in ("tensor", "parameter", "layer"):
            assert all(isinstance(size, int) for size in value[name]), (kind, name, value)
    fields = set(FIELDS[kind])
    if kind == "layer":
        fields.update(WINDOW)
        check_window(*(value[name] for name in WINDOW), value)
    assert set(value) == fields, (kind, set(value) ^ fields)


def elements(shape):
    result = 1
    for size in shape:
        result *= size
    return result


def main(path, *expected):
    with open(path, encoding="utf-8") as file:
        summary = json.load(file)
    assert summary["schema"] == 1 and set(summary) == {"schema", "nets"}, summary
    assert len(summary["nets"]) == len(expected) // 3
    for net, name, params, macs in zip(
        summary["nets"], expected[0::3], expected[1::3], expected[2::3]
    ):
        check("net", net)
        for kind, key in (("tensor", "inputs"), ("tensor", "outputs"),
                          ("parameter", "parameters"), ("layer", "layers")):
            assert net[key], (kind, "is empty")
            for value in net[key]:
                check(kind, value)
        check("totals", net["totals"])
        trained = sum(elements(p["shape"]) for p in net["parameters"] if p["trainable"])
        totals = net["totals"]
        assert (net["name"], totals["params"], totals["macs"]) == (name, int(params), int(macs))
        # Layers add up to the totals, and so do the parameters.
        assert sum(layer["params"] for layer in net["layers"]) == trained == int(params)
        assert sum(layer["macs"] for layer in net["layers"]) == int(macs)
        assert sum(layer["kept_bytes"] for layer in net["layers"]) == totals["kept_bytes"]


if __name__ == "__main__":
    main(*sys.argv[1:])
