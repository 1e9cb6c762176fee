//! What is done with an input, and what must hold of it, whatever it is. Each says what came of it, so that new things are noticed.

use super::change::Chance;
use super::runner::{Outcome, outcome};
use rasad::config::{Config, Env, Overrides};
use rasad::contract::clean::{clean as cleaned, is_clean, is_printable};
use rasad::contract::feed::Cursor;
use rasad::contract::{Kind, Problem};
use rasad::exchange::Cell;
use rasad::exchange::csv::{Options, Writer};
use rasad::source::feed::page::{PageLimits, Reader};
use rasad::source::feed::sse::{Event, Events};
use rasad::source::{Item, Limits};
use rasad::text::{Direction, Lang, cells};
use rasad::tui::input::{Input, Parser};
use serde_json::Value;
use std::cell::RefCell;
use std::ops::ControlFlow;

/// Nothing that comes from outside and is shown holds what moves a terminal.
fn is_harmless(text: &str) {
    assert!(text.chars().all(|c| c == '\n' || is_printable(c)), "{text:?}");
}

fn harmless_inside(value: &Value) {
    match value {
        Value::String(text) => is_harmless(text),
        Value::Array(all) => all.iter().for_each(harmless_inside),
        Value::Object(members) => {
            for (name, value) in members {
                is_harmless(name);
                harmless_inside(value);
            }
        }
        _ => {}
    }
}

/// What a person wrote for the program stands in its sentences as it is; the sink they go to makes it harmless.
fn is_said_harmlessly(sentence: &str) {
    is_harmless(&rasad::exchange::safe_line(sentence));
}

/// Sentences in both languages, and what kind of problem it is.
fn said_of(problem: &Problem) -> &'static str {
    for lang in [Lang::Fa, Lang::En] {
        is_harmless(&problem.sentence(lang));
    }
    problem.slug()
}

/// Cuts an input at places that depend on it alone.
fn pieces(input: &[u8]) -> Vec<&[u8]> {
    let mut chance = Chance::new(
        input
            .iter()
            .fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(*byte)),
    );
    let (mut rest, mut pieces) = (input, Vec::new());
    while !rest.is_empty() {
        let (piece, more) = rest.split_at((1 + chance.below(9)).min(rest.len()));
        pieces.push(piece);
        rest = more;
    }
    pieces
}

/// The input as text: what is none goes in as a terminal or an editor would hand it over.
fn text(input: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(input)
}

