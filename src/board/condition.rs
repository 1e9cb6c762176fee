//! The three conditions as headline figures, and what each project contributes to its measure. It must not know findings or screens.

use super::Board;
use super::progress::{actual, planned};
use super::sum::Mean;
use crate::contract::figure::Num;
use crate::contract::{Kind, Measure, Pillar, Project, ProjectState};
use std::collections::BTreeMap;

/// A condition, from the measures that serve it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    /// Mean of the measures' actual percentages, by weight.
    pub actual: Option<f64>,
    /// Mean of the same measures' planned percentages, by weight.
    pub planned: Option<f64>,
    /// Measures that serve it.
    pub measures: usize,
    /// How many of them have no figure and count in no mean.
    pub without_figure: usize,
}

impl Condition {
    /// Actual − planned, in points.
    pub fn deviation(&self) -> Option<f64> {
        Some(self.actual? - self.planned?)
    }
}

/// What a project brings to its measure, in points of the measure's percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Contribution {
    /// `weight × actual ÷ Σ weight`; the contributions of a measure's projects add up to its actual percentage.
    pub actual: Option<f64>,
    /// The same of the planned percentages.
    pub planned: Option<f64>,
}

impl Contribution {
    /// Actual − planned: how many points of the measure's deviation are this project's.
    pub fn gap(&self) -> Option<f64> {
        Some(self.actual? - self.planned?)
    }
}

fn weight(weight: Option<Num>) -> f64 {
    weight.map_or(1.0, Num::get).max(0.0)
}

/// A measure's weight among the measures; below 0 counts as 0.
pub fn weight_of(measure: &Measure) -> f64 {
    weight(measure.weight)
}

/// What a project counts with in its measure's mean: its percentage and its weight. Nothing for a cancelled one and for one without a
/// percentage that can be.
pub fn counts_with(project: &Project) -> Option<(f64, f64)> {
    let percent = match project.state {
        ProjectState::Cancelled => None,
        _ => actual(project),
    };
    Some((percent?, weight(project.weight)))
}

impl Board {
    /// The three conditions, and any other the measures name: the known ones in the headquarters' order, always all three.
    pub fn conditions(&self) -> Vec<(Pillar, Condition)> {
        let mut means: BTreeMap<Pillar, (Mean, Mean, Condition)> = Pillar::KNOWN
            .iter()
            .map(|word| (Pillar::from(*word), Default::default()))
            .collect();
        for measure in self.measures().iter() {
            let (reached, path, condition) = means.entry(measure.pillar.clone()).or_default();
            condition.measures += 1;
            let progress = self.progress(measure.id.as_str());
            match progress.actual {
                Some(percent) => reached.add(percent, weight_of(measure)),
                None => condition.without_figure += 1,
            }
            if let (Some(_), Some(percent)) = (progress.actual, progress.planned) {
                path.add(percent, weight_of(measure));
            }
        }
        means
            .into_iter()
            .map(|(pillar, (reached, path, mut condition))| {
                condition.actual = reached.get();
                condition.planned = path.get();
                (pillar, condition)
            })
            .collect()
    }

    /// The sums of the weights that divide a measure's actual and planned percentage.
    pub fn weights(&self, measure: &str) -> (f64, f64) {
        let counted = self.projects_of_measure(measure).filter_map(|project| {
            let (_, weight) = counts_with(project)?;
            Some((weight, planned(project, self.today()).map_or(0.0, |_| weight)))
        });
        counted.fold((0.0, 0.0), |(all, dated), (weight, path)| (all + weight, dated + path))
    }

    /// What a project brings to its measure.
    pub fn contribution(&self, project: &Project) -> Contribution {
        let Some((percent, weight)) = counts_with(project) else {
            return Contribution::default();
        };
        if !self.is_whole(Kind::Project) {
            return Contribution::default();
        }
        let (all, dated) = self.weights(project.measure.as_str());
        let path = planned(project, self.today());
        Contribution {
            actual: (all > 0.0).then(|| weight * percent / all),
            planned: path.filter(|_| dated > 0.0).map(|path| weight * path / dated),
        }
    }
}
