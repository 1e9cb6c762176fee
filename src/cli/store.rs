//! The store a command works on: opening it, and saying why it cannot be used.

use super::{FAILED, USAGE, complain};
use crate::i18n;
use crate::serve::store::sqlite::Sqlite;
use crate::serve::store::{Store, Trouble};
use crate::text::Lang;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Which store.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreArgs {
    /// The store: a file of this program's own database
    #[arg(long, value_name = "FILE")]
    pub store: String,
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

/// Opens a store in a file only to look at it.
///
/// # Errors
/// The exit code; why was said.
pub fn look(args: &StoreArgs, lang: Lang) -> Result<Sqlite, ExitCode> {
    file(args, lang)?;
    Sqlite::look(Path::new(&args.store)).map_err(|error| trouble(&args.store, &error, lang))
}

fn file(args: &StoreArgs, lang: Lang) -> Result<(), ExitCode> {
    if is_address(&args.store) {
        complain(&i18n::tf(lang, "cli.store.not-a-file", &[("store", &args.store)]));
        return Err(ExitCode::from(USAGE));
    }
    Ok(())
}

/// Opens the store to work with it; it is made when `create` is set and there is none.
///
/// # Errors
/// The exit code; why was said.
pub fn open(args: &StoreArgs, create: bool, lang: Lang) -> Result<Arc<dyn Store>, ExitCode> {
    file(args, lang)?;
    match Sqlite::open(Path::new(&args.store), create) {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => Err(trouble(&args.store, &error, lang)),
    }
}

/// Runs what waits for a store.
///
/// # Errors
/// The exit code when the system gives no runtime.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime {
        Ok(runtime) => Ok(runtime.block_on(work)),
        Err(error) => {
            complain(&error.to_string());
            Err(ExitCode::from(FAILED))
        }
    }
}
