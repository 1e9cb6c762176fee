//! The columns every kind of record has: its own fields and what the board derives, each with one way to its value.
//!
//! Lists, record pages, filters, sorting and `show` all read these tables, so a new column is one line here and two in the
//! catalogue. It must not know how a column is drawn.

pub mod cells;
mod council;
mod participation;
mod programme;
mod value;

pub use value::{SortKey, Style, Value, short_word_name, word_name, word_within};

use super::Board;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Figure, Id, Kind, Moment, Record, Text, figure};
use crate::i18n;
use crate::text::Lang;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What kind of value a column holds; how it may be filtered and where it is aligned follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// [`Value::Text`].
    Text,
    /// [`Value::Word`].
    Word {
        /// Where the catalogue keeps the names.
        prefix: &'static str,
        /// The known values in their order.
        known: &'static [&'static str],
    },
    /// [`Value::Id`].
    Id,
    /// [`Value::Link`].
    Link,
    /// [`Value::County`].
    County,
    /// [`Value::Number`].
    Number,
    /// [`Value::Percent`].
    Percent,
    /// [`Value::Points`].
    Points,
    /// [`Value::Days`].
    Days,
    /// [`Value::Day`].
    Day,
    /// [`Value::Money`].
    Money,
    /// [`Value::Flag`].
    Flag,
    /// [`Value::Progress`].
    Progress,
    /// [`Value::Findings`].
    Findings,
}

impl ValueKind {
    /// The known words, for an open list.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word { known, .. } => known,
            _ => &[],
        }
    }

    /// True for what is read and searched as text.
    pub fn is_textual(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Word { .. } | Self::Id | Self::Link | Self::County
        )
    }

    /// True for what stands at the far end of its column.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Number | Self::Percent | Self::Points | Self::Days | Self::Money | Self::Progress
        )
    }
}

/// Where a column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A field of the record.
    Field,
    /// A part of a field, for sorting and filtering by it.
    Part,
    /// Derived by the board.
    Derived,
}

/// How many cells a column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// With fewer it is better left out.
    pub min: u16,
    /// With these most values fit.
    pub ideal: u16,
    /// Its share of what is left over; 0 for none.
    pub grow: u16,
}

/// A column of a kind of record.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name in filters, in files and on the command line: a field's own name for a field.
    pub key: &'static str,
    /// The catalogue key of its title.
    pub title_key: &'static str,
    /// What it holds.
    pub value: ValueKind,
    /// Where it comes from.
    pub origin: Origin,
    /// True when it is in the default view.
    pub shown: bool,
    /// How wide it is; of a column of words only how it grows, the rest is the words' own: see [`Column::width`].
    pub width: Width,
    /// Its value for a record; nothing for a record of another kind.
    pub get: fn(&Board, &Record) -> Value,
}

impl Column {
    /// Its title.
    pub fn title(&self, lang: Lang) -> &'static str {
        i18n::t(lang, self.title_key)
    }

    /// How wide it is in a language: a column of words leaves room for each of them, at least in short.
    pub fn width(&self, lang: Lang) -> Width {
        let ValueKind::Word { prefix, known } = self.value else {
            return self.width;
        };
        // Asked for every frame, and the same in each.
        static OF_WORDS: LazyLock<Mutex<HashMap<(&str, Lang), Width>>> = LazyLock::new(Mutex::default);
        let mut of_words = OF_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        *of_words.entry((self.title_key, lang)).or_insert_with(|| {
            let longest = |name: fn(Lang, &str, &'static str) -> &'static str| {
                let widths = known.iter().map(|word| room(name(lang, prefix, word)));
                widths.max().unwrap_or_default()
            };
            let min = longest(short_word_name).max(room(self.short_title(lang)));
            let ideal = longest(word_name).max(min);
            Width {
                min,
                ideal,
                ..self.width
            }
        })
    }

    /// Its title where the whole one does not fit: a short one where the catalogue has it.
    pub fn short_title(&self, lang: Lang) -> &'static str {
        let short = i18n::find_short(lang, self.title_key).or_else(|| i18n::find_short(lang, self.key));
        short.unwrap_or_else(|| self.title(lang))
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title_key)
    }
}

/// Two columns are one when they are the same column of the same kind.
impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.title_key == other.title_key
    }
}

/// The columns of one kind: `origin key: value, shown, (min, ideal, grow), |board, record| value;`.
macro_rules! table {
    ($table:ident of $kind:ident $slug:literal: $(
        $origin:ident $key:ident: $value:expr, $shown:literal, ($min:literal, $ideal:literal, $grow:literal), |$b:ident, $r:ident| $get:expr;
    )*) => {
        pub(super) static $table: &[$crate::board::columns::Column] = &[$(
            $crate::board::columns::Column {
                key: stringify!($key),
                title_key: table!(@title $origin $slug $key),
                value: $value,
                origin: $crate::board::columns::Origin::$origin,
                shown: $shown,
                width: $crate::board::columns::Width { min: $min, ideal: $ideal, grow: $grow },
                get: |$b, record| match record {
                    $crate::contract::Record::$kind($r) => $get,
                    _ => $crate::board::columns::Value::Nothing,
                },
            },
        )*];
    };
    (@title Field $slug:literal $key:ident) => { concat!("field.", $slug, ".", stringify!($key)) };
    (@title $origin:ident $slug:literal $key:ident) => { concat!("column.", $slug, ".", stringify!($key)) };
}
use table;

