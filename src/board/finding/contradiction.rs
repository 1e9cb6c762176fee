//! Records that contradict themselves, the calendar or each other: a state its dates deny, a past that lies ahead, an id given twice.

use super::values::{count, day, number};
use super::{Context, Fact, Hit, Rule, new_rule};
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{DecisionState, DemandState, DutyState, Kind, PlanState, ProjectState, Record, Stage};

const STATED: &[Kind] = &[
    Kind::Project,
    Kind::Agency,
    Kind::Plan,
    Kind::Decision,
    Kind::Demand,
    Kind::Initiative,
];

/// The state says one thing and a date or figure beside it another; the first such is named. Which of the two is right cannot
/// be known here.
pub(super) static STATE: Rule = new_rule!("state-contradicts", Data, STATED, state);

/// A field with what it says, when it says something.
type Said = (&'static str, Option<Fact>);

fn dated(field: &'static str, on: Option<Day>) -> Said {
    (field, on.map(day))
}

fn state(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let mut owner = record.kind().as_str();
    let (word, denied): (Fact, Vec<Said>) = match record {
        Record::Plan(r) => {
            let word = Fact::Word(PlanState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                PlanState::NotSubmitted => vec![dated("submitted", r.submitted), dated("accepted", r.accepted)],
                PlanState::Submitted | PlanState::Returned => vec![dated("accepted", r.accepted)],
                PlanState::Accepted | PlanState::Other(_) => Vec::new(),
            };
            (word, denied)
        }
        Record::Project(r) => {
            let word = Fact::Word(ProjectState::PREFIX, r.state.as_str().into());
            let begun = r.physical.map(Num::get).filter(|percent| *percent > 0.0);
            let denied = match r.state {
                ProjectState::NotStarted => vec![("physical", begun.map(number)), dated("completed", r.completed)],
                ProjectState::InProgress | ProjectState::Stopped => vec![dated("completed", r.completed)],
                _ => Vec::new(),
            };
            (word, denied)
        }
        Record::Decision(r) => {
            let word = Fact::Word(DecisionState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                DecisionState::Decided => vec![dated("notified", r.notified), dated("executed", r.executed)],
                DecisionState::Notified | DecisionState::InProgress | DecisionState::NotExecuted => {
                    vec![dated("executed", r.executed)]
                }
                DecisionState::Executed | DecisionState::Settled | DecisionState::Other(_) => Vec::new(),
            };
            (word, denied)
        }
        Record::Demand(r) => {
            let word = Fact::Word(DemandState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                DemandState::Received | DemandState::Referred => {
                    vec![
                        dated("answered", r.answered),
                        ("answer", r.answer.clone().map(Fact::Text)),
                    ]
                }
                _ => Vec::new(),
            };
            (word, denied)
        }
        Record::Initiative(r) => {
            let word = Fact::Word(Stage::PREFIX, r.stage.as_str().into());
            // A day ahead is a plan; only what is said to have happened denies the stage.
            let past = |on: Option<Day>| on.filter(|on| *on <= cx.today);
            let denied = match r.stage {
                Stage::Identified => {
                    vec![
                        dated("empowered", past(r.empowered)),
                        dated("brought_in", past(r.brought_in)),
                    ]
                }
                Stage::Empowered => vec![dated("brought_in", past(r.brought_in))],
                _ => Vec::new(),
            };
            (word, denied)
        }
        Record::Agency(r) => {
            owner = "duty";
            let open = r.duties.iter().filter(|duty| duty.state == Some(DutyState::Open));
            let word = Fact::Word(DutyState::PREFIX, DutyState::Open.as_str().into());
            (word, open.map(|duty| dated("done", duty.done)).collect())
        }
        _ => return None,
    };
    let (field, value) = denied.into_iter().find_map(|(field, value)| Some((field, value?)))?;
    Some(Hit::new([
        ("field", Fact::Field(owner, field)),
        ("value", value),
        ("state", word),
    ]))
}

/// Something is said to have happened on a day that has not come; the first such is named.
pub(super) static FUTURE: Rule = new_rule!("date-in-future", Data, Kind::ALL, future);

fn future(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let updated = record.updated().map(|moment| moment.day(cx.board.zone()));
    let own = record.kind().as_str();
    let mut happened: Vec<(&'static str, &'static str, Option<Day>)> = match record {
        Record::Measure(r) => {
            let readings = r.indicators.iter().flat_map(|indicator| &indicator.readings);
            vec![("indicator", "readings", readings.map(|reading| reading.on).max())]
        }
        Record::Project(r) => {
            let milestones = r.milestones.iter().filter_map(|milestone| milestone.done).max();
            vec![
                (own, "completed", r.completed),
                (own, "readings", r.readings.iter().map(|reading| reading.on).max()),
                ("milestone", "done", milestones),
            ]
        }
        Record::Agency(r) => {
            let visits = r.expert.iter().flat_map(|expert| &expert.visits);
            vec![
                ("duty", "done", r.duties.iter().filter_map(|duty| duty.done).max()),
                ("expert", "visits", visits.map(|visit| visit.on).max()),
            ]
        }
        Record::Plan(r) => vec![
            (own, "submitted", r.submitted),
            (own, "returned", r.returned),
            (own, "accepted", r.accepted),
            (own, "follow_ups", r.follow_ups.iter().map(|step| step.on).max()),
        ],
        Record::Decision(r) => vec![(own, "notified", r.notified), (own, "executed", r.executed)],
        Record::Demand(r) => vec![(own, "received", Some(r.received)), (own, "answered", r.answered)],
        Record::Evaluation(r) => vec![(own, "on", Some(r.on))],
        Record::Initiative(r) => vec![
            (own, "identified", r.identified),
            (own, "empowered", r.empowered),
            (own, "brought_in", r.brought_in),
            (own, "outreach", r.outreach.iter().map(|visit| visit.on).max()),
        ],
        // A meeting and a campaign may well lie ahead.
        Record::Meeting(_) | Record::Campaign(_) | Record::Enterprise(_) => Vec::new(),
    };
    happened.push((own, "updated", updated));
    let (owner, field, on) = happened
        .into_iter()
        .find_map(|(owner, field, on)| Some((owner, field, on.filter(|on| *on > cx.today)?)))?;
    Some(Hit::new([("field", Fact::Field(owner, field)), ("day", day(on))]))
}

/// The source holds further records of this id; the first one counts.
pub(super) static DUPLICATE: Rule = new_rule!("duplicate-id", Data, Kind::ALL, duplicate);

fn duplicate(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let more = cx.board.duplicates(record.kind(), record.id());
    (more > 0).then(|| Hit::new([("count", count(more))]))
}
