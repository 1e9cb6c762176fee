//! Popular participation: initiatives counted by kind, county, funnel and jobs. It must not know findings or screens.

mod counting;

pub(super) use counting::Counting;

use super::sum::Sum;
use crate::clock::Day;
use crate::contract::packed::{Chunk, CodeColumn, DayColumn, Names};
use crate::contract::{Figure, Id, Initiative, InitiativeKind, Origin, Stage, figure};
use crate::text::calendar::Jalali;
use imbl::OrdMap;
use smol_str::SmolStr;

/// How far an initiative has provably come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reached {
    /// It was identified.
    Identified,
    /// It was empowered.
    Empowered,
    /// It was brought in.
    BroughtIn,
}

impl Reached {
    /// All stages, the first first.
    pub const ALL: [Self; 3] = [Self::Identified, Self::Empowered, Self::BroughtIn];
}

/// The furthest stage an initiative has reached by a day.
///
/// A stage is reached when its date is not after the day; where the date is missing, when the present stage is that one or a later
/// one. Whoever reached a stage reached those before it. A stalled, closed or unknown stage proves nothing by itself.
pub fn reached(initiative: &Initiative, on: Day) -> Option<Reached> {
    Counted::of(initiative).reached(on)
}

/// Counts of a group of initiatives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// All of them.
    pub count: usize,
    /// New capacity.
    pub new: usize,
    /// Capacity that was there before.
    pub existing: usize,
    /// How many have reached *identified*, *empowered* and *brought in*.
    pub reached: [usize; 3],
    /// How many are stalled now.
    pub stalled: usize,
    /// How many are closed now.
    pub closed: usize,
    jobs: [Sum; 5],
    capital: [Sum; 5],
}

impl Tally {
    /// Jobs at a step: their sum, and how many initiatives state it; nothing when none does.
    pub fn jobs(&self, step: figure::Step) -> Option<(f64, usize)> {
        let sum = self.jobs.get(step as usize)?;
        (sum.parts() > 0).then(|| (sum.total(), sum.parts()))
    }

    /// Capital in rial at a step: its sum, and how many initiatives state it; nothing when none does.
    pub fn capital(&self, step: figure::Step) -> Option<(f64, usize)> {
        let sum = self.capital.get(step as usize)?;
        (sum.parts() > 0).then(|| (sum.total(), sum.parts()))
    }

    /// How many have reached a stage.
    pub fn at(&self, stage: Reached) -> usize {
        self.reached.get(stage as usize).copied().unwrap_or_default()
    }

    /// The part of new capacity among those whose origin is known, 0–1; nothing when there is none.
    pub fn new_share(&self) -> Option<f64> {
        let known = self.new + self.existing;
        (known > 0).then(|| self.new as f64 / known as f64)
    }

    /// Verified jobs for every committed one, 0–1 and above, over the initiatives that state them; nothing when none was committed.
    pub fn verified_share(&self) -> Option<f64> {
        let (committed, _) = self.jobs(figure::Step::Committed)?;
        let (verified, _) = self.jobs(figure::Step::Verified)?;
        (committed > 0.0).then(|| verified / committed)
    }

    fn change(&mut self, initiative: &Counted<'_>, on: Day, dir: Direction) {
        let one = |n: &mut usize, yes: bool| match dir {
            Direction::In => *n += usize::from(yes),
            Direction::Out => *n = n.saturating_sub(usize::from(yes)),
        };
        one(&mut self.count, true);
        one(&mut self.new, *initiative.origin == Origin::New);
        one(&mut self.existing, *initiative.origin == Origin::Existing);
        one(&mut self.stalled, *initiative.stage == Stage::Stalled);
        one(&mut self.closed, *initiative.stage == Stage::Closed);
        let reached = initiative.reached(on);
        for (stage, n) in Reached::ALL.into_iter().zip(&mut self.reached) {
            one(n, reached >= Some(stage));
        }
        for (sums, steps) in [
            (&mut self.jobs, &initiative.jobs),
            (&mut self.capital, &initiative.capital),
        ] {
            change_steps(sums, steps.as_ref(), dir);
        }
    }

