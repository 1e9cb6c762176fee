//! Special measures: without a project, behind their path.

use super::values::{count, days, number};
use super::{Context, Depends, Hit, Rule, Severity, new_rule};
use crate::board::reference::Field;
use crate::board::{Limit, progress};
use crate::clock::Day;
use crate::contract::{Kind, Record};

const MEASURES: &[Kind] = &[Kind::Measure];
const PROJECTS: &[Kind] = &[Kind::Project];
const BY_PROJECTS: &[Depends] = &[Depends::Referrers(Field::ProjectMeasure)];

/// Differences smaller than this many points are the rounding of means, not of people.
const ROUNDING: f64 = 1e-6;

/// True when a deviation has reached a limit given in points behind: −5 has reached 5.
pub(super) fn behind_by(deviation: f64, limit: f64) -> bool {
    deviation <= -limit + ROUNDING
}

/// How serious a deviation is, if it is a finding at all.
pub(super) fn how_far_behind(deviation: f64, cx: &Context<'_>) -> Option<Severity> {
    if behind_by(deviation, cx.limits.deviation_serious) {
        Some(Severity::Critical)
    } else {
        behind_by(deviation, cx.limits.deviation_notice).then_some(Severity::Notice)
    }
}

/// Since when what holds today holds, between the first day on which it can and today. Paths only grow, so it is looked for by halves;
/// one that goes back is answered with a day on which it began to hold, perhaps not the last such day.
pub(super) fn since_when(first: Day, today: Day, holds: impl Fn(Day) -> bool) -> Day {
    let (mut before, mut since) = (first.plus(-1), today);
    while since - before > 1 {
        let middle = before.plus((since - before) / 2);
        if holds(middle) {
            since = middle;
        } else {
            before = middle;
        }
    }
    since
}

/// No project is defined under the measure, or all of them are cancelled.
pub(super) static WITHOUT_PROJECT: Rule = new_rule!(
    "measure-without-project", Warning, MEASURES, without_project, waits PROJECTS, depends BY_PROJECTS,
);

fn without_project(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let Record::Measure(measure) = record else { return None };
    let progress = cx.board.progress(measure.id.as_str());
    (progress.projects == progress.cancelled).then(|| {
        let number = i32::try_from(measure.number).unwrap_or(i32::MAX);
        Hit::new([("number", days(number)), ("cancelled", count(progress.cancelled))])
    })
}

/// The mean of the projects is behind the mean of their paths: a notice from `deviation_notice` points, critical from
/// `deviation_serious`.
pub(super) static BEHIND: Rule = new_rule!(
    "measure-behind", Notice, MEASURES, behind, waits PROJECTS, depends BY_PROJECTS, limits &[Limit::DeviationNotice, Limit::DeviationSerious]);

fn behind(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let Record::Measure(measure) = record else { return None };
    let progress = cx.board.progress(measure.id.as_str());
    let deviation = progress.deviation?;
    let severity = how_far_behind(deviation, cx)?;
    let values = [
        ("points", number(-deviation)),
        ("actual", number(progress.actual?)),
        ("planned", number(progress.planned?)),
        ("projects", count(progress.projects)),
    ];
    let projects = || cx.board.projects_of_measure(measure.id.as_str());
    let was_behind = |on| {
        let mut tally = progress::Tally::default();
        projects().for_each(|project| tally.add(project, on));
        let points = tally.progress().deviation;
        points.is_some_and(|points| how_far_behind(points, cx).is_some())
    };
    let first = projects().filter_map(|project| progress::first_day(project)).min();
    let since = first.map(|first| since_when(first, cx.today, was_behind));
    Some(Hit::new(values).severity(severity).since(since))
}
