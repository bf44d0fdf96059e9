"""Writes the golden values: the nets, what they get, and what PyTorch makes of it.

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch numpy
    /tmp/torch/bin/python test/golden/make-golden.py [FOLDER]

FOLDER is test/golden/Inputs if it is not given. Nothing of cnnc is run: the texts come
from the same tables as the values (layers.py, losses.py, trainings.py). PyTorch calculates
in f64, from numbers that f32 holds. versions.txt says what wrote the files. A case's
numbers depend on its name alone, so one more case leaves the others as they are.
"""

import copy
import importlib
import pathlib
import platform
import sys
import zlib

import layers
import losses
import numpy
import torch
import trainings

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "tools" / "Inputs"))
import arrays  # noqa: E402  (what reads the files, too)

check_golden = importlib.import_module("check-golden")

IMAGES = {"norms": 4}  # a batch norm of two numbers is 1 and -1, whatever they are
FEW_IMAGES = 2
ATTEMPTS, MOST_ROUNDING = 50, 0.2
WIDTH = 100  # of a line, as cnnc fmt writes it
TYPES = {torch.float64: "F64", torch.float32: "F32", torch.int32: "I32"}


class Values:
    """Numbers that differ from name to name."""

    def __init__(self, name):
        self.generator = numpy.random.default_rng(zlib.crc32(name.encode()))

    def numbers(self, shape, low=-1.0, high=1.0):
        values = self.generator.uniform(low, high, shape).astype(numpy.float32)
        return torch.tensor(values, dtype=torch.float64)

    def whole(self, shape, count):
        return torch.tensor(self.generator.integers(0, count, shape))

    def fill(self, module):
        """Parameters and statistics; factors and variances are positive, as where training begins."""
        state = module.state_dict()
        for key, old in state.items():
            if key.endswith("running_var"):
                state[key] = self.numbers(old.shape, 0.5, 1.5)
            elif key.endswith("weight") and old.dim() == 1:
                state[key] = self.numbers(old.shape, 0.1, 0.7)
            elif old.dtype != torch.int64:  # PyTorch's own count of batches
                state[key] = self.numbers(old.shape, -0.5, 0.5)
        module.to(torch.float64).load_state_dict(state)


def parameters_of(module):
    return {key: value for key, value in module.state_dict().items() if not key.endswith("num_batches_tracked")}


def write(path, tensors):
    packed = {}
    for name, tensor in tensors.items():
        tensor = tensor.detach()
        packed[name] = (TYPES[tensor.dtype], list(tensor.shape), tensor.flatten().tolist())
    arrays.write_safetensors(path, packed)


def target_of(case, values, inputs, y):
    if case.target == "x2":
        return inputs[1]
    if case.target.startswith("class("):
        classes = y.shape[1]
        return values.whole([y.shape[0], *y.shape[2:]], classes)
    if case.target == "bits":
        return values.numbers(y.shape, 0.0, 1.0)
    return values.numbers(y.shape)


def run_case(case, images, factor, tensors):
    """The case's values, its share of the loss, and its lines: the net's and the training's."""
    values, module = Values(case.name), case.module
    values.fill(module)
    kept = {f"{case.name}.{key}": value.clone() for key, value in parameters_of(module).items()}
    inputs = []
    for shape in case.inputs:
        size = [images, *shape]
        x = values.whole(size, 3).to(torch.float64) if case.whole else values.numbers(size) * case.scale
        inputs.append(x.float().double().requires_grad_())
    with torch.no_grad():
        tensors[f"output/{case.name}_y"] = module.eval()(*inputs)
    y = module.train()(*inputs)
    t = target_of(case, values, inputs, y)
    term = factor * case.measure(y, t)
    term.backward()

    for name, value in kept.items():
        tensors[f"weight/{name}"] = value.float()
    for key, value in module.named_parameters():
        if value.requires_grad:
            tensors[f"gradient/{case.name}.{key}"] = value.grad
    for name, x in zip(case.input_names(), inputs):
        tensors[f"input/{name}"] = x.float()
        tensors[f"gradient/input.{name}"] = x.grad
    lines = [f"input {name} : {shape}" for name, shape in zip(case.input_names(), case.inputs)]
    lines += [case.before] if case.before else []
    chain = f"let {case.text('y')} = {case.text(case.chain)}"
    if len(chain) + 2 > WIDTH:
        chain = chain.replace(" -> ", "\n    -> ", 1)
    lines += [chain, f"output {case.text('y')}"]
    training = []
    if case.target != "x2":
        tensors[f"input/{case.text('t')}"] = t.int() if t.dtype == torch.int64 else t.float()
        kind = case.target if case.target.startswith("class(") else list(t.shape[1:])
        training.append(f"target {case.text('t')} : {kind}")
    return term, lines, training


