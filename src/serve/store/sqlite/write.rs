//! Writings; each is called inside one immediate transaction, which is undone unless all of it works.

use super::super::{Author, Commit, Committed, Purged, Token, plan};
use super::Trouble;
use super::read::{self, signed};
use jiff::Timestamp;
use rusqlite::{Transaction, params};
use smol_str::SmolStr;

pub(super) fn commit(tx: &Transaction<'_>, commit: &Commit) -> Result<Committed, Trouble> {
    let author = &commit.author;
    if let Some(remember) = &commit.remember
        && let Some((rev, fingerprint)) = read::remembered(tx, &author.token, &remember.key)?
    {
        return Ok(if fingerprint == remember.fingerprint {
            Committed::Replayed(rev)
        } else {
            Committed::KeyReused
        });
    }
    let head = read::head(tx)?;
    let mut kept = Vec::with_capacity(commit.operations.len());
    for operation in &commit.operations {
        kept.push(read::get(tx, operation.kind.as_str(), operation.id.as_str())?);
    }
    let planned = match plan(commit, head.rev, head.kinds, kept) {
        Ok(planned) => planned,
        Err(refused) => return Ok(refused),
    };
    let (rev, at) = (signed(planned.rev), commit.at.to_string());
    let import = commit.import.as_deref();
    tx.prepare_cached("UPDATE meta SET head = ?1")?.execute([rev])?;
    tx.prepare_cached("INSERT INTO revision (rev, at, token, by, role, import) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            rev,
            at,
            &*author.token,
            &*author.name,
            author.role.as_str(),
            import
        ])?;
    let mut state = tx.prepare_cached("INSERT OR REPLACE INTO kind_state (kind, count, sum) VALUES (?1, ?2, ?3)")?;
    for (kind, now) in &planned.kinds {
        state.execute(params![kind, now.count.cast_signed(), now.sum.value().cast_signed()])?;
    }
    let mut history = tx.prepare_cached("INSERT INTO history (rev, kind, id, obj) VALUES (?1, ?2, ?3, ?4)")?;
    let mut record =
        tx.prepare_cached("INSERT OR REPLACE INTO record (kind, id, rev, live) VALUES (?1, ?2, ?3, ?4)")?;
    let mut audit = tx.prepare_cached(
        "INSERT INTO audit (at, token, by, role, action, kind, id, rev, before, request, import)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (operation, before) in commit.operations.iter().zip(&planned.before) {
        let (kind, id, obj) = (operation.kind.as_str(), operation.id.as_str(), operation.obj.as_deref());
        let action = if obj.is_some() { "put" } else { "del" };
        history.execute(params![rev, kind, id, obj])?;
        record.execute(params![kind, id, rev, obj.is_some()])?;
        audit.execute(params![
            at,
            &*author.token,
            &*author.name,
            author.role.as_str(),
            action,
            kind,
            id,
            rev,
            before.map(signed),
            &*commit.request,
            import
        ])?;
    }
    if let Some(remember) = &commit.remember {
        tx.prepare_cached("INSERT INTO remembered (token, key, fingerprint, rev, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![&*author.token, &*remember.key, remember.fingerprint, rev, at])?;
    }
    Ok(Committed::Done(planned.rev))
}

/// A line of the audit trail that is about no record.
fn audit_other(
    tx: &Transaction<'_>,
    author: &Author,
    at: Timestamp,
    action: &str,
    (kind, id): (&str, &str),
) -> Result<(), Trouble> {
    tx.execute(
        "INSERT INTO audit (at, token, by, role, action, kind, id, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')",
        params![
            at.to_string(),
            &*author.token,
            &*author.name,
            author.role.as_str(),
            action,
            kind,
            id
        ],
    )?;
    Ok(())
}

pub(super) fn purge(
    tx: &Transaction<'_>,
    tombstones: Timestamp,
    keys: Timestamp,
    author: &Author,
    at: Timestamp,
) -> Result<Purged, Trouble> {
    // Instants are compared as numbers of their revisions: a clock that was set back must not split a revision in two.
    let upto: Option<i64> = tx.query_row(
        "SELECT max(rev) FROM revision WHERE at < ?1",
        [tombstones.to_string()],
        |row| row.get(0),
    )?;
    let gone: Option<i64> = tx.query_row(
        "SELECT max(rev) FROM record WHERE NOT live AND rev <= ?1",
        [upto.unwrap_or(0)],
        |row| row.get(0),
    )?;
    let mut purged = Purged {
        keys: tx.execute("DELETE FROM remembered WHERE at < ?1", [keys.to_string()])? as u64,
        min_rev: read::head(tx)?.min_rev,
        ..Purged::default()
    };
    if let Some(gone) = gone {
        purged.tombstones = tx.execute("DELETE FROM record WHERE NOT live AND rev <= ?1", [gone])? as u64;
        tx.execute("UPDATE meta SET min_rev = max(min_rev, ?1)", [gone])?;
        purged.min_rev = purged.min_rev.max(u64::try_from(gone).unwrap_or(0));
        audit_other(tx, author, at, "purge", ("tombstone", &purged.tombstones.to_string()))?;
    }
    Ok(purged)
}

pub(super) fn add_token(tx: &Transaction<'_>, token: &Token, author: &Author) -> Result<(), Trouble> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    tx.execute(
        "INSERT INTO token (id, hash, name, role, agency, created, expires, revoked, used)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            &*token.id,
            token.hash,
            &*token.name,
            token.role.as_str(),
            token.agency.as_ref().map(|id| id.as_str()),
            token.created.to_string(),
            text(token.expires),
            text(token.revoked),
            text(token.used)
        ],
    )?;
    audit_other(tx, author, token.created, "token-add", ("token", &token.id))
}

pub(super) fn revoke_token(tx: &Transaction<'_>, id: &str, author: &Author, at: Timestamp) -> Result<bool, Trouble> {
    let changed = tx.execute(
        "UPDATE token SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL",
        [id, &at.to_string()],
    )?;
    if changed > 0 {
        audit_other(tx, author, at, "token-revoke", ("token", id))?;
    }
    Ok(changed > 0)
}

pub(super) fn touch_tokens(tx: &Transaction<'_>, used: &[(SmolStr, Timestamp)]) -> Result<(), Trouble> {
    let mut statement = tx.prepare_cached("UPDATE token SET used = ?2 WHERE id = ?1")?;
    for (id, at) in used {
        statement.execute([id.as_str(), &at.to_string()])?;
    }
    Ok(())
}
