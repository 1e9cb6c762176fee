//! The revision of every live record of a kind, by a hash of its id: some nine bytes a record, and a copy costs next to nothing.
//!
//! The hashes lie in order, parted into shards by their first bits; a shard is one stretch of bytes. A general map of a million
//! entries takes four times the room, and the same again for the moment in which it grows.

use crate::contract::feed::Rev;
use std::sync::Arc;

/// Bytes kept of a hash: of a million records two meet once in a hundred thousand times, and then all are read anew by another hash.
const KEY: usize = 7;
/// Records in a shard, on the average, before there are twice as many shards.
const FULL: usize = 256;
/// Entries for which room is made at once.
const ROOM: usize = 16;

/// Revisions by the hash of an id.
#[derive(Clone, Debug, Default)]
pub(super) struct Revs {
    /// Nothing, or as many as a power of two.
    shards: Vec<Shard>,
    len: usize,
}

/// The entries whose hashes begin alike, in their order: each the hash and how far the revision is above the least.
#[derive(Clone, Debug, Default)]
struct Shard {
    bytes: Arc<Vec<u8>>,
    least: Rev,
    /// Bytes of a revision.
    wide: u8,
}

impl Revs {
    /// The revision of a record.
    pub(super) fn get(&self, hash: u64) -> Option<Rev> {
        let shard = self.shards.get(self.shard_of(hash))?;
        shard.find(key_of(hash)).ok().map(|at| shard.rev(at))
    }

    /// Puts a record in, under its revision; the one it had.
    pub(super) fn insert(&mut self, hash: u64, rev: Rev) -> Option<Rev> {
        if self.len >= self.shards.len() * FULL {
            self.grow();
        }
        let at = self.shard_of(hash);
        let before = self.shards.get_mut(at)?.insert(key_of(hash), rev);
        self.len += usize::from(before.is_none());
        before
    }

    /// Takes a record out; the revision it had.
    pub(super) fn remove(&mut self, hash: u64) -> Option<Rev> {
        let at = self.shard_of(hash);
        let before = self.shards.get_mut(at)?.remove(key_of(hash));
        self.len -= usize::from(before.is_some());
        before
    }

    fn shard_of(&self, hash: u64) -> usize {
        let bits = self.shards.len().max(1).trailing_zeros();
        // Of no bits at all it is the first one.
        usize::try_from(hash.checked_shr(u64::BITS - bits).unwrap_or(0)).unwrap_or(0)
    }

    /// Twice as many shards, one after the other: there is never room for all of them twice.
    fn grow(&mut self) {
        if self.shards.is_empty() {
            self.shards.push(Shard::default());
            return;
        }
        let bit = 1 << (u64::BITS - 1 - self.shards.len().trailing_zeros());
        let mut shards = Vec::with_capacity(2 * self.shards.len());
        for shard in std::mem::take(&mut self.shards) {
            let (low, high) = shard.part(key_of(bit));
            shards.extend([low, high]);
        }
        self.shards = shards;
    }
}

fn key_of(hash: u64) -> u64 {
    hash >> (u64::BITS as usize - 8 * KEY)
}

impl Shard {
    fn each(&self) -> usize {
        KEY + usize::from(self.wide)
    }

    fn len(&self) -> usize {
        self.bytes.len() / self.each()
    }

    fn number(&self, from: usize, len: usize) -> u64 {
        let mut number = [0; 8];
        let bytes = self.bytes.get(from..from + len).unwrap_or_default();
        if let Some(to) = number.get_mut(..bytes.len()) {
            to.copy_from_slice(bytes);
        }
        u64::from_le_bytes(number)
    }

    fn key(&self, at: usize) -> u64 {
        self.number(at * self.each(), KEY)
    }

    fn rev(&self, at: usize) -> Rev {
        self.least + self.number(at * self.each() + KEY, usize::from(self.wide))
    }

