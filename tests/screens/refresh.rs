//! What a refresh does to what is on screen: selections stay on their record, what vanished is named, what changed is marked.

use super::harness::{Bench, LANGS, SEEDS, id, province, record};
use rasad::app::Report;
use rasad::app::marks::FADE;
use rasad::app::screen::Screen;
use rasad::board::report::LinkState;
use rasad::config::{GlyphSet, Glyphs};
use rasad::contract::{Change, Kind};
use rasad::text::Lang;
use serde_json::{Value, json};
use std::time::Duration;

const SIZE: (u16, u16) = (120, 40);

fn rows(seed: u64, kind: Kind) -> Vec<Value> {
    province(seed).json[kind.plural()]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

fn find(seed: u64, kind: Kind, id: &str) -> Value {
    let mut found = rows(seed, kind).into_iter().filter(|r| r["id"] == id);
    found.next().unwrap_or_else(|| panic!("no {kind} {id}"))
}

fn put(kind: Kind, json: &Value) -> Change {
    Change::Put(record(kind, json))
}

fn selected(bench: &Bench) -> String {
    bench
        .app
        .selected_record()
        .map(|(_, id)| id.to_string())
        .unwrap_or_default()
}

/// The line of the screen the marker stands on.
fn line(bench: &Bench) -> usize {
    let here = bench.here();
    bench
        .said()
        .iter()
        .position(|row| row.contains(&here))
        .unwrap_or_default()
}

#[test]
fn a_selection_stays_on_its_record_and_its_line_when_rows_come_go_and_move() {
    for seed in SEEDS {
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("0 enter");
            bench.keys(&"down ".repeat(50));
            let (chosen, at, place) = (selected(&bench), line(&bench), bench.place());
            let ids = bench.ids();
            // A row before it: a project that stands still and should be done.
            let mut new = find(seed, Kind::Project, &ids[0]);
            new["id"] = json!("new-1");
            new["physical"] = json!(0);
            new["path"] = json!([{"on": "2020-01-01", "percent": 100}]);
            bench.change(vec![put(Kind::Project, &new)]);
            assert_eq!((selected(&bench), line(&bench)), (chosen.clone(), at));
            assert_eq!(bench.place(), place + 1);
            // Two rows before it go.
            bench.change(vec![
                Change::Delete(Kind::Project, id(&ids[0])),
                Change::Delete(Kind::Project, id(&ids[1])),
            ]);
            assert_eq!((selected(&bench), line(&bench)), (chosen.clone(), at));
            assert_eq!(bench.place(), place - 1);
            // A row after it moves to the top.
            let mut worst = find(seed, Kind::Project, &ids[ids.len() - 1]);
            worst["state"] = json!("in-progress");
            worst["physical"] = json!(0);
            worst["path"] = json!([{"on": "2020-01-01", "percent": 100}]);
            bench.change(vec![put(Kind::Project, &worst)]);
            assert_eq!((selected(&bench), line(&bench)), (chosen.clone(), at));
            assert_eq!(bench.place(), place);
        }
    }
}

#[test]
fn the_panes_of_the_overview_keep_their_selection_too() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("tab down down down");
        let chosen = selected(&bench);
        let here = bench.app.selected_record();
        // The first row of the pane: that agency's plan arrives.
        bench.keys("up up up");
        let Some((Kind::Plan, first)) = bench.app.selected_record() else {
            panic!("the longest overdue has no plan record")
        };
        bench.keys("down down down");
        assert_eq!(bench.app.selected_record(), here);
        let before = match bench.app.screen() {
            Screen::Overview(o) => o.overdue.len(),
            _ => 0,
        };
        let mut plan = find(seed, Kind::Plan, first.as_str());
        plan["state"] = json!("submitted");
        plan["submitted"] = province(seed).json["headquarters"]["as_of"].clone();
        bench.change(vec![put(Kind::Plan, &plan)]);
        assert_eq!(selected(&bench), chosen);
        let agencies = rows(seed, Kind::Agency).len();
        bench.must_say(&format!("Overdue plans {} of {agencies}", before - 1));
    }
}

