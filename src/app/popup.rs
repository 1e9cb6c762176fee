//! What lies over a screen: help, a choice, the command palette.

use super::input::Input;
use super::rows::Rows;
use super::screen::Target;
use crate::config::keymap::Action;
use crate::contract::Kind;

/// Something over the screen that takes the keys.
#[derive(Debug)]
pub enum Popup {
    /// Keys, columns and rules of the present screen.
    Help(Help),
    /// One of several things to choose.
    Choice(Choice),
    /// The command palette.
    Palette(Palette),
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
    /// Go somewhere.
    Go(Target),
    /// Do what a key does.
    Act(Action),
    /// Change to the named source.
    Source(String),
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
