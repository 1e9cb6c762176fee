//! Why a line of a record's page says what it says: the formula of a derived figure, and its terms in that record. It must not know how
//! a page is laid out, only what its lines are called.

mod agencies;
mod people;
mod terms;
#[cfg(test)]
mod tests;

pub use people::{why_group, why_pair, why_tile};

use super::{Draft, Why};
use crate::board::columns::{self, Column, Origin, Style};
use crate::board::{Board, Field};
use crate::contract::{
    Agency, Decision, Demand, Enterprise, Initiative, Kind, Measure, Meeting, Plan, Project, Record,
};

/// Why a line of a record's page says what it says; nothing for a line that only repeats a field, and none for a figure the board cannot
/// give yet.
///
/// `line` is the line's name on the page: `derived:` and a column, `glance:` and a topic, or `field:` and a stepped figure.
pub fn why(board: &Board, style: &Style, record: &Record, line: &str) -> Option<Why> {
    let draft = Draft::asked(board, style);
    // A line that continues another is called like it.
    let line = line.split_once('+').map_or(line, |(line, _)| line);
    let (part, name) = line.split_once(':')?;
    match (part, record) {
        ("derived", record) => {
            let column = columns::column(record.kind(), name).filter(|column| column.origin == Origin::Derived)?;
            draft.why_column(record, column)
        }
        ("field", Record::Initiative(r)) if name == "jobs" => {
            draft.why_steps("field.initiative.jobs", r.jobs.as_ref()?, false)
        }
        ("field", Record::Initiative(r)) if name == "capital" => {
            draft.why_steps("field.initiative.capital", r.capital.as_ref()?, true)
        }
        ("field", Record::Project(r)) if name == "jobs" => {
            draft.why_steps("field.project.jobs", r.jobs.as_ref()?, false)
        }
        ("glance", Record::Measure(measure)) => {
            let one = measure.indicators.iter().find(|one| one.id.as_str() == name)?;
            Some(draft.why_indicator(measure, one))
        }
        ("glance", Record::Agency(agency)) => draft.why_glance(agency, name),
        _ => None,
    }
}

