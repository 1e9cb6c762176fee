#!/usr/bin/env python3
"""How each cost of the dashboard grows with the number of initiatives: prints a table a size.

  benches/growth.py PROGRAM [--sizes 1k,10k,100k,1M] [--runs 3] [--data DIRECTORY]

PROGRAM is a release build; python3 with `pyte` is needed. Each size is started afresh, started again behind its cache, walked through
with keys in the list of all initiatives, filtered letter by letter, left alone, and given a document with one changed record.
A million takes three minutes and 1.2 GB of disk; a directory for the data that is given is kept.
"""
import argparse, os, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import cases  # noqa: E402
import compare  # noqa: E402
from compare import median, show, step  # noqa: E402

SHOWN = (
    ("document", lambda f: show(f["bytes"] / 1e6, "MB")),
    ("first start: rows", lambda f: show(median(f["first"], "first_ms"), "ms")),
    ("first start: all judged", lambda f: show(median(f["first"], "ready_ms"), "ms")),
    ("next start: rows", lambda f: show(median(f["next"], "first_ms"), "ms")),
    ("next start: all judged", lambda f: show(median(f["next"], "ready_ms"), "ms")),
    ("memory settled, first start", lambda f: show(step(f["first"], "settled").get("rss_mb"), "MB")),
    ("memory at its highest", lambda f: show(step(f["first"], "settled").get("hwm_mb"), "MB")),
    ("memory settled, next start", lambda f: show(step(f["next"], "settled").get("rss_mb"), "MB")),
    ("opening the list", lambda f: show(step(f["next"], "list").get("p50"), "ms")),
    ("↓: p50, p99", lambda f: both(f["next"], "down")),
    ("↓: bytes a key", lambda f: show(step(f["next"], "down").get("bytes_per_key"), "B")),
    ("a page down: p50, p99", lambda f: both(f["next"], "page")),
    ("a page down: bytes a key", lambda f: show(step(f["next"], "page").get("bytes_per_key"), "B")),
    ("the end and the beginning of the list", lambda f: both(f["next"], "ends")),
    ("a letter of a filter: p50, slowest", lambda f: both(f["next"], "filter", "max")),
    ("a letter taken back: p50, slowest", lambda f: both(f["next"], "back", "max")),
    ("left alone: bytes, CPU, wake-ups in 10 s", lambda f: idle(step(f["next"], "idle"))),
    ("one changed record: on the screen after", lambda f: show(step(f["changed"], "change").get("last_ms"), "ms")),
    ("one changed record: bytes", lambda f: show(step(f["changed"], "change").get("bytes"), "B")),
)


def both(figures, name, other="p99"):
    found = step(figures, name)
    lost = f" ({found['lost']} lost)" if found.get("lost") else ""
    return f"{show(found.get('p50'), 'ms')}, {show(found.get(other), 'ms')}{lost}"


def idle(rest):
    if not rest:
        return "–"
    return ", ".join(f"{rest[name] * rest['secs']:.0f}" for name in ("bytes_per_s", "tick_ms_per_s", "wakeups_per_s"))


def measured(bench, count, runs):
    document, _, _ = bench.sample(count)
    cache = os.path.join(bench.work, f"cache-{count}")
    common = dict(first=r"Measures \d", ready=rf"Participation {count:,}\b", env={"XDG_CACHE_HOME": cache})
    settled = {"idle": 2, "name": "settled"}
    # No further than the list goes: a key that moves nothing is waited for in vain. A page is less than 40 rows, and 100 went before.
    pages = min(40, (count - 200) // 40)
    walk = [
        {"sleep": 1}, {"key": "5", "lost": 5, "name": "list"}, {"sleep": 1},
        {"key": "<down>", "repeat": 100, "gap": 0.02, "lost": 5, "name": "down"},
        {"key": "<pgdn>", "repeat": pages, "gap": 0.05, "lost": 5, "name": "page"},
        {"type": "<end><home>", "repeat": 5, "gap": 0.05, "settle": 0.3, "name": "ends"},
        {"key": "/", "name": "prompt"}, {"sleep": 0.3},
        {"type": cases.WORD, "settle": 0.5, "limit": bench.args.limit, "name": "filter"},
        {"type": "<bs>" * len(cases.WORD), "settle": 0.5, "limit": bench.args.limit, "name": "back"},
        {"key": "<esc>", "name": "esc"}, {"sleep": 2}, {"idle": 10, "name": "idle"},
    ]
    spec = (bench.own("first", "--source", document, wipe=cache, steps=[settled], **common)
            + bench.own("next", "--source", document, steps=[settled, *walk], **common))
    found = compare.measure(spec, runs, bench.work, warmup=0)
    found["changed"] = next(iter(compare.measure(cases.change(bench, count), 1, bench.work, warmup=0).values()))
    return {"bytes": os.path.getsize(document), **found}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("program")
    args.add_argument("--sizes", default="1k,10k,100k,1M")
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--limit", type=float, default=60, help="seconds anything may take")
    args.add_argument("--data", help="a directory to keep generated data in")
    args = args.parse_args()
    sizes = args.sizes.split(",")
    with tempfile.TemporaryDirectory() as work:
        bench = cases.Bench(os.path.abspath(args.program), None, work, "", args)
        for size in sizes:
            figures = measured(bench, compare.size(size), args.runs)
            table = compare.Table(f"{size} initiatives ({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})", "what", size)
            for name, figure in SHOWN:
                table.row(name, figure(figures))


if __name__ == "__main__":
    main()
