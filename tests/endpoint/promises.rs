//! What a store promises, held against a model under random work: Ordered, Reliable, Atomic, Resumable, Bookmarkable, Fenced, Durable,
//! No-lost-update, Idempotent. (Authorized is the matrix and, below, a property of the table itself.)

use crate::harness::runtime;
use crate::stores::{Kind, Place};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rasad::contract::Id;
use rasad::contract::feed::{Kinds, Rev, Subject};
use rasad::serve::author;
use rasad::serve::store::{Ask, AskPast, Commit, Committed, Expect, Moment, Operation, Page, Remember, Row, Store};
use std::collections::BTreeMap;

/// One step of random work.
#[derive(Clone, Debug)]
enum Work {
    /// A batch: kind, id, delete; whether it knows what is there, or guesses.
    Write(Vec<(u8, u8, bool)>, bool, Option<u8>),
    /// The last remembered request once more.
    Again,
    /// Deletions are forgotten.
    Purge,
}

fn work() -> impl Strategy<Value = Vec<Work>> {
    let batch = proptest::collection::vec((0..3_u8, 0..6_u8, any::<bool>()), 1..5);
    let step = prop_oneof![
        12 => (batch, proptest::bool::weighted(0.8), proptest::option::weighted(0.3, 0..4_u8))
            .prop_map(|(batch, knows, key)| Work::Write(batch, knows, key)),
        2 => Just(Work::Again),
        1 => Just(Work::Purge),
    ];
    proptest::collection::vec(step, 1..40)
}

fn kind(nth: u8) -> Subject {
    Subject::named(["project", "plan", "demand"][usize::from(nth)]).unwrap()
}

/// Records by kind and id, as JSON.
type Live = BTreeMap<(String, String), String>;

/// Revisions are made this many seconds apart, at some fraction of a second.
const APART: i64 = 10;

fn time(nth: usize) -> Timestamp {
    let second = 1_700_000_000 + APART * i64::try_from(nth).unwrap();
    let nano = [0, 250_000_000, 5][nth % 3];
    Timestamp::new(second, nano).unwrap()
}

/// What a store must hold.
#[derive(Default)]
struct Model {
    head: Rev,
    min_rev: Rev,
    /// The latest state of every record that is not forgotten.
    records: BTreeMap<(String, String), (Rev, Option<String>)>,
    history: BTreeMap<(String, String), Vec<Rev>>,
    /// When each revision was made, and the live records it left.
    states: Vec<(Timestamp, Live)>,
    keys: BTreeMap<u8, ([u8; 32], Rev)>,
    last: Option<Commit>,
    audit: usize,
}

impl Model {
    fn live(&self, key: &(String, String)) -> Option<Rev> {
        self.records
            .get(key)
            .filter(|(_, obj)| obj.is_some())
            .map(|(rev, _)| *rev)
    }

    fn all_live(&self) -> Live {
        let live = self.records.iter();
        live.filter_map(|(key, (_, obj))| Some((key.clone(), obj.clone()?)))
            .collect()
    }

    fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::new();
        for ((kind, id), (rev, obj)) in &self.records {
            if obj.is_some() {
                kinds.entry(kind.clone()).or_default().add(id, *rev);
            }
        }
        kinds
    }
}

fn key_of(operation: &Operation) -> (String, String) {
    (operation.kind.to_string(), operation.id.to_string())
}

fn nonempty(kinds: &Kinds) -> Kinds {
    kinds
        .iter()
        .filter(|(_, state)| state.count > 0 || state.sum.value() != 0)
        .map(|(k, s)| (k.clone(), *s))
        .collect()
}

