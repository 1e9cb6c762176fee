//! What changed since the last meeting, how old the data are, and the brief for the next meeting.

use super::super::changes::{differences, document, keys, states};
use super::super::people::newest_entry;
use super::*;
use rasad::board::report::LinkState;
use rasad::contract::{Problem, What};
use std::sync::Arc;

/// A day as a screen of a language writes it: Gregorian in English, Solar Hijri in Persian.
fn date(lang: Lang, on: i64) -> String {
    if lang == Lang::En {
        return rasad::clock::Day::from_days(on as i32).to_string();
    }
    // 1 Farvardin 1403 was 20 March 2024; leap years of the calendar around it.
    let (mut year, mut left) = (1403, on - day(&"2024-03-20".into()));
    let leap = |year: i64| matches!(year, 1395 | 1399 | 1403 | 1408 | 1412);
    let length = |year: i64| 365 + i64::from(leap(year));
    while left < 0 {
        year -= 1;
        left += length(year);
    }
    while left >= length(year) {
        left -= length(year);
        year += 1;
    }
    let month = if left < 186 { left / 31 } else { 6 + (left - 186) / 30 };
    let of_month = if left < 186 { left % 31 } else { (left - 186) % 30 };
    format!("{year:04}/{:02}/{:02}", month + 1, of_month + 1)
        .chars()
        .map(|c| c.to_digit(10).and_then(|d| char::from_u32(0x06F0 + d)).unwrap_or(c))
        .collect()
}

/// The fields a title stands in, by kind; a meeting and an evaluation have none.
fn title(row: &Value) -> Option<&Value> {
    ["title", "name", "text", "topic"]
        .iter()
        .map(|field| &row[*field])
        .find(|value| !value.is_null())
}

/// Whether something moved the wrong way between two states of a record: a planned date written anew or taken out, or a figure that
/// can only grow and fell.
fn moved(kind: Kind, old: &Value, new: &Value) -> bool {
    let dates: &[&str] = match kind {
        Kind::Measure | Kind::Project => &["start", "due"],
        Kind::Plan | Kind::Decision | Kind::Demand => &["due"],
        Kind::Campaign => &["start", "end"],
        _ => &[],
    };
    let rewritten = |old: &Value, new: &Value, field: &str| !old[field].is_null() && old[field] != new[field];
    let parts = |list: &str, name: &str| {
        let olds = old[list].as_array().into_iter().flatten();
        olds.into_iter().any(|part| {
            let now = new[list]
                .as_array()
                .into_iter()
                .flatten()
                .find(|now| now[name] == part[name]);
            now.is_none_or(|now| rewritten(part, now, "due")) && !part["due"].is_null()
        })
    };
    let fell = |old: &Value, new: &Value| old.as_f64().zip(new.as_f64()).is_some_and(|(old, new)| new < old);
    let steps = |field: &str| {
        ["committed", "claimed", "registered", "approved", "verified"]
            .iter()
            .any(|step| fell(&old[field][*step], &new[field][*step]))
    };
    let figures = match kind {
        Kind::Project => {
            ["physical", "financial", "spent"]
                .iter()
                .any(|field| fell(&old[*field], &new[*field]))
                || steps("jobs")
        }
        Kind::Initiative => steps("jobs") || steps("capital"),
        Kind::Campaign => fell(&old["reach"], &new["reach"]),
        _ => false,
    };
    dates.iter().any(|field| rewritten(old, new, field))
        || (kind == Kind::Measure && parts("indicators", "id"))
        || (kind == Kind::Project && parts("milestones", "title"))
        || (kind == Kind::Agency && parts("duties", "id"))
        || figures
}

