//! One word looked for in the searched texts of a chunk at once.

use crate::contract::packed::{Chunk, Lines, ROWS};
use crate::text::fold;
use aho_corasick::packed::{Config, MatchKind, Searcher};

/// Most letters of a word that are looked for part by part: a longer one is told from others by its beginning.
const LETTERS: usize = 24;
/// Rows are looked at one by one when they are fewer than one in so many: a search over all of them costs less a row.
const FEW: usize = 6;

/// Rows of a chunk, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask([u64; ROWS / 64]);

impl Mask {
    /// The first so many rows.
    pub fn first(rows: usize) -> Self {
        let mut out = Self::default();
        for (at, part) in out.0.iter_mut().enumerate() {
            let here = rows.saturating_sub(64 * at).min(64);
            *part = match here {
                64 => u64::MAX,
                n => (1 << n) - 1,
            };
        }
        out
    }

    /// True when a row is in it.
    pub fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|part| part >> (row % 64) & 1 == 1)
    }

    /// Puts a row in.
    pub fn set(&mut self, row: usize) {
        if let Some(part) = self.0.get_mut(row / 64) {
            *part |= 1 << (row % 64);
        }
    }

    /// How many rows are in it.
    pub fn count(&self) -> usize {
        self.0.iter().map(|part| part.count_ones() as usize).sum()
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; ROWS / 64]
    }

    /// The rows, in order.
    pub fn rows(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, mut part)| {
            std::iter::from_fn(move || {
                let row = part.trailing_zeros() as usize;
                (row < 64).then(|| {
                    part &= part - 1;
                    64 * at + row
                })
            })
        })
    }

    /// The rows whose code is marked in a table.
    pub fn marked(codes: &[u8], table: &[bool; ROWS]) -> Self {
        let mut out = Self::default();
        for (part, codes) in out.0.iter_mut().zip(codes.chunks(64)) {
            for (at, code) in codes.iter().enumerate() {
                // A code is a byte and the table has a place for each: nothing is looked up in vain.
                let marked = table.get(usize::from(*code)).copied().unwrap_or_default();
                *part |= u64::from(marked) << at;
            }
        }
        out
    }

    /// The rows in both.
    pub fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part &= other);
        self
    }

    /// The rows in either.
    pub fn or(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part |= other);
        self
    }

    /// The rows of this that are not in the other.
    pub fn without(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part &= !other);
        self
    }
}

enum Finder {
    /// The word, and the word with a blank after each of its letters: at the beginning of a word of the text a blank that is not
    /// looked for is passed over, so what holds none of these holds the word in no way.
    Parts(Box<Searcher>),
    /// A single letter, by its last byte: that tells it from others nearly always, and a byte is found faster than two.
    One(u8),
    /// Every row is looked at by itself.
    Each,
}

/// A folded word looked for in the searched lines of a chunk.
pub struct Scan {
    word: String,
    /// Bytes of its first letter.
    letter: usize,
    finder: Finder,
    /// True when finding the first pattern is finding the word.
    plain: bool,
}

impl Scan {
    /// Looks for a folded word; nothing when a word like this cannot be looked for here.
    pub fn new(word: &str) -> Option<Self> {
        let word = word.trim();
        // What parts the texts of a row must not be part of what is looked for in them.
        if word.is_empty() || word.contains(['\u{1E}', '\u{1F}']) {
            return None;
        }
        // What begins with less than the whole is found wherever the whole is.
        let head: Vec<char> = word.chars().take_while(|c| *c != ' ').take(LETTERS).collect();
        let beginning: String = head.iter().collect();
        let finder = if head.len() == 1 {
            Finder::One(beginning.as_bytes().last().copied()?)
        } else {
            let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
            builder.add(&beginning);
            for at in 1..head.len() {
                let (before, after) = head.split_at_checked(at)?;
                let parted: String = before.iter().chain(&[' ']).chain(after.first()).collect();
                builder.add(parted);
            }
            builder
                .build()
                .map_or(Finder::Each, |searcher| Finder::Parts(Box::new(searcher)))
        };
        Some(Self {
            plain: beginning == word,
            letter: word.chars().next()?.len_utf8(),
            word: word.to_owned(),
            finder,
        })
    }

