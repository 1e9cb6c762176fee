//! Every rule day by day around the day on which it turns: the day before, the day of and the day after, on a Friday, on leap days of
//! both calendars, and over the turn of the year. A rule that goes by no day is shown not to.

use super::rules::{CRITICAL, DATA, NOTICE, WARNING};
use super::*;
use crate::contract::{Level, Problem, What};

/// Days on which things are due in these tables.
const DAYS: [&str; 6] = [
    "1403-01-31", // a Friday; the deadline stays as written
    "1403-12-30", // the leap day of 1403
    "2024-02-29", // the leap day of 2024
    "1404-01-01", // New Year
    "1402-12-29", // the last day of a common year
    "1403-07-09", // a day like any other
];

/// Days around the day that are looked at one by one.
const AROUND: std::ops::RangeInclusive<i32> = -45..=45;
/// Far from it nothing more happens.
const FAR: [i32; 2] = [-400, 400];

type Made = fn(&dyn Fn(i32) -> String) -> Vec<Record>;

/// What a rule says of a record around a day.
struct Table {
    slug: &'static str,
    /// The subject first. The function gives the day so many days later as the data write it.
    records: Made,
    /// From which day on it says what; before the first of them nothing.
    says: &'static [(i32, Option<Severity>)],
    /// Nearly the same, of which it says nothing on any day.
    silent: Made,
    /// What else there is to know.
    also: fn(&mut Board),
}

const ALWAYS: i32 = i32::MIN;

fn nothing(_: &mut Board) {}

/// The board of the day holds the source's word that it gave the id of the subject twice.
fn twice(board: &mut Board) {
    let what = What::DuplicateId(Kind::Demand, "x1".into());
    let problem = Problem {
        level: Level::Skipped,
        ..Problem::fatal(what)
    };
    board.apply(vec![Change::Problems([problem].into())]);
}

/// Held against a state in which the subject was otherwise.
fn before(board: &mut Board, records: &[Record]) {
    let past = super::board("1403-01-01", records);
    board.set_past(Some(Arc::new(Past::new(day("1403-01-01"), past))));
}

macro_rules! made {
    ($d:ident: $($kind:ident $name:literal $fields:tt),* $(,)?) => {
        (|$d| {
            let _ = $d;
            vec![$(record(Kind::$kind, $name, json!($fields))),*]
        }) as Made
    };
}

macro_rules! rule {
    ($slug:literal, $records:expr, $says:expr, silent $silent:expr $(, also $also:expr)?) => {
        Table {
            slug: $slug,
            records: $records,
            says: &$says,
            silent: $silent,
            also: rule!(@also $($also)?),
        }
    };
    (@also) => { nothing };
    (@also $also:expr) => { $also };
}

fn tables() -> Vec<Table> {
    let mut out = plans_and_projects();
    out.extend(agencies_and_council());
    out.extend(quality());
    out.extend(history());
    out
}

