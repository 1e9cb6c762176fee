//! The files the dashboard writes for its user: remembered lists, exports, texts too long for the clipboard. In a kiosk it
//! writes none, whoever asks.

use crate::app::Done;
use crate::app::export::ExportFile;
use crate::config::file;
use crate::config::memory::{self, ListMemory, Memory};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The file in the state directory for a text too long for the clipboard.
const COPIED: &str = "copied.txt";

/// Where files go; see the module.
#[derive(Clone, Debug, Default)]
pub struct Keeper {
    /// The state directory of this user, if there is one.
    state: Option<PathBuf>,
    /// The home directory, for paths that begin with `~/`.
    home: Option<PathBuf>,
    /// True when nothing may be written.
    kiosk: bool,
}

impl Keeper {
    /// A keeper of a user's files.
    pub fn new(state: Option<PathBuf>, home: Option<PathBuf>) -> Self {
        Self {
            state,
            home,
            kiosk: false,
        }
    }

    /// A keeper that writes nothing.
    pub fn of_kiosk() -> Self {
        Self {
            kiosk: true,
            ..Self::default()
        }
    }

    fn allowed(&self) -> io::Result<()> {
        if self.kiosk {
            return Err(ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }

    /// Remembers what a list looks like; without a state directory nothing is remembered.
    pub fn remember(&self, kind: &str, list: ListMemory) -> Option<Done> {
        let path = self.state.as_ref()?.join(memory::FILE);
        let written = self.allowed().and_then(|()| Memory::write(&path, kind, list));
        written.err().map(|error| failed(&path, &error))
    }

    /// Writes an export.
    pub fn export(&self, export: ExportFile) -> Done {
        let path = match (export.path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(&export.path),
        };
        let written = self
            .allowed()
            .and_then(|()| file::replace(&path, &export.bytes, export.over));
        match written {
            Ok(()) => Done::Exported(shown(&path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Done::Exists(export),
            Err(error) => failed(&path, &error),
        }
    }

    /// Puts a text that is too long for the clipboard into a file.
    pub fn copy(&self, text: &str) -> Done {
        let Some(path) = self.state.as_ref().filter(|_| !self.kiosk) else {
            return Done::TooLong;
        };
        let path = path.join(COPIED);
        match file::replace(&path, text.as_bytes(), true) {
            Ok(()) => Done::CopiedTo(shown(&path)),
            Err(error) => failed(&path, &error),
        }
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn failed(path: &Path, error: &io::Error) -> Done {
    Done::Failed(shown(path), error.to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn export(path: &Path, over: bool) -> ExportFile {
        ExportFile {
            path: shown(path),
            bytes: b"id\r\n".to_vec(),
            rows: 0,
            over,
        }
    }

    #[test]
    fn an_export_replaces_nothing_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(None, Some(dir.path().to_owned()));
        let path = dir.path().join("plans.csv");
        assert_eq!(
            keeper.export(export(Path::new("~/plans.csv"), false)),
            Done::Exported(shown(&path))
        );
        std::fs::write(&path, "mine").unwrap();
        assert_eq!(keeper.export(export(&path, false)), Done::Exists(export(&path, false)));
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        assert_eq!(keeper.export(export(&path, true)), Done::Exported(shown(&path)));
        assert_eq!(std::fs::read(&path).unwrap(), b"id\r\n");
        assert!(matches!(
            keeper.export(export(&path.join("below/a/file.csv"), true)),
            Done::Failed(..)
        ));
    }

    #[test]
    fn a_kiosk_writes_nothing_whoever_asks() {
        let dir = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::of_kiosk();
        // Even one that was told where to write.
        keeper.state = Some(dir.path().to_owned());
        assert!(matches!(
            keeper.remember("plan", ListMemory::default()),
            Some(Done::Failed(..))
        ));
        assert!(matches!(
            keeper.export(export(&dir.path().join("a.csv"), true)),
            Done::Failed(..)
        ));
        assert_eq!(keeper.copy("x"), Done::TooLong);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
