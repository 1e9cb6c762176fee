//! What keys do: filter, sort, copy, languages and calendars, a Persian keyboard, the help page and the README's table.

use super::harness::{Bench, LANGS, SEEDS, province};
use rasad::app::Effect;
use rasad::app::popup::Popup;
use rasad::app::screen::Screen;
use rasad::board::report::LinkState;
use rasad::config::chord::Chord;
use rasad::config::keymap::Binding;
use rasad::config::theme::{Role, Theme};
use rasad::config::{Action, Context, Keymap};
use rasad::contract::{Change, Kind};
use rasad::i18n;
use rasad::text::{Lang, calendar};
use std::path::Path;
use std::sync::Arc;

const SIZE: (u16, u16) = (120, 40);

fn list(bench: &Bench) -> &rasad::app::screen::list::List {
    match bench.app.screen() {
        Screen::List(list) => list,
        _ => panic!("no list:\n{}", bench.picture()),
    }
}

#[test]
fn a_filter_narrows_as_it_is_typed_and_a_mistake_keeps_the_last_good_rows() {
    for seed in SEEDS {
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, SIZE);
            bench.keys("4");
            let all = bench.ids();
            bench.keys("/");
            bench.write("is:overdue");
            let good = bench.ids();
            assert!(!good.is_empty() && good.len() < all.len());
            bench.paste(" due<tomorrow?");
            assert!(!list(&bench).mistakes.is_empty());
            assert_eq!(bench.ids(), good, "the rows are those of the last good filter");
            if lang == Lang::En {
                bench.must_say("tomorrow?");
                bench.must_say(&format!("operational plans {} of {}", good.len(), all.len()));
            }
            // Mended, it holds again; given up, everything is there again and the list still is.
            bench.keys("ctrl-w ctrl-w");
            bench.write(" state:returned");
            assert!(list(&bench).mistakes.is_empty());
            bench.keys("enter");
            assert!(list(&bench).editing.is_none());
            bench.keys("esc");
            assert_eq!(bench.ids(), all);
            bench.keys("esc");
            assert!(matches!(bench.app.screen(), Screen::Overview(_)));
        }
    }
}

#[test]
fn a_filter_without_a_hit_says_so_and_esc_helps() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("3 /");
    bench.write("nobody is called so");
    bench.must_say("No row matches this filter");
    bench.must_say("agencies 0 of 64");
    bench.keys("enter enter");
    bench.must_say("No row matches this filter");
    bench.keys("esc");
    assert_eq!(bench.ids().len(), 64);
}

#[test]
fn persian_is_found_whatever_way_it_is_typed() {
    let mut counts = Vec::new();
    for typed in ["دانش‌بنیان", "دانش بنیان", "دانشبنیان", "دانش بنيان"] {
        let mut bench = Bench::new(1, Lang::Fa, SIZE);
        bench.keys("0 enter /");
        bench.write(typed);
        counts.push(bench.ids().len());
    }
    assert!(counts[0] > 0 && counts.iter().all(|n| *n == counts[0]), "{counts:?}");
}

#[test]
fn the_filter_from_the_overview_is_that_of_the_pane() {
    for (tabs, kind) in [("", Kind::Measure), ("tab", Kind::Plan), ("tab tab", Kind::Initiative)] {
        let mut bench = Bench::new(1, Lang::En, SIZE);
        bench.keys(tabs);
        bench.keys("/");
        assert_eq!(list(&bench).spec.kind, kind);
        assert!(list(&bench).editing.is_some());
    }
}

#[test]
fn a_filter_key_in_a_choice_does_not_type_behind_it() {
    for start in ["4 s", "4 0", "0"] {
        let mut bench = Bench::new(1, Lang::En, SIZE);
        bench.keys(start);
        let path = bench.app.path().len();
        bench.keys("/");
        assert_eq!(
            bench.app.path().len(),
            path,
            "{start}: a list was opened behind the choice"
        );
        bench.keys("esc");
        if let Screen::List(list) = bench.app.screen() {
            assert!(list.editing.is_none(), "{start}");
        }
    }
}