fn plans_and_projects() -> Vec<Table> {
    vec![
        rule!("plan-overdue", made!(d: Plan "n1" {"due": d(0)}), [(1, WARNING), (15, CRITICAL)],
            silent made!(d: Plan "n1" {"due": d(0), "state": "accepted"})),
        rule!("plan-overdue", made!(d: Plan "n1" {"due": d(-30), "extended_to": d(0)}), [(1, WARNING), (15, CRITICAL)],
            silent made!(d: Plan "n1" {"due": d(-30), "extended_to": d(0), "state": "submitted", "submitted": d(9)})),
        rule!("plan-due-soon", made!(d: Plan "n1" {"due": d(0)}), [(-7, NOTICE), (1, None)],
            silent made!(d: Plan "n1" {"due": d(0), "state": "submitted"})),
        rule!("plan-returned", made!(d: Plan "n1" {"due": d(0), "state": "returned", "returned": d(-9)}), [(ALWAYS, WARNING)],
            silent made!(d: Plan "n1" {"due": d(0)})),
        rule!("plan-late", made!(d: Plan "n1" {"due": d(0), "state": "submitted", "submitted": d(1)}), [(ALWAYS, NOTICE)],
            silent made!(d: Plan "n1" {"due": d(0), "state": "submitted", "submitted": d(0)})),
        rule!("measure-without-project", made!(d: Measure "m1" {}), [(ALWAYS, WARNING)],
            silent made!(d: Measure "m1" {}, Project "p1" {})),
        rule!("measure-behind", made!(d: Measure "m1" {}, Project "p1" {"start": d(0), "due": d(100), "physical": 0}),
            [(5, NOTICE), (15, CRITICAL)],
            silent made!(d: Measure "m1" {}, Project "p1" {"start": d(0), "due": d(100), "physical": 100})),
        rule!("project-behind", made!(d: Project "p1" {"start": d(0), "due": d(100), "physical": 0}), [(5, NOTICE), (15, CRITICAL)],
            silent made!(d: Project "p1" {"start": d(0), "due": d(100), "physical": 0, "state": "cancelled"})),
        rule!("project-due-soon-behind",
            made!(d: Project "p1" {"due": d(0), "physical": 0, "path": [{"on": d(-500), "percent": 50}]}), [(-30, WARNING), (1, None)],
            silent made!(d: Project "p1" {"due": d(0), "physical": 50, "path": [{"on": d(-500), "percent": 50}]})),
        rule!("project-overdue", made!(d: Project "p1" {"due": d(0)}), [(1, WARNING)],
            silent made!(d: Project "p1" {"due": d(0), "state": "done"})),
        rule!("project-stopped", made!(d: Project "p1" {"state": "stopped", "due": d(0)}), [(ALWAYS, WARNING)],
            silent made!(d: Project "p1" {"due": d(0)})),
        rule!("project-done-without-evidence", made!(d: Project "p1" {"state": "done", "completed": d(0)}), [(ALWAYS, WARNING)],
            silent made!(d: Project "p1" {"state": "done", "completed": d(0), "evidence": ["صورت‌جلسه"]})),
        rule!("project-done-below-100", made!(d: Project "p1" {"state": "done", "completed": d(0), "physical": 99}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"state": "done", "completed": d(0), "physical": 100})),
    ]
}

fn agencies_and_council() -> Vec<Table> {
    vec![
        // The headquarters' own day is the day of these tables.
        rule!("agency-without-plan", made!(d: Agency "a1" {}), [(ALWAYS, NOTICE), (1, WARNING), (15, CRITICAL)],
            silent made!(d: Agency "a1" {}, Plan "n1" {"due": d(0)})),
        rule!("agency-without-expert", made!(d: Agency "a1" {}), [(ALWAYS, WARNING)],
            silent made!(d: Agency "a1" {"expert": {"post": "کارشناس", "visits": []}})),
        rule!("agency-without-project", made!(d: Agency "a1" {}), [(ALWAYS, NOTICE)],
            silent made!(d: Agency "a1" {}, Project "p1" {})),
        rule!("agency-without-duty", made!(d: Agency "a1" {}), [(ALWAYS, NOTICE)],
            silent made!(d: Agency "a1" {"duties": [{"id": "w1", "title": "وظیفه"}]})),
        rule!("agency-without-mission", made!(d: Agency "a1" {}), [(ALWAYS, WARNING)],
            silent made!(d: Agency "a1" {}, Plan "n1" {"due": d(0)})),
        rule!("duty-overdue", made!(d: Agency "a1" {"duties": [{"id": "w1", "title": "وظیفه", "due": d(0)}]}), [(1, WARNING)],
            silent made!(d: Agency "a1" {"duties": [{"id": "w1", "title": "وظیفه", "due": d(0), "state": "done"}]})),
        rule!("duty-done-without-evidence", made!(d: Agency "a1" {"duties": [{"id": "w1", "title": "وظیفه", "done": d(0)}]}),
            [(ALWAYS, WARNING)],
            silent made!(d: Agency "a1" {"duties": [{"id": "w1", "title": "وظیفه", "done": d(0), "evidence": ["نامه"]}]})),
        rule!("decision-overdue", made!(d: Decision "d1" {"due": d(0)}), [(1, WARNING), (15, CRITICAL)],
            silent made!(d: Decision "d1" {"due": d(0), "state": "settled"})),
        rule!("decision-notified-late", made!(d: Decision "d1" {"notified": d(8)}, Meeting "t1" {"on": d(0)}), [(ALWAYS, NOTICE)],
            silent made!(d: Decision "d1" {"notified": d(7)}, Meeting "t1" {"on": d(0)})),
        rule!("decision-not-notified", made!(d: Decision "d1" {"notified": null}, Meeting "t1" {"on": d(0)}), [(8, WARNING)],
            silent made!(d: Decision "d1" {"notified": d(1)}, Meeting "t1" {"on": d(0)})),
        rule!("decision-without-reason", made!(d: Decision "d1" {"state": "not-executed", "due": d(0)}), [(ALWAYS, WARNING)],
            silent made!(d: Decision "d1" {"state": "not-executed", "due": d(0), "reason": "نبود اعتبار"})),
        rule!("decision-executed-without-evidence", made!(d: Decision "d1" {"state": "executed", "executed": d(0)}), [(ALWAYS, WARNING)],
            silent made!(d: Decision "d1" {"state": "executed", "executed": d(0), "evidence": ["نامه"]})),
        rule!("demand-overdue", made!(d: Demand "x1" {"received": d(-99), "due": d(0)}), [(1, WARNING)],
            silent made!(d: Demand "x1" {"received": d(-99), "due": d(0), "state": "answered"})),
        rule!("demand-unanswered", made!(d: Demand "x1" {"received": d(0)}), [(16, NOTICE)],
            silent made!(d: Demand "x1" {"received": d(0), "state": "rejected"})),
        rule!("demand-without-addressee", made!(d: Demand "x1" {"received": d(0), "agency": null}), [(ALWAYS, NOTICE)],
            silent made!(d: Demand "x1" {"received": d(0)})),
        rule!("initiative-unapproached", made!(d: Initiative "i1" {"identified": d(0), "outreach": []}), [(ALWAYS, NOTICE)],
            silent made!(d: Initiative "i1" {"identified": d(0), "outreach": [{"on": d(-500), "by": "a1"}]})),
        // A visit dated ahead has not been paid: until its day nobody has gone to it.
        rule!("initiative-unapproached", made!(d: Initiative "i1" {"identified": d(-30), "outreach": [{"on": d(0), "by": "a1"}]}),
            [(ALWAYS, NOTICE), (0, None)],
            silent made!(d: Initiative "i1" {"stage": "closed", "outreach": [{"on": d(0), "by": "a1"}]})),
    ]
}

