//! A filter held against records. What rows have in common (names of agencies, measures, words of lists) is folded once.
//! It must not know how a filter is written.

use super::{Compare, FieldTest, Query, Span, Test, squash};
use crate::board::Board;
use crate::board::columns::{Column, Value, columns};
use crate::clock::Day;
use crate::contract::{Id, Kind, Record, Text};
use crate::text::fold;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Between two texts of a row: nothing anybody types, so that no word matches across them.
const BETWEEN: char = '\u{1F}';

/// A filter ready to look at many records of one board.
pub struct Matcher<'a> {
    query: &'a Query,
    board: &'a Board,
    shared: RefCell<HashMap<Shared, Rc<str>>>,
}

/// What many rows have in common.
#[derive(PartialEq, Eq, Hash)]
enum Shared {
    Link(Kind, Id),
    County(Id),
    Word(&'static str, smol_str::SmolStr),
}

impl<'a> Matcher<'a> {
    pub(super) fn new(query: &'a Query, board: &'a Board) -> Self {
        Self {
            query,
            board,
            shared: RefCell::default(),
        }
    }

    /// Whether a record matches.
    pub fn matches(&self, record: &Record) -> bool {
        // Fields are cheap, texts are dear: these are looked at last, all words at once.
        let mut words = Vec::new();
        for term in &self.query.terms {
            let holds = match &term.test {
                Test::Word(word) => {
                    words.push((word.as_str(), term.negated));
                    continue;
                }
                Test::Phrase(phrase) => self.has_phrase(record, phrase),
                Test::Is(flag) => (flag.holds)(self.board, record),
                Test::Field(column, test) => self.field(column, test, record),
            };
            if holds == term.negated {
                return false;
            }
        }
        words.is_empty() || self.words(record, &words)
    }

    /// Whether every wanted word and no unwanted one stands in the texts of a row.
    fn words(&self, record: &Record, words: &[(&str, bool)]) -> bool {
        let mut found = vec![false; words.len()];
        self.texts(record, &mut |folded| {
            for (found, (word, _)) in found.iter_mut().zip(words) {
                *found = *found || fold::contains(folded, word);
            }
            // Once an unwanted word is found, or all wanted ones are and none is unwanted, the rest changes nothing.
            let lost = found.iter().zip(words).any(|(found, (_, negated))| *found && *negated);
            let won = found.iter().zip(words).all(|(found, (_, negated))| *found && !*negated);
            !(lost || won)
        });
        found.iter().zip(words).all(|(found, (_, negated))| found != negated)
    }

    /// Hands the folded texts of a row to `look` until that has seen enough.
    fn texts(&self, record: &Record, look: &mut dyn FnMut(&str) -> bool) {
        for column in columns(record.kind()) {
            if !column.value.is_textual() {
                continue;
            }
            let value = (column.get)(self.board, record);
            let go_on = match self.shared(&value) {
                Some(folded) => look(&folded),
                None if value.is_nothing() => true,
                None => look(&folded(&value, self.board)),
            };
            if !go_on {
                return;
            }
        }
        let mut go_on = true;
        inner_texts(record, &mut |text| {
            if go_on {
                go_on = text.wordings().all(|text| look(&fold::fold(text)));
            }
        });
    }

    /// Whether a folded word stands in a value of a textual column.
    pub(super) fn says(&self, value: &Value, word: &str) -> bool {
        match self.shared(value) {
            Some(folded) => fold::contains(&folded, word),
            None => self.says_once(value, word),
        }
    }

    /// The same for who asks of each value only once: what it says is not kept.
    pub(super) fn says_once(&self, value: &Value, word: &str) -> bool {
        !value.is_nothing() && fold::contains(&folded(value, self.board), word)
    }

    /// Whether a folded phrase stands in a value of a textual column.
    pub(super) fn says_phrase(&self, value: &Value, phrase: &str) -> bool {
        let mut found = false;
        value.wordings(self.board, &mut |wording| found = found || stands_in(wording, phrase));
        found
    }

    /// The folded texts of what other rows show as well, made once.
    fn shared(&self, value: &Value) -> Option<Rc<str>> {
        let key = match value {
            Value::Link(kind, id) => Shared::Link(*kind, id.clone()),
            Value::County(id) => Shared::County(id.clone()),
            Value::Word { prefix, value } => Shared::Word(prefix, value.clone()),
            _ => return None,
        };
        if let Some(folded) = self.shared.borrow().get(&key) {
            return Some(folded.clone());
        }
        let folded: Rc<str> = folded(value, self.board).into();
        self.shared.borrow_mut().insert(key, folded.clone());
        Some(folded)
    }

    fn has_phrase(&self, record: &Record, phrase: &str) -> bool {
        let mut found = false;
        for column in columns(record.kind()).iter().filter(|column| column.value.is_textual()) {
            found = found || self.says_phrase(&(column.get)(self.board, record), phrase);
        }
        inner_texts(record, &mut |text| {
            found = found || text.wordings().any(|wording| stands_in(wording, phrase));
        });
        found
    }

