//! Projects: behind their path, overdue, stopped, done without evidence or below 100.

use super::measure::{how_far_behind, since_when};
use super::values::{day, days, limit, number};
use super::{Context, Fact, Hit, Rule, new_rule};
use crate::board::{Limit, progress};
use crate::contract::figure::Num;
use crate::contract::{Kind, Project, ProjectState, Record};

const PROJECTS: &[Kind] = &[Kind::Project];

fn project(record: &Record) -> Option<&Project> {
    match record {
        Record::Project(project) => Some(project),
        _ => None,
    }
}

/// A project nothing more is expected of is neither behind nor overdue.
fn open(record: &Record) -> Option<&Project> {
    project(record).filter(|project| !project.state.is_final())
}

/// Behind the planned path: a notice from `deviation_notice` points, critical from `deviation_serious`.
pub(super) static BEHIND: Rule = new_rule!(
    "project-behind",
    Notice,
    PROJECTS,
    behind,
    limits & [Limit::DeviationNotice, Limit::DeviationSerious]
);

fn behind(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let project = open(record)?;
    let deviation = cx.board.deviation(project)?;
    let severity = how_far_behind(deviation, cx)?;
    let mut values = vec![
        ("points", number(-deviation)),
        ("actual", number(project.physical.map(Num::get)?)),
        ("planned", number(cx.board.planned(project)?)),
    ];
    if let Some(due) = project.due {
        values.extend([("due", day(due)), ("left", days(due - cx.today))]);
    }
    let was_behind = |on| progress::deviation(project, on).is_some_and(|points| how_far_behind(points, cx).is_some());
    let since = progress::first_day(project).map(|first| since_when(first, cx.today, was_behind));
    Some(Hit::new(values).severity(severity).since(since))
}

/// The due date is near and the project is behind its path: the warning that still leaves time to act.
pub(super) static DUE_SOON_BEHIND: Rule = new_rule!(
    "project-due-soon-behind",
    Warning,
    PROJECTS,
    due_soon_behind,
    limits & [Limit::BehindSoonDays, Limit::DeviationNotice],
);

fn due_soon_behind(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let project = open(record)?;
    let due = project.due?;
    let (left, soon) = (due - cx.today, limit(cx.limits.behind_soon_days));
    if !(0..=soon).contains(&left) {
        return None;
    }
    let deviation = cx.board.deviation(project)?;
    how_far_behind(deviation, cx)?;
    let values = [
        ("days", days(left)),
        ("due", day(due)),
        ("points", number(-deviation)),
        ("actual", number(project.physical.map(Num::get)?)),
        ("planned", number(cx.board.planned(project)?)),
    ];
    Some(Hit::new(values).since(Some(due.plus(-soon))))
}

/// The due date has passed and the project is neither done nor cancelled.
pub(super) static OVERDUE: Rule = new_rule!("project-overdue", Warning, PROJECTS, overdue);

fn overdue(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let project = open(record)?;
    let due = project.due.filter(|due| cx.today > *due)?;
    let values = [
        ("days", days(cx.today - due)),
        ("due", day(due)),
        ("state", Fact::Word(ProjectState::PREFIX, project.state.as_str().into())),
    ];
    Some(Hit::new(values).since(Some(due.plus(1))))
}

/// The project is halted.
pub(super) static STOPPED: Rule = new_rule!("project-stopped", Warning, PROJECTS, stopped);

fn stopped(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let project = project(record).filter(|p| p.state == ProjectState::Stopped)?;
    Some(Hit::new([("obstacles", super::values::count(project.obstacles.len()))]))
}

/// The project is called done and nothing proves it.
pub(super) static WITHOUT_EVIDENCE: Rule =
    new_rule!("project-done-without-evidence", Warning, PROJECTS, without_evidence);

fn without_evidence(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let project = project(record).filter(|p| p.state == ProjectState::Done && p.evidence.is_empty())?;
    Some(Hit::new([]).since(project.completed))
}

/// The project is called done and its physical progress is under 100 percent.
pub(super) static DONE_BELOW: Rule = new_rule!("project-done-below-100", Data, PROJECTS, done_below);

fn done_below(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let project = project(record).filter(|p| p.state == ProjectState::Done)?;
    let physical = project.physical.map(Num::get).filter(|percent| *percent < 100.0)?;
    Some(Hit::new([("actual", number(physical))]).since(project.completed))
}
