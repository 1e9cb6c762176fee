#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::fixture;
use crate::source::sample::{Form, Sample};
use crate::source::{Limits, Source};
use crate::text::visible;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

struct Said {
    code: u8,
    out: String,
    err: String,
}

/// Runs the command line behind `rasad show` on a file, with an empty environment, at noon of 22 May 2024 in Tehran.
fn show(source: Option<&Path>, line: &[&str]) -> Said {
    show_in(None, source, line)
}

fn show_in(width: Option<usize>, source: Option<&Path>, line: &[&str]) -> Said {
    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        args: ShowArgs,
        #[command(flatten)]
        common: Common,
    }
    let mut words = vec!["show"];
    words.extend(line);
    let Cli { args, mut common } = <Cli as clap::Parser>::try_parse_from(words).unwrap();
    if common.source.is_none() {
        common.source = source.map(|path| path.to_str().unwrap().to_owned());
    }
    let clock = Clock::Fixed("2024-05-22T08:30:00Z".parse().unwrap());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let env = Env::of(&[("HOME", "/nowhere")]);
    let code = answer(&args, &common, &env, clock, width, &mut out, &mut err);
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    // Whatever happens, nothing a terminal would obey leaves the program.
    assert!(
        !out.replace("\r\n", "\n")
            .trim_start_matches('\u{feff}')
            .contains(visible::is_forbidden),
        "{out:?}"
    );
    assert!(!err.contains(visible::is_forbidden), "{err:?}");
    Said { code, out, err }
}

fn file(dir: &tempfile::TempDir, text: &str) -> std::path::PathBuf {
    let path = dir.path().join("headquarters.json");
    std::fs::write(&path, text).unwrap();
    path
}

/// The command on the small headquarters.
fn small(line: &[&str]) -> Said {
    let dir = tempfile::tempdir().unwrap();
    show(Some(&file(&dir, fixture::DOCUMENT)), line)
}

fn ids(json: &str) -> Vec<String> {
    let json: Json = serde_json::from_str(json).unwrap();
    let rows = json["rows"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_table_is_for_people() {
    let said = small(&[
        "plans",
        "--columns",
        "agency,state,effective_due,days_overdue",
        "--lang",
        "en",
    ]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        said.out,
        "agency                               state                  effective deadline  days overdue\n\
         ───────────────────────────────────  ─────────────────────  ──────────────────  ────────────\n\
         DG Cooperatives, Labour and Welfare  not submitted          2024-04-19                    33\n\
         Tabriz Power Distribution            returned for revision  2024-05-20                     2\n\
         Technology Park                      accepted               2024-04-19\n"
    );
    let said = small(&["plans", "--columns", "agency,state,days_overdue", "--limit", "2"]);
    assert_eq!(
        said.out,
        // By cells: the ezafe and the half-space take none, لا takes one.
        "دستگاه                              وضعیت         روز تأخیر\n\
         ──────────────────────────────────  ────────────  ─────────\n\
         ادارهٔ کل تعاون، کار و رفاه اجتماعی  ارائه‌نشده            ۳۳\n\
         شرکت توزیع برق تبریز                نیازمند اصلاح          ۲\n"
    );
}

#[test]
fn a_table_fits_the_terminal_at_any_width() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, fixture::DOCUMENT);
    for width in [1, 10, 40, 80, 120] {
        for kind in Kind::ALL {
            for lang in ["fa", "en"] {
                let said = show_in(
                    Some(width),
                    Some(&path),
                    &[kind.plural(), "--columns", "all", "--lang", lang],
                );
                for line in said.out.lines() {
                    assert!(crate::text::cells(line) <= width, "{width}: {line}");
                }
            }
        }
    }
}

