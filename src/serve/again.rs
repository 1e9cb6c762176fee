//! The same question again: who polls sends the same bytes every time, and while the store has not moved, the answer is the same.
//!
//! The first time a question goes the long way, through the parser and the router, and its answer comes from there. The bytes of
//! both are remembered for as long as their connection lives. When the very same bytes come where a request begins, nothing of
//! them need be understood anew; what may have changed since is asked again every time: whether the token is still good, whether
//! its budget is spent, where the store stands. Everything else goes the long way.
//!
//! ```text
//! wire: took(bytes) ── the bytes remembered? ── yes: answered from memory; the parser hears nothing of it
//!                                            └─ no:  they are the parser's; `understood` and `answered` may remember them
//! ```
//!
//! Where a request begins only the parser knows: it tells by asking for a timer, which it does once all it wrote is sent. A connection
//! on which requests come in pieces, or several at once, or with a body, goes the long way to its end.

use super::answer::Coding;
use super::tag::Tag;
use super::{Server, secret};
use crate::clock::Clock;
use bytes::Bytes;
use hyper::StatusCode;
use hyper::rt::{Sleep, Timer};
use std::fs::File;
use std::net::IpAddr;
use std::ops::Range;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

/// Headers must be there within this time; an idle connection is kept no longer either.
pub(super) const HEADERS: Duration = Duration::from_secs(10);

/// Bytes of a question that are remembered at most, and of the head of its answer.
const QUESTION: usize = 1 << 10;
/// How every question begins that may be remembered.
const BEGINS: &[u8] = b"GET /v1/document HTTP/1.1\r\n";
/// What stands before the two values of an answer that are never the same.
const NUMBER: &[u8] = b"\r\nx-request-id: ";
const DATE: &[u8] = b"\r\ndate: ";

/// What was understood of a question: everything its answer depends on, besides what is asked again every time.
pub(super) struct Question {
    /// The hash of the token it shows, if it shows one.
    pub(super) who: Option<[u8; 32]>,
    /// The version it is answered from.
    pub(super) tag: Arc<Tag>,
    pub(super) coding: Coding,
    pub(super) status: StatusCode,
}

/// A question, and the head of its answer, byte by byte.
struct Known {
    asked: Vec<u8>,
    question: Question,
    head: Vec<u8>,
    number: Range<usize>,
    date: Range<usize>,
    /// The second the date was written for.
    second: i64,
}

impl Known {
    /// Remembers an answer; nothing when it is not of the usual shape.
    fn new(asked: Vec<u8>, question: Question, head: &[u8]) -> Option<Self> {
        let begins = format!("HTTP/1.1 {} ", question.status.as_str());
        if !head.starts_with(begins.as_bytes()) || head.len() > QUESTION || !is_one_head(head) {
            return None;
        }
        let value = |name: &[u8]| {
            let from = memchr::memmem::find(head, name)? + name.len();
            Some(from..from + memchr::memchr(b'\r', head.get(from..)?)?)
        };
        let (number, date) = (value(NUMBER)?, value(DATE)?);
        Some(Self {
            asked,
            question,
            head: head.to_vec(),
            number,
            date,
            second: i64::MIN,
        })
    }

    /// Writes the values that are new every time; nothing when they no longer fit.
    fn renew(&mut self) -> Option<()> {
        let put = |head: &mut [u8], at: &Range<usize>, value: &[u8]| {
            let to = head.get_mut(at.clone()).filter(|to| to.len() == value.len())?;
            to.copy_from_slice(value);
            Some(())
        };
        put(&mut self.head, &self.number, &secret::digits())?;
        let now = Clock::System.now();
        if now.as_second() != self.second {
            let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
            put(&mut self.head, &self.date, date.ok()?.as_bytes())?;
            self.second = now.as_second();
        }
        Some(())
    }
}

/// True for bytes that are the head of one message, to its last byte: the first empty line is their end.
fn is_one_head(bytes: &[u8]) -> bool {
    let mut lines = memchr::memchr_iter(b'\n', bytes);
    let empty = |at: &usize| matches!(bytes.get(at + 1..), Some([b'\n', ..] | [b'\r', b'\n', ..]));
    // Any line break counts that a parser may take for one, not only the right one.
    lines.find(empty).is_some_and(|at| bytes.get(at + 1..) == Some(b"\r\n")) && !matches!(bytes, [b'\r' | b'\n', ..])
}

/// A body that follows an answer: the file it lies in, and the same bytes in our memory.
pub(super) type Filed = (Arc<File>, Bytes);

/// What the wire, the parser's timer and the router know of one connection.
pub(super) struct Talk {
    peer: IpAddr,
    state: Mutex<State>,
}

