//! A server that does what a case says, exchange by exchange, and remembers whether it was asked what the case expects.
//!
//! An exchange is a line: what is asked, how it is answered, and with what.
//!
//! ```text
//! greet                                   GET /v1, answered as an endpoint does
//! main 0: hq@1 a@2 -b@3 | e1.3 3 done     a page of everything but the long collection, behind cursor 0: lines, then the trailer
//! long 0: | e1.3 3 done                   a page of the long collection (here an empty one)
//! watch e1.3: sync@3 a@2 ; a@4 ; close    a stream: events parted by ; (a@4: revision 4 makes a what it is then)
//! main 0 [503 retry-after=0]:             another status; [html] [type=x] [cut=40] [drip] [gzip] [silent] [late=ms] …
//! ```
//!
//! A record `a` of revision 4 is called `a.4`, so what a client holds says which revisions it took.

use rasad::contract::feed::Kinds;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the cases are written in.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Case {
    pub name: String,
    pub exchanges: Vec<String>,
    /// What the client must hold in the end, as `a@4 b@3`; nothing when it may hold nothing.
    #[serde(default)]
    pub holds: String,
    /// The state it must be in: `live`, `offline:refused` …; for the dashboard only.
    pub state: String,
    /// Only the order and contents of the feed are at stake: a simple client that makes no mistake does as well.
    #[serde(default)]
    pub simple: bool,
}

/// How far a script has come.
#[derive(Debug, Default)]
pub struct Progress {
    pub done: usize,
    /// What was asked that the case does not expect.
    pub wrong: Option<String>,
}

pub struct Script {
    pub address: String,
    pub progress: Arc<Mutex<Progress>>,
    pub length: usize,
}

/// Starts the server of a case.
pub fn play(case: &Case) -> Script {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let progress = Arc::new(Mutex::new(Progress::default()));
    let script = Script {
        address,
        progress: Arc::clone(&progress),
        length: case.exchanges.len(),
    };
    let exchanges = case.exchanges.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let next = {
                let progress = progress.lock().unwrap();
                exchanges.get(progress.done).cloned()
            };
            // The script is over: whoever comes now is kept waiting.
            let Some(next) = next else {
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_secs(4));
                    drop(stream);
                });
                continue;
            };
            if next == "refuse" {
                progress.lock().unwrap().done += 1;
                drop(stream);
                continue;
            }
            let progress = Arc::clone(&progress);
            // One after the other, but for streams, which stay open.
            let is_stream = next.starts_with("watch") || next.contains("hang]") || next.contains("[silent");
            let job = move || {
                if let Some(request) = request(&stream) {
                    answer(&next, &request, stream, &progress);
                }
            };
            if is_stream {
                std::thread::spawn(job);
                std::thread::sleep(Duration::from_millis(2));
            } else {
                job();
            }
        }
    });
    script
}

fn request(stream: &TcpStream) -> Option<String> {
    let _ = stream.set_nodelay(true);
    let mut lines = BufReader::new(stream);
    let mut head = String::new();
    while lines.read_line(&mut head).ok()? > 2 {}
    Some(head)
}

/// What a request must be for an exchange.
fn expected(what: &str, cursor: &str, head: &str) -> Result<(), String> {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let has = |pair: &str| query.split('&').any(|found| found == pair);
    let last_id = format!("last-event-id: {cursor}");
    let good = match what {
        "greet" => path == "/v1",
        "main" => path == "/v1/changes" && has(&format!("since={cursor}")) && query.contains("enterprise"),
        "long" => path == "/v1/changes" && has(&format!("since={cursor}")) && query.contains("kinds=initiative"),
        "watch" => path == "/v1/watch" && has(&format!("since={cursor}")) && head.to_lowercase().contains(&last_id),
        "document" => path == "/",
        other => panic!("no such exchange: {other}"),
    };
    if good {
        Ok(())
    } else {
        Err(format!("{what} {cursor} was expected, not {target}"))
    }
}

