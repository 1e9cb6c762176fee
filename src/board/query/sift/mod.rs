//! A filter held against a million initiatives: chunk by chunk, on all processors, and only where something can have changed.
//!
//! The answers are those of [`super::Matcher`], record by record; what is told apart by columns, names and searched lines is just
//! found faster. It must not know lists or screens.

mod named;
mod scan;
mod sieve;
#[cfg(test)]
pub(crate) mod tests;

use super::{Query, Test};
use crate::board::rows::Scope;
use crate::board::{Board, beside};
pub use crate::contract::packed::Mask;
use crate::contract::packed::{Chunk, Table};
use named::Named;
use sieve::{Sieve, TOGETHER};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Chunks taken at a time by a thread.
const BLOCK: usize = 32;

/// Tells work that it is wanted no more: something newer was asked for.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    newest: Arc<AtomicU64>,
    mine: u64,
}

impl Stop {
    /// Never.
    pub fn never() -> Self {
        Self::default()
    }

    /// The next piece of work: every earlier one of the same line is wanted no more.
    pub fn next(&self) -> Self {
        Self {
            mine: self.newest.fetch_add(1, Ordering::Relaxed) + 1,
            newest: Arc::clone(&self.newest),
        }
    }

    /// True when something newer was asked for.
    pub fn is_over(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.mine
    }

    /// True for the same piece of work.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.newest, &other.newest) && self.mine == other.mine
    }
}

/// Which rows of a version of the initiatives pass a filter.
#[derive(Clone, Default)]
pub struct Sifted {
    table: Table,
    masks: Arc<[Mask]>,
    count: usize,
    /// What names say, once a word was looked for: for whatever is made of this.
    named: Arc<OnceLock<Named>>,
}

impl std::fmt::Debug for Sifted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sifted").field("count", &self.count).finish()
    }
}

impl Sifted {
    /// All rows.
    pub fn all(table: &Table) -> Self {
        Self {
            masks: table.chunks().map(|chunk| Mask::first(chunk.len())).collect(),
            count: table.len(),
            table: table.clone(),
            named: Arc::default(),
        }
    }

    /// The rows of a board that pass a filter within a scope; nothing when it was stopped. With `within`, a result for the same
    /// initiatives, only what passed there is looked at.
    pub fn of(board: &Board, scope: Option<&Scope>, query: &Query, within: Option<&Self>, stop: &Stop) -> Option<Self> {
        let table = board.initiatives();
        let all;
        let from = match within.filter(|within| within.is_of(table)) {
            Some(within) => within,
            None => {
                all = Self::all(table);
                &all
            }
        };
        let named = from.named_by(board);
        let sieve = sieve(&named, board, scope, query);
        if sieve.is_empty() {
            return Some(from.clone());
        }
        let chunks: Vec<(&Arc<Chunk>, Mask)> = table.chunks().zip(from.masks.iter().copied()).collect();
        let masks = passing(&sieve, &chunks, stop)?;
        Some(Self::new(table, masks, Arc::clone(&named)))
    }

    fn new(table: &Table, masks: Vec<Mask>, named: Arc<OnceLock<Named>>) -> Self {
        Self {
            count: masks.iter().map(Mask::count).sum(),
            masks: masks.into(),
            table: table.clone(),
            named,
        }
    }

    /// The same filter on a newer board: chunks that stayed keep their rows, the others are looked at. Whoever asks has seen to it
    /// that nothing the filter looks at has changed besides the initiatives. Nothing when it was stopped.
    pub fn again(&self, board: &Board, scope: Option<&Scope>, query: &Query, stop: &Stop) -> Option<Self> {
        let table = board.initiatives();
        let kept = self.kept();
        let known = |chunk: &Arc<Chunk>| kept.get(&Arc::as_ptr(chunk).addr()).copied();
        let mut masks: Vec<Option<Mask>> = table.chunks().map(known).collect();
        let new: Vec<(&Arc<Chunk>, Mask)> = table
            .chunks()
            .zip(&masks)
            .filter(|(_, mask)| mask.is_none())
            .map(|(chunk, _)| (chunk, Mask::first(chunk.len())))
            .collect();
        let named = self.named_by(board);
        let sieve = sieve(&named, board, scope, query);
        let mut passed = passing(&sieve, &new, stop)?.into_iter();
        for mask in masks.iter_mut().filter(|mask| mask.is_none()) {
            *mask = passed.next();
        }
        Some(Self::new(
            table,
            masks.into_iter().map(Option::unwrap_or_default).collect(),
            Arc::clone(&named),
        ))
    }

