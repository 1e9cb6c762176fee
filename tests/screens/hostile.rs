//! Bad data: the same findings headless and on screen whatever the document says, and no figure that cannot be in any sum, mean or rate.

use super::harness::{Bench, LANGS, SEEDS, province, read, record};
use rasad::app::screen::Screen;
use rasad::app::screen::brief::Line;
use rasad::board::{Board, Settings};
use rasad::contract::{Change, Kind};
use rasad::i18n;
use rasad::text::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Wide enough that hardly a reason is cut.
const WIDE: (u16, u16) = (300, 40);

/// The board of a document nobody has kept an earlier state of.
fn board(document: &Value) -> Board {
    let as_of = rasad::text::calendar::parse_date(document["headquarters"]["as_of"].as_str().unwrap_or_default());
    let Ok(as_of) = as_of else { panic!("no day") };
    let mut board = Board::new(Settings::default(), as_of);
    board.apply(read(document.to_string().as_bytes()));
    board
}

/// What `rasad findings` says of a document.
fn headless(document: &Value, lang: Lang) -> Vec<Value> {
    let Ok(dir) = tempfile::tempdir() else {
        panic!("no directory")
    };
    let path = dir.path().join("headquarters.json");
    if let Err(error) = std::fs::write(&path, document.to_string()) {
        panic!("{error}");
    }
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args([
            "findings",
            "--format",
            "json",
            "--lang",
            if lang == Lang::Fa { "fa" } else { "en" },
            "--source",
        ])
        .arg(&path)
        .env_clear()
        .env("HOME", "/nowhere")
        .output();
    let Ok(output) = program else {
        panic!("the program does not run")
    };
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let rows = json["findings"].as_array().cloned();
    rows.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Goes down the list of what needs attention beside what the program says without a screen: the same subjects in the same order, each
/// with the name of its rule and its reason.
#[track_caller]
fn same(document: &Value, lang: Lang) {
    let rows = headless(document, lang);
    let board = board(document);
    assert_eq!(board.findings().len(), rows.len());
    let mut bench = Bench::over(board, lang, WIDE);
    bench.keys("tab tab tab z home");
    for (place, row) in rows.iter().enumerate() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let subject = bench
            .app
            .selected_record()
            .map(|(kind, id)| (kind.as_str().to_owned(), id.to_string()));
        assert_eq!(
            subject,
            Some((text(&row["kind"]), text(&row["id"]))),
            "{row}\n{}",
            bench.picture()
        );
        // What stands there before anything is cut: in Persian the drawn row ends with it, in English it begins with it.
        let rule = i18n::t(
            lang,
            rasad::board::RULES
                .iter()
                .find(|rule| rule.slug == text(&row["rule"]))
                .map_or("", |rule| rule.title),
        );
        let here = bench.here();
        let drawn = super::questions::drawn(lang, rule);
        let cut: String = match lang {
            Lang::En => drawn.chars().take(12).collect(),
            Lang::Fa => drawn
                .chars()
                .rev()
                .take(8)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect(),
        };
        assert!(here.contains(&cut), "{row}: {cut:?} in {here:?}");
        let why = super::questions::drawn(lang, &text(&row["why"]["text"]));
        let plain = |text: &str| {
            text.chars()
                .filter(|c| c.is_ascii_digit() || ('۰'..='۹').contains(c))
                .collect::<String>()
        };
        if !here.contains('…') {
            let digits = |text: &str| {
                let mut digits: Vec<char> = plain(text).chars().collect();
                digits.sort_unstable();
                digits
            };
            let mut left = digits(&here);
            for digit in digits(&why) {
                let at = left.iter().position(|c| *c == digit);
                assert!(at.map(|at| left.remove(at)).is_some(), "{row}: {why:?} in {here:?}");
            }
        }
        let before = bench.place();
        bench.keys("down");
        assert_eq!(bench.place() == before, place + 1 == rows.len(), "{row}");
    }
}

#[test]
fn the_same_document_gives_the_same_findings_headless_and_on_screen() {
    for seed in SEEDS {
        for lang in LANGS {
            same(&province(seed).json, lang);
        }
    }
}

