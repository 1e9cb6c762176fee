//! A server with readers who come and go, writers, and a dashboard in a terminal of its own, for as long as one likes: memory and
//! descriptors of both programs stay where they were when everything was warm.

use crate::client::{Client, Stream};
use crate::disaster::{serve, serve_with};
use crate::long::{Chance, said, seconds};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// From how long on a run is judged by whether anything grows.
const WARM: Duration = Duration::from_secs(300);

/// What a process holds: kilobytes of memory, descriptors, threads.
#[derive(Clone, Copy, Debug)]
struct Held {
    memory: u64,
    descriptors: u64,
    threads: u64,
}

fn held(pid: u32) -> Held {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let number = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    };
    Held {
        memory: number("VmRSS:"),
        descriptors: std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as u64,
        threads: number("Threads:"),
    }
}

/// The middle of a part of the samples: one moment says little.
fn middle(samples: &[Held]) -> Held {
    let of = |field: fn(&Held) -> u64| {
        let mut all: Vec<u64> = samples.iter().map(field).collect();
        all.sort_unstable();
        all[all.len() / 2]
    };
    Held {
        memory: of(|held| held.memory),
        descriptors: of(|held| held.descriptors),
        threads: of(|held| held.threads),
    }
}

/// The last quarter holds no more than the second one did, but for what an allocator keeps. A short run is not warm by then: it
/// only has a limit.
fn is_flat(name: &str, samples: &[Held], time: Duration) {
    let quarter = samples.len() / 4;
    let (before, after) = (middle(&samples[quarter..2 * quarter]), middle(&samples[3 * quarter..]));
    said(&format!("{name}: {before:?}, at the end {after:?}"));
    let most = match time < WARM {
        true => 256 << 10,
        false => before.memory + before.memory / 10 + (12 << 10),
    };
    assert!(after.memory <= most, "{name} grows: {samples:?}");
    assert!(
        after.descriptors <= before.descriptors + 12,
        "{name} keeps descriptors: {samples:?}"
    );
    // Work that blocks has a pool of threads that follows the load.
    assert!(
        after.threads <= before.threads + 16,
        "{name} keeps threads: {samples:?}"
    );
}

fn token(store: &str, role: &str) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["token", "add", "--store", store, "--role", role, "--name", role])
        .output()
        .unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

fn headers(secret: &str) -> Vec<(String, String)> {
    vec![("Authorization".to_owned(), format!("Bearer {secret}"))]
}

/// Reads a stream for a while, goes away, comes back; now and then it reads everything.
fn read(address: SocketAddr, secret: &str, seed: u64, stop: &AtomicBool, events: &AtomicUsize) {
    let mut chance = Chance::new(seed);
    let mut since = "0".to_owned();
    while !stop.load(Ordering::Relaxed) {
        let path = format!("/v1/watch?since={since}");
        let mut stream = Stream::open(address, &path, &headers(secret)).unwrap().unwrap();
        for _ in 0..chance.below(300) {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let Ok(Some(event)) = stream.next() else { break };
            events.fetch_add(1, Ordering::Relaxed);
            if !event.id.is_empty() {
                since = event.id;
            }
        }
        drop(stream);
        let mut client = Client::connect(address).unwrap();
        for path in ["/v1/document", "/v1/changes?since=0&limit=500", "/v1", "/nowhere"] {
            client.send("GET", path, &headers(secret), None).unwrap();
        }
        if chance.below(4) == 0 {
            since = "0".to_owned();
        }
    }
}

/// The same few records again and again: what is served does not grow.
fn write(address: SocketAddr, secret: &str, seed: u64, stop: &AtomicBool) -> u64 {
    let mut client = Client::connect(address).unwrap();
    for nth in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            return nth;
        }
        let path = format!("/v1/enterprise/soak-{seed}-{}", nth % 20);
        let tag = client.send("GET", &path, &headers(secret), None).unwrap();
        let mut all = headers(secret);
        all.push(match tag.header("etag") {
            Some(tag) => ("If-Match".to_owned(), tag.to_owned()),
            None => ("If-None-Match".to_owned(), "*".to_owned()),
        });
        all.push(("Content-Type".to_owned(), "application/json".to_owned()));
        let id = path.rsplit('/').next().unwrap();
        let body = format!("{{\"id\":\"{id}\",\"name\":\"واحد {nth}\"}}");
        let answer = client.send("PUT", &path, &all, Some(body.as_bytes())).unwrap();
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        std::thread::sleep(Duration::from_millis(60));
    }
    0
}

/// A dashboard on the endpoint, in a terminal whose output is taken and thrown away.
struct Dashboard {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    shown: Arc<AtomicUsize>,
}

