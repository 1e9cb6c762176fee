//! Agencies: what each lacks, and how they rank within their category.

use super::{Cell, Draft, Grid, Target, Tone, Why, dim_cell, figure, figures, text_cell, wide, words_of};
use crate::board::Severity;
use crate::board::standing::{Basis, Duties, Punctuality, Standing};
use crate::contract::{Category, Id, Kind};
use smol_str::format_smolstr;

const MATRIX: Grid = &[
    wide(16, 34, 3),
    figures(5, 8),
    figures(5, 8),
    figures(5, 8),
    figures(5, 9),
    figures(5, 9),
    figures(4, 8),
];
const LEAGUE: Grid = &[
    figures(3, 5),
    words_of(5, 8),
    wide(16, 34, 3),
    figures(5, 7),
    words_of(8, 11),
    wide(8, 22, 2),
    words_of(10, 10),
];

impl Draft<'_> {
    /// The coverage matrix: agency × duty, plan, project, expert, outreach, with its blanks.
    pub(super) fn coverage(&mut self) {
        if !self.knows(&[Kind::Agency, Kind::Plan, Kind::Project, Kind::Initiative]) {
            return;
        }
        let mut rows: Vec<(Category, usize, Id, [usize; 5])> = Vec::new();
        for agency in self.board.agencies().iter() {
            let coverage = self.board.coverage(agency);
            let blanks = coverage.blanks();
            rows.push((
                agency.category.clone(),
                5 - blanks,
                agency.id.clone(),
                coverage.counts(),
            ));
        }
        rows.sort();
        let without = |at: usize| rows.iter().filter(|row| row.3[at] == 0).count();
        let complete = rows.iter().filter(|row| row.1 == 5).count();
        let missions = self
            .board
            .agencies()
            .iter()
            .filter(|agency| self.board.is_without_mission(agency));
        let values = [
            ("total", self.int(rows.len())),
            ("complete", self.int(complete)),
            ("duty", self.int(without(0))),
            ("plan", self.int(without(1))),
            ("project", self.int(without(2))),
            ("expert", self.int(without(3))),
            ("outreach", self.int(without(4))),
            ("mission", self.int(missions.count())),
        ];
        let said = self.tf(
            "sheet.coverage-aloud",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
        let why = Why {
            title: self.t("sheet.coverage").to_owned(),
            formula: "formula.coverage",
            terms: vec![said.clone()],
        };
        self.say("aloud", &said, Some(why));
        let mut last: Option<Category> = None;
        for (category, has, id, counts) in rows {
            if last.as_ref() != Some(&category) {
                let key = format_smolstr!("matrix:{}", category.as_str());
                let titles = [
                    "sheet.duties",
                    "sheet.plans",
                    "sheet.projects",
                    "sheet.expert",
                    "sheet.outreach",
                    "sheet.blanks",
                ];
                self.head_named(&key, MATRIX, category.name(self.lang()).to_string(), &titles);
                last = Some(category.clone());
            }
            let mut cells = vec![text_cell(self.board.agency_name(id.as_str(), self.lang()))];
            for n in counts {
                cells.push(match n {
                    0 => Cell::Figure("—".to_owned(), Tone::Grave(Severity::Critical)),
                    n => figure(self.int(n)),
                });
            }
            let blanks = 5 - has;
            cells.push(super::bad_count(self.int(blanks), blanks, Severity::Warning));
            let target = Target::Record(Kind::Agency, id.clone());
            let name = self.board.agency_name(id.as_str(), self.lang()).to_owned();
            let why = self.board.agencies().get(id.as_str()).map(|agency| Why {
                title: name,
                ..self.terms_of_coverage(agency)
            });
            self.row(format_smolstr!("agency:{id}"), MATRIX, cells, Some(target), why);
        }
    }

    /// The league tables: rank within the category and how it changed.
    pub(super) fn league(&mut self) {
        if !self.knows(&[Kind::Agency, Kind::Plan, Kind::Decision, Kind::Demand, Kind::Evaluation]) {
            return;
        }
        let standings = self.board.standings();
        let said = self.t("sheet.league-aloud").to_owned();
        self.say("aloud", &said, None);
        for (category, members) in &standings.categories {
            let ranked = members
                .first()
                .and_then(|id| standings.of(id.as_str()))
                .map_or(0, |s| s.ranked);
            let values = [
                ("category", category.name(self.lang()).to_string()),
                ("n", self.int(ranked)),
                ("total", self.int(members.len())),
                ("day", self.maybe_day(standings.judged.get(category).copied())),
            ];
            let title = self.tf("sheet.league-of", &values.each_ref().map(|(k, v)| (*k, v.as_str())));
            let key = category.as_str().to_owned();
            self.heading(&key, title);
            self.head(
                &key,
                LEAGUE,
                &[
                    "sheet.rank",
                    "sheet.change",
                    "pane.agency",
                    "sheet.score",
                    "sheet.basis",
                    "field.evaluation.verdict",
                    "field.evaluation.on",
                ],
            );
            for id in members {
                let Some(standing) = standings.of(id.as_str()) else {
                    continue;
                };
                let (cells, why) = (self.league_cells(id, standing), self.why_rank(id, standing));
                let target = Target::Record(Kind::Agency, id.clone());
                self.row(format_smolstr!("rank:{id}"), LEAGUE, cells, Some(target), Some(why));
            }
        }
    }

    fn league_cells(&self, id: &Id, standing: &Standing) -> Vec<Cell> {
        let evaluation = match &standing.score {
            Some((_, Basis::Evaluation(id))) => self.board.evaluations().get(id.as_str()),
            _ => None,
        };
        let rank = standing.rank.map_or_else(|| "—".to_owned(), |rank| self.int(rank));
        vec![
            figure(rank),
            self.change(standing),
            text_cell(self.board.agency_name(id.as_str(), self.lang())),
            figure(self.maybe(standing.score.as_ref().map(|(score, _)| *score))),
            dim_cell(self.basis(standing)),
            text_cell(evaluation.map_or("—", |evaluation| evaluation.verdict.get(self.lang()))),
            Cell::Figure(self.maybe_day(evaluation.map(|evaluation| evaluation.on)), Tone::Dim),
        ]
    }

    /// Places gained or lost; an agency that had no rank before is new.
    fn change(&self, standing: &Standing) -> Cell {
        let tone = match standing.gained() {
            Some(n) if n > 0 => Tone::Good,
            Some(n) if n < 0 => Tone::Grave(Severity::Warning),
            Some(_) => Tone::Dim,
            None if standing.rank.is_some() => return dim_cell(self.t("sheet.new-rank")),
            None => return dim_cell("—"),
        };
        let gained = standing.gained().unwrap_or_default();
        Cell::Figure(crate::text::number::signed(gained as f64, 0, self.lang()), tone)
    }

    /// What a score rests on, in a word.
    fn basis(&self, standing: &Standing) -> &'static str {
        match &standing.score {
            Some((_, Basis::Evaluation(_))) => self.t("score-by.evaluation"),
            Some((_, Basis::Timeliness)) => self.t("score-by.timeliness"),
            None => "—",
        }
    }

    pub(super) fn why_rank(&self, id: &Id, standing: &Standing) -> Why {
        let mut terms = Vec::new();
        match &standing.score {
            Some((score, Basis::Evaluation(evaluation))) => {
                if let Some(evaluation) = self.board.evaluations().get(evaluation.as_str()) {
                    let values = [
                        ("score", self.num(*score)),
                        ("day", self.day(evaluation.on)),
                        ("by", evaluation.by.get(self.lang()).to_owned()),
                        ("verdict", evaluation.verdict.get(self.lang()).to_owned()),
                    ];
                    terms.push(self.tf("terms.evaluation", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
                }
            }
            Some((_, Basis::Timeliness)) => terms.extend(self.terms_of_timeliness(&standing.punctuality)),
            None => terms.push(self.t("terms.no-score").to_owned()),
        }
        if let Some(rank) = standing.rank {
            let values = [("rank", self.int(rank)), ("of", self.int(standing.ranked))];
            terms.push(self.tf("terms.rank", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        if let (Some(before), Some(rank)) = (standing.before, standing.rank) {
            let gained = standing.gained().unwrap_or_default();
            let values = [
                ("before", self.int(before)),
                ("rank", self.int(rank)),
                ("gained", crate::text::number::signed(gained as f64, 0, self.lang())),
            ];
            terms.push(self.tf("terms.gained", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        Why {
            title: self.board.agency_name(id.as_str(), self.lang()).to_owned(),
            formula: "formula.rank",
            terms,
        }
    }

    pub(super) fn terms_of_timeliness(&self, punctuality: &Punctuality) -> Vec<String> {
        let mut terms: Vec<String> = Duties::ALL
            .into_iter()
            .filter(|of| punctuality.kept(*of) + punctuality.missed(*of) > 0)
            .map(|of| {
                let what = self.t(match of {
                    Duties::Plans => "kinds.plan",
                    Duties::Decisions => "kinds.decision",
                    Duties::Demands => "kinds.demand",
                    Duties::Duties => "field.agency.duties",
                });
                let values = [
                    ("what", what.to_owned()),
                    ("kept", self.int(punctuality.kept(of))),
                    ("missed", self.int(punctuality.missed(of))),
                ];
                self.tf("terms.kept", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
            })
            .collect();
        let kept: usize = Duties::ALL.into_iter().map(|of| punctuality.kept(of)).sum();
        let values = [
            ("kept", self.int(kept)),
            ("counted", self.int(punctuality.counted())),
            ("score", self.maybe(punctuality.score())),
        ];
        terms.push(self.tf("terms.timeliness", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        terms
    }
}