fn read(input: &[u8], limits: &Limits) -> Outcome {
    let mut came: Vec<String> = Vec::new();
    let summary = rasad::source::read(input, limits, &mut |item| {
        match item {
            Item::Headquarters(hq) => {
                harmless_inside(&serde_json::to_value(&*hq).unwrap());
                came.push("hq".to_owned());
            }
            Item::Whole(kind, records) => {
                for record in records.iter() {
                    harmless_inside(&serde_json::to_value(record).unwrap());
                }
                came.push(format!("{kind}{}", records.len().min(3)));
            }
            Item::Problem(problem) => came.push(said_of(&problem).to_owned()),
            Item::Growing(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    });
    came.sort_unstable();
    came.dedup();
    outcome((came, summary.is_ok()))
}

/// A document of any form, in a few bytes more than it may have, too.
pub fn document(input: &[u8]) -> Outcome {
    let limits = Limits {
        cross_check: true,
        max_record_bytes: 600,
        max_bytes: 3_000,
        max_problems: 20,
        ..Limits::default()
    };
    read(input, &limits)
}

/// The same as lines; the first one is there, so that chance need not find it.
pub fn ndjson(input: &[u8]) -> Outcome {
    let mut whole =
        br#"{"rasad":1,"headquarters":{"name":"h","province":"p","programme_year":1403,"plan_due":"1403-01-31"}}"#
            .to_vec();
    whole.push(b'\n');
    whole.extend_from_slice(input);
    read(&whole, &Limits::default())
}

/// A page of the feed: the same whatever pieces it comes in, and its lines as harmless as a document's.
pub fn page(input: &[u8]) -> Outcome {
    let limits = PageLimits {
        line: 1_000,
        page: 20_000,
    };
    let of = |pieces: &[&[u8]]| {
        let mut reader = Reader::new(Cursor::Beginning, limits);
        for piece in pieces {
            reader.push(piece)?;
        }
        reader.end()
    };
    let whole = of(&[input]);
    assert_eq!(whole.is_ok(), of(&pieces(input)).is_ok());
    let Ok(page) = whole else {
        return outcome(whole.map_err(|garbled| format!("{garbled:?}")).err());
    };
    assert_eq!(Ok(&page), of(&pieces(input)).as_ref());
    assert!(page.lines.is_sorted_by_key(|line| line.rev));
    let mut came = Vec::new();
    for line in &page.lines {
        let (change, problems) = rasad::source::feed::read_line(line);
        came.push(change.is_some().to_string());
        came.extend(problems.iter().map(|problem| said_of(problem).to_owned()));
        is_harmless(line.kind.as_str());
    }
    came.dedup();
    outcome((came, page.lines.len().min(4), page.trailer.up_to_date))
}

/// A stream: the same events whatever pieces it comes in.
pub fn sse(input: &[u8]) -> Outcome {
    let of = |pieces: &[&[u8]]| {
        let (mut events, mut out): (Events, Vec<Event>) = (Events::new(500), Vec::new());
        let ended = pieces.iter().try_for_each(|piece| events.push(piece, &mut out));
        (out, ended.map_err(|garbled| format!("{garbled:?}")), events.retry())
    };
    let whole = of(&[input]);
    assert_eq!(whole, of(&pieces(input)));
    let names: Vec<(String, usize, bool)> = whole
        .0
        .iter()
        .map(|event| {
            (
                event.name.chars().take(3).collect(),
                event.data.lines().count().min(3),
                event.id.is_empty(),
            )
        })
        .collect();
    outcome((names, whole.1, whole.2.is_some()))
}

/// Cleaned text is clean, stays so when cleaned again, and clean text is left as it is.
pub fn cleaning(input: &[u8]) -> Outcome {
    let given = text(input);
    let (once, what) = cleaned(&given);
    is_harmless(&once);
    assert!(is_clean(&once), "{once:?}");
    assert_eq!(cleaned(&once).0, once);
    if is_clean(&given) {
        assert_eq!(given, once.as_str());
    }
    is_harmless(&rasad::contract::clean::excerpt(&given));
    outcome((format!("{what:?}"), once.len() == given.len()))
}

thread_local! {
    /// A configuration file, in memory where the machine has such a place.
    static FILE: RefCell<Option<tempfile::NamedTempFile>> = const { RefCell::new(None) };
}

/// A configuration file: settings in force, or every mistake in a sentence.
pub fn config(input: &[u8]) -> Outcome {
    FILE.with_borrow_mut(|slot| {
        let file = slot.get_or_insert_with(|| {
            let memory = std::path::Path::new("/dev/shm");
            let place = if memory.is_dir() {
                memory.to_owned()
            } else {
                std::env::temp_dir()
            };
            tempfile::Builder::new()
                .prefix("rasad-fuzz-")
                .suffix(".toml")
                .tempfile_in(place)
                .unwrap()
        });
        std::fs::write(file.path(), input).unwrap();
        let mut overrides = Overrides::default();
        overrides.config_file = Some(file.path().to_owned());
        match Config::load(&Env::of(&[("TERM", "xterm"), ("HOME", "/nowhere")]), &overrides) {
            Ok(_) => outcome("good"),
            Err(errors) => {
                assert!(!errors.is_empty());
                let mut came = Vec::new();
                for error in &errors {
                    for lang in [Lang::Fa, Lang::En] {
                        is_said_harmlessly(&error.sentence(lang));
                    }
                    came.push(std::mem::discriminant(&error.wrong));
                }
                came.dedup();
                outcome(came)
            }
        }
    })
}

/// A filter of the kind that its last byte says: read, or every mistake named inside the text.
pub fn query(input: &[u8]) -> Outcome {
    let given = text(input);
    let kind = Kind::ALL[usize::from(input.last().copied().unwrap_or_default()) % Kind::ALL.len()];
    let mut came = Vec::new();
    match rasad::board::query::Query::parse(&given, kind) {
        Ok(query) => came.push(format!("{}", query.is_empty())),
        Err(errors) => {
            for error in errors {
                for lang in [Lang::Fa, Lang::En] {
                    is_said_harmlessly(&error.sentence(lang));
                }
                assert!(given.get(error.span.clone()).is_some(), "{error:?}");
                came.push(format!("{:?}", std::mem::discriminant(&error.wrong)));
            }
        }
    }
    came.dedup();
    outcome((kind, came))
}

/// Cells written as CSV are the same cells when they are read, and none of them runs in a spreadsheet.
pub fn csv(input: &[u8]) -> Outcome {
    let given = text(input);
    let rows: Vec<Vec<Cell>> = given
        .split('\u{1e}')
        .map(|row| row.split('\u{1f}').map(|cell| Cell::Text(cell.to_owned())).collect())
        .collect();
    let mut out = Vec::new();
    let bom = given.len().is_multiple_of(2);
    let mut writer = Writer::new(&mut out, Options { bom }, ["یک", "two"]).unwrap();
    for row in &rows {
        writer.row(row).unwrap();
    }
    writer.end().unwrap();
    let written = String::from_utf8(out).unwrap();
    let read = records(written.strip_prefix('\u{feff}').unwrap_or(&written));
    assert_eq!(read.len(), rows.len() + 1);
    for (row, found) in rows.iter().zip(&read[1..]) {
        assert_eq!(row.len(), found.len(), "{found:?}");
        for (cell, found) in row.iter().zip(found) {
            assert!(!found.starts_with(['=', '+', '-', '@', '\t', '\r']), "{found:?}");
            is_harmless(found);
            let plain = found.strip_prefix('\'').unwrap_or(found);
            // What is clean stays as it was.
            if is_clean(cell.as_str()) {
                assert!(plain == cell.as_str() || found == cell.as_str(), "{found:?} {cell:?}");
            }
        }
    }
    outcome((
        rows.len().min(4),
        read.iter().map(|row| row.len().min(4)).max(),
        written.contains("\"\""),
        written.contains(",'"),
    ))
}

/// A reader of CSV (RFC 4180) that knows nothing of the writer.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(
        !quoted && cell.is_empty() && row.is_empty(),
        "the file ends in the middle: {text:?}"
    );
    rows
}

