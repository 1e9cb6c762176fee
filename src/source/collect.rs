//! What a reader hands over while it reads: whole kinds, headquarters, progress and problems, ids unique, nothing before
//! the version is known.

mod cross;
mod table;

use super::Limits;
use crate::contract::packed;
use crate::contract::{Headquarters, Id, Kind, Level, Place, Problem, Record, Records, What};
use cross::Waiting;
use std::hash::RandomState;
use std::ops::ControlFlow;
use std::sync::Arc;
pub(super) use table::Table;

/// Something a reader has found.
#[derive(Clone, Debug)]
pub enum Item {
    /// The headquarters; a later one replaces an earlier one.
    Headquarters(Arc<Headquarters>),
    /// Every record of a kind, ids unique, in the order of the source; replaces what was said of the kind before.
    Whole(Kind, Records),
    /// The initiatives read so far, ids unique, while more are still being read; what was told before is among them.
    Growing(packed::Table),
    /// How far reading has come.
    Progress(Progress),
    /// Something is wrong, but not so wrong that reading must end.
    Problem(Problem),
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The kind being read.
    pub kind: Kind,
    /// Records of it read so far.
    pub records: usize,
    /// Bytes of text used so far.
    pub bytes: u64,
}

/// Why reading ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The input cannot be read as a document.
    Problem(Box<Problem>),
    /// Whoever asked does not want it any more.
    Cancelled,
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// What a whole document held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records of each kind, in the order of [`Kind::ALL`].
    pub records: Vec<(Kind, usize)>,
    /// Bytes of text.
    pub bytes: u64,
    /// Problems by level: notes, changed, skipped; also those not named one by one.
    pub problems: [usize; 3],
    /// Problems that were only counted, because the limit was reached.
    pub unnamed: usize,
}

impl Summary {
    /// Problems of a level.
    pub fn count(&self, level: Level) -> usize {
        match level {
            Level::Note => self.problems[0],
            Level::Changed => self.problems[1],
            Level::Skipped => self.problems[2],
            Level::Fatal => 0,
        }
    }
}

/// Records between two reports of progress.
const PROGRESS_EVERY: usize = 8_192;

/// Gathers what a reader finds and hands it over in good order.
pub(super) struct Collector<'s> {
    sink: &'s mut dyn FnMut(Item) -> ControlFlow<()>,
    limits: Limits,
    hasher: RandomState,
    tables: Vec<Table>,
    headquarters: Option<Arc<Headquarters>>,
    /// The version has been seen and is ours.
    version: bool,
    /// What waits for the version.
    held: Vec<Item>,
    summary: Summary,
    /// References whose target has not been seen yet.
    waiting: Waiting,
    /// The kind of the last line.
    line_kind: Option<Kind>,
}

impl<'s> Collector<'s> {
    pub(super) fn new(limits: &Limits, sink: &'s mut dyn FnMut(Item) -> ControlFlow<()>) -> Self {
        Self {
            sink,
            limits: *limits,
            hasher: RandomState::new(),
            tables: Kind::ALL.iter().map(|_| Table::default()).collect(),
            headquarters: None,
            version: false,
            held: Vec::new(),
            summary: Summary::default(),
            waiting: Waiting::default(),
            line_kind: None,
        }
    }

    fn table(&mut self, kind: Kind) -> Option<&mut Table> {
        self.tables.get_mut(kind as usize)
    }

