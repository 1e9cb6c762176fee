//! When the last good data go to disk, and when they come back from it.

use super::{Confirmed, Worker};
use crate::board::report::LinkState;
use crate::clock;
use crate::contract::Change;
use crate::link::Settings;
use crate::link::cache::{Cache, Part};
use crate::source::Source;
use crate::source::feed;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Data are kept this long after they changed: a burst of changes is one.
const AFTER: Duration = Duration::from_secs(2);
/// And not again before this.
const APART: Duration = Duration::from_secs(60);
/// Data that did not change are kept again after this, so that their age is right.
const ANYWAY: Duration = Duration::from_secs(600);
/// On the way out the disk gets this long: a little less than whoever quits waits for.
const LAST: Duration = Duration::from_millis(500);

/// Where the last good data are kept, and how that stands.
pub(super) struct Keep {
    cache: Option<Cache>,
    changed: Option<Instant>,
    kept: Option<Instant>,
    /// A thread is writing.
    writing: Arc<AtomicBool>,
}

impl Keep {
    pub(super) fn new(source: &Source, settings: &Settings) -> Self {
        Self {
            cache: settings.cache.as_deref().and_then(|dir| Cache::of(dir, source)),
            changed: None,
            kept: None,
            writing: Arc::default(),
        }
    }

    /// The board is another one than was kept.
    pub(super) fn changed(&mut self) {
        if self.cache.is_some() {
            self.changed.get_or_insert_with(clock::tick);
        }
    }

    /// Time until the board should be kept; nothing when there is nothing to keep.
    fn due_in(&self) -> Option<Duration> {
        let changed = self.changed?;
        let after = AFTER.saturating_sub(changed.elapsed());
        let apart = self
            .kept
            .map_or(Duration::ZERO, |kept| APART.saturating_sub(kept.elapsed()));
        // A moment later than due, so that whoever wakes then finds it due.
        Some(after.max(apart) + Duration::from_millis(1))
    }

    fn is_due(&self) -> bool {
        let by_change = self.due_in().is_some_and(|wait| wait <= Duration::from_millis(1));
        by_change || self.kept.is_some_and(|kept| kept.elapsed() >= ANYWAY)
    }
}

impl Worker {
    /// Time until the board should be kept; nothing while it is not what the source says, or is being kept.
    pub(super) fn keep_in(&self) -> Option<Duration> {
        let can = self.is_current() && !self.keep.writing.load(Ordering::Relaxed);
        self.keep.due_in().filter(|_| can)
    }

    fn is_current(&self) -> bool {
        matches!(self.state, LinkState::File | LinkState::Polling | LinkState::Live(_))
    }

    /// Shows what was kept when the program ran last; where a feed can go on from it.
    pub(super) fn show_kept(&mut self) -> Option<feed::Kept> {
        let cache = self.keep.cache.clone()?;
        let mut first = true;
        let mailbox = Arc::clone(&self.wires.mailbox);
        let result = cache.read(|part| {
            if mailbox.is_closed() {
                return;
            }
            if std::mem::take(&mut first) {
                // Until all is verified nothing is said of its age.
                self.confirmed = None;
            }
            match part {
                Part::Headquarters(hq) => self.show(vec![Change::Headquarters(hq)], false),
                Part::Whole(kind, records) => self.show(vec![Change::Whole(kind, records.into())], true),
                Part::Problems(problems) => self.show(vec![Change::Problems(problems.into())], false),
            }
        });
        self.keep.changed = None;
        match result {
            Ok(kept) => {
                let age = self.clock.now().duration_since(kept.as_of);
                self.confirmed = Some(Confirmed {
                    at: clock::tick(),
                    // A clock that has gone back since says nothing of the age.
                    before: Duration::try_from(age).ok().map(|age| age.max(Duration::from_nanos(1))),
                });
                self.loaded = true;
                self.publish(crate::board::Delta::default(), None);
                self.call(Duration::ZERO);
                kept.feed
            }
            Err(error) => {
                if error.kind() != std::io::ErrorKind::NotFound {
                    tracing::warn!("what was kept is not used: {error}");
                }
                if !first {
                    let delta = self.clear();
                    self.publish(delta, None);
                }
                None
            }
        }
    }

    /// Keeps the board if it is time and the board is what the source says; on a thread of its own, for a disk may be slow.
    pub(super) fn keep_board(&mut self, feed: impl FnOnce() -> Option<feed::Kept>) {
        let Some(cache) = self
            .keep
            .cache
            .clone()
            .filter(|_| self.is_current() && self.keep.is_due())
        else {
            return;
        };
        if self.keep.writing.swap(true, Ordering::Relaxed) {
            return;
        }
        self.keep.changed = None;
        self.keep.kept = Some(clock::tick());
        let (board, as_of, feed, writing) = (
            self.board.clone(),
            self.clock.now(),
            feed(),
            Arc::clone(&self.keep.writing),
        );
        let spawned = std::thread::Builder::new().name("keep".into()).spawn(move || {
            if let Err(error) = cache.write(&board, as_of, feed.as_ref(), None) {
                tracing::warn!("the data could not be kept: {error}");
            }
            writing.store(false, Ordering::Release);
        });
        if spawned.is_err() {
            self.keep.writing.store(false, Ordering::Relaxed);
        }
    }

    /// Keeps what changed since it was last kept, on the way out: at once, as far as the time goes.
    pub(super) fn keep_last(&mut self, feed: impl FnOnce() -> Option<feed::Kept>) {
        let until = clock::tick() + LAST;
        let Some(cache) = self.keep.cache.clone().filter(|_| self.is_current()) else {
            return;
        };
        while self.keep.writing.load(Ordering::Acquire) && clock::tick() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        if self.keep.changed.take().is_none() || self.keep.writing.load(Ordering::Acquire) {
            return;
        }
        if let Err(error) = cache.write(&self.board, self.clock.now(), feed().as_ref(), Some(until)) {
            tracing::info!("what changed last was not kept: {error}");
        }
    }
}
