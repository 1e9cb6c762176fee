//! Columns of measures, projects, agencies and plans. It must not know lists or screens.

use super::{
    ValueKind, a_word, count, county, day, days, findings, flag, link, moment, money, number, overdue, percent, points,
    step, table, text, word,
};
use crate::board::columns::Value;
use crate::board::indicator;
use crate::board::reference::Field;
use crate::board::standing::{Basis, Standing};
use crate::board::{Board, Class, actual, last_step};
use crate::contract::figure::Step as FigureStep;
use crate::contract::records::Step;
use crate::contract::{Agency, Category, Kind, Measure, Pillar, PlanState, ProjectState};

/// The exclusive classes of the submission board as words of the catalogue, in the board's own order.
const SUBMISSION: ValueKind = ValueKind::Word {
    prefix: "submission",
    known: &["on-time", "late", "returned", "overdue", "not-yet-due"],
};

table! { MEASURE of Measure "measure":
    Field id: ValueKind::Id, false, (4, 8, 0), |_b, r| Value::Id(Kind::Measure, r.id.clone());
    Field number: ValueKind::Number, true, (6, 6, 0), |_b, r| number(Some(r.number));
    Field title: ValueKind::Text, true, (12, 32, 3), |_b, r| Value::Text(r.title.clone());
    Field pillar: word!(Pillar), false, (0, 0, 0), |_b, r| a_word!(Pillar, r.pillar);
    Field lead: ValueKind::Link, true, (10, 24, 1), |_b, r| link(Kind::Agency, Some(&r.lead));
    Derived projects: ValueKind::Number, true, (5, 6, 0), |b, r| when(b, Kind::Project, count(b.progress(r.id.as_str()).projects));
    Derived progress: ValueKind::Progress, true, (7, 16, 0), |b, r| progress(b, r);
    Derived actual: ValueKind::Percent, false, (5, 7, 0), |b, r| percent(b.progress(r.id.as_str()).actual);
    Derived planned: ValueKind::Percent, false, (5, 7, 0), |b, r| percent(b.progress(r.id.as_str()).planned);
    Derived deviation: ValueKind::Points, true, (6, 6, 0), |b, r| points(b.progress(r.id.as_str()).deviation);
    Derived no_figure: ValueKind::Number, false, (4, 9, 0), |b, r| when(b, Kind::Project, count(b.progress(r.id.as_str()).without_figure));
    Derived initiatives: ValueKind::Number, false, (4, 8, 0), |b, r| when(b, Kind::Initiative, count(b.count_referring(Field::InitiativeMeasure, r.id.as_str())));
    Field weight: ValueKind::Number, false, (4, 6, 0), |_b, r| number(r.weight);
    Field start: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.start);
    Field due: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.due);
    Field indicators: ValueKind::Number, false, (4, 8, 0), |_b, r| count(r.indicators.len());
    Derived way: ValueKind::Percent, false, (5, 7, 0), |b, r| percent(way(b, r));
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Measure, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { PROJECT of Project "project":
    Field id: ValueKind::Id, true, (6, 8, 0), |_b, r| Value::Id(Kind::Project, r.id.clone());
    Field title: ValueKind::Text, true, (12, 32, 3), |_b, r| Value::Text(r.title.clone());
    Field measure: ValueKind::Link, false, (10, 24, 1), |_b, r| link(Kind::Measure, Some(&r.measure));
    Field agency: ValueKind::Link, true, (8, 24, 1), |_b, r| link(Kind::Agency, Some(&r.agency));
    Field county: ValueKind::County, true, (6, 10, 0), |_b, r| county(r.county.as_ref());
    Field state: word!(ProjectState), true, (0, 0, 0), |_b, r| a_word!(ProjectState, r.state);
    Field start: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.start);
    Field due: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.due);
    Field completed: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.completed);
    Field physical: ValueKind::Percent, true, (5, 7, 0), |_b, r| percent(r.physical.map(|n| n.get()));
    Field financial: ValueKind::Percent, false, (5, 7, 0), |_b, r| percent(r.financial.map(|n| n.get()));
    Derived planned: ValueKind::Percent, true, (5, 7, 0), |b, r| percent(b.planned(r));
    Derived deviation: ValueKind::Points, true, (6, 6, 0), |b, r| points(b.deviation(r));
    Derived progress: ValueKind::Progress, false, (7, 16, 0), |b, r| match (actual(r), b.planned(r)) {
        (None, None) => Value::Nothing,
        (actual, planned) => Value::Progress { actual, planned },
    };
    Derived days_overdue: ValueKind::Days, false, (4, 6, 0), |b, r| days(overdue(r.due, r.state.is_final(), b.today()));
    Field weight: ValueKind::Number, false, (4, 6, 0), |_b, r| number(r.weight);
    Field path: ValueKind::Number, false, (4, 6, 0), |_b, r| count(r.path.len());
    Field readings: ValueKind::Number, false, (4, 6, 0), |_b, r| count(r.readings.len());
    Field milestones: ValueKind::Number, false, (4, 6, 0), |_b, r| count(r.milestones.len());
    Field obstacles: ValueKind::Number, false, (4, 6, 0), |_b, r| count(r.obstacles.len());
    Field evidence: ValueKind::Number, false, (4, 6, 0), |_b, r| count(r.evidence.len());
    Field budget: ValueKind::Money, false, (8, 18, 0), |_b, r| money(r.budget);
    Field allocated: ValueKind::Money, false, (8, 18, 0), |_b, r| money(r.allocated);
    Field spent: ValueKind::Money, false, (8, 18, 0), |_b, r| money(r.spent);
    Part jobs_committed: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Committed);
    Part jobs_claimed: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Claimed);
    Part jobs_registered: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Registered);
    Part jobs_approved: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Approved);
    Part jobs_verified: ValueKind::Number, false, (4, 8, 0), |_b, r| step(&r.jobs, FigureStep::Verified);
    Field leap: ValueKind::Flag, false, (3, 5, 0), |_b, r| Value::Flag(r.leap.unwrap_or(true));
    Field responsible: ValueKind::Text, false, (8, 18, 0), |_b, r| r.responsible.clone().map_or(Value::Nothing, |post| Value::Text(crate::contract::Text::One(post)));
    Derived initiatives: ValueKind::Number, false, (4, 8, 0), |b, r| when(b, Kind::Initiative, count(b.count_referring(Field::InitiativeProject, r.id.as_str())));
    Derived contribution: ValueKind::Number, false, (5, 8, 0), |b, r| b.contribution(r).actual.map_or(Value::Nothing, Value::Number);
    Derived contribution_gap: ValueKind::Points, false, (5, 8, 0), |b, r| points(b.contribution(r).gap());
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Project, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { AGENCY of Agency "agency":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Agency, r.id.clone());
    Field name: ValueKind::Text, true, (20, 34, 3), |_b, r| Value::Text(r.name.clone());
    Field category: word!(Category), true, (0, 0, 0), |_b, r| a_word!(Category, r.category);
    Derived plan_state: SUBMISSION, true, (0, 0, 0), |b, r| submission(b, r);
    Derived plan: ValueKind::Link, false, (8, 24, 1), |b, r| b.worst_plan(r).map_or(Value::Nothing, |plan| Value::Link(Kind::Plan, plan.id.clone()));
    Derived plan_due: ValueKind::Day, true, (10, 10, 0), |b, r| plan_due(b, r);
    Derived days_overdue: ValueKind::Days, true, (4, 6, 0), |b, r| days(b.owed_by(r).map(|owed| owed.days_overdue));
    Derived last_step: word!(Step), true, (0, 0, 0), |b, r| match b.worst_plan(r).and_then(|plan| last_step(plan, b.today())) {
        Some((step, _)) => a_word!(Step, step),
        None => Value::Nothing,
    };
    Derived next_step: word!(Step), false, (0, 0, 0), |b, r| match b.owed_by(r).and_then(|owed| owed.next_step) {
        Some((step, _)) => a_word!(Step, step),
        None => Value::Nothing,
    };
    Derived next_step_on: ValueKind::Day, false, (10, 10, 0), |b, r| day(b.owed_by(r).and_then(|owed| owed.next_step).map(|(_, on)| on));
    Field expert: ValueKind::Text, false, (8, 20, 1), |_b, r| r.expert.as_ref().map_or(Value::Nothing, |expert| Value::Text(expert.post.clone()));
    Part visits: ValueKind::Number, false, (4, 7, 0), |_b, r| r.expert.as_ref().map_or(Value::Nothing, |expert| count(expert.visits.len()));
    Field duties: ValueKind::Number, true, (5, 6, 0), |_b, r| count(r.duties.len());
    Derived projects: ValueKind::Number, true, (5, 6, 0), |b, r| when(b, Kind::Project, count(b.projects_of_agency(r.id.as_str()).count()));
    Derived decisions: ValueKind::Number, false, (4, 7, 0), |b, r| when(b, Kind::Decision, count(b.decisions_of_agency(r.id.as_str()).count()));
    Derived open_decisions: ValueKind::Number, true, (5, 7, 0), |b, r| when(b, Kind::Decision, count(b.decisions_of_agency(r.id.as_str()).filter(|d| !d.state.is_final()).count()));
    Derived demands: ValueKind::Number, false, (4, 7, 0), |b, r| when(b, Kind::Demand, count(b.demands_of_agency(r.id.as_str()).count()));
    Derived open_demands: ValueKind::Number, true, (6, 7, 0), |b, r| when(b, Kind::Demand, count(b.demands_of_agency(r.id.as_str()).filter(|d| !d.state.is_final()).count()));
    Derived campaigns: ValueKind::Number, false, (4, 7, 0), |b, r| when(b, Kind::Campaign, count(b.campaigns_of_agency(r.id.as_str()).count()));
    Derived measures: ValueKind::Number, false, (4, 7, 0), |b, r| when(b, Kind::Measure, count(b.measures_of_agency(r.id.as_str()).count()));
    Derived open_duties: ValueKind::Number, false, (4, 6, 0), |b, r| count(b.coverage(r).open_duties);
    Derived outreach: ValueKind::Number, false, (4, 8, 0), |b, r| when(b, Kind::Initiative, count(b.coverage(r).outreach));
    Derived initiatives: ValueKind::Number, false, (4, 8, 0), |b, r| when(b, Kind::Initiative, count(b.count_referring(Field::InitiativeSponsor, r.id.as_str())));
    Derived score: ValueKind::Number, false, (4, 6, 0), |b, r| judged(b, r, |s| s.score.as_ref().map(|(score, _)| Value::Number(*score)));
    Derived score_by: SCORE_BY, false, (0, 0, 0), |b, r| judged(b, r, |s| s.score.as_ref().map(|(_, basis)| Value::Word {
        prefix: "score-by",
        value: match basis {
            Basis::Evaluation(_) => "evaluation".into(),
            Basis::Timeliness => "timeliness".into(),
        },
    }));
    Derived rank: ValueKind::Number, false, (4, 5, 0), |b, r| judged(b, r, |s| s.rank.map(count));
    Derived rank_change: ValueKind::Points, false, (4, 6, 0), |b, r| judged(b, r, |s| s.gained().map(|n| Value::Points(n as f64)));
    Derived timeliness: ValueKind::Percent, false, (5, 7, 0), |b, r| judged(b, r, |s| s.punctuality.score().map(Value::Percent));
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Agency, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

