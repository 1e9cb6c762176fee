//! What a commit does to the counts and checksums, worked out before anything is written: the same for every store.

use super::{Commit, Committed, Expect, Kept, Operation};
use crate::contract::feed::{Kinds, Rev};

/// What a commit will do.
#[derive(Debug)]
pub struct Planned {
    /// The revision it makes.
    pub rev: Rev,
    /// Counts and checksums behind it.
    pub kinds: Kinds,
    /// The revision each operation replaces, if there was a live record.
    pub before: Vec<Option<Rev>>,
}

/// Holds every operation against what stands in the store, and works out what comes of it.
///
/// # Errors
/// [`Committed::Stale`] for the first operation that does not find what it expects.
pub fn plan(commit: &Commit, head: Rev, mut kinds: Kinds, kept: Vec<Option<Kept>>) -> Result<Planned, Committed> {
    let rev = head + 1;
    let mut before = Vec::with_capacity(kept.len());
    for (nth, (operation, kept)) in commit.operations.iter().zip(kept).enumerate() {
        let live = kept.as_ref().filter(|kept| kept.obj.is_some()).map(|kept| kept.rev);
        if !finds(operation, live) {
            return Err(Committed::Stale(nth, kept));
        }
        let state = kinds.entry(operation.kind.as_str().to_owned()).or_default();
        if let Some(old) = live {
            state.remove(operation.id.as_str(), old);
        }
        if operation.obj.is_some() {
            state.add(operation.id.as_str(), rev);
        }
        before.push(live);
    }
    Ok(Planned { rev, kinds, before })
}

fn finds(operation: &Operation, live: Option<Rev>) -> bool {
    match operation.expect {
        Expect::Absent => live.is_none(),
        Expect::At(rev) => live == Some(rev),
    }
}
