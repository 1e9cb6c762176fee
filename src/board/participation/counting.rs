//! All initiatives counted at once: by the numbers of what they name, which are told apart faster than the names. It must not know
//! what becomes of the counts.

use super::{Direction, Participation, Tally, Words};
use crate::clock::Day;
use crate::contract::InitiativeKind;
use crate::contract::packed::{Chunk, CodeColumn, Names, Sym};
use std::collections::HashMap;

/// A kind and a county.
type Pair = (Sym, Sym);

/// Initiatives being counted.
#[derive(Default)]
pub(in crate::board) struct Counting {
    /// By kind and county.
    spots: Vec<(Pair, Tally)>,
    places: HashMap<Pair, usize>,
    /// How many of a kind were identified on a day.
    arrivals: HashMap<(Sym, Day), u32>,
}

impl Counting {
    /// Adds every row of a chunk.
    pub(in crate::board) fn add(&mut self, chunk: &Chunk, names: &Names, on: Day) {
        let (kinds, counties) = (chunk.codes(CodeColumn::Kind), chunk.codes(CodeColumn::County));
        let words = Words::of(chunk, names);
        // Few kinds and counties share many rows: each pair is looked up once a chunk.
        let width = counties.names().len();
        let mut met: Vec<Option<usize>> = vec![None; kinds.names().len() * width];
        for row in 0..chunk.len() {
            let Some(counted) = words.counted(row) else { continue };
            let code = |rows: &[u8]| rows.get(row).map_or(0, |code| usize::from(*code));
            let pair = (kinds.get(row), counties.get(row));
            let known = met.get_mut(code(kinds.rows()) * width + code(counties.rows()));
            let place = match &known {
                Some(Some(place)) => *place,
                _ => self.place(pair),
            };
            if let Some(known) = known {
                *known = Some(place);
            }
            if let Some((_, tally)) = self.spots.get_mut(place) {
                tally.change(&counted, on, Direction::In);
            }
            if let [Some(day), ..] = counted.days {
                *self.arrivals.entry((pair.0, day)).or_default() += 1;
            }
        }
    }

    fn place(&mut self, pair: Pair) -> usize {
        *self.places.entry(pair).or_insert_with(|| {
            self.spots.push((pair, Tally::default()));
            self.spots.len() - 1
        })
    }

    /// Adds what was counted to what it amounts to.
    pub(in crate::board) fn add_to(&self, out: &mut Participation, names: &Names) {
        let kind_of = |sym| InitiativeKind::from(names.words.get(sym).map_or("", |word| word.as_str()));
        for ((kind, county), tally) in &self.spots {
            let (kind, county) = (kind_of(*kind), names.ids.get(*county).cloned());
            out.all.tally.merge(tally);
            out.kinds.entry(kind.clone()).or_default().tally.merge(tally);
            out.spots.entry((kind, county)).or_default().merge(tally);
        }
        for ((kind, day), count) in &self.arrivals {
            *out.all.arrivals.entry(*day).or_default() += count;
            *out.kinds
                .entry(kind_of(*kind))
                .or_default()
                .arrivals
                .entry(*day)
                .or_default() += count;
        }
    }
}
