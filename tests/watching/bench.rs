//! A link on a server, with patience short enough for tests.

use super::store::Store;
use rasad::clock::Clock;
use rasad::contract::Kind;
use rasad::link::{LinkHandle, LinkState, Report, Settings, start};
use rasad::source::{Pace, Patience, Source};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Short enough that every kind of waiting happens within a test.
pub fn pace() -> Pace {
    Pace {
        patience: Patience {
            connect: Duration::from_millis(500),
            headers: Duration::from_millis(500),
            silence: Duration::from_millis(250),
        },
        eventless: Duration::from_millis(500),
        fresh: Duration::from_millis(800),
        waits: (Duration::from_millis(2), Duration::from_millis(20)),
    }
}

/// The longest a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Bench {
    pub link: LinkHandle,
    calls: Receiver<()>,
    pub last: Option<Report>,
    /// Every state there was, without repetitions in a row.
    pub states: Vec<LinkState>,
}

impl Bench {
    pub fn new(address: &str) -> Self {
        Self::with(address, Settings::default())
    }

    pub fn with(address: &str, settings: Settings) -> Self {
        Self::at(Clock::System, address, settings)
    }

    /// With another clock.
    pub fn at(clock: Clock, address: &str, settings: Settings) -> Self {
        let (called, calls) = channel();
        let settings = Settings {
            pace: pace(),
            ..settings
        };
        let link = start(Source::named(address), settings, clock, None, move || {
            let _ = called.send(());
        });
        Self {
            link,
            calls,
            last: None,
            states: Vec::new(),
        }
    }

    /// The first report of which `is` holds.
    pub fn until(&mut self, what: &str, is: impl Fn(&Report) -> bool) -> Report {
        self.within(PATIENCE, is)
            .unwrap_or_else(|| panic!("{what} never came; states: {:?}; last: {:?}", self.states, self.last))
    }

    /// The first report within a time of which `is` holds.
    pub fn within(&mut self, time: Duration, is: impl Fn(&Report) -> bool) -> Option<Report> {
        if let Some(last) = self.last.clone().filter(|last| is(last)) {
            return Some(last);
        }
        let end = Instant::now() + time;
        loop {
            let left = end.checked_duration_since(Instant::now())?;
            self.calls.recv_timeout(left).ok()?;
            let Some(report) = self.link.take() else { continue };
            if self.states.last() != Some(&report.state) {
                self.states.push(report.state.clone());
            }
            self.last = Some(report.clone());
            if is(&report) {
                return Some(report);
            }
        }
    }

    /// Waits until the link is live at the store's revision, and compares record by record.
    pub fn until_equal(&mut self, store: &Store) -> Report {
        let rev = store.rev;
        let report = self.until("the newest revision", |report| report.state == LinkState::Live(rev));
        for kind in [Kind::Enterprise, Kind::Initiative] {
            assert_eq!(names(&report, kind), store.names(kind), "{kind}");
            assert!(report.board.is_whole(kind));
        }
        report
    }
}

/// The names of all records of a kind on the board.
pub fn names(report: &Report, kind: Kind) -> BTreeMap<String, String> {
    let records = report.board.records(kind);
    records
        .map(|record| {
            let json = serde_json::to_value(&record).unwrap();
            let name = json.get("name").or_else(|| json.get("title")).unwrap();
            (record.id().to_string(), name.as_str().unwrap().to_owned())
        })
        .collect()
}
