//! A server whose clock is days off, or steps while it runs: nobody is thrown out who has a right to stay, nothing is lost or done
//! twice, and order is by revisions, never by time.

use crate::client::Stream;
use crate::harness::{Endpoint, FIXTURE, as_it_is, runtime, settings, token};
use crate::stores::{Kind, Place};
use jiff::Timestamp;
use rasad::clock::Clock;
use rasad::serve::access::Role;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

const DAY: i64 = 86_400;
/// Forward, back, at once from one end to the other, a little, and right again.
const STEPS: [i64; 7] = [2 * DAY, -2 * DAY, 2 * DAY, -3_600, -1, 40 * DAY, 0];

/// The server's time, as it says it, against ours.
fn off(endpoint: &Endpoint, who: &str) -> i64 {
    let time: Timestamp = endpoint.get(who, "/v1").json()["time"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    time.duration_since(Timestamp::now()).as_secs()
}

#[test]
fn a_clock_that_steps_disturbs_nobody() {
    for kind in Kind::all() {
        let seconds: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(0)));
        let (place, runtime) = (Place::new(kind), runtime());
        let store = runtime.block_on(place.open());
        let mut endpoint = Endpoint::by(
            Clock::Moved(seconds),
            runtime,
            store,
            place,
            &as_it_is,
            &settings(),
            FIXTURE,
        );
        for (name, role) in [("reader", Role::Viewer), ("writer", Role::Secretariat)] {
            let secret = endpoint
                .runtime
                .block_on(token(&*endpoint.store, name, role, None, 365));
            endpoint.secrets.insert(name.to_owned(), secret);
        }
        let headers = endpoint.auth("reader");
        let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
        while stream.next().unwrap().unwrap().name != "sync" {}
        let put = |id: &str, key: &str| {
            let body = format!("{{\"id\":\"{id}\",\"name\":\"نام\"}}");
            let json = ("Content-Type", "application/json");
            let all = [("If-None-Match", "*"), json, ("Idempotency-Key", key)];
            endpoint.send("writer", "PUT", &format!("/v1/enterprise/{id}"), &all, Some(&body))
        };
        for (nth, step) in STEPS.into_iter().enumerate() {
            seconds.store(step, Ordering::Relaxed);
            assert!(
                (off(&endpoint, "reader") - step).abs() <= 2,
                "the server's time is its clock's"
            );
            let (id, key) = (format!("x-{nth}"), format!("key-{nth}"));
            let written = put(&id, &key);
            assert_eq!(written.status, 201, "{}", written.text());
            // The stream that was open all the time brings it at once, whatever the time is.
            let began = Instant::now();
            loop {
                let event = stream.next().unwrap().unwrap();
                assert!(matches!(event.name.as_str(), "changes" | "sync"), "{event:?}");
                if event.name == "changes" {
                    assert!(event.data[0].contains(&id), "{event:?}");
                    break;
                }
            }
            assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
            // Repeated under its key it is done once, also when the key was kept "tomorrow" or "long ago".
            let again = put(&id, &key);
            assert_eq!((again.status, again.header("etag")), (200, written.header("etag")));
            // A token that ends within a day is judged by this clock, and counts again when the clock is right again.
            let expected = if step >= DAY { 401 } else { 200 };
            assert_eq!(endpoint.get("viewer", "/v1").status, expected, "{step}");
            let mut fresh = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
            let sync = loop {
                let event = fresh.next().unwrap().unwrap();
                if event.name == "sync" {
                    break event;
                }
            };
            let said: serde_json::Value = serde_json::from_str(&sync.data[0]).unwrap();
            let time: Timestamp = said["time"].as_str().unwrap().parse().unwrap();
            assert!((time.duration_since(Timestamp::now()).as_secs() - step).abs() <= 2);
        }
        // The trail is in the order of what was done, whatever the clock said.
        let audit = endpoint.get("secretariat", "/v1/audit?limit=1000").json();
        let revs: Vec<u64> = audit["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|line| line["rev"].as_u64())
            .collect();
        assert!(revs.is_sorted_by(|one, next| one >= next), "{revs:?}");
        assert_eq!(revs.first(), Some(&(1 + STEPS.len() as u64)));
    }
}

/// A stream ends when its token does, by the server's clock, also when that comes suddenly.
#[test]
fn a_step_over_the_end_of_a_token_ends_its_stream() {
    let seconds: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(0)));
    let (place, runtime) = (Place::new(Kind::File), runtime());
    let store = runtime.block_on(place.open());
    let endpoint = Endpoint::by(
        Clock::Moved(seconds),
        runtime,
        store,
        place,
        &as_it_is,
        &settings(),
        FIXTURE,
    );
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    seconds.store(2 * DAY, Ordering::Relaxed);
    let event = stream.next().unwrap().unwrap();
    assert!(event.name == "bye" && event.data[0].contains("revoked"), "{event:?}");
}
