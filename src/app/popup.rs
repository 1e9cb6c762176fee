//! What lies over a screen: help, a choice, the command palette.

use super::input::Input;
use super::rows::Rows;
use super::screen::Target;
use crate::board::columns::{self, Column};
use crate::config::keymap::Action;
use crate::contract::Kind;
use crate::text::Lang;

/// Something over the screen that takes the keys.
#[derive(Debug)]
pub enum Popup {
    /// Keys, columns and rules of the present screen.
    Help(Help),
    /// One of several things to choose.
    Choice(Choice),
    /// The command palette.
    Palette(Palette),
    /// The columns of a list.
    Columns(ColumnChoice),
    /// A question answered by typing.
    Ask(Ask),
}

/// The columns of a list to be taken in, out, and moved; all of them, those shown first in their order.
#[derive(Debug)]
pub struct ColumnChoice {
    /// The kind listed.
    pub kind: Kind,
    /// The columns in order, and whether each is shown.
    pub entries: Vec<(&'static Column, bool)>,
    /// The selection, by the column's key.
    pub rows: Rows<&'static str>,
    /// What the list is called in the window's title.
    pub lang: Lang,
}

impl ColumnChoice {
    /// The columns of a kind, `shown` first.
    pub fn new(kind: Kind, shown: Vec<&'static Column>, lang: Lang) -> Self {
        let mut entries: Vec<_> = shown.iter().map(|column| (*column, true)).collect();
        let rest = columns::columns(kind).iter().filter(|column| !shown.contains(column));
        entries.extend(rest.map(|column| (column, false)));
        let mut choice = Self {
            kind,
            entries,
            rows: Rows::default(),
            lang,
        };
        choice.rows.choose();
        choice.order();
        choice
    }

    fn order(&mut self) {
        self.rows
            .replace(self.entries.iter().map(|(column, _)| column.key).collect());
        self.rows.choose();
    }

    /// The columns taken in, in their order.
    pub fn shown(&self) -> Vec<&'static Column> {
        let shown = self.entries.iter().filter(|(_, shown)| *shown);
        shown.map(|(column, _)| *column).collect()
    }

    /// Takes the selected column in or out; the last one stays.
    pub fn toggle(&mut self) {
        let alone = self.shown().len() == 1;
        if let Some((_, shown)) = self.entries.get_mut(self.rows.index())
            && !(*shown && alone)
        {
            *shown = !*shown;
        }
    }

    /// Moves the selected column by one place; the selection goes with it.
    pub fn shift(&mut self, by: isize) {
        let at = self.rows.index();
        if let Some(to) = at.checked_add_signed(by).filter(|to| *to < self.entries.len()) {
            self.entries.swap(at, to);
            self.order();
        }
    }

    /// The usual columns in the usual order.
    pub fn reset(&mut self) {
        let usual = columns::columns(self.kind).iter().filter(|column| column.shown);
        let selected = self.rows.selected().copied();
        *self = Self::new(self.kind, usual.collect(), self.lang);
        if let Some(key) = selected {
            self.rows.select(&key);
        }
    }
}

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The name of a view to be saved.
    View,
    /// The file an export is written to.
    Export,
    /// The day everything is judged by.
    AsOf,
    /// The day changes are shown since.
    Since,
    /// The day changes since another are shown up to.
    Until(crate::clock::Day),
}

/// A question answered by typing.
#[derive(Debug)]
pub struct Ask {
    /// What the answer is for.
    pub purpose: Purpose,
    /// The question.
    pub title: String,
    /// What is typed.
    pub input: Input,
    /// What is wrong with the answer given.
    pub wrong: Option<String>,
}

impl Ask {
    /// A question with an answer proposed.
    pub fn new(purpose: Purpose, title: String, answer: &str) -> Self {
        Self {
            purpose,
            title,
            input: Input::with(answer),
            wrong: None,
        }
    }
}

