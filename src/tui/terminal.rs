//! The guard of the terminal: every mode that is set is put back, whatever ends the program.
//!
//! On return and on `?` by [`Drop`], on a panic by [`install_panic_hook`], on a signal by the loop's return. An error *report* never
//! restores: reports are also made while the program goes on. It must not know what is drawn.

use super::detect::QUERY_BIDI;
use super::tty::{self, Tty};
use crate::text::profile::{Emission, Profile, enter_bytes, exit_bytes};
use crossterm::Command;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use rustix::termios::Termios;
use std::io;
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError, TryLockError};
use std::time::Duration;
use tokio::sync::Notify;

/// The bytes of a command of the terminal.
fn push(bytes: &mut Vec<u8>, command: impl Command) {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = command.write_ansi(&mut text);
    bytes.extend_from_slice(text.as_bytes());
}

/// Bracketed paste, no cursor.
fn set_modes(bytes: &mut Vec<u8>) {
    push(bytes, EnableBracketedPaste);
    push(bytes, Hide);
}

/// All of it taken back, after an update that may have been cut, in the default pen.
fn unset_modes(bytes: &mut Vec<u8>) {
    push(bytes, EndSynchronizedUpdate);
    push(bytes, SetAttribute(Attribute::Reset));
    push(bytes, DisableBracketedPaste);
    push(bytes, Show);
    push(bytes, LeaveAlternateScreen);
}

/// How long a terminal that takes nothing may delay the end of the program.
const STALL: Duration = Duration::from_millis(200);

/// What has to be put back, while anything has.
struct Before {
    tty: Arc<Tty>,
    attributes: Termios,
    leave: Vec<u8>,
}

/// There is one controlling terminal in a process, and a panic hook has no other way to it.
static BEFORE: Mutex<Option<Before>> = Mutex::new(None);

/// A terminal in our hands; dropping it gives it back.
#[derive(Debug)]
pub struct Terminal {
    tty: Arc<Tty>,
    emission: Option<Emission>,
    /// The terminal reordered by itself when we came; unknown until it says so.
    bidi_was_on: Option<bool>,
    /// The terminal is asked about that before it is switched.
    asks: bool,
    /// Its own order was switched off on a guess, before it said anything.
    guessed: bool,
}

impl Terminal {
    /// Takes the terminal: raw mode and our modes; the profile's too, when it is known already or guessed. A guess `asks` the
    /// terminal first what it was like: that is what has to be put back.
    pub fn enter(tty: Arc<Tty>, emission: Option<Emission>, asks: bool) -> io::Result<Self> {
        let terminal = Self {
            tty,
            emission,
            bidi_was_on: None,
            asks,
            guessed: asks && emission.is_some_and(|emission| emission.profile == Profile::Explicit),
        };
        terminal.take()?;
        Ok(terminal)
    }

    fn take(&self) -> io::Result<()> {
        let mut bytes = Vec::new();
        let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = before.as_ref() {
            // Stopped from outside: the screen was never left, but the shell has set its own modes since.
            self.tty.set_attributes(&tty::raw(&before.attributes))?;
        } else {
            let attributes = self.tty.attributes()?;
            let raw = tty::raw(&attributes);
            *before = Some(Before {
                tty: Arc::clone(&self.tty),
                attributes,
                leave: self.leave_bytes(),
            });
            self.tty.set_given_back(false);
            // From here on there is something to put back, so an error puts it back.
            self.tty.set_attributes(&raw)?;
            push(&mut bytes, EnterAlternateScreen);
            if self.asks && self.bidi_was_on.is_none() {
                bytes.extend_from_slice(QUERY_BIDI);
            }
        }
        drop(before);
        set_modes(&mut bytes);
        bytes.extend(self.profile_bytes());
        self.tty.write_all(&bytes, Some(STALL))
    }

    /// Sends what a profile needs beforehand and remembers how it is taken back.
    ///
    /// `bidi_was_on` is what the terminal said of its own reordering before we touched it.
    pub fn set_emission(&mut self, emission: Emission, bidi_was_on: Option<bool>) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(old) = self.emission
            && old.profile == Profile::Mlterm
            && emission.profile != Profile::Mlterm
        {
            bytes.extend(exit_bytes(Profile::Mlterm, old.inside));
        }
        self.emission = Some(emission);
        self.bidi_was_on = bidi_was_on.or(self.bidi_was_on);
        bytes.extend(self.profile_bytes());
        let leave = self.leave_bytes();
        if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            before.leave = leave;
        }
        bytes
    }

    /// Nothing while the profile is unknown: the terminal is to be asked first what has to be put back.
    fn profile_bytes(&self) -> Vec<u8> {
        self.emission.map_or_else(Vec::new, |Emission { profile, inside, .. }| {
            enter_bytes(profile, inside)
        })
    }

    fn leave_bytes(&self) -> Vec<u8> {
        let mut bytes = self.emission.map_or_else(Vec::new, |Emission { profile, inside, .. }| {
            let is_owed = match (profile, self.bidi_was_on) {
                (Profile::Off, _) => false,
                (Profile::Mlterm, _) | (_, Some(true)) => true,
                // Unknown is on: a terminal that is written to explicitly by the user's word has it on by default; and whatever it
                // turned out to be, a switch thrown on a guess is put back where it usually is.
                (profile, None) => profile == Profile::Explicit || self.guessed,
                (_, Some(false)) => false,
            };
            if is_owed {
                exit_bytes(profile, inside)
            } else {
                Vec::new()
            }
        });
        unset_modes(&mut bytes);
        bytes
    }

    /// Takes the terminal again after somebody else had it (stopped and continued, from whatever side).
    pub fn retake(&self) -> io::Result<()> {
        self.take()
    }

    /// Gives the terminal back for the time being.
    pub fn release(&self) -> io::Result<()> {
        restore()
    }

    /// The device.
    pub fn tty(&self) -> &Arc<Tty> {
        &self.tty
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // On a hang-up there is no terminal left to complain about.
        let _ = restore();
    }
}

/// Puts everything back that was set; does nothing the second time.
pub fn restore() -> io::Result<()> {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    before.map_or(Ok(()), give_back)
}

fn give_back(before: Before) -> io::Result<()> {
    before.tty.set_given_back(true);
    let written = before.tty.write_all(&before.leave, Some(STALL));
    before.tty.set_attributes(&before.attributes)?;
    written
}

/// Rung when a panic took the terminal away from a running loop.
pub(super) fn panicked() -> &'static Notify {
    static BELL: OnceLock<Notify> = OnceLock::new();
    BELL.get_or_init(Notify::new)
}

/// From now on a panic on any thread first gives the terminal back, then is reported as before.
///
/// Call it after the report's own hook is installed (color-eyre's), so that the report is written to the restored screen.
pub fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let before = match BEFORE.try_lock() {
                Ok(mut before) => before.take(),
                Err(TryLockError::Poisoned(before)) => before.into_inner().take(),
                // The panic happened while the terminal was being taken or given back.
                Err(TryLockError::WouldBlock) => None,
            };
            let taken = before.is_some();
            if let Some(before) = before {
                let _ = give_back(before);
            }
            report(info);
            if taken {
                // Not earlier: the loop's thread ends the process, perhaps before the report is out.
                panicked().notify_one();
            }
        }));
    });
}