async fn act(store: &dyn Store, model: &mut Model, step: &Work, nth: usize) {
    match step {
        Work::Write(batch, knows, key) => {
            let mut operations: Vec<Operation> = Vec::new();
            for (k, id, delete) in batch {
                let (kind, id) = (kind(*k), Id::new(&format!("r-{id}")).unwrap());
                if operations.iter().any(|known| known.kind == kind && known.id == id) {
                    continue;
                }
                let live = model.live(&(kind.to_string(), id.to_string()));
                let expect = match live {
                    Some(rev) if *knows => Expect::At(rev),
                    None if *knows => Expect::Absent,
                    Some(rev) => Expect::At(rev.saturating_sub(1)),
                    None => Expect::At(model.head),
                };
                if *delete && live.is_none() {
                    continue;
                }
                let obj = (!delete).then(|| format!("{{\"id\":\"{id}\",\"n\":{nth}}}").into());
                operations.push(Operation { kind, id, expect, obj });
            }
            if operations.is_empty() {
                return;
            }
            let fingerprint = [u8::try_from(nth).unwrap_or(0); 32];
            let remember = key.map(|key| Remember {
                key: format!("k-{key}").into(),
                fingerprint,
            });
            let commit = Commit {
                author: author("test"),
                at: time(nth),
                request: format!("q-{nth}").into(),
                import: None,
                remember,
                operations,
            };
            commit_and_compare(store, model, commit, *key).await;
        }
        Work::Again => {
            if let Some(commit) = model.last.clone() {
                let key = commit.remember.as_ref().map(|r| r.key.as_str()[2..].parse().unwrap());
                commit_and_compare(store, model, commit, key).await;
            }
        }
        Work::Purge => {
            let later = Timestamp::now() + SignedDuration::from_hours(1);
            let purged = store
                .purge(later, Timestamp::UNIX_EPOCH, author("test"), later)
                .await
                .unwrap();
            let gone: Vec<Rev> = model
                .records
                .values()
                .filter(|(_, obj)| obj.is_none())
                .map(|(rev, _)| *rev)
                .collect();
            assert_eq!(purged.tombstones, gone.len() as u64);
            model.records.retain(|_, (_, obj)| obj.is_some());
            model.min_rev = model.min_rev.max(gone.iter().copied().max().unwrap_or(0));
            model.audit += usize::from(!gone.is_empty());
            assert_eq!(purged.min_rev, model.min_rev);
        }
    }
}

async fn commit_and_compare(store: &dyn Store, model: &mut Model, commit: Commit, key: Option<u8>) {
    let outcome = store.commit(commit.clone()).await.unwrap();
    if let Some((fingerprint, rev)) = key.and_then(|key| model.keys.get(&key)) {
        // Idempotent: nothing is done twice, and a key is not taken over.
        let same = commit
            .remember
            .as_ref()
            .is_some_and(|remember| remember.fingerprint == *fingerprint);
        assert_eq!(
            outcome,
            if same {
                Committed::Replayed(*rev)
            } else {
                Committed::KeyReused
            }
        );
        return;
    }
    let stale = commit.operations.iter().position(|operation| {
        let live = model.live(&key_of(operation));
        match operation.expect {
            Expect::Absent => live.is_some(),
            Expect::At(rev) => live != Some(rev),
        }
    });
    if let Some(stale) = stale {
        // No lost update: what somebody else wrote stands, and is told.
        let Committed::Stale(nth, current) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(nth, stale);
        let live = current.filter(|kept| kept.obj.is_some()).map(|kept| kept.rev);
        assert_eq!(live, model.live(&key_of(&commit.operations[stale])));
        return;
    }
    model.head += 1;
    assert_eq!(outcome, Committed::Done(model.head));
    for operation in &commit.operations {
        let obj = operation.obj.as_ref().map(ToString::to_string);
        model.records.insert(key_of(operation), (model.head, obj));
        model.history.entry(key_of(operation)).or_default().push(model.head);
    }
    model.states.push((commit.at, model.all_live()));
    model.audit += commit.operations.len();
    if let (Some(key), Some(remember)) = (key, &commit.remember) {
        model.keys.insert(key, (remember.fingerprint, model.head));
    }
    model.last = Some(commit);
}

async fn page(store: &dyn Store, after: Rev, rows: usize) -> Page {
    store
        .page(Ask {
            after,
            rows,
            bytes: 1 << 20,
            kinds: Vec::new(),
        })
        .await
        .unwrap()
}

/// Everything behind a revision, in pages of that many rows.
async fn all_after(store: &dyn Store, from: Rev, rows: usize) -> Vec<Row> {
    let (mut at, mut all) = (from, Vec::new());
    loop {
        let page = page(store, at, rows).await;
        assert!(
            page.complete || page.rows.len() >= rows,
            "a short page said there was more"
        );
        // Atomic: a revision is never split.
        let last = page.rows.last().map(|row| row.rev);
        all.extend(page.rows);
        if page.complete {
            return all;
        }
        at = last.unwrap();
    }
}

async fn compare(store: &dyn Store, model: &Model) {
    let head = store.head().await.unwrap();
    assert_eq!((head.rev, head.min_rev), (model.head, model.min_rev));
    assert_eq!(nonempty(&head.kinds), model.kinds());
    for rows in [1, 2, 7, 1_000] {
        // Bookmarkable and Resumable: from any revision exactly what is newer, in any page size.
        for from in 0..=model.head {
            let found = all_after(store, from, rows).await;
            // Ordered.
            assert!(found.is_sorted_by_key(|row| (row.rev, row.kind.clone(), row.id.clone())));
            let found: BTreeMap<_, _> = found
                .into_iter()
                .map(|row| {
                    (
                        (row.kind.to_string(), row.id.to_string()),
                        (row.rev, row.obj.map(String::from)),
                    )
                })
                .collect();
            // Reliable: nothing lost, nothing made up.
            let expected: BTreeMap<_, _> = model
                .records
                .iter()
                .filter(|(_, (rev, _))| *rev > from)
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
            assert_eq!(found, expected, "from {from} in pages of {rows}");
        }
    }
    for ((kind, id), revs) in &model.history {
        let (kind, id) = (Subject::named(kind).unwrap(), Id::new(id).unwrap());
        let versions = store.history(kind, id, Rev::MAX >> 1, 1_000).await.unwrap();
        let found: Vec<Rev> = versions.iter().rev().map(|version| version.rev).collect();
        assert_eq!(&found, revs);
    }
    compare_past(store, model).await;
    assert_eq!(store.audit(u64::MAX >> 1, 100_000).await.unwrap().len(), model.audit);
}

