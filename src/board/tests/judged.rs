//! Derived figures recomputed by hand: ranks and timeliness, conditions and contributions, indicators and forecasts, rates.

use super::*;
use crate::board::condition::Condition;
use crate::board::indicator::{self, Forecast};
use crate::board::standing::{Basis, Duties};
use crate::board::tally;
use crate::contract::{CampaignKind, Indicator, Measure, Pillar};

fn agency(name: &str, fields: Value) -> Record {
    record(Kind::Agency, name, fields)
}

fn judged(name: &str, agency: &str, on: &str, score: Value) -> Record {
    record(
        Kind::Evaluation,
        name,
        json!({"subject": agency, "on": on, "score": score}),
    )
}

/// Agency, score, rank, places gained.
type Ranked<'a> = (&'a str, Option<f64>, Option<usize>, Option<i64>);

fn ranks(board: &Board) -> Vec<Ranked<'_>> {
    let of = board.standings().categories.values().flatten();
    of.map(|id| {
        let standing = board.standings().of(id.as_str()).unwrap();
        let score = standing.score.as_ref().map(|(score, _)| *score);
        (id.as_str(), score, standing.rank, standing.gained())
    })
    .collect()
}

#[test]
fn agencies_rank_by_their_latest_score_equal_ones_alike_and_say_what_changed() {
    let mut records: Vec<Record> = ["a1", "a2", "a3", "a4", "a5"]
        .map(|name| agency(name, json!({})))
        .into();
    records.push(agency("a9", json!({"category": "support"})));
    records.extend([
        judged("v1", "a1", "1403-01-20", json!(90)),
        judged("v2", "a2", "1403-01-20", json!(80)),
        judged("v3", "a3", "1403-01-20", json!(70)),
        // The second round, on the day of evaluation itself.
        judged("v4", "a1", "1403-02-20", json!(60)),
        judged("v5", "a2", "1403-02-20", json!(80)),
        judged("v6", "a3", "1403-02-20", json!(95)),
        judged("v7", "a4", "1403-02-20", json!(80)),
        // Not yet, and not a score that can be.
        judged("v8", "a1", "1403-02-21", json!(100)),
        judged("v9", "a2", "1403-02-20", json!(140)),
        judged("w1", "a9", "1403-02-10", json!(50)),
    ]);
    let mut board = board("1403-02-20", &records);
    let expected = [
        ("a3", Some(95.0), Some(1), Some(2)),
        ("a2", Some(80.0), Some(2), Some(0)),
        ("a4", Some(80.0), Some(2), None),
        ("a1", Some(60.0), Some(4), Some(-3)),
        // Nothing judged and nothing but an overdue plan: timeliness 0 ÷ 1.
        ("a5", Some(0.0), Some(5), None),
        ("a9", Some(50.0), Some(1), None),
    ];
    assert_eq!(ranks(&board), expected);
    // The day before, only the first round counts, and nobody had a rank before it.
    board.set_today(day("1403-02-19"));
    assert_eq!(ranks(&board)[0], ("a1", Some(90.0), Some(1), None));
    // The day after, the next evaluation counts.
    board.set_today(day("1403-02-21"));
    assert_eq!(ranks(&board)[0], ("a1", Some(100.0), Some(1), Some(3)));
}

