//! The document where it is ready: the short way to it has every guard of the long one, and what the kernel sends from a file is what
//! we would have sent.

use crate::client::{Client, Response};
use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::long::Chance;
use rasad::serve::{Rate, Settings};
use rustix::net::{AddressFamily, SocketType};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const DOCUMENT: &str = "/v1/document";

/// Asks once, so that the document is ready; its tag.
fn ready(endpoint: &Endpoint) -> String {
    let answer = endpoint.send("viewer", "GET", DOCUMENT, &[("Accept-Encoding", "zstd")], None);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("etag").unwrap().to_owned()
}

/// The document, and that it is known already, with and without a body.
fn ways(endpoint: &Endpoint, who: &str, tag: &str) -> Vec<Response> {
    let packed = ("Accept-Encoding", "zstd");
    let known = ("If-None-Match", tag);
    vec![
        endpoint.send(who, "GET", DOCUMENT, &[packed], None),
        endpoint.send(who, "GET", DOCUMENT, &[packed, known], None),
    ]
}

/// What tells one refusal from another.
fn refusal(answer: &Response) -> (u16, Option<&str>, serde_json::Value, bool) {
    let challenge = answer.header("www-authenticate");
    (
        answer.status,
        challenge,
        answer.json()["type"].clone(),
        answer.header("etag").is_some(),
    )
}

#[test]
fn whoever_is_refused_elsewhere_is_refused_the_ready_document_in_the_same_words() {
    let endpoint = Endpoint::start();
    let tag = ready(&endpoint);
    for (answer, status) in ways(&endpoint, "viewer", &tag).iter().zip([200, 304]) {
        assert_eq!(answer.status, status);
        assert!(answer.header("x-request-id").is_some());
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("etag"), Some(&*tag));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
    let long = |who: &str| endpoint.get(who, "/v1");
    for who in ["nobody", "expired", "revoked", "rasad_wrong"] {
        let slow = long(who);
        assert_eq!(slow.status, 401, "{who}");
        for answer in ways(&endpoint, who, &tag) {
            assert_eq!(refusal(&answer), refusal(&slow), "{who}");
        }
    }
    // Two tokens are none.
    let secret = endpoint.auth("viewer").remove(0).1;
    let twice = [("Authorization", secret.as_str()), ("If-None-Match", &tag)];
    assert_eq!(endpoint.send("viewer", "GET", DOCUMENT, &twice, None).status, 401);
}

#[test]
fn a_kept_connection_is_asked_for_its_token_every_time() {
    let endpoint = Endpoint::start();
    let tag = ready(&endpoint);
    let mut kept = Client::connect(endpoint.address).unwrap();
    let mut ask = |who: &str| {
        let mut headers = endpoint.auth(who);
        headers.push(("If-None-Match".to_owned(), tag.clone()));
        kept.send("GET", DOCUMENT, &headers, None).unwrap().status
    };
    assert_eq!(
        (ask("viewer"), ask("nobody"), ask("revoked"), ask("viewer")),
        (304, 401, 401, 304)
    );
    endpoint.runtime.block_on(async {
        let tokens = endpoint.store.tokens().await.unwrap();
        let token = tokens.into_iter().find(|token| token.name == "viewer").unwrap();
        let (by, now) = (rasad::serve::author("test"), jiff::Timestamp::now());
        assert!(endpoint.store.revoke_token(token.id, by, now).await.unwrap());
    });
    let began = Instant::now();
    while ask("viewer") != 401 {
        assert!(began.elapsed() < Duration::from_secs(5), "a revoked token still reads");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(ask("secretariat"), 304);
}

#[test]
fn the_ready_document_is_counted_and_has_a_limit() {
    let rate = Rate {
        per_second: 0.01,
        burst: 6.0,
    };
    let limited = Settings {
        rate,
        metrics: Some("127.0.0.1:0".parse().unwrap()),
        ..settings()
    };
    let endpoint = Endpoint::with(&as_it_is, &limited, FIXTURE);
    let tag = ready(&endpoint);
    let answers: Vec<Response> = (0..4).flat_map(|_| ways(&endpoint, "viewer", &tag)).collect();
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 304, 200, 304, 200, 429, 429, 429]);
    assert!(answers[7].header("retry-after").is_some());
    assert_eq!(ways(&endpoint, "secretariat", &tag)[1].status, 304);
    let metrics = endpoint.running.as_ref().unwrap().metrics.unwrap();
    let told = Client::connect(metrics)
        .unwrap()
        .send("GET", "/metrics", &[], None)
        .unwrap()
        .text();
    for (status, count) in [(200, 5), (304, 3), (429, 3)] {
        let line = format!("rasad_request_seconds_count{{route=\"document\",status=\"{status}\"}} {count}\n");
        assert!(told.contains(&line), "{line}{told}");
    }
}

