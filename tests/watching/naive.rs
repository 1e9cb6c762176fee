//! A second reader of the feed, as simple as can be, that makes one mistake on purpose: what the cases are worth is how many of
//! these mistakes they find. Without a mistake it passes every case that is about the feed alone.

use rasad::contract::feed::{Cursor, KindState, PageLine, Sync};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What it does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A page without its trailer is taken for whole.
    IgnoresTrailer,
    /// The count in the trailer is not looked at.
    IgnoresCount,
    /// The first revision of a stream is lost.
    DropsRevision,
    /// Checksums are not compared.
    IgnoresChecksum,
    /// What comes again is applied again.
    AppliesOldRevisions,
    /// A stream is taken up where it first began.
    ForgetsCursor,
    /// A cursor that is of no use is used again.
    IgnoresGone,
    /// A reset is passed over.
    IgnoresReset,
    /// Deletions are passed over.
    IgnoresDeletions,
    /// Only the first line of a revision is applied.
    SplitsRevisions,
    /// An event is taken before the empty line that ends it.
    TakesHalfEvents,
    /// The second page is never asked for.
    ReadsOnePage,
}

pub const FLAWS: &[Flaw] = &[
    Flaw::IgnoresTrailer,
    Flaw::IgnoresCount,
    Flaw::DropsRevision,
    Flaw::IgnoresChecksum,
    Flaw::AppliesOldRevisions,
    Flaw::ForgetsCursor,
    Flaw::IgnoresGone,
    Flaw::IgnoresReset,
    Flaw::IgnoresDeletions,
    Flaw::SplitsRevisions,
    Flaw::TakesHalfEvents,
    Flaw::ReadsOnePage,
];

pub struct Naive<'a> {
    pub address: &'a str,
    pub flaw: Option<Flaw>,
    pub end: Instant,
    /// Rev and name of every record by kind and id.
    held: BTreeMap<(String, String), (u64, String)>,
    known: BTreeMap<String, u64>,
    dropped: bool,
}

/// Why a part of the work ended.
enum Ended {
    Again,
    FromTheBeginning,
}

impl<'a> Naive<'a> {
    pub fn new(address: &'a str, flaw: Option<Flaw>, time: Duration) -> Self {
        Self {
            address,
            flaw,
            end: Instant::now() + time,
            held: BTreeMap::new(),
            known: BTreeMap::new(),
            dropped: false,
        }
    }

