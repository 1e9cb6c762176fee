//! The link's thread: reads, waits, reads again. The only place that decides what is shown when reading fails.

use super::mailbox::Mailbox;
use super::{LinkState, Progress, Report, Settings, Wake};
use crate::board::{Board, Delta};
use crate::clock::{self, Clock, Day, Zone};
use crate::contract::{Change, Headquarters, Kind, Problem};
use crate::source::backoff::Backoff;
use crate::source::file::{self, Stamp, Watch, watch};
use crate::source::http::{Failure, Http};
use crate::source::{Item, Source, Stop};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// A file must stand still this long before it is read again: a writer is mostly done by then.
const STILL: Duration = Duration::from_millis(100);
/// A file that never stands still is read this often all the same.
const LONGEST: Duration = Duration::from_secs(1);
/// Time between two calls of the reader: ten a second.
const APART: Duration = Duration::from_millis(100);
/// The same during the first reading, when every small kind is worth a look of its own.
const APART_AT_FIRST: Duration = Duration::from_millis(10);

/// What connects a worker with its handle.
pub(super) struct Wires {
    pub(super) inbox: Receiver<Wake>,
    pub(super) wakes: Sender<Wake>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) notify: Box<dyn Fn() + Send>,
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
    /// A whole document has been read.
    loaded: bool,
    /// What the file looked like when it was last read.
    seen: Option<Stamp>,
    /// When the reader was last called, and whether a call is owed.
    called: Option<Instant>,
    owed: bool,
}

impl Worker {
    pub(super) fn new(source: Source, settings: Settings, clock: Clock, as_of: Option<Day>, wires: Wires) -> Self {
        let today = as_of.unwrap_or_else(|| clock.today(&default_zone()));
        Self {
            board: Board::new(settings.board.clone(), today),
            source,
            settings,
            clock,
            as_of,
            wires,
            state: LinkState::Starting,
            problems: Arc::new([]),
            loaded: false,
            seen: None,
            called: None,
            owed: false,
        }
    }

    pub(super) fn run(mut self) {
        match self.source.clone() {
            Source::File(path) if path.as_os_str() == file::STDIN => self.run_once(&path),
            Source::File(path) => self.run_file(path),
            Source::Http(address) => self.run_http(&address),
            Source::Sample => {}
        }
    }

    /// A source that cannot be read twice: read, and then only the day changes.
    fn run_once(&mut self, path: &Path) {
        self.load(path);
        while !matches!(self.wait(None), Woken::Stop) {}
    }

    fn run_file(&mut self, path: PathBuf) {
        let wakes = self.wires.wakes.clone();
        let changed = std::sync::Mutex::new(wakes);
        // The watch begins before the first reading, so that no change falls between them.
        let mut watch = Watch::new(&path, self.settings.watch, self.settings.poll, move || {
            if let Ok(wakes) = changed.lock() {
                let _ = wakes.send(Wake::Changed);
            }
        });
        self.load(&path);
        loop {
            let again = match self.wait(Some(watch.interval())) {
                Woken::Stop => return,
                // Something happened: the stamp may be the same when two writes fall into one tick of the file system.
                Woken::Reload | Woken::Changed => true,
                Woken::Look => Stamp::of(&path) != self.seen,
            };
            watch.look();
            if again {
                let mailbox = Arc::clone(&self.wires.mailbox);
                watch::settle(&path, STILL, LONGEST, &|| mailbox.is_closed());
                self.forget_changes();
                self.load(&path);
            }
        }
    }

    fn run_http(&mut self, address: &str) {
        let mut http = match Http::new(address) {
            Ok(http) => http,
            // No waiting mends an address.
            Err(stop) => {
                self.take_in(None, |_| Err(stop));
                while !matches!(self.wait(None), Woken::Stop) {}
                return;
            }
        };
        let limits = self.settings.limits;
        let mut backoff = Backoff::default();
        // What the last answer that was read said.
        let mut answered = LinkState::Starting;
        loop {
            let mut next = self.settings.poll;
            let mut failure = None;
            let mut unchanged = false;
            self.take_in(None, |sink| match http.fetch(&limits, sink) {
                Ok(Some(_)) => Ok(Some(LinkState::Polling)),
                Ok(None) => {
                    unchanged = true;
                    Ok(None)
                }
                Err(Failure::Stop(stop)) => Err(stop),
                Err(other) => {
                    failure = Some(other);
                    Err(Stop::Cancelled)
                }
            });
            match failure {
                None => {
                    backoff.reset();
                    if unchanged {
                        self.set_state(answered.clone());
                    }
                    answered = self.state.clone();
                }
                Some(Failure::Unreachable(_, asked)) => {
                    next = backoff.wait(random(), asked);
                    let wait = jiff::SignedDuration::try_from(next).unwrap_or_default();
                    let retry_at = self.clock.now().checked_add(wait).unwrap_or_default();
                    self.forget_first();
                    self.set_state(LinkState::Offline { retry_at });
                }
                Some(_) => {
                    self.forget_first();
                    self.set_state(LinkState::Unauthorised);
                }
            }
            if matches!(self.wait(Some(next)), Woken::Stop) {
                return;
            }
        }
    }

