//! What the screens say is true: every answer is worked out here from the JSON alone, by the words of the contract, and then looked
//! for on the drawn screen, on both provinces. Nothing of the board is asked.

use super::harness::{Bench, SEEDS, province};
use rasad::board::RULES;
use rasad::contract::Kind;
use rasad::text::Lang;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Wide enough that nothing is cut but what has a fixed width.
const WIDE: (u16, u16) = (300, 30);

pub(super) struct Doc(pub(super) &'static Value);

impl Doc {
    pub(super) fn rows(&self, kind: &str) -> &'static [Value] {
        self.0[kind].as_array().map_or(&[], Vec::as_slice)
    }

    pub(super) fn today(&self) -> i64 {
        day(&self.0["headquarters"]["as_of"])
    }

    pub(super) fn plans_of(&self, agency: &str) -> Vec<&'static Value> {
        let plans = self.rows("plans").iter();
        plans.filter(|plan| plan["agency"] == agency).collect()
    }

    pub(super) fn projects_of(&self, field: &str, id: &str) -> Vec<&'static Value> {
        let projects = self.rows("projects").iter();
        projects.filter(|project| project[field] == id).collect()
    }

    pub(super) fn name_of(&self, agency: &str) -> String {
        let agencies = self.rows("agencies").iter();
        let mut found = agencies.filter(|a| a["id"] == agency).map(|a| english(&a["name"]));
        found.next().unwrap_or_else(|| agency.to_owned())
    }
}

pub(super) fn doc(seed: u64) -> Doc {
    Doc(&province(seed).json)
}

/// Days since 1970-01-01 of a Gregorian `YYYY-MM-DD`, the only form the sample writes.
pub(super) fn day(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or_default();
    let parts: Vec<i64> = text.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else {
        panic!("no day: {value}")
    };
    assert!(year > 1700, "a Hijri day: {value}");
    let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let years: i64 = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let february = if leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    years + months.iter().take(month as usize - 1).sum::<i64>() + day - 1
}

/// A text of the data as an English screen shows it.
fn english(value: &Value) -> String {
    let text = value["en"].as_str().or(value["fa"].as_str()).or(value.as_str());
    text.unwrap_or_default().to_owned()
}

pub(super) fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// A number as an English screen writes it: thousands parted, at most one decimal.
fn number(n: f64) -> String {
    let tenths = (n.abs() * 10.0).round() as i64;
    let digits = (tenths / 10).to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if tenths % 10 != 0 {
        out.push_str(&format!(".{}", tenths % 10));
    }
    if n < 0.0 && tenths > 0 {
        format!("−{out}")
    } else {
        out
    }
}

fn signed(n: f64) -> String {
    if n.round() > 0.0 {
        format!("+{}", number(n.round()))
    } else {
        number(n.round())
    }
}

/// The number a word of an English screen says.
fn figure(word: &str) -> Option<f64> {
    let bare = word
        .trim_end_matches('%')
        .trim_start_matches('+')
        .replace(',', "")
        .replace('−', "-");
    bare.parse().ok()
}

/// True when a number shown with one decimal is this one: of a half, either neighbour is right.
fn near(said: Option<f64>, expected: f64) -> bool {
    said.is_some_and(|said| (said - expected).abs() < 0.05 + 1e-9)
}

pub(super) fn owed(plan: &Value) -> bool {
    !matches!(word(plan, "state"), "submitted" | "accepted")
}

pub(super) fn effective_due(plan: &Value) -> i64 {
    day(if plan["extended_to"].is_null() {
        &plan["due"]
    } else {
        &plan["extended_to"]
    })
}

pub(super) fn came_late(plan: &Value) -> bool {
    !plan["submitted"].is_null() && day(&plan["submitted"]) > effective_due(plan)
}

/// Agencies with an overdue plan and the days of the longest, those without a plan record by the headquarters' own date.
pub(super) fn overdue_agencies(doc: &Doc) -> BTreeMap<String, i64> {
    let mut out = BTreeMap::new();
    for agency in doc.rows("agencies") {
        let plans = doc.plans_of(word(agency, "id"));
        let dues: Vec<i64> = match plans.is_empty() {
            true => vec![day(&doc.0["headquarters"]["plan_due"])],
            false => plans.iter().filter(|p| owed(p)).map(|p| effective_due(p)).collect(),
        };
        let days = dues.into_iter().map(|due| doc.today() - due).max().unwrap_or(0);
        if days > 0 {
            out.insert(word(agency, "id").to_owned(), days);
        }
    }
    out
}

