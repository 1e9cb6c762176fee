use super::super::input::{Input, Parser};
use super::*;

/// What the terminal sends back, byte for byte.
fn answers(bytes: &str) -> Answers {
    let mut answers = Answers::default();
    for input in Parser::new().feed(bytes.as_bytes()) {
        match input {
            Input::Reply(reply) => {
                answers.take(&reply);
            }
            other => panic!("{other:?} in {bytes:?}"),
        }
    }
    answers
}

/// One row of the table of measured answers: name, secondary attributes, mode 8.
fn reply(name: &str, da2: &str, mode: Option<u32>) -> String {
    let mut text = String::new();
    if let Some(value) = mode {
        text += &format!("\x1b[8;{value}$y");
    }
    if !name.is_empty() {
        text += &format!("\x1bP>|{name}\x1b\\");
    }
    if !da2.is_empty() {
        text += &format!("\x1b[>{da2}c");
    }
    text + "\x1b[?62;22c"
}

#[test]
fn every_measured_terminal_gets_the_profile_that_was_seen_right() {
    use Profile::{Explicit, Fenced, Kitty66, Mlterm, Pinned, Plain, Sgr};
    for (terminal, name, da2, mode, profile, why) in [
        ("VTE 0.70", "", "65;7006;1", Some(1), Explicit, Why::Bdsm),
        ("VTE 0.80", "VTE(8001)", "61;8001;1", Some(1), Explicit, Why::Bdsm),
        (
            "VTE, switched off",
            "VTE(8001)",
            "61;8001;1",
            Some(2),
            Explicit,
            Why::Bdsm,
        ),
        (
            "VTE without mode 8",
            "VTE(8001)",
            "61;8001;1",
            None,
            Explicit,
            Why::Attributes,
        ),
        ("Konsole 22.12", "Konsole 22.12.3", "1;115;0", None, Pinned, Why::Name),
        ("Konsole 25.04", "Konsole 25.04.2", "1;115;0", None, Pinned, Why::Name),
        ("Konsole 22.04", "Konsole 22.04.1", "1;115;0", None, Sgr, Why::Name),
        ("Konsole, nameless", "", "1;115;0", None, Pinned, Why::Attributes),
        ("qterminal", "", "0;115;0", None, Sgr, Why::Attributes),
        ("mlterm 3.9", "", "24;279;0", Some(0), Mlterm, Why::Attributes),
        ("PuTTY", "", "0;136;0", None, Fenced, Why::Attributes),
        ("kitty 0.41", "kitty(0.41.1)", "1;4000;41", Some(0), Kitty66, Why::Name),
        ("kitty 0.40", "kitty(0.40.0)", "1;4000;40", Some(0), Kitty66, Why::Name),
        ("kitty 0.26", "kitty(0.26.5)", "1;4000;26", Some(0), Plain, Why::Name),
        ("xterm 398", "XTerm(398)", "41;398;0", Some(0), Plain, Why::Name),
        ("xterm, nameless", "", "41;398;0", Some(0), Plain, Why::Attributes),
        ("alacritty 0.11", "", "0;1700;1", None, Plain, Why::Attributes),
        ("alacritty 0.15", "", "0;2500;1", Some(0), Plain, Why::Attributes),
        ("foot", "foot(1.21.0)", "1;012100;0", None, Plain, Why::Name),
        ("urxvt", "", "85;95;0", None, Plain, Why::Attributes),
        ("st", "", "", None, Plain, Why::Unknown),
        ("zutty", "", "64;0;0", None, Plain, Why::Attributes),
        ("terminology", "terminology 1.13.0", "61;337;0", None, Plain, Why::Name),
        ("terminology, nameless", "", "61;337;0", None, Plain, Why::Attributes),
        ("xterm.js 6", "", "0;276;0", Some(0), Pinned, Why::Attributes),
        ("WezTerm", "WezTerm 20240203", "1;277;0", Some(1), Explicit, Why::Bdsm),
        (
            "WezTerm, bidi unknown",
            "WezTerm 20240203",
            "1;277;0",
            None,
            Plain,
            Why::Name,
        ),
        ("Ghostty", "ghostty 1.1.0", "1;10;0", None, Plain, Why::Name),
        ("mintty", "mintty 3.7.0", "77;30700;0", Some(2), Explicit, Why::Bdsm),
        (
            "tmux 3.3a from afar",
            "tmux 3.3a",
            "84;0;0",
            None,
            Pinned,
            Why::Multiplexer,
        ),
        ("screen 4.9", "", "83;40900;0", None, Pinned, Why::Multiplexer),
    ] {
        let choice = choose(&answers(&reply(name, da2, mode)), &Environment::default());
        assert_eq!((choice.profile, choice.why), (profile, why), "{terminal}");
    }
}

