//! Which characters may reach a screen, and text made fit for it: what may not be drawn is replaced visibly.
//!
//! Foreign text passes here once, where it enters. Bidi controls in it could turn a line around, control characters drive the
//! terminal, and presentation forms would neither join nor be found.

use std::borrow::Cow;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Marks kept on one base: real text has two or three.
const MARKS_PER_BASE: usize = 4;
/// Stands for what may not be drawn.
const REPLACEMENT: char = '\u{fffd}';

/// Cleaned text and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The text fit for the screen.
    pub text: Cow<'a, str>,
    /// Characters replaced, removed or recomposed; at least 1 when the text is not the one that came in, but for a cut.
    pub changes: usize,
    /// True when the text was cut at the limit.
    pub cut: bool,
}

/// True for characters that may not reach a terminal: controls (but a line break), bidi controls, tags, noncharacters and other
/// characters nobody sees. The joiners ZWNJ and ZWJ are part of how Persian is written and stay.
#[inline]
pub fn is_forbidden(c: char) -> bool {
    match c {
        '\n' | ' '..='~' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{a0}'..='\u{61b}' | '\u{61d}'..='\u{180d}' => false,
        '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' => true,
        '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' => true,
        '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}' => true,
        _ => u32::from(c) & 0xfffe == 0xfffe,
    }
}

/// A letter in a fixed form instead of the letter itself: Arabic presentation forms.
#[inline]
pub fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{fb50}'..='\u{fbb1}' | '\u{fbd3}'..='\u{fd3d}' | '\u{fd50}'..='\u{fd8f}' | '\u{fd92}'..='\u{fdc7}' | '\u{fdf0}'..='\u{fdfc}' | '\u{fe70}'..='\u{fe72}' | '\u{fe74}' | '\u{fe76}'..='\u{fefc}')
}

/// The characters from U+0600 to U+06FF that need no second look: Persian letters and digits, and what stands between them. None of
/// them is forbidden or a mark, and none changes under NFC unless a mark follows.
const PLAIN: [bool; 256] = {
    let mut out = [false; 256];
    let mut low = 0;
    while low < 256 {
        out[low] = matches!(low, 0x0c | 0x1b | 0x1f | 0x20..=0x4a | 0x60..=0x6f | 0x71..=0xbf | 0xcc | 0xf0..=0xf9);
        low += 1;
    }
    out
};

/// How many bytes a text begins with that need no second look, up to one that `ends` it: ASCII and what `PLAIN` holds, parted by
/// spaces and half-spaces. Nearly every Persian text is all of that, and bytes are looked at faster than characters.
#[inline]
pub fn plain_run(text: &[u8], ends: impl Fn(u8) -> bool) -> usize {
    let mut at = 0;
    loop {
        let Some(&byte) = text.get(at) else { return at };
        at += match byte {
            _ if ends(byte) => return at,
            b' '..=b'~' | b'\n' => 1,
            // Two bytes: the first begins a block of 64 characters.
            0xd8..=0xdb => {
                let low = text.get(at + 1).copied().unwrap_or_default();
                if PLAIN
                    .get(usize::from(byte - 0xd8) << 6 | usize::from(low & 0x3f))
                    .copied()
                    .unwrap_or_default()
                {
                    2
                } else if text.get(at.wrapping_sub(2)..at + 2) == Some("ه\u{654}".as_bytes()) {
                    // «هٔ» has no form of its own to become: one hamza on it stays as it is.
                    2
                } else {
                    return at;
                }
            }
            // U+200C, the half-space.
            0xe2 if text.get(at + 1..at + 3) == Some(&[0x80, 0x8c]) => 3,
            _ => return at,
        };
    }
}

/// Bytes looked at together.
const BLOCK: usize = 16;

/// True for a byte that a plain character begins with, or is.
#[inline]
fn begins(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | 0xd8..=0xdb | 0xe2)
}

/// True when each of these bytes but the first, which is only what stands before them, is plain: ASCII without a line break, and what
/// [`PLAIN`] holds, in a valid text. All are looked at in one go, without a branch. No other first byte passes, so a byte that continues one
/// that continues is the third of a half-space or refused.
fn is_plain_block(bytes: &[u8]) -> bool {
    let (Some(before), Some(now)) = (bytes.first_chunk::<BLOCK>(), bytes.last_chunk::<BLOCK>()) else {
        return false;
    };
    let mut odd = 0;
    for (&p, &c) in before.iter().zip(now) {
        let in_0600 = (p == 0xd8) & matches!(c, 0x8c | 0x9b | 0x9f..=0xbf);
        let in_0640 = (p == 0xd9) & matches!(c, 0x80..=0x8a | 0xa0..=0xaf | 0xb1..=0xbf);
        let in_0680 = (p == 0xda) & matches!(c, 0x80..=0xbf);
        let in_06c0 = (p == 0xdb) & matches!(c, 0x8c | 0xb0..=0xb9);
        let half_space = (p == 0xe2) & (c == 0x80) | (p == 0x80) & (c == 0x8c);
        odd |= u8::from(!(begins(c) | in_0600 | in_0640 | in_0680 | in_06c0 | half_space));
    }
    odd == 0
}