/// The percentage planned for a project today, as the contract says it.
pub(super) fn planned(project: &Value, today: i64) -> Option<f64> {
    let Some(path) = project["path"].as_array().filter(|path| !path.is_empty()) else {
        if project["start"].is_null() || project["due"].is_null() {
            return None;
        }
        let (start, due) = (day(&project["start"]), day(&project["due"]));
        if start > due {
            return None;
        }
        let part = (today - start) as f64 / (due - start).max(1) as f64 * 100.0;
        return Some(if today >= due { 100.0 } else { part.max(0.0) });
    };
    let mut points: Vec<(i64, f64)> = path
        .iter()
        .map(|p| (day(&p["on"]), p["percent"].as_f64().unwrap_or_default()))
        .collect();
    points.sort_by_key(|p| p.0);
    let next = points.iter().position(|p| p.0 > today);
    Some(match next {
        Some(0) => 0.0,
        None => points.last()?.1,
        Some(n) => {
            let ((from, a), (to, b)) = (points[n - 1], points[n]);
            a + (b - a) * (today - from) as f64 / (to - from) as f64
        }
    })
}

pub(super) fn actual(project: &Value) -> Option<f64> {
    match word(project, "state") {
        "done" => Some(100.0),
        _ => project["physical"].as_f64(),
    }
}

/// Projects, actual, planned and deviation of a measure.
pub(super) fn progress(doc: &Doc, measure: &str) -> (usize, Option<f64>, Option<f64>) {
    let projects = doc.projects_of("measure", measure);
    let (mut done, mut path) = ((0.0, 0.0), (0.0, 0.0));
    for project in projects.iter().filter(|p| word(p, "state") != "cancelled") {
        let weight = project["weight"].as_f64().unwrap_or(1.0);
        let Some(actual) = actual(project) else { continue };
        done = (done.0 + weight * actual, done.1 + weight);
        if let Some(planned) = planned(project, doc.today()) {
            path = (path.0 + weight * planned, path.1 + weight);
        }
    }
    let mean = |(sum, weight): (f64, f64)| (weight > 0.0).then(|| sum / weight);
    (projects.len(), mean(done), mean(path))
}

/// The pane reached by pressing Tab so often, zoomed.
fn pane(seed: u64, tabs: usize) -> Bench {
    let mut bench = Bench::new(seed, Lang::En, WIDE);
    bench.keys(&"tab ".repeat(tabs));
    bench.keys("z");
    bench
}

#[test]
fn the_overdue_pane_names_every_agency_that_owes_a_plan_and_the_days() {
    for seed in SEEDS {
        let doc = doc(seed);
        let expected = overdue_agencies(&doc);
        assert!(
            expected.keys().any(|agency| doc.plans_of(agency).is_empty()),
            "nobody is without a plan record"
        );
        let mut bench = pane(seed, 1);
        let rows = bench.all_rows();
        let mut seen = BTreeSet::new();
        let mut last = i64::MAX;
        for row in &rows {
            let found = expected.iter().find(|(agency, days)| {
                row.strip_prefix(&doc.name_of(agency))
                    .is_some_and(|rest| rest.starts_with(&format!(" {days} ")))
            });
            let Some((agency, days)) = found else {
                panic!("{row:?} is no agency that owes a plan so many days")
            };
            assert!(*days <= last, "{row:?} stands below a shorter one");
            last = *days;
            assert!(seen.insert(agency), "{row:?} stands there twice");
        }
        assert_eq!(rows.len(), expected.len(), "{rows:#?}");
    }
}

