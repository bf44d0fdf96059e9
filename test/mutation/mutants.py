"""The mutants of the project: where they are, and a tree of the sources that holds them all."""

import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import schemata
import sites
from clang.cindex import Diagnostic, Index

# Sections of the families of ops: their shape functions and derivative rules, and what stands
# before the first banner. None: the whole file.
RULES = {"", "Shape", "Gradient"}
# File, the translation unit that it is read in, sections.
FILES = [
    ("dialect/ShapeInference.h", "dialect/ShapeInference.cpp", None),
    ("dialect/ShapeInference.cpp", "dialect/ShapeInference.cpp", None),
    ("dialect/Ops/Rules.h", "dialect/Ops/Rules.cpp", None),
    ("dialect/Ops/Rules.cpp", "dialect/Ops/Rules.cpp", None),
    ("compiler/Autodiff/Differentiate.cpp", "compiler/Autodiff/Differentiate.cpp", None),
]
FAMILIES = ["Activation", "Conv", "Elementwise", "Linear", "Loss", "Norm", "Pool", "Resample", "Shape"]
FILES += [(f"dialect/Ops/{family}.cpp", f"dialect/Ops/{family}.cpp", RULES) for family in FAMILIES]
COPIED = ["CMakeLists.txt", "README.md", "compiler", "dialect", "docs", "examples", "runtime", "test", "tools"]


class Sources:
    """Parses the project's files as the build compiles them."""

    def __init__(self, source, build):
        self.source = source
        commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
        self.commands = {command["file"]: command for command in commands}
        self.index = Index.create()

    def arguments(self, name):
        command = self.commands[str(self.source / name)]
        words = shlex.split(command["arguments"] if "arguments" in command else command["command"])
        kept = ["-ferror-limit=0"]
        for word, following in zip(words, words[1:] + [""]):
            if word.startswith(("-I", "-D", "-std")):
                kept.append(word)
            elif word == "-isystem":
                kept += [word, following]
        return kept

    def parse(self, name):
        return self.index.parse(str(self.source / name), args=self.arguments(name))


def find(sources, folder):
    """All mutants, file by file. Parsing takes a minute: what has not changed is not parsed again."""
    names = [name for name, _, _ in FILES] + [unit for _, unit, _ in FILES]
    texts = [(sources.source / name).read_bytes() for name in names] + [pathlib.Path(sites.__file__).read_bytes()]
    digest = hashlib.sha256(b"\0".join(texts)).hexdigest()
    path = folder / "mutants.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if known.get("digest") != digest:
        known = {"digest": digest, "mutants": [dataclasses.asdict(mutant) for mutant in search(sources)]}
        path.write_text(json.dumps(known), encoding="utf-8")
    return [sites.Mutant(**fields) for fields in known["mutants"]]


def search(sources):
    mutants, units = [], {}
    for name, unit, sections in FILES:
        if unit not in units:
            units = {unit: sources.parse(unit)}
            for error in units[unit].diagnostics:
                if error.severity >= Diagnostic.Error:
                    raise SystemExit(f"mutation-test: {unit} does not parse: {error}")
        path = sources.source / name
        mutants += sites.find(units[unit], str(path), name, path.read_text(encoding="ascii"), sections)
    return mutants


def write(sources, mutants, count):
    """Mutated texts by file, and the places in them; `count` of all mutants, refused ones too."""
    texts, places = {}, {}
    for name in {mutant.path for mutant in mutants.values()}:
        head = schemata.head(count)
        text = (sources.source / name).read_text(encoding="ascii")
        own = [(number, mutant) for number, mutant in mutants.items() if mutant.path == name]
        body, found = schemata.write(schemata.relax(text), own)
        texts[name] = head + body
        places[name] = [(start + len(head), end + len(head), numbers) for start, end, numbers in found]
    return texts, places


def compile_all(sources, found, tree, folder):
    """Numbered mutants, and the build that holds them. What the compiler refuses, such as a member
    that the type has not, is dropped, and remembered for the next time."""
    path = folder / "refused.json"
    refused = set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()
    mutants = dict(enumerate(found, 1))
    while True:
        mutants = {number: mutant for number, mutant in mutants.items() if mutant.key() not in refused}
        texts, places = write(sources, mutants, len(found))
        copy_tree(sources.source, tree, texts)
        output = build(tree)
        if output is None:
            return mutants, tree / "build"
        dropped = {number for name, offset in errors_in(output, tree, texts) for number in schemata.blamed(places.get(name, []), offset)}
        if not dropped:
            raise SystemExit(f"{output[-5000:]}\nmutation-test: no mutant explains these errors")
        refused |= {mutants[number].key() for number in dropped}
        path.write_text(json.dumps(sorted(refused), indent=1), encoding="utf-8")


def errors_in(output, tree, texts):
    """Files and offsets of a compiler's errors."""
    for name, line, column in re.findall(r"^(\S+?):(\d+):(\d+): (?:fatal )?error:", output, re.MULTILINE):
        path = (tree / "build" / name).resolve()
        name = str(path.relative_to(tree)) if path.is_relative_to(tree) else ""
        if name in texts:
            lines = texts[name].splitlines(keepends=True)
            yield name, sum(map(len, lines[: int(line) - 1])) + int(column) - 1


def put(path, text):
    """Writes a file that changed; others keep their time, and need no compiler."""
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def copy_tree(source, tree, texts):
    """The project's files with the mutated `texts`; what is gone there goes here, too."""
    wanted = set()
    for top in COPIED:
        paths = [source / top] if (source / top).is_file() else sorted((source / top).rglob("*"))
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                wanted.add(path.relative_to(source))
    for name in wanted:
        text = texts.get(str(name))
        put(tree / name, text.encode("ascii") if text else (source / name).read_bytes())
        shutil.copymode(source / name, tree / name)
    for top in COPIED:
        for path in sorted((tree / top).rglob("*")):
            if path.is_file() and path.relative_to(tree) not in wanted:
                path.unlink()


def build(tree):
    """Compiles the tree, below itself, so that a compiler's cache finds the same relative paths.
    Nothing, or what the compiler said."""
    folder = tree / "build"
    if not (folder / "build.ninja").exists():
        subprocess.run(["cmake", "-S", tree, "-B", folder, "-G", "Ninja"], check=True, stdout=subprocess.DEVNULL)
    command = ["ninja", "-C", folder, "-k", "0", "-j", str(os.cpu_count()), "test-programs"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout if done.returncode != 0 else None
