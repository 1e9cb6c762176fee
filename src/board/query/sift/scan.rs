//! One word looked for in the searched texts of a chunk at once.

use crate::contract::packed::{Beside, Chunk, Lines, Mask, Numbers, Pairs, letters, packed};
use memchr::memmem::Finder;

/// Rows are looked at one by one when they are fewer than one in so many: each begins a block of its own, while bytes behind each other
/// share theirs.
const FEW: usize = 3;
/// Bytes looked at in one go.
const BLOCK: usize = 64;
/// Bytes of a text that are read at least: an id, and what a title begins with.
const LEAST_READ: usize = 24;
/// Of one that is read further than others so much is forgotten with each that is read after it, one in so many parts.
const FORGOTTEN: usize = 32;
/// A word is recognised by what may follow its first byte: its second and third, with a blank before either.
const BEYOND: usize = 2;

/// A folded word looked for in the searched lines of a chunk.
pub struct Scan {
    /// The word, as the lines are written.
    word: Vec<u8>,
    /// Its bytes besides blanks, each once.
    bytes: Vec<u8>,
    /// Bytes of it that stand behind each other, besides blanks.
    pairs: Vec<(u8, u8)>,
    /// Its first bytes besides blanks.
    first: u8,
    second: Option<u8>,
    third: Option<u8>,
    /// Finds the word as it is written.
    finder: Finder<'static>,
}

/// Rows that hold a word.
pub enum Likely {
    /// Exactly these.
    Rows(Mask),
    /// They are among these: their texts must be read.
    Among(Mask),
}

fn are_few(rows: Mask, lines: &Lines) -> bool {
    rows.count() * FEW < lines.len()
}

impl Likely {
    /// Asks memory for what of their texts will be read; of a text lately so many bytes were.
    pub fn foresee(&self, chunk: &Chunk, read: usize) {
        if let Self::Among(rows) = *self
            && !rows.is_empty()
        {
            let lines = chunk.search();
            match are_few(rows, lines) {
                true => lines.foresee(rows, read.max(LEAST_READ)),
                false => lines.foresee_all(),
            }
        }
    }
}

impl Scan {
    /// Looks for a folded word; nothing when a word like this cannot be looked for here.
    pub fn new(word: &str) -> Option<Self> {
        let word = word.trim();
        // What parts the texts of a row must not be part of what is looked for in them.
        if word.is_empty() || word.contains(['\u{1E}', '\u{1F}']) {
            return None;
        }
        let word = letters::written(word);
        let mut bytes: Vec<u8> = word.iter().copied().filter(|byte| *byte != b' ').collect();
        let (first, second, third) = (*bytes.first()?, bytes.get(1).copied(), bytes.get(2).copied());
        let pairs = bytes.iter().copied().zip(bytes.iter().copied().skip(1)).collect();
        bytes.sort_unstable();
        bytes.dedup();
        Some(Self {
            finder: Finder::new(&word).into_owned(),
            word,
            bytes,
            pairs,
            first,
            second,
            third,
        })
    }

    /// The letters of which a chunk is asked at once: of a word that is more than letters of Persian, or less than two.
    pub fn letters(&self) -> &[u8] {
        match self.is_known()
            || !self
                .pairs
                .iter()
                .all(|(first, second)| Pairs::may_know(*first, *second))
        {
            true => &self.bytes,
            false => &[],
        }
    }

    /// Letters of the word that stand behind each other.
    pub fn pairs(&self) -> &[(u8, u8)] {
        &self.pairs
    }

    /// True when which rows hold the word is known without looking for it.
    pub fn is_known(&self) -> bool {
        self.second.is_none()
    }

    /// The rows of `within` in whose searched line the word stands.
    pub fn rows(&self, chunk: &Chunk, within: Mask) -> Mask {
        let likely = self.likely(chunk, within);
        likely.foresee(chunk, usize::MAX);
        self.found(chunk, &likely, &mut 0)
    }

    /// What is known of these rows without reading their texts.
    pub fn likely(&self, chunk: &Chunk, within: Mask) -> Likely {
        let mut left = within;
        let having_letters = |left: Mask| {
            let letters = self.bytes.iter().map(|byte| chunk.letters().rows(*byte));
            letters.fold(left, Mask::and)
        };
        if self.is_known() || left.is_empty() {
            return Likely::Rows(having_letters(left));
        }
        let pairs = chunk.pairs();
        let mut all_known = true;
        for (first, second) in &self.pairs {
            match pairs.rows(*first, *second) {
                Some(Beside::Known { own, .. }) if self.word.len() == 2 => return Likely::Rows(left.and(own)),
                Some(Beside::Known { own, parted }) => left = left.and(own.or(parted)),
                Some(Beside::Among(rows)) => (left, all_known) = (left.and(rows), false),
                None => all_known = false,
            }
        }
        // Where pairs are seldom, letters are seldom, too; rows with pairs that are frequent have the letters of these.
        if !all_known {
            left = having_letters(left);
        }
        Likely::Among(left)
    }

