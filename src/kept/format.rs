//! A kept state as bytes: one line that says what follows and guards it, then the records, compressed. Pure.
//!
//! The line is `rasad-state <form> <bytes> <checksum>`: the version of the form, the length of what follows and its CRC-32, in
//! lower-case hexadecimal of fixed width, so that there is one way of writing it and a flipped bit anywhere is noticed. In form 1 a
//! document as NDJSON follows. In form 2 the initiatives stand behind it instead of in it: packed, as they are in memory, their
//! names first, in parts with their lengths; in one stream or, as now, each part compressed by itself.

use crate::board::Board;
use crate::contract::packed::Table;
use crate::contract::packed::disk::{Chunks, put_chunk, put_names, take_names};
use crate::contract::{Change, Id, Kind, Record, Records, VERSION};
use crate::source::{self, Item, Limits};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The version of the form that is written.
const FORM: u32 = 2;
/// The first form: nothing is packed.
const DOCUMENT: u32 = 1;
/// What every such file begins with.
const MAGIC: &str = "rasad-state";
/// Length of the first line, its end included.
const HEAD: usize = MAGIC.len() + 1 + 8 + 1 + 16 + 1 + 8 + 1;
/// How much to compress: a state is written once and read seldom.
const LEVEL: i32 = 3;
/// Bytes after which a part of packed records ends.
const PART: usize = if cfg!(test) { 4 << 10 } else { 1 << 20 };
/// Packed records are no longer than this many times the longest document that is read: each text stands in them twice.
const WIDER: u64 = 4;

/// Why a kept state cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damaged {
    /// It is no kept state.
    Alien,
    /// A later program wrote it.
    Newer,
    /// It is cut short or was changed.
    Broken,
    /// It is sound and cannot be read all the same: larger than allowed, or no document.
    Unreadable,
}

fn head(form: u32, length: u64, crc: u32) -> String {
    format!("{MAGIC} {form:08x} {length:016x} {crc:08x}\n")
}

/// A board as bytes.
///
/// # Errors
/// When memory for the compressor is lacking.
pub fn encode(board: &Board) -> io::Result<Vec<u8>> {
    // Room for the line, which is known only afterwards.
    let mut document = zstd::Encoder::new(vec![0; HEAD], LEVEL)?;
    if let Some(hq) = board.headquarters() {
        let hq = serde_json::to_string(hq)?;
        writeln!(document, "{{\"rasad\":{VERSION},\"headquarters\":{hq}}}")?;
    }
    let kinds = Kind::ALL.iter().filter(|kind| **kind != Kind::Initiative);
    for kind in kinds.filter(|kind| board.is_whole(**kind)) {
        for record in board.records(*kind) {
            line(&mut document, *kind, record.id(), &record)?;
        }
    }
    let mut out = document.finish()?;
    let mut pack = zstd::bulk::Compressor::new(LEVEL)?;
    let mut part = Vec::new();
    put_names(&mut part, board.initiatives().names());
    put_part(&mut out, &mut pack, &mut part)?;
    if board.is_whole(Kind::Initiative) {
        for chunk in board.initiatives().chunks() {
            put_chunk(&mut part, chunk);
            if part.len() >= PART {
                put_part(&mut out, &mut pack, &mut part)?;
            }
        }
    }
    if !part.is_empty() {
        put_part(&mut out, &mut pack, &mut part)?;
    }
    if let Some((line, body)) = out.split_at_mut_checked(HEAD) {
        let mut crc = flate2::Crc::new();
        crc.update(body);
        line.copy_from_slice(head(FORM, body.len() as u64, crc.sum()).as_bytes());
    }
    Ok(out)
}

/// A part compressed by itself: it takes half the time of one stream of all, and a twentieth more room.
fn put_part(out: &mut Vec<u8>, pack: &mut zstd::bulk::Compressor<'_>, part: &mut Vec<u8>) -> io::Result<()> {
    let length = u32::try_from(part.len()).map_err(io::Error::other)?;
    part.splice(..0, length.to_le_bytes());
    out.extend_from_slice(&pack.compress(part)?);
    part.clear();
    Ok(())
}

fn line(out: &mut impl Write, kind: Kind, id: &Id, record: &Record) -> io::Result<()> {
    write!(out, "{{\"kind\":\"{kind}\",\"id\":\"{id}\",\"op\":\"put\",\"obj\":")?;
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"}\n")
}

