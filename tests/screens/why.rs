//! Why, on every screen that shows a derived figure: the formula and its terms, worked out here from the JSON alone.

use super::harness::{Bench, LANGS, SEEDS};
use super::meaning::{Doc, day, doc, word};
use super::people::reached;
use rasad::app::popup::Popup;
use rasad::contract::Kind;
use rasad::i18n;
use rasad::text::{Lang, number};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the window over the screen says, in one line and without what only directs its letters.
fn window(bench: &Bench) -> String {
    let Some(Popup::Help(help)) = bench.app.popup() else {
        panic!("no window:\n{}", bench.picture())
    };
    let text: Vec<&str> = help.all.iter().map(|line| line.text.as_str()).collect();
    plain(&text.join(" "))
}

fn plain(text: &str) -> String {
    let shown = text
        .chars()
        .filter(|c| !matches!(c, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}'));
    shown
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn said(lang: Lang, key: &'static str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    plain(&i18n::tf(lang, key, &values))
}

fn rate(lang: Lang, key: &'static str, part: usize, of: usize) -> String {
    let int = |n: usize| number::integer(n as i64, lang);
    let share = match of {
        0 => "—".to_owned(),
        _ => number::percent((1000.0 * part as f64 / of as f64).round() / 10.0, lang),
    };
    let rate = said(
        lang,
        "sheet.rate",
        &[("part", int(part)), ("of", int(of)), ("rate", share)],
    );
    said(
        lang,
        "terms.value",
        &[("name", i18n::t(lang, key).to_owned()), ("value", rate)],
    )
}

/// The initiatives of a document, each once.
fn initiatives(doc: &Doc) -> Vec<&'static Value> {
    let mut once = BTreeSet::new();
    let rows = doc.rows("initiatives").iter();
    rows.filter(|row| once.insert(word(row, "id"))).collect()
}

/// What the funnel of a group must say, and the sums of its jobs.
fn funnel(lang: Lang, doc: &Doc, of: impl Fn(&Value) -> bool) -> Vec<String> {
    let today = word(&doc.0["headquarters"], "as_of");
    let of: Vec<&Value> = initiatives(doc).into_iter().filter(|row| of(row)).collect();
    let at = |stage: usize| of.iter().filter(|row| reached(row, today) >= stage).count();
    let origin = |origin: &str| of.iter().filter(|row| word(row, "origin") == origin).count();
    vec![
        rate(lang, "terms.identified-of-all", at(1), of.len()),
        rate(lang, "terms.empowered-of-identified", at(2), at(1)),
        rate(lang, "terms.brought-in-of-empowered", at(3), at(2)),
        rate(lang, "terms.brought-in-of-identified", at(3), at(1)),
        rate(
            lang,
            "terms.new-of-known",
            origin("new"),
            origin("new") + origin("existing"),
        ),
    ]
}

fn jobs(lang: Lang, doc: &Doc, of: impl Fn(&Value) -> bool) -> Vec<String> {
    let of: Vec<&Value> = initiatives(doc).into_iter().filter(|row| of(row)).collect();
    let stated = |step: &str| {
        of.iter()
            .filter_map(|row| row["jobs"][step].as_f64())
            .filter(|n| *n >= 0.0)
            .collect::<Vec<f64>>()
    };
    let name = |step: &str| {
        i18n::find(lang, &format!("figure.{step}"))
            .unwrap_or_default()
            .to_owned()
    };
    let mut out = Vec::new();
    for step in ["committed", "claimed", "registered", "approved", "verified"] {
        let all = stated(step);
        let sum = number::decimal(all.iter().sum(), 1, lang);
        let n = number::integer(all.len() as i64, lang);
        out.push(said(lang, "terms.sum", &[("step", name(step)), ("sum", sum), ("n", n)]));
    }
    let (part, whole): (f64, f64) = (stated("verified").iter().sum(), stated("committed").iter().sum());
    let values = [
        ("step", name("verified")),
        ("of", name("committed")),
        ("a", number::decimal(part, 1, lang)),
        ("b", number::decimal(whole, 1, lang)),
        ("rate", number::percent((1000.0 * part / whole).round() / 10.0, lang)),
    ];
    out.push(said(lang, "terms.steps", &values));
    out
}

#[track_caller]
fn must_hold(bench: &Bench, sentences: &[String]) {
    let window = window(bench);
    for sentence in sentences {
        assert!(window.contains(sentence.as_str()), "{sentence}\nin {window}");
    }
}

#[test]
fn participation_says_its_terms_wherever_it_is_shown() {
    for seed in SEEDS {
        for lang in LANGS {
            let doc = doc(seed);
            let of = |field: &'static str, value: String| move |row: &Value| row[field] == value.as_str();
            let mut bench = Bench::new(seed, lang, (80, 24));
            // Home businesses, the most numerous kind, stand first on the overview and on the screen of participation.
            let kind = || of("initiative_kind", "home-business".to_owned());
            bench.keys("tab tab x");
            must_hold(&bench, &funnel(lang, &doc, kind()));
            must_hold(&bench, &jobs(lang, &doc, kind()));
            bench.keys("esc F x");
            must_hold(&bench, &funnel(lang, &doc, kind()));
            bench.keys("esc m x");
            must_hold(&bench, &jobs(lang, &doc, kind()));
            // By county, on that screen and on the map.
            bench.keys("esc tab");
            let county = match bench.app.screen() {
                rasad::app::screen::Screen::Participation(view) => view.rows.selected().cloned().flatten(),
                _ => None,
            };
            let county = county
                .unwrap_or_else(|| panic!("no county:\n{}", bench.picture()))
                .to_string();
            bench.keys("x");
            must_hold(&bench, &jobs(lang, &doc, of("county", county)));
            bench.keys("esc M");
            let tile = match bench.app.screen() {
                rasad::app::screen::Screen::Map(map) => map.selected().map(|tile| tile.id.to_string()),
                _ => None,
            };
            let tile = tile.unwrap_or_default();
            bench.keys("x");
            must_hold(&bench, &funnel(lang, &doc, of("county", tile.clone())));
            bench.keys("esc m m m x");
            must_hold(&bench, &jobs(lang, &doc, of("county", tile)));
        }
    }
}

/// The days an initiative was visited on until today.
fn visits<'a>(doc: &Doc, row: &'a Value) -> Vec<&'a Value> {
    let all = row["outreach"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter(|visit| day(&visit["on"]) <= doc.today()).collect()
}

