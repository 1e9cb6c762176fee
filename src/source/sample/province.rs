//! The two provinces of the sample, as plain facts: names, days, counties, agencies, measures and how ids are made.
//! The first is the size of the real one; every other seed gives the second, so that nothing can be built for one province only.

use super::rng::Rng;
use super::words::agencies::AgencyWords;
use super::words::measures::MeasureWords;
use super::words::places::CountyWords;
use super::words::projects::Theme;
use super::words::{Pair, agencies, measures, places};
use crate::clock::Day;
use crate::contract::Id;

/// The seed of the first province, the one the program shows when nothing else is given.
pub const FIRST_SEED: u64 = 1;

/// How the ids of a province look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// `p-0117`.
    Dashed,
    /// `PRJ.117`.
    Dotted,
}

/// What the generator knows of a province before it makes any record.
#[derive(Clone)]
pub struct Province {
    /// The seed it was made from.
    pub seed: u64,
    scheme: Scheme,
    /// The headquarters' name.
    pub name: Pair,
    /// The province's name.
    pub province: Pair,
    /// The Solar Hijri programme year.
    pub year: u32,
    /// 1 Farvardin of that year.
    new_year: Day,
    /// IANA time zone.
    pub zone: &'static str,
    /// How often records should be looked after, in days.
    pub cadence: u32,
    /// Its counties.
    pub counties: &'static [CountyWords],
    /// Its agencies and their categories.
    pub agencies: Vec<(&'static AgencyWords, &'static str)>,
    /// The agencies that can run projects of each theme.
    able: Vec<Vec<usize>>,
    /// Its measures.
    pub measures: &'static [MeasureWords],
    /// The days of the council's meetings, in order.
    pub meetings: Vec<Day>,
    /// The plan deadline.
    pub plan_due: Day,
    /// The day the newest state describes.
    pub as_of: Day,
    /// Classes of plans: overdue never submitted, overdue returned, late; the rest came in time.
    pub plans: [usize; 3],
    /// Decisions in even and odd meetings.
    pub decisions: [usize; 2],
    /// Demands of the private sector.
    pub demands: usize,
    /// Campaigns.
    pub campaigns: usize,
    /// Enterprises.
    pub enterprises: usize,
    /// Agencies that were evaluated.
    pub evaluated: usize,
    /// Initiatives when no number is asked for.
    pub initiatives: u64,
    /// The mix of initiatives in thousandths: home business, cooperative, knowledge-based, digital, micro-investor; the rest is other.
    pub mix: [u64; 5],
}

impl Province {
    /// The province of a seed.
    pub fn of(seed: u64) -> Self {
        let mut province = if seed == FIRST_SEED {
            Self::first()
        } else {
            Self::second(seed)
        };
        province.able = Theme::ALL
            .iter()
            .map(|theme| province.agencies_of(theme.agencies()))
            .collect();
        province
    }

    fn first() -> Self {
        let new_year = day_of_year_one(1403);
        let at = |month, day| in_year(new_year, month, day);
        Self {
            seed: FIRST_SEED,
            scheme: Scheme::Dashed,
            name: (
                "قرارگاه جهش تولید با مشارکت مردم استان آذربایجان شرقی",
                "Headquarters for the production leap with people's participation, East Azerbaijan",
            ),
            province: ("استان آذربایجان شرقی", "East Azerbaijan"),
            year: 1403,
            new_year,
            zone: "Asia/Tehran",
            cadence: 15,
            counties: places::FIRST,
            agencies: agencies::FIRST.iter().map(|a| (a, a.category)).collect(),
            able: Vec::new(),
            measures: measures::FIRST,
            meetings: [
                (1, 6),
                (1, 8),
                (1, 15),
                (1, 20),
                (1, 27),
                (1, 29),
                (2, 3),
                (2, 5),
                (2, 10),
                (2, 12),
                (2, 19),
                (2, 26),
            ]
            .map(|(month, day)| at(month, day))
            .to_vec(),
            plan_due: at(1, 31),
            as_of: at(3, 2),
            plans: [14, 3, 6],
            decisions: [8, 9],
            demands: 48,
            campaigns: 24,
            enterprises: 30,
            evaluated: 63,
            initiatives: 6_000,
            mix: [657, 49, 14, 22, 250],
        }
    }

