//! Calendars.
use crate::clock::Day;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not of the form.
    NotADate,
    /// No such day.
    NoSuchDay,
}

/// Reads a date.
pub fn parse_date(text: &str) -> Result<Day, DateError> {
    let mut parts = text.splitn(3, ['-', '/']).map(str::parse::<i32>);
    let (Some(Ok(y)), Some(Ok(m)), Some(Ok(d))) = (parts.next(), parts.next(), parts.next()) else {
        return Err(DateError::NotADate);
    };
    if y < 1700 {
        let date = icu_calendar::Date::try_new_persian(y, m as u8, d as u8)
            .map_err(|_| DateError::NoSuchDay)?
            .to_iso();
        return Day::from_gregorian(date.era_year().year, date.month().number(), date.day_of_month().0)
            .ok_or(DateError::NoSuchDay);
    }
    Day::from_gregorian(y, m as u8, d as u8).ok_or(DateError::NoSuchDay)
}