#[test]
fn sorting_by_a_column_again_turns_the_order_round() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::En, SIZE);
        bench.keys("4");
        let days = |bench: &Bench| -> Vec<i64> {
            let json = &province(seed).json["plans"];
            let of = |id: &String| {
                let plans = json.as_array().map_or(&[][..], Vec::as_slice);
                let plan = plans.iter().find(|p| p["id"] == id.as_str());
                let score = plan.and_then(|p| p["submitted"].as_str());
                score.and_then(|s| s.replace('-', "").parse().ok())
            };
            bench.ids().iter().filter_map(of).collect()
        };
        let sort = |bench: &mut Bench| {
            bench.keys("s");
            let Some(Popup::Choice(choice)) = bench.app.popup() else {
                panic!("no choice")
            };
            let at = choice
                .entries
                .iter()
                .position(|(name, ..)| name == "submitted on" || name == "submitted");
            let down = at.unwrap_or_else(|| panic!("{:?}", choice.entries)) as isize - choice.rows.index() as isize;
            assert!(down >= 0);
            bench.keys(&"down ".repeat(down as usize));
            bench.keys("enter");
        };
        sort(&mut bench);
        assert!(days(&bench).is_sorted());
        let rising = days(&bench);
        assert!(rising.len() > 10);
        sort(&mut bench);
        assert!(days(&bench).is_sorted_by(|a, b| a >= b));
        bench.keys("S");
        assert_eq!(days(&bench), rising);
        // Remembered on the way down and back.
        bench.keys("enter esc");
        assert_eq!(days(&bench), rising);
    }
}

#[test]
fn the_selection_stays_on_its_record_through_sorting_and_filtering() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("3 down down down");
    let chosen = bench.app.selected_record();
    bench.keys("S");
    assert_eq!(bench.app.selected_record(), chosen);
    bench.keys("/");
    bench.paste("-nobody");
    assert_eq!(bench.app.selected_record(), chosen);
}

#[test]
fn wide_shows_columns_that_are_usually_left_out() {
    let mut bench = Bench::new(1, Lang::En, (250, 30));
    bench.keys("4");
    let usual = bench.picture();
    bench.keys("w");
    assert_ne!(bench.picture(), usual);
    bench.must_say("extended");
    bench.keys("w");
    assert_eq!(bench.picture(), usual);
}

/// The ways to every screen the program has, and what may lie over it.
pub const SCREENS: &[&str] = &[
    "",
    "tab",
    "tab tab z",
    "tab tab tab z",
    "2",
    "2 down enter",
    "3",
    "3 down down enter",
    "4",
    "4 enter",
    "4 b",
    "4 b end",
    "2 b",
    "2 b end up enter",
    "2 down enter b",
    "3 b",
    "3 b tab",
    "6 b",
    "7 b",
    "8 b",
    "5",
    "5 enter",
    "6",
    "6 enter",
    "7",
    "7 enter",
    "8",
    "8 enter",
    "0",
    "0 enter",
    "0 enter enter",
    "0 down enter",
    "0 down enter enter",
    "0 down down enter",
    "0 down down enter enter",
    "0 down down down enter",
    "0 down down down enter enter",
    "0 end enter",
    "tab tab enter",
    "tab tab enter enter",
    "?",
    "3 ?",
    "3 enter ?",
    ":",
    "3 s",
    "tab tab tab x",
    "0 enter w",
];

