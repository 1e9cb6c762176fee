//! Makes chunks of drafts, and of rows of other chunks.

use super::ROWS;
use super::bytes;
use super::chunk::{Chunk, Visits, has, rows_of};
use super::column::{BASE, CodeColumn, Codes, DayColumn, Days, FAR};
use super::draft::{Draft, TextRef};
use super::late::Late;
use super::letters::{self, Letters};
use super::lines::{Gather, Lines};
use super::marks::Marks;
use super::names::{Met, Names, Sym};
use super::numbers::Numbers;
use super::pairs::Pairs;
use super::{narrow, twofold};
use crate::clock::Day;
use crate::contract::{Id, Moment, Text};
use crate::text::fold;
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::Arc;

/// Between two searched texts of a row: nothing anybody types, so that no word matches across them.
pub(super) const BETWEEN: u8 = 0x1F;
/// Behind the searched texts of a row, for the same reason.
pub(super) const ROW_END: u8 = 0x1E;
/// Names a chunk can tell apart in a column.
const MOST_NAMES: usize = 256;
/// Visits after which a chunk is full: a row can have any number.
const MANY_VISITS: usize = 16 * ROWS;
/// A list of names this long is looked up by hash.
const LONG: usize = 16;

/// Numbers of names told apart at a glance.
const GLANCES: usize = 64;

struct CodesOut {
    names: Vec<Sym>,
    rows: Vec<u8>,
    /// The last name met of each glance, and its place.
    met: [(Sym, u8); GLANCES],
}

impl Default for CodesOut {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            rows: Vec::new(),
            met: [(Sym::NONE, 0); GLANCES],
        }
    }
}

impl CodesOut {
    /// Adds a row with a name.
    fn push(&mut self, sym: Sym) {
        let glance = sym.0 as usize % GLANCES;
        let place = match self.met.get(glance) {
            // A place from an earlier chunk holds another name now, or none.
            Some((met, place)) if *met == sym && self.names.get(usize::from(*place)) == Some(&sym) => *place,
            _ => self.looked_for(sym),
        };
        if let Some(slot) = self.met.get_mut(glance) {
            *slot = (sym, place);
        }
        self.rows.push(place);
    }

    /// The place of a name, new if it must be.
    fn looked_for(&mut self, sym: Sym) -> u8 {
        let known = self.names.iter().position(|name| *name == sym);
        let at = known.unwrap_or_else(|| {
            self.names.push(sym);
            self.names.len() - 1
        });
        debug_assert!(at < MOST_NAMES, "a chunk has no more rows than a column can tell apart");
        at as u8
    }

    fn finish(&mut self) -> Codes {
        let out = Codes {
            names: self.names.as_slice().into(),
            rows: self.rows.as_slice().into(),
        };
        self.names.clear();
        self.rows.clear();
        out
    }
}

#[derive(Default)]
struct DaysOut {
    rows: Vec<u16>,
    far: Vec<(u16, i32)>,
}

impl DaysOut {
    fn push(&mut self, day: Option<Day>) {
        let code = match day {
            None => 0,
            Some(day) => match u16::try_from(i64::from(day.days()) - i64::from(BASE)) {
                Ok(code) if code != 0 && code != FAR => code,
                _ => {
                    self.far.push((self.rows.len() as u16, day.days()));
                    FAR
                }
            },
        };
        self.rows.push(code);
    }

    fn finish(&mut self) -> Days {
        let out = Days {
            rows: self.rows.as_slice().into(),
            far: self.far.as_slice().into(),
        };
        self.rows.clear();
        self.far.clear();
        out
    }
}

/// Names met, each once, in the order met.
#[derive(Default)]
struct Places {
    names: Vec<Sym>,
    index: HashMap<Sym, u32>,
}

impl Places {
    fn place(&mut self, sym: Sym) -> u32 {
        let next = self.names.len();
        let known = if next < LONG {
            self.names.iter().position(|name| *name == sym).map(|at| at as u32)
        } else {
            self.index.get(&sym).copied()
        };
        known.unwrap_or_else(|| {
            self.names.push(sym);
            if self.names.len() == LONG {
                self.index = self.names.iter().zip(0..).map(|(name, at)| (*name, at)).collect();
            } else if self.names.len() > LONG {
                self.index.insert(sym, next as u32);
            }
            next as u32
        })
    }

    fn finish(&mut self) -> Box<[Sym]> {
        self.index.clear();
        let out = self.names.as_slice().into();
        self.names.clear();
        out
    }
}