    fn set_state(&mut self, state: LinkState) {
        if state != self.state {
            self.state = state;
            self.publish(Delta::default(), None);
            self.call(Duration::ZERO);
        }
    }

    /// Takes back what a first reading showed before the transfer broke off.
    fn forget_first(&mut self) {
        if !self.loaded {
            let delta = self.clear();
            self.publish(delta, None);
        }
    }

    /// Events that came while the file settled speak of what is about to be read.
    fn forget_changes(&mut self) {
        while let Ok(wake) = self.wires.inbox.try_recv() {
            if matches!(wake, Wake::Stop) {
                self.wires.mailbox.close();
            }
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
            let deadline = [look_in, self.until_midnight(), call_in].into_iter().flatten().min();
            let woken = match deadline {
                Some(wait) => self.wires.inbox.recv_timeout(wait),
                None => self.wires.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            self.call(APART);
            self.keep_day();
            match woken {
                Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return Woken::Stop,
                Ok(Wake::Changed) => return Woken::Changed,
                Ok(Wake::Reload) => return Woken::Reload,
                Err(RecvTimeoutError::Timeout) => {
                    if look.is_some_and(|look| begun.elapsed() >= look) {
                        return Woken::Look;
                    }
                }
            }
        }
    }

    /// Reads the whole file; what was shown before stays when it cannot be read.
    fn load(&mut self, path: &Path) {
        let limits = self.settings.limits;
        self.seen = Stamp::of(path);
        let total = self.seen.map(|stamp| stamp.size());
        let path = path.to_owned();
        self.take_in(total, |sink| {
            file::read(&path, &limits, sink).map(|_| Some(LinkState::File))
        });
    }

    /// Runs a reading and shows what came of it: the state it names, or nothing when nothing is new.
    fn take_in(
        &mut self,
        total: Option<u64>,
        read: impl FnOnce(&mut dyn FnMut(Item) -> ControlFlow<()>) -> Result<Option<LinkState>, Stop>,
    ) {
        let mut problems = Vec::new();
        let mut changes = Vec::new();
        let first = !self.loaded;
        let result = read(&mut |item| {
            match item {
                Item::Problem(problem) => problems.push(problem),
                Item::Headquarters(hq) if first => self.show(vec![Change::Headquarters(hq)], false),
                Item::Whole(kind, records) if first => self.show(vec![Change::Whole(kind, records)], true),
                Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
                Item::Whole(kind, records) => changes.push(Change::Whole(kind, records)),
                Item::Progress(progress) if first => self.progress(Progress {
                    kind: progress.kind,
                    records: progress.records,
                    bytes: progress.bytes,
                    total,
                }),
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
                self.state = state;
                self.problems = problems.into();
                changes.push(Change::Problems(Arc::clone(&self.problems)));
                self.show(changes, true);
                self.call(Duration::ZERO);
            }
            Err(Stop::Problem(problem)) => {
                let delta = if first { self.clear() } else { Delta::default() };
                problems.push(*problem);
                self.problems = problems.into();
                self.state = LinkState::Rejected(Arc::clone(&self.problems));
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
            .map(|kind| Change::Whole(*kind, Vec::new()))
            .collect();
        let mut delta = self.board.apply(whole);
        delta.headquarters |= self.board.headquarters().is_some();
        self.board = Board::new(self.settings.board.clone(), self.board.today());
        delta
    }

    /// Applies changes and publishes them; without `publish` they wait for the next ones.
    fn show(&mut self, changes: Vec<Change>, call: bool) {
        let mut delta = self.board.apply(changes);
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
        };
        self.owed |= self.wires.mailbox.put(report);
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

/// A number nobody can foresee; the standard library seeds its hashers with one.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}

fn default_zone() -> Zone {
    Zone::named(crate::contract::DEFAULT_ZONE).unwrap_or_else(Zone::utc)
}

fn zone_of(hq: Option<&Arc<Headquarters>>) -> Zone {
    hq.map_or_else(default_zone, |hq| hq.zone().0)
}
