//! What the hot paths cost, counted in instructions, so that a change that makes one slower is seen on any machine, however busy.
//!
//! Each path is a test of its own that only this guard runs, under callgrind and on one processor. The program is measured as the
//! tests build it: the figures say nothing of a release, they only have to stay what they were. `tests/data/cost.txt` keeps them
//! by architecture and build; after a change that is worth its price: `TEST_REGENERATE=1 cargo test --test cost`.
//!
//! What could move them from machine to machine is kept out. Valgrind answers for the processor and knows nothing newer than AVX2, and
//! the C library is told to choose its plain functions. One processor is all the program is given, so that it starts no threads.
//! What is left is the seed of the hash tables, which is worth
//! less than three in a thousand.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use rasad::app::{App, Msg, Options, Report};
use rasad::board::arranged::Arranged;
use rasad::board::columns::{Style, column};
use rasad::board::query::{Query, Stop};
use rasad::board::report::LinkState;
use rasad::board::rows::{self, ListSpec};
use rasad::board::{Board, Settings};
use rasad::config::{GlyphSet, Glyphs, Keymap, Theme};
use rasad::contract::{Change, Kind, Record};
use rasad::kept::format;
use rasad::source::sample::{Form, Sample};
use rasad::source::{Item, Limits};
use rasad::text::calendar::CalendarKind;
use rasad::text::number::MoneyUnit;
use rasad::text::{self, Direction, Lang};
use rasad::tui::frames::Frames;
use rasad::view::{self, Look};
use ratatui::layout::Size;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// The paths, by the names of their tests.
const PATHS: &[&str] = &[
    "a_first_frame",
    "a_frame_after_a_key",
    "a_filter_typed",
    "a_filter_typed_on",
    "a_list_put_in_order",
    "judging_everything",
    "one_changed_record",
    "opening_what_was_kept",
    "reading_a_document",
    "shaping_persian",
];

/// How much more a path may cost than it did, in percent. Less is always welcome.
const TOLERANCE: u64 = 3;

/// Initiatives of the province: two chunks, and still read without other threads, whose work would not be counted.
const SOME: u64 = 400;

/// Initiatives of the list that is filtered and put in order: enough that it is rows that cost.
const MANY: u64 = 1_500;

/// How this was built: figures of one build say nothing of another.
const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

fn figures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cost.txt")
}

/// What is known: instructions by architecture, build and path.
fn known() -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(figures()).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, count)| (name.to_owned(), count.parse().unwrap()))
        .collect()
}

fn name(path: &str) -> String {
    format!("{} {BUILD} {path}", std::env::consts::ARCH)
}

#[test]
fn no_hot_path_has_become_slower() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        // `./test` installs it, and then it must be there.
        assert!(
            std::env::var_os("TEST_ALL_COSTS").is_none(),
            "valgrind, which counts instructions, is not installed (Debian's package of that name)"
        );
        return;
    }
    let mut known = known();
    let regenerate = std::env::var_os("TEST_REGENERATE").is_some();
    let mine = name("");
    if !regenerate && !known.keys().any(|name| name.starts_with(&mine)) {
        assert_ne!(
            (std::env::consts::ARCH, BUILD),
            ("x86_64", "debug"),
            "there are no figures in tests/data/cost.txt"
        );
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    write_documents(dir.path());
    let counts: BTreeMap<String, u64> = PATHS.iter().map(|path| (name(path), count(path, dir.path()))).collect();
    if regenerate {
        known.retain(|name, _| !name.starts_with(&mine));
        known.extend(counts);
        let mut text =
            "# Instructions of each path of tests/cost.rs, written by TEST_REGENERATE=1 cargo test --test cost\n"
                .to_owned();
        for (name, count) in &known {
            writeln!(text, "{name} {count}").unwrap();
        }
        std::fs::write(figures(), text).unwrap();
        return;
    }
    let mut slower = Vec::new();
    for (name, now) in &counts {
        let before = known.get(name).copied().unwrap_or(0);
        let change = (i128::from(*now) - i128::from(before)) * 1000 / i128::from(before.max(1));
        let line = format!(
            "{name}: {now} instructions, {before} before ({:+}.{} %)",
            change / 10,
            change.abs() % 10
        );
        if *now > before + before * TOLERANCE / 100 {
            slower.push(line);
        }
    }
    assert!(
        slower.is_empty(),
        "A hot path costs over {TOLERANCE} % more than it did. Find out why (callgrind_annotate), or accept it with \
         TEST_REGENERATE=1 cargo test --test cost and say in the commit what it is worth. Another compiler may be the reason, too: \
         then all have moved.\n{}",
        slower.join("\n")
    );
}

