"""Trains y = w*x by each optimizer and schedule, and compares with its formulas.

    simulate-optimizers.py FOLDER

The batch holds the whole training split, so that a step is an epoch and its gradient
has a closed form. The formulas are those of PyTorch's documentation, in double.
"""

import json
import math
import os
import struct
import subprocess
import sys

EPOCHS, IMAGES = 6, 20
XS = [(i * 7 % 11 - 5) / 4 for i in range(IMAGES)]
YS = [1.5 * x + (i % 3 - 1) / 8 for i, x in enumerate(XS)]
TRAIN = [i for i in range(IMAGES) if i % 10 != 9]
TEST = [i for i in range(IMAGES) if i % 10 == 9]
TOLERANCE = 2e-5


def npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}f", *values))


def weight(path):
    with open(path, "rb") as file:
        content = file.read()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + size])
    begin = 8 + size + header["fc1.weight"]["data_offsets"][0]
    return struct.unpack("<f", content[begin : begin + 4])[0]


def sgd(w, g, s, lr, momentum=0.0, decay=0.0, nesterov=False):
    h = g + decay * w
    s["v"] = momentum * s.get("v", 0.0) + h
    return w - lr * (h + momentum * s["v"] if nesterov else s["v"])


def adam(w, g, s, lr, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0, decoupled=False):
    s["t"] = s.get("t", 0) + 1
    if decoupled:
        w -= lr * decay * w
    else:
        g += decay * w
    s["m"] = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0.0) + (1 - beta2) * g * g
    root = math.sqrt(s["v"] / (1 - beta2 ** s["t"])) + eps
    return w - lr * s["m"] / (1 - beta1 ** s["t"]) / root


def rmsprop(w, g, s, lr, alpha=0.99, eps=1e-8, momentum=0.0, decay=0.0):
    g += decay * w
    s["s"] = alpha * s.get("s", 0.0) + (1 - alpha) * g * g
    s["v"] = momentum * s.get("v", 0.0) + g / (math.sqrt(s["s"]) + eps)
    return w - lr * s["v"]


def adagrad(w, g, s, lr, eps=1e-10, decay=0.0):
    g += decay * w
    s["s"] = s.get("s", 0.0) + g * g
    return w - lr * g / (math.sqrt(s["s"]) + eps)


def mse(d):
    return d * d, 2 * d


def mae(d):
    return abs(d), (d > 0) - (d < 0)


def huber(d, delta=0.5):
    near = abs(d) <= delta
    return d * d / 2 if near else delta * (abs(d) - delta / 2), d if near else math.copysign(delta, d)


def constant(epoch):
    return 1.0


CASES = [
    # optimizer's text and step, schedule's text and factor, loss's text and derivative
    ("sgd(lr=0.1)", sgd, "const", constant, "mse(y, wanted)", mse),
    ("sgd(lr=0.1, momentum=0.9, decay=0.01, nesterov=true)", lambda *a: sgd(*a, 0.9, 0.01, True),
     "poly(power=2)", lambda e: (1 - e / EPOCHS) ** 2, "mse(wanted, y)", mse),
    ("adam(lr=0.1, decay=0.1)", lambda *a: adam(*a, decay=0.1), "cosine",
     lambda e: (1 + math.cos(math.pi * e / EPOCHS)) / 2, "mae(y, wanted)", mae),
    ("adamw(lr=0.1)", lambda *a: adam(*a, decay=0.01, decoupled=True), "cosine(warmup=2)",
     lambda e: e / 2 if e < 2 else (1 + math.cos(math.pi * (e - 2) / (EPOCHS - 2))) / 2, "mse(y, wanted)", mse),
    ("adamw(lr=0.1, beta1=0.5, beta2=0.75, eps=1e-3, decay=0.5)",
     lambda *a: adam(*a, 0.5, 0.75, 1e-3, 0.5, True), "poly", lambda e: 1 - e / EPOCHS, "mse(y, wanted)", mse),
    ("rmsprop(lr=0.1)", rmsprop, "const", constant, "huber(y, wanted, delta=0.5)", huber),
    ("rmsprop(lr=0.1, alpha=0.75, eps=1e-4, momentum=0.5, decay=0.1)",
     lambda *a: rmsprop(*a, 0.75, 1e-4, 0.5, 0.1), "const", constant, "mse(y, wanted)", mse),
    ("adagrad(lr=0.1, eps=1e-3, decay=0.1)", lambda *a: adagrad(*a, 1e-3, 0.1), "step(at=3, gamma=0.5)",
     lambda e: 0.5 if e >= 3 else 1.0, "mse(y, wanted)", mse),
]


def run(number, optim, step, sched, factor, loss, slope):
    with open("net.cnn", "w", encoding="utf-8") as file:
        file.write("net N { input x : [1] let y = x -> fc(1, bias=false) output y }\n"
                   f"train N {{ target wanted : [1] loss = {loss} optim = {optim} sched = {sched}\n"
                   f"  data = npy(\"x.npy\", \"y.npy\") batch = {len(TRAIN)} epochs = {EPOCHS} seed = {number} }}\n")
    subprocess.run(["cnnc", "init", "net.cnn", "--seed", str(number), "-o", "start"], check=True)
    out = f"run{number}"
    subprocess.run(["cnnc", "train", "net.cnn", "--out", out], check=True, stderr=subprocess.DEVNULL)
    w, state = weight("start"), {}
    with open(os.path.join(out, "metrics.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    errors = []
    for epoch in range(EPOCHS):
        pairs = [slope(w * XS[i] - YS[i]) for i in TRAIN]
        before = sum(p[0] for p in pairs) / len(TRAIN)
        gradient = sum(p[1] * XS[i] for p, i in zip(pairs, TRAIN)) / len(TRAIN)
        w = step(w, gradient, state, 0.1 * factor(epoch))
        after = sum(slope(w * XS[i] - YS[i])[0] for i in TEST) / len(TEST)
        training, test = lines[2 * epoch], lines[2 * epoch + 1]
        for found, expected in ((training["loss"], before), (test["loss"], after),
                                (training["lr"], 0.1 * factor(epoch))):
            errors.append(abs(found - expected))
    errors.append(abs(w - weight(os.path.join(out, f"checkpoint-{EPOCHS}.safetensors"))))
    isClose = all(error < TOLERANCE for error in errors)  # which NaN is not
    print(f"{optim} {sched} {loss}: worst error {max(errors):.1e}{'' if isClose else ', FAILED'}")
    return isClose


def main():
    os.chdir(sys.argv[1])
    npy("x.npy", (IMAGES, 1), XS)
    npy("y.npy", (IMAGES, 1), YS)
    results = [run(number, *case) for number, case in enumerate(CASES, 1)]
    print(f"{len(results)} cases, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
