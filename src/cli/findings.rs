//! `rasad findings`: what needs attention, for monitoring systems and for people. The exit code says the worst of it: 0 nothing above a
//! notice, 1 a warning, 2 something critical, 3 unknown because the source cannot be read.

use super::load;
use super::out::{self, Streams};
use super::{Common, USAGE, settings};
use crate::app::words;
use crate::board::columns::Style;
use crate::board::{Board, Fact, Finding, Severity};
use crate::clock::Clock;
use crate::config::{Config, Env, speak};
use crate::exchange::{Cell, csv, json, record, table};
use crate::i18n;
use crate::text::isolate;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};
use std::process::ExitCode;

/// Nothing above a notice.
const OK: u8 = 0;
/// The worst is a warning.
const WARNING: u8 = 1;
/// Something is critical.
const CRITICAL: u8 = 2;
/// There are no data to judge.
const UNKNOWN: u8 = 3;

/// What `rasad findings` is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct FindingsArgs {
    /// text, json or csv.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The day of the earlier state to hold the data against, or last-meeting (the default).
    #[arg(long, value_name = "DAY|last-meeting")]
    pub since: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Csv,
}

const FORMS: [(&str, Form); 3] = [("text", Form::Text), ("json", Form::Json), ("csv", Form::Csv)];

/// Runs the command on this process's streams.
pub fn run(args: &FindingsArgs, common: &Common, env: &Env) -> ExitCode {
    out::on_process(|streams| answer(args, common, env, Clock::System, streams))
}

pub(super) fn answer(args: &FindingsArgs, common: &Common, env: &Env, clock: Clock, streams: &mut Streams<'_>) -> u8 {
    let overrides = common.overrides();
    let config = match Config::load(env, &overrides) {
        Ok((config, _)) => config,
        Err(errors) => {
            let _ = super::config::report(&errors, speak(env, &overrides), &mut streams.err);
            return FAILED_TO_JUDGE;
        }
    };
    let lang = config.lang;
    let form = out::choice("--format", args.format.as_deref(), &FORMS, lang);
    let since = load::since(args.since.as_deref(), lang);
    let as_of = load::as_of(common, lang);
    let (form, since, as_of) = match (form, since, as_of) {
        (Ok(form), Ok(since), Ok(as_of)) => (form, since, as_of),
        (form, since, as_of) => {
            for wrong in [form.err(), since.err(), as_of.err()].into_iter().flatten() {
                streams.complain(&wrong);
            }
            return USAGE;
        }
    };
    let loaded = match load::with_past(&config, env, as_of, since, clock) {
        Ok(loaded) => loaded,
        Err(said) => {
            streams.complain(&said);
            return UNKNOWN;
        }
    };
    let style = settings::style(&config);
    let written = match form.unwrap_or(Form::Text) {
        Form::Text => text(&loaded.board, &style, streams.width, &mut streams.out),
        Form::Json => as_json(&loaded.board, &style, &mut streams.out),
        Form::Csv => as_csv(&loaded.board, &style, &mut streams.out),
    };
    if let Some(code) = streams.settle(written, lang) {
        return code;
    }
    streams.left_out(&loaded, lang);
    code_of(&loaded.board)
}

/// A configuration that cannot be read judges nothing.
const FAILED_TO_JUDGE: u8 = UNKNOWN;

/// The exit code of a board: by the worst of its findings.
fn code_of(board: &Board) -> u8 {
    let counts = board.findings().counts();
    if counts.get(Severity::Critical) > 0 {
        CRITICAL
    } else if counts.get(Severity::Warning) > 0 {
        WARNING
    } else {
        OK
    }
}

/// A value that fired a rule, as it travels.
fn fact(fact: &Fact) -> Json {
    match fact {
        Fact::Number(n) => record::value(&crate::board::columns::Value::Number(*n)),
        Fact::Money(rial) => json!(rial),
        Fact::Day(day) => json!(day.to_string()),
        Fact::Text(text) => json!(text),
        Fact::Word(_, word) => json!(word.as_str()),
        Fact::Link(_, id) | Fact::County(id) => json!(id.as_str()),
        Fact::Field(_, name) => json!(name),
    }
}

/// A finding as it travels.
pub fn row(finding: &Finding, board: &Board, style: &Style) -> Json {
    let values: Map<String, Json> = finding
        .why
        .values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), fact(value)))
        .collect();
    json!({
        "rule": finding.rule,
        "severity": finding.severity.as_str(),
        "kind": finding.kind.as_str(),
        "id": finding.id.as_str(),
        "since": finding.since.map(|day| day.to_string()),
        "why": { "text": why(finding, board, style), "values": values },
    })
}

fn why(finding: &Finding, board: &Board, style: &Style) -> String {
    isolate::strip(&words::why(finding, board, style)).into_owned()
}

fn as_json(board: &Board, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let members = [("as_of", json!(board.today().to_string()))];
    let mut json = json::Writer::new(out, &members, "findings")?;
    for finding in board.findings().ranked() {
        json.row(&row(finding, board, style))?;
    }
    json.end()
}

