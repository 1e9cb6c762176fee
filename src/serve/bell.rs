//! Wakes every stream at once: each has a seat, and its waker lies there as long as it lives.
//!
//! A general channel takes a waker with every wait and hands it out with every message, each time under a lock and each time through
//! the memory of the stream. Here the wakers lie side by side, and a stream that waits again has nothing to do for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

#[derive(Default)]
struct Seats {
    wakers: Vec<Option<Waker>>,
    /// Seats nobody has.
    free: Vec<usize>,
}

/// What is rung.
#[derive(Clone, Default)]
pub(super) struct Bell(Arc<Mutex<Seats>>);

impl Bell {
    fn seats(&self) -> std::sync::MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everybody. Whoever has taken a seat before and looks afterwards misses nothing.
    pub(super) fn ring(&self) {
        // A task that is woken is put into a queue; nothing of it runs here.
        self.seats().wakers.iter().flatten().for_each(Waker::wake_by_ref);
    }

    /// A seat.
    pub(super) fn seat(&self) -> Seat {
        let mut seats = self.seats();
        let at = seats.free.pop().unwrap_or_else(|| {
            seats.wakers.push(None);
            seats.wakers.len() - 1
        });
        drop(seats);
        Seat {
            bell: self.clone(),
            at,
            waker: None,
        }
    }
}

/// The place of one stream.
pub(super) struct Seat {
    bell: Bell,
    at: usize,
    /// The waker that lies there.
    waker: Option<Waker>,
}

impl Seat {
    /// From now on this one is woken; it mostly is the one that lies there.
    pub(super) fn take(&mut self, waker: &Waker) {
        if self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            return;
        }
        self.put(Some(waker.clone()));
        self.waker = Some(waker.clone());
    }

    fn put(&self, waker: Option<Waker>) {
        let mut seats = self.bell.seats();
        if waker.is_none() {
            seats.free.push(self.at);
        }
        let before = seats.wakers.get_mut(self.at).map(|seat| std::mem::replace(seat, waker));
        // The last waker may be the last of its task, which must not end while everybody else waits.
        drop(seats);
        drop(before);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.put(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn everybody_on_a_seat_is_woken_each_time_and_seats_are_taken_again() {
        let bell = Bell::default();
        let counts: Vec<Arc<Count>> = std::iter::repeat_with(Arc::default).take(5).collect();
        let mut seats: Vec<Seat> = counts.iter().map(|_| bell.seat()).collect();
        bell.ring();
        for (seat, count) in seats.iter_mut().zip(&counts) {
            let waker = Waker::from(Arc::clone(count));
            seat.take(&waker);
            seat.take(&waker);
        }
        bell.ring();
        bell.ring();
        let told = || -> Vec<usize> { counts.iter().map(|count| count.0.load(Ordering::Relaxed)).collect() };
        assert_eq!(told(), [2; 5]);
        // Who has left is woken no more, and nothing is kept of it.
        drop(seats.remove(1));
        seats[0].take(&Waker::from(Arc::clone(&counts[1])));
        bell.ring();
        assert_eq!(told(), [2, 3, 3, 3, 3]);
        drop(seats);
        bell.ring();
        assert_eq!(told(), [2, 3, 3, 3, 3]);
        assert!(counts.iter().all(|count| Arc::strong_count(count) == 1));
        let again: Vec<Seat> = (0..5).map(|_| bell.seat()).collect();
        assert_eq!(bell.seats().wakers.len(), again.len());
    }
}