fn since_the_last_meeting(lang: Lang, doc: &Doc, bench: &mut Bench) {
    let seed = seed_of(doc);
    let meetings = doc
        .rows("meetings")
        .iter()
        .map(|meeting| day(&meeting["on"]))
        .filter(|on| *on <= doc.today());
    let last = meetings.max().unwrap_or_default();
    let before = document(seed, states(seed)[0].0);
    assert_eq!(
        day(&before["headquarters"]["as_of"]),
        last,
        "the state of the last meeting is kept"
    );
    keys(bench, seed, "9");
    bench.must_say(&drawn(
        lang,
        &i18n::tf_screen(lang, "change.since-meeting", &[("from", &date(lang, last))]),
    ));
    let of = |document: &Value, kind: Kind, id: &str| -> Option<Value> {
        let rows = document[kind.plural()].as_array()?;
        rows.iter().find(|row| row["id"] == id).cloned()
    };
    let [appeared, changed, vanished] = differences(&before, doc.0);
    let mut wrong = BTreeMap::new();
    for kind in Kind::ALL {
        let mut olds: BTreeMap<&str, &Value> = BTreeMap::new();
        for old in before[kind.plural()].as_array().into_iter().flatten() {
            olds.entry(word(old, "id")).or_insert(old);
        }
        let mut seen = BTreeSet::new();
        for new in doc
            .rows(kind.plural())
            .iter()
            .filter(|new| seen.insert(word(new, "id")))
        {
            if olds.get(word(new, "id")).is_some_and(|old| moved(*kind, old, new)) {
                wrong.insert(word(new, "id"), new);
            }
        }
    }
    let cells: Vec<String> = [
        ("change.all", appeared + changed + vanished),
        ("change.wrong", wrong.len()),
        ("change.appeared", appeared),
        ("change.changed", changed),
        ("change.vanished", vanished),
    ]
    .into_iter()
    .flat_map(|(key, n)| [drawn(lang, i18n::t(lang, key)), int(lang, n)])
    .collect();
    bench.must_say(&row(lang, &cells));
    // The first screen: what became of each record, and of a decision that only changed its state, from what to what.
    let mut sentences = 0;
    for _ in 0..17 {
        let Some((kind, id)) = bench.app.selected_record() else {
            panic!("{}", bench.picture())
        };
        let (old, new) = (of(&before, kind, id.as_str()), of(doc.0, kind, id.as_str()));
        let fate = match (&old, &new) {
            (None, Some(_)) => "change.appeared",
            (Some(_), None) => "change.vanished",
            (Some(old), Some(new)) if moved(kind, old, new) => "change.wrong",
            (Some(old), Some(new)) if old != new => "change.changed",
            _ => panic!("{id} did not change:\n{}", bench.picture()),
        };
        let row = new.or(old).unwrap_or_default();
        let mut cells = vec![drawn(lang, i18n::t(lang, fate))];
        cells.extend(title(&row).map(|title| first_word(lang, title)));
        if let (Kind::Decision, Some(old)) = (kind, of(&before, kind, id.as_str())) {
            let mut same = row.clone();
            same["state"] = old["state"].clone();
            same["updated"] = old["updated"].clone();
            if same == old {
                let state = |row: &Value| {
                    i18n::find(lang, &format!("state.decision.{}", word(row, "state")))
                        .unwrap_or_default()
                        .to_owned()
                };
                let said = i18n::tf_screen(lang, "change.field", &[("was", &state(&old)), ("now", &state(&row))]);
                cells.push(drawn(lang, &said));
                sentences += 1;
            }
        }
        assert!(holds(lang, &bench.here(), &cells), "{id} {cells:?} in {}", bench.here());
        bench.keys("down");
    }
    assert!(sentences > 0, "no decision that only changed its state");
    // What moved the wrong way: one row for each, and no other.
    keys(bench, seed, "tab");
    let rows = bench.all_rows();
    assert_eq!(rows.len(), wrong.len(), "{rows:#?}");
    for (id, record) in wrong {
        let cells: Vec<String> = title(record).map(|title| first_word(lang, title)).into_iter().collect();
        assert!(
            rows.iter().any(|row| holds(lang, row, &cells)),
            "{id} {cells:?} in {rows:#?}"
        );
    }
}

#[test]
fn what_changed_since_the_last_meeting() {
    each(since_the_last_meeting);
}

