//! A piece of a long list, read by itself: which records it holds, packed, and what was found on the way. Several are read at a time;
//! whoever cut the text into pieces sees from where each ended whether it was cut in the right place.

use super::record::{Broken, Found, Spot};
use super::scan::Extent;
use crate::contract::id::counted;
use crate::contract::packed::{Builder, Chunk, Draft};
use crate::contract::{Initiative, Kind, Path, Record};
use std::sync::Arc;

/// Where reading a piece ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Behind a comma: the next record begins the next piece.
    Comma,
    /// Before what closes the list.
    Close,
    /// Before something that is not read here: the text ends too early, or is no JSON.
    Trouble,
}

/// What a piece held.
pub(super) struct Piece {
    /// Its rows, each chunk in the order of its ids.
    pub(super) chunks: Vec<Arc<Chunk>>,
    /// For every row, in the order of the chunks, which of the piece's records it is.
    pub(super) order: Vec<u32>,
    /// Where each record begins, in the order of the text, those left out as well.
    pub(super) starts: Vec<u32>,
    /// What was found wrong, with the record it belongs to.
    pub(super) found: Vec<(u32, Vec<Found>)>,
    /// True when its ids rise all the way.
    pub(super) ascending: bool,
    /// Bytes used.
    pub(super) used: usize,
    pub(super) ended: Ended,
}

/// A record read one way or the other.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are drafts, which are not worth a box each"
)]
enum Read<'t> {
    Draft(Draft<'t>),
    Whole(Box<Initiative>),
}

impl Read<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Draft(draft) => draft.id,
            Self::Whole(record) => record.id.as_str(),
        }
    }

    fn pack(&self, builder: &mut Builder) {
        match self {
            Self::Draft(draft) => builder.push(draft),
            Self::Whole(record) => builder.push(&Draft::of(record)),
        }
    }
}

fn blanks(text: &[u8]) -> usize {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    text.iter().take_while(|byte| blank(byte)).count()
}

/// Reads the records a text begins with, separated by commas. `first` says that what closes the list may stand at once.
pub(super) fn read(text: &[u8], first: bool, builder: &mut Builder) -> Piece {
    let mut out = Piece {
        chunks: Vec::new(),
        order: Vec::new(),
        starts: Vec::new(),
        found: Vec::new(),
        ascending: true,
        used: 0,
        ended: Ended::Trouble,
    };
    let mut rows: Vec<(u32, Read<'_>)> = Vec::new();
    // Looked at once for the whole piece. Where it ends being text, reading ends: others say what is wrong there.
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => text
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or_default(),
    };
    let rest = |at: usize| text.as_bytes().get(at..).unwrap_or_default();
    let mut at = 0;
    loop {
        at += blanks(rest(at));
        out.used = at;
        match rest(at).first() {
            None if out.starts.is_empty() => break,
            None => {
                out.ended = Ended::Comma;
                break;
            }
            Some(b']') if first && out.starts.is_empty() => {
                out.ended = Ended::Close;
                break;
            }
            Some(_) => {}
        }
        let Some((len, record, found)) = one(text.get(at..).unwrap_or_default(), out.starts.len()) else {
            break;
        };
        let nth = out.starts.len() as u32;
        let start = at;
        at += len;
        at += blanks(rest(at));
        let next = rest(at).first();
        if !matches!(next, Some(b',' | b']')) {
            // The record is read again by whoever can say what is wrong behind it.
            break;
        }
        out.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
        if let Some(record) = record {
            out.ascending &= rows
                .last()
                .is_none_or(|(_, last)| counted(last.id().as_bytes(), record.id().as_bytes()).is_lt());
            rows.push((nth, record));
        }
        if !found.is_empty() {
            out.found.push((nth, found));
        }
        if next == Some(&b']') {
            out.used = at;
            out.ended = Ended::Close;
            break;
        }
        at += 1;
    }
    if !out.ascending {
        // Stable: of two records with one id the first stays first.
        rows.sort_by(|(_, a), (_, b)| counted(a.id().as_bytes(), b.id().as_bytes()));
    }
    for (nth, record) in &rows {
        record.pack(builder);
        out.order.push(*nth);
        if builder.is_full() {
            out.chunks.push(Arc::new(builder.finish()));
        }
    }
    if builder.rows() > 0 {
        out.chunks.push(Arc::new(builder.finish()));
    }
    out
}

type One<'t> = (usize, Option<Read<'t>>, Vec<Found>);

/// The record a text begins with: its length, itself if it can be read, and what was found; nothing where the text is no JSON or ends.
fn one(text: &str, nth: usize) -> Option<One<'_>> {
    if let Ok((draft, len)) = Draft::from_json_start(text) {
        return Some((len, Some(Read::Draft(draft)), Vec::new()));
    }
    let len = Extent::default().find(text.as_bytes(), false)?;
    let json = text.get(..len)?;
    let whole = |record: Record| match record {
        Record::Initiative(record) => Some(Read::Whole(Box::new(Arc::unwrap_or_clone(record)))),
        _ => None,
    };
    if let Ok(record) = Record::from_json(Kind::Initiative, json) {
        return Some((len, whole(record), Vec::new()));
    }
    let spot = Spot {
        text: json,
        path: Path::of_record(Kind::Initiative.plural(), nth),
    };
    match spot.record(Kind::Initiative) {
        Ok((record, found)) => Some((len, record.and_then(whole), found)),
        Err(Broken { .. }) => None,
    }
}

/// Where to cut a text so that a record probably begins there: behind the last comma that a line of its own follows.
pub(super) fn cut(text: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(text, b"},\n{").map(|at| at + 2)
}

/// Where the last record ends that is whole in the text, with the comma behind it; found by looking at every byte.
pub(super) fn cut_exactly(text: &[u8]) -> Option<usize> {
    let (mut at, mut end) = (0, None);
    loop {
        let rest = text.get(at..)?;
        let blank = blanks(rest);
        let Some(len) = Extent::default().find(rest.get(blank..)?, false).filter(|len| *len > 0) else {
            return end;
        };
        at += blank + len;
        at += blanks(text.get(at..)?);
        match text.get(at) {
            Some(b',') => {
                at += 1;
                end = Some(at);
            }
            _ => return end,
        }
    }
}
