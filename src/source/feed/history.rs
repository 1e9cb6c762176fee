//! Every version of one record, as an endpoint tells them. It must not know boards, screens or what else is kept.

use super::super::wire::Wire;
use super::super::{Access, Failure, Interrupt, Limits, Pace, Stop};
use super::recognise::{PAGE, base_of};
use super::record::record;
use crate::contract::{Fault, Id, Kind, Problem, Record, What};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::value::RawValue;
use std::io::Read as _;

/// Versions asked for at once: what an endpoint gives at most.
const AT_ONCE: u32 = 1_000;
/// Answers asked for: a record that changed more often than that has its oldest versions left out.
const ANSWERS: usize = 4;

/// A record as it was from one moment on.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// When it was written, by the server's clock.
    pub at: Timestamp,
    /// What it was; nothing where it was taken out.
    pub record: Option<Record>,
}

/// All versions of a record, and whether they reach back to its beginning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Versions {
    /// Newest first.
    pub list: Vec<Version>,
    /// The oldest one is the one it began with.
    pub whole: bool,
}

#[derive(serde::Deserialize)]
struct Answer {
    versions: Vec<Told>,
    next: Option<u64>,
}

#[derive(serde::Deserialize)]
struct Told {
    at: String,
    op: String,
    obj: Option<Box<RawValue>>,
}

/// Asks an endpoint for every version of a record; none when it never had the record. It takes as long as the server does.
///
/// # Errors
/// The address is none of an endpoint, the server cannot be reached, does not let us in, or its answer cannot be used.
pub fn history(
    address: &str,
    access: &Access,
    limits: &Limits,
    pace: Pace,
    (kind, id): (Kind, &Id),
) -> Result<Versions, Failure> {
    let (mut wire, url) = Wire::new(address, access, Interrupt::default(), pace.patience).map_err(Failure::Stop)?;
    let Some(base) = base_of(&url) else {
        return Err(Problem::fatal(What::Status(404)).into());
    };
    let mut out = Versions::default();
    let mut before = None;
    for _ in 0..ANSWERS {
        let mut url = base.clone();
        url.set_path(&format!("{}/{}/{}/history", base.path(), kind.as_str(), id.as_str()));
        url.query_pairs_mut().append_pair("limit", &AT_ONCE.to_string());
        if let Some(before) = before {
            url.query_pairs_mut().append_pair("before", &u64::to_string(&before));
        }
        let answer = match ask(&mut wire, &url, limits) {
            // Nothing is known of it: that is an answer.
            Err(Failure::Stop(Stop::Problem(problem))) if problem.what == What::Status(404) => {
                return Ok(Versions::default());
            }
            answer => answer?,
        };
        let last = before;
        before = answer.next;
        out.list
            .extend(answer.versions.into_iter().filter_map(|told| read(kind, id, told)));
        out.whole = before.is_none();
        // A server that leads round in a circle is followed once.
        if out.whole || before >= last.or(Some(u64::MAX)) {
            break;
        }
    }
    Ok(out)
}

fn ask(wire: &mut Wire, url: &reqwest::Url, limits: &Limits) -> Result<Answer, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(reqwest::header::ACCEPT, HeaderValue::from_static("application/json"));
    let response = wire.get(url, &headers)?;
    let most = PAGE.min(limits.max_bytes);
    let mut body = wire.body(response);
    let mut text = Vec::new();
    let read = body.by_ref().take(most.saturating_add(1)).read_to_end(&mut text);
    if let Some(failure) = body.failure() {
        return Err(failure);
    }
    let garbled = || Failure::unreachable(What::Link(Fault::Garbled("fault.part-history")));
    if read.is_err() || text.len() as u64 > most {
        return Err(garbled());
    }
    serde_json::from_slice(&text).map_err(|_| garbled())
}

/// A version; nothing for one that cannot be read any more.
fn read(kind: Kind, id: &Id, told: Told) -> Option<Version> {
    let record = match (told.op.as_str(), told.obj) {
        ("del", _) => None,
        (_, Some(obj)) => Some(record(kind, obj.get(), id.as_str()).0?),
        _ => return None,
    };
    Some(Version {
        at: told.at.parse().ok()?,
        record,
    })
}
