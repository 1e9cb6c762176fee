//! NDJSON: behind the line of the headquarters one record a line, a later line replacing an earlier one.

use super::collect::{Collector, Stop};
use super::document::report;
use super::record::{Broken, Found, Spot, broken};
use super::window::Window;
use crate::contract::check::{self, Repeated};
use crate::contract::read::Key;
use crate::contract::{Headquarters, Id, Kind, Level, Path, Place, Problem, Record, What, clean};
use serde_json::value::RawValue;
use smol_str::SmolStr;
use std::io;

/// Reads the lines behind the first one. A broken line is left out like an unreadable record, except when the input ends in
/// the middle of it: then the whole is cut off.
pub(super) fn read<R: io::Read>(window: &mut Window<R>, out: &mut Collector<'_>) -> Result<(), Stop> {
    while window.token()?.is_some() {
        let len = line_len(window)?;
        let whole = window.rest().get(len) == Some(&b'\n');
        line(window, out, len, whole)?;
        window.advance(len);
    }
    out.cross_check_all()
}

/// Bytes of the line the window begins with, which is wholly in it then; without its line break.
fn line_len<R: io::Read>(window: &mut Window<R>) -> Result<usize, Stop> {
    let mut looked = 0;
    loop {
        let rest = window.rest();
        if let Some(found) = memchr::memchr(b'\n', rest.get(looked..).unwrap_or_default()) {
            return Ok(looked + found);
        }
        looked = rest.len();
        if !window.more()? {
            return Ok(looked);
        }
    }
}

fn line<R: io::Read>(window: &Window<R>, out: &mut Collector<'_>, len: usize, whole: bool) -> Result<(), Stop> {
    let bytes = window.rest().get(..len).unwrap_or_default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let problem = window.not_utf8(0, &error);
            if problem.what == What::CutOff {
                return Err(problem.into());
            }
            let level = Level::Skipped;
            return out.problem(Problem { level, ..problem });
        }
    };
    let members = match serde_json::from_str::<Members<'_>>(text) {
        Ok(members) => members,
        Err(error) if error.is_data() => {
            // JSON, but no object.
            let found = clean::excerpt(text);
            let wanted = "type.object".into();
            return skip(window, out, 0, Path::root(), What::WrongType { wanted, found });
        }
        Err(error) => {
            let Broken { what, at } = broken(text, &error);
            if what == What::CutOff && !whole {
                return Err(window.problem(at, what).into());
            }
            return skip(window, out, at, Path::root(), what);
        }
    };
    Line { window, out, text }.take(&members)
}

fn skip<R: io::Read>(
    window: &Window<R>,
    out: &mut Collector<'_>,
    at: usize,
    path: Path,
    what: What,
) -> Result<(), Stop> {
    out.problem(Problem {
        level: Level::Skipped,
        place: Place {
            path,
            ..window.place(at)
        },
        what,
        record: None,
    })
}

/// The members of a line, as they stand.
struct Members<'t>(Vec<(Key<'t>, &'t RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> serde::de::Visitor<'de> for All {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(5);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        d.deserialize_map(All)
    }
}

/// The members of a line that mean something; `rev` is the feed's and says nothing here.
const KNOWN: [&str; 5] = ["rev", "kind", "id", "op", "obj"];

struct Line<'l, 's, R> {
    window: &'l Window<R>,
    out: &'l mut Collector<'s>,
    text: &'l str,
}

fn path_of(name: &str) -> Path {
    let mut path = Path::root();
    path.push_key(name);
    path
}

