//! The terminal recognised, remembered and chosen for, byte for byte: the test answers the program's question as a terminal would.

use crate::harness::Session;
use crate::program::{Home, drawn};
use rasad::i18n;
use rasad::text::Lang;
use std::time::Duration;

/// What PuTTY says.
const PUTTY: &str = "\x1b[>0;136;0c\x1b[?6c";
/// What a VTE says that reorders by itself.
const VTE: &str = "\x1b[8;1$y\x1bP>|VTE(8001)\x1b\\\x1b[>61;8001;1c\x1b[?62;22c";
/// The end of the program's question.
const QUESTION: &str = "\x1b[>c\x1b[c";
/// The blank that fences words.
const FENCE: char = '\u{2800}';

/// Starts the program and answers its question, once it was asked.
fn answered(home: &Home, answer: &str) -> Session {
    let mut session = home.start(&["--lang", "fa"]);
    session.wait_raw(0, QUESTION);
    session.send(answer);
    session
}

/// Everything up to the question: the first frame and the modes before it.
fn before_the_question(session: &Session) -> String {
    session.wait_raw(0, QUESTION);
    let all = session.since(0);
    all.split(QUESTION).next().unwrap_or_default().to_owned()
}

fn quit(mut session: Session) -> String {
    session.send("q");
    assert!(session.end().success());
    session.since(0)
}

