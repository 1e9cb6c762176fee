//! The store of several servers: PostgreSQL 15 or newer. Any number of replicas may write and read; the revision is a row that is locked
//! and counted up in the transaction, so that no reader sees a revision before all smaller ones.
//!
//! Notifications only wake the reader of the feed; it also looks by itself every second, so that a dead listener costs a second.

mod read;
mod schema;
mod tls;
mod write;

use super::{
    Answer, Ask, AskPast, AuditLine, Author, Commit, Committed, Head, Kept, Page, PastPage, Purged, Row, Store, Token,
    Trouble, Version,
};
use crate::contract::Id;
use crate::contract::feed::{Rev, Subject};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts, Transaction};
use jiff::Timestamp;
use smol_str::SmolStr;
use std::error::Error as _;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tls::{Connector, Mode};
use tokio::sync::Notify;
use tokio_postgres::config::Host;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Config, IsolationLevel};

/// The oldest server that may be used, as it numbers itself.
const OLDEST: i32 = 150_000;
/// Connections of one replica.
const CONNECTIONS: usize = 16;
/// How long anything waits for the server before it counts as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer of a server that was reached may take; longer than it waits for a lock by itself.
const ANSWER: Duration = Duration::from_secs(15);
/// How long a server on the network may leave bytes unacknowledged before the connection counts as dead.
const DEAD: Duration = Duration::from_secs(10);
/// How long a listener rests before it connects again.
const REST: Duration = Duration::from_secs(1);
/// What every session asks of the server: an acknowledged commit is on the disk, nothing waits or hangs for ever.
const SESSION: &str = "-c synchronous_commit=on -c statement_timeout=60000 -c lock_timeout=5000 \
                       -c idle_in_transaction_session_timeout=60000";

/// A store in a database.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
    woken: Arc<Notify>,
    _listener: Arc<Listener>,
}

/// Ends the listening task with the store.
struct Listener(tokio::task::JoinHandle<()>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Where a database is, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct Address {
    /// What the driver is told.
    pub config: Config,
    /// Encrypts, where that is asked for.
    pub connector: Connector,
}

/// Why the address of a database cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadAddress {
    /// It is none; why.
    Wrong(String),
    /// There is a password in it.
    Secret,
    /// It leads to another machine, and the connection would be readable on the way.
    Remote,
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        // The outer words only say where it happened.
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        Self::Unavailable(why)
    }
}

impl From<deadpool_postgres::PoolError> for Trouble {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Reads the address of a database; the password comes from the environment (`PGPASSWORD`), never from an argument. Beyond this
/// machine it must ask for encryption: `sslmode=verify-full`, with `sslrootcert=FILE` where the authority is our own.
///
/// # Errors
/// See [`BadAddress`].
pub fn address(text: &str, password: Option<&str>) -> Result<Address, BadAddress> {
    let (text, mode, root) = without_tls(text);
    let mut config: Config = text.parse().map_err(|error: tokio_postgres::Error| {
        BadAddress::Wrong(error.source().map_or_else(|| error.to_string(), ToString::to_string))
    })?;
    if config.get_password().is_some() {
        return Err(BadAddress::Secret);
    }
    let near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
    };
    let hosts = config.get_hosts();
    let is_near = hosts.iter().all(near);
    let mode = match mode.as_deref() {
        // A socket of this machine is never encrypted.
        _ if hosts.iter().all(|host| matches!(host, Host::Unix(_))) => None,
        None | Some("disable" | "allow" | "prefer") => None,
        Some(word) => Some(Mode::named(word).ok_or_else(|| BadAddress::Wrong(format!("sslmode {word}")))?),
    };
    let connector = match mode {
        None if !is_near => return Err(BadAddress::Remote),
        None => Connector::plain(),
        Some(mode) => Connector::new(mode, root.as_deref()).map_err(BadAddress::Wrong)?,
    };
    if let Some(password) = password {
        config.password(password);
    }
    config
        .application_name("rasad")
        .connect_timeout(PATIENCE)
        .tcp_user_timeout(DEAD)
        .keepalives_idle(DEAD)
        .ssl_mode(if mode.is_some() {
            SslMode::Require
        } else {
            SslMode::Disable
        })
        .options(SESSION);
    Ok(Address { config, connector })
}

