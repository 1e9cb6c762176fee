//! The findings of a board, kept by subject and by rank. It must not know the rules.

use super::{Finding, Severity};
use crate::clock::Day;
use crate::contract::{Id, Kind};
use imbl::OrdMap;
use std::cmp::Reverse;
use std::sync::Arc;

/// The order of attention: most severe, then longest so, then by subject and rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    severity: Reverse<Severity>,
    undated: bool,
    since: Option<Day>,
    kind: Kind,
    id: Id,
    rule: &'static str,
}

impl Rank {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            severity: Reverse(finding.severity),
            undated: finding.since.is_none(),
            since: finding.since,
            kind: finding.kind,
            id: finding.id.clone(),
            rule: finding.rule,
        }
    }
}

/// A term of the order of attention: what puts one finding above another. In the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The graver one comes first.
    Severity,
    /// One with a day since when comes before one without.
    Dated,
    /// The one that has lasted longer comes first.
    Since,
    /// The kinds of subject stand in the order of the document.
    Kind,
    /// Subjects stand by their ids.
    Id,
    /// Findings of one subject stand by the names of their rules.
    Rule,
}

impl Term {
    /// All terms, in the order in which they are asked.
    pub const ALL: [Self; 6] = [
        Self::Severity,
        Self::Dated,
        Self::Since,
        Self::Kind,
        Self::Id,
        Self::Rule,
    ];

    /// The term by which two findings stand where they do; nothing for one and the same.
    pub fn between(a: &Finding, b: &Finding) -> Option<Self> {
        let (a, b) = (Rank::of(a), Rank::of(b));
        Self::ALL.into_iter().find(|term| match term {
            Self::Severity => a.severity != b.severity,
            Self::Dated => a.undated != b.undated,
            Self::Since => a.since != b.since,
            Self::Kind => a.kind != b.kind,
            Self::Id => a.id != b.id,
            Self::Rule => a.rule != b.rule,
        })
    }
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Critical ones.
    pub critical: usize,
    /// Warnings.
    pub warning: usize,
    /// Notices.
    pub notice: usize,
    /// Those about the quality of the data.
    pub data: usize,
}

impl Counts {
    /// How many of one severity.
    pub fn get(&self, severity: Severity) -> usize {
        match severity {
            Severity::Critical => self.critical,
            Severity::Warning => self.warning,
            Severity::Notice => self.notice,
            Severity::Data => self.data,
        }
    }

    fn at(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::Warning => &mut self.warning,
            Severity::Notice => &mut self.notice,
            Severity::Data => &mut self.data,
        }
    }
}

/// All findings.
#[derive(Clone, Default)]
pub struct Findings {
    subjects: OrdMap<(Kind, Id), Arc<[Arc<Finding>]>>,
    ranked: OrdMap<Rank, Arc<Finding>>,
    counts: Counts,
}

/// What setting the findings of a subject changed.
#[derive(Default)]
pub(in crate::board) struct Moved {
    pub new: Vec<Arc<Finding>>,
    pub gone: Vec<Arc<Finding>>,
}

impl Findings {
    /// All of them: most severe first, then longest so, then by subject and rule.
    pub fn ranked(&self) -> impl ExactSizeIterator<Item = &Arc<Finding>> + DoubleEndedIterator {
        self.ranked.values()
    }

    /// The findings on a record, in the same order.
    pub fn of(&self, kind: Kind, id: &str) -> &[Arc<Finding>] {
        let Some(id) = Id::new(id) else { return &[] };
        self.subjects.get(&(kind, id)).map_or(&[], |list| list)
    }

    /// The worst severity on a record and how many findings it has.
    pub fn worst(&self, kind: Kind, id: &str) -> Option<(Severity, usize)> {
        let list = self.of(kind, id);
        list.first().map(|first| (first.severity, list.len()))
    }

    /// How many of each severity.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranked.len()
    }

    /// True for the same version; two that only happen to be equal may not be.
    pub fn is_same(&self, other: &Self) -> bool {
        self.subjects.ptr_eq(&other.subjects)
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.ranked.is_empty()
    }

    /// The subjects of a kind on which something was found, in the order of their ids.
    pub(in crate::board) fn subjects_of(&self, kind: Kind) -> Vec<Id> {
        let of = self.subjects.keys().filter(|(of, _)| *of == kind);
        of.map(|(_, id)| id.clone()).collect()
    }

    /// Sets what was found on all subjects of a kind that there are; subjects without a finding need not be named. Subjects that are no more keep theirs.
    pub(in crate::board) fn set_all(
        &mut self,
        kind: Kind,
        mut now: Vec<(Id, Vec<Arc<Finding>>)>,
        exists: impl Fn(&str) -> bool,
        moved: &mut Moved,
    ) {
        now.sort_by(|(a, _), (b, _)| a.cmp(b));
        let cleared: Vec<Id> = self
            .subjects
            .iter()
            .skip_while(|((of, _), _)| *of != kind)
            .take_while(|((of, _), _)| *of == kind)
            .map(|((_, id), _)| id)
            .filter(|id| now.binary_search_by(|(at, _)| at.cmp(id)).is_err() && exists(id.as_str()))
            .cloned()
            .collect();
        for id in cleared {
            self.set(kind, &id, Vec::new(), moved);
        }
        for (id, found) in now {
            self.set(kind, &id, found, moved);
        }
    }

    /// Sets what was found on a subject.
    pub(in crate::board) fn set(&mut self, kind: Kind, id: &Id, now: Vec<Arc<Finding>>, moved: &mut Moved) {
        let key = (kind, id.clone());
        let before = self.subjects.get(&key).cloned().unwrap_or_default();
        if *before == *now {
            return;
        }
        for old in before.iter() {
            self.ranked.remove(&Rank::of(old));
            *self.counts.at(old.severity) -= 1;
            if !now.iter().any(|new| new.rule == old.rule) {
                moved.gone.push(old.clone());
            }
        }
        for new in &now {
            self.ranked.insert(Rank::of(new), new.clone());
            *self.counts.at(new.severity) += 1;
            if !before.iter().any(|old| old.rule == new.rule) {
                moved.new.push(new.clone());
            }
        }
        if now.is_empty() {
            self.subjects.remove(&key);
        } else {
            self.subjects.insert(key, now.into());
        }
    }
}
