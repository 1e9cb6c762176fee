//! Counties of one kind of initiative: between the kind and its initiatives on the way down.

use super::Target;
use crate::app::rows::Rows;
use crate::board::query::Query;
use crate::board::rows::{ListSpec, Scope};
use crate::board::{Board, Tally};
use crate::contract::{Id, InitiativeKind, Kind};

/// One county's share; without an id, initiatives that name no county.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct County {
    /// The county.
    pub id: Option<Id>,
    /// Its counts of the kind.
    pub tally: Tally,
}

/// The state of the screen.
#[derive(Debug)]
pub struct Counties {
    /// The kind of initiative.
    pub initiative_kind: InitiativeKind,
    /// The counties, most initiatives first.
    pub rows: Rows<Option<Id>>,
    /// Their figures, in the order of the rows.
    pub figures: Vec<County>,
}

impl Counties {
    /// The counties of a kind of initiative.
    pub fn new(initiative_kind: InitiativeKind, board: &Board) -> Self {
        let mut screen = Self {
            initiative_kind,
            rows: Rows::default(),
            figures: Vec::new(),
        };
        screen.refresh(board);
        screen
    }

    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board) {
        self.figures = count(board, &self.initiative_kind);
        let keys = self.figures.iter().map(|county| county.id.clone()).collect();
        self.rows.reconcile(keys, |_| None);
    }

    /// Where Enter leads: the initiatives of the county.
    pub fn target(&self) -> Option<Target> {
        let county = self.rows.selected()?;
        let kind = Kind::Initiative;
        let scope = Scope::of(kind, "initiative_kind", self.initiative_kind.as_str());
        let (scope, query) = match county {
            Some(id) => (scope.with(kind, "county", id.as_str()), Query::default()),
            None => (scope, Query::parse("county:—", kind).unwrap_or_default()),
        };
        Some(Target::List(ListSpec {
            scope: Some(scope),
            query,
            ..super::list::of(kind)
        }))
    }
}

/// Every county of the headquarters, with nothing as well, then any other the initiatives name.
fn count(board: &Board, kind: &InitiativeKind) -> Vec<County> {
    let counties = board
        .headquarters()
        .map(|hq| hq.counties.iter().map(|c| c.id.clone()).collect::<Vec<_>>());
    let mut out: Vec<County> = counties
        .unwrap_or_default()
        .into_iter()
        .map(|id| County {
            id: Some(id),
            ..County::default()
        })
        .collect();
    for (county, tally) in board.participation().counties(kind) {
        match out.iter_mut().find(|c| c.id.as_ref() == county) {
            Some(known) => known.tally = tally.clone(),
            None => out.push(County {
                id: county.cloned(),
                tally: tally.clone(),
            }),
        }
    }
    // Stable: equal counts stay in the headquarters' own order of counties.
    out.sort_by_key(|county| std::cmp::Reverse(county.tally.count));
    out
}
