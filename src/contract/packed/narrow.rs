//! Persian text in half the room: a byte a character for ASCII and what Persian is written with, the character's number for all others.

use smol_str::SmolStr;
use std::sync::LazyLock;

/// The byte before the number of any other character.
const OTHER: u8 = 0xFF;
/// The first byte that stands for one of [`COMMON`].
const FIRST: u8 = 0x80;

/// What the bytes from [`FIRST`] on stand for: letters, digits of both kinds, vowel signs, punctuation.
const COMMON: &str = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگیۀە۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\u{64b}\u{64c}\u{64d}\u{64e}\u{64f}\u{650}\u{651}\u{652}\u{654}\u{670}\u{640}\u{200c}،؛؟٪٫٬«»–—…×·\u{a0}";

struct Tables {
    chars: Vec<char>,
    /// The byte of a character from U+0600 to U+06FF; 0 for none.
    arabic: [u8; 256],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let chars: Vec<char> = COMMON.chars().collect();
    let mut arabic = [0; 256];
    for (c, byte) in chars.iter().zip(FIRST..OTHER) {
        if let Some(slot) = u32::from(*c)
            .checked_sub(0x600)
            .and_then(|at| arabic.get_mut(at as usize))
        {
            *slot = byte;
        }
    }
    Tables { chars, arabic }
});

/// Appends a text.
pub(super) fn put(out: &mut Vec<u8>, text: &str) {
    let tables = &*TABLES;
    out.reserve(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() {
            out.push(byte);
            at += 1;
            continue;
        }
        // U+0600 to U+06FF stand in two bytes, of which the first begins a block of 64 characters.
        if let (0xd8..=0xdb, Some(low)) = (byte, bytes.get(at + 1)) {
            let place = usize::from(byte - 0xd8) << 6 | usize::from(low & 0x3f);
            if let Some(byte) = tables.arabic.get(place).filter(|byte| **byte != 0) {
                out.push(*byte);
                at += 2;
                continue;
            }
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return;
        };
        put_rare(out, c, &tables.chars);
        at += c.len_utf8();
    }
}

/// Appends a character that is neither ASCII nor has a byte in the table.
fn put_rare(out: &mut Vec<u8>, c: char, common: &[char]) {
    match common.iter().zip(FIRST..OTHER).find(|(common, _)| **common == c) {
        Some((_, byte)) => out.push(byte),
        None => {
            out.push(OTHER);
            super::bytes::put(out, u64::from(u32::from(c)));
        }
    }
}

/// The text of all these bytes; nothing when they are none.
pub(super) fn text(bytes: &[u8]) -> Option<SmolStr> {
    let tables = &*TABLES;
    // Persian takes two bytes a character.
    let mut out = String::with_capacity(2 * bytes.len());
    let mut rest = super::bytes::Bytes(bytes);
    while let Some(byte) = rest.byte() {
        out.push(match byte {
            OTHER => char::from_u32(u32::try_from(rest.number()?).ok()?)?,
            FIRST.. => *tables.chars.get(usize::from(byte - FIRST))?,
            ascii => char::from(ascii),
        });
    }
    Some(out.into())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn what_persian_is_written_with_takes_a_byte_each() {
        assert!(COMMON.chars().count() <= usize::from(OTHER - FIRST));
        let mut seen: Vec<char> = COMMON.chars().collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), COMMON.chars().count(), "none stands there twice");
        for title in ["تعاونی گلخانه‌داران، انارک پایین، ۲۸ عضو", COMMON, "home-business 12"]
        {
            let mut out = Vec::new();
            put(&mut out, title);
            assert_eq!(out.len(), title.chars().count());
            assert_eq!(text(&out).unwrap(), title);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back_and_any_bytes_are_read_or_refused(whole in "\\PC{0,20}|[آ-ی ۰-۹]{0,20}", bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..20)) {
            let mut out = Vec::new();
            put(&mut out, &whole);
            proptest::prop_assert_eq!(text(&out).unwrap(), whole);
            let _ = text(&bytes);
        }
    }
}
