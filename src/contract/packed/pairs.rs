//! Which rows of a chunk have which two letters of Persian behind each other, so that a word is looked for only in rows that are likely
//! to have it, and one of two letters in none.
//!
//! The pairs most rows have are known each by itself. Where a blank parts one of these within a word, its rows share a few places with
//! those of others; all pairs that are not known share a few places more.

use super::ROWS;
use super::letters::{LETTERS_CODED, is_inside_a_word, place, place_or_none};
use super::lines::Lines;
use super::mask::Mask;

/// Pairs known by themselves.
const MOST: usize = if cfg!(test) { 8 } else { 96 };
/// Places that others share, of either sort.
const SHARED: usize = 32;
/// Chunks with fewer rows are looked through.
const FEW: usize = if cfg!(test) { 3 } else { 16 };
/// All pairs.
const ALL: usize = LETTERS_CODED * LETTERS_CODED;
/// Places of letters, and one for everything else.
const PLACES: usize = LETTERS_CODED + 1;

/// Which rows have two letters behind each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// The pairs known by themselves.
    known: Box<Known>,
    /// Rows of each of them, then of the places those parted by a blank share, then of the places all others share; nothing when nothing
    /// is known.
    masks: Box<[Mask]>,
}

/// Some of all pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// A bit for each pair.
    pairs: [u64; ALL.div_ceil(64)],
    /// How many stand before each part of these.
    before: [u8; ALL.div_ceil(64)],
}

impl Known {
    /// Those of these, which must be in order and no more than a byte counts.
    fn of(pairs: &[u16]) -> Self {
        let mut out = Self::default();
        for pair in pairs {
            if let Some(part) = out.pairs.get_mut(usize::from(pair / 64)) {
                *part |= 1 << (pair % 64);
            }
        }
        let mut before = 0_u8;
        for (slot, part) in out.before.iter_mut().zip(out.pairs) {
            *slot = before;
            before = before.saturating_add(part.count_ones() as u8);
        }
        out
    }

    /// The place of a pair among them.
    #[inline]
    fn place(&self, pair: u16) -> Option<usize> {
        let at = usize::from(pair / 64);
        let (part, before) = (self.pairs.get(at)?, self.before.get(at)?);
        let bit = 1 << (pair % 64);
        (part & bit != 0).then(|| usize::from(*before) + (part & (bit - 1)).count_ones() as usize)
    }
}

/// What is known of two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Exactly the rows of `own` have the one right behind the other, or behind a blank where the first is a whole word; all rows
    /// that have it behind a blank are among both.
    Known {
        /// The rows that have it.
        own: Mask,
        /// Rows among which those are that have it parted by a blank within a word.
        parted: Mask,
    },
    /// All rows that have it, a blank between them or not, are among these.
    Among(Mask),
}

/// The number of a pair, when both are letters of Persian.
fn pair(first: u8, second: u8) -> Option<u16> {
    Some((place(first)? * LETTERS_CODED + place(second)?) as u16)
}

/// The shared place of a pair.
fn shared(pair: u16) -> usize {
    // Neighbours in the alphabet are taken apart.
    (u32::from(pair).wrapping_mul(0x9E37_79B1) >> 27) as usize % SHARED
}

