//! All state of the user interface and its rules; knows no ratatui, no tokio and no I/O.
