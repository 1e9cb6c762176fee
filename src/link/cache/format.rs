//! The bytes of kept data: parts one after the other, each with its length and a checksum over place, kind and contents. What is
//! packed already stands as it is, so that it is there as fast as the disk gives it; everything else is compressed.

use crate::contract::feed::{Rev, Subject};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use twox_hash::XxHash3_64;

/// What a file begins with; the digit is the version of the format and of how texts are folded, for packed records hold theirs folded.
const MAGIC: &[u8; 8] = b"RASAD-4\n";
/// No part is longer, compressed or not, in bytes.
const LONGEST: usize = 256 << 20;
/// Fast rather than small: this is written often and read once.
const LEVEL: i32 = 1;

const HEADER: u8 = b'H';
const RECORDS: u8 = b'R';
const NAMES: u8 = b'N';
const CHUNKS: u8 = b'C';
const REVISIONS: u8 = b'V';
const READING: u8 = b'F';
const END: u8 = b'E';

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) source: String,
    /// Seconds since 1970.
    pub(super) as_of: i64,
    pub(super) cursor: Option<String>,
}

/// The checksum of a part: it holds only at its place in the file.
fn sum(place: u64, tag: u8, bytes: &[u8]) -> u64 {
    let mut head = [0; 17];
    let (at, rest) = head.split_at_mut(8);
    at.copy_from_slice(&place.to_le_bytes());
    if let Some((last, length)) = rest.split_last_mut() {
        length.copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        *last = tag;
    }
    XxHash3_64::oneshot_with_seed(XxHash3_64::oneshot(&head), bytes)
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// A record with its revision.
pub(super) type Row = (Rev, String);
/// The records of one part.
pub(super) type Rows = Vec<Row>;

/// A part that was verified.
pub(super) enum Part<'a> {
    /// Records one by one.
    Rows(Subject, Rows),
    /// What the packed initiatives say alike; all kinds but this one stand before it.
    Names(&'a [u8]),
    /// Packed initiatives; other room may be left for the next part.
    Chunks(&'a mut Vec<u8>),
    /// The revisions of the part before.
    Revisions(&'a [u8]),
    /// How a file was read, as JSON; behind everything else.
    Reading(Vec<u8>),
}

/// Writes parts.
pub(super) struct Writer<W> {
    out: W,
    place: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(mut out: W, header: &Header) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        let mut writer = Self { out, place: 0 };
        writer.put(HEADER, &serde_json::to_vec(header).map_err(io::Error::other)?)?;
        Ok(writer)
    }

    fn put(&mut self, tag: u8, bytes: &[u8]) -> io::Result<()> {
        self.put_as_it_is(tag, &zstd::bulk::compress(bytes, LEVEL)?)
    }

    fn put_as_it_is(&mut self, tag: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len())
            .ok()
            .filter(|length| *length as usize <= LONGEST);
        let length = length.ok_or_else(|| bad("a part too long"))?;
        let sum = sum(self.place, tag, bytes);
        self.place += 1;
        self.out.write_all(&[tag])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&sum.to_le_bytes())?;
        self.out.write_all(bytes)
    }

    pub(super) fn names(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put_as_it_is(NAMES, bytes)
    }

    pub(super) fn chunks(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put_as_it_is(CHUNKS, bytes)
    }

    pub(super) fn revisions(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put_as_it_is(REVISIONS, bytes)
    }

    pub(super) fn reading(&mut self, json: &[u8]) -> io::Result<()> {
        self.put(READING, json)
    }

    pub(super) fn part(&mut self, subject: &Subject, rows: &[Row]) -> io::Result<()> {
        let mut text = format!("{subject}\n");
        for (rev, json) in rows {
            text += &format!("{rev} {json}\n");
        }
        self.put(RECORDS, text.as_bytes())
    }

    pub(super) fn end(mut self) -> io::Result<W> {
        let parts = self.place.to_string();
        self.put(END, parts.as_bytes())?;
        Ok(self.out)
    }
}

/// Reads and verifies parts, in one piece each; only one of them is in memory.
pub(super) struct Reader<R> {
    input: R,
    place: u64,
    /// Bytes that are there to be read.
    left: u64,
    part: Vec<u8>,
}

impl<R: Read> Reader<R> {
    /// A reader of so many bytes.
    pub(super) fn new(mut input: R, size: u64) -> io::Result<Self> {
        let mut magic = [0; 8];
        input.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(bad("of another version"));
        }
        Ok(Self {
            input,
            place: 0,
            left: size.saturating_sub(8),
            part: Vec::new(),
        })
    }

    /// The bytes of the next part, as they stand in the file.
    fn take(&mut self) -> io::Result<(u8, &[u8])> {
        let mut head = [0; 13];
        self.input.read_exact(&mut head)?;
        let [tag, a, b, c, d, expected @ ..] = head;
        let length = u32::from_le_bytes([a, b, c, d]);
        self.left = self.left.saturating_sub(13);
        // No room is made for what is not there.
        if length as usize > LONGEST || u64::from(length) > self.left {
            return Err(bad("a part too long"));
        }
        self.left -= u64::from(length);
        self.part.resize(length as usize, 0);
        self.input.read_exact(&mut self.part)?;
        if sum(self.place, tag, &self.part) != u64::from_le_bytes(expected) {
            return Err(bad("a checksum that does not fit"));
        }
        self.place += 1;
        Ok((tag, &self.part))
    }

    pub(super) fn header(&mut self) -> io::Result<Header> {
        match self.take()? {
            (HEADER, packed) => serde_json::from_slice(&unpacked(packed)?).map_err(io::Error::other),
            _ => Err(bad("no header")),
        }
    }

    /// The next part; nothing at the end, if it is where the writer left it.
    pub(super) fn part(&mut self) -> io::Result<Option<Part<'_>>> {
        let before = self.place;
        let (tag, left) = (self.take()?.0, self.left);
        let bytes = &mut self.part;
        Ok(Some(match tag {
            NAMES => Part::Names(bytes),
            CHUNKS => Part::Chunks(bytes),
            REVISIONS => Part::Revisions(bytes),
            READING => Part::Reading(unpacked(bytes)?),
            RECORDS => {
                let (subject, rows) = rows(&unpacked(bytes)?).ok_or_else(|| bad("a row that is none"))?;
                Part::Rows(subject, rows)
            }
            END if left == 0 && unpacked(bytes)? == before.to_string().as_bytes() => {
                let mut more = [0; 1];
                return match self.input.read(&mut more)? {
                    0 => Ok(None),
                    _ => Err(bad("no good end")),
                };
            }
            _ => return Err(bad("a part nobody knows")),
        }))
    }
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    // The writer said how long it is; what says otherwise was not written by it.
    let size = zstd::bulk::Decompressor::upper_bound(packed).filter(|size| *size <= LONGEST);
    zstd::bulk::decompress(packed, size.ok_or_else(|| bad("a part too long"))?)
}

fn rows(bytes: &[u8]) -> Option<(Subject, Rows)> {
    let mut lines = std::str::from_utf8(bytes).ok()?.lines();
    let subject = Subject::named(lines.next()?)?;
    let rows = lines.map(|line| {
        let (rev, json) = line.split_once(' ')?;
        Some((rev.parse().ok()?, json.to_owned()))
    });
    Some((subject, rows.collect::<Option<_>>()?))
}
