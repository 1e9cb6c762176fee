//! One agency on one screen, and who has no mission.

use super::*;

/// The records of a kind that name something by a field; of two with one id the first counts.
fn naming(doc: &Doc, kind: &str, field: &str, id: &str) -> Vec<&'static Value> {
    let mut seen = BTreeSet::new();
    let rows = doc.rows(kind).iter().filter(|r| seen.insert(word(r, "id")));
    rows.filter(|r| r[field] == id).collect()
}

/// The agency with most laid on it, so that no line is trivially nothing.
fn busiest(doc: &Doc) -> &'static Value {
    let busy = |a: &&Value| {
        let id = word(a, "id");
        naming(doc, "decisions", "agency", id).len().min(5) + naming(doc, "demands", "agency", id).len().min(5)
    };
    let found = doc.rows("agencies").iter().max_by_key(busy);
    found.unwrap_or_else(|| panic!("no agency"))
}

fn one_agency(lang: Lang, doc: &Doc, bench: &mut Bench) {
    let of = |kind: &str, field: &str, id: &str| naming(doc, kind, field, id);
    let agency = busiest(doc);
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
        let planned = meaning::planned(p, doc.today());
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
        ref post => {
            bench.must_say(&first_word(lang, post));
            bench.must_not_say(&say("glance.no-expert", &[]));
        }
    }
}

fn mission(lang: Lang, doc: &Doc, bench: &mut Bench) {
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
}

#[test]
fn one_agency_shows_on_one_screen() {
    each(one_agency);
}

/// A record that names the agency of the question.
fn of_busiest(doc: &Doc, kind: Kind, field: &str, is: impl Fn(&Value) -> bool) -> &'static Value {
    let id = word(busiest(doc), "id");
    first(doc, kind, |row| row[field] == id && is(row))
}

#[test]
fn an_agency_told_wrong_is_noticed() {
    notices(
        one_agency,
        &[
            ("a decision of another", |doc| {
                let own = of_busiest(doc, Kind::Decision, "agency", |_| true);
                vec![put(Kind::Decision, own, |decision| {
                    decision["agency"] = "a-nobody".into()
                })]
            }),
            ("a demand that was answered", |doc| {
                let open = of_busiest(doc, Kind::Demand, "agency", |demand| {
                    !matches!(word(demand, "state"), "answered" | "settled" | "rejected")
                });
                vec![put(Kind::Demand, open, |demand| demand["state"] = "answered".into())]
            }),
            ("a project of another", |doc| {
                let own = of_busiest(doc, Kind::Project, "agency", |_| true);
                vec![put(Kind::Project, own, |project| project["agency"] = "a-nobody".into())]
            }),
            ("another expert", |doc| {
                vec![put(Kind::Agency, busiest(doc), |agency| {
                    agency["expert"] = match &agency["expert"] {
                        Value::Null => serde_json::json!({"post": "کارشناس"}),
                        _ => Value::Null,
                    };
                })]
            }),
            ("a duty too many", |doc| {
                vec![put(Kind::Agency, busiest(doc), |agency| {
                    let duty = serde_json::json!({"id": "d-more", "title": "وظیفه"});
                    match agency["duties"].as_array_mut() {
                        Some(duties) => duties.push(duty),
                        None => agency["duties"] = serde_json::json!([duty]),
                    }
                })]
            }),
            ("a visit to one more", |doc| {
                let id = word(busiest(doc), "id");
                let other = first(doc, Kind::Initiative, |i| {
                    !i["outreach"].as_array().into_iter().flatten().any(|v| v["by"] == id)
                });
                vec![put(Kind::Initiative, other, |initiative| {
                    initiative["outreach"] = serde_json::json!([{"on": doc.0["headquarters"]["as_of"], "by": id}]);
                })]
            }),
        ],
    );
}

#[test]
fn who_has_no_mission_and_who_lacks_what() {
    each(mission);
}

#[test]
fn a_mission_told_wrong_is_noticed() {
    notices(
        mission,
        &[
            ("an expert that is none", |doc| {
                let with = first(doc, Kind::Agency, |agency| !agency["expert"].is_null());
                vec![put(Kind::Agency, with, |agency| agency["expert"] = Value::Null)]
            }),
            ("a duty too few", |doc| {
                let with = first(doc, Kind::Agency, |agency| {
                    agency["duties"].as_array().is_some_and(|d| !d.is_empty())
                });
                vec![put(Kind::Agency, with, |agency| {
                    drop(agency["duties"].as_array_mut().and_then(Vec::pop))
                })]
            }),
            ("a visit left out", |doc| {
                let by_agency = |visit: &Value| doc.rows("agencies").iter().any(|a| a["id"] == visit["by"]);
                let with = first(doc, Kind::Initiative, |i| {
                    i["outreach"].as_array().into_iter().flatten().any(by_agency)
                });
                vec![put(Kind::Initiative, with, |initiative| {
                    initiative["outreach"] = serde_json::json!([])
                })]
            }),
            ("a plan too few", |doc| {
                let plan = doc
                    .rows("plans")
                    .first()
                    .map(|plan| word(plan, "id"))
                    .unwrap_or_default();
                vec![Change::Delete(Kind::Plan, super::super::harness::id(plan))]
            }),
        ],
    );
}
