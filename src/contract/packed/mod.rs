//! Initiatives by the million: packed in columns, many in little memory. Pure; it must not know what a record means to anybody.
//!
//! A province has a hundred thousand initiatives, the country more than a million; every other kind is counted in hundreds. So this
//! one kind is kept as bytes. A [`Chunk`] holds up to [`ROWS`] initiatives in the order of their ids and never changes: a change makes
//! a new chunk of the old one's rows, and whoever looks at the chunks knows by their identity alone which to look at again. What
//! repeats (counties, sponsors, words of lists) is kept once, in [`Names`]; what is searched stands folded, one line a row; what only a
//! record's own page shows stands as compact bytes, and a whole record is made of a row when somebody asks for it.

mod build;
mod bytes;
mod check;
mod chunk;
mod column;
pub mod disk;
mod draft;
mod foresight;
mod late;
pub mod letters;
mod lines;
mod marks;
mod mask;
mod names;
mod narrow;
mod numbers;
mod pairs;
mod parse;
mod quick;
mod table;
mod twofold;

#[cfg(test)]
mod tests;

pub use build::Builder;
pub use chunk::{Chunk, Visit};
pub use column::{CodeColumn, Codes, DayColumn, Days};
pub use draft::{Draft, Steps, TextRef, VisitRef};
pub use foresight::{Foresight, Picked, Sought};
pub use letters::Letters;
pub use lines::Lines;
pub use mask::{Mask, packed};
pub use names::{Kept, Names, Sym};
pub use numbers::Numbers;
pub use pairs::{Beside, Pairs};
pub use quick::Seen;
pub use table::{Place, Table};

/// Most rows of a chunk: few enough that making one anew for one change costs microseconds, many enough that what a chunk costs by
/// itself does not matter.
pub const ROWS: usize = 256;
