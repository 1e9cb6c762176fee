//! What changed: since the last meeting, between any two kept states, and in one record through all of them. The answers are worked
//! out from the two documents as JSON.

use super::harness::{Bench, LANGS, SEEDS, province};
use rasad::app::screen::Screen;
use rasad::app::screen::changes::Show;
use rasad::app::{Effect, Msg};
use rasad::board::report::{Found, Teller};
use rasad::board::{Board, Past};
use rasad::clock::Day;
use rasad::contract::{Fault, Id, Kind, Problem, Record, What};
use rasad::source::sample::{Form, Sample, history};
use rasad::text::{Lang, calendar};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

const SIZE: (u16, u16) = (80, 24);

/// The earlier states of a province, newest first.
pub fn states(seed: u64) -> &'static [(Day, Board)] {
    static MADE: [OnceLock<Vec<(Day, Board)>>; 2] = [OnceLock::new(), OnceLock::new()];
    let at = SEEDS.iter().position(|s| *s == seed).unwrap_or_default();
    MADE[at].get_or_init(|| {
        let mut board = province(seed).board.clone();
        let past = history::of(&Sample::new(seed, None));
        past.into_iter()
            .map(|past| {
                board.apply(past.changes);
                (past.as_of, board.clone())
            })
            .collect()
    })
}

fn state(seed: u64, day: Day) -> Option<Arc<Past>> {
    let (day, board) = states(seed).iter().find(|(kept, _)| *kept <= day)?;
    Some(Arc::new(Past::new(*day, board.clone())))
}

/// A province held against the state of its last meeting, as the program does once it has read it.
pub fn held(seed: u64, lang: Lang, size: (u16, u16)) -> Bench {
    Bench::over(held_board(seed).clone(), lang, size)
}

/// The board of a province held against the state of its last meeting, made once.
pub fn held_board(seed: u64) -> &'static Board {
    static MADE: [OnceLock<Board>; 2] = [OnceLock::new(), OnceLock::new()];
    let at = SEEDS.iter().position(|s| *s == seed).unwrap_or_default();
    MADE[at].get_or_init(|| {
        let mut board = province(seed).board.clone();
        let meeting = board.last_meeting().map(|meeting| meeting.on);
        board.set_past(meeting.and_then(|day| state(seed, day)));
        board
    })
}

/// Keys, and the answers the link would give to what they ask for.
pub fn keys(bench: &mut Bench, seed: u64, names: &str) {
    for name in names.split_whitespace() {
        for effect in bench.keys(name) {
            let found = match effect {
                Effect::FindState(asked) => Found::State {
                    asked,
                    past: state(seed, asked),
                    days: states(seed).iter().map(|(day, _)| *day).collect(),
                    teller: Teller::Kept,
                },
                Effect::FindHistory(kind, id) => Found::History {
                    states: states(seed)
                        .iter()
                        .map(|(day, board)| (*day, board.record(kind, id.as_str())))
                        .collect(),
                    kind,
                    id,
                    teller: Teller::Kept,
                },
                _ => continue,
            };
            bench.update(Msg::Found(found));
        }
    }
}

/// The document of a day, as plain JSON.
pub fn document(seed: u64, day: Day) -> Value {
    let mut bytes = Vec::new();
    if let Err(error) = Sample::new(seed, None).write_to(&mut bytes, Form::Json, day) {
        panic!("{error}");
    }
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// How many records appeared, changed and vanished from one document to the other; of two records with one id the first counts.
pub fn differences(old: &Value, new: &Value) -> [usize; 3] {
    let mut out = [0; 3];
    for kind in Kind::ALL {
        let rows = |document: &'_ Value| {
            let mut rows = std::collections::BTreeMap::new();
            for row in document[kind.plural()].as_array().into_iter().flatten() {
                rows.entry(row["id"].as_str().unwrap_or_default().to_owned())
                    .or_insert_with(|| row.clone());
            }
            rows
        };
        let (old, new) = (rows(old), rows(new));
        out[0] += new.keys().filter(|id| !old.contains_key(*id)).count();
        out[1] += new
            .iter()
            .filter(|(id, row)| old.get(*id).is_some_and(|old| old != *row))
            .count();
        out[2] += old.keys().filter(|id| !new.contains_key(*id)).count();
    }
    out
}