#[derive(Default)]
struct VisitsOut {
    ends: Vec<u32>,
    days: Vec<i32>,
    by: Vec<u32>,
    result: Vec<u32>,
    names: Places,
    results: Places,
}

impl VisitsOut {
    fn push(&mut self, on: Day, by: Sym, result: Sym) {
        self.days.push(on.days());
        let by = self.names.place(by);
        self.by.push(by);
        let result = self.results.place(result);
        self.result.push(result);
    }

    fn end_row(&mut self) {
        self.ends.push(u32::try_from(self.days.len()).unwrap_or(u32::MAX));
    }

    fn finish(&mut self) -> Visits {
        let out = Visits {
            rows: rows_of(&self.ends),
            ends: Numbers::of(&self.ends),
            days: self.days.as_slice().into(),
            by: Numbers::of(&self.by),
            result: Numbers::of(&self.result),
            names: self.names.finish(),
            results: self.results.finish(),
        };
        self.ends.clear();
        self.days.clear();
        self.by.clear();
        self.result.clear();
        out
    }
}

/// Packs drafts; the rows of one chunk must come in the order of their ids.
pub struct Builder {
    names: Arc<Names>,
    met: (Met<Id>, Met<SmolStr>, Met<Text>),
    ids: Gather,
    search: Gather,
    rest: Gather,
    codes: [CodesOut; CodeColumn::COUNT],
    days: [DaysOut; DayColumn::COUNT],
    visits: VisitsOut,
    rows: usize,
    room: Vec<u8>,
}

impl Builder {
    /// A builder whose chunks speak of these names.
    pub fn new(names: Arc<Names>) -> Self {
        Self {
            names,
            met: Default::default(),
            ids: Gather::default(),
            search: Gather::default(),
            rest: Gather::default(),
            codes: Default::default(),
            days: Default::default(),
            visits: VisitsOut::default(),
            rows: 0,
            room: Vec::new(),
        }
    }

    /// The names its chunks speak of.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// Rows since the last chunk.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// True when the next row might find no room.
    pub fn is_full(&self) -> bool {
        self.rows >= ROWS || self.visits.days.len() >= MANY_VISITS
    }

    /// Packs a draft.
    pub fn push(&mut self, draft: &Draft<'_>) {
        self.ids.push(draft.id.as_bytes());
        // Lent, not shared: every thread that reads would count at the same place.
        let names = &*self.names;
        let (ids, words, texts) = &mut self.met;
        let mut syms = [Sym::NONE; CodeColumn::COUNT];
        for (sym, word) in syms.iter_mut().zip(draft.words) {
            *sym = words.sym(&names.words, word).unwrap_or_default();
        }
        for (sym, id) in syms.iter_mut().skip(3).zip(draft.names) {
            *sym = id.and_then(|id| ids.sym(&names.ids, id)).unwrap_or_default();
        }
        if let Some(sym) = syms.last_mut() {
            *sym = draft
                .sector
                .and_then(|text| texts.sym(&names.texts, text))
                .unwrap_or_default();
        }
        for visit in &draft.visits {
            let by = ids.sym(&names.ids, visit.by).unwrap_or_default();
            let result = visit.result.and_then(|text| texts.sym(&names.texts, text));
            self.visits.push(visit.on, by, result.unwrap_or_default());
        }
        self.visits.end_row();
        self.codes.iter_mut().zip(syms).for_each(|(out, sym)| out.push(sym));
        for (out, day) in self.days.iter_mut().zip(draft.days) {
            out.push(day);
        }
        self.push_texts(draft);
        self.rows += 1;
    }

    /// What is searched, and what only a record's own page shows: texts are written both ways in one go.
    fn push_texts(&mut self, draft: &Draft<'_>) {
        let (rest, searched) = (&mut self.rest.bytes, &mut self.search.bytes);
        // An id is of letters, digits and signs that stay as they are.
        searched.extend(draft.id.bytes().map(|byte| byte.to_ascii_lowercase()));
        let mut write = |room: &mut Vec<u8>, text: &str| {
            searched.push(BETWEEN);
            if !twofold::put(text, room, searched) {
                narrow::put(room, text);
                fold::fold_onto(text, searched, letters::put);
            }
        };
        match &draft.whole {
            Some(whole) => {
                rest.push(has::WHOLE);
                rest.extend_from_slice(whole);
                let texts = [Some(draft.title), draft.note].into_iter().flatten();
                texts.flat_map(TextRef::wordings).for_each(|text| {
                    self.room.clear();
                    write(&mut self.room, text);
                });
            }
            None => {
                put_figures(rest, draft);
                bytes::put_text_by(rest, draft.title, &mut self.room, &mut write);
                if let Some(note) = draft.note {
                    bytes::put_text_by(rest, note, &mut self.room, &mut write);
                }
            }
        }
        searched.push(ROW_END);
        self.search.end_line();
        self.rest.end_line();
    }

