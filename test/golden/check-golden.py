"""check-golden.py VALUES FOUND PART...: what compiled nets give against golden values.

VALUES (see make-golden.py) has what must come out as output/NAME (in inference),
gradient/NAME (in training), or OPTIMIZER/NAME (losses and parameters of a training). FOUND is what
golden-run or run-driver.py has written: PART/NAME, where PART is f32/output, f64/gradient, …, or
trained. Of each PART all numbers are compared, and its names must be the same. Then each
expected tensor is changed in one place, which must be found.

check-golden.py --wrong IN OUT NAME writes a copy in which NAME is a little off.
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools" / "Inputs"))
import arrays  # noqa: E402  (beside the tests of the driver)

# Relative and absolute.
BARS = {"f32": (1e-5, 1e-7), "f64": (1e-9, 1e-12), "trained": (1e-4, 1e-6)}
WRONG = 1.0003


def allowed(value, bar):
    return bar[0] * abs(value) + bar[1]


def compare(what, expected, found, bar):
    """Complaints on tensors, which map names to (type, shape, values)."""
    complaints = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in found or name not in expected:
            complaints.append(f"{what}: {name} is {'missing' if name in expected else 'not expected'}")
            continue
        (_, shape, values), (_, found_shape, found_values) = expected[name], found[name]
        if shape != found_shape:
            complaints.append(f"{what}: {name}: expected {shape}, found {found_shape}")
            continue
        # Not "too far", so that NaN is too far.
        far = [i for i, (a, b) in enumerate(zip(values, found_values)) if not abs(a - b) <= allowed(a, bar)]
        if far:
            worst = max(far, key=lambda i: abs(values[i] - found_values[i]) / allowed(values[i], bar))
            complaints.append(f"{what}: {name}[{worst}]: expected {values[worst]!r}, found {found_values[worst]!r}"
                              f" ({len(far)} of {len(values)} differ)")
    return complaints


def changed(tensor, bar):
    """The tensor, in its last place off by what the net and the change together may not be."""
    kind, shape, values = tensor
    return kind, shape, [*values[:-1], values[-1] + 2.5 * allowed(values[-1], bar)]


def check(what, expected, found, bar):
    """Compares, and makes sure that each tensor counts."""
    complaints = compare(what, expected, found, bar)
    if not expected:
        complaints.append(f"{what}: nothing to compare")
    for name in [] if complaints else expected:
        wrong = compare(what, {name: changed(expected[name], bar)}, {name: found[name]}, bar)
        if len(wrong) != 1:
            complaints.append(f"{what}: a change of {name} is not found")
    return complaints


def below(prefix, tensors):
    """What stands under `prefix/`, without it."""
    begin = prefix + "/"
    return {name.removeprefix(begin): tensor for name, tensor in tensors.items() if name.startswith(begin)}


def main(values_path, found_path, *parts):
    values, found = arrays.read_safetensors(values_path), arrays.read_safetensors(found_path)
    complaints, count = [], 0
    for part in parts:
        precision, _, kind = part.partition("/")
        # Optimizers are the names with arguments.
        expected = below(kind, values) if kind else {name: values[name] for name in values if "(" in name}
        complaints += check(part, expected, below(part, found), BARS[precision])
        count += sum(len(numbers) for _, _, numbers in expected.values())
    print(*complaints, f"{count} numbers, {len(complaints)} complaints", sep="\n")
    return 1 if complaints else 0


def write_wrong(source, target, name):
    tensors = arrays.read_safetensors(source)
    numbers = tensors[name][2]
    numbers[0] *= WRONG
    arrays.write_safetensors(target, tensors)


if __name__ == "__main__":
    if sys.argv[1] == "--wrong":
        write_wrong(*sys.argv[2:])
    else:
        sys.exit(main(*sys.argv[1:]))