fn quality() -> Vec<Table> {
    vec![
        rule!("dangling-reference", made!(d: Decision "d1" {"due": d(0)}, Meeting "t1" {}), [(ALWAYS, DATA)],
            silent made!(d: Decision "d1" {"due": d(0)}, Meeting "t1" {}, Agency "a1" {})),
        rule!("percent-out-of-range", made!(d: Project "p1" {"due": d(0), "physical": 100.1}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"due": d(0), "physical": 100})),
        rule!("percent-out-of-range", made!(d: Project "p1" {"path": [{"on": d(0), "percent": 101}]}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"path": [{"on": d(0), "percent": 100}]})),
        rule!("dates-reversed", made!(d: Project "p1" {"start": d(1), "due": d(0)}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"start": d(0), "due": d(0)})),
        rule!("dates-reversed", made!(d: Decision "d1" {"notified": d(-1)}, Meeting "t1" {"on": d(0)}), [(ALWAYS, DATA)],
            silent made!(d: Decision "d1" {"notified": d(0)}, Meeting "t1" {"on": d(0)})),
        rule!("figure-negative", made!(d: Campaign "c1" {"start": d(0), "reach": -1}), [(ALWAYS, DATA)],
            silent made!(d: Campaign "c1" {"start": d(0), "reach": 0})),
        rule!("verified-above", made!(d: Project "p1" {"due": d(0), "jobs": {"claimed": 5, "verified": 6}}), [(ALWAYS, NOTICE)],
            silent made!(d: Project "p1" {"due": d(0), "jobs": {"claimed": 6, "verified": 6}})),
        rule!("verified-far-below", made!(d: Project "p1" {"due": d(0), "jobs": {"claimed": 10, "verified": 4}}), [(ALWAYS, WARNING)],
            silent made!(d: Project "p1" {"due": d(0), "jobs": {"claimed": 10, "verified": 5}})),
        rule!("amount-off-by-ten", made!(d: Project "p1" {"due": d(0), "allocated": 100, "spent": 1000}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"due": d(0), "allocated": 100, "spent": 100})),
        rule!("state-contradicts", made!(d: Initiative "i1" {"empowered": d(0)}), [(0, DATA)],
            silent made!(d: Initiative "i1" {"stage": "empowered", "empowered": d(0)})),
        rule!("state-contradicts", made!(d: Plan "n1" {"due": d(0), "submitted": d(0)}), [(ALWAYS, DATA)],
            silent made!(d: Plan "n1" {"due": d(0), "state": "submitted", "submitted": d(0)})),
        rule!("date-in-future", made!(d: Plan "n1" {"due": d(0), "state": "submitted", "submitted": d(0)}), [(ALWAYS, DATA), (0, None)],
            silent made!(d: Plan "n1" {"due": d(0)})),
        rule!("duplicate-id", made!(d: Demand "x1" {"received": d(0)}), [(ALWAYS, DATA)],
            silent made!(d: Demand "x2" {"received": d(0)}), also twice),
        rule!("unknown-value", made!(d: Plan "n1" {"due": d(0), "state": "نزد مشاور"}), [(ALWAYS, DATA)],
            silent made!(d: Plan "n1" {"due": d(0)})),
        rule!("record-stale", made!(d: Demand "x1" {"updated": d(0)}), [(16, DATA)],
            silent made!(d: Demand "x1" {"updated": null})),
        // Half past eight in the evening in UTC is midnight in Tehran: the record was looked after on the day after that.
        rule!("record-stale", made!(d: Demand "x1" {"updated": (format!("{}T20:30:00Z", d(-1)))}), [(16, DATA)],
            silent made!(d: Demand "x1" {"updated": null})),
        rule!("record-stale", made!(d: Demand "x1" {"updated": (format!("{}T20:29:59Z", d(0)))}), [(16, DATA)],
            silent made!(d: Demand "x1" {"updated": null})),
    ]
}