/// The present with everything undone that a state says, read in pages of that many rows; and the revision it says it is.
async fn undone(store: &dyn Store, model: &Model, at: Moment, rows: usize) -> (Rev, Live) {
    let (mut live, mut after, mut told) = (model.all_live(), 0, std::collections::BTreeSet::new());
    loop {
        let ask = AskPast {
            at,
            after,
            rows,
            bytes: 1 << 20,
        };
        let past = store.past(ask).await.unwrap();
        assert_eq!(past.began, model.states.first().map(|(began, _)| *began));
        let page = past.page;
        assert!(
            page.rows
                .is_sorted_by_key(|row| (row.rev, row.kind.clone(), row.id.clone()))
        );
        assert!(page.rows.first().is_none_or(|row| row.rev > after));
        after = page.rows.last().map_or(after, |row| row.rev);
        for row in page.rows {
            let key = (row.kind.to_string(), row.id.to_string());
            assert!(told.insert(key.clone()), "{key:?} is told twice");
            match row.obj {
                Some(obj) => drop(live.insert(key, obj.into())),
                None => drop(live.remove(&key)),
            }
        }
        if page.complete {
            return (past.rev, live);
        }
    }
}

/// Every earlier state can be told, whatever was forgotten of the feed, by its revision and by its time.
async fn compare_past(store: &dyn Store, model: &Model) {
    for (nth, (at, state)) in model.states.iter().enumerate() {
        let rev = nth as Rev + 1;
        for rows in [1, 3, 1_000] {
            assert_eq!(undone(store, model, Moment::Rev(rev), rows).await, (rev, state.clone()));
        }
        // Fractions of a second are not looked at, and until the next one nothing changes.
        for second in [0, APART - 1] {
            let time = Timestamp::from_second(at.as_second() + second).unwrap();
            assert_eq!(
                undone(store, model, Moment::Time(time), 1_000).await,
                (rev, state.clone())
            );
        }
    }
    // Before the first one nothing is known, and nothing is said.
    let early = model
        .states
        .first()
        .map_or(Timestamp::MAX, |(at, _)| *at - SignedDuration::from_secs(1));
    assert_eq!(
        undone(store, model, Moment::Time(early), 2).await,
        (0, model.all_live())
    );
}

/// A clock that was set back does not hide what was written after: of two revisions that claim one time, the newer one counts.
#[test]
fn a_clock_that_went_back_leads_to_the_newest_revision_of_that_time() {
    for kind in Kind::all() {
        let runtime = runtime();
        let place = Place::new(kind);
        runtime.block_on(async {
            let store = place.open().await;
            for (nth, second) in [100, 500, 200].into_iter().enumerate() {
                let id = Id::new(&format!("r-{nth}")).unwrap();
                let obj = Some(format!("{{\"id\":\"{id}\"}}").into());
                let operation = Operation {
                    kind: Subject::named("project").unwrap(),
                    id,
                    expect: Expect::Absent,
                    obj,
                };
                let commit = Commit {
                    author: author("test"),
                    at: Timestamp::from_second(second).unwrap(),
                    request: "q".into(),
                    import: None,
                    remember: None,
                    operations: vec![operation],
                };
                store.commit(commit).await.unwrap();
            }
            let of = |second| AskPast {
                at: Moment::Time(Timestamp::from_second(second).unwrap()),
                after: 0,
                rows: 10,
                bytes: 1 << 20,
            };
            for (second, rev) in [(99, 0), (100, 1), (199, 1), (200, 3), (499, 3), (500, 3)] {
                assert_eq!(store.past(of(second)).await.unwrap().rev, rev, "{second} s");
            }
        });
    }
}

fn hold(kind: Kind, works: &[Work]) {
    let runtime = runtime();
    let place = Place::new(kind);
    let mut model = Model::default();
    let epoch = runtime.block_on(async {
        let store = place.open().await;
        for (nth, step) in works.iter().enumerate() {
            act(&*store, &mut model, step, nth).await;
        }
        compare(&*store, &model).await;
        store.head().await.unwrap().epoch
    });
    // Durable: opened anew, everything is as it was; Fenced: it is the same life of the store.
    runtime.block_on(async {
        let store = place.open().await;
        compare(&*store, &model).await;
        assert_eq!(store.head().await.unwrap().epoch, epoch);
    });
}

