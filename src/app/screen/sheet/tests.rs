#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::{Settings, columns, fixture};
use crate::text::calendar::CalendarKind;
use crate::text::number::MoneyUnit;

const LANGS: [Lang; 2] = [Lang::Fa, Lang::En];

fn style(lang: Lang) -> Style {
    Style {
        lang,
        calendar: CalendarKind::Jalali,
        money: MoneyUnit::BillionRial,
    }
}

/// Every topic, those of a record too, whether or not the record is there.
fn topics() -> Vec<Topic> {
    let id = |text: &str| Id::new(text).unwrap();
    let mut all = Topic::ALL.to_vec();
    for measure in ["m-1", "m-2", "gone"] {
        all.push(Topic::Measure(id(measure)));
        all.push(Topic::Trajectory(id(measure), id("s-1")));
    }
    all
}

/// The small headquarters with an indicator of two readings.
fn board() -> Board {
    let mut document = fixture::document();
    document["measures"][0]["indicators"] = serde_json::json!([{
        "id": "s-1", "title": {"fa": "شغل", "en": "Jobs"}, "unit": "نفر", "direction": "up", "baseline": 100, "target": 200,
        "path": [{"on": "1403-01-01", "value": 100}, {"on": "1403-12-30", "value": 200}],
        "readings": [{"on": "1403-02-01", "value": 110}, {"on": "1403-03-01", "value": 120}]
    }]);
    fixture::board_of(&document, crate::text::calendar::parse_date("1403-03-02").unwrap())
}

fn said(sheet: &Sheet) -> String {
    let text = |cell: &Cell| match cell {
        Cell::Text(text, _) | Cell::Figure(text, _) => text.clone(),
        Cell::Bar(..) => String::new(),
    };
    let lines = sheet
        .lines
        .iter()
        .map(|line| line.cells.iter().map(text).collect::<Vec<_>>().join(" "));
    let all = lines.collect::<Vec<_>>().join("\n");
    crate::text::isolate::strip(&all).into_owned()
}

#[test]
fn every_sheet_speaks_both_languages_at_any_width_and_names_no_line_twice() {
    let board = board();
    for lang in LANGS {
        for topic in topics() {
            for width in [1, 20, 80, 300] {
                let sheet = Sheet::new(topic.clone(), &board, &style(lang), width);
                let mut keys: Vec<_> = sheet.lines.iter().map(|line| line.key.clone()).collect();
                let count = keys.len();
                keys.sort();
                keys.dedup();
                assert_eq!(keys.len(), count, "{topic:?}");
                assert!(count > 0, "{topic:?}");
                let said = said(&sheet);
                assert!(!said.contains("sheet.") && !said.contains('{'), "{topic:?}: {said}");
            }
        }
    }
}

#[test]
fn before_its_records_are_known_a_sheet_waits_and_shows_no_figure() {
    let board = Board::new(Settings::default(), fixture::board().today());
    for topic in topics() {
        let sheet = Sheet::new(topic.clone(), &board, &style(Lang::En), 80);
        assert_eq!(said(&sheet), "loading…", "{topic:?}");
    }
}

#[test]
fn every_figure_answers_why_with_a_documented_formula() {
    let board = board();
    let known: Vec<&str> = FORMULAS.iter().map(|formula| formula.key).collect();
    let mut used = std::collections::BTreeSet::new();
    for topic in topics() {
        let sheet = Sheet::new(topic.clone(), &board, &style(Lang::En), 80);
        for line in &sheet.lines {
            if let Some(why) = &line.why {
                assert!(known.contains(&why.formula), "{topic:?}: {}", why.formula);
                assert!(!why.terms.is_empty(), "{topic:?}: {}", line.key);
                used.insert(why.formula);
            }
            // Rows that only list records answer with the record's findings; all others with their terms.
            let lists = ["owing:", "past-due:", "not-executed:", "open:", "addressee:", "answer:"];
            let is_row = matches!(line.shape, Shape::Row(_)) && !lists.iter().any(|list| line.key.starts_with(list));
            assert!(!is_row || line.why.is_some(), "{topic:?}: {}", line.key);
        }
    }
    // Timeliness stands among the terms of a rank; the effective deadline is asked for on a record's page.
    let elsewhere = ["formula.timeliness", "formula.effective-due"];
    let of_sheets = FORMULAS.iter().filter(|formula| formula.sheet.starts_with("sheet."));
    let silent: Vec<_> = of_sheets
        .map(|formula| formula.key)
        .filter(|key| !used.contains(key) && !elsewhere.contains(key))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
    for formula in FORMULAS {
        for name in formula.columns {
            let (kind, column) = name.split_once('.').unwrap();
            let kind = Kind::named(kind).unwrap();
            assert!(columns::column(kind, column).is_some(), "{name}");
        }
    }
}

#[test]
fn two_readings_are_too_few_for_a_forecast_and_say_so() {
    let id = |text: &str| Id::new(text).unwrap();
    let topic = Topic::Trajectory(id("m-1"), id("s-1"));
    let sheet = Sheet::new(topic, &board(), &style(Lang::En), 80);
    let words = said(&sheet).replace('\n', " ");
    assert!(words.contains("too few readings (2)"), "{words}");
    let chart = sheet.chart.unwrap();
    // The day of the last reading lies a sixth into the year, at its own height from the top.
    assert_eq!((chart.row(200.0), chart.row(100.0), chart.row(150.0)), (0, 8, 4));
    assert_eq!((chart.column(chart.from, 61), chart.column(chart.to, 61)), (0, 60));
    assert_eq!(chart.planned_at(0, 61), Some(100.0));
    assert_eq!(chart.planned_at(60, 61), Some(200.0));
}

#[test]
fn tab_goes_round_all_sheets_and_back() {
    let mut topic = Topic::Submission;
    for _ in Topic::ALL {
        topic = topic.turned(1);
    }
    assert_eq!(topic, Topic::Submission);
    assert_eq!(topic.turned(1).turned(-1), Topic::Submission);
}
