//! The only code that touches the terminal.

pub mod alert;
pub mod clipboard;
pub mod dashboard;
pub mod detect;
pub mod frames;
pub mod inline;
pub mod input;
pub mod keeper;
mod moves;
mod pen;
pub mod probe;
pub mod reader;
pub mod recall;
mod reports;
pub mod run;
pub mod screen;
mod shade;
pub mod terminal;
pub mod tty;
pub mod writer;
