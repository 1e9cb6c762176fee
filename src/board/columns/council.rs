//! Columns of meetings, decisions, demands, evaluations and campaigns. It must not know lists or screens.

use super::{
    Value, ValueKind, a_word, count, day, days, findings, link, moment, number, overdue, percent, table, text, word,
};
use crate::board::Board;
use crate::board::tally::{Decisions, rate};
use crate::contract::figure::Num;
use crate::contract::{
    Campaign, CampaignKind, CampaignState, Decision, DecisionState, Demand, DemandState, Evaluation, Kind, Meeting,
};

table! { MEETING of Meeting "meeting":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Meeting, r.id.clone());
    Field number: ValueKind::Number, true, (6, 6, 0), |_b, r| number(Some(r.number));
    Field body: ValueKind::Text, true, (12, 30, 3), |_b, r| Value::Text(r.body.clone());
    Field on: ValueKind::Day, true, (10, 10, 0), |_b, r| Value::Day(r.on);
    Field agenda: ValueKind::Number, false, (4, 7, 0), |_b, r| count(r.agenda.len());
    Derived decisions: ValueKind::Number, true, (5, 7, 0), |b, r| decisions(b, r, |_| true);
    Derived executed: ValueKind::Number, true, (4, 7, 0), |b, r| decisions(b, r, |d| d.state == DecisionState::Executed);
    Derived open_decisions: ValueKind::Number, true, (4, 7, 0), |b, r| decisions(b, r, |d| !d.state.is_final());
    Derived notified_in_time: ValueKind::Number, false, (4, 7, 0), |b, r| tally(b, r, |t| Some(count(t.notified_in_time)));
    Derived not_executed: ValueKind::Number, false, (4, 7, 0), |b, r| tally(b, r, |t| Some(count(t.not_executed)));
    Derived executed_rate: ValueKind::Percent, false, (5, 7, 0), |b, r| tally(b, r, |t| rate(t.due_executed, t.due).map(Value::Percent));
    Derived overdue_decisions: ValueKind::Number, true, (4, 7, 0), |b, r| decisions(b, r, |d| late(b, d).is_some());
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Meeting, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { DECISION of Decision "decision":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Decision, r.id.clone());
    Field meeting: ValueKind::Link, true, (5, 16, 1), |_b, r| link(Kind::Meeting, Some(&r.meeting));
    Derived meeting_on: ValueKind::Day, false, (10, 10, 0), |b, r| day(b.meetings().get(r.meeting.as_str()).map(|m| m.on));
    Field number: ValueKind::Number, true, (6, 6, 0), |_b, r| number(Some(r.number));
    Field text: ValueKind::Text, true, (14, 36, 3), |_b, r| Value::Text(r.text.clone());
    Field agency: ValueKind::Link, true, (10, 24, 1), |_b, r| link(Kind::Agency, Some(&r.agency));
    Field notified: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.notified);
    Derived notified_late: ValueKind::Flag, false, (3, 5, 0), |b, r| notified_late(b, r);
    Field due: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.due);
    Field state: word!(DecisionState), true, (0, 0, 0), |_b, r| a_word!(DecisionState, r.state);
    Derived days_overdue: ValueKind::Days, true, (4, 6, 0), |b, r| days(late(b, r));
    Field reason: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.reason);
    Field executed: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.executed);
    Field evidence: ValueKind::Number, false, (4, 7, 0), |_b, r| count(r.evidence.len());
    Field measure: ValueKind::Link, false, (10, 24, 1), |_b, r| link(Kind::Measure, r.measure.as_ref());
    Field project: ValueKind::Link, false, (10, 24, 1), |_b, r| link(Kind::Project, r.project.as_ref());
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Decision, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { DEMAND of Demand "demand":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Demand, r.id.clone());
    Field topic: ValueKind::Text, true, (12, 28, 3), |_b, r| Value::Text(r.topic.clone());
    Field raised_by: ValueKind::Text, true, (8, 20, 1), |_b, r| Value::Text(r.raised_by.clone());
    Field text: ValueKind::Text, false, (12, 36, 2), |_b, r| Value::Text(r.text.clone());
    Field agency: ValueKind::Link, true, (10, 24, 1), |_b, r| link(Kind::Agency, r.agency.as_ref());
    Field received: ValueKind::Day, true, (10, 10, 0), |_b, r| Value::Day(r.received);
    Derived age: ValueKind::Days, true, (4, 6, 0), |b, r| days(age(b, r));
    Field due: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.due);
    Field state: word!(DemandState), true, (0, 0, 0), |_b, r| a_word!(DemandState, r.state);
    Derived days_overdue: ValueKind::Days, true, (4, 6, 0), |b, r| days(overdue(r.due, r.state.is_final(), b.today()));
    Field answered: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.answered);
    Field answer: ValueKind::Text, false, (8, 24, 1), |_b, r| text(&r.answer);
    Field decision: ValueKind::Link, false, (8, 24, 1), |_b, r| link(Kind::Decision, r.decision.as_ref());
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Demand, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { EVALUATION of Evaluation "evaluation":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Evaluation, r.id.clone());
    Field subject_kind: ValueKind::Word { prefix: "kind", known: KIND_NAMES }, true, (0, 0, 0), |_b, r| Value::Word { prefix: "kind", value: r.subject_kind.clone() };
    Field subject: ValueKind::Link, true, (12, 30, 2), |_b, r| subject(r);
    Field meeting: ValueKind::Link, true, (5, 16, 1), |_b, r| link(Kind::Meeting, r.meeting.as_ref());
    Field on: ValueKind::Day, true, (10, 10, 0), |_b, r| Value::Day(r.on);
    Field by: ValueKind::Text, true, (8, 20, 1), |_b, r| Value::Text(r.by.clone());
    Field score: ValueKind::Number, true, (6, 6, 0), |_b, r| number(r.score);
    Field verdict: ValueKind::Text, true, (10, 28, 2), |_b, r| Value::Text(r.verdict.clone());
    Derived findings: ValueKind::Findings, false, (9, 11, 0), |b, r| findings(b, Kind::Evaluation, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { CAMPAIGN of Campaign "campaign":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Campaign, r.id.clone());
    Field campaign_kind: word!(CampaignKind), true, (0, 0, 0), |_b, r| a_word!(CampaignKind, r.campaign_kind);
    Field title: ValueKind::Text, true, (12, 30, 3), |_b, r| Value::Text(r.title.clone());
    Field agency: ValueKind::Link, true, (8, 24, 1), |_b, r| link(Kind::Agency, Some(&r.agency));
    Field start: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.start);
    Field end: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.end);
    Field audience: ValueKind::Text, false, (8, 18, 1), |_b, r| text(&r.audience);
    Field reach_planned: ValueKind::Number, false, (5, 9, 0), |_b, r| number(r.reach_planned);
    Field reach: ValueKind::Number, true, (7, 9, 0), |_b, r| number(r.reach);
    Derived reach_rate: ValueKind::Percent, true, (5, 7, 0), |_b, r| percent(reach_rate(r));
    Field state: word!(CampaignState), true, (0, 0, 0), |_b, r| match &r.state {
        Some(state) => a_word!(CampaignState, state),
        None => Value::Nothing,
    };
    Derived findings: ValueKind::Findings, false, (9, 11, 0), |b, r| findings(b, Kind::Campaign, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

/// The kinds a judgement may be about, by their names in the feed.
const KIND_NAMES: &[&str] = &[
    "measure",
    "project",
    "agency",
    "plan",
    "enterprise",
    "meeting",
    "decision",
    "demand",
    "campaign",
    "evaluation",
    "initiative",
];

fn decisions(board: &Board, meeting: &Meeting, counts: impl Fn(&Decision) -> bool) -> Value {
    if !board.is_whole(Kind::Decision) {
        return Value::Nothing;
    }
    let of_meeting = board.decisions_of_meeting(meeting.id.as_str());
    count(of_meeting.filter(|decision| counts(decision)).count())
}

fn tally(board: &Board, meeting: &Meeting, get: impl Fn(&Decisions) -> Option<Value>) -> Value {
    if !board.is_whole(Kind::Decision) {
        return Value::Nothing;
    }
    let of_meeting = board.decisions_of_meeting(meeting.id.as_str()).map(AsRef::as_ref);
    get(&board.count_decisions(of_meeting)).unwrap_or(Value::Nothing)
}

fn late(board: &Board, decision: &Decision) -> Option<i32> {
    overdue(decision.due, decision.state.is_final(), board.today())
}

/// Notified more days after its meeting than it may take, or not at all although they have passed.
fn notified_late(board: &Board, decision: &Decision) -> Value {
    let Some(meeting) = board.meetings().get(decision.meeting.as_str()) else {
        return Value::Nothing;
    };
    // A day ahead of today is a finding: nobody was notified yet.
    let notified = decision
        .notified
        .filter(|on| *on <= board.today())
        .unwrap_or(board.today());
    let days = notified - meeting.on;
    Value::Flag(i64::from(days) > i64::from(board.thresholds().notify_within_days))
}

/// Days from its receipt to its answer; to today while there is none and one is expected.
fn age(board: &Board, demand: &Demand) -> Option<i32> {
    let until = match demand.answered {
        Some(answered) => answered,
        None if demand.state.is_final() => return None,
        None => board.today(),
    };
    // Answered before it came, or received on a day to come: a finding, and no age.
    Some(until - demand.received).filter(|days| *days >= 0)
}

fn subject(evaluation: &Evaluation) -> Value {
    match Kind::named(&evaluation.subject_kind) {
        Some(kind) => Value::Link(kind, evaluation.subject.clone()),
        None => Value::Text(crate::contract::Text::one(evaluation.subject.as_str())),
    }
}

/// Reached over planned; nothing where nothing was planned.
fn reach_rate(campaign: &Campaign) -> Option<f64> {
    let planned = campaign.reach_planned.map(Num::get).filter(|planned| *planned > 0.0)?;
    Some(campaign.reach?.get() / planned * 100.0)
}