    /// Where a hash stands, or would.
    fn find(&self, key: u64) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.key(middle).cmp(&key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn insert(&mut self, key: u64, rev: Rev) -> Option<Rev> {
        if self.bytes.is_empty() {
            (self.least, self.wide) = (rev, 0);
        }
        if rev < self.least || bytes_of(rev - self.least) > self.wide {
            self.widen(rev);
        }
        let found = self.find(key);
        let before = found.ok().map(|at| self.rev(at));
        let each = self.each();
        let (Ok(at) | Err(at)) = found;
        let bytes = Arc::make_mut(&mut self.bytes);
        if before.is_none() {
            if bytes.capacity() < bytes.len() + each {
                bytes.reserve_exact(ROOM * each);
            }
            let end = bytes.len();
            bytes.resize(end + each, 0);
            bytes.copy_within(at * each..end, (at + 1) * each);
        }
        if let Some(entry) = bytes.get_mut(at * each..(at + 1) * each) {
            let (begin, end) = entry.split_at_mut(KEY);
            put(begin, key);
            put(end, rev - self.least);
        }
        before
    }

    fn remove(&mut self, key: u64) -> Option<Rev> {
        let at = self.find(key).ok()?;
        let (before, each) = (self.rev(at), self.each());
        let bytes = Arc::make_mut(&mut self.bytes);
        bytes.drain(at * each..(at + 1) * each);
        if bytes.capacity() > bytes.len() + 2 * ROOM * each {
            bytes.shrink_to_fit();
        }
        Some(before)
    }

    /// Makes the revisions so wide that this one has room, too.
    fn widen(&mut self, rev: Rev) {
        let entries: Vec<(u64, Rev)> = (0..self.len()).map(|at| (self.key(at), self.rev(at))).collect();
        *self = Self::of(&entries, rev);
    }

    /// A shard of these, with room for one more of this revision.
    fn of(entries: &[(u64, Rev)], rev: Rev) -> Self {
        let least = entries.iter().fold(rev, |least, (_, rev)| least.min(*rev));
        let most = entries.iter().fold(rev, |most, (_, rev)| most.max(*rev));
        let wide = bytes_of(most - least);
        let mut bytes = Vec::with_capacity((entries.len() + ROOM) * (KEY + usize::from(wide)));
        for (key, rev) in entries {
            bytes.extend(key.to_le_bytes().iter().take(KEY));
            bytes.extend((rev - least).to_le_bytes().iter().take(usize::from(wide)));
        }
        Self {
            bytes: Arc::new(bytes),
            least,
            wide,
        }
    }

    /// The entries without a bit of their hashes, and those with it, which come behind them.
    fn part(self, bit: u64) -> (Self, Self) {
        let each = self.each();
        let at = (0..self.len()).take_while(|at| self.key(*at) & bit == 0).count() * each;
        let (low, high) = self.bytes.split_at_checked(at).unwrap_or_default();
        let of = |bytes: &[u8]| Self {
            bytes: Arc::new(bytes.to_vec()),
            ..self
        };
        (of(low), of(high))
    }
}

/// Writes a number, as far as there is room.
fn put(to: &mut [u8], number: u64) {
    to.iter_mut()
        .zip(number.to_le_bytes())
        .for_each(|(to, byte)| *to = byte);
}

/// Bytes a number takes.
fn bytes_of(number: u64) -> u8 {
    let bits = u64::BITS - number.leading_zeros();
    u8::try_from(bits.div_ceil(8)).unwrap_or(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn scattered(n: u64) -> u64 {
        (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn a_hundred_thousand_are_found_again_and_take_nine_bytes_each() {
        let mut revs = Revs::default();
        let count = 100_000;
        for n in 0..count {
            assert_eq!(revs.insert(scattered(n), 7 + n / 500), None);
        }
        assert_eq!(revs.len, count as usize);
        assert!((0..count).all(|n| revs.get(scattered(n)) == Some(7 + n / 500)));
        assert_eq!(revs.get(scattered(count)), None);
        let size: usize = revs.shards.iter().map(|shard| shard.bytes.capacity()).sum();
        assert!(size < 10 * count as usize, "{size}");
        // What is put over a copy does not change the copy.
        let kept = revs.clone();
        for n in 0..count {
            assert_eq!(revs.insert(scattered(n), u64::MAX - n), Some(7 + n / 500));
        }
        assert!((0..count).all(|n| kept.get(scattered(n)) == Some(7 + n / 500)));
        assert!((0..count).all(|n| revs.get(scattered(n)) == Some(u64::MAX - n)));
        for n in 0..count {
            assert_eq!(revs.remove(scattered(n)), Some(u64::MAX - n));
            assert_eq!(revs.remove(scattered(n)), None);
        }
        let left: usize = revs.shards.iter().map(|shard| shard.bytes.capacity()).sum();
        assert!(revs.len == 0 && left < size, "{left}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn it_does_what_a_map_does(steps in proptest::collection::vec((any::<bool>(), 0u64..2_000, any::<u64>(), 0u32..64), 0..3_000)) {
            let (mut revs, mut map) = (Revs::default(), HashMap::new());
            for (put, id, rev, shift) in steps {
                let hash = scattered(id);
                let rev = rev >> shift;
                prop_assert_eq!(revs.get(hash), map.get(&hash).copied());
                if put {
                    prop_assert_eq!(revs.insert(hash, rev), map.insert(hash, rev));
                } else {
                    prop_assert_eq!(revs.remove(hash), map.remove(&hash));
                }
                prop_assert_eq!(revs.len, map.len());
            }
            for (hash, rev) in map {
                prop_assert_eq!(revs.get(hash), Some(rev));
            }
        }
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        let found = [0, 1, 255, 256, 65_535, 65_536, u64::MAX].map(bytes_of);
        assert_eq!(found, [0, 1, 1, 2, 2, 3, 8]);
    }
}
