//! What the board costs at the size of a province: building it whole, one changed record, another day.
//!
//! `cargo bench --bench board`
#![expect(
    clippy::unwrap_used,
    reason = "a bench whose records cannot be read has nothing to measure"
)]

use divan::{Bencher, black_box};
use rasad::board::{Board, Settings};
use rasad::clock::Day;
use rasad::contract::packed::disk::{Chunks, put_chunk, put_names, take_names};
use rasad::contract::packed::{Builder, Draft, Table};
use rasad::contract::{Change, Kind, Record};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    divan::main();
}

const FIRST: i32 = 19_802;

fn day(n: usize) -> Value {
    Day::from_days(FIRST + (n % 60) as i32).to_string().into()
}

fn record(kind: Kind, fields: &Value) -> Record {
    Record::from_json(kind, &fields.to_string()).unwrap()
}

fn initiative(n: usize, jobs: usize) -> Record {
    let kinds = [
        "home-business",
        "cooperative",
        "knowledge-based",
        "digital-economy",
        "micro-investor",
    ];
    let stages = ["identified", "empowered", "brought-in", "stalled"];
    let fields = json!({
        "id": format!("i-{n:06}"), "initiative_kind": kinds[n % 5], "title": "کارگاه گلیم‌بافی", "county": format!("c-{}", n % 22),
        "measure": format!("m-{}", n % 10), "project": format!("p-{:04}", n % 300), "stage": stages[n % 4], "origin": "new",
        "identified": day(n), "sponsor": format!("a-{:02}", n % 64), "outreach": [{"on": day(n), "by": format!("e-{:02}", n % 40)}],
        "jobs": {"committed": jobs, "claimed": jobs, "verified": jobs / 2}, "updated": day(n / 2),
    });
    record(Kind::Initiative, &fields)
}

/// About ten thousand records, three in ten with something to be found.
fn province() -> Vec<Change> {
    let many = |kind: Kind, n: usize, fields: &dyn Fn(usize) -> Value| {
        Change::Whole(kind, (0..n).map(|n| record(kind, &fields(n))).collect())
    };
    let counties: Vec<Value> = (0..22)
        .map(|n| json!({"id": format!("c-{n}"), "name": "شهرستان"}))
        .collect();
    let hq = json!({"name": "قرارگاه", "province": "استان", "programme_year": 1403, "plan_due": "2024-04-19", "counties": counties});
    vec![
        Change::Headquarters(serde_json::from_value(hq).map(std::sync::Arc::new).unwrap()),
        many(
            Kind::Measure,
            10,
            &|n| json!({"id": format!("m-{n}"), "number": n, "title": "اقدام", "pillar": "empowerment", "lead": format!("a-{n:02}")}),
        ),
        many(Kind::Project, 300, &|n| {
            json!({
                "id": format!("p-{n:04}"), "measure": format!("m-{}", n % 10), "agency": format!("a-{:02}", n % 64), "title": "پروژه",
                "state": "in-progress", "start": day(0), "due": day(n), "physical": n % 100, "county": format!("c-{}", n % 22), "updated": day(n),
            })
        }),
        many(
            Kind::Agency,
            64,
            &|n| json!({"id": format!("a-{n:02}"), "name": "اداره", "category": "driver"}),
        ),
        many(
            Kind::Plan,
            64,
            &|n| json!({"id": format!("n-{n:02}"), "agency": format!("a-{n:02}"), "title": "برنامه", "due": "2024-04-19", "state": "not-submitted"}),
        ),
        many(
            Kind::Enterprise,
            40,
            &|n| json!({"id": format!("e-{n:02}"), "name": "کارخانه", "county": format!("c-{}", n % 22)}),
        ),
        many(
            Kind::Meeting,
            12,
            &|n| json!({"id": format!("t-{n:02}"), "number": n, "body": "شورا", "on": day(n)}),
        ),
        many(Kind::Decision, 3_000, &|n| {
            json!({
                "id": format!("d-{n:04}"), "meeting": format!("t-{:02}", n % 12), "number": n, "text": "مصوبه", "agency": format!("a-{:02}", n % 64),
                "state": "in-progress", "notified": day(n % 20), "due": day(n),
            })
        }),
        many(Kind::Demand, 400, &|n| {
            json!({
                "id": format!("x-{n:03}"), "raised_by": "اتاق", "topic": "برق", "text": "مطالبه", "agency": format!("a-{:02}", n % 64),
                "received": day(n), "due": day(n + 10), "state": "referred",
            })
        }),
        many(
            Kind::Campaign,
            60,
            &|n| json!({"id": format!("k-{n:02}"), "campaign_kind": "media", "title": "پویش", "agency": format!("a-{:02}", n % 64)}),
        ),
        many(Kind::Evaluation, 60, &|n| {
            json!({
                "id": format!("v-{n:02}"), "subject_kind": "agency", "subject": format!("a-{:02}", n % 64), "on": day(n), "by": "شورا", "verdict": "خوب",
            })
        }),
        Change::Whole(Kind::Initiative, (0..6_000).map(|n| initiative(n, n % 7)).collect()),
    ]
}