/// The first processor this process may run on.
fn processor() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = allowed.unwrap().trim().split([',', '-']).next();
    first.unwrap().to_owned()
}

/// The instructions of one path, by running its test under callgrind.
fn count(path: &str, dir: &Path) -> u64 {
    let out = dir.join(path);
    let run = Command::new("taskset")
        .args([
            "--cpu-list",
            &processor(),
            "valgrind",
            "--tool=callgrind",
            "--collect-atstart=no",
        ])
        .arg("--toggle-collect=cost::measured*")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", path, "--test-threads=1"])
        // Which of its functions the C library takes does not depend on the machine.
        .env(
            "GLIBC_TUNABLES",
            "glibc.cpu.hwcaps=-AVX2,-AVX,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2",
        )
        .env("TEST_DOCUMENTS", dir)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{path}: {said}");
    let counts = std::fs::read_to_string(out).unwrap();
    let total = counts.lines().find_map(|line| line.strip_prefix("summary: "));
    let total = total.and_then(|total| total.trim().parse().ok()).unwrap_or(0);
    assert!(total > 1000, "{path}: nothing was counted: {said}");
    total
}

/// Only what happens in here is counted.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

/// Writes the documents of all paths once: making one costs more than most of them.
fn write_documents(dir: &Path) {
    let written = |initiatives| {
        let (sample, mut bytes) = (Sample::new(1, Some(initiatives)), Vec::new());
        sample.write_to(&mut bytes, Form::Json, sample.as_of()).unwrap();
        bytes
    };
    std::fs::write(dir.join("province.json"), written(SOME)).unwrap();
    let mut list: serde_json::Value = serde_json::from_slice(&written(MANY)).unwrap();
    list.as_object_mut()
        .unwrap()
        .retain(|name, _| ["rasad", "headquarters", "initiatives"].contains(&name.as_str()));
    std::fs::write(dir.join("list.json"), list.to_string()).unwrap();
}

fn document(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(&std::env::var_os("TEST_DOCUMENTS").unwrap()).join(name)).unwrap()
}

