//! What differs between an earlier state and the present one, or between two earlier ones; what arrived last comes first.

use crate::app::rows::Rows;
use crate::board::compare::{Comparison, RecordChange, compare};
use crate::board::report::Teller;
use crate::board::{Board, Fate, Past};
use crate::clock::Day;
use crate::contract::{Id, Kind};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// Which of the changes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// What moved the wrong way: planned dates rewritten, figures that fell.
    Wrong,
    /// Records that appeared.
    Appeared,
    /// Records that changed.
    Changed,
    /// Records that vanished.
    Vanished,
}

impl Show {
    /// All choices, in the order Tab visits them.
    pub const ALL: [Self; 5] = [Self::All, Self::Wrong, Self::Appeared, Self::Changed, Self::Vanished];

    /// The choice Tab goes to.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The choice Shift-Tab goes to.
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + Self::ALL.len() - 1) % Self::ALL.len()]
    }

    /// The catalogue key of its name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::All => "change.all",
            Self::Wrong => "change.wrong",
            Self::Appeared => "change.appeared",
            Self::Changed => "change.changed",
            Self::Vanished => "change.vanished",
        }
    }

    fn holds(self, change: &RecordChange) -> bool {
        match self {
            Self::All => true,
            Self::Wrong => !change.moved.is_empty(),
            Self::Appeared => change.fate == Fate::Appeared,
            Self::Changed => change.fate == Fate::Changed,
            Self::Vanished => change.fate == Fate::Vanished,
        }
    }
}

/// When records last changed while the program ran: the later, the greater.
pub type Arrivals = HashMap<(Kind, Id), u64>;

/// The state of the screen.
#[derive(Debug, Default)]
pub struct Changes {
    /// The earlier state.
    pub from: Option<Arc<Past>>,
    /// The later state; nothing means the present one.
    pub to: Option<Arc<Past>>,
    /// The day the earlier state was asked for by.
    pub wanted_from: Option<Day>,
    /// Nobody chose that day: where there is no state that old, the newest earlier one will do.
    pub newest_will_do: bool,
    /// The day the later state was asked for by.
    pub wanted_to: Option<Day>,
    /// Days a state was kept on, newest first, once they are known.
    pub days: Vec<Day>,
    /// Who tells the earlier state.
    pub teller: Teller,
    /// True once it is known whether there is an earlier state.
    pub answered: bool,
    /// True when the states to compare are to be offered as soon as they are known.
    pub offer: bool,
    /// Which changes are shown.
    pub show: Show,
    /// How many there are of each choice, in the order of [`Show::ALL`].
    pub counts: [usize; 5],
    /// The records that changed.
    pub rows: Rows<(Kind, Id)>,
    /// Their changes, in the order of the rows.
    pub changes: Vec<RecordChange>,
}

impl Changes {
    /// True while a state asked for has not come.
    pub fn is_waiting(&self) -> bool {
        let from = self.from.is_none() && !self.answered;
        from || (self.wanted_to.is_some() && self.to.is_none())
    }

    /// The later state.
    pub fn later<'a>(&'a self, board: &'a Board) -> &'a Board {
        self.to.as_ref().map_or(board, |to| &to.board)
    }

    /// Takes a state that was found.
    pub fn found(&mut self, asked: Day, past: Option<Arc<Past>>, days: &[Day], teller: Teller) {
        self.days = days.to_vec();
        if self.wanted_from == Some(asked) {
            self.from = past.clone();
            self.answered = true;
            self.teller = teller;
        }
        if self.wanted_to == Some(asked) {
            self.to = past;
        }
    }

    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board, arrivals: &Arrivals) {
        let compared = match &self.from {
            Some(from) if !(self.wanted_to.is_some() && self.to.is_none()) => compare(&from.board, self.later(board)),
            _ => Comparison::default(),
        };
        self.counts = Show::ALL.map(|show| compared.records.iter().filter(|change| show.holds(change)).count());
        let mut changes: Vec<RecordChange> = compared
            .records
            .into_iter()
            .filter(|change| self.show.holds(change))
            .collect();
        let later = self.later(board);
        let live = self.to.is_none();
        changes.sort_by_cached_key(|change| {
            let arrival = live
                .then(|| arrivals.get(&(change.kind, change.id.clone())).copied())
                .flatten();
            let record = later.record(change.kind, change.id.as_str());
            let updated = record.and_then(|record| record.updated().map(|moment| moment.day(board.zone())));
            (Reverse(arrival), Reverse(updated), change.kind, change.id.clone())
        });
        let keys = changes.iter().map(|change| (change.kind, change.id.clone())).collect();
        self.changes = changes;
        self.rows.reconcile(keys, |_| None);
    }
}
