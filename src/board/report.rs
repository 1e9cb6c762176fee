//! What a link says of the board it keeps: plain data that links write and screens read. It must not know how either works.

use super::Past;
use crate::clock::Day;
use crate::contract::{Id, Kind, Problem, Record};
use jiff::Timestamp;
use std::sync::Arc;

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
    /// A feed is shown as it comes.
    Live,
    /// A document on a web server is asked for at intervals.
    Polling,
    /// What is shown was last confirmed then.
    Stale {
        /// When the source last answered.
        since: Timestamp,
    },
    /// The source is there but cannot be read; what was good before is still shown.
    Rejected(Arc<[Problem]>),
    /// The server wants another token, or none of ours.
    Unauthorised,
    /// The server cannot be reached.
    Offline {
        /// When it is tried again.
        retry_at: Timestamp,
    },
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
        /// All days a state was kept on, newest first.
        days: Vec<Day>,
    },
    /// What a record was in every kept state.
    History {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: Id,
        /// The states, newest first; nothing where it was not there.
        states: Vec<(Day, Option<Record>)>,
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
