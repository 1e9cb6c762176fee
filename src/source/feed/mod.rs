//! The feed of an endpoint: everything from the beginning, page by page, and then every change as it comes. It owns the
//! cursor, notices when it and the server differ, and begins anew then. It must not know boards, screens or waiting times.
//!
//! A feed is a machine that is turned: [`Feed::turn`] does the next piece of work and tells what came of it. Any error leaves
//! it where everything that was handed over is true, ready to be turned again.

pub mod history;
mod ledger;
pub mod page;
pub mod past;
mod record;
pub mod sse;

use super::collect::{Long, Table};
use super::wire::{Piece, Wire, content_type};
use super::{Access, Failure, Interrupt, Limits, Pace, Stop};
use crate::clock;
use crate::contract::feed::{
    API, Bye, CHECKSUM, Cursor, EVENT_STREAM, Epoch, EventName, Info, Line, NDJSON, Parting, Reset, Rev, Subject, Sync,
};
use crate::contract::{Change, Fault, Id, Kind, Level, Problem, Record, Records, What, clean};
use jiff::Timestamp;
pub use ledger::Ledger;
use page::{Page, PageLimits};
pub use record::read as read_line;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Response, Url};
use sse::Events;
use std::collections::BTreeMap;
use std::hash::RandomState;
use std::time::{Duration, Instant};

/// What is wrong with each record that something is wrong with.
pub type Notes = Vec<((Subject, Id), Vec<Problem>)>;

/// What a feed held, for another run to go on from.
#[derive(Debug)]
pub struct Kept {
    /// Where it stood.
    pub cursor: Cursor,
    /// The revision of every record.
    pub ledger: Ledger,
    /// What there is to say of the records.
    pub notes: Notes,
}

/// Something that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Garbled {
    /// Longer than this many bytes.
    Long(usize),
    /// A page that is none.
    Page,
    /// An event that is none.
    Event,
}

impl Garbled {
    fn failure(&self) -> Failure {
        Failure::unreachable(What::Link(match self {
            Self::Long(limit) => Fault::LongLine(*limit as u64),
            Self::Page => Fault::Garbled("fault.part-page"),
            Self::Event => Fault::Garbled("fault.part-event"),
        }))
    }
}

/// What a server is, as it says itself.
pub enum Recognised {
    /// An endpoint with a feed.
    Feed(Box<Feed>),
    /// A web server that knows nothing of feeds: what stands at the address is the document.
    Document,
}

/// What came of a turn.
#[derive(Debug)]
pub enum Turn {
    /// Nothing yet.
    Nothing,
    /// More of a kind has come, but not all of it.
    Loading {
        /// The kind.
        kind: Kind,
        /// Records so far.
        records: usize,
    },
    /// These kinds are whole now, and the server says they are as they were at this revision.
    Whole(Vec<Change>),
    /// Changes behind everything handed over before.
    Changes(Vec<Change>),
    /// Everything the server has was handed over.
    Synced {
        /// The newest revision.
        rev: Rev,
        /// What the server's clock says.
        time: Timestamp,
    },
    /// The server ends the stream on purpose and wants to be left alone this long.
    Bye(Duration),
}

/// Kinds that are asked for together: everything but the long collection first, so that it is on the screen at once.
const PASSES: [&[Subject]; 2] = [
    &[
        Subject::Headquarters,
        Subject::Record(Kind::Measure),
        Subject::Record(Kind::Project),
        Subject::Record(Kind::Agency),
        Subject::Record(Kind::Plan),
        Subject::Record(Kind::Enterprise),
        Subject::Record(Kind::Meeting),
        Subject::Record(Kind::Decision),
        Subject::Record(Kind::Demand),
        Subject::Record(Kind::Campaign),
        Subject::Record(Kind::Evaluation),
    ],
    &[Subject::Record(Kind::Initiative)],
];

/// No greeting is longer, in bytes.
const GREETING: usize = 256 << 10;
/// No page is longer after decompression, in bytes, whatever a document may cost.
const PAGE: u64 = 256 << 20;

