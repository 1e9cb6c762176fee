//! The same question again: it is answered as it would be the long way, whatever comes before, between or with it; in the clear and
//! over TLS alike.

use crate::client::Client;
use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::hot::wide;
use crate::line::{Line, certificate};
use crate::long::{Chance, often, said};
use rasad::serve::{Rate, Settings};
use rustix::net::{AddressFamily, SocketType};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const DOCUMENT: &str = "/v1/document";

/// Plays something with an endpoint that is spoken to in the clear, and with one that speaks TLS, at once.
fn both(document: &str, settings: &Settings, play: impl Fn(Endpoint) + Sync) {
    let dir = tempfile::tempdir().unwrap();
    let secret = Settings {
        tls: Some(certificate(dir.path())),
        ..settings.clone()
    };
    std::thread::scope(|scope| {
        for settings in [settings, &secret] {
            scope.spawn(|| play(Endpoint::with(&as_it_is, settings, document)));
        }
    });
}

fn counted() -> Settings {
    Settings {
        metrics: Some("127.0.0.1:0".parse().unwrap()),
        ..settings()
    }
}

/// A counter of the server.
fn counter(endpoint: &Endpoint, name: &str) -> u64 {
    let metrics = endpoint.running.as_ref().unwrap().metrics.unwrap();
    let told = Client::connect(metrics)
        .unwrap()
        .send("GET", "/metrics", &[], None)
        .unwrap();
    let line = told
        .text()
        .lines()
        .find_map(|line| line.strip_prefix(name).map(str::to_owned));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or_default()
}

fn again(endpoint: &Endpoint) -> u64 {
    counter(endpoint, "rasad_answered_again_total ")
}

/// The answer as it came, without what is another one every time.
fn same(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let kept = |line: &&str| !line.starts_with("x-request-id: ") && !line.starts_with("date: ");
    let lines: Vec<&str> = text.split("\r\n").filter(kept).collect();
    // A refusal names its request in the body, too.
    let mut text = lines.join("\r\n");
    while let Some(at) = text.find("\"request\":\"") {
        text.replace_range(at..at + 28, "");
    }
    text
}

fn question(secret: &str, more: &str) -> String {
    format!("GET {DOCUMENT} HTTP/1.1\r\nHost: rasad\r\nAuthorization: Bearer {secret}\r\n{more}\r\n")
}

fn connect(endpoint: &Endpoint) -> Line {
    let stream = TcpStream::connect(endpoint.address).unwrap();
    Line::over(stream, &endpoint.trust).unwrap()
}

/// Exactly one answer.
fn answer(stream: &mut Line) -> Vec<u8> {
    let (mut all, mut byte) = (Vec::new(), [0]);
    while !all.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        all.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&all).to_lowercase();
    let length = head
        .split_once("content-length: ")
        .map_or("0", |(_, rest)| rest.split("\r\n").next().unwrap());
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    all.extend(body);
    all
}

