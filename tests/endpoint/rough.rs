//! Clients that misbehave: each is refused, and others do not notice.

use crate::client::{Client, Stream};
use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::long::{often, said};
use rasad::serve::{Rate, Settings};
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// A well-behaved client is answered quickly, whatever goes on around it; how long one in a hundred waited.
fn others_are_well(endpoint: &Endpoint) -> Duration {
    let mut waits: Vec<Duration> = (0..100)
        .map(|_| {
            let began = Instant::now();
            assert_eq!(endpoint.get("viewer", "/v1/project/p-1").status, 200);
            began.elapsed()
        })
        .collect();
    waits.sort_unstable();
    let slow = waits[98];
    assert!(slow < Duration::from_millis(500), "others waited {slow:?}");
    slow
}

/// Both ends of every connection are in this process.
fn room_for(descriptors: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let old = getrlimit(Resource::Nofile);
    let wanted = (descriptors as u64 + 200).max(old.current.unwrap_or(u64::MAX));
    let maximum = old.maximum.map(|maximum| maximum.max(wanted));
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(wanted),
            maximum,
        },
    )
    .unwrap();
}

#[test]
fn slow_headers_are_cut_off_and_others_do_not_wait() {
    let endpoint = Endpoint::start();
    let began = Instant::now();
    let count = often("TEST_SLOW", 300);
    room_for(2 * count + 100);
    let mut slow: Vec<TcpStream> = (0..count)
        .map(|_| {
            let mut stream = TcpStream::connect(endpoint.address).unwrap();
            stream
                .write_all(b"GET /v1 HTTP/1.1\r\nHost: rasad\r\nX-Slow: ")
                .unwrap();
            stream
        })
        .collect();
    let waited = others_are_well(&endpoint);
    said(&format!("{count} slow clients, p99 of the others {waited:?}"));
    // One byte now and then does not keep a connection.
    let mut open = slow.len();
    while open > 0 {
        assert!(
            began.elapsed() < Duration::from_secs(25),
            "{open} slow connections are still open"
        );
        std::thread::sleep(Duration::from_millis(500));
        slow.retain_mut(|stream| {
            stream.set_nonblocking(true).unwrap();
            let alive = !matches!(stream.peek(&mut [0; 1]), Ok(0)) && stream.write_all(b"x").is_ok();
            stream.set_nonblocking(false).unwrap();
            alive
        });
        open = slow.len();
    }
    assert!(
        began.elapsed() > Duration::from_secs(8),
        "honest slow clients were cut off too early"
    );
    others_are_well(&endpoint);
}