/// How much random work; the long run says otherwise.
fn cases(short: u32) -> u32 {
    std::env::var("TEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(short)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(24), max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn a_file_keeps_every_promise(works in work()) {
        hold(Kind::File, &works);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(8), max_shrink_iters: 50, ..ProptestConfig::default() })]
    #[test]
    fn a_database_keeps_every_promise(works in work()) {
        if Kind::all().contains(&Kind::Database) {
            hold(Kind::Database, &works);
        }
    }
}

/// Writers who race: every acknowledged write has a revision of its own, and none is lost.
#[test]
fn writers_at_once_lose_nothing() {
    for kind in Kind::all() {
        let runtime = runtime();
        let place = Place::new(kind);
        let store = runtime.block_on(place.open());
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let store = std::sync::Arc::clone(&store);
                runtime.spawn(async move {
                    let mut revs = Vec::new();
                    for nth in 0..20 {
                        let id = Id::new(&format!("r-{}", (writer + nth) % 5)).unwrap();
                        let kind = Subject::named("project").unwrap();
                        let kept = store.get(kind.clone(), id.clone()).await.unwrap();
                        let expect = kept.map_or(Expect::Absent, |kept| Expect::At(kept.rev));
                        let obj = Some(format!("{{\"id\":\"{id}\",\"n\":{writer}}}").into());
                        let commit = Commit {
                            author: author("test"),
                            at: Timestamp::now(),
                            request: "q".into(),
                            import: None,
                            remember: None,
                            operations: vec![Operation { kind, id, expect, obj }],
                        };
                        if let Committed::Done(rev) = store.commit(commit).await.unwrap() {
                            revs.push(rev);
                        }
                    }
                    revs
                })
            })
            .collect();
        let mut revs: Vec<Rev> = Vec::new();
        for writer in writers {
            revs.extend(runtime.block_on(writer).unwrap());
        }
        revs.sort_unstable();
        let head = runtime.block_on(store.head()).unwrap();
        assert_eq!(
            revs,
            (1..=head.rev).collect::<Vec<_>>(),
            "a revision was lost, or used twice"
        );
        let audit = runtime.block_on(store.audit(u64::MAX >> 1, 10_000)).unwrap();
        assert_eq!(audit.len() as u64, head.rev);
    }
}

/// The trail cannot be changed, whoever holds the file.
#[test]
fn history_and_audit_are_append_only() {
    let runtime = runtime();
    let place = Place::new(Kind::File);
    let store = runtime.block_on(place.open());
    let operation = Operation {
        kind: kind(0),
        id: Id::new("r-1").unwrap(),
        expect: Expect::Absent,
        obj: Some("{\"id\":\"r-1\"}".into()),
    };
    let commit = Commit {
        author: author("test"),
        at: Timestamp::now(),
        request: "q".into(),
        import: None,
        remember: None,
        operations: vec![operation],
    };
    runtime.block_on(store.commit(commit)).unwrap();
    let db = rusqlite::Connection::open(place.file()).unwrap();
    for sql in [
        "UPDATE audit SET by = 'x'",
        "DELETE FROM audit",
        "UPDATE history SET obj = '{}'",
        "DELETE FROM history",
    ] {
        let error = db.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}

/// A restored copy is another life of the store: nobody takes its new revisions for ones they have.
#[test]
fn a_restored_backup_starts_a_new_epoch_each_time() {
    let runtime = runtime();
    let place = Place::new(Kind::File);
    let store = runtime.block_on(place.open());
    let epoch = runtime.block_on(store.head()).unwrap().epoch;
    let looked = rasad::serve::store::sqlite::Sqlite::look(&place.file()).unwrap();
    let copy = place.file().with_extension("copy");
    looked.backup(&copy).unwrap();
    // Looking at a backup leaves it one.
    assert_eq!(
        rasad::serve::store::sqlite::Sqlite::look(&copy)
            .unwrap()
            .check()
            .unwrap(),
        Vec::<String>::new()
    );
    let mut epochs = vec![epoch];
    for nth in 0..2 {
        let restored = place.file().with_extension(format!("restored-{nth}"));
        std::fs::copy(&copy, &restored).unwrap();
        for _ in 0..2 {
            let store = rasad::serve::store::sqlite::Sqlite::open(&restored, false).unwrap();
            epochs.push(runtime.block_on(store.head()).unwrap().epoch);
        }
    }
    assert_eq!(epochs[1], epochs[2], "opening it again is not restoring it");
    assert!(epochs[0] != epochs[1] && epochs[1] != epochs[3] && epochs[0] != epochs[3]);
}
