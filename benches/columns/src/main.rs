//! `columns FILE`: reads the initiatives of a document with sonic-rs, typed, into plain columns; prints how many there are and how long
//! it took. It does what such a reader must (names once, texts in one run of bytes, days and amounts as numbers) and nothing the
//! dashboard does beside that: nothing is cleaned, folded for searching, checked for repeated ids, ordered, shown or judged, the whole
//! text is in memory at once, and the first thing that is wrong ends it.

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

#[derive(Deserialize)]
struct Document {
    initiatives: Columns,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text<'a> {
    One(#[serde(borrow)] Cow<'a, str>),
    Each {
        #[serde(borrow)]
        fa: Option<Cow<'a, str>>,
        #[serde(borrow)]
        en: Option<Cow<'a, str>>,
    },
}

#[derive(Deserialize)]
struct Visit<'a> {
    on: &'a str,
    by: &'a str,
    #[serde(borrow)]
    result: Option<Each<'a>>,
}

/// What stands in both languages; where it can be either form, [`Text`] costs more.
#[derive(Deserialize)]
struct Each<'a> {
    #[serde(borrow)]
    fa: Option<&'a str>,
    #[serde(borrow)]
    en: Option<&'a str>,
}

#[derive(Default, Deserialize)]
struct Steps {
    committed: Option<f64>,
    claimed: Option<f64>,
    registered: Option<f64>,
    approved: Option<f64>,
    verified: Option<f64>,
}

#[derive(Deserialize)]
struct Initiative<'a> {
    id: &'a str,
    initiative_kind: &'a str,
    #[serde(borrow)]
    title: &'a str,
    county: Option<&'a str>,
    sector: Option<Each<'a>>,
    measure: Option<&'a str>,
    project: Option<&'a str>,
    stage: &'a str,
    identified: Option<&'a str>,
    empowered: Option<&'a str>,
    brought_in: Option<&'a str>,
    origin: &'a str,
    sponsor: Option<&'a str>,
    #[serde(borrow, default)]
    outreach: Vec<Visit<'a>>,
    members: Option<u32>,
    jobs: Option<Steps>,
    capital: Option<Steps>,
    started: Option<&'a str>,
    updated: Option<&'a str>,
    #[serde(borrow)]
    note: Option<Text<'a>>,
}

/// Texts in one run of bytes.
#[derive(Default)]
struct Arena {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Arena {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len() as u32);
    }
}

/// A column of names, each kept once.
#[derive(Default)]
struct Names {
    known: HashMap<Box<str>, u32>,
    rows: Vec<u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = self.known.len() as u32 + 1;
        self.known.insert(name.into(), number);
        number
    }

    fn push(&mut self, name: Option<&str>) {
        let number = name.map_or(0, |name| self.number(name));
        self.rows.push(number);
    }
}

/// Days since 1970; 0 for none.
fn day(text: Option<&str>) -> i32 {
    let Some([a, b, c, d, b'-', e, f, b'-', g, h]) = text.map(str::as_bytes) else {
        return 0;
    };
    let two = |a: &u8, b: &u8| i32::from(a & 15) * 10 + i32::from(b & 15);
    let (year, month, day) = (two(a, b) * 100 + two(c, d), two(e, f), two(g, h));
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[derive(Default)]
struct Columns {
    ids: Arena,
    titles: Arena,
    notes: Arena,
    names: [Names; 8],
    days: [Vec<i32>; 5],
    members: Vec<u32>,
    jobs: Vec<[f64; 5]>,
    capital: Vec<[f64; 5]>,
    visit_ends: Vec<u32>,
    visit_days: Vec<i32>,
    visits: [Names; 2],
}

impl Columns {
    fn push(&mut self, row: &Initiative<'_>) {
        self.ids.push(row.id);
        self.titles.push(row.title);
        match &row.note {
            None => self.notes.push(""),
            Some(Text::One(text)) => self.notes.push(text),
            Some(Text::Each { fa, en }) => self.notes.push(fa.as_deref().or(en.as_deref()).unwrap_or("")),
        }
        let sector = row.sector.as_ref().and_then(|text| text.fa.or(text.en));
        let named = [
            Some(row.initiative_kind),
            Some(row.stage),
            Some(row.origin),
            row.county,
            row.measure,
            row.project,
            row.sponsor,
            sector,
        ];
        for (column, name) in self.names.iter_mut().zip(named) {
            column.push(name);
        }
        let days = [row.identified, row.empowered, row.brought_in, row.started, row.updated];
        for (column, text) in self.days.iter_mut().zip(days) {
            column.push(day(text));
        }
        self.members.push(row.members.unwrap_or(0));
        let steps = |figure: &Option<Steps>| {
            let figure = figure.as_ref();
            let of = |step: fn(&Steps) -> Option<f64>| figure.and_then(step).unwrap_or(f64::NAN);
            [of(|f| f.committed), of(|f| f.claimed), of(|f| f.registered), of(|f| f.approved), of(|f| f.verified)]
        };
        self.jobs.push(steps(&row.jobs));
        self.capital.push(steps(&row.capital));
        for visit in &row.outreach {
            self.visit_days.push(day(Some(visit.on)));
            self.visits[0].push(Some(visit.by));
            self.visits[1].push(visit.result.as_ref().and_then(|text| text.fa.or(text.en)));
        }
        self.visit_ends.push(self.visit_days.len() as u32);
    }
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Columns;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("initiatives")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Columns, A::Error> {
                let mut out = Columns::default();
                while let Some(row) = rows.next_element::<Initiative<'de>>()? {
                    out.push(&row);
                }
                Ok(out)
            }
        }
        d.deserialize_seq(Rows)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("columns FILE")?;
    let begun = Instant::now();
    let text = std::fs::read(path)?;
    let read = begun.elapsed();
    let document: Document = sonic_rs::from_slice(&text)?;
    let rows = document.initiatives.ids.ends.len();
    println!("{rows} rows, {} ms to read, {} ms in all", read.as_millis(), begun.elapsed().as_millis());
    // What is not looked at must not be left out.
    std::hint::black_box(&document);
    std::process::exit(0)
}
