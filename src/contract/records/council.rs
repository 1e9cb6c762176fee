//! The council's meetings and decisions, the private sector's demands, evaluations and campaigns.

use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Id, Moment, Text};
use smol_str::SmolStr;

open_list! {
    /// Where a decision stands.
    DecisionState in "state.decision" {
        /// Decided, not yet notified.
        Decided = "decided",
        /// Notified to the agency.
        Notified = "notified",
        /// In progress.
        InProgress = "in-progress",
        /// Executed.
        Executed = "executed",
        /// Not executed.
        NotExecuted = "not-executed",
        /// Settled otherwise.
        Settled = "settled",
    }
}

impl DecisionState {
    /// True when nothing more is expected.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Executed | Self::NotExecuted | Self::Settled)
    }
}

open_list! {
    /// Where a demand stands.
    DemandState in "state.demand" {
        /// Received.
        Received = "received",
        /// Referred to an agency.
        Referred = "referred",
        /// Answered.
        Answered = "answered",
        /// Settled.
        Settled = "settled",
        /// Rejected.
        Rejected = "rejected",
    }
}

impl DemandState {
    /// True when nothing more is expected.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Answered | Self::Settled | Self::Rejected)
    }
}

open_list! {
    /// The four kinds of campaign.
    CampaignKind in "campaign" {
        /// Cultural.
        Cultural = "cultural",
        /// Media.
        Media = "media",
        /// Publicity.
        Publicity = "publicity",
        /// Explanatory.
        Explanatory = "explanatory",
    }
}

open_list! {
    /// Where a campaign stands.
    CampaignState in "state.campaign" {
        /// Planned.
        Planned = "planned",
        /// Running.
        Running = "running",
        /// Done.
        Done = "done",
    }
}

object! {
    /// A numbered meeting of a body.
    Meeting {
        /// Its id.
        id: Id,
        /// Its number, counted within the body.
        number: u32,
        /// The council, a committee, or the chamber's working group.
        body: Text,
        /// The day it was held.
        on: Day,
        /// Its agenda.
        agenda: Vec<Text>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A decision of a meeting.
    Decision {
        /// Its id.
        id: Id,
        /// The meeting that took it.
        meeting: Id,
        /// Its number within the meeting.
        number: u32,
        /// Its text.
        text: Text,
        /// The agency responsible.
        agency: Id,
        /// When the agency was notified.
        notified: Option<Day>,
        /// The deadline.
        due: Option<Day>,
        /// Where it stands.
        state: DecisionState,
        /// Why it was not executed.
        reason: Option<Text>,
        /// When it was executed.
        executed: Option<Day>,
        /// What proves it.
        evidence: Vec<Text>,
        /// The measure it serves.
        measure: Option<Id>,
        /// The project it concerns.
        project: Option<Id>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A demand of the private sector.
    Demand {
        /// Its id.
        id: Id,
        /// Who raised it.
        raised_by: Text,
        /// Its topic.
        topic: Text,
        /// Its text.
        text: Text,
        /// The agency addressed.
        agency: Option<Id>,
        /// When the secretariat received it.
        received: Day,
        /// The deadline of the answer.
        due: Option<Day>,
        /// Where it stands.
        state: DemandState,
        /// When it was answered.
        answered: Option<Day>,
        /// The answer.
        answer: Option<Text>,
        /// The decision it led to.
        decision: Option<Id>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A judgement of a body about a record.
    Evaluation {
        /// Its id.
        id: Id,
        /// The kind of record judged.
        subject_kind: SmolStr,
        /// The record judged.
        subject: Id,
        /// The meeting it was given in.
        meeting: Option<Id>,
        /// The day.
        on: Day,
        /// The body that judged.
        by: Text,
        /// The score, 0–100.
        score: Option<Num>,
        /// The verdict in words.
        verdict: Text,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

object! {
    /// A cultural, media, publicity or explanatory campaign.
    Campaign {
        /// Its id.
        id: Id,
        /// Which of the four kinds.
        campaign_kind: CampaignKind,
        /// Its title.
        title: Text,
        /// The agency that runs it.
        agency: Id,
        /// First day.
        start: Option<Day>,
        /// Last day.
        end: Option<Day>,
        /// Whom it addresses.
        audience: Option<Text>,
        /// People to reach.
        reach_planned: Option<Num>,
        /// People reached.
        reach: Option<Num>,
        /// Where it stands.
        state: Option<CampaignState>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}
