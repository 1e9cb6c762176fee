//! Bad input is a finding and never a wrong number shown as right: contradictions, days that have not come, percentages that
//! cannot be, amounts off by ten, ids given twice; and the warnings that come early.

use super::rules::{DATA, WARNING, number, table};
use super::*;
use crate::contract::{Level, Place, What};

fn project(fields: Value) -> Record {
    record(Kind::Project, "p1", fields)
}

#[test]
fn a_project_due_soon_and_behind_warns_from_thirty_days_ahead_through_its_day() {
    // Due on the leap day of 1403, a Thursday; half of it planned for all that time.
    assert_eq!(day("1403-12-30").weekday(), day("1403-01-31").weekday() - 1);
    let late = json!({"due": "1403-12-30", "physical": 45, "path": [{"on": "1403-01-01", "percent": 50}]});
    let rows = [
        ("1403-11-29", None),
        ("1403-11-30", WARNING),
        ("1403-12-29", WARNING),
        ("1403-12-30", WARNING),
        ("1404-01-01", None),
    ];
    table("project-due-soon-behind", &[project(late.clone())], &rows);
    for (field, value) in [
        ("physical", json!(45.1)),
        ("state", json!("done")),
        ("state", json!("cancelled")),
    ] {
        let mut fields = late.clone();
        fields[field] = value;
        table("project-due-soon-behind", &[project(fields)], &[("1403-12-30", None)]);
    }
    let board = board("1403-12-20", &[project(late)]);
    let found = finding(&board, "project-due-soon-behind", Kind::Project, "p1").unwrap();
    assert_eq!((number(&found, "days"), number(&found, "points")), (10.0, 5.0));
    assert_eq!(found.since, Some(day("1403-11-30")));
}

#[test]
fn due_soon_and_behind_goes_by_the_limits_of_the_headquarters() {
    let fields = json!({"due": "1403-02-10", "physical": 45, "path": [{"on": "1403-01-01", "percent": 50}]});
    for (thresholds, fires) in [
        (json!({"behind_soon_days": 9}), false),
        (json!({"behind_soon_days": 10}), true),
        (json!({"deviation_notice": 6}), false),
    ] {
        let board = board_of(
            "1403-01-31",
            json!({ "thresholds": thresholds }),
            &[project(fields.clone())],
        );
        let found = finding(&board, "project-due-soon-behind", Kind::Project, "p1");
        assert_eq!(found.is_some(), fires, "{thresholds}");
    }
}

#[test]
fn far_less_verified_than_claimed_is_told_and_what_nobody_verified_is_not() {
    let rows = [
        (json!({"claimed": 10, "verified": 5}), None),
        (json!({"claimed": 10, "verified": 4.9}), WARNING),
        (json!({"claimed": 10, "verified": 0}), WARNING),
        (json!({"claimed": 10}), None),
        (json!({"claimed": 0, "verified": 0}), None),
        (json!({"committed": 10, "verified": 1}), None),
        // A negative figure is a finding of its own and compares with nothing.
        (json!({"claimed": 10, "verified": -1}), None),
    ];
    for (jobs, expected) in rows {
        table(
            "verified-far-below",
            &[project(json!({ "jobs": jobs }))],
            &[("1403-02-01", expected)],
        );
    }
    let capital = record(
        Kind::Initiative,
        "i1",
        json!({"capital": {"claimed": 1_000_000_000, "verified": 1_000_000}}),
    );
    let board = board("1403-02-01", &[capital]);
    let found = finding(&board, "verified-far-below", Kind::Initiative, "i1").unwrap();
    assert_eq!(found.value("verified"), Some(&Fact::Money(1_000_000)));
    assert_eq!(number(&found, "percent"), 0.1);
}

#[test]
fn an_amount_is_off_by_ten_between_nine_and_a_half_and_ten_and_a_half_times() {
    let rows = [
        (949, None),
        (950, DATA),
        (1_000, DATA),
        (1_050, DATA),
        (1_051, None),
        // A tenth spent is an honest beginning.
        (10, None),
        (0, None),
        (-1_000, None),
    ];
    for (spent, expected) in rows {
        let fields = json!({"allocated": 100, "spent": spent});
        table("amount-off-by-ten", &[project(fields)], &[("1403-02-01", expected)]);
    }
    table(
        "amount-off-by-ten",
        &[project(json!({"budget": 100, "allocated": 1_000}))],
        &[("1403-02-01", DATA)],
    );
    table(
        "amount-off-by-ten",
        &[project(json!({"allocated": 0, "spent": 10}))],
        &[("1403-02-01", None)],
    );
    let capital = |capital: Value| record(Kind::Initiative, "i1", json!({ "capital": capital }));
    table(
        "amount-off-by-ten",
        &[capital(json!({"committed": 5, "claimed": 50}))],
        &[("1403-02-01", DATA)],
    );
    table(
        "amount-off-by-ten",
        &[capital(json!({"committed": 50, "claimed": 5}))],
        &[("1403-02-01", None)],
    );
}

