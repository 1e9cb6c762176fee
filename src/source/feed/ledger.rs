//! What is known of every record of the feed: under which revision it was last seen. It decides what is news, and whether
//! we hold what the server holds. It must not know what a record says.

mod revs;

use crate::contract::Id;
use crate::contract::feed::{KindState, Kinds, Line, Op, Rev, Subject};
use revs::Revs;
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};

/// What is known of one kind.
#[derive(Clone, Debug, Default)]
struct Shelf {
    /// Everything up to this revision is known.
    known: Rev,
    /// The revision of each live record, by a keyed hash of its id: nine bytes a record instead of the id's forty.
    revs: Revs,
    state: KindState,
}

/// What is known of every kind.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    hasher: RandomState,
    shelves: BTreeMap<Subject, Shelf>,
}

impl Ledger {
    /// True for what is news: a line behind everything known of its kind. Whatever is delivered again is none.
    pub fn is_news(&self, line: &Line) -> bool {
        self.shelves.get(&line.kind).is_none_or(|shelf| line.rev > shelf.known)
    }

    /// Writes down a line that is news.
    pub fn note(&mut self, subject: &Subject, id: &Id, rev: Rev, op: &Op) {
        self.set(subject, id, matches!(op, Op::Put(_)).then_some(rev));
    }

    /// Writes down under which revision a record is live, or that it is not.
    pub fn set(&mut self, subject: &Subject, id: &Id, rev: Option<Rev>) {
        let key = self.hasher.hash_one(id);
        if !self.shelves.contains_key(subject) {
            self.shelves.insert(subject.clone(), Shelf::default());
        }
        let Some(shelf) = self.shelves.get_mut(subject) else {
            return;
        };
        let before = match rev {
            Some(rev) => shelf.revs.insert(key, rev),
            None => shelf.revs.remove(key),
        };
        if let Some(before) = before {
            shelf.state.remove(id.as_str(), before);
        }
        if let Some(rev) = rev {
            shelf.state.add(id.as_str(), rev);
        }
    }

    /// The revision under which a record is live.
    pub fn rev(&self, subject: &Subject, id: &Id) -> Option<Rev> {
        self.shelves.get(subject)?.revs.get(self.hasher.hash_one(id))
    }

    /// Everything up to a revision is known of a kind.
    pub fn reach(&mut self, subject: &Subject, rev: Rev) {
        let shelf = self.shelves.entry(subject.clone()).or_default();
        shelf.known = shelf.known.max(rev);
    }

    /// Everything up to a revision is known of every kind.
    pub fn reach_all(&mut self, rev: Rev) {
        for subject in Subject::known() {
            self.reach(&subject, rev);
        }
    }

    /// The first kind in which we differ from what the server says it holds at the revision we have reached.
    pub fn differs(&self, server: &Kinds) -> Option<Subject> {
        Subject::known().find(|subject| {
            let theirs = server.get(subject.as_str()).copied();
            // A server may leave out what it has nothing of, and need not count the headquarters among its kinds.
            if theirs.is_none() && *subject == Subject::Headquarters {
                return false;
            }
            let ours = self.shelves.get(subject).map(|shelf| shelf.state);
            theirs.unwrap_or_default() != ours.unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::contract::Kind;

    fn line(rev: Rev, id: &str, op: &str) -> Line {
        let obj = if op == "put" { r#","obj":{}"# } else { "" };
        Line::parse(&format!(
            r#"{{"rev":{rev},"kind":"plan","id":"{id}","op":"{op}"{obj}}}"#
        ))
        .unwrap()
    }

    fn take(ledger: &mut Ledger, line: &Line) -> bool {
        let news = ledger.is_news(line);
        if news {
            ledger.note(&line.kind, &line.id, line.rev, &line.op);
        }
        news
    }

    fn plans(records: &[(&str, Rev)]) -> Kinds {
        let mut state = KindState::default();
        for (id, rev) in records {
            state.add(id, *rev);
        }
        Kinds::from([("plan".to_owned(), state)])
    }

    #[test]
    fn only_what_is_behind_everything_known_is_news() {
        let mut ledger = Ledger::default();
        let plan = Subject::Record(Kind::Plan);
        assert!(take(&mut ledger, &line(3, "a", "put")));
        assert!(take(&mut ledger, &line(4, "b", "put")));
        ledger.reach(&plan, 4);
        for old in [
            line(3, "a", "put"),
            line(4, "b", "put"),
            line(2, "b", "del"),
            line(4, "c", "put"),
        ] {
            assert!(!take(&mut ledger, &old), "{old:?}");
        }
        assert_eq!(ledger.differs(&plans(&[("a", 3), ("b", 4)])), None);
        assert!(take(&mut ledger, &line(5, "a", "put")) && take(&mut ledger, &line(5, "b", "del")));
        assert_eq!(ledger.differs(&plans(&[("a", 5)])), None);
        // Another revision, another record, one too many: each is noticed.
        for other in [
            plans(&[("a", 3)]),
            plans(&[("b", 5)]),
            plans(&[("a", 5), ("b", 5)]),
            Kinds::new(),
        ] {
            assert_eq!(ledger.differs(&other), Some(plan.clone()));
        }
    }

    #[test]
    fn a_deletion_of_what_was_never_there_changes_nothing() {
        let mut ledger = Ledger::default();
        assert!(take(&mut ledger, &line(1, "a", "del")));
        assert_eq!(ledger.differs(&Kinds::new()), None);
    }
}
