"""rounds.py BENCH: the rounds of bench/rounds.py with contestants that need no time."""

import contextlib
import sys

sys.path.insert(0, sys.argv[1])
import rounds  # noqa: E402  pylint: disable=C0413


class Contestant:
    """Answers the given milliseconds, one a round, and fails at a None; writes down when it had its turns."""

    def __init__(self, name, times, events):
        self.name, self.times, self.events = name, list(times), events

    def hurried(self):
        return contextlib.nullcontext()

    def processor_seconds(self):
        return 0.0

    def round(self, seconds, runs):
        self.events.append(f"{self.name}({seconds}, {runs})")
        value = self.times.pop(0)
        if value is None:
            raise rounds.Failure("it broke")
        return {"forward": {"ms": value, "ms_min": value / 2, "compile_s": value, "peak_rss_mb": value}}

    def close(self):
        self.events.append(f"{self.name} ends")


def main():
    events, records = [], {name: {"forward": {"peer": name}} for name in "abc"}
    records["c"]["weights"] = {"peer": "c"}
    times = {"a": [4, 2, 3], "b": [5, None], "c": [1, 1, 1]}
    rounds.interleave([(Contestant(name, times[name], events), records[name]) for name in "abc"], 3, 0.5, 7)
    print(" ".join(events))
    for name in "abc":
        for direction, record in records[name].items():
            record.pop("other_load", None)
            if "rounds_ms" in record:
                record["other_load"] = 0.05 if name == "a" else 0.2
            print(direction, rounds.finished(record, 6e9))

    checked = [{}, {"check": [1.0, -2.0]}, {"check": [1.0005, -2.0]}, {"check": [1.1, -2.0]}, {"check": [1.0]},
               {"check": [float("nan"), -2.0]}]
    rounds.agreement(checked, 1e-3)
    print([record.get("agrees") for record in checked])


if __name__ == "__main__":
    main()
