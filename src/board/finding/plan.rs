//! Operational plans: overdue, due soon, returned, late.

use super::values::{day, days, limit, link};
use super::{Context, Fact, Hit, Rule, new_rule};
use crate::board::Limit;
use crate::contract::{Kind, Plan, PlanState, Record};

const PLANS: &[Kind] = &[Kind::Plan];

fn plan(record: &Record) -> Option<&Plan> {
    match record {
        Record::Plan(plan) => Some(plan),
        _ => None,
    }
}

fn state(plan: &Plan) -> Fact {
    Fact::Word(PlanState::PREFIX, plan.state.as_str().into())
}

/// The effective due date has passed and the plan is owed; critical beyond `plan_critical_days`.
pub(super) static OVERDUE: Rule = new_rule!(
    "plan-overdue",
    Warning,
    PLANS,
    overdue,
    limits & [Limit::PlanCriticalDays]
);

fn overdue(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let plan = plan(record)?;
    let late = plan.days_overdue(cx.today)?;
    let due = plan.effective_due();
    let values = [
        ("agency", link(Kind::Agency, &plan.agency)),
        ("days", days(late)),
        ("due", day(due)),
        ("state", state(plan)),
    ];
    Some(
        Hit::new(values)
            .since(Some(due.plus(1)))
            .severe_if(late > limit(cx.limits.plan_critical_days)),
    )
}

/// The plan is owed and 0 to `due_soon_days` days are left.
pub(super) static DUE_SOON: Rule = new_rule!("plan-due-soon", Notice, PLANS, due_soon, limits & [Limit::DueSoonDays]);

fn due_soon(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let plan = plan(record)?;
    let due = plan.effective_due();
    let left = due - cx.today;
    let soon = limit(cx.limits.due_soon_days);
    if !plan.is_owed() || !(0..=soon).contains(&left) {
        return None;
    }
    let values = [
        ("agency", link(Kind::Agency, &plan.agency)),
        ("days", days(left)),
        ("due", day(due)),
        ("state", state(plan)),
    ];
    Some(Hit::new(values).since(Some(due.plus(-soon))))
}

/// The plan was returned for revision.
pub(super) static RETURNED: Rule = new_rule!("plan-returned", Warning, PLANS, returned);

fn returned(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let plan = plan(record)?;
    if plan.state != PlanState::Returned {
        return None;
    }
    let values = [
        ("agency", link(Kind::Agency, &plan.agency)),
        ("due", day(plan.effective_due())),
    ];
    Some(Hit::new(values).since(plan.returned))
}

/// The plan was submitted after its effective due date.
pub(super) static LATE: Rule = new_rule!("plan-late", Notice, PLANS, late);

fn late(record: &Record, _: &Context<'_>) -> Option<Hit> {
    let plan = plan(record)?;
    let submitted = plan.submitted.filter(|_| plan.is_late())?;
    let due = plan.effective_due();
    let values = [
        ("agency", link(Kind::Agency, &plan.agency)),
        ("days", days(submitted - due)),
        ("due", day(due)),
        ("submitted", day(submitted)),
    ];
    Some(Hit::new(values).since(Some(submitted)))
}
