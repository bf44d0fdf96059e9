"""Runs what the documentation shows.

    check-docs.py SOURCE DOCUMENT SCRATCH
    check-docs.py --links SOURCE DOCUMENT...

Every fenced block of SOURCE/DOCUMENT is checked. An HTML comment in front of a
block says how:

    <!-- file: net.cnn -->           the block becomes this file
    <!-- sh -->                      the commands of the block run, one a line
    <!-- run: COMMAND -->            the block is part of what COMMAND prints
    <!-- exact: COMMAND -->          the block is all that COMMAND prints
    <!-- exact (exit 1): COMMAND --> the same, with this exit code
    <!-- excerpt: PATH -->           the block is part of this file of the repository
    <!-- not run: REASON -->

A ```cnn block without a comment must pass `cnnc check`; if a ```text block
follows it, that is exactly what `cnnc check example.cnn` prints. A block without a
net is completed:

- `block … { … }` and `import "…"` at its beginning stay there;
- then comes   net Example { input image : [3, 32, 32]
- then the rest, up to a `target`, and   output y }   unless the rest has an input or
  an output of its own. Where nothing is left, the net is   let y = image -> fc(10);
- a `target` and what follows are   train Example { … }

A row of a table that begins with a code, `| E100 | meaning | `text` | `message` |`, is
checked too: text, completed in the same way, gets that message first. A `|` of the text is
written `\\|`. A text in words, without any quotes, is not run. Every other row is wrong.

In a part, a line `…` stands for any lines, and `…` inside a line for any text;
all other lines follow each other. Indentation does not count. Names of values
(`%x`) and aliases (`#map`) may differ, but the same name means the same value.
Commands run in SCRATCH, which holds a copy of examples/. A block starting with
`$ ` shows its command.

Links to files of the repository must name one; --links checks nothing else.
"""

import os
import re
import shutil
import subprocess
import sys

ROW = re.compile(r"^\| [EW]\d{3} \|.*$", re.M)
TEXT_ROW = re.compile(r"\| ([EW]\d{3}) \| .*? \| `(.*)` \| `([^`]*)` \|")
WORDS_ROW = re.compile(r"\| [EW]\d{3} \| [^|]+ \| [^`|]+ \| `[^`|]+` \|")
COMMENT = re.compile(r"^<!-- (file|sh|run|exact|excerpt|not run)(?: \(exit (\d+)\))?(?:: (.*?))? -->$")
VALUE = re.compile(r"%\w+|#[a-z_]+\d*\b(?![.<])|…")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
TIMEOUT = 120
SKIP = "…"


class Wrong(Exception):
    pass


class Block:
    def __init__(self, language, line, comment):
        self.language, self.line, self.comment = language, line, comment
        self.lines = []
        self.follows = False  # directly after another block
        self.printed = None  # of a fragment: the block with what cnnc prints


def read_blocks(text):
    """All fenced blocks, each with the comment in front of it."""
    blocks, comment, block, gap, indent = [], None, None, 99, 0
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if block is not None:
            if stripped == "```":
                blocks.append(block)
                block, comment, gap = None, None, 0
            else:
                block.lines.append(line[indent:] if not line[:indent].strip() else line)
        elif stripped.startswith("```"):
            indent = len(line) - len(line.lstrip())
            block = Block(stripped[3:], number, comment)
            block.follows = gap <= 1
        elif COMMENT.match(stripped):
            comment = COMMENT.match(stripped)
        elif stripped:
            comment, gap = None, 99
        else:
            gap += 1
    if block is not None:
        raise Wrong(f"{block.line}: the block is never closed")
    return blocks


def is_definition(line, match):
    """Whether a name is defined here: such a name may be used again elsewhere."""
    return re.match(r"(, %\w+)*(:\d+)? = |: ", line[match.end() :]) is not None


