"""take-mnist.py FROM TO COUNT: the first COUNT training images and all test images."""

import gzip
import os
import struct
import sys


def read(folder, name):
    path = os.path.join(folder, name)
    if os.path.exists(path):
        with open(path, "rb") as file:
            return file.read()
    with gzip.open(path + ".gz") as file:
        return file.read()


def main(source, target, count):
    os.makedirs(target)
    for name, header, size in (("images-idx3", 16, 28 * 28), ("labels-idx1", 8, 1)):
        for split in ("train", "t10k"):
            content = read(source, f"{split}-{name}-ubyte")
            if split == "train":
                sizes = struct.pack(">I", count) + content[8:header]
                content = content[:4] + sizes + content[header : header + count * size]
            with open(os.path.join(target, f"{split}-{name}-ubyte"), "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
