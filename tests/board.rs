//! The board's answers on both sample provinces, against answers worked out from the JSON alone: no type of the program but the
//! bytes it writes, and dates counted by another library.
#![expect(
    clippy::unwrap_used,
    reason = "a sample that cannot be read is a mistake in the program"
)]

use rasad::board::{Board, Class, Settings};
use rasad::clock::Day;
use rasad::contract::{Change, Kind, Record, Step};
use rasad::source::sample::{Form, Sample};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One province on one day, as the program sees it and as plain JSON.
struct Case {
    name: String,
    board: Board,
    json: Value,
    today: i64,
    sample: Sample,
}

/// Both provinces: as they are, as they were at a meeting, and as they would be judged later.
fn cases() -> Vec<Case> {
    let mut out = Vec::new();
    for seed in [1, 2] {
        let days = |sample: &Sample| {
            let meeting = sample.meetings()[sample.meetings().len() / 2];
            [(sample.as_of(), 0), (meeting, 0), (sample.as_of(), 40)]
        };
        for (state, later) in days(&Sample::new(seed, Some(600))) {
            let sample = Sample::new(seed, Some(600));
            let mut bytes = Vec::new();
            sample.write_to(&mut bytes, Form::Json, state).unwrap();
            let today = state.plus(later);
            let mut board = Board::new(Settings::default(), today);
            let hq = Change::Headquarters(Arc::new(sample.headquarters(state)));
            let kinds = Kind::ALL
                .iter()
                .map(|kind| Change::Whole(*kind, sample.records(*kind, state).collect()));
            board.apply(std::iter::once(hq).chain(kinds).collect());
            out.push(Case {
                name: format!("province {seed}, state of {state}, judged on {today}"),
                board,
                json: serde_json::from_slice(&bytes).unwrap(),
                today: number(&today.to_string()),
                sample,
            });
        }
    }
    out
}

/// Days since 1970-01-01 of a Gregorian date.
fn number(date: &str) -> i64 {
    let date: jiff::civil::Date = date.parse().unwrap();
    i64::from(date.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days())
}

fn date(record: &Value, field: &str) -> Option<i64> {
    record.get(field).and_then(Value::as_str).map(number)
}

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

impl Case {
    /// The records of a kind; of two with one id the first.
    fn list(&self, plural: &str) -> Vec<&Value> {
        let mut seen = BTreeSet::new();
        let all = self.json[plural].as_array().unwrap().iter();
        all.filter(|r| seen.insert(text(r, "id"))).collect()
    }

    /// The subjects a rule has found, in order.
    fn found(&self, rule: &str) -> BTreeSet<String> {
        assert!(rasad::board::finding::rule(rule).is_some(), "{rule}");
        let of_rule = self.board.findings().ranked().filter(|f| f.rule == rule);
        of_rule.map(|f| f.id.to_string()).collect()
    }

    fn expect(&self, rule: &str, plural: &str, fires: impl Fn(&Value) -> bool) {
        let expected: BTreeSet<String> = self
            .list(plural)
            .into_iter()
            .filter(|r| fires(r))
            .map(|r| text(r, "id").to_owned())
            .collect();
        assert_eq!(self.found(rule), expected, "{rule}: {}", self.name);
    }
}

fn effective_due(plan: &Value) -> i64 {
    date(plan, "extended_to").or(date(plan, "due")).unwrap()
}

fn owed(plan: &Value) -> bool {
    !matches!(text(plan, "state"), "submitted" | "accepted")
}

#[test]
fn plans_are_overdue_due_soon_returned_and_late_as_counted_by_hand() {
    let mut overdue = 0;
    for case in cases() {
        let today = case.today;
        case.expect("plan-overdue", "plans", |p| owed(p) && today > effective_due(p));
        case.expect("plan-due-soon", "plans", |p| {
            owed(p) && (0..=7).contains(&(effective_due(p) - today))
        });
        case.expect("plan-returned", "plans", |p| text(p, "state") == "returned");
        case.expect("plan-late", "plans", |p| {
            date(p, "submitted").is_some_and(|d| d > effective_due(p))
        });
        overdue += case.found("plan-overdue").len();
    }
    assert!(overdue > 0, "a sample without an overdue plan proves nothing");
}

