//! The immutable indexed model and every derived fact. Pure: no I/O, no clock but the day it is given, no words of a language.
//!
//! A [`Board`] is cheap to clone and shares its structure with its clones, so that a reader keeps one version while the next is made. It
//! takes changes and answers with a [`Delta`]; a change costs what it touches: the record, the records it names and those that name
//! it. Whatever is kept is equal to what a board built afresh from the same records would hold.

pub mod arranged;
pub(crate) mod beside;
pub mod columns;
pub mod compare;
pub mod condition;
pub mod delta;
pub mod finding;
#[cfg(test)]
pub(crate) mod fixture;
mod index;
pub mod indicator;
mod initiatives;
mod namers;
mod names;
pub mod order;
pub mod outreach;
pub mod participation;
mod past;
pub mod progress;
pub mod query;
pub mod reference;
mod relations;
pub mod report;
pub mod rows;
pub mod settings;
pub mod standing;
pub mod store;
pub mod submission;
mod sum;
pub mod tally;
mod work;

#[cfg(test)]
mod tests;

pub use delta::{Delta, Fate};
pub use finding::{Counts, Fact, Finding, Findings, RULES, Rule, Severity, Term, Why, rule};
pub use participation::{Group, Participation, Reached, Tally, reached};
pub use past::Past;
pub use progress::{Progress, actual};
pub use reference::{Field, Target, references};
pub use settings::{Limit, RuleSetting, RuleSettings, Settings};
pub use store::Table;
pub use submission::{Class, Classes, Owed, Submission, last_step};

use crate::clock::{Day, Zone};
use crate::contract::{CampaignState, PlanState, Stage};
use crate::contract::{Change, County, Headquarters, Id, Kind, LadderStep, Problem, Project, Record, Thresholds};
use imbl::OrdMap;
use index::Index;
use standing::Standings;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};
use store::Tables;
use work::Work;

/// What follows from the headquarters and the settings alone.
struct Frame {
    settings: Settings,
    headquarters: Option<Arc<Headquarters>>,
    zone: Zone,
    counties: BTreeMap<Id, usize>,
    thresholds: Thresholds,
    hidden: Vec<Limit>,
    ladder: Vec<LadderStep>,
    hides_ladder: bool,
}

impl Frame {
    fn new(settings: Settings, headquarters: Option<Arc<Headquarters>>) -> Self {
        let shared = headquarters.as_ref().and_then(|hq| hq.thresholds.as_ref());
        let (thresholds, hidden) = settings::in_force(&settings, shared);
        let own = headquarters.as_ref().map_or(&[][..], |hq| &hq.ladder);
        let (ladder, hides_ladder) = settings::ladder_in_force(&settings, own);
        let mut counties = BTreeMap::new();
        for (at, county) in headquarters.iter().flat_map(|hq| hq.counties.iter()).enumerate() {
            // Of two counties with one id the first counts, as with records.
            counties.entry(county.id.clone()).or_insert(at);
        }
        Self {
            zone: headquarters.as_ref().map_or_else(Zone::utc, |hq| hq.zone().0),
            settings,
            headquarters,
            counties,
            thresholds,
            hidden,
            ladder,
            hides_ladder,
        }
    }
}

/// Everything known, indexed, with every derived fact.
#[derive(Clone)]
pub struct Board {
    frame: Arc<Frame>,
    today: Day,
    tables: Tables,
    whole: [bool; Kind::ALL.len()],
    /// The initiatives are those read so far, neither counted nor judged.
    growing: bool,
    index: Index,
    measure_tallies: OrdMap<Id, progress::Tally>,
    submission: Submission,
    participation: Arc<Participation>,
    findings: Findings,
    problems: Arc<[Problem]>,
    past: Option<Arc<Past>>,
    /// Ids the source gave to further records of their kind, and to how many.
    duplicates: Arc<BTreeMap<(Kind, Id), usize>>,
    standings: Arc<OnceLock<Standings>>,
}

impl Board {
    /// A board that knows nothing yet.
    pub fn new(settings: Settings, today: Day) -> Self {
        Self {
            frame: Arc::new(Frame::new(settings, None)),
            today,
            tables: Tables::default(),
            whole: [false; Kind::ALL.len()],
            growing: false,
            index: Index::default(),
            measure_tallies: OrdMap::new(),
            submission: Submission::default(),
            participation: Arc::default(),
            findings: Findings::default(),
            problems: Arc::default(),
            past: None,
            duplicates: Arc::default(),
            standings: Arc::default(),
        }
    }

    /// Takes changes in, in order, as one step; what changed by it.
    pub fn apply(&mut self, changes: Vec<Change>) -> Delta {
        let mut work = Work::default();
        for change in changes {
            match change {
                Change::Headquarters(hq) => {
                    if self.headquarters() != Some(&hq) {
                        self.frame = Arc::new(Frame::new(self.frame.settings.clone(), Some(hq)));
                        work.headquarters();
                    }
                }
                Change::Whole(Kind::Initiative, records) => self.replace_initiatives(records, &mut work),
                Change::Whole(kind, records) => self.replace(kind, records.into(), &mut work),
                Change::Growing(table) => self.grow(table, &mut work),
                Change::Put(record) => self.put(record, &mut work),
                Change::Delete(kind, id) => self.remove(kind, &id, &mut work),
                Change::Problems(problems) => {
                    if self.problems != problems {
                        self.problems = problems;
                        self.count_duplicates(&mut work);
                        work.problems();
                    }
                }
            }
        }
        self.settle(work)
    }

    /// Makes another day today: everything that depends on it is evaluated again.
    pub fn set_today(&mut self, today: Day) -> Delta {
        let mut work = Work::default();
        if today != self.today {
            self.today = today;
            self.recount();
            work.today();
        }
        self.settle(work)
    }

