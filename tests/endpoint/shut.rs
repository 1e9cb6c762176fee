//! A store in a file on a disk that cannot be written: it was closed in good order, so there is no log beside it.

use crate::harness::FIXTURE;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs as somebody who may not write everywhere.
fn humble(program: &Path) -> Command {
    if !rustix::process::getuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program);
    command
}

fn ask(address: &str, token: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nif-none-match: *\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_store_on_a_disk_that_cannot_be_written_is_read_and_written_once_it_can() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("ستاد #1?.db");
    let program = dir.path().join("rasad");
    let built = Path::new(env!("CARGO_BIN_EXE_rasad"));
    std::fs::hard_link(built, &program)
        .or_else(|_| std::fs::copy(built, &program).map(drop))
        .unwrap();
    std::fs::write(dir.path().join("hq.json"), FIXTURE).unwrap();
    let run = |args: &[&str]| {
        let store = store.to_str().unwrap();
        let done = Command::new(built)
            .args(args)
            .args(["--store", store])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{args:?} {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    run(&["import", "hq.json"]);
    let token = run(&["token", "add", "--role", "secretariat", "--name", "test"]);
    let log = store.with_file_name("ستاد #1?.db-wal");
    assert!(!log.exists(), "it was not closed in good order");
    let mode = |path: &Path, mode: u32| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    mode(&store, 0o444);
    mode(dir.path(), 0o555);

    let mut child = Serving(
        humble(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--store"])
            .arg(&store)
            .env("XDG_CONFIG_HOME", dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("http://")
        .unwrap_or_else(|| panic!("it does not serve: {line:?}"));
    let put = || ask(address, &token, "PUT /v1/enterprise/new", r#"{"id":"new","name":"نو"}"#);
    let starts = |answer: &str, status: &str| assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    for path in ["/v1", "/v1/changes", "/v1/project/p-1", "/v1/audit"] {
        let answer = ask(address, &token, &format!("GET {path}"), "");
        // The precondition of all requests here: what is there need not be sent.
        let there = answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.1 304");
        assert!(there, "{path}: {answer}");
    }
    starts(&put(), "503");
    starts(&put(), "503");
    // The disk is mended: nothing needs a restart, and what is written is read.
    let open = if rustix::process::getuid().is_root() {
        0o777
    } else {
        0o700
    };
    mode(dir.path(), open);
    mode(&store, 0o666);
    starts(&put(), "201");
    starts(&put(), "412");
    let answer = ask(address, &token, "GET /v1/changes", "");
    assert!(answer.contains("\"id\":\"new\""), "{answer}");
    drop(child);
    mode(dir.path(), 0o700);
}
