//! A record as a row of JSON or of a table: the one place that says how a value of the board travels. Dates travel as
//! `YYYY-MM-DD` (Gregorian), amounts in rial, words and references as they stand in the data.

use super::Cell;
use crate::board::Board;
use crate::board::columns::{Column, Origin, Style, Value, ValueKind, columns};
use crate::contract::figure::Num;
use crate::contract::{Record, Text};
use crate::text::Lang;
use serde_json::{Map, Value as Json, json};

/// The row of a record: its own fields as they stand, and under `derived` what the board derives. With `only`, the id and the
/// columns named there; a part of a field brings the whole field.
///
/// # Errors
/// None that a record read from a source can give; whatever serialising reports.
pub fn json_row(board: &Board, record: &Record, only: Option<&[&Column]>) -> serde_json::Result<Json> {
    let mut row = match serde_json::to_value(record)? {
        Json::Object(row) => row,
        other => return Ok(other),
    };
    if let Some(only) = only {
        let wanted = |field: &str| {
            field == "id"
                || only.iter().any(|column| match column.origin {
                    Origin::Field => column.key == field,
                    // A part is named after its field: `jobs_verified` of `jobs`.
                    Origin::Part => is_part_of(column.key, field),
                    Origin::Derived => false,
                })
        };
        row.retain(|field, _| wanted(field));
    }
    let mut derived = Map::new();
    for column in columns(record.kind()) {
        // Progress is `actual` and `planned` in one cell for people; both are here by themselves.
        let travels = column.origin == Origin::Derived && column.value != ValueKind::Progress;
        if travels && only.is_none_or(|only| only.contains(&column)) {
            derived.insert(column.key.into(), value(&(column.get)(board, record)));
        }
    }
    row.insert("derived".into(), Json::Object(derived));
    Ok(Json::Object(row))
}

/// True for `jobs_verified` of `jobs`; the visits are the expert's.
fn is_part_of(part: &str, field: &str) -> bool {
    part.strip_prefix(field).is_some_and(|rest| rest.starts_with('_')) || (part, field) == ("visits", "expert")
}

fn number(n: f64) -> Json {
    Num::new(n).map_or(Json::Null, |n| json!(n))
}

/// A value as it travels in JSON.
pub fn value(value: &Value) -> Json {
    match value {
        Value::Nothing => Json::Null,
        Value::Text(text) => json!(text),
        Value::Word { value, .. } => json!(value.as_str()),
        Value::Id(_, id) | Value::Link(_, id) | Value::County(id) => json!(id.as_str()),
        Value::Number(n) | Value::Percent(n) | Value::Points(n) => number(*n),
        Value::Days(days) => json!(days),
        Value::Day(day) => json!(day.to_string()),
        Value::Money(rial) => json!(rial),
        Value::Flag(flag) => json!(flag),
        Value::Progress { actual, planned } => json!({
            "actual": actual.map_or(Json::Null, number),
            "planned": planned.map_or(Json::Null, number),
        }),
        Value::Findings(worst, count) => json!({ "worst": worst.as_str(), "count": count }),
    }
}

/// A value as it travels in a cell; texts in a language, for a cell holds only one.
pub fn cell(value: &Value, lang: Lang) -> Cell {
    let text = |text: &Text| Cell::Text(text.get(lang).to_owned());
    match value {
        Value::Nothing => Cell::Empty,
        Value::Text(t) => text(t),
        Value::Flag(flag) => Cell::Flag(*flag),
        Value::Progress { actual, planned } => {
            let side = |n: &Option<f64>| n.map_or_else(String::new, |n| number(n).to_string());
            Cell::Text(format!("{}/{}", side(actual), side(planned)))
        }
        Value::Findings(worst, count) => Cell::Text(format!("{} {count}", worst.as_str())),
        other => match self::value(other) {
            Json::Number(n) => Cell::Number(n.to_string()),
            Json::String(word) => Cell::Text(word),
            _ => Cell::Empty,
        },
    }
}

/// A value as people read it, still a number where the reader's own digits are the data's.
pub fn readable_cell(board: &Board, value: &Value, style: &Style) -> Cell {
    match value.format(board, style) {
        text if text.is_empty() => Cell::Empty,
        text if matches!(value, Value::Number(_) | Value::Days(_)) => match cell(value, style.lang) {
            // A spreadsheet adds up ۱۲ only when it is written 12.
            Cell::Number(n) => Cell::Number(n),
            _ => Cell::Text(text),
        },
        // As fine as people read it; with a sign before it a spreadsheet would take it for a formula, or for text.
        _ if matches!(value, Value::Points(_)) => {
            let points = value.number().unwrap_or_default();
            let tenths = (points * 10.0).round();
            Cell::Number(if tenths == 0.0 {
                "0".into()
            } else {
                (tenths / 10.0).to_string()
            })
        }
        text => Cell::Text(text),
    }
}
