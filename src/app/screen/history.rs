//! What a record was in every kept state: which field said what, and from when on.

use crate::app::rows::Rows;
use crate::app::words;
use crate::board::Board;
use crate::board::columns::Style;
use crate::board::compare::{fields, moved};
use crate::board::report::Teller;
use crate::clock::Day;
use crate::contract::{Id, Kind, Record};
use crate::i18n;

/// One thing that was different from the state before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The day of the state in which it was so for the first time; nothing for the present state.
    pub day: Option<Day>,
    /// The title of the field; empty where the record itself came or went.
    pub label: String,
    /// What it was and what it became.
    pub text: String,
    /// True when it moved the wrong way.
    pub wrong: bool,
}

/// The state of the screen.
#[derive(Debug)]
pub struct History {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: Id,
    /// True once the kept states have been looked through.
    pub answered: bool,
    /// How many states were looked through.
    pub states: usize,
    /// Who told them.
    pub teller: Teller,
    /// What changed, newest first.
    pub lines: Vec<Line>,
    /// The selection, by position.
    pub rows: Rows<usize>,
}

impl History {
    /// The history of a record, before it is known.
    pub fn new(kind: Kind, id: Id) -> Self {
        Self {
            kind,
            id,
            answered: false,
            states: 0,
            teller: Teller::Kept,
            lines: Vec::new(),
            rows: Rows::default(),
        }
    }

    /// Takes the kept states, newest first; the present one stands before them.
    pub fn found(&mut self, board: &Board, style: &Style, states: &[(Day, Option<Record>)], teller: Teller) {
        self.answered = true;
        // An endpoint's oldest version is followed by what was before it: nothing.
        self.states = match teller {
            Teller::Endpoint => states.iter().filter(|(_, record)| record.is_some()).count(),
            Teller::Kept | Teller::Instead(_) => states.len(),
        };
        self.teller = teller;
        self.lines.clear();
        let present = (None, board.record(self.kind, self.id.as_str()));
        let kept = states.iter().map(|(day, record)| (Some(*day), record.clone()));
        let all: Vec<(Option<Day>, Option<Record>)> = std::iter::once(present).chain(kept).collect();
        for pair in all.windows(2) {
            if let [(day, newer), (_, older)] = pair {
                self.step(*day, older.as_ref(), newer.as_ref(), board, style);
            }
        }
        self.rows.replace((0..self.lines.len()).collect());
    }

    fn step(&mut self, day: Option<Day>, older: Option<&Record>, newer: Option<&Record>, board: &Board, style: &Style) {
        let came = |key: &'static str| Line {
            day,
            label: String::new(),
            text: i18n::t(style.lang, key).to_owned(),
            wrong: key == "change.vanished",
        };
        match (older, newer) {
            (None, None) => {}
            (None, Some(_)) => self.lines.push(came("change.appeared")),
            (Some(_), None) => self.lines.push(came("change.vanished")),
            (Some(older), Some(newer)) => {
                let wrong = moved(older, newer);
                self.lines.extend(wrong.iter().map(|moved| Line {
                    day,
                    label: i18n::t(style.lang, "change.wrong").to_owned(),
                    text: words::moved(moved, board, style),
                    wrong: true,
                }));
                let changed = fields(older, newer).into_iter().filter(|field| field.name != "updated");
                self.lines.extend(changed.map(|field| Line {
                    day,
                    label: words::field(style.lang, newer.kind(), &field.name).to_owned(),
                    text: words::was_and_is(&field, newer, board, style),
                    wrong: false,
                }));
            }
        }
    }
}
