//! The feed over long distances: forgotten deletions, readers far behind, readers who take nothing, and TLS.

use crate::client::{Client, Stream};
use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::stores::{Kind, Place};
use jiff::{SignedDuration, Timestamp};
use rasad::contract::feed::{Kinds, Sync};
use rasad::serve::{Settings, author};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

fn purge(endpoint: &Endpoint) {
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let purged = endpoint
        .runtime
        .block_on(endpoint.store.purge(later, later, author("test"), later))
        .unwrap();
    assert_eq!(purged.tombstones, 1);
    // The server learns of it at its next look.
    endpoint.running.as_ref().unwrap().wake();
    std::thread::sleep(Duration::from_millis(300));
}

#[test]
fn who_missed_a_forgotten_deletion_must_begin_anew_and_nobody_else() {
    for kind in Kind::all() {
        let endpoint = Endpoint::at(Place::new(kind), &as_it_is, &settings(), FIXTURE);
        let epoch = endpoint.epoch();
        let tag = format!("\"{epoch}.1\"");
        let gone = endpoint.send(
            "secretariat",
            "DELETE",
            "/v1/enterprise/e-1",
            &[("If-Match", &tag)],
            None,
        );
        assert_eq!(gone.status, 204);
        assert_eq!(
            endpoint
                .put("secretariat", "/v1/enterprise/e-2", r#"{"id":"e-2","name":"دو"}"#)
                .status,
            201
        );
        purge(&endpoint);
        assert_eq!(endpoint.get("viewer", "/v1").json()["min_rev"], 2);
        for path in ["changes", "watch"] {
            let old = endpoint.get("viewer", &format!("/v1/{path}?since={epoch}.1"));
            assert_eq!(
                (old.status, old.json()["reason"].as_str()),
                (410, Some("compacted")),
                "{path}"
            );
        }
        // Who saw the deletion, and who begins, may go on.
        for (since, count) in [
            (format!("{epoch}.2"), 1),
            ("0".to_owned(), 16),
            (format!("{epoch}.0"), 16),
        ] {
            let page = endpoint.get("viewer", &format!("/v1/changes?since={since}"));
            assert_eq!(
                (page.status, page.lines().last().unwrap()["count"].as_u64()),
                (200, Some(count)),
                "{since}"
            );
        }
        // History keeps what the feed forgot.
        let history = endpoint.get("viewer", "/v1/enterprise/e-1/history").json();
        assert_eq!(history["versions"].as_array().unwrap().len(), 2);
    }
}

/// A client as the protocol describes it: state by kind and id.
#[derive(Default)]
struct Follower(BTreeMap<(String, String), u64>);

impl Follower {
    fn apply(&mut self, line: &str) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let key = (
            line["kind"].as_str().unwrap().to_owned(),
            line["id"].as_str().unwrap().to_owned(),
        );
        let rev = line["rev"].as_u64().unwrap();
        if self.0.get(&key).is_none_or(|known| rev > *known) {
            match line["op"].as_str().unwrap() {
                "put" => drop(self.0.insert(key, rev)),
                _ => drop(self.0.remove(&key)),
            }
        }
    }

    fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::new();
        for ((kind, id), rev) in &self.0 {
            kinds.entry(kind.clone()).or_default().add(id, *rev);
        }
        kinds
    }
}

/// Writes many large records, more than the ring holds, and deletes some.
fn flood(endpoint: &Endpoint, writes: usize, bytes: usize) {
    let mut client = Client::connect(endpoint.address).unwrap();
    let mut headers = endpoint.auth("secretariat");
    headers.push(("Content-Type".into(), "application/json".into()));
    let text = "ن".repeat(bytes / 2);
    for nth in 0..writes {
        let put = |id: &str| serde_json::json!({ "op": "put", "kind": "enterprise", "id": id, "if_none_match": "*", "obj": { "id": id, "name": text } });
        let operations = [put(&format!("f-{nth}-a")), put(&format!("f-{nth}-b"))];
        let body = serde_json::json!({ "operations": operations }).to_string();
        let response = client
            .send("POST", "/v1/batch", &headers, Some(body.as_bytes()))
            .unwrap();
        assert_eq!(response.status, 200, "{}", response.text());
        if nth % 3 == 0 {
            let tag = format!("\"{}\"", response.json()["cursor"].as_str().unwrap());
            let mut headers = endpoint.auth("secretariat");
            headers.push(("If-Match".into(), tag));
            let path = format!("/v1/enterprise/f-{nth}-a");
            assert_eq!(client.send("DELETE", &path, &headers, None).unwrap().status, 204);
        }
    }
}

