//! What of a chunk will be looked at is asked of memory beforehand: it answers many questions at once in the time of one, so whoever asks
//! early does not wait for each of them later. It changes no answer.

use super::chunk::Chunk;
use super::column::CodeColumn;

/// What of a chunk will be looked at besides its searched texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Foresight {
    /// Its columns of codes, in the order of [`CodeColumn`].
    pub codes: [bool; CodeColumn::COUNT],
    /// Its visits.
    pub visits: bool,
}

impl Chunk {
    /// Reads where everything of it lies: what [`Self::foreseen`] would wait for first. The answer is of no use.
    pub fn sighted(&self) -> usize {
        let codes = self.codes.iter().map(|codes| codes.rows.len() + codes.names.len());
        codes.sum::<usize>() + self.search.bytes.len() + self.visits.ends.len()
    }

    /// Reads a little of everything that looking at its rows will read. The answer is of no use.
    pub fn foreseen(&self, wanted: &Foresight) -> usize {
        /// Bytes that come from memory together.
        const LINE: usize = 64;
        let mut sum = usize::from(self.search.bytes.first().copied().unwrap_or_default()) + self.letters.foreseen();
        for (codes, _) in self.codes.iter().zip(wanted.codes).filter(|(_, wanted)| *wanted) {
            sum += codes
                .rows
                .iter()
                .step_by(LINE)
                .map(|code| usize::from(*code))
                .sum::<usize>();
            sum += codes
                .names
                .iter()
                .step_by(LINE / 4)
                .map(|sym| sym.0 as usize)
                .sum::<usize>();
        }
        let numbers = [
            (&self.visits.ends, wanted.visits),
            (&self.visits.result, wanted.visits),
            (&self.search.ends, true),
        ];
        for (numbers, _) in numbers.into_iter().filter(|(_, wanted)| *wanted) {
            sum += numbers.iter().step_by(LINE / 4).map(|n| *n as usize).sum::<usize>();
        }
        sum
    }
}
