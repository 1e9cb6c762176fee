//! The reader against bad input, cut input and every way of writing the same thing.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod disk;

use super::*;
use crate::contract::{Headquarters, Kind, Record};
use proptest::prelude::*;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

#[derive(Debug, Default)]
struct Outcome {
    hq: Option<Arc<Headquarters>>,
    kinds: Vec<(Kind, Vec<Record>)>,
    /// `slug path line:column`, and `!` before what was fatal.
    problems: Vec<String>,
    summary: Option<Summary>,
}

impl Outcome {
    fn of(&self, kind: Kind) -> Vec<&str> {
        let records = self.kinds.iter().rev().find(|(k, _)| *k == kind);
        records
            .map(|(_, r)| r.iter().map(|r| r.id().as_str()).collect())
            .unwrap_or_default()
    }

    fn board(&self) -> (Option<&Headquarters>, Vec<(Kind, Vec<Record>)>) {
        let last = |kind: &Kind| self.kinds.iter().rev().find(|(k, _)| k == kind).unwrap().1.clone();
        (self.hq.as_deref(), Kind::ALL.iter().map(|k| (*k, last(k))).collect())
    }
}

fn said(problem: &crate::contract::Problem) -> String {
    let place = &problem.place;
    let mut out = problem.slug().to_owned();
    if !place.path.segments().is_empty() {
        out += &format!(" {}", place.path);
    }
    if let (Some(line), Some(column)) = (place.line, place.column) {
        out += &format!(" {line}:{column}");
    }
    out
}

fn read_from(input: impl Read, limits: Limits) -> Outcome {
    let mut out = Outcome::default();
    let result = read(input, &limits, &mut |item| {
        match item {
            Item::Headquarters(hq) => out.hq = Some(hq),
            Item::Whole(kind, records) => out.kinds.push((kind, records.into())),
            Item::Growing(_) | Item::Progress(_) => {}
            Item::Problem(problem) => out.problems.push(said(&problem)),
        }
        ControlFlow::Continue(())
    });
    match result {
        Ok(summary) => out.summary = Some(summary),
        Err(Stop::Problem(problem)) => out.problems.push(format!("!{}", said(&problem))),
        Err(Stop::Cancelled) => unreachable!("nobody cancels"),
    }
    out
}

fn checked() -> Limits {
    Limits {
        cross_check: true,
        ..Limits::default()
    }
}

fn check(bytes: impl AsRef<[u8]>) -> Outcome {
    read_from(bytes.as_ref(), checked())
}

const HQ: &str = r#""headquarters":{"name":"ستاد","province":"آذربایجان شرقی","programme_year":1403,"plan_due":"1403-01-31","counties":[{"id":"tabriz","name":"تبریز"}]}"#;

/// A good document of one record of most kinds, in two languages of dates, over several lines.
fn good() -> String {
    format!(
        r#"{{"rasad": 1, {HQ},
 "measures": [{{"id":"m-1","number":1,"title":{{"fa":"اقدام یک","en":"Measure one"}},"pillar":"empowerment","lead":"a-1"}}],
 "projects": [
  {{"id":"p-1","measure":"m-1","agency":"a-1","title":"طرح \u06f1","state":"in-progress","start":"1403-01-01","due":"2024-09-21","physical":12.5,
    "path":[{{"on":"1403-01-01","percent":0}}], "county":"tabriz"}},
  {{"id":"p-2","measure":"m-1","agency":"a-1","title":"طرح ۲ \"ویژه\"","state":"done"}}
 ],
 "agencies": [{{"id":"a-1","name":"اداره","category":"driver"}}],
 "initiatives": [{{"id":"i-1","initiative_kind":"cooperative","title":"تعاونی 😀","stage":"identified","origin":"new","sponsor":"a-1"}}]
}}
"#
    )
}

#[test]
fn a_good_document_is_read_without_a_word() {
    let out = check(good());
    assert_eq!(out.problems, [""; 0]);
    assert_eq!(out.of(Kind::Project), ["p-1", "p-2"]);
    assert_eq!(out.of(Kind::Plan), [""; 0]);
    assert_eq!(out.kinds.len(), Kind::ALL.len());
    let summary = out.summary.unwrap();
    assert_eq!(summary.records.iter().map(|(_, n)| n).sum::<usize>(), 5);
    assert_eq!(summary.bytes, good().len() as u64);
}

