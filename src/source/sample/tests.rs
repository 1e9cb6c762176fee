//! What the sample promises, on both provinces. Expected answers are counted from the JSON alone: nothing here asks the types
//! that wrote it.

use super::{CURRENT_FILE, Form, HISTORY_FILE, Sample, Simulation, history};
use crate::clock::Day;
use crate::contract::{Change, Kind, Level, Record, What, clean};
use crate::source::{self, Item, Limits};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Both provinces; the second one from two of its seeds.
const SEEDS: [u64; 3] = [1, 2, 77];

fn written(sample: &Sample, form: Form, day: Day) -> Vec<u8> {
    let mut out = Vec::new();
    // A vector takes whatever is written to it.
    let _ = sample.write(&mut out, form, day);
    out
}

fn document(sample: &Sample, day: Day) -> Value {
    serde_json::from_slice(&written(sample, Form::Json, day)).unwrap_or_default()
}

fn newest(seed: u64) -> Value {
    let sample = Sample::new(seed, None);
    document(&sample, sample.as_of())
}

/// All states of a province, oldest first, the newest last.
fn all_states(seed: u64, initiatives: u64) -> Vec<Value> {
    let sample = Sample::new(seed, Some(initiatives));
    let days = sample.meetings().iter().copied().chain([sample.as_of()]);
    days.map(|day| document(&sample, day)).collect()
}

fn rows<'a>(document: &'a Value, kind: &str) -> &'a [Value] {
    document[kind].as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}

fn ids(document: &Value, kind: &str) -> BTreeSet<String> {
    rows(document, kind).iter().map(|r| word(r, "id").to_owned()).collect()
}

fn by_id<'a>(document: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    rows(document, kind).iter().rev().map(|r| (word(r, "id"), r)).collect()
}

fn count(document: &Value, kind: &str, test: impl Fn(&Value) -> bool) -> usize {
    rows(document, kind).iter().filter(|r| test(r)).count()
}

fn effective_due(plan: &Value) -> &str {
    plan["extended_to"].as_str().unwrap_or(word(plan, "due"))
}

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

fn strings<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(map) => map.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

#[test]
fn هر_نوشته_فارسی_درست_و_پاکیزه_است() {
    const ZWNJ: char = '\u{200c}';
    for seed in [1, 2] {
        let document = newest(seed);
        let mut texts = Vec::new();
        strings(&document, &mut texts);
        assert!(texts.iter().any(|t| t.contains(ZWNJ)) && texts.iter().any(|t| t.contains("هٔ")));
        for text in texts {
            assert!(clean::is_clean(text), "clean: {text}");
            assert!(unicode_normalization::is_nfc(text), "NFC: {text}");
            // Arabic yeh, alef maksura and kaf; Arabic digits and signs; heh with a yeh above as one letter; unfilled places.
            let foreign = |c: char| matches!(c, 'ي' | 'ى' | 'ك' | 'ة' | 'ۀ' | 'ھ' | '\u{660}'..='\u{669}' | '{' | '}');
            assert!(!text.contains(foreign), "letters: {text}");
            assert!(!text.contains("  ") && text.trim() == text, "spaces: {text}");
            let letters: Vec<char> = text.chars().collect();
            for (place, _) in letters.iter().enumerate().filter(|(_, c)| **c == ZWNJ) {
                let side = |at: Option<usize>| at.and_then(|i| letters.get(i)).is_some_and(|c| c.is_alphabetic());
                assert!(
                    side(place.checked_sub(1)) && side(Some(place + 1)),
                    "a joiner at a word's edge: {text}"
                );
            }
            for (wrong, right) in [
                ("می شود", "می‌شود"),
                ("دانش بنیان", "دانش‌بنیان"),
                (" های ", "‌های"),
                (" ها ", "‌ها"),
                ("ه ی ", "هٔ"),
            ] {
                assert!(!text.contains(wrong), "{wrong} for {right}: {text}");
            }
        }
    }
}

