//! What a worker does with a server: recognises a feed or a document, reads it, keeps it up, and says what keeps it from it.

use super::{APART, LinkState, Woken, Worker};
use crate::board::Delta;
use crate::board::report::Progress;
use crate::clock;
use crate::contract::{Fault, Problem, What};
use crate::link::Wake;
use crate::source::backoff::Backoff;
use crate::source::feed::{self, Feed, Recognised, Turn};
use crate::source::http::Http;
use crate::source::{Failure, Stop};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Clocks further apart than this are told: days change at the wrong time then. Less is the way of clocks.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(120);
/// Housekeeping is done at least this often while a feed is kept up; the server's heartbeat comes more often.
const AT_MOST: Duration = Duration::from_secs(60);

/// Why a way of reading was left.
enum Left {
    /// Nobody wants it any more.
    Stopped,
    /// Everything is to be looked at again, from what the server is.
    Again,
}

impl Worker {
    pub(super) fn run_server(&mut self, address: &str) {
        let mut backoff = Backoff::new(self.settings.pace.waits);
        let mut kept = self.show_kept().and_then(|kept| kept.feed);
        loop {
            let interrupt = self.wires.interrupt.clone();
            let settings = &self.settings;
            let recognised = feed::recognise(address, &settings.access, &settings.limits, settings.pace, interrupt);
            let left = match recognised {
                Ok(Recognised::Feed(mut feed)) => {
                    self.is_feed = true;
                    if let Some(kept) = kept.take() {
                        feed.resume(kept);
                    }
                    let left = self.keep_up(&mut feed, &mut backoff);
                    if matches!(left, Left::Stopped) {
                        self.keep_last(|| feed.kept());
                    }
                    left
                }
                Ok(Recognised::Document) => {
                    self.is_feed = false;
                    self.poll(address, &mut backoff)
                }
                Err(failure) => self.fail_and_wait(failure, &mut backoff),
            };
            if matches!(left, Left::Stopped) {
                self.keep_last(|| None);
                return;
            }
        }
    }

    /// Keeps a feed up until it is not wanted any more, or somebody wants to begin anew.
    fn keep_up(&mut self, feed: &mut Feed, backoff: &mut Backoff) -> Left {
        loop {
            if self.wires.mailbox.is_closed() {
                return Left::Stopped;
            }
            while let Ok(wake) = self.wires.inbox.try_recv() {
                match wake {
                    Wake::Stop => return Left::Stopped,
                    // The cursor is kept: what is already here need not come again.
                    Wake::Reload => feed.reconnect(),
                    Wake::Ask(ask) => self.answer(ask),
                    Wake::Found(found) => self.tell(found),
                    Wake::Held(past) => self.hold_against(past.map(|past| *past)),
                    Wake::Changed => {}
                }
            }
            let until = self.next_look();
            match feed.turn(Some(until)) {
                Ok(Turn::Bye(wait)) => {
                    if matches!(self.wait(Some(wait)), Woken::Stop) {
                        return Left::Stopped;
                    }
                }
                Ok(turn) => self.take_turn(turn, feed, backoff),
                Err(Failure::Stop(Stop::Cancelled)) => {}
                Err(failure) => {
                    if matches!(self.fail_and_wait(failure, backoff), Left::Stopped) {
                        return Left::Stopped;
                    }
                }
            }
            self.look_after(until);
            self.keep_board(|| feed.kept());
            self.keep_state();
        }
    }

    fn take_turn(&mut self, turn: Turn, feed: &Feed, backoff: &mut Backoff) {
        match turn {
            Turn::Nothing | Turn::Bye(_) => {}
            Turn::Loading { kind, records } => {
                let progress = Progress {
                    kind,
                    records,
                    bytes: 0,
                    total: None,
                };
                self.progress(progress);
            }
            Turn::Whole(changes) => {
                self.loaded |= !feed.is_loading();
                self.show(changes, true);
            }
            Turn::Changes(changes) => {
                if matches!(self.state, LinkState::Live(_)) {
                    self.state = LinkState::Live(feed.rev());
                }
                self.problems = Arc::clone(self.board.problems());
                self.show(changes, true);
            }
            Turn::Synced { rev, time } => {
                backoff.reset();
                self.loaded = true;
                self.confirm();
                let warning = self.clocks(time).map(Arc::new);
                let news = warning != self.warning;
                self.warning = warning;
                self.problems = Arc::clone(self.board.problems());
                self.set_state(LinkState::Live(rev));
                // A clock that was set, or went wrong, while nothing else happened.
                if news {
                    self.publish(Delta::default(), None);
                    self.call(APART);
                }
                // Only what the server has just confirmed is a state of this day.
                self.hold();
                self.keep();
            }
        }
    }

    /// What is wrong with our clock, when the server's is right.
    fn clocks(&self, server: Timestamp) -> Option<Problem> {
        let ahead = server.duration_since(self.clock.now());
        let minutes = ahead.as_mins();
        (ahead.abs() >= CLOCKS_APART).then(|| Problem::fatal(What::Link(Fault::ClockOff(minutes))))
    }

