//! The questions of the secretariat, as keys at 80×24 in both languages on both provinces, each ending on a screen that holds the answer
//! worked out here from the JSON alone. Of the program only the catalogue's words and the shaping of letters are used.

use super::harness::{Bench, LANGS, SEEDS};
use super::meaning::{Doc, came_late, day, doc, effective_due, owed, progress, word};
use rasad::contract::Kind;
use rasad::i18n;
use rasad::text::{self, Direction, Lang};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SIZE: (u16, u16) = (80, 24);

/// A text as its cells are drawn, from the left.
fn drawn(lang: Lang, text: &str) -> String {
    let base = if lang == Lang::Fa {
        Direction::Rtl
    } else {
        Direction::Ltr
    };
    let line = text::fit(text, text::direction_of(text, base), 400);
    let cells: String = line.glyphs.iter().map(|glyph| glyph.symbol.as_str()).collect();
    cells.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first word of a text of the data, as it is drawn: what is left of it in the narrowest column.
fn first_word(lang: Lang, value: &Value) -> String {
    let (own, other) = if lang == Lang::Fa { ("fa", "en") } else { ("en", "fa") };
    let text = value[own]
        .as_str()
        .or(value[other].as_str())
        .or(value.as_str())
        .unwrap_or_default();
    drawn(lang, text.split_whitespace().next().unwrap_or_default())
}

/// A number in the digits of a language, thousands parted, at most one decimal.
fn digits(lang: Lang, n: f64) -> String {
    let tenths = (n.abs() * 10.0).round() as i64;
    let whole = (tenths / 10).to_string();
    let (part, point) = if lang == Lang::Fa { ('٬', '٫') } else { (',', '.') };
    let mut out = String::new();
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(part);
        }
        out.push(c);
    }
    if tenths % 10 != 0 {
        out.push(point);
        out.push_str(&(tenths % 10).to_string());
    }
    if n < 0.0 && tenths > 0 {
        out.insert(0, '−');
    }
    match lang {
        Lang::En => out,
        Lang::Fa => out
            .chars()
            .map(|c| c.to_digit(10).and_then(|d| char::from_u32(0x06F0 + d)).unwrap_or(c))
            .collect(),
    }
}

fn int(lang: Lang, n: usize) -> String {
    digits(lang, n as f64)
}

fn percent(lang: Lang, n: f64) -> String {
    format!("{}{}", digits(lang, n), if lang == Lang::Fa { '٪' } else { '%' })
}

/// Cells of a row in reading order, as the row is drawn from the left.
fn row(lang: Lang, cells: &[String]) -> String {
    match lang {
        Lang::En => cells.join(" "),
        Lang::Fa => cells.iter().rev().cloned().collect::<Vec<_>>().join(" "),
    }
}

/// True when a row holds these cells in reading order, others between them or not.
fn holds(lang: Lang, row: &str, cells: &[String]) -> bool {
    let mut order: Vec<&String> = cells.iter().collect();
    if lang == Lang::Fa {
        order.reverse();
    }
    let mut rest = row;
    order.into_iter().all(|cell| match rest.find(cell.as_str()) {
        Some(at) => {
            rest = &rest[at + cell.len()..];
            true
        }
        None => false,
    })
}

/// A sentence of the catalogue with its values, line by line as a sheet breaks it.
fn sentence(lang: Lang, key: &str, values: &[(&str, String)]) -> Vec<String> {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = i18n::tf_screen(lang, key, &values);
    let base = if lang == Lang::Fa {
        Direction::Rtl
    } else {
        Direction::Ltr
    };
    let lines = text::wrap(&said, base, usize::from(SIZE.0) - 5);
    lines
        .iter()
        .map(|line| {
            let from = line.glyphs.iter().map(|g| g.source.start).min().unwrap_or(0) as usize;
            let to = line.glyphs.iter().map(|g| g.source.end).max().unwrap_or(0) as usize;
            drawn(lang, said[from..to].trim())
        })
        .collect()
}

