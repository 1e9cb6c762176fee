//! A network and a server that fail in every way we know, a few times each, at moments nobody foresees, while records change;
//! then they are good again, and what the dashboard holds must be what the server holds.
//!
//! A few seeds run each time; `TEST_SEEDS=100` is the long run.

use super::bench::Bench;
use super::server::{Request, Trouble, answer, chunk, serve};
use super::store::Store;
use rasad::link::{LinkState, Report};
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Numbers that look like chance and are the same for a seed.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    // The network.
    ClosedAtOnce,
    ResetAtOnce,
    ClosedUnanswered,
    SilentAfterRequest,
    LateHead,
    LatePieces,
    CutAtByte,
    ResetAtByte,
    HalfOpenAtByte,
    SlowDrip,
    FlippedBit,
    RepeatedBytes,
    LostBytes,
    ZerosInside,
    // The answer as HTTP.
    NoHttp,
    LongHeader,
    ShortLength,
    LongLength,
    EmptyAnswer,
    NotFound,
    ServerError,
    BusyWithRetryAfter,
    BadRequest,
    Gone,
    Unauthorised,
    Forbidden,
    Redirected,
    HtmlPortal,
    NoContentType,
    // The feed.
    NoTrailer,
    WrongCount,
    LineLost,
    LineRepeated,
    LinesSwapped,
    GarbageLine,
    NotUtf8,
    EndlessLine,
    PageOfAnotherEpoch,
    BrokenGzip,
    Bomb,
    // The stream.
    EventLost,
    EventRepeated,
    EventsSwapped,
    EventCut,
    EventOfAnotherEpoch,
    EventWithoutId,
    GarbageEvent,
    EndlessEvent,
    UnknownEvent,
    CommentsOnly,
    WrongChecksum,
    SyncOfTheFuture,
    Reset,
    Bye,
    ByeRevoked,
}

const ALL: &[Kind] = &[
    Kind::ClosedAtOnce,
    Kind::ResetAtOnce,
    Kind::ClosedUnanswered,
    Kind::SilentAfterRequest,
    Kind::LateHead,
    Kind::LatePieces,
    Kind::CutAtByte,
    Kind::ResetAtByte,
    Kind::HalfOpenAtByte,
    Kind::SlowDrip,
    Kind::FlippedBit,
    Kind::RepeatedBytes,
    Kind::LostBytes,
    Kind::ZerosInside,
    Kind::NoHttp,
    Kind::LongHeader,
    Kind::ShortLength,
    Kind::LongLength,
    Kind::EmptyAnswer,
    Kind::NotFound,
    Kind::ServerError,
    Kind::BusyWithRetryAfter,
    Kind::BadRequest,
    Kind::Gone,
    Kind::Unauthorised,
    Kind::Forbidden,
    Kind::Redirected,
    Kind::HtmlPortal,
    Kind::NoContentType,
    Kind::NoTrailer,
    Kind::WrongCount,
    Kind::LineLost,
    Kind::LineRepeated,
    Kind::LinesSwapped,
    Kind::GarbageLine,
    Kind::NotUtf8,
    Kind::EndlessLine,
    Kind::PageOfAnotherEpoch,
    Kind::BrokenGzip,
    Kind::Bomb,
    Kind::EventLost,
    Kind::EventRepeated,
    Kind::EventsSwapped,
    Kind::EventCut,
    Kind::EventOfAnotherEpoch,
    Kind::EventWithoutId,
    Kind::GarbageEvent,
    Kind::EndlessEvent,
    Kind::UnknownEvent,
    Kind::CommentsOnly,
    Kind::WrongChecksum,
    Kind::SyncOfTheFuture,
    Kind::Reset,
    Kind::Bye,
    Kind::ByeRevoked,
];

struct Fault {
    kind: Kind,
    chance: Mutex<Chance>,
    /// How often it still happens.
    left: Arc<AtomicUsize>,
    held: Mutex<Option<Vec<u8>>>,
}

impl Fault {
    /// A number when it happens now.
    fn strikes(&self) -> Option<usize> {
        let mut chance = self.chance.lock().unwrap();
        if self.left.load(Ordering::Relaxed) == 0 || chance.below(3) == 0 {
            return None;
        }
        self.left.fetch_sub(1, Ordering::Relaxed);
        Some(chance.below(1 << 20))
    }
}

fn reset(stream: &TcpStream) {
    // No answer to what was sent and bytes left unread: the kernel resets.
    let socket = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
    let _ = socket;
    let _ = stream.shutdown(Shutdown::Both);
}

/// The body of an answer, with the head that belongs to it made anew.
fn with_body(answer_bytes: &[u8], change: impl FnOnce(&str) -> Vec<u8>) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(answer_bytes);
    let (_, body) = text.split_once("\r\n\r\n")?;
    Some(answer("200 OK", "application/x-ndjson", &change(body)))
}

