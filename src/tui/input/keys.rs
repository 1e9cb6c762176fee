//! What a finished sequence means: the tables of the terminals' dialects (xterm, rxvt, Linux console, kitty).
//!
//! Pure and stateless; it must not know how the bytes arrived.

use super::{Input, Reply};
use crate::config::chord::{Chord, Key};

/// A control character as the key that sends it.
pub(super) fn control(byte: u8) -> Chord {
    match byte {
        0x00 => Chord::ctrl(Key::Char(' ')),
        0x08 | 0x7f => Chord::plain(Key::Backspace),
        0x09 => Chord::plain(Key::Tab),
        // Enter is CR in raw mode; some remote consoles and pasted scripts send LF.
        0x0a | 0x0d => Chord::plain(Key::Enter),
        0x1b => Chord::plain(Key::Esc),
        0x01..=0x1a => Chord::ctrl(Key::Char(char::from(byte + 0x60))),
        _ => Chord::ctrl(Key::Char(char::from((byte & 0x1f) + 0x40))),
    }
}

/// The parameters of a CSI sequence: `1;5:3` is [[1], [5, 3]]; an empty one is 0.
fn params(bytes: &[u8]) -> Vec<Vec<u32>> {
    bytes
        .split(|b| *b == b';')
        .map(|field| field.split(|b| *b == b':').map(number).collect())
        .collect()
}

fn number(digits: &[u8]) -> u32 {
    digits
        .iter()
        .filter(|b| b.is_ascii_digit())
        .fold(0_u32, |n, b| n.saturating_mul(10).saturating_add(u32::from(b - b'0')))
}

/// A finished CSI sequence from its parameter and intermediate bytes and its final byte.
pub(super) fn csi(held: &[u8], last: u8) -> Input {
    let split = held.iter().position(|b| (0x20..0x30).contains(b)).unwrap_or(held.len());
    let (before, intermediates) = held.split_at(split);
    let (private, fields) = match before.split_first() {
        Some((mark @ b'<'..=b'?', rest)) => (Some(*mark), rest),
        _ => (None, before),
    };
    let params = params(fields);
    let first = |index: usize| params.get(index).and_then(|p| p.first()).copied().unwrap_or(0);
    if intermediates == b"$" && last == b'y' {
        return Input::Reply(Reply::Decrqm {
            mode: first(0),
            value: first(1),
            private: private == Some(b'?'),
        });
    }
    match (private, last) {
        (Some(b'?'), b'c') => return Input::Reply(Reply::Da1),
        (Some(b'>'), b'c') => {
            let values = params.iter().map(|p| p.first().copied().unwrap_or(0)).collect();
            return Input::Reply(Reply::Da2(values));
        }
        // Mouse reports.
        (Some(b'<'), b'M' | b'm') => return Input::Ignored,
        (Some(_), _) => return Input::Reply(Reply::Other),
        (None, _) => {}
    }
    match intermediates {
        b"" => {}
        b"$" if last == b'@' || last == b'^' => return Input::Ignored,
        _ => return Input::Reply(Reply::Other),
    }
    let modifiers = params.get(1).map_or(&[][..], Vec::as_slice);
    let plain = fields.is_empty();
    match last {
        b'A'..=b'D' | b'F' | b'H' | b'P' | b'Q' | b'S' => {
            letter(last).map_or(Input::Ignored, |k| modified(k, modifiers))
        }
        // F3, or a cursor position: that one comes with a row and a column beyond all modifiers, or not from row 1.
        b'R' if plain || (first(0) == 1 && (2..=16).contains(&first(1))) => modified(Key::F(3), modifiers),
        b'Z' => match modified(Key::Tab, modifiers) {
            Input::Key(chord) => Input::Key(Chord { shift: true, ..chord }),
            other => other,
        },
        b'I' if plain => Input::Focus(true),
        b'O' if plain => Input::Focus(false),
        b'a'..=b'd' if plain => {
            letter(last.to_ascii_uppercase()).map_or(Input::Ignored, |k| Input::Key(Chord::shift(k)))
        }
        b'~' if first(0) == 27 => {
            let code = char::from_u32(first(2)).unwrap_or('\0');
            character(code, None, modifiers)
        }
        b'~' => numbered(first(0)).map_or(Input::Ignored, |k| modified(k, modifiers)),
        b'^' => numbered(first(0)).map_or(Input::Ignored, |k| Input::Key(Chord::ctrl(k))),
        b'@' => numbered(first(0)).map_or(Input::Ignored, |k| {
            Input::Key(Chord {
                shift: true,
                ..Chord::ctrl(k)
            })
        }),
        b'u' => kitty(&params, modifiers),
        b'c' | b'n' | b'R' | b't' | b'x' | b'y' => Input::Reply(Reply::Other),
        _ => Input::Ignored,
    }
}

