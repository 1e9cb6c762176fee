"""What `compare.py` measures: each case is a program in the state in which its user waits for it.

Data come from the program's own generator; the peers get the same initiatives as a table (CSV), as lines, and one record a line.
"""
import csv, json, os, re, shutil, subprocess

# A word of four letters, as it is typed.
WORD = "قالی"
DOWN = [{"sleep": 0.5}, {"key": "<down>", "repeat": 100, "gap": 0.02, "name": "down"}, {"burst": "<down>", "repeat": 100, "name": "held"}]
FIELDS = ("id", "initiative_kind", "title", "county", "stage", "origin", "identified", "sponsor", "updated")


class Bench:
    """Where everything is: the programs, a place to work in, and how patient to be."""

    def __init__(self, mine, hello, work, peers, args):
        self.mine, self.hello, self.work, self.args = mine, hello, work, args
        self.home = {"XDG_CONFIG_HOME": work, "XDG_STATE_HOME": work, "XDG_DATA_HOME": work, "XDG_CACHE_HOME": os.path.join(work, "cache"),
                     "RASAD_SAMPLE_LIVE": "false", "RASAD_LANG": "en"}
        own = lambda name: shutil.which(name, path=os.path.join(peers, "bin")) or shutil.which(name)
        self.peers = {name: own(name) for name in ("less", "fzf", "btop", "csvlens", "sk", "btm", "tw")}

    def case(self, name, command, **more):
        """A case, or nothing when its program is not installed; says so."""
        if command[0] is None:
            print(f"{name}: not installed, left out (benches/peers)", flush=True)
            return []
        return [{"name": name, "cmd": command, "timeout": self.args.limit, **more}]

    def own(self, name, *options, **more):
        env = {**self.home, **more.pop("env", {})}
        return self.case(name, [self.mine, *options], env=env, quit="<esc><esc>q", **more)

    def sample(self, count, seed=7):
        """The document with so many initiatives, and the peers' files made of it."""
        base = os.path.join(self.args.data or self.work, f"initiatives-{count}-{seed}")
        document, table, lines, self.records = base + ".json", base + ".csv", base + ".txt", base + ".jsonl"
        if not os.path.exists(document):
            subprocess.run([self.mine, "sample", "--initiatives", str(count), "--seed", str(seed), "--out", document + ".part"], check=True)
            os.replace(document + ".part", document)
        if not os.path.exists(lines):
            with open(document) as source, open(table, "w", newline="") as rows, open(lines + ".part", "w") as plain, open(self.records, "w") as whole:
                out, decoder = csv.writer(rows), json.JSONDecoder()
                out.writerow(FIELDS)
                for line in source:
                    if '"initiative_kind"' not in line[:60]:
                        continue
                    record, end = decoder.raw_decode(line)
                    whole.write(line[:end] + "\n")
                    row = [str(record.get(field, "")) for field in FIELDS]
                    out.writerow(row)
                    plain.write("\t".join(row) + "\n")
            os.replace(lines + ".part", lines)
        with open(lines, "rb") as plain:
            self.lines = sum(chunk.count(b"\n") for chunk in iter(lambda: plain.read(1 << 20), b""))
        return document, table, lines


def start(bench):
    """Bars 1 and 2."""
    peers = bench.peers
    document, table, lines = bench.sample(1000)
    return (bench.case("hello", [bench.hello], first="hello", quit="q")
            + bench.own("rasad", first="rasad", ready="Revive")
            + bench.own("rasad --source", "--source", document, first="rasad", ready=r"Measures \d")
            + bench.case("less", [peers["less"], lines], first="INI", quit="q")
            + bench.case("sk", [peers["sk"], "-e"], stdin=lines, first="/", quit="<c-c>")
            + bench.case("fzf", [peers["fzf"], "-e"], stdin=lines, first="/", quit="<c-c>")
            + bench.case("csvlens", [peers["csvlens"], table], first="INI", quit="q")
            + bench.case("btop", [peers["btop"]], first="cpu", quit="q")
            + bench.case("btm", [peers["btm"]], first="CPU", quit="q"))