#[test]
fn names_and_titles_of_the_small_kinds_stand_in_both_languages() {
    for seed in [1, 2] {
        let document = newest(seed);
        for (kind, field) in [
            ("measures", "title"),
            ("agencies", "name"),
            ("projects", "title"),
            ("decisions", "text"),
            ("demands", "text"),
            ("campaigns", "title"),
            ("enterprises", "name"),
        ] {
            for record in rows(&document, kind) {
                let (fa, en) = (word(&record[field], "fa"), word(&record[field], "en"));
                assert!(!fa.is_ascii() && !en.is_empty() && en.is_ascii(), "{kind}: {fa} / {en}");
            }
        }
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

/// Fields that say when something happened; everything else that is a date is a plan.
const HAPPENED: &[&str] = &[
    "submitted",
    "returned",
    "accepted",
    "notified",
    "executed",
    "answered",
    "received",
    "updated",
    "identified",
    "empowered",
    "brought_in",
    "started",
    "completed",
    "appointed",
    "done",
    "on",
];

fn happened<'a>(value: &'a Value, inside_path: bool, out: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| happened(item, inside_path, out)),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(day) if HAPPENED.contains(&key.as_str()) && !inside_path => out.push(day),
                    _ => happened(value, inside_path || key == "path", out),
                }
            }
        }
        _ => {}
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

#[test]
fn دوازده_وضعیت_پیشین_هر_کدام_در_روز_جلسه_خود() {
    for seed in SEEDS {
        let states = all_states(seed, 50);
        let days: Vec<&str> = states.iter().map(|s| word(&s["headquarters"], "as_of")).collect();
        assert_eq!(days.len(), 13);
        assert!(days.is_sorted_by(|a, b| a < b), "{days:?}");
        let newest = &states[12];
        let meetings: Vec<&str> = rows(newest, "meetings").iter().map(|m| word(m, "on")).collect();
        assert_eq!(meetings, days[..12]);
        for (number, state) in states[..12].iter().enumerate() {
            assert_eq!(rows(state, "meetings").len(), number + 1);
        }
    }
}

#[test]
fn in_the_states_dates_were_rewritten_figures_fell_and_records_vanished() {
    for seed in SEEDS {
        let states = all_states(seed, 900);
        let (mut later, mut fell) = (0, 0);
        let mut vanished: BTreeMap<&str, usize> = BTreeMap::new();
        let mut appeared = vanished.clone();
        for pair in states.windows(2) {
            let (old, new) = (&pair[0], &pair[1]);
            let mut changed = 0;
            for kind in Kind::ALL {
                let (before, after) = (by_id(old, kind.plural()), by_id(new, kind.plural()));
                for (id, was) in &before {
                    let Some(is) = after.get(id) else {
                        *vanished.entry(kind.plural()).or_default() += 1;
                        continue;
                    };
                    changed += usize::from(was != is);
                    later += usize::from(was["due"] != is["due"] && !was["due"].is_null());
                    for step in ["claimed", "registered"] {
                        let figure = |r: &Value| r["jobs"][step].as_f64();
                        fell += usize::from(figure(is).zip(figure(was)).is_some_and(|(is, was)| is < was));
                    }
                }
                *appeared.entry(kind.plural()).or_default() +=
                    after.keys().filter(|id| !before.contains_key(*id)).count();
            }
            // Two neighbouring states are much the same, but never the same.
            assert!(
                changed > 5 && changed < rows(new, "initiatives").len() / 2,
                "{changed} changes"
            );
        }
        assert!(later > 8, "{later} planned dates rewritten");
        assert!(fell > 5, "{fell} figures fell");
        for kind in ["projects", "decisions", "demands", "initiatives"] {
            assert!(
                vanished.get(kind).is_some_and(|n| *n > 0),
                "no vanished {kind}: {vanished:?}"
            );
            assert!(
                appeared.get(kind).is_some_and(|n| *n > 0),
                "no new {kind}: {appeared:?}"
            );
        }
        let readings = |d: &Value| {
            rows(d, "measures")
                .iter()
                .flat_map(|m| rows(m, "indicators").to_vec())
                .collect::<Vec<_>>()
        };
        let falls = readings(&states[12])
            .iter()
            .filter(|i| i["direction"] == "up")
            .any(|i| {
                let values: Vec<f64> = rows(i, "readings").iter().filter_map(|r| r["value"].as_f64()).collect();
                !values.is_sorted()
            });
        assert!(falls, "a cumulative indicator fell");
    }
}