impl<R: io::Read> Line<'_, '_, R> {
    /// Where a piece of the line begins.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn skip(&mut self, part: &str, path: Path, what: What) -> Result<(), Stop> {
        let at = self.offset(part);
        skip(self.window, self.out, at, path, what)
    }

    /// The last member of a name.
    fn member<'t>(&self, members: &Members<'t>, name: &str) -> Option<&'t RawValue> {
        members
            .0
            .iter()
            .rev()
            .find(|(key, _)| key.as_str() == name)
            .map(|(_, raw)| *raw)
    }

    /// A member that must be a text; what is wrong with it is reported.
    fn word(&mut self, members: &Members<'_>, name: &'static str) -> Result<Option<String>, Stop> {
        let Some(raw) = self.member(members, name) else {
            self.skip(self.text, path_of(name), What::Missing(name.into()))?;
            return Ok(None);
        };
        if let Ok(word) = serde_json::from_str::<String>(raw.get()) {
            return Ok(Some(word));
        }
        let what = What::WrongType {
            wanted: "type.text".into(),
            found: clean::excerpt(raw.get()),
        };
        self.skip(raw.get(), path_of(name), what)?;
        Ok(None)
    }

    fn take(mut self, members: &Members<'_>) -> Result<(), Stop> {
        let mut seen = std::collections::HashSet::with_capacity(members.0.len());
        for (key, raw) in &members.0 {
            let (level, what) = if !seen.insert(key.as_str()) {
                (Level::Changed, What::DuplicateField(clean::excerpt(key.as_str())))
            } else if !KNOWN.contains(&key.as_str()) {
                (Level::Note, What::UnknownField(clean::excerpt(key.as_str())))
            } else {
                continue;
            };
            self.out.problem(Problem {
                level,
                place: Place {
                    path: path_of(key.as_str()),
                    ..self.window.place(self.offset(raw.get()))
                },
                what,
                record: None,
            })?;
        }
        let (Some(kind), Some(id), Some(op)) = (
            self.word(members, "kind")?,
            self.word(members, "id")?,
            self.word(members, "op")?,
        ) else {
            return Ok(());
        };
        let raw = |name| self.member(members, name).map_or(self.text, RawValue::get);
        let (kind_at, id_at, op_at) = (raw("kind"), raw("id"), raw("op"));
        let known = Kind::ALL.iter().copied().find(|known| known.as_str() == kind);
        if known.is_none() && kind != "headquarters" {
            let place = Place {
                path: path_of("kind"),
                ..self.window.place(self.offset(kind_at))
            };
            // Like a top-level member this version does not know: noted, nothing of ours is lost.
            return self.out.problem(Problem {
                level: Level::Note,
                place,
                what: What::UnknownKind(clean::excerpt(&kind)),
                record: None,
            });
        }
        match (op.as_str(), known) {
            ("put", known) => {
                let Some(obj) = self.member(members, "obj") else {
                    return self.skip(self.text, path_of("obj"), What::Missing("obj".into()));
                };
                match known {
                    Some(kind) => self.put(kind, &id, id_at, obj.get()),
                    None => self.headquarters(obj.get()),
                }
            }
            ("del", Some(kind)) => match Id::new(&id) {
                Some(id) => {
                    self.out.remove(kind, &id);
                    Ok(())
                }
                None => self.skip(id_at, path_of("id"), What::BadId(clean::excerpt(&id))),
            },
            _ => self.skip(op_at, path_of("op"), What::UnknownOperation(clean::excerpt(&op))),
        }
    }

    /// Reads a part of the line, and reports what was found in it.
    fn read<T>(
        &mut self,
        json: &str,
        read: impl FnOnce(&Spot<'_>) -> Result<(Option<T>, Vec<Found>), Broken>,
    ) -> Result<Option<T>, Stop> {
        let spot = Spot {
            text: json,
            path: path_of("obj"),
        };
        let start = self.offset(json);
        match read(&spot) {
            Ok((out, found)) => {
                report(self.out, self.window, start, found)?;
                Ok(out)
            }
            Err(Broken { what, at }) => {
                skip(self.window, self.out, start + at, spot.path, what)?;
                Ok(None)
            }
        }
    }

    fn report_repeated(
        &mut self,
        json: &str,
        repeated: Vec<Repeated>,
        record: Option<(Kind, SmolStr)>,
    ) -> Result<(), Stop> {
        let spot = Spot {
            text: json,
            path: path_of("obj"),
        };
        let found = spot.repeated(repeated, record);
        report(self.out, self.window, self.offset(json), found)
    }

    fn headquarters(&mut self, json: &str) -> Result<(), Stop> {
        let hq = match serde_json::from_str::<Headquarters>(json) {
            Ok(hq) => Some(hq),
            Err(_) => self.read(json, |spot| spot.object())?,
        };
        match hq {
            Some(mut hq) => {
                let repeated = check::unique_counties(&mut hq);
                self.report_repeated(json, repeated, None)?;
                self.out.headquarters(hq)
            }
            None => Ok(()),
        }
    }

    fn put(&mut self, kind: Kind, id: &str, id_at: &str, json: &str) -> Result<(), Stop> {
        let record = match Record::from_json(kind, json) {
            Ok(record) => Some(record),
            Err(_) => self.read(json, |spot| spot.record(kind))?,
        };
        let Some(mut record) = record else {
            return Ok(());
        };
        let repeated = check::unique_parts(&mut record);
        self.report_repeated(json, repeated, Some((kind, SmolStr::from(record.id().as_str()))))?;
        if record.id().as_str() != id {
            // Which of the two is meant nobody can tell.
            let what = What::OtherId(clean::excerpt(id), SmolStr::from(record.id().as_str()));
            return self.skip(id_at, path_of("id"), what);
        }
        let place = self.window.place(self.offset(json));
        self.out.put_line(record, self.window.used(), place)
    }
}
