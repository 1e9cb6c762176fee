//! Jobs by kind and county at each step, and new capacity against existing.

use super::super::people::reached;
use super::*;

const STEPS: [&str; 5] = ["committed", "claimed", "registered", "approved", "verified"];

/// The kinds of initiatives of a province, with theirs.
fn kinds(doc: &Doc) -> BTreeMap<&'static str, Vec<&'static Value>> {
    let mut out: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for row in doc.rows("initiatives") {
        out.entry(word(row, "initiative_kind")).or_default().push(row);
    }
    out
}

/// The first word of the name of a kind, as it is drawn; one nobody knows as it stands.
fn kind_name(lang: Lang, kind: &str) -> String {
    let name = i18n::find(lang, &format!("initiative.{kind}")).unwrap_or(kind);
    drawn(lang, name.split(' ').next().unwrap_or_default())
}

/// The jobs of initiatives at each step and the part verified of what was committed, as a row says them.
fn jobs(lang: Lang, of: &[&Value]) -> Vec<String> {
    let sum = |step: &str| -> Option<f64> {
        of.iter()
            .filter_map(|row| row["jobs"][step].as_f64())
            .reduce(|a, b| a + b)
    };
    let nothing = || "—".to_owned();
    let mut out: Vec<String> = STEPS
        .iter()
        .map(|step| sum(step).map_or_else(nothing, |n| digits(lang, n)))
        .collect();
    let share = sum("verified").zip(sum("committed").filter(|n| *n > 0.0));
    out.push(share.map_or_else(nothing, |(part, whole)| percent(lang, (100.0 * part / whole).round())));
    out
}

fn jobs_by_kind_and_county(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("F m");
    let kinds = kinds(doc);
    let rows = bench.all_rows();
    assert_eq!(rows.len(), kinds.len());
    for (kind, of) in &kinds {
        let cells: Vec<String> = std::iter::once(kind_name(lang, kind)).chain(jobs(lang, of)).collect();
        assert!(
            rows.iter()
                .any(|row| *row == self::row(lang, &cells) || holds(lang, row, &cells)),
            "{cells:?} in {rows:#?}"
        );
    }
    let all: Vec<&Value> = doc.rows("initiatives").iter().collect();
    let cells: Vec<String> = std::iter::once(drawn(lang, i18n::t(lang, "part.all")))
        .chain(jobs(lang, &all))
        .collect();
    bench.must_say(&row(lang, &cells));
    // The largest kind, and one nobody knows, county by county.
    let largest = kinds.iter().max_by_key(|(_, of)| of.len()).map(|(kind, _)| *kind);
    let unknown = kinds
        .keys()
        .copied()
        .find(|kind| i18n::find(lang, &format!("initiative.{kind}")).is_none());
    assert!(unknown.is_some());
    for kind in largest.into_iter().chain(unknown) {
        bench.find(&kind_name(lang, kind));
        bench.keys("enter");
        let rows = bench.all_rows();
        let counties = doc.0["headquarters"]["counties"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let here = |county: &Value| -> Vec<&Value> {
            kinds[kind]
                .iter()
                .copied()
                .filter(|row| row["county"] == *county)
                .collect()
        };
        for county in counties {
            let mut cells = vec![first_word(lang, &county["name"])];
            cells.extend(jobs(lang, &here(&county["id"])));
            assert!(
                rows.iter().any(|row| holds(lang, row, &cells)),
                "{kind}: {cells:?} in {rows:#?}"
            );
        }
        let nowhere = here(&Value::Null);
        if !nowhere.is_empty() {
            let mut cells = vec![drawn(lang, i18n::t(lang, "county.none"))];
            cells.extend(jobs(lang, &nowhere));
            assert!(
                rows.iter().any(|row| holds(lang, row, &cells)),
                "{kind}: {cells:?} in {rows:#?}"
            );
        }
        bench.keys("esc");
    }
}

#[test]
fn jobs_by_initiative_kind_and_county_committed_registered_and_verified() {
    each(jobs_by_kind_and_county);
}

/// An initiative of the largest kind that states a step of its jobs.
fn with_jobs(doc: &Doc, step: &str) -> &'static Value {
    let largest = kinds(doc)
        .into_iter()
        .max_by_key(|(_, of)| of.len())
        .map(|(kind, _)| kind);
    first(doc, Kind::Initiative, |row| {
        Some(word(row, "initiative_kind")) == largest && row["jobs"][step].is_number()
    })
}

