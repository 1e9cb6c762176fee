//! One stream: what it sends next is worked out when the connection has room for it, so nothing waits in a queue.

use super::Server;
use super::access::Identity;
use super::answer::Refusal;
use super::bell::Seat;
use super::gate::Good;
use super::hub::{Frame, Next, frames};
use super::secret;
use super::store::{Ask, Head};
use crate::contract::feed::{Bye, Cursor, Epoch, EventName, Parting, Reset, Rev, SYNC_SECONDS, Sync, Unusable};
use bytes::Bytes;
use futures_util::Stream;
use hyper::StatusCode;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep};

/// Shortest and longest life of a stream: load spreads anew between servers, and nobody holds a connection for ever.
const LIFE: (Duration, Duration) = (Duration::from_secs(30 * 60), Duration::from_secs(60 * 60));
/// A client comes back after between 1 and 5 seconds, so that not all of them come at once.
const RETRY_MS: (u64, u64) = (1_000, 5_000);
/// Rows and bytes read at once for a client that is further back than the ring.
const BEHIND_ROWS: usize = 200;
const BEHIND_BYTES: usize = 64 << 10;
/// How long a stream waits for a store that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a cursor may be ahead of what this server has read: it looks every second, and a store that answers is read by then.
const AHEAD: Duration = Duration::from_secs(3);

/// Whether a cursor can be used here; the revision behind which to go on, if so.
pub(super) fn usable(cursor: &Cursor, head: &Head) -> Result<Rev, Unusable> {
    match cursor {
        Cursor::Beginning => Ok(0),
        Cursor::At(epoch, _) if *epoch != head.epoch => Err(Unusable::OtherEpoch),
        Cursor::At(_, rev) if *rev > head.rev => Err(Unusable::Future),
        // Who knows nothing yet misses no deletion.
        Cursor::At(_, rev) if *rev < head.min_rev && *rev > 0 => Err(Unusable::Compacted),
        Cursor::At(_, rev) => Ok(*rev),
    }
}

/// The refusal of a cursor.
pub(super) fn gone(reason: Unusable) -> Refusal {
    Refusal::new(StatusCode::GONE, "gone").with(move |body| body.reason = Some(reason))
}

/// Where a stream stands.
pub(super) struct Watching {
    server: Arc<Server>,
    who: Identity,
    good: Good,
    epoch: Epoch,
    at: Rev,
    /// Since when that is more than the feed holds.
    ahead: Option<Instant>,
    /// Read but not sent: at most what one reading brings.
    ready: std::vec::IntoIter<Frame>,
    /// What is being read for a client that is further back than the ring, and the newest revision when it was asked for.
    fetching: Option<(Rev, Fetching)>,
    greeted: bool,
    next_sync: Instant,
    until: Instant,
    /// When the hub had nothing more for us.
    caught_up: Option<u64>,
    seat: Seat,
    /// Rings when there is something to do although nothing has moved.
    alarm: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

/// Frames that are being read; why the cursor became unusable, or nothing when the store does not answer.
type Fetching = Pin<Box<dyn Future<Output = Result<Vec<Frame>, Option<Unusable>>> + Send>>;

impl Drop for Watching {
    fn drop(&mut self) {
        self.server.metrics.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Stream for Watching {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.poll_bytes(cx)
    }
}

impl Watching {
    pub(super) fn new(server: Arc<Server>, who: Identity, epoch: Epoch, at: Rev) -> Self {
        server.metrics.watchers.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let spread = LIFE.1.saturating_sub(LIFE.0).as_millis() as u64;
        Self {
            seat: server.hub.bell.seat(),
            server,
            who,
            good: Good::default(),
            epoch,
            at,
            ahead: None,
            ready: Vec::new().into_iter(),
            fetching: None,
            greeted: false,
            next_sync: now,
            until: now + LIFE.0 + Duration::from_millis(secret::spread(spread)),
            caught_up: None,
            alarm: None,
            ended: false,
        }
    }

