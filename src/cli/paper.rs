//! Where a command prints sentences for people: on a terminal they are ordered, joined and written as that terminal needs it, and begin
//! where reading starts; into a file or a pipe they go as logical text.

use crate::text::profile::Emission;
use crate::text::{self, Direction, Lang, isolate};
use crate::tui::inline;
use std::io::{self, Write};

/// Narrower windows are written to as if they were so wide: something must fit.
const LEAST: u16 = 20;

/// How a terminal is written to.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    /// The way of writing.
    pub emission: Emission,
    /// Columns of the window.
    pub width: u16,
}

/// Something to print sentences on.
pub struct Paper<W: Write> {
    out: W,
    direction: Direction,
    drawn: Option<Drawn>,
}

impl<W: Write> Paper<W> {
    /// Paper for sentences of a language; `drawn` when it is a terminal.
    pub fn new(out: W, lang: Lang, drawn: Option<Drawn>) -> Self {
        Self {
            out,
            direction: lang.direction(),
            drawn,
        }
    }

    /// Prints a sentence, broken to the width of a terminal; lines after the first begin `indent` cells further in.
    pub fn line(&mut self, text: &str, indent: u16) -> io::Result<()> {
        let Some(drawn) = self.drawn else {
            return writeln!(self.out, "{}", isolate::strip(text));
        };
        // The last column stays free: some terminals break the line as soon as it is full.
        let width = drawn.width.max(LEAST) - 1;
        let mut rest = text.to_owned();
        let mut before = String::new();
        loop {
            let room = usize::from(width).saturating_sub(before.len()).max(1);
            let lines = text::wrap(&rest, self.direction, room);
            let first = lines.first();
            let end = lines
                .get(1)
                .and_then(|line| line.glyphs.iter().map(|glyph| glyph.source.start).min());
            let shown = match end {
                Some(end) => rest.get(..end as usize).unwrap_or(&rest).trim_end().to_owned(),
                None => rest.clone(),
            };
            let line = text::line(&format!("{before}{shown}"), self.direction);
            self.out
                .write_all(&inline::row(&line, width, self.direction, drawn.emission))?;
            self.out.write_all(b"\r\n")?;
            match (first, end) {
                (Some(_), Some(end)) => rest = rest.get(end as usize..).unwrap_or_default().to_owned(),
                _ => return Ok(()),
            }
            before = " ".repeat(usize::from(indent));
        }
    }

    /// Prints a line that keeps to the left edge and to an emission of its own.
    pub fn sample(&mut self, label: &str, text: &str, direction: Direction, emission: Emission) -> io::Result<()> {
        let Some(drawn) = self.drawn else {
            return writeln!(self.out, "{label}{text}");
        };
        let width = drawn.width.max(LEAST) - 1;
        // Label and sample are fields of one row: each has its own direction.
        let mut line = text::line(label, Direction::Ltr);
        let sample = text::fit(text, direction, usize::from(width.saturating_sub(line.width)));
        line.width += sample.width;
        line.glyphs.extend(sample.glyphs);
        self.out
            .write_all(&inline::row(&line, width, Direction::Ltr, emission))?;
        self.out.write_all(b"\r\n")
    }

    /// Everything out.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use crate::text::profile::Profile;

    fn printed(lang: Lang, width: Option<u16>, text: &str, indent: u16) -> String {
        let mut out = Vec::new();
        let drawn = width.map(|width| Drawn {
            emission: Profile::Plain.into(),
            width,
        });
        Paper::new(&mut out, lang, drawn).line(text, indent).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_file_gets_logical_text_and_a_terminal_what_it_is_to_show() {
        assert_eq!(printed(Lang::Fa, None, "نام \u{2068}P-1\u{2069}", 2), "نام P-1\n");
        assert_eq!(
            printed(Lang::Fa, Some(21), "نام \u{2068}P-1\u{2069}", 2),
            "             P-1 \u{fee1}\u{fe8e}\u{fee7}\r\n"
        );
    }

    #[test]
    fn a_long_sentence_is_broken_and_what_follows_is_indented() {
        let text = "one two three four five six";
        assert_eq!(
            printed(Lang::En, Some(21), text, 2),
            "one two three four\r\n  five six\r\n"
        );
        let persian = printed(Lang::Fa, Some(21), "یک دو سه چهار پنج شش هفت هشت", 2);
        let lines: Vec<&str> = persian.split("\r\n").collect();
        assert_eq!(lines.len(), 3, "{persian}");
        // The blank cells at the right edge are the indent; they need not be written.
        assert_eq!([text::cells(lines[0]), text::cells(lines[1])], [20, 18], "{persian:?}");
        assert!(!lines[1].ends_with(' '), "{persian:?}");
    }
}
