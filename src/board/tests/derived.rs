//! Progress, the submission board, owed plans, participation, references and the last meeting.

use super::*;
use crate::contract::figure;

fn project(fields: Value) -> Project {
    match record(Kind::Project, "p1", fields) {
        Record::Project(project) => Project::clone(&project),
        _ => unreachable!(),
    }
}

#[test]
fn without_a_path_the_plan_runs_straight_from_start_to_due() {
    let p = project(json!({"start": "1403-01-01", "due": "1403-02-10"}));
    let rows = [
        ("1402-12-29", 0.0),
        ("1403-01-01", 0.0),
        ("1403-01-21", 50.0),
        ("1403-02-09", 97.5),
        ("1403-02-10", 100.0),
        ("1403-05-01", 100.0),
    ];
    for (on, expected) in rows {
        assert_eq!(progress::planned(&p, day(on)), Some(expected), "{on}");
    }
    for fields in [
        json!({}),
        json!({"start": "1403-01-01"}),
        json!({"due": "1403-01-01"}),
        json!({"start": "1403-02-01", "due": "1403-01-01"}),
    ] {
        assert_eq!(progress::planned(&project(fields), day("1403-01-15")), None);
    }
    let one_day = project(json!({"start": "1403-01-10", "due": "1403-01-10"}));
    assert_eq!(progress::planned(&one_day, day("1403-01-09")), Some(0.0));
    assert_eq!(progress::planned(&one_day, day("1403-01-10")), Some(100.0));
}

#[test]
fn a_path_is_zero_before_its_first_point_and_stays_at_its_last() {
    // Given out of order; the first point starts above zero, from its own day on.
    let p = project(json!({"start": "1403-01-01", "due": "1403-02-10", "path": [
        {"on": "1403-01-31", "percent": 60}, {"on": "1403-01-11", "percent": 20}
    ]}));
    let rows = [
        ("1403-01-10", 0.0),
        ("1403-01-11", 20.0),
        ("1403-01-21", 40.0),
        ("1403-01-31", 60.0),
        ("1403-12-30", 60.0),
    ];
    for (on, expected) in rows {
        assert_eq!(progress::planned(&p, day(on)), Some(expected), "{on}");
    }
}

#[test]
fn two_points_on_one_day_are_a_step() {
    let p = project(json!({"path": [
        {"on": "1403-01-01", "percent": 0}, {"on": "1403-01-11", "percent": 10}, {"on": "1403-01-11", "percent": 50}
    ]}));
    assert_eq!(progress::planned(&p, day("1403-01-06")), Some(5.0));
    assert_eq!(progress::planned(&p, day("1403-01-11")), Some(50.0));
}

#[test]
fn a_measure_is_the_weighted_mean_of_its_projects() {
    let at = |name: &str, fields: Value| {
        let mut all = json!({"start": "1403-01-01", "due": "1403-02-10"});
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        record(Kind::Project, name, all)
    };
    let records = [
        at("p1", json!({"physical": 40, "weight": 3})),
        at("p2", json!({"physical": 10, "state": "done"})),
        at("p3", json!({"physical": 90, "state": "cancelled"})),
        at("p4", json!({})),
        at("p5", json!({"physical": 30, "measure": "m2"})),
    ];
    let board = board("1403-01-21", &records);
    let expected = Progress {
        whole: true,
        actual: Some((3.0 * 40.0 + 100.0) / 4.0),
        planned: Some(50.0),
        deviation: Some(5.0),
        projects: 4,
        cancelled: 1,
        without_figure: 1,
    };
    assert_eq!(board.progress("m1"), expected);
    let nothing = Progress {
        whole: true,
        ..Progress::default()
    };
    assert_eq!(board.progress("m9"), nothing, "division by nothing is nothing");
}

#[test]
fn a_project_without_dates_counts_in_the_actual_mean_only() {
    let records = [
        record(Kind::Project, "p1", json!({"physical": 80})),
        record(
            Kind::Project,
            "p2",
            json!({"physical": 20, "start": "1403-01-01", "due": "1403-02-10"}),
        ),
    ];
    let progress = board("1403-01-21", &records).progress("m1");
    assert_eq!(
        (progress.actual, progress.planned, progress.deviation),
        (Some(50.0), Some(50.0), Some(0.0))
    );
}

