//! Sums that do not depend on the order of their parts, so that subtracting an old part leaves exactly what a fresh sum would.
//! It must not know what is being summed.

/// Parts of one in which a sum is kept: fine enough for weighted percentages, coarse enough for rials in an `i128`.
const UNIT: i128 = 1_000_000_000;
/// Addends are held within ±1e18 (a thousand times the largest provincial budget in rial), so that a sum cannot run over.
const LIMIT: f64 = 1e18;

/// An exact running sum in billionths, and how many parts it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    billionths: i128,
    parts: u32,
}

fn fixed(value: f64) -> i128 {
    // Nearly all are whole and small enough for a machine's own numbers.
    let whole = value as i64;
    if whole.unsigned_abs() < 1 << 53 && whole as f64 == value {
        return i128::from(whole) * UNIT;
    }
    let value = value.clamp(-LIMIT, LIMIT);
    // Whole and fraction apart: a whole number is then exact at any size. A NaN becomes 0.
    value.trunc() as i128 * UNIT + (value.fract() * UNIT as f64).round() as i128
}

impl Sum {
    /// Takes a part in.
    pub fn add(&mut self, value: f64) {
        self.billionths += fixed(value);
        self.parts += 1;
    }

    /// Takes out a part that was taken in before.
    pub fn subtract(&mut self, value: f64) {
        self.billionths -= fixed(value);
        self.parts = self.parts.saturating_sub(1);
    }

    /// Takes in all parts of another sum.
    pub fn merge(&mut self, other: &Self) {
        self.billionths += other.billionths;
        self.parts += other.parts;
    }

    /// The sum.
    pub fn total(&self) -> f64 {
        (self.billionths / UNIT) as f64 + (self.billionths % UNIT) as f64 / UNIT as f64
    }

    /// How many parts it has.
    pub fn parts(&self) -> usize {
        self.parts as usize
    }
}

/// A running weighted mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    weights: Sum,
    products: Sum,
}

impl Mean {
    /// Takes a value in with its weight (a weight below 0 counts as 0).
    pub fn add(&mut self, value: f64, weight: f64) {
        self.weights.add(weight.max(0.0));
        self.products.add(weight.max(0.0) * value);
    }

    /// Takes out a value that was taken in before.
    pub fn subtract(&mut self, value: f64, weight: f64) {
        self.weights.subtract(weight.max(0.0));
        self.products.subtract(weight.max(0.0) * value);
    }

    /// The mean, or nothing when there is nothing to divide by.
    pub fn get(&self) -> Option<f64> {
        (self.weights.billionths > 0).then(|| self.products.total() / self.weights.total())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rials_and_fractions_are_exact() {
        let mut sum = Sum::default();
        sum.add(123_456_789_012_345_678.0);
        sum.add(0.1);
        sum.add(0.2);
        sum.subtract(123_456_789_012_345_678.0);
        assert_eq!(sum.total(), 0.3);
        assert_eq!(sum.parts(), 2);
    }

    #[test]
    fn a_mean_of_nothing_is_nothing() {
        let mut mean = Mean::default();
        assert_eq!(mean.get(), None);
        mean.add(50.0, 0.0);
        mean.add(50.0, -3.0);
        assert_eq!(mean.get(), None, "weights of nothing and less do not divide");
        mean.add(40.0, 1.0);
        mean.add(70.0, 2.0);
        assert_eq!(mean.get(), Some(60.0));
    }

    proptest! {
        #[test]
        fn a_whole_number_and_one_beside_it_are_exact(whole in -9_007_199_254_740_993_i64..9_007_199_254_740_993, halves in 0..2_i8) {
            let value = whole as f64 + f64::from(halves) / 2.0;
            let slowly = value.trunc() as i128 * UNIT + (value.fract() * UNIT as f64).round() as i128;
            prop_assert_eq!(fixed(value), slowly);
        }

        #[test]
        fn taking_out_leaves_what_was_there(kept in prop::collection::vec(any::<f64>(), 0..8), gone in prop::collection::vec(any::<f64>(), 0..8)) {
            let mut fresh = Sum::default();
            kept.iter().for_each(|v| fresh.add(*v));
            let mut sum = Sum::default();
            gone.iter().for_each(|v| sum.add(*v));
            kept.iter().rev().for_each(|v| sum.add(*v));
            gone.iter().for_each(|v| sum.subtract(*v));
            prop_assert_eq!(sum, fresh);
        }
    }
}
