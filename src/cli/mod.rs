//! Command line: clap types and one small file per command.

pub mod brief;
pub mod check;
pub mod config;
pub mod context;
pub mod dashboard;
pub mod db;
pub mod doctor;
pub mod findings;
pub mod import;
pub mod load;
pub mod log;
pub mod out;
pub mod paper;
pub mod sample;
pub mod schema;
pub mod serve;
pub mod settings;
pub mod show;
pub mod store;
pub mod text;
pub mod token;

use crate::config::{Env, Overrides};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
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
    opening: Opening,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What opens the dashboard: everything the command line knows besides the commands.
#[derive(Debug, Default, Args)]
struct Opening {
    #[command(flatten)]
    common: Common,
    /// Touch nothing but the source and the terminal: for a forced command of SSH (docs/kiosk.md)
    #[arg(long)]
    kiosk: bool,
}

/// The same as a command line of its own, which says nothing: what it does not understand is for [`Cli`] to answer.
#[derive(Debug, Parser)]
#[command(disable_help_flag = true, disable_version_flag = true)]
struct OnlyOpening {
    #[command(flatten)]
    opening: Opening,
}

/// What the command line says. Describing all the commands takes longer than drawing the first frame, so that is left for
/// when a command, or an answer to a mistake, is asked for.
fn parse(args: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let args: Vec<OsString> = args.collect();
    let opening = match args.as_slice() {
        [] | [_] => Ok(Opening::default()),
        args => OnlyOpening::try_parse_from(args).map(|only| only.opening),
    };
    match opening {
        Ok(opening) => Ok(Cli { opening, command: None }),
        Err(_) => Cli::try_parse_from(args),
    }
}

/// Options every command understands; each wins over the environment and the configuration file.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// A document (JSON or NDJSON, plain, .zst or .gz) or its address; without it, the embedded synthetic sample
    #[arg(id = "from", long = "source", short = 's', global = true, value_name = "PATH|URL")]
    pub source: Option<String>,
    /// A named source of the configuration: one of its sections [context.NAME]
    #[arg(id = "context_name", long = "context", global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// File with the token for the server; only its owner may read it. RASAD_TOKEN gives the token itself
    #[arg(id = "token_file", long = "token-file", global = true, value_name = "FILE")]
    pub token_file: Option<String>,
    /// Shell command that prints the token for the server
    #[arg(id = "token_command", long = "token-command", global = true, value_name = "COMMAND")]
    pub token_command: Option<String>,
    /// File with the only authority whose signature on the server's certificate counts
    #[arg(id = "ca_file", long = "ca", global = true, value_name = "FILE")]
    pub ca: Option<String>,
    /// File with the client certificate
    #[arg(
        id = "client_certificate",
        long = "client-certificate",
        global = true,
        value_name = "FILE"
    )]
    pub client_certificate: Option<String>,
    /// File with its key; only its owner may read it
    #[arg(id = "client_key", long = "client-key", global = true, value_name = "FILE")]
    pub client_key: Option<String>,
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
    /// The same for a command that is told what to read: that is the source then, and a token of another one does not go
    /// there.
    fn reading(&self, source: &str) -> Self {
        Self {
            source: Some(source.to_owned()),
            ..self.clone()
        }
    }

    /// What the options set.
    pub fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::default();
        overrides.config_file.clone_from(&self.config);
        overrides.set("lang", "--lang", self.lang.as_deref());
        overrides.set("source.location", "--source", self.source.as_deref());
        overrides.set("source.context", "--context", self.context.as_deref());
        overrides.set("source.token_file", "--token-file", self.token_file.as_deref());
        overrides.set("source.token_command", "--token-command", self.token_command.as_deref());
        overrides.set("source.ca", "--ca", self.ca.as_deref());
        let certificate = self.client_certificate.as_deref();
        overrides.set("source.client_certificate", "--client-certificate", certificate);
        overrides.set("source.client_key", "--client-key", self.client_key.as_deref());
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
    /// Name sources, and choose among them
    Context(context::ContextArgs),
    /// Write, check or print the configuration
    Config(config::ConfigArgs),
    /// Serve a store to any number of dashboards
    Serve(serve::ServeArgs),
    /// Lay a document over a store, record by record
    Import(import::ImportArgs),
    /// Make, list and revoke the tokens of a store
    Token(token::TokenArgs),
    /// Check, copy and read a store
    Db(db::DbArgs),
    /// Look over terminal, text, clock, configuration and source; choose how Persian is written here
    Doctor(doctor::DoctorArgs),
    /// Print the forms of lines on standard input: as drawn, as searched, or their width
    Text(text::TextArgs),
}

