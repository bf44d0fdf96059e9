"""same-gradient.py VALUES TEXT.npz: the gradients that `grad` wrote are those that its text gives.

Sums may run in another order: equal to 1e-6 of the largest number of a tensor.
"""

import pathlib
import struct
import sys
import zipfile

sys.path.append(str(pathlib.Path(__file__).parent))
import arrays  # noqa: E402


def numbers(npy):
    length = struct.unpack("<H", npy[8:10])[0]
    values = npy[10 + length:]
    return struct.unpack(f"<{len(values) // 4}f", values)


def main(values, text):
    wanted = arrays.read_safetensors(values)
    with zipfile.ZipFile(text) as archive:
        found = {name.removesuffix(".npy"): numbers(archive.read(name)) for name in archive.namelist()}
    names = {"loss" if name == "loss" else "d_" + name.removeprefix("input.").replace(".", "_"): name
             for name in wanted}
    if set(names) != set(found):
        print("not the same tensors:", sorted(set(names) ^ set(found)))
        return 1
    for name, key in names.items():
        expected = wanted[key][2]
        largest = max(map(abs, expected))
        if len(expected) != len(found[name]) or any(
                not abs(a - b) <= 1e-6 * largest for a, b in zip(expected, found[name])):
            print(f"{name} is not {key}")
            return 1
    print(f"{len(names)} tensors are the same")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
