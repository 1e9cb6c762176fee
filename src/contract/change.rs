//! What a source hands to the board: changes, never a board.

use super::{Headquarters, Id, Kind, Problem, Record};
use std::sync::Arc;

/// One change of what is known.
#[derive(Clone, Debug)]
pub enum Change {
    /// The headquarters itself.
    Headquarters(Arc<Headquarters>),
    /// A whole kind: exactly these records exist. Ids are unique (the reader dropped and reported second ones).
    Whole(Kind, Vec<Record>),
    /// A record appeared or changed.
    Put(Record),
    /// A record is gone.
    Delete(Kind, Id),
    /// What the source found wrong with the data; replaces what it said before.
    Problems(Arc<[Problem]>),
}
