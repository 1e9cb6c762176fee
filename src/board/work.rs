//! How changes go in: records into their tables, indexes and running figures at once, then one evaluation of all they touched.

use super::finding::{Finding, Findings, Judge, Moved, dispatch};
use super::reference::{Field, references};
use super::{Board, Delta, Fate};
use crate::contract::problem::What;
use crate::contract::{Id, Kind, Record};
use std::collections::BTreeMap;
use std::sync::Arc;

const KINDS: usize = Kind::ALL.len();

/// What one step has touched so far.
#[derive(Default)]
pub(super) struct Work {
    delta: Delta,
    /// Kinds of which every record is to be evaluated.
    all: [bool; KINDS],
    /// Single records to be evaluated.
    some: Vec<(Kind, Id)>,
    /// What was there before each touch.
    before: Vec<(Kind, Id, Option<Record>)>,
}

impl Work {
    pub(super) fn headquarters(&mut self) {
        self.delta.headquarters = true;
        self.all = [true; KINDS];
    }

    pub(super) fn today(&mut self) {
        self.delta.today = true;
        self.all = [true; KINDS];
    }

    /// More initiatives were read.
    pub(super) fn grown(&mut self) {
        self.delta.grown = true;
    }

    /// So many records of a kind changed that none is named.
    pub(super) fn many(&mut self, kind: Kind) {
        self.delta.many.push(kind);
    }

    /// A record is there that was not; what else follows from that is already seen to.
    pub(super) fn appeared(&mut self, kind: Kind, id: Id) {
        self.before.push((kind, id, None));
    }

    /// Every record is to be evaluated again.
    pub(super) fn everything(&mut self) {
        self.all = [true; KINDS];
    }

    /// A subject that may not be there is to be looked at, whatever else is.
    pub(super) fn reconsider(&mut self, subject: (Kind, Id)) {
        self.some.push(subject);
    }

    pub(super) fn problems(&mut self) {
        self.delta.problems = true;
    }

    fn is_all(&self, kind: Kind) -> bool {
        self.all.get(kind as usize).copied().unwrap_or_default()
    }

    pub(super) fn evaluate_all(&mut self, kind: Kind) {
        if let Some(all) = self.all.get_mut(kind as usize) {
            *all = true;
        }
    }

    fn evaluate(&mut self, kind: Kind, id: &Id) {
        if !self.is_all(kind) {
            self.some.push((kind, id.clone()));
        }
    }
}

impl Board {
    /// Makes a kind whole: exactly these records exist. An equal record is no change; of two records with one id the first counts.
    pub(super) fn replace(&mut self, kind: Kind, records: Vec<Record>, work: &mut Work) {
        if !self.is_whole(kind) {
            self.make_whole(kind, work);
        }
        let mut seen = std::collections::HashSet::with_capacity(records.len());
        let records: Vec<Record> = records
            .into_iter()
            .filter(|r| r.kind() == kind && seen.insert(r.id().clone()))
            .collect();
        let gone: Vec<Id> = self.tables.ids(kind).filter(|id| !seen.contains(id)).collect();
        for id in gone {
            self.remove(kind, &id, work);
        }
        for record in records {
            self.put(record, work);
        }
    }

    /// All records of a kind are about to be known.
    pub(super) fn make_whole(&mut self, kind: Kind, work: &mut Work) {
        if let Some(whole) = self.whole.get_mut(kind as usize) {
            *whole = true;
        }
        work.delta.whole.push(kind);
        // Rules wait for kinds: whatever names this kind, or is named by it, may now say more.
        work.evaluate_all(kind);
        for field in Field::to(kind) {
            work.evaluate_all(field.from());
        }
        for field in Field::ALL
            .iter()
            .filter(|f| f.from() == kind && dispatch().reaches_target(**f))
        {
            field.target().kinds().iter().for_each(|k| work.evaluate_all(*k));
        }
    }

    /// Puts one record in.
    pub(super) fn put(&mut self, record: Record, work: &mut Work) {
        if self.tables.holds(&record) {
            return;
        }
        let old = self.tables.put(record.clone());
        if let Some(old) = &old {
            self.forget(old);
        }
        self.learn(&record);
        self.touch(old, Some(&record), work);
    }

