//! Amounts about ten times, or a tenth of, what the same record said in an earlier state.

use super::*;

/// What the rule says of a record whose earlier state said something else.
fn slip(before: &Record, now: &Record) -> Option<Finding> {
    let mut board = board("1403-03-02", std::slice::from_ref(now));
    let earlier = super::board("1403-02-26", std::slice::from_ref(before));
    board.set_past(Some(Arc::new(Past::new(day("1403-02-26"), earlier))));
    let found = finding(&board, "amount-off-by-ten", now.kind(), now.id().as_str());
    // It must be gone with the state it was held against.
    board.set_past(None);
    assert_eq!(
        finding(&board, "amount-off-by-ten", now.kind(), now.id().as_str()),
        None
    );
    if let Some(found) = &found {
        catalogue::gives_every_value(found);
        assert_eq!(found.value("day"), Some(&Fact::Day(day("1403-02-26"))));
        assert_eq!(found.severity, Severity::Data);
    }
    found
}

/// Value before, value now, whether one is about ten times the other.
const ROWS: &[(f64, f64, bool)] = &[
    (100.0, 949.0, false),
    (100.0, 950.0, true),
    (100.0, 1_000.0, true),
    (100.0, 1_050.0, true),
    (100.0, 1_051.0, false),
    // The other way round: toman written where rial was.
    (949.0, 100.0, false),
    (950.0, 100.0, true),
    (1_000.0, 100.0, true),
    (1_050.0, 100.0, true),
    (1_051.0, 100.0, false),
    // No change, a hundred times, from and to nothing, below nothing.
    (100.0, 100.0, false),
    (100.0, 10_000.0, false),
    (0.0, 1_000.0, false),
    (1_000.0, 0.0, false),
    (-100.0, -1_000.0, false),
    (-100.0, 1_000.0, false),
];

#[test]
fn an_amount_is_held_against_what_the_same_record_said_before() {
    for (was, now, found) in ROWS {
        for field in ["budget", "allocated", "spent"] {
            let project = |value: f64| record(Kind::Project, "p1", json!({ (field): value as i64 }));
            let slip = slip(&project(*was), &project(*now));
            assert_eq!(slip.is_some(), *found, "{field}: {was} -> {now}");
            if let Some(slip) = slip {
                assert_eq!(slip.value("field"), Some(&Fact::Field("project", field)));
                assert_eq!(slip.value("value"), Some(&Fact::Money(*now as i64)));
                assert_eq!(slip.value("other"), Some(&Fact::Money(*was as i64)));
            }
        }
        for step in ["committed", "claimed", "registered", "approved", "verified"] {
            let initiative = |value: f64| record(Kind::Initiative, "i1", json!({"capital": { (step): value }}));
            // A figure below nothing is no capital and another finding.
            let slip = slip(&initiative(*was), &initiative(*now));
            assert_eq!(slip.is_some(), *found, "{step}: {was} -> {now}");
        }
    }
}

#[test]
fn an_indicator_is_held_against_what_it_said_before_for_the_same_day() {
    let measure = |fields: Value| {
        let mut indicator = json!({"id": "s1", "title": "شاخص", "unit": "واحد", "direction": "up"});
        indicator
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        record(Kind::Measure, "m1", json!({ "indicators": [indicator] }))
    };
    for (was, now, found) in ROWS {
        for field in ["baseline", "target"] {
            let of = |value: f64| measure(json!({ (field): value }));
            let slip = slip(&of(*was), &of(*now));
            assert_eq!(slip.is_some(), *found, "{field}: {was} -> {now}");
            assert!(slip.is_none_or(|slip| slip.value("field") == Some(&Fact::Field("indicator", field))));
        }
        let of = |value: f64| measure(json!({"readings": [{"on": "1403-02-01", "value": value}]}));
        let slip = slip(&of(*was), &of(*now));
        assert_eq!(slip.is_some(), *found, "reading: {was} -> {now}");
        assert!(slip.is_none_or(|slip| slip.value("on") == Some(&Fact::Day(day("1403-02-01")))));
    }
    // Readings of two days are no correction of each other, and another indicator is another thing.
    let one = |on: &str, value: f64| measure(json!({"readings": [{"on": on, "value": value}]}));
    assert_eq!(slip(&one("1403-02-01", 100.0), &one("1403-02-15", 1_000.0)), None);
    let other = measure(json!({"id": "s2", "baseline": 1_000}));
    assert_eq!(slip(&measure(json!({"baseline": 100})), &other), None);
}

#[test]
fn what_was_not_there_before_has_slipped_from_nothing() {
    let project = |fields: Value| record(Kind::Project, "p1", fields);
    assert_eq!(slip(&project(json!({})), &project(json!({"budget": 1_000}))), None);
    let another = record(Kind::Project, "p2", json!({"budget": 100}));
    assert_eq!(slip(&another, &project(json!({"budget": 1_000}))), None);
    assert_eq!(slip(&project(json!({"budget": 1_000})), &project(json!({}))), None);
}

#[test]
fn what_stands_beside_an_amount_is_named_first() {
    let project = |budget: i64, spent: i64| record(Kind::Project, "p1", json!({"budget": budget, "spent": spent}));
    let mut board = board("1403-03-02", &[project(100, 1_000)]);
    let earlier = super::board("1403-02-26", &[project(100, 100)]);
    board.set_past(Some(Arc::new(Past::new(day("1403-02-26"), earlier))));
    let found = finding(&board, "amount-off-by-ten", Kind::Project, "p1").unwrap();
    assert_eq!(found.why.key, "rule.amount-off-by-ten.why");
}
