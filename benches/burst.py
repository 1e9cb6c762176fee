#!/usr/bin/env python3
"""Keys during a flood of changes: a dashboard on a served store gets tens of thousands of changes as fast as they come.

  benches/burst.py PROGRAM DOCUMENT [--changes 50000] [--store FILE]

DOCUMENT is one of `rasad sample --initiatives N`, imported once into a store (kept where a file is named). The server is stopped while so
many records are changed in its store and then goes on: all of them reach the dashboard as one flood, from the store, faster than they
could be written. Meanwhile ↓ is pressed every 25 ms in the list of all initiatives; printed is how long each press waited
for the first byte of its answer, before the flood and during it, and how many changes a second the dashboard took.
"""
import argparse, fcntl, json, os, pty, select, signal, statistics, struct, subprocess, sys, tempfile, termios, time


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def changed(program, document, count, work, turn):
    """A document of the first initiatives with another number of jobs each, to be laid over the store."""
    one = os.path.join(work, "one.json")
    run(program, "sample", "--initiatives", "1", "--seed", "7", "--out", one) if not os.path.exists(one) else None
    with open(one) as file:
        headquarters = json.load(file)["headquarters"]
    records, decoder = [], json.JSONDecoder()
    with open(document) as lines:
        for line in lines:
            if '"initiative_kind"' in line[:60]:
                record, _ = decoder.raw_decode(line)
                record["jobs"] = {**record.get("jobs", {}), "committed": 1000 + turn}
                records.append(record)
                if len(records) == count:
                    break
    out = os.path.join(work, f"changed-{turn}.json")
    with open(out, "w") as file:
        json.dump({"rasad": 1, "headquarters": headquarters, "initiatives": records}, file, ensure_ascii=False)
    return out


def processor(pid):
    with open(f"/proc/{pid}/stat") as line:
        fields = line.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Dashboard:
    def __init__(self, program, address, home):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": home, "LANG": "C.UTF-8"}
            os.execve(program, [program, "--source", address, "--lang", "en", "--text-profile", "plain"], environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self, seconds):
        """When the next byte came; nothing after so many seconds without one."""
        if not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return None
        at = time.monotonic()
        os.read(self.terminal, 1 << 18)
        return at

    def still(self, seconds, limit):
        """Reads until nothing came for so long."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if self.read(seconds) is None:
                return
        sys.exit("it is never still")

    def press(self, seconds):
        """Presses ↓ every 25 ms for so long: when, how long the answer took, and the processor time used until then."""
        out, until = [], time.monotonic() + seconds
        while (begun := time.monotonic()) < until:
            # What is still on its way belongs to no key.
            while self.read(0.001) is not None:
                pass
            pressed = time.monotonic()
            os.write(self.terminal, b"\x1b[B")
            answered = self.read(5)
            out.append((pressed, ((answered or pressed + 5) - pressed) * 1000, processor(self.pid)))
            time.sleep(max(0, begun + 0.025 - time.monotonic()))
        return out


def told(name, keys):
    waits = sorted(wait for _, wait, _ in keys)
    at = lambda share: waits[min(len(waits) - 1, int(len(waits) * share))]
    print(f"{name}: {len(keys)} keys, p50 {statistics.median(waits):.2f} ms, p99 {at(0.99):.2f} ms, slowest {waits[-1]:.1f} ms, "
          f"{sum(wait > 16 for wait in waits)} over 16 ms", flush=True)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("program")
    args.add_argument("document")
    args.add_argument("--changes", type=int, default=50_000)
    args.add_argument("--store")
    args = args.parse_args()
    program, server, screen = os.path.abspath(args.program), None, None
    with tempfile.TemporaryDirectory() as work:
        store = args.store or os.path.join(work, "hq.db")
        if not os.path.exists(store):
            run(program, "import", args.document, "--store", store, "--accept-problems")
        try:
            server = subprocess.Popen([program, "serve", "--store", store, "--listen", "127.0.0.1:0", "--anonymous", "--rate", "0"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            screen = Dashboard(program, server.stdout.readline().strip(), work)
            screen.still(6, 300)
            os.write(screen.terminal, b"5")
            screen.still(2, 60)
            told("quiet", screen.press(5))
            os.kill(server.pid, signal.SIGSTOP)
            turn = int(time.time()) % 1000
            run(program, "import", changed(program, args.document, args.changes, work, turn), "--store", store, "--accept-problems")
            screen.still(2, 60)
            used = processor(screen.pid)
            os.kill(server.pid, signal.SIGCONT)
            begun = time.monotonic()
            keys = screen.press(20)
            # Busy is a quarter of a second with more than a third of a processor: keys alone take far less.
            windows = [[key for key in keys if begun + n / 4 <= key[0] < begun + (n + 1) / 4] for n in range(80)]
            ends = [window[-1][2] if window else None for window in windows]
            busy = [n for n in range(80) if ends[n] and ends[n] - (ends[n - 1] if n and ends[n - 1] else used) > 0.08]
            if not busy:
                sys.exit("no flood was seen")
            first, last = busy[0], busy[-1] + 1
            told("flood", [key for key in keys if first <= (key[0] - begun) * 4 < last])
            print(f"{args.changes} changes in {(last - first) / 4:.2f} s: {args.changes * 4 / (last - first):.0f} a second; "
                  f"{keys[-1][2] - used:.1f} s of processor time")
        finally:
            if screen:
                os.kill(screen.pid, signal.SIGTERM)
                os.waitpid(screen.pid, 0)
            if server:
                os.kill(server.pid, signal.SIGCONT)
                server.terminate()
                server.wait()


if __name__ == "__main__":
    main()
