//! The records of one kind while they are read, findable by id in four bytes a record.

use crate::contract::{Id, Record};
use hashbrown::HashTable;
use std::hash::{BuildHasher as _, RandomState};

/// The records of one kind, findable by id.
#[derive(Default)]
pub(in crate::source) struct Table {
    /// In the order they came; nothing where one was deleted.
    pub(in crate::source) records: Vec<Option<Record>>,
    by_id: HashTable<u32>,
    /// Line and column of each record, where they are needed at the end.
    pub(in crate::source) places: Vec<(u64, u64)>,
    /// Records that are there.
    pub(in crate::source) live: usize,
    /// The kind was handed over as it stands.
    pub(in crate::source) handed_over: bool,
}

impl Table {
    /// Where the record of an id is.
    pub(in crate::source) fn index_of(&self, id: &Id, hasher: &RandomState) -> Option<usize> {
        let same = |index: &u32| id_at(&self.records, *index) == Some(id);
        self.by_id.find(hasher.hash_one(id), same).map(|index| *index as usize)
    }

    /// Adds a record, or replaces the one of that id.
    pub(in crate::source) fn put(&mut self, record: Record, hasher: &RandomState) {
        self.handed_over = false;
        if let Some(index) = self.index_of(record.id(), hasher) {
            if let Some(slot) = self.records.get_mut(index) {
                *slot = Some(record);
            }
            return;
        }
        // Far fewer records than that fit into the memory a source may cost.
        let Ok(index) = u32::try_from(self.records.len()) else {
            return;
        };
        let records = &self.records;
        let rehash = |index: &u32| id_at(records, *index).map_or(0, |id| hasher.hash_one(id));
        self.by_id.insert_unique(hasher.hash_one(record.id()), index, rehash);
        self.records.push(Some(record));
        self.live += 1;
    }

    /// Remembers where the record of an id stands.
    pub(in crate::source) fn set_place(&mut self, id: &Id, hasher: &RandomState, place: (u64, u64)) {
        if let Some(index) = self.index_of(id, hasher) {
            self.places.resize(self.records.len(), (0, 0));
            if let Some(slot) = self.places.get_mut(index) {
                *slot = place;
            }
        }
    }

    /// Removes a record, if it is there.
    pub(in crate::source) fn remove(&mut self, id: &Id, hasher: &RandomState) {
        let records = &self.records;
        let same = |index: &u32| id_at(records, *index) == Some(id);
        if let Ok(entry) = self.by_id.find_entry(hasher.hash_one(id), same) {
            let (index, _) = entry.remove();
            if let Some(slot) = self.records.get_mut(index as usize) {
                *slot = None;
            }
            self.live -= 1;
            self.handed_over = false;
        }
    }

    /// Gives the records away.
    pub(in crate::source) fn take(&mut self) -> Vec<Record> {
        self.by_id = HashTable::new();
        std::mem::take(&mut self.records).into_iter().flatten().collect()
    }
}

fn id_at(records: &[Option<Record>], index: u32) -> Option<&Id> {
    records.get(index as usize)?.as_ref().map(Record::id)
}