#[test]
fn an_agency_that_owes_two_plans_is_one_row_and_counts_once() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("tab");
        let Some((Kind::Plan, first)) = bench.app.selected_record() else {
            panic!("the longest overdue has no plan record")
        };
        let count = |bench: &Bench| match bench.app.screen() {
            Screen::Overview(o) => o.overdue.len(),
            _ => 0,
        };
        let before = count(&bench);
        let mut second = find(seed, Kind::Plan, first.as_str());
        second["id"] = json!("second-plan");
        bench.change(vec![put(Kind::Plan, &second)]);
        assert_eq!(count(&bench), before);
        let agencies = rows(seed, Kind::Agency).len();
        bench.must_say(&format!("Overdue plans {before} of {agencies} agencies"));
    }
}

#[test]
fn the_row_one_went_down_from_is_kept_even_if_it_was_the_first() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("0 enter");
        let first = selected(&bench);
        bench.keys("enter");
        let mut new = find(seed, Kind::Project, &first);
        new["id"] = json!("new-1");
        new["state"] = json!("in-progress");
        new["physical"] = json!(0);
        new["path"] = json!([{"on": "2020-01-01", "percent": 100}]);
        bench.change(vec![put(Kind::Project, &new)]);
        bench.keys("esc");
        assert_eq!(bench.ids()[0], "new-1");
        assert_eq!(selected(&bench), first);
    }
}

#[test]
fn a_vanished_row_is_named_in_its_place_until_the_cursor_moves_on() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("2 down down");
        let (gone, at, ids) = (selected(&bench), line(&bench), bench.ids());
        let title = find(seed, Kind::Measure, &gone)["title"]["en"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        bench.change(vec![Change::Delete(Kind::Measure, id(&gone))]);
        assert!(
            bench.here().contains(&format!("“{title}” is no longer in the data")),
            "{}",
            bench.picture()
        );
        assert_eq!(line(&bench), at);
        // There is nothing to open, and nothing happens.
        let stood = bench.picture();
        bench.keys("enter");
        assert_eq!(bench.picture(), stood);
        // A further refresh without it keeps naming it.
        let mut other = find(seed, Kind::Measure, &ids[0]);
        other["weight"] = json!(9);
        bench.change(vec![put(Kind::Measure, &other)]);
        bench.must_say("no longer in the data");
        bench.keys("down");
        bench.must_not_say("no longer in the data");
        assert_eq!(selected(&bench), ids[3]);
        assert_eq!(bench.ids().len(), ids.len() - 1);
    }
}

#[test]
fn a_row_that_only_left_the_filter_is_not_called_gone() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("4 /");
    bench.write("is:overdue");
    bench.keys("enter down");
    let left = selected(&bench);
    let count = bench.ids().len();
    let mut plan = find(1, Kind::Plan, &left);
    plan["state"] = json!("accepted");
    bench.change(vec![put(Kind::Plan, &plan)]);
    assert_eq!(bench.ids().len(), count - 1);
    bench.must_not_say("no longer in the data");
}

#[test]
fn the_page_of_a_vanished_record_keeps_its_last_lines_and_says_so() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("4 enter");
        let Screen::Page(page) = bench.app.screen() else {
            panic!("no page")
        };
        let (gone, lines) = (page.id.clone(), page.lines.len());
        bench.change(vec![Change::Delete(Kind::Plan, gone.clone())]);
        let Screen::Page(page) = bench.app.screen() else {
            panic!("no page")
        };
        assert!(page.gone && page.lines.len() == lines);
        if lang == Lang::En {
            bench.must_say("is no longer in the data");
        }
        // It comes back: the page is alive again.
        bench.change(vec![put(Kind::Plan, &find(1, Kind::Plan, gone.as_str()))]);
        bench.must_not_say("is no longer in the data");
    }
}

