"""The peers: each a class that prepares a job and then runs it, a whole inference or training step at a time.

    peers.py JOB      JOB is JSON: net, batch, threads, mode, peer, variant, folder

is one peer's process. It answers each line on its standard input by one line of JSON: the first by
preparing, and every further one, `{"seconds": S, "runs": N}`, by a timed round.
"""

import contextlib
import importlib
import json
import os
import statistics
import subprocess
import sys
import time

import netlist
import onnxmodel

# The same for all nets, and small: the weights move, but no net dies of it while it is timed.
RATE, MOMENTUM, DECAY = 1e-6, 0.9, 5e-4

VARIANTS = {
    "infer": {
        "torch": ["nchw", "channels_last"],
        "torch-compile": ["nchw"],
        "jax": ["nhwc"],
        "onnxruntime": [""],
        "openvino": [""],
        "ncnn": [""],
    },
    "train": {"torch": ["nchw", "channels_last"], "torch-compile": ["nchw", "channels_last"], "jax": ["nhwc"]},
}
MODULES = {"torch-compile": "torch"}  # where the module has another name than the peer


def parameters(net):
    """Numbers for each node, seeded: those of He for weights, so that no value grows or dies on its way."""
    import numpy as np

    rng, ranges = np.random.default_rng(7), {"running_var": (0.8, 1.2)}
    for node in net.nodes:
        values = {}
        for name, shape in node.params.items():
            if name == "weight" and len(shape) > 1:
                values[name] = rng.standard_normal(shape, np.float32) * np.float32((2 / np.prod(shape[1:])) ** 0.5)
            elif name == "weight":
                values[name] = rng.uniform(0.2, 0.6, shape).astype(np.float32)
            else:
                values[name] = rng.uniform(*ranges.get(name, (-0.1, 0.1)), shape).astype(np.float32)
        yield values


def batch_of(net, count):
    import numpy as np

    rng = np.random.default_rng(8)
    images = rng.standard_normal((count, *net.nodes[0].shape), np.float32)
    return images, rng.integers(0, net.nodes[-1].shape[0], count)


class Torch:
    """Eager, or compiled where the peer is torch-compile; parameters and images in the variant's layout."""

    def __init__(self, job, net):
        import torch

        torch.set_num_threads(job["threads"])
        compiled = torch.compile if job["peer"] == "torch-compile" else lambda function: function
        layout = torch.channels_last if job["variant"] == "channels_last" else torch.contiguous_format
        model = torch_model(net).to(memory_format=layout).train(job["mode"] == "train")
        images, labels = batch_of(net, job["batch"])
        images, labels = torch.from_numpy(images).to(memory_format=layout), torch.from_numpy(labels)
        if job["mode"] == "infer":
            torch.set_grad_enabled(False)
            if job["peer"] == "torch-compile":
                import torch._inductor.config

                torch._inductor.config.freezing = True
            forward = compiled(model)
            self.run = lambda: forward(images)
            return
        optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM, weight_decay=DECAY, fused=True)
        loss_of = compiled(lambda x, y: torch.nn.functional.cross_entropy(model(x), y))

        def step():
            optimizer.zero_grad()
            loss = loss_of(images, labels)
            loss.backward()
            optimizer.step()
            return loss.detach()

        self.run = step


def torch_model(net):
    import torch
    from torch import nn

    last_use = {operand: place for place, node in enumerate(net.nodes) for operand in node.inputs}

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = nn.ModuleList(torch_module(net, node, values)
                                       for node, values in zip(net.nodes[1:], list(parameters(net))[1:]))

        def forward(self, image):
            values = {0: image}
            for place, step in enumerate(self.steps, 1):
                operands = net.nodes[place].inputs
                values[place] = step(*[values[operand] for operand in operands])
                for operand in operands:  # or no memory would be free before the end
                    if last_use[operand] == place:
                        values.pop(operand, None)
            return values[place]

    class Add(nn.Module):
        def forward(self, x, y):
            return x + y

    def torch_module(net, node, values):
        width = net.nodes[node.inputs[0]].shape[0]
        window = (node.kernel, node.stride, node.pad)
        made = {
            "conv": lambda: nn.Conv2d(width, node.shape[0], *window, groups=node.groups, bias="bias" in values),
            "fc": lambda: nn.Linear(width, node.shape[0]),
            "bn": lambda: nn.BatchNorm2d(width),
            "maxpool": lambda: nn.MaxPool2d(*window),
            "avgpool": lambda: nn.AvgPool2d(*window),
            "gavgpool": lambda: nn.AdaptiveAvgPool2d(1),
            "flatten": nn.Flatten,
            "add": Add,
            "relu": lambda: nn.ReLU(inplace=True),
            "relu6": lambda: nn.ReLU6(inplace=True),
            "tanh": nn.Tanh,
        }[node.op]()
        made.load_state_dict({name: torch.from_numpy(value) for name, value in values.items()}, strict=False)
        return made

    return Model()


