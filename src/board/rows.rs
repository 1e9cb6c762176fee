//! The rows of a list: which records, in which order. Lists on screen and `show` ask here. It must not know how a row is drawn.

use super::Board;
use super::arranged::Arranged;
use super::columns::{Column, SortKey};
use super::query::{Query, Stop};
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

    pub(super) fn holds(&self, board: &Board, record: &Record) -> bool {
        self.conditions
            .iter()
            .all(|(column, wanted)| (column.get)(board, record).is_exactly(wanted))
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
    if spec.kind == Kind::Initiative
        && let Some(list) = Arranged::of(board, spec, lang, &[], None, &Stop::never())
    {
        return (0..list.len()).filter_map(|at| list.get(at)).collect();
    }
    plainly(board, spec, lang)
}

/// The first of a list's rows.
pub fn first(board: &Board, spec: &ListSpec, lang: Lang, most: usize) -> Vec<Id> {
    if spec.kind == Kind::Initiative
        && let Some(list) = Arranged::of(board, spec, lang, &[], None, &Stop::never())
    {
        return (0..list.len().min(most)).filter_map(|at| list.get(at)).collect();
    }
    let mut all = plainly(board, spec, lang);
    all.truncate(most);
    all
}

/// The same, record by record.
pub(super) fn plainly(board: &Board, spec: &ListSpec, lang: Lang) -> Vec<Id> {
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
    rows.sort_by(|a, b| compare_keys(&a.keys, &b.keys, &spec.sort).then_with(|| a.id.counted(&b.id)));
    rows.into_iter().map(|row| row.id).collect()
}

struct Row {
    keys: Vec<Option<SortKey>>,
    id: Id,
}

