//! A document laid over a store, record by record: what is new, what differs, what has vanished; then in batches, each one
//! revision. What somebody else changes meanwhile stops it.

use super::store::{Commit, Committed, Expect, Operation, Row, Store, Trouble};
use super::{MAX_BODY, author, secret};
use crate::contract::feed::{BATCH_OPERATIONS, Rev, Subject};
use crate::contract::{Headquarters, Id, Kind, Record};
use jiff::Timestamp;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of one batch at most: what could have come over the network, too.
const BATCH_BYTES: usize = MAX_BODY / 2;

/// What happens to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// The store does not have it.
    New,
    /// The store has another version.
    Changed,
    /// The store has it, the document does not.
    Vanished,
}

/// One record that differs.
pub type Difference = (Fate, Operation);

/// A document as it is laid over a store.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    /// The headquarters.
    pub headquarters: Option<Arc<Headquarters>>,
    /// Each kind's records.
    pub kinds: Vec<(Kind, Vec<Record>)>,
}

/// What an import will do, or did.
#[derive(Debug, Default)]
pub struct Plan {
    /// What differs, in the order it is written.
    pub differences: Vec<Difference>,
    /// Records that are the same, by kind.
    pub same: HashMap<Subject, usize>,
}

/// Why an import ended early; what was committed before stays.
#[derive(Debug)]
pub enum Stopped {
    /// The store.
    Trouble(Trouble),
    /// Somebody else changed this record meanwhile: its kind and id.
    Stale(Subject, Id),
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

type Known = HashMap<(SmolStr, SmolStr), (Rev, u64)>;

fn mark(text: &str) -> u64 {
    twox_hash::XxHash3_64::oneshot(text.as_bytes())
}

/// Works out what differs from a store, or from an empty one; `delete` whether what has vanished is deleted.
///
/// # Errors
/// When the store does not answer.
pub async fn plan(store: Option<&dyn Store>, incoming: &Incoming, delete: bool) -> Result<Plan, Trouble> {
    let known = Arc::new(Mutex::new(Known::new()));
    let taken = Arc::clone(&known);
    let take = move |row: Row| {
        if let Some(obj) = row.obj {
            let mut known = taken.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert((row.kind, row.id), (row.rev, mark(&obj)));
        }
    };
    if let Some(store) = store {
        store.whole(Box::new(take)).await?;
    }
    let mut known = std::mem::take(&mut *known.lock().unwrap_or_else(PoisonError::into_inner));
    let mut plan = Plan::default();
    if let Some(hq) = &incoming.headquarters
        && let (Some(id), Ok(text)) = (Id::new(Subject::HQ), serde_json::to_string(&**hq))
    {
        plan.lay(&mut known, Subject::Headquarters, id, text);
    }
    for (kind, records) in &incoming.kinds {
        for record in records {
            if let Ok(text) = serde_json::to_string(record) {
                plan.lay(&mut known, Subject::Record(*kind), record.id().clone(), text);
            }
        }
    }
    if delete {
        let mut vanished: Vec<_> = known.into_iter().collect();
        vanished.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for ((kind, id), (rev, _)) in vanished {
            // A headquarters is never deleted by leaving it out, and what nobody can name cannot have come from a document.
            if let (Some(kind @ Subject::Record(_)), Some(id)) = (Subject::named(&kind), Id::new(&id)) {
                let expect = Expect::At(rev);
                plan.differences.push((
                    Fate::Vanished,
                    Operation {
                        kind,
                        id,
                        expect,
                        obj: None,
                    },
                ));
            }
        }
    }
    Ok(plan)
}

impl Plan {
    fn lay(&mut self, known: &mut Known, kind: Subject, id: Id, text: String) {
        let (fate, expect) = match known.remove(&(kind.as_str().into(), id.as_str().into())) {
            Some((_, old)) if old == mark(&text) => {
                *self.same.entry(kind).or_default() += 1;
                return;
            }
            Some((rev, _)) => (Fate::Changed, Expect::At(rev)),
            None => (Fate::New, Expect::Absent),
        };
        let obj = Some(text.into());
        self.differences.push((fate, Operation { kind, id, expect, obj }));
    }

    /// How many records of a kind have a fate.
    pub fn count(&self, kind: &Subject, fate: Fate) -> usize {
        self.differences
            .iter()
            .filter(|(f, operation)| *f == fate && operation.kind == *kind)
            .count()
    }

    /// Writes it all, batch by batch, under one import id; the id, and the revisions made.
    ///
    /// # Errors
    /// See [`Stopped`]; batches before stay written, and the same import can be run again.
    pub async fn write(self, store: &dyn Store, at: Timestamp) -> Result<(SmolStr, Vec<Rev>), Stopped> {
        let import: SmolStr = secret::number().into();
        let mut revs = Vec::new();
        let mut rest = self.differences.into_iter().map(|(_, operation)| operation).peekable();
        while rest.peek().is_some() {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while let Some(operation) = rest.next_if(|operation| {
                let more = operation.obj.as_ref().map_or(0, |obj| obj.len());
                batch.is_empty() || (batch.len() < BATCH_OPERATIONS && bytes + more <= BATCH_BYTES)
            }) {
                bytes += operation.obj.as_ref().map_or(0, |obj| obj.len());
                batch.push(operation);
            }
            let names: Vec<(Subject, Id)> = batch.iter().map(|one| (one.kind.clone(), one.id.clone())).collect();
            let commit = Commit {
                author: author("import"),
                at,
                request: import.clone(),
                import: Some(import.clone()),
                remember: None,
                operations: batch,
            };
            match store.commit(commit).await? {
                Committed::Done(rev) | Committed::Replayed(rev) => revs.push(rev),
                Committed::Stale(nth, _) => {
                    let (kind, id) = names
                        .into_iter()
                        .nth(nth)
                        .ok_or_else(|| Trouble::Unavailable(String::new()))?;
                    return Err(Stopped::Stale(kind, id));
                }
                Committed::KeyReused => return Err(Trouble::Unavailable(String::new()).into()),
            }
        }
        Ok((import, revs))
    }
}
