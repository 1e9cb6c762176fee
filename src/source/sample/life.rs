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

    /// The record is gone from a day on, without a word; whatever was told of later days never happened.
    pub fn vanish(&mut self, day: Day) {
        self.told.retain(|(from, _)| *from < day);
        self.told.push((day, None));
    }

    /// The life as told.
    pub fn end(self) -> Life {
        Life(self.told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Id, Meeting, Text};

    fn story() -> Option<Story<Meeting>> {
        let meeting = Meeting {
            id: Id::new("m-1")?,
            number: 1,
            body: Text::one("شورا"),
            on: Day::from_days(10),
            agenda: Vec::new(),
            updated: None,
            note: None,
            extra: None,
        };
        Some(Story::begin(Day::from_days(10), meeting))
    }

    fn number(life: &Life, day: i32) -> Option<u32> {
        match life.at(Day::from_days(day)) {
            Some(Record::Meeting(meeting)) => Some(meeting.number),
            _ => None,
        }
    }

    #[test]
    fn زندگی_هر_رکورد_از_پیدایش_تا_ناپدیدشدن() -> Result<(), &'static str> {
        let mut story = story().ok_or("no id")?;
        story.then(Day::from_days(12), |m| m.number = 2);
        // Told late: it is learned on the story's last day, not backwards.
        story.then(Day::from_days(11), |m| m.number = 3);
        story.then(Day::from_days(20), |m| m.number = 4);
        story.vanish(Day::from_days(15));
        let life = story.end();
        let known: Vec<_> = [9, 10, 11, 12, 14, 15, 30].map(|day| number(&life, day)).to_vec();
        assert_eq!(known, [None, Some(1), Some(1), Some(3), Some(3), None, None]);
        Ok(())
    }
}
