//! What the endpoint asks of a store, and nothing more: head · page · whole · get · commit · history · past · audit · purge, and the
//! tokens. Everything above works on any store that keeps these promises; one conformance suite holds them to it.
//!
//! The promises: a commit is one revision, all of it or nothing, durable before it is acknowledged; revisions count up by one
//! and no reader sees one before all smaller ones; every reading is of one moment; history and audit are written in the same
//! transaction as the change.

mod plan;
pub mod postgres;
pub mod sqlite;

pub use plan::{Planned, plan};

use super::access::Role;
use crate::contract::Id;
use crate::contract::feed::{Epoch, Kinds, Rev, Subject};
use jiff::Timestamp;
use smol_str::SmolStr;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// The answer of a store, when it comes.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>;

/// Why a store did not answer. The words are for the log of the server's operator, never for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be reached, is busy for too long, is full, or may only be read: the same request may work later.
    Unavailable(String),
    /// It is not a store of ours, is newer than this program, or damaged.
    Unusable(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) | Self::Unusable(why) => f.write_str(why),
        }
    }
}

/// Where a store stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which life of the store this is.
    pub epoch: Epoch,
    /// The newest revision.
    pub rev: Rev,
    /// Deletions up to this revision may be forgotten.
    pub min_rev: Rev,
    /// Count and checksum of the live records of each kind.
    pub kinds: Kinds,
}

/// The latest state of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The revision that brought it.
    pub rev: Rev,
    /// Its kind, as it travels.
    pub kind: SmolStr,
    /// Its id.
    pub id: SmolStr,
    /// The record as JSON, or nothing when it is gone.
    pub obj: Option<Box<str>>,
}

/// Which part of the feed is wanted.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Behind this revision.
    pub after: Rev,
    /// Rows at most, but a revision is never split.
    pub rows: usize,
    /// Bytes of records at most, but a revision is never split.
    pub bytes: usize,
    /// Only these kinds; all of them when empty.
    pub kinds: Vec<Subject>,
}

/// A part of the feed, read in one moment together with the head.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where the store stood.
    pub head: Head,
    /// The rows, by revision.
    pub rows: Vec<Row>,
    /// True when nothing was left behind the last row.
    pub complete: bool,
}

/// A state of long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// As it was at the end of this second. Where the clock was once set back, the newest revision of that time or before.
    Time(Timestamp),
    /// As this revision left it.
    Rev(Rev),
}

/// A time as the stores write it, to the second: what follows is not of one length, and cannot be compared as text.
fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Which part of what must be undone to come back to an earlier state is wanted.
#[derive(Clone, Copy, Debug)]
pub struct AskPast {
    /// The state.
    pub at: Moment,
    /// Behind this revision.
    pub after: Rev,
    /// Rows at most, but a revision is never split.
    pub rows: usize,
    /// Bytes of records at most, but a revision is never split.
    pub bytes: usize,
}

/// What must be undone, read in one moment together with the head: each record that was written since the state, once, as it
/// was then. Rows are ordered by the first revision that touched a record since, so that a page stays as it is whatever is written
/// meanwhile.
#[derive(Clone, Debug)]
pub struct PastPage {
    /// The rows; `rev` is the first revision since the state, `obj` the record as it was then, or nothing where it was not there.
    /// `complete` is false when more are left.
    pub page: Page,
    /// The revision that left the state; 0 when the store does not reach back so far, and then there are no rows.
    pub rev: Rev,
    /// When the first revision was made; nothing when there is none.
    pub began: Option<Timestamp>,
}

/// A record as it is kept now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The revision that brought it.
    pub rev: Rev,
    /// The record as JSON, or nothing when it was deleted.
    pub obj: Option<Box<str>>,
}

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The token's id, or `local` for the command line.
    pub token: SmolStr,
    /// The token's name.
    pub name: SmolStr,
    /// Its role.
    pub role: Role,
}

/// What must stand in the store before a change: nobody overwrites what they have not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No live record.
    Absent,
    /// The live record of this revision.
    At(Rev),
}

/// A change of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its kind.
    pub kind: Subject,
    /// Its id.
    pub id: Id,
    /// What it replaces.
    pub expect: Expect,
    /// The record as JSON, or nothing to delete it.
    pub obj: Option<Box<str>>,
}

/// A key under which a client may repeat a request without doing it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remember {
    /// The client's key.
    pub key: SmolStr,
    /// A hash of the request: the same key with another request is a mistake.
    pub fingerprint: [u8; 32],
}

