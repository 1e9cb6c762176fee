//! What the board costs at the size of a province: building it whole, one changed record, another day.
//!
//! `cargo bench --bench board`
#![expect(
    clippy::unwrap_used,
    reason = "a bench whose records cannot be read has nothing to measure"
)]

use divan::{Bencher, black_box};
use rasad::board::arranged::Arranged;
use rasad::board::columns::column;
use rasad::board::query::{Query, Stop};
use rasad::board::rows::{Direction, ListSpec};
use rasad::board::{Board, Settings};
use rasad::clock::Day;
use rasad::contract::packed::disk::{Chunks, put_chunk, put_names, take_names};
use rasad::contract::packed::{Builder, Draft, Names, Table, TextRef};
use rasad::contract::{Change, Kind, Record, Records};
use rasad::text::Lang;
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

/// A tenth of a country's initiatives.
const PACKED: usize = if cfg!(debug_assertions) { 1_000 } else { 100_000 };

/// So many initiatives, packed.
fn table() -> Table {
    let mut builder = Builder::new(Arc::default());
    let mut table = Table::new(Arc::clone(builder.names()), []);
    for n in 0..PACKED {
        if let Record::Initiative(record) = initiative(n, n % 7) {
            builder.push(&Draft::of(&record));
        }
        if builder.is_full() || n + 1 == PACKED {
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
    let table = table();
    bencher.bench(|| written(black_box(&table)));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn and_back_with_everything_looked_over(bencher: Bencher) {
    let (names, chunks) = written(&table());
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

/// Initiatives of a size, with titles of five words each.
fn packed(rows: usize) -> Board {
    const WORDS: [&str; 24] = [
        "کارگاه",
        "گلیم",
        "بافی",
        "تولید",
        "عسل",
        "تعاونی",
        "زنان",
        "روستای",
        "دانش\u{200c}بنیان",
        "فرآوری",
        "شیر",
        "گلخانه",
        "صنایع",
        "دستی",
        "چرم",
        "نوآوری",
        "بازار",
        "برخط",
        "خشکبار",
        "قالی",
        "سفال",
        "پرورش",
        "ماهی",
        "انگور",
    ];
    let names = std::sync::Arc::new(Names::default());
    let mut builder = Builder::new(std::sync::Arc::clone(&names));
    let mut chunks = Vec::new();
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    let mut roll = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % sides as u64) as usize
    };
    for n in 0..rows {
        let title: Vec<&str> = (0..5).map(|_| WORDS[roll(WORDS.len())]).collect();
        let (id, title) = (format!("i-{n:07}"), format!("{} {}", title.join(" "), roll(10_000)));
        let (county, measure, project) = (
            format!("c-{}", roll(22)),
            format!("m-{}", roll(18)),
            format!("p-{:04}", roll(3_000)),
        );
        let (sponsor, day) = (format!("a-{:02}", roll(64)), FIRST - roll(700) as i32);
        builder.push(&Draft {
            id: &id,
            words: [
                ["home-business", "cooperative", "knowledge-based", "digital-economy"][roll(4)],
                ["identified", "empowered", "brought-in", "stalled"][roll(4)],
                ["new", "existing"][roll(2)],
            ],
            title: TextRef::One(&title),
            names: [Some(&county), Some(&measure), Some(&project), Some(&sponsor)],
            sector: Some(TextRef::One(WORDS[roll(WORDS.len())])),
            days: [Some(Day::from_days(day)), None, None, None],
            visits: Vec::new(),
            members: None,
            jobs: Some([
                Some(roll(9) as f64),
                Some(roll(9) as f64),
                None,
                None,
                Some(roll(9) as f64),
            ]),
            capital: None,
            updated: None,
            note: None,
            whole: None,
        });
        if builder.is_full() {
            chunks.push(std::sync::Arc::new(builder.finish()));
        }
    }
    chunks.push(std::sync::Arc::new(builder.finish()));
    let mut board = empty();
    board.apply(vec![Change::Whole(
        Kind::Initiative,
        Records::Packed(Table::new(names, chunks)),
    )]);
    board
}

/// A list of initiatives by a column, filtered.
fn listed(filter: &str, key: &str, way: Direction) -> ListSpec {
    ListSpec {
        query: Query::parse(filter, Kind::Initiative).unwrap(),
        sort: column(Kind::Initiative, key)
            .map(|column| (column, way))
            .into_iter()
            .collect(),
        ..ListSpec::all(Kind::Initiative)
    }
}

/// Without optimisation, as the tests build it, this only shows that it runs.
const ROWS: &[usize] = if cfg!(debug_assertions) {
    &[1_000]
} else {
    &[10_000, 100_000, 1_000_000]
};

fn arranged(bencher: Bencher, rows: usize, before: &str, filter: &str) {
    let board = packed(rows);
    let arrange = |filter: &str, before: Option<&Arranged>| {
        let spec = listed(filter, "identified", Direction::Descending);
        Arranged::of(&board, &spec, Lang::Fa, &[], before, &Stop::never()).unwrap()
    };
    let before = arrange(before, None);
    bencher.bench(|| arrange(black_box(filter), Some(&before)));
}

#[divan::bench(args = ROWS)]
fn filter_first_letter(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "", "گ");
}

#[divan::bench(args = ROWS)]
fn filter_second_letter(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "گ", "گل");
}

#[divan::bench(args = ROWS)]
fn filter_word_at_once(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "", "گلخانه");
}

#[divan::bench(args = ROWS)]
fn filter_letter_taken_back(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "گلخانه", "گلخان");
}

#[divan::bench(args = ROWS)]
fn filter_two_words_at_once(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "", "عسل زنان");
}

#[divan::bench(args = ROWS)]
fn filter_field(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "", "county=c-5 identified>1402/06/01");
}

#[divan::bench(args = ROWS)]
fn filter_number(bencher: Bencher, rows: usize) {
    arranged(bencher, rows, "", "jobs_verified>5");
}

#[divan::bench(args = ROWS)]
fn filter_after_one_change(bencher: Bencher, rows: usize) {
    let mut board = packed(rows);
    let spec = listed("عسل", "identified", Direction::Descending);
    let before = Arranged::of(&board, &spec, Lang::Fa, &[], None, &Stop::never()).unwrap();
    board.apply(vec![Change::Delete(
        Kind::Initiative,
        before.get(before.len() / 2).unwrap(),
    )]);
    bencher.bench(|| Arranged::of(&board, &spec, Lang::Fa, &[], Some(&before), &Stop::never()));
}

fn ordered(bencher: Bencher, rows: usize, key: &str) {
    let board = packed(rows);
    let spec = listed("", key, Direction::Descending);
    bencher.bench(|| Arranged::of(&board, &spec, Lang::Fa, &[], None, &Stop::never()));
}

#[divan::bench(args = ROWS)]
fn order_by_day(bencher: Bencher, rows: usize) {
    ordered(bencher, rows, "identified");
}

#[divan::bench(args = ROWS)]
fn order_by_project(bencher: Bencher, rows: usize) {
    ordered(bencher, rows, "project");
}

#[divan::bench(args = ROWS)]
fn order_by_jobs(bencher: Bencher, rows: usize) {
    ordered(bencher, rows, "jobs_verified");
}

#[divan::bench(args = ROWS, sample_count = 5)]
fn order_by_title(bencher: Bencher, rows: usize) {
    ordered(bencher, rows, "title");
}
