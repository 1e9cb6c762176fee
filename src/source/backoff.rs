//! How long to wait before trying again; pure.

use std::time::Duration;

/// No wait is shorter: a server that has just gone must not be asked in a tight loop.
const SHORTEST: Duration = Duration::from_millis(200);
/// A server may not ask for a longer pause than this.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// Doubling waits with full jitter: after an outage a hundred clients do not come back at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
    first: Duration,
    longest: Duration,
}

impl Backoff {
    /// Waits of at most `first` after the first failure, and never longer than `longest` unless the server asks for it.
    pub fn new((first, longest): (Duration, Duration)) -> Self {
        Self {
            failures: 0,
            first,
            longest,
        }
    }

    /// The wait after one more failure: `random` picks it between the shortest and the bound; what the server asked for
    /// (`Retry-After`) is the floor.
    pub fn wait(&mut self, random: u64, asked: Option<Duration>) -> Duration {
        let bound = self.first.saturating_mul(1 << self.failures.min(16)).min(self.longest);
        let shortest = SHORTEST.min(self.first);
        self.failures = self.failures.saturating_add(1);
        let share = (random >> 11) as f64 / (1u64 << 53) as f64;
        let jittered = shortest + (bound - shortest).mul_f64(share);
        jittered.max(asked.unwrap_or_default().min(LONGEST_ASKED))
    }

    /// It worked: the next failure is the first again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew_after_success() {
        let mut backoff = Backoff::new((Duration::from_secs(1), Duration::from_secs(30)));
        let waits: Vec<u64> = (0..7)
            .map(|_| backoff.wait(u64::MAX, None).as_millis() as u64)
            .collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.wait(0, None), SHORTEST);
    }

    #[test]
    fn what_the_server_asks_for_is_the_floor() {
        let mut backoff = Backoff::new((Duration::from_secs(1), Duration::from_secs(30)));
        assert_eq!(backoff.wait(0, Some(Duration::from_secs(90))), Duration::from_secs(90));
        assert_eq!(backoff.wait(0, Some(Duration::from_secs(1 << 40))), LONGEST_ASKED);
    }
}
