//! A whole province on a day, and how it is written: one JSON document, or NDJSON lines. Knows nothing of how it was made beyond
//! asking for the lives, and streams initiatives so that a million of them need little memory.

use super::generate;
use super::life::Life;
use super::province::{FIRST_SEED, Family, Province};
use crate::clock::Day;
use crate::contract::{Headquarters, Id, Kind, Record, Text, VERSION};
use serde::Serialize;
use std::io::{self, Write};

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON document, one record a line.
    Json,
    /// A headquarters line and one feed line a record.
    Ndjson,
}

/// A province with all its lives but those of initiatives, which are told when asked for.
pub struct Sample {
    pub(super) province: Province,
    pub(super) kinds: Vec<(Kind, Vec<Life>)>,
    pub(super) initiatives: u64,
}

impl Sample {
    /// The province of a seed with so many initiatives, or as many as suit it.
    pub fn new(seed: u64, initiatives: Option<u64>) -> Self {
        let province = Province::of(seed);
        let kinds = generate::small_kinds(&province);
        let initiatives = initiatives.unwrap_or(province.initiatives);
        Self {
            province,
            kinds,
            initiatives,
        }
    }

    /// The day of the newest state.
    pub fn as_of(&self) -> Day {
        self.province.as_of
    }

    /// The days of the earlier states, in order: the meetings.
    pub fn meetings(&self) -> &[Day] {
        &self.province.meetings
    }

    /// The headquarters on a day.
    pub fn headquarters(&self, day: Day) -> Headquarters {
        generate::headquarters(&self.province, day)
    }

    /// The records of a kind on a day, in the order of their numbers.
    pub fn records(&self, kind: Kind, day: Day) -> Box<dyn Iterator<Item = Record> + '_> {
        if kind == Kind::Initiative {
            let slots = generate::initiative_slots(self.initiatives);
            return Box::new(slots.filter_map(move |n| generate::initiative(&self.province, n).at(day).cloned()));
        }
        let lives = self
            .kinds
            .iter()
            .find(|(k, _)| *k == kind)
            .map_or(&[][..], |(_, lives)| lives);
        Box::new(lives.iter().filter_map(move |life| life.at(day).cloned()))
    }

    /// References that lead nowhere on purpose: the kind and id of the record, and the id it names.
    pub fn dangling(&self) -> [(Kind, Id, Id); 3] {
        generate::dangling(&self.province)
    }

    /// The second record of an id that the second province's JSON document holds, as a problem of reading: feed lines replace
    /// one another, so NDJSON has no such thing.
    fn duplicate(&self, kind: Kind, day: Day) -> Option<Record> {
        if self.province.seed == FIRST_SEED || kind != Kind::Demand {
            return None;
        }
        let id = self.province.id(Family::Demand, 3);
        let Record::Demand(demand) = self.records(kind, day).find(|r| *r.id() == id)? else {
            return None;
        };
        let mut again = demand.as_ref().clone();
        again.note = Some(Text::both("ثبت دوباره", "Entered twice"));
        Some(again.into())
    }

    /// Writes the state of a day.
    ///
    /// # Errors
    /// Whatever the writer reports.
    pub fn write_to(&self, out: &mut dyn Write, form: Form, day: Day) -> io::Result<()> {
        match form {
            Form::Json => self.write_json(out, day),
            Form::Ndjson => self.write_ndjson(out, day),
        }
    }

    fn write_json(&self, out: &mut dyn Write, day: Day) -> io::Result<()> {
        write!(out, "{{\"rasad\":{VERSION},\n\"headquarters\":")?;
        put(out, &self.headquarters(day))?;
        for kind in Kind::ALL {
            write!(out, ",\n\"{}\":[", kind.plural())?;
            let records = self.records(*kind, day).chain(self.duplicate(*kind, day));
            for (index, record) in records.enumerate() {
                out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
                put(out, &record)?;
            }
            out.write_all(b"]")?;
        }
        out.write_all(b"}\n")
    }

    fn write_ndjson(&self, out: &mut dyn Write, day: Day) -> io::Result<()> {
        write_head(out, &self.headquarters(day))?;
        for kind in Kind::ALL {
            for record in self.records(*kind, day) {
                write_put(out, &record)?;
            }
        }
        Ok(())
    }
}

/// The first line of NDJSON.
pub(super) fn write_head(out: &mut dyn Write, headquarters: &Headquarters) -> io::Result<()> {
    write!(out, "{{\"rasad\":{VERSION},\"headquarters\":")?;
    put(out, headquarters)?;
    out.write_all(b"}\n")
}

/// A feed line that puts a record.
pub(super) fn write_put(out: &mut dyn Write, record: &Record) -> io::Result<()> {
    write!(
        out,
        "{{\"kind\":\"{}\",\"id\":\"{}\",\"op\":\"put\",\"obj\":",
        record.kind(),
        record.id()
    )?;
    put(out, record)?;
    out.write_all(b"}\n")
}

/// A feed line that takes a record away.
pub(super) fn write_del(out: &mut dyn Write, kind: Kind, id: &Id) -> io::Result<()> {
    writeln!(out, "{{\"kind\":\"{kind}\",\"id\":\"{id}\",\"op\":\"del\"}}")
}

fn put(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}
