//! The store a command works on: opening it, and saying why it cannot be used.

use super::{FAILED, USAGE, complain};
use crate::i18n;
use crate::serve::store::postgres::{self, BadAddress, Postgres};
use crate::serve::store::sqlite::Sqlite;
use crate::serve::store::{Store, Trouble};
use crate::text::Lang;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Which store.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreArgs {
    /// The store: a file of the program's own database, or postgres://user@/name?host=/run/postgresql (password in PGPASSWORD)
    #[arg(long, value_name = "FILE|ADDRESS")]
    pub store: String,
}

/// A store, and what runs its work.
pub struct Opened {
    /// The store.
    pub store: Arc<dyn Store>,
    runtime: Runtime,
}

impl Opened {
    /// Runs what waits for the store.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

/// Says what is wrong with the store.
pub fn trouble(store: &str, trouble: &Trouble, lang: Lang) -> ExitCode {
    let why = trouble.to_string();
    complain(&i18n::tf(lang, "cli.store.trouble", &[("store", store), ("why", &why)]));
    ExitCode::from(FAILED)
}

/// True for the address of a database server.
fn is_address(store: &str) -> bool {
    store.contains("://")
}

/// What runs the work of stores.
///
/// # Errors
/// The exit code when the system gives none; why was said.
pub fn runtime() -> Result<Runtime, ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            complain(&error.to_string());
            ExitCode::from(FAILED)
        })
}

/// True when the store is a file that is not there yet.
pub fn is_missing(args: &StoreArgs) -> bool {
    !is_address(&args.store) && !Path::new(&args.store).exists()
}

/// Opens a store in a file only to look at it.
///
/// # Errors
/// The exit code; why was said.
pub fn look(args: &StoreArgs, lang: Lang) -> Result<Sqlite, ExitCode> {
    if is_address(&args.store) {
        complain(i18n::t(lang, "cli.store.not-a-file"));
        return Err(ExitCode::from(USAGE));
    }
    Sqlite::look(Path::new(&args.store)).map_err(|error| trouble(&args.store, &error, lang))
}

/// Opens the store to work with it; a file is made when `create` is set and there is none.
///
/// # Errors
/// The exit code; why was said.
pub fn open(args: &StoreArgs, create: bool, lang: Lang) -> Result<Opened, ExitCode> {
    let runtime = runtime()?;
    let store: Arc<dyn Store> = if is_address(&args.store) {
        let password = std::env::var("PGPASSWORD").ok();
        let address = postgres::address(&args.store, password.as_deref()).map_err(|bad| {
            // The address is not repeated: there may be a secret in it.
            complain(&match bad {
                BadAddress::Wrong(why) => i18n::tf(lang, "cli.store.address", &[("why", &why)]),
                BadAddress::Secret => i18n::t(lang, "cli.store.secret").to_owned(),
                BadAddress::Remote => i18n::t(lang, "cli.store.remote").to_owned(),
            });
            ExitCode::from(USAGE)
        })?;
        let opened = runtime.block_on(Postgres::open(&address));
        Arc::new(opened.map_err(|error| trouble(&args.store, &error, lang))?)
    } else {
        let opened = Sqlite::open(Path::new(&args.store), create);
        Arc::new(opened.map_err(|error| trouble(&args.store, &error, lang))?)
    };
    Ok(Opened { store, runtime })
}