#[test]
fn the_overdue_pane_names_due_day_category_and_the_last_step_taken() {
    let step = |word: &str| match word {
        "reminder" => "reminder",
        "warning" => "warning",
        "governor-note" => "governor",
        "council-agenda" => "council",
        other => panic!("unknown step {other}"),
    };
    for seed in SEEDS {
        let doc = doc(seed);
        let mut bench = pane(seed, 1);
        for (agency, days) in overdue_agencies(&doc) {
            let name = doc.name_of(&agency);
            bench.find(&format!("{name} {days}"));
            let row = bench.here();
            let category = doc.rows("agencies").iter().find(|a| a["id"] == agency.as_str());
            let category = category.map_or("", |a| word(a, "category"));
            // A column of twelve cells.
            let said = if category == "infrastructure" {
                "infra"
            } else {
                category
            };
            assert!(
                row.split(' ').next_back().is_some_and(|end| end == said),
                "{row:?} {category}"
            );
            let plans = doc.plans_of(&agency);
            let plan = plans
                .iter()
                .filter(|p| owed(p))
                .find(|p| doc.today() - effective_due(p) == days);
            let due = match plan {
                Some(plan) if !plan["extended_to"].is_null() => word(plan, "extended_to"),
                Some(plan) => word(plan, "due"),
                None => word(&doc.0["headquarters"], "plan_due"),
            };
            assert!(row.contains(due), "{row:?} {due}");
            let steps = plan.and_then(|plan| plan["follow_ups"].as_array());
            match steps.and_then(|steps| steps.iter().max_by_key(|s| day(&s["on"]))) {
                Some(last) => assert!(row.contains(step(word(last, "step"))), "{row:?} {last}"),
                None => assert!(row.contains("—"), "{row:?}"),
            }
        }
    }
}

#[test]
fn the_title_of_overdue_plans_counts_all_agencies() {
    for seed in SEEDS {
        let doc = doc(seed);
        let agencies = doc.rows("agencies");
        let all_came = |agency: &&Value| {
            let plans = doc.plans_of(word(agency, "id"));
            !plans.is_empty() && plans.iter().all(|plan| !owed(plan))
        };
        let late = |agency: &&Value| doc.plans_of(word(agency, "id")).iter().any(|plan| came_late(plan));
        let late_ones = agencies.iter().filter(all_came).filter(late).count();
        let on_time = agencies.iter().filter(all_came).count() - late_ones;
        assert!(late_ones > 0 && on_time > 0);
        let bench = pane(seed, 1);
        let overdue = overdue_agencies(&doc).len();
        bench.must_say(&format!("Overdue plans {overdue} of {} agencies", agencies.len()));
        bench.must_say(&format!("{on_time} on time · {late_ones} late"));
    }
}

#[test]
fn agencies_can_be_counted_by_where_they_stand_with_their_plan() {
    for seed in SEEDS {
        let doc = doc(seed);
        let agencies = doc.rows("agencies");
        let returned = |agency: &Value| {
            let plans = doc.plans_of(word(agency, "id"));
            plans.iter().any(|p| word(p, "state") == "returned")
                && plans.iter().all(|p| word(p, "state") != "not-submitted")
        };
        let count = agencies.iter().filter(|a| returned(a)).count();
        assert!(count > 0);
        let mut bench = Bench::new(seed, Lang::En, WIDE);
        bench.keys("3 /");
        bench.write("plan_state:returned");
        bench.must_say(&format!("agencies {count} of {}", agencies.len()));
    }
}

#[test]
fn every_measure_says_its_projects_and_how_far_it_is_off_its_path() {
    for seed in SEEDS {
        let doc = doc(seed);
        let mut bench = pane(seed, 0);
        bench.must_say(&format!("Measures {}", doc.rows("measures").len()));
        let rows = bench.all_rows();
        assert_eq!(rows.len(), doc.rows("measures").len());
        let mut order = Vec::new();
        for row in &rows {
            let measure = doc
                .rows("measures")
                .iter()
                .find(|m| row.starts_with(&format!("{} {} ", m["number"], english(&m["title"]))));
            let Some(measure) = measure else {
                panic!("{row:?} is no measure")
            };
            let (projects, actual, planned) = progress(&doc, word(measure, "id"));
            let head = format!("{} {}", measure["number"], english(&measure["title"]));
            match actual.zip(planned) {
                Some((actual, planned)) => {
                    let figures = format!(
                        "{head} {} {}/{} ",
                        signed(actual - planned),
                        actual.round(),
                        planned.round()
                    );
                    assert!(row.starts_with(&figures), "{row:?} {figures:?}");
                    order.push(actual - planned);
                }
                None => {
                    assert!(row.starts_with(&format!("{head} ‼ —/— ")), "{row:?}");
                    order.push(f64::NEG_INFINITY);
                }
            }
            assert!(row.ends_with(&format!(" {projects}")), "{row:?} {projects}");
        }
        assert!(order.is_sorted(), "the furthest behind comes first: {order:?}");
    }
}

