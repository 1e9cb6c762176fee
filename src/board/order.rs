//! A million initiatives in the order of a list: as places of rows, not as records.
//!
//! The order is the one [`super::rows::rows`] gives; keys are read from the columns, what many rows say alike is ranked once, and
//! after a change only the rows of other chunks are put in their places. It must not know filters or screens.

use super::columns::cells::{Cell, Cells};
use super::columns::{Column, SortKey};
use super::query::{Sifted, Stop};
use super::rows::Direction;
use super::{Board, beside};
use crate::contract::packed::{Chunk, CodeColumn, Place, ROWS, Sym, Table};
use crate::text::Lang;
use std::collections::HashMap;
use std::sync::Arc;

mod passed;
pub use passed::Passed;

/// A row: its chunk and its place in it.
pub type Handle = u32;

/// The handle of a place.
pub fn handle(place: Place) -> Handle {
    (place.chunk as u32) << 8 | place.row as u32
}

/// The place of a handle.
pub fn place(handle: Handle) -> Place {
    Place {
        chunk: (handle >> 8) as usize,
        row: (handle & 0xFF) as usize,
    }
}

/// A column sorted by.
pub type By = (&'static Column, Direction);

/// Where nothing is known: behind everything, whichever way.
const NOTHING: u64 = u64::MAX;
/// A span of keys that is counted rather than compared.
const COUNTED: u64 = 1 << 17;
/// From so many changed rows on (one in so many, and a chunk) the order is made anew.
const MANY: usize = 32;

/// From so many rows on all processors pick out those that passed a filter.
const WORTH_PIECES: usize = if cfg!(test) { 100 } else { 1 << 17 };
/// Into so many pieces.
const PIECES: usize = 16;
/// Chunks a thread takes at a time.
const BLOCK: usize = 64;

/// All initiatives of a version in an order.
#[derive(Clone)]
pub struct Order {
    table: Table,
    by: Vec<By>,
    lang: Lang,
    handles: Arc<Vec<Handle>>,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Order").field("by", &self.by).finish_non_exhaustive()
    }
}

impl Order {
    /// The initiatives of a board in an order; nothing when it was stopped.
    pub fn of(board: &Board, by: &[By], lang: Lang, stop: &Stop) -> Option<Self> {
        let table = board.initiatives();
        let mut handles: Vec<Handle> = table.places().map(handle).collect();
        // The last column first: each further one keeps what it finds equal as it stands.
        for (column, way) in by.iter().rev() {
            let keys = Keys::of(board, column, *way, lang, stop)?;
            handles = keys.sorted(handles, stop)?;
        }
        Some(Self {
            table: table.clone(),
            by: by.to_vec(),
            lang,
            handles: Arc::new(handles),
        })
    }

    /// True when it is the order of these columns in this language.
    pub fn is_by(&self, by: &[By], lang: Lang) -> bool {
        self.by == by && self.lang == lang
    }