#[test]
fn inside_a_local_tmux_the_outer_terminal_decides() {
    use Profile::{Fenced, Pinned, Plain};
    let environment = Environment {
        tmux: true,
        ..Environment::default()
    };
    let inside = answers(&reply("tmux 3.3a", "84;0;0", None));
    assert!(inside.needs_tmux(&environment));
    for (client, profile, hint) in [
        ("Konsole 22.12.3|xterm-256color", Pinned, None),
        ("VTE(8001)|xterm-256color", Pinned, None),
        ("XTerm(398)|xterm-256color", Plain, None),
        ("foot(1.21.0)|foot", Plain, None),
        ("|alacritty", Plain, None),
        ("|rxvt-unicode-256color", Plain, None),
        ("|st-256color", Plain, None),
        ("|putty-256color", Fenced, Some(Hint::PuttyDisableBidi)),
        ("kitty(0.41.1)|xterm-kitty", Plain, Some(Hint::KittyForceLtr)),
        ("|xterm-kitty", Plain, Some(Hint::KittyForceLtr)),
        ("|mlterm", Plain, Some(Hint::LeaveMultiplexer)),
        ("|konsole-256color", Pinned, None),
        ("|xterm", Fenced, Some(Hint::Doctor)),
    ] {
        let answers = Answers {
            tmux_client: Some(client.into()),
            ..inside.clone()
        };
        let choice = choose(&answers, &environment);
        assert_eq!((choice.profile, choice.hint), (profile, hint), "{client}");
        assert_eq!(choice.why, Why::TmuxClient);
    }
    for unknown in [None, Some("|xterm-256color"), Some("|"), Some("")] {
        let answers = Answers {
            tmux_client: unknown.map(str::to_owned),
            ..inside.clone()
        };
        let choice = choose(&answers, &environment);
        assert_eq!((choice.profile, choice.why), (Pinned, Why::Multiplexer), "{unknown:?}");
    }
}

#[test]
fn behind_screen_the_outer_terminal_is_asked_and_its_profile_fitted() {
    use Profile::{Fenced, Pinned, Plain};
    let environment = Environment::default();
    for (outer, profile, hint) in [
        (reply("", "0;136;0", None), Fenced, Some(Hint::PuttyDisableBidi)),
        (reply("", "65;7006;1", Some(1)), Pinned, None),
        (reply("Konsole 22.12.3", "1;115;0", None), Pinned, None),
        (reply("XTerm(379)", "41;379;0", Some(0)), Plain, None),
        (
            reply("kitty(0.41.1)", "1;4000;41", Some(0)),
            Plain,
            Some(Hint::KittyForceLtr),
        ),
        (reply("", "24;279;0", Some(0)), Profile::Mlterm, None),
        (reply("", "0;115;0", None), Plain, Some(Hint::LeaveMultiplexer)),
    ] {
        let mut answers = answers(&reply("", "83;40900;0", None));
        assert!(answers.complete && answers.ask_outer() && !answers.are_all());
        assert!(!answers.ask_outer(), "asked once");
        for input in Parser::new().feed(outer.as_bytes()) {
            if let Input::Reply(reply) = input {
                answers.take(&reply);
            }
        }
        assert!(answers.are_all());
        let choice = choose(&answers, &environment);
        assert_eq!(
            (choice.profile, choice.hint, choice.why),
            (profile, hint, Why::Outer),
            "{outer:?}"
        );
        assert_eq!(choice.inside == Mux::Screen, profile == Profile::Mlterm, "{outer:?}");
    }
    // An outer terminal that says nothing leaves the guess for multiplexers.
    let mut silent = answers(&reply("", "83;40900;0", None));
    assert!(silent.ask_outer());
    assert_eq!(choose(&silent, &environment).why, Why::Multiplexer);
    assert!(!answers(&reply("tmux 3.3a", "84;0;0", None)).ask_outer());
}

#[test]
fn the_users_word_and_the_linux_console_come_before_any_answer() {
    let vte = answers(&reply("VTE(8001)", "61;8001;1", Some(1)));
    let mut environment = Environment {
        configured: Some(Profile::Fenced),
        ..Environment::default()
    };
    assert_eq!(choose(&vte, &environment).profile, Profile::Fenced);
    assert_eq!(choose(&vte, &environment).why, Why::Configured);
    assert!(!environment.asks());
    environment.configured = None;
    assert!(environment.asks());
    environment.term = "linux".into();
    assert_eq!(choose(&vte, &environment).hint, Some(Hint::English));
    assert!(!environment.asks());
}

