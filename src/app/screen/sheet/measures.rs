//! Measures: the three conditions, indicators with their forecast, and what each project contributes.

use super::{
    Cell, Draft, Grid, Target, Tone, Topic, Why, dim_cell, figure, figures, points, text_cell, wide, words_of,
};
use crate::app::screen::overview::measures_by_need;
use crate::board::Severity;
use crate::board::condition::{self, Condition};
use crate::board::indicator::{self, Forecast};
use crate::clock::Day;
use crate::contract::{Id, Indicator, Kind, Measure, Pillar, Project};
use smol_str::format_smolstr;

const CONDITIONS: Grid = &[
    wide(16, 24, 1),
    wide(8, 24, 1),
    figures(6, 8),
    figures(6, 8),
    figures(6, 8),
    figures(4, 9),
];
const MEASURES: Grid = &[
    figures(2, 3),
    wide(16, 34, 3),
    wide(8, 18, 1),
    figures(6, 8),
    figures(6, 8),
    figures(6, 8),
    figures(4, 8),
];
const INDICATORS: Grid = &[
    figures(2, 3),
    wide(18, 30, 3),
    figures(6, 9),
    figures(6, 9),
    figures(6, 9),
    figures(5, 8),
    wide(14, 30, 2),
];
const PROJECTS: Grid = &[
    words_of(6, 8),
    wide(16, 34, 3),
    figures(5, 7),
    figures(5, 7),
    figures(4, 6),
    figures(6, 9),
    figures(6, 9),
    figures(6, 9),
];

