//! The routes that answer in pages: what was written behind a cursor, and what must be undone to come back to an earlier state.

use super::Server;
use super::answer::{Coding, Outcome, Refusal, whole};
use super::hub::write_line;
use super::query::Query;
use super::reads::{cursor_of, internal};
use super::store::{Ask, AskPast, Head, Moment, Page, Row};
use super::watch::{gone, usable};
use crate::contract::feed::{Cursor, NDJSON, PAGE_LINES, Rev, Subject, Trailer, Unusable};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use std::io::Write as _;

/// Bytes of records on a page at most, unless one revision is longer.
const PAGE_BYTES: usize = 4 << 20;
/// Pages shorter than this are not worth packing.
const WORTH_PACKING: usize = 1 << 10;
/// zstd level of a page, which is sent once.
const PAGE_LEVEL: i32 = 1;

impl Server {
    pub(super) async fn changes(&self, headers: &HeaderMap, query: &Query) -> Outcome {
        let cursor = cursor_of(query.text("since"))?;
        let rows = rows_of(query)?;
        let kinds = kinds_of(query.text("kinds"))?;
        // A page is some megabytes while it is read and packed: however many readers begin at once, few pages are made at once.
        let _making = self.pages.acquire().await.map_err(|_| internal())?;
        let ask = Ask {
            after: rev_of(&cursor),
            rows,
            bytes: PAGE_BYTES,
            kinds,
        };
        // Whether the cursor can be used here, the page's own head decides.
        let page = self.store.page(ask).await?;
        usable(&cursor, &page.head).map_err(gone)?;
        let trailer = trailer(&page);
        send(headers, page, trailer).await
    }

    /// What must be undone to come from the present to an earlier state: an instant, or the cursor of the state.
    pub(super) async fn past(&self, headers: &HeaderMap, query: &Query) -> Outcome {
        let rows = rows_of(query)?;
        let since = cursor_of(query.text("since"))?;
        let asked = query.text("at").ok_or_else(|| Refusal::bad("instant"))?;
        let cursor = Cursor::parse(asked).filter(|cursor| *cursor != Cursor::Beginning);
        let at = match &cursor {
            Some(cursor) => Moment::Rev(rev_of(cursor)),
            None => Moment::Time(asked.parse().map_err(|_| Refusal::bad("instant"))?),
        };
        let _making = self.pages.acquire().await.map_err(|_| internal())?;
        let ask = AskPast {
            at,
            after: rev_of(&since),
            rows,
            bytes: PAGE_BYTES,
        };
        let past = self.store.past(ask).await?;
        for cursor in cursor.iter().chain([&since]) {
            known(cursor, &past.page.head).map_err(gone)?;
        }
        let trailer = Trailer {
            at: Some(Cursor::At(past.page.head.epoch.clone(), past.rev)),
            began: past.began,
            ..trailer(&past.page)
        };
        send(headers, past.page, trailer).await
    }
}

fn rows_of(query: &Query) -> Result<usize, Refusal> {
    Ok(query.number("limit", u64::from(PAGE_LINES), u64::from(PAGE_LINES))? as usize)
}

fn rev_of(cursor: &Cursor) -> Rev {
    match cursor {
        Cursor::Beginning => 0,
        Cursor::At(_, rev) => *rev,
    }
}

/// Whether a cursor is of this life of the store. How far deletions are remembered does not matter to the past: nothing of it is
/// ever forgotten.
fn known(cursor: &Cursor, head: &Head) -> Result<(), Unusable> {
    match usable(cursor, head) {
        Ok(_) | Err(Unusable::Compacted) => Ok(()),
        Err(reason) => Err(reason),
    }
}

fn trailer(page: &Page) -> Trailer {
    let next = match page.rows.last() {
        Some(last) if !page.complete => last.rev,
        _ => page.head.rev,
    };
    Trailer {
        next: Cursor::At(page.head.epoch.clone(), next),
        head: page.head.rev,
        up_to_date: page.complete,
        count: page.rows.len() as u64,
        at: None,
        began: None,
    }
}

async fn send(headers: &HeaderMap, page: Page, trailer: Trailer) -> Outcome {
    let size = |row: &Row| row.obj.as_ref().map_or(0, |o| o.len()) + 96;
    let most = page.rows.iter().map(size).sum::<usize>() + WORTH_PACKING;
    let coding = match most < 2 * WORTH_PACKING {
        true => Coding::Identity,
        false => Coding::accepted(headers),
    };
    let written = tokio::task::spawn_blocking(move || {
        let (mut packer, mut line) = (Packer::new(coding, most)?, Vec::new());
        // A row is gone when it is packed: of a page there are its rows or its bytes, and never twice.
        for row in page.rows {
            line.clear();
            write_line(&mut line, &row);
            line.push(b'\n');
            packer.write(&line)?;
        }
        line.clear();
        serde_json::to_writer(&mut line, &trailer)?;
        line.push(b'\n');
        packer.write(&line)?;
        packer.end().map(|out| (out, coding))
    });
    let (out, coding) = written.await.ok().and_then(Result::ok).ok_or_else(internal)?;
    let mut answer = whole(StatusCode::OK, NDJSON, out);
    coding.mark(answer.headers_mut());
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn kinds_of(text: Option<&str>) -> Result<Vec<Subject>, Refusal> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let known = |name: &str| Subject::named(name).filter(|kind| !matches!(kind, Subject::Other(_)));
    text.split(',')
        .map(|name| known(name).ok_or_else(|| Refusal::bad("kinds")))
        .collect()
}

/// What packs a page line by line.
enum Packer {
    Identity(Vec<u8>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
    Gzip(flate2::write::GzEncoder<Vec<u8>>),
}

impl Packer {
    fn new(coding: Coding, most: usize) -> std::io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity(Vec::with_capacity(most)),
            Coding::Zstd => Self::Zstd(zstd::Encoder::new(Vec::new(), PAGE_LEVEL)?),
            Coding::Gzip => Self::Gzip(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast())),
        })
    }

    fn write(&mut self, line: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Identity(out) => out.write_all(line),
            Self::Zstd(out) => out.write_all(line),
            Self::Gzip(out) => out.write_all(line),
        }
    }

    fn end(self) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Identity(out) => Ok(out),
            Self::Zstd(out) => out.finish(),
            Self::Gzip(out) => out.finish(),
        }
    }
}
