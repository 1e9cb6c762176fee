//! Decisions, demands and campaigns counted, each rate with its denominator. It must not know findings or screens.

use super::Board;
use crate::clock::Day;
use crate::contract::{Campaign, CampaignKind, CampaignState, Decision, DecisionState, Demand, Id};
use std::collections::BTreeMap;

/// Decisions, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// All of them.
    pub total: usize,
    /// Notified within the days allowed after their meeting.
    pub notified_in_time: usize,
    /// Notified later, or not at all although the days have passed.
    pub notified_late: usize,
    /// Neither executed, not executed nor settled.
    pub open: usize,
    /// Open and past their day.
    pub overdue: usize,
    /// Executed.
    pub executed: usize,
    /// Executed with evidence.
    pub proven: usize,
    /// Not executed.
    pub not_executed: usize,
    /// Not executed, with a reason.
    pub reasoned: usize,
    /// Settled otherwise.
    pub settled: usize,
    /// Those whose day has come.
    pub due: usize,
    /// Executed among those whose day has come.
    pub due_executed: usize,
}

impl Decisions {
    /// Those of which it can be said whether they were notified in time: the denominator of that rate.
    pub fn notifiable(&self) -> usize {
        self.notified_in_time + self.notified_late
    }
}

/// A rate in percent; nothing when there is nothing to divide by.
pub fn rate(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| 100.0 * part as f64 / of as f64)
}

/// Demands, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// All of them.
    pub total: usize,
    /// Neither answered, settled nor rejected.
    pub open: usize,
    /// Open and past their day.
    pub overdue: usize,
    /// Days the oldest open one has waited.
    pub oldest: Option<i32>,
}

/// Campaigns of a kind, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Campaigns {
    /// All of them.
    pub total: usize,
    /// Planned, running, done; what says nothing or something else is in none.
    pub states: [usize; 3],
    /// People reached, over those that say so.
    pub reach: f64,
    /// People reached, over those that also planned a number.
    pub reach_of_planned: f64,
    /// People planned, over those that also say whom they reached.
    pub planned: f64,
}

impl Campaigns {
    /// Reached of planned in percent, over the campaigns that state both.
    pub fn rate(&self) -> Option<f64> {
        (self.planned > 0.0).then(|| 100.0 * self.reach_of_planned / self.planned)
    }
}

impl Board {
    /// Counts decisions.
    pub fn count_decisions<'a>(&self, decisions: impl Iterator<Item = &'a Decision>) -> Decisions {
        let within = i32::try_from(self.thresholds().notify_within_days).unwrap_or(i32::MAX);
        let mut out = Decisions::default();
        for decision in decisions {
            out.total += 1;
            if let Some(meeting) = self.meetings().get(decision.meeting.as_str()) {
                let took = |on: Day| on - meeting.on;
                // A day ahead of today is a finding: nobody was notified yet. One before the meeting says nothing of how long it took.
                match decision.notified.filter(|on| *on <= self.today()) {
                    Some(on) if on < meeting.on => {}
                    Some(on) if took(on) <= within => out.notified_in_time += 1,
                    None if took(self.today()) <= within => {}
                    _ => out.notified_late += 1,
                }
            }
            let due = decision.due.is_some_and(|due| due <= self.today());
            out.due += usize::from(due);
            match decision.state {
                DecisionState::Executed => {
                    out.executed += 1;
                    out.proven += usize::from(!decision.evidence.is_empty());
                    out.due_executed += usize::from(due);
                }
                DecisionState::NotExecuted => {
                    out.not_executed += 1;
                    out.reasoned += usize::from(decision.reason.is_some());
                }
                DecisionState::Settled => out.settled += 1,
                _ => {
                    out.open += 1;
                    out.overdue += usize::from(decision.due.is_some_and(|due| due < self.today()));
                }
            }
        }
        out
    }

    /// Counts demands.
    pub fn count_demands<'a>(&self, demands: impl Iterator<Item = &'a Demand>) -> Demands {
        let mut out = Demands::default();
        for demand in demands {
            out.total += 1;
            if demand.state.is_final() {
                continue;
            }
            out.open += 1;
            out.overdue += usize::from(demand.due.is_some_and(|due| due < self.today()));
            // One received on a day to come has not waited; it is a finding.
            let age = self.today() - demand.received;
            out.oldest = out.oldest.max((age >= 0).then_some(age));
        }
        out
    }

    /// The demands by whom they are addressed to, with their counts; nobody first.
    pub fn demands_by_addressee(&self) -> BTreeMap<Option<Id>, Demands> {
        let mut lists: BTreeMap<Option<Id>, Vec<&Demand>> = BTreeMap::new();
        for demand in self.demands().iter() {
            lists.entry(demand.agency.clone()).or_default().push(demand);
        }
        lists
            .into_iter()
            .map(|(agency, list)| (agency, self.count_demands(list.into_iter())))
            .collect()
    }

    /// The campaigns by kind: the four known kinds always, then every other as it stands. What is below nothing counts as nothing: it is
    /// a finding.
    pub fn campaigns_by_kind(&self) -> BTreeMap<CampaignKind, Campaigns> {
        let mut out: BTreeMap<CampaignKind, Campaigns> = CampaignKind::KNOWN
            .iter()
            .map(|word| (CampaignKind::from(*word), Campaigns::default()))
            .collect();
        for campaign in self.campaigns().iter() {
            out.entry(campaign.campaign_kind.clone()).or_default().add(campaign);
        }
        out
    }
}

impl Campaigns {
    fn add(&mut self, campaign: &Campaign) {
        self.total += 1;
        let at = match &campaign.state {
            Some(CampaignState::Planned) => Some(0),
            Some(CampaignState::Running) => Some(1),
            Some(CampaignState::Done) => Some(2),
            Some(CampaignState::Other(_)) | None => None,
        };
        if let Some(n) = at.and_then(|at: usize| self.states.get_mut(at)) {
            *n += 1;
        }
        let people = |n: Option<crate::contract::figure::Num>| n.map(|n| n.get()).filter(|n| *n >= 0.0);
        if let Some(reach) = people(campaign.reach) {
            self.reach += reach;
            if let Some(planned) = people(campaign.reach_planned) {
                self.reach_of_planned += reach;
                self.planned += planned;
            }
        }
    }
}
