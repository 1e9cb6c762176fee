//! The only place that reads the time, and the day as a number.
//!
//! A [`Day`] is a calendar day without a zone; calendars (Gregorian, Solar Hijri) are names for it and live in `text::calendar`.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, civil};
use std::sync::atomic::{AtomicI64, Ordering};

/// A calendar day, counted in days since 1970-01-01 (proleptic Gregorian); subtraction gives whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The day `days` after 1970-01-01 (negative before it).
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The day of a Gregorian date, or nothing when there is no such day (years 1–9999).
    pub fn from_gregorian(year: i32, month: u8, day: u8) -> Option<Self> {
        let (year, month, day) = (
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        if year < 1 {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self::from_civil)
    }

    /// Year, month (1–12) and day (1–31) in the Gregorian calendar.
    pub fn gregorian(self) -> (i32, u8, u8) {
        // Days to civil date by the era method (400-year cycles of 146,097 days), exact over the whole range of `i32`.
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        (year as i32, month as u8, day as u8)
    }

    fn from_civil(date: civil::Date) -> Self {
        let (y, m, d) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
        let y = y - i64::from(m <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (m + 9) % 12;
        let doy = (153 * mp + 2) / 5 + d - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Self((era * 146_097 + doe - 719_468) as i32)
    }

    /// The day `days` later (earlier when negative), held at the ends of the range.
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Day of the week with Saturday = 0 … Friday = 6, the Persian week.
    pub const fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday, the sixth day of a week that starts on Saturday.
        (self.0 as i64 + 5).rem_euclid(7) as u8
    }
}

impl std::ops::Sub for Day {
    type Output = i32;
    fn sub(self, other: Self) -> i32 {
        self.0.saturating_sub(other.0)
    }
}

impl std::fmt::Display for Day {
    /// ISO form `YYYY-MM-DD`, Gregorian: the form that travels.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (y, m, d) = self.gregorian();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

/// A time zone by IANA name.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of that IANA name (`Asia/Tehran`), or nothing when it is unknown.
    ///
    /// The database is the program's own: a server may have an old one or none, and walking it costs more than all else at
    /// the start.
    pub fn named(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    /// Coordinated universal time, the last resort where a name is unknown.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }
}

/// Where "now" comes from: the system, or in tests a fixed instant or a clock that is wrong.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
    /// The machine's clock, so many seconds ahead (behind when negative); they may change at any time.
    Moved(&'static AtomicI64),
}

impl Clock {
    /// The present instant.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => *at,
            Self::Moved(seconds) => {
                let moved = Timestamp::now().checked_add(SignedDuration::from_secs(seconds.load(Ordering::Relaxed)));
                moved.unwrap_or_else(|_| Timestamp::now())
            }
        }
    }

    /// The present calendar day in a zone.
    pub fn today(&self, zone: &Zone) -> Day {
        day_of(self.now(), zone)
    }
}

/// The monotonic clock, for waiting and measuring; it says nothing about the time of day.
pub fn tick() -> std::time::Instant {
    std::time::Instant::now()
}

/// The calendar day of an instant in a zone.
pub fn day_of(at: Timestamp, zone: &Zone) -> Day {
    Day::from_civil(at.to_zoned_datetime(zone.0.clone()).date())
}

/// The last second of a day in a zone; nothing outside the years an instant can name.
pub fn last_second(day: Day, zone: &Zone) -> Option<Timestamp> {
    let (year, month, date) = day.plus(1).gregorian();
    let next = civil::Date::new(year.try_into().ok()?, month.cast_signed(), date.cast_signed()).ok()?;
    let begin = next.to_zoned_datetime(zone.0.clone()).ok()?.timestamp();
    begin.checked_sub(SignedDuration::from_secs(1)).ok()
}

/// Hour and minute of an instant in a zone.
pub fn time_of_day(at: Timestamp, zone: &Zone) -> (u8, u8) {
    let time = at.to_zoned_datetime(zone.0.clone()).time();
    (time.hour() as u8, time.minute() as u8)
}

/// Seconds from an instant until the next midnight of a zone, at least 1: when "today" changes.
pub fn seconds_to_midnight(at: Timestamp, zone: &Zone) -> u64 {
    let local = at.to_zoned_datetime(zone.0.clone());
    let next = local
        .tomorrow()
        .and_then(|t| t.start_of_day())
        .map(|t| t.timestamp().as_second());
    u64::try_from(next.unwrap_or(at.as_second() + 3_600) - at.as_second())
        .unwrap_or(1)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_gregorian_dates_agree_over_four_centuries() {
        let mut day = Day::from_gregorian(1800, 1, 1).map(Day::days).unwrap_or_default();
        let end = Day::from_gregorian(2200, 1, 1).map(Day::days).unwrap_or_default();
        let mut date = civil::date(1800, 1, 1);
        while day < end {
            assert_eq!(
                Day(day).gregorian(),
                (i32::from(date.year()), date.month() as u8, date.day() as u8)
            );
            assert_eq!(Day::from_civil(date), Day(day));
            day += 1;
            date = date.tomorrow().unwrap_or(date);
        }
    }

    #[test]
    fn the_plan_deadline_of_1403_was_a_friday() {
        assert_eq!(Day::from_gregorian(2024, 4, 19).map(Day::weekday), Some(6));
    }

    #[test]
    fn today_is_the_zones_day_not_the_machines() {
        let late: Timestamp = "2024-05-21T20:45:00Z".parse().unwrap_or_default();
        let clock = Clock::Fixed(late);
        let tehran = Zone::named("Asia/Tehran").unwrap_or(Zone::utc());
        assert_eq!(clock.today(&Zone::utc()).to_string(), "2024-05-21");
        assert_eq!(clock.today(&tehran).to_string(), "2024-05-22");
        assert_eq!(seconds_to_midnight(late, &Zone::utc()), 3 * 3600 + 15 * 60);
    }

    #[test]
    fn the_last_second_of_a_day_is_the_last_one_also_where_clocks_are_set() {
        // In Tehran clocks were set at midnight, last in 2022.
        let day = |y, m, d| Day::from_gregorian(y, m, d).unwrap_or(Day(0));
        for zone in ["Asia/Tehran", "Europe/Berlin", "America/Havana"] {
            let Some(zone) = Zone::named(zone) else { continue };
            for days in day(2020, 1, 1).days()..day(2025, 1, 1).days() {
                let last = last_second(Day(days), &zone).unwrap_or_default();
                let next = last.checked_add(SignedDuration::from_secs(1)).unwrap_or_default();
                assert_eq!(
                    (day_of(last, &zone), day_of(next, &zone)),
                    (Day(days), Day(days + 1)),
                    "{last}"
                );
            }
        }
    }

    #[test]
    fn an_impossible_date_is_nothing() {
        assert_eq!(Day::from_gregorian(2023, 2, 29), None);
        assert_eq!(Day::from_gregorian(2024, 13, 1), None);
        assert_eq!(Day::from_gregorian(0, 1, 1), None);
    }
}
