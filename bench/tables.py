"""Markdown tables of what bench/nets and bench/layers recorded."""

OURS = "cnnc"
# Peers that multiply less than the direct algorithm do: shown, but not the best to compare with.
APART = {"ncnn"}


def label(record):
    return record["peer"] + (f" {record['variant']}" if record.get("variant") else "")


def best(records):
    """The fastest peer's record among those that compare, if any."""
    peers = [r for r in records if r["peer"] != OURS and r["peer"] not in APART and "ms_median" in r]
    return min(peers, key=lambda r: r["ms_median"], default=None)


def number(value, digits=3):
    """A few significant digits."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 10**digits else f"{value:.{digits}g}"


def percent(value):
    return "–" if value is None else f"{100 * value:.0f} %"


def time_of(record):
    if record is None:
        return "–"
    if "ms_median" not in record:
        return "failed"
    marks = ("*" if record.get("disturbed") else "") + ("†" if record.get("agrees") is False else "")
    return number(record["ms_median"]) + marks


def markdown(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def grouped(records, *keys):
    groups = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def comparison(records, peak):
    """The cells that nets and layers share: best peer, ratio, noise of ours, share of peak of both."""
    ours = next((r for r in records if r["peer"] == OURS and "ms_median" in r), None)
    peer = best(records)
    ratio = number(peer["ms_median"] / ours["ms_median"]) + " x" if ours and peer else "–"

    def share(record):
        return percent(record["gflops"] / peak) if record and peak and record["gflops"] else "–"

    noise = " / ".join(percent(r["noise"]) if r else "–" for r in (ours, peer))
    return ours, peer, [ratio, noise, f"{share(ours)} / {share(peer)}"]


def nets(result):
    """A table for each mode and number of threads, one of memory, and what was left out."""
    parts = [about(result)]
    for (threads, mode), records in grouped(result["records"], "threads", "mode").items():
        peak = result["peaks"].get(str(threads))
        labels = list(dict.fromkeys(label(r) for r in records if r["peer"] != OURS and "ms_median" in r))
        head = ["net", "cnnc ms", *labels, "best peer", "ratio", "noise", "share of peak"]
        rows = []
        for (net, batch), group in grouped(records, "net", "batch").items():
            by_label = {label(r): r for r in group}
            _, peer, cells = comparison(group, peak)
            rows.append([f"{net} b{batch}", time_of(by_label.get(OURS)), *(time_of(by_label.get(name)) for name in labels),
                         label(peer) if peer else "–", *cells])
        title = "Training step" if mode == "train" else "Inference"
        parts.append(f"### {title}, {count(threads, 'thread')}{peak_text(peak)}\n\n{markdown(head, rows)}")
    parts += [memory(result["records"]), first_results(result["records"]), skipped(result["records"])]
    return "\n".join(part for part in parts if part)


def count(number_, what):
    return f"{number_} {what}" + ("" if number_ == 1 else "s")


def peak_text(peak):
    return f", peak {peak:.0f} GFLOP/s" if peak else ""


def about(result):
    facts = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return (f"{facts['cpu']} (family {facts['family']}, model {facts['model']}), {count(facts['cores'], 'core')}, "
            f"{facts['vectors']}, {facts['date']}; {count(result['rounds'], 'round')}. {versions}\n\n"
            "Milliseconds; ratio: best peer's time over cnnc's; noise: (most - least) / median of the rounds, cnnc / best peer; "
            "*: other processes were at work; †: result differs from the first peer's.\n")


def memory(records):
    """PyTorch's peak above its start against cnnc's arena, in training."""
    rows = []
    for (net, batch, threads), group in grouped([r for r in records if r["mode"] == "train"], "net", "batch",
                                                "threads").items():
        ours = next((r for r in group if r.get("arena_bytes")), None)
        torch = [r["peak_rss_mb"] - r["rss_start_mb"] for r in group if r["peer"] == "torch" and "peak_rss_mb" in r]
        if torch:
            arena = ours["arena_bytes"] / 2**20 if ours else None
            ratio = number(arena / min(torch)) + " x" if ours else "–"
            rows.append([f"{net} b{batch}", str(threads), number(arena), number(min(torch)), ratio])
    if not rows:
        return ""
    return "### Memory of a training step\n\n" + markdown(
        ["net", "threads", "cnnc's arena MiB", "PyTorch's peak above its start MiB", "ratio"], rows)


def first_results(records):
    """Seconds until a first result: what compilation costs."""
    rows = []
    for (net, batch, mode, threads), group in grouped(records, "net", "batch", "mode", "threads").items():
        cells = [first_result(record) for record in group if "ms_median" in record]
        if any(cells):
            rows.append([f"{net} b{batch} {mode}", str(threads), ", ".join(filter(None, cells))])
    if not rows:
        return ""
    head = ["net", "threads", "cnnc: compilation, the first and the best; peers: with the first run"]
    return "### Seconds until the first result\n\n" + markdown(head, rows)


def first_result(record):
    compilations = record.get("compile_rounds_s")
    if compilations:
        return f"cnnc {number(compilations[0], 2)} / {number(min(compilations), 2)}"
    seconds = record.get("first_result_s")
    return f"{label(record)} {number(seconds, 2)}" if seconds else ""


def skipped(records):
    reasons = {}
    for record in records:
        if "skipped" in record:
            where = record.get("net") or record.get("layer")
            reasons.setdefault((label(record), record["skipped"]), []).append(where)
    return "".join(f"- no result of {name} ({', '.join(dict.fromkeys(nets_))}): {why}\n"
                   for (name, why), nets_ in reasons.items())


def layers(result):
    """A table for each number of threads: a line for each layer and direction."""
    parts = [about(result)]
    for (threads,), records in grouped(result["records"], "threads").items():
        peak = result["peaks"].get(str(threads))
        rows = []
        for (layer, direction), group in grouped(records, "layer", "direction").items():
            ours, peer, cells = comparison(group, peak)
            rate = [number(r["gflops"]) if r and r["gflops"] else "–" for r in (ours, peer)]
            by_label = {label(r): r for r in group}
            times = [time_of(by_label.get(name)) for name in (OURS, "onednn")]
            rows.append([layer, direction, *times, " / ".join(rate), *cells])
        head = ["layer", "direction", "cnnc ms", "oneDNN ms", "GFLOP/s", "ratio", "noise", "share of peak"]
        parts.append(f"### Layers, {count(threads, 'thread')}{peak_text(peak)}\n\n{markdown(head, rows)}")
    return "\n".join([*parts, skipped(result["records"])])
