//! The headquarters itself.

use super::{Province, text};
use crate::clock::Day;
use crate::contract::records::Step;
use crate::contract::{County, Headquarters, Id, LadderStep, Text};

/// The headquarters as it describes a day.
pub fn headquarters(province: &Province, as_of: Day) -> Headquarters {
    let county = |(index, (_, name, tile)): (usize, &(&str, _, [u32; 2]))| County {
        id: province.county_id(index),
        name: text(*name),
        tile: Some(tile.to_vec()),
        extra: None,
    };
    // The steps and days of the enforcement ladder, as the secretariat set them.
    let ladder = [
        (Step::Reminder, 3),
        (Step::Warning, 10),
        (Step::GovernorNote, 20),
        (Step::CouncilAgenda, 27),
    ];
    Headquarters {
        id: Id::new("hq"),
        name: text(province.name),
        province: text(province.province),
        programme_year: province.year,
        time_zone: Some(province.zone.into()),
        plan_due: province.plan_due,
        synthetic: Some(true),
        as_of: Some(as_of),
        cadence_days: Some(province.cadence),
        counties: province.counties.iter().enumerate().map(county).collect(),
        thresholds: None,
        ladder: ladder
            .map(|(step, after_days)| LadderStep {
                step,
                after_days,
                extra: None,
            })
            .to_vec(),
        updated: None,
        note: Some(Text::both(
            "همهٔ نام‌ها و رقم‌ها ساختگی است؛ گروه‌بندی دستگاه‌ها نمونه است.",
            "All names and figures are made up; the categories of agencies are illustrative.",
        )),
        extra: None,
    }
}
