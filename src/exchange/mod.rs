//! Tables and text out: one owner of every output format, written to any [`std::io::Write`] row by row.
//!
//! Only [`record`] knows what a cell means. Whatever it is given, it never writes a character that may not reach a terminal,
//! nor a letter in its presentation form: shaping belongs to whoever draws.

pub mod csv;
pub mod document;
pub mod json;
pub mod md;
pub mod record;
pub mod table;

use crate::text::visible;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;

/// A value on its way out.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// Text.
    Text(String),
    /// A number in ASCII digits, as it travels: stays a number in every format.
    Number(String),
    /// Yes or no.
    Flag(bool),
}

impl Cell {
    /// The cell as plain text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) => text,
            Self::Flag(true) => "true",
            Self::Flag(false) => "false",
        }
    }
}

/// The text as it may leave the program: forbidden characters replaced visibly, presentation forms turned back into letters.
/// A line break stays; whoever cannot carry one replaces it.
pub fn safe(text: &str) -> Cow<'_, str> {
    let wrong = |c: char| visible::is_forbidden(c) || visible::is_presentation_form(c);
    if !text.contains(wrong) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if visible::is_forbidden(c) {
            out.push('\u{FFFD}');
        } else if visible::is_presentation_form(c) {
            out.extend(std::iter::once(c).nfkc());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// As [`safe`], in one line: a line break becomes a space.
pub fn safe_line(text: &str) -> Cow<'_, str> {
    let text = safe(text);
    if text.contains('\n') {
        text.replace('\n', " ").into()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_leave_is_replaced_and_the_rest_is_not_copied() {
        for (given, out) in [
            ("می‌شود", "می‌شود"),
            ("دو\nسطر", "دو\nسطر"),
            ("a\u{1b}[31mb", "a\u{FFFD}[31mb"),
            ("\u{202e}راست", "\u{FFFD}راست"),
            ("\u{2068}p-1\u{2069}", "\u{FFFD}p-1\u{FFFD}"),
            ("ﺭﺻﺪ", "رصد"),
            ("ﻻ", "لا"),
            ("﷼", "ریال"),
            // Signs of their own, which stand for no letters: what was kept is what leaves.
            ("﷽", "﷽"),
            ("\u{9b}1m", "\u{FFFD}1m"),
        ] {
            assert_eq!(safe(given), out, "{given:?}");
        }
        assert!(matches!(safe("پروژهٔ نیمه‌تمام"), Cow::Borrowed(_)));
        assert_eq!(safe_line("دو\nسطر"), "دو سطر");
    }

    proptest::proptest! {
        #[test]
        fn nothing_forbidden_ever_leaves(text in "\\PC*|.*") {
            let out = safe(&text).into_owned();
            proptest::prop_assert!(!out.contains(visible::is_forbidden));
            proptest::prop_assert!(!out.contains(crate::text::visible::is_presentation_form));
        }
    }
}
