//! The two shapes everything in the contract has: an open list of words, and an object with named fields.

/// An open list: the known values as variants, any other value kept as it stands.
macro_rules! open_list {
    ($(#[$meta:meta])* $name:ident in $prefix:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
            /// A value this version does not know: shown and counted as it stands.
            Other(smol_str::SmolStr),
        }

        impl $name {
            /// The known values, in the order the headquarters lists them.
            pub const KNOWN: &'static [&'static str] = &[$($word),*];
            /// Where the catalogue keeps the names of the values: `prefix.value`.
            pub const PREFIX: &'static str = $prefix;

            /// The value as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }

            /// False for a value outside the known list.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }

            /// The value's name in a language, or the value itself when it is unknown.
            pub fn name(&self, lang: $crate::text::Lang) -> smol_str::SmolStr {
                match self {
                    $(Self::$variant => $crate::i18n::t(lang, concat!($prefix, ".", $word)).into(),)*
                    Self::Other(word) => word.clone(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::contract::clean::exact(d, |word| Ok::<_, std::convert::Infallible>(Self::from(word)))
            }
        }

        impl $crate::contract::read::Field for $name {}

        impl $crate::contract::read::Read for $name {
            fn read(value: &serde_json::Value, at: &mut $crate::contract::read::Reader<'_>) -> Option<Self> {
                at.word(value).map(|word| Self::from(&*word))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string", "minLength": 1, "examples": Self::KNOWN,
                    "description": concat!("Open list; known values: ", $($word, " "),*)
                })
            }
        }
    };
}

/// An object with named fields: a record, or a part of one. Unknown fields are kept in `extra`.
macro_rules! object {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, schemars::JsonSchema)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
            /// Fields this version does not know, as they stood.
            #[schemars(skip)]
            pub extra: Option<Box<$crate::contract::Extra>>,
        }

        impl $name {
            /// The names of the known fields, in the order they are written.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = s.serialize_map(None)?;
                $(if !$crate::contract::read::Field::absent(&self.$field) {
                    map.serialize_entry(stringify!($field), &self.$field)?;
                })*
                for (key, value) in self.extra.iter().flat_map(|extra| extra.iter()) {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        use serde::de::Error as _;
                        $(let mut $field: Option<$ty> = None;)*
                        while let Some(key) = map.next_key::<$crate::contract::read::Key<'de>>()? {
                            match key.as_str() {
                                $(stringify!($field) => {
                                    if $field.is_some() {
                                        return Err(A::Error::duplicate_field(stringify!($field)));
                                    }
                                    $field = Some(map.next_value()?);
                                })*
                                // Unknown fields are rare: the slow way keeps them, cleaned, and reports them.
                                _ => return Err(A::Error::custom("unknown field")),
                            }
                        }
                        Ok($name {
                            $($field: match $field {
                                Some(value) => value,
                                None => $crate::contract::read::Field::missing()
                                    .ok_or_else(|| A::Error::missing_field(stringify!($field)))?,
                            },)*
                            extra: None,
                        })
                    }
                }
                d.deserialize_map(Fields)
            }
        }

        impl $crate::contract::read::Field for $name {}

        impl $crate::contract::read::Read for $name {
            fn read(value: &serde_json::Value, at: &mut $crate::contract::read::Reader<'_>) -> Option<Self> {
                let map = at.object(value)?;
                $(let $field: Option<$ty> = at.field(map, stringify!($field));)*
                let extra = at.unknown(map, Self::FIELDS);
                Some($name { $($field: $field?,)* extra })
            }
        }
    };
}
