//! Working comfort: columns, facets, saved views, pinned rows, exports, alerts; and what a kiosk denies.

use super::harness::{Bench, LANGS, SEEDS, options, province, record};
use rasad::app::export::{ExportFile, Form};
use rasad::app::popup::Popup;
use rasad::app::screen::Screen;
use rasad::app::{Done, Effect, Msg};
use rasad::board::Severity;
use rasad::config::{Alert, ListMemory, Memory};
use rasad::contract::{Change, Kind};
use rasad::text::Lang;
use serde_json::{Value, json};

const SIZE: (u16, u16) = (120, 40);
const NARROW: (u16, u16) = (80, 24);

fn remembered(effects: &[Effect]) -> Option<ListMemory> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Remember(_, list) => Some(list.clone()),
        _ => None,
    })
}

fn exported(effects: &[Effect]) -> ExportFile {
    let file = effects.iter().find_map(|effect| match effect {
        Effect::Export(file) => Some(file.clone()),
        _ => None,
    });
    file.unwrap_or_else(|| panic!("nothing was exported: {effects:?}"))
}

fn keys_shown(bench: &Bench) -> Vec<&'static str> {
    match bench.app.screen() {
        Screen::List(list) => list.columns().iter().map(|column| column.key).collect(),
        _ => panic!("no list:\n{}", bench.picture()),
    }
}

#[test]
fn columns_are_taken_out_and_moved_and_that_is_remembered() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, NARROW);
        bench.keys("4");
        let usual = keys_shown(&bench);
        let effects = bench.keys("c down K space");
        let now = keys_shown(&bench);
        assert!(!now.contains(&usual[1]), "{now:?}");
        let Some(list) = remembered(&effects) else {
            panic!("{effects:?}")
        };
        assert_eq!(list.columns, now);
        bench.keys("down down J esc");
        let moved = keys_shown(&bench);
        assert_ne!(moved, now, "one place further down");
        // Another run begins with it, and one key brings the usual columns back.
        let mut memory = Memory::default();
        memory.set(
            "plan",
            ListMemory {
                columns: moved.iter().map(ToString::to_string).collect(),
                ..list
            },
        );
        let mut options = options(lang);
        options.memory = memory;
        let mut bench = Bench::with_options(1, NARROW, options);
        bench.keys("4");
        assert_eq!(keys_shown(&bench), moved);
        bench.keys("c delete esc");
        assert_eq!(keys_shown(&bench), usual);
    }
}

#[test]
fn the_last_column_stays() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("4 c");
    for _ in 0..20 {
        bench.keys("space down");
    }
    assert!(!keys_shown(&bench).is_empty());
}

/// The records of a kind whose field is this, counted from the JSON alone.
fn count(seed: u64, kind: &str, holds: impl Fn(&Value) -> bool) -> usize {
    let rows = province(seed).json[kind].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter().filter(|row| holds(row)).count()
}

#[test]
fn facets_count_the_rows_they_leave_along_with_the_filter() {
    for seed in SEEDS {
        for kind in ["2", "3", "4", "5", "6", "7", "8", "0 enter"] {
            let mut bench = Bench::new(seed, Lang::En, SIZE);
            bench.keys(kind);
            bench.keys("f");
            let columns = match bench.app.popup() {
                Some(Popup::Choice(choice)) => choice.entries.len(),
                _ => panic!("no choice:\n{}", bench.picture()),
            };
            for column in 0..columns {
                bench.keys("esc esc");
                bench.keys(kind);
                bench.keys("f home");
                for _ in 0..column {
                    bench.keys("down");
                }
                bench.keys("enter");
                let Some(Popup::Choice(choice)) = bench.app.popup() else {
                    panic!()
                };
                let Some((said, n, _)) = choice.entries.first().cloned() else {
                    continue;
                };
                bench.keys("enter");
                let rows = bench.ids().len().to_string();
                assert_eq!(rows, n.replace(',', ""), "{kind}, column {column}: {said}");
            }
        }
    }
}

