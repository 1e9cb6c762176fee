//! Tells the lives of a province's records, forwards, by rules and chance that repeats. One file per family; each knows the
//! province's plain facts and its own words, and nothing of files, history or screens.

mod agencies;
mod chamber;
mod council;
mod headquarters;
mod initiatives;
mod measures;
mod projects;

pub use headquarters::headquarters;
pub use initiatives::{initiative, initiative_slots};

use super::life::Life;
use super::province::{Family, Province};
use super::rng::Rng;
use super::words::Pair;
use crate::clock::Day;
use crate::contract::figure::Num;
use crate::contract::{Id, Kind, Moment, Text};

/// The lives of every kind but initiatives, in the order of the document.
pub fn small_kinds(province: &Province) -> Vec<(Kind, Vec<Life>)> {
    Kind::ALL
        .iter()
        .filter_map(|kind| {
            let lives = match kind {
                Kind::Measure => measures::measures(province),
                Kind::Project => projects::projects(province),
                Kind::Agency => agencies::agencies(province),
                Kind::Plan => agencies::plans(province),
                Kind::Enterprise => chamber::enterprises(province),
                Kind::Meeting => council::meetings(province),
                Kind::Decision => council::decisions(province),
                Kind::Demand => chamber::demands(province),
                Kind::Campaign => chamber::campaigns(province),
                Kind::Evaluation => council::evaluations(province),
                Kind::Initiative => return None,
            };
            Some((*kind, lives))
        })
        .collect()
}

/// References that lead nowhere, on purpose: the record that makes each and the id it names.
pub fn dangling(province: &Province) -> [(Kind, Id, Id); 3] {
    [
        (
            Kind::Decision,
            province.id(Family::Decision, LOST_PROJECT.0),
            province.id(Family::Project, LOST_PROJECT.1),
        ),
        (
            Kind::Demand,
            province.id(Family::Demand, LOST_AGENCY.0),
            province.id(Family::Agency, LOST_AGENCY.1),
        ),
        (
            Kind::Initiative,
            province.id(Family::Initiative, LOST_SPONSOR.0),
            province.id(Family::Enterprise, LOST_SPONSOR.1),
        ),
    ]
}

/// The decision that names a project nobody has, and that project's number.
const LOST_PROJECT: (usize, usize) = (41, 9_001);
/// The demand that names an agency nobody has.
const LOST_AGENCY: (usize, usize) = (17, 99);
/// The initiative that names an enterprise nobody has.
const LOST_SPONSOR: (usize, usize) = (777, 99);

/// Text in both languages.
fn text(pair: Pair) -> Text {
    Text::both(pair.0, pair.1)
}

/// Text in both languages with places filled in.
fn filled(pair: Pair, values: &[(&str, Pair)]) -> Text {
    let (mut fa, mut en) = (pair.0.to_owned(), pair.1.to_owned());
    for (name, value) in values {
        fa = fa.replace(name, value.0);
        en = en.replace(name, value.1);
    }
    Text::both(fa, en)
}

/// A whole number as the contract keeps it.
fn num(value: i64) -> Option<Num> {
    Num::new(value as f64)
}

/// A day as the moment of an update.
fn seen(day: Day) -> Option<Moment> {
    Some(Moment::Day(day))
}

/// A number in Persian digits.
fn persian(number: i64) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x06F0 + d)).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

/// Days of a window, in order, about evenly spread, the last one in the window's last part when `fresh`.
fn spread(rng: &mut Rng, from: Day, to: Day, count: i32, fresh: bool) -> Vec<Day> {
    let width = (to - from).max(1);
    let end = if fresh { width } else { width * 2 / 3 };
    let mut days: Vec<Day> = (1..=count)
        .map(|i| {
            let jitter = rng.days(-(end / (count * 3)).max(0), 0);
            from.plus((end * i / count + jitter).max(1))
        })
        .collect();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn عددها_با_رقم_فارسی_نوشته_می_شوند() {
        assert_eq!(persian(1_403), "۱۴۰۳");
        assert_eq!(persian(-25), "-۲۵");
    }

    #[test]
    fn spread_days_are_in_order_and_inside_the_window() {
        let (from, to) = (Day::from_days(100), Day::from_days(160));
        for number in 0..200 {
            let days = spread(&mut Rng::of(1, "spread", number), from, to, 4, true);
            assert!(
                days.is_sorted() && days.iter().all(|d| *d > from && *d <= to),
                "{days:?}"
            );
        }
    }
}
