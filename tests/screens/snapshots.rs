//! Pictures of every screen, as its cells are drawn: in Persian the order of the cells is the visual one, shaped.

use super::harness::{Bench, LANGS, province};
use rasad::board::report::LinkState;
use rasad::contract::{Change, Headquarters, Kind, Level, Place, Problem, What};
use rasad::text::Lang;

const SIZE: (u16, u16) = (100, 30);

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("pictures");
    settings
}

pub fn keep(name: &str, lang: Lang, bench: &Bench) {
    let lang = if lang == Lang::Fa { "fa" } else { "en" };
    let picture = bench.picture();
    settings().bind(|| insta::assert_snapshot!(format!("{name}-{lang}"), picture));
}

/// A picture of a way in both languages, over the first province.
fn both(name: &str, size: (u16, u16), way: &str) {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, size);
        bench.keys(way);
        keep(name, lang, &bench);
    }
}

#[test]
fn the_overview_at_every_size_it_is_made_for() {
    for (width, height) in [(80, 24), (120, 40), (200, 60), (60, 20), (40, 12), (20, 5), (19, 4)] {
        both(&format!("overview-{width}x{height}"), (width, height), "");
    }
    both("overview-overdue-80x24", (80, 24), "tab down down");
    both("overview-attention-80x24", (80, 24), "tab tab tab");
    both("overview-participation-zoomed-120x40", (120, 40), "tab tab z");
}

#[test]
fn the_overview_of_another_province() {
    for lang in LANGS {
        keep("overview-second-province", lang, &Bench::new(2, lang, (120, 40)));
    }
}

#[test]
fn every_list() {
    for (name, way) in [
        ("measures", "2"),
        ("agencies", "3"),
        ("plans", "4"),
        ("initiatives", "5"),
        ("decisions", "6"),
        ("demands", "7"),
        ("campaigns", "8"),
        ("projects", "0 enter"),
        ("meetings", "0 down enter"),
        ("enterprises", "0 down down enter"),
        ("evaluations", "0 down down down enter"),
        ("plans-wide", "4 w"),
    ] {
        both(&format!("list-{name}"), SIZE, way);
    }
    both("list-plans-80x24", (80, 24), "4 down");
}

#[test]
fn every_kind_of_page() {
    for (name, kind, list, id) in [
        ("measure", Kind::Measure, "2", "m-01"),
        ("project", Kind::Project, "0 enter", "p-0001"),
        ("agency", Kind::Agency, "3", "a-01"),
        ("plan", Kind::Plan, "4", "pl-005"),
        ("decision", Kind::Decision, "6", "d-001"),
        ("demand", Kind::Demand, "7", "dm-001"),
        ("campaign", Kind::Campaign, "8", "c-01"),
        ("meeting", Kind::Meeting, "0 down enter", "mt-01"),
        ("enterprise", Kind::Enterprise, "0 down down enter", "e-01"),
    ] {
        for lang in LANGS {
            let mut bench = Bench::new(1, lang, SIZE);
            bench.keys(list);
            bench.select(kind, id);
            bench.keys("enter");
            keep(&format!("page-{name}"), lang, &bench);
        }
    }
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("5 /");
        bench.paste("i-000001");
        bench.keys("enter enter");
        keep("page-initiative", lang, &bench);
    }
}

#[test]
fn every_sheet() {
    for (name, way) in [
        ("submission", "4 b"),
        ("coverage", "3 b"),
        ("league", "3 b tab"),
        ("conditions", "2 b"),
        ("measure", "2 enter b"),
        ("trajectory", "2 b end enter"),
        ("decisions", "6 b"),
        ("demands", "7 b"),
        ("campaigns", "8 b"),
    ] {
        both(&format!("sheet-{name}-80x24"), (80, 24), way);
        both(&format!("sheet-{name}"), (120, 40), way);
    }
    both("sheet-why-80x24", (80, 24), "2 b down x");
    both("page-agency-80x24", (80, 24), "3 enter");
    both("page-why-80x24", (80, 24), "3 enter down down x");
    both("page-why-project", SIZE, "2 enter b end enter down x");
}

#[test]
fn counties_and_problems() {
    both("counties", SIZE, "tab tab enter down");
    for lang in LANGS {
        let mut bench = Bench::new(2, lang, SIZE);
        bench.keys("0 end enter");
        keep("problems", lang, &bench);
    }
}

#[test]
fn what_lies_over_a_screen() {
    both("help", SIZE, "4 ?");
    both("sort", SIZE, "4 s");
    both("more", SIZE, "0");
    both("why", SIZE, "tab tab tab x");
    both("palette", SIZE, ":");
    for (lang, typed) in LANGS.into_iter().zip(["leather", "چرم"]) {
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys(":");
        bench.write(typed);
        keep("palette-typed", lang, &bench);
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("? /");
        bench.write(if lang == Lang::Fa { "رونوشت" } else { "copy" });
        keep("help-searched", lang, &bench);
    }
}

#[test]
fn filters_with_a_hit_without_one_and_with_a_mistake() {
    for (lang, typed) in LANGS.into_iter().zip(["cooperative is:overdue", "تعاون is:overdue"]) {
        for (name, typed) in [
            ("hit", typed),
            ("no-hit", "is:overdue is:late"),
            ("mistake", "is:overdue due<never?"),
        ] {
            let mut bench = Bench::new(1, lang, SIZE);
            bench.keys("4 /");
            bench.paste("is:overdue");
            bench.keys("ctrl-u");
            bench.paste(typed);
            keep(&format!("filter-{name}"), lang, &bench);
        }
    }
}

#[test]
fn the_edges_of_the_data() {
    let today = province(1).board.today();
    for lang in LANGS {
        let mut bench = Bench::before_data(lang, SIZE, today);
        keep("edge-before-data", lang, &bench);
        bench.keys("4");
        keep("edge-before-data-list", lang, &bench);

        // A source that holds a headquarters and nothing else.
        let mut bench = Bench::before_data(lang, SIZE, today);
        let hq = province(1).json["headquarters"].clone();
        let hq: Headquarters = match serde_json::from_value(hq) {
            Ok(hq) => hq,
            Err(error) => panic!("{error}"),
        };
        let mut changes = vec![Change::Headquarters(hq.into())];
        changes.extend(Kind::ALL.iter().map(|kind| Change::Whole(*kind, Vec::new().into())));
        bench.change(changes);
        bench.link(LinkState::File);
        keep("edge-empty", lang, &bench);
        bench.keys("6");
        keep("edge-empty-list", lang, &bench);

        let mut bench = Bench::new(1, lang, SIZE);
        bench.reject(vec![Problem {
            level: Level::Fatal,
            place: Place {
                line: Some(12),
                column: Some(7),
                ..Place::default()
            },
            record: None,
            what: What::CutOff,
        }]);
        keep("edge-rejected", lang, &bench);
        bench.keys("4");
        keep("edge-rejected-list", lang, &bench);

        let mut bench = Bench::new(1, lang, SIZE);
        bench.link(LinkState::Stale(None));
        keep("edge-stale", lang, &bench);

        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("2 down down");
        let gone = match bench.app.selected_record() {
            Some((kind, id)) => Change::Delete(kind, id),
            None => panic!("nothing selected"),
        };
        bench.change(vec![gone]);
        keep("edge-gone", lang, &bench);
    }
}
