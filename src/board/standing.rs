//! Where agencies stand: what each has been given and has gone to, how punctual it is, and its rank within its category.
//! It must not know findings or screens.
//!
//! Ranks compare all agencies of a category, so a table of them is made as a whole, when somebody first asks, and thrown away when
//! anything it rests on changes.

use super::finding::plausible_percent;
use super::{Board, Class};
use crate::clock::Day;
use crate::contract::{Agency, Category, Decision, DecisionState, Demand, Duty, DutyState, Evaluation, Id, Kind};
use std::collections::BTreeMap;

/// What an agency can be bound to do by a day, in the order in which they are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duties {
    /// Its operational plans.
    Plans,
    /// Decisions laid on it.
    Decisions,
    /// Demands addressed to it.
    Demands,
    /// Its duties.
    Duties,
}

impl Duties {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Plans, Self::Decisions, Self::Demands, Self::Duties];
}

/// How an agency kept its days: what was done within its day, and what was done later or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Punctuality {
    kept: [usize; 4],
    missed: [usize; 4],
}

impl Punctuality {
    /// How many of a kind were done within their day.
    pub fn kept(&self, of: Duties) -> usize {
        self.kept.get(of as usize).copied().unwrap_or_default()
    }

    /// How many of a kind were done later, or are past their day and not done.
    pub fn missed(&self, of: Duties) -> usize {
        self.missed.get(of as usize).copied().unwrap_or_default()
    }

    /// All that count: what is not yet due, and what was done on a day nobody wrote down, does not.
    pub fn counted(&self) -> usize {
        self.kept.iter().sum::<usize>() + self.missed.iter().sum::<usize>()
    }

    /// The timeliness score, 0–100: `100 × kept ÷ (kept + missed)`; nothing where nothing was due.
    pub fn score(&self) -> Option<f64> {
        let kept: usize = self.kept.iter().sum();
        (self.counted() > 0).then(|| 100.0 * kept as f64 / self.counted() as f64)
    }

    fn note(&mut self, of: Duties, kept: Option<bool>) {
        let side = match kept {
            Some(true) => &mut self.kept,
            Some(false) => &mut self.missed,
            None => return,
        };
        if let Some(n) = side.get_mut(of as usize) {
            *n += 1;
        }
    }
}

/// What a score rests on; it is always named beside the score.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The latest evaluation.
    Evaluation(Id),
    /// Timeliness, because no evaluation gives a score.
    Timeliness,
}

/// Where an agency stands in its category.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its category.
    pub category: Category,
    /// Its score, 0–100, and what it rests on; nothing without an evaluation and with nothing due.
    pub score: Option<(f64, Basis)>,
    /// How it kept its days.
    pub punctuality: Punctuality,
    /// Its rank: one more than the agencies of the category with a higher score. Equal scores share a rank.
    pub rank: Option<usize>,
    /// How many agencies of the category have a rank.
    pub ranked: usize,
    /// Its rank before the latest day of evaluation in the category, among those judged until then.
    pub before: Option<usize>,
}

impl Standing {
    /// Places gained since before the latest evaluation; below 0 when lost.
    pub fn gained(&self) -> Option<i64> {
        Some(self.before? as i64 - self.rank? as i64)
    }
}

/// The league tables of all categories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standings {
    agencies: BTreeMap<Id, Standing>,
    /// The agencies of each category: by rank, those without one last; equal ones by id.
    pub categories: BTreeMap<Category, Vec<Id>>,
    /// The latest day on which an agency of the category was evaluated.
    pub judged: BTreeMap<Category, Day>,
}

impl Standings {
    /// Where an agency stands.
    pub fn of(&self, agency: &str) -> Option<&Standing> {
        self.agencies.get(agency)
    }

    pub(super) fn new(board: &Board) -> Self {
        let mut out = Self::default();
        let mut earlier: BTreeMap<Id, f64> = BTreeMap::new();
        for agency in board.agencies().iter() {
            let latest = board.latest_evaluation(agency.id.as_str(), board.today());
            if let Some(evaluation) = latest {
                let judged = out.judged.entry(agency.category.clone()).or_insert(evaluation.on);
                *judged = evaluation.on.max(*judged);
            }
        }
        for agency in board.agencies().iter() {
            let id = agency.id.as_str();
            let punctuality = board.punctuality(agency);
            let judged = board.latest_evaluation(id, board.today()).and_then(|evaluation| {
                let score = plausible_percent(evaluation.score)?;
                Some((score, Basis::Evaluation(evaluation.id.clone())))
            });
            let score = judged.or_else(|| Some((punctuality.score()?, Basis::Timeliness)));
            if let Some(last) = out.judged.get(&agency.category)
                && let Some(before) = board.latest_evaluation(id, last.plus(-1))
                && let Some(score) = plausible_percent(before.score)
            {
                earlier.insert(agency.id.clone(), score);
            }
            let standing = Standing {
                category: agency.category.clone(),
                score,
                punctuality,
                rank: None,
                ranked: 0,
                before: None,
            };
            out.agencies.insert(agency.id.clone(), standing);
            out.categories
                .entry(agency.category.clone())
                .or_default()
                .push(agency.id.clone());
        }
        for members in out.categories.values_mut() {
            let now: BTreeMap<Id, f64> = members
                .iter()
                .filter_map(|id| Some((id.clone(), out.agencies.get(id)?.score.as_ref()?.0)))
                .collect();
            let then: BTreeMap<Id, f64> = members
                .iter()
                .filter_map(|id| Some((id.clone(), *earlier.get(id)?)))
                .collect();
            let (now, then) = (ranks(&now), ranks(&then));
            for id in members.iter() {
                if let Some(standing) = out.agencies.get_mut(id) {
                    standing.rank = now.get(id).copied();
                    standing.before = then.get(id).copied();
                    standing.ranked = now.len();
                }
            }
            members.sort_by_key(|id| (now.get(id).copied().unwrap_or(usize::MAX), id.clone()));
        }
        out
    }
}

