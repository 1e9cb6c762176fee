//! A document of headings, sentences and tables, written as plain text, Markdown or HTML. It must not know what it is about.
//!
//! The HTML stands alone: no script, no font, no picture, nothing fetched; it is laid out for A4 and reads from the right where
//! its language does.

use super::{Cell, md, safe, safe_line, table};
use crate::text::Lang;
use std::io::{self, Write};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its title.
    pub title: String,
    /// Whether numbers stand in it.
    pub number: bool,
    /// The least it may be cut to in plain text, in cells.
    pub min: usize,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The heading of a section.
    Heading(String),
    /// A sentence or more.
    Paragraph(String),
    /// A list of sentences.
    List(Vec<String>),
    /// A table.
    Table(Vec<Head>, Vec<Vec<Cell>>),
}

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The language it is written in.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What stands under the title: of which day, from which source.
    pub meta: Vec<String>,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

impl Document {
    /// Writes it; plain text with tables no wider than `width` cells.
    ///
    /// # Errors
    /// Whatever writing gives.
    pub fn write(&self, out: &mut dyn Write, form: Form, width: Option<usize>) -> io::Result<()> {
        match form {
            Form::Text => self.text(out, width),
            Form::Markdown => self.markdown(out),
            Form::Html => self.html(out),
        }
    }

    /// The lines of the plain text.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut out = Vec::new();
        // Writing into memory does not fail.
        let _ = self.text(&mut out, Some(width));
        String::from_utf8_lossy(&out).lines().map(str::to_owned).collect()
    }

    fn text(&self, out: &mut dyn Write, width: Option<usize>) -> io::Result<()> {
        let wrap = |out: &mut dyn Write, text: &str, first: &str, more: &str| -> io::Result<()> {
            for (n, line) in wrapped(&safe_line(text), width.unwrap_or(usize::MAX))
                .iter()
                .enumerate()
            {
                writeln!(out, "{}{line}", if n == 0 { first } else { more })?;
            }
            Ok(())
        };
        writeln!(out, "{}", safe_line(&self.title))?;
        for line in &self.meta {
            wrap(out, line, "", "")?;
        }
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    let text = safe_line(text);
                    writeln!(out, "\n{text}\n{}", "═".repeat(crate::text::cells(&text)))?;
                }
                Block::Paragraph(text) => wrap(out, text, "", "")?,
                Block::List(items) => {
                    for item in items {
                        wrap(out, item, "• ", "  ")?;
                    }
                }
                Block::Table(heads, rows) => {
                    let columns: Vec<table::Column> = heads
                        .iter()
                        .map(|head| table::Column {
                            title: head.title.clone(),
                            number: head.number,
                            min: head.min,
                        })
                        .collect();
                    let rows: Vec<Vec<String>> = rows
                        .iter()
                        .map(|row| row.iter().map(|cell| cell.as_str().to_owned()).collect())
                        .collect();
                    table::write(&mut *out, &columns, &rows, width)?;
                }
            }
        }
        Ok(())
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "# {}\n", md::escape(&self.title))?;
        for line in &self.meta {
            writeln!(out, "- {}", md::escape(line))?;
        }
        for block in &self.blocks {
            match block {
                Block::Heading(text) => writeln!(out, "\n## {}", md::escape(text))?,
                Block::Paragraph(text) => writeln!(out, "\n{}", md::escape(text))?,
                Block::List(items) => {
                    writeln!(out)?;
                    for item in items {
                        writeln!(out, "- {}", md::escape(item))?;
                    }
                }
                Block::Table(heads, rows) => {
                    writeln!(out)?;
                    let heads: Vec<md::Head<'_>> = heads.iter().map(|h| (h.title.as_str(), h.number)).collect();
                    md::table(&mut *out, &heads, rows.iter().cloned())?;
                }
            }
        }
        Ok(())
    }

    fn html(&self, out: &mut dyn Write) -> io::Result<()> {
        let (lang, dir) = match self.lang {
            Lang::Fa => ("fa", "rtl"),
            Lang::En => ("en", "ltr"),
        };
        let title = html(&self.title);
        write!(
            out,
            "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
        )?;
        for line in &self.meta {
            writeln!(out, "<p>{}</p>", prose(line))?;
        }
        out.write_all(b"</header>\n<main>\n")?;
        let mut open = false;
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    if std::mem::replace(&mut open, true) {
                        out.write_all(b"</section>\n")?;
                    }
                    writeln!(out, "<section>\n<h2>{}</h2>", prose(text))?;
                }
                Block::Paragraph(text) => writeln!(out, "<p>{}</p>", prose(text))?,
                Block::List(items) => {
                    out.write_all(b"<ul>\n")?;
                    for item in items {
                        writeln!(out, "<li>{}</li>", prose(item))?;
                    }
                    out.write_all(b"</ul>\n")?;
                }
                Block::Table(heads, rows) => self.html_table(out, heads, rows)?,
            }
        }
        if open {
            out.write_all(b"</section>\n")?;
        }
        out.write_all(b"</main>\n</body>\n</html>\n")
    }

    fn html_table(&self, out: &mut dyn Write, heads: &[Head], rows: &[Vec<Cell>]) -> io::Result<()> {
        let class = |head: &Head| if head.number { " class=\"n\"" } else { "" };
        // A date or an id is not broken in two; a sentence may be.
        let short = |cell: &str| cell.chars().count() <= SHORT && !cell.contains(char::is_whitespace);
        out.write_all(b"<table>\n<thead><tr>")?;
        for head in heads {
            write!(out, "<th{}>{}</th>", class(head), html(&head.title))?;
        }
        out.write_all(b"</tr></thead>\n<tbody>\n")?;
        for row in rows {
            out.write_all(b"<tr>")?;
            for (head, cell) in heads.iter().zip(row) {
                // A cell is read by its own first letter: an id inside a Persian table, a Persian name inside an English one.
                let class = match class(head) {
                    "" if short(cell.as_str()) => " class=\"s\"",
                    class => class,
                };
                let cell = prose(cell.as_str());
                write!(out, "<td{class}><bdi>{cell}</bdi></td>")?;
            }
            out.write_all(b"</tr>\n")?;
        }
        out.write_all(b"</tbody>\n</table>\n")
    }
}

