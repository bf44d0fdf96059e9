"""Machine code must not grow with the tensors: compares object files by the size of their code.

    compare-sizes.py FACTOR SMALL.o LARGE.o

The bytes of all sections that hold instructions; the larger must have at most FACTOR times those
of the smaller. What is compared is printed.
"""

import subprocess
import sys


def code_bytes(path):
    lines = subprocess.run(
        ["llvm-size", "-A", path], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(".text"))


def main(factor, small, large):
    sizes = [code_bytes(small), code_bytes(large)]
    print(f"{sizes[0]} and {sizes[1]} bytes of code")
    assert min(sizes) > 1000, "no code to compare"
    assert sizes[1] <= float(factor) * sizes[0], f"more than {factor} times as much"


if __name__ == "__main__":
    main(*sys.argv[1:])