    /// What names say, if it is what a board says by them.
    fn named_by(&self, board: &Board) -> Arc<OnceLock<Named>> {
        match self.named.get() {
            Some(other) if !other.are_of(board) => Arc::default(),
            _ => Arc::clone(&self.named),
        }
    }

    fn kept(&self) -> HashMap<usize, Mask> {
        let chunks = self.table.chunks().map(|chunk| Arc::as_ptr(chunk).addr());
        chunks.zip(self.masks.iter().copied()).collect()
    }

    /// True for the very same result.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.masks, &other.masks)
    }

    /// True when it is of exactly this version of the initiatives.
    pub fn is_of(&self, table: &Table) -> bool {
        self.table.is_same(table)
    }

    /// How many rows pass.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True when no row passes.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The initiatives it is of.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The rows that pass, chunk by chunk.
    pub fn masks(&self) -> &[Mask] {
        &self.masks
    }

    /// What looking at all rows takes at most, about, in billionths of a second on one processor.
    pub fn price(board: &Board, scope: Option<&Scope>, query: &Query, rows: usize) -> u64 {
        Sieve::new(board, scope, query).price().saturating_mul(rows as u64)
    }
}

impl Query {
    /// True when whatever passes this has passed `before`: conditions were added, and words typed on.
    pub fn narrows(&self, before: &Self) -> bool {
        let follows = |old: &super::Term| {
            self.terms.iter().any(|new| match (&old.test, &new.test) {
                (Test::Word(old_word), Test::Word(new_word)) if !old.negated && !new.negated => {
                    new_word.trim().starts_with(old_word.trim())
                }
                _ => old == new,
            })
        };
        before.terms.iter().all(follows)
    }
}

/// A filter made ready, with what names say where it asks for that.
fn sieve<'q>(named: &'q OnceLock<Named>, board: &'q Board, scope: Option<&'q Scope>, query: &'q Query) -> Sieve<'q> {
    let sieve = Sieve::new(board, scope, query);
    if !sieve.asks_names() {
        return sieve;
    }
    // Somebody else may have found out meanwhile what another board calls them.
    let named = named.get_or_init(|| Named::of(board));
    match named.are_of(board) {
        true => sieve.knowing(named),
        false => sieve,
    }
}

/// The rows of each chunk that pass, in order; nothing when it was stopped.
fn passing(sieve: &Sieve<'_>, chunks: &[(&Arc<Chunk>, Mask)], stop: &Stop) -> Option<Vec<Mask>> {
    let blocks: Vec<&[(&Arc<Chunk>, Mask)]> = chunks.chunks(BLOCK).collect();
    let ready = || {
        let ready = sieve.ready();
        let foresight = ready.foresight();
        (ready, foresight)
    };
    let masks = beside::each(&blocks, ready, |(ready, foresight), block| {
        let groups: Vec<&[(&Arc<Chunk>, Mask)]> = block.chunks(TOGETHER).collect();
        let wanted = |group: usize| {
            let chunks = groups.get(group).copied().unwrap_or_default().iter();
            chunks
                .filter(|(_, within)| !within.is_empty())
                .map(|(chunk, _)| &***chunk)
        };
        // What the first need has not been asked of memory by those before them.
        (0..3).flat_map(wanted).for_each(Chunk::sight);
        (0..2).flat_map(wanted).for_each(|chunk| chunk.ask_keys(foresight));
        wanted(0).for_each(|chunk| chunk.foresee(foresight));
        let mut masks = Vec::with_capacity(block.len());
        for (at, group) in groups.iter().enumerate() {
            if stop.is_over() {
                return None;
            }
            wanted(at + 3).for_each(Chunk::sight);
            wanted(at + 2).for_each(|chunk| chunk.ask_keys(foresight));
            wanted(at + 1).for_each(|chunk| chunk.foresee(foresight));
            masks.extend(ready.pass(group).into_iter().take(group.len()));
        }
        Some(masks)
    })?;
    Some(masks.concat())
}