/// A line of the help page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpLine {
    /// The key, the column or the rule; empty in a heading.
    pub name: String,
    /// What it does or means.
    pub text: String,
    /// True for a heading.
    pub heading: bool,
}

/// The help page: made from the live key map, searchable.
#[derive(Debug)]
pub struct Help {
    /// What opened it, so that it can be said again in another language.
    pub from: Action,
    /// All lines.
    pub all: Vec<HelpLine>,
    /// Positions of the lines that match the search.
    pub rows: Rows<usize>,
    /// The search.
    pub search: Option<Input>,
}

impl Help {
    /// Help with these lines, opened by an action.
    pub fn new(from: Action, all: Vec<HelpLine>) -> Self {
        let mut help = Self {
            from,
            all,
            rows: Rows::default(),
            search: None,
        };
        help.filter();
        help
    }

    /// Keeps the lines that hold the search text, with the headings above them.
    pub fn filter(&mut self) {
        let needle = crate::text::fold::fold(self.search.as_ref().map_or("", Input::text));
        let hit = |line: &HelpLine| {
            needle.is_empty()
                || [&line.name, &line.text]
                    .iter()
                    .any(|t| crate::text::fold::contains(&crate::text::fold::fold(t), &needle))
        };
        let mut keys = Vec::new();
        let mut heading = None;
        for (n, line) in self.all.iter().enumerate() {
            if line.heading {
                heading = Some(n);
            } else if hit(line) {
                keys.extend(heading.take());
                keys.push(n);
            }
        }
        self.rows.replace(keys);
    }
}

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    /// Sort the list by this column.
    Sort(&'static str),
    /// Go to the list of a kind.
    Kind(Kind),
    /// Narrow by a value of this column: which one is chosen next.
    FacetColumn(&'static str),
    /// Narrow by this value of the column (the inner nothing: rows without one), or no more.
    Facet(&'static str, Option<Option<String>>),
    /// Save the list as it is under a name.
    SaveView,
    /// Show the saved view of that name.
    View(String),
    /// Go to the list of a kind and show its saved view of that name.
    KindView(Kind, String),
    /// Compare from the state of this day on: up to which is chosen next.
    Since(crate::clock::Day),
    /// Compare from a day on that is typed.
    AskSince,
    /// Compare from this day's state up to that of a day that is typed.
    AskUntil(crate::clock::Day),
    /// Compare from the first day's state up to the other's, or to the present one.
    Until(crate::clock::Day, Option<crate::clock::Day>),
    /// Filter as last time.
    LastFilter,
    /// The list as it usually is.
    Usual,
    /// Write the file after all, over the one that is there.
    Replace(super::export::ExportFile),
    /// Go somewhere.
    Go(Target),
    /// Do what a key does.
    Act(Action),
    /// Change to the named source.
    Source(String),
    /// Judge by this day, or by the present one.
    AsOf(Option<crate::clock::Day>),
    /// Judge by a day that is typed.
    AskAsOf,
    /// Look as the theme of that name says.
    Theme(&'static str),
}

/// A choice among entries.
#[derive(Debug)]
pub struct Choice {
    /// What opened it, so that it can be said again in another language.
    pub from: Action,
    /// What is chosen.
    pub title: String,
    /// The entries: what is shown, a note, what it does.
    pub entries: Vec<(String, String, Pick)>,
    /// The selection, by position.
    pub rows: Rows<usize>,
}

impl Choice {
    /// A choice with the first entry selected.
    pub fn new(from: Action, title: String, entries: Vec<(String, String, Pick)>) -> Self {
        let mut rows = Rows::default();
        rows.replace((0..entries.len()).collect());
        Self {
            from,
            title,
            entries,
            rows,
        }
    }
}

/// The command palette: actions, screens and records by words or id.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The entries that match: what is shown, a note, what it does.
    pub entries: Vec<(String, String, Pick)>,
    /// The selection, by position.
    pub rows: Rows<usize>,
}