    /// The enterprises it holds.
    pub fn names(&self) -> BTreeMap<String, String> {
        let enterprises = self.held.iter().filter(|((kind, _), _)| kind == "enterprise");
        enterprises
            .map(|((_, id), (_, name))| (id.clone(), name.clone()))
            .collect()
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// Works until `done` says that a sync found everything as it should be.
    pub fn run(&mut self, done: &dyn Fn(&Self) -> bool) -> bool {
        while self.get("/v1", "").is_none_or(|(status, _)| status != 200) {
            if Instant::now() > self.end {
                return false;
            }
        }
        while Instant::now() < self.end {
            self.held.clear();
            self.known.clear();
            let Some(first) = self.list() else { continue };
            let mut cursor = first.clone();
            while Instant::now() < self.end {
                if self.has(Flaw::ForgetsCursor) {
                    cursor = first.clone();
                }
                match self.watch(&mut cursor, done) {
                    None => return true,
                    Some(Ended::Again) => {}
                    Some(Ended::FromTheBeginning) => break,
                }
            }
        }
        false
    }

    fn connect(&self, path: &str, cursor: &str) -> Option<BufReader<TcpStream>> {
        std::thread::sleep(Duration::from_millis(2));
        let host = self.address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).ok()?;
        stream.set_read_timeout(Some(Duration::from_millis(400))).ok()?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: x\r\nlast-event-id: {cursor}\r\n\r\n"
        )
        .ok()?;
        Some(BufReader::new(stream))
    }

    fn head(stream: &mut BufReader<TcpStream>) -> Option<(u16, usize)> {
        let mut head = String::new();
        while stream.read_line(&mut head).ok()? > 2 {}
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        Some((status, length.and_then(|length| length.parse().ok()).unwrap_or(0)))
    }

    fn get(&self, path: &str, cursor: &str) -> Option<(u16, String)> {
        let mut stream = self.connect(path, cursor)?;
        let (status, length) = Self::head(&mut stream)?;
        let mut body = Vec::new();
        let _ = stream.take(length as u64).read_to_end(&mut body);
        Some((status, String::from_utf8(body).ok()?))
    }

    fn list(&mut self) -> Option<String> {
        let mut reached = None;
        for (kinds, names) in [
            ("headquarters,enterprise", &["headquarters", "enterprise"][..]),
            ("initiative", &["initiative"]),
        ] {
            let mut cursor = "0".to_owned();
            loop {
                if Instant::now() > self.end {
                    return None;
                }
                let path = format!("/v1/changes?since={cursor}&kinds={kinds}");
                let Some((status, body)) = self.get(&path, &cursor) else {
                    continue;
                };
                if status == 410 && !self.has(Flaw::IgnoresGone) {
                    return None;
                }
                let mut lines = Vec::new();
                let mut trailer = None;
                for text in body.lines() {
                    match PageLine::parse(text) {
                        Ok(PageLine::Line(line)) => lines.push(line),
                        Ok(PageLine::Trailer(said)) => trailer = Some(said),
                        Err(_) => {}
                    }
                }
                let whole = trailer
                    .as_ref()
                    .is_some_and(|said| said.count == lines.len() as u64 || self.has(Flaw::IgnoresCount));
                let last = lines.last().map_or(0, |line| line.rev);
                let taken_anyway = self.has(Flaw::IgnoresTrailer) && trailer.is_none() && last > 0;
                if !whole && !taken_anyway {
                    continue;
                }
                for line in lines {
                    self.take(&serde_json::to_value(&line).ok()?);
                }
                let (next, done) = match trailer {
                    Some(said) => (said.next.to_string(), said.up_to_date),
                    None => (format!("e1.{last}"), true),
                };
                cursor = next;
                if done || self.has(Flaw::ReadsOnePage) {
                    break;
                }
            }
            if let Some(Cursor::At(_, rev)) = Cursor::parse(&cursor) {
                for name in names {
                    self.known.insert((*name).to_owned(), rev);
                }
            }
            reached.get_or_insert(cursor);
        }
        reached
    }

    fn take(&mut self, line: &Value) {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let (kind, id, rev) = (text("kind"), text("id"), line["rev"].as_u64().unwrap_or(0));
        if rev <= self.known.get(&kind).copied().unwrap_or(0) && !self.has(Flaw::AppliesOldRevisions) {
            return;
        }
        if text("op") == "put" {
            let name = line["obj"]["name"].as_str().unwrap_or_default().to_owned();
            self.held.insert((kind, id), (rev, name));
        } else if !self.has(Flaw::IgnoresDeletions) {
            self.held.remove(&(kind, id));
        }
    }

    fn equals(&self, sync: &Sync) -> bool {
        ["headquarters", "enterprise", "initiative"].iter().all(|kind| {
            let mut ours = KindState::default();
            for ((_, id), (rev, _)) in self.held.iter().filter(|((k, _), _)| k == kind) {
                ours.add(id, *rev);
            }
            sync.kinds.get(*kind).copied().unwrap_or_default() == ours
        })
    }

    fn watch(&mut self, cursor: &mut String, done: &dyn Fn(&Self) -> bool) -> Option<Ended> {
        let path = format!("/v1/watch?since={cursor}");
        let Some(mut stream) = self.connect(&path, cursor) else {
            return Some(Ended::Again);
        };
        match Self::head(&mut stream) {
            Some((200, _)) => {}
            Some((410, _)) if !self.has(Flaw::IgnoresGone) => return Some(Ended::FromTheBeginning),
            _ => return Some(Ended::Again),
        }
        let (mut name, mut id, mut data) = (String::new(), String::new(), Vec::new());
        loop {
            let mut text = String::new();
            let read = stream.read_line(&mut text);
            let ended = !matches!(read, Ok(n) if n > 0);
            if Instant::now() > self.end {
                return Some(Ended::Again);
            }
            let text = text.trim_end_matches('\n');
            if let Some(value) = text.strip_prefix("event: ") {
                value.clone_into(&mut name);
            } else if let Some(value) = text.strip_prefix("id: ") {
                value.clone_into(&mut id);
            } else if let Some(value) = text.strip_prefix("data: ") {
                data.push(value.to_owned());
            }
            let complete = text.is_empty() && !ended || (ended && self.has(Flaw::TakesHalfEvents));
            if complete && !name.is_empty() {
                let is_sync = name == "sync";
                if let Some(ended) = self.event(&std::mem::take(&mut name), &id, &std::mem::take(&mut data), cursor) {
                    return Some(ended);
                }
                if is_sync && done(self) {
                    return None;
                }
            }
            if ended {
                return Some(Ended::Again);
            }
        }
    }

    fn event(&mut self, name: &str, id: &str, data: &[String], cursor: &mut String) -> Option<Ended> {
        match name {
            "changes" => {
                let Some(Cursor::At(_, rev)) = Cursor::parse(id) else {
                    return Some(Ended::Again);
                };
                let drops = self.has(Flaw::DropsRevision) && !std::mem::replace(&mut self.dropped, true);
                let most = if self.has(Flaw::SplitsRevisions) { 1 } else { usize::MAX };
                for text in data.iter().take(if drops { 0 } else { most }) {
                    if let Ok(line) = serde_json::from_str(text) {
                        self.take(&line);
                    }
                }
                for kind in ["headquarters", "enterprise", "initiative"] {
                    let known = self.known.entry(kind.to_owned()).or_default();
                    *known = (*known).max(rev);
                }
                if Cursor::parse(cursor).is_some_and(|ours| matches!(ours, Cursor::At(_, ours) if ours < rev)) {
                    id.clone_into(cursor);
                }
                None
            }
            "sync" => {
                let Ok(sync) = serde_json::from_str::<Sync>(&data.join("\n")) else {
                    return Some(Ended::Again);
                };
                let late =
                    Cursor::parse(cursor).is_some_and(|ours| matches!(ours, Cursor::At(_, ours) if ours > sync.head));
                if late {
                    return None;
                }
                if !self.has(Flaw::IgnoresChecksum) && !self.equals(&sync) {
                    return Some(Ended::FromTheBeginning);
                }
                id.clone_into(cursor);
                None
            }
            "reset" if !self.has(Flaw::IgnoresReset) => Some(Ended::FromTheBeginning),
            "bye" => Some(Ended::Again),
            _ => None,
        }
    }
}