impl Draft<'_> {
    /// The formula of a derived column and its terms in a record.
    fn why_column(&self, record: &Record, column: &Column) -> Option<Why> {
        let title = self.t(column.title_key).to_owned();
        let why = match record {
            Record::Measure(r) => self.why_of_measure(r, column.key),
            Record::Project(r) => self.why_of_project(r, column.key),
            Record::Agency(r) => self.why_of_agency(r, column.key),
            Record::Plan(r) => self.why_of_plan(r, column.key),
            Record::Meeting(r) => self.why_of_meeting(r, column.key),
            Record::Decision(r) => self.why_of_decision(r, column.key),
            Record::Demand(r) => self.why_of_demand(r, column.key),
            Record::Initiative(r) => self.why_of_initiative(r, column.key),
            Record::Enterprise(r) => self.why_of_enterprise(r, column.key),
            Record::Campaign(r) if column.key == "reach_rate" => Some(self.terms_of_campaign(r)),
            Record::Campaign(_) | Record::Evaluation(_) => None,
        }?;
        Some(Why { title, ..why })
    }

    fn why_of_measure(&self, measure: &Measure, key: &str) -> Option<Why> {
        let id = measure.id.as_str();
        match key {
            "projects" => Some(self.count_of(Field::ProjectMeasure, id, |_| false)),
            "initiatives" => Some(self.count_of(Field::InitiativeMeasure, id, |_| false)),
            "progress" | "actual" | "planned" | "deviation" | "no_figure" => Some(self.why_measure(measure)),
            "way" => Some(self.terms_of_way(measure)),
            _ => None,
        }
    }

    fn why_of_project(&self, project: &Project, key: &str) -> Option<Why> {
        match key {
            "planned" | "deviation" | "progress" => Some(self.terms_of_path(project)),
            "days_overdue" => Some(self.overdue(project.due?)),
            "initiatives" => Some(self.count_of(Field::InitiativeProject, project.id.as_str(), |_| false)),
            "contribution" | "contribution_gap" => Some(self.why_contribution(project)),
            _ => None,
        }
    }

    fn why_of_agency(&self, agency: &Agency, key: &str) -> Option<Why> {
        let id = agency.id.as_str();
        let open = |kind: Kind| move |record: &Record| record.kind() == kind && is_open(record);
        match key {
            "plan_state" | "plan" => Some(self.terms_of_submission(agency)),
            "plan_due" => Some(match self.board.worst_plan(agency) {
                Some(plan) => self.effective_due(plan),
                None => self.terms_of_submission(agency),
            }),
            "days_overdue" => Some(self.overdue(self.board.owed_by(agency)?.due)),
            "last_step" | "next_step" | "next_step_on" => Some(self.ladder_of(agency)),
            "projects" => Some(self.count_of(Field::ProjectAgency, id, |_| false)),
            "decisions" => Some(self.count_of(Field::DecisionAgency, id, |_| false)),
            "open_decisions" => Some(self.count_of(Field::DecisionAgency, id, open(Kind::Decision))),
            "demands" => Some(self.count_of(Field::DemandAgency, id, |_| false)),
            "open_demands" => Some(self.count_of(Field::DemandAgency, id, open(Kind::Demand))),
            "campaigns" => Some(self.count_of(Field::CampaignAgency, id, |_| false)),
            "measures" => Some(self.count_of(Field::MeasureLead, id, |_| false)),
            "initiatives" => Some(self.count_of(Field::InitiativeSponsor, id, |_| false)),
            "open_duties" | "outreach" => Some(self.terms_of_coverage(agency)),
            "rank" | "rank_change" | "score" | "score_by" => {
                Some(self.why_rank(&agency.id, self.board.standings().of(id)?))
            }
            "timeliness" => Some(self.timeliness_of(agency)),
            _ => None,
        }
    }

    fn why_of_plan(&self, plan: &Plan, key: &str) -> Option<Why> {
        match key {
            "category" => Some(self.taken(Kind::Agency, plan.agency.as_str(), "field.agency.category")),
            "effective_due" => Some(self.effective_due(plan)),
            "days_overdue" => Some(self.overdue(plan.effective_due())),
            "late" => Some(self.lateness(plan)),
            "last_step" | "last_step_on" | "next_step" | "next_step_on" => {
                Some(self.ladder_after(plan.effective_due(), crate::board::last_step(plan, self.board.today())))
            }
            _ => None,
        }
    }

    fn why_of_meeting(&self, meeting: &Meeting, key: &str) -> Option<Why> {
        let id = meeting.id.as_str();
        match key {
            "decisions" | "executed" | "open_decisions" | "notified_in_time" | "not_executed" | "executed_rate"
            | "overdue_decisions" => {
                let decisions = self.board.decisions_of_meeting(id).map(AsRef::as_ref);
                Some(self.why_decisions(String::new(), &self.board.count_decisions(decisions)))
            }
            _ => None,
        }
    }

    fn why_of_decision(&self, decision: &Decision, key: &str) -> Option<Why> {
        match key {
            "meeting_on" => Some(self.taken(Kind::Meeting, decision.meeting.as_str(), "field.meeting.on")),
            "notified_late" => self.notification(decision),
            "days_overdue" => Some(self.overdue(decision.due?)),
            _ => None,
        }
    }

    fn why_of_demand(&self, demand: &Demand, key: &str) -> Option<Why> {
        match key {
            "age" => Some(self.age_of(demand)),
            "days_overdue" => Some(self.overdue(demand.due?)),
            _ => None,
        }
    }

    fn why_of_initiative(&self, initiative: &Initiative, key: &str) -> Option<Why> {
        (key == "reached").then(|| self.stages(initiative))
    }

    fn why_of_enterprise(&self, enterprise: &Enterprise, key: &str) -> Option<Why> {
        let id = enterprise.id.as_str();
        match key {
            "initiatives" => Some(self.count_of(Field::InitiativeSponsor, id, |_| false)),
            "visited" => Some(self.outreach_of(id)),
            _ => None,
        }
    }

    /// The topics at the top of an agency's page, each with what its figures rest on.
    fn why_glance(&self, agency: &Agency, topic: &str) -> Option<Why> {
        let id = agency.id.as_str();
        let titled = |key, why: Why| {
            Some(Why {
                title: self.t(key).to_owned(),
                ..why
            })
        };
        match topic {
            "standing" => titled("sheet.rank", self.why_rank(&agency.id, self.board.standings().of(id)?)),
            "plan" => {
                let mut why = self.terms_of_submission(agency);
                if let Some(owed) = self.board.owed_by(agency) {
                    why.terms.push(self.days_since(owed.due));
                    why.terms.extend(self.ladder_after(owed.due, owed.last_step).terms);
                }
                titled("kind.plan", why)
            }
            "duties" => titled("field.agency.duties", self.duties_of(agency)),
            "expert" => titled("field.agency.expert", self.visits_of(agency)),
            "projects" => titled("kinds.project", self.projects_of(id)),
            "decisions" => {
                let decisions = self.board.decisions_of_agency(id).map(AsRef::as_ref);
                titled(
                    "kinds.decision",
                    self.why_decisions(String::new(), &self.board.count_decisions(decisions)),
                )
            }
            "demands" => {
                let demands: Vec<_> = self.board.demands_of_agency(id).map(AsRef::as_ref).collect();
                titled("kinds.demand", self.demands_of(&demands))
            }
            "campaigns" => titled("kinds.campaign", self.campaigns_of(id)),
            "initiatives" => titled("kinds.initiative", self.sponsored_by(id)),
            _ => None,
        }
    }
}

/// True while something is still expected of a decision or demand.
fn is_open(record: &Record) -> bool {
    match record {
        Record::Decision(decision) => !decision.state.is_final(),
        Record::Demand(demand) => !demand.state.is_final(),
        _ => false,
    }
}