impl Pairs {
    /// The pairs of lines, at most as many as a mask has rows.
    pub(super) fn of(lines: &Lines) -> Self {
        if lines.len() < FEW {
            return Self::default();
        }
        let mut beside = [Mask::default(); PLACES * PLACES];
        let (mut parted, mut apart) = (Vec::with_capacity(8 * lines.len()), [Mask::default(); SHARED]);
        let mut others = [Mask::default(); SHARED];
        // As many rows at a time as a number has bits: what is written to then stays in the processor's nearest cache.
        let mut part = [0_u64; PLACES * PLACES];
        for start in (0..lines.len().min(ROWS)).step_by(64) {
            part.fill(0);
            for row in start..lines.len().min(start + 64) {
                let (line, bit) = (lines.get(row), 1 << (row - start));
                let mut first = LETTERS_CODED;
                for (at, byte) in line.iter().enumerate() {
                    let second = place_or_none(*byte);
                    // What is no letter has a place, too, which nobody looks at: a branch would be wrong too often.
                    if let Some(slot) = part.get_mut(first * PLACES + second) {
                        *slot |= bit;
                    }
                    if *byte == b' '
                        && first < LETTERS_CODED
                        && let Some(further) = line.get(at + 1).and_then(|further| place(*further))
                    {
                        if is_inside_a_word(line, at - 1) {
                            parted.push(((first * LETTERS_CODED + further) as u16, row));
                        } else if let Some(slot) = part.get_mut(first * PLACES + further) {
                            *slot |= bit;
                        }
                    }
                    first = second;
                }
            }
            for (rows, part) in beside.iter_mut().zip(part) {
                rows.set_all(start / 64, part);
            }
        }
        let rows = |pair: u16| {
            let (first, second) = (usize::from(pair) / LETTERS_CODED, usize::from(pair) % LETTERS_CODED);
            beside.get(first * PLACES + second).copied().unwrap_or_default()
        };
        let mut met: Vec<(usize, u16)> = (0..ALL as u16)
            .filter(|pair| !rows(*pair).is_empty())
            .map(|pair| (rows(pair).count(), pair))
            .collect();
        if met.len() > MOST {
            met.select_nth_unstable_by(MOST, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        for (_, pair) in met.iter().skip(MOST) {
            if let Some(slot) = others.get_mut(shared(*pair)) {
                *slot = slot.or(rows(*pair));
            }
        }
        let mut known: Vec<u16> = met.iter().take(MOST).map(|(_, pair)| *pair).collect();
        known.sort_unstable();
        let is_known = Known::of(&known);
        for (pair, row) in parted {
            let places = match is_known.place(pair) {
                Some(_) => &mut apart,
                None => &mut others,
            };
            if let Some(place) = places.get_mut(shared(pair)) {
                place.set(row);
            }
        }
        Self {
            masks: known
                .iter()
                .map(|pair| rows(*pair))
                .chain(apart)
                .chain(others)
                .collect(),
            known: is_known.into(),
        }
    }

    /// True for two letters of which anything may be known.
    pub fn may_know(first: u8, second: u8) -> bool {
        pair(first, second).is_some()
    }

    /// What is known of two letters; nothing when nothing is.
    #[inline]
    pub fn rows(&self, first: u8, second: u8) -> Option<Beside> {
        let mask = |at: usize| self.masks.get(at).copied();
        Some(match self.places(first, second)? {
            (Some(own), parted) => Beside::Known {
                own: mask(own)?,
                parted: mask(parted)?,
            },
            (None, others) => Beside::Among(mask(others)?),
        })
    }

    /// Where the rows of two letters stand: their own when they are known by themselves, and those shared with others.
    #[inline]
    fn places(&self, first: u8, second: u8) -> Option<(Option<usize>, usize)> {
        let pair = pair(first, second)?;
        // The shared places stand behind those of the pairs that are known.
        let shared = self.masks.len().checked_sub(2 * SHARED)? + shared(pair);
        Some(match self.known.place(pair) {
            Some(own) => (Some(own), shared),
            None => (None, shared + SHARED),
        })
    }

    /// The masks that say what is known of two letters.
    #[inline]
    pub(super) fn masks(&self, first: u8, second: u8) -> impl Iterator<Item = &Mask> {
        let (own, shared) = match self.places(first, second) {
            Some((own, shared)) => (own, Some(shared)),
            None => (None, None),
        };
        [own, shared].into_iter().flatten().filter_map(|at| self.masks.get(at))
    }

    /// What says where the rows of a pair stand.
    pub(super) fn known(&self) -> (&[u64], &[u8]) {
        (&self.known.pairs, &self.known.before)
    }

    /// Bytes it takes besides itself.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.masks) + size_of_val(&*self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Gather;
    use super::*;
    use crate::contract::packed::letters::written;
    use crate::text::fold::fold;
    use proptest::prelude::*;

    /// Few letters, so that pairs are frequent and seldom ones are pushed into the places that are shared.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[قالی ]{0,24}",
            2 => "[آ-ی \u{200c}]{0,60}",
            1 => "[a-zا-د «»۰-۹]{0,12}",
        ]
    }

    fn letter() -> impl Strategy<Value = String> {
        prop_oneof![4 => "[قالی]", 1 => "[آ-یa«]"]
    }

    proptest! {
        #[test]
        fn rows_have_the_pairs_that_stand_in_them(
            texts in prop::collection::vec(text(), 1..64),
            first in letter(),
            second in letter(),
        ) {
            let folded: Vec<Vec<u8>> = texts.iter().map(|text| written(&fold(text))).collect();
            let mut lines = Gather::default();
            folded.iter().for_each(|line| lines.push(line));
            let pairs = Pairs::of(&lines.finish());
            let (a, b) = (written(&fold(&first)), written(&fold(&second)));
            let ([a], [b]) = (&*a, &*b) else { return Ok(()) };
            let stands = |line: &[u8], parted: bool| {
                let begins = |at: &usize| match line.get(*at..) {
                    Some([x, y, ..]) if (x, y) == (a, b) => true,
                    Some([x, b' ', y, ..]) if (x, y) == (a, b) => parted || !is_inside_a_word(line, *at),
                    _ => false,
                };
                (0..line.len()).any(|at| begins(&at))
            };
            let having = |parted| {
                let mut out = Mask::default();
                folded.iter().enumerate().filter(|(_, line)| stands(line, parted)).for_each(|(row, _)| out.set(row));
                out
            };
            let all = match pairs.rows(*a, *b) {
                Some(Beside::Known { own, parted }) => {
                    prop_assert_eq!(own, having(false));
                    own.or(parted)
                }
                Some(Beside::Among(rows)) => rows,
                None => {
                    prop_assert!(texts.len() < FEW || place(*a).is_none() || place(*b).is_none());
                    return Ok(());
                }
            };
            prop_assert!(having(true).without(all).is_empty());
        }
    }

    /// Most of what is asked for is known by itself or leaves few rows.
    #[test]
    fn seldom_pairs_leave_few_rows() {
        let letters: Vec<char> = ('آ'..='ی')
            .filter(|letter| fold(&letter.to_string()).chars().eq([*letter]))
            .collect();
        let mut lines = Gather::default();
        for row in 0..256_usize {
            let at = |n: usize| letters.get(n % letters.len()).copied().unwrap_or('ا');
            let text: String = [at(row), at(row / 3), ' ', 'ک', 'ا', at(row / 7 + 1)]
                .into_iter()
                .collect();
            lines.push(&written(&fold(&text)));
        }
        let pairs = Pairs::of(&lines.finish());
        let known = pairs.rows(b'K', b'A');
        assert!(
            matches!(known, Some(Beside::Known { own, .. }) if own == Mask::first(256)),
            "{known:?}"
        );
        let left = pairs.masks.iter().skip(pairs.masks.len() - SHARED).map(Mask::count);
        assert!(
            left.clone().sum::<usize>() > 0 && left.max() < Some(128),
            "all share one place"
        );
    }
}
