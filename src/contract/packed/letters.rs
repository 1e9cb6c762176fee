//! Searched texts with one byte a letter, and which rows of a chunk have which.
//!
//! A Persian letter takes two bytes as UTF-8, and a million titles are looked through at every key. Folded text has no capital Latin
//! letters, and UTF-8 never uses thirteen bytes: these stand for the letters of Persian. Everything else stays as it is in UTF-8. So
//! whatever is found in texts written like this, byte by byte, begins and ends between letters.

use super::build::ROW_END;
use super::lines::{Gather, Lines};
use super::mask::Mask;

/// The letters that take one byte here and two as UTF-8, each by the byte in its place.
const CODED: [(u8, char); 35] = [
    (b'A', 'ا'),
    (b'B', 'ب'),
    (b'C', 'چ'),
    (b'D', 'د'),
    (b'E', 'ع'),
    (b'F', 'ف'),
    (b'G', 'گ'),
    (b'H', 'ح'),
    (b'I', 'ی'),
    (b'J', 'ج'),
    (b'K', 'ک'),
    (b'L', 'ل'),
    (b'M', 'م'),
    (b'N', 'ن'),
    (b'O', 'ه'),
    (b'P', 'پ'),
    (b'Q', 'ق'),
    (b'R', 'ر'),
    (b'S', 'س'),
    (b'T', 'ت'),
    (b'U', 'ش'),
    (b'V', 'ژ'),
    (b'W', 'و'),
    (b'X', 'خ'),
    (b'Y', 'ط'),
    (b'Z', 'ز'),
    (0xC0, 'ث'),
    (0xC1, 'ذ'),
    (0xF5, 'ص'),
    (0xF6, 'ض'),
    (0xF7, 'ظ'),
    (0xF8, 'غ'),
    (0xF9, 'ء'),
    (0xFA, '«'),
    (0xFB, '»'),
];

/// The byte of each letter by where it stands behind the first byte of its UTF-8, 0xC2 (U+0080 to U+00BF) or 0xD8 to 0xDB (U+0600 to
/// U+06FF); 0 for none.
static CODES: [[u8; 64]; 5] = {
    let mut out = [[0; 64]; 5];
    let mut at = 0;
    while at < CODED.len() {
        let (byte, letter) = CODED[at];
        let letter = letter as usize;
        let lead = match letter {
            0x600.. => 1 + (letter - 0x600) / 64,
            _ => 0,
        };
        out[lead][letter % 64] = byte;
        at += 1;
    }
    out
};

/// The letter of each byte.
static LETTERS: [Option<char>; 256] = {
    let mut out = [None; 256];
    let mut at = 0;
    while at < CODED.len() {
        out[CODED[at].0 as usize] = Some(CODED[at].1);
        at += 1;
    }
    out
};

/// The byte that stands for two of UTF-8; 0 for none.
fn coded(lead: u8, low: u8) -> u8 {
    let row = match lead {
        0xD8..=0xDB => usize::from(lead - 0xD7),
        0xC2 => 0,
        _ => return 0,
    };
    let codes = CODES.get(row);
    codes
        .and_then(|codes| codes.get(usize::from(low & 0x3F)))
        .copied()
        .unwrap_or_default()
}