#[test]
fn a_facet_answers_from_the_json_and_is_taken_back() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, NARROW);
        bench.keys("4 /");
        bench.write("is:overdue");
        bench.keys("enter f");
        bench.must_say("Narrow by");
        let before = bench.ids().len();
        // The first column that is a word of the plan itself: its state.
        let Some(Popup::Choice(choice)) = bench.app.popup() else {
            panic!()
        };
        let at = choice
            .entries
            .iter()
            .position(|(name, ..)| name == "state")
            .unwrap_or_default();
        for _ in 0..at {
            bench.keys("down");
        }
        bench.keys("enter");
        let Some(Popup::Choice(choice)) = bench.app.popup() else {
            panic!()
        };
        let sum: usize = choice
            .entries
            .iter()
            .map(|(_, n, _)| n.parse::<usize>().unwrap_or(0))
            .sum();
        assert_eq!(sum, before, "every row is counted once");
        bench.keys("enter");
        assert!(bench.ids().len() <= before);
        bench.keys("f");
        for _ in 0..at {
            bench.keys("down");
        }
        bench.keys("enter");
        bench.must_say("all, without this narrowing");
        bench.keys("enter");
        assert_eq!(bench.ids().len(), before);
    }
    let mut bench = Bench::new(1, Lang::En, NARROW);
    bench.keys("3 f enter");
    bench.must_say("driver");
    let Some(Popup::Choice(choice)) = bench.app.popup() else {
        panic!()
    };
    for (said, n, _) in &choice.entries {
        let expected = count(1, "agencies", |agency| agency["category"] == said.as_str());
        assert_eq!(*n, expected.to_string(), "{said}");
    }
}

#[test]
fn a_view_is_saved_under_a_name_shown_again_and_removed() {
    for (lang, name) in LANGS.into_iter().zip(["overdue drivers", "معوق‌های پیشران"]) {
        let mut bench = Bench::new(1, lang, NARROW);
        bench.keys("4 /");
        bench.write("is:overdue category:driver");
        bench.keys("enter s down enter v enter");
        bench.paste(name);
        let effects = bench.keys("enter");
        let rows = bench.ids();
        assert_eq!(
            remembered(&effects).map(|list| list.views[0].name.clone()).as_deref(),
            Some(name)
        );
        bench.keys("esc v");
        // Offered: save, the last filter, the view, the usual view.
        bench.keys("down down enter");
        assert_eq!(bench.ids(), rows);
        // From anywhere, by its name.
        bench.keys("1 :");
        bench.paste(name);
        bench.find_entry(name);
        bench.keys("enter");
        assert_eq!(bench.ids(), rows);
        bench.keys("v");
        let effects = bench.keys("down delete");
        assert!(remembered(&effects).is_some_and(|list| list.views.is_empty()));
    }
}

#[test]
fn a_filter_is_offered_again_and_never_applied_unasked() {
    let mut options = options(Lang::En);
    let filter = "is:overdue".to_owned();
    options.memory.set(
        "plan",
        ListMemory {
            filter,
            ..ListMemory::default()
        },
    );
    let mut bench = Bench::with_options(1, NARROW, options);
    bench.keys("4");
    let all = bench.ids().len();
    assert_eq!(all, count(1, "plans", |_| true));
    bench.keys("v down enter");
    assert!(bench.ids().len() < all);
}

#[test]
fn a_pinned_row_stays_first_through_orders_and_refreshes() {
    let mut bench = Bench::new(1, Lang::En, NARROW);
    bench.keys("4 down down down");
    let Some((_, id)) = bench.app.selected_record() else {
        panic!()
    };
    let effects = bench.keys("p");
    assert_eq!(remembered(&effects).map(|list| list.pinned), Some(vec![id.to_string()]));
    assert_eq!(bench.ids().first(), Some(&id.to_string()));
    bench.keys("S s down down enter");
    assert_eq!(bench.ids().first(), Some(&id.to_string()));
    bench.change(vec![Change::Put(record(
        Kind::Plan,
        &json!({"id": "a-new-one", "agency": "a-01", "title": "برنامه", "due": "1403-01-01", "state": "not-submitted"}),
    ))]);
    assert_eq!(bench.ids().first(), Some(&id.to_string()));
    let effects = bench.keys("home p");
    assert!(remembered(&effects).is_some_and(|list| list.pinned.is_empty()));
}