def match_line(shown, real, names):
    """The names after matching one line, or None."""
    names, at, pattern, seen = dict(names), 0, "", []
    for match in VALUE.finditer(shown):
        pattern += re.escape(shown[at : match.start()])
        at = match.end()
        name = match.group()
        if name == SKIP:
            pattern += ".*?"
        elif name in names and not is_definition(shown, match):
            pattern += re.escape(names[name]) + r"\b"
        else:
            seen.append(name)
            pattern += r"(%\w+)" if name[0] == "%" else r"(#\w+)"
    found = re.fullmatch(pattern + re.escape(shown[at:]), real)
    if not found:
        return None
    for name, value in zip(seen, found.groups()):
        names[name] = value
    return names


def match_part(shown, real):
    """None where `shown` is a part of `real`, else the farthest line that is not found."""
    farthest = 0
    dead = set()

    def search(i, j, free, names):
        nonlocal farthest
        farthest = max(farthest, i)
        if i == len(shown):
            return True
        key = (i, j, free, tuple(sorted(names.items())))
        if key in dead:
            return False
        if shown[i] == SKIP:
            return search(i + 1, j, True, names)
        for k in range(j, len(real) if free else min(j + 1, len(real))):
            after = match_line(shown[i], real[k], names)
            if after is not None and search(i + 1, k + 1, False, after):
                return True
        dead.add(key)
        return False

    if search(0, 0, True, {}):
        return None
    return farthest


def leading_items(text):
    """Where the blocks and imports end with which a fragment begins."""
    end = 0
    while found := re.compile(r'\s*(?:import\s+"[^"]*"|block\b[^{]*\{|#[^\n]*)').match(text, end):
        end, depth = found.end(), found.group().count("{")
        while depth and end < len(text):
            depth += (text[end] == "{") - (text[end] == "}")
            end += 1
    return end


def complete(text):
    """The lines of a whole text made of a fragment."""
    if re.search(r"^\s*net\b", text, re.M):
        return text.split("\n")
    end = leading_items(text)
    items, body = text[:end].strip("\n"), text[end:].strip("\n")
    train = re.search(r"\btarget\b", body)
    body, entries = (body[: train.start()], body[train.start() :]) if train else (body, None)
    first = "net Example {"
    if not re.search(r"^\s*input\b", body, re.M):
        first += " input image : [1, 28, 28]" if train else " input image : [3, 32, 32]"
    last = "}" if re.search(r"\boutput\b", body) else "output y }"
    lines = [items] if items else []
    lines += [first, body if body.strip() else "let y = image -> fc(10)", last]
    return lines + ([f"train Example {{ {entries} }}"] if train else [])


def stripped_lines(lines):
    return [line.strip() for line in lines if line.strip()]


