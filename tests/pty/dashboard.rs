//! The real program as its user meets it: started, looked at, walked through by keys, left from anywhere.

use crate::harness::{Session, child_of, signal};
use crate::life::restored;
use crate::program::{Home, RASAD, drawn, headquarters};
use rasad::i18n;
use rasad::text::Lang;
use std::time::Duration;

/// The program inside a shell that tells the line settings before and after, and the exit code.
fn in_shell(home: &Home, arguments: &str) -> Session {
    let script = format!(
        "printf 'before=%s\\n' \"$(stty -g)\"; {RASAD} {arguments}; code=$?; printf 'after=%s code=%s.\\n' \"$(stty -g)\" $code"
    );
    home.shell(&["sh", "-c", &script])
}

/// Whether the sign of the selection stands at the start of the first pane's line, on either side.
fn is_selected(line: &str) -> bool {
    line.starts_with("│▌") || line.ends_with("▐│")
}

/// Waits until the selected line holds the text; gives that line.
fn selected(session: &Session, text: &str) -> String {
    let line = |screen: &vt100::Screen| {
        let all = screen.contents();
        let found = all.lines().find(|line| is_selected(line) && line.contains(text));
        found.map(str::to_owned)
    };
    session.wait(&format!("{text:?} selected"), |screen, _| line(screen).is_some());
    session.screen(line).unwrap_or_default()
}

fn fa(key: &'static str) -> String {
    drawn(i18n::t(Lang::Fa, key))
}

#[test]
fn without_any_argument_it_opens_the_sample_with_its_four_live_panes() {
    let home = Home::new();
    let (code, json, _) = home.run(&["show", "measures", "--format", "json", "--lang", "en"]);
    assert_eq!(code, Some(0));
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows["rows"].as_array().map(Vec::len), Some(10), "{json}");
    let mut session = home.start(&["--lang", "en"]);
    for text in [
        "Synthetic sample",
        "Measures 10",
        "Overdue plans",
        "Participation",
        "Needs attention",
        "● sample",
        "22 May 2024",
    ] {
        session.wait_text(text);
    }
    session.wait("every pane has rows", |screen, _| {
        !screen.contents().contains("loading")
    });
    session.send("q");
    assert!(session.end().success());

    let mut session = home.start(&["--lang", "fa"]);
    for key in [
        "sample.mark",
        "pane.measures",
        "pane.overdue",
        "pane.participation",
        "pane.attention",
    ] {
        session.wait_text(&fa(key));
    }
    session.wait_text(&drawn("۲ خرداد ۱۴۰۳"));
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn quitting_works_in_every_state_and_gives_the_terminal_back() {
    let home = Home::new();
    // What leads there, what is then on the screen, and the keys that quit there: while a text is typed, q is a letter.
    let states: [(&[&str], &str, &[&str]); 10] = [
        (&[], "Needs attention", &["q", "\x03"]),
        (&["2"], "Overview › measures", &["q", "\x03"]),
        (&["4", "\r"], "Findings, each with why", &["q", "\x03"]),
        (&["2", "/"], "filter:", &["\x03"]),
        (&["?"], "Keys of this screen", &["q", "\x03"]),
        (&["?", "/", "zo"], "zoom", &["\x03"]),
        (&[":"], "Command, or search", &["\x03"]),
        (&["2", "s"], "Sort by", &["q", "\x03"]),
        (&["0"], "More screens", &["q", "\x03"]),
        (&["z"], "Measures 10", &["q", "\x03"]),
    ];
    for (keys, text, quits) in states {
        for quit in quits {
            let mut session = in_shell(&home, "--lang en --text-profile plain");
            session.wait_text("● sample");
            for key in keys {
                session.send(key);
            }
            session.wait_text(text);
            session.send(quit);
            assert_eq!(restored(&mut session), "0", "{keys:?} {quit:?}");
        }
    }
}

#[test]
fn quitting_while_the_data_are_still_loading_does_not_wait_for_them() {
    let home = Home::new();
    let mut document = headquarters();
    let one = document["initiatives"][0].take();
    let many = (0..60_000).map(|n| {
        let mut record = one.clone();
        record["id"] = format!("i-{n}").into();
        record
    });
    document["initiatives"] = many.collect();
    let path = home.file("large.json", document.to_string());
    for quit in ["q", "\x03", "TERM"] {
        let mut session = in_shell(
            &home,
            &format!("--lang en --text-profile plain --source {}", path.display()),
        );
        session.wait_text("records loaded");
        match quit {
            "TERM" => signal(child_of(session.pid()), rustix::process::Signal::TERM),
            keys => session.send(keys),
        }
        let before = std::time::Instant::now();
        assert_eq!(
            restored(&mut session),
            if quit == "TERM" { "143" } else { "0" },
            "{quit:?}"
        );
        assert!(
            before.elapsed() < Duration::from_secs(2),
            "{quit:?} took {:?}",
            before.elapsed()
        );
    }
}

