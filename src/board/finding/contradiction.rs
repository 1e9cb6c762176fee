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
    const NOTHING: Said = ("", None);
    let (word, denied): (Fact, [Said; 2]) = match record {
        Record::Plan(r) => {
            let word = Fact::Word(PlanState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                PlanState::NotSubmitted => [dated("submitted", r.submitted), dated("accepted", r.accepted)],
                PlanState::Submitted | PlanState::Returned => [dated("accepted", r.accepted), NOTHING],
                PlanState::Accepted | PlanState::Other(_) => [NOTHING; 2],
            };
            (word, denied)
        }
        Record::Project(r) => {
            let word = Fact::Word(ProjectState::PREFIX, r.state.as_str().into());
            let begun = r.physical.map(Num::get).filter(|percent| *percent > 0.0);
            let denied = match r.state {
                ProjectState::NotStarted => [("physical", begun.map(number)), dated("completed", r.completed)],
                ProjectState::InProgress | ProjectState::Stopped => [dated("completed", r.completed), NOTHING],
                _ => [NOTHING; 2],
            };
            (word, denied)
        }
        Record::Decision(r) => {
            let word = Fact::Word(DecisionState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                DecisionState::Decided => [dated("notified", r.notified), dated("executed", r.executed)],
                DecisionState::Notified | DecisionState::InProgress | DecisionState::NotExecuted => {
                    [dated("executed", r.executed), NOTHING]
                }
                DecisionState::Executed | DecisionState::Settled | DecisionState::Other(_) => [NOTHING; 2],
            };
            (word, denied)
        }
        Record::Demand(r) => {
            let word = Fact::Word(DemandState::PREFIX, r.state.as_str().into());
            let denied = match r.state {
                DemandState::Received | DemandState::Referred => [
                    dated("answered", r.answered),
                    ("answer", r.answer.clone().map(Fact::Text)),
                ],
                _ => [NOTHING; 2],
            };
            (word, denied)
        }
        Record::Initiative(r) => {
            let word = Fact::Word(Stage::PREFIX, r.stage.as_str().into());
            // A day ahead is a plan; only what is said to have happened denies the stage.
            let past = |on: Option<Day>| on.filter(|on| *on <= cx.today);
            let denied = match r.stage {
                Stage::Identified => [
                    dated("empowered", past(r.empowered)),
                    dated("brought_in", past(r.brought_in)),
                ],
                Stage::Empowered => [dated("brought_in", past(r.brought_in)), NOTHING],
                _ => [NOTHING; 2],
            };
            (word, denied)
        }
        Record::Agency(r) => {
            owner = "duty";
            let mut open = r.duties.iter().filter(|duty| duty.state == Some(DutyState::Open));
            let word = Fact::Word(DutyState::PREFIX, DutyState::Open.as_str().into());
            (word, [dated("done", open.find_map(|duty| duty.done)), NOTHING])
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
    type Happened = (&'static str, &'static str, Option<Day>);
    const NOTHING: Happened = ("", "", None);
    let happened: [Happened; 4] = match record {
        Record::Measure(r) => {
            let readings = r.indicators.iter().flat_map(|indicator| &indicator.readings);
            let readings = ("indicator", "readings", readings.map(|reading| reading.on).max());
            [readings, NOTHING, NOTHING, NOTHING]
        }
        Record::Project(r) => {
            let milestones = r.milestones.iter().filter_map(|milestone| milestone.done).max();
            [
                (own, "completed", r.completed),
                (own, "readings", r.readings.iter().map(|reading| reading.on).max()),
                ("milestone", "done", milestones),
                NOTHING,
            ]
        }
        Record::Agency(r) => {
            let visits = r.expert.iter().flat_map(|expert| &expert.visits);
            [
                ("duty", "done", r.duties.iter().filter_map(|duty| duty.done).max()),
                ("expert", "visits", visits.map(|visit| visit.on).max()),
                NOTHING,
                NOTHING,
            ]
        }
        Record::Plan(r) => [
            (own, "submitted", r.submitted),
            (own, "returned", r.returned),
            (own, "accepted", r.accepted),
            (own, "follow_ups", r.follow_ups.iter().map(|step| step.on).max()),
        ],
        Record::Decision(r) => [
            (own, "notified", r.notified),
            (own, "executed", r.executed),
            NOTHING,
            NOTHING,
        ],
        Record::Demand(r) => [
            (own, "received", Some(r.received)),
            (own, "answered", r.answered),
            NOTHING,
            NOTHING,
        ],
        Record::Evaluation(r) => [(own, "on", Some(r.on)), NOTHING, NOTHING, NOTHING],
        Record::Initiative(r) => [
            (own, "identified", r.identified),
            (own, "empowered", r.empowered),
            (own, "brought_in", r.brought_in),
            (own, "outreach", r.outreach.iter().map(|visit| visit.on).max()),
        ],
        // A meeting and a campaign may well lie ahead.
        Record::Meeting(_) | Record::Campaign(_) | Record::Enterprise(_) => [NOTHING; 4],
    };
    let (owner, field, on) = happened
        .into_iter()
        .chain([(own, "updated", updated)])
        .find_map(|(owner, field, on)| Some((owner, field, on.filter(|on| *on > cx.today)?)))?;
    Some(Hit::new([("field", Fact::Field(owner, field)), ("day", day(on))]))
}

/// The source holds further records of this id; the first one counts.
pub(super) static DUPLICATE: Rule = new_rule!("duplicate-id", Data, Kind::ALL, duplicate);

fn duplicate(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let more = cx.board.duplicates(record.kind(), record.id());
    (more > 0).then(|| Hit::new([("count", count(more))]))
}
