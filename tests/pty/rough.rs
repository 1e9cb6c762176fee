//! The real program treated badly: cut off, stopped, resized, fed with rubbish, left alone, put on poor terminals.

use crate::harness::{child_of, effort, gone_within, signal};
use crate::life::{QUERY, RESTORED};
use crate::program::{Home, RASAD, drawn, headquarters};
use rustix::process::Signal;
use std::time::Duration;

#[test]
fn a_dropped_connection_ends_it_within_a_second_wherever_it_is() {
    let home = Home::new();
    // The last key of each is one that draws.
    for (keys, text, last) in [
        ("", "Needs attention", "j"),
        ("2/", "filter:", "x"),
        ("?", "Keys of this screen", "j"),
    ] {
        let mut session = home.start(&["--lang", "en", "--text-profile", "plain"]);
        session.wait_text("● sample");
        session.send(keys);
        session.wait_text(text);
        session.settle();
        let pid = session.pid();
        session.hang_up(last);
        let status = session.end_within(Duration::from_secs(1));
        assert_eq!((status.exit_code(), status.signal()), (129, None), "{keys:?}");
        gone_within(pid, Duration::from_secs(1));
    }
}

#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_it_too() {
    let home = Home::new();
    let mut session = home.shell(&["sh", "-c", &format!("setsid -w {RASAD} --lang en --text-profile plain")]);
    session.wait_text("● sample");
    session.settle();
    let program = child_of(session.pid());
    session.hang_up("j");
    gone_within(program, Duration::from_secs(1));
}

#[test]
fn signals_that_end_a_process_give_the_terminal_back() {
    let home = Home::new();
    for (kind, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let mut session = home.start(&["--lang", "fa", "--text-profile", "plain"]);
        session.wait_text(&drawn("نمونهٔ ساختگی"));
        signal(session.pid(), kind);
        assert_eq!(session.end().exit_code(), code);
        session.wait_raw(0, RESTORED);
    }
}

#[test]
fn control_z_hands_the_terminal_over_and_fg_paints_everything_again() {
    let home = Home::new();
    let mut session = home.shell(&["bash", "--norc", "--noprofile", "-i"]);
    session.send("PS1='ready> '\r");
    session.wait("the prompt", |_, raw| raw.ends_with(b"ready> "));
    let mark = session.mark();
    session.send(format!("{RASAD} --lang en --text-profile plain\r"));
    session.wait_text("● sample");
    session.send("2jj");
    session.wait_text("3/10");
    session.settle();
    let shown = session.contents();
    session.send("\x1a");
    session.wait_raw(mark, "Stopped");
    assert!(session.since(mark).find(RESTORED) < session.since(mark).find("Stopped"));
    session.wait("the prompt", |_, raw| raw.ends_with(b"ready> "));
    assert!(!session.screen(vt100::Screen::alternate_screen) && !session.screen(vt100::Screen::hide_cursor));
    let mark = session.mark();
    session.send("fg\r");
    session.wait_raw(mark, "\x1b[?1049h");
    session.wait("the same screen", |screen, _| screen.contents() == shown);
    session.send("j");
    session.wait_text("4/10");
    let mark = session.mark();
    session.send("q");
    session.wait_raw(mark, "ready> ");
    session.send("exit\r");
    session.end();
}

#[test]
fn any_storm_of_sizes_with_keys_in_between_is_survived() {
    let home = Home::new();
    for lang in ["en", "fa"] {
        let mut session = home.start(&["--lang", lang, "--text-profile", "plain"]);
        session.wait_text(if lang == "en" { "● sample" } else { "۱۴۰۳" });
        let keys = [
            "2", "j", "\r", "?", "\x1b", ":", "a", "\x1b", "\t", "z", "1", "/", "ش", "\x1b", "5", "s", "\x1b", "G",
            "w", "x", "\x1b", "0", "\r", "\x1b", "1",
        ];
        let sizes = [
            (1, 1),
            (2, 1),
            (1, 50),
            (200, 1),
            (200, 60),
            (3, 3),
            (80, 24),
            (59, 9),
            (20, 5),
            (7, 60),
            (120, 2),
        ];
        let mut n = 0;
        for round in 0..12_u64 {
            for (columns, rows) in sizes {
                session.resize(columns, rows);
                session.send(keys[n % keys.len()]);
                n += 1;
                std::thread::sleep(Duration::from_millis(round % 4 * 3));
            }
        }
        session.resize(200, 60);
        session.settle();
        // Whatever is open is left; a size is then drawn as if there had been no other.
        for key in ["\x1b", "\x1b", "\x1b", "\x1b", "\x1b", "1"] {
            session.send(key);
            session.settle();
        }
        session.wait("the whole overview", |screen, _| {
            let all = screen.contents();
            all.contains(&if lang == "en" {
                "Needs attention".to_owned()
            } else {
                drawn("نیازمند توجه")
            }) && all.lines().count() == 60
        });
        session.send("q");
        assert!(session.end().success());
    }
}

#[test]
fn every_small_size_is_drawn_without_ending_the_program() {
    let home = Home::new();
    let mut session = home.start(&["--lang", "fa", "--text-profile", "plain"]);
    session.wait_text("۱۴۰۳");
    for screen in ["1", "2", "4", "?"] {
        session.send(screen);
        for size in 1..24 {
            session.resize(size * 3, size);
            session.send("j");
            session.resize(size, 24 - size);
            session.send("k");
        }
        session.settle();
    }
    session.send("\x03");
    assert!(session.end().success());
}