fn as_csv(board: &Board, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let heads = ["severity", "rule", "kind", "id", "subject", "since", "why"];
    let mut csv = csv::Writer::new(out, csv::Options::default(), heads)?;
    for finding in board.findings().ranked() {
        let since = finding.since.map_or(Cell::Empty, |day| Cell::Text(day.to_string()));
        let subject = words::subject(board, finding.kind, &finding.id, style.lang);
        csv.row(&[
            Cell::Text(finding.severity.as_str().into()),
            Cell::Text(finding.rule.into()),
            Cell::Text(finding.kind.as_str().into()),
            Cell::Text(finding.id.to_string()),
            Cell::Text(isolate::strip(&subject).into_owned()),
            since,
            Cell::Text(why(finding, board, style)),
        ])?;
    }
    csv.end()
}

fn text(board: &Board, style: &Style, width: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let lang = style.lang;
    let counts = board.findings().counts();
    let count = |severity| crate::text::number::integer(counts.get(severity) as i64, lang);
    let values = [
        ("critical", count(Severity::Critical)),
        ("warning", count(Severity::Warning)),
        ("notice", count(Severity::Notice)),
        ("data", count(Severity::Data)),
    ];
    let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
    writeln!(out, "{}", i18n::tf(lang, "brief.findings", &values))?;
    let keys = [
        "export.severity",
        "export.rule",
        "export.id",
        "export.subject",
        "export.why",
    ];
    let heads = keys.map(|key| table::Column {
        title: i18n::t(lang, key).to_owned(),
        number: false,
        min: 8,
    });
    let rows = board.findings().ranked().map(|finding| {
        let subject = words::subject(board, finding.kind, &finding.id, lang);
        vec![
            i18n::t(lang, finding.severity.name_key()).to_owned(),
            i18n::t(lang, finding.title_key()).to_owned(),
            finding.id.to_string(),
            isolate::strip(&subject).into_owned(),
            why(finding, board, style),
        ]
    });
    table::write(out, &heads, &rows.collect::<Vec<_>>(), width)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::cli::out::tests::{Said, command};
    use crate::source::sample::{Form as Written, Sample};
    use std::path::Path;

    fn findings(source: &Path, line: &[&str]) -> Said {
        command(source, line, |args: &FindingsArgs, common, env, clock, streams| {
            answer(args, common, env, clock, streams)
        })
    }

    fn file(dir: &tempfile::TempDir, text: &str) -> std::path::PathBuf {
        let path = dir.path().join("hq.json");
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn the_exit_code_says_the_worst_and_three_says_unknown() {
        let dir = tempfile::tempdir().unwrap();
        let head =
            r#""rasad":1,"headquarters":{"name":"ق","province":"ا","programme_year":1403,"plan_due":"1403-01-31"}"#;
        let agency = |more: &str| {
            format!(
                r#"{{{head},"agencies":[{{"id":"a1","name":"د","category":"driver","expert":{{"post":"ک"}},"duties":[{{"id":"d","title":"و"}}]{more}}}],
                "plans":[{{"id":"p","agency":"a1","title":"ب","due":"DUE","state":"STATE","submitted":"1403-01-30"}}],
                "measures":[{{"id":"m","number":1,"title":"ا","pillar":"empowerment","lead":"a1"}}],
                "projects":[{{"id":"r","measure":"m","agency":"a1","title":"پ","state":"in-progress"}}]}}"#
            )
        };
        // The clock of these tests stands at 2 Khordad 1403.
        for (due, state, code) in [
            ("1403-01-31", "submitted", OK),
            ("1403-02-31", "returned", WARNING),
            ("1403-01-31", "not-submitted", CRITICAL),
        ] {
            let text = agency("").replace("DUE", due).replace("STATE", state);
            let said = findings(&file(&dir, &text), &["--format", "json"]);
            assert_eq!(
                (said.code, said.err.as_str()),
                (code, ""),
                "{due} {state}: {}",
                said.out
            );
        }
        assert_eq!(findings(&file(&dir, "{"), &[]).code, UNKNOWN);
        assert_eq!(findings(Path::new("/nowhere/hq.json"), &[]).code, UNKNOWN);
        let said = findings(&file(&dir, "{}"), &["--format", "xml"]);
        assert_eq!(said.code, USAGE);
        assert!(said.err.contains("xml") && said.err.contains("json"), "{}", said.err);
    }

    #[test]
    fn every_form_tells_the_same_findings_in_the_same_order() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("two.json");
        let sample = Sample::new(2, Some(200));
        let mut out = std::fs::File::create(&path).unwrap();
        sample.write_to(&mut out, Written::Json, sample.as_of()).unwrap();
        let said = findings(&path, &["--format", "json", "--lang", "en"]);
        let json: Json = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["as_of"], sample.as_of().to_string());
        let rows = json["findings"].as_array().unwrap();
        assert!(rows.len() > 50, "{}", rows.len());
        let csv = findings(&path, &["--format", "csv", "--lang", "en"]);
        assert_eq!(csv.out.lines().count(), rows.len() + 1);
        for (row, line) in rows.iter().zip(csv.out.lines().skip(1)) {
            let begins = [&row["severity"], &row["rule"], &row["kind"], &row["id"]].map(|v| v.as_str().unwrap());
            assert!(line.starts_with(&begins.join(",")), "{line}");
            assert!(!row["why"]["text"].as_str().unwrap().contains('{'), "{row}");
        }
        let text = findings(&path, &["--lang", "fa"]);
        assert_eq!((text.out.lines().count(), text.code), (rows.len() + 3, said.code));
    }
}
