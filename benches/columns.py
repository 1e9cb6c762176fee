#!/usr/bin/env python3
"""A first start against reading the same document with sonic-rs into plain columns (`benches/columns`): prints a table.

  benches/columns.py PROGRAM FILE [--runs 5] [--limit 60] [--one] [--shuffled]

PROGRAM is a release build, FILE a document with initiatives in it; cargo and python3 with `pyte` are needed. Both are started in turn, the
dashboard without a cache in a terminal of 120×40, and medians are printed with their ratios. What `columns` leaves out stands in its source.

With --one all of it shares one processor: two threads on processors that are halves of one take more processor time for the same work, so only
there the two programs' times are of one kind. With --shuffled the members of every initiative stand in an order of their own.
"""
import argparse, json, os, random, resource, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import cases  # noqa: E402
import compare  # noqa: E402
from compare import median, ratio, show  # noqa: E402


def build():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=os.path.join(HERE, "columns"), check=True)
    target = os.environ.get("CARGO_TARGET_DIR") or os.path.join(HERE, "columns", "target")
    return os.path.join(target, "release", "columns")


def columns(program, document):
    """Rows, milliseconds it took, and milliseconds of processor time."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    said = subprocess.run([program, document], check=True, stdout=subprocess.PIPE, text=True).stdout
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(said.split()[0]), took * 1000, spent * 1000


def shuffled(document, out):
    """A copy with the members of every initiative, and of what is in it, in any order."""
    order, decoder = random.Random(5), json.JSONDecoder()

    def mixed(value):
        if isinstance(value, list):
            return [mixed(item) for item in value]
        if not isinstance(value, dict):
            return value
        names = list(value)
        order.shuffle(names)
        return {name: mixed(value[name]) for name in names}

    with open(document) as lines, open(out, "w") as copy:
        for line in lines:
            if '"initiative_kind"' in line[:60]:
                record, end = decoder.raw_decode(line)
                line = json.dumps(mixed(record), ensure_ascii=False, separators=(",", ":")) + line[end:]
            copy.write(line)
    return out


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("program", type=os.path.abspath)
    args.add_argument("file", type=os.path.abspath)
    args.add_argument("--runs", type=int, default=5)
    args.add_argument("--limit", type=float, default=60, help="seconds a start may take")
    args.add_argument("--one", action="store_true", help="on one processor")
    args.add_argument("--shuffled", action="store_true", help="members in any order")
    args = args.parse_args()
    args.data = None
    peer = build()
    if args.one:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    theirs, ours = [], {"first_ms": [], "ready_ms": [], "ready_cpu_ms": []}
    with tempfile.TemporaryDirectory() as work:
        if args.shuffled:
            args.file = shuffled(args.file, os.path.join(work, "shuffled.json"))
        size = os.path.getsize(args.file)
        rows, *_ = columns(peer, args.file)
        bench = cases.Bench(args.program, None, work, "", args)
        spec = bench.own("first start", "--source", args.file, wipe=os.path.join(work, "cache"), first=r"Measures \d", ready=rf"Participation {rows:,}\b")
        for _ in range(args.runs):
            theirs.append(columns(peer, args.file)[1:])
            found = compare.measure(spec, 1, work, warmup=0)["first start"]
            if found["failed"]:
                sys.exit(f"not all judged within {args.limit:g} s")
            for name in ours:
                ours[name].append(median(found, name) if name != "ready_cpu_ms" else found[name])
    middle = lambda values: sorted(values)[len(values) // 2]
    wall, spent = (middle(each) for each in zip(*theirs))
    table = compare.Table(f"{rows:,} rows, {size / 1e6:,.0f} MB ({len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f})",
                          "what", "after", "× columns", "processor", "× columns")
    table.row("sonic-rs into columns", show(wall, "ms"), "1×", show(spent, "ms"), "1×")
    first, ready, used = (middle(ours[name]) for name in ours)
    table.row("rasad: small collections and the first rows", show(first, "ms"), ratio(first, wall), "", "")
    table.row("rasad: all read, counted and judged", show(ready, "ms"), ratio(ready, wall), show(used, "ms"), ratio(used, spent))


if __name__ == "__main__":
    main()
