//! Since when a finding is so: the first day with today's progress for what is behind, the day after the earlier state for what differs.

use super::*;

fn since(today: &str, rule: &str, records: &[Record], subject: (Kind, &str)) -> Option<Day> {
    let board = board(today, records);
    finding(&board, rule, subject.0, subject.1)
        .unwrap_or_else(|| panic!("no {rule} on {today}"))
        .since
}

fn project(name: &str, fields: &Value) -> Record {
    let mut all = json!({"start": "1403-01-01", "due": "1403-02-10"});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    record(Kind::Project, name, all)
}

#[test]
fn a_project_is_behind_since_its_path_passed_the_progress_it_has() {
    // Forty days, 2.5 percent a day: 20 percent is five points behind from the tenth day on, whatever the day it is judged on.
    let straight = project("p1", &json!({"physical": 20}));
    for today in ["1403-01-11", "1403-01-12", "1403-01-21", "1403-02-10", "1403-03-01"] {
        let since = since(
            today,
            "project-behind",
            std::slice::from_ref(&straight),
            (Kind::Project, "p1"),
        );
        assert_eq!(since, Some(day("1403-01-11")), "{today}");
    }
    assert_eq!(
        finding(&board("1403-01-10", &[straight]), "project-behind", Kind::Project, "p1"),
        None
    );
    // By its own path it was earlier: 50 percent in ten days.
    let path = json!([{"on": "1403-02-10", "percent": 100}, {"on": "1403-01-01", "percent": 0}, {"on": "1403-01-11", "percent": 50}]);
    let bent = project("p1", &json!({"physical": 20, "path": path}));
    assert_eq!(
        since("1403-01-21", "project-behind", &[bent], (Kind::Project, "p1")),
        Some(day("1403-01-06"))
    );
    // A path that begins high is behind from its first day.
    let high = project(
        "p1",
        &json!({"physical": 0, "path": [{"on": "1403-01-05", "percent": 30}]}),
    );
    assert_eq!(
        since("1403-01-21", "project-behind", &[high], (Kind::Project, "p1")),
        Some(day("1403-01-05"))
    );
}

#[test]
fn a_measure_is_behind_since_the_mean_of_the_paths_passed_that_of_the_projects() {
    // Thirty percent in the mean, five behind from the fourteenth day on; the one without a plan counts in what is done alone.
    let measure = record(Kind::Measure, "m1", json!({}));
    let records = [
        measure,
        project("p1", &json!({"physical": 20, "weight": 1})),
        project("p2", &json!({"physical": 40, "weight": 1})),
        project("p3", &json!({"physical": 30, "start": null, "due": null})),
        project(
            "p4",
            &json!({"physical": 0, "state": "cancelled", "start": "1402-01-01"}),
        ),
    ];
    for today in ["1403-01-15", "1403-01-16", "1403-02-10"] {
        let since = since(today, "measure-behind", &records, (Kind::Measure, "m1"));
        assert_eq!(since, Some(day("1403-01-15")), "{today}");
    }
    let board = board("1403-01-14", &records);
    assert_eq!(finding(&board, "measure-behind", Kind::Measure, "m1"), None);
}

#[test]
fn what_differs_from_an_earlier_state_does_so_since_the_day_after_it() {
    let was = [
        record(Kind::Project, "p1", json!({"due": "1403-02-10", "spent": 900})),
        record(Kind::Project, "p2", json!({})),
    ];
    let now = [
        record(Kind::Project, "p1", json!({"due": "1403-03-10", "spent": 800})),
        record(Kind::Project, "p3", json!({})),
    ];
    for (state, since) in [
        ("1403-02-26", "1403-02-27"),
        ("1403-02-29", "1403-02-30"),
        ("1403-02-30", "1403-02-30"),
    ] {
        let mut board = board("1403-02-30", &now);
        board.set_past(Some(Arc::new(Past::new(day(state), super::board(state, &was)))));
        for (rule, id) in [
            ("date-rewritten", "p1"),
            ("value-fell", "p1"),
            ("record-vanished", "p2"),
            ("record-appeared", "p3"),
        ] {
            let found = finding(&board, rule, Kind::Project, id).unwrap_or_else(|| panic!("no {rule}"));
            assert_eq!(found.since, Some(day(since)), "{rule} {state}");
        }
    }
}
