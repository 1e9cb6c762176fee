//! The terminal asked outside the program: once, bounded, with its modes put back whatever happens. For commands that print.

use super::detect::{self, Answers, Choice, Environment};
use super::input::{Input, Parser};
use super::tty::{self, Tty};
use crate::clock;
use rustix::termios::Termios;
use std::io;
use std::time::Duration;

/// Raw mode for the time of a question.
struct Raw<'a> {
    tty: &'a Tty,
    before: Termios,
}

impl<'a> Raw<'a> {
    fn enter(tty: &'a Tty) -> io::Result<Self> {
        let before = tty.attributes()?;
        tty.set_attributes(&tty::raw(&before))?;
        Ok(Self { tty, before })
    }
}

impl Drop for Raw<'_> {
    fn drop(&mut self) {
        // A terminal that is gone has no modes to be put back.
        let _ = self.tty.set_attributes(&self.before);
    }
}

/// What the terminal says of itself, and which profile follows. A terminal that says nothing costs [`Environment::wait`].
///
/// # Errors
/// The terminal failed.
pub fn recognise(tty: &Tty, environment: &Environment) -> io::Result<(Answers, Choice)> {
    let mut answers = Answers::default();
    if !environment.is_linux_console() {
        let _raw = Raw::enter(tty)?;
        ask(tty, detect::QUERY, environment.wait(), &mut answers)?;
        if answers.ask_outer() {
            ask(tty, detect::QUERY_THROUGH_SCREEN, environment.wait(), &mut answers)?;
        }
    }
    if answers.needs_tmux(environment) {
        answers.tmux_client = detect::ask_tmux().blocking_recv().ok().flatten();
    }
    let choice = detect::choose(&answers, environment);
    Ok((answers, choice))
}

/// Asks and takes answers until the last one, or until the time is up.
fn ask(tty: &Tty, question: &[u8], wait: Duration, answers: &mut Answers) -> io::Result<()> {
    tty.write_all(question, Some(wait))?;
    let begun = clock::tick();
    let mut parser = Parser::new();
    let mut buffer = [0; 1024];
    while !answers.are_all() {
        let left = wait.saturating_sub(begun.elapsed());
        if left.is_zero() {
            break;
        }
        let inputs = match tty.read(&mut buffer, Some(left))? {
            None => continue,
            Some(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(count) => parser.feed(buffer.get(..count).unwrap_or_default()),
        };
        for input in inputs {
            if let Input::Reply(reply) = input {
                answers.take(&reply);
            }
        }
    }
    Ok(())
}

/// Keys as the program would get them, one call each, until `key` says that it is enough or none comes for `wait`.
///
/// # Errors
/// The terminal failed or is gone.
pub fn keys(tty: &Tty, wait: Duration, mut key: impl FnMut(Input) -> bool) -> io::Result<()> {
    let _raw = Raw::enter(tty)?;
    let mut parser = Parser::new();
    let mut buffer = [0; 1024];
    loop {
        let limit = parser.pending().unwrap_or(wait);
        let inputs = match tty.read(&mut buffer, Some(limit))? {
            None if parser.pending().is_some() => parser.flush(),
            None => return Ok(()),
            Some(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(count) => parser.feed(buffer.get(..count).unwrap_or_default()),
        };
        for input in inputs {
            if !key(input) {
                return Ok(());
            }
        }
    }
}