table! { PLAN of Plan "plan":
    Field id: ValueKind::Id, false, (5, 8, 0), |_b, r| Value::Id(Kind::Plan, r.id.clone());
    Field agency: ValueKind::Link, true, (14, 32, 3), |_b, r| link(Kind::Agency, Some(&r.agency));
    Derived category: word!(Category), true, (0, 0, 0), |b, r| match b.agencies().get(r.agency.as_str()) {
        Some(agency) => a_word!(Category, agency.category),
        None => Value::Nothing,
    };
    Field title: ValueKind::Text, false, (10, 24, 1), |_b, r| Value::Text(r.title.clone());
    Field state: word!(PlanState), true, (0, 0, 0), |_b, r| a_word!(PlanState, r.state);
    Field due: ValueKind::Day, false, (10, 10, 0), |_b, r| Value::Day(r.due);
    Field extended_to: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.extended_to);
    Derived effective_due: ValueKind::Day, true, (10, 10, 0), |_b, r| Value::Day(r.effective_due());
    Derived days_overdue: ValueKind::Days, true, (4, 6, 0), |b, r| days(r.days_overdue(b.today()));
    Derived late: ValueKind::Flag, false, (3, 5, 0), |_b, r| Value::Flag(r.is_late());
    Field submitted: ValueKind::Day, true, (10, 10, 0), |_b, r| day(r.submitted);
    Field returned: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.returned);
    Field accepted: ValueKind::Day, false, (10, 10, 0), |_b, r| day(r.accepted);
    Derived last_step: word!(Step), true, (0, 0, 0), |b, r| match last_step(r, b.today()) {
        Some((step, _)) => a_word!(Step, step),
        None => Value::Nothing,
    };
    Derived last_step_on: ValueKind::Day, false, (10, 10, 0), |b, r| day(last_step(r, b.today()).map(|(_, on)| on));
    Derived next_step: word!(Step), false, (0, 0, 0), |b, r| match b.owed(r).and_then(|owed| owed.next_step) {
        Some((step, _)) => a_word!(Step, step),
        None => Value::Nothing,
    };
    Derived next_step_on: ValueKind::Day, false, (10, 10, 0), |b, r| day(b.owed(r).and_then(|owed| owed.next_step).map(|(_, on)| on));
    Field follow_ups: ValueKind::Number, false, (4, 7, 0), |_b, r| count(r.follow_ups.len());
    Field participation: ValueKind::Flag, false, (3, 5, 0), |_b, r| flag(r.participation);
    Field score: ValueKind::Number, false, (4, 6, 0), |_b, r| number(r.score);
    Derived findings: ValueKind::Findings, true, (9, 11, 0), |b, r| findings(b, Kind::Plan, &r.id);
    Field updated: ValueKind::Day, false, (10, 10, 0), |b, r| moment(b, r.updated);
    Field note: ValueKind::Text, false, (8, 20, 1), |_b, r| text(&r.note);
}

