//! The overview: four live panes, each a list of its own.

use super::Target;
use crate::app::rows::Rows;
use crate::board::condition::Condition;
use crate::board::rows::ListSpec;
use crate::board::{Board, Finding, Owed};
use crate::contract::{Id, InitiativeKind, Kind, Pillar};
use crate::text::Lang;
use std::collections::HashSet;

/// A pane of the overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// Special measures.
    Measures,
    /// Agencies whose plan is overdue.
    Overdue,
    /// Popular participation by kind.
    Participation,
    /// Findings, most severe first.
    Attention,
}

impl Pane {
    /// All panes, in the order Tab visits them.
    pub const ALL: [Self; 4] = [Self::Measures, Self::Overdue, Self::Participation, Self::Attention];

    /// The pane Tab goes to.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The pane Shift-Tab goes to.
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + Self::ALL.len() - 1) % Self::ALL.len()]
    }

    /// The kind whose full list stands behind the pane.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Measures => Some(Kind::Measure),
            Self::Overdue => Some(Kind::Plan),
            Self::Participation => Some(Kind::Initiative),
            Self::Attention => None,
        }
    }
}

/// What names a finding: its subject and its rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FindingKey {
    /// The kind of the subject.
    pub kind: Kind,
    /// The subject.
    pub id: Id,
    /// The rule.
    pub rule: &'static str,
}

impl From<&Finding> for FindingKey {
    fn from(finding: &Finding) -> Self {
        Self {
            kind: finding.kind,
            id: finding.id.clone(),
            rule: finding.rule,
        }
    }
}

/// The state of the overview.
#[derive(Debug)]
pub struct Overview {
    /// The pane that has the keys.
    pub focus: Pane,
    /// True when only the focused pane is shown.
    pub zoom: bool,
    /// Measures, those off their path first.
    pub measures: Rows<Id>,
    /// The three conditions.
    pub conditions: Vec<(Pillar, Condition)>,
    /// Agencies that owe a plan, longest overdue first.
    pub overdue: Rows<Id>,
    /// What those agencies owe, longest overdue first.
    pub owed: Vec<Owed>,
    /// Kinds of initiative.
    pub participation: Rows<InitiativeKind>,
    /// Findings in rank order.
    pub attention: Rows<FindingKey>,
    /// The findings are those of an earlier board.
    behind: bool,
}

impl Default for Overview {
    fn default() -> Self {
        Self {
            focus: Pane::Measures,
            zoom: false,
            measures: Rows::default(),
            conditions: Vec::new(),
            overdue: Rows::default(),
            owed: Vec::new(),
            participation: Rows::default(),
            attention: Rows::default(),
            behind: false,
        }
    }
}

/// Measures in the order of need: without a project first, then the furthest behind, ties by number.
pub fn measures_by_need(board: &Board) -> Vec<Id> {
    let mut rows: Vec<(f64, u32, Id)> = board
        .measures()
        .iter()
        .map(|measure| {
            let progress = board.progress(measure.id.as_str());
            let need = if progress.projects == 0 && progress.whole {
                f64::NEG_INFINITY
            } else {
                progress.deviation.unwrap_or(f64::INFINITY)
            };
            (need, measure.number, measure.id.clone())
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    rows.into_iter().map(|(_, _, id)| id).collect()
}

impl Overview {
    /// Takes a newer board; every selection stays on its row.
    pub fn refresh(&mut self, board: &Board, old: &Board, lang: Lang) {
        self.measures
            .reconcile(measures_by_need(board), |id| title(old, Kind::Measure, id, lang));
        self.conditions = board.conditions();
        self.owed = board.owed_plans();
        // One row for an agency: of several plans it owes, the one that is overdue longest comes first and stays.
        let mut seen = HashSet::new();
        self.owed.retain(|owed| seen.insert(owed.agency.clone()));
        let owed = self.owed.iter().map(|owed| owed.agency.clone()).collect();
        // An agency that has submitted leaves the pane: that is good news, not a lost row.
        self.overdue.reconcile(owed, |_| None);
        let kinds = board.participation().kinds.keys().cloned().collect();
        self.participation.reconcile(kinds, |_| None);
        self.behind = true;
    }

    /// Names what needs attention now, if that was not done since the board changed: of a million records there are so many
    /// findings that it waits until somebody looks.
    pub fn attend(&mut self, board: &Board) {
        if !std::mem::take(&mut self.behind) {
            return;
        }
        let findings = board
            .findings()
            .ranked()
            .map(|finding| FindingKey::from(&**finding))
            .collect();
        self.attention.reconcile(findings, |_| None);
    }

    /// Moves the selection of the focused pane.
    pub fn step(&mut self, rows: isize) {
        match self.focus {
            Pane::Measures => self.measures.step(rows),
            Pane::Overdue => self.overdue.step(rows),
            Pane::Participation => self.participation.step(rows),
            Pane::Attention => self.attention.step(rows),
        }
    }

    /// Remembers what is visible in each pane.
    pub fn settle(&mut self, pane: Pane, height: usize) {
        match pane {
            Pane::Measures => drop(self.measures.window(height)),
            Pane::Overdue => drop(self.overdue.window(height)),
            Pane::Participation => drop(self.participation.window(height)),
            Pane::Attention => drop(self.attention.window(height)),
        }
    }

    /// Holds on to the selected row of the focused pane.
    pub fn choose(&mut self) {
        match self.focus {
            Pane::Measures => self.measures.choose(),
            Pane::Overdue => self.overdue.choose(),
            Pane::Participation => self.participation.choose(),
            Pane::Attention => self.attention.choose(),
        }
    }

    /// Where Enter leads from the focused pane.
    pub fn target(&self) -> Option<Target> {
        match self.focus {
            Pane::Measures => self
                .measures
                .selected()
                .map(|id| Target::Record(Kind::Measure, id.clone())),
            Pane::Overdue => {
                let agency = self.overdue.selected()?;
                let owed = self.owed.iter().find(|owed| owed.agency == *agency)?;
                Some(match &owed.plan {
                    Some(plan) => Target::Record(Kind::Plan, plan.clone()),
                    None => Target::Record(Kind::Agency, agency.clone()),
                })
            }
            Pane::Participation => self.participation.selected().map(|kind| Target::Counties(kind.clone())),
            Pane::Attention => self
                .attention
                .selected()
                .map(|key| Target::Record(key.kind, key.id.clone())),
        }
    }

    /// The id under the cursor, for copying.
    pub fn selected_id(&self) -> Option<String> {
        match self.focus {
            Pane::Measures => self.measures.selected().map(ToString::to_string),
            Pane::Overdue => self.overdue.selected().map(ToString::to_string),
            Pane::Participation => self.participation.selected().map(|kind| kind.as_str().to_owned()),
            Pane::Attention => self.attention.selected().map(|key| key.id.to_string()),
        }
    }

    /// The full list behind the focused pane.
    pub fn list(&self) -> Option<ListSpec> {
        self.focus.kind().map(super::list::of)
    }
}

/// The title of a record, or nothing when the board does not have it.
pub fn title(board: &Board, kind: Kind, id: &Id, lang: Lang) -> Option<String> {
    board
        .record(kind, id.as_str())
        .map(|record| crate::board::columns::title(&record, lang).to_string())
}