#[test]
fn what_is_read_without_a_word_fits_the_schema() {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    let id = "urn:rasad:document:1";
    compiler.add_resource(id, crate::contract::schema::document()).unwrap();
    let schema = compiler.compile(id, &mut schemas).unwrap();
    let document: serde_json::Value = serde_json::from_str(&good()).unwrap();
    assert!(schemas.validate(&document, schema).is_ok());
    // And what was read is written as something the schema fits as well.
    let out = check(good());
    let mut written = serde_json::json!({"rasad": 1, "headquarters": out.hq.as_deref()});
    for (kind, records) in &out.kinds {
        written[kind.plural()] = serde_json::json!(records);
    }
    assert!(schemas.validate(&written, schema).is_ok());
    assert_eq!(check(written.to_string()).board(), out.board());
}

fn with(member: &str) -> String {
    format!("{{\"rasad\":1,{HQ},\n{member}}}")
}

fn project(fields: &str) -> String {
    with(&format!(
        "\"measures\":[{{\"id\":\"m\",\"number\":1,\"title\":\"\",\"pillar\":\"empowerment\",\"lead\":\"a\"}}],\n\
         \"agencies\":[{{\"id\":\"a\",\"name\":\"\",\"category\":\"driver\"}}],\n\
         \"projects\":[{{\"id\":\"p\",\"measure\":\"m\",\"agency\":\"a\",\n{fields}}}]"
    ))
}

