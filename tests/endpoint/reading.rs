//! What the database reads for a page: as much as the page says, however much there is behind it.

use crate::harness::runtime;
use crate::stores::{Kind, Place};
use jiff::Timestamp;
use rasad::contract::feed::Subject;
use rasad::contract::{Id, Kind as RecordKind};
use rasad::serve::author;
use rasad::serve::store::{Ask, Commit, Committed, Expect, Operation, Store};
use std::time::{Duration, Instant};

const INITIATIVE: Subject = Subject::Record(RecordKind::Initiative);
const DEMAND: Subject = Subject::Record(RecordKind::Demand);

/// Records in all, in so many to a commit, read in pages of so many.
const ALL: usize = 20_000;
const EACH: usize = 250;
const ROWS: usize = 2_000;

async fn fill(store: &dyn Store) {
    for batch in 0..ALL / EACH {
        let operation = |n: usize| {
            let n = batch * EACH + n;
            Operation {
                kind: if n.is_multiple_of(10) { DEMAND } else { INITIATIVE },
                id: Id::new(&format!("R.{n}")).unwrap(),
                expect: Expect::Absent,
                obj: Some(format!(r#"{{"id":"R.{n}"}}"#).into()),
            }
        };
        let commit = Commit {
            author: author("test"),
            at: Timestamp::now(),
            request: format!("r-{batch}").into(),
            import: None,
            remember: None,
            operations: (0..EACH).map(operation).collect(),
        };
        assert!(matches!(store.commit(commit).await.unwrap(), Committed::Done(_)));
    }
}

/// Reads all pages of so many rows and says how many rows there were.
async fn read(store: &dyn Store, rows: usize, kinds: &[Subject]) -> usize {
    let (mut after, mut all) = (0, 0);
    loop {
        let page = store
            .page(Ask {
                after,
                rows,
                bytes: 1 << 20,
                kinds: kinds.to_vec(),
            })
            .await
            .unwrap();
        all += page.rows.len();
        if page.complete {
            return all;
        }
        after = page.rows.last().unwrap().rev;
    }
}

/// Rows of records and their history that the database has read since it was made.
async fn rows_read(client: &tokio_postgres::Client) -> i64 {
    let sql = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables
        WHERE relname IN ('record', 'history')";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// What has been read once it grows no more: a connection tells what it did when it ends.
async fn settled(client: &tokio_postgres::Client) -> i64 {
    let (mut before, mut since) = (rows_read(client).await, Instant::now());
    while since.elapsed() < Duration::from_millis(700) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = rows_read(client).await;
        if now != before {
            (before, since) = (now, Instant::now());
        }
    }
    before
}

#[test]
fn the_database_reads_for_a_page_what_it_hands_on() {
    if !Kind::all().contains(&Kind::Database) {
        return;
    }
    runtime().block_on(async {
        let place = Place::new(Kind::Database);
        let store = place.open().await;
        fill(&*store).await;
        drop(store);
        let (client, connection) = place
            .address()
            .unwrap()
            .config
            .connect(tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        // With what the database knows of a table that was just filled, and with what it finds out later.
        for known in ["", "ANALYZE"] {
            client.batch_execute(known).await.unwrap();
            for kinds in [vec![], vec![INITIATIVE], vec![DEMAND]] {
                let before = settled(&client).await;
                let store = place.open().await;
                let all = read(&*store, ROWS, &kinds).await;
                drop(store);
                let read = settled(&client).await - before;
                assert!(all >= ALL / 10, "{all}");
                assert!(
                    read >= all as i64,
                    "{read} rows were read for {all}: the database did not tell"
                );
                // Each row of the list and its text; besides them what a filter passes over, and what opening a store looks at.
                assert!(
                    read <= 3 * ALL as i64,
                    "{read} rows were read for {all} in pages of {ROWS} {kinds:?} {known:?}"
                );
            }
        }
    });
}