def write_net(folder, stem, cases):
    tensors, head, foot, terms, total = {}, [], [], [], 0
    for index, case in enumerate(cases):
        # Factors that differ, so that the sum tells one share from another.
        factor = 1 + index % 4 / 4
        term, lines, training = run_case(case, IMAGES.get(stem, FEW_IMAGES), factor, tensors)
        total = total + term
        head.append("  " + "\n  ".join(lines))
        foot += ["  " + line for line in training]
        terms.append(f"{factor}*{case.text(case.loss)}")
    tensors["gradient/loss"] = total
    name = stem.capitalize()
    text = "# Written by make-golden.py.\n" + f"net {name} {{\n" + "\n\n".join(head) + "\n}\n"
    text += f"train {name} {{\n" + "\n".join(foot) + "\n  loss = " + "\n      + ".join(terms) + "\n}\n"
    (folder / f"{stem}.cnn").write_text(text, encoding="utf-8")
    write(folder / f"{stem}.safetensors", tensors)


def groups_of(net, optimizer, arguments):
    """PyTorch's groups of parameters, one for each learning rate."""
    groups = []
    for key, value in net.named_parameters():
        factor = net.factors.get(key.partition(".")[0], 1.0)
        if value.requires_grad:
            groups.append({"params": [value], "lr": arguments["lr"] * factor})
    return optimizer(groups, **arguments)


def train(net, optimizer, arguments, x, t):
    """The loss in each step, the loss on the test images behind each, and the net at the end."""
    net, steps, tests = copy.deepcopy(net), [], []
    stepper = groups_of(net, optimizer, arguments)
    for _ in range(trainings.STEPS):
        stepper.zero_grad()
        loss = net.train().loss(net(x[trainings.TRAINING]), t[trainings.TRAINING])
        loss.backward()
        stepper.step()
        steps.append(loss.item())
        with torch.no_grad():
            tests.append(net.eval().loss(net(x[trainings.TESTING]), t[trainings.TESTING]).item())
    return torch.tensor(steps, dtype=torch.float64), torch.tensor(tests, dtype=torch.float64), net


def rounding(trained, single):
    """How far PyTorch's own f32 is from its f64, as a part of what is allowed."""
    bar = check_golden.BARS["trained"]
    return max(
        abs(a - b) / check_golden.allowed(a, bar)
        for name, values in trained.items()
        for a, b in zip(values.flatten().tolist(), single[name].flatten().tolist())
    )


def train_all(stem, net, x, t):
    tensors = {}
    for optim, optimizer, arguments in trainings.OPTIMIZERS:
        steps, tests, trained = train(net, optimizer, arguments, x, t)
        tensors[f"{optim}/loss"] = steps
        if stem in trainings.MEASURED:
            tensors[f"{optim}/test"] = tests
        tensors |= {f"{optim}/{key}": value for key, value in parameters_of(trained).items()}
    return tensors


def write_training(folder, stem, text, make):
    """Values for which rounding does not matter: adam and rmsprop divide what cancels by its size."""
    classes = "class(4)" in text
    for attempt in range(ATTEMPTS):
        values, net = Values(f"{stem} {attempt}"), make()
        values.fill(net)
        x = values.numbers([trainings.IMAGES, *net.shape])
        t = values.whole([trainings.IMAGES], 4) if classes else values.numbers([trainings.IMAGES, 3])
        trained = train_all(stem, net, x, t)
        single = train_all(stem, copy.deepcopy(net).float(), x.float(), t if classes else t.float())
        if rounding(trained, single) < MOST_ROUNDING:
            break
    else:
        sys.exit(f"{stem}: no values that rounding leaves alone")
    tensors = {"input/x": x.float(), "input/t": t.int() if classes else t.float()}
    tensors |= {f"weight/{key}": value.float() for key, value in parameters_of(net).items()}
    tensors |= {name: value.float() for name, value in trained.items()}
    text += (f"  data = npy(\"x.npy\", \"t.npy\")   batch = {len(trainings.TRAINING)}   epochs = {trainings.STEPS}\n"
             f"  optim = {trainings.OPTIMIZERS[0][0]}\n}}\n")
    (folder / f"{stem}.cnn").write_text("# Written by make-golden.py.\n" + text, encoding="utf-8")
    write(folder / f"{stem}.safetensors", tensors)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "Inputs"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for stem, cases in {**layers.NETS, "losses": losses.LOSSES}.items():
        write_net(folder, stem, cases)
    for stem, (text, make) in trainings.NETS.items():
        write_training(folder, stem, text, make)
    versions = f"python {platform.python_version()}\nnumpy {numpy.__version__}\ntorch {torch.__version__}\n"
    (folder / "versions.txt").write_text(versions, encoding="utf-8")


if __name__ == "__main__":
    main()
