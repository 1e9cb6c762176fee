//! What a link says of the board it keeps: plain data that links write and screens read. It must not know how either works.

use super::Past;
use crate::clock::Day;
use crate::contract::{Id, Kind, Problem, Record};
use std::sync::Arc;
use std::time::Duration;

/// How the link stands; on screen at all times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing has been read yet.
    #[default]
    Starting,
    /// The embedded sample is shown.
    Sample,
    /// A file is shown as it stands.
    File,
    /// A feed is shown as it comes; its newest revision.
    Live(u64),
    /// A document on a web server is asked for at intervals.
    Polling,
    /// The source has not confirmed what is shown for a while; why, where that is known.
    Stale(Option<Arc<Problem>>),
    /// The source is there but cannot be read; what was good before is still shown.
    Rejected(Arc<[Problem]>),
    /// The server does not let us in; why.
    Unauthorised(Arc<Problem>),
    /// The server cannot be reached; why.
    Offline(Arc<Problem>),
}

/// How old what is shown is. Coarse, so that nothing on a screen ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Less than a minute.
    Now,
    /// Whole minutes, under an hour.
    Minutes(u32),
    /// Whole hours, under two days.
    Hours(u32),
    /// Whole days.
    Days(u32),
    /// It was kept at a time this machine's clock has not reached: the clock is wrong, now or then.
    Unknown,
}

impl Age {
    /// The age after a time, and the time until it changes.
    pub fn after(time: Duration) -> (Self, Duration) {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        let seconds = time.as_secs();
        let in_units = |unit: u64| u32::try_from(seconds / unit).unwrap_or(u32::MAX);
        let (age, unit) = match seconds {
            0..MINUTE => (Self::Now, MINUTE),
            MINUTE..HOUR => (Self::Minutes(in_units(MINUTE)), MINUTE),
            HOUR..172_800 => (Self::Hours(in_units(HOUR)), HOUR),
            _ => (Self::Days(in_units(DAY)), DAY),
        };
        (age, Duration::from_secs(unit - seconds % unit))
    }
}

/// Who tells what was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Teller {
    /// The states kept by day: the sample's own, or those of this machine.
    #[default]
    Kept,
    /// The endpoint itself, which keeps every version there was.
    Endpoint,
    /// This machine, because the endpoint could not tell; why.
    Instead(Arc<Problem>),
}

/// What was found of earlier states.
#[derive(Clone, Debug)]
pub enum Found {
    /// The newest state not after a day.
    State {
        /// The day asked for.
        asked: Day,
        /// The state, if there is one that old.
        past: Option<Arc<Past>>,
        /// All days whose state can be had, newest first.
        days: Vec<Day>,
        /// Who tells it.
        teller: Teller,
    },
    /// What a record was in every kept state.
    History {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: Id,
        /// The states, newest first; nothing where it was not there.
        states: Vec<(Day, Option<Record>)>,
        /// Who tells them.
        teller: Teller,
    },
}

/// How far the first reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The kind being read.
    pub kind: Kind,
    /// Records of it read so far.
    pub records: usize,
    /// Bytes of text read so far.
    pub bytes: u64,
    /// Size of the source in bytes, where it is known and the source is not compressed.
    pub total: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_coarse_and_knows_when_it_changes() {
        let age = |seconds| Age::after(Duration::from_secs(seconds));
        let wait = Duration::from_secs;
        assert_eq!(age(0), (Age::Now, wait(60)));
        assert_eq!(age(59), (Age::Now, wait(1)));
        assert_eq!(age(61), (Age::Minutes(1), wait(59)));
        assert_eq!(age(3_600), (Age::Hours(1), wait(3_600)));
        assert_eq!(age(47 * 3_600 + 10), (Age::Hours(47), wait(3_590)));
        assert_eq!(age(48 * 3_600), (Age::Days(2), wait(86_400)));
        // Every age lasts exactly until the next one begins.
        for seconds in 0..200_000 {
            let (now, wait) = age(seconds);
            assert_eq!(age(seconds + wait.as_secs() - 1).0, now, "{seconds}");
            assert_ne!(age(seconds + wait.as_secs()).0, now, "{seconds}");
        }
    }
}
