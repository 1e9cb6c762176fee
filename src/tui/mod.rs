//! The only code that touches the terminal.

pub mod input;
