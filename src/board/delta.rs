//! What changed between two versions of a board. It must not know how a change is shown.

use super::finding::Finding;
use crate::contract::{Id, Kind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there before.
    Appeared,
    /// It says something else.
    Changed,
    /// It is gone.
    Vanished,
}

/// What changed. A finding is the same as long as its rule and subject are, whatever its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// The headquarters changed.
    pub headquarters: bool,
    /// The day changed.
    pub today: bool,
    /// Kinds that became whole, in the order of the document.
    pub whole: Vec<Kind>,
    /// More initiatives were read, while still more are coming.
    pub grown: bool,
    /// Kinds of which so many records changed that none is named.
    pub many: Vec<Kind>,
    /// Records and what became of each, by kind and id.
    pub changed: Vec<(Kind, Id, Fate)>,
    /// Findings that were not there before.
    pub findings_new: Vec<Arc<Finding>>,
    /// Findings that are gone.
    pub findings_gone: Vec<Arc<Finding>>,
    /// The problems with the data changed.
    pub problems: bool,
}

impl Delta {
    /// True when nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What became of a record, if anything.
    pub fn fate(&self, kind: Kind, id: &str) -> Option<Fate> {
        let at = self
            .changed
            .binary_search_by(|(k, i, _)| (*k, i.as_str()).cmp(&(kind, id)))
            .ok()?;
        self.changed.get(at).map(|(_, _, fate)| *fate)
    }

    /// This and what changed after it as one, so that a slow reader loses nothing.
    #[must_use]
    pub fn merge(mut self, later: Self) -> Self {
        self.headquarters |= later.headquarters;
        self.today |= later.today;
        self.problems |= later.problems;
        self.whole.extend(later.whole);
        self.whole.sort_unstable();
        self.whole.dedup();
        self.grown |= later.grown;
        self.many.extend(later.many);
        self.many.sort_unstable();
        self.many.dedup();
        if self.changed.is_empty() {
            self.changed = later.changed;
        } else if !later.changed.is_empty() {
            self.merge_changed(later.changed);
        }
        if self.findings_new.is_empty() && self.findings_gone.is_empty() {
            self.findings_new = later.findings_new;
            self.findings_gone = later.findings_gone;
        } else {
            self.merge_findings(later.findings_new, later.findings_gone);
        }
        self
    }

    fn merge_changed(&mut self, later: Vec<(Kind, Id, Fate)>) {
        let mut all: BTreeMap<(Kind, Id), Fate> = std::mem::take(&mut self.changed)
            .into_iter()
            .map(|(kind, id, fate)| ((kind, id), fate))
            .collect();
        for (kind, id, fate) in later {
            let key = (kind, id);
            let both = match (all.get(&key), fate) {
                (None, fate) => Some(fate),
                (Some(Fate::Appeared), Fate::Vanished) => None,
                (Some(Fate::Appeared), Fate::Appeared | Fate::Changed) => Some(Fate::Appeared),
                // Gone and back, perhaps with other contents: the reader looks again.
                (Some(Fate::Vanished | Fate::Changed), Fate::Appeared | Fate::Changed) => Some(Fate::Changed),
                (Some(Fate::Vanished | Fate::Changed), Fate::Vanished) => Some(Fate::Vanished),
            };
            match both {
                Some(fate) => all.insert(key, fate),
                None => all.remove(&key),
            };
        }
        self.changed = all.into_iter().map(|((kind, id), fate)| (kind, id, fate)).collect();
    }

    fn merge_findings(&mut self, new: Vec<Arc<Finding>>, gone: Vec<Arc<Finding>>) {
        type ByKey = BTreeMap<(Kind, Id, &'static str), Arc<Finding>>;
        fn by_key(list: Vec<Arc<Finding>>) -> ByKey {
            list.into_iter().map(|f| ((f.kind, f.id.clone(), f.rule), f)).collect()
        }
        let mut all_new = by_key(std::mem::take(&mut self.findings_new));
        let mut all_gone = by_key(std::mem::take(&mut self.findings_gone));
        for (key, finding) in by_key(gone) {
            if all_new.remove(&key).is_none() {
                all_gone.insert(key, finding);
            }
        }
        for (key, finding) in by_key(new) {
            if all_gone.remove(&key).is_none() {
                all_new.insert(key, finding);
            }
        }
        self.findings_new = all_new.into_values().collect();
        self.findings_gone = all_gone.into_values().collect();
    }
}
