//! The terminal's life: taken, drawn on, given back in every case.

use crate::harness::{Session, child_of, effort, example, gone_within, signal};
use crate::program::Home;
use rustix::process::Signal;
use std::time::Duration;

/// The end of every session: cursor shown, alternate screen left.
pub const RESTORED: &str = "\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?25h\x1b[?1049l";
pub const QUERY: &str = "\x1b[8$p\x1b[>q\x1b[>c\x1b[c";
/// استان as the probe draws it.
const ROW: &str = "ﻥﺎﺘﺳﺍ";

/// The probe inside a shell that prints the line settings before and after, and the probe's exit code.
fn in_shell(arguments: &str) -> Session {
    let script = format!(
        "printf 'before=%s\\n' \"$(stty -g)\"; {} {arguments}; code=$?; printf 'after=%s code=%s.\\n' \"$(stty -g)\" $code",
        example("loop_probe")
    );
    Session::start(&["sh", "-c", &script])
}

fn probe(arguments: &[&str]) -> Session {
    let path = example("loop_probe");
    let mut command = vec![path.as_str()];
    command.extend_from_slice(arguments);
    let session = Session::start(&command);
    session.wait_text(ROW);
    session
}

/// Checks that the shell found the terminal as it had left it, and returns the exit code.
pub fn restored(session: &mut Session) -> String {
    session.wait_raw(0, "after=");
    session.wait(".", |_, raw| raw.ends_with(b".\r\n"));
    session.end();
    let all = session.since(0);
    assert!(all.contains(RESTORED), "{all:?}");
    assert!(
        !all.rsplit_once(RESTORED)
            .is_some_and(|(_, rest)| rest.contains("\x1b[?1049")),
        "{all:?}"
    );
    let value = |name: &str| {
        let rest = all.split(name).nth(1).unwrap_or_default();
        rest.split(['\r', '\n', ' ']).next().unwrap_or_default().to_owned()
    };
    assert_eq!(value("before="), value("after="));
    assert!(value("before=").contains(':'));
    assert!(!session.screen(vt100::Screen::alternate_screen) && !session.screen(vt100::Screen::hide_cursor));
    assert!(!session.screen(vt100::Screen::bracketed_paste));
    value("code=").trim_end_matches('.').to_owned()
}

