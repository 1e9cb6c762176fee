//! `rasad doctor`: what the terminal is and how Persian is written to it, with sample lines to judge by; and whatever else must be
//! in order: locale, colours, keys, clock, configuration, source. Chooses a profile for this terminal when it is told to.

mod checks;
mod lines;

use super::paper::{Drawn, Paper};
use super::{Common, FAILED, USAGE, complain, settings};
use crate::clock::Clock;
use crate::config::{Config, Env, Keymap, Paths, edit};
use crate::i18n::{t, tf, tf_screen};
use crate::text::isolate;
use crate::text::{Direction, Lang};
use crate::tui::detect::{Answers, Choice, Environment};
use crate::tui::input::Input;
use crate::tui::probe;
use crate::tui::tty::Tty;
use checks::{Check, Status, Terminal};
use serde_json::{Value, json};
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How long a key is waited for where keys are tried.
const KEY_WAIT: Duration = Duration::from_secs(20);

/// What `rasad doctor` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct DoctorArgs {
    /// How to say it: for people, or for scripts
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// The line that reads right in this terminal, by its number or profile; auto takes an earlier choice back
    #[arg(long, value_name = "LINE")]
    pub choose: Option<String>,
    /// Show everything and ask nothing
    #[arg(long)]
    pub no_ask: bool,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Lines for people, in the language of the screen.
    Human,
    /// One JSON object.
    Json,
}

/// Everything that is known before something is said.
struct Patient<'a> {
    lang: Lang,
    environment: Environment,
    /// The terminal, with what it said; none when there is no terminal.
    terminal: Option<(Tty, Answers, Choice)>,
    checks: Vec<Check>,
    /// The keys in force.
    keymap: Arc<Keymap>,
    /// Where a choice is written.
    config_file: Option<PathBuf>,
    args: &'a DoctorArgs,
}

/// Runs the command: 0 when nothing is bad, 1 when something is, 64 for a choice that is none.
pub fn run(args: &DoctorArgs, common: &Common, env: &Env) -> ExitCode {
    let patient = match examine(args, common, env) {
        Ok(patient) => patient,
        Err(error) => {
            let lang = crate::config::speak(env, &common.overrides());
            complain(&tf(lang, "cli.terminal-failed", &[("why", &error.to_string())]));
            return ExitCode::from(FAILED);
        }
    };
    let answer = match (&args.choose, args.format) {
        (Some(word), _) => return choose(&patient, word),
        (None, Format::Json) => write_json(&patient),
        (None, Format::Human) => write_human(&patient),
    };
    match answer {
        // Nobody there to read it is no failure.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            complain(&tf(patient.lang, "cli.terminal-failed", &[("why", &error.to_string())]));
            return ExitCode::from(FAILED);
        }
    }
    let worst = patient.checks.iter().map(|check| check.status).max();
    ExitCode::from(if worst == Some(Status::Bad) { FAILED } else { 0 })
}

fn examine<'a>(args: &'a DoctorArgs, common: &Common, env: &Env) -> io::Result<Patient<'a>> {
    let overrides = common.overrides();
    // A configuration with mistakes is one more thing to tell, not the end of telling.
    let (config, mistakes) = match Config::load(env, &overrides) {
        Ok((config, _)) => (config, Vec::new()),
        Err(mistakes) => {
            let lang = crate::config::speak(env, &overrides);
            let config = Config {
                lang,
                ..Config::default()
            };
            (config, mistakes)
        }
    };
    let lang = config.lang;
    let environment = settings::environment(&config);
    let terminal = match Tty::open() {
        Ok(tty) => {
            let (answers, choice) = probe::recognise(&tty, &environment)?;
            Some((tty, answers, choice))
        }
        Err(_) => None,
    };
    let config_file = common.config.clone().or_else(|| env.path("RASAD_CONFIG"));
    let seen = terminal.as_ref().map(|(tty, answers, choice)| {
        let size = tty.size();
        Terminal {
            answers,
            choice,
            size: (size.width, size.height),
        }
    });
    let mut checks = checks::terminal(lang, seen.as_ref(), &environment);
    checks.extend(checks::environment(lang, env));
    checks.extend(checks::signs_and_keys(lang, &config, env));
    checks.push(checks::clock(
        lang,
        Clock::System,
        settings::style(&config).calendar,
        &settings::source(&config),
    ));
    checks.extend(checks::places(lang, env, config_file.as_deref(), &mistakes));
    let access = settings::access(&config.chosen, env);
    checks.push(checks::source(lang, &config, &settings::limits(&config), &access));
    Ok(Patient {
        lang,
        environment,
        terminal,
        checks,
        keymap: config.keymap,
        config_file: config_file.or_else(|| Paths::of(env).config_file()),
        args,
    })
}

fn write_json(patient: &Patient<'_>) -> io::Result<()> {
    let checks: Vec<Value> = patient
        .checks
        .iter()
        .map(|check| {
            json!({
                "check": check.id(),
                "status": check.status.as_str(),
                "found": isolate::strip(&check.found),
                "advice": check.advice.as_deref().map(|advice| isolate::strip(advice).into_owned()),
            })
        })
        .collect();
    let terminal = patient.terminal.as_ref().map(|(tty, answers, choice)| {
        let size = tty.size();
        json!({
            "identity": answers.identity(&patient.environment),
            "name": answers.name,
            "secondary_attributes": answers.da2,
            "bidirectional_mode": answers.bdsm,
            "answered": answers.complete,
            "profile": choice.profile.name(),
            "marks": choice.marks,
            "columns": size.width,
            "rows": size.height,
        })
    });
    let good = patient.checks.iter().all(|check| check.status != Status::Bad);
    let whole = json!({ "good": good, "terminal": terminal, "checks": checks });
    let mut out = io::stdout().lock();
    writeln!(out, "{whole:#}")
}

