//! The only code that measures, orders, joins, shapes, folds or formats text.
//!
//! A logical string (as it is stored, typed and copied) becomes a [`Line`] of [`Glyph`]s: letters joined, in visual order, one
//! symbol for one or two cells. Only such glyphs may reach a terminal: widths of unshaped Persian are wrong (لا is two letters
//! and one cell), and what a terminal would do with unordered text differs from one to the next.
//!
//! Numbers and dates come as bare logical text. Put into a sentence they need an [`isolate`]; it must never reach a file.

pub mod bidi;
pub mod calendar;
mod cells;
pub mod collate;
pub mod fold;
pub mod isolate;
mod joining;
mod layout;
pub mod near;
pub mod number;
pub mod profile;
pub mod shell;
mod tables;
pub mod visible;

pub use cells::cells;
pub use layout::{Glyph, Line, fit, line, wrap};

/// A language of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Persian.
    Fa,
    /// English.
    En,
}

impl Lang {
    /// The direction its text and its screens run in.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Fa => Direction::Rtl,
            Self::En => Direction::Ltr,
        }
    }
}

/// The base direction of a paragraph: always given, never guessed from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// The direction a text on a screen is read in. On a Persian screen every text with a Persian letter runs from right to left,
/// whatever word it begins with; on an English one the first letter decides, so that Persian data keeps its order. Numbers and
/// signs alone follow the screen.
pub fn direction_of(text: &str, screen: Direction) -> Direction {
    let has_rtl = !text.is_ascii() && text.chars().any(bidi::is_rtl_letter);
    match screen {
        Direction::Rtl if !has_rtl && text.chars().any(char::is_alphabetic) => Direction::Ltr,
        Direction::Ltr if has_rtl && bidi::Paragraph::new(text, None).level() == 1 => Direction::Rtl,
        screen => screen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_its_own_direction() {
        use Direction::{Ltr, Rtl};
        for (text, on_persian, on_english) in [
            ("کارگاه قالی‌بافی", Rtl, Rtl),
            ("IT و صنعت", Rtl, Ltr),
            ("C++ Lab (x)", Ltr, Ltr),
            ("۱۴۰۳/۰۳/۰۲", Rtl, Ltr),
            ("12 %", Rtl, Ltr),
            ("\u{2068}کارگاه\u{2069} is overdue", Rtl, Ltr),
            ("", Rtl, Ltr),
        ] {
            assert_eq!(
                (direction_of(text, Rtl), direction_of(text, Ltr)),
                (on_persian, on_english),
                "{text}"
            );
        }
    }
}
