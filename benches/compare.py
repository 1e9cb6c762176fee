#!/usr/bin/env python3
"""The program against its peers, end to end, in one run: prints ratios, because only they hold from machine to machine.

  benches/compare.py [--parts start,keys,idle,scale,change] [--sizes 1k,10k,100k,1M] [--runs 9] [--limit 60]

Needs cargo and python3 with `pyte` (pip install pyte). Peers that are not installed are left out and named; `benches/peers` installs
them. All programs are started in turn (A B C A B C …) in a real PTY of 120×40, medians are printed with the ratios that
`benches/README.md` quotes. A case that takes longer than the limit is told as such, never left out.
"""
import argparse, json, os, platform, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.insert(0, HERE)
import cases  # noqa: E402


def build():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=os.path.join(HERE, "hello"), check=True)
    target = os.environ.get("CARGO_TARGET_DIR")
    mine = os.path.join(target or os.path.join(ROOT, "target"), "release", "rasad")
    hello = os.path.join(target or os.path.join(HERE, "hello", "target"), "release", "hello")
    return mine, hello


def measure(spec, runs, work, warmup=1):
    """The cases' figures by name."""
    paths = [os.path.join(work, name) for name in ("spec.json", "out.json")]
    with open(paths[0], "w") as f:
        json.dump(spec, f)
    command = [sys.executable, os.path.join(HERE, "ptybench.py"), "--spec", paths[0], "--out", paths[1]]
    subprocess.run(command + ["--runs", str(runs), "--warmup", str(warmup)], check=True)
    with open(paths[1]) as f:
        return json.load(f)["cases"]


def step(figures, name):
    return next((step for step in figures["steps"] if step["name"] == name), {})


def show(value, unit=""):
    if value is None:
        return "–"
    if unit == "ms" and value >= 1000:
        value, unit = value / 1000, "s"
    text = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text} {unit}".strip()


class Table:
    def __init__(self, title, *columns):
        print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}", flush=True)

    def row(self, *values):
        print(f"| {' | '.join(str(value) for value in values)} |", flush=True)


def ratio(value, base):
    return "–" if not value or not base else f"{value / base:.2f}×"


def median(figures, key):
    return (figures.get(key) or {}).get("med")


def start(bench, runs):
    found = measure(cases.start(bench), max(runs, 15), bench.work)
    table = Table("Bars 1 and 2: exec → first frame, → rows", "what", "first byte", "first frame", "× hello", "rows", "× hello", "limits")
    hello = median(found["hello"], "first_ms")
    for name, figures in found.items():
        first, rows = median(figures, "first_ms"), median(figures, "ready_ms")
        limits = "1.5×, 4×" if name == "rasad" else ""
        table.row(name, show(median(figures, "first_byte_ms"), "ms"), show(first, "ms"), ratio(first, hello), show(rows, "ms"), ratio(rows, hello), limits)
    return found


def keys(bench, runs):
    found = measure(cases.keys(bench), runs, bench.work)
    table = Table("Bar 7: ↓ in a long list", "what", "p50", "p99", "bytes a key", "× hello list", "100 held keys", "limits")
    base = step(found["hello list"], "down").get("p50")
    for name, figures in found.items():
        down, held = step(figures, "down"), step(figures, "held")
        limits = "" if "rasad" not in name else f"1 ms, 4 ms, {'2,500' if 'pinned' in name else '500'} B"
        table.row(name, show(down.get("p50"), "ms"), show(down.get("p99"), "ms"), show(down.get("bytes_per_key"), "B"),
                  ratio(down.get("p50"), base), show(held.get("last_ms"), "ms"), limits)
    return found


def idle(bench, runs):
    found = measure(cases.idle(bench), 1, bench.work)
    table = Table(f"Bar 8: idle {bench.args.idle:g} s", "what", "bytes/s", "CPU ms/s", "wake-ups/s", "resident", "limits")
    for name, figures in found.items():
        rest = step(figures, "idle")
        table.row(name, show(rest.get("bytes_per_s")), show(rest.get("cpu_ms_per_s")), show(rest.get("wakeups_per_s")), show(rest.get("rss_mb"), "MB"),
                  "0, 0, 1 a minute" if name.startswith("rasad") else "")
    return found


