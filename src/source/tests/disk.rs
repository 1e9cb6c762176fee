//! A disk that fails at any byte, or gives less than it promised.

use super::{checked, good, gzip, read_from, zstd};
use crate::source::Limits;
use std::io::{self, Read};

/// The error of a disk block that cannot be read.
const EIO: i32 = 5;

/// Gives so many bytes, a few at a time, and then the error of a disk; interrupted now and then, as reading may be.
struct Failing<'b> {
    bytes: &'b [u8],
    turn: usize,
}

impl Read for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(7) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() {
            return Err(io::Error::from_raw_os_error(EIO));
        }
        let count = self.bytes.len().min(buf.len()).min(61);
        buf[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

fn failing(bytes: &[u8]) -> Failing<'_> {
    Failing { bytes, turn: 0 }
}

/// A document whose long list takes several pieces.
fn long() -> String {
    let initiative = |n: usize| {
        format!(
            r#"{{"id":"i-{n}","initiative_kind":"other","title":"کارگاه {n}","county":"tabriz","stage":"identified","origin":"new"}}"#
        )
    };
    let list: Vec<String> = (0..40).map(initiative).collect();
    super::with(&format!("\"initiatives\":[\n{}\n]", list.join(",\n")))
}

#[test]
fn a_disk_that_fails_at_any_byte_is_named_and_nothing_is_taken_for_whole() {
    for (text, limits) in [(good(), checked()), (long(), Limits::default())] {
        for bytes in [text.clone().into_bytes(), zstd(&text), gzip(&text)] {
            // A compressed stream may be whole before its last bytes.
            for len in 0..bytes.len() - 12 {
                let out = read_from(failing(&bytes[..len]), limits);
                assert!(out.summary.is_none(), "{len} of {}", bytes.len());
                let last = out.problems.last().unwrap();
                assert!(last.starts_with("!io"), "{len} of {}: {last}", bytes.len());
            }
        }
    }
}

#[test]
fn a_text_that_becomes_shorter_while_it_is_read_is_cut_off() {
    let text = long();
    let end = text.trim_end().len();
    for len in (text.find("initiatives").unwrap()..end).step_by(3) {
        let out = read_from(failing(&text.as_bytes()[..len]).chain_end(), Limits::default());
        assert!(out.summary.is_none(), "{len}");
        assert!(
            out.problems.last().unwrap().starts_with("!cut-off"),
            "{len}: {:?}",
            out.problems
        );
    }
}

impl<'b> Failing<'b> {
    /// Ends instead of failing.
    fn chain_end(self) -> impl Read + 'b {
        let count = self.bytes.len() as u64;
        self.take(count)
    }
}