    fn second(seed: u64) -> Self {
        let mut rng = Rng::of(seed, "province", 0);
        let new_year = day_of_year_one(1404);
        let at = |month, day| in_year(new_year, month, day);
        let find = |key: &str| agencies::FIRST.iter().find(|a| a.key == key);
        let known = agencies::SECOND
            .iter()
            .filter_map(|(key, category)| Some((find(key)?, *category)));
        // One meeting every nine or ten days, the last a few days before the day described.
        let as_of = at(4, 10);
        let mut day = as_of.plus(-rng.days(2, 5));
        let mut meetings = vec![day];
        while meetings.len() < 12 {
            day = day.plus(-rng.days(7, 9));
            meetings.push(day);
        }
        meetings.reverse();
        Self {
            seed,
            scheme: Scheme::Dotted,
            name: (
                "قرارگاه مردمی تولید استان خاوران",
                "People's Production Headquarters, Khavaran",
            ),
            province: ("استان خاوران", "Khavaran"),
            year: 1404,
            new_year,
            zone: "Asia/Tashkent",
            cadence: 20,
            counties: places::SECOND,
            agencies: known.collect(),
            able: Vec::new(),
            measures: measures::SECOND,
            meetings,
            plan_due: at(2, 15),
            as_of,
            plans: [rng.range(6, 8) as usize, 2, rng.range(3, 5) as usize],
            decisions: [6, 7],
            demands: rng.range(40, 44) as usize,
            campaigns: 13,
            enterprises: 17,
            evaluated: 35,
            initiatives: 2_400,
            mix: [420, 210, 8, 61, 240],
        }
    }

    /// A day of the programme year.
    pub fn day(&self, month: i32, day: i32) -> Day {
        in_year(self.new_year, month, day)
    }

    /// 1 Farvardin of the programme year.
    pub fn new_year(&self) -> Day {
        self.new_year
    }

    /// The day the sample's memory begins: a week before the first meeting.
    pub fn dawn(&self) -> Day {
        self.meetings.first().copied().unwrap_or(self.as_of).plus(-7)
    }

    /// A stream of chance for one subject.
    pub fn rng(&self, label: &str, number: usize) -> Rng {
        Rng::of(self.seed, label, number as u64)
    }

    /// The agency of a key, or the first one that stands for it where the province has none.
    pub fn agency(&self, key: &str) -> usize {
        self.agencies.iter().position(|(a, _)| a.key == key).unwrap_or(0)
    }

    /// The agencies of these keys that the province has.
    pub fn agencies_of(&self, keys: &[&str]) -> Vec<usize> {
        let known = |key: &&str| self.agencies.iter().position(|(a, _)| a.key == *key);
        keys.iter().filter_map(known).collect()
    }

    /// The agencies that can run projects of a theme.
    pub fn able(&self, theme: Theme) -> &[usize] {
        self.able.get(theme as usize).map_or(&[], Vec::as_slice)
    }

    /// The id of a county.
    pub fn county_id(&self, index: usize) -> Id {
        let (slug, ..) = self.counties[index % self.counties.len()];
        match self.scheme {
            Scheme::Dashed => id(&format!("c-{slug}")),
            Scheme::Dotted => id(slug),
        }
    }

    /// The id of a record by its family and number, counted from 1.
    pub fn id(&self, family: Family, number: usize) -> Id {
        let (dashed, dotted, width) = match family {
            Family::Measure => ("m", "M", 2),
            Family::Project => ("p", "PRJ", 4),
            Family::Agency => ("a", "ORG", 2),
            Family::Plan => ("pl", "PLAN", 3),
            Family::Enterprise => ("e", "ENT", 2),
            Family::Meeting => ("mt", "MTG", 2),
            Family::Decision => ("d", "DEC", 3),
            Family::Demand => ("dm", "DMD", 3),
            Family::Campaign => ("c", "CMP", 2),
            Family::Evaluation => ("ev", "EVAL", 3),
            Family::Initiative => ("i", "INI", 6),
            Family::Duty => ("w", "duty", 1),
            Family::Indicator => ("ind", "KPI", 1),
        };
        match self.scheme {
            Scheme::Dashed => id(&format!("{dashed}-{number:0width$}")),
            Scheme::Dotted => id(&format!("{dotted}.{number}")),
        }
    }
}

