//! Comma-separated values (RFC 4180). It must not know what a column means.
//!
//! Spreadsheets run a cell that begins like a formula. Text that does is preceded by an apostrophe; a number stays a number.

use super::{Cell, safe};
use std::io::{self, Write};

/// How a file begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Begin with a byte order mark, by which older spreadsheets know UTF-8.
    pub bom: bool,
}

/// Writes rows one by one.
pub struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn new<'a>(mut out: W, options: Options, header: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        if options.bom {
            out.write_all("\u{FEFF}".as_bytes())?;
        }
        let mut writer = Self { out };
        writer.record(header.into_iter().map(|title| (title, false)))?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.record(
            cells
                .iter()
                .map(|cell| (cell.as_str(), matches!(cell, Cell::Number(_)))),
        )
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn record<'a>(&mut self, cells: impl Iterator<Item = (&'a str, bool)>) -> io::Result<()> {
        let mut count = 0;
        let mut last_empty = false;
        for (text, number) in cells {
            if count > 0 {
                self.out.write_all(b",")?;
            }
            self.cell(text, number)?;
            last_empty = text.is_empty();
            count += 1;
        }
        if count == 1 && last_empty {
            // A row of one empty cell would be an empty line, which readers drop.
            self.out.write_all(b"\"\"")?;
        }
        self.out.write_all(b"\r\n")
    }

    fn cell(&mut self, text: &str, number: bool) -> io::Result<()> {
        let text = safe(text);
        // Only a plain number may go out bare with a sign before it, whatever the cell says of itself.
        let neutralise = begins_like_a_formula(&text) && !(number && is_number(&text));
        let quote = text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ');
        if quote {
            self.out.write_all(b"\"")?;
        }
        if neutralise {
            self.out.write_all(b"'")?;
        }
        if quote {
            self.out.write_all(text.replace('"', "\"\"").as_bytes())?;
            self.out.write_all(b"\"")
        } else {
            self.out.write_all(text.as_bytes())
        }
    }
}

/// A plain decimal number in ASCII digits.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}

/// What a spreadsheet may take for a formula, also after white space it ignores and in the wide forms of the signs.
fn begins_like_a_formula(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn written(options: Options, header: &[&str], rows: &[Vec<Cell>]) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, options, header.iter().copied()).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    fn one(cell: Cell) -> String {
        written(Options::default(), &["x"], &[vec![cell]])
            .strip_prefix("x\r\n")
            .unwrap()
            .to_owned()
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn a_cell_is_quoted_only_where_it_must_be() {
        for (given, out) in [
            ("تبریز", "تبریز\r\n"),
            ("تعاون، کار", "تعاون، کار\r\n"),
            ("a,b", "\"a,b\"\r\n"),
            ("او گفت \"رصد\"", "\"او گفت \"\"رصد\"\"\"\r\n"),
            ("دو\nسطر", "\"دو\nسطر\"\r\n"),
            (" a", "\" a\"\r\n"),
            ("", "\"\"\r\n"),
        ] {
            assert_eq!(one(text(given)), out, "{given:?}");
        }
    }

    #[test]
    fn text_that_begins_like_a_formula_is_neutralised_and_numbers_are_not() {
        for (cell, out) in [
            (text("=1+1"), "'=1+1\r\n"),
            (text("+98"), "'+98\r\n"),
            (text("-12"), "'-12\r\n"),
            (text("@SUM(A1)"), "'@SUM(A1)\r\n"),
            (text("\t=1"), "\u{FFFD}=1\r\n"),
            (text("  =1"), "\"'  =1\"\r\n"),
            (text("＝۱"), "'＝۱\r\n"),
            (text("=a,b"), "\"'=a,b\"\r\n"),
            (text("12-"), "12-\r\n"),
            (text("«-۱»"), "«-۱»\r\n"),
            (Cell::Number("-12.5".into()), "-12.5\r\n"),
            (Cell::Number("12".into()), "12\r\n"),
            // A cell that only says it is a number gets no privilege.
            (Cell::Number("-1+cmd|' /C calc'!A0".into()), "'-1+cmd|' /C calc'!A0\r\n"),
            (Cell::Number("=1".into()), "'=1\r\n"),
            (Cell::Flag(true), "true\r\n"),
        ] {
            assert_eq!(one(cell.clone()), out, "{cell:?}");
        }
    }

    #[test]
    fn the_byte_order_mark_comes_only_when_asked_for() {
        assert_eq!(written(Options { bom: true }, &["شناسه"], &[]), "\u{FEFF}شناسه\r\n");
        assert_eq!(written(Options { bom: false }, &["شناسه"], &[]), "شناسه\r\n");
        // One inside the data is replaced like any other forbidden character.
        assert_eq!(one(text("\u{feff}=1")), "\u{FFFD}=1\r\n");
    }

    #[test]
    fn rows_stand_under_their_header() {
        let rows = vec![
            vec![text("p-1"), Cell::Empty, Cell::Number("3".into())],
            vec![text("p-2"), Cell::Flag(false), Cell::Empty],
        ];
        assert_eq!(
            written(Options::default(), &["id", "late", "days"], &rows),
            "id,late,days\r\np-1,,3\r\np-2,false,\r\n"
        );
    }

    /// A reader written from the RFC alone.
    fn read(file: &str) -> Vec<Vec<String>> {
        let mut rows = vec![vec![String::new()]];
        let mut quoted = false;
        let mut chars = file.chars().peekable();
        while let Some(c) = chars.next() {
            let cell = rows.last_mut().unwrap().last_mut().unwrap();
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => rows.last_mut().unwrap().push(String::new()),
                '\r' if !quoted => {
                    assert_eq!(chars.next(), Some('\n'));
                    rows.push(vec![String::new()]);
                }
                c => cell.push(c),
            }
        }
        rows.pop();
        rows
    }

    proptest::proptest! {
        #[test]
        fn a_reader_gets_back_what_was_written(rows in proptest::collection::vec(proptest::collection::vec(".*|[-=+@,\"\n آ-ی۰-۹]*", 3), 0..6)) {
            let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|t| text(t)).collect()).collect();
            let file = written(Options::default(), &["a", "b", "c"], &cells);
            proptest::prop_assert!(!file.replace("\r\n", "").contains(crate::text::visible::is_forbidden));
            let back = read(&file);
            proptest::prop_assert_eq!(back.len(), rows.len() + 1);
            for (row, back) in rows.iter().zip(back.iter().skip(1)) {
                for (cell, back) in row.iter().zip(back) {
                    let bare = back.strip_prefix('\'').filter(|rest| begins_like_a_formula(rest)).unwrap_or(back);
                    let whole = safe(cell);
                    proptest::prop_assert!(bare == whole || back == whole.as_ref());
                    proptest::prop_assert!(!begins_like_a_formula(back) , "{:?}", back);
                }
            }
        }
    }
}