fn write_human(patient: &Patient<'_>) -> io::Result<()> {
    let lang = patient.lang;
    let drawn = match &patient.terminal {
        Some((tty, _, choice)) if io::stdout().is_terminal() => Some(Drawn {
            emission: choice.emission(),
            width: tty.size().width,
        }),
        _ => None,
    };
    let mut paper = Paper::new(io::stdout().lock(), lang, drawn);
    for check in &patient.checks {
        let sign = match check.status {
            Status::Good => "✓",
            Status::Note => "!",
            Status::Bad => "✗",
        };
        let name = t(lang, check.name_key);
        paper.line(&format!("{sign} {name}: {}", check.found), 4)?;
        if let Some(advice) = &check.advice {
            paper.line(&format!("    {advice}"), 4)?;
        }
    }
    let (Some((tty, answers, choice)), Some(_)) = (&patient.terminal, drawn) else {
        return paper.flush();
    };
    paper.line("", 0)?;
    let values = [("setting", "glyphs = \"ascii\"")];
    paper.line(&tf_screen(lang, "doctor.glyphs", &values), 0)?;
    paper.sample("   ", lines::GLYPHS, Direction::Ltr, choice.emission())?;
    let candidates = lines::candidates(answers, choice);
    paper.line(t(lang, "doctor.lines"), 0)?;
    for (n, profile) in candidates.iter().enumerate() {
        let chosen = if *profile == choice.profile { "●" } else { " " };
        let label = format!(" {chosen} {} {:<9}", n + 1, profile.name());
        let emission = crate::text::profile::Emission {
            profile: *profile,
            ..choice.emission()
        };
        paper.sample(&label, lines::SAMPLE, Direction::Rtl, emission)?;
    }
    let values = [("id", lines::ID), ("date", lines::DATE), ("number", lines::NUMBER)];
    paper.line(&tf_screen(lang, "doctor.lines-right", &values), 0)?;
    paper.flush()?;
    if patient.args.no_ask || !io::stdin().is_terminal() {
        return Ok(());
    }
    try_keys(patient, tty, &mut paper)?;
    let question = tf_screen(lang, "doctor.which-line", &[("profile", choice.profile.name())]);
    paper.line(&question, 0)?;
    paper.flush()?;
    let mut word = String::new();
    io::stdin().read_line(&mut word)?;
    if !word.trim().is_empty() {
        let said = match keep(patient, word.trim()) {
            Ok(said) => said,
            Err((said, _)) => said,
        };
        paper.line(&said, 0)?;
        paper.flush()?;
    }
    Ok(())
}

/// Shows what keys arrive as, and what they do: on a Persian keyboard, through a multiplexer, over ssh.
fn try_keys<W: Write>(patient: &Patient<'_>, tty: &Tty, paper: &mut Paper<W>) -> io::Result<()> {
    use crate::config::chord::Key;
    use crate::config::keymap::Context;
    let lang = patient.lang;
    paper.line(t(lang, "doctor.keys"), 0)?;
    paper.flush()?;
    let mut failed = Ok(());
    probe::keys(tty, KEY_WAIT, |input| {
        let chord = match input {
            Input::Key(chord) if chord.key == Key::Enter => return false,
            Input::Key(chord) => chord,
            _ => return true,
        };
        let does = patient
            .keymap
            .lookup(Context::List, chord)
            .map_or(t(lang, "doctor.key-nothing"), |action| t(lang, action.name_key()));
        let name = chord.to_string();
        let said = tf_screen(lang, "doctor.key", &[("key", &name), ("does", does)]);
        failed = paper.line(&said, 4).and_then(|()| paper.flush());
        failed.is_ok()
    })?;
    failed
}

fn choose(patient: &Patient<'_>, word: &str) -> ExitCode {
    match keep(patient, word) {
        Ok(said) => {
            let _ = writeln!(io::stdout().lock(), "{}", isolate::strip(&said));
            ExitCode::SUCCESS
        }
        Err((said, code)) => {
            complain(&said);
            ExitCode::from(code)
        }
    }
}

/// Writes a choice for this terminal into the configuration; the sentence that says so, or why not with its exit code.
fn keep(patient: &Patient<'_>, word: &str) -> Result<String, (String, u8)> {
    let lang = patient.lang;
    let Some((_, answers, choice)) = &patient.terminal else {
        return Err((t(lang, "doctor.no-terminal").to_owned(), FAILED));
    };
    let candidates = lines::candidates(answers, choice);
    let Some(picked) = lines::picked(word, &candidates) else {
        let names: Vec<&str> = candidates.iter().map(|profile| profile.name()).collect();
        let said = tf_screen(
            lang,
            "doctor.no-such-line",
            &[("found", word), ("choices", &names.join(", "))],
        );
        return Err((said, USAGE));
    };
    let Some(path) = &patient.config_file else {
        return Err((t(lang, "config.no-home").to_owned(), FAILED));
    };
    let identity = answers.identity(&patient.environment);
    let name = picked.map(|profile| profile.name());
    edit::put(path, &["text", "terminals"], &identity, name).map_err(|error| (error.sentence(lang), FAILED))?;
    let place = path.to_string_lossy();
    let values = [
        ("terminal", identity.as_str()),
        ("profile", name.unwrap_or("auto")),
        ("path", &place),
    ];
    let mut said = tf_screen(lang, "doctor.kept", &values);
    if let Some(everywhere) = patient.environment.configured {
        // The general setting wins, whatever was chosen for one terminal.
        said.push(' ');
        said.push_str(&tf_screen(
            lang,
            "doctor.kept-in-vain",
            &[("profile", everywhere.name())],
        ));
    }
    Ok(said)
}