/// Appends one character of a folded text.
pub(super) fn put(letter: char, out: &mut Vec<u8>) {
    match u32::from(letter) {
        code @ 0..=0x7F => out.push(code as u8),
        code @ 0x80..=0x7FF => {
            let (lead, low) = (0xC0 | (code >> 6) as u8, 0x80 | (code & 0x3F) as u8);
            match coded(lead, low) {
                0 => out.extend([lead, low]),
                byte => out.push(byte),
            }
        }
        _ => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// A folded text with one byte a letter.
pub fn written(folded: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(folded.len());
    folded.chars().for_each(|letter| put(letter, &mut out));
    out
}

/// Folded texts with one byte a letter, each a line that ends with what no word goes on with.
pub fn lines(folded: impl Iterator<Item = String>) -> Lines {
    let mut out = Gather::default();
    for text in folded {
        text.chars().for_each(|letter| put(letter, &mut out.bytes));
        out.bytes.push(ROW_END);
        out.end_line();
    }
    out.finish()
}

/// Letters that take one byte, and are letters.
pub(super) const LETTERS_CODED: usize = 33;

/// The place of each of them among all by its byte; as many as there are for every other byte.
static PLACES: [u8; 256] = {
    let mut out = [LETTERS_CODED as u8; 256];
    let (mut at, mut next) = (0, 0);
    while at < CODED.len() {
        if !matches!(CODED[at].1, '«' | '»') {
            out[CODED[at].0 as usize] = next;
            next += 1;
        }
        at += 1;
    }
    assert!(next as usize == LETTERS_CODED);
    out
};

/// The place of a letter that takes one byte among all of them.
#[inline]
pub(super) fn place(byte: u8) -> Option<usize> {
    let place = place_or_none(byte);
    (place < LETTERS_CODED).then_some(place)
}

/// The same, and as many as there are for every other byte.
#[inline]
pub(super) fn place_or_none(byte: u8) -> usize {
    PLACES
        .get(usize::from(byte))
        .map_or(LETTERS_CODED, |place| usize::from(*place))
}

/// What a byte says of the character it ends: whether a word may go on with that; 2 when it is one of several.
static INSIDE: [u8; 256] = {
    let mut out = [2; 256];
    let mut byte = 0;
    while byte < 128 {
        out[byte] = (byte as u8).is_ascii_alphanumeric() as u8;
        byte += 1;
    }
    let mut at = 0;
    while at < CODED.len() {
        // All but the two quotation marks are letters.
        out[CODED[at].0 as usize] = !matches!(CODED[at].1, '«' | '»') as u8;
        at += 1;
    }
    out
};

/// True when a character ends before `at` that a word may go on with: what begins behind it begins no word.
#[inline]
pub fn is_inside_a_word(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let Some(last) = before.last() else { return false };
    match INSIDE.get(usize::from(*last)) {
        Some(0) => false,
        Some(1) => true,
        _ => ends_in_letter(before),
    }
}

#[cold]
fn ends_in_letter(text: &[u8]) -> bool {
    let begins = text.iter().rposition(|byte| byte & 0xC0 != 0x80).unwrap_or_default();
    let letter = std::str::from_utf8(text.get(begins..).unwrap_or_default());
    letter.is_ok_and(|letter| letter.chars().all(char::is_alphanumeric))
}

/// Lines of UTF-8 with one byte a letter.
pub(super) fn narrowed(lines: &Lines) -> Lines {
    let mut out = Gather::default();
    for at in 0..lines.len() {
        let mut rest = lines.get(at);
        loop {
            let (byte, after) = match rest {
                [] => break,
                [lead, low, after @ ..] if coded(*lead, *low) != 0 => (coded(*lead, *low), after),
                [byte, after @ ..] => (*byte, after),
            };
            out.bytes.push(byte);
            rest = after;
        }
        out.end_line();
    }
    out.finish()
}

/// The same lines as UTF-8.
pub(super) fn widened(lines: &Lines) -> Lines {
    let mut out = Gather::default();
    for at in 0..lines.len() {
        for byte in lines.get(at) {
            match LETTERS.get(usize::from(*byte)).copied().flatten() {
                Some(letter) => out.bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                None => out.bytes.push(*byte),
            }
        }
        out.end_line();
    }
    out.finish()
}

/// Which rows have which letter: for every byte that some rows have and some have not a bit a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    all: [u64; 4],
    some: [u64; 4],
    /// How many stand before each part of `some`.
    before: [u8; 4],
    /// Of the bytes in `some`, in their order.
    masks: Box<[Mask]>,
}

fn is_in(set: &[u64; 4], byte: u8) -> bool {
    set.get(usize::from(byte / 64))
        .is_some_and(|part| part >> (byte % 64) & 1 == 1)
}

impl Letters {
    /// The letters of lines, at most as many as a mask has rows.
    pub(super) fn of(lines: &Lines) -> Self {
        let mut table = [[0_u64; 256]; 4];
        for row in 0..lines.len() {
            let Some(part) = table.get_mut(row / 64) else { break };
            let bit = 1 << (row % 64);
            for byte in lines.get(row) {
                if let Some(slot) = part.get_mut(usize::from(*byte)) {
                    *slot |= bit;
                }
            }
        }
        let whole = Mask::first(lines.len());
        let (mut out, mut masks) = (Self::default(), Vec::new());
        for byte in 0..=u8::MAX {
            let mask = Mask::of(std::array::from_fn(|part| {
                table
                    .get(part)
                    .and_then(|part| part.get(usize::from(byte)))
                    .copied()
                    .unwrap_or_default()
            }));
            if mask.is_empty() {
                continue;
            }
            let set = if mask == whole { &mut out.all } else { &mut out.some };
            if let Some(part) = set.get_mut(usize::from(byte / 64)) {
                *part |= 1 << (byte % 64);
            }
            if mask != whole {
                masks.push(mask);
            }
        }
        let counts = out.some.map(|part| part.count_ones() as u8);
        let mut before = 0_u8;
        for (slot, count) in out.before.iter_mut().zip(counts) {
            *slot = before;
            // All bytes are 256; behind the last part nothing is counted.
            before = before.wrapping_add(count);
        }
        out.masks = masks.into();
        out
    }

    /// The rows that have a byte; where all do, rows that there are not may be among them.
    #[inline]
    pub fn rows(&self, byte: u8) -> Mask {
        if is_in(&self.all, byte) {
            return Mask::first(super::ROWS);
        }
        self.known(byte).copied().unwrap_or_default()
    }

    /// Where the rows of a byte stand that some rows have and some have not.
    #[inline]
    fn place(&self, byte: u8) -> Option<usize> {
        let part = usize::from(byte / 64);
        let (own, bit) = (self.some.get(part)?, 1 << (byte % 64));
        let before = usize::from(*self.before.get(part)?);
        (own & bit != 0).then(|| before + (own & (bit - 1)).count_ones() as usize)
    }

    /// What is known of a byte that some rows have and some have not.
    #[inline]
    pub(super) fn known(&self, byte: u8) -> Option<&Mask> {
        self.masks.get(self.place(byte)?)
    }

    /// Bytes it takes besides itself.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.masks)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::text::fold::fold;
    use proptest::prelude::*;

    fn lines(texts: &[String]) -> Lines {
        let mut out = Gather::default();
        texts.iter().for_each(|text| out.push(text.as_bytes()));
        out.finish()
    }

    /// Letters that have a byte of their own, some that have none, and signs of one to four bytes.
    fn text() -> impl Strategy<Value = String> {
        "[آ-ی ء«»۰-۹a-zA-Z\u{200c}.,-]{0,20}|[پچژگکیةۀ\u{0686}ÀÿĀàβЖ中😀]{0,9}|\\PC{0,12}"
    }

    proptest! {
        #[test]
        fn a_folded_text_is_read_as_it_was_written(texts in prop::collection::vec(text(), 0..12)) {
            let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
            let wide = lines(&folded);
            let narrow = narrowed(&wide);
            prop_assert_eq!(&widened(&narrow), &wide);
            for (at, text) in folded.iter().enumerate() {
                prop_assert_eq!(narrow.get(at), written(text));
                prop_assert!(!text.bytes().any(|byte| byte.is_ascii_uppercase()), "{}", text);
            }
        }

        /// Found byte by byte is found letter by letter.
        #[test]
        fn what_is_found_in_bytes_is_found_in_letters(text in text(), word in "[آ-ی«a-z]{1,2}|\\PC{1,2}") {
            let (text, word) = (fold(&text), fold(&word));
            let found = memchr::memmem::find(&written(&text), &written(&word)).is_some();
            prop_assert_eq!(found, text.contains(&word));
        }

        #[test]
        fn a_word_is_begun_where_no_letter_goes_before(text in text()) {
            let text = fold(&text);
            let bytes = written(&text);
            let mut at = 0;
            let mut before: Option<char> = None;
            for letter in text.chars() {
                prop_assert_eq!(is_inside_a_word(&bytes, at), before.is_some_and(char::is_alphanumeric));
                at += written(&letter.to_string()).len();
                before = Some(letter);
            }
        }

        #[test]
        fn rows_have_the_letters_that_stand_in_them(texts in prop::collection::vec(text(), 0..256), byte in any::<u8>()) {
            let lines = narrowed(&lines(&texts.iter().map(|text| fold(text)).collect::<Vec<_>>()));
            let letters = Letters::of(&lines);
            let bytes = lines.all().iter().copied().chain([byte]);
            for byte in bytes.collect::<std::collections::BTreeSet<u8>>() {
                let rows = letters.rows(byte).and(Mask::first(lines.len()));
                let there = (0..lines.len()).filter(|row| lines.get(*row).contains(&byte));
                prop_assert!(rows.rows().eq(there), "{}", byte);
            }
        }
    }

    /// Each byte stands for one letter, and none that folded text or UTF-8 uses for something else.
    #[test]
    fn no_byte_stands_for_two_things() {
        for (at, (byte, letter)) in CODED.iter().enumerate() {
            let others = CODED.get(at + 1..).unwrap();
            assert!(others.iter().all(|(b, l)| b != byte && l != letter));
            assert!(byte.is_ascii_uppercase() || matches!(byte, 0xC0 | 0xC1 | 0xF5..));
            let mut utf8 = [0; 4];
            let utf8 = letter.encode_utf8(&mut utf8).as_bytes();
            assert_eq!(coded(utf8[0], utf8[1]), *byte);
        }
        assert_eq!(CODES.iter().flatten().filter(|byte| **byte != 0).count(), CODED.len());
    }
}
