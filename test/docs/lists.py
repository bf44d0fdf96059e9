"""Compares what the documentation lists with the compiler.

    lists.py SOURCE

- Every layer of LayerTable.cpp and BackwardTable.cpp is in the tables of layers of docs/Language.md, and no other.
- Every verb that `cnnc help` lists is in README.md, with the same words, in the same order.
- The phases are chapters of docs/Architecture.md, in the order of Phases.def, and
  every pass is named there, in the chapter of its phase.
"""

import os
import re
import subprocess
import sys


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def section(text, title):
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def check_layers(source):
    """The problems, and how many layers there are."""
    tables = "".join(read(source, f"compiler/Frontend/{table}Table.cpp") for table in ("Layer", "Backward"))
    layers = set(re.findall(r'\{"(\w+)", LayerId::', tables))
    page = read(source, "docs/Language.md")
    text = section(page, "Layers") + section(page, "Layers of gradients")
    rows = re.findall(r"^\| (`.*?) \|", text, re.M)
    shown = {name for row in rows for name in re.findall(r"`(\w+)", row)} - {"pool"}
    problems = [f"the layer {name} is not in docs/Language.md" for name in sorted(layers - shown)]
    problems += [f"the layer {name} is in docs/Language.md only" for name in sorted(shown - layers)]
    return problems, len(layers)


def check_verbs(source):
    """The problems, and how many verbs there are."""
    printed = subprocess.run(["cnnc", "help"], capture_output=True, encoding="utf-8", check=True).stdout
    verbs = re.findall(r"^  (\w+) +(.*)$", printed, re.M)
    shown = re.findall(r"^\| `(\w+)` \| (.*) \|$", section(read(source, "README.md"), "Commands"), re.M)
    problems = [f"README.md lacks the verb {name}: {what}" for name, what in verbs if (name, what) not in shown]
    for name, what in shown:
        if (name, what) not in verbs:
            problems.append(f"README.md has the verb {name}: {what}, but `cnnc help` has not")
    if not problems and shown != verbs:
        problems.append("README.md has the verbs in another order than `cnnc help`")
    return problems, len(verbs)


def check_chapters(source):
    architecture = read(source, "docs/Architecture.md")
    phases = re.findall(r"^CNNC_PHASE\((\w+),", read(source, "compiler/Pipelines/Phases.def"), re.M)
    chapters = [title for title in re.findall(r"^## (\w+)$", architecture, re.M) if title in phases]
    problems = []
    if not phases or chapters != phases:
        problems.append(f"docs/Architecture.md has the phases {chapters}, expected {phases}")
    for phase in chapters:
        description = os.path.join(source, "compiler", phase, "Passes.td")
        passes = re.findall(r': Pass<"([\w-]+)"', read(description)) if os.path.exists(description) else []
        for name in passes:
            if f"`{name}`" not in section(architecture, phase):
                problems.append(f"the pass {name} is not in the chapter {phase} of docs/Architecture.md")
        for name in set(re.findall(r"`(cnn-[\w-]+)`", section(architecture, phase))) - {"cnn-opt"}:
            if name not in passes:
                problems.append(f"docs/Architecture.md names {name}, which is no pass of {phase}")
    return problems


def main():
    source = sys.argv[1]
    problems, layers = check_layers(source)
    wrong_verbs, verbs = check_verbs(source)
    problems += wrong_verbs + check_chapters(source)
    if problems:
        print("\n".join(problems), file=sys.stderr)
    print(f"{layers} layers, {verbs} verbs")
    return 1 if problems or not layers or not verbs else 0


if __name__ == "__main__":
    sys.exit(main())