impl Dashboard {
    fn start(dir: &Path, address: SocketAddr, token: &Path) -> Self {
        let size = PtySize {
            rows: 40,
            cols: 120,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rasad"));
        command.args([
            "--source",
            &format!("http://{address}"),
            "--token-file",
            token.to_str().unwrap(),
        ]);
        command.env("TERM", "xterm-256color");
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "XDG_DATA_HOME",
        ] {
            command.env(name, dir);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let shown = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&shown);
        std::thread::spawn(move || {
            let mut buffer = [0; 8_192];
            while let Ok(n @ 1..) = output.read(&mut buffer) {
                count.fetch_add(n, Ordering::Relaxed);
            }
        });
        Self {
            child,
            keys: pair.master.take_writer().unwrap(),
            _master: pair.master,
            shown,
        }
    }

    /// Somebody looks around: screens, lists, help.
    fn press(&mut self, nth: usize) {
        const KEYS: [&[u8]; 8] = [b"2", b"j", b"j", b"?", b"\x1b", b"3", b"k", b"1"];
        self.keys.write_all(KEYS[nth % KEYS.len()]).unwrap();
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ends the server however the test ends.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a process that serves was told by its surroundings.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn told(server: &Server, name: &str) -> Option<String> {
    let all = std::fs::read(format!("/proc/{}/environ", server.0.id())).unwrap();
    let all = String::from_utf8_lossy(&all);
    let mut pairs = all.split('\0').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(known, value)| (known == name).then(|| value.to_owned()))
}

/// The heaps of the C library keep what was freed: there are as many as processors, or as many as somebody has said.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_server_has_as_many_heaps_as_processors() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("hq.db");
    let store = store.to_str().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["import", "sample", "--store", store])
        .output()
        .unwrap();
    assert!(made.status.success());
    let (child, _) = serve(store);
    let server = Server(child);
    let processors = std::thread::available_parallelism().unwrap().get().max(2);
    assert_eq!(told(&server, "MALLOC_ARENA_MAX"), Some(processors.to_string()));
    let name = std::fs::read_to_string(format!("/proc/{}/comm", server.0.id())).unwrap();
    assert_eq!(name.trim(), "rasad", "it is found by its name");
    drop(server);
    let (child, _) = serve_with(store, &[("MALLOC_ARENA_MAX", "7")]);
    let server = Server(child);
    assert_eq!(told(&server, "MALLOC_ARENA_MAX").as_deref(), Some("7"));
}

#[test]
fn memory_and_descriptors_stay_where_they_were() {
    let time = seconds("TEST_SOAK_SECONDS", 12);
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("hq.db");
    let store = store.to_str().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["import", "sample", "--store", store])
        .output()
        .unwrap();
    assert!(made.status.success());
    let (viewer, writer) = (token(store, "viewer"), token(store, "secretariat"));
    let file = dir.path().join("token");
    std::fs::write(&file, &viewer).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let (child, address) = serve(store);
    let server = Server(child);
    let mut dashboard = Dashboard::start(dir.path(), address, &file);
    let (stop, end, events) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let readers: Vec<_> = (0..12)
        .map(|seed| {
            let (secret, stop, events) = (viewer.clone(), Arc::clone(&stop), Arc::clone(&events));
            std::thread::spawn(move || read(address, &secret, seed, &stop, &events))
        })
        .collect();
    let writers: Vec<_> = (0..2)
        .map(|seed| {
            let (secret, stop) = (writer.clone(), Arc::clone(&end));
            std::thread::spawn(move || write(address, &secret, seed, &stop))
        })
        .collect();
    let (mut of_server, mut of_dashboard) = (Vec::new(), Vec::new());
    let (began, mut shown) = (Instant::now(), Vec::new());
    let every = (time / 400).max(Duration::from_millis(200));
    while began.elapsed() < time {
        dashboard.press(of_server.len());
        std::thread::sleep(every);
        of_server.push(held(server.0.id()));
        of_dashboard.push(held(dashboard.child.process_id().unwrap()));
        shown.push(dashboard.shown.load(Ordering::Relaxed));
        assert!(
            readers.iter().all(|reader| !reader.is_finished()) && writers.iter().all(|writer| !writer.is_finished()),
            "somebody gave up after {:?}",
            began.elapsed()
        );
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
    // Last, so that no reader waits for an event that never comes.
    end.store(true, Ordering::Relaxed);
    let written: u64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    said(&format!(
        "{:?}: {written} writes, {} events read, {} bytes shown",
        began.elapsed(),
        events.load(Ordering::Relaxed),
        shown.last().unwrap()
    ));
    // The dashboard was alive until the end: it went on answering keys.
    assert!(shown.last() > shown.get(shown.len() / 2), "{shown:?}");
    is_flat("server", &of_server, time);
    is_flat("dashboard", &of_dashboard, time);
}
