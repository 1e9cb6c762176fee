//! `rasad check`: every problem of a document at once, each with its place; the exit code says how bad it is.

use crate::contract::{Kind, Level, Problem, clean};
use crate::i18n;
use crate::source::{self, Access, Interrupt, Item, Limits, Source, Stop, Summary};
use crate::text::Lang;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

/// What `rasad check` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// The document: a file (JSON or NDJSON, plain or zstd/gzip), `-` for standard input, or a URL.
    pub source: String,
    /// How to say it: for people, or for scripts.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One line a problem, in the language of the screen.
    Human,
    /// One JSON object.
    Json,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Problems that were named, worst first, then by place.
    pub problems: Vec<Problem>,
    /// What was read, when the source is a document at all.
    pub summary: Option<Summary>,
}

impl Checked {
    /// 0 clean (notes allowed), 1 records left out or changed on reading, 2 not readable as a document.
    pub fn exit(&self) -> u8 {
        match &self.summary {
            None => 2,
            Some(summary) if summary.count(Level::Skipped) + summary.count(Level::Changed) > 0 => 1,
            Some(_) => 0,
        }
    }
}

/// Checks a source.
pub fn check(source: &str, limits: &Limits, access: &Access) -> Checked {
    let limits = Limits {
        cross_check: true,
        ..*limits
    };
    collect(|sink| match Source::named(source) {
        Source::Http(address) => {
            let mut http = source::http::Http::new(&address, access, Interrupt::default())?;
            // The first answer to a request without conditions is never "unchanged".
            Ok(http.fetch(&limits, sink)?.unwrap_or_default())
        }
        Source::File(path) => source::file::read(&path, &limits, sink),
        Source::Sample => Ok(Summary::default()),
    })
}

type Sink<'s> = &'s mut dyn FnMut(Item) -> ControlFlow<()>;

fn collect(read: impl FnOnce(Sink<'_>) -> Result<Summary, Stop>) -> Checked {
    let mut problems = Vec::new();
    let result = read(&mut |item| {
        if let Item::Problem(problem) = item {
            problems.push(problem);
        }
        ControlFlow::Continue(())
    });
    let summary = match result {
        Ok(summary) => Some(summary),
        Err(Stop::Problem(problem)) => {
            problems.push(*problem);
            None
        }
        Err(Stop::Cancelled) => None,
    };
    problems.sort_by_key(|problem| {
        let place = &problem.place;
        (std::cmp::Reverse(problem.level), place.line, place.column)
    });
    Checked { problems, summary }
}

/// Runs the command.
pub fn run(args: &CheckArgs, lang: Lang, limits: &Limits, access: &Access) -> ExitCode {
    let checked = check(&args.source, limits, access);
    let source = Source::named(&args.source).to_string();
    let mut out = io::BufWriter::new(io::stdout().lock());
    // A reader that has seen enough is no failure: the exit code still tells how bad the source is.
    let _ = match args.format {
        Format::Human => write_human(&mut out, &source, &checked, lang),
        Format::Json => write_json(&mut out, &source, &checked, lang),
    }
    .and_then(|()| out.flush());
    ExitCode::from(checked.exit())
}

/// A line without anything a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if clean::is_printable(c) { c } else { '\u{FFFD}' })
        .collect()
}

fn place_of(problem: &Problem) -> String {
    let path = problem.place.path.to_string();
    match (problem.place.line, problem.place.column) {
        (Some(line), Some(column)) if path.is_empty() => format!("{line}:{column}"),
        (Some(line), Some(column)) => format!("{line}:{column} {path}"),
        _ => path,
    }
}

fn write_human(out: &mut dyn Write, source: &str, checked: &Checked, lang: Lang) -> io::Result<()> {
    for problem in &checked.problems {
        let level = i18n::t(lang, level_key(problem.level));
        let place = place_of(problem);
        let mut line = source.to_owned();
        if !place.is_empty() {
            line += &format!(":{place}");
        }
        line += &format!(": {level}: {}", problem.sentence(lang));
        if let Some((kind, id)) = &problem.record {
            line += &format!(" ({} {id})", i18n::t(lang, kind.name_key()));
        }
        writeln!(out, "{}", printable(&line))?;
    }
    let line = match &checked.summary {
        None => i18n::tf(lang, "check.unreadable", &[("source", source)]),
        Some(summary) => {
            let count = |level| summary.count(level).to_string();
            let records: usize = summary.records.iter().map(|(_, n)| n).sum();
            if summary.unnamed > 0 {
                let line = i18n::tf(lang, "check.more", &[("n", &summary.unnamed.to_string())]);
                writeln!(out, "{}", printable(&line))?;
            }
            i18n::tf(
                lang,
                "check.summary",
                &[
                    ("source", source),
                    ("records", &records.to_string()),
                    ("skipped", &count(Level::Skipped)),
                    ("changed", &count(Level::Changed)),
                    ("notes", &count(Level::Note)),
                ],
            )
        }
    };
    writeln!(out, "{}", printable(&line))
}

fn level_key(level: Level) -> &'static str {
    match level {
        Level::Note => "check.level.note",
        Level::Changed => "check.level.changed",
        Level::Skipped => "check.level.skipped",
        Level::Fatal => "check.level.fatal",
    }
}

