//! The columns of a chunk that are looked at row after row.

use super::ROWS;
use super::mask::Mask;
use super::names::Sym;
use crate::clock::Day;

/// A column whose values repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeColumn {
    /// What kind of capacity it is: a word.
    Kind,
    /// How far it has come: a word.
    Stage,
    /// Existing or new: a word.
    Origin,
    /// An id.
    County,
    /// An id.
    Measure,
    /// An id.
    Project,
    /// An id.
    Sponsor,
    /// A text.
    Sector,
}

impl CodeColumn {
    /// How many there are.
    pub const COUNT: usize = 8;
}

/// A column of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayColumn {
    /// When it was identified.
    Identified,
    /// When it was empowered.
    Empowered,
    /// When it was brought in.
    BroughtIn,
    /// When it began to work.
    Started,
}

impl DayColumn {
    /// How many there are.
    pub const COUNT: usize = 4;
}

/// Names by row: a short list of the names met in the chunk, and for each row the place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    pub(super) names: Box<[Sym]>,
    pub(super) rows: Box<[u8]>,
}

impl Codes {
    /// The name of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Sym {
        let code = self.rows.get(row).copied().unwrap_or(0);
        self.names.get(usize::from(code)).copied().unwrap_or_default()
    }

    /// The names met in the chunk, each once; places in it are what [`Self::rows`] holds.
    #[inline]
    pub fn names(&self) -> &[Sym] {
        &self.names
    }

    /// For each row the place of its name in [`Self::names`].
    #[inline]
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }
}

/// Days by row, in two bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// 0 for nothing, [`FAR`] for what stands in `far`, else the day counted from [`BASE`].
    pub(super) rows: Box<[u16]>,
    /// Days too early or too late for two bytes, by row.
    pub(super) far: Box<[(u16, i32)]>,
}

/// The day before the first that fits: 31 December 1899.
pub(super) const BASE: i32 = -25_568;
/// A day that does not fit.
pub(super) const FAR: u16 = u16::MAX;

/// The last number in [`Days::rows`] of a day that has come by another; those in `far` aside.
pub(super) fn code_on(on: Day) -> u16 {
    u16::try_from((i64::from(on.days()) - i64::from(BASE)).clamp(0, i64::from(FAR) - 1)).unwrap_or(0)
}

impl Days {
    /// The day of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Day> {
        match self.rows.get(row).copied().unwrap_or(0) {
            0 => None,
            FAR => self
                .far
                .iter()
                .find(|(at, _)| usize::from(*at) == row)
                .map(|(_, day)| Day::from_days(*day)),
            code => Some(Day::from_days(BASE + i32::from(code))),
        }
    }

    /// The rows that have a day.
    pub(super) fn dated(&self) -> Mask {
        let mut dated = [0_u8; ROWS];
        for (dated, code) in dated.iter_mut().zip(&self.rows) {
            *dated = (*code != 0).into();
        }
        Mask::flagged(&dated)
    }

    /// The rows that have a day, and those whose day has come by another.
    pub(super) fn by(&self, on: Day) -> (Mask, Mask) {
        let last = code_on(on);
        let (mut known, mut come) = ([0_u8; ROWS], [0_u8; ROWS]);
        for ((known, come), code) in known.iter_mut().zip(&mut come).zip(&self.rows) {
            *known = (*code != 0).into();
            *come = ((*code != 0) & (*code <= last)).into();
        }
        let mut come = Mask::flagged(&come);
        for (row, day) in &self.far {
            if *day <= on.days() {
                come.set(usize::from(*row));
            }
        }
        (Mask::flagged(&known), come)
    }
}
