//! `rasad serve`: the shared endpoint over a store, until it is told to stop.

use super::store::{self, StoreArgs};
use super::{FAILED, USAGE, complain};
use crate::clock::Clock;
use crate::i18n;
use crate::serve::{Failure, Rate, Server, Settings};
use crate::text::Lang;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// What `rasad serve` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Address and port to listen on; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7423")]
    listen: SocketAddr,
    /// Certificate chain (PEM); with --tls-key the endpoint speaks TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Speak plain HTTP beyond this machine, because something in front of it speaks TLS
    #[arg(long)]
    plain_http: bool,
    /// Let anybody read without a token
    #[arg(long)]
    anonymous: bool,
    /// Address and port for the counters of a monitoring system
    #[arg(long, value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// Open connections at most
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// Requests a second each client may send in the long run, four times as many at once; 0 for no limit
    #[arg(long, value_name = "N", default_value_t = 50)]
    rate: u32,
}

/// Runs the server; 0 when it was stopped in good order, 1 when it could not start or connections had to be cut.
pub fn run(args: &ServeArgs, lang: Lang) -> ExitCode {
    with_few_heaps();
    log();
    let opened = match store::open(&args.store, true, lang) {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let rate = f64::from(args.rate);
    let settings = Settings {
        metrics: args.metrics_listen,
        tls: args.tls_cert.clone().zip(args.tls_key.clone()),
        plain_http: args.plain_http,
        anonymous: args.anonymous,
        connections: usize::try_from(args.max_connections).unwrap_or(usize::MAX),
        rate: Rate {
            per_second: rate,
            burst: 4.0 * rate,
        },
        ..Settings::at(args.listen)
    };
    let work = async {
        let running = Server::start(Arc::clone(&opened.store), &settings, Clock::System)
            .await
            .map_err(Some)?;
        let address = running.address.to_string();
        let scheme = if settings.tls.is_some() { "https" } else { "http" };
        let _ = writeln!(io::stdout().lock(), "{scheme}://{address}");
        let (mut term, mut int) = match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(term), Ok(int)) => (term, int),
            _ => return Err(None),
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        Ok(running.stop().await)
    };
    match opened.block_on(work) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(failure) => failed(args, failure, lang),
    }
}

fn failed(args: &ServeArgs, failure: Option<Failure>, lang: Lang) -> ExitCode {
    let (text, code) = match failure {
        Some(Failure::Listen(address, error)) => {
            let values = [("address", &*address.to_string()), ("why", &*error.to_string())];
            (i18n::tf(lang, "cli.serve.listen", &values), FAILED)
        }
        Some(Failure::Plain(address)) => (
            i18n::tf(lang, "cli.serve.plain", &[("address", &address.to_string())]),
            USAGE,
        ),
        Some(Failure::Tls(file, why)) => {
            let file = file.to_string_lossy();
            (
                i18n::tf(lang, "cli.serve.tls", &[("file", &file), ("why", &why)]),
                FAILED,
            )
        }
        Some(Failure::Store(trouble)) => return store::trouble(&args.store.store, &trouble, lang),
        None => (i18n::t(lang, "cli.serve.signals").to_owned(), FAILED),
    };
    complain(&text);
    ExitCode::from(code)
}

/// Begins anew, as the same process, with one heap a processor, unless somebody has said how many there are to be. The C library
/// makes up to eight a processor, each keeps what was freed in it, and a server whose requests wander between threads comes to hold
/// several times what it needs. How many there are can only be said from outside and before the first one.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn with_few_heaps() {
    use std::os::unix::process::CommandExt as _;
    let said = |name| std::env::var_os(name).is_some();
    if said(HEAPS) || said("GLIBC_TUNABLES") {
        return;
    }
    let (Ok(program), mut args) = (std::env::current_exe(), std::env::args_os()) else {
        return;
    };
    let heaps = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let mut again = std::process::Command::new(program);
    if let Some(name) = args.next() {
        again.arg0(name);
    }
    // It comes back only when it could not be done: the server then runs as it is.
    let _ = again.args(args).env(HEAPS, heaps.to_string()).exec();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: &str = "MALLOC_ARENA_MAX";

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn with_few_heaps() {}

/// The log of a server is its standard error: whoever runs it (systemd, a container) keeps it. Never a body, never a secret.
fn log() {
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(io::stderr)
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}
