//! A sliding window over an input, which always knows line and column. Knows nothing of JSON but its white space.

use super::{Limits, Stop, input};
use crate::contract::{Place, Problem, What};
use std::cell::Cell;
use std::io::Read;

/// Bytes asked for at a time; a window this size stays in the processor's cache.
const CHUNK: usize = 256 << 10;

/// Buffers kept to be used again.
const SPARE: usize = 8;

/// The part of an input that has been read and not yet used.
pub(super) struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where in the buffer the unused part begins.
    start: usize,
    /// A place in the buffer already worked out: its offset, line and column. The next one asked for mostly follows it.
    known: Cell<(usize, Mark)>,
    /// Place of the buffer's first byte.
    first: Mark,
    /// Bytes before the buffer's first one.
    before: u64,
    max_bytes: u64,
    max_value: usize,
    ended: bool,
    /// Buffers that were used and are not needed.
    spare: Vec<Vec<u8>>,
}

/// Line and column, both from 0; columns count characters.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// A text taken out of the window, and where it began.
pub(super) struct Taken {
    pub(super) text: Vec<u8>,
    pub(super) first: Mark,
    /// Bytes before it.
    pub(super) before: u64,
}

impl Mark {
    /// The mark behind `bytes`.
    pub(super) fn past(self, bytes: &[u8]) -> Self {
        // What follows the last line break decides the column; a continuation byte of UTF-8 is no character of its own.
        let characters = |bytes: &[u8]| bytes.iter().filter(|b| (**b as i8) >= -0x40).count() as u64;
        match memchr::memrchr(b'\n', bytes) {
            None => Self {
                line: self.line,
                column: self.column + characters(bytes),
            },
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', bytes).count() as u64,
                column: characters(bytes.get(last + 1..).unwrap_or_default()),
            },
        }
    }
}

impl<R: Read> Window<R> {
    /// A window at the start of an input, behind its byte-order mark if it has one.
    pub(super) fn new(input: R, limits: &Limits) -> Result<Self, Stop> {
        let mut window = Self {
            input,
            buffer: Vec::new(),
            start: 0,
            known: Cell::default(),
            first: Mark::default(),
            before: 0,
            max_bytes: limits.max_bytes,
            max_value: limits.max_record_bytes,
            ended: false,
            spare: Vec::new(),
        };
        while window.rest().len() < 3 && window.more()? {}
        if window.rest().starts_with(b"\xEF\xBB\xBF") {
            // The mark is not part of the text: columns count from behind it, offsets do not.
            window.buffer.drain(..3);
            window.before = 3;
        }
        Ok(window)
    }

    /// What has been read and not yet used.
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// The first `len` bytes of the rest as text, when they are UTF-8.
    pub(super) fn text(&self, len: usize) -> &str {
        std::str::from_utf8(self.rest().get(..len).unwrap_or_default()).unwrap_or_default()
    }

    /// True when nothing comes after [`Self::rest`].
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Bytes used so far.
    pub(super) fn used(&self) -> u64 {
        self.before + self.start as u64
    }

    /// Uses up `count` bytes of the rest.
    pub(super) fn advance(&mut self, count: usize) {
        self.start = (self.start + count).min(self.buffer.len());
    }

    /// Takes the first `len` bytes of the rest out of the window. The buffer goes with them: what is behind them is less.
    pub(super) fn take(&mut self, len: usize) -> Taken {
        let first = self.mark_at(self.start);
        let before = self.used();
        let end = (self.start + len).min(self.buffer.len());
        let mut next = self.spare.pop().unwrap_or_default();
        next.clear();
        if next.capacity() == 0 {
            next.reserve(self.buffer.capacity());
        }
        next.extend_from_slice(self.buffer.get(end..).unwrap_or_default());
        let mark = self.mark_at(end);
        let mut text = std::mem::replace(&mut self.buffer, next);
        text.truncate(end);
        text.drain(..self.start);
        self.before += end as u64;
        self.start = 0;
        self.first = mark;
        self.known.set((0, mark));
        Taken { text, first, before }
    }

