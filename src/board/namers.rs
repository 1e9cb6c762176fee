//! What a board calls records by. It must not know what is done with the names.

use super::{Board, Frame, store};
use crate::clock::Day;
use crate::contract::{Agency, Enterprise, Measure, Project};
use std::sync::Arc;

/// All that names come from besides the initiatives: two boards with the same call everything alike.
#[derive(Clone)]
pub(super) struct Namers {
    frame: Arc<Frame>,
    today: Day,
    measures: store::Table<Measure>,
    projects: store::Table<Project>,
    agencies: store::Table<Agency>,
    enterprises: store::Table<Enterprise>,
}

impl Namers {
    /// Those of a board.
    pub(super) fn of(board: &Board) -> Self {
        Self {
            frame: Arc::clone(&board.frame),
            today: board.today,
            measures: board.tables.measures.clone(),
            projects: board.tables.projects.clone(),
            agencies: board.tables.agencies.clone(),
            enterprises: board.tables.enterprises.clone(),
        }
    }

    /// True when no other record, no setting and no day has changed.
    pub(super) fn are_of(&self, board: &Board) -> bool {
        Arc::ptr_eq(&self.frame, &board.frame)
            && self.today == board.today
            && self.measures.is_same(&board.tables.measures)
            && self.projects.is_same(&board.tables.projects)
            && self.agencies.is_same(&board.tables.agencies)
            && self.enterprises.is_same(&board.tables.enterprises)
    }
}
