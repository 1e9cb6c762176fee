//! One thread that owns a source and a board: applies changes and publishes reports. Knows nothing of screens; whoever
//! reads its reports learns when to read by being called, and what by taking.

mod cache;
mod mailbox;
mod past;
mod worker;

#[cfg(test)]
mod tests;

pub use crate::board::report::{Age, Found, LinkState, Progress};
use crate::board::{self, Board, Delta};
use crate::clock::{Clock, Day};
use crate::contract::{Id, Kind, Problem};
use crate::kept::Store;
use crate::source::file::WatchMode;
use crate::source::{Access, Interrupt, Limits, Pace, Source};
use jiff::Timestamp;
use mailbox::Mailbox;
pub use past::{state_at, state_of};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// How long quitting may wait for the disk. A large board that changed in the last seconds is not waited for: what was kept before
/// stays, and the server sends the rest again.
const LAST: Duration = Duration::from_millis(600);

/// How a link reads, watches and judges.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How the board judges.
    pub board: board::Settings,
    /// What a source may cost.
    pub limits: Limits,
    /// How changes of a file are noticed.
    pub watch: WatchMode,
    /// Time between looks where no events are delivered, and between requests to a web server.
    pub poll: Duration,
    /// The sample lives: small changes arrive by themselves.
    pub live: bool,
    /// Where states of the source are kept by day, if they are.
    pub kept: Option<Store>,
    /// Who we are to a server.
    pub access: Access,
    /// How a server is waited for, and how a feed is kept up.
    pub pace: Pace,
    /// The directory the last good data of every source are kept in; nothing keeps none.
    pub cache: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            board: board::Settings::default(),
            limits: Limits::default(),
            watch: WatchMode::Auto,
            poll: Duration::from_secs(5),
            live: false,
            kept: None,
            access: Access::default(),
            pace: Pace::default(),
            cache: None,
        }
    }
}

/// What a link knows now.
#[derive(Clone, Debug)]
pub struct Report {
    /// The board; a cheap copy that shares its structure with the link's own.
    pub board: Board,
    /// What changed since the last report that was taken.
    pub delta: Delta,
    /// How the link stands.
    pub state: LinkState,
    /// What is wrong with the source: of the board shown, or of what was rejected.
    pub problems: Arc<[Problem]>,
    /// How far reading has come, while it goes on.
    pub loading: Option<Progress>,
    /// How old the board is, where it is not what the source says now.
    pub age: Option<Age>,
    /// When the source is tried again, where something keeps it from being read.
    pub retry_at: Option<Timestamp>,
    /// Something is wrong that does not keep the source from being read.
    pub warning: Option<Arc<Problem>>,
    /// What was asked for of earlier states, once it is found.
    pub found: Option<Found>,
}

/// What somebody wants to know of earlier states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The newest state not after a day.
    State(Day),
    /// What a record was in every state.
    History(Kind, Id),
}

enum Wake {
    /// Somebody wants to know something of earlier states.
    Ask(Ask),
    /// It was found, by a thread that may take its time.
    Found(Found),
    /// The state of the last meeting was found, or that there is none.
    Held(Option<Box<crate::board::Past>>),
    /// The file may have changed.
    Changed,
    /// Somebody wants it read again.
    Reload,
    /// It is enough.
    Stop,
}

/// A running link. Dropping it ends the link.
pub struct LinkHandle {
    wakes: Sender<Wake>,
    mailbox: Arc<Mailbox>,
    interrupt: Interrupt,
    /// Never speaks; its other end is gone when the link's thread has ended.
    ended: Receiver<()>,
}

/// Starts a link on a thread of its own.
///
/// `as_of` replaces the day of evaluation. `notify` is called from the link's thread when there is a report to
/// [`LinkHandle::take`], and not again before it was taken; at most ten times a second once the first reading is done.
pub fn start(
    source: Source,
    settings: Settings,
    clock: Clock,
    as_of: Option<Day>,
    notify: impl Fn() + Send + 'static,
) -> LinkHandle {
    let (wakes, inbox) = channel();
    let mailbox = Arc::new(Mailbox::default());
    let interrupt = Interrupt::default();
    let (end, ended) = channel();
    let worker = worker::Worker::new(
        source,
        settings,
        clock,
        as_of,
        worker::Wires {
            inbox,
            wakes: wakes.clone(),
            mailbox: Arc::clone(&mailbox),
            interrupt: interrupt.clone(),
            notify: Box::new(notify),
        },
    );
    // Without a thread there is no link: the handle then never has a report, and says so by its state staying at starting.
    let _ = std::thread::Builder::new().name("link".into()).spawn(move || {
        worker.run();
        drop(end);
    });
    LinkHandle {
        wakes,
        mailbox,
        interrupt,
        ended,
    }
}

impl LinkHandle {
    /// The newest report, with everything that changed since the last one taken; nothing when there is none newer.
    pub fn take(&self) -> Option<Report> {
        self.mailbox.take()
    }

    /// Looks for something in earlier states; the answer comes with a report.
    pub fn ask(&self, ask: Ask) {
        let _ = self.wakes.send(Wake::Ask(ask));
        self.interrupt.nudge();
    }

    /// Reads the source again now.
    pub fn reload(&self) {
        let _ = self.wakes.send(Wake::Reload);
        self.interrupt.nudge();
    }

    /// Ends the link: no report is made any more, and reading in progress is given up.
    pub fn stop(&self) {
        self.mailbox.close();
        let _ = self.wakes.send(Wake::Stop);
        self.interrupt.call_off();
    }

    /// Ends the link, and gives it a moment to keep what changed last: what was on the screen is there at the next start.
    pub fn finish(&self) {
        self.stop();
        let _ = self.ended.recv_timeout(LAST);
    }
}

impl Drop for LinkHandle {
    fn drop(&mut self) {
        self.stop();
    }
}