type Held = BTreeMap<(Kind, String), Value>;

fn held(document: &Value) -> Held {
    let of = |kind: &'static Kind| {
        rows(document, kind.plural())
            .iter()
            .rev()
            .map(move |r| ((*kind, word(r, "id").to_owned()), r.clone()))
    };
    Kind::ALL.iter().flat_map(of).collect()
}

fn apply(held: &mut Held, hq: &mut Value, changes: &[Change]) -> Outcome {
    for change in changes {
        match change {
            Change::Headquarters(h) => *hq = serde_json::to_value(h.as_ref())?,
            Change::Put(record) => {
                held.insert((record.kind(), record.id().to_string()), serde_json::to_value(record)?);
            }
            Change::Delete(kind, id) => {
                assert!(
                    held.remove(&(*kind, id.to_string())).is_some(),
                    "{kind} {id} was not there"
                );
            }
            Change::Whole(..) | Change::Problems(_) => return Err("a step back holds single records only".into()),
        }
    }
    Ok(())
}

#[test]
fn گام_های_رو_به_گذشته_درست_همان_وضعیت_های_پیشین_را_می_دهند() -> Outcome {
    for seed in SEEDS {
        let states = all_states(seed, 700);
        let sample = Sample::new(seed, Some(700));
        let (mut records, mut hq) = (held(&states[12]), states[12]["headquarters"].clone());
        let past = history::of(&sample);
        assert_eq!(past.len(), 12);
        for (step, state) in past.iter().zip(states[..12].iter().rev()) {
            apply(&mut records, &mut hq, &step.changes)?;
            assert_eq!(hq, state["headquarters"]);
            assert!(records == held(state), "seed {seed}, state of {}", step.as_of);
        }
    }
    Ok(())
}

#[test]
fn the_steps_back_survive_being_written_and_read() -> Outcome {
    for seed in [1, 2] {
        let past = history::of(&Sample::new(seed, Some(500)));
        let mut bytes = Vec::new();
        history::write(&mut bytes, &past)?;
        let again: Vec<_> = history::read(bytes.as_slice()).collect::<Result<_, _>>()?;
        assert_eq!(format!("{again:?}"), format!("{past:?}"));
    }
    Ok(())
}

#[test]
fn going_back_to_a_day_gives_the_newest_kept_state_not_after_it() -> Outcome {
    let past = history::of(&Sample::new(1, Some(100)));
    let oldest = past.last().map(|p| p.as_of).ok_or("no past")?;
    let to = |day: Day| history::back_to(past.iter().cloned().map(Ok), day);
    for state in &past {
        assert_eq!(to(state.as_of)?.map(|p| p.as_of), Some(state.as_of));
    }
    assert_eq!(to(past[0].as_of.plus(3))?.map(|p| p.as_of), Some(past[0].as_of));
    assert_eq!(to(past[0].as_of.plus(-1))?.map(|p| p.as_of), Some(past[1].as_of));
    assert!(to(oldest.plus(-1))?.is_none());
    let steps: usize = past[..3].iter().map(|p| p.changes.len()).sum();
    assert_eq!(to(past[2].as_of)?.map(|p| p.changes.len()), Some(steps));
    Ok(())
}

#[test]
fn the_embedded_bytes_are_what_the_generator_says() -> Outcome {
    const MEND: &str = "run `rasad sample --embed config/sample`";
    let sample = Sample::new(1, None);
    let embedded = |bytes: &[u8]| zstd::decode_all(bytes);
    assert!(
        embedded(super::CURRENT)? == written(&sample, Form::Ndjson, sample.as_of()),
        "{CURRENT_FILE}: {MEND}"
    );
    let mut past = Vec::new();
    history::write(&mut past, &history::states(1))?;
    assert!(embedded(super::HISTORY)? == past, "{HISTORY_FILE}: {MEND}");
    assert_eq!(super::past()?.count(), 12);
    Ok(())
}

