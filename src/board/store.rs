//! The records themselves, one table a kind; tables share their structure between versions of the board. Initiatives, of which
//! there may be a million, are packed. It must not know what a record means.

use crate::contract::kind::for_each_kind;
use crate::contract::packed;
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

    /// True for the same version of the table; two that only happen to be equal may not be.
    pub fn is_same(&self, other: &Self) -> bool {
        self.rows.ptr_eq(&other.rows)
    }
}

/// What the tables of all kinds can do, whichever way they keep their records.
trait Shelf<T: 'static> {
    fn record(&self, id: &str) -> Option<Arc<T>>;
    fn has(&self, id: &str) -> bool;
    fn put(&mut self, record: Arc<T>) -> Option<Arc<T>>;
    fn take(&mut self, id: &str) -> Option<Arc<T>>;
    fn count(&self) -> usize;
    fn all_ids(&self) -> Box<dyn Iterator<Item = Id> + '_>;
    fn all(&self) -> Box<dyn Iterator<Item = Arc<T>> + '_>;
}

impl<T: 'static> Shelf<T> for Table<T>
where
    Arc<T>: Identified,
{
    fn record(&self, id: &str) -> Option<Arc<T>> {
        self.get(id).cloned()
    }
    fn has(&self, id: &str) -> bool {
        self.contains(id)
    }
    fn put(&mut self, record: Arc<T>) -> Option<Arc<T>> {
        self.rows.insert(record.own_id(), record)
    }
    fn take(&mut self, id: &str) -> Option<Arc<T>> {
        self.rows.remove(id)
    }
    fn count(&self) -> usize {
        self.len()
    }
    fn all_ids(&self) -> Box<dyn Iterator<Item = Id> + '_> {
        Box::new(self.ids().cloned())
    }
    fn all(&self) -> Box<dyn Iterator<Item = Arc<T>> + '_> {
        Box::new(self.iter().cloned())
    }
}

impl Shelf<Initiative> for packed::Table {
    fn record(&self, id: &str) -> Option<Arc<Initiative>> {
        self.get(id)
    }
    fn has(&self, id: &str) -> bool {
        self.contains(id)
    }
    fn put(&mut self, record: Arc<Initiative>) -> Option<Arc<Initiative>> {
        Self::put(self, &record)
    }
    fn take(&mut self, id: &str) -> Option<Arc<Initiative>> {
        self.remove(id)
    }
    fn count(&self) -> usize {
        self.len()
    }
    fn all_ids(&self) -> Box<dyn Iterator<Item = Id> + '_> {
        Box::new(self.ids())
    }
    fn all(&self) -> Box<dyn Iterator<Item = Arc<Initiative>> + '_> {
        Box::new(self.iter())
    }
}

/// Something that has an id.
trait Identified {
    fn own_id(&self) -> Id;
}

/// The table of a kind.
macro_rules! table_of {
    (Initiative) => { packed::Table };
    ($type:ident) => { Table<$type> };
}

macro_rules! tables {
    ($($kind:ident $type:ident $field:ident),*) => {
        $(impl Identified for Arc<$type> {
            fn own_id(&self) -> Id {
                self.id.clone()
            }
        })*

        /// One table a kind.
        #[derive(Clone, Default)]
        pub struct Tables { $(pub(super) $field: table_of!($type)),* }

        impl Tables {
            /// The record of a kind and id.
            pub fn get(&self, kind: Kind, id: &str) -> Option<Record> {
                match kind { $(Kind::$kind => self.$field.record(id).map(Record::$kind)),* }
            }

            /// True when there is such a record.
            pub fn contains(&self, kind: Kind, id: &str) -> bool {
                match kind { $(Kind::$kind => self.$field.has(id)),* }
            }

            /// True when exactly this record is there already.
            pub fn holds(&self, record: &Record) -> bool {
                match record { $(Record::$kind(new) => {
                    self.$field.record(new.id.as_str()).is_some_and(|old| Arc::ptr_eq(&old, new) || old == *new)
                }),* }
            }

            /// Puts a record in; the one it replaces.
            pub fn put(&mut self, record: Record) -> Option<Record> {
                match record { $(Record::$kind(r) => Shelf::put(&mut self.$field, r).map(Record::$kind)),* }
            }

            /// Takes a record out.
            pub fn remove(&mut self, kind: Kind, id: &str) -> Option<Record> {
                match kind { $(Kind::$kind => self.$field.take(id).map(Record::$kind)),* }
            }

            /// How many records a kind has.
            pub fn len(&self, kind: Kind) -> usize {
                match kind { $(Kind::$kind => self.$field.count()),* }
            }

            /// The ids of a kind in order.
            pub fn ids(&self, kind: Kind) -> Box<dyn Iterator<Item = Id> + '_> {
                match kind { $(Kind::$kind => self.$field.all_ids()),* }
            }

            /// The records of a kind in the order of their ids.
            pub fn records(&self, kind: Kind) -> Box<dyn Iterator<Item = Record> + '_> {
                match kind { $(Kind::$kind => Box::new(self.$field.all().map(Record::$kind))),* }
            }
        }

        impl super::Board {
            $(
                #[doc = concat!("The ", stringify!($field), ", in the order of their ids.")]
                pub fn $field(&self) -> &table_of!($type) {
                    &self.tables.$field
                }
            )*
        }
    };
}
for_each_kind!(tables);
