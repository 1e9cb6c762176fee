//! Data that change, fail and attack while they are on the screen.

use crate::harness::Session;
use crate::program::{Home, drawn, headquarters, record, replace, rewrite};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;

pub fn open(home: &Home, path: &Path, lang: &str) -> Session {
    home.start(&[
        "--lang",
        lang,
        "--text-profile",
        "plain",
        "--source",
        path.to_str().unwrap(),
    ])
}

/// Waits for a selected line with all these texts.
pub fn selected(session: &Session, texts: &[&str]) {
    session.wait(&format!("{texts:?} on the selected line"), |screen, _| {
        screen.contents().lines().any(|line| {
            (line.starts_with("│▌") || line.ends_with("▐│")) && texts.iter().all(|text| line.contains(text))
        })
    });
}

#[test]
fn an_edited_file_is_on_the_screen_by_itself_and_the_selection_stays_on_its_record() {
    for (lang, name, days, ready) in [
        ("en", "Agency 3".to_owned(), ["41", "63", "12"], "● file".to_owned()),
        ("fa", drawn("ادارهٔ کل 3"), ["۴۱", "۶۳", "۱۲"], drawn("پرونده")),
    ] {
        let home = Home::new();
        let mut document = headquarters();
        let path = home.file("province.json", document.to_string());
        let mut session = open(&home, &path, lang);
        session.send("4");
        session.wait_text(days[0]);
        session.send("jj");
        selected(&session, &[&name, days[0]]);
        let _ = ready;
        // To the top of the list, by a new file in the old one's place.
        record(&mut document, "plans", "pl-3")["due"] = "1403-01-01".into();
        replace(&path, &document);
        selected(&session, &[&name, days[1]]);
        // And down, by writing into the file itself.
        record(&mut document, "plans", "pl-3")["due"] = "1403-02-21".into();
        rewrite(&path, document.to_string());
        selected(&session, &[&name, days[2]]);
        session.send("q");
        assert!(session.end().success());
    }
}

