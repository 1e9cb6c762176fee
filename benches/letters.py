#!/usr/bin/env python3
"""How long the letters of a word take that is typed into a filter, from the key to the last byte, and what the machine itself takes meanwhile.

usage: letters.py FILE WORD PROGRAM [PROGRAM ...] [--rounds N] [--cache DIRECTORY]

Each program opens the file in a pseudo-terminal of 120×40; the word is typed into the filter of initiatives and taken back, round after round, the
programs in turn. Before and behind that, processes that do nothing but look at the clock tell how often this machine keeps a processor from
them for milliseconds (other guests of the host, its kernel); of the slowest letters it is told how many were typed while the host took time.
With a directory for the cache a second run shows the next start; else each program reads the file as if for the first time.
"""

import argparse
import fcntl
import multiprocessing
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

STILL = 0.15  # seconds without a byte: the answer is there
BURST = 0.012  # seconds of work, about those of a letter
PAUSE = 0.15
LOST = (0.001, 0.002, 0.004)  # seconds


def bursts(processor, seconds, told):
    """How many bursts of looking at the clock lost more than each of LOST in one go."""
    os.sched_setaffinity(0, {processor})
    lost, count, end = [0] * len(LOST), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begun = last = time.monotonic()
        longest = 0.0
        while last < begun + BURST:
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        count += 1
        lost = [n + (longest > limit) for n, limit in zip(lost, LOST)]
        time.sleep(PAUSE)
    told.put((count, lost))


def machine(seconds):
    told = multiprocessing.Queue()
    probes = [multiprocessing.Process(target=bursts, args=(at, seconds, told)) for at in sorted(os.sched_getaffinity(0))]
    for probe in probes:
        probe.start()
    parts = [told.get() for _ in probes]
    for probe in probes:
        probe.join()
    count = sum(part[0] for part in parts)
    shares = (f"{100 * sum(part[1][at] for part in parts) / count:.1f} % more than {1000 * limit:.0f} ms" for at, limit in enumerate(LOST))
    return f"of {count} bursts of {1000 * BURST:.0f} ms on one processor the machine kept from " + ", from ".join(shares)


def stolen():
    """Hundredths of a second the host took from this machine, all in all."""
    with open("/proc/stat") as lines:
        return int(lines.readline().split()[8])


class Program:
    def __init__(self, path, source, cache):
        self.path, self.letters, self.back, self.home = path, [], [], tempfile.mkdtemp()
        places = {name: f"{self.home}/{name}" for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        if cache:
            places["XDG_CACHE_HOME"] = cache
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(places, TERM="xterm-256color")
            os.execv(path, [path, "--lang", "en", "--source", source])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.until_still(3.0, 6.0)
        self.key("5", 0.5)

    def until_still(self, still, least=0.0):
        begun, last = time.monotonic(), None
        while True:
            if select.select([self.terminal], [], [], still)[0]:
                os.read(self.terminal, 1 << 16)
                last = time.monotonic()
            elif time.monotonic() > begun + least:
                return last

    def key(self, key, still=STILL):
        begun = time.monotonic()
        os.write(self.terminal, key.encode())
        last = self.until_still(still)
        return 1000 * (last - begun) if last else None

    def round(self, word):
        self.key("/", 0.3)
        for at, letter in enumerate(word):
            before = stolen()
            took = self.key(letter)
            if took is not None:
                self.letters.append((took, at, stolen() > before))
        self.back += [took for took in (self.key("\x7f") for _ in word) if took is not None]
        self.key("\x1b", 0.4)

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        shutil.rmtree(self.home, ignore_errors=True)


def share(times, part):
    times = sorted(times)
    return times[min(len(times) - 1, int(part * len(times)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("word")
    parser.add_argument("program", nargs="+")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--cache")
    args = parser.parse_args()
    print(machine(15))
    programs = [Program(os.path.abspath(path), args.file, args.cache) for path in args.program]
    for _ in range(args.rounds):
        for program in programs:
            program.round(args.word)
    for program in programs:
        program.end()
        times = [took for took, _, _ in program.letters]
        each = (share([took for took, at, _ in program.letters if at == place], 0.5) for place in range(len(args.word)))
        slowest = sorted(program.letters, reverse=True)[: max(1, len(times) // 20)]
        print(program.path)
        print("  p50 of each letter:", ", ".join(f"{took:.1f}" for took in each), "ms")
        print(f"  {len(times)} letters: p50 {share(times, 0.5):.1f}, p99 {share(times, 0.99):.1f}, slowest {max(times):.1f} ms")
        print(f"  letters taken back: p50 {share(program.back, 0.5):.1f}, p99 {share(program.back, 0.99):.1f} ms; ", end="")
        print(f"all keys: p99 {share(times + program.back, 0.99):.1f} ms")
        others = [row for row in program.letters if row not in slowest]
        print(f"  the host took time during {sum(row[2] for row in slowest)} of the {len(slowest)} slowest letters", end="")
        print(f" and {sum(row[2] for row in others)} of the other {len(others)}")
    print(machine(15))


if __name__ == "__main__":
    sys.exit(main())
