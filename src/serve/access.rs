//! Who may do what: a pure table of role × verb × kind × own or foreign agency, and the fields that are not an agency's to set.

use crate::contract::feed::Subject;
use crate::contract::{Id, Kind};
use jiff::Timestamp;
use serde_json::Value;
use smol_str::SmolStr;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Writes the plan, the projects and the initiatives of its own agency; never acceptance, scores or deadlines.
    AgencyEditor,
    /// Writes the demands of the private sector.
    ChamberEditor,
    /// Writes every record, and reads the audit trail.
    Secretariat,
    /// Looks after tokens and reads the audit trail; writes no record.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::Viewer,
        Self::AgencyEditor,
        Self::ChamberEditor,
        Self::Secretariat,
        Self::Admin,
    ];

    /// The word for it on the command line and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::AgencyEditor => "agency-editor",
            Self::ChamberEditor => "chamber-editor",
            Self::Secretariat => "secretariat",
            Self::Admin => "admin",
        }
    }

    /// The role of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// True for a role that may read the audit trail and who wrote what.
    pub fn may_audit(self) -> bool {
        matches!(self, Self::Secretariat | Self::Admin)
    }

    /// True for a role that may write some record of the kind; which one, [`may_write`] says.
    pub fn may_write_kind(self, kind: &Subject) -> bool {
        match self {
            Self::Viewer | Self::Admin => false,
            Self::AgencyEditor => {
                matches!(kind, Subject::Record(Kind::Plan | Kind::Project | Kind::Initiative))
            }
            Self::ChamberEditor => matches!(kind, Subject::Record(Kind::Demand)),
            Self::Secretariat => !matches!(kind, Subject::Other(_)),
        }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The token's id; `anonymous` for a reader without one.
    pub token: SmolStr,
    /// Its name.
    pub name: SmolStr,
    /// What it may do.
    pub role: Role,
    /// The agency of an agency editor.
    pub agency: Option<Id>,
    /// From when on it may nothing.
    pub expires: Option<Timestamp>,
}

/// Why a write is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The role writes no such record.
    Role,
    /// The record belongs to another agency, or would.
    Foreign,
    /// The role may not do this to such a record: create or delete it.
    Verb,
    /// The field is not the role's to set.
    Field(&'static str),
}

/// Whether a change of one record is allowed: from `old` (nothing when it is created) to `new` (nothing when it is deleted).
///
/// # Errors
/// Why it is not.
pub fn may_write(who: &Identity, kind: &Subject, old: Option<&Value>, new: Option<&Value>) -> Result<(), Denied> {
    if !who.role.may_write_kind(kind) {
        return Err(Denied::Role);
    }
    let (Role::AgencyEditor, Subject::Record(kind)) = (who.role, kind) else {
        return Ok(());
    };
    let own = who.agency.as_ref().map(Id::as_str).ok_or(Denied::Foreign)?;
    let owner = match kind {
        Kind::Initiative => "sponsor",
        _ => "agency",
    };
    // Both ends of the change: nobody takes a record from another agency, or gives one away.
    for record in [old, new].into_iter().flatten() {
        if record.get(owner).and_then(Value::as_str) != Some(own) {
            return Err(Denied::Foreign);
        }
    }
    match (kind, old, new) {
        // Who owes a plan, and whether a project exists, others decide.
        (Kind::Plan, None, _) | (Kind::Plan | Kind::Project, _, None) => return Err(Denied::Verb),
        _ => {}
    }
    let Some(new) = new else { return Ok(()) };
    for field in protected(*kind) {
        if part(old, field) != part(Some(new), field) {
            return Err(Denied::Field(field));
        }
    }
    if *kind == Kind::Plan {
        let state = |record: Option<&Value>| {
            record
                .and_then(|r| r.get("state"))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let (before, after) = (state(old), state(Some(new)));
        let theirs = matches!(after.as_deref(), Some("not-submitted" | "submitted"));
        if before != after && (!theirs || before.as_deref() == Some("accepted")) {
            return Err(Denied::Field("state"));
        }
    }
    Ok(())
}

/// What an agency may not set itself: acceptance, scores, deadlines, weights, and the steps of a figure that others confirm.
pub fn protected(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Plan => &["due", "extended_to", "returned", "accepted", "score", "follow_ups"],
        Kind::Project => &[
            "due",
            "path",
            "weight",
            "leap",
            "milestones.due",
            "jobs.registered",
            "jobs.approved",
            "jobs.verified",
        ],
        Kind::Initiative => &[
            "jobs.registered",
            "jobs.approved",
            "jobs.verified",
            "capital.registered",
            "capital.approved",
            "capital.verified",
        ],
        _ => &[],
    }
}

/// A field of a record, or of an object or of every element of a list in it; a missing one, null and an empty list are one.
fn part(record: Option<&Value>, field: &str) -> Option<Value> {
    let given = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    match field.split_once('.') {
        None => record?.get(field).filter(|value| given(value)).cloned(),
        Some((outer, inner)) => match record?.get(outer)? {
            Value::Array(items) => {
                // A deadline belongs to what it is the deadline of: both must stay together.
                let dated = |item: &Value| {
                    let due = item.get(inner).filter(|value| given(value))?;
                    Some(Value::from(vec![
                        item.get("title").cloned().unwrap_or_default(),
                        due.clone(),
                    ]))
                };
                let found: Vec<Value> = items.iter().filter_map(dated).collect();
                (!found.is_empty()).then(|| found.into())
            }
            object => object.get(inner).filter(|value| given(value)).cloned(),
        },
    }
}
