//! Up to [`super::ROWS`] initiatives that never change.

use super::ROWS;
use super::build::BETWEEN;
use super::bytes::Bytes;
use super::column::{CodeColumn, Codes, DayColumn, Days};
use super::draft::{Steps, figure};
use super::late::Late;
use super::letters::Letters;
use super::lines::Lines;
use super::marks::Marks;
use super::mask::Mask;
use super::names::{Names, Sym};
use super::numbers::Numbers;
use super::pairs::Pairs;
use crate::clock::Day;
use crate::contract::id::{counted, counted_behind};
use crate::contract::read::{Read as _, Reader};
use crate::contract::{Id, Initiative, InitiativeKind, Moment, Origin, Outreach, Path, Record, Stage, Text};
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::sync::Arc;

/// What stands in the bytes of a row besides its title.
pub(super) mod has {
    pub(in crate::contract::packed) const MEMBERS: u8 = 1;
    pub(in crate::contract::packed) const JOBS: u8 = 2;
    pub(in crate::contract::packed) const CAPITAL: u8 = 4;
    pub(in crate::contract::packed) const UPDATED_DAY: u8 = 8;
    pub(in crate::contract::packed) const UPDATED_AT: u8 = 16;
    pub(in crate::contract::packed) const NOTE: u8 = 32;
    /// The rest is the whole record as JSON.
    pub(in crate::contract::packed) const WHOLE: u8 = 64;
}

/// Who went to the initiatives of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Visits {
    /// Where the visits of each row end.
    pub(super) ends: Numbers,
    /// The row of each visit, as `ends` has it.
    pub(super) rows: Box<[u8]>,
    pub(super) days: Box<[i32]>,
    /// Places in `names` and `results`.
    pub(super) by: Numbers,
    pub(super) result: Numbers,
    pub(super) names: Box<[Sym]>,
    pub(super) results: Box<[Sym]>,
}

/// The row of each visit, from where those of each row end, which must be in order.
pub(super) fn rows_of(ends: &[u32]) -> Box<[u8]> {
    let mut out = Vec::with_capacity(ends.last().copied().unwrap_or(0) as usize);
    for (end, row) in ends.iter().zip(0..=u8::MAX) {
        out.resize(*end as usize, row);
    }
    out.into()
}

/// One time somebody went to an initiative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The day.
    pub on: Day,
    /// Who went: an id.
    pub by: Sym,
    /// What came of it: a text.
    pub result: Sym,
}

/// A run of so many digits or more is compared as a whole.
const LONG_RUN: usize = 16;

fn ends_in_digit(text: &str) -> bool {
    text.as_bytes().last().is_some_and(u8::is_ascii_digit)
}

/// How two ids stand to each other, each in two parts.
fn compare_parts(a: (&str, &str), b: (&str, &str)) -> Ordering {
    let whole = |(prefix, rest): (&str, &str)| {
        let mut bytes = [0; 64];
        let len = bytes
            .iter_mut()
            .zip(prefix.bytes().chain(rest.bytes()))
            .map(|(slot, byte)| *slot = byte)
            .count();
        (bytes, len)
    };
    let ((a, a_len), (b, b_len)) = (whole(a), whole(b));
    counted(a.get(..a_len).unwrap_or_default(), b.get(..b_len).unwrap_or_default())
}

/// Initiatives in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// What all ids begin with.
    pub(super) prefix: Box<str>,
    pub(super) ids: Lines,
    pub(super) search: Lines,
    /// Of `search`.
    pub(super) letters: Letters,
    /// Of `search`.
    pub(super) pairs: Late<Pairs>,
    pub(super) rest: Lines,
    pub(super) codes: [Codes; CodeColumn::COUNT],
    pub(super) days: [Days; DayColumn::COUNT],
    pub(super) visits: Visits,
    /// Of the three before.
    pub(super) marks: Late<Marks>,
}

impl Chunk {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a row, in two parts.
    fn id_parts(&self, row: usize) -> (&str, &str) {
        (&self.prefix, std::str::from_utf8(self.ids.get(row)).unwrap_or_default())
    }

    /// The id of a row.
    pub fn id(&self, row: usize) -> Option<Id> {
        let (prefix, rest) = self.id_parts(row);
        if row >= self.len() {
            return None;
        }
        let mut whole = [0_u8; 64];
        let len = prefix.len() + rest.len();
        whole.get_mut(..prefix.len())?.copy_from_slice(prefix.as_bytes());
        whole.get_mut(prefix.len()..len)?.copy_from_slice(rest.as_bytes());
        Id::new(std::str::from_utf8(whole.get(..len)?).ok()?)
    }

