//! What the sample promises, on both provinces. Expected answers are counted from the JSON alone: nothing here asks the types
//! that wrote it.

mod content;
mod life;
mod past;
mod reading;
mod wording;

use super::{Form, Sample};
use crate::clock::Day;
use crate::contract::Kind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Both provinces; the second one from two of its seeds.
const SEEDS: [u64; 3] = [1, 2, 77];

fn written(sample: &Sample, form: Form, day: Day) -> Vec<u8> {
    let mut out = Vec::new();
    // A vector takes whatever is written to it.
    let _ = sample.write_to(&mut out, form, day);
    out
}

fn document(sample: &Sample, day: Day) -> Value {
    serde_json::from_slice(&written(sample, Form::Json, day)).unwrap_or_default()
}

fn newest(seed: u64) -> Value {
    let sample = Sample::new(seed, None);
    document(&sample, sample.as_of())
}

/// All states of a province, oldest first, the newest last.
fn all_states(seed: u64, initiatives: u64) -> Vec<Value> {
    let sample = Sample::new(seed, Some(initiatives));
    let days = sample.meetings().iter().copied().chain([sample.as_of()]);
    days.map(|day| document(&sample, day)).collect()
}

fn rows<'a>(document: &'a Value, kind: &str) -> &'a [Value] {
    document[kind].as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}

fn ids(document: &Value, kind: &str) -> BTreeSet<String> {
    rows(document, kind).iter().map(|r| word(r, "id").to_owned()).collect()
}

fn by_id<'a>(document: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    rows(document, kind).iter().rev().map(|r| (word(r, "id"), r)).collect()
}

fn count(document: &Value, kind: &str, test: impl Fn(&Value) -> bool) -> usize {
    rows(document, kind).iter().filter(|r| test(r)).count()
}

fn effective_due(plan: &Value) -> &str {
    plan["extended_to"].as_str().unwrap_or(word(plan, "due"))
}

/// Fields that say when something happened; everything else that is a date is a plan.
const HAPPENED: &[&str] = &[
    "submitted",
    "returned",
    "accepted",
    "notified",
    "executed",
    "answered",
    "received",
    "updated",
    "identified",
    "empowered",
    "brought_in",
    "started",
    "completed",
    "appointed",
    "done",
    "on",
];

fn happened<'a>(value: &'a Value, inside_path: bool, out: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| happened(item, inside_path, out)),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(day) if HAPPENED.contains(&key.as_str()) && !inside_path => out.push(day),
                    _ => happened(value, inside_path || key == "path", out),
                }
            }
        }
        _ => {}
    }
}

type Held = BTreeMap<(Kind, String), Value>;

fn held(document: &Value) -> Held {
    let of = |kind: &'static Kind| {
        rows(document, kind.plural())
            .iter()
            .rev()
            .map(move |r| ((*kind, word(r, "id").to_owned()), r.clone()))
    };
    Kind::ALL.iter().flat_map(of).collect()
}