#[test]
fn nobody_yet_leads_to_as_many_initiatives_as_it_says() {
    for seed in SEEDS {
        for lang in LANGS {
            let doc = doc(seed);
            let nobody: BTreeSet<&str> = initiatives(&doc)
                .into_iter()
                .filter(|row| word(row, "stage") != "closed" && visits(&doc, row).is_empty())
                .map(|row| word(row, "id"))
                .collect();
            let closed = initiatives(&doc)
                .into_iter()
                .any(|row| word(row, "stage") == "closed" && visits(&doc, row).is_empty());
            let mut bench = Bench::new(seed, lang, (80, 24));
            bench.keys("O x");
            let n = number::integer(nobody.len() as i64, lang);
            must_hold(&bench, &[said(lang, "terms.nobody", &[("n", n)])]);
            bench.keys("esc enter");
            let listed: BTreeSet<String> = bench.ids().into_iter().collect();
            assert_eq!(
                listed,
                nobody.iter().map(|id| (*id).to_owned()).collect(),
                "{}",
                bench.picture()
            );
            assert!(
                seed != 1 || closed,
                "a province without a closed one nobody went to proves little"
            );
        }
    }
}

#[test]
fn a_body_says_whom_it_went_to_and_whom_not() {
    for seed in SEEDS {
        for lang in LANGS {
            let doc = doc(seed);
            let mut bench = Bench::new(seed, lang, (80, 24));
            bench.keys("O end");
            let body = match bench.app.screen() {
                rasad::app::screen::Screen::Outreach(view) => view.rows.selected().cloned().flatten(),
                _ => None,
            };
            let body = body
                .unwrap_or_else(|| panic!("nobody:\n{}", bench.picture()))
                .to_string();
            let by = |row: &Value| {
                visits(&doc, row)
                    .iter()
                    .filter(|visit| visit["by"] == body.as_str())
                    .count()
            };
            let int = |n: usize| number::integer(n as i64, lang);
            let all = initiatives(&doc);
            let own: Vec<_> = all.iter().filter(|row| row["sponsor"] == body.as_str()).collect();
            let unvisited = own.iter().filter(|row| by(row) == 0).count();
            bench.keys("x");
            must_hold(
                &bench,
                &[
                    said(
                        lang,
                        "terms.gone-to",
                        &[
                            ("n", int(all.iter().filter(|row| by(row) > 0).count())),
                            ("contacts", int(all.iter().map(|row| by(row)).sum())),
                        ],
                    ),
                    said(
                        lang,
                        "terms.sponsored",
                        &[
                            ("n", int(own.len())),
                            ("visited", int(own.len() - unvisited)),
                            ("unvisited", int(unvisited)),
                        ],
                    ),
                ],
            );
        }
    }
}