/// What makes an empty board the kept one: the headquarters, then every kind whole. Read twice, once for its checksum, so that it need
/// not be in memory.
///
/// # Errors
/// What is wrong with the bytes; nothing of a damaged state is used.
pub fn decode(mut input: impl Read + Seek, limits: &Limits) -> Result<Vec<Change>, Damaged> {
    let mut first = [0; HEAD];
    input.read_exact(&mut first).map_err(|_| Damaged::Alien)?;
    let first = std::str::from_utf8(&first).map_err(|_| Damaged::Alien)?;
    let form = first.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix(' '));
    let form = form.and_then(|rest| u32::from_str_radix(rest.get(..8)?, 16).ok());
    let form = form.ok_or(Damaged::Alien)?;
    let mut body = flate2::CrcReader::new(BufReader::with_capacity(1 << 20, input));
    let length = io::copy(&mut body, &mut io::sink()).map_err(|_| Damaged::Unreadable)?;
    // Written anew and compared: there is one way of writing it, so nothing that differs is meant.
    if head(form, length, body.crc().sum()) != first {
        return Err(Damaged::Broken);
    }
    if !(DOCUMENT..=FORM).contains(&form) {
        return Err(Damaged::Newer);
    }
    let mut input = body.into_inner();
    input
        .seek(SeekFrom::Start(HEAD as u64))
        .map_err(|_| Damaged::Unreadable)?;
    read(input, form, limits).ok_or(Damaged::Unreadable)
}

