//! A piece of a long list, read by itself: which records it holds, packed, and what was found on the way. Several are read at a time;
//! whoever cut the text into pieces sees from where each ended whether it was cut in the right place.

use super::record::{Broken, Found, Spot};
use super::scan::Extent;
use crate::contract::id::counted;
use crate::contract::packed::{Builder, Chunk, Draft, Names, Seen};
use crate::contract::{Initiative, Kind, Path, Record};
use std::borrow::Borrow;
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

impl Default for Piece {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            order: Vec::new(),
            starts: Vec::new(),
            found: Vec::new(),
            ascending: true,
            used: 0,
            ended: Ended::Trouble,
        }
    }
}

/// A record read one way or the other; a draft is lent while it is read, and owned while it waits to be packed.
enum Read<D> {
    Draft(D),
    Whole(Box<Initiative>),
}

impl<'t, D: Borrow<Draft<'t>>> Read<D> {
    fn id<'r>(&'r self) -> &'r str
    where
        't: 'r,
    {
        match self {
            Self::Draft(draft) => draft.borrow().id,
            Self::Whole(record) => record.id.as_str(),
        }
    }

    fn pack(&self, builder: &mut Builder) {
        match self {
            Self::Draft(draft) => builder.push(draft.borrow()),
            Self::Whole(record) => builder.push(&Draft::of(record)),
        }
    }
}

impl<'t> Read<&mut Draft<'t>> {
    /// Takes the draft out.
    fn keep(self) -> Read<Draft<'t>> {
        match self {
            Self::Draft(draft) => Read::Draft(std::mem::take(draft)),
            Self::Whole(record) => Read::Whole(record),
        }
    }
}

fn blanks(text: &[u8]) -> usize {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    text.iter().take_while(|byte| blank(byte)).count()
}

/// Reads pieces one after the other.
pub(super) struct Pieces {
    builder: Builder,
    /// The records of the last piece did not stand in order: those of the next will not either.
    strewn: bool,
}

impl Pieces {
    /// A reader whose rows speak of these names.
    pub(super) fn new(names: Arc<Names>) -> Self {
        Self {
            builder: Builder::new(names),
            strewn: false,
        }
    }

    /// Reads the records a text begins with, separated by commas. `first` says that what closes the list may stand at once.
    pub(super) fn read(&mut self, text: &[u8], first: bool) -> Piece {
        // Looked at once for the whole piece. Where it ends being text, reading ends: others say what is wrong there.
        let text = match simdutf8::basic::from_utf8(text) {
            Ok(text) => text,
            Err(_) => valid(text),
        };
        if !self.strewn {
            match self.read_in_order(text, first) {
                Some(piece) => return piece,
                None => drop(self.builder.finish()),
            }
        }
        let piece = self.read_strewn(text, first);
        self.strewn = !piece.ascending;
        piece
    }

    /// Packs each record as it comes; nothing when one does not come behind the one before it.
    fn read_in_order(&mut self, text: &str, first: bool) -> Option<Piece> {
        let builder = &mut self.builder;
        let (mut chunks, mut order) = (Vec::new(), Vec::new());
        let mut last = String::new();
        let mut piece = walk(text, first, |nth, record| {
            let id = record.id();
            if !last.is_empty() && counted(last.as_bytes(), id.as_bytes()).is_ge() {
                return None;
            }
            last.clear();
            last.push_str(id);
            record.pack(builder);
            order.push(nth);
            if builder.is_full() {
                chunks.push(Arc::new(builder.finish()));
            }
            Some(())
        })?;
        if builder.rows() > 0 {
            chunks.push(Arc::new(builder.finish()));
        }
        (piece.chunks, piece.order) = (chunks, order);
        Some(piece)
    }

    /// Gathers the records and packs them in the order of their ids.
    fn read_strewn<'t>(&mut self, text: &'t str, first: bool) -> Piece {
        let mut rows: Vec<(u32, Read<Draft<'t>>)> = Vec::new();
        let mut ascending = true;
        let gathered = walk(text, first, |nth, record: Read<&mut Draft<'t>>| {
            ascending &= rows
                .last()
                .is_none_or(|(_, last)| counted(last.id().as_bytes(), record.id().as_bytes()).is_lt());
            rows.push((nth, record.keep()));
            Some(())
        });
        let mut piece = gathered.unwrap_or_default();
        piece.ascending = ascending;
        if !ascending {
            // Stable: of two records with one id the first stays first.
            rows.sort_by(|(_, a), (_, b)| counted(a.id().as_bytes(), b.id().as_bytes()));
        }
        for (nth, record) in &rows {
            record.pack(&mut self.builder);
            piece.order.push(*nth);
            if self.builder.is_full() {
                piece.chunks.push(Arc::new(self.builder.finish()));
            }
        }
        if self.builder.rows() > 0 {
            piece.chunks.push(Arc::new(self.builder.finish()));
        }
        piece
    }
}

/// As much of the bytes as is text.
fn valid(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => bytes
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or_default(),
    }
}

/// Reads the records of a piece and hands each on, with its number, until nothing comes back. What was handed on is not in the piece.
fn walk<'t>(
    text: &'t str,
    first: bool,
    mut each: impl FnMut(u32, Read<&mut Draft<'t>>) -> Option<()>,
) -> Option<Piece> {
    let mut out = Piece::default();
    let (mut draft, mut seen) = (Draft::default(), Seen::default());
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
        let text = text.get(at..).unwrap_or_default();
        let (len, record, found) = match draft.read_start(text, &mut seen) {
            Ok(len) => (len, Some(Read::Draft(&mut draft)), Vec::new()),
            Err(_) => match slowly(text, out.starts.len()) {
                Some((len, record, found)) => (len, record.map(Read::Whole), found),
                None => break,
            },
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
            each(nth, record)?;
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
    Some(out)
}

/// The record a text begins with, where it is more than a draft can say: its length, itself if it can be read, and what was found; nothing
/// where the text is no JSON or ends.
fn slowly(text: &str, nth: usize) -> Option<(usize, Option<Box<Initiative>>, Vec<Found>)> {
    let len = Extent::default().find(text.as_bytes(), false)?;
    let json = text.get(..len)?;
    let whole = |record: Record| match record {
        Record::Initiative(record) => Some(Box::new(Arc::unwrap_or_clone(record))),
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
