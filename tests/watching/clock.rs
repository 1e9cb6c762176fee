//! A dashboard whose clock is days off, or steps while it runs: it stays live, says in one plain sentence what is wrong, and stops
//! saying it when the clock is right again.

use super::bench::Bench;
use super::server::{self, serve};
use super::store::Store;
use rasad::clock::Clock;
use rasad::link::{LinkState, Settings};
use rasad::text::Lang;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY: i64 = 86_400;

#[test]
fn a_wrong_clock_is_said_and_disturbs_nothing() {
    let seconds: &'static AtomicI64 = Box::leak(Box::new(AtomicI64::new(0)));
    let server = serve(Store::new("e1", 12), 5, server::Good);
    let mut bench = Bench::at(Clock::Moved(seconds), &server.address, Settings::default());
    let report = bench.until_equal(&server.now());
    assert!(report.warning.is_none());
    for (nth, step) in [2 * DAY, -2 * DAY, 3 * 3_600, 0, -40 * DAY, 0].into_iter().enumerate() {
        seconds.store(step, Ordering::Relaxed);
        let name = format!("step {nth}");
        server.store.lock().unwrap().enterprise("e1", &name);
        bench.until_equal(&server.now());
        let report = bench.until("what the clock is worth", |report| match &report.warning {
            None => step == 0,
            Some(warning) => step != 0 && says(&warning.sentence(Lang::En), step),
        });
        assert!(matches!(report.state, LinkState::Live(_)), "{:?}", report.state);
        assert!(report.age.is_none(), "{:?}", report.age);
        if let Some(warning) = &report.warning {
            let persian = warning.sentence(Lang::Fa);
            assert!(persian.contains("ساعت") && !persian.contains("fault."), "{persian}");
        }
    }
    // It was live all the time: how fresh something is, no clock on the wall says.
    let first = bench
        .states
        .iter()
        .position(|state| matches!(state, LinkState::Live(_)))
        .unwrap();
    assert!(
        bench.states[first..]
            .iter()
            .all(|state| matches!(state, LinkState::Live(_))),
        "{:?}",
        bench.states
    );
}

/// The sentence names the side, and the span in days or hours.
fn says(sentence: &str, step: i64) -> bool {
    let side = if step > 0 { "ahead of" } else { "behind" };
    let span = match step.abs() {
        long if long >= 2 * DAY => format!(" {} days ", long / DAY),
        short => format!(" {} hours ", short / 3_600),
    };
    sentence.contains(side) && sentence.contains(&span)
}
