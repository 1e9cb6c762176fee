//! Agencies with their duties and experts, and their operational plans with the steps taken after late ones.

use super::{Family, Life, Province, Rng, filled, num, seen, spread, text};
use crate::clock::Day;
use crate::contract::records::Step;
use crate::contract::{Agency, Category, Duty, DutyState, Expert, FollowUp, Plan, PlanState, Visit};
use crate::source::sample::life::Story;
use crate::source::sample::words::agencies::{
    DUTIES, FOLLOW_UP_NOTES, PLAN_TITLE, POSTS, RETURN_NOTES, SECOND_PLAN_TITLE, VISIT_RESULTS,
};
use crate::source::sample::words::projects::EVIDENCE;

/// What became of an agency's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// There is no record of a plan at all.
    NoRecord,
    /// Never submitted, past the deadline.
    Missing,
    /// Sent back and not yet mended.
    Returned,
    /// Submitted after the deadline.
    Late,
    /// Submitted in time.
    InTime,
}

/// Agencies in the order in which fates are dealt: some keys first, so that agencies with no project are among those with
/// nothing at all, then everyone else by lot.
fn order(province: &Province) -> Vec<usize> {
    let first = province.agencies_of(&["weather", "airports", "deeds", "labour", "city-power"]);
    let mut rest: Vec<usize> = (0..province.agencies.len()).filter(|i| !first.contains(i)).collect();
    province.rng("plan-order", 0).shuffle(&mut rest);
    first.into_iter().chain(rest).collect()
}

/// Agencies without any record of a plan: those of the first three keys the province has.
fn without_record(province: &Province) -> usize {
    province.agencies_of(&["weather", "airports", "deeds"]).len()
}

fn fate(province: &Province, place: usize) -> Fate {
    let [missing, returned, late] = province.plans;
    match place {
        p if p < without_record(province) => Fate::NoRecord,
        p if p < missing => Fate::Missing,
        p if p < missing + returned => Fate::Returned,
        p if p < missing + returned + late => Fate::Late,
        _ => Fate::InTime,
    }
}

/// How well an agency does, 0–100, before chance: in time is good, nothing at all is poor.
pub fn standing(province: &Province, agency: usize) -> i64 {
    let place = order(province).iter().position(|a| *a == agency).unwrap_or(0);
    match fate(province, place) {
        Fate::NoRecord => 32,
        Fate::Missing => 48,
        Fate::Returned => 58,
        Fate::Late => 66,
        Fate::InTime => 78,
    }
}

/// The lives of all agencies.
pub fn agencies(province: &Province) -> Vec<Life> {
    let order = order(province);
    let place = |agency: usize| order.iter().position(|a| *a == agency).unwrap_or(0);
    (0..province.agencies.len())
        .map(|index| agency(province, index, place(index)))
        .collect()
}

fn agency(province: &Province, index: usize, place: usize) -> Life {
    let (words, category) = province.agencies[index];
    let mut rng = province.rng("agency", index);
    // Two agencies with no plan record have no duty either: nobody gave them a mission. A few others have a plan but no duty.
    let no_duty = place < without_record(province).min(2) || place % 13 == 9;
    let no_expert = place < 2 || place % 6 == 5;
    let duties = if no_duty {
        Vec::new()
    } else {
        duties(province, &mut rng, index, category)
    };
    let mut story = Story::begin(
        province.dawn(),
        Agency {
            id: province.id(Family::Agency, index + 1),
            name: text(words.name),
            category: Category::from(category),
            duties,
            expert: None,
            updated: seen(province.dawn()),
            note: None,
            extra: None,
        },
    );
    let fresh = rng.chance(800);
    let count = rng.days(2, 5);
    let days = spread(&mut rng, province.dawn(), province.as_of.plus(-1), count, fresh);
    for (turn, day) in days.into_iter().enumerate() {
        story.then(day, |agency| {
            match &mut agency.expert {
                None if !no_expert => {
                    let post = text(*rng.pick(POSTS));
                    agency.expert = Some(Expert {
                        post,
                        appointed: Some(day),
                        visits: Vec::new(),
                        extra: None,
                    });
                }
                Some(expert) => expert.visits.push(visit(province, &mut rng, day)),
                None => {}
            }
            if turn >= 2 {
                finish_one(agency, &mut rng, day);
            }
            agency.updated = seen(day);
        });
    }
    story.end()
}

