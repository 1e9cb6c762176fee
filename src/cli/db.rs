//! `rasad db check|backup|shell`: looking after a store file with the program's own database library, so that nobody opens the live
//! file with an old one of the system.

use super::store::{self, StoreArgs};
use super::{FAILED, complain};
use crate::i18n;
use crate::text::Lang;
use std::io::{self, BufRead as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What `rasad db` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct DbArgs {
    /// What to do.
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum DbCommand {
    /// Look for damage; the endpoint may go on meanwhile
    Check {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write a copy of one moment; the endpoint may go on meanwhile
    Backup {
        #[command(flatten)]
        store: StoreArgs,
        /// The file to write
        to: PathBuf,
        /// Replace the file if it is there
        #[arg(long)]
        force: bool,
    },
    /// Read the tables with SQL, from the command line or line by line from standard input; nothing can be changed
    Shell {
        #[command(flatten)]
        store: StoreArgs,
        /// One statement
        sql: Option<String>,
    },
}

/// Runs the command: 0 in order, 1 damage or failure, 64 wrong usage.
pub fn run(args: &DbArgs, lang: Lang) -> ExitCode {
    let (DbCommand::Check { store: which }
    | DbCommand::Backup { store: which, .. }
    | DbCommand::Shell { store: which, .. }) = &args.command;
    let opened = store::look(which, lang);
    let store = match opened {
        Ok(store) => store,
        Err(code) => return code,
    };
    let trouble = |error| store::trouble(&which.store, &error, lang);
    match &args.command {
        DbCommand::Check { .. } => match store.check() {
            Ok(problems) if problems.is_empty() => {
                let _ = writeln!(io::stdout().lock(), "{}", i18n::t(lang, "cli.db.whole"));
                ExitCode::SUCCESS
            }
            Ok(problems) => {
                problems.iter().for_each(|problem| complain(problem));
                complain(i18n::t(lang, "cli.db.damaged"));
                ExitCode::from(FAILED)
            }
            Err(error) => trouble(error),
        },
        DbCommand::Backup { to, force, .. } => {
            if to.exists() && !force {
                complain(&i18n::tf(lang, "cli.write.exists", &[("file", &to.to_string_lossy())]));
                return ExitCode::from(FAILED);
            }
            match store.backup(to) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => trouble(error),
            }
        }
        DbCommand::Shell { sql: Some(sql), .. } => match store.query(sql) {
            Ok(rows) => print(&rows),
            Err(error) => trouble(error),
        },
        DbCommand::Shell { sql: None, .. } => {
            let mut code = ExitCode::SUCCESS;
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if line.trim().is_empty() {
                    continue;
                }
                match store.query(&line) {
                    Ok(rows) => {
                        print(&rows);
                    }
                    Err(error) => code = trouble(error),
                }
            }
            code
        }
    }
}

/// Rows with tabs between, nothing in them that a terminal would obey.
fn print(rows: &[Vec<String>]) -> ExitCode {
    let mut out = io::stdout().lock();
    for row in rows {
        let line: String = row
            .join("\t")
            .chars()
            .map(|c| {
                if c == '\t' || crate::contract::clean::is_printable(c) {
                    c
                } else {
                    '\u{fffd}'
                }
            })
            .collect();
        if writeln!(out, "{line}").is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}