#[test]
fn an_answer_from_memory_is_the_one_of_the_long_way_with_a_new_number_and_the_time() {
    both(FIXTURE, &counted(), |endpoint| {
        let secret = &endpoint.secrets["viewer"];
        let tag = endpoint.get("viewer", DOCUMENT).header("etag").unwrap().to_owned();
        for more in [
            format!("If-None-Match: {tag}\r\n"),
            "If-None-Match: *\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n".to_owned(),
            format!("If-None-Match: \"else\", W/{tag}\r\naccept-encoding: zstd, br\r\nUser-Agent: x\r\n"),
        ] {
            let before = again(&endpoint);
            let mut stream = connect(&endpoint);
            let mut ask = || {
                stream.write_all(question(secret, &more).as_bytes()).unwrap();
                answer(&mut stream)
            };
            let long = ask();
            std::thread::sleep(Duration::from_millis(1_100));
            let known: Vec<Vec<u8>> = (0..3).map(|_| ask()).collect();
            assert!(long.starts_with(b"HTTP/1.1 304 "), "{}", String::from_utf8_lossy(&long));
            assert_eq!(again(&endpoint) - before, 3, "{more}");
            let values = |name: &str| -> Vec<String> {
                let line = |bytes: &Vec<u8>| {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    text.split("\r\n")
                        .find_map(|line| line.strip_prefix(name).map(str::to_owned))
                        .unwrap()
                };
                std::iter::once(&long).chain(&known).map(line).collect()
            };
            for (nth, answer) in known.iter().enumerate() {
                assert_eq!(same(answer), same(&long), "{nth}");
            }
            let mut numbers = values("x-request-id: ");
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), 4);
            let dates = values("date: ");
            assert!(dates[1] != dates[0] && dates[1].ends_with(" GMT"), "{dates:?}");
            let date = jiff::fmt::rfc2822::parse(&dates[1]).unwrap().timestamp();
            let off = jiff::Timestamp::now().duration_since(date).as_secs();
            assert!((0..5).contains(&off), "{dates:?}");
        }
    });
}

#[test]
fn what_has_changed_since_is_told_and_then_remembered() {
    both(FIXTURE, &counted(), |endpoint| {
        let secret = &endpoint.secrets["viewer"];
        let tag = endpoint.get("viewer", DOCUMENT).header("etag").unwrap().to_owned();
        let asked = question(secret, &format!("If-None-Match: {tag}\r\n"));
        let mut stream = connect(&endpoint);
        let mut ask = || {
            stream.write_all(asked.as_bytes()).unwrap();
            let answer = answer(&mut stream);
            (String::from_utf8_lossy(&answer[9..12]).into_owned(), answer)
        };
        assert_eq!((ask().0.as_str(), ask().0.as_str()), ("304", "304"));
        let put = endpoint.put("secretariat", "/v1/enterprise/e-9", "{\"id\":\"e-9\",\"name\":\"new\"}");
        assert_eq!(put.status, 201, "{}", put.text());
        let began = Instant::now();
        let newer = loop {
            let (status, answer) = ask();
            if status == "200" {
                break answer;
            }
            // The feed is read at once; a page of it takes its time.
            assert!(began.elapsed() < Duration::from_secs(3), "the old tag is still good");
        };
        assert!(String::from_utf8_lossy(&newer).contains("\"e-9\""));
        assert_eq!(ask().0, "200");
    });
}

#[test]
fn an_answer_from_memory_spends_the_budget_and_is_counted() {
    let rate = Rate {
        per_second: 0.01,
        burst: 6.0,
    };
    both(FIXTURE, &Settings { rate, ..counted() }, |endpoint| {
        let tag = endpoint.get("secretariat", DOCUMENT).header("etag").unwrap().to_owned();
        let asked = question(&endpoint.secrets["viewer"], &format!("If-None-Match: {tag}\r\n"));
        let mut stream = connect(&endpoint);
        let statuses: Vec<String> = (0..8)
            .map(|_| {
                stream.write_all(asked.as_bytes()).unwrap();
                String::from_utf8_lossy(&answer(&mut stream)[9..12]).into_owned()
            })
            .collect();
        assert_eq!(statuses, ["304", "304", "304", "304", "304", "304", "429", "429"]);
        assert_eq!(again(&endpoint), 5);
        let counted = |status| {
            counter(
                &endpoint,
                &format!("rasad_request_seconds_count{{route=\"document\",status=\"{status}\"}} "),
            )
        };
        assert_eq!((counted(304), counted(429)), (6, 2));
    });
}

/// A connection whose client has little room, so that an answer is sent in parts.
fn narrow(endpoint: &Endpoint) -> Line {
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 8 << 10).unwrap();
    rustix::net::connect(&socket, &endpoint.address).unwrap();
    Line::over(TcpStream::from(socket), &endpoint.trust).unwrap()
}

