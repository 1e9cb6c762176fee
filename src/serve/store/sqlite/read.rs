//! Readings; each is called inside one read transaction.

use super::super::{Ask, AskPast, AuditLine, Head, Kept, Moment, Page, PastPage, Row, Token, Version, second};
use super::Trouble;
use crate::contract::Id;
use crate::contract::feed::{Epoch, KindState, Kinds, Rev, Sum};
use crate::serve::access::Role;
use rusqlite::{Connection, OptionalExtension as _, params};
use smol_str::SmolStr;

fn damaged(what: &str) -> Trouble {
    Trouble::Unusable(format!("the store holds an impossible {what}"))
}

/// SQLite's integers are signed; revisions never come near the end of them.
fn rev(value: i64) -> Rev {
    Rev::try_from(value).unwrap_or(0)
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn head(db: &Connection) -> Result<Head, Trouble> {
    let mut statement = db.prepare_cached("SELECT epoch, head, min_rev FROM meta")?;
    let (epoch, head, min_rev): (String, i64, i64) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(Head {
        epoch: Epoch::new(&epoch).ok_or_else(|| damaged("epoch"))?,
        rev: rev(head),
        min_rev: rev(min_rev),
        kinds: kinds(db)?,
    })
}

pub(super) fn kinds(db: &Connection) -> Result<Kinds, Trouble> {
    let mut statement = db.prepare_cached("SELECT kind, count, sum FROM kind_state")?;
    let rows = statement.query_map([], |row| {
        let (count, sum): (i64, i64) = (row.get(1)?, row.get(2)?);
        let state = KindState {
            count: count.cast_unsigned(),
            sum: Sum::from_value(sum.cast_unsigned()),
        };
        Ok((row.get::<_, String>(0)?, state))
    })?;
    Ok(rows.collect::<Result<Kinds, _>>()?)
}

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let text = |nth| {
        row.get_ref(nth)?
            .as_str()
            .map_err(rusqlite::Error::from)
            .map(SmolStr::new)
    };
    Ok(Row {
        rev: rev(row.get(0)?),
        kind: text(1)?,
        id: text(2)?,
        obj: row.get::<_, Option<Box<str>>>(3)?,
    })
}

pub(super) fn page(db: &Connection, ask: &Ask) -> Result<Page, Trouble> {
    let head = head(db)?;
    let mut sql =
        "SELECT r.rev, r.kind, r.id, h.obj FROM record r JOIN history h USING (rev, kind, id) WHERE r.rev > ?1"
            .to_owned();
    if !ask.kinds.is_empty() {
        // The names are our own words, never a client's. The sign keeps the library from looking kinds up and sorting what it
        // finds: a page would cost as much as the whole feed, and a large store has hundreds of pages.
        let names: Vec<String> = ask.kinds.iter().map(|kind| format!("'{kind}'")).collect();
        sql += &format!(" AND +r.kind IN ({})", names.join(","));
    }
    sql += " ORDER BY r.rev, r.kind, r.id";
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query(params![signed(ask.after)])?;
    fill(head, found, ask.rows, ask.bytes)
}

/// A page of the rows found, which are in the order of their revisions.
fn fill(head: Head, mut found: rusqlite::Rows<'_>, most: usize, most_bytes: usize) -> Result<Page, Trouble> {
    let (mut rows, mut bytes): (Vec<Row>, usize) = (Vec::new(), 0);
    let mut complete = true;
    while let Some(row) = found.next()? {
        let full = rows.len() >= most || bytes >= most_bytes;
        if full && rows.last().is_some_and(|last| Ok(last.rev) != row.get(0).map(rev)) {
            complete = false;
            break;
        }
        let row = row_of(row)?;
        bytes += row.obj.as_ref().map_or(0, |obj| obj.len());
        rows.push(row);
    }
    Ok(Page { head, rows, complete })
}

