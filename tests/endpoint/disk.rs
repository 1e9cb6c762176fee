//! A disk that is full or gives errors: reads go on, writes are refused as what may work later, and nothing
//! needs a restart. Real file systems, made for the test: that takes root, which the command that runs all tests on a build machine has.

use crate::client::{Response, Stream};
use crate::harness::{Endpoint, FIXTURE, as_it_is, runtime, settings};
use crate::stores::{Kind, Place};
use rasad::serve::store::sqlite::Sqlite;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn run(program: &str, args: &[&str]) -> Option<String> {
    let out = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    out.status.success().then_some(text)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A small file system of its own, when this machine lets us make one.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", text(dir.path())])?;
        Some(Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run("umount", &["-l", text(self.0.path())]);
    }
}

/// A disk that gives errors when it is told to: behind its device is a file that loses its end, and gets it back.
struct BadDisk {
    device: String,
    dir: TempDir,
    under: SmallDisk,
}

impl BadDisk {
    fn new() -> Option<Self> {
        let under = SmallDisk::new(48)?;
        let image = under.path().join("disk");
        std::fs::File::create(&image).unwrap().set_len(16 << 20).unwrap();
        run("mkfs.ext2", &["-q", "-F", text(&image)])?;
        let device = run("losetup", &["-f", "--show", text(&image)])?;
        let bad = Self {
            device,
            dir: tempfile::tempdir().unwrap(),
            under,
        };
        run("mount", &["-o", "errors=continue", &bad.device, text(bad.dir.path())])?;
        Some(bad)
    }

    fn image(&self) -> PathBuf {
        self.under.path().join("disk")
    }

    /// Everything behind the first blocks is gone: reading and writing there is an error of the device.
    fn fail(&self) {
        run("sync", &["-f", text(self.dir.path())]).unwrap();
        std::fs::copy(self.image(), self.under.path().join("saved")).unwrap();
        let image = std::fs::File::options().write(true).open(self.image()).unwrap();
        image.set_len(4_096).unwrap();
        run("losetup", &["-c", &self.device]).unwrap();
    }

    fn mend(&self) {
        let saved = std::fs::read(self.under.path().join("saved")).unwrap();
        let mut image = std::fs::File::options().write(true).open(self.image()).unwrap();
        std::io::Write::write_all(&mut image, &saved).unwrap();
        run("losetup", &["-c", &self.device]).unwrap();
    }
}

impl Drop for BadDisk {
    fn drop(&mut self) {
        run("umount", &["-l", text(self.dir.path())]);
        run("losetup", &["-d", &self.device]);
    }
}

fn endpoint_at(dir: &Path) -> Endpoint {
    let store = Arc::new(Sqlite::open(&dir.join("hq.db"), true).unwrap());
    let place = Place::new(Kind::File);
    Endpoint::over(runtime(), store, place, &as_it_is, &settings(), FIXTURE)
}

fn put(endpoint: &Endpoint, id: &str) -> Response {
    let body = format!("{{\"id\":\"{id}\",\"name\":\"{}\"}}", "نام ".repeat(2_000));
    endpoint.put("secretariat", &format!("/v1/enterprise/{id}"), &body)
}

/// A write is refused as what may work later, and says nothing of what is behind it.
fn is_refused(refused: &Response) {
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(
        refused.json()["type"],
        "urn:rasad:problem:unavailable",
        "{}",
        refused.text()
    );
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert!(refused.header("retry-after").is_some());
    for word in ["disk", "SQL", "I/O", "readonly", "hq.db"] {
        assert!(!refused.text().contains(word), "{}", refused.text());
    }
}

/// Everything that reads still answers with what was acknowledged.
fn reads_go_on(endpoint: &Endpoint, head: u64) {
    let info = endpoint.get("viewer", "/v1");
    assert_eq!((info.status, info.json()["head"].as_u64()), (200, Some(head)));
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    assert_eq!(endpoint.get("viewer", "/v1/project/p-1").status, 200);
    let page = endpoint.get("viewer", "/v1/changes?since=0");
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.lines().last().unwrap()["head"], head);
}