#[test]
fn what_is_known_waits_for_what_is_still_being_sent() {
    both(&wide(1_500, 2_500), &counted(), |endpoint| {
        let plain = endpoint.get("viewer", DOCUMENT);
        assert!(plain.body.len() > 3_500_000);
        let secret = &endpoint.secrets["viewer"];
        let known = question(secret, &format!("If-None-Match: {}\r\n", plain.header("etag").unwrap()));
        let page = question(secret, "").replace("/document", "/changes?since=0");
        // As many as make the last one more than the system holds for us.
        for pages in 1..5 {
            let mut stream = narrow(&endpoint);
            for _ in 0..2 {
                stream.write_all(known.as_bytes()).unwrap();
                assert!(answer(&mut stream).starts_with(b"HTTP/1.1 304"));
            }
            for asked in std::iter::repeat_n(&page, pages).chain([&known]) {
                stream.write_all(asked.as_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(600));
            }
            for _ in 0..pages {
                let page = answer(&mut stream);
                assert!(page.len() > 3_500_000 && page.ends_with(b"}\n"), "{pages}");
            }
            assert!(answer(&mut stream).starts_with(b"HTTP/1.1 304"), "{pages}");
        }
        // And for what is still being made.
        let mut stream = connect(&endpoint);
        for slow in [
            &known,
            &known,
            &question(secret, "").replace("/document", "/changes?since=0"),
        ] {
            stream.write_all(slow.as_bytes()).unwrap();
            if *slow == known {
                assert!(answer(&mut stream).starts_with(b"HTTP/1.1 304"));
            }
        }
        std::thread::sleep(Duration::from_millis(3));
        stream.write_all(known.as_bytes()).unwrap();
        assert!(answer(&mut stream).starts_with(b"HTTP/1.1 200"));
        assert!(answer(&mut stream).starts_with(b"HTTP/1.1 304"));
    });
}

#[test]
fn a_document_from_memory_is_whole_however_slowly_it_is_taken() {
    both(&wide(900, 1_500), &counted(), |endpoint| {
        for coding in ["zstd", "gzip"] {
            let asked = question(&endpoint.secrets["viewer"], &format!("Accept-Encoding: {coding}\r\n"));
            let mut stream = narrow(&endpoint);
            // The first one may have to be packed, which is not what is known.
            for _ in 0..2 {
                stream.write_all(asked.as_bytes()).unwrap();
                answer(&mut stream);
            }
            stream.write_all(asked.as_bytes()).unwrap();
            let first = answer(&mut stream);
            assert!(first.len() > 600_000, "{}", first.len());
            let before = again(&endpoint);
            // More than the system holds for us, and nothing of it is taken for longer than a request may take.
            let asks = 12;
            for _ in 0..asks {
                stream.write_all(asked.as_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(30));
            }
            let known = again(&endpoint) - before;
            assert!(known > 1 && known < asks, "{known}: {coding}");
            if coding == "zstd" {
                std::thread::sleep(Duration::from_secs(12));
            }
            for bite in (0..asks).map(|nth| if nth % 2 == 0 { 4_099 } else { 65_536 }) {
                let mut all = vec![0; first.len()];
                all.chunks_mut(bite).for_each(|part| stream.read_exact(part).unwrap());
                assert!(same(&all) == same(&first), "{coding} {bite}");
            }
        }
    });
}

