//! A kiosk leaves nothing behind: the same keys that fill a home directory in an ordinary session write no byte in a kiosk.

use crate::program::{Home, headquarters};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every file and directory below a directory.
fn tree(dir: &Path) -> BTreeSet<PathBuf> {
    let mut out = BTreeSet::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(tree(&path));
        }
        out.insert(path);
    }
    out
}

/// Tries every way to a file there is: a list changed and remembered, a view saved, a row pinned, an export under its own name and under
/// one with a path, the brief as a document, a stop, and a named source; then leaves.
fn try_everything(home: &Home, arguments: &[&str]) {
    let mut session = home.start(arguments);
    session.wait_text("Measures");
    let here = home.dir.path().join("stolen.csv");
    let exports = format!("\u{15}{}\r", here.display());
    for keys in [
        "3",
        "w",
        "S",
        "p",
        "c",
        "\x1b[B",
        " ",
        "\x1b",
        "v",
        "\r",
        "mine\r",
        "e",
        &exports,
        "\x1b",
        "2b",
        "e",
        "\r",
        "\x1b",
        "1",
        "B",
        "e",
        "\r",
        "\x1b",
        ":",
        "export\r",
        "\x1b",
        ":",
        "context\r",
        "\x1b",
        ":",
        "other\r",
        "\x1b",
        "1",
        "Y",
        "i",
    ] {
        session.send(keys);
        session.settle();
    }
    session.send("\x1b\x1b\x1b");
    session.settle();
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn the_keys_that_write_in_an_ordinary_session_write_nothing_in_a_kiosk() {
    for kiosk in [false, true] {
        let home = Home::new();
        let source = home.file("headquarters.json", headquarters().to_string());
        let config = home.file("config.toml", "[context.other]\nsource = \"/etc/hostname\"\n");
        let before = tree(home.dir.path());
        let (source, config) = (source.to_string_lossy(), config.to_string_lossy());
        let mut arguments = vec!["--lang", "en", "--source", source.as_ref(), "--config", config.as_ref()];
        if kiosk {
            arguments.push("--kiosk");
        }
        try_everything(&home, &arguments);
        let written: Vec<PathBuf> = tree(home.dir.path()).difference(&before).cloned().collect();
        if kiosk {
            assert!(written.is_empty(), "{written:?}");
        } else {
            assert!(written.iter().any(|path| path.ends_with("stolen.csv")), "{written:?}");
            assert!(written.len() > 2, "an ordinary session remembers: {written:?}");
        }
    }
}

#[test]
fn a_kiosk_offers_no_other_source_and_no_command() {
    let home = Home::new();
    let source = home.file("headquarters.json", headquarters().to_string());
    let config = home.file("config.toml", "[context.other]\nsource = \"/etc/hostname\"\n");
    let (source, config) = (source.to_string_lossy(), config.to_string_lossy());
    let offered = |kiosk: bool| {
        let mut arguments = vec!["--lang", "en", "--source", source.as_ref(), "--config", config.as_ref()];
        if kiosk {
            arguments.push("--kiosk");
        }
        let mut session = home.start(&arguments);
        session.wait_text("Measures");
        session.send(":");
        session.settle();
        session.send("hostname");
        session.settle();
        let said = session.contents();
        session.send("\x1b\x1b");
        session.settle();
        session.send("q");
        assert!(session.end().success());
        said.contains("other")
    };
    assert!(offered(false) && !offered(true));
    for command in ["show", "sample", "findings", "brief", "config", "serve", "doctor"] {
        let (code, out, err) = home.run(&["--kiosk", command]);
        assert!(
            code != Some(0) && out.is_empty() && !err.is_empty(),
            "{command}: {code:?} {out} {err}"
        );
    }
}
