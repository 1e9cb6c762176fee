//! The screens of the program; each holds ids and positions, never records.

pub mod counties;
pub mod list;
pub mod overview;
pub mod page;
pub mod problems;
pub mod sheet;

use crate::board::rows::ListSpec;
use crate::contract::{Id, InitiativeKind, Kind};

/// A screen on the way from the overview to where the operator is.
#[derive(Debug)]
pub enum Screen {
    /// The start: what is late, who owes it, what needs attention.
    Overview(overview::Overview),
    /// All records of a kind, or those of a scope.
    List(list::List),
    /// One record.
    Page(page::Page),
    /// Counties of one kind of initiative.
    Counties(counties::Counties),
    /// What is wrong with the data of the source.
    Problems(problems::ProblemList),
    /// What a kind amounts to.
    Sheet(sheet::Sheet),
}

/// Where Enter leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A record's page.
    Record(Kind, Id),
    /// A list.
    List(ListSpec),
    /// The counties of one kind of initiative.
    Counties(InitiativeKind),
    /// What is wrong with the data.
    Problems,
    /// What a kind amounts to.
    Sheet(sheet::Topic),
}