#[test]
fn turning_the_language_gives_the_screen_the_other_language_would_have_given() {
    for seed in SEEDS {
        // Orders by name differ between languages, so the row one goes down from would be another one.
        let by_name =
            |way: &str| way.contains("enter") && (way.starts_with('3') || way.starts_with("0 down down enter e"));
        for way in SCREENS.iter().filter(|way| !way.contains(':') && !by_name(way)) {
            let mut turned = Bench::new(seed, Lang::En, SIZE);
            turned.keys(way);
            turned.keys("L");
            let mut born = Bench::new(seed, Lang::Fa, SIZE);
            born.keys(way);
            assert_eq!(turned.picture(), born.picture(), "{seed} {way:?}");
            turned.keys("L");
            let mut born = Bench::new(seed, Lang::En, SIZE);
            born.keys(way);
            assert_eq!(turned.picture(), born.picture(), "{seed} {way:?}");
        }
    }
}

#[test]
fn the_language_is_not_turned_while_text_is_typed() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("3 / L");
    assert_eq!(bench.app.lang(), Lang::En);
    assert_eq!(list(&bench).typed, "L");
}

#[test]
fn dates_are_turned_to_the_other_calendar_and_back() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.must_say("22 May 2024");
    bench.keys("4");
    bench.must_say("2024-04-19");
    let gregorian = bench.picture();
    bench.keys("D");
    bench.must_say("1403/01/31");
    bench.must_not_say("2024-04-19");
    bench.must_say("Khordad 1403");
    bench.keys("enter");
    bench.must_say("1403/01/31");
    bench.keys("esc D");
    assert_eq!(bench.picture(), gregorian);
}

fn copied(effects: &[Effect]) -> &str {
    match effects {
        [Effect::Copy(text)] => text,
        other => panic!("nothing was copied: {other:?}"),
    }
}