#[test]
fn a_silent_terminal_is_plain_unless_its_variables_say_more() {
    let mut environment = Environment::default();
    let choice = choose(&Answers::default(), &environment);
    assert_eq!((choice.profile, choice.why), (Profile::Plain, Why::Silent));
    environment.konsole = true;
    assert_eq!(choose(&Answers::default(), &environment).profile, Profile::Pinned);
}

#[test]
fn a_stale_variable_does_not_outvote_the_terminal() {
    let environment = Environment {
        vte: true,
        konsole: true,
        ..Environment::default()
    };
    let foot = answers(&reply("foot(1.21.0)", "1;012100;0", None));
    assert_eq!(choose(&foot, &environment).profile, Profile::Plain);
}

#[test]
fn the_question_ends_with_the_one_that_everybody_answers() {
    assert!(QUERY.ends_with(b"\x1b[c"));
    assert_eq!(QUERY.iter().filter(|b| **b == 0x1b).count(), 4);
    let mut answers = Answers::default();
    assert!(!answers.take(&Reply::Da2(vec![41, 398, 0])));
    assert!(answers.take(&Reply::Da1));
}

#[test]
fn a_mark_is_left_out_where_it_would_take_a_column() {
    for (name, da2, marks) in [
        ("terminology 1.13.0", "61;337;0", false),
        ("", "61;337;0", false),
        ("VTE(8001)", "61;8001;1", true),
        ("foot(1.21.0)", "1;012100;0", true),
    ] {
        let choice = choose(&answers(&reply(name, da2, None)), &Environment::default());
        assert_eq!(choice.marks, marks, "{name} {da2}");
    }
}

#[test]
fn what_the_user_chose_for_one_terminal_counts_in_that_one_only() {
    let vte = answers(&reply("VTE(8001)", "61;8001;1", Some(1)));
    let mut environment = Environment {
        term: "xterm-256color".into(),
        ..Environment::default()
    };
    let identity = vte.identity(&environment);
    assert_eq!(identity, "VTE(8001)|61;8001;1|xterm-256color");
    environment.chosen.insert(identity, Profile::Pinned);
    let choice = choose(&vte, &environment);
    assert_eq!((choice.profile, choice.why), (Profile::Pinned, Why::Chosen));
    assert!(environment.asks());
    let other = answers(&reply("VTE(7600)", "65;7600;1", Some(1)));
    assert_eq!(choose(&other, &environment).why, Why::Bdsm);
    // Inside tmux its client is part of the name.
    environment.tmux = true;
    let mut inside = answers(&reply("tmux 3.3a", "84;0;0", None));
    inside.tmux_client = Some("PuTTY\u{1b}|xterm\n".into());
    assert_eq!(
        inside.identity(&environment),
        "PuTTY?|xterm|tmux 3.3a|84;0;0|xterm-256color"
    );
}

#[test]
fn the_first_answer_about_mode_8_is_of_the_time_before_us() {
    let both = answers("\x1b[8;1$y\x1b[8;2$y\x1b[?62c");
    assert_eq!(both.bdsm, Some(1));
}

#[test]
fn surroundings_tell_desks_apart_but_not_sessions() {
    let of = |variables: &[(&str, &str)]| {
        super::surroundings(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned()).unwrap_or_default()
        })
    };
    let desk = |client: &str, port: &str| {
        of(&[
            ("TERM", "xterm"),
            ("SSH_CONNECTION", &format!("{client} {port} 10.0.0.1 22")),
        ])
    };
    assert_eq!(desk("10.1.1.5", "5001"), desk("10.1.1.5", "5002"));
    assert_ne!(desk("10.1.1.5", "5001"), desk("10.1.1.6", "5001"));
    assert_eq!(of(&[("TMUX", "/tmp/a,1,0")]), of(&[("TMUX", "/tmp/b,2,1")]));
    assert_ne!(of(&[("TMUX", "/tmp/a,1,0")]), of(&[]));
}

#[test]
fn a_tmux_that_hangs_is_not_waited_for() {
    use super::tmux::ask;
    use std::process::Command;
    let hung = ask(Command::new("sleep").arg("600")).blocking_recv();
    assert_eq!(hung, Ok(None));
    let named = ask(Command::new("echo").arg("Konsole 22.12.3|xterm-256color")).blocking_recv();
    assert_eq!(named, Ok(Some("Konsole 22.12.3|xterm-256color".into())));
    assert!(ask(&mut Command::new("/nonexistent/tmux")).blocking_recv().is_err());
}
