//! A table in Markdown, for minutes and messages. It must not know what a column means.
//!
//! Every sign Markdown would act on is written with a backslash, so that text of the data stays text: no link, no image and no
//! HTML can come out of a cell.

use super::{Cell, safe_line};
use std::io::{self, Write};

/// A column's title, and whether numbers stand in it.
pub type Head<'a> = (&'a str, bool);

/// What Markdown, with its tables and the HTML in it, may act on.
const SIGNS: &str = "\\`*_{}[]<>()#+-!|~&$:@^=\"'";

/// A text as Markdown shows it, in one line.
pub fn escape(text: &str) -> String {
    let text = safe_line(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        // Inside a word most signs are harmless; written bare they are easier to read in the file.
        let harmless = matches!(c, '(' | ')' | '"' | '\'' | '=' | '+' | '-' | ':' | '!' | '^') && at > 0;
        if SIGNS.contains(c) && !harmless {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Writes a table; rows that are shorter than the head are filled up, longer ones cut.
///
/// # Errors
/// Whatever writing gives.
pub fn table(mut out: impl Write, head: &[Head<'_>], rows: impl IntoIterator<Item = Vec<Cell>>) -> io::Result<()> {
    if head.is_empty() {
        return out.flush();
    }
    let line = |out: &mut dyn Write, cells: &mut dyn Iterator<Item = String>| -> io::Result<()> {
        out.write_all(b"|")?;
        for cell in cells {
            write!(out, " {cell} |")?;
        }
        out.write_all(b"\n")
    };
    line(&mut out, &mut head.iter().map(|(title, _)| escape(title)))?;
    line(
        &mut out,
        &mut head
            .iter()
            .map(|(_, number)| if *number { "---:" } else { "---" }.to_owned()),
    )?;
    for row in rows {
        let cells = (0..head.len()).map(|at| row.get(at).map_or_else(String::new, |cell| escape(cell.as_str())));
        line(&mut out, &mut { cells })?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn written(rows: &[Vec<&str>]) -> String {
        let mut out = Vec::new();
        let rows = rows
            .iter()
            .map(|row| row.iter().map(|text| Cell::Text((*text).into())).collect());
        table(&mut out, &[("عنوان", false), ("روز", true)], rows).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_has_its_head_and_a_line_a_row() {
        assert_eq!(
            written(&[vec!["ادارهٔ کل تعاون", "33"], vec!["یک\nدو"]]),
            "| عنوان | روز |\n| --- | ---: |\n| ادارهٔ کل تعاون | 33 |\n| یک دو |  |\n"
        );
    }

    #[test]
    fn nothing_of_a_cell_acts() {
        for (given, out) in [
            ("a|b", "a\\|b"),
            ("![x](http://e)", "\\!\\[x\\](http://e)"),
            ("<script>", "\\<script\\>"),
            ("*ب*", "\\*ب\\*"),
            ("&lt;", "\\&lt;"),
            ("- الف", "\\- الف"),
            ("92 (88 %) p-0117", "92 (88 %) p-0117"),
        ] {
            assert_eq!(escape(given), out);
        }
    }

    /// A reader of such a table: cells parted by bars that no backslash precedes.
    fn read(file: &str) -> Vec<Vec<String>> {
        file.lines()
            .map(|line| {
                let mut cells = vec![String::new()];
                let mut chars = line.trim_start_matches('|').chars();
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => cells.last_mut().unwrap().extend(chars.next()),
                        '|' => cells.push(String::new()),
                        c => cells.last_mut().unwrap().push(c),
                    }
                }
                cells.pop();
                cells
                    .iter()
                    .map(|cell| cell.strip_prefix(' ').unwrap().strip_suffix(' ').unwrap().to_owned())
                    .collect()
            })
            .collect()
    }

    proptest::proptest! {
        #[test]
        fn a_reader_gets_back_what_was_written(rows in proptest::collection::vec(proptest::collection::vec(".*|[|\\\\<=*آ-ی۰-۹ \n]*", 2), 0..6)) {
            let given: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
            let file = written(&given);
            proptest::prop_assert!(!file.replace('\n', "").contains(crate::text::visible::is_forbidden));
            let back = read(&file);
            proptest::prop_assert_eq!(back.len(), rows.len() + 2);
            for (row, back) in rows.iter().zip(back.iter().skip(2)) {
                let want: Vec<String> = row.iter().map(|cell| safe_line(cell).into_owned()).collect();
                proptest::prop_assert_eq!(&want, back);
            }
        }
    }
}
