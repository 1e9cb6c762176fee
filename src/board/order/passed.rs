//! The rows of an order that passed a filter, found as far as they are looked at: a screen shows the first of them after every key, and
//! few filters are read to their end. It must not know what filters ask.

use super::{Handle, Order, place};
use crate::board::query::Sifted;
use std::sync::{Arc, OnceLock};

/// Rows found at once: more than a screen shows.
const FIRST: usize = if cfg!(test) { 8 } else { 256 };
/// Rows of the order gone through for them; where so many pass so seldom, all are looked for.
const FAR: usize = if cfg!(test) { 24 } else { 1 << 15 };

/// The rows of an order that passed a filter, pinned ones first.
#[derive(Clone)]
pub struct Passed {
    order: Order,
    sifted: Sifted,
    pinned: Vec<Handle>,
    first: Vec<Handle>,
    all: OnceLock<Arc<Vec<Handle>>>,
}

impl Passed {
    /// The rows of an order that passed a filter of the same version, those of `pinned` that did before the others, as they
    /// stand there.
    pub fn of(order: &Order, sifted: &Sifted, pinned: Vec<Handle>) -> Self {
        let mut out = Self {
            order: order.clone(),
            sifted: sifted.clone(),
            pinned: Vec::new(),
            first: Vec::new(),
            all: OnceLock::new(),
        };
        for row in pinned {
            if has(sifted, row) && !out.pinned.contains(&row) {
                out.pinned.push(row);
            }
        }
        out.first = out.pinned.clone();
        let near = order.handles.iter().take(FAR);
        let passing = near.filter(|row| has(sifted, **row) && !out.pinned.contains(row));
        out.first.extend(passing.take(FIRST));
        out
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sifted.len()
    }

    /// True without one.
    pub fn is_empty(&self) -> bool {
        self.sifted.is_empty()
    }

    /// The row at a position.
    pub fn get(&self, at: usize) -> Option<Handle> {
        match self.first.get(at) {
            Some(row) => Some(*row),
            None if at < self.len() => self.all().get(at).copied(),
            None => None,
        }
    }

    /// The position of a row.
    pub fn position(&self, row: Handle) -> Option<usize> {
        let at = |rows: &[Handle]| rows.iter().position(|other| *other == row);
        match has(&self.sifted, row) {
            true => at(&self.first).or_else(|| at(self.all())),
            false => None,
        }
    }

    fn all(&self) -> &Vec<Handle> {
        self.all.get_or_init(|| {
            let rows = self.order.sifted(&self.sifted);
            if self.pinned.is_empty() {
                return rows;
            }
            let mut out = self.pinned.clone();
            out.reserve(rows.len());
            out.extend(rows.iter().filter(|row| !self.pinned.contains(row)));
            Arc::new(out)
        })
    }
}

/// True when a row passed.
fn has(sifted: &Sifted, row: Handle) -> bool {
    let place = place(row);
    sifted.masks().get(place.chunk).is_some_and(|mask| mask.has(place.row))
}