fn each(test: impl Fn(Lang, &Doc, &mut Bench)) {
    for seed in SEEDS {
        for lang in LANGS {
            test(lang, &doc(seed), &mut Bench::new(seed, lang, SIZE));
        }
    }
}

const CATEGORIES: [&str; 4] = ["driver", "support", "service", "infrastructure"];

/// The categories of a province in the order of the contract, unknown ones behind by their words.
fn categories(doc: &Doc) -> Vec<String> {
    let mut all: Vec<String> = doc
        .rows("agencies")
        .iter()
        .map(|a| word(a, "category").to_owned())
        .collect();
    all.sort_by_key(|c| (CATEGORIES.iter().position(|k| k == c).unwrap_or(9), c.clone()));
    all.dedup();
    all
}

fn category_name(lang: Lang, category: &str) -> String {
    let name = i18n::find(lang, &format!("category.{category}")).unwrap_or(category);
    drawn(lang, name)
}

/// Where an agency stands with its plans: 0 on time, 1 late, 2 not yet due, 3 returned, 4 overdue.
fn class(doc: &Doc, agency: &Value) -> usize {
    let of = |plan: &&Value| match word(plan, "state") {
        "submitted" | "accepted" => usize::from(came_late(plan)),
        "returned" => 3,
        _ if doc.today() > effective_due(plan) => 4,
        _ => 2,
    };
    let plans = doc.plans_of(word(agency, "id"));
    let bare = if doc.today() > day(&doc.0["headquarters"]["plan_due"]) {
        4
    } else {
        2
    };
    plans.iter().map(of).max().unwrap_or(bare)
}

#[test]
fn which_agencies_have_not_submitted_a_plan_by_category_and_how_many_days_late() {
    each(|lang, doc, bench| {
        bench.keys("4 b");
        let agencies = doc.rows("agencies");
        let extended = |agency: &&Value| {
            let plans = doc.plans_of(word(agency, "id"));
            plans.iter().any(|plan| !plan["extended_to"].is_null())
        };
        let figures = |of: &dyn Fn(&Value) -> bool| {
            let of: Vec<&Value> = agencies.iter().filter(|a| of(a)).collect();
            let n = |wanted: usize| of.iter().filter(|a| class(doc, a) == wanted).count();
            let extended = of.iter().filter(|a| extended(a)).count();
            [of.len(), n(0), n(1), n(3), n(4), n(2), extended]
                .map(|n| int(lang, n))
                .to_vec()
        };
        // On the first screen, before any scrolling: every category and all of them.
        for category in categories(doc) {
            let mut cells = vec![category_name(lang, &category)];
            cells.extend(figures(&|a| word(a, "category") == category));
            bench.must_say(&row(lang, &cells));
        }
        let mut cells = vec![drawn(lang, i18n::t(lang, "sheet.all"))];
        cells.extend(figures(&|_| true));
        bench.must_say(&row(lang, &cells));
        // Below, by category and longest first: the agency and its days.
        let days = |agency: &Value| {
            let plans = doc.plans_of(word(agency, "id"));
            let dues: Vec<i64> = match plans.is_empty() {
                true => vec![day(&doc.0["headquarters"]["plan_due"])],
                false => plans.iter().filter(|p| owed(p)).map(|p| effective_due(p)).collect(),
            };
            dues.into_iter().map(|due| doc.today() - due).max().unwrap_or(0).max(0)
        };
        let rows = bench.all_rows();
        let mut seen = rows.iter();
        let mut found = 0;
        for category in categories(doc) {
            let mut owing: Vec<(i64, &str, &Value)> = agencies
                .iter()
                .filter(|a| word(a, "category") == category && class(doc, a) > 1)
                .map(|a| (-days(a), word(a, "id"), a))
                .collect();
            owing.sort_by_key(|(days, id, _)| (*days, *id));
            for (days, id, agency) in owing {
                let days = if days < 0 {
                    int(lang, days.unsigned_abs() as usize)
                } else {
                    "—".into()
                };
                let cells = [first_word(lang, &agency["name"]), days];
                assert!(seen.any(|row| holds(lang, row, &cells)), "{id} {cells:?} in {rows:#?}");
                found += 1;
            }
        }
        assert!(
            found > 5,
            "a province in which nearly everybody has submitted proves little"
        );
    });
}