#[test]
fn a_change_told_wrong_is_noticed() {
    notices(
        since_the_last_meeting,
        &[
            ("a title written anew", |doc| {
                let before = document(seed_of(doc), states(seed_of(doc))[0].0);
                let same = first(doc, Kind::Project, |project| {
                    before["projects"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|old| old == project)
                });
                vec![put(Kind::Project, same, |project| project["title"] = "دیگر".into())]
            }),
            ("a record that vanished", |doc| {
                let campaign = doc
                    .rows("campaigns")
                    .first()
                    .map(|row| word(row, "id"))
                    .unwrap_or_default();
                vec![Change::Delete(Kind::Campaign, super::super::harness::id(campaign))]
            }),
            ("a due date rewritten", |doc| {
                let decision = first(doc, Kind::Decision, |decision| {
                    !decision["due"].is_null() && word(decision, "state") == "in-progress"
                });
                vec![put(Kind::Decision, decision, |decision| {
                    decision["due"] = later(&decision["due"], 30)
                })]
            }),
        ],
    );
}

fn age_of_the_data(lang: Lang, doc: &Doc, bench: &mut Bench) {
    let newest = day(&newest_entry(seed_of(doc)).into());
    for (state, key) in [
        (LinkState::File, "source.reached"),
        (
            LinkState::Offline(Arc::new(Problem::fatal(What::CutOff))),
            "source.offline",
        ),
    ] {
        bench.link(state);
        bench.keys("i");
        let cells = [
            drawn(lang, i18n::t(lang, key)),
            date(lang, doc.today()),
            date(lang, newest),
        ];
        assert!(
            bench.said().iter().any(|row| holds(lang, row, &cells)),
            "{cells:?}\n{}",
            bench.picture()
        );
    }
}

#[test]
fn how_old_the_data_are_and_whether_the_source_is_reachable() {
    each(age_of_the_data);
}

#[test]
fn an_age_told_wrong_is_noticed() {
    notices(
        age_of_the_data,
        &[("data nobody has looked after for a day more", |doc| {
            let newest = newest_entry(seed_of(doc));
            let mut out = Vec::new();
            for kind in Kind::ALL {
                let rows = doc
                    .rows(kind.plural())
                    .iter()
                    .filter(|row| row["updated"] == newest.as_str());
                out.extend(rows.map(|row| put(*kind, row, |row| row["updated"] = later(&row["updated"], -1))));
            }
            out
        })],
    );
}