/// A transaction: one revision.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Who.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// The request's number in the log.
    pub request: SmolStr,
    /// The import it belongs to.
    pub import: Option<SmolStr>,
    /// The key to remember it by.
    pub remember: Option<Remember>,
    /// The changes, at least one, no record twice.
    pub operations: Vec<Operation>,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Done, as this revision.
    Done(Rev),
    /// It had been done before, as this revision.
    Replayed(Rev),
    /// Nothing was done: this operation does not find what it expects, but what stands here.
    Stale(usize, Option<Kept>),
    /// Nothing was done: the key belongs to another request.
    KeyReused,
}

/// One state of a record in its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The revision.
    pub rev: Rev,
    /// When.
    pub at: String,
    /// Who: the token's name.
    pub by: SmolStr,
    /// In which role.
    pub role: SmolStr,
    /// The import it came with.
    pub import: Option<SmolStr>,
    /// The record, or nothing when it was deleted.
    pub obj: Option<Box<str>>,
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number, counting up.
    pub seq: u64,
    /// When.
    pub at: String,
    /// The token's id.
    pub token: SmolStr,
    /// The token's name.
    pub by: SmolStr,
    /// In which role.
    pub role: SmolStr,
    /// What: `put`, `del`, `token-add`, `token-revoke`, `purge`.
    pub action: SmolStr,
    /// The kind of the record, or `token`.
    pub kind: SmolStr,
    /// The record's id, or the token's.
    pub id: SmolStr,
    /// The revision it made, if it made one.
    pub rev: Option<Rev>,
    /// The revision it replaced, if there was one.
    pub before: Option<Rev>,
    /// The request's number in the log.
    pub request: SmolStr,
    /// The import it belongs to.
    pub import: Option<SmolStr>,
}

/// A token as it is kept: never the secret, only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id, which may be shown.
    pub id: SmolStr,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// Whose it is: a post or a system, never a person.
    pub name: SmolStr,
    /// What it may do.
    pub role: Role,
    /// The agency of an agency editor.
    pub agency: Option<Id>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is worth nothing.
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
    /// When it was used last, within some minutes.
    pub used: Option<Timestamp>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("id", &self.id)
            .field("hash", &"[redacted]")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// What a cleaning forgot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Deletions.
    pub tombstones: u64,
    /// Keys of repeated requests.
    pub keys: u64,
    /// Deletions up to this revision are forgotten now.
    pub min_rev: Rev,
}

/// A store of records. Every method may be called from any number of tasks at once.
pub trait Store: Send + Sync {
    /// Where the store stands.
    fn head(&self) -> Answer<'_, Head>;
    /// A part of the feed.
    fn page(&self, ask: Ask) -> Answer<'_, Page>;
    /// Every live record, by kind and id, each handed to `take` as it is read, all of one moment.
    fn whole(&self, take: Box<dyn FnMut(Row) + Send>) -> Answer<'_, Head>;
    /// A record as it is kept now, nothing when there never was one.
    fn get(&self, kind: Subject, id: Id) -> Answer<'_, Option<Kept>>;
    /// Does all of a commit, or nothing of it.
    fn commit(&self, commit: Commit) -> Answer<'_, Committed>;
    /// The revision a remembered request made, with its fingerprint.
    fn remembered(&self, token: SmolStr, key: SmolStr) -> Answer<'_, Option<(Rev, [u8; 32])>>;
    /// The states of a record before a revision (not included), newest first.
    fn history(&self, kind: Subject, id: Id, before: Rev, limit: usize) -> Answer<'_, Vec<Version>>;
    /// What must be undone to come back to an earlier state.
    fn past(&self, ask: AskPast) -> Answer<'_, PastPage>;
    /// The audit trail before a line (not included), newest first.
    fn audit(&self, before: u64, limit: usize) -> Answer<'_, Vec<AuditLine>>;
    /// Forgets deletions made before `tombstones` and keys kept since before `keys`; writes down that it did.
    fn purge(&self, tombstones: Timestamp, keys: Timestamp, author: Author, at: Timestamp) -> Answer<'_, Purged>;

    /// All tokens, also those that are worth nothing any more.
    fn tokens(&self) -> Answer<'_, Vec<Token>>;
    /// Keeps a new token; writes down who made it.
    fn add_token(&self, token: Token, author: Author) -> Answer<'_, ()>;
    /// Revokes a token; false when there is none of that id, or it was revoked before.
    fn revoke_token(&self, id: SmolStr, author: Author, at: Timestamp) -> Answer<'_, bool>;
    /// Writes down when tokens were used last.
    fn touch_tokens(&self, used: Vec<(SmolStr, Timestamp)>) -> Answer<'_, ()>;

    /// Waits until another process may have written, if the store can tell; for ever otherwise. Only a hint to look.
    fn nudge(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}