#[test]
fn which_measure_has_no_project_or_is_off_its_path_and_why_it_is_red() {
    each(|lang, doc, bench| {
        bench.keys("2 b");
        let mut measures: Vec<(f64, &Value)> = doc
            .rows("measures")
            .iter()
            .map(|measure| {
                let (_, actual, planned) = progress(doc, word(measure, "id"));
                (actual.zip(planned).map_or(f64::NEG_INFINITY, |(a, p)| a - p), measure)
            })
            .collect();
        measures.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(measures[0].0 == f64::NEG_INFINITY, "no measure without a project");
        // By need, on the first screen: without a project, then the furthest behind.
        let rows = bench.said();
        let mut seen = rows.iter();
        for (deviation, measure) in measures.iter().take(5) {
            let (projects, actual, planned) = progress(doc, word(measure, "id"));
            let said = |n: Option<f64>| n.map_or_else(|| "—".to_owned(), |n| percent(lang, n));
            let deviation = if deviation.is_finite() {
                digits(lang, *deviation)
            } else {
                "—".into()
            };
            let cells = [
                digits(lang, measure["number"].as_f64().unwrap_or_default()),
                first_word(lang, &measure["title"]),
                said(actual),
                said(planned),
                deviation,
                int(lang, projects),
            ];
            assert!(
                seen.any(|row| holds(lang, row, &cells)),
                "{cells:?}\n{}",
                bench.picture()
            );
        }
        // Why the second is red: its figures in words, and below them the projects that hold it back most.
        let (deviation, measure) = measures[1];
        let id = word(measure, "id");
        bench.find(&first_word(lang, &measure["title"]));
        bench.keys("enter");
        let (projects, actual, planned) = progress(doc, id);
        let all = doc.projects_of("measure", id);
        let cancelled = all.iter().filter(|p| word(p, "state") == "cancelled").count();
        let without = all
            .iter()
            .filter(|p| !matches!(word(p, "state"), "cancelled" | "done") && p["physical"].is_null())
            .count();
        let said = sentence(
            lang,
            "sheet.measure-aloud",
            &[
                ("actual", percent(lang, actual.unwrap_or_default())),
                ("planned", percent(lang, planned.unwrap_or_default())),
                ("deviation", digits(lang, deviation)),
                ("projects", int(lang, projects)),
                ("cancelled", int(lang, cancelled)),
                ("without", int(lang, without)),
            ],
        );
        said.iter().for_each(|line| bench.must_say(line));
        let counted = all
            .iter()
            .filter(|p| word(p, "state") != "cancelled" && super::meaning::actual(p).is_some());
        let weight = |p: &Value| p["weight"].as_f64().unwrap_or(1.0);
        let (mut sum, mut dated) = (0.0, 0.0);
        for project in counted.clone() {
            sum += weight(project);
            dated += super::meaning::planned(project, doc.today()).map_or(0.0, |_| weight(project));
        }
        let mut gaps: Vec<(f64, &str)> = counted
            .filter_map(|p| {
                let planned = super::meaning::planned(p, doc.today())?;
                let gap = weight(p) * super::meaning::actual(p)? / sum - weight(p) * planned / dated;
                Some((gap, word(p, "id")))
            })
            .collect();
        gaps.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        let (gap, worst) = gaps[0];
        bench.find(worst);
        assert!(
            holds(lang, &bench.here(), &[worst.to_owned(), digits(lang, gap)]),
            "{} {gap}",
            bench.here()
        );
        bench.keys("x");
        bench.must_say(
            &percent(
                lang,
                super::meaning::planned(doc.projects_of("id", worst)[0], doc.today()).unwrap_or_default(),
            )
            .replace(['%', '٪'], ""),
        );
    });
}