    /// Takes one record out.
    pub(super) fn remove(&mut self, kind: Kind, id: &Id, work: &mut Work) {
        if let Some(old) = self.tables.remove(kind, id.as_str()) {
            self.forget(&old);
            self.touch(Some(old), None, work);
        }
    }

    fn learn(&mut self, record: &Record) {
        self.index.add(record);
        self.count_in(record);
    }

    fn count_in(&mut self, record: &Record) {
        match record {
            Record::Project(project) => {
                let tally = self.measure_tallies.entry(project.measure.clone()).or_default();
                tally.add(project, self.today);
            }
            Record::Initiative(initiative) => Arc::make_mut(&mut self.participation).add(initiative, self.today),
            _ => {}
        }
    }

    fn forget(&mut self, record: &Record) {
        self.index.remove(record);
        match record {
            Record::Project(project) => {
                if let Some(tally) = self.measure_tallies.get_mut(&project.measure) {
                    tally.subtract(project, self.today);
                    if tally.is_empty() {
                        self.measure_tallies.remove(&project.measure);
                    }
                }
            }
            Record::Initiative(initiative) => Arc::make_mut(&mut self.participation).subtract(initiative, self.today),
            _ => {}
        }
    }

    /// Counts everything afresh: after the day has changed, what went into the sums is no longer what would come out.
    pub(super) fn recount(&mut self) {
        self.measure_tallies.clear();
        let tables = self.tables.clone();
        tables.records(Kind::Project).for_each(|record| self.count_in(&record));
        self.recount_initiatives();
    }

    /// Takes from the problems which ids the source gave twice, and evaluates the records of which that changed.
    pub(super) fn count_duplicates(&mut self, work: &mut Work) {
        let mut now: BTreeMap<(Kind, Id), usize> = BTreeMap::new();
        for problem in self.problems.iter() {
            if let What::DuplicateId(kind, id) = &problem.what
                && let Some(id) = Id::new(id)
            {
                *now.entry((*kind, id)).or_default() += 1;
            }
        }
        let before = std::mem::replace(&mut self.duplicates, Arc::new(now));
        for (key, count) in before.iter().chain(self.duplicates.iter()) {
            if before.get(key) != self.duplicates.get(key) && *count > 0 {
                work.evaluate(key.0, &key.1);
            }
        }
    }

    /// Notes a record that changed and every subject the change reaches.
    fn touch(&self, old: Option<Record>, new: Option<&Record>, work: &mut Work) {
        let Some(any) = new.or(old.as_ref()) else { return };
        let (kind, id) = (any.kind(), any.id().clone());
        work.evaluate(kind, &id);
        for record in old.as_ref().into_iter().chain(new) {
            references(record, |field, target, to| {
                if dispatch().reaches_target(field) {
                    target.kinds().iter().for_each(|kind| work.evaluate(*kind, to));
                }
            });
        }
        let existence = old.is_some() != new.is_some();
        for field in Field::to(kind) {
            if (existence || dispatch().reaches_referrers(field)) && !work.is_all(field.from()) {
                for referrer in self.referring(field, id.as_str()) {
                    work.evaluate(field.from(), &referrer);
                }
            }
        }
        work.before.push((kind, id, old));
    }

    /// Evaluates what was touched and says what came of it.
    pub(super) fn settle(&mut self, mut work: Work) -> Delta {
        self.settle_records(&mut work);
        let delta = &work.delta;
        let anew = delta.today || delta.headquarters || !delta.whole.is_empty();
        if anew || delta.changed.iter().any(|(kind, ..)| Self::rests_standings_on(*kind)) {
            self.standings = Arc::default();
        }
        work.some.sort_unstable();
        work.some.dedup();
        self.settle_submission(&work);
        let whole = self.is_whole(Kind::Initiative);
        if self.participation.whole != whole {
            Arc::make_mut(&mut self.participation).whole = whole;
        }
        self.settle_findings(&mut work);
        work.delta.whole.sort_unstable();
        work.delta
    }