    /// The rows of them that hold the word; of each text so many bytes are `read` until it is found, lately.
    pub fn found(&self, chunk: &Chunk, likely: &Likely, read: &mut usize) -> Mask {
        let lines = chunk.search();
        match *likely {
            Likely::Rows(rows) => rows,
            Likely::Among(rows) if are_few(rows, lines) => self.one_by_one(rows, lines, read),
            Likely::Among(rows) => self.all_at_once(rows, lines),
        }
    }

    /// The rows of `left` that hold the word; the others are not looked at.
    fn one_by_one(&self, left: Mask, lines: &Lines, read: &mut usize) -> Mask {
        let mut out = Mask::default();
        for row in left.rows() {
            // Most rows that are looked at have it just as it was typed.
            let place = self.finder.find(lines.get(row));
            if let Some(place) = place {
                *read = (*read - *read / FORGOTTEN).max(place + self.word.len());
            }
            let range = lines.range(row);
            if place.is_some() || self.stands_between(lines.all(), range.start, range.end) {
                out.set(row);
            }
        }
        out
    }

    /// The same where many are asked for: what stands behind each other is looked at together.
    fn all_at_once(&self, left: Mask, lines: &Lines) -> Mask {
        let text = lines.all();
        let mut deciding = Deciding::of(lines, left);
        for at in (0..text.len()).step_by(BLOCK) {
            let mut hits = self.hits(text, at);
            while hits != 0 {
                let hit = at + hits.trailing_zeros() as usize;
                hits &= hits - 1;
                deciding.hit(hit, || self.begins_at(text, hit));
            }
        }
        deciding.out
    }

    /// Whether the word stands in a line, or in a part of one.
    pub fn stands_in(&self, line: &[u8]) -> bool {
        if self.is_known() {
            return memchr::memchr(self.first, line).is_some();
        }
        self.stands_between(line, 0, line.len())
    }

    /// The same for one of many lines, each of which ends with what no word goes on with.
    pub fn stands_in_line(&self, lines: &Lines, at: usize) -> bool {
        if self.is_known() {
            return self.stands_in(lines.get(at));
        }
        let range = lines.range(at);
        // Most rows that are looked at have it just as it was typed.
        self.finder.find(lines.get(at)).is_some() || self.stands_between(lines.all(), range.start, range.end)
    }

    fn stands_between(&self, text: &[u8], from: usize, end: usize) -> bool {
        for at in (from..end).step_by(BLOCK) {
            let mut hits = self.hits(text, at);
            while hits != 0 {
                let hit = at + hits.trailing_zeros() as usize;
                hits &= hits - 1;
                if hit >= end {
                    return false;
                }
                if self.begins_at(text, hit) {
                    return true;
                }
            }
        }
        false
    }

    /// Where among the next bytes the word may begin, by these and what follows them.
    #[inline]
    fn hits(&self, text: &[u8], at: usize) -> u64 {
        let mut room = [0; BLOCK + BEYOND];
        let rest = text.get(at..).unwrap_or_default();
        let block = rest.first_chunk().unwrap_or_else(|| {
            // Behind the last row stands nothing that a word goes on with.
            room.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
            &room
        });
        let (first, second) = (self.first, self.second.unwrap_or_default());
        match self.third {
            Some(third) => marked(block, |a, b, c| {
                (a == first) & (((b == second) & ((c == third) | (c == b' '))) | ((b == b' ') & (c == second)))
            }),
            None => marked(block, |a, b, c| {
                (a == first) & ((b == second) | ((b == b' ') & (c == second)))
            }),
        }
    }

    /// Whether the word begins at a place, as `text::fold::contains` finds it: a blank of the word is one of the text or nothing, and
    /// at the beginning of a word of the text blanks of the text are passed over.
    fn begins_at(&self, text: &[u8], at: usize) -> bool {
        let mut rest = text.get(at..).unwrap_or_default();
        let mut wanted = self.word.as_slice();
        while let [next, further @ ..] = wanted {
            let Some((byte, behind)) = rest.split_first() else {
                return false;
            };
            match (*byte, *next) {
                (a, b) if a == b => (rest, wanted) = (behind, further),
                (_, b' ') => wanted = further,
                (b' ', _) if !letters::is_inside_a_word(text, at) => rest = behind,
                _ => return false,
            }
        }
        true
    }
}

/// Rows being decided by where a word may begin, from the first byte of their texts to the last.
struct Deciding<'a> {
    ends: &'a Numbers,
    left: Mask,
    row: usize,
    end: usize,
    /// Before this everything is decided.
    from: usize,
    out: Mask,
}

impl<'a> Deciding<'a> {
    fn of(lines: &'a Lines, left: Mask) -> Self {
        let ends = lines.ends();
        Self {
            ends,
            left,
            row: 0,
            end: ends.get(0).map_or(0, |end| end as usize),
            from: 0,
            out: Mask::default(),
        }
    }