#[test]
fn a_project_list_says_actual_planned_and_deviation_of_every_project() {
    for seed in SEEDS {
        let doc = doc(seed);
        let mut bench = Bench::new(seed, Lang::En, WIDE);
        bench.keys("0 enter");
        bench.must_say(&format!("projects {}", doc.rows("projects").len()));
        let rows = bench.all_rows();
        assert_eq!(rows.len(), doc.rows("projects").len());
        let by_id: BTreeMap<&str, &String> = rows
            .iter()
            .filter_map(|row| Some((row.split(' ').next()?, row)))
            .collect();
        for project in doc.rows("projects") {
            let id = word(project, "id");
            let Some(row) = by_id.get(id) else {
                panic!("{id} is not listed")
            };
            assert!(
                row.starts_with(&format!("{id} {}", english(&project["title"]))),
                "{row:?}"
            );
            if let (Some(actual), Some(planned)) = (actual(project), planned(project, doc.today())) {
                let said: Vec<Option<f64>> = row.split(' ').map(figure).collect();
                let right = said
                    .windows(2)
                    .any(|pair| near(pair[0], planned) && near(pair[1], actual - planned));
                assert!(right, "{row:?} {planned} {}", actual - planned);
            }
        }
    }
}

#[test]
fn participation_counts_what_each_kind_has_reached_and_its_jobs() {
    const KINDS: [(&str, &str); 6] = [
        ("home-business", "home business"),
        ("cooperative", "cooperative"),
        ("knowledge-based", "knowledge-based"),
        ("digital-economy", "digital economy"),
        ("micro-investor", "micro-investor"),
        ("other", "other"),
    ];
    let stages = ["identified", "empowered", "brought_in"];
    for seed in SEEDS {
        let doc = doc(seed);
        let all = doc.rows("initiatives");
        let mut kinds: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for initiative in all {
            kinds
                .entry(word(initiative, "initiative_kind"))
                .or_default()
                .push(initiative);
        }
        assert!(kinds.len() > KINDS.len(), "the sample has kinds nobody knows");
        let new = all.iter().filter(|i| word(i, "origin") == "new").count();
        let existing = all.iter().filter(|i| word(i, "origin") == "existing").count();
        let mut bench = pane(seed, 2);
        bench.must_say(&format!("Participation {}", number(all.len() as f64)));
        let share = (new as f64 / (new + existing) as f64 * 100.0).round();
        bench.must_say(&format!("new capacity {share}%"));
        let rows = bench.all_rows();
        assert_eq!(rows.len(), kinds.len(), "{rows:#?}");
        for (kind, initiatives) in kinds {
            let name = KINDS.iter().find(|(k, _)| *k == kind).map_or(kind, |(_, name)| name);
            // Reached: by its date where it has one, by the present stage where not; whoever reached a stage reached those before.
            let reached = |initiative: &Value| {
                let present = ["identified", "empowered", "brought-in"]
                    .iter()
                    .position(|stage| word(initiative, "stage") == *stage);
                (0..3).rev().find(|n| match &initiative[stages[*n]] {
                    Value::Null => present.is_some_and(|p| p >= *n),
                    date => day(date) <= doc.today(),
                })
            };
            let at = |n: usize| {
                initiatives
                    .iter()
                    .filter(|i| reached(i).is_some_and(|r| r >= n))
                    .count()
            };
            let jobs = |step: &str| initiatives.iter().filter_map(|i| i["jobs"][step].as_f64()).sum::<f64>();
            let figures = [
                at(0) as f64,
                at(1) as f64,
                at(2) as f64,
                initiatives.iter().filter(|i| word(i, "origin") == "new").count() as f64,
                jobs("committed"),
                jobs("claimed"),
                jobs("verified"),
            ]
            .map(number)
            .join(" ");
            let row = format!("{name} {figures}");
            assert!(
                rows.iter().any(|r| *r == row || r.starts_with(&format!("{row} "))),
                "{row:?} is not among {rows:#?}"
            );
        }
    }
}

