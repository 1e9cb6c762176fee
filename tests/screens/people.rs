//! Popular participation: the questions an operator has of it, answered by keys alone at 80×24 and compared with what the JSON says.

use super::harness::{Bench, LANGS, SEEDS, province};
use rasad::app::screen::Screen;
use rasad::app::screen::participation::Figures;
use rasad::board::participation::By;
use rasad::board::report::LinkState;
use rasad::config::{GlyphSet, Glyphs};
use rasad::text::Lang;
use serde_json::Value;
use std::collections::BTreeMap;

const SIZE: (u16, u16) = (80, 24);

fn initiatives(seed: u64) -> &'static [Value] {
    province(seed).json["initiatives"].as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

/// How far an initiative has come by the words of the contract: 0 nowhere, 3 brought in. Dates of one form sort as they are written.
pub fn reached(row: &Value, today: &str) -> usize {
    let present = match word(row, "stage") {
        "identified" => 1,
        "empowered" => 2,
        "brought-in" => 3,
        _ => 0,
    };
    let by = |stage: usize, field: &str| match row[field].as_str() {
        Some(day) => day <= today,
        None => present >= stage,
    };
    let stages = [(3, "brought_in"), (2, "empowered"), (1, "identified")];
    stages
        .into_iter()
        .find(|(stage, field)| by(*stage, field))
        .map_or(0, |(stage, _)| stage)
}

fn sum(rows: &[&Value], figure: &str, step: &str) -> f64 {
    rows.iter().filter_map(|row| row[figure][step].as_f64()).sum()
}

/// A number as an English screen writes it.
fn number(n: f64) -> String {
    let digits = (n.round() as i64).to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The same in Persian digits.
fn persian(n: f64) -> String {
    number(n)
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32('۰' as u32 + c as u32 - '0' as u32).unwrap_or(c),
            ',' => '٬',
            c => c,
        })
        .collect()
}

fn said(n: f64, lang: Lang) -> String {
    if lang == Lang::Fa { persian(n) } else { number(n) }
}

fn today(seed: u64) -> String {
    word(&province(seed).json["headquarters"], "as_of").to_owned()
}

/// The figures of a row of the screen, in the order they are read.
fn figures(row: &str, lang: Lang) -> Vec<String> {
    let digit = |c: char| c.is_ascii_digit() || ('۰'..='۹').contains(&c) || c == '—';
    let mut out: Vec<String> = row
        .split_whitespace()
        .filter(|word| word.chars().next().is_some_and(digit) || word.chars().next_back().is_some_and(digit))
        .map(str::to_owned)
        .collect();
    if lang == Lang::Fa {
        out.reverse();
    }
    out
}

#[test]
fn new_capacity_stands_against_existing_and_the_funnel_counts_what_was_reached() {
    for seed in SEEDS {
        let (rows, today) = (initiatives(seed), today(seed));
        let counted = |holds: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| holds(row)).count() as f64;
        let expected = [
            counted(&|row| reached(row, &today) >= 1),
            counted(&|row| reached(row, &today) >= 2),
            counted(&|row| reached(row, &today) >= 3),
            counted(&|row| word(row, "stage") == "stalled"),
            counted(&|row| word(row, "stage") == "closed"),
            counted(&|row| word(row, "origin") == "existing"),
            counted(&|row| word(row, "origin") == "new"),
        ];
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("F");
            let all = bench.said();
            // The row of all stands last, above the frame and the footer.
            let row = &all[all.len() - 3];
            let shown = figures(row, lang);
            let wanted: Vec<String> = expected.iter().map(|n| said(*n, lang)).collect();
            assert_eq!(
                shown.get(..7),
                Some(&wanted[..]),
                "seed {seed} {lang:?}:\n{}",
                bench.picture()
            );
        }
    }
}