#[test]
fn every_bad_document_is_named_with_its_place() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let rows: Vec<(&str, Vec<u8>, &[&str])> = vec![
        // Not a document at all.
        ("empty", b"".to_vec(), &["!empty 1:1"]),
        ("only white space", b" \n\t\n ".to_vec(), &["!empty 3:2"]),
        ("only a byte-order mark", b"\xEF\xBB\xBF".to_vec(), &["!empty 1:1"]),
        ("a list", b"[1]".to_vec(), &["!not-a-document 1:1"]),
        ("a word", b"hello".to_vec(), &["!not-json 1:1"]),
        ("html", b"<!doctype html>".to_vec(), &["!not-json 1:1"]),
        ("a number", b"\n 12".to_vec(), &["!not-a-document 2:2"]),
        ("UTF-16", b"\xFF\xFE{\0".to_vec(), &["!not-utf8 1:1"]),
        ("NUL bytes", b"\0\0\0\0".to_vec(), &["!not-json 1:1"]),
        ("100,000 open brackets", "[".repeat(100_000).into(), &["!not-a-document 1:1"]),
        ("100,000 open objects", "{\"a\":".repeat(100_000).into(), &["unknown-member a 1:2", "!too-deep 1:646"]),
        // Version and headquarters.
        ("no version", format!("{{{HQ}}}").into(), &["!no-version"]),
        ("another version", b"{\"rasad\":2}".to_vec(), &["!wrong-version rasad 1:10"]),
        ("a version in quotes", b"{\"rasad\":\"1\"}".to_vec(), &["!wrong-version rasad 1:10"]),
        ("no headquarters", b"{\"rasad\":1}".to_vec(), &["!no-headquarters"]),
        ("null headquarters", b"{\"rasad\":1,\"headquarters\":null}".to_vec(),
            &["wrong-type headquarters 1:27", "!no-headquarters headquarters 1:27"]),
        ("headquarters without a name", b"{\"rasad\":1,\"headquarters\":{\"province\":\"\",\"programme_year\":\"1403\",\"plan_due\":\"1403-12-30\"}}".to_vec(),
            &["missing headquarters.name 1:27", "wrong-type headquarters.programme_year 1:59", "!no-headquarters headquarters 1:27"]),
        // Syntax.
        ("no comma", format!("{{\"rasad\":1 {HQ}}}").into(), &["!not-json 1:12"]),
        ("comma too many", b"{\"rasad\":1,}".to_vec(), &["!not-json 1:12"]),
        ("key without quotes", b"{rasad:1}".to_vec(), &["!not-json 1:2"]),
        ("no colon", b"{\"rasad\" 1}".to_vec(), &["!not-json 1:10"]),
        ("no value", b"{\"rasad\":,}".to_vec(), &["!not-json 1:10"]),
        ("single quotes", b"{'rasad':1}".to_vec(), &["!not-json 1:2"]),
        ("trailing garbage", format!("{} x", with("\"plans\":[]")).into(), &["!not-json 2:13"]),
        ("two documents", format!("{0}\n{0}", with("\"plans\":[]")).into(), &["!not-json 3:1"]),
        ("comma missing in a record", project("\"title\":\"ت\" \"state\":\"done\"").into(), &["!not-json 5:13"]),
        ("bracket of another kind", project("\"title\":[\"ت\"}, \"state\":\"done\"").into(), &["!not-json 5:13"]),
        ("a raw control character", project("\"title\":\"\u{1b}[31m\", \"state\":\"done\"").into(), &["!not-json 5:10"]),
        ("not UTF-8 in a text", [project("\"title\":\"").as_bytes(), b"\xFF\"}]}"].concat(), &["!not-utf8 5:13"]),
        ("not UTF-8 between members", b"{\"rasad\":1,\xC0}".to_vec(), &["!not-utf8 1:12"]),
        // Members and kinds.
        ("an unknown member", with("\"budgets\":[{},1,\"x\"]").into(), &["unknown-member budgets 2:1"]),
        ("a member with control characters", with("\"a\\u001b\\u202e\":1").into(), &["unknown-member a\u{fffd}\u{fffd} 2:1"]),
        ("a kind that is no list", with("\"plans\":{\"a\":1}").into(), &["wrong-type plans 2:9"]),
        ("a kind that is null", with("\"plans\":null").into(), &[]),
        ("a kind twice", with("\"plans\":[],\"plans\":[]").into(), &["duplicate-field plans 2:12"]),
        // Records.
        ("a record that is no object", with("\"plans\":[1,null,\"\"]").into(),
            &["wrong-type plans[0] 2:10", "wrong-type plans[1] 2:12", "wrong-type plans[2] 2:17"]),
        ("wrong types, all at once", project("\"title\":5,\"state\":\"done\",\"physical\":\"12\",\"leap\":\"no\",\"path\":{}").into(),
            &["wrong-type projects[0].title 5:9", "wrong-type projects[0].physical 5:37", "wrong-type projects[0].path 5:61", "wrong-type projects[0].leap 5:49"]),
        ("nothing required is there", with("\"enterprises\":[{}]").into(),
            &["missing enterprises[0].id 2:16", "missing enterprises[0].name 2:16"]),
        ("impossible dates", project("\"title\":\"\",\"state\":\"done\",\"start\":\"1403-13-01\",\"due\":\"1402-12-30\",\"completed\":\"2023-02-29\"").into(),
            &["impossible-date projects[0].start 5:35", "impossible-date projects[0].due 5:54", "impossible-date projects[0].completed 5:79"]),
        ("a bad id", with("\"enterprises\":[{\"id\":\"../x\",\"name\":\"\"}]").into(), &["bad-id enterprises[0].id 2:22"]),
        ("an id twice", with("\"enterprises\":[{\"id\":\"e\",\"name\":\"\"},\n{\"id\":\"e\",\"name\":\"دیگر\"}]").into(),
            &["duplicate-id enterprises[1] 3:1"]),
        ("a part twice", with("\"agencies\":[{\"id\":\"a\",\"name\":\"\",\"category\":\"driver\",\"duties\":[\n{\"id\":\"d\",\"title\":\"\"},\n {\"id\":\"d\",\"title\":\"x\"}]}]").into(),
            &["duplicate-id agencies[0].duties[1] 4:2"]),
        ("a field twice", project("\"title\":\"a\",\"title\":\"b\",\"state\":\"done\"").into(), &["duplicate-field projects[0].title 5:21"]),
        ("unknown fields", project("\"title\":\"\",\"state\":\"done\",\"path\":[{\"on\":\"1403-01-01\",\"percent\":1,\"x\":{}}],\"رنگ\":\"سبز\"").into(),
            &["unknown-field projects[0].path[0].x 5:70", "unknown-field projects[0].رنگ 5:81"]),
        ("hostile text", project("\"title\":\"\\u001b[31m\\u202e\\u0000\",\"state\":\"done\"").into(), &["cleaned-text projects[0].title 5:9"]),
        ("half a surrogate pair", project("\"title\":\"a\\ud800b\",\"state\":\"done\"").into(), &["cleaned-text projects[0] 4:13"]),
        ("a number too large", project("\"title\":\"\",\"state\":\"done\",\"physical\":1e999").into(), &["wrong-type projects[0] 5:38"]),
        ("nested too deep", project(&format!("\"title\":\"\",\"state\":\"done\",\"x\":{}", deep(200))).into(), &["too-deep projects[0] 5:157"]),
        // Between records.
        ("references that lead nowhere", with("\"plans\":[{\"id\":\"n\",\"agency\":\"none\",\"title\":\"\",\"due\":\"1403-01-31\",\"state\":\"accepted\"}],\
            \"enterprises\":[{\"id\":\"e\",\"name\":\"\",\"county\":\"nowhere\"}]").into(),
            &["dangling plans[0].agency 2:29", "dangling enterprises[0].county 2:131"]),
        ("unknown values", project("\"title\":\"\",\"state\":\"sleeping\",\"physical\":130").into(),
            &["unknown-value projects[0].state 5:20", "out-of-range projects[0].physical 5:42"]),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, expected) in rows {
        let out = check(&bytes);
        if out.problems != expected {
            wrong.push(format!(
                "{name}:\n  found    {:?}\n  expected {expected:?}",
                out.problems
            ));
        }
        let fatal = expected.iter().any(|p| p.starts_with('!'));
        assert_eq!(out.summary.is_none(), fatal, "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_left_out_leaves_the_rest_in_place() {
    let out = check(with(
        r#""enterprises":[{"id":"e-1","name":"یک"},{"id":"e-2"},{"id":"e-1","name":"دوباره"},{"id":"e-3","name":"سه","x":1}]"#,
    ));
    assert_eq!(out.of(Kind::Enterprise), ["e-1", "e-3"]);
    let summary = out.summary.as_ref().unwrap();
    assert_eq!(summary.problems, [1, 0, 2]);
    let records = &out.board().1[Kind::Enterprise as usize].1;
    let Record::Enterprise(first) = &records[0] else {
        panic!()
    };
    assert_eq!(first.name, crate::contract::Text::one("یک"), "the first of two counts");
    assert!(records[1].extra().is_some_and(|extra| extra.contains_key("x")));
}

#[test]
fn problems_beyond_the_limit_are_counted_and_notes_do_not_hide_worse() {
    let many = |n: usize| {
        (0..n)
            .map(|i| format!("{{\"id\":\"e-{i}\",\"name\":\"\",\"x\":1}}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let text = with(&format!("\"enterprises\":[{},{{}}]", many(50)));
    let limits = Limits {
        max_problems: 10,
        ..checked()
    };
    let out = read_from(text.as_bytes(), limits);
    assert_eq!(out.problems.len(), 12);
    assert_eq!(out.problems.last().unwrap(), "missing enterprises[50].name 2:1506");
    let summary = out.summary.unwrap();
    assert_eq!((summary.problems, summary.unnamed), ([50, 0, 2], 40));
}

/// Input made to cost: what is quadratic anywhere would not end.
#[test]
fn a_record_of_thirty_thousand_problems_costs_little() {
    let many = |piece: &dyn Fn(usize) -> String| (0..30_000).map(piece).collect::<Vec<_>>().join(",");
    let duties = many(&|_| "{\"id\":\"d\",\"title\":\"\"}".into());
    let agency = |rest: &str| {
        with(&format!(
            "\"agencies\":[{{\"id\":\"a\",\"name\":\"\",\"category\":\"driver\",{rest}}}]"
        ))
    };
    let head = format!("{{\"rasad\":1,{HQ}}}\n");
    for text in [
        agency(&format!("\"duties\":[{duties}]")),
        agency(&many(&|i| format!("\"x{i}\":1"))),
        agency(&many(&|_| "\"x\":1".into())),
        agency(&format!("\"duties\":[{}]", many(&|_| "1".into()))),
        with(&many(&|i| format!("\"x{i}\":1"))),
        with(&many(&|_| "\"plans\":[]".into())),
        with(&format!("\"plans\":[{}]", many(&|_| "1".into()))),
        format!("{head}{{{}}}\n", many(&|_| "\"rev\":1".into())),
        format!("{head}{{{}}}\n", many(&|i| format!("\"x{i}\":1"))),
        format!("{head}{}", "[]\n".repeat(30_000)),
    ] {
        let out = check(&text);
        assert!(out.summary.is_some() && !out.problems.is_empty());
        assert!(out.problems.len() <= 3_000, "{}", out.problems.len());
    }
    let long = check(with(&format!("\"{}\":1", "x".repeat(1 << 20))));
    assert!(long.problems[0].len() < 200);
}

#[test]
fn lines_say_the_same_as_a_document() {
    let text = format!(
        "{{\"rasad\":1,{HQ}}}\r\n\
         {{\"kind\":\"enterprise\",\"id\":\"e-1\",\"op\":\"put\",\"obj\":{{\"id\":\"e-1\",\"name\":\"یک\"}}}}\n\n\
         {{\"rev\":7,\"kind\":\"enterprise\",\"id\":\"e-2\",\"op\":\"put\",\"obj\":{{\"id\":\"e-2\",\"name\":\"دو\"}}}}\n\
         {{\"obj\":{{\"id\":\"e-1\",\"name\":\"نو\"}},\"op\":\"put\",\"id\":\"e-1\",\"kind\":\"enterprise\"}}\n\
         {{\"kind\":\"enterprise\",\"id\":\"e-3\",\"op\":\"put\",\"obj\":{{\"id\":\"e-3\",\"name\":\"سه\"}}}}\n\
         {{\"kind\":\"enterprise\",\"id\":\"e-2\",\"op\":\"del\"}}"
    );
    let out = check(&text);
    assert_eq!(out.problems, [""; 0]);
    assert_eq!(out.of(Kind::Enterprise), ["e-1", "e-3"]);
    let document = check(with(
        r#""enterprises":[{"id":"e-1","name":"نو"},{"id":"e-3","name":"سه"}]"#,
    ));
    assert_eq!(out.board(), document.board());
}

#[test]
fn kinds_that_stand_together_are_handed_over_as_soon_as_the_next_begins() {
    let put = |kind: &str, id: &str, rest: &str| {
        format!(
            "{{\"kind\":\"{kind}\",\"id\":\"{id}\",\"op\":\"put\",\"obj\":{{\"id\":\"{id}\",\"name\":\"\"{rest}}}}}\n"
        )
    };
    let agency = |id| put("agency", id, ",\"category\":\"driver\"");
    let enterprise = |id| put("enterprise", id, "");
    let read = |lines: &[String]| {
        let limits = Limits {
            kinds_together: true,
            ..Limits::default()
        };
        let out = read_from(format!("{{\"rasad\":1,{HQ}}}\n{}", lines.concat()).as_bytes(), limits);
        let told = |(kind, records): &(Kind, Vec<Record>)| (*kind, records.len());
        let full: Vec<_> = out.kinds.iter().map(told).filter(|(_, count)| *count > 0).collect();
        (full, out)
    };
    let (told, out) = read(&[enterprise("e-1"), enterprise("e-2"), agency("a")]);
    assert_eq!(told, [(Kind::Enterprise, 2), (Kind::Agency, 1)]);
    assert_eq!(out.kinds.len(), Kind::ALL.len(), "each kind once");
    // A promise that is not kept costs a second telling, no record.
    let (told, _) = read(&[enterprise("e-1"), agency("a"), enterprise("e-2")]);
    assert_eq!(told, [(Kind::Enterprise, 1), (Kind::Agency, 1), (Kind::Enterprise, 2)]);
}

#[test]
fn every_bad_line_is_named_with_its_place() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("broken", "{\"kind\" \"plan\"}\n", &["not-json 2:9"]),
        ("garbage", "پیام\n", &["not-json 2:1"]),
        ("cut in the middle", "{\"kind\":\"pl\n", &["cut-off 2:12"]),
        ("cut at the end", "{\"kind\":\"pl", &["!cut-off 2:12"]),
        ("no object", "[1]\n", &["wrong-type 2:1"]),
        (
            "nothing in it",
            "{}\n",
            &["missing kind 2:1", "missing id 2:1", "missing op 2:1"],
        ),
        (
            "of an unknown kind",
            "{\"kind\":\"budget\",\"id\":\"b\",\"op\":\"put\",\"obj\":{}}\n",
            &["unknown-kind kind 2:9"],
        ),
        (
            "a plural kind",
            "{\"kind\":\"plans\",\"id\":\"b\",\"op\":\"put\",\"obj\":{}}\n",
            &["unknown-kind kind 2:9"],
        ),
        (
            "with another operation",
            "{\"kind\":\"plan\",\"id\":\"b\",\"op\":\"patch\",\"obj\":{}}\n",
            &["unknown-operation op 2:30"],
        ),
        (
            "without its record",
            "{\"kind\":\"plan\",\"id\":\"b\",\"op\":\"put\"}\n",
            &["missing obj 2:1"],
        ),
        (
            "with a bad record",
            "{\"kind\":\"enterprise\",\"id\":\"b\",\"op\":\"put\",\"obj\":{\"id\":\"b\",\"name\":7}}\n",
            &["wrong-type obj.name 2:65"],
        ),
        (
            "with two ids",
            "{\"kind\":\"enterprise\",\"id\":\"b\",\"op\":\"put\",\"obj\":{\"id\":\"c\",\"name\":\"\"}}\n",
            &["other-id id 2:27"],
        ),
        (
            "with an unknown field",
            "{\"kind\":\"enterprise\",\"id\":\"b\",\"op\":\"put\",\"obj\":{\"id\":\"b\",\"name\":\"\"},\"by\":1}\n",
            &["unknown-field by 2:74"],
        ),
        (
            "to delete a bad id",
            "{\"kind\":\"plan\",\"id\":\"/\",\"op\":\"del\"}\n",
            &["bad-id id 2:21"],
        ),
        (
            "with a reference that leads nowhere",
            "{\"kind\":\"enterprise\",\"id\":\"b\",\"op\":\"put\",\"obj\":{\"id\":\"b\",\"name\":\"\",\"county\":\"x\"}}\n",
            &["dangling obj.county 2:48"],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, line, expected) in rows {
        let out = check(format!("{{\"rasad\":1,{HQ}}}\n{line}"));
        if out.problems != *expected {
            wrong.push(format!(
                "{name}:\n  found    {:?}\n  expected {expected:?}",
                out.problems
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::stream::encode_all(text.as_bytes(), 3).unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzEncoder::new(text.as_bytes(), flate2::Compression::default())
        .read_to_end(&mut out)
        .unwrap();
    out
}

#[test]
fn compression_is_told_by_the_bytes() {
    let plain = check(good());
    for bytes in [
        zstd(&good()),
        gzip(&good()),
        [b"\xEF\xBB\xBF", good().as_bytes()].concat(),
    ] {
        let out = check(&bytes);
        assert_eq!(out.problems, [""; 0]);
        assert_eq!(out.board(), plain.board());
    }
}

#[test]
fn a_broken_or_cut_stream_is_never_half_a_board() {
    for bytes in [zstd(&good()), gzip(&good())] {
        for len in 0..bytes.len() {
            let out = check(&bytes[..len]);
            assert!(out.summary.is_none(), "{len} of {}", bytes.len());
            if len > 12 {
                assert!(
                    out.problems.last().unwrap().starts_with("!cut-off"),
                    "{len}: {:?}",
                    out.problems
                );
            }
        }
    }
    let mut broken = zstd(&good());
    let middle = broken.len() / 2;
    broken[middle..].iter_mut().for_each(|b| *b = !*b);
    assert!(check(&broken).problems.last().unwrap().starts_with("!bad-compression"));
}

#[test]
fn limits_count_after_decompression() {
    let limits = Limits {
        max_bytes: 1 << 20,
        ..checked()
    };
    let bomb = zstd(&format!("{}{}", good(), " ".repeat(8 << 20)));
    assert!(bomb.len() < 10_000);
    assert_eq!(read_from(&bomb[..], limits).problems, ["!too-large"]);
    let long = with(&format!("\"x\":\"{}\"", "a".repeat(2 << 20)));
    let limits = Limits {
        max_record_bytes: 1 << 20,
        ..checked()
    };
    assert_eq!(
        read_from(long.as_bytes(), limits).problems,
        ["unknown-member x 2:1", "!too-large 2:5"]
    );
}

#[test]
fn a_line_without_end_is_refused_long_before_it_ends() {
    /// Gives `a` for ever, and counts.
    struct Endless(u64);
    impl Read for &mut Endless {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            buf.fill(b'a');
            self.0 += buf.len() as u64;
            Ok(buf.len())
        }
    }
    let head = with("\"enterprises\":[{\"id\":\"");
    let mut endless = Endless(0);
    let out = read_from(head.trim_end_matches('}').as_bytes().chain(&mut endless), checked());
    assert_eq!(out.problems, ["!too-large 2:16"]);
    assert!(endless.0 <= 64 << 20, "{} bytes were read", endless.0);
}

#[test]
fn every_truncation_of_a_document_is_refused() {
    let text = good();
    let end = text.trim_end().len();
    for len in 0..end {
        let out = check(&text.as_bytes()[..len]);
        assert!(out.summary.is_none(), "{len}");
        let last = out.problems.last().unwrap();
        assert!(
            last.starts_with("!cut-off") || len == 0 && last.starts_with("!empty"),
            "{}: {:?}",
            &text[..len],
            out.problems
        );
    }
    assert!(check(&text.as_bytes()[..end]).summary.is_some());
}

#[test]
fn the_order_of_members_is_free() {
    let members = [
        "\"rasad\":1".to_owned(),
        HQ.to_owned(),
        r#""agencies":[{"id":"a","name":"الف","category":"driver"}]"#.to_owned(),
        r#""plans":[{"id":"n","agency":"a","title":"","due":"1403-01-31","state":"accepted"}]"#.to_owned(),
    ];
    let mut boards = Vec::new();
    for turn in 0..4 {
        let mut members = members.clone();
        members.rotate_left(turn);
        let out = check(format!("{{{}}}", members.join(",")));
        assert_eq!(out.problems, [""; 0], "{turn}");
        boards.push(out);
    }
    for out in &boards {
        assert_eq!(out.board(), boards[0].board());
    }
}

#[test]
fn nothing_is_told_of_a_document_whose_version_comes_last_and_is_another() {
    let text = format!("{{{HQ},\"enterprises\":[{{\"id\":\"e\",\"name\":\"\"}}],\"rasad\":9}}");
    let out = check(text);
    assert!(out.hq.is_none() && out.kinds.is_empty(), "{out:?}");
}

/// Gives its bytes in pieces of the given sizes, in turn.
struct Pieces<'a>(&'a [u8], Vec<usize>, usize);
impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let size = self.1[self.2 % self.1.len()];
        self.2 += 1;
        let count = size.min(self.0.len()).min(buf.len());
        let (now, later) = self.0.split_at(count);
        buf[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

fn enterprise() -> impl Strategy<Value = (u8, Option<String>)> {
    (0..6u8, proptest::option::of("[اآب-غف-وپچژکگیa-z \"\\\\\u{200c}]{0,12}"))
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = check(&bytes);
    }

    #[test]
    fn no_json_like_bytes_make_it_panic(text in r#"[{}\[\],:"\\ua0-9e. \n]{0,60}"#, member in 0..3u8) {
        let _ = check(&text);
        let _ = check(format!("{{\"rasad\":1,{HQ}}}\n{text}"));
        let name = ["plans", "x", "headquarters"][usize::from(member)];
        let _ = check(format!("{{\"rasad\":1,{HQ},\"{name}\":{text}}}"));
    }

    #[test]
    fn a_changed_byte_never_makes_it_panic(at in 0..1000usize, byte: u8) {
        let mut bytes = good().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = check(&bytes);
        let mut bytes = zstd(&good());
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = check(&bytes);
    }

    #[test]
    fn how_the_bytes_arrive_makes_no_difference(sizes in proptest::collection::vec(1..40usize, 1..5)) {
        let text = good();
        let out = read_from(Pieces(text.as_bytes(), sizes.clone(), 0), checked());
        prop_assert_eq!(&out.problems, &[""; 0]);
        let plain = check(&text);
        prop_assert_eq!(out.board(), plain.board());
        let bad = project("\"title\":\"\",\n\"state\":\"خواب\",\"physical\":130,\"رنگ\":1");
        let out = read_from(Pieces(bad.as_bytes(), sizes, 0), checked());
        prop_assert_eq!(out.problems, check(&bad).problems);
    }

    #[test]
    fn feed_lines_and_the_document_they_amount_to_are_one(lines in proptest::collection::vec(enterprise(), 0..30)) {
        let mut text = format!("{{\"rasad\":1,{HQ}}}\n");
        // The meaning of the lines, worked out the plain way.
        let mut left: Vec<(u8, String)> = Vec::new();
        for (id, name) in &lines {
            let put = name.as_ref().map(|name| serde_json::json!({"id": format!("e-{id}"), "name": name}));
            let op = if put.is_some() { "put" } else { "del" };
            let mut line = serde_json::json!({"kind": "enterprise", "id": format!("e-{id}"), "op": op});
            if let Some(put) = &put {
                line["obj"] = put.clone();
            }
            text += &format!("{line}\n");
            let at = left.iter().position(|(other, _)| other == id);
            match (put, at) {
                (Some(put), Some(at)) => left[at].1 = put.to_string(),
                (Some(put), None) => left.push((*id, put.to_string())),
                (None, Some(at)) => drop(left.remove(at)),
                (None, None) => {}
            }
        }
        let objects: Vec<String> = left.into_iter().map(|(_, json)| json).collect();
        let document = check(with(&format!("\"enterprises\":[{}]", objects.join(","))));
        let feed = check(&text);
        prop_assert_eq!(&feed.problems, &[""; 0]);
        prop_assert_eq!(feed.board(), document.board());
    }

    #[test]
    fn a_line_cut_anywhere_ends_the_reading(cut in 0..1000usize) {
        let line = "{\"kind\":\"enterprise\",\"id\":\"e\",\"op\":\"put\",\"obj\":{\"id\":\"e\",\"name\":\"تعاونی\"}}";
        let bytes = format!("{{\"rasad\":1,{HQ}}}\n{line}").into_bytes();
        let start = bytes.len() - line.len();
        let out = check(&bytes[..start + 1 + cut % (line.len() - 1)]);
        prop_assert!(out.summary.is_none());
        prop_assert!(out.problems[0].starts_with("!cut-off"), "{:?}", out.problems);
    }
}

/// The text of a province, small enough to be read again and again.
fn province(seed: u64, form: sample::Form) -> Vec<u8> {
    let sample = sample::Sample::new(seed, Some(40));
    let mut out = Vec::new();
    sample.write_to(&mut out, form, sample.as_of()).unwrap();
    out
}

#[test]
fn both_provinces_are_read_alike_from_both_forms_and_fit_the_schema() {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    let id = "urn:rasad:document:1";
    compiler.add_resource(id, crate::contract::schema::document()).unwrap();
    let schema = compiler.compile(id, &mut schemas).unwrap();
    for seed in [1, 2] {
        let json = province(seed, sample::Form::Json);
        let document: serde_json::Value = serde_json::from_slice(&json).unwrap();
        if let Err(error) = schemas.validate(&document, schema) {
            panic!("{error}");
        }
        let (whole, lines) = (check(&json), check(province(seed, sample::Form::Ndjson)));
        let summary = whole.summary.as_ref().unwrap();
        // What is counted here is counted by another reader there.
        for &(kind, count) in &summary.records {
            let mut ids: Vec<&str> = document[kind.plural()]
                .as_array()
                .map(|list| list.iter().filter_map(|r| r["id"].as_str()).collect())
                .unwrap_or_default();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(count, ids.len(), "{kind}");
        }
        // The first province has notes only; the second has one id twice on purpose, which lines cannot have.
        assert_eq!(
            summary.problems[1..],
            [0, usize::from(seed != 1)],
            "{:?}",
            whole.problems
        );
        if seed == 1 {
            assert_eq!(whole.board(), lines.board());
        }
        let notes = |out: &Outcome| {
            let slugs = out.problems.iter().filter_map(|p| p.split(' ').next());
            let mut slugs: Vec<String> = slugs.filter(|s| *s != "duplicate-id").map(str::to_owned).collect();
            slugs.sort_unstable();
            slugs
        };
        assert_eq!(notes(&whole), notes(&lines));
        assert!(notes(&whole).iter().any(|note| note == "dangling"));
    }
}

#[test]
fn the_embedded_sample_is_read_with_notes_only() {
    let out = read_from(sample::current().unwrap(), checked());
    let summary = out.summary.as_ref().unwrap();
    assert_eq!(summary.problems[1..], [0, 0], "{:?}", out.problems);
    assert_eq!(out.of(Kind::Initiative).len(), 6_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_cut_province_is_never_half_a_board(seed in 1..3u64, share in 0.0..1.0f64) {
        static BOTH: std::sync::LazyLock<[Vec<u8>; 2]> =
            std::sync::LazyLock::new(|| [1, 2].map(|seed| province(seed, sample::Form::Json)));
        let json = &BOTH[seed as usize - 1];
        let end = json.trim_ascii_end().len();
        let out = check(&json[..((end as f64 * share) as usize).min(end - 1)]);
        prop_assert!(out.summary.is_none());
        let last = out.problems.last().unwrap();
        prop_assert!(last.starts_with("!cut-off") || last.starts_with("!empty"), "{last}");
    }
}
