//! The records themselves, one table a kind; tables share their structure between versions of the board.
//! It must not know what a record means.

use crate::contract::kind::for_each_kind;
use crate::contract::*;
use imbl::OrdMap;
use std::sync::Arc;

/// The records of one kind, in the order of their ids.
pub struct Table<T> {
    rows: OrdMap<Id, Arc<T>>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: OrdMap::new() }
    }
}

impl<T> Table<T> {
    /// The record of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<T>> {
        self.rows.get(id)
    }

    /// True when there is a record of that id.
    pub fn contains(&self, id: &str) -> bool {
        self.rows.contains_key(id)
    }

    /// All records in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<T>> {
        self.rows.values()
    }

    /// All ids in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &Id> {
        self.rows.keys()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

macro_rules! tables {
    ($($kind:ident $type:ident $field:ident),*) => {
        /// One table a kind.
        #[derive(Clone, Default)]
        pub struct Tables { $(pub(super) $field: Table<$type>),* }

        impl Tables {
            /// The record of a kind and id.
            pub fn get(&self, kind: Kind, id: &str) -> Option<Record> {
                match kind { $(Kind::$kind => self.$field.get(id).map(|r| Record::$kind(r.clone()))),* }
            }

            /// True when there is such a record.
            pub fn contains(&self, kind: Kind, id: &str) -> bool {
                match kind { $(Kind::$kind => self.$field.contains(id)),* }
            }

            /// True when exactly this record is there already.
            pub fn holds(&self, record: &Record) -> bool {
                match record { $(Record::$kind(new) => {
                    self.$field.get(new.id.as_str()).is_some_and(|old| Arc::ptr_eq(old, new) || old == new)
                }),* }
            }

            /// Puts a record in; the one it replaces.
            pub fn put(&mut self, record: Record) -> Option<Record> {
                match record { $(Record::$kind(r) => {
                    self.$field.rows.insert(r.id.clone(), r).map(Record::$kind)
                }),* }
            }

            /// Takes a record out.
            pub fn remove(&mut self, kind: Kind, id: &str) -> Option<Record> {
                match kind { $(Kind::$kind => self.$field.rows.remove(id).map(Record::$kind)),* }
            }

            /// How many records a kind has.
            pub fn len(&self, kind: Kind) -> usize {
                match kind { $(Kind::$kind => self.$field.len()),* }
            }

            /// The ids of a kind in order.
            pub fn ids(&self, kind: Kind) -> Box<dyn Iterator<Item = &Id> + '_> {
                match kind { $(Kind::$kind => Box::new(self.$field.ids())),* }
            }

            /// The records of a kind in the order of their ids.
            pub fn records(&self, kind: Kind) -> Box<dyn Iterator<Item = Record> + '_> {
                match kind { $(Kind::$kind => Box::new(self.$field.iter().map(|r| Record::$kind(r.clone())))),* }
            }
        }

        impl super::Board {
            $(
                #[doc = concat!("The ", stringify!($field), ", in the order of their ids.")]
                pub fn $field(&self) -> &Table<$type> {
                    &self.tables.$field
                }
            )*
        }
    };
}
for_each_kind!(tables);