/// The order of two rows by their keys in the columns sorted by.
pub(super) fn compare_keys(
    a: &[Option<SortKey>],
    b: &[Option<SortKey>],
    sort: &[(&'static Column, Direction)],
) -> Ordering {
    for ((a, b), (_, direction)) in a.iter().zip(b).zip(sort) {
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
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use crate::board::columns::column;
    use crate::board::fixture;
    use crate::contract::Change;
    use Direction::{Ascending, Descending};
    use proptest::prelude::*;

    fn sorted(board: &Board, kind: Kind, sort: &[(&str, Direction)], lang: Lang) -> Vec<String> {
        let sort = sort
            .iter()
            .map(|(key, direction)| (column(kind, key).unwrap(), *direction));
        let spec = ListSpec {
            sort: sort.collect(),
            ..ListSpec::all(kind)
        };
        rows(board, &spec, lang).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_known_stands_last_in_both_directions() {
        let board = fixture::board();
        for (key, up, down) in [
            ("physical", ["p-1", "p-10", "p-2", "p-3"], ["p-2", "p-10", "p-1", "p-3"]),
            ("due", ["p-10", "p-2", "p-1", "p-3"], ["p-1", "p-2", "p-10", "p-3"]),
            ("county", ["p-1", "p-2", "p-3", "p-10"], ["p-2", "p-3", "p-1", "p-10"]),
        ] {
            assert_eq!(
                sorted(&board, Kind::Project, &[(key, Ascending)], Lang::Fa),
                up,
                "{key}"
            );
            assert_eq!(
                sorted(&board, Kind::Project, &[(key, Descending)], Lang::Fa),
                down,
                "{key}"
            );
        }
    }

    #[test]
    fn text_sorts_by_the_persian_alphabet_and_by_the_language_shown() {
        let board = fixture::board();
        // «پ» comes before «ت» and «م», whatever the code points say; ك is ک.
        assert_eq!(
            sorted(&board, Kind::Project, &[("title", Ascending)], Lang::Fa),
            ["p-2", "p-10", "p-1", "p-3"]
        );
        assert_eq!(
            sorted(&board, Kind::Measure, &[("title", Ascending)], Lang::En),
            ["m-1", "m-13", "m-2"]
        );
        assert_eq!(
            sorted(&board, Kind::Measure, &[("title", Ascending)], Lang::Fa),
            ["m-1", "m-2", "m-13"]
        );
    }

    #[test]
    fn digits_in_text_sort_by_value() {
        let board = fixture::board();
        assert_eq!(
            sorted(&board, Kind::Project, &[("id", Ascending)], Lang::Fa),
            ["p-1", "p-2", "p-3", "p-10"]
        );
    }

    #[test]
    fn words_sort_in_the_order_of_their_list_and_unknown_ones_behind() {
        let board = fixture::board();
        assert_eq!(
            sorted(&board, Kind::Project, &[("state", Ascending)], Lang::Fa),
            ["p-1", "p-10", "p-2", "p-3"]
        );
        assert_eq!(
            sorted(&board, Kind::Agency, &[("category", Ascending)], Lang::En),
            ["a-1", "a-3", "a-2", "a-4"]
        );
    }

    #[test]
    fn equal_rows_stand_by_the_next_column_and_then_by_id() {
        let board = fixture::board();
        assert_eq!(
            sorted(
                &board,
                Kind::Project,
                &[("measure", Ascending), ("physical", Descending)],
                Lang::Fa
            ),
            ["p-2", "p-1", "p-10", "p-3"]
        );
        // Turning a column round does not turn its ties round.
        for direction in [Ascending, Descending] {
            assert_eq!(
                sorted(&board, Kind::Plan, &[("due", direction)], Lang::Fa),
                ["pl-1", "pl-2", "pl-3"]
            );
        }
    }

    #[test]
    fn a_list_is_narrowed_to_where_it_was_opened_from() {
        let board = fixture::board();
        let rows = |kind, scope| {
            let spec = ListSpec {
                scope: Some(scope),
                ..ListSpec::all(kind)
            };
            let ids: Vec<String> = super::rows(&board, &spec, Lang::Fa)
                .iter()
                .map(ToString::to_string)
                .collect();
            ids
        };
        assert_eq!(
            rows(Kind::Project, Scope::of(Kind::Project, "measure", "m-1")),
            ["p-1", "p-2"]
        );
        // Exactly this id: m-1 is not m-13.
        assert!(rows(Kind::Project, Scope::of(Kind::Project, "measure", "m-13")).is_empty());
        assert_eq!(
            rows(Kind::Decision, Scope::of(Kind::Decision, "meeting", "mt-1")),
            ["d-1", "d-2"]
        );
        let kind_and_county =
            Scope::of(Kind::Initiative, "initiative_kind", "home-business").with(Kind::Initiative, "county", "ahar");
        assert_eq!(rows(Kind::Initiative, kind_and_county), ["i-1"]);
        assert_eq!(
            rows(Kind::Initiative, Scope::of(Kind::Initiative, "sponsor", "e-1")),
            ["i-1"]
        );
        assert_eq!(
            rows(Kind::Project, Scope::of(Kind::Project, "state", "under-review")),
            ["p-3"]
        );
    }

    proptest! {
        /// The order depends on the rows alone: not on the order in which they came.
        #[test]
        fn the_order_does_not_depend_on_the_past(
            order in Just(vec!["p-1", "p-2", "p-3", "p-10"]).prop_shuffle(),
            key in prop::sample::select(super::super::columns::columns(Kind::Project).iter().map(|c| c.key).collect::<Vec<_>>()),
            down in any::<bool>(),
        ) {
            let direction = if down { Descending } else { Ascending };
            let all = fixture::board();
            let mut board = all.clone();
            for id in &order {
                board.apply(vec![Change::Delete(Kind::Project, Id::new(id).unwrap())]);
            }
            for id in &order {
                board.apply(vec![Change::Put(all.record(Kind::Project, id).unwrap())]);
            }
            let sort = [(key, direction)];
            prop_assert_eq!(sorted(&board, Kind::Project, &sort, Lang::Fa), sorted(&all, Kind::Project, &sort, Lang::Fa));
        }
    }
}
