//! Indicators of measures: planned and actual value, how much of the way is done, and when the target will be reached at the pace of
//! the last readings. It must not know findings or screens.

use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Indicator, Measure, Reading};

/// Readings a forecast rests on at most: older ones say little about the present pace.
pub const RECENT: usize = 4;
/// Readings without which there is no forecast.
pub const LEAST: usize = 3;
/// Days beyond which a forecast says nothing: a century.
const HORIZON: f64 = 36_525.0;

/// The readings on or before a day, in order; of two on one day the later in the list counts.
pub fn readings(indicator: &Indicator, until: Day) -> Vec<(Day, f64)> {
    along(indicator.readings.iter().filter(|reading| reading.on <= until))
}

fn along<'a>(points: impl Iterator<Item = &'a Reading>) -> Vec<(Day, f64)> {
    let mut out: Vec<(Day, f64)> = points.map(|reading| (reading.on, reading.value.get())).collect();
    out.sort_by_key(|(on, _)| *on);
    // The sort is stable: the last of a day is the later in the list.
    out.reverse();
    out.dedup_by_key(|(on, _)| *on);
    out.reverse();
    out
}

/// The planned points: the path, or a line from the baseline at the measure's start to the target at the due date.
pub fn path(measure: &Measure, indicator: &Indicator) -> Vec<(Day, f64)> {
    if !indicator.path.is_empty() {
        return along(indicator.path.iter());
    }
    let ends = || {
        let (from, to) = (measure.start?, indicator.due.or(measure.due)?);
        let (baseline, target) = (indicator.baseline?.get(), indicator.target?.get());
        (from < to).then(|| vec![(from, baseline), (to, target)])
    };
    ends().unwrap_or_default()
}

/// The value planned for a day: linear between the points, the baseline before the first, the last value after the last.
pub fn planned(measure: &Measure, indicator: &Indicator, on: Day) -> Option<f64> {
    let path = path(measure, indicator);
    let after = path.partition_point(|(day, _)| *day <= on);
    match (after.checked_sub(1).and_then(|at| path.get(at)), path.get(after)) {
        (None, None) => None,
        (None, Some((_, first))) => Some(indicator.baseline.map_or(*first, Num::get)),
        (Some((_, last)), None) => Some(*last),
        (Some((from, low)), Some((to, high))) => {
            let part = f64::from(on - *from) / f64::from(*to - *from);
            Some(low + (high - low) * part)
        }
    }
}

/// How much of the way from the baseline to the target a value is, in percent: `100 × (value − baseline) ÷ (target − baseline)`.
/// Nothing where one of them is not known or there is no way to go.
pub fn share(indicator: &Indicator, value: f64) -> Option<f64> {
    let (baseline, target) = (indicator.baseline?.get(), indicator.target?.get());
    let way = target - baseline;
    (way != 0.0).then(|| 100.0 * (value - baseline) / way)
}

/// Where an indicator stands on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// The last reading.
    pub actual: Option<(Day, f64)>,
    /// The value planned for the day of that reading; for today where nothing was read.
    pub planned: Option<f64>,
    /// Percent of the way done.
    pub done: Option<f64>,
    /// Percent of the way planned for the same day.
    pub due: Option<f64>,
    /// Done − planned, in points of the way; below 0 is behind, whichever way the indicator should move.
    pub deviation: Option<f64>,
}

/// Where an indicator stands on a day. Plan and reading are compared on the day of the reading: a reading cannot be behind a plan
/// for days nobody has read.
pub fn state(measure: &Measure, indicator: &Indicator, today: Day) -> State {
    let actual = readings(indicator, today).last().copied();
    let planned = planned(measure, indicator, actual.map_or(today, |(on, _)| on));
    let done = actual.and_then(|(_, value)| share(indicator, value));
    let due = planned.and_then(|value| share(indicator, value));
    State {
        actual,
        planned,
        done,
        due,
        deviation: done.zip(due).map(|(done, due)| done - due),
    }
}

/// A pace between two neighbouring readings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// The day of the earlier reading.
    pub from: Day,
    /// The day of the later reading.
    pub to: Day,
    /// Units a day.
    pub per_day: f64,
}

/// When the target will be reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Forecast {
    /// There is no target to reach.
    NoTarget,
    /// Fewer than three readings.
    TooFew(usize),
    /// The last reading is at the target or beyond it.
    Reached(Day),
    /// Between these days; the later one is nothing when the slowest pace never arrives.
    Between {
        /// At the fastest pace between neighbouring readings.
        earliest: Day,
        /// At the slowest one.
        latest: Option<Day>,
        /// The paces it rests on, oldest first.
        paces: Vec<Pace>,
    },
    /// No pace between the last readings leads to the target.
    Never(Vec<Pace>),
}

/// The forecast of the finish from the last readings: the target at the fastest and at the slowest pace between neighbours among the
/// last four, `last day + (target − last value) ÷ pace`, days rounded up.
pub fn forecast(indicator: &Indicator, today: Day) -> Forecast {
    let Some(target) = indicator.target.map(Num::get) else {
        return Forecast::NoTarget;
    };
    let all = readings(indicator, today);
    let Some((last_on, last)) = all.last().copied() else {
        return Forecast::TooFew(0);
    };
    let begun = indicator
        .baseline
        .map_or_else(|| all.first().map_or(last, |(_, v)| *v), Num::get);
    let upwards = if target == begun {
        target >= last
    } else {
        target > begun
    };
    if (upwards && last >= target) || (!upwards && last <= target) {
        return Forecast::Reached(last_on);
    }
    if all.len() < LEAST {
        return Forecast::TooFew(all.len());
    }
    let recent = all.get(all.len().saturating_sub(RECENT)..).unwrap_or_default();
    let paces: Vec<Pace> = recent
        .windows(2)
        .filter_map(|pair| {
            let [(from, old), (to, new)] = pair else { return None };
            Some(Pace {
                from: *from,
                to: *to,
                per_day: (new - old) / f64::from(*to - *from),
            })
        })
        .collect();
    let finish = |pace: &Pace| {
        let days = (target - last) / pace.per_day;
        // A pace of nothing, away from the target, or so slow that it means nothing.
        (days > 0.0 && days <= HORIZON).then(|| last_on.plus(days.ceil() as i32))
    };
    let days: Vec<Option<Day>> = paces.iter().map(finish).collect();
    match days.iter().flatten().min() {
        None => Forecast::Never(paces),
        Some(earliest) => Forecast::Between {
            earliest: *earliest,
            latest: days
                .iter()
                .copied()
                .collect::<Option<Vec<Day>>>()
                .and_then(|days| days.into_iter().max()),
            paces,
        },
    }
}
