//! Agencies, their duties and experts, and their operational plans.

use super::measure::ProjectState;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Id, Moment, Text};

open_list! {
    /// An agency's part in the mission.
    Category in "category" {
        /// Driver.
        Driver = "driver",
        /// Support.
        Support = "support",
        /// Service.
        Service = "service",
        /// Infrastructure.
        Infrastructure = "infrastructure",
    }
}

open_list! {
    /// Where a duty stands.
    DutyState in "state.duty" {
        /// Still open.
        Open = "open",
        /// Done.
        Done = "done",
    }
}

open_list! {
    /// Where an operational plan stands.
    PlanState in "state.plan" {
        /// Not submitted.
        NotSubmitted = "not-submitted",
        /// Submitted.
        Submitted = "submitted",
        /// Returned for revision.
        Returned = "returned",
        /// Accepted.
        Accepted = "accepted",
    }
}

open_list! {
    /// A step of the enforcement ladder.
    Step in "step" {
        /// Reminder.
        Reminder = "reminder",
        /// Warning of the secretariat.
        Warning = "warning",
        /// The governor's note.
        GovernorNote = "governor-note",
        /// On the council's agenda.
        CouncilAgenda = "council-agenda",
    }
}

object! {
    /// A duty laid on an agency.
    Duty {
        /// Its id within the agency.
        id: Id,
        /// What is to be done.
        title: Text,
        /// The measure it serves.
        measure: Option<Id>,
        /// By when.
        due: Option<Day>,
        /// Where it stands.
        state: Option<DutyState>,
        /// When it was done.
        done: Option<Day>,
        /// What proves it.
        evidence: Vec<Text>,
    }
}

object! {
    /// A visit of a popularisation expert in the field.
    Visit {
        /// The day.
        on: Day,
        /// Where.
        place: Option<Text>,
        /// What came of it.
        result: Option<Text>,
    }
}

object! {
    /// An agency's popularisation expert: a post, never a person.
    Expert {
        /// The post.
        post: Text,
        /// Since when.
        appointed: Option<Day>,
        /// Visits in the field.
        visits: Vec<Visit>,
    }
}

object! {
    /// An executive agency.
    Agency {
        /// Its id.
        id: Id,
        /// Its name.
        name: Text,
        /// Its part in the mission.
        category: Category,
        /// Its duties.
        duties: Vec<Duty>,
        /// Its popularisation expert, if one is appointed.
        expert: Option<Expert>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A step taken after a late plan.
    FollowUp {
        /// The day.
        on: Day,
        /// The step.
        step: Step,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// An agency's operational plan.
    Plan {
        /// Its id.
        id: Id,
        /// The agency that owes it.
        agency: Id,
        /// Its title.
        title: Text,
        /// The day through which it was due.
        due: Day,
        /// The day the deadline was extended to.
        extended_to: Option<Day>,
        /// Where it stands.
        state: PlanState,
        /// When it was submitted.
        submitted: Option<Day>,
        /// When it was returned.
        returned: Option<Day>,
        /// When it was accepted.
        accepted: Option<Day>,
        /// Whether it plans the use of popular capacities.
        participation: Option<bool>,
        /// Its score, 0–100.
        score: Option<Num>,
        /// Steps taken, in order.
        follow_ups: Vec<FollowUp>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

impl ProjectState {
    /// True when nothing more is expected: done or cancelled.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

impl Plan {
    /// The day through which the plan may come: the extension, or the due date.
    pub fn effective_due(&self) -> Day {
        self.extended_to.unwrap_or(self.due)
    }

    /// True while the agency still owes it: not submitted, returned, or a state this version does not know.
    pub fn is_owed(&self) -> bool {
        !matches!(self.state, PlanState::Submitted | PlanState::Accepted)
    }

    /// Days past the effective due date while the plan is owed (the day after is 1), else nothing.
    pub fn days_overdue(&self, today: Day) -> Option<i32> {
        let days = today - self.effective_due();
        (self.is_owed() && days > 0).then_some(days)
    }

    /// True when it was submitted after its effective due date.
    pub fn is_late(&self) -> bool {
        self.submitted.is_some_and(|day| day > self.effective_due())
    }
}
