//! Agencies: without plan, expert, project, duty or any mission; duties overdue or done without evidence.

use super::values::{count, day, days, limit};
use super::{Context, Depends, Fact, Hit, Rule, Severity, new_rule};
use crate::board::Limit;
use crate::board::reference::Field;
use crate::clock::Day;
use crate::contract::{Agency, Category, Duty, DutyState, Kind, Record};

const AGENCIES: &[Kind] = &[Kind::Agency];
const PLANS: &[Kind] = &[Kind::Plan];
const PROJECTS: &[Kind] = &[Kind::Project];
const BY_PLANS: &[Depends] = &[Depends::Referrers(Field::PlanAgency)];
const BY_PROJECTS: &[Depends] = &[Depends::Referrers(Field::ProjectAgency)];

fn agency(record: &Record) -> Option<&Agency> {
    match record {
        Record::Agency(agency) => Some(agency),
        _ => None,
    }
}

fn category(agency: &Agency) -> (&'static str, Fact) {
    (
        "category",
        Fact::Word(Category::PREFIX, agency.category.as_str().into()),
    )
}

/// There is no plan record: not submitted, due on the headquarters' `plan_due`. A notice until then, a warning after it, critical
/// beyond `plan_critical_days`.
pub(super) static WITHOUT_PLAN: Rule = new_rule!(
    "agency-without-plan", Warning, AGENCIES, without_plan, waits PLANS, depends BY_PLANS, limits &[Limit::PlanCriticalDays]);

fn without_plan(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let agency = agency(record)?;
    if cx.board.has_plan(agency.id.as_str()) {
        return None;
    }
    let due = cx.board.headquarters()?.plan_due;
    let overdue = cx.today - due;
    let severity = match overdue {
        ..=0 => Severity::Notice,
        n if n > limit(cx.limits.plan_critical_days) => Severity::Critical,
        _ => Severity::Warning,
    };
    let values = [("days", days(overdue.abs())), ("due", day(due)), category(agency)];
    Some(
        Hit::new(values)
            .why((overdue <= 0).then_some("rule.agency-without-plan.why-ahead"))
            .since((overdue > 0).then(|| due.plus(1)))
            .severity(severity),
    )
}

/// No popularisation expert is appointed.
pub(super) static WITHOUT_EXPERT: Rule = new_rule!("agency-without-expert", Warning, AGENCIES, without_expert);

fn without_expert(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let agency = agency(record).filter(|agency| agency.expert.is_none())?;
    Some(Hit::new([category(agency)]))
}

/// The agency has no project.
pub(super) static WITHOUT_PROJECT: Rule = new_rule!(
    "agency-without-project", Notice, AGENCIES, without_project, waits PROJECTS, depends BY_PROJECTS,
);

fn without_project(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let agency = agency(record)?;
    let none = cx.board.projects_of_agency(agency.id.as_str()).next().is_none();
    none.then(|| Hit::new([category(agency)]))
}

/// No duty is laid on the agency.
pub(super) static WITHOUT_DUTY: Rule = new_rule!("agency-without-duty", Notice, AGENCIES, without_duty);

fn without_duty(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let agency = agency(record).filter(|agency| agency.duties.is_empty())?;
    Some(Hit::new([category(agency)]))
}

/// No duty, no plan record and no project: an agency without a mission.
pub(super) static WITHOUT_MISSION: Rule = new_rule!(
    "agency-without-mission",
    Warning,
    AGENCIES,
    without_mission,
    waits & [Kind::Plan, Kind::Project],
    depends
        & [
            Depends::Referrers(Field::PlanAgency),
            Depends::Referrers(Field::ProjectAgency)
        ],
);

fn without_mission(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let agency = agency(record)?;
    cx.board
        .is_without_mission(agency)
        .then(|| Hit::new([category(agency)]))
}

fn is_done(duty: &Duty) -> bool {
    duty.done.is_some() || duty.state == Some(DutyState::Done)
}

/// A duty is past its day and not done; the longest overdue is named.
pub(super) static DUTY_OVERDUE: Rule = new_rule!("duty-overdue", Warning, AGENCIES, duty_overdue);

fn duty_overdue(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let agency = agency(record)?;
    let due = |duty: &Duty| duty.due.filter(|due| cx.today > *due && !is_done(duty));
    let late = agency.duties.iter().filter(|duty| due(duty).is_some());
    let worst = late.clone().min_by_key(|duty| duty.due)?;
    let first: Day = due(worst)?;
    let values = [
        ("duty", Fact::Text(worst.title.clone())),
        ("days", days(cx.today - first)),
        ("due", day(first)),
        ("count", count(late.count())),
    ];
    Some(Hit::new(values).since(Some(first.plus(1))))
}

/// A duty is called done and nothing proves it; the first such is named.
pub(super) static DUTY_WITHOUT_EVIDENCE: Rule =
    new_rule!("duty-done-without-evidence", Warning, AGENCIES, duty_without_evidence);

fn duty_without_evidence(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let bare = agency(record)?
        .duties
        .iter()
        .filter(|d| is_done(d) && d.evidence.is_empty());
    let first = bare.clone().next()?;
    let values = [
        ("duty", Fact::Text(first.title.clone())),
        ("count", count(bare.clone().count())),
    ];
    Some(Hit::new(values).since(bare.filter_map(|duty| duty.done).min()))
}
