//! The link's thread: reads, waits, reads again. The only place that decides what is shown when reading fails.

mod days;
mod keep;
mod run;
mod server;

use super::mailbox::Mailbox;
use super::{Age, LinkState, Progress, Report, Settings, Wake};
use crate::board::{Board, Delta};
use crate::clock::{self, Clock, Day, Zone};
use crate::contract::{Change, Headquarters, Kind, Problem, Records};
use crate::source::file::Stamp;
use crate::source::{Interrupt, Item, Source, Stop};
use jiff::Timestamp;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Time between two calls of the reader: ten a second.
const APART: Duration = Duration::from_millis(100);
/// The same during the first reading, when every small kind is worth a look of its own.
const APART_AT_FIRST: Duration = Duration::from_millis(10);

/// What connects a worker with its handle.
pub(super) struct Wires {
    pub(super) inbox: Receiver<Wake>,
    pub(super) wakes: Sender<Wake>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) interrupt: Interrupt,
    pub(super) notify: Box<dyn Fn() + Send>,
}

/// When the source last said that the board is right.
#[derive(Clone, Copy, Debug)]
struct Confirmed {
    /// Counted on the monotonic clock, whatever is done to the other one.
    at: Instant,
    /// How old the board was then already; nothing when the clocks contradict each other.
    before: Option<Duration>,
}

pub(super) struct Worker {
    source: Source,
    settings: Settings,
    clock: Clock,
    as_of: Option<Day>,
    wires: Wires,
    board: Board,
    state: LinkState,
    problems: Arc<[Problem]>,
    /// The source is the feed of an endpoint, which tells its own history.
    is_feed: bool,
    /// A whole document has been read.
    loaded: bool,
    confirmed: Option<Confirmed>,
    /// When the source is tried again, where something keeps it from being read.
    retry_at: Option<Timestamp>,
    /// Something is wrong that does not keep the source from being read.
    warning: Option<Arc<Problem>>,
    /// Where the last good data are kept, and how that stands.
    keep: keep::Keep,
    /// What the file looked like when it was last read.
    seen: Option<Stamp>,
    /// It had not just been changed then.
    settled: bool,
    /// When the reader was last called, and whether a call is owed.
    called: Option<Instant>,
    owed: bool,
    /// The meeting whose state the board is held against.
    held: Option<Day>,
    /// Whether a state of a day is to be kept.
    days: days::Days,
    /// Time between two steps of the sample's life.
    step: Duration,
}

impl Worker {
    pub(super) fn new(source: Source, settings: Settings, clock: Clock, as_of: Option<Day>, wires: Wires) -> Self {
        let today = as_of.unwrap_or_else(|| clock.today(&default_zone()));
        Self {
            keep: keep::Keep::new(&source, &settings),
            board: Board::new(settings.board.clone(), today),
            source,
            settings,
            clock,
            as_of,
            wires,
            state: LinkState::Starting,
            problems: Arc::new([]),
            is_feed: false,
            loaded: false,
            confirmed: None,
            retry_at: None,
            warning: None,
            seen: None,
            settled: false,
            called: None,
            owed: false,
            held: None,
            days: days::Days::default(),
            step: run::STEP,
        }
    }

    fn set_state(&mut self, state: LinkState) {
        self.set_trouble(state, None);
    }

    /// Says what keeps the source from being read, and when it is tried again.
    fn set_trouble(&mut self, state: LinkState, retry_at: Option<Timestamp>) {
        if state != self.state || retry_at != self.retry_at {
            self.state = state;
            self.retry_at = retry_at;
            self.publish(Delta::default(), None);
            self.call(Duration::ZERO);
        }
    }

    /// The source has just said that the board is right.
    fn confirm(&mut self) {
        self.confirmed = Some(Confirmed {
            at: clock::tick(),
            before: Some(Duration::ZERO),
        });
    }

    /// How old the board is where it is not what the source says now, and the time until that changes.
    fn age(&self) -> Option<(Age, Option<Duration>)> {
        let current = match self.state {
            LinkState::Sample | LinkState::File | LinkState::Live(_) | LinkState::Polling => true,
            LinkState::Starting
            | LinkState::Stale(_)
            | LinkState::Rejected(_)
            | LinkState::Unauthorised(_)
            | LinkState::Offline(_) => false,
        };
        let confirmed = self.confirmed.filter(|_| !current)?;
        let Some(before) = confirmed.before else {
            return Some((Age::Unknown, None));
        };
        let (age, next) = Age::after(before + confirmed.at.elapsed());
        Some((age, Some(next)))
    }

