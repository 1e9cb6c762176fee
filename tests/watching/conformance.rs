//! What a reader of the feed must do, as cases: the dashboard does it all, and each of a dozen mistakes a reader can make is
//! found by at least one case.

use super::bench::{Bench, names};
use super::naive::{FLAWS, Flaw, Naive};
use super::script::{Case, play};
use rasad::contract::Kind;
use rasad::link::{LinkState, Settings};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

fn cases() -> Vec<Case> {
    let files = [
        include_str!("cases/list.toml"),
        include_str!("cases/watch.toml"),
        include_str!("cases/server.toml"),
    ];
    let read = |text: &str| toml::from_str::<Cases>(text).unwrap().case;
    files.into_iter().flat_map(read).collect()
}

fn wanted(case: &Case) -> BTreeMap<String, String> {
    let records = case.holds.split_whitespace().filter_map(|word| word.split_once('@'));
    records
        .map(|(id, rev)| (id.to_owned(), format!("{id}.{rev}")))
        .collect()
}

fn state(state: &LinkState) -> String {
    match state {
        LinkState::Starting => "starting".to_owned(),
        LinkState::Sample => "sample".to_owned(),
        LinkState::File => "file".to_owned(),
        LinkState::Live(_) => "live".to_owned(),
        LinkState::Polling => "polling".to_owned(),
        LinkState::Stale(_) => "stale".to_owned(),
        LinkState::Rejected(problems) => format!("rejected:{}", problems.last().map_or("", |p| p.slug())),
        LinkState::Unauthorised(why) => format!("unauthorised:{}", why.slug()),
        LinkState::Offline(why) => format!("offline:{}", why.slug()),
    }
}

/// What is wrong with the dashboard, by a case.
fn dashboard(case: &Case) -> Result<(), String> {
    let script = play(case);
    let settings = Settings {
        poll: Duration::from_millis(30),
        ..Settings::default()
    };
    let mut bench = Bench::with(&script.address, settings);
    let wanted = wanted(case);
    let end = bench.within(Duration::from_secs(6), |report| {
        state(&report.state) == case.state
            && names(report, Kind::Enterprise) == wanted
            && script.progress.lock().unwrap().done == script.length
    });
    // What came right must stay right.
    bench.within(Duration::from_millis(250), |_| false);
    let later = bench.last.as_ref().map(|report| names(report, Kind::Enterprise));
    let progress = script.progress.lock().unwrap();
    if let Some(wrong) = &progress.wrong {
        return Err(wrong.clone());
    }
    if end.is_none() {
        let last = bench
            .last
            .as_ref()
            .map(|report| (state(&report.state), names(report, Kind::Enterprise)));
        return Err(format!(
            "{} of {} exchanges, in the end {last:?}",
            progress.done, script.length
        ));
    }
    if later.is_some_and(|later| later != wanted) {
        return Err("what was right did not stay so".to_owned());
    }
    Ok(())
}

/// True when a simple reader does what a case demands.
fn naive(case: &Case, flaw: Option<Flaw>) -> bool {
    let script = play(case);
    let wanted = wanted(case);
    let mut naive = Naive::new(&script.address, flaw, Duration::from_millis(1_500));
    let done = naive.run(&|it| {
        let progress = script.progress.lock().unwrap();
        progress.done == script.length && it.names() == wanted
    });
    done && script.progress.lock().unwrap().wrong.is_none()
}

/// Does many things at once: nearly all of the time is waiting.
fn each<T: Sync>(things: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(thing);
                }
            });
        }
    });
}

#[test]
fn the_dashboard_does_what_every_case_demands() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let failed = Mutex::new(Vec::new());
    each(&cases, |case| {
        if let Err(why) = dashboard(case) {
            failed.lock().unwrap().push(format!("{}: {why}", case.name));
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

#[test]
fn a_simple_reader_passes_what_is_about_the_feed_alone_and_every_mistake_of_it_is_found() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.simple).collect();
    assert!(cases.len() >= 20, "{}", cases.len());
    let jobs: Vec<(Option<Flaw>, &Case)> = [None]
        .into_iter()
        .chain(FLAWS.iter().copied().map(Some))
        .flat_map(|flaw| cases.iter().map(move |case| (flaw, case)))
        .collect();
    let failed = Mutex::new(Vec::new());
    each(&jobs, |(flaw, case)| {
        if !naive(case, *flaw) {
            failed.lock().unwrap().push((*flaw, case.name.clone()));
        }
    });
    let failed = failed.into_inner().unwrap();
    let of = |flaw: Option<Flaw>| -> Vec<&str> {
        failed
            .iter()
            .filter(|(found, _)| *found == flaw)
            .map(|(_, name)| name.as_str())
            .collect()
    };
    assert!(of(None).is_empty(), "without a mistake: {:?}", of(None));
    let missed: Vec<_> = FLAWS.iter().filter(|flaw| of(Some(**flaw)).is_empty()).collect();
    assert!(missed.is_empty(), "no case finds {missed:?}");
}