    fn settle_records(&self, work: &mut Work) {
        let mut before = std::mem::take(&mut work.before);
        // The sort is stable, so the first of each record is what was there before the whole step.
        before.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        before.dedup_by(|later, first| (first.0, &first.1) == (later.0, &later.1));
        for (kind, id, old) in before {
            let fate = match old {
                None if self.tables.contains(kind, id.as_str()) => Fate::Appeared,
                None => continue,
                Some(_) if !self.tables.contains(kind, id.as_str()) => Fate::Vanished,
                Some(old) if self.tables.holds(&old) => continue,
                Some(_) => Fate::Changed,
            };
            if fate == Fate::Vanished {
                // Its findings go with it, even where every record that is left is evaluated anyway.
                work.some.push((kind, id.clone()));
            }
            work.delta.changed.push((kind, id, fate));
        }
    }

    fn settle_submission(&mut self, work: &Work) {
        let known = self.knows_submission();
        if !known {
            return;
        }
        let mut submission = std::mem::take(&mut self.submission);
        if work.is_all(Kind::Agency) || !submission.whole {
            submission = super::Submission {
                whole: true,
                ..Default::default()
            };
            for agency in self.agencies().ids() {
                submission.set(agency, self.class_of(agency.as_str()));
            }
        } else {
            for (_, agency) in work.some.iter().filter(|(kind, _)| *kind == Kind::Agency) {
                submission.set(agency, self.class_of(agency.as_str()));
            }
        }
        self.submission = submission;
    }

    /// Everything the rules find on the records of a kind, in the order of their ids.
    fn evaluate_kind(&self, kind: Kind) -> Vec<(Id, Vec<Arc<Finding>>)> {
        let one = |judge: &Judge<'_>, record: &Record| {
            let found = judge.evaluate(record);
            (!found.is_empty()).then(|| (record.id().clone(), found))
        };
        if kind != Kind::Initiative {
            let Some(judge) = dispatch().judge(kind, self) else {
                return Vec::new();
            };
            return self
                .tables
                .records(kind)
                .filter_map(|record| one(&judge, &record))
                .collect();
        }
        // No rule reads what an initiative is called; the property that a board is the same however it came about would tell.
        let names = self.initiatives().names();
        // Each takes the place of the one before it: making room for a million costs more than looking at them.
        let ready = || (dispatch().judge(kind, self), None);
        let parts = super::initiatives::in_parts(self.initiatives(), ready, |(judge, place), chunks| {
            let mut out = Vec::new();
            let Some(judge) = judge else { return out };
            for chunk in chunks {
                for row in 0..chunk.len() {
                    if chunk.bare_record(row, names, place).is_some()
                        && let Some(record) = place
                    {
                        out.extend(one(judge, record));
                    }
                }
            }
            out
        });
        parts.into_iter().flatten().collect()
    }

    /// Evaluates single records, in the order of their kinds.
    fn settle_some(&self, work: &Work, findings: &mut Findings, moved: &mut Moved) {
        let mut judge: (Option<Kind>, Option<Judge<'_>>) = (None, None);
        for (kind, id) in &work.some {
            let now = match self.tables.get(*kind, id.as_str()) {
                Some(_) if work.is_all(*kind) => continue,
                Some(record) => {
                    if judge.0 != Some(*kind) {
                        judge = (Some(*kind), dispatch().judge(*kind, self));
                    }
                    judge.1.as_ref().map_or_else(Vec::new, |judge| judge.evaluate(&record))
                }
                None => super::finding::vanished(*kind, id.as_str(), self),
            };
            findings.set(*kind, id, now, moved);
        }
    }

    fn settle_findings(&mut self, work: &mut Work) {
        let mut findings = std::mem::take(&mut self.findings);
        let mut moved = Moved::default();
        for kind in Kind::ALL.iter().copied().filter(|kind| work.is_all(*kind)) {
            let now = self.evaluate_kind(kind);
            let exists = |id: &str| self.tables.contains(kind, id);
            findings.set_all(kind, now, exists, &mut moved);
        }
        self.settle_some(work, &mut findings, &mut moved);
        self.findings = findings;
        work.delta.findings_new = moved.new;
        work.delta.findings_gone = moved.gone;
    }
}
