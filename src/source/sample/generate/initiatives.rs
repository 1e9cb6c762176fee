//! Initiatives of popular participation. Each comes from its own number, so any count streams in order with little memory.

use super::{Family, LOST_SPONSOR, Life, Province, Rng, num, persian, projects, seen, text};
use crate::clock::Day;
use crate::contract::{Figure, Id, Initiative, InitiativeKind, Origin, Outreach, Stage, Text};
use crate::source::sample::life::Story;
use crate::source::sample::words::people::{self, Work};
use crate::source::sample::words::projects::Theme;

/// Every so many numbers an initiative stands that vanished from the register.
const VANISHED_EVERY: u64 = 401;
/// The unit of capital: a million rial.
const MILLION: i64 = 1_000_000;

/// The numbers of a register in which `count` initiatives stand today, vanished ones among them.
pub fn initiative_slots(count: u64) -> impl Iterator<Item = u64> {
    // The k-th standing one has number k + (k − 1) / 400, counted from 1.
    let last = if count == 0 {
        0
    } else {
        count + (count - 1) / (VANISHED_EVERY - 1)
    };
    1..=last
}

/// What happens to an initiative.
enum Event {
    Outreach(Id, Option<Text>),
    Empowered,
    BroughtIn,
    Inspected,
    Stalled,
    Closed,
    Fell,
}

