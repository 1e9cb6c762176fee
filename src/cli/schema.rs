//! `rasad schema`: prints the JSON Schema of a document.

use crate::contract::schema;
use std::io::Write as _;
use std::process::ExitCode;

/// Prints the schema.
pub fn run() -> ExitCode {
    // A reader that has seen enough is no failure.
    let _ = std::io::stdout().lock().write_all(schema::printed().as_bytes());
    ExitCode::SUCCESS
}
