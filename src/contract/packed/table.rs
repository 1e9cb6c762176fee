//! All initiatives, in chunks, in the order of their ids. A copy costs nothing and shares all chunks.

use super::ROWS;
use super::build::Builder;
use super::chunk::Chunk;
use super::draft::Draft;
use super::names::Names;
use crate::contract::{Id, Initiative};
use imbl::Vector;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::sync::Arc;

/// Where a row stands in one version of a table: chunk and row in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The chunk.
    pub chunk: usize,
    /// The row in it.
    pub row: usize,
}

/// Initiatives in the order of their ids.
#[derive(Clone, Default)]
pub struct Table {
    chunks: Vector<Arc<Chunk>>,
    names: Arc<Names>,
    len: usize,
}

impl Table {
    /// A table of chunks that speak of these names, in any order; of two rows with one id the first counts.
    pub fn new(names: Arc<Names>, chunks: impl IntoIterator<Item = Arc<Chunk>>) -> Self {
        let mut out = Self {
            names,
            ..Self::default()
        };
        let mut disorder = Vec::new();
        // What comes in order, as it mostly does, is taken as it stands.
        for chunk in chunks {
            disorder.extend(out.append(chunk).err());
        }
        out.merge(&disorder);
        out
    }

    /// Adds a chunk whose rows come after all others; any other comes back.
    ///
    /// # Errors
    /// The chunk, when its first id does not come after the last one.
    pub fn append(&mut self, chunk: Arc<Chunk>) -> Result<(), Arc<Chunk>> {
        if chunk.is_empty() {
            return Ok(());
        }
        let follows = self
            .chunks
            .last()
            .is_none_or(|last| last.compare_ids(last.len() - 1, &chunk, 0).is_lt());
        if !follows {
            return Err(chunk);
        }
        self.len += chunk.len();
        self.chunks.push_back(chunk);
        Ok(())
    }

    /// Packs all rows anew, as tightly as can be.
    pub fn pack(&mut self) {
        let mut builder = Builder::new(Arc::clone(&self.names));
        for chunk in std::mem::take(&mut self.chunks) {
            for row in 0..chunk.len() {
                builder.copy(&chunk, row);
                if builder.is_full() {
                    self.chunks.push_back(Arc::new(builder.finish()));
                }
            }
        }
        if builder.rows() > 0 {
            self.chunks.push_back(Arc::new(builder.finish()));
        }
    }

