//! What of a chunk will be looked at is asked of memory beforehand: it answers many questions at once in the time of one, so whoever asks
//! early does not wait for each of them later. It changes no answer.
//!
//! What says where something lies is asked for before that: each of the steps here takes for granted that the one before it was some
//! chunks ago.

use super::chunk::Chunk;
use super::column::CodeColumn;
use super::lines::Lines;
use super::marks::{DATED, Marks};
use super::mask::Mask;
use super::names::Sym;
use super::numbers::Numbers;
use crate::clock::Day;
use prefetch_index::prefetch_index;

/// Which names of a column are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sought {
    /// None of them: the column is not looked at.
    #[default]
    Nobody,
    /// These.
    These(Vec<Sym>),
    /// Many of them, or it is not known which.
    Anybody,
}

impl Sought {
    /// These and others.
    #[must_use]
    pub fn and(self, others: &[Sym]) -> Self {
        match self {
            Self::Nobody if others.is_empty() => Self::Nobody,
            Self::Nobody => Self::These(others.to_vec()),
            Self::These(mut these) => {
                these.extend_from_slice(others);
                Self::These(these)
            }
            Self::Anybody => Self::Anybody,
        }
    }
}

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

/// Asks for what is known of the names of a column that are looked for; false when it has too many for that.
fn ask_marks(marks: &Marks, at: usize, sought: &Sought) -> bool {
    match sought {
        Sought::Nobody => true,
        Sought::These(these) => match marks.of_names(at, these) {
            Some(rows) => {
                rows.for_each(ask);
                true
            }
            None => false,
        },
        Sought::Anybody => {
            let known = marks.of_column(at);
            known.iter().for_each(|(_, rows)| ask_all(rows));
            known.is_some()
        }
    }
}

impl Chunk {
    /// Asks for what says where everything of it lies.
    pub fn sight(&self) {
        ask(&self.marks);
        ask(&self.pairs);
        ask(&self.letters);
        ask(&self.search);
        ask(&self.visits);
    }

    /// Asks for what says where something of it lies.
    pub fn ask_keys(&self, wanted: &Foresight) {
        let sought = wanted.codes.iter().chain([&wanted.results]).enumerate();
        for (at, _) in sought.filter(|(_, sought)| **sought != Sought::Nobody) {
            if let Some((names, _)) = self.marks().of_column(at) {
                ask_all(names);
            }
        }
        if let [Some(_), ..] = wanted.pairs {
            let (parts, before) = self.pairs().known();
            ask_all(parts);
            ask_all(before);
        }
    }

    /// Asks for everything that looking at its rows will read, once its [`Self::ask_keys`] were asked for.
    pub fn foresee(&self, wanted: &Foresight) {
        let letters = wanted.letters.iter().flatten();
        letters.filter_map(|letter| self.letters.known(*letter)).for_each(ask);
        for (first, second) in wanted.pairs.iter().flatten() {
            self.pairs().masks(*first, *second).for_each(ask);
        }
        let marks = self.marks();
        for ((at, sought), codes) in wanted.codes.iter().enumerate().zip(&self.codes) {
            if *sought != Sought::Nobody && !ask_marks(marks, at, sought) {
                ask_all(&codes.names);
                ask_all(&codes.rows);
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
        if wanted.results != Sought::Nobody && !ask_marks(marks, CodeColumn::COUNT, &wanted.results) {
            ask_all(&self.visits.rows);
            ask_all(&self.visits.results);
            ask_numbers(&self.visits.result);
        }
        if wanted.visits {
            ask_numbers(&self.visits.ends);
        }
    }
}

impl Lines {
    /// Asks for some of these lines, or for all.
    pub fn foresee(&self, some: Option<Mask>) {
        let Some(some) = some else {
            return ask_all(&self.bytes);
        };
        for row in some.rows() {
            let line = self.get(row);
            ask_all(line);
            line.last().into_iter().for_each(ask);
        }
    }
}
