//! The feed of an endpoint: everything from the beginning, page by page, and then every change as it comes. It owns the
//! cursor, notices when it and the server differ, and begins anew then. It must not know boards, screens or waiting times.
//!
//! A feed is a machine that is turned: [`Feed::turn`] does the next piece of work and tells what came of it. Any error leaves
//! it where everything that was handed over is true, ready to be turned again.

pub mod history;
mod ledger;
pub mod page;
mod pass;
pub mod past;
mod recognise;
mod record;
pub mod sse;
mod stream;

use super::wire::{Piece, Wire, content_type};
use super::{Failure, Pace, Stop};
use crate::contract::feed::{Cursor, Line, NDJSON, Rev, Subject};
use crate::contract::{Change, Fault, Id, Kind, Level, Problem, Records, What, clean};
use jiff::Timestamp;
pub use ledger::Ledger;
use page::{Page, PageLimits};
use pass::{PASSES, Pass};
pub use recognise::{Recognised, recognise};
pub use record::read as read_line;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Response, Url};
use std::collections::BTreeMap;
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

/// Where a feed stands.
enum Phase {
    /// Nothing is open.
    Idle,
    /// A page is coming.
    Paging(Response, page::Reader),
    /// Changes come.
    Watching(stream::Stream),
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

impl Feed {
    /// A feed from the beginning, below this address.
    fn new(wire: Wire, base: Url, limits: PageLimits, pace: Pace, most_problems: usize, compares: bool) -> Self {
        Self {
            wire,
            base,
            limits,
            pace,
            most_problems,
            compares,
            phase: Phase::Idle,
            cursor: Cursor::Beginning,
            pass: Some(Pass::new(0, None)),
            ledger: Ledger::default(),
            problems: BTreeMap::new(),
            problems_changed: false,
        }
    }

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
}

fn rev_of(cursor: &Cursor) -> Rev {
    match cursor {
        Cursor::At(_, rev) => *rev,
        Cursor::Beginning => 0,
    }
}
