#!/usr/bin/env python3
"""Runs the dashboard on a file in a pseudo-terminal until it is still; prints when the last byte came, its memory and its processor time.

usage: settle.py PROGRAM FILE [CACHE-DIRECTORY]

A directory for the cache that is given is kept, so that a second run shows the next start; else each run is a first one.
"""

import fcntl
import os
import pty
import select
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


def run(program, source, home):
    pid, terminal = pty.fork()
    if pid == 0:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": home, "LANG": "C.UTF-8"}
        os.execve(program, [program, "--source", source, "--lang", "en", "--text-profile", "plain"], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    begun = last = time.monotonic()
    size = 0
    while time.monotonic() - last < STILL and time.monotonic() - begun < LONGEST:
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                size += len(os.read(terminal, 1 << 16))
            except OSError:
                break
            last = time.monotonic()
    print(
        f"last byte after {last - begun:.2f} s, {size} bytes; settled {status(pid, 'VmRSS')} MB, "
        f"highest {status(pid, 'VmHWM')} MB; processor {processor(pid):.1f} s"
    )
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, source = (os.path.abspath(path) for path in sys.argv[1:3])
    if len(sys.argv) == 4:
        run(program, source, os.path.abspath(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as home:
        run(program, source, home)


if __name__ == "__main__":
    main()
