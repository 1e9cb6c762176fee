//! The embedded synthetic province: its generator, its history and its life. Pure: no files, no clock, no screen; whoever wants
//! bytes in a file brings a writer.
//!
//! The program carries the first province's newest state and its earlier ones as compressed NDJSON, so that rows are on screen
//! before a generator could have made them; a test keeps both equal to what the generator says.

pub mod document;
pub mod generate;
pub mod history;
pub mod life;
pub mod province;
pub mod rng;
pub mod simulate;
pub mod words;

#[cfg(test)]
mod tests;

pub use document::{Form, Sample};
pub use history::Past;
pub use simulate::Simulation;

use crate::clock::Day;
use std::io::{self, BufReader, Read};

/// The file of the newest state, in the folder of embedded data.
pub const CURRENT_FILE: &str = "current.ndjson.zst";
/// The file of the earlier states, in the folder of embedded data.
pub const HISTORY_FILE: &str = "history.ndjson.zst";

static CURRENT: &[u8] = include_bytes!("../../../config/sample/current.ndjson.zst");
static HISTORY: &[u8] = include_bytes!("../../../config/sample/history.ndjson.zst");

/// The newest state as NDJSON, decompressed as it is read: the headquarters, the small kinds, initiatives last.
///
/// # Errors
/// When memory for the decompressor is lacking.
pub fn current() -> io::Result<impl Read> {
    zstd::Decoder::with_buffer(CURRENT)
}

/// The earlier states, newest first, each as what to change in the next newer one.
///
/// # Errors
/// When memory for the decompressor is lacking.
pub fn past() -> io::Result<impl Iterator<Item = io::Result<Past>>> {
    Ok(history::read(BufReader::new(zstd::Decoder::with_buffer(HISTORY)?)))
}

/// What to change in the newest state to get the newest kept one not after a day; nothing when none is that old.
///
/// # Errors
/// When memory for the decompressor is lacking.
pub fn back_to(day: Day) -> io::Result<Option<Past>> {
    history::back_to(past()?, day)
}
