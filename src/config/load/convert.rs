//! From what was written to a setting's value, within its bounds.

use super::super::error::Wrong;
use super::super::settings::{Shape, Value};
use crate::text::near::nearest;
use toml::de::DeValue;

/// The catalogue key of a TOML value's type.
pub(in crate::config) fn type_key(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "config.type-text",
        DeValue::Integer(_) => "config.type-whole",
        DeValue::Float(_) => "config.type-number",
        DeValue::Boolean(_) => "config.type-flag",
        DeValue::Datetime(_) => "config.type-date",
        DeValue::Array(_) => "config.type-list",
        DeValue::Table(_) => "config.type-table",
    }
}

fn shape_key(shape: Shape) -> &'static str {
    match shape {
        Shape::Flag => "config.type-flag",
        Shape::Whole(..) => "config.type-whole",
        Shape::Number(..) => "config.type-number",
        Shape::Choice(_) | Shape::Text => "config.type-text",
    }
}

/// A setting's value as the file gives it, or what is wrong with it.
pub(super) fn from_toml(key: &str, shape: Shape, value: &DeValue<'_>) -> Result<Value, Wrong> {
    let found = match value {
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Whole(number),
            // Too long for 64 bits is out of any bounds; the sentence shows it as written.
            Err(_) => return Err(out_of_range(key, shape, number.as_str().to_owned())),
        },
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => return Err(wrong_type(key, shape, value)),
    };
    match (shape, &found) {
        (Shape::Flag, Value::Flag(_))
        | (Shape::Whole(..), Value::Whole(_))
        | (Shape::Number(..), Value::Whole(_) | Value::Number(_))
        | (Shape::Choice(_) | Shape::Text, Value::Text(_)) => checked(key, shape, found),
        _ => Err(wrong_type(key, shape, value)),
    }
}

fn wrong_type(key: &str, shape: Shape, value: &DeValue<'_>) -> Wrong {
    Wrong::WrongType(key.to_owned(), shape_key(shape), type_key(value))
}

/// A setting's value as a variable or an option gives it, or what is wrong with it.
pub(super) fn from_text(key: &str, shape: Shape, text: &str) -> Result<Value, Wrong> {
    let bad = || Wrong::WrongType(key.to_owned(), shape_key(shape), "config.type-text");
    let value = match shape {
        Shape::Flag => match text {
            "true" | "1" => Value::Flag(true),
            "false" | "0" => Value::Flag(false),
            _ => return Err(bad()),
        },
        Shape::Whole(..) => Value::Whole(text.parse().map_err(|_| bad())?),
        Shape::Number(..) => Value::Number(text.parse().map_err(|_| bad())?),
        Shape::Choice(_) | Shape::Text => Value::Text(text.to_owned()),
    };
    checked(key, shape, value)
}

/// A value of the right type, within its bounds.
fn checked(key: &str, shape: Shape, value: Value) -> Result<Value, Wrong> {
    match (shape, value) {
        (Shape::Whole(min, max), Value::Whole(number)) if !(min..=max).contains(&number) => {
            Err(out_of_range(key, shape, number.to_string()))
        }
        (Shape::Number(..), Value::Whole(number)) => checked(key, shape, Value::Number(number as f64)),
        (Shape::Number(min, max), Value::Number(number)) if !(min..=max).contains(&number) => {
            Err(out_of_range(key, shape, number.to_string()))
        }
        (Shape::Choice(names), Value::Text(name)) if !names.contains(&name.as_str()) => {
            let like = nearest(&name, names.iter().copied()).map(str::to_owned);
            Err(Wrong::NotAChoice(key.to_owned(), name, like, names.join(", ")))
        }
        (_, value) => Ok(value),
    }
}

fn out_of_range(key: &str, shape: Shape, found: String) -> Wrong {
    let (min, max) = match shape {
        Shape::Whole(min, max) => (min.to_string(), max.to_string()),
        Shape::Number(min, max) => (min.to_string(), max.to_string()),
        _ => Default::default(),
    };
    Wrong::OutOfRange {
        name: key.to_owned(),
        min,
        max,
        found,
    }
}
