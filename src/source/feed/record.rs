//! From a line of the feed to a change of the board, with everything wrong with its record. It must not know the network.

use crate::contract::check;
use crate::contract::feed::{Line, Op, Subject};
use crate::contract::{Change, Headquarters, Kind, Level, Path, Problem, Record, What, clean};
use crate::source::record::{Broken, Spot};
use smol_str::SmolStr;
use std::sync::Arc;

fn path() -> Path {
    let mut path = Path::root();
    path.push_key("obj");
    path
}

/// What a line changes, and what is wrong with its record. A record that cannot be read is not there.
pub fn read(line: &Line) -> (Option<Change>, Vec<Problem>) {
    let (change, mut problems) = match (&line.kind, &line.op) {
        (Subject::Headquarters, Op::Put(obj)) => headquarters(obj.get()),
        (Subject::Record(kind), Op::Put(obj)) => {
            let (record, problems) = record(*kind, obj.get(), line.id.as_str());
            let change = record.map_or_else(|| Change::Delete(*kind, line.id.clone()), Change::Put);
            (Some(change), problems)
        }
        (Subject::Record(kind), Op::Del) => (Some(Change::Delete(*kind, line.id.clone())), Vec::new()),
        // There is always a headquarters; of other kinds nothing is shown.
        (Subject::Headquarters, Op::Del) | (Subject::Other(_), _) => (None, Vec::new()),
    };
    if let Subject::Record(kind) = line.kind {
        for problem in &mut problems {
            problem.record = Some((kind, line.id.as_str().into()));
        }
    }
    (change, problems)
}

fn skipped(what: What) -> Problem {
    let mut problem = Problem::fatal(what);
    problem.level = Level::Skipped;
    problem.place.path = path();
    problem
}

/// A record as a feed tells it, and what is wrong with it; nothing when it cannot be read or is another one.
pub(super) fn record(kind: Kind, json: &str, id: &str) -> (Option<Record>, Vec<Problem>) {
    let (record, mut problems) = match Record::from_json(kind, json) {
        Ok(record) => (Some(record), Vec::new()),
        Err(_) => slow(json, |spot| spot.record(kind)),
    };
    let Some(mut record) = record else {
        return (None, problems);
    };
    problems.extend(repeated(json, check::unique_parts(&mut record)));
    if record.id().as_str() != id {
        // Which of the two is meant nobody can tell.
        let found = SmolStr::from(record.id().as_str());
        problems.push(skipped(What::OtherId(clean::excerpt(id), found)));
        return (None, problems);
    }
    (Some(record), problems)
}

fn headquarters(json: &str) -> (Option<Change>, Vec<Problem>) {
    let (hq, mut problems) = match serde_json::from_str::<Headquarters>(json) {
        Ok(hq) => (Some(hq), Vec::new()),
        Err(_) => slow(json, |spot| spot.object()),
    };
    let Some(mut hq) = hq else {
        return (None, problems);
    };
    problems.extend(repeated(json, check::unique_counties(&mut hq)));
    (Some(Change::Headquarters(Arc::new(hq))), problems)
}

fn repeated(json: &str, repeated: Vec<check::Repeated>) -> Vec<Problem> {
    if repeated.is_empty() {
        return Vec::new();
    }
    let spot = Spot {
        text: json,
        path: path(),
    };
    let found = spot.repeated(repeated, None);
    found.into_iter().map(|(problem, _)| problem).collect()
}

fn slow<T>(
    json: &str,
    read: impl FnOnce(&Spot<'_>) -> Result<(Option<T>, Vec<(Problem, usize)>), Broken>,
) -> (Option<T>, Vec<Problem>) {
    let spot = Spot {
        text: json,
        path: path(),
    };
    match read(&spot) {
        Ok((out, found)) => (out, found.into_iter().map(|(problem, _)| problem).collect()),
        Err(Broken { what, .. }) => (None, vec![skipped(what)]),
    }
}
