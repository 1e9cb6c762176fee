//! What stands in a cell, and the only place that turns it into text: lists, record pages and `show` all ask here.
//! It must not know lists, screens or output formats.

use super::{Board, title};
use crate::board::finding::Severity;
use crate::clock::Day;
use crate::contract::{Id, Kind, Text};
use crate::i18n;
use crate::text::calendar::{self, CalendarKind};
use crate::text::number::{self, MoneyUnit};
use crate::text::{Lang, collate};
use smol_str::{SmolStr, ToSmolStr as _};
use std::cmp::Ordering;

/// The value of a record in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Nothing,
    /// Text of the data.
    Text(Text),
    /// A value of an open list: its name is in the catalogue under `prefix.value`.
    Word {
        /// Where the catalogue keeps the names of the list.
        prefix: &'static str,
        /// The value as it travels.
        value: SmolStr,
    },
    /// The record's own id.
    Id(Kind, Id),
    /// Another record, shown by its title (by its id when there is none such).
    Link(Kind, Id),
    /// A county, shown by its name.
    County(Id),
    /// A number.
    Number(f64),
    /// A percentage, 50 for a half.
    Percent(f64),
    /// A difference of percentages.
    Points(f64),
    /// Whole days.
    Days(i32),
    /// A day.
    Day(Day),
    /// An amount in rial.
    Money(i64),
    /// Yes or no.
    Flag(bool),
    /// Actual and planned percentage.
    Progress {
        /// What is.
        actual: Option<f64>,
        /// What should be.
        planned: Option<f64>,
    },
    /// The worst finding of the record and how many it has.
    Findings(Severity, usize),
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The language of words and digits.
    pub lang: Lang,
    /// The calendar of days.
    pub calendar: CalendarKind,
    /// The unit of amounts.
    pub money: MoneyUnit,
}

/// Where a value stands in its column; nothing known has no key and stands last.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    /// By size.
    Number(f64),
    /// A known word by its place in its list, an unknown one behind them.
    Word(usize, Vec<u8>),
    /// By Persian collation.
    Text(Vec<u8>),
}

impl SortKey {
    /// The order of two keys of one column.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Word(a, x), Self::Word(b, y)) => a.cmp(b).then_with(|| x.cmp(y)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Word(..) => 1,
            Self::Text(_) => 2,
        }
    }
}

/// The name of a word of an open list, or the word itself when the list does not know it.
pub fn word_name<'a>(lang: Lang, prefix: &str, value: &'a str) -> &'a str {
    let mut key = String::with_capacity(prefix.len() + 1 + value.len());
    key.push_str(prefix);
    key.push('.');
    key.push_str(value);
    i18n::find(lang, &key).unwrap_or(value)
}

/// The name of a word where the whole one does not fit: a short one where the catalogue has it.
pub fn short_word_name<'a>(lang: Lang, prefix: &str, value: &'a str) -> &'a str {
    let key = smol_str::format_smolstr!("{prefix}.{value}");
    i18n::find_short(lang, &key).unwrap_or_else(|| word_name(lang, prefix, value))
}

/// The name of a word in a field of so many cells: the short one where the whole one would be cut.
pub fn word_within<'a>(lang: Lang, prefix: &str, value: &'a str, cells: u16) -> &'a str {
    let whole = word_name(lang, prefix, value);
    if super::room(whole) <= cells {
        whole
    } else {
        short_word_name(lang, prefix, value)
    }
}