#[test]
fn floods_of_headers_and_broken_requests_are_refused() {
    let endpoint = Endpoint::start();
    let flood = |text: String| {
        let mut client = Client::connect(endpoint.address).unwrap();
        let _ = client.write(text.as_bytes());
        client.response(false).map(|response| response.status).unwrap_or(0)
    };
    let many: String = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect();
    assert_eq!(flood(format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{many}\r\n")), 431);
    let long = "x".repeat(64 << 10);
    assert!(matches!(
        flood(format!("GET /healthz HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n")),
        431 | 0
    ));
    assert!(matches!(
        flood(format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n")),
        414 | 431 | 0
    ));
    for broken in [
        "GET\r\n\r\n",
        "GET /v1 HTTP/9.9\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03",
        "GET /v1 HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "GET /v1 HTTP/1.1\r\nHost: a\r\nA\u{0}: b\r\n\r\n",
        "PUT /v1/demand/d-1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, nothing\r\n\r\n",
    ] {
        assert!(matches!(flood(broken.to_owned()), 400 | 401 | 501 | 0), "{broken:?}");
    }
    others_are_well(&endpoint);
}

#[test]
fn a_body_that_never_comes_or_never_ends_is_refused() {
    let endpoint = Endpoint::start();
    let mut headers = endpoint.auth("secretariat");
    headers.push(("If-None-Match".into(), "*".into()));
    headers.push(("Content-Type".into(), "application/json".into()));
    // Chunks without an end: cut at the limit, whatever was promised.
    let mut client = Client::connect(endpoint.address).unwrap();
    let mut endless = headers.clone();
    endless.push(("Transfer-Encoding".into(), "chunked".into()));
    client.request("PUT", "/v1/enterprise/e-2", &endless, None).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..400 {
        if client.write(chunk.as_bytes()).is_err() {
            break;
        }
    }
    // The answer may be lost when the connection is reset; that nothing was kept, and others are well, is what counts.
    if let Ok(response) = client.response(false) {
        assert_eq!(response.status, 413);
    }
    // A body that claims to be huge is not waited for.
    let mut client = Client::connect(endpoint.address).unwrap();
    let mut huge = headers.clone();
    huge.push(("Content-Length".into(), "99999999999".into()));
    let began = Instant::now();
    client.request("PUT", "/v1/enterprise/e-2", &huge, None).unwrap();
    assert_eq!(client.response(false).unwrap().status, 413);
    assert!(began.elapsed() < Duration::from_secs(5));
    // Bytes that are no text.
    let mut client = Client::connect(endpoint.address).unwrap();
    let bad = b"{\"id\":\"e-2\",\"name\":\"\xff\xfe\"}";
    let response = client.send("PUT", "/v1/enterprise/e-2", &headers, Some(bad)).unwrap();
    assert_eq!(
        (response.status, response.json()["type"].as_str()),
        (400, Some("urn:rasad:problem:not-utf8"))
    );
    assert_eq!(endpoint.get("viewer", "/v1/enterprise/e-2").status, 404);
    others_are_well(&endpoint);
}

#[test]
fn a_client_that_asks_too_often_waits_and_others_do_not() {
    let rate = Rate {
        per_second: 1.0,
        burst: 10.0,
    };
    let limited = Settings { rate, ..settings() };
    let endpoint = Endpoint::with(&as_it_is, &limited, FIXTURE);
    let statuses: Vec<u16> = (0..15).map(|_| endpoint.get("viewer", "/v1").status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        10,
        "{statuses:?}"
    );
    let refused = endpoint.get("viewer", "/v1");
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(endpoint.get("secretariat", "/v1").status, 200);
}

#[test]
fn guessing_tokens_soon_meets_a_limit() {
    let endpoint = Endpoint::start();
    let statuses: Vec<u16> = (0..40)
        .map(|n| endpoint.get(&format!("rasad_{n:064}"), "/v1").status)
        .collect();
    assert!(
        statuses.iter().filter(|status| **status == 401).count() <= 25,
        "{statuses:?}"
    );
    assert_eq!(statuses.last(), Some(&429));
    // Those whose token is known are not shut out by it, from the same address.
    assert_eq!(endpoint.get("viewer", "/v1").status, 200);
}

#[test]
fn connections_beyond_the_limit_are_closed_and_the_others_go_on() {
    let few = Settings {
        connections: 5,
        ..settings()
    };
    let endpoint = Endpoint::with(&as_it_is, &few, FIXTURE);
    let mut held: Vec<Client> = (0..5)
        .map(|_| {
            let mut client = Client::connect(endpoint.address).unwrap();
            assert_eq!(client.send("GET", "/healthz", &[], None).unwrap().status, 200);
            client
        })
        .collect();
    let mut one_more = Client::connect(endpoint.address).unwrap();
    assert!(one_more.send("GET", "/healthz", &[], None).is_err());
    assert_eq!(held[0].send("GET", "/healthz", &[], None).unwrap().status, 200);
    held.clear();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(endpoint.get("viewer", "/v1").status, 200);
}

#[test]
fn a_revoked_token_ends_its_stream_within_five_seconds() {
    let endpoint = Endpoint::start();
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    endpoint.runtime.block_on(async {
        let tokens = endpoint.store.tokens().await.unwrap();
        let token = tokens.into_iter().find(|token| token.name == "viewer").unwrap();
        let now = jiff::Timestamp::now();
        assert!(
            endpoint
                .store
                .revoke_token(token.id, rasad::serve::author("test"), now)
                .await
                .unwrap()
        );
    });
    let began = Instant::now();
    let event = stream.next().unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!((event.name.as_str(), event.data[0].contains("revoked")), ("bye", true));
    assert_eq!(stream.next().unwrap(), None);
    assert_eq!(endpoint.get("viewer", "/v1").status, 401);
}

#[test]
fn a_drain_says_goodbye_to_every_stream_and_ends_in_time() {
    let mut endpoint = Endpoint::start();
    let headers = endpoint.auth("viewer");
    let mut streams: Vec<Stream> = (0..20)
        .map(|_| Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap())
        .collect();
    for stream in &mut streams {
        while stream.next().unwrap().unwrap().name != "sync" {}
        assert!((1_000..=5_000).contains(&stream.retry.unwrap()));
    }
    let running = endpoint.running.take().unwrap();
    let began = Instant::now();
    assert!(endpoint.runtime.block_on(running.stop()), "connections had to be cut");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for stream in &mut streams {
        let event = stream.next().unwrap().unwrap();
        assert_eq!((event.name.as_str(), event.data[0].contains("drain")), ("bye", true));
        assert_eq!(stream.next().unwrap(), None);
    }
    assert!(TcpStream::connect(endpoint.address).is_err());
}

#[test]
fn a_client_that_goes_away_or_closes_half_leaves_nothing_behind() {
    let metrics = Settings {
        metrics: Some("127.0.0.1:0".parse().unwrap()),
        ..settings()
    };
    let endpoint = Endpoint::with(&as_it_is, &metrics, FIXTURE);
    let counters = endpoint.running.as_ref().unwrap().metrics.unwrap();
    let watchers = || {
        let text = Client::connect(counters)
            .unwrap()
            .send("GET", "/metrics", &[], None)
            .unwrap()
            .text();
        text.lines()
            .find(|line| line.starts_with("rasad_watchers "))
            .unwrap()
            .to_owned()
    };
    let headers = endpoint.auth("viewer");
    let streams: Vec<Stream> = (0..10)
        .map(|_| Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap())
        .collect();
    assert_eq!(watchers(), "rasad_watchers 10");
    drop(streams);
    let stream = TcpStream::connect(endpoint.address).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let began = Instant::now();
    while watchers() != "rasad_watchers 0" {
        assert!(began.elapsed() < Duration::from_secs(5), "{}", watchers());
        std::thread::sleep(Duration::from_millis(50));
    }
}
