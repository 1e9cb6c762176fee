//! Names of records.

use super::clean;
use super::problem::What;
use super::read::{Field, Read, Reader};
use smol_str::SmolStr;

/// The id of a record: ASCII `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, unique within its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(SmolStr);

impl Id {
    /// The id, or nothing when the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        Self::is_one(text).then(|| Self(text.into()))
    }

    /// True when the text is an id.
    pub fn is_one(text: &str) -> bool {
        let bytes = text.as_bytes();
        let rest = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        bytes.len() <= 64 && bytes.first().is_some_and(u8::is_ascii_alphanumeric) && bytes.iter().all(rest)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        clean::exact(d, |text| Id::new(text).ok_or("not an id"))
    }
}

impl Field for Id {}

impl Read for Id {
    fn read(value: &serde_json::Value, at: &mut Reader<'_>) -> Option<Self> {
        let text = at.string(value, "type.id")?;
        let id = Self::new(text);
        if id.is_none() {
            at.skip(What::BadId(clean::excerpt(text)));
        }
        id
    }
}

impl schemars::JsonSchema for Id {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn an_id_is_short_ascii_and_starts_with_a_letter_or_digit() {
        for good in ["p-0117", "A", "7.x_y-z", &"a".repeat(64)] {
            assert!(Id::new(good).is_some(), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "پ-۱", "a/b", &"a".repeat(65), "a\n"] {
            assert!(Id::new(bad).is_none(), "{bad:?}");
        }
    }
}
