"""All C and C++ is as clang-format writes it."""

import subprocess

import style

CLANG_FORMAT = "clang-format-22"


def check(root):
    paths = [str(root / path) for path in style.files(root, {".cpp", ".h", ".c"})]
    complaints = []
    done = subprocess.run(
        [CLANG_FORMAT, "--dry-run", "--Werror", "--ferror-limit=1", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stderr.splitlines():
        if ": error:" in line:
            complaints.append(line.partition(": error:")[0].removeprefix(f"{root}/") + ": not formatted")
    if done.returncode != 0 and not complaints:
        complaints.append(f"{CLANG_FORMAT} failed: {done.stderr[:500]}")
    return complaints


BAD = {
    ".clang-format": "BasedOnStyle: LLVM\n",
    "runtime/Bad.cpp": "int  x;\n",
    "runtime/Good.cpp": "int x;\n",
}
EXPECTED = ["runtime/Bad.cpp:1:4: not formatted"]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
