//! The board's tests, and the short ways in which they write records and days.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a fixture that cannot be read is a mistake in the test"
)]

mod before;
mod boundaries;
mod catalogue;
mod delta;
mod derived;
mod fresh;
mod judged;
mod quality;
mod rules;
mod since;

use super::*;
use crate::contract::records::Step;
use crate::text::calendar::parse_date;
use serde_json::{Value, json};

/// A day as people write it: `1403-02-31` or `2024-05-20`.
fn day(text: &str) -> Day {
    parse_date(text).expect("a date")
}

fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

/// The required fields of each kind, so that a test names only what it is about.
fn defaults(kind: Kind) -> Value {
    match kind {
        Kind::Measure => json!({"number": 1, "title": "اقدام", "pillar": "private-drive", "lead": "a1"}),
        Kind::Project => json!({"measure": "m1", "agency": "a1", "title": "پروژه", "state": "in-progress"}),
        Kind::Agency => json!({"name": "ادارهٔ کل", "category": "driver"}),
        Kind::Plan => json!({"agency": "a1", "title": "برنامه", "due": "1403-01-31", "state": "not-submitted"}),
        Kind::Enterprise => json!({"name": "کارخانه"}),
        Kind::Meeting => json!({"number": 1, "body": "شورا", "on": "1403-01-20"}),
        Kind::Decision => {
            json!({"meeting": "t1", "number": 1, "text": "مصوبه", "agency": "a1", "state": "in-progress", "notified": "1403-01-21"})
        }
        Kind::Demand => {
            json!({"raised_by": "اتاق", "topic": "برق", "text": "مطالبه", "agency": "a1", "received": "1403-01-20", "state": "referred"})
        }
        Kind::Campaign => json!({"campaign_kind": "media", "title": "پویش", "agency": "a1"}),
        Kind::Evaluation => {
            json!({"subject_kind": "agency", "subject": "a1", "on": "1403-01-20", "by": "شورا", "verdict": "خوب"})
        }
        Kind::Initiative => {
            json!({"initiative_kind": "home-business", "title": "گلیم‌بافی", "stage": "identified", "origin": "new", "outreach": [{"on": "1403-01-20", "by": "a1"}]})
        }
    }
}

/// A record from its id and the fields a test is about; `null` takes a field out.
fn record(kind: Kind, name: &str, fields: Value) -> Record {
    let mut all = defaults(kind);
    let map = all.as_object_mut().unwrap();
    map.insert("id".into(), name.into());
    for (key, value) in fields.as_object().unwrap() {
        if value.is_null() {
            map.remove(key);
        } else {
            map.insert(key.clone(), value.clone());
        }
    }
    Record::from_json(kind, &all.to_string()).expect("a record")
}

fn headquarters(fields: Value) -> Arc<Headquarters> {
    let mut all = json!({
        "name": "قرارگاه", "province": "استان", "programme_year": 1403, "plan_due": "1403-01-31",
        "counties": [{"id": "c1", "name": "تبریز"}, {"id": "c2", "name": "مراغه"}],
        "ladder": [
            {"step": "reminder", "after_days": 1}, {"step": "warning", "after_days": 7},
            {"step": "governor-note", "after_days": 14}, {"step": "council-agenda", "after_days": 21}
        ]
    });
    let map = all.as_object_mut().unwrap();
    map.extend(fields.as_object().unwrap().clone());
    Arc::new(serde_json::from_value(all).expect("a headquarters"))
}

/// A board on a day, of exactly these records, every kind whole.
fn board(today: &str, records: &[Record]) -> Board {
    board_of(today, json!({}), records)
}

fn board_of(today: &str, hq: Value, records: &[Record]) -> Board {
    let mut board = Board::new(Settings::default(), day(today));
    board.apply(whole(headquarters(hq), records));
    board
}

fn whole(hq: Arc<Headquarters>, records: &[Record]) -> Vec<Change> {
    let of = |kind: Kind| records.iter().filter(|r| r.kind() == kind).cloned().collect();
    let kinds = Kind::ALL.iter().map(|kind| Change::Whole(*kind, of(*kind)));
    std::iter::once(Change::Headquarters(hq)).chain(kinds).collect()
}

/// The findings of one rule on one record.
fn finding(board: &Board, slug: &str, kind: Kind, id: &str) -> Option<Finding> {
    assert!(finding::rule(slug).is_some(), "no rule {slug}");
    let of = board.findings().of(kind, id);
    of.iter().find(|f| f.rule == slug).map(|f| Finding::clone(f))
}

fn slugs(board: &Board, kind: Kind, id: &str) -> Vec<&'static str> {
    let mut out: Vec<_> = board.findings().of(kind, id).iter().map(|f| f.rule).collect();
    out.sort_unstable();
    out
}