#[test]
fn what_is_copied_is_logical_text_as_it_was_written() {
    for seed in SEEDS {
        for way in SCREENS.iter().filter(|way| !way.contains(':')) {
            let mut bench = Bench::new(seed, Lang::Fa, SIZE);
            bench.keys(way);
            for key in ["y", "Y"] {
                for text in bench.keys(key) {
                    let Effect::Copy(text) = text else { panic!("{text:?}") };
                    for c in text.chars() {
                        let shaped = matches!(c, '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
                        let isolate =
                            matches!(c, '\u{2066}'..='\u{2069}' | '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}');
                        assert!(
                            !shaped && !isolate && (c == '\t' || !c.is_control()),
                            "{way:?} {key}: {c:?} in {text:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_id_and_the_row_under_the_cursor_are_copied() {
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::Fa, SIZE);
        bench.keys("2 down");
        let measure = &province(seed).json["measures"][1];
        assert_eq!(copied(&bench.keys("y")), measure["id"]);
        let row = bench.keys("Y");
        let title = measure["title"]["fa"].as_str().unwrap_or_default();
        let cells: Vec<&str> = copied(&row).split('\t').collect();
        assert!(cells.contains(&title), "{cells:?}");
        bench.keys("enter");
        assert_eq!(copied(&bench.keys("y")), measure["id"]);
    }
}

#[test]
fn a_persian_keyboard_works_by_position_outside_typing() {
    // The same way twice: once on Latin letters, once on the Persian ones under the same fingers.
    for (latin, persian) in [
        ("2 j j k", "۲ ت ت ن"),
        ("3 s", "۳ س"),
        ("3 w", "۳ ص"),
        ("tab z", "tab ظ"),
        ("tab tab tab x", "tab tab tab ط"),
        ("4 G", "۴ أ"),
        ("4 ?", "۴ ؟"),
        ("4 j l", "۴ ت م"),
    ] {
        for lang in LANGS {
            let (mut one, mut two) = (Bench::new(1, lang, SIZE), Bench::new(1, lang, SIZE));
            one.keys(latin);
            two.keys(persian);
            assert_eq!(one.picture(), two.picture(), "{latin} {persian}");
        }
    }
    let mut bench = Bench::new(1, Lang::Fa, SIZE);
    assert_eq!(bench.keys("ض"), [Effect::Quit]);
}

#[test]
fn persian_letters_are_text_while_typing() {
    let mut bench = Bench::new(1, Lang::Fa, SIZE);
    bench.keys("3 /");
    bench.write("ضش سازمان۲");
    assert_eq!(list(&bench).typed, "ضش سازمان۲");
    bench.keys("ctrl-u");
    bench.write("سازمان");
    let expected = province(1).json["agencies"].as_array().map_or(0, |all| {
        let names = all.iter().filter_map(|a| a["name"]["fa"].as_str());
        names.filter(|name| name.contains("سازمان")).count()
    });
    assert_eq!(bench.ids().len(), expected);
}

#[test]
fn the_cursor_of_a_persian_line_goes_forward_to_the_left() {
    let mut bench = Bench::new(1, Lang::Fa, SIZE);
    bench.keys("3 /");
    bench.write("ساز");
    bench.keys("right right");
    bench.write("ا");
    assert_eq!(list(&bench).typed, "سااز");
    bench.keys("home");
    bench.write("«");
    assert!(list(&bench).typed.starts_with('«'));
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("3 /");
    bench.write("abc");
    bench.keys("left left");
    bench.write("x");
    assert_eq!(list(&bench).typed, "axbc");
}

#[test]
fn the_help_lists_exactly_the_live_keys() {
    let own: Keymap = Keymap::from_bindings(
        Keymap::default()
            .bindings()
            .iter()
            .map(|binding| Binding {
                chords: match binding.action {
                    Action::Filter => chords(&["F"]),
                    Action::Sort => chords(&["ctrl-s", "f3"]),
                    _ => binding.chords.clone(),
                },
                ..binding.clone()
            })
            .collect(),
    )
    .0;
    for keymap in [Keymap::default(), own] {
        for (way, context) in [
            ("", Context::Overview),
            ("3", Context::List),
            ("3 enter", Context::Record),
        ] {
            let mut bench = Bench::with_keys(Lang::En, (100, 70), keymap.clone());
            bench.keys(way);
            bench.keys("?");
            let expected: Vec<String> = keymap
                .help(context)
                .iter()
                .map(|binding| {
                    let keys: Vec<_> = binding.chords.iter().map(Chord::label).collect();
                    format!("{} {}", keys.join(" "), i18n::t(Lang::En, binding.action.name_key()))
                })
                .collect();
            let said = bench.said();
            let from = said.iter().position(|row| row.contains(i18n::t(Lang::En, "help.keys")));
            let Some(from) = from else {
                panic!("{}", bench.picture())
            };
            let drawn: Vec<&String> = said[from + 1..].iter().take(expected.len()).collect();
            for (drawn, expected) in drawn.iter().zip(&expected) {
                assert!(
                    format!("{drawn} ").contains(&format!("{expected} ")),
                    "{drawn:?} {expected:?}"
                );
            }
            let after = &said[from + 1 + expected.len()];
            let headings = ["help.columns", "help.rules"].map(|key| i18n::t(Lang::En, key));
            assert!(headings.iter().any(|h| after.contains(h)), "another key: {after}");
        }
    }
}

fn chords(names: &[&str]) -> Vec<Chord> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

#[test]
fn the_help_can_be_searched() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("3 ? /");
    bench.write("clipb no such thing");
    bench.keys("ctrl-u");
    bench.write("copy the row");
    bench.must_say("Y copy the row");
    bench.must_not_say("page up");
    bench.keys("esc");
    bench.must_say("page up");
    bench.keys("esc");
    assert!(bench.app.popup().is_none());
}

#[test]
fn the_help_explains_every_column_and_rule() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys("4 ?");
    let Some(Popup::Help(help)) = bench.app.popup() else {
        panic!("no help")
    };
    for column in rasad::board::columns::columns(Kind::Plan) {
        let title = i18n::t(Lang::En, column.title_key);
        assert!(help.all.iter().any(|line| line.name == title), "{title}");
    }
    for rule in rasad::board::RULES {
        let title = i18n::t(Lang::En, rule.title);
        assert!(help.all.iter().any(|line| line.name == title), "{title}");
    }
}

#[test]
fn the_palette_finds_screens_actions_and_records() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys(":");
    bench.write("p-0117");
    bench.keys("enter");
    let here = bench.app.selected_record();
    assert!(here.is_some_and(|(kind, id)| kind == Kind::Project && id.as_str() == "p-0117"));
    bench.keys(":");
    bench.write("demands");
    bench.keys("enter");
    assert_eq!(list(&bench).spec.kind, Kind::Demand);
    bench.keys(":");
    bench.write("change the language");
    bench.keys("enter");
    assert_eq!(bench.app.lang(), Lang::Fa);
}

#[test]
fn the_palette_takes_an_id_typed_with_the_persian_layout_still_on() {
    let mut bench = Bench::new(1, Lang::Fa, SIZE);
    bench.keys(":");
    bench.write("ح-۰۱۱۷");
    bench.keys("enter");
    let here = bench.app.selected_record();
    assert!(here.is_some_and(|(kind, id)| kind == Kind::Project && id.as_str() == "p-0117"));
}

#[test]
fn every_hint_in_the_footer_does_what_it_says() {
    for lang in LANGS {
        for way in SCREENS {
            let mut bench = Bench::new(1, lang, (200, 40));
            bench.keys(way);
            let context = bench.app.context();
            let footer = bench.rows()[39].clone();
            for (label, action) in bench.app.hints() {
                assert!(footer.contains(&label), "{way:?}: {label} is not in {footer}");
                let chords = bench.app.keymap().chords(context, action);
                let works = chords
                    .iter()
                    .any(|c| bench.app.keymap().lookup(context, *c) == Some(action));
                assert!(works, "{way:?}: {label}");
            }
        }
    }
}

const MARKS: (&str, &str) = ("<!-- keys -->", "<!-- /keys -->");

#[test]
fn the_readme_holds_the_table_of_the_live_keys() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path)?;
    let from = text.find(MARKS.0).map(|at| at + MARKS.0.len());
    let (Some(from), Some(to)) = (from, text.find(MARKS.1)) else {
        return Err(format!("README.md has no place for the keys: {} … {}", MARKS.0, MARKS.1).into());
    };
    let table = format!("\n{}", Keymap::default().markdown_table(Lang::En));
    if text.get(from..to) == Some(table.as_str()) {
        return Ok(());
    }
    if std::env::var_os("TEST_REGENERATE").is_some() {
        let (before, after) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
        std::fs::write(&path, format!("{before}{table}{after}"))?;
        return Ok(());
    }
    Err("the keys in README.md are not the live ones; write them anew with: TEST_REGENERATE=1 cargo test --test screens readme".into())
}