/// Waits until the answer is on disk: it is written beside the program's work.
fn remembered(home: &Home) -> String {
    let path = home.dir.path().join("rasad/terminals");
    for _ in 0..400 {
        if let Ok(text) = std::fs::read_to_string(&path) {
            return text;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing is remembered");
}

#[test]
fn the_first_frame_of_the_next_start_is_written_as_the_terminal_was_known_to_need_it() {
    let home = Home::new();
    let session = answered(&home, PUTTY);
    session.wait("words are fenced", |_, raw| {
        String::from_utf8_lossy(raw).contains(FENCE)
    });
    assert!(!before_the_question(&session).contains(FENCE));
    remembered(&home);
    quit(session);

    let session = answered(&home, PUTTY);
    assert!(before_the_question(&session).contains(FENCE));
    quit(session);

    // Another desk, the same surroundings: the guess gives way to what the terminal says.
    let session = answered(&home, VTE);
    assert!(before_the_question(&session).contains(FENCE));
    session.wait_raw(0, "\x1b[8l\x1b[H\x1b[2J");
    let mark = session.mark();
    session.settle();
    let all = quit(session);
    assert!(!all[mark.min(all.len())..].contains(FENCE));
    assert!(
        all.ends_with("\x1b[?1049l"),
        "{:?}",
        &all[all.len().saturating_sub(60)..]
    );
}

#[test]
fn a_guessed_switch_is_asked_about_before_it_is_thrown_and_taken_back_at_the_end() {
    let home = Home::new();
    quit({
        let session = answered(&home, VTE);
        session.wait_raw(0, "\x1b[8l\x1b[H\x1b[2J");
        remembered(&home);
        session
    });
    // Now it is guessed: asked, switched, drawn; the second answer is of our own switch and says nothing.
    let session = answered(&home, &VTE.replace("[8;1$y", "[8;1$y\x1b[8;2$y"));
    let first = before_the_question(&session);
    let asked = first.find("\x1b[8$p").unwrap();
    let switched = first.find("\x1b[8l").unwrap();
    assert!(asked < switched, "{first:?}");
    session.settle();
    let all = quit(session);
    assert!(
        all.rfind("\x1b[8h").is_some_and(|back| back > switched),
        "not taken back"
    );
}

#[test]
fn a_guess_outlives_silence_and_its_switch_is_taken_back() {
    let home = Home::new();
    quit({
        let session = answered(&home, VTE);
        session.wait_raw(0, "\x1b[8l\x1b[H\x1b[2J");
        remembered(&home);
        session
    });
    let session = home.start(&["--lang", "fa"]);
    session.wait_raw(0, QUESTION);
    // Longer than an answer is waited for.
    std::thread::sleep(Duration::from_millis(1300));
    let all = quit(session);
    assert!(all.contains("\x1b[8l"), "guessed");
    let back = all.rfind("\x1b[8h");
    assert!(back > all.rfind("\x1b[8l"), "not taken back");
}

#[test]
fn doctor_tells_what_the_terminal_is_and_leaves_it_as_it_was() {
    let home = Home::new();
    let mut session = home.shell(&[
        "sh",
        "-c",
        &format!(
            "printf 'before=%s\\n' \"$(stty -g)\"; {} doctor --lang en --no-ask; printf 'after=%s.\\n' \"$(stty -g)\"",
            crate::program::RASAD
        ),
    ]);
    session.wait_raw(0, QUESTION);
    session.send(PUTTY);
    session.wait_text("after=");
    session.end();
    let all = session.contents();
    let modes = |word: &str| {
        let line = all.lines().find(|line| line.starts_with(word)).unwrap();
        line.trim_start_matches(word).trim_end_matches('.').to_owned()
    };
    assert_eq!(modes("before="), modes("after="), "{all}");
    assert!(all.contains("fenced: by the kind the terminal says it is"), "{all}");
    assert!(all.contains("|0;136;0|xterm-256color"), "{all}");
    assert!(all.contains("120 columns, 40 rows"), "{all}");
    for profile in ["plain", "explicit", "pinned", "fenced", "sgr"] {
        assert!(
            all.lines()
                .any(|line| line.contains(profile) && line.contains("P-0117")),
            "{profile}: {all}"
        );
    }
}

#[test]
fn what_is_chosen_in_doctor_holds_in_that_terminal_and_can_be_taken_back() {
    let home = Home::new();
    let choose = |word: &str| {
        let mut session = home.start(&["doctor", "--lang", "en", "--choose", word]);
        session.wait_raw(0, QUESTION);
        session.send(PUTTY);
        let code = session.end().exit_code();
        session.settle();
        (code, session.contents())
    };
    let (code, said) = choose("۹");
    assert_eq!(code, 64, "{said}");
    let (code, said) = choose("pinned");
    assert_eq!(code, 0, "{said}");
    let config = std::fs::read_to_string(home.dir.path().join("rasad/config.toml")).unwrap();
    assert_eq!(config, "[text.terminals]\n\"|0;136;0|xterm-256color\" = \"pinned\"\n");
    let session = answered(&home, PUTTY);
    session.wait("cells are pinned", |_, raw| {
        String::from_utf8_lossy(raw).contains('\u{200e}')
    });
    assert!(!quit(session).contains(FENCE));
    // Another terminal is not concerned.
    let session = answered(&home, VTE);
    session.wait_raw(0, "\x1b[8l\x1b[H\x1b[2J");
    quit(session);
    let (code, said) = choose("auto");
    assert_eq!(code, 0, "{said}");
    let session = answered(&home, PUTTY);
    session.wait("words are fenced", |_, raw| {
        String::from_utf8_lossy(raw).contains(FENCE)
    });
    quit(session);
}

#[test]
fn a_terminal_that_turns_persian_round_is_told_of_in_words_that_can_be_read() {
    let home = Home::new();
    let session = answered(&home, "\x1bP>|kitty(0.26.5)\x1b\\\x1b[>1;4000;26c\x1b[?62c");
    session.wait_text("force_ltr yes");
    quit(session);
}

#[test]
fn doctor_without_a_terminal_says_so_and_judges_the_rest() {
    let home = Home::new().with("LC_ALL", "C.UTF-8").with("TERM", "xterm-256color");
    let (code, out, _) = home.run(&["doctor", "--format", "json", "--lang", "en"]);
    let said: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(i32::from(said["good"] != true)));
    let find = |id: &str| {
        let checks = said["checks"].as_array().unwrap();
        checks
            .iter()
            .find(|check| check["check"] == id)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(find("locale")["status"], "good");
    assert_eq!(find("source")["status"], "good");
    assert_eq!(find("clock")["status"], "good");
    let (code, out, _) = home.run(&["doctor", "--source", "nowhere.json", "--lang", "fa"]);
    assert_eq!(code, Some(1));
    assert!(out.contains(i18n::t(Lang::Fa, "doctor.source")), "{out}");
    assert!(!out.contains('\u{2068}') && !out.contains('\u{1b}'), "{out:?}");
    let (code, _, err) = home.run(&["--config", "broken.toml", "doctor", "--lang", "en"]);
    assert_eq!(code, Some(1), "{err}");
}

#[test]
fn doctor_speaks_persian_that_reads_right() {
    let home = Home::new();
    let mut session = home.start(&["doctor", "--lang", "fa", "--no-ask"]);
    session.wait_raw(0, QUESTION);
    session.send("\x1b[>41;398;0c\x1b[?62c");
    session.wait_text(&drawn(i18n::t(Lang::Fa, "doctor.terminal")));
    session.end();
}
