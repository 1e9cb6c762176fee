//! Projects: planned paths, progress in steps, dates that move, figures that fall, and the odd slip of a real register.

use super::{Family, Life, Province, Rng, filled, num, seen, spread, text};
use crate::clock::Day;
use crate::contract::{Extra, Figure, Id, Milestone, PathPoint, ProgressReading, Project, ProjectState as State};
use crate::source::sample::life::Story;
use crate::source::sample::words::projects::{EVIDENCE, MILESTONES, OBSTACLES, POSTS};

/// A milliard of rial: budgets are told in these.
const BILLION: i64 = 1_000_000_000;
/// Every so many numbers a project stands that vanished from the register.
const VANISHED_EVERY: usize = 57;
/// The project whose spending was entered with one zero too many.
const OFF_BY_TEN: usize = 31;
/// The project whose start was entered after its end.
const REVERSED: usize = 44;
/// The project that carries a field this version does not know.
const UNKNOWN_FIELD: usize = 12;

/// Numbers of projects: the project's own, and its measure's index. Numbers of vanished ones are never given again.
pub fn slots(province: &Province) -> Vec<(usize, usize)> {
    let mut slots = Vec::new();
    let mut number = 0;
    for (measure, words) in province.measures.iter().enumerate() {
        let mut wanted = words.projects;
        while wanted > 0 {
            number += 1;
            slots.push((number, measure));
            wanted -= usize::from(!vanishes(number));
        }
    }
    slots
}

/// True for a project that vanished on the way.
fn vanishes(number: usize) -> bool {
    number.is_multiple_of(VANISHED_EVERY)
}

/// The agency that runs a project.
pub fn runner(province: &Province, number: usize, measure: usize) -> usize {
    let able = province.able(province.measures[measure].theme);
    let mut rng = province.rng("runner", number);
    // The first of a theme's agencies carry more than the others.
    let pick = rng.small(0, able.len() as i64 - 1).max(0) as usize;
    able.get(pick).copied().unwrap_or(0)
}

/// The lives of all projects.
pub fn projects(province: &Province) -> Vec<Life> {
    let mut place_in_measure = 0;
    let mut last = usize::MAX;
    let mut lives = Vec::new();
    for (number, measure) in slots(province) {
        place_in_measure = if measure == last { place_in_measure + 1 } else { 0 };
        last = measure;
        lives.push(project(province, number, measure, place_in_measure));
    }
    lives
}

/// What a project comes to.
struct Fate {
    state: State,
    start: Day,
    due: Day,
    /// Days the end was moved on the way; 0 when it never was.
    moved: i32,
    path: Vec<(Day, i64)>,
    /// Points ahead of the path.
    drift: i64,
}

impl Fate {
    fn of(province: &Province, rng: &mut Rng, drift: i64) -> Self {
        let as_of = province.as_of;
        let state = match rng.below(1_000) {
            0..60 => State::NotStarted,
            60..170 => State::Done,
            170..210 => State::Stopped,
            210..255 => State::Ready,
            255..270 => State::Cancelled,
            _ => State::InProgress,
        };
        let length = rng.days(180, 900);
        let due = match state {
            State::NotStarted => as_of.plus(rng.days(150, 500)),
            State::Done | State::Ready => as_of.plus(rng.days(-40, 45)),
            _ => as_of.plus(rng.days(-25, 430)),
        };
        let start = match state {
            State::NotStarted => as_of.plus(rng.days(-10, 60)),
            _ => due.plus(-length).min(province.dawn().plus(-rng.days(5, 60))),
        };
        let moved = if rng.chance(110) { rng.days(20, 120) } else { 0 };
        let path = if rng.chance(600) {
            s_curve(rng, start, due)
        } else {
            Vec::new()
        };
        let serious = if rng.chance(70) { rng.range(-26, -14) } else { 0 };
        let drift = drift + rng.range(-9, 9) + serious;
        Self {
            state,
            start,
            due,
            moved,
            path,
            drift,
        }
    }

    fn planned(&self, day: Day) -> i64 {
        let line = [(self.start, 0), (self.due, 100)];
        let points = if self.path.is_empty() { &line[..] } else { &self.path };
        interpolate(points, day)
    }

    /// Physical progress on a day, in percent.
    fn physical(&self, day: Day, as_of: Day) -> i64 {
        // The drift grows with the way behind it, and has its full size today.
        let way = i64::from((day - self.start).max(0)) * 100 / i64::from((as_of - self.start).max(1));
        (self.planned(day) + self.drift * way / 100).clamp(0, 98)
    }
}

