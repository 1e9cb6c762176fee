//! The program on a real pseudo-terminal: what a user's terminal, shell and session see of it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod burden;
mod changes;
mod dashboard;
mod feed;
mod harness;
mod kiosk;
mod life;
mod program;
mod reloads;
mod rough;
mod terminal;
