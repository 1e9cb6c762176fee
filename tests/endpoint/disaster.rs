//! What happens to a server that is killed while it writes: nothing acknowledged is lost.

use crate::client::Client;
use crate::harness::{FIXTURE, incoming, runtime, token};
use crate::long::{often, said};
use crate::stores::{Kind, Place};
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
use std::time::Duration;

/// How often the server is killed.
fn kills() -> usize {
    often("TEST_KILLS", 20)
}

pub fn serve(store: &str) -> (Child, SocketAddr) {
    serve_with(store, &[])
}

/// The same in other surroundings.
pub fn serve_with(store: &str, told: &[(&str, &str)]) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["serve", "--rate", "0", "--listen", "127.0.0.1:0", "--store"])
        .arg(store)
        .env_remove("MALLOC_ARENA_MAX")
        .env_remove("GLIBC_TUNABLES")
        .envs(told.iter().copied())
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
    said(&format!(
        "{} kills on {kind:?}, {} writes acknowledged, none lost",
        kills(),
        all.len()
    ));
    if kind == Kind::File {
        assert_eq!(
            Sqlite::look(&place.file()).unwrap().check().unwrap(),
            Vec::<String>::new()
        );
    }
}
