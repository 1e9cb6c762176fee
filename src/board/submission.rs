//! Who has submitted an operational plan, and who owes one. It must not know findings or screens.

use super::Board;
use super::reference::Field;
use crate::clock::Day;
use crate::contract::records::Step;
use crate::contract::{Agency, Category, Id, Kind, Plan, PlanState};
use imbl::OrdMap;
use std::cmp::Reverse;

/// Where an agency stands with its plan; exclusive, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Submitted within the effective due date, or without a date that says otherwise.
    OnTime,
    /// Submitted after it.
    Late,
    /// Not submitted, and the day has not passed.
    NotYetDue,
    /// Returned for revision, whatever the day.
    Returned,
    /// Not submitted, and the day has passed.
    Overdue,
}

impl Class {
    /// All classes, in the order a submission board names them.
    pub const ALL: [Self; 5] = [Self::OnTime, Self::Late, Self::Returned, Self::Overdue, Self::NotYetDue];

    /// The class of a plan; an unknown state counts as not submitted.
    pub fn of(plan: &Plan, today: Day) -> Self {
        match plan.state {
            PlanState::Submitted | PlanState::Accepted if plan.is_late() => Self::Late,
            PlanState::Submitted | PlanState::Accepted => Self::OnTime,
            PlanState::Returned => Self::Returned,
            PlanState::NotSubmitted | PlanState::Other(_) => Self::due(plan.effective_due(), today),
        }
    }

    /// The class of something not submitted and due on a day.
    pub fn due(due: Day, today: Day) -> Self {
        if today > due { Self::Overdue } else { Self::NotYetDue }
    }
}

/// How many agencies stand in each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes([u32; 5]);

impl Classes {
    /// Agencies in a class.
    pub fn get(&self, class: Class) -> usize {
        self.0.get(class as usize).map_or(0, |n| *n as usize)
    }

    /// All agencies: the denominator.
    pub fn agencies(&self) -> usize {
        self.0.iter().map(|n| *n as usize).sum()
    }

    /// Agencies that submitted, in time or late.
    pub fn submitted(&self) -> usize {
        self.get(Class::OnTime) + self.get(Class::Late)
    }

    fn change(&mut self, class: Class, by: i32) {
        if let Some(n) = self.0.get_mut(class as usize) {
            *n = n.saturating_add_signed(by);
        }
    }
}

/// The submission board: every agency in exactly one class, an agency with several plans by its worst.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Submission {
    /// True once the headquarters, the agencies and the plans are known; until then it is empty.
    pub whole: bool,
    /// All agencies.
    pub total: Classes,
    /// Agencies by category, in the order the headquarters lists them; no category without an agency.
    pub categories: OrdMap<Category, Classes>,
    pub(super) agencies: OrdMap<Id, (Category, Class)>,
}

impl Submission {
    /// Where an agency stands.
    pub fn of(&self, agency: &str) -> Option<Class> {
        self.agencies.get(agency).map(|(_, class)| *class)
    }

    /// The agencies of a class, in the order of their ids.
    pub fn agencies_in(&self, class: Class) -> impl Iterator<Item = &Id> {
        self.agencies
            .iter()
            .filter_map(move |(id, (_, c))| (*c == class).then_some(id))
    }

    pub(super) fn set(&mut self, agency: &Id, now: Option<(Category, Class)>) {
        let old = match &now {
            Some(row) => self.agencies.insert(agency.clone(), row.clone()),
            None => self.agencies.remove(agency.as_str()),
        };
        if old == now {
            return;
        }
        if let Some((category, class)) = old {
            self.total.change(class, -1);
            if let Some(classes) = self.categories.get_mut(&category) {
                classes.change(class, -1);
                if classes.agencies() == 0 {
                    self.categories.remove(&category);
                }
            }
        }
        if let Some((category, class)) = now {
            self.total.change(class, 1);
            self.categories.entry(category).or_default().change(class, 1);
        }
    }
}

/// A plan an agency owes past its day.
#[derive(Clone, Debug, PartialEq)]
pub struct Owed {
    /// The agency that owes it.
    pub agency: Id,
    /// The plan, unless the agency has no plan record at all.
    pub plan: Option<Id>,
    /// True when it came and was returned.
    pub returned: bool,
    /// The effective due date; the headquarters' `plan_due` without a plan record.
    pub due: Day,
    /// Days past it; the day after is 1.
    pub days_overdue: i32,
    /// The last step taken.
    pub last_step: Option<(Step, Day)>,
    /// The step of the ladder in force that follows it, and the day it is due; nothing past the end of the ladder.
    pub next_step: Option<(Step, Day)>,
}

impl Board {
    /// The submission board: `n of N agencies submitted`, by category and in all.
    pub fn submission(&self) -> &Submission {
        &self.submission
    }

