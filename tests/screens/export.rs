//! A sheet as a file: its lines as they stand on the screen, cell by cell, in every form.

use super::harness::{Bench, LANGS, SEEDS};
use super::questions::drawn;
use rasad::app::screen::sheet::{Cell, Shape, Topic};
use rasad::app::screen::{Screen, Target};
use rasad::app::{Effect, export::ExportFile};
use rasad::text::Lang;
use serde_json::Value;

/// High enough for the longest sheet, so that nothing has to be scrolled to.
const WHOLE: (u16, u16) = (200, 400);

/// The sheets, each by the keys that lead to it.
const SHEETS: [&str; 8] = ["2 b", MEASURE, "3 b", "3 b tab", "4 b", "6 b", "7 b", "8 b"];

/// The sheet of the first measure, which is reached from that of all of them.
const MEASURE: &str = "2 b home";

fn open(bench: &mut Bench, way: &str) {
    bench.keys(way);
    if way != MEASURE {
        return;
    }
    loop {
        let Screen::Sheet(sheet) = bench.app.screen() else {
            panic!("no sheet:\n{}", bench.picture())
        };
        if matches!(sheet.target(), Some(Target::Sheet(Topic::Measure(_)))) {
            bench.keys("enter");
            return;
        }
        let before = bench.place();
        bench.keys("down");
        assert!(bench.place() != before, "no measure:\n{}", bench.picture());
    }
}

fn exported(bench: &mut Bench, name: &str) -> String {
    bench.keys("e ctrl-u");
    bench.paste(name);
    let files: Vec<ExportFile> = bench
        .keys("enter")
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Export(file) => Some(file),
            _ => None,
        })
        .collect();
    let [file] = files.as_slice() else {
        panic!("{name}: {files:?}\n{}", bench.picture())
    };
    String::from_utf8(file.bytes.clone()).unwrap_or_default()
}

/// The fields of a line of comma-separated values.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    out.push(field);
    out
}

/// What the screen shows of each line: nothing of a bar, which is drawn and not written.
fn lines(bench: &Bench) -> Vec<Vec<(String, bool)>> {
    let Screen::Sheet(sheet) = bench.app.screen() else {
        panic!("no sheet:\n{}", bench.picture())
    };
    let plain = |text: &str| rasad::text::isolate::strip(text).into_owned();
    let cell = |cell: &Cell| match cell {
        Cell::Text(text, _) | Cell::Figure(text, _) => (plain(text), true),
        Cell::Bar(..) => (String::new(), false),
    };
    let lines = sheet
        .lines
        .iter()
        .filter(|line| line.shape != Shape::Blank && !line.cells.is_empty());
    lines.map(|line| line.cells.iter().map(cell).collect()).collect()
}

#[test]
fn a_sheet_is_written_line_by_line_as_it_stands_in_every_form() {
    for seed in SEEDS {
        for lang in LANGS {
            for way in SHEETS {
                let mut bench = Bench::new(seed, lang, WHOLE);
                open(&mut bench, way);
                let shown = lines(&bench);
                assert!(shown.len() > 5, "{way}");
                // What the file is compared with is what is drawn: every first word and every figure, row by row, downwards.
                let rows = bench.said();
                let mut below = rows.iter();
                for line in &shown {
                    let cells: Vec<String> = line
                        .iter()
                        .filter(|(_, written)| *written)
                        .filter_map(|(text, _)| text.split_whitespace().next().map(|word| drawn(lang, word)))
                        .collect();
                    let found = below.by_ref().any(|row| {
                        cells
                            .iter()
                            .all(|cell| row.contains(cell.trim_end_matches(['،', ',', ':', ';', '؛'])))
                    });
                    assert!(
                        found,
                        "{way} {lang:?}: {cells:?} is not on the screen below what stands above it:\n{}",
                        bench.picture()
                    );
                }
                let json: Value = serde_json::from_str(&exported(&mut bench, "sheet.json")).unwrap_or_default();
                let json = json["rows"].as_array().cloned().unwrap_or_default();
                let csv = exported(&mut bench, "sheet.csv");
                let csv: Vec<Vec<String>> = csv.trim_start_matches('\u{feff}').lines().skip(1).map(fields).collect();
                let md = exported(&mut bench, "sheet.md");
                let md: Vec<&str> = md.lines().skip(2).collect();
                assert_eq!(
                    (json.len(), csv.len(), md.len()),
                    (shown.len(), shown.len(), shown.len()),
                    "{way}"
                );
                for (n, line) in shown.iter().enumerate() {
                    for (at, (text, written)) in line.iter().enumerate() {
                        let told = json[n][(at + 1).to_string()].as_str().unwrap_or_default();
                        assert!(!written || told == text, "{way}: {told:?} for {text:?}");
                        // A spreadsheet must not take a text for a formula; that is all that is added.
                        let cell = csv[n].get(at).map_or("", String::as_str);
                        assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), told, "{way} line {n}");
                        let word = text
                            .split(['|', '*', '_', '`', '<', '\\', '[', '#', ' ', '~', '>', '&'])
                            .next()
                            .unwrap_or_default();
                        assert!(!written || md[n].contains(word), "{way}: {word:?} in {:?}", md[n]);
                    }
                    let more = csv[n].iter().skip(line.len()).any(|cell| !cell.is_empty());
                    assert!(!more, "{way} line {n} holds more than is shown: {:?}", csv[n]);
                }
                let shaped =
                    |text: &str| text.contains(|c| matches!(c, '\u{2066}'..='\u{2069}' | '\u{fe70}'..='\u{fefe}'));
                assert!(!md.iter().any(|line| shaped(line)), "letters, not their shapes");
            }
        }
    }
}

