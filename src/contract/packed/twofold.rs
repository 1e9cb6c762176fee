//! A text written both ways a row needs it, in one go: as it is kept ([`super::narrow`]) and as it is searched ([`crate::text::fold`] with
//! [`super::letters`]). Most Persian texts hold nothing that needs more than a look at each character; all others are left to those.

use super::{letters, narrow};
use crate::text::fold::fold;
use std::sync::LazyLock;

/// What becomes of a character.
#[derive(Clone, Copy, Default)]
struct Both {
    /// The byte it is kept as; 0 where there is none, or where its neighbours count.
    kept: u8,
    /// The byte it is searched as; 0 for nothing.
    searched: u8,
}

/// Where in [`BOTH`] U+0600 to U+06FF stand, behind ASCII; behind these U+0080 to U+00BF, and the half-space.
const ARABIC: usize = 0x80;
const LATIN: usize = ARABIC + 0x100;
const HALF_SPACE: usize = LATIN + 0x40;

/// What becomes of the characters that are looked at here.
static BOTH: LazyLock<[Both; HALF_SPACE + 1]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let code = match at {
            ..ARABIC => at,
            ARABIC..LATIN => 0x600 + at - ARABIC,
            LATIN..HALF_SPACE => 0x80 + at - LATIN,
            _ => 0x200c,
        };
        char::from_u32(code as u32).and_then(both).unwrap_or_default()
    })
});

fn both(c: char) -> Option<Both> {
    // The hamza is left out at the end of a word.
    if c.is_control() || c == 'ء' {
        return None;
    }
    let mut kept = Vec::new();
    narrow::put(&mut kept, c.encode_utf8(&mut [0; 4]));
    // Between letters: by itself a blank is nothing.
    let searched = letters::written(&fold(&format!("a{c}a")));
    match (&*kept, &*searched) {
        (&[kept], b"aa") => Some(Both { kept, searched: 0 }),
        (&[kept], &[b'a', searched, b'a']) => Some(Both { kept, searched }),
        _ => None,
    }
}

/// Appends a text as it is kept and as it is searched; false when it holds something that needs another look, and then neither has changed.
pub(super) fn put(text: &str, kept: &mut Vec<u8>, searched: &mut Vec<u8>) -> bool {
    let begun = (kept.len(), searched.len());
    // No character takes more bytes than it had.
    kept.resize(begun.0 + text.len(), 0);
    searched.resize(begun.1 + text.len(), 0);
    let rooms = (kept.get_mut(begun.0..), searched.get_mut(begun.1..));
    let ends = match rooms {
        (Some(kept), Some(searched)) => fill(text.as_bytes(), kept, searched),
        _ => None,
    };
    let (of_kept, of_searched) = ends.unwrap_or_default();
    kept.truncate(begun.0 + of_kept);
    searched.truncate(begun.1 + of_searched);
    ends.is_some()
}

/// Writes a text from the beginning of both; where each then ends.
fn fill(text: &[u8], kept: &mut [u8], searched: &mut [u8]) -> Option<(usize, usize)> {
    let table = &*BOTH;
    let (mut at, mut of_kept, mut of_searched) = (0, 0, 0);
    // The last byte searched, and the last that was no blank: there is one blank between words, none at the ends.
    let (mut last, mut last_letter) = (b' ', 0_u8);
    while let Some(&byte) = text.get(at) {
        let low = text.get(at + 1).copied().unwrap_or_default();
        let behind = usize::from(low & 0x3f);
        // The usual ones first, in such a way that which of them it is decides no branch: words are parted where nobody can foresee.
        let two = byte >= 0xd8;
        let (mut place, mut len) = match two {
            true => (ARABIC + (usize::from(byte - 0xd8) << 6) + behind, 2),
            false => (usize::from(byte), 1),
        };
        if matches!(byte, 0x80..0xd8 | 0xdc..) {
            (place, len) = match byte {
                0xc2 => (LATIN + behind, 2),
                0xe2 if text.get(at + 1..at + 3) == Some(&[0x80, 0x8c]) => (HALF_SPACE, 3),
                _ => return None,
            };
        }
        let both = table.get(place).filter(|both| both.kept != 0)?;
        at += len;
        *kept.get_mut(of_kept)? = both.kept;
        of_kept += 1;
        // Behind a digit it may part thousands, and is nothing then.
        if both.searched == b',' && last_letter.is_ascii_digit() {
            return None;
        }
        *searched.get_mut(of_searched)? = both.searched;
        let blank = both.searched == b' ';
        let counts = (both.searched != 0) & !(blank & (last == b' '));
        of_searched += usize::from(counts);
        last = if counts { both.searched } else { last };
        last_letter = if counts & !blank { both.searched } else { last_letter };
    }
    Some((of_kept, of_searched - usize::from(of_searched > 0 && last == b' ')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the two ways write by themselves.
    fn apart(text: &str) -> (Vec<u8>, Vec<u8>) {
        let mut kept = Vec::new();
        narrow::put(&mut kept, text);
        (kept, letters::written(&fold(text)))
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[آ-ی ۰-۹0-9،,A-Za-z\u{200c}«».-]{0,24}",
            2 => "[\u{600}-\u{6ff} \u{200c}]{0,8}",
            1 => "[ ,،۱1ء\u{200c}\u{640}\u{64b}]{0,8}",
            1 => "\\PC{0,8}",
            1 => "[ \t\n\u{a0}\u{200b}\u{200c}é«ا]{0,6}",
        ]
    }

    proptest! {
        #[test]
        fn both_at_once_are_what_each_is_by_itself(text in text(), before in "[ a-z]{0,3}") {
            let (mut kept, mut searched) = (before.clone().into_bytes(), before.clone().into_bytes());
            let done = put(&text, &mut kept, &mut searched);
            let (of_kept, of_searched) = if done { apart(&text) } else { Default::default() };
            prop_assert_eq!(kept, [before.as_bytes(), &of_kept].concat());
            prop_assert_eq!(searched, [before.as_bytes(), &of_searched].concat());
        }
    }

    #[test]
    fn titles_are_written_both_ways_at_once() {
        for title in [
            "تعاونی گلخانه‌داران، انارک پایین، ۲۸ عضو",
            "  کارگاه   قالی ",
            "Home business 12",
            "«کاوه»",
            "چهٔ",
            "",
            " ",
        ] {
            assert!(put(title, &mut Vec::new(), &mut Vec::new()), "{title}");
        }
        for title in ["۱۲،۰۰۰ نفر", "املاء", "a\tb", "ۓ\u{200b}"] {
            assert!(!put(title, &mut Vec::new(), &mut Vec::new()), "{title}");
        }
    }
}
