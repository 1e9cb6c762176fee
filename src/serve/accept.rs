//! What may be kept: a record is read as strictly as it can be, and everything wrong with it is named at once.
//!
//! A dashboard mends what it is shown; a server that keeps it for years does not: whoever writes is told.

use crate::contract::feed::{Fault, Subject};
use crate::contract::read::{Read as _, Reader};
use crate::contract::{Headquarters, Id, Level, Path, Problem, Record, What, check, clean, value};
use crate::i18n;
use crate::text::Lang;
use serde_json::Value;

/// Faults named in one answer.
const MAX_FAULTS: usize = 100;

/// Reads a JSON text that a client sent.
///
/// # Errors
/// What is wrong with it as JSON; a member that stands twice is wrong, too.
pub fn json(text: &str, lang: Lang) -> Result<Value, Vec<Fault>> {
    match value::parse(text) {
        Ok((value, twice)) if twice.is_empty() => Ok(value),
        Ok((_, twice)) => Err(twice
            .into_iter()
            .take(MAX_FAULTS)
            .map(|path| {
                let name = path.segments().last().map(|segment| match segment {
                    crate::contract::path::Segment::Key(key) => clean::excerpt(key),
                    crate::contract::path::Segment::Index(_) => smol_str::SmolStr::default(),
                });
                fault(path, What::DuplicateField(name.unwrap_or_default()), lang)
            })
            .collect()),
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            Err(vec![fault(Path::root(), What::NotJson(clean::excerpt(reason)), lang)])
        }
    }
}

/// The record as it is kept: known fields in their order and in one spelling, unknown ones behind them as they came.
///
/// # Errors
/// Everything wrong with it.
pub fn record(kind: &Subject, id: &Id, sent: &Value, lang: Lang) -> Result<Box<str>, Vec<Fault>> {
    let mut problems = Vec::new();
    let mut at = Reader::new(Path::root(), &mut problems);
    // The text, the id it names, and parts that stand twice.
    let kept = match kind {
        Subject::Headquarters => Headquarters::read(sent, &mut at).map(|mut hq| {
            let repeated = check::unique_counties(&mut hq);
            (serde_json::to_string(&hq), hq.id, repeated)
        }),
        Subject::Record(kind) => Record::read(*kind, sent, &mut at).map(|mut record| {
            let repeated = check::unique_parts(&mut record);
            (serde_json::to_string(&record), Some(record.id().clone()), repeated)
        }),
        Subject::Other(_) => None,
    };
    problems.retain(|problem| problem.level > Level::Note);
    unclean(sent, &mut Path::root(), &mut problems);
    let mut say = |keys: (&str, Option<usize>), what| {
        let mut problem = Problem::fatal(what);
        problem.place.path.push_key(keys.0);
        if let Some(index) = keys.1 {
            problem.place.path.push_index(index);
        }
        problems.push(problem);
    };
    if let Some((_, own, repeated)) = &kept {
        for (list, index, part) in repeated {
            say((list, Some(*index)), What::DuplicatePart(part.as_str().into()));
        }
        if let Some(own) = own.as_ref().filter(|own| *own != id) {
            say(("id", None), What::OtherId(id.as_str().into(), own.as_str().into()));
        }
    }
    match kept {
        Some((Ok(text), ..)) if problems.is_empty() => Ok(text.into()),
        _ => Err(problems
            .into_iter()
            .take(MAX_FAULTS)
            .map(|problem| fault(problem.place.path, problem.what, lang))
            .collect()),
    }
}

/// Names every text in fields nobody knows that may not reach a screen; in known fields the reader names it.
fn unclean(value: &Value, path: &mut Path, problems: &mut Vec<Problem>) {
    match value {
        Value::String(text) => report_unclean(text, path, problems),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_index(index);
                unclean(item, path, problems);
                path.pop();
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                path.push_key(&clean::clean(key).0);
                report_unclean(key, path, problems);
                unclean(item, path, problems);
                path.pop();
            }
        }
        _ => {}
    }
}

fn report_unclean(text: &str, path: &Path, problems: &mut Vec<Problem>) {
    // A known field was named by the reader already.
    if clean::is_clean(text) || problems.len() >= MAX_FAULTS || problems.iter().any(|known| known.place.path == *path) {
        return;
    }
    let mut problem = Problem::fatal(What::CleanedText(1));
    problem.place.path = path.clone();
    problems.push(problem);
}

/// A fault as it travels, its sentence in the client's language.
pub fn fault(path: Path, what: What, lang: Lang) -> Fault {
    let problem = Problem {
        place: crate::contract::Place {
            path,
            ..Default::default()
        },
        ..Problem::fatal(what)
    };
    Fault {
        operation: None,
        path: problem.place.path.to_string(),
        code: problem.slug().to_owned(),
        message: problem.sentence(lang),
    }
}

/// A fault of a request that is no fault of a record; `code` is the end of its key in the catalogue.
pub fn fault_of_request(operation: usize, code: &'static str, lang: Lang) -> Fault {
    Fault {
        operation: u32::try_from(operation).ok(),
        path: String::new(),
        code: code.to_owned(),
        message: i18n::find(lang, &format!("serve.fault.{code}"))
            .unwrap_or(code)
            .to_owned(),
    }
}

/// A JSON merge patch (RFC 7396) laid over a value.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(members) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            // Keeps the order of what stays.
            members.shift_remove(key);
        } else {
            merge(members.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}
