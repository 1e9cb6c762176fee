//! Who refers to whom: for every reference field, the referring records of each target. It must not know what a reference means.

use super::reference::{Field, references};
use crate::contract::{Id, Record};
use imbl::{OrdMap, OrdSet};

/// All references: by field, then target, then referring record.
#[derive(Clone, Default)]
pub struct Index {
    targets: [OrdMap<Id, OrdSet<Id>>; Field::COUNT],
}

impl Index {
    /// Takes in what a record refers to; an initiative's references stand in its columns already.
    pub fn add(&mut self, record: &Record) {
        if matches!(record, Record::Initiative(_)) {
            return;
        }
        references(record, |field, _, to| {
            let Some(targets) = self.targets.get_mut(field as usize) else {
                return;
            };
            match targets.get_mut(to.as_str()) {
                Some(referrers) => {
                    referrers.insert(record.id().clone());
                }
                None => {
                    targets.insert(to.clone(), OrdSet::unit(record.id().clone()));
                }
            }
        });
    }

    /// Takes out what a record refers to.
    pub fn remove(&mut self, record: &Record) {
        if matches!(record, Record::Initiative(_)) {
            return;
        }
        references(record, |field, _, to| {
            let Some(targets) = self.targets.get_mut(field as usize) else {
                return;
            };
            if let Some(referrers) = targets.get_mut(to.as_str()) {
                referrers.remove(record.id().as_str());
                if referrers.is_empty() {
                    targets.remove(to.as_str());
                }
            }
        });
    }

    /// The records that name `to` in a field, in the order of their ids.
    pub fn referrers<'a>(&'a self, field: Field, to: &str) -> impl Iterator<Item = &'a Id> + use<'a> {
        let referrers = self.targets.get(field as usize).and_then(|targets| targets.get(to));
        referrers.into_iter().flat_map(OrdSet::iter)
    }
}