/// The second province with a few records of each kind.
fn few() -> Value {
    let mut document = province(2).json.clone();
    for kind in Kind::ALL {
        if let Some(rows) = document[kind.plural()].as_array_mut() {
            rows.truncate(if *kind == Kind::Agency { 20 } else { 8 });
        }
    }
    document
}

/// Writes something into a field that should not stand there.
fn spoil(document: &mut Value, (kind, row, field, what): (usize, usize, usize, usize)) {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.plural()).collect();
    let other = document["projects"][row % 8]["id"].clone();
    let Some(rows) = document[kinds[kind % kinds.len()]]
        .as_array_mut()
        .filter(|rows| !rows.is_empty())
    else {
        return;
    };
    let n = rows.len();
    let one = row % n;
    if what == 0 {
        let again = rows[one].clone();
        return rows.push(again);
    }
    let hostile = [
        json!(-5),
        json!(140),
        json!(1e15),
        json!("2099-01-01"),
        json!("1390-12-30"),
        json!("1403-12-30"),
        json!("2024-02-30"),
        json!(""),
        json!("نزد مشاور"),
        json!("\u{202e}rm -rf\u{1b}[2J"),
        json!("ا".repeat(400)),
        json!([]),
        json!({"committed": -1, "claimed": 10, "verified": 1000}),
        json!([{"on": "2099-01-01", "by": "nobody", "step": "warning", "percent": 140, "value": 1, "physical": -2}]),
        json!(true),
        Value::Null,
        other,
    ];
    let Some(record) = rows[one].as_object_mut() else {
        return;
    };
    let mut names: Vec<String> = record.keys().cloned().collect();
    names.extend(
        [
            "jobs", "capital", "path", "readings", "outreach", "weight", "due", "updated", "score", "reach",
        ]
        .map(str::to_owned),
    );
    let name = names[field % names.len()].clone();
    record.insert(name, hostile[what % hostile.len()].clone());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(24) })]
    #[test]
    fn a_hostile_document_gives_the_same_findings_headless_and_on_screen(
        spoils in proptest::collection::vec((0..99_usize, 0..99_usize, 0..99_usize, 0..99_usize), 1..60),
        persian in proptest::prelude::any::<bool>(),
    ) {
        let mut document = few();
        for one in spoils {
            spoil(&mut document, one);
        }
        same(&document, if persian { Lang::Fa } else { Lang::En });
    }
}

/// Everything that sums up: each sheet, the participation by kind, county and sector at each of its figures, who goes to whom, the map,
/// and the panes of the overview, as they are exported; and the brief.
fn summed_up(board: &Board, lang: Lang) -> BTreeMap<&'static str, String> {
    let mut out = BTreeMap::new();
    let bench = || Bench::over(board.clone(), lang, WIDE);
    for way in [
        "2 b",
        "3 b",
        "3 b tab",
        "4 b",
        "6 b",
        "7 b",
        "8 b",
        "F",
        "F tab",
        "F tab tab",
        "F m",
        "F m m",
        "O",
        "M",
        "M m",
        "M m m",
        "M m m m",
        "M m m m m",
        "tab tab z",
    ] {
        let mut bench = bench();
        bench.keys(way);
        out.insert(way, format!("{:#?}", bench.app.shown().map(|shown| shown.rows)));
    }
    let mut bench = bench();
    bench.keys("B");
    let Screen::Brief(brief) = bench.app.screen() else {
        panic!("{}", bench.picture())
    };
    // The brief counts what is wrong with the data; that is to differ.
    let counts = i18n::t(lang, "brief.findings").split(':').next().unwrap_or_default();
    let lines = brief
        .lines
        .iter()
        .filter(|line| !matches!(line, Line::Text(text) if text.starts_with(counts)));
    out.insert("B", format!("{:#?}", lines.collect::<Vec<_>>()));
    out
}

type Otherwise = fn(&mut Value);