#[test]
fn jobs_by_kind_and_county_are_two_keys_and_an_enter_away() {
    for seed in SEEDS {
        let rows = initiatives(seed);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for row in rows {
            *kinds.entry(word(row, "initiative_kind")).or_default() += 1;
        }
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("F m");
            let Screen::Participation(view) = bench.app.screen() else {
                panic!()
            };
            assert_eq!(
                (view.by, view.figures, view.rows.len()),
                (By::Kind, Figures::Jobs, kinds.len())
            );
            let Some(Some(kind)) = view.rows.selected().cloned() else {
                panic!()
            };
            bench.keys("enter");
            // Every county of that kind, its figures side by side.
            loop {
                let Screen::Participation(view) = bench.app.screen() else {
                    panic!()
                };
                let key = view.rows.selected().cloned().flatten();
                let of: Vec<&Value> = rows
                    .iter()
                    .filter(|row| word(row, "initiative_kind") == kind && row["county"].as_str() == key.as_deref())
                    .collect();
                let stated = |step: &str| of.iter().any(|row| row["jobs"][step].as_f64().is_some());
                let wanted: Vec<String> = ["committed", "claimed", "registered", "approved", "verified"]
                    .map(|step| {
                        if stated(step) {
                            said(sum(&of, "jobs", step), lang)
                        } else {
                            "—".to_owned()
                        }
                    })
                    .into();
                let shown = figures(&bench.here(), lang);
                let n = shown.len();
                assert!(n >= 6, "{}", bench.picture());
                assert_eq!(
                    shown[n - 6..n - 1],
                    wanted,
                    "seed {seed} {kind} {key:?}:\n{}",
                    bench.picture()
                );
                let before = bench.place();
                bench.keys("down");
                if bench.place() == before {
                    break;
                }
            }
            bench.keys("home enter");
            assert!(matches!(bench.app.screen(), Screen::List(_)));
        }
    }
}

#[test]
fn sectors_and_counties_are_told_apart_and_lead_to_their_initiatives() {
    for seed in SEEDS {
        for (tabs, field) in [("tab", "county"), ("tab tab", "sector")] {
            let mut bench = Bench::new(seed, Lang::En, SIZE);
            bench.keys("F");
            bench.keys(tabs);
            let Screen::Participation(view) = bench.app.screen() else {
                panic!()
            };
            let total: usize = view.tallies.iter().map(|tally| tally.count).sum();
            assert_eq!(total, initiatives(seed).len());
            let (key, count) = (view.rows.selected().cloned().flatten(), view.tallies[0].count);
            let expected = initiatives(seed).iter().filter(|row| {
                let value = row[field].as_str().or(row[field]["fa"].as_str());
                value == key.as_deref()
            });
            assert_eq!(expected.count(), count, "{field} {key:?}");
            bench.keys("enter");
            assert_eq!(bench.ids().len(), count, "{field} {key:?}");
        }
    }
}

#[test]
fn nobody_yet_comes_first_and_every_body_says_when_it_last_went() {
    for seed in SEEDS {
        let (rows, today) = (initiatives(seed), today(seed));
        let held = |row: &Value| -> Vec<(String, String)> {
            let contacts = row["outreach"].as_array().cloned().unwrap_or_default();
            contacts
                .iter()
                .map(|contact| (word(contact, "by").to_owned(), word(contact, "on").to_owned()))
                .filter(|(_, on)| *on <= today)
                .collect()
        };
        let nobody = rows
            .iter()
            .filter(|row| held(row).is_empty() && word(row, "stage") != "closed")
            .count();
        let mut last: BTreeMap<String, String> = BTreeMap::new();
        for (by, on) in rows.iter().flat_map(held) {
            let known = last.entry(by).or_default();
            if *known < on {
                *known = on;
            }
        }
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("O");
        if nobody > 0 {
            assert!(
                bench.here().contains(&format!("nobody yet: {}", number(nobody as f64))),
                "{}",
                bench.picture()
            );
            bench.keys("enter");
            let listed = bench.ids().len();
            assert!(listed > 0, "{}", bench.picture());
            bench.keys("esc");
        }
        let Screen::Outreach(view) = bench.app.screen() else {
            panic!()
        };
        for pair in view.pairs.iter().filter(|pair| pair.id.is_some()) {
            let id = pair.id.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(pair.last.map(|day| day.to_string()), last.get(&id).cloned(), "{id}");
        }
        // A body leads to those it went to, the last one first.
        bench.keys("end enter down enter");
        assert!(
            matches!(bench.app.screen(), Screen::Page(_) | Screen::Outreach(_)),
            "{}",
            bench.picture()
        );
    }
}

/// The column of the screen the marker stands in.
fn marker(bench: &Bench) -> usize {
    let marker = Glyphs::of(GlyphSet::Unicode).marker;
    let marker = if bench.app.lang() == Lang::Fa {
        rasad::view::canvas::mirrored(marker)
    } else {
        marker
    };
    let rows = bench.rows();
    let found = rows.iter().find_map(|row| row.chars().position(|c| marker.contains(c)));
    found.unwrap_or_else(|| panic!("no tile is selected:\n{}", bench.picture()))
}

