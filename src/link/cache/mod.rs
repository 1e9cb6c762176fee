//! The last good data of a source on disk: shown at the next start until the source itself has spoken. It must not know how
//! a source is read.
//!
//! A file a source, readable by its owner only, replaced as a whole. Every part carries a checksum over its place and its bytes,
//! and the last part says how many there were: a file with any bit changed, cut or added is not used.

mod format;
mod packed;

use crate::board::Board;
use crate::contract::feed::{Cursor, Line, Op, Subject};
use crate::contract::packed::Table;
use crate::contract::{Change, Headquarters, Id, Kind, Problem, Record, Records};
use crate::source::feed::{self, Ledger, Notes};
use crate::source::file::{self, Stamp};
use crate::source::{Limits, Source};
use format::{Header, Reader, Writer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Where the last good data of one source are.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    path: PathBuf,
    source: String,
}

/// What was kept, besides the records.
#[derive(Debug)]
pub(super) struct Kept {
    /// When the source last said that these were right.
    pub(super) as_of: Timestamp,
    /// Where a feed can go on from; nothing for other sources.
    pub(super) feed: Option<feed::Kept>,
    /// How the file was read that these are of; nothing for other sources.
    pub(super) reading: Option<Reading>,
}

/// How a file was read: as long as it would be read likewise and looks as it did, it need not be read again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    /// What the file looked like.
    pub(super) stamp: Stamp,
    /// The program and the limits it was read with.
    pub(super) by: String,
    /// What was found wrong.
    pub(super) problems: Vec<Problem>,
}

impl Reading {
    /// What another reading now would be by.
    pub(super) fn by(limits: &Limits) -> String {
        format!("{} {limits:?}", env!("CARGO_PKG_VERSION"))
    }
}

/// A part that was read and verified.
pub(super) enum Part {
    Headquarters(Arc<Headquarters>),
    Whole(Kind, Records),
    /// The initiatives so far.
    Growing(Table),
    Problems(Vec<Problem>),
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Records in one part of the file: few enough to be verified and shown before the next ones are read.
const PER_PART: usize = 4_096;

impl Cache {
    /// The place of a source's data; nothing for a source that needs none.
    pub(super) fn of(dir: &Path, source: &Source) -> Option<Self> {
        let name = match source {
            Source::Sample => return None,
            Source::File(path) if path.as_os_str() == file::STDIN => return None,
            Source::File(path) => fs::canonicalize(path)
                .unwrap_or_else(|_| path.clone())
                .to_string_lossy()
                .into_owned(),
            Source::Http(address) => address.clone(),
        };
        let hash = twox_hash::XxHash3_64::oneshot(name.as_bytes());
        Some(Self {
            path: dir.join("last").join(format!("{hash:016x}.rasad")),
            source: name,
        })
    }

    /// Reads what was kept; `sink` gets each kind once all of it is verified. On an error everything it got must be forgotten.
    ///
    /// # Errors
    /// There is nothing kept, or it is not to be trusted.
    pub(super) fn read(&self, mut sink: impl FnMut(Part)) -> io::Result<Kept> {
        let file = File::open(&self.path)?;
        let seen = file.metadata()?;
        if seen.uid() != rustix::process::geteuid().as_raw() || seen.mode() & 0o077 != 0 || !seen.is_file() {
            return Err(bad("others could have written it"));
        }
        let mut reader = Reader::new(file, seen.len())?;
        let header = reader.header()?;
        if header.source != self.source {
            return Err(bad("of another source"));
        }
        let mut ledger = Ledger::default();
        let mut open: Option<(Kind, Vec<Record>)> = None;
        let mut seen_kinds = vec![Kind::Initiative];
        let mut notes: Notes = Vec::new();
        let mut initiatives: Option<packed::Reading> = None;
        let mut reading: Option<Reading> = None;
        while let Some(part) = reader.part()? {
            let (subject, rows) = match (part, &mut initiatives) {
                (format::Part::Rows(subject, rows), None) => (subject, rows),
                (format::Part::Names(names), None) => {
                    if let Some((kind, records)) = open.take() {
                        sink(Part::Whole(kind, records.into()));
                    }
                    for kind in Kind::ALL.iter().filter(|kind| !seen_kinds.contains(kind)) {
                        sink(Part::Whole(*kind, Records::default()));
                    }
                    initiatives = Some(packed::Reading::begin(names, header.cursor.is_some())?);
                    continue;
                }
                (format::Part::Reading(json), Some(_)) if reading.is_none() => {
                    reading = Some(serde_json::from_slice(&json).map_err(io::Error::other)?);
                    continue;
                }
                (format::Part::Chunks(part), Some(reading)) => {
                    reading.chunks(part, &mut notes)?;
                    reading.grown().into_iter().for_each(|table| sink(Part::Growing(table)));
                    continue;
                }
                (format::Part::Revisions(bytes), Some(reading)) => {
                    reading.revisions(bytes)?;
                    continue;
                }
                _ => return Err(bad("a part out of place")),
            };
            for (rev, json) in rows {
                let (id, change) =
                    read_row(&subject, json, rev, &mut notes).ok_or_else(|| bad("a row that is none"))?;
                ledger.set(&subject, &id, Some(rev));
                match change {
                    Change::Headquarters(hq) => sink(Part::Headquarters(hq)),
                    Change::Put(record) if record.kind() != Kind::Initiative => {
                        let kind = record.kind();
                        if open.as_ref().is_some_and(|(before, _)| *before != kind)
                            && let Some((kind, records)) = open.take()
                        {
                            sink(Part::Whole(kind, records.into()));
                        }
                        open.get_or_insert_with(|| (kind, Vec::new())).1.push(record);
                        if seen_kinds.last() != Some(&kind) {
                            seen_kinds.push(kind);
                        }
                    }
                    _ => return Err(bad("a row that is none")),
                }
            }
        }
        let (table, fill) = initiatives.ok_or_else(|| bad("no initiatives"))?.finish(&mut notes)?;
        sink(Part::Whole(Kind::Initiative, Records::Packed(table)));
        sink(Part::Problems(match &reading {
            Some(reading) => reading.problems.clone(),
            None => notes.iter().flat_map(|(_, problems)| problems.clone()).collect(),
        }));
        fill(&mut ledger);
        let cursor = header.cursor.as_deref().and_then(Cursor::parse);
        let feed = cursor.map(|cursor| {
            if let Cursor::At(_, rev) = &cursor {
                ledger.reach_all(*rev);
            }
            feed::Kept { cursor, ledger, notes }
        });
        Ok(Kept {
            as_of: Timestamp::from_second(header.as_of).map_err(io::Error::other)?,
            feed,
            reading,
        })
    }