pub(super) fn past(db: &Connection, ask: &AskPast) -> Result<PastPage, Trouble> {
    let head = head(db)?;
    let first: Option<String> = db
        .prepare_cached("SELECT at FROM revision ORDER BY rev LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let began = first.and_then(|at| at.parse().ok());
    let at = match ask.at {
        Moment::Rev(rev) => rev,
        // From the newest one back: who asks is seldom interested in long ago.
        Moment::Time(time) => db
            .prepare_cached("SELECT rev FROM revision WHERE substr(at, 1, 19) <= ?1 ORDER BY rev DESC LIMIT 1")?
            .query_row([second(time)], |row| row.get(0))
            .optional()?
            .map_or(0, rev),
    };
    if at == 0 {
        let page = Page {
            head,
            rows: Vec::new(),
            complete: true,
        };
        return Ok(PastPage { page, rev: 0, began });
    }
    let mut statement = db.prepare_cached(
        "SELECT h.rev, h.kind, h.id,
                (SELECT p.obj FROM history p WHERE p.kind = h.kind AND p.id = h.id AND p.rev <= ?1 ORDER BY p.rev DESC LIMIT 1)
         FROM history h
         WHERE h.rev > ?2 AND NOT EXISTS
               (SELECT 1 FROM history q WHERE q.kind = h.kind AND q.id = h.id AND q.rev > ?1 AND q.rev < h.rev)
         ORDER BY h.rev, h.kind, h.id",
    )?;
    let found = statement.query(params![signed(at), signed(at.max(ask.after))])?;
    let page = fill(head, found, ask.rows, ask.bytes)?;
    Ok(PastPage { page, rev: at, began })
}

pub(super) fn whole(db: &Connection, take: &mut dyn FnMut(Row)) -> Result<Head, Trouble> {
    let mut statement = db.prepare_cached(
        "SELECT r.rev, r.kind, r.id, h.obj FROM record r JOIN history h USING (rev, kind, id) WHERE r.live ORDER BY r.kind, r.id",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        take(row_of(row)?);
    }
    head(db)
}

pub(super) fn get(db: &Connection, kind: &str, id: &str) -> Result<Option<Kept>, Trouble> {
    let mut statement = db.prepare_cached(
        "SELECT r.rev, h.obj FROM record r JOIN history h USING (rev, kind, id) WHERE r.kind = ?1 AND r.id = ?2",
    )?;
    let kept = statement.query_row([kind, id], |row| {
        Ok(Kept {
            rev: rev(row.get(0)?),
            obj: row.get(1)?,
        })
    });
    Ok(kept.optional()?)
}

pub(super) fn remembered(db: &Connection, token: &str, key: &str) -> Result<Option<(Rev, [u8; 32])>, Trouble> {
    let mut statement = db.prepare_cached("SELECT rev, fingerprint FROM remembered WHERE token = ?1 AND key = ?2")?;
    let found = statement.query_row([token, key], |row| Ok((rev(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

pub(super) fn history(
    db: &Connection,
    kind: &str,
    id: &str,
    before: Rev,
    limit: usize,
) -> Result<Vec<Version>, Trouble> {
    let mut statement = db.prepare_cached(
        "SELECT h.rev, v.at, v.by, v.role, v.import, h.obj FROM history h JOIN revision v USING (rev)
         WHERE h.kind = ?1 AND h.id = ?2 AND h.rev < ?3 ORDER BY h.rev DESC LIMIT ?4",
    )?;
    let limit = signed(limit as u64);
    let rows = statement.query_map(params![kind, id, signed(before), limit], |row| {
        Ok(Version {
            rev: rev(row.get(0)?),
            at: row.get(1)?,
            by: row.get::<_, String>(2)?.into(),
            role: row.get::<_, String>(3)?.into(),
            import: row.get::<_, Option<String>>(4)?.map(SmolStr::from),
            obj: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn audit(db: &Connection, before: u64, limit: usize) -> Result<Vec<AuditLine>, Trouble> {
    let mut statement = db.prepare_cached(
        "SELECT seq, at, token, by, role, action, kind, id, rev, before, request, import FROM audit
         WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![signed(before), signed(limit as u64)], |row| {
        let text = |nth| row.get::<_, String>(nth).map(SmolStr::from);
        Ok(AuditLine {
            seq: rev(row.get(0)?),
            at: row.get(1)?,
            token: text(2)?,
            by: text(3)?,
            role: text(4)?,
            action: text(5)?,
            kind: text(6)?,
            id: text(7)?,
            rev: row.get::<_, Option<i64>>(8)?.map(rev),
            before: row.get::<_, Option<i64>>(9)?.map(rev),
            request: text(10)?,
            import: row.get::<_, Option<String>>(11)?.map(SmolStr::from),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn tokens(db: &Connection) -> Result<Vec<Token>, Trouble> {
    let mut statement = db.prepare_cached(
        "SELECT id, hash, name, role, agency, created, expires, revoked, used FROM token ORDER BY created, id",
    )?;
    let mut found = statement.query([])?;
    let mut tokens = Vec::new();
    while let Some(row) = found.next()? {
        let instant = |nth: usize| -> Result<Option<jiff::Timestamp>, Trouble> {
            let text: Option<String> = row.get(nth)?;
            text.map(|text| text.parse().map_err(|_| damaged("instant")))
                .transpose()
        };
        let agency: Option<String> = row.get(4)?;
        tokens.push(Token {
            id: row.get::<_, String>(0)?.into(),
            hash: row.get(1)?,
            name: row.get::<_, String>(2)?.into(),
            role: Role::named(&row.get::<_, String>(3)?).ok_or_else(|| damaged("role"))?,
            agency: agency
                .map(|id: String| Id::new(&id).ok_or_else(|| damaged("agency")))
                .transpose()?,
            created: instant(5)?.ok_or_else(|| damaged("instant"))?,
            expires: instant(6)?,
            revoked: instant(7)?,
            used: instant(8)?,
        });
    }
    Ok(tokens)
}

/// Problems named by a check, so that a ruined file does not fill a terminal.
const MAX_PROBLEMS: i64 = 100;

pub(super) fn check(db: &Connection) -> Result<Vec<String>, Trouble> {
    let mut problems = Vec::new();
    let mut statement = db.prepare(&format!("PRAGMA integrity_check({MAX_PROBLEMS})"))?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    for line in lines {
        let line = line?;
        if line != "ok" {
            problems.push(line);
        }
    }
    // Beyond what the library knows: the counts and checksums are those of the records, and no revision is missing.
    let head = head(db)?;
    let mut counted = Kinds::new();
    let mut live = db.prepare("SELECT kind, id, rev FROM record WHERE live")?;
    let mut found = live.query([])?;
    while let Some(row) = found.next()? {
        let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
        counted.entry(kind).or_default().add(&id, rev(row.get(2)?));
    }
    for (kind, kept) in &head.kinds {
        if counted.get(kind).copied().unwrap_or_default() != *kept {
            problems.push(format!("the checksum of the kind {kind} is not that of its records"));
        }
    }
    let (revisions, newest): (i64, Option<i64>) =
        db.query_row("SELECT count(*), max(rev) FROM revision", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if rev(revisions) != head.rev || rev(newest.unwrap_or(0)) != head.rev {
        problems.push(format!("{revisions} revisions are kept, {} were made", head.rev));
    }
    Ok(problems)
}

pub(super) fn query(db: &Connection, sql: &str) -> Result<Vec<Vec<String>>, Trouble> {
    use rusqlite::types::ValueRef;
    let mut statement = db.prepare(sql)?;
    if !statement.readonly() {
        return Err(Trouble::Unavailable("the statement would change the store".to_owned()));
    }
    let mut rows = vec![statement.column_names().map(str::to_owned).collect::<Vec<_>>()];
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let text = |nth| {
            Ok::<_, Trouble>(match row.get_ref(nth)? {
                ValueRef::Null => String::new(),
                ValueRef::Integer(n) => n.to_string(),
                ValueRef::Real(n) => n.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                // Hashes of tokens are the only ones, and nobody needs to see them.
                ValueRef::Blob(bytes) => format!("<{} bytes>", bytes.len()),
            })
        };
        rows.push((0..columns).map(text).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}
