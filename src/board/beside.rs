//! Work that all processors share. It must not know what the work is.
//!
//! A key is answered within a few milliseconds, and a kernel may leave a thread that was just woken beside the one that woke it for as long,
//! on one processor while another has nothing to do: the work would take as long as without it. So the helping threads stay, and are
//! told each time which processor is taken.

use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a thread that is done looks out for the others before it sleeps until they are: pieces are so small that all are done at
/// about the same time, and a machine that others use as well may take milliseconds to wake who sleeps.
const LOOK_OUT: Duration = Duration::from_micros(500);

/// Does something with every piece, on all processors: each thread makes itself ready once and takes the next piece when it is done with
/// one, so that a thread that comes late costs little. The results stand in the order of the pieces; nothing comes back when
/// one of them gave nothing.
pub(super) fn each<'p, P: Sync, R: Send, T>(
    pieces: &'p [P],
    ready: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &'p P) -> Option<R> + Sync,
) -> Option<Vec<R>> {
    among(pieces, ready, work, Helped::ByHelpers)
}

/// The same with threads of its own, for what takes longer than a key may: the helpers stay free for keys.
pub(crate) fn each_apart<'p, P: Sync, R: Send, T>(
    pieces: &'p [P],
    ready: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &'p P) -> Option<R> + Sync,
) -> Option<Vec<R>> {
    among(pieces, ready, work, Helped::ByNewThreads)
}

/// Whose help a piece of work gets.
enum Helped {
    ByHelpers,
    ByNewThreads,
}

fn among<'p, P: Sync, R: Send, T>(
    pieces: &'p [P],
    ready: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &'p P) -> Option<R> + Sync,
    helped: Helped,
) -> Option<Vec<R>> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut thread = ready();
        let mut out = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(at) else { return out };
            let Some(done) = work(&mut thread, piece) else {
                // The others need not go on either.
                next.store(pieces.len(), Ordering::Relaxed);
                return out;
            };
            out.push((at, done));
        }
    };
    let others = processors().min(pieces.len()).saturating_sub(1);
    let mut parts = match helped {
        _ if others == 0 => take(),
        Helped::ByHelpers => together(others, take),
        Helped::ByNewThreads => new_threads(others, take),
    };
    parts.sort_unstable_by_key(|(at, _)| *at);
    (parts.len() == pieces.len()).then(|| parts.into_iter().map(|(_, done)| done).collect())
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What this thread and so many others make of the same work.
fn together<R: Send>(others: usize, work: impl Fn() -> Vec<R> + Sync) -> Vec<R> {
    match Helpers::free() {
        Some(helpers) => helpers.and_this(others, work),
        None => new_threads(others, work),
    }
}

/// The same with threads that are started for it.
fn new_threads<R: Send>(others: usize, work: impl Fn() -> Vec<R> + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..others)
            .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, &work).ok())
            .collect();
        // Whoever gets no thread is not missed: this one takes whatever is left.
        let mut parts = work();
        for thread in started {
            match thread.join() {
                Ok(part) => parts.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    })
}

/// Threads that stay, one less than processors; they sleep while nobody needs them.
struct Helpers {
    pool: ThreadPool,
    seats: &'static Mutex<seat::Seats>,
}

