#!/usr/bin/env python3
"""The endpoint against its peers, in one run: prints ratios, because only they hold from machine to machine.

  benches/endpoint.py [--only 11,13] [--seconds 5] [--watchers 10000] [--records 1000000]     needs: cargo, python3, nginx, openssl

Builds rasad and what it is measured against (benches/endpoint: the smallest axum server, and a client that costs little) in release,
starts every server on this machine, asks them in turn, and ends it. Numbers are those of the bars in `benches/README.md`.
Where one core is enough for both sides, the server has one and the client the other.
"""
import argparse, fcntl, http.client, json, os, pty, re, resource, select, shutil, signal, ssl, statistics, struct, subprocess, sys, tempfile, termios, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = ({CORES[0]}, {CORES[-1]}) if len(CORES) > 1 else (set(CORES), set(CORES))


def build():
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "--bin", "rasad"], cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=os.path.join(HERE, "endpoint"), check=True)
    target = os.environ.get("CARGO_TARGET_DIR")
    mine = os.path.join(target or os.path.join(ROOT, "target"), "release", "rasad")
    peers = os.path.join(target or os.path.join(HERE, "endpoint", "target"), "release")
    return mine, peers


def memory(pid, key="RssAnon"):
    """Kilobytes of a process: its own memory (RssAnon), or the most it ever had (VmHWM)."""
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(rf"^{key}:\s+(\d+)", f.read(), re.M)[1])


def at(values, share):
    """What stands at a share of the sorted values."""
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def on(cores):
    return lambda: os.sched_setaffinity(0, cores)


