//! The top of a page: an agency with all it has and owes on one screen, a measure with its indicators. One line a topic, each leading
//! to the records behind it.

use super::{Builder, Role};
use crate::app::screen::sheet::Topic;
use crate::app::screen::{Target, list};
use crate::board::columns;
use crate::board::indicator;
use crate::board::standing::{Basis, is_done};
use crate::board::tally;
use crate::contract::{Agency, Duty, Kind, Measure, Record, Step};
use crate::i18n;
use crate::text::{calendar, isolate, number};
use smol_str::{SmolStr, format_smolstr};

/// Open duties named on the page; more are counted.
const DUTIES_SHOWN: usize = 3;

impl Builder<'_> {
    /// What matters first about the kinds that have more to say than their fields.
    pub(super) fn glance(&mut self, record: &Record) {
        match record {
            Record::Agency(agency) => self.agency(agency),
            Record::Measure(measure) => self.indicators(measure),
            _ => {}
        }
    }

    fn tell(&mut self, key: impl Into<SmolStr>, label: &'static str, text: &str, target: Option<Target>) {
        let role = if target.is_some() { Role::Link } else { Role::Field };
        let label = i18n::t(self.lang(), label).to_owned();
        self.push(key.into(), role, label, text, target);
    }

    fn fill(&self, key: &'static str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        i18n::tf_screen(self.lang(), key, &values)
    }

    fn n(&self, n: usize) -> String {
        number::integer(n as i64, self.lang())
    }

    fn on(&self, day: crate::clock::Day) -> String {
        calendar::short(day, self.style.calendar, self.lang())
    }

    /// A column of the record as its list would say it; «—» for nothing.
    fn cell(&self, record: &Record, key: &str) -> String {
        let column = columns::column(record.kind(), key);
        let text = column.map(|column| (column.get)(self.board, record).format(self.board, self.style));
        text.filter(|text| !text.is_empty()).unwrap_or_else(|| "—".to_owned())
    }

    fn agency(&mut self, agency: &std::sync::Arc<Agency>) {
        self.heading("glance", i18n::t(self.lang(), "page.glance").into());
        let (id, record) = (agency.id.as_str(), Record::Agency(agency.clone()));
        self.standing(agency);
        let owed = self.cell(&record, "days_overdue") != "—";
        let plan = self.fill(
            if owed { "glance.plan-owed" } else { "glance.plan" },
            &[
                ("state", self.cell(&record, "plan_state")),
                ("due", self.cell(&record, "plan_due")),
                ("days", self.cell(&record, "days_overdue")),
                ("last", self.cell(&record, "last_step")),
                ("next", self.cell(&record, "next_step")),
                ("on", self.cell(&record, "next_step_on")),
            ],
        );
        let first = self.board.plans_of_agency(id).next().map(|plan| plan.id.clone());
        self.tell(
            "glance:plan",
            "kind.plan",
            &plan,
            first.map(|id| Target::Record(Kind::Plan, id)),
        );
        self.duties(agency);
        self.expert(agency);
        let projects = self.board.projects_of_agency(id);
        let (mut total, mut behind, mut overdue) = (0, 0, 0);
        for project in projects {
            total += 1;
            let findings = self.board.findings().of(Kind::Project, project.id.as_str());
            behind += usize::from(findings.iter().any(|finding| finding.rule == "project-behind"));
            overdue += usize::from(findings.iter().any(|finding| finding.rule == "project-overdue"));
        }
        let said = self.fill(
            "glance.projects",
            &[
                ("n", self.n(total)),
                ("behind", self.n(behind)),
                ("overdue", self.n(overdue)),
            ],
        );
        self.related_line(
            "glance:projects",
            "kinds.project",
            &said,
            Kind::Project,
            "agency",
            agency,
        );
        let decisions = self
            .board
            .count_decisions(self.board.decisions_of_agency(id).map(AsRef::as_ref));
        let said = self.fill(
            "glance.decisions",
            &[
                ("n", self.n(decisions.total)),
                ("open", self.n(decisions.open)),
                ("overdue", self.n(decisions.overdue)),
                ("executed", self.n(decisions.executed)),
            ],
        );
        self.related_line(
            "glance:decisions",
            "kinds.decision",
            &said,
            Kind::Decision,
            "agency",
            agency,
        );
        let demands = self
            .board
            .count_demands(self.board.demands_of_agency(id).map(AsRef::as_ref));
        let oldest = demands
            .oldest
            .map_or_else(|| "—".to_owned(), |days| number::integer(i64::from(days), self.lang()));
        let said = self.fill(
            "glance.demands",
            &[
                ("n", self.n(demands.total)),
                ("open", self.n(demands.open)),
                ("oldest", oldest),
            ],
        );
        self.related_line("glance:demands", "kinds.demand", &said, Kind::Demand, "agency", agency);
        let campaigns: Vec<_> = self.board.campaigns_of_agency(id).collect();
        let reach: f64 = campaigns
            .iter()
            .filter_map(|campaign| campaign.reach)
            .map(|n| n.get().max(0.0))
            .sum();
        let said = self.fill(
            "glance.campaigns",
            &[
                ("n", self.n(campaigns.len())),
                ("reach", number::decimal(reach, 0, self.lang())),
            ],
        );
        self.related_line(
            "glance:campaigns",
            "kinds.campaign",
            &said,
            Kind::Campaign,
            "agency",
            agency,
        );
        let sponsored: Vec<_> = self.board.initiatives_of_sponsor(id).collect();
        let jobs: f64 = sponsored
            .iter()
            .filter_map(|initiative| initiative.jobs.as_ref()?.at(Step::Verified))
            .filter(|jobs| *jobs >= 0.0)
            .sum();
        let said = self.fill(
            "glance.initiatives",
            &[
                ("n", self.n(sponsored.len())),
                ("jobs", number::decimal(jobs, 0, self.lang())),
                ("visited", self.n(self.board.count_visited_by(id))),
            ],
        );
        self.related_line(
            "glance:initiatives",
            "kinds.initiative",
            &said,
            Kind::Initiative,
            "sponsor",
            agency,
        );
    }

    fn related_line(
        &mut self,
        key: &'static str,
        label: &'static str,
        text: &str,
        kind: Kind,
        field: &str,
        agency: &Agency,
    ) {
        let target = list::within(kind, field, agency.id.as_str()).map(Target::List);
        self.tell(key, label, text, target);
    }

    /// Category, score and rank, and what the score rests on.
    fn standing(&mut self, agency: &Agency) {
        let board = self.board;
        let category = agency.category.name(self.lang()).to_string();
        let Some(standing) = board.standings().of(agency.id.as_str()) else {
            return;
        };
        let said = match (&standing.score, standing.rank) {
            (Some((score, basis)), Some(rank)) => {
                let basis = i18n::t(
                    self.lang(),
                    match basis {
                        Basis::Evaluation(_) => "score-by.evaluation",
                        Basis::Timeliness => "score-by.timeliness",
                    },
                );
                let change = standing.gained().map_or_else(
                    || i18n::t(self.lang(), "sheet.new-rank").to_owned(),
                    |n| number::signed(n as f64, 0, self.lang()),
                );
                self.fill(
                    "glance.standing",
                    &[
                        ("category", category),
                        ("rank", self.n(rank)),
                        ("of", self.n(standing.ranked)),
                        ("score", number::decimal(*score, 1, self.lang())),
                        ("basis", basis.to_owned()),
                        ("change", change),
                    ],
                )
            }
            _ => self.fill("glance.unranked", &[("category", category)]),
        };
        self.tell(
            "glance:standing",
            "sheet.rank",
            &said,
            Some(Target::Sheet(Topic::League)),
        );
    }

    /// How many duties are open, and the first of them by their day.
    fn duties(&mut self, agency: &Agency) {
        let today = self.board.today();
        let mut open: Vec<&Duty> = agency.duties.iter().filter(|duty| !is_done(duty)).collect();
        open.sort_by_key(|duty| (duty.due.is_none(), duty.due));
        let overdue = open
            .iter()
            .filter(|duty| duty.due.is_some_and(|due| due < today))
            .count();
        let done = agency.duties.len() - open.len();
        let said = self.fill(
            "glance.duties",
            &[
                ("done", self.fill_rate(done, agency.duties.len())),
                ("open", self.n(open.len())),
                ("overdue", self.n(overdue)),
            ],
        );
        self.tell("glance:duties", "field.agency.duties", &said, None);
        for (n, duty) in open.iter().take(DUTIES_SHOWN).enumerate() {
            let due = duty.due.map_or_else(|| "—".to_owned(), |due| self.on(due));
            let title = isolate::auto(duty.title.get(self.lang()));
            let said = format!("{} {title}", isolate::ltr(&due));
            let target = duty.measure.clone().map(|id| Target::Record(Kind::Measure, id));
            let key = format_smolstr!("glance:duty:{n}");
            let role = if target.is_some() { Role::Link } else { Role::Field };
            self.push(key, role, String::new(), &said, target);
        }
    }

    fn fill_rate(&self, part: usize, of: usize) -> String {
        let rate = tally::rate(part, of).map_or_else(|| "—".to_owned(), |n| number::percent(n.round(), self.lang()));
        self.fill(
            "sheet.rate",
            &[("part", self.n(part)), ("of", self.n(of)), ("rate", rate)],
        )
    }

    fn expert(&mut self, agency: &Agency) {
        let said = match &agency.expert {
            None => i18n::t(self.lang(), "glance.no-expert").to_owned(),
            Some(expert) => {
                // A visit of a day to come has not been paid: it is a finding.
                let paid = || expert.visits.iter().filter(|visit| visit.on <= self.board.today());
                let last = paid().max_by_key(|visit| visit.on);
                let lang = self.lang();
                let of = |text: Option<&crate::contract::Text>| {
                    text.map_or_else(|| "—".to_owned(), |text| text.get(lang).to_owned())
                };
                self.fill(
                    "glance.expert",
                    &[
                        ("post", expert.post.get(lang).to_owned()),
                        ("n", self.n(paid().count())),
                        ("on", last.map_or_else(|| "—".to_owned(), |visit| self.on(visit.on))),
                        ("place", of(last.and_then(|visit| visit.place.as_ref()))),
                        ("result", of(last.and_then(|visit| visit.result.as_ref()))),
                    ],
                )
            }
        };
        self.tell("glance:expert", "field.agency.expert", &said, None);
    }

    /// The indicators of a measure, each leading to its trajectory.
    fn indicators(&mut self, measure: &Measure) {
        if measure.indicators.is_empty() {
            return;
        }
        self.heading("glance", i18n::t(self.lang(), "field.measure.indicators").into());
        for one in &measure.indicators {
            let state = indicator::state(measure, one, self.board.today());
            let figure = |n: Option<f64>| n.map_or_else(|| "—".to_owned(), |n| number::decimal(n, 1, self.lang()));
            let said = self.fill(
                "glance.indicator",
                &[
                    ("actual", figure(state.actual.map(|(_, value)| value))),
                    ("planned", figure(state.planned)),
                    ("target", figure(one.target.map(|n| n.get()))),
                ],
            );
            let target = Target::Sheet(Topic::Trajectory(measure.id.clone(), one.id.clone()));
            let label = one.title.get(self.lang()).to_owned();
            self.push(
                format_smolstr!("glance:{}", one.id),
                Role::Link,
                label,
                &said,
                Some(target),
            );
        }
    }
}
