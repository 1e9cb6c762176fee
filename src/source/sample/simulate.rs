//! The sample lives: plans arrive, progress moves, decisions close, an initiative is brought in. Deterministic and without a
//! clock: the caller decides when the next step is due (one every twenty to forty seconds is gentle).

use super::rng::Rng;
use super::words::council::ANSWERS;
use super::words::projects::EVIDENCE;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{
    Change, Decision, DecisionState, Demand, DemandState, Initiative, Moment, Plan, PlanState, ProgressReading,
    Project, ProjectState, Record, Stage, Text,
};
use std::sync::Arc;

/// A life going on from a board's records.
#[derive(Clone, Debug)]
pub struct Simulation {
    rng: Rng,
    today: Day,
    plans: Vec<Arc<Plan>>,
    projects: Vec<Arc<Project>>,
    decisions: Vec<Arc<Decision>>,
    demands: Vec<Arc<Demand>>,
    initiatives: Vec<Arc<Initiative>>,
}

impl Simulation {
    /// A life that starts from these records on a day; records nothing more can happen to are left alone.
    pub fn new(records: impl IntoIterator<Item = Record>, today: Day, seed: u64) -> Self {
        let mut life = Self {
            rng: Rng::of(seed, "simulation", 0),
            today,
            plans: Vec::new(),
            projects: Vec::new(),
            decisions: Vec::new(),
            demands: Vec::new(),
            initiatives: Vec::new(),
        };
        for record in records {
            match record {
                Record::Plan(r) if r.state != PlanState::Accepted => life.plans.push(r),
                Record::Project(r) if moves(&r) => life.projects.push(r),
                Record::Decision(r) if !r.state.is_final() => life.decisions.push(r),
                Record::Demand(r) if r.agency.is_some() && !r.state.is_final() => life.demands.push(r),
                Record::Initiative(r) if matches!(r.stage, Stage::Identified | Stage::Empowered) => {
                    life.initiatives.push(r)
                }
                _ => {}
            }
        }
        life
    }

    /// What happens next: usually one change; none when nothing more can happen.
    pub fn step(&mut self) -> Vec<Change> {
        // A kind whose records are all settled passes its turn on, so that the sample never stops while anything is open.
        let first = self.rng.below(10);
        for turn in 0..10 {
            let record = match (first + turn) % 10 {
                0 => self.plan().map(Record::from),
                1..4 => self.project().map(Record::from),
                4 | 5 => self.decision().map(Record::from),
                6 => self.demand().map(Record::from),
                _ => self.initiative().map(Record::from),
            };
            if let Some(record) = record {
                return vec![Change::Put(record)];
            }
        }
        Vec::new()
    }

    /// A plan arrives, or one in hand is accepted.
    fn plan(&mut self) -> Option<Arc<Plan>> {
        let today = self.today;
        let score = Num::from(self.rng.range(60, 96) as u32);
        let takes_part = self.rng.chance(750);
        happen(&mut self.rng, &mut self.plans, |plan| {
            if plan.is_owed() {
                plan.state = PlanState::Submitted;
                plan.submitted = Some(today);
                plan.participation = Some(takes_part);
            } else {
                plan.state = PlanState::Accepted;
                plan.accepted = Some(today);
                plan.score = Some(score);
            }
            plan.updated = Some(Moment::Day(today));
            plan.state != PlanState::Accepted
        })
    }

    /// A project moves on by a point or a few.
    fn project(&mut self) -> Option<Arc<Project>> {
        let today = self.today;
        let (points, behind) = (self.rng.range(1, 3) as u32, self.rng.range(0, 1) as u32);
        happen(&mut self.rng, &mut self.projects, |project| {
            let more = |value: Option<Num>, by: u32| Num::new((value.map_or(0.0, Num::get) + f64::from(by)).min(99.0));
            project.physical = more(project.physical, points);
            project.financial = more(project.financial, points - behind);
            project.state = ProjectState::InProgress;
            let reading = ProgressReading {
                on: today,
                physical: project.physical,
                financial: project.financial,
                extra: None,
            };
            match project.readings.last_mut() {
                Some(last) if last.on == today => *last = reading,
                _ => project.readings.push(reading),
            }
            project.updated = Some(Moment::Day(today));
            moves(project)
        })
    }

    /// A decision goes one step on: notified, in progress, executed.
    fn decision(&mut self) -> Option<Arc<Decision>> {
        let today = self.today;
        let proof = *self.rng.pick(EVIDENCE);
        happen(&mut self.rng, &mut self.decisions, |decision| {
            match decision.state {
                DecisionState::Decided => {
                    decision.state = DecisionState::Notified;
                    decision.notified = Some(today);
                }
                DecisionState::Notified => decision.state = DecisionState::InProgress,
                _ => {
                    decision.state = DecisionState::Executed;
                    decision.executed = Some(today);
                    decision.evidence = vec![Text::both(proof.0, proof.1)];
                }
            }
            decision.updated = Some(Moment::Day(today));
            !decision.state.is_final()
        })
    }

    /// A demand is answered.
    fn demand(&mut self) -> Option<Arc<Demand>> {
        let today = self.today;
        let answer = *self.rng.pick(ANSWERS);
        happen(&mut self.rng, &mut self.demands, |demand| {
            demand.state = DemandState::Answered;
            demand.answered = Some(today);
            demand.answer = Some(Text::both(answer.0, answer.1));
            demand.updated = Some(Moment::Day(today));
            false
        })
    }

    /// An initiative is empowered, or brought in with its jobs verified.
    fn initiative(&mut self) -> Option<Arc<Initiative>> {
        let today = self.today;
        happen(&mut self.rng, &mut self.initiatives, |initiative| {
            let jobs = initiative.jobs.get_or_insert_default();
            if initiative.stage == Stage::Identified {
                initiative.stage = Stage::Empowered;
                initiative.empowered = Some(today);
                jobs.claimed = jobs.claimed.or(jobs.committed);
            } else {
                initiative.stage = Stage::BroughtIn;
                initiative.brought_in = Some(today);
                initiative.started = Some(today);
                jobs.registered = jobs.registered.or(jobs.claimed);
                jobs.approved = jobs.approved.or(jobs.registered);
                jobs.verified = jobs.verified.or(jobs.registered);
            }
            initiative.updated = Some(Moment::Day(today));
            initiative.stage != Stage::BroughtIn
        })
    }
}

/// True while a project's progress can still move.
fn moves(project: &Project) -> bool {
    let started = project.physical.is_some_and(|p| p.get() > 0.0 && p.get() < 99.0);
    project.state == ProjectState::InProgress && started
}

/// Changes one record of a pool; `change` says whether more can happen to it.
fn happen<T: Clone>(rng: &mut Rng, pool: &mut Vec<Arc<T>>, change: impl FnOnce(&mut T) -> bool) -> Option<Arc<T>> {
    let place = rng.below(pool.len() as u64) as usize;
    let mut record = pool.get(place)?.as_ref().clone();
    let more = change(&mut record);
    let record = Arc::new(record);
    if more {
        pool[place] = Arc::clone(&record);
    } else {
        pool.swap_remove(place);
    }
    Some(record)
}
