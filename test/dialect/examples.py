#!/usr/bin/env python3
"""Prints the examples of the ops' descriptions as a module that parses.

Usage: examples.py FOLDER, the folder dialect/. Every snippet becomes a function whose
arguments have the types behind the snippet's last colon. It is an error if an op has
no example, or if a snippet shows no op of the dialect. What ends a region is shown where
another example ends one.
"""

import pathlib
import re
import sys
import textwrap

# What the types behind the colon leave out, by the names that the examples use.
FIXED = {"%seed": "tensor<i64>", "%step": "tensor<i64>", "%lr": "tensor<f32>"}
# Ops that stand at the end of a region only.
TERMINATORS = {"yield"}


def split_types(text):
    """The types of `: a, b` or `: a of b` or `: a -> b`, without results."""
    return re.split(r",\s*|\s+of\s+", text.split("->")[0].strip())


def examples_of(snippet):
    """One for each op: indented lines, and those of its regions, belong to the line before."""
    example, depth = "", 0
    for line in textwrap.dedent(snippet).strip().splitlines():
        if example and depth == 0 and not line.startswith((" ", "}")):
            yield example
            example = ""
        example += "\n" + line if example else line
        depth += line.count("{") - line.count("}")
    yield example


def arguments_of(line):
    """Names and types of the operands of one op."""
    groups = re.findall(r"\w\((%[^:)]+) : ([^)]+)\)", line.split("{")[0])
    if groups:  # ins(%x, %y : type, type)
        return [pair for names, types in groups for pair in zip(names.split(", "), split_types(types))]
    body, types = line.rsplit(" : ", 1)
    operands = re.findall(r"%\w+", body.split("=", 1)[1])
    known = split_types(types)
    # The last type stands for all further operands.
    free = [name for name in operands if name not in FIXED or "increment" in body]
    typed = {name: known[min(i, len(known) - 1)] for i, name in enumerate(free)}
    return [(name, typed.get(name, FIXED.get(name))) for name in operands]


def shape_of(line):
    """An op without the names of its values."""
    return re.sub(r"%\w+", "%", line.strip())


def function(line, number):
    arguments = ", ".join(f"{name}: {kind}" for name, kind in arguments_of(line))
    return f"func.func @example{number}({arguments}) {{\n  {line}\n  return\n}}"


def main():
    shown, declared, output, inner = set(), set(), [], []
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.td")):
        text = path.read_text()
        declared |= set(re.findall(r'^def Cnn_\w+Op : \w+<"(\w+)"', text, re.M))
        for snippet in re.findall(r"```mlir\n(.*?)```", text, re.S):
            for line in examples_of(snippet):
                op = re.search(r"\bcnn\.(\w+)", line)
                if not op:
                    sys.exit(f"{path}: no op in '{line}'")
                if op.group(1) in TERMINATORS:
                    inner.append((op.group(1), line))
                    continue
                shown.add(op.group(1))
                output.append(line if "=" not in line.split("{")[0] else function(line, len(output)))
    all_lines = {shape_of(line) for example in output for line in example.splitlines()}
    shown |= {name for name, line in inner if shape_of(line) in all_lines}
    missing = sorted(declared - shown)
    if missing or not declared:
        sys.exit(f"ops without an example: {', '.join(missing)}")
    print(f"// {len(output)} examples of {len(declared)} ops")
    print("\n".join(output))


main()
