"""Where a source can be mutated: signs, indices, comparisons, sizes and arguments.

`find` walks the syntax tree of libclang and lists mutants; each is one small mistake that
a programmer makes, as replacements of pieces of the text. Pieces are whole expressions,
so that `schemata.py` can put a choice in each one's place.
"""

import dataclasses
import re

from clang.cindex import CursorKind as Kind

BINARY = {
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["/"],
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "&&": ["||"],
    "||": ["&&"],
    "+=": ["-="],
    "-=": ["+="],
    "*=": ["/="],
    "/=": ["*="],
}
# What is easily taken for the other. Where the type has no such member, the compiler says so.
ACCESSORS = {
    "stride": "dilation",
    "dilation": "stride",
    "padLow": "padHigh",
    "padHigh": "padLow",
    "inputDilation": "stride",
    "strides": "dilations",
    "dilations": "strides",
    "inputDilations": "dilations",
    "getStrides": "getDilations",
    "getDilations": "getStrides",
    "getInputDilations": "getDilations",
    "getLow": "getHigh",
    "getHigh": "getLow",
    "getBefore": "getAfter",
    "getAfter": "getBefore",
    "getGroups": "getBatchGroups",
    "getBatchGroups": "getGroups",
    "getTransposeA": "getTransposeB",
    "getTransposeB": "getTransposeA",
    "getLhs": "getRhs",
    "getRhs": "getLhs",
    "getMean": "getVariance",
    "getVariance": "getMean",
}
EXTREMES = {"max": "min", "min": "max"}
# Exchanging their arguments changes nothing, or only a message.
SYMMETRIC = {"AddOp", "MulOp", "max", "min", "checkedAdd", "checkedMultiply", "equal", "emitOptionalError", "emitOpError"}
# Ops whose operands may have different C++ types, though all are values.
OPS_OF_TWO = {"SubOp", "DivOp", "MatmulOp", "ReluMaskOp"}
BANNER = re.compile(r"^//===-+===//\n// (.+)\n//===-+===//$", re.MULTILINE)


@dataclasses.dataclass
class Mutant:
    """`changes`: start, end and new text; the text is that of the file before any mutation."""

    path: str
    function: str
    kind: str
    line: int
    context: str
    what: str
    changes: list

    def key(self):
        return f"{self.path} | {self.function} | {self.context} | {self.what}"


def banners_of(text):
    """Offsets and titles of a file's sections; before the first banner there is one without a title."""
    return [(0, "")] + [(found.start(), found.group(1)) for found in BANNER.finditer(text)]