#[test]
fn an_export_holds_exactly_what_is_shown() {
    for seed in SEEDS {
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, NARROW);
            bench.keys("4 /");
            bench.write("is:overdue");
            bench.keys("enter e ctrl-u");
            bench.paste("out.json");
            let file = exported(&bench.keys("enter"));
            assert!(!file.over);
            let read: Value = match serde_json::from_slice(&file.bytes) {
                Ok(read) => read,
                Err(error) => panic!("{error}"),
            };
            let rows = read["rows"].as_array().cloned().unwrap_or_default();
            let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
            let shown: Vec<&str> = rows[0]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, _)| key.as_str())
                .collect();
            assert_eq!(shown, keys_shown(&bench));
            if shown.contains(&"id") {
                assert_eq!(ids, bench.ids());
            }
            assert_eq!(rows.len(), bench.ids().len());
            assert_eq!(read["filter"], "is:overdue");
            // The same as a spreadsheet and as a table of a note: as many rows, logical text, no isolates.
            for (name, head) in [("out.csv", 1), ("out.md", 2)] {
                bench.keys("e ctrl-u");
                bench.paste(name);
                let text = String::from_utf8(exported(&bench.keys("enter")).bytes).unwrap_or_default();
                assert_eq!(text.lines().count(), rows.len() + head, "{name}");
                assert!(
                    !text
                        .trim_start_matches('\u{feff}')
                        .contains(|c| matches!(c, '\u{2066}'..='\u{2069}'))
                );
                assert!(
                    !text.contains(|c| matches!(c, '\u{fe70}'..='\u{fefe}')),
                    "letters, not their shapes"
                );
            }
        }
    }
}

#[test]
fn every_screen_that_shows_rows_can_be_written_and_a_formula_of_the_data_stays_text() {
    for lang in LANGS {
        for way in [
            "",
            "tab",
            "tab tab",
            "tab tab tab",
            "2 enter",
            "tab tab enter",
            "8",
            "0 enter",
        ] {
            let mut bench = Bench::new(2, lang, NARROW);
            bench.keys(way);
            let shown = bench.app.shown().unwrap_or_else(|| panic!("{way}"));
            assert!(!shown.rows.is_empty(), "{way}");
            for form in [Form::Csv, Form::Json, Form::Markdown] {
                let bytes = shown.write(form, bench.app.board(), "x").unwrap_or_default();
                assert!(!bytes.is_empty());
            }
        }
    }
    let mut bench = Bench::new(1, Lang::En, SIZE);
    let evil = json!({"id": "a-evil", "name": "=cmd|' /C calc'!A0", "category": "driver"});
    bench.change(vec![Change::Put(record(Kind::Agency, &evil))]);
    bench.keys("3 /");
    bench.write("a-evil");
    bench.keys("enter e");
    let file = exported(&bench.keys("enter"));
    let text = String::from_utf8(file.bytes).unwrap_or_default();
    assert!(text.contains("\n'=cmd|"), "{text}");
}

#[test]
fn a_wrong_name_is_told_and_an_existing_file_is_asked_about() {
    let mut bench = Bench::new(1, Lang::En, NARROW);
    bench.keys("4 e ctrl-u");
    bench.paste("plans.xlsx");
    assert!(bench.keys("enter").is_empty());
    bench.must_say("must end in one of .csv .json .md");
    bench.keys("ctrl-u");
    bench.paste("plans.md");
    let file = exported(&bench.keys("enter"));
    bench.update(Msg::Done(Done::Exists(file.clone())));
    bench.must_say("is already there");
    let again = exported(&bench.keys("down enter"));
    assert_eq!(again, ExportFile { over: true, ..file });
    bench.update(Msg::Done(Done::Failed("plans.md".into(), "disk full".into())));
    bench.must_say("plans.md could not be written: disk full");
}

