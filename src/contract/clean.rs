//! Foreign text made fit for a screen where it enters: what may not be drawn is replaced visibly, never passed on.

use crate::text::visible;
use serde_json::Value;
use smol_str::{SmolStr, SmolStrBuilder};

/// Longest text of one field, in characters; the longest agenda or note seen in practice is far below it.
pub const MAX_CHARS: usize = 20_000;

/// What cleaning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaning {
    /// Characters replaced, removed or recomposed.
    pub replaced: usize,
    /// The limit the text was cut at, in characters, if it was.
    pub cut_at: Option<usize>,
}

/// True when a text may be kept as it stands.
pub fn is_clean(text: &str) -> bool {
    visible::is_clean(text, MAX_CHARS)
}

/// True for a character that may reach a terminal.
pub fn is_printable(c: char) -> bool {
    c != '\n' && !visible::is_forbidden(c)
}

/// The text fit for the screen, and what had to be done for it.
pub fn clean(text: &str) -> (SmolStr, Cleaning) {
    if is_clean(text) {
        return (text.into(), Cleaning::default());
    }
    let cleaned = visible::clean(text, MAX_CHARS);
    let cut_at = cleaned.cut.then_some(MAX_CHARS);
    (
        cleaned.text.as_ref().into(),
        Cleaning {
            replaced: cleaned.changes,
            cut_at,
        },
    )
}

/// Cleans every string and member name inside an unknown value.
pub fn clean_value(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text).0.into()),
        Value::Array(items) => Value::Array(items.iter().map(clean_value).collect()),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (clean(key).0.into(), clean_value(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// A short, printable piece of foreign text for a message: at most 40 characters.
pub fn excerpt(text: &str) -> SmolStr {
    const SHOWN: usize = 40;
    let mut out = SmolStrBuilder::new();
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        out.push(if is_printable(c) { c } else { '\u{FFFD}' });
    }
    out.finish()
}

/// A short, printable picture of a JSON value for a message.
pub fn excerpt_of(value: &Value) -> SmolStr {
    match value {
        // A whole tree is never printed for a message: its shape is enough.
        Value::Array(items) => smol_str::format_smolstr!("[… {}]", items.len()),
        Value::Object(map) => smol_str::format_smolstr!("{{… {}}}", map.len()),
        other => excerpt(&other.to_string()),
    }
}

/// Serde's way in for short words: accepts only clean text, and turns `parse`'s refusal into an error.
pub fn exact<'de, D, T, E>(d: D, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    E: std::fmt::Display,
{
    struct Word<P>(P);
    impl<T, E: std::fmt::Display, P: FnOnce(&str) -> Result<T, E>> serde::de::Visitor<'_> for Word<P> {
        type Value = T;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("text")
        }
        fn visit_str<Err: serde::de::Error>(self, text: &str) -> Result<T, Err> {
            if text.is_empty() || !is_clean(text) {
                return Err(Err::custom("text to clean"));
            }
            (self.0)(text).map_err(Err::custom)
        }
    }
    d.deserialize_str(Word(parse))
}