#[test]
fn the_palette_changes_to_a_named_source_and_leaves_the_old_one_behind() {
    for lang in LANGS {
        let places = [
            ("tabriz", "https://tabriz.example"),
            ("ارومیه", "https://urmia.example"),
        ];
        let mut bench = Bench::with_contexts(lang, SIZE, &places);
        bench.keys("4 enter :");
        bench.write("context");
        assert_eq!(palette(&bench).len(), 2);
        bench.keys("ctrl-u");
        bench.write("urmia");
        assert_eq!(bench.keys("enter"), [Effect::Switch("ارومیه".to_owned())]);
        // Nothing of the old source is left, neither its rows nor the way into them.
        assert!(matches!(bench.app.screen(), Screen::Overview(_)) && bench.app.path().len() == 1);
        assert_eq!(bench.app.board().count(Kind::Plan), 0);
        assert_eq!(bench.app.state(), &LinkState::Starting);
        assert_eq!(
            (bench.app.source(), bench.app.source_name()),
            ("https://urmia.example", Some("ارومیه"))
        );
        // What comes first of the new one is no news: nothing is marked.
        bench.fill(2, LinkState::Live(7));
        assert!(bench.app.marks().next().is_none());
        bench.keys(":");
        bench.write("ارومیه");
        assert!(
            palette(&bench)
                .iter()
                .any(|(_, note, _)| note == i18n::t(lang, "palette.context-here"))
        );
    }
}

