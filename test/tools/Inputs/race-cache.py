"""Processes that compile at the same time with one cache must write the same library.

    race-cache.py CNNC NET.cnn FOLDER LIBRARY

LIBRARY is what each must equal. Half of the entries are damaged between two rounds, so that
some processes read what others write.
"""

import pathlib
import subprocess
import sys

PROCESSES = 4
ROUNDS = 3


def main(cnnc, net, folder, library):
    want = pathlib.Path(library).read_bytes()
    cache = pathlib.Path(folder) / "cache"
    for number in range(ROUNDS):
        outputs = [pathlib.Path(folder) / f"race-{i}.o" for i in range(PROCESSES)]
        running = [
            subprocess.Popen(
                [cnnc, "compile", net, "--cache", str(cache), "-o", str(output)],
                stdout=subprocess.DEVNULL,
            )
            for output in outputs
        ]
        codes = [process.wait() for process in running]
        assert codes == [0] * PROCESSES, f"round {number}: exit codes {codes}"
        for output in outputs:
            assert output.read_bytes() == want, f"round {number}: {output} differs"
        assert not list(cache.glob("*.cnnc-part")), f"round {number}: temporary files are left"
        for entry in sorted(cache.glob("*.cnnc-object"))[::2]:
            content = entry.read_bytes()
            entry.write_bytes(content[: len(content) // 2])
    print(f"{ROUNDS} rounds of {PROCESSES} processes: all the same")


if __name__ == "__main__":
    main(*sys.argv[1:])