/// Characters of a cell that is kept in one line.
const SHORT: usize = 12;

/// Laid out for A4: rows are not torn apart, heads come again on every page.
const STYLE: &str = "
@page { size: A4; margin: 16mm 14mm 18mm }
:root { color-scheme: light }
body { font: 10.5pt/1.65 Vazirmatn, Vazir, 'Noto Naskh Arabic', 'Noto Sans Arabic', Tahoma, 'DejaVu Sans', sans-serif; color: #111; margin: 0 auto; max-width: 182mm }
header { border-block-end: 1.5pt solid #111; margin-block-end: 5mm; padding-block-end: 2mm }
h1 { font-size: 16pt; margin: 0 0 1mm }
header p { margin: 0; color: #444; font-size: 9pt }
h2 { font-size: 12pt; margin: 6mm 0 1.5mm; break-after: avoid }
p, ul { margin: 0 0 2mm }
ul { padding-inline-start: 5mm }
table { border-collapse: collapse; width: 100%; font-size: 9pt; line-height: 1.45 }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { text-align: start; vertical-align: top; padding: .9mm 1.4mm; border-block-end: .4pt solid #bbb; overflow-wrap: break-word }
th { border-block-end: .9pt solid #111; font-weight: 600 }
td.n, td.s, .d { white-space: nowrap }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums }
table + ul, table + p { margin-block-start: 2mm }
table + p { break-before: avoid }
@media screen { body { padding: 8mm } }
";

/// A text as HTML shows it: nothing in it acts.
fn html(text: &str) -> String {
    let text = safe(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A sentence as HTML shows it: a date such as `2024-05-22`, which a browser would break behind a hyphen, is kept in one line.
fn prose(text: &str) -> String {
    let text = html(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = first_date(rest) {
        let (before, from) = rest.split_at(at);
        let (date, behind) = from.split_at(DATE.len());
        out.push_str(before);
        out.push_str("<span class=\"d\">");
        out.push_str(date);
        out.push_str("</span>");
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What a date is made of: a digit for every 0.
const DATE: &[u8] = b"0000-00-00";

/// Where the first date of a text begins: digits and hyphens as in [`DATE`], not part of a longer number.
fn first_date(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).find(|at| {
        let like = |(n, want): (usize, &u8)| match want {
            b'0' => digit(Some(at + n)),
            _ => bytes.get(at + n) == Some(want),
        };
        DATE.iter().enumerate().all(like) && !digit(at.checked_sub(1)) && !digit(Some(at + DATE.len()))
    })
}

/// A text in lines no wider than so many cells, in its logical order, broken at blanks.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| crate::text::cells(line));
        if last > 0 && last + 1 + crate::text::cells(word) > width {
            lines.push(word.to_owned());
        } else if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_a_sentence_is_kept_in_one_line_and_nothing_else_is() {
        let rows = [
            ("due on 2024-05-22.", "due on <span class=\"d\">2024-05-22</span>."),
            (
                "2024-05-22–2024-05-29",
                "<span class=\"d\">2024-05-22</span>–<span class=\"d\">2024-05-29</span>",
            ),
            (
                "p-2024-05 · 12024-05-22 · 2024-05-221 · 2024/05/22",
                "p-2024-05 · 12024-05-22 · 2024-05-221 · 2024/05/22",
            ),
            ("<2024-05-22>", "&lt;<span class=\"d\">2024-05-22</span>&gt;"),
            ("مهلت 2024-05-22", "مهلت <span class=\"d\">2024-05-22</span>"),
            ("2024-05-2", "2024-05-2"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(prose(text), expected, "{text}");
        }
        // A title holds no element.
        assert_eq!(html("2024-05-22"), "2024-05-22");
    }

    #[test]
    fn plain_text_is_broken_at_blanks_only() {
        assert_eq!(wrapped("due 2024-05-22 or so", 10), ["due", "2024-05-22", "or so"]);
        let lines = crate::text::wrap("due 2024-05-22 or so", crate::text::Direction::Ltr, 10);
        let lines: Vec<_> = lines.iter().map(crate::text::Line::visual).collect();
        assert_eq!(lines, ["due", "2024-05-22", "or so"]);
    }
}