#[test]
fn a_broken_file_leaves_the_last_good_board_and_says_what_is_wrong_and_where() {
    let home = Home::new();
    let mut document = headquarters();
    let path = home.file("province.json", document.to_string());
    let mut session = open(&home, &path, "en");
    session.send("4");
    session.wait_text("● file");
    session.send("jj");
    selected(&session, &["Agency 3", "41"]);
    // A remark comes before what breaks the document: the remark is not the reason.
    let broken = "{\"rasad\": 1,\n \"strange\": [],\n \"plans\": [oops";
    rewrite(&path, broken);
    session.wait_text("data rejected");
    session.wait_text("province.json:3:12");
    session.wait_text("this is not JSON");
    session.wait_text("last good data are shown");
    selected(&session, &["Agency 3", "41"]);
    // Keys go on working on what is shown.
    session.send("j");
    selected(&session, &["Agency 4", "40"]);
    session.send("k");
    record(&mut document, "plans", "pl-3")["due"] = "1403-01-01".into();
    replace(&path, &document);
    session.wait_text("● file");
    selected(&session, &["Agency 3", "63"]);
    session.wait("no complaint", |screen, _| !screen.contents().contains("not JSON"));
    // A file that vanishes is no reason to show nothing.
    std::fs::remove_file(&path).unwrap();
    session.wait_text("there is no such file");
    selected(&session, &["Agency 3", "63"]);
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn a_record_that_vanishes_under_the_selection_leaves_a_tombstone() {
    let home = Home::new();
    let mut document = headquarters();
    let path = home.file("province.json", document.to_string());
    let mut session = open(&home, &path, "en");
    session.send("4");
    session.wait_text("operational plans 6");
    session.send("jj");
    selected(&session, &["Agency 3"]);
    let plans = document["plans"].as_array_mut().unwrap();
    plans.retain(|plan| plan["id"] != "pl-3");
    replace(&path, &document);
    selected(&session, &["no longer in the data"]);
    session.send("j");
    selected(&session, &["Agency 4"]);
    session.wait("the tombstone is gone", |screen, _| {
        !screen.contents().contains("no longer in the data")
    });
    session.send("q");
    assert!(session.end().success());
}

/// Bytes by what they drew: every frame's own, its changed cells' own bytes, and the runs these stood in.
fn frames(before: &[u8], after: &str, (columns, rows): (u16, u16)) -> Vec<(usize, usize, usize)> {
    let mut parser = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
    parser.process(before);
    let mut seen = Vec::new();
    for frame in after.split_inclusive("\x1b[?2026l") {
        let old = parser.screen().clone();
        parser.process(frame.as_bytes());
        let (mut own, mut runs) = (0, 0);
        for row in 0..rows {
            let mut inside = false;
            for column in 0..columns {
                let cells = (old.cell(row, column), parser.screen().cell(row, column));
                let changed = cells.0 != cells.1;
                if changed {
                    own += cells.1.map_or(1, |cell| cell.contents().len().max(1));
                    runs += usize::from(!inside);
                }
                inside = changed;
            }
        }
        seen.push((frame.len(), own, runs));
    }
    seen
}

#[test]
fn one_changed_record_costs_little_more_than_its_changed_cells() {
    for lang in ["en", "fa"] {
        for keys in ["", "4", "4\r", "2"] {
            let home = Home::new();
            let mut document = headquarters();
            let path = home.file("province.json", document.to_string());
            let mut session = open(&home, &path, lang);
            session.wait_text(if lang == "en" { "22 May 2024" } else { "۱۴۰۳" });
            session.send(keys);
            session.settle();
            let mark = session.mark();
            let before = session.raw(0);
            record(&mut document, "plans", "pl-1")["due"] = "1403-01-11".into();
            record(&mut document, "plans", "pl-1")["title"] = json!({"fa": "برنامهٔ دیگر", "en": "Another plan"});
            if keys == "2" {
                record(&mut document, "projects", "p-1")["physical"] = 77.into();
            }
            replace(&path, &document);
            session.wait("a frame", |_, raw| raw.len() > mark && raw.ends_with(b"\x1b[?2026l"));
            session.settle();
            let after = session.since(mark);
            let frames = frames(&before, &after, home.size);
            assert!(frames.len() <= 3, "{lang} {keys:?}: {frames:?}");
            let mut changed = 0;
            for (bytes, own, runs) in &frames {
                let limit = 2 * own + 40 * runs + 24;
                assert!(
                    *bytes <= limit,
                    "{lang} {keys:?}: {bytes} bytes for {own} in {runs} runs: {after:?}"
                );
                changed += own;
            }
            assert!(changed > 0, "{lang} {keys:?}");
            session.send("q");
            assert!(session.end().success());
        }
    }
}

/// Texts that would steer a terminal, mislead its reader, or hang on what stands beside them.
const HOSTILE: [&str; 12] = [
    "\u{1b}]0;pwned\u{7}\u{1b}[31mred\u{1b}[2J",
    "\u{202e}gnp.exe\u{202c}",
    "\u{2066}isolated without an end",
    "nul\u{0}bell\u{7}back\u{8}del\u{7f}",
    "\u{301}\u{308}lone marks",
    "\u{9b}31mc1\u{9d}0;x\u{9c}\u{90}q\u{85}",
    "line\nbreak\ttab\r\u{2028}\u{2029}",
    "\u{feff}bom\u{200e}\u{200f}\u{61c}marks",
    "\u{e0041}\u{e007f}tags\u{fff9}anchor\u{fffb}",
    "z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}algo",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}family\u{1f1ee}\u{1f1f7}",
    "\u{fdfa}\u{12031}wide",
];

/// What must never reach a terminal from data: controls, and invisible characters that change order or hide text.
fn is_hostile(c: char) -> bool {
    let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unseen =
        matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    // Back, return and line feed move the cursor; the text below says which of them are data.
    bidi || unseen || (c.is_control() && !matches!(c, '\u{1b}' | '\u{8}' | '\r' | '\n'))
}