/// Where a feed stands.
enum Phase {
    /// Nothing is open.
    Idle,
    /// A page is coming.
    Paging(Response, page::Reader),
    /// Changes come.
    Watching(Stream),
}

struct Stream {
    response: Response,
    events: Events,
    /// Events that came and were not looked at yet.
    ready: std::collections::VecDeque<sse::Event>,
    /// When the last whole event came: bytes alone say little.
    last: Instant,
}

/// The feed of an endpoint.
pub struct Feed {
    wire: Wire,
    base: Url,
    limits: PageLimits,
    pace: Pace,
    most_problems: usize,
    compares: bool,
    phase: Phase,
    /// Where in the feed we stand; within a pass, where the pass stands.
    cursor: Cursor,
    /// The pass being made; nothing once everything has come.
    pass: Option<Pass>,
    ledger: Ledger,
    problems: BTreeMap<(Subject, Id), Vec<Problem>>,
    problems_changed: bool,
}

/// One of the passes from the beginning.
struct Pass {
    number: usize,
    tables: Vec<(Kind, Table)>,
    /// The initiatives, when they are of this pass: there may be a million.
    long: Option<Long>,
    headquarters: Option<Change>,
    /// Where the passes before this one ended: watching begins there.
    reached: Option<Cursor>,
    hasher: RandomState,
}

impl Pass {
    fn new(number: usize, reached: Option<Cursor>) -> Self {
        let kinds = PASSES.get(number).copied().unwrap_or_default();
        let long = kinds.contains(&Subject::Record(Kind::Initiative));
        let tables = kinds.iter().filter_map(|subject| match subject {
            Subject::Record(Kind::Initiative) => None,
            Subject::Record(kind) => Some((*kind, Table::default())),
            Subject::Headquarters | Subject::Other(_) => None,
        });
        Self {
            number,
            tables: tables.collect(),
            long: long.then(Long::default),
            headquarters: None,
            reached,
            hasher: RandomState::new(),
        }
    }

    fn take(&mut self, change: Change) {
        let mut of = |kind: Kind, with: &mut dyn FnMut(&mut Table)| {
            for (known, table) in &mut self.tables {
                if *known == kind {
                    with(table);
                }
            }
        };
        match change {
            Change::Put(Record::Initiative(record)) => {
                if let Some(long) = &mut self.long {
                    long.put(&record);
                }
            }
            Change::Delete(Kind::Initiative, id) => {
                if let Some(long) = &mut self.long {
                    long.remove(&id);
                }
            }
            Change::Put(record) => of(record.kind(), &mut |table| table.put(record.clone(), &self.hasher)),
            Change::Delete(kind, id) => of(kind, &mut |table| table.remove(&id, &self.hasher)),
            Change::Headquarters(_) => self.headquarters = Some(change),
            Change::Whole(..) | Change::Growing(_) | Change::Problems(_) => {}
        }
    }

    fn subjects(&self) -> &'static [Subject] {
        PASSES.get(self.number).copied().unwrap_or_default()
    }
}

/// Asks a server what it is: an endpoint answers at `/v1` below the address.
///
/// # Errors
/// The server cannot be asked, does not let us in, or speaks a feed of another version.
pub fn recognise(
    address: &str,
    access: &Access,
    limits: &Limits,
    pace: Pace,
    interrupt: Interrupt,
) -> Result<Recognised, Failure> {
    let (mut wire, url) = Wire::new(address, access, interrupt, pace.patience).map_err(Failure::Stop)?;
    let Some(base) = base_of(&url) else {
        return Ok(Recognised::Document);
    };
    let info = match greet(&mut wire, &base, pace) {
        Ok(Some(info)) => info,
        Ok(None) => return Ok(Recognised::Document),
        Err(Failure::Stop(Stop::Problem(problem))) if matches!(problem.what, What::Status(400 | 404 | 405)) => {
            return Ok(Recognised::Document);
        }
        Err(failure) => return Err(failure),
    };
    let line = limits.max_record_bytes.saturating_add(1 << 10);
    Ok(Recognised::Feed(Box::new(Feed {
        wire,
        base,
        limits: PageLimits {
            line,
            page: PAGE.min(limits.max_bytes),
        },
        pace,
        most_problems: limits.max_problems,
        compares: info.checksum == CHECKSUM,
        phase: Phase::Idle,
        cursor: Cursor::Beginning,
        pass: Some(Pass::new(0, None)),
        ledger: Ledger::default(),
        problems: BTreeMap::new(),
        problems_changed: false,
    })))
}