    /// What the id of a row begins with, as a number: where two differ, the ids are ordered likewise.
    pub(super) fn id_begins(&self, row: usize) -> u128 {
        let (prefix, rest) = self.id_parts(row);
        let mut bytes = prefix.bytes().chain(rest.bytes()).peekable();
        let mut out = [0; 16];
        let mut run = 0_u8;
        let mut slots = out.iter_mut();
        while let Some(byte) = bytes.peek().copied() {
            if byte.is_ascii_digit() && run == 0 {
                // A run of digits stands behind its length: between what comes before the digits and what comes behind them.
                let digits = bytes.clone().take_while(u8::is_ascii_digit).count();
                run = digits.min(LONG_RUN) as u8;
                let Some(slot) = slots.next() else { break };
                *slot = b'0' + run;
                if digits >= LONG_RUN {
                    break;
                }
            }
            run = run.saturating_sub(1);
            let Some(slot) = slots.next() else { break };
            *slot = byte;
            bytes.next();
        }
        u128::from_be_bytes(out)
    }

    /// How the id of a row stands to another, as ids are counted.
    pub fn compare_id(&self, row: usize, id: &str) -> Ordering {
        let (prefix, rest) = self.id_parts(row);
        match id.strip_prefix(prefix) {
            Some(other) => counted_behind(ends_in_digit(prefix), rest.as_bytes(), other.as_bytes()),
            None => compare_parts((prefix, rest), (id, "")),
        }
    }

    /// How the id of a row stands to that of a row of another chunk.
    pub fn compare_ids(&self, row: usize, other: &Self, at: usize) -> Ordering {
        let (a, b) = (self.id_parts(row), other.id_parts(at));
        if a.0 == b.0 {
            return counted_behind(ends_in_digit(a.0), a.1.as_bytes(), b.1.as_bytes());
        }
        compare_parts(a, b)
    }

    /// True when two rows with one id say the same; both chunks must speak of the same names.
    pub fn same_row(&self, row: usize, other: &Self, at: usize) -> bool {
        self.rest.get(row) == other.rest.get(at)
            && self
                .codes
                .iter()
                .zip(&other.codes)
                .all(|(a, b)| a.get(row) == b.get(at))
            && self.days.iter().zip(&other.days).all(|(a, b)| a.get(row) == b.get(at))
            && self.visits(row).eq(other.visits(at))
    }

