"""Compares what the documentation lists with the compiler's sources.

    lists.py SOURCE

- Every error and warning code in compiler/Frontend is in the table, and no other.
- Every layer of LayerTable.cpp is in the table of layers, and no other.
- The phases are chapters of docs/Architecture.md, in the order of Phases.def, and
  every pass is named there, in the chapter of its phase.
"""

import glob
import os
import re
import sys


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def section(text, title):
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def compare(what, documented, real):
    problems = [f"{what} {name} is not in docs/Language.md" for name in sorted(real - documented)]
    problems += [f"{what} {name} is in docs/Language.md only" for name in sorted(documented - real)]
    return problems


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
    language = read(source, "docs/Language.md")
    sources = "".join(read(path) for path in glob.glob(os.path.join(source, "compiler/Frontend/*.cpp")))
    codes = set(re.findall(r'"([EW]\d{3})"', sources))
    documented = set(re.findall(r"^\| ([EW]\d{3}) \|", language, re.M))
    problems = compare("the code", documented, codes)

    table = read(source, "compiler/Frontend/LayerTable.cpp")
    layers = set(re.findall(r'\{"(\w+)", LayerId::', table))
    rows = re.findall(r"^\| (`.*?) \|", section(language, "Layers"), re.M)
    shown = {name for row in rows for name in re.findall(r"`(\w+)", row)} - {"pool"}
    problems += compare("the layer", shown, layers)
    problems += check_chapters(source)
    print("\n".join(problems + [f"{len(codes)} codes, {len(layers)} layers"]))
    return 1 if problems or not codes or not layers else 0


if __name__ == "__main__":
    sys.exit(main())
