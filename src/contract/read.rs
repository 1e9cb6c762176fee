//! The slow way into a record: through JSON values, mending what can be mended and naming every problem with its path.

use super::clean;
use super::problem::{Level, Place, Problem, What};
use super::{Extra, Path};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// A member name: borrowed from the input where it holds no escape.
pub struct Key<'a>(std::borrow::Cow<'a, str>);

impl Key<'_> {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> serde::de::Visitor<'de> for Name {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a member name")
            }
            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(v.into()))
            }
            fn visit_str<E>(self, v: &str) -> Result<Key<'de>, E> {
                Ok(Key(v.to_owned().into()))
            }
        }
        d.deserialize_str(Name)
    }
}

/// What a field of an object does when its member is not there.
pub trait Field: Sized {
    /// The value of a missing member, or nothing when the member is required.
    fn missing() -> Option<Self> {
        None
    }
    /// True when the member is left out on writing.
    fn absent(&self) -> bool {
        false
    }
}

impl<T> Field for Option<T> {
    fn missing() -> Option<Self> {
        Some(None)
    }
    fn absent(&self) -> bool {
        self.is_none()
    }
}

/// A list may be left out when it is empty.
impl<T> Field for Vec<T> {
    fn missing() -> Option<Self> {
        Some(Self::new())
    }
    fn absent(&self) -> bool {
        self.is_empty()
    }
}

/// Reads a value the slow way; `None` means the record cannot be read, and the reader knows why.
pub trait Read: Sized {
    /// Reads `value`, which stands where `at` points.
    fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self>;
}

/// Problems named in one record, notes and others each: a record with more is made to cost.
const MAX_PROBLEMS: usize = 1_000;

/// Where reading stands, and what was found wrong so far.
pub struct Reader<'a> {
    path: Path,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader at a record's place.
    pub fn new(path: Path, problems: &'a mut Vec<Problem>) -> Self {
        Self { path, problems }
    }

    /// Runs `read` one step down.
    pub fn within<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push_key(key);
        let out = read(self);
        self.path.pop();
        out
    }

    fn report(&mut self, level: Level, what: What) {
        // Notes leave room for what is worse, so that a record full of notes still says why it was left out.
        let room = if level == Level::Note {
            MAX_PROBLEMS
        } else {
            2 * MAX_PROBLEMS
        };
        if self.problems.len() >= room {
            return;
        }
        let place = Place {
            path: self.path.clone(),
            ..Place::default()
        };
        self.problems.push(Problem {
            level,
            place,
            what,
            record: None,
        });
    }

    /// Reports what makes the record unreadable.
    pub fn skip(&mut self, what: What) {
        self.report(Level::Skipped, what);
    }

    /// Reports what was mended.
    pub fn changed(&mut self, what: What) {
        self.report(Level::Changed, what);
    }

    /// Reports a value of another type than wanted (`wanted` is a catalogue key such as `type.date`).
    pub fn wrong(&mut self, value: &Value, wanted: &'static str) {
        self.skip(What::WrongType {
            wanted: wanted.into(),
            found: clean::excerpt_of(value),
        });
    }

    /// The value as an object.
    pub fn object<'v>(&mut self, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let map = value.as_object();
        if map.is_none() {
            self.wrong(value, "type.object");
        }
        map
    }

    /// The value as a string; `wanted` names the type in the problem.
    pub fn string<'v>(&mut self, value: &'v Value, wanted: &'static str) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong(value, wanted);
        }
        text
    }

    /// A text with forbidden characters replaced, reporting it if anything changed.
    pub fn cleaned(&mut self, text: &str) -> SmolStr {
        let (out, change) = clean::clean(text);
        if change.replaced > 0 {
            self.changed(What::CleanedText(change.replaced));
        }
        if let Some(limit) = change.cut_at {
            self.changed(What::CutText(limit));
        }
        out
    }

    /// A value of an open list: clean, not empty.
    pub fn word(&mut self, value: &Value) -> Option<SmolStr> {
        match self.string(value, "type.word")? {
            "" => {
                self.wrong(value, "type.word");
                None
            }
            word => Some(self.cleaned(word)),
        }
    }

    /// A member of an object, or its default; `null` counts as missing.
    pub fn field<T: Read + Field>(&mut self, map: &Map<String, Value>, name: &'static str) -> Option<T> {
        match map.get(name) {
            None | Some(Value::Null) => {
                let out = T::missing();
                if out.is_none() {
                    self.within(name, |at| at.skip(What::Missing(name.into())));
                }
                out
            }
            Some(value) => self.within(name, |at| T::read(value, at)),
        }
    }

    /// Reports a field this version does not know.
    pub fn unknown_field(&mut self, key: &str) {
        let name = clean::excerpt(key);
        self.within(key, |at| at.report(Level::Note, What::UnknownField(name)));
    }

    /// The members outside `known`, cleaned, each reported as a note.
    pub fn unknown(&mut self, map: &Map<String, Value>, known: &[&str]) -> Option<Box<Extra>> {
        let mut extra = Extra::new();
        for (key, value) in map {
            if !known.contains(&key.as_str()) {
                self.unknown_field(key);
                extra.insert(clean::clean(key).0.into(), clean::clean_value(value));
            }
        }
        (!extra.is_empty()).then(|| Box::new(extra))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value, at).map(Some),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self> {
        let Some(items) = value.as_array() else {
            at.wrong(value, "type.list");
            return None;
        };
        // Every element is read even after a bad one, so that all problems of a record are named at once.
        let mut out = Some(Self::with_capacity(items.len()));
        for (index, item) in items.iter().enumerate() {
            at.path.push_index(index);
            match (T::read(item, at), &mut out) {
                (Some(item), Some(list)) => list.push(item),
                _ => out = None,
            }
            at.path.pop();
        }
        out
    }
}

macro_rules! whole {
    ($($ty:ty => $as:ident),*) => {$(
        impl Field for $ty {}
        impl Read for $ty {
            fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self> {
                let number = value.$as().and_then(|n| Self::try_from(n).ok());
                if number.is_none() {
                    at.wrong(value, "type.whole");
                }
                number
            }
        }
    )*};
}
whole!(u32 => as_u64, i64 => as_i64);

impl Field for bool {}

impl Read for bool {
    fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self> {
        let flag = value.as_bool();
        if flag.is_none() {
            at.wrong(value, "type.flag");
        }
        flag
    }
}

impl Field for SmolStr {}

impl Read for SmolStr {
    fn read(value: &Value, at: &mut Reader<'_>) -> Option<Self> {
        at.string(value, "type.text").map(|text| at.cleaned(text))
    }
}
