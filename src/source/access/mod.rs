//! Who we are to a server and whom we trust: token, authority, client certificate. A secret is never shown, logged, or put
//! into an address; it is read when a connection is made, so that a renewed one counts without a restart.

mod tls;
mod token;

pub(super) use tls::{client, told};

use std::path::{Path, PathBuf};

/// Text nobody may see.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret of that text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Where the token comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Token {
    /// There is none.
    #[default]
    None,
    /// It was given, and by what: the name of a variable.
    Given(Secret, &'static str),
    /// A file that only its owner may read.
    File(PathBuf),
    /// What a shell command prints.
    Command(String),
}

/// What is needed to be let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The only authority whose signature on the server's certificate counts, instead of those the system trusts.
    pub ca: Option<PathBuf>,
    /// Our own certificate.
    pub certificate: Option<PathBuf>,
    /// Its private key, which only its owner may read.
    pub key: Option<PathBuf>,
    /// Our token.
    pub token: Token,
}

/// A small file as it stands; `secret` ones only when nobody but their owner can read them.
fn read(path: &Path, secret: bool) -> Result<Vec<u8>, crate::contract::Problem> {
    use crate::contract::{Fault, Problem, What, clean};
    use std::io::{Error, ErrorKind, Read as _};
    use std::os::unix::fs::MetadataExt as _;
    /// No key, certificate chain or token is longer, in bytes.
    const MOST: u64 = 1 << 20;
    /// Read permission of group and others; whoever may write could put another secret in its place, or read it that way.
    const OTHERS: u32 = 0o077;

    let shown = || clean::excerpt(&path.to_string_lossy());
    let fault = |fault| Problem::fatal(What::Link(fault));
    let failed = |error: Error| {
        fault(Fault::AccessFile {
            path: shown(),
            why: clean::excerpt(&error.to_string()),
        })
    };
    // Looked at by name first: opening a pipe would wait for a writer.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(Error::from(ErrorKind::InvalidInput)));
    }
    let file = std::fs::File::open(path).map_err(failed)?;
    let seen = file.metadata().map_err(failed)?;
    let me = rustix::process::geteuid().as_raw();
    if secret && (seen.mode() & OTHERS != 0 || (seen.uid() != me && seen.uid() != 0)) {
        let quoted = crate::text::shell::quoted(path);
        let command = if seen.uid() == me || seen.uid() == 0 {
            format!("chmod 600 {quoted}")
        } else {
            format!("sudo chown \"$(id -un)\" {quoted} && chmod 600 {quoted}")
        };
        return Err(fault(Fault::ReadableByOthers {
            path: shown(),
            command: command.into(),
        }));
    }
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST {
        return Err(failed(Error::from(ErrorKind::FileTooLarge)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let access = Access {
            token: Token::Given(Secret::new("رمز-sesame"), "RASAD_TOKEN"),
            ..Access::default()
        };
        let shown = format!("{access:?} {access:#?}");
        assert!(shown.contains("[redacted]") && !shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn a_secret_file_is_read_only_when_nobody_else_can_and_the_command_that_mends_it_does() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("my token");
        std::fs::write(&path, "sesame\n").unwrap();
        for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            let problem = read(&path, true).unwrap_err();
            assert_eq!(problem.slug(), "readable-by-others", "{mode:o}");
            let sentence = problem.sentence(crate::text::Lang::En);
            let (_, command) = sentence.split_once("mend it with: ").unwrap();
            let done = std::process::Command::new("sh").args(["-c", command]).status().unwrap();
            assert!(done.success());
            assert_eq!(read(&path, true).unwrap(), b"sesame\n", "{mode:o}");
            // A certificate is no secret.
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            assert!(read(&path, false).is_ok());
        }
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        for path in [dir.path().to_owned(), dir.path().join("none"), pipe] {
            assert_eq!(read(&path, false).unwrap_err().slug(), "access-file", "{path:?}");
        }
        let large = dir.path().join("large");
        std::fs::File::create(&large).unwrap().set_len(2 << 20).unwrap();
        assert_eq!(read(&large, false).unwrap_err().slug(), "access-file");
    }
}
