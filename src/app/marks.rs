//! Which rows just changed; a mark fades by itself.

use crate::board::Fate;
use crate::contract::{Id, Kind};
use std::collections::HashMap;
use std::time::Duration;

/// How long a changed row stays marked: long enough to be noticed after looking away for a moment.
pub const FADE: Duration = Duration::from_secs(30);
/// More marks than this mean everything changed, and marking everything marks nothing.
const MOST: usize = 500;

/// The marks in force. Times are counted from the start of the program.
#[derive(Debug, Default)]
pub struct Marks {
    until: HashMap<(Kind, Id), (Duration, Fate)>,
}

impl Marks {
    /// Marks records that changed at `now`.
    pub fn add(&mut self, changed: impl ExactSizeIterator<Item = (Kind, Id, Fate)>, now: Duration) {
        if changed.len() > MOST {
            return;
        }
        for (kind, id, fate) in changed {
            self.until.insert((kind, id), (now + FADE, fate));
        }
    }

    /// What happened to a record lately.
    pub fn of(&self, kind: Kind, id: &Id) -> Option<Fate> {
        if self.until.is_empty() {
            return None;
        }
        self.until.get(&(kind, id.clone())).map(|(_, fate)| *fate)
    }

    /// Forgets what has faded; true when something did.
    pub fn fade(&mut self, now: Duration) -> bool {
        let before = self.until.len();
        self.until.retain(|_, (until, _)| *until > now);
        self.until.len() != before
    }

    /// When the next mark fades.
    pub fn next(&self) -> Option<Duration> {
        self.until.values().map(|(until, _)| *until).min()
    }
}
