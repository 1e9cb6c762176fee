//! `rasad config init|check|print|default`: writes, checks and explains the configuration. The rules are the configuration's
//! own; here they only get words and an exit code.

use crate::config::{
    AccessSettings, Config, ConfigError, Env, Origin, Origins, Overrides, Paths, RuleSetting, SETTINGS, commented,
    document, file, speak,
};
use crate::contract::rules::RULES;
use crate::i18n::{find, t, tf};
use crate::text::{Lang, visible};
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `rasad config`.
#[derive(Clone, Debug, clap::Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
    /// Configuration file, instead of the one in the user's configuration directory.
    #[arg(skip)]
    pub config: Option<PathBuf>,
    /// Language of the answer: fa or en.
    #[arg(skip)]
    pub lang: Option<String>,
}

/// What to do with the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum ConfigCommand {
    /// Writes a commented configuration file, readable by its owner only; never over an existing one.
    Init,
    /// Names every mistake in file, environment and options, with its place.
    Check,
    /// Prints every setting, rule and key in force and where it comes from; the output is a configuration itself.
    Print,
    /// Prints the documentation of all settings with their built-in values.
    Default,
}

/// Everything in order.
const CLEAN: u8 = 0;
/// There are mistakes, or nothing could be written.
const MISTAKES: u8 = 1;

/// Runs the command on this process's environment and streams.
pub fn run(args: &ConfigArgs) -> ExitCode {
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    match answer(args, &Env::of_process(), &mut out, &mut err) {
        Ok(code) => ExitCode::from(code),
        // The reader went away (`| head`): nothing is wrong.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(CLEAN),
        Err(_) => ExitCode::from(MISTAKES),
    }
}

fn answer(args: &ConfigArgs, env: &Env, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let mut overrides = Overrides::default();
    overrides.config_file.clone_from(&args.config);
    overrides.set("lang", "--lang", args.lang.as_deref());
    let lang = speak(env, &overrides);
    match args.command {
        ConfigCommand::Init => init(args, env, lang, out, err),
        ConfigCommand::Default => line(out, document(lang).trim_end()).map(|()| CLEAN),
        ConfigCommand::Check => match Config::load(env, &overrides) {
            Ok((config, origins)) => line(out, &verdict(config.lang, &origins)).map(|()| CLEAN),
            Err(errors) => report(&errors, lang, err),
        },
        ConfigCommand::Print => match Config::load(env, &overrides) {
            Ok((config, origins)) => print(&config, &origins, out).map(|()| CLEAN),
            Err(errors) => report(&errors, lang, err),
        },
    }
}

/// Names all mistakes, one a line.
pub fn report(errors: &[ConfigError], lang: Lang, err: &mut dyn Write) -> io::Result<u8> {
    line(err, &tf(lang, "config.errors", &[("n", &errors.len().to_string())]))?;
    for error in errors {
        line(err, &error.sentence(lang))?;
    }
    Ok(MISTAKES)
}

fn verdict(lang: Lang, origins: &Origins) -> String {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    match (path(&origins.file), path(&origins.place)) {
        (Some(path), _) => tf(lang, "config.clean", &[("path", &path)]),
        (None, Some(path)) => tf(lang, "config.no-file", &[("path", &path)]),
        (None, None) => t(lang, "config.no-home").to_owned(),
    }
}

fn init(args: &ConfigArgs, env: &Env, lang: Lang, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let named = args.config.clone().or_else(|| env.path("RASAD_CONFIG"));
    let Some(path) = named.or_else(|| Paths::of(env).config_file()) else {
        return line(err, t(lang, "config.no-home")).map(|()| MISTAKES);
    };
    let place = path.to_string_lossy();
    match file::create(&path, &commented(&document(lang))) {
        Ok(()) => line(out, &tf(lang, "config.created", &[("path", &place)])).map(|()| CLEAN),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            line(err, &tf(lang, "config.exists", &[("path", &place)])).map(|()| MISTAKES)
        }
        Err(error) => {
            let why = error.to_string();
            line(
                err,
                &tf(lang, "config.cannot-write", &[("path", &place), ("why", &why)]),
            )
            .map(|()| MISTAKES)
        }
    }
}

