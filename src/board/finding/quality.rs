//! The quality of the data: references that lead nowhere, reversed dates, figures that cannot be, unknown values, stale records.

use super::values::{count, day, days, number};
use super::{Context, Depends, Fact, Hit, Rule, new_rule};
use crate::board::reference::{Field, Target, references};
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{CampaignKind, Decision, DecisionState, DemandState, Origin, Pillar};
use crate::contract::{Category, Figure, InitiativeKind, Kind, PlanState, ProjectState, Record, Stage, Step};

const ALL: &[Kind] = Kind::ALL;

/// A reference names a record or a county that does not exist; the first such is named.
pub(super) static DANGLING: Rule = new_rule!(
    "dangling-reference",
    Data,
    ALL,
    dangling,
    depends & [Depends::Existence]
);

fn dangling(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let mut first = None;
    let mut found = 0_usize;
    references(record, |field, target, id| {
        if !cx.may_exist(target, id) {
            found += 1;
            let fact = match target.kinds().first() {
                Some(kind) if target != Target::County => Fact::Link(*kind, id.clone()),
                _ => Fact::County(id.clone()),
            };
            first.get_or_insert((field, fact));
        }
    });
    let (field, target) = first?;
    let values = [
        ("field", Fact::Field(field.title().0, field.title().1)),
        ("target", target),
        ("count", count(found)),
    ];
    Some(Hit::new(values))
}

/// A percentage lies outside 0–100.
pub(super) static OUT_OF_RANGE: Rule = new_rule!(
    "percent-out-of-range",
    Data,
    &[Kind::Project, Kind::Plan, Kind::Evaluation],
    out_of_range,
);

