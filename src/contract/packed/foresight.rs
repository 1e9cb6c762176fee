//! What of a chunk will be looked at is asked of memory beforehand: it answers many questions at once in the time of one, so whoever asks
//! early does not wait for each of them later. It changes no answer.
//!
//! A processor goes on behind what it waits for only by a few hundred instructions: the fewer there are between one question and the
//! next, the more are under way. So places of several chunks are worked out first, of what is there already, and then read one right behind
//! the other.

use super::chunk::Chunk;
use super::column::CodeColumn;
use super::lines::Lines;
use super::marks::{DATED, Marks};
use super::mask::Mask;
use super::names::Sym;
use super::numbers::Numbers;
use crate::clock::Day;

/// What of a chunk will be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foresight {
    /// Letters of which the rows are asked for, or some of them.
    pub letters: [Option<u8>; 4],
    /// Letters behind each other of which the rows are asked for, or some of them.
    pub pairs: [Option<(u8, u8)>; 4],
    /// Its columns of codes, in the order of [`CodeColumn`].
    pub codes: [bool; CodeColumn::COUNT],
    /// Its first columns of days, in the order of [`DayColumn`](super::DayColumn): the day by which they have come or not.
    pub days: [Option<Day>; DATED],
    /// Where its searched texts stand, of which [`Lines::foresee`] reads some.
    pub texts: bool,
    /// What came of its visits.
    pub results: bool,
    /// Which rows were visited.
    pub visits: bool,
}

/// Bytes that come from memory together.
const LINE: usize = 64;

/// Places of chunks that will be looked at, gathered before any of them is read.
#[derive(Default)]
pub struct Ahead<'a> {
    masks: Vec<&'a Mask>,
    names: Vec<&'a Sym>,
    bytes: Vec<&'a u8>,
    pairs: Vec<&'a u16>,
    numbers: Vec<&'a u32>,
}

/// One of each few of these that come from memory together.
fn some_of<'a, T>(all: &'a [T], out: &mut Vec<&'a T>) {
    out.extend(all.iter().step_by((LINE / size_of::<T>()).max(1)));
}

impl<'a> Ahead<'a> {
    fn numbers(&mut self, numbers: &'a Numbers) {
        match numbers {
            Numbers::Bytes(numbers) => some_of(numbers, &mut self.bytes),
            Numbers::Pairs(numbers) => some_of(numbers, &mut self.pairs),
            Numbers::Whole(numbers) => some_of(numbers, &mut self.numbers),
        }
    }

    /// What is known of a column; false when it has too many names for that.
    fn marks(&mut self, marks: &'a Marks, at: usize) -> bool {
        let known = marks.of_column(at);
        if let Some((names, masks)) = known {
            some_of(names, &mut self.names);
            some_of(masks, &mut self.masks);
        }
        known.is_some()
    }

    /// Reads all of them. The answer is of no use.
    pub fn read(&mut self) -> u64 {
        let mut sum = self.masks.iter().fold(0, |sum, mask| sum ^ mask.glance());
        sum ^= self.names.iter().fold(0, |sum, sym| sum ^ u64::from(sym.0));
        sum ^= self.bytes.iter().fold(0, |sum, byte| sum ^ u64::from(**byte));
        sum ^= self.pairs.iter().fold(0, |sum, pair| sum ^ u64::from(**pair));
        sum ^= self.numbers.iter().fold(0, |sum, number| sum ^ u64::from(**number));
        self.masks.clear();
        self.names.clear();
        self.bytes.clear();
        self.pairs.clear();
        self.numbers.clear();
        sum
    }
}

impl Chunk {
    /// Reads where everything of it lies: what the others would wait for first. The answer is of no use.
    pub fn sighted(&self) -> usize {
        let codes = self.codes.iter().map(|codes| codes.rows.len() + codes.names.len());
        codes.sum::<usize>()
            + usize::from(self.marks.known().is_some() ^ self.pairs.known().is_some())
            + usize::from(self.letters.known(0).is_some())
            + self.search.bytes.len()
            + self.visits.ends.len()
    }

    /// What says where something of it lies, once it is [`Self::sighted`].
    pub fn keys<'a>(&'a self, wanted: &Foresight, ahead: &mut Ahead<'a>) {
        if let [Some(_), ..] = wanted.pairs {
            some_of(self.pairs().known(), &mut ahead.pairs);
        }
    }

    /// A little of everything that looking at its rows will read, once its [`Self::keys`] are read.
    pub fn foresee<'a>(&'a self, wanted: &Foresight, ahead: &mut Ahead<'a>) {
        let letters = wanted.letters.iter().flatten();
        ahead
            .masks
            .extend(letters.filter_map(|letter| self.letters.known(*letter)));
        for (first, second) in wanted.pairs.iter().flatten() {
            ahead.masks.extend(self.pairs().masks(*first, *second));
        }
        let marks = self.marks();
        for (at, codes) in self.codes.iter().enumerate() {
            if wanted.codes.get(at) != Some(&true) {
                continue;
            }
            if !ahead.marks(marks, at) {
                some_of(&codes.names, &mut ahead.names);
                some_of(&codes.rows, &mut ahead.bytes);
            }
        }
        for (at, (days, wanted)) in self.days.iter().zip(wanted.days).enumerate() {
            match wanted.map(|on| marks.come(at, on)) {
                // Where all days have come, no row is looked at.
                Some(Some(dated)) => ahead.masks.push(dated),
                Some(None) => some_of(&days.rows, &mut ahead.pairs),
                None => {}
            }
        }
        if wanted.texts {
            ahead.numbers(&self.search.ends);
        }
        if wanted.results && !ahead.marks(marks, CodeColumn::COUNT) {
            some_of(&self.visits.rows, &mut ahead.bytes);
            some_of(&self.visits.results, &mut ahead.names);
            ahead.numbers(&self.visits.result);
        }
        if wanted.visits {
            ahead.numbers(&self.visits.ends);
        }
    }
}

impl Lines {
    /// A little of these lines, or of all.
    pub fn foresee<'a>(&'a self, some: Option<Mask>, ahead: &mut Ahead<'a>) {
        let Some(some) = some else {
            return some_of(&self.bytes, &mut ahead.bytes);
        };
        let end = |row: usize| self.ends.get(row).map_or(0, |end| end as usize);
        for row in some.rows() {
            let (from, upto) = (row.checked_sub(1).map_or(0, end), end(row));
            let line = self.bytes.get(from..upto).unwrap_or_default();
            some_of(line, &mut ahead.bytes);
            ahead.bytes.extend(line.last());
        }
    }
}