    /// Takes back the room of what was taken.
    pub(super) fn recycle(&mut self, taken: Taken) {
        if self.spare.len() < SPARE {
            self.spare.push(taken.text);
        }
    }

    /// Puts back what was taken last, from `used` bytes into it on, and what was taken after it, in order.
    pub(super) fn give_back(&mut self, taken: Taken, used: usize, later: Vec<Taken>) {
        let mut buffer = taken.text.get(used..).unwrap_or_default().to_vec();
        for taken in later {
            buffer.extend(taken.text);
        }
        buffer.extend_from_slice(self.rest());
        self.first = taken.first.past(taken.text.get(..used).unwrap_or_default());
        self.before = taken.before + used as u64;
        self.buffer = buffer;
        self.start = 0;
        self.known.set((0, self.first));
    }

    /// Reads on; false when the input has ended.
    pub(super) fn more(&mut self) -> Result<bool, Stop> {
        if self.ended {
            return Ok(false);
        }
        if self.rest().len() > self.max_value {
            return Err(self
                .problem(
                    0,
                    What::TooLarge {
                        limit: self.max_value as u64,
                        setting: "source.max_record_bytes".into(),
                    },
                )
                .into());
        }
        let mark = self.mark_at(self.start);
        self.known.set((0, mark));
        self.first = mark;
        self.before += self.start as u64;
        self.buffer.drain(..self.start);
        self.start = 0;
        let old = self.buffer.len();
        // A value longer than the window is met by doubling, so that looking at it again stays linear.
        self.buffer.resize(old + CHUNK.max(old), 0);
        let read = loop {
            match self.input.read(self.buffer.get_mut(old..).unwrap_or_default()) {
                Ok(count) => break count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(old);
                    let problem = input::problem_of(&error);
                    return Err(self.problem(old, problem.what).into());
                }
            }
        };
        self.buffer.truncate(old + read);
        self.ended = read == 0;
        if self.before + self.buffer.len() as u64 > self.max_bytes {
            return Err(input::too_long(self.max_bytes).into());
        }
        Ok(!self.ended)
    }

    /// The next byte that is not white space, which is used up before it; nothing at the end.
    pub(super) fn token(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
            match self.rest().iter().position(|b| !blank(b)) {
                Some(count) => {
                    self.advance(count);
                    return Ok(self.rest().first().copied());
                }
                None => {
                    self.advance(self.rest().len());
                    if !self.more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn mark_at(&self, end: usize) -> Mark {
        let (from, mark) = self.known.get();
        let mark = match self.buffer.get(from..end) {
            Some(between) => mark.past(between),
            // Before the place known: from the line's start on, as long as that is in the buffer.
            None => self.first.past(self.buffer.get(..end).unwrap_or_default()),
        };
        self.known.set((end, mark));
        mark
    }

    /// Place of the byte `offset` bytes into the rest; lines and columns from 1.
    pub(super) fn place(&self, offset: usize) -> Place {
        let mark = self.mark_at((self.start + offset).min(self.buffer.len()));
        Place {
            line: Some(mark.line + 1),
            column: Some(mark.column + 1),
            ..Place::default()
        }
    }

    /// A fatal problem `offset` bytes into the rest.
    pub(super) fn problem(&self, offset: usize, what: What) -> Problem {
        Problem {
            place: self.place(offset),
            ..Problem::fatal(what)
        }
    }

    /// The problem of bytes that are not UTF-8, or of an input that ends inside a character.
    pub(super) fn not_utf8(&self, from: usize, error: &std::str::Utf8Error) -> Problem {
        let offset = from + error.valid_up_to();
        let what = match error.error_len() {
            None if self.ended && offset + 4 > self.rest().len() => What::CutOff,
            _ => What::NotUtf8(self.used() + offset as u64),
        };
        self.problem(offset, what)
    }
}
