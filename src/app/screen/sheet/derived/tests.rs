#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::app::screen::page::Page;
use crate::app::screen::sheet::FORMULAS;
use crate::board::fixture;
use crate::contract::Id;
use crate::text::calendar::{CalendarKind, parse_date};
use crate::text::number::MoneyUnit;
use crate::text::{Lang, isolate};

fn style(lang: Lang) -> Style {
    Style {
        lang,
        calendar: CalendarKind::Jalali,
        money: MoneyUnit::BillionRial,
    }
}

/// The small headquarters with what the other tests of it have no need of.
fn board() -> Board {
    let mut document = fixture::document();
    document["projects"][0]["path"] = serde_json::json!([
        {"on": "1403-03-12", "percent": 60}, {"on": "1403-02-23", "percent": 20}
    ]);
    document["projects"][0]["weight"] = 3.into();
    document["projects"][0]["jobs"] = serde_json::json!({"committed": 50, "claimed": 40, "verified": 30});
    document["measures"][0]["indicators"] = serde_json::json!([
        {"id": "s-1", "title": "Jobs", "unit": "n", "direction": "up", "baseline": 100, "target": 200, "readings": [{"on": "1403-02-01", "value": 150}]},
        {"id": "s-2", "title": "Firms", "unit": "n", "direction": "up", "baseline": 0, "target": 10, "readings": [{"on": "1403-02-01", "value": 1}]},
        {"id": "s-3", "title": "Unread", "unit": "n", "direction": "up", "baseline": 0, "target": 10}
    ]);
    document["agencies"][0]["duties"] = serde_json::json!([
        {"id": "u-1", "title": "one", "due": "1403-02-31"}, {"id": "u-2", "title": "two", "state": "done"}
    ]);
    document["agencies"][0]["expert"]["visits"] = serde_json::json!([{"on": "1403-02-10"}, {"on": "1403-03-03"}]);
    document["initiatives"][1]["outreach"] = serde_json::json!([{"on": "1403-03-02", "by": "a-1"}]);
    document["initiatives"][2]["outreach"] = serde_json::json!([{"on": "1403-03-03", "by": "a-1"}]);
    fixture::board_of(&document, parse_date("1403-03-02").unwrap())
}

fn asked(board: &Board, kind: Kind, id: &str, line: &str) -> String {
    let record = board.record(kind, id).unwrap();
    let why = why(board, &style(Lang::En), &record, line).unwrap_or_else(|| panic!("{id}: {line}"));
    isolate::strip(&why.terms.join(" | ")).into_owned()
}