/// rxvt's `CSI 5 $`: a numbered key with Shift.
pub(super) fn rxvt_shift(held: &[u8]) -> Input {
    numbered(number(held)).map_or(Input::Ignored, |k| Input::Key(Chord::shift(k)))
}

/// A finished SS3 sequence.
pub(super) fn ss3(held: &[u8], last: u8) -> Input {
    // Old xterms wrote the modifier here: SS3 5 P or SS3 1 ; 5 P.
    let modifier = held.rsplit(|b| *b == b';').next().map_or(0, number);
    let modifiers = if held.is_empty() { vec![] } else { vec![modifier] };
    let key = match last {
        b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S' => letter(last),
        b'M' => Some(Key::Enter),
        b'I' => Some(Key::Tab),
        b'X' => Some(Key::Char('=')),
        // Keypad in application mode: * + , - . / 0 … 9
        b'j'..=b'y' => Some(Key::Char(char::from(last - 0x40))),
        b'a'..=b'd' => return letter(last.to_ascii_uppercase()).map_or(Input::Ignored, |k| Input::Key(Chord::ctrl(k))),
        _ => None,
    };
    key.map_or(Input::Ignored, |key| modified(key, &modifiers))
}

/// A finished DCS string: the name and version, or some other answer.
pub(super) fn dcs(held: &[u8]) -> Input {
    match held.strip_prefix(b">|") {
        Some(name) => Input::Reply(Reply::XtVersion(
            String::from_utf8_lossy(name)
                .chars()
                .filter(|c| !c.is_control())
                .collect(),
        )),
        None => Input::Reply(Reply::Other),
    }
}

fn letter(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        b'P' => Key::F(1),
        b'Q' => Key::F(2),
        b'R' => Key::F(3),
        b'S' => Key::F(4),
        _ => return None,
    })
}

fn numbered(n: u32) -> Option<Key> {
    Some(match n {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F((n - 10) as u8),
        17..=21 => Key::F((n - 11) as u8),
        23..=26 => Key::F((n - 12) as u8),
        28 | 29 => Key::F((n - 13) as u8),
        31..=34 => Key::F((n - 14) as u8),
        _ => return None,
    })
}

/// A key with xterm's modifier parameter (1 + bits) and kitty's event type; releases and Super are nobody's key press.
fn modified(key: Key, modifiers: &[u32]) -> Input {
    let bits = modifiers.first().copied().unwrap_or(1).max(1) - 1;
    let release = modifiers.get(1) == Some(&3);
    if release || bits & 0b1_1000 != 0 {
        return Input::Ignored;
    }
    let typed = matches!(key, Key::Char(_));
    Input::Key(Chord {
        key,
        shift: bits & 1 != 0 && !typed,
        alt: bits & 0b10_0010 != 0,
        ctrl: bits & 4 != 0,
    })
}

/// A character reported by its code: as if it had been typed the old way.
fn character(code: char, shifted: Option<char>, modifiers: &[u32]) -> Input {
    let shift = modifiers.first().is_some_and(|m| m.max(&1).saturating_sub(1) & 1 != 0);
    let key = match code {
        '\r' | '\n' => Key::Enter,
        '\t' => Key::Tab,
        '\u{1b}' => Key::Esc,
        '\u{7f}' | '\u{8}' => Key::Backspace,
        c if c.is_control() => return Input::Ignored,
        c if shift => Key::Char(shifted.unwrap_or_else(|| {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        })),
        c => Key::Char(c),
    };
    modified(key, modifiers)
}

/// kitty's `CSI code : shifted ; modifiers : event u`.
fn kitty(params: &[Vec<u32>], modifiers: &[u32]) -> Input {
    let codes = params.first().map_or(&[][..], Vec::as_slice);
    let code = codes.first().copied().unwrap_or(0);
    let key = match code {
        57_399..=57_408 => Key::Char(char::from(b'0' + (code - 57_399) as u8)),
        57_409 => Key::Char('.'),
        57_410 => Key::Char('/'),
        57_411 => Key::Char('*'),
        57_412 => Key::Char('-'),
        57_413 => Key::Char('+'),
        57_414 => Key::Enter,
        57_415 => Key::Char('='),
        57_416 => Key::Char(','),
        57_417 => Key::Left,
        57_418 => Key::Right,
        57_419 => Key::Up,
        57_420 => Key::Down,
        57_421 => Key::PageUp,
        57_422 => Key::PageDown,
        57_423 => Key::Home,
        57_424 => Key::End,
        57_425 => Key::Insert,
        57_426 => Key::Delete,
        57_376..=57_398 => Key::F((code - 57_376 + 13) as u8),
        // The rest of kitty's private area: media keys, locks and modifiers on their own.
        57_344..=63_743 => return Input::Ignored,
        _ => {
            let shifted = codes.get(1).copied().filter(|c| *c != 0).and_then(char::from_u32);
            return match char::from_u32(code) {
                Some(c) => character(c, shifted, modifiers),
                None => Input::Ignored,
            };
        }
    };
    modified(key, modifiers)
}
