//! The trajectory of an indicator: planned against actual over time, as a chart in cells and as a table.

use super::{Draft, Grid, Shape, Topic, Why, dim_cell, figure, figures, points, text_cell, wide};
use crate::board::indicator;
use crate::clock::Day;
use crate::contract::{Id, Indicator, Kind, Measure};
use smol_str::format_smolstr;

/// Rows of the chart: high enough to see a bend, low enough for the sentences above it on a screen of 24 rows.
const HEIGHT: u16 = 9;
const READINGS: Grid = &[wide(10, 14, 1), figures(8, 12), figures(8, 12), figures(8, 12)];

/// A chart of planned and actual values. Time runs from left to right in both languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The day of evaluation.
    pub today: Day,
    /// The value at the bottom row.
    pub low: f64,
    /// The value at the top row.
    pub high: f64,
    /// The planned points in order.
    pub planned: Vec<(Day, f64)>,
    /// The readings in order.
    pub actual: Vec<(Day, f64)>,
    /// What stands beside each row, from the top.
    pub labels: Vec<String>,
}

impl Chart {
    /// Rows of the chart.
    pub const HEIGHT: u16 = HEIGHT;

    /// The row of a value, from the top.
    pub fn row(&self, value: f64) -> u16 {
        let span = self.high - self.low;
        let part = if span > 0.0 { (value - self.low) / span } else { 0.5 };
        let steps = f64::from(HEIGHT - 1);
        (steps - (part.clamp(0.0, 1.0) * steps).round()) as u16
    }

    /// The column of a day among `width` columns, from the left.
    pub fn column(&self, day: Day, width: u16) -> u16 {
        let span = f64::from((self.to - self.from).max(1));
        let part = f64::from(day - self.from) / span;
        (part.clamp(0.0, 1.0) * f64::from(width.saturating_sub(1))).round() as u16
    }

    /// The planned value in the middle of a column; nothing outside the path.
    pub fn planned_at(&self, column: u16, width: u16) -> Option<f64> {
        let span = f64::from(self.to - self.from);
        let at = f64::from(column) / f64::from(width.saturating_sub(1).max(1)) * span;
        self.planned.windows(2).find_map(|pair| {
            let [(from, low), (to, high)] = pair else { return None };
            let (from, to) = (f64::from(*from - self.from), f64::from(*to - self.from));
            (from <= at && at <= to && to > from).then(|| low + (high - low) * (at - from) / (to - from))
        })
    }
}

impl Draft<'_> {
    /// One indicator: where it stands, when it will arrive, the chart and the readings.
    pub(super) fn trajectory(&mut self, measure: &Id, id: &Id) {
        if !self.knows(&[Kind::Measure]) {
            return;
        }
        let measure = self.board.measures().get(measure.as_str()).cloned();
        let found = measure.as_ref().and_then(|measure| {
            let one = measure.indicators.iter().find(|indicator| indicator.id == *id)?;
            Some((measure.as_ref(), one))
        });
        let Some((measure, one)) = found else {
            let gone = self.tf("edge.gone", &[("title", id.as_str())]);
            return self.say("gone", &gone, None);
        };
        let state = indicator::state(measure, one, self.board.today());
        let unit = one.unit.get(self.lang()).to_owned();
        let values = [
            ("unit", unit),
            ("baseline", self.maybe(one.baseline.map(|n| n.get()))),
            ("target", self.maybe(one.target.map(|n| n.get()))),
            ("due", self.maybe_day(one.due.or(measure.due))),
            ("actual", self.maybe(state.actual.map(|(_, value)| value))),
            ("day", self.maybe_day(state.actual.map(|(on, _)| on))),
            ("planned", self.maybe(state.planned)),
            ("done", self.percent(state.done)),
            ("path", self.percent(state.due)),
            ("deviation", self.signed(state.deviation)),
        ];
        let said = self.tf(
            "sheet.indicator-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
        self.say("aloud", &said, Some(self.why_indicator(measure, one)));
        let forecast = self.forecast(one);
        let said = self.tf("sheet.forecast-aloud", &[("forecast", &forecast)]);
        self.say("forecast", &said, Some(self.why_indicator(measure, one)));
        self.draw_chart(measure, one);
        self.readings(measure, one);
    }

    fn draw_chart(&mut self, measure: &Measure, one: &Indicator) {
        let planned = indicator::path(measure, one);
        let actual = indicator::readings(one, self.board.today());
        let days = || planned.iter().chain(&actual).map(|(on, _)| *on);
        let values = || {
            let ends = [one.baseline, one.target].into_iter().flatten().map(|n| n.get());
            planned.iter().chain(&actual).map(|(_, value)| *value).chain(ends)
        };
        let (Some(from), Some(to)) = (days().min(), days().max()) else {
            let text = self.t("sheet.no-chart").to_owned();
            self.push("chart:none", Shape::Say, vec![dim_cell(text)]);
            return;
        };
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        let at = |row: u16| high - (high - low) * f64::from(row) / f64::from(HEIGHT - 1);
        let labels: Vec<String> = (0..HEIGHT)
            .map(|row| match row {
                0 | 4 | 8 => self.num(at(row)),
                _ => String::new(),
            })
            .collect();
        self.chart = Some(Chart {
            from,
            to,
            today: self.board.today(),
            low,
            high,
            planned,
            actual,
            labels,
        });
        let why = std::sync::Arc::new(self.why_indicator(measure, one));
        for row in 0..HEIGHT {
            let line = self.push(format_smolstr!("chart:{row}"), Shape::Chart(row), Vec::new());
            line.why = Some(why.clone());
        }
        let (from, to) = (self.day(from), self.day(to));
        self.push("chart:axis", Shape::Chart(HEIGHT), vec![figure(from), figure(to)]);
        let legend = [
            "sheet.legend-read",
            "sheet.legend-planned",
            "sheet.legend-today",
            "sheet.legend-time",
        ];
        let legend = legend.into_iter().map(|key| dim_cell(self.t(key))).collect();
        self.push("chart:legend", Shape::Chart(HEIGHT + 1), legend);
    }

    fn readings(&mut self, measure: &Measure, one: &Indicator) {
        self.heading("readings", self.t("field.indicator.readings").to_owned());
        self.head(
            "readings",
            READINGS,
            &["field.reading.on", "sheet.actual", "sheet.planned", "pane.deviation"],
        );
        let mut all = indicator::readings(one, self.board.today());
        all.reverse();
        for (on, value) in all {
            let planned = indicator::planned(measure, one, on);
            let shares =
                planned.and_then(|planned| Some(indicator::share(one, value)? - indicator::share(one, planned)?));
            let cells = vec![
                text_cell(self.day(on)),
                figure(self.num(value)),
                figure(self.maybe(planned)),
                points(self.signed(shares), shares, self.board),
            ];
            let why = Why {
                title: Topic::Trajectory(measure.id.clone(), one.id.clone()).title(self.board, self.lang()),
                formula: "formula.indicator",
                terms: self.terms_of_reading(one, (on, value), planned),
            };
            self.row(format_smolstr!("reading:{on}"), READINGS, cells, None, Some(why));
        }
    }
}
