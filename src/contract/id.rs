//! Names of records.

use super::clean;
use super::problem::What;
use super::read::{Field, Read, Reader};
use smol_str::SmolStr;
use std::cmp::Ordering;

/// The id of a record: ASCII `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, unique within its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(SmolStr);

/// The bytes an id is of.
static OF_ID: [bool; 256] = {
    let mut out = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        out[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'.' | b'_' | b'-');
        byte += 1;
    }
    out
};

impl Id {
    /// The id, or nothing when the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        Self::is_one(text).then(|| Self(text.into()))
    }

    /// True when the text is an id.
    pub fn is_one(text: &str) -> bool {
        let bytes = text.as_bytes();
        let of_id = |byte: &u8| OF_ID.get(usize::from(*byte)).copied().unwrap_or_default();
        bytes.len() <= 64 && bytes.first().is_some_and(u8::is_ascii_alphanumeric) && bytes.iter().all(of_id)
    }

    /// How ids stand to each other as people count: `P.9` comes before `P.10`. It is a total order, and that of the text wherever
    /// numbers are written with the same length; [`Ord`] is that of the text, as looking an id up by its text needs it.
    pub fn counted(&self, other: &Self) -> Ordering {
        counted(self.0.as_bytes(), other.0.as_bytes())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The order of [`Id::counted`], of texts: a run of digits stands where a digit stands, the shorter run first.
pub fn counted(a: &[u8], b: &[u8]) -> Ordering {
    counted_behind(false, a, b)
}

/// The same of two texts that follow the same text, which ended in a digit or not.
pub(super) fn counted_behind(digit_before: bool, a: &[u8], b: &[u8]) -> Ordering {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let digit_before = match common.checked_sub(1) {
        Some(last) => a.get(last).is_some_and(u8::is_ascii_digit),
        None => digit_before,
    };
    let (a, b) = (a.get(common..).unwrap_or_default(), b.get(common..).unwrap_or_default());
    let run = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (of_a, of_b) = (run(a), run(b));
    let both = of_a > 0 && of_b > 0;
    let by_run = if both || digit_before {
        of_a.cmp(&of_b)
    } else {
        Ordering::Equal
    };
    by_run.then_with(|| a.cmp(b))
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
    use super::{Id, counted, counted_behind};
    use proptest::prelude::*;
    use std::cmp::Ordering;

    #[test]
    fn ids_are_ordered_as_people_count() {
        let ordered = [
            "1", "2", "10", "P", "P-1", "P.1", "P.2", "P.2.3", "P.2.10", "P.9", "P.9a", "P.10", "P.10.1", "P.010",
            "P.100", "P2", "PA", "p",
        ];
        for (at, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(counted(a.as_bytes(), b.as_bytes()), at.cmp(&other), "{a} {b}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_order_of_ids_is_total_and_goes_by_what_differs(
            [a, b, c] in proptest::array::uniform3("[A0-2.]{0,6}"),
            cut in 0_usize..6,
        ) {
            let [a, b, c] = [a.as_bytes(), b.as_bytes(), c.as_bytes()];
            prop_assert_eq!(counted(a, b) == Ordering::Equal, a == b);
            prop_assert_eq!(counted(a, b), counted(b, a).reverse());
            if counted(a, b).is_le() && counted(b, c).is_le() {
                prop_assert!(counted(a, c).is_le());
            }
            // What both begin with may be left out.
            let (before, _) = c.split_at(cut.min(c.len()));
            let digit = before.last().is_some_and(u8::is_ascii_digit);
            prop_assert_eq!(counted(&[before, a].concat(), &[before, b].concat()), counted_behind(digit, a, b));
        }
    }

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
