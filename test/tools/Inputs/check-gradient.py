"""check-gradient.py NET WEIGHTS IMAGE LABEL G64 G32: gradients against central differences.

Shifts one weight, asks `cnnc grad --f64` for the loss, and compares the slope with
G64; G32 must be G64 but for rounding. --scale S G64 OUT writes a copy that is wrong.
"""

import subprocess
import sys

import arrays

STEP = 1e-4
TOLERANCE = 1e-6  # relative to the largest gradient; the differences' own error is STEP ** 2
SINGLE = 1e-5
EACH = 2  # places to try in a tensor


def loss_at(net, weights, image, label):
    arrays.write_safetensors("shifted", weights)
    arrays.write_npy("shifted.npy", "f8", *image)
    command = ["cnnc", "grad", net, "--weights", "shifted", "--input", "image=shifted.npy"]
    subprocess.run(
        [*command, "--input", f"label={label}", "--f64", "-o", "shifted-g"], check=True
    )
    return arrays.read_safetensors("shifted-g")["loss"][2][0]


def slope(net, weights, image, label, values, place):
    kept = values[place]
    losses = []
    for sign in (1, -1):
        values[place] = kept + sign * STEP
        losses.append(loss_at(net, weights, image, label))
    values[place] = kept
    return (losses[0] - losses[1]) / (2 * STEP)


def close(what, found, expected, tolerance):
    if abs(found - expected) > tolerance:
        sys.exit(f"{what}: expected {expected}, but is {found}")


def main(net, weights_path, image_path, label, exact_path, single_path):
    weights = {
        name: ("F64", shape, values)
        for name, (_, shape, values) in arrays.read_safetensors(weights_path).items()
    }
    image = arrays.read_npy(image_path)
    exact = arrays.read_safetensors(exact_path)
    single = arrays.read_safetensors(single_path)
    tensors = {name: values for name, (_, _, values) in weights.items()}
    tensors["input.image"] = image[1]
    assert list(exact) == list(single) == ["loss", *tensors], list(exact)
    for name, values in tensors.items():
        gradient = exact[name][2]
        largest = max(abs(value) for value in gradient)
        assert largest > 0, f"{name}: all gradients are 0"
        for place in range(0, len(values), max(1, len(values) // EACH)):
            found = slope(net, weights, image, label, values, place)
            close(f"{name}[{place}]", gradient[place], found, TOLERANCE * largest)
        for place, value in enumerate(gradient):
            close(f"{name}[{place}] of f32", single[name][2][place], value, SINGLE * largest)


def scale(factor, source, target):
    tensors = arrays.read_safetensors(source)
    for _, _, values in list(tensors.values())[1:]:
        values[:] = [value * float(factor) for value in values]
    arrays.write_safetensors(target, tensors)


if __name__ == "__main__":
    if sys.argv[1] == "--scale":
        scale(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