    /// Takes back what a first reading showed before the transfer broke off.
    fn forget_first(&mut self) {
        if !self.loaded {
            let delta = self.clear();
            self.publish(delta, None);
        }
    }

    /// Waits for something to do, at most until the file must be looked at; keeps the day right meanwhile.
    fn wait(&mut self, look: Option<Duration>) -> Woken {
        let begun = clock::tick();
        loop {
            if self.wires.mailbox.is_closed() {
                return Woken::Stop;
            }
            let look_in = look.map(|look| look.saturating_sub(begun.elapsed()));
            let call_in = self.owed.then(|| self.until_call(APART));
            let age_in = self.age().and_then(|(_, next)| next);
            let keep_in = [self.keep_in(), self.keep_day_in()].into_iter().flatten().min();
            let deadline = [look_in, self.until_midnight(), call_in, age_in, keep_in];
            let deadline = deadline.into_iter().flatten().min();
            let woken = match deadline {
                Some(wait) => self.wires.inbox.recv_timeout(wait),
                None => self.wires.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            self.call(APART);
            self.keep_day();
            self.keep_board(|| None);
            self.keep_state();
            if age_in.is_some_and(|age| begun.elapsed() >= age) {
                self.publish(Delta::default(), None);
                self.call(APART);
            }
            match woken {
                Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return Woken::Stop,
                Ok(Wake::Changed) => return Woken::Changed,
                Ok(Wake::Reload) => return Woken::Reload,
                Ok(Wake::Ask(ask)) => self.answer(ask),
                Ok(Wake::Found(found)) => self.tell(found),
                Ok(Wake::Held(past)) => self.hold_against(past.map(|past| *past)),
                Err(RecvTimeoutError::Timeout) => {
                    if look.is_some_and(|look| begun.elapsed() >= look) {
                        return Woken::Look;
                    }
                }
            }
        }
    }

    /// Runs a reading and shows what came of it: the state it names, or nothing when nothing is new.
    fn take_in(
        &mut self,
        total: Option<u64>,
        read: impl FnOnce(&mut dyn FnMut(Item) -> ControlFlow<()>) -> Result<Option<LinkState>, Stop>,
    ) {
        // A past day is shown in the state kept of it, as soon as all of that is there.
        let past = self
            .as_of
            .filter(|day| *day < self.clock.today(&zone_of(self.board.headquarters())));
        let kept = past.and(self.settings.kept.clone());
        let early = !self.loaded && kept.is_none();
        self.take_in_with(total, early, read, |changes| {
            if let (Some(day), Some(kept)) = (past, kept)
                && let Some((kept_on, state)) = kept.newest(day)
            {
                *changes = state;
                say_day(changes, kept_on);
            }
        });
    }

    /// The same; kinds are shown `early`, as they become whole, and `amend` may add to what is shown at once.
    fn take_in_with(
        &mut self,
        total: Option<u64>,
        early: bool,
        read: impl FnOnce(&mut dyn FnMut(Item) -> ControlFlow<()>) -> Result<Option<LinkState>, Stop>,
        amend: impl FnOnce(&mut Vec<Change>),
    ) {
        let mut problems = Vec::new();
        let mut changes = Vec::new();
        let mut progress = None;
        let result = read(&mut |item| {
            match item {
                Item::Problem(problem) => problems.push(problem),
                Item::Headquarters(hq) if early => self.show(vec![Change::Headquarters(hq)], false),
                Item::Whole(kind, records) if early => self.show(vec![Change::Whole(kind, records)], true),
                Item::Growing(table) if early => {
                    let delta = self.board.apply(vec![Change::Growing(table)]);
                    self.publish(delta, progress);
                    self.call(self.apart());
                }
                Item::Growing(_) => {}
                Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
                Item::Whole(kind, records) => changes.push(Change::Whole(kind, records)),
                Item::Progress(now) if early => {
                    // It stands while what grows is shown: the one says how far the other is.
                    let now = Progress {
                        kind: now.kind,
                        records: now.records,
                        bytes: now.bytes,
                        total,
                    };
                    progress = Some(now);
                    self.progress(now);
                }
                Item::Progress(_) => {}
            }
            if self.wires.mailbox.is_closed() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match result {
            // The source has nothing newer.
            Ok(None) => {}
            Ok(Some(state)) => {
                self.loaded = true;
                self.confirm();
                self.state = state;
                self.retry_at = None;
                self.problems = problems.into();
                amend(&mut changes);
                changes.push(Change::Problems(Arc::clone(&self.problems)));
                self.show(changes, true);
                self.call(Duration::ZERO);
                self.hold();
                self.keep();
            }
            Err(Stop::Problem(problem)) => {
                let delta = if early { self.clear() } else { Delta::default() };
                problems.push(*problem);
                self.problems = problems.into();
                self.state = LinkState::Rejected(Arc::clone(&self.problems));
                self.retry_at = None;
                self.publish(delta, None);
                self.call(Duration::ZERO);
            }
            Err(Stop::Cancelled) => {}
        }
    }

    /// Takes back what a first reading showed before it failed: never half a board.
    fn clear(&mut self) -> Delta {
        let whole: Vec<Change> = Kind::ALL
            .iter()
            .filter(|kind| self.board.is_whole(**kind))
            .map(|kind| Change::Whole(*kind, Records::default()))
            .collect();
        let mut delta = self.board.apply(whole);
        delta.headquarters |= self.board.headquarters().is_some();
        self.board = Board::new(self.settings.board.clone(), self.board.today());
        self.held = None;
        delta
    }

    /// Applies changes and publishes them; without `publish` they wait for the next ones.
    fn show(&mut self, changes: Vec<Change>, call: bool) {
        let mut delta = self.board.apply(changes);
        if !delta.is_empty() {
            self.keep.changed();
            self.days.changed();
        }
        let today = self.today();
        if today != self.board.today() {
            delta = delta.merge(self.board.set_today(today));
        }
        self.publish(delta, None);
        if call {
            self.call(self.apart());
        }
    }

    fn progress(&mut self, progress: Progress) {
        self.publish(Delta::default(), Some(progress));
        self.call(APART);
    }

    fn publish(&mut self, delta: Delta, loading: Option<Progress>) {
        let report = Report {
            board: self.board.clone(),
            delta,
            state: self.state.clone(),
            problems: Arc::clone(&self.problems),
            loading,
            found: None,
            age: self.age().map(|(age, _)| age),
            retry_at: self.retry_at,
            warning: self.warning.clone(),
        };
        self.owed |= self.wires.mailbox.put(report);
    }

    /// Looks for something in earlier states and tells it; what an endpoint must be asked for is told once it has answered.
    fn answer(&mut self, ask: super::Ask) {
        match &self.source {
            Source::Http(address) if self.is_feed => {
                let address = address.clone();
                self.ask_endpoint(address, move |endpoint, board| Wake::Found(endpoint.find(ask, board)));
            }
            source => {
                let found = super::past::find(ask, source, &self.board, self.settings.kept.as_ref());
                self.tell(found);
            }
        }
    }

    /// Asks an endpoint on a thread of its own: neither the feed nor a key waits for it.
    fn ask_endpoint(
        &mut self,
        address: String,
        ask: impl FnOnce(&super::past::Endpoint, &Board) -> Wake + Send + 'static,
    ) {
        let endpoint = super::past::Endpoint {
            address,
            access: self.settings.access.clone(),
            limits: self.settings.limits,
            pace: self.settings.pace,
            kept: self.settings.kept.clone(),
        };
        let (board, wakes, interrupt) = (
            self.board.clone(),
            self.wires.wakes.clone(),
            self.wires.interrupt.clone(),
        );
        let asking = std::thread::Builder::new().name("past".into()).spawn(move || {
            let _ = wakes.send(ask(&endpoint, &board));
            interrupt.nudge();
        });
        if let Err(error) = asking {
            tracing::warn!("no thread to ask for the past: {error}");
        }
    }

    /// Tells what was found of earlier states.
    fn tell(&mut self, found: super::Found) {
        let report = Report {
            board: self.board.clone(),
            delta: Delta::default(),
            state: self.state.clone(),
            problems: Arc::clone(&self.problems),
            loading: None,
            age: self.age().map(|(age, _)| age),
            retry_at: self.retry_at,
            warning: self.warning.clone(),
            found: Some(found),
        };
        self.owed |= self.wires.mailbox.put(report);
        self.call(Duration::ZERO);
    }

    /// Holds what was read against the state of the last meeting, so that what moved the wrong way since is found. Only after it
    /// was shown: nobody waits for it.
    fn hold(&mut self) {
        let Some(meeting) = self.board.last_meeting().map(|meeting| meeting.on) else {
            return;
        };
        if self.held == Some(meeting) {
            return;
        }
        self.held = Some(meeting);
        match &self.source {
            Source::Http(address) if self.is_feed => {
                let address = address.clone();
                self.ask_endpoint(address, move |endpoint, board| {
                    Wake::Held(endpoint.state(meeting, board).0.map(Box::new))
                });
            }
            source => {
                let past = super::state_of(source, &self.board, self.settings.kept.as_ref(), meeting);
                self.hold_against(past);
            }
        }
    }

    /// Holds the board against an earlier state, if there is one.
    fn hold_against(&mut self, past: Option<crate::board::Past>) {
        if let Some(past) = past {
            let delta = self.board.set_past(Some(Arc::new(past)));
            self.publish(delta, None);
            self.call(APART);
        }
    }

    fn apart(&self) -> Duration {
        if self.loaded { APART } else { APART_AT_FIRST }
    }

    /// Time until the reader may be called again.
    fn until_call(&self, apart: Duration) -> Duration {
        self.called
            .map_or(Duration::ZERO, |called| apart.saturating_sub(called.elapsed()))
    }

    /// Calls the reader if a call is owed and the last one was long enough ago.
    fn call(&mut self, apart: Duration) {
        if self.owed && self.until_call(apart).is_zero() && !self.wires.mailbox.is_closed() {
            self.owed = false;
            self.called = Some(clock::tick());
            (self.wires.notify)();
        }
    }

    /// The day of evaluation: asked for, or the document's own when it is synthetic, or the headquarters' today.
    fn today(&self) -> Day {
        let hq = self.board.headquarters();
        match self.fixed_day(hq) {
            Some(day) => day,
            None => self.clock.today(&zone_of(hq)),
        }
    }

    fn fixed_day(&self, hq: Option<&Arc<Headquarters>>) -> Option<Day> {
        let own = || hq.filter(|hq| hq.is_synthetic()).and_then(|hq| hq.as_of);
        self.as_of.or_else(own)
    }

    /// Time until "today" changes; nothing when it never does.
    fn until_midnight(&self) -> Option<Duration> {
        let hq = self.board.headquarters();
        if self.fixed_day(hq).is_some() {
            return None;
        }
        let seconds = clock::seconds_to_midnight(self.clock.now(), &zone_of(hq));
        Some(Duration::from_secs(seconds))
    }

    fn keep_day(&mut self) {
        let today = self.today();
        if today != self.board.today() {
            self.close_day();
            let delta = self.board.set_today(today);
            self.publish(delta, None);
            self.call(APART);
        }
    }
}

/// Why waiting ended.
enum Woken {
    Stop,
    Reload,
    Changed,
    Look,
}

/// Says of a kept state which day it is of, where it does not say so itself: the screen names it.
fn say_day(changes: &mut [Change], day: Day) {
    for change in changes {
        if let Change::Headquarters(hq) = change
            && hq.as_of.is_none()
        {
            Arc::make_mut(hq).as_of = Some(day);
        }
    }
}

fn default_zone() -> Zone {
    Zone::named(crate::contract::DEFAULT_ZONE).unwrap_or_else(Zone::utc)
}

fn zone_of(hq: Option<&Arc<Headquarters>>) -> Zone {
    hq.map_or_else(default_zone, |hq| hq.zone().0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::contract::Record;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    fn worker(now: &str, as_of: Option<Day>) -> (Worker, Arc<AtomicUsize>) {
        let (wakes, inbox) = channel();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let wires = Wires {
            inbox,
            wakes,
            mailbox: Arc::default(),
            interrupt: Interrupt::default(),
            notify: Box::new(move || {
                counted.fetch_add(1, Ordering::Relaxed);
            }),
        };
        let clock = Clock::Fixed(now.parse().unwrap());
        let worker = Worker::new(Source::named("none.json"), Settings::default(), clock, as_of, wires);
        (worker, calls)
    }

    fn headquarters(more: &str) -> Item {
        let json = format!(r#"{{"name":"","province":"","programme_year":1403,"plan_due":"1403-01-31"{more}}}"#);
        Item::Headquarters(Arc::new(serde_json::from_str(&json).unwrap()))
    }

    fn take_in(worker: &mut Worker, items: Vec<Item>) {
        worker.take_in(None, |sink| {
            for item in items {
                let _ = sink(item);
            }
            Ok(Some(LinkState::File))
        });
    }

    #[test]
    fn today_is_the_headquarters_own_and_changes_at_its_midnight() {
        // Half past eight in the evening in London is midnight in Tehran and long past it in Tokyo.
        for (zone, before) in [("Asia/Tehran", "2024-05-21"), ("Asia/Tokyo", "2024-05-22")] {
            let (mut worker, _) = worker("2024-05-21T20:29:50Z", None);
            take_in(&mut worker, vec![headquarters(&format!(r#","time_zone":"{zone}""#))]);
            assert_eq!(worker.wires.mailbox.take().unwrap().board.today().to_string(), before);
            let next = worker.until_midnight().unwrap();
            worker.clock = Clock::Fixed(worker.clock.now() + jiff::SignedDuration::try_from(next).unwrap());
            worker.keep_day();
            let report = worker.wires.mailbox.take().unwrap();
            assert!(report.delta.today);
            assert_eq!(report.board.today(), worker.today());
            assert_ne!(report.board.today().to_string(), before);
        }
        let (worker, _) = worker("2024-05-21T20:29:50Z", None);
        assert_eq!(worker.until_midnight(), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_day_that_was_asked_for_has_no_midnight() {
        let day = Day::from_gregorian(2024, 5, 9);
        let (mut worker, _) = worker("2024-05-21T20:29:50Z", day);
        take_in(&mut worker, vec![headquarters("")]);
        assert_eq!((worker.until_midnight(), Some(worker.board.today())), (None, day));
    }

    #[test]
    fn the_sample_lives_when_it_should() {
        let (mut worker, _) = worker("2024-05-21T08:00:00Z", None);
        worker.source = Source::Sample;
        worker.settings.live = true;
        worker.step = Duration::from_millis(1);
        let mailbox = Arc::clone(&worker.wires.mailbox);
        let (called, calls) = channel();
        worker.wires.notify = Box::new(move || {
            let _ = called.send(());
        });
        let thread = std::thread::spawn(move || worker.run());
        let mut lived = false;
        while !lived {
            assert!(calls.recv_timeout(Duration::from_secs(20)).is_ok(), "it never moved");
            let report = mailbox.take().unwrap();
            // What changes after it was whole was life.
            lived =
                report.state == LinkState::Sample && report.delta.whole.is_empty() && !report.delta.changed.is_empty();
        }
        mailbox.close();
        thread.join().unwrap();
    }

    #[test]
    fn a_reader_is_called_once_for_all_it_has_not_taken() {
        let (mut worker, calls) = worker("2024-05-21T08:00:00Z", None);
        let enterprises = |names: &[&str]| {
            let record =
                |name: &&str| Record::from_json(Kind::Enterprise, &format!(r#"{{"id":"{name}","name":""}}"#)).unwrap();
            Item::Whole(Kind::Enterprise, names.iter().map(record).collect())
        };
        take_in(&mut worker, vec![headquarters(""), enterprises(&["a"])]);
        let called = calls.load(Ordering::Relaxed);
        assert!(called >= 1);
        for names in [&["a", "b"][..], &["b", "c"], &["c"]] {
            take_in(&mut worker, vec![headquarters(""), enterprises(names)]);
        }
        assert_eq!(calls.load(Ordering::Relaxed), called, "the first report still waits");
        let report = worker.wires.mailbox.take().unwrap();
        assert_eq!(report.board.count(Kind::Enterprise), 1);
        let told: Vec<&str> = report.delta.changed.iter().map(|(_, id, _)| id.as_str()).collect();
        assert!(told.contains(&"c"), "{told:?}");
    }
}