fn counts(bench: &Bench) -> [usize; 5] {
    match bench.app.screen() {
        Screen::Changes(changes) => changes.counts,
        _ => panic!("no changes:\n{}", bench.picture()),
    }
}

#[test]
fn what_changed_since_the_last_meeting_is_one_key_away_and_true() {
    for seed in SEEDS {
        let newest = states(seed)[0].0;
        let board = &province(seed).board;
        assert_eq!(
            board.last_meeting().map(|m| m.on),
            Some(newest),
            "the last meeting's state is kept"
        );
        let expected = differences(&document(seed, newest), &province(seed).json);
        assert!(expected[0] > 0 && expected[1] > 0, "{expected:?}");
        for lang in LANGS {
            let mut bench = held(seed, lang, SIZE);
            keys(&mut bench, seed, "9");
            let [all, wrong, appeared, changed, vanished] = counts(&bench);
            assert_eq!([appeared, changed, vanished], expected, "seed {seed}");
            assert_eq!(all, appeared + changed + vanished);
            if lang == Lang::En {
                bench.must_say("Changes since the last meeting");
                bench.must_say(&format!("appeared {appeared} changed {changed} vanished {vanished}"));
            }
            // Tab shows what moved the wrong way, and then only what appeared.
            keys(&mut bench, seed, "tab");
            let shown = |bench: &Bench| match bench.app.screen() {
                Screen::Changes(changes) => (changes.show, changes.rows.len()),
                _ => panic!(),
            };
            assert_eq!(shown(&bench), (Show::Wrong, wrong));
            keys(&mut bench, seed, "tab");
            assert_eq!(shown(&bench), (Show::Appeared, appeared));
            // Enter leads to the record, Esc back to the very row.
            keys(&mut bench, seed, "down enter");
            assert!(matches!(bench.app.screen(), Screen::Page(_)));
            keys(&mut bench, seed, "esc");
            assert_eq!(bench.place(), 1);
        }
    }
}

#[test]
fn any_two_kept_states_are_compared() {
    for seed in SEEDS {
        let days: Vec<Day> = states(seed).iter().map(|(day, _)| *day).collect();
        let mut bench = held(seed, Lang::En, SIZE);
        keys(&mut bench, seed, "d");
        // The first entry is the last meeting, the kept states follow: the third newest, up to the second newest.
        keys(&mut bench, seed, "down down down enter");
        bench.must_say("now");
        keys(&mut bench, seed, "end enter");
        let expected = differences(&document(seed, days[2]), &document(seed, days[1]));
        let [_, _, appeared, changed, vanished] = counts(&bench);
        assert_eq!([appeared, changed, vanished], expected);
        bench.must_say(&format!("Changes from {} to {}", days[2], days[1]));
    }
}

#[test]
fn a_record_shows_what_changed_in_it_and_its_whole_history() {
    for seed in SEEDS {
        // A project that differs in more than one pair of kept states, found in the documents alone.
        let days: Vec<Day> = states(seed).iter().map(|(day, _)| *day).collect();
        let of = |document: &Value, id: &str| -> Option<Value> {
            let rows = document["projects"].as_array()?;
            rows.iter().find(|row| row["id"] == id).cloned()
        };
        let documents: Vec<Value> = std::iter::once(province(seed).json.clone())
            .chain(days.iter().map(|day| document(seed, *day)))
            .collect();
        let changes = |id: &str| {
            documents
                .windows(2)
                .filter(|pair| of(&pair[0], id) != of(&pair[1], id))
                .count()
        };
        let ids = documents[0]["projects"].as_array().cloned().unwrap_or_default();
        let id = ids
            .iter()
            .filter_map(|row| row["id"].as_str())
            .find(|id| changes(id) > 2);
        let Some(id) = id else { panic!("no project changes") };
        let mut bench = held(seed, Lang::En, SIZE);
        bench.keys("0 enter");
        bench.select(Kind::Project, id);
        bench.keys("enter");
        bench.find("its whole history");
        keys(&mut bench, seed, "enter");
        let Screen::History(history) = bench.app.screen() else {
            panic!("{}", bench.picture())
        };
        assert_eq!(history.states, days.len());
        let steps: std::collections::BTreeSet<_> = history.lines.iter().map(|line| line.day).collect();
        assert_eq!(steps.len(), changes(id), "{id}");
        keys(&mut bench, seed, "esc");
        assert!(matches!(bench.app.screen(), Screen::Page(_)));
    }
}