/// An address without what the driver does not know of encryption: the mode and the authority's file.
fn without_tls(text: &str) -> (String, Option<String>, Option<PathBuf>) {
    let (mut mode, mut root) = (None, None);
    let mut take = |pair: &str| match pair.split_once('=') {
        Some(("sslmode", word)) => {
            mode = Some(word.to_owned());
            false
        }
        Some(("sslrootcert", file)) => {
            root = (file != "system").then(|| PathBuf::from(unescaped(file)));
            false
        }
        _ => true,
    };
    let text = match text.split_once('?') {
        Some((place, query)) if text.contains("://") => {
            let rest: Vec<&str> = query.split('&').filter(|pair| take(pair)).collect();
            format!("{place}?{}", rest.join("&"))
        }
        None if text.contains("://") => text.to_owned(),
        _ => {
            let rest: Vec<&str> = text.split_whitespace().filter(|pair| take(pair)).collect();
            // Spaces inside quotes are not ours to touch.
            if mode.is_some() || root.is_some() {
                rest.join(" ")
            } else {
                text.to_owned()
            }
        }
    };
    (text.trim_end_matches('?').to_owned(), mode, root)
}

/// A part of an address with its `%XX` as bytes again.
fn unescaped(text: &str) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let escaped = more.get(..2).filter(|_| *first == b'%');
        let byte = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() {
            more.get(2..).unwrap_or_default()
        } else {
            more
        };
    }
    OsString::from_vec(bytes)
}

impl Postgres {
    /// Opens a store, and makes it in an empty database. Must be called where tasks can be started.
    ///
    /// # Errors
    /// When the database cannot be reached, is too old, or holds a store of a newer program.
    pub async fn open(address: &Address) -> Result<Self, Trouble> {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(
            address.config.clone(),
            address.connector.clone(),
            ManagerConfig { recycling_method },
        );
        let timeouts = Timeouts {
            wait: Some(PATIENCE),
            create: Some(PATIENCE),
            recycle: Some(PATIENCE),
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Trouble::Unavailable(error.to_string()))?;
        let mut client = pool.get().await?;
        schema::prepare(&mut client).await?;
        let woken = Arc::new(Notify::new());
        let listener = tokio::spawn(listen(address.clone(), Arc::clone(&woken)));
        Ok(Self {
            pool,
            woken,
            _listener: Arc::new(Listener(listener)),
        })
    }

    async fn client(&self) -> Result<Object, Trouble> {
        Ok(self.pool.get().await?)
    }
}

/// An answer that comes within a time. A server may be reached and yet say nothing: frozen, or gone without a word.
///
/// A commit that was given up may have been done all the same; whoever repeats it with its key hears so.
fn timely<'a, T>(work: impl Future<Output = Result<T, Trouble>> + Send + 'a) -> Answer<'a, T> {
    Box::pin(async move {
        let late = || {
            Trouble::Unavailable(format!(
                "the database did not answer within {} seconds",
                ANSWER.as_secs()
            ))
        };
        tokio::time::timeout(ANSWER, work).await.unwrap_or_else(|_| Err(late()))
    })
}

/// A reading of one moment.
async fn moment(client: &mut Object) -> Result<Transaction<'_>, Trouble> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true);
    Ok(transaction.start().await?)
}

/// Passes notifications on, for ever; connects again whenever the connection ends.
async fn listen(address: Address, woken: Arc<Notify>) {
    loop {
        if let Err(error) = listen_once(&address, &woken).await {
            tracing::warn!(why = %Trouble::from(error), "the database sends no notifications; looking every second goes on");
        }
        woken.notify_one();
        tokio::time::sleep(REST).await;
    }
}

