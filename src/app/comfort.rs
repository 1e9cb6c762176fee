//! Making a list one's own: columns and their order, facets, saved views, pinned rows; and what of it is remembered. It must not
//! know how any of it is drawn, nor where it is kept.

use super::popup::{Ask, Choice, ColumnChoice, Pick, Popup, Purpose};
use super::screen::Screen;
use super::screen::list::List;
use super::{App, Effect};
use crate::board::Board;
use crate::board::arranged;
use crate::board::columns::{self, Column, Value, ValueKind};
use crate::board::query::Query;
use crate::board::rows::{self, ListSpec};
use crate::config::keymap::Action;
use crate::config::memory::{MOST_VIEWS, View};
use crate::contract::{Id, Kind};
use crate::i18n;
use crate::text::{Lang, number};
use std::collections::HashMap;

/// Rows looked at to see whether a text repeats often enough to narrow by.
const LOOKED_AT: usize = 2_000;
/// More values than this are found faster by typing.
const MOST_VALUES: usize = 200;
/// What stands for rows that say nothing in a column, in filters too.
const NOTHING: &str = "—";

/// A filter without its condition on exactly one value of a column: what a facet put there.
pub fn without(filter: &str, key: &str) -> String {
    let begins = format!("{key}=");
    let nothing = format!("{key}:{NOTHING}");
    let kept: Vec<&str> = terms(filter)
        .into_iter()
        .filter(|term| !term.starts_with(&begins) && *term != nothing)
        .collect();
    kept.join(" ")
}

