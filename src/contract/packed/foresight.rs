//! What of a chunk will be looked at is asked of memory beforehand: it answers many questions at once in the time of one, so whoever asks
//! early does not wait for each of them later. It changes no answer.

use super::chunk::Chunk;
use super::column::CodeColumn;
use super::lines::Lines;
use super::mask::Mask;
use super::numbers::Numbers;

/// What of a chunk will be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foresight {
    /// Letters of which the rows are asked for, or some of them.
    pub letters: [Option<u8>; 4],
    /// Two letters behind each other of which the rows are asked for.
    pub pair: Option<(u8, u8)>,
    /// Its columns of codes, in the order of [`CodeColumn`].
    pub codes: [bool; CodeColumn::COUNT],
    /// Its first columns of days, in the order of [`DayColumn`](super::DayColumn).
    pub days: [bool; 3],
    /// Where its searched texts stand, of which [`Lines::foreseen`] are read.
    pub texts: bool,
    /// What came of its visits.
    pub results: bool,
    /// Which rows were visited.
    pub visits: bool,
}

/// Bytes that come from memory together.
const LINE: usize = 64;

/// Reads one of every few of these.
fn touched<T: Copy>(all: &[T], number: impl Fn(T) -> u32) -> u32 {
    let step = (LINE / size_of::<T>()).max(1);
    all.iter().step_by(step).fold(0, |sum, one| sum ^ number(*one))
}

fn touched_numbers(numbers: &Numbers) -> u32 {
    match numbers {
        Numbers::Bytes(numbers) => touched(numbers, u32::from),
        Numbers::Pairs(numbers) => touched(numbers, u32::from),
        Numbers::Whole(numbers) => touched(numbers, |n| n),
    }
}

impl Chunk {
    /// Reads where everything of it lies: what the others would wait for first. The answer is of no use.
    pub fn sighted(&self) -> usize {
        let codes = self.codes.iter().map(|codes| codes.rows.len() + codes.names.len());
        codes.sum::<usize>() + self.search.bytes.len() + self.visits.ends.len()
    }

    /// Reads what says where something of it lies, once it is [`Self::sighted`]. The answer is of no use.
    pub fn keyed(&self, wanted: &Foresight) -> u32 {
        wanted.pair.map_or(0, |_| touched(self.pairs().known(), u32::from))
    }

    /// Reads a little of everything that looking at its rows will read. The answer is of no use.
    pub fn foreseen(&self, wanted: &Foresight) -> u32 {
        let letters = wanted.letters.iter().flatten();
        let mut sum = letters.fold(0, |sum, letter| sum ^ self.letters.rows(*letter).count() as u32);
        if let Some((first, second)) = wanted.pair {
            sum ^= self.pairs().maybe(first, second).map_or(0, |rows| rows.count() as u32);
        }
        for (codes, _) in self.codes.iter().zip(wanted.codes).filter(|(_, wanted)| *wanted) {
            sum ^= touched(&codes.rows, u32::from) ^ touched(&codes.names, |sym| sym.0);
        }
        for (days, _) in self.days.iter().zip(wanted.days).filter(|(_, wanted)| *wanted) {
            sum ^= touched(&days.rows, u32::from);
        }
        if wanted.texts {
            sum ^= touched_numbers(&self.search.ends);
        }
        if wanted.results {
            sum ^= touched(&self.visits.rows, u32::from) ^ touched(&self.visits.results, |sym| sym.0);
            sum ^= touched_numbers(&self.visits.result);
        }
        if wanted.visits {
            sum ^= touched_numbers(&self.visits.ends);
        }
        sum
    }
}

impl Lines {
    /// Reads a little of these lines, or of all. The answer is of no use.
    pub fn foreseen(&self, some: Option<Mask>) -> u32 {
        let Some(some) = some else {
            return touched(&self.bytes, u32::from);
        };
        let end = |row: usize| self.ends.get(row).map_or(0, |end| end as usize);
        let byte = |at: usize| self.bytes.get(at).map_or(0, |byte| u32::from(*byte));
        some.rows().fold(0, |sum, row| {
            let (from, upto) = (row.checked_sub(1).map_or(0, end), end(row));
            let further = (from + LINE..upto).step_by(LINE);
            further.fold(sum ^ byte(from) ^ byte(upto.saturating_sub(1)), |sum, at| {
                sum ^ byte(at)
            })
        })
    }
}
