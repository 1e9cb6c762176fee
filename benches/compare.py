#!/usr/bin/env python3
"""The program against its peers, end to end, in one run: prints ratios, because only they hold from machine to machine.

  benches/compare.py [--runs 9]          needs: cargo, python3 with `pyte` (pip install pyte), less

Builds rasad and the smallest ratatui program (benches/hello) in release, starts all of them in turn in a real PTY of 120×40
(A B C A B C …) and prints medians and the ratios that `benches/README.md` quotes.
"""
import argparse, json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def build():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=os.path.join(HERE, "hello"), check=True)
    target = os.environ.get("CARGO_TARGET_DIR")
    mine = os.path.join(target or os.path.join(ROOT, "target"), "release", "rasad")
    hello = os.path.join(target or os.path.join(HERE, "hello", "target"), "release", "hello")
    return mine, hello


def spec(mine, hello, work):
    sample = os.path.join(work, "headquarters.json")
    subprocess.run([mine, "sample", "--out", sample], check=True)
    text = os.path.join(work, "rows.txt")
    with open(text, "w") as f:
        f.writelines(f"{n:04} rug workshop at home, Ahar · identified · 3 jobs claimed · 2 verified\n" for n in range(1, 20001))
    home = {"XDG_CONFIG_HOME": work, "XDG_CACHE_HOME": work, "XDG_STATE_HOME": work, "RASAD_SAMPLE_LIVE": "false"}
    down = [{"sleep": 0.5}, {"key": "<down>", "repeat": 100, "gap": 0.02, "name": "down"},
            {"burst": "<down>", "repeat": 100, "name": "held"}]
    fa = dict(home, RASAD_LANG="fa")
    en = dict(home, RASAD_LANG="en")
    lists = lambda extra: {"steps": [{"sleep": 0.4}, {"key": "5", "until": "1/", "name": "list"}] + down, "quit": "q", **extra}
    return [
        {"name": "hello", "cmd": [hello], "first": "hello", "quit": "q"},
        {"name": "hello-list", "cmd": [hello, "list"], "ready": "0001", "steps": down, "quit": "q"},
        {"name": "rasad", "cmd": [mine], "env": en, "first": "rasad", "ready": "Revive", "quit": "q"},
        {"name": "rasad-whole", "cmd": [mine], "env": en, "first": "rasad", "ready": r"Participation \d", "quit": "q"},
        {"name": "rasad-list-en", "cmd": [mine], "env": en, "ready": r"Participation \d", **lists({})},
        {"name": "rasad-list-fa", "cmd": [mine], "env": fa, "ready": "\u06f1\u06f4\u06f0\u06f3", "steps": [
            {"sleep": 0.6}, {"key": "5", "name": "list"}] + down, "quit": "q"},
        {"name": "rasad-list-pinned", "cmd": [mine], "env": dict(fa, RASAD_TEXT_PROFILE="pinned"),
         "ready": "\u06f1\u06f4\u06f0\u06f3", "steps": [{"sleep": 0.6}, {"key": "5", "name": "list"}] + down, "quit": "q"},
        {"name": "rasad-idle", "cmd": [mine, "--source", sample], "env": en, "ready": r"Participation \d",
         "steps": [{"sleep": 3}, {"idle": 30, "name": "idle"}], "quit": "q"},
        {"name": "less", "cmd": ["less", text], "ready": "0001", "steps": down, "quit": "q"},
    ]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--runs", type=int, default=9)
    args.add_argument("--only", default="")
    args.add_argument("--out", default="")
    args = args.parse_args()
    mine, hello = build()
    with tempfile.TemporaryDirectory() as work:
        cases = os.path.join(work, "spec.json")
        out = args.out or os.path.join(work, "out.json")
        with open(cases, "w") as f:
            json.dump(spec(mine, hello, work), f)
        command = [sys.executable, os.path.join(HERE, "ptybench.py"), "--spec", cases, "--runs", str(args.runs), "--out", out]
        if args.only:
            command += ["--only", args.only]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