fn history() -> Vec<Table> {
    fn otherwise(board: &mut Board) {
        let project = record(Kind::Project, "p1", json!({"due": "1402-01-01", "spent": 900}));
        let enterprise = record(Kind::Enterprise, "e1", json!({}));
        before(board, &[project, enterprise]);
    }
    vec![
        rule!("date-rewritten", made!(d: Project "p1" {"due": d(0)}), [(ALWAYS, NOTICE)],
            silent made!(d: Project "p2" {"due": d(0)}), also otherwise),
        rule!("value-fell", made!(d: Project "p1" {"due": d(0), "spent": 899}), [(ALWAYS, WARNING)],
            silent made!(d: Project "p1" {"due": d(0), "spent": 900}), also otherwise),
        rule!("record-appeared", made!(d: Project "p2" {"due": d(0)}), [(ALWAYS, DATA)],
            silent made!(d: Project "p1" {"due": d(0)}), also otherwise),
        // The subject is looked for by its name; on the board it is only in the silent one.
        rule!("record-vanished", made!(d: Project "p1" {"due": d(0)}), [(ALWAYS, WARNING)],
            silent made!(d: Project "p1" {"due": d(0)}, Enterprise "e1" {}), also otherwise),
    ]
}

fn verdict(board: &Board, table: &Table, subject: (Kind, &str)) -> Option<Severity> {
    finding(board, table.slug, subject.0, subject.1).map(|found| found.severity)
}

fn look(table: &Table, records: Made, says: &[(i32, Option<Severity>)], what: &str) {
    for on in DAYS {
        let on = day(on);
        let at = |n: i32| on.plus(n).to_string();
        let records = records(&at);
        let subject = match table.slug {
            "record-vanished" => (Kind::Enterprise, "e1"),
            _ => (records[0].kind(), records[0].id().as_str()),
        };
        let mut board = board_of(&at(0), json!({"plan_due": at(0)}), &records);
        (table.also)(&mut board);
        for n in AROUND.chain(FAR) {
            board.set_today(on.plus(n));
            let expected = says
                .iter()
                .rev()
                .find(|(from, _)| *from <= n)
                .and_then(|(_, verdict)| *verdict);
            assert_eq!(
                verdict(&board, table, subject),
                expected,
                "{} {what} {n} days from {on}",
                table.slug
            );
        }
    }
}

#[test]
fn every_rule_says_what_it_says_from_its_very_day_on() {
    for table in tables() {
        look(&table, table.records, table.says, "fires");
        look(&table, table.silent, &[], "is silent");
    }
}

#[test]
fn every_rule_has_a_table_of_its_days() {
    let tables = tables();
    let without: Vec<_> = RULES
        .iter()
        .map(|rule| rule.slug)
        .filter(|slug| tables.iter().all(|table| table.slug != *slug))
        .collect();
    assert!(
        without.is_empty(),
        "rules without a table of boundary days: {without:?}"
    );
}

#[test]
fn the_days_of_the_tables_are_what_they_are_called() {
    // Saturday is the first day of the week and 0.
    assert_eq!(day(DAYS[0]).weekday(), day("1403-02-07").weekday(), "a week apart");
    assert_eq!(
        day(DAYS[1]).plus(1),
        day(DAYS[3]),
        "the leap day is the day before New Year"
    );
    assert_eq!(day(DAYS[4]).plus(1), day("1403-01-01"));
    assert_eq!(day(DAYS[2]).plus(1), day("2024-03-01"));
}
