//! A list of records: scope, filter, order, columns and the selection.

use super::overview::title;
use crate::app::input::Input;
use crate::app::listed::Listed;
use crate::app::rows::Rows;
use crate::board::Board;
use crate::board::arranged::{Arranged, Job, Made, QUICK};
use crate::board::columns::{self, Column};
use crate::board::query::{Query, QueryError, Stop};
use crate::board::rows::{self, Direction, ListSpec, Scope};
use crate::config::{ListMemory, View};
use crate::contract::{Id, Kind};
use crate::text::Lang;
use std::sync::Arc;

/// The state of a list.
#[derive(Debug)]
pub struct List {
    /// What is listed, and in which order.
    pub spec: ListSpec,
    /// The rows.
    pub rows: Rows<Id, Listed>,
    /// The filter as typed; kept apart from the one in force while it has a mistake.
    pub typed: String,
    /// The filter being typed, if it is.
    pub editing: Option<Input>,
    /// What is wrong with the filter as typed; the rows are those of the last good one.
    pub mistakes: Vec<QueryError>,
    /// True when every column is shown, not only the usual ones.
    pub wide: bool,
    /// The columns chosen, in their order; none means the usual ones.
    pub chosen: Vec<&'static Column>,
    /// Rows that stay at the top, in the order they were pinned.
    pub pinned: Vec<Id>,
    /// Rows before filtering.
    pub total: usize,
    making: Making,
}