    /// Packs a row of a chunk that speaks of the same names.
    pub fn copy(&mut self, chunk: &Chunk, row: usize) {
        self.ids.bytes.extend_from_slice(chunk.prefix.as_bytes());
        self.ids.push(chunk.ids.get(row));
        self.search.push(chunk.search.get(row));
        self.rest.push(chunk.rest.get(row));
        for (out, codes) in self.codes.iter_mut().zip(&chunk.codes) {
            out.push(codes.get(row));
        }
        for (out, days) in self.days.iter_mut().zip(&chunk.days) {
            out.push(days.get(row));
        }
        for visit in chunk.visits(row) {
            self.visits.push(visit.on, visit.by, visit.result);
        }
        self.visits.end_row();
        self.rows += 1;
    }

    /// The rows since the last chunk as a chunk.
    pub fn finish(&mut self) -> Chunk {
        let mut out = self.finish_change();
        out.pairs = Pairs::of(&out.search).into();
        out.marks = Marks::of(&out.codes, &out.visits, &out.days).into();
        out
    }

    /// The same of a change of few rows: what only a search asks for is found out when one does.
    pub(super) fn finish_change(&mut self) -> Chunk {
        self.rows = 0;
        let ids = self.ids.finish();
        let (prefix, ids) = parted(&ids);
        let search = self.search.finish();
        Chunk {
            prefix,
            ids,
            letters: Letters::of(&search),
            pairs: Late::default(),
            search,
            rest: self.rest.finish(),
            codes: std::array::from_fn(|at| self.codes.get_mut(at).map(CodesOut::finish).unwrap_or_default()),
            days: std::array::from_fn(|at| self.days.get_mut(at).map(DaysOut::finish).unwrap_or_default()),
            visits: self.visits.finish(),
            marks: Late::default(),
        }
    }
}

/// What a row has beside its texts, and its numbers.
fn put_figures(out: &mut Vec<u8>, draft: &Draft<'_>) {
    let flag = |yes: bool, flag: u8| if yes { flag } else { 0 };
    out.push(
        flag(draft.members.is_some(), has::MEMBERS)
            | flag(draft.jobs.is_some(), has::JOBS)
            | flag(draft.capital.is_some(), has::CAPITAL)
            | flag(matches!(draft.updated, Some(Moment::Day(_))), has::UPDATED_DAY)
            | flag(matches!(draft.updated, Some(Moment::At(_))), has::UPDATED_AT)
            | flag(draft.note.is_some(), has::NOTE),
    );
    if let Some(members) = draft.members {
        bytes::put(out, u64::from(members));
    }
    for steps in [&draft.jobs, &draft.capital].into_iter().flatten() {
        let mask = steps
            .iter()
            .enumerate()
            .map(|(at, step)| u8::from(step.is_some()) << at);
        out.push(mask.sum());
        for step in steps.iter().flatten() {
            bytes::put_float(out, *step);
        }
    }
    match draft.updated {
        Some(Moment::Day(day)) => bytes::put_signed(out, i64::from(day.days())),
        Some(Moment::At(at)) => {
            bytes::put_signed(out, at.as_second());
            bytes::put_signed(out, i64::from(at.subsec_nanosecond()));
        }
        None => {}
    }
}

/// What all lines begin with, and what remains of them.
fn parted(lines: &Lines) -> (Box<str>, Lines) {
    let first = lines.get(0);
    // What the first and the last begin with need not be what all do: 9, 10, 90.
    let common = (1..lines.len()).fold(first.len(), |common, at| {
        let both = first.iter().zip(lines.get(at)).take(common);
        both.take_while(|(a, b)| a == b).count()
    });
    let mut out = Gather::default();
    for at in 0..lines.len() {
        out.push(lines.get(at).get(common..).unwrap_or_default());
    }
    let prefix = std::str::from_utf8(first.get(..common).unwrap_or_default()).unwrap_or_default();
    (prefix.into(), out.finish())
}
