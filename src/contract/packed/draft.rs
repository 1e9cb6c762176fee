//! An initiative as it is about to be packed: borrowed, from a record or straight from a text.

use crate::clock::Day;
use crate::contract::{Initiative, Moment, Num, Step, Text};

/// A text of the data, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRef<'a> {
    /// The same in both languages.
    One(&'a str),
    /// Persian and English; at least one is there.
    Each([Option<&'a str>; 2]),
}

impl<'a> From<&'a Text> for TextRef<'a> {
    fn from(text: &'a Text) -> Self {
        match text {
            Text::One(text) => Self::One(text),
            Text::Each(each) => Self::Each([each[0].as_deref(), each[1].as_deref()]),
        }
    }
}

impl<'a> TextRef<'a> {
    /// Every wording it has.
    pub fn wordings(self) -> impl Iterator<Item = &'a str> {
        let each = match self {
            Self::One(text) => [Some(text), None],
            Self::Each(each) => each,
        };
        each.into_iter().flatten()
    }
}

/// One time somebody went to an initiative.
#[derive(Clone, Copy, Debug)]
pub struct VisitRef<'a> {
    /// The day.
    pub on: Day,
    /// Who went.
    pub by: &'a str,
    /// What came of it.
    pub result: Option<TextRef<'a>>,
}

/// The steps of a figure, from *committed* to *verified*.
pub type Steps = [Option<f64>; 5];

/// An initiative about to be packed. All texts are clean, all ids are ids: whoever makes one has seen to that.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Its id.
    pub id: &'a str,
    /// The words of its lists: kind, stage, origin.
    pub words: [&'a str; 3],
    /// Its title.
    pub title: TextRef<'a>,
    /// What it names: county, measure, project, sponsor.
    pub names: [Option<&'a str>; 4],
    /// Its sector.
    pub sector: Option<TextRef<'a>>,
    /// When it was identified, empowered, brought in, and when it began to work.
    pub days: [Option<Day>; 4],
    /// Who went to it.
    pub visits: Vec<VisitRef<'a>>,
    /// Members.
    pub members: Option<u32>,
    /// Jobs.
    pub jobs: Option<Steps>,
    /// Capital in rial.
    pub capital: Option<Steps>,
    /// When somebody last looked after it.
    pub updated: Option<Moment>,
    /// A free note.
    pub note: Option<TextRef<'a>>,
    /// The whole record as JSON, when it has fields this version does not know.
    pub whole: Option<Vec<u8>>,
}

impl Default for Draft<'_> {
    /// A draft of nothing: room for one to be read.
    fn default() -> Self {
        Self {
            id: "",
            words: [""; 3],
            title: TextRef::One(""),
            names: [None; 4],
            sector: None,
            days: [None; 4],
            visits: Vec::new(),
            members: None,
            jobs: None,
            capital: None,
            updated: None,
            note: None,
            whole: None,
        }
    }
}

impl<'a> Draft<'a> {
    /// Takes out whatever need not be there.
    pub(super) fn clear(&mut self) {
        self.visits.clear();
        self.names = [None; 4];
        self.days = [None; 4];
        (self.sector, self.members, self.jobs, self.capital) = (None, None, None, None);
        (self.updated, self.note, self.whole) = (None, None, None);
    }

    /// A record as a draft.
    pub fn of(record: &'a Initiative) -> Self {
        let steps = |figure: &crate::contract::Figure| Step::ALL.map(|step| figure.at(step));
        let odd = record.extra.is_some()
            || record.outreach.iter().any(|visit| visit.extra.is_some())
            || record
                .jobs
                .iter()
                .chain(&record.capital)
                .any(|figure| figure.extra.is_some());
        Self {
            id: record.id.as_str(),
            words: [
                record.initiative_kind.as_str(),
                record.stage.as_str(),
                record.origin.as_str(),
            ],
            title: (&record.title).into(),
            names: [&record.county, &record.measure, &record.project, &record.sponsor]
                .map(|id| id.as_ref().map(crate::contract::Id::as_str)),
            sector: record.sector.as_ref().map(Into::into),
            days: [record.identified, record.empowered, record.brought_in, record.started],
            visits: record
                .outreach
                .iter()
                .map(|visit| VisitRef {
                    on: visit.on,
                    by: visit.by.as_str(),
                    result: visit.result.as_ref().map(Into::into),
                })
                .collect(),
            members: record.members,
            jobs: record.jobs.as_ref().map(steps),
            capital: record.capital.as_ref().map(steps),
            updated: record.updated,
            note: record.note.as_ref().map(Into::into),
            // A record always writes itself: it holds nothing that JSON has no form for.
            whole: odd.then(|| serde_json::to_vec(record).unwrap_or_default()),
        }
    }
}

/// A figure of its steps.
pub(super) fn figure(steps: Steps) -> crate::contract::Figure {
    let [committed, claimed, registered, approved, verified] = steps.map(|step| step.and_then(Num::new));
    crate::contract::Figure {
        committed,
        claimed,
        registered,
        approved,
        verified,
        extra: None,
    }
}