#[test]
fn which_decisions_are_past_due_who_is_responsible_and_what_reason_was_given() {
    each(|lang, doc, bench| {
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
    });
}

#[test]
fn which_demands_are_unanswered_oldest_first() {
    each(|lang, doc, bench| {
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
    });
}

#[test]
fn one_agency_on_one_screen() {
    each(|lang, doc, bench| {
        // Of two records with one id the first counts.
        let of = |kind: &str, field: &str, id: &str| -> Vec<&'static Value> {
            let mut seen = BTreeSet::new();
            let rows = doc.rows(kind).iter().filter(|r| seen.insert(word(r, "id")));
            rows.filter(|r| r[field] == id).collect()
        };
        // The one with most laid on it, so that no line is trivially nothing.
        let agencies = doc.rows("agencies");
        let busy = |a: &&Value| {
            let id = word(a, "id");
            of("decisions", "agency", id).len().min(5) + of("demands", "agency", id).len().min(5)
        };
        let Some(agency) = agencies.iter().max_by_key(busy) else {
            panic!("no agency")
        };
        let id = word(agency, "id");
        bench.keys("3");
        bench.select(Kind::Agency, id);
        bench.keys("enter");
        let say = |key: &str, values: &[(&str, String)]| -> String {
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            drawn(lang, &i18n::tf_screen(lang, key, &values))
        };
        let past = |r: &Value| !r["due"].is_null() && doc.today() > day(&r["due"]);
        let n = |n: usize| int(lang, n);
        let decisions = of("decisions", "agency", id);
        let is_final = |d: &&&Value| matches!(word(d, "state"), "executed" | "not-executed" | "settled");
        let open: Vec<_> = decisions.iter().filter(|d| !is_final(d)).collect();
        bench.must_say(&say(
            "glance.decisions",
            &[
                ("n", n(decisions.len())),
                ("open", n(open.len())),
                ("overdue", n(open.iter().filter(|d| past(d)).count())),
                (
                    "executed",
                    n(decisions.iter().filter(|d| word(d, "state") == "executed").count()),
                ),
            ],
        ));
        let demands = of("demands", "agency", id);
        let waiting: Vec<_> = demands
            .iter()
            .filter(|d| !matches!(word(d, "state"), "answered" | "settled" | "rejected"))
            .collect();
        let oldest = waiting.iter().map(|d| doc.today() - day(&d["received"])).max();
        bench.must_say(&say(
            "glance.demands",
            &[
                ("n", n(demands.len())),
                ("open", n(waiting.len())),
                ("oldest", oldest.map_or_else(|| "—".into(), |days| n(days as usize))),
            ],
        ));
        let projects = of("projects", "agency", id);
        let going = |p: &&&Value| !matches!(word(p, "state"), "done" | "cancelled");
        let behind = projects.iter().filter(going).filter(|p| {
            let planned = super::meaning::planned(p, doc.today());
            p["physical"]
                .as_f64()
                .zip(planned)
                .is_some_and(|(a, p)| a - p <= -5.0 + 1e-6)
        });
        bench.must_say(&say(
            "glance.projects",
            &[
                ("n", n(projects.len())),
                ("behind", n(behind.count())),
                ("overdue", n(projects.iter().filter(going).filter(|p| past(p)).count())),
            ],
        ));
        let campaigns = of("campaigns", "agency", id);
        let reach: f64 = campaigns.iter().filter_map(|c| c["reach"].as_f64()).sum();
        bench.must_say(&say(
            "glance.campaigns",
            &[("n", n(campaigns.len())), ("reach", digits(lang, reach))],
        ));
        let sponsored = of("initiatives", "sponsor", id);
        let jobs: f64 = sponsored.iter().filter_map(|i| i["jobs"]["verified"].as_f64()).sum();
        let went = doc.rows("initiatives").iter().filter(|i| {
            let visits = i["outreach"].as_array().map_or(&[][..], Vec::as_slice);
            visits.iter().any(|visit| visit["by"] == id)
        });
        bench.must_say(&say(
            "glance.initiatives",
            &[
                ("n", n(sponsored.len())),
                ("jobs", digits(lang, jobs)),
                ("visited", n(went.count())),
            ],
        ));
        let duties = agency["duties"].as_array().map_or(&[][..], Vec::as_slice);
        let done = |d: &&Value| !d["done"].is_null() || d["state"] == "done";
        let finished = duties.iter().filter(done).count();
        let late = duties.iter().filter(|d| !done(d) && past(d)).count();
        let share = if duties.is_empty() {
            "—".to_owned()
        } else {
            percent(lang, (100.0 * finished as f64 / duties.len() as f64).round())
        };
        let values = [("part", n(finished)), ("of", n(duties.len())), ("rate", share)];
        let rate = i18n::tf_screen(lang, "sheet.rate", &values.each_ref().map(|(k, v)| (*k, v.as_str())));
        bench.must_say(&say(
            "glance.duties",
            &[
                ("done", rate),
                ("open", n(duties.len() - finished)),
                ("overdue", n(late)),
            ],
        ));
        match agency["expert"]["post"] {
            Value::Null => bench.must_say(&say("glance.no-expert", &[])),
            ref post => bench.must_say(&first_word(lang, post)),
        }
    });
}

