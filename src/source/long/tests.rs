//! The long list read in pieces says exactly what it says read record by record.

use super::super::{Item, Limits, Stop, read, read_beside};
use crate::contract::Records;
use crate::contract::packed::Table;
use crate::contract::{Kind, Problem, Record};
use proptest::prelude::*;
use std::ops::ControlFlow;

type Said = (Vec<Record>, Vec<Problem>, Result<super::super::Summary, Stop>, usize);

fn said(text: &[u8], max_record_bytes: usize) -> Said {
    let (mut records, mut problems, mut grown) = (Vec::new(), Vec::new(), 0);
    let limits = Limits {
        max_record_bytes,
        ..Limits::default()
    };
    let result = read(text, &limits, &mut |item| {
        match item {
            Item::Whole(Kind::Initiative, all) => records = all.into(),
            Item::Problem(problem) => problems.push(problem),
            Item::Growing(table) => {
                assert!(table.len() >= grown, "what was shown stays");
                grown = table.len();
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    (records, problems, result, grown)
}

/// Below this the list is read record by record.
const ONE_BY_ONE: usize = (1 << 20) - 1;

#[derive(Clone, Debug)]
struct Made {
    id: u16,
    form: u8,
    before: u8,
    after: u8,
}

fn record(made: &Made) -> String {
    let id = made.id;
    let plain = format!(r#""initiative_kind":"cooperative","title":"تعاونی {id}","stage":"identified","origin":"new""#);
    match made.form {
        // A field this version does not know, an escape, a text to be mended, nested braces, a date nobody knows, a word nobody knows.
        1 => format!("{{\"id\":\"i{id}\",{plain},\"colour\":{{\"a\":[1,{{}}]}}}}"),
        2 => format!("{{\"id\":\"i{id}\",{plain},\"note\":\"\\u06a9 \\\"}},\\n{{\"}}"),
        3 => format!("{{\"id\":\"i{id}\",{plain},\"note\":\"الف\\u0007ب\"}}"),
        4 => format!(
            "{{\"id\":\"i{id}\",{plain},\"outreach\":[{{\"on\":\"1403-01-02\",\"by\":\"a\"}},\n{{\"on\":\"2024-05-06\",\"by\":\"b\",\"result\":{{\"fa\":\"ب\",\"en\":\"b\"}}}}]}}"
        ),
        5 => format!("{{\"id\":\"i{id}\",{plain},\"identified\":\"1403-13-41\"}}"),
        6 => format!(
            "{{\"id\":\"i{id}\",{plain},\"jobs\":{{\"committed\":12.5,\"claimed\":3}},\"capital\":{{\"approved\":7000000}},\"members\":3}}"
        ),
        7 => format!("{{\"id\":\"i{id}\",{plain},\"stage\":\"twice\"}}"),
        8 => "17".to_owned(),
        9 => format!("{{\"id\":\"i{id}\",{plain},\"note\":\"}},{{\"}}"),
        _ => format!("{{\"id\":\"i{id}\",{plain}}}"),
    }
}

fn text(made: &[Made], tail: &str) -> String {
    let blank = |n: u8| ["", "\n", " ", "\n  ", "\r\n\t"][usize::from(n % 5)];
    let mut out = String::from(
        r#"{"rasad":1,"headquarters":{"name":"ستاد","province":"خاوران","programme_year":1403,"plan_due":"1403-01-31"},"initiatives":["#,
    );
    for (nth, one) in made.iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        out.push_str(blank(one.before));
        out.push_str(&record(one));
        out.push_str(blank(one.after));
    }
    out + tail
}

fn made() -> impl Strategy<Value = Made> {
    // Mostly as a program writes it: one record a line, in order.
    let form = prop_oneof![6 => Just(0_u8), 1 => 0..10_u8];
    (
        0..400_u16,
        form,
        prop_oneof![8 => Just(1_u8), 1 => 0..5_u8],
        prop_oneof![8 => Just(0_u8), 1 => 0..5_u8],
    )
        .prop_map(|(id, form, before, after)| Made {
            id,
            form,
            before,
            after,
        })
}

fn same(text: &[u8]) -> Result<(), TestCaseError> {
    let (records, problems, result, _) = said(text, Limits::default().max_record_bytes);
    let (one_records, one_problems, one_result, _) = said(text, ONE_BY_ONE);
    prop_assert_eq!(&result, &one_result);
    prop_assert_eq!(problems, one_problems);
    if result.is_ok() {
        prop_assert_eq!(records, one_records);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn in_pieces_and_one_by_one_say_the_same(
        mut made in prop::collection::vec(made(), 0..60),
        sorted in prop::bool::weighted(0.6),
        tail in prop_oneof![4 => Just("],\n\"enterprises\":[{\"id\":\"e1\",\"name\":\"کارخانه\"}]}"), 2 => Just("]}"), 1 => Just("]"), 1 => Just(""), 1 => Just(",]}"), 1 => Just(" x]}")],
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        if sorted {
            made.sort_by_key(|one| one.id);
        }
        let text = text(&made, tail);
        let end = cut.map_or(text.len(), |cut| cut.index(text.len()));
        same(&text.as_bytes()[..end])?;
    }

    #[test]
    fn a_byte_changed_anywhere_changes_both_alike(
        made in prop::collection::vec(made(), 1..40), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = text(&made, "]}").into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        same(&bytes)?;
    }
}

/// A list of so many plain records, whose ids rise as texts when they are padded.
fn long_list(padded: bool) -> String {
    let records = (0..40_000_u32).map(|n| {
        let id = if padded { format!("i{n:06}") } else { format!("i{n}") };
        format!(r#"{{"id":"{id}","initiative_kind":"other","title":"ط","stage":"identified","origin":"new"}}"#)
    });
    text(&[], &(records.collect::<Vec<_>>().join(",\n") + "]}"))
}

#[test]
fn many_pieces_are_put_together_and_shown_while_they_come_in_order_and_out_of_it() {
    for padded in [true, false] {
        let (records, problems, result, grown) = said(long_list(padded).as_bytes(), Limits::default().max_record_bytes);
        assert!(result.is_ok() && problems.is_empty());
        assert_eq!(records.len(), 40_000);
        assert!(
            records
                .windows(2)
                .all(|pair| pair[0].id().counted(pair[1].id()).is_lt())
        );
        assert!(grown > 0 && grown <= 40_000, "the list is shown while it grows");
    }
}

/// The initiatives of a document, read beside others.
fn table_of(text: &[u8], known: Table) -> (Table, Vec<Problem>) {
    let (mut table, mut problems) = (Table::default(), Vec::new());
    let _ = read_beside(text, &Limits::default(), known, &mut |item| {
        match item {
            Item::Whole(Kind::Initiative, Records::Packed(all)) => table = all,
            Item::Problem(problem) => problems.push(problem),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    (table, problems)
}

fn lists() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec(made(), 0..60)
}

fn all_of(table: &Table) -> Vec<Record> {
    table.iter().map(Record::Initiative).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn what_was_read_before_changes_nothing_of_what_is_read_now(
        before in lists(), now in lists(), then in lists(), same in any::<bool>(), sorted in any::<bool>(),
    ) {
        let order = |mut list: Vec<Made>| {
            if sorted {
                list.sort_by_key(|made| made.id);
            }
            list
        };
        let (before, mut now, then) = (order(before), order(now), order(then));
        if same {
            // Much the same list again, with a few changes.
            let few: Vec<Made> = now.iter().take(3).cloned().collect();
            now = order(before.iter().cloned().chain(few).collect());
        }
        let mut known = Table::default();
        for list in [before, now, then] {
            let text = text(&list, "]}");
            let (alone, alone_said) = table_of(text.as_bytes(), Table::default());
            let (beside, said) = table_of(text.as_bytes(), known);
            prop_assert_eq!(all_of(&beside), all_of(&alone));
            prop_assert_eq!(beside.len(), alone.len());
            prop_assert_eq!(said, alone_said);
            known = beside;
        }
    }
}

#[test]
fn what_did_not_change_is_kept_once() {
    let plain = |id| Made {
        id,
        form: 0,
        before: 0,
        after: 0,
    };
    let mut list: Vec<Made> = (0..4_000).map(plain).collect();
    let (first, _) = table_of(text(&list, "]}").as_bytes(), Table::default());
    let shared = |table: &Table, known: &Table| {
        let known: std::collections::HashSet<_> = known.chunks().map(std::sync::Arc::as_ptr).collect();
        let new = table
            .chunks()
            .filter(|chunk| !known.contains(&std::sync::Arc::as_ptr(chunk)));
        new.map(|chunk| chunk.len()).sum::<usize>()
    };
    let (again, _) = table_of(text(&list, "]}").as_bytes(), first.clone());
    assert_eq!(shared(&again, &first), 0, "nothing changed, so nothing is new");
    // One changed, one gone, one more: everything behind them stands elsewhere in the text.
    list[700].form = 6;
    list.remove(2_000);
    list.insert(
        3_001,
        Made {
            id: 2_999,
            form: 7,
            ..plain(0)
        },
    );
    list.push(plain(9_000));
    let (changed, _) = table_of(text(&list, "]}").as_bytes(), again.clone());
    assert!(
        shared(&changed, &again) <= 4 * crate::contract::packed::ROWS,
        "{}",
        shared(&changed, &again)
    );
    assert_eq!(changed.len(), 4_000);
    assert!(std::sync::Arc::ptr_eq(changed.names(), first.names()));
}
