//! What a source hands to the board: changes, never a board.

use super::packed::Table;
use super::{Headquarters, Id, Kind, Problem, Record};
use std::sync::Arc;

/// All records of a kind, ids unique.
#[derive(Clone, Debug)]
pub enum Records {
    /// One by one.
    Each(Vec<Record>),
    /// Initiatives, packed.
    Packed(Table),
}

impl Records {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Each(records) => records.len(),
            Self::Packed(table) => table.len(),
        }
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records one by one; packed ones are made one after another.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Record> + '_> {
        match self {
            Self::Each(records) => Box::new(records.iter().cloned()),
            Self::Packed(table) => Box::new(table.iter().map(Record::Initiative)),
        }
    }
}

impl Default for Records {
    fn default() -> Self {
        Self::Each(Vec::new())
    }
}

impl From<Vec<Record>> for Records {
    fn from(records: Vec<Record>) -> Self {
        Self::Each(records)
    }
}

impl FromIterator<Record> for Records {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        Self::Each(records.into_iter().collect())
    }
}

impl From<Records> for Vec<Record> {
    fn from(records: Records) -> Self {
        match records {
            Records::Each(records) => records,
            Records::Packed(table) => table.iter().map(Record::Initiative).collect(),
        }
    }
}

/// One change of what is known.
#[derive(Clone, Debug)]
pub enum Change {
    /// The headquarters itself.
    Headquarters(Arc<Headquarters>),
    /// A whole kind: exactly these records exist. Ids are unique (the reader dropped and reported second ones).
    Whole(Kind, Records),
    /// The initiatives read so far, while more are still being read; what was told before is among them.
    Growing(Table),
    /// A record appeared or changed.
    Put(Record),
    /// A record is gone.
    Delete(Kind, Id),
    /// What the source found wrong with the data; replaces what it said before.
    Problems(Arc<[Problem]>),
}
