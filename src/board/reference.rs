//! Every reference one record makes to another: the one list of them in the program. It must not know how they are kept.

use crate::contract::{Id, Kind, Record};

/// What a reference may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A record of one kind.
    One(Kind),
    /// An agency or an enterprise.
    Body,
    /// A record of the kind named beside it in the record itself.
    Named,
    /// A county of the headquarters.
    County,
    /// Something of a kind this version does not know.
    Unknown,
}

impl Target {
    /// The kinds of record it may name.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::One(kind) => {
                let at = kind as usize;
                Kind::ALL.get(at..=at).unwrap_or_default()
            }
            Self::Body => &[Kind::Agency, Kind::Enterprise],
            Self::Named => Kind::ALL,
            Self::County | Self::Unknown => &[],
        }
    }
}

macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident = $kind:ident $field:literal -> $target:expr),* $(,)?) => {
        /// A field that refers to another record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$meta])* $name),* }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The kind of record that has the field.
            pub fn from(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),* }
            }

            /// The field's name in the contract (a member of a list is `list.member`).
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $field),* }
            }

            /// What it may name.
            pub fn target(self) -> Target {
                match self { $(Self::$name => $target),* }
            }
        }
    };
}

fields! {
    /// The agency in charge of a measure.
    MeasureLead = Measure "lead" -> Target::One(Kind::Agency),
    /// The measure of a project.
    ProjectMeasure = Project "measure" -> Target::One(Kind::Measure),
    /// The agency responsible for a project.
    ProjectAgency = Project "agency" -> Target::One(Kind::Agency),
    /// The county of a project.
    ProjectCounty = Project "county" -> Target::County,
    /// The measure a duty serves.
    DutyMeasure = Agency "duties.measure" -> Target::One(Kind::Measure),
    /// The agency that owes a plan.
    PlanAgency = Plan "agency" -> Target::One(Kind::Agency),
    /// The county of an enterprise.
    EnterpriseCounty = Enterprise "county" -> Target::County,
    /// The meeting of a decision.
    DecisionMeeting = Decision "meeting" -> Target::One(Kind::Meeting),
    /// The agency responsible for a decision.
    DecisionAgency = Decision "agency" -> Target::One(Kind::Agency),
    /// The measure a decision serves.
    DecisionMeasure = Decision "measure" -> Target::One(Kind::Measure),
    /// The project a decision concerns.
    DecisionProject = Decision "project" -> Target::One(Kind::Project),
    /// The agency a demand is addressed to.
    DemandAgency = Demand "agency" -> Target::One(Kind::Agency),
    /// The decision a demand led to.
    DemandDecision = Demand "decision" -> Target::One(Kind::Decision),
    /// The agency that runs a campaign.
    CampaignAgency = Campaign "agency" -> Target::One(Kind::Agency),
    /// The record an evaluation judges.
    EvaluationSubject = Evaluation "subject" -> Target::Named,
    /// The meeting an evaluation was given in.
    EvaluationMeeting = Evaluation "meeting" -> Target::One(Kind::Meeting),
    /// The measure an initiative serves.
    InitiativeMeasure = Initiative "measure" -> Target::One(Kind::Measure),
    /// The project an initiative belongs to.
    InitiativeProject = Initiative "project" -> Target::One(Kind::Project),
    /// The county of an initiative.
    InitiativeCounty = Initiative "county" -> Target::County,
    /// Who stands by an initiative.
    InitiativeSponsor = Initiative "sponsor" -> Target::Body,
    /// Who went to an initiative.
    InitiativeOutreach = Initiative "outreach.by" -> Target::Body,
}

impl Field {
    /// Where the catalogue keeps the field's title: the object it stands in and its name there.
    pub fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::DutyMeasure => ("duty", "measure"),
            Self::InitiativeOutreach => ("outreach", "by"),
            field => (field.from().as_str(), field.name()),
        }
    }

    /// The fields that may name a record of a kind.
    pub fn to(kind: Kind) -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(move |field| field.target().kinds().contains(&kind))
    }
}

/// Calls `found` with every reference of a record, in the order of its fields; the target is never [`Target::Named`].
pub fn references<'a>(record: &'a Record, mut found: impl FnMut(Field, Target, &'a Id)) {
    let mut one = |field: Field, id: &'a Id| found(field, field.target(), id);
    match record {
        Record::Measure(r) => one(Field::MeasureLead, &r.lead),
        Record::Project(r) => {
            one(Field::ProjectMeasure, &r.measure);
            one(Field::ProjectAgency, &r.agency);
            r.county.iter().for_each(|id| one(Field::ProjectCounty, id));
        }
        Record::Agency(r) => r
            .duties
            .iter()
            .filter_map(|duty| duty.measure.as_ref())
            .for_each(|id| one(Field::DutyMeasure, id)),
        Record::Plan(r) => one(Field::PlanAgency, &r.agency),
        Record::Enterprise(r) => r.county.iter().for_each(|id| one(Field::EnterpriseCounty, id)),
        Record::Meeting(_) => {}
        Record::Decision(r) => {
            one(Field::DecisionMeeting, &r.meeting);
            one(Field::DecisionAgency, &r.agency);
            r.measure.iter().for_each(|id| one(Field::DecisionMeasure, id));
            r.project.iter().for_each(|id| one(Field::DecisionProject, id));
        }
        Record::Demand(r) => {
            r.agency.iter().for_each(|id| one(Field::DemandAgency, id));
            r.decision.iter().for_each(|id| one(Field::DemandDecision, id));
        }
        Record::Campaign(r) => one(Field::CampaignAgency, &r.agency),
        Record::Evaluation(r) => {
            let target = Kind::named(&r.subject_kind).map_or(Target::Unknown, Target::One);
            found(Field::EvaluationSubject, target, &r.subject);
            r.meeting
                .iter()
                .for_each(|id| found(Field::EvaluationMeeting, Field::EvaluationMeeting.target(), id));
        }
        Record::Initiative(r) => {
            r.measure.iter().for_each(|id| one(Field::InitiativeMeasure, id));
            r.project.iter().for_each(|id| one(Field::InitiativeProject, id));
            r.county.iter().for_each(|id| one(Field::InitiativeCounty, id));
            r.sponsor.iter().for_each(|id| one(Field::InitiativeSponsor, id));
            r.outreach
                .iter()
                .for_each(|visit| one(Field::InitiativeOutreach, &visit.by));
        }
    }
}
