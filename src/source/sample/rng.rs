//! Chance that repeats: SplitMix64, whole numbers only. Stable across versions — the same seed gives the same province on every
//! machine and in every release, so nothing here may change what a seed means. Knows nothing of records.

/// A stream of pseudo-random whole numbers.
#[derive(Clone, Debug)]
pub struct Rng(u64);

/// The golden-ratio step of SplitMix64.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64: every output bit depends on every input bit.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of one subject: its own for every seed, label and number, so that adding a record moves no other one.
    pub fn of(seed: u64, label: &str, number: u64) -> Self {
        // FNV-1a, so that a label is a number that never changes.
        let label = label.bytes().fold(0xCBF2_9CE4_8422_2325, |h: u64, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3)
        });
        Self(mix(seed ^ mix(label ^ mix(number.wrapping_mul(STEP)))))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number from 0 up to but without `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.number()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        let width = (high - low + 1).max(1);
        low + self.below(width as u64) as i64
    }

    /// The same as [`Rng::range`], for days.
    pub fn days(&mut self, low: i32, high: i32) -> i32 {
        self.range(i64::from(low), i64::from(high)) as i32
    }

    /// True in `of_thousand` of a thousand cases.
    pub fn chance(&mut self, of_thousand: u64) -> bool {
        self.below(1_000) < of_thousand
    }

    /// One of a list that is never empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// A number near the lower end of `low..=high`, as sizes and amounts are in life: the smaller of two throws.
    pub fn small(&mut self, low: i64, high: i64) -> i64 {
        self.range(low, high).min(self.range(low, high))
    }

    /// The list in another order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        // Reference values of SplitMix64 from state 1234567, as its authors publish them.
        let mut rng = Rng(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.number()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn every_subject_has_a_stream_of_its_own() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 1..4 {
            for label in ["project", "initiative"] {
                for number in 0..200 {
                    assert!(seen.insert(Rng::of(seed, label, number).number()));
                }
            }
        }
    }

    #[test]
    fn ranges_are_closed_and_reach_both_ends() {
        let mut rng = Rng::of(1, "range", 0);
        let thrown: Vec<i64> = (0..500).map(|_| rng.range(-2, 3)).collect();
        assert_eq!(thrown.iter().min(), Some(&-2));
        assert_eq!(thrown.iter().max(), Some(&3));
    }
}