/// Reads a document as any source is read; what was found, and how many records of each kind.
fn read(bytes: &[u8]) -> (Vec<(Level, What)>, Vec<(Kind, Vec<Record>)>) {
    let (mut problems, mut kinds) = (Vec::new(), Vec::new());
    let limits = Limits {
        cross_check: true,
        ..Limits::default()
    };
    let whole = source::read(bytes, &limits, &mut |item| {
        match item {
            Item::Problem(problem) => problems.push((problem.level, problem.what)),
            Item::Whole(kind, records) => kinds.push((kind, records)),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    assert!(whole.is_ok());
    (problems, kinds)
}

#[test]
fn the_first_province_reads_with_notes_only_and_the_second_holds_one_record_twice() {
    for seed in SEEDS {
        let sample = Sample::new(seed, None);
        let (problems, _) = read(&written(&sample, Form::Json, sample.as_of()));
        let worse: Vec<_> = problems.iter().filter(|(level, _)| *level > Level::Note).collect();
        if seed == 1 {
            assert!(worse.is_empty(), "{worse:?}");
        } else {
            assert!(
                matches!(worse[..], [(_, What::DuplicateId(Kind::Demand, _))]),
                "{worse:?}"
            );
        }
        assert!(problems.iter().any(|(_, what)| matches!(what, What::Dangling(..))));
        assert!(problems.iter().any(|(_, what)| matches!(what, What::UnknownField(_))));
        assert!(problems.iter().any(|(_, what)| matches!(what, What::UnknownValue(_))));
    }
}

#[test]
fn both_forms_read_as_the_same_records() {
    for seed in [1, 2] {
        let sample = Sample::new(seed, Some(400));
        let [mut json, mut lines] =
            [Form::Json, Form::Ndjson].map(|form| read(&written(&sample, form, sample.as_of())).1);
        for kinds in [&mut json, &mut lines] {
            kinds.sort_by_key(|(kind, _)| *kind);
        }
        assert!(json == lines, "seed {seed}");
        assert_eq!(json.len(), Kind::ALL.len());
    }
}

fn live(seed: u64, initiatives: u64) -> (Sample, Simulation) {
    let sample = Sample::new(seed, Some(initiatives));
    let records: Vec<Record> = Kind::ALL
        .iter()
        .flat_map(|kind| sample.records(*kind, sample.as_of()))
        .collect();
    let simulation = Simulation::new(records, sample.as_of(), seed);
    (sample, simulation)
}

#[test]
fn نمونه_زنده_است_و_سرانجام_آرام_می_گیرد() -> Outcome {
    for seed in SEEDS {
        let (sample, mut simulation) = live(seed, 120);
        let before = document(&sample, sample.as_of());
        let today = word(&before["headquarters"], "as_of");
        let mut records = held(&before);
        let (mut kinds, mut steps) = (BTreeSet::new(), 0);
        loop {
            let changes = simulation.step();
            let [Change::Put(record)] = &changes[..] else {
                assert!(changes.is_empty(), "one record a step");
                break;
            };
            let now = serde_json::to_value(record)?;
            let was = records
                .insert((record.kind(), record.id().to_string()), now.clone())
                .ok_or("a record nobody knew")?;
            assert_ne!(was, now, "a step changes something");
            let mut days = Vec::new();
            happened(&now, false, &mut days);
            assert!(days.iter().all(|day| *day <= today) && now["updated"] == today);
            assert!(now["physical"].as_f64().unwrap_or_default() <= 100.0, "{now}");
            let again: Record = Record::from_json(record.kind(), &now.to_string()).or_else(|why| match record {
                // The one record with a field of its own is read the slow way.
                Record::Project(p) if p.extra.is_some() => Ok(record.clone()),
                _ => Err(why),
            })?;
            assert_eq!(again.id(), record.id());
            kinds.insert(record.kind());
            steps += 1;
            assert!(steps < 30_000, "it never ends");
        }
        assert_eq!(
            kinds,
            BTreeSet::from([
                Kind::Project,
                Kind::Plan,
                Kind::Decision,
                Kind::Demand,
                Kind::Initiative
            ])
        );
        let open = records
            .iter()
            .filter(|((kind, _), r)| *kind == Kind::Plan && r["state"] != "accepted")
            .count();
        assert_eq!(open, 0, "every plan arrived");
    }
    Ok(())
}

#[test]
fn the_same_life_is_lived_twice() {
    let run = || {
        let mut simulation = live(1, 100).1;
        (0..200).map(|_| format!("{:?}", simulation.step())).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}
