//! Who goes to whom: contacts of agencies and enterprises with initiatives. It must not know screens.

use super::Board;
use crate::clock::Day;
use crate::contract::{Id, Stage, Text};
use std::collections::{BTreeMap, BTreeSet};

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

/// True for an initiative that is still to be gone to.
fn is_open(stage: &Stage) -> bool {
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
    let mut bodies: BTreeMap<Id, (Pair, BTreeSet<Id>)> = BTreeMap::new();
    let mut nobody = Pair::default();
    for initiative in board.initiatives().iter() {
        let held = initiative.outreach.iter().filter(|contact| contact.on <= board.today());
        let mut any = false;
        for contact in held {
            any = true;
            let (pair, seen) = bodies.entry(contact.by.clone()).or_default();
            pair.contacts += 1;
            pair.last = pair.last.max(Some(contact.on));
            seen.insert(initiative.id.clone());
        }
        if !any && is_open(&initiative.stage) {
            nobody.initiatives += 1;
        }
        if let Some(sponsor) = &initiative.sponsor {
            let own = initiative
                .outreach
                .iter()
                .any(|c| c.by == *sponsor && c.on <= board.today());
            let (pair, _) = bodies.entry(sponsor.clone()).or_default();
            pair.sponsored += 1;
            pair.unvisited += usize::from(!own);
        }
    }
    let mut out: Vec<Pair> = bodies
        .into_iter()
        .map(|(id, (pair, seen))| Pair {
            id: Some(id),
            initiatives: seen.len(),
            ..pair
        })
        .collect();
    // Whoever never went comes before whoever went long ago.
    out.sort_by(|a, b| a.last.cmp(&b.last).then_with(|| a.id.cmp(&b.id)));
    if nobody.initiatives > 0 {
        out.insert(0, nobody);
    }
    out
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