struct State {
    /// The parser waits for a request, and has no byte of it.
    waiting: bool,
    /// Where a request begins can no longer be told.
    lost: bool,
    /// An answer from memory is being sent.
    sending: bool,
    /// The question the parser has, and what was understood of it.
    learning: Option<(Vec<u8>, Option<Question>)>,
    known: Option<Known>,
    /// Until when the next request must be there.
    deadline: Instant,
    /// Ends the wait; kept from one request to the next.
    alarm: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Talk {
    pub(super) fn new(peer: IpAddr) -> Arc<Self> {
        Arc::new(Self {
            peer,
            state: Mutex::new(State {
                waiting: false,
                lost: false,
                sending: false,
                learning: None,
                known: None,
                deadline: Instant::now() + HEADERS,
                alarm: None,
            }),
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wire took some bytes. Puts the head of the answer into `out` when it is known, and says what follows it; nothing when
    /// the bytes are the parser's.
    pub(super) fn took(&self, server: &Server, bytes: &[u8], out: &mut Vec<u8>) -> Option<Option<Filed>> {
        let mut state = self.state();
        if state.lost || bytes.is_empty() {
            return None;
        }
        if !state.waiting {
            state.lose();
            return None;
        }
        let began = Instant::now();
        if let Some(known) = state.known.as_mut().filter(|known| known.asked == bytes)
            && let Some(body) = server.again(known, self.peer)
        {
            out.clear();
            out.extend_from_slice(&known.head);
            server.metrics.count(
                super::route::Route::Document.name(),
                known.question.status,
                began.elapsed(),
            );
            server.metrics.again.fetch_add(1, Ordering::Relaxed);
            state.deadline = began + HEADERS;
            state.sending = true;
            return Some(body);
        }
        state.waiting = false;
        if !is_one_head(bytes) {
            state.lose();
        } else if bytes.len() <= QUESTION && bytes.starts_with(BEGINS) {
            state.learning = Some((bytes.to_vec(), None));
        }
        None
    }

    /// The answer from memory is sent.
    pub(super) fn sent(&self) {
        let mut state = self.state();
        state.sending = false;
        state.deadline = Instant::now() + HEADERS;
    }

    /// The router has the request that the parser was given last, and this is what it means, if it may be remembered.
    pub(super) fn understood(&self, question: Option<Question>) {
        let mut state = self.state();
        state.learning = state
            .learning
            .take()
            .zip(question)
            .map(|((asked, _), question)| (asked, Some(question)));
    }

    /// The parser writes an answer that begins with these bytes.
    pub(super) fn answered(&self, head: &[u8]) {
        let mut state = self.state();
        if let Some((asked, Some(question))) = state.learning.take() {
            state.known = Known::new(asked, question, head);
        }
    }
}

impl State {
    fn lose(&mut self) {
        (self.lost, self.learning, self.known) = (true, None, None);
    }
}

impl Server {
    /// Answers a question that is known, into its head; what follows it, or nothing when it must go the long way.
    fn again(&self, known: &mut Known, peer: IpAddr) -> Option<Option<Filed>> {
        let Question {
            who,
            tag,
            coding,
            status,
        } = &known.question;
        let head = self.hub.head()?;
        if !tag.is_of(&head) {
            return None;
        }
        let body = match *status {
            StatusCode::OK => Some(self.documents.of(&head)?.filed(tag, *coding)?),
            _ => None,
        };
        let who = *who;
        known.renew()?;
        // The last thing asked: whoever is let in has spent a request.
        let admitted = self.gate.admit_reader(who, peer, self.clock.now())?;
        admitted.is_ok().then_some(body)
    }
}

/// The parser's timer: what it waits for is the next request.
pub(super) struct Patience(pub(super) Arc<Talk>);

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until((Instant::now() + duration).into_std())
    }

    fn sleep_until(&self, deadline: std::time::Instant) -> Pin<Box<dyn Sleep>> {
        let mut state = self.0.state();
        state.deadline = deadline.into();
        state.waiting = true;
        drop(state);
        Box::pin(Waiting(Arc::clone(&self.0)))
    }

    fn now(&self) -> std::time::Instant {
        Instant::now().into_std()
    }
}

/// The wait for the next request; ends when its time is over.
struct Waiting(Arc<Talk>);

impl Sleep for Waiting {}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let state = &mut *self.0.state();
        let mut until = state.deadline;
        let alarm = state
            .alarm
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        // The alarm is not put off for every request: when it rings too early it is set to what is true by then.
        while alarm.as_mut().poll(cx).is_ready() {
            if state.sending {
                // Who takes an answer slowly has the time of answers.
                until = Instant::now() + HEADERS;
            } else if Instant::now() >= until {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(until);
        }
        Poll::Pending
    }
}
