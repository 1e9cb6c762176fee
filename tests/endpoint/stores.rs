//! Every kind of store, each in a place of its own that is gone afterwards. The database server is Debian's, started once for all
//! tests in a directory of its own, and stopped when this process ends, however it ends.

use rasad::serve::store::Store;
use rasad::serve::store::postgres::{Address, Postgres, address};
use rasad::serve::store::sqlite::Sqlite;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Database,
}

impl Kind {
    /// Those this machine can run: the command that runs all tests insists on all of them.
    pub fn all() -> Vec<Self> {
        if shared().is_some() {
            vec![Self::File, Self::Database]
        } else {
            vec![Self::File]
        }
    }
}

/// Makes a server in the directory, says so, and takes both away when nobody holds the other end of its input any more.
const KEEPER: &str = include_str!("keeper.sh");

/// A database server of our own.
pub struct PgServer {
    dir: PathBuf,
    bin: PathBuf,
    input: Option<ChildStdin>,
    keeper: Child,
}

/// Where the database's programs are: the newest version from 15 on.
fn programs() -> Option<PathBuf> {
    let found = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = found
        .map(|entry| entry.path())
        .filter(|path| version(path) >= Some(15))
        .max_by_key(|path| version(path))?;
    Some(newest.join("bin")).filter(|bin| bin.join("initdb").exists())
}

impl PgServer {
    pub fn start() -> Option<Self> {
        let Some(bin) = programs() else {
            assert!(
                std::env::var_os("TEST_ALL_STORES").is_none(),
                "PostgreSQL 15 or newer is not installed"
            );
            return None;
        };
        let dir = tempfile::Builder::new().prefix("rasad-pg-").tempdir().unwrap().keep();
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .args([&dir, &bin])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap_or_default();
        assert_eq!(
            line.trim(),
            "ready",
            "{} {} {}",
            said("made"),
            said("started"),
            said("log")
        );
        Some(Self {
            dir,
            bin,
            input: keeper.stdin.take(),
            keeper,
        })
    }

    /// Stops or starts it while it is looked at.
    pub fn control(&self, verb: &[&str]) {
        let root = rustix::process::getuid().is_root();
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
                .arg(self.bin.join("pg_ctl"));
            command
        } else {
            Command::new(self.bin.join("pg_ctl"))
        };
        let log = self.dir.join("log");
        command
            .current_dir("/")
            .arg("-D")
            .arg(self.dir.join("data"))
            .arg("-l")
            .arg(log)
            .args(["-w"])
            .args(verb);
        let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(done.success(), "{verb:?}");
    }

    /// Runs a statement that needs no answer.
    pub fn query(&self, sql: &str) {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-q", "-U", "rasad", "-d", "postgres", "-c", sql, "-h"])
            .arg(&self.dir);
        let done = psql.stdout(Stdio::null()).status().unwrap();
        assert!(done.success(), "{sql}");
    }

    /// Sends a signal to all its processes.
    pub fn signal(&self, name: &str) {
        let pid = std::fs::read_to_string(self.dir.join("data/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap().to_owned();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        for pid in std::iter::once(pid.as_str()).chain(children.split_whitespace()) {
            let _ = Command::new("kill").args([&format!("-{name}"), pid]).status();
        }
    }

    pub fn config(&self, name: &str) -> Address {
        address(&format!("host={} user=rasad dbname={name}", self.dir.display()), None).unwrap()
    }

    /// Speaks TLS on a port of this machine from now on, and nothing in the clear there.
    pub fn encrypt(&self, chain: &str, key: &str) -> u16 {
        let data = self.dir.join("data");
        let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&data).unwrap());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        for (name, text) in [("server.crt", chain), ("server.key", key)] {
            let path = data.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            std::os::unix::fs::chown(&path, Some(owner), None).unwrap();
        }
        let more = |name: &str, change: &dyn Fn(String) -> String| {
            let path = data.join(name);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, change(text)).unwrap();
        };
        more("postgresql.conf", &|text| {
            format!("{text}listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\n")
        });
        more("pg_hba.conf", &|text| {
            format!("hostssl all all 127.0.0.1/32 trust\nhostnossl all all 127.0.0.1/32 reject\n{text}")
        });
        self.control(&["restart"]);
        port
    }

    /// A new, empty database.
    pub async fn database(&self) -> Address {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hq_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let (client, connection) = self
            .config("postgres")
            .config
            .connect(tokio_postgres::NoTls)
            .await
            .unwrap();
        let talking = tokio::spawn(connection);
        client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await
            .unwrap();
        talking.abort();
        self.config(&name)
    }
}

impl Drop for PgServer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.keeper.wait();
    }
}

/// The server all tests share; each has a database of its own.
fn shared() -> Option<&'static PgServer> {
    static SERVER: OnceLock<Option<PgServer>> = OnceLock::new();
    SERVER.get_or_init(PgServer::start).as_ref()
}

/// Where one store is.
pub struct Place {
    dir: TempDir,
    kind: Kind,
    database: tokio::sync::OnceCell<Address>,
}

impl Place {
    pub fn new(kind: Kind) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            kind,
            database: tokio::sync::OnceCell::new(),
        }
    }

    /// A store in a database somebody else looks after.
    pub fn in_database(address: Address) -> Self {
        let place = Self::new(Kind::Database);
        place.database.set(address).unwrap();
        place
    }

    /// The same place once more, for another server before it.
    pub async fn again(&self) -> Self {
        Self::in_database(self.database.get().unwrap().clone())
    }

    pub fn file(&self) -> PathBuf {
        self.dir.path().join("hq.db")
    }

    /// The store as the command line names it.
    pub fn argument(&self) -> String {
        match self.database.get() {
            None => self.file().to_string_lossy().into_owned(),
            Some(address) => {
                let config = &address.config;
                let Some(tokio_postgres::config::Host::Unix(dir)) = config.get_hosts().first() else {
                    panic!("{config:?}")
                };
                format!(
                    "postgres://rasad@/{}?host={}",
                    config.get_dbname().unwrap(),
                    dir.display()
                )
            }
        }
    }

    /// Where the database is, once there is one.
    pub fn address(&self) -> Option<&Address> {
        self.database.get()
    }

    /// The store, made when there is none.
    pub async fn open(&self) -> Arc<dyn Store> {
        match self.kind {
            Kind::File => Arc::new(Sqlite::open(&self.file(), true).unwrap()),
            Kind::Database => {
                let config = self
                    .database
                    .get_or_init(|| async { shared().unwrap().database().await })
                    .await;
                Arc::new(Postgres::open(config).await.unwrap())
            }
        }
    }
}