fn s_curve(rng: &mut Rng, start: Day, due: Day) -> Vec<(Day, i64)> {
    let length = due - start;
    let at = |percent: i32| start.plus(length * percent / 100);
    vec![
        (start, 0),
        (at(25), rng.range(8, 20)),
        (at(50), rng.range(38, 52)),
        (at(75), rng.range(72, 84)),
        (due, 100),
    ]
}

fn interpolate(points: &[(Day, i64)], day: Day) -> i64 {
    for pair in points.windows(2) {
        let [(from, low), (to, high)] = pair else { continue };
        if day <= *from {
            return *low;
        }
        if day < *to {
            return low + (high - low) * i64::from(day - *from) / i64::from((*to - *from).max(1));
        }
    }
    points.last().map_or(0, |(_, last)| *last)
}

fn project(province: &Province, number: usize, measure: usize, place: usize) -> Life {
    let mut rng = province.rng("project", number);
    let rng = &mut rng;
    let words = &province.measures[measure];
    let fate = Fate::of(province, rng, words.drift);
    let titles = words.theme.titles();
    let county = (place * 5 + place / titles.len() + number) % province.counties.len();
    let (low, high) = words.theme.budget();
    let budget = rng.small(low, high) * BILLION;
    let (few, many) = words.theme.jobs();
    let jobs = rng.small(few, many);
    let paid = rng.range(70, 104);
    let begins = match rng.chance(160) {
        // Some projects were defined on the way, at a meeting.
        true if !vanishes(number) => province.meetings[rng.below(9) as usize],
        _ => province.dawn(),
    };
    let first_due = fate.due.plus(-fate.moved);
    let path_end = |due: Day| {
        let inner = fate.path.len().saturating_sub(1);
        let points = fate
            .path
            .iter()
            .enumerate()
            .filter(|(i, (on, _))| *i < inner && *on < due)
            .map(|(_, p)| *p);
        let points: Vec<(Day, i64)> = points.chain((!fate.path.is_empty()).then_some((due, 100))).collect();
        points.into_iter().filter_map(point).collect::<Vec<_>>()
    };
    let mut story = Story::begin(
        begins,
        Project {
            id: province.id(Family::Project, number),
            measure: province.id(Family::Measure, measure + 1),
            agency: province.id(Family::Agency, runner(province, number, measure) + 1),
            title: filled(
                titles[place % titles.len()],
                &[("{place}", province.counties[county].1)],
            ),
            county: (!rng.chance(30)).then(|| province.county_id(county)),
            state: if fate.start > begins {
                State::NotStarted
            } else {
                State::InProgress
            },
            start: Some(if number == REVERSED {
                fate.due.plus(30)
            } else {
                fate.start
            }),
            due: Some(first_due),
            completed: None,
            physical: num(0),
            financial: num(0),
            weight: rng.chance(300).then(|| (rng.below(3) as u32 + 1).into()),
            path: path_end(first_due),
            readings: Vec::new(),
            milestones: milestones(rng, &fate),
            obstacles: Vec::new(),
            evidence: Vec::new(),
            budget: Some(budget),
            allocated: None,
            spent: None,
            jobs: (jobs > 0).then(|| Figure {
                committed: num(jobs),
                ..Figure::default()
            }),
            leap: rng.chance(35).then_some(false),
            responsible: rng.chance(700).then(|| (*rng.pick(POSTS)).into()),
            updated: seen(begins),
            note: None,
            extra: (number == UNKNOWN_FIELD).then(unknown_field),
        },
    );
    if fate.start < begins {
        let before = begins.plus(-rng.days(15, 40)).max(fate.start);
        story.then(begins, |p| progress(p, &fate, before, province.as_of, budget, paid));
    }
    let fresh = rng.chance(860);
    let count = rng.days(2, 4);
    let days = spread(rng, begins, province.as_of.plus(-1), count, fresh);
    let moves_on = days.get(days.len() / 2).copied();
    let falls = rng.chance(60);
    let last = days.last().copied();
    for day in days {
        story.then(day, |p| {
            if day >= fate.start {
                if p.state == State::NotStarted && fate.state != State::NotStarted {
                    p.state = State::InProgress;
                }
                progress(p, &fate, day, province.as_of, budget, paid);
            }
            if fate.moved > 0 && Some(day) == moves_on {
                // The planned end is rewritten, and the path with it.
                p.due = Some(fate.due);
                p.path = path_end(fate.due);
            }
            if Some(day) == last {
                close(p, &fate, day, rng, budget);
                if falls {
                    fall(p);
                }
                if number == OFF_BY_TEN {
                    p.allocated = p.spent;
                    p.spent = p.spent.map(|spent| spent * 10);
                }
            }
            p.updated = seen(day);
        });
    }
    if vanishes(number) {
        story.vanish(province.meetings[2 + number / VANISHED_EVERY % 9]);
    }
    story.end()
}

