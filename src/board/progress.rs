//! Planned and actual progress of projects and measures. It must not know findings or screens.

use super::finding::plausible_percent;
use super::sum::Mean;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{PathPoint, Project, ProjectState};

/// The percentage planned for a day.
///
/// With a `path`: 0 before its first point, then linear between the points, and the last value after the last point. Without one:
/// linear from 0 on `start` to 100 on `due`. Without both dates, or with the two reversed: nothing; and nothing from a path with a
/// percentage that cannot be, which is a finding.
pub fn planned(project: &Project, on: Day) -> Option<f64> {
    Some(match stretch(project, on)? {
        (None, _) => 0.0,
        (Some((_, percent)), None) => percent,
        (Some((from, low)), Some((to, high))) => {
            let part = f64::from(on - from) / f64::from(to - from);
            low * (1.0 - part) + high * part
        }
    })
}

/// A point of a planned path: a day and the percentage planned for it.
pub type Planned = (Day, f64);

/// The points of the path on both sides of a day: what [`planned`] reckons with. One before the first point has nothing before it, one
/// after the last nothing behind it; nothing at all where no percentage is planned.
pub fn stretch(project: &Project, on: Day) -> Option<(Option<Planned>, Option<Planned>)> {
    if !project.path.is_empty() {
        let can_be = |point: &PathPoint| plausible_percent(Some(point.percent)).is_some();
        return project.path.iter().all(can_be).then(|| along(&project.path, on));
    }
    let (start, due) = (project.start?, project.due?);
    if start > due {
        return None;
    }
    Some(if on >= due {
        (Some((due, 100.0)), None)
    } else if on < start {
        (None, Some((start, 0.0)))
    } else {
        (Some((start, 0.0)), Some((due, 100.0)))
    })
}

/// Points may come in any order; of two on one day the later in the list counts from that day on, the earlier up to it.
fn along(path: &[PathPoint], on: Day) -> (Option<Planned>, Option<Planned>) {
    let mut before: Option<&PathPoint> = None;
    let mut after: Option<&PathPoint> = None;
    for point in path {
        if point.on <= on {
            if before.is_none_or(|b| point.on >= b.on) {
                before = Some(point);
            }
        } else if after.is_none_or(|a| point.on < a.on) {
            after = Some(point);
        }
    }
    let of = |point: &PathPoint| (point.on, point.percent.get());
    (before.map(of), after.map(of))
}

/// The first day for which a percentage can be planned: that of the path's first point, or the start.
pub fn first_day(project: &Project) -> Option<Day> {
    project.path.iter().map(|point| point.on).min().or(project.start)
}

/// The percentage a project counts with: 100 once it is done, whatever its figure; else its physical progress, if it has one that can
/// be. One outside 0–100 is a finding; counted or compared it would pass for a right one.
pub fn actual(project: &Project) -> Option<f64> {
    match project.state {
        ProjectState::Done => Some(100.0),
        _ => plausible_percent(project.physical),
    }
}

/// Points ahead of the plan (behind it when negative): actual − planned, where both are known.
pub fn deviation(project: &Project, on: Day) -> Option<f64> {
    Some(actual(project)? - planned(project, on)?)
}

/// A measure's progress, from the projects under it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// True once all projects are known; until then nothing below is.
    pub whole: bool,
    /// Mean of the projects' percentages, by weight.
    pub actual: Option<f64>,
    /// Mean of the same projects' planned percentages, by weight.
    pub planned: Option<f64>,
    /// Actual − planned, in points.
    pub deviation: Option<f64>,
    /// Projects that name the measure, the cancelled ones too.
    pub projects: usize,
    /// How many of them are cancelled; these count in no mean.
    pub cancelled: usize,
    /// How many of the others have no percentage, or one outside 0–100; these count in no mean either.
    pub without_figure: usize,
}

/// The running figures behind a measure's [`Progress`]: parts go in and out one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    projects: u32,
    cancelled: u32,
    without_figure: u32,
    actual: Mean,
    planned: Mean,
}

impl Tally {
    /// Takes a project in, as it stands on a day.
    pub fn add(&mut self, project: &Project, on: Day) {
        self.projects += 1;
        match parts(project, on) {
            Part::Cancelled => self.cancelled += 1,
            Part::NoFigure => self.without_figure += 1,
            Part::Figure {
                actual,
                planned,
                weight,
            } => {
                self.actual.add(actual, weight);
                if let Some(planned) = planned {
                    self.planned.add(planned, weight);
                }
            }
        }
    }

    /// Takes out a project that went in on the same day.
    pub fn subtract(&mut self, project: &Project, on: Day) {
        self.projects = self.projects.saturating_sub(1);
        match parts(project, on) {
            Part::Cancelled => self.cancelled = self.cancelled.saturating_sub(1),
            Part::NoFigure => self.without_figure = self.without_figure.saturating_sub(1),
            Part::Figure {
                actual,
                planned,
                weight,
            } => {
                self.actual.subtract(actual, weight);
                if let Some(planned) = planned {
                    self.planned.subtract(planned, weight);
                }
            }
        }
    }

    /// True when no project is left in it.
    pub fn is_empty(&self) -> bool {
        self.projects == 0
    }

    /// The progress it amounts to.
    pub fn progress(&self) -> Progress {
        let (actual, planned) = (self.actual.get(), self.planned.get());
        Progress {
            whole: true,
            actual,
            planned,
            deviation: actual.zip(planned).map(|(actual, planned)| actual - planned),
            projects: self.projects as usize,
            cancelled: self.cancelled as usize,
            without_figure: self.without_figure as usize,
        }
    }
}

enum Part {
    Cancelled,
    NoFigure,
    Figure {
        actual: f64,
        planned: Option<f64>,
        weight: f64,
    },
}

fn parts(project: &Project, on: Day) -> Part {
    if project.state == ProjectState::Cancelled {
        return Part::Cancelled;
    }
    match actual(project) {
        None => Part::NoFigure,
        Some(actual) => Part::Figure {
            actual,
            planned: planned(project, on),
            weight: project.weight.map_or(1.0, Num::get),
        },
    }
}