    /// The number people call a linked measure or meeting by: `measure:3` means the third, not every title with a 3 in it.
    fn number(&self, value: &Value) -> Option<u32> {
        match value {
            Value::Link(Kind::Measure, id) => self.board.measures().get(id.as_str()).map(|measure| measure.number),
            Value::Link(Kind::Meeting, id) => self.board.meetings().get(id.as_str()).map(|meeting| meeting.number),
            _ => None,
        }
    }

    fn field(&self, column: &Column, test: &FieldTest, record: &Record) -> bool {
        self.holds(column, test, (column.get)(self.board, record))
    }

    /// Whether a test holds of a value of a column.
    pub(super) fn holds(&self, column: &Column, test: &FieldTest, value: Value) -> bool {
        match test {
            FieldTest::Nothing => value.is_nothing(),
            FieldTest::Something => !value.is_nothing(),
            FieldTest::Contains(word) | FieldTest::Equals(word) if self.number(&value).is_some() && is_digits(word) => {
                self.number(&value).map(|n| n.to_string()).as_deref() == Some(word)
            }
            FieldTest::Contains(word) => self.says(&value, word),
            FieldTest::Equals(wanted) => {
                let mut equal = false;
                value.wordings(self.board, &mut |wording| equal = equal || squash(wording) == *wanted);
                equal
            }
            FieldTest::Word { known, squashed, whole } => match &value {
                Value::Word { value, .. } if column.value.words().contains(&value.as_str()) => {
                    known.contains(&value.as_str())
                }
                Value::Word { value, .. } => {
                    let value = squash(value);
                    if *whole {
                        value == *squashed
                    } else {
                        value.starts_with(squashed.as_str())
                    }
                }
                _ => false,
            },
            FieldTest::Number(compare, wanted) => value.number().is_some_and(|n| compare.numbers(n, *wanted)),
            FieldTest::Shown(wanted, within) => value.number().is_some_and(|n| (n - wanted).abs() <= *within),
            FieldTest::Day(compare, span) => match value {
                Value::Day(day) => compare.days(day, span.on(self.board.today())),
                _ => false,
            },
            FieldTest::Flag(wanted) => value == Value::Flag(*wanted),
            FieldTest::Worst(severity) => matches!(value, Value::Findings(worst, _) if worst == *severity),
        }
    }
}

impl Compare {
    fn numbers(self, a: f64, b: f64) -> bool {
        match self {
            Self::Equal => a == b,
            Self::Below => a < b,
            Self::AtMost => a <= b,
            Self::Above => a > b,
            Self::AtLeast => a >= b,
        }
    }

    /// A day against a span: before it begins, after it ends, or within.
    fn days(self, day: Day, (first, last): (Day, Day)) -> bool {
        match self {
            Self::Equal => first <= day && day <= last,
            Self::Below => day < first,
            Self::AtMost => day <= last,
            Self::Above => day > last,
            Self::AtLeast => day >= first,
        }
    }
}

impl Span {
    fn on(self, today: Day) -> (Day, Day) {
        match self {
            Self::Fixed(first, last) => (first, last),
            Self::Today(days) => (today.plus(days), today.plus(days)),
        }
    }
}

/// Every wording of a value, folded, so that no word is found across two of them; nothing for one without.
pub(super) fn folded(value: &Value, board: &Board) -> String {
    let mut out = String::new();
    value.wordings(board, &mut |wording| {
        if !out.is_empty() {
            out.push(BETWEEN);
        }
        out.push_str(&fold::fold(wording));
    });
    out
}

/// Whether a folded phrase stands in a text as whole words.
pub(super) fn stands_in(text: &str, phrase: &str) -> bool {
    fold::find(text, phrase).into_iter().any(|range| {
        let before = text.get(..range.start).and_then(|s| s.chars().next_back());
        let after = text.get(range.end..).and_then(|s| s.chars().next());
        !before.is_some_and(is_inside_a_word) && !after.is_some_and(is_inside_a_word)
    })
}

fn is_digits(folded: &str) -> bool {
    !folded.is_empty() && folded.chars().all(|c| c.is_ascii_digit())
}

/// Letters, digits, half-spaces and marks: none of them ends a word.
fn is_inside_a_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '\u{200c}' | '\u{200d}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        )
}

/// Texts within a record that no column shows whole.
fn inner_texts<'r>(record: &'r Record, each: &mut dyn FnMut(&'r Text)) {
    match record {
        Record::Measure(r) => r.indicators.iter().for_each(|indicator| each(&indicator.title)),
        Record::Project(r) => {
            r.milestones.iter().for_each(|milestone| each(&milestone.title));
            r.obstacles.iter().chain(&r.evidence).for_each(each);
        }
        Record::Agency(r) => r.duties.iter().for_each(|duty| each(&duty.title)),
        Record::Meeting(r) => r.agenda.iter().for_each(each),
        Record::Decision(r) => r.evidence.iter().for_each(each),
        Record::Plan(r) => r.follow_ups.iter().filter_map(|step| step.note.as_ref()).for_each(each),
        Record::Initiative(r) => r
            .outreach
            .iter()
            .filter_map(|visit| visit.result.as_ref())
            .for_each(each),
        Record::Enterprise(_) | Record::Demand(_) | Record::Evaluation(_) | Record::Campaign(_) => {}
    }
}