#[test]
fn timeliness_counts_what_was_kept_and_missed_and_nothing_else() {
    let duties = json!({"duties": [
        {"id": "w1", "title": "یک", "due": "1403-01-31", "done": "1403-01-31", "state": "done"},
        {"id": "w2", "title": "دو", "due": "1403-01-30", "done": "1403-01-31", "state": "done"},
        {"id": "w3", "title": "سه", "due": "1403-01-31"},
        {"id": "w4", "title": "چهار", "due": "1403-01-10", "state": "done"},
        {"id": "w5", "title": "پنج"}
    ]});
    let decision = |name: &str, state: &str, fields: Value| {
        let mut all = json!({"state": state, "due": "1403-01-20"});
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        record(Kind::Decision, name, all)
    };
    let demand = |name: &str, state: &str, fields: Value| {
        let mut all = json!({"state": state, "received": "1403-01-05", "due": "1403-01-20"});
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        record(Kind::Demand, name, all)
    };
    let records = [
        agency("a1", duties),
        record(
            Kind::Plan,
            "n1",
            json!({"state": "accepted", "submitted": "1403-01-31"}),
        ),
        record(Kind::Plan, "n2", json!({"state": "returned"})),
        decision("d1", "executed", json!({"executed": "1403-01-20"})),
        decision("d2", "executed", json!({"executed": "1403-01-21"})),
        decision("d3", "executed", json!({})),
        decision("d4", "not-executed", json!({})),
        decision("d5", "in-progress", json!({})),
        decision("d6", "settled", json!({})),
        decision("d7", "in-progress", json!({"due": "1403-01-31"})),
        demand("x1", "answered", json!({"answered": "1403-01-20"})),
        demand("x2", "referred", json!({})),
        demand("x3", "rejected", json!({})),
    ];
    let at = |today: &str| {
        let board = board(today, &records);
        let standing = board.standings().of("a1").unwrap().clone();
        let of = |duties: Duties| (standing.punctuality.kept(duties), standing.punctuality.missed(duties));
        (Duties::ALL.map(of), standing.punctuality.score(), standing.score)
    };
    // On 31 Farvardin, a Friday, what is due that day is not late: a returned plan, a duty and a decision.
    let (counts, score, by) = at("1403-01-31");
    assert_eq!(counts, [(1, 0), (1, 3), (1, 1), (1, 1)]);
    assert_eq!(score, Some(100.0 * 4.0 / 9.0));
    assert!(matches!(by, Some((_, Basis::Timeliness))));
    let (counts, score, _) = at("1403-02-01");
    assert_eq!(counts, [(1, 1), (1, 4), (1, 1), (1, 2)]);
    assert_eq!(score, Some(100.0 * 4.0 / 12.0));
}

#[test]
fn an_agency_with_nothing_due_and_nothing_judged_has_no_rank() {
    let bare = [agency("a1", json!({}))];
    // Its plan is due on 31 Farvardin: the day after it is missed.
    let board = board("1403-01-31", &bare);
    assert_eq!(ranks(&board), [("a1", None, None, None)]);
    let later = super::board("1403-02-01", &bare);
    assert_eq!(ranks(&later), [("a1", Some(0.0), Some(1), None)]);
}

#[test]
fn coverage_counts_the_five_things_and_its_blanks() {
    let records = [
        agency(
            "a1",
            json!({"duties": [{"id": "w1", "title": "یک", "state": "done"}, {"id": "w2", "title": "دو"}]}),
        ),
        agency(
            "a2",
            json!({"expert": {"post": "کارشناس", "visits": [{"on": "1403-01-05"}]}}),
        ),
        record(Kind::Plan, "n1", json!({"agency": "a2"})),
        record(Kind::Project, "p1", json!({"agency": "a2"})),
        record(
            Kind::Initiative,
            "i1",
            json!({"outreach": [{"on": "1403-01-05", "by": "a2"}, {"on": "1403-01-09", "by": "a2"}]}),
        ),
    ];
    let board = board("1403-01-20", &records);
    let of = |id: &str| board.coverage(board.agencies().get(id).unwrap());
    assert_eq!(
        (of("a1").counts(), of("a1").blanks(), of("a1").open_duties),
        ([2, 0, 0, 0, 0], 4, 1)
    );
    // Gone to twice is one initiative.
    assert_eq!(
        (of("a2").counts(), of("a2").blanks(), of("a2").visits),
        ([0, 1, 1, 1, 1], 1, 1)
    );
}

/// A visit and a step of the ladder count from their day on, here the leap day of 1403: what is dated ahead has not happened.
#[test]
fn what_is_dated_ahead_is_no_outreach_and_no_step_yet() {
    let steps = json!([{"on": "1403-02-10", "step": "reminder"}, {"on": "1403-12-30", "step": "warning"}]);
    let records = [
        agency("a1", json!({})),
        record(Kind::Enterprise, "e1", json!({})),
        record(
            Kind::Plan,
            "n1",
            json!({"agency": "a1", "due": "1403-01-31", "state": "not-submitted", "follow_ups": steps}),
        ),
        record(
            Kind::Initiative,
            "i1",
            json!({"outreach": [{"on": "1403-12-30", "by": "a1"}, {"on": "1403-12-30", "by": "e1"}]}),
        ),
    ];
    for (today, visits, step) in [
        ("1403-12-29", 0, "reminder"),
        ("1403-12-30", 1, "warning"),
        ("1404-01-01", 1, "warning"),
    ] {
        let board = board(today, &records);
        let of = board.coverage(board.agencies().get("a1").unwrap());
        assert_eq!(of.counts()[4], visits, "{today}");
        assert_eq!(board.count_visited_by("e1"), visits, "{today}");
        let said = |kind: Kind, id: &str, column: &str| {
            let column = crate::board::columns::column(kind, column).unwrap();
            (column.get)(&board, &board.record(kind, id).unwrap())
        };
        let count = crate::board::columns::Value::Number(visits as f64);
        assert_eq!(said(Kind::Enterprise, "e1", "visited"), count, "{today}");
        assert_eq!(said(Kind::Agency, "a1", "outreach"), count, "{today}");
        for (kind, id) in [(Kind::Agency, "a1"), (Kind::Plan, "n1")] {
            match said(kind, id, "last_step") {
                crate::board::columns::Value::Word { value, .. } => assert_eq!(value, step, "{today} {id}"),
                other => panic!("{other:?}"),
            }
        }
        // And the record that says so is a finding until then.
        let found = |kind: Kind, id: &str| {
            let of = board.findings().of(kind, id);
            of.iter().any(|finding| finding.rule == "date-in-future")
        };
        assert_eq!(found(Kind::Initiative, "i1"), visits == 0, "{today}");
        assert_eq!(found(Kind::Plan, "n1"), visits == 0, "{today}");
    }
}

