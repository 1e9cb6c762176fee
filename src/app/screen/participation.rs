//! Participation told apart by kind, county or sector: how far it has come, what is new, and the figures of each step.

use super::Target;
use crate::app::rows::Rows;
use crate::board::participation::By;
use crate::board::query::Query;
use crate::board::rows::{ListSpec, Scope};
use crate::board::{Board, Tally};
use crate::contract::{Id, InitiativeKind, Kind};
use smol_str::SmolStr;

/// Which figures stand in the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figures {
    /// The funnel, and new against existing.
    #[default]
    Funnel,
    /// Jobs by step.
    Jobs,
    /// Capital by step.
    Capital,
}

impl Figures {
    /// All of them, in the order the key goes through.
    pub const ALL: [Self; 3] = [Self::Funnel, Self::Jobs, Self::Capital];

    /// The next ones.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The catalogue key of their name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Funnel => "part.funnel",
            Self::Jobs => "part.jobs",
            Self::Capital => "part.capital",
        }
    }
}

/// The state of the screen.
#[derive(Debug)]
pub struct ParticipationView {
    /// What the rows are.
    pub by: By,
    /// Which figures are shown.
    pub figures: Figures,
    /// Only this kind of initiative.
    pub kind: Option<InitiativeKind>,
    /// Only this county.
    pub county: Option<Id>,
    /// The rows: a kind, a county's id or a sector; nothing for initiatives that name none.
    pub rows: Rows<Option<SmolStr>>,
    /// Their counts, in the order of the rows.
    pub tallies: Vec<Tally>,
    /// All of them together.
    pub all: Tally,
}

impl ParticipationView {
    /// The participation, narrowed where it was opened from.
    pub fn new(by: By, figures: Figures, kind: Option<InitiativeKind>, county: Option<Id>, board: &Board) -> Self {
        let mut screen = Self {
            by,
            figures,
            kind,
            county,
            rows: Rows::default(),
            tallies: Vec::new(),
            all: Tally::default(),
        };
        screen.refresh(board);
        screen
    }

    /// Goes on to the next way of telling apart; what the screen is narrowed to is no way.
    pub fn turn(&mut self, by: isize, board: &Board) {
        let ways: Vec<By> = By::ALL
            .into_iter()
            .filter(|way| match way {
                By::Kind => self.kind.is_none(),
                By::County => self.county.is_none(),
                By::Sector => true,
            })
            .collect();
        let at = ways.iter().position(|way| *way == self.by).unwrap_or(0);
        let to = at.wrapping_add_signed(by) % ways.len().max(1);
        // One before the first is the last.
        let to = if by < 0 && at == 0 { ways.len() - 1 } else { to };
        self.by = ways.get(to).copied().unwrap_or(self.by);
        self.rows = Rows::default();
        self.refresh(board);
    }

    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board) {
        let groups = board.told_apart(self.by, self.kind.as_ref(), self.county.as_ref());
        self.all = groups.all;
        let (keys, tallies) = groups.rows.into_iter().unzip();
        self.tallies = tallies;
        self.rows.reconcile(keys, |_| None);
    }

    /// Where Enter leads: a kind to its counties, everything else to the initiatives themselves.
    pub fn target(&self) -> Option<Target> {
        let key = self.rows.selected()?;
        if let (By::Kind, Some(kind), None) = (self.by, key, &self.county) {
            return Some(Target::Participation {
                by: By::County,
                figures: self.figures,
                kind: Some(InitiativeKind::from(kind.as_str())),
                county: None,
            });
        }
        let kind = Kind::Initiative;
        let mut scope = Scope::default();
        if let Some(known) = &self.kind {
            scope = scope.with(kind, "initiative_kind", known.as_str());
        }
        if let Some(county) = &self.county {
            scope = scope.with(kind, "county", county.as_str());
        }
        let field = match self.by {
            By::Kind => "initiative_kind",
            By::County => "county",
            By::Sector => "sector",
        };
        let query = match key {
            Some(key) => {
                scope = scope.with(kind, field, key.as_str());
                Query::default()
            }
            None => Query::parse(&format!("{field}:—"), kind).unwrap_or_default(),
        };
        Some(Target::List(ListSpec {
            scope: Some(scope),
            query,
            ..super::list::of(kind)
        }))
    }
}