#[test]
fn the_submission_board_has_every_agency_once() {
    for case in cases() {
        let mut expected: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        let plans = case.list("plans");
        let plan_due = date(&case.json["headquarters"], "plan_due").unwrap();
        for agency in case.list("agencies") {
            let own = plans.iter().filter(|p| text(p, "agency") == text(agency, "id"));
            let class = |plan: &Value| match text(plan, "state") {
                "submitted" | "accepted" if date(plan, "submitted").is_some_and(|d| d > effective_due(plan)) => 1,
                "submitted" | "accepted" => 0,
                "returned" => 3,
                _ if case.today > effective_due(plan) => 4,
                _ => 2,
            };
            let worst = own
                .map(|p| class(p))
                .max()
                .unwrap_or(if case.today > plan_due { 4 } else { 2 });
            let name = ["on time", "late", "not yet due", "returned", "overdue"][worst];
            *expected
                .entry(text(agency, "category").to_owned())
                .or_default()
                .entry(name)
                .or_default() += 1;
        }
        let names = [
            (Class::OnTime, "on time"),
            (Class::Late, "late"),
            (Class::NotYetDue, "not yet due"),
            (Class::Returned, "returned"),
            (Class::Overdue, "overdue"),
        ];
        let submission = case.board.submission();
        let mut got: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        for (category, classes) in &submission.categories {
            let counts = names.iter().map(|(class, name)| (*name, classes.get(*class)));
            got.insert(category.as_str().to_owned(), counts.filter(|(_, n)| *n > 0).collect());
        }
        assert_eq!(got, expected, "{}", case.name);
        assert_eq!(submission.total.agencies(), case.list("agencies").len());
    }
}

#[test]
fn owed_plans_are_those_overdue_and_the_agencies_without_one() {
    for case in cases() {
        let plans = case.list("plans");
        let plan_due = date(&case.json["headquarters"], "plan_due").unwrap();
        let mut expected: Vec<(i64, String, String)> = plans
            .iter()
            .filter(|p| owed(p) && case.today > effective_due(p))
            .map(|p| {
                (
                    effective_due(p) - case.today,
                    text(p, "agency").to_owned(),
                    text(p, "id").to_owned(),
                )
            })
            .collect();
        if case.today > plan_due {
            let none = case
                .list("agencies")
                .into_iter()
                .filter(|a| plans.iter().all(|p| text(p, "agency") != text(a, "id")));
            expected.extend(none.map(|a| (plan_due - case.today, text(a, "id").to_owned(), String::new())));
        }
        expected.sort();
        let got = case.board.owed_plans().into_iter().map(|o| {
            (
                -i64::from(o.days_overdue),
                o.agency.to_string(),
                o.plan.map(|p| p.to_string()).unwrap_or_default(),
            )
        });
        assert_eq!(got.collect::<Vec<_>>(), expected, "{}", case.name);
    }
}

/// The percentage planned for a project, as the paper says it.
fn planned(project: &Value, today: i64) -> Option<f64> {
    let mut path: Vec<(i64, f64)> = match project.get("path").and_then(Value::as_array) {
        Some(points) => points
            .iter()
            .map(|p| (date(p, "on").unwrap(), p["percent"].as_f64().unwrap()))
            .collect(),
        None => Vec::new(),
    };
    if path.is_empty() {
        let (start, due) = (date(project, "start")?, date(project, "due")?);
        if start > due {
            return None;
        }
        let part = (today - start) as f64 / (due - start).max(1) as f64;
        return Some(if today >= due {
            100.0
        } else {
            (part * 100.0).clamp(0.0, 100.0)
        });
    }
    path.sort_by_key(|(on, _)| *on);
    if today < path[0].0 {
        return Some(0.0);
    }
    for pair in path.windows(2) {
        let ((from, low), (to, high)) = (pair[0], pair[1]);
        if (from..to).contains(&today) {
            return Some(low + (high - low) * (today - from) as f64 / (to - from) as f64);
        }
    }
    path.last().map(|(_, percent)| *percent)
}

fn actual(project: &Value) -> Option<f64> {
    if text(project, "state") == "done" {
        Some(100.0)
    } else {
        project.get("physical").and_then(Value::as_f64)
    }
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-6,
        (None, None) => true,
        _ => false,
    }
}

#[test]
fn measures_progress_as_their_projects_do() {
    for case in cases() {
        for measure in case.list("measures") {
            let projects = case.list("projects");
            let own: Vec<_> = projects.into_iter().filter(|p| p["measure"] == measure["id"]).collect();
            let counted: Vec<_> = own
                .iter()
                .filter(|p| text(p, "state") != "cancelled" && actual(p).is_some())
                .collect();
            let mean = |values: Vec<(f64, f64)>| {
                let weights: f64 = values.iter().map(|(_, w)| w).sum();
                (weights > 0.0).then(|| values.iter().map(|(v, w)| v * w).sum::<f64>() / weights)
            };
            let weight = |p: &Value| p.get("weight").and_then(Value::as_f64).unwrap_or(1.0);
            let actual = mean(counted.iter().map(|p| (actual(p).unwrap(), weight(p))).collect());
            let planned = mean(
                counted
                    .iter()
                    .filter_map(|p| Some((planned(p, case.today)?, weight(p))))
                    .collect(),
            );
            let got = case.board.progress(text(measure, "id"));
            let name = format!("{} of {}", text(measure, "id"), case.name);
            assert!(close(got.actual, actual), "{name}: {got:?}, expected {actual:?}");
            assert!(close(got.planned, planned), "{name}: {got:?}, expected {planned:?}");
            assert!(close(got.deviation, actual.zip(planned).map(|(a, p)| a - p)), "{name}");
            assert_eq!(got.projects, own.len(), "{name}");
        }
        case.expect("measure-without-project", "measures", |m| {
            case.list("projects")
                .iter()
                .all(|p| p["measure"] != m["id"] || text(p, "state") == "cancelled")
        });
    }
}