/// The sequences of a stream, each complaint being one that a dashboard has no business to send.
fn foreign_sequences(stream: &str) -> Vec<String> {
    let mut bad = Vec::new();
    for rest in stream.split('\x1b').skip(1) {
        let Some(parameters) = rest.strip_prefix('[') else {
            bad.push(rest.chars().take(20).collect());
            continue;
        };
        let end = parameters.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let (parameters, last) = (&parameters[..end], &parameters[end..=end.min(parameters.len() - 1)]);
        let plain = parameters.chars().all(|c| c.is_ascii_digit() || c == ';');
        let mode = ["?2026", "?1049", "?2004", "?25", "8"].contains(&parameters) || parameters.starts_with('?');
        let known = match last {
            "H" | "A" | "B" | "C" | "D" | "G" | "d" | "K" | "J" | "X" | "m" => plain,
            "h" | "l" => mode,
            _ => false,
        };
        if !known {
            bad.push(rest.chars().take(20).collect());
        }
    }
    bad
}

fn hostile_document() -> Value {
    let mut document = headquarters();
    document["headquarters"]["name"] = json!({"fa": HOSTILE[0], "en": HOSTILE[1]});
    for (n, (kind, field)) in [
        ("measures", "title"),
        ("agencies", "name"),
        ("plans", "title"),
        ("projects", "title"),
        ("initiatives", "title"),
    ]
    .into_iter()
    .enumerate()
    {
        for (m, record) in document[kind].as_array_mut().unwrap().iter_mut().enumerate() {
            let text = HOSTILE[(n * 5 + m) % HOSTILE.len()];
            record[field] = json!({"fa": format!("متن{text}"), "en": text});
            record["note"] = text.into();
            record[text] = text.into();
            record["state"] = if kind == "plans" {
                text.into()
            } else {
                record["state"].clone()
            };
        }
    }
    document["demands"] = json!([{"id": "d-1", "raised_by": HOSTILE[2], "topic": HOSTILE[3], "text": HOSTILE[4], "state": HOSTILE[5],
        "received": HOSTILE[6], "reference": HOSTILE[7]}]);
    document
}

#[test]
fn nothing_in_the_data_reaches_the_terminal_as_a_command() {
    for lang in ["en", "fa"] {
        let home = Home::new();
        let document = hostile_document();
        let path = home.file("hostile.json", document.to_string());
        let mut session = open(&home, &path, lang);
        session.wait_text(if lang == "en" { "22 May 2024" } else { "۱۴۰۳" });
        session.settle();
        for keys in ["", "2", "3", "4", "5", "7", "0"] {
            session.send(keys);
            session.settle();
            for key in ["\rj\r", "x", "\x1b", "\x1b", "\x1b"] {
                session.send(key);
                // A lone escape is one only when nothing follows.
                session.settle();
            }
        }
        session.send(":lone");
        session.settle();
        session.send("\x1b");
        session.settle();
        // A source that is broken quotes what it found.
        rewrite(&path, format!("{{\"rasad\": \"{}\"}}", "\\u001b[31m\\u202e"));
        session.settle();
        session.send("q");
        session.end();
        let raw = String::from_utf8(session.raw(0)).unwrap();
        let mut found: Vec<char> = raw.chars().filter(|c| is_hostile(*c)).collect();
        found.dedup();
        assert!(found.is_empty(), "{lang}: {found:?}");
        assert_eq!(foreign_sequences(&raw), Vec::<String>::new(), "{lang}");
        for text in ["back\u{8}", "line\n", "tab\r"] {
            assert!(!raw.contains(text), "{lang}: {text:?}");
        }
        assert!(
            !raw.contains("\x1b[31mred") && raw.contains("pwned"),
            "the text itself is shown, harmless"
        );
    }
}

