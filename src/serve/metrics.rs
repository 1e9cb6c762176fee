//! What the operator watches: counters in the text form of Prometheus, on a listener of their own.

use super::Server;
use hyper::StatusCode;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the classes of duration, in milliseconds.
const CLASSES: [u64; 7] = [1, 5, 20, 100, 500, 2_000, 10_000];

#[derive(Default)]
struct Count {
    requests: u64,
    classes: [u64; CLASSES.len()],
    micros: u64,
}

/// Counters of one server.
#[derive(Default)]
pub(super) struct Metrics {
    pub(super) watchers: AtomicU64,
    pub(super) connections: AtomicU64,
    pub(super) turned_away: AtomicU64,
    pub(super) again: AtomicU64,
    pub(super) commits: AtomicU64,
    pub(super) trouble: AtomicU64,
    requests: Mutex<BTreeMap<(&'static str, u16), Count>>,
}

impl Metrics {
    /// Counts a request by route and status.
    pub(super) fn count(&self, route: &'static str, status: StatusCode, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let count = requests.entry((route, status.as_u16())).or_default();
        count.requests += 1;
        count.micros += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for (class, upto) in count.classes.iter_mut().zip(CLASSES) {
            if took <= Duration::from_millis(upto) {
                *class += 1;
            }
        }
    }
}

impl Server {
    /// All counters as text.
    pub(super) fn metrics_text(&self) -> String {
        let metrics = &self.metrics;
        let mut out = String::new();
        let mut one = |name: &str, kind: &str, help: &str, value: u64| {
            let _ = write!(
                out,
                "# HELP rasad_{name} {help}\n# TYPE rasad_{name} {kind}\nrasad_{name} {value}\n"
            );
        };
        let read = |value: &AtomicU64| value.load(Ordering::Relaxed);
        one("watchers", "gauge", "Open streams.", read(&metrics.watchers));
        one("connections", "gauge", "Open connections.", read(&metrics.connections));
        one(
            "turned_away_total",
            "counter",
            "Connections closed because there were too many.",
            read(&metrics.turned_away),
        );
        one(
            "answered_again_total",
            "counter",
            "Questions answered from memory, asked before on the same connection.",
            read(&metrics.again),
        );
        one(
            "commits_total",
            "counter",
            "Revisions written through this server.",
            read(&metrics.commits),
        );
        one(
            "store_trouble_total",
            "counter",
            "Times the store did not answer the reader of the feed.",
            read(&metrics.trouble),
        );
        one(
            "store_fresh",
            "gauge",
            "1 when the store answered within 5 seconds.",
            u64::from(self.hub.fresh()),
        );
        if let Some(head) = self.hub.head() {
            one("head", "gauge", "The newest revision known.", head.rev);
            out += "# HELP rasad_records Live records by kind.\n# TYPE rasad_records gauge\n";
            for (kind, state) in &head.kinds {
                let _ = writeln!(out, "rasad_records{{kind=\"{kind}\"}} {}", state.count);
            }
        }
        out += "# HELP rasad_request_seconds Requests by route and status; a stream counts when it begins.\n";
        out += "# TYPE rasad_request_seconds histogram\n";
        let requests = metrics.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, status), count) in requests.iter() {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (class, upto) in count.classes.iter().zip(CLASSES) {
                let upto = upto as f64 / 1_000.0;
                let _ = writeln!(out, "rasad_request_seconds_bucket{{{labels},le=\"{upto}\"}} {class}");
            }
            let _ = writeln!(
                out,
                "rasad_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}",
                count.requests
            );
            let _ = writeln!(
                out,
                "rasad_request_seconds_sum{{{labels}}} {}",
                count.micros as f64 / 1e6
            );
            let _ = writeln!(out, "rasad_request_seconds_count{{{labels}}} {}", count.requests);
        }
        out
    }
}
