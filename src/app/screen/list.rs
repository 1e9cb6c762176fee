//! A list of records: scope, filter, order, columns and the selection.

use super::overview::title;
use crate::app::input::Input;
use crate::app::rows::Rows;
use crate::board::Board;
use crate::board::columns::{self, Column};
use crate::board::query::{Query, QueryError};
use crate::board::rows::{self, Direction, ListSpec, Scope};
use crate::contract::{Id, Kind};
use crate::text::Lang;

/// The state of a list.
#[derive(Debug)]
pub struct List {
    /// What is listed, and in which order.
    pub spec: ListSpec,
    /// The rows.
    pub rows: Rows<Id>,
    /// The filter as typed; kept apart from the one in force while it has a mistake.
    pub typed: String,
    /// The filter being typed, if it is.
    pub editing: Option<Input>,
    /// What is wrong with the filter as typed; the rows are those of the last good one.
    pub mistakes: Vec<QueryError>,
    /// True when every column is shown, not only the usual ones.
    pub wide: bool,
    /// Rows before filtering.
    pub total: usize,
}

/// All records of a kind, in the order that answers its first question: the latest, the furthest behind, the newest first.
pub fn of(kind: Kind) -> ListSpec {
    use Direction::{Ascending, Descending};
    let order: &[(&str, Direction)] = match kind {
        Kind::Measure => &[("number", Ascending)],
        Kind::Project => &[("deviation", Ascending)],
        Kind::Agency => &[("category", Ascending), ("name", Ascending)],
        Kind::Plan => &[("days_overdue", Descending), ("due", Ascending)],
        Kind::Enterprise => &[("name", Ascending)],
        Kind::Meeting | Kind::Evaluation => &[("on", Descending)],
        Kind::Decision => &[("due", Ascending)],
        Kind::Demand => &[("received", Ascending)],
        Kind::Campaign => &[("start", Descending)],
        Kind::Initiative => &[("identified", Descending)],
    };
    let sort = order
        .iter()
        .filter_map(|(key, way)| Some((columns::column(kind, key)?, *way)))
        .collect();
    ListSpec {
        sort,
        ..ListSpec::all(kind)
    }
}

/// The records of a kind whose column holds an id or a word; nothing when the kind has no such column to be narrowed by.
pub fn within(kind: Kind, key: &str, value: &str) -> Option<ListSpec> {
    columns::column(kind, key)?;
    Some(ListSpec {
        scope: Some(Scope::of(kind, key, value)),
        ..of(kind)
    })
}

impl List {
    /// A list as the specification says, filled from the board.
    pub fn new(spec: ListSpec, board: &Board, lang: Lang) -> Self {
        let mut list = Self {
            typed: String::new(),
            rows: Rows::default(),
            editing: None,
            mistakes: Vec::new(),
            wide: false,
            total: 0,
            spec,
        };
        list.fill(board, lang);
        list
    }

    fn fill(&mut self, board: &Board, lang: Lang) {
        self.rows.replace(rows::rows(board, &self.spec, lang));
        self.total = self.count(board, lang);
    }

    fn count(&self, board: &Board, lang: Lang) -> usize {
        if self.spec.query.is_empty() {
            self.rows.len()
        } else if self.spec.scope.is_none() {
            board.count(self.spec.kind)
        } else {
            let unsorted = ListSpec {
                query: Query::default(),
                sort: Vec::new(),
                ..self.spec.clone()
            };
            rows::rows(board, &unsorted, lang).len()
        }
    }

    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board, old: &Board, lang: Lang) {
        let kind = self.spec.kind;
        let keys = rows::rows(board, &self.spec, lang);
        // A row that only left the filter is still there; only one that left the data is named.
        self.rows.reconcile(keys, |id| {
            (!board.contains(kind, id.as_str()))
                .then(|| title(old, kind, id, lang))
                .flatten()
        });
        self.total = self.count(board, lang);
    }

    /// Rows above the first record: the filter, what is wrong with it, the titles of the columns.
    pub fn head(&self) -> u16 {
        let filter = self.editing.is_some() || !self.typed.is_empty();
        1 + u16::from(filter) + u16::from(filter && !self.mistakes.is_empty())
    }

    /// Filters by what is typed; a mistake keeps the last good rows and says where it is.
    pub fn filter(&mut self, text: &str, board: &Board, lang: Lang) {
        self.typed = text.to_owned();
        match Query::parse(text, self.spec.kind) {
            Ok(query) => {
                self.mistakes = Vec::new();
                self.spec.query = query;
                self.fill(board, lang);
            }
            Err(mistakes) => self.mistakes = mistakes,
        }
    }

    /// Which way the list is sorted by a column, if it is the first it is sorted by.
    pub fn order_of(&self, key: &str) -> Option<Direction> {
        self.spec
            .sort
            .first()
            .filter(|(column, _)| column.key == key)
            .map(|(_, way)| *way)
    }

    /// Orders by a column; the same column again turns the order around.
    pub fn sort_by(&mut self, key: &str, board: &Board, lang: Lang) {
        let way = self.order_of(key).map_or(Direction::Ascending, Direction::reversed);
        if let Some(column) = columns::column(self.spec.kind, key) {
            self.spec.sort = vec![(column, way)];
            self.fill(board, lang);
        }
    }

    /// Turns the order around.
    pub fn reverse(&mut self, board: &Board, lang: Lang) {
        for (_, way) in &mut self.spec.sort {
            *way = way.reversed();
        }
        self.fill(board, lang);
    }

    /// The columns shown.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> + '_ {
        columns::columns(self.spec.kind)
            .iter()
            .filter(|column| self.wide || column.shown)
    }
}
