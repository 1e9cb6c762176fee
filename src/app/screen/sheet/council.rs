//! Decisions by meeting, demands by age, campaigns by kind; every rate names its denominator.

use super::{
    Cell, Draft, Grid, Target, Tone, Why, bad_count, count, dim_cell, figure, figures, text_cell, wide, words_of,
};
use crate::app::screen::list;
use crate::board::tally::{self, Campaigns, Decisions};
use crate::board::{Severity, columns};
use crate::contract::{Decision, DecisionState, Demand, Kind, Record};
use smol_str::format_smolstr;
use std::cmp::Reverse;

const MEETINGS: Grid = &[
    wide(15, 34, 3),
    figures(4, 6),
    figures(4, 8),
    figures(4, 9),
    figures(5, 8),
    figures(5, 12),
    figures(4, 10),
    figures(4, 10),
    figures(4, 8),
    figures(4, 9),
];
const PAST_DUE: Grid = &[
    wide(18, 36, 3),
    wide(12, 26, 2),
    figures(4, 6),
    words_of(10, 10),
    words_of(8, 14),
    wide(10, 24, 2),
];
const FAILED: Grid = &[wide(18, 36, 3), wide(12, 26, 2), wide(16, 40, 3)];
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
const CAMPAIGNS: Grid = &[
    wide(10, 16, 1),
    figures(4, 7),
    figures(4, 9),
    figures(4, 9),
    figures(4, 9),
    figures(6, 12),
    figures(6, 12),
    figures(5, 8),
];