    /// Adds what was counted elsewhere.
    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.new += other.new;
        self.existing += other.existing;
        self.stalled += other.stalled;
        self.closed += other.closed;
        for (n, more) in self.reached.iter_mut().zip(other.reached) {
            *n += more;
        }
        let (jobs, capital) = (
            self.jobs.iter_mut().zip(&other.jobs),
            self.capital.iter_mut().zip(&other.capital),
        );
        jobs.chain(capital).for_each(|(sum, more)| sum.merge(more));
    }
}

fn change_steps(sums: &mut [Sum; 5], steps: Option<&[Option<f64>; 5]>, dir: Direction) {
    for (value, sum) in steps.into_iter().flatten().zip(sums) {
        // What is below nothing is a finding; in a sum it would take away from what others did.
        match (value.filter(|value| *value >= 0.0), dir) {
            (Some(value), Direction::In) => sum.add(value),
            (Some(value), Direction::Out) => sum.subtract(value),
            (None, _) => {}
        }
    }
}

/// What of an initiative is counted.
struct Counted<'a> {
    origin: &'a Origin,
    stage: &'a Stage,
    /// When it was identified, empowered, brought in.
    days: [Option<Day>; 3],
    jobs: Option<[Option<f64>; 5]>,
    capital: Option<[Option<f64>; 5]>,
}

impl<'a> Counted<'a> {
    fn of(initiative: &'a Initiative) -> Self {
        let steps = |figure: &Figure| figure::Step::ALL.map(|step| figure.at(step));
        Self {
            origin: &initiative.origin,
            stage: &initiative.stage,
            days: [initiative.identified, initiative.empowered, initiative.brought_in],
            jobs: initiative.jobs.as_ref().map(steps),
            capital: initiative.capital.as_ref().map(steps),
        }
    }

    fn reached(&self, on: Day) -> Option<Reached> {
        reached_by(self.stage, self.days, on)
    }
}

/// The words of a chunk, looked up once and not for every row.
struct Words<'a> {
    chunk: &'a Chunk,
    names: &'a Names,
    origins: Vec<Origin>,
    stages: Vec<Stage>,
}

impl<'a> Words<'a> {
    fn of(chunk: &'a Chunk, names: &'a Names) -> Self {
        fn each<T: for<'w> From<&'w str>>(chunk: &Chunk, names: &Names, column: CodeColumn) -> Vec<T> {
            let words = chunk.codes(column).names().iter();
            words
                .map(|sym| T::from(names.words.get(*sym).map_or("", |word| word.as_str())))
                .collect()
        }
        Self {
            origins: each(chunk, names, CodeColumn::Origin),
            stages: each(chunk, names, CodeColumn::Stage),
            chunk,
            names,
        }
    }

    fn counted(&self, row: usize) -> Option<Counted<'_>> {
        let chunk = self.chunk;
        let at = |column| chunk.codes(column).rows().get(row).map(|code| usize::from(*code));
        let day = |column| chunk.days(column).get(row);
        let [jobs, capital] = chunk.figures(row, self.names);
        Some(Counted {
            origin: self.origins.get(at(CodeColumn::Origin)?)?,
            stage: self.stages.get(at(CodeColumn::Stage)?)?,
            days: [
                day(DayColumn::Identified),
                day(DayColumn::Empowered),
                day(DayColumn::BroughtIn),
            ],
            jobs,
            capital,
        })
    }
}

/// What an initiative has reached that stands at a stage, whatever its days say.
pub(super) fn present(stage: &Stage) -> Option<Reached> {
    match stage {
        Stage::Identified => Some(Reached::Identified),
        Stage::Empowered => Some(Reached::Empowered),
        Stage::BroughtIn => Some(Reached::BroughtIn),
        Stage::Stalled | Stage::Closed | Stage::Other(_) => None,
    }
}