fn answer(exchange: &str, head: &str, mut stream: TcpStream, progress: &Mutex<Progress>) {
    let (ask, content) = exchange
        .split_once(": ")
        .unwrap_or((exchange.trim_end_matches(':'), ""));
    let (ask, how) = ask.split_once(" [").unwrap_or((ask, ""));
    let how: Vec<&str> = how.trim_end_matches(']').split_whitespace().collect();
    let (what, cursor) = ask.split_once(' ').unwrap_or((ask, ""));
    {
        let mut progress = progress.lock().unwrap();
        if let Err(wrong) = expected(what, cursor, head) {
            progress.wrong.get_or_insert(wrong);
            return;
        }
        progress.done += 1;
    }
    let option = |name: &str| how.iter().find_map(|word| word.strip_prefix(name)).map(str::to_owned);
    if how.contains(&"silent") {
        std::thread::sleep(Duration::from_millis(1_200));
        return;
    }
    if let Some(ms) = option("late=") {
        std::thread::sleep(Duration::from_millis(ms.parse().unwrap()));
    }
    if what == "watch"
        && how
            .iter()
            .all(|word| word.parse::<u16>().is_err() && !word.starts_with("type="))
    {
        return play_stream(content, &mut stream);
    }
    let status = how.iter().find_map(|word| word.parse::<u16>().ok()).unwrap_or(200);
    let (kind, mut body) = match what {
        "greet" => ("application/json", greeting(content)),
        "document" => ("application/json", content.as_bytes().to_vec()),
        _ => ("application/x-ndjson", page(content)),
    };
    let kind = option("type=").unwrap_or_else(|| if how.contains(&"html") { "text/html" } else { kind }.to_owned());
    if how.contains(&"gzip") {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&body).unwrap();
        body = encoder.finish().unwrap();
    }
    if how.contains(&"zstd") {
        body = zstd::stream::encode_all(body.as_slice(), 3).unwrap();
    }
    let mut more = String::new();
    for header in ["retry-after", "location"] {
        if let Some(value) = option(&format!("{header}=")) {
            more += &format!("{header}: {value}\r\n");
        }
    }
    let length = option("length=")
        .and_then(|length| length.parse().ok())
        .unwrap_or(body.len());
    let mut bytes = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{more}connection: close\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(&body);
    if let Some(cut) = option("cut=") {
        let cut: usize = cut.parse().unwrap();
        bytes.truncate(bytes.len().saturating_sub(cut));
    }
    if how.contains(&"drip") {
        for byte in bytes {
            let _ = stream.write_all(&[byte]);
            std::thread::sleep(Duration::from_micros(200));
        }
        return;
    }
    let _ = stream.write_all(&bytes);
    if how.contains(&"hang") {
        std::thread::sleep(Duration::from_millis(800));
    }
}

fn greeting(content: &str) -> Vec<u8> {
    if !content.is_empty() {
        return content.as_bytes().to_vec();
    }
    format!(
        r#"{{"api":1,"epoch":"e1","head":3,"min_rev":0,"time":"{}","checksum":"sum-xxh3-64","limits":{{"page_lines":5000,"batch_operations":500,"body_bytes":1048576,"record_bytes":1048576,"sync_seconds":15,"tombstone_days":30,"idempotency_hours":24}},"kinds":{{}}}}"#,
        jiff::Timestamp::now()
    )
    .into_bytes()
}