    /// The next bytes of the stream. Ten thousand of these are woken by one event, so the usual way takes no lock that it can do
    /// without, makes nothing and moves nothing.
    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if !self.greeted {
            self.greeted = true;
            return Poll::Ready(Some(format!("retry: {}\n\n", retry()).into()));
        }
        // Before anything is looked at, so that nothing is missed.
        self.seat.take(cx.waker());
        loop {
            // Rights are looked at whenever something is about to be sent, also when it was read before.
            if !self
                .server
                .gate
                .still(&self.who, self.server.clock.now(), &mut self.good)
            {
                return self.bye(Parting::Revoked);
            }
            if self.server.is_draining() {
                return self.bye(Parting::Drain);
            }
            let now = Instant::now();
            if now >= self.until {
                return self.bye(Parting::Age);
            }
            if let Some(frame) = self.ready.next() {
                self.at = frame.rev;
                return Poll::Ready(Some(frame.bytes));
            }
            if let Some((upto, fetching)) = &mut self.fetching {
                let fetched = ready!(fetching.as_mut().poll(cx));
                let upto = *upto;
                self.fetching = None;
                match fetched {
                    Ok(frames) if frames.is_empty() => self.at = upto,
                    Ok(frames) => self.ready = frames.into_iter(),
                    Err(Some(reason)) => return self.reset(reason),
                    Err(None) => ready!(self.wait(cx, now + PATIENCE)),
                }
                continue;
            }
            let turn = self.server.hub.turn();
            if self.caught_up == Some(turn) && now < self.next_sync {
                let wake = self.next_sync.min(self.until).min(self.expiry(now));
                ready!(self.wait(cx, wake));
                continue;
            }
            let Some(head) = self.server.hub.head() else {
                ready!(self.wait(cx, now + PATIENCE));
                continue;
            };
            if head.epoch != self.epoch {
                return self.reset(Unusable::OtherEpoch);
            }
            if self.at > head.rev {
                // Another replica, or a page, told the client of a revision that this server's own feed is about to read.
                let since = *self.ahead.get_or_insert(now);
                if now.duration_since(since) >= AHEAD && self.server.hub.fresh() {
                    return self.reset(Unusable::Future);
                }
                self.server.hub.wake();
                ready!(self.wait(cx, now + PATIENCE));
                continue;
            }
            self.ahead = None;
            if self.at < head.rev {
                match self.server.hub.next(self.at, head.rev) {
                    Next::Frame(frame) => {
                        self.at = frame.rev;
                        return Poll::Ready(Some(frame.bytes));
                    }
                    Next::Nothing => self.at = head.rev,
                    // On a heap of its own, which is gone when it has caught up: most streams never need it.
                    Next::Gone => {
                        let fetching = fetch(Arc::clone(&self.server), self.epoch.clone(), self.at);
                        self.fetching = Some((head.rev, Box::pin(fetching)));
                    }
                }
                continue;
            }
            self.caught_up = Some(turn);
            if now >= self.next_sync {
                self.next_sync = now + Duration::from_secs(u64::from(SYNC_SECONDS));
                return Poll::Ready(Some(self.sync(&head)));
            }
        }
    }

    /// Waits until a moment; the alarm is set anew only when it is another one than the last.
    fn wait(&mut self, cx: &mut Context<'_>, until: Instant) -> Poll<()> {
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if alarm.deadline() != until {
            alarm.as_mut().reset(until);
        }
        alarm.as_mut().poll(cx)
    }

    fn expiry(&self, now: Instant) -> Instant {
        match self.who.expires {
            Some(expires) => {
                let left = expires.duration_since(self.server.clock.now());
                now + Duration::try_from(left).unwrap_or_default()
            }
            None => self.until,
        }
    }

    fn sync(&self, head: &Head) -> Bytes {
        if !self.server.hub.fresh() {
            // The line is alive, but nobody knows whether this is everything.
            return Bytes::from_static(b": waiting for the store\n\n");
        }
        let sync = Sync {
            head: head.rev,
            time: self.server.clock.now(),
            kinds: head.kinds.clone(),
        };
        event(EventName::Sync, Some(&Cursor::At(head.epoch.clone(), head.rev)), &sync)
    }

    fn reset(&mut self, reason: Unusable) -> Poll<Option<Bytes>> {
        self.ended = true;
        Poll::Ready(Some(event(EventName::Reset, None, &Reset { reason })))
    }

    fn bye(&mut self, reason: Parting) -> Poll<Option<Bytes>> {
        self.ended = true;
        let retry_ms = retry();
        Poll::Ready(Some(event(EventName::Bye, None, &Bye { reason, retry_ms })))
    }
}

/// What comes next from the store, for who is further back than the ring; why the cursor became unusable, or nothing when
/// the store does not answer.
async fn fetch(server: Arc<Server>, epoch: Epoch, at: Rev) -> Result<Vec<Frame>, Option<Unusable>> {
    let ask = Ask {
        after: at,
        rows: BEHIND_ROWS,
        bytes: BEHIND_BYTES,
        kinds: Vec::new(),
    };
    let page = server.store.page(ask).await.map_err(|trouble| {
        tracing::warn!(why = %trouble, "a stream waits for the store");
        None
    })?;
    usable(&Cursor::At(epoch, at), &page.head).map_err(Some)?;
    Ok(frames(&page.head, &page.rows))
}

fn retry() -> u32 {
    let ms = RETRY_MS.0 + secret::spread(RETRY_MS.1 - RETRY_MS.0);
    u32::try_from(ms).unwrap_or(u32::MAX)
}

fn event(name: EventName, id: Option<&Cursor>, data: &impl serde::Serialize) -> Bytes {
    let mut out = format!("event: {}\n", name.as_str());
    if let Some(id) = id {
        out += &format!("id: {id}\n");
    }
    out += "data: ";
    out += &serde_json::to_string(data).unwrap_or_default();
    out += "\n\n";
    out.into()
}