#[test]
fn the_map_does_not_mirror_and_every_county_is_on_it() {
    for seed in SEEDS {
        let counties = province(seed).json["headquarters"]["counties"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for lang in LANGS {
            for size in [SIZE, (120, 40), (60, 20), (40, 12)] {
                let mut bench = Bench::new(seed, lang, size);
                bench.keys("M");
                let Screen::Map(map) = bench.app.screen() else { panic!() };
                assert_eq!(map.tiles.len(), counties.len());
                for tile in &map.tiles {
                    let of = initiatives(seed)
                        .iter()
                        .filter(|row| word(row, "county") == tile.id.as_str());
                    assert!((tile.value - of.count() as f64).abs() < 0.5, "{}", tile.id);
                }
                // East is to the right in both languages.
                let place = |bench: &Bench| match bench.app.screen() {
                    Screen::Map(map) => map.selected().and_then(|tile| tile.place),
                    _ => None,
                };
                let mut moved = 0;
                for _ in 0..3 {
                    let (from, column) = (place(&bench), marker(&bench));
                    bench.keys("right");
                    let to = place(&bench);
                    if from == to || to.is_none() {
                        break;
                    }
                    assert!(to.map(|p| p.0) > from.map(|p| p.0));
                    assert!(marker(&bench) > column, "{lang:?} {size:?}:\n{}", bench.picture());
                    moved += 1;
                }
                assert!(moved > 0, "nothing lies east of the first county");
            }
        }
    }
}

#[test]
fn the_keys_of_the_map_reach_every_county_and_enter_opens_it() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::Fa, SIZE);
        bench.keys("M");
        let mut seen = std::collections::BTreeSet::new();
        let Screen::Map(map) = bench.app.screen() else { panic!() };
        let all = map.tiles.len();
        // From every county reached so far into all four directions.
        let mut map = rasad::app::screen::map::Map::new(bench.app.board());
        let mut queue = vec![map.at];
        while let Some(at) = queue.pop() {
            if !seen.insert(at) {
                continue;
            }
            use rasad::app::screen::map::Way;
            for way in [Way::West, Way::East, Way::North, Way::South] {
                map.at = at;
                map.step(way);
                queue.push(map.at);
            }
        }
        assert_eq!(seen.len(), all);
        bench.keys("m m");
        let Screen::Map(map) = bench.app.screen() else { panic!() };
        let Some(tile) = map.selected() else { panic!() };
        let new = initiatives(seed)
            .iter()
            .filter(|row| word(row, "county") == tile.id.as_str() && word(row, "origin") == "new");
        assert!((tile.value - new.count() as f64).abs() < 0.5);
        let id = tile.id.clone();
        bench.keys("enter");
        let Screen::Participation(view) = bench.app.screen() else {
            panic!()
        };
        assert_eq!(view.county.as_ref(), Some(&id));
        let here = initiatives(seed)
            .iter()
            .filter(|row| word(row, "county") == id.as_str());
        assert_eq!(view.all.count, here.count());
    }
}

#[test]
fn how_old_the_data_are_and_whether_the_source_is_reachable_is_one_key_away() {
    for seed in SEEDS {
        let newest = newest_entry(seed);
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.link(LinkState::File);
            bench.keys("i");
            let said = bench
                .app
                .message()
                .map(|message| message.text.clone())
                .unwrap_or_default();
            if lang == Lang::En {
                assert!(said.contains("reachable") && said.contains(&newest), "{said} {newest}");
                bench.must_say("reachable");
            } else {
                assert!(said.contains("در دسترس"), "{said}");
            }
            bench.link(LinkState::Offline(std::sync::Arc::new(
                rasad::contract::Problem::fatal(rasad::contract::What::CutOff),
            )));
            bench.keys("i");
            let said = bench
                .app
                .message()
                .map(|message| message.text.clone())
                .unwrap_or_default();
            assert!(
                said.contains(if lang == Lang::En {
                    "cannot be reached"
                } else {
                    "در دسترس نیست"
                }),
                "{said}"
            );
        }
    }
}

/// The latest day any record was looked after, not after the document's own; the sample writes days or instants in UTC.
pub fn newest_entry(seed: u64) -> String {
    let json = &province(seed).json;
    let today = today(seed);
    let kinds = json
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, rows)| rows.as_array());
    let days = kinds
        .flatten()
        .filter_map(|row| row["updated"].as_str())
        .filter(|day| day.len() == 10 && *day <= today.as_str());
    days.max().unwrap_or_default().to_owned()
}

#[test]
fn pictures_of_participation() {
    for lang in LANGS {
        for (name, size, way) in [
            ("participation-80x24", SIZE, "F"),
            ("participation-jobs-80x24", SIZE, "F m enter"),
            ("participation-120x40", (120, 40), "F tab"),
            ("outreach-80x24", SIZE, "O"),
            ("map-80x24", SIZE, "M right"),
            ("map-120x40", (120, 40), "M right down"),
        ] {
            let mut bench = Bench::new(1, lang, size);
            bench.keys(way);
            super::snapshots::keep(name, lang, &bench);
        }
    }
}