fn empty() -> Board {
    Board::new(Settings::default(), Day::from_days(FIRST + 40))
}

fn built() -> Board {
    let mut board = empty();
    board.apply(province());
    board
}

#[divan::bench]
fn build_ten_thousand_records_at_once(bencher: Bencher) {
    bencher
        .with_inputs(|| (empty(), province()))
        .bench_values(|(mut board, changes)| {
            board.apply(changes);
            board
        });
}

#[divan::bench]
fn build_ten_thousand_records_kind_by_kind(bencher: Bencher) {
    bencher
        .with_inputs(|| (empty(), province()))
        .bench_values(|(mut board, changes)| {
            for change in changes {
                board.apply(vec![change]);
            }
            board
        });
}

#[divan::bench]
fn the_same_document_again(bencher: Bencher) {
    let board = built();
    bencher
        .with_inputs(|| (board.clone(), province()))
        .bench_values(|(mut board, changes)| {
            board.apply(changes);
            board
        });
}

#[divan::bench]
fn one_changed_initiative_while_a_reader_keeps_the_old_board(bencher: Bencher) {
    let board = built();
    let turn = AtomicUsize::new(0);
    bencher
        .with_inputs(|| {
            let n = turn.fetch_add(17, Ordering::Relaxed) % 6_000;
            (board.clone(), initiative(n, 99))
        })
        .bench_values(|(mut board, record)| {
            board.apply(vec![Change::Put(record)]);
            board
        });
}

#[divan::bench]
fn a_new_day(bencher: Bencher) {
    let board = built();
    bencher.with_inputs(|| board.clone()).bench_values(|mut board| {
        board.set_today(Day::from_days(FIRST + 41));
        board
    });
}

#[divan::bench]
fn clone(bencher: Bencher) {
    let board = built();
    bencher.bench(|| black_box(&board).clone());
}

#[divan::bench]
fn owed_plans(bencher: Bencher) {
    let board = built();
    bencher.bench(|| black_box(&board).owed_plans());
}

/// A tenth of a country's initiatives, packed.
fn packed() -> Table {
    let mut builder = Builder::new(Arc::default());
    let mut table = Table::new(Arc::clone(builder.names()), []);
    for n in 0..100_000 {
        if let Record::Initiative(record) = initiative(n, n % 7) {
            builder.push(&Draft::of(&record));
        }
        if builder.is_full() || n == 99_999 {
            table.append(Arc::new(builder.finish())).unwrap();
        }
    }
    table
}

fn written(table: &Table) -> (Vec<u8>, Vec<u8>) {
    let (mut names, mut chunks) = (Vec::new(), Vec::new());
    put_names(&mut names, table.names());
    table.chunks().for_each(|chunk| put_chunk(&mut chunks, chunk));
    (names, chunks)
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn a_hundred_thousand_initiatives_to_the_bytes_they_are_kept_as(bencher: Bencher) {
    let table = packed();
    bencher.bench(|| written(black_box(&table)));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn and_back_with_everything_looked_over(bencher: Bencher) {
    let (names, chunks) = written(&packed());
    bencher.bench(|| {
        let names = Arc::new(take_names(black_box(&names)).unwrap());
        let mut reader = Chunks::of(&names);
        let mut table = Table::new(Arc::clone(&names), []);
        let mut bytes = black_box(chunks.as_slice());
        while !bytes.is_empty() {
            table
                .append(Arc::new(reader.take(&mut bytes, &names).unwrap()))
                .unwrap();
        }
        table
    });
}