#[test]
fn without_an_earlier_state_it_says_so() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, SIZE);
        for effect in bench.keys("9") {
            if let Effect::FindState(asked) = effect {
                let days = Vec::new();
                bench.update(Msg::Found(Found::State {
                    asked,
                    past: None,
                    days,
                    teller: Teller::Kept,
                }));
            }
        }
        if lang == Lang::En {
            bench.must_say("No earlier state has been kept yet");
            bench.keys("d");
            bench.must_say("No earlier state has been kept yet");
        }
    }
}

#[test]
fn before_the_state_of_the_last_meeting_has_come_it_is_that_one_that_is_asked_for() {
    let mut bench = Bench::new(1, Lang::En, SIZE);
    let meeting = bench.app.board().last_meeting().map(|meeting| meeting.on);
    let Some(meeting) = meeting else { panic!("no meeting") };
    assert!(bench.app.board().past().is_none());
    assert_eq!(bench.keys("9"), [Effect::FindState(meeting)]);
    // Where nothing is as old as that, the newest earlier state will do; but only once.
    let (newest, board) = states(1)[0].clone();
    let answer = |asked, past| {
        Msg::Found(Found::State {
            asked,
            past,
            days: vec![newest],
            teller: Teller::Kept,
        })
    };
    assert_eq!(bench.update(answer(meeting, None)), [Effect::FindState(newest)]);
    assert!(
        bench
            .update(answer(newest, Some(Arc::new(Past::new(newest, board)))))
            .is_empty()
    );
    let Screen::Changes(changes) = bench.app.screen() else {
        panic!()
    };
    assert_eq!(changes.from.as_ref().map(|past| past.day), Some(newest));
    assert!(changes.counts[0] > 0);
}

/// What an endpoint says of the states a province had: all days since the oldest one.
fn told(bench: &mut Bench, seed: u64, names: &str, teller: &Teller) {
    for name in names.split_whitespace() {
        for effect in bench.keys(name) {
            let Effect::FindState(asked) = effect else { continue };
            let oldest = states(seed).iter().map(|(day, _)| day.days()).min().unwrap_or_default();
            let newest = bench.app.board().today().plus(-1).days();
            let past = state(seed, asked).map(|past| std::sync::Arc::new(Past::new(asked, past.board.clone())));
            bench.update(Msg::Found(Found::State {
                asked,
                past,
                days: (oldest..=newest).rev().map(Day::from_days).collect(),
                teller: teller.clone(),
            }));
        }
    }
}

