//! A table in plain text for people: columns aligned in cells, a header, cut to a width when there is one.
//! Text goes out in its logical order; order and shape are the terminal's. It must not know what a column means.

use super::safe_line;
use crate::text::cells;
use std::borrow::Cow;
use std::io::{self, Write};
use unicode_segmentation::UnicodeSegmentation as _;

/// Cells between two columns.
const GAP: usize = 2;
/// What stands for the part that did not fit.
const ELLIPSIS: char = '…';

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands over it.
    pub title: String,
    /// Numbers stand at the far end of their column.
    pub number: bool,
    /// The least it may be cut to when the table does not fit, in cells.
    pub min: usize,
}

/// Writes a table; with a `width` no line is longer than that many cells.
///
/// The widths follow from all rows, so they are taken at once.
///
/// # Errors
/// Whatever writing gives.
pub fn write(mut out: impl Write, columns: &[Column], rows: &[Vec<String>], width: Option<usize>) -> io::Result<()> {
    let rows: Vec<Vec<Cow<'_, str>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| safe_line(cell)).collect())
        .collect();
    let header: Vec<Cow<'_, str>> = columns.iter().map(|column| safe_line(&column.title)).collect();
    let mut widths: Vec<usize> = header.iter().map(|title| cells(title)).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cells(cell));
        }
    }
    let shown = match width {
        Some(width) => narrow(&mut widths, columns, width),
        None => widths.len(),
    };
    line(&mut out, columns, &header, &widths, shown)?;
    let rule: Vec<Cow<'_, str>> = widths.iter().map(|width| "─".repeat(*width).into()).collect();
    line(&mut out, columns, &rule, &widths, shown)?;
    for row in &rows {
        line(&mut out, columns, row, &widths, shown)?;
    }
    out.flush()
}

/// Narrows the widest columns until the table fits, none below its least; then leaves columns out at the end. The number of
/// columns that are shown.
fn narrow(widths: &mut [usize], columns: &[Column], width: usize) -> usize {
    let least = |i: usize, full: usize| columns.get(i).map_or(1, |c| c.min.max(1)).min(full);
    let mut shown = widths.len();
    let total =
        |widths: &[usize], shown: usize| widths.iter().take(shown).sum::<usize>() + GAP * shown.saturating_sub(1);
    let full = widths.to_vec();
    let floor = |shown: usize| {
        let all: usize = full.iter().take(shown).enumerate().map(|(i, w)| least(i, *w)).sum();
        all + GAP * shown.saturating_sub(1)
    };
    while shown > 1 && floor(shown) > width {
        shown -= 1;
    }
    while total(widths, shown) > width {
        let over = total(widths, shown) - width;
        // The widest gives first, down to the next widest, so that two long columns end alike.
        let candidates = || {
            widths
                .iter()
                .take(shown)
                .enumerate()
                .filter(|(i, w)| **w > full.get(*i).map_or(1, |f| least(*i, *f)))
        };
        let Some((widest, most)) = candidates().max_by_key(|(_, w)| **w).map(|(i, w)| (i, *w)) else {
            // Even the only column is too wide at its least.
            if let Some(first) = widths.first_mut() {
                *first = (*first).min(width.max(1));
            }
            break;
        };
        let next = candidates().map(|(_, w)| *w).filter(|w| *w < most).max().unwrap_or(0);
        let floor = full.get(widest).map_or(1, |f| least(widest, *f));
        let give = over.min((most - next.max(floor)).max(1));
        if let Some(w) = widths.get_mut(widest) {
            *w -= give;
        }
    }
    shown
}

