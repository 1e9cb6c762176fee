//! The JSON document: one object, its members in any order, records read one by one through a window.

use super::collect::{Collector, Item, Stop, Summary};
use super::record::{Broken, Found, Spot, broken};
use super::scan::{Extent, MAX_DEPTH};
use super::window::Window;
use super::{Limits, input, ndjson};
use crate::contract::check;
use crate::contract::packed::Table;
use crate::contract::{Headquarters, Kind, Level, Path, Place, Problem, Record, VERSION, What, clean};
use smol_str::SmolStr;
use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;

/// Reads a document, JSON or NDJSON, plain or compressed, and tells `sink` what it finds as it finds it.
///
/// What was told holds only when the whole ended well: on an error everything told before must be forgotten.
///
/// # Errors
/// The problem that makes the input unreadable as a document, or that `sink` did not want to go on.
pub fn read(
    input: impl io::Read,
    limits: &Limits,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Stop> {
    read_beside(input, limits, Table::default(), sink)
}

/// The same beside the initiatives that were read from it last time: those that have not changed are kept once, in the chunks that
/// are there, and speak of the names that are there.
///
/// # Errors
/// As [`read`].
pub fn read_beside(
    input: impl io::Read,
    limits: &Limits,
    known: Table,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Stop> {
    let text = input::text(input).map_err(|error| input::problem_of(&error))?;
    let window = Window::new(text, limits)?;
    let mut document = Document {
        window,
        // A check looks across records; and where records are held small, so is what may be read ahead.
        in_pieces: !limits.cross_check && limits.max_record_bytes >= 1 << 20,
        out: Collector::new(limits, known, sink),
        seen: HashSet::new(),
        kinds_seen: false,
    };
    document.read()?;
    let bytes = document.window.used();
    document.out.end(bytes)
}

/// Member names remembered to tell repetitions; our own come long before so many.
const MAX_SEEN: usize = 10_000;

pub(super) struct Document<'s, R> {
    pub(super) window: Window<R>,
    pub(super) out: Collector<'s>,
    /// The long list may be read in pieces.
    in_pieces: bool,
    /// Names of the top-level members so far.
    seen: HashSet<SmolStr>,
    kinds_seen: bool,
}

impl<R: io::Read> Document<'_, R> {
    fn read(&mut self) -> Result<(), Stop> {
        match self.window.token()? {
            None => return Err(self.window.problem(0, What::Empty).into()),
            Some(b'{') => self.window.advance(1),
            Some(b'[' | b'"' | b'0'..=b'9' | b'-') => {
                return Err(self.window.problem(0, What::NotADocument).into());
            }
            Some(_) => return Err(self.unexpected("expected value").into()),
        }
        self.list(b'}', |this, _| this.member())?;
        let lines_before = self.window.place(0).line;
        match self.window.token()? {
            None => Ok(()),
            Some(_) if !self.kinds_seen && self.window.place(0).line != lines_before => {
                ndjson::read(&mut self.window, &mut self.out)
            }
            Some(_) => Err(self.unexpected("trailing characters").into()),
        }
    }

    /// The problem of a byte that does not belong where it stands.
    fn unexpected(&self, why: &str) -> Problem {
        let rest = self.window.rest();
        let shown = rest.get(..4.min(rest.len())).unwrap_or_default();
        match std::str::from_utf8(shown) {
            Err(error) if error.valid_up_to() == 0 => self.window.not_utf8(0, &error),
            _ => self.window.problem(0, What::NotJson(why.into())),
        }
    }

    fn cut_off(&self) -> Problem {
        self.window.problem(self.window.rest().len(), What::CutOff)
    }

    /// Reads what stands between brackets, separated by commas, up to and with the closing one.
    fn list(&mut self, close: u8, mut item: impl FnMut(&mut Self, usize) -> Result<(), Stop>) -> Result<(), Stop> {
        let mut index = 0;
        while !self.list_item(close, index, &mut item)? {
            index += 1;
        }
        Ok(())
    }

    /// Reads one item of a list and what stands behind it; true when that closes the list.
    pub(super) fn list_item(
        &mut self,
        close: u8,
        index: usize,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), Stop>,
    ) -> Result<bool, Stop> {
        match self.window.token()? {
            None => return Err(self.cut_off().into()),
            Some(byte) if byte == close && index == 0 => {
                self.window.advance(1);
                return Ok(true);
            }
            Some(_) => item(self, index)?,
        }
        match self.window.token()? {
            None => Err(self.cut_off().into()),
            Some(b',') => {
                self.window.advance(1);
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.window.advance(1);
                Ok(true)
            }
            Some(_) if close == b'}' => Err(self.unexpected("expected `,` or `}`").into()),
            Some(_) => Err(self.unexpected("expected `,` or `]`").into()),
        }
    }

    /// Bytes of the value that comes next, which is wholly in the window and UTF-8 then.
    fn value_len(&mut self) -> Result<usize, Stop> {
        let mut extent = Extent::default();
        loop {
            if let Some(len) = extent.find(self.window.rest(), self.window.ended()) {
                if let Err(error) = std::str::from_utf8(self.window.rest().get(..len).unwrap_or_default()) {
                    return Err(self.window.not_utf8(0, &error).into());
                }
                if len == 0 {
                    return Err(self.unexpected("expected value").into());
                }
                return Ok(len);
            }
            if !self.window.more()? && extent.find(self.window.rest(), true).is_none() {
                return Err(self.why_no_end(&extent).into());
            }
        }
    }

    /// The input ends inside a value: cut off, unless something was wrong before.
    fn why_no_end(&self, extent: &Extent) -> Problem {
        if let Some(at) = extent.too_deep {
            return self.window.problem(at, What::TooDeep(MAX_DEPTH));
        }
        let text = match std::str::from_utf8(self.window.rest()) {
            Ok(text) => text,
            Err(error) => return self.window.not_utf8(0, &error),
        };
        match serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| broken(text, &error)) {
            Err(Broken { what, at }) => self.window.problem(at, what),
            Ok(_) => self.cut_off(),
        }
    }

    fn fatal(&self, broken: Broken) -> Stop {
        self.window.problem(broken.at, broken.what).into()
    }

    fn member(&mut self) -> Result<(), Stop> {
        if self.window.rest().first() != Some(&b'"') {
            return Err(self.unexpected("key must be a string").into());
        }
        let key_place = self.window.place(0);
        let len = self.value_len()?;
        let text = self.window.text(len);
        let key: String = serde_json::from_str(text).map_err(|error| self.fatal(broken(text, &error)))?;
        self.window.advance(len);
        match self.window.token()? {
            None => return Err(self.cut_off().into()),
            Some(b':') => self.window.advance(1),
            Some(_) => return Err(self.unexpected("expected `:`").into()),
        }
        if self.window.token()?.is_none() {
            return Err(self.cut_off().into());
        }
        let mut place = Place {
            path: Path::root(),
            ..key_place
        };
        place.path.push_key(&key);
        let report = |level, what| Problem {
            level,
            place: place.clone(),
            what,
            record: None,
        };
        if self.seen.contains(key.as_str()) {
            self.out
                .problem(report(Level::Changed, What::DuplicateField(clean::excerpt(&key))))?;
        } else if self.seen.len() < MAX_SEEN {
            self.seen.insert(key.as_str().into());
        }
        match key.as_str() {
            "rasad" => self.version(),
            "headquarters" => self.headquarters(),
            name => match Kind::ALL.iter().copied().find(|kind| kind.plural() == name) {
                Some(kind) => self.kind(kind),
                None => {
                    self.out
                        .problem(report(Level::Note, What::UnknownMember(clean::excerpt(name))))?;
                    self.skip_member()
                }
            },
        }
    }

    fn version(&mut self) -> Result<(), Stop> {
        let len = self.value_len()?;
        let text = self.window.text(len);
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) if value.as_u64() == Some(VERSION) => {}
            Ok(value) => {
                let mut problem = self.window.problem(0, What::WrongVersion(clean::excerpt_of(&value)));
                problem.place.path.push_key("rasad");
                return Err(problem.into());
            }
            Err(error) => return Err(self.fatal(broken(text, &error))),
        }
        self.window.advance(len);
        self.out.version_seen()
    }

    fn headquarters(&mut self) -> Result<(), Stop> {
        let len = self.value_len()?;
        let mut path = Path::root();
        path.push_key("headquarters");
        let spot = Spot {
            text: self.window.text(len),
            path,
        };
        let (hq, found) = match serde_json::from_str::<Headquarters>(spot.text) {
            Ok(hq) => (Some(hq), Vec::new()),
            Err(_) => spot.object::<Headquarters>().map_err(|b| self.fatal(b))?,
        };
        if let Some(hq) = hq {
            self.out
                .cross_check_headquarters(&hq, &spot.path, &|path| self.window.place(spot.offset_of(path)))?;
            report(&mut self.out, &self.window, 0, found)?;
            self.window.advance(len);
            return self.out.headquarters(hq);
        }
        let mut problem = self.window.problem(0, What::NoHeadquarters);
        problem.place.path = spot.path;
        report(&mut self.out, &self.window, 0, found)?;
        Err(problem.into())
    }

    fn kind(&mut self, kind: Kind) -> Result<(), Stop> {
        self.kinds_seen = true;
        self.out.begin(kind);
        match self.window.rest().first() {
            Some(b'[') => {
                self.window.advance(1);
                if kind == Kind::Initiative && self.in_pieces {
                    self.long_list()?;
                } else {
                    self.list(b']', |this, index| this.record(kind, index))?;
                }
            }
            _ => self.no_list(kind)?,
        }
        self.out.finish(kind)
    }

    /// What stands where the list of a kind should: nothing is fine, anything else is left out.
    fn no_list(&mut self, kind: Kind) -> Result<(), Stop> {
        let len = self.value_len()?;
        let text = self.window.text(len);
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| self.fatal(broken(text, &error)))?;
        if !value.is_null() {
            let mut place = self.window.place(0);
            place.path.push_key(kind.plural());
            self.out.problem(Problem {
                level: Level::Skipped,
                place,
                what: What::WrongType {
                    wanted: "type.list".into(),
                    found: clean::excerpt_of(&value),
                },
                record: None,
            })?;
        }
        self.window.advance(len);
        Ok(())
    }

    pub(super) fn record(&mut self, kind: Kind, index: usize) -> Result<(), Stop> {
        loop {
            match Record::from_json_start(kind, self.window.rest()) {
                Ok((record, len)) => return self.keep(kind, index, record, len),
                // The window ends inside the record; at the end of the input the slow way says what is wrong.
                Err(error) if error.is_eof() && self.window.more()? => {}
                Err(_) => return self.slow_record(kind, index),
            }
        }
    }

    fn slow_record(&mut self, kind: Kind, index: usize) -> Result<(), Stop> {
        let len = self.value_len()?;
        let spot = Spot {
            text: self.window.text(len),
            path: Path::of_record(kind.plural(), index),
        };
        let (record, found) = spot.record(kind).map_err(|b| self.fatal(b))?;
        report(&mut self.out, &self.window, 0, found)?;
        match record {
            Some(record) => self.keep(kind, index, record, len),
            None => {
                self.window.advance(len);
                Ok(())
            }
        }
    }

    /// Keeps a record, unless one of that id is there already: the first counts.
    fn keep(&mut self, kind: Kind, index: usize, mut record: Record, len: usize) -> Result<(), Stop> {
        let path = || Path::of_record(kind.plural(), index);
        let repeated = check::unique_parts(&mut record);
        if !repeated.is_empty() {
            let owner = Some((kind, SmolStr::from(record.id().as_str())));
            let spot = Spot {
                text: self.window.text(len),
                path: path(),
            };
            report(&mut self.out, &self.window, 0, spot.repeated(repeated, owner))?;
        }
        if self.out.has(kind, record.id()) {
            let mut place = self.window.place(0);
            place.path = path();
            let id = SmolStr::from(record.id().as_str());
            self.out.problem(Problem {
                level: Level::Skipped,
                place,
                what: What::DuplicateId(kind, id.clone()),
                record: Some((kind, id)),
            })?;
        } else {
            let window = &self.window;
            let locate = |path: &Path| {
                let inner = path.segments().get(2..).unwrap_or_default();
                window.place(super::scan::locate(window.text(len), inner))
            };
            self.out.cross_check(&record, &path, &locate)?;
            self.out.put(record, self.window.used())?;
        }
        self.window.advance(len);
        Ok(())
    }

    /// Passes over a member this version does not know, piece by piece when it is a list.
    fn skip_member(&mut self) -> Result<(), Stop> {
        if self.window.rest().first() != Some(&b'[') {
            return self.skip_value();
        }
        self.window.advance(1);
        self.list(b']', |this, _| this.skip_value())
    }

    fn skip_value(&mut self) -> Result<(), Stop> {
        let len = self.value_len()?;
        let text = self.window.text(len);
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            return Err(self.fatal(broken(text, &error)));
        }
        self.window.advance(len);
        Ok(())
    }
}

/// Reports what was found in a text that begins `start` bytes into the window.
pub(super) fn report<R: io::Read>(
    out: &mut Collector<'_>,
    window: &Window<R>,
    start: usize,
    found: Vec<Found>,
) -> Result<(), Stop> {
    for (mut problem, at) in found {
        if out.names(problem.level) {
            let place = window.place(start + at);
            problem.place.line = place.line;
            problem.place.column = place.column;
        }
        out.problem(problem)?;
    }
    Ok(())
}
