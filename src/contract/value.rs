//! A JSON text as a value, with every member that stands twice in one object named.

use crate::contract::Path;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Reads a text as a value; the last of several equal members counts, and their places come with it.
///
/// # Errors
/// When the text is not one JSON value, or nests deeper than the parser's limit.
pub fn parse(text: &str) -> serde_json::Result<(Value, Vec<Path>)> {
    let mut seen = Seen::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = Any(&mut seen).deserialize(&mut parser)?;
    parser.end()?;
    Ok((value, seen.twice))
}

/// Repeated members that are named in one text.
const MAX_TWICE: usize = 1_000;

#[derive(Default)]
struct Seen {
    path: Path,
    twice: Vec<Path>,
}

struct Any<'s>(&'s mut Seen);

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(v.into())
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(v.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        self.0.path.push_index(0);
        while let Some(item) = seq.next_element_seed(Any(self.0))? {
            items.push(item);
            self.0.path.pop();
            self.0.path.push_index(items.len());
        }
        self.0.path.pop();
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(Name(name)) = map.next_key()? {
            self.0.path.push_key(&name);
            if members.contains_key(&name) && self.0.twice.len() < MAX_TWICE {
                self.0.twice.push(self.0.path.clone());
            }
            let value = map.next_value_seed(Any(self.0))?;
            self.0.path.pop();
            members.insert(name, value);
        }
        Ok(members.into())
    }
}

struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_members_counts_and_each_repetition_is_named() -> serde_json::Result<()> {
        let (value, twice) = parse(r#"{"a":1,"b":[{"c":1,"c":2,"c":3}],"a":4}"#)?;
        assert_eq!(value, serde_json::json!({"a":4,"b":[{"c":3}]}));
        let twice: Vec<String> = twice.iter().map(ToString::to_string).collect();
        assert_eq!(twice, ["b[0].c", "b[0].c", "a"]);
        Ok(())
    }

    #[test]
    fn it_reads_what_the_parser_reads() -> serde_json::Result<()> {
        for text in [
            "null",
            "-1",
            "18446744073709551615",
            "1.5",
            "\"\\u06f1\"",
            "[[],{}]",
            "true",
        ] {
            assert_eq!(parse(text)?.0, serde_json::from_str::<Value>(text)?);
        }
        for text in ["", "[1,]", "{\"a\"}", "1 2", &"[".repeat(200)] {
            assert!(parse(text).is_err(), "{text}");
        }
        Ok(())
    }
}