    fn next(&self, bytes: &[u8], from: usize) -> Option<(usize, bool)> {
        match &self.finder {
            Finder::Parts(searcher) => {
                let hit = searcher.find_in(bytes, (from..bytes.len()).into())?;
                Some((hit.start(), self.plain && hit.pattern().as_usize() == 0))
            }
            Finder::One(last) => self.next_letter(*last, bytes, from),
            Finder::Each => (from < bytes.len()).then_some((from, false)),
        }
    }

    /// The next place of the letter a word begins with.
    fn next_letter(&self, last: u8, bytes: &[u8], mut from: usize) -> Option<(usize, bool)> {
        let before = self.letter.saturating_sub(1);
        let letter = self.word.as_bytes().get(..self.letter)?;
        let mut at = from + before;
        loop {
            at += memchr::memchr(last, bytes.get(at..)?)?;
            from = at - before;
            if bytes.get(from..=at) == Some(letter) {
                return Some((from, self.plain));
            }
            at += 1;
        }
    }

    /// The rows of `within` in whose searched line the word stands.
    pub fn rows(&self, chunk: &Chunk, within: Mask) -> Mask {
        let lines = chunk.search();
        if within.count() * FEW < lines.len() {
            return self.rows_one_by_one(lines, within);
        }
        let (bytes, ends) = (lines.all(), lines.ends());
        let mut out = Mask::default();
        let (mut row, mut from) = (0, 0);
        while let Some((hit, sure)) = self.next(bytes, from) {
            let end = loop {
                match ends.get(row) {
                    Some(end) if *end as usize > hit => break *end as usize,
                    Some(_) => row += 1,
                    None => return out,
                }
            };
            if within.has(row) && (sure || self.stands_in(lines.get(row))) {
                out.set(row);
            }
            // Whatever else stands in this row, it is decided.
            row += 1;
            from = end;
        }
        out
    }

    /// The same where few are asked for: the others are not looked at.
    fn rows_one_by_one(&self, lines: &Lines, within: Mask) -> Mask {
        let mut out = Mask::default();
        for row in within.rows() {
            let line = lines.get(row);
            if let Some((_, sure)) = self.next(line, 0)
                && (sure || self.stands_in(line))
            {
                out.set(row);
            }
        }
        out
    }

    fn stands_in(&self, line: &[u8]) -> bool {
        std::str::from_utf8(line).is_ok_and(|line| fold::contains(line, &self.word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_codes_are_rows() {
        let codes: Vec<u8> = (0..200_u8).map(|row| row % 7).collect();
        let table = std::array::from_fn(|code| code == 3 || code == 5);
        let rows: Vec<usize> = Mask::marked(&codes, &table).rows().collect();
        assert!(rows.iter().copied().eq((0..200).filter(|row| matches!(row % 7, 3 | 5))));
    }

    #[test]
    fn a_mask_holds_the_rows_put_in() {
        for rows in [0, 1, 63, 64, 65, 128, 255, 256] {
            let mask = Mask::first(rows);
            assert_eq!(mask.count(), rows);
            assert_eq!(mask.rows().collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
            assert_eq!(mask.is_empty(), rows == 0);
        }
        let mut mask = Mask::default();
        mask.set(200);
        mask.set(3);
        assert!(mask.has(200) && mask.has(3) && !mask.has(4) && !mask.has(256));
        assert_eq!(Mask::first(4).and(mask).rows().collect::<Vec<_>>(), [3]);
        assert_eq!(Mask::first(4).without(mask).rows().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(Mask::first(1).or(mask).rows().collect::<Vec<_>>(), [0, 3, 200]);
    }
}