/// The furthest stage reached by a day, of the present stage and the days identified, empowered and brought in.
pub(super) fn reached_by(stage: &Stage, days: [Option<Day>; 3], on: Day) -> Option<Reached> {
    let present = present(stage);
    let reached = |(stage, date): &(Reached, Option<Day>)| match date {
        Some(day) => *day <= on,
        None => present >= Some(*stage),
    };
    let stages = Reached::ALL.into_iter().zip(days).rev();
    stages.into_iter().find(reached).map(|(stage, _)| stage)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    In,
    Out,
}

/// A group with the days its initiatives were identified on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its counts.
    pub tally: Tally,
    /// How many were identified on each day, those ahead of today too.
    pub arrivals: OrdMap<Day, u32>,
}

impl Group {
    /// Arrivals (by day identified, up to `until`) in each of the last `months` Solar Hijri months, oldest first; the last is the month of
    /// `until`, so far.
    pub fn monthly(&self, until: Day, months: usize) -> Vec<u32> {
        let mut series = vec![0_u32; months];
        let last = month_index(until);
        for (day, count) in self.arrivals.iter().rev().skip_while(|(day, _)| **day > until) {
            let Ok(ago) = usize::try_from(last - month_index(*day)) else {
                continue;
            };
            match months.checked_sub(ago + 1).and_then(|at| series.get_mut(at)) {
                Some(month) => *month += count,
                None => break,
            }
        }
        series
    }

    fn change(&mut self, initiative: &Counted<'_>, on: Day, dir: Direction) {
        self.tally.change(initiative, on, dir);
        let [Some(day), ..] = initiative.days else { return };
        match dir {
            Direction::In => *self.arrivals.entry(day).or_insert(0) += 1,
            Direction::Out => match self.arrivals.get(&day) {
                Some(n) if *n > 1 => {
                    self.arrivals.insert(day, n - 1);
                }
                _ => {
                    self.arrivals.remove(&day);
                }
            },
        }
    }
}

/// Solar Hijri months counted through the years.
fn month_index(day: Day) -> i32 {
    let date = Jalali::from(day);
    date.year * 12 + i32::from(date.month) - 1
}

/// A kind of initiative in a county, or in none.
pub type Spot = (InitiativeKind, Option<Id>);

/// Initiatives counted: all, by kind, and by kind and county.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Participation {
    /// True once all initiatives are known; until then it is empty.
    pub whole: bool,
    /// All of them.
    pub all: Group,
    /// By kind: the known kinds in the headquarters' order, then every other kind as it stands; no kind without an initiative.
    pub kinds: OrdMap<InitiativeKind, Group>,
    /// By kind and county; no entry without an initiative.
    pub spots: OrdMap<Spot, Tally>,
}

impl Participation {
    /// The group of a kind.
    pub fn of(&self, kind: &InitiativeKind) -> Option<&Group> {
        self.kinds.get(kind)
    }

    /// The counties of a kind with their counts, initiatives without a county first.
    pub fn counties(&self, kind: &InitiativeKind) -> impl Iterator<Item = (Option<&Id>, &Tally)> {
        self.spots
            .range((kind.clone(), None)..)
            .take_while(move |((k, _), _)| k == kind)
            .map(|((_, county), tally)| (county.as_ref(), tally))
    }

    pub(super) fn add(&mut self, initiative: &Initiative, on: Day) {
        let kind = &initiative.initiative_kind;
        let counted = &Counted::of(initiative);
        self.all.change(counted, on, Direction::In);
        let group = self.kinds.entry(kind.clone()).or_default();
        group.change(counted, on, Direction::In);
        let spot = self.spots.entry((kind.clone(), initiative.county.clone())).or_default();
        spot.change(counted, on, Direction::In);
    }