class Finder:
    """The mutants of one file; the text is ASCII, so that an offset is one of bytes, too."""

    def __init__(self, path, text, sections):
        self.path, self.text = path, text
        self.banners, self.sections = banners_of(text), sections
        self.mutants, self.seen = [], set()
        self.function, self.context = "", (0, 0)

    # What a cursor covers.

    def span(self, cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def source(self, cursor):
        start, end = self.span(cursor)
        return self.text[start:end]

    def wanted(self, offset):
        if self.sections is None:
            return True
        title = [title for start, title in self.banners if start <= offset][-1]
        return title in self.sections

    def add(self, kind, what, *changes):
        """One mutant. `changes` are pairs of a span and its new text."""
        changes = [(start, end, text) for (start, end), text in changes]
        key = tuple(changes)
        if key in self.seen or any(self.text[start:end] == text for start, end, text in changes):
            return
        self.seen.add(key)
        start = changes[0][0]
        begin = self.text.rfind("\n", 0, start) + 1
        end = self.text.find("\n", start)
        self.mutants.append(
            Mutant(
                self.path,
                self.function,
                kind,
                self.text.count("\n", 0, start) + 1,
                " ".join(self.text[begin:end].split()),
                " ".join(what.split()),
                changes,
            )
        )

    def replace(self, kind, cursor, text):
        self.add(kind, f"{self.source(cursor)} => {text}", (self.span(cursor), text))

    # One kind of mistake each.

    def binary(self, cursor, left, right):
        between = (self.span(left)[1], self.span(right)[0])
        operator = re.sub(r"//.*|/\*.*?\*/", "", self.text[between[0] : between[1]]).strip()
        for other in BINARY.get(operator, []):
            sides = self.source(left), self.source(right)
            text = f"{sides[0]} {other} {sides[1]}"
            kind = "assignment" if "=" in operator and operator[0] in "+-*/" else f"operator {operator}"
            what = f"{self.source(cursor)} => {text}"
            # By 0, the compiler may assume what it likes, even the right result.
            if other == "/":
                text = f"::cnnc::mutation::quotient({sides[0]}, {sides[1]})"
            self.add(kind, what, (self.span(cursor), text))

    def unary(self, cursor):
        operand = next(iter(cursor.get_children()), None)
        source = self.source(cursor)
        if operand is not None and source.startswith("-"):
            self.replace("sign", cursor, self.source(operand))
        elif operand is not None and source.startswith("!"):
            self.replace("negation", cursor, f"bool({self.source(operand)})")

    def integer(self, cursor, parent):
        source = self.source(cursor)
        found = re.fullmatch(r"(\d+)([uUlL]*)", source)
        if not found:
            return
        # In a list of template arguments a number is a part of a type.
        start, end = self.span(cursor)
        if re.match(r"\s*>(?!=)", self.text[end:]) and self.text[:start].rstrip()[-1:] in "<,":
            return
        number = int(found.group(1))
        other = {0: 1, 1: 0}.get(number, number + 1)
        self.replace("number", cursor, f"{other}{found.group(2)}")

    def floating(self, cursor, parent):
        source = self.source(cursor)
        if not re.fullmatch(r"[\d.]+", source):
            return
        negated = parent is not None and parent.kind == Kind.UNARY_OPERATOR
        if float(source) != 0 and not negated:
            self.replace("sign", cursor, f"-{source}")
        self.replace("number", cursor, f"{float(source) + 1}")

    def accessor(self, cursor):
        name = cursor.spelling
        other = ACCESSORS.get(name)
        source = self.source(cursor)
        found = re.search(rf"\b{name}(\(\))?$", source) if other else None
        if found:
            self.replace("accessor", cursor, source[: found.start()] + other + (found.group(1) or ""))

    def exchange(self, kind, left, right):
        what = f"{self.source(left)}, {self.source(right)} => {self.source(right)}, {self.source(left)}"
        self.add(kind, what, (self.span(left), self.source(right)), (self.span(right), self.source(left)))

    def neighbours(self, kind, items):
        """Exchanges arguments, or elements of a list, of one type that stand side by side."""
        for left, right in zip(items, items[1:]):
            types = [item.type.get_canonical().spelling.replace("const ", "").rstrip(" &") for item in (left, right)]
            if types[0] == types[1] and types[0]:
                self.exchange(kind, left, right)

    def call(self, cursor):
        source = self.source(cursor)
        arguments = [item for item in cursor.get_arguments() if item is not None and self.source(item)]
        if cursor.spelling.startswith("operator"):
            if cursor.spelling in ("operator==", "operator!=") and len(arguments) == 2:
                self.binary(cursor, *arguments)
            return
        name = cursor.spelling
        if name in EXTREMES and source.startswith(f"std::{name}"):
            self.replace("extreme", cursor, source.replace(name, EXTREMES[name], 1))
        self.accessor(cursor)
        if name == "set" and re.match(r"\w+\.set\(", source) and len(arguments) == 2:
            self.add("gradient dropped", f"{source} => nothing", (self.span(cursor), ""))
        created = re.match(r"(?:\w+\.)?create<(\w+)>\(", source)
        name = created.group(1) if created else name
        # Conversions of a call's result have its text, and one argument.
        if len(arguments) < 2:
            return
        if name in SYMMETRIC or cursor.spelling in SYMMETRIC or name.startswith("__builtin_"):
            return
        if created and name in OPS_OF_TWO:
            self.exchange("arguments", *arguments[:2])
        elif created and name == "WhereOp":
            self.exchange("arguments", *arguments[1:])
        else:
            self.neighbours("arguments", arguments)

    def elements(self, cursor, parent):
        items = list(cursor.get_children())
        # The order in which a loop runs over numbers, or in which the largest is looked for.
        if parent is not None and (parent.kind == Kind.CXX_FOR_RANGE_STMT or parent.spelling in EXTREMES):
            return
        if all(re.fullmatch(r"\d+u", self.source(item)) for item in items):
            return
        self.neighbours("elements", items)

    def conditional(self, cursor):
        items = list(cursor.get_children())
        if len(items) == 3:
            condition, yes, no = (self.source(item) for item in items)
            self.replace("condition", items[0], f"!({condition})")

    def at(self, cursor, parent):
        kind = cursor.kind
        if kind in (Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR):
            self.binary(cursor, *list(cursor.get_children())[:2])
        elif kind == Kind.UNARY_OPERATOR:
            self.unary(cursor)
        elif kind == Kind.INTEGER_LITERAL:
            self.integer(cursor, parent)
        elif kind == Kind.FLOATING_LITERAL:
            self.floating(cursor, parent)
        elif kind == Kind.CXX_BOOL_LITERAL_EXPR:
            self.replace("bool", cursor, "false" if self.source(cursor) == "true" else "true")
        elif kind == Kind.MEMBER_REF_EXPR and not cursor.spelling.startswith("get"):
            self.accessor(cursor)
        elif kind == Kind.CALL_EXPR:
            self.call(cursor)
        elif kind == Kind.INIT_LIST_EXPR:
            self.elements(cursor, parent)
        elif kind == Kind.CONDITIONAL_OPERATOR:
            self.conditional(cursor)

    # What is not decided when the program runs.

    def fixed(self, cursor):
        if cursor.kind in (Kind.CASE_STMT, Kind.STATIC_ASSERT, Kind.ENUM_DECL, Kind.TYPE_ALIAS_DECL):
            return True
        return cursor.kind == Kind.PARM_DECL

    def walk(self, cursor, parent):
        if cursor.kind in (Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.FUNCTION_TEMPLATE, Kind.CONSTRUCTOR):
            outer, self.function = self.function, qualified(cursor)
            for child in cursor.get_children():
                self.walk(child, cursor)
            self.function = outer
            return
        if self.fixed(cursor):
            # Of a case, only what it does.
            children = list(cursor.get_children())[1:] if cursor.kind == Kind.CASE_STMT else []
        else:
            children = list(cursor.get_children())
            if cursor.kind in (Kind.STRUCT_DECL, Kind.CLASS_DECL, Kind.FIELD_DECL, Kind.VAR_DECL) and not self.function:
                self.function = cursor.spelling
                self.at(cursor, parent)
                for child in children:
                    self.walk(child, cursor)
                self.function = ""
                return
            self.at(cursor, parent)
        for child in children:
            # Implicit code, as of a loop over a range, has no text of its own.
            if child.extent.end.offset > child.extent.start.offset:
                self.walk(child, cursor if cursor.kind != Kind.UNEXPOSED_EXPR else parent)


def qualified(cursor):
    parent = cursor.semantic_parent
    is_type = parent is not None and parent.kind in (Kind.CLASS_DECL, Kind.STRUCT_DECL, Kind.CLASS_TEMPLATE)
    return f"{parent.spelling}::{cursor.spelling}" if is_type else cursor.spelling


def find(unit, path, name, text, sections=None):
    """The mutants of the file `name`, which the translation unit reads as `path`, in the
    order of the text. `sections`: titles of the banners under which to look."""
    finder = Finder(name, text, sections)

    def top(cursor):
        for child in cursor.get_children():
            if child.location.file is None or child.location.file.name != path:
                continue
            if child.kind == Kind.NAMESPACE:
                top(child)
            elif finder.wanted(child.extent.start.offset):
                finder.walk(child, None)

    top(unit.cursor)
    mutants = sorted(finder.mutants, key=lambda mutant: mutant.changes[0][:2])
    number_repetitions(mutants)
    return mutants


def number_repetitions(mutants):
    """The same change of the same line, further to the right, is `… #2`."""
    count = {}
    for mutant in mutants:
        key = mutant.key()
        count[key] = count.get(key, 0) + 1
        if count[key] > 1:
            mutant.what += f" #{count[key]}"
