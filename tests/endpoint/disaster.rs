//! What happens to a server that is killed while it writes, or whose disk is full: nothing acknowledged is lost, and it recovers by
//! itself.

use crate::client::{Client, Stream};
use crate::harness::{Endpoint, FIXTURE, as_it_is, incoming, runtime, settings, token};
use crate::stores::{Kind, PgServer, Place};
use jiff::Timestamp;
use rasad::serve::access::Role;
use rasad::serve::import::plan;
use rasad::serve::store::sqlite::Sqlite;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often the server is killed; the long run says otherwise.
fn kills() -> usize {
    std::env::var("TEST_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20)
}

fn serve(store: &str) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["serve", "--rate", "0", "--listen", "127.0.0.1:0", "--store"])
        .arg(store)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("http://")
        .unwrap_or_else(|| panic!("{line:?}"))
        .parse()
        .unwrap();
    (child, address)
}

/// Writes until the server is gone; the revision and text of each acknowledged write.
fn write_until_gone(address: SocketAddr, secret: &str, name: &str, gone: &AtomicBool) -> Vec<(u64, String, String)> {
    let mut acknowledged = Vec::new();
    let Ok(mut client) = Client::connect(address) else {
        return acknowledged;
    };
    for nth in 0.. {
        if gone.load(Ordering::Relaxed) {
            break;
        }
        let id = format!("{name}-{nth}");
        let body = format!("{{\"id\":\"{id}\",\"name\":\"{name} {nth}\"}}");
        let headers = [
            ("Authorization".to_owned(), format!("Bearer {secret}")),
            ("If-None-Match".to_owned(), "*".to_owned()),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        let path = format!("/v1/enterprise/{id}");
        match client.send("PUT", &path, &headers, Some(body.as_bytes())) {
            Ok(response) => {
                assert_eq!(response.status, 201, "{}", response.text());
                let rev = response
                    .header("etag")
                    .unwrap()
                    .trim_matches('"')
                    .split_once('.')
                    .unwrap()
                    .1
                    .parse()
                    .unwrap();
                acknowledged.push((rev, id, body));
            }
            Err(_) => break,
        }
    }
    acknowledged
}

#[test]
fn a_killed_server_has_lost_no_acknowledged_write() {
    for kind in Kind::all() {
        killed(kind);
    }
}

fn killed(kind: Kind) {
    let place = Place::new(kind);
    let runtime = runtime();
    let secret = runtime.block_on(async {
        let store = place.open().await;
        let plan = plan(Some(&*store), &incoming(FIXTURE), false).await.unwrap();
        plan.write(&*store, Timestamp::now()).await.unwrap();
        token(&*store, "writer", Role::Secretariat, None, 1).await
    });
    let file = place.argument();
    let mut all: BTreeMap<u64, (String, String)> = BTreeMap::new();
    for round in 0..kills() {
        let (mut child, address) = serve(&file);
        let gone = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (secret, gone) = (secret.clone(), Arc::clone(&gone));
                std::thread::spawn(move || write_until_gone(address, &secret, &format!("w{round}-{writer}"), &gone))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(60 + 17 * (round as u64 % 11)));
        child.kill().unwrap();
        gone.store(true, Ordering::Relaxed);
        child.wait().unwrap();
        for writer in writers {
            for (rev, id, body) in writer.join().unwrap() {
                let twice = all.insert(rev, (id, body));
                assert_eq!(twice, None, "revision {rev} was acknowledged twice");
            }
        }
    }
    assert!(all.len() > kills(), "only {} writes were acknowledged", all.len());
    // Everything acknowledged is there, under the revision it was acknowledged with.
    let (mut child, address) = serve(&file);
    let mut client = Client::connect(address).unwrap();
    let headers = [("Authorization".to_owned(), format!("Bearer {secret}"))];
    let (mut lines, mut since) = (Vec::new(), "0".to_owned());
    loop {
        let path = format!("/v1/changes?since={since}&kinds=enterprise");
        let page = client.send("GET", &path, &headers, None).unwrap();
        lines.extend(page.lines());
        let trailer = lines.pop().unwrap();
        if trailer["up_to_date"] == true {
            break;
        }
        since = trailer["next"].as_str().unwrap().to_owned();
    }
    let found: BTreeMap<String, (u64, String)> = lines
        .iter()
        .map(|line| {
            (
                line["id"].as_str().unwrap().to_owned(),
                (line["rev"].as_u64().unwrap(), line["obj"].to_string()),
            )
        })
        .collect();
    for (rev, (id, body)) in &all {
        let (kept, obj) = found
            .get(id)
            .unwrap_or_else(|| panic!("{id} was acknowledged as {rev} and is lost"));
        assert_eq!(
            (kept, serde_json::from_str::<serde_json::Value>(obj).unwrap()),
            (rev, serde_json::from_str(body).unwrap())
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();
    if kind == Kind::File {
        assert_eq!(
            Sqlite::look(&place.file()).unwrap().check().unwrap(),
            Vec::<String>::new()
        );
    }
}

/// A small disk of its own, when this machine lets us make one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(dir.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_stops_writing_only_and_nothing_needs_a_restart() {
    let Some(disk) = SmallDisk::new() else {
        // Mounting takes rights this user has not; the command that runs all tests on a build machine has them.
        return;
    };
    let store = Arc::new(Sqlite::open(&disk.0.path().join("hq.db"), true).unwrap());
    let place = Place::new(Kind::File);
    let endpoint = Endpoint::over(runtime(), store, place, &as_it_is, &settings(), FIXTURE);
    let put = |id: &str| {
        let body = format!("{{\"id\":\"{id}\",\"name\":\"{}\"}}", "نام ".repeat(2_000));
        endpoint.put("secretariat", &format!("/v1/enterprise/{id}"), &body)
    };
    assert_eq!(put("e-2").status, 201);
    let ballast = disk.0.path().join("ballast");
    let mut full = std::fs::File::create(&ballast).unwrap();
    while std::io::Write::write_all(&mut full, &[0; 4_096]).is_ok() {}
    let mut refused = None;
    for nth in 0..2_000 {
        let response = put(&format!("f-{nth}"));
        if response.status != 201 {
            refused = Some(response);
            break;
        }
    }
    let refused = refused.unwrap_or_else(|| panic!("the disk was never full"));
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    assert!(!refused.text().contains("disk"), "{}", refused.text());
    let head = endpoint.get("viewer", "/v1").json()["head"].as_u64().unwrap();
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    assert_eq!(
        endpoint.get("viewer", "/v1/changes?since=0").lines().last().unwrap()["head"],
        head
    );
    drop(full);
    std::fs::remove_file(&ballast).unwrap();
    let began = Instant::now();
    while put("e-3").status != 201 {
        assert!(began.elapsed() < Duration::from_secs(10), "it did not recover");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(
        endpoint.get("viewer", "/v1").json()["head"],
        head + 1,
        "a refused write was kept"
    );
}

/// The database is away for a while: what is known is still read, writes are refused, and everything goes on by itself.
#[test]
fn a_stopped_database_stops_writing_only_and_nothing_needs_a_restart() {
    let Some(server) = PgServer::start() else { return };
    let runtime = runtime();
    let place = Place::in_database(runtime.block_on(server.database()));
    let store = runtime.block_on(place.open());
    let endpoint = Endpoint::over(runtime, store, place, &as_it_is, &settings(), FIXTURE);
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    let tag = format!("\"{}.1\"", endpoint.epoch());
    let write = |id: &str| {
        let json = ("Content-Type", "application/json");
        let body = format!("{{\"id\":\"{id}\",\"name\":\"نام\"}}");
        endpoint.send(
            "secretariat",
            "PUT",
            &format!("/v1/enterprise/{id}"),
            &[("If-None-Match", "*"), json],
            Some(&body),
        )
    };
    server.control(&["stop", "-m", "fast"]);
    let refused = write("e-2");
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(refused.header("retry-after").is_some());
    assert_eq!(endpoint.get("viewer", "/v1/document").status, 200);
    let known = endpoint.send("viewer", "GET", "/v1/document", &[("If-None-Match", &tag)], None);
    assert_eq!(known.status, 304);
    assert_eq!(endpoint.get("viewer", "/v1").status, 200);
    let began = Instant::now();
    while endpoint.get("nobody", "/readyz").status != 503 {
        assert!(began.elapsed() < Duration::from_secs(15), "it still says it is ready");
        std::thread::sleep(Duration::from_millis(200));
    }
    server.control(&["start"]);
    let began = Instant::now();
    while write("e-3").status != 201 {
        assert!(began.elapsed() < Duration::from_secs(20), "it did not recover");
        std::thread::sleep(Duration::from_millis(200));
    }
    // The stream that was open all the time goes on as if nothing had been.
    loop {
        let event = stream.next().unwrap().unwrap();
        if event.name == "changes" {
            assert!(event.data[0].contains("\"e-3\""), "{event:?}");
            break;
        }
    }
}
