//! Every record of contract version 1, field by field; one file per family.

mod agency;
mod council;
mod headquarters;
mod initiative;
mod measure;

pub use agency::*;
pub use council::*;
pub use headquarters::*;
pub use initiative::*;
pub use measure::*;