/// Every setting as `key = value  # origin`, then rules with their titles, then keys.
fn print(config: &Config, origins: &Origins, out: &mut dyn Write) -> io::Result<()> {
    let lang = config.lang;
    let mut rows: Vec<(String, String)> = Vec::new();
    for setting in SETTINGS {
        let said = format!("{} = {}", setting.key, (setting.get)(config));
        rows.push((said, origin(lang, origins.of(setting.key))));
    }
    for (name, context) in &config.contexts {
        let mut field = |field: &str, text: &str| {
            let key = format!("context.{}.{field}", crate::config::context::key(name));
            let from = origin(lang, origins.of(&key));
            rows.push((format!("{key} = {}", toml::Value::String(text.to_owned())), from));
        };
        field("location", &context.location);
        for name in AccessSettings::FIELDS {
            if let Some(text) = context.access.get(name) {
                field(name, text);
            }
        }
    }
    for (terminal, profile) in &config.terminals {
        let from = origin(lang, origins.of(&format!("text.terminals.{terminal}")));
        let quoted = toml::Value::String(terminal.clone());
        rows.push((format!("text.terminals.{quoted} = \"{}\"", profile.as_str()), from));
    }
    for rung in &config.ladder {
        let key = format!("ladder.{}", rung.step.as_str());
        let from = origin(lang, origins.of(&key));
        let name = rung.step.name(lang);
        let hides = t(lang, "config.ladder-hides");
        rows.push((
            format!("{key} = {}", rung.after_days),
            format!("{from} · {name} · {hides}"),
        ));
    }
    if config.ladder.is_empty() {
        rows.push((String::new(), t(lang, "config.ladder-none").to_owned()));
    }
    for (slug, severity) in RULES {
        let setting = config.rule(slug);
        let shown = if setting == RuleSetting::On {
            severity
        } else {
            setting.as_str()
        };
        let shown = find(lang, &format!("severity.{shown}")).unwrap_or(t(lang, "config.rule-off"));
        let title = find(lang, &format!("rule.{slug}.title")).unwrap_or(slug);
        let from = origin(lang, origins.of(&format!("rules.{slug}")));
        rows.push((
            format!("rules.{slug} = \"{}\"", setting.as_str()),
            format!("{from} · {title} ({shown})"),
        ));
    }
    let from = origin(lang, origins.of("keys"));
    for binding in config.keymap.bindings() {
        let chords = binding
            .chords
            .iter()
            .map(|chord| toml::Value::String(chord.to_string()).to_string());
        let chords: Vec<_> = chords.collect();
        let said = format!(
            "keys.{}.{} = [{}]",
            binding.context.slug(),
            binding.action.slug(),
            chords.join(", ")
        );
        rows.push((said, format!("{from} · {}", t(lang, binding.action.name_key()))));
    }
    let width = rows
        .iter()
        .map(|(said, _)| said.chars().count())
        .max()
        .unwrap_or_default();
    for (said, from) in rows {
        line(out, &format!("{said:width$}  # {from}"))?;
    }
    Ok(())
}

fn origin(lang: Lang, origin: &Origin) -> String {
    match origin {
        Origin::Default => t(lang, "origin-of.default").to_owned(),
        Origin::Terminal(name) => tf(lang, "origin-of.terminal", &[("name", name)]),
        Origin::File(path, at) => {
            let path = path.to_string_lossy();
            tf(lang, "origin-of.file", &[("path", &path), ("line", &at.to_string())])
        }
        Origin::Environment(name) => tf(lang, "origin-of.environment", &[("name", name)]),
        Origin::Option(name) => tf(lang, "origin-of.option", &[("name", name)]),
    }
}

