//! Command line: clap types and one small file per command.

pub mod brief;
pub mod check;
pub mod config;
pub mod dashboard;
pub mod findings;
pub mod load;
pub mod log;
pub mod out;
pub mod sample;
pub mod schema;
pub mod settings;
pub mod show;

use crate::config::{Env, Overrides};
use clap::{Args, Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Wrong usage, as `sysexits.h` numbers it.
pub const USAGE: u8 = 64;
/// The configuration has mistakes, or the terminal cannot be used.
pub const FAILED: u8 = 1;

/// The terminal dashboard of a provincial headquarters (رصد).
#[derive(Debug, Parser)]
#[command(name = "rasad", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    /// Touch nothing but the source and the terminal: for a forced command of SSH (docs/kiosk.md)
    #[arg(long)]
    kiosk: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options every command understands; each wins over the environment and the configuration file.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// A document (JSON or NDJSON, plain, .zst or .gz) or its address; without it, the embedded synthetic sample
    #[arg(id = "from", long = "source", short = 's', global = true, value_name = "PATH|URL")]
    pub source: Option<String>,
    /// Language: fa or en
    #[arg(id = "language", long = "lang", global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// The day to judge by, in either calendar: 1403/02/20 or 2024-05-09
    #[arg(id = "day", long = "as-of", global = true, value_name = "DAY")]
    pub as_of: Option<String>,
    /// Theme: default, light, dark, high-contrast, mono, or one of your own
    #[arg(id = "theme", long = "theme", global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// How Persian is written to the terminal: auto, plain, explicit, pinned, fenced, kitty66, sgr, mlterm, off
    #[arg(id = "profile", long = "text-profile", global = true, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Configuration file instead of the usual place
    #[arg(id = "config_file", long = "config", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Common {
    /// What the options set.
    pub fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::default();
        overrides.config_file.clone_from(&self.config);
        overrides.set("lang", "--lang", self.lang.as_deref());
        overrides.set("source.location", "--source", self.source.as_deref());
        overrides.set("theme", "--theme", self.theme.as_deref());
        overrides.set("text.profile", "--text-profile", self.profile.as_deref());
        overrides
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the rows of a list: a table, CSV or JSON
    Show(show::ShowArgs),
    /// Print what needs attention, with an exit code for monitoring systems
    Findings(findings::FindingsArgs),
    /// Print the brief for the next meeting: text, Markdown or HTML
    Brief(brief::BriefArgs),
    /// Report every problem of a document at once
    Check(check::CheckArgs),
    /// Print the JSON Schema of the document
    Schema,
    /// Write the synthetic sample, of any size
    Sample(sample::SampleArgs),
    /// Write, check or print the configuration
    Config(config::ConfigArgs),
}

/// Runs the program; the exit code is the command's.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, everything else is wrong usage.
            let code = if error.use_stderr() {
                ExitCode::from(USAGE)
            } else {
                ExitCode::SUCCESS
            };
            let _ = error.print();
            return code;
        }
    };
    let common = cli.common;
    let env = Env::of_process();
    if cli.kiosk && cli.command.is_some() {
        let lang = crate::config::speak(&env, &common.overrides());
        complain(&crate::i18n::tf(lang, "kiosk.alone", &[("option", "--kiosk")]));
        return ExitCode::from(USAGE);
    }
    let speak = || crate::config::speak(&env, &common.overrides());
    match cli.command {
        None if cli.kiosk => dashboard::run(&common, &env.of_kiosk(), true),
        None => dashboard::run(&common, &env, false),
        Some(Command::Show(args)) => show::run(&args, &common, &env),
        Some(Command::Findings(args)) => findings::run(&args, &common, &env),
        Some(Command::Brief(args)) => brief::run(&args, &common, &env),
        Some(Command::Schema) => schema::run(),
        Some(Command::Sample(args)) => sample::run(&args, speak()),
        Some(Command::Config(mut args)) => {
            args.config.clone_from(&common.config);
            args.lang.clone_from(&common.lang);
            config::run(&args)
        }
        Some(Command::Check(args)) => match settings::load(&common, &env) {
            Ok(config) => check::run(&args, config.lang, &settings::limits(&config)),
            Err(code) => code,
        },
    }
}

/// Says a sentence on standard error; nobody there to read it is no failure.
pub fn complain(text: &str) {
    let text = crate::text::isolate::strip(text);
    let clean: String = text
        .chars()
        .map(|c| {
            if crate::text::visible::is_forbidden(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    let _ = writeln!(std::io::stderr().lock(), "{clean}");
}
