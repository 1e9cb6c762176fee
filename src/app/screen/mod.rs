//! The screens of the program; each holds ids and positions, never records.

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

use crate::board::participation::By;
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
    /// What differs between two states.
    Changes(changes::Changes),
    /// What a record was in every kept state.
    History(history::History),
    /// The brief for the next meeting.
    Brief(brief::Brief),
    /// Participation told apart.
    Participation(participation::ParticipationView),
    /// Who goes to whom.
    Outreach(outreach::OutreachView),
    /// The counties where they lie.
    Map(map::Map),
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
    /// What a record was in every kept state.
    History(Kind, Id),
    /// The brief for the next meeting.
    Brief,
    /// Participation told apart, narrowed where that is asked for.
    Participation {
        /// What the rows are.
        by: By,
        /// Which figures are shown.
        figures: participation::Figures,
        /// Only this kind of initiative.
        kind: Option<InitiativeKind>,
        /// Only this county.
        county: Option<Id>,
    },
    /// Who goes to whom; with a body, the initiatives it went to.
    Outreach(Option<Id>),
    /// The counties where they lie.
    Map,
}