/// The rows of what needs attention that name a rule, without their sign.
fn findings(rows: &[String], rule: &str) -> Vec<String> {
    let bare = rows.iter().map(|row| row.trim_start_matches(['‼', '!', '·', '?', ' ']));
    let titles: Vec<&str> = RULES.iter().map(|rule| rasad::i18n::t(Lang::En, rule.title)).collect();
    let after = |row: &str| {
        if let Some(rest) = row.strip_prefix(rule) {
            return Some(rest.trim().to_owned());
        }
        // A name too long for its column, as long as it can be no other one.
        let (head, rest) = row.split_once('…').filter(|(head, _)| rule.starts_with(head))?;
        let others = titles.iter().filter(|title| title.starts_with(head)).count();
        assert_eq!(others, 1, "{row:?} could be of several rules");
        Some(rest.trim().to_owned())
    };
    bare.filter_map(after).collect()
}

/// Every expected sentence is found by its own row, and no row is left over.
#[track_caller]
fn same(rule: &str, rows: &[String], expected: &[Vec<String>]) {
    let mut left = findings(rows, rule);
    for parts in expected {
        let at = left
            .iter()
            .position(|row| parts.iter().all(|part| row.contains(part.as_str()) || is_of(row, part)));
        match at {
            Some(at) => drop(left.remove(at)),
            None => panic!("{rule}: no row for {parts:?} in {left:#?}"),
        }
    }
    assert!(left.is_empty(), "{rule}: too many {left:#?}");
}

fn days(n: i64) -> String {
    format!("{n} {}", if n == 1 { "day" } else { "days" })
}

/// True for a row that begins with a title, whole or cut.
fn is_of(row: &str, title: &str) -> bool {
    let head = row.split('…').next().unwrap_or_default();
    row.starts_with(title) || (head.chars().count() > 20 && title.starts_with(head))
}

#[test]
fn what_needs_attention_is_every_plan_that_is_overdue_due_soon_returned_or_late() {
    for seed in SEEDS {
        let doc = doc(seed);
        let rows = pane(seed, 3).all_rows();
        let of = |test: &dyn Fn(&Value) -> bool, said: &dyn Fn(&Value) -> String| -> Vec<Vec<String>> {
            let plans = doc.rows("plans").iter().filter(|plan| test(plan));
            plans
                .map(|plan| vec![format!("of {} ", doc.name_of(word(plan, "agency"))), said(plan)])
                .collect()
        };
        let left = |plan: &Value| effective_due(plan) - doc.today();
        let overdue = of(&|plan| owed(plan) && left(plan) < 0, &|plan| {
            format!(": {} overdue", days(-left(plan)))
        });
        assert!(!overdue.is_empty());
        same("plan overdue", &rows, &overdue);
        let soon = of(&|plan| owed(plan) && (0..=7).contains(&left(plan)), &|plan| {
            format!("in {}", days(left(plan)))
        });
        assert!(!soon.is_empty());
        same("plan due soon", &rows, &soon);
        let returned = of(&|plan| word(plan, "state") == "returned", &|_| "was returned".into());
        assert!(!returned.is_empty());
        same("plan returned", &rows, &returned);
        let late: Vec<Vec<String>> = doc
            .rows("plans")
            .iter()
            .filter(|plan| came_late(plan))
            .map(|plan| {
                let late = day(&plan["submitted"]) - effective_due(plan);
                vec![format!(
                    "submitted on {}, {} after",
                    word(plan, "submitted"),
                    days(late)
                )]
            })
            .collect();
        assert!(!late.is_empty());
        same("plan submitted late", &rows, &late);
    }
}

#[test]
fn what_needs_attention_is_every_agency_and_measure_that_lacks_something() {
    for seed in SEEDS {
        let doc = doc(seed);
        let rows = pane(seed, 3).all_rows();
        let agencies = |test: &dyn Fn(&str, &Value) -> bool| -> Vec<Vec<String>> {
            let agencies = doc.rows("agencies").iter();
            agencies
                .filter(|agency| test(word(agency, "id"), agency))
                .map(|agency| vec![english(&agency["name"])])
                .collect()
        };
        let without_plan = agencies(&|id, _| doc.plans_of(id).is_empty());
        let without_expert = agencies(&|_, agency| agency["expert"].is_null());
        let without_project = agencies(&|id, _| doc.projects_of("agency", id).is_empty());
        for expected in [&without_plan, &without_expert, &without_project] {
            assert!(!expected.is_empty());
        }
        same("agency without plan", &rows, &without_plan);
        same("agency without expert", &rows, &without_expert);
        same("agency without project", &rows, &without_project);
        let measures: Vec<Vec<String>> = doc
            .rows("measures")
            .iter()
            .filter(|measure| {
                let projects = doc.projects_of("measure", word(measure, "id"));
                projects.iter().all(|p| word(p, "state") == "cancelled")
            })
            .map(|measure| vec![english(&measure["title"])])
            .collect();
        assert!(!measures.is_empty());
        same("measure without project", &rows, &measures);
    }
}