#[test]
fn keys_lead_down_and_back_to_the_very_row() {
    let home = Home::new();
    let path = home.file("province.json", headquarters().to_string());
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain", "-s", path.to_str().unwrap()]);
    session.wait_text("● file");
    // The order is the last one as soon as there are figures.
    session.wait_text("25/50");
    session.send("j");
    selected(&session, "Home businesses");
    session.send("\r");
    session.wait_text("Overview › Home businesses");
    session.send("G");
    let row = selected(&session, "Project 5");
    session.send("\x1b[C");
    session.wait_text("Overview › Home businesses › Project 5");
    session.send("\x1b[D");
    session.wait_text("measure m-3");
    assert_eq!(selected(&session, "Project 5"), row);
    session.send("\x7f");
    session.wait_text("Needs attention");
    selected(&session, "Home businesses");
    // At the top there is nothing to go back to, and going back is not quitting.
    session.send("\x1b");
    session.settle();
    session.send("j");
    selected(&session, "Finish projects");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn in_persian_into_is_to_the_left_and_the_persian_layout_acts() {
    let home = Home::new();
    let path = home.file("province.json", headquarters().to_string());
    let mut session = home.start(&["--lang", "fa", "--text-profile", "plain", "-s", path.to_str().unwrap()]);
    session.wait_text(&fa("link.file"));
    session.wait_text("۲۵/۵۰");
    // ت is where j is.
    session.send("ت");
    selected(&session, &drawn("کسب‌وکارهای خانگی"));
    session.send("\x1b[D");
    session.wait_text("· m-3");
    session.send("أ");
    selected(&session, &drawn("طرح 5"));
    session.send("\x1b[D");
    session.wait_text("· p-5");
    session.send("\x1b[C");
    session.wait_text("· m-3");
    session.send("\x1b[C");
    session.wait_text(&fa("pane.attention"));
    selected(&session, &drawn("کسب‌وکارهای خانگی"));
    // ؟ helps, ۲ is 2, س sorts; in a filter all of them are letters.
    session.send("؟");
    session.wait_text(&fa("help.keys"));
    session.send("\x1b");
    session.wait("no help", |screen, _| !screen.contents().contains(&fa("help.keys")));
    session.send("۲");
    session.wait_text("۱/۳");
    session.send("س");
    session.wait_text(&fa("sort.title"));
    session.send("\x1b");
    session.wait("no popup", |screen, _| !screen.contents().contains(&fa("sort.title")));
    session.send("/");
    session.wait_text(&fa("list.filter"));
    session.send("خانگی");
    selected(&session, &drawn("کسب‌وکارهای خانگی"));
    session.wait_text("۱/۱");
    session.send("\r");
    session.send("ض");
    assert!(session.end().success());
}

#[test]
fn a_list_is_filtered_sorted_and_left_and_a_wrong_filter_says_where() {
    let home = Home::new();
    let path = home.file("province.json", headquarters().to_string());
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain", "-s", path.to_str().unwrap()]);
    session.wait_text("● file");
    session.send("4");
    session.wait_text("operational plans 6");
    session.send("j");
    selected(&session, "Agency 2");
    session.send("/is:overdue");
    session.wait_text("operational plans 4 of 6");
    session.send("\x15-1 is:overdue");
    session.wait_text("operational plans 3 of 6");
    session.send("x");
    session.wait_text("There is no condition");
    session.wait_text("operational plans 3 of 6");
    session.send("\x1b");
    session.wait_text("operational plans 6");
    selected(&session, "Agency 2");
    session.send("s");
    session.wait_text("Sort by");
    session.send("\r");
    session.wait("the popup is gone", |screen, _| !screen.contents().contains("Sort by"));
    selected(&session, "Agency 2");
    // The palette finds a record wherever it is.
    session.send(":Workshop 4");
    session.wait("the record is offered", |screen, _| {
        screen
            .contents()
            .lines()
            .any(|line| line.contains("Workshop 4") && line.contains("i-4"))
    });
    session.send("\r");
    session.wait_text("initiative i-4 · Workshop 4");
    session.send("\x1b");
    session.wait_text("operational plans 6");
    selected(&session, "Agency 2");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn the_day_asked_for_stands_in_the_header() {
    let home = Home::new();
    for (lang, words) in [
        ("en", ["as of".to_owned(), "9 May 2024".to_owned()]),
        ("fa", [fa("header.as-of"), drawn("۲۰ اردیبهشت ۱۴۰۳")]),
    ] {
        let mut session = home.start(&["--as-of", "1403/02/20", "--lang", lang, "--text-profile", "plain"]);
        for word in words {
            session.wait_text(&word);
        }
        session.send("q");
        assert!(session.end().success());
    }
    let (code, _, said) = home.run(&["--as-of", "1403/13/20", "--lang", "en"]);
    assert!(
        code.is_some_and(|code| code != 0) && said.contains("1403/13/20"),
        "{code:?} {said}"
    );
}

#[test]
fn output_that_is_no_terminal_is_refused_in_a_sentence() {
    let home = Home::new();
    for (lang, word) in [("en", "rasad show"), ("fa", "ترمینال")] {
        let (code, out, said) = home.run(&["--lang", lang]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{said}");
        assert!(
            said.contains(word) && said.lines().count() == 1 && !said.contains('\x1b'),
            "{said:?}"
        );
    }
}
