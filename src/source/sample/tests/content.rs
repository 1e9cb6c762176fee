//! What the records say: sizes, classes, references, imperfections, days.

use super::*;
use crate::source::sample::{Form, Sample};

#[test]
fn استان_نخست_به_اندازه_استان_واقعی_است() {
    let document = newest(1);
    let sizes: Vec<usize> = Kind::ALL.iter().map(|k| rows(&document, k.plural()).len()).collect();
    //                measures projects agencies plans enterprises meetings decisions demands campaigns evaluations initiatives
    assert_eq!(sizes, [10, 300, 64, 63, 30, 12, 102, 48, 24, sizes[9], 6_000]);
    let hq = &document["headquarters"];
    assert_eq!(hq["counties"].as_array().map(Vec::len), Some(22));
    assert_eq!(hq["synthetic"], true);
    assert_eq!(
        (word(hq, "plan_due"), word(hq, "as_of"), word(hq, "time_zone")),
        ("2024-04-19", "2024-05-22", "Asia/Tehran")
    );
    let judged: BTreeSet<&str> = rows(&document, "evaluations")
        .iter()
        .filter(|e| e["subject_kind"] == "agency")
        .map(|e| word(e, "subject"))
        .collect();
    assert_eq!(judged.len(), 63);
    let kinds: BTreeSet<&str> = rows(&document, "campaigns")
        .iter()
        .map(|c| word(c, "campaign_kind"))
        .collect();
    assert_eq!(kinds.len(), 4);
}

#[test]
fn هفده_دستگاه_معوق_چهل_و_یک_به_موقع_و_شش_دیر() {
    let document = newest(1);
    let today = word(&document["headquarters"], "as_of");
    let (mut overdue, mut late, mut in_time) = (0, 0, 0);
    for agency in ids(&document, "agencies") {
        let plans: Vec<&Value> = rows(&document, "plans")
            .iter()
            .filter(|p| p["agency"] == agency.as_str())
            .collect();
        let owed = |p: &&&Value| ["not-submitted", "returned"].contains(&word(p, "state"));
        // Without a record the agency owes its plan since the headquarters' own deadline, which has passed.
        if plans.is_empty() || plans.iter().filter(owed).any(|p| effective_due(p) < today) {
            overdue += 1;
        } else if plans.iter().any(|p| word(p, "submitted") > effective_due(p)) {
            late += 1;
        } else {
            in_time += 1;
        }
    }
    assert_eq!((overdue, in_time, late), (17, 41, 6));
}

