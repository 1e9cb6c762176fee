//! A record's life: what was known of it from which day on. The generator tells it forwards; every dated state is a cut through
//! all lives. Knows nothing of provinces.

use crate::clock::Day;
use crate::contract::Record;

/// What was known of one record, in order of days.
#[derive(Clone, Debug)]
pub struct Life(Vec<(Day, Option<Record>)>);

impl Life {
    /// The record as it was known on a day; nothing before it appeared and after it vanished.
    pub fn at(&self, day: Day) -> Option<&Record> {
        let known = self.0.iter().take_while(|(from, _)| *from <= day);
        known.last().and_then(|(_, record)| record.as_ref())
    }
}

/// A life while it is being told.
#[derive(Debug)]
pub struct Story<T> {
    now: T,
    told: Vec<(Day, Option<Record>)>,
}

impl<T: Clone + Into<Record>> Story<T> {
    /// The record appears on a day.
    pub fn begin(day: Day, record: T) -> Self {
        let told = vec![(day, Some(record.clone().into()))];
        Self { now: record, told }
    }

    /// The record as it stands at this point of the story.
    pub fn now(&self) -> &T {
        &self.now
    }

    /// Something happens on a day. What happened before the story's last day is told on that last day: nothing is learned
    /// backwards.
    pub fn then(&mut self, day: Day, change: impl FnOnce(&mut T)) {
        change(&mut self.now);
        let record = Some(self.now.clone().into());
        match self.told.last_mut() {
            Some((last, known)) if *last >= day => *known = record,
            _ => self.told.push((day, record)),
        }
    }

    /// The record is gone from a day on, without a word.
    pub fn vanish(&mut self, day: Day) {
        self.told.push((day, None));
    }

    /// The life as told.
    pub fn end(self) -> Life {
        Life(self.told)
    }
}
