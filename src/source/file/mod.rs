//! A local file: opened for reading only, never waited for, read to its end.

pub mod watch;

pub use watch::{Watch, WatchMode};

use super::{Item, Limits, Stop, Summary, input};
use crate::contract::packed::Table;
use crate::contract::{Problem, What};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The path that means standard input.
pub const STDIN: &str = "-";

/// What a file looked like: when any of it changes, the file is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    /// When anything of it was changed, its contents or what is known of them: nobody can set that back.
    changed: (i64, i64),
}

/// A file whose last change is nearer to the moment it was looked at may change again without looking different: a tick of the file
/// system's clock, or of a network's.
const SETTLED: i64 = 3;

impl Stamp {
    /// The stamp of what a path leads to now; nothing when it leads nowhere.
    pub fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Self::from(&found))
    }

    /// Length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// True when a file that looks the same again holds the same: it had not just been changed when this was taken, `now` in seconds
    /// since 1970. By a clock that is wrong it is not.
    pub fn is_settled(&self, now: i64) -> bool {
        let last = self.modified.0.max(self.changed.0);
        last.checked_add(SETTLED).is_some_and(|settled| settled < now)
    }
}

impl From<&std::fs::Metadata> for Stamp {
    fn from(found: &std::fs::Metadata) -> Self {
        Self {
            device: found.dev(),
            inode: found.ino(),
            size: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

/// Opens a regular file for reading.
///
/// # Errors
/// [`What::NotFound`], [`What::Permission`], [`What::Directory`], [`What::NotAFile`] or [`What::Io`].
pub fn open(path: &Path) -> Result<(File, Stamp), Stop> {
    let open = || -> io::Result<(File, std::fs::Metadata)> {
        // Opening a pipe or a device may wait for ever, or do something: asked before, and asked again of what was opened.
        let found = std::fs::metadata(path)?;
        if !found.is_file() {
            return Err(kind_of(&found));
        }
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
            .open(path)?;
        let found = file.metadata()?;
        if found.is_file() {
            Ok((file, found))
        } else {
            Err(kind_of(&found))
        }
    };
    match open() {
        Ok((file, found)) => Ok((file, Stamp::from(&found))),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Err(Problem::fatal(What::NotAFile).into()),
        Err(error) => Err(input::problem_of(&error).into()),
    }
}

fn kind_of(found: &std::fs::Metadata) -> io::Error {
    if found.is_dir() {
        io::ErrorKind::IsADirectory.into()
    } else {
        io::ErrorKind::Unsupported.into()
    }
}

/// Reads a document from a path, or from standard input when the path is `-`.
///
/// # Errors
/// As [`open`] and [`super::read`].
pub fn read(path: &Path, limits: &Limits, sink: &mut dyn FnMut(Item) -> ControlFlow<()>) -> Result<Summary, Stop> {
    read_beside(path, limits, Table::default(), sink)
}

/// The same beside what was read of it last time. A file that is longer than a document may be is refused before a byte of it is read.
///
/// # Errors
/// As [`open`] and [`super::read_beside`].
pub fn read_beside(
    path: &Path,
    limits: &Limits,
    known: Table,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Stop> {
    if path.as_os_str() == STDIN {
        return super::read_beside(io::stdin().lock(), limits, known, sink);
    }
    let (file, stamp) = open(path)?;
    if stamp.size() > limits.max_bytes {
        return Err(input::too_long(limits.max_bytes).into());
    }
    super::read_beside(file, limits, known, sink)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn refused(path: &Path) -> &'static str {
        match read(path, &Limits::default(), &mut |_| ControlFlow::Continue(())) {
            Err(Stop::Problem(problem)) => problem.slug(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_settled_a_while_after_its_last_change_by_a_clock_that_is_right() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "x").unwrap();
        let stamp = Stamp::of(&path).unwrap();
        let last = stamp.modified.0.max(stamp.changed.0);
        let settled = |after: i64| stamp.is_settled(last + after);
        assert_eq!([-9, 0, 3, 4, 9_000].map(settled), [false, false, false, true, true]);
        // A time of change that was set back does not hide that it was.
        std::fs::File::open(&path)
            .unwrap()
            .set_modified(std::time::UNIX_EPOCH)
            .unwrap();
        let back = Stamp::of(&path).unwrap();
        assert!(back != stamp && back.modified == (0, 0) && !back.is_settled(last));
    }

    #[test]
    fn what_is_no_readable_file_is_named_and_never_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        assert_eq!(refused(dir.path()), "directory");
        assert_eq!(refused(&at("nothing.json")), "not-found");
        std::fs::write(at("empty.json"), "").unwrap();
        assert_eq!(refused(&at("empty.json")), "empty");
        let pipe = at("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        assert_eq!(refused(&pipe), "not-a-file");
        assert_eq!(refused(Path::new("/dev/zero")), "not-a-file");
        std::os::unix::fs::symlink("loop", at("loop")).unwrap();
        assert_eq!(refused(&at("loop")), "io");
    }

    #[test]
    fn a_file_nobody_may_read_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.json");
        std::fs::write(&path, "{}").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        // The superuser may read everything: then there is nothing to see here.
        if File::open(&path).is_err() {
            assert_eq!(refused(&path), "permission");
        }
    }

    #[test]
    fn a_file_longer_than_a_document_may_be_is_refused_before_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long.json");
        let file = File::create(&path).unwrap();
        for (size, slug) in [
            (1 << 30, "not-json"),
            ((1 << 30) + 1, "too-large"),
            (10 << 30, "too-large"),
        ] {
            file.set_len(size).unwrap();
            assert_eq!(refused(&path), slug, "{size}");
        }
    }

    /// The dashboard only reads: nothing in this room may be able to write to a source.
    #[test]
    fn nothing_under_source_can_write() {
        let forbidden = [
            "fs::write",
            ".write(",
            ".append(true",
            ".truncate(true",
            ".create(",
            "create_new",
            "File::create",
            "fs::rename",
            "fs::remove",
            "remove_file",
            "remove_dir",
            "set_len",
            "set_permissions",
            "fs::copy",
            "hard_link",
            "create_dir",
        ];
        let mut rooms = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source")];
        let mut looked_at = 0;
        while let Some(room) = rooms.pop() {
            for entry in std::fs::read_dir(room).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    rooms.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                // Tests write files to read them.
                let program = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
                if path.ends_with("tests.rs") {
                    continue;
                }
                looked_at += 1;
                for word in forbidden {
                    assert!(!program.contains(word), "{} has {word}", path.display());
                }
            }
        }
        assert!(looked_at > 5);
    }
}