/// What a reader makes of a document.
fn read(bytes: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    rasad::source::read(bytes, &Limits::default(), &mut |item| {
        match item {
            Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
            Item::Whole(kind, records) => changes.push(Change::Whole(kind, records)),
            _ => {}
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    changes
}

fn empty() -> Board {
    Board::new(Settings::default(), Sample::new(1, Some(1)).as_of())
}

fn board_of(name: &str) -> Board {
    let mut board = empty();
    board.apply(read(&document(name)));
    board
}

fn province() -> Board {
    board_of("province.json")
}

fn long_list() -> Board {
    board_of("list.json")
}

fn listed(filter: &str) -> ListSpec {
    ListSpec {
        query: Query::parse(filter, Kind::Initiative).unwrap(),
        ..ListSpec::all(Kind::Initiative)
    }
}

fn arranged(board: &Board, spec: &ListSpec, before: Option<&Arranged>) -> Arranged {
    Arranged::of(board, spec, Lang::Fa, &[], before, &Stop::never()).unwrap()
}

/// The dashboard over a province, in Persian, with what draws it.
struct Screen {
    app: App,
    look: Look,
    frames: Frames<Vec<u8>>,
}

impl Screen {
    fn new() -> Self {
        let style = Style {
            lang: Lang::Fa,
            calendar: CalendarKind::Jalali,
            money: MoneyUnit::BillionRial,
        };
        let size = (120, 40);
        let board = province();
        let mut app = App::new(
            Options::new(style, Arc::new(Keymap::default()), String::new()),
            empty(),
            size,
        );
        let report = Report {
            delta: rasad::board::Delta {
                headquarters: true,
                whole: Kind::ALL.to_vec(),
                ..Default::default()
            },
            board,
            state: LinkState::Sample,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
        };
        app.update(Msg::Report(Box::new(report)), Duration::ZERO);
        Self {
            app,
            look: Look::new(Lang::Fa, Theme::default(), Glyphs::of(GlyphSet::Unicode)),
            frames: Frames::new(Vec::new(), Size::new(size.0, size.1), false),
        }
    }

    fn key(&mut self, key: &str) {
        let chord = key.parse().unwrap();
        self.app.update(Msg::Key(chord), Duration::ZERO);
    }

    fn draw(&mut self) {
        let (app, look) = (&self.app, &self.look);
        self.frames.draw(|buffer| view::render(app, look, buffer)).unwrap();
    }
}

#[test]
#[ignore = "counted by the guard"]
fn shaping_persian() {
    let lines = [
        "جهش تولید با مشارکت مردم در استان آذربای",
        "طرح شماره ۱۲ از p-0117 با −۳۵٪ پیشرفت شد",
    ];
    let shape = || {
        for line in lines {
            black_box(text::line(black_box(line), Direction::Rtl));
            black_box(text::fit(black_box(line), Direction::Rtl, 20));
        }
    };
    // Tables that are made once are not what this is about.
    shape();
    measured(|| (0..20).for_each(|_| shape()));
}

#[test]
#[ignore = "counted by the guard"]
fn reading_a_document() {
    let bytes = document("province.json");
    let changes = measured(|| read(&bytes));
    assert_eq!(changes.len(), 1 + Kind::ALL.len());
}

#[test]
#[ignore = "counted by the guard"]
fn judging_everything() {
    let (mut board, changes) = (empty(), read(&document("province.json")));
    measured(|| board.apply(changes));
    assert!(board.findings().len() > 10);
}

#[test]
#[ignore = "counted by the guard"]
fn opening_what_was_kept() {
    let bytes = format::encode(&province()).unwrap();
    let changes = measured(|| format::decode(Cursor::new(&bytes), &Limits::default()).unwrap());
    assert!(changes.len() > Kind::ALL.len());
}

#[test]
#[ignore = "counted by the guard"]
fn a_filter_typed() {
    let board = long_list();
    let before = arranged(&board, &listed(""), None);
    let after = measured(|| arranged(&board, &listed("قال"), Some(&before)));
    assert!(!after.is_empty() && after.len() < before.len());
}

#[test]
#[ignore = "counted by the guard"]
fn a_filter_typed_on() {
    let board = long_list();
    let before = arranged(&board, &listed("قال"), None);
    let after = measured(|| arranged(&board, &listed("قالی"), Some(&before)));
    assert!(!after.is_empty());
}

#[test]
#[ignore = "counted by the guard"]
fn a_list_put_in_order() {
    let board = long_list();
    let by = |key: &str| ListSpec {
        sort: vec![(column(Kind::Initiative, key).unwrap(), rows::Direction::Descending)],
        ..listed("")
    };
    let (days, titles) = (by("identified"), by("title"));
    measured(|| (arranged(&board, &days, None), arranged(&board, &titles, None)));
}

#[test]
#[ignore = "counted by the guard"]
fn one_changed_record() {
    let mut board = province();
    let record = board.record(
        Kind::Initiative,
        arranged(&board, &listed(""), None).get(200).unwrap().as_str(),
    );
    let mut json = serde_json::to_value(record.unwrap()).unwrap();
    json["jobs"] = serde_json::json!({"committed": 17});
    let record = Record::from_json(Kind::Initiative, &json.to_string()).unwrap();
    let delta = measured(|| board.apply(vec![Change::Put(record)]));
    assert!(!delta.is_empty());
}

#[test]
#[ignore = "counted by the guard"]
fn a_first_frame() {
    let mut screen = Screen::new();
    measured(|| screen.draw());
    assert!(screen.frames.get_ref().len() > 1000);
}

#[test]
#[ignore = "counted by the guard"]
fn a_frame_after_a_key() {
    let mut screen = Screen::new();
    screen.key("5");
    screen.draw();
    screen.key("down");
    screen.draw();
    let before = screen.frames.get_ref().len();
    measured(|| {
        screen.key("down");
        screen.draw();
    });
    assert!(screen.frames.get_ref().len() > before);
}