/// Lists as an operator narrows and arranges them.
const LISTS: [(&str, &str, &str); 6] = [
    ("2", "", "S"),
    ("3", "category:service", "S"),
    ("4", "is:overdue", ""),
    ("5", "stage:brought-in kind:cooperative", "S"),
    ("6", "state:executed", "S"),
    ("8", "", "c down K space esc"),
];

#[test]
fn a_list_is_written_row_by_row_and_column_by_column_as_it_stands() {
    for seed in SEEDS {
        for lang in LANGS {
            for (way, filter, then) in LISTS {
                let mut bench = Bench::new(seed, lang, WHOLE);
                bench.keys(way);
                let all = bench.ids().len();
                if !filter.is_empty() {
                    bench.keys("/");
                    bench.write(filter);
                    bench.keys("enter");
                    let left = bench.ids().len();
                    assert!((1..all).contains(&left), "{way} {filter}: {left} of {all}");
                }
                bench.keys(then);
                let ids = bench.ids();
                let json: Value = serde_json::from_str(&exported(&mut bench, "list.json")).unwrap_or_default();
                assert_eq!(json["filter"], filter);
                let json = json["rows"].as_array().cloned().unwrap_or_default();
                let csv = exported(&mut bench, "list.csv");
                let mut csv = csv.trim_start_matches('\u{feff}').lines().map(fields);
                let heads = csv.next().unwrap_or_default();
                let csv: Vec<Vec<String>> = csv.collect();
                assert_eq!((json.len(), csv.len()), (ids.len(), ids.len()), "{way}");
                let rows = bench.said();
                let mut below = rows.iter();
                // Figures are written as spreadsheets read them, and drawn as people do.
                let figure = |cell: &str| {
                    let n: f64 = cell.parse().ok()?;
                    Some(rasad::text::number::decimal(n.abs(), 2, lang))
                };
                // A long word may be cut in its column; in Persian its letters would then have other shapes.
                let drawn_first = |cell: &str| {
                    let word = cell.split_whitespace().next().unwrap_or_default();
                    if lang == Lang::En || word.is_ascii() {
                        drawn(lang, &word.chars().take(6).collect::<String>())
                    } else {
                        drawn(lang, word)
                    }
                };
                assert!(
                    below
                        .by_ref()
                        .any(|row| heads.iter().all(|head| row.contains(&drawn_first(head)))),
                    "{way} {lang:?}: {heads:?}\n{}",
                    bench.picture()
                );
                // As many as stand on the screen, each below the one before it.
                for (n, row) in csv.iter().enumerate().take(300) {
                    assert_eq!(row.len(), heads.len(), "{way}");
                    let said = |line: &String| {
                        let is_there = |cell: &String| match figure(cell) {
                            Some(figure) => line.contains(&figure),
                            None => line.contains(&drawn_first(cell)),
                        };
                        row.iter().all(is_there)
                    };
                    let found = below.next().is_some_and(said);
                    assert!(found, "{way} {lang:?}, row {n}: {row:?}\n{}", bench.picture());
                    if let Some(id) = json[n]["id"].as_str() {
                        assert_eq!(id, ids[n], "{way}");
                    }
                }
            }
        }
    }
}
