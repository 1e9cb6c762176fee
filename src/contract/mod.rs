//! What travels: records, their cleaning, checking and schema. No I/O, no clock, nothing of the screen.
//!
//! A record is read twice at most. The fast way is serde's, straight into the types; it accepts only what needs no mending.
//! Whatever it refuses goes the slow way ([`read::Read`]), which walks the record as JSON, mends what can be mended, keeps what
//! it does not know and names every problem with its path.

#[macro_use]
mod macros;

pub mod change;
pub mod check;
pub mod clean;
pub mod date;
pub mod fault;
pub mod feed;
pub mod figure;
pub mod id;
pub mod kind;
pub mod packed;
pub mod path;
pub mod problem;
pub mod read;
pub mod records;
pub mod rules;
pub mod schema;
pub mod text;
pub mod thresholds;
pub mod value;

pub use change::{Change, Records};
pub use date::Moment;
pub use fault::Fault;
pub use figure::{Figure, Num, Step};
pub use id::Id;
pub use kind::{Kind, Record};
pub use path::Path;
pub use problem::{Level, Place, Problem, What};
pub use records::*;
pub use text::Text;
pub use thresholds::Thresholds;

/// The version of the contract this program reads and writes: the value of a document's `rasad` member.
pub const VERSION: u64 = 1;

/// Fields a record carried that this version does not know, as they stood.
pub type Extra = serde_json::Map<String, serde_json::Value>;
