"""Every code and every message of the frontend is checked by a test.

    every-diagnostic.py SOURCE
    every-diagnostic.py --self-test

- Each code ("E201") that the sources of compiler/Frontend can report stands in a CHECK
  line of test/compiler/Frontend, and in the table of codes of docs/Language.md; no
  other code stands in the table.
- Each message does: the literals of a call that reports, where `{}` is anything, and what
  an import is refused with (`result.error = "…"`). A CHECK line has to have the whole of a
  literal, and the code of the call. What ReadText.cpp says of a file is not looked for: the
  commands report it too, without any code.
"""

import glob
import os
import re
import sys

CODE = re.compile(r'"([EW]\d{3})"')
LITERAL = re.compile(r'R"\((.*?)\)"|"((?:[^"\\]|\\.)*)"', re.S)
CHECK = re.compile(r"^# [A-Z]+(?:-NEXT|-DAG)?: .*?(?:error|warning)\[([EW]\d{3})\]: (.*)$", re.M)
CALL = re.compile(r"\b(error|warning|refuse|layerError|reportJoin|typeError|reportUnjoined|unknownName|expected|expect|parseName)\(")
REFUSED = re.compile(r'\.error = ((?:"(?:[^"\\]|\\.)*"\s*)+);')
# Calls that take no code, and refusals of imports: what they report under.
CODES = {"typeError": "E120", "reportUnjoined": "E300",
         "expected": "E005", "expect": "E005", "parseName": "E005"}
REFUSED_CODE = "E406"
# No text leads here: other limits are lower, the parser has looked before it asks, or the
# message of a part is replaced by that of the whole.
UNREACHABLE = {
    "the imported texts are too long together",
    "the window and the input of {} must be positive",
    "the text has more than {} bytes",
    "the name of the target",
    "a count",
    "an argument",
    "the end of the expression",
}


def call_text(text, begin):
    """The arguments of the call whose '(' ends at `begin`."""
    depth, at, quote = 1, begin, False
    while depth and at < len(text):
        if text[at] == "\\" and quote:
            at += 1
        elif text[at] == '"':
            quote = not quote
        elif not quote:
            depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return text[begin : at - 1]


def joined(arguments):
    """The literals of a call; those that only a line's end parts are one."""
    arguments = re.sub(r'(?<!\\)"\s*\n\s*"', "", arguments)
    unescaped = lambda text: text.replace('\\"', '"').replace("\\\\", "\\")
    return [raw or unescaped(plain) for raw, plain in LITERAL.findall(arguments)]


def messages(text):
    """(code, literal) of each message: a text of two words or more."""
    for call in CALL.finditer(text):
        arguments = call_text(text, call.end())
        literals = joined(arguments)
        codes = [x for x in literals if CODE.fullmatch(f'"{x}"')] or [CODES.get(call.group(1))]
        for literal in literals:
            if " " in literal.strip() and len(re.sub(r"\{\}|\W", "", literal)) > 4:
                yield codes, literal
    for refusal in REFUSED.finditer(text):
        for literal in joined(refusal.group(1)):
            yield [REFUSED_CODE], literal


def is_checked(codes, literal, checks):
    pattern = re.compile(".*".join(re.escape(part) for part in re.split(r"\{\}", literal.strip())))
    return any(code in codes and pattern.search(message) for code, message in checks)


def complaints(sources, tests, language):
    codes = set(CODE.findall("\n".join(sources.values())))
    checks = [found for text in tests for found in CHECK.findall(text)]
    checked = {code for code, _ in checks}
    listed = set(re.findall(r"^\| ([EW]\d{3}) \|", language, re.M))
    result = [f"no test checks {code}" for code in sorted(codes - checked)]
    result += [f"the table of docs/Language.md lacks {code}" for code in sorted(codes - listed)]
    result += [f"the table of docs/Language.md has {code}, which is never reported" for code in sorted(listed - codes)]
    count = 0
    for path, text in sorted(sources.items()):
        for called, literal in messages(text):
            if literal in UNREACHABLE or None in called:
                continue
            count += 1
            if not is_checked(called, literal, checks):
                result.append(f"{path}: no test checks {'/'.join(called)}: {literal}")
    return result, len(codes), count


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def self_test():
    sources = {
        "A.cpp": 'error("E001", range, fmt::format("the {} is "\n      "wrong, not {}", a, b)); layerError("E002", "no such thing");\n'
                 'return typeError(range, isGood ? "a good text" : fmt::format("a worse text {}", a));\n'
                 'unknownName("E001", range, "no such name", name, names);\n'
                 'result.error = "it is "\n  "elsewhere"; result.error = "it is here"; result.error = read.error;'
    }
    tests = ["# CHECK: a.cnn:1:2: error[E001]: the x is wrong, not y\n# CHECK: error[E120]: a good text\n"
             "# CHECK: error[E003]: no such thing\n# CHECK: error[E406]: cannot import: it is elsewhere\n"]
    found, codes, count = complaints(sources, tests, "| E001 | text |\n| E009 | other |\n")
    expected = [
        "no test checks E002",
        "the table of docs/Language.md lacks E002",
        "the table of docs/Language.md has E009, which is never reported",
        "A.cpp: no test checks E002: no such thing",
        "A.cpp: no test checks E120: a worse text {}",
        "A.cpp: no test checks E001: no such name",
        "A.cpp: no test checks E406: it is here",
    ]
    if found != expected or (codes, count) != (2, 7):
        print("\n".join(found), codes, count)
        return 1
    return 0


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    root = sys.argv[1]
    sources = {os.path.basename(path): read(path) for path in glob.glob(os.path.join(root, "compiler/Frontend/*.cpp"))}
    tests = [read(path) for path in glob.glob(os.path.join(root, "test/compiler/Frontend/**/*.cnn"), recursive=True)]
    tests += [read(path) for path in glob.glob(os.path.join(root, "test/tools/*.test"))]
    found, codes, count = complaints(sources, tests, read(os.path.join(root, "docs/Language.md")))
    print("\n".join(found + [f"{codes} codes, {count} messages"]))
    return 1 if found or not codes or not count else 0


if __name__ == "__main__":
    sys.exit(main())
