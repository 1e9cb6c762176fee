//! The store of one machine: SQLite, compiled into the program, one writer and several readers on a write-ahead log.
//!
//! The library is our own and not the system's: versions before 3.51.3 can lose the log when it is reset, so older ones are
//! refused even here. `synchronous = FULL` puts every commit on the disk before it is acknowledged.

mod read;
mod schema;
mod write;

use super::{
    Answer, Ask, AskPast, AuditLine, Author, Commit, Committed, Head, Kept, Page, PastPage, Purged, Row, Store, Token,
    Trouble, Version,
};
use crate::contract::Id;
use crate::contract::feed::{Rev, Subject};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use smol_str::SmolStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The oldest library that may be used: 3.51.3.
const OLDEST: i32 = 3_051_003;
/// How long a writer waits for one in another process.
const BUSY: Duration = Duration::from_secs(5);
/// Readers kept open when idle.
const READERS: usize = 8;

/// A store in one file.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    /// Opened when first needed, and again after it failed: a disk that was full may have room again.
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
    /// Counts up when readers that were opened before must not be used again.
    since: AtomicU32,
    /// Some reader was opened as of a file that nobody changes.
    unchanging: AtomicBool,
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Unusable(why),
            _ => Self::Unavailable(why),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the lock holds is put back only when it is whole, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.set_prepared_statement_cache_capacity(32);
    Ok(db)
}

/// A connection that reads.
///
/// A store that was closed in good order has no log beside it, and reading it makes one: on a disk that cannot be written that
/// fails. Such a file is opened as one that nobody changes, for nobody can.
fn connect_reader(path: &Path, unchanging: &AtomicBool) -> rusqlite::Result<Connection> {
    let usual = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|db| {
        // Only a look at the content shows whether it can be read.
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(db)
    });
    let error = match usual {
        Ok(db) => {
            db.pragma_update(None, "query_only", true)?;
            return Ok(db);
        }
        Err(error) => error,
    };
    let is_shut = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    );
    // What is in a log belongs to the store: without it an old state would be shown as the newest.
    let has_log = log_of(path).metadata().is_ok_and(|log| log.len() > 0);
    if !is_shut || has_log {
        return Err(error);
    }
    unchanging.store(true, Ordering::Relaxed);
    connect(
        &as_unchanging(path),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
    )
    .map_err(|_| error)
}

/// The write-ahead log beside a store.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// The address of a file that nobody changes, as the library reads it.
fn as_unchanging(path: &Path) -> PathBuf {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push_str("?immutable=1");
    address.into()
}

/// Makes an empty file that only its owner may read.
fn create_private(path: &Path) -> Result<(), Trouble> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path);
    made.map(drop).map_err(|error| Trouble::Unusable(error.to_string()))
}

impl Sqlite {
    /// Opens a store; `create` makes it when there is none. A new store is readable by its owner only.
    ///
    /// # Errors
    /// When the file is no store of ours, is newer than this program, or cannot be opened.
    pub fn open(path: &Path, create: bool) -> Result<Self, Trouble> {
        if rusqlite::version_number() < OLDEST {
            return Err(Trouble::Unusable(format!("SQLite {} is too old", rusqlite::version())));
        }
        let fresh = !path.exists();
        if fresh && !create {
            return Err(Trouble::Unusable("there is no such store".to_owned()));
        }
        if fresh {
            create_private(path)?;
        }
        let store = Self::closed(path);
        match store.inner.connect_writer() {
            Ok(writer) => *lock(&store.inner.writer) = Some(writer),
            // A store on a read-only disk can still be read, if it is one.
            Err(error) => store.inner.read(|db| schema::look(db).map(|_| ())).map_err(|_| error)?,
        }
        Ok(store)
    }

    /// Opens a store only to look at it: a backup stays one, an older store stays as old as it is.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn look(path: &Path) -> Result<Self, Trouble> {
        if !path.exists() {
            return Err(Trouble::Unusable("there is no such store".to_owned()));
        }
        let store = Self::closed(path);
        match store.inner.read(schema::look)? {
            0 => Err(Trouble::Unusable("the file is empty".to_owned())),
            _ => Ok(store),
        }
    }

    fn closed(path: &Path) -> Self {
        let inner = Inner {
            path: path.to_owned(),
            writer: Mutex::new(None),
            readers: Mutex::new(Vec::new()),
            since: AtomicU32::new(0),
            unchanging: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Looks for damage; the problems found, nothing when it is whole.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn check(&self) -> Result<Vec<String>, Trouble> {
        self.inner.read(read::check)
    }

    /// Writes a copy of one moment, which gets a life of its own: whoever serves it later starts a new epoch.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), Trouble> {
        let partial = to.with_extension("partial");
        let _ = std::fs::remove_file(&partial);
        create_private(&partial)?;
        let done = self.inner.read(|db| {
            let mut copy = Connection::open(&partial)?;
            rusqlite::backup::Backup::new(db, &mut copy)?.run_to_completion(1_024, Duration::ZERO, None)?;
            // The copy is one file: no log beside it that could be forgotten.
            copy.pragma_update(None, "journal_mode", "DELETE")?;
            copy.execute("UPDATE meta SET restored = 1", [])?;
            Ok(())
        });
        let renamed = done.and_then(|()| {
            std::fs::File::open(&partial)
                .and_then(|file| file.sync_all())
                .and_then(|()| std::fs::rename(&partial, to))
                .map_err(|error| Trouble::Unavailable(error.to_string()))
        });
        if renamed.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        renamed
    }

    /// Runs one statement that reads; its rows as text, the names of the columns first.
    ///
    /// # Errors
    /// When the statement is wrong, or would change something.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<String>>, Trouble> {
        self.inner.read(|db| read::query(db, sql))
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Trouble> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            match tokio::task::spawn_blocking(move || work(&inner)).await {
                Ok(answer) => answer,
                Err(error) => Err(Trouble::Unavailable(error.to_string())),
            }
        })
    }
}