/// What a terminal sends: the same inputs whatever pieces it comes in, and nothing harmful in a paste.
pub fn keys(input: &[u8]) -> Outcome {
    let of = |pieces: &[&[u8]]| {
        let mut parser = Parser::new();
        let mut all: Vec<Input> = pieces.iter().flat_map(|piece| parser.feed(piece)).collect();
        let waiting = parser.pending().is_some();
        all.extend(parser.flush());
        assert!(parser.pending().is_none() || waiting);
        all
    };
    let whole = of(&[input]);
    assert_eq!(whole, of(&pieces(input)));
    let mut kinds = Vec::new();
    for one in &whole {
        if let Input::Paste(text) = one {
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
        kinds.push(match one {
            Input::Key(chord) => format!("{chord:?}"),
            other => format!("{:?}", std::mem::discriminant(other)),
        });
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.truncate(3);
    outcome(kinds)
}

/// Text on its way to the screen: as wide as it says, never wider than it may be, nothing lost but what is cut off.
pub fn shaping(input: &[u8]) -> Outcome {
    let (given, _) = cleaned(&text(input));
    let mut came = Vec::new();
    for base in [Direction::Ltr, Direction::Rtl] {
        let single = given.replace('\n', " ");
        let line = rasad::text::line(&single, base);
        let sum: usize = line.glyphs.iter().map(|glyph| usize::from(glyph.width)).sum();
        assert_eq!(sum, usize::from(line.width));
        assert_eq!(sum, cells(&single), "{single:?}");
        is_harmless(&line.visual());
        for width in [0, 1, 2, 7, 20] {
            let fitted = rasad::text::fit(&single, base, width);
            assert!(usize::from(fitted.width) <= width, "{width}: {single:?}");
            assert_eq!(fitted.truncated, sum > width, "{width}: {single:?}");
            let wrapped = rasad::text::wrap(&given, base, width);
            for part in &wrapped {
                // A character wider than the line has nowhere else to go.
                assert!(usize::from(part.width) <= width.max(2), "{width}: {given:?}");
            }
            came.push((wrapped.len().min(6), fitted.width));
        }
    }
    let folded = rasad::text::fold::fold(&given);
    assert_eq!(rasad::text::fold::fold(&folded), folded);
    for range in rasad::text::fold::find(&given, "ی") {
        assert!(given.get(range).is_some());
    }
    outcome(came)
}
