//! The shared endpoint: list and watch over one store, for years. Knows the contract, the clock and the catalogue, nothing else
//! of the program.
//!
//! ```text
//! listen (connections, limits) -> route -> gate (who, how often) -> reads | writes -> store
//! hub (one reader of the store's feed, ring of frames) -> watch (one stream each)
//! ```
//!
//! A server keeps nothing of its own: any number of them may stand before one store.

pub mod accept;
pub mod access;
mod again;
mod answer;
mod bell;
mod document;
mod gate;
mod hub;
pub mod import;
mod listen;
mod metrics;
mod openapi;
mod pages;
mod query;
mod reads;
mod route;
pub mod secret;
pub mod store;
mod tag;
#[cfg(test)]
mod tests;
mod watch;
mod wire;
mod writes;

pub use gate::Rate;

use crate::clock::Clock;
use gate::Gate;
use hub::Hub;
use jiff::SignedDuration;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Author, Store, Trouble};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch as channel};
use tokio::task::JoinHandle;

/// Bytes of a request's body at most, and so of a record and of a revision that came over the network.
pub const MAX_BODY: usize = 8 << 20;
/// Days a deletion is remembered at least.
pub const TOMBSTONE_DAYS: u32 = 30;
/// Hours an `Idempotency-Key` is remembered.
pub const KEY_HOURS: u32 = 24;
/// Pages of changes made at once.
const PAGES: usize = 2;
/// How long open connections have to end when the server is stopped.
const DRAIN: Duration = Duration::from_secs(10);
/// How often tokens are looked up, so that a revoked one ends its streams within 5 seconds.
const TOKENS: Duration = Duration::from_secs(2);
/// How often old deletions and keys are forgotten, and the use of tokens written down.
const CLEAN: Duration = Duration::from_secs(3_600);
const USED: Duration = Duration::from_secs(300);

/// How a server is reached, and what it allows.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it tells its counters, if it does.
    pub metrics: Option<SocketAddr>,
    /// Certificate chain and private key (PEM), for TLS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Plain HTTP also beyond this machine: something in front does TLS.
    pub plain_http: bool,
    /// Readers need no token.
    pub anonymous: bool,
    /// Open connections at most.
    pub connections: usize,
    /// Requests of one client.
    pub rate: Rate,
}

impl Settings {
    /// The usual settings for an address.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            metrics: None,
            tls: None,
            plain_http: false,
            anonymous: false,
            connections: 20_000,
            rate: Rate {
                per_second: 50.0,
                burst: 200.0,
            },
        }
    }
}

/// Why a server does not start.
#[derive(Debug)]
pub enum Failure {
    /// The address cannot be listened on.
    Listen(SocketAddr, std::io::Error),
    /// Plain HTTP beyond this machine was not allowed.
    Plain(SocketAddr),
    /// The certificate or the key cannot be used; which file, and why.
    Tls(PathBuf, String),
    /// The store does not answer.
    Store(Trouble),
}

/// A running server.
pub struct Server {
    store: Arc<dyn Store>,
    clock: Clock,
    hub: Hub,
    gate: Gate,
    documents: document::Documents,
    tags: tag::Tags,
    /// The right to make a page of changes.
    pages: Semaphore,
    metrics: metrics::Metrics,
    /// No more is served; the flag is looked at, the channel is waited for.
    drains: AtomicBool,
    draining: channel::Sender<bool>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

/// A running server as its owner sees it.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; the port is known here when 0 was asked for.
    pub address: SocketAddr,
    /// Where it tells its counters.
    pub metrics: Option<SocketAddr>,
    server: Arc<Server>,
    accepting: JoinHandle<()>,
    keeping: JoinHandle<()>,
}