/// What a score rests on.
const SCORE_BY: ValueKind = ValueKind::Word {
    prefix: "score-by",
    known: &["evaluation", "timeliness"],
};

/// Something of an agency's standing; nothing before all it rests on is known.
fn judged(board: &Board, agency: &Agency, get: impl Fn(&Standing) -> Option<Value>) -> Value {
    let kinds = [Kind::Plan, Kind::Decision, Kind::Demand, Kind::Evaluation];
    if !kinds.into_iter().all(|kind| board.is_whole(kind)) {
        return Value::Nothing;
    }
    let standing = board.standings().of(agency.id.as_str());
    standing.and_then(get).unwrap_or(Value::Nothing)
}

/// The mean of what a measure's indicators have done of their way, each alike; nothing where none can say.
fn way(board: &Board, measure: &Measure) -> Option<f64> {
    let done = |indicator| indicator::state(measure, indicator, board.today()).done;
    let done: Vec<f64> = measure.indicators.iter().filter_map(done).collect();
    (!done.is_empty()).then(|| done.iter().sum::<f64>() / done.len() as f64)
}

/// A count is nothing before its records are whole.
fn when(board: &Board, kind: Kind, value: Value) -> Value {
    if board.is_whole(kind) { value } else { Value::Nothing }
}

fn progress(board: &Board, measure: &Measure) -> Value {
    let progress = board.progress(measure.id.as_str());
    match (progress.actual, progress.planned) {
        (None, None) => Value::Nothing,
        (actual, planned) => Value::Progress { actual, planned },
    }
}

fn submission(board: &Board, agency: &Agency) -> Value {
    let Some(class) = board.submission().of(agency.id.as_str()) else {
        return Value::Nothing;
    };
    let word = match class {
        Class::OnTime => "on-time",
        Class::Late => "late",
        Class::Returned => "returned",
        Class::Overdue => "overdue",
        Class::NotYetDue => "not-yet-due",
    };
    Value::Word {
        prefix: "submission",
        value: word.into(),
    }
}

/// The day an agency's plan is due: its worst plan's, or the headquarters' day for an agency without a plan record.
fn plan_due(board: &Board, agency: &Agency) -> Value {
    match board.worst_plan(agency) {
        Some(plan) => Value::Day(plan.effective_due()),
        None => when(board, Kind::Plan, day(board.headquarters().map(|hq| hq.plan_due))),
    }
}