fn read(input: impl io::BufRead, form: u32, limits: &Limits) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let limits = Limits {
        kinds_together: true,
        ..*limits
    };
    let mut kinds = Vec::new();
    let mut twice = false;
    let mut document = zstd::Decoder::with_buffer(input).ok()?.single_frame();
    source::read(&mut document, &limits, &mut |item| {
        match item {
            Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
            // What stands packed behind the document does not stand in it.
            Item::Whole(Kind::Initiative, records) if form > DOCUMENT => twice = !records.is_empty(),
            Item::Whole(kind, records) => {
                kinds.push(kind);
                changes.push(Change::Whole(kind, records));
            }
            Item::Growing(_) | Item::Problem(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    })
    .ok()?;
    if form > DOCUMENT {
        let is_read = document.read(&mut [0]).ok()? == 0;
        (is_read && !twice).then_some(())?;
        let mut packed = zstd::Decoder::with_buffer(document.finish()).ok()?;
        let table = table(&mut packed, limits.max_bytes.saturating_mul(WIDER))?;
        kinds.push(Kind::Initiative);
        changes.push(Change::Whole(Kind::Initiative, Records::Packed(table)));
    }
    // A kind without a record has no line; it is known to have none.
    let empty = Kind::ALL.iter().filter(|kind| !kinds.contains(kind));
    changes.extend(empty.map(|kind| Change::Whole(*kind, Records::default())));
    Some(changes)
}

/// Reads the packed initiatives, part by part; nothing when they are none, or longer than so many bytes.
fn table(input: &mut impl Read, mut most: u64) -> Option<Table> {
    let mut part = Vec::new();
    take_part(input, &mut part, &mut most)?.then_some(())?;
    let names = Arc::new(take_names(&part)?);
    let mut chunks = Chunks::of(&names);
    let mut table = Table::new(Arc::clone(&names), []);
    while take_part(input, &mut part, &mut most)? {
        let mut bytes = part.as_slice();
        while !bytes.is_empty() {
            table.append(Arc::new(chunks.take(&mut bytes, &names)?)).ok()?;
        }
    }
    Some(table)
}

/// The next part, if there is one; nothing for what is cut short or too long. Room is made only for what comes.
fn take_part(input: &mut impl Read, part: &mut Vec<u8>, most: &mut u64) -> Option<bool> {
    part.clear();
    if input.take(4).read_to_end(part).ok()? == 0 {
        return Some(false);
    }
    let length = u64::from(u32::from_le_bytes(part.as_slice().try_into().ok()?));
    *most = most.checked_sub(length)?;
    part.clear();
    let read = input.take(length).read_to_end(part).ok()?;
    (read as u64 == length).then_some(true)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::board::compare::compare;
    use crate::board::{Settings, fixture};
    use crate::source::sample::Sample;
    use std::io::Cursor;

    fn board() -> Board {
        fixture::board()
    }

    fn back(bytes: &[u8]) -> Result<Board, Damaged> {
        let mut board = Board::new(Settings::default(), self::board().today());
        board.apply(taken(bytes)?);
        Ok(board)
    }

    fn taken(bytes: &[u8]) -> Result<Vec<Change>, Damaged> {
        decode(Cursor::new(bytes), &Limits::default())
    }

    /// Bytes under a line that fits them.
    fn sealed(form: u32, body: &[u8]) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(body);
        [head(form, body.len() as u64, crc.sum()).as_bytes(), body].concat()
    }

    /// A document without a record.
    fn small() -> Vec<u8> {
        let hq = serde_json::to_string(board().headquarters().unwrap()).unwrap();
        let text = format!("{{\"rasad\":{VERSION},\"headquarters\":{hq}}}\n");
        zstd::bulk::compress(text.as_bytes(), LEVEL).unwrap()
    }

    /// A board as form 1 had it.
    fn as_document(board: &Board) -> Vec<u8> {
        let mut text = zstd::Encoder::new(Vec::new(), LEVEL).unwrap();
        let hq = serde_json::to_string(board.headquarters().unwrap()).unwrap();
        writeln!(text, "{{\"rasad\":{VERSION},\"headquarters\":{hq}}}").unwrap();
        for kind in Kind::ALL {
            for record in board.records(*kind) {
                line(&mut text, *kind, record.id(), &record).unwrap();
            }
        }
        sealed(DOCUMENT, &text.finish().unwrap())
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let sample = Sample::new(2, Some(300));
        let mut board = Board::new(Settings::default(), sample.as_of());
        let kinds = Kind::ALL.iter().map(|kind| {
            let records = sample.records(*kind, sample.as_of()).collect();
            Change::Whole(*kind, records)
        });
        let hq = sample.headquarters(sample.as_of());
        board.apply(std::iter::once(Change::Headquarters(hq.into())).chain(kinds).collect());
        let again = back(&encode(&board).unwrap()).unwrap();
        assert!(compare(&board, &again).is_empty());
        assert_eq!(board.headquarters(), again.headquarters());
        assert!(
            Kind::ALL
                .iter()
                .all(|kind| again.is_whole(*kind) && again.count(*kind) == board.count(*kind))
        );
        assert!(again.records(Kind::Initiative).eq(board.records(Kind::Initiative)));
        // What an earlier version wrote is still read.
        let earlier = back(&as_document(&board)).unwrap();
        assert!(compare(&board, &earlier).is_empty() && earlier.count(Kind::Initiative) == 300);
    }

    #[test]
    fn initiatives_that_nobody_wrote_are_refused_under_a_checksum_that_fits() {
        let board = board();
        let document = as_document(&board);
        let document = &document[HEAD..];
        let part = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes(), bytes].concat();
        let packed = |parts: &[Vec<u8>]| zstd::bulk::compress(&parts.concat(), LEVEL).unwrap();
        let is_taken =
            |document: &[u8], parts: &[Vec<u8>]| taken(&sealed(FORM, &[document, &packed(parts)].concat())).is_ok();
        let (mut names, mut chunks) = (Vec::new(), Vec::new());
        put_names(&mut names, board.initiatives().names());
        board
            .initiatives()
            .chunks()
            .for_each(|chunk| put_chunk(&mut chunks, chunk));
        let small = small();
        assert!(is_taken(&small, &[part(&names), part(&chunks)]) && !chunks.is_empty());
        // The same initiatives in the document and behind it; twice behind it; cut; without their names; nothing behind it.
        assert!(!is_taken(document, &[part(&names), part(&chunks)]));
        assert!(!is_taken(&small, &[part(&names), part(&chunks), part(&chunks)]));
        assert!(!is_taken(&small, &[part(&names), part(&chunks[1..])]));
        assert!(!is_taken(&small, &[part(&names), part(&chunks)[1..].to_vec()]));
        assert!(!is_taken(&small, &[part(&[0; 12]), part(&chunks)]));
        assert!(!is_taken(&small, &[]));
        assert_eq!(taken(&sealed(FORM, &small)).err(), Some(Damaged::Unreadable));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = encode(&board()).unwrap();
        assert!(back(&bytes).is_ok());
        // Every bit of the line, and of the body one in a few: all of them would take minutes.
        for at in (0..HEAD).chain((HEAD..bytes.len()).step_by(7)) {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << bit;
                assert!(taken(&bytes).is_err(), "byte {at}, bit {bit}");
            }
        }
        for len in 0..bytes.len() {
            assert!(taken(&bytes[..len]).is_err(), "{len}");
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        assert_eq!(taken(&longer).err(), Some(Damaged::Broken));
    }

    #[test]
    fn a_later_form_is_told_from_a_damaged_one() {
        let bytes = encode(&board()).unwrap();
        let body = &bytes[HEAD..];
        let newer = sealed(FORM + 1, body);
        assert_eq!(taken(&newer).err(), Some(Damaged::Newer));
        assert_eq!(taken(b"{\"rasad\":1}").err(), Some(Damaged::Alien));
    }

    #[test]
    fn a_state_larger_than_allowed_is_not_unpacked() {
        let bytes = encode(&board()).unwrap();
        let limits = Limits {
            max_bytes: 64,
            ..Limits::default()
        };
        assert_eq!(decode(Cursor::new(bytes), &limits).err(), Some(Damaged::Unreadable));
    }

    proptest::proptest! {
        #[test]
        fn any_flipped_bit_is_noticed(at in 0..usize::MAX, bit in 0..8_u8) {
            let mut bytes = encode(&board()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            proptest::prop_assert!(taken(&bytes).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = taken(&bytes);
            let _ = taken(&sealed(DOCUMENT, &bytes));
            let _ = taken(&sealed(FORM, &bytes));
            let _ = taken(&sealed(FORM, &[small(), zstd::bulk::compress(&bytes, LEVEL).unwrap()].concat()));
        }
    }
}
