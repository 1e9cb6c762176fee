//! The initiatives while they are read: packed as they come, in order as they mostly are, told apart by id when they are not.

use crate::contract::packed::{Builder, Chunk, Draft, Names, Table};
use crate::contract::{Id, Initiative};
use std::collections::HashSet;
use std::sync::Arc;

/// Chunks with fewer rows than this on the average are packed anew in the end.
const SPARSE: usize = 32;

/// Beyond this many records, those that came out of order are put in order once, in the end: each time costs their memory again.
const WORTH_ORDERING: usize = 200_000;

/// Initiatives being read.
pub(in crate::source) struct Long {
    table: Table,
    /// Rows behind those of the table, in order.
    builder: Builder,
    /// The last id that was put in order.
    last: Option<Id>,
    /// Once something came out of order: every id so far, and the chunks that do not follow.
    strewn: Option<(HashSet<Id>, Vec<Arc<Chunk>>)>,
    /// Records counted when somebody was last told.
    pub(in crate::source) told: usize,
    /// Records that were shown out of order when last they were.
    shown: usize,
    /// The kind was handed over as it stands.
    pub(in crate::source) handed_over: bool,
}

impl Default for Long {
    fn default() -> Self {
        let names = Arc::<Names>::default();
        Self {
            table: Table::new(Arc::clone(&names), []),
            builder: Builder::new(names),
            last: None,
            strewn: None,
            told: 0,
            shown: 0,
            handed_over: false,
        }
    }
}

impl Long {
    pub(in crate::source) fn names(&self) -> &Arc<Names> {
        self.builder.names()
    }

    /// Records so far.
    pub(in crate::source) fn len(&self) -> usize {
        let strewn = self.strewn.as_ref().map(|(ids, _)| ids.len());
        strewn.unwrap_or(self.table.len() + self.builder.rows())
    }

    fn flush(&mut self) {
        if self.builder.rows() > 0 {
            let chunk = Arc::new(self.builder.finish());
            self.add(chunk);
        }
    }

    fn add(&mut self, chunk: Arc<Chunk>) {
        match &mut self.strewn {
            Some((ids, chunks)) => {
                ids.extend((0..chunk.len()).filter_map(|row| chunk.id(row)));
                chunks.push(chunk);
            }
            None => {
                self.last = chunk.id(chunk.len().saturating_sub(1));
                if let Err(chunk) = self.table.append(chunk) {
                    self.strew();
                    self.add(chunk);
                }
            }
        }
    }

    /// From now on ids are remembered one by one.
    fn strew(&mut self) {
        if self.strewn.is_none() {
            let ids = self.table.ids().collect();
            self.strewn = Some((ids, Vec::new()));
        }
    }

    pub(in crate::source) fn has(&mut self, id: &Id) -> bool {
        if self.strewn.is_none() && self.last.as_ref().is_none_or(|last| last < id) {
            return false;
        }
        self.flush();
        match &self.strewn {
            Some((ids, _)) => ids.contains(id),
            None => self.table.contains(id.as_str()),
        }
    }

    /// Adds a record, or replaces the one of that id.
    pub(in crate::source) fn put(&mut self, record: &Initiative) {
        self.handed_over = false;
        if self.strewn.is_none() && self.last.as_ref().is_none_or(|last| *last < record.id) {
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
        if !ascending {
            self.strew();
        }
        let mut twice = Vec::new();
        let mut row_before = 0;
        for chunk in chunks {
            let rows = chunk.len();
            let chunk = match &self.strewn {
                None => match self.table.append(chunk) {
                    Ok(()) => None,
                    Err(chunk) => {
                        self.strew();
                        Some(chunk)
                    }
                },
                Some(_) => Some(chunk),
            };
            if let (Some(chunk), Some((ids, strewn))) = (chunk, &mut self.strewn) {
                let new: Vec<bool> = (0..rows)
                    .map(|row| chunk.id(row).is_some_and(|id| ids.insert(id)))
                    .collect();
                twice.extend(
                    new.iter()
                        .enumerate()
                        .filter(|(_, new)| !**new)
                        .map(|(row, _)| row_before + row),
                );
                if new.iter().all(|new| *new) {
                    strewn.push(chunk);
                } else {
                    (0..rows)
                        .zip(&new)
                        .filter(|(_, new)| **new)
                        .for_each(|(row, _)| self.builder.copy(&chunk, row));
                    if self.builder.rows() > 0 {
                        strewn.push(Arc::new(self.builder.finish()));
                    }
                }
            }
            row_before += rows;
        }
        if self.strewn.is_none() {
            let last = self.table.chunks().next_back();
            self.last = last
                .and_then(|chunk| chunk.id(chunk.len().saturating_sub(1)))
                .or(self.last.take());
        }
        twice
    }

    /// Puts everything into the table, in order.
    fn gather(&mut self) {
        self.flush();
        if let Some((ids, strewn)) = self.strewn.take() {
            drop(ids);
            let chunks: Vec<Arc<Chunk>> = self.table.chunks().cloned().chain(strewn).collect();
            self.table = Table::new(Arc::clone(self.builder.names()), chunks);
        }
        if self.table.chunks().len() > 64 && self.table.len() / self.table.chunks().len() < SPARSE {
            self.table.pack();
        }
        let last = self.table.chunks().next_back();
        self.last = last.and_then(|chunk| chunk.id(chunk.len().saturating_sub(1)));
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
        let Some((_, strewn)) = &self.strewn else {
            return Some(self.table.clone());
        };
        let len = self.len();
        if len < 2 * self.shown || len > WORTH_ORDERING {
            return None;
        }
        self.shown = len;
        let chunks: Vec<Arc<Chunk>> = self.table.chunks().chain(strewn).cloned().collect();
        Some(Table::new(Arc::clone(self.builder.names()), chunks))
    }
}
