//! The initiatives while they are read: packed as they come, in order as they mostly are, told apart by id when they are not.

use super::beside::Beside;
use crate::contract::packed::{Builder, Chunk, Draft, Names, Table};
use crate::contract::{Id, Initiative};
use std::collections::HashSet;
use std::sync::Arc;

/// Chunks with fewer rows than this on the average are packed anew in the end.
const SPARSE: usize = 32;

/// Beyond this many records, those that came out of order are put in order once, in the end: each time costs their memory again.
const WORTH_ORDERING: usize = 200_000;
/// Rows out of order are not missed on the screen while they are fewer than one in so many.
const FEW: usize = 64;

/// Initiatives being read.
pub(in crate::source) struct Long {
    table: Table,
    /// What was read last time, whose rows these may be.
    beside: Option<Beside>,
    /// Rows behind those of the table, in order.
    builder: Builder,
    /// The last id that was put in order.
    last: Option<Id>,
    /// What came out of order, beside the table.
    strewn: Strewn,
    /// Records counted when somebody was last told.
    pub(in crate::source) told: usize,
    /// Records that were shown out of order when last they were.
    shown: usize,
    /// The kind was handed over as it stands.
    pub(in crate::source) handed_over: bool,
}

/// Chunks that do not follow those of the table, and that may lie anywhere.
#[derive(Default)]
struct Strewn {
    chunks: Vec<Arc<Chunk>>,
    ids: HashSet<Id>,
    /// The first and the last of the ids, in order.
    span: Option<(Id, Id)>,
}

impl Strewn {
    /// Notes an id; true when it is new here.
    fn insert(&mut self, id: Id) -> bool {
        match &mut self.span {
            None => self.span = Some((id.clone(), id.clone())),
            Some((first, _)) if id.counted(first).is_lt() => *first = id.clone(),
            Some((_, last)) if id.counted(last).is_gt() => *last = id.clone(),
            Some(_) => {}
        }
        self.ids.insert(id)
    }

    /// True when one of its ids may be among those of a chunk.
    fn may_meet(&self, chunk: &Chunk) -> bool {
        self.span.as_ref().is_some_and(|(first, last)| {
            let ends_before = chunk.compare_id(chunk.len().saturating_sub(1), first.as_str()).is_lt();
            let begins_behind = chunk.compare_id(0, last.as_str()).is_gt();
            !ends_before && !begins_behind
        })
    }
}

impl Default for Long {
    fn default() -> Self {
        Self::beside(Table::default())
    }
}

impl Long {
    /// Beside what was read last time: rows that are the same are kept once.
    pub(in crate::source) fn beside(known: Table) -> Self {
        let names = Arc::clone(known.names());
        let beside = Beside::new(known);
        let names = if beside.is_some() { names } else { Arc::default() };
        Self {
            table: Table::new(Arc::clone(&names), []),
            beside,
            builder: Builder::new(names),
            last: None,
            strewn: Strewn::default(),
            told: 0,
            shown: 0,
            handed_over: false,
        }
    }

    pub(in crate::source) fn names(&self) -> &Arc<Names> {
        self.builder.names()
    }

    /// Records so far.
    pub(in crate::source) fn len(&self) -> usize {
        let pending = self.beside.as_ref().map_or(0, Beside::pending);
        self.table.len() + pending + self.builder.rows() + self.strewn.ids.len()
    }

    /// Puts what is held beside the table into it.
    fn settle(&mut self) {
        if let Some(beside) = &mut self.beside {
            beside.flush(&mut self.table);
        }
    }

    fn flush(&mut self) {
        if self.builder.rows() > 0 {
            let chunk = Arc::new(self.builder.finish());
            self.add(chunk);
        }
    }

    /// Adds rows whose ids are all new.
    fn add(&mut self, chunk: Arc<Chunk>) {
        let last = chunk.id(chunk.len().saturating_sub(1));
        match self.append(chunk) {
            Ok(()) => self.last = last,
            Err(chunk) => {
                (0..chunk.len()).filter_map(|row| chunk.id(row)).for_each(|id| {
                    self.strewn.insert(id);
                });
                self.strewn.chunks.push(chunk);
            }
        }
    }