impl Draft<'_> {
    /// Decisions by meeting, then those past due with who is responsible, then those not executed with the reason.
    pub(super) fn decisions(&mut self) {
        if !self.knows(&[Kind::Meeting, Kind::Decision, Kind::Agency]) {
            return;
        }
        let all: Vec<_> = self.board.decisions().iter().cloned().collect();
        let tally = self.board.count_decisions(all.iter().map(AsRef::as_ref));
        let values = [
            ("executed", self.rate(tally.executed, tally.total)),
            ("due", self.rate(tally.due_executed, tally.due)),
            ("overdue", self.int(tally.overdue)),
            ("notified", self.rate(tally.notified_in_time, tally.notifiable())),
            ("days", self.int(self.board.thresholds().notify_within_days as usize)),
        ];
        let said = self.tf(
            "sheet.decisions-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
        let why = self.why_decisions(self.t("sheet.all").to_owned(), &tally);
        self.say("aloud", &said, Some(why));
        self.head(
            "meetings",
            MEETINGS,
            &[
                "kind.meeting",
                "sheet.count",
                "sheet.past-due",
                "state.decision.executed",
                "sheet.rate-executed",
                "sheet.notified",
                "sheet.open",
                "state.decision.not-executed",
                "sheet.reasoned",
                "field.decision.evidence",
            ],
        );
        let mut meetings: Vec<_> = self.board.meetings().iter().cloned().collect();
        meetings.sort_by_key(|meeting| (Reverse(meeting.on), Reverse(meeting.number), meeting.id.clone()));
        for meeting in meetings {
            let of = self.board.decisions_of_meeting(meeting.id.as_str()).map(AsRef::as_ref);
            let tally = self.board.count_decisions(of);
            let title = columns::title(&Record::Meeting(meeting.clone()), self.lang()).into_owned();
            // The number and the day first: names of bodies are long and alike.
            let name = format!(
                "{} · {} · {}",
                self.int(meeting.number as usize),
                crate::text::isolate::ltr(&self.day(meeting.on)),
                crate::text::isolate::auto(meeting.body.get(self.lang()))
            );
            let target = list::within(Kind::Decision, "meeting", meeting.id.as_str()).map(Target::List);
            let cells = self.decision_cells(name, &tally);
            let why = self.why_decisions(title, &tally);
            self.row(
                format_smolstr!("meeting:{}", meeting.id),
                MEETINGS,
                cells,
                target,
                Some(why),
            );
        }
        let name = self.t("sheet.all").to_owned();
        let cells = self.decision_cells(name, &tally);
        let why = self.why_decisions(self.t("sheet.all").to_owned(), &tally);
        self.row(
            "meetings".into(),
            MEETINGS,
            cells,
            Some(Target::List(list::of(Kind::Decision))),
            Some(why),
        );
        let decisions: Vec<&Decision> = all.iter().map(AsRef::as_ref).collect();
        self.past_due(&decisions);
        self.not_executed(&decisions);
    }

    fn decision_cells(&self, name: String, tally: &Decisions) -> Vec<Cell> {
        let n = |n: usize| count(self.int(n), n);
        let of = |part: usize, of: usize| figure(format!("{}/{}", self.int(part), self.int(of)));
        vec![
            text_cell(name),
            n(tally.total),
            bad_count(self.int(tally.overdue), tally.overdue, Severity::Critical),
            n(tally.executed),
            figure(self.percent(tally::rate(tally.due_executed, tally.due))),
            of(tally.notified_in_time, tally.notifiable()),
            n(tally.open),
            bad_count(self.int(tally.not_executed), tally.not_executed, Severity::Warning),
            of(tally.reasoned, tally.not_executed),
            of(tally.proven, tally.executed),
        ]
    }

    pub(super) fn why_decisions(&self, title: String, tally: &Decisions) -> Why {
        let values = [
            ("executed", self.rate(tally.executed, tally.total)),
            ("due", self.rate(tally.due_executed, tally.due)),
            ("notified", self.rate(tally.notified_in_time, tally.notifiable())),
            ("proven", self.rate(tally.proven, tally.executed)),
            ("reasoned", self.rate(tally.reasoned, tally.not_executed)),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        let keys = [
            "terms.executed",
            "terms.due-executed",
            "terms.notified",
            "terms.proven",
            "terms.reasoned",
        ];
        Why {
            title,
            formula: "formula.decisions",
            terms: keys.into_iter().map(|key| self.tf(key, &values)).collect(),
        }
    }

    fn agency_cell(&self, id: &str) -> Cell {
        text_cell(self.board.agency_name(id, self.lang()))
    }

    fn past_due(&mut self, decisions: &[&Decision]) {
        let today = self.board.today();
        let late = |decision: &&&Decision| !decision.state.is_final() && decision.due.is_some_and(|due| due < today);
        let mut rows: Vec<&Decision> = decisions.iter().filter(late).copied().collect();
        rows.sort_by_key(|decision| (decision.due, decision.id.clone()));
        let title = self.tf("sheet.past-due-decisions", &[("n", &self.int(rows.len()))]);
        self.heading("past-due", title);
        if rows.is_empty() {
            return self.none("past-due", "sheet.past-due-none");
        }
        let titles = [
            "kind.decision",
            "field.decision.agency",
            "pane.days",
            "field.decision.due",
            "field.decision.state",
            "field.decision.reason",
        ];
        self.head("past-due", PAST_DUE, &titles);
        for decision in rows {
            let days = decision.due.map_or(0, |due| today - due);
            let critical = i64::from(days) > i64::from(self.board.thresholds().decision_critical_days);
            let severity = if critical {
                Severity::Critical
            } else {
                Severity::Warning
            };
            let cells = vec![
                text_cell(decision.text.get(self.lang())),
                self.agency_cell(decision.agency.as_str()),
                Cell::Figure(self.int(days.unsigned_abs() as usize), Tone::Grave(severity)),
                figure(self.maybe_day(decision.due)),
                text_cell(decision.state.name(self.lang())),
                self.reason(decision),
            ];
            let target = Target::Record(Kind::Decision, decision.id.clone());
            self.row(
                format_smolstr!("past-due:{}", decision.id),
                PAST_DUE,
                cells,
                Some(target),
                None,
            );
        }
    }

    fn reason(&self, decision: &Decision) -> Cell {
        match &decision.reason {
            Some(reason) => text_cell(reason.get(self.lang())),
            None => Cell::Text(self.t("sheet.no-reason").to_owned(), Tone::Grave(Severity::Warning)),
        }
    }

    fn not_executed(&mut self, decisions: &[&Decision]) {
        let rows: Vec<&&Decision> = decisions
            .iter()
            .filter(|decision| decision.state == DecisionState::NotExecuted)
            .collect();
        let title = self.tf("sheet.not-executed-decisions", &[("n", &self.int(rows.len()))]);
        self.heading("not-executed", title);
        if rows.is_empty() {
            return self.none("not-executed", "sheet.not-executed-none");
        }
        self.head(
            "not-executed",
            FAILED,
            &["kind.decision", "field.decision.agency", "field.decision.reason"],
        );
        for decision in rows {
            let cells = vec![
                text_cell(decision.text.get(self.lang())),
                self.agency_cell(decision.agency.as_str()),
                self.reason(decision),
            ];
            let target = Target::Record(Kind::Decision, decision.id.clone());
            self.row(
                format_smolstr!("not-executed:{}", decision.id),
                FAILED,
                cells,
                Some(target),
                None,
            );
        }
    }

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

    /// Campaigns by kind with their reach; a kind without any is a blank to be seen.
    pub(super) fn campaigns(&mut self) {
        if !self.knows(&[Kind::Campaign]) {
            return;
        }
        let kinds = self.board.campaigns_by_kind();
        let mut all = Campaigns::default();
        for tally in kinds.values() {
            all.total += tally.total;
            for (sum, n) in all.states.iter_mut().zip(tally.states) {
                *sum += n;
            }
            all.reach += tally.reach;
            all.reach_of_planned += tally.reach_of_planned;
            all.planned += tally.planned;
        }
        let bare = kinds.values().filter(|tally| tally.total == 0).count();
        let values = [
            ("total", self.int(all.total)),
            ("bare", self.int(bare)),
            ("reach", self.num(all.reach)),
            ("rate", self.percent(all.rate())),
        ];
        let said = self.tf(
            "sheet.campaigns-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
        let why = self.why_reach(self.t("sheet.all").to_owned(), &all);
        self.say("aloud", &said, Some(why));
        self.head(
            "kinds",
            CAMPAIGNS,
            &[
                "field.campaign.campaign_kind",
                "sheet.count",
                "state.campaign.planned",
                "state.campaign.running",
                "state.campaign.done",
                "field.campaign.reach",
                "field.campaign.reach_planned",
                "column.campaign.reach_rate",
            ],
        );
        for (kind, tally) in &kinds {
            let name = kind.name(self.lang()).to_string();
            let target = list::within(Kind::Campaign, "campaign_kind", kind.as_str()).map(Target::List);
            let cells = self.campaign_cells(name.clone(), tally);
            let why = self.why_reach(name, tally);
            self.row(
                format_smolstr!("kind:{}", kind.as_str()),
                CAMPAIGNS,
                cells,
                target,
                Some(why),
            );
        }
        let name = self.t("sheet.all").to_owned();
        let cells = self.campaign_cells(name.clone(), &all);
        let why = self.why_reach(name, &all);
        self.row(
            "kinds".into(),
            CAMPAIGNS,
            cells,
            Some(Target::List(list::of(Kind::Campaign))),
            Some(why),
        );
    }

    fn campaign_cells(&self, name: String, tally: &Campaigns) -> Vec<Cell> {
        let n = |n: usize| count(self.int(n), n);
        let [planned, running, done] = tally.states;
        vec![
            text_cell(name),
            bad_if_none(self.int(tally.total), tally.total),
            n(planned),
            n(running),
            n(done),
            figure(self.num(tally.reach)),
            figure(self.num(tally.planned)),
            figure(self.percent(tally.rate())),
        ]
    }

    pub(super) fn why_reach(&self, title: String, tally: &Campaigns) -> Why {
        let values = [
            ("reach", self.num(tally.reach_of_planned)),
            ("planned", self.num(tally.planned)),
            ("rate", self.percent(tally.rate())),
        ];
        Why {
            title,
            formula: "formula.reach",
            terms: vec![self.tf("terms.reach", &values.each_ref().map(|(k, v)| (*k, v.as_str())))],
        }
    }
}

/// A count that should not be nothing.
fn bad_if_none(text: String, n: usize) -> Cell {
    let tone = if n == 0 {
        Tone::Grave(Severity::Warning)
    } else {
        Tone::Text
    };
    Cell::Figure(text, tone)
}
