"""All mutants of a file in one text: each changed piece becomes a choice at run time.

`a + b` becomes `(::cnnc::mutation::on(17) ? (a - b) : (a + b))`. Only one mutant is active
in a run, so that an alternative holds the original text of what is inside.
"""

import re


class Piece:
    """A span of the text and what may stand there instead: pairs of number and text."""

    def __init__(self, start, end):
        self.start, self.end = start, end
        self.choices, self.inner = [], []


def nest(numbered):
    """The pieces of `numbered` mutants as a forest."""
    pieces = {}
    for number, mutant in numbered:
        for start, end, text in mutant.changes:
            pieces.setdefault((start, end), Piece(start, end)).choices.append((number, text))
    forest, open_pieces = [], []
    for piece in sorted(pieces.values(), key=lambda piece: (piece.start, -piece.end)):
        while open_pieces and open_pieces[-1].end <= piece.start:
            open_pieces.pop()
        if open_pieces and open_pieces[-1].end < piece.end:
            raise ValueError(f"pieces cross at {piece.start}")
        (open_pieces[-1].inner if open_pieces else forest).append(piece)
        open_pieces.append(piece)
    return forest


class Writer:
    """Writes the mutated text, and remembers which mutant which offset belongs to."""

    def __init__(self, text):
        self.text, self.out, self.length, self.places = text, [], 0, []

    def put(self, text):
        self.out.append(text)
        self.length += len(text)

    def range(self, start, end, pieces):
        for piece in pieces:
            self.put(self.text[start : piece.start])
            self.piece(piece)
            start = piece.end
        self.put(self.text[start:end])

    def piece(self, piece):
        begin, wrapped = self.length, []
        self.put("(")
        for number, text in piece.choices:
            self.put(f"::cnnc::mutation::on({number}) ? ")
            place = self.length
            # Nothing instead of a call is a value of its type.
            self.put(f"({text})" if text else "(void)0")
            self.put(" : ")
            self.places.append((place, self.length, [number]))
            wrapped.append(number)
        self.put("(" if all(text for _, text in piece.choices) else "(void)(")
        self.range(piece.start, piece.end, piece.inner)
        self.put("))")
        self.places.append((begin, self.length, wrapped))


def write(text, numbered):
    """The mutated text, and the places in it: start, end, numbers of the mutants."""
    writer = Writer(text)
    writer.range(0, len(text), nest(numbered))
    return "".join(writer.out), writer.places


def head(count):
    return f'#define CNNC_MUTANTS {count}\n#include "test/mutation/Mutant.h"\n'


def relax(text):
    """A constant that a mutant may change is none for the compiler."""
    return re.sub(r"^(\s*(?:static )?)constexpr(?= \w+ \w+ =)", r"\1const    ", text, flags=re.MULTILINE)


def blamed(places, offset):
    """The mutants of the smallest place around an error."""
    around = [place for place in places if place[0] <= offset <= place[1]]
    return min(around, key=lambda place: place[1] - place[0])[2] if around else []
