//! The feed of a rasad endpoint as it travels: cursor, line, page trailer, stream events, `GET /v1`, problems. No I/O.
//!
//! Both ends read and write these types and nothing else, so that what one of them sends the other understands. Reading is
//! strict: a member of the wrong type, a missing one or a number out of range refuses the whole; a member nobody knows is
//! passed over, so that a newer server can say more. Strings inside are as they came: whoever shows one cleans it first.

mod cursor;
mod line;
mod sum;
#[cfg(test)]
mod tests;

pub use cursor::{Cursor, Epoch, Rev};
pub use line::{Line, Op, PageLine, Subject, Trailer};
pub use sum::{CHECKSUM, KindState, Sum};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the protocol: the `api` of [`Info`].
pub const API: u32 = 1;
/// The media type of a page of changes.
pub const NDJSON: &str = "application/x-ndjson";
/// The media type of a stream.
pub const EVENT_STREAM: &str = "text/event-stream";
/// The media type of a problem (RFC 9457).
pub const PROBLEM: &str = "application/problem+json";
/// Lines on a page when the client asks for no number, and the most it gets unless one revision is longer.
pub const PAGE_LINES: u32 = 5_000;
/// Operations in one batch at most, and so lines in one revision.
pub const BATCH_OPERATIONS: usize = 500;
/// Seconds between two `sync` events of a quiet stream.
pub const SYNC_SECONDS: u32 = 15;

/// What is known of each kind, by its name in the feed; a kind without a record may be left out.
pub type Kinds = BTreeMap<String, KindState>;

/// The answer to `GET /v1`: who the server is and where its feed stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// The protocol's version, [`API`].
    pub api: u32,
    /// Which life of the store the revisions count in.
    pub epoch: Epoch,
    /// The newest revision.
    pub head: Rev,
    /// Deletions up to this revision may be forgotten: a cursor before it (but for `0`) is answered with 410.
    pub min_rev: Rev,
    /// The server's clock.
    #[serde(with = "instant")]
    pub time: Timestamp,
    /// The name of the checksum in [`KindState::sum`]; a client that knows another one does not compare.
    pub checksum: String,
    /// What a request may ask.
    pub limits: ServerLimits,
    /// Live records of each kind at `head`.
    pub kinds: Kinds,
}

/// What a request may ask of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerLimits {
    /// Lines on a page at most, unless one revision is longer.
    pub page_lines: u32,
    /// Operations in a batch at most.
    pub batch_operations: u32,
    /// Bytes of a request's body at most.
    pub body_bytes: u64,
    /// Bytes of one record at most.
    pub record_bytes: u64,
    /// Seconds between two `sync` events of a quiet stream.
    pub sync_seconds: u32,
    /// Days a deletion is remembered at least.
    pub tombstone_days: u32,
    /// Hours an `Idempotency-Key` is remembered.
    pub idempotency_hours: u32,
}

/// The names of the events of a stream, as they stand behind `event:`.
///
/// A `changes` event carries one line of the feed in each of its `data:` lines, all of them of one revision, and its `id:` is the
/// cursor behind it. A reader who was away or slow gets the latest state of each record only, so revisions in between may not
/// appear. A `sync` event's id is the cursor up to which everything was sent. `reset` and `bye` have no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventName {
    /// Lines of the feed.
    Changes,
    /// Everything up to the id was sent: [`Sync`].
    Sync,
    /// The cursor became unusable, start from 0: [`Reset`]. The server closes the stream.
    Reset,
    /// The server ends the stream on purpose, come back: [`Bye`].
    Bye,
}

impl EventName {
    /// The name behind `event:`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Sync => "sync",
            Self::Reset => "reset",
            Self::Bye => "bye",
        }
    }

    /// The event of that name; an unknown one is passed over by a client.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Changes, Self::Sync, Self::Reset, Self::Bye]
            .into_iter()
            .find(|event| event.as_str() == name)
    }
}

/// The payload of a `sync` event: what the client must hold now if it lost nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// The newest revision, the same as in the event's id.
    pub head: Rev,
    /// The server's clock, from which a client knows how old its data are.
    #[serde(with = "instant")]
    pub time: Timestamp,
    /// Count and checksum of the live records of each kind at `head`.
    pub kinds: Kinds,
}

/// Why a cursor cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unusable {
    /// Deletions behind it were already forgotten.
    Compacted,
    /// It belongs to another life of the store.
    OtherEpoch,
    /// The store has not come that far: it was restored from a backup.
    Future,
}

impl Unusable {
    /// The word that travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compacted => "compacted",
            Self::OtherEpoch => "other-epoch",
            Self::Future => "future",
        }
    }
}

/// The payload of a `reset` event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// Why.
    pub reason: Unusable,
}

/// Why the server ends a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parting {
    /// The server is being stopped.
    Drain,
    /// The stream has lived long enough; load spreads anew.
    Age,
    /// The reader did not keep up.
    Slow,
    /// The token was revoked or has expired: coming back helps only with another one.
    Revoked,
}

/// The payload of a `bye` event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bye {
    /// Why.
    pub reason: Parting,
    /// Milliseconds to wait before coming back.
    pub retry_ms: u32,
}

/// The body of every answer that refuses (RFC 9457).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemBody {
    /// `urn:rasad:problem:` and the problem's slug, which does not change with the language.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in a few words.
    pub title: String,
    /// The answer's status.
    pub status: u16,
    /// What happened and what to do, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request's number in the server's log; it says nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// For 410: why the cursor cannot be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Unusable>,
    /// For 422: everything wrong with the records sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// For 412: the record as it stands now, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
}

/// What every problem's type begins with.
pub const PROBLEM_PREFIX: &str = "urn:rasad:problem:";

impl ProblemBody {
    /// A problem of that slug.
    pub fn new(slug: &str, status: u16, title: &str) -> Self {
        Self {
            kind: format!("{PROBLEM_PREFIX}{slug}"),
            title: title.to_owned(),
            status,
            ..Self::default()
        }
    }

    /// The problem's slug, or nothing when the type is none of ours.
    pub fn slug(&self) -> Option<&str> {
        self.kind.strip_prefix(PROBLEM_PREFIX)
    }
}

/// One thing wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which operation of a batch, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<u32>,
    /// Where in the record: `readings[3].value`.
    pub path: String,
    /// A slug that does not change with the language, the same as `rasad check --format json` prints.
    pub code: String,
    /// The same in a sentence.
    pub message: String,
}

/// Instants as they travel: RFC 3339, UTC.
mod some_instant {
    use jiff::Timestamp;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::instant::serialize(at, s),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
        super::instant::deserialize(d).map(Some)
    }
}

mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(at)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(|_| D::Error::custom("not an RFC 3339 instant"))
    }
}