class Jax:
    """One jitted function a step, its buffers donated; NHWC, which XLA's convolutions on the CPU want."""

    def __init__(self, job, net):
        import jax
        import jax.numpy as jnp
        import numpy as np

        images, labels = batch_of(net, job["batch"])
        images, labels = jax.device_put(np.ascontiguousarray(images.transpose(0, 2, 3, 1))), jax.device_put(labels)
        weights, statistics_ = jax.device_put(jax_parameters(net))
        if job["mode"] == "infer":
            forward = jax.jit(lambda w, s, x: jax_apply(net, w, s, x, False)[0])
            self.run = lambda: forward(weights, statistics_, images).block_until_ready()
            return

        def loss_of(w, s, x, y):
            logits, s = jax_apply(net, w, s, x, True)
            chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1)
            return -jnp.mean(chosen), s

        def update(w, velocity, s, x, y):
            (loss, s), gradient = jax.value_and_grad(loss_of, has_aux=True)(w, s, x, y)
            velocity = jax.tree.map(lambda v, g, p: MOMENTUM * v + g + DECAY * p, velocity, gradient, w)
            return (jax.tree.map(lambda p, v: p - RATE * v, w, velocity), velocity, s), loss

        update = jax.jit(update, donate_argnums=(0, 1, 2))
        self.state = (weights, jax.tree.map(jnp.zeros_like, weights), statistics_)

        def step():
            self.state, loss = jax.block_until_ready(update(*self.state, images, labels))
            return loss

        self.run = step


def jax_parameters(net):
    """For each node what is trained, and its running statistics; weights turned for NHWC."""
    weights, running = [], []
    for node, values in zip(net.nodes, parameters(net)):
        running.append({name: values.pop(name) for name in list(values) if name.startswith("running")})
        if node.op == "conv":
            values["weight"] = values["weight"].transpose(2, 3, 1, 0)
        elif node.op == "fc":
            before = net.nodes[node.inputs[0]]
            if before.op == "flatten":  # the features come in another order
                c, h, w = net.nodes[before.inputs[0]].shape
                turned = values["weight"].reshape(-1, c, h, w).transpose(0, 2, 3, 1)
                values["weight"] = turned.reshape(node.shape[0], -1)
            values["weight"] = values["weight"].T
        weights.append(values)
    return weights, running


def jax_apply(net, weights, running, image, training):
    """The logits and the new running statistics."""
    import jax
    import jax.numpy as jnp

    def windows(node, x, start, combine):
        k, s, p = node.kernel, node.stride, node.pad
        return jax.lax.reduce_window(x, start, combine, (1, k, k, 1), (1, s, s, 1), ((0, 0), (p, p), (p, p), (0, 0)))

    def conv(node, w, x):
        y = jax.lax.conv_general_dilated(x, w["weight"], (node.stride,) * 2, [(node.pad,) * 2] * 2,
                                         dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=node.groups)
        return y + w["bias"] if "bias" in w else y

    simple = {
        "fc": lambda node, w, x: x @ w["weight"] + w["bias"],
        "conv": conv,
        "maxpool": lambda node, w, x: windows(node, x, -jnp.inf, jax.lax.max),
        "avgpool": lambda node, w, x: windows(node, x, 0.0, jax.lax.add) / node.kernel**2,
        "gavgpool": lambda node, w, x: jnp.mean(x, (1, 2), keepdims=True),
        "flatten": lambda node, w, x: x.reshape(x.shape[0], -1),
        "add": lambda node, w, x, y: x + y,
        "relu": lambda node, w, x: jax.nn.relu(x),
        "relu6": lambda node, w, x: jax.nn.relu6(x),
        "tanh": lambda node, w, x: jnp.tanh(x),
    }
    values, kept = [image], [{}]
    for node, w, s in zip(net.nodes[1:], weights[1:], running[1:]):
        operands = [values[place] for place in node.inputs]
        if node.op == "bn":
            value, s = jax_batchnorm(operands[0], w, s, training)
        else:
            value = simple[node.op](node, w, *operands)
        values.append(value)
        kept.append(s)
    return values[-1], kept


