//! One stream: what it sends next is worked out when the connection has room for it, so nothing waits in a queue.

use super::Server;
use super::access::Identity;
use super::answer::Refusal;
use super::hub::{Frame, frames};
use super::secret;
use super::store::{Ask, Head};
use crate::contract::feed::{Bye, Cursor, Epoch, EventName, Parting, Reset, Rev, SYNC_SECONDS, Sync, Unusable};
use bytes::Bytes;
use futures_util::Stream;
use hyper::StatusCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Shortest and longest life of a stream: load spreads anew between servers, and nobody holds a connection for ever.
const LIFE: (Duration, Duration) = (Duration::from_secs(30 * 60), Duration::from_secs(60 * 60));
/// A client comes back after between 1 and 5 seconds, so that not all of them come at once.
const RETRY_MS: (u64, u64) = (1_000, 5_000);
/// Rows and bytes read at once for a client that is further back than the ring.
const BEHIND_ROWS: usize = 200;
const BEHIND_BYTES: usize = 64 << 10;
/// How long a stream waits for a store that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

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
    epoch: Epoch,
    at: Rev,
    /// Read but not sent: at most what one reading brings.
    ready: std::vec::IntoIter<Frame>,
    greeted: bool,
    next_sync: Instant,
    until: Instant,
    moved: watch::Receiver<u64>,
    ended: bool,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.server.metrics.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watching {
    pub(super) fn new(server: Arc<Server>, who: Identity, epoch: Epoch, at: Rev) -> Self {
        server.metrics.watchers.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let spread = LIFE.1.saturating_sub(LIFE.0).as_millis() as u64;
        Self {
            moved: server.hub.moved.subscribe(),
            server,
            who,
            epoch,
            at,
            ready: Vec::new().into_iter(),
            greeted: false,
            next_sync: now,
            until: now + LIFE.0 + Duration::from_millis(secret::spread(spread)),
            ended: false,
        }
    }

    /// The bytes of the stream, as they are asked for.
    pub(super) fn stream(self) -> impl Stream<Item = Bytes> + Send {
        futures_util::stream::unfold(self, |mut watching| async move {
            let bytes = watching.next().await?;
            Some((bytes, watching))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if !self.greeted {
            self.greeted = true;
            return Some(format!("retry: {}\n\n", retry()).into());
        }
        loop {
            self.moved.mark_unchanged();
            // Rights are looked at whenever something is about to be sent, also when it was read before.
            if !self.server.gate.still(&self.who, self.server.clock.now()) {
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
                return Some(frame.bytes);
            }
            let Some(head) = self.server.hub.head() else {
                tokio::time::sleep(PATIENCE).await;
                continue;
            };
            if head.epoch != self.epoch {
                return self.reset(Unusable::OtherEpoch);
            }
            if self.at > head.rev {
                return self.reset(Unusable::Future);
            }
            if self.at < head.rev {
                let fetched = match self.server.hub.between(self.at, head.rev, BEHIND_BYTES) {
                    Some(frames) => Ok(frames),
                    // On a heap of its own, which is gone when it has caught up: most streams never need it.
                    None => Box::pin(self.fetch()).await,
                };
                match fetched {
                    Ok(frames) if frames.is_empty() => self.at = head.rev,
                    Ok(frames) => self.ready = frames.into_iter(),
                    Err(Some(reason)) => return self.reset(reason),
                    Err(None) => tokio::time::sleep(PATIENCE).await,
                }
                continue;
            }
            if now >= self.next_sync {
                self.next_sync = now + Duration::from_secs(u64::from(SYNC_SECONDS));
                return Some(self.sync(&head));
            }
            let wake = self.next_sync.min(self.until).min(self.expiry(now));
            tokio::select! {
                _ = self.moved.changed() => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
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

    /// What comes next from the store, for who is further back than the ring; why the cursor became unusable, or nothing when
    /// the store does not answer.
    async fn fetch(&self) -> Result<Vec<Frame>, Option<Unusable>> {
        let ask = Ask {
            after: self.at,
            rows: BEHIND_ROWS,
            bytes: BEHIND_BYTES,
            kinds: Vec::new(),
        };
        let page = self.server.store.page(ask).await.map_err(|trouble| {
            tracing::warn!(why = %trouble, "a stream waits for the store");
            None
        })?;
        usable(&Cursor::At(self.epoch.clone(), self.at), &page.head).map_err(Some)?;
        Ok(frames(&page.head, &page.rows))
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

    fn reset(&mut self, reason: Unusable) -> Option<Bytes> {
        self.ended = true;
        Some(event(EventName::Reset, None, &Reset { reason }))
    }

    fn bye(&mut self, reason: Parting) -> Option<Bytes> {
        self.ended = true;
        Some(event(
            EventName::Bye,
            None,
            &Bye {
                reason,
                retry_ms: retry(),
            },
        ))
    }
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
