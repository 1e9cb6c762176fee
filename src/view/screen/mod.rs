//! One file per screen.

pub mod brief;
pub mod changes;
pub mod counties;
pub mod history;
pub mod list;
pub mod map;
pub mod outreach;
pub mod overview;
pub mod page;
pub mod participation;
pub mod problems;
pub mod sheet;
