//! Where findings begin: plain numbers, shared by the headquarters' own settings and the operator's.

object! {
    /// Limits the headquarters may set for everybody; each is optional, and the operator's own setting wins.
    #[derive(Default)]
    SharedThresholds {
        /// A plan is due soon this many days ahead.
        due_soon_days: Option<u32>,
        /// Points behind the path at which a notice begins (5 means −5).
        deviation_notice: Option<super::figure::Num>,
        /// Points behind the path at which it is serious.
        deviation_serious: Option<super::figure::Num>,
        /// Days overdue after which a plan is critical.
        plan_critical_days: Option<u32>,
        /// Days overdue after which a decision is critical.
        decision_critical_days: Option<u32>,
        /// Days a decision may take to be notified.
        notify_within_days: Option<u32>,
        /// A project behind its path needs attention this many days ahead of its due date.
        behind_soon_days: Option<u32>,
        /// Percent of what is claimed under which what is verified is far below it.
        verified_low_percent: Option<super::figure::Num>,
    }
}

/// The limits in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// A plan is due soon this many days ahead of its effective due date.
    pub due_soon_days: u32,
    /// Points behind the path at which a notice begins (5 means −5).
    pub deviation_notice: f64,
    /// Points behind the path at which it is serious (15 means −15).
    pub deviation_serious: f64,
    /// Days overdue after which a plan is critical.
    pub plan_critical_days: u32,
    /// Days overdue after which a decision is critical.
    pub decision_critical_days: u32,
    /// Days a decision may take to be notified.
    pub notify_within_days: u32,
    /// A project behind its path needs attention this many days ahead of its due date: late enough to be sure, early enough to act.
    pub behind_soon_days: u32,
    /// Percent of what is claimed under which what is verified is far below it.
    pub verified_low_percent: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            due_soon_days: 7,
            deviation_notice: 5.0,
            deviation_serious: 15.0,
            plan_critical_days: 14,
            decision_critical_days: 14,
            notify_within_days: 7,
            behind_soon_days: 30,
            verified_low_percent: 50.0,
        }
    }
}
