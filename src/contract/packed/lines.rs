//! Many short runs of bytes in one.

use super::numbers::Numbers;
use std::ops::Range;

/// Runs of bytes, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub(super) bytes: Box<[u8]>,
    /// Where each line ends.
    pub(super) ends: Numbers,
}

impl Lines {
    /// How many lines.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without a line.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A line; empty when there is none of that number.
    #[inline]
    pub fn get(&self, at: usize) -> &[u8] {
        self.bytes.get(self.range(at)).unwrap_or_default()
    }

    /// Where a line stands in [`Self::all`].
    #[inline]
    pub fn range(&self, at: usize) -> Range<usize> {
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).unwrap_or(u32::MAX),
            None => 0,
        };
        start as usize..self.ends.get(at).unwrap_or(0) as usize
    }

    /// All lines as they stand behind each other.
    #[inline]
    pub fn all(&self) -> &[u8] {
        &self.bytes
    }

    /// Where each line ends in [`Self::all`].
    #[inline]
    pub fn ends(&self) -> &Numbers {
        &self.ends
    }

    /// Bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + self.ends.size()
    }
}

/// Lines being gathered.
#[derive(Debug, Default)]
pub(super) struct Gather {
    pub(super) bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Gather {
    pub(super) fn end_line(&mut self) {
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.end_line();
    }

    pub(super) fn finish(&mut self) -> Lines {
        let out = Lines {
            bytes: self.bytes.as_slice().into(),
            ends: Numbers::of(&self.ends),
        };
        self.bytes.clear();
        self.ends.clear();
        out
    }
}
