//! The rows of a list: which records, in which order. Lists on screen and `show` ask here. It must not know how a row is drawn.

use super::Board;
use super::columns::{Column, SortKey, Value};
use super::query::Query;
use crate::contract::{Id, Kind, Record};
use crate::text::Lang;
use std::cmp::Ordering;

/// Which way a column is sorted. What is not known stands last in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From small to large, from early to late, from «ا» to «ی».
    #[default]
    Ascending,
    /// The other way.
    Descending,
}

impl Direction {
    /// The other way.
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// What a list is narrowed to by where it was opened from: the projects of a measure, the initiatives of a county and kind.
/// All conditions must hold; each names a column and the id or word it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    conditions: Vec<(&'static Column, String)>,
}

impl Eq for Column {}

impl Scope {
    /// Narrows to the records whose column holds exactly this id or word; the scope as it was when the kind has no such column.
    pub fn with(mut self, kind: Kind, key: &str, value: impl Into<String>) -> Self {
        if let Some(column) = super::columns::column(kind, key) {
            self.conditions.push((column, value.into()));
        }
        self
    }

    /// The scope of one condition.
    pub fn of(kind: Kind, key: &str, value: impl Into<String>) -> Self {
        Self::default().with(kind, key, value)
    }

    /// The conditions: column and value.
    pub fn conditions(&self) -> impl Iterator<Item = (&'static Column, &str)> {
        self.conditions.iter().map(|(column, value)| (*column, value.as_str()))
    }

    fn holds(&self, board: &Board, record: &Record) -> bool {
        self.conditions.iter().all(|(column, wanted)| {
            let value = (column.get)(board, record);
            match &value {
                Value::Id(_, id) | Value::Link(_, id) | Value::County(id) => id.as_str() == wanted,
                Value::Word { value, .. } => value == wanted,
                Value::Text(text) => text.wordings().any(|wording| wording == wanted),
                _ => false,
            }
        })
    }
}

/// A list: its kind, what it is narrowed to, filtered and sorted by.
#[derive(Clone, Debug, PartialEq)]
pub struct ListSpec {
    /// The kind of its records.
    pub kind: Kind,
    /// What it is narrowed to.
    pub scope: Option<Scope>,
    /// Its filter.
    pub query: Query,
    /// What it is sorted by, the first column first; then by id.
    pub sort: Vec<(&'static Column, Direction)>,
}

impl ListSpec {
    /// All records of a kind, by id.
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            scope: None,
            query: Query::default(),
            sort: Vec::new(),
        }
    }
}

/// The ids of a list's rows in their order. Equal rows stand by id, as ids are written.
pub fn rows(board: &Board, spec: &ListSpec, lang: Lang) -> Vec<Id> {
    let matcher = spec.query.on(board);
    let matching = board.records(spec.kind).filter(|record| {
        let in_scope = spec.scope.as_ref().is_none_or(|scope| scope.holds(board, record));
        in_scope && matcher.matches(record)
    });
    // Every key is made once: making one costs more than comparing two.
    let mut rows: Vec<Row> = matching
        .map(|record| Row {
            keys: spec
                .sort
                .iter()
                .map(|(column, _)| (column.get)(board, &record).sort_key(board, lang, column.value.words()))
                .collect(),
            id: record.id().clone(),
        })
        .collect();
    rows.sort_by(|a, b| a.compare(b, &spec.sort));
    rows.into_iter().map(|row| row.id).collect()
}

struct Row {
    keys: Vec<Option<SortKey>>,
    id: Id,
}

impl Row {
    fn compare(&self, other: &Self, sort: &[(&'static Column, Direction)]) -> Ordering {
        for ((a, b), (_, direction)) in self.keys.iter().zip(&other.keys).zip(sort) {
            let order = match (a, b) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => match direction {
                    Direction::Ascending => a.compare(b),
                    Direction::Descending => b.compare(a),
                },
            };
            if order.is_ne() {
                return order;
            }
        }
        self.id.cmp(&other.id)
    }
}