/// The [`ValueKind`] of an open list.
macro_rules! word {
    ($list:ty) => {
        $crate::board::columns::ValueKind::Word {
            prefix: <$list>::PREFIX,
            known: <$list>::KNOWN,
        }
    };
}
use word;

/// The value of a word of an open list.
macro_rules! a_word {
    ($list:ty, $word:expr) => {
        $crate::board::columns::Value::Word {
            prefix: <$list>::PREFIX,
            value: $word.as_str().into(),
        }
    };
}
use a_word;

/// The columns of a kind, in the order a list with all of them shows.
pub fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Measure => programme::MEASURE,
        Kind::Project => programme::PROJECT,
        Kind::Agency => programme::AGENCY,
        Kind::Plan => programme::PLAN,
        Kind::Enterprise => participation::ENTERPRISE,
        Kind::Initiative => participation::INITIATIVE,
        Kind::Meeting => council::MEETING,
        Kind::Decision => council::DECISION,
        Kind::Demand => council::DEMAND,
        Kind::Evaluation => council::EVALUATION,
        Kind::Campaign => council::CAMPAIGN,
    }
}

/// The column of a kind by its key.
pub fn column(kind: Kind, key: &str) -> Option<&'static Column> {
    columns(kind).iter().find(|column| column.key == key)
}

/// What a record is called: its title, its name, or what comes nearest.
pub fn title(record: &Record, lang: Lang) -> Cow<'_, str> {
    let text: &Text = match record {
        Record::Measure(r) => &r.title,
        Record::Project(r) => &r.title,
        Record::Agency(r) => &r.name,
        Record::Plan(r) => &r.title,
        Record::Enterprise(r) => &r.name,
        Record::Initiative(r) => &r.title,
        Record::Decision(r) => &r.text,
        Record::Demand(r) => &r.topic,
        Record::Evaluation(r) => &r.verdict,
        Record::Campaign(r) => &r.title,
        Record::Meeting(r) => {
            let number = crate::text::number::integer(i64::from(r.number), lang);
            let body = r.body.get(lang);
            return i18n::tf(lang, "column.meeting.title", &[("number", &number), ("body", body)]).into();
        }
    };
    let title = text.get(lang);
    if title.is_empty() {
        record.id().as_str().into()
    } else {
        title.into()
    }
}

/// Cells of a text.
fn room(text: &str) -> u16 {
    u16::try_from(crate::text::cells(text)).unwrap_or(u16::MAX)
}

// Small ways from a field to a value.

fn text(text: &Option<Text>) -> Value {
    text.clone().map_or(Value::Nothing, Value::Text)
}

fn number(n: Option<impl Into<Num>>) -> Value {
    n.map_or(Value::Nothing, |n| Value::Number(n.into().get()))
}

fn count(n: usize) -> Value {
    Value::Number(n as f64)
}

fn day(day: Option<Day>) -> Value {
    day.map_or(Value::Nothing, Value::Day)
}

fn percent(n: Option<f64>) -> Value {
    n.map_or(Value::Nothing, Value::Percent)
}

fn points(n: Option<f64>) -> Value {
    n.map_or(Value::Nothing, Value::Points)
}

fn money(rial: Option<i64>) -> Value {
    rial.map_or(Value::Nothing, Value::Money)
}

fn flag(flag: Option<bool>) -> Value {
    flag.map_or(Value::Nothing, Value::Flag)
}

fn days(days: Option<i32>) -> Value {
    days.map_or(Value::Nothing, Value::Days)
}

fn link(kind: Kind, id: Option<&Id>) -> Value {
    id.map_or(Value::Nothing, |id| Value::Link(kind, id.clone()))
}

fn county(id: Option<&Id>) -> Value {
    id.map_or(Value::Nothing, |id| Value::County(id.clone()))
}

/// An agency or an enterprise, whichever there is; an id neither has is shown as it stands.
fn body(board: &Board, id: Option<&Id>) -> Value {
    let kind = match id {
        Some(id) if board.enterprises().get(id.as_str()).is_some() => Kind::Enterprise,
        _ => Kind::Agency,
    };
    link(kind, id)
}

fn step(figure: &Option<Figure>, step: figure::Step) -> Value {
    let n = figure.as_ref().and_then(|figure| figure.at(step));
    n.map_or(Value::Nothing, Value::Number)
}

fn rials(figure: &Option<Figure>, step: figure::Step) -> Value {
    let n = figure.as_ref().and_then(|figure| figure.at(step));
    // Held at the ends of the range: no province has as many rials.
    n.map_or(Value::Nothing, |n| Value::Money(n as i64))
}

fn moment(board: &Board, moment: Option<Moment>) -> Value {
    day(moment.map(|moment| moment.day(board.zone())))
}

fn findings(board: &Board, kind: Kind, id: &Id) -> Value {
    match board.findings().worst(kind, id.as_str()) {
        Some((worst, count)) => Value::Findings(worst, count),
        None => Value::Nothing,
    }
}

/// Days past a deadline while something is still expected (the day after is 1).
fn overdue(due: Option<Day>, is_final: bool, today: Day) -> Option<i32> {
    let days = today - due?;
    (!is_final && days > 0).then_some(days)
}

#[cfg(test)]
mod tests;
