//! What a worker does with each kind of source: a file, standard input, a web server, the sample.

use super::{LinkState, Woken, Worker};
use crate::board::Delta;
use crate::clock::Day;
use crate::contract::{Change, Kind};
use crate::link::Wake;
use crate::link::cache::{Kept, Reading};
use crate::source::file::{self, Stamp, Watch, watch};
use crate::source::sample::Simulation;
use crate::source::{self, Limits, Source, sample};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A file must stand still this long before it is read again: a writer is mostly done by then.
const STILL: Duration = Duration::from_millis(100);
/// A file that never stands still is read this often all the same.
const LONGEST: Duration = Duration::from_secs(1);
/// From this many bytes on, reading a file takes so long that what was kept of it is shown meanwhile.
const LONG: u64 = 16 << 20;
/// Time between two steps of the sample's life.
pub(super) const STEP: Duration = Duration::from_secs(30);
/// Where the sample's life starts from: everybody sees the same.
const LIFE_SEED: u64 = 1;

impl Worker {
    pub(in crate::link) fn run(mut self) {
        match self.source.clone() {
            Source::File(path) if path.as_os_str() == file::STDIN => self.run_once(&path),
            Source::File(path) => self.run_file(path),
            Source::Http(address) => self.run_server(&address),
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
        let is_long = Stamp::of(&path).is_some_and(|stamp| stamp.size() >= LONG);
        let kept = (is_long && self.as_of.is_none()).then(|| self.show_kept()).flatten();
        if !kept.is_some_and(|kept| self.is_as_kept(&path, kept)) {
            self.load(&path);
        }
        if !self.loaded && matches!(self.state, LinkState::Rejected(_)) {
            // A short file is read as fast as what was kept of it, so that is only for when there is none.
            self.show_kept();
        }
        loop {
            let again = match self.wait(Some(watch.interval())) {
                Woken::Stop => {
                    self.keep_last(|| None);
                    return;
                }
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

    /// True when the file is the one that what was kept is of, by all that can be known without reading it: then that is what the
    /// source says.
    fn is_as_kept(&mut self, path: &Path, kept: Kept) -> bool {
        let Some(reading) = kept.reading else { return false };
        if Stamp::of(path) != Some(reading.stamp) || reading.by != Reading::by(&self.settings.limits) {
            return false;
        }
        self.seen = Some(reading.stamp);
        self.settled = true;
        self.problems = reading.problems.into();
        self.state = LinkState::File;
        self.confirm();
        self.publish(Delta::default(), None);
        self.call(Duration::ZERO);
        self.hold();
        // What did not change since is the state of today already, if there is one.
        let today = self.board.today();
        if !self.settings.kept.as_ref().is_some_and(|store| store.has(today)) {
            self.keep();
        }
        true
    }

    /// Events that came while the file settled speak of what is about to be read.
    fn forget_changes(&mut self) {
        while let Ok(wake) = self.wires.inbox.try_recv() {
            match wake {
                Wake::Stop => self.wires.mailbox.close(),
                Wake::Ask(ask) => self.answer(ask),
                Wake::Found(found) => self.tell(found),
                Wake::Held(past) => self.hold_against(past.map(|past| *past)),
                Wake::Changed | Wake::Reload => {}
            }
        }
    }

    /// Reads the whole file; what was shown before stays when it cannot be read.
    fn load(&mut self, path: &Path) {
        let limits = self.settings.limits;
        self.seen = Stamp::of(path);
        self.settled = self
            .seen
            .is_some_and(|stamp| stamp.is_settled(self.clock.now().as_second()));
        let total = self.seen.map(|stamp| stamp.size());
        let path = path.to_owned();
        let known = self.board.initiatives().clone();
        self.take_in(total, |sink| {
            file::read_beside(&path, &limits, known, sink).map(|_| Some(LinkState::File))
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
