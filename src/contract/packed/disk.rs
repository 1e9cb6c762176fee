//! Chunks and names as bytes, to be read again without parsing: flat arrays, little end first. Pure: where the bytes lie, and whether
//! they are still those that were written, is their keeper's business.
//!
//! Reading never trusts. Every length is held against what is there before anything is made of it, and a chunk that is handed out
//! keeps every promise of one that was built: ids in order, places within their lists, names that exist, texts that are clean.

use super::chunk::{Chunk, Visits, rows_of};
use super::column::{CodeColumn, Codes, DayColumn, Days};
use super::late::Late;
use super::letters::{self, Letters};
use super::lines::Lines;
use super::marks::Marks;
use super::names::{Kept, Names, Sym};
use super::numbers::Numbers;
use super::pairs::Pairs;
use super::{ROWS, bytes, check};
use crate::contract::{Id, clean};
use smol_str::SmolStr;

fn put_count(out: &mut Vec<u8>, n: usize) {
    // What memory holds of a chunk is counted in four bytes there, too.
    out.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_numbers(out: &mut Vec<u8>, numbers: &Numbers) {
    out.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
}

fn put_syms(out: &mut Vec<u8>, syms: &[Sym]) {
    put_count(out, syms.len());
    out.extend(syms.iter().flat_map(|sym| sym.0.to_le_bytes()));
}

fn put_lines(out: &mut Vec<u8>, lines: &Lines) {
    put_numbers(out, &lines.ends);
    out.extend_from_slice(&lines.bytes);
}

/// Writes a chunk.
pub fn put_chunk(out: &mut Vec<u8>, chunk: &Chunk) {
    put_count(out, chunk.len());
    put_count(out, chunk.prefix.len());
    out.extend_from_slice(chunk.prefix.as_bytes());
    // Searched texts stand here as UTF-8, however memory writes them.
    for lines in [&chunk.ids, &letters::widened(&chunk.search), &chunk.rest] {
        put_lines(out, lines);
    }
    for codes in &chunk.codes {
        put_syms(out, &codes.names);
        out.extend_from_slice(&codes.rows);
    }
    for days in &chunk.days {
        out.extend(days.rows.iter().flat_map(|day| day.to_le_bytes()));
        put_count(out, days.far.len());
        for (row, day) in &days.far {
            out.extend(row.to_le_bytes());
            out.extend(day.to_le_bytes());
        }
    }
    let visits = &chunk.visits;
    put_numbers(out, &visits.ends);
    out.extend(visits.days.iter().flat_map(|day| day.to_le_bytes()));
    put_numbers(out, &visits.by);
    put_numbers(out, &visits.result);
    put_syms(out, &visits.names);
    put_syms(out, &visits.results);
}

/// Writes all names known so far, in the order of their numbers.
pub fn put_names(out: &mut Vec<u8>, names: &Names) {
    put_kept(out, &names.ids, |out, id| put_text(out, id.as_str()));
    put_kept(out, &names.words, |out, word| put_text(out, word));
    put_kept(out, &names.texts, |out, text| {
        bytes::put_text(out, text.into(), &mut Vec::new())
    });
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    bytes::put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_kept<N: super::names::Name>(out: &mut Vec<u8>, kept: &Kept<N>, put: impl Fn(&mut Vec<u8>, &N)) {
    // Others may be adding names meanwhile: those have no row of ours.
    let count = kept.len();
    put_count(out, count);
    let syms = (1_u32..).take(count).map(Sym);
    syms.filter_map(|sym| kept.get(sym)).for_each(|name| put(out, name));
}

/// Bytes being read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// A list of things of so many bytes; nothing is made before all of them are known to be there.
    fn list<const N: usize, T>(&mut self, count: usize, one: impl Fn([u8; N]) -> T) -> Option<Box<[T]>> {
        let (each, _) = self.take(count.checked_mul(N)?)?.as_chunks::<N>();
        Some(each.iter().map(|bytes| one(*bytes)).collect())
    }

    fn count(&mut self) -> Option<usize> {
        let (count, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*count)).ok()
    }

    fn numbers(&mut self, count: usize) -> Option<Box<[u32]>> {
        self.list(count, u32::from_le_bytes)
    }

    fn syms(&mut self) -> Option<Box<[Sym]>> {
        let count = self.count()?;
        self.list(count, |bytes| Sym(u32::from_le_bytes(bytes)))
    }

    fn lines(&mut self, rows: usize) -> Option<Lines> {
        let ends = self.numbers(rows)?;
        let bytes = self.take(ends.last().copied().unwrap_or(0) as usize)?.into();
        ends.is_sorted().then(|| Lines {
            bytes,
            ends: Numbers::of(&ends),
        })
    }

    fn codes(&mut self, rows: usize) -> Option<Codes> {
        Some(Codes {
            names: self.syms()?,
            rows: self.take(rows)?.into(),
        })
    }

    fn days(&mut self, rows: usize) -> Option<Days> {
        let rows = self.list(rows, u16::from_le_bytes)?;
        let count = self.count()?;
        let far = self.list(count, |[a, b, c, d, e, f]| {
            (u16::from_le_bytes([a, b]), i32::from_le_bytes([c, d, e, f]))
        })?;
        Some(Days { rows, far })
    }

    fn visits(&mut self, rows: usize) -> Option<Visits> {
        let ends = self.numbers(rows)?;
        let count = ends.last().copied().unwrap_or(0) as usize;
        Some(Visits {
            days: self.list(count, i32::from_le_bytes)?,
            by: Numbers::of(&self.numbers(count)?),
            result: Numbers::of(&self.numbers(count)?),
            names: self.syms()?,
            results: self.syms()?,
            rows: ends.is_sorted().then(|| rows_of(&ends))?,
            ends: Numbers::of(&ends),
        })
    }

    fn chunk(&mut self) -> Option<Chunk> {
        let rows = self.count().filter(|rows| (1..=ROWS).contains(rows))?;
        let prefix = self.count()?;
        let prefix = std::str::from_utf8(self.take(prefix)?).ok()?.into();
        let ids = self.lines(rows)?;
        let search = self.lines(rows)?;
        check::searched(&search)?;
        let search = letters::narrowed(&search);
        let mut out = Chunk {
            prefix,
            ids,
            letters: Letters::of(&search),
            pairs: Pairs::of(&search).into(),
            search,
            rest: self.lines(rows)?,
            codes: all::<_, { CodeColumn::COUNT }>(|| self.codes(rows))?,
            days: all::<_, { DayColumn::COUNT }>(|| self.days(rows))?,
            visits: self.visits(rows)?,
            marks: Late::default(),
        };
        out.marks = Marks::of(&out.codes, &out.visits, &out.days).into();
        Some(out)
    }

    fn names<N: super::names::Name>(
        &mut self,
        kept: &Kept<N>,
        take: impl Fn(&mut bytes::Bytes<'a>) -> Option<N>,
    ) -> Option<()> {
        let count = self.count()?;
        let mut bytes = bytes::Bytes(self.0);
        for at in 1..=count {
            // One that stands there twice would have the number of the first.
            let sym = kept.intern(take(&mut bytes)?.key())?;
            (sym.0 as usize == at).then_some(())?;
        }
        self.0 = bytes.0;
        Some(())
    }
}

/// As many as there must be, or nothing.
fn all<T: Default, const N: usize>(mut one: impl FnMut() -> Option<T>) -> Option<[T; N]> {
    let mut out = std::array::from_fn(|_| T::default());
    for slot in &mut out {
        *slot = one()?;
    }
    Some(out)
}

fn take_text<'a>(bytes: &mut bytes::Bytes<'a>) -> Option<&'a str> {
    let len = bytes.number()?;
    bytes.str(len)
}

/// Reads names, which must be all there is.
pub fn take_names(bytes: &[u8]) -> Option<Names> {
    let mut input = Input(bytes);
    let names = Names::default();
    input.names(&names.ids, |bytes| take_text(bytes).and_then(Id::new))?;
    input.names(&names.words, |bytes| {
        take_text(bytes).filter(|word| clean::is_clean(word)).map(SmolStr::new)
    })?;
    input.names(&names.texts, |bytes| {
        bytes.text().filter(|text| text.wordings().all(clean::is_clean))
    })?;
    input.0.is_empty().then_some(names)
}

/// Reads chunks that speak of the same names.
pub struct Chunks {
    check: check::Check,
}

impl Chunks {
    /// A reader of chunks that speak of these names.
    pub fn of(names: &Names) -> Self {
        Self {
            check: check::Check::of(names),
        }
    }

    /// Reads the next chunk; what remains is behind it. Nothing when no chunk stands there that could have been written.
    pub fn take(&mut self, bytes: &mut &[u8], names: &Names) -> Option<Chunk> {
        let mut input = Input(bytes);
        let chunk = input.chunk()?;
        self.check.chunk(&chunk, names)?;
        *bytes = input.0;
        Some(chunk)
    }
}
