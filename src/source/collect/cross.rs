//! Looking across records: references that lead nowhere, unknown values, figures out of range; as notes.

use super::{Collector, Stop};
use crate::contract::check::{self, Remark, Target};
use crate::contract::{Headquarters, Id, Kind, Level, Path, Place, Problem, Record, What, clean};
use smol_str::SmolStr;
use std::collections::HashMap;

/// References whose target has not been seen yet.
#[derive(Default)]
pub(super) struct Waiting {
    open: HashMap<(Target, Id), Open>,
    named: usize,
}

/// Notes about references to one record that has not been seen yet.
#[derive(Default)]
struct Open {
    named: Vec<Problem>,
    counted: usize,
}

/// References to one missing record that are named; agencies may stand at the end of a document of a million records.
const NAMED_PER_TARGET: usize = 100;
/// References waiting for their targets that are named, in all.
const NAMED_OPEN: usize = 100_000;

impl Collector<'_> {
    /// Looks at what every record of the lines refers to and says.
    pub(in crate::source) fn cross_check_all(&mut self) -> Result<(), Stop> {
        if !self.limits.cross_check {
            return Ok(());
        }
        let base = || {
            let mut path = Path::root();
            path.push_key("obj");
            path
        };
        for &kind in Kind::ALL {
            let (records, places) = match self.table(kind) {
                Some(table) => (table.records.clone(), std::mem::take(&mut table.places)),
                None => continue,
            };
            for (record, (line, column)) in records.iter().zip(places) {
                if let Some(record) = record {
                    self.cross_check(record, &base, &|_| Place {
                        line: Some(line),
                        column: Some(column),
                        ..Place::default()
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Looks at what a record refers to and says; `place` is asked only when something is to be noted.
    pub(in crate::source) fn cross_check(
        &mut self,
        record: &Record,
        base: &dyn Fn() -> Path,
        place: &dyn Fn(&Path) -> Place,
    ) -> Result<(), Stop> {
        if !self.limits.cross_check {
            return Ok(());
        }
        let owner = Some((record.kind(), SmolStr::from(record.id().as_str())));
        let mut notes = Vec::new();
        check::record(record, &mut |at, remark| {
            if matches!(remark, Remark::Reference(target, id) if self.leads_somewhere(target, id)) {
                return;
            }
            let mut path = base();
            at.push_onto(&mut path);
            let note = Problem {
                level: Level::Note,
                place: Place::default(),
                what: what_of(remark),
                record: owner.clone(),
            };
            let target = match remark {
                Remark::Reference(target, id) => Some((target, id.clone())),
                _ => None,
            };
            notes.push((path, note, target));
        });
        for (path, mut note, target) in notes {
            match target {
                None => {
                    note.place = place(&path);
                    note.place.path = path;
                    self.problem(note)?;
                }
                // The record may still come: kinds stand in any order.
                Some(target) => {
                    let open = self.waiting.open.entry(target).or_default();
                    if open.named.len() < NAMED_PER_TARGET && self.waiting.named < NAMED_OPEN {
                        note.place = place(&path);
                        note.place.path = path;
                        open.named.push(note);
                        self.waiting.named += 1;
                    } else {
                        open.counted += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Looks at what the headquarters says.
    pub(in crate::source) fn cross_check_headquarters(
        &mut self,
        hq: &Headquarters,
        base: &Path,
        place: &dyn Fn(&Path) -> Place,
    ) -> Result<(), Stop> {
        let mut notes = Vec::new();
        check::headquarters(hq, &mut |at, remark| {
            let mut path = base.clone();
            at.push_onto(&mut path);
            notes.push((path, what_of(remark)));
        });
        for (path, what) in notes {
            let mut place = place(&path);
            place.path = path;
            self.problem(Problem {
                level: Level::Note,
                place,
                what,
                record: None,
            })?;
        }
        Ok(())
    }

    fn leads_somewhere(&self, target: Target, id: &Id) -> bool {
        match target {
            Target::Record(kind) => self.has_listed(kind, id),
            Target::Sponsor => self.has_listed(Kind::Agency, id) || self.has_listed(Kind::Enterprise, id),
            Target::County => self
                .headquarters
                .as_ref()
                .is_some_and(|hq| hq.counties.iter().any(|county| county.id == *id)),
        }
    }

    /// Notes the references whose targets never came.
    pub(super) fn end_cross_check(&mut self) -> Result<(), Stop> {
        let mut dangling = Vec::new();
        for ((target, id), open) in std::mem::take(&mut self.waiting.open) {
            if !self.leads_somewhere(target, &id) {
                self.summary.problems[0] += open.counted;
                self.summary.unnamed += open.counted;
                dangling.extend(open.named);
            }
        }
        dangling.sort_by_key(|note| (note.place.line, note.place.column));
        for note in dangling {
            self.problem(note)?;
        }
        Ok(())
    }
}

fn what_of(remark: Remark<'_>) -> What {
    match remark {
        Remark::Reference(Target::Record(kind), id) => What::Dangling(kind, id.as_str().into()),
        Remark::Reference(Target::Sponsor, id) => What::DanglingName {
            name: "kind.sponsor".into(),
            id: id.as_str().into(),
        },
        Remark::Reference(Target::County, id) => What::DanglingName {
            name: "kind.county".into(),
            id: id.as_str().into(),
        },
        Remark::Unknown(word) => What::UnknownValue(clean::excerpt(word)),
        Remark::OutOfRange(found, range) => What::OutOfRange {
            found: smol_str::format_smolstr!("{}", found.get()),
            range: range.into(),
        },
    }
}
