//! Stepped figures, and numbers written as people write them.

use super::read::{Field, Read, Reader};

/// A finite number; written without a fraction when it is whole (`15`, not `15.0`).
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Num(f64);

impl Num {
    /// The number, or nothing when it is not finite.
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// Its value.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl From<u32> for Num {
    fn from(value: u32) -> Self {
        Self(f64::from(value))
    }
}

/// Whole numbers up to this size are exact in an `f64`: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl serde::Serialize for Num {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            s.serialize_i64(self.0 as i64)
        } else {
            s.serialize_f64(self.0)
        }
    }
}

impl<'de> serde::Deserialize<'de> for Num {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(d)?;
        Self::new(value).ok_or_else(|| serde::de::Error::custom("not a finite number"))
    }
}

impl Field for Num {}

impl Read for Num {
    fn read(value: &serde_json::Value, at: &mut Reader<'_>) -> Option<Self> {
        let number = value.as_f64().and_then(Self::new);
        if number.is_none() {
            at.wrong(value, "type.number");
        }
        number
    }
}

impl schemars::JsonSchema for Num {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

object! {
    /// A number that is disputed in steps, each at least 0 and each optional; a later step may exceed an earlier one.
    #[derive(Default)]
    Figure {
        /// Promised.
        committed: Option<Num>,
        /// Reported by the one who did it.
        claimed: Option<Num>,
        /// Entered in a register.
        registered: Option<Num>,
        /// Approved by the body in charge.
        approved: Option<Num>,
        /// Confirmed on the spot.
        verified: Option<Num>,
    }
}

/// A step of a figure, from promise to proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Promised.
    Committed,
    /// Reported.
    Claimed,
    /// Registered.
    Registered,
    /// Approved.
    Approved,
    /// Verified.
    Verified,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 5] = [
        Self::Committed,
        Self::Claimed,
        Self::Registered,
        Self::Approved,
        Self::Verified,
    ];

    /// The step's field name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Claimed => "claimed",
            Self::Registered => "registered",
            Self::Approved => "approved",
            Self::Verified => "verified",
        }
    }
}

impl Figure {
    /// The value at a step.
    pub fn at(&self, step: Step) -> Option<f64> {
        match step {
            Step::Committed => self.committed.map(Num::get),
            Step::Claimed => self.claimed.map(Num::get),
            Step::Registered => self.registered.map(Num::get),
            Step::Approved => self.approved.map(Num::get),
            Step::Verified => self.verified.map(Num::get),
        }
    }
}