#[test]
fn any_day_can_be_typed_and_what_is_no_day_is_said() {
    let mut bench = held(1, Lang::En, SIZE);
    told(&mut bench, 1, "9 d end", &Teller::Endpoint);
    bench.must_say("Another day");
    told(&mut bench, 1, "enter", &Teller::Endpoint);
    let typed = |bench: &mut Bench, text: &str| {
        bench.write(text);
        told(bench, 1, "enter", &Teller::Endpoint);
    };
    typed(&mut bench, "yesterday");
    bench.must_say("This is no day");
    told(&mut bench, 1, "ctrl-u", &Teller::Endpoint);
    let today = bench.app.board().today();
    typed(&mut bench, &today.to_string());
    bench.must_say("A state can be had from");
    told(&mut bench, 1, "ctrl-u", &Teller::Endpoint);
    // One of the states itself, written as people write it.
    let day = states(1).iter().map(|(day, _)| *day).find(|day| today - *day > 31);
    let Some(day) = day else { panic!("no state is that old") };
    let written = calendar::short(day, calendar::CalendarKind::Jalali, Lang::Fa);
    typed(&mut bench, &written);
    bench.must_say("now");
    told(&mut bench, 1, "end enter", &Teller::Endpoint);
    let (until, _) = states(1)[1];
    // Not later than it began.
    typed(&mut bench, &day.to_string());
    bench.must_say("A state can be had from");
    told(&mut bench, 1, "ctrl-u", &Teller::Endpoint);
    typed(&mut bench, &until.to_string());
    let Screen::Changes(changes) = bench.app.screen() else {
        panic!("{}", bench.picture())
    };
    let days = [&changes.from, &changes.to].map(|past| past.as_ref().map(|past| past.day));
    assert_eq!(days, [Some(day), Some(until)]);
    let (Some(from), Some(to)) = (state(1, day), state(1, until)) else {
        panic!("a state is gone")
    };
    let wanted = rasad::board::compare::compare(&from.board, &to.board);
    assert_eq!(changes.counts[0], wanted.records.len());
    assert!(changes.counts[0] > 0);
}

#[test]
fn who_tells_the_earlier_state_is_said() {
    let why = rasad::contract::Problem::fatal(rasad::contract::What::Status(503));
    let instead = Teller::Instead(std::sync::Arc::new(why));
    for lang in LANGS {
        for (teller, name) in [(&Teller::Endpoint, "changes-server"), (&instead, "changes-instead")] {
            let mut bench = held(1, lang, SIZE);
            told(&mut bench, 1, "9", teller);
            super::snapshots::keep(name, lang, &bench);
        }
    }
}

#[test]
fn a_vanished_record_is_a_finding_and_is_shown_as_it_was() {
    let mut bench = held(1, Lang::En, (120, 40));
    let (id, title) = match bench.app.board().records(Kind::Project).next() {
        Some(Record::Project(project)) => (project.id.clone(), project.title.get(Lang::En).to_owned()),
        _ => panic!(),
    };
    bench.change(vec![rasad::contract::Change::Delete(Kind::Project, id.clone())]);
    let rules = |bench: &Bench, id: &Id| -> Vec<&'static str> {
        let findings = bench.app.board().findings().of(Kind::Project, id.as_str());
        findings.iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(&bench, &id), ["record-vanished"]);
    keys(&mut bench, 1, "9 tab tab tab tab");
    bench.select(Kind::Project, id.as_str());
    keys(&mut bench, 1, "enter");
    let begin: String = title.chars().take(20).collect();
    bench.must_say(&begin);
    bench.must_say("record vanished");
    bench.must_say("is no longer in the data");
}

#[test]
fn the_brief_holds_the_figures_of_the_json_and_is_written_as_a_document() {
    for seed in SEEDS {
        let json = &province(seed).json;
        let decisions = json["decisions"].as_array().cloned().unwrap_or_default();
        let executed = decisions.iter().filter(|d| d["state"] == "executed").count();
        let demands = json["demands"].as_array().cloned().unwrap_or_default();
        for lang in LANGS {
            let mut bench = held(seed, lang, SIZE);
            keys(&mut bench, seed, "B");
            assert!(matches!(bench.app.screen(), Screen::Brief(_)));
            if lang == Lang::En {
                bench.find("Decisions: ");
                bench.must_say(&format!("{executed} of {} executed", decisions.len()));
                bench.must_say(&format!("of {} without an answer", unique(&demands)));
            }
            let effects = bench.keys("e enter");
            let file = effects.iter().find_map(|effect| match effect {
                Effect::Export(file) => Some(file.clone()),
                _ => None,
            });
            let Some(file) = file else { panic!("{effects:?}") };
            let html = String::from_utf8(file.bytes).unwrap_or_default();
            assert!(file.path.ends_with(".html") && html.starts_with("<!doctype html>"));
            assert_eq!(html.contains("dir=\"rtl\""), lang == Lang::Fa);
            assert!(!html.contains(|c| matches!(c, '\u{2066}'..='\u{2069}' | '\u{fe70}'..='\u{fefe}')));
        }
    }
}