#[test]
fn borders_stand_where_they_stood_whatever_the_data_are() {
    let home = Home::new();
    let path = home.file("hostile.json", hostile_document().to_string());
    let mut session = open(&home, &path, "en");
    session.wait_text("22 May 2024");
    session.send("2");
    session.settle();
    session.screen(|screen| {
        let rows: Vec<u16> = (2..38).collect();
        for row in rows {
            let edge = |column| screen.cell(row, column).map(|cell| cell.contents().to_owned());
            assert_eq!(
                (edge(0).as_deref(), edge(119).as_deref()),
                (Some("│"), Some("│")),
                "{}",
                screen.contents()
            );
        }
    });
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn a_bad_source_is_explained_on_the_screen_and_left_by_q() {
    let home = Home::new();
    std::fs::create_dir(home.dir.path().join("folder.json")).unwrap();
    home.file("empty.json", "");
    home.file("prose.json", "hello");
    home.file("other.json", "{\"name\": 1}");
    home.file("future.json", "{\"rasad\": 7}");
    home.file("bytes.json", [0xff, 0xfe, 0x00, 0x41]);
    home.file("deep.json", format!("{{\"rasad\": 1, \"x\": {}", "[".repeat(100_000)));
    for (name, place, sentence) in [
        ("folder.json", "folder.json", "this is a directory"),
        ("none.json", "none.json", "there is no such file"),
        ("empty.json", "empty.json", "the input is empty"),
        ("prose.json", "prose.json:1:1", "this is not JSON"),
        (
            "other.json",
            "other.json",
            "the member “rasad” with the version is missing",
        ),
        ("future.json", "future.json:1:", "the document is version 7"),
        ("bytes.json", "bytes.json", "not UTF-8"),
        ("deep.json", "deep.json", "nested deeper"),
    ] {
        let path = home.dir.path().join(name);
        let mut session = open(&home, &path, "en");
        session.wait_text(sentence);
        session.wait_text(place);
        session.wait_text("Nothing could be read yet");
        session.wait("nothing pretends to be on its way", |screen, _| {
            !screen.contents().contains("loading")
        });
        let shown = session.contents();
        assert!(!shown.contains("last good data"), "{shown}");
        session.send("q");
        assert!(session.end().success(), "{name}");
    }
}

#[test]
fn a_file_without_permission_is_explained_on_the_screen() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let path = home.file("secret.json", headquarters().to_string());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(home.dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = path.to_str().unwrap();
    let mut session = if std::fs::read(path).is_ok() {
        // The administrator may read everything: the program runs as nobody then, where that is possible.
        let command = [
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            crate::program::RASAD,
        ];
        let allowed = std::process::Command::new(command[0])
            .args(&command[1..])
            .arg("--version")
            .output();
        if !allowed.is_ok_and(|output| output.status.success()) {
            let _ = writeln!(
                std::io::stderr(),
                "skipped: every file is readable here, and no other user can run the program"
            );
            return;
        }
        home.shell(&[&command[..], &["--lang", "en", "--source", path]].concat())
    } else {
        home.start(&["--lang", "en", "--source", path])
    };
    session.wait_text("you may not read this file");
    session.wait_text("secret.json");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn one_unreadable_record_does_not_cost_the_others_and_is_named_with_its_place() {
    let home = Home::new();
    let mut document = headquarters();
    record(&mut document, "initiatives", "i-2")["origin"] = Value::Null;
    record(&mut document, "projects", "p-4")["due"] = "1403-13-45".into();
    let path = home.file("province.json", document.to_string());
    let mut session = open(&home, &path, "en");
    session.wait_text("● file");
    session.send("5");
    session.wait_text("initiatives 4");
    session.wait_text("2 records left out");
    session.send("1");
    session.wait_text("Needs attention");
    session.send("0");
    session.wait_text("More screens");
    session.send("G\r");
    session.wait_text("Problems with the data");
    for text in ["initiatives[1]", "projects[3].due", "1403-13-45"] {
        session.wait_text(text);
    }
    session.send("q");
    assert!(session.end().success());
}
