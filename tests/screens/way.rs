//! The way down and back: every step by a key, every return to the very row, in both languages and on both provinces.

use super::harness::{Bench, LANGS, SEEDS, province};
use rasad::app::Effect;
use rasad::app::screen::Screen;
use rasad::contract::Kind;
use rasad::i18n;
use rasad::text::Lang;
use serde_json::Value;

const SIZE: (u16, u16) = (120, 40);

fn rows(seed: u64, kind: &str) -> &'static [Value] {
    province(seed).json[kind].as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// What an operator sees and stands on: the picture and the place.
fn stand(bench: &Bench) -> (String, usize) {
    (bench.picture(), bench.place())
}

/// The page on screen.
#[track_caller]
fn page(bench: &Bench) -> (Kind, String) {
    match bench.app.screen() {
        Screen::Page(page) => (page.kind, page.id.to_string()),
        _ => panic!("no page:\n{}", bench.picture()),
    }
}

#[test]
fn measure_project_agency_plan_and_back_to_the_very_rows() {
    for seed in SEEDS {
        for lang in LANGS {
            // A project whose agency has a plan, among the first of its measure.
            let has_plan = |agency: &str| rows(seed, "plans").iter().find(|p| p["agency"] == agency);
            let project = rows(seed, "projects")
                .iter()
                .find(|p| has_plan(word(p, "agency")).is_some());
            let Some(project) = project else {
                panic!("no such project")
            };
            let (measure, agency) = (word(project, "measure"), word(project, "agency"));
            let plan = has_plan(agency).map_or("", |plan| word(plan, "id"));

            let mut bench = Bench::new(seed, lang, SIZE);
            bench.select(Kind::Measure, measure);
            let mut way = vec![stand(&bench)];
            bench.keys("enter");
            assert_eq!(page(&bench), (Kind::Measure, measure.to_owned()));
            for (kind, id) in [
                (Kind::Project, word(project, "id")),
                (Kind::Agency, agency),
                (Kind::Plan, plan),
            ] {
                bench.select(kind, id);
                way.push(stand(&bench));
                bench.keys("enter");
                assert_eq!(page(&bench), (kind, id.to_owned()));
            }
            for stood in way.into_iter().rev() {
                bench.keys("esc");
                assert_eq!(stand(&bench), stood);
            }
            assert!(matches!(bench.app.screen(), Screen::Overview(_)));
        }
    }
}

#[test]
fn kind_county_initiative_sponsor_and_back_to_the_very_rows() {
    for seed in SEEDS {
        for lang in LANGS {
            let sponsor_known = |i: &Value| {
                let id = word(i, "sponsor");
                let of = |kind: &str| rows(seed, kind).iter().any(|r| r["id"] == id);
                !id.is_empty() && (of("agencies") || of("enterprises"))
            };
            let one = rows(seed, "initiatives")
                .iter()
                .find(|i| word(i, "initiative_kind") == "cooperative" && !i["county"].is_null() && sponsor_known(i));
            let Some(one) = one else { panic!("no such initiative") };
            let fellows = rows(seed, "initiatives")
                .iter()
                .filter(|i| word(i, "initiative_kind") == "cooperative" && i["county"] == one["county"])
                .count();

            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("tab tab");
            while !matches!(bench.app.screen(), Screen::Overview(o) if o.participation.selected().is_some_and(|k| k.as_str() == "cooperative"))
            {
                bench.keys("down");
            }
            let mut way = vec![stand(&bench)];
            bench.keys("enter");
            let at = match bench.app.screen() {
                Screen::Counties(c) => c
                    .rows
                    .keys()
                    .iter()
                    .position(|id| id.as_ref().is_some_and(|id| id.as_str() == word(one, "county"))),
                _ => panic!("no counties:\n{}", bench.picture()),
            };
            bench.keys(&"down ".repeat(at.unwrap_or_default()));
            way.push(stand(&bench));
            bench.keys("enter");
            assert_eq!(bench.ids().len(), fellows);
            bench.select(Kind::Initiative, word(one, "id"));
            way.push(stand(&bench));
            bench.keys("enter");
            assert_eq!(page(&bench), (Kind::Initiative, word(one, "id").to_owned()));
            let sponsor = word(one, "sponsor");
            let kind = if rows(seed, "agencies").iter().any(|a| a["id"] == sponsor) {
                Kind::Agency
            } else {
                Kind::Enterprise
            };
            bench.select(kind, sponsor);
            way.push(stand(&bench));
            bench.keys("enter");
            assert_eq!(page(&bench), (kind, sponsor.to_owned()));
            for stood in way.into_iter().rev() {
                bench.keys("backspace");
                assert_eq!(stand(&bench), stood);
            }
        }
    }
}

