//! Input that is too much, or gives way while it is read: the last good board stays, a sentence says why, keys are answered
//! meanwhile, memory is bounded and quitting never waits.
//!
//! `TEST_GIGABYTES=1` takes the sizes that take a minute and a large disk (`tests/long`).

use crate::changes::{open, selected};
use crate::harness::{DEADLINE, Session};
use crate::program::{Home, headquarters, replace};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What reading may hold beside the board at its worst, in megabytes: the window around a record at its limit, grown once, and what
/// a decoder holds.
const BESIDE: u64 = 64;

/// Longest a key may wait while something is read, on a busy machine and without optimisation.
const KEY: Duration = Duration::from_secs(2);

/// True when sizes are what they are called.
fn in_full() -> bool {
    std::env::var("TEST_GIGABYTES").is_ok_and(|set| set != "0")
}

/// A dashboard that has seen a good document and stands on a row of it.
struct Watched {
    home: Home,
    path: PathBuf,
    session: Session,
}

impl Watched {
    fn new(home: Home) -> Self {
        // Wide enough for whole sentences.
        let home = home.size(200, 40);
        let path = home.file("province.json", headquarters().to_string());
        let mut session = open(&home, &path, "en");
        session.send("4");
        session.wait_text("● file");
        session.send("jj");
        selected(&session, &["Agency 3"]);
        Self { home, path, session }
    }

