//! What `rasad doctor` looks at, as data: one check a thing, each with what was found and what to do.

use crate::clock::{Clock, Day, Zone};
use crate::config::keymap::{Action, Context};
use crate::config::{Config, ConfigError, Env, GlyphSet, Paths};
use crate::contract::Level;
use crate::i18n::{t, tf_screen};
use crate::source::{Access, Limits, Source};
use crate::text::{Lang, calendar, number};
use crate::tui::detect::{Answers, Choice, Environment, Hint, Layer, Why};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Something will not work.
    Bad,
}

impl Status {
    /// The word used in output for scripts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "bad",
        }
    }
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The catalogue key of its name; its last part names it in output for scripts.
    pub name_key: &'static str,
    /// How it stands.
    pub status: Status,
    /// What was found, for the screen: values stand in isolates.
    pub found: String,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Check {
    fn new(name_key: &'static str, status: Status, found: String) -> Self {
        Self {
            name_key,
            status,
            found,
            advice: None,
        }
    }

    fn advice(mut self, advice: impl Into<Option<String>>) -> Self {
        self.advice = advice.into();
        self
    }

    /// Its name in output for scripts.
    pub fn id(&self) -> &'static str {
        self.name_key.rsplit('.').next().unwrap_or(self.name_key)
    }
}

/// What was found of the terminal.
pub struct Terminal<'a> {
    /// What it said.
    pub answers: &'a Answers,
    /// What follows.
    pub choice: &'a Choice,
    /// Columns and rows.
    pub size: (u16, u16),
}

/// The terminal's name for itself, with the layer in between.
pub fn terminal(lang: Lang, terminal: Option<&Terminal<'_>>, environment: &Environment) -> Vec<Check> {
    let Some(Terminal { answers, choice, size }) = terminal else {
        let none = Check::new(
            "doctor.terminal",
            Status::Note,
            t(lang, "doctor.no-terminal").to_owned(),
        );
        return vec![none];
    };
    let mut name = answers.identity(environment);
    if !answers.complete && !environment.is_linux_console() {
        name = tf_screen(lang, "doctor.silent", &[("name", &name)]);
    }
    let mut checks = vec![Check::new("doctor.terminal", Status::Good, isolated(lang, &name))];
    let layer = match answers.layer() {
        Some(Layer::Tmux) => Some("doctor.layer-tmux"),
        Some(Layer::Screen) => Some("doctor.layer-screen"),
        None if environment.ssh => Some("doctor.layer-ssh"),
        None => None,
    };
    if let Some(key) = layer {
        checks.push(Check::new("doctor.layer", Status::Good, t(lang, key).to_owned()));
    }
    let why = t(lang, why_key(choice.why));
    let found = tf_screen(
        lang,
        "doctor.profile-why",
        &[("profile", choice.profile.name()), ("why", why)],
    );
    // A terminal that stays wrong until its user sets something is not in order.
    let status = match choice.hint {
        None | Some(Hint::PuttyDisableBidi) => Status::Good,
        Some(hint) if hint.is_needed() => Status::Bad,
        Some(_) => Status::Note,
    };
    let hint = choice.hint.map(|hint| t(lang, hint.sentence_key()).to_owned());
    checks.push(Check::new("doctor.profile", status, found).advice(hint));
    if !choice.marks {
        let found = t(lang, "doctor.marks-left-out").to_owned();
        checks.push(Check::new("doctor.marks", Status::Note, found));
    }
    let (width, height) = *size;
    let found = tf_screen(
        lang,
        "doctor.columns-rows",
        &[
            ("columns", &number::integer(width.into(), lang)),
            ("rows", &number::integer(height.into(), lang)),
        ],
    );
    let check = Check::new("doctor.size", Status::Good, found);
    checks.push(match () {
        () if crate::app::layout::too_small(*size) => Check {
            status: Status::Bad,
            ..check.advice(t(lang, "edge.too-small").to_owned())
        },
        () if width < 80 || height < 24 => Check {
            status: Status::Note,
            ..check.advice(t(lang, "doctor.size-advice").to_owned())
        },
        () => check,
    });
    checks
}

