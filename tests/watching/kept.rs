//! The last good data, from one run to the next.

use super::bench::{Bench, names};
use super::server::{Good, serve, serve_on};
use super::store::Store;
use rasad::clock::Clock;
use rasad::contract::Kind;
use rasad::link::{Age, LinkState, Settings};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn settings(dir: &tempfile::TempDir) -> Settings {
    Settings {
        cache: Some(dir.path().to_owned()),
        ..Settings::default()
    }
}

fn kept(dir: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(dir.join("last")).ok()?;
    let mut files = files.flatten().map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|ext| ext == "rasad"))
}

/// A run that saw a store live and kept it; the address it was at, and the store.
fn first_run(dir: &tempfile::TempDir) -> (String, Store) {
    let server = serve(Store::new("e1", 6), 5, Good);
    let mut bench = Bench::with(&server.address, settings(dir));
    bench.until_equal(&server.now());
    let begun = std::time::Instant::now();
    while kept(dir.path()).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing was kept");
        bench.within(Duration::from_millis(20), |_| false);
    }
    (server.address.clone(), server.now())
}

fn port(address: &str) -> &str {
    address.trim_start_matches("http://").trim_end_matches('/')
}

#[test]
fn the_next_start_shows_them_with_their_age_and_goes_on_from_them() {
    let dir = tempfile::tempdir().unwrap();
    let (address, store) = first_run(&dir);
    // Nobody answers: what was kept is there all the same, and says how old it is.
    let mut bench = Bench::with(&address, settings(&dir));
    let report = bench.until("what was kept", |report| {
        names(report, Kind::Enterprise) == store.names(Kind::Enterprise)
    });
    assert!(report.board.headquarters().is_some());
    let report = bench.until("its age", |report| {
        matches!(report.state, LinkState::Offline(_)) && report.age.is_some()
    });
    assert_eq!(report.age, Some(Age::Now));
    assert!(report.retry_at.is_some());
    // The server is back, a little further: only what is new is asked for.
    let mut later = store;
    later.enterprise("e2", "later");
    later.delete("initiative", "i1");
    let server = serve_on(port(&address), later.clone(), 5, Good);
    let report = bench.until_equal(&later);
    assert_eq!(report.age, None);
    let asked = server.asked.lock().unwrap().clone();
    assert!(!asked.iter().any(|path| path == "/v1/changes"), "{asked:?}");
}

#[test]
fn a_server_that_lost_what_we_know_is_read_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (address, _) = first_run(&dir);
    for other in [Store::new("e2", 3), Store::new("e1", 2)] {
        // Another life of the store, or one restored from before: both end equal.
        let server = serve_on(port(&address), other.clone(), 5, Good);
        let mut bench = Bench::with(&address, settings(&dir));
        bench.until_equal(&other);
        assert!(server.asked.lock().unwrap().iter().any(|path| path == "/v1/changes"));
    }
}

#[test]
fn what_was_damaged_on_disk_is_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (address, _) = first_run(&dir);
    let path = kept(dir.path()).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 5;
    bytes[last] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    let mut bench = Bench::with(&address, settings(&dir));
    let report = bench.until("the silence", |report| matches!(report.state, LinkState::Offline(_)));
    assert_eq!((names(&report, Kind::Enterprise).len(), report.age), (0, None));
    assert!(report.board.headquarters().is_none() && !report.board.is_whole(Kind::Enterprise));
}

#[test]
fn a_clock_that_has_gone_back_does_not_make_up_an_age() {
    let dir = tempfile::tempdir().unwrap();
    let (address, _) = first_run(&dir);
    let long_ago = Clock::Fixed("2001-01-01T00:00:00Z".parse().unwrap());
    let mut bench = Bench::at(long_ago, &address, settings(&dir));
    bench.until("no age", |report| report.age == Some(Age::Unknown));
    let in_ten_days = Clock::Fixed(jiff::Timestamp::now() + jiff::SignedDuration::from_hours(240));
    let mut bench = Bench::at(in_ten_days, &address, settings(&dir));
    bench.until("ten days", |report| report.age == Some(Age::Days(10)));
}

#[test]
fn a_file_that_is_gone_is_shown_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hq.json");
    let document = r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"},"enterprises":[{"id":"a","name":"واحد"}]}"#;
    std::fs::write(&path, document).unwrap();
    let mut bench = Bench::with(path.to_str().unwrap(), settings(&dir));
    bench.until("the file", |report| report.state == LinkState::File);
    let begun = std::time::Instant::now();
    while kept(dir.path()).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing was kept");
        bench.within(Duration::from_millis(20), |_| false);
    }
    std::fs::remove_file(&path).unwrap();
    let mut bench = Bench::with(path.to_str().unwrap(), settings(&dir));
    let report = bench.until("what was kept", |report| names(report, Kind::Enterprise).len() == 1);
    let is_missing =
        matches!(&report.state, LinkState::Rejected(problems) if problems.iter().any(|p| p.slug() == "not-found"));
    assert!(is_missing, "{:?}", report.state);
    bench.until("its age", |report| report.age == Some(Age::Now));
    // Back again, it is what is shown.
    std::fs::write(&path, document.replace("\"a\"", "\"b\"")).unwrap();
    bench.until("the file again", |report| {
        report.state == LinkState::File && report.age.is_none()
    });
}
