//! Where in the feed a reader stands.

use smol_str::SmolStr;
use std::fmt;

/// A revision: counts transactions of one store from 1, without order lost and without one used twice; 0 is the empty store.
pub type Rev = u64;

/// Longest epoch, in characters.
const MAX_EPOCH: usize = 16;

/// The name of one life of a store: a restored backup or a new store gets another one. `[a-z0-9]{1,16}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(SmolStr);

impl Epoch {
    /// The epoch, or nothing when the text is not one.
    pub fn new(text: &str) -> Option<Self> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let fits = (1..=MAX_EPOCH).contains(&text.len()) && text.bytes().all(good);
        fits.then(|| Self(text.into()))
    }

    /// The epoch as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place in the feed: everything up to it is known. Clients keep it as they got it and hand it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// `0`: nothing is known.
    #[default]
    Beginning,
    /// `<epoch>.<rev>`: everything up to that revision is known.
    At(Epoch, Rev),
}

impl Cursor {
    /// Reads a cursor, or nothing when the text is not one. There is one way to write each: no sign, no leading zero.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "0" {
            return Some(Self::Beginning);
        }
        let (epoch, digits) = text.split_once('.')?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        if !plain {
            return None;
        }
        Some(Self::At(Epoch::new(epoch)?, digits.parse().ok()?))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beginning => f.write_str("0"),
            Self::At(epoch, rev) => write!(f, "{epoch}.{rev}"),
        }
    }
}

macro_rules! as_text {
    ($type:ty, $parse:expr, $what:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::contract::clean::exact(d, |text| $parse(text).ok_or($what))
            }
        }
    };
}
as_text!(Epoch, Epoch::new, "not an epoch");
as_text!(Cursor, Cursor::parse, "not a cursor");
