//! The submission board: every agency in exactly one class, who owes a plan, the enforcement ladder.

use super::{
    Cell, Draft, Grid, Shape, Target, Tone, Why, bad_count, count, dim_cell, figure, figures, text_cell, wide, words_of,
};
use crate::app::screen::list;
use crate::board::{Class, Classes, Owed, Severity};
use crate::contract::records::Step;
use crate::contract::{Category, Id, Kind, LadderStep};
use smol_str::format_smolstr;
use std::collections::BTreeMap;

const BY_CATEGORY: Grid = &[
    wide(10, 14, 2),
    figures(3, 5),
    figures(3, 7),
    figures(3, 7),
    figures(3, 7),
    figures(3, 9),
    figures(3, 9),
    figures(3, 9),
    words_of(12, 20),
];
const OWED: Grid = &[
    wide(20, 30, 3),
    words_of(8, 13),
    figures(4, 5),
    words_of(15, 30),
    words_of(15, 30),
];
const LADDER: Grid = &[
    wide(12, 22, 1),
    figures(4, 12),
    figures(4, 12),
    figures(4, 12),
    figures(4, 12),
];

impl Draft<'_> {
    /// Who has submitted, who owes, and what comes next.
    pub(super) fn submission(&mut self) {
        if !self.knows(&[Kind::Agency, Kind::Plan]) {
            return;
        }
        let submission = self.board.submission();
        let total = submission.total;
        let extended = self.extended(|_| true);
        let aloud = self.aloud(&total, extended);
        let why = self.why_classes(self.t("sheet.all").to_owned(), &total);
        self.say("aloud", &aloud, Some(why));
        self.heading("categories", self.t("sheet.by-category").to_owned());
        self.head(
            "categories",
            BY_CATEGORY,
            &[
                "pane.category",
                "sheet.agencies",
                "submission.on-time",
                "submission.late",
                "submission.returned",
                "submission.overdue",
                "submission.not-yet-due",
                "sheet.extended",
                "sheet.submitted-rate",
            ],
        );
        for (category, classes) in &submission.categories {
            let name = category.name(self.lang()).to_string();
            let extended = self.extended(|of| of == category);
            let target = list::within(Kind::Agency, "category", category.as_str()).map(Target::List);
            let cells = self.class_cells(text_cell(name.clone()), classes, extended);
            let why = self.why_classes(name, classes);
            self.row(
                format_smolstr!("category:{}", category.as_str()),
                BY_CATEGORY,
                cells,
                target,
                Some(why),
            );
        }
        let all = self.t("sheet.all").to_owned();
        let cells = self.class_cells(text_cell(all.clone()), &total, extended);
        let why = self.why_classes(all, &total);
        self.row(
            "category".into(),
            BY_CATEGORY,
            cells,
            Some(Target::List(list::of(Kind::Agency))),
            Some(why),
        );
        self.owing();
        self.ladder();
    }

    /// Agencies with a plan whose deadline was extended.
    fn extended(&self, of: impl Fn(&Category) -> bool) -> usize {
        let agencies = self.board.agencies().iter().filter(|agency| of(&agency.category));
        agencies
            .filter(|agency| {
                let mut plans = self.board.plans_of_agency(agency.id.as_str());
                plans.any(|plan| plan.extended_to.is_some())
            })
            .count()
    }

    /// The one line one can read aloud.
    fn aloud(&self, total: &Classes, extended: usize) -> String {
        let values = [
            ("total", self.int(total.agencies())),
            ("submitted", self.int(total.submitted())),
            ("on_time", self.int(total.get(Class::OnTime))),
            ("late", self.int(total.get(Class::Late))),
            ("returned", self.int(total.get(Class::Returned))),
            ("overdue", self.int(total.get(Class::Overdue))),
            ("not_yet", self.int(total.get(Class::NotYetDue))),
            ("extended", self.int(extended)),
        ];
        self.tf(
            "sheet.submission-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        )
    }

    fn class_cells(&self, name: Cell, classes: &Classes, extended: usize) -> Vec<Cell> {
        let n = |class: Class| (self.int(classes.get(class)), classes.get(class));
        let bad = |class: Class, severity| {
            let (text, n) = n(class);
            bad_count(text, n, severity)
        };
        let plain = |class: Class| {
            let (text, n) = n(class);
            count(text, n)
        };
        vec![
            name,
            figure(self.int(classes.agencies())),
            plain(Class::OnTime),
            plain(Class::Late),
            bad(Class::Returned, Severity::Warning),
            bad(Class::Overdue, Severity::Critical),
            plain(Class::NotYetDue),
            count(self.int(extended), extended),
            dim_cell(self.rate(classes.submitted(), classes.agencies())),
        ]
    }

    fn why_classes(&self, title: String, classes: &Classes) -> Why {
        let n = |class: Class| self.int(classes.get(class));
        let sum: Vec<String> = Class::ALL.iter().map(|class| n(*class)).collect();
        let values = [
            ("sum", format!("{} = {}", sum.join(" + "), self.int(classes.agencies()))),
            (
                "submitted",
                format!(
                    "{} + {} = {}",
                    n(Class::OnTime),
                    n(Class::Late),
                    self.int(classes.submitted())
                ),
            ),
            ("rate", self.rate(classes.submitted(), classes.agencies())),
        ];
        let of = |key: &'static str| self.tf(key, &values.each_ref().map(|(k, v)| (*k, v.as_str())));
        Why {
            title,
            formula: "formula.submission",
            terms: vec![of("terms.classes"), of("terms.submitted")],
        }
    }

    /// Every agency that has not submitted, by category, the longest overdue first.
    fn owing(&mut self) {
        let mut owed: BTreeMap<Id, Owed> = BTreeMap::new();
        for plan in self.board.owed_plans() {
            // The longest overdue of an agency's plans comes first and stays.
            owed.entry(plan.agency.clone()).or_insert(plan);
        }
        let submission = self.board.submission();
        let mut rows: Vec<(Category, i32, Id, Class)> = Vec::new();
        for agency in self.board.agencies().iter() {
            if let Some(class) = submission.of(agency.id.as_str())
                && !matches!(class, Class::OnTime | Class::Late)
            {
                let days = owed.get(&agency.id).map_or(0, |owed| owed.days_overdue);
                rows.push((agency.category.clone(), -days, agency.id.clone(), class));
            }
        }
        rows.sort_by(|a, b| (&a.0, a.1, &a.2).cmp(&(&b.0, b.1, &b.2)));
        let title = self.tf("sheet.owing", &[("n", &self.int(rows.len()))]);
        self.heading("owing", title);
        if rows.is_empty() {
            return self.none("owing", "sheet.owing-none");
        }
        let mut last: Option<Category> = None;
        for (category, days, id, class) in rows {
            if last.as_ref() != Some(&category) {
                // Each category has the titles to itself, so that a row need not repeat its name.
                let key = format_smolstr!("owing:{}", category.as_str());
                let titles = ["sheet.class", "pane.days", "pane.step", "sheet.next-step"];
                self.head_named(&key, OWED, category.name(self.lang()).to_string(), &titles);
                last = Some(category.clone());
            }
            let owes = owed.get(&id);
            let tone = match class {
                Class::Overdue => Tone::Grave(Severity::Critical),
                Class::Returned => Tone::Grave(Severity::Warning),
                _ => Tone::Text,
            };
            let cells = vec![
                text_cell(self.board.agency_name(id.as_str(), self.lang())),
                Cell::Text(self.class_name(class).to_owned(), tone),
                Cell::Figure(
                    if days < 0 {
                        self.int(days.unsigned_abs() as usize)
                    } else {
                        "—".into()
                    },
                    tone,
                ),
                self.step(owes.and_then(|owes| owes.last_step.as_ref()), false),
                self.step(owes.and_then(|owes| owes.next_step.as_ref()), true),
            ];
            let target = match owes.and_then(|owes| owes.plan.clone()) {
                Some(plan) => Target::Record(Kind::Plan, plan),
                None => Target::Record(Kind::Agency, id.clone()),
            };
            self.row(format_smolstr!("owing:{id}"), OWED, cells, Some(target), None);
        }
    }

    pub(super) fn class_name(&self, class: Class) -> &'static str {
        self.t(match class {
            Class::OnTime => "submission.on-time",
            Class::Late => "submission.late",
            Class::Returned => "submission.returned",
            Class::Overdue => "submission.overdue",
            Class::NotYetDue => "submission.not-yet-due",
        })
    }

    /// A step of the ladder with its day; a step whose day has come and that nobody took stands out.
    fn step(&self, step: Option<&(Step, crate::clock::Day)>, is_next: bool) -> Cell {
        let Some((step, on)) = step else { return dim_cell("—") };
        let values = [("step", step.name(self.lang()).to_string()), ("day", self.day(*on))];
        let said = self.tf("sheet.step-on", &values.each_ref().map(|(k, v)| (*k, v.as_str())));
        let late = is_next && *on <= self.board.today();
        Cell::Text(
            said,
            if late {
                Tone::Grave(Severity::Warning)
            } else {
                Tone::Text
            },
        )
    }

    /// The enforcement ladder: each step, when it comes, who stands on it and for whom it is next.
    fn ladder(&mut self) {
        self.heading("ladder", self.t("sheet.ladder").to_owned());
        let board = self.board;
        let ladder = board.ladder();
        let mut terms = Vec::new();
        if !board.settings().ladder.is_empty() {
            let own = board.headquarters().map_or(&[][..], |hq| &hq.ladder);
            let said = if board.hides_ladder() {
                self.tf("sheet.ladder-hides", &[("steps", &self.rungs(own))])
            } else {
                self.t("sheet.ladder-own").to_owned()
            };
            self.say("ladder-own", &said, None);
            terms.push(said);
        }
        if ladder.is_empty() {
            let text = self.t("sheet.ladder-none").to_owned();
            self.push("ladder:none", Shape::Say, vec![dim_cell(text)]);
            return;
        }
        let titles = [
            "pane.step",
            "sheet.after-days",
            "sheet.reached",
            "sheet.next",
            "sheet.next-due",
        ];
        self.head("ladder", LADDER, &titles);
        let owed = self.board.owed_plans();
        let today = self.board.today();
        for (n, rung) in ladder.iter().enumerate() {
            let last = |owed: &&Owed| owed.last_step.as_ref().is_some_and(|(step, _)| *step == rung.step);
            let next = |owed: &&Owed| owed.next_step.as_ref().is_some_and(|(step, _)| *step == rung.step);
            let due = |owed: &&Owed| owed.next_step.as_ref().is_some_and(|(_, on)| *on <= today);
            let reached = owed.iter().filter(last).count();
            let coming = owed.iter().filter(next).count();
            let now = owed.iter().filter(next).filter(due).count();
            let cells = vec![
                text_cell(rung.step.name(self.lang())),
                figure(self.int(rung.after_days as usize)),
                count(self.int(reached), reached),
                count(self.int(coming), coming),
                bad_count(self.int(now), now, Severity::Warning),
            ];
            let mut said = terms.clone();
            said.push(self.tf(
                "terms.rung",
                &[
                    ("reached", &self.int(reached)),
                    ("next", &self.int(coming)),
                    ("due", &self.int(now)),
                    ("days", &self.int(rung.after_days as usize)),
                ],
            ));
            let why = Why {
                title: rung.step.name(self.lang()).to_string(),
                formula: "formula.ladder",
                terms: said,
            };
            self.row(format_smolstr!("ladder:{n}"), LADDER, cells, None, Some(why));
        }
    }

    /// Rungs in one line, each with its days.
    fn rungs(&self, ladder: &[LadderStep]) -> String {
        let rung = |rung: &LadderStep| {
            let (step, days) = (rung.step.name(self.lang()), self.int(rung.after_days as usize));
            self.tf("sheet.rung", &[("step", &step), ("days", &days)])
        };
        let rungs: Vec<String> = ladder.iter().map(rung).collect();
        rungs.join(" · ")
    }
}
