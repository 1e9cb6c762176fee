//! An earlier state of the data beside the present one, so that what moved the wrong way since is a finding like any other. It must
//! not know where the earlier state was kept.

use super::work::Work;
use super::{Board, Delta};
use crate::clock::Day;
use crate::contract::{Id, Kind};
use std::sync::Arc;

/// An earlier state.
#[derive(Clone, Debug)]
pub struct Past {
    /// The day it was kept on.
    pub day: Day,
    /// The state; it has no past of its own.
    pub board: Board,
}

impl Past {
    /// A state kept on a day.
    pub fn new(day: Day, mut board: Board) -> Self {
        board.past = None;
        Self { day, board }
    }
}

impl Board {
    /// The earlier state the present one is held against, if there is one.
    pub fn past(&self) -> Option<&Arc<Past>> {
        self.past.as_ref()
    }

    /// Has no earlier state any more, for a board that becomes one itself: nothing is judged anew.
    pub fn forget_past(&mut self) {
        self.past = None;
    }

    /// Holds the present state against another earlier one, or against none.
    pub fn set_past(&mut self, past: Option<Arc<Past>>) -> Delta {
        let mut work = Work::default();
        let before = std::mem::replace(&mut self.past, past);
        for gone in self.gone_since(before.as_deref()) {
            work.reconsider(gone);
        }
        for gone in self.gone_since(self.past.as_deref()) {
            work.reconsider(gone);
        }
        work.everything();
        self.settle(work)
    }

    /// Records of an earlier state that are no more.
    pub(super) fn gone_since(&self, past: Option<&Past>) -> Vec<(Kind, Id)> {
        let Some(past) = past else { return Vec::new() };
        let of = |kind: &Kind| {
            let gone = past.board.ids(*kind).filter(|id| !self.contains(*kind, id.as_str()));
            gone.map(|id| (*kind, id)).collect::<Vec<_>>()
        };
        Kind::ALL.iter().flat_map(of).collect()
    }
}