#[test]
fn garbage_is_survived_and_control_c_still_quits() {
    let home = Home::new();
    let mut session = home.start(&["--lang", "en", "--text-profile", "plain"]);
    session.wait_text("● sample");
    let mut seed = 0x9e37_79b9_u32;
    for _ in 0..20 {
        let mut bytes: Vec<u8> = Vec::new();
        while bytes.len() < 400 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            let byte = (seed >> 11) as u8;
            match seed % 13 {
                0 => bytes.extend_from_slice(b"\x1b["),
                1 => bytes.extend_from_slice(b"\x1bP"),
                2 => bytes.extend_from_slice(b"\x1b]52;c;"),
                // Ctrl-C, Ctrl-Z, Enter, q and the end of ض do what they say.
                _ if matches!(byte, 3 | 10 | 13 | 26 | b'q' | 0xb6) => {}
                _ => bytes.push(byte),
            }
        }
        session.send(bytes);
    }
    session.settle();
    // A sequence or paste left open ends by itself.
    std::thread::sleep(Duration::from_millis(1500));
    session.send("\x03");
    assert_eq!(session.end().exit_code(), 0);
}

#[test]
fn late_and_torn_answers_of_the_terminal_are_no_keys() {
    let home = Home::new();
    let mut session = home.start(&["--lang", "en"]);
    session.wait_raw(0, QUERY);
    session.wait_text("● sample");
    session.send("2");
    session.wait_text("1/10");
    // What moved the wrong way since the last meeting is counted after the sample was first shown: only then nothing comes by itself.
    session.wait_text("! 146");
    // Long after the question was given up.
    std::thread::sleep(Duration::from_millis(1200));
    session.settle();
    let shown = session.contents();
    for piece in [
        "\x1b[8;0$y",
        "\x1bP>|XTerm(398)\x1b\\",
        "\x1b[>41;398;0c",
        "\x1b[?6",
        "2;22c",
        "\x1bP>|xt",
        "erm jjqq\x1b",
        "\\\x1b]11;rgb:0/0",
        "/0\x07",
        "\x1b[12;40R",
        "\x1b[?2026;2$y",
        "\x1b[I\x1b[O",
    ] {
        session.send(piece);
        std::thread::sleep(Duration::from_millis(40));
    }
    session.settle();
    assert_eq!(session.contents(), shown);
    // A paste outside of a field is not its letters either.
    session.send("\x1b[200~jjq\r\x1b[201~");
    session.settle();
    assert_eq!(session.contents(), shown);
    session.send("j");
    session.wait_text("2/10");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn left_alone_it_writes_nothing_and_sleeps() {
    let home = Home::new();
    let path = home.file("province.json", headquarters().to_string());
    let path = path.to_str().unwrap();
    let sessions = [
        home.start(&["--lang", "en"]),
        home.start(&["--lang", "fa", "--source", path]),
        home.start(&["--lang", "en", "--source", path]),
    ];
    sessions[0].wait_text("● sample");
    sessions[1].wait_text("۱۴۰۳");
    sessions[2].wait_text("● file");
    // The question to the terminal is given up after a second, the marks of what is new fade by then too.
    std::thread::sleep(Duration::from_millis(2000));
    let before: Vec<_> = sessions.iter().map(|s| (s.mark(), effort(s.pid()))).collect();
    std::thread::sleep(Duration::from_secs(5));
    for (session, (mark, (ticks, sleeps))) in sessions.iter().zip(before) {
        assert_eq!(session.since(mark), "");
        let after = effort(session.pid());
        assert_eq!(after.0, ticks, "processor time");
        assert!(after.1 - sleeps <= 2, "{} times awake", after.1 - sleeps);
    }
}

/// The parameters of every SGR sequence of a stream.
fn styles(stream: &str) -> Vec<String> {
    let sequences = stream.split("\x1b[").skip(1);
    let ended = sequences.filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':'))?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    ended
        .flat_map(|all| all.split(';').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn without_colour_not_one_colour_is_sent_and_the_selection_is_still_seen() {
    let colour = |parameter: &String| {
        matches!(
            parameter.split(':').next().and_then(|n| n.parse::<u16>().ok()),
            Some(30..=49 | 90..=107 | 58 | 59)
        )
    };
    let walk = |home: &Home| {
        let mut session = home.start(&["--lang", "fa", "--text-profile", "plain"]);
        session.wait_text("۱۴۰۳");
        for keys in ["2", "j", "\r", "?", "\x1b", ":", "\x1b", "1"] {
            session.send(keys);
            session.settle();
        }
        assert!(session.contents().contains('▐'), "{}", session.contents());
        session.send("q");
        assert!(session.end().success());
        styles(&session.since(0))
    };
    let plain: Vec<_> = walk(&Home::new().with("NO_COLOR", "1"))
        .into_iter()
        .filter(colour)
        .collect();
    assert_eq!(plain, Vec::<String>::new());
    assert!(walk(&Home::new()).iter().any(colour), "with colour there is some");
}

#[test]
fn poor_terminals_get_a_screen_too() {
    // The console has no Persian letters: it speaks English unless told otherwise, and is asked nothing.
    let home = Home::new().with("TERM", "linux");
    let mut session = home.start(&[]);
    session.wait_text("Needs attention");
    session.settle();
    assert!(!session.since(0).contains(QUERY));
    session.send("q");
    assert!(session.end().success());
    let home = Home::new().with("TERM", "dumb").size(80, 24);
    let mut session = home.start(&["--lang", "en"]);
    session.wait_text("Measures 10");
    session.send("q");
    assert!(session.end().success());
}
