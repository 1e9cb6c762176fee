//! What rules asked of the board before: a million subjects name the same few records. It must not know the rules.

use super::Context;
use crate::board::reference::Target;
use crate::clock::Day;
use crate::contract::{Id, Record};
use std::cell::{Cell, RefCell};

/// References remembered at a time, each in its own place.
const PLACES: usize = 256;
/// Subjects looked at before anything is remembered: for a few it costs more than it saves.
const FEW: u32 = 16;

/// What was asked before.
#[derive(Default)]
pub(super) struct Memo {
    subjects: Cell<u32>,
    /// References that lead somewhere, or may.
    leading: RefCell<Vec<Option<(Target, Id)>>>,
    /// What the subject was in the earlier state, once that has been asked.
    earlier: RefCell<Option<Option<(Day, Record)>>>,
}

impl Memo {
    /// Another subject is looked at.
    pub(super) fn next(&self) {
        self.subjects.set(self.subjects.get().saturating_add(1));
        self.earlier.take();
    }
}

/// The place of an id, by how it ends: of many ids alike the ends differ.
fn place(id: &Id) -> usize {
    let bytes = id.as_str().as_bytes();
    let ends = bytes.iter().rev().take(4);
    ends.fold(bytes.len(), |sum, byte| sum * 31 + usize::from(*byte)) % PLACES
}

impl Context<'_> {
    /// As [`crate::board::Board::may_exist`].
    pub(super) fn may_exist(&self, target: Target, id: &Id) -> bool {
        if self.memo.subjects.get() < FEW {
            return self.board.may_exist(target, id);
        }
        let mut leading = self.memo.leading.borrow_mut();
        if leading.is_empty() {
            leading.resize(PLACES, None);
        }
        let Some(slot) = leading.get_mut(place(id)) else {
            return self.board.may_exist(target, id);
        };
        if slot.as_ref().is_some_and(|(of, known)| *of == target && known == id) {
            return true;
        }
        let may = self.board.may_exist(target, id);
        if may {
            *slot = Some((target, id.clone()));
        }
        may
    }

    /// The subject in the earlier state the board is held against, and that state's day.
    pub(super) fn before(&self, subject: &Record) -> Option<(Day, Record)> {
        let past = self.board.past()?;
        let mut earlier = self.memo.earlier.borrow_mut();
        earlier
            .get_or_insert_with(|| Some((past.day, past.board.record(subject.kind(), subject.id().as_str())?)))
            .clone()
    }
}