#[test]
fn initiatives_without_a_county_are_reached_like_those_of_a_county() {
    for seed in SEEDS {
        let nowhere = rows(seed, "initiatives")
            .iter()
            .filter(|i| word(i, "initiative_kind") == "home-business" && i["county"].is_null())
            .count();
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("tab tab z");
        bench.find("home business");
        bench.keys("enter");
        bench.find("without county");
        bench.keys("enter");
        assert_eq!(bench.ids().len(), nowhere);
        // The filter was not typed, so one step back is the way back.
        bench.keys("esc");
        assert!(matches!(bench.app.screen(), Screen::Counties(_)));
    }
}

#[test]
fn a_finding_leads_to_its_subject_and_back() {
    for seed in SEEDS {
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("tab tab tab");
            for _ in 0..40 {
                let Some((kind, id)) = bench.app.selected_record() else {
                    panic!("no subject")
                };
                let stood = stand(&bench);
                bench.keys("enter");
                assert_eq!(page(&bench), (kind, id.to_string()));
                bench.keys("esc");
                assert_eq!(stand(&bench), stood);
                bench.keys("down");
            }
        }
    }
}

#[test]
fn an_overdue_row_leads_to_the_plan_or_to_the_agency_that_has_none() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("tab z");
        let mut without = 0;
        for _ in 0..bench.all_rows().len() {
            let Some((kind, id)) = bench.app.selected_record() else {
                panic!("no subject")
            };
            match kind {
                Kind::Plan => {
                    let plan = rows(seed, "plans").iter().find(|p| p["id"] == id.as_str());
                    assert!(plan.is_some_and(|p| matches!(word(p, "state"), "not-submitted" | "returned")));
                }
                Kind::Agency => {
                    without += 1;
                    assert!(!rows(seed, "plans").iter().any(|p| p["agency"] == id.as_str()));
                }
                other => panic!("{other} {id}"),
            }
            bench.keys("up");
        }
        assert!(without > 0);
    }
}

#[test]
fn related_records_too_many_for_the_page_are_reached_by_its_last_line() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        let count = |m: &Value| {
            rows(seed, "projects")
                .iter()
                .filter(|p| p["measure"] == m["id"])
                .count()
        };
        let Some(measure) = rows(seed, "measures").iter().find(|m| count(m) > 12) else {
            panic!("no measure with so many projects")
        };
        bench.select(Kind::Measure, word(measure, "id"));
        bench.keys("enter");
        bench.find(&format!("all {} projects", count(measure)));
        bench.keys("enter");
        assert_eq!(bench.ids().len(), count(measure));
    }
}

#[test]
fn going_back_never_quits_however_often() {
    for key in ["esc", "backspace", "left", "h"] {
        for start in [
            "",
            "z",
            "tab z",
            "3 enter",
            "0",
            ":",
            "?",
            "? /",
            "4 / x",
            "4 s",
            "5 enter x",
        ] {
            let mut bench = Bench::new(1, Lang::En, SIZE);
            bench.keys(start);
            let effects = bench.keys(&format!("{key} ").repeat(12));
            assert!(!effects.contains(&Effect::Quit), "{start} {key}");
            if key == "esc" {
                assert!(
                    bench.app.popup().is_none() && bench.app.path().len() == 1,
                    "{start}: {}",
                    bench.picture()
                );
            }
        }
    }
}

#[test]
fn quitting_works_in_every_state() {
    for start in ["", "z", "3", "3 enter", "0", "?", "4 s", "5 enter x", "tab tab enter"] {
        let mut bench = Bench::new(1, Lang::Fa, SIZE);
        bench.keys(start);
        assert_eq!(bench.keys("q"), [Effect::Quit], "{start}");
    }
    // While text is typed q is a letter, and Ctrl-C still leaves.
    for start in [":", "? /", "4 /"] {
        let mut bench = Bench::new(1, Lang::Fa, SIZE);
        bench.keys(start);
        assert_eq!(bench.keys("q"), []);
        assert_eq!(bench.keys("ctrl-c"), [Effect::Quit], "{start}");
    }
}