#[test]
fn projects_are_behind_and_overdue_as_counted_by_hand() {
    let mut critical = 0;
    for case in cases() {
        let open = |p: &Value| !matches!(text(p, "state"), "done" | "cancelled");
        let deviation = |p: &Value| Some(actual(p)? - planned(p, case.today)?);
        case.expect("project-behind", "projects", |p| {
            open(p) && deviation(p).is_some_and(|d| d <= -5.0 + 1e-6)
        });
        case.expect("project-overdue", "projects", |p| {
            open(p) && date(p, "due").is_some_and(|d| case.today > d)
        });
        let serious = |p: &&Value| open(p) && deviation(p).is_some_and(|d| d <= -15.0 + 1e-6);
        let expected = case.list("projects").into_iter().filter(serious).count();
        let got = case
            .board
            .findings()
            .ranked()
            .filter(|f| f.rule == "project-behind" && f.severity.as_str() == "critical");
        assert_eq!(got.count(), expected, "{}", case.name);
        critical += expected;
    }
    assert!(critical > 0, "a sample without a serious project proves nothing");
}

#[test]
fn agencies_lack_what_the_json_lacks() {
    for case in cases() {
        let names = |plural: &str, agency: &Value| case.list(plural).iter().any(|r| r["agency"] == agency["id"]);
        let bare = |a: &Value| a.get("duties").and_then(Value::as_array).is_none_or(Vec::is_empty);
        case.expect("agency-without-plan", "agencies", |a| !names("plans", a));
        case.expect("agency-without-project", "agencies", |a| !names("projects", a));
        case.expect("agency-without-expert", "agencies", |a| a.get("expert").is_none());
        case.expect("agency-without-mission", "agencies", |a| {
            bare(a) && !names("plans", a) && !names("projects", a)
        });
    }
}

#[test]
fn decisions_and_demands_are_overdue_as_counted_by_hand() {
    for case in cases() {
        let late = |r: &Value| date(r, "due").is_some_and(|due| case.today > due);
        case.expect("decision-overdue", "decisions", |d| {
            late(d) && !matches!(text(d, "state"), "executed" | "not-executed" | "settled")
        });
        case.expect("demand-overdue", "demands", |d| {
            late(d) && !matches!(text(d, "state"), "answered" | "settled" | "rejected")
        });
        let held: BTreeMap<&str, i64> = case
            .list("meetings")
            .into_iter()
            .map(|m| (text(m, "id"), date(m, "on").unwrap()))
            .collect();
        let beyond = |d: &Value, on: Option<i64>| {
            held.get(text(d, "meeting"))
                .zip(on)
                .is_some_and(|(held, on)| on - held > 7)
        };
        case.expect("decision-notified-late", "decisions", |d| {
            beyond(d, date(d, "notified"))
        });
        case.expect("decision-not-notified", "decisions", |d| {
            date(d, "notified").is_none() && beyond(d, Some(case.today))
        });
    }
}

#[test]
fn participation_is_counted_as_the_json_has_it() {
    for case in cases() {
        let mut kinds: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for initiative in case.list("initiatives") {
            kinds
                .entry(text(initiative, "initiative_kind"))
                .or_default()
                .push(initiative);
        }
        assert_eq!(case.board.participation().kinds.len(), kinds.len(), "{}", case.name);
        for (kind, list) in kinds {
            let tally = &case.board.participation().of(&kind.into()).unwrap().tally;
            let count = |yes: &dyn Fn(&Value) -> bool| list.iter().filter(|i| yes(i)).count();
            let name = format!("{kind}, {}", case.name);
            assert_eq!(tally.count, list.len(), "{name}");
            assert_eq!(tally.new, count(&|i| text(i, "origin") == "new"), "{name}");
            assert_eq!(tally.existing, count(&|i| text(i, "origin") == "existing"), "{name}");
            assert_eq!(tally.stalled, count(&|i| text(i, "stage") == "stalled"), "{name}");
            assert_eq!(tally.closed, count(&|i| text(i, "stage") == "closed"), "{name}");
            let order = ["identified", "empowered", "brought-in"];
            let dates = ["identified", "empowered", "brought_in"];
            for stage in 0..3 {
                let reached = |i: &Value| {
                    let present = order.iter().position(|s| *s == text(i, "stage"));
                    (stage..3).any(|s| date(i, dates[s]).map_or(present >= Some(s), |d| d <= case.today))
                };
                assert_eq!(tally.reached[stage], count(&reached), "{} of {name}", order[stage]);
            }
            for step in Step::ALL {
                let stated = list.iter().filter_map(|i| i.get("jobs")?.get(step.as_str())?.as_f64());
                let expected = (stated.clone().count() > 0).then(|| (stated.clone().sum::<f64>(), stated.count()));
                let got = tally.jobs(step);
                assert!(
                    close(got.map(|g| g.0), expected.map(|e| e.0)),
                    "{step:?} of {name}: {got:?}, {expected:?}"
                );
                assert_eq!(got.map(|g| g.1), expected.map(|e| e.1), "{name}");
            }
        }
    }
}