/// What `v1` is below; nothing for an address that names a document.
fn base_of(url: &Url) -> Option<Url> {
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/v1").unwrap_or(path);
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') || path.ends_with("/v1/document") || url.query().is_some() {
        return None;
    }
    let mut base = url.clone();
    base.set_fragment(None);
    base.set_path(&format!("{path}/v1"));
    Some(base)
}

/// What the server says it is, or nothing when it says something else.
fn greet(wire: &mut Wire, base: &Url, pace: Pace) -> Result<Option<Info>, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = wire.get(base, &headers)?;
    let is_json = content_type(response.headers()).is_some_and(|found| found == "application/json");
    if !is_json {
        return Ok(None);
    }
    // A server that drips its greeting is as good as one that gives none.
    let limit = pace.patience.connect + pace.patience.headers;
    let until = clock::tick() + limit;
    let mut bytes = Vec::new();
    loop {
        match wire.piece(&mut response, Some(until)) {
            Piece::Bytes(more) => bytes.extend_from_slice(&more),
            Piece::End => break,
            Piece::Later if clock::tick() < until => return Err(Failure::Stop(Stop::Cancelled)),
            Piece::Later => {
                return Err(Failure::unreachable(What::Link(Fault::NoAnswer(
                    limit.as_secs().max(1),
                ))));
            }
            Piece::Broken(what) => return Err(Failure::unreachable(what)),
        }
        if bytes.len() > GREETING {
            return Err(Garbled::Long(GREETING).failure());
        }
    }
    let Ok(said) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Err(Failure::unreachable(What::Link(Fault::Garbled("fault.part-greeting"))));
    };
    // Something else in JSON, perhaps the document itself.
    let Some(api) = said.get("api") else {
        return Ok(None);
    };
    if api.as_u64() != Some(u64::from(API)) {
        let found = clean::excerpt(&api.to_string());
        return Err(Problem::fatal(What::Link(Fault::OtherApi(found))).into());
    }
    serde_json::from_value(said)
        .map(Some)
        .map_err(|_| Failure::unreachable(What::Link(Fault::Garbled("fault.part-greeting"))))
}

impl Feed {
    /// Does the next piece of work, and waits for something to do no longer than `until`.
    ///
    /// # Errors
    /// See [`Failure`]. The feed can be turned again; what it does then begins with a new connection.
    pub fn turn(&mut self, until: Option<Instant>) -> Result<Turn, Failure> {
        let phase = std::mem::replace(&mut self.phase, Phase::Idle);
        match phase {
            Phase::Idle if self.pass.is_some() => self.ask_page(),
            Phase::Idle => self.ask_stream(),
            Phase::Paging(response, reader) => self.read_page(response, reader, until),
            Phase::Watching(stream) => self.read_stream(stream, until),
        }
    }

    /// True while everything is being read from the beginning.
    pub fn is_loading(&self) -> bool {
        self.pass.is_some()
    }

    /// Goes on from where another run left off, instead of from the beginning: this is what it held. Whether it still fits, the
    /// server's cursor and checksums tell.
    pub fn resume(&mut self, kept: Kept) {
        self.cursor = kept.cursor;
        self.ledger = kept.ledger;
        self.problems = kept.notes.into_iter().collect();
        self.pass = None;
    }

    /// What another run needs to go on from here; nothing while everything is being read, or where a record was mended or left
    /// out, which only reading it anew can tell.
    pub fn kept(&self) -> Option<Kept> {
        let is_noted = |problem: &Problem| problem.level == Level::Note;
        let can = self.pass.is_none() && self.problems.values().flatten().all(is_noted);
        can.then(|| Kept {
            cursor: self.cursor.clone(),
            ledger: self.ledger.clone(),
            // Notes are found again in the records themselves.
            notes: Vec::new(),
        })
    }