fn duties(province: &Province, rng: &mut Rng, index: usize, category: &str) -> Vec<Duty> {
    let table = DUTIES.iter().find(|(c, _)| *c == category).or(DUTIES.last());
    let titles = table.map_or(&[][..], |(_, titles)| titles);
    let count = rng.range(2, 4).min(titles.len() as i64) as usize;
    let from = rng.below(titles.len() as u64) as usize;
    let measure = |i: usize| (index + i * 3) % province.measures.len() + 1;
    (0..count)
        .map(|i| Duty {
            id: province.id(Family::Duty, i + 1),
            title: text(titles[(from + i) % titles.len()]),
            measure: (!rng.chance(250)).then(|| province.id(Family::Measure, measure(i))),
            due: Some(province.new_year().plus(rng.days(45, 330))),
            state: Some(DutyState::Open),
            done: None,
            evidence: Vec::new(),
            extra: None,
        })
        .collect()
}

fn finish_one(agency: &mut Agency, rng: &mut Rng, day: Day) {
    let evidence = (!rng.chance(200)).then(|| text(*rng.pick(EVIDENCE)));
    if let Some(duty) = agency.duties.iter_mut().find(|d| d.state == Some(DutyState::Open)) {
        duty.state = Some(DutyState::Done);
        duty.done = Some(day);
        duty.evidence = evidence.into_iter().collect();
    }
}

fn visit(province: &Province, rng: &mut Rng, day: Day) -> Visit {
    let (_, place, _) = rng.pick(province.counties);
    Visit {
        on: day.plus(-rng.days(0, 3)),
        place: Some(text(*place)),
        result: Some(text(*rng.pick(VISIT_RESULTS))),
        extra: None,
    }
}

/// The lives of all plans.
pub fn plans(province: &Province) -> Vec<Life> {
    let mut lives = Vec::new();
    let order = order(province);
    let mut number = 0;
    for agency in 0..province.agencies.len() {
        let place = order.iter().position(|a| *a == agency).unwrap_or(0);
        let fate = fate(province, place);
        if fate == Fate::NoRecord {
            continue;
        }
        number += 1;
        lives.push(plan(province, number, agency, place, fate));
        // Two agencies that owe their plan owe a second one too, due in a few days.
        let turn = place.wrapping_sub(without_record(province));
        if fate == Fate::Missing && turn < 2 {
            number += 1;
            lives.push(second_plan(
                province,
                number,
                agency,
                province.as_of.plus(2 + 2 * turn as i32),
            ));
        }
    }
    lives
}

fn blank(province: &Province, number: usize, agency: usize, title: super::Pair, due: Day, on: Day) -> Plan {
    let (fa, en) = (super::persian(i64::from(province.year)), province.year.to_string());
    Plan {
        id: province.id(Family::Plan, number),
        agency: province.id(Family::Agency, agency + 1),
        title: match filled(title, &[]) {
            crate::contract::Text::Each(each) => {
                let [f, e] = each.map(|t| t.unwrap_or_default());
                crate::contract::Text::both(f.replace("{year}", &fa), e.replace("{year}", &en))
            }
            one => one,
        },
        due,
        extended_to: None,
        state: PlanState::NotSubmitted,
        submitted: None,
        returned: None,
        accepted: None,
        participation: None,
        score: None,
        follow_ups: Vec::new(),
        updated: seen(on),
        note: None,
        extra: None,
    }
}

fn second_plan(province: &Province, number: usize, agency: usize, due: Day) -> Life {
    let asked = province
        .meetings
        .iter()
        .rev()
        .nth(2)
        .copied()
        .unwrap_or(province.dawn());
    Story::begin(asked, blank(province, number, agency, SECOND_PLAN_TITLE, due, asked)).end()
}