    /// True for the very same order of the same rows.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.handles, &other.handles)
    }

    /// The rows in their order.
    pub fn handles(&self) -> &Arc<Vec<Handle>> {
        &self.handles
    }

    /// The initiatives it is of.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The rows that passed a filter, in their order; the filter must be of the same version.
    fn sifted(&self, sifted: &Sifted) -> Arc<Vec<Handle>> {
        if sifted.len() == self.handles.len() {
            return Arc::clone(&self.handles);
        }
        let masks = sifted.masks();
        if self.by.is_empty() {
            // Rows stand as they stand in the table: only those that passed are gone through.
            let mut out = Vec::with_capacity(sifted.len());
            for (chunk, mask) in masks.iter().enumerate() {
                out.extend(mask.rows().map(|row| handle(Place { chunk, row })));
            }
            return Arc::new(out);
        }
        let passing = |handles: &[Handle]| {
            let passed = |handle: Handle| {
                let place = place(handle);
                masks.get(place.chunk).is_some_and(|mask| mask.has(place.row))
            };
            let mut out = Vec::with_capacity(sifted.len().min(handles.len()));
            // Whether a row passed cannot be foreseen: each is written down, and the next one over it where it did not.
            let mut room = [0; 256];
            for handles in handles.chunks(room.len()) {
                let mut kept = 0;
                for handle in handles {
                    if let Some(slot) = room.get_mut(kept) {
                        *slot = *handle;
                    }
                    kept += usize::from(passed(*handle));
                }
                out.extend_from_slice(room.get(..kept).unwrap_or_default());
            }
            out
        };
        if self.handles.len() < WORTH_PIECES {
            return Arc::new(passing(&self.handles));
        }
        let pieces: Vec<&[Handle]> = self.handles.chunks(self.handles.len().div_ceil(PIECES)).collect();
        let passed = beside::each(&pieces, || (), |(), piece| Some(passing(piece)));
        Arc::new(passed.unwrap_or_default().concat())
    }

    /// What making an order takes, about, in billionths of a second on one processor.
    pub fn price(by: &[By], rows: usize) -> u64 {
        let each: u64 = by
            .iter()
            .map(|(column, _)| match Cell::of(column) {
                Some(Cell::Code(_) | Cell::Day(_)) => 15,
                Some(Cell::Visits | Cell::Reached) => 40,
                Some(Cell::Members | Cell::Jobs(_) | Cell::Capital(_) | Cell::Updated) => 200,
                Some(Cell::Findings) => 600,
                Some(Cell::Id | Cell::Title | Cell::Note) | None => 3_000,
            })
            .sum();
        (5 + each).saturating_mul(rows as u64)
    }

    /// True when so few rows have changed that putting them in their places is less than ordering all.
    pub fn follows(changed: usize, board: &Board) -> bool {
        changed <= ROWS + board.initiatives().len() / MANY
    }

    /// The order of a newer board of which only initiatives have changed; nothing when too many have.
    pub fn again(&self, board: &Board) -> Option<Self> {
        let table = board.initiatives();
        let mut at: HashMap<usize, u32> = table.chunks().map(|chunk| Arc::as_ptr(chunk).addr()).zip(0..).collect();
        // Where each old chunk stands now; whatever is left is new.
        let moved: Vec<Option<u32>> = self
            .table
            .chunks()
            .map(|chunk| at.remove(&Arc::as_ptr(chunk).addr()))
            .collect();
        let changed = at.values().filter_map(|chunk| table.chunk(*chunk as usize));
        if !Self::follows(changed.map(|chunk| chunk.len()).sum(), board) {
            return None;
        }
        let kept = self.handles.iter().filter_map(|old| {
            let place = place(*old);
            let chunk = moved.get(place.chunk).copied().flatten()?;
            Some(chunk << 8 | place.row as u32)
        });
        let mut new: Vec<Handle> = Vec::new();
        let mut fresh: Vec<u32> = at.into_values().collect();
        fresh.sort_unstable();
        for chunk in fresh {
            let rows = table.chunk(chunk as usize).map_or(0, |chunk| chunk.len()) as u32;
            new.extend((0..rows).map(|row| chunk << 8 | row));
        }
        let kept: Vec<Handle> = kept.collect();
        let compare = Compare::new(board, &self.by, self.lang);
        let keyed = |handle: Handle| (compare.keys(table, handle), handle);
        let mut new: Vec<_> = new.into_iter().map(keyed).collect();
        new.sort_by(|a, b| compare.order(a, b));
        // Each new row goes before the first kept one that comes after it.
        let mut handles = Vec::with_capacity(kept.len() + new.len());
        let mut from = 0;
        for row in &new {
            let rest = kept.get(from..).unwrap_or_default();
            let upto = from + rest.partition_point(|handle| compare.order(&keyed(*handle), row).is_lt());
            handles.extend_from_slice(kept.get(from..upto).unwrap_or_default());
            handles.push(row.1);
            from = upto;
        }
        handles.extend_from_slice(kept.get(from..).unwrap_or_default());
        Some(Self {
            table: table.clone(),
            by: self.by.clone(),
            lang: self.lang,
            handles: Arc::new(handles),
        })
    }
}

/// Compares rows one by one, by the keys that records have.
struct Compare<'a> {
    board: &'a Board,
    by: &'a [By],
    lang: Lang,
}

type Keyed = (Vec<Option<SortKey>>, Handle);

impl<'a> Compare<'a> {
    fn new(board: &'a Board, by: &'a [By], lang: Lang) -> Self {
        Self { board, by, lang }
    }

    fn keys(&self, table: &Table, handle: Handle) -> Vec<Option<SortKey>> {
        let at = place(handle);
        let Some(chunk) = table.chunk(at.chunk) else {
            return Vec::new();
        };
        let cells = Cells::of(self.board);
        let key = |(column, _): &By| {
            let value = cells.value(Cell::of(column)?, chunk, at.row);
            value.sort_key(self.board, self.lang, column.value.words())
        };
        self.by.iter().map(key).collect()
    }

    fn order(&self, a: &Keyed, b: &Keyed) -> std::cmp::Ordering {
        super::rows::compare_keys(&a.0, &b.0, self.by).then(a.1.cmp(&b.1))
    }
}