impl Server {
    /// Starts serving a store.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn start(store: Arc<dyn Store>, settings: &Settings, clock: Clock) -> Result<Running, Failure> {
        let tls = settings
            .tls
            .as_ref()
            .map(|(chain, key)| acceptor(chain, key))
            .transpose()?;
        if tls.is_none() && !settings.listen.ip().is_loopback() && !settings.plain_http {
            return Err(Failure::Plain(settings.listen));
        }
        let listener = bind(settings.listen).await?;
        let metrics = match settings.metrics {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let server = Arc::new(Self {
            store,
            clock,
            hub: Hub::new(),
            gate: Gate::new(settings.anonymous, settings.rate),
            documents: document::Documents::default(),
            tags: tag::Tags::default(),
            pages: Semaphore::new(PAGES),
            metrics: metrics::Metrics::default(),
            drains: AtomicBool::new(false),
            draining: channel::Sender::new(false),
        });
        server.hub.read(&*server.store).await.map_err(Failure::Store)?;
        server.gate.refresh(&*server.store).await.map_err(Failure::Store)?;
        let address = listener.local_addr().unwrap_or(settings.listen);
        let metrics_address = metrics.as_ref().and_then(|listener| listener.local_addr().ok());
        if let Some(listener) = metrics {
            tokio::spawn(listen::serve_metrics(Arc::clone(&server), listener));
        }
        let keeping = tokio::spawn(Arc::clone(&server).keep());
        let accepting = tokio::spawn(listen::serve(Arc::clone(&server), listener, tls, settings.connections));
        tracing::info!(%address, "serving");
        Ok(Running {
            address,
            metrics: metrics_address,
            server,
            accepting,
            keeping,
        })
    }

    fn is_draining(&self) -> bool {
        self.drains.load(Ordering::Acquire)
    }

    /// Reads the feed, the tokens, and cleans up, for as long as the server lives.
    async fn keep(self: Arc<Self>) {
        let feed = async {
            loop {
                self.hub.wait(&*self.store).await;
                if let Err(trouble) = self.hub.read(&*self.store).await {
                    self.metrics.trouble.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(why = %trouble, "the feed cannot be read");
                    tokio::time::sleep(hub::POLL).await;
                }
            }
        };
        let tokens = async {
            loop {
                tokio::time::sleep(TOKENS).await;
                match self.gate.refresh(&*self.store).await {
                    Ok(true) => self.hub.stir(),
                    Ok(false) => {}
                    // Known tokens stay good while the store is away: readers are not shut out by its trouble.
                    Err(trouble) => tracing::warn!(why = %trouble, "the tokens cannot be read"),
                }
            }
        };
        let used = async {
            loop {
                tokio::time::sleep(USED).await;
                self.write_used().await;
            }
        };
        let clean = async {
            loop {
                if let Err(trouble) = self.clean().await {
                    tracing::warn!(why = %trouble, "old deletions cannot be forgotten");
                }
                tokio::time::sleep(CLEAN).await;
            }
        };
        tokio::join!(feed, tokens, used, clean);
    }

    async fn write_used(&self) {
        let used = self.gate.take_used();
        if !used.is_empty()
            && let Err(trouble) = self.store.touch_tokens(used).await
        {
            tracing::warn!(why = %trouble, "the use of tokens cannot be written down");
        }
    }

    async fn clean(&self) -> Result<(), Trouble> {
        let now = self.clock.now();
        let before = |hours: u32| {
            now.checked_sub(SignedDuration::from_hours(i64::from(hours)))
                .unwrap_or(now)
        };
        let purged = self
            .store
            .purge(before(24 * TOMBSTONE_DAYS), before(KEY_HOURS), author("server"), now)
            .await?;
        if purged.tombstones > 0 {
            tracing::info!(
                tombstones = purged.tombstones,
                min_rev = purged.min_rev,
                "old deletions forgotten"
            );
            self.hub.wake();
        }
        Ok(())
    }
}

impl Running {
    /// Looks at the store now instead of at the next second.
    pub fn wake(&self) {
        self.server.hub.wake();
    }

    /// Stops: no new connection, every stream is told, and what is open has 10 seconds to end. True when all of it did.
    pub async fn stop(self) -> bool {
        tracing::info!("draining");
        self.server.drains.store(true, Ordering::Release);
        self.server.draining.send_replace(true);
        self.server.hub.stir();
        let ended = tokio::time::timeout(DRAIN, self.accepting).await.is_ok();
        self.keeping.abort();
        self.server.write_used().await;
        tracing::info!(ended, "stopped");
        ended
    }
}

/// The author of what the program does by itself or on the command line, where whoever can write the store may do everything.
pub fn author(name: &str) -> Author {
    Author {
        token: "local".into(),
        name: name.into(),
        role: access::Role::Secretariat,
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Listen(address, error))
}

fn acceptor(chain: &Path, key: &Path) -> Result<tokio_rustls::TlsAcceptor, Failure> {
    let unusable = |file: &Path, why: &dyn fmt::Display| Failure::Tls(file.to_owned(), why.to_string());
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(chain, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(chain, &error))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| unusable(chain, &error))?;
    Ok(Arc::new(config).into())
}
