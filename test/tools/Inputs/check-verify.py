"""check-verify.py FINE MOVED: `verify --json` of a network that is right, and of one that is not."""

import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def check_phase(phase, ok):
    assert phase["ok"] is ok and phase["values"] == 1612 and phase["not_finite"] == 0, phase
    assert set(phase) == {"phase", "changed", "ok", "values", "not_finite", "worst"}, phase
    worst = phase["worst"]
    assert set(worst) == {"function", "tensor", "index", "error", "bound", "expected", "found"}, worst
    assert (worst["error"] <= worst["bound"]) is ok, worst
    assert abs(abs(worst["found"] - worst["expected"]) - worst["error"]) < 1e-12, worst


def main(fine, moved):
    report = load(fine)
    assert report["schema"] == 1 and report["ok"] is True and report["moved"] is None, report
    assert (report["net"], report["batch"], report["precision"], report["seed"]) == ("Verified", 4, "f32", 2)
    assert [phase["phase"] for phase in report["phases"]] == ["Fusion", "Layout", "Tiling", "Vector", "LLVM"]
    assert [phase["changed"] for phase in report["phases"]] == [True] * 5
    for phase in report["phases"]:
        check_phase(phase, True)

    report = load(moved)
    assert report["ok"] is False and report["rtol"] == 0, report
    (phase,) = report["phases"]
    check_phase(phase, False)
    fault = report["moved"]
    assert (fault["phase"], fault["function"], fault["part"]) == ("Fusion", "forward", "forward"), fault
    assert fault["file"].endswith("verify.cnn") and fault["line"] == 6 and fault["col"] > 1, fault
    assert fault["tensor"] == f"output of {fault['layer']}" and len(fault["index"]) == 4, fault
    assert fault["bound"] == 0 < fault["error"] and fault["found"] != fault["expected"], fault


if __name__ == "__main__":
    main(*sys.argv[1:])
