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

/// Writes a new file that only its owner can read (0600), with the directories it needs (0700); never over an existing one.
pub fn create(path: &Path, text: &str) -> std::io::Result<()> {
    make_room(path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Replaces a file by a new text, whole or not at all: whoever reads it meanwhile sees the old one or the new one. A link is
/// followed; the mode stays, a new file is its owner's only (0600).
pub fn replace(path: &Path, text: &str) -> std::io::Result<()> {
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