    /// Where an id stands, or would stand.
    pub fn find(&self, id: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.compare_id(middle, id) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// A column of names.
    pub fn codes(&self, column: CodeColumn) -> &Codes {
        let [a, b, c, d, e, f, g, h] = &self.codes;
        match column {
            CodeColumn::Kind => a,
            CodeColumn::Stage => b,
            CodeColumn::Origin => c,
            CodeColumn::County => d,
            CodeColumn::Measure => e,
            CodeColumn::Project => f,
            CodeColumn::Sponsor => g,
            CodeColumn::Sector => h,
        }
    }

    /// A column of days.
    pub fn days(&self, column: DayColumn) -> &Days {
        let [a, b, c, d] = &self.days;
        match column {
            DayColumn::Identified => a,
            DayColumn::Empowered => b,
            DayColumn::BroughtIn => c,
            DayColumn::Started => d,
        }
    }

    pub(super) fn marks(&self) -> &Marks {
        self.marks.or_made(|| Marks::of(&self.codes, &self.visits, &self.days))
    }

    /// The rows whose name in a column passes; rows that there are not may be among them.
    pub fn saying(&self, column: CodeColumn, mut passes: impl FnMut(Sym) -> bool) -> Mask {
        if let Some(rows) = self.marks().saying(column as usize, &mut passes) {
            return rows;
        }
        // So many names that rows are looked at, each name once.
        let codes = self.codes(column);
        let mut table = [false; ROWS];
        let (mut some, mut all) = (false, true);
        for (slot, sym) in table.iter_mut().zip(codes.names()) {
            *slot = passes(*sym);
            some |= *slot;
            all &= *slot;
        }
        match (some, all) {
            (false, _) => Mask::default(),
            (true, true) => Mask::first(self.len()),
            (true, false) => Mask::marked(codes.rows(), &table, codes.names().len()),
        }
    }

    /// The rows that have a day in a column, and those whose day has come by another.
    pub fn come(&self, column: DayColumn, on: Day) -> (Mask, Mask) {
        match self.marks().come(column as usize, on) {
            Some(dated) => (*dated, *dated),
            None => self.days(column).by(on),
        }
    }

    /// The searched texts of the rows that no other row shares, folded, as [`super::letters::written`]: id, title, note.
    pub fn search(&self) -> &Lines {
        &self.search
    }

    /// The searched texts of a row apart, its id and its title, when it has no other.
    pub fn searched(&self, row: usize) -> Option<(&[u8], &[u8])> {
        if self.flags(row) & (has::NOTE | has::WHOLE) != 0 {
            return None;
        }
        let line = self.search.get(row);
        let (id, title) = line.split_at_checked(memchr::memchr(BETWEEN, line)?)?;
        Some((id, title.get(1..)?))
    }

    /// Which rows have which letters in [`Self::search`].
    pub fn letters(&self) -> &Letters {
        &self.letters
    }

    /// Which rows have which pairs of letters in [`Self::search`].
    pub fn pairs(&self) -> &Pairs {
        self.pairs.or_made(|| Pairs::of(&self.search))
    }

    /// Who went, in the chunk: ids, each once.
    pub fn visitors(&self) -> &[Sym] {
        &self.visits.names
    }

    /// What came of visits, in the chunk: texts, each once; one may be nothing.
    pub fn results(&self) -> &[Sym] {
        &self.visits.results
    }

    fn visit_range(&self, row: usize) -> std::ops::Range<usize> {
        let ends = &self.visits.ends;
        let start = row.checked_sub(1).and_then(|before| ends.get(before)).unwrap_or(0);
        let end = ends.get(row).unwrap_or(start);
        start as usize..end as usize
    }

    /// Who went to the initiative of a row.
    pub fn visits(&self, row: usize) -> impl ExactSizeIterator<Item = Visit> + '_ {
        self.visit_range(row).map(|at| {
            let name = |codes: &Numbers, names: &[Sym]| {
                let code = codes.get(at).unwrap_or(0);
                names.get(code as usize).copied().unwrap_or_default()
            };
            Visit {
                on: Day::from_days(self.visits.days.get(at).copied().unwrap_or(0)),
                by: name(&self.visits.by, &self.visits.names),
                result: name(&self.visits.result, &self.visits.results),
            }
        })
    }

    /// The rows one of whose visits came to something that passes.
    pub fn resulting(&self, mut passes: impl FnMut(Sym) -> bool) -> Mask {
        if let Some(rows) = self.marks().saying(CodeColumn::COUNT, &mut passes) {
            return rows;
        }
        let marked: Vec<bool> = self.results().iter().map(|sym| passes(*sym)).collect();
        self.marked_by(&marked)
    }

    /// The rows one of whose visits came to something that is marked, by its place in [`Self::results`].
    fn marked_by(&self, marked: &[bool]) -> Mask {
        if !marked.contains(&true) {
            return Mask::default();
        }
        let visits = &self.visits;
        let mut flags = [0_u8; ROWS];
        let mut flag = |row: u8, marked: u8| {
            // A row is a byte and has its place: nothing is looked up in vain.
            if let Some(flag) = flags.get_mut(usize::from(row)) {
                *flag |= marked;
            }
        };
        if let Numbers::Bytes(results) = &visits.result {
            let mut table = [0_u8; 256];
            for (slot, marked) in table.iter_mut().zip(marked) {
                *slot = (*marked).into();
            }
            for (row, result) in visits.rows.iter().zip(results) {
                flag(*row, table.get(usize::from(*result)).copied().unwrap_or_default());
            }
        } else {
            for (row, result) in visits.rows.iter().zip(visits.result.iter()) {
                flag(*row, (marked.get(result as usize) == Some(&true)).into());
            }
        }
        Mask::flagged(&flags)
    }

    /// What stands in the bytes of a row: [`has`].
    pub(super) fn flags(&self, row: usize) -> u8 {
        self.rest.get(row).first().copied().unwrap_or(0)
    }

    /// The record of a row as JSON, where it is kept so: it has fields this version does not know.
    pub fn whole(&self, row: usize) -> Option<&str> {
        let (flags, json) = self.rest.get(row).split_first()?;
        (flags & has::WHOLE != 0).then(|| std::str::from_utf8(json).ok())?
    }