#[test]
fn a_server_that_stops_ends_connections_that_ask_again_and_again() {
    both(FIXTURE, &counted(), |mut endpoint| {
        let tag = endpoint.get("viewer", DOCUMENT).header("etag").unwrap().to_owned();
        let asked = question(&endpoint.secrets["viewer"], &format!("If-None-Match: {tag}\r\n"));
        let mut stream = connect(&endpoint);
        let asking = std::thread::spawn(move || {
            let (mut count, mut part) = (0, [0; 4096]);
            while stream.write_all(asked.as_bytes()).is_ok() && matches!(stream.read(&mut part), Ok(1..)) {
                count += 1;
            }
            count
        });
        std::thread::sleep(Duration::from_millis(300));
        assert!(again(&endpoint) > 10);
        let running = endpoint.running.take().unwrap();
        let began = Instant::now();
        assert!(endpoint.runtime.block_on(running.stop()), "a connection had to be cut");
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert!(asking.join().unwrap() > 10);
    });
}

/// One step on a connection: what is sent at once, and how long nothing follows.
type Step = (Vec<u8>, Duration);

/// Something that may come where a request is expected; the first ones are known to be remembered.
fn pieces(endpoint: &Endpoint) -> Vec<String> {
    let viewer = &endpoint.secrets["viewer"];
    let tag = endpoint.get("viewer", DOCUMENT).header("etag").unwrap().to_owned();
    let known = question(viewer, &format!("If-None-Match: {tag}\r\n"));
    let other = question(
        viewer,
        &format!("If-None-Match: \"x\", {tag}\r\nAccept-Encoding: gzip\r\n"),
    );
    let head = known.replacen("GET", "HEAD", 1);
    let put =
        format!("PUT /v1/enterprise/e-1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {viewer}\r\nIf-Match: *\r\n");
    vec![
        known.clone(),
        known.clone(),
        known.clone(),
        other.clone(),
        other.clone(),
        question(viewer, ""),
        question(viewer, "").replace("/document", "/changes?since=0"),
        question(viewer, "").replace("/document", "/changes?since=0"),
        question("rasad_wrong", &format!("If-None-Match: {tag}\r\n")),
        known.replace("\r\n", "\n"),
        format!("\r\n{known}"),
        format!("{known}{known}"),
        format!("{known}{other}{known}"),
        format!("GET /healthz HTTP/1.1\nHost: a\n\n{known}"),
        "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        // A part of a request, so that what follows belongs to it.
        "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Part: ".to_owned(),
        "GET /healthz HTTP/1.1\r\nHost: a\r\n".to_owned(),
        "GET /healthz HTTP/1.1\nHost: a\n".to_owned(),
        "\r\n".to_owned(),
        head,
        // A body that looks like a request.
        format!("{put}Content-Length: {}\r\n\r\n{known}", known.len()),
        format!("{put}Content-Length: {}\r\n\r\n", known.len()),
        format!("{known}GET /healthz HTTP/1.1\r\nHost: a\r\nX-Part: "),
        format!(
            "{put}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{known}\r\n0\r\n\r\n",
            known.len()
        ),
        format!("{put}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n", known.len()),
        known.replace("If-None", &format!("Content-Length: {}\r\nIf-None", known.len())),
        known.replace("HTTP/1.1", "HTTP/1.0"),
        known.replace("Host", "Upgrade: websocket\r\nConnection: upgrade\r\nHost"),
        known.replace("Host", "Connection: close\r\nHost"),
        "nonsense\r\n\r\n".to_owned(),
    ]
}

