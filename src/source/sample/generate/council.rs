//! Meetings of the council, their decisions, and evaluations.

use super::{Family, LOST_PROJECT, Life, Province, agencies, filled, num, projects, seen, text};
use crate::clock::Day;
use crate::contract::{Decision, DecisionState as State, Evaluation, Meeting};
use crate::source::sample::life::Story;
use crate::source::sample::words::council::{AGENDA, BODY, DECISIONS, EVALUATOR, REASONS, VERDICTS};
use crate::source::sample::words::projects::EVIDENCE;

/// Of a hundred decisions that are due, so many are executed.
const EXECUTED_PERCENT: usize = 88;
/// Every so many numbers a decision stands that vanished from the register.
const VANISHED: usize = 37;

/// The lives of all meetings.
pub fn meetings(province: &Province) -> Vec<Life> {
    let meeting = |(index, on): (usize, &Day)| {
        let points = (0..3).map(|i| text(AGENDA[(index * 3 + i) % AGENDA.len()])).collect();
        Story::begin(
            *on,
            Meeting {
                id: province.id(Family::Meeting, index + 1),
                number: index as u32 + 1,
                body: text(BODY),
                on: *on,
                agenda: points,
                updated: None,
                note: None,
                extra: None,
            },
        )
        .end()
    };
    province.meetings.iter().enumerate().map(meeting).collect()
}

/// Where a decision comes from and when it is due.
#[derive(Clone, Copy)]
struct Slot {
    number: usize,
    meeting: usize,
    place: usize,
    due: Option<Day>,
}

/// All decisions with their deadlines, in order; the vanished one is among them and counts for nothing.
fn slots(province: &Province) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (meeting, on) in province.meetings.iter().enumerate() {
        let wanted = province.decisions[meeting % 2];
        let mut place = 0;
        while place < wanted {
            let number = slots.len() + 1;
            let mut rng = province.rng("decision-due", number);
            let due = (!rng.chance(40)).then(|| on.plus(rng.days(6, 34)));
            place += usize::from(number != VANISHED);
            slots.push(Slot {
                number,
                meeting,
                place: place.max(1),
                due,
            });
        }
    }
    slots
}

/// The lives of all decisions.
pub fn decisions(province: &Province) -> Vec<Life> {
    let slots = slots(province);
    // Who fails is dealt out over all that are due, so that the executed share is what such councils report.
    let is_due = |s: &&Slot| s.number != VANISHED && s.due.is_some_and(|due| due <= province.as_of);
    let mut due: Vec<usize> = slots.iter().filter(is_due).map(|s| s.number).collect();
    province.rng("decision-order", 0).shuffle(&mut due);
    let executed = (due.len() * EXECUTED_PERCENT + 50) / 100;
    let fate = |number: usize| {
        due.iter()
            .position(|n| *n == number)
            .map(|place| place.checked_sub(executed))
    };
    slots
        .iter()
        .map(|slot| decision(province, *slot, fate(slot.number)))
        .collect()
}

