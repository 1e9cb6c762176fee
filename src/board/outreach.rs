//! Who goes to whom: contacts of agencies and enterprises with initiatives. It must not know screens.

use super::Board;
use super::initiatives::in_parts;
use crate::clock::Day;
use crate::contract::packed::{Chunk, CodeColumn, Names, Sym};
use crate::contract::{Id, Stage, Text};
use std::collections::HashMap;
use std::sync::Arc;

/// What there is to say of a body, of an initiative it went to, or of those nobody went to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// The body or the initiative; nothing for the initiatives nobody went to.
    pub id: Option<Id>,
    /// Initiatives gone to; of the last kind, those nobody went to.
    pub initiatives: usize,
    /// Contacts, several with one initiative too.
    pub contacts: usize,
    /// The day of the last contact.
    pub last: Option<Day>,
    /// Initiatives the body stands by.
    pub sponsored: usize,
    /// Of these, how many it has not gone to itself.
    pub unvisited: usize,
    /// What came of the last contact.
    pub result: Option<Text>,
}

/// True for an initiative that is still to be gone to, as long as nobody has.
pub(super) fn is_open(stage: &Stage) -> bool {
    !matches!(stage, Stage::Closed)
}

/// Every body that stands by an initiative or went to one, those that have not gone for the longest first, after the initiatives nobody
/// went to; or, of one body, the initiatives it went to, the last contact first. Contacts dated ahead of today are no contacts yet.
pub fn pairs(board: &Board, body: Option<&Id>) -> Vec<Pair> {
    match body {
        Some(body) => of_body(board, body),
        None => bodies(board),
    }
}

fn bodies(board: &Board) -> Vec<Pair> {
    let table = board.initiatives();
    let count = |(): &mut (), chunks: &[Arc<Chunk>]| {
        let mut part = Part::default();
        for chunk in chunks {
            part.add(chunk, table.names(), board.today());
        }
        part
    };
    let parts = in_parts(table, || (), count);
    let mut all = Part::default();
    for part in parts {
        all.nobody += part.nobody;
        for (body, part) in part.bodies {
            let pair = all.bodies.entry(body).or_default();
            pair.initiatives += part.initiatives;
            pair.contacts += part.contacts;
            pair.last = pair.last.max(part.last);
            pair.sponsored += part.sponsored;
            pair.unvisited += part.unvisited;
        }
    }
    let named = |(body, pair): (Sym, Pair)| {
        let id = table.names().ids.get(body)?.clone();
        Some(Pair { id: Some(id), ..pair })
    };
    let mut out: Vec<Pair> = all.bodies.into_iter().filter_map(named).collect();
    // Whoever never went comes before whoever went long ago.
    out.sort_by(|a, b| a.last.cmp(&b.last).then_with(|| a.id.cmp(&b.id)));
    if all.nobody > 0 {
        let nobody = Pair {
            initiatives: all.nobody,
            ..Pair::default()
        };
        out.insert(0, nobody);
    }
    out
}

/// What some of the initiatives say of the bodies.
#[derive(Default)]
struct Part {
    bodies: HashMap<Sym, Pair>,
    /// Initiatives nobody went to.
    nobody: usize,
}

impl Part {
    fn add(&mut self, chunk: &Chunk, names: &Names, today: Day) {
        let (stages, sponsors) = (chunk.codes(CodeColumn::Stage), chunk.codes(CodeColumn::Sponsor));
        let open: Vec<bool> = stages
            .names()
            .iter()
            .map(|stage| is_open(&Stage::from(names.words.get(*stage).map_or("", |stage| stage.as_str()))))
            .collect();
        for row in 0..chunk.len() {
            let sponsor = sponsors.get(row);
            let held = || chunk.visits(row).filter(move |visit| visit.on <= today);
            let (mut any, mut own) = (false, false);
            for (at, visit) in held().enumerate() {
                any = true;
                own |= visit.by == sponsor;
                let pair = self.bodies.entry(visit.by).or_default();
                pair.contacts += 1;
                pair.last = pair.last.max(Some(visit.on));
                // Whoever went twice went to one initiative.
                let again = held().take(at).any(|earlier| earlier.by == visit.by);
                pair.initiatives += usize::from(!again);
            }
            let stage = stages.rows().get(row).map_or(0, |code| usize::from(*code));
            if !any && open.get(stage).copied().unwrap_or_default() {
                self.nobody += 1;
            }
            if sponsor != Sym::NONE {
                let pair = self.bodies.entry(sponsor).or_default();
                pair.sponsored += 1;
                pair.unvisited += usize::from(!own);
            }
        }
    }
}

fn of_body(board: &Board, body: &Id) -> Vec<Pair> {
    let mut out: Vec<Pair> = board
        .initiatives_visited_by(body.as_str())
        .filter_map(|initiative| {
            let held = initiative
                .outreach
                .iter()
                .filter(|c| c.by == *body && c.on <= board.today());
            let last = held.clone().max_by_key(|contact| contact.on)?;
            Some(Pair {
                id: Some(initiative.id.clone()),
                initiatives: 1,
                contacts: held.count(),
                last: Some(last.on),
                result: last.result.clone(),
                ..Pair::default()
            })
        })
        .collect();
    out.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.id.cmp(&b.id)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::query::tests_of_sift::{board, initiative};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The same, record by record.
    fn plainly(board: &Board) -> Vec<Pair> {
        let mut bodies: BTreeMap<Id, (Pair, BTreeSet<Id>)> = BTreeMap::new();
        let mut nobody = Pair::default();
        for initiative in board.initiatives().iter() {
            let held: Vec<_> = initiative
                .outreach
                .iter()
                .filter(|contact| contact.on <= board.today())
                .collect();
            for contact in &held {
                let (pair, seen) = bodies.entry(contact.by.clone()).or_default();
                pair.contacts += 1;
                pair.last = pair.last.max(Some(contact.on));
                seen.insert(initiative.id.clone());
            }
            nobody.initiatives += usize::from(held.is_empty() && is_open(&initiative.stage));
            if let Some(sponsor) = &initiative.sponsor {
                let (pair, _) = bodies.entry(sponsor.clone()).or_default();
                pair.sponsored += 1;
                pair.unvisited += usize::from(!held.iter().any(|contact| contact.by == *sponsor));
            }
        }
        let counted = |(id, (pair, seen)): (Id, (Pair, BTreeSet<Id>))| Pair {
            id: Some(id),
            initiatives: seen.len(),
            ..pair
        };
        let mut out: Vec<Pair> = bodies.into_iter().map(counted).collect();
        out.sort_by(|a, b| a.last.cmp(&b.last).then_with(|| a.id.cmp(&b.id)));
        if nobody.initiatives > 0 {
            out.insert(0, nobody);
        }
        out
    }

    proptest! {
        #[test]
        fn contacts_counted_in_columns_are_those_of_the_records(initiatives in prop::collection::vec(initiative(), 0..30)) {
            let board = board(&initiatives);
            prop_assert_eq!(pairs(&board, None), plainly(&board));
        }
    }
}
