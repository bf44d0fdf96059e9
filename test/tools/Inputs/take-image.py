"""take-image.py IN.npy NUMBER OUT.npy TYPE: one image of a batch, as a batch of one."""

import sys

import arrays


def main(source, number, target, kind):
    shape, values = arrays.read_npy(source)
    size = len(values) // shape[0]
    first = int(number) * size
    arrays.write_npy(target, kind, [1, *shape[1:]], values[first : first + size])


if __name__ == "__main__":
    main(*sys.argv[1:])