/// `fate`: not yet due, or due and executed (`None`), or due and failed with a running number.
fn decision(province: &Province, slot: Slot, fate: Option<Option<usize>>) -> Life {
    let mut rng = province.rng("decision", slot.number);
    let on = province.meetings[slot.meeting];
    let (words, keys) = DECISIONS[(slot.number * 5) % DECISIONS.len()];
    let able = province.agencies_of(keys);
    let agency = able.get(rng.below(able.len() as u64) as usize).copied().unwrap_or(0);
    let (_, place, _) = rng.pick(province.counties);
    let measure = rng.below(province.measures.len() as u64) as usize + 1;
    let project = if slot.number == LOST_PROJECT.0 {
        Some(LOST_PROJECT.1)
    } else {
        related_project(province, &mut rng)
    };
    let moved = if rng.chance(80) { rng.days(5, 12) } else { 0 };
    let due = slot.due;
    let mut story = Story::begin(
        on,
        Decision {
            id: province.id(Family::Decision, slot.number),
            meeting: province.id(Family::Meeting, slot.meeting + 1),
            number: slot.place as u32,
            text: filled(
                words,
                &[("{agency}", province.agencies[agency].0.name), ("{place}", *place)],
            ),
            agency: province.id(Family::Agency, agency + 1),
            notified: None,
            due: due.map(|d| d.plus(-moved)),
            state: State::Decided,
            reason: None,
            executed: None,
            evidence: Vec::new(),
            measure: rng.chance(700).then(|| province.id(Family::Measure, measure)),
            project: project.map(|number| projects::id(province, number)),
            updated: seen(on),
            note: None,
            extra: None,
        },
    );
    // One in eight is notified late; two in a hundred not at all.
    let wait = if rng.chance(125) {
        rng.days(8, 15)
    } else {
        rng.days(1, 6)
    };
    let forgotten = rng.chance(20) && !matches!(fate, Some(None)) && slot.number != VANISHED;
    let notified = on.plus(wait);
    if notified > province.as_of || forgotten {
        return story.end();
    }
    let until = |wanted: Day| wanted.min(province.as_of).max(notified);
    story.then(notified, |d| {
        d.notified = Some(notified);
        d.state = State::Notified;
        d.updated = seen(notified);
    });
    let begun = until(notified.plus(rng.days(1, 6)));
    if begun < province.as_of {
        story.then(begun, |d| {
            d.state = State::InProgress;
            d.updated = seen(begun);
            if moved > 0 {
                d.due = due;
            }
        });
    } else if moved > 0 {
        story.then(notified, |d| d.due = due);
    }
    if slot.number == VANISHED {
        story.vanish(province.meetings[(slot.meeting + 3).min(11)]);
        return story.end();
    }
    match (fate, due) {
        (Some(None), Some(due)) => {
            let done = until(due.plus(-rng.days(-4, 9)));
            let proof = (!rng.chance(180)).then(|| text(*rng.pick(EVIDENCE)));
            story.then(done, |d| {
                d.state = State::Executed;
                d.executed = Some(done);
                d.evidence = proof.into_iter().collect();
                d.updated = seen(done);
            });
        }
        // Of those that failed: with a reason, without one, and still open past their day.
        (Some(Some(place)), Some(due)) if place % 3 < 2 => {
            let told = until(due.plus(rng.days(1, 6)));
            let reason = (place % 3 == 0).then(|| text(*rng.pick(REASONS)));
            story.then(told, |d| {
                d.state = State::NotExecuted;
                d.reason = reason;
                d.updated = seen(told);
            });
        }
        (None, _) if rng.chance(60) => {
            let told = until(begun.plus(2));
            story.then(told, |d| {
                d.state = State::Settled;
                d.updated = seen(told);
            });
        }
        _ => {}
    }
    story.end()
}

fn related_project(province: &Province, rng: &mut super::Rng) -> Option<usize> {
    let (number, _) = *rng.pick(&projects::slots(province));
    (rng.chance(350) && projects::stands(number)).then_some(number)
}

/// The lives of all evaluations: two rounds of agencies, so that ranks change, and one of measures.
pub fn evaluations(province: &Province) -> Vec<Life> {
    let last = province.meetings.len() - 1;
    let mut lives = Vec::new();
    let judge = |lives: &mut Vec<Life>, meeting: usize, kind: &str, subject, score: i64| {
        let on = province.meetings[meeting];
        let verdict = match score {
            80.. => VERDICTS[0],
            65..80 => VERDICTS[1],
            50..65 => VERDICTS[2],
            _ => VERDICTS[3],
        };
        let number = lives.len() + 1;
        let record = Evaluation {
            id: province.id(Family::Evaluation, number),
            subject_kind: kind.into(),
            subject,
            meeting: Some(province.id(Family::Meeting, meeting + 1)),
            on,
            by: text(EVALUATOR),
            score: num(score.clamp(0, 100)),
            verdict: text(verdict),
            updated: None,
            note: None,
            extra: None,
        };
        lives.push(Story::begin(on, record).end());
    };
    for (round, meeting) in [5, last].into_iter().enumerate() {
        for agency in 0..province.evaluated.min(province.agencies.len()) {
            let mut rng = province.rng("evaluation", agency * 2 + round);
            if round == 0 && rng.chance(60) {
                continue;
            }
            let score = agencies::standing(province, agency) + rng.range(-14, 14);
            judge(
                &mut lives,
                meeting,
                "agency",
                province.id(Family::Agency, agency + 1),
                score,
            );
        }
    }
    for (index, words) in province.measures.iter().enumerate() {
        let score = 72 + words.drift * 2 + province.rng("evaluation-measure", index).range(-6, 6);
        judge(
            &mut lives,
            last,
            "measure",
            province.id(Family::Measure, index + 1),
            score,
        );
    }
    lives
}