impl Helpers {
    /// The helpers, when nobody else has them: a long piece of work must not keep a key waiting.
    fn free() -> Option<MutexGuard<'static, Self>> {
        static SEATS: Mutex<seat::Seats> = Mutex::new(seat::Seats::new());
        static HELPERS: OnceLock<Option<Mutex<Helpers>>> = OnceLock::new();
        let helpers = HELPERS.get_or_init(|| {
            let pool = ThreadPoolBuilder::new()
                .num_threads(processors().saturating_sub(1).max(1))
                .thread_name(|at| format!("beside-{at}"))
                .start_handler(|_| {
                    let mut seats = SEATS.lock().unwrap_or_else(PoisonError::into_inner);
                    seats.take_one();
                })
                .build();
            let seats = &SEATS;
            pool.ok().map(|pool| Mutex::new(Self { pool, seats }))
        });
        match helpers.as_ref()?.try_lock() {
            Ok(free) => Some(free),
            // What panicked was somebody's work, not the helpers.
            Err(std::sync::TryLockError::Poisoned(free)) => Some(free.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }

    fn and_this<R: Send>(&self, others: usize, work: impl Fn() -> Vec<R> + Sync) -> Vec<R> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).keep_away();
        let parts = Mutex::new(Vec::new());
        let add = |part: Vec<R>| parts.lock().unwrap_or_else(PoisonError::into_inner).extend(part);
        let under_way = AtomicUsize::new(others);
        self.pool.in_place_scope(|scope| {
            for _ in 0..others {
                scope.spawn(|_| {
                    add(work());
                    under_way.fetch_sub(1, Ordering::Release);
                });
            }
            add(work());
            let done = Instant::now();
            while under_way.load(Ordering::Acquire) > 0 && done.elapsed() < LOOK_OUT {
                std::hint::spin_loop();
            }
            // Whoever is done says so to the pool a moment later.
            (0..64).for_each(|_| std::hint::spin_loop());
        });
        parts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where threads run.
#[cfg(target_os = "linux")]
mod seat {
    use rustix::thread::{CpuSet, Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// Threads that are told where to run.
    pub(super) struct Seats {
        threads: Vec<Pid>,
        /// Where they were last told to.
        told: Option<CpuSet>,
    }

    impl Seats {
        pub(super) const fn new() -> Self {
            Self {
                threads: Vec::new(),
                told: None,
            }
        }

        /// One more, this thread's.
        pub(super) fn take_one(&mut self) {
            self.threads.push(gettid());
            self.told = None;
        }

        /// Keeps the threads away from the processor of this one, if they may run on another. It is advice: where it is not taken, all
        /// go on as they are.
        pub(super) fn keep_away(&mut self) {
            let Ok(mut allowed) = sched_getaffinity(None) else {
                return;
            };
            allowed.unset(sched_getcpu());
            // To tell a thread takes longer than to ask: mostly this one has stayed where it was.
            if allowed.count() == 0 || self.told == Some(allowed) {
                return;
            }
            for thread in &self.threads {
                let _ = sched_setaffinity(Some(*thread), &allowed);
            }
            self.told = Some(allowed);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod seat {
    pub(super) struct Seats;

    impl Seats {
        pub(super) const fn new() -> Self {
            Self
        }

        pub(super) fn take_one(&mut self) {}

        pub(super) fn keep_away(&mut self) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_pieces_and_one_that_gives_nothing_ends_all() {
        let pieces: Vec<u32> = (0..10_000).collect();
        let twice = each(&pieces, || 0_u32, |_, piece| Some(2 * piece));
        assert_eq!(twice, Some((0..20_000).step_by(2).collect()));
        let looked_at = AtomicUsize::new(0);
        let second = |piece: &u32| {
            looked_at.fetch_add(1, Ordering::Relaxed);
            (*piece != 1).then_some(())
        };
        assert_eq!(each(&pieces, || (), |(), piece| second(piece)), None);
        let looked_at = looked_at.load(Ordering::Relaxed);
        assert!(looked_at < pieces.len(), "all of them were gone through");
        assert_eq!(each(&[] as &[u32], || (), |(), piece| Some(*piece)), Some(Vec::new()));
    }

    /// Whoever comes while the helpers are at work waits for nobody.
    #[test]
    fn work_within_work_is_done() {
        let pieces: Vec<u32> = (0..64).collect();
        let sums = each(
            &pieces,
            || (),
            |(), piece| {
                let inner = each(&pieces, || (), |(), other| Some(piece * other))?;
                Some(inner.iter().sum::<u32>())
            },
        );
        assert_eq!(sums, Some(pieces.iter().map(|piece| piece * 63 * 32).collect()));
    }

    #[test]
    fn a_panic_of_any_thread_is_the_callers_and_the_next_work_is_done() {
        let pieces: Vec<u32> = (0..1_000).collect();
        for _ in 0..8 {
            let broken = std::panic::catch_unwind(|| {
                each(
                    &pieces,
                    || (),
                    |(), piece| {
                        assert_ne!(*piece, 700);
                        Some(*piece)
                    },
                )
            });
            assert!(broken.is_err(), "a panic is lost");
            assert_eq!(each(&pieces, || (), |(), piece| Some(*piece)), Some(pieces.clone()));
        }
    }

    /// Two pieces that wait for each other are both under way, whoever helps.
    #[test]
    fn threads_work_at_the_same_time() {
        let all = processors().min(2);
        for apart in [false, true] {
            let at_work = AtomicUsize::new(0);
            let wait = |(): &mut (), (): &()| {
                at_work.fetch_add(1, Ordering::SeqCst);
                let began = std::time::Instant::now();
                while at_work.load(Ordering::SeqCst) < all && began.elapsed() < std::time::Duration::from_secs(20) {
                    std::thread::yield_now();
                }
                Some(at_work.load(Ordering::SeqCst))
            };
            let met = match apart {
                false => each(&[(), ()], || (), wait),
                true => each_apart(&[(), ()], || (), wait),
            };
            assert!(
                met.is_some_and(|met| met.iter().all(|met| *met >= all)),
                "apart: {apart}"
            );
        }
    }

    #[test]
    fn every_thread_is_made_ready_once() {
        let readied = AtomicUsize::new(0);
        let pieces = [(); 1000];
        let made = each(
            &pieces,
            || readied.fetch_add(1, Ordering::Relaxed),
            |mine, ()| Some(*mine),
        );
        let threads = readied.load(Ordering::Relaxed);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        assert!((1..=processors).contains(&threads), "{threads}");
        assert!(made.is_some_and(|made| made.iter().all(|mine| *mine < threads)));
    }
}