/// Every field that names another record, and where that record may stand, as `records.md` has them.
const REFERENCES: &[(&str, &str, &[&str])] = &[
    ("measures", "lead", &["agencies"]),
    ("projects", "measure", &["measures"]),
    ("projects", "agency", &["agencies"]),
    ("projects", "county", &["counties"]),
    ("agencies", "duties.measure", &["measures"]),
    ("plans", "agency", &["agencies"]),
    ("enterprises", "county", &["counties"]),
    ("decisions", "meeting", &["meetings"]),
    ("decisions", "agency", &["agencies"]),
    ("decisions", "measure", &["measures"]),
    ("decisions", "project", &["projects"]),
    ("demands", "agency", &["agencies"]),
    ("demands", "decision", &["decisions"]),
    ("campaigns", "agency", &["agencies"]),
    ("evaluations", "meeting", &["meetings"]),
    ("initiatives", "measure", &["measures"]),
    ("initiatives", "project", &["projects"]),
    ("initiatives", "county", &["counties"]),
    ("initiatives", "sponsor", &["agencies", "enterprises"]),
    ("initiatives", "outreach.by", &["agencies", "enterprises"]),
];

#[test]
fn exactly_the_records_that_name_something_missing_dangle() {
    for case in cases() {
        let mut ids: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for kind in Kind::ALL {
            ids.insert(
                kind.plural().into(),
                case.list(kind.plural()).into_iter().map(|r| text(r, "id")).collect(),
            );
        }
        let counties = case.json["headquarters"]["counties"].as_array().unwrap();
        ids.insert("counties".into(), counties.iter().map(|c| text(c, "id")).collect());
        let mut expected = BTreeSet::new();
        for (plural, field, targets) in REFERENCES {
            for record in case.list(plural) {
                let named: Vec<&Value> = match field.split_once('.') {
                    None => record.get(field).into_iter().collect(),
                    Some((list, field)) => {
                        let parts = record.get(list).and_then(Value::as_array).into_iter().flatten();
                        parts.filter_map(|part| part.get(field)).collect()
                    }
                };
                if named
                    .iter()
                    .any(|id| targets.iter().all(|t| !ids[*t].contains(id.as_str().unwrap())))
                {
                    expected.insert(text(record, "id").to_owned());
                }
            }
        }
        for evaluation in case.list("evaluations") {
            let kind = Kind::named(text(evaluation, "subject_kind")).map(|kind| &ids[kind.plural()]);
            if kind.is_some_and(|ids| !ids.contains(text(evaluation, "subject"))) {
                expected.insert(text(evaluation, "id").to_owned());
            }
        }
        assert_eq!(case.found("dangling-reference"), expected, "{}", case.name);
        for (kind, id, _) in case.sample.dangling() {
            let there = case.board.contains(kind, id.as_str());
            assert_eq!(
                there,
                expected.contains(id.as_str()),
                "{id} was to dangle: {}",
                case.name
            );
        }
    }
}

#[test]
fn going_back_and_forth_in_time_ends_where_it_began() {
    let case = cases().remove(0);
    let today = case.board.today();
    let mut board = case.board.clone();
    board.set_today(Day::from_days(today.days() - 50));
    let gone: Vec<Record> = board.records(Kind::Project).take(20).collect();
    let out = gone.iter().map(|r| Change::Delete(r.kind(), r.id().clone())).collect();
    board.apply(out);
    board.set_today(today);
    board.apply(gone.into_iter().map(Change::Put).collect());
    let list = |board: &Board| board.findings().ranked().cloned().collect::<Vec<_>>();
    assert_eq!(list(&board), list(&case.board));
    assert_eq!(board.submission(), case.board.submission());
    assert_eq!(board.participation(), case.board.participation());
}