#[test]
fn every_agency_stands_in_exactly_one_class_with_its_worst_plan() {
    let plan = |name: &str, agency: &str, fields: Value| {
        let mut all = json!({ "agency": agency });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        record(Kind::Plan, name, all)
    };
    let sent = json!({"state": "submitted", "submitted": "1403-01-31"});
    let late = json!({"state": "accepted", "submitted": "1403-02-01"});
    let mut records: Vec<Record> = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"]
        .map(|name| record(Kind::Agency, name, json!({})))
        .into();
    records.push(record(Kind::Agency, "a8", json!({"category": "support"})));
    records.extend([
        plan("n1", "a1", sent.clone()),
        plan("n2", "a2", late.clone()),
        plan("n3", "a3", json!({"state": "returned"})),
        plan("n4", "a4", json!({})),
        plan("n5", "a5", json!({"extended_to": "1403-03-02"})),
        // Two plans: one on time, one late; two plans: one late, one overdue in a state nobody knows.
        plan("n6", "a6", sent),
        plan("n7", "a6", late.clone()),
        plan("n8", "a7", late),
        plan("n9", "a7", json!({"state": "نزد مشاور"})),
    ]);
    let board = board("1403-03-02", &records);
    let submission = board.submission();
    let expected = [
        ("a1", Class::OnTime),
        ("a2", Class::Late),
        ("a3", Class::Returned),
        ("a4", Class::Overdue),
        ("a5", Class::NotYetDue),
        ("a6", Class::Late),
        ("a7", Class::Overdue),
        ("a8", Class::Overdue),
    ];
    for (agency, class) in expected {
        assert_eq!(submission.of(agency), Some(class), "{agency}");
    }
    assert_eq!(submission.total.agencies(), 8);
    assert_eq!(submission.total.submitted(), 3);
    let names: Vec<_> = submission.categories.keys().map(|c| c.as_str().to_owned()).collect();
    assert_eq!(names, ["driver", "support"]);
    assert_eq!(
        submission
            .agencies_in(Class::Overdue)
            .map(Id::as_str)
            .collect::<Vec<_>>(),
        ["a4", "a7", "a8"]
    );
}

#[test]
fn owed_plans_come_longest_first_with_the_step_taken_and_the_next() {
    let records = [
        record(Kind::Agency, "a1", json!({})),
        record(Kind::Agency, "a2", json!({})),
        record(
            Kind::Plan,
            "n1",
            json!({"due": "1403-01-20", "follow_ups": [
                {"on": "1403-02-10", "step": "warning"}, {"on": "1403-02-03", "step": "reminder"}
            ]}),
        ),
        record(
            Kind::Plan,
            "n2",
            json!({"extended_to": "1403-03-01", "state": "returned"}),
        ),
        record(Kind::Plan, "n3", json!({"due": "1403-01-01", "state": "submitted"})),
    ];
    let owed = board("1403-03-02", &records).owed_plans();
    let brief: Vec<_> = owed
        .iter()
        .map(|o| {
            (
                o.agency.as_str(),
                o.plan.as_ref().map(Id::as_str),
                o.days_overdue,
                o.returned,
            )
        })
        .collect();
    assert_eq!(
        brief,
        [
            ("a1", Some("n1"), 44, false),
            ("a2", None, 33, false),
            ("a1", Some("n2"), 1, true)
        ]
    );
    let step = |s: &str, d: &str| Some((crate::contract::records::Step::from(s), day(d)));
    assert_eq!(
        (owed[0].last_step.clone(), owed[0].next_step.clone()),
        (step("warning", "1403-02-10"), step("governor-note", "1403-02-03"))
    );
    assert_eq!(
        (owed[1].last_step.clone(), owed[1].next_step.clone()),
        (None, step("reminder", "1403-02-01"))
    );
}

#[test]
fn on_the_day_itself_nobody_owes_anything() {
    let board = board(
        "1403-01-31",
        &[
            record(Kind::Agency, "a1", json!({})),
            record(Kind::Plan, "n1", json!({"agency": "a2"})),
        ],
    );
    assert_eq!(board.owed_plans(), []);
    assert_eq!(board.submission().of("a1"), Some(Class::NotYetDue));
}

#[test]
fn the_funnel_counts_what_was_reached_by_date_or_else_by_stage() {
    use Reached::{BroughtIn, Empowered, Identified};
    let rows = [
        (json!({"stage": "identified"}), Some(Identified)),
        (json!({"stage": "brought-in"}), Some(BroughtIn)),
        // The date is what counts, whatever the present stage says.
        (
            json!({"stage": "identified", "empowered": "1403-02-01"}),
            Some(Empowered),
        ),
        (
            json!({"stage": "brought-in", "brought_in": "1403-02-03"}),
            Some(Empowered),
        ),
        (
            json!({"stage": "brought-in", "brought_in": "1403-02-02"}),
            Some(BroughtIn),
        ),
        (json!({"stage": "identified", "identified": "1403-02-03"}), None),
        (
            json!({"stage": "stalled", "identified": "1403-01-01", "empowered": "1403-01-09"}),
            Some(Empowered),
        ),
        (json!({"stage": "closed"}), None),
        (json!({"stage": "نیمه‌کاره"}), None),
    ];
    for (fields, expected) in rows {
        let Record::Initiative(initiative) = record(Kind::Initiative, "i1", fields.clone()) else {
            unreachable!()
        };
        assert_eq!(reached(&initiative, day("1403-02-02")), expected, "{fields}");
    }
}

