//! Figures beside each other: much less verified than claimed, and amounts about ten times what stands beside them or stood there before.

use super::quality::figures;
use super::values::{day, number};
use super::{Context, Fact, Hit, Rule, new_rule};
use crate::board::Limit;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Indicator, Initiative, Kind, Measure, Project, Reading, Record, Step};

/// The ratio from which one amount is about ten times another: rial and toman mistaken for each other, or a digit too many.
/// Given by the contract, so that every reader of the data finds the same.
const TEN: std::ops::RangeInclusive<f64> = 9.5..=10.5;

/// Less than `verified_low_percent` of what was claimed has been verified. What nobody has verified yet is no finding.
pub(super) static VERIFIED_BELOW: Rule = new_rule!(
    "verified-far-below",
    Warning,
    &[Kind::Project, Kind::Initiative],
    verified_below,
    limits & [Limit::VerifiedLowPercent],
);

fn verified_below(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    figures(record).into_iter().find_map(|(field, figure)| {
        let figure = figure?;
        let claimed = figure.at(Step::Claimed).filter(|n| *n > 0.0)?;
        let verified = figure.at(Step::Verified).filter(|n| *n >= 0.0)?;
        let percent = verified / claimed * 100.0;
        (percent < cx.limits.verified_low_percent).then(|| {
            Hit::new([
                ("field", Fact::Field(record.kind().as_str(), field)),
                ("verified", amount(field, verified)),
                ("claimed", amount(field, claimed)),
                ("percent", number(percent)),
                ("limit", number(cx.limits.verified_low_percent)),
            ])
        })
    })
}

/// The figure of a field, with its unit where it is money.
fn amount(field: &str, value: f64) -> Fact {
    match field {
        "capital" => Fact::Money(value as i64),
        _ => number(value),
    }
}

/// An amount is about ten times one it should not exceed, an indicator about ten times, or a tenth of, its reading before, or either
/// about ten times, or a tenth of, what the same record said in the earlier state the board is held against. Reported, never corrected.
pub(super) static OFF_BY_TEN: Rule = new_rule!(
    "amount-off-by-ten",
    Data,
    &[Kind::Measure, Kind::Project, Kind::Initiative],
    off_by_ten
);

fn off_by_ten(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let beside = match record {
        Record::Project(project) => project_amounts(project),
        Record::Initiative(initiative) => capital(initiative),
        Record::Measure(measure) => readings(measure),
        _ => None,
    };
    beside.or_else(|| slipped_since(record, cx))
}

/// An amount about ten times, or a tenth of, what the same record said before.
fn slipped_since(record: &Record, cx: &Context<'_>) -> Option<Hit> {
    let (state, old) = cx.before(record)?;
    match (&old, record) {
        (Record::Project(old), Record::Project(new)) => {
            let amounts = [
                ("budget", old.budget, new.budget),
                ("allocated", old.allocated, new.allocated),
                ("spent", old.spent, new.spent),
            ];
            amounts.into_iter().find_map(|(field, was, now)| {
                let (was, now) = (was?, now?);
                let field = ("field", Fact::Field("project", field));
                slipped(now as f64, was as f64).then(|| since_state(field, Fact::Money(now), Fact::Money(was), state))
            })
        }
        (Record::Initiative(old), Record::Initiative(new)) => {
            let (old, new) = (old.capital.as_ref()?, new.capital.as_ref()?);
            Step::ALL.into_iter().find_map(|step| {
                let (was, now) = (old.at(step)?, new.at(step)?);
                let field = ("field", Fact::Word("figure", step.as_str().into()));
                slipped(now, was).then(|| since_state(field, Fact::Money(now as i64), Fact::Money(was as i64), state))
            })
        }
        (Record::Measure(old), Record::Measure(new)) => new.indicators.iter().find_map(|indicator| {
            let old = old.indicators.iter().find(|old| old.id == indicator.id)?;
            slipped_indicator(old, indicator, state)
        }),
        _ => None,
    }
}