def keys(bench):
    """Bar 7."""
    peers = bench.peers
    _, table, lines = bench.sample(10_000)
    # The embedded sample's 6,000 initiatives, in either language and in the heaviest profile.
    into = [{"sleep": 0.6}, {"key": "5", "name": "list"}] + DOWN
    fa = {"RASAD_LANG": "fa"}
    return (bench.case("hello list", [bench.hello, "list"], ready="0001", steps=DOWN, quit="q")
            + bench.own("rasad, English", ready=r"Participation \d", steps=into)
            + bench.own("rasad, Persian", env=fa, ready="۱۴۰", steps=into)
            + bench.own("rasad, Persian, pinned", env={**fa, "RASAD_TEXT_PROFILE": "pinned"}, ready="۱۴۰", steps=into)
            + bench.case("less", [peers["less"], "-S", lines], ready="INI", steps=DOWN, quit="q")
            + bench.case("sk", [peers["sk"], "-e", "--layout=reverse"], stdin=lines, ready=f"{bench.lines}/{bench.lines}", steps=DOWN, quit="<c-c>")
            + bench.case("fzf", [peers["fzf"], "-e", "--reverse"], stdin=lines, ready=f"{bench.lines}/{bench.lines}", steps=DOWN, quit="<c-c>")
            + bench.case("csvlens", [peers["csvlens"], table], ready=f"/{bench.lines}", steps=DOWN, quit="q"))


def idle(bench):
    """Bar 8."""
    peers = bench.peers
    document, table, lines = bench.sample(10_000)
    rest = lambda **more: {"steps": [{"sleep": 3}, {"idle": bench.args.idle, "name": "idle"}], **more}
    return (bench.own("rasad, watched file", "--source", document, **rest(ready=r"Participation \d"))
            + bench.case("less", [peers["less"], lines], **rest(ready="INI", quit="q"))
            + bench.case("sk", [peers["sk"]], stdin=lines, **rest(ready=f"{bench.lines}/{bench.lines}", quit="<c-c>"))
            + bench.case("fzf", [peers["fzf"]], stdin=lines, **rest(ready=f"{bench.lines}/{bench.lines}", quit="<c-c>"))
            + bench.case("csvlens", [peers["csvlens"], table], **rest(ready=f"/{bench.lines}", quit="q"))
            + bench.case("btop", [peers["btop"]], **rest(ready="cpu", quit="q"))
            + bench.case("btm", [peers["btm"]], **rest(ready="CPU", quit="q")))


def scale(bench, count):
    """Bars 3 to 6 with so many rows: all of them there, what is then held, a filter typed over all."""
    peers = bench.peers
    document, table, lines = bench.sample(count)
    whole = rf"Participation {count:,}\b"
    settled = {"idle": 2, "name": "settled"}
    typed = {"type": WORD, "settle": 1.0, "limit": bench.args.limit, "name": "filter"}
    cache = os.path.join(bench.work, f"cache-{count}")
    own = dict(first=r"Measures \d", ready=whole, env={"XDG_CACHE_HOME": cache},
               steps=[settled, {"key": "5", "name": "list"}, {"sleep": 0.5}, {"key": "/", "name": "prompt"}, {"sleep": 0.3}, typed])
    picker = dict(stdin=lines, ready=f"{bench.lines}/{bench.lines}", steps=[settled, typed], quit="<c-c>")
    return (bench.own("rasad", "--source", document, wipe=cache, **own)
            + bench.own("rasad, next start", "--source", document, **own)
            + bench.case("sk", [peers["sk"], "-e"], **picker)
            + bench.case("fzf", [peers["fzf"], "-e"], **picker)
            # It has read everything before it shows anything. Its filter is a query language: not compared.
            + bench.case("tabiew, nine columns of CSV", [peers["tw"], table], ready=r"INI\.\d", steps=[settled], quit="q")
            + bench.case("tabiew, all fields as JSON lines", [peers["tw"], bench.records], ready=r"INI\.\d", steps=[settled], quit="q")
            + bench.case("csvlens", [peers["csvlens"], table], ready=f"/{bench.lines}", quit="q",
                         steps=[settled, {"key": f"&{WORD}<enter>", "until": rf'Filter "{WORD}": \d+/\d+\]', "limit": bench.args.limit, "name": "filter"}]))


def change(bench, count):
    """Bar 9: one record of the watched document is another."""
    document, _, _ = bench.sample(count)
    watched, other = (os.path.join(bench.work, f"{name}-{count}.json") for name in ("watched", "other"))
    shutil.copyfile(document, watched)
    # The first initiative promises five jobs more: two numbers on the first screen are others.
    jobs = re.compile(r'"jobs":\{"committed":(\d+)')
    with open(document) as source, open(other, "w") as out:
        todo = 1
        for line in source:
            if todo and '"initiative_kind"' in line[:60]:
                line, done = jobs.subn(lambda found: f'"jobs":{{"committed":{int(found[1]) + 5}', line, count=1)
                todo -= done
            out.write(line)
    swap = [{"sleep": 1}, {"swap": [other, watched], "name": "change", "settle": 1.0, "limit": bench.args.limit},
            {"sleep": 1}, {"swap": [document, watched], "name": "back", "settle": 1.0, "limit": bench.args.limit}]
    return bench.own("rasad", "--source", watched, ready=rf"Participation {count:,}\b", steps=swap)
