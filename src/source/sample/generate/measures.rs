//! Measures and the readings of their indicators.

use super::{Family, Life, Province, num, seen, text};
use crate::clock::Day;
use crate::contract::{Indicator, Measure, Pillar, Reading, Trend};
use crate::source::sample::life::Story;
use crate::source::sample::words::measures::IndicatorWords;

/// The lives of all measures.
pub fn measures(province: &Province) -> Vec<Life> {
    (0..province.measures.len())
        .map(|index| measure(province, index))
        .collect()
}

/// The meetings at which indicators are read: every third one.
fn reading_days(province: &Province) -> impl Iterator<Item = Day> + '_ {
    province.meetings.iter().skip(2).step_by(3).copied()
}

fn measure(province: &Province, index: usize) -> Life {
    let words = &province.measures[index];
    let mut rng = province.rng("measure", index);
    let (start, due) = (province.new_year(), province.day(12, 29));
    let indicators = words
        .indicators
        .iter()
        .enumerate()
        .map(|(i, w)| indicator(province, i, w))
        .collect();
    let mut story = Story::begin(
        province.dawn(),
        Measure {
            id: province.id(Family::Measure, index + 1),
            number: index as u32 + 1,
            title: text(words.title),
            pillar: Pillar::from(words.pillar),
            lead: province.id(Family::Agency, province.agency(words.lead) + 1),
            weight: Some(words.weight.into()),
            start: Some(start),
            due: Some(due),
            indicators,
            updated: seen(province.dawn()),
            note: None,
            extra: None,
        },
    );
    // How fast it goes, in percent of what was planned: its projects' drift, and a little of its own.
    let pace = 100 + words.drift * 3 + rng.range(-8, 8);
    let last = reading_days(province).last();
    for day in reading_days(province) {
        story.then(day, |measure| {
            for (indicator, words) in measure.indicators.iter_mut().zip(words.indicators) {
                let way = (words.target - words.baseline) * i64::from(day - start) / i64::from(due - start);
                let value = words.baseline + way * pace / 100;
                // Cumulative figures fall when a later count corrects an earlier one: one measure in five, at the last reading.
                let fell = index % 5 == 3 && Some(day) == last;
                let before = indicator.readings.last().map(|r| r.value.get() as i64);
                let value = if fell {
                    before.map_or(value, |b| b - (b / 12).max(1))
                } else {
                    value
                };
                indicator.readings.extend(num(value).map(|value| Reading {
                    on: day,
                    value,
                    extra: None,
                }));
            }
            measure.updated = seen(day);
        });
    }
    story.end()
}

fn indicator(province: &Province, index: usize, words: &IndicatorWords) -> Indicator {
    let step = |quarter: i64, month, day| {
        let value = words.baseline + (words.target - words.baseline) * quarter / 4;
        num(value).map(|value| Reading {
            on: province.day(month, day),
            value,
            extra: None,
        })
    };
    Indicator {
        id: province.id(Family::Indicator, index + 1),
        title: text(words.title),
        unit: text(words.unit),
        direction: if words.target < words.baseline {
            Trend::Down
        } else {
            Trend::Up
        },
        baseline: num(words.baseline),
        target: num(words.target),
        due: Some(province.day(12, 29)),
        path: [
            step(0, 1, 1),
            step(1, 3, 31),
            step(2, 6, 31),
            step(3, 9, 30),
            step(4, 12, 29),
        ]
        .into_iter()
        .flatten()
        .collect(),
        readings: Vec::new(),
        extra: None,
    }
}
