//! Demands by age, oldest first; to whom they go, and what was answered.

use super::{
    Cell, Draft, Grid, Target, Tone, Why, bad_count, count, dim_cell, figure, figures, text_cell, wide, words_of,
};
use crate::app::screen::list;
use crate::board::Severity;
use crate::contract::{Demand, Kind};
use smol_str::format_smolstr;
use std::cmp::Reverse;

const DEMANDS: Grid = &[
    figures(4, 5),
    wide(16, 30, 3),
    wide(12, 28, 2),
    words_of(10, 10),
    figures(4, 8),
    words_of(8, 14),
    wide(8, 20, 1),
];
const ADDRESSEES: Grid = &[
    wide(16, 36, 3),
    figures(4, 8),
    figures(4, 8),
    figures(4, 8),
    figures(4, 8),
];
const ANSWERED: Grid = &[
    figures(4, 5),
    wide(16, 30, 3),
    wide(12, 26, 2),
    words_of(8, 14),
    wide(12, 36, 3),
];

impl Draft<'_> {
    /// Demands: unanswered ones oldest first, then by addressee, then the answers given.
    pub(super) fn demands(&mut self) {
        if !self.knows(&[Kind::Demand, Kind::Agency]) {
            return;
        }
        let mut all: Vec<_> = self.board.demands().iter().cloned().collect();
        all.sort_by_key(|demand| (demand.received, demand.id.clone()));
        let tally = self.board.count_demands(all.iter().map(AsRef::as_ref));
        let open = |demand: &&std::sync::Arc<Demand>| !demand.state.is_final();
        let nobody = all.iter().filter(open).filter(|demand| demand.agency.is_none()).count();
        let oldest = tally
            .oldest
            .map_or_else(|| "—".to_owned(), |days| self.num(f64::from(days)));
        let values = [
            ("open", self.rate(tally.open, tally.total)),
            ("oldest", oldest),
            ("overdue", self.int(tally.overdue)),
            ("nobody", self.int(nobody)),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        let said = self.tf("sheet.demands-aloud", &values);
        let why = Why {
            title: self.t("sheet.demands").to_owned(),
            formula: "formula.demands",
            terms: vec![self.tf("terms.demands", &values)],
        };
        self.say("aloud", &said, Some(why));
        if tally.open == 0 {
            self.none("open", "sheet.demands-none");
        } else {
            let titles = [
                "column.demand.age",
                "field.demand.topic",
                "field.demand.agency",
                "field.demand.due",
                "column.demand.days_overdue",
                "field.demand.state",
                "field.demand.raised_by",
            ];
            self.head("open", DEMANDS, &titles);
        }
        for demand in all.iter().filter(open) {
            let cells = self.open_demand(demand);
            let target = Target::Record(Kind::Demand, demand.id.clone());
            self.row(
                format_smolstr!("open:{}", demand.id),
                DEMANDS,
                cells,
                Some(target),
                None,
            );
        }
        self.addressees();
        self.answers(&all);
    }

    fn age(&self, demand: &Demand) -> Cell {
        let days = demand.answered.unwrap_or(self.board.today()) - demand.received;
        // Answered before it came, or received on a day to come: a finding, and no age.
        figure(match days {
            0.. => crate::text::number::integer(i64::from(days), self.lang()),
            _ => "—".to_owned(),
        })
    }

    /// Whom a demand is addressed to; nobody stands out.
    fn addressee(&self, demand: &Demand) -> Cell {
        match &demand.agency {
            Some(agency) => self.agency_cell(agency.as_str()),
            None => Cell::Text(self.t("sheet.nobody").to_owned(), Tone::Grave(Severity::Warning)),
        }
    }

    fn open_demand(&self, demand: &Demand) -> Vec<Cell> {
        let late = demand.due.map(|due| self.board.today() - due).filter(|days| *days > 0);
        vec![
            self.age(demand),
            text_cell(demand.topic.get(self.lang())),
            self.addressee(demand),
            figure(self.maybe_day(demand.due)),
            match late {
                Some(days) => Cell::Figure(self.int(days.unsigned_abs() as usize), Tone::Grave(Severity::Warning)),
                None => dim_cell("—"),
            },
            text_cell(demand.state.name(self.lang())),
            dim_cell(demand.raised_by.get(self.lang())),
        ]
    }

    fn addressees(&mut self) {
        self.heading("addressees", self.t("sheet.by-addressee").to_owned());
        let titles = [
            "field.demand.agency",
            "sheet.unanswered",
            "sheet.past-due",
            "sheet.oldest",
            "sheet.count",
        ];
        self.head("addressees", ADDRESSEES, &titles);
        let mut rows: Vec<_> = self.board.demands_by_addressee().into_iter().collect();
        rows.sort_by_key(|(agency, tally)| (Reverse(tally.open), Reverse(tally.oldest), agency.clone()));
        for (agency, tally) in rows {
            let name = match &agency {
                Some(id) => self.agency_cell(id.as_str()),
                None => Cell::Text(self.t("sheet.nobody").to_owned(), Tone::Grave(Severity::Warning)),
            };
            let oldest = tally
                .oldest
                .map_or_else(|| "—".to_owned(), |days| self.num(f64::from(days)));
            let cells = vec![
                name,
                count(self.int(tally.open), tally.open),
                bad_count(self.int(tally.overdue), tally.overdue, Severity::Warning),
                figure(oldest),
                figure(self.int(tally.total)),
            ];
            let target = agency
                .as_ref()
                .and_then(|id| list::within(Kind::Demand, "agency", id.as_str()))
                .map(Target::List);
            let key = agency.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
            self.row(format_smolstr!("addressee:{key}"), ADDRESSEES, cells, target, None);
        }
    }

    fn answers(&mut self, all: &[std::sync::Arc<Demand>]) {
        let answered: Vec<_> = all.iter().filter(|demand| demand.state.is_final()).collect();
        let title = self.tf("sheet.answers", &[("n", &self.int(answered.len()))]);
        self.heading("answers", title);
        if answered.is_empty() {
            return self.none("answers", "edge.empty-list");
        }
        let titles = [
            "sheet.took",
            "field.demand.topic",
            "field.demand.agency",
            "field.demand.state",
            "field.demand.answer",
        ];
        self.head("answers", ANSWERED, &titles);
        for demand in answered {
            let answer = match &demand.answer {
                Some(answer) => text_cell(answer.get(self.lang())),
                None => Cell::Text(self.t("sheet.no-answer").to_owned(), Tone::Grave(Severity::Notice)),
            };
            // Without the day of the answer nobody knows how long it took.
            let took = if demand.answered.is_some() {
                self.age(demand)
            } else {
                dim_cell("—")
            };
            let cells = vec![
                took,
                text_cell(demand.topic.get(self.lang())),
                self.addressee(demand),
                text_cell(demand.state.name(self.lang())),
                answer,
            ];
            let target = Target::Record(Kind::Demand, demand.id.clone());
            self.row(
                format_smolstr!("answer:{}", demand.id),
                ANSWERED,
                cells,
                Some(target),
                None,
            );
        }
    }
}
