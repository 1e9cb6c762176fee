//! The terms of what is derived of agencies and their plans: submission, ladder, coverage, and the topics at the top of a page.

use super::terms::NAMED;
use crate::app::screen::sheet::{Draft, Why};
use crate::board::standing::is_done;
use crate::board::tally::Demands;
use crate::board::{Class, Field};
use crate::clock::Day;
use crate::contract::records::Step;
use crate::contract::{Agency, Demand, Kind, Plan, figure};
use crate::i18n;

impl Draft<'_> {
    /// The class of each of an agency's plans, or the headquarters' day where it has none.
    pub(super) fn terms_of_submission(&self, agency: &Agency) -> Why {
        let today = self.board.today();
        let mut terms: Vec<String> = self
            .board
            .plans_of_agency(agency.id.as_str())
            .map(|plan| {
                self.fill(
                    "terms.plan",
                    &[
                        ("id", plan.id.to_string()),
                        ("due", self.day(plan.effective_due())),
                        ("submitted", self.maybe_day(plan.submitted)),
                        ("class", self.class_name(Class::of(plan, today)).to_owned()),
                    ],
                )
            })
            .collect();
        if terms.is_empty()
            && let Some(hq) = self.board.headquarters()
        {
            let class = self.class_name(Class::due(hq.plan_due, today)).to_owned();
            terms.push(self.fill("terms.no-plan", &[("due", self.day(hq.plan_due)), ("class", class)]));
        }
        self.untitled("formula.submission", terms)
    }

    pub(super) fn effective_due(&self, plan: &Plan) -> Why {
        let mut terms = vec![self.term("field.plan.due", self.day(plan.due))];
        if let Some(extended) = plan.extended_to {
            terms.push(self.term("field.plan.extended_to", self.day(extended)));
        }
        self.untitled("formula.effective-due", terms)
    }

    pub(super) fn lateness(&self, plan: &Plan) -> Why {
        let due = plan.effective_due();
        let term = match plan.submitted {
            Some(submitted) => self.fill(
                "terms.days",
                &[
                    ("to", self.day(submitted)),
                    ("from", self.day(due)),
                    ("days", self.days(submitted - due)),
                ],
            ),
            None => self.t("terms.not-submitted").to_owned(),
        };
        self.untitled("formula.late", vec![term])
    }

    pub(super) fn ladder_of(&self, agency: &Agency) -> Why {
        let today = self.board.today();
        match self.board.owed_by(agency) {
            Some(owed) => self.ladder_after(owed.due, owed.last_step),
            // Nothing is owed any more: only what was taken is left to say.
            None => {
                let last = self.board.worst_plan(agency);
                let last = last.and_then(|plan| crate::board::last_step(plan, today));
                self.untitled("formula.ladder", vec![self.taken_step(last.as_ref())])
            }
        }
    }

    fn taken_step(&self, last: Option<&(Step, Day)>) -> String {
        match last {
            Some((step, on)) => self.fill(
                "terms.step",
                &[("step", step.name(self.lang()).to_string()), ("day", self.day(*on))],
            ),
            None => self.t("terms.no-step").to_owned(),
        }
    }

    /// The last step taken after what was due on a day, and the one the ladder has next.
    pub(super) fn ladder_after(&self, due: Day, last: Option<(Step, Day)>) -> Why {
        let mut terms = vec![self.taken_step(last.as_ref())];
        let next = self.board.next_step(last.as_ref().map(|(step, _)| step), due);
        terms.push(match next {
            Some((step, on)) => self.fill(
                "terms.next-step",
                &[
                    ("step", step.name(self.lang()).to_string()),
                    ("due", self.day(due)),
                    ("days", self.days(on - due)),
                    ("day", self.day(on)),
                ],
            ),
            None => self.t("terms.no-next-step").to_owned(),
        });
        self.untitled("formula.ladder", terms)
    }

    /// What an agency has of the five it should have.
    pub(in crate::app::screen::sheet) fn terms_of_coverage(&self, agency: &Agency) -> Why {
        let coverage = self.board.coverage(agency);
        let [duties, plans, projects, expert, outreach] = coverage.counts();
        let mut terms = Vec::new();
        for (key, n) in [
            ("sheet.duties", duties),
            ("sheet.plans", plans),
            ("sheet.projects", projects),
            ("sheet.expert", expert),
            ("sheet.outreach", outreach),
        ] {
            terms.push(self.term(key, self.int(n)));
        }
        terms.push(self.term("sheet.blanks", self.int(coverage.blanks())));
        terms.push(self.duties_term(agency));
        self.untitled("formula.coverage", terms)
    }

    fn duties_term(&self, agency: &Agency) -> String {
        let all = agency.duties.len();
        let done = agency.duties.iter().filter(|duty| is_done(duty)).count();
        self.fill(
            "terms.duties",
            &[
                ("all", self.int(all)),
                ("done", self.int(done)),
                ("open", self.int(all - done)),
            ],
        )
    }

    pub(super) fn duties_of(&self, agency: &Agency) -> Why {
        let today = self.board.today();
        let mut terms = vec![self.duties_term(agency)];
        let late = agency.duties.iter().filter(|duty| !is_done(duty));
        for (due, duty) in late.filter_map(|duty| Some((duty.due.filter(|due| *due < today)?, duty))) {
            let title = duty.title.get(self.lang()).to_owned();
            terms.push(self.fill("terms.value", &[("name", title), ("value", self.days_since(due))]));
        }
        self.untitled("formula.overdue", terms)
    }

    /// The expert's visits up to today: a visit of a day to come has not been paid.
    pub(super) fn visits_of(&self, agency: &Agency) -> Why {
        let mut days: Vec<Day> = agency
            .expert
            .iter()
            .flat_map(|expert| &expert.visits)
            .map(|visit| visit.on)
            .collect();
        let all = days.len();
        days.retain(|on| *on <= self.board.today());
        days.sort_unstable();
        let mut terms = vec![self.fill(
            "terms.visits",
            &[
                ("n", self.int(days.len())),
                ("last", self.maybe_day(days.last().copied())),
            ],
        )];
        if all > days.len() {
            terms.push(self.fill("terms.ahead", &[("n", self.int(all - days.len()))]));
        }
        self.untitled("formula.visits", terms)
    }

    pub(super) fn timeliness_of(&self, agency: &Agency) -> Why {
        let terms = self.terms_of_timeliness(&self.board.punctuality(agency));
        self.untitled("formula.timeliness", terms)
    }

    /// The projects of an agency, and which of them a rule found behind or overdue.
    pub(super) fn projects_of(&self, agency: &str) -> Why {
        let mut why = self.count_of(Field::ProjectAgency, agency, |_| false);
        for rule in ["project-behind", "project-overdue"] {
            let found = |id: &str| {
                self.board
                    .findings()
                    .of(Kind::Project, id)
                    .iter()
                    .any(|finding| finding.rule == rule)
            };
            let projects = self
                .board
                .projects_of_agency(agency)
                .filter(|project| found(project.id.as_str()));
            let ids: Vec<String> = projects.map(|project| project.id.to_string()).collect();
            let name = i18n::find(self.lang(), &format!("rule.{rule}.title"))
                .unwrap_or(rule)
                .to_owned();
            let n = self.int(ids.len());
            why.terms
                .push(self.fill("terms.value", &[("name", name), ("value", n)]));
            let shown = ids.get(..NAMED).unwrap_or(&ids);
            why.terms.extend(self.named(shown, ids.len() > NAMED));
        }
        why
    }

    pub(super) fn demands_of(&self, demands: &[&Demand]) -> Why {
        let tally: Demands = self.board.count_demands(demands.iter().copied());
        let mut terms = vec![self.fill(
            "terms.demands",
            &[
                ("open", self.rate(tally.open, tally.total)),
                ("overdue", self.int(tally.overdue)),
            ],
        )];
        let open = demands.iter().filter(|demand| !demand.state.is_final());
        let oldest = open
            .map(|demand| demand.received)
            .filter(|on| *on <= self.board.today())
            .min();
        terms.extend(oldest.map(|on| self.days_since(on)));
        self.untitled("formula.demands", terms)
    }

    /// People reached by the campaigns of an agency, campaign by campaign.
    pub(super) fn campaigns_of(&self, agency: &str) -> Why {
        let mut why = self.count_of(Field::CampaignAgency, agency, |_| false);
        let reach = self
            .board
            .campaigns_of_agency(agency)
            .filter_map(|campaign| campaign.reach);
        let parts: Vec<f64> = reach.map(|n| n.get()).filter(|n| *n >= 0.0).collect();
        why.terms.push(self.term("field.campaign.reach", self.sum(&parts)));
        why
    }

    /// `3 + 4 = 7`; of many parts only what they make.
    fn sum(&self, parts: &[f64]) -> String {
        let total = self.num(parts.iter().sum());
        match parts.len() {
            0 | 1 => total,
            n if n > NAMED => format!("Σ {} = {total}", self.int(n)),
            _ => {
                let parts: Vec<String> = parts.iter().map(|part| self.num(*part)).collect();
                format!("{} = {total}", parts.join(" + "))
            }
        }
    }

    /// The initiatives a body stands by with their verified jobs, and those it went to.
    pub(super) fn sponsored_by(&self, body: &str) -> Why {
        let mut why = self.count_of(Field::InitiativeSponsor, body, |_| false);
        let sponsored = self.board.initiatives_of_sponsor(body);
        let verified: Vec<f64> = sponsored
            .filter_map(|initiative| initiative.jobs.as_ref()?.at(figure::Step::Verified))
            .filter(|jobs| *jobs >= 0.0)
            .collect();
        why.terms
            .push(self.term("column.initiative.jobs_verified", self.sum(&verified)));
        why.terms.extend(self.outreach_of(body).terms);
        why
    }

    /// The initiatives a body went to up to today.
    pub(super) fn outreach_of(&self, body: &str) -> Why {
        let (named, went) = (
            self.board.count_referring(Field::InitiativeOutreach, body),
            self.board.count_visited_by(body),
        );
        let mut terms = vec![self.fill("terms.outreach", &[("n", self.int(went))])];
        if named > went {
            terms.push(self.fill("terms.ahead", &[("n", self.int(named - went))]));
        }
        self.untitled("formula.outreach", terms)
    }
}