    /// The newest revision that was handed over, once everything has come.
    pub fn rev(&self) -> Rev {
        rev_of(&self.cursor)
    }

    /// The address of the whole document, for who reads it once.
    pub fn document(&self) -> String {
        format!("{}/document", self.base)
    }

    /// Gives up the connection; the next turn makes a new one.
    pub fn reconnect(&mut self) {
        self.phase = Phase::Idle;
    }

    /// Everything is read anew; what was handed over stays true until it has come.
    fn begin(&mut self) {
        self.phase = Phase::Idle;
        self.cursor = Cursor::Beginning;
        self.pass = Some(Pass::new(0, None));
        self.ledger = Ledger::default();
        self.problems.clear();
        self.problems_changed = true;
    }

    fn address(&self, tail: &str) -> Url {
        let mut url = self.base.clone();
        let path = format!("{}/{tail}", url.path());
        url.set_path(&path);
        url.query_pairs_mut().append_pair("since", &self.cursor.to_string());
        url
    }

    /// Asks, and begins anew where the server says that our cursor is of no use.
    fn get(&mut self, url: &Url, headers: &HeaderMap, wanted: &'static str) -> Result<Option<Response>, Failure> {
        let response = match self.wire.get(url, headers) {
            Ok(response) => response,
            Err(Failure::Stop(Stop::Problem(problem))) => {
                return match problem.what {
                    What::Status(410) => {
                        let was_new = self.cursor == Cursor::Beginning;
                        self.begin();
                        // A server that cannot begin at the beginning must not be asked in a tight loop.
                        if was_new {
                            Err(Failure::unreachable(problem.what))
                        } else {
                            Ok(None)
                        }
                    }
                    What::Status(400) => Err(Problem::fatal(What::Link(Fault::BadRequest)).into()),
                    _ => Err(Failure::Stop(Stop::Problem(problem))),
                };
            }
            Err(failure) => return Err(failure),
        };
        let found = content_type(response.headers()).unwrap_or_else(|| "?".to_owned());
        if found != wanted {
            return Err(Problem::fatal(What::Link(Fault::ContentType(clean::excerpt(&found)))).into());
        }
        Ok(Some(response))
    }

