//! Stand-in for the indexed model.

use crate::clock::Day;
use crate::contract::{Change, Headquarters, Id, Kind, Problem, Record, Thresholds};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How the board judges.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Limits in force.
    pub thresholds: Thresholds,
}

/// What changed.
#[derive(Clone, Debug, Default)]
pub struct Delta {
    /// The headquarters changed.
    pub headquarters: bool,
    /// The day changed.
    pub today: bool,
    /// Kinds that became whole.
    pub whole: Vec<Kind>,
    /// Records that changed.
    pub changed: Vec<(Kind, Id)>,
    /// Problems changed.
    pub problems: bool,
}

impl Delta {
    /// Both, one after the other.
    #[must_use]
    pub fn merge(mut self, later: Self) -> Self {
        self.headquarters |= later.headquarters;
        self.today |= later.today;
        self.problems |= later.problems;
        self.whole.extend(later.whole);
        self.changed.extend(later.changed);
        self
    }
}

/// The board.
#[derive(Clone, Debug)]
pub struct Board {
    today: Day,
    hq: Option<Arc<Headquarters>>,
    kinds: BTreeMap<Kind, BTreeMap<String, Record>>,
    problems: Arc<[Problem]>,
}

impl Board {
    /// An empty board.
    pub fn new(_settings: Settings, today: Day) -> Self {
        Self {
            today,
            hq: None,
            kinds: BTreeMap::new(),
            problems: Arc::new([]),
        }
    }
    /// Applies changes.
    pub fn apply(&mut self, changes: Vec<Change>) -> Delta {
        let mut delta = Delta::default();
        for change in changes {
            match change {
                Change::Headquarters(hq) => {
                    delta.headquarters = true;
                    self.hq = Some(hq);
                }
                Change::Whole(kind, records) => {
                    let new: BTreeMap<_, _> = records.into_iter().map(|r| (r.id().as_str().to_owned(), r)).collect();
                    delta.whole.push(kind);
                    let old = self.kinds.entry(kind).or_default();
                    for (id, record) in &new {
                        if old.get(id) != Some(record) {
                            delta.changed.push((kind, record.id().clone()));
                        }
                    }
                    for (id, record) in old.iter() {
                        if !new.contains_key(id) {
                            delta.changed.push((kind, record.id().clone()));
                        }
                    }
                    *old = new;
                }
                Change::Put(record) => {
                    delta.changed.push((record.kind(), record.id().clone()));
                    self.kinds
                        .entry(record.kind())
                        .or_default()
                        .insert(record.id().as_str().to_owned(), record);
                }
                Change::Delete(kind, id) => {
                    self.kinds.entry(kind).or_default().remove(id.as_str());
                    delta.changed.push((kind, id));
                }
                Change::Problems(problems) => {
                    delta.problems = true;
                    self.problems = problems;
                }
            }
        }
        delta
    }
    /// Sets the day.
    pub fn set_today(&mut self, today: Day) -> Delta {
        let changed = self.today != today;
        self.today = today;
        Delta {
            today: changed,
            ..Delta::default()
        }
    }
    /// The headquarters.
    pub fn headquarters(&self) -> Option<&Arc<Headquarters>> {
        self.hq.as_ref()
    }
    /// The day.
    pub fn today(&self) -> Day {
        self.today
    }
    /// True when the kind is whole.
    pub fn is_whole(&self, kind: Kind) -> bool {
        self.kinds.contains_key(&kind)
    }
    /// Records of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.kinds.get(&kind).map_or(0, BTreeMap::len)
    }
    /// A record.
    pub fn record(&self, kind: Kind, id: &str) -> Option<Record> {
        self.kinds.get(&kind)?.get(id).cloned()
    }
    /// Problems.
    pub fn problems(&self) -> &Arc<[Problem]> {
        &self.problems
    }
}
