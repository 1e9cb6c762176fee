//! Decisions that are past their day, and demands without an answer.

use super::*;

fn decisions(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("6 b");
    let decisions = doc.rows("decisions");
    let is_final = |d: &Value| matches!(word(d, "state"), "executed" | "not-executed" | "settled");
    let past = |d: &Value| !d["due"].is_null() && doc.today() > day(&d["due"]);
    let come = |d: &Value| !d["due"].is_null() && doc.today() >= day(&d["due"]);
    let count = |of: &dyn Fn(&Value) -> bool| decisions.iter().filter(|d| of(d)).count();
    let held: BTreeMap<&str, i64> = doc
        .rows("meetings")
        .iter()
        .map(|m| (word(m, "id"), day(&m["on"])))
        .collect();
    let notified = |d: &Value| match (&d["notified"], held.get(word(d, "meeting"))) {
        (_, None) => None,
        (Value::Null, Some(on)) => (doc.today() - on > 7).then_some(false),
        (when, Some(on)) => Some(day(when) - on <= 7),
    };
    let rate = |part: usize, of: usize| {
        let shown = percent(lang, 100.0 * part as f64 / of as f64);
        let values = [("part", int(lang, part)), ("of", int(lang, of)), ("rate", shown)];
        i18n::tf_screen(lang, "sheet.rate", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    };
    let executed = |d: &Value| word(d, "state") == "executed";
    let said = sentence(
        lang,
        "sheet.decisions-aloud",
        &[
            ("executed", rate(count(&executed), decisions.len())),
            ("due", rate(count(&|d| executed(d) && come(d)), count(&come))),
            ("overdue", int(lang, count(&|d| past(d) && !is_final(d)))),
            ("days", int(lang, 7)),
            (
                "notified",
                rate(count(&|d| notified(d) == Some(true)), count(&|d| notified(d).is_some())),
            ),
        ],
    );
    said.iter().for_each(|line| bench.must_say(line));
    let agency = |d: &Value| {
        let mut agencies = doc.rows("agencies").iter();
        agencies
            .find(|a| a["id"] == d["agency"])
            .map_or_else(String::new, |a| first_word(lang, &a["name"]))
    };
    let rows = bench.all_rows();
    let mut seen = rows.iter();
    let mut late: Vec<&Value> = decisions.iter().filter(|d| past(d) && !is_final(d)).collect();
    late.sort_by_key(|d| (day(&d["due"]), word(d, "id")));
    assert!(!late.is_empty());
    for decision in late {
        let days = int(lang, (doc.today() - day(&decision["due"])) as usize);
        let cells = [first_word(lang, &decision["text"]), agency(decision), days];
        assert!(seen.any(|row| holds(lang, row, &cells)), "{cells:?} in {rows:#?}");
    }
    let none = drawn(lang, i18n::t(lang, "sheet.no-reason"));
    for decision in decisions.iter().filter(|d| word(d, "state") == "not-executed") {
        let reason = match &decision["reason"] {
            Value::Null => none.clone(),
            reason => first_word(lang, reason),
        };
        let cells = [first_word(lang, &decision["text"]), agency(decision), reason];
        assert!(
            rows.iter().any(|row| holds(lang, row, &cells)),
            "{cells:?} in {rows:#?}"
        );
    }
}

fn demands(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("7 b");
    let is_final = |d: &Value| matches!(word(d, "state"), "answered" | "settled" | "rejected");
    let mut once = BTreeSet::new();
    let demands = doc.rows("demands").iter().filter(|d| once.insert(word(d, "id")));
    let mut open: Vec<&Value> = demands.filter(|d| !is_final(d)).collect();
    open.sort_by_key(|d| (day(&d["received"]), word(d, "id")));
    assert!(open.len() > 10);
    let rows = bench.all_rows();
    let mut seen = rows.iter();
    let nobody = drawn(lang, i18n::t(lang, "sheet.nobody"));
    for demand in &open {
        let age = int(lang, (doc.today() - day(&demand["received"])) as usize);
        let agencies = doc.rows("agencies").iter();
        let addressee = match &demand["agency"] {
            Value::Null => nobody.clone(),
            id => agencies
                .filter(|a| a["id"] == *id)
                .map(|a| first_word(lang, &a["name"]))
                .next()
                .unwrap_or_else(|| id.as_str().unwrap_or_default().to_owned()),
        };
        let cells = [age, first_word(lang, &demand["topic"]), addressee];
        assert!(seen.any(|row| holds(lang, row, &cells)), "{cells:?} in {rows:#?}");
    }
    // The oldest one stands on the first screen and leads to its own page.
    bench.keys("home");
    let age = int(lang, (doc.today() - day(&open[0]["received"])) as usize);
    bench.must_say(&row(lang, &[age, first_word(lang, &open[0]["topic"])]));
    bench.select(Kind::Demand, word(open[0], "id"));
    bench.keys("enter");
    bench.must_say(word(open[0], "id"));
}

#[test]
fn which_decisions_are_past_due_who_is_responsible_and_what_reason_was_given() {
    each(decisions);
}

fn late_decision(doc: &Doc) -> &'static Value {
    first(doc, Kind::Decision, |decision| {
        !decision["due"].is_null()
            && doc.today() > day(&decision["due"]) + 1
            && !matches!(word(decision, "state"), "executed" | "not-executed" | "settled")
    })
}