/// A list that is being made beside the keys; meanwhile the last one stays.
#[derive(Debug, Default)]
struct Making {
    /// Handed out once.
    job: Option<Job>,
    /// What is waited for.
    awaited: Option<Stop>,
    /// The last piece of work that was asked for.
    stop: Stop,
    /// True when the newer board asked for it, not the operator: the selection keeps its line.
    follows: bool,
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

/// What a row was called that is in the data no more.
fn gone(kind: Kind, board: &Board, old: &Board, id: &Id, lang: Lang) -> Option<String> {
    (!board.contains(kind, id.as_str()))
        .then(|| title(old, kind, id, lang))
        .flatten()
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
            chosen: Vec::new(),
            pinned: Vec::new(),
            total: 0,
            making: Making::default(),
            spec,
        };
        list.fill(board, lang);
        list
    }

    fn fill(&mut self, board: &Board, lang: Lang) {
        if self.spec.kind == Kind::Initiative {
            if let Some(list) = self.made(board, lang, false) {
                self.total = list.total();
                self.rows.replace(Listed::Packed(list, None));
            }
            return;
        }
        self.rows.replace(Listed::Each(self.arranged(board, lang)));
        self.total = self.count(board, lang);
    }

    /// The initiatives as they are asked for now, if that is quickly done; else it is to be done beside the keys. What only follows
    /// a change keeps the next key waiting, who did not ask for it: it has an eighth of the time.
    fn made(&mut self, board: &Board, lang: Lang, follows: bool) -> Option<Arc<Arranged>> {
        let before = self.rows.kept().arranged().cloned();
        let making = &mut self.making;
        // Whatever was under way is wanted no more.
        making.stop = making.stop.next();
        making.job = None;
        making.awaited = None;
        let (spec, pinned) = (&self.spec, &self.pinned);
        let most = if follows { QUICK / 8 } else { QUICK };
        if Arranged::price(board, spec, lang, before.as_deref()) <= most {
            return Arranged::of(board, spec, lang, pinned, before.as_deref(), &making.stop).map(Arc::new);
        }
        making.job = Some(Job::new(board, spec, lang, pinned, before, making.stop.clone()));
        making.awaited = Some(making.stop.clone());
        making.follows = follows;
        None
    }

    /// What is to be done beside the keys, once.
    pub fn job(&mut self) -> Option<Job> {
        self.making.job.take()
    }

    /// True while the rows shown are not yet those asked for.
    pub fn is_being_made(&self) -> bool {
        self.making.awaited.is_some()
    }

    /// True while the operator waits for rows, not only a change to be followed.
    pub fn is_asked_for(&self) -> bool {
        self.is_being_made() && !self.making.follows
    }

    /// True when this is what the list waits for.
    pub fn waits_for(&self, made: &Made) -> bool {
        self.making
            .awaited
            .as_ref()
            .is_some_and(|awaited| awaited.is(&made.stop))
    }

    /// Takes what was made beside the keys; what has changed meanwhile is followed.
    pub fn take(&mut self, made: Made, board: &Board, lang: Lang) {
        self.making.awaited = None;
        let old = made.list.board().clone();
        self.total = made.list.total();
        let list = Listed::Packed(made.list, None);
        if self.making.follows {
            let before = self.rows.kept().arranged().map(|list| list.board().clone());
            let now = &old;
            self.rows
                .reconcile(list, |id| gone(Kind::Initiative, now, before.as_ref()?, id, lang));
        } else {
            self.rows.replace(list);
        }
        self.refresh(board, &old, lang);
    }

    /// The rows in their order, the pinned ones among them first.
    fn arranged(&self, board: &Board, lang: Lang) -> Vec<Id> {
        let rows = rows::rows(board, &self.spec, lang);
        if self.pinned.is_empty() {
            return rows;
        }
        let (mut first, rest): (Vec<Id>, Vec<Id>) = rows.into_iter().partition(|id| self.pinned.contains(id));
        first.sort_by_key(|id| self.pinned.iter().position(|pinned| pinned == id));
        first.into_iter().chain(rest).collect()
    }

    /// Pins a row, or lets it go.
    pub fn pin(&mut self, id: &Id, board: &Board, lang: Lang) {
        if self.pinned.contains(id) {
            self.pinned.retain(|pinned| pinned != id);
        } else {
            self.pinned.push(id.clone());
        }
        self.rows.choose();
        self.fill(board, lang);
    }

    /// Shows these columns in this order; the usual ones in the usual order count as no choice.
    pub fn choose_columns(&mut self, columns: Vec<&'static Column>) {
        let usual = columns::columns(self.spec.kind).iter().filter(|column| column.shown);
        self.chosen = if columns.iter().copied().eq(usual) {
            Vec::new()
        } else {
            columns
        };
    }

    /// Takes over what is remembered; an order the list was opened in on purpose stays.
    pub fn recall(&mut self, memory: &ListMemory, board: &Board, lang: Lang) {
        let usual = of(self.spec.kind).sort;
        if !memory.sort.is_empty() && self.spec.sort == usual {
            self.spec.sort = self.order_named(&memory.sort);
        }
        self.chosen = self.columns_named(&memory.columns);
        self.wide = memory.wide.unwrap_or(self.wide);
        self.pinned = memory.pinned.iter().filter_map(|id| Id::new(id)).collect();
        if !memory.sort.is_empty() || !self.pinned.is_empty() {
            self.fill(board, lang);
        }
    }

    /// What is to be remembered of the list; `before` is what was.
    pub fn memory(&self, before: ListMemory) -> ListMemory {
        let names = self.view("");
        let filter = if self.typed.is_empty() || !self.mistakes.is_empty() {
            before.filter
        } else {
            self.typed.clone()
        };
        ListMemory {
            columns: names.columns,
            sort: names.sort,
            wide: (self.wide || before.wide.is_some()).then_some(self.wide),
            filter,
            pinned: self.pinned.iter().map(ToString::to_string).collect(),
            views: before.views,
        }
    }

    /// The list as it is, under a name.
    pub fn view(&self, name: &str) -> View {
        let usual = self.spec.sort == of(self.spec.kind).sort;
        let order = self.spec.sort.iter().map(|(column, way)| match way {
            Direction::Ascending => column.key.to_owned(),
            Direction::Descending => format!("-{}", column.key),
        });
        View {
            name: name.to_owned(),
            filter: self.typed.clone(),
            columns: self.chosen.iter().map(|column| column.key.to_owned()).collect(),
            sort: if usual { Vec::new() } else { order.collect() },
        }
    }

    /// Shows a view: its columns, order and filter.
    pub fn show(&mut self, view: &View, board: &Board, lang: Lang) {
        self.wide = false;
        self.chosen = self.columns_named(&view.columns);
        self.spec.sort = if view.sort.is_empty() {
            of(self.spec.kind).sort
        } else {
            self.order_named(&view.sort)
        };
        self.fill(board, lang);
        self.filter(&view.filter, board, lang);
    }

    /// Columns by name; names of another version are left out.
    fn columns_named(&self, names: &[String]) -> Vec<&'static Column> {
        let kind = self.spec.kind;
        names.iter().filter_map(|name| columns::column(kind, name)).collect()
    }

    fn order_named(&self, names: &[String]) -> Vec<(&'static Column, Direction)> {
        let named = |name: &String| {
            let (name, way) = match name.strip_prefix('-') {
                Some(rest) => (rest, Direction::Descending),
                None => (name.as_str(), Direction::Ascending),
            };
            Some((columns::column(self.spec.kind, name)?, way))
        };
        names.iter().filter_map(named).collect()
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
        if kind == Kind::Initiative {
            // What is under way is waited for, and then followed: in a flood of changes it would else never be done.
            if self.is_being_made() {
                return;
            }
            if let Some(list) = self.made(board, lang, true) {
                self.total = list.total();
                let list = Listed::Packed(list, None);
                self.rows.reconcile(list, |id| gone(kind, board, old, id, lang));
            }
            return;
        }
        let keys = Listed::Each(self.arranged(board, lang));
        // A row that only left the filter is still there; only one that left the data is named.
        self.rows.reconcile(keys, |id| gone(kind, board, old, id, lang));
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

    /// The columns shown, in their order; in the wide view those not chosen follow the chosen ones.
    pub fn columns(&self) -> Vec<&'static Column> {
        let all = columns::columns(self.spec.kind).iter();
        if self.chosen.is_empty() {
            return all.filter(|column| self.wide || column.shown).collect();
        }
        let rest = all.filter(|column| self.wide && !self.chosen.contains(column));
        self.chosen.iter().copied().chain(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use crate::contract::{Change, Record};

    /// So many that ordering them by title takes longer than a key may wait.
    fn many() -> Board {
        let record = |n: usize| {
            let title = format!("کارگاه {}", (n * 7_919) % 20_000);
            let record = serde_json::json!({"id": format!("i-{n:05}"), "title": title, "initiative_kind": "cooperative",
                "stage": "identified", "origin": "new"});
            Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
        };
        let records: Vec<Record> = (0..20_000).map(record).collect();
        crate::board::query::tests_of_sift::board(&records)
    }

    fn ids(list: &List, upto: usize) -> Vec<String> {
        list.rows.ids().take(upto).map(|id| id.to_string()).collect()
    }

    /// What is to be done beside the keys is done, until nothing is left of it.
    fn follow(list: &mut List, board: &Board) {
        while let Some(job) = list.job() {
            list.take(job.run().unwrap(), board, Lang::Fa);
        }
        assert!(!list.is_being_made());
    }

    #[test]
    fn in_a_flood_of_changes_what_is_under_way_is_done_all_the_same() {
        let mut board = many();
        let mut list = List::new(of(Kind::Initiative), &board, Lang::Fa);
        list.sort_by("title", &board, Lang::Fa);
        let job = list.job().unwrap();
        for n in 10..20 {
            let old = board.clone();
            let id = Id::new(&format!("i-{n:05}")).unwrap();
            board.apply(vec![Change::Delete(Kind::Initiative, id)]);
            list.refresh(&board, &old, Lang::Fa);
            assert!(list.job().is_none());
        }
        list.take(job.run().unwrap(), &board, Lang::Fa);
        follow(&mut list, &board);
        assert_eq!((list.rows.len(), list.total), (19_990, 19_990));
    }

    #[test]
    fn a_long_order_is_made_beside_the_keys_while_the_last_rows_stay() {
        let mut board = many();
        let mut list = List::new(of(Kind::Initiative), &board, Lang::Fa);
        assert!(
            list.job().is_none() && !list.is_being_made(),
            "the usual order is quick"
        );
        list.rows.go(3);
        list.sort_by("title", &board, Lang::Fa);
        let first = list.job().unwrap();
        assert!(list.is_being_made() && list.job().is_none(), "it is handed out once");
        assert_eq!(ids(&list, 2), ["i-00000", "i-00001"]);

        // A newer key: the older work is wanted no more, whether it has begun or is done.
        list.reverse(&board, Lang::Fa);
        assert!(first.run().is_none());
        let made = list.job().unwrap().run().unwrap();
        assert!(list.waits_for(&made));

        // Meanwhile a record has gone and another has come: both are seen at once.
        let old = board.clone();
        board.apply(vec![Change::Delete(Kind::Initiative, Id::new("i-00000").unwrap())]);
        list.refresh(&board, &old, Lang::Fa);
        assert!(list.waits_for(&made), "what is under way is not given up for a change");
        list.take(made, &board, Lang::Fa);
        assert!(
            list.is_being_made() && !list.is_asked_for(),
            "the newer board is followed"
        );
        follow(&mut list, &board);
        let expected: Vec<String> = rows::rows(&board, &list.spec, Lang::Fa)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(ids(&list, usize::MAX), expected);
        assert_eq!(
            list.rows.current().unwrap().as_str(),
            "i-00003",
            "the selection stays on its row"
        );

        // From here on a change is followed without being asked for.
        let old = board.clone();
        board.apply(vec![Change::Delete(Kind::Initiative, Id::new("i-00003").unwrap())]);
        list.refresh(&board, &old, Lang::Fa);
        follow(&mut list, &board);
        assert_eq!(
            list.rows.gone().map(|gone| gone.title.clone()).unwrap(),
            format!("کارگاه {}", 3 * 7_919 % 20_000)
        );
        list.rows.step(1);
        assert_eq!((list.rows.len(), list.total), (19_998, 19_998));
    }
}
