//! The place where a link leaves its newest report: a slow reader finds one report with everything in it, never a queue.

use super::Report;
use crate::board::Delta;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(super) struct Mailbox {
    slot: Mutex<Option<Report>>,
    closed: AtomicBool,
}

impl Mailbox {
    /// Leaves a report, merged with one that was not taken; true when the box was empty before.
    pub(super) fn put(&self, mut report: Report) -> bool {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = slot.take();
        let was_empty = earlier.is_none();
        if let Some(earlier) = earlier {
            let later = std::mem::take::<Delta>(&mut report.delta);
            report.delta = earlier.delta.merge(later);
            report.found = report.found.or(earlier.found);
        }
        *slot = Some(report);
        was_empty
    }

    pub(super) fn take(&self) -> Option<Report> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}
