"""Runs a command that must end with a given exit code, in bounded time and memory.

    exits.py CODE[,CODE...] [--seconds S] [--memory MIB] [--file-size BYTES] COMMAND...

Ends with 0 if it did; output goes through. "1,4" allows both codes.
"""

import os
import resource
import subprocess
import sys


def limits(options):
    def apply():
        if "--memory" in options:
            size = options["--memory"] << 20
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        if "--file-size" in options:
            resource.setrlimit(resource.RLIMIT_FSIZE, (options["--file-size"],) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return apply


def main(words):
    codes = words.pop(0)
    options = {"--seconds": 60}
    while words and words[0].startswith("--"):
        options[words[0]] = int(words[1])
        words = words[2:]
    try:
        code = subprocess.run(
            words, preexec_fn=limits(options), timeout=options["--seconds"], check=False
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"exits.py: still running after {options['--seconds']} s: {words}", file=sys.stderr)
        return 1
    if str(code) in codes.split(","):
        return 0
    print(f"exits.py: expected exit {codes}, but is {code}: {words}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.stdout.flush()
    os.environ["LLVM_DISABLE_CRASH_REPORT"] = "1"
    sys.exit(main(sys.argv[1:]))