/// A line of the feed: `a@4`, `-a@4`, `hq@1`, or anything in backquotes as it stands.
fn line(word: &str) -> String {
    if let Some(raw) = word.strip_prefix('`') {
        return raw.trim_end_matches('`').replace('_', " ");
    }
    if let Some(deleted) = word.strip_prefix('-') {
        let (id, rev) = deleted.split_once('@').unwrap();
        return format!(r#"{{"rev":{rev},"kind":"enterprise","id":"{id}","op":"del"}}"#);
    }
    let (id, rev) = word.split_once('@').unwrap_or_else(|| panic!("no line: {word}"));
    if id == "hq" {
        return format!(
            r#"{{"rev":{rev},"kind":"headquarters","id":"hq","op":"put","obj":{{"name":"hq.{rev}","province":"","programme_year":1403,"plan_due":"1403-01-31"}}}}"#
        );
    }
    format!(r#"{{"rev":{rev},"kind":"enterprise","id":"{id}","op":"put","obj":{{"id":"{id}","name":"{id}.{rev}"}}}}"#)
}

fn page(content: &str) -> Vec<u8> {
    let (lines, trailer) = match content.split_once('|') {
        Some((lines, trailer)) => (lines, Some(trailer)),
        None => (content, None),
    };
    let words: Vec<&str> = lines.split_whitespace().collect();
    let mut out = String::new();
    for word in &words {
        out += &line(word);
        out.push('\n');
    }
    if let Some(trailer) = trailer {
        let parts: Vec<&str> = trailer.split_whitespace().collect();
        let [next, head, done, rest @ ..] = parts.as_slice() else {
            panic!("no trailer: {trailer}");
        };
        let count = rest.first().map_or(words.len(), |count| count.parse().unwrap());
        out += &format!(
            "{{\"next\":\"{next}\",\"head\":{head},\"up_to_date\":{},\"count\":{count}}}\n",
            *done == "done"
        );
    }
    out.into_bytes()
}

/// What a client that holds these records must have been told.
fn kinds(words: &str) -> Kinds {
    let mut kinds = Kinds::new();
    for word in words.split_whitespace() {
        let (id, rev) = word.split_once('@').unwrap();
        let kind = if id == "hq" { "headquarters" } else { "enterprise" };
        kinds.entry(kind.to_owned()).or_default().add(id, rev.parse().unwrap());
    }
    kinds
}

fn event(text: &str) -> String {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    if let Some(raw) = text.strip_prefix("raw ") {
        return raw.replace("\\n", "\n").replace("\\0", "\0");
    }
    if let Some(rev) = word.strip_prefix("sync@") {
        let (rev, mut kinds) = (rev, kinds(rest));
        if rest.contains("wrong@1") {
            kinds.entry("enterprise".to_owned()).or_default().count += 7;
        }
        let time = jiff::Timestamp::now();
        let kinds = serde_json::to_string(&kinds).unwrap();
        return format!(
            "event: sync\nid: e1.{rev}\ndata: {{\"head\":{rev},\"time\":\"{time}\",\"kinds\":{kinds}}}\n\n"
        );
    }
    match word {
        "reset" => return "event: reset\ndata: {\"reason\":\"compacted\"}\n\n".to_owned(),
        "bye" => return format!("event: bye\ndata: {{\"reason\":\"drain\",\"retry_ms\":{rest}}}\n\n"),
        "revoked" => return "event: bye\ndata: {\"reason\":\"revoked\",\"retry_ms\":5}\n\n".to_owned(),
        _ => {}
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let rev = words
        .iter()
        .filter_map(|word| word.split_once('@'))
        .map(|(_, rev)| rev)
        .next_back();
    let mut out = format!("event: changes\nid: e1.{}\n", rev.unwrap_or_default());
    for word in words {
        out += &format!("data: {}\n", line(word));
    }
    out + "\n"
}

fn play_stream(content: &str, stream: &mut TcpStream) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(head.as_bytes());
    for part in content.split(" ; ").map(str::trim).filter(|part| !part.is_empty()) {
        if part == "close" {
            return;
        }
        if let Some(ms) = part.strip_prefix("wait ") {
            std::thread::sleep(Duration::from_millis(ms.parse().unwrap()));
            continue;
        }
        let bytes = match part.strip_prefix("slowly ") {
            Some(part) => {
                for byte in event(part).bytes() {
                    let _ = stream.write_all(&[byte]);
                    std::thread::sleep(Duration::from_micros(100));
                }
                continue;
            }
            None => event(part),
        };
        if stream.write_all(bytes.as_bytes()).is_err() {
            return;
        }
    }
    // Quiet, but open, and alive: a comment now and then.
    for _ in 0..60 {
        std::thread::sleep(Duration::from_millis(50));
        if stream.write_all(b": quiet\n").is_err() {
            return;
        }
    }
}
