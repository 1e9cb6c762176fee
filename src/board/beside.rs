//! Work that all processors share. It must not know what the work is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does something with every piece, on all processors: each thread makes itself ready once and takes the next piece when it is done with
/// one, so that a thread that comes late costs little. The results stand in the order of the pieces; nothing comes back when
/// one of them gave nothing.
pub(super) fn each<'p, P: Sync, R: Send, T>(
    pieces: &'p [P],
    ready: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, &'p P) -> Option<R> + Sync,
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
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let others = threads.min(pieces.len()).saturating_sub(1);
    let mut parts = std::thread::scope(|scope| {
        let started: Vec<_> = (0..others)
            .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, take).ok())
            .collect();
        // Whoever gets no thread is not missed: this one takes whatever is left.
        let mut parts = take();
        for thread in started {
            match thread.join() {
                Ok(part) => parts.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    });
    parts.sort_unstable_by_key(|(at, _)| *at);
    (parts.len() == pieces.len()).then(|| parts.into_iter().map(|(_, done)| done).collect())
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
