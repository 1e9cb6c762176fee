//! The tables, and how an older store becomes a newer one. Migrations run under the write lock, each once.

use super::Trouble;
use crate::serve::secret;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

/// Marks a file as a store of ours: `rasd`.
const APPLICATION_ID: i32 = 0x7261_7364;

/// Every step from one schema to the next; a store's `user_version` counts the steps it has taken.
const STEPS: &[&str] = &[FIRST];

/// `record` says where the latest state of each record is, `history` keeps every state, clustered by revision so that the feed is
/// read in one sweep. `restored` marks a copy that must start a new epoch before it is served.
const FIRST: &str = "
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, head INTEGER NOT NULL, min_rev INTEGER NOT NULL,
    restored INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE kind_state (kind TEXT PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revision (
    rev INTEGER PRIMARY KEY, at TEXT NOT NULL, token TEXT NOT NULL, by TEXT NOT NULL, role TEXT NOT NULL, import TEXT
) STRICT;
CREATE TABLE record (
    kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL REFERENCES revision, live INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX record_rev ON record (rev, kind, id);
CREATE TABLE history (
    rev INTEGER NOT NULL REFERENCES revision, kind TEXT NOT NULL, id TEXT NOT NULL, obj TEXT,
    PRIMARY KEY (rev, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_record ON history (kind, id, rev);
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, token TEXT NOT NULL, by TEXT NOT NULL, role TEXT NOT NULL,
    action TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER, before INTEGER, request TEXT NOT NULL, import TEXT
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_not_cut BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TABLE token (
    id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, agency TEXT,
    created TEXT NOT NULL, expires TEXT, revoked TEXT, used TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE remembered (
    token TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL, rev INTEGER NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (token, key)
) STRICT, WITHOUT ROWID;
";

fn number(db: &Connection, pragma: &str) -> Result<i64, Trouble> {
    Ok(db.pragma_query_value(None, pragma, |row| row.get(0))?)
}

/// How many steps a store has taken; 0 for an empty file.
///
/// # Errors
/// When it is no store of ours, or newer than this program.
pub(super) fn look(db: &Connection) -> Result<usize, Trouble> {
    let steps = usize::try_from(number(db, "user_version")?).unwrap_or(usize::MAX);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    if number(db, "application_id")? != i64::from(APPLICATION_ID) {
        return Err(Trouble::Unusable(
            "the file is a database, but not a store of ours".to_owned(),
        ));
    }
    if steps > STEPS.len() {
        return Err(Trouble::Unusable(
            "the store was made by a newer version of this program".to_owned(),
        ));
    }
    Ok(steps)
}

/// Brings a store up to this program.
///
/// # Errors
/// As [`look`], and when it cannot be written.
pub(super) fn prepare(db: &mut Connection) -> Result<(), Trouble> {
    look(db)?;
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Trouble::Unusable(format!(
            "the disk allows no write-ahead log (journal mode {mode})"
        )));
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Looked at again under the lock: another process may have been faster.
    let taken = look(&tx)?;
    for (nth, step) in STEPS.iter().enumerate().skip(taken) {
        tx.execute_batch(step)?;
        if nth == 0 {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.execute(
                "INSERT INTO meta (one, epoch, head, min_rev) VALUES (1, ?1, 0, 0)",
                [secret::epoch()?],
            )?;
        }
        tx.pragma_update(None, "user_version", i64::try_from(nth + 1).unwrap_or(i64::MAX))?;
    }
    let restored: Option<i64> = tx
        .query_row("SELECT restored FROM meta", [], |row| row.get(0))
        .optional()?;
    if restored == Some(1) {
        tx.execute("UPDATE meta SET restored = 0, epoch = ?1", [secret::epoch()?])?;
    }
    tx.commit()?;
    Ok(())
}
