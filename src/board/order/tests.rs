#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::columns::columns;
use crate::board::query::tests_of_sift::{board, initiative};
use crate::board::rows::{ListSpec, plainly};
use crate::contract::{Change, Id, Kind};
use proptest::prelude::*;

fn by() -> impl Strategy<Value = Vec<By>> {
    let column = prop::sample::select((0..columns(Kind::Initiative).len()).collect::<Vec<_>>());
    let column = column.prop_map(|at| &columns(Kind::Initiative)[at]);
    let way = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    prop::collection::vec((column, way), 0..3)
}

fn lang() -> impl Strategy<Value = Lang> {
    prop_oneof![Just(Lang::Fa), Just(Lang::En)]
}

fn ids(order: &Order) -> Vec<Id> {
    let rows = order.handles().iter();
    rows.filter_map(|handle| order.table().id(place(*handle))).collect()
}

fn expected(board: &Board, by: &[By], lang: Lang) -> Vec<Id> {
    let spec = ListSpec {
        sort: by.to_vec(),
        ..ListSpec::all(Kind::Initiative)
    };
    plainly(board, &spec, lang)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// The order made of columns is the one made of records.
    #[test]
    fn rows_in_columns_are_ordered_as_records_are(
        initiatives in prop::collection::vec(initiative(), 0..40),
        by in by(),
        lang in lang(),
    ) {
        let board = board(&initiatives);
        let order = Order::of(&board, &by, lang, &Stop::never()).unwrap();
        prop_assert_eq!(ids(&order), expected(&board, &by, lang));
    }

    /// An order kept through changes is a fresh one.
    #[test]
    fn an_order_follows_changes(
        initiatives in prop::collection::vec(initiative(), 0..40),
        changes in prop::collection::vec((any::<bool>(), initiative()), 1..8),
        by in by(),
        lang in lang(),
    ) {
        let mut board = board(&initiatives);
        let before = Order::of(&board, &by, lang, &Stop::never()).unwrap();
        board.apply(changes.into_iter().map(|(put, record)| match put {
            true => Change::Put(record),
            false => Change::Delete(Kind::Initiative, record.id().clone()),
        }).collect());
        let again = before.again(&board);
        // One chunk of one is few enough to be followed.
        let again = again.unwrap();
        prop_assert_eq!(ids(&again), expected(&board, &by, lang));
    }
}

/// Many chunks, of which a few change: rows move between them, chunks part and go.
#[test]
fn an_order_follows_changes_among_many_chunks() {
    let record = |n: usize, day: usize| {
        let day = crate::clock::Day::from_days(19_000 + day as i32);
        let record = serde_json::json!({"id": format!("i-{n:05}"), "title": format!("{}", n % 91), "initiative_kind": "cooperative",
            "stage": "identified", "origin": "new", "identified": day.to_string()});
        crate::contract::Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
    };
    let initiatives: Vec<_> = (0..40_000)
        .filter(|n| n % 2 == 0)
        .map(|n| record(n, n * 7 % 500))
        .collect();
    let mut board = board(&initiatives);
    let columns = columns(Kind::Initiative);
    let column = |key: &str| columns.iter().find(|column| column.key == key).unwrap();
    for by in [
        vec![(column("identified"), Direction::Descending)],
        vec![
            (column("title"), Direction::Ascending),
            (column("id"), Direction::Descending),
        ],
    ] {
        let mut order = Order::of(&board, &by, Lang::Fa, &Stop::never()).unwrap();
        assert_eq!(ids(&order), expected(&board, &by, Lang::Fa));
        for round in 0..4_usize {
            let changes = (0..6).flat_map(|n| {
                let at = (round * 977 + n * 31) % 600;
                [
                    Change::Put(record(at, n)),
                    Change::Delete(
                        Kind::Initiative,
                        Id::new(&format!("i-{:05}", (at * 2 + 2) % 1_000)).unwrap(),
                    ),
                ]
            });
            board.apply(changes.collect());
            order = order.again(&board).unwrap();
            assert_eq!(ids(&order), expected(&board, &by, Lang::Fa));
        }
    }
}