    /// The stepped figures of a row, jobs and capital.
    pub fn figures(&self, row: usize, names: &Names) -> [Option<Steps>; 2] {
        if self.flags(row) & has::WHOLE != 0 {
            let record = self.record(row, names);
            let steps = |figure: &crate::contract::Figure| crate::contract::Step::ALL.map(|step| figure.at(step));
            return match &record {
                Some(record) => [record.jobs.as_ref().map(steps), record.capital.as_ref().map(steps)],
                None => [None, None],
            };
        }
        self.tail(row).map_or([None, None], |tail| [tail.jobs, tail.capital])
    }

    /// When somebody last looked after the initiative of a row.
    pub fn updated(&self, row: usize, names: &Names) -> Option<Moment> {
        if self.flags(row) & has::WHOLE != 0 {
            return self.record(row, names)?.updated;
        }
        self.tail(row)?.updated
    }

    pub(super) fn tail(&self, row: usize) -> Option<Tail<'_>> {
        let mut bytes = Bytes(self.rest.get(row));
        let flags = bytes.byte()?;
        let has = |flag| flags & flag != 0;
        let members = match has(has::MEMBERS) {
            true => Some(u32::try_from(bytes.number()?).ok()?),
            false => None,
        };
        let steps = |bytes: &mut Bytes<'_>| {
            let mask = bytes.byte()?;
            let mut out = [None; 5];
            for (at, step) in out.iter_mut().enumerate() {
                if mask >> at & 1 == 1 {
                    *step = Some(bytes.float()?);
                }
            }
            Some(out)
        };
        let jobs = match has(has::JOBS) {
            true => Some(steps(&mut bytes)?),
            false => None,
        };
        let capital = match has(has::CAPITAL) {
            true => Some(steps(&mut bytes)?),
            false => None,
        };
        let updated = if has(has::UPDATED_DAY) {
            Some(Moment::Day(Day::from_days(i32::try_from(bytes.signed()?).ok()?)))
        } else if has(has::UPDATED_AT) {
            let (seconds, nanoseconds) = (bytes.signed()?, i32::try_from(bytes.signed()?).ok()?);
            Some(Moment::At(jiff::Timestamp::new(seconds, nanoseconds).ok()?))
        } else {
            None
        };
        Some(Tail {
            members,
            jobs,
            capital,
            updated,
            texts: bytes,
            note: has(has::NOTE),
        })
    }

    /// The title of a row.
    pub fn title(&self, row: usize, names: &Names) -> Option<Text> {
        if self.flags(row) & has::WHOLE != 0 {
            return Some(self.record(row, names)?.title);
        }
        self.tail(row)?.texts.text()
    }

    /// Members of the initiative of a row.
    pub fn members(&self, row: usize, names: &Names) -> Option<u32> {
        if self.flags(row) & has::WHOLE != 0 {
            return self.record(row, names)?.members;
        }
        self.tail(row)?.members
    }

    /// The note of a row.
    pub fn note(&self, row: usize, names: &Names) -> Option<Text> {
        let flags = self.flags(row);
        if flags & has::WHOLE != 0 {
            return self.record(row, names)?.note;
        }
        if flags & has::NOTE == 0 {
            return None;
        }
        let mut texts = self.tail(row)?.texts;
        texts.text()?;
        texts.text()
    }

    /// The record of a row; nothing when there is no such row.
    pub fn record(&self, row: usize, names: &Names) -> Option<Initiative> {
        let mut record = blank(self.id(row)?);
        self.fill(row, names, true, &mut record)?;
        Some(record)
    }

    /// Makes a record that of a row, without its texts (title, note, sector, what came of visits), which cost more to make than all the
    /// rest: for who judges a million rows by what else they say, one after the other in the same place. Nothing when there is no such
    /// row, or none that can be read.
    pub fn bare_record(&self, row: usize, names: &Names, record: &mut Option<Record>) -> Option<()> {
        let id = self.id(row)?;
        match record {
            Some(Record::Initiative(record)) => {
                let record = Arc::make_mut(record);
                record.id = id;
                self.fill(row, names, false, record)
            }
            _ => {
                let mut first = blank(id);
                self.fill(row, names, false, &mut first)?;
                *record = Some(Record::Initiative(Arc::new(first)));
                Some(())
            }
        }
    }

    /// Makes everything but the id of a record what a row says.
    fn fill(&self, row: usize, names: &Names, words: bool, record: &mut Initiative) -> Option<()> {
        if self.flags(row) & has::WHOLE != 0 {
            let value = serde_json::from_slice(self.rest.get(row).get(1..)?).ok()?;
            *record = Initiative::read(&value, &mut Reader::new(Path::root(), &mut Vec::new()))?;
            return Some(());
        }
        let mut tail = self.tail(row)?;
        let word = |column| {
            names
                .words
                .get(self.codes(column).get(row))
                .map_or("", |word| word.as_str())
        };
        let name = |column| names.ids.get(self.codes(column).get(row)).cloned();
        let day = |column| self.days(column).get(row);
        // Each is named, so that none is forgotten.
        let Initiative {
            id: _,
            initiative_kind,
            title,
            county,
            sector,
            measure,
            project,
            stage,
            identified,
            empowered,
            brought_in,
            origin,
            sponsor,
            outreach,
            members,
            jobs,
            capital,
            started,
            updated,
            note,
            extra,
        } = record;
        *initiative_kind = InitiativeKind::from(word(CodeColumn::Kind));
        *county = name(CodeColumn::County);
        *measure = name(CodeColumn::Measure);
        *project = name(CodeColumn::Project);
        *stage = Stage::from(word(CodeColumn::Stage));
        *identified = day(DayColumn::Identified);
        *empowered = day(DayColumn::Empowered);
        *brought_in = day(DayColumn::BroughtIn);
        *origin = Origin::from(word(CodeColumn::Origin));
        *sponsor = name(CodeColumn::Sponsor);
        outreach.clear();
        outreach.extend(self.visits(row).filter_map(|visit| {
            Some(Outreach {
                on: visit.on,
                by: names.ids.get(visit.by)?.clone(),
                result: names.texts.get(visit.result).filter(|_| words).cloned(),
                extra: None,
            })
        }));
        *members = tail.members;
        *jobs = tail.jobs.map(figure);
        *capital = tail.capital.map(figure);
        *started = day(DayColumn::Started);
        *updated = tail.updated;
        *extra = None;
        if words {
            *title = tail.texts.text()?;
            *sector = names.texts.get(self.codes(CodeColumn::Sector).get(row)).cloned();
            *note = match tail.note {
                true => Some(tail.texts.text()?),
                false => None,
            };
        } else {
            // What was there before may have been read from the whole of it.
            (*title, *sector, *note) = (Text::One(SmolStr::default()), None, None);
        }
        Some(())
    }

    /// Bytes it takes, about.
    pub fn size(&self) -> usize {
        let codes: usize = self.codes.iter().map(|c| 4 * c.names.len() + c.rows.len()).sum();
        let days: usize = self.days.iter().map(|d| 2 * d.rows.len() + 8 * d.far.len()).sum();
        let visits = self.visits.ends.size()
            + self.visits.by.size()
            + self.visits.result.size()
            + 5 * self.visits.days.len()
            + 4 * (self.visits.names.len() + self.visits.results.len());
        let searched = self.search.size() + self.letters.size() + self.pairs.known().map_or(0, Pairs::size);
        size_of::<Self>()
            + self.ids.size()
            + searched
            + self.rest.size()
            + codes
            + days
            + visits
            + self.marks.known().map_or(0, Marks::size)
    }
}

/// A record of which nothing but its id is known.
fn blank(id: Id) -> Initiative {
    Initiative {
        id,
        initiative_kind: InitiativeKind::from(""),
        title: Text::One(SmolStr::default()),
        county: None,
        sector: None,
        measure: None,
        project: None,
        stage: Stage::from(""),
        identified: None,
        empowered: None,
        brought_in: None,
        origin: Origin::from(""),
        sponsor: None,
        outreach: Vec::new(),
        members: None,
        jobs: None,
        capital: None,
        started: None,
        updated: None,
        note: None,
        extra: None,
    }
}

/// What stands in the bytes of a row.
pub(super) struct Tail<'a> {
    members: Option<u32>,
    pub(super) jobs: Option<Steps>,
    pub(super) capital: Option<Steps>,
    updated: Option<Moment>,
    /// The title, then the note if there is one.
    pub(super) texts: Bytes<'a>,
    pub(super) note: bool,
}
