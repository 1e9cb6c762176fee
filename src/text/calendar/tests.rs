use super::CalendarKind::{Gregorian, Jalali as Hijri};
use super::Lang::{En, Fa};
use super::*;
use proptest::prelude::*;

fn day(y: i32, m: u8, d: u8) -> Option<Day> {
    Day::from_gregorian(y, m, d)
}

/// The 33-year cycle of leap years, valid from 1210 to 1634: not how ICU4X counts them.
fn is_leap(year: i32) -> bool {
    ((year - 1210 + 1).rem_euclid(33) - 1).rem_euclid(33) % 4 == 0 && (year - 1210 + 1).rem_euclid(33) != 0
}

#[test]
fn two_hundred_years_agree_with_an_independent_count_of_days() {
    // 1 Farvardin 1300 was 21 March 1921.
    let mut day = Day::from_gregorian(1921, 3, 21).unwrap_or(Day::from_days(0));
    for year in 1300..=1500 {
        for month in 1..=12u8 {
            let length = match month {
                1..=6 => 31,
                7..=11 => 30,
                _ => 29 + u8::from(is_leap(year)),
            };
            for of_month in 1..=length {
                let date = Jalali {
                    year,
                    month,
                    day: of_month,
                };
                assert_eq!(Jalali::from(day), date);
                assert_eq!(date.day(), day);
                assert_eq!(Jalali::new(year, month, of_month), Some(date));
                day = day.plus(1);
            }
            assert_eq!(Jalali::new(year, month, length + 1), None);
        }
        assert_eq!(Jalali { year, month: 1, day: 1 }.is_leap_year(), is_leap(year));
    }
}

/// 1 Farvardin by the sun: see the file's own README.
const NOWRUZ: &str = include_str!("../../../tests/data/calendar/nowruz.csv");

#[test]
fn every_year_from_1300_to_1500_begins_and_is_as_long_as_the_sun_has_it() {
    let mut years = Vec::new();
    for line in NOWRUZ.lines().skip(1) {
        let mut fields = line.split(',');
        let year: i32 = fields.next().unwrap_or_default().parse().unwrap_or_default();
        let first = parse_date(fields.next().unwrap_or_default()).unwrap_or(Day::from_days(0));
        years.push((year, first));
    }
    assert_eq!(years.len(), 202);
    for pair in years.windows(2) {
        let [(year, first), (next, after)] = pair else { continue };
        assert_eq!(*next, year + 1);
        assert_eq!(Jalali::new(*year, 1, 1).map(Jalali::day), Some(*first), "{year}");
        assert_eq!(Jalali::new(*year, 12, 30).is_some(), *after - *first == 366, "{year}");
    }
}

#[test]
fn new_year_fell_on_the_days_it_is_known_to_have_fallen_on() {
    for (year, month, of_month, hijri) in [
        (1979, 3, 21, 1358),
        (2000, 3, 20, 1379),
        (2021, 3, 21, 1400),
        (2024, 3, 20, 1403),
        (2025, 3, 21, 1404),
    ] {
        assert_eq!(Jalali::new(hijri, 1, 1).map(Jalali::day), day(year, month, of_month));
    }
}

#[test]
fn dates_are_read_in_both_calendars_and_all_digits() {
    let deadline = day(2024, 4, 19).ok_or(DateError::NoSuchDay);
    for text in [
        "1403-01-31",
        "1403/1/31",
        "۱۴۰۳/۰۱/۳۱",
        "١٤٠٣-٠١-٣١",
        "2024-04-19",
        "۲۰۲۴/۴/۱۹",
        " 1403-01-31 ",
    ] {
        assert_eq!(parse_date(text), deadline, "{text}");
    }
    for text in ["1403-12-30", "1403-7-30", "1699-1-1", "1700-01-01", "2024-02-29"] {
        assert!(parse_date(text).is_ok(), "{text}");
    }
    for text in [
        "1402-12-30",
        "1403-07-31",
        "1403-13-01",
        "1403-00-10",
        "2023-02-29",
        "2024-04-31",
        "0000-01-01",
        "1403-1-0",
    ] {
        assert_eq!(parse_date(text), Err(DateError::NoSuchDay), "{text}");
    }
    for text in [
        "",
        "1403",
        "1403-01",
        "403-01-01",
        "14030-1-1",
        "1403-01-31-1",
        "1403/01-31",
        "1403-001-01",
        "یک/دو/سه",
        "1403-01-",
        "-1403-01-01",
        "2024-04-19T10:00:00Z",
    ] {
        assert_eq!(parse_date(text), Err(DateError::NotADate), "{text}");
    }
}

#[test]
fn a_day_is_named_in_both_calendars_and_languages() {
    let Some(day) = day(2024, 4, 19) else {
        panic!("no such day");
    };
    assert_eq!(short(day, Hijri, Fa), "۱۴۰۳/۰۱/۳۱");
    assert_eq!(short(day, Hijri, En), "1403/01/31");
    assert_eq!(short(day, Gregorian, Fa), "۲۰۲۴/۰۴/۱۹");
    assert_eq!(short(day, Gregorian, En), "2024-04-19");
    assert_eq!(long(day, Hijri, Fa), "۳۱ فروردین ۱۴۰۳");
    assert_eq!(long(day, Hijri, En), "31 Farvardin 1403");
    assert_eq!(long(day, Gregorian, Fa), "۱۹ آوریل ۲۰۲۴");
    assert_eq!(long(day, Gregorian, En), "19 April 2024");
    assert_eq!((weekday(day, Fa), weekday(day, En)), ("جمعه", "Friday"));
    assert_eq!(weekday(day.plus(1), Fa), "شنبه");
    assert_eq!((age(33, Fa).as_str(), age(33, En).as_str()), ("۳۳ روز", "33 d"));
    assert_eq!(month_name(13, Hijri, Fa), "");
    assert_eq!(month_name(0, Gregorian, En), "");
}

proptest! {
    #[test]
    fn no_day_and_no_text_make_it_panic(days: i32, text in "[0-9۰-۹/-]{0,12}", year: i32, month: u8, of_month: u8) {
        let day = Day::from_days(days);
        let _ = (short(day, Hijri, Fa), long(day, Gregorian, En), age(days, Fa));
        let _ = parse_date(&text);
        let _ = Jalali { year, month, day: of_month }.day();
    }

    #[test]
    fn a_short_date_is_read_again(days in -90_000..40_000i32) {
        let day = Day::from_days(days);
        for (kind, lang) in [(Hijri, Fa), (Hijri, En), (Gregorian, Fa), (Gregorian, En)] {
            prop_assert_eq!(parse_date(&short(day, kind, lang)), Ok(day));
        }
    }
}