/// The keys of all rows in one column, smaller first whichever way the column is sorted; by chunk and row.
enum Keys {
    Numbers(Vec<Vec<u64>>),
    /// Bytes behind each other, and where those of each row begin and end; nothing for nothing known.
    Texts(Vec<Texts>, Direction),
}

#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    rows: Vec<Option<(u32, u32)>>,
}

impl Texts {
    fn get(&self, row: usize) -> Option<&[u8]> {
        let (from, to) = self.rows.get(row).copied().flatten()?;
        self.bytes.get(from as usize..to as usize)
    }
}

/// A number whose order is that of the float.
fn ordered(n: f64) -> u64 {
    let bits = n.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

impl Keys {
    fn of(board: &Board, column: &'static Column, way: Direction, lang: Lang, stop: &Stop) -> Option<Self> {
        let table = board.initiatives();
        let cells = Cells::of(board);
        let Some(cell) = Cell::of(column) else {
            return Some(Self::Numbers(vec![Vec::new(); table.chunks().len()]));
        };
        let turned = |key: u64| match way {
            Direction::Ascending => key,
            Direction::Descending => NOTHING - 1 - key,
        };
        let words = column.value.words();
        let numbers = |of: &(dyn Fn(&Chunk, usize) -> Option<u64> + Sync)| {
            let all = |chunk: &Chunk| {
                (0..chunk.len())
                    .map(|row| of(chunk, row).map_or(NOTHING, turned))
                    .collect()
            };
            Some(Self::Numbers(by_chunk(table, stop, all)?))
        };
        match cell {
            Cell::Code(code) => {
                let ranks = ranks(board, code, column, lang);
                numbers(&|chunk, row| ranks.get(&chunk.codes(code).get(row)).copied().flatten())
            }
            Cell::Day(days) => numbers(&|chunk, row| {
                let day = chunk.days(days).get(row)?;
                Some((i64::from(day.days()) + (1 << 32)) as u64)
            }),
            Cell::Visits => numbers(&|chunk, row| Some(chunk.visits(row).len() as u64)),
            Cell::Reached => numbers(&|chunk, row| cells.reached(chunk, row).map(|reached| reached as u64)),
            Cell::Id | Cell::Title | Cell::Note => {
                let all = |chunk: &Chunk| {
                    let mut out = Texts::default();
                    for row in 0..chunk.len() {
                        let key = match cells.value(cell, chunk, row).sort_key(board, lang, words) {
                            Some(SortKey::Text(key)) => {
                                let from = out.bytes.len() as u32;
                                out.bytes.extend_from_slice(&key);
                                Some((from, out.bytes.len() as u32))
                            }
                            _ => None,
                        };
                        out.rows.push(key);
                    }
                    out
                };
                Some(Self::Texts(by_chunk(table, stop, all)?, way))
            }
            Cell::Members | Cell::Jobs(_) | Cell::Capital(_) | Cell::Findings | Cell::Updated => numbers(
                &|chunk, row| match cells.value(cell, chunk, row).sort_key(board, lang, words)? {
                    SortKey::Number(n) => Some(ordered(n)),
                    _ => None,
                },
            ),
        }
    }

    /// Sorts by the keys; what is equal stays as it stands.
    fn sorted(&self, handles: Vec<Handle>, stop: &Stop) -> Option<Vec<Handle>> {
        match self {
            Self::Numbers(keys) => {
                let key = |handle: Handle| {
                    let at = place(handle);
                    keys.get(at.chunk)
                        .and_then(|rows| rows.get(at.row))
                        .copied()
                        .unwrap_or(NOTHING)
                };
                let known = keys.iter().flatten().copied().filter(|key| *key != NOTHING);
                let (low, high) = known.fold((u64::MAX, 0), |(low, high), key| (low.min(key), high.max(key)));
                if low > high || high - low < COUNTED {
                    return Some(counted(&handles, low, high, key));
                }
                let keyed = in_halves(
                    handles,
                    &|handle| (key(handle), handle),
                    &|a: &(u64, Handle), b: &(u64, Handle)| a.0.cmp(&b.0),
                );
                (!stop.is_over()).then_some(keyed)
            }
            Self::Texts(keys, way) => {
                let text = |handle: Handle| {
                    let at = place(handle);
                    keys.get(at.chunk).and_then(|texts| texts.get(at.row))
                };
                // The first bytes decide most comparisons without going to the rest.
                let first = |handle: Handle| {
                    let text = text(handle);
                    let mut first = [0; 8];
                    for (slot, byte) in first.iter_mut().zip(text.unwrap_or_default()) {
                        *slot = *byte;
                    }
                    (text.is_none(), u64::from_be_bytes(first), handle)
                };
                let turn = |order: std::cmp::Ordering| match way {
                    Direction::Ascending => order,
                    Direction::Descending => order.reverse(),
                };
                let sorted = in_halves(handles, &first, &|a: &(bool, u64, Handle), b: &(bool, u64, Handle)| {
                    let texts = || turn(a.1.cmp(&b.1).then_with(|| text(a.2).cmp(&text(b.2))));
                    a.0.cmp(&b.0).then_with(texts)
                });
                (!stop.is_over()).then_some(sorted)
            }
        }
    }
}

/// Sorts by keys of a small span: counts them, then puts each in its place.
fn counted(handles: &[Handle], low: u64, high: u64, key: impl Fn(Handle) -> u64) -> Vec<Handle> {
    let span = if low > high { 0 } else { (high - low + 1) as usize };
    let place = |handle: Handle| match key(handle) {
        NOTHING => span,
        key => (key - low) as usize,
    };
    let mut starts = vec![0_u32; span + 2];
    for handle in handles {
        if let Some(next) = starts.get_mut(place(*handle) + 1) {
            *next += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut out = vec![0; handles.len()];
    for handle in handles {
        if let Some(start) = starts.get_mut(place(*handle)) {
            if let Some(slot) = out.get_mut(*start as usize) {
                *slot = *handle;
            }
            *start += 1;
        }
    }
    out
}

/// Sorts by comparison, one half a thread; what is equal stays as it stands.
fn in_halves<K: Send + Copy + HasHandle>(
    handles: Vec<Handle>,
    key: &(dyn Fn(Handle) -> K + Sync),
    compare: &(dyn Fn(&K, &K) -> std::cmp::Ordering + Sync),
) -> Vec<Handle> {
    let mut keyed: Vec<K> = handles.iter().map(|handle| key(*handle)).collect();
    drop(handles);
    let middle = keyed.len() / 2;
    let (first, second) = keyed.split_at_mut(middle);
    std::thread::scope(|scope| {
        let sort = |half: &mut [K]| half.sort_by(compare);
        match std::thread::Builder::new().spawn_scoped(scope, move || second.sort_by(compare)) {
            Ok(other) => {
                sort(first);
                if let Err(panic) = other.join() {
                    std::panic::resume_unwind(panic);
                }
            }
            // The sort below sees to both halves.
            Err(_) => sort(first),
        }
    });
    // Two runs in order: merging them is what this sort does.
    keyed.sort_by(compare);
    keyed.iter().map(HasHandle::handle).collect()
}

/// A key that knows whose it is.
trait HasHandle {
    fn handle(&self) -> Handle;
}

impl HasHandle for (u64, Handle) {
    fn handle(&self) -> Handle {
        self.1
    }
}

impl HasHandle for (bool, u64, Handle) {
    fn handle(&self) -> Handle {
        self.2
    }
}

/// The place of every name of a column among all of them; equal ones share one, those that say nothing have none.
fn ranks(board: &Board, code: CodeColumn, column: &Column, lang: Lang) -> HashMap<Sym, Option<u64>> {
    let cells = Cells::of(board);
    let mut met: HashMap<Sym, Option<u64>> = HashMap::new();
    for chunk in board.initiatives().chunks() {
        for sym in chunk.codes(code).names() {
            met.entry(*sym).or_default();
        }
    }
    let mut keys: Vec<(SortKey, Sym)> = met
        .keys()
        .filter_map(|sym| {
            let value = cells.shared(code, *sym);
            Some((value.sort_key(board, lang, column.value.words())?, *sym))
        })
        .collect();
    keys.sort_by(|a, b| a.0.compare(&b.0));
    let mut rank = 0;
    let mut before: Option<&SortKey> = None;
    for (key, sym) in &keys {
        rank += u64::from(before.is_some_and(|before| before.compare(key).is_ne()));
        before = Some(key);
        met.insert(*sym, Some(rank));
    }
    met
}

/// What `work` makes of every chunk, in order, on all processors; nothing when it was stopped.
fn by_chunk<T: Send>(table: &Table, stop: &Stop, work: impl Fn(&Chunk) -> T + Sync) -> Option<Vec<T>> {
    let chunks: Vec<&Arc<Chunk>> = table.chunks().collect();
    let blocks: Vec<_> = chunks.chunks(BLOCK).collect();
    let made = beside::each(
        &blocks,
        || (),
        |(), block| {
            let mut made = Vec::with_capacity(block.len());
            for chunk in *block {
                if stop.is_over() {
                    return None;
                }
                made.push(work(chunk));
            }
            Some(made)
        },
    )?;
    Some(made.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
