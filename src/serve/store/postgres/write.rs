//! Writings; each is called inside one transaction, which is undone unless all of it works.

use super::super::{Author, Commit, Committed, Purged, Token, plan};
use super::Trouble;
use super::read::{self, signed};
use deadpool_postgres::{GenericClient, Transaction};
use jiff::Timestamp;
use smol_str::SmolStr;

pub(super) async fn commit(tx: &Transaction<'_>, commit: &Commit) -> Result<Committed, Trouble> {
    let author = &commit.author;
    // The row of the counter is the lock of all writers, on whatever replica: who holds it sees everything committed before.
    let head: i64 = tx.query_one("SELECT head FROM meta FOR UPDATE", &[]).await?.get(0);
    if let Some(remember) = &commit.remember
        && let Some((rev, fingerprint)) = read::remembered(tx, &author.token, &remember.key).await?
    {
        return Ok(if fingerprint == remember.fingerprint {
            Committed::Replayed(rev)
        } else {
            Committed::KeyReused
        });
    }
    let kinds: Vec<&str> = commit.operations.iter().map(|one| one.kind.as_str()).collect();
    let ids: Vec<&str> = commit.operations.iter().map(|one| one.id.as_str()).collect();
    let kept = read::kept(tx, &kinds, &ids).await?;
    let head = u64::try_from(head).unwrap_or(0);
    let planned = match plan(commit, head, read::kinds(tx).await?, kept) {
        Ok(planned) => planned,
        Err(refused) => return Ok(refused),
    };
    let (rev, at, role) = (signed(planned.rev), commit.at.to_string(), author.role.as_str());
    let (token, by, import) = (&*author.token, &*author.name, commit.import.as_deref());
    tx.execute("UPDATE meta SET head = $1", &[&rev]).await?;
    tx.execute(
        "INSERT INTO revision (rev, at, token, by, role, import) VALUES ($1, $2, $3, $4, $5, $6)",
        &[&rev, &at, &token, &by, &role, &import],
    )
    .await?;
    let names: Vec<&str> = planned.kinds.keys().map(String::as_str).collect();
    let counts: Vec<i64> = planned.kinds.values().map(|state| state.count.cast_signed()).collect();
    let sums: Vec<i64> = planned
        .kinds
        .values()
        .map(|state| state.sum.value().cast_signed())
        .collect();
    tx.execute(
        "INSERT INTO kind_state (kind, count, sum) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
         ON CONFLICT (kind) DO UPDATE SET count = excluded.count, sum = excluded.sum",
        &[&names, &counts, &sums],
    )
    .await?;
    let objects: Vec<Option<&str>> = commit.operations.iter().map(|one| one.obj.as_deref()).collect();
    tx.execute(
        "INSERT INTO history (rev, kind, id, obj) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])",
        &[&rev, &kinds, &ids, &objects],
    )
    .await?;
    let live: Vec<bool> = objects.iter().map(Option::is_some).collect();
    tx.execute(
        "INSERT INTO record (kind, id, rev, live)
         SELECT kind, id, $1, live FROM unnest($2::text[], $3::text[], $4::boolean[]) AS u (kind, id, live)
         ON CONFLICT (kind, id) DO UPDATE SET rev = excluded.rev, live = excluded.live",
        &[&rev, &kinds, &ids, &live],
    )
    .await?;
    let actions: Vec<&str> = live.iter().map(|live| if *live { "put" } else { "del" }).collect();
    let before: Vec<Option<i64>> = planned.before.iter().map(|before| before.map(signed)).collect();
    tx.execute(
        "INSERT INTO audit (at, token, by, role, action, kind, id, rev, before, request, import)
         SELECT $1, $2, $3, $4, action, kind, id, $5, before, $6, $7
         FROM unnest($8::text[], $9::text[], $10::text[], $11::bigint[]) WITH ORDINALITY AS u (action, kind, id, before, nth)
         ORDER BY nth",
        &[&at, &token, &by, &role, &rev, &&*commit.request, &import, &actions, &kinds, &ids, &before],
    )
    .await?;
    if let Some(remember) = &commit.remember {
        tx.execute(
            "INSERT INTO remembered (token, key, fingerprint, rev, at) VALUES ($1, $2, $3, $4, $5)",
            &[&token, &&*remember.key, &&remember.fingerprint[..], &rev, &at],
        )
        .await?;
    }
    // Sent when the transaction commits, and only then.
    tx.execute("SELECT pg_notify('rasad', '')", &[]).await?;
    Ok(Committed::Done(planned.rev))
}

