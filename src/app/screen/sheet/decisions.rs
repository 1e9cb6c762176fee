//! Decisions by meeting, those past due and those not executed; every rate names its denominator.

use super::{Cell, Draft, Grid, Target, Tone, Why, bad_count, count, figure, figures, text_cell, wide, words_of};
use crate::app::screen::list;
use crate::board::tally::{self, Decisions};
use crate::board::{Severity, columns};
use crate::contract::{Decision, DecisionState, Kind, Record};
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

    pub(super) fn agency_cell(&self, id: &str) -> Cell {
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
}
