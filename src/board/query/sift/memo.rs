//! Which names pass a test of a filter, and which rows say them. It must not know filters.

use super::named::FEW_NAMES;
use crate::contract::packed::{CodeColumn, Mask, Sought, Sym};
use std::sync::Arc;

/// What was found out of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memo {
    /// By their numbers; 0 where nothing was yet.
    found: Vec<u8>,
    /// Which pass, by their numbers, when all were looked at beforehand.
    pub(super) passing: Option<Arc<[bool]>>,
    /// True when all were and none passes.
    pub(super) is_of_nobody: bool,
}

const FAILS: u8 = 1;
const PASSES: u8 = 2;

impl Memo {
    #[inline]
    pub(super) fn get(&mut self, sym: Sym, find_out: impl FnOnce() -> bool) -> bool {
        match self.found.get(sym.0 as usize) {
            Some(&PASSES) => true,
            Some(&FAILS) => false,
            _ => self.found_out(sym, find_out),
        }
    }

    #[cold]
    fn found_out(&mut self, sym: Sym, find_out: impl FnOnce() -> bool) -> bool {
        let at = sym.0 as usize;
        if at >= self.found.len() {
            self.found.resize((at + 1).next_power_of_two(), 0);
        }
        match self.found.get_mut(at) {
            Some(slot) => {
                let yes = find_out();
                *slot = if yes { PASSES } else { FAILS };
                yes
            }
            None => find_out(),
        }
    }

    /// Looks at every name, nothing included, when there are few.
    pub(super) fn all(&mut self, known: usize, find_out: impl Fn(Sym) -> bool) {
        if known > FEW_NAMES {
            return;
        }
        let every = (0..).take(known + 1).map(Sym);
        let passing: Arc<[bool]> = every.map(|sym| self.get(sym, || find_out(sym))).collect();
        self.is_of_nobody = !passing.contains(&true);
        self.passing = Some(passing);
    }

    /// The names that pass.
    pub(super) fn sought(&self) -> Sought {
        match &self.passing {
            _ if self.is_of_nobody => Sought::Nobody,
            Some(passing) => Sought::These(Arc::clone(passing)),
            None => Sought::Anybody,
        }
    }
}

/// What a word makes of the names of all columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memos {
    pub(super) codes: [Memo; CodeColumn::COUNT],
    pub(super) results: Memo,
    /// Which words for how far one has come pass.
    pub(super) reached: [bool; 3],
}

impl Memos {
    /// Those of the columns, and of what came of visits.
    pub(super) fn all(&self) -> impl Iterator<Item = &Memo> {
        self.codes.iter().chain([&self.results])
    }

    /// True when it is known of every name whether it passes.
    pub(super) fn are_whole(&self) -> bool {
        self.all().all(|memo| memo.passing.is_some())
    }
}

/// The rows of every chunk that say something by a name, of those that were asked, as names and days stood then: while a word is typed on,
/// the names that hold it are soon the same at every letter.
#[derive(Debug)]
pub(super) struct Said {
    /// Which names pass.
    pub(super) memos: Memos,
    /// The rows.
    pub(super) masks: Box<[Mask]>,
}
