//! One file per screen.

pub mod counties;
pub mod list;
pub mod overview;
pub mod page;
pub mod problems;
pub mod sheet;
