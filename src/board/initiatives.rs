//! How initiatives go in: by the million, and only what differs is looked at. It must not know the rules.

use super::participation::Counting;
use super::reference::Field;
use super::work::Work;
use super::{Board, Participation, beside, finding::dispatch};
use crate::contract::packed::{Builder, Chunk, CodeColumn, Draft, Place, Sym, Table};
use crate::contract::{Id, Initiative, Kind, Record, Records};
use std::cmp::Ordering;
use std::sync::Arc;

/// From this many differences on, the whole is evaluated anew and no record is named as changed: nobody reads such a list.
const MANY: usize = 10_000;
/// Chunks a thread takes at a time: for fewer, starting it costs more than it saves.
const CHUNKS_A_PIECE: usize = 64;

impl Board {
    /// Takes the initiatives read so far; nothing is judged by them before all of them are there.
    pub(super) fn grow(&mut self, table: Table, work: &mut Work) {
        if !self.is_whole(Kind::Initiative) {
            self.tables.initiatives = table;
            self.growing = true;
            work.grown();
        }
    }

    /// Makes the initiatives whole: exactly these exist. Of two records with one id the first counts.
    pub(super) fn replace_initiatives(&mut self, records: Records, work: &mut Work) {
        let new = match records {
            Records::Packed(table) => table,
            Records::Each(records) => self.packed(records),
        };
        let first = !self.is_whole(Kind::Initiative);
        if first {
            self.make_whole(Kind::Initiative, work);
        }
        if std::mem::take(&mut self.growing) {
            // What was shown while it was read is neither counted nor judged yet.
            self.tables.initiatives = Table::default();
        }
        let old = self.tables.initiatives.clone();
        let different = differences(&old, &new, MANY);
        match different {
            Some(different) if !old.is_empty() => self.take_each(&new, different, work),
            Some(different) => {
                self.adopt(new, work);
                for (id, ..) in different {
                    work.appeared(Kind::Initiative, id);
                }
            }
            None => {
                self.adopt(new, work);
                work.many(Kind::Initiative);
                // Those that are no more are named by nobody else: what was found on them goes, or becomes that they are gone.
                let kind = Kind::Initiative;
                let judged = self.findings.subjects_of(kind);
                let gone = judged.into_iter().filter(|id| !self.contains(kind, id.as_str()));
                gone.for_each(|id| work.reconsider((kind, id)));
                for (kind, id) in self.gone_since(self.past.as_deref()) {
                    work.reconsider((kind, id));
                }
            }
        }
    }

    /// Records packed, speaking of the names the board's own speak of.
    fn packed(&self, records: Vec<Record>) -> Table {
        let mut records: Vec<Arc<Initiative>> = records
            .into_iter()
            .filter_map(|record| match record {
                Record::Initiative(initiative) => Some(initiative),
                _ => None,
            })
            .collect();
        records.sort_by(|a, b| a.id.counted(&b.id));
        records.dedup_by(|later, first| later.id == first.id);
        let mut builder = Builder::new(Arc::clone(self.tables.initiatives.names()));
        let mut chunks = Vec::new();
        for record in records {
            builder.push(&Draft::of(&record));
            if builder.is_full() {
                chunks.push(Arc::new(builder.finish()));
            }
        }
        chunks.push(Arc::new(builder.finish()));
        Table::new(Arc::clone(builder.names()), chunks)
    }

    /// Takes what differs record by record: whatever stayed keeps its chunk.
    fn take_each(&mut self, new: &Table, different: Vec<Difference>, work: &mut Work) {
        for (id, _, now) in different {
            match now.and_then(|place| new.at(place)) {
                Some(record) => self.put(Record::Initiative(record), work),
                None => self.remove(Kind::Initiative, &id, work),
            }
        }
    }

    /// Takes a table as it stands.
    fn adopt(&mut self, new: Table, work: &mut Work) {
        self.tables.initiatives = new;
        self.recount_initiatives();
        work.evaluate_all(Kind::Initiative);
        // Whoever names an initiative, and whoever is judged by those that name it, may find another one there, or none.
        for field in Field::ALL {
            if field.from() == Kind::Initiative && dispatch().reaches_target(*field) {
                field.target().kinds().iter().for_each(|kind| work.evaluate_all(*kind));
            }
            if field.target().kinds().contains(&Kind::Initiative) {
                work.evaluate_all(field.from());
            }
        }
    }

    /// Counts all initiatives afresh.
    pub(super) fn recount_initiatives(&mut self) {
        let table = self.tables.initiatives.clone();
        let today = self.today();
        let count = |(): &mut (), chunks: &[Arc<Chunk>]| {
            let mut out = Counting::default();
            chunks.iter().for_each(|chunk| out.add(chunk, table.names(), today));
            out
        };
        let parts = in_parts(&table, || (), count);
        let mut all = Participation {
            whole: self.participation.whole,
            ..Participation::default()
        };
        for part in parts {
            part.add_to(&mut all, table.names());
        }
        self.participation = Arc::new(all);
    }

