"""interrupt.py SIGNAL CODE STEPS COMMAND... --out DIR --log-loss FILE

Sends the signal after that many steps, expects the exit code, runs the command that
the program prints to go on, and leaves the losses of both in FILE.
"""

import os
import shlex
import signal
import subprocess
import sys
import time

PATIENCE = 60  # seconds


def lines_of(path):
    if not os.path.exists(path):
        return 0
    with open(path, encoding="utf-8") as file:
        return file.read().count("\n")


def main(name, code, steps, *command):
    losses = command[-1]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + PATIENCE
        while lines_of(losses) < int(steps):
            assert process.poll() is None and time.monotonic() < deadline, "no such step"
            time.sleep(0.001)
        process.send_signal(getattr(signal, "SIG" + name))
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == int(code), (process.returncode, said)
    assert "checkpoint saved in" in said, said
    resume = shlex.split(said.partition("resume with: ")[2].splitlines()[0])
    os.rename(losses, "before.txt")
    done = lines_of("before.txt")
    subprocess.run(
        [*resume, "--log-loss", "after.txt"], check=True, stdout=subprocess.DEVNULL
    )
    assert done + lines_of("after.txt") == 100, (done, lines_of("after.txt"))
    with open(losses, "w", encoding="utf-8") as file:
        for part in ("before.txt", "after.txt"):
            with open(part, encoding="utf-8") as lines:
                file.write(lines.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