#[test]
fn rows_that_changed_are_marked_and_the_mark_fades_by_itself() {
    let changed = Glyphs::of(GlyphSet::Unicode).changed;
    for seed in SEEDS {
        for lang in LANGS {
            let marked = |bench: &Bench| bench.rows().iter().filter(|row| row.contains(changed)).count();
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("2");
            assert_eq!(marked(&bench), 0, "the first filling is no news");
            assert_eq!(bench.app.next_wakeup(), None, "nothing changes by itself");
            let mut measure = find(seed, Kind::Measure, &bench.ids()[1]);
            measure["weight"] = json!(7);
            bench.change(vec![put(Kind::Measure, &measure)]);
            assert_eq!(marked(&bench), 1);
            bench.wait(FADE / 2);
            assert_eq!(marked(&bench), 1);
            let mut other = find(seed, Kind::Measure, &bench.ids()[2]);
            other["weight"] = json!(7);
            bench.change(vec![put(Kind::Measure, &other)]);
            assert_eq!(marked(&bench), 2);
            bench.wait(FADE / 2);
            assert_eq!(marked(&bench), 1, "each fades in its own time");
            bench.wait(FADE / 2 + Duration::from_secs(1));
            assert_eq!((marked(&bench), bench.app.next_wakeup()), (0, None));
        }
    }
}

#[test]
fn a_plan_that_arrives_while_one_reads_changes_the_page_under_the_same_line() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("4");
        let plan = rows(seed, Kind::Plan)
            .into_iter()
            .find(|p| p["state"] == "not-submitted");
        let Some(mut plan) = plan else { panic!("no such plan") };
        bench.select(Kind::Plan, plan["id"].as_str().unwrap_or_default());
        bench.keys("enter");
        bench.find("not submitted");
        plan["state"] = json!("accepted");
        bench.change(vec![put(Kind::Plan, &plan)]);
        assert!(bench.here().contains("accepted"), "{}", bench.picture());
    }
}

#[test]
fn counties_stay_on_their_county_when_the_order_changes() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("tab tab enter down down down down");
        let county = |bench: &Bench| match bench.app.screen() {
            Screen::Counties(c) => c.rows.selected().cloned().flatten().map(|id| id.to_string()),
            _ => None,
        };
        let Some(here) = county(&bench) else {
            panic!("no county")
        };
        let kind = match bench.app.screen() {
            Screen::Counties(c) => c.initiative_kind.as_str().to_owned(),
            _ => String::new(),
        };
        let one = rows(seed, Kind::Initiative)
            .into_iter()
            .find(|i| i["initiative_kind"] == kind.as_str() && i["county"] == here.as_str());
        let Some(one) = one else { panic!("no initiative") };
        let more = (0..2_000).map(|n| {
            let mut one = one.clone();
            one["id"] = json!(format!("more-{n}"));
            put(Kind::Initiative, &one)
        });
        let place = bench.place();
        bench.change(more.collect());
        assert_eq!(county(&bench), Some(here));
        assert_ne!(bench.place(), place, "it has the most now");
    }
}

#[test]
fn the_window_stays_put_while_the_cursor_moves_inside_it() {
    for way in ["tab tab tab", "tab tab tab z", "4", "4 /", "5 enter", "tab tab enter"] {
        for size in [(80, 24), (120, 40)] {
            let mut bench = Bench::new(1, Lang::En, size);
            bench.keys(way);
            if way.contains('/') {
                bench.write("a");
                bench.paste(" due<never?");
                bench.keys("enter");
            }
            let marked = |bench: &Bench| {
                let rows = bench.rows();
                rows.iter().rposition(|row| row.starts_with("│▌"))
            };
            bench.keys("end");
            let bottom = marked(&bench);
            bench.keys("up");
            assert_eq!(
                marked(&bench).map(|line| line + 1),
                bottom,
                "{way} {size:?}:\n{}",
                bench.picture()
            );
        }
    }
}