    /// Keeps a board; gives up after `until`.
    ///
    /// # Errors
    /// The disk, or the time; what was kept before stays.
    pub(super) fn write(
        &self,
        board: &Board,
        as_of: Timestamp,
        feed: Option<&feed::Kept>,
        reading: Option<&Reading>,
        until: Option<Instant>,
    ) -> io::Result<()> {
        let Some(hq) = board.headquarters() else { return Ok(()) };
        let dir = self.path.parent().unwrap_or(Path::new("."));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        let new = self.path.with_extension(format!("{}.new", std::process::id()));
        // What a run that was killed left behind.
        let _ = fs::remove_file(&new);
        let write = || {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
            let header = Header {
                source: self.source.clone(),
                as_of: as_of.as_second(),
                cursor: feed.map(|kept| kept.cursor.to_string()),
            };
            let mut writer = Writer::new(BufWriter::with_capacity(1 << 20, file), &header)?;
            let rev = |subject: &Subject, id: &Id| feed.and_then(|kept| kept.ledger.rev(subject, id)).unwrap_or(0);
            if let Some(id) = Id::new(Subject::HQ) {
                let json = serde_json::to_string(&**hq).map_err(io::Error::other)?;
                writer.part(&Subject::Headquarters, &[(rev(&Subject::Headquarters, &id), json)])?;
            }
            for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Initiative) {
                let subject = Subject::Record(*kind);
                let mut rows = Vec::with_capacity(PER_PART);
                for record in board.records(*kind) {
                    let json = serde_json::to_string(&record).map_err(io::Error::other)?;
                    rows.push((rev(&subject, record.id()), json));
                    if rows.len() == PER_PART {
                        if until.is_some_and(|until| crate::clock::tick() >= until) {
                            return Err(io::ErrorKind::TimedOut.into());
                        }
                        writer.part(&subject, &rows)?;
                        rows.clear();
                    }
                }
                if !rows.is_empty() {
                    writer.part(&subject, &rows)?;
                }
            }
            packed::write(&mut writer, board.initiatives(), feed.map(|_| rev), until)?;
            if let Some(reading) = reading {
                writer.reading(&serde_json::to_vec(reading).map_err(io::Error::other)?)?;
            }
            let mut out = writer.end()?;
            out.flush()?;
            // Not waited for until the disk has it: a process that ends is kept by a disk that is being waited for, and what a
            // power failure leaves of the file its checksums tell.
            fs::rename(&new, &self.path)
        };
        write().inspect_err(|_| drop(fs::remove_file(&new)))
    }
}

/// A row as the change it was: the fast way, and the slow one where a record holds what only a newer version knows.
fn read_row(subject: &Subject, json: String, rev: u64, notes: &mut Notes) -> Option<(Id, Change)> {
    let fast = match subject {
        Subject::Headquarters => serde_json::from_str(&json)
            .ok()
            .map(|hq| Change::Headquarters(Arc::new(hq))),
        Subject::Record(kind) => Record::from_json(*kind, &json).ok().map(Change::Put),
        Subject::Other(_) => return None,
    };
    if let Some(Change::Put(record)) = &fast {
        return Some((record.id().clone(), fast?));
    }
    let id = match subject {
        Subject::Headquarters => Id::new(Subject::HQ)?,
        _ => {
            let value: serde_json::Value = serde_json::from_str(&json).ok()?;
            Id::new(value.get("id")?.as_str()?)?
        }
    };
    if let Some(headquarters) = fast {
        return Some((id, headquarters));
    }
    let line = Line {
        rev,
        kind: subject.clone(),
        id: id.clone(),
        op: Op::Put(serde_json::value::RawValue::from_string(json).ok()?),
    };
    let (change, problems) = feed::read_line(&line);
    if !problems.is_empty() {
        notes.push(((subject.clone(), id.clone()), problems));
    }
    Some((id, change?))
}

#[cfg(test)]
mod tests;
