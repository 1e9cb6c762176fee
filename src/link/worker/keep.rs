//! When the last good data go to disk, and when they come back from it.

use super::{Confirmed, Worker};
use crate::board::report::LinkState;
use crate::clock;
use crate::contract::Change;
use crate::link::Settings;
use crate::link::cache::{Cache, Kept, Part, Reading};
use crate::source::Source;
use crate::source::feed;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Data are kept this long after they changed: a burst of changes is one.
const AFTER: Duration = Duration::from_secs(2);
/// And not again before this.
const APART: Duration = Duration::from_secs(60);
/// Writing takes at most one part in so many of the time: a million records are not written as often as a hundred.
const SHARE: u32 = 100;
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
    /// Milliseconds it took to write the last time.
    took: Arc<AtomicU32>,
}

impl Keep {
    pub(super) fn new(source: &Source, settings: &Settings) -> Self {
        Self {
            cache: settings.cache.as_deref().and_then(|dir| Cache::of(dir, source)),
            changed: None,
            kept: None,
            writing: Arc::default(),
            took: Arc::default(),
        }
    }

    /// The board is another one than was kept.
    pub(super) fn changed(&mut self) {
        if self.cache.is_some() {
            self.changed.get_or_insert_with(clock::tick);
        }
    }

    pub(super) fn is_writing(&self) -> bool {
        self.writing.load(Ordering::Acquire)
    }

    /// Time until the board should be kept; nothing when there is nothing to keep.
    fn due_in(&self) -> Option<Duration> {
        let changed = self.changed?;
        let at_least = self.apart(APART);
        let after = AFTER.saturating_sub(changed.elapsed());
        let apart = self
            .kept
            .map_or(Duration::ZERO, |kept| at_least.saturating_sub(kept.elapsed()));
        // A moment later than due, so that whoever wakes then finds it due.
        Some(after.max(apart) + Duration::from_millis(1))
    }

    /// Time between two writings, at least so long.
    fn apart(&self, least: Duration) -> Duration {
        let took = Duration::from_millis(self.took.load(Ordering::Relaxed).into());
        least.max(took * SHARE)
    }

    fn is_due(&self) -> bool {
        let by_change = self.due_in().is_some_and(|wait| wait <= Duration::from_millis(1));
        by_change || self.kept.is_some_and(|kept| kept.elapsed() >= self.apart(ANYWAY))
    }
}

impl Worker {
    /// Time until the board should be kept; nothing while it is not what the source says, or is being kept.
    pub(super) fn keep_in(&self) -> Option<Duration> {
        let can = self.is_current() && !self.keep.writing.load(Ordering::Relaxed);
        self.keep.due_in().filter(|_| can)
    }

    pub(super) fn is_current(&self) -> bool {
        matches!(self.state, LinkState::File | LinkState::Polling | LinkState::Live(_))
    }

    /// Shows what was kept when the program ran last.
    pub(super) fn show_kept(&mut self) -> Option<Kept> {
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
                Part::Whole(kind, records) => self.show(vec![Change::Whole(kind, records)], true),
                Part::Growing(table) => self.show(vec![Change::Growing(table)], true),
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
                Some(kept)
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

    /// How the file was read that the board is of, where it may be gone by.
    fn reading(&self) -> Option<Reading> {
        let stamp = self
            .seen
            .filter(|_| self.settled && matches!(self.state, LinkState::File))?;
        Some(Reading {
            stamp,
            by: Reading::by(&self.settings.limits),
            problems: self.problems.to_vec(),
        })
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
        let (board, as_of, feed, reading) = (self.board.clone(), self.clock.now(), feed(), self.reading());
        let (writing, took) = (Arc::clone(&self.keep.writing), Arc::clone(&self.keep.took));
        let spawned = std::thread::Builder::new().name("keep".into()).spawn(move || {
            let begun = clock::tick();
            if let Err(error) = cache.write(&board, as_of, feed.as_ref(), reading.as_ref(), None) {
                tracing::warn!("the data could not be kept: {error}");
            }
            let millis = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
            took.store(millis, Ordering::Relaxed);
            writing.store(false, Ordering::Release);
        });
        if spawned.is_err() {
            self.keep.writing.store(false, Ordering::Relaxed);
        }
    }

    /// Keeps what changed since it was last kept, on the way out: at once, as far as the time goes.
    pub(super) fn keep_last(&mut self, feed: impl FnOnce() -> Option<feed::Kept>) {
        let until = clock::tick() + LAST;
        // The two are written side by side: neither may cost the other the time there is.
        let begun = self.begin_last_state();
        self.keep_last_board(feed, until);
        if begun {
            self.await_state(until);
        }
    }

    fn keep_last_board(&mut self, feed: impl FnOnce() -> Option<feed::Kept>, until: Instant) {
        let Some(cache) = self.keep.cache.clone().filter(|_| self.is_current()) else {
            return;
        };
        while self.keep.writing.load(Ordering::Acquire) && clock::tick() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        if self.keep.changed.take().is_none() || self.keep.writing.load(Ordering::Acquire) {
            return;
        }
        let (feed, reading) = (feed(), self.reading());
        if let Err(error) = cache.write(
            &self.board,
            self.clock.now(),
            feed.as_ref(),
            reading.as_ref(),
            Some(until),
        ) {
            tracing::info!("what changed last was not kept: {error}");
        }
    }
}
