//! The one reader of the store's feed: a shared ring of serialised frames from which every stream takes what it has not sent.
//!
//! There is no queue for any client. The ring holds the newest revisions; whoever is further back reads pages from the store,
//! that is: the latest state of each record, a coarser feed. Wake-ups are only hints: the store is also asked every second.

use super::bell::Bell;
use super::store::{Ask, Head, Page, Row, Store, Trouble};
use crate::contract::feed::{EventName, Rev};
use bytes::{BufMut as _, Bytes, BytesMut};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How long the store is left alone when nothing wakes the reader.
pub(super) const POLL: Duration = Duration::from_secs(1);
/// Bytes of frames the ring holds.
const RING_BYTES: usize = 8 << 20;
/// Rows and bytes of one reading.
const READ_ROWS: usize = 2_000;
const READ_BYTES: usize = 4 << 20;
/// After so long without an answer of the store nobody is told that they have everything.
const FRESH: Duration = Duration::from_secs(5);

/// One revision as it stands in a stream.
#[derive(Clone)]
pub(super) struct Frame {
    pub(super) rev: Rev,
    pub(super) bytes: Bytes,
}

#[derive(Default)]
struct Ring {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// Every revision behind this one, and up to the other, is in the ring.
    floor: Rev,
    upto: Rev,
}

/// What all streams share.
pub(super) struct Hub {
    head: RwLock<Option<(Arc<Head>, Instant)>>,
    ring: Mutex<Ring>,
    wake: Notify,
    /// Counts everything a stream may have to react to.
    turns: AtomicU64,
    /// Wakes all streams.
    pub(super) bell: Bell,
    /// Wakes the few that wait for something of their own.
    pub(super) moved: watch::Sender<()>,
}

/// What the ring holds behind a revision.
pub(super) enum Next {
    Frame(Frame),
    /// Nothing: all of it was taken.
    Nothing,
    /// It does not reach back so far.
    Gone,
}

impl Hub {
    pub(super) fn new() -> Self {
        Self {
            head: RwLock::default(),
            ring: Mutex::default(),
            wake: Notify::new(),
            turns: AtomicU64::new(0),
            bell: Bell::default(),
            moved: watch::Sender::new(()),
        }
    }

    /// Where the store stood when it was last asked; nothing before it answered once.
    pub(super) fn head(&self) -> Option<Arc<Head>> {
        let head = self.head.read().unwrap_or_else(PoisonError::into_inner);
        head.as_ref().map(|(head, _)| Arc::clone(head))
    }

    /// True when the store answered a moment ago.
    pub(super) fn fresh(&self) -> bool {
        let head = self.head.read().unwrap_or_else(PoisonError::into_inner);
        head.as_ref()
            .is_some_and(|(_, at)| crate::clock::tick().duration_since(*at) < FRESH)
    }

    /// The reader should look now.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Everybody should look now.
    pub(super) fn stir(&self) {
        self.turns.fetch_add(1, Ordering::AcqRel);
        self.bell.ring();
        self.moved.send_replace(());
    }

    /// How often everybody had to look: as long as it is the same, there is nothing new to be seen.
    pub(super) fn turn(&self) -> u64 {
        self.turns.load(Ordering::Acquire)
    }

    /// Waits for a wake-up, a hint of the store, or the next second.
    pub(super) async fn wait(&self, store: &dyn Store) {
        tokio::select! {
            () = self.wake.notified() => {}
            () = store.nudge() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Reads what is new in the store into the ring.
    pub(super) async fn read(&self, store: &dyn Store) -> Result<(), Trouble> {
        loop {
            let known = self.head();
            let after = match &known {
                Some(_) => self.ring.lock().unwrap_or_else(PoisonError::into_inner).upto,
                // What is there at the start nobody waits for.
                None => store.head().await?.rev,
            };
            let page = store
                .page(Ask {
                    after,
                    rows: READ_ROWS,
                    bytes: READ_BYTES,
                    kinds: Vec::new(),
                })
                .await?;
            let same = known
                .as_ref()
                .is_some_and(|known| known.epoch == page.head.epoch && page.head.rev >= after);
            if !same {
                self.begin(page.head);
                return Ok(());
            }
            if self.take(page) {
                return Ok(());
            }
        }
    }

    /// Another life of the store, or the first answer.
    fn begin(&self, head: Head) {
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            *ring = Ring {
                floor: head.rev,
                upto: head.rev,
                ..Ring::default()
            };
        }
        self.set(head);
        self.stir();
    }

    fn set(&self, head: Head) {
        let now = crate::clock::tick();
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::new(head), now));
    }

    /// Takes a page into the ring; true when it was the last one. Only then streams are told: counts and checksums belong to
    /// the newest revision.
    fn take(&self, page: Page) -> bool {
        let Page { head, rows, complete } = page;
        let moved = {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            for frame in frames(&head, &rows) {
                ring.bytes += frame.bytes.len();
                ring.upto = frame.rev;
                ring.frames.push_back(frame);
            }
            if complete {
                ring.upto = head.rev;
            }
            while ring.bytes > RING_BYTES
                && let Some(old) = ring.frames.pop_front()
            {
                ring.bytes -= old.bytes.len();
                ring.floor = old.rev;
            }
            !rows.is_empty()
        };
        if complete {
            self.set(head);
            if moved {
                self.stir();
            }
        }
        complete
    }

    /// The frame behind a revision, up to another.
    pub(super) fn next(&self, rev: Rev, upto: Rev) -> Next {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if rev < ring.floor {
            return Next::Gone;
        }
        let at = ring.frames.partition_point(|frame| frame.rev <= rev);
        match ring.frames.get(at).filter(|frame| frame.rev <= upto) {
            Some(frame) => Next::Frame(frame.clone()),
            None => Next::Nothing,
        }
    }
}

/// A line of the feed, written around the record as it is kept.
pub(super) fn write_line(out: &mut Vec<u8>, row: &Row) {
    // Kinds and ids need no escape, and the record is JSON without a line break already.
    out.extend_from_slice(b"{\"rev\":");
    out.extend_from_slice(row.rev.to_string().as_bytes());
    for (name, text) in [("kind", &row.kind), ("id", &row.id)] {
        for part in [",\"", name, "\":\"", text, "\""] {
            out.extend_from_slice(part.as_bytes());
        }
    }
    match &row.obj {
        Some(obj) => {
            out.extend_from_slice(b",\"op\":\"put\",\"obj\":");
            out.extend_from_slice(obj.as_bytes());
            out.push(b'}');
        }
        None => out.extend_from_slice(b",\"op\":\"del\"}"),
    }
}

/// The frames of a page: one event for each revision.
pub(super) fn frames(head: &Head, rows: &[Row]) -> Vec<Frame> {
    let mut line = Vec::new();
    rows.chunk_by(|one, next| one.rev == next.rev)
        .map(|rows| {
            let rev = rows.first().map_or(0, |row| row.rev);
            let mut bytes = BytesMut::new();
            bytes.put_slice(format!("event: {}\nid: {}.{rev}\n", EventName::Changes.as_str(), head.epoch).as_bytes());
            for row in rows {
                line.clear();
                write_line(&mut line, row);
                bytes.put_slice(b"data: ");
                bytes.put_slice(&line);
                bytes.put_u8(b'\n');
            }
            bytes.put_u8(b'\n');
            Frame {
                rev,
                bytes: bytes.freeze(),
            }
        })
        .collect()
}
