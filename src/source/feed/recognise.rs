//! What a server is: it is asked, and says so itself. It must not read a feed.

use super::page::PageLimits;
use super::{Feed, Garbled};
use crate::clock;
use crate::contract::feed::{API, CHECKSUM, Info};
use crate::contract::{Fault, Problem, What, clean};
use crate::source::wire::{Piece, Wire, content_type};
use crate::source::{Access, Failure, Interrupt, Limits, Pace, Stop};
use reqwest::Url;
use reqwest::header::{self, HeaderMap, HeaderValue};

/// What a server is, as it says itself.
pub enum Recognised {
    /// An endpoint with a feed.
    Feed(Box<Feed>),
    /// A web server that knows nothing of feeds: what stands at the address is the document.
    Document,
}

/// No greeting is longer, in bytes.
const GREETING: usize = 256 << 10;
/// No page is longer after decompression, in bytes, whatever a document may cost.
pub(super) const PAGE: u64 = 256 << 20;

/// Asks a server what it is: an endpoint answers at `/v1` below the address.
///
/// # Errors
/// The server cannot be asked, does not let us in, or speaks a feed of another version.
pub fn recognise(
    address: &str,
    access: &Access,
    limits: &Limits,
    pace: Pace,
    interrupt: Interrupt,
) -> Result<Recognised, Failure> {
    let (mut wire, url) = Wire::new(address, access, interrupt, pace.patience).map_err(Failure::Stop)?;
    let Some(base) = base_of(&url) else {
        return Ok(Recognised::Document);
    };
    let info = match greet(&mut wire, &base, pace) {
        Ok(Some(info)) => info,
        Ok(None) => return Ok(Recognised::Document),
        Err(Failure::Stop(Stop::Problem(problem))) if matches!(problem.what, What::Status(400 | 404 | 405)) => {
            return Ok(Recognised::Document);
        }
        Err(failure) => return Err(failure),
    };
    let line = limits.max_record_bytes.saturating_add(1 << 10);
    let most = limits.max_problems;
    let limits = PageLimits {
        line,
        page: PAGE.min(limits.max_bytes),
    };
    Ok(Recognised::Feed(Box::new(Feed::new(
        wire,
        base,
        limits,
        pace,
        most,
        info.checksum == CHECKSUM,
    ))))
}

/// What `v1` is below; nothing for an address that names a document.
pub(super) fn base_of(url: &Url) -> Option<Url> {
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/v1").unwrap_or(path);
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') || path.ends_with("/v1/document") || url.query().is_some() {
        return None;
    }
    let mut base = url.clone();
    base.set_fragment(None);
    base.set_path(&format!("{path}/v1"));
    Some(base)
}

/// What the server says it is, or nothing when it says something else.
fn greet(wire: &mut Wire, base: &Url, pace: Pace) -> Result<Option<Info>, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = wire.get(base, &headers)?;
    let is_json = content_type(response.headers()).is_some_and(|found| found == "application/json");
    if !is_json {
        return Ok(None);
    }
    // A server that drips its greeting is as good as one that gives none.
    let limit = pace.patience.connect + pace.patience.headers;
    let until = clock::tick() + limit;
    let mut bytes = Vec::new();
    loop {
        match wire.piece(&mut response, Some(until)) {
            Piece::Bytes(more) => bytes.extend_from_slice(&more),
            Piece::End => break,
            Piece::Later if clock::tick() < until => return Err(Failure::Stop(Stop::Cancelled)),
            Piece::Later => {
                return Err(Failure::unreachable(What::Link(Fault::NoAnswer(
                    limit.as_secs().max(1),
                ))));
            }
            Piece::Broken(what) => return Err(Failure::unreachable(what)),
        }
        if bytes.len() > GREETING {
            return Err(Garbled::Long(GREETING).failure());
        }
    }
    let Ok(said) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return Err(Failure::unreachable(What::Link(Fault::Garbled("fault.part-greeting"))));
    };
    // Something else in JSON, perhaps the document itself.
    let Some(api) = said.get("api") else {
        return Ok(None);
    };
    if api.as_u64() != Some(u64::from(API)) {
        let found = clean::excerpt(&api.to_string());
        return Err(Problem::fatal(What::Link(Fault::OtherApi(found))).into());
    }
    serde_json::from_value(said)
        .map(Some)
        .map_err(|_| Failure::unreachable(What::Link(Fault::Garbled("fault.part-greeting"))))
}
