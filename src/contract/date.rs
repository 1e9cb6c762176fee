//! Days and instants as they travel.

use super::clean;
use super::problem::What;
use super::read::{Field, Read, Reader};
use crate::clock::{Day, Zone, day_of};
use crate::text::calendar;
use jiff::Timestamp;

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        clean::exact(d, |text| calendar::parse_date(text).map_err(|_| "not a date"))
    }
}

impl Field for Day {}

impl Read for Day {
    fn read(value: &serde_json::Value, at: &mut Reader<'_>) -> Option<Self> {
        let text = at.string(value, "type.date")?;
        match calendar::parse_date(text) {
            Ok(day) => Some(day),
            Err(calendar::DateError::NoSuchDay) => {
                at.skip(What::ImpossibleDate(clean::excerpt(text)));
                None
            }
            Err(calendar::DateError::NotADate) => {
                at.wrong(value, "type.date");
                None
            }
        }
    }
}

impl schemars::JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "YYYY-MM-DD; a year below 1700 is Solar Hijri, any other Gregorian."
        })
    }
}

/// When something was last looked after: a day, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A calendar day.
    Day(Day),
    /// An instant (RFC 3339).
    At(Timestamp),
}

impl Moment {
    /// The calendar day in a zone.
    pub fn day(self, zone: &Zone) -> Day {
        match self {
            Self::Day(day) => day,
            Self::At(at) => day_of(at, zone),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, calendar::DateError> {
        if text.contains('T') || text.contains('t') {
            text.parse().map(Self::At).map_err(|_| calendar::DateError::NotADate)
        } else {
            calendar::parse_date(text).map(Self::Day)
        }
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Day(day) => day.serialize(s),
            Self::At(at) => s.collect_str(at),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        clean::exact(d, |text| Self::parse(text).map_err(|_| "not a date or an instant"))
    }
}

impl Field for Moment {}

impl Read for Moment {
    fn read(value: &serde_json::Value, at: &mut Reader<'_>) -> Option<Self> {
        let text = at.string(value, "type.moment")?;
        match Self::parse(text) {
            Ok(moment) => Some(moment),
            Err(calendar::DateError::NoSuchDay) => {
                at.skip(What::ImpossibleDate(clean::excerpt(text)));
                None
            }
            Err(calendar::DateError::NotADate) => {
                at.wrong(value, "type.moment");
                None
            }
        }
    }
}

impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A date (YYYY-MM-DD) or an instant (RFC 3339)." })
    }
}