/// Sends the steps and takes whatever comes until the connection ends; whether it ended in good order.
fn play(endpoint: &Endpoint, steps: &[Step]) -> (String, bool) {
    let mut stream = connect(endpoint);
    let mut reader = stream.try_clone().unwrap();
    let came = Arc::new(AtomicUsize::new(0));
    let count_came = Arc::clone(&came);
    let reading = std::thread::spawn(move || {
        let (mut all, mut part) = (Vec::new(), [0; 65_536]);
        loop {
            match reader.read(&mut part) {
                Ok(0) => return (all, true),
                Ok(count) => {
                    all.extend_from_slice(&part[..count]);
                    count_came.fetch_add(count, Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return (all, false),
            }
        }
    });
    for (bytes, pause) in steps {
        if stream.write_all(bytes).is_err() {
            break;
        }
        std::thread::sleep(*pause);
    }
    // Who says that nothing more comes is not answered what is still being answered.
    let mut last = usize::MAX;
    while last != came.load(Ordering::Relaxed) && !reading.is_finished() {
        last = came.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(40));
    }
    stream.end();
    let (all, whole) = reading.join().unwrap();
    (same(&all), whole)
}

#[test]
fn whatever_comes_on_a_connection_is_answered_as_if_nothing_were_remembered() {
    both(FIXTURE, &counted(), |endpoint| {
        let pieces = pieces(&endpoint);
        let cases = often("TEST_AGAIN", 150);
        let mut remembered = 0;
        // A body that ends with a part of the next request.
        let put = pieces
            .iter()
            .find(|piece| piece.starts_with("PUT") && piece.ends_with("\r\n\r\n") && !piece.contains("GET"));
        let part = pieces
            .iter()
            .find(|piece| piece.starts_with("GET /v1/document") && piece.ends_with("X-Part: "));
        let apart: Vec<Step> = [&pieces[0], &pieces[0], put.unwrap(), part.unwrap(), &pieces[0]]
            .map(|piece| (piece.clone().into_bytes(), Duration::from_millis(15)))
            .into();
        // Two questions at once are two answers, however often they come like this.
        let two = format!("{0}{0}", pieces[0]);
        let pairs: Vec<Step> = [&pieces[0], &two, &two, &two]
            .map(|piece| (piece.clone().into_bytes(), Duration::from_millis(15)))
            .into();
        for seed in 0..cases {
            let mut chance = Chance::new(seed as u64);
            let mut steps: Vec<Step> = [&apart, &pairs].get(seed).map_or(Vec::new(), |steps| steps.to_vec());
            for nth in 0..3 + chance.below(5) {
                // Most often something is remembered when something else comes.
                let piece = match chance.below(3) {
                    _ if nth < 2 => &pieces[0],
                    0 => &pieces[0],
                    _ => &pieces[chance.below(pieces.len())],
                };
                let mut bytes = piece.as_bytes();
                // Sometimes in two pieces, wherever they come apart.
                if chance.below(7) == 0 {
                    let (first, rest) = bytes.split_at(chance.below(bytes.len()));
                    steps.push((first.to_vec(), Duration::from_millis(6)));
                    bytes = rest;
                }
                let pause = Duration::from_millis([0, 1, 6, 6, 6, 6][chance.below(6)]);
                steps.push((bytes.to_vec(), pause));
            }
            // A request whose first byte comes alone takes its whole connection the long way.
            let (first, rest) = steps[0].0.split_at(1);
            let mut long = vec![(first.to_vec(), Duration::from_millis(15)), (rest.to_vec(), steps[0].1)];
            long.extend_from_slice(&steps[1..]);
            // What differs because of the moment it came at differs once, and not each time.
            for left in (0..3).rev() {
                let before = again(&endpoint);
                let (mine, whole) = play(&endpoint, &steps);
                let between = again(&endpoint);
                remembered += between - before;
                let (theirs, theirs_whole) = play(&endpoint, &long);
                assert_eq!(again(&endpoint), between, "the long way is not the long way");
                let agree = match whole && theirs_whole {
                    true => mine == theirs,
                    // A connection that was reset may have lost the end of what was sent on it.
                    false => mine.starts_with(&theirs) || theirs.starts_with(&mine),
                };
                if agree {
                    break;
                }
                let steps: Vec<_> = steps.iter().map(|step| String::from_utf8_lossy(&step.0)).collect();
                assert!(
                    left > 0,
                    "seed {seed}: {steps:#?}\n--- answered\n{mine}\n--- the long way\n{theirs}"
                );
            }
        }
        said(&format!("{cases} connections, {remembered} answers from memory"));
        assert!(remembered as usize > cases / 2, "{remembered} of {cases}");
    });
}
