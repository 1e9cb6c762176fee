//! The bytes of kept data: parts one after the other, each with its length and a checksum over place, kind and contents.

use crate::contract::feed::{Rev, Subject};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use twox_hash::XxHash3_64;

/// What a file begins with; the digit is the version of the format.
const MAGIC: &[u8; 8] = b"RASAD-1\n";
/// No part is longer, compressed or not, in bytes.
const LONGEST: usize = 256 << 20;
/// Fast rather than small: this is written often and read once.
const LEVEL: i32 = 1;

const HEADER: u8 = b'H';
const RECORDS: u8 = b'R';
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
        let packed = zstd::bulk::compress(bytes, LEVEL)?;
        let length = u32::try_from(packed.len()).map_err(|_| bad("a part too long"))?;
        let sum = sum(self.place, tag, &packed);
        self.place += 1;
        self.out.write_all(&[tag])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&sum.to_le_bytes())?;
        self.out.write_all(&packed)
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

/// Reads and verifies parts.
pub(super) struct Reader<R> {
    input: R,
    place: u64,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let mut magic = [0; 8];
        input.read_exact(&mut magic)?;
        if &magic != MAGIC {
            return Err(bad("of another version"));
        }
        Ok(Self { input, place: 0 })
    }

    fn take(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let (mut tag, mut length, mut expected) = ([0; 1], [0; 4], [0; 8]);
        self.input.read_exact(&mut tag)?;
        self.input.read_exact(&mut length)?;
        self.input.read_exact(&mut expected)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Err(bad("a part too long"));
        }
        let mut packed = Vec::new();
        (&mut self.input).take(length as u64).read_to_end(&mut packed)?;
        let [tag] = tag;
        if packed.len() != length || sum(self.place, tag, &packed) != u64::from_le_bytes(expected) {
            return Err(bad("a checksum that does not fit"));
        }
        self.place += 1;
        // The writer said how long it is; what says otherwise was not written by it.
        let size = zstd::bulk::Decompressor::upper_bound(&packed).filter(|size| *size <= LONGEST);
        let bytes = zstd::bulk::decompress(&packed, size.ok_or_else(|| bad("a part too long"))?)?;
        Ok((tag, bytes))
    }

    pub(super) fn header(&mut self) -> io::Result<Header> {
        match self.take()? {
            (HEADER, bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            _ => Err(bad("no header")),
        }
    }

    /// The next part; nothing at the end, if it is where the writer left it.
    pub(super) fn part(&mut self) -> io::Result<Option<(Subject, Rows)>> {
        let before = self.place;
        let (tag, bytes) = self.take()?;
        let text = String::from_utf8(bytes).map_err(|_| bad("no text"))?;
        if tag == END {
            let mut more = [0; 1];
            let is_last = self.input.read(&mut more)? == 0;
            return if is_last && text == before.to_string() {
                Ok(None)
            } else {
                Err(bad("no good end"))
            };
        }
        if tag != RECORDS {
            return Err(bad("a part nobody knows"));
        }
        let mut lines = text.lines();
        let subject = lines.next().and_then(Subject::named).ok_or_else(|| bad("no kind"))?;
        let rows = lines.map(|line| {
            let (rev, json) = line.split_once(' ')?;
            Some((rev.parse().ok()?, json.to_owned()))
        });
        let rows: Option<Vec<_>> = rows.collect();
        Ok(Some((subject, rows.ok_or_else(|| bad("a row that is none"))?)))
    }
}
