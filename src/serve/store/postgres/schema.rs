//! The tables, and how an older store becomes a newer one, under a lock that all replicas share.

use super::{OLDEST, Trouble};
use crate::serve::secret;
use deadpool_postgres::Object;

/// The lock under which tables are made: `rasd`.
const LOCK: i64 = 0x7261_7364;

/// Every step from one schema to the next; `meta.steps` counts those taken.
const STEPS: &[&str] = &[FIRST];

/// The same tables as in a file; see there for what they are for.
const FIRST: &str = "
CREATE TABLE kind_state (kind TEXT COLLATE \"C\" PRIMARY KEY, count BIGINT NOT NULL, sum BIGINT NOT NULL);
CREATE TABLE revision (
    rev BIGINT PRIMARY KEY, at TEXT COLLATE \"C\" NOT NULL, token TEXT NOT NULL, by TEXT NOT NULL, role TEXT NOT NULL, import TEXT
);
CREATE TABLE record (
    kind TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, rev BIGINT NOT NULL REFERENCES revision, live BOOLEAN NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX record_rev ON record (rev, kind, id);
CREATE TABLE history (
    rev BIGINT NOT NULL REFERENCES revision, kind TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, obj TEXT,
    PRIMARY KEY (rev, kind, id)
);
CREATE INDEX history_record ON history (kind, id, rev);
CREATE TABLE audit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at TEXT NOT NULL, token TEXT NOT NULL, by TEXT NOT NULL,
    role TEXT NOT NULL, action TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT, before BIGINT,
    request TEXT NOT NULL, import TEXT
);
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history EXECUTE FUNCTION append_only();
CREATE TABLE token (
    id TEXT PRIMARY KEY, hash BYTEA NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, agency TEXT,
    created TEXT COLLATE \"C\" NOT NULL, expires TEXT, revoked TEXT, used TEXT
);
CREATE TABLE remembered (
    token TEXT NOT NULL, key TEXT NOT NULL, fingerprint BYTEA NOT NULL, rev BIGINT NOT NULL, at TEXT COLLATE \"C\" NOT NULL,
    PRIMARY KEY (token, key)
);
";

/// Brings a store up to this program.
///
/// # Errors
/// When the server is too old, the store newer than this program, or it cannot be written.
pub(super) async fn prepare(client: &mut Object) -> Result<(), Trouble> {
    let version: String = client.query_one("SHOW server_version_num", &[]).await?.get(0);
    if version.parse::<i32>().unwrap_or(0) < OLDEST {
        return Err(Trouble::Unusable(format!(
            "PostgreSQL {version} is too old: 15 or newer is needed"
        )));
    }
    let tx = client.transaction().await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    tx.batch_execute(
        "CREATE TABLE IF NOT EXISTS meta (
            one INT PRIMARY KEY CHECK (one = 1), steps INT NOT NULL, epoch TEXT NOT NULL, head BIGINT NOT NULL,
            min_rev BIGINT NOT NULL, restored BOOLEAN NOT NULL DEFAULT false
        )",
    )
    .await?;
    let found = tx.query_opt("SELECT steps, restored FROM meta", &[]).await?;
    let (taken, restored) = found.map_or((0, false), |row| (row.get::<_, i32>(0), row.get(1)));
    let taken = usize::try_from(taken).unwrap_or(usize::MAX);
    if taken > STEPS.len() {
        return Err(Trouble::Unusable(
            "the store was made by a newer version of this program".to_owned(),
        ));
    }
    if taken == 0 {
        tx.execute(
            "INSERT INTO meta (one, steps, epoch, head, min_rev) VALUES (1, 0, $1, 0, 0)",
            &[&secret::epoch()?],
        )
        .await?;
    }
    for step in STEPS.iter().skip(taken) {
        tx.batch_execute(step).await?;
        tx.execute("UPDATE meta SET steps = steps + 1", &[]).await?;
    }
    if restored {
        tx.execute("UPDATE meta SET restored = false, epoch = $1", &[&secret::epoch()?])
            .await?;
    }
    Ok(tx.commit().await?)
}