def jax_batchnorm(x, w, s, training):
    import jax
    import jax.numpy as jnp

    mean, variance = s["running_mean"], s["running_var"]
    if training:
        mean = jnp.mean(x, (0, 1, 2))
        variance = jnp.mean(jnp.square(x), (0, 1, 2)) - jnp.square(mean)
        count = x.size // mean.size
        s = {"running_mean": 0.9 * s["running_mean"] + 0.1 * mean,
             "running_var": 0.9 * s["running_var"] + 0.1 * variance * count / (count - 1)}
    scale = w["weight"] * jax.lax.rsqrt(variance + 1e-5)
    return x * scale + (w["bias"] - mean * scale), s


class OnnxRuntime:
    def __init__(self, job, net):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = job["threads"], 1
        model = onnxmodel.write(net, parameters(net), job["batch"], job["folder"])
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        images, _ = batch_of(net, job["batch"])
        self.run = lambda: session.run(None, {"image": images})[0]


class OpenVino:
    def __init__(self, job, net):
        import openvino

        model = onnxmodel.write(net, parameters(net), job["batch"], job["folder"])
        compiled = openvino.Core().compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": job["threads"], "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32"})  # or it would choose bf16 where the machine has it
        request = compiled.create_infer_request()
        self.images, _ = batch_of(net, job["batch"])
        request.set_input_tensor(openvino.Tensor(self.images, shared_memory=True))

        def run():
            request.infer()
            return request.get_output_tensor().data

        self.run = run


class Ncnn:
    """Through pnnx, ncnn's own converter. ncnn has no batch dimension: the images go one by one."""

    def __init__(self, job, net):
        import ncnn
        import numpy as np
        import pnnx

        model = onnxmodel.write(net, parameters(net), 1, job["folder"])
        stem = model.removesuffix(".onnx")
        subprocess.run([pnnx.EXEC_PATH, model, "fp16=0"], check=True, stdout=sys.stderr)
        self.net = ncnn.Net()
        self.allocators = ncnn.UnlockedPoolAllocator(), ncnn.PoolAllocator()  # the net does not own them
        self.net.opt.blob_allocator, self.net.opt.workspace_allocator = self.allocators
        self.net.opt.num_threads = job["threads"]
        for name in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_storage"):
            setattr(self.net.opt, "use_" + name, False)
        if self.net.load_param(stem + ".ncnn.param") or self.net.load_model(stem + ".ncnn.bin"):
            raise RuntimeError("ncnn does not read what pnnx wrote")
        self.images, _ = batch_of(net, job["batch"])  # a Mat only points into it
        mats = [ncnn.Mat(image) for image in self.images]

        def one(mat):
            extractor = self.net.create_extractor()
            extractor.input("in0", mat)
            return np.array(extractor.extract("out0")[1]).ravel()

        self.run = lambda: np.stack([one(mat) for mat in mats])


CLASSES = {"torch": Torch, "torch-compile": Torch, "jax": Jax, "onnxruntime": OnnxRuntime, "openvino": OpenVino,
           "ncnn": Ncnn}


def memory_mb(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) / 1024


def prepare(job):
    """The peer; seconds until its first result; resident memory before; what to compare with other peers."""
    import numpy as np

    importlib.import_module(MODULES.get(job["peer"], job["peer"]))
    net = netlist.NETS[job["net"]]()
    with contextlib.suppress(OSError):  # forgets the peak of the imports
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    before, begin = memory_mb("VmRSS"), time.perf_counter()
    peer = CLASSES[job["peer"]](job, net)
    first = np.asarray(peer.run())
    seconds = time.perf_counter() - begin
    check = first[-1].ravel()[:8] if job["mode"] == "infer" else [first, peer.run(), peer.run()]
    return peer, {"first_result_s": seconds, "rss_start_mb": before, "check": [float(value) for value in check]}


def timed_round(run, seconds, runs):
    """The median of the milliseconds of `runs` runs or more in `seconds` or more, after a warm-up of 0.1 s."""
    begin = time.perf_counter()
    while True:
        run()
        if time.perf_counter() - begin > 0.1:
            break
    times, begin = [], time.perf_counter()
    while len(times) < runs or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return {"ms": statistics.median(times), "ms_min": min(times), "runs": len(times), "peak_rss_mb": memory_mb("VmHWM")}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the frameworks print goes to the log
    job, peer = json.loads(sys.argv[1]), None
    for line in sys.stdin:
        if peer is None:
            peer, answer = prepare(job)
        else:
            answer = timed_round(peer.run, **json.loads(line))
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