fn write_json(out: &mut dyn Write, source: &str, checked: &Checked, lang: Lang) -> io::Result<()> {
    let problems: Vec<Value> = checked
        .problems
        .iter()
        .map(|problem| {
            let record = problem
                .record
                .as_ref()
                .map(|(kind, id)| json!({ "kind": kind.as_str(), "id": printable(id) }));
            let path = problem.place.path.to_string();
            json!({
                "level": problem.level.as_str(),
                "code": problem.slug(),
                "path": (!path.is_empty()).then_some(path),
                "line": problem.place.line,
                "column": problem.place.column,
                "record": record,
                "message": printable(&problem.sentence(lang)),
            })
        })
        .collect();
    let mut kinds = Map::new();
    let mut counts = Map::new();
    let named = |level| checked.problems.iter().filter(|p| p.level == level).count();
    let records = checked.summary.as_ref().map_or(0, |summary| {
        for &(kind, count) in &summary.records {
            kinds.insert(Kind::plural(kind).into(), count.into());
        }
        summary.records.iter().map(|(_, n)| n).sum::<usize>()
    });
    counts.insert("records".into(), records.into());
    for level in [Level::Fatal, Level::Skipped, Level::Changed, Level::Note] {
        let count = match &checked.summary {
            Some(summary) => summary.count(level),
            None => named(level),
        };
        counts.insert(level.as_str().into(), count.into());
    }
    let unnamed = checked.summary.as_ref().map_or(0, |summary| summary.unnamed);
    counts.insert("unnamed".into(), unnamed.into());
    let report = json!({
        "source": printable(source),
        "exit": checked.exit(),
        "counts": counts,
        "kinds": kinds,
        "problems": problems,
    });
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn checked(text: &str) -> Checked {
        let limits = Limits {
            cross_check: true,
            ..Limits::default()
        };
        collect(|sink| source::read(text.as_bytes(), &limits, sink))
    }

    const HEAD: &str =
        r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"","programme_year":1403,"plan_due":"1403-01-31"},"#;

    fn json_of(checked: &Checked) -> Value {
        let mut out = Vec::new();
        write_json(&mut out, "a\u{1b}[2Jb", checked, Lang::En).unwrap();
        assert!(!out.iter().any(|b| *b < b' ' && *b != b'\n'));
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn the_exit_code_says_how_bad_it_is() {
        for (rest, exit) in [
            (r#""plans":[]}"#, 0),
            (r#""budgets":[]}"#, 0),
            (r#""enterprises":[{"id":"e","name":"","county":"nowhere","x":1}]}"#, 0),
            (r#""enterprises":[{"id":"e","name":"\u202e"}]}"#, 1),
            (r#""enterprises":[{"id":"e"}]}"#, 1),
            (r#""enterprises":[{"id":"e"}]"#, 2),
        ] {
            let checked = checked(&format!("{HEAD}{rest}"));
            assert_eq!(checked.exit(), exit, "{rest}");
            let report = json_of(&checked);
            assert_eq!(
                (&report["exit"], &report["counts"]["fatal"]),
                (&json!(exit), &json!(usize::from(exit == 2)))
            );
        }
        assert_eq!(
            check("/nowhere/at/all", &Limits::default(), &Access::default()).exit(),
            2
        );
    }

    #[test]
    fn every_problem_is_told_in_json_with_its_place() {
        let text =
            format!("{HEAD}\n\"enterprises\":[{{\"id\":\"e-1\"}},{{\"id\":\"e-2\",\"name\":\"\",\"\\u001b]0;\":1}}]}}");
        let report = json_of(&checked(&text));
        assert_eq!(report["source"], "a\u{FFFD}[2Jb");
        assert_eq!(
            report["counts"],
            json!({"records": 1, "fatal": 0, "skipped": 1, "changed": 0, "note": 1, "unnamed": 0})
        );
        let first = &report["problems"][0];
        assert_eq!(
            (
                &first["level"],
                &first["code"],
                &first["path"],
                &first["line"],
                &first["column"]
            ),
            (
                &json!("skipped"),
                &json!("missing"),
                &json!("enterprises[0].name"),
                &json!(2),
                &json!(16)
            )
        );
        assert_eq!(first["record"], json!({"kind": "enterprise", "id": "e-1"}));
        assert_eq!(report["problems"][1]["path"], "enterprises[1].\u{FFFD}]0;");
    }

    #[test]
    fn no_control_byte_reaches_the_terminal_in_either_language() {
        let text = format!(
            "{HEAD}\"\\u001b[31m\":1,\"enterprises\":[{{\"id\":\"\\u001b\",\"name\":\"\\u0007\\u202e\"}},\n\
             {{\"id\":\"e\",\"name\":5,\"\\u009b1m\":\"\\u0000\",\"county\":\"\\u2066\"}}]}}"
        );
        let checked = checked(&text);
        assert!(checked.problems.len() >= 4, "{:?}", checked.problems);
        for lang in [Lang::Fa, Lang::En] {
            let mut out = Vec::new();
            write_human(&mut out, "\u{1b}]52;c;\u{7}.json", &checked, lang).unwrap();
            let out = String::from_utf8(out).unwrap();
            assert!(out.chars().all(|c| c == '\n' || clean::is_printable(c)), "{out:?}");
            assert_eq!(out.lines().count(), checked.problems.len() + 1);
        }
    }
}
