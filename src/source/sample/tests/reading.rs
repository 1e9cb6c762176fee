//! The sample as any source is read, and as it is embedded.

use super::*;
use crate::contract::{Level, Record, What};
use crate::source::sample::{CURRENT, CURRENT_FILE, HISTORY, HISTORY_FILE, history};
use crate::source::{self, Item, Limits};
use std::ops::ControlFlow;

#[test]
fn the_embedded_bytes_are_what_the_generator_says() -> Outcome {
    const MEND: &str = "run `rasad sample --embed config/sample`";
    let sample = Sample::new(1, None);
    let embedded = |bytes: &[u8]| zstd::decode_all(bytes);
    assert!(
        embedded(CURRENT)? == written(&sample, Form::Ndjson, sample.as_of()),
        "{CURRENT_FILE}: {MEND}"
    );
    let mut past = Vec::new();
    history::write(&mut past, &history::states(1))?;
    assert!(embedded(HISTORY)? == past, "{HISTORY_FILE}: {MEND}");
    assert_eq!(crate::source::sample::past()?.count(), 12);
    Ok(())
}

/// Problems, and the records of each kind.
type Found = (Vec<(Level, What)>, Vec<(Kind, Vec<Record>)>);

/// Reads a document as any source is read; what was found, and how many records of each kind.
fn read(bytes: &[u8]) -> Found {
    let (mut problems, mut kinds) = (Vec::new(), Vec::new());
    let limits = Limits {
        cross_check: true,
        ..Limits::default()
    };
    let whole = source::read(bytes, &limits, &mut |item| {
        match item {
            Item::Problem(problem) => problems.push((problem.level, problem.what)),
            Item::Whole(kind, records) => kinds.push((kind, records.into())),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    assert!(whole.is_ok());
    (problems, kinds)
}

#[test]
fn the_first_province_reads_with_notes_only_and_the_second_holds_one_record_twice() {
    for seed in SEEDS {
        let sample = Sample::new(seed, None);
        let (problems, _) = read(&written(&sample, Form::Json, sample.as_of()));
        let worse: Vec<_> = problems.iter().filter(|(level, _)| *level > Level::Note).collect();
        if seed == 1 {
            assert!(worse.is_empty(), "{worse:?}");
        } else {
            assert!(
                matches!(worse[..], [(_, What::DuplicateId(Kind::Demand, _))]),
                "{worse:?}"
            );
        }
        assert!(problems.iter().any(|(_, what)| matches!(what, What::Dangling(..))));
        assert!(problems.iter().any(|(_, what)| matches!(what, What::UnknownField(_))));
        assert!(problems.iter().any(|(_, what)| matches!(what, What::UnknownValue(_))));
    }
}

#[test]
fn both_forms_read_as_the_same_records() {
    for seed in [1, 2] {
        let sample = Sample::new(seed, Some(400));
        let [mut json, mut lines] =
            [Form::Json, Form::Ndjson].map(|form| read(&written(&sample, form, sample.as_of())).1);
        for kinds in [&mut json, &mut lines] {
            kinds.sort_by_key(|(kind, _)| *kind);
        }
        assert!(json == lines, "seed {seed}");
        assert_eq!(json.len(), Kind::ALL.len());
    }
}
