//! What a worker does with each kind of source: a file, standard input, a web server, the sample.

use super::{LinkState, Woken, Worker};
use crate::board::report::Trouble;
use crate::clock::Day;
use crate::contract::{Change, Kind};
use crate::link::Wake;
use crate::source::backoff::Backoff;
use crate::source::file::{self, Stamp, Watch, watch};
use crate::source::http::Http;
use crate::source::sample::Simulation;
use crate::source::{self, Failure, Limits, Source, Stop, sample};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A file must stand still this long before it is read again: a writer is mostly done by then.
const STILL: Duration = Duration::from_millis(100);
/// A file that never stands still is read this often all the same.
const LONGEST: Duration = Duration::from_secs(1);
/// Time between two steps of the sample's life.
pub(super) const STEP: Duration = Duration::from_secs(30);
/// Where the sample's life starts from: everybody sees the same.
const LIFE_SEED: u64 = 1;

impl Worker {
    pub(in crate::link) fn run(mut self) {
        match self.source.clone() {
            Source::File(path) if path.as_os_str() == file::STDIN => self.run_once(&path),
            Source::File(path) => self.run_file(path),
            Source::Http(address) => self.run_http(&address),
            Source::Sample => self.run_sample(),
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
        let limits = self.settings.limits;
        let mut backoff = Backoff::default();
        loop {
            let interrupt = self.wires.interrupt.clone();
            let mut http = match Http::new(address, &self.settings.access, interrupt) {
                Ok(http) => http,
                // No waiting mends an address or a certificate; somebody may, and then asks for another look.
                Err(stop) => {
                    self.take_in(None, |_| Err(stop));
                    if matches!(self.wait(None), Woken::Stop) {
                        return;
                    }
                    continue;
                }
            };
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
                            self.confirm();
                            self.set_state(answered.clone());
                        }
                        answered = self.state.clone();
                    }
                    Some(failure) => next = self.fail(failure, &mut backoff),
                }
                match self.wait(Some(next)) {
                    Woken::Stop => return,
                    // Whoever asks may have mended a certificate or a token file.
                    Woken::Reload => break,
                    Woken::Changed | Woken::Look => {}
                }
            }
        }
    }

    /// Says that the server could not be read and when it is tried again; what was good stays on the screen.
    fn fail(&mut self, failure: Failure, backoff: &mut Backoff) -> Duration {
        let (why, asked) = match failure {
            Failure::Stop(Stop::Cancelled) => return Duration::ZERO,
            Failure::Stop(Stop::Problem(why)) | Failure::Unauthorised(why) => (why, None),
            Failure::Unreachable(why, asked) => (why, asked),
        };
        let next = backoff.wait(random(), asked);
        let wait = jiff::SignedDuration::try_from(next).unwrap_or_default();
        let trouble = Trouble {
            why: Arc::new(*why),
            retry_at: self.clock.now().checked_add(wait).ok(),
        };
        tracing::info!("the source: {}; again in {next:?}", trouble.why.slug());
        self.forget_first();
        self.set_state(trouble_state(trouble));
        next
    }

    /// Events that came while the file settled speak of what is about to be read.
    fn forget_changes(&mut self) {
        while let Ok(wake) = self.wires.inbox.try_recv() {
            match wake {
                Wake::Stop => self.wires.mailbox.close(),
                Wake::Ask(ask) => self.answer(ask),
                Wake::Changed | Wake::Reload => {}
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

    /// The embedded sample: read as fast as can be, gone back in where an earlier day was asked for, and alive if it should be.
    fn run_sample(&mut self) {
        // Our own data: the operator's limits are about foreign input.
        let limits = Limits {
            kinds_together: true,
            ..Limits::default()
        };
        let early = self.as_of.is_none();
        let as_of = self.as_of;
        self.take_in_with(
            None,
            early,
            |sink| {
                let text = sample::current().map_err(|error| source::problem_of(&error))?;
                source::read(text, &limits, sink).map(|_| Some(LinkState::Sample))
            },
            |changes| go_back(changes, as_of),
        );
        let mut life = (self.settings.live && self.as_of.is_none()).then(|| {
            let board = &self.board;
            let records = Kind::ALL.iter().flat_map(|kind| board.records(*kind));
            Simulation::new(records, board.today(), LIFE_SEED)
        });
        loop {
            match self.wait(life.is_some().then_some(self.step)) {
                Woken::Stop => return,
                Woken::Look => {
                    let changes = life.as_mut().map(Simulation::step).unwrap_or_default();
                    if changes.is_empty() {
                        // Everything has happened that can: from now on the sample stands still.
                        life = None;
                    } else {
                        self.show(changes, true);
                    }
                }
                Woken::Reload | Woken::Changed => {}
            }
        }
    }
}

/// Whether the server keeps us out or cannot be reached.
fn trouble_state(trouble: Trouble) -> LinkState {
    use crate::contract::{Fault, What};
    match trouble.why.what {
        What::Link(
            Fault::TokenRefused
            | Fault::TokenWanted
            | Fault::Forbidden
            | Fault::BadToken(_)
            | Fault::TokenCommand(_)
            | Fault::ReadableByOthers { .. }
            | Fault::AccessFile { .. },
        ) => LinkState::Unauthorised(trouble),
        _ => LinkState::Offline(trouble),
    }
}

/// Adds what leads from the newest state of the sample to the newest one kept that is not after a day.
fn go_back(changes: &mut Vec<Change>, as_of: Option<Day>) {
    let newest = changes.iter().find_map(|change| match change {
        Change::Headquarters(hq) => hq.as_of,
        _ => None,
    });
    // Without a state that old the newest is judged on that day.
    if let (Some(day), Some(newest)) = (as_of, newest)
        && day < newest
        && let Ok(Some(past)) = sample::back_to(day)
    {
        changes.extend(past.changes);
    }
}

/// A number nobody can foresee; the standard library seeds its hashers with one.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}