impl Value {
    /// True when nothing is known.
    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }

    /// The value as a number to compare with; an amount in rial, a day as days since 1970-01-01.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) | Self::Percent(n) | Self::Points(n) => Some(*n),
            Self::Days(days) => Some(f64::from(*days)),
            Self::Day(day) => Some(f64::from(day.days())),
            Self::Money(rial) => Some(*rial as f64),
            Self::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Self::Progress { actual, .. } => *actual,
            Self::Findings(_, count) => Some(*count as f64),
            Self::Nothing | Self::Text(_) | Self::Word { .. } | Self::Id(..) | Self::Link(..) | Self::County(_) => None,
        }
    }

    /// True when it is this id or word, or a text worded like this.
    pub fn is_exactly(&self, wanted: &str) -> bool {
        match self {
            Self::Id(_, id) | Self::Link(_, id) | Self::County(id) => id.as_str() == wanted,
            Self::Word { value, .. } => value == wanted,
            Self::Text(text) => text.wordings().any(|wording| wording == wanted),
            _ => false,
        }
    }

    /// Where the value stands in its column, `words` being the column's list if it has one.
    pub fn sort_key(&self, board: &Board, lang: Lang, words: &[&str]) -> Option<SortKey> {
        Some(match self {
            Self::Nothing => return None,
            Self::Text(text) => match text.get(lang) {
                "" => return None,
                text => SortKey::Text(collate::sort_key(text)),
            },
            Self::Word { prefix, value } => {
                let place = words.iter().position(|word| word == value).unwrap_or(words.len());
                // Only unknown words need letters to be told apart.
                let letters = if place < words.len() {
                    Vec::new()
                } else {
                    collate::sort_key(word_name(lang, prefix, value))
                };
                SortKey::Word(place, letters)
            }
            Self::Id(_, id) => SortKey::Text(collate::sort_key(id.as_str())),
            Self::Link(kind, id) => SortKey::Text(collate::sort_key(&linked(board, *kind, id, lang))),
            Self::County(id) => SortKey::Text(collate::sort_key(&county(board, id, lang))),
            Self::Findings(worst, count) => SortKey::Number(f64::from(*worst as u8) * 1e6 + *count as f64),
            other => SortKey::Number(other.number()?),
        })
    }

    /// The value as plain text in logical order, the way people read it; empty when nothing is known.
    pub fn format(&self, board: &Board, style: &Style) -> String {
        let lang = style.lang;
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.get(lang).to_owned(),
            Self::Word { prefix, value } => word_name(lang, prefix, value).to_owned(),
            Self::Id(_, id) => id.as_str().to_owned(),
            Self::Link(kind, id) => linked(board, *kind, id, lang).into(),
            Self::County(id) => county(board, id, lang).into(),
            Self::Number(n) => plain(*n, 2, lang),
            Self::Percent(n) => number::percent(round(*n, 1), lang),
            Self::Points(n) => number::signed(round(*n, 1), 1, lang),
            Self::Days(days) => number::integer(i64::from(*days), lang),
            Self::Day(day) => calendar::short(*day, style.calendar, lang),
            Self::Money(rial) => number::money_rial(*rial, style.money, lang),
            Self::Flag(true) => i18n::t(lang, "word.yes").to_owned(),
            Self::Flag(false) => i18n::t(lang, "word.no").to_owned(),
            Self::Progress { actual, planned } => {
                let side = |n: &Option<f64>| n.map_or_else(|| "—".into(), |n| plain(round(n, 0), 0, lang));
                format!("{}/{}", side(actual), side(planned))
            }
            Self::Findings(worst, count) => {
                let name = i18n::find(lang, worst.name_key()).unwrap_or(worst.as_str());
                counted(name, *count, lang)
            }
        }
    }

    /// The same for a field of so many cells: what would be cut there is said in short, a word by its short name and a meeting by
    /// its number.
    pub fn format_within(&self, board: &Board, style: &Style, cells: u16) -> String {
        match self {
            Self::Word { prefix, value } => word_within(style.lang, prefix, value, cells).to_owned(),
            Self::Link(Kind::Meeting, id) => {
                let whole = self.format(board, style);
                match board.meetings().get(id.as_str()) {
                    Some(meeting) if super::room(&whole) > cells => {
                        number::integer(i64::from(meeting.number), style.lang)
                    }
                    _ => whole,
                }
            }
            Self::Findings(worst, count) => {
                let whole = self.format(board, style);
                match i18n::find_short(style.lang, worst.name_key()) {
                    Some(name) if super::room(&whole) > cells => counted(name, *count, style.lang),
                    _ => whole,
                }
            }
            _ => self.format(board, style),
        }
    }

    /// Every wording by which the value may be searched: both languages, ids and words as they travel. Numbers have none.
    pub fn wordings(&self, board: &Board, each: &mut dyn FnMut(&str)) {
        match self {
            Self::Text(text) => text.wordings().for_each(each),
            Self::Word { prefix, value } => {
                each(value);
                both(|lang| word_name(lang, prefix, value).to_smolstr(), each);
            }
            Self::Id(_, id) => each(id.as_str()),
            Self::Link(kind, id) => {
                each(id.as_str());
                both(|lang| linked(board, *kind, id, lang), each);
            }
            Self::County(id) => {
                each(id.as_str());
                both(|lang| county(board, id, lang), each);
            }
            _ => {}
        }
    }
}

/// The same thing in both languages, once when there is no difference.
fn both(name: impl Fn(Lang) -> SmolStr, each: &mut dyn FnMut(&str)) {
    let (fa, en) = (name(Lang::Fa), name(Lang::En));
    each(&fa);
    if en != fa {
        each(&en);
    }
}

/// The title of a record named by another, or its id.
fn linked(board: &Board, kind: Kind, id: &Id, lang: Lang) -> SmolStr {
    match board.record(kind, id.as_str()) {
        Some(record) => title(&record, lang).to_smolstr(),
        None => id.as_str().into(),
    }
}

/// The name of a county, or its id.
fn county(board: &Board, id: &Id, lang: Lang) -> SmolStr {
    match board.county(id.as_str()) {
        Some(county) => county.name.get(lang).into(),
        None => id.as_str().into(),
    }
}

/// A severity with how many there are of it and below it, where there is more than one.
fn counted(name: &str, count: usize, lang: Lang) -> String {
    match count {
        1 => name.to_owned(),
        n => format!("{name} {}", plain(n as f64, 0, lang)),
    }
}

fn round(n: f64, fraction: i32) -> f64 {
    let unit = 10_f64.powi(fraction);
    let rounded = (n * unit).round() / unit;
    // A small negative number rounds to nothing, not to "−0".
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn plain(n: f64, fraction: usize, lang: Lang) -> String {
    number::decimal(n, fraction, lang)
}
