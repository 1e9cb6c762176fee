//! The private sector's demands, the enterprises that go to small ones, and campaigns.

use super::{Family, LOST_AGENCY, Life, Province, filled, num, seen, text};
use crate::contract::Text;
use crate::contract::{Campaign, CampaignKind, CampaignState, Demand, DemandState, Enterprise};
use crate::source::sample::life::Story;
use crate::source::sample::words::campaigns::{AUDIENCES, CAMPAIGNS};
use crate::source::sample::words::council::{ANSWERS, DEMANDS, RAISED_BY};
use crate::source::sample::words::places::{ENTERPRISE_FORMS, ENTERPRISE_NAMES};

/// The demand whose state is a word this version does not know.
const UNKNOWN_STATE: usize = 9;
/// The demand that vanished from the register.
const VANISHED: usize = 29;

/// The lives of all enterprises.
pub fn enterprises(province: &Province) -> Vec<Life> {
    (0..province.enterprises)
        .map(|index| {
            let mut rng = province.rng("enterprise", index);
            let (form, sector) = ENTERPRISE_FORMS[index % ENTERPRISE_FORMS.len()];
            let name = ENTERPRISE_NAMES[(index * 5 + index / ENTERPRISE_FORMS.len()) % ENTERPRISE_NAMES.len()];
            let county = rng.small(0, province.counties.len() as i64 - 1) as usize;
            // The last two joined on the way.
            let joined = if index + 2 >= province.enterprises {
                province.meetings[6]
            } else {
                province.dawn()
            };
            Story::begin(
                joined,
                Enterprise {
                    id: province.id(Family::Enterprise, index + 1),
                    name: Text::both(format!("{} {}", form.0, name.0), format!("{} {}", name.1, form.1)),
                    sector: Some(text(sector)),
                    county: Some(province.county_id(county)),
                    updated: None,
                    note: None,
                    extra: None,
                },
            )
            .end()
        })
        .collect()
}

/// The lives of all demands; one number stands for a demand that vanished.
pub fn demands(province: &Province) -> Vec<Life> {
    (1..=province.demands + 1)
        .map(|number| demand(province, number))
        .collect()
}

fn demand(province: &Province, number: usize) -> Life {
    let mut rng = province.rng("demand", number);
    let (topic, words, key) = DEMANDS[(number * 7) % DEMANDS.len()];
    let (_, place, _) = rng.pick(province.counties);
    let window = province.as_of - province.dawn();
    // Demands come in the order of their numbers, about one a day.
    let received = province
        .dawn()
        .plus(window * number as i32 / (province.demands as i32 + 2));
    let agency = if number == LOST_AGENCY.0 {
        LOST_AGENCY.1
    } else {
        province.agency(key) + 1
    };
    let mut story = Story::begin(
        received,
        Demand {
            id: province.id(Family::Demand, number),
            raised_by: text(*rng.pick(RAISED_BY)),
            topic: text(topic),
            text: filled(words, &[("{place}", *place)]),
            agency: None,
            received,
            due: None,
            state: DemandState::Received,
            answered: None,
            answer: None,
            decision: None,
            updated: seen(received),
            note: None,
            extra: None,
        },
    );
    let referred = received.plus(rng.days(1, 5));
    // One in ten waits for an addressee.
    let waits = rng.chance(100) && ![LOST_AGENCY.0, UNKNOWN_STATE, VANISHED].contains(&number);
    if referred >= province.as_of || waits {
        return story.end();
    }
    story.then(referred, |d| {
        d.agency = Some(province.id(Family::Agency, agency));
        d.due = Some(referred.plus(15));
        d.state = if number == UNKNOWN_STATE {
            DemandState::from("under-review")
        } else {
            DemandState::Referred
        };
        d.updated = seen(referred);
    });
    if number == VANISHED {
        story.vanish(province.meetings[10]);
        return story.end();
    }
    let answered = referred.plus(rng.days(5, 24));
    if number == UNKNOWN_STATE || answered >= province.as_of || !rng.chance(780) {
        return story.end();
    }
    let end = match rng.below(10) {
        0..6 => DemandState::Answered,
        6..9 => DemandState::Settled,
        _ => DemandState::Rejected,
    };
    let answer = text(*rng.pick(ANSWERS));
    story.then(answered, |d| {
        d.state = end;
        d.answered = Some(answered);
        d.answer = Some(answer);
        d.updated = seen(answered);
    });
    story.end()
}

/// The lives of all campaigns.
pub fn campaigns(province: &Province) -> Vec<Life> {
    // Evenly over the four kinds, also where a province runs fewer than the table holds.
    let index = |i: usize| i * CAMPAIGNS.len() / province.campaigns;
    (0..province.campaigns)
        .map(|i| campaign(province, i + 1, index(i)))
        .collect()
}

fn campaign(province: &Province, number: usize, row: usize) -> Life {
    let mut rng = province.rng("campaign", number);
    let (kind, title, key) = CAMPAIGNS[row % CAMPAIGNS.len()];
    let start = province.dawn().plus(rng.days(3, province.as_of - province.dawn() + 9));
    let end = start.plus(rng.days(7, 45));
    let planned = rng.small(2, 120) * 1_000;
    let mut story = Story::begin(
        province.dawn(),
        Campaign {
            id: province.id(Family::Campaign, number),
            campaign_kind: CampaignKind::from(kind),
            title: text(title),
            agency: province.id(Family::Agency, province.agency(key) + 1),
            start: Some(start),
            end: Some(end),
            audience: Some(text(*rng.pick(AUDIENCES))),
            reach_planned: num(planned),
            reach: None,
            state: Some(CampaignState::Planned),
            updated: seen(province.dawn()),
            note: None,
            extra: None,
        },
    );
    if start >= province.as_of {
        return story.end();
    }
    story.then(start, |c| {
        c.state = Some(CampaignState::Running);
        c.updated = seen(start);
    });
    // Reach is told twice: claimed early, and in two of ten cases corrected downwards when it ends.
    let middle = start.plus((end - start) / 2);
    let told = rng.range(30, 90);
    if middle < province.as_of {
        story.then(middle, |c| {
            c.reach = num(planned * told / 100);
            c.updated = seen(middle);
        });
    }
    if end < province.as_of {
        let last = if number % 5 == 2 {
            told - 12
        } else {
            rng.range(told, 140)
        };
        story.then(end, |c| {
            c.reach = num(planned * last / 100);
            c.state = Some(CampaignState::Done);
            c.updated = seen(end);
        });
    }
    story.end()
}