/// It writes again by itself, and what it refused was not kept.
fn recovers(endpoint: &Endpoint, head: u64, stream: &mut Stream) {
    let began = Instant::now();
    while put(endpoint, "recovered").status != 201 {
        assert!(began.elapsed() < Duration::from_secs(10), "it did not recover");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(
        endpoint.get("viewer", "/v1").json()["head"],
        head + 1,
        "a refused write was kept"
    );
    // Who watched all the time has missed nothing.
    loop {
        let event = stream.next().unwrap().unwrap();
        assert!(matches!(event.name.as_str(), "changes" | "sync"), "{event:?}");
        if event.data[0].contains("\"recovered\"") {
            break;
        }
    }
}

fn watch(endpoint: &Endpoint) -> Stream {
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    stream
}

fn head(endpoint: &Endpoint) -> u64 {
    endpoint.get("viewer", "/v1").json()["head"].as_u64().unwrap()
}

#[test]
fn a_full_disk_stops_writing_only_and_nothing_needs_a_restart() {
    let Some(disk) = SmallDisk::new(4) else { return };
    let endpoint = endpoint_at(disk.path());
    assert_eq!(put(&endpoint, "e-2").status, 201);
    let mut stream = watch(&endpoint);
    let ballast = disk.path().join("ballast");
    let mut full = std::fs::File::create(&ballast).unwrap();
    while std::io::Write::write_all(&mut full, &[0; 4_096]).is_ok() {}
    let refused = (0..2_000)
        .map(|nth| put(&endpoint, &format!("f-{nth}")))
        .find(|put| put.status != 201);
    is_refused(&refused.unwrap_or_else(|| panic!("the disk was never full")));
    let head = head(&endpoint);
    reads_go_on(&endpoint, head);
    drop(full);
    std::fs::remove_file(&ballast).unwrap();
    recovers(&endpoint, head, &mut stream);
}

#[test]
fn a_disk_that_gives_errors_stops_writing_only() {
    let Some(disk) = BadDisk::new() else { return };
    let endpoint = endpoint_at(disk.dir.path());
    assert_eq!(put(&endpoint, "e-2").status, 201);
    let mut stream = watch(&endpoint);
    // What was read is in the memory of the machine, as it is of a store in use.
    let head = head(&endpoint);
    reads_go_on(&endpoint, head);
    disk.fail();
    is_refused(&put(&endpoint, "e-3"));
    is_refused(&put(&endpoint, "e-4"));
    reads_go_on(&endpoint, head);
    disk.mend();
    recovers(&endpoint, head, &mut stream);
    drop(stream);
    drop(endpoint);
    let found = Sqlite::look(&disk.dir.path().join("hq.db")).unwrap().check().unwrap();
    assert_eq!(found, Vec::<String>::new());
}

/// As after a failure the system does not write over: the server starts, is read, and writes again when the disk lets it.
#[test]
fn a_disk_that_may_only_be_read_stops_writing_only() {
    let Some(disk) = SmallDisk::new(16) else { return };
    let endpoint = endpoint_at(disk.path());
    assert_eq!(put(&endpoint, "e-2").status, 201);
    let (head, secrets) = (head(&endpoint), endpoint.secrets.clone());
    drop(endpoint);
    let force = |mode: &str| run("mount", &["-o", mode, text(disk.path())]);
    let began = Instant::now();
    // The kernel waits for whoever still has a file open for writing.
    while force("remount,ro").is_none() {
        assert!(began.elapsed() < Duration::from_secs(10), "the store is still open");
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut endpoint = Endpoint::reopened(&disk.path().join("hq.db"));
    endpoint.secrets = secrets;
    reads_go_on(&endpoint, head);
    let mut stream = watch(&endpoint);
    is_refused(&put(&endpoint, "e-3"));
    reads_go_on(&endpoint, head);
    force("remount,rw").unwrap();
    recovers(&endpoint, head, &mut stream);
}
