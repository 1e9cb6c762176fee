//! One line of a page, and the trailer that ends it.

use super::{Cursor, Rev};
use crate::contract::{Id, Kind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smol_str::SmolStr;

/// What a line is about: the headquarters, a kind of record, or a kind only a newer version knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The headquarters itself; its id is [`Subject::HQ`].
    Headquarters,
    /// A record of this kind.
    Record(Kind),
    /// A kind this version does not know: counted, and otherwise passed over.
    Other(SmolStr),
}

impl Subject {
    /// The headquarters' name as a kind.
    pub const HEADQUARTERS: &'static str = "headquarters";
    /// The headquarters' id in the feed.
    pub const HQ: &'static str = "hq";

    /// The name in the feed and in paths.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Headquarters => Self::HEADQUARTERS,
            Self::Record(kind) => kind.as_str(),
            Self::Other(name) => name,
        }
    }

    /// The subject of that name, singular only; nothing when it is no name (`[a-z][a-z-]{0,31}`).
    pub fn named(name: &str) -> Option<Self> {
        if name == Self::HEADQUARTERS {
            return Some(Self::Headquarters);
        }
        if let Some(kind) = Kind::ALL.iter().find(|kind| kind.as_str() == name) {
            return Some(Self::Record(*kind));
        }
        let good = |b: u8| b.is_ascii_lowercase() || b == b'-';
        let fits = (1..=32).contains(&name.len()) && name.bytes().all(good) && !name.starts_with('-');
        fits.then(|| Self::Other(name.into()))
    }

    /// The headquarters and every kind of record, in the order of the document.
    pub fn known() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Headquarters).chain(Kind::ALL.iter().copied().map(Self::Record))
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Subject {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::contract::clean::exact(d, |text| Self::named(text).ok_or("not a kind"))
    }
}

/// What happened to a record.
#[derive(Clone, Debug)]
pub enum Op {
    /// It is this now: the record as the server keeps it, still to be read as [`crate::contract::Record`].
    Put(Box<RawValue>),
    /// It is gone.
    Del,
}

impl PartialEq for Op {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Put(one), Self::Put(other)) => one.get() == other.get(),
            (Self::Del, Self::Del) => true,
            _ => false,
        }
    }
}

/// A line of the feed: the latest state of one record, and the revision that brought it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The revision; at least 1.
    pub rev: Rev,
    /// What it is about.
    pub kind: Subject,
    /// The record's id, or `hq`.
    pub id: Id,
    /// What it is now.
    pub op: Op,
}

/// A line as its members stand.
#[derive(Serialize, Deserialize)]
struct Members {
    rev: Rev,
    kind: Subject,
    id: Id,
    op: SmolStr,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    obj: Option<Box<RawValue>>,
}

impl Serialize for Line {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("rev", &self.rev)?;
        map.serialize_entry("kind", &self.kind)?;
        map.serialize_entry("id", &self.id)?;
        match &self.op {
            Op::Put(obj) => {
                map.serialize_entry("op", "put")?;
                map.serialize_entry("obj", obj)?;
            }
            Op::Del => map.serialize_entry("op", "del")?,
        }
        map.end()
    }
}

impl TryFrom<Members> for Line {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, Self::Error> {
        let op = match (members.op.as_str(), members.obj) {
            ("put", Some(obj)) if obj.get().starts_with('{') => Op::Put(obj),
            ("put", _) => return Err("a put without an object"),
            ("del", None) => Op::Del,
            ("del", Some(_)) => return Err("a del with an object"),
            _ => return Err("an unknown operation"),
        };
        if members.rev == 0 {
            return Err("revision 0");
        }
        if members.kind == Subject::Headquarters && members.id.as_str() != Subject::HQ {
            return Err("another headquarters");
        }
        Ok(Self {
            rev: members.rev,
            kind: members.kind,
            id: members.id,
            op,
        })
    }
}

impl Line {
    /// Reads one line.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let members: Members = serde_json::from_str(text)?;
        Self::try_from(members).map_err(serde::de::Error::custom)
    }
}

/// The last line of a page; a page without one was cut off and is discarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// The cursor behind this page.
    pub next: Cursor,
    /// The newest revision when the page was made.
    pub head: Rev,
    /// True when nothing is left behind `next`.
    pub up_to_date: bool,
    /// Lines of this page, without the trailer.
    pub count: u64,
    /// On a page of the past, the cursor of the state it tells of; its revision is 0 where nothing is kept from so long ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Cursor>,
    /// On a page of the past, when the first revision was made; nothing when there is none.
    #[serde(default, with = "super::some_instant", skip_serializing_if = "Option::is_none")]
    pub began: Option<Timestamp>,
}

/// A line of a page: of the feed, or its end.
#[derive(Clone, Debug, PartialEq)]
pub enum PageLine {
    /// A line of the feed.
    Line(Line),
    /// The end of the page.
    Trailer(Trailer),
}

impl PageLine {
    /// Reads one line of a page: what has a `next` is the trailer.
    ///
    /// # Errors
    /// Why it is neither.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        // The two never share their first member when one of our servers wrote them; another one may order them otherwise.
        if text.starts_with("{\"rev\"") {
            return Line::parse(text).map(Self::Line);
        }
        #[derive(Deserialize)]
        struct Peek {
            next: Option<serde::de::IgnoredAny>,
        }
        match serde_json::from_str::<Peek>(text)?.next {
            Some(_) => serde_json::from_str(text).map(Self::Trailer),
            None => Line::parse(text).map(Self::Line),
        }
    }
}
