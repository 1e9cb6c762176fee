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
pub mod number;
pub mod profile;
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
