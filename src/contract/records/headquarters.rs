//! The headquarters itself: what every other record is read against.

use crate::clock::{Day, Zone};
use crate::contract::thresholds::SharedThresholds;
use crate::contract::{Id, Moment, Text};
use smol_str::SmolStr;

/// The time zone of a headquarters that names none.
pub const DEFAULT_ZONE: &str = "Asia/Tehran";
/// How often a record should be looked after when the headquarters does not say, in days.
pub const DEFAULT_CADENCE_DAYS: u32 = 15;

object! {
    /// A county of the province, listed even when nothing happens in it.
    County {
        /// Its id, to which projects, enterprises and initiatives refer.
        id: Id,
        /// Its name.
        name: Text,
        /// Column and row of its tile on the province's map, from 0.
        tile: Option<Vec<u32>>,
    }
}

object! {
    /// A step of the enforcement ladder and when it comes due.
    LadderStep {
        /// The step (`reminder`, `warning` …).
        step: super::Step,
        /// Days overdue at which it is due.
        after_days: u32,
    }
}

object! {
    /// The headquarters: name, programme year, zone, deadlines and shared settings.
    Headquarters {
        /// Its id; `hq` in the feed.
        id: Option<Id>,
        /// Its name.
        name: Text,
        /// The province.
        province: Text,
        /// The Solar Hijri programme year.
        programme_year: u32,
        /// IANA time zone; Asia/Tehran when absent.
        time_zone: Option<SmolStr>,
        /// The day by which every agency's operational plan is due.
        plan_due: Day,
        /// True when the figures are made up.
        synthetic: Option<bool>,
        /// The day the document describes; a synthetic document opens on it.
        as_of: Option<Day>,
        /// How often a record should be looked after, in days; 15 when absent.
        cadence_days: Option<u32>,
        /// All counties of the province.
        counties: Vec<County>,
        /// Limits shared by all operators.
        thresholds: Option<SharedThresholds>,
        /// The enforcement ladder, in order.
        ladder: Vec<LadderStep>,
        /// When somebody last looked after it.
        updated: Option<Moment>,
        /// A free note.
        note: Option<Text>,
    }
}

impl Headquarters {
    /// The zone whose calendar day is "today", and whether its name was unknown (then the default zone is used).
    pub fn zone(&self) -> (Zone, bool) {
        let name = self.time_zone.as_deref().unwrap_or(DEFAULT_ZONE);
        match Zone::named(name) {
            Some(zone) => (zone, false),
            None => (Zone::named(DEFAULT_ZONE).unwrap_or_else(Zone::utc), true),
        }
    }

    /// True when the document says its figures are made up.
    pub fn is_synthetic(&self) -> bool {
        self.synthetic.unwrap_or(false)
    }

    /// How often a record should be looked after, in days.
    pub fn cadence(&self) -> u32 {
        self.cadence_days.unwrap_or(DEFAULT_CADENCE_DAYS)
    }
}
