//! Decisions of the council, demands of the private sector, and initiatives nobody has gone to.

use super::values::{day, days, limit, link};
use super::{Context, Depends, Fact, Hit, Rule, new_rule};
use crate::board::Limit;
use crate::board::reference::Field;
use crate::contract::{Decision, DecisionState, Demand, DemandState, Kind, Record, Stage};

const DECISIONS: &[Kind] = &[Kind::Decision];
const DEMANDS: &[Kind] = &[Kind::Demand];
const MEETINGS: &[Kind] = &[Kind::Meeting];
const BY_MEETING: &[Depends] = &[Depends::Contents(Field::DecisionMeeting)];

fn decision(record: &Record) -> Option<&Decision> {
    match record {
        Record::Decision(decision) => Some(decision),
        _ => None,
    }
}

fn demand(record: &Record) -> Option<&Demand> {
    match record {
        Record::Demand(demand) => Some(demand),
        _ => None,
    }
}

/// The due date has passed and the decision is neither executed, not executed nor settled; critical beyond
/// `decision_critical_days`.
pub(super) static DECISION_OVERDUE: Rule = new_rule!(
    "decision-overdue",
    Warning,
    DECISIONS,
    decision_overdue,
    limits & [Limit::DecisionCriticalDays]
);

fn decision_overdue(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let decision = decision(record).filter(|d| !d.state.is_final())?;
    let due = decision.due.filter(|due| cx.today > *due)?;
    let late = cx.today - due;
    let values = [
        ("agency", link(Kind::Agency, &decision.agency)),
        ("days", days(late)),
        ("due", day(due)),
        (
            "state",
            Fact::Word(DecisionState::PREFIX, decision.state.as_str().into()),
        ),
    ];
    Some(
        Hit::new(values)
            .since(Some(due.plus(1)))
            .severe_if(late > limit(cx.limits.decision_critical_days)),
    )
}

/// The decision was notified more than `notify_within_days` days after its meeting.
pub(super) static NOTIFIED_LATE: Rule = new_rule!(
    "decision-notified-late", Notice, DECISIONS, notified_late, waits MEETINGS, depends BY_MEETING, limits &[Limit::NotifyWithinDays]);

fn notified_late(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let decision = decision(record)?;
    let notified = decision.notified?;
    let held = cx.board.meetings().get(decision.meeting.as_str())?.on;
    let took = notified - held;
    (took > limit(cx.limits.notify_within_days)).then(|| {
        let values = [
            ("meeting", link(Kind::Meeting, &decision.meeting)),
            ("held", day(held)),
            ("notified", day(notified)),
            ("days", days(took)),
        ];
        Hit::new(values).since(Some(notified))
    })
}

/// The decision has not been notified, and more than `notify_within_days` days have passed since its meeting.
pub(super) static NOT_NOTIFIED: Rule = new_rule!(
    "decision-not-notified", Warning, DECISIONS, not_notified, waits MEETINGS, depends BY_MEETING, limits &[Limit::NotifyWithinDays]);

fn not_notified(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let decision = decision(record).filter(|d| d.notified.is_none())?;
    let held = cx.board.meetings().get(decision.meeting.as_str())?.on;
    let within = limit(cx.limits.notify_within_days);
    let passed = cx.today - held;
    (passed > within).then(|| {
        let values = [
            ("agency", link(Kind::Agency, &decision.agency)),
            ("meeting", link(Kind::Meeting, &decision.meeting)),
            ("held", day(held)),
            ("days", days(passed)),
        ];
        Hit::new(values).since(Some(held.plus(within).plus(1)))
    })
}

/// The decision was not executed and no reason is given.
pub(super) static WITHOUT_REASON: Rule = new_rule!("decision-without-reason", Warning, DECISIONS, without_reason);

fn without_reason(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let decision = decision(record).filter(|d| d.state == DecisionState::NotExecuted && d.reason.is_none())?;
    Some(Hit::new([("agency", link(Kind::Agency, &decision.agency))]))
}

/// The decision is called executed and nothing proves it.
pub(super) static WITHOUT_EVIDENCE: Rule = new_rule!(
    "decision-executed-without-evidence",
    Warning,
    DECISIONS,
    without_evidence
);

fn without_evidence(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let decision = decision(record).filter(|d| d.state == DecisionState::Executed && d.evidence.is_empty())?;
    Some(Hit::new([("agency", link(Kind::Agency, &decision.agency))]).since(decision.executed))
}

/// The answer's deadline has passed and the demand is neither answered, settled nor rejected.
pub(super) static DEMAND_OVERDUE: Rule = new_rule!("demand-overdue", Warning, DEMANDS, demand_overdue);

fn demand_overdue(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let demand = demand(record).filter(|d| !d.state.is_final())?;
    let due = demand.due.filter(|due| cx.today > *due)?;
    let values = [
        ("days", days(cx.today - due)),
        ("due", day(due)),
        ("age", days((cx.today - demand.received).max(0))),
        ("state", Fact::Word(DemandState::PREFIX, demand.state.as_str().into())),
    ];
    Some(Hit::new(values).since(Some(due.plus(1))))
}

/// A demand without a deadline has waited longer than the headquarters' cadence.
pub(super) static UNANSWERED: Rule = new_rule!("demand-unanswered", Notice, DEMANDS, unanswered);

fn unanswered(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let demand = demand(record).filter(|d| !d.state.is_final() && d.due.is_none())?;
    let age = cx.today - demand.received;
    let cadence = cx.board.cadence();
    (age > cadence).then(|| {
        let values = [("age", days(age)), ("received", day(demand.received))];
        Hit::new(values).since(Some(demand.received.plus(cadence).plus(1)))
    })
}

/// Nobody is named who should answer the demand.
pub(super) static WITHOUT_ADDRESSEE: Rule = new_rule!("demand-without-addressee", Notice, DEMANDS, without_addressee);

fn without_addressee(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let demand = demand(record).filter(|d| !d.state.is_final() && d.agency.is_none())?;
    let values = [
        ("age", days((cx.today - demand.received).max(0))),
        ("received", day(demand.received)),
    ];
    Some(Hit::new(values).since(Some(demand.received)))
}

/// An initiative was identified, goes on no further, and nobody has gone to it.
pub(super) static UNAPPROACHED: Rule = new_rule!("initiative-unapproached", Notice, &[Kind::Initiative], unapproached);

fn unapproached(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let Record::Initiative(initiative) = record else {
        return None;
    };
    // A visit of a day to come has not been paid.
    let visited = initiative.outreach.iter().any(|visit| visit.on <= cx.today);
    (initiative.stage == Stage::Identified && !visited).then(|| Hit::new([]).since(initiative.identified))
}