#[test]
fn quitting_gives_the_terminal_back() {
    let mut session = in_shell("");
    session.wait_text(ROW);
    assert!(session.screen(vt100::Screen::alternate_screen) && session.screen(vt100::Screen::hide_cursor));
    assert!(session.screen(vt100::Screen::bracketed_paste));
    session.send("q");
    assert_eq!(restored(&mut session), "0");
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_reported_on_the_restored_screen() {
    let mut session = in_shell("");
    session.wait_text(ROW);
    session.send("p");
    assert_eq!(restored(&mut session), "101");
    session.wait_text("told to panic");
    let all = session.since(0);
    assert!(all.find(RESTORED) < all.find("told to panic"), "{all:?}");
    assert_eq!(all.matches("\x1b[?1049l").count(), 1, "given back once");
}

#[test]
fn a_panic_on_another_thread_ends_the_program_with_the_terminal_given_back() {
    let mut session = in_shell("");
    session.wait_text(ROW);
    session.send("b");
    assert_eq!(restored(&mut session), "101");
    session.wait_text("a thread of the probe");
}

#[test]
fn an_error_gives_the_terminal_back_before_it_is_reported() {
    let mut session = in_shell("--error");
    assert_eq!(restored(&mut session), "1");
    let all = session.since(0);
    assert!(
        all.contains("\x1b[8h") && all.find(RESTORED) < all.find("told to fail"),
        "{all:?}"
    );
}

#[test]
fn signals_that_end_a_process_end_it_with_the_terminal_given_back() {
    for (kind, code) in [(Signal::TERM, "143"), (Signal::INT, "130"), (Signal::HUP, "129")] {
        let mut session = in_shell("");
        session.wait_text(ROW);
        signal(child_of(session.pid()), kind);
        assert_eq!(restored(&mut session), code);
    }
}

#[test]
fn a_dropped_connection_ends_the_program_within_a_second_and_without_a_crash() {
    let mut session = probe(&[]);
    session.hang_up("j");
    let status = session.end_within(Duration::from_secs(1));
    assert_eq!((status.exit_code(), status.signal()), (129, None));
}

#[test]
fn a_terminal_that_vanishes_without_any_signal_ends_the_program_too() {
    // In a session of its own the probe hears no hang-up: only its reads and writes tell.
    let mut session = Session::start(&["sh", "-c", &format!("setsid -w {}", example("loop_probe"))]);
    session.wait_text(ROW);
    let probe = child_of(session.pid());
    session.hang_up("j");
    gone_within(probe, Duration::from_secs(1));
}

#[test]
fn nothing_happening_is_no_bytes_no_processor_time_and_no_waking_up() {
    let session = probe(&["--ask"]);
    // The question goes unanswered; a second later everything is settled.
    session.wait_text("Silent");
    std::thread::sleep(Duration::from_millis(500));
    let (mark, before) = (session.mark(), effort(session.pid()));
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(session.since(mark), "");
    assert_eq!(effort(session.pid()), before);
}

#[test]
fn keys_move_the_marker_for_a_few_bytes() {
    let mut session = probe(&[]);
    session.send("j");
    session.wait_text("keys=1");
    session.wait_text(&format!("▶ {ROW} 1"));
    let mark = session.mark();
    session.send("\x1b[B");
    session.wait_text(&format!("▶ {ROW} 2"));
    let bytes = session.since(mark);
    assert!(bytes.len() <= 60, "{} bytes: {bytes:?}", bytes.len());
    assert!(bytes.starts_with("\x1b[?2026h") && bytes.ends_with("\x1b[?2026l"));
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn any_storm_of_sizes_is_survived_and_the_last_one_is_drawn() {
    let mut session = probe(&[]);
    for round in 0..10_u16 {
        for (columns, rows) in [(1, 1), (2, 1), (1, 50), (200, 1), (200, 60), (3, 3), (80, 24)] {
            session.resize(columns, rows);
            std::thread::sleep(Duration::from_millis(u64::from(round % 4)));
        }
    }
    session.resize(200, 60);
    session.wait_text("probe 200x60");
    session.wait_text(&format!("{ROW} 56"));
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn control_z_hands_the_terminal_to_the_shell_and_fg_paints_it_again() {
    let mut session = Session::start(&["bash", "--norc", "--noprofile", "-i"]);
    session.send("PS1='ready> '; stty -g | sed s/^/first=/\r");
    session.wait_raw(0, "first=");
    let mark = session.mark();
    session.send(format!("{}\r", example("loop_probe")));
    session.wait_text(ROW);
    session.send("j");
    session.wait_text(&format!("▶ {ROW} 1"));
    session.send("z");
    session.wait_raw(mark, "Stopped");
    assert!(session.since(mark).find(RESTORED) < session.since(mark).find("Stopped"));
    assert!(!session.screen(vt100::Screen::alternate_screen) && !session.screen(vt100::Screen::hide_cursor));
    session.wait_raw(mark, "ready> ");
    let mark = session.mark();
    session.send("echo shell is here\r");
    session.wait_raw(mark, "\rshell is here");
    session.wait("the prompt", |_, raw| raw.ends_with(b"ready> "));
    let mark = session.mark();
    session.send("fg\r");
    session.wait_raw(mark, "\x1b[?1049h");
    session.wait_text(&format!("▶ {ROW} 1"));
    assert!(session.screen(vt100::Screen::alternate_screen) && session.screen(vt100::Screen::bracketed_paste));
    session.send("j");
    session.wait_text(&format!("▶ {ROW} 2"));
    let mark = session.mark();
    session.send("q");
    session.wait_raw(mark, "ready> ");
    assert!(!session.screen(vt100::Screen::alternate_screen));
    session.send("stty -g | sed s/^/last=/; exit\r");
    session.wait("the settings", |_, raw| {
        String::from_utf8_lossy(raw).matches("last=").count() == 2
    });
    session.end();
    let all = session.since(0);
    let settings = |name: &str| {
        let found = all
            .split(name)
            .find(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
        found
            .unwrap_or_default()
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(settings("first="), settings("last="));
}

#[test]
fn a_process_stopped_from_outside_takes_the_terminal_again() {
    let mut session = probe(&[]);
    signal(session.pid(), Signal::STOP);
    let mark = session.mark();
    signal(session.pid(), Signal::CONT);
    session.wait_raw(mark, "\x1b[?2004h");
    session.wait_raw(mark, "\x1b[2J");
    session.send("j");
    session.wait_text("keys=1");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn the_terminal_is_asked_after_the_first_frame_and_its_answer_is_obeyed() {
    let mut session = probe(&["--ask"]);
    session.wait_raw(0, QUERY);
    let all = session.since(0);
    assert!(all.find(ROW) < all.find(QUERY), "the first frame comes first");
    session.send("\x1b[8;1$y\x1b[>65;7006;1c\x1b[?62;1;4c");
    session.wait_text("Explicit Bdsm");
    session.wait_raw(0, "\x1b[8l");
    session.send("q");
    session.wait_raw(0, &format!("\x1b[8h{RESTORED}"));
    assert!(session.end().success());
}

#[test]
fn answers_that_come_late_or_unasked_are_no_key_presses() {
    let mut session = probe(&["--ask"]);
    session.wait_text("Silent");
    session.send("\x1b[8;1$y\x1bP>|VTE(8001)\x1b\\\x1b[>61;8001;1c\x1b[?62;22c");
    // Torn in the worst place, as on a slow line; and some that nobody asked for.
    for piece in [
        "\x1b[?6",
        "2;22c\x1bP>|xt",
        "erm\x1b",
        "\\\x1b]11;rgb:0/0",
        "/0\x07\x1b[12;40R",
    ] {
        session.send(piece);
        std::thread::sleep(Duration::from_millis(60));
    }
    session.send("j");
    session.wait_text("keys=1");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn an_answer_still_under_way_at_the_end_does_not_reach_the_shell() {
    // The shell stays long enough to get what is left over.
    let mut session = in_shell("--ask; code=$?; sleep 1; (exit $code)");
    session.wait_raw(0, QUERY);
    session.send("q");
    std::thread::sleep(Duration::from_millis(30));
    session.send("\x1b[>65;7006;1c\x1b[?62;1;4c");
    assert_eq!(restored(&mut session), "0");
    assert!(!session.since(0).contains("62;1;4c"), "the shell's terminal echoed it");
}

#[test]
fn garbage_is_survived_and_control_c_still_quits() {
    let mut session = probe(&["--deaf"]);
    let mut seed = 0x2545_f491_u32;
    for _ in 0..40 {
        let mut bytes: Vec<u8> = Vec::new();
        while bytes.len() < 500 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            let byte = (seed >> 11) as u8;
            match seed % 11 {
                0 => bytes.extend_from_slice(b"\x1b["),
                1 => bytes.extend_from_slice(b"\x1bP"),
                _ if byte == 3 => {}
                _ => bytes.push(byte),
            }
        }
        session.send(bytes);
    }
    // A sequence or paste left open ends by itself.
    std::thread::sleep(Duration::from_millis(1500));
    session.send("\x03");
    assert!(session.end().success());
}

#[test]
fn a_paste_is_one_input_and_not_its_letters() {
    let mut session = probe(&[]);
    session.send("\x1b[200~qqqp\r\x1b[201~");
    session.wait_text("keys=0 pastes=1");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn copying_goes_through_the_terminal() {
    let mut session = probe(&[]);
    session.send("y");
    session.wait_raw(0, "\x1b]52;c;2KfYs9iq2KfZhg==\x07");
    session.send("q");
    assert!(session.end().success());
}

#[test]
fn a_terminal_that_stops_reading_does_not_stop_the_program_from_ending() {
    let mut session = probe(&[]);
    session.stop_reading();
    for _ in 0..400 {
        session.resize(200, 60);
        session.resize(199, 60);
        std::thread::sleep(Duration::from_millis(1));
    }
    signal(session.pid(), Signal::TERM);
    let status = session.end_within(Duration::from_secs(2));
    assert_eq!((status.exit_code(), status.signal()), (143, None));
}

#[test]
fn without_a_terminal_it_says_so_and_ends() {
    let output = std::process::Command::new("setsid")
        .args(["-w", &example("loop_probe")])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("\x1b[?1049h"));
}

#[test]
fn what_changed_since_the_last_visit_is_offered_and_this_visit_is_noted() {
    let home = Home::new();
    std::fs::create_dir_all(home.dir.path().join("rasad")).unwrap();
    let visits = home.file("rasad/visits", "2024-05-20\n");
    let offered = |session: &mut Session| {
        session.wait_text("Revive");
        session.send("9");
        session.wait_text("Changes");
        session.send("d");
        session.wait_text("the last meeting");
        session.settle();
        session.contents().contains("the last visit")
    };
    let mut session = home.start(&["--lang", "en"]);
    assert!(offered(&mut session), "{}", session.contents());
    session.send("\x1bq");
    session.send("q");
    assert!(session.end().success());
    let noted = std::fs::read_to_string(&visits).unwrap();
    let days: Vec<_> = noted.lines().collect();
    assert!(
        days.len() == 2 && days[0] > "2024-05-20" && days[1] == "2024-05-20",
        "{noted:?}"
    );
    // Without a visit before today there is none to compare with.
    std::fs::write(&visits, days[0]).unwrap();
    let mut session = home.start(&["--lang", "en"]);
    assert!(!offered(&mut session), "{}", session.contents());
    session.send("\x1bq");
    session.send("q");
    assert!(session.end().success());
}
