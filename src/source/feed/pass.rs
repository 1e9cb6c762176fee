//! One pass through everything from the beginning: the small collections, then the long one.

use crate::contract::feed::{Cursor, Subject};
use crate::contract::{Change, Kind, Record};
use crate::source::collect::{Long, Table};
use std::hash::RandomState;

/// Kinds that are asked for together: everything but the long collection first, so that it is on the screen at once.
pub(super) const PASSES: [&[Subject]; 2] = [
    &[
        Subject::Headquarters,
        Subject::Record(Kind::Measure),
        Subject::Record(Kind::Project),
        Subject::Record(Kind::Agency),
        Subject::Record(Kind::Plan),
        Subject::Record(Kind::Enterprise),
        Subject::Record(Kind::Meeting),
        Subject::Record(Kind::Decision),
        Subject::Record(Kind::Demand),
        Subject::Record(Kind::Campaign),
        Subject::Record(Kind::Evaluation),
    ],
    &[Subject::Record(Kind::Initiative)],
];

/// One of the passes from the beginning.
pub(super) struct Pass {
    pub(super) number: usize,
    pub(super) tables: Vec<(Kind, Table)>,
    /// The initiatives, when they are of this pass: there may be a million.
    pub(super) long: Option<Long>,
    pub(super) headquarters: Option<Change>,
    /// Where the passes before this one ended: watching begins there.
    pub(super) reached: Option<Cursor>,
    pub(super) hasher: RandomState,
}

impl Pass {
    pub(super) fn new(number: usize, reached: Option<Cursor>) -> Self {
        let kinds = PASSES.get(number).copied().unwrap_or_default();
        let long = kinds.contains(&Subject::Record(Kind::Initiative));
        let tables = kinds.iter().filter_map(|subject| match subject {
            Subject::Record(Kind::Initiative) => None,
            Subject::Record(kind) => Some((*kind, Table::default())),
            Subject::Headquarters | Subject::Other(_) => None,
        });
        Self {
            number,
            tables: tables.collect(),
            long: long.then(Long::default),
            headquarters: None,
            reached,
            hasher: RandomState::new(),
        }
    }

    pub(super) fn take(&mut self, change: Change) {
        let mut of = |kind: Kind, with: &mut dyn FnMut(&mut Table)| {
            for (known, table) in &mut self.tables {
                if *known == kind {
                    with(table);
                }
            }
        };
        match change {
            Change::Put(Record::Initiative(record)) => {
                if let Some(long) = &mut self.long {
                    long.put(&record);
                }
            }
            Change::Delete(Kind::Initiative, id) => {
                if let Some(long) = &mut self.long {
                    long.remove(&id);
                }
            }
            Change::Put(record) => of(record.kind(), &mut |table| table.put(record.clone(), &self.hasher)),
            Change::Delete(kind, id) => of(kind, &mut |table| table.remove(&id, &self.hasher)),
            Change::Headquarters(_) => self.headquarters = Some(change),
            Change::Whole(..) | Change::Growing(_) | Change::Problems(_) => {}
        }
    }

    pub(super) fn subjects(&self) -> &'static [Subject] {
        PASSES.get(self.number).copied().unwrap_or_default()
    }
}
