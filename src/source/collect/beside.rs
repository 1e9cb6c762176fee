//! A long list read once more: what is as it was is kept once, in the chunks that are there already, so that a changed file costs
//! the memory of what changed.

use crate::contract::Id;
use crate::contract::packed::{Builder, Chunk, Table};
use std::cmp::Ordering;
use std::sync::Arc;

/// Names are kept for ever. A list may speak of those of an earlier one while they are fewer than these, beside a quarter of its rows.
const NAMES: usize = 1 << 16;

/// What was read last time, and how far it was found again.
pub(super) struct Beside {
    known: Table,
    /// The row of what is known that is looked at next: its chunk, and its place in it.
    chunk: Option<Arc<Chunk>>,
    at: (usize, usize),
    /// How many first rows of a chunk were found again, with nothing between; they may become the chunk itself.
    held: Option<(Arc<Chunk>, usize)>,
    /// Rows behind those of the table that did not come as a whole chunk.
    builder: Builder,
    /// The last id that came.
    last: Option<Id>,
}

impl Beside {
    /// Beside a table that was read earlier; nothing where that is not worth it.
    pub(super) fn new(known: Table) -> Option<Self> {
        let few = known.names().len() <= NAMES + known.len() / 4;
        (few && !known.is_empty()).then(|| Self {
            chunk: known.chunk(0).cloned(),
            at: (0, 0),
            held: None,
            builder: Builder::new(Arc::clone(known.names())),
            last: None,
            known,
        })
    }

    /// The last id that came.
    pub(super) fn last(&self) -> Option<&Id> {
        self.last.as_ref()
    }

    /// Rows that are not in the table yet.
    pub(super) fn pending(&self) -> usize {
        self.builder.rows() + self.held.as_ref().map_or(0, |(_, rows)| *rows)
    }

    /// Takes a chunk whose rows come after all others, and adds to the table what stands.
    pub(super) fn push(&mut self, chunk: &Chunk, table: &mut Table) {
        for row in 0..chunk.len() {
            if self.find(chunk, row) {
                self.again(table);
                self.step();
            } else {
                self.release(table);
                self.copy(chunk, row, table);
            }
        }
        self.last = chunk.id(chunk.len().saturating_sub(1));
    }

    /// Goes on to where a row would stand; true when it is there and says the same.
    fn find(&mut self, chunk: &Chunk, row: usize) -> bool {
        while let Some(known) = &self.chunk {
            match known.compare_ids(self.at.1, chunk, row) {
                Ordering::Less => self.step(),
                Ordering::Equal => return known.same_row(self.at.1, chunk, row),
                Ordering::Greater => return false,
            }
        }
        false
    }

    fn step(&mut self) {
        self.at.1 += 1;
        if self.chunk.as_ref().is_none_or(|chunk| self.at.1 >= chunk.len()) {
            self.at = (self.at.0 + 1, 0);
            self.chunk = self.known.chunk(self.at.0).cloned();
        }
    }

    /// The row looked at was found again.
    fn again(&mut self, table: &mut Table) {
        let Some(known) = self.chunk.clone() else { return };
        let row = self.at.1;
        let follows = self
            .held
            .as_ref()
            .is_some_and(|(held, rows)| Arc::ptr_eq(held, &known) && *rows == row);
        if !follows {
            self.release(table);
            if row > 0 {
                self.copy(&known, row, table);
                return;
            }
        }
        if row + 1 == known.len() {
            self.held = None;
            self.pack(table);
            append(table, known);
        } else {
            self.held = Some((known, row + 1));
        }
    }

    /// The chunk that was held will not come whole.
    fn release(&mut self, table: &mut Table) {
        if let Some((held, rows)) = self.held.take() {
            for row in 0..rows {
                self.copy(&held, row, table);
            }
        }
    }

    fn copy(&mut self, chunk: &Chunk, row: usize, table: &mut Table) {
        self.builder.copy(chunk, row);
        if self.builder.is_full() {
            self.pack(table);
        }
    }

    fn pack(&mut self, table: &mut Table) {
        if self.builder.rows() > 0 {
            append(table, Arc::new(self.builder.finish()));
        }
    }

    /// Adds to the table whatever came.
    pub(super) fn flush(&mut self, table: &mut Table) {
        self.release(table);
        self.pack(table);
    }
}

/// What comes in order follows; were it otherwise, it would be put in its place.
fn append(table: &mut Table, chunk: Arc<Chunk>) {
    if let Err(chunk) = table.append(chunk) {
        table.merge(&[chunk]);
    }
}