    /// When something is to be done that has nothing to do with the network.
    fn next_look(&self) -> Instant {
        let age_in = self.age().and_then(|(_, next)| next);
        let call_in = self.owed.then(|| self.until_call(APART));
        let stale_in = self.until_stale();
        let (keep_in, day_in) = (self.keep_in(), self.keep_day_in());
        let midnight = self.until_midnight();
        let waits = [Some(AT_MOST), age_in, call_in, stale_in, keep_in, day_in, midnight];
        let wait = waits.into_iter().flatten().min().unwrap_or(AT_MOST);
        clock::tick() + wait.max(Duration::from_millis(1))
    }

    /// Time until what the server confirmed is stale; nothing when it is not live.
    fn until_stale(&self) -> Option<Duration> {
        let confirmed = self.confirmed.filter(|_| matches!(self.state, LinkState::Live(_)))?;
        Some(self.settings.pace.fresh.saturating_sub(confirmed.at.elapsed()))
    }

    fn look_after(&mut self, until: Instant) {
        self.call(APART);
        self.keep_day();
        if self.until_stale().is_some_and(|wait| wait.is_zero()) {
            self.set_state(LinkState::Stale(None));
        } else if clock::tick() >= until && self.age().is_some() {
            self.publish(Delta::default(), None);
            self.call(APART);
        }
    }

    /// Reads a document again and again.
    fn poll(&mut self, address: &str, backoff: &mut Backoff) -> Left {
        let limits = self.settings.limits;
        let interrupt = self.wires.interrupt.clone();
        let mut http = match Http::new(address, &self.settings.access, interrupt) {
            Ok(http) => http,
            Err(stop) => return self.fail_and_wait(Failure::Stop(stop), backoff),
        };
        // What the last answer that was read said.
        let mut answered: Option<LinkState> = None;
        loop {
            let mut next = self.settings.poll;
            let mut failure = None;
            let mut unchanged = false;
            let known = self.board.initiatives().clone();
            self.take_in(None, |sink| match http.fetch_beside(&limits, known, sink) {
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
                    if let Some(answered) = answered.clone().filter(|_| unchanged) {
                        if answered == LinkState::Polling {
                            self.confirm();
                        }
                        self.set_state(answered);
                    }
                    if matches!(self.state, LinkState::Rejected(_)) {
                        self.set_trouble(self.state.clone(), self.retry_in(next));
                    }
                    // What is no document may turn out to be a feed.
                    if answered.is_none() && matches!(self.state, LinkState::Rejected(_)) {
                        return match self.wait(Some(next)) {
                            Woken::Stop => Left::Stopped,
                            Woken::Reload | Woken::Changed | Woken::Look => Left::Again,
                        };
                    }
                    answered = Some(self.state.clone());
                }
                Some(failure) => {
                    self.forget_first();
                    next = self.fail(failure, backoff);
                }
            }
            match self.wait(Some(next)) {
                Woken::Stop => return Left::Stopped,
                // Whoever asks may have mended a certificate.
                Woken::Reload => return Left::Again,
                Woken::Changed | Woken::Look => {}
            }
        }
    }

    fn fail_and_wait(&mut self, failure: Failure, backoff: &mut Backoff) -> Left {
        let wait = self.fail(failure, backoff);
        match self.wait(Some(wait)) {
            Woken::Stop => Left::Stopped,
            Woken::Reload | Woken::Changed | Woken::Look => Left::Again,
        }
    }

    /// Says that the server could not be read and when it is tried again; what was good stays on the screen.
    fn fail(&mut self, failure: Failure, backoff: &mut Backoff) -> Duration {
        let (state, asked): (fn(&Self, Arc<Problem>) -> LinkState, _) = match &failure {
            Failure::Stop(Stop::Cancelled) => return Duration::ZERO,
            Failure::Stop(Stop::Problem(_)) => (|_, why| LinkState::Rejected([(*why).clone()].into()), None),
            Failure::Unauthorised(_) => (|_, why| LinkState::Unauthorised(why), None),
            Failure::Unreachable(_, asked) => (Self::unreachable, *asked),
        };
        let why = match failure {
            Failure::Stop(Stop::Problem(why)) | Failure::Unauthorised(why) | Failure::Unreachable(why, _) => why,
            Failure::Stop(Stop::Cancelled) => return Duration::ZERO,
        };
        let wait = backoff.wait(random(), asked);
        tracing::info!("the source: {}; again in {wait:?}", why.slug());
        let state = state(self, Arc::new(*why));
        self.set_trouble(state, self.retry_in(wait));
        wait
    }

    /// Stale, while what the server confirmed is fresh; offline afterwards.
    fn unreachable(&self, why: Arc<Problem>) -> LinkState {
        let fresh = self.settings.pace.fresh;
        let is_fresh = self
            .confirmed
            .is_some_and(|confirmed| confirmed.before == Some(Duration::ZERO) && confirmed.at.elapsed() < fresh);
        if is_fresh {
            LinkState::Stale(Some(why))
        } else {
            LinkState::Offline(why)
        }
    }

    fn retry_in(&self, wait: Duration) -> Option<Timestamp> {
        let wait = SignedDuration::try_from(wait).unwrap_or_default();
        self.clock.now().checked_add(wait).ok()
    }
}

/// A number nobody can foresee; the standard library seeds its hashers with one.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}
