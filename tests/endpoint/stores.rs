//! Every kind of store, each in a place of its own that is gone afterwards.

use rasad::serve::store::Store;
use rasad::serve::store::sqlite::Sqlite;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
}

impl Kind {
    /// Those this machine can run.
    pub fn all() -> Vec<Self> {
        vec![Self::File]
    }
}

/// Where one store is.
pub struct Place {
    dir: TempDir,
    kind: Kind,
}

impl Place {
    pub fn new(kind: Kind) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            kind,
        }
    }

    pub fn file(&self) -> PathBuf {
        self.dir.path().join("hq.db")
    }

    /// The store, made when there is none.
    pub async fn open(&self) -> Arc<dyn Store> {
        match self.kind {
            Kind::File => Arc::new(Sqlite::open(&self.file(), true).unwrap()),
        }
    }
}
