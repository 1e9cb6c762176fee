//! What of a chunk will be looked at is asked of memory beforehand: it answers many questions at once in the time of one, so whoever asks
//! early does not wait for each of them later. It changes no answer.
//!
//! What says where something lies is asked for before that: each of the steps here takes for granted that the one before it was some
//! chunks ago.

use super::chunk::Chunk;
use super::column::CodeColumn;
use super::lines::Lines;
use super::marks::{COLUMNS, DATED, Marks, Pick};
use super::mask::Mask;
use super::numbers::Numbers;
use crate::clock::Day;
use prefetch_index::prefetch_index;
use std::sync::Arc;

/// Which names of a column are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sought {
    /// None of them: the column is not looked at.
    #[default]
    Nobody,
    /// Those that pass, by number.
    These(Arc<[bool]>),
    /// It is not known which.
    Anybody,
}

/// Which masks of a chunk say the names that are looked for, of each column where that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Picked([Option<Pick>; COLUMNS]);

/// What of a chunk will be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foresight {
    /// Letters of which the rows are asked for, or some of them.
    pub letters: [Option<u8>; 4],
    /// Letters behind each other of which the rows are asked for, or some of them.
    pub pairs: [Option<(u8, u8)>; 4],
    /// Its columns of codes, in the order of [`CodeColumn`].
    pub codes: [Sought; CodeColumn::COUNT],
    /// Its first columns of days, in the order of [`DayColumn`](super::DayColumn): the day by which they have come or not.
    pub days: [Option<Day>; DATED],
    /// Where its searched texts stand, of which [`Lines::foresee`] reads some.
    pub texts: bool,
    /// What came of its visits.
    pub results: Sought,
    /// Which rows were visited.
    pub visits: bool,
}

/// Bytes that come from memory together.
const LINE: usize = 64;

/// Asks memory for one of these.
fn ask<T>(one: &T) {
    prefetch_index(std::slice::from_ref(one), 0);
}

/// Asks memory for all of these.
fn ask_all<T>(all: &[T]) {
    let some = (0..all.len()).step_by((LINE / size_of::<T>()).max(1));
    some.for_each(|at| prefetch_index(all, at));
}

fn ask_numbers(numbers: &Numbers) {
    match numbers {
        Numbers::Bytes(numbers) => ask_all(numbers),
        Numbers::Pairs(numbers) => ask_all(numbers),
        Numbers::Whole(numbers) => ask_all(numbers),
    }
}

/// Asks for what is known of the names of a column that are looked for, and says what that is; nothing when rows must be looked at.
fn ask_marks(marks: &Marks, at: usize, sought: &Sought) -> (bool, Option<Pick>) {
    match sought {
        Sought::Nobody => (true, None),
        Sought::These(passes) => {
            let pick = marks.pick(at, passes);
            if let Some(pick) = pick {
                marks.picked(at, pick).for_each(ask);
            }
            (pick.is_some(), pick)
        }
        Sought::Anybody => {
            let known = marks.of_column(at);
            known.iter().for_each(|(_, rows)| ask_all(rows));
            (known.is_some(), None)
        }
    }
}

impl Chunk {
    /// Asks for what says where everything of it lies.
    pub fn sight(&self, wanted: &Foresight) {
        ask(&self.marks);
        ask(&self.letters);
        if wanted.pairs != [None; 4] {
            ask(&self.pairs);
        }
        if wanted.texts {
            ask(&self.search);
        }
        if wanted.results != Sought::Nobody || wanted.visits {
            ask(&self.visits);
        }
    }

    /// Asks for what says where something of it lies.
    pub fn ask_keys(&self, wanted: &Foresight) {
        let sought = wanted.codes.iter().chain([&wanted.results]).enumerate();
        for (at, _) in sought.filter(|(_, sought)| **sought != Sought::Nobody) {
            if let Some((names, _)) = self.marks().of_column(at) {
                ask_all(names);
            }
        }
        if wanted.pairs != [None; 4] {
            let (parts, before) = self.pairs().known();
            ask_all(parts);
            ask_all(before);
        }
    }

    /// Asks for everything that looking at its rows will read, once its [`Self::ask_keys`] were asked for, and says what it picked.
    pub fn foresee(&self, wanted: &Foresight) -> Picked {
        let mut picked = Picked::default();
        let letters = wanted.letters.iter().flatten();
        letters.filter_map(|letter| self.letters.known(*letter)).for_each(ask);
        for (first, second) in wanted.pairs.iter().flatten() {
            self.pairs().masks(*first, *second).for_each(ask);
        }
        let marks = self.marks();
        let sought = wanted.codes.iter().chain([&wanted.results]);
        for ((at, sought), picked) in sought.enumerate().zip(&mut picked.0) {
            let (is_known, pick) = ask_marks(marks, at, sought);
            *picked = pick;
            match self.codes.get(at) {
                _ if is_known => {}
                Some(codes) => {
                    ask_all(&codes.names);
                    ask_all(&codes.rows);
                }
                None => {
                    ask_all(&self.visits.rows);
                    ask_all(&self.visits.results);
                    ask_numbers(&self.visits.result);
                }
            }
        }
        for (at, (days, wanted)) in self.days.iter().zip(wanted.days).enumerate() {
            match wanted.map(|on| marks.come(at, on)) {
                // Where all days have come, no row is looked at.
                Some(Some(dated)) => ask(dated),
                Some(None) => ask_all(&days.rows),
                None => {}
            }
        }
        if wanted.texts {
            ask_numbers(&self.search.ends);
        }
        if wanted.visits {
            ask_numbers(&self.visits.ends);
        }
        picked
    }

    /// The rows that say one of the names that were looked for in a column, where they were picked; rows that there are not may be among
    /// them.
    pub fn saying_picked(&self, column: CodeColumn, picked: &Picked) -> Option<Mask> {
        let pick = (*picked.0.get(column as usize)?)?;
        Some(self.marks().rows(column as usize, pick))
    }

    /// The rows one of whose visits came to one of the texts that were looked for, where they were picked.
    pub fn resulting_picked(&self, picked: &Picked) -> Option<Mask> {
        let pick = (*picked.0.last()?)?;
        Some(self.marks().rows(CodeColumn::COUNT, pick))
    }
}

impl Lines {
    /// Asks for all of them.
    pub fn foresee_all(&self) {
        ask_all(&self.bytes);
    }

    /// Asks for so many of the first bytes of some of them.
    pub fn foresee(&self, some: Mask, first: usize) {
        for row in some.rows() {
            let line = self.get(row);
            let line = line.get(..first).unwrap_or(line);
            ask_all(line);
            line.last().into_iter().for_each(ask);
        }
    }
}
