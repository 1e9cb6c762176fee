//! Who refers to whom: for every reference field, the referring records of each target. It must not know what a reference means.

use super::reference::{Field, references};
use crate::contract::{Id, Record};
use imbl::OrdSet;
use std::ops::Bound;

/// One reference: `to` is named by `from` (`None` is below every record, for searching).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    to: Id,
    from: Option<Id>,
}

/// All references, by field, then target, then referring record.
#[derive(Clone, Default)]
pub struct Index {
    links: [OrdSet<Link>; Field::COUNT],
}

impl Index {
    /// Takes in what a record refers to.
    pub fn add(&mut self, record: &Record) {
        references(record, |field, _, to| {
            if let Some(links) = self.links.get_mut(field as usize) {
                links.insert(Link {
                    to: to.clone(),
                    from: Some(record.id().clone()),
                });
            }
        });
    }

    /// Takes out what a record refers to.
    pub fn remove(&mut self, record: &Record) {
        references(record, |field, _, to| {
            if let Some(links) = self.links.get_mut(field as usize) {
                links.remove(&Link {
                    to: to.clone(),
                    from: Some(record.id().clone()),
                });
            }
        });
    }

    /// The records that name `to` in a field, in the order of their ids.
    pub fn referrers<'a>(&'a self, field: Field, to: &str) -> impl Iterator<Item = &'a Id> + use<'a> {
        let from_here = Id::new(to).map(|to| Link { to, from: None });
        let links = self.links.get(field as usize).zip(from_here);
        links.into_iter().flat_map(|(links, first)| {
            let to = first.to.clone();
            links
                .range((Bound::Excluded(first), Bound::Unbounded))
                .take_while(move |link| link.to == to)
                .filter_map(|link| link.from.as_ref())
        })
    }
}