#[test]
fn csv_is_for_spreadsheets_and_scripts() {
    let columns = [
        "--columns",
        "id,agency,state,effective_due,days_overdue,late,score",
        "--format",
        "csv",
    ];
    let said = small(&[&["plans"][..], &columns].concat());
    assert_eq!(
        said.out,
        "id,agency,state,effective_due,days_overdue,late,score\r\n\
         pl-1,a-1,not-submitted,2024-04-19,33,false,\r\n\
         pl-2,a-2,returned,2024-05-20,2,false,\r\n\
         pl-3,a-3,accepted,2024-04-19,,true,81.5\r\n"
    );
    let said = small(&[&["plans", "--readable", "--bom", "--limit", "۱"][..], &columns].concat());
    assert_eq!(
        said.out,
        "\u{feff}شناسه,دستگاه,وضعیت,مهلت مؤثر,روز تأخیر,با تأخیر,امتیاز\r\n\
         pl-1,ادارهٔ کل تعاون، کار و رفاه اجتماعی,ارائه‌نشده,۱۴۰۳/۰۱/۳۱,33,خیر,\r\n"
    );
}

#[test]
fn json_carries_the_records_own_fields_and_what_is_derived() {
    let said = small(&[
        "plans",
        "--format",
        "json",
        "--filter",
        "is:overdue",
        "--sort",
        "-days_overdue",
        "--limit",
        "1",
    ]);
    let json: Json = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["as_of"], "2024-05-22");
    assert!(json["source"].as_str().unwrap().ends_with("headquarters.json"));
    assert_eq!(json["total"], 2, "all that match, not only those written");
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["as_of", "source", "total", "rows"]);
    let mut row = json["rows"][0].clone();
    let derived = row.as_object_mut().unwrap().remove("derived").unwrap();
    let mut own = fixture::document()["plans"][0].clone();
    // Dates travel in one form, whichever calendar they came in.
    own["due"] = "2024-04-19".into();
    own["follow_ups"][0]["on"] = "2024-04-22".into();
    own["follow_ups"][1]["on"] = "2024-04-29".into();
    assert_eq!(row, own);
    assert_eq!(derived["effective_due"], "2024-04-19");
    assert_eq!(derived["days_overdue"], 33);
    assert_eq!(derived["late"], false);
}

#[test]
fn json_derives_for_every_kind_what_the_contract_names() {
    let derived = |kind: &str, id: &str| {
        let said = small(&[kind, "--format", "json", "--filter", &format!("id={id}")]);
        let json: Json = serde_json::from_str(&said.out).unwrap();
        json["rows"][0]["derived"].clone()
    };
    let project = derived("project", "p-1");
    // From 2 Khordad 1402 to 2 Khordad 1404 are 731 days, of which 365 have passed.
    let planned = 365.0 / 731.0 * 100.0;
    assert!(
        (project["planned"].as_f64().unwrap() - planned).abs() < 1e-9,
        "{project}"
    );
    assert!((project["deviation"].as_f64().unwrap() - (30.0 - planned)).abs() < 1e-9);
    let measure = derived("measures", "m-1");
    assert_eq!(measure["projects"], 2);
    assert_eq!(measure["actual"], 65);
    assert!((measure["planned"].as_f64().unwrap() - (planned + 100.0) / 2.0).abs() < 1e-6);
    assert!((measure["deviation"].as_f64().unwrap() - (65.0 - (planned + 100.0) / 2.0)).abs() < 1e-6);
    let without = derived("measures", "m-13");
    assert_eq!(
        (&without["projects"], &without["actual"]),
        (&Json::from(0), &Json::Null)
    );
}