#[test]
fn what_the_palette_does_is_what_the_key_does() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys(":");
    bench.write("quit");
    assert_eq!(bench.keys("enter"), [Effect::Quit]);
}

fn palette(bench: &Bench) -> &[(String, String, rasad::app::popup::Pick)] {
    match bench.app.popup() {
        Some(Popup::Palette(palette)) => &palette.entries,
        _ => panic!("no palette:\n{}", bench.picture()),
    }
}

#[test]
fn the_footer_names_no_key_that_does_nothing_on_this_screen() {
    let mut seen = [0; 2];
    for (n, way) in SCREENS.iter().chain(&["F", "O", "M"]).enumerate() {
        let mut bench = Bench::new(SEEDS[n % 2], Lang::En, SIZE);
        bench.keys(way);
        if bench.app.context() != Context::Rows {
            continue;
        }
        for (at, action, key) in [(0, Action::NextPane, "tab"), (1, Action::Figures, "m")] {
            let offered = bench
                .app
                .keymap()
                .hints(Context::Rows)
                .iter()
                .any(|(_, hint)| *hint == action);
            let named = bench.app.hints().iter().any(|(_, hint)| *hint == action);
            let before = bench.rows();
            bench.keys(key);
            // A screen of one kind may name fewer keys than its context, and none that leaves it as it is.
            assert_eq!(
                named,
                offered && bench.rows() != before,
                "{way}: {key}\n{}",
                bench.picture()
            );
            seen[at] += usize::from(named);
            bench.keys(if at == 0 && named { "shift-tab" } else { "up" });
        }
    }
    assert!(seen.iter().all(|n| *n > 0), "{seen:?}");
}

#[test]
fn a_kiosk_is_offered_no_export() {
    let options = rasad::app::Options {
        kiosk: true,
        ..super::harness::options(Lang::En)
    };
    let mut bench = Bench::with_options(1, (200, 40), options);
    bench.keys("9");
    assert!(!bench.app.hints().iter().any(|(_, hint)| *hint == Action::Export));
    let mut bench = Bench::new(1, Lang::En, (200, 40));
    bench.keys("9");
    assert!(bench.app.hints().iter().any(|(_, hint)| *hint == Action::Export));
}

