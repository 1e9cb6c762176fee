//! The only code that touches the terminal.

pub mod clipboard;
pub mod dashboard;
pub mod detect;
pub mod frames;
pub mod input;
mod pen;
pub mod reader;
pub mod run;
pub mod screen;
pub mod terminal;
pub mod tty;
pub mod writer;
