"""run-driver.py NET.cnn VALUES FOUND: cnnc's run, grad and train on golden values.

Gives the net the weight/NAME and input/NAME of VALUES, in the current folder, and gathers
what comes out, as golden-run does: for check-golden.py.
"""

import json
import pathlib
import re
import subprocess
import sys
import zipfile

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools" / "Inputs"))
import arrays  # noqa: E402  (beside the tests of the driver)

KINDS = {"F32": "f4", "F64": "f8", "I32": "i4"}


def cnnc(*words):
    subprocess.run(["cnnc", *words], check=True)


def run_values(net, inputs):
    """Outputs in f32, gradients in both precisions."""
    text = pathlib.Path(net).read_text(encoding="utf-8")
    files = [f"--input={name}={name}.npy" for name in inputs]
    forward = [f"--input={name}={name}.npy" for name in re.findall(r"^  input (\w+)", text, re.MULTILINE)]
    cnnc("run", net, "--weights", "weights", *forward, "-o", "outputs.npz")
    found = {}
    with zipfile.ZipFile("outputs.npz") as archive:
        archive.extractall("outputs")
        for name in archive.namelist():
            shape, numbers = arrays.read_npy(f"outputs/{name}")
            found[f"f32/output/{name.removesuffix('.npy')}"] = ("F64", shape, numbers)
    for precision, flags in (("f32", []), ("f64", ["--f64"])):
        cnnc("grad", net, "--weights", "weights", *files, *flags, "-o", "gradients")
        gradients = arrays.read_safetensors("gradients")
        found |= {f"{precision}/gradient/{name}": tensor for name, tensor in gradients.items()}
    return found


def run_training(net, optimizer):
    """The losses of the steps, those of the test images behind each epoch, the parameters."""
    text = pathlib.Path(net).read_text(encoding="utf-8")
    pathlib.Path("net.cnn").write_text(re.sub(r"(?<= optim = ).*", optimizer, text), encoding="utf-8")
    out = pathlib.Path(re.sub(r"\W+", "-", optimizer))
    cnnc("train", "net.cnn", "--weights", "weights", "--out", out, "--log-loss", "losses.txt")
    losses = [float.fromhex(line) for line in pathlib.Path("losses.txt").read_text(encoding="utf-8").split()]
    log = (out / "metrics.jsonl").read_text(encoding="utf-8")
    tests = [line["loss"] for line in map(json.loads, log.splitlines()) if line.get("split") == "test"]
    found = arrays.read_safetensors(out / f"checkpoint-{len(losses)}.safetensors")
    found = {name: tensor for name, tensor in found.items() if not name.startswith("state.")}
    found |= {"loss": ("F64", [len(losses)], losses), "test": ("F64", [len(tests)], tests)}
    return {f"trained/{optimizer}/{name}": tensor for name, tensor in found.items()}


def main(net, values_path, found_path):
    values = arrays.read_safetensors(values_path)
    weights = {name.removeprefix("weight/"): values[name] for name in values if name.startswith("weight/")}
    arrays.write_safetensors("weights", weights)
    inputs = [name.removeprefix("input/") for name in values if name.startswith("input/")]
    for name in inputs:
        dtype, shape, numbers = values[f"input/{name}"]
        arrays.write_npy(f"{name}.npy", KINDS[dtype], shape, numbers)
    found = {}
    for optimizer in dict.fromkeys(name.rpartition("/")[0] for name in values if "(" in name):
        found |= run_training(net, optimizer)
    arrays.write_safetensors(found_path, found or run_values(net, inputs))


if __name__ == "__main__":
    main(*sys.argv[1:])
