//! When the state of a day goes to disk: it cannot be had again, so it is forced there; but not while whoever has just started the
//! program waits for the disk and the processors.

use super::Worker;
use crate::clock::{self, Day};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A state is kept this long after it was read.
const AFTER: Duration = Duration::from_secs(2);
/// A source that changes all the time is kept this often; the last of a day is what counts.
const AGAIN: Duration = Duration::from_secs(300);
/// While something else is written it is looked again after this.
const BUSY: Duration = Duration::from_millis(250);

/// Which state was kept last, and whether another one is owed.
#[derive(Default)]
pub(super) struct Days {
    /// Since when a state is owed.
    owed: Option<Instant>,
    /// When one was last kept, and of which day.
    kept: Option<(Instant, Day)>,
    /// The board has changed since.
    changed: bool,
    /// A thread is writing.
    writing: Arc<AtomicBool>,
}

impl Days {
    /// The board is another one than was kept.
    pub(super) fn changed(&mut self) {
        self.changed = true;
    }

    /// Time until a state should be kept; nothing when none is owed.
    fn due_in(&self) -> Option<Duration> {
        let after = AFTER.saturating_sub(self.owed?.elapsed());
        let again = self
            .kept
            .map_or(Duration::ZERO, |(kept, _)| AGAIN.saturating_sub(kept.elapsed()));
        Some(after.max(again))
    }
}

impl Worker {
    /// What was read is the state of its day, which is kept in a while. A past day that was asked for is no news, nor is what is kept
    /// already.
    pub(super) fn keep(&mut self) {
        let today = self.board.today();
        let is_news = self.days.changed || self.days.kept.is_none_or(|(_, day)| day != today);
        if is_news && self.as_of.is_none() && self.settings.kept.is_some() {
            self.days.owed.get_or_insert_with(clock::tick);
        }
    }

    fn something_writes(&self) -> bool {
        self.days.writing.load(Ordering::Acquire) || self.keep.is_writing()
    }

    /// Time until a state should be kept; nothing while none is owed, or the board is not what the source says.
    pub(super) fn keep_day_in(&self) -> Option<Duration> {
        let due = self.days.due_in().filter(|_| self.is_current())?;
        let least = if self.something_writes() {
            BUSY
        } else {
            // A moment later than due, so that whoever wakes then finds it due.
            Duration::from_millis(1)
        };
        Some(due.max(least))
    }

    /// Keeps the state of the day if it is time: after the last good data, not beside them.
    pub(super) fn keep_state(&mut self) {
        let due = self.days.due_in().is_some_and(|wait| wait.is_zero());
        if due && self.is_current() && !self.something_writes() {
            self.write_state(true);
        }
    }

    /// Keeps the state that is owed before its day ends.
    pub(super) fn close_day(&mut self) {
        if self.days.owed.is_some() && self.is_current() && !self.something_writes() {
            self.write_state(true);
        }
    }

    /// Begins to keep the state that is owed on the way out; true when there is one to wait for. The disk is not waited for.
    pub(super) fn begin_last_state(&mut self) -> bool {
        let owed = self.days.owed.is_some() && self.is_current() && !self.days.writing.load(Ordering::Acquire);
        if owed {
            self.write_state(false);
        }
        owed
    }

    /// Waits until the state is kept, as far as the time goes.
    pub(super) fn await_state(&self, until: Instant) {
        while self.days.writing.load(Ordering::Acquire) && clock::tick() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Writes the board as the state of its day, on a thread of its own.
    fn write_state(&mut self, sync: bool) {
        let Some(store) = self.settings.kept.clone() else {
            return;
        };
        let (board, day) = (self.board.clone(), self.board.today());
        self.days.owed = None;
        self.days.changed = false;
        self.days.kept = Some((clock::tick(), day));
        self.days.writing.store(true, Ordering::Release);
        let writing = Arc::clone(&self.days.writing);
        let spawned = std::thread::Builder::new().name("keep".into()).spawn(move || {
            if let Err(error) = store.keep(day, &board, sync) {
                tracing::warn!("the state of {day} was not kept: {error}");
            }
            drop(board);
            writing.store(false, Ordering::Release);
        });
        if let Err(error) = spawned {
            self.days.writing.store(false, Ordering::Release);
            tracing::warn!("no thread to keep a state: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_kept_after_a_while_and_the_next_one_not_before_it_is_worth_it() {
        let now = clock::tick();
        let ago = |seconds| now.checked_sub(Duration::from_secs(seconds)).unwrap_or(now);
        let due = |owed: Option<u64>, kept: Option<u64>| {
            let days = Days {
                owed: owed.map(ago),
                kept: kept.map(ago).zip(Day::from_gregorian(2024, 5, 22)),
                ..Days::default()
            };
            days.due_in().map(|wait| wait.as_secs_f64().round())
        };
        assert_eq!(due(None, None), None);
        assert_eq!(due(Some(0), None), Some(2.0));
        assert_eq!(due(Some(3), None), Some(0.0));
        // What changed a minute after the last one was kept is not forgotten: it has its turn.
        assert_eq!(due(Some(3), Some(60)), Some(240.0));
        assert_eq!(due(Some(260), Some(300)), Some(0.0));
        assert_eq!(due(None, Some(300)), None);
    }
}