class Bench:
    def __init__(self, args, work):
        self.args, self.work = args, work
        self.rows, self.running = [], []

    # ---------------------------------------------------------------- programs
    def rasad(self, *args, **more):
        return subprocess.run([self.args.rasad, *args], check=True, capture_output=True, text=True, **more).stdout

    def start(self, command, cores=None, **more):
        process = subprocess.Popen(command, preexec_fn=on(cores) if cores else None, **more)
        self.running.append(process)
        return process

    def end(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.remove(process)

    def store(self, name, initiatives, seed=7):
        """A store of a sample of this size, with its token; made once."""
        db, secret = os.path.join(self.work, name + ".db"), os.path.join(self.work, name + ".token")
        if not os.path.exists(secret):
            text = os.path.join(self.work, name + ".ndjson")
            self.rasad("sample", "--initiatives", str(initiatives), "--seed", str(seed), "--out", text)
            self.rasad("import", text, "--store", db)
            os.unlink(text)
            token = self.rasad("token", "add", "--store", db, "--role", "secretariat", "--name", "bench").strip()
            with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
                f.write(token)
        with open(secret) as f:
            return db, f.read(), secret

    def serve(self, db, port=0, cores=None, *more):
        log = open(os.path.join(self.work, "serve.log"), "a+")
        at = log.seek(0, os.SEEK_END)
        process = self.start([self.args.rasad, "serve", "--store", db, "--listen", f"127.0.0.1:{port}", "--rate", "0", *more],
                             cores, stdout=subprocess.PIPE, stderr=log, text=True)
        said = process.stdout.readline()
        found = re.search(r":(\d+)", said.split("//")[-1])
        if not found:
            log.seek(at)
            raise SystemExit(f"rasad did not start: {said}{log.read()}")
        return process, f"127.0.0.1:{found[1]}"

    def bare(self, document, cores=None):
        process = self.start([os.path.join(self.args.peers, "bare"), "127.0.0.1:7931", document], cores)
        self.reachable(7931)
        return process, "127.0.0.1:7931"

    def nginx(self, document, cores=None):
        """One worker with its usual way of sending files; the document as it would lie behind it, packed already."""
        folder = os.path.join(self.work, "nginx")
        os.makedirs(folder, exist_ok=True)
        shutil.copy(document, os.path.join(folder, "document"))
        os.chmod(self.work, 0o755)
        os.chmod(os.path.join(folder, "document"), 0o644)
        conf = os.path.join(folder, "nginx.conf")
        with open(conf, "w") as f:
            f.write(f"""daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid; worker_rlimit_nofile 65536;
events {{ worker_connections 4096; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; etag on; open_file_cache max=10;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; types {{ }} default_type application/json;
  server {{ listen 127.0.0.1:7932; root {folder}; add_header content-encoding zstd; }} }}""")
        process = self.start(["nginx", "-c", conf, "-p", folder], cores, stderr=subprocess.DEVNULL)
        self.reachable(7932)
        return process, "127.0.0.1:7932"

    def reachable(self, port):
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"nothing answers on port {port}")

    def load(self, what, *pairs, cores=None):
        command = [os.path.join(self.args.peers, "load"), what, *pairs]
        done = subprocess.run(command, capture_output=True, text=True, preexec_fn=on(cores) if cores else None)
        if done.returncode:
            raise SystemExit(f"{' '.join(command[1:4])}: {done.stderr}")
        return json.loads(done.stdout)

    def say(self, bar, what, mine, peer, ratio, limit, good):
        self.rows.append((bar, what, mine, peer, ratio, limit, good))
        print(f"{bar:>3} {'ok  ' if good else 'MISS'} {what}: {mine}; {peer}; {ratio}; bar {limit}", flush=True)

    # ---------------------------------------------------------------- bars
    def bar11_12(self, bars):
        """Conditional requests and the document, against nginx with the very same bytes."""
        for name, initiatives in (("large", 78_000), ("small", 600)):
            if name == "large" and "12" not in bars:
                continue
            db, token, _ = self.store(name, initiatives)
            auth = f"header=authorization: Bearer {token}"
            mine, to = self.serve(db, 0, SERVER)
            document = os.path.join(self.work, name + ".zst")
            ask = http.client.HTTPConnection(to, timeout=60)
            ask.request("GET", "/v1/document", headers={"authorization": f"Bearer {token}", "accept-encoding": "zstd"})
            answer = ask.getresponse()
            tag = answer.getheader("etag")
            with open(document, "wb") as f:
                f.write(answer.read())
            size = os.path.getsize(document)
            nginx, there = self.nginx(document, SERVER)
            ask = http.client.HTTPConnection(there, timeout=5)
            ask.request("GET", "/document")
            its_tag = ask.getresponse().getheader("etag")
            bare, bare_to = self.bare(document, SERVER)
            servers = [("rasad", to, "/v1/document", tag, [auth]), ("nginx", there, "/document", its_tag, []),
                       ("axum", bare_to, "/document", '"1"', [])]

            def turns(connections, status, headers):
                found = {name: [] for name, *_ in servers}
                for _ in range(self.args.runs):
                    for who, address, path, etag, own in servers:
                        found[who].append(self.load("requests", f"to={address}", f"path={path}", f"connections={connections}",
                                                    f"seconds={self.args.seconds}", f"status={status}", *own,
                                                    *[h.replace("ETAG", etag) for h in headers], cores=CLIENT)["per_second"])
                return {who: statistics.median(rates) for who, rates in found.items()}

            if name == "small" and "11" in bars:
                rate = turns(32, 304, ["header=if-none-match: ETAG", "header=accept-encoding: zstd"])
                ratio = rate["rasad"] / rate["nginx"]
                self.say("11", "304, 32 connections", f"{rate['rasad'] / 1e3:.1f} k/s", f"nginx {rate['nginx'] / 1e3:.1f} k/s, bare axum "
                         f"{rate['axum'] / 1e3:.1f} k/s", f"{ratio:.2f}× nginx", "≥ 1.0×", ratio >= 1.0)
            if "12" in bars:
                rate = turns(4, 200, ["header=accept-encoding: zstd"])
                ratio, least = rate["rasad"] / rate["nginx"], 1.2 if name == "large" else 1.0
                show = lambda who: f"{rate[who] * size / 1e6:.0f} MB/s"
                self.say("12", f"document of {size / 1e6:.2f} MB, 4 connections", show("rasad"), f"nginx {show('nginx')}, bare axum {show('axum')}",
                         f"{ratio:.2f}× nginx", f"≥ {least}×", ratio >= least)
            for process in (mine, nginx, bare):
                self.end(process)

    def watch(self, process, to, path, headers, trigger, mark, ca=None, count=None):
        before = memory(process.pid)
        command = [os.path.join(self.args.peers, "load"), "watchers", f"to={to}", f"path={path}", f"count={count or self.args.watchers}",
                   f"mark={mark}", *headers, *trigger] + ([f"ca={ca}"] if ca else [])
        load = self.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if load.stdout.readline().strip() != "ready":
            raise SystemExit("the watchers did not get through")
        time.sleep(1)
        own = (memory(process.pid) - before) / (count or self.args.watchers)
        load.stdin.write("go\n")
        load.stdin.flush()
        said = json.loads(load.stdout.readline())
        after = (memory(process.pid) - before) / (count or self.args.watchers)
        load.kill()
        load.wait()
        self.running.remove(load)
        middle = lambda key: statistics.median(event[key] for event in said["events"])
        return {"own": own, "after": after, "last": middle("last"), "p50": middle("p50"), "first": middle("first"), "opened": said["opened_s"]}

    def bar13(self):
        """Ten thousand streams, one event to all of them."""
        db, token, _ = self.store("small", 600)
        record = '{"id":"bench-{n}","name":"bench"}'
        put = ["trigger=PUT", "trigger_path=/v1/enterprise/bench-{n}", f"body={record}", "type=application/json"]
        auth = [f"header=authorization: Bearer {token}"]
        copies = 0

        def copy():
            nonlocal copies
            copies += 1
            fresh = os.path.join(self.work, f"watch{copies}.db")
            for left in (fresh, fresh + "-wal", fresh + "-shm"):
                if os.path.exists(left):
                    os.unlink(left)
            self.rasad("db", "backup", "--store", db, fresh)
            return fresh

        def newest(to, *tls):
            """Where the store stands: watchers begin there, as dashboards do that have read everything."""
            ask = http.client.HTTPSConnection(to, timeout=10, context=tls[0]) if tls else http.client.HTTPConnection(to, timeout=10)
            ask.request("GET", "/v1", headers={"authorization": f"Bearer {token}"})
            said = json.loads(ask.getresponse().read())
            return f"/v1/watch?since={said['epoch']}.{said['head']}"

        peer, mine = [], []
        for _ in range(self.args.runs):
            process, to = self.bare(__file__)
            peer.append(self.watch(process, to, "/watch", [], ["trigger=POST", "trigger_path=/event", "type=text/event-stream",
                                   "body=event: changes\ndata: {\"rev\":1,\"kind\":\"enterprise\",\"id\":\"bench-{n}\",\"op\":\"put\",\"obj\":" + record + "}\n\n"],
                                   "\"bench-{n}\""))
            self.end(process, signal.SIGKILL)
            process, to = self.serve(copy())
            mine.append(self.watch(process, to, newest(to), auth, put + ["header=if-none-match: *"], "\"bench-{n}\""))
            self.end(process, signal.SIGKILL)
        of = lambda runs, key: statistics.median(run[key] for run in runs)
        ratio = of(mine, "last") / of(peer, "last")
        # What a commit costs before anybody can hear of it is not what is compared.
        spread = (of(mine, "last") - of(mine, "first")) / (of(peer, "last") - of(peer, "first"))
        self.say("13", f"{self.args.watchers} watchers, one event: request → last one has it",
                 f"{of(mine, 'last'):.0f} ms", f"bare axum {of(peer, 'last'):.0f} ms", f"{ratio:.2f}× (first to last {spread:.2f}×)", "≤ 1.2×", ratio <= 1.2)
        self.say("13", "own memory a watcher", f"{of(mine, 'after'):.1f} kB", f"bare axum {of(peer, 'after'):.1f} kB",
                 f"{of(mine, 'after') / of(peer, 'after'):.2f}×", "≤ 20 kB", of(mine, "after") <= 20)
        key, chain = os.path.join(self.work, "key.pem"), os.path.join(self.work, "chain.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
                        "-keyout", key, "-out", chain], check=True, capture_output=True)
        process, to = self.serve(copy(), 0, None, "--tls-cert", chain, "--tls-key", key)
        tls = self.watch(process, to, newest(to, ssl._create_unverified_context()), auth, put + ["header=if-none-match: *"], "\"bench-{n}\"", ca=chain)
        self.end(process, signal.SIGKILL)
        self.say("13", "the same with TLS", f"{tls['after']:.1f} kB, last after {tls['last']:.0f} ms", "–", "–", "≤ 30 kB", tls["after"] <= 30)

    def screen(self, to, secret):
        """A dashboard on a terminal of 120×40 that watches a server."""
        home = os.path.join(self.work, "home")
        os.makedirs(home, exist_ok=True)
        env = {k: v for k, v in os.environ.items() if not k.startswith("RASAD_")}
        env.update(XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home, XDG_STATE_HOME=home, RASAD_LANG="en", TERM="xterm-256color")
        pid, tty = pty.fork()
        if pid == 0:
            os.execve(self.args.rasad, [self.args.rasad, "--source", f"http://{to}", "--token-file", secret], env)
        fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        return pid, tty

    def until(self, tty, what, seconds):
        seen, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([tty], [], [], 0.05)[0]:
                seen += os.read(tty, 65536)
                if what in seen:
                    return time.monotonic()
        raise SystemExit(f"the screen never said {what!r}; it said {seen[-2000:]!r}")

    def bar14(self):
        """A commit until it is on a screen that watches, and the same through another server, which can only be noticed by looking."""
        db, token, secret = self.store("small", 600)
        process, to = self.serve(db)
        other, other_to = self.serve(db)
        auth = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        pid, tty = self.screen(to, secret)
        self.until(tty, b"live", 30)
        letter = 0
        for name, address, count in (("", to, self.args.commits), (", notifications dead", other_to, max(10, self.args.commits // 5))):
            ask = http.client.HTTPConnection(address, timeout=10)
            ask.request("GET", "/v1/document", headers=auth)
            path = "/v1/measure/" + json.loads(ask.getresponse().read())["measures"][0]["id"]
            ask.request("GET", path, headers=auth)
            answer = ask.getresponse()
            record, tag = json.loads(answer.read()), answer.getheader("etag")
            assert answer.status == 200, record
            times, answered, behind = [], [], []
            for nth in range(count):
                # Every letter another one than before, so that all of them are drawn.
                letter = (letter + 1) % 26
                said = chr(ord("a") + letter) * 6
                record["title"] = {"fa": said, "en": said}
                # A quiet link: what a change made blink has faded, and what is read at intervals is not in step with us.
                time.sleep(0.3 + (nth * 7919 % 100) / 250)
                while select.select([tty], [], [], 0)[0]:
                    os.read(tty, 65536)
                sent = time.monotonic()
                ask.request("PUT", path, json.dumps(record), {**auth, "if-match": tag})
                answer = ask.getresponse()
                body = answer.read()
                assert answer.status == 200, body
                tag = answer.getheader("etag")
                answered.append((time.monotonic() - sent) * 1e3)
                times.append((self.until(tty, said.encode(), 10) - sent) * 1e3)
                behind.append(times[-1] - answered[-1])
            times.sort()
            p50, p99 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
            if name:
                self.say("14", f"commit → screen{name}", f"p50 {p50:.0f} ms, longest {times[-1]:.0f} ms", "–", "–", "≤ 1.2 s", times[-1] <= 1200)
            else:
                self.say("14", "commit → screen", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", f"the commit itself p50 {statistics.median(answered):.1f} ms, longest {max(answered):.0f} ms; without it the screen p99 {at(behind, 0.99):.0f} ms", "–", "≤ 20 ms, ≤ 200 ms", p50 <= 20 and p99 <= 200)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        os.close(tty)
        self.end(process)
        self.end(other)

    def bar15(self):
        """A restart while a thousand streams are open."""
        db, token, _ = self.store("small", 600)
        for name, how in (("stopped in good order", signal.SIGTERM), ("killed", signal.SIGKILL)):
            process, to = self.serve(db)
            load = self.start([os.path.join(self.args.peers, "load"), "restart", f"to={to}", "path=/v1/watch?since=0", "count=1000",
                               f"header=authorization: Bearer {token}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert load.stdout.readline().strip() == "ready"
            load.stdin.write("go\n")
            load.stdin.flush()
            began = time.monotonic()
            self.end(process, how)
            process, to = self.serve(db, int(to.split(":")[1]))
            away = time.monotonic() - began
            said = json.loads(load.stdout.readline())
            load.wait()
            self.running.remove(load)
            self.end(process)
            good = said["back"] == 1000 and said["p95_s"] <= 8 and said["all_s"] <= 35 and said["relisted"] == 0
            self.say("15", f"restart under 1,000 watchers, {name}", f"95 % after {said['p95_s']} s, all after {said['all_s']} s, {said['relisted']} relisted",
                     f"away {away:.1f} s", "–", "≤ 8 s, ≤ 35 s, 0", good)

    def bar16(self):
        """The whole feed of a large store, from its beginning."""
        began = time.monotonic()
        db, token, _ = self.store("huge", self.args.records)
        print(f"    {self.args.records} records made and imported in {time.monotonic() - began:.0f} s", flush=True)
        for readers in map(int, self.args.readers.split(",")):
            process, to = self.serve(db)
            time.sleep(0.5)
            before = memory(process.pid, "VmRSS")
            said = self.load("page", f"to={to}", f"readers={readers}", f"header=authorization: Bearer {token}")
            extra = (memory(process.pid, "VmHWM") - before) / 1024
            self.say("16", f"{said['records'] // readers:,} records to {readers} at once", f"{extra:.0f} MiB extra, {said['seconds']:.0f} s, "
                     f"{said['mb'] / readers:.0f} MB each", "–", f"{said['records'] / said['seconds'] / 1e3:.0f} k/s", "≤ 64 MiB", extra <= 64)
            if readers == 1:
                # The same bytes of memory must do for the document, whatever coding is asked for.
                for coding in ("zstd", "gzip", "identity"):
                    before = memory(process.pid, "VmRSS")
                    with open(f"/proc/{process.pid}/clear_refs", "w") as f:
                        f.write("5")
                    began = time.monotonic()
                    ask = http.client.HTTPConnection(to, timeout=300)
                    ask.request("GET", "/v1/document", headers={"authorization": f"Bearer {token}", "accept-encoding": coding})
                    answer, size = ask.getresponse(), 0
                    while more := answer.read(1 << 20):
                        size += len(more)
                    extra = (memory(process.pid, "VmHWM") - before) / 1024
                    self.say("16", f"the document of these, {coding}", f"{extra:.0f} MiB extra", f"{size / 1e6:.0f} MB", f"{time.monotonic() - began:.1f} s",
                             "≤ 64 MiB beyond what is kept", extra <= 64 + (size / 1e6 if coding == "zstd" else 0))
            self.end(process)

    def bar17(self):
        """Sockets that never end their request, and what the others notice of it."""
        db, token, _ = self.store("small", 600)
        process, to = self.serve(db)
        said = self.load("slow", f"to={to}", "path=/v1", "count=5000", f"header=authorization: Bearer {token}")
        self.end(process)
        good = said["p99_ms"] < 500 and said["held"] == 0
        self.say("17", "5,000 sockets that never end a request", f"others p50 {said['p50_ms']} ms, p99 {said['p99_ms']} ms; cut after {said['cut_s'][0]}–{said['cut_s'][1]} s",
                 "–", f"{said['held']} held", "p99 < 500 ms, all cut", good)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--only", default="11,12,13,14,15,16,17")
    args.add_argument("--seconds", type=int, default=3)
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--watchers", type=int, default=10_000)
    args.add_argument("--commits", type=int, default=100)
    args.add_argument("--records", type=int, default=1_000_000)
    args.add_argument("--readers", default="1,8", help="how many read a large store at once")
    args.add_argument("--rasad", help="use this program instead of building one")
    args.add_argument("--peers", help="use the peers of this directory instead of building them")
    args.add_argument("--work", help="keep stores in this directory, for the next run")
    args = args.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if not (args.rasad and args.peers):
        args.rasad, args.peers = build()
    bars = set(args.only.split(","))
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(args, args.work or work)
        try:
            if bars & {"11", "12"}:
                bench.bar11_12(bars)
            for bar in ("13", "14", "15", "17", "16"):
                if bar in bars:
                    getattr(bench, "bar" + bar)()
        finally:
            for process in bench.running:
                process.kill()
    print("\n| bar | what | rasad | peer | ratio | limit |\n| --- | --- | --- | --- | --- | --- |")
    for bar, what, mine, peer, ratio, limit, good in bench.rows:
        print(f"| {bar} | {what} | {mine} | {peer} | {ratio} | {limit}{'' if good else ', missed'} |")
    return 0 if all(good for *_, good in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
