//! Owns a source and a board, applies changes and publishes reports.