#[test]
fn a_figure_that_cannot_be_counts_like_none() {
    // What is wrong, and what it must count like.
    let wrongs: &[(&str, Kind, Otherwise, Otherwise)] = &[
        (
            "progress over a hundred",
            Kind::Project,
            |p| p["physical"] = 14_000.into(),
            |p| drop(p.as_object_mut().map(|p| p.remove("physical"))),
        ),
        (
            "progress below nothing",
            Kind::Project,
            |p| p["physical"] = (-20).into(),
            |p| drop(p.as_object_mut().map(|p| p.remove("physical"))),
        ),
        (
            "a weight below nothing",
            Kind::Project,
            |p| p["weight"] = (-3).into(),
            |p| p["weight"] = 0.into(),
        ),
        (
            "a path over a hundred",
            Kind::Project,
            |p| p["path"] = json!([{"on": "2024-01-01", "percent": 5000}]),
            |p| {
                p["path"] = json!([]);
                p["start"] = "2099-01-01".into();
                p["due"] = "2098-01-01".into();
            },
        ),
        (
            "jobs below nothing",
            Kind::Initiative,
            |i| i["jobs"] = json!({"committed": -70_000, "claimed": -70_000, "registered": -1, "approved": -1, "verified": -70_000}),
            |i| i["jobs"] = json!({}),
        ),
        (
            "capital below nothing",
            Kind::Initiative,
            |i| i["capital"] = json!({"committed": -7e13, "verified": -7e13}),
            |i| i["capital"] = json!({}),
        ),
        (
            "a reach below nothing",
            Kind::Campaign,
            |c| c["reach"] = (-90_000).into(),
            |c| drop(c.as_object_mut().map(|c| c.remove("reach"))),
        ),
        (
            "a planned reach below nothing",
            Kind::Campaign,
            |c| c["reach_planned"] = (-90_000).into(),
            |c| drop(c.as_object_mut().map(|c| c.remove("reach_planned"))),
        ),
        (
            "a score over a hundred",
            Kind::Evaluation,
            |e| e["score"] = 140.into(),
            |e| drop(e.as_object_mut().map(|e| e.remove("score"))),
        ),
        (
            "an evaluation of a day to come",
            Kind::Evaluation,
            |e| e["on"] = "2099-01-01".into(),
            |e| drop(e.as_object_mut().map(|e| e.remove("score"))),
        ),
        (
            "a measure's weight below nothing",
            Kind::Measure,
            |m| m["weight"] = (-2).into(),
            |m| m["weight"] = 0.into(),
        ),
    ];
    for (seed, lang) in SEEDS.into_iter().zip(LANGS) {
        let right = summed_up(&province(seed).board, lang);
        for (what, kind, wrong, like) in wrongs {
            let rows = province(seed).json[kind.plural()]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            let open = rows.iter().find(|row| {
                row["state"] != "done" && row["state"] != "cancelled" && row["jobs"] != Value::Null
                    || *kind != Kind::Initiative && row["state"] == "in-progress"
            });
            let Some(one) = open.or(rows.first()) else {
                panic!("no {kind}")
            };
            let with = |otherwise: &Otherwise| {
                let mut row = one.clone();
                otherwise(&mut row);
                let mut board = province(seed).board.clone();
                board.apply(vec![Change::Put(record(*kind, &row))]);
                board
            };
            let (wrong, like) = (with(wrong), with(like));
            let found = |board: &Board| {
                board
                    .findings()
                    .of(*kind, one["id"].as_str().unwrap_or_default())
                    .iter()
                    .map(|f| f.rule)
                    .collect::<Vec<_>>()
            };
            let names = ["percent-out-of-range", "figure-negative", "date-in-future"];
            assert!(
                found(&wrong).iter().any(|rule| names.contains(rule)),
                "{what} is no finding: {:?}",
                found(&wrong)
            );
            let (said, expected) = (summed_up(&wrong, lang), summed_up(&like, lang));
            for (way, said) in &said {
                assert_eq!(said, &expected[way], "{what} shows on {way} of {seed}");
            }
            assert!(
                *kind == Kind::Evaluation || said != right || expected == right,
                "{what}"
            );
        }
    }
}