/// The families of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the kinds say it")]
pub enum Family {
    Measure,
    Project,
    Agency,
    Plan,
    Enterprise,
    Meeting,
    Decision,
    Demand,
    Campaign,
    Evaluation,
    Initiative,
    Duty,
    Indicator,
}

#[expect(
    clippy::expect_used,
    reason = "ids are made from our own tables, and a test makes every one of them"
)]
fn id(text: &str) -> Id {
    Id::new(text).expect("an id of the sample's own making")
}

/// 1 Farvardin of the two programme years; a table, because two days need no calendar.
fn day_of_year_one(year: u32) -> Day {
    // 20 March 2024 and 21 March 2025, in days since 1970-01-01.
    Day::from_days(if year == 1403 { 19_802 } else { 20_168 })
}

/// A day of the first six months, which have 31 days each, or of a later one, which have 30.
fn in_year(new_year: Day, month: i32, day: i32) -> Day {
    let months = month - 1;
    new_year.plus(months.min(6) * 31 + (months - 6).max(0) * 30 + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::calendar::parse_date;

    #[test]
    fn the_days_of_both_years_are_those_of_the_calendar() {
        for (seed, year) in [(1, 1403), (2, 1404)] {
            let province = Province::of(seed);
            for (month, day) in [(1, 1), (1, 31), (2, 1), (6, 31), (7, 1), (11, 30), (12, 29)] {
                let text = format!("{year}-{month:02}-{day:02}");
                assert_eq!(parse_date(&text), Ok(province.day(month, day)), "{text}");
            }
        }
        assert_eq!(Province::of(1).plan_due.to_string(), "2024-04-19");
        assert_eq!(Province::of(1).as_of.to_string(), "2024-05-22");
    }

    #[test]
    fn هر_شهرستان_کاشی_خود_را_دارد_و_نقشه_همان_جغرافیاست() {
        for seed in [1, 2] {
            let province = Province::of(seed);
            let tiles: std::collections::BTreeSet<_> = province.counties.iter().map(|c| c.2).collect();
            assert_eq!(tiles.len(), province.counties.len());
        }
        let tile = |slug: &str| {
            places::FIRST
                .iter()
                .find(|c| c.0 == slug)
                .map(|c| c.2)
                .unwrap_or_default()
        };
        let north = |a: &str, b: &str| assert!(tile(a)[1] < tile(b)[1], "{a} stands north of {b}");
        let west = |a: &str, b: &str| assert!(tile(a)[0] < tile(b)[0], "{a} stands west of {b}");
        for (a, b) in [
            ("jolfa", "marand"),
            ("khoda-afarin", "kaleybar"),
            ("kaleybar", "ahar"),
            ("ahar", "heris"),
            ("marand", "shabestar"),
            ("shabestar", "tabriz"),
            ("tabriz", "osku"),
            ("azarshahr", "ajab-shir"),
            ("ajab-shir", "bonab"),
            ("bonab", "malekan"),
            ("maragheh", "leylan"),
            ("hashtrud", "charuymaq"),
            ("sarab", "mianeh"),
            ("tabriz", "bostanabad"),
        ] {
            north(a, b);
        }
        for (a, b) in [
            ("shabestar", "tabriz"),
            ("marand", "varzaqan"),
            ("varzaqan", "ahar"),
            ("kaleybar", "hurand"),
            ("tabriz", "heris"),
            ("heris", "sarab"),
            ("bonab", "maragheh"),
            ("maragheh", "hashtrud"),
            ("hashtrud", "mianeh"),
            ("malekan", "leylan"),
        ] {
            west(a, b);
        }
    }
}