    /// Puts rows in their places; of two with one id the first counts, and what is there already counts before what comes. Chunks
    /// between whose rows nothing comes stay as they are.
    pub fn merge(&mut self, chunks: &[Arc<Chunk>]) {
        let mut new: VecDeque<Row<'_>> = in_order(chunks).into();
        if new.is_empty() {
            return;
        }
        let mut builder = Builder::new(Arc::clone(&self.names));
        let mut old = std::mem::take(&mut self.chunks).into_iter().peekable();
        // What comes before everything goes into the first chunk, so there must be one.
        let first = old.next().unwrap_or_default();
        self.len = 0;
        let mut now = Some(first);
        while let Some(chunk) = now {
            now = old.next();
            let before_next = |row: &Row<'_>| {
                now.as_ref()
                    .is_none_or(|next| row.chunk.compare_ids(row.row, next, 0).is_lt())
            };
            let count = new.iter().take_while(|row| before_next(row)).count();
            if count == 0 {
                self.push(chunk);
                continue;
            }
            let mut rows = both(&chunk, new.drain(..count));
            // Evenly, so that no chunk of few rows is left over.
            let each = rows.len().div_ceil(rows.len().div_ceil(ROWS));
            for (chunk, row) in rows.drain(..) {
                builder.copy(chunk, row);
                if builder.rows() >= each || builder.is_full() {
                    self.push(Arc::new(builder.finish()));
                }
            }
            if builder.rows() > 0 {
                self.push(Arc::new(builder.finish()));
            }
        }
    }

    fn push(&mut self, chunk: Arc<Chunk>) {
        if !chunk.is_empty() {
            self.len += chunk.len();
            self.chunks.push_back(chunk);
        }
    }

    /// The names its rows speak of.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// True when it is of the very same rows.
    pub fn is_same(&self, other: &Self) -> bool {
        let each = || self.chunks().zip(other.chunks()).all(|(a, b)| Arc::ptr_eq(a, b));
        self.chunks.ptr_eq(&other.chunks) || self.chunks.len() == other.chunks.len() && each()
    }

    /// Its chunks, in order.
    pub fn chunks(&self) -> impl ExactSizeIterator<Item = &Arc<Chunk>> + DoubleEndedIterator {
        self.chunks.iter()
    }

    /// A chunk.
    pub fn chunk(&self, at: usize) -> Option<&Arc<Chunk>> {
        self.chunks.get(at)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The chunk an id stands in, or would.
    fn chunk_of(&self, id: &str) -> usize {
        let (mut low, mut high) = (0, self.chunks.len());
        while low < high {
            let middle = low.midpoint(high);
            let first = self.chunks.get(middle).map(|chunk| chunk.compare_id(0, id));
            if first == Some(Ordering::Greater) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low.saturating_sub(1)
    }

    /// Where an id stands.
    pub fn find(&self, id: &str) -> Option<Place> {
        let chunk = self.chunk_of(id);
        let row = self.chunks.get(chunk)?.find(id).ok()?;
        Some(Place { chunk, row })
    }

    /// True when there is a record of that id.
    pub fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The record of that id.
    pub fn get(&self, id: &str) -> Option<Arc<Initiative>> {
        self.at(self.find(id)?)
    }

    /// The record at a place.
    pub fn at(&self, place: Place) -> Option<Arc<Initiative>> {
        self.chunks
            .get(place.chunk)?
            .record(place.row, &self.names)
            .map(Arc::new)
    }

    /// The id at a place.
    pub fn id(&self, place: Place) -> Option<Id> {
        self.chunks.get(place.chunk)?.id(place.row)
    }

    /// All records, in order.
    pub fn iter(&self) -> impl Iterator<Item = Arc<Initiative>> + '_ {
        self.places().filter_map(|place| self.at(place))
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.places().filter_map(|place| self.id(place))
    }

    /// All places, in order.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let chunks = self.chunks.iter().enumerate();
        chunks.flat_map(|(at, chunk)| (0..chunk.len()).map(move |row| Place { chunk: at, row }))
    }

    /// Puts a record in; the one it replaces.
    pub fn put(&mut self, record: &Initiative) -> Option<Arc<Initiative>> {
        let id = record.id.as_str();
        let at = self.chunk_of(id);
        let old = self.chunks.get(at).cloned().unwrap_or_default();
        let mut builder = Builder::new(Arc::clone(&self.names));
        let mut made = Vec::new();
        let found = old.find(id);
        let (Ok(row) | Err(row)) = found;
        for before in 0..row {
            builder.copy(&old, before);
        }
        // A row too many parts the chunk in the middle, unless it stands at its end: what grows there, grows in order.
        let parts = found.is_err() && old.len() >= ROWS;
        if parts && row == old.len() {
            made.push(Arc::clone(&old));
            builder = Builder::new(Arc::clone(&self.names));
        }
        builder.push(&Draft::of(record));
        for after in row + usize::from(found.is_ok())..old.len() {
            if parts && builder.rows() > ROWS / 2 {
                made.push(Arc::new(builder.finish_change()));
            }
            builder.copy(&old, after);
        }
        made.push(Arc::new(builder.finish_change()));
        let replaced = found.ok().and_then(|row| old.record(row, &self.names)).map(Arc::new);
        self.len += usize::from(replaced.is_none());
        self.splice(at, made);
        replaced
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: &str) -> Option<Arc<Initiative>> {
        let Place { chunk, row } = self.find(id)?;
        let old = Arc::clone(self.chunks.get(chunk)?);
        let mut builder = Builder::new(Arc::clone(&self.names));
        for other in (0..old.len()).filter(|at| *at != row) {
            builder.copy(&old, other);
        }
        let made = (builder.rows() > 0).then(|| Arc::new(builder.finish_change()));
        self.splice(chunk, made.into_iter().collect());
        self.len -= 1;
        old.record(row, &self.names).map(Arc::new)
    }

    /// Puts chunks in the place of one.
    fn splice(&mut self, at: usize, mut made: Vec<Arc<Chunk>>) {
        if at < self.chunks.len() {
            match made.len() {
                0 => {
                    self.chunks.remove(at);
                }
                _ => {
                    self.chunks.set(at, made.remove(0));
                }
            }
        }
        for (n, chunk) in made.into_iter().enumerate() {
            self.chunks.insert((at + 1 + n).min(self.chunks.len()), chunk);
        }
    }

    /// Bytes its chunks take, about.
    pub fn size(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.size()).sum()
    }
}

/// A row about to be put in its place.
struct Row<'c> {
    /// What its id begins with.
    key: u128,
    chunk: &'c Chunk,
    row: usize,
}

/// The rows of chunks in the order of their ids, each id once: the first.
fn in_order(chunks: &[Arc<Chunk>]) -> Vec<Row<'_>> {
    let mut rows = Vec::with_capacity(chunks.iter().map(|chunk| chunk.len()).sum());
    for chunk in chunks {
        rows.extend((0..chunk.len()).map(|row| Row {
            key: chunk.id_begins(row),
            chunk,
            row,
        }));
    }
    let compare = |a: &Row<'_>, b: &Row<'_>| {
        a.key
            .cmp(&b.key)
            .then_with(|| a.chunk.compare_ids(a.row, b.chunk, b.row))
    };
    // Stable: of equal ids the first stays first.
    rows.sort_by(compare);
    rows.dedup_by(|later, first| compare(later, first).is_eq());
    rows
}

/// The rows of a chunk and those that come between them, in order; of two with one id that of the chunk.
fn both<'c>(chunk: &'c Chunk, new: impl Iterator<Item = Row<'c>>) -> Vec<(&'c Chunk, usize)> {
    let mut out = Vec::with_capacity(chunk.len());
    let mut old = 0;
    for row in new {
        while old < chunk.len() && chunk.compare_ids(old, row.chunk, row.row).is_lt() {
            out.push((chunk, old));
            old += 1;
        }
        let known = old < chunk.len() && chunk.compare_ids(old, row.chunk, row.row).is_eq();
        if !known {
            out.push((row.chunk, row.row));
        }
    }
    out.extend((old..chunk.len()).map(|row| (chunk, row)));
    out
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("len", &self.len).finish()
    }
}