    /// Adds a chunk that follows the table and holds no id that came out of order; any other comes back.
    fn append(&mut self, chunk: Arc<Chunk>) -> Result<(), Arc<Chunk>> {
        if self.strewn.may_meet(&chunk) {
            self.settle();
            return Err(chunk);
        }
        let Some(beside) = &mut self.beside else {
            return self.table.append(chunk);
        };
        let follows = |last: &Id| chunk.compare_id(0, last.as_str()).is_gt();
        if beside.last().is_none_or(follows) {
            beside.push(&chunk, &mut self.table);
            return Ok(());
        }
        self.settle();
        Err(chunk)
    }

    pub(in crate::source) fn has(&mut self, id: &Id) -> bool {
        if self.strewn.chunks.is_empty() && self.last.as_ref().is_none_or(|last| last.counted(id).is_lt()) {
            return false;
        }
        self.flush();
        self.settle();
        self.strewn.ids.contains(id) || self.table.contains(id.as_str())
    }

    /// Adds a record, or replaces the one of that id.
    pub(in crate::source) fn put(&mut self, record: &Initiative) {
        self.handed_over = false;
        if self.strewn.chunks.is_empty() && self.last.as_ref().is_none_or(|last| last.counted(&record.id).is_lt()) {
            self.builder.push(&Draft::of(record));
            self.last = Some(record.id.clone());
            if self.builder.is_full() {
                self.flush();
            }
            return;
        }
        self.gather();
        self.table.put(record);
    }

    pub(in crate::source) fn remove(&mut self, id: &Id) {
        self.handed_over = false;
        self.gather();
        self.table.remove(id.as_str());
    }

    /// Takes rows that were read by themselves. The rows of ids that are there already are left out; which, comes back.
    pub(in crate::source) fn take(&mut self, chunks: Vec<Arc<Chunk>>, ascending: bool) -> Vec<usize> {
        self.handed_over = false;
        self.flush();
        let mut twice = Vec::new();
        let mut row_before = 0;
        for chunk in chunks {
            let rows = chunk.len();
            // What did not come in order may hold an id twice.
            let chunk = if ascending {
                self.append(chunk)
            } else {
                self.settle();
                Err(chunk)
            };
            if let Err(chunk) = chunk {
                let new: Vec<bool> = (0..rows).map(|row| self.is_new(&chunk, row)).collect();
                let known = new.iter().zip(row_before..).filter(|(new, _)| !**new);
                twice.extend(known.map(|(_, row)| row));
                if new.iter().all(|new| *new) {
                    self.strewn.chunks.push(chunk);
                } else {
                    let new = (0..rows).zip(&new).filter(|(_, new)| **new);
                    new.for_each(|(row, _)| self.builder.copy(&chunk, row));
                    if self.builder.rows() > 0 {
                        self.strewn.chunks.push(Arc::new(self.builder.finish()));
                    }
                }
            }
            row_before += rows;
        }
        self.last = self.last_of_table().or(self.last.take());
        twice
    }

    /// True for a row whose id is not there yet; from now on it is.
    fn is_new(&mut self, chunk: &Chunk, row: usize) -> bool {
        chunk
            .id(row)
            .is_some_and(|id| !self.table.contains(id.as_str()) && self.strewn.insert(id))
    }

    fn last_of_table(&self) -> Option<Id> {
        if let Some(last) = self.beside.as_ref().and_then(Beside::last) {
            return Some(last.clone());
        }
        let last = self.table.chunks().next_back()?;
        last.id(last.len().checked_sub(1)?)
    }

    /// Puts everything into the table, in order.
    fn gather(&mut self) {
        self.flush();
        self.settle();
        self.beside = None;
        if !self.strewn.chunks.is_empty() {
            let Strewn { chunks, .. } = std::mem::take(&mut self.strewn);
            self.table.merge(&chunks);
        }
        if self.table.chunks().len() > 64 && self.table.len() / self.table.chunks().len() < SPARSE {
            self.table.pack();
        }
        self.last = self.last_of_table();
    }

    /// All of them, in order.
    pub(in crate::source) fn all(&mut self) -> Table {
        self.gather();
        self.table.clone()
    }

    /// Those read so far, when it is worth showing them: at any time while they come in order, which costs nothing, and each time they
    /// have doubled when they have to be put in order for it.
    pub(in crate::source) fn so_far(&mut self) -> Option<Table> {
        self.flush();
        let strewn = self.strewn.ids.len();
        if strewn <= self.table.len() / FEW {
            return Some(self.table.clone());
        }
        let len = self.len();
        if len < 2 * self.shown || len > WORTH_ORDERING {
            return None;
        }
        self.shown = len;
        let mut table = self.table.clone();
        table.merge(&self.strewn.chunks);
        Some(table)
    }
}
