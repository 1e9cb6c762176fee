//! The initiatives among the kept data: packed, so that a million of them are there by reading alone.

use super::format::Writer;
use super::{bad, read_row};
use crate::board::beside;
use crate::contract::feed::{Rev, Subject};
use crate::contract::packed::disk::{Chunks, put_chunk, put_names, take_names};
use crate::contract::packed::{Chunk, Names, Table};
use crate::contract::{Id, Kind};
use crate::source::feed::{Ledger, Notes};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

/// Bytes after which a part ends: few enough that the first rows are there at once, many enough for the disk to give its best.
pub(super) const PART: usize = 2 << 20;
/// Parts that are read together, by all processors: many, so that calling the others costs little, and few, so that memory holds little
/// of the file. The first is read by itself, for its rows are waited for.
const TOGETHER: usize = if cfg!(test) { 2 } else { 8 };
const SUBJECT: Subject = Subject::Record(Kind::Initiative);

/// Writes a table part by part: only one of them is in memory. Gives up after `until`.
pub(super) fn write<W: Write>(
    out: &mut Writer<W>,
    table: &Table,
    rev: Option<impl Fn(&Subject, &Id) -> Rev>,
    until: Option<Instant>,
) -> io::Result<()> {
    let mut part = Vec::new();
    put_names(&mut part, table.names());
    out.names(&part)?;
    part.clear();
    let mut revisions = Vec::new();
    let mut left = table.chunks().len();
    for chunk in table.chunks() {
        put_chunk(&mut part, chunk);
        if let Some(rev) = &rev {
            let ids = (0..chunk.len()).filter_map(|row| chunk.id(row));
            revisions.extend(ids.flat_map(|id| rev(&SUBJECT, &id).to_le_bytes()));
        }
        left -= 1;
        if part.len() >= PART || left == 0 {
            if until.is_some_and(|until| crate::clock::tick() >= until) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            out.chunks(&part)?;
            part.clear();
            if rev.is_some() {
                out.revisions(&revisions)?;
                revisions.clear();
            }
        }
    }
    Ok(())
}

/// A table being read.
pub(super) struct Reading {
    table: Table,
    names: Arc<Names>,
    /// Parts whose chunks are not read yet.
    waiting: Vec<Vec<u8>>,
    /// Room for further ones.
    room: Vec<Vec<u8>>,
    /// The revision of every row, where the source is a feed, and for how many rows on end it stands: what came in one batch mostly
    /// lies together.
    revisions: Option<Vec<(Rev, usize)>>,
    /// Rows whose revision is known.
    known: usize,
    /// Rows that were shown.
    shown: usize,
}

impl Reading {
    pub(super) fn begin(names: &[u8], of_feed: bool) -> io::Result<Self> {
        let names = Arc::new(take_names(names).ok_or_else(|| bad("names that are none"))?);
        Ok(Self {
            table: Table::new(Arc::clone(&names), []),
            names,
            waiting: Vec::new(),
            room: Vec::new(),
            revisions: of_feed.then(Vec::new),
            known: 0,
            shown: 0,
        })
    }

    /// Takes a part of the table, and leaves room for the next one in its place.
    pub(super) fn chunks(&mut self, part: &mut Vec<u8>, notes: &mut Notes) -> io::Result<()> {
        self.is_even()?;
        let room = self.room.pop().unwrap_or_default();
        self.waiting.push(std::mem::replace(part, room));
        match self.table.is_empty() || self.waiting.len() >= TOGETHER {
            true => self.read(notes),
            false => Ok(()),
        }
    }

    /// Reads the chunks of the parts that wait for it.
    fn read(&mut self, notes: &mut Notes) -> io::Result<()> {
        let parts = beside::each_apart(
            &self.waiting,
            || Chunks::of(&self.names),
            |reader, part| {
                let (mut bytes, mut out) = (part.as_slice(), Vec::new());
                while !bytes.is_empty() {
                    out.push(reader.take(&mut bytes, &self.names)?);
                }
                Some(out)
            },
        );
        for chunk in parts
            .ok_or_else(|| bad("initiatives that are none"))?
            .into_iter()
            .flatten()
        {
            look_over(&chunk, notes)?;
            if self.table.append(Arc::new(chunk)).is_err() {
                return Err(bad("initiatives out of order"));
            }
        }
        self.room.append(&mut self.waiting);
        Ok(())
    }

    /// Takes the revisions of the part before.
    pub(super) fn revisions(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (each, rest) = bytes.as_chunks();
        let known = self.revisions.as_mut().filter(|_| rest.is_empty());
        let known = known.ok_or_else(|| bad("revisions of nothing"))?;
        for rev in each.iter().map(|rev| Rev::from_le_bytes(*rev)) {
            match known.last_mut() {
                Some((last, rows)) if *last == rev => *rows += 1,
                _ => known.push((rev, 1)),
            }
        }
        self.known += each.len();
        self.is_even()
    }

    /// Every row so far has its revision, where there must be any. While parts wait nobody knows how many rows there are.
    fn is_even(&self) -> io::Result<()> {
        match &self.revisions {
            Some(_) if self.waiting.is_empty() && self.known != self.table.len() => Err(bad("revisions of other rows")),
            _ => Ok(()),
        }
    }

    /// The table so far, when it is worth another look: at once, then whenever it has doubled.
    pub(super) fn grown(&mut self) -> Option<Table> {
        let worth = self.table.len() > 2 * self.shown;
        worth.then(|| {
            self.shown = self.table.len();
            self.table.clone()
        })
    }

    /// The table, and what puts its revisions into a ledger: that need not be waited for to show the rows.
    pub(super) fn finish(mut self, notes: &mut Notes) -> io::Result<(Table, impl FnOnce(&mut Ledger) + use<>)> {
        self.read(notes)?;
        self.is_even()?;
        let (table, revisions) = (self.table.clone(), self.revisions.unwrap_or_default());
        let fill = move |ledger: &mut Ledger| {
            let revisions = revisions
                .into_iter()
                .flat_map(|(rev, rows)| std::iter::repeat_n(rev, rows));
            for (id, rev) in self.table.ids().zip(revisions) {
                ledger.set(&SUBJECT, &id, Some(rev));
            }
        };
        Ok((table, fill))
    }
}

/// Finds again what there is to say of records with fields nobody knows.
fn look_over(chunk: &Chunk, notes: &mut Notes) -> io::Result<()> {
    for json in (0..chunk.len()).filter_map(|row| chunk.whole(row)) {
        read_row(&SUBJECT, json.to_owned(), 0, notes).ok_or_else(|| bad("a row that is none"))?;
    }
    Ok(())
}
