//! The sample's earlier states, one for each meeting, kept as what to change to go back. Pure; reads only the embedded bytes.

use super::document::{Sample, write_del, write_head, write_put};
use super::generate;
use crate::clock::Day;
use crate::contract::{Change, Headquarters, Id, Kind, Path, Record, read::Reader};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// An earlier state, as seen from the next newer one.
#[derive(Clone, Debug)]
pub struct Past {
    /// The day the state describes.
    pub as_of: Day,
    /// What to change in the next newer state to get this one, the headquarters' own day included.
    pub changes: Vec<Change>,
}

/// The earlier states of a seed's province, newest first.
pub fn states(seed: u64) -> Vec<Past> {
    of(&Sample::new(seed, None))
}

/// The earlier states of a sample, newest first.
pub fn of(sample: &Sample) -> Vec<Past> {
    let mut newer_first: Vec<Day> = sample.meetings().to_vec();
    newer_first.push(sample.as_of());
    newer_first.reverse();
    let steps: Vec<(Day, Day)> = newer_first
        .windows(2)
        .filter_map(|d| Some((*d.first()?, *d.get(1)?)))
        .collect();
    let mut out: Vec<Past> = steps
        .iter()
        .map(|(_, older)| Past {
            as_of: *older,
            changes: vec![Change::Headquarters(Arc::new(sample.headquarters(*older)))],
        })
        .collect();
    sample.each_life(&mut |life| {
        for ((newer, older), past) in steps.iter().zip(&mut out) {
            let (now, then) = (life.at(*newer), life.at(*older));
            match (now, then) {
                (Some(now), None) => past.changes.push(Change::Delete(now.kind(), now.id().clone())),
                (now, Some(then)) if now != Some(then) => past.changes.push(Change::Put(then.clone())),
                _ => {}
            }
        }
    });
    out
}

/// Writes earlier states as NDJSON, newest first: a headquarters line opens each.
///
/// # Errors
/// Whatever the writer reports.
pub fn write(out: &mut dyn Write, past: &[Past]) -> io::Result<()> {
    for change in past.iter().flat_map(|state| &state.changes) {
        match change {
            Change::Headquarters(headquarters) => write_head(out, headquarters)?,
            Change::Put(record) => write_put(out, record)?,
            Change::Delete(kind, id) => write_del(out, *kind, id)?,
            // A step back never replaces a whole kind, and the sample has nothing to complain of.
            Change::Whole(..) | Change::Growing(_) | Change::Problems(_) => {}
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Line<'a> {
    headquarters: Option<Headquarters>,
    kind: Option<&'a str>,
    id: Option<Id>,
    #[serde(borrow)]
    obj: Option<&'a RawValue>,
}

/// Reads earlier states as [`write()`] wrote them, one after the other, newest first.
pub fn read(input: impl BufRead) -> impl Iterator<Item = io::Result<Past>> {
    Pasts {
        lines: input.lines(),
        next: None,
    }
}

struct Pasts<L> {
    lines: L,
    next: Option<Past>,
}

impl<L: Iterator<Item = io::Result<String>>> Iterator for Pasts<L> {
    type Item = io::Result<Past>;

    fn next(&mut self) -> Option<Self::Item> {
        for line in self.lines.by_ref() {
            let change = match line.and_then(|line| change(&line)) {
                Ok(change) => change,
                Err(why) => return Some(Err(why)),
            };
            match (&mut self.next, change) {
                (_, Change::Headquarters(headquarters)) => {
                    let Some(as_of) = headquarters.as_of else {
                        return Some(Err(io::ErrorKind::InvalidData.into()));
                    };
                    let changes = vec![Change::Headquarters(headquarters)];
                    if let Some(whole) = self.next.replace(Past { as_of, changes }) {
                        return Some(Ok(whole));
                    }
                }
                (Some(past), change) => past.changes.push(change),
                (None, _) => return Some(Err(io::ErrorKind::InvalidData.into())),
            }
        }
        self.next.take().map(Ok)
    }
}

fn change(line: &str) -> io::Result<Change> {
    let bad = || io::Error::from(io::ErrorKind::InvalidData);
    let line: Line<'_> = serde_json::from_str(line)?;
    if let Some(headquarters) = line.headquarters {
        return Ok(Change::Headquarters(Arc::new(headquarters)));
    }
    let kind = line.kind.and_then(Kind::named).ok_or_else(bad)?;
    match line.obj {
        None => Ok(Change::Delete(kind, line.id.ok_or_else(bad)?)),
        Some(obj) => record(kind, obj.get()).map(Change::Put),
    }
}

/// A record the fast way, or the slow one where it carries a field this version does not know.
fn record(kind: Kind, json: &str) -> io::Result<Record> {
    if let Ok(record) = Record::from_json(kind, json) {
        return Ok(record);
    }
    let value = serde_json::from_str(json)?;
    let mut problems = Vec::new();
    Record::read(kind, &value, &mut Reader::new(Path::default(), &mut problems))
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// What to change in the newest state to get the newest kept state not after a day; nothing when no kept state is that old.
///
/// # Errors
/// Whatever reading `past` reports.
pub fn back_to(past: impl Iterator<Item = io::Result<Past>>, day: Day) -> io::Result<Option<Past>> {
    let mut changes = Vec::new();
    for state in past {
        let state = state?;
        changes.extend(state.changes);
        if state.as_of <= day {
            return Ok(Some(Past {
                as_of: state.as_of,
                changes,
            }));
        }
    }
    Ok(None)
}

impl Sample {
    /// Shows every life once: the small kinds, then initiatives in order.
    fn each_life(&self, show: &mut dyn FnMut(&super::life::Life)) {
        for (_, lives) in &self.kinds {
            lives.iter().for_each(&mut *show);
        }
        for number in generate::initiative_slots(self.initiatives) {
            show(&generate::initiative(&self.province, number));
        }
    }
}
