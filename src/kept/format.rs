//! A kept state as bytes: one line that says what follows and guards it, then the records as compressed NDJSON. Pure.
//!
//! The line is `rasad-state 1 <bytes> <checksum>`: the version of the form, the length of what follows and its CRC-32, in lower-case
//! hexadecimal of fixed width, so that there is one way of writing it and a flipped bit anywhere is noticed.

use crate::board::Board;
use crate::contract::{Change, Id, Kind, Record, Records, VERSION};
use crate::source::{self, Item, Limits};
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

/// The version of the form.
const FORM: u32 = 1;
/// What every such file begins with.
const MAGIC: &str = "rasad-state";
/// Length of the first line, its end included.
const HEAD: usize = MAGIC.len() + 1 + 8 + 1 + 16 + 1 + 8 + 1;
/// How much to compress: a state is written once and read seldom.
const LEVEL: i32 = 6;

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

fn head(form: u32, body: &[u8]) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(body);
    format!("{MAGIC} {form:08x} {:016x} {:08x}\n", body.len(), crc.sum())
}

/// A board as bytes.
///
/// # Errors
/// When memory for the compressor is lacking.
pub fn encode(board: &Board) -> io::Result<Vec<u8>> {
    let mut body = zstd::Encoder::new(Vec::new(), LEVEL)?;
    if let Some(hq) = board.headquarters() {
        let hq = serde_json::to_string(hq)?;
        writeln!(body, "{{\"rasad\":{VERSION},\"headquarters\":{hq}}}")?;
    }
    for kind in Kind::ALL.iter().filter(|kind| board.is_whole(**kind)) {
        for record in board.records(*kind) {
            line(&mut body, *kind, record.id(), &record)?;
        }
    }
    let body = body.finish()?;
    let mut out = head(FORM, &body).into_bytes();
    out.extend(body);
    Ok(out)
}

fn line(out: &mut impl Write, kind: Kind, id: &Id, record: &Record) -> io::Result<()> {
    write!(out, "{{\"kind\":\"{kind}\",\"id\":\"{id}\",\"op\":\"put\",\"obj\":")?;
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"}\n")
}

/// What makes an empty board the kept one: the headquarters, then every kind whole.
///
/// # Errors
/// What is wrong with the bytes; nothing of a damaged state is used.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Vec<Change>, Damaged> {
    let (first, body) = bytes.split_at_checked(HEAD).ok_or(Damaged::Alien)?;
    let first = std::str::from_utf8(first).map_err(|_| Damaged::Alien)?;
    let form = first.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix(' '));
    let form = form.and_then(|rest| u32::from_str_radix(rest.get(..8)?, 16).ok());
    let form = form.ok_or(Damaged::Alien)?;
    // Written anew and compared: there is one way of writing it, so nothing that differs is meant.
    if head(form, body) != first {
        return Err(Damaged::Broken);
    }
    if form != FORM {
        return Err(Damaged::Newer);
    }
    let text = zstd::Decoder::with_buffer(body).map_err(|_| Damaged::Unreadable)?;
    read(text, limits).ok_or(Damaged::Unreadable)
}

fn read(text: impl Read, limits: &Limits) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let limits = Limits {
        kinds_together: true,
        ..*limits
    };
    let mut kinds = Vec::new();
    source::read(text, &limits, &mut |item| {
        match item {
            Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
            Item::Whole(kind, records) => {
                kinds.push(kind);
                changes.push(Change::Whole(kind, records));
            }
            Item::Growing(_) | Item::Problem(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    })
    .ok()?;
    // A kind without a record has no line; it is known to have none.
    let empty = Kind::ALL.iter().filter(|kind| !kinds.contains(kind));
    changes.extend(empty.map(|kind| Change::Whole(*kind, Records::default())));
    Some(changes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::board::compare::compare;
    use crate::board::{Settings, fixture};
    use crate::source::sample::Sample;

    fn board() -> Board {
        fixture::board()
    }

    fn back(bytes: &[u8]) -> Result<Board, Damaged> {
        let mut board = Board::new(Settings::default(), self::board().today());
        board.apply(decode(bytes, &Limits::default())?);
        Ok(board)
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
                assert!(decode(&bytes, &Limits::default()).is_err(), "byte {at}, bit {bit}");
            }
        }
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len], &Limits::default()).is_err(), "{len}");
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        assert_eq!(decode(&longer, &Limits::default()).err(), Some(Damaged::Broken));
    }

    #[test]
    fn a_later_form_is_told_from_a_damaged_one() {
        let bytes = encode(&board()).unwrap();
        let body = &bytes[HEAD..];
        let newer = [head(2, body).as_bytes(), body].concat();
        assert_eq!(decode(&newer, &Limits::default()).err(), Some(Damaged::Newer));
        assert_eq!(decode(b"{\"rasad\":1}", &Limits::default()).err(), Some(Damaged::Alien));
    }

    #[test]
    fn a_state_larger_than_allowed_is_not_unpacked() {
        let bytes = encode(&board()).unwrap();
        let limits = Limits {
            max_bytes: 64,
            ..Limits::default()
        };
        assert_eq!(decode(&bytes, &limits).err(), Some(Damaged::Unreadable));
    }

    proptest::proptest! {
        #[test]
        fn any_flipped_bit_is_noticed(at in 0..usize::MAX, bit in 0..8_u8) {
            let mut bytes = encode(&board()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            proptest::prop_assert!(decode(&bytes, &Limits::default()).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = decode(&bytes, &Limits::default());
            let sealed = [head(FORM, &bytes).into_bytes(), bytes].concat();
            let _ = decode(&sealed, &Limits::default());
        }
    }
}
