//! From a record to those that belong to it. All lists are in the order of the ids.

use super::Board;
use super::reference::{Field, Target, references};
use super::store::Table;
use crate::contract::*;
use std::sync::Arc;

macro_rules! relations {
    ($($(#[$meta:meta])* $name:ident: $field:ident -> $type:ident in $table:ident),*; $($(#[$imeta:meta])* $iname:ident: $ifield:ident),* $(,)?) => {
        impl Board {
            $($(#[$imeta])* pub fn $iname(&self, id: &str) -> impl Iterator<Item = Arc<Initiative>> + use<'_> {
                let places = self.initiatives_naming(Field::$ifield, id);
                places.filter_map(|place| self.initiatives().at(place))
            })*
            $($(#[$meta])* pub fn $name(&self, id: &str) -> impl Iterator<Item = &Arc<$type>> + use<'_> {
                self.by(Field::$field, id, self.$table())
            })*
        }
    };
}

relations! {
    /// The measures an agency leads.
    measures_of_agency: MeasureLead -> Measure in measures,
    /// The projects under a measure.
    projects_of_measure: ProjectMeasure -> Project in projects,
    /// The projects of an agency.
    projects_of_agency: ProjectAgency -> Project in projects,
    /// The projects in a county.
    projects_of_county: ProjectCounty -> Project in projects,
    /// The plans of an agency.
    plans_of_agency: PlanAgency -> Plan in plans,
    /// The enterprises in a county.
    enterprises_of_county: EnterpriseCounty -> Enterprise in enterprises,
    /// The decisions of a meeting.
    decisions_of_meeting: DecisionMeeting -> Decision in decisions,
    /// The decisions laid on an agency.
    decisions_of_agency: DecisionAgency -> Decision in decisions,
    /// The decisions that serve a measure.
    decisions_of_measure: DecisionMeasure -> Decision in decisions,
    /// The decisions about a project.
    decisions_of_project: DecisionProject -> Decision in decisions,
    /// The demands addressed to an agency.
    demands_of_agency: DemandAgency -> Demand in demands,
    /// The demands that led to a decision.
    demands_of_decision: DemandDecision -> Demand in demands,
    /// The campaigns of an agency.
    campaigns_of_agency: CampaignAgency -> Campaign in campaigns,
    /// The evaluations given in a meeting.
    evaluations_of_meeting: EvaluationMeeting -> Evaluation in evaluations;
    /// The initiatives that serve a measure.
    initiatives_of_measure: InitiativeMeasure,
    /// The initiatives that belong to a project.
    initiatives_of_project: InitiativeProject,
    /// The initiatives in a county.
    initiatives_of_county: InitiativeCounty,
    /// The initiatives an agency or enterprise stands by.
    initiatives_of_sponsor: InitiativeSponsor,
    /// The initiatives an agency or enterprise went to.
    initiatives_visited_by: InitiativeOutreach,
}

impl Board {
    fn by<'a, T>(
        &'a self,
        field: Field,
        id: &str,
        table: &'a Table<T>,
    ) -> impl Iterator<Item = &'a Arc<T>> + use<'a, T> {
        let referrers = self.index.referrers(field, id);
        referrers.filter_map(|from| table.get(from.as_str()))
    }

    /// The evaluations of a record.
    pub fn evaluations_of(&self, kind: Kind, id: &str) -> impl Iterator<Item = &Arc<Evaluation>> + use<'_> {
        self.by(Field::EvaluationSubject, id, self.evaluations())
            .filter(move |evaluation| Kind::named(&evaluation.subject_kind) == Some(kind))
    }

    /// The ids of the records that name `id` in a field, in order.
    pub fn referring(&self, field: Field, id: &str) -> Box<dyn Iterator<Item = Id> + '_> {
        if field.from() == Kind::Initiative {
            let places = self.initiatives_naming(field, id);
            Box::new(places.filter_map(|place| self.initiatives().id(place)))
        } else {
            Box::new(self.index.referrers(field, id).cloned())
        }
    }

    /// How many records name `id` in a field.
    pub fn count_referring(&self, field: Field, id: &str) -> usize {
        if field.from() == Kind::Initiative {
            self.initiatives_naming(field, id).count()
        } else {
            self.index.referrers(field, id).count()
        }
    }

    /// Every record that refers to a record: its kind, its id and the field, in the order of [`Field::ALL`], then of the ids.
    pub fn referrers(&self, kind: Kind, id: &str) -> Vec<(Kind, Id, &'static str)> {
        let mut out = Vec::new();
        for field in Field::to(kind) {
            for from in self.referring(field, id) {
                if field.target() != Target::Named || self.names(field, &from, kind, id) {
                    out.push((field.from(), from, field.name()));
                }
            }
        }
        out
    }

    fn names(&self, wanted: Field, from: &Id, kind: Kind, id: &str) -> bool {
        let mut yes = false;
        if let Some(record) = self.record(wanted.from(), from.as_str()) {
            references(&record, |field, target, to| {
                yes |= field == wanted && target == Target::One(kind) && to.as_str() == id;
            });
        }
        yes
    }

    /// True when a reference leads somewhere, or when that cannot be said yet: a kind that is not whole may still hold it, a headquarters
    /// that lists no counties has none to miss.
    pub fn may_exist(&self, target: Target, id: &Id) -> bool {
        match target {
            Target::Unknown => true,
            Target::County => self
                .headquarters()
                .is_none_or(|hq| hq.counties.is_empty() || self.county(id.as_str()).is_some()),
            Target::One(_) | Target::Body | Target::Named => target
                .kinds()
                .iter()
                .any(|kind| !self.is_whole(*kind) || self.contains(*kind, id.as_str())),
        }
    }

    /// True when an agency has no duty, no plan record and no project.
    pub fn is_without_mission(&self, agency: &Agency) -> bool {
        agency.duties.is_empty()
            && !self.has_plan(agency.id.as_str())
            && self.projects_of_agency(agency.id.as_str()).next().is_none()
    }

    /// The latest meeting dated today or before; of two on one day the one with the higher number, then the greater id.
    pub fn last_meeting(&self) -> Option<&Arc<Meeting>> {
        self.meetings()
            .iter()
            .filter(|meeting| meeting.on <= self.today())
            .max_by_key(|meeting| (meeting.on, meeting.number))
    }
}
