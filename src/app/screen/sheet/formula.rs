//! The derived figures as the documentation names them: the formula of each, where the screen shows it, and the columns that carry it.
//! It must not know the terms of any figure.

/// A derived figure as the documentation names it: its formula, what shows it, and the columns that carry it in lists and JSON.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// The catalogue key of the formula.
    pub key: &'static str,
    /// The catalogue key of what shows it: a sheet, a kind's page, or the derived lines of any page.
    pub sheet: &'static str,
    /// The columns, `kind.column`.
    pub columns: &'static [&'static str],
}

/// Every derived figure of the sheets and the records' pages; `docs/figures.md` is made from it.
pub const FORMULAS: &[Formula] = &[
    Formula {
        key: "formula.condition",
        sheet: "sheet.conditions",
        columns: &[],
    },
    Formula {
        key: "formula.measure",
        sheet: "sheet.conditions",
        columns: &[
            "measure.progress",
            "measure.actual",
            "measure.planned",
            "measure.deviation",
            "measure.no_figure",
        ],
    },
    Formula {
        key: "formula.contribution",
        sheet: "sheet.measure",
        columns: &["project.contribution", "project.contribution_gap"],
    },
    Formula {
        key: "formula.path",
        sheet: "kind.project",
        columns: &["project.planned", "project.deviation", "project.progress"],
    },
    Formula {
        key: "formula.indicator",
        sheet: "sheet.trajectory",
        columns: &[],
    },
    Formula {
        key: "formula.way",
        sheet: "kind.measure",
        columns: &["measure.way"],
    },
    Formula {
        key: "formula.coverage",
        sheet: "sheet.coverage",
        columns: &["agency.open_duties", "agency.outreach"],
    },
    Formula {
        key: "formula.rank",
        sheet: "sheet.league",
        columns: &["agency.rank", "agency.rank_change", "agency.score", "agency.score_by"],
    },
    Formula {
        key: "formula.timeliness",
        sheet: "sheet.league",
        columns: &["agency.timeliness"],
    },
    Formula {
        key: "formula.submission",
        sheet: "sheet.submission",
        columns: &["agency.plan_state", "agency.plan"],
    },
    Formula {
        key: "formula.effective-due",
        sheet: "sheet.submission",
        columns: &["plan.effective_due", "agency.plan_due"],
    },
    Formula {
        key: "formula.late",
        sheet: "kind.plan",
        columns: &["plan.late"],
    },
    Formula {
        key: "formula.overdue",
        sheet: "page.derived",
        columns: &[
            "plan.days_overdue",
            "agency.days_overdue",
            "project.days_overdue",
            "decision.days_overdue",
            "demand.days_overdue",
        ],
    },
    Formula {
        key: "formula.ladder",
        sheet: "sheet.submission",
        columns: &[
            "agency.last_step",
            "agency.next_step",
            "agency.next_step_on",
            "plan.last_step",
            "plan.last_step_on",
            "plan.next_step",
            "plan.next_step_on",
        ],
    },
    Formula {
        key: "formula.decisions",
        sheet: "sheet.decisions",
        columns: &[
            "meeting.decisions",
            "meeting.executed",
            "meeting.open_decisions",
            "meeting.notified_in_time",
            "meeting.not_executed",
            "meeting.executed_rate",
            "meeting.overdue_decisions",
        ],
    },
    Formula {
        key: "formula.notified",
        sheet: "kind.decision",
        columns: &["decision.notified_late"],
    },
    Formula {
        key: "formula.demands",
        sheet: "sheet.demands",
        columns: &["demand.age"],
    },
    Formula {
        key: "formula.reach",
        sheet: "sheet.campaigns",
        columns: &["campaign.reach_rate"],
    },
    Formula {
        key: "formula.count",
        sheet: "page.derived",
        columns: &[
            "measure.projects",
            "measure.initiatives",
            "project.initiatives",
            "agency.projects",
            "agency.decisions",
            "agency.open_decisions",
            "agency.demands",
            "agency.open_demands",
            "agency.campaigns",
            "agency.measures",
            "agency.initiatives",
            "enterprise.initiatives",
        ],
    },
    Formula {
        key: "formula.outreach",
        sheet: "page.derived",
        columns: &["enterprise.visited"],
    },
    Formula {
        key: "formula.visits",
        sheet: "kind.agency",
        columns: &[],
    },
    Formula {
        key: "formula.reached",
        sheet: "kind.initiative",
        columns: &["initiative.reached"],
    },
    Formula {
        key: "formula.steps",
        sheet: "page.derived",
        columns: &[
            "initiative.jobs_verified",
            "initiative.capital_verified",
            "project.jobs_verified",
        ],
    },
    Formula {
        key: "formula.funnel",
        sheet: "screen.participation",
        columns: &[],
    },
    Formula {
        key: "formula.sums",
        sheet: "screen.participation",
        columns: &[],
    },
    Formula {
        key: "formula.pairing",
        sheet: "screen.outreach",
        columns: &[],
    },
    Formula {
        key: "formula.tile",
        sheet: "screen.map",
        columns: &[],
    },
    Formula {
        key: "formula.taken",
        sheet: "page.derived",
        columns: &["plan.category", "decision.meeting_on"],
    },
];