/// A line of the audit trail that is about no record.
async fn audit_other(
    tx: &Transaction<'_>,
    author: &Author,
    at: Timestamp,
    action: &str,
    (kind, id): (&str, &str),
) -> Result<(), Trouble> {
    tx.execute(
        "INSERT INTO audit (at, token, by, role, action, kind, id, request) VALUES ($1, $2, $3, $4, $5, $6, $7, '')",
        &[
            &at.to_string(),
            &&*author.token,
            &&*author.name,
            &author.role.as_str(),
            &action,
            &kind,
            &id,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn purge(
    tx: &Transaction<'_>,
    tombstones: Timestamp,
    keys: Timestamp,
    author: &Author,
    at: Timestamp,
) -> Result<Purged, Trouble> {
    let min_rev: i64 = tx.query_one("SELECT min_rev FROM meta FOR UPDATE", &[]).await?.get(0);
    let upto: Option<i64> = tx
        .query_one(
            "SELECT max(rev) FROM revision WHERE at < $1",
            &[&tombstones.to_string()],
        )
        .await?
        .get(0);
    let gone: Option<i64> = tx
        .query_one(
            "SELECT max(rev) FROM record WHERE NOT live AND rev <= $1",
            &[&upto.unwrap_or(0)],
        )
        .await?
        .get(0);
    let mut purged = Purged {
        keys: tx
            .execute("DELETE FROM remembered WHERE at < $1", &[&keys.to_string()])
            .await?,
        min_rev: u64::try_from(min_rev).unwrap_or(0),
        ..Purged::default()
    };
    if let Some(gone) = gone {
        purged.tombstones = tx
            .execute("DELETE FROM record WHERE NOT live AND rev <= $1", &[&gone])
            .await?;
        tx.execute("UPDATE meta SET min_rev = greatest(min_rev, $1)", &[&gone])
            .await?;
        purged.min_rev = purged.min_rev.max(u64::try_from(gone).unwrap_or(0));
        audit_other(tx, author, at, "purge", ("tombstone", &purged.tombstones.to_string())).await?;
    }
    Ok(purged)
}

pub(super) async fn add_token(tx: &Transaction<'_>, token: &Token, author: &Author) -> Result<(), Trouble> {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    tx.execute(
        "INSERT INTO token (id, hash, name, role, agency, created, expires, revoked, used)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &&*token.id,
            &&token.hash[..],
            &&*token.name,
            &token.role.as_str(),
            &token.agency.as_ref().map(|id| id.as_str()),
            &token.created.to_string(),
            &text(token.expires),
            &text(token.revoked),
            &text(token.used),
        ],
    )
    .await?;
    audit_other(tx, author, token.created, "token-add", ("token", &token.id)).await
}

pub(super) async fn revoke_token(
    tx: &Transaction<'_>,
    id: &str,
    author: &Author,
    at: Timestamp,
) -> Result<bool, Trouble> {
    let sql = "UPDATE token SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
    let changed = tx.execute(sql, &[&id, &at.to_string()]).await?;
    if changed > 0 {
        audit_other(tx, author, at, "token-revoke", ("token", id)).await?;
    }
    Ok(changed > 0)
}

pub(super) async fn touch_tokens(client: &impl GenericClient, used: &[(SmolStr, Timestamp)]) -> Result<(), Trouble> {
    let ids: Vec<&str> = used.iter().map(|(id, _)| id.as_str()).collect();
    let at: Vec<String> = used.iter().map(|(_, at)| at.to_string()).collect();
    let sql = "UPDATE token SET used = u.at FROM unnest($1::text[], $2::text[]) AS u (id, at) WHERE token.id = u.id";
    client.execute(sql, &[&ids, &at]).await?;
    Ok(())
}