fn line(
    out: &mut impl Write,
    columns: &[Column],
    row: &[Cow<'_, str>],
    widths: &[usize],
    shown: usize,
) -> io::Result<()> {
    let mut text = String::new();
    for (i, (column, width)) in columns.iter().zip(widths).take(shown).enumerate() {
        let cell = row.get(i).map_or("", AsRef::as_ref);
        let cell = cut(cell, *width);
        let pad = width.saturating_sub(cells(&cell));
        if i > 0 {
            text.extend(std::iter::repeat_n(' ', GAP));
        }
        if column.number {
            text.extend(std::iter::repeat_n(' ', pad));
            text.push_str(&cell);
        } else {
            text.push_str(&cell);
            text.extend(std::iter::repeat_n(' ', pad));
        }
    }
    writeln!(out, "{}", text.trim_end_matches(' '))
}

/// The beginning of a text that fits, ended by an ellipsis where something was cut off; never inside a cluster.
pub fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if cells(text) <= width {
        return text.into();
    }
    if width == 0 {
        return "".into();
    }
    let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
    // Width grows with every cluster but for joined letters, so the last fitting beginning is looked for from a guess on.
    let fits = |at: usize| text.get(..at).is_some_and(|start| cells(start) < width);
    let mut count = ends.partition_point(|at| fits(*at)).saturating_sub(1);
    while count > 0 && !ends.get(count).is_some_and(|at| fits(*at)) {
        count -= 1;
    }
    let start = ends.get(count).and_then(|at| text.get(..*at)).unwrap_or_default();
    let mut out = start.trim_end_matches([' ', '\u{200c}']).to_owned();
    out.push(ELLIPSIS);
    out.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn columns(titles: &[(&str, bool, usize)]) -> Vec<Column> {
        titles
            .iter()
            .map(|(title, number, min)| Column {
                title: (*title).into(),
                number: *number,
                min: *min,
            })
            .collect()
    }

    fn written(columns: &[Column], rows: &[&[&str]], width: Option<usize>) -> String {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|c| (*c).to_owned()).collect())
            .collect();
        let mut out = Vec::new();
        write(&mut out, columns, &rows, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_stand_at_the_end_and_text_at_the_beginning() {
        let columns = columns(&[("agency", false, 8), ("days", true, 4), ("step", false, 4)]);
        let rows: &[&[&str]] = &[&["DG Cooperatives", "33", "reminder"], &["Tabriz Power", "7", ""]];
        assert_eq!(
            written(&columns, rows, None),
            "agency           days  step\n\
             ───────────────  ────  ────────\n\
             DG Cooperatives    33  reminder\n\
             Tabriz Power        7\n"
        );
    }

    #[test]
    fn persian_is_aligned_by_cells_not_by_letters() {
        let columns = columns(&[("دستگاه", false, 4), ("روز", true, 3)]);
        // Half-spaces take no cell; lam-alef takes one.
        let rows: &[&[&str]] = &[&["می‌شود", "۳۳"], &["سلام", "۷"]];
        let out = written(&columns, rows, None);
        for line in out.lines().skip(2) {
            assert_eq!(cells(line), 6 + 2 + 3, "{line:?}");
        }
    }

    #[test]
    fn a_table_is_cut_to_the_width_the_widest_column_first() {
        let columns = columns(&[("title", false, 6), ("days", true, 4)]);
        let rows: &[&[&str]] = &[&["Finish half-built projects", "33"]];
        let out = written(&columns, rows, Some(20));
        assert_eq!(out.lines().last(), Some("Finish half-b…    33"));
        // Where even the least widths do not fit, columns are left out at the end.
        let out = written(&columns, rows, Some(9));
        assert_eq!(out.lines().last(), Some("Finish h…"));
    }

    #[test]
    fn a_line_break_in_a_cell_does_not_break_the_table() {
        let columns = columns(&[("متن", false, 3)]);
        assert_eq!(written(&columns, &[&["یک\nدو"]], None).lines().count(), 3);
    }

    #[test]
    fn a_cut_text_ends_with_an_ellipsis_and_never_inside_a_cluster() {
        for (text, width, out) in [
            ("نیمه‌تمام", 20, "نیمه‌تمام"),
            ("نیمه‌تمام", 5, "نیمه…"),
            ("abcdef", 4, "abc…"),
            ("abc def", 5, "abc…"),
            ("abcdef", 1, "…"),
            ("abcdef", 0, ""),
        ] {
            assert_eq!(cut(text, width), out, "{text} {width}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_longer_than_the_width(
            rows in proptest::collection::vec(proptest::collection::vec("[a-z آ-ی\u{200c}\u{64e}]{0,30}|.{0,9}", 3), 0..5),
            width in 1_usize..60,
        ) {
            let columns = columns(&[("شناسه", false, 4), ("title", false, 6), ("روز", true, 3)]);
            let mut out = Vec::new();
            write(&mut out, &columns, &rows, Some(width)).unwrap();
            let out = String::from_utf8(out).unwrap();
            proptest::prop_assert_eq!(out.lines().count(), rows.len() + 2);
            for line in out.lines() {
                proptest::prop_assert!(cells(line) <= width, "{} > {}: {:?}", cells(line), width, line);
            }
        }
    }
}