fn out_of_range(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let figures: &[(&'static str, Option<Num>)] = match record {
        Record::Project(r) => &[("physical", r.physical), ("financial", r.financial)],
        Record::Plan(r) => &[("score", r.score)],
        Record::Evaluation(r) => &[("score", r.score)],
        _ => &[],
    };
    let outside = |value: f64| !(0.0..=100.0).contains(&value);
    let bad = figures
        .iter()
        .find_map(|(field, n)| n.map(Num::get).filter(|v| outside(*v)).map(|v| (*field, v)));
    let (field, value) = bad.or_else(|| match record {
        Record::Project(r) => r
            .path
            .iter()
            .map(|point| ("path", point.percent.get()))
            .find(|(_, v)| outside(*v))
            .or_else(|| {
                r.readings.iter().find_map(|reading| {
                    let both = [reading.physical, reading.financial];
                    both.into_iter()
                        .flatten()
                        .map(Num::get)
                        .find(|v| outside(*v))
                        .map(|v| ("readings", v))
                })
            }),
        _ => None,
    })?;
    Some(Hit::new([
        ("field", Fact::Field(record.kind().as_str(), field)),
        ("value", number(value)),
    ]))
}

/// Two dates stand in an order they cannot have; the first such pair is named.
pub(super) static REVERSED: Rule = new_rule!(
    "dates-reversed",
    Data,
    ALL,
    reversed,
    depends & [Depends::Contents(Field::DecisionMeeting)]
);

fn reversed(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    type Dated = (&'static str, Option<Day>);
    if let Record::Decision(decision) = record
        && let Some(hit) = before_its_meeting(decision, cx)
    {
        return Some(hit);
    }
    const NONE: (Dated, Dated) = (("", None), ("", None));
    // Each pair: what comes first, what comes after it.
    let pairs: [(Dated, Dated); 3] = match record {
        Record::Measure(r) => [(("start", r.start), ("due", r.due)), NONE, NONE],
        Record::Project(r) => [
            (("start", r.start), ("due", r.due)),
            (("start", r.start), ("completed", r.completed)),
            NONE,
        ],
        Record::Plan(r) => [
            (("due", Some(r.due)), ("extended_to", r.extended_to)),
            (("submitted", r.submitted), ("accepted", r.accepted)),
            NONE,
        ],
        Record::Decision(r) => [(("notified", r.notified), ("executed", r.executed)), NONE, NONE],
        Record::Demand(r) => [
            (("received", Some(r.received)), ("due", r.due)),
            (("received", Some(r.received)), ("answered", r.answered)),
            NONE,
        ],
        Record::Campaign(r) => [(("start", r.start), ("end", r.end)), NONE, NONE],
        Record::Initiative(r) => [
            (("identified", r.identified), ("empowered", r.empowered)),
            (("empowered", r.empowered), ("brought_in", r.brought_in)),
            (("identified", r.identified), ("brought_in", r.brought_in)),
        ],
        Record::Agency(_) | Record::Enterprise(_) | Record::Meeting(_) | Record::Evaluation(_) => [NONE; 3],
    };
    pairs.iter().find_map(|((first, a), (second, b))| {
        let (a, b) = ((*a)?, (*b)?);
        (a > b).then(|| {
            Hit::new([
                ("first", Fact::Field(record.kind().as_str(), first)),
                ("first_day", day(a)),
                ("second", Fact::Field(record.kind().as_str(), second)),
                ("second_day", day(b)),
            ])
        })
    })
}

/// A decision notified or executed before the meeting that took it.
fn before_its_meeting(decision: &Decision, cx: &Context<'_>) -> Option<Hit> {
    let held = cx.board.meetings().get(decision.meeting.as_str())?.on;
    let dates = [("notified", decision.notified), ("executed", decision.executed)];
    let (field, on) = dates
        .into_iter()
        .find_map(|(field, on)| Some((field, on.filter(|on| *on < held)?)))?;
    Some(Hit::new([
        ("first", Fact::Field("meeting", "on")),
        ("first_day", day(held)),
        ("second", Fact::Field("decision", field)),
        ("second_day", day(on)),
    ]))
}

/// The stepped figures of a record, by the names of their fields.
pub(super) fn figures(record: &Record) -> [(&'static str, Option<&Figure>); 2] {
    match record {
        Record::Project(r) => [("jobs", r.jobs.as_ref()), ("", None)],
        Record::Initiative(r) => [("jobs", r.jobs.as_ref()), ("capital", r.capital.as_ref())],
        _ => [("", None), ("", None)],
    }
}

/// An amount that counts something is below nothing.
pub(super) static NEGATIVE: Rule = new_rule!(
    "figure-negative",
    Data,
    &[Kind::Measure, Kind::Project, Kind::Initiative, Kind::Campaign],
    negative,
);

fn negative(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let stepped = figures(record).into_iter().find_map(|(field, figure)| {
        let values = Step::ALL.into_iter().filter_map(|step| figure?.at(step));
        values.into_iter().find(|v| *v < 0.0).map(|v| (field, v))
    });
    let plain: &[(&'static str, Option<f64>)] = match record {
        Record::Measure(r) => &[("weight", r.weight.map(Num::get))],
        Record::Project(r) => &[
            ("weight", r.weight.map(Num::get)),
            ("budget", r.budget.map(|n| n as f64)),
            ("allocated", r.allocated.map(|n| n as f64)),
            ("spent", r.spent.map(|n| n as f64)),
        ],
        Record::Campaign(r) => &[
            ("reach_planned", r.reach_planned.map(Num::get)),
            ("reach", r.reach.map(Num::get)),
        ],
        _ => &[],
    };
    let (field, value) = stepped.or_else(|| {
        let bad = plain.iter().find(|(_, value)| value.is_some_and(|v| v < 0.0))?;
        Some((bad.0, bad.1?))
    })?;
    Some(Hit::new([
        ("field", Fact::Field(record.kind().as_str(), field)),
        ("value", number(value)),
    ]))
}

/// More was verified than was claimed, or than was committed where nothing was claimed.
pub(super) static VERIFIED_ABOVE: Rule = new_rule!(
    "verified-above",
    Notice,
    &[Kind::Project, Kind::Initiative],
    verified_above
);

fn verified_above(record: &Record, _: &Context<'_>) -> Option<Hit> {
    figures(record).into_iter().find_map(|(field, figure)| {
        let figure = figure?;
        let verified = figure.at(Step::Verified)?;
        let step = [Step::Claimed, Step::Committed]
            .into_iter()
            .find(|s| figure.at(*s).is_some())?;
        let said = figure.at(step)?;
        (verified > said).then(|| {
            Hit::new([
                ("field", Fact::Field(record.kind().as_str(), field)),
                ("verified", number(verified)),
                ("step", Fact::Word("figure", step.as_str().into())),
                ("said", number(said)),
            ])
        })
    })
}

/// A value of an open list is none of those this version knows; the first such is named.
pub(super) static UNKNOWN_VALUE: Rule = new_rule!("unknown-value", Data, ALL, unknown_value);

fn unknown_value(record: &Record, _: &Context<'_>) -> Option<Hit> {
    macro_rules! first_unknown {
        ($($field:literal $list:ident $value:expr),*) => {
            [$(($field, $list::PREFIX, Some($value).filter(|v| !v.is_known()).map(|v| v.as_str()))),*]
                .into_iter()
                .find_map(|(field, prefix, value)| value.map(|value| (field, prefix, value)))
        };
    }
    let (field, prefix, value) = match record {
        Record::Measure(r) => first_unknown!("pillar" Pillar &r.pillar),
        Record::Project(r) => first_unknown!("state" ProjectState &r.state),
        Record::Agency(r) => first_unknown!("category" Category &r.category),
        Record::Plan(r) => first_unknown!("state" PlanState &r.state),
        Record::Decision(r) => first_unknown!("state" DecisionState &r.state),
        Record::Demand(r) => first_unknown!("state" DemandState &r.state),
        Record::Campaign(r) => first_unknown!("campaign_kind" CampaignKind &r.campaign_kind),
        Record::Initiative(r) => first_unknown!(
            "initiative_kind" InitiativeKind &r.initiative_kind,
            "stage" Stage &r.stage,
            "origin" Origin &r.origin
        ),
        Record::Enterprise(_) | Record::Meeting(_) | Record::Evaluation(_) => None,
    }?;
    let values = [
        ("field", Fact::Field(record.kind().as_str(), field)),
        ("value", Fact::Word(prefix, value.into())),
    ];
    Some(Hit::new(values))
}

/// Nobody has looked after the record for longer than the headquarters' cadence. What is settled needs no looking after.
pub(super) static STALE: Rule = new_rule!("record-stale", Data, ALL, stale);

fn stale(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let age = cx.board.age(record)?;
    let cadence = cx.board.cadence();
    cx.board.is_stale(record).then(|| {
        let updated = cx.today.plus(-age);
        let values = [
            ("days", days(age)),
            ("updated", day(updated)),
            ("cadence", days(cadence)),
        ];
        Hit::new(values).since(Some(updated.plus(cadence).plus(1)))
    })
}