#[test]
fn a_job_told_wrong_is_noticed() {
    notices(
        jobs_by_kind_and_county,
        &[
            ("a job more committed", |doc| {
                vec![put(Kind::Initiative, with_jobs(doc, "committed"), |row| {
                    row["jobs"]["committed"] = 9999.into()
                })]
            }),
            ("a job more registered", |doc| {
                let one = with_jobs(doc, "registered");
                let more = one["jobs"]["registered"].as_f64().unwrap_or_default() + 1.0;
                vec![put(Kind::Initiative, one, |row| {
                    row["jobs"]["registered"] = more.into()
                })]
            }),
            ("a verified job too few", |doc| {
                let one = with_jobs(doc, "verified");
                vec![put(Kind::Initiative, one, |row| {
                    let less = row["jobs"]["verified"].as_f64().unwrap_or_default() - 1.0;
                    row["jobs"]["verified"] = less.max(0.0).into();
                    row["jobs"]["claimed"] = Value::Null;
                })]
            }),
            ("another county", |doc| {
                let one = with_jobs(doc, "committed");
                let counties = doc.0["headquarters"]["counties"].as_array().into_iter().flatten();
                let other = counties.map(|county| &county["id"]).find(|id| **id != one["county"]);
                vec![put(Kind::Initiative, one, |row| {
                    row["county"] = other.cloned().unwrap_or_default()
                })]
            }),
        ],
    );
}

fn new_against_existing(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("F");
    let today = word(&doc.0["headquarters"], "as_of");
    let figures = |of: &[&Value]| -> Vec<String> {
        let count = |is: &dyn Fn(&Value) -> bool| of.iter().filter(|row| is(row)).count();
        let (existing, new) = (
            count(&|row| word(row, "origin") == "existing"),
            count(&|row| word(row, "origin") == "new"),
        );
        let mut out = vec![
            int(lang, count(&|row| reached(row, today) >= 1)),
            int(lang, count(&|row| reached(row, today) >= 2)),
            int(lang, count(&|row| reached(row, today) >= 3)),
            int(lang, count(&|row| word(row, "stage") == "stalled")),
            int(lang, count(&|row| word(row, "stage") == "closed")),
            int(lang, existing),
            int(lang, new),
        ];
        out.push(if existing + new > 0 {
            percent(lang, (100.0 * new as f64 / (existing + new) as f64).round())
        } else {
            "—".to_owned()
        });
        out
    };
    let rows = bench.said();
    for (kind, of) in kinds(doc) {
        let cells: Vec<String> = std::iter::once(kind_name(lang, kind)).chain(figures(&of)).collect();
        assert!(
            rows.iter().any(|row| holds(lang, row, &cells)),
            "{cells:?} in {rows:#?}"
        );
    }
    let all: Vec<&Value> = doc.rows("initiatives").iter().collect();
    let cells: Vec<String> = std::iter::once(drawn(lang, i18n::t(lang, "part.all")))
        .chain(figures(&all))
        .collect();
    bench.must_say(&row(lang, &cells));
}

#[test]
fn new_capacity_against_existing() {
    each(new_against_existing);
}

#[test]
fn a_capacity_told_wrong_is_noticed() {
    notices(
        new_against_existing,
        &[
            ("a new one taken for existing", |doc| {
                let new = first(doc, Kind::Initiative, |row| word(row, "origin") == "new");
                vec![put(Kind::Initiative, new, |row| row["origin"] = "existing".into())]
            }),
            ("one that was never brought in", |doc| {
                let today = word(&doc.0["headquarters"], "as_of");
                let identified = first(doc, Kind::Initiative, |row| reached(row, today) == 1);
                vec![put(Kind::Initiative, identified, |row| {
                    row["stage"] = "brought-in".into();
                    row["brought_in"] = today.into();
                })]
            }),
            ("one of another kind", |doc| {
                let home = first(doc, Kind::Initiative, |row| {
                    word(row, "initiative_kind") == "home-business"
                });
                vec![put(Kind::Initiative, home, |row| {
                    row["initiative_kind"] = "cooperative".into()
                })]
            }),
            ("one given up that was not", |doc| {
                let going = first(doc, Kind::Initiative, |row| word(row, "stage") == "identified");
                vec![put(Kind::Initiative, going, |row| row["stage"] = "stalled".into())]
            }),
        ],
    );
}