#[test]
fn named_columns_narrow_json_too() {
    let said = small(&[
        "initiatives",
        "--format",
        "json",
        "--columns",
        "عنوان,jobs_verified,findings",
        "--limit",
        "1",
    ]);
    let json: Json = serde_json::from_str(&said.out).unwrap();
    let row = json["rows"][0].as_object().unwrap();
    assert_eq!(row.keys().collect::<Vec<_>>(), ["id", "title", "jobs", "derived"]);
    assert_eq!(
        row["derived"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["findings"]
    );
}

#[test]
fn a_kind_goes_by_any_of_its_names() {
    for (name, first) in [
        ("plan", "pl-1"),
        ("plans", "pl-1"),
        ("برنامهٔ عملیاتی", "pl-1"),
        ("برنامه های عملیاتی", "pl-1"),
        ("Agencies", "a-1"),
        ("پروژه‌ها", "p-1"),
    ] {
        let said = small(&[name, "--format", "json"]);
        assert_eq!(ids(&said.out)[0], first, "{name}: {}", said.err);
    }
}

#[test]
fn overdue_plans_know_agencies_without_a_plan() {
    let said = small(&["overdue-plans", "--format", "json"]);
    assert_eq!(ids(&said.out), ["a-1", "a-4", "a-2"]);
    let said = small(&["overdue-plans", "--format", "json", "--filter", "category:driver"]);
    assert_eq!(ids(&said.out), ["a-1"]);
    let said = small(&["plans", "--filter", "is:overdue", "--format", "json"]);
    assert_eq!(ids(&said.out), ["pl-1", "pl-2"]);
}

#[test]
fn rows_come_sorted_by_the_columns_named_in_either_language() {
    for (sort, order) in [
        ("physical", ["p-1", "p-10", "p-2", "p-3"]),
        ("-physical", ["p-2", "p-10", "p-1", "p-3"]),
        ("-پیشرفت فیزیکی", ["p-2", "p-10", "p-1", "p-3"]),
        ("measure,-physical", ["p-2", "p-1", "p-10", "p-3"]),
        ("اقدام، −پیشرفت_فیزیکی", ["p-2", "p-1", "p-10", "p-3"]),
    ] {
        let said = small(&["projects", "--format", "json", "--sort", sort]);
        assert_eq!(ids(&said.out), order, "{sort}: {}", said.err);
    }
}

#[test]
fn the_day_of_evaluation_may_be_another() {
    let overdue =
        |line: &[&str]| ids(&small(&[&["plans", "--format", "json", "--filter", "is:overdue"], line].concat()).out);
    assert_eq!(
        overdue(&[]),
        ["pl-1", "pl-2"],
        "a synthetic document opens on its own day"
    );
    assert_eq!(overdue(&["--as-of", "1403/02/31"]), ["pl-1"]);
    assert_eq!(overdue(&["--as-of", "۱۴۰۳/۰۱/۳۱"]), Vec::<String>::new());
    assert_eq!(overdue(&["--as-of", "2024-04-20"]), ["pl-1"]);
}

#[test]
fn a_real_document_is_evaluated_today_in_its_own_zone() {
    let dir = tempfile::tempdir().unwrap();
    let real = fixture::DOCUMENT.replace("\"synthetic\": true", "\"synthetic\": false");
    let as_of = |zone: &str, instant: &str| {
        let text = real.replace(
            "\"programme_year\"",
            &format!("\"time_zone\": \"{zone}\", \"programme_year\""),
        );
        let source = Source::File(file(&dir, &text));
        let clock = Clock::Fixed(instant.parse().unwrap());
        let loaded = load::board(
            &source,
            None,
            crate::board::Settings::default(),
            &Limits::default(),
            &crate::source::Access::default(),
            None,
            clock,
        );
        loaded.unwrap().board.today().to_string()
    };
    assert_eq!(as_of("Asia/Tehran", "2024-06-01T20:45:00Z"), "2024-06-02");
    assert_eq!(as_of("Etc/UTC", "2024-06-01T20:45:00Z"), "2024-06-01");
}

#[test]
fn every_mistake_of_the_command_line_is_named_at_once() {
    let line = [
        "projects",
        "--format",
        "xml",
        "--limit",
        "چند",
        "--as-of",
        "1403/13/01",
        "--sort",
        "titel,-stat",
        "--columns",
        "id,agncy",
        "--filter",
        "physical>x is:overdu",
        "--lang",
        "en",
    ];
    let said = small(&line);
    assert_eq!((said.code, said.out.as_str()), (64, ""));
    assert_eq!(
        said.err.lines().collect::<Vec<_>>(),
        [
            "--format: There is no format “xml”. Formats: table csv json",
            "--limit: “چند” is no count.",
            "--as-of: “1403/13/01” is not a date; write 1403/02/20 or 2024-05-09.",
            "--filter: at “x”: “physical” takes a number and “x” is none.",
            "--filter: at “overdu”: There is no condition “overdu”. Did you mean: overdue?",
            "--sort: There is no column “titel”. Did you mean: title?",
            "--sort: There is no column “stat”. Did you mean: state, start?",
            "--columns: There is no column “agncy”. Did you mean: agency?",
        ]
    );
    let said = small(&["projcts", "--lang", "en"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (64, "KIND: There is no kind “projcts”. Did you mean: projects?\n")
    );
    let said = small(&["رنگ"]);
    assert_eq!(said.code, 64);
    assert!(
        said.err.contains("گونه‌ای به نام «رنگ» نداریم.") && said.err.contains("overdue-plans"),
        "{}",
        said.err
    );
    assert_eq!(small(&["plans", "--lang", "klingon"]).code, 1);
    let said = small(&["plans", "--lang", "klingon", "--limit", "x"]);
    assert!(
        said.code == 64 && said.err.contains("klingon") && said.err.contains("--limit"),
        "{}",
        said.err
    );
}

#[test]
fn a_source_that_cannot_be_read_ends_with_2_and_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    for (text, why) in [("", "empty"), ("{\"rasad\":2}", "version"), ("{\"rasad\":1,", "cut")] {
        let path = file(&dir, text);
        let said = show(Some(&path), &["plans", "--format", "json", "--lang", "en"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{why}");
        assert!(said.err.contains("headquarters.json"), "{why}: {}", said.err);
    }
    let said = show(Some(&dir.path().join("nothing.json")), &["plans"]);
    assert_eq!((said.code, said.err.lines().count()), (2, 1));
}

#[test]
fn records_left_out_are_spoken_of() {
    let dir = tempfile::tempdir().unwrap();
    let text = fixture::DOCUMENT.replace(r#"{"id": "e-1", "name""#, r#"{"id": "e-0"}, {"id": "e-1", "name""#);
    let said = show(
        Some(&file(&dir, &text)),
        &["enterprises", "--format", "json", "--lang", "en"],
    );
    assert_eq!((said.code, ids(&said.out)), (0, vec!["e-1".to_owned()]));
    assert_eq!(
        said.err,
        "1 record could not be read and is missing here; rasad check says which and why.\n"
    );
}

#[test]
fn hostile_text_reaches_no_output() {
    let dir = tempfile::tempdir().unwrap();
    let text = fixture::DOCUMENT
        .replace("تراکتورسازی", r"=cmd|' /C calc'!A0\u001b]52;c;eA==\u0007\u202e\u2068")
        .replace("\"خودرو\"", "\"\\u0000\\n\\tﻻ\"");
    let path = file(&dir, &text);
    for format in ["table", "csv", "json"] {
        for lang in ["fa", "en"] {
            let said = show(
                Some(&path),
                &["enterprises", "--columns", "all", "--format", format, "--lang", lang],
            );
            assert_eq!(said.code, 0);
            if format == "csv" && lang == "fa" {
                assert!(said.out.contains(",'=cmd|"), "{}", said.out);
            }
        }
    }
    let said = show(Some(&path), &["\u{1b}[2J", "--filter", "\u{202e}x:\u{7}"]);
    assert_eq!(said.code, 64);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    struct Gone(ErrorKind);
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for format in ["table", "csv", "json"] {
        for (kind, code) in [(ErrorKind::BrokenPipe, 0), (ErrorKind::StorageFull, 1)] {
            let args = ShowArgs {
                kind: "plans".into(),
                format: Some(format.into()),
                ..ShowArgs::default()
            };
            let mut err = Vec::new();
            let env = Env::of(&[("HOME", "/nowhere")]);
            let said = answer(
                &args,
                &Common::default(),
                &env,
                Clock::System,
                None,
                &mut Gone(kind),
                &mut err,
            );
            assert_eq!((said, err.is_empty()), (code, code == 0), "{format} {kind:?}");
        }
    }
}

#[test]
fn the_sample_before_its_day_is_its_newest_kept_state() {
    let now = show(None, &["decisions", "--format", "json"]);
    let then = show(None, &["decisions", "--format", "json", "--as-of", "1403/01/20"]);
    let json: Json = serde_json::from_str(&then.out).unwrap();
    assert_eq!(json["as_of"], "2024-04-08");
    let (now, then) = (ids(&now.out).len(), json["rows"].as_array().unwrap().len());
    assert!(0 < then && then < now, "{then} of {now} decisions were taken by then");
}

// What rows mean, on both provinces of the sample: expected answers are computed from the JSON alone.

struct Province {
    dir: tempfile::TempDir,
    json: Json,
    today: i64,
}

impl Province {
    fn new(seed: u64) -> Self {
        let sample = Sample::new(seed, Some(400));
        let mut text = Vec::new();
        sample.write_to(&mut text, Form::Json, sample.as_of()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("headquarters.json"), &text).unwrap();
        let json: Json = serde_json::from_slice(&text).unwrap();
        let today = day(&json["headquarters"]["as_of"]).unwrap();
        Self { dir, json, today }
    }

    fn ids(&self, line: &[&str]) -> Vec<String> {
        let said = show(
            Some(&self.dir.path().join("headquarters.json")),
            &[line, &["--format", "json"]].concat(),
        );
        assert_eq!(said.code, 0, "{line:?}: {}", said.err);
        ids(&said.out)
    }

    /// The rows of a kind, of two with one id the first; in the order of their ids.
    fn rows(&self, kind: &str) -> BTreeMap<String, &Json> {
        let mut rows = BTreeMap::new();
        for row in self.json[kind].as_array().unwrap() {
            rows.entry(row["id"].as_str().unwrap().to_owned()).or_insert(row);
        }
        rows
    }

    fn expect(&self, kind: &str, filter: &str, holds: impl Fn(&Json) -> bool) -> usize {
        let rows = self.rows(kind);
        let wanted: Vec<&String> = rows.iter().filter(|(_, row)| holds(row)).map(|(id, _)| id).collect();
        let mut found = self.ids(&[kind, "--filter", filter]);
        found.sort();
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{kind}: {filter}");
        wanted.len()
    }
}

/// Days since 1970-01-01 by the arithmetic calendar of 33-year cycles, which is right for the years of the sample.
fn day(value: &Json) -> Option<i64> {
    let parts: Vec<i64> = value
        .as_str()?
        .get(..10)?
        .split('-')
        .map(|p| p.parse().unwrap())
        .collect();
    let [y, m, d] = parts[..] else { return None };
    if y < 1700 {
        // 1 Farvardin 1403 was 20 March 2024, day 19,802; of the years around only 1399 and 1403 are leap.
        let leaps = [1391, 1395, 1399, 1403, 1408].iter();
        let before = |year: i64| leaps.clone().filter(|leap| **leap < year).count() as i64;
        let new_year = 19_802 + (y - 1403) * 365 + before(y) - before(1403);
        let months = (m - 1) * 31 - (m - 7).max(0);
        return Some(new_year + months + d - 1);
    }
    let (a, b) = if m > 2 { (y, m - 3) } else { (y - 1, m + 9) };
    Some(365 * a + a / 4 - a / 100 + a / 400 + (153 * b + 2) / 5 + d - 1 - 719_468)
}

#[test]
fn the_answers_are_right_on_both_provinces() {
    for seed in [1, 7] {
        let p = Province::new(seed);
        let state = |row: &Json| row["state"].as_str().unwrap_or_default().to_owned();
        let due = |plan: &Json| day(&plan["extended_to"]).or(day(&plan["due"])).unwrap();
        let owed = |plan: &Json| !["submitted", "accepted"].contains(&state(plan).as_str());
        let some = [
            p.expect("plans", "is:overdue", |r| owed(r) && p.today > due(r)),
            p.expect("plans", "معوق هست:معوق -معوق", |_| false) + 1,
            p.expect("plans", "days_overdue>14", |r| owed(r) && p.today - due(r) > 14),
            p.expect("plans", "is:late", |r| day(&r["submitted"]).is_some_and(|s| s > due(r))),
            p.expect("plans", "state:submitted", |r| state(r) == "submitted"),
            p.expect("projects", "state!=done", |r| state(r) != "done"),
            p.expect("projects", "physical>=50", |r| {
                r["physical"].as_f64().is_some_and(|n| n >= 50.0)
            }),
            p.expect("projects", "پیشرفت فیزیکی<۵۰", |r| {
                r["physical"].as_f64().is_some_and(|n| n < 50.0)
            }),
            p.expect("projects", "is:overdue", |r| {
                day(&r["due"]).is_some_and(|d| d < p.today) && !["done", "cancelled"].contains(&state(r).as_str())
            }),
            p.expect("projects", "county:none", |r| r["county"].is_null()) + 1,
            p.expect("projects", "measure:2", |r| {
                let measures = p.rows("measures");
                measures
                    .get(r["measure"].as_str().unwrap())
                    .is_some_and(|m| m["number"] == 2)
            }),
            p.expect("decisions", "is:overdue", |r| {
                let last = ["executed", "not-executed", "settled"].contains(&state(r).as_str());
                !last && day(&r["due"]).is_some_and(|d| d < p.today)
            }),
            p.expect("demands", "is:open received<today-30", |r| {
                let last = ["answered", "settled", "rejected"].contains(&state(r).as_str());
                !last && day(&r["received"]).is_some_and(|d| d < p.today - 30)
            }),
            p.expect("initiatives", "is:new stage:brought-in", |r| {
                r["origin"] == "new" && r["stage"] == "brought-in"
            }),
            p.expect("initiatives", "نوع:تعاونی", |r| {
                r["initiative_kind"] == "cooperative"
            }),
            p.expect("initiatives", "jobs_verified>2", |r| {
                r["jobs"]["verified"].as_f64().is_some_and(|n| n > 2.0)
            }),
            p.expect("agencies", "is:no-expert", |r| r["expert"].is_null()),
            p.expect("agencies", "is:no-project", |r| {
                !p.json["projects"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|project| project["agency"] == r["id"])
            }),
            p.expect("agencies", "is:overdue", |r| {
                let plans: Vec<_> = p
                    .rows("plans")
                    .into_values()
                    .filter(|plan| plan["agency"] == r["id"])
                    .collect();
                let none = plans.is_empty() && p.today > day(&p.json["headquarters"]["plan_due"]).unwrap();
                none || plans.iter().any(|plan| owed(plan) && p.today > due(plan))
            }),
        ];
        assert!(
            some.iter().filter(|n| **n > 0).count() >= 17,
            "seed {seed}: the sample shows too little: {some:?}"
        );
    }
}

#[test]
fn the_order_is_right_on_both_provinces() {
    for seed in [1, 7] {
        let p = Province::new(seed);
        for descending in [false, true] {
            let mut wanted: Vec<(Option<i64>, String)> = p
                .rows("projects")
                .iter()
                .map(|(id, row)| (day(&row["due"]), id.clone()))
                .collect();
            wanted.sort_by(|(a, x), (b, y)| {
                let last = a.is_none().cmp(&b.is_none());
                let order = if descending { b.cmp(a) } else { a.cmp(b) };
                last.then(order).then_with(|| crate::contract::id::counted(x.as_bytes(), y.as_bytes()))
            });
            let sort = if descending { "-due" } else { "due" };
            let wanted: Vec<String> = wanted.into_iter().map(|(_, id)| id).collect();
            assert_eq!(p.ids(&["projects", "--sort", sort]), wanted, "seed {seed}");
        }
    }
}