    fn ask_page(&mut self) -> Result<Turn, Failure> {
        let mut url = self.address("changes");
        let subjects = self.pass.as_ref().map(Pass::subjects).unwrap_or_default();
        let names: Vec<&str> = subjects.iter().map(Subject::as_str).collect();
        url.query_pairs_mut().append_pair("kinds", &names.join(","));
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(NDJSON));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("zstd, gzip"));
        if let Some(response) = self.get(&url, &headers, NDJSON)? {
            self.phase = Phase::Paging(response, page::Reader::new(self.cursor.clone(), self.limits));
        }
        Ok(Turn::Nothing)
    }

    fn read_page(
        &mut self,
        mut response: Response,
        mut reader: page::Reader,
        until: Option<Instant>,
    ) -> Result<Turn, Failure> {
        match self.wire.piece(&mut response, until) {
            Piece::Later => {
                self.phase = Phase::Paging(response, reader);
                Ok(Turn::Nothing)
            }
            Piece::Bytes(bytes) => {
                reader.push(&bytes).map_err(|garbled| garbled.failure())?;
                self.phase = Phase::Paging(response, reader);
                Ok(Turn::Nothing)
            }
            Piece::Broken(what) => Err(Failure::unreachable(what)),
            Piece::End => {
                let page = reader.end().map_err(|garbled| garbled.failure())?;
                self.take_page(page)
            }
        }
    }

    fn take_page(&mut self, page: Page) -> Result<Turn, Failure> {
        let Some(mut pass) = self.pass.take() else {
            return Ok(Turn::Nothing);
        };
        // Two pages of two lives of a store do not go together.
        let epoch = |cursor: &Cursor| match cursor {
            Cursor::At(epoch, _) => Some(epoch.clone()),
            Cursor::Beginning => None,
        };
        if let Some(reached) = &pass.reached
            && epoch(reached) != epoch(&page.trailer.next)
        {
            self.begin();
            return Err(Garbled::Page.failure());
        }
        for line in &page.lines {
            // Another kind than was asked for does no harm, but is not ours to keep: it comes in its own pass.
            if pass.subjects().contains(&line.kind)
                && self.ledger.is_news(line)
                && let Some(change) = self.take_line(line)
            {
                pass.take(change);
            }
        }
        self.cursor = page.trailer.next;
        if !page.trailer.up_to_date {
            let tables = pass.tables.iter().map(|(kind, table)| (*kind, table.live));
            let long = pass.long.iter().map(|long| (Kind::Initiative, long.len()));
            let most = tables.chain(long).max_by_key(|(_, records)| *records);
            let loading = most.map_or(Turn::Nothing, |(kind, records)| Turn::Loading { kind, records });
            self.pass = Some(pass);
            return Ok(loading);
        }
        let rev = rev_of(&self.cursor);
        let mut changes: Vec<Change> = pass.headquarters.take().into_iter().collect();
        for (kind, mut table) in std::mem::take(&mut pass.tables) {
            changes.push(Change::Whole(kind, table.take().into()));
        }
        if let Some(long) = &mut pass.long {
            changes.push(Change::Whole(Kind::Initiative, Records::Packed(long.all())));
        }
        for subject in pass.subjects() {
            self.ledger.reach(subject, rev);
        }
        let next = pass.number + 1;
        let reached = pass.reached.take().unwrap_or_else(|| self.cursor.clone());
        if next < PASSES.len() {
            self.pass = Some(Pass::new(next, Some(reached)));
            self.cursor = Cursor::Beginning;
        } else {
            // What came after the first pass ended is sent again where it was known already; that is no news then.
            self.cursor = reached;
        }
        changes.extend(self.said_wrong());
        Ok(Turn::Whole(changes))
    }

    /// Writes a line down; what it changes.
    fn take_line(&mut self, line: &Line) -> Option<Change> {
        self.ledger.note(&line.kind, &line.id, line.rev, &line.op);
        let (change, problems) = record::read(line);
        let key = (line.kind.clone(), line.id.clone());
        if problems.is_empty() {
            self.problems_changed |= self.problems.remove(&key).is_some();
        } else if self.problems.len() < self.most_problems || self.problems.contains_key(&key) {
            self.problems.insert(key, problems);
            self.problems_changed = true;
        }
        change
    }

    /// What is wrong with the data, if that has changed.
    fn said_wrong(&mut self) -> Option<Change> {
        if !std::mem::take(&mut self.problems_changed) {
            return None;
        }
        let all: Vec<Problem> = self.problems.values().flatten().cloned().collect();
        Some(Change::Problems(all.into()))
    }

    fn ask_stream(&mut self) -> Result<Turn, Failure> {
        let url = self.address("watch");
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(EVENT_STREAM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(cursor) = HeaderValue::from_str(&self.cursor.to_string()) {
            headers.insert("last-event-id", cursor);
        }
        if let Some(response) = self.get(&url, &headers, EVENT_STREAM)? {
            self.phase = Phase::Watching(Stream {
                response,
                // An event is one revision, and a revision may hold a whole batch.
                events: Events::new(usize::try_from(self.limits.page).unwrap_or(usize::MAX)),
                ready: std::collections::VecDeque::new(),
                last: clock::tick(),
            });
        }
        Ok(Turn::Nothing)
    }

    fn read_stream(&mut self, mut stream: Stream, until: Option<Instant>) -> Result<Turn, Failure> {
        if let Some(event) = stream.ready.pop_front() {
            stream.last = clock::tick();
            self.phase = Phase::Watching(stream);
            return self.take_event(&event).inspect_err(|_| self.phase = Phase::Idle);
        }
        let give_up = stream.last + self.pace.eventless;
        let until = until.map_or(give_up, |until| until.min(give_up));
        match self.wire.piece(&mut stream.response, Some(until)) {
            Piece::Later if clock::tick() >= give_up => Err(Failure::unreachable(What::Link(Fault::Silent(
                self.pace.eventless.as_secs().max(1),
            )))),
            Piece::Later => {
                self.phase = Phase::Watching(stream);
                Ok(Turn::Nothing)
            }
            Piece::Bytes(bytes) => {
                let mut events = Vec::new();
                let pushed = stream.events.push(&bytes, &mut events);
                stream.ready.extend(events);
                // What came before the garbage is good; whatever the garbage held comes again.
                if let Err(garbled) = pushed
                    && stream.ready.is_empty()
                {
                    return Err(garbled.failure());
                }
                self.phase = Phase::Watching(stream);
                Ok(Turn::Nothing)
            }
            Piece::End => Err(Failure::unreachable(What::Link(Fault::Cut))),
            Piece::Broken(what) => Err(Failure::unreachable(what)),
        }
    }

    fn take_event(&mut self, event: &sse::Event) -> Result<Turn, Failure> {
        let garbled = || Garbled::Event.failure();
        let Some(name) = EventName::named(&event.name) else {
            return Ok(Turn::Nothing);
        };
        match name {
            EventName::Changes => {
                let (epoch, rev) = self.cursor_of(&event.id).ok_or_else(garbled)?;
                let mut lines = Vec::new();
                for text in event.data.lines() {
                    let line = Line::parse(text).map_err(|_| garbled())?;
                    if line.rev > rev {
                        return Err(garbled());
                    }
                    lines.push(line);
                }
                let news: Vec<&Line> = lines.iter().filter(|line| self.ledger.is_news(line)).collect();
                let mut changes: Vec<Change> = news.into_iter().filter_map(|line| self.take_line(line)).collect();
                self.ledger.reach_all(rev);
                // A revision that came again must not lead back.
                if rev > rev_of(&self.cursor) {
                    self.cursor = Cursor::At(epoch, rev);
                }
                changes.extend(self.said_wrong());
                Ok(if changes.is_empty() {
                    Turn::Nothing
                } else {
                    Turn::Changes(changes)
                })
            }
            EventName::Sync => {
                let (epoch, rev) = self.cursor_of(&event.id).ok_or_else(garbled)?;
                let sync: Sync = serde_json::from_str(&event.data).map_err(|_| garbled())?;
                // A sync that came again speaks of a time gone by.
                if rev < rev_of(&self.cursor) || sync.head != rev {
                    return if sync.head == rev {
                        Ok(Turn::Nothing)
                    } else {
                        Err(garbled())
                    };
                }
                if self.compares
                    && let Some(subject) = self.ledger.differs(&sync.kinds)
                {
                    let name = match &subject {
                        Subject::Record(kind) => kind.plural_key(),
                        Subject::Headquarters | Subject::Other(_) => "link.headquarters",
                    };
                    tracing::warn!("at revision {rev} {subject} differs from the server's: read anew");
                    self.begin();
                    return Err(Failure::unreachable(What::Link(Fault::Differs(name))));
                }
                self.ledger.reach_all(rev);
                self.cursor = Cursor::At(epoch, rev);
                Ok(Turn::Synced { rev, time: sync.time })
            }
            EventName::Reset => {
                let _: Reset = serde_json::from_str(&event.data).map_err(|_| garbled())?;
                self.begin();
                Ok(Turn::Nothing)
            }
            EventName::Bye => {
                let bye: Bye = serde_json::from_str(&event.data).map_err(|_| garbled())?;
                self.phase = Phase::Idle;
                if bye.reason == Parting::Revoked {
                    let why = Problem::fatal(What::Link(Fault::TokenRefused));
                    return Err(Failure::Unauthorised(Box::new(why)));
                }
                Ok(Turn::Bye(Duration::from_millis(u64::from(bye.retry_ms))))
            }
        }
    }

    /// The place an event's id names, when it is one in our life of the store.
    fn cursor_of(&self, id: &str) -> Option<(Epoch, Rev)> {
        match (Cursor::parse(id)?, &self.cursor) {
            (Cursor::At(epoch, rev), Cursor::At(ours, _)) if epoch == *ours => Some((epoch, rev)),
            _ => None,
        }
    }
}

fn rev_of(cursor: &Cursor) -> Rev {
    match cursor {
        Cursor::At(_, rev) => *rev,
        Cursor::Beginning => 0,
    }
}