/// The sentence that says what decided for a profile.
const fn why_key(why: Why) -> &'static str {
    match why {
        Why::Configured => "doctor.why-configured",
        Why::Chosen => "doctor.why-chosen",
        Why::LinuxConsole => "doctor.why-linux",
        Why::Bdsm => "doctor.why-bdsm",
        Why::Name => "doctor.why-name",
        Why::Attributes => "doctor.why-attributes",
        Why::TmuxClient => "doctor.why-tmux",
        Why::Outer => "doctor.why-outer",
        Why::Multiplexer => "doctor.why-multiplexer",
        Why::Unknown => "doctor.why-unknown",
        Why::Silent => "doctor.why-silent",
    }
}

/// Locale and colours, by the environment.
pub fn environment(lang: Lang, env: &Env) -> Vec<Check> {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env.text(name))
        .unwrap_or_default();
    let upper = locale.to_ascii_uppercase();
    let utf8 = upper.contains("UTF-8") || upper.contains("UTF8");
    let shown = if locale.is_empty() { "C" } else { &locale };
    let locale = if utf8 {
        Check::new("doctor.locale", Status::Good, isolated(lang, shown))
    } else {
        let advice = tf_screen(lang, "doctor.locale-advice", &[("command", "export LC_ALL=C.UTF-8")]);
        Check::new("doctor.locale", Status::Bad, isolated(lang, shown)).advice(advice)
    };
    let term = env.text("TERM").unwrap_or_default();
    let deep = env
        .text("COLORTERM")
        .is_some_and(|depth| depth == "truecolor" || depth == "24bit");
    let colours = match () {
        () if env.has("NO_COLOR") => Check::new("doctor.colours", Status::Good, t(lang, "doctor.no-color").to_owned()),
        () if term.is_empty() || term == "dumb" => {
            let found = tf_screen(lang, "doctor.term", &[("term", &term)]);
            Check::new("doctor.colours", Status::Bad, found).advice(tf_screen(
                lang,
                "doctor.term-advice",
                &[("example", "xterm-256color")],
            ))
        }
        () => {
            let depth = if deep {
                16_777_216
            } else if term.contains("256color") {
                256
            } else {
                16
            };
            let n = number::integer(depth, lang);
            let found = tf_screen(lang, "doctor.colour-depth", &[("n", &n), ("term", &term)]);
            Check::new("doctor.colours", Status::Good, found)
        }
    };
    vec![locale, colours]
}

