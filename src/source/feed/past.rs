//! An earlier state, as an endpoint tells it: what must be undone to come back to it. It must not know boards, screens or what
//! else is kept.

use super::super::wire::Wire;
use super::super::{Access, Failure, Interrupt, Limits, Pace};
use super::page::{Page, PageLimits, Reader};
use super::recognise::{PAGE, base_of};
use super::{Garbled, record};
use crate::contract::feed::{Cursor, NDJSON};
use crate::contract::{Change, Problem, What};
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderValue};
use std::io::Read as _;

/// Bytes read at once.
const PIECE: usize = 64 << 10;

/// How far back an endpoint reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// True when it told the state asked for; false when it was founded later, and then nothing was told.
    pub told: bool,
    /// When its first revision was made; nothing where it has none, or does not say.
    pub began: Option<Timestamp>,
}

/// Asks an endpoint for its state at the end of a second and hands over, page by page, what must be applied to any later state to
/// come back to it. It takes as long as the server does. What cannot be read any more is left out, as it was left out then.
///
/// # Errors
/// The address is none of an endpoint, the server cannot be reached, does not let us in, does not know earlier states, or its answer
/// cannot be used. What was handed over before is a part of the state only.
pub fn past(
    address: &str,
    access: &Access,
    limits: &Limits,
    pace: Pace,
    at: Timestamp,
    take: &mut dyn FnMut(Vec<Change>),
) -> Result<Reach, Failure> {
    let (mut wire, url) = Wire::new(address, access, Interrupt::default(), pace.patience).map_err(Failure::Stop)?;
    let Some(base) = base_of(&url) else {
        return Err(Problem::fatal(What::Status(404)).into());
    };
    let limits = PageLimits {
        line: limits.max_record_bytes.saturating_add(1 << 10),
        page: PAGE.min(limits.max_bytes),
    };
    // The state is named by its instant first and then by the revision it turned out to be: what is written meanwhile, by
    // whatever clock, moves it no more.
    let (mut state, mut since) = (at.to_string(), Cursor::Beginning);
    loop {
        let mut url = base.clone();
        url.set_path(&format!("{}/past", base.path()));
        url.query_pairs_mut()
            .append_pair("at", &state)
            .append_pair("since", &since.to_string());
        let page = ask(&mut wire, &url, since.clone(), limits)?;
        let Some(Cursor::At(epoch, rev)) = page.trailer.at else {
            return Err(Garbled::Page.failure());
        };
        let reach = Reach {
            told: rev > 0,
            began: page.trailer.began,
        };
        if !reach.told {
            return Ok(reach);
        }
        // Something else than the first page told of would be mixed with it.
        let named = Cursor::At(epoch, rev).to_string();
        if since != Cursor::Beginning && named != state {
            return Err(Garbled::Page.failure());
        }
        take(page.lines.iter().filter_map(|line| record::read(line).0).collect());
        if page.trailer.up_to_date {
            return Ok(reach);
        }
        (state, since) = (named, page.trailer.next);
    }
}

fn ask(wire: &mut Wire, url: &reqwest::Url, since: Cursor, limits: PageLimits) -> Result<Page, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static(NDJSON));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("zstd, gzip"));
    let response = wire.get(url, &headers)?;
    let mut body = wire.body(response);
    let mut reader = Reader::new(since, limits);
    let mut piece = vec![0; PIECE];
    loop {
        let Ok(n) = body.read(&mut piece) else {
            return Err(body.failure().unwrap_or_else(|| Garbled::Page.failure()));
        };
        if n == 0 {
            return match body.failure() {
                Some(failure) => Err(failure),
                None => reader.end().map_err(|garbled| garbled.failure()),
            };
        }
        reader
            .push(piece.get(..n).unwrap_or_default())
            .map_err(|garbled| garbled.failure())?;
    }
}