/// Writes a line; what may not reach a terminal is replaced, for a path or a variable can hold anything.
fn line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let shown = |c: char| if visible::is_forbidden(c) { '\u{fffd}' } else { c };
    writeln!(out, "{}", text.chars().map(shown).collect::<String>())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use std::fs;

    /// Exit code, standard output and standard error of a command in a home of its own.
    fn rasad_config(command: ConfigCommand, home: &std::path::Path, vars: &[(&str, &str)]) -> (u8, String, String) {
        let args = ConfigArgs {
            command,
            config: None,
            lang: None,
        };
        let env = Env::of(&[&[("HOME", home.to_str().unwrap())], vars].concat());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = answer(&args, &env, &mut out, &mut err).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn init_writes_once_and_the_result_checks_clean() {
        let home = tempfile::tempdir().unwrap();
        let (code, out, _) = rasad_config(ConfigCommand::Init, home.path(), &[]);
        let path = home.path().join(".config/rasad/config.toml");
        assert_eq!((code, out), (0, format!("نوشته شد: {}\n", path.display())));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("#lang = \"fa\"") && text.contains("# زبان."), "{text}");
        let (code, _, err) = rasad_config(ConfigCommand::Init, home.path(), &[("RASAD_LANG", "en")]);
        assert_eq!(code, 1);
        assert!(err.contains("exists already and was not touched"), "{err}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let (code, out, _) = rasad_config(ConfigCommand::Check, home.path(), &[("RASAD_LANG", "en")]);
        assert_eq!((code, out), (0, format!("{}: nothing wrong\n", path.display())));
    }

    #[test]
    fn check_names_every_mistake_on_a_line_of_its_own() {
        let home = tempfile::tempdir().unwrap();
        file::create(&home.path().join(".config/rasad/config.toml"), "lagn = 1\nwide = 2\n").unwrap();
        let (code, out, err) = rasad_config(ConfigCommand::Check, home.path(), &[("RASAD_LANG", "en")]);
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 3));
        assert!(err.starts_with("2 mistakes in the configuration:\n"), "{err}");
        assert!(
            err.contains("line 2, column 8: “wide” wants true or false, not a whole number"),
            "{err}"
        );
        let (_, _, err) = rasad_config(ConfigCommand::Check, home.path(), &[]);
        assert!(err.contains("سطر 2"), "{err}");
    }

    #[test]
    fn what_print_says_is_a_configuration_that_loads_to_the_same() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".config/rasad/config.toml");
        let text = "lang = \"en\"\ntheme = \"mono\"\nlog.file = \"/tmp/گزارش \\\"x\\\".log\"\n[rules]\nplan-late = \"off\"\n[keys.list]\nsort = [\"o\"]\n[ladder]\nwarning = 9\n[text.terminals]\n\"tmux \\\"3.3a\\\"|84;0;0|x\" = \"fenced\"\n";
        file::create(&path, text).unwrap();
        let (code, out, err) = rasad_config(ConfigCommand::Print, home.path(), &[("RASAD_WIDE", "1")]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("# environment RASAD_WIDE"), "{out}");
        assert!(out.contains(&format!("# {}, line 2\n", path.display())), "{out}");
        assert!(out.contains("rules.plan-late = \"off\""), "{out}");
        let rung = out
            .lines()
            .find(|line| line.starts_with("ladder.warning = 9 "))
            .unwrap();
        assert!(
            rung.ends_with("line 9 · secretariat’s warning · hides the headquarters’ ladder"),
            "{rung}"
        );
        fs::write(&path, out.as_bytes()).unwrap();
        let env = Env::of(&[("HOME", home.path().to_str().unwrap())]);
        let (again, _) = Config::load(&env, &Overrides::default()).unwrap();
        assert_eq!(
            again.terminals.get("tmux \"3.3a\"|84;0;0|x"),
            Some(&crate::config::TextProfile::Fenced)
        );
        assert!(again.wide && again.rule("plan-late") == RuleSetting::Off && again.lang == Lang::En);
        assert_eq!(again.ladder.len(), 1);
        assert_eq!(again.log.file, Some(PathBuf::from("/tmp/گزارش \"x\".log")));
        let before = rasad_config(ConfigCommand::Print, home.path(), &[]).1;
        let values = |text: &str| {
            text.lines()
                .map(|l| l.split("  # ").next().unwrap().trim().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(values(&out), values(&before));
    }

    #[test]
    fn without_a_ladder_of_ones_own_print_says_whose_is_in_force() {
        let home = tempfile::tempdir().unwrap();
        let (_, out, _) = rasad_config(ConfigCommand::Print, home.path(), &[("RASAD_LANG", "en")]);
        assert!(
            out.contains("# [ladder]: the headquarters’ own enforcement ladder is in force\n"),
            "{out}"
        );
        let path = home.path().join(".config/rasad/config.toml");
        file::create(&path, "[ladder]\nwarning = 9\n").unwrap();
        let (_, out, _) = rasad_config(ConfigCommand::Print, home.path(), &[("RASAD_LANG", "en")]);
        assert!(!out.contains("# [ladder]"), "{out}");
    }

    #[test]
    fn nothing_printed_carries_a_control_byte() {
        let home = tempfile::tempdir().unwrap();
        let vars = [("RASAD_LANG", "en"), ("RASAD_THEME", "a\u{1b}]0;x\u{7}\u{202e}")];
        let (code, _, err) = rasad_config(ConfigCommand::Check, home.path(), &vars);
        assert_eq!(code, 1);
        assert!(!err.chars().any(|c| c != '\n' && visible::is_forbidden(c)), "{err:?}");
    }

    #[test]
    fn without_a_home_init_says_so() {
        let args = ConfigArgs {
            command: ConfigCommand::Init,
            config: None,
            lang: Some("en".to_owned()),
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        assert_eq!(answer(&args, &Env::default(), &mut out, &mut err).unwrap(), 1);
        assert!(
            String::from_utf8(err)
                .unwrap()
                .starts_with("neither XDG_CONFIG_HOME nor HOME is set")
        );
    }
}
