//! A text of the data: one string, or one in each language.

use super::clean;
use super::read::{Field, Read, Reader};
use crate::text::Lang;
use serde::ser::SerializeMap as _;
use smol_str::SmolStr;

/// Text as it travels: a plain string, or `{"fa": …, "en": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// The same in both languages.
    One(SmolStr),
    /// One in each language; at least one is there.
    Each(Box<[Option<SmolStr>; 2]>),
}

impl Text {
    /// Text that is the same in both languages.
    pub fn one(text: impl Into<SmolStr>) -> Self {
        Self::One(text.into())
    }

    /// Persian and English.
    pub fn both(fa: impl Into<SmolStr>, en: impl Into<SmolStr>) -> Self {
        Self::Each(Box::new([Some(fa.into()), Some(en.into())]))
    }

    /// The text in a language, in the other one when it lacks that.
    pub fn get(&self, lang: Lang) -> &str {
        match self {
            Self::One(text) => text,
            Self::Each(each) => {
                let [fa, en] = each.as_ref();
                let (first, second) = match lang {
                    Lang::Fa => (fa, en),
                    Lang::En => (en, fa),
                };
                first.as_ref().or(second.as_ref()).map_or("", SmolStr::as_str)
            }
        }
    }

    /// Every wording it has, for searching in whatever language was typed.
    pub fn wordings(&self) -> impl Iterator<Item = &str> {
        let (one, each) = match self {
            Self::One(text) => (Some(text.as_str()), None),
            Self::Each(each) => (None, Some(each.iter().flatten().map(SmolStr::as_str))),
        };
        one.into_iter().chain(each.into_iter().flatten())
    }
}

impl serde::Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(text) => s.serialize_str(text),
            Self::Each(each) => {
                let mut map = s.serialize_map(None)?;
                for (key, text) in ["fa", "en"].iter().zip(each.iter()) {
                    if let Some(text) = text {
                        map.serialize_entry(key, text)?;
                    }
                }
                map.end()
            }
        }
    }
}

impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Text;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
                if clean::is_clean(text) {
                    Ok(Text::One(text.into()))
                } else {
                    Err(E::custom("text to clean"))
                }
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                use serde::de::Error as _;
                let mut each = [None, None];
                while let Some(key) = map.next_key::<super::read::Key<'de>>()? {
                    let slot = match key.as_str() {
                        "fa" => 0,
                        "en" => 1,
                        _ => return Err(A::Error::custom("unknown language")),
                    };
                    let Text::One(text) = map.next_value::<Text>()? else {
                        return Err(A::Error::custom("text expected"));
                    };
                    if each[slot].replace(text).is_some() {
                        return Err(A::Error::custom("the same language twice"));
                    }
                }
                if each.iter().all(Option::is_none) {
                    return Err(A::Error::custom("no language"));
                }
                Ok(Text::Each(Box::new(each)))
            }
        }
        d.deserialize_any(Either)
    }
}

impl Field for Text {}

impl Read for Text {
    fn read(value: &serde_json::Value, at: &mut Reader<'_>) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Some(Self::One(at.cleaned(text))),
            serde_json::Value::Object(map) => {
                let mut each = [None, None];
                let mut right = true;
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("fa" | "en", serde_json::Value::String(text)) => {
                            let text = at.within(key, |at| at.cleaned(text));
                            each[usize::from(key == "en")] = Some(text);
                        }
                        ("fa" | "en", other) => right &= at.within(key, |at| at.string(other, "type.text").is_some()),
                        // Another language is kept nowhere else, so it is reported as an unknown field of the text.
                        _ => at.unknown_field(key),
                    }
                }
                if right && each.iter().all(Option::is_none) {
                    at.wrong(value, "type.text");
                    right = false;
                }
                right.then(|| Self::Each(Box::new(each)))
            }
            other => {
                at.wrong(other, "type.text");
                None
            }
        }
    }
}

impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A string, or one string for each language.",
            "anyOf": [
                { "type": "string" },
                { "type": "object", "minProperties": 1, "properties": { "fa": { "type": "string" }, "en": { "type": "string" } } }
            ]
        })
    }
}
