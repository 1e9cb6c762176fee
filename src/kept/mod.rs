//! Dated copies of what a source said, kept on this machine: one file a day and source, so that what was rewritten since can be
//! seen. Writes only into the user's data directory; it must not know screens, nor why a copy is wanted.

pub mod format;
mod store;

pub use format::Damaged;
pub use store::{Store, name_of};
