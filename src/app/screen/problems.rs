//! What reading the source found wrong, one line each.

use crate::app::rows::Rows;
use crate::board::Board;

/// The state of the screen.
#[derive(Debug, Default)]
pub struct ProblemList {
    /// Positions in the board's list of problems.
    pub rows: Rows<usize>,
}

impl ProblemList {
    /// Takes a newer board.
    pub fn refresh(&mut self, board: &Board) {
        self.rows.reconcile((0..board.problems().len()).collect(), |_| None);
    }
}