#[test]
fn a_condition_is_the_weighted_mean_of_its_measures_and_a_contribution_its_part() {
    let measure = |name: &str, pillar: &str, weight: Value| {
        record(Kind::Measure, name, json!({"pillar": pillar, "weight": weight}))
    };
    let project = |name: &str, measure: &str, physical: Value, weight: f64, percent: Value| {
        let path = if percent.is_null() {
            json!([])
        } else {
            json!([{"on": "1403-01-01", "percent": percent}])
        };
        record(
            Kind::Project,
            name,
            json!({"measure": measure, "physical": physical, "weight": weight, "path": path}),
        )
    };
    let records = [
        measure("m1", "state-support", json!(3)),
        measure("m2", "state-support", json!(1)),
        measure("m3", "state-support", json!(5)),
        measure("m4", "نامعلوم", json!(null)),
        project("p1", "m1", json!(40), 1.0, json!(50)),
        project("p2", "m1", json!(70), 2.0, json!(80)),
        project("p3", "m1", json!(140), 9.0, json!(50)),
        project("p4", "m2", json!(20), 1.0, json!(null)),
    ];
    let board = board("1403-02-01", &records);
    // m1: (40 + 2 × 70) ÷ 3 = 60, planned (50 + 2 × 80) ÷ 3 = 70; m2: 20 without a plan; m3 has no figure.
    let conditions = board.conditions();
    let names: Vec<_> = conditions.iter().map(|(pillar, _)| pillar.as_str()).collect();
    assert_eq!(names, ["state-support", "private-drive", "empowerment", "نامعلوم"]);
    assert_eq!(
        conditions[0],
        (
            Pillar::StateSupport,
            Condition {
                actual: Some((3.0 * 60.0 + 20.0) / 4.0),
                planned: Some(70.0),
                measures: 3,
                without_figure: 1
            }
        )
    );
    assert_eq!(conditions[0].1.deviation(), Some(-20.0));
    assert_eq!(
        conditions[1].1,
        Condition::default(),
        "a condition nobody serves is there and empty"
    );
    let of = |id: &str| board.contribution(board.projects().get(id).unwrap());
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} {b}");
    near(of("p1").actual, 40.0 / 3.0);
    near(of("p2").actual, 140.0 / 3.0);
    near(of("p1").gap(), (40.0 - 50.0) / 3.0);
    near(of("p2").gap(), 2.0 * (70.0 - 80.0) / 3.0);
    assert_eq!(
        of("p3"),
        Default::default(),
        "140 percent cannot be and contributes nothing"
    );
    assert_eq!((of("p4").actual, of("p4").planned), (Some(20.0), None));
    let progress = board.progress("m1");
    near(progress.actual, of("p1").actual.unwrap() + of("p2").actual.unwrap());
    near(progress.deviation, of("p1").gap().unwrap() + of("p2").gap().unwrap());
}

/// A measure with one indicator.
fn measured(fields: Value) -> (Measure, Indicator) {
    let mut all =
        json!({"id": "s1", "title": "شاخص", "unit": "واحد", "direction": "up", "baseline": 100, "target": 200});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let fields = json!({"start": "1403-01-01", "due": "1403-12-30", "indicators": [all]});
    match record(Kind::Measure, "m1", fields) {
        Record::Measure(measure) => (Measure::clone(&measure), measure.indicators[0].clone()),
        _ => unreachable!(),
    }
}

fn read(values: &[(&str, f64)]) -> Value {
    values
        .iter()
        .map(|(on, value)| json!({"on": on, "value": value}))
        .collect::<Vec<_>>()
        .into()
}