fn lines(body: &str) -> Vec<String> {
    body.lines().map(str::to_owned).collect()
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

impl Fault {
    /// Faults of bytes on their way, in an answer or in a piece of a stream.
    fn on_the_way(&self, mut bytes: Vec<u8>, n: usize, stream: &mut TcpStream) -> Option<Vec<u8>> {
        let at = n % bytes.len().max(1);
        match self.kind {
            Kind::LatePieces => std::thread::sleep(Duration::from_millis((n % 60) as u64)),
            Kind::CutAtByte => {
                let _ = stream.write_all(&bytes[..at]);
                return None;
            }
            Kind::ResetAtByte => {
                let _ = stream.write_all(&bytes[..at]);
                std::thread::sleep(Duration::from_millis(5));
                reset(stream);
                return None;
            }
            Kind::HalfOpenAtByte => {
                let _ = stream.write_all(&bytes[..at]);
                std::thread::sleep(Duration::from_millis(400));
                return None;
            }
            Kind::SlowDrip => {
                for byte in &bytes {
                    if stream.write_all(&[*byte]).is_err() {
                        return None;
                    }
                    if n.is_multiple_of(3) {
                        std::thread::sleep(Duration::from_micros(300));
                    }
                }
                return Some(Vec::new());
            }
            // Damage that leaves good JSON of another meaning is for the transport to notice: the checksum covers which records
            // there are and how new they are, not what they say.
            Kind::FlippedBit => bytes[at] ^= 0x80,
            Kind::RepeatedBytes => {
                let again = bytes[at / 2..at].to_vec();
                bytes.splice(at..at, again);
            }
            Kind::LostBytes => drop(bytes.drain(at / 2..at)),
            Kind::ZerosInside => drop(bytes.splice(at..at, [0; 16])),
            _ => {}
        }
        Some(bytes)
    }

    fn is_on_the_way(&self) -> bool {
        matches!(
            self.kind,
            Kind::LatePieces
                | Kind::CutAtByte
                | Kind::ResetAtByte
                | Kind::HalfOpenAtByte
                | Kind::SlowDrip
                | Kind::FlippedBit
                | Kind::RepeatedBytes
                | Kind::LostBytes
                | Kind::ZerosInside
        )
    }
}

impl Trouble for Fault {
    fn accept(&self, stream: &TcpStream) -> bool {
        if matches!(self.kind, Kind::ClosedAtOnce | Kind::ResetAtOnce) && self.strikes().is_some() {
            if self.kind == Kind::ResetAtOnce {
                reset(stream);
            }
            return false;
        }
        true
    }

    fn answer(&self, request: &Request, good: Vec<u8>, stream: &mut TcpStream) -> Option<Vec<u8>> {
        let is_page = request.path == "/v1/changes";
        let is_json = !good.starts_with(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream");
        let refuse = |status: &str| Some(answer(status, "application/problem+json", b"{}"));
        let of_page = matches!(
            self.kind,
            Kind::NoTrailer
                | Kind::WrongCount
                | Kind::LineLost
                | Kind::LineRepeated
                | Kind::LinesSwapped
                | Kind::GarbageLine
                | Kind::NotUtf8
                | Kind::EndlessLine
                | Kind::PageOfAnotherEpoch
                | Kind::BrokenGzip
                | Kind::Bomb
        );
        let of_stream = self.kind as usize >= Kind::EventLost as usize;
        if of_stream || (of_page && !is_page) || matches!(self.kind, Kind::ClosedAtOnce | Kind::ResetAtOnce) {
            return Some(good);
        }
        // In a stream bytes go wrong piece by piece.
        if self.is_on_the_way() && !is_json {
            return Some(good);
        }
        let Some(n) = self.strikes() else { return Some(good) };
        if self.is_on_the_way() {
            return self.on_the_way(good, n, stream);
        }
        match self.kind {
            Kind::ClosedUnanswered => None,
            Kind::SilentAfterRequest => {
                std::thread::sleep(Duration::from_millis(1_100));
                None
            }
            Kind::LateHead => {
                std::thread::sleep(Duration::from_millis((n % 200) as u64));
                Some(good)
            }
            Kind::NoHttp => Some(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            Kind::LongHeader => Some(format!("HTTP/1.1 200 OK\r\nx: {}\r\n", "a".repeat(700_000)).into_bytes()),
            Kind::ShortLength | Kind::LongLength => {
                let text = String::from_utf8_lossy(&good).into_owned();
                let length = text.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
                let other = if self.kind == Kind::ShortLength {
                    length / 2
                } else {
                    length + 100
                };
                Some(
                    text.replace(
                        &format!("content-length: {length}"),
                        &format!("content-length: {other}"),
                    )
                    .into(),
                )
            }
            Kind::EmptyAnswer => Some(answer("200 OK", "application/x-ndjson", b"")),
            Kind::NotFound if is_page => refuse("404 Not Found"),
            Kind::NotFound => Some(good),
            Kind::ServerError => refuse("500 Internal Server Error"),
            Kind::BusyWithRetryAfter => refuse("503 Service Unavailable\r\nretry-after: 0"),
            Kind::BadRequest if is_page => refuse("400 Bad Request"),
            Kind::BadRequest => Some(good),
            Kind::Gone => refuse("410 Gone"),
            Kind::Unauthorised => refuse("401 Unauthorized"),
            Kind::Forbidden => refuse("403 Forbidden"),
            Kind::Redirected => refuse("302 Found\r\nlocation: http://127.0.0.1:9/?token=sesame"),
            Kind::HtmlPortal if is_page || !is_json => Some(answer("200 OK", "text/html", b"<html>log in</html>")),
            Kind::NoContentType if is_page => Some(
                String::from_utf8_lossy(&good)
                    .replace("content-type", "x-content-type")
                    .into(),
            ),
            Kind::HtmlPortal | Kind::NoContentType => Some(good),
            _ => with_body(&good, |body| {
                let mut all = lines(body);
                let last = all.len() - 1;
                let at = n % all.len();
                match self.kind {
                    Kind::NoTrailer => drop(all.pop()),
                    Kind::WrongCount => all[last] = all[last].replace("\"count\":", "\"count\":1"),
                    Kind::LineLost => drop(all.remove(at)),
                    Kind::LineRepeated => all.insert(at, all[at].clone()),
                    Kind::LinesSwapped => all.swap(at, last / 2),
                    Kind::GarbageLine => all.insert(at, "{\"rev\":".to_owned()),
                    Kind::PageOfAnotherEpoch => all[last] = all[last].replace("\"e1.", "\"zz."),
                    Kind::NotUtf8 => {
                        let mut bytes = joined(&all);
                        let at = n % bytes.len();
                        bytes.insert(at, 0xFF);
                        return bytes;
                    }
                    Kind::EndlessLine => {
                        let mut bytes = joined(&all[..at]);
                        bytes.extend(std::iter::repeat_n(b'a', 18 << 20));
                        return bytes;
                    }
                    Kind::BrokenGzip => {
                        let mut bytes = vec![0x1F, 0x8B];
                        bytes.extend_from_slice(body.as_bytes());
                        return bytes;
                    }
                    Kind::Bomb => {
                        let zeros = vec![b' '; 300 << 20];
                        return zstd::stream::encode_all(zeros.as_slice(), 1).unwrap();
                    }
                    _ => {}
                }
                joined(&all)
            }),
        }
    }

    fn piece(&self, good: Vec<u8>, stream: &mut TcpStream) -> Option<Vec<u8>> {
        if matches!(self.kind, Kind::RepeatedBytes | Kind::LostBytes) {
            return Some(good);
        }
        if self.is_on_the_way() {
            return match self.strikes() {
                Some(n) => self.on_the_way(good, n, stream),
                None => Some(good),
            };
        }
        if (self.kind as usize) < Kind::EventLost as usize {
            return Some(good);
        }
        // What was held back comes after what should have come after it.
        if let Some(held) = self.held.lock().unwrap().take() {
            let mut both = good;
            both.extend(held);
            return Some(both);
        }
        let text = String::from_utf8_lossy(&good).into_owned();
        let is_change = text.contains("event: changes");
        let event: String = text
            .split_once("\r\n")
            .map_or("", |(_, rest)| rest.trim_end_matches("\r\n"))
            .to_owned();
        let fits = match self.kind {
            Kind::EventLost | Kind::EventRepeated | Kind::EventsSwapped | Kind::EventCut => is_change,
            Kind::WrongChecksum | Kind::SyncOfTheFuture => !is_change,
            _ => true,
        };
        let Some(n) = fits.then(|| self.strikes()).flatten() else {
            return Some(good);
        };
        let say = |text: &str| Some([chunk(text), good.clone()].concat());
        match self.kind {
            Kind::EventLost => Some(Vec::new()),
            Kind::EventRepeated => Some([good.clone(), good.clone(), good].concat()),
            Kind::EventsSwapped => {
                *self.held.lock().unwrap() = Some(good);
                Some(Vec::new())
            }
            Kind::EventCut => {
                let _ = stream.write_all(&chunk(&event[..n % event.len()]));
                None
            }
            Kind::EventOfAnotherEpoch => Some(chunk(&event.replace("id: e1.", "id: zz."))),
            Kind::EventWithoutId => Some(chunk(&event.replace("id: ", "ix: "))),
            Kind::GarbageEvent => Some(chunk(&event.replace("data: {", "data: <"))),
            Kind::EndlessEvent => {
                let line = format!("data: {}\n", "a".repeat(1 << 20));
                for _ in 0..300 {
                    if stream.write_all(&chunk(&line)).is_err() {
                        break;
                    }
                }
                None
            }
            Kind::UnknownEvent => say("event: weather\nid: 17\ndata: sun\n\n"),
            Kind::CommentsOnly => {
                for _ in 0..80 {
                    if stream.write_all(&chunk(": still here\n")).is_err() {
                        return None;
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                None
            }
            Kind::WrongChecksum => Some(chunk(&event.replace("\"count\":", "\"count\":1"))),
            Kind::SyncOfTheFuture => Some(chunk(&event.replace("\"head\":", "\"head\":1"))),
            Kind::Reset => say("event: reset\ndata: {\"reason\":\"compacted\"}\n\n"),
            Kind::Bye => {
                let _ = stream.write_all(&chunk("event: bye\ndata: {\"reason\":\"drain\",\"retry_ms\":5}\n\n"));
                None
            }
            Kind::ByeRevoked => {
                let _ = stream.write_all(&chunk("event: bye\ndata: {\"reason\":\"revoked\",\"retry_ms\":5}\n\n"));
                None
            }
            _ => Some(good),
        }
    }
}

/// Never half a board: what is whole is what the server held at some time, and what it says is not made up.
fn is_sound(report: &Report) {
    let text = format!("{:?} {:?}", report.state, report.warning);
    assert!(!text.contains("sesame"), "{text}");
    for lang in [rasad::text::Lang::Fa, rasad::text::Lang::En] {
        if let LinkState::Offline(why) | LinkState::Unauthorised(why) | LinkState::Stale(Some(why)) = &report.state {
            let sentence = why.sentence(lang);
            assert!(
                !sentence.contains("fault.") && !sentence.contains("problem."),
                "{sentence}"
            );
        }
    }
}

fn survives(kind: Kind, seed: u64) {
    let left = Arc::new(AtomicUsize::new(6));
    let fault = Fault {
        kind,
        chance: Mutex::new(Chance::new(seed)),
        left: Arc::clone(&left),
        held: Mutex::default(),
    };
    let server = serve(Store::new("e1", 12), 5, fault);
    let mut bench = Bench::new(&server.address);
    let mut chance = Chance::new(seed ^ 0xABCD);
    // Records change while things go wrong.
    for step in 0..8 {
        bench.within(Duration::from_millis(chance.below(40) as u64), |report| {
            is_sound(report);
            false
        });
        let mut store = server.store.lock().unwrap();
        let n = chance.below(16);
        match chance.below(4) {
            0 => store.delete("enterprise", &format!("e{n}")),
            1 => store.initiative(&format!("i{n}"), &format!("step {step}")),
            2 => store.write(&[
                ("initiative", &format!("i{n}"), None),
                (
                    "enterprise",
                    &format!("e{n}"),
                    Some(format!(r#"{{"id":"e{n}","name":"step {step}"}}"#)),
                ),
            ]),
            _ => store.enterprise(&format!("e{n}"), &format!("step {step}")),
        }
    }
    // Until the last fault is spent the two may differ; then they may not.
    bench.within(Duration::from_millis(300), |_| left.load(Ordering::Relaxed) == 0);
    left.store(0, Ordering::Relaxed);
    let store = {
        let mut store = server.store.lock().unwrap();
        store.enterprise("last", "word");
        store.clone()
    };
    let rev = store.rev;
    let end = bench.within(Duration::from_secs(20), |report| report.state == LinkState::Live(rev));
    assert!(
        end.is_some(),
        "{kind:?}, seed {seed}: never live again; states: {:?}",
        bench.states
    );
    bench.until_equal(&store);
}

/// Seeds of the short run, and of the long one.
fn seeds() -> u64 {
    std::env::var("TEST_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(2)
}

#[test]
fn after_every_fault_the_dashboard_holds_what_the_server_holds() {
    assert!(ALL.len() >= 30, "{}", ALL.len());
    let next = Arc::new(AtomicUsize::new(0));
    let jobs: Arc<Vec<(Kind, u64)>> = Arc::new(
        (0..seeds())
            .flat_map(|seed| ALL.iter().map(move |kind| (*kind, seed)))
            .collect(),
    );
    // Nearly all of the time is waiting: many at once cost little.
    let workers: Vec<_> = (0..12)
        .map(|_| {
            let (next, jobs) = (Arc::clone(&next), Arc::clone(&jobs));
            std::thread::spawn(move || {
                while let Some((kind, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = std::panic::catch_unwind(|| survives(*kind, *seed));
                    if let Err(why) = done {
                        eprintln!("{kind:?}, seed {seed}");
                        std::panic::resume_unwind(why);
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        if let Err(why) = worker.join() {
            std::panic::resume_unwind(why);
        }
    }
}
