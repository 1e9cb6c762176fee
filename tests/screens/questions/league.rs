//! Agencies ranked within their category.

use super::*;

/// The timeliness score of an agency: 100 × kept ÷ (kept + missed).
fn timeliness(doc: &Doc, agency: &Value) -> Option<f64> {
    let id = word(agency, "id");
    let (mut kept, mut missed) = (0, 0);
    let mut note = |in_time: Option<bool>| match in_time {
        Some(true) => kept += 1,
        Some(false) => missed += 1,
        None => {}
    };
    let past = |due: &Value| doc.today() > day(due);
    let plans = doc.plans_of(id);
    if plans.is_empty() {
        note(past(&doc.0["headquarters"]["plan_due"]).then_some(false));
    }
    for plan in plans {
        note(match owed(plan) {
            false => Some(!came_late(plan)),
            true => (doc.today() > effective_due(plan)).then_some(false),
        });
    }
    for decision in doc
        .rows("decisions")
        .iter()
        .filter(|d| d["agency"] == id && !d["due"].is_null())
    {
        note(match word(decision, "state") {
            "executed" if decision["executed"].is_null() => None,
            "executed" => Some(day(&decision["executed"]) <= day(&decision["due"])),
            "not-executed" => Some(false),
            "settled" => None,
            _ => past(&decision["due"]).then_some(false),
        });
    }
    for demand in doc
        .rows("demands")
        .iter()
        .filter(|d| d["agency"] == id && !d["due"].is_null())
    {
        note(match (&demand["answered"], word(demand, "state")) {
            (Value::Null, "answered" | "settled" | "rejected") => None,
            (Value::Null, _) => past(&demand["due"]).then_some(false),
            (on, _) => Some(day(on) <= day(&demand["due"])),
        });
    }
    for duty in agency["duties"].as_array().map_or(&[][..], Vec::as_slice) {
        if duty["due"].is_null() {
            continue;
        }
        note(match (&duty["done"], word(duty, "state")) {
            (Value::Null, "done") => None,
            (Value::Null, _) => past(&duty["due"]).then_some(false),
            (on, _) => Some(day(on) <= day(&duty["due"])),
        });
    }
    (kept + missed > 0).then(|| 100.0 * f64::from(kept) / f64::from(kept + missed))
}

fn ranks(lang: Lang, doc: &Doc, bench: &mut Bench) {
    bench.keys("3 b tab");
    let evaluations = |agency: &str, until: i64| {
        let own = doc
            .rows("evaluations")
            .iter()
            .filter(|e| e["subject_kind"] == "agency" && e["subject"] == agency);
        let mut own: Vec<(i64, &str, f64)> = own
            .filter_map(|e| Some((day(&e["on"]), word(e, "id"), e["score"].as_f64()?)))
            .filter(|(on, ..)| *on <= until)
            .collect();
        own.sort_by_key(|(on, id, _)| (*on, *id));
        own.last().map(|(on, _, score)| (*on, *score))
    };
    let rows = bench.all_rows();
    let mut seen = rows.iter();
    let mut moved = 0;
    for category in super::plans::categories(doc) {
        let members: Vec<&Value> = doc
            .rows("agencies")
            .iter()
            .filter(|a| word(a, "category") == category)
            .collect();
        let last = members
            .iter()
            .filter_map(|a| evaluations(word(a, "id"), doc.today()))
            .map(|(on, _)| on)
            .max();
        let scores: BTreeMap<&str, f64> = members
            .iter()
            .filter_map(|a| {
                let judged = evaluations(word(a, "id"), doc.today()).map(|(_, score)| score);
                Some((word(a, "id"), judged.or_else(|| timeliness(doc, a))?))
            })
            .collect();
        let before: BTreeMap<&str, f64> = members
            .iter()
            .filter_map(|a| Some((word(a, "id"), evaluations(word(a, "id"), last? - 1)?.1)))
            .collect();
        let rank = |scores: &BTreeMap<&str, f64>, id: &str| {
            let own = *scores.get(id)?;
            Some(1 + scores.values().filter(|score| **score > own).count())
        };
        let mut order: Vec<(usize, &str, &&Value)> = members
            .iter()
            .map(|a| (rank(&scores, word(a, "id")).unwrap_or(usize::MAX), word(a, "id"), a))
            .collect();
        order.sort_by_key(|(rank, id, _)| (*rank, *id));
        for (place, id, agency) in order {
            let Some(score) = scores.get(id) else { continue };
            let change = match rank(&before, id) {
                None => drawn(lang, i18n::t(lang, "sheet.new-rank")),
                Some(was) if was > place => format!("+{}", int(lang, was - place)),
                Some(was) => digits(lang, was as f64 - place as f64),
            };
            moved += usize::from(change.starts_with(['+', '−']));
            let cells = [
                int(lang, place),
                change,
                first_word(lang, &agency["name"]),
                digits(lang, *score),
            ];
            assert!(seen.any(|row| holds(lang, row, &cells)), "{id} {cells:?} in {rows:#?}");
        }
    }
    assert!(moved > 5, "ranks that do not move prove nothing");
}

#[test]
fn agencies_ranked_within_their_category_with_the_change_of_rank() {
    each(ranks);
}

/// The evaluations of an agency that was judged more than once, the last one last.
fn judged_again(doc: &Doc) -> Vec<&'static Value> {
    let of = |agency: &Value| -> Vec<&'static Value> {
        let all = doc
            .rows("evaluations")
            .iter()
            .filter(|e| e["subject_kind"] == "agency" && e["subject"] == agency["id"]);
        let mut all: Vec<_> = all
            .filter(|e| e["score"].is_number() && day(&e["on"]) <= doc.today())
            .collect();
        all.sort_by_key(|e| day(&e["on"]));
        all
    };
    let mut found = doc.rows("agencies").iter().map(of).filter(|all| {
        let differ = all
            .windows(2)
            .next_back()
            .map(|pair| pair[0]["score"] != pair[1]["score"]);
        differ == Some(true)
    });
    found.next().unwrap_or_else(|| panic!("nobody was judged twice"))
}

fn last_evaluation(doc: &Doc) -> &'static Value {
    let all = judged_again(doc);
    all[all.len() - 1]
}

#[test]
fn a_rank_told_wrong_is_noticed() {
    notices(
        ranks,
        &[
            ("a better score", |doc| {
                vec![put(Kind::Evaluation, last_evaluation(doc), |evaluation| {
                    evaluation["score"] = 99.9.into()
                })]
            }),
            ("an evaluation of another", |doc| {
                vec![put(Kind::Evaluation, last_evaluation(doc), |evaluation| {
                    evaluation["subject"] = "a-nobody".into()
                })]
            }),
            ("an earlier judgement left out", |doc| {
                let mut all = judged_again(doc);
                all.pop();
                let id = |e: &&Value| super::super::harness::id(word(e, "id"));
                all.iter().map(|e| Change::Delete(Kind::Evaluation, id(e))).collect()
            }),
        ],
    );
}
