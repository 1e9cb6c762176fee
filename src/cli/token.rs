//! `rasad token add|list|revoke`: who may ask the endpoint. The secret is shown once, when it is made, and kept nowhere.

use super::store::{self, StoreArgs};
use super::{FAILED, USAGE, complain};
use crate::clock::Clock;
use crate::contract::{Id, clean};
use crate::i18n;
use crate::serve::access::Role;
use crate::serve::store::Token;
use crate::serve::{author, secret};
use crate::text::Lang;
use jiff::{SignedDuration, Timestamp};
use std::io::{self, Write};
use std::process::ExitCode;

/// What `rasad token` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct TokenArgs {
    /// What to do.
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum TokenCommand {
    /// Make a token and print its secret, once
    Add {
        #[command(flatten)]
        store: StoreArgs,
        /// Whose it is: a post or a system, never a person
        #[arg(long)]
        name: String,
        /// viewer, agency-editor, chamber-editor, secretariat or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// The agency of an agency editor, by id
        #[arg(long, value_name = "ID")]
        agency: Option<String>,
        /// Days until it is worth nothing
        #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3_650))]
        days: u32,
    },
    /// List all tokens: never a secret
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Make a token worthless, at once
    Revoke {
        #[command(flatten)]
        store: StoreArgs,
        /// The token's id, as the list shows it
        id: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::named(word).ok_or_else(|| Role::ALL.map(Role::as_str).join(", "))
}

/// Longest name of a token, in characters.
const MAX_NAME: usize = 100;

/// Runs the command: 0 done, 1 not done, 64 wrong usage.
pub fn run(args: &TokenArgs, lang: Lang) -> ExitCode {
    let now = Clock::System.now();
    match &args.command {
        TokenCommand::Add {
            store,
            name,
            role,
            agency,
            days,
        } => {
            let token = match token(name, *role, agency.as_deref(), *days, now) {
                Ok(made) => made,
                Err(key) => {
                    complain(i18n::find(lang, key).unwrap_or(key));
                    return ExitCode::from(USAGE);
                }
            };
            add(store, token, lang)
        }
        TokenCommand::List { store } => list(store, now, lang),
        TokenCommand::Revoke { store, id } => revoke(store, id, now, lang),
    }
}

/// A new token without its secret, or the catalogue key of what is wrong with what was asked.
fn token(name: &str, role: Role, agency: Option<&str>, days: u32, now: Timestamp) -> Result<Token, &'static str> {
    let printable =
        !name.trim().is_empty() && name.chars().count() <= MAX_NAME && name.chars().all(clean::is_printable);
    if !printable || !clean::is_clean(name) {
        return Err("cli.token.name");
    }
    if (role == Role::AgencyEditor) != agency.is_some() {
        return Err("cli.token.agency");
    }
    let agency = agency.map(|id| Id::new(id).ok_or("cli.token.agency")).transpose()?;
    let expires = now
        .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
        .map_err(|_| "cli.token.name")?;
    Ok(Token {
        id: "".into(),
        hash: [0; 32],
        name: name.into(),
        role,
        agency,
        created: now,
        expires: Some(expires),
        revoked: None,
        used: None,
    })
}

fn add(args: &StoreArgs, mut token: Token, lang: Lang) -> ExitCode {
    let opened = store::open(args, true, lang);
    let opened = match opened {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let secret = match secret::token() {
        Ok((secret, id)) => {
            token.id = id.into();
            token.hash = secret::hash(secret.as_bytes());
            secret
        }
        Err(trouble) => return store::trouble(&args.store, &trouble, lang),
    };
    let id = token.id.clone();
    match opened.block_on(opened.store.add_token(token, author("token"))) {
        Ok(()) => {
            // The secret alone on standard output, so that it can go straight into a file.
            complain(&i18n::tf(lang, "cli.token.made", &[("id", &id)]));
            let mut out = io::stdout().lock();
            match writeln!(out, "{secret}").and_then(|()| out.flush()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::from(FAILED),
            }
        }
        Err(trouble) => store::trouble(&args.store, &trouble, lang),
    }
}

fn list(args: &StoreArgs, now: Timestamp, lang: Lang) -> ExitCode {
    let opened = store::open(args, false, lang);
    let opened = match opened {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    match opened.block_on(opened.store.tokens()) {
        Ok(tokens) => {
            let mut out = io::stdout().lock();
            for token in tokens {
                let state = if token.revoked.is_some() {
                    "cli.token.revoked"
                } else if token.expires.is_some_and(|expires| expires <= now) {
                    "cli.token.expired"
                } else {
                    "cli.token.good"
                };
                let instant = |at: Option<Timestamp>| at.map_or("—".to_owned(), |at| format!("{at:.0}"));
                let line = [
                    token.id.as_str(),
                    token.role.as_str(),
                    token.agency.as_ref().map_or("—", Id::as_str),
                    i18n::find(lang, state).unwrap_or(state),
                    &instant(token.expires),
                    &instant(token.used),
                    &token.name,
                ]
                .join("\t");
                if writeln!(out, "{line}").is_err() {
                    break;
                }
            }
            ExitCode::SUCCESS
        }
        Err(trouble) => store::trouble(&args.store, &trouble, lang),
    }
}

fn revoke(args: &StoreArgs, id: &str, now: Timestamp, lang: Lang) -> ExitCode {
    let opened = store::open(args, false, lang);
    let opened = match opened {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    match opened.block_on(opened.store.revoke_token(id.into(), author("token"), now)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            complain(&i18n::tf(lang, "cli.token.none", &[("id", id)]));
            ExitCode::from(FAILED)
        }
        Err(trouble) => store::trouble(&args.store, &trouble, lang),
    }
}
