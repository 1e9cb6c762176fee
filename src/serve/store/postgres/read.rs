//! Readings. Those of more than one statement are called inside a transaction of one moment.

use super::super::{Ask, AskPast, AuditLine, Head, Kept, Moment, Page, PastPage, Row, Token, Version, second};
use super::{Trouble, timely};
use crate::contract::Id;
use crate::contract::feed::{BATCH_OPERATIONS, Epoch, KindState, Kinds, Rev, Sum};
use crate::serve::access::Role;
use deadpool_postgres::{GenericClient, Transaction};
use smol_str::SmolStr;
use tokio_postgres::Portal;
use tokio_postgres::types::ToSql;

/// Rows fetched at once.
const FETCH: i32 = 500;

/// Rows a page may have to look at: as many as are wanted, and the rest of the revision the last of them is of. Told so, the database
/// walks along the revisions; else it would put all rows there are in order for every page.
fn most(rows: usize) -> i64 {
    signed(rows.saturating_add(BATCH_OPERATIONS + 1) as u64)
}

fn damaged(what: &str) -> Trouble {
    Trouble::Unusable(format!("the store holds an impossible {what}"))
}

/// The database's integers are signed; revisions never come near the end of them.
fn rev(value: i64) -> Rev {
    Rev::try_from(value).unwrap_or(0)
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn text(row: &tokio_postgres::Row, nth: usize) -> SmolStr {
    SmolStr::new(row.get::<_, &str>(nth))
}

pub(super) async fn head(tx: &Transaction<'_>) -> Result<Head, Trouble> {
    let row = tx.query_one("SELECT epoch, head, min_rev FROM meta", &[]).await?;
    Ok(Head {
        epoch: Epoch::new(row.get(0)).ok_or_else(|| damaged("epoch"))?,
        rev: rev(row.get(1)),
        min_rev: rev(row.get(2)),
        kinds: kinds(tx).await?,
    })
}

pub(super) async fn kinds(tx: &Transaction<'_>) -> Result<Kinds, Trouble> {
    let rows = tx.query("SELECT kind, count, sum FROM kind_state", &[]).await?;
    let state = |row: &tokio_postgres::Row| KindState {
        count: row.get::<_, i64>(1).cast_unsigned(),
        sum: Sum::from_value(row.get::<_, i64>(2).cast_unsigned()),
    };
    Ok(rows.iter().map(|row| (row.get(0), state(row))).collect())
}

fn row_of(row: &tokio_postgres::Row) -> Row {
    Row {
        rev: rev(row.get(0)),
        kind: text(row, 1),
        id: text(row, 2),
        obj: row.get::<_, Option<String>>(3).map(Into::into),
    }
}

/// What is read from now on is read along the revisions. A database that knows little of a table yet, or thinks that a filter leaves few
/// rows, would otherwise take all that is left and sort it, for every page.
async fn along_the_revisions(tx: &Transaction<'_>) -> Result<(), Trouble> {
    Ok(tx.batch_execute("SET LOCAL enable_sort = off").await?)
}

pub(super) async fn page(tx: &Transaction<'_>, ask: &Ask) -> Result<Page, Trouble> {
    along_the_revisions(tx).await?;
    let head = head(tx).await?;
    let kinds: Vec<&str> = ask.kinds.iter().map(|kind| kind.as_str()).collect();
    // Each text is looked up by itself: of a join over three columns the database expects a handful of rows, and sorts a million.
    let statement = tx
        .prepare(
            "SELECT r.rev, r.kind, r.id,
                    (SELECT h.obj FROM history h WHERE h.rev = r.rev AND h.kind = r.kind AND h.id = r.id)
             FROM record r
             WHERE r.rev > $1 AND (cardinality($2::text[]) = 0 OR r.kind = ANY ($2)) ORDER BY r.rev, r.kind, r.id
             LIMIT $3",
        )
        .await?;
    let portal = tx
        .bind(&statement, &[&signed(ask.after), &kinds, &most(ask.rows)])
        .await?;
    fill(tx, head, &portal, ask.rows, ask.bytes).await
}

/// A page of the rows a statement finds, which are in the order of their revisions.
async fn fill(
    tx: &Transaction<'_>,
    head: Head,
    portal: &Portal,
    most: usize,
    most_bytes: usize,
) -> Result<Page, Trouble> {
    let (mut rows, mut bytes): (Vec<Row>, usize) = (Vec::new(), 0);
    loop {
        let fetched = tx.query_portal(portal, FETCH).await?;
        let last = fetched.len() < usize::try_from(FETCH).unwrap_or(0);
        for row in &fetched {
            let full = rows.len() >= most || bytes >= most_bytes;
            if full && rows.last().is_some_and(|known| known.rev != rev(row.get(0))) {
                return Ok(Page {
                    head,
                    rows,
                    complete: false,
                });
            }
            let row = row_of(row);
            bytes += row.obj.as_ref().map_or(0, |obj| obj.len());
            rows.push(row);
        }
        if last {
            // All that were asked for, and still within one revision: it is longer than any can be.
            if signed(rows.len() as u64) >= self::most(most) {
                return Err(damaged("revision"));
            }
            return Ok(Page {
                head,
                rows,
                complete: true,
            });
        }
    }
}

pub(super) async fn past(tx: &Transaction<'_>, ask: &AskPast) -> Result<PastPage, Trouble> {
    let head = head(tx).await?;
    let first = tx
        .query_opt("SELECT at FROM revision ORDER BY rev LIMIT 1", &[])
        .await?;
    let began = first.and_then(|row| row.get::<_, &str>(0).parse().ok());
    let at = match ask.at {
        Moment::Rev(rev) => rev,
        Moment::Time(time) => {
            let sql = "SELECT rev FROM revision WHERE substr(at, 1, 19) <= $1 ORDER BY rev DESC LIMIT 1";
            let found = tx.query_opt(sql, &[&second(time)]).await?;
            found.map_or(0, |row| rev(row.get(0)))
        }
    };
    if at == 0 {
        let page = Page {
            head,
            rows: Vec::new(),
            complete: true,
        };
        return Ok(PastPage { page, rev: 0, began });
    }
    along_the_revisions(tx).await?;
    let statement = tx
        .prepare(
            "SELECT h.rev, h.kind, h.id,
                    (SELECT p.obj FROM history p WHERE p.kind = h.kind AND p.id = h.id AND p.rev <= $1 ORDER BY p.rev DESC LIMIT 1)
             FROM history h
             WHERE h.rev > $2 AND NOT EXISTS
                   (SELECT 1 FROM history q WHERE q.kind = h.kind AND q.id = h.id AND q.rev > $1 AND q.rev < h.rev)
             ORDER BY h.rev, h.kind, h.id LIMIT $3",
        )
        .await?;
    let portal = tx
        .bind(&statement, &[&signed(at), &signed(at.max(ask.after)), &most(ask.rows)])
        .await?;
    let page = fill(tx, head, &portal, ask.rows, ask.bytes).await?;
    Ok(PastPage { page, rev: at, began })
}

pub(super) async fn whole(tx: &Transaction<'_>, take: &mut (dyn FnMut(Row) + Send)) -> Result<Head, Trouble> {
    // The whole may take long; no part of it may.
    let portal = timely(async {
        let statement = tx
            .prepare(
                "SELECT r.rev, r.kind, r.id, h.obj FROM record r JOIN history h USING (rev, kind, id)
                 WHERE r.live ORDER BY r.kind, r.id",
            )
            .await?;
        Ok(tx.bind(&statement, &[]).await?)
    })
    .await?;
    loop {
        let fetched = timely(async { Ok(tx.query_portal(&portal, FETCH).await?) }).await?;
        fetched.iter().map(row_of).for_each(&mut *take);
        if fetched.len() < usize::try_from(FETCH).unwrap_or(0) {
            return timely(head(tx)).await;
        }
    }
}

pub(super) async fn get(client: &impl GenericClient, kind: &str, id: &str) -> Result<Option<Kept>, Trouble> {
    let sql = "SELECT r.rev, h.obj FROM record r JOIN history h USING (rev, kind, id) WHERE r.kind = $1 AND r.id = $2";
    let row = client
        .query_opt(&client.prepare_cached(sql).await?, &[&kind, &id])
        .await?;
    Ok(row.map(|row| Kept {
        rev: rev(row.get(0)),
        obj: row.get::<_, Option<String>>(1).map(Into::into),
    }))
}

/// What stands in the place of each record, in their order.
pub(super) async fn kept(tx: &Transaction<'_>, kinds: &[&str], ids: &[&str]) -> Result<Vec<Option<Kept>>, Trouble> {
    let sql = "SELECT r.rev, h.obj FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (kind, id, nth)
               LEFT JOIN record r USING (kind, id) LEFT JOIN history h USING (rev, kind, id) ORDER BY nth";
    let rows = tx.query(sql, &[&kinds, &ids]).await?;
    let one = |row: &tokio_postgres::Row| {
        let found: Option<i64> = row.get(0);
        found.map(|at| Kept {
            rev: rev(at),
            obj: row.get::<_, Option<String>>(1).map(Into::into),
        })
    };
    Ok(rows.iter().map(one).collect())
}

fn fingerprint(row: &tokio_postgres::Row, nth: usize) -> Result<[u8; 32], Trouble> {
    row.get::<_, &[u8]>(nth).try_into().map_err(|_| damaged("hash"))
}

const REMEMBERED: &str = "SELECT rev, fingerprint FROM remembered WHERE token = $1 AND key = $2";

pub(super) async fn remembered(
    client: &impl GenericClient,
    token: &str,
    key: &str,
) -> Result<Option<(Rev, [u8; 32])>, Trouble> {
    let row = client.query_opt(REMEMBERED, &[&token, &key]).await?;
    row.map(|row| Ok((rev(row.get(0)), fingerprint(&row, 1)?))).transpose()
}

pub(super) async fn history(
    client: &impl GenericClient,
    kind: &str,
    id: &str,
    before: Rev,
    limit: usize,
) -> Result<Vec<Version>, Trouble> {
    let sql = "SELECT h.rev, v.at, v.by, v.role, v.import, h.obj FROM history h JOIN revision v USING (rev)
               WHERE h.kind = $1 AND h.id = $2 AND h.rev < $3 ORDER BY h.rev DESC LIMIT $4";
    let params: [&(dyn ToSql + Sync); 4] = [&kind, &id, &signed(before), &signed(limit as u64)];
    let rows = client.query(&client.prepare_cached(sql).await?, &params).await?;
    let version = |row: &tokio_postgres::Row| Version {
        rev: rev(row.get(0)),
        at: row.get(1),
        by: text(row, 2),
        role: text(row, 3),
        import: row.get::<_, Option<&str>>(4).map(SmolStr::new),
        obj: row.get::<_, Option<String>>(5).map(Into::into),
    };
    Ok(rows.iter().map(version).collect())
}

pub(super) async fn audit(client: &impl GenericClient, before: u64, limit: usize) -> Result<Vec<AuditLine>, Trouble> {
    let sql = "SELECT seq, at, token, by, role, action, kind, id, rev, before, request, import FROM audit
               WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
    let params: [&(dyn ToSql + Sync); 2] = [&signed(before), &signed(limit as u64)];
    let rows = client.query(&client.prepare_cached(sql).await?, &params).await?;
    let line = |row: &tokio_postgres::Row| AuditLine {
        seq: rev(row.get(0)),
        at: row.get(1),
        token: text(row, 2),
        by: text(row, 3),
        role: text(row, 4),
        action: text(row, 5),
        kind: text(row, 6),
        id: text(row, 7),
        rev: row.get::<_, Option<i64>>(8).map(rev),
        before: row.get::<_, Option<i64>>(9).map(rev),
        request: text(row, 10),
        import: row.get::<_, Option<&str>>(11).map(SmolStr::new),
    };
    Ok(rows.iter().map(line).collect())
}

pub(super) async fn tokens(client: &impl GenericClient) -> Result<Vec<Token>, Trouble> {
    let sql = "SELECT id, hash, name, role, agency, created, expires, revoked, used FROM token ORDER BY created, id";
    let rows = client.query(&client.prepare_cached(sql).await?, &[]).await?;
    let mut tokens = Vec::with_capacity(rows.len());
    for row in &rows {
        let instant = |nth: usize| {
            let text: Option<&str> = row.get(nth);
            text.map(|text| text.parse().map_err(|_| damaged("instant")))
                .transpose()
        };
        let agency: Option<&str> = row.get(4);
        tokens.push(Token {
            id: text(row, 0),
            hash: fingerprint(row, 1)?,
            name: text(row, 2),
            role: Role::named(row.get(3)).ok_or_else(|| damaged("role"))?,
            agency: agency
                .map(|id| Id::new(id).ok_or_else(|| damaged("agency")))
                .transpose()?,
            created: instant(5)?.ok_or_else(|| damaged("instant"))?,
            expires: instant(6)?,
            revoked: instant(7)?,
            used: instant(8)?,
        });
    }
    Ok(tokens)
}