async fn listen_once(address: &Address, woken: &Notify) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = address.config.connect(address.connector.clone()).await?;
    let listening = async {
        client.batch_execute("LISTEN rasad").await?;
        // The client must live as long as the connection.
        std::future::pending::<Result<(), tokio_postgres::Error>>().await
    };
    let messages = async {
        loop {
            match std::future::poll_fn(|cx| connection.poll_message(cx)).await {
                Some(Ok(AsyncMessage::Notification(_))) => woken.notify_one(),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    };
    tokio::select! {
        ended = listening => ended,
        ended = messages => ended,
    }
}

impl Store for Postgres {
    fn head(&self) -> Answer<'_, Head> {
        timely(async {
            let mut client = self.client().await?;
            read::head(&moment(&mut client).await?).await
        })
    }

    fn page(&self, ask: Ask) -> Answer<'_, Page> {
        timely(async move {
            let mut client = self.client().await?;
            read::page(&moment(&mut client).await?, &ask).await
        })
    }

    fn whole(&self, mut take: Box<dyn FnMut(Row) + Send>) -> Answer<'_, Head> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let moment = timely(moment(&mut client)).await?;
            read::whole(&moment, &mut take).await
        })
    }

    fn get(&self, kind: Subject, id: Id) -> Answer<'_, Option<Kept>> {
        timely(async move { read::get(&self.client().await?, kind.as_str(), id.as_str()).await })
    }

    fn commit(&self, commit: Commit) -> Answer<'_, Committed> {
        timely(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let outcome = write::commit(&tx, &commit).await?;
            tx.commit().await?;
            Ok(outcome)
        })
    }

    fn remembered(&self, token: SmolStr, key: SmolStr) -> Answer<'_, Option<(Rev, [u8; 32])>> {
        timely(async move { read::remembered(&self.client().await?, &token, &key).await })
    }

    fn history(&self, kind: Subject, id: Id, before: Rev, limit: usize) -> Answer<'_, Vec<Version>> {
        timely(async move { read::history(&self.client().await?, kind.as_str(), id.as_str(), before, limit).await })
    }

    fn past(&self, ask: AskPast) -> Answer<'_, PastPage> {
        timely(async move {
            let mut client = self.client().await?;
            read::past(&moment(&mut client).await?, &ask).await
        })
    }

    fn audit(&self, before: u64, limit: usize) -> Answer<'_, Vec<AuditLine>> {
        timely(async move { read::audit(&self.client().await?, before, limit).await })
    }

    fn purge(&self, tombstones: Timestamp, keys: Timestamp, author: Author, at: Timestamp) -> Answer<'_, Purged> {
        Box::pin(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let purged = write::purge(&tx, tombstones, keys, &author, at).await?;
            tx.commit().await?;
            Ok(purged)
        })
    }

    fn tokens(&self) -> Answer<'_, Vec<Token>> {
        timely(async { read::tokens(&self.client().await?).await })
    }

    fn add_token(&self, token: Token, author: Author) -> Answer<'_, ()> {
        timely(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            write::add_token(&tx, &token, &author).await?;
            Ok(tx.commit().await?)
        })
    }

    fn revoke_token(&self, id: SmolStr, author: Author, at: Timestamp) -> Answer<'_, bool> {
        timely(async move {
            let mut client = self.client().await?;
            let tx = client.transaction().await?;
            let revoked = write::revoke_token(&tx, &id, &author, at).await?;
            tx.commit().await?;
            Ok(revoked)
        })
    }

    fn touch_tokens(&self, used: Vec<(SmolStr, Timestamp)>) -> Answer<'_, ()> {
        timely(async move { write::touch_tokens(&self.client().await?, &used).await })
    }

    fn nudge(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.woken.notified())
    }
}