#[test]
fn who_has_no_mission_and_who_lacks_what() {
    each(|lang, doc, bench| {
        bench.keys("3 b");
        let counts = |agency: &Value| {
            let id = word(agency, "id");
            let went = doc.rows("initiatives").iter().filter(|i| {
                let visits = i["outreach"].as_array().map_or(&[][..], Vec::as_slice);
                visits.iter().any(|visit| visit["by"] == id)
            });
            [
                agency["duties"].as_array().map_or(0, Vec::len),
                doc.plans_of(id).len(),
                doc.projects_of("agency", id).len(),
                usize::from(!agency["expert"].is_null()),
                went.count(),
            ]
        };
        let agencies: Vec<(&Value, [usize; 5])> = doc.rows("agencies").iter().map(|a| (a, counts(a))).collect();
        let without = |at: usize| int(lang, agencies.iter().filter(|(_, n)| n[at] == 0).count());
        let bare: Vec<_> = agencies.iter().filter(|(_, n)| n[..3] == [0, 0, 0]).collect();
        assert!(!bare.is_empty());
        let said = sentence(
            lang,
            "sheet.coverage-aloud",
            &[
                (
                    "complete",
                    int(lang, agencies.iter().filter(|(_, n)| !n.contains(&0)).count()),
                ),
                ("total", int(lang, agencies.len())),
                ("duty", without(0)),
                ("plan", without(1)),
                ("project", without(2)),
                ("expert", without(3)),
                ("outreach", without(4)),
                ("mission", int(lang, bare.len())),
            ],
        );
        said.iter().for_each(|line| bench.must_say(line));
        let rows = bench.all_rows();
        for (agency, counts) in &agencies {
            let mut cells = vec![first_word(lang, &agency["name"])];
            cells.extend(counts.map(|n| if n == 0 { "—".to_owned() } else { int(lang, n) }));
            cells.push(int(lang, counts.iter().filter(|n| **n == 0).count()));
            assert!(
                rows.iter().any(|row| holds(lang, row, &cells)),
                "{cells:?} in {rows:#?}"
            );
        }
    });
}

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

#[test]
fn agencies_ranked_within_their_category_with_the_change_of_rank() {
    each(|lang, doc, bench| {
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
        for category in categories(doc) {
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
    });
}