    pub(super) fn subtract(&mut self, initiative: &Initiative, on: Day) {
        let kind = &initiative.initiative_kind;
        let counted = &Counted::of(initiative);
        self.all.change(counted, on, Direction::Out);
        if let Some(group) = self.kinds.get_mut(kind) {
            group.change(counted, on, Direction::Out);
            if group.tally.count == 0 {
                self.kinds.remove(kind);
            }
        }
        let at = (kind.clone(), initiative.county.clone());
        if let Some(tally) = self.spots.get_mut(&at) {
            tally.change(counted, on, Direction::Out);
            if tally.count == 0 {
                self.spots.remove(&at);
            }
        }
    }
}

/// What initiatives are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Their kind.
    Kind,
    /// Their county.
    County,
    /// Their sector.
    Sector,
}

impl By {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Kind, Self::County, Self::Sector];
}

/// Initiatives told apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// A kind, a county's id or a sector with its counts, most initiatives first; nothing for those that name none. Every county of
    /// the headquarters has a row, with nothing in it as well.
    pub rows: Vec<(Option<SmolStr>, Tally)>,
    /// All of them together.
    pub all: Tally,
}

impl super::Board {
    /// Initiatives told apart, of one kind and in one county where that is asked for. Sectors are told apart by their first wording.
    pub fn told_apart(&self, by: By, kind: Option<&InitiativeKind>, county: Option<&Id>) -> Groups {
        let mut out = Groups::default();
        if !self.is_whole(crate::contract::Kind::Initiative) {
            return out;
        }
        let mut at: hashbrown::HashMap<Option<SmolStr>, usize> = hashbrown::HashMap::new();
        if by == By::County && county.is_none() {
            for county in self.headquarters().into_iter().flat_map(|hq| hq.counties.iter()) {
                let key = Some(SmolStr::new(county.id.as_str()));
                if !at.contains_key(&key) {
                    at.insert(key.clone(), out.rows.len());
                    out.rows.push((key, Tally::default()));
                }
            }
        }
        let table = self.initiatives();
        let names = table.names();
        let wanted_county = county.map(|id| names.ids.find(id.as_str()));
        for chunk in table.chunks() {
            let codes = chunk.codes(match by {
                By::Kind => CodeColumn::Kind,
                By::County => CodeColumn::County,
                By::Sector => CodeColumn::Sector,
            });
            let words = Words::of(chunk, names);
            // Each name of the chunk is looked up once, not once a row.
            let mut places: Vec<Option<usize>> = vec![None; codes.names().len()];
            for row in 0..chunk.len() {
                let of_kind = kind.is_none_or(|kind| {
                    names
                        .words
                        .get(chunk.codes(CodeColumn::Kind).get(row))
                        .is_some_and(|word| word == kind.as_str())
                });
                let in_county = wanted_county.is_none_or(|sym| sym == Some(chunk.codes(CodeColumn::County).get(row)));
                if !of_kind || !in_county {
                    continue;
                }
                let code = codes.rows().get(row).map_or(0, |code| usize::from(*code));
                let place = places.get(code).copied().flatten().unwrap_or_else(|| {
                    let sym = codes.get(row);
                    let key = match by {
                        By::Kind => names.words.get(sym).cloned(),
                        By::County => names.ids.get(sym).map(|id| SmolStr::new(id.as_str())),
                        By::Sector => names
                            .texts
                            .get(sym)
                            .and_then(|text| text.wordings().next().map(SmolStr::new)),
                    };
                    *at.entry(key.clone()).or_insert_with(|| {
                        out.rows.push((key, Tally::default()));
                        out.rows.len() - 1
                    })
                });
                if let Some(slot) = places.get_mut(code) {
                    *slot = Some(place);
                }
                let Some(counted) = words.counted(row) else { continue };
                if let Some((_, tally)) = out.rows.get_mut(place) {
                    tally.change(&counted, self.today(), Direction::In);
                }
                out.all.change(&counted, self.today(), Direction::In);
            }
        }
        // Stable: equal counts stay in the order they were met in, counties in the headquarters' own.
        out.rows.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.count));
        out
    }
}