#[test]
fn a_finding_says_how_grave_it_is_since_when_and_by_which_limits() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, (80, 24));
        bench.keys("tab tab tab x");
        let window_of_first = window(&bench);
        let board = bench.app.board();
        let first = board.findings().ranked().next().unwrap_or_else(|| panic!("no finding"));
        let since = first.since.unwrap_or_else(|| panic!("{first:?} is undated"));
        let grade = said(
            lang,
            "finding.grade-since",
            &[
                ("severity", i18n::t(lang, first.severity.name_key()).to_owned()),
                (
                    "day",
                    rasad::text::calendar::short(since, bench.app.style().calendar, lang),
                ),
                ("days", number::integer(i64::from(board.today() - since), lang)),
            ],
        );
        assert!(window_of_first.contains(&grade), "{grade} in {window_of_first}");
        let limit = format!("plan_critical_days = {}", number::integer(14, lang));
        bench.keys("esc 4 x");
        must_hold(&bench, &[limit]);
        // What nobody can date says so.
        let undated = bench
            .app
            .board()
            .findings()
            .ranked()
            .find(|finding| finding.since.is_none());
        let undated = undated.cloned().unwrap_or_else(|| panic!("all are dated"));
        bench.keys("esc 2");
        assert_eq!(undated.kind, Kind::Measure, "{undated:?}");
        bench.select(undated.kind, undated.id.as_str());
        bench.keys("x");
        let grade = said(
            lang,
            "finding.grade",
            &[("severity", i18n::t(lang, undated.severity.name_key()).to_owned())],
        );
        must_hold(&bench, &[grade]);
    }
}

#[test]
fn a_row_of_a_list_says_the_terms_of_its_derived_columns_behind_its_findings() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, (80, 24));
        bench.keys("2 x");
        let window = window(&bench);
        let at = |text: &str| {
            window
                .find(&plain(text))
                .unwrap_or_else(|| panic!("{text}\nin {window}"))
        };
        let finding = at(i18n::t(lang, "rule.measure-behind.title"));
        assert!(finding < at(i18n::t(lang, "formula.measure")));
        assert!(finding < at(i18n::t(lang, "formula.count")));
        // One formula with the same terms is not said again for the next column.
        assert_eq!(window.matches(&plain(i18n::t(lang, "formula.measure"))).count(), 1);
    }
}

#[test]
fn every_list_and_every_pane_is_summed_up_somewhere() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, (80, 24));
        for kind in Kind::ALL {
            bench.keys("1 :");
            bench.find_entry(i18n::t(lang, kind.plural_key()));
            bench.keys("enter");
            assert!(
                matches!(bench.app.screen(), rasad::app::screen::Screen::List(_)),
                "{kind}"
            );
            bench.keys("b");
            assert!(
                !matches!(
                    bench.app.screen(),
                    rasad::app::screen::Screen::List(_) | rasad::app::screen::Screen::Overview(_)
                ),
                "{kind}: {}",
                bench.picture()
            );
        }
        bench.keys("1");
        for pane in 0..4 {
            bench.keys("b");
            assert!(bench.app.message().is_none(), "pane {pane}: {}", bench.picture());
            bench.keys("1 tab");
        }
    }
}
