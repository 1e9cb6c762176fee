//! Which rows of a chunk say which of a few names, a mask a name: a filter then reads the masks of the names that pass, and no row.
//!
//! Most columns have few names in a chunk (kinds, stages, counties, measures), and a filter passes few or most of these. All masks stand
//! behind each other: what lies together comes from memory together.

use super::ROWS;
use super::chunk::Visits;
use super::column::{CodeColumn, Codes, DayColumn, Days, code_on};
use super::mask::Mask;
use super::names::Sym;
use crate::clock::Day;
use std::ops::Range;

/// Columns with more names in a chunk are looked at row after row.
const MOST: usize = if cfg!(test) { 3 } else { 48 };
/// The columns of names, and what came of visits.
pub(super) const COLUMNS: usize = CodeColumn::COUNT + 1;
/// The first columns of days, of which a filter asks who has come.
pub(super) const DATED: usize = 3;

/// Which rows say which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// Names of all columns that have few of them, column by column as [`Self::places`] says.
    names: Box<[Sym]>,
    /// Rows that say each of them; then, of each of the first columns of days, those that have one.
    masks: Box<[Mask]>,
    /// Where the names of each column end; what came of visits stands last.
    ends: [u16; COLUMNS],
    /// Columns that have too many names.
    many: [bool; COLUMNS],
    /// The latest day of each of these columns, as it stands there.
    latest: [u16; DATED],
}

impl Marks {
    pub(super) fn of(codes: &[Codes; CodeColumn::COUNT], visits: &Visits, days: &[Days; DayColumn::COUNT]) -> Self {
        let (mut names, mut masks) = (Vec::new(), Vec::new());
        let (mut ends, mut many) = ([0; COLUMNS], [false; COLUMNS]);
        let columns = codes.iter().map(|codes| &codes.names).chain([&visits.results]);
        for (((at, known), end), many) in columns.enumerate().zip(&mut ends).zip(&mut many) {
            *many = known.len() > MOST;
            if !*many {
                let from = masks.len();
                names.extend_from_slice(known);
                masks.resize(from + known.len(), Mask::default());
                let mut say = |row: usize, code: usize| {
                    if let Some(rows) = masks.get_mut(from + code) {
                        rows.set(row);
                    }
                };
                match codes.get(at) {
                    Some(codes) => (0..)
                        .zip(&codes.rows)
                        .for_each(|(row, code)| say(row, usize::from(*code))),
                    None => {
                        let said = visits.rows.iter().zip(visits.result.iter());
                        said.for_each(|(row, result)| say(usize::from(*row), result as usize));
                    }
                }
            }
            *end = masks.len() as u16;
        }
        let mut latest = [0; DATED];
        for (days, latest) in days.iter().zip(&mut latest) {
            masks.push(days.dated());
            *latest = days.rows.iter().max().copied().unwrap_or(0);
        }
        Self {
            names: names.into(),
            masks: masks.into(),
            ends,
            many,
            latest,
        }
    }

    /// Where the names of a column stand; nothing when it has too many.
    fn places(&self, at: usize) -> Option<Range<usize>> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| usize::from(*end));
        (self.many.get(at) == Some(&false)).then(|| at.checked_sub(1).map_or(0, end)..end(at))
    }

    /// The names of a column and the rows that say each; nothing when it has too many.
    #[inline]
    pub(super) fn of_column(&self, at: usize) -> Option<(&[Sym], &[Mask])> {
        let places = self.places(at)?;
        Some((self.names.get(places.clone())?, self.masks.get(places)?))
    }

    /// The rows that say one of the names of a column that pass; nothing when it has too many names. A row that says several passes with
    /// one of them.
    #[inline]
    pub(super) fn saying(&self, at: usize, mut passes: impl FnMut(Sym) -> bool) -> Option<Mask> {
        let (names, masks) = self.of_column(at)?;
        let mut out = Mask::default();
        for (sym, rows) in names.iter().zip(masks) {
            if passes(*sym) {
                out = out.or(*rows);
            }
        }
        Some(out)
    }

    /// Which masks of a column are those of names that pass; nothing when it has too many names.
    #[inline]
    pub(super) fn pick(&self, at: usize, passes: &[bool]) -> Option<Pick> {
        let (names, _) = self.of_column(at)?;
        let mut masks = 0;
        for (place, sym) in names.iter().enumerate() {
            let passes = passes.get(sym.0 as usize).copied().unwrap_or_default();
            masks |= u64::from(passes) << place;
        }
        // A row says one name of a column of codes, and those that say none of the others say one of these; it may have had many visits.
        let is_turned = at < CodeColumn::COUNT && 2 * masks.count_ones() as usize > names.len();
        Some(Pick {
            masks: if is_turned {
                masks ^ ((1 << names.len()) - 1)
            } else {
                masks
            },
            is_turned,
        })
    }

    /// The masks of a column that were picked.
    #[inline]
    pub(super) fn picked(&self, at: usize, pick: Pick) -> impl Iterator<Item = &Mask> {
        let masks = self.of_column(at).map_or(&[] as &[Mask], |(_, masks)| masks);
        let mut left = pick.masks;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            masks.get(place)
        })
    }

    /// The rows that say a name by which it was picked; rows that there are not may be among them.
    #[inline]
    pub(super) fn rows(&self, at: usize, pick: Pick) -> Mask {
        let rows = self.picked(at, pick).fold(Mask::NONE, |all, rows| all.or(*rows));
        match pick.is_turned {
            true => Mask::first(ROWS).without(rows),
            false => rows,
        }
    }

    /// The rows that have a day in one of the first columns of days, when none of these is after `on`.
    pub(super) fn come(&self, at: usize, on: Day) -> Option<&Mask> {
        let latest = self.latest.get(at)?;
        let names = self.names.len();
        (*latest <= code_on(on)).then(|| self.masks.get(names + at))?
    }

    /// Bytes it takes besides itself.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.masks) + size_of_val(&*self.names)
    }
}

/// Masks of a column, a bit each, or all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    masks: u64,
    is_turned: bool,
}

/// There is a bit for each.
const _: () = assert!(MOST < u64::BITS as usize);
/// Where a column ends is counted in two bytes.
const _: () = assert!(COLUMNS * MOST <= u16::MAX as usize);
