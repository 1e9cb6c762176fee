//! What records are called, for showing them where another one names them.

use super::Board;
use crate::contract::{Kind, Record};
use crate::text::Lang;

impl Board {
    /// An agency's name; the id itself when there is no such agency.
    pub fn agency_name<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.agencies().get(id).map_or(id, |agency| agency.name.get(lang))
    }

    /// A measure's title, or the id itself.
    pub fn measure_title<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.measures().get(id).map_or(id, |measure| measure.title.get(lang))
    }

    /// A project's title, or the id itself.
    pub fn project_title<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.projects().get(id).map_or(id, |project| project.title.get(lang))
    }

    /// The name of an agency or, failing that, an enterprise; or the id itself.
    pub fn body_name<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        match (self.agencies().get(id), self.enterprises().get(id)) {
            (Some(agency), _) => agency.name.get(lang),
            (None, Some(enterprise)) => enterprise.name.get(lang),
            (None, None) => id,
        }
    }

    /// A county's name, or the id itself.
    pub fn county_name<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.county(id).map_or(id, |county| county.name.get(lang))
    }

    /// What any record is called: its title, name or text, or its id when it does not exist.
    pub fn name_of(&self, kind: Kind, id: &str, lang: Lang) -> smol_str::SmolStr {
        let text = |record: &Record| match record {
            Record::Measure(r) => r.title.get(lang).into(),
            Record::Project(r) => r.title.get(lang).into(),
            Record::Agency(r) => r.name.get(lang).into(),
            Record::Plan(r) => r.title.get(lang).into(),
            Record::Enterprise(r) => r.name.get(lang).into(),
            Record::Meeting(r) => r.body.get(lang).into(),
            Record::Decision(r) => r.text.get(lang).into(),
            Record::Demand(r) => r.topic.get(lang).into(),
            Record::Campaign(r) => r.title.get(lang).into(),
            Record::Evaluation(r) => r.verdict.get(lang).into(),
            Record::Initiative(r) => r.title.get(lang).into(),
        };
        self.record(kind, id).as_ref().map_or_else(|| id.into(), text)
    }
}
