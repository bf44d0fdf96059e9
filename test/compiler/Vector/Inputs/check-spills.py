"""Fails if a loop of multiply-adds touches the stack with vectors: check-spills.py OBJDUMP OBJECT...

OBJDUMP "-" takes the files as disassembled already.

A loop reaches from the target of a jump backwards to the jump; the innermost ones count, with at
least LEAST multiply-adds in them. A loop that also writes vectors elsewhere finishes results:
it runs once a result, and what all results share may come from the stack as from anywhere.
"""

import re
import subprocess
import sys

LEAST = 8
LABEL = re.compile(r"^[0-9a-f]+ <(.+)>:$")
CODE = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$")
JUMP = re.compile(r"^j[a-z]+$")
VECTOR = re.compile(r"%[xyz]mm[0-9]+")
STACK = re.compile(r"\(%rsp\)")
# A function with variable room on the stack keeps its frame's address in rbp; elsewhere that is a
# register like any other.
FRAME = re.compile(r"^%rsp, %rbp$")
STORE = re.compile(r"^%[xyz]mm[0-9]+(?: \{%k[1-7]\})?, .*\)$")
FRAMED = re.compile(r"\(%(?:rsp|rbp)\)")


def functions(text):
    name, code = None, []
    for line in text.splitlines():
        if label := LABEL.match(line):
            if code:
                yield name, code
            name, code = label.group(1), []
        elif found := CODE.match(line):
            code.append((int(found.group(1), 16), found.group(2), found.group(3)))
    if code:
        yield name, code


def loops(code):
    """The ranges of the innermost loops: those with no other jump target backwards inside."""
    ranges = []
    for address, name, operands in code:
        target = re.match(r"0x([0-9a-f]+)", operands)
        if JUMP.match(name) and target and int(target.group(1), 16) <= address:
            ranges.append((int(target.group(1), 16), address))
    return [r for r in ranges
            if not any(o != r and r[0] <= o[0] and o[1] <= r[1] for o in ranges)]


def check(text):
    """Complaints, and the number of loops looked at."""
    complaints, count = [], 0
    for name, code in functions(text):
        stack = FRAMED if any(FRAME.match(c[2]) for c in code) else STACK
        for first, last in loops(code):
            body = [c for c in code if first <= c[0] <= last]
            sums = sum(c[1].startswith(("vfmadd", "vfnmadd")) and "ps" in c[1] for c in body)
            if sums < LEAST:
                continue
            if any(STORE.match(c[2]) and not stack.search(c[2]) for c in body):
                continue
            count += 1
            spills = sum(bool(VECTOR.search(c[2]) and stack.search(c[2])) for c in body)
            if spills:
                complaints.append(f"{name}: a loop of {sums} multiply-adds touches the stack "
                                  f"{spills} times")
    return complaints, count


def disassemble(objdump, path):
    if objdump == "-":
        with open(path, encoding="utf-8") as file:
            return file.read()
    return subprocess.run([objdump, "-d", "--no-show-raw-insn", path], check=True,
                          capture_output=True, text=True).stdout


def main(objdump, *objects):
    failed = False
    for path in objects:
        text = disassemble(objdump, path)
        complaints, count = check(text)
        print(f"{path.rsplit('/', 1)[-1]}: {count} loops, {len(complaints)} with spills")
        for complaint in complaints:
            print("  " + complaint)
        failed |= bool(complaints) or count == 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