fn unique(rows: &[Value]) -> usize {
    let ids: std::collections::BTreeSet<_> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    ids.len()
}

#[test]
fn the_same_document_gives_the_same_findings_headless_and_on_screen() {
    // The program itself on the embedded sample, against the pane of the overview row by row.
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_rasad"))
        .args(["findings", "--format", "json", "--lang", "en"])
        .env_clear()
        .env("HOME", "/nowhere")
        .output();
    let Ok(output) = program else {
        panic!("the program does not run")
    };
    assert_eq!(output.status.code(), Some(2), "the sample has critical findings");
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let rows = json["findings"].as_array().cloned().unwrap_or_default();
    let bench = held(1, Lang::En, SIZE);
    let board = bench.app.board();
    assert_eq!(rows.len(), board.findings().len());
    let shown = board.findings().ranked();
    for (row, finding) in rows.iter().zip(shown) {
        let said = [&row["rule"], &row["severity"], &row["kind"], &row["id"]]
            .map(|v| v.as_str().unwrap_or_default().to_owned());
        let is = [
            finding.rule,
            finding.severity.as_str(),
            finding.kind.as_str(),
            finding.id.as_str(),
        ];
        assert_eq!(said, is);
        let why = rasad::app::words::why(finding, board, bench.app.style());
        assert_eq!(row["why"]["text"], rasad::text::isolate::strip(&why).as_ref());
    }
    let mut bench = bench;
    bench.keys("tab tab tab z");
    let first = rows.first().map(|row| {
        row["why"]["text"]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(15)
            .collect::<String>()
    });
    assert!(bench.here().contains(&first.unwrap_or_default()), "{}", bench.picture());
}

#[test]
fn pictures_of_what_changed() {
    for lang in LANGS {
        let mut bench = held(1, lang, SIZE);
        keys(&mut bench, 1, "9");
        super::snapshots::keep("changes-80x24", lang, &bench);
        keys(&mut bench, 1, "d");
        super::snapshots::keep("changes-since", lang, &bench);
        let mut bench = held(1, lang, (120, 40));
        keys(&mut bench, 1, "9");
        super::snapshots::keep("changes-120x40", lang, &bench);
        let mut bench = held(1, lang, SIZE);
        keys(&mut bench, 1, "B");
        super::snapshots::keep("brief-80x24", lang, &bench);
    }
}

#[test]
fn the_history_of_a_record_says_who_told_it() {
    let board = &province(1).board;
    let Some(project) = board.ids(Kind::Project).next() else {
        panic!("no project")
    };
    let mut bench = held(1, Lang::En, (120, 40));
    bench.keys("0 enter");
    bench.select(Kind::Project, project.as_str());
    bench.keys("enter");
    bench.find("its whole history");
    bench.keys("enter");
    let record = board.record(Kind::Project, project.as_str());
    let day = board.today();
    let came = rasad::i18n::t(Lang::En, "change.appeared");
    let mut tell = |teller: Teller, states: Vec<(Day, Option<Record>)>| {
        bench.update(Msg::Found(Found::History {
            kind: Kind::Project,
            id: project.clone(),
            states,
            teller,
        }));
        bench.said().join("\n")
    };
    // Two versions, and before them it was not there: that is no version.
    let versions = vec![(day, record.clone()), (day.plus(-3), record), (day.plus(-3), None)];
    let told = tell(Teller::Endpoint, versions);
    assert!(
        told.contains("2 versions on the server") && told.contains(came),
        "{told}"
    );
    let why = Arc::new(Problem::fatal(What::Link(Fault::Forbidden)));
    let told = tell(Teller::Instead(why), vec![(day.plus(-3), None)]);
    assert!(told.contains("1 kept state"), "{told}");
    assert!(told.contains("The server did not tell its history"), "{told}");
    assert!(told.contains("kept on this machine") && told.contains(came), "{told}");
}
