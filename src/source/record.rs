//! One record the slow way: mended where it can be, every problem with its path and its offset in the text.

use super::scan;
use crate::contract::check::Repeated;
use crate::contract::read::{Read, Reader};
use crate::contract::{Kind, Level, Path, Place, Problem, Record, What, clean, value};
use serde_json::Value;
use smol_str::SmolStr;

/// A JSON text, and the path at which it stands in the document or line.
pub(super) struct Spot<'t> {
    pub(super) text: &'t str,
    pub(super) path: Path,
}

/// Problems of one record that are looked up in its text: each look costs the length of the record, and a record that has
/// more of them is made to cost.
const LOCATED: usize = 32;

/// A problem, and where in the text it stands.
pub(super) type Found = (Problem, usize);

/// The text cannot be read as JSON: why, and where in it.
pub(super) struct Broken {
    pub(super) what: What,
    pub(super) at: usize,
}

impl Spot<'_> {
    /// Where in the text a path of the document leads.
    pub(super) fn offset_of(&self, path: &Path) -> usize {
        let inner = path.segments().get(self.path.segments().len()..).unwrap_or_default();
        scan::locate(self.text, inner)
    }

    /// The text as a value, with everything found on the way; no value when it is JSON that no value can hold.
    pub(super) fn value(&self) -> Result<(Option<Value>, Vec<Found>), Broken> {
        let (error, mended) = match value::parse(self.text) {
            Ok((value, twice)) => return Ok((Some(value), self.duplicates(twice))),
            Err(error) => (error, scan::mend_surrogates(self.text)),
        };
        // Half a surrogate pair is hostile text, not a broken document.
        if mended.1 > 0
            && let Ok((value, twice)) = value::parse(&mended.0)
        {
            let mut found = self.duplicates(twice);
            found.push((self.problem(Level::Changed, What::CleanedText(mended.1)), 0));
            return Ok((Some(value), found));
        }
        let mut broken = broken(self.text, &error);
        let reason = error.to_string();
        let what = if reason.starts_with("number out of range") {
            broken.at = number_start(self.text, broken.at);
            What::WrongType {
                wanted: "type.number".into(),
                found: number_at(self.text, broken.at),
            }
        } else if reason.starts_with("recursion limit") {
            What::TooDeep(scan::MAX_DEPTH)
        } else {
            return Err(broken);
        };
        Ok((None, vec![(self.problem(Level::Skipped, what), broken.at)]))
    }

    /// Reads what the text says as `read` does, with every problem placed.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Value, &mut Reader<'_>) -> Option<T>,
    ) -> Result<(Option<T>, Vec<Found>), Broken> {
        let (value, mut found) = self.value()?;
        let Some(value) = value else {
            return Ok((None, found));
        };
        let mut problems = Vec::new();
        let out = read(&value, &mut Reader::new(self.path.clone(), &mut problems));
        found.extend(problems.into_iter().enumerate().map(|(nth, problem)| {
            let at = if nth < LOCATED {
                self.offset_of(&problem.place.path)
            } else {
                0
            };
            (problem, at)
        }));
        Ok((out, found))
    }

    /// Reads a record.
    pub(super) fn record(&self, kind: Kind) -> Result<(Option<Record>, Vec<Found>), Broken> {
        let mut id = SmolStr::default();
        let (record, mut found) = self.read(|value, at| {
            id = clean::excerpt(value.get("id").and_then(Value::as_str).unwrap_or_default());
            Record::read(kind, value, at)
        })?;
        for (problem, _) in &mut found {
            problem.record = (!id.is_empty()).then(|| (kind, id.clone()));
        }
        Ok((record, found))
    }

    /// Reads any other object.
    pub(super) fn object<T: Read>(&self) -> Result<(Option<T>, Vec<Found>), Broken> {
        self.read(T::read)
    }

    /// The problems of parts that were left out because one of their id stands before them.
    pub(super) fn repeated(&self, repeated: Vec<Repeated>, record: Option<(Kind, SmolStr)>) -> Vec<Found> {
        let place = |(list, index, id): Repeated| {
            let mut problem = self.problem(Level::Changed, What::DuplicatePart(id.as_str().into()));
            problem.record = record.clone();
            problem.place.path.push_key(list);
            problem.place.path.push_index(index);
            let at = self.offset_of(&problem.place.path);
            (problem, at)
        };
        repeated.into_iter().take(LOCATED).map(place).collect()
    }

    fn problem(&self, level: Level, what: What) -> Problem {
        Problem {
            level,
            place: Place {
                path: self.path.clone(),
                ..Place::default()
            },
            what,
            record: None,
        }
    }

    fn duplicates(&self, twice: Vec<Path>) -> Vec<Found> {
        let place = |inner: Path| {
            let mut path = self.path.clone();
            for segment in inner.segments() {
                match segment {
                    crate::contract::path::Segment::Key(key) => path.push_key(key),
                    crate::contract::path::Segment::Index(index) => path.push_index(*index),
                }
            }
            path
        };
        twice
            .into_iter()
            .take(LOCATED)
            .map(|inner| {
                let name = inner.segments().last().map(|segment| match segment {
                    crate::contract::path::Segment::Key(key) => clean::excerpt(key),
                    crate::contract::path::Segment::Index(_) => SmolStr::default(),
                });
                let at = scan::locate(self.text, inner.segments());
                let mut problem = self.problem(Level::Changed, What::DuplicateField(name.unwrap_or_default()));
                problem.place.path = place(inner);
                (problem, at)
            })
            .collect()
    }
}

/// What a parser's error about a text means, and where.
pub(super) fn broken(text: &str, error: &serde_json::Error) -> Broken {
    let line_start: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    // The parser counts bytes, from 1.
    let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    // A number cut behind its point or its `e` is no error of its own.
    let cut_number = error.to_string().starts_with("invalid number") && text.ends_with(['.', '-', '+', 'e', 'E']);
    if error.is_eof() || cut_number && at + 1 >= text.len() {
        return Broken {
            what: What::CutOff,
            at: text.len(),
        };
    }
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    Broken {
        what: What::NotJson(clean::excerpt(reason)),
        at,
    }
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')
}

/// The start of the number that covers `at`, or ends there.
fn number_start(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().trim_end_matches(is_of_number).len()
}

fn number_at(text: &str, at: usize) -> SmolStr {
    let rest = text.get(at..).unwrap_or_default();
    clean::excerpt(rest.split(|c| !is_of_number(c)).next().unwrap_or_default())
}
