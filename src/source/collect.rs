//! What a reader hands over while it reads: whole kinds, headquarters, progress and problems, ids unique, nothing before
//! the version is known.

use super::Limits;
use crate::contract::check::{self, Remark, Target};
use crate::contract::{Headquarters, Id, Kind, Level, Path, Place, Problem, Record, What, clean};
use hashbrown::HashTable;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Something a reader has found.
#[derive(Clone, Debug)]
pub enum Item {
    /// The headquarters; a later one replaces an earlier one.
    Headquarters(Arc<Headquarters>),
    /// Every record of a kind, ids unique, in the order of the source; replaces what was said of the kind before.
    Whole(Kind, Vec<Record>),
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

/// The records of one kind, findable by id.
#[derive(Default)]
struct Table {
    records: Vec<Option<Record>>,
    by_id: HashTable<u32>,
    /// Line and column of each record, where they are needed at the end.
    places: Vec<(u64, u64)>,
    live: usize,
    handed_over: bool,
}

/// Notes about references to one record that has not been seen yet.
#[derive(Default)]
struct Open {
    named: Vec<Problem>,
    counted: usize,
}

/// References to one missing record that are named; agencies may stand at the end of a document of a million records.
const NAMED_PER_TARGET: usize = 100;
/// References waiting for their targets that are named, in all.
const NAMED_OPEN: usize = 100_000;

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
    open: HashMap<(Target, Id), Open>,
    open_named: usize,
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
            open: HashMap::new(),
            open_named: 0,
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
        let hash = self.hasher.hash_one(record.id());
        let Some(table) = self.tables.get_mut(kind as usize) else {
            return Ok(());
        };
        table.handed_over = false;
        let Table {
            records, by_id, live, ..
        } = table;
        let same = |index: &u32| id_at(records, *index) == Some(record.id());
        if let Some(&index) = by_id.find(hash, same) {
            if let Some(slot) = records.get_mut(index as usize) {
                *slot = Some(record);
            }
            return Ok(());
        }
        let rehash = |index: &u32| id_at(records, *index).map_or(0, |id| self.hasher.hash_one(id));
        by_id.insert_unique(hash, u32::try_from(records.len()).unwrap_or(u32::MAX), rehash);
        records.push(Some(record));
        *live += 1;
        if records.len() % PROGRESS_EVERY == 0 {
            let progress = Progress {
                kind,
                records: *live,
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
        if self.limits.kinds_together && self.line_kind != Some(kind) {
            if let Some(earlier) = self.line_kind.replace(kind) {
                self.hand_over_copy(earlier)?;
            }
        }
        self.put(record, used)?;
        if self.limits.cross_check {
            let hash = self.hasher.hash_one(&id);
            if let Some(Table {
                records, by_id, places, ..
            }) = self.tables.get_mut(kind as usize)
                && let Some(&index) = by_id.find(hash, |i| id_at(records, *i) == Some(&id))
            {
                places.resize(records.len(), (0, 0));
                if let Some(slot) = places.get_mut(index as usize) {
                    *slot = (place.line.unwrap_or(0), place.column.unwrap_or(0));
                }
            }
        }
        Ok(())
    }

    /// Hands a kind over while more of it may still come.
    fn hand_over_copy(&mut self, kind: Kind) -> Result<(), Stop> {
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        table.handed_over = true;
        let records = table.records.iter().flatten().cloned().collect();
        self.hand_over(Item::Whole(kind, records))
    }

    /// Looks at what every record of the lines refers to and says.
    pub(super) fn cross_check_all(&mut self) -> Result<(), Stop> {
        if !self.limits.cross_check {
            return Ok(());
        }
        let base = || {
            let mut path = Path::root();
            path.push_key("obj");
            path
        };
        for &kind in Kind::ALL {
            let (records, places) = match self.table(kind) {
                Some(table) => (table.records.clone(), std::mem::take(&mut table.places)),
                None => continue,
            };
            for (record, (line, column)) in records.iter().zip(places) {
                if let Some(record) = record {
                    self.cross_check(record, &base, &|_| Place {
                        line: Some(line),
                        column: Some(column),
                        ..Place::default()
                    })?;
                }
            }
        }
        Ok(())
    }

    /// True while problems of a level are still named one by one.
    pub(super) fn names(&self, level: Level) -> bool {
        self.summary.count(level) < self.limits.max_problems
    }

    /// True when a record of that id is there.
    pub(super) fn has(&self, kind: Kind, id: &Id) -> bool {
        self.tables.get(kind as usize).is_some_and(|table| {
            let hash = self.hasher.hash_one(id);
            table
                .by_id
                .find(hash, |i| id_at(&table.records, *i) == Some(id))
                .is_some()
        })
    }

    /// Removes a record, if it is there.
    pub(super) fn remove(&mut self, kind: Kind, id: &Id) {
        let hash = self.hasher.hash_one(id);
        let Some(Table {
            records,
            by_id,
            live,
            handed_over,
            ..
        }) = self.table(kind)
        else {
            return;
        };
        if let Ok(entry) = by_id.find_entry(hash, |i| id_at(records, *i) == Some(id)) {
            let (index, _) = entry.remove();
            if let Some(slot) = records.get_mut(index as usize) {
                *slot = None;
            }
            *live -= 1;
            *handed_over = false;
        }
    }

    /// Hands a kind over: these are all of it.
    pub(super) fn finish(&mut self, kind: Kind) -> Result<(), Stop> {
        let keep = self.limits.cross_check;
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        table.handed_over = true;
        let records: Vec<Record> = if keep {
            table.records.iter().flatten().cloned().collect()
        } else {
            table.by_id = HashTable::new();
            std::mem::take(&mut table.records).into_iter().flatten().collect()
        };
        self.hand_over(Item::Whole(kind, records))
    }

    /// Looks at what a record refers to and says; `place` is asked only when something is to be noted.
    pub(super) fn cross_check(
        &mut self,
        record: &Record,
        base: &dyn Fn() -> Path,
        place: &dyn Fn(&Path) -> Place,
    ) -> Result<(), Stop> {
        if !self.limits.cross_check {
            return Ok(());
        }
        let owner = Some((record.kind(), SmolStr::from(record.id().as_str())));
        let mut notes = Vec::new();
        check::record(record, &mut |at, remark| {
            if matches!(remark, Remark::Reference(target, id) if self.leads_somewhere(target, id)) {
                return;
            }
            let mut path = base();
            at.push_onto(&mut path);
            let note = Problem {
                level: Level::Note,
                place: Place::default(),
                what: what_of(remark),
                record: owner.clone(),
            };
            let target = match remark {
                Remark::Reference(target, id) => Some((target, id.clone())),
                _ => None,
            };
            notes.push((path, note, target));
        });
        for (path, mut note, target) in notes {
            match target {
                None => {
                    note.place = place(&path);
                    note.place.path = path;
                    self.problem(note)?;
                }
                // The record may still come: kinds stand in any order.
                Some(target) => {
                    let open = self.open.entry(target).or_default();
                    if open.named.len() < NAMED_PER_TARGET && self.open_named < NAMED_OPEN {
                        note.place = place(&path);
                        note.place.path = path;
                        open.named.push(note);
                        self.open_named += 1;
                    } else {
                        open.counted += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Looks at what the headquarters says.
    pub(super) fn cross_check_headquarters(
        &mut self,
        hq: &Headquarters,
        base: &Path,
        place: &dyn Fn(&Path) -> Place,
    ) -> Result<(), Stop> {
        let mut notes = Vec::new();
        check::headquarters(hq, &mut |at, remark| {
            let mut path = base.clone();
            at.push_onto(&mut path);
            notes.push((path, what_of(remark)));
        });
        for (path, what) in notes {
            let mut place = place(&path);
            place.path = path;
            self.problem(Problem {
                level: Level::Note,
                place,
                what,
                record: None,
            })?;
        }
        Ok(())
    }

    fn leads_somewhere(&self, target: Target, id: &Id) -> bool {
        match target {
            Target::Record(kind) => self.has(kind, id),
            Target::Sponsor => self.has(Kind::Agency, id) || self.has(Kind::Enterprise, id),
            Target::County => self
                .headquarters
                .as_ref()
                .is_some_and(|hq| hq.counties.iter().any(|county| county.id == *id)),
        }
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
        let mut dangling = Vec::new();
        for ((target, id), open) in std::mem::take(&mut self.open) {
            if !self.leads_somewhere(target, &id) {
                self.summary.problems[0] += open.counted;
                self.summary.unnamed += open.counted;
                dangling.extend(open.named);
            }
        }
        dangling.sort_by_key(|note| (note.place.line, note.place.column));
        for note in dangling {
            self.problem(note)?;
        }
        self.summary.bytes = bytes;
        Ok(self.summary)
    }
}

fn id_at(records: &[Option<Record>], index: u32) -> Option<&Id> {
    records.get(index as usize)?.as_ref().map(Record::id)
}

fn what_of(remark: Remark<'_>) -> What {
    match remark {
        Remark::Reference(Target::Record(kind), id) => What::Dangling(kind, id.as_str().into()),
        Remark::Reference(Target::Sponsor, id) => What::Dangling(Kind::Agency, id.as_str().into()),
        Remark::Reference(Target::County, id) => What::DanglingCounty(id.as_str().into()),
        Remark::Unknown(word) => What::UnknownValue(clean::excerpt(word)),
        Remark::OutOfRange(found, range) => What::OutOfRange {
            found: smol_str::format_smolstr!("{}", found.get()),
            range,
        },
    }
}