/// Ranks by score, highest first; equal scores share one.
fn ranks(scores: &BTreeMap<Id, f64>) -> BTreeMap<Id, usize> {
    let mut sorted: Vec<f64> = scores.values().copied().collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let rank = |score: f64| sorted.partition_point(|other| *other > score) + 1;
    scores.iter().map(|(id, score)| (id.clone(), rank(*score))).collect()
}

/// What an agency has been given and what it has gone to: a zero is a blank to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Duties laid on it.
    pub duties: usize,
    /// How many of them are not done.
    pub open_duties: usize,
    /// Plan records.
    pub plans: usize,
    /// Projects.
    pub projects: usize,
    /// Whether an expert is appointed.
    pub expert: bool,
    /// The expert's visits in the field.
    pub visits: usize,
    /// Initiatives it went to up to today.
    pub outreach: usize,
}

impl Coverage {
    /// The five things an agency should have, in the order of the matrix: duty, plan, project, expert, outreach.
    pub fn counts(&self) -> [usize; 5] {
        [
            self.duties,
            self.plans,
            self.projects,
            usize::from(self.expert),
            self.outreach,
        ]
    }

    /// How many of the five it lacks.
    pub fn blanks(&self) -> usize {
        self.counts().iter().filter(|n| **n == 0).count()
    }
}

/// True for a duty that is done.
pub fn is_done(duty: &Duty) -> bool {
    duty.done.is_some() || duty.state == Some(DutyState::Done)
}

impl Board {
    /// The league tables, made when first asked for and kept until something they rest on changes.
    pub fn standings(&self) -> &Standings {
        self.standings.get_or_init(|| Standings::new(self))
    }

    /// The kinds the league tables rest on.
    pub(super) fn rests_standings_on(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::Agency | Kind::Plan | Kind::Decision | Kind::Demand | Kind::Evaluation
        )
    }

    /// The latest evaluation of an agency with a score on or before a day; of two on one day the greater id.
    pub fn latest_evaluation(&self, agency: &str, until: Day) -> Option<&Evaluation> {
        self.evaluations_of(Kind::Agency, agency)
            .map(AsRef::as_ref)
            .filter(|evaluation| evaluation.on <= until && plausible_percent(evaluation.score).is_some())
            .max_by_key(|evaluation| evaluation.on)
    }

    /// How an agency kept its days so far.
    pub fn punctuality(&self, agency: &Agency) -> Punctuality {
        let (id, today) = (agency.id.as_str(), self.today());
        let mut out = Punctuality::default();
        for plan in self.plans_of_agency(id) {
            let kept = match Class::of(plan, today) {
                Class::OnTime => Some(true),
                Class::Late | Class::Overdue => Some(false),
                Class::Returned => plan.days_overdue(today).map(|_| false),
                Class::NotYetDue => None,
            };
            out.note(Duties::Plans, kept);
        }
        if let Some(hq) = self.headquarters()
            && self.is_whole(Kind::Plan)
            && !self.has_plan(id)
        {
            out.note(Duties::Plans, (today > hq.plan_due).then_some(false));
        }
        for decision in self.decisions_of_agency(id) {
            out.note(Duties::Decisions, decision_kept(decision, today));
        }
        for demand in self.demands_of_agency(id) {
            out.note(Duties::Demands, demand_kept(demand, today));
        }
        for duty in &agency.duties {
            let kept = duty.due.and_then(|due| match (duty.done, is_done(duty)) {
                (Some(done), _) => kept(done, due, today),
                (None, true) => None,
                (None, false) => (today > due).then_some(false),
            });
            out.note(Duties::Duties, kept);
        }
        out
    }

    /// What an agency has and has gone to.
    pub fn coverage(&self, agency: &Agency) -> Coverage {
        let id = agency.id.as_str();
        let expert = agency.expert.as_ref();
        Coverage {
            duties: agency.duties.len(),
            open_duties: agency.duties.iter().filter(|duty| !is_done(duty)).count(),
            plans: self.plans_of_agency(id).count(),
            projects: self.projects_of_agency(id).count(),
            expert: expert.is_some(),
            visits: expert.map_or(0, |expert| expert.visits.len()),
            outreach: self.count_visited_by(id),
        }
    }
}

/// Whether something done on a day was done within its time; a day to come is a finding and says nothing.
fn kept(done: Day, due: Day, today: Day) -> Option<bool> {
    (done <= today).then_some(done <= due)
}

/// Whether a decision was executed within its day; nothing where that cannot be said.
fn decision_kept(decision: &Decision, today: Day) -> Option<bool> {
    let due = decision.due?;
    match decision.state {
        DecisionState::Executed => kept(decision.executed?, due, today),
        DecisionState::NotExecuted => Some(false),
        DecisionState::Settled => None,
        _ => (today > due).then_some(false),
    }
}

/// Whether a demand was answered within its day; nothing where that cannot be said.
fn demand_kept(demand: &Demand, today: Day) -> Option<bool> {
    let due = demand.due?;
    match demand.answered {
        Some(on) => kept(on, due, today),
        None if demand.state.is_final() => None,
        None => (today > due).then_some(false),
    }
}