#[test]
fn participation_counts_by_kind_and_county_with_an_open_list() {
    let records = [
        record(
            Kind::Initiative,
            "i1",
            json!({"county": "c1", "identified": "1403-01-31", "jobs": {"committed": 4, "verified": 3}}),
        ),
        record(
            Kind::Initiative,
            "i2",
            json!({"county": "c1", "identified": "1403-02-01", "origin": "existing", "jobs": {"committed": 1.5}}),
        ),
        record(
            Kind::Initiative,
            "i3",
            json!({"county": "c2", "identified": "1402-12-29", "stage": "stalled"}),
        ),
        record(
            Kind::Initiative,
            "i4",
            json!({"initiative_kind": "زنبورداری", "stage": "closed", "origin": "؟"}),
        ),
    ];
    let board = board("1403-02-02", &records);
    let all = &board.participation().all.tally;
    assert_eq!(
        (all.count, all.new, all.existing, all.stalled, all.closed),
        (4, 2, 1, 1, 1)
    );
    assert_eq!(all.jobs(figure::Step::Committed), Some((5.5, 2)));
    assert_eq!(all.jobs(figure::Step::Claimed), None);
    assert_eq!(all.new_share(), Some(2.0 / 3.0));
    assert_eq!(all.verified_share(), Some(3.0 / 5.5));
    let kinds: Vec<_> = board
        .participation()
        .kinds
        .iter()
        .map(|(k, g)| (k.as_str().to_owned(), g.tally.count))
        .collect();
    assert_eq!(kinds, [("home-business".to_owned(), 3), ("زنبورداری".to_owned(), 1)]);
    let home = board.participation().of(&"home-business".into()).unwrap();
    assert_eq!(home.tally.at(Reached::Identified), 3);
    assert_eq!(
        home.monthly(board.today(), 4),
        [0, 1, 1, 1],
        "بهمن، اسفند، فروردین، اردیبهشت"
    );
    assert_eq!(home.monthly(day("1403-01-31"), 1), [1]);
    assert_eq!(home.monthly(board.today(), 0), [0_u32; 0]);
    let kind = "home-business".into();
    let counties: Vec<_> = board
        .participation()
        .counties(&kind)
        .map(|(c, t)| (c.map(Id::to_string), t.count))
        .collect();
    assert_eq!(counties, [(Some("c1".to_owned()), 2), (Some("c2".to_owned()), 1)]);
}

#[test]
fn participation_of_nobody_divides_by_nothing() {
    let tally = Tally::default();
    assert_eq!(
        (
            tally.new_share(),
            tally.verified_share(),
            tally.jobs(figure::Step::Verified)
        ),
        (None, None, None)
    );
}

#[test]
fn a_record_knows_who_refers_to_it_and_by_which_field() {
    let records = [
        record(Kind::Measure, "m1", json!({})),
        record(
            Kind::Agency,
            "a1",
            json!({"duties": [{"id": "w1", "title": "وظیفه", "measure": "m1"}]}),
        ),
        record(Kind::Enterprise, "a1", json!({})),
        record(Kind::Plan, "a1", json!({})),
        record(Kind::Evaluation, "v1", json!({"subject_kind": "plans"})),
        record(Kind::Evaluation, "v2", json!({})),
        record(Kind::Initiative, "i1", json!({"sponsor": "a1"})),
    ];
    let board = board("1403-02-02", &records);
    let names = |kind, id: &str| {
        let of = board.referrers(kind, id);
        of.iter()
            .map(|(kind, id, field)| format!("{kind} {id} {field}"))
            .collect::<Vec<_>>()
    };
    let agency = [
        "measure m1 lead",
        "plan a1 agency",
        "evaluation v2 subject",
        "initiative i1 sponsor",
        "initiative i1 outreach.by",
    ];
    assert_eq!(names(Kind::Agency, "a1"), agency);
    assert_eq!(
        names(Kind::Enterprise, "a1"),
        ["initiative i1 sponsor", "initiative i1 outreach.by"]
    );
    assert_eq!(names(Kind::Plan, "a1"), ["evaluation v1 subject"]);
    assert_eq!(names(Kind::Measure, "m1"), ["agency a1 duties.measure"]);
    assert_eq!(board.plans_of_agency("a1").count(), 1);
    assert_eq!(board.plans_of_agency("a").count(), 0, "not by the beginning of an id");
    assert_eq!(
        board
            .evaluations_of(Kind::Plan, "a1")
            .map(|e| e.id.as_str())
            .collect::<Vec<_>>(),
        ["v1"]
    );
}

#[test]
fn the_last_meeting_is_the_latest_not_after_today() {
    let meeting = |name: &str, number: u32, on: &str| record(Kind::Meeting, name, json!({"number": number, "on": on}));
    let mut board = board(
        "1403-02-02",
        &[
            meeting("t1", 1, "1403-01-20"),
            meeting("t2", 2, "1403-02-02"),
            meeting("t3", 3, "1403-02-03"),
            meeting("t4", 1, "1403-02-02"),
        ],
    );
    let last = |board: &Board| board.last_meeting().map(|m| m.id.to_string());
    assert_eq!(last(&board), Some("t2".to_owned()));
    board.set_today(day("1403-02-01"));
    assert_eq!(last(&board), Some("t1".to_owned()));
    board.set_today(day("1402-01-01"));
    assert_eq!(last(&board), None);
}
