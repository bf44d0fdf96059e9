#!/usr/bin/env python3
"""frontend.py [--cnnc PATH] [--runs N]: how long `cnnc check` takes on large texts.

Prints a line for each text: its lines, the median of N runs in milliseconds of processor time, the
least and the most, the median without the start of the program, and lines a second. Method:
bench/README.md.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile


def net(body, head=""):
    return f"{head}net Bench {{\n  input x : [16, 32, 32]\n{body}  output y\n}}\n"


def chain(layers):
    """A chain of convolutions and activations, one a line."""
    steps = ["conv(16, 3, pad=1)", "relu"]
    return net("  let y = x\n" + "".join(f"    -> {steps[i % 2]}\n" for i in range(layers)))


def residual(blocks):
    """Residual blocks, written out: two convolutions and a skip each, three layers and the join."""
    block = "    -> ( conv(16, 3, pad=1) -> relu -> conv(16, 3, pad=1)\n       | id )\n    -> add\n"
    return net("  let y = x\n" + block * blocks)


def lets(count):
    """Many named tensors."""
    first = "  let a0 = x -> relu\n"
    rest = "".join(f"  let a{i} = a{i - 1} -> conv(16, 3, pad=1)\n" for i in range(1, count))
    return net(first + rest + f"  let y = a{count - 1} -> relu\n")


def resnet50():
    """The example, where it stands beside this folder."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "resnet50.cnn")
    with open(path, encoding="utf-8") as file:
        return file.read()


def replaced(text, old, new):
    """`text` with `new` for `old`, which it must have."""
    assert old in text, old
    return text.replace(old, new)


RIGHT = {
    "10,000 layers in a chain": chain(10_000),
    "2,500 residual blocks": residual(2_500),
    "10,000 lets": lets(10_000),
    "ResNet-50": resnet50(),
}
WRONG = {
    "ResNet-50, a size wrong": replaced(resnet50(), "pad=1)", "pad=0)"),
    "ResNet-50, a name wrong": replaced(resnet50(), "gavgpool", "gavgpol"),
    "10,000 layers, one wrong": replaced(chain(10_000), "relu\n  output", "rleu\n  output"),
}


def measure(cnnc, path, runs, expected):
    times = []
    for _ in range(runs):
        child = subprocess.Popen([cnnc, "check", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = code = os.waitstatus_to_exitcode(status)
        times.append((usage.ru_utime + usage.ru_stime) * 1000)
        if code != expected:
            sys.exit(f"frontend.py: {path}: exit {code}, but expected {expected}")
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cnnc", default="build/bin/cnnc")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    print(f"{'text':<26} {'lines':>7} {'median ms':>10} {'least':>8} {'most':>8} {'net ms':>8} {'lines/s':>10}")
    startup = None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bench.cnn")
        # What every start of the program costs is in each of the numbers below it.
        for name, text in {"a net of one layer": net("  let y = x -> relu\n"), **RIGHT, **WRONG}.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            times = measure(options.cnnc, path, options.runs, expected=int(name in WRONG))
            median, count = statistics.median(times), text.count("\n")
            startup = median if startup is None else startup
            print(f"{name:<26} {count:>7} {median:>10.1f} {min(times):>8.1f} {max(times):>8.1f} "
                  f"{median - startup:>8.1f} {count / median * 1000:>10.0f}")


if __name__ == "__main__":
    main()