/// The signs screens are drawn with, and the keys they are led by.
pub fn signs_and_keys(lang: Lang, config: &Config, env: &Env) -> Vec<Check> {
    let console = env.text("TERM").as_deref() == Some("linux");
    let set = tf_screen(lang, "doctor.glyph-set", &[("set", config.glyphs.as_str())]);
    let glyphs = match config.glyphs {
        GlyphSet::Unicode if console => {
            let advice = tf_screen(lang, "doctor.glyphs-console", &[("setting", "glyphs = \"ascii\"")]);
            Check::new("doctor.signs", Status::Note, set).advice(advice)
        }
        _ => Check::new("doctor.signs", Status::Good, set),
    };
    let key = |action: Action| {
        let chords = config.keymap.chords(Context::Global, action);
        chords.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let found = tf_screen(
        lang,
        "doctor.keys-in-force",
        &[("quit", &key(Action::Quit)), ("help", &key(Action::Help))],
    );
    vec![glyphs, Check::new("doctor.keyboard", Status::Good, found)]
}

/// No programme of a headquarters is older than 1 Farvardin 1403: an earlier clock is wrong. As days since 1970-01-01.
const FIRST_DAY: i32 = 19_802;

/// The clock, with the day it makes today in the zone of the headquarters.
pub fn clock(lang: Lang, clock: Clock, kind: calendar::CalendarKind, source: &Source) -> Check {
    let zone = Zone::named(crate::contract::DEFAULT_ZONE).unwrap_or_else(Zone::utc);
    let today = clock.today(&zone);
    let day = format!(
        "{} {}",
        calendar::weekday(today, lang),
        calendar::long(today, kind, lang)
    );
    let now = clock.now().to_string();
    let utc = now.get(..16).unwrap_or(&now).replace('T', " ");
    let found = tf_screen(
        lang,
        "doctor.today",
        &[("utc", &utc), ("zone", crate::contract::DEFAULT_ZONE), ("day", &day)],
    );
    let check = Check::new("doctor.clock", Status::Good, found);
    if today < Day::from_days(FIRST_DAY) {
        return Check {
            status: Status::Bad,
            ..check.advice(t(lang, "doctor.clock-early").to_owned())
        };
    }
    if let Source::File(path) = source
        && is_of_tomorrow(path, clock)
    {
        return Check {
            status: Status::Note,
            ..check.advice(t(lang, "doctor.clock-behind").to_owned())
        };
    }
    check
}

/// A file changed later than now, by more than a clock is usually off.
fn is_of_tomorrow(path: &Path, clock: Clock) -> bool {
    const SLACK_SECONDS: i64 = 120;
    let changed = std::fs::metadata(path).and_then(|seen| seen.modified()).ok();
    let changed = changed.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    changed.is_some_and(|at| {
        i64::try_from(at.as_secs()).is_ok_and(|at| at > clock.now().as_second().saturating_add(SLACK_SECONDS))
    })
}

/// The source: whether it can be reached and read, what is in it, how long it took.
pub fn source(lang: Lang, config: &Config, limits: &Limits, access: &Access) -> Check {
    let Some(location) = &config.source.location else {
        let found = tf_screen(lang, "doctor.sample-source", &[("option", "--source")]);
        return Check::new("doctor.source", Status::Good, found);
    };
    let begun = crate::clock::tick();
    let checked = crate::cli::check::check(location, limits, access);
    let took = number::decimal(begun.elapsed().as_secs_f64(), 1, lang);
    let name = Source::named(location).to_string();
    let Some(summary) = &checked.summary else {
        let why = checked.problems.first().map(|problem| problem.sentence(lang));
        let found = tf_screen(lang, "doctor.source-unreadable", &[("source", &name)]);
        return Check::new("doctor.source", Status::Bad, found).advice(why);
    };
    let records: usize = summary.records.iter().map(|(_, n)| n).sum();
    let records = i64::try_from(records).unwrap_or(i64::MAX);
    let found = tf_screen(
        lang,
        "doctor.source-read",
        &[
            ("source", &name),
            ("records", &number::integer(records, lang)),
            ("seconds", &took),
        ],
    );
    let hurt = summary.count(Level::Skipped) + summary.count(Level::Changed);
    let check = Check::new("doctor.source", Status::Good, found);
    if hurt == 0 {
        return check;
    }
    let n = number::integer(i64::try_from(hurt).unwrap_or(i64::MAX), lang);
    let command = format!("rasad check {name}");
    Check {
        status: Status::Note,
        ..check.advice(tf_screen(
            lang,
            "doctor.source-hurt",
            &[("n", &n), ("command", &command)],
        ))
    }
}

/// The configuration, and the places where things are kept.
pub fn places(lang: Lang, env: &Env, file: Option<&Path>, mistakes: &[ConfigError]) -> Vec<Check> {
    let paths = Paths::of(env);
    let file = file.map(Path::to_owned).or_else(|| paths.config_file());
    let shown = file.as_ref().map(|file| file.to_string_lossy().into_owned());
    let config = match (&shown, mistakes.first()) {
        (_, Some(first)) => {
            let n = number::integer(i64::try_from(mistakes.len()).unwrap_or(i64::MAX), lang);
            let found = tf_screen(lang, "doctor.config-mistakes", &[("n", &n)]);
            Check::new("doctor.config", Status::Bad, found).advice(first.sentence(lang))
        }
        (Some(path), None) if Path::new(path).exists() => {
            Check::new("doctor.config", Status::Good, isolated(lang, path))
        }
        (Some(path), None) => {
            let found = tf_screen(lang, "doctor.config-none", &[("path", path)]);
            Check::new("doctor.config", Status::Good, found)
        }
        (None, None) => Check::new("doctor.config", Status::Note, t(lang, "config.no-home").to_owned()),
    };
    let mut checks = vec![config];
    let places = [
        ("doctor.cache", paths.cache_dir),
        ("doctor.state", paths.state_dir),
        ("doctor.snapshots", paths.data_dir),
    ];
    for (name_key, place) in places {
        let Some(place) = place else { continue };
        let shown = isolated(lang, &place.to_string_lossy());
        let check = Check::new(name_key, Status::Good, shown);
        checks.push(if is_writable(&place) {
            check
        } else {
            Check {
                status: Status::Note,
                ..check.advice(t(lang, "doctor.place-advice").to_owned())
            }
        });
    }
    checks
}

/// Whether something could be written there: into the directory, or into the nearest one above it that exists.
fn is_writable(place: &Path) -> bool {
    let mut here: PathBuf = place.to_owned();
    while !here.exists() {
        if !here.pop() {
            return false;
        }
    }
    rustix::fs::access(&here, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok() && here.is_dir()
}

/// A value from outside, alone in a sentence.
fn isolated(lang: Lang, value: &str) -> String {
    tf_screen(lang, "doctor.value", &[("value", value)])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use crate::text::profile::Profile;

    fn status_of(checks: &[Check], id: &str) -> (Status, bool) {
        let check = checks.iter().find(|check| check.id() == id).unwrap();
        (check.status, check.advice.is_some())
    }

    #[test]
    fn a_locale_without_utf_8_is_said_with_the_command_that_mends_it() {
        for (vars, wanted) in [
            (&[("LANG", "fa_IR.UTF-8"), ("TERM", "xterm")][..], Status::Good),
            (
                &[("LC_ALL", "C"), ("LANG", "fa_IR.UTF-8"), ("TERM", "xterm")],
                Status::Bad,
            ),
            (&[("LC_CTYPE", "C.utf8"), ("TERM", "xterm")], Status::Good),
            (&[("TERM", "xterm")], Status::Bad),
        ] {
            let checks = environment(Lang::En, &Env::of(vars));
            assert_eq!(
                status_of(&checks, "locale"),
                (wanted, wanted == Status::Bad),
                "{vars:?}"
            );
        }
    }

    #[test]
    fn signs_that_a_console_has_not_are_told_of_and_the_keys_in_force_named() {
        let config = Config::default();
        let on = |term: &str| signs_and_keys(Lang::En, &config, &Env::of(&[("TERM", term)]));
        assert_eq!(status_of(&on("linux"), "signs"), (Status::Note, true));
        assert_eq!(status_of(&on("xterm"), "signs"), (Status::Good, false));
        let keys = on("xterm").pop().unwrap();
        assert!(keys.found.contains("q ctrl-c") && keys.found.contains('?'), "{keys:?}");
    }

    #[test]
    fn a_terminal_without_a_name_has_no_colours_to_speak_of() {
        let of = |vars: &[(&str, &str)]| status_of(&environment(Lang::Fa, &Env::of(vars)), "colours").0;
        assert_eq!(of(&[("TERM", "dumb")]), Status::Bad);
        assert_eq!(of(&[]), Status::Bad);
        assert_eq!(of(&[("TERM", "dumb"), ("NO_COLOR", "1")]), Status::Good);
        let deep = environment(Lang::En, &Env::of(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]));
        assert!(deep.iter().any(|check| check.found.contains("16,777,216")), "{deep:?}");
    }

    #[test]
    fn a_terminal_that_cannot_be_right_is_bad_and_names_its_setting() {
        let environment = Environment::default();
        let kitty = Answers {
            name: Some("kitty(0.26.5)".into()),
            complete: true,
            ..Answers::default()
        };
        let choice = crate::tui::detect::choose(&kitty, &environment);
        let found = Terminal {
            answers: &kitty,
            choice: &choice,
            size: (80, 24),
        };
        let checks = terminal(Lang::En, Some(&found), &environment);
        let profile = checks.iter().find(|check| check.id() == "profile").unwrap();
        assert_eq!(profile.status, Status::Bad);
        assert!(
            profile.advice.as_deref().unwrap().contains("force_ltr yes"),
            "{profile:?}"
        );
        assert_eq!(choice.profile, Profile::Plain);
        let small = Terminal { size: (10, 3), ..found };
        assert_eq!(
            status_of(&terminal(Lang::En, Some(&small), &environment), "size"),
            (Status::Bad, true)
        );
        assert_eq!(
            status_of(&terminal(Lang::En, None, &environment), "terminal").0,
            Status::Note
        );
    }

    #[test]
    fn a_clock_before_the_programme_or_behind_its_file_is_said() {
        let kind = calendar::CalendarKind::Gregorian;
        let fixed = |text: &str| Clock::Fixed(text.parse().unwrap());
        let early = clock(Lang::En, fixed("1999-12-31T23:00:00Z"), kind, &Source::Sample);
        assert_eq!((early.status, early.advice.is_some()), (Status::Bad, true));
        let first = clock(Lang::En, fixed("2024-03-19T20:30:00Z"), kind, &Source::Sample);
        assert_eq!(first.status, Status::Good, "{first:?}");
        assert!(first.found.contains("Wednesday 20 March 2024"), "{first:?}");
        assert_eq!(
            clock(Lang::En, fixed("2024-03-19T20:29:59Z"), kind, &Source::Sample).status,
            Status::Bad
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hq.json");
        std::fs::write(&path, "{}").unwrap();
        let behind = clock(
            Lang::En,
            fixed("2024-05-01T00:00:00Z"),
            kind,
            &Source::File(path.clone()),
        );
        assert_eq!(behind.status, Status::Note);
        assert_eq!(
            clock(Lang::En, Clock::System, kind, &Source::File(path)).status,
            Status::Good
        );
    }

    #[test]
    fn a_source_is_read_and_what_is_wrong_with_it_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hq.json");
        let of = |text: Option<&str>| {
            match text {
                Some(text) => std::fs::write(&path, text).unwrap(),
                None => std::fs::remove_file(&path).unwrap(),
            }
            let mut config = Config::default();
            config.source.location = Some(path.to_string_lossy().into_owned());
            source(Lang::En, &config, &Limits::default(), &Access::default())
        };
        let head =
            r#""rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"}"#;
        let good = of(Some(&format!(
            r#"{{{head},"enterprises":[{{"id":"e-1","name":"کارخانه"}}]}}"#
        )));
        assert_eq!(good.status, Status::Good, "{good:?}");
        assert!(good.found.contains("1 record"), "{good:?}");
        let hurt = of(Some(&format!(r#"{{{head},"enterprises":[{{"name":"بی‌شناسه"}}]}}"#)));
        assert_eq!((hurt.status, hurt.advice.is_some()), (Status::Note, true), "{hurt:?}");
        let broken = of(Some("{"));
        assert_eq!(
            (broken.status, broken.advice.is_some()),
            (Status::Bad, true),
            "{broken:?}"
        );
        assert_eq!(of(None).status, Status::Bad);
        assert_eq!(
            source(Lang::En, &Config::default(), &Limits::default(), &Access::default()).status,
            Status::Good
        );
    }

    #[test]
    fn places_that_cannot_be_written_cost_memory_only() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let home = dir.path().to_str().unwrap();
        let blocked = dir.path().join("file");
        let env = Env::of(&[("HOME", home), ("XDG_CACHE_HOME", blocked.to_str().unwrap())]);
        let checks = places(Lang::Fa, &env, None, &[]);
        assert_eq!(status_of(&checks, "cache"), (Status::Note, true));
        assert_eq!(status_of(&checks, "state"), (Status::Good, false));
        assert_eq!(status_of(&checks, "config"), (Status::Good, false));
        assert!(
            std::fs::read_dir(dir.path()).unwrap().count() == 1,
            "looking writes nothing"
        );
    }
}