def best(found, value):
    """The best figure of the peers, those that failed aside."""
    figures = [value(figures) for name, figures in found.items() if not name.startswith("rasad") and not figures["failed"]]
    return min((figure for figure in figures if figure), default=None)


def filtered(figures):
    """How long the slowest key of the filter took, or the whole filter where only Enter filters."""
    typed = step(figures, "filter")
    return typed.get("max") or typed.get("ms")


def scale(bench, runs, count):
    found = measure(cases.scale(bench, count), runs, bench.work)
    table = Table(f"Bars 3 to 6: {count:,} rows", "what", "first rows", "all there", "× best peer", "settled", "peak", "× best peer",
                  "filter: p50 a key", "slowest key", "× best peer")
    load, memory, keystroke = (best(found, value) for value in (lambda f: median(f, "ready_ms"), lambda f: step(f, "settled").get("rss_mb"), filtered))
    for name, figures in found.items():
        if figures["failed"]:
            table.row(name, f"not there within {bench.args.limit:g} s ({figures['failed']} of {figures['runs']} runs)", *["–"] * 8)
            continue
        rest, typed, ready = step(figures, "settled"), step(figures, "filter"), median(figures, "ready_ms")
        lost = f" ({typed['lost']} keys over the limit)" if typed.get("lost") else ""
        table.row(name, show(median(figures, "first_ms"), "ms"), show(ready, "ms"), ratio(ready, load), show(rest.get("rss_mb"), "MB"),
                  show(rest.get("hwm_mb"), "MB"), ratio(rest.get("rss_mb"), memory), show(typed.get("p50"), "ms"),
                  show(filtered(figures), "ms") + lost, ratio(filtered(figures), keystroke))
    return found


def change(bench, runs, count):
    found = measure(cases.change(bench, count), runs, bench.work)
    table = Table(f"Bar 9: one changed record of {count:,}", "what", "visible after", "bytes", "cells", "their bytes", "runs", "frames", "limit", "of the limit")
    for name, figures in found.items():
        for way in ("change", "back"):
            seen = step(figures, way)
            if not seen.get("cells"):
                table.row(name, f"nothing within {bench.args.limit:g} s", *["–"] * 7)
                continue
            limit = 2 * seen["own_bytes"] + 40 * seen["runs"] + 24 * seen["frames"]
            table.row(name, show(seen["last_ms"], "ms"), show(seen["bytes"], "B"), show(seen["cells"]), show(seen["own_bytes"], "B"), show(seen["runs"]),
                      show(seen["frames"]), show(limit, "B"), ratio(seen["bytes"], limit))
    return found


def size(text):
    return int(float(text.rstrip("kM")) * {"k": 1_000, "M": 1_000_000}.get(text[-1], 1))


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--parts", default="start,keys,idle,scale,change")
    args.add_argument("--sizes", default="1k,10k,100k,1M")
    args.add_argument("--runs", type=int, default=9, help="of each case; a third of that at 100k rows and more")
    args.add_argument("--limit", type=float, default=60, help="seconds a case may take to be there")
    args.add_argument("--idle", type=float, default=30, help="seconds of doing nothing")
    args.add_argument("--binary", help="a release build to measure instead of building one")
    args.add_argument("--hello", help="the same of benches/hello")
    args.add_argument("--peers", default=os.path.join(ROOT, "target", "peers"), help="where benches/peers put them")
    args.add_argument("--data", help="a directory to keep generated data in")
    args.add_argument("--out", help="all figures, as JSON")
    args = args.parse_args()
    mine, hello = (args.binary, args.hello) if args.binary and args.hello else build()
    every = {}
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as work:
        bench = cases.Bench(os.path.abspath(mine), os.path.abspath(hello), work, args.peers, args)
        for part in args.parts.split(","):
            if part in ("scale", "change"):
                for count in map(size, args.sizes.split(",")):
                    runs = args.runs if count < 100_000 else max(1, args.runs // 3)
                    every[f"{part} {count}"] = {"scale": scale, "change": change}[part](bench, runs, count)
            else:
                every[part] = {"start": start, "keys": keys, "idle": idle}[part](bench, args.runs)
    if args.out:
        with open(args.out, "w") as f:
            json.dump(every, f, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
