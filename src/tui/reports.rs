//! How news from other threads reach the loop: a bell that is rung, and a box that is emptied when it was.
//!
//! A ring is not a message, so a slow loop finds one merged report, never a queue of them. It must not know what a report holds.

use std::future::pending;
use tokio::sync::mpsc;

/// Where reports come from.
pub struct Reports<R> {
    bell: mpsc::Receiver<()>,
    take: Box<dyn FnMut() -> Option<R>>,
    /// Nobody will ring any more.
    silent: bool,
}

/// Tells the loop that a report can be taken; callable from any thread, any number of times.
#[derive(Clone, Debug)]
pub struct ReportBell(mpsc::Sender<()>);

impl ReportBell {
    /// Rings; ringing twice before anybody came is ringing once.
    pub fn ring(&self) {
        // Full means that the loop has yet to come; closed, that it never will.
        let _ = self.0.try_send(());
    }
}

/// A bell and the ear for it, made before what rings it.
pub fn report_bell() -> (ReportBell, mpsc::Receiver<()>) {
    let (sender, receiver) = mpsc::channel(1);
    (ReportBell(sender), receiver)
}

impl<R> Reports<R> {
    /// Reports that `take` gives out, newest first merged, whenever the bell rings.
    pub fn new(bell: mpsc::Receiver<()>, take: impl FnMut() -> Option<R> + 'static) -> Self {
        Self {
            bell,
            take: Box::new(take),
            silent: false,
        }
    }

    /// No reports, ever.
    pub fn none() -> Self {
        let (_, bell) = report_bell();
        Self::new(bell, || None)
    }

    /// The next report; never, when nobody rings any more.
    pub(super) async fn next(&mut self) -> Option<R> {
        loop {
            if self.silent {
                return pending().await;
            }
            match self.bell.recv().await {
                Some(()) => return (self.take)(),
                None => self.silent = true,
            }
        }
    }
}
