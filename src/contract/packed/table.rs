//! All initiatives, in chunks, in the order of their ids. A copy costs nothing and shares all chunks.

use super::ROWS;
use super::build::Builder;
use super::chunk::Chunk;
use super::draft::Draft;
use super::names::Names;
use crate::contract::{Id, Initiative};
use imbl::Vector;
use std::cmp::Ordering;
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
        if !disorder.is_empty() {
            disorder.splice(0..0, out.chunks.iter().cloned());
            out.sort(&disorder);
        }
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
        let chunks: Vec<Arc<Chunk>> = self.chunks.iter().cloned().collect();
        self.sort(&chunks);
    }

    /// Makes the table anew of the rows of these chunks.
    fn sort(&mut self, chunks: &[Arc<Chunk>]) {
        let mut rows: Vec<(Id, usize, usize)> = Vec::new();
        for (at, chunk) in chunks.iter().enumerate() {
            rows.extend((0..chunk.len()).filter_map(|row| Some((chunk.id(row)?, at, row))));
        }
        // Stable: of equal ids the first stays first.
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| later.0 == first.0);
        self.len = rows.len();
        self.chunks = Vector::new();
        let mut builder = Builder::new(Arc::clone(&self.names));
        for (_, at, row) in rows {
            if let Some(chunk) = chunks.get(at) {
                builder.copy(chunk, row);
            }
            if builder.is_full() {
                self.chunks.push_back(Arc::new(builder.finish()));
            }
        }
        if builder.rows() > 0 {
            self.chunks.push_back(Arc::new(builder.finish()));
        }
    }

    /// The names its rows speak of.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
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
                made.push(Arc::new(builder.finish()));
            }
            builder.copy(&old, after);
        }
        made.push(Arc::new(builder.finish()));
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
        let made = (builder.rows() > 0).then(|| Arc::new(builder.finish()));
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

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("len", &self.len).finish()
    }
}