/// A headquarters of as many enterprises as that, with names that do not pack well.
pub fn wide(enterprises: usize, letters: usize) -> String {
    let mut chance = Chance::new(3);
    let mut name = || -> String {
        (0..letters)
            .map(|_| char::from(b"abcdefghijklmnopqrstuvwxyz"[chance.below(26)]))
            .collect()
    };
    let list: Vec<_> = (0..enterprises)
        .map(|nth| serde_json::json!({"id": format!("w-{nth}"), "name": name()}))
        .collect();
    let mut document: serde_json::Value = serde_json::from_str(FIXTURE).unwrap();
    document["enterprises"] = list.into();
    document.to_string()
}

/// Asks so many times at once on a connection that holds little, and takes the answers in small bites, with a pause behind each as
/// long as it is to be slow; the bodies.
fn bites(endpoint: &Endpoint, coding: &str, times: usize, (bite, slow): (usize, Duration)) -> Vec<Vec<u8>> {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 8 << 10).unwrap();
    rustix::net::connect(&socket, &endpoint.address).unwrap();
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let secret = endpoint.auth("viewer").remove(0).1;
    for left in (0..times).rev() {
        let then = if left == 0 { "close" } else { "keep-alive" };
        let ask = format!(
            "GET {DOCUMENT} HTTP/1.1\r\nhost: x\r\nauthorization: {secret}\r\naccept-encoding: {coding}\r\nconnection: {then}\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).unwrap();
    }
    let (mut all, mut part, began) = (Vec::new(), vec![0; bite], Instant::now());
    loop {
        let count = stream.read(&mut part).unwrap();
        if count == 0 {
            break;
        }
        all.extend_from_slice(&part[..count]);
        if began.elapsed() < slow {
            std::thread::sleep(Duration::from_millis(80));
        }
    }
    let (mut rest, mut bodies) = (all.as_slice(), Vec::new());
    while !rest.is_empty() {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let head = String::from_utf8_lossy(&rest[..end]).to_lowercase();
        let length = head
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.split("\r\n").next());
        let length: usize = length.unwrap().parse().unwrap();
        assert!(rest.len() >= end + length, "{} bytes of {length}", rest.len() - end);
        bodies.push(rest[end..end + length].to_vec());
        rest = &rest[end + length..];
    }
    bodies
}

#[test]
fn what_is_sent_from_a_file_is_the_document_however_slowly_it_is_taken() {
    let endpoint = Endpoint::with(&as_it_is, &settings(), &wide(400, 1_500));
    let plain = endpoint.get("viewer", DOCUMENT).body;
    assert!(plain.len() > 600_000, "{}", plain.len());
    let unpacked = |coding: &str, body: &[u8]| {
        let mut out = Vec::new();
        match coding {
            "zstd" => zstd::Decoder::new(body).unwrap().read_to_end(&mut out),
            "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut out),
            _ => Ok(out.write(body).unwrap()),
        }
        .unwrap();
        out
    };
    // Asked for again and again, an answer is taken in parts.
    for (coding, least) in [("zstd", 300_000), ("gzip", 300_000), ("identity", 600_000)] {
        for bite in [9_999, 1 << 20] {
            let bodies = bites(&endpoint, coding, 20, (bite, Duration::ZERO));
            assert_eq!(bodies.len(), 20, "{coding} {bite}");
            for (nth, body) in bodies.iter().enumerate() {
                assert!(body.len() > least, "{coding} {}", body.len());
                assert!(unpacked(coding, body) == plain, "{coding} {bite} {nth}");
            }
        }
    }
    // A newer document while the older one is still being sent: each is whole.
    let (slow, newer) = std::thread::scope(|scope| {
        let slow = scope.spawn(|| bites(&endpoint, "zstd", 10, (4_096, Duration::from_millis(500))));
        std::thread::sleep(Duration::from_millis(200));
        let put = endpoint.put("secretariat", "/v1/enterprise/w-0", "{\"id\":\"w-0\",\"name\":\"new\"}");
        assert!(matches!(put.status, 200 | 204), "{} {}", put.status, put.text());
        (
            slow.join().unwrap(),
            bites(&endpoint, "zstd", 1, (1 << 20, Duration::ZERO)),
        )
    });
    let newer = unpacked("zstd", &newer[0]);
    assert!(newer != plain && String::from_utf8_lossy(&newer).contains("\"new\""));
    assert!(unpacked("zstd", &slow[0]) == plain);
    for body in &slow {
        let body = unpacked("zstd", body);
        assert!(body == plain || body == newer);
    }
}

#[test]
fn a_connection_has_its_time_anew_after_every_answer_and_no_longer() {
    let endpoint = Endpoint::start();
    let tag = ready(&endpoint);
    let mut headers = endpoint.auth("viewer");
    headers.push(("If-None-Match".to_owned(), tag));
    let mut kept = Client::connect(endpoint.address).unwrap();
    for _ in 0..3 {
        assert_eq!(kept.send("GET", DOCUMENT, &headers, None).unwrap().status, 304);
        std::thread::sleep(Duration::from_secs(6));
    }
    let began = Instant::now();
    assert!(kept.head().is_err(), "nobody asked");
    assert!((2..7).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}
