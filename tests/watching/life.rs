//! The life of a feed on the real loop: from nothing to live, every change, everything that ends a stream on purpose.

use super::bench::{Bench, names};
use super::server::{self, serve};
use super::store::Store;
use rasad::board::Fate;
use rasad::contract::Kind;
use rasad::link::LinkState;

#[test]
fn everything_comes_page_by_page_and_then_every_change() {
    let server = serve(Store::new("e1", 40), 7, server::Good);
    let mut bench = Bench::new(&server.address);
    let report = bench.until_equal(&server.now());
    assert!(report.board.headquarters().is_some() && report.warning.is_none() && report.age.is_none());
    let change = |store: &mut Store| {
        store.enterprise("e3", "second");
        store.delete("initiative", "i5");
        store.write(&[
            ("enterprise", "new", Some(r#"{"id":"new","name":"نو"}"#.to_owned())),
            ("enterprise", "e4", None),
        ]);
    };
    change(&mut server.store.lock().unwrap());
    let report = bench.until_equal(&server.now());
    assert!(report.problems.is_empty());
    // What changed is said record by record, so that it can be marked and nothing else moves.
    let mut changed: Vec<(String, Fate)> = Vec::new();
    server.store.lock().unwrap().enterprise("e7", "third");
    let report = bench.until("the change", |r| names(r, Kind::Enterprise)["e7"] == "third");
    changed.extend(report.delta.changed.iter().map(|(_, id, fate)| (id.to_string(), *fate)));
    assert_eq!(changed, [("e7".to_owned(), Fate::Changed)]);
    assert!(report.delta.whole.is_empty());
    assert_eq!(
        bench
            .states
            .iter()
            .filter(|state| !matches!(state, LinkState::Live(_)))
            .count(),
        1
    );
}

#[test]
fn a_restored_store_of_another_life_is_read_anew_and_what_was_there_stays_meanwhile() {
    let server = serve(Store::new("e1", 10), 5, server::Good);
    let mut bench = Bench::new(&server.address);
    bench.until_equal(&server.now());
    let mut other = Store::new("e2", 3);
    other.enterprise("only", "here");
    *server.store.lock().unwrap() = other.clone();
    bench.link.reload();
    let report = bench.until_equal(&other);
    assert_eq!(names(&report, Kind::Enterprise).len(), 4);
}
