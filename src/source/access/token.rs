//! The token: from where it is kept to the one header it travels in.

use super::{Secret, Token};
use crate::contract::{Fault, Problem, What, clean};
use reqwest::header::HeaderValue;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A command that takes longer is not waited for: it probably asks somebody who is not there.
const COMMAND: Duration = Duration::from_secs(10);
/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// No token is longer, in bytes.
const MOST: usize = 4_096;

impl Token {
    /// The header that carries the token, marked so that nobody prints it; nothing when there is no token.
    ///
    /// # Errors
    /// What keeps the token from being read, without a word of it. `gone` true gives a running command up.
    pub(in crate::source) fn header(&self, gone: &dyn Fn() -> bool) -> Result<Option<HeaderValue>, Problem> {
        let (bytes, from) = match self {
            Self::None => return Ok(None),
            Self::Given(Secret(text), from) => (text.clone().into_bytes(), (*from).into()),
            Self::File(path) => (super::read(path, true)?, clean::excerpt(&path.to_string_lossy())),
            Self::Command(command) => (run(command, gone)?, "--token-command".into()),
        };
        let bad = || Problem::fatal(What::Link(Fault::BadToken(from)));
        let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
        if text.is_empty() || text.len() > MOST || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(bad());
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| bad())?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// What a shell command prints. Its own complaints are not shown: they might repeat a secret, and the screen is not theirs.
fn run(command: &str, gone: &dyn Fn() -> bool) -> Result<Vec<u8>, Problem> {
    let failed = |why: String| Problem::fatal(What::Link(Fault::TokenCommand(clean::excerpt(&why))));
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let Some(out) = child.stdout.take() else {
        return Err(failed("stdout".to_owned()));
    };
    // Read beside waiting: a command that prints more than a pipe holds would never end.
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = out.take(MOST as u64 + 2).read_to_end(&mut bytes);
        bytes
    });
    let begun = crate::clock::tick();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < COMMAND && !gone() => std::thread::sleep(LOOK),
            other => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(
                    other
                        .err()
                        .map_or_else(|| format!("{} s", COMMAND.as_secs()), |error| error.to_string()),
                ));
            }
        }
    };
    if !status.success() {
        return Err(failed(status.to_string()));
    }
    Ok(reader.join().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn header(token: &Token) -> Result<Option<String>, &'static str> {
        let value = token.header(&|| false).map_err(|problem| {
            let said = format!("{problem:?} {}", problem.sentence(crate::text::Lang::Fa));
            assert!(!said.contains("sesame"), "{said}");
            problem.slug()
        })?;
        if let Some(value) = &value {
            assert!(value.is_sensitive() && !format!("{value:?}").contains("sesame"));
        }
        Ok(value.map(|value| value.to_str().unwrap().to_owned()))
    }

    #[test]
    fn a_token_comes_from_a_variable_a_file_or_a_command() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "  sesame-file \n").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        let said = |text: &str| Ok(Some(format!("Bearer {text}")));
        assert_eq!(header(&Token::None), Ok(None));
        assert_eq!(
            header(&Token::Given(Secret::new("sesame"), "RASAD_TOKEN")),
            said("sesame")
        );
        assert_eq!(header(&Token::File(path)), said("sesame-file"));
        let command = "cat >&2 /dev/null; printf 'sesame-%s\\n' command";
        assert_eq!(header(&Token::Command(command.into())), said("sesame-command"));
    }

    #[test]
    fn what_is_no_token_is_refused_without_repeating_it() {
        for text in [
            "",
            " \n",
            "sesame one",
            "sesame\u{1b}[0m",
            "sesame\r\nx: y",
            "رمز-sesame",
        ] {
            assert_eq!(
                header(&Token::Given(Secret::new(text), "RASAD_TOKEN")),
                Err("bad-token"),
                "{text:?}"
            );
        }
        let long = "sesame".repeat(1_000);
        assert_eq!(
            header(&Token::Given(Secret::new(long), "RASAD_TOKEN")),
            Err("bad-token")
        );
        assert_eq!(
            header(&Token::Command("echo sesame; exit 3".into())),
            Err("token-command")
        );
        assert_eq!(
            header(&Token::Command("yes sesame | head -c 100000".into())),
            Err("token-command")
        );
    }

    #[test]
    fn a_command_that_hangs_ends_when_nobody_wants_it_any_more() {
        let begun = crate::clock::tick();
        let asked = std::cell::Cell::new(0);
        let gone = || asked.replace(asked.get() + 1) > 2;
        assert!(Token::Command("sleep 60".into()).header(&gone).is_err());
        assert!(begun.elapsed() < Duration::from_secs(9));
    }
}
