//! Findings by holding the present state against an earlier one: planned dates written anew, figures that fell, records that
//! appeared or vanished. Without an earlier state none of them says anything.

use super::{Fact, Finding, Hit, Rule, Why, new_rule};
use crate::board::Board;
use crate::board::columns;
use crate::board::compare::{Moved, moved};
use crate::clock::Day;
use crate::contract::{Kind, Text};
use std::sync::Arc;

/// Everything that can move the wrong way.
const MOVING: &[Kind] = &[
    Kind::Measure,
    Kind::Project,
    Kind::Agency,
    Kind::Plan,
    Kind::Decision,
    Kind::Demand,
    Kind::Campaign,
    Kind::Initiative,
];

/// Kinds whose records do not come and go with the days: one more or one less is worth a word.
const LASTING: &[Kind] = &[Kind::Measure, Kind::Project, Kind::Agency, Kind::Plan, Kind::Enterprise];

pub(super) static REWRITTEN: Rule = new_rule!("date-rewritten", Notice, MOVING, |record, context| {
    let (day, old) = context.before(record)?;
    let mut dates = moved(&old, record).into_iter().filter_map(|moved| match moved {
        Moved::Date { field, was, now, .. } => Some((field, was, now)),
        Moved::Fell { .. } => None,
    });
    let (field, was, now) = dates.next()?;
    let why = now.is_none().then_some("rule.date-rewritten.why-removed");
    let mut values = vec![
        ("field", Fact::Field(field.0, field.1)),
        ("was", Fact::Day(was)),
        ("day", Fact::Day(day)),
        ("n", Fact::Number(1.0 + dates.count() as f64)),
    ];
    values.extend(now.map(|now| ("now", Fact::Day(now))));
    Some(Hit::new(values).why(why).since(after(day, context.today)))
});

pub(super) static FELL: Rule = new_rule!("value-fell", Warning, MOVING, |record, context| {
    let (day, old) = context.before(record)?;
    let mut figures = moved(&old, record).into_iter().filter_map(|moved| match moved {
        Moved::Fell { field, step, was, now } => Some((field, step, was, now)),
        Moved::Date { .. } => None,
    });
    let (field, step, was, now) = figures.next()?;
    let why = step.is_some().then_some("rule.value-fell.why-step");
    let mut values = vec![
        ("field", Fact::Field(field.0, field.1)),
        ("was", Fact::Number(was)),
        ("now", Fact::Number(now)),
        ("day", Fact::Day(day)),
        ("n", Fact::Number(1.0 + figures.count() as f64)),
    ];
    values.extend(step.map(|step| ("step", Fact::Word("figure", step.as_str().into()))));
    Some(Hit::new(values).why(why).since(after(day, context.today)))
});

pub(super) static APPEARED: Rule = new_rule!("record-appeared", Data, LASTING, |record, context| {
    let past = context.board.past()?;
    let new = past.board.is_whole(record.kind()) && !past.board.contains(record.kind(), record.id().as_str());
    new.then(|| Hit::new([("day", Fact::Day(past.day))]).since(after(past.day, context.today)))
});

// Its subject is not there to be looked at: [`vanished`] looks for it among those of the earlier state.
pub(super) static VANISHED: Rule = new_rule!("record-vanished", Warning, Kind::ALL, |_, _| None);

/// Since when what differs from an earlier state is so: it was not so on that state's day. Of a state of this very day, since today.
fn after(day: Day, today: Day) -> Option<Day> {
    Some(day.plus(1).min(today))
}

/// What there is to say of a record that is not there.
pub(in crate::board) fn vanished(kind: Kind, id: &str, board: &Board) -> Vec<Arc<Finding>> {
    let setting = board.settings().rules.get(VANISHED.slug);
    let old = board
        .past()
        .and_then(|past| Some((past.day, past.board.record(kind, id)?)));
    match old {
        Some((day, old)) if setting.on && board.is_whole(kind) && board.headquarters().is_some() => {
            let title = |lang| columns::title(&old, lang).into_owned();
            let title = Text::both(title(crate::text::Lang::Fa), title(crate::text::Lang::En));
            vec![Arc::new(Finding {
                rule: VANISHED.slug,
                severity: setting.severity.unwrap_or(VANISHED.severity),
                kind,
                id: old.id().clone(),
                since: after(day, board.today()),
                why: Why {
                    key: VANISHED.why,
                    values: vec![("title", Fact::Text(title)), ("day", Fact::Day(day))],
                },
            })]
        }
        _ => Vec::new(),
    }
}