/// True when nothing of a line needs a second look; a text of more lines is none.
#[inline]
pub fn is_plain_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = match bytes {
        [first, .., _] if bytes.len() > BLOCK => {
            let last = bytes.get(bytes.len() - BLOCK - 1..).unwrap_or_default();
            begins(*first) && bytes.windows(BLOCK + 1).step_by(BLOCK).all(is_plain_block) && is_plain_block(last)
        }
        _ => {
            let mut few = [b' '; BLOCK + 1];
            few.iter_mut().skip(1).zip(bytes).for_each(|(slot, byte)| *slot = *byte);
            is_plain_block(&few)
        }
    };
    plain || plain_run(bytes, |byte| byte == b'\n') == bytes.len()
}

/// True when nothing of a text needs a second look.
fn is_plain(text: &str) -> bool {
    plain_run(text.as_bytes(), |_| false) == text.len()
}

/// True when the text may be kept as it stands.
pub fn is_clean(text: &str, max_chars: usize) -> bool {
    // There are never more characters than bytes.
    if text.len() <= max_chars && is_plain(text) {
        return true;
    }
    if text.is_ascii() {
        return text.len() <= max_chars && !text.bytes().any(|byte| is_forbidden(char::from(byte)));
    }
    let mut chars = 0;
    let mut marks = 0;
    let mut needs_nfc = false;
    for c in text.chars() {
        chars += 1;
        if is_forbidden(c) || is_presentation_form(c) {
            return false;
        }
        // Nothing below U+0300 and no Persian letter changes under NFC, unless a mark follows.
        if matches!(c, '\0'..='\u{2ff}' | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{620}'..='\u{64a}' | '\u{660}'..='\u{66f}' | '\u{671}'..='\u{6bf}' | '\u{6cc}' | '\u{6f0}'..='\u{6f9}' | '\u{200c}' | '\u{2010}'..='\u{2027}')
        {
            marks = 0;
            continue;
        }
        needs_nfc = true;
        if is_mark(c) {
            marks += 1;
            if marks > MARKS_PER_BASE {
                return false;
            }
        } else {
            marks = 0;
        }
    }
    chars <= max_chars && (!needs_nfc || is_nfc(text))
}

fn is_nfc(text: &str) -> bool {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => text.chars().eq(text.nfc()),
    }
}

/// The text fit for the screen, at most `max_chars` characters of it: forbidden characters become U+FFFD, presentation forms
/// become letters, the rest is NFC, and a base keeps its first four marks.
pub fn clean(text: &str, max_chars: usize) -> Cleaned<'_> {
    if is_clean(text, max_chars) {
        return Cleaned {
            text: text.into(),
            changes: 0,
            cut: false,
        };
    }
    let mut changes = 0;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if is_forbidden(c) {
            changes += 1;
            plain.push(REPLACEMENT);
        } else if is_presentation_form(c) {
            changes += 1;
            // The spacing forms of marks decompose to a blank and the mark.
            let letters: String = c.nfkc().collect();
            plain.push_str(if is_spacing_mark(c) {
                letters.trim_start()
            } else {
                &letters
            });
        } else {
            plain.push(c);
        }
    }
    let normal = if is_nfc(&plain) {
        plain
    } else {
        let normal: String = plain.nfc().collect();
        changes += plain.chars().count().abs_diff(normal.chars().count()).max(1);
        normal
    };
    let mut out = String::with_capacity(normal.len());
    let (mut chars, mut marks, mut cut) = (0, 0, false);
    for c in normal.chars() {
        if is_mark(c) {
            marks += 1;
            if marks > MARKS_PER_BASE {
                changes += 1;
                continue;
            }
        } else {
            marks = 0;
        }
        if chars == max_chars {
            cut = true;
            break;
        }
        chars += 1;
        out.push(c);
    }
    Cleaned {
        text: out.into(),
        changes,
        cut,
    }
}

/// What is drawn on the character before it; vowel signs that take room of their own are none.
fn is_mark(c: char) -> bool {
    canonical_combining_class(c) != 0
        || matches!(c, '\u{488}' | '\u{489}' | '\u{20dd}'..='\u{20e4}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_spacing_mark(c: char) -> bool {
    matches!(c, '\u{fc5e}'..='\u{fc63}' | '\u{fe70}'..='\u{fe7f}')
}

#[cfg(test)]
mod tests;
