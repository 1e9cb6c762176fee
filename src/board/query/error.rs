//! What is wrong with a filter and where, as a key and values; sentences are the catalogue's.

use crate::i18n;
use crate::text::Lang;
use std::ops::Range;

/// A mistake in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The bytes of the filter it stands at, on character boundaries.
    pub span: Range<usize>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What may be wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A minus with nothing behind it.
    NothingAfterMinus,
    /// A quotation that does not end.
    OpenQuote,
    /// An operator with no field before it.
    NoField,
    /// A field without a value.
    NoValue(String),
    /// No such field; the nearest known ones.
    UnknownField(String, Vec<String>),
    /// No such condition after `is:`; the nearest known ones, or all of them.
    UnknownIs(String, Vec<String>),
    /// `is` takes `:` and nothing else.
    IsTakesColon,
    /// The field takes a number (field, value).
    NotANumber(String, String),
    /// The field takes a date (field, value).
    NotADate(String, String),
    /// A date no calendar has.
    NoSuchDay(String),
    /// The field takes yes or no (field, value).
    NotAFlag(String, String),
    /// The field has no order (field).
    NoOrder(String),
}

impl QueryError {
    /// The sentence a person reads.
    pub fn sentence(&self, lang: Lang) -> String {
        match &self.wrong {
            Wrong::NothingAfterMinus => i18n::t(lang, "query.nothing-after-minus").into(),
            Wrong::OpenQuote => i18n::t(lang, "query.open-quote").into(),
            Wrong::NoField => i18n::t(lang, "query.no-field").into(),
            Wrong::NoValue(field) => i18n::tf(lang, "query.no-value", &[("field", field)]),
            Wrong::UnknownField(field, near) => {
                let sentence = i18n::tf(lang, "query.unknown-field", &[("field", field)]);
                with_near(lang, sentence, near)
            }
            Wrong::UnknownIs(value, near) => {
                let sentence = i18n::tf(lang, "query.unknown-is", &[("value", value)]);
                with_near(lang, sentence, near)
            }
            Wrong::IsTakesColon => i18n::t(lang, "query.is-takes-colon").into(),
            Wrong::NotANumber(field, value) => {
                i18n::tf(lang, "query.not-a-number", &[("field", field), ("value", value)])
            }
            Wrong::NotADate(field, value) => i18n::tf(lang, "query.not-a-date", &[("field", field), ("value", value)]),
            Wrong::NoSuchDay(value) => i18n::tf(lang, "query.no-such-day", &[("value", value)]),
            Wrong::NotAFlag(field, value) => i18n::tf(lang, "query.not-a-flag", &[("field", field), ("value", value)]),
            Wrong::NoOrder(field) => i18n::tf(lang, "query.no-order", &[("field", field)]),
        }
    }
}

/// A sentence with the proposals behind it.
pub fn with_near(lang: Lang, sentence: String, near: &[impl AsRef<str>]) -> String {
    if near.is_empty() {
        return sentence;
    }
    let names: Vec<&str> = near.iter().map(AsRef::as_ref).collect();
    let comma = match lang {
        Lang::Fa => "، ",
        Lang::En => ", ",
    };
    let near = i18n::tf(lang, "query.did-you-mean", &[("names", &names.join(comma))]);
    format!("{sentence} {near}")
}