#[test]
fn a_decision_told_wrong_is_noticed() {
    notices(
        decisions,
        &[
            ("a decision that was never executed", |doc| {
                let executed = first(doc, Kind::Decision, |decision| word(decision, "state") == "executed");
                vec![put(Kind::Decision, executed, |decision| {
                    decision["state"] = "in-progress".into()
                })]
            }),
            ("a day less", |doc| {
                vec![put(Kind::Decision, late_decision(doc), |decision| {
                    decision["due"] = later(&decision["due"], 1)
                })]
            }),
            ("another agency", |doc| {
                let late = late_decision(doc);
                let own = doc.name_of(word(late, "agency"));
                let head = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
                let other = first(doc, Kind::Agency, |agency| {
                    let names = [&agency["name"]["en"], &agency["name"]["fa"]]
                        .map(|name| head(name.as_str().unwrap_or_default()));
                    names[0] != head(&own)
                        && !names[1].is_empty()
                        && agency["id"] != late["agency"]
                        && names[1] != "اداره"
                });
                vec![put(Kind::Decision, late, |decision| {
                    decision["agency"] = other["id"].clone()
                })]
            }),
            ("a reason nobody gave", |doc| {
                let reasoned = first(doc, Kind::Decision, |decision| {
                    word(decision, "state") == "not-executed" && !decision["reason"].is_null()
                });
                vec![put(Kind::Decision, reasoned, |decision| {
                    decision["reason"] = Value::Null
                })]
            }),
            ("a notification that took longer", |doc| {
                let held = |decision: &Value| first(doc, Kind::Meeting, |meeting| meeting["id"] == decision["meeting"]);
                let notified = first(doc, Kind::Decision, |decision| {
                    !decision["notified"].is_null()
                        && doc.rows("meetings").iter().any(|m| m["id"] == decision["meeting"])
                        && day(&decision["notified"]) - day(&held(decision)["on"]) <= 7
                });
                let late = later(&held(notified)["on"], 8);
                vec![put(Kind::Decision, notified, |decision| decision["notified"] = late)]
            }),
        ],
    );
}

#[test]
fn which_demands_are_unanswered_oldest_first() {
    each(demands);
}

fn oldest_demand(doc: &Doc) -> &'static Value {
    let open = doc
        .rows("demands")
        .iter()
        .filter(|d| !matches!(word(d, "state"), "answered" | "settled" | "rejected"));
    let oldest = open.min_by_key(|d| (day(&d["received"]), word(d, "id")));
    oldest.unwrap_or_else(|| panic!("no demand is open"))
}

#[test]
fn a_demand_told_wrong_is_noticed() {
    notices(
        demands,
        &[
            ("a day more", |doc| {
                vec![put(Kind::Demand, oldest_demand(doc), |demand| {
                    demand["received"] = later(&demand["received"], -1)
                })]
            }),
            ("an answer nobody gave", |doc| {
                vec![put(Kind::Demand, oldest_demand(doc), |demand| {
                    demand["state"] = "answered".into()
                })]
            }),
            ("an addressee that is none", |doc| {
                let addressed = first(doc, Kind::Demand, |demand| {
                    !demand["agency"].is_null() && !matches!(word(demand, "state"), "answered" | "settled" | "rejected")
                });
                vec![put(Kind::Demand, addressed, |demand| demand["agency"] = Value::Null)]
            }),
        ],
    );
}
