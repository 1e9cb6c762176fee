//! Numbers and texts as compact bytes. Reading never trusts: what is cut short or senseless is nothing.

use super::draft::TextRef;
use super::narrow;
use crate::contract::{Text, clean};
use smol_str::SmolStr;

/// Writes a number in seven bits a byte, the low ones first.
pub(super) fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Writes a number that may be negative.
pub(super) fn put_signed(out: &mut Vec<u8>, n: i64) {
    put(out, ((n << 1) ^ (n >> 63)) as u64);
}

/// Whole numbers from 0 to this stand as such: 2^53, beyond which a float skips some.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Writes a float: small whole numbers short, all others bit by bit.
pub(super) fn put_float(out: &mut Vec<u8>, n: f64) {
    let whole = n as u64;
    if n < WHOLE && (whole as f64).to_bits() == n.to_bits() {
        put(out, whole << 1);
    } else {
        put(out, 1);
        out.extend(n.to_le_bytes());
    }
}

/// Writes a text, a byte a character where that is possible; `room` is used on the way.
pub(super) fn put_text(out: &mut Vec<u8>, text: TextRef<'_>, room: &mut Vec<u8>) {
    put_text_by(out, text, room, narrow::put);
}

/// The same of whoever can write a wording just as [`narrow::put`] does.
pub(super) fn put_text_by(
    out: &mut Vec<u8>,
    text: TextRef<'_>,
    room: &mut Vec<u8>,
    mut write: impl FnMut(&mut Vec<u8>, &str),
) {
    let mut one = |out: &mut Vec<u8>, text: &str, shift: u32| {
        room.clear();
        write(room, text);
        put(out, (room.len() as u64) << shift);
        out.extend_from_slice(room);
    };
    match text {
        TextRef::One(text) => one(out, text, 1),
        TextRef::Each(each) => {
            // Which languages there are, with the lowest bit set.
            let mask = each.iter().enumerate().map(|(at, t)| u8::from(t.is_some()) << (at + 1));
            out.push(mask.sum::<u8>() | 1);
            each.iter().flatten().for_each(|text| one(out, text, 0));
        }
    }
}

/// Bytes being read.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut out = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            out |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(out);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let n = self.number()?;
        Some((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    pub(super) fn float(&mut self) -> Option<f64> {
        match self.number()? {
            1 => Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            n => Some((n >> 1) as f64),
        }
    }

    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn str(&mut self, len: u64) -> Option<&'a str> {
        std::str::from_utf8(self.take(usize::try_from(len).ok()?)?).ok()
    }

    fn narrow(&mut self, len: u64) -> Option<SmolStr> {
        narrow::text(self.take(usize::try_from(len).ok()?)?)
    }

    /// Goes past a text; whether it is a clean one, and nothing where there is none.
    pub(super) fn clean_text(&mut self) -> Option<bool> {
        let is_clean =
            |bytes: &[u8]| narrow::is_plain(bytes) || narrow::text(bytes).is_some_and(|text| clean::is_clean(&text));
        let head = *self.0.first()?;
        if head & 1 == 0 {
            let len = self.number()? >> 1;
            return Some(is_clean(self.take(usize::try_from(len).ok()?)?));
        }
        self.byte()?;
        let mut clean = true;
        for at in 0..2 {
            if head >> (at + 1) & 1 == 1 {
                let len = self.number()?;
                clean &= is_clean(self.take(usize::try_from(len).ok()?)?);
            }
        }
        Some(clean)
    }

    pub(super) fn text(&mut self) -> Option<Text> {
        let head = *self.0.first()?;
        if head & 1 == 0 {
            let len = self.number()? >> 1;
            return self.narrow(len).map(Text::One);
        }
        self.byte()?;
        let mut each = [None, None];
        for (at, slot) in each.iter_mut().enumerate() {
            if head >> (at + 1) & 1 == 1 {
                let len = self.number()?;
                *slot = Some(self.narrow(len)?);
            }
        }
        Some(Text::Each(Box::new(each)))
    }
}

impl TextRef<'_> {
    /// The text as one of its own.
    pub fn owned(self) -> Text {
        match self {
            Self::One(text) => Text::One(text.into()),
            Self::Each([fa, en]) => Text::Each(Box::new([fa.map(SmolStr::from), en.map(SmolStr::from)])),
        }
    }
}
