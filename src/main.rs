//! Parses arguments and hands over to a command; nothing else.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    rasad::cli::main()
}