#[test]
fn the_second_province_shares_nothing_that_a_program_could_lean_on() {
    let (first, second) = (newest(1), newest(2));
    for kind in Kind::ALL {
        assert!(
            ids(&first, kind.plural()).is_disjoint(&ids(&second, kind.plural())),
            "{kind}"
        );
    }
    let categories = |d: &Value| {
        rows(d, "agencies")
            .iter()
            .map(|a| word(a, "category").to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!((categories(&first).len(), categories(&second).len()), (4, 5));
    let (a, b) = (&first["headquarters"], &second["headquarters"]);
    for field in [
        "name",
        "province",
        "programme_year",
        "time_zone",
        "plan_due",
        "as_of",
        "cadence_days",
        "counties",
    ] {
        assert_ne!(a[field], b[field], "{field}");
    }
    assert_eq!(rows(&second, "measures").len(), 7);
}

#[test]
fn other_seeds_give_other_numbers() {
    assert_ne!(newest(2)["projects"], newest(77)["projects"]);
}

#[test]
fn همان_بذر_همان_بایت_ها() {
    for seed in SEEDS {
        for form in [Form::Json, Form::Ndjson] {
            let make = || {
                let sample = Sample::new(seed, Some(300));
                written(&sample, form, sample.as_of())
            };
            assert!(make() == make(), "seed {seed} {form:?}");
        }
    }
}

#[test]
fn any_number_of_initiatives_can_be_had_and_more_of_them_move_none() {
    for seed in [1, 2] {
        let take = |n: u64| {
            let sample = Sample::new(seed, Some(n));
            sample
                .records(Kind::Initiative, sample.as_of())
                .map(|r| r.id().clone())
                .collect::<Vec<_>>()
        };
        for n in [0, 1, 399, 400, 401, 402, 1_203] {
            assert_eq!(take(n).len() as u64, n);
        }
        let more = take(1_203);
        assert_eq!(take(402), more[..402]);
    }
}

/// Every field that names a record: kind, path of fields, the kinds it may name.
const REFERENCES: &[(&str, &[&str], &[&str])] = &[
    ("measures", &["lead"], &["agencies"]),
    ("projects", &["measure"], &["measures"]),
    ("projects", &["agency"], &["agencies"]),
    ("projects", &["county"], &["counties"]),
    ("agencies", &["duties", "measure"], &["measures"]),
    ("plans", &["agency"], &["agencies"]),
    ("initiatives", &["county"], &["counties"]),
    ("initiatives", &["measure"], &["measures"]),
    ("initiatives", &["project"], &["projects"]),
    ("initiatives", &["sponsor"], &["agencies", "enterprises"]),
    ("initiatives", &["outreach", "by"], &["agencies", "enterprises"]),
    ("enterprises", &["county"], &["counties"]),
    ("decisions", &["meeting"], &["meetings"]),
    ("decisions", &["agency"], &["agencies"]),
    ("decisions", &["measure"], &["measures"]),
    ("decisions", &["project"], &["projects"]),
    ("demands", &["agency"], &["agencies"]),
    ("demands", &["decision"], &["decisions"]),
    ("evaluations", &["meeting"], &["meetings"]),
    ("evaluations", &["subject"], &["agencies", "measures"]),
    ("campaigns", &["agency"], &["agencies"]),
];

fn leaves<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a str> {
    match (value, path) {
        (Value::Array(items), _) => items.iter().flat_map(|item| leaves(item, path)).collect(),
        (Value::String(text), []) => vec![text],
        (Value::Object(map), [first, rest @ ..]) => map.get(*first).map_or_else(Vec::new, |v| leaves(v, rest)),
        _ => Vec::new(),
    }
}

#[test]
fn every_reference_resolves_but_the_few_that_are_meant_not_to() {
    for seed in SEEDS {
        let document = newest(seed);
        let mut known: BTreeMap<&str, BTreeSet<String>> = Kind::ALL
            .iter()
            .map(|k| (k.plural(), ids(&document, k.plural())))
            .collect();
        known.insert("counties", ids(&document["headquarters"], "counties"));
        let mut lost = BTreeSet::new();
        for (kind, path, targets) in REFERENCES {
            for record in rows(&document, kind) {
                for id in leaves(record, path) {
                    if !targets.iter().any(|target| known[target].contains(id)) {
                        lost.insert((kind.to_string(), word(record, "id").to_owned(), id.to_owned()));
                    }
                }
            }
        }
        let meant = Sample::new(seed, None).dangling();
        let meant: BTreeSet<_> = meant
            .iter()
            .map(|(kind, id, to)| (kind.plural().to_owned(), id.to_string(), to.to_string()))
            .collect();
        assert_eq!(lost, meant, "seed {seed}");
    }
}

#[test]
fn the_data_are_imperfect_in_the_ways_real_ones_are() {
    for seed in SEEDS {
        let document = newest(seed);
        let today = word(&document["headquarters"], "as_of");
        let has = |kind: &str, owner: &str| rows(&document, kind).iter().any(|r| r["agency"] == owner);
        let agencies = |test: &dyn Fn(&Value) -> bool| count(&document, "agencies", test);
        assert!(agencies(&|a| a["expert"].is_null()) > 2);
        assert!(agencies(&|a| a["duties"].is_null()) > 1);
        assert!(agencies(&|a| !has("projects", word(a, "id"))) > 2);
        let idle = |a: &Value| a["duties"].is_null() && !has("plans", word(a, "id")) && !has("projects", word(a, "id"));
        assert!(agencies(&idle) > 0, "an agency without a mission");
        let bare: Vec<&Value> = rows(&document, "measures")
            .iter()
            .filter(|m| !rows(&document, "projects").iter().any(|p| p["measure"] == m["id"]))
            .collect();
        assert_eq!(bare.len(), 1, "one measure without a project");
        let decisions = |test: &dyn Fn(&Value) -> bool| count(&document, "decisions", test);
        assert!(decisions(&|d| d["state"] == "not-executed" && d["reason"].is_null()) > 0);
        assert!(decisions(&|d| d["state"] == "not-executed" && !d["reason"].is_null()) > 0);
        assert!(decisions(&|d| d["state"] == "in-progress" && !d["due"].is_null() && word(d, "due") < today) > 0);
        let due = decisions(&|d| !d["due"].is_null() && word(d, "due") <= today);
        let done = decisions(&|d| !d["due"].is_null() && word(d, "due") <= today && d["state"] == "executed");
        let share = done * 100 / due;
        assert!((86..=90).contains(&share), "{done} of {due} executed");
        let projects = |test: &dyn Fn(&Value) -> bool| count(&document, "projects", test);
        assert!(projects(&|p| p["state"] == "stopped") > 0);
        assert!(projects(&|p| p["state"] == "done" && p["evidence"].is_null()) > 0);
        assert_eq!(
            projects(&|p| word(p, "start") > word(p, "due")),
            1,
            "one reversed pair of dates"
        );
        let slipped = |p: &Value| {
            p["spent"]
                .as_i64()
                .is_some_and(|s| s > 0 && Some(s) == p["allocated"].as_i64().map(|a| a * 10))
        };
        assert_eq!(projects(&slipped), 1, "one amount off by ten");
        assert_eq!(
            projects(&|p| !p["contract_form"].is_null()),
            1,
            "one field nobody knows"
        );
        assert_eq!(count(&document, "demands", |d| d["state"] == "under-review"), 1);
        assert!(
            count(&document, "demands", |d| d["state"] == "referred"
                && !d["due"].is_null()
                && word(d, "due") < today)
                > 0
        );
        let above = |i: &Value| {
            i["jobs"]["verified"].as_f64() > i["jobs"]["claimed"].as_f64()
                && i["jobs"]["verified"].is_f64() | i["jobs"]["verified"].is_u64()
        };
        let more = count(&document, "initiatives", above);
        assert!((1..60).contains(&more), "{more} initiatives verified above the claim");
        assert!(count(&document, "initiatives", |i| i["outreach"].is_null()) > 0);
        let returned = count(&document, "plans", |p| p["state"] == "returned");
        let soon = count(&document, "plans", |p| {
            p["state"] == "not-submitted" && word(p, "due") > today
        });
        assert!(returned > 1 && soon > 0, "plans returned {returned}, due soon {soon}");
    }
}

#[test]
fn nothing_is_known_before_it_happened() {
    for seed in SEEDS {
        for state in all_states(seed, 420) {
            let as_of = word(&state["headquarters"], "as_of");
            for kind in Kind::ALL {
                for record in rows(&state, kind.plural()) {
                    let mut days = Vec::new();
                    happened(record, false, &mut days);
                    for day in days {
                        assert!(day <= as_of, "seed {seed}, state of {as_of}: {record}");
                    }
                }
            }
            for i in rows(&state, "initiatives") {
                let steps = ["identified", "empowered", "brought_in"].map(|f| i[f].as_str());
                assert!(steps.iter().flatten().is_sorted(), "{i}");
            }
        }
    }
}