/// What an initiative is about, in figures.
struct Shape {
    kind: InitiativeKind,
    work: Work,
    theme: Theme,
    /// Jobs promised.
    jobs: i64,
    /// Members or shareholders, where there are any.
    members: Option<i64>,
    /// Capital promised, in million rial.
    capital: i64,
    /// Persons, members or shareholders: what the title counts.
    counted: (i64, &'static str),
}

/// The life of the initiative of a number.
pub fn initiative(province: &Province, number: u64) -> Life {
    let mut rng = Rng::of(province.seed, "initiative", number);
    let rng = &mut rng;
    let vanishes = number.is_multiple_of(VANISHED_EVERY);
    let shape = shape(province, rng);
    // The first counties of the list are the large ones.
    let county = rng.small(0, province.counties.len() as i64 - 1) as usize;
    let placed = !rng.chance(15);
    let (dawn, as_of) = (province.dawn(), province.as_of);
    let fresh = rng.chance(350) && !vanishes;
    let identified = if fresh {
        dawn.plus(rng.days(1, as_of - dawn))
    } else {
        dawn.plus(-rng.days(1, 240))
    };
    // New capacity comes with the programme; capacity known before it is existing more often than not.
    let origin = if rng.chance(if fresh { 720 } else { 200 }) {
        Origin::New
    } else {
        Origin::Existing
    };
    let sponsor = sponsor(province, rng, &shape, number);
    let title = match placed {
        true => format!(
            "{}، {}، {} {}",
            shape.work.0,
            province.counties[county].1.0,
            persian(shape.counted.0),
            shape.counted.1
        ),
        false => format!("{}، {} {}", shape.work.0, persian(shape.counted.0), shape.counted.1),
    };
    let measure = province.measures.iter().position(|m| m.theme == shape.theme);
    let tended = rng.chance(20);
    let record = Initiative {
        id: province.id(Family::Initiative, number as usize),
        initiative_kind: shape.kind.clone(),
        title: Text::one(title),
        county: placed.then(|| province.county_id(county)),
        sector: Some(text(people::SECTORS[shape.work.1])),
        measure: measure.map(|m| province.id(Family::Measure, m + 1)),
        project: project(province, rng, measure),
        stage: Stage::Identified,
        identified: Some(identified),
        empowered: None,
        brought_in: None,
        origin,
        sponsor: sponsor.clone(),
        outreach: Vec::new(),
        members: shape.members.map(|m| m as u32),
        jobs: Some(Figure {
            committed: num(shape.jobs),
            ..Figure::default()
        }),
        capital: Some(Figure {
            committed: num(shape.capital * MILLION),
            ..Figure::default()
        }),
        started: None,
        updated: tended.then_some(()).and(seen(identified)),
        note: None,
        extra: None,
    };
    let events = events(rng, identified, as_of, sponsor, province);
    let mut story = Story::begin(identified.max(dawn), record);
    for (day, event) in events {
        let pace = rng.range(78, 108);
        let odd = rng.chance(6);
        story.then(day, |i| {
            happen(i, event, day, &shape, pace, odd);
            i.updated = tended.then_some(()).and(seen(day));
        });
    }
    if vanishes {
        story.vanish(province.meetings[3 + (number / VANISHED_EVERY % 9) as usize]);
    }
    story.end()
}

fn shape(province: &Province, rng: &mut Rng) -> Shape {
    use InitiativeKind::{Cooperative, DigitalEconomy, HomeBusiness, KnowledgeBased, MicroInvestor, OtherCapacity};
    let throw = rng.below(1_000);
    let mut sum = 0;
    let place = province.mix.iter().position(|part| {
        sum += part;
        throw < sum
    });
    let of = |rng: &mut Rng, kind, work: &[Work], theme, jobs, members: Option<i64>, capital, unit| {
        let counted = members.unwrap_or(jobs);
        Shape {
            kind,
            work: *rng.pick(work),
            theme,
            jobs,
            members,
            capital,
            counted: (counted, unit),
        }
    };
    match place {
        Some(0) => {
            let (jobs, capital) = (rng.small(1, 3), rng.range(10, 20) * 100);
            of(
                rng,
                HomeBusiness,
                people::HOME,
                Theme::Home,
                jobs,
                None,
                capital,
                people::PERSONS,
            )
        }
        Some(1) => {
            let (jobs, members, capital) = (rng.range(7, 17), rng.range(16, 33), rng.small(40, 600) * 100);
            of(
                rng,
                Cooperative,
                people::COOPERATIVE,
                Theme::Cooperative,
                jobs,
                Some(members),
                capital,
                people::MEMBERS,
            )
        }
        Some(2) => {
            let (jobs, capital) = (rng.small(4, 49), rng.range(157, 470) * 10);
            of(
                rng,
                KnowledgeBased,
                people::KNOWLEDGE,
                Theme::Knowledge,
                jobs,
                None,
                capital,
                people::PERSONS,
            )
        }
        Some(3) => {
            let (jobs, capital) = (rng.small(1, 11), rng.small(5, 60) * 100);
            of(
                rng,
                DigitalEconomy,
                people::DIGITAL,
                Theme::Digital,
                jobs,
                None,
                capital,
                people::PERSONS,
            )
        }
        Some(4) => {
            // One in fifty is a crowdfunding plan, up to 250 billion rial.
            let large = rng.chance(20);
            let capital = if large {
                rng.range(200, 2_500) * 100
            } else {
                rng.small(1, 60) * 100
            };
            let members = if large { rng.range(60, 900) } else { rng.small(1, 12) };
            let jobs = if large { rng.range(11, 49) } else { rng.small(0, 4) };
            of(
                rng,
                MicroInvestor,
                people::MICRO,
                Theme::Micro,
                jobs,
                Some(members),
                capital,
                people::SHARES,
            )
        }
        _ => {
            let (jobs, capital) = (rng.small(2, 25), rng.small(2, 50) * 100);
            let kind = if rng.chance(800) {
                OtherCapacity
            } else {
                return unnamed(rng, jobs, capital);
            };
            of(
                rng,
                kind,
                people::OTHER,
                Theme::Media,
                jobs,
                None,
                capital,
                people::PERSONS,
            )
        }
    }
}

/// A kind of capacity this version has no name for.
fn unnamed(rng: &mut Rng, jobs: i64, capital: i64) -> Shape {
    let (kind, work) = *rng.pick(people::UNNAMED_KINDS);
    let kind = InitiativeKind::from(kind);
    Shape {
        kind,
        work,
        theme: Theme::Media,
        jobs,
        members: None,
        capital,
        counted: (jobs, people::PERSONS),
    }
}

fn sponsor(province: &Province, rng: &mut Rng, shape: &Shape, number: u64) -> Option<Id> {
    if number == LOST_SPONSOR.0 as u64 {
        return Some(province.id(Family::Enterprise, LOST_SPONSOR.1));
    }
    match rng.below(100) {
        0..18 => None,
        18..40 => {
            // The last enterprises joined on the way, so that only the others can have stood by somebody from the start.
            let number = rng.below(province.enterprises as u64 - 2) as usize + 1;
            Some(province.id(Family::Enterprise, number))
        }
        _ => {
            let able = province.able(shape.theme);
            able.get(rng.below(able.len() as u64) as usize)
                .map(|a| province.id(Family::Agency, a + 1))
        }
    }
}

/// One in ten belongs to a project of its measure.
fn project(province: &Province, rng: &mut Rng, measure: Option<usize>) -> Option<Id> {
    let measure = measure?;
    let count = province.measures[measure].projects as u64;
    let (place, belongs) = (rng.below(count) as usize, rng.chance(100));
    if count == 0 || !belongs {
        return None;
    }
    let number = first_number(province, measure) + place;
    projects::stands(number).then(|| projects::id(province, number))
}

/// The number of a measure's first project.
fn first_number(province: &Province, measure: usize) -> usize {
    // Counted as the projects themselves are: vanished ones take a number and count for nothing.
    let mut number = 0;
    for words in &province.measures[..measure] {
        let mut wanted = words.projects;
        while wanted > 0 {
            number += 1;
            wanted -= usize::from(projects::stands(number));
        }
    }
    number + 1
}

fn events(rng: &mut Rng, identified: Day, as_of: Day, sponsor: Option<Id>, province: &Province) -> Vec<(Day, Event)> {
    let mut events = Vec::new();
    let room = as_of - identified;
    // Most of what happens to an initiative happens soon, or it does not happen.
    let after = |rng: &mut Rng, day: Day| {
        let wait = rng.small(2, i64::from((as_of - day).max(2)));
        day.plus(wait as i32).min(as_of)
    };
    if !rng.chance(20) {
        let by = sponsor.unwrap_or_else(|| province.id(Family::Agency, province.agency("labour") + 1));
        let result = rng.chance(800).then(|| text(*rng.pick(people::OUTREACH_RESULTS)));
        events.push((
            identified.plus(rng.days(0, room.clamp(0, 25))),
            Event::Outreach(by, result),
        ));
    }
    let far = rng.below(1_000);
    let mut last = identified;
    if far < 520 && room > 6 {
        last = after(rng, identified).plus(-2).max(identified);
        events.push((last, Event::Empowered));
        if far < 205 && as_of - last > 2 {
            last = after(rng, last);
            events.push((last, Event::BroughtIn));
            if rng.chance(60) && as_of - last > 6 {
                events.push((last.plus(5), Event::Fell));
            }
        } else if rng.chance(600) && as_of - last > 3 {
            last = after(rng, last);
            events.push((last, Event::Inspected));
        }
    }
    if rng.chance(60) && as_of - last > 3 {
        let closed = rng.chance(300);
        events.push((after(rng, last), if closed { Event::Closed } else { Event::Stalled }));
    }
    events.sort_by_key(|(day, _)| *day);
    events
}

fn happen(i: &mut Initiative, event: Event, day: Day, shape: &Shape, pace: i64, odd: bool) {
    let jobs = i.jobs.get_or_insert_default();
    let capital = i.capital.get_or_insert_default();
    let money = shape.capital * MILLION;
    let part = |percent: i64| num((shape.jobs * percent + 50) / 100);
    match event {
        Event::Outreach(by, result) => i.outreach.push(Outreach {
            on: day,
            by,
            result,
            extra: None,
        }),
        Event::Empowered => {
            i.stage = Stage::Empowered;
            i.empowered = Some(day);
            jobs.claimed = part(pace);
            jobs.registered = part(pace - 12);
            capital.claimed = num(money * pace / 100);
        }
        Event::BroughtIn => {
            i.stage = Stage::BroughtIn;
            i.brought_in = Some(day);
            i.started = Some(day);
            jobs.approved = jobs.registered;
            // Rarely more is found on the spot than was claimed.
            jobs.verified = if odd {
                part(150).and_then(|n| num(n.get() as i64 + 1))
            } else {
                jobs.registered
            };
            // What a fund paid lies anywhere between a tenth and nearly all of it.
            capital.approved = num(money * (pace * 3 - 223).clamp(11, 94) / 100);
        }
        Event::Inspected => {
            jobs.approved = jobs.registered;
            jobs.verified = part(pace - 22).filter(|n| jobs.registered.is_none_or(|r| n.get() <= r.get()));
        }
        Event::Stalled => i.stage = Stage::Stalled,
        Event::Closed => i.stage = Stage::Closed,
        Event::Fell => {
            for step in [&mut jobs.claimed, &mut jobs.registered] {
                *step = step.and_then(|n| num((n.get() as i64 - 1).max(0)));
            }
            capital.claimed = num(money * pace / 125);
        }
    }
}