#[test]
fn a_reader_far_behind_the_ring_gets_everything_and_the_right_checksum() {
    let endpoint = Endpoint::start();
    let headers = endpoint.auth("viewer");
    // It opens its stream, and then reads nothing while far more is written than any buffer holds.
    let mut slow = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    let mut follower = Follower::default();
    flood(&endpoint, 300, 36_000);
    let head = endpoint.get("viewer", "/v1").json()["head"].as_u64().unwrap();
    let mut last = 0;
    loop {
        let event = slow.next().unwrap().unwrap();
        if event.name == "changes" {
            let rev: u64 = event.id.rsplit('.').next().unwrap().parse().unwrap();
            assert!(rev > last, "{rev} after {last}");
            last = rev;
            event.data.iter().for_each(|line| follower.apply(line));
        } else if event.name == "sync" {
            let sync: Sync = serde_json::from_str(&event.data[0]).unwrap();
            let told: Kinds = sync.kinds.into_iter().filter(|(_, state)| state.count > 0).collect();
            assert_eq!(told, follower.kinds(), "at {}", sync.head);
            if sync.head == head {
                return;
            }
        }
    }
}

#[test]
fn a_reader_who_takes_nothing_is_closed_after_half_a_minute_and_costs_nobody_anything() {
    let endpoint = Endpoint::with(
        &as_it_is,
        &Settings {
            metrics: Some("127.0.0.1:0".parse().unwrap()),
            ..settings()
        },
        FIXTURE,
    );
    let counters = endpoint.running.as_ref().unwrap().metrics.unwrap();
    let watchers = || {
        let text = Client::connect(counters)
            .unwrap()
            .send("GET", "/metrics", &[], None)
            .unwrap()
            .text();
        text.lines()
            .find_map(|line| line.strip_prefix("rasad_watchers "))
            .unwrap()
            .to_owned()
    };
    let headers = endpoint.auth("viewer");
    let _stuck = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    flood(&endpoint, 300, 36_000);
    assert_eq!(watchers(), "1");
    let began = Instant::now();
    while watchers() != "0" {
        assert!(began.elapsed() < Duration::from_secs(45), "it is still there");
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(
        began.elapsed() > Duration::from_secs(15),
        "it was closed too early: {:?}",
        began.elapsed()
    );
    assert_eq!(endpoint.get("viewer", "/v1").status, 200);
}

#[test]
fn it_speaks_tls_and_refuses_plain_http_there() {
    let dir = tempfile::tempdir().unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let tls = Settings {
        tls: Some((cert.clone(), key.clone())),
        ..settings()
    };
    let endpoint = Endpoint::with(&as_it_is, &tls, FIXTURE);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(&std::fs::read(&cert).unwrap()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    let address = format!("https://localhost:{}/v1", endpoint.address.port());
    let request = client.get(address).bearer_auth(&endpoint.secrets["viewer"]);
    let answer = endpoint
        .runtime
        .block_on(async { request.send().await.unwrap().text().await.unwrap() });
    assert!(answer.contains("\"api\":1"), "{answer}");
    let mut plain = Client::connect(endpoint.address).unwrap();
    assert!(plain.send("GET", "/healthz", &[], None).is_err());
    // A handshake that never goes on is cut; others are let in meanwhile.
    let mut half = std::net::TcpStream::connect(endpoint.address).unwrap();
    half.write_all(b"\x16\x03\x01").unwrap();
    let request = client.get(format!("https://localhost:{}/healthz", endpoint.address.port()));
    assert_eq!(endpoint.runtime.block_on(request.send()).unwrap().status(), 200);
    // A key that is none is refused at the start, by name.
    std::fs::write(&key, "nothing").unwrap();
    let store = std::sync::Arc::clone(&endpoint.store);
    let started = endpoint
        .runtime
        .block_on(rasad::serve::Server::start(store, &tls, rasad::clock::Clock::System));
    assert!(matches!(started, Err(rasad::serve::Failure::Tls(file, _)) if file == key));
}

#[test]
fn anonymous_readers_are_let_in_by_configuration_only_and_write_nothing() {
    let open = Settings {
        anonymous: true,
        ..settings()
    };
    let endpoint = Endpoint::with(&as_it_is, &open, FIXTURE);
    assert_eq!(endpoint.get("nobody", "/v1/document").status, 200);
    assert_eq!(endpoint.get("nobody", "/v1/audit").status, 403);
    let tag = format!("\"{}.1\"", endpoint.epoch());
    assert_eq!(
        endpoint
            .send("nobody", "DELETE", "/v1/demand/d-1", &[("If-Match", &tag)], None)
            .status,
        403
    );
    // A wrong token is not taken for none.
    assert_eq!(endpoint.get("rasad_0", "/v1").status, 401);
}

#[test]
fn plain_http_beyond_this_machine_needs_to_be_asked_for() {
    let endpoint = Endpoint::start();
    let wide = Settings {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..settings()
    };
    let start = |settings: &Settings| {
        let store = std::sync::Arc::clone(&endpoint.store);
        endpoint.runtime.block_on(rasad::serve::Server::start(
            store,
            settings,
            rasad::clock::Clock::System,
        ))
    };
    assert!(matches!(start(&wide), Err(rasad::serve::Failure::Plain(_))));
    assert!(
        start(&Settings {
            plain_http: true,
            ..wide
        })
        .is_ok()
    );
}
