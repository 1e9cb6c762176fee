//! The checksum by which both ends know that they hold the same records.

use super::Rev;
use serde::{Deserialize, Serialize};
use std::fmt;
use twox_hash::XxHash3_64;

/// The checksum's name in [`super::Info`]: the sum, modulo 2^64, of XXH3 (64 bits, seed 0) over each live record's id and,
/// behind it, its revision as 8 bytes, least significant first.
pub const CHECKSUM: &str = "sum-xxh3-64";

/// The checksum of one kind: order says nothing, and a record can be added or taken out by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sum(u64);

fn of_record(id: &str, rev: Rev) -> u64 {
    let (id, rev) = (id.as_bytes(), rev.to_le_bytes());
    // An id is at most 64 bytes long; another one must not be cut.
    let mut short = [0; 72];
    let Some(bytes) = short.get_mut(..id.len() + rev.len()) else {
        return XxHash3_64::oneshot(&[id, &rev].concat());
    };
    let (begin, end) = bytes.split_at_mut(id.len());
    begin.copy_from_slice(id);
    end.copy_from_slice(&rev);
    XxHash3_64::oneshot(bytes)
}

impl Sum {
    /// The sum whose value this is, as a store kept it.
    pub fn from_value(value: u64) -> Self {
        Self(value)
    }

    /// The sum's value.
    pub fn value(self) -> u64 {
        self.0
    }

    /// Adds a record.
    pub fn add(&mut self, id: &str, rev: Rev) {
        self.0 = self.0.wrapping_add(of_record(id, rev));
    }

    /// Takes a record out that was added with this revision.
    pub fn remove(&mut self, id: &str, rev: Rev) {
        self.0 = self.0.wrapping_sub(of_record(id, rev));
    }
}

impl fmt::Display for Sum {
    /// Sixteen hexadecimal digits: not every reader of JSON keeps 64 bits of a number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Sum {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::contract::clean::exact(d, |text| {
            let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            let value = u64::from_str_radix(text, 16).ok().filter(|_| digits);
            value.map(Self).ok_or("not a checksum")
        })
    }
}

/// What is known of the live records of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindState {
    /// How many there are.
    pub count: u64,
    /// Their checksum.
    pub sum: Sum,
}

impl KindState {
    /// A record was added, with the revision it has now.
    pub fn add(&mut self, id: &str, rev: Rev) {
        self.count += 1;
        self.sum.add(id, rev);
    }

    /// A record was taken out that was added with this revision.
    pub fn remove(&mut self, id: &str, rev: Rev) {
        self.count = self.count.saturating_sub(1);
        self.sum.remove(id, rev);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_length_is_summed_to_its_last_byte() {
        for length in [0, 1, 63, 64, 65, 200] {
            let id = "x".repeat(length);
            let mut bytes = id.clone().into_bytes();
            bytes.extend_from_slice(&7u64.to_le_bytes());
            let mut sum = Sum::default();
            sum.add(&id, 7);
            assert_eq!(sum.value(), XxHash3_64::oneshot(&bytes), "{length}");
            sum.remove(&id, 7);
            assert_eq!(sum, Sum::default());
        }
    }
}
