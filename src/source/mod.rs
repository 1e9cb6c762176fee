//! Bytes in, checked changes out; owns all input, output and retry. Knows nothing of boards and screens.
//!
//! A source is only ever opened for reading: a test scans this room for anything that could write.

mod access;
pub mod backoff;
mod collect;
mod document;
pub mod feed;
pub mod file;
pub mod http;
mod input;
mod location;
mod long;
mod ndjson;
mod pieces;
mod record;
pub mod sample;
mod scan;
mod window;
mod wire;

#[cfg(test)]
mod tests;

pub use access::{Access, Secret, Token};
pub use collect::{Item, Progress, Stop, Summary};
pub use document::{read, read_beside};
pub(crate) use input::problem_of;
pub use location::Source;
pub use wire::{Failure, Interrupt, Pace, Patience};

/// How much a source may cost. Every limit counts after decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest document in bytes; the setting `source.max_bytes`.
    pub max_bytes: u64,
    /// Longest record, line or other single value in bytes; the setting `source.max_record_bytes`.
    pub max_record_bytes: usize,
    /// Problems named one by one, for notes and for everything else each; the rest is only counted.
    pub max_problems: usize,
    /// Also look for references that lead nowhere, unknown values and figures out of range. The board finds these by
    /// itself, so only a check asks for them.
    pub cross_check: bool,
    /// The lines of each kind stand together: a kind is handed over as soon as another begins, not at the end. Whatever
    /// comes later all the same hands it over again. Nobody promises this of foreign input.
    pub kinds_together: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_record_bytes: 16 << 20,
            max_problems: 1_000,
            cross_check: false,
            kinds_together: false,
        }
    }
}
