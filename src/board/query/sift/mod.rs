//! A filter held against a million initiatives: chunk by chunk, on all processors, and only where something can have changed.
//!
//! The answers are those of [`super::Matcher`], record by record; what is told apart by columns, names and searched lines is just
//! found faster. It must not know lists or screens.

mod memo;
mod named;
mod scan;
mod sieve;
#[cfg(test)]
pub(crate) mod tests;

use super::{Query, Test};
use crate::board::rows::Scope;
use crate::board::{Board, beside};
pub use crate::contract::packed::Mask;
use crate::contract::packed::{Chunk, Picked, Table};
use memo::{Memos, Said};
use named::Named;
use sieve::{Answer, Asked, Sieve, TOGETHER};
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
    /// Which of its rows say the word that was looked for last by a name.
    said: Option<Arc<Said>>,
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
            said: None,
        }
    }

    /// The rows of a board that pass a filter within a scope; nothing when it was stopped. With `within`, a result for the same
    /// initiatives on the same day, only what passed there is looked at.
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
        let memos = sieve.memos();
        let word = memos.first().filter(|memos| sieve.is_a_word() && memos.are_whole());
        let is_it = |said: &&Arc<Said>| word == Some(&said.memos);
        let known = from.said.as_ref().filter(is_it);
        let masks = known.map_or(&[] as &[Mask], |known| &known.masks);
        let said = masks.iter().copied().map(Some).chain(std::iter::repeat(None));
        let chunks: Vec<Asked<'_>> = table
            .chunks()
            .zip(&*from.masks)
            .zip(said)
            .map(|((chunk, within), said)| Asked {
                chunk,
                within: *within,
                said,
            })
            .collect();
        let answers = passing(&sieve, &memos, &chunks, stop)?;
        let mut out = Self::new(
            table,
            answers.iter().map(|answer| answer.rows).collect(),
            Arc::clone(&named),
        );
        out.said = known.cloned().or_else(|| {
            let said = Said {
                memos: word?.clone(),
                masks: answers.iter().map(|answer| answer.said).collect(),
            };
            Some(Arc::new(said))
        });
        Some(out)
    }

    fn new(table: &Table, masks: Vec<Mask>, named: Arc<OnceLock<Named>>) -> Self {
        Self {
            count: masks.iter().map(Mask::count).sum(),
            masks: masks.into(),
            table: table.clone(),
            named,
            said: None,
        }
    }

    /// The same filter on a newer board: chunks that stayed keep their rows, the others are looked at. Whoever asks has seen to it
    /// that nothing the filter looks at has changed besides the initiatives. Nothing when it was stopped.
    pub fn again(&self, board: &Board, scope: Option<&Scope>, query: &Query, stop: &Stop) -> Option<Self> {
        let table = board.initiatives();
        let kept = self.kept();
        let known = |chunk: &Arc<Chunk>| kept.get(&Arc::as_ptr(chunk).addr()).copied();
        let mut masks: Vec<Option<Mask>> = table.chunks().map(known).collect();
        let new: Vec<Asked<'_>> = table
            .chunks()
            .zip(&masks)
            .filter(|(_, mask)| mask.is_none())
            .map(|(chunk, _)| Asked {
                chunk,
                within: Mask::first(chunk.len()),
                said: None,
            })
            .collect();
        let named = self.named_by(board);
        let sieve = sieve(&named, board, scope, query);
        let mut passed = passing(&sieve, &sieve.memos(), &new, stop)?
            .into_iter()
            .map(|answer| answer.rows);
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
    /// What this asks for besides what `before` does: all that is to be asked of who passed that.
    pub fn besides(&self, before: &Self) -> Self {
        let terms = self.terms.iter().filter(|term| !before.terms.contains(term));
        Self {
            terms: terms.cloned().collect(),
        }
    }

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

/// What each chunk answers, in order; nothing when it was stopped.
fn passing(sieve: &Sieve<'_>, memos: &[Memos], chunks: &[Asked<'_>], stop: &Stop) -> Option<Vec<Answer>> {
    let said_is_known = chunks.first().is_some_and(|asked| asked.said.is_some());
    let blocks: Vec<&[Asked<'_>]> = chunks.chunks(BLOCK).collect();
    let ready = || {
        let ready = sieve.ready(memos.to_vec());
        let foresight = ready.foresight(said_is_known);
        (ready, foresight)
    };
    let answers = beside::each(&blocks, ready, |(ready, foresight), block| {
        let groups: Vec<&[Asked<'_>]> = block.chunks(TOGETHER).collect();
        let chunks = |group: usize| groups.get(group).copied().unwrap_or_default().iter();
        let wanted = |group| {
            chunks(group)
                .filter(|asked| !asked.within.is_empty())
                .map(|asked| asked.chunk)
        };
        let foresee = |group| {
            let mut picked = [Picked::default(); TOGETHER];
            for (picked, asked) in picked.iter_mut().zip(chunks(group)) {
                if !asked.within.is_empty() {
                    *picked = asked.chunk.foresee(foresight);
                }
            }
            picked
        };
        // What the first need has not been asked of memory by those before them.
        (0..3).flat_map(wanted).for_each(|chunk| chunk.sight(foresight));
        (0..2).flat_map(wanted).for_each(|chunk| chunk.ask_keys(foresight));
        let mut next = foresee(0);
        let mut answers = Vec::with_capacity(block.len());
        for (at, group) in groups.iter().enumerate() {
            if stop.is_over() {
                return None;
            }
            wanted(at + 3).for_each(|chunk| chunk.sight(foresight));
            wanted(at + 2).for_each(|chunk| chunk.ask_keys(foresight));
            let picked = std::mem::replace(&mut next, foresee(at + 1));
            answers.extend(ready.pass(group, &picked).into_iter().take(group.len()));
        }
        Some(answers)
    })?;
    Some(answers.concat())
}
