//! Each rule on the day before, the day of and the day after; on what it must not fire; and who it waits for.

use super::*;
use crate::contract::Records;

/// Runs a rule on one record over several days: whether it fires, and with what severity.
pub(super) fn table(slug: &str, records: &[Record], rows: &[(&str, Option<Severity>)]) {
    let subject = &records[0];
    let mut board = board(rows[0].0, records);
    for (today, expected) in rows {
        board.set_today(day(today));
        let found = finding(&board, slug, subject.kind(), subject.id().as_str());
        assert_eq!(found.as_ref().map(|f| f.severity), *expected, "{slug} on {today}");
        if let Some(found) = found {
            catalogue::gives_every_value(&found);
        }
    }
}

pub(super) const CRITICAL: Option<Severity> = Some(Severity::Critical);
pub(super) const WARNING: Option<Severity> = Some(Severity::Warning);
pub(super) const NOTICE: Option<Severity> = Some(Severity::Notice);
pub(super) const DATA: Option<Severity> = Some(Severity::Data);

pub(super) fn number(finding: &Finding, name: &str) -> f64 {
    match finding.value(name) {
        Some(Fact::Number(n)) => *n,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn a_plan_is_overdue_from_the_day_after_and_critical_after_a_fortnight() {
    // 31 Farvardin 1403 was a Friday; the deadline stays as written.
    assert_eq!(day("1403-01-31").weekday(), 6);
    let plan = record(Kind::Plan, "n1", json!({}));
    table(
        "plan-overdue",
        std::slice::from_ref(&plan),
        &[
            ("1403-01-30", None),
            ("1403-01-31", None),
            ("1403-02-01", WARNING),
            ("1403-02-14", WARNING),
            ("1403-02-15", CRITICAL),
            ("1403-03-02", CRITICAL),
        ],
    );
    let board = board("1403-03-02", &[plan]);
    let found = finding(&board, "plan-overdue", Kind::Plan, "n1").unwrap();
    assert_eq!(number(&found, "days"), 33.0, "۳۱ فروردین تا ۲ خرداد");
    assert_eq!(found.since, Some(day("1403-02-01")));
    assert_eq!(found.value("agency"), Some(&Fact::Link(Kind::Agency, id("a1"))));
}

#[test]
fn the_leap_day_of_1403_is_a_day_like_any_other() {
    let plan = record(Kind::Plan, "n1", json!({"due": "1403-12-30"}));
    table(
        "plan-overdue",
        &[plan],
        &[
            ("1403-12-29", None),
            ("1403-12-30", None),
            ("1404-01-01", WARNING),
            ("1404-01-14", WARNING),
            ("1404-01-15", CRITICAL),
        ],
    );
}

#[test]
fn an_extension_moves_the_deadline() {
    let plan = record(Kind::Plan, "n1", json!({"extended_to": "1403-02-15"}));
    table(
        "plan-overdue",
        &[plan],
        &[("1403-02-15", None), ("1403-02-16", WARNING)],
    );
}

#[test]
fn a_plan_is_due_soon_from_a_week_ahead_through_its_day() {
    for state in ["not-submitted", "returned", "در حال تدوین"] {
        let plan = record(Kind::Plan, "n1", json!({ "state": state }));
        table(
            "plan-due-soon",
            &[plan],
            &[
                ("1403-01-23", None),
                ("1403-01-24", NOTICE),
                ("1403-01-31", NOTICE),
                ("1403-02-01", None),
            ],
        );
    }
    let sent = record(
        Kind::Plan,
        "n1",
        json!({"state": "submitted", "submitted": "1403-01-20"}),
    );
    table("plan-due-soon", &[sent], &[("1403-01-31", None)]);
}

#[test]
fn a_plan_whose_state_nobody_knows_counts_as_not_submitted_and_says_so() {
    let plan = record(Kind::Plan, "n1", json!({"state": "نزد مشاور"}));
    table("plan-overdue", std::slice::from_ref(&plan), &[("1403-02-01", WARNING)]);
    table("unknown-value", &[plan], &[("1403-02-01", DATA)]);
}

#[test]
fn a_submitted_or_accepted_plan_is_never_overdue() {
    for state in ["submitted", "accepted"] {
        let plan = record(Kind::Plan, "n1", json!({ "state": state }));
        table("plan-overdue", &[plan], &[("1403-12-30", None)]);
    }
}

#[test]
fn a_plan_is_late_when_it_came_after_its_effective_due_date() {
    let rows: &[(&str, Value, Option<Severity>)] = &[
        ("1403-01-31", json!({}), None),
        ("1403-02-01", json!({}), NOTICE),
        ("1403-02-10", json!({"extended_to": "1403-02-10"}), None),
        ("1403-02-11", json!({"extended_to": "1403-02-10"}), NOTICE),
    ];
    for (submitted, fields, expected) in rows {
        let mut fields = fields.clone();
        fields["state"] = "submitted".into();
        fields["submitted"] = (*submitted).into();
        table(
            "plan-late",
            &[record(Kind::Plan, "n1", fields)],
            &[("1403-03-02", *expected)],
        );
    }
}

#[test]
fn a_returned_plan_is_said_to_be_returned_and_overdue() {
    let plan = record(Kind::Plan, "n1", json!({"state": "returned", "returned": "1403-02-05"}));
    let board = board("1403-02-06", &[plan]);
    assert_eq!(
        slugs(&board, Kind::Plan, "n1"),
        ["dangling-reference", "plan-overdue", "plan-returned"]
    );
    assert_eq!(
        finding(&board, "plan-returned", Kind::Plan, "n1").unwrap().since,
        Some(day("1403-02-05"))
    );
}

#[test]
fn a_measure_without_a_going_project_is_a_finding() {
    let measure = record(Kind::Measure, "m1", json!({}));
    let cancelled = record(Kind::Project, "p1", json!({"state": "cancelled"}));
    let live = record(Kind::Project, "p2", json!({}));
    let rows: &[(&[Record], Option<Severity>)] = &[
        (&[], WARNING),
        (std::slice::from_ref(&cancelled), WARNING),
        (&[cancelled.clone(), live], None),
    ];
    for (projects, expected) in rows {
        let mut records = vec![measure.clone()];
        records.extend(projects.iter().cloned());
        table("measure-without-project", &records, &[("1403-03-02", *expected)]);
    }
}

#[test]
fn a_project_is_behind_from_five_points_and_seriously_from_fifteen() {
    // Planned 50 percent, halfway between the two dates.
    let dates = json!({"start": "1403-01-01", "due": "1403-02-10", "physical": 50});
    let rows = [
        (45.1, None),
        (45.0, NOTICE),
        (35.1, NOTICE),
        (35.0, CRITICAL),
        (0.0, CRITICAL),
        (60.0, None),
    ];
    for (physical, expected) in rows {
        let mut fields = dates.clone();
        fields["physical"] = physical.into();
        table(
            "project-behind",
            &[record(Kind::Project, "p1", fields.clone())],
            &[("1403-01-21", expected)],
        );
        for state in ["done", "cancelled"] {
            fields["state"] = state.into();
            table(
                "project-behind",
                &[record(Kind::Project, "p1", fields.clone())],
                &[("1403-01-21", None)],
            );
        }
    }
}

#[test]
fn a_project_without_plan_or_figure_is_not_behind() {
    for fields in [
        json!({"physical": 0}),
        json!({"start": "1403-01-01", "due": "1403-02-10"}),
    ] {
        table(
            "project-behind",
            &[record(Kind::Project, "p1", fields)],
            &[("1403-02-09", None)],
        );
    }
}

#[test]
fn a_project_is_overdue_from_the_day_after_unless_nothing_more_is_expected() {
    for (state, after) in [
        ("in-progress", WARNING),
        ("stopped", WARNING),
        ("ready", WARNING),
        ("done", None),
        ("cancelled", None),
        ("؟", WARNING),
    ] {
        let project = record(Kind::Project, "p1", json!({"state": state, "due": "1403-01-31"}));
        table(
            "project-overdue",
            &[project],
            &[("1403-01-31", None), ("1403-02-01", after)],
        );
    }
}

#[test]
fn done_needs_evidence_and_a_hundred_percent() {
    let rows = [
        (json!({"state": "done", "physical": 99.9}), WARNING, DATA),
        (
            json!({"state": "done", "physical": 100, "evidence": ["صورت‌جلسهٔ تحویل"]}),
            None,
            None,
        ),
        (json!({"state": "done"}), WARNING, None),
        (json!({"state": "ready", "physical": 99}), None, None),
    ];
    for (fields, evidence, below) in rows {
        let project = record(Kind::Project, "p1", fields);
        table(
            "project-done-without-evidence",
            std::slice::from_ref(&project),
            &[("1403-02-01", evidence)],
        );
        table("project-done-below-100", &[project], &[("1403-02-01", below)]);
    }
}

#[test]
fn an_agency_without_plan_record_owes_it_on_the_headquarters_day() {
    let agency = record(Kind::Agency, "a1", json!({}));
    table(
        "agency-without-plan",
        std::slice::from_ref(&agency),
        &[
            ("1403-01-30", NOTICE),
            ("1403-01-31", NOTICE),
            ("1403-02-01", WARNING),
            ("1403-02-14", WARNING),
            ("1403-02-15", CRITICAL),
        ],
    );
    let plan = record(Kind::Plan, "n1", json!({}));
    table("agency-without-plan", &[agency, plan], &[("1403-02-15", None)]);
}

#[test]
fn an_agency_with_nothing_is_without_a_mission_and_each_part_is_named() {
    let bare = record(Kind::Agency, "a1", json!({}));
    let board = board("1403-01-20", std::slice::from_ref(&bare));
    let all = [
        "agency-without-duty",
        "agency-without-expert",
        "agency-without-mission",
        "agency-without-plan",
        "agency-without-project",
    ];
    assert_eq!(slugs(&board, Kind::Agency, "a1"), all);
    let duty = json!({"duties": [{"id": "w1", "title": "معرفی کارشناس"}]});
    for other in [
        record(Kind::Plan, "n1", json!({})),
        record(Kind::Project, "p1", json!({})),
    ] {
        table(
            "agency-without-mission",
            &[bare.clone(), other],
            &[("1403-01-20", None)],
        );
    }
    table(
        "agency-without-mission",
        &[record(Kind::Agency, "a1", duty)],
        &[("1403-01-20", None)],
    );
}

#[test]
fn the_longest_overdue_duty_is_named_with_their_number() {
    let duties = json!({"duties": [
        {"id": "w1", "title": "یک", "due": "1403-01-31"},
        {"id": "w2", "title": "دو", "due": "1403-01-10"},
        {"id": "w3", "title": "سه", "due": "1403-01-05", "state": "done"},
        {"id": "w4", "title": "چهار", "due": "1403-01-05", "done": "1403-01-04"}
    ]});
    let agency = record(Kind::Agency, "a1", duties);
    table(
        "duty-overdue",
        std::slice::from_ref(&agency),
        &[("1403-01-10", None), ("1403-01-11", WARNING)],
    );
    let found = finding(&board("1403-02-01", &[agency]), "duty-overdue", Kind::Agency, "a1").unwrap();
    assert_eq!((number(&found, "count"), number(&found, "days")), (2.0, 22.0));
    assert_eq!(found.value("duty"), Some(&Fact::Text(crate::contract::Text::one("دو"))));
}

#[test]
fn a_decision_is_overdue_until_it_is_settled_somehow() {
    let late = |state: &str| record(Kind::Decision, "d1", json!({"state": state, "due": "1403-01-31"}));
    for state in ["decided", "notified", "in-progress", "معلق"] {
        table(
            "decision-overdue",
            &[late(state)],
            &[
                ("1403-01-31", None),
                ("1403-02-01", WARNING),
                ("1403-02-14", WARNING),
                ("1403-02-15", CRITICAL),
            ],
        );
    }
    for state in ["executed", "not-executed", "settled"] {
        table("decision-overdue", &[late(state)], &[("1403-02-15", None)]);
    }
}

#[test]
fn a_decision_has_a_week_to_be_notified() {
    let meeting = record(Kind::Meeting, "t1", json!({"on": "1403-01-20"}));
    let waiting = record(Kind::Decision, "d1", json!({"notified": null}));
    table(
        "decision-not-notified",
        &[waiting, meeting.clone()],
        &[("1403-01-27", None), ("1403-01-28", WARNING)],
    );
    for (notified, expected) in [("1403-01-27", None), ("1403-01-28", NOTICE)] {
        let decision = record(Kind::Decision, "d1", json!({ "notified": notified }));
        table(
            "decision-notified-late",
            &[decision.clone(), meeting.clone()],
            &[("1403-03-01", expected)],
        );
        table(
            "decision-not-notified",
            &[decision, meeting.clone()],
            &[("1403-03-01", None)],
        );
    }
}

#[test]
fn a_meeting_that_moves_changes_how_late_its_decisions_were_notified() {
    let decision = record(Kind::Decision, "d1", json!({"notified": "1403-01-28"}));
    let mut board = board(
        "1403-02-01",
        &[decision, record(Kind::Meeting, "t1", json!({"on": "1403-01-20"}))],
    );
    assert!(finding(&board, "decision-notified-late", Kind::Decision, "d1").is_some());
    let delta = board.apply(vec![Change::Put(record(
        Kind::Meeting,
        "t1",
        json!({"on": "1403-01-21"}),
    ))]);
    assert!(finding(&board, "decision-notified-late", Kind::Decision, "d1").is_none());
    assert_eq!(
        delta.findings_gone.iter().map(|f| f.rule).collect::<Vec<_>>(),
        ["decision-notified-late"]
    );
}

#[test]
fn what_was_not_executed_needs_a_reason_and_what_was_executed_needs_evidence() {
    let rows = [
        (json!({"state": "not-executed"}), WARNING, None),
        (json!({"state": "not-executed", "reason": "نبود اعتبار"}), None, None),
        (json!({"state": "executed"}), None, WARNING),
        (json!({"state": "executed", "evidence": ["نامهٔ ۱۲"]}), None, None),
        (json!({"state": "in-progress"}), None, None),
    ];
    for (fields, reason, evidence) in rows {
        let decision = record(Kind::Decision, "d1", fields);
        table(
            "decision-without-reason",
            std::slice::from_ref(&decision),
            &[("1403-02-01", reason)],
        );
        table(
            "decision-executed-without-evidence",
            &[decision],
            &[("1403-02-01", evidence)],
        );
    }
}

#[test]
fn a_demand_waits_for_its_deadline_or_for_the_cadence() {
    let dated = record(Kind::Demand, "x1", json!({"due": "1403-01-31"}));
    table(
        "demand-overdue",
        std::slice::from_ref(&dated),
        &[("1403-01-31", None), ("1403-02-01", WARNING)],
    );
    table("demand-unanswered", &[dated], &[("1403-05-01", None)]);
    // Received on 20 Farvardin; the cadence is fifteen days.
    let open = record(Kind::Demand, "x1", json!({}));
    table(
        "demand-unanswered",
        &[open],
        &[("1403-02-04", None), ("1403-02-05", NOTICE)],
    );
    for state in ["answered", "settled", "rejected"] {
        let closed = record(
            Kind::Demand,
            "x1",
            json!({"state": state, "due": "1403-01-31", "agency": null}),
        );
        for slug in ["demand-overdue", "demand-unanswered", "demand-without-addressee"] {
            table(slug, std::slice::from_ref(&closed), &[("1403-05-01", None)]);
        }
    }
    let nobody = record(Kind::Demand, "x1", json!({"agency": null}));
    table("demand-without-addressee", &[nobody], &[("1403-01-20", NOTICE)]);
}

#[test]
fn an_identified_capacity_wants_a_visitor() {
    let rows = [
        (json!({"outreach": []}), NOTICE),
        (json!({}), None),
        (json!({"outreach": [], "stage": "brought-in"}), None),
        (json!({"outreach": [], "stage": "closed"}), None),
    ];
    for (fields, expected) in rows {
        table(
            "initiative-unapproached",
            &[record(Kind::Initiative, "i1", fields)],
            &[("1403-02-01", expected)],
        );
    }
}

#[test]
fn a_record_is_stale_after_the_cadence_in_the_headquarters_day() {
    // Half past nine in the evening of 19 April in UTC is already the twentieth in Tehran.
    for (updated, last_good, first_stale) in [
        ("1403-01-31", "1403-02-15", "1403-02-16"),
        ("2024-04-19T21:30:00Z", "1403-02-16", "1403-02-17"),
    ] {
        let record = record(Kind::Enterprise, "e1", json!({ "updated": updated }));
        table("record-stale", &[record], &[(last_good, None), (first_stale, DATA)]);
    }
    table(
        "record-stale",
        &[record(Kind::Enterprise, "e1", json!({}))],
        &[("1410-01-01", None)],
    );
}

#[test]
fn figures_that_cannot_be_are_named_and_kept() {
    let project = |fields: Value| record(Kind::Project, "p1", fields);
    let rows = [
        ("percent-out-of-range", project(json!({"physical": 100})), None),
        ("percent-out-of-range", project(json!({"physical": 100.5})), DATA),
        ("percent-out-of-range", project(json!({"financial": -1})), DATA),
        (
            "percent-out-of-range",
            project(json!({"readings": [{"on": "1403-01-01", "physical": 101}]})),
            DATA,
        ),
        (
            "percent-out-of-range",
            record(Kind::Plan, "n1", json!({"score": 101})),
            DATA,
        ),
        ("figure-negative", project(json!({"spent": -1})), DATA),
        ("figure-negative", project(json!({"jobs": {"claimed": -1}})), DATA),
        ("figure-negative", project(json!({"jobs": {"claimed": 0}})), None),
        (
            "verified-above",
            project(json!({"jobs": {"committed": 10, "claimed": 8, "verified": 8}})),
            None,
        ),
        (
            "verified-above",
            project(json!({"jobs": {"committed": 10, "claimed": 8, "verified": 9}})),
            NOTICE,
        ),
        (
            "verified-above",
            project(json!({"jobs": {"committed": 10, "verified": 11}})),
            NOTICE,
        ),
        ("verified-above", project(json!({"jobs": {"verified": 11}})), None),
        (
            "dates-reversed",
            project(json!({"start": "1403-02-01", "due": "1403-02-01"})),
            None,
        ),
        (
            "dates-reversed",
            project(json!({"start": "1403-02-02", "due": "1403-02-01"})),
            DATA,
        ),
        (
            "dates-reversed",
            record(Kind::Plan, "n1", json!({"extended_to": "1403-01-30"})),
            DATA,
        ),
        (
            "dates-reversed",
            record(
                Kind::Initiative,
                "i1",
                json!({"identified": "1403-02-02", "brought_in": "1403-02-01"}),
            ),
            DATA,
        ),
        ("unknown-value", project(json!({"state": "تعلیق"})), DATA),
        ("unknown-value", project(json!({})), None),
    ];
    for (slug, record, expected) in rows {
        table(slug, &[record], &[("1403-01-20", expected)]);
    }
}

#[test]
fn a_reference_to_nothing_is_a_finding_that_comes_and_goes_with_its_target() {
    let mut board = board("1403-01-20", &[record(Kind::Plan, "n1", json!({}))]);
    let dangles = |board: &Board| finding(board, "dangling-reference", Kind::Plan, "n1");
    let found = dangles(&board).unwrap();
    assert_eq!(found.value("target"), Some(&Fact::Link(Kind::Agency, id("a1"))));
    assert_eq!(found.value("field"), Some(&Fact::Field("plan", "agency")));
    board.apply(vec![Change::Put(record(Kind::Agency, "a1", json!({})))]);
    assert!(dangles(&board).is_none());
    board.apply(vec![Change::Delete(Kind::Agency, id("a1"))]);
    assert!(dangles(&board).is_some());
}

#[test]
fn a_county_must_be_one_of_the_headquarters_and_a_sponsor_an_agency_or_an_enterprise() {
    let initiative = |fields: Value| record(Kind::Initiative, "i1", fields);
    let agency = record(Kind::Agency, "a1", json!({}));
    let enterprise = record(Kind::Enterprise, "e1", json!({}));
    for (fields, expected) in [
        (json!({"county": "c1"}), None),
        (json!({"county": "c9"}), DATA),
        (json!({"sponsor": "e1"}), None),
        (json!({"sponsor": "a1"}), None),
        (json!({"sponsor": "z1"}), DATA),
    ] {
        table(
            "dangling-reference",
            &[initiative(fields), agency.clone(), enterprise.clone()],
            &[("1403-01-20", expected)],
        );
    }
    // A headquarters that lists no counties has none to miss.
    let silent = board_of(
        "1403-01-20",
        json!({"counties": []}),
        &[initiative(json!({"county": "c9"})), agency],
    );
    assert!(finding(&silent, "dangling-reference", Kind::Initiative, "i1").is_none());
}

#[test]
fn findings_wait_for_their_kinds() {
    let mut board = Board::new(Settings::default(), day("1403-02-01"));
    let agency = record(Kind::Agency, "a1", json!({}));
    board.apply(vec![Change::Whole(Kind::Agency, vec![agency].into())]);
    assert!(board.findings().is_empty(), "the headquarters is not known");
    board.apply(vec![Change::Headquarters(headquarters(json!({})))]);
    assert_eq!(
        slugs(&board, Kind::Agency, "a1"),
        ["agency-without-duty", "agency-without-expert"]
    );
    assert!(!board.submission().whole);
    board.apply(vec![Change::Whole(Kind::Plan, Records::default())]);
    assert!(finding(&board, "agency-without-plan", Kind::Agency, "a1").is_some());
    assert!(finding(&board, "agency-without-project", Kind::Agency, "a1").is_none());
    assert!(board.submission().whole);
    // A kind that is not whole yet has no findings of its own, and nothing dangles into it.
    board.apply(vec![Change::Put(record(
        Kind::Project,
        "p1",
        json!({"measure": "m9", "state": "done"}),
    ))]);
    assert!(board.findings().of(Kind::Project, "p1").is_empty());
    board.apply(vec![Change::Whole(
        Kind::Project,
        vec![record(Kind::Project, "p1", json!({"measure": "m9"}))].into(),
    )]);
    assert!(finding(&board, "dangling-reference", Kind::Project, "p1").is_none());
    board.apply(vec![Change::Whole(Kind::Measure, Records::default())]);
    assert!(finding(&board, "dangling-reference", Kind::Project, "p1").is_some());
}

#[test]
fn a_rule_can_be_switched_off_and_its_severity_set() {
    let mut settings = Settings::default();
    assert!(settings.rules.set(
        "plan-overdue",
        RuleSetting {
            on: true,
            severity: Some(Severity::Notice)
        }
    ));
    assert!(settings.rules.set(
        "dangling-reference",
        RuleSetting {
            on: false,
            severity: None
        }
    ));
    assert!(!settings.rules.set("no-such-rule", RuleSetting::default()));
    let mut board = Board::new(settings, day("1403-03-02"));
    board.apply(whole(headquarters(json!({})), &[record(Kind::Plan, "n1", json!({}))]));
    let found: Vec<_> = board.findings().ranked().map(|f| (f.rule, f.severity)).collect();
    assert_eq!(found, [("plan-overdue", Severity::Notice)]);
}

#[test]
fn the_headquarters_sets_the_limits_the_operator_did_not() {
    let shared = json!({"thresholds": {"plan_critical_days": 3, "due_soon_days": 30}});
    let settings = Settings {
        own: vec![Limit::DueSoonDays],
        ..Settings::default()
    };
    let mut board = Board::new(settings, day("1403-02-04"));
    board.apply(whole(headquarters(shared), &[record(Kind::Plan, "n1", json!({}))]));
    assert_eq!(board.thresholds().plan_critical_days, 3);
    assert_eq!(board.thresholds().due_soon_days, 7);
    assert_eq!(board.hidden_limits(), [Limit::DueSoonDays]);
    assert_eq!(
        finding(&board, "plan-overdue", Kind::Plan, "n1").unwrap().severity,
        Severity::Critical
    );
}

#[test]
fn the_operators_ladder_hides_the_headquarters_as_a_whole() {
    let plan = json!({"follow_ups": [{"on": "1403-02-02", "step": "warning"}]});
    let records = [
        record(Kind::Agency, "a1", json!({})),
        record(Kind::Agency, "a2", json!({})),
        record(Kind::Plan, "n1", plan),
    ];
    let theirs = [
        ("reminder", 1),
        ("warning", 7),
        ("governor-note", 14),
        ("council-agenda", 21),
    ];
    let rungs = |of: &[(&str, u32)]| -> Vec<LadderStep> {
        let rung = |(step, after_days): &(&str, u32)| LadderStep {
            step: Step::from(*step),
            after_days: *after_days,
            extra: None,
        };
        of.iter().map(rung).collect()
    };
    // Own ladder, the headquarters', whether it hides it, the next step of the warned agency and of the one without a plan.
    type Case<'a> = (
        &'a [(&'a str, u32)],
        Value,
        bool,
        Option<(&'a str, &'a str)>,
        Option<(&'a str, &'a str)>,
    );
    let cases: &[Case<'_>] = &[
        (
            &[],
            json!({}),
            false,
            Some(("governor-note", "1403-02-14")),
            Some(("reminder", "1403-02-01")),
        ),
        (&[], json!({"ladder": []}), false, None, None),
        (
            &theirs,
            json!({}),
            false,
            Some(("governor-note", "1403-02-14")),
            Some(("reminder", "1403-02-01")),
        ),
        (
            &theirs,
            json!({"ladder": []}),
            false,
            Some(("governor-note", "1403-02-14")),
            Some(("reminder", "1403-02-01")),
        ),
        (
            &[("warning", 3), ("council-agenda", 30)],
            json!({}),
            true,
            Some(("council-agenda", "1403-02-30")),
            Some(("warning", "1403-02-03")),
        ),
        // The last rung was taken; a day differs from the headquarters' own.
        (
            &[("reminder", 1), ("warning", 8)],
            json!({"ladder": [{"step": "reminder", "after_days": 1}, {"step": "warning", "after_days": 7}]}),
            true,
            None,
            Some(("reminder", "1403-02-01")),
        ),
        // The step taken is not on this ladder: it begins at its foot.
        (
            &[("council-agenda", 5)],
            json!({}),
            true,
            Some(("council-agenda", "1403-02-05")),
            Some(("council-agenda", "1403-02-05")),
        ),
    ];
    for (own, hq, hides, warned, without) in cases {
        let settings = Settings {
            ladder: rungs(own),
            ..Settings::default()
        };
        let mut board = Board::new(settings, day("1403-03-02"));
        board.apply(whole(headquarters(hq.clone()), &records));
        assert_eq!(board.hides_ladder(), *hides, "{own:?} {hq}");
        let owed = board.owed_plans();
        let next = |agency: &str| {
            owed.iter()
                .find(|o| o.agency.as_str() == agency)
                .unwrap()
                .next_step
                .clone()
        };
        let wanted = |step: &Option<(&str, &str)>| step.map(|(step, on)| (Step::from(step), day(on)));
        assert_eq!(
            (next("a1"), next("a2")),
            (wanted(warned), wanted(without)),
            "{own:?} {hq}"
        );
        let agency = board.record(Kind::Agency, "a2").unwrap();
        let shown = (columns::column(Kind::Agency, "next_step_on").unwrap().get)(&board, &agency);
        let wanted = without.map_or(columns::Value::Nothing, |(_, on)| columns::Value::Day(day(on)));
        assert_eq!(shown, wanted, "{own:?} {hq}");
    }
}

#[test]
fn findings_are_ranked_by_severity_then_by_age_then_by_name() {
    let plans = [
        ("n1", "1403-01-25"),
        ("n2", "1403-01-20"),
        ("n3", "1403-01-01"),
        ("n4", "1403-01-20"),
    ];
    let mut records: Vec<Record> = plans
        .iter()
        .map(|(name, due)| record(Kind::Plan, name, json!({"due": due})))
        .collect();
    records.push(record(
        Kind::Agency,
        "a1",
        json!({"expert": {"post": "کارشناس"}, "duties": [{"id": "w1", "title": "وظیفه"}]}),
    ));
    records.push(record(Kind::Project, "p1", json!({"measure": "m1"})));
    records.push(record(Kind::Measure, "m1", json!({})));
    let board = board("1403-01-31", &records);
    let ranked: Vec<_> = board.findings().ranked().map(|f| f.id.to_string()).collect();
    assert_eq!(ranked, ["n3", "n2", "n4", "n1"]);
    assert_eq!(
        board.findings().counts(),
        Counts {
            critical: 1,
            warning: 3,
            notice: 0,
            data: 0
        }
    );
    assert_eq!(board.findings().worst(Kind::Plan, "n3"), Some((Severity::Critical, 1)));
}