#[test]
fn an_indicator_is_compared_with_its_path_on_the_day_it_was_read() {
    let path = json!([{"on": "1403-01-01", "value": 100}, {"on": "1403-01-21", "value": 140}, {"on": "1403-02-10", "value": 200}]);
    let (measure, one) =
        measured(json!({"path": path, "readings": read(&[("1403-01-11", 110.0), ("1403-01-26", 145.0)])}));
    let at = |today: &str| indicator::state(&measure, &one, day(today));
    // Halfway to the second point: 120 planned.
    let state = at("1403-01-11");
    assert_eq!(
        (state.actual, state.planned),
        (Some((day("1403-01-11"), 110.0)), Some(120.0))
    );
    assert_eq!(
        (state.done, state.due, state.deviation),
        (Some(10.0), Some(20.0), Some(-10.0))
    );
    // The day before the second reading it is not known; from its day on it is: five of twenty days on the way from 140 to 200.
    assert_eq!(at("1403-01-25"), state);
    let state = at("1403-01-26");
    assert_eq!((state.planned, state.deviation), (Some(155.0), Some(-10.0)));
    assert_eq!(at("1403-12-30"), state);
    // Nothing read yet: today's plan alone.
    let state = at("1403-01-10");
    assert_eq!(
        (state.actual, state.planned, state.deviation),
        (None, Some(118.0), None)
    );
}

#[test]
fn without_a_path_the_plan_is_a_line_and_before_it_the_baseline() {
    let (measure, one) = measured(json!({"due": "1403-01-21"}));
    for (on, expected) in [
        ("1402-12-29", 100.0),
        ("1403-01-01", 100.0),
        ("1403-01-11", 150.0),
        ("1403-01-21", 200.0),
        ("1404-01-01", 200.0),
    ] {
        assert_eq!(indicator::planned(&measure, &one, day(on)), Some(expected), "{on}");
    }
    let (measure, one) = measured(json!({"baseline": null}));
    assert_eq!(indicator::planned(&measure, &one, day("1403-01-11")), None);
    let (_, level) = measured(json!({"target": 100}));
    assert_eq!(indicator::share(&level, 100.0), None, "no way to go is no percentage");
}

#[test]
fn the_forecast_is_a_range_between_the_fastest_and_the_slowest_of_the_last_paces() {
    let forecast = |fields: Value| {
        let (_, one) = measured(fields);
        indicator::forecast(&one, day("1403-03-01"))
    };
    let of = |values: &[(&str, f64)]| forecast(json!({"readings": read(values)}));
    assert_eq!(of(&[]), Forecast::TooFew(0));
    assert_eq!(of(&[("1403-01-01", 110.0), ("1403-01-11", 120.0)]), Forecast::TooFew(2));
    // Two readings of one day are one; one of a day to come is none.
    let twice = [
        ("1403-01-01", 110.0),
        ("1403-01-11", 115.0),
        ("1403-01-11", 120.0),
        ("1403-03-02", 130.0),
    ];
    assert_eq!(of(&twice), Forecast::TooFew(2));
    let (_, one) = measured(json!({"readings": read(&twice)}));
    let known = [(day("1403-01-01"), 110.0), (day("1403-01-11"), 120.0)];
    assert_eq!(
        indicator::readings(&one, day("1403-03-01")),
        known,
        "the later in the list counts"
    );
    // 1 a day, then 4 a day: 50 left are 12.5 days, rounded up, or 50.
    let steady = [("1403-01-01", 100.0), ("1403-01-11", 110.0), ("1403-01-21", 150.0)];
    match of(&steady) {
        Forecast::Between {
            earliest,
            latest,
            paces,
        } => {
            assert_eq!(
                (earliest, latest),
                (day("1403-02-03"), Some(day("1403-02-21").plus(19)))
            );
            assert_eq!(paces.iter().map(|pace| pace.per_day).collect::<Vec<_>>(), [1.0, 4.0]);
        }
        other => panic!("{other:?}"),
    }
    // One pace leads away: it may never arrive.
    let back = [("1403-01-01", 100.0), ("1403-01-11", 160.0), ("1403-01-21", 150.0)];
    assert!(matches!(of(&back), Forecast::Between { latest: None, .. }));
    assert!(
        matches!(of(&[("1403-01-01", 130.0), ("1403-01-11", 120.0), ("1403-01-21", 120.0)]), Forecast::Never(paces) if paces.len() == 2)
    );
    // Only the last four readings count.
    let old = [
        ("1403-01-01", 10.0),
        ("1403-01-02", 110.0),
        ("1403-01-12", 120.0),
        ("1403-01-22", 130.0),
        ("1403-02-01", 140.0),
    ];
    assert!(matches!(of(&old), Forecast::Between { paces, .. } if paces.iter().all(|pace| pace.per_day == 1.0)));
    assert_eq!(of(&[("1403-01-21", 200.0)]), Forecast::Reached(day("1403-01-21")));
    assert_eq!(forecast(json!({"target": null})), Forecast::NoTarget);
    // Less is better: from 100 down to 40, reached and overshot.
    let down =
        |value: f64| forecast(json!({"target": 40, "direction": "down", "readings": read(&[("1403-01-21", value)])}));
    assert_eq!(
        (down(40.0), down(39.0)),
        (
            Forecast::Reached(day("1403-01-21")),
            Forecast::Reached(day("1403-01-21"))
        )
    );
    assert_eq!(down(41.0), Forecast::TooFew(1));
}