fn plan(province: &Province, number: usize, agency: usize, place: usize, fate: Fate) -> Life {
    let mut rng = province.rng("plan", agency);
    let rng = &mut rng;
    let due = province.plan_due;
    let mut story = Story::begin(
        province.dawn(),
        blank(province, number, agency, PLAN_TITLE, due, province.dawn()),
    );
    let submit = |story: &mut Story<Plan>, rng: &mut Rng, day: Day| {
        let participation = rng.chance(720);
        story.then(day, |p| {
            p.state = PlanState::Submitted;
            p.submitted = Some(day);
            p.participation = Some(participation);
            p.updated = seen(day);
        });
    };
    match fate {
        Fate::NoRecord => {}
        Fate::Missing => {
            // Every third one was given more time, and let that pass too.
            if place % 3 == 1 {
                extend(&mut story, due.plus(-rng.days(1, 4)), due.plus(13));
            }
            follow_up(province, &mut story, rng, 4);
        }
        Fate::Returned => {
            let submitted = due.plus(-rng.days(1, 6));
            submit(&mut story, rng, submitted);
            let back = due.plus(rng.days(3, 9));
            send_back(&mut story, rng, back);
            follow_up(province, &mut story, rng, 2);
        }
        Fate::Late => {
            let late = due.plus(rng.days(3, 17));
            follow_up_until(&mut story, rng, late);
            submit(&mut story, rng, late);
            settle(province, &mut story, rng, late);
        }
        Fate::InTime => {
            let extended = place % 9 == 4;
            let day = if extended {
                extend(&mut story, due.plus(-rng.days(1, 5)), due.plus(10));
                due.plus(rng.days(2, 9))
            } else {
                let earliest = (due - province.dawn() - 2).max(1);
                due.plus(-(rng.small(0, i64::from(earliest)) as i32))
            };
            submit(&mut story, rng, day);
            if place % 7 == 3 {
                // Sent back once, mended, and then accepted.
                let back = day.plus(rng.days(3, 6));
                send_back(&mut story, rng, back);
                let again = back.plus(rng.days(2, 6));
                story.then(again, |p| {
                    p.state = PlanState::Submitted;
                    p.updated = seen(again);
                });
                settle(province, &mut story, rng, again);
            } else {
                settle(province, &mut story, rng, day);
            }
        }
    }
    story.end()
}

/// The deadline of one plan is moved: the planned date is rewritten.
fn extend(story: &mut Story<Plan>, on: Day, to: Day) {
    story.then(on, |p| {
        p.extended_to = Some(to);
        p.updated = seen(on);
    });
}

fn send_back(story: &mut Story<Plan>, rng: &mut Rng, on: Day) {
    let note = text(*rng.pick(RETURN_NOTES));
    story.then(on, |p| {
        p.state = PlanState::Returned;
        p.returned = Some(on);
        p.note = Some(note);
        p.updated = seen(on);
    });
}

/// Most plans in hand are read and accepted within three weeks, with a score.
fn settle(province: &Province, story: &mut Story<Plan>, rng: &mut Rng, submitted: Day) {
    let on = submitted.plus(rng.days(4, 20));
    if on < province.as_of && rng.chance(850) {
        let score = num(rng.range(55, 97));
        story.then(on, |p| {
            p.state = PlanState::Accepted;
            p.accepted = Some(on);
            p.score = score;
            p.updated = seen(on);
        });
    }
}

/// Days after the effective deadline at which each step of the ladder is taken.
const LADDER: [(Step, i32); 4] = [
    (Step::Reminder, 3),
    (Step::Warning, 10),
    (Step::GovernorNote, 20),
    (Step::CouncilAgenda, 27),
];

fn follow_up(province: &Province, story: &mut Story<Plan>, rng: &mut Rng, most: usize) {
    let last = rng.range(1, most as i64) as usize;
    follow(story, rng, province.as_of, last);
}

fn follow_up_until(story: &mut Story<Plan>, rng: &mut Rng, before: Day) {
    follow(story, rng, before, LADDER.len());
}

fn follow(story: &mut Story<Plan>, rng: &mut Rng, before: Day, most: usize) {
    for (step, after) in LADDER.iter().take(most) {
        let on = story.now().effective_due().plus(*after);
        if on >= before {
            return;
        }
        let note = rng.chance(400).then(|| text(*rng.pick(FOLLOW_UP_NOTES)));
        story.then(on, |p| {
            p.follow_ups.push(FollowUp {
                on,
                step: step.clone(),
                note,
                extra: None,
            });
            p.updated = seen(on);
        });
    }
}
