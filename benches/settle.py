#!/usr/bin/env python3
"""Runs the dashboard on a file or an endpoint in a pseudo-terminal until it is still; prints when the last byte came, its memory and its processor time.

usage: settle.py PROGRAM FILE|URL [CACHE-DIRECTORY] [--then OTHER]

A directory for the cache that is given is kept, so that a second run shows the next start; else each run is a first one. With --then the
file (a copy of it) is replaced by another one once all is still, and what that took is printed as well.
"""

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

STILL = 5.0  # seconds without a byte
LONGEST = 120.0


def status(pid, name):
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


def processor(pid):
    with open(f"/proc/{pid}/stat") as line:
        fields = line.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def said(pid, last, size, before):
    print(
        f"last byte after {last:.2f} s, {size} bytes; settled {status(pid, 'VmRSS')} MB, "
        f"highest {status(pid, 'VmHWM')} MB; processor {processor(pid) - before:.1f} s"
    )


def wait(terminal, least):
    """Until nothing has come for a while, but not before `least` seconds; seconds until the last byte, and bytes."""
    begun = last = time.monotonic()
    size = 0
    while time.monotonic() - max(last, begun + least) < STILL and time.monotonic() - begun < LONGEST:
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                size += len(os.read(terminal, 1 << 16))
            except OSError:
                break
            last = time.monotonic()
    return last - begun, size


def run(program, source, home, other):
    if other:
        source = shutil.copy(source, os.path.join(home, "source.json"))
    pid, terminal = pty.fork()
    if pid == 0:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": home, "LANG": "C.UTF-8"}
        os.execve(program, [program, "--source", source, "--lang", "en", "--text-profile", "plain"], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    said(pid, *wait(terminal, 0), 0)
    if other:
        before = processor(pid)
        with open(f"/proc/{pid}/clear_refs", "w") as peak:
            peak.write("5")
        os.replace(shutil.copy(other, os.path.join(home, "other.json")), source)
        said(pid, *wait(terminal, 5), before)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("file", type=lambda name: name if "://" in name else os.path.abspath(name))
    parser.add_argument("cache", nargs="?", type=os.path.abspath)
    parser.add_argument("--then", type=os.path.abspath)
    given = parser.parse_args()
    if given.cache:
        run(given.program, given.file, given.cache, given.then)
        return
    with tempfile.TemporaryDirectory() as home:
        run(given.program, given.file, home, given.then)


if __name__ == "__main__":
    main()