    fn tell(&mut self, item: Item) -> Result<(), Stop> {
        match (self.sink)(item) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Cancelled),
        }
    }

    /// Hands over what is data, once the version is known.
    fn hand_over(&mut self, item: Item) -> Result<(), Stop> {
        if self.version {
            self.tell(item)
        } else {
            self.held.push(item);
            Ok(())
        }
    }

    /// Counts a problem and names it unless there were too many.
    pub(super) fn problem(&mut self, problem: Problem) -> Result<(), Stop> {
        // Notes have an allowance of their own: ten thousand of them must not hide one record that was left out.
        let [notes, changed, skipped] = &mut self.summary.problems;
        let named = match problem.level {
            Level::Note => {
                *notes += 1;
                *notes
            }
            Level::Changed => {
                *changed += 1;
                *changed
            }
            Level::Skipped | Level::Fatal => {
                *skipped += 1;
                *skipped
            }
        };
        if named > self.limits.max_problems {
            self.summary.unnamed += 1;
            return Ok(());
        }
        self.tell(Item::Problem(problem))
    }

    /// The document is of our version.
    pub(super) fn version_seen(&mut self) -> Result<(), Stop> {
        self.version = true;
        for item in std::mem::take(&mut self.held) {
            self.tell(item)?;
        }
        Ok(())
    }

    pub(super) fn headquarters(&mut self, hq: Headquarters) -> Result<(), Stop> {
        let hq = Arc::new(hq);
        self.headquarters = Some(Arc::clone(&hq));
        self.hand_over(Item::Headquarters(hq))
    }

    /// Forgets what was said of a kind: it begins, or begins anew.
    pub(super) fn begin(&mut self, kind: Kind) {
        if let Some(table) = self.table(kind) {
            *table = Table::default();
        }
    }

    /// Adds a record, or replaces the one of that id.
    pub(super) fn put(&mut self, record: Record, used: u64) -> Result<(), Stop> {
        let kind = record.kind();
        let Some(table) = self.tables.get_mut(kind as usize) else {
            return Ok(());
        };
        table.put(record, &self.hasher);
        if table.records.len() % PROGRESS_EVERY == 0 {
            let records = table.live;
            let progress = Progress {
                kind,
                records,
                bytes: used,
            };
            self.tell(Item::Progress(progress))?;
        }
        Ok(())
    }

    /// Adds the record of a line, or replaces the one of that id. What it refers to is looked at in the end, when it is known
    /// whether it stays.
    pub(super) fn put_line(&mut self, record: Record, used: u64, place: Place) -> Result<(), Stop> {
        let (kind, id) = (record.kind(), record.id().clone());
        if self.limits.kinds_together
            && self.line_kind != Some(kind)
            && let Some(earlier) = self.line_kind.replace(kind)
        {
            self.hand_over_copy(earlier)?;
        }
        self.put(record, used)?;
        if self.limits.cross_check
            && let Some(table) = self.tables.get_mut(kind as usize)
        {
            table.set_place(&id, &self.hasher, (place.line.unwrap_or(0), place.column.unwrap_or(0)));
        }
        Ok(())
    }

    /// Hands a kind over while more of it may still come.
    fn hand_over_copy(&mut self, kind: Kind) -> Result<(), Stop> {
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        table.handed_over = true;
        let records: Records = table.records.iter().flatten().cloned().collect();
        self.hand_over(Item::Whole(kind, records))
    }

    /// True while problems of a level are still named one by one.
    pub(super) fn names(&self, level: Level) -> bool {
        self.summary.count(level) < self.limits.max_problems
    }

    /// True when a record of that id is there.
    pub(super) fn has(&self, kind: Kind, id: &Id) -> bool {
        let table = self.tables.get(kind as usize);
        table.is_some_and(|table| table.index_of(id, &self.hasher).is_some())
    }

    /// Removes a record, if it is there.
    pub(super) fn remove(&mut self, kind: Kind, id: &Id) {
        if let Some(table) = self.tables.get_mut(kind as usize) {
            table.remove(id, &self.hasher);
        }
    }

    /// Hands a kind over: these are all of it.
    pub(super) fn finish(&mut self, kind: Kind) -> Result<(), Stop> {
        let keep = self.limits.cross_check;
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        table.handed_over = true;
        let records: Records = if keep {
            table.records.iter().flatten().cloned().collect()
        } else {
            table.take().into()
        };
        self.hand_over(Item::Whole(kind, records))
    }

    /// Ends a document that was read to its end: the kinds it did not name are empty.
    pub(super) fn end(mut self, bytes: u64) -> Result<Summary, Stop> {
        if !self.version {
            return Err(Problem::fatal(What::NoVersion).into());
        }
        if self.headquarters.is_none() {
            return Err(Problem::fatal(What::NoHeadquarters).into());
        }
        for &kind in Kind::ALL {
            let count = self.tables.get(kind as usize).map_or(0, |t| t.live);
            self.summary.records.push((kind, count));
            if !self.tables.get(kind as usize).is_some_and(|t| t.handed_over) {
                self.finish(kind)?;
            }
        }
        self.end_cross_check()?;
        self.summary.bytes = bytes;
        Ok(self.summary)
    }
}