#[test]
fn an_alert_tells_of_what_is_new_and_of_nothing_else() {
    let mut options = options(Lang::Fa);
    options.alert = Some((Alert::Bell, Severity::Warning));
    let mut bench = Bench::with_options(1, NARROW, options);
    let late =
        json!({"id": "pl-new", "agency": "a-01", "title": "برنامه", "due": "1403-01-01", "state": "not-submitted"});
    let put = vec![Change::Put(record(Kind::Plan, &late))];
    let effects = bench.change_effects(put.clone());
    assert!(
        effects.iter().any(
            |effect| matches!(effect, Effect::Alert(Alert::Bell, said) if said.contains('۱') || said.contains('۲'))
        ),
        "{effects:?}"
    );
    assert!(bench.change_effects(put).is_empty(), "the same again is no news");
    assert!(
        bench
            .change_effects(vec![Change::Delete(Kind::Plan, super::harness::id("pl-new"))])
            .is_empty()
    );
    // Off unless it was asked for.
    let mut bench = Bench::new(1, Lang::Fa, NARROW);
    assert!(
        bench
            .change_effects(vec![Change::Put(record(Kind::Plan, &late))])
            .is_empty()
    );
}

#[test]
fn a_kiosk_denies_every_way_out() {
    for lang in LANGS {
        let kiosk = || {
            let mut options = options(lang);
            options.kiosk = true;
            Bench::with_options(1, NARROW, options)
        };
        let denied = rasad::i18n::t(lang, "kiosk.denied");
        for way in [
            "4 e",
            "ctrl-z",
            "e",
            "2 enter e",
            "2 b e",
            "3 b tab e",
            "B e",
            "F e",
            "O e",
            "M e",
            "0 enter e",
            "tab e",
        ] {
            // Without the kiosk the same keys do lead out, so that what is denied here is not merely absent.
            let mut free = Bench::new(1, lang, NARROW);
            let effects = free.keys(way);
            let leads_out = effects.contains(&Effect::Suspend) || matches!(free.app.popup(), Some(Popup::Ask(_)));
            assert!(leads_out, "{way}: {effects:?}\n{}", free.picture());
            let mut bench = kiosk();
            assert!(bench.keys(way).is_empty(), "{way}");
            assert_eq!(
                bench.app.message().map(|message| message.text.as_str()),
                Some(denied),
                "{way}"
            );
        }
        // The palette is no way round, neither to a file nor to another source, even where some are named.
        for denies in [false, true] {
            let mut named = options(lang);
            named.kiosk = denies;
            named.contexts = vec![("other".into(), "/etc/hostname".into())];
            let mut bench = Bench::with_options(1, NARROW, named);
            bench.keys(":");
            bench.write("other");
            let effects = bench.keys("enter");
            assert_eq!(
                effects,
                if denies {
                    Vec::new()
                } else {
                    vec![Effect::Switch("other".into())]
                }
            );
        }
        let mut bench = kiosk();
        bench.keys("4 :");
        bench.write("export");
        assert!(bench.keys("enter").is_empty());
        assert!(!matches!(bench.app.popup(), Some(Popup::Ask(_))));
        // What is changed holds while the session lasts, and nothing is to be remembered.
        let mut bench = kiosk();
        let effects = bench.keys("4 w p S c down space esc v enter");
        bench.write("x");
        let more = bench.keys("enter");
        assert!(effects.is_empty() && more.is_empty(), "{effects:?} {more:?}");
        bench.keys("v");
        bench.must_say("x");
    }
}

/// The row that is copied is the one shown: the columns as they were chosen, in their order.
#[test]
fn a_copied_row_has_the_columns_of_the_list_in_their_order() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("4 c down K space esc home");
        let shown = keys_shown(&bench);
        let effects = bench.keys("Y");
        let [Effect::Copy(row)] = &effects[..] else {
            panic!("{effects:?}")
        };
        let cells: Vec<&str> = row.split('\t').collect();
        assert_eq!(cells.len(), shown.len(), "{cells:?}");
        bench.keys("e ctrl-u");
        bench.paste("row.json");
        let file: Value = serde_json::from_slice(&exported(&bench.keys("enter")).bytes).unwrap_or_default();
        let first = file["rows"][0].clone();
        for (key, cell) in shown.iter().zip(cells) {
            assert_eq!(cell.is_empty(), first[*key].is_null(), "{key}: {cell:?}");
        }
    }
}
