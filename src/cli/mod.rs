//! Command line: clap types and one small file per command.

pub mod check;
pub mod config;
pub mod load;
pub mod sample;
pub mod schema;
pub mod show;

/// Runs the program; the exit code is the command's.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
