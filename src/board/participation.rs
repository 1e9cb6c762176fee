//! Popular participation: initiatives counted by kind, county, funnel and jobs. It must not know findings or screens.

use super::sum::Sum;
use crate::clock::Day;
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
    let present = match initiative.stage {
        Stage::Identified => Some(Reached::Identified),
        Stage::Empowered => Some(Reached::Empowered),
        Stage::BroughtIn => Some(Reached::BroughtIn),
        Stage::Stalled | Stage::Closed | Stage::Other(_) => None,
    };
    let stages = [
        (Reached::BroughtIn, initiative.brought_in),
        (Reached::Empowered, initiative.empowered),
        (Reached::Identified, initiative.identified),
    ];
    stages
        .into_iter()
        .find(|(stage, date)| match date {
            Some(day) => *day <= on,
            None => present >= Some(*stage),
        })
        .map(|(stage, _)| stage)
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

    fn change(&mut self, initiative: &Initiative, on: Day, dir: Direction) {
        let one = |n: &mut usize, yes: bool| match dir {
            Direction::In => *n += usize::from(yes),
            Direction::Out => *n = n.saturating_sub(usize::from(yes)),
        };
        one(&mut self.count, true);
        one(&mut self.new, initiative.origin == Origin::New);
        one(&mut self.existing, initiative.origin == Origin::Existing);
        one(&mut self.stalled, initiative.stage == Stage::Stalled);
        one(&mut self.closed, initiative.stage == Stage::Closed);
        let reached = reached(initiative, on);
        for (stage, n) in Reached::ALL.into_iter().zip(&mut self.reached) {
            one(n, reached >= Some(stage));
        }
        if let Some(jobs) = &initiative.jobs {
            change_figure(&mut self.jobs, jobs, dir);
        }
        if let Some(capital) = &initiative.capital {
            change_figure(&mut self.capital, capital, dir);
        }
    }
}

fn change_figure(sums: &mut [Sum; 5], figure: &Figure, dir: Direction) {
    for (step, sum) in figure::Step::ALL.into_iter().zip(sums) {
        // What is below nothing is a finding; in a sum it would take away from what others did.
        match (figure.at(step).filter(|value| *value >= 0.0), dir) {
            (Some(value), Direction::In) => sum.add(value),
            (Some(value), Direction::Out) => sum.subtract(value),
            (None, _) => {}
        }
    }
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

    fn change(&mut self, initiative: &Initiative, on: Day, dir: Direction) {
        self.tally.change(initiative, on, dir);
        let Some(day) = initiative.identified else { return };
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
        self.all.change(initiative, on, Direction::In);
        let group = self.kinds.entry(kind.clone()).or_default();
        group.change(initiative, on, Direction::In);
        let spot = self.spots.entry((kind.clone(), initiative.county.clone())).or_default();
        spot.change(initiative, on, Direction::In);
    }

    pub(super) fn subtract(&mut self, initiative: &Initiative, on: Day) {
        let kind = &initiative.initiative_kind;
        self.all.change(initiative, on, Direction::Out);
        if let Some(group) = self.kinds.get_mut(kind) {
            group.change(initiative, on, Direction::Out);
            if group.tally.count == 0 {
                self.kinds.remove(kind);
            }
        }
        let at = (kind.clone(), initiative.county.clone());
        if let Some(tally) = self.spots.get_mut(&at) {
            tally.change(initiative, on, Direction::Out);
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
        for initiative in self.initiatives().iter() {
            let wanted = kind.is_none_or(|kind| *kind == initiative.initiative_kind)
                && county.is_none_or(|county| initiative.county.as_ref() == Some(county));
            if !wanted {
                continue;
            }
            let key = match by {
                By::Kind => Some(SmolStr::new(initiative.initiative_kind.as_str())),
                By::County => initiative.county.as_ref().map(|id| SmolStr::new(id.as_str())),
                By::Sector => initiative
                    .sector
                    .as_ref()
                    .and_then(|sector| sector.wordings().next().map(SmolStr::new)),
            };
            let n = *at.entry(key.clone()).or_insert_with(|| {
                out.rows.push((key, Tally::default()));
                out.rows.len() - 1
            });
            if let Some((_, tally)) = out.rows.get_mut(n) {
                tally.change(initiative, self.today(), Direction::In);
            }
            out.all.change(initiative, self.today(), Direction::In);
        }
        // Stable: equal counts stay in the order they were met in, counties in the headquarters' own.
        out.rows.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.count));
        out
    }
}