#[test]
fn an_indicator_is_compared_with_its_reading_before_whatever_order_they_come_in() {
    let measure = |readings: Value| {
        let indicator = json!({"id": "s1", "title": "شاخص", "unit": "واحد", "direction": "up", "readings": readings});
        record(Kind::Measure, "m1", json!({"indicators": [indicator]}))
    };
    let rows = [
        (
            json!([{"on": "1403-01-10", "value": 10}, {"on": "1403-01-20", "value": 100}]),
            DATA,
        ),
        (
            json!([{"on": "1403-01-20", "value": 10}, {"on": "1403-01-10", "value": 100}]),
            DATA,
        ),
        (
            json!([{"on": "1403-01-10", "value": 10}, {"on": "1403-01-15", "value": 40}, {"on": "1403-01-20", "value": 100}]),
            None,
        ),
        (
            json!([{"on": "1403-01-10", "value": 0}, {"on": "1403-01-20", "value": 0}]),
            None,
        ),
    ];
    for (readings, expected) in rows {
        table("amount-off-by-ten", &[measure(readings)], &[("1403-02-01", expected)]);
    }
}

#[test]
fn a_state_that_its_own_dates_deny_is_named_with_what_denies_it() {
    let plan = |fields: Value| record(Kind::Plan, "n1", fields);
    let decision = |fields: Value| record(Kind::Decision, "d1", fields);
    let demand = |fields: Value| record(Kind::Demand, "x1", fields);
    let initiative = |fields: Value| record(Kind::Initiative, "i1", fields);
    let duty = |duty: Value| record(Kind::Agency, "a1", json!({ "duties": [duty] }));
    let rows = [
        (plan(json!({"submitted": "1403-01-20"})), DATA),
        (plan(json!({"state": "submitted", "submitted": "1403-01-20"})), None),
        (plan(json!({"state": "submitted", "accepted": "1403-01-20"})), DATA),
        (plan(json!({"state": "accepted", "accepted": "1403-01-20"})), None),
        // Sent back, mended and submitted again.
        (
            plan(json!({"state": "submitted", "submitted": "1403-01-10", "returned": "1403-01-12"})),
            None,
        ),
        (project(json!({"state": "not-started", "physical": 0})), None),
        (project(json!({"state": "not-started", "physical": 1})), DATA),
        (
            project(json!({"state": "in-progress", "completed": "1403-01-20"})),
            DATA,
        ),
        (project(json!({"state": "done", "completed": "1403-01-20"})), None),
        (decision(json!({"state": "decided"})), DATA),
        (decision(json!({"state": "decided", "notified": null})), None),
        (
            decision(json!({"state": "not-executed", "executed": "1403-01-20"})),
            DATA,
        ),
        (demand(json!({"state": "referred", "answer": "پاسخ داده شد"})), DATA),
        (demand(json!({"state": "answered", "answer": "پاسخ داده شد"})), None),
        (
            initiative(json!({"stage": "identified", "brought_in": "1403-02-01"})),
            DATA,
        ),
        // A day ahead is a plan, not a contradiction.
        (
            initiative(json!({"stage": "identified", "brought_in": "1403-02-02"})),
            None,
        ),
        (
            duty(json!({"id": "w1", "title": "وظیفه", "state": "open", "done": "1403-01-20"})),
            DATA,
        ),
        (
            duty(json!({"id": "w1", "title": "وظیفه", "state": "done", "done": "1403-01-20"})),
            None,
        ),
    ];
    for (record, expected) in rows {
        table(
            "state-contradicts",
            std::slice::from_ref(&record),
            &[("1403-02-01", expected)],
        );
    }
}

#[test]
fn what_happened_on_a_day_to_come_is_a_finding_until_that_day() {
    let rows = [
        record(
            Kind::Plan,
            "n1",
            json!({"state": "submitted", "submitted": "1403-12-30"}),
        ),
        record(Kind::Decision, "d1", json!({"notified": "1403-12-30"})),
        record(Kind::Demand, "x1", json!({"received": "1403-12-30"})),
        record(Kind::Evaluation, "v1", json!({"on": "1403-12-30"})),
        project(json!({"readings": [{"on": "1403-12-30", "physical": 5}]})),
        record(
            Kind::Initiative,
            "i1",
            json!({"outreach": [{"on": "1403-12-30", "by": "a1"}]}),
        ),
        // Half past nine in the evening of 19 March in UTC is already the leap day in Tehran.
        record(Kind::Enterprise, "e1", json!({"updated": "2025-03-19T21:30:00Z"})),
    ];
    for record in rows {
        table(
            "date-in-future",
            &[record],
            &[("1403-12-29", DATA), ("1403-12-30", None), ("1404-01-01", None)],
        );
    }
    for planned in [
        record(Kind::Meeting, "t1", json!({"on": "1403-12-30"})),
        record(Kind::Campaign, "k1", json!({"start": "1403-12-30"})),
        project(json!({"due": "1403-12-30"})),
    ] {
        table("date-in-future", &[planned], &[("1403-01-20", None)]);
    }
}

