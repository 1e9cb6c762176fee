//! What the operator set and what the headquarters sets for everybody. It must not know where settings come from.

use super::finding::Severity;
use crate::contract::thresholds::SharedThresholds;
use crate::contract::{LadderStep, Thresholds};
use std::collections::BTreeMap;

/// A limit by name, for saying which were set by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// `due_soon_days`.
    DueSoonDays,
    /// `deviation_notice`.
    DeviationNotice,
    /// `deviation_serious`.
    DeviationSerious,
    /// `plan_critical_days`.
    PlanCriticalDays,
    /// `decision_critical_days`.
    DecisionCriticalDays,
    /// `notify_within_days`.
    NotifyWithinDays,
    /// `behind_soon_days`.
    BehindSoonDays,
    /// `verified_low_percent`.
    VerifiedLowPercent,
}

impl Limit {
    /// All limits.
    pub const ALL: [Self; 8] = [
        Self::DueSoonDays,
        Self::DeviationNotice,
        Self::DeviationSerious,
        Self::PlanCriticalDays,
        Self::DecisionCriticalDays,
        Self::NotifyWithinDays,
        Self::BehindSoonDays,
        Self::VerifiedLowPercent,
    ];

    /// The name of its setting.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DueSoonDays => "due_soon_days",
            Self::DeviationNotice => "deviation_notice",
            Self::DeviationSerious => "deviation_serious",
            Self::PlanCriticalDays => "plan_critical_days",
            Self::DecisionCriticalDays => "decision_critical_days",
            Self::NotifyWithinDays => "notify_within_days",
            Self::BehindSoonDays => "behind_soon_days",
            Self::VerifiedLowPercent => "verified_low_percent",
        }
    }

    /// Its value among limits: days, points or percent.
    pub fn of(self, limits: &Thresholds) -> f64 {
        match self {
            Self::DueSoonDays => f64::from(limits.due_soon_days),
            Self::DeviationNotice => limits.deviation_notice,
            Self::DeviationSerious => limits.deviation_serious,
            Self::PlanCriticalDays => f64::from(limits.plan_critical_days),
            Self::DecisionCriticalDays => f64::from(limits.decision_critical_days),
            Self::NotifyWithinDays => f64::from(limits.notify_within_days),
            Self::BehindSoonDays => f64::from(limits.behind_soon_days),
            Self::VerifiedLowPercent => limits.verified_low_percent,
        }
    }
}

/// How a rule is to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// False when the rule is switched off.
    pub on: bool,
    /// The severity of all its findings, instead of the rule's own.
    pub severity: Option<Severity>,
}

impl Default for RuleSetting {
    fn default() -> Self {
        Self {
            on: true,
            severity: None,
        }
    }
}

/// How the rules are to be applied, by slug; a rule that is not named applies as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    by_slug: BTreeMap<String, RuleSetting>,
}

impl RuleSettings {
    /// Sets how a rule is applied; false when there is no rule of that slug.
    pub fn set(&mut self, slug: &str, setting: RuleSetting) -> bool {
        let known = super::finding::rule(slug).is_some();
        if known {
            self.by_slug.insert(slug.to_owned(), setting);
        }
        known
    }

    /// How a rule is applied.
    pub fn get(&self, slug: &str) -> RuleSetting {
        self.by_slug.get(slug).copied().unwrap_or_default()
    }
}

/// What the operator set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Where findings begin.
    pub thresholds: Thresholds,
    /// How the rules are applied.
    pub rules: RuleSettings,
    /// The limits the operator set himself: these win over the headquarters' own.
    pub own: Vec<Limit>,
    /// The operator's own enforcement ladder, lowest rung first: it wins as a whole over the headquarters' own; empty when he has none.
    pub ladder: Vec<LadderStep>,
}

/// The enforcement ladder in force, and whether it hides a different one of the headquarters. A ladder is one thing: rungs of two are never mixed.
pub fn ladder_in_force(settings: &Settings, shared: &[LadderStep]) -> (Vec<LadderStep>, bool) {
    if settings.ladder.is_empty() {
        return (shared.to_vec(), false);
    }
    let rungs =
        |ladder: &[LadderStep]| -> Vec<_> { ladder.iter().map(|rung| (rung.step.clone(), rung.after_days)).collect() };
    let hides = !shared.is_empty() && rungs(shared) != rungs(&settings.ladder);
    (settings.ladder.clone(), hides)
}

/// The limits in force, and those in which the operator's setting hides another one of the headquarters.
pub fn in_force(settings: &Settings, shared: Option<&SharedThresholds>) -> (Thresholds, Vec<Limit>) {
    let mut out = settings.thresholds.clone();
    let mut hidden = Vec::new();
    let Some(shared) = shared else {
        return (out, hidden);
    };
    for limit in Limit::ALL {
        let own = settings.own.contains(&limit);
        let differs = match limit {
            Limit::DueSoonDays => take(&mut out.due_soon_days, shared.due_soon_days, own),
            Limit::DeviationNotice => take(&mut out.deviation_notice, shared.deviation_notice.map(|n| n.get()), own),
            Limit::DeviationSerious => take(
                &mut out.deviation_serious,
                shared.deviation_serious.map(|n| n.get()),
                own,
            ),
            Limit::PlanCriticalDays => take(&mut out.plan_critical_days, shared.plan_critical_days, own),
            Limit::DecisionCriticalDays => take(&mut out.decision_critical_days, shared.decision_critical_days, own),
            Limit::NotifyWithinDays => take(&mut out.notify_within_days, shared.notify_within_days, own),
            Limit::BehindSoonDays => take(&mut out.behind_soon_days, shared.behind_soon_days, own),
            Limit::VerifiedLowPercent => take(
                &mut out.verified_low_percent,
                shared.verified_low_percent.map(|n| n.get()),
                own,
            ),
        };
        if own && differs {
            hidden.push(limit);
        }
    }
    (out, hidden)
}

/// Takes the shared value unless the operator has his own; true when the two differ.
fn take<T: PartialEq>(mine: &mut T, shared: Option<T>, own: bool) -> bool {
    let Some(shared) = shared else { return false };
    let differs = *mine != shared;
    if !own {
        *mine = shared;
    }
    differs
}
