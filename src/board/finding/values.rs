//! Short ways to say the values of a finding.

use super::Fact;
use crate::clock::Day;
use crate::contract::{Id, Kind};

pub(super) fn number(value: f64) -> Fact {
    Fact::Number(value)
}

pub(super) fn days(value: i32) -> Fact {
    Fact::Number(f64::from(value))
}

pub(super) fn count(value: usize) -> Fact {
    Fact::Number(value as f64)
}

pub(super) fn day(value: Day) -> Fact {
    Fact::Day(value)
}

pub(super) fn link(kind: Kind, id: &Id) -> Fact {
    Fact::Link(kind, id.clone())
}

/// A limit in days as a number of days.
pub(super) fn limit(days: u32) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}
