//! Days as people name them: Solar Hijri (Jalali) and Gregorian dates, weekdays, months and ages, in both languages.
//!
//! The arithmetic of the Solar Hijri calendar is ICU4X's. What comes out is bare logical text. It must not know what day it is.

use super::Lang;
use super::number;
use crate::clock::Day;
use icu_calendar::Date;
use icu_calendar::cal::Persian;
use icu_calendar::types::RataDie;
use std::fmt;

/// 1970-01-01 as a day of the common count that starts on 0001-01-01.
const EPOCH: i64 = 719_163;
/// Years below this are Solar Hijri, the others Gregorian: the ranges in use never meet.
const FIRST_GREGORIAN_YEAR: i32 = 1700;

/// Which calendar names a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalendarKind {
    /// Solar Hijri, the calendar of Iran.
    Jalali,
    /// Gregorian.
    Gregorian,
}

/// A date of the Solar Hijri calendar that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jalali {
    /// Year, from 1 on for any day of our data.
    pub year: i32,
    /// Month, 1 (Farvardin) to 12 (Esfand).
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Jalali {
    /// The date, or nothing when there is no such day (30 Esfand of a common year, say).
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        (1..=9999).contains(&year).then_some(())?;
        Date::try_new_persian(year, month, day).ok()?;
        Some(Self { year, month, day })
    }

    /// The day it names; the fields of a date that does not exist are held at the nearest one that does.
    pub fn day(self) -> Day {
        let (year, month) = (self.year.clamp(1, 9999), self.month.clamp(1, 12));
        let date = (1..=self.day.clamp(1, 31))
            .rev()
            .find_map(|day| Date::try_new_persian(year, month, day).ok());
        let days = date.map_or(0, |date| date.to_rata_die().to_i64_date() - EPOCH);
        Day::from_days(i32::try_from(days).unwrap_or(0))
    }

    /// Whether the year has a 30 Esfand.
    pub fn is_leap_year(self) -> bool {
        Self::new(self.year, 12, 30).is_some()
    }
}

impl From<Day> for Jalali {
    fn from(day: Day) -> Self {
        let date = Date::from_rata_die(RataDie::new(i64::from(day.days()) + EPOCH), Persian);
        Self {
            year: date.era_year().year,
            month: date.month().ordinal,
            day: date.day_of_month().0,
        }
    }
}

impl From<Jalali> for Day {
    fn from(date: Jalali) -> Self {
        date.day()
    }
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It is not of the form year-month-day or year/month/day.
    NotADate,
    /// It has the form, but the calendar has no such day.
    NoSuchDay,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADate => "not a date",
            Self::NoSuchDay => "no such day",
        })
    }
}

impl std::error::Error for DateError {}

/// Reads `1403-01-31` or `۱۴۰۳/۱/۳۱`: a year of four digits below 1700 is Solar Hijri, any other Gregorian; digits of any of the
/// three kinds.
pub fn parse_date(text: &str) -> Result<Day, DateError> {
    let text = text.trim();
    let separator = text
        .chars()
        .find(|c| matches!(c, '-' | '/'))
        .ok_or(DateError::NotADate)?;
    let mut parts = text.split(separator);
    let mut part = |least: usize, most: usize| -> Result<i32, DateError> {
        let mut value = 0;
        let mut length = 0;
        for c in parts.next().ok_or(DateError::NotADate)?.chars() {
            length += 1;
            if length > most {
                return Err(DateError::NotADate);
            }
            value = value * 10 + i32::from(number::digit_value(c).ok_or(DateError::NotADate)?);
        }
        if length < least {
            Err(DateError::NotADate)
        } else {
            Ok(value)
        }
    };
    let (year, month, day) = (part(4, 4)?, part(1, 2)?, part(1, 2)?);
    if parts.next().is_some() {
        return Err(DateError::NotADate);
    }
    let small = |n: i32| u8::try_from(n).map_err(|_| DateError::NoSuchDay);
    let (month, day) = (small(month)?, small(day)?);
    if year < FIRST_GREGORIAN_YEAR {
        Jalali::new(year, month, day).map(Jalali::day)
    } else {
        Day::from_gregorian(year, month, day)
    }
    .ok_or(DateError::NoSuchDay)
}

fn parts(day: Day, kind: CalendarKind) -> (i32, u8, u8) {
    match kind {
        CalendarKind::Jalali => {
            let date = Jalali::from(day);
            (date.year, date.month, date.day)
        }
        CalendarKind::Gregorian => day.gregorian(),
    }
}

/// A date of fixed width for tables: `۱۴۰۳/۰۱/۳۱`, in English `1403/01/31`, Gregorian in English `2024-04-19`.
pub fn short(day: Day, kind: CalendarKind, lang: Lang) -> String {
    let (y, m, d) = parts(day, kind);
    let separator = match (kind, lang) {
        (CalendarKind::Gregorian, Lang::En) => '-',
        _ => '/',
    };
    number::digits(&format!("{y:04}{separator}{m:02}{separator}{d:02}"), lang)
}

/// A date in words: `۳۱ فروردین ۱۴۰۳`, `31 Farvardin 1403`, `۱۹ آوریل ۲۰۲۴`, `19 April 2024`.
pub fn long(day: Day, kind: CalendarKind, lang: Lang) -> String {
    let (y, m, d) = parts(day, kind);
    number::digits(&format!("{d} {} {y}", month_name(m, kind, lang)), lang)
}

/// A time of day as `14:05`, in the digits of the language.
pub fn time(hour: u8, minute: u8, lang: Lang) -> String {
    number::digits(&format!("{hour:02}:{minute:02}"), lang)
}

/// The name of the day of the week.
pub fn weekday(day: Day, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Fa => &["شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"],
        Lang::En => &[
            "Saturday",
            "Sunday",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
        ],
    };
    names.get(usize::from(day.weekday())).copied().unwrap_or("")
}

/// The name of a month (1–12) of a calendar; nothing for a month that is none.
pub fn month_name(month: u8, kind: CalendarKind, lang: Lang) -> &'static str {
    let names = match (kind, lang) {
        (CalendarKind::Jalali, Lang::Fa) => &[
            "فروردین",
            "اردیبهشت",
            "خرداد",
            "تیر",
            "مرداد",
            "شهریور",
            "مهر",
            "آبان",
            "آذر",
            "دی",
            "بهمن",
            "اسفند",
        ],
        (CalendarKind::Jalali, Lang::En) => &[
            "Farvardin",
            "Ordibehesht",
            "Khordad",
            "Tir",
            "Mordad",
            "Shahrivar",
            "Mehr",
            "Aban",
            "Azar",
            "Dey",
            "Bahman",
            "Esfand",
        ],
        (CalendarKind::Gregorian, Lang::Fa) => &[
            "ژانویه",
            "فوریه",
            "مارس",
            "آوریل",
            "مه",
            "ژوئن",
            "ژوئیه",
            "اوت",
            "سپتامبر",
            "اکتبر",
            "نوامبر",
            "دسامبر",
        ],
        (CalendarKind::Gregorian, Lang::En) => &[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

/// A number of days as short as can be: `33 d`, «۳۳ روز».
pub fn age(days: i32, lang: Lang) -> String {
    let days = number::integer(i64::from(days), lang);
    match lang {
        Lang::Fa => format!("{days} روز"),
        Lang::En => format!("{days} d"),
    }
}

#[cfg(test)]
mod tests;
