//! The kinds of record, and a record of any kind.

use super::{
    Agency, Campaign, Decision, Demand, Enterprise, Evaluation, Extra, Id, Initiative, Measure, Meeting, Moment, Plan,
    Project,
};
use std::sync::Arc;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident $type:ident $one:literal $many:literal $field:ident),* $(,)?) => {
        /// The kinds of record a document holds, in the order of the document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$meta])* $kind),* }

        impl Kind {
            /// All kinds, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The kind's name in the feed and in paths.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $one),* }
            }

            /// The kind's member in the document.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$kind => $many),* }
            }

            /// The catalogue key of one such record.
            pub fn name_key(self) -> &'static str {
                match self { $(Self::$kind => concat!("kind.", $one)),* }
            }

            /// The catalogue key of several such records.
            pub fn plural_key(self) -> &'static str {
                match self { $(Self::$kind => concat!("kinds.", $one)),* }
            }

            /// The kind of that name, singular or plural.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($one | $many => Some(Self::$kind),)* _ => None }
            }

            /// The names of the kind's fields, in the order they are written.
            pub fn fields(self) -> &'static [&'static str] {
                match self { $(Self::$kind => $type::FIELDS),* }
            }
        }

        impl serde::Serialize for Kind {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for Kind {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str> as serde::Deserialize<'de>>::deserialize(d)?;
                Self::named(&name).ok_or_else(|| serde::de::Error::custom("no kind"))
            }
        }

        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Record { $($(#[$meta])* $kind(Arc<$type>)),* }

        impl Record {
            /// The record's kind.
            pub fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind),* }
            }

            /// The record's id.
            pub fn id(&self) -> &Id {
                match self { $(Self::$kind(r) => &r.id),* }
            }

            /// When somebody last looked after it.
            pub fn updated(&self) -> Option<Moment> {
                match self { $(Self::$kind(r) => r.updated),* }
            }

            /// Fields this version does not know.
            pub fn extra(&self) -> Option<&Extra> {
                match self { $(Self::$kind(r) => r.extra.as_deref()),* }
            }

            /// Reads a record of a kind the fast way: strict, nothing mended.
            pub fn from_json(kind: Kind, json: &str) -> serde_json::Result<Self> {
                Ok(match kind { $(Kind::$kind => Self::$kind(Arc::new(serde_json::from_str(json)?))),* })
            }

            /// Reads the record that `json` begins with the fast way, and tells how many bytes it took.
            pub fn from_json_start(kind: Kind, json: &[u8]) -> serde_json::Result<(Self, usize)> {
                // The parser finds the end of a record by reading it: nobody has to look for it before.
                macro_rules! first {
                    ($record:ident) => {{
                        let mut records = serde_json::Deserializer::from_slice(json).into_iter::<$record>();
                        let record = match records.next() {
                            Some(record) => record?,
                            None => return Err(serde::de::Error::custom("no record")),
                        };
                        (Self::from(record), records.byte_offset())
                    }};
                }
                Ok(match kind { $(Kind::$kind => first!($type)),* })
            }

            /// Reads a record of a kind the slow way, with every problem named; nothing when it cannot be read.
            pub fn read(kind: Kind, value: &serde_json::Value, at: &mut super::read::Reader<'_>) -> Option<Self> {
                use super::read::Read as _;
                Some(match kind { $(Kind::$kind => Self::$kind(Arc::new($type::read(value, at)?))),* })
            }
        }

        impl serde::Serialize for Record {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$kind(r) => r.serialize(s)),* }
            }
        }

        $(
            impl From<$type> for Record {
                fn from(record: $type) -> Self { Self::$kind(Arc::new(record)) }
            }
            impl From<Arc<$type>> for Record {
                fn from(record: Arc<$type>) -> Self { Self::$kind(record) }
            }
        )*

        /// Calls a macro with every kind: `(Variant Type field)` — the one list of kinds in the program.
        #[macro_export]
        macro_rules! for_each_kind {
            ($callback:ident) => { $callback! { $($kind $type $field),* } };
        }
        pub use for_each_kind;
    };
}

kinds! {
    /// A special measure.
    Measure Measure "measure" "measures" measures,
    /// A project under a measure.
    Project Project "project" "projects" projects,
    /// An executive agency.
    Agency Agency "agency" "agencies" agencies,
    /// An agency's operational plan.
    Plan Plan "plan" "plans" plans,
    /// An enterprise that goes to small ones.
    Enterprise Enterprise "enterprise" "enterprises" enterprises,
    /// A numbered meeting.
    Meeting Meeting "meeting" "meetings" meetings,
    /// A decision of a meeting.
    Decision Decision "decision" "decisions" decisions,
    /// A demand of the private sector.
    Demand Demand "demand" "demands" demands,
    /// A cultural, media, publicity or explanatory campaign.
    Campaign Campaign "campaign" "campaigns" campaigns,
    /// An evaluation of a record by a body.
    Evaluation Evaluation "evaluation" "evaluations" evaluations,
    /// A popular-participation initiative.
    Initiative Initiative "initiative" "initiatives" initiatives,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
