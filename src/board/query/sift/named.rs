//! What names say in the columns of initiatives, folded once: every letter typed is looked for in them. It must not know filters.

use crate::board::Board;
use crate::board::columns::cells::Cells;
use crate::board::namers::Namers;
use crate::board::query::matcher::folded;
use crate::contract::packed::{CodeColumn, Lines, Names, Sym, letters};
use std::sync::Arc;

/// The columns whose values many rows say alike.
pub(super) const CODES: [CodeColumn; CodeColumn::COUNT] = [
    CodeColumn::Kind,
    CodeColumn::Stage,
    CodeColumn::Origin,
    CodeColumn::County,
    CodeColumn::Measure,
    CodeColumn::Project,
    CodeColumn::Sponsor,
    CodeColumn::Sector,
];

/// Names are all looked at before the rows are when they are no more than this: most words are in few of them, and then most chunks
/// need not be gone through.
pub(super) const FEW_NAMES: usize = if cfg!(test) { 24 } else { 512 };

/// How many names there are of which a column may have some.
pub(super) fn how_many(names: &Names, column: CodeColumn) -> usize {
    match column {
        CodeColumn::Kind | CodeColumn::Stage | CodeColumn::Origin => names.words.len(),
        CodeColumn::County | CodeColumn::Measure | CodeColumn::Project | CodeColumn::Sponsor => names.ids.len(),
        CodeColumn::Sector => names.texts.len(),
    }
}

/// What all names of a board say in each column.
pub struct Named {
    names: Arc<Names>,
    namers: Namers,
    known: usize,
    said: [Option<Lines>; CodeColumn::COUNT],
}

impl Named {
    /// What the names of a board say; columns of too many are left out.
    pub fn of(board: &Board) -> Self {
        let names = board.initiatives().names();
        let known = names.len();
        let cells = Cells::of(board);
        let said = CODES.map(|column| {
            let known = how_many(names, column);
            let syms = (0..).take(known + 1).map(Sym);
            (known <= FEW_NAMES).then(|| letters::lines(syms.map(|sym| folded(&cells.shared(column, sym), board))))
        });
        Self {
            names: Arc::clone(names),
            namers: Namers::of(board),
            known,
            said,
        }
    }

    /// True when a board knows the same names and calls them the same.
    pub fn are_of(&self, board: &Board) -> bool {
        let names = board.initiatives().names();
        Arc::ptr_eq(&self.names, names) && self.known == names.len() && self.namers.are_of(board)
    }

    /// What each name says in a column, by its number, nothing first; nothing when they are too many.
    pub fn said(&self, column: CodeColumn) -> Option<&Lines> {
        self.said.get(column as usize)?.as_ref()
    }
}