impl Inner {
    fn connect_writer(&self) -> Result<Connection, Trouble> {
        let mut db = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::prepare(&mut db)?;
        // Readers of a disk that could not be written until now believe that nothing changes. Others stay: were none left after a
        // writer failed, the library would read the log anew and find in it the write that was refused.
        if self.unchanging.swap(false, Ordering::Relaxed) {
            let mut readers = lock(&self.readers);
            self.since.fetch_add(1, Ordering::Relaxed);
            readers.clear();
        }
        Ok(db)
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let since = self.since.load(Ordering::Relaxed);
        let kept = lock(&self.readers).pop();
        let db = match kept {
            Some(db) => db,
            None => connect_reader(&self.path, &self.unchanging)?,
        };
        let moment = db.unchecked_transaction()?;
        let answer = work(&moment);
        drop(moment);
        // A connection that failed is not used again.
        if answer.is_ok() {
            let mut readers = lock(&self.readers);
            if readers.len() < READERS && self.since.load(Ordering::Relaxed) == since {
                readers.push(db);
            }
        }
        answer
    }

    fn write<T>(&self, work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut slot = lock(&self.writer);
        let mut db = match slot.take() {
            Some(db) => db,
            None => self.connect_writer()?,
        };
        let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let answer = work(&tx)?;
        tx.commit()?;
        *slot = Some(db);
        Ok(answer)
    }
}

impl Store for Sqlite {
    fn head(&self) -> Answer<'_, Head> {
        self.ask(|inner| inner.read(read::head))
    }

    fn page(&self, ask: Ask) -> Answer<'_, Page> {
        self.ask(move |inner| inner.read(|db| read::page(db, &ask)))
    }

    fn whole(&self, mut take: Box<dyn FnMut(Row) + Send>) -> Answer<'_, Head> {
        self.ask(move |inner| inner.read(|db| read::whole(db, &mut take)))
    }

    fn get(&self, kind: Subject, id: Id) -> Answer<'_, Option<Kept>> {
        self.ask(move |inner| inner.read(|db| read::get(db, kind.as_str(), id.as_str())))
    }

    fn commit(&self, commit: Commit) -> Answer<'_, Committed> {
        self.ask(move |inner| inner.write(|tx| write::commit(tx, &commit)))
    }

    fn remembered(&self, token: SmolStr, key: SmolStr) -> Answer<'_, Option<(Rev, [u8; 32])>> {
        self.ask(move |inner| inner.read(|db| read::remembered(db, &token, &key)))
    }

    fn history(&self, kind: Subject, id: Id, before: Rev, limit: usize) -> Answer<'_, Vec<Version>> {
        self.ask(move |inner| inner.read(|db| read::history(db, kind.as_str(), id.as_str(), before, limit)))
    }

    fn past(&self, ask: AskPast) -> Answer<'_, PastPage> {
        self.ask(move |inner| inner.read(|db| read::past(db, &ask)))
    }

    fn audit(&self, before: u64, limit: usize) -> Answer<'_, Vec<AuditLine>> {
        self.ask(move |inner| inner.read(|db| read::audit(db, before, limit)))
    }

    fn purge(&self, tombstones: Timestamp, keys: Timestamp, author: Author, at: Timestamp) -> Answer<'_, Purged> {
        self.ask(move |inner| inner.write(|tx| write::purge(tx, tombstones, keys, &author, at)))
    }

    fn tokens(&self) -> Answer<'_, Vec<Token>> {
        self.ask(|inner| inner.read(read::tokens))
    }

    fn add_token(&self, token: Token, author: Author) -> Answer<'_, ()> {
        self.ask(move |inner| inner.write(|tx| write::add_token(tx, &token, &author)))
    }

    fn revoke_token(&self, id: SmolStr, author: Author, at: Timestamp) -> Answer<'_, bool> {
        self.ask(move |inner| inner.write(|tx| write::revoke_token(tx, &id, &author, at)))
    }

    fn touch_tokens(&self, used: Vec<(SmolStr, Timestamp)>) -> Answer<'_, ()> {
        self.ask(move |inner| inner.write(|tx| write::touch_tokens(tx, &used)))
    }
}