/// Runs the program; the exit code is the command's.
pub fn main() -> ExitCode {
    let cli = match parse(std::env::args_os()) {
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
    let Opening { common, kiosk } = cli.opening;
    let env = Env::of_process();
    if kiosk && cli.command.is_some() {
        let lang = crate::config::speak(&env, &common.overrides());
        complain(&crate::i18n::tf(lang, "kiosk.alone", &[("option", "--kiosk")]));
        return ExitCode::from(USAGE);
    }
    let speak = || crate::config::speak(&env, &common.overrides());
    match cli.command {
        None if kiosk => dashboard::run(&common, &env.of_kiosk(), true),
        None => dashboard::run(&common, &env, false),
        Some(Command::Show(args)) => show::run(&args, &common, &env),
        Some(Command::Findings(args)) => findings::run(&args, &common, &env),
        Some(Command::Brief(args)) => brief::run(&args, &common, &env),
        Some(Command::Schema) => schema::run(),
        Some(Command::Sample(args)) => sample::run(&args, speak()),
        Some(Command::Context(args)) => context::run(&args, &common, &env),
        Some(Command::Config(mut args)) => {
            args.config.clone_from(&common.config);
            args.lang.clone_from(&common.lang);
            config::run(&args)
        }
        Some(Command::Doctor(args)) => doctor::run(&args, &common, &env),
        Some(Command::Text(args)) => text::run(&args, speak()),
        Some(Command::Check(args)) => match settings::load(&common.reading(&args.source), &env) {
            Ok(config) => {
                let access = settings::access(&config.chosen, &env);
                check::run(&args, config.lang, &settings::limits(&config), &access)
            }
            Err(code) => code,
        },
        Some(Command::Serve(args)) => serve::run(&args, speak()),
        Some(Command::Token(args)) => token::run(&args, speak()),
        Some(Command::Db(args)) => db::run(&args, speak()),
        Some(Command::Import(args)) => match settings::load(&common.reading(args.document()), &env) {
            Ok(config) => {
                let access = settings::access(&config.chosen, &env);
                import::run(&args, &common, &settings::limits(&config), &access, config.lang)
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// With a command line of its own or without, the same is understood.
    #[test]
    fn what_opens_the_dashboard_is_understood_as_with_all_commands() {
        for line in [
            "",
            "--kiosk",
            "--source show",
            "-s show",
            "--source=a.json --lang en --theme dark",
            "--lang en --kiosk --as-of 1403/02/20 --token-file f --ca c --context show",
            "show",
            "show plans",
            "--lang en show plans",
            "show plans --lang en",
            "--kiosk show plans",
            "--source",
            "--nothing",
            "nothing",
            "--help",
            "-h",
            "--version",
            "--lang en --help",
            "--source a --source b",
            "-- show",
        ] {
            let args = || ["rasad"].into_iter().chain(line.split_whitespace()).map(OsString::from);
            let said = |parsed: Result<Cli, clap::Error>| match parsed {
                Ok(cli) => format!("{cli:?}"),
                Err(error) => error.to_string(),
            };
            assert_eq!(said(parse(args())), said(Cli::try_parse_from(args())), "{line:?}");
        }
        assert!(parse([].into_iter()).is_ok());
    }
}
