"""Sizes: a file has at most 600 lines, a list of MLIR cases 1000, a function 80."""

import re

import style

MOST_LINES, MOST_IN_FUNCTION, MOST_IN_CMAKE = 600, 80, 60
MOST_CASES = 1000  # an .mlir is a list of cases that nobody reads as a whole
# A table's row on a line of its own: not what makes a function hard to read.
ROW = re.compile(r'^\s*("[^"]*"|[\w:.]+|sizeof\([\w:]+\)),$')
# clang-format ends a function by a brace in the column where it began: column 0, or 2
# for a member. Types, namespaces and tables begin otherwise.
NO_FUNCTION = re.compile(r"^\s*(struct|class|enum|union|namespace|extern|typedef|if|for|while|switch)\b|^.*= \{$")


def functions(code):
    """First line and length of every function; a function's first line may be several."""
    begin = None
    for number, line in code:
        indent = len(line) - len(line.lstrip())
        if begin is None and indent <= 2 and re.search(r"\{$", line) and not NO_FUNCTION.match(line):
            if re.search(r"\)( const| noexcept| override| final|: .*)*\s*(-> .*)?\{$", line):
                begin = (number, indent)
        elif begin is not None and line.startswith(" " * begin[1] + "}"):
            if indent == begin[1]:
                body = code[begin[0] - 1 : number]
                yield begin[0], sum(not ROW.match(inner) for _, inner in body)
                begin = None
        # A continued head: its brace stands on a deeper line than its beginning.
        elif begin is None and indent > 2 and re.search(r"\)( const| override)* \{$", line):
            head = head_of(code, number)
            if head is not None:
                begin = (number, head)


def head_of(code, number):
    """The indent of the line where a head that ends in line `number` begins, if it is one."""
    for _, line in reversed(code[max(0, number - 6) : number - 1]):
        indent = len(line) - len(line.lstrip())
        if indent <= 2:
            is_head = re.search(r"[(,]", line) and not re.search(r"[;{}]\s*$", line)
            return indent if is_head and not NO_FUNCTION.match(line) else None
    return None


def check(root):
    complaints = []
    for path in style.files(root):
        if path.suffix in style.CODE | {".py", ".mlir", ".cnn", ".test", ".sh"}:
            code = style.lines(root, path)
            most = MOST_CASES if path.suffix == ".mlir" else MOST_LINES
            if len(code) > most:
                complaints.append(f"{path}: {len(code)} lines, at most {most}")
            if path.suffix in {".cpp", ".c", ".h"}:
                for number, length in functions(code):
                    if length > MOST_IN_FUNCTION:
                        complaints.append(
                            f"{path}:{number}: a function of {length} lines, at most {MOST_IN_FUNCTION}"
                        )
        if path.name == "CMakeLists.txt" and len(style.lines(root, path)) > MOST_IN_CMAKE:
            complaints.append(f"{path}: more than {MOST_IN_CMAKE} lines")
    return complaints


BODY = "  f();\n" * 90
BAD = {
    "runtime/Long.cpp": "int x;\n" * 601,
    "runtime/Good.cpp": f"int table[] = {{\n{BODY}}};\nint f() {{\n  return 1;\n}}\n" * 2,
    "runtime/Plain.cpp": f"int f(int a) {{\n{BODY}}}\n",
    "runtime/Member.cpp": f"struct A {{\n  int f() const {{\n{BODY}  }}\n}};\n",
    "runtime/Split.cpp": f"static int f(int a,\n             int b) {{\n{BODY}}}\n",
}
EXPECTED = [
    "runtime/Long.cpp: 601 lines, at most 600",
    "runtime/Plain.cpp:1: a function of 92 lines, at most 80",
    "runtime/Member.cpp:2: a function of 92 lines, at most 80",
    "runtime/Split.cpp:2: a function of 92 lines, at most 80",
]

if __name__ == "__main__":
    style.run(check, BAD, EXPECTED)
