//! Many readers who all begin at once: what the server holds for them has a limit.

use crate::client::Client;
use crate::disaster::serve;
use crate::long::said;
use std::process::Command;

/// Kilobytes of a process by the name of the line.
fn kilobytes(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn readers_who_all_begin_at_once_take_little_of_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_rasad")).args(args).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let (document, store) = (at("hq.ndjson"), at("hq.db"));
    run(&["sample", "--initiatives", "16000", "--seed", "7", "--out", &document]);
    run(&["import", &document, "--store", &store]);
    let secret = run(&["token", "add", "--store", &store, "--role", "viewer", "--name", "crowd"]);
    let (mut child, address) = serve(&store);
    let headers = [
        ("Authorization".to_owned(), format!("Bearer {secret}")),
        ("Accept-Encoding".to_owned(), "zstd".to_owned()),
    ];
    let before = kilobytes(child.id(), "VmRSS:");
    let read = || {
        let (mut client, mut records) = (Client::connect(address).unwrap(), 0);
        let mut since = "0".to_owned();
        loop {
            let path = format!("/v1/changes?since={since}&kinds=initiative");
            let lines = client.send("GET", &path, &headers, None).unwrap().lines();
            let (trailer, rows) = lines.split_last().unwrap();
            records += rows.len();
            since = trailer["next"].as_str().unwrap().to_owned();
            if trailer["up_to_date"] == true {
                return records;
            }
        }
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..32).map(|_| scope.spawn(read)).collect();
        for reader in readers {
            assert_eq!(reader.join().unwrap(), 16_000);
        }
    });
    let extra = (kilobytes(child.id(), "VmHWM:") - before) >> 10;
    child.kill().unwrap();
    child.wait().unwrap();
    said(&format!("32 readers at once take {extra} MiB"));
    assert!(extra <= 48, "{extra} MiB");
}
