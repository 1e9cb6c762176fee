//! The questions of the secretariat, as keys at 80×24 in both languages on both provinces, each ending on a screen that holds the answer
//! worked out here from the JSON alone. Of the program only the catalogue's words and the shaping of letters are used.

mod agencies;
mod council;
mod league;
mod people;
mod plans;
mod time;

use super::changes::held_board;
use super::harness::{Bench, LANGS, SEEDS, province, record};
use super::meaning::{self, Doc, came_late, day, doc, effective_due, owed, progress, word};
use rasad::contract::{Change, Kind};
use rasad::i18n;
use rasad::text::{self, Direction, Lang};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

const SIZE: (u16, u16) = (80, 24);

/// A text as its cells are drawn, from the left.
pub fn drawn(lang: Lang, text: &str) -> String {
    let base = if lang == Lang::Fa {
        Direction::Rtl
    } else {
        Direction::Ltr
    };
    let line = text::fit(text, text::direction_of(text, base), 400);
    let cells: String = line.glyphs.iter().map(|glyph| glyph.symbol.as_str()).collect();
    cells.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first word of a text of the data, as it is drawn: what is left of it in the narrowest column.
fn first_word(lang: Lang, value: &Value) -> String {
    let (own, other) = if lang == Lang::Fa { ("fa", "en") } else { ("en", "fa") };
    let text = value[own]
        .as_str()
        .or(value[other].as_str())
        .or(value.as_str())
        .unwrap_or_default();
    drawn(lang, text.split_whitespace().next().unwrap_or_default())
}

/// A number in the digits of a language, thousands parted, at most one decimal.
fn digits(lang: Lang, n: f64) -> String {
    let tenths = (n.abs() * 10.0).round() as i64;
    let whole = (tenths / 10).to_string();
    let (part, point) = if lang == Lang::Fa { ('٬', '٫') } else { (',', '.') };
    let mut out = String::new();
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(part);
        }
        out.push(c);
    }
    if tenths % 10 != 0 {
        out.push(point);
        out.push_str(&(tenths % 10).to_string());
    }
    if n < 0.0 && tenths > 0 {
        out.insert(0, '−');
    }
    match lang {
        Lang::En => out,
        Lang::Fa => out
            .chars()
            .map(|c| c.to_digit(10).and_then(|d| char::from_u32(0x06F0 + d)).unwrap_or(c))
            .collect(),
    }
}

fn int(lang: Lang, n: usize) -> String {
    digits(lang, n as f64)
}

fn percent(lang: Lang, n: f64) -> String {
    format!("{}{}", digits(lang, n), if lang == Lang::Fa { '٪' } else { '%' })
}

/// Cells of a row in reading order, as the row is drawn from the left.
fn row(lang: Lang, cells: &[String]) -> String {
    match lang {
        Lang::En => cells.join(" "),
        Lang::Fa => cells.iter().rev().cloned().collect::<Vec<_>>().join(" "),
    }
}

/// True when a row holds these cells in reading order, others between them or not.
fn holds(lang: Lang, row: &str, cells: &[String]) -> bool {
    let mut order: Vec<&String> = cells.iter().collect();
    if lang == Lang::Fa {
        order.reverse();
    }
    let mut rest = row;
    order.into_iter().all(|cell| match rest.find(cell.as_str()) {
        Some(at) => {
            rest = &rest[at + cell.len()..];
            true
        }
        None => false,
    })
}

/// A sentence of the catalogue with its values, line by line as a sheet breaks it.
fn sentence(lang: Lang, key: &str, values: &[(&str, String)]) -> Vec<String> {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lines(lang, &i18n::tf_screen(lang, key, &values))
}

/// A text, line by line as a screen of this width breaks it.
fn lines(lang: Lang, said: &str) -> Vec<String> {
    let base = if lang == Lang::Fa {
        Direction::Rtl
    } else {
        Direction::Ltr
    };
    let lines = text::wrap(said, base, usize::from(SIZE.0) - 5);
    lines
        .iter()
        .map(|line| {
            let from = line.glyphs.iter().map(|g| g.source.start).min().unwrap_or(0) as usize;
            let to = line.glyphs.iter().map(|g| g.source.end).max().unwrap_or(0) as usize;
            drawn(lang, said[from..to].trim())
        })
        .collect()
}

/// A question: the keys that lead to its answer, and what must then stand on the screen by the document alone.
type Question = fn(Lang, &Doc, &mut Bench);

/// What the source would have said with one mistake in it.
type Mistake = fn(&Doc) -> Vec<Change>;

/// A question is answered on both provinces in both languages.
fn each(question: Question) {
    for seed in SEEDS {
        for lang in LANGS {
            let board = held_board(seed).clone();
            question(lang, &doc(seed), &mut Bench::over(board, lang, SIZE));
        }
    }
}

/// A question whose answer is wrong does not pass for answered: each mistake is planted in the board alone, and the answer looked for
/// is still that of the document.
fn notices(question: Question, mistakes: &[(&str, Mistake)]) {
    for (what, mistake) in mistakes {
        for seed in SEEDS {
            for lang in LANGS {
                let doc = doc(seed);
                let mut board = held_board(seed).clone();
                let delta = board.apply(mistake(&doc));
                assert!(!delta.changed.is_empty(), "{what}: nothing was planted in {seed}");
                let mut bench = Bench::over(board, lang, SIZE);
                let asked = catch_unwind(AssertUnwindSafe(|| question(lang, &doc, &mut bench)));
                assert!(asked.is_err(), "nobody notices {what} in {seed} {lang:?}");
            }
        }
    }
}

/// A record of the document, said otherwise.
fn put(kind: Kind, row: &Value, otherwise: impl FnOnce(&mut Value)) -> Change {
    let mut row = row.clone();
    otherwise(&mut row);
    Change::Put(record(kind, &row))
}

/// The first record of a kind that is so.
#[track_caller]
fn first(doc: &Doc, kind: Kind, is: impl Fn(&Value) -> bool) -> &'static Value {
    let found = doc.rows(kind.plural()).iter().find(|row| is(row));
    found.unwrap_or_else(|| panic!("no such {kind}"))
}

/// A day of the document so many days later.
fn later(value: &Value, days: i32) -> Value {
    match rasad::text::calendar::parse_date(value.as_str().unwrap_or_default()) {
        Ok(day) => day.plus(days).to_string().into(),
        Err(error) => panic!("{value}: {error:?}"),
    }
}

/// Which province a document is.
fn seed_of(doc: &Doc) -> u64 {
    let of = SEEDS
        .into_iter()
        .find(|seed| std::ptr::eq(&province(*seed).json, doc.0));
    of.unwrap_or_default()
}