/// The terms of a filter as they were typed; blanks inside quotes part nothing.
fn terms(filter: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in filter.char_indices() {
        if c == '"' {
            quoted = !quoted;
        }
        match (c.is_whitespace() && !quoted, start) {
            (true, Some(from)) => {
                out.extend(filter.get(from..at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    out.extend(start.and_then(|from| filter.get(from..)));
    out
}

/// The condition that holds exactly one value of a column.
fn term(key: &str, value: Option<&str>) -> String {
    match value {
        None => format!("{key}:{NOTHING}"),
        Some(value) if value.contains(|c: char| !c.is_alphanumeric() && c != '-') => format!("{key}=\"{value}\""),
        Some(value) => format!("{key}={value}"),
    }
}

/// A value as a filter names it; nothing for one that narrows nothing.
fn named(value: &Value, lang: Lang) -> Option<Option<String>> {
    match value {
        Value::Nothing => Some(None),
        Value::Word { value, .. } => Some(Some(value.to_string())),
        Value::Link(_, id) | Value::County(id) => Some(Some(id.to_string())),
        Value::Flag(flag) => Some(Some(if *flag { "yes" } else { "no" }.to_owned())),
        // A quote inside would end the quotes around it.
        Value::Text(text) if !text.get(lang).contains(['"', '«', '»', '“', '”']) => match text.get(lang) {
            "" => Some(None),
            text => Some(Some(text.to_owned())),
        },
        _ => None,
    }
}

/// A value of a column, how it is said, and how many rows have it under the rest of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// As a filter names it; nothing for rows that say nothing.
    pub value: Option<String>,
    /// As the screen says it.
    pub said: String,
    /// Rows.
    pub count: usize,
}

/// The values of a column in a list with their counts, most rows first; the filter holds but for the column's own facet.
pub fn facets(list: &List, column: &'static Column, board: &Board, style: &columns::Style) -> Vec<Facet> {
    let kind = list.spec.kind;
    let spec = ListSpec {
        query: Query::parse(&without(&list.typed, column.key), kind).unwrap_or_default(),
        sort: Vec::new(),
        ..list.spec.clone()
    };
    let mut found: HashMap<Option<String>, (Value, usize)> = HashMap::new();
    let mut count = |value: Value, rows: usize| {
        if let Some(name) = named(&value, style.lang) {
            found.entry(name).or_insert((value, 0)).1 += rows;
        }
    };
    if kind == Kind::Initiative {
        arranged::values(board, &spec, column, &mut count);
    } else {
        let ids = rows::rows(board, &spec, style.lang);
        let records = ids.iter().filter_map(|id| board.record(kind, id.as_str()));
        records.for_each(|record| count((column.get)(board, &record), 1));
    }
    let mut out: Vec<Facet> = found
        .into_iter()
        .map(|(name, (value, count))| Facet {
            said: match &name {
                None => NOTHING.to_owned(),
                Some(_) => value.format(board, style),
            },
            value: name,
            count,
        })
        .collect();
    out.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.said.cmp(&b.said)));
    out.truncate(MOST_VALUES);
    out
}

/// The columns of a list it is worth narrowing by: words, places, records named, yes or no, and texts that repeat.
pub fn faceted(list: &List, board: &Board, lang: Lang) -> Vec<&'static Column> {
    let kind = list.spec.kind;
    let repeats = |column: &Column| {
        let looked = list.rows.ids().take(LOOKED_AT);
        let mut seen = std::collections::HashSet::new();
        let mut said = 0_usize;
        for id in looked {
            let value = board.record(kind, id.as_str()).map(|r| (column.get)(board, &r));
            if let Some(Some(text)) = value.and_then(|value| named(&value, lang)) {
                said += 1;
                seen.insert(text);
            }
        }
        seen.len() * 3 <= said
    };
    columns::columns(kind)
        .iter()
        .filter(|column| match column.value {
            ValueKind::Word { .. } | ValueKind::County | ValueKind::Link | ValueKind::Flag => true,
            ValueKind::Text => repeats(column),
            _ => false,
        })
        .collect()
}

impl App {
    /// Keeps what the operator made of the present list, here and where it is remembered.
    pub(super) fn remember(&mut self) {
        let top = self.nav.len() - 1;
        let Screen::List(list) = &self.nav[top] else { return };
        let kind = list.spec.kind.as_str();
        let before = self.options.memory.list(kind);
        let now = list.memory(before.clone());
        self.keep(kind, now);
    }

    fn keep(&mut self, kind: &'static str, now: crate::config::ListMemory) {
        if now == self.options.memory.list(kind) {
            return;
        }
        self.options.memory.set(kind, now.clone());
        if !self.options.kiosk {
            self.pending.push(Effect::Remember(kind, now));
        }
    }

    pub(super) fn choose_columns(&mut self) {
        let Screen::List(list) = self.screen() else { return };
        let popup = ColumnChoice::new(list.spec.kind, list.columns(), self.lang());
        self.popup = Some(Popup::Columns(popup));
    }

    /// Takes a column in or out, or moves it; the list behind follows at once.
    pub(super) fn change_columns(&mut self, action: Action) {
        if let Some(Popup::Columns(choice)) = &mut self.popup {
            match action {
                Action::MoveUp => choice.shift(-1),
                Action::MoveDown => choice.shift(1),
                Action::Remove => choice.reset(),
                _ => choice.toggle(),
            }
            let shown = choice.shown();
            self.with_list(|list, _, _| {
                list.wide = false;
                list.choose_columns(shown);
            });
            self.remember();
        }
    }

    pub(super) fn choose_facet_column(&mut self) {
        let lang = self.lang();
        let Screen::List(list) = self.screen() else { return };
        let entries = faceted(list, &self.board, lang)
            .into_iter()
            .map(|column| {
                let mine = format!("{}=", column.key);
                let set = terms(&list.typed)
                    .into_iter()
                    .find(|term| term.starts_with(&mine) || *term == format!("{}:{NOTHING}", column.key));
                let note = set.and_then(|term| term.split(['=', ':']).nth(1)).unwrap_or_default();
                let note = note.trim_matches('"').to_owned();
                (column.title(lang).to_owned(), note, Pick::FacetColumn(column.key))
            })
            .collect();
        let title = i18n::t(lang, "facet.title").to_owned();
        self.popup = Some(Popup::Choice(Choice::new(Action::Facets, title, entries)));
    }

    pub(super) fn choose_facet(&mut self, key: &'static str) {
        let lang = self.lang();
        let Screen::List(list) = self.screen() else { return };
        let Some(column) = columns::column(list.spec.kind, key) else {
            return;
        };
        let mut entries = Vec::new();
        if without(&list.typed, key) != list.typed.trim() {
            let all = i18n::t(lang, "facet.all").to_owned();
            entries.push((all, String::new(), Pick::Facet(key, None)));
        }
        for facet in facets(list, column, &self.board, &self.options.style) {
            let count = number::integer(facet.count as i64, lang);
            entries.push((facet.said, count, Pick::Facet(key, Some(facet.value))));
        }
        let title = i18n::tf_screen(lang, "facet.values", &[("column", column.title(lang))]);
        self.popup = Some(Popup::Choice(Choice::new(Action::Facets, title, entries)));
    }

    /// Narrows by a value of a column, or takes the narrowing by that column back.
    pub(super) fn set_facet(&mut self, key: &str, value: Option<Option<String>>) {
        self.with_list(|list, board, lang| {
            let mut filter = without(&list.typed, key);
            if let Some(value) = value {
                if !filter.is_empty() {
                    filter.push(' ');
                }
                filter.push_str(&term(key, value.as_deref()));
            }
            list.filter(&filter, board, lang);
        });
        self.remember();
    }

    pub(super) fn choose_view(&mut self) {
        let lang = self.lang();
        let Screen::List(list) = self.screen() else { return };
        let memory = self.options.memory.list(list.spec.kind.as_str());
        let mut entries = vec![(i18n::t(lang, "view.save").to_owned(), String::new(), Pick::SaveView)];
        if !memory.filter.is_empty() && memory.filter != list.typed {
            let name = i18n::t(lang, "view.last-filter").to_owned();
            entries.push((name, memory.filter.clone(), Pick::LastFilter));
        }
        for view in &memory.views {
            entries.push((view.name.clone(), view.filter.clone(), Pick::View(view.name.clone())));
        }
        entries.push((i18n::t(lang, "view.usual").to_owned(), String::new(), Pick::Usual));
        let title = i18n::t(lang, "view.title").to_owned();
        self.popup = Some(Popup::Choice(Choice::new(Action::Views, title, entries)));
    }

    pub(super) fn ask_view_name(&mut self) {
        let title = i18n::t(self.lang(), "view.name").to_owned();
        self.popup = Some(Popup::Ask(Ask::new(Purpose::View, title, "")));
    }

    /// Saves the present list under a name; the same name again replaces what it named.
    pub(super) fn save_view(&mut self, name: &str) {
        let name = name.trim();
        let Screen::List(list) = self.screen() else { return };
        if name.is_empty() {
            return;
        }
        let kind = list.spec.kind.as_str();
        let mut memory = self.options.memory.list(kind);
        let view = list.view(name);
        let many = memory.views.len() >= MOST_VIEWS;
        match memory.views.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = view,
            None if many => {
                let most = number::integer(MOST_VIEWS as i64, self.lang());
                self.warn("view.too-many", &[("most", &most)]);
                return;
            }
            None => memory.views.push(view),
        }
        self.keep(kind, memory);
        self.say("view.saved", &[("name", name)]);
    }

    pub(super) fn show_view(&mut self, name: &str) {
        let Screen::List(list) = self.screen() else { return };
        let memory = self.options.memory.list(list.spec.kind.as_str());
        if let Some(view) = memory.views.iter().find(|view| view.name == name).cloned() {
            self.with_list(|list, board, lang| list.show(&view, board, lang));
            self.remember();
        }
    }

    pub(super) fn show_last_filter(&mut self) {
        let Screen::List(list) = self.screen() else { return };
        let filter = self.options.memory.list(list.spec.kind.as_str()).filter;
        self.with_list(|list, board, lang| list.filter(&filter, board, lang));
    }

    /// The list as the program would show it to somebody new; saved views and pinned rows stay.
    pub(super) fn show_usual(&mut self) {
        let wide = self.options.wide;
        self.with_list(|list, board, lang| {
            list.show(&View::default(), board, lang);
            list.wide = wide;
        });
        self.remember();
    }

    /// Removes the saved view under the cursor of the choice.
    pub(super) fn remove_view(&mut self) {
        let Some(Popup::Choice(choice)) = &self.popup else {
            return;
        };
        let at = choice.rows.index();
        let Some((_, _, Pick::View(name))) = choice.entries.get(at) else {
            return;
        };
        let name = name.clone();
        let Screen::List(list) = self.screen() else { return };
        let kind = list.spec.kind.as_str();
        let mut memory = self.options.memory.list(kind);
        memory.views.retain(|view| view.name != name);
        self.keep(kind, memory);
        self.choose_view();
        if let Some(Popup::Choice(choice)) = &mut self.popup {
            choice.rows.go(at.saturating_sub(1));
        }
        self.say("view.removed", &[("name", &name)]);
    }

    /// Keeps the selected row at the top of its list, or lets it go.
    pub(super) fn pin(&mut self) {
        self.with_list(|list, board, lang| {
            let gone = list.rows.gone().map(|gone| gone.index);
            let here = list.rows.index();
            if let Some(id) = list.rows.current().filter(|_| gone != Some(here)) {
                list.pin(&id, board, lang);
            }
        });
        self.remember();
    }

    /// The pinned rows of the present list, for drawing.
    pub fn is_pinned(&self, id: &Id) -> bool {
        matches!(self.screen(), Screen::List(list) if list.pinned.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facet_takes_back_its_own_condition_and_no_other() {
        for (filter, left) in [
            ("category=driver is:overdue", "is:overdue"),
            ("is:overdue  category=driver", "is:overdue"),
            ("category:driver", "category:driver"),
            ("\"category=driver here\" چرم", "\"category=driver here\" چرم"),
            ("category:— x", "x"),
            ("-category=driver", "-category=driver"),
            ("", ""),
        ] {
            assert_eq!(without(filter, "category"), left, "{filter}");
        }
        assert_eq!(without("sector=\"فرش و گلیم\" x", "sector"), "x");
        assert_eq!(term("sector", Some("فرش و گلیم")), "sector=\"فرش و گلیم\"");
        assert_eq!(term("county", Some("c-05")), "county=c-05");
    }
}