class Checker:
    def __init__(self, source, scratch):
        self.source, self.scratch = source, scratch
        self.outputs = {}
        shutil.rmtree(scratch, ignore_errors=True)
        os.makedirs(scratch)
        shutil.copytree(os.path.join(source, "examples"), os.path.join(scratch, "examples"))

    def execute(self, command):
        if command not in self.outputs:
            done = subprocess.run(
                command, shell=True, cwd=self.scratch, timeout=TIMEOUT,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
            self.outputs[command] = (done.returncode, done.stdout)
        return self.outputs[command]

    def write(self, name, lines):
        path = os.path.join(self.scratch, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def shown_output(self, block, command):
        lines = list(block.lines)
        if lines and lines[0].startswith("$ "):
            if lines[0][2:] != command:
                raise Wrong(f"shows '{lines[0][2:]}', but the comment runs '{command}'")
            lines = lines[1:]
        return lines

    def run(self, command, expected):
        code, output = self.execute(command)
        if code != expected:
            raise Wrong(f"'{command}' exits with {code}, expected {expected}:\n{output[-2000:]}")
        return output

    def compare_part(self, lines, output, origin):
        shown, real = stripped_lines(lines), stripped_lines(output.split("\n"))
        missing = match_part(shown, real)
        if missing is not None:
            raise Wrong(f"{origin} has no such line at this place:\n    {shown[missing]}")

    def compare_all(self, lines, output, origin):
        shown = [line.rstrip() for line in lines]
        real = [line.rstrip() for line in output.rstrip("\n").split("\n")]
        if shown != real:
            raise Wrong(f"{origin} prints something else:\n{output}")

    def check_fragment(self, block, printed):
        self.write("example.cnn", complete("\n".join(block.lines)))
        code, output = self.execute_anew("cnnc check example.cnn")
        if printed is not None:
            self.compare_all(printed.lines, output, "cnnc check example.cnn")
        elif code != 0 or "warning" in output:
            raise Wrong(f"cnnc check exits with {code}:\n{output}")

    def check_row(self, row):
        """Whether the row has a text, which then gets its message."""
        cells = TEXT_ROW.fullmatch(row)
        if not cells:
            if not WORDS_ROW.fullmatch(row):
                raise Wrong("the row is none of | code | meaning | `text` or words | `message` |")
            return False
        code, text, message = (cell.replace("\\|", "|") for cell in cells.groups())
        self.write("example.cnn", complete(text))
        _, output = self.execute_anew("cnnc check example.cnn")
        found = re.search(r"^\S+: (?:error|warning)\[(\w+)\]: (.*)$", output, re.M)
        if not found or found.groups() != (code, message):
            raise Wrong(f"cnnc check example.cnn prints something else:\n{output}")
        return True

    def execute_anew(self, command):
        self.outputs.pop(command, None)
        return self.execute(command)

    def check(self, block):
        if block.comment is None:
            if block.language != "cnn":
                raise Wrong("the block has no comment that says how to check it")
            self.check_fragment(block, block.printed)
            return
        kind, code, argument = block.comment.groups()
        if kind == "file":
            self.write(argument, block.lines)
        elif kind == "sh":
            for command in stripped_lines(block.lines):
                self.run(command.removeprefix("$ "), 0)
        elif kind == "excerpt":
            with open(os.path.join(self.source, argument), encoding="utf-8") as file:
                self.compare_part(block.lines, file.read(), argument)
        else:
            output = self.run(argument, int(code or 0))
            compare = self.compare_part if kind == "run" else self.compare_all
            compare(self.shown_output(block, argument), output, argument)


def join_printed(blocks):
    """Gives each fragment the block after it that says what `cnnc check` prints."""
    joined = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (block.follows and block.language == "text" and not block.comment
                and before.language == "cnn" and not before.comment and not before.printed):
            before.printed = block
        else:
            joined.append(block)
    return joined


def broken_links(source, document, text):
    """Links to files of the repository that lead nowhere."""
    folder = os.path.join(source, os.path.dirname(document))
    return [target for target in LINK.findall(text) if not os.path.exists(os.path.join(folder, target))]


def check_document(source, document, scratch):
    """How many blocks are right, and how many blocks and links are wrong."""
    with open(os.path.join(source, document), encoding="utf-8") as file:
        text = file.read()
    wrong = broken_links(source, document, text)
    for target in wrong:
        print(f"{document}: there is no {target}")
    checker, right, wrong = Checker(source, os.path.abspath(scratch)), 0, len(wrong)
    for block in join_printed(read_blocks(text)):
        if block.comment and block.comment.group(1) == "not run":
            continue
        try:
            checker.check(block)
            right += 1
        except (Wrong, subprocess.TimeoutExpired, OSError) as error:
            wrong += 1
            print(f"{document}:{block.line}: {error}")
    for row in ROW.finditer(text):
        try:
            right += checker.check_row(row.group())
        except (Wrong, subprocess.TimeoutExpired) as error:
            wrong += 1
            print(f"{document}:{text.count(chr(10), 0, row.start()) + 1}: {error}")
    return right, wrong


def main():
    if sys.argv[1] == "--links":
        source, failed = sys.argv[2], False
        for document in sys.argv[3:]:
            with open(os.path.join(source, document), encoding="utf-8") as file:
                for target in broken_links(source, document, file.read()):
                    print(f"{document}: there is no {target}")
                    failed = True
        return 1 if failed else 0
    source, document, scratch = sys.argv[1:]
    right, wrong = check_document(source, document, scratch)
    print(f"{document}: {right} blocks checked, {wrong} wrong")
    return 1 if wrong or not right else 0


if __name__ == "__main__":
    sys.exit(main())
