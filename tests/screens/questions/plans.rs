//! Which agencies owe a plan, and which measure is off its path.

use super::*;

const CATEGORIES: [&str; 4] = ["driver", "support", "service", "infrastructure"];

/// The categories of a province in the order of the contract, unknown ones behind by their words.
pub(super) fn categories(doc: &Doc) -> Vec<String> {
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
pub(super) fn class(doc: &Doc, agency: &Value) -> usize {
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

fn plans(lang: Lang, doc: &Doc, bench: &mut Bench) {
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
}

fn measures(lang: Lang, doc: &Doc, bench: &mut Bench) {
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
        .filter(|p| word(p, "state") != "cancelled" && meaning::actual(p).is_some());
    let weight = |p: &Value| p["weight"].as_f64().unwrap_or(1.0);
    let (mut sum, mut dated) = (0.0, 0.0);
    for project in counted.clone() {
        sum += weight(project);
        dated += meaning::planned(project, doc.today()).map_or(0.0, |_| weight(project));
    }
    let mut gaps: Vec<(f64, &str)> = counted
        .filter_map(|p| {
            let planned = meaning::planned(p, doc.today())?;
            let gap = weight(p) * meaning::actual(p)? / sum - weight(p) * planned / dated;
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
            meaning::planned(doc.projects_of("id", worst)[0], doc.today()).unwrap_or_default(),
        )
        .replace(['%', '٪'], ""),
    );
}

#[test]
fn which_agencies_have_not_submitted_a_plan_by_category_and_how_many_days_late() {
    each(plans);
}

/// An overdue plan of an agency that has no other.
fn overdue_plan(doc: &Doc) -> &'static Value {
    first(doc, Kind::Plan, |plan| {
        word(plan, "state") == "not-submitted"
            && doc.today() > effective_due(plan) + 1
            && doc.plans_of(word(plan, "agency")).len() == 1
    })
}

#[test]
fn a_plan_told_wrong_is_noticed() {
    notices(
        plans,
        &[
            ("a plan that never came", |doc| {
                let plan = overdue_plan(doc);
                vec![put(Kind::Plan, plan, |plan| {
                    plan["state"] = "submitted".into();
                    plan["submitted"] = plan["due"].clone();
                })]
            }),
            ("a day less", |doc| {
                vec![put(Kind::Plan, overdue_plan(doc), |plan| {
                    let field = if plan["extended_to"].is_null() {
                        "due"
                    } else {
                        "extended_to"
                    };
                    plan[field] = later(&plan[field], 1);
                })]
            }),
            ("a plan taken for late", |doc| {
                let on_time = first(doc, Kind::Plan, |plan| {
                    !owed(plan)
                        && !plan["submitted"].is_null()
                        && !came_late(plan)
                        && doc.plans_of(word(plan, "agency")).len() == 1
                });
                vec![put(Kind::Plan, on_time, |plan| {
                    plan["submitted"] = doc.0["headquarters"]["as_of"].clone()
                })]
            }),
            ("an agency in another category", |doc| {
                let driver = first(doc, Kind::Agency, |agency| word(agency, "category") == "driver");
                vec![put(Kind::Agency, driver, |agency| {
                    agency["category"] = "service".into()
                })]
            }),
        ],
    );
}

#[test]
fn which_measure_has_no_project_or_is_off_its_path_and_why_it_is_red() {
    each(measures);
}

/// The measures by need: without a project, then the furthest behind.
fn by_need(doc: &Doc) -> Vec<&'static str> {
    let mut all: Vec<(f64, &str)> = doc
        .rows("measures")
        .iter()
        .map(|measure| {
            let (_, actual, planned) = progress(doc, word(measure, "id"));
            (
                actual.zip(planned).map_or(f64::NEG_INFINITY, |(a, p)| a - p),
                word(measure, "id"),
            )
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, id)| id).collect()
}

/// A project under way of the measure that is furthest behind.
fn behind(doc: &Doc) -> &'static Value {
    let measure = by_need(doc)[1];
    first(doc, Kind::Project, |project| {
        project["measure"] == measure
            && word(project, "state") == "in-progress"
            && project["physical"].as_f64().is_some_and(|n| n < 50.0)
    })
}

#[test]
fn a_project_told_wrong_is_noticed() {
    notices(
        measures,
        &[
            ("a project said to be further", |doc| {
                vec![put(Kind::Project, behind(doc), |project| {
                    project["physical"] = 100.into()
                })]
            }),
            ("a project left out", |doc| {
                vec![Change::Delete(
                    Kind::Project,
                    super::super::harness::id(word(behind(doc), "id")),
                )]
            }),
            ("a project under the measure that has none", |doc| {
                let bare = by_need(doc)[0];
                vec![put(Kind::Project, behind(doc), |project| {
                    project["measure"] = bare.into()
                })]
            }),
            ("a project with another path", |doc| {
                vec![put(Kind::Project, behind(doc), |project| {
                    project["path"] = serde_json::json!([]);
                    project["start"] = doc.0["headquarters"]["as_of"].clone();
                    project["due"] = later(&project["start"], 400);
                })]
            }),
        ],
    );
}