/// Baseline, target, or the reading of one day, about ten times, or a tenth of, what the same indicator said before.
fn slipped_indicator(old: &Indicator, new: &Indicator, state: Day) -> Option<Hit> {
    let field = |name| ("field", Fact::Field("indicator", name));
    let both = [
        ("baseline", old.baseline, new.baseline),
        ("target", old.target, new.target),
    ];
    let plain = both
        .into_iter()
        .filter_map(|(name, was, now)| Some((field(name), was?.get(), now?.get())));
    let readings = new.readings.iter().filter_map(|now| {
        let was = old.readings.iter().find(|was| was.on == now.on)?;
        Some((("on", day(now.on)), was.value.get(), now.value.get()))
    });
    plain.chain(readings).find_map(|(what, was, now)| {
        slipped(now, was).then(|| {
            let why = match what.1 {
                Fact::Day(_) => "rule.amount-off-by-ten.why-rewritten",
                _ => "rule.amount-off-by-ten.why-indicator",
            };
            let mut hit = since_state(what, number(now), number(was), state).why(Some(why));
            hit.values.push(("indicator", Fact::Text(new.title.clone())));
            hit
        })
    })
}

/// A value that was another one in an earlier state.
fn since_state(what: (&'static str, Fact), now: Fact, was: Fact, state: Day) -> Hit {
    let values = [what, ("value", now), ("other", was), ("day", day(state))];
    Hit::new(values).why(Some("rule.amount-off-by-ten.why-before"))
}

/// About ten times, or a tenth of it.
fn slipped(now: f64, was: f64) -> bool {
    is_ten(now, was) || is_ten(was, now)
}

fn is_ten(large: f64, small: f64) -> bool {
    small > 0.0 && TEN.contains(&(large / small))
}

/// What is spent should not exceed what was allocated, nor that the budget. The other way round a tenth is an honest beginning.
fn project_amounts(project: &Project) -> Option<Hit> {
    let pairs = [
        (("spent", project.spent), ("allocated", project.allocated)),
        (("allocated", project.allocated), ("budget", project.budget)),
        (("spent", project.spent), ("budget", project.budget)),
    ];
    pairs.into_iter().find_map(|((field, value), (sibling, other))| {
        let (value, other) = (value?, other?);
        is_ten(value as f64, other as f64).then(|| {
            Hit::new([
                ("field", Fact::Field("project", field)),
                ("value", Fact::Money(value)),
                ("sibling", Fact::Field("project", sibling)),
                ("other", Fact::Money(other)),
            ])
        })
    })
}

/// A later step of the capital about ten times the step before it.
fn capital(initiative: &Initiative) -> Option<Hit> {
    let capital = initiative.capital.as_ref()?;
    let known: Vec<(Step, f64)> = Step::ALL
        .into_iter()
        .filter_map(|step| Some((step, capital.at(step)?)))
        .collect();
    known.windows(2).find_map(|pair| {
        let [(before, small), (after, large)] = pair else {
            return None;
        };
        is_ten(*large, *small).then(|| {
            Hit::new([
                ("field", Fact::Word("figure", after.as_str().into())),
                ("value", Fact::Money(*large as i64)),
                ("sibling", Fact::Word("figure", before.as_str().into())),
                ("other", Fact::Money(*small as i64)),
            ])
        })
    })
}

/// An indicator's reading about ten times, or a tenth of, the one before it.
fn readings(measure: &Measure) -> Option<Hit> {
    measure.indicators.iter().find_map(slipped_reading)
}

fn slipped_reading(indicator: &Indicator) -> Option<Hit> {
    let mut readings: Vec<&Reading> = indicator.readings.iter().collect();
    readings.sort_by_key(|reading| reading.on);
    readings.windows(2).find_map(|pair| {
        let [before, after] = pair else { return None };
        let (old, new) = (before.value.get(), after.value.get());
        slipped(new, old).then(|| {
            Hit::new([
                ("indicator", Fact::Text(indicator.title.clone())),
                ("value", number(new)),
                ("on", day(after.on)),
                ("other", number(old)),
                ("before", day(before.on)),
            ])
            .why(Some("rule.amount-off-by-ten.why-reading"))
            .since(Some(after.on))
        })
    })
}

/// A percentage that can be one: what lies outside 0–100 is a finding and counts in no mean.
pub(in crate::board) fn plausible_percent(percent: Option<Num>) -> Option<f64> {
    percent.map(Num::get).filter(|percent| (0.0..=100.0).contains(percent))
}