fn brief(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("B");
    let rows = bench.all_rows();
    let text = rows.join("\n");
    let must = |key: &str, values: &[(&str, String)]| {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let said = lines(lang, &i18n::tf(lang, key, &values));
        assert!(text.contains(&said.join("\n")), "{key}: {said:#?} in {rows:#?}");
    };
    let n = |n: usize| int(lang, n);
    let share = |part: f64, of: f64| percent(lang, (100.0 * part / of).round());
    let agencies = doc.rows("agencies");
    let of_class = |wanted: usize| {
        agencies
            .iter()
            .filter(|a| super::plans::class(doc, a) == wanted)
            .count()
    };
    must(
        "brief.plans",
        &[
            ("submitted", n(of_class(0) + of_class(1))),
            ("total", n(agencies.len())),
            ("on_time", n(of_class(0))),
            ("late", n(of_class(1))),
            ("overdue", n(of_class(4))),
            ("returned", n(of_class(3))),
            ("not_due", n(of_class(2))),
        ],
    );
    let once = |kind: &str| -> Vec<&Value> {
        let mut seen = BTreeSet::new();
        doc.rows(kind)
            .iter()
            .filter(|row| seen.insert(word(row, "id")))
            .collect()
    };
    let past = |row: &Value| !row["due"].is_null() && doc.today() > day(&row["due"]);
    let decisions = once("decisions");
    let executed = decisions.iter().filter(|d| word(d, "state") == "executed").count();
    let open: Vec<_> = decisions
        .iter()
        .filter(|d| !matches!(word(d, "state"), "executed" | "not-executed" | "settled"))
        .collect();
    let late = open.iter().filter(|d| past(d)).count();
    must(
        "brief.decisions",
        &[
            ("executed", n(executed)),
            ("total", n(decisions.len())),
            ("share", share(executed as f64, decisions.len() as f64)),
            ("open", n(open.len())),
            ("overdue", n(late)),
        ],
    );
    must("brief.decisions-overdue", &[("n", n(late))]);
    let demands = once("demands");
    let waiting: Vec<_> = demands
        .iter()
        .filter(|d| !matches!(word(d, "state"), "answered" | "settled" | "rejected"))
        .collect();
    let oldest = waiting
        .iter()
        .map(|d| doc.today() - day(&d["received"]))
        .max()
        .unwrap_or_default();
    must(
        "brief.demands",
        &[
            ("open", n(waiting.len())),
            ("total", n(demands.len())),
            ("days", n(oldest as usize)),
        ],
    );
    must("brief.demands-open", &[("n", n(waiting.len()))]);
    must("brief.plans-overdue", &[("n", n(meaning::overdue_agencies(doc).len()))]);
    must("brief.measures", &[("n", n(doc.rows("measures").len()))]);
    let initiatives = once("initiatives");
    let today = word(&doc.0["headquarters"], "as_of");
    let reached = |stage: usize| {
        initiatives
            .iter()
            .filter(|row| super::super::people::reached(row, today) >= stage)
            .count()
    };
    let origin = |origin: &str| initiatives.iter().filter(|row| word(row, "origin") == origin).count();
    must(
        "brief.participation",
        &[
            ("count", n(initiatives.len())),
            ("empowered", n(reached(2))),
            ("brought_in", n(reached(3))),
            ("new", n(origin("new"))),
            ("known", n(origin("new") + origin("existing"))),
        ],
    );
    let jobs = |step: &str| -> f64 { initiatives.iter().filter_map(|row| row["jobs"][step].as_f64()).sum() };
    must(
        "brief.jobs",
        &[
            ("committed", digits(lang, jobs("committed"))),
            ("claimed", digits(lang, jobs("claimed"))),
            ("verified", digits(lang, jobs("verified"))),
            ("share", share(jobs("verified"), jobs("committed"))),
        ],
    );
    // Its source and its day stand at its head.
    must("brief.source", &[("source", "headquarters.json".to_owned())]);
    let meetings = doc
        .rows("meetings")
        .iter()
        .map(|meeting| day(&meeting["on"]))
        .filter(|on| *on <= doc.today());
    let last = date(lang, meetings.max().unwrap_or_default());
    assert!(
        text.contains(&drawn(lang, &last)),
        "the day of the last meeting: {last} in {rows:#?}"
    );
}

#[test]
fn the_brief_for_the_next_meeting_as_text() {
    each(brief);
}

#[test]
fn a_brief_told_wrong_is_noticed() {
    notices(
        brief,
        &[
            ("a decision that was never executed", |doc| {
                let executed = first(doc, Kind::Decision, |decision| word(decision, "state") == "executed");
                vec![put(Kind::Decision, executed, |decision| {
                    decision["state"] = "in-progress".into()
                })]
            }),
            ("an answer nobody gave", |doc| {
                let open = first(doc, Kind::Demand, |demand| word(demand, "state") == "received");
                vec![put(Kind::Demand, open, |demand| demand["state"] = "answered".into())]
            }),
            ("a verified job more", |doc| {
                let one = first(doc, Kind::Initiative, |row| row["jobs"]["verified"].is_number());
                let more = one["jobs"]["verified"].as_f64().unwrap_or_default() + 1.0;
                vec![put(Kind::Initiative, one, |row| row["jobs"]["verified"] = more.into())]
            }),
            ("a plan that came", |doc| {
                let owed = first(doc, Kind::Plan, |plan| {
                    word(plan, "state") == "not-submitted" && doc.plans_of(word(plan, "agency")).len() == 1
                });
                vec![put(Kind::Plan, owed, |plan| {
                    plan["state"] = "submitted".into();
                    plan["submitted"] = plan["due"].clone();
                })]
            }),
            ("a new one taken for existing", |doc| {
                let new = first(doc, Kind::Initiative, |row| word(row, "origin") == "new");
                vec![put(Kind::Initiative, new, |row| row["origin"] = "existing".into())]
            }),
        ],
    );
}
