//! The open stream of a feed: changes as they come, and what else its events say.

use super::sse::{self, Events};
use super::{Feed, Garbled, Phase, Turn, rev_of};
use crate::clock;
use crate::contract::feed::{Bye, Cursor, EVENT_STREAM, Epoch, EventName, Line, Parting, Reset, Rev, Subject, Sync};
use crate::contract::{Change, Fault, Problem, What};
use crate::source::Failure;
use crate::source::wire::Piece;
use reqwest::Response;
use reqwest::header::{self, HeaderMap, HeaderValue};
use std::time::{Duration, Instant};

pub(super) struct Stream {
    response: Response,
    events: Events,
    /// Events that came and were not looked at yet.
    ready: std::collections::VecDeque<sse::Event>,
    /// When the last whole event came: bytes alone say little.
    last: Instant,
}

impl Feed {
    pub(super) fn ask_stream(&mut self) -> Result<Turn, Failure> {
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

    pub(super) fn read_stream(&mut self, mut stream: Stream, until: Option<Instant>) -> Result<Turn, Failure> {
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