#[test]
fn the_header_says_the_day_the_board_judges_when_it_is_not_today() {
    let hq = |fields: &str| {
        let json = format!(
            r#"{{"name":"Headquarters","province":"P","programme_year":1403,"plan_due":"1403-01-31"{fields}}}"#
        );
        match serde_json::from_str(&json) {
            Ok(hq) => Change::Headquarters(Arc::new(hq)),
            Err(error) => panic!("{json}: {error}"),
        }
    };
    let today = province(1).board.today();
    let own = format!(r#","synthetic":true,"as_of":"{today}""#);
    let kept = r#","as_of":"2024-05-15""#.to_owned();
    // What the headquarters says, whether a day was asked for, the state of the source, what the header says of it.
    let cases = [
        (String::new(), false, LinkState::File, [false, false, false]),
        // A day asked for: no kept state is that old, so the newest is judged on it.
        (String::new(), true, LinkState::File, [true, true, false]),
        (String::new(), true, LinkState::Live(7), [true, true, false]),
        // A kept state says its own day.
        (kept.clone(), true, LinkState::File, [true, false, true]),
        (kept, false, LinkState::File, [false, false, false]),
        // Made-up figures are judged on their own day; the sample says so by itself.
        (own.clone(), false, LinkState::File, [true, false, false]),
        (own, false, LinkState::Sample, [false, false, false]),
    ];
    for (fields, asked, state, wanted) in cases {
        let options = rasad::app::Options {
            as_of: asked.then_some(today),
            ..super::harness::options(Lang::En)
        };
        let mut bench = Bench::before_data(Lang::En, (120, 24), today);
        bench.app = rasad::app::App::new(options, rasad::board::Board::new(Default::default(), today), (120, 24));
        bench.link(state);
        bench.change(vec![hq(&fields)]);
        let header = bench.rows()[0].clone();
        let said = ["as of  Wednesday 22 May 2024", "newest state", "state of 2024-05-15"];
        assert_eq!(
            said.map(|words| header.contains(words)),
            wanted,
            "{fields} {asked}: {header}"
        );
        // In a narrow window the day stays, with the word that says it is none of today.
        bench.resize(80, 24);
        let header = bench.rows()[0].clone();
        assert_eq!(
            header.contains("as of  Wednesday 22 May 2024"),
            wanted[0],
            "{fields}: {header}"
        );
    }
}

#[test]
fn the_palette_judges_by_another_day_and_comes_back() {
    let Ok(day) = calendar::parse_date("1403-02-20") else {
        panic!()
    };
    for (lang, typed) in [
        (Lang::En, "as-of 1403/02/20"),
        (Lang::En, "as of 2024-05-09"),
        (Lang::Fa, "به تاریخ ۱۴۰۳/۰۲/۲۰"),
        (Lang::Fa, "۱۴۰۳/۰۲/۲۰"),
    ] {
        let mut bench = Bench::new(1, lang, SIZE);
        bench.keys("4 enter :");
        bench.write(typed);
        assert_eq!(bench.keys("enter"), [Effect::AsOf(Some(day))], "{typed}");
        assert_eq!((bench.app.as_of(), bench.app.path().len()), (Some(day), 1));
        assert_eq!(bench.app.board().today(), day);
        // What was read is of another day: it is read anew.
        assert_eq!(bench.app.board().count(Kind::Plan), 0);
        if lang == Lang::En {
            bench.must_say("Everything is judged by 9 May 2024");
        }
        bench.keys(":");
        bench.write(i18n::t(lang, "palette.as-of-today"));
        assert_eq!(bench.keys("enter"), [Effect::AsOf(None)]);
        assert_eq!(bench.app.as_of(), None);
    }
    // Without a day one is asked for, and what is none is said.
    let mut bench = Bench::new(1, Lang::En, SIZE);
    bench.keys(":");
    bench.write("as-of");
    assert!(bench.keys("enter").is_empty());
    bench.write("1403-13-01");
    assert!(bench.keys("enter").is_empty());
    bench.must_say("This is no day");
    bench.keys("ctrl-u");
    bench.write("1403-02-20");
    assert_eq!(bench.keys("enter"), [Effect::AsOf(Some(day))]);
}

#[test]
fn the_palette_offers_every_theme() {
    for lang in LANGS {
        for name in rasad::config::theme::BUILT_IN {
            let mut bench = Bench::new(1, lang, SIZE);
            bench.keys(":");
            bench.write(&format!("theme {name}"));
            assert_eq!(bench.keys("enter"), [Effect::Theme(name)]);
            let Some(theme) = Theme::built_in(name) else {
                panic!("{name} is none")
            };
            let mut look = rasad::view::Look::new(
                lang,
                Theme::default(),
                rasad::config::Glyphs::of(rasad::config::GlyphSet::Ascii),
            );
            look.set_theme(theme);
            assert_eq!(look.style(Role::Critical), theme.style(Role::Critical));
            look.forgo_colour();
            look.set_theme(theme);
            for role in [Role::Critical, Role::Good, Role::Selected] {
                assert_eq!((look.style(role).fg, look.style(role).bg), (None, None), "{name}");
            }
        }
    }
}