#[test]
fn a_percentage_that_cannot_be_counts_in_no_mean() {
    let of = |physical: f64| {
        let right = record(Kind::Project, "p2", json!({"physical": 40}));
        board("1403-02-01", &[project(json!({ "physical": physical })), right]).progress("m1")
    };
    for wrong in [140.0, -1.0, 100.1] {
        let progress = of(wrong);
        assert_eq!((progress.actual, progress.without_figure), (Some(40.0), 1), "{wrong}");
    }
    for right in [0.0, 100.0] {
        let progress = of(right);
        assert_eq!(
            (progress.actual, progress.without_figure),
            (Some(20.0 + right / 2.0), 0),
            "{right}"
        );
    }
}

#[test]
fn what_is_settled_is_never_stale() {
    let old = json!({"updated": "1402-01-01"});
    let with = |kind: Kind, name: &str, state: &str, value: &str| {
        let mut fields = old.clone();
        if !state.is_empty() {
            fields[state] = value.into();
        }
        record(kind, name, fields)
    };
    let rows = [
        (with(Kind::Plan, "n1", "state", "accepted"), None),
        (with(Kind::Plan, "n1", "state", "submitted"), DATA),
        (with(Kind::Project, "p1", "state", "done"), None),
        (with(Kind::Project, "p1", "state", "cancelled"), None),
        (with(Kind::Project, "p1", "state", "ready"), DATA),
        (with(Kind::Decision, "d1", "state", "settled"), None),
        (with(Kind::Decision, "d1", "state", "in-progress"), DATA),
        (with(Kind::Demand, "x1", "state", "rejected"), None),
        (with(Kind::Initiative, "i1", "stage", "closed"), None),
        (with(Kind::Initiative, "i1", "stage", "stalled"), DATA),
        (with(Kind::Campaign, "k1", "state", "done"), None),
        (with(Kind::Meeting, "t1", "", ""), None),
        (with(Kind::Evaluation, "v1", "", ""), None),
        (with(Kind::Agency, "a1", "", ""), DATA),
    ];
    for (record, expected) in rows {
        table(
            "record-stale",
            std::slice::from_ref(&record),
            &[("1403-02-01", expected)],
        );
        let board = board("1403-02-01", std::slice::from_ref(&record));
        assert_eq!(board.is_stale(&record), expected.is_some(), "{record:?}");
    }
}

#[test]
fn an_id_given_twice_is_a_finding_on_the_record_that_counts_and_goes_with_its_cause() {
    let twice = |ids: &[&str]| {
        let problems = ids.iter().map(|id| Problem {
            level: Level::Skipped,
            place: Place::default(),
            what: What::DuplicateId(Kind::Plan, (*id).into()),
            record: Some((Kind::Plan, (*id).into())),
        });
        Change::Problems(problems.collect())
    };
    let mut board = board(
        "1403-01-20",
        &[record(Kind::Plan, "n1", json!({})), record(Kind::Plan, "n2", json!({}))],
    );
    let more = |board: &Board, id: &str| finding(board, "duplicate-id", Kind::Plan, id).map(|f| number(&f, "count"));
    assert_eq!((more(&board, "n1"), more(&board, "n2")), (None, None));
    let delta = board.apply(vec![twice(&["n1", "n1", "n2"])]);
    assert_eq!((more(&board, "n1"), more(&board, "n2")), (Some(2.0), Some(1.0)));
    assert_eq!(delta.findings_new.len(), 2);
    board.apply(vec![twice(&["n1"])]);
    assert_eq!((more(&board, "n1"), more(&board, "n2")), (Some(1.0), None));
    board.apply(vec![twice(&[])]);
    assert_eq!(more(&board, "n1"), None);
}

#[test]
fn the_term_that_puts_one_finding_above_another_is_the_first_that_differs() {
    let records = [
        record(Kind::Plan, "n1", json!({"due": "1403-01-01"})),
        record(Kind::Plan, "n2", json!({"due": "1403-01-20"})),
        record(Kind::Plan, "n3", json!({"due": "1403-01-20"})),
        record(Kind::Agency, "a1", json!({"duties": [{"id": "w1", "title": "وظیفه"}]})),
        record(Kind::Project, "p1", json!({"measure": "m1"})),
        record(Kind::Measure, "m1", json!({})),
    ];
    let board = board("1403-01-31", &records);
    let ranked: Vec<_> = board.findings().ranked().cloned().collect();
    let terms: Vec<_> = ranked
        .windows(2)
        .map(|pair| Term::between(&pair[0], &pair[1]))
        .collect();
    let names: Vec<_> = ranked.iter().map(|f| (f.rule, f.id.as_str())).collect();
    assert_eq!(
        names,
        [
            ("plan-overdue", "n1"),
            ("plan-overdue", "n2"),
            ("plan-overdue", "n3"),
            ("agency-without-expert", "a1")
        ]
    );
    assert_eq!(terms, [Some(Term::Severity), Some(Term::Id), Some(Term::Dated)]);
    assert_eq!(Term::between(&ranked[0], &ranked[0]), None);
}