    /// A file beside the document, to be filled and moved over it.
    fn beside(&self) -> PathBuf {
        self.home.dir.path().join("beside")
    }

    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.session.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// Puts another file in the document's place: the board stays, the sentence comes, and until then keys are answered.
    fn gets(&mut self, name: &str, sentence: &str) {
        std::fs::write(format!("/proc/{}/clear_refs", self.session.pid()), "5").unwrap();
        let before = self.memory("VmHWM");
        std::fs::rename(self.beside(), &self.path).unwrap();
        let begun = Instant::now();
        loop {
            for (key, row) in [("j", "Agency 4"), ("k", "Agency 3")] {
                let pressed = Instant::now();
                self.session.send(key);
                selected(&self.session, &[row]);
                assert!(pressed.elapsed() < KEY, "{name}: a key waited {:?}", pressed.elapsed());
            }
            if self.session.contents().contains(sentence) {
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{name}:\n{}",
                self.session.contents()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        self.session.wait_text("last good data are shown");
        let peak = self.memory("VmHWM");
        said(&format!(
            "{name}: refused after {:.1} s, {} MB at most",
            begun.elapsed().as_secs_f64(),
            peak
        ));
        assert!(
            peak <= before + BESIDE,
            "{name}: {before} MB before, {peak} MB at its worst"
        );
        // And what is good again is shown again.
        replace(&self.path, &headquarters());
        self.session.wait_text("● file");
        selected(&self.session, &["Agency 3"]);
    }

    fn leave(mut self) {
        self.session.send("q");
        assert!(self.session.end_within(Duration::from_secs(2)).success());
    }
}

fn said(text: &str) {
    let _ = writeln!(std::io::stdout(), "\nsaid: {text}");
}

/// The document up to where the list of initiatives stands open.
fn beginning() -> String {
    let mut document = headquarters();
    document.as_object_mut().unwrap().remove("initiatives");
    let text = document.to_string();
    format!("{},\"initiatives\":[\n", text.strip_suffix('}').unwrap())
}

fn initiative(n: u64) -> String {
    format!(
        r#"{{"id":"i-{n}","initiative_kind":"home-business","title":"کارگاه گلیم‌بافی شماره {n}","county":"tabriz","stage":"identified","origin":"new"}}"#
    )
}

/// Writes a beginning, `filler` until there are so many bytes of it, and an end.
fn fill(mut out: impl Write, beginning: &str, filler: u8, count: u64) {
    let block = vec![filler; 1 << 20];
    out.write_all(beginning.as_bytes()).unwrap();
    for _ in 0..count >> 20 {
        out.write_all(&block).unwrap();
    }
    out.flush().unwrap();
}

fn zstd(path: &Path) -> impl Write {
    zstd::stream::write::Encoder::new(File::create(path).unwrap(), 3)
        .unwrap()
        .auto_finish()
}

fn gzip(path: &Path) -> impl Write {
    flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast())
}

#[test]
fn a_file_of_ten_gibibytes_is_refused_at_once() {
    let mut watched = Watched::new(Home::new());
    // Real at its beginning, a hole behind it.
    let mut file = File::create(watched.beside()).unwrap();
    file.write_all(beginning().as_bytes()).unwrap();
    for n in 0..10_000 {
        file.write_all((initiative(n) + ",\n").as_bytes()).unwrap();
    }
    file.set_len(10 << 30).unwrap();
    drop(file);
    watched.gets("a file of 10 GiB", "larger than 1073741824 bytes");
    watched.leave();
}

#[test]
fn a_record_of_any_length_is_refused_when_it_is_longer_than_its_limit() {
    let mut watched = Watched::new(Home::new().with("RASAD_SOURCE_MAX_BYTES", "1099511627776"));
    let size = if in_full() { 1 << 30 } else { 96 << 20 };
    let head = format!("{}{{\"id\":\"i-1\",\"title\":\"", beginning());
    let file = BufWriter::new(File::create(watched.beside()).unwrap());
    fill(file, &head, b'a', size);
    watched.gets("a long record", "source.max_record_bytes");
    fill(zstd(&watched.beside()), &head, b'a', size);
    watched.gets("a long record, zstd", "source.max_record_bytes");
    watched.leave();
}

#[test]
fn a_compression_bomb_is_refused_at_the_limit_of_what_comes_out_of_it() {
    let home = Home::new();
    // Without optimisation a gibibyte takes too long for every run.
    let home = if in_full() {
        home
    } else {
        home.with("RASAD_SOURCE_MAX_BYTES", "33554432")
    };
    let mut watched = Watched::new(home);
    let size = if in_full() { 10 << 30 } else { 256 << 20 };
    fill(gzip(&watched.beside()), &beginning(), b' ', size);
    assert!(std::fs::metadata(watched.beside()).unwrap().len() < size / 200);
    watched.gets("a bomb of blanks, gzip", "source.max_bytes");
    fill(zstd(&watched.beside()), &beginning(), b' ', size);
    assert!(std::fs::metadata(watched.beside()).unwrap().len() < size / 5_000);
    watched.gets("a bomb of blanks, zstd", "source.max_bytes");
    // A bomb in a bomb: only the outer one is ever opened.
    fill(zstd(&watched.beside()), &beginning(), b' ', size);
    let inner = std::fs::read(watched.beside()).unwrap();
    gzip(&watched.beside()).write_all(&inner).unwrap();
    watched.gets("a bomb in a bomb", "this is not JSON");
    watched.leave();
}

#[test]
fn quitting_never_waits_for_what_is_being_read() {
    let home = Home::new();
    let bomb = home.dir.path().join("bomb.json");
    fill(gzip(&bomb), &beginning(), b' ', 512 << 20);
    let record = home.dir.path().join("record.json");
    let head = format!("{}{{\"id\":\"i-1\",\"title\":\"", beginning());
    fill(BufWriter::new(File::create(&record).unwrap()), &head, b'a', 96 << 20);
    for path in [&bomb, &record] {
        for after in [0, 20, 100, 400] {
            let mut session = home.start(&[
                "--lang",
                "en",
                "--text-profile",
                "plain",
                "--source",
                path.to_str().unwrap(),
            ]);
            session.wait("the first frame", |_, raw| raw.len() > 100);
            std::thread::sleep(Duration::from_millis(after));
            session.send("q");
            assert!(session.end_within(KEY).success(), "{} after {after} ms", path.display());
        }
    }
}

#[test]
fn a_file_that_loses_its_end_while_it_is_read_leaves_the_last_good_board() {
    let watched = Watched::new(Home::new());
    let mut file = BufWriter::new(File::create(watched.beside()).unwrap());
    file.write_all(beginning().as_bytes()).unwrap();
    let records: Vec<String> = (0..60_000).map(initiative).collect();
    file.write_all(records.join(",\n").as_bytes()).unwrap();
    file.write_all(b"]}").unwrap();
    drop(file);
    std::fs::rename(watched.beside(), &watched.path).unwrap();
    let file = File::options().write(true).open(&watched.path).unwrap();
    let pid = watched.session.pid();
    let is_read = || {
        let fds = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
        let name = watched.path.file_name();
        fds.filter_map(Result::ok)
            .any(|fd| std::fs::read_link(fd.path()).is_ok_and(|to| to.file_name() == name))
    };
    let until = Instant::now() + DEADLINE;
    while !is_read() {
        assert!(Instant::now() < until, "it is not read");
        std::thread::sleep(Duration::from_millis(1));
    }
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    watched.session.wait_text("the input ends in the middle");
    watched.session.wait_text("last good data are shown");
    selected(&watched.session, &["Agency 3"]);
    watched.leave();
}

#[test]
fn a_file_that_grows_while_it_is_read_is_followed_to_its_end() {
    let home = Home::new();
    let mut head = headquarters();
    let document = head.as_object_mut().unwrap();
    let headquarters = document.remove("headquarters").unwrap();
    let mut feed = format!("{}\n", serde_json::json!({"rasad": 1, "headquarters": headquarters}));
    for agency in document["agencies"].as_array().unwrap() {
        feed += &format!(
            "{}\n",
            serde_json::json!({"rev": 1, "kind": "agency", "id": agency["id"], "op": "put", "obj": agency})
        );
    }
    let path = home.file("feed.ndjson", &feed);
    let mut session = open(&home, &path, "en");
    session.wait_text("● file");
    let lines: String = (0..4_000)
        .map(|n| {
            format!(
                "{{\"rev\":2,\"kind\":\"initiative\",\"id\":\"i-{n}\",\"op\":\"put\",\"obj\":{}}}\n",
                initiative(n)
            )
        })
        .collect();
    let mut file = File::options().append(true).open(&path).unwrap();
    // Torn anywhere, and never still for as long as a reader waits for that.
    for (at, piece) in lines.as_bytes().chunks(lines.len() / 150).enumerate() {
        file.write_all(piece).unwrap();
        if at % 10 == 0 {
            let key = ["1", "4"][at / 10 % 2];
            let pressed = Instant::now();
            session.send(key);
            session.wait_text(["Needs attention", "operational plans"][at / 10 % 2]);
            assert!(pressed.elapsed() < KEY, "a key waited {:?}", pressed.elapsed());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    session.send("1");
    session.wait_text("Participation 4,000");
    session.wait_text("● file");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn a_disk_that_fails_leaves_the_last_good_board() {
    let mut watched = Watched::new(Home::new());
    // A file of the system whose first byte cannot be read.
    assert_eq!(
        File::open("/proc/self/mem")
            .unwrap()
            .read(&mut [0])
            .unwrap_err()
            .raw_os_error(),
        Some(5)
    );
    std::os::unix::fs::symlink("/proc/self/mem", watched.beside()).unwrap();
    watched.gets("a disk that fails at once", "reading failed: Input/output error");
    watched.leave();
}

/// A file system on a device that has lost its second half.
struct HalfDisk {
    device: String,
    at: PathBuf,
}

fn run(program: &str, args: &[&str]) -> Option<String> {
    let out = Command::new(program).args(args).output().ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

impl HalfDisk {
    /// Holds a file that begins well and has a block that cannot be read; nothing where this takes rights that we lack.
    fn new(dir: &Path, text: &str) -> Option<Self> {
        let (image, at) = (dir.join("disk"), dir.join("mounted"));
        std::fs::create_dir(&at).unwrap();
        let file = File::create(&image).unwrap();
        file.set_len(16 << 20).unwrap();
        run("mkfs.ext2", &["-q", "-F", image.to_str()?])?;
        let device = run("losetup", &["-f", "--show", image.to_str()?])?;
        let disk = Self { device, at };
        let mount = || run("mount", &[&disk.device, disk.at.to_str()?]);
        mount()?;
        std::fs::write(disk.at.join("province.json"), text).unwrap();
        run("umount", &[disk.at.to_str()?])?;
        mount()?;
        // What says where the file lies is remembered, what is in it is not.
        std::fs::metadata(disk.at.join("province.json")).unwrap();
        run("sync", &[])?;
        file.set_len(3 << 20).unwrap();
        run("losetup", &["-c", &disk.device])?;
        Some(disk)
    }
}

impl Drop for HalfDisk {
    fn drop(&mut self) {
        run("umount", &["-l", self.at.to_str().unwrap()]);
        run("losetup", &["-d", &self.device]);
    }
}

#[test]
fn a_block_that_cannot_be_read_leaves_the_last_good_board() {
    let mut watched = Watched::new(Home::new());
    let records: Vec<String> = (0..40_000).map(initiative).collect();
    let text = format!("{}{}]}}", beginning(), records.join(",\n"));
    let Some(disk) = HalfDisk::new(watched.home.dir.path(), &text) else {
        said("skipped: no device can be made here");
        return;
    };
    std::os::unix::fs::symlink(disk.at.join("province.json"), watched.beside()).unwrap();
    watched.gets("a disk with a bad block", "reading failed: Input/output error");
    watched.leave();
}
