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

/// Writes a new file that only its owner can read (0600), with the directories it needs (0700); never over an existing one.
pub fn create(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Replaces a file's text as a whole, with its permissions, once `check` is content with the new one; a crash leaves the old
/// or the new text, never a part.
pub fn replace(path: &Path, text: &str, check: impl FnOnce(&Path) -> std::io::Result<()>) -> std::io::Result<()> {
    let seen = std::fs::metadata(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Beside the old one, for a rename must not cross file systems.
    let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(seen.permissions())?;
        file.sync_all()?;
        check(&new)?;
        std::fs::rename(&new, path)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&new)))
}