    /// The headquarters, once it is known.
    pub fn headquarters(&self) -> Option<&Arc<Headquarters>> {
        self.frame.headquarters.as_ref()
    }

    /// The day of evaluation.
    pub fn today(&self) -> Day {
        self.today
    }

    /// The zone in which instants become days: the headquarters' own.
    pub fn zone(&self) -> &Zone {
        &self.frame.zone
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.frame.settings
    }

    /// The limits in force: the operator's own, else the headquarters', else the defaults.
    pub fn thresholds(&self) -> &Thresholds {
        &self.frame.thresholds
    }

    /// Limits of the headquarters that a different setting of the operator hides; the screen says so.
    pub fn hidden_limits(&self) -> &[Limit] {
        &self.frame.hidden
    }

    /// The enforcement ladder in force, lowest rung first: the operator's own, else the headquarters'.
    pub fn ladder(&self) -> &[LadderStep] {
        &self.frame.ladder
    }

    /// True when the operator's ladder hides a different one of the headquarters; the screen says so.
    pub fn hides_ladder(&self) -> bool {
        self.frame.hides_ladder
    }

    /// What the source found wrong with the data.
    pub fn problems(&self) -> &Arc<[Problem]> {
        &self.problems
    }

    /// True once all records of a kind are known.
    pub fn is_whole(&self, kind: Kind) -> bool {
        self.whole.get(kind as usize).copied().unwrap_or_default()
    }

    /// How many records of a kind are known.
    pub fn count(&self, kind: Kind) -> usize {
        self.tables.len(kind)
    }

    /// The record of a kind and id.
    pub fn record(&self, kind: Kind, id: &str) -> Option<Record> {
        self.tables.get(kind, id)
    }

    /// True when there is such a record.
    pub fn contains(&self, kind: Kind, id: &str) -> bool {
        self.tables.contains(kind, id)
    }

    /// The ids of a kind, in order.
    pub fn ids(&self, kind: Kind) -> impl Iterator<Item = Id> {
        self.tables.ids(kind)
    }

    /// The records of a kind, in the order of their ids.
    pub fn records(&self, kind: Kind) -> impl Iterator<Item = Record> {
        self.tables.records(kind)
    }

    /// A county of the headquarters.
    pub fn county(&self, id: &str) -> Option<&County> {
        let at = self.frame.counties.get(id)?;
        self.headquarters()?.counties.get(*at)
    }

    /// The percentage planned for a project today; see [`progress::planned`].
    pub fn planned(&self, project: &Project) -> Option<f64> {
        progress::planned(project, self.today)
    }

    /// Points a project is ahead of its plan today (behind when negative): actual − planned; see [`progress::deviation`].
    pub fn deviation(&self, project: &Project) -> Option<f64> {
        progress::deviation(project, self.today)
    }

    /// A measure's progress: means of its projects' figures by weight, `Σ weight × percent / Σ weight`, cancelled projects and those
    /// without a figure left out.
    pub fn progress(&self, measure: &str) -> Progress {
        if !self.is_whole(Kind::Project) {
            return Progress::default();
        }
        let tally = self.measure_tallies.get(measure).copied().unwrap_or_default();
        tally.progress()
    }

    /// Initiatives counted: all, by kind, by kind and county.
    pub fn participation(&self) -> &Participation {
        static NOT_YET: LazyLock<Participation> = LazyLock::new(Participation::default);
        if self.is_whole(Kind::Initiative) {
            &self.participation
        } else {
            &NOT_YET
        }
    }

    /// Everything that needs attention.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// True when a record was last looked after longer ago than the headquarters' cadence: today − `updated` > cadence. What is
    /// settled is never stale: nobody needs to look after it.
    pub fn is_stale(&self, record: &Record) -> bool {
        !is_settled(record) && self.age(record).is_some_and(|days| days > self.cadence())
    }

    /// How many further records of this kind and id the source holds.
    pub fn duplicates(&self, kind: Kind, id: &Id) -> usize {
        if self.duplicates.is_empty() {
            return 0;
        }
        self.duplicates.get(&(kind, id.clone())).copied().unwrap_or_default()
    }

    /// Days since a record was last looked after, where it says so.
    pub fn age(&self, record: &Record) -> Option<i32> {
        record.updated().map(|moment| self.today - moment.day(self.zone()))
    }

    /// How often a record should be looked after, in days.
    pub fn cadence(&self) -> i32 {
        let days = self
            .headquarters()
            .map_or(crate::contract::DEFAULT_CADENCE_DAYS, |hq| hq.cadence());
        i32::try_from(days).unwrap_or(i32::MAX)
    }
}

/// True for a record in a final state and for one that only says what happened on a day.
fn is_settled(record: &Record) -> bool {
    match record {
        Record::Project(project) => project.state.is_final(),
        Record::Plan(plan) => plan.state == PlanState::Accepted,
        Record::Decision(decision) => decision.state.is_final(),
        Record::Demand(demand) => demand.state.is_final(),
        Record::Campaign(campaign) => campaign.state == Some(CampaignState::Done),
        Record::Initiative(initiative) => initiative.stage == Stage::Closed,
        Record::Meeting(_) | Record::Evaluation(_) => true,
        Record::Measure(_) | Record::Agency(_) | Record::Enterprise(_) => false,
    }
}

impl std::fmt::Debug for Board {
    /// The size of things: a whole board would fill a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Board");
        out.field("today", &self.today);
        for kind in Kind::ALL {
            out.field(kind.plural(), &self.count(*kind));
        }
        out.field("findings", &self.findings.len()).finish_non_exhaustive()
    }
}
