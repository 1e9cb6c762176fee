//! The terms of the derived figures of projects, measures, initiatives and the council's records, each the arithmetic of one figure in
//! a sentence.

use super::Draft;
use crate::app::screen::sheet::Why;
use crate::board::{Field, indicator, progress};
use crate::clock::Day;
use crate::contract::{
    Campaign, Decision, Demand, Figure, Initiative, Kind, Measure, Project, ProjectState, Record, figure,
};
use crate::i18n;
use crate::text::number;

/// Ids named among the terms of a count; more are only counted.
pub(super) const NAMED: usize = 12;

impl Draft<'_> {
    pub(super) fn fill(&self, key: &'static str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.tf(key, &values)
    }

    /// A figure without a title yet: who asks gives it the one the line has.
    pub(super) fn untitled(&self, formula: &'static str, terms: Vec<String>) -> Why {
        Why {
            title: String::new(),
            formula,
            terms,
        }
    }

    /// `name: value`, with the title of a field or column.
    pub(super) fn term(&self, key: &str, value: String) -> String {
        let name = i18n::find(self.lang(), key).unwrap_or_default().to_owned();
        self.fill("terms.value", &[("name", name), ("value", value)])
    }

    pub(super) fn days(&self, days: i32) -> String {
        number::integer(i64::from(days), self.lang())
    }

    /// How many records name another in a field, and which; of these, where it matters, how many are still open.
    pub(super) fn count_of(&self, field: Field, id: &str, open: impl Fn(&Record) -> bool) -> Why {
        let (owner, name) = field.title();
        let mut terms = vec![self.fill(
            "terms.naming",
            &[
                ("kind", self.t(field.from().plural_key()).to_owned()),
                ("field", i18n::field(self.lang(), owner, name).to_owned()),
                ("n", self.int(self.board.count_referring(field, id))),
            ],
        )];
        let mut all = self.board.referring(field, id);
        let named: Vec<String> = all.by_ref().take(NAMED).map(|id| id.to_string()).collect();
        let more = all.next().is_some();
        terms.extend(self.named(&named, more));
        // An initiative is never open in this sense, and there may be a million of them.
        if field.from() != Kind::Initiative {
            let records = self.board.referring(field, id);
            let records = records.filter_map(|id| self.board.record(field.from(), id.as_str()));
            let still: Vec<String> = records
                .filter(|record| open(record))
                .map(|record| record.id().to_string())
                .collect();
            if !still.is_empty() {
                terms.push(self.fill("terms.open", &[("n", self.int(still.len()))]));
                let shown = still.get(..NAMED).unwrap_or(&still);
                terms.extend(self.named(shown, still.len() > NAMED));
            }
        }
        self.untitled("formula.count", terms)
    }

    pub(super) fn named(&self, ids: &[String], more: bool) -> Option<String> {
        let comma = format!("{} ", self.t("terms.comma"));
        let ids: Vec<String> = ids.iter().map(|id| crate::text::isolate::ltr(id)).collect();
        let end = if more { "…" } else { "" };
        (!ids.is_empty()).then(|| ids.join(&comma) + end)
    }

    /// `today − deadline = days`.
    pub(super) fn days_since(&self, due: Day) -> String {
        let today = self.board.today();
        self.fill(
            "terms.days",
            &[
                ("to", self.day(today)),
                ("from", self.day(due)),
                ("days", self.days(today - due)),
            ],
        )
    }

    pub(super) fn overdue(&self, due: Day) -> Why {
        self.untitled("formula.overdue", vec![self.days_since(due)])
    }

    /// The points of the path on both sides of today, what they make, and what the project counts with.
    pub(super) fn terms_of_path(&self, project: &Project) -> Why {
        let mut terms = Vec::new();
        let percent = |n: f64| self.percent(Some(n));
        let today = ("today", self.day(self.board.today()));
        let planned = ("planned", self.percent(self.board.planned(project)));
        match progress::stretch(project, self.board.today()) {
            Some((Some((from, low)), Some((to, high)))) => terms.push(self.fill(
                "terms.path-between",
                &[
                    today,
                    planned,
                    ("from", self.day(from)),
                    ("to", self.day(to)),
                    ("low", percent(low)),
                    ("high", percent(high)),
                ],
            )),
            Some((Some((last, high)), None)) => terms.push(self.fill(
                "terms.path-after",
                &[today, ("last", self.day(last)), ("planned", percent(high))],
            )),
            Some((None, Some((first, _)))) => {
                terms.push(self.fill("terms.path-before", &[today, ("first", self.day(first)), planned]));
            }
            Some((None, None)) | None => terms.push(self.t("terms.no-path").to_owned()),
        }
        if project.state == ProjectState::Done {
            terms.push(self.t("terms.done").to_owned());
        }
        if let Some(deviation) = self.board.deviation(project) {
            terms.push(self.fill(
                "terms.deviation",
                &[
                    ("actual", self.percent(progress::actual(project))),
                    ("planned", self.percent(self.board.planned(project))),
                    ("deviation", self.signed(Some(deviation))),
                ],
            ));
        }
        self.untitled("formula.path", terms)
    }

    /// How far each indicator of a measure is on its way, and their mean.
    pub(super) fn terms_of_way(&self, measure: &Measure) -> Why {
        let today = self.board.today();
        let mut terms = Vec::new();
        let mut done = Vec::new();
        for one in &measure.indicators {
            let state = indicator::state(measure, one, today);
            let said = [
                ("name", one.title.get(self.lang()).to_owned()),
                ("value", self.percent(state.done)),
            ];
            terms.push(self.fill("terms.value", &said));
            done.extend(state.done);
        }
        let sum: f64 = done.iter().sum();
        if !done.is_empty() {
            terms.push(self.fill(
                "terms.way-mean",
                &[
                    ("sum", self.num(sum)),
                    ("n", self.int(done.len())),
                    ("way", self.percent(Some(sum / done.len() as f64))),
                ],
            ));
        }
        self.untitled("formula.way", terms)
    }

    /// What is taken over from the record another belongs to.
    pub(super) fn taken(&self, kind: Kind, id: &str, field: &str) -> Why {
        let record = self.board.record(kind, id);
        let key = field.rsplit('.').next().unwrap_or(field);
        let value = record
            .zip(crate::board::columns::column(kind, key))
            .map(|(record, column)| (column.get)(self.board, &record).format(self.board, self.style));
        let term = self.fill(
            "terms.taken",
            &[
                ("kind", self.t(kind.name_key()).to_owned()),
                ("name", self.board.name_of(kind, id, self.lang()).to_string()),
                ("field", i18n::find(self.lang(), field).unwrap_or_default().to_owned()),
                ("value", value.unwrap_or_else(|| "—".to_owned())),
            ],
        );
        self.untitled("formula.taken", vec![term])
    }

    /// Days from the meeting to the notification, or to today while nobody was notified.
    pub(super) fn notification(&self, decision: &Decision) -> Option<Why> {
        let meeting = self.board.meetings().get(decision.meeting.as_str())?.on;
        let today = self.board.today();
        let told = decision.notified.filter(|on| *on <= today);
        let mut terms = Vec::new();
        if told.is_none() {
            terms.push(self.t("terms.not-notified").to_owned());
        }
        let to = told.unwrap_or(today);
        terms.push(self.fill(
            "terms.days",
            &[
                ("to", self.day(to)),
                ("from", self.day(meeting)),
                ("days", self.days(to - meeting)),
            ],
        ));
        let limit = self.board.thresholds().notify_within_days;
        terms.push(self.fill("terms.limit", &[("days", self.int(limit as usize))]));
        Some(self.untitled("formula.notified", terms))
    }

    /// Days from a demand's receipt to its answer, or to today while none is given.
    pub(super) fn age_of(&self, demand: &Demand) -> Why {
        let to = demand.answered.unwrap_or(self.board.today());
        let term = self.fill(
            "terms.days",
            &[
                ("to", self.day(to)),
                ("from", self.day(demand.received)),
                ("days", self.days(to - demand.received)),
            ],
        );
        self.untitled("formula.demands", vec![term])
    }

    pub(super) fn terms_of_campaign(&self, campaign: &Campaign) -> Why {
        let of = |n: Option<crate::contract::figure::Num>| self.maybe(n.map(|n| n.get()));
        let rate = campaign.reach.zip(campaign.reach_planned);
        let rate = rate.filter(|(_, planned)| planned.get() > 0.0);
        let rate = rate.map(|(reach, planned)| 100.0 * reach.get() / planned.get());
        let term = self.fill(
            "terms.reach",
            &[
                ("reach", of(campaign.reach)),
                ("planned", of(campaign.reach_planned)),
                ("rate", self.percent(rate)),
            ],
        );
        self.untitled("formula.reach", vec![term])
    }

    /// The day of each stage, and the stage the record states.
    pub(super) fn stages(&self, initiative: &Initiative) -> Why {
        let days = [
            ("field.initiative.identified", initiative.identified),
            ("field.initiative.empowered", initiative.empowered),
            ("field.initiative.brought_in", initiative.brought_in),
        ];
        let mut terms: Vec<String> = days
            .into_iter()
            .map(|(key, on)| self.term(key, self.maybe_day(on)))
            .collect();
        terms.push(self.term("field.initiative.stage", initiative.stage.name(self.lang()).to_string()));
        self.untitled("formula.reached", terms)
    }

    /// A stepped figure: each later step against the one committed to, and what was verified against what was claimed.
    pub(super) fn why_steps(&self, title: &'static str, figure: &Figure, is_money: bool) -> Option<Why> {
        use figure::Step::{Approved, Claimed, Committed, Registered, Verified};
        let mut terms = Vec::new();
        let pairs = [
            (Claimed, Committed),
            (Registered, Committed),
            (Approved, Committed),
            (Verified, Committed),
            (Verified, Claimed),
        ];
        let shown = |n: f64| match is_money {
            true => number::money_rial(n as i64, self.style.money, self.lang()),
            false => self.num(n),
        };
        for (step, of) in pairs {
            let (Some(part), Some(whole)) = (figure.at(step), figure.at(of)) else {
                continue;
            };
            // What is below nothing is a finding, and no rate of anything.
            let rate = (whole > 0.0 && part >= 0.0).then(|| 100.0 * part / whole);
            let name = |step: figure::Step| {
                let key = format!("figure.{}", step.as_str());
                i18n::find(self.lang(), &key).unwrap_or_default().to_owned()
            };
            terms.push(self.fill(
                "terms.steps",
                &[
                    ("step", name(step)),
                    ("of", name(of)),
                    ("a", shown(part)),
                    ("b", shown(whole)),
                    ("rate", self.percent(rate)),
                ],
            ));
        }
        let title = self.t(title).to_owned();
        (!terms.is_empty()).then(|| Why {
            title,
            ..self.untitled("formula.steps", terms)
        })
    }
}
