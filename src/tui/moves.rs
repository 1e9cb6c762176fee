//! The shortest way of the cursor from one cell to another.
//!
//! Pure: it must not know what is written there.

use super::pen::decimal;
use smallvec::SmallVec;

/// A move being composed: none is longer than two sequences of five digits each.
pub(super) type Move = SmallVec<[u8; 24]>;

/// Appends the shortest move from a cell, if it is known, to another on a screen `width` columns wide. A column equal to the
/// width means that the cursor hangs at the end of a full line, where relative moves differ between terminals.
pub(super) fn shortest(from: Option<(u16, u16)>, (x, y): (u16, u16), width: u16, out: &mut Vec<u8>) {
    let mut best = Move::new();
    absolute(x, y, &mut best);
    if let Some((from_x, from_y)) = from {
        let mut other = Move::new();
        let hanging = from_x >= width;
        if from_y == y {
            if x == 0 {
                other.push(b'\r');
            } else if hanging {
                sequence(x + 1, b'G', &mut other);
            } else {
                column(from_x, x, &mut other);
            }
        } else if !hanging {
            let (by, letter) = if y > from_y {
                (y - from_y, b'B')
            } else {
                (from_y - y, b'A')
            };
            sequence(by, letter, &mut other);
            if x == 0 && from_x != 0 {
                other.push(b'\r');
            } else if x != from_x {
                column(from_x, x, &mut other);
            }
        }
        if !other.is_empty() && other.len() < best.len() {
            best = other;
        }
    }
    out.extend_from_slice(&best);
}

/// `CSI row ; column H`, ones left out.
pub(super) fn absolute(x: u16, y: u16, out: &mut Move) {
    out.extend_from_slice(b"\x1b[");
    if y > 0 {
        decimal(y.saturating_add(1), out);
    }
    if x > 0 {
        out.push(b';');
        decimal(x.saturating_add(1), out);
    }
    out.push(b'H');
}

fn column(from: u16, to: u16, out: &mut Move) {
    let mut relative = Move::new();
    match to.checked_sub(from) {
        Some(by) => sequence(by, b'C', &mut relative),
        None if from - to <= 3 => relative.extend(std::iter::repeat_n(b'\x08', usize::from(from - to))),
        None => sequence(from - to, b'D', &mut relative),
    }
    let mut direct = Move::new();
    sequence(to.saturating_add(1), b'G', &mut direct);
    out.extend_from_slice(if direct.len() < relative.len() {
        &direct
    } else {
        &relative
    });
}

/// `CSI n letter`, a one left out.
fn sequence(n: u16, letter: u8, out: &mut Move) {
    out.extend_from_slice(b"\x1b[");
    if n != 1 {
        decimal(n, out);
    }
    out.push(letter);
}
