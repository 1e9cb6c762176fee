//! Numbers in as few bytes each as the largest of them needs: what is small takes little memory, and little time to come from there.

/// Numbers by place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// None above 255.
    Bytes(Box<[u8]>),
    /// None above 65,535.
    Pairs(Box<[u16]>),
    /// Any.
    Whole(Box<[u32]>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Bytes(Box::default())
    }
}

impl Numbers {
    /// These numbers.
    pub fn of(numbers: &[u32]) -> Self {
        match numbers.iter().max().copied().unwrap_or(0) {
            0..=0xFF => Self::Bytes(numbers.iter().map(|n| *n as u8).collect()),
            0x100..=0xFFFF => Self::Pairs(numbers.iter().map(|n| *n as u16).collect()),
            _ => Self::Whole(numbers.into()),
        }
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(numbers) => numbers.len(),
            Self::Pairs(numbers) => numbers.len(),
            Self::Whole(numbers) => numbers.len(),
        }
    }

    /// True without one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place.
    #[inline]
    pub fn get(&self, at: usize) -> Option<u32> {
        match self {
            Self::Bytes(numbers) => numbers.get(at).map(|n| u32::from(*n)),
            Self::Pairs(numbers) => numbers.get(at).map(|n| u32::from(*n)),
            Self::Whole(numbers) => numbers.get(at).copied(),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Bytes all take.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Bytes(numbers) => size_of_val(&**numbers),
            Self::Pairs(numbers) => size_of_val(&**numbers),
            Self::Whole(numbers) => size_of_val(&**numbers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_out_as_they_went_in(
            small in prop::collection::vec(0_u32..256, 0..40),
            large in prop::option::of(prop_oneof![Just(255), Just(256), Just(65_535), Just(65_536), Just(u32::MAX)]),
        ) {
            let all: Vec<u32> = small.iter().copied().chain(large).collect();
            let numbers = Numbers::of(&all);
            prop_assert_eq!(numbers.iter().collect::<Vec<_>>(), all.clone());
            prop_assert_eq!(numbers.len(), all.len());
            prop_assert_eq!(numbers.get(all.len()), None);
            let width = match all.iter().max() { Some(65_536..) => 4, Some(256..) => 2, _ => 1 };
            prop_assert_eq!(numbers.size(), width * all.len());
        }
    }
}