    /// Where an agency stands: the worst class of its plans; without a plan record, not submitted and due on `plan_due`.
    pub(super) fn class_of(&self, agency: &str) -> Option<(Category, Class)> {
        let record = self.agencies().get(agency)?;
        let worst = self
            .plans_of_agency(agency)
            .map(|plan| Class::of(plan, self.today))
            .max();
        let class = match worst {
            Some(class) => class,
            None => Class::due(self.headquarters()?.plan_due, self.today),
        };
        Some((record.category.clone(), class))
    }

    /// The plans owed past their day, longest overdue first, then by agency and plan; agencies without a plan record among them.
    pub fn owed_plans(&self) -> Vec<Owed> {
        let mut owed: Vec<Owed> = self.plans().iter().filter_map(|plan| self.owed(plan)).collect();
        if let (true, Some(hq)) = (self.submission.whole, self.headquarters()) {
            let days_overdue = self.today - hq.plan_due;
            if days_overdue > 0 {
                let without_plan = self.agencies().ids().filter(|id| !self.has_plan(id.as_str()));
                owed.extend(without_plan.map(|id| Owed {
                    agency: id.clone(),
                    plan: None,
                    returned: false,
                    due: hq.plan_due,
                    days_overdue,
                    last_step: None,
                    next_step: self.next_step(None, hq.plan_due),
                }));
            }
        }
        owed.sort_by(|a, b| {
            (Reverse(a.days_overdue), &a.agency, &a.plan).cmp(&(Reverse(b.days_overdue), &b.agency, &b.plan))
        });
        owed
    }

    /// What an agency owes with a plan, if it is overdue.
    pub fn owed(&self, plan: &Plan) -> Option<Owed> {
        let days_overdue = plan.days_overdue(self.today)?;
        let last_step = last_step(plan, self.today);
        Some(Owed {
            agency: plan.agency.clone(),
            plan: Some(plan.id.clone()),
            returned: plan.state == PlanState::Returned,
            due: plan.effective_due(),
            days_overdue,
            next_step: self.next_step(last_step.as_ref().map(|(step, _)| step), plan.effective_due()),
            last_step,
        })
    }

    /// The plan an agency counts by: the worst of its plans, of equal ones the longest overdue, then the first.
    pub fn worst_plan(&self, agency: &Agency) -> Option<&Plan> {
        let rank = |plan: &Plan| (Class::of(plan, self.today), plan.days_overdue(self.today));
        let plans = self.plans_of_agency(agency.id.as_str()).map(AsRef::as_ref);
        plans.reduce(|worst, plan| if rank(plan) > rank(worst) { plan } else { worst })
    }

    /// What an agency owes longest, also without a plan record; as in [`Board::owed_plans`], for one agency.
    pub fn owed_by(&self, agency: &Agency) -> Option<Owed> {
        let id = agency.id.as_str();
        if self.has_plan(id) {
            let owed = self.plans_of_agency(id).filter_map(|plan| self.owed(plan));
            return owed.reduce(|longest, plan| {
                if plan.days_overdue > longest.days_overdue {
                    plan
                } else {
                    longest
                }
            });
        }
        let hq = self.headquarters().filter(|_| self.is_whole(Kind::Plan))?;
        let days_overdue = self.today - hq.plan_due;
        (days_overdue > 0).then(|| Owed {
            agency: agency.id.clone(),
            plan: None,
            returned: false,
            due: hq.plan_due,
            days_overdue,
            last_step: None,
            next_step: self.next_step(None, hq.plan_due),
        })
    }

    /// True when an agency has a plan record.
    pub fn has_plan(&self, agency: &str) -> bool {
        self.index.referrers(Field::PlanAgency, agency).next().is_some()
    }

    /// The step of the ladder in force that follows the last one taken, and its day for what was due on a day.
    pub fn next_step(&self, last: Option<&Step>, due: Day) -> Option<(Step, Day)> {
        let ladder = self.ladder();
        // A step outside the ladder says nothing about where on it the agency stands: the ladder then begins at its foot.
        let taken = last
            .and_then(|step| ladder.iter().rposition(|rung| rung.step == *step))
            .map_or(0, |at| at + 1);
        let rung = ladder.get(taken)?;
        Some((
            rung.step.clone(),
            due.plus(i32::try_from(rung.after_days).unwrap_or(i32::MAX)),
        ))
    }

    pub(super) fn knows_submission(&self) -> bool {
        self.headquarters().is_some() && self.is_whole(Kind::Agency) && self.is_whole(Kind::Plan)
    }
}

/// The newest step taken after a plan up to a day; of two on one day the later in the list. A step of a day to come is not taken yet.
pub fn last_step(plan: &Plan, until: Day) -> Option<(Step, Day)> {
    plan.follow_ups
        .iter()
        .filter(|f| f.on <= until)
        .max_by_key(|f| f.on)
        .map(|f| (f.step.clone(), f.on))
}
