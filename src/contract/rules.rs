//! The rules by name, so that settings can name them without knowing how they are checked; the board checks them.

/// Every rule: its slug and the severity its findings have unless the rule itself finds a graver case.
#[rustfmt::skip]
pub const RULES: &[(&str, &str)] = &[
    ("plan-overdue", "warning"),
    ("plan-due-soon", "notice"),
    ("plan-returned", "warning"),
    ("plan-late", "notice"),
    ("measure-without-project", "warning"),
    ("measure-behind", "notice"),
    ("project-behind", "notice"),
    ("project-overdue", "warning"),
    ("project-stopped", "warning"),
    ("project-done-without-evidence", "warning"),
    ("project-done-below-100", "data"),
    ("agency-without-plan", "warning"),
    ("agency-without-expert", "warning"),
    ("agency-without-project", "notice"),
    ("agency-without-duty", "notice"),
    ("agency-without-mission", "warning"),
    ("duty-overdue", "warning"),
    ("duty-done-without-evidence", "warning"),
    ("decision-overdue", "warning"),
    ("decision-notified-late", "notice"),
    ("decision-not-notified", "warning"),
    ("decision-without-reason", "warning"),
    ("decision-executed-without-evidence", "warning"),
    ("demand-overdue", "warning"),
    ("demand-unanswered", "notice"),
    ("demand-without-addressee", "notice"),
    ("initiative-unapproached", "notice"),
    ("dangling-reference", "data"),
    ("percent-out-of-range", "data"),
    ("dates-reversed", "data"),
    ("figure-negative", "data"),
    ("verified-above", "notice"),
    ("unknown-value", "data"),
    ("record-stale", "data"),
    ("date-rewritten", "notice"),
    ("value-fell", "warning"),
    ("record-vanished", "warning"),
    ("record-appeared", "data"),
];

/// The severities a rule can be given, gravest first.
pub const SEVERITIES: &[&str] = &["critical", "warning", "notice", "data"];
