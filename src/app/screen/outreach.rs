//! Who goes to whom: bodies with the initiatives they went to, when last; and the initiatives nobody has gone to yet.

use super::Target;
use crate::app::rows::Rows;
use crate::board::Board;
use crate::board::outreach::{Pair, pairs};
use crate::board::query::Query;
use crate::board::rows::ListSpec;
use crate::contract::{Id, Kind};

/// The state of the screen.
#[derive(Debug)]
pub struct OutreachView {
    /// The body whose initiatives are shown; without one, all bodies.
    pub body: Option<Id>,
    /// The rows: bodies, or initiatives of the body; nothing for the initiatives nobody has gone to.
    pub rows: Rows<Option<Id>>,
    /// What there is to say of each row, in their order.
    pub pairs: Vec<Pair>,
}

impl OutreachView {
    /// All bodies, or the initiatives one went to.
    pub fn new(body: Option<Id>, board: &Board) -> Self {
        let mut screen = Self {
            body,
            rows: Rows::default(),
            pairs: Vec::new(),
        };
        screen.refresh(board);
        screen
    }

    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board) {
        self.pairs = pairs(board, self.body.as_ref());
        let keys = self.pairs.iter().map(|pair| pair.id.clone()).collect();
        self.rows.reconcile(keys, |_| None);
    }

    /// Where Enter leads: nobody's initiatives, those of a body, or the initiative.
    pub fn target(&self) -> Option<Target> {
        match (self.rows.selected()?, &self.body) {
            (None, _) => Some(Target::List(ListSpec {
                query: Query::parse("is:unapproached", Kind::Initiative).unwrap_or_default(),
                ..super::list::of(Kind::Initiative)
            })),
            (Some(body), None) => Some(Target::Outreach(Some(body.clone()))),
            (Some(initiative), Some(_)) => Some(Target::Record(Kind::Initiative, initiative.clone())),
        }
    }
}