#[test]
fn decisions_are_counted_with_the_denominators_of_their_rates() {
    let decision = |name: &str, fields: Value| record(Kind::Decision, name, fields);
    let records = [
        record(Kind::Meeting, "t1", json!({"on": "1403-01-20"})),
        // Notified on the seventh day and on the eighth; not at all.
        decision(
            "d1",
            json!({"notified": "1403-01-27", "state": "executed", "due": "1403-01-28", "evidence": ["نامه"]}),
        ),
        decision("d2", json!({"notified": "1403-01-28", "state": "executed"})),
        decision("d3", json!({"notified": null, "state": "decided", "due": "1403-01-28"})),
        decision(
            "d4",
            json!({"state": "not-executed", "reason": "نبود اعتبار", "due": "1403-01-25"}),
        ),
        decision("d5", json!({"state": "not-executed"})),
        decision("d6", json!({"state": "settled"})),
        decision("d7", json!({"state": "در نوبت", "due": "1403-01-27"})),
    ];
    let at = |today: &str| {
        let board = board(today, &records);
        board.count_decisions(board.decisions_of_meeting("t1").map(AsRef::as_ref))
    };
    let tally = at("1403-01-27");
    assert_eq!(
        (tally.total, tally.notified_in_time, tally.notified_late),
        (7, 5, 0),
        "d3 may still be notified today, and d2 was on a day to come"
    );
    assert_eq!((tally.open, tally.overdue), (2, 0));
    let tally = at("1403-01-28");
    assert_eq!(
        (tally.notified_in_time, tally.notified_late, tally.notifiable()),
        (5, 2, 7)
    );
    assert_eq!(
        (tally.open, tally.overdue),
        (2, 1),
        "d7 was due yesterday, d3 is due today"
    );
    assert_eq!(
        (tally.executed, tally.proven, tally.due, tally.due_executed),
        (2, 1, 4, 1)
    );
    assert_eq!((tally.not_executed, tally.reasoned, tally.settled), (2, 1, 1));
    assert_eq!(tally::rate(tally.due_executed, tally.due), Some(25.0));
    assert_eq!(tally::rate(0, 0), None);
}

#[test]
fn demands_and_campaigns_are_counted_and_blanks_stay() {
    let demand = |name: &str, fields: Value| record(Kind::Demand, name, fields);
    let records = [
        demand("x1", json!({"received": "1403-01-10", "due": "1403-01-30"})),
        demand("x2", json!({"received": "1403-01-12", "agency": null})),
        demand("x3", json!({"received": "1403-01-01", "state": "answered"})),
        record(
            Kind::Campaign,
            "k1",
            json!({"state": "running", "reach_planned": 200, "reach": 150}),
        ),
        record(Kind::Campaign, "k2", json!({"state": "done", "reach": 50})),
        record(Kind::Campaign, "k3", json!({"reach_planned": 100, "reach": -5})),
    ];
    let board = board("1403-01-31", &records);
    let all = board.count_demands(board.demands().iter().map(AsRef::as_ref));
    assert_eq!((all.total, all.open, all.overdue, all.oldest), (3, 2, 1, Some(21)));
    let by = board.demands_by_addressee();
    assert_eq!(by[&None].open, 1);
    assert_eq!((by[&Some(id("a1"))].open, by[&Some(id("a1"))].total), (1, 2));
    let kinds = board.campaigns_by_kind();
    assert_eq!(kinds.len(), 4, "all four kinds, whether or not there is a campaign");
    let media = &kinds[&CampaignKind::Media];
    assert_eq!((media.total, media.states, media.reach), (3, [0, 1, 1], 200.0));
    // 150 of 200: the second planned nothing, the third counts below nothing and is a finding.
    assert_eq!(media.rate(), Some(75.0));
    assert_eq!(kinds[&CampaignKind::Cultural].rate(), None);
}
