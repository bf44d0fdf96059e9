"""Sizes: a file has at most 600 lines, a function 80, a CMakeLists.txt 60."""

import re

import style

MOST_LINES, MOST_IN_FUNCTION, MOST_IN_CMAKE = 600, 80, 60
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
                yield begin[0], number - begin[0] + 1
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
            if len(code) > MOST_LINES:
                complaints.append(f"{path}: {len(code)} lines, at most {MOST_LINES}")
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