    /// A place further on than the last, where the word may begin or, if this is so, begins.
    #[inline]
    fn hit(&mut self, at: usize, begins: impl FnOnce() -> bool) {
        if at < self.from {
            return;
        }
        while self.end <= at {
            self.row += 1;
            match self.ends.get(self.row) {
                Some(next) => self.end = next as usize,
                None => return,
            }
        }
        let wanted = self.left.has(self.row);
        if wanted && !begins() {
            return;
        }
        if wanted {
            self.out.set(self.row);
        }
        // Whatever else stands in this row, it is decided.
        self.from = self.end;
    }
}

/// A bit for each of the first bytes of a block, set where it and the two behind it are `like` something.
fn marked(block: &[u8; BLOCK + BEYOND], like: impl Fn(u8, u8, u8) -> bool) -> u64 {
    let (Some(first), Some(second), Some(third)) = (
        block.first_chunk::<BLOCK>(),
        block.get(1..).and_then(<[u8]>::first_chunk::<BLOCK>),
        block.get(2..).and_then(<[u8]>::first_chunk::<BLOCK>),
    ) else {
        return 0;
    };
    // All at once: what the processor does to sixteen bytes together it does for nearly nothing.
    let mut flags = [0_u8; BLOCK];
    for (((flag, a), b), c) in flags.iter_mut().zip(first).zip(second).zip(third) {
        *flag = like(*a, *b, *c).into();
    }
    packed(&flags)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::contract::packed::{Builder, Draft, Names};
    use crate::contract::{Initiative, Kind, Record, Text};
    use crate::text::fold;
    use proptest::prelude::*;
    use serde_json::json;
    use std::sync::Arc;

    fn initiative(id: usize, title: &str) -> Initiative {
        let record = json!({"id": format!("i-{id:03}"), "title": "-", "initiative_kind": "cooperative", "stage": "identified",
            "origin": "new"});
        let Ok(Record::Initiative(record)) = Record::from_json(Kind::Initiative, &record.to_string()) else {
            panic!("{record}")
        };
        Initiative {
            title: Text::one(title),
            ..Arc::unwrap_or_clone(record)
        }
    }

    fn chunk(titles: &[String]) -> Chunk {
        let mut builder = Builder::new(Arc::new(Names::default()));
        for (id, title) in titles.iter().enumerate() {
            builder.push(&Draft::of(&initiative(id, title)));
        }
        builder.finish()
    }

    /// Few letters, so that words repeat, are parted and begin within others; and what has no byte of its own, digits, signs.
    fn title() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[قال ی]{0,24}",
            2 => "[کرا\u{200c} آةئ۰-۲]{1,90}",
            1 => "[ab A-C1é😀، ,.-]{0,30}",
            1 => "[ قاβñ]{0,12}",
            1 => "\\PC{0,12}",
        ]
    }

    fn word() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[قالی]{1,4}",
            2 => "[قال ی]{1,6}",
            2 => "[کرا۰-۲]{1,3}",
            1 => "[ab1é😀β ,.-]{1,3}",
            1 => "i-0[0-9]{0,2}",
            1 => "\\PC{1,3}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

        /// A word is found in a chunk where it is found line by line, whatever else is left out.
        #[test]
        fn a_word_is_found_where_it_stands(
            titles in prop::collection::vec(title(), 1..256),
            typed in word(),
            left_out in prop::collection::vec(any::<bool>(), 256),
            many in any::<bool>(),
        ) {
            let word = fold::fold(&typed);
            let Some(scan) = Scan::new(&word) else { return Ok(()) };
            let chunk = chunk(&titles);
            let mut within = Mask::default();
            (0..chunk.len()).filter(|row| many || !left_out[*row]).for_each(|row| within.set(row));
            let names = Names::default();
            let stands = |row: &usize| {
                let id = chunk.id(*row).unwrap();
                let title = chunk.title(*row, &names).unwrap();
                let texts = title.wordings().chain([id.as_str()]).map(fold::fold).collect::<Vec<_>>();
                texts.iter().any(|text| fold::contains(text, &word))
            };
            let found: Vec<usize> = scan.rows(&chunk, within).rows().collect();
            prop_assert_eq!(found, within.rows().filter(stands).collect::<Vec<_>>());
        }

        /// Marks are where they are looked for one by one.
        #[test]
        fn marks_stand_where_bytes_are_alike(bytes in prop::collection::vec(0_u8..4, BLOCK + BEYOND)) {
            let block: [u8; BLOCK + BEYOND] = bytes.as_slice().try_into().unwrap();
            let like = |a: u8, b: u8, c: u8| (a == 1) & ((b == 2) | (c == 3));
            let marks = marked(&block, like);
            for at in 0..BLOCK {
                prop_assert_eq!(marks >> at & 1 == 1, like(block[at], block[at + 1], block[at + 2]));
            }
        }
    }
}