#[test]
fn what_needs_attention_is_every_project_behind_its_path_or_overdue() {
    for seed in SEEDS {
        let doc = doc(seed);
        let rows = pane(seed, 3).all_rows();
        let open = |p: &&Value| !matches!(word(p, "state"), "done" | "cancelled");
        let mut behind = Vec::new();
        let mut overdue = Vec::new();
        for project in doc.rows("projects").iter().filter(open) {
            let title = english(&project["title"]);
            if let (Some(actual), Some(planned)) = (project["physical"].as_f64(), planned(project, doc.today()))
                && actual - planned <= -5.0
            {
                behind.push((title.clone(), [planned - actual, actual, planned]));
            }
            if !project["due"].is_null() && doc.today() > day(&project["due"]) {
                let late = days(doc.today() - day(&project["due"]));
                overdue.push(vec![title, format!("due on {}, {late} overdue", word(project, "due"))]);
            }
        }
        assert!(!behind.is_empty() && !overdue.is_empty());
        let mut left = findings(&rows, "project behind its path");
        for (title, expected) in behind {
            let at = left.iter().position(|row| {
                let why: Vec<Option<f64>> = row.split(' ').map(figure).collect();
                let said: Vec<f64> = why.into_iter().flatten().collect();
                is_of(row, &title)
                    && said.len() >= 3
                    && said[said.len() - 3..]
                        .iter()
                        .zip(expected)
                        .all(|(a, b)| near(Some(*a), b))
            });
            match at {
                Some(at) => drop(left.remove(at)),
                None => panic!("no row for {title:?} {expected:?} in {left:#?}"),
            }
        }
        assert!(left.is_empty(), "too many {left:#?}");
        same("project overdue", &rows, &overdue);
    }
}

#[test]
fn the_counties_of_a_kind_count_its_initiatives_one_by_one() {
    for seed in SEEDS {
        let doc = doc(seed);
        let mut bench = pane(seed, 2);
        bench.find("home business");
        bench.keys("enter");
        let rows = bench.all_rows();
        let homes = || {
            doc.rows("initiatives")
                .iter()
                .filter(|i| word(i, "initiative_kind") == "home-business")
        };
        let counties = doc.0["headquarters"]["counties"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let nowhere = homes().filter(|i| i["county"].is_null()).count();
        assert!(nowhere > 0);
        for county in counties {
            let here = || homes().filter(|i| i["county"] == county["id"]);
            let new = here().filter(|i| word(i, "origin") == "new").count();
            let row = format!(
                "{} {} {}",
                english(&county["name"]),
                number(here().count() as f64),
                number(new as f64)
            );
            assert!(
                rows.iter().any(|r| r.starts_with(&format!("{row} "))),
                "{row:?} {rows:#?}"
            );
        }
        let row = format!("without county {nowhere} ");
        assert!(rows.iter().any(|r| r.starts_with(&row)), "{row:?} {rows:#?}");
        assert_eq!(rows.len(), counties.len() + 1);
    }
}

#[test]
fn an_amount_always_names_its_unit() {
    for seed in SEEDS {
        let doc = doc(seed);
        let committed = |i: &&Value| i["capital"]["committed"].as_f64();
        let Some(one) = doc.rows("initiatives").iter().find(|i| committed(i).is_some()) else {
            panic!("no capital")
        };
        let mut bench = Bench::new(seed, Lang::En, (160, 40));
        bench.keys("5 /");
        bench.paste(word(one, "id"));
        bench.keys("enter");
        bench.select(Kind::Initiative, word(one, "id"));
        bench.keys("enter");
        let billions = committed(&one).unwrap_or_default() / 1e9;
        bench.must_say(&format!("committed {} billion rial", number(billions)));
    }
}