/// What each figure rests on, reckoned by hand from the document on 2 Khordad 1403.
#[test]
fn the_terms_of_every_figure_are_those_of_the_record() {
    let board = board();
    let table: &[(Kind, &str, &str, &str)] = &[
        // 10 of the 20 days between the points have passed: halfway from 20 to 60.
        (
            Kind::Project,
            "p-1",
            "derived:planned",
            "from 20% on 1403/02/23 to 60% on 1403/03/12; today, 1403/03/02: 40% | 30% − 40% = −10",
        ),
        (
            Kind::Project,
            "p-2",
            "derived:deviation",
            "the last point, 1403/02/31, has passed today, 1403/03/02: 100% | the project is done and counts 100 | 100% − 100% = 0",
        ),
        (
            Kind::Project,
            "p-10",
            "derived:days_overdue",
            "1403/03/02 − 1403/02/01 = 32 days",
        ),
        (
            Kind::Project,
            "p-1",
            "derived:contribution",
            "3 × 30 ÷ 4 = 22.5; planned 3 × 40 ÷ 4 = 30; gap −7.5",
        ),
        (
            Kind::Project,
            "p-1",
            "field:jobs",
            "claimed ÷ committed: 40 ÷ 50 = 80% | verified ÷ committed: 30 ÷ 50 = 60% | verified ÷ claimed: 30 ÷ 40 = 75%",
        ),
        (
            Kind::Measure,
            "m-1",
            "derived:way",
            "Jobs: 50% | Firms: 10% | Unread: — | 60 ÷ 2 = 30%",
        ),
        (
            Kind::Measure,
            "m-1",
            "derived:projects",
            "projects that name this record under “measure”: 2 | p-1, p-2",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:plan_state",
            "pl-1: due 1403/01/31, submitted —: overdue",
        ),
        (
            Kind::Agency,
            "a-4",
            "derived:plan_due",
            "no plan record; due on the headquarters’ day 1403/01/31: overdue",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:days_overdue",
            "1403/03/02 − 1403/01/31 = 33 days",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:next_step",
            "last step: secretariat’s warning on 1403/02/10 | the ladder has no further step",
        ),
        (
            Kind::Agency,
            "a-2",
            "derived:next_step",
            "no step has been taken | next: reminder, 1 day after 1403/02/31: 1403/03/01",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:open_decisions",
            "decisions that name this record under “responsible agency”: 1 | d-1 | of these open: 1 | d-1",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:outreach",
            "duties: 2 | plans: 1 | projects: 1 | expert: 1 | outreach: 1 | blanks: 0 | 2 duties − 1 done = 1 open",
        ),
        (
            Kind::Agency,
            "a-2",
            "derived:rank",
            "score 64 on 1403/02/26 by شورا: نیازمند پیگیری | rank 1 of 1 with a score",
        ),
        (
            Kind::Agency,
            "a-1",
            "derived:timeliness",
            "operational plans: 0 kept, 1 missed | decisions: 0 kept, 1 missed | duties: 0 kept, 1 missed | 100 × 0 ÷ 3 = 0",
        ),
        (
            Kind::Agency,
            "a-1",
            "glance:duties",
            "2 duties − 1 done = 1 open | one: 1403/03/02 − 1403/02/31 = 2 days",
        ),
        (
            Kind::Agency,
            "a-1",
            "glance:expert",
            "visits up to today: 1; the last on 1403/02/10 | dated ahead of today and not counted: 1",
        ),
        (
            Kind::Agency,
            "a-1",
            "glance:initiatives",
            "initiatives that name this record under “sponsor”: 1 | i-2 | jobs verified: 0 | initiatives it went to up to today: 1 | dated ahead of today and not counted: 1",
        ),
        (
            Kind::Plan,
            "pl-2",
            "derived:effective_due",
            "deadline: 1403/01/31 | extended to: 1403/02/31",
        ),
        (Kind::Plan, "pl-3", "derived:late", "1403/02/05 − 1403/01/31 = 5 days"),
        (
            Kind::Plan,
            "pl-1",
            "derived:category",
            "agency DG Cooperatives, Labour and Welfare: category driver",
        ),
        (
            Kind::Decision,
            "d-1",
            "derived:notified_late",
            "1403/02/08 − 1403/02/05 = 3 days | allowed: 7 days",
        ),
        (
            Kind::Decision,
            "d-2",
            "derived:notified_late",
            "not notified yet: held against today | 1403/03/02 − 1403/02/05 = 28 days | allowed: 7 days",
        ),
        (Kind::Demand, "dm-1", "derived:age", "1403/03/02 − 1403/02/12 = 21 days"),
        (Kind::Campaign, "c-1", "derived:reach_rate", "2,500 ÷ 2,000 = 125%"),
        (
            Kind::Initiative,
            "i-1",
            "field:jobs",
            "verified ÷ claimed: 2 ÷ 3 = 66.7%",
        ),
        (
            Kind::Initiative,
            "i-1",
            "derived:reached",
            "identified on: 1403/01/10 | empowered on: — | brought in on: — | stage: empowered",
        ),
        (
            Kind::Enterprise,
            "e-1",
            "derived:visited",
            "initiatives it went to up to today: 1",
        ),
    ];
    let wrong: Vec<String> = table
        .iter()
        .map(|(kind, id, line, expected)| (asked(&board, *kind, id, line), format!("{id} {line}"), *expected))
        .filter(|(said, _, expected)| said != expected)
        .map(|(said, at, expected)| format!("{at}\n  said     {said}\n  expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every line of every page that says more than the record does answers, in both languages, with a documented formula and at least one
/// term; the formula is the one the documentation names for the column.
#[test]
fn no_derived_line_of_a_page_is_silent() {
    let board = board();
    for lang in [Lang::Fa, Lang::En] {
        for kind in Kind::ALL.iter().copied() {
            for id in board.ids(kind).collect::<Vec<_>>() {
                let page = Page::new(kind, id.clone(), &board, &style(lang), 80);
                for line in &page.lines {
                    let derived = line
                        .key
                        .strip_prefix("derived:")
                        .map(|key| key.split('+').next().unwrap());
                    let glance = line.key.starts_with("glance:") && !line.key.starts_with("glance:duty:");
                    if derived.is_none() && !glance {
                        continue;
                    }
                    let why = page.why_of(&line.key, &board, &style(lang));
                    let why = why.unwrap_or_else(|| panic!("{kind} {id}: {}", line.key));
                    assert!(
                        !why.terms.is_empty() && !why.title.is_empty(),
                        "{kind} {id}: {}",
                        line.key
                    );
                    let said = why.terms.join(" ");
                    assert!(!said.contains('{') && !said.contains("terms."), "{said}");
                    let formula = FORMULAS.iter().find(|formula| formula.key == why.formula).unwrap();
                    if let Some(key) = derived {
                        let name = format!("{kind}.{key}");
                        let here = formula.columns.contains(&name.as_str());
                        // An agency without a plan record is due by the rule of the submission.
                        assert!(
                            here || (key == "plan_due" && why.formula == "formula.submission"),
                            "{name}: {}",
                            why.formula
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn every_derived_column_is_documented_with_one_formula() {
    for kind in Kind::ALL.iter().copied() {
        let derived = columns::columns(kind)
            .iter()
            .filter(|column| column.origin == Origin::Derived);
        for column in derived.filter(|column| column.key != "findings") {
            let name = format!("{kind}.{}", column.key);
            let said = FORMULAS
                .iter()
                .filter(|formula| formula.columns.contains(&name.as_str()));
            assert_eq!(said.count(), 1, "{name}");
        }
    }
}

#[test]
fn a_plain_field_and_a_record_that_is_no_more_have_nothing_to_explain() {
    let board = board();
    let record = board.record(Kind::Project, "p-1").unwrap();
    for line in [
        "field:title",
        "derived:findings",
        "derived:nothing",
        "history+",
        "related:plan:agency",
        "",
    ] {
        assert!(why(&board, &style(Lang::En), &record, line).is_none(), "{line}");
    }
    let page = Page::new(Kind::Project, Id::new("gone").unwrap(), &board, &style(Lang::En), 80);
    assert!(page.why(&board, &style(Lang::En)).is_none());
}
