//! An endpoint over real sockets, and everything that can go wrong with its answers. One thread a connection, as simple as can
//! be: what is tested is the other end.

use super::store::Store;
use rasad::contract::feed::Cursor;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Between two looks of a stream at its store, and between two heartbeats.
const LOOK: Duration = Duration::from_millis(3);
const SYNC: Duration = Duration::from_millis(30);

/// A request, as far as it matters.
pub struct Request {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub last_event_id: Option<String>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while lines.read_line(&mut head).ok()? > 2 {}
        let target = head.split(' ').nth(1)?.to_owned();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let decode = |text: &str| text.replace("%2C", ",");
        let header = |name: &str| {
            head.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        Some(Self {
            path: path.to_owned(),
            query: query.map(|(key, value)| (key.to_owned(), decode(value))).collect(),
            last_event_id: header("last-event-id"),
        })
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Where the reader says it stands.
    pub fn since(&self) -> Option<Cursor> {
        Cursor::parse(self.last_event_id.as_deref().or(self.query("since"))?)
    }
}

/// What a server sends, and where it can go wrong.
pub trait Trouble: Send + Sync + 'static {
    /// A connection has come; false closes it unread.
    fn accept(&self, stream: &TcpStream) -> bool {
        let _ = stream;
        true
    }
    /// The answer to a request, head and body, before it is sent; nothing when the trouble has answered by itself.
    fn answer(&self, request: &Request, answer: Vec<u8>, stream: &mut TcpStream) -> Option<Vec<u8>> {
        let _ = (request, stream);
        Some(answer)
    }
    /// A piece of a stream before it is sent; nothing ends the stream.
    fn piece(&self, piece: Vec<u8>, stream: &mut TcpStream) -> Option<Vec<u8>> {
        let _ = stream;
        Some(piece)
    }
}

/// A server that goes on until it is dropped.
pub struct Server {
    pub address: String,
    pub store: Arc<Mutex<Store>>,
    /// The paths that were asked for, with what they were asked.
    pub asked: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// The store as it is now.
    pub fn now(&self) -> Store {
        self.store.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://").trim_end_matches('/'));
    }
}

/// No trouble at all.
pub struct Good;
impl Trouble for Good {}

/// Starts a server of a store; pages hold `limit` lines.
pub fn serve(store: Store, limit: usize, trouble: impl Trouble) -> Server {
    serve_on("127.0.0.1:0", store, limit, trouble)
}

/// The same at an address.
pub fn serve_on(address: &str, store: Store, limit: usize, trouble: impl Trouble) -> Server {
    // A port that was ours a moment ago may still be on its way out.
    let end = std::time::Instant::now() + Duration::from_secs(10);
    let listener = loop {
        match TcpListener::bind(address) {
            Ok(listener) => break listener,
            Err(why) => assert!(std::time::Instant::now() < end, "{address}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let store = Arc::new(Mutex::new(store));
    let stop = Arc::new(AtomicBool::new(false));
    let trouble = Arc::new(trouble);
    let server = Server {
        address,
        store: Arc::clone(&store),
        asked: Arc::default(),
        stop: Arc::clone(&stop),
    };
    let asked = Arc::clone(&server.asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let asked = Arc::clone(&asked);
            let (store, stop, trouble) = (Arc::clone(&store), Arc::clone(&stop), Arc::clone(&trouble));
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                if !trouble.accept(&stream) {
                    return;
                }
                if let Some(request) = Request::read(&stream) {
                    asked.lock().unwrap().push(request.path.clone());
                    handle(&request, stream, &store, limit, &*trouble, &stop);
                }
            });
        }
    });
    server
}

pub fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out =
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")
            .into_bytes();
    out.extend_from_slice(body);
    out
}

fn handle(
    request: &Request,
    mut stream: TcpStream,
    store: &Mutex<Store>,
    limit: usize,
    trouble: &dyn Trouble,
    stop: &AtomicBool,
) {
    let since = |store: &Store| match request.since() {
        Some(Cursor::Beginning) => Ok(0),
        Some(Cursor::At(epoch, rev)) if epoch.as_str() == store.epoch && rev <= store.rev => Ok(rev),
        Some(_) => Err("410 Gone"),
        None => Err("400 Bad Request"),
    };
    let refusal = |status: &str| answer(status, "application/problem+json", b"{}");
    let locked = store.lock().unwrap();
    let bytes = match request.path.as_str() {
        "/v1" => answer("200 OK", "application/json", locked.info().as_bytes()),
        "/v1/changes" => match since(&locked) {
            Err(status) => refusal(status),
            Ok(since) => {
                let kinds: Option<Vec<String>> = request
                    .query("kinds")
                    .map(|kinds| kinds.split(',').map(str::to_owned).collect());
                let (lines, trailer) = locked.page(since, kinds.as_deref(), limit);
                let mut body = String::new();
                for line in lines {
                    body += &serde_json::to_string(&line).unwrap();
                    body.push('\n');
                }
                body += &serde_json::to_string(&trailer).unwrap();
                body.push('\n');
                answer("200 OK", "application/x-ndjson", body.as_bytes())
            }
        },
        "/v1/watch" => match since(&locked) {
            Err(status) => refusal(status),
            Ok(since) => {
                drop(locked);
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
                if let Some(head) = trouble.answer(request, head.to_vec(), &mut stream)
                    && stream.write_all(&head).is_ok()
                {
                    watch(since, stream, store, trouble, stop);
                }
                return;
            }
        },
        _ => refusal("404 Not Found"),
    };
    drop(locked);
    if let Some(bytes) = trouble.answer(request, bytes, &mut stream) {
        let _ = stream.write_all(&bytes);
    }
}

/// A piece of a chunked body.
pub fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}

fn watch(mut since: u64, mut stream: TcpStream, store: &Mutex<Store>, trouble: &dyn Trouble, stop: &AtomicBool) {
    let mut synced: Option<std::time::Instant> = None;
    loop {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut pieces = Vec::new();
        {
            let store = store.lock().unwrap();
            let lines = store.behind(since, None);
            for revision in lines.chunk_by(|a, b| a.rev == b.rev) {
                let rev = revision[0].rev;
                let mut event = format!("event: changes\nid: {}\n", store.cursor(rev));
                for line in revision {
                    event += &format!("data: {}\n", serde_json::to_string(line).unwrap());
                }
                pieces.push(chunk(&(event + "\n")));
            }
            since = store.rev;
            if !pieces.is_empty() || synced.is_none_or(|at| at.elapsed() > SYNC) {
                synced = Some(std::time::Instant::now());
                let event = format!(
                    "event: sync\nid: {}\ndata: {}\n\n",
                    store.cursor(store.rev),
                    store.sync()
                );
                pieces.push(chunk(&event));
            }
        }
        for piece in pieces {
            match trouble.piece(piece, &mut stream) {
                Some(piece) if stream.write_all(&piece).is_ok() => {}
                _ => return,
            }
        }
        std::thread::sleep(LOOK);
    }
}
