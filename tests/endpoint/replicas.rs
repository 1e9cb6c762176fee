//! Two servers before one database are one endpoint.

use crate::client::Stream;
use crate::harness::{Endpoint, FIXTURE, Wrap, as_it_is, runtime, settings};
use crate::stores::{Kind, Place};
use jiff::Timestamp;
use rasad::contract::Id;
use rasad::contract::feed::{Rev, Subject};
use rasad::serve::store::{
    Answer, Ask, AskPast, AuditLine, Author, Commit, Committed, Head, Kept, Page, PastPage, Purged, Row, Store, Token,
    Version,
};
use smol_str::SmolStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A store whose notifications never come.
struct Deaf(Arc<dyn Store>);

macro_rules! as_inside {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        impl Store for Deaf {
            $(fn $name(&self, $($arg: $type),*) -> Answer<'_, $out> { self.0.$name($($arg),*) })*
        }
    };
}
as_inside! {
    head() -> Head;
    page(ask: Ask) -> Page;
    whole(take: Box<dyn FnMut(Row) + Send>) -> Head;
    get(kind: Subject, id: Id) -> Option<Kept>;
    commit(commit: Commit) -> Committed;
    remembered(token: SmolStr, key: SmolStr) -> Option<(Rev, [u8; 32])>;
    history(kind: Subject, id: Id, before: Rev, limit: usize) -> Vec<Version>;
    past(ask: AskPast) -> PastPage;
    audit(before: u64, limit: usize) -> Vec<AuditLine>;
    purge(tombstones: Timestamp, keys: Timestamp, author: Author, at: Timestamp) -> Purged;
    tokens() -> Vec<Token>;
    add_token(token: Token, author: Author) -> ();
    revoke_token(id: SmolStr, author: Author, at: Timestamp) -> bool;
    touch_tokens(used: Vec<(SmolStr, Timestamp)>) -> ();
}

/// Two servers before one new database; the second one's store is wrapped.
fn pair(wrap: &Wrap<'_>) -> Option<(Endpoint, Endpoint)> {
    if !Kind::all().contains(&Kind::Database) {
        return None;
    }
    let place = Place::new(Kind::Database);
    let runtime = runtime();
    let one = runtime.block_on(place.open());
    let same = runtime.block_on(place.again());
    let first = Endpoint::over(runtime, one, place, &as_it_is, &settings(), FIXTURE);
    // The second one finds everything there, and its tokens are known to both.
    let second = Endpoint::at(same, wrap, &settings(), "");
    Some((first, second))
}

fn put(endpoint: &Endpoint, id: &str) -> Instant {
    let json = ("Content-Type", "application/json");
    let body = format!("{{\"id\":\"{id}\",\"name\":\"نام\"}}");
    let path = format!("/v1/enterprise/{id}");
    let response = endpoint.send(
        "secretariat",
        "PUT",
        &path,
        &[("If-None-Match", "*"), json],
        Some(&body),
    );
    assert_eq!(response.status, 201, "{}", response.text());
    Instant::now()
}

fn watch(endpoint: &Endpoint) -> Stream {
    let headers = endpoint.auth("viewer");
    let mut stream = Stream::open(endpoint.address, "/v1/watch", &headers).unwrap().unwrap();
    while stream.next().unwrap().unwrap().name != "sync" {}
    stream
}

#[test]
fn both_serve_the_same_feed_and_wake_each_other() {
    let Some((first, second)) = pair(&as_it_is) else { return };
    assert_eq!(first.epoch(), second.epoch());
    let (mut here, mut there) = (watch(&first), watch(&second));
    for nth in 0..10 {
        let (writer, id) = if nth % 2 == 0 {
            (&first, format!("x-{nth}"))
        } else {
            (&second, format!("y-{nth}"))
        };
        let written = put(writer, &id);
        let events = (here.next().unwrap().unwrap(), there.next().unwrap().unwrap());
        assert!(
            written.elapsed() < Duration::from_millis(900),
            "{:?}: nobody was woken",
            written.elapsed()
        );
        assert_eq!(events.0, events.1);
        assert_eq!(
            (events.0.name.as_str(), events.0.data[0].contains(&id)),
            ("changes", true)
        );
    }
    let page = |endpoint: &Endpoint| endpoint.get("viewer", "/v1/changes?since=0").text();
    assert_eq!(page(&first), page(&second));
    let info = |endpoint: &Endpoint| endpoint.get("viewer", "/v1").json()["kinds"].clone();
    assert_eq!(info(&first), info(&second));
}

#[test]
fn a_replica_that_hears_nothing_looks_every_second() {
    let Some((first, second)) = pair(&|store| Arc::new(Deaf(store))) else {
        return;
    };
    let mut there = watch(&second);
    for nth in 0..3 {
        let written = put(&first, &format!("x-{nth}"));
        assert_eq!(there.next().unwrap().unwrap().name, "changes");
        assert!(
            written.elapsed() < Duration::from_millis(1_500),
            "{:?}",
            written.elapsed()
        );
    }
}

#[test]
fn a_stream_moves_from_one_replica_to_the_other_without_a_gap() {
    let Some((first, mut second)) = pair(&as_it_is) else {
        return;
    };
    let mut stream = watch(&second);
    put(&first, "x-1");
    let seen = stream.next().unwrap().unwrap();
    let running = second.running.take().unwrap();
    second.runtime.block_on(running.stop());
    put(&first, "x-2");
    let mut headers = first.auth("viewer");
    headers.push(("Last-Event-ID".to_owned(), seen.id));
    let mut stream = Stream::open(first.address, "/v1/watch", &headers).unwrap().unwrap();
    let next = stream.next().unwrap().unwrap();
    assert!(next.data.len() == 1 && next.data[0].contains("x-2"), "{next:?}");
    assert_eq!(stream.next().unwrap().unwrap().name, "sync");
}

#[test]
fn a_token_revoked_through_one_ends_its_streams_on_the_other() {
    let Some((first, second)) = pair(&as_it_is) else { return };
    let mut stream = watch(&second);
    let name = second.secrets["viewer"].clone();
    first.runtime.block_on(async {
        let hash = rasad::serve::secret::hash(name.as_bytes());
        let token = first
            .store
            .tokens()
            .await
            .unwrap()
            .into_iter()
            .find(|token| token.hash == hash)
            .unwrap();
        assert!(
            first
                .store
                .revoke_token(token.id, rasad::serve::author("test"), Timestamp::now())
                .await
                .unwrap()
        );
    });
    let began = Instant::now();
    let event = stream.next().unwrap().unwrap();
    assert!(event.name == "bye" && event.data[0].contains("revoked"), "{event:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
