//! A store as the specification describes one, in memory: revisions, latest state, deletions remembered. Nothing in it comes
//! from the dashboard but the words of the contract.

use rasad::contract::feed::{Cursor, Epoch, Kinds, Line, Op, Subject, Sync, Trailer};
use rasad::contract::{Id, Kind};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The records of a headquarters and their history, as far as a feed tells it.
#[derive(Clone, Debug)]
pub struct Store {
    pub epoch: String,
    pub rev: u64,
    records: BTreeMap<(String, String), (u64, Option<String>)>,
}

impl Store {
    /// A store with its headquarters and so many enterprises and initiatives, a revision each.
    pub fn new(epoch: &str, records: usize) -> Self {
        let mut store = Self {
            epoch: epoch.to_owned(),
            rev: 0,
            records: BTreeMap::new(),
        };
        let hq = r#"{"name":"ستاد","province":"استان","programme_year":1403,"plan_due":"1403-01-31"}"#;
        store.write(&[("headquarters", "hq", Some(hq.to_owned()))]);
        for n in 0..records {
            store.enterprise(&format!("e{n}"), "first");
            store.initiative(&format!("i{n}"), "first");
        }
        store
    }

    /// Writes records as one revision.
    pub fn write(&mut self, lines: &[(&str, &str, Option<String>)]) {
        self.rev += 1;
        for (kind, id, json) in lines {
            let key = ((*kind).to_owned(), (*id).to_owned());
            self.records.insert(key, (self.rev, json.clone()));
        }
    }

    pub fn enterprise(&mut self, id: &str, name: &str) {
        let json = format!(r#"{{"id":"{id}","name":"{name}"}}"#);
        self.write(&[("enterprise", id, Some(json))]);
    }

    pub fn initiative(&mut self, id: &str, title: &str) {
        let json = format!(
            r#"{{"id":"{id}","initiative_kind":"cooperative","title":"{title}","stage":"identified","origin":"new"}}"#
        );
        self.write(&[("initiative", id, Some(json))]);
    }

    pub fn delete(&mut self, kind: &str, id: &str) {
        self.write(&[(kind, id, None)]);
    }

    /// The names of all live records of a kind.
    pub fn names(&self, kind: Kind) -> BTreeMap<String, String> {
        let live = self.records.iter().filter(|((k, _), _)| k == kind.as_str());
        live.filter_map(|((_, id), (_, json))| {
            let json: serde_json::Value = serde_json::from_str(json.as_ref()?).unwrap();
            let name = json.get("name").or_else(|| json.get("title")).unwrap();
            Some((id.clone(), name.as_str().unwrap().to_owned()))
        })
        .collect()
    }

    pub fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::new();
        for ((kind, id), (rev, json)) in &self.records {
            if json.is_some() {
                kinds.entry(kind.clone()).or_default().add(id, *rev);
            }
        }
        kinds
    }

    pub fn info(&self) -> String {
        let kinds = serde_json::to_string(&self.kinds()).unwrap();
        format!(
            r#"{{"api":1,"epoch":"{}","head":{},"min_rev":0,"time":"{}","checksum":"sum-xxh3-64","limits":{{"page_lines":5000,"batch_operations":500,"body_bytes":1048576,"record_bytes":1048576,"sync_seconds":15,"tombstone_days":30,"idempotency_hours":24}},"kinds":{kinds}}}"#,
            self.epoch,
            self.rev,
            jiff::Timestamp::now()
        )
    }

    pub fn cursor(&self, rev: u64) -> Cursor {
        Cursor::At(Epoch::new(&self.epoch).unwrap(), rev)
    }

    /// What is behind a revision, in order, latest state only; without `deletions` at the beginning they are left out.
    pub fn behind(&self, since: u64, kinds: Option<&[String]>) -> Vec<Line> {
        let wanted = |kind: &String| kinds.is_none_or(|kinds| kinds.contains(kind));
        let mut lines: Vec<Line> = self
            .records
            .iter()
            .filter(|((kind, _), (rev, _))| *rev > since && wanted(kind))
            .map(|((kind, id), (rev, json))| Line {
                rev: *rev,
                kind: Subject::named(kind).unwrap(),
                id: Id::new(id).unwrap(),
                op: match json {
                    Some(json) => Op::Put(RawValue::from_string(json.clone()).unwrap()),
                    None => Op::Del,
                },
            })
            .collect();
        lines.sort_by_key(|line| line.rev);
        lines
    }

    /// A page of at most `limit` lines, a revision never split.
    pub fn page(&self, since: u64, kinds: Option<&[String]>, limit: usize) -> (Vec<Line>, Trailer) {
        let mut lines = self.behind(since, kinds);
        let mut up_to_date = true;
        if lines.len() > limit {
            let last = lines[limit - 1].rev;
            let end = lines.iter().take_while(|line| line.rev <= last).count();
            up_to_date = end == lines.len();
            lines.truncate(end);
        }
        let next = if up_to_date {
            self.rev
        } else {
            lines.last().map_or(since, |line| line.rev)
        };
        let trailer = Trailer {
            next: self.cursor(next),
            head: self.rev,
            up_to_date,
            count: lines.len() as u64,
            at: None,
            began: None,
        };
        (lines, trailer)
    }

    pub fn sync(&self) -> String {
        let sync = Sync {
            head: self.rev,
            time: jiff::Timestamp::now(),
            kinds: self.kinds(),
        };
        serde_json::to_string(&sync).unwrap()
    }
}