    /// The initiatives that name an id in a field, in the order of their ids.
    pub(super) fn initiatives_naming(&self, field: Field, id: &str) -> impl Iterator<Item = Place> + use<'_> {
        let table = self.initiatives();
        let wanted = table.names().ids.find(id);
        let chunks = table.chunks().enumerate();
        let per_chunk = move |(at, chunk): (usize, &'_ Arc<Chunk>)| {
            let rows = wanted.map(|sym| rows_naming(chunk, field, sym)).unwrap_or_default();
            rows.into_iter().map(move |row| Place { chunk: at, row })
        };
        chunks.flat_map(per_chunk)
    }

    /// How many initiatives a body went to up to today: a visit of a day to come is a plan, and a finding.
    pub fn count_visited_by(&self, body: &str) -> usize {
        let table = self.initiatives();
        let Some(body) = table.names().ids.find(body) else {
            return 0;
        };
        let today = self.today();
        let of_chunk = |chunk: &Arc<Chunk>| {
            if !chunk.visitors().contains(&body) {
                return 0;
            }
            let went = |row: &usize| chunk.visits(*row).any(|visit| visit.by == body && visit.on <= today);
            (0..chunk.len()).filter(went).count()
        };
        table.chunks().map(of_chunk).sum()
    }
}

/// The rows of a chunk that name an id in a field.
fn rows_naming(chunk: &Chunk, field: Field, sym: Sym) -> Vec<usize> {
    let column = match field {
        Field::InitiativeMeasure => CodeColumn::Measure,
        Field::InitiativeProject => CodeColumn::Project,
        Field::InitiativeCounty => CodeColumn::County,
        Field::InitiativeSponsor => CodeColumn::Sponsor,
        Field::InitiativeOutreach => {
            if !chunk.visitors().contains(&sym) {
                return Vec::new();
            }
            let went = |row: &usize| chunk.visits(*row).any(|visit| visit.by == sym);
            return (0..chunk.len()).filter(went).collect();
        }
        _ => return Vec::new(),
    };
    let codes = chunk.codes(column);
    let Some(code) = codes.names().iter().position(|name| *name == sym) else {
        return Vec::new();
    };
    let rows = codes.rows().iter().enumerate();
    rows.filter(|(_, at)| usize::from(**at) == code)
        .map(|(row, _)| row)
        .collect()
}

/// Runs `work` over all chunks of a table, a piece at a time, on as many threads as there are processors and enough to do for; what each
/// piece gave, in order. Every thread makes itself `ready` once.
pub(super) fn in_parts<R: Send, T>(
    table: &Table,
    ready: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &[Arc<Chunk>]) -> R + Sync,
) -> Vec<R> {
    let chunks: Vec<Arc<Chunk>> = table.chunks().cloned().collect();
    let pieces: Vec<&[Arc<Chunk>]> = chunks.chunks(CHUNKS_A_PIECE).collect();
    beside::each_apart(&pieces, ready, |thread, piece| Some(work(thread, piece))).unwrap_or_default()
}

/// An id, and where its row stands in the old and the new table.
type Difference = (Id, Option<Place>, Option<Place>);

/// What differs between two tables, in order; nothing when it is more than `most`.
fn differences(old: &Table, new: &Table, most: usize) -> Option<Vec<Difference>> {
    let mut out = Vec::new();
    let (mut a, mut b) = (Cursor::new(old), Cursor::new(new));
    let same_names = Arc::ptr_eq(old.names(), new.names());
    loop {
        let order = match (a.chunk(), b.chunk()) {
            (None, None) => return Some(out),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(x), Some(y)) => {
                if a.row == 0 && b.row == 0 && Arc::ptr_eq(x, y) {
                    a.skip();
                    b.skip();
                    continue;
                }
                x.compare_ids(a.row, y, b.row)
            }
        };
        match order {
            Ordering::Equal => {
                let (Some(x), Some(y)) = (a.chunk(), b.chunk()) else {
                    return Some(out);
                };
                let equal = if same_names {
                    x.same_row(a.row, y, b.row)
                } else {
                    x.record(a.row, old.names()) == y.record(b.row, new.names())
                };
                if !equal && let Some(id) = x.id(a.row) {
                    out.push((id, Some(a.place()), Some(b.place())));
                }
                a.next();
                b.next();
            }
            Ordering::Less => {
                if let Some(id) = old.id(a.place()) {
                    out.push((id, Some(a.place()), None));
                }
                a.next();
            }
            Ordering::Greater => {
                if let Some(id) = new.id(b.place()) {
                    out.push((id, None, Some(b.place())));
                }
                b.next();
            }
        }
        if out.len() > most {
            return None;
        }
    }
}

/// A place that walks through a table.
struct Cursor<'t> {
    table: &'t Table,
    now: Option<&'t Arc<Chunk>>,
    chunk: usize,
    row: usize,
}

impl<'t> Cursor<'t> {
    fn new(table: &'t Table) -> Self {
        Self {
            now: table.chunk(0),
            table,
            chunk: 0,
            row: 0,
        }
    }
    fn chunk(&self) -> Option<&'t Arc<Chunk>> {
        self.now
    }
    fn place(&self) -> Place {
        Place {
            chunk: self.chunk,
            row: self.row,
        }
    }
    fn next(&mut self) {
        self.row += 1;
        if self.now.is_none_or(|chunk| self.row >= chunk.len()) {
            self.skip();
        }
    }
    fn skip(&mut self) {
        self.chunk += 1;
        self.row = 0;
        self.now = self.table.chunk(self.chunk);
    }
}
