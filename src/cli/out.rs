//! What commands that print and end have in common: their streams, choices of an option, and what they say when writing fails.

use super::FAILED;
use super::load::Loaded;
use crate::exchange::safe_line;
use crate::i18n::tf;
use crate::text::{Lang, number};
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;

/// Where a command writes.
pub struct Streams<'a> {
    /// What was asked for.
    pub out: Box<dyn Write + 'a>,
    /// What went wrong.
    pub err: Box<dyn Write + 'a>,
    /// Cells of a line when a terminal reads it.
    pub width: Option<usize>,
}

/// Runs a command on this process's streams.
pub fn on_process(command: impl FnOnce(&mut Streams<'_>) -> u8) -> ExitCode {
    let stdout = io::stdout().lock();
    let size = stdout
        .is_terminal()
        .then(|| rustix::termios::tcgetwinsize(&stdout).ok());
    let width = size
        .flatten()
        .map(|size| usize::from(size.ws_col))
        .filter(|width| *width > 0);
    let mut streams = Streams {
        out: Box::new(BufWriter::new(stdout)),
        err: Box::new(io::stderr().lock()),
        width,
    };
    ExitCode::from(command(&mut streams))
}

impl Streams<'_> {
    /// One line for a person; a terminal that is gone needs none.
    pub fn complain(&mut self, line: &str) {
        let _ = writeln!(self.err, "{}", safe_line(line));
    }

    /// Ends the output; the exit code when nothing more is to be said.
    pub fn settle(&mut self, written: io::Result<()>, lang: Lang) -> Option<u8> {
        match written.and_then(|()| self.out.flush()) {
            Ok(()) => None,
            // The reader has seen enough (`| head`).
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Some(0),
            Err(error) => {
                self.complain(&tf(lang, "show.write-failed", &[("why", &error.to_string())]));
                Some(FAILED)
            }
        }
    }

    /// Says that records are missing, if some are.
    pub fn left_out(&mut self, loaded: &Loaded, lang: Lang) {
        if loaded.left_out() > 0 {
            let n = number::digits(&loaded.left_out().to_string(), lang);
            self.complain(&tf(lang, "show.left-out", &[("n", &n), ("command", "rasad check")]));
        }
    }
}

/// One of the choices of an option, or the sentence that names them all.
///
/// # Errors
/// The option has no such choice.
pub fn choice<T: Copy>(
    option: &str,
    given: Option<&str>,
    known: &[(&str, T)],
    lang: Lang,
) -> Result<Option<T>, String> {
    let Some(given) = given else { return Ok(None) };
    match known.iter().find(|(name, _)| name.eq_ignore_ascii_case(given)) {
        Some((_, choice)) => Ok(Some(*choice)),
        None => {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let why = tf(
                lang,
                "show.unknown-format",
                &[("name", given), ("known", &names.join(" "))],
            );
            Err(tf(lang, "show.error", &[("option", option), ("why", &why)]))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::cli::Common;
    use crate::clock::Clock;
    use crate::config::Env;
    use crate::text::visible;
    use std::path::Path;

    /// What a command said.
    pub struct Said {
        pub code: u8,
        pub out: String,
        pub err: String,
    }

    /// Runs a command line on a file, with an empty environment, at noon of 22 May 2024 in Tehran.
    pub fn command<A: clap::Args + clap::FromArgMatches>(
        source: &Path,
        line: &[&str],
        run: impl FnOnce(&A, &Common, &Env, Clock, &mut Streams<'_>) -> u8,
    ) -> Said {
        command_on(Some(source), line, run)
    }

    /// The same, on the sample where no file is given.
    pub fn command_on<A: clap::Args + clap::FromArgMatches>(
        source: Option<&Path>,
        line: &[&str],
        run: impl FnOnce(&A, &Common, &Env, Clock, &mut Streams<'_>) -> u8,
    ) -> Said {
        #[derive(clap::Parser)]
        struct Cli<A: clap::Args> {
            #[command(flatten)]
            args: A,
            #[command(flatten)]
            common: Common,
        }
        let mut words = vec!["command"];
        words.extend(line);
        let Cli { args, mut common } = <Cli<A> as clap::Parser>::try_parse_from(words).unwrap();
        common.source = common.source.or(source.map(|path| path.to_str().unwrap().to_owned()));
        let clock = Clock::Fixed("2024-05-22T08:30:00Z".parse().unwrap());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let env = Env::of(&[("HOME", "/nowhere")]);
        let mut streams = Streams {
            out: Box::new(&mut out),
            err: Box::new(&mut err),
            width: None,
        };
        let code = run(&args, &common, &env, clock, &mut streams);
        drop(streams);
        let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
        for text in [out.replace("\r\n", "\n"), err.clone()] {
            assert!(!text.contains(visible::is_forbidden), "{text:?}");
        }
        Said { code, out, err }
    }
}
