//! The layers hold: a room imports only what its place in the house allows, and each outside library stays in its rooms.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may import, besides itself and the leaves to its left.
const ALLOWED: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("text", &["clock"]),
    ("i18n", &["clock", "text"]),
    ("contract", &["clock", "text", "i18n"]),
    ("config", &["clock", "text", "i18n", "contract"]),
    ("board", &["clock", "text", "i18n", "contract"]),
    ("exchange", &["clock", "text", "i18n", "contract", "board"]),
    ("source", &["clock", "text", "i18n", "contract", "exchange"]),
    ("serve", &["clock", "text", "i18n", "contract"]),
    (
        "link",
        &["clock", "text", "i18n", "contract", "source", "board", "config"],
    ),
    (
        "app",
        &["clock", "text", "i18n", "contract", "board", "config", "exchange"],
    ),
    ("view", &["clock", "text", "i18n", "contract", "board", "config", "app"]),
    (
        "tui",
        &[
            "clock", "text", "i18n", "contract", "board", "config", "app", "view", "link",
        ],
    ),
    (
        "cli",
        &[
            "clock", "text", "i18n", "contract", "board", "config", "app", "view", "tui", "link", "source", "exchange",
            "serve",
        ],
    ),
];

/// Which rooms may name an outside library.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("ratatui", &["view", "tui", "config/theme"]),
    ("crossterm", &["tui"]),
    ("tokio", &["source", "link", "tui", "serve", "cli"]),
    ("hyper", &["serve"]),
    ("rusqlite", &["serve/store"]),
    ("tokio_postgres", &["serve/store"]),
    ("deadpool_postgres", &["serve/store"]),
    ("reqwest", &["source", "cli"]),
];

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The code of a file without comments and without its tests, which may look wherever they need to.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Rooms named by `crate::room` and by `use crate::{a, b}`.
fn imports(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => out.push(std::mem::take(&mut word)),
                    c if depth == 0 && (c.is_alphanumeric() || c == '_') => word.push(c),
                    ':' if depth == 0 => {
                        out.push(std::mem::take(&mut word));
                        depth = depth.max(0);
                    }
                    _ => {}
                }
            }
            out.push(word);
        } else {
            out.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    out
}

fn breaches(files: &BTreeMap<String, String>) -> Vec<String> {
    let rooms: Vec<&str> = ALLOWED.iter().map(|(room, _)| *room).collect();
    let mut out = Vec::new();
    for (path, text) in files {
        let room = path.split(['/', '.']).next().unwrap_or_default();
        if matches!(room, "lib" | "main") || path.ends_with("tests.rs") || path.contains("/tests/") {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == room) else {
            out.push(format!("{path}: the room «{room}» has no place in the layers"));
            continue;
        };
        let code = code(text);
        for import in imports(&code) {
            if rooms.contains(&import.as_str()) && import != room && !allowed.contains(&import.as_str()) {
                out.push(format!("{path}: {room} may not import {import}"));
            }
        }
        for (library, places) in LIBRARIES {
            let named = code.contains(&format!("{library}::")) || code.contains(&format!("use {library}"));
            if named && !places.iter().any(|place| path.starts_with(place)) {
                out.push(format!("{path}: {library} may not be used here"));
            }
        }
        if room != "clock" {
            for reading in ["Timestamp::now", "SystemTime::now", "Zoned::now", "Utc::now"] {
                if code.contains(reading) {
                    out.push(format!("{path}: the clock is read only in clock.rs ({reading})"));
                }
            }
        }
    }
    out
}

fn tree() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).ok()?.to_string_lossy().replace('\\', "/");
            Some((name, fs::read_to_string(&path).ok()?))
        })
        .collect()
}

#[test]
fn every_room_imports_only_what_its_place_allows() {
    let files = tree();
    assert!(files.len() > 20, "the source tree was not found");
    let found = breaches(&files);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_breach_is_found_in_every_way_of_writing_it() {
    for line in [
        "use crate::view::canvas;",
        "use crate::{contract, view::canvas};",
        "let x = crate::tui::run();",
        "use ratatui::buffer::Buffer;",
        "let t = jiff::Timestamp::now();",
    ] {
        let files = BTreeMap::from([("board/x.rs".to_owned(), line.to_owned())]);
        assert_eq!(breaches(&files).len(), 1, "{line}");
    }
    let comment = BTreeMap::from([("board/x.rs".to_owned(), "// use crate::view".to_owned())]);
    assert!(breaches(&comment).is_empty());
}
