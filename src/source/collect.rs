//! What a reader hands over while it reads: whole kinds, headquarters, progress and problems, ids unique, nothing before
//! the version is known.

mod beside;
mod cross;
mod long;
mod table;

use super::Limits;
use super::long::place_in;
use super::pieces::Piece;
use super::window::Taken;
use crate::contract::packed;
use crate::contract::packed::Names;
use crate::contract::path::Segment;
use crate::contract::{Headquarters, Id, Kind, Level, Path, Place, Problem, Record, Records, What};
use cross::Waiting;
pub(super) use long::Long;
use smol_str::SmolStr;
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
    /// The initiatives, unless records are to be looked across one by one.
    long: Option<Long>,
    /// Those that were read last time.
    known: packed::Table,
}

impl<'s> Collector<'s> {
    /// Beside initiatives that were read earlier, if any were.
    pub(super) fn new(limits: &Limits, known: packed::Table, sink: &'s mut dyn FnMut(Item) -> ControlFlow<()>) -> Self {
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
            long: (!limits.cross_check).then(|| Long::beside(known.clone())),
            known,
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
        let known = self.known.clone();
        if let Some(long) = self.long_of(kind) {
            *long = Long::beside(known);
        }
        if let Some(table) = self.table(kind) {
            *table = Table::default();
        }
    }

    /// Where records of a kind go that are packed as they come.
    fn long_of(&mut self, kind: Kind) -> Option<&mut Long> {
        self.long.as_mut().filter(|_| kind == Kind::Initiative)
    }

    /// The names the rows of the long list are to speak of.
    pub(super) fn begin_long(&mut self) -> Arc<Names> {
        let long = self.long.get_or_insert_default();
        Arc::clone(long.names())
    }

    /// Takes in a piece of the long list, whose first record is that of number `index`.
    pub(super) fn put_piece(&mut self, taken: &Taken, piece: Piece, index: usize) -> Result<(), Stop> {
        let used = taken.before + piece.used as u64;
        let path = |nth: u32| Path::of_record(Kind::Initiative.plural(), index + nth as usize);
        let start = |nth: u32| piece.starts.get(nth as usize).copied().unwrap_or_default() as usize;
        let mut problems: Vec<(u32, Problem)> = Vec::new();
        for (nth, found) in piece.found {
            for (mut problem, at) in found {
                let mut whole = path(nth);
                for step in problem.place.path.segments().iter().skip(2) {
                    match step {
                        Segment::Key(key) => whole.push_key(key),
                        Segment::Index(index) => whole.push_index(*index),
                    }
                }
                problem.place.path = whole;
                if self.names(problem.level) {
                    let place = place_in(taken, start(nth) + at);
                    problem.place.line = place.line;
                    problem.place.column = place.column;
                }
                problems.push((nth, problem));
            }
        }
        let chunks = piece.chunks.clone();
        let Some(long) = &mut self.long else { return Ok(()) };
        let twice = long.take(piece.chunks, piece.ascending);
        for row in twice {
            let Some(nth) = piece.order.get(row).copied() else {
                continue;
            };
            let Some(id) = id_of(&chunks, row) else { continue };
            let id = SmolStr::from(id.as_str());
            let place = Place {
                path: path(nth),
                ..place_in(taken, start(nth))
            };
            let problem = Problem {
                level: Level::Skipped,
                place,
                what: What::DuplicateId(Kind::Initiative, id.clone()),
                record: Some((Kind::Initiative, id)),
            };
            problems.push((nth, problem));
        }
        problems.sort_by_key(|(nth, _)| *nth);
        for (_, problem) in problems {
            self.problem(problem)?;
        }
        self.tell_progress(used)
    }

    /// Says how far the long list has been read, and shows it, every so many records.
    fn tell_progress(&mut self, bytes: u64) -> Result<(), Stop> {
        let Some(long) = &mut self.long else { return Ok(()) };
        let records = long.len();
        if records < long.told + PROGRESS_EVERY {
            return Ok(());
        }
        long.told = records;
        let so_far = long.so_far();
        let kind = Kind::Initiative;
        self.tell(Item::Progress(Progress { kind, records, bytes }))?;
        match so_far {
            Some(table) if self.version => self.tell(Item::Growing(table)),
            _ => Ok(()),
        }
    }

    /// Adds a record, or replaces the one of that id.
    pub(super) fn put(&mut self, record: Record, used: u64) -> Result<(), Stop> {
        let kind = record.kind();
        if let (Some(long), Record::Initiative(initiative)) = (&mut self.long, &record) {
            long.put(initiative);
            return self.tell_progress(used);
        }
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
        if let Some(long) = self.long_of(kind) {
            long.handed_over = true;
            let table = long.all();
            return self.hand_over(Item::Whole(kind, Records::Packed(table)));
        }
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
    pub(super) fn has(&mut self, kind: Kind, id: &Id) -> bool {
        match self.long_of(kind) {
            Some(long) => long.has(id),
            None => self.has_listed(kind, id),
        }
    }

    /// The same of a kind whose records are listed one by one.
    fn has_listed(&self, kind: Kind, id: &Id) -> bool {
        let table = self.tables.get(kind as usize);
        table.is_some_and(|table| table.index_of(id, &self.hasher).is_some())
    }

    /// Removes a record, if it is there.
    pub(super) fn remove(&mut self, kind: Kind, id: &Id) {
        if let Some(long) = self.long_of(kind) {
            long.remove(id);
            return;
        }
        if let Some(table) = self.tables.get_mut(kind as usize) {
            table.remove(id, &self.hasher);
        }
    }

    /// Hands a kind over: these are all of it.
    pub(super) fn finish(&mut self, kind: Kind) -> Result<(), Stop> {
        if self.long_of(kind).is_some() {
            return self.hand_over_copy(kind);
        }
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
            let (count, handed_over) = match self.long_of(kind) {
                Some(long) => (long.len(), long.handed_over),
                None => {
                    let table = self.tables.get(kind as usize);
                    table.map_or((0, false), |table| (table.live, table.handed_over))
                }
            };
            self.summary.records.push((kind, count));
            if !handed_over {
                self.finish(kind)?;
            }
        }
        self.end_cross_check()?;
        self.summary.bytes = bytes;
        Ok(self.summary)
    }
}

/// The id of a row of several chunks.
fn id_of(chunks: &[Arc<packed::Chunk>], mut row: usize) -> Option<Id> {
    for chunk in chunks {
        match row.checked_sub(chunk.len()) {
            Some(rest) => row = rest,
            None => return chunk.id(row),
        }
    }
    None
}