#[test]
fn the_breadcrumb_names_the_way() {
    let mut bench = Bench::new(1, Lang::En, (160, 40));
    bench.must_say("Headquarters for the production leap");
    bench.keys("2");
    let overview = i18n::t(Lang::En, "screen.overview");
    bench.must_say(&format!("{overview} › measures"));
    bench.keys("enter");
    let title = rows(1, "measures")[0]["title"]["en"].as_str().unwrap_or_default();
    let short: String = title.chars().take(20).collect();
    bench.must_say(&format!("{overview} › measures › {short}"));
    bench.keys("esc esc");
    bench.must_say("Headquarters for the production leap");
}

#[test]
fn the_breadcrumb_runs_to_the_left_in_persian() {
    let mut bench = Bench::new(1, Lang::Fa, (160, 40));
    bench.keys("2");
    let header = &bench.rows()[0];
    assert!(header.contains('‹') && !header.contains('›'), "{header}");
}

#[test]
fn the_arrows_into_and_back_follow_the_direction_of_reading() {
    for (lang, into, back) in [(Lang::En, "right", "left"), (Lang::Fa, "left", "right")] {
        for (into, back) in [(into, back), if lang == Lang::En { ("l", "h") } else { ("h", "l") }] {
            let mut bench = Bench::new(1, lang, SIZE);
            bench.keys("4 down down");
            let stood = stand(&bench);
            bench.keys(into);
            page(&bench);
            bench.keys(back);
            assert_eq!(stand(&bench), stood, "{into} {back}");
            bench.keys(back);
            assert!(matches!(bench.app.screen(), Screen::Overview(_)));
        }
    }
}

#[test]
fn a_number_key_leads_to_its_list_from_everywhere() {
    let lists = [
        ("2", Kind::Measure),
        ("3", Kind::Agency),
        ("4", Kind::Plan),
        ("5", Kind::Initiative),
        ("6", Kind::Decision),
        ("7", Kind::Demand),
        ("8", Kind::Campaign),
        ("0 enter", Kind::Project),
        ("0 down enter", Kind::Meeting),
        ("0 down down enter", Kind::Enterprise),
        ("0 down down down enter", Kind::Evaluation),
    ];
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        for (keys, kind) in lists {
            bench.keys(keys);
            assert!(matches!(bench.app.screen(), Screen::List(list) if list.spec.kind == kind));
            // An id that stands in the document twice is one record.
            let ids: std::collections::BTreeSet<&str> =
                rows(seed, kind.plural()).iter().map(|r| word(r, "id")).collect();
            assert_eq!(bench.ids().len(), ids.len());
            assert_eq!(
                bench.app.path().len(),
                2,
                "a list stands on the overview, not on another list"
            );
            bench.keys("enter");
        }
    }
}

#[test]
fn the_problems_with_the_data_lead_to_the_record() {
    let mut bench = Bench::new(2, Lang::En, SIZE);
    bench.keys("0 end enter");
    assert!(matches!(bench.app.screen(), Screen::Problems(_)));
    bench.find("demands");
    bench.keys("enter");
    assert_eq!(page(&bench).0, Kind::Demand);
}

#[test]
fn a_sentence_broken_on_a_page_loses_no_word_at_the_edge() {
    // The reason of a measure behind its path ends with the count of its projects: at 80 columns it needs a second line.
    let mut bench = Bench::new(SEEDS[0], Lang::En, (80, 24));
    bench.keys("2 enter");
    let Screen::Page(page) = bench.app.screen() else {
        panic!("no page:\n{}", bench.picture());
    };
    let first = page.lines.iter().position(|line| line.text.contains("points behind"));
    let said: Vec<&str> = page.lines[first.unwrap_or_default()..]
        .iter()
        .map(|line| line.text.as_str())
        .take(2)
        .collect();
    assert!(
        said[1].ends_with("projects"),
        "one line is enough, so nothing is tried: {said:?}"
    );
    let picture = bench.picture();
    for part in said {
        assert!(picture.contains(part), "«{part}» is cut:\n{picture}");
    }
}
