//! Which rows of a chunk, a bit each.

use super::ROWS;

/// Rows of a chunk, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask([u64; ROWS / 64]);

impl Mask {
    /// No row.
    pub const NONE: Self = Self([0; ROWS / 64]);

    /// The rows whose bits are set.
    #[inline]
    pub(super) fn of(bits: [u64; ROWS / 64]) -> Self {
        Self(bits)
    }

    /// The first so many rows.
    #[inline]
    pub fn first(rows: usize) -> Self {
        let mut out = Self::default();
        for (at, part) in out.0.iter_mut().enumerate() {
            let here = rows.saturating_sub(64 * at).min(64);
            *part = match here {
                64 => u64::MAX,
                n => (1 << n) - 1,
            };
        }
        out
    }

    /// True when a row is in it.
    #[inline]
    pub fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|part| part >> (row % 64) & 1 == 1)
    }

    /// Puts a row in.
    #[inline]
    pub fn set(&mut self, row: usize) {
        if let Some(part) = self.0.get_mut(row / 64) {
            *part |= 1 << (row % 64);
        }
    }

    /// Puts the 64 rows of a part in whose bits are set, and takes its others out.
    #[inline]
    pub(super) fn set_all(&mut self, part: usize, bits: u64) {
        if let Some(part) = self.0.get_mut(part) {
            *part = bits;
        }
    }

    /// How many rows are in it.
    #[inline]
    pub fn count(&self) -> usize {
        self.0.iter().map(|part| part.count_ones() as usize).sum()
    }

    /// True without a row.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; ROWS / 64]
    }

    /// The rows, in order.
    #[inline]
    pub fn rows(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, mut part)| {
            std::iter::from_fn(move || {
                let row = part.trailing_zeros() as usize;
                (row < 64).then(|| {
                    part &= part - 1;
                    64 * at + row
                })
            })
        })
    }

    /// The rows whose code is marked in a table of so many codes.
    pub fn marked(codes: &[u8], table: &[bool; ROWS], known: usize) -> Self {
        /// Codes are compared one after the other when they are so few: sixteen rows at once, while a table has one look at each.
        const FEW: usize = 8;
        let mut flags = [0_u8; ROWS];
        let table = || table.iter().zip(0..=u8::MAX).take(known);
        let some = table().filter(|(marked, _)| **marked).count();
        let turned = known - some < some;
        if some.min(known - some) <= FEW {
            for (_, code) in table().filter(|(marked, _)| **marked != turned) {
                for (flag, other) in flags.iter_mut().zip(codes) {
                    *flag |= u8::from(*other == code);
                }
            }
            let rows = Self::flagged(&flags);
            return if turned {
                Self::first(codes.len()).without(rows)
            } else {
                rows
            };
        }
        let mut wide = [0_u8; ROWS];
        for (slot, (marked, _)) in wide.iter_mut().zip(table()) {
            *slot = u8::from(*marked);
        }
        for (flag, code) in flags.iter_mut().zip(codes) {
            // A code is a byte and the table has a place for each: nothing is looked up in vain.
            *flag = wide.get(usize::from(*code)).copied().unwrap_or_default();
        }
        Self::flagged(&flags)
    }

    /// The rows whose flag is 1; every other one must be 0.
    pub(super) fn flagged(flags: &[u8; ROWS]) -> Self {
        let mut out = Self::default();
        let (parts, _) = flags.as_chunks::<64>();
        for (slot, part) in out.0.iter_mut().zip(parts) {
            *slot = packed(part);
        }
        out
    }

    /// The rows in both.
    #[inline]
    pub fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part &= other);
        self
    }

    /// The rows in either.
    #[inline]
    pub fn or(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part |= other);
        self
    }

    /// The rows of this that are not in the other.
    #[inline]
    pub fn without(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(part, other)| *part &= !other);
        self
    }
}

/// The lowest bit of each byte, side by side.
#[inline]
pub fn packed(flags: &[u8; 64]) -> u64 {
    let (eights, _) = flags.as_chunks::<8>();
    let mut out = 0;
    for (at, eight) in eights.iter().enumerate() {
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        out |= bits << (8 * at);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_codes_are_rows() {
        // Few of them, most of them, about half.
        for (known, marked) in [
            (7, vec![3, 5]),
            (7, vec![0, 1, 2, 4, 5, 6]),
            (40, (0..20).collect()),
            (1, vec![]),
            (256, vec![255]),
        ] {
            for rows in [0, 1, 200, 256] {
                let codes: Vec<u8> = (0..rows).map(|row| (row % known) as u8).collect();
                let table = std::array::from_fn(|code| marked.contains(&code));
                let found: Vec<usize> = Mask::marked(&codes, &table, known).rows().collect();
                let wanted = (0..rows).filter(|row| marked.contains(&(row % known)));
                assert!(found.iter().copied().eq(wanted), "{known} {marked:?} {rows}");
            }
        }
    }

    #[test]
    fn a_mask_holds_the_rows_put_in() {
        for rows in [0, 1, 63, 64, 65, 128, 255, 256] {
            let mask = Mask::first(rows);
            assert_eq!(mask.count(), rows);
            assert_eq!(mask.rows().collect::<Vec<_>>(), (0..rows).collect::<Vec<_>>());
            assert_eq!(mask.is_empty(), rows == 0);
        }
        let mut mask = Mask::default();
        mask.set(200);
        mask.set(3);
        assert!(mask.has(200) && mask.has(3) && !mask.has(4) && !mask.has(256));
        assert_eq!(Mask::first(4).and(mask).rows().collect::<Vec<_>>(), [3]);
        assert_eq!(Mask::first(4).without(mask).rows().collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(Mask::first(1).or(mask).rows().collect::<Vec<_>>(), [0, 3, 200]);
    }
}
