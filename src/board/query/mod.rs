//! The filter language of lists and of `show`.
//!
//! Terms stand side by side and all must match: `word` (somewhere in the row's texts, spelling variants alike), `-word` (nowhere),
//! `"exact words"`, `field:value`, `field=value`, `field>number`, `due<1403/02/31`, `is:overdue`. Field names and words of open lists
//! are understood in both languages and as they travel; digits and punctuation of either keyboard count alike.
//!
//! A filter is read once for a kind ([`Query::parse`]); every mistake is named with its place. It must not know lists or screens.

mod error;
mod flags;
mod lex;
mod matcher;
mod parse;
mod sift;
#[cfg(test)]
mod tests;

pub use error::{QueryError, Wrong, with_near};
pub use flags::{FLAGS, Flag, flags};
pub use lex::Op;
pub use matcher::Matcher;
pub use parse::column_named;
#[cfg(test)]
pub(crate) use sift::tests as tests_of_sift;
pub use sift::{Mask, Sifted, Stop};

use super::Board;
use super::columns::Column;
use crate::clock::Day;
use crate::contract::{Kind, Record};
use crate::text::fold;

/// A filter read for one kind of record. The empty one matches everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
}

/// A condition, or its opposite.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// Somewhere in the row's texts; folded.
    Word(String),
    /// As whole words in this order, somewhere in the row's texts; folded.
    Phrase(String),
    /// A named condition.
    Is(&'static Flag),
    /// A column's value.
    Field(&'static Column, FieldTest),
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) | (Self::Phrase(a), Self::Phrase(b)) => a == b,
            (Self::Is(a), Self::Is(b)) => a.slug == b.slug,
            (Self::Field(a, x), Self::Field(b, y)) => a == b && x == y,
            _ => false,
        }
    }
}

/// What a column's value is held against.
#[derive(Clone, Debug, PartialEq)]
enum FieldTest {
    /// Nothing is known.
    Nothing,
    /// Something is known.
    Something,
    /// The text contains this; folded.
    Contains(String),
    /// The text, or one of its wordings, is this and no more; squashed.
    Equals(String),
    /// The word is one of these known ones, or an unknown one that is (or begins with) this; squashed.
    Word {
        known: Vec<&'static str>,
        squashed: String,
        whole: bool,
    },
    /// The number, compared.
    Number(Compare, f64),
    /// The number is shown like this: it differs by at most so much.
    Shown(f64, f64),
    /// The day, compared with a span of days.
    Day(Compare, Span),
    /// Yes or no.
    Flag(bool),
    /// The worst finding is of this severity.
    Worst(super::Severity),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Equal,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// From a day through a day; a month and a year are such spans, and so is a single day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Fixed(Day, Day),
    /// So many days after today.
    Today(i32),
}

impl Query {
    /// Reads a filter for a kind of record.
    ///
    /// # Errors
    /// All its mistakes, in the order they stand.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, Vec<QueryError>> {
        parse::parse(text, kind)
    }

    /// True when it matches everything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words it looks for in the texts of a row, folded: what a screen may highlight by `text::fold::find`.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|term| match &term.test {
            Test::Word(word) | Test::Phrase(word) if !term.negated => Some(word.as_str()),
            _ => None,
        })
    }

    /// True when what was found of a record decides over it.
    pub fn asks_for_findings(&self) -> bool {
        self.terms.iter().any(|term| match &term.test {
            Test::Is(flag) => !matches!(flag.slug, "new" | "existing" | "unapproached"),
            Test::Field(column, _) => column.key == "findings",
            Test::Word(_) | Test::Phrase(_) => false,
        })
    }

    /// Ready to look at many records of a board.
    pub fn on<'a>(&'a self, board: &'a Board) -> Matcher<'a> {
        Matcher::new(self, board)
    }

    /// Whether a record matches; for many records use [`Query::on`].
    pub fn matches(&self, board: &Board, record: &Record) -> bool {
        self.on(board).matches(record)
    }
}

/// A name without what people write in different ways: folded, and without spaces, half-spaces and joining signs.
pub fn squash(text: &str) -> String {
    let folded = fold::fold(text);
    folded
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{200c}' | '\u{200d}'))
        .collect()
}