/// Progress as read on a day.
fn progress(p: &mut Project, fate: &Fate, day: Day, as_of: Day, budget: i64, paid: i64) {
    if fate.state == State::NotStarted {
        return;
    }
    let physical = fate.physical(day, as_of);
    let financial = (physical * paid / 100).min(100);
    p.physical = num(physical);
    p.financial = num(financial);
    p.readings.push(ProgressReading {
        on: day,
        physical: num(physical),
        financial: num(financial),
        extra: None,
    });
    reach(p, physical, day);
    p.spent = Some(budget * financial / 100);
    p.allocated = Some(budget * (financial + 8).min(100) / 100);
    if let Some(jobs) = &mut p.jobs {
        let committed = jobs.committed.map_or(0, |n| n.get() as i64);
        let claimed = committed * physical / 100;
        jobs.claimed = num(claimed);
        jobs.registered = num(claimed * 86 / 100);
        if physical >= 30 {
            jobs.approved = num(claimed * 81 / 100);
            jobs.verified = num(claimed * 74 / 100);
        }
    }
}

/// Milestones stand evenly along the way: those behind the progress are reached.
fn reach(p: &mut Project, physical: i64, day: Day) {
    let count = p.milestones.len() as i64;
    for (index, milestone) in p.milestones.iter_mut().enumerate() {
        if physical * (count + 1) >= (index as i64 + 1) * 100 && milestone.done.is_none() {
            milestone.done = Some(day);
        }
    }
}

/// What a project has come to at its last update.
fn close(p: &mut Project, fate: &Fate, day: Day, rng: &mut Rng, budget: i64) {
    p.state = fate.state.clone();
    match fate.state {
        State::Done => {
            p.completed = Some(day.min(fate.due.plus(rng.days(-10, 15))));
            // A few are called done below a hundred percent, and a third of them without any evidence.
            let physical = if rng.chance(80) { 96 } else { 100 };
            p.physical = num(physical);
            p.financial = num(physical);
            if let Some(last) = p.readings.last_mut() {
                last.physical = p.physical;
                last.financial = p.financial;
            }
            reach(p, 100, day);
            p.spent = Some(budget * physical / 100);
            p.allocated = p.spent;
            if !rng.chance(330) {
                p.evidence = vec![text(*rng.pick(EVIDENCE))];
            }
        }
        State::Ready => {
            p.physical = num(rng.range(95, 99));
            p.evidence = vec![text(*rng.pick(EVIDENCE))];
        }
        State::Stopped | State::Cancelled => p.obstacles = vec![text(*rng.pick(OBSTACLES))],
        _ if fate.drift < -12 || rng.chance(150) => p.obstacles = vec![text(*rng.pick(OBSTACLES))],
        _ => {}
    }
}

/// A cumulative figure comes out lower than before: an inspection struck some of it off.
fn fall(p: &mut Project) {
    if let Some(jobs) = &mut p.jobs {
        let committed = jobs.committed.map_or(0, |n| n.get() as i64);
        for step in [&mut jobs.claimed, &mut jobs.registered] {
            *step = step.and_then(|n| num((n.get() as i64 - committed / 4 - 2).max(0)));
        }
        jobs.approved = None;
        jobs.verified = None;
    }
}

fn milestones(rng: &mut Rng, fate: &Fate) -> Vec<Milestone> {
    let count = rng.below(MILESTONES.len() as u64) as i32;
    let step = |i: i32| fate.start.plus((fate.due - fate.start) * (i + 1) / (count + 1));
    (0..count)
        .map(|i| Milestone {
            title: text(MILESTONES[i as usize]),
            due: step(i),
            done: None,
            extra: None,
        })
        .collect()
}

fn point((on, percent): (Day, i64)) -> Option<PathPoint> {
    num(percent).map(|percent| PathPoint {
        on,
        percent,
        extra: None,
    })
}

fn unknown_field() -> Box<Extra> {
    let mut extra = Extra::new();
    extra.insert("contract_form".into(), "مشارکتی".into());
    Box::new(extra)
}

/// The id of the project of a number.
pub fn id(province: &Province, number: usize) -> Id {
    province.id(Family::Project, number)
}

/// True for a number that still stands in the register.
pub fn stands(number: usize) -> bool {
    !vanishes(number)
}
