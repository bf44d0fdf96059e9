"""What a run of mutants says: counts by file and kind, and the survivors."""

import collections
import re

BAR = 0.95


def read_equivalent(path):
    """Keys of mutants, as `Mutant.key` makes them, and why they change nothing."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = {}
    for block in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        if not block:
            continue
        head, context, *rest = (line.strip() for line in block.splitlines())
        begin = next((i for i, line in enumerate(rest) if line.startswith("because ")), None)
        place = head.split(" ", 1)
        if len(place) != 2 or not begin:
            raise SystemExit(f"{path.name}: expected a file and a function, a line, changes and `because`:\n{block}")
        for change in rest[:begin]:
            found[" | ".join((*place, context, change))] = " ".join(rest[begin:])
    return found


def line_of(number, mutant):
    return f"#{number} {mutant.path}:{mutant.line} {mutant.function}: {mutant.what}"


def verdict_of(mutant, results, equivalent):
    """What a line about a mutant ends with."""
    result = results.get(mutant.key())
    if result is None:
        return "not run"
    if result["by"]:
        return f"{result['how']}: {result['by']}"
    return "equivalent" if mutant.key() in equivalent else "SURVIVED"


def details(mutants, results, equivalent):
    """One line a mutant."""
    lines = [f"{line_of(n, mutant)}: {verdict_of(mutant, results, equivalent)}" for n, mutant in mutants.items()]
    return "\n".join(lines) + "\n"


def table(title, rows):
    """Rows of name: caught, survived, equivalent."""
    lines = [f"{title:42} caught survived equivalent"]
    for name, counts in sorted(rows.items()):
        lines.append(f"{name:42} {counts['caught']:6} {counts['survived']:8} {counts['equivalent']:10}")
    return "\n".join(lines) + "\n"


def summary(mutants, results, equivalent, complete):
    """The text, and whether all is as it should be."""
    files, kinds = (collections.defaultdict(collections.Counter) for _ in range(2))
    total, survivors, wrong = collections.Counter(), [], []
    for number, mutant in mutants.items():
        key, result = mutant.key(), results.get(mutant.key())
        if result is None:
            continue
        verdict = "caught" if result["by"] else "equivalent" if key in equivalent else "survived"
        if verdict == "caught" and key in equivalent:
            wrong.append(f"equivalent, but caught: {line_of(number, mutant)}: {result['by']}")
        if verdict == "survived":
            left = f" ({result['left']} tests not run)" if result["left"] else ""
            survivors.append(line_of(number, mutant) + f" in `{mutant.context}`{left}")
        for rows, name in ((files, mutant.path), (kinds, mutant.kind)):
            rows[name][verdict] += 1
        total[verdict] += 1
    if complete:
        keys = {mutant.key() for mutant in mutants.values()}
        wrong += [f"in equivalent.txt, but no mutant: {key}" for key in equivalent if key not in keys]
    counted = total["caught"] + total["survived"]
    share = total["caught"] / counted if counted else 0.0
    text = "\n".join((table("file", files), table("mistake", kinds), "survivors:", *survivors, "", *wrong, ""))
    text += f"{counted} mutants, {total['caught']} caught ({share:.1%}), {total['survived']} survived; "
    text += f"{total['equivalent']} more are equivalent\n"
    return text, share >= BAR and not wrong
