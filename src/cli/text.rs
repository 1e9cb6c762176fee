//! `rasad text`: the forms of lines as the screens, the search and the measure see them; for scripts, and for looking into a
//! doubtful text. Lines in, lines out, one for one.

use crate::i18n::tf;
use crate::text::{self, Direction, Lang, fold, visible};
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

/// The longest line that is read, in bytes; more of it is not.
const MAX_LINE: u64 = 1 << 20;

/// What `rasad text` is asked.
#[derive(Clone, Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("form").required(true)))]
pub struct TextArgs {
    /// Letters joined and in the order they stand on the screen, from left to right
    #[arg(long, group = "form")]
    pub visual: bool,
    /// One spelling for everything that reads alike, as the search compares it
    #[arg(long, group = "form")]
    pub fold: bool,
    /// How many cells each line takes
    #[arg(long, group = "form")]
    pub cells: bool,
    /// Direction of every line: rtl or ltr; without it, the one it is read in on a screen of the language
    #[arg(long, value_name = "DIR", conflicts_with_all = ["fold", "cells"])]
    pub base: Option<Base>,
    /// Cut lines longer than this many cells, as a column does
    #[arg(long, value_name = "CELLS", conflicts_with_all = ["fold", "cells"])]
    pub width: Option<usize>,
}

/// A direction on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Base {
    /// Right to left.
    Rtl,
    /// Left to right.
    Ltr,
}

/// Runs the command: 0, or 1 when a line could not be read or written.
pub fn run(args: &TextArgs, lang: Lang) -> ExitCode {
    let out = io::BufWriter::new(io::stdout().lock());
    match answer(args, lang, io::stdin().lock(), out) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            super::complain(&tf(lang, "text.failed", &[("why", &error.to_string())]));
            ExitCode::FAILURE
        }
    }
}

fn answer(args: &TextArgs, lang: Lang, mut input: impl BufRead, mut out: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    let mut number = 0_usize;
    loop {
        line.clear();
        number += 1;
        if io::Read::take(&mut input, MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return out.flush();
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE {
            let number = number.to_string();
            let limit = MAX_LINE.to_string();
            let why = tf(lang, "text.too-long", &[("line", &number), ("limit", &limit)]);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let raw = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(&line));
        let raw = raw.strip_suffix('\r').unwrap_or(&raw);
        // Foreign text as everywhere: what may not be drawn is replaced where it enters.
        let clean = visible::clean(raw, usize::MAX);
        let form = form(args, lang, &clean.text);
        writeln!(out, "{form}")?;
    }
}

fn form(args: &TextArgs, lang: Lang, line: &str) -> String {
    if args.fold {
        return fold::fold(line);
    }
    if args.cells {
        return text::cells(line).to_string();
    }
    let base = match args.base {
        Some(Base::Rtl) => Direction::Rtl,
        Some(Base::Ltr) => Direction::Ltr,
        None => text::direction_of(line, lang.direction()),
    };
    match args.width {
        Some(width) => text::fit(line, base, width).visual(),
        None => text::line(line, base).visual(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use clap::Parser as _;

    #[derive(clap::Parser)]
    struct Args {
        #[command(flatten)]
        text: TextArgs,
    }

    fn of(options: &[&str], input: &[u8]) -> io::Result<String> {
        let args = Args::try_parse_from([&["text"], options].concat()).unwrap().text;
        let mut out = Vec::new();
        answer(&args, Lang::Fa, input, &mut out).map(|()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_line_comes_out_in_the_form_asked_for() {
        let lines = "دانش‌بنیان\nسلام (A)\n\n";
        assert_eq!(of(&["--fold"], lines.as_bytes()).unwrap(), "دانشبنیان\nسلام (a)\n\n");
        assert_eq!(of(&["--cells"], lines.as_bytes()).unwrap(), "9\n7\n0\n");
        assert_eq!(
            of(&["--visual"], "سلام (A)".as_bytes()).unwrap(),
            "(A) \u{fee1}\u{fefc}\u{feb3}\n"
        );
        assert_eq!(
            of(&["--visual", "--base", "ltr"], "a (ب)".as_bytes()).unwrap(),
            "a (\u{fe8f})\n"
        );
        assert_eq!(
            of(&["--visual", "--width", "2"], "سلام".as_bytes()).unwrap(),
            "\u{2026}\u{feb1}\n"
        );
    }

    #[test]
    fn what_may_not_reach_a_terminal_is_replaced_and_bytes_that_are_no_text_too() {
        let out = of(&["--visual"], b"a\x1b[31m\x80b\r\n").unwrap();
        assert_eq!(out, "a\u{fffd}[31m\u{fffd}b\n");
        let folded = of(&["--fold"], b"A\x1b[31m\n").unwrap();
        assert_eq!(folded, "a\u{fffd}[31m\n");
    }

    #[test]
    fn exactly_one_form_is_asked_for_and_an_endless_line_is_refused() {
        assert!(Args::try_parse_from(["text"]).is_err());
        assert!(Args::try_parse_from(["text", "--fold", "--cells"]).is_err());
        assert!(Args::try_parse_from(["text", "--fold", "--width", "3"]).is_err());
        let error = of(&["--cells"], &vec![b'a'; 2 << 20]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