impl Draft<'_> {
    /// The three conditions, the measures under them by need, and every indicator.
    pub(super) fn conditions(&mut self) {
        if !self.knows(&[Kind::Measure, Kind::Project]) {
            return;
        }
        let measure = |title: &'static str| [title, "pane.bar", "sheet.actual", "sheet.planned", "pane.deviation"];
        let [a, b, c, d, e] = measure("sheet.condition");
        self.head("conditions", CONDITIONS, &[a, b, c, d, e, "kinds.measure"]);
        for (pillar, condition) in self.board.conditions() {
            let cells = vec![
                text_cell(pillar.name(self.lang())),
                Cell::Bar(condition.actual, condition.planned),
                figure(self.percent(condition.actual)),
                figure(self.percent(condition.planned)),
                points(self.signed(condition.deviation()), condition.deviation(), self.board),
                figure(self.int(condition.measures)),
            ];
            let why = self.why_condition(&pillar, &condition);
            let target = super::super::list::within(Kind::Measure, "pillar", pillar.as_str()).map(Target::List);
            self.row(
                format_smolstr!("condition:{}", pillar.as_str()),
                CONDITIONS,
                cells,
                target,
                Some(why),
            );
        }
        self.heading("measures", self.t("kinds.measure").to_owned());
        let [a, b, c, d, e] = measure("pane.measure");
        self.head("measures", MEASURES, &["sheet.number", a, b, c, d, e, "kinds.project"]);
        for id in measures_by_need(self.board) {
            let Some(measure) = self.board.measures().get(id.as_str()).cloned() else {
                continue;
            };
            let progress = self.board.progress(id.as_str());
            let none = progress.projects == progress.cancelled;
            let tone = if none {
                Tone::Grave(Severity::Critical)
            } else {
                Tone::Text
            };
            let cells = vec![
                figure(self.int(measure.number as usize)),
                text_cell(measure.title.get(self.lang())),
                Cell::Bar(progress.actual, progress.planned),
                figure(self.percent(progress.actual)),
                figure(self.percent(progress.planned)),
                points(self.signed(progress.deviation), progress.deviation, self.board),
                Cell::Figure(self.int(progress.projects), tone),
            ];
            let why = self.why_measure(&measure);
            let target = Target::Sheet(Topic::Measure(id.clone()));
            self.row(
                format_smolstr!("measure:{id}"),
                MEASURES,
                cells,
                Some(target),
                Some(why),
            );
        }
        self.heading("indicators", self.t("field.measure.indicators").to_owned());
        self.indicator_head();
        let measures: Vec<_> = self.board.measures().iter().cloned().collect();
        for measure in measures {
            self.indicators_of(&measure);
        }
    }

    /// One measure: why it is where it is, its indicators, its projects, those that hold it back most first.
    pub(super) fn measure(&mut self, id: &Id) {
        if !self.knows(&[Kind::Measure, Kind::Project]) {
            return;
        }
        let Some(measure) = self.board.measures().get(id.as_str()).cloned() else {
            let gone = self.tf("edge.gone", &[("title", id.as_str())]);
            return self.say("gone", &gone, None);
        };
        let progress = self.board.progress(id.as_str());
        let values = [
            ("actual", self.percent(progress.actual)),
            ("planned", self.percent(progress.planned)),
            ("deviation", self.signed(progress.deviation)),
            ("projects", self.int(progress.projects)),
            ("cancelled", self.int(progress.cancelled)),
            ("without", self.int(progress.without_figure)),
        ];
        let key = if progress.projects == progress.cancelled {
            "sheet.measure-bare"
        } else {
            "sheet.measure-aloud"
        };
        let said = self.tf(key, &values.each_ref().map(|(k, v)| (*k, v.as_str())));
        let why = self.why_measure(&measure);
        self.say("aloud", &said, Some(why));
        self.heading("indicators", self.t("field.measure.indicators").to_owned());
        self.indicator_head();
        self.indicators_of(&measure);
        self.heading("projects", self.t("sheet.contributions").to_owned());
        self.head(
            "projects",
            PROJECTS,
            &[
                "field.project.id",
                "field.project.title",
                "sheet.actual",
                "sheet.planned",
                "field.project.weight",
                "column.project.contribution_gap",
                "column.project.contribution",
                "sheet.contribution-planned",
            ],
        );
        let mut projects: Vec<_> = self.board.projects_of_measure(id.as_str()).cloned().collect();
        let gap = |project: &Project| self.board.contribution(project).gap().unwrap_or(f64::INFINITY);
        projects.sort_by(|a, b| gap(a).total_cmp(&gap(b)).then_with(|| a.id.cmp(&b.id)));
        for project in projects {
            let contribution = self.board.contribution(&project);
            let counted = condition::counts_with(&project);
            let cells = vec![
                figure(project.id.as_str()),
                text_cell(project.title.get(self.lang())),
                figure(self.percent(counted.map(|(percent, _)| percent))),
                figure(self.percent(self.board.planned(&project))),
                figure(self.maybe(counted.map(|(_, weight)| weight))),
                points(self.signed(contribution.gap()), contribution.gap(), self.board),
                figure(self.maybe(contribution.actual)),
                figure(self.maybe(contribution.planned)),
            ];
            let why = self.why_contribution(&project);
            let target = Target::Record(Kind::Project, project.id.clone());
            self.row(
                format_smolstr!("project:{}", project.id),
                PROJECTS,
                cells,
                Some(target),
                Some(why),
            );
        }
    }

    fn indicator_head(&mut self) {
        self.head(
            "indicators",
            INDICATORS,
            &[
                "sheet.number",
                "field.indicator.title",
                "field.indicator.target",
                "sheet.actual",
                "sheet.planned",
                "sheet.way",
                "sheet.forecast",
            ],
        );
    }

    fn indicators_of(&mut self, measure: &Measure) {
        let today = self.board.today();
        for one in &measure.indicators {
            let state = indicator::state(measure, one, today);
            let behind = points(self.percent(state.done), state.deviation, self.board);
            let cells = vec![
                figure(self.int(measure.number as usize)),
                text_cell(one.title.get(self.lang())),
                figure(self.maybe(one.target.map(|n| n.get()))),
                figure(self.maybe(state.actual.map(|(_, value)| value))),
                figure(self.maybe(state.planned)),
                behind,
                dim_cell(self.forecast(one)),
            ];
            let why = self.why_indicator(measure, one);
            let target = Target::Sheet(Topic::Trajectory(measure.id.clone(), one.id.clone()));
            self.row(
                format_smolstr!("indicator:{}:{}", measure.id, one.id),
                INDICATORS,
                cells,
                Some(target),
                Some(why),
            );
        }
    }

    /// When the target will be reached, in words.
    pub(super) fn forecast(&self, one: &Indicator) -> String {
        match indicator::forecast(one, self.board.today()) {
            Forecast::NoTarget => self.t("forecast.no-target").to_owned(),
            Forecast::TooFew(n) => self.tf("forecast.too-few", &[("n", &self.int(n))]),
            Forecast::Reached(on) => self.tf("forecast.reached", &[("day", &self.day(on))]),
            Forecast::Never(_) => self.t("forecast.never").to_owned(),
            Forecast::Between { earliest, latest, .. } => {
                let earliest = self.day(earliest);
                match latest {
                    Some(latest) => {
                        let latest = self.day(latest);
                        self.tf("forecast.between", &[("earliest", &earliest), ("latest", &latest)])
                    }
                    None => self.tf("forecast.open", &[("earliest", &earliest)]),
                }
            }
        }
    }

    fn why_condition(&self, pillar: &Pillar, condition: &Condition) -> Why {
        let mut terms = Vec::new();
        for measure in self.board.measures().iter().filter(|measure| measure.pillar == *pillar) {
            let progress = self.board.progress(measure.id.as_str());
            let values = [
                ("number", self.int(measure.number as usize)),
                ("weight", self.num(condition::weight_of(measure))),
                ("actual", self.percent(progress.actual)),
                ("planned", self.percent(progress.planned)),
            ];
            terms.push(self.tf("terms.measure", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        let values = [
            ("actual", self.percent(condition.actual)),
            ("planned", self.percent(condition.planned)),
            ("without", self.int(condition.without_figure)),
        ];
        terms.push(self.tf("terms.mean", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        Why {
            title: pillar.name(self.lang()).to_string(),
            formula: "formula.condition",
            terms,
        }
    }

    pub(super) fn why_measure(&self, measure: &Measure) -> Why {
        let mut terms = Vec::new();
        for project in self.board.projects_of_measure(measure.id.as_str()) {
            let values = [
                ("id", project.id.to_string()),
                (
                    "weight",
                    self.maybe(condition::counts_with(project).map(|(_, weight)| weight)),
                ),
                (
                    "actual",
                    self.percent(condition::counts_with(project).map(|(percent, _)| percent)),
                ),
                ("planned", self.percent(self.board.planned(project))),
            ];
            terms.push(self.tf("terms.project", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        let progress = self.board.progress(measure.id.as_str());
        let values = [
            ("actual", self.percent(progress.actual)),
            ("planned", self.percent(progress.planned)),
            ("without", self.int(progress.without_figure + progress.cancelled)),
        ];
        terms.push(self.tf("terms.mean", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        Why {
            title: measure.title.get(self.lang()).to_owned(),
            formula: "formula.measure",
            terms,
        }
    }

    pub(super) fn why_contribution(&self, project: &Project) -> Why {
        let contribution = self.board.contribution(project);
        let (all, dated) = self.board.weights(project.measure.as_str());
        let counted = condition::counts_with(project);
        let values = [
            ("weight", self.maybe(counted.map(|(_, weight)| weight))),
            ("actual", self.maybe(counted.map(|(percent, _)| percent))),
            ("planned", self.maybe(self.board.planned(project))),
            ("all", self.num(all)),
            ("dated", self.num(dated)),
            ("contribution", self.maybe(contribution.actual)),
            ("path", self.maybe(contribution.planned)),
            ("gap", self.signed(contribution.gap())),
        ];
        Why {
            title: project.title.get(self.lang()).to_owned(),
            formula: "formula.contribution",
            terms: vec![self.tf("terms.contribution", &values.each_ref().map(|(k, v)| (*k, v.as_str())))],
        }
    }

    /// The terms of one reading: percent of the way done and planned for its day.
    pub(super) fn terms_of_reading(
        &self,
        one: &Indicator,
        (on, value): (Day, f64),
        planned: Option<f64>,
    ) -> Vec<String> {
        let (done, due) = (
            indicator::share(one, value),
            planned.and_then(|planned| indicator::share(one, planned)),
        );
        let values = [
            ("baseline", self.maybe(one.baseline.map(|n| n.get()))),
            ("target", self.maybe(one.target.map(|n| n.get()))),
            ("actual", self.num(value)),
            ("planned", self.maybe(planned)),
            ("done", self.percent(done)),
            ("due", self.percent(due)),
            ("deviation", self.signed(done.zip(due).map(|(done, due)| done - due))),
            ("day", self.day(on)),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        vec![self.tf("terms.way", &values), self.tf("terms.way-planned", &values)]
    }

    /// The terms of an indicator: percent of the way done and planned, and the paces its forecast rests on.
    pub(super) fn why_indicator(&self, measure: &Measure, one: &Indicator) -> Why {
        let state = indicator::state(measure, one, self.board.today());
        let mut terms = Vec::new();
        let side = |n: Option<f64>| self.maybe(n);
        let values = [
            ("baseline", side(one.baseline.map(|n| n.get()))),
            ("target", side(one.target.map(|n| n.get()))),
            ("actual", side(state.actual.map(|(_, value)| value))),
            ("planned", side(state.planned)),
            ("done", self.percent(state.done)),
            ("due", self.percent(state.due)),
            ("deviation", self.signed(state.deviation)),
            ("day", self.maybe_day(state.actual.map(|(on, _)| on))),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        terms.push(self.tf("terms.way", &values));
        terms.push(self.tf("terms.way-planned", &values));
        let forecast = indicator::forecast(one, self.board.today());
        if let Forecast::Between { paces, .. } | Forecast::Never(paces) = &forecast {
            for pace in paces {
                let per_day = crate::text::number::signed(pace.per_day, 3, self.lang());
                let values = [
                    ("from", self.day(pace.from)),
                    ("to", self.day(pace.to)),
                    ("pace", per_day),
                ];
                terms.push(self.tf("terms.pace", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
            }
        }
        terms.push(self.forecast(one));
        Why {
            title: one.title.get(self.lang()).to_owned(),
            formula: "formula.indicator",
            terms,
        }
    }
}
