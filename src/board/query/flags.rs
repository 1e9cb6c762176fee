//! What may stand behind `is:`: named conditions of a record, each with the kinds it has a meaning for.
//! Their Persian and English names are the catalogue's, under `query.is.<slug>`.

use crate::board::columns::{Value, column};
use crate::board::{Board, Severity, outreach};
use crate::contract::{Kind, Origin, PlanState, ProjectState, Record};

/// A condition.
pub struct Flag {
    /// Its name in filters.
    pub slug: &'static str,
    /// The kinds it has a meaning for.
    pub kinds: &'static [Kind],
    /// Whether it holds for a record.
    pub holds: fn(&Board, &Record) -> bool,
}

impl std::fmt::Debug for Flag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.slug)
    }
}

const ALL: &[Kind] = Kind::ALL;

/// All conditions, in the order the help lists them.
pub static FLAGS: &[Flag] = &[
    Flag {
        slug: "overdue",
        kinds: &[Kind::Plan, Kind::Agency, Kind::Project, Kind::Decision, Kind::Demand],
        holds: |board, record| days_overdue(board, record).is_some(),
    },
    Flag {
        slug: "due-soon",
        kinds: &[Kind::Plan, Kind::Project, Kind::Decision, Kind::Demand],
        holds: |board, record| due_soon(board, record),
    },
    Flag {
        slug: "late",
        kinds: &[Kind::Plan, Kind::Agency, Kind::Decision],
        holds: |board, record| match record {
            Record::Plan(plan) => plan.is_late(),
            Record::Decision(_) => value(board, record, "notified_late") == Value::Flag(true),
            Record::Agency(_) => word(board, record, "plan_state") == "late",
            _ => false,
        },
    },
    Flag {
        slug: "owed",
        kinds: &[Kind::Plan],
        holds: |_, record| matches!(record, Record::Plan(plan) if plan.is_owed()),
    },
    Flag {
        slug: "returned",
        kinds: &[Kind::Plan, Kind::Agency],
        holds: |board, record| match record {
            Record::Plan(plan) => plan.state == PlanState::Returned,
            _ => word(board, record, "plan_state") == "returned",
        },
    },
    Flag {
        slug: "open",
        kinds: &[Kind::Project, Kind::Decision, Kind::Demand],
        holds: |_, record| is_open(record),
    },
    Flag {
        slug: "stale",
        kinds: ALL,
        holds: |board, record| board.is_stale(record),
    },
    Flag {
        slug: "flagged",
        kinds: ALL,
        holds: |board, record| board.findings().worst(record.kind(), record.id().as_str()).is_some(),
    },
    Flag {
        slug: "critical",
        kinds: ALL,
        holds: |board, record| has(board, record, Severity::Critical),
    },
    Flag {
        slug: "warning",
        kinds: ALL,
        holds: |board, record| has(board, record, Severity::Warning),
    },
    Flag {
        slug: "notice",
        kinds: ALL,
        holds: |board, record| has(board, record, Severity::Notice),
    },
    Flag {
        slug: "data",
        kinds: ALL,
        holds: |board, record| has(board, record, Severity::Data),
    },
    Flag {
        slug: "behind",
        kinds: &[Kind::Measure, Kind::Project],
        holds: |board, record| {
            let open = !matches!(record, Record::Project(project) if project.state == ProjectState::Cancelled);
            let behind = value(board, record, "deviation").number();
            open && behind.is_some_and(|points| points <= -board.thresholds().deviation_notice)
        },
    },
    Flag {
        slug: "leap",
        kinds: &[Kind::Project],
        holds: |_, record| matches!(record, Record::Project(project) if project.leap.unwrap_or(true)),
    },
    Flag {
        slug: "no-project",
        kinds: &[Kind::Measure, Kind::Agency],
        holds: |board, record| value(board, record, "projects").number() == Some(0.0),
    },
    Flag {
        slug: "no-plan",
        kinds: &[Kind::Agency],
        holds: |board, record| board.is_whole(Kind::Plan) && !board.has_plan(record.id().as_str()),
    },
    Flag {
        slug: "no-expert",
        kinds: &[Kind::Agency],
        holds: |_, record| matches!(record, Record::Agency(agency) if agency.expert.is_none()),
    },
    Flag {
        slug: "no-duty",
        kinds: &[Kind::Agency],
        holds: |_, record| matches!(record, Record::Agency(agency) if agency.duties.is_empty()),
    },
    Flag {
        slug: "no-mission",
        kinds: &[Kind::Agency],
        holds: |board, record| {
            // No duty, no plan record and no project: told only once all of them are known.
            let without = |kind, there: bool| board.is_whole(kind) && !there;
            let id = record.id().as_str();
            matches!(record, Record::Agency(agency) if agency.duties.is_empty())
                && without(Kind::Plan, board.has_plan(id))
                && without(Kind::Project, board.projects_of_agency(id).next().is_some())
        },
    },
    Flag {
        slug: "new",
        kinds: &[Kind::Initiative],
        holds: |_, record| matches!(record, Record::Initiative(initiative) if initiative.origin == Origin::New),
    },
    Flag {
        slug: "existing",
        kinds: &[Kind::Initiative],
        holds: |_, record| matches!(record, Record::Initiative(initiative) if initiative.origin == Origin::Existing),
    },
    Flag {
        slug: "unapproached",
        kinds: &[Kind::Initiative],
        // The same as are counted on the screen of who goes to whom: what is closed need not be gone to.
        holds: |board, record| {
            matches!(record, Record::Initiative(initiative)
                if outreach::is_open(&initiative.stage) && !initiative.outreach.iter().any(|visit| visit.on <= board.today()))
        },
    },
];

/// The conditions that have a meaning for a kind.
pub fn flags(kind: Kind) -> impl Iterator<Item = &'static Flag> {
    FLAGS.iter().filter(move |flag| flag.kinds.contains(&kind))
}

fn value(board: &Board, record: &Record, key: &str) -> Value {
    column(record.kind(), key).map_or(Value::Nothing, |column| (column.get)(board, record))
}

fn word(board: &Board, record: &Record, key: &str) -> smol_str::SmolStr {
    match value(board, record, key) {
        Value::Word { value, .. } => value,
        _ => smol_str::SmolStr::default(),
    }
}

fn days_overdue(board: &Board, record: &Record) -> Option<f64> {
    value(board, record, "days_overdue").number()
}

fn is_open(record: &Record) -> bool {
    match record {
        Record::Project(project) => !project.state.is_final(),
        Record::Decision(decision) => !decision.state.is_final(),
        Record::Demand(demand) => !demand.state.is_final(),
        _ => false,
    }
}

fn due_soon(board: &Board, record: &Record) -> bool {
    let (due, open) = match record {
        Record::Plan(plan) => (Some(plan.effective_due()), plan.is_owed()),
        Record::Project(project) => (project.due, is_open(record)),
        Record::Decision(decision) => (decision.due, is_open(record)),
        Record::Demand(demand) => (demand.due, is_open(record)),
        _ => (None, false),
    };
    let soon = i64::from(board.thresholds().due_soon_days);
    open && due.is_some_and(|due| (0..=soon).contains(&i64::from(due - board.today())))
}

fn has(board: &Board, record: &Record, severity: Severity) -> bool {
    let findings = board.findings().of(record.kind(), record.id().as_str());
    findings.iter().any(|finding| finding.severity == severity)
}