#[test]
fn nothing_is_counted_before_it_is_known() {
    for lang in LANGS {
        let mut bench = Bench::before_data(lang, SIZE, province(1).board.today());
        let zero = if lang == Lang::Fa { "۰" } else { "0" };
        for row in &bench.said()[1..] {
            assert!(!row.split(' ').any(|word| word == zero), "{row}");
        }
        assert!(!bench.rows()[0].contains('‼'), "{}", bench.rows()[0]);
        bench.fill(1, LinkState::Sample);
        assert!(bench.rows()[0].contains('‼'));
    }
}

#[test]
fn rows_are_there_before_everything_is_there() {
    let province = province(1);
    let mut bench = Bench::before_data(Lang::En, SIZE, province.board.today());
    bench.keys("2");
    bench.must_say("loading");
    for change in &province.changes {
        bench.change(vec![change.clone()]);
        bench.picture();
        if matches!(change, Change::Whole(Kind::Measure, _)) {
            assert_eq!(bench.ids().len(), rows(1, Kind::Measure).len());
            bench.must_not_say("loading");
        }
    }
    bench.keys("1");
    assert_eq!(bench.app.next_wakeup(), None, "the first filling is no news");
    // Filled in steps or at once, the screen is the same one.
    let mut at_once = Bench::new(1, Lang::En, SIZE);
    bench.link(LinkState::Sample);
    bench.wait(FADE * 2);
    at_once.link(LinkState::Sample);
    assert_eq!(bench.picture(), at_once.picture());
}

#[test]
fn the_present_day_is_the_boards_own_and_changes_with_it() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.must_say("22 May 2024");
    let mut board = bench.app.board().clone();
    let delta = board.set_today(board.today().plus(1));
    bench.report(Report {
        board,
        delta,
        state: LinkState::Sample,
        loading: None,
        age: None,
        retry_at: None,
        warning: None,
    });
    bench.must_say("23 May 2024");
    // A day later, everybody owes one day more.
    bench.keys("tab z");
    assert!(bench.here().contains(" 34 "), "{}", bench.here());
}

#[test]
fn what_keeps_a_server_from_being_read_is_said_with_the_next_try_and_the_age_of_what_is_shown() {
    use rasad::board::report::Age;
    use rasad::contract::{Fault, Problem, What};
    let trouble = std::sync::Arc::new(Problem::fatal(What::Link(Fault::Refused)));
    for (lang, time, age) in [(Lang::En, "14:05", "12 min ago"), (Lang::Fa, "۱۴:۰۵", "")] {
        for size in [(120, 40), (200, 50)] {
            let mut bench = Bench::new(1, lang, size);
            let report = Report {
                board: bench.app.board().clone(),
                delta: rasad::board::Delta::default(),
                state: LinkState::Offline(trouble.clone()),
                loading: None,
                age: Some(Age::Minutes(12)),
                retry_at: "2024-05-22T10:35:00Z".parse().ok(),
                warning: None,
            };
            bench.report(report);
            if lang == Lang::En {
                bench.must_say(&format!("{} · {age}", rasad::i18n::t(lang, "link.offline")));
                bench.must_say("the server does not answer at that address");
            }
            // In the headquarters' own time.
            bench.must_say(time);
        }
    }
}

#[test]
fn a_live_screen_says_at_which_revision_it_is() {
    for lang in [Lang::Fa, Lang::En] {
        let mut bench = Bench::new(1, lang, SIZE);
        let says = |bench: &Bench, rev: u64| {
            let n = rasad::text::number::digits(&rev.to_string(), lang);
            bench.said()[0].contains(&n)
        };
        bench.link(LinkState::Live(48_125));
        assert!(says(&bench, 48_125), "{}", bench.said()[0]);
        bench.link(LinkState::Live(48_126));
        assert!(says(&bench, 48_126), "{}", bench.said()[0]);
        // Whatever is not live is at no revision anybody vouches for, and a narrow header belongs to the names.
        bench.link(LinkState::Stale(None));
        assert!(!says(&bench, 48_126), "{}", bench.said()[0]);
        bench.link(LinkState::Live(48_126));
        bench.resize(80, 24);
        assert!(!says(&bench, 48_126), "{}", bench.said()[0]);
    }
}
