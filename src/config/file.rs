//! Reading and first writing of configuration files: what may be trusted, and never over what is there.

use super::error::{ConfigError, Place, Wrong};
use crate::text::shell::quoted;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// No configuration written by hand is longer: 1 MiB.
const MAX_BYTES: u64 = 1 << 20;
/// Write permission of group and others.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// The text of a configuration file, or nothing when there is no such file.
///
/// Refused are: a file others can write or that belongs to another user (who could make the program read what he likes), anything
/// but a regular file, more than 1 MiB, and what is not UTF-8.
pub fn read(path: &Path) -> Result<Option<String>, Box<ConfigError>> {
    let refuse = |wrong| {
        Box::new(ConfigError {
            place: Place::WholeFile(path.to_owned()),
            wrong,
        })
    };
    let failed = |error: std::io::Error| refuse(Wrong::Unreadable(error.to_string()));
    // Looked at by name first: opening a pipe would wait for a writer.
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(seen) if !seen.is_file() => return Err(refuse(Wrong::NotAFile)),
        Ok(_) => {}
    }
    let file = File::open(path).map_err(failed)?;
    let seen = file.metadata().map_err(failed)?;
    if let Some(command) = mending(path, &seen, rustix::process::geteuid().as_raw()) {
        return Err(refuse(Wrong::WritableByOthers(command)));
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refuse(Wrong::TooLarge(MAX_BYTES)));
    }
    let text = String::from_utf8(bytes).map_err(|error| refuse(Wrong::NotUtf8(error.utf8_error().valid_up_to())))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// The command that makes a file trustworthy, or nothing when it is.
fn mending(path: &Path, seen: &Metadata, me: u32) -> Option<String> {
    let path = quoted(path);
    // The administrator's file is as good as one's own.
    if seen.uid() != me && seen.uid() != 0 {
        return Some(format!("sudo chown \"$(id -un)\" {path} && chmod go-w {path}"));
    }
    (seen.mode() & WRITABLE_BY_OTHERS != 0).then(|| format!("chmod go-w {path}"))
}

/// The directories a file needs, for their owner only (0700).
fn make_room(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    match path.parent() {
        Some(dir) => std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir),
        None => Ok(()),
    }
}

/// Puts a file in place as a whole, or not at all: written beside it (0600, its directories 0700), synced, then moved there. With
/// `over` it replaces what is there; without, an existing file is an error and stays as it is.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] where something is there that may not be replaced; else whatever writing gives.
pub fn replace(path: &Path, bytes: &[u8], over: bool) -> std::io::Result<()> {
    put(path, bytes, over, true)
}

/// The same over whatever is there, without waiting until the disk has it: for what is written on the way out, where a slow disk
/// would keep the program, and what a power failure may take with it.
///
/// # Errors
/// Whatever writing gives.
pub fn leave(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    put(path, bytes, true, false)
}

fn put(path: &Path, bytes: &[u8], over: bool, sync: bool) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    if let Some(dir) = dir {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    // Looked at first so that nothing long is written in vain; the move below decides.
    if !over && std::fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().ok_or(ErrorKind::InvalidInput)?);
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_new(&beside, bytes, sync).and_then(|()| {
        if over {
            std::fs::rename(&beside, path)
        } else {
            settle(&beside, path)
        }
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], sync: bool) -> std::io::Result<()> {
    // What an ended process of the same number left behind is nobody's.
    let _ = std::fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    if sync { file.sync_all() } else { Ok(()) }
}

/// Moves a file where nothing may be: a link fails when something is, a move would not.
fn settle(from: &Path, to: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(from, to) {
        Ok(()) => std::fs::remove_file(from),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // A file system without links.
        Err(_) if std::fs::symlink_metadata(to).is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => std::fs::rename(from, to),
    }
}

/// Writes a new file that only its owner can read (0600), with the directories it needs (0700); never over an existing one.
pub fn create(path: &Path, text: &str) -> std::io::Result<()> {
    make_room(path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes a person's own file anew, whole or not at all: whoever reads it meanwhile sees the old one or the new one. A link is
/// followed; the mode stays, a new file is its owner's only (0600).
pub fn rewrite(path: &Path, text: &str) -> std::io::Result<()> {
    make_room(path)?;
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mode = std::fs::metadata(&real).map_or(0o600, |seen| seen.mode() & 0o777);
    let mut beside = real.clone().into_os_string();
    beside.push(format!(".{}.new", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, &real)
    })();
    if written.is_err() {
        // What was begun is of no use; the old file is untouched.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_only_when_it_may_be() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plans.csv");
        replace(&path, b"one", false).unwrap();
        assert_eq!(
            replace(&path, b"two", false).unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        replace(&path, b"two", true).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        // A directory in the way, and a place that cannot be written: nothing is left behind.
        std::fs::create_dir(dir.path().join("d")).unwrap();
        assert!(replace(&dir.path().join("d"), b"x", true).is_err());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn of_two_that_write_a_new_file_at_once_one_is_told_that_it_exists() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("a"), dir.path().join("b"));
        std::fs::write(&from, "late").unwrap();
        std::fs::write(&to, "early").unwrap();
        assert_eq!(settle(&from, &to).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&to).unwrap(), b"early");
    }
}
