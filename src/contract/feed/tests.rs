#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::contract::Id;
use proptest::prelude::*;
use serde_json::json;

fn epoch() -> impl Strategy<Value = Epoch> {
    "[a-z0-9]{1,16}".prop_map(|text| Epoch::new(&text).unwrap())
}

fn cursor() -> impl Strategy<Value = Cursor> {
    prop_oneof![
        Just(Cursor::Beginning),
        (epoch(), any::<u64>()).prop_map(|(e, r)| Cursor::At(e, r))
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let subject = (0..Subject::known().count() + 1).prop_map(|nth| {
        let newer = Subject::named("budget-line").unwrap();
        Subject::known().nth(nth).unwrap_or(newer)
    });
    let text = "[ -~آ-ی\u{200c}\n\"\\\\]{0,20}";
    (
        subject,
        "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        1..u64::MAX,
        proptest::option::of(text),
    )
        .prop_map(|(kind, id, rev, text)| {
            let id = if kind == Subject::Headquarters {
                Subject::HQ.to_owned()
            } else {
                id
            };
            let op = match text {
                Some(text) => Op::Put(serde_json::value::to_raw_value(&json!({ "id": id, "note": text })).unwrap()),
                None => Op::Del,
            };
            let id = Id::new(&id).unwrap();
            Line { rev, kind, id, op }
        })
}

proptest! {
    #[test]
    fn a_cursor_comes_back_as_it_went(cursor in cursor()) {
        prop_assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    }

    #[test]
    fn a_text_that_is_a_cursor_is_the_only_way_to_write_it(text in "[a-z0-9.+ -]{0,24}") {
        if let Some(cursor) = Cursor::parse(&text) {
            prop_assert_eq!(cursor.to_string(), text);
        }
    }

    #[test]
    fn a_line_comes_back_as_it_went_and_is_one_line(line in line()) {
        let text = serde_json::to_string(&line).unwrap();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(Line::parse(&text).unwrap(), line.clone());
        prop_assert_eq!(PageLine::parse(&text).unwrap(), PageLine::Line(line));
    }

    #[test]
    fn a_trailer_comes_back_as_it_went(
        next in cursor(), head: u64, up_to_date: bool, count: u64, at in proptest::option::of(cursor()),
        began in proptest::option::of(-10_000_000_000_i64..10_000_000_000),
    ) {
        let began = began.map(|second| jiff::Timestamp::from_second(second).unwrap());
        let trailer = Trailer { next, head, up_to_date, count, at, began };
        let text = serde_json::to_string(&trailer).unwrap();
        prop_assert_eq!(PageLine::parse(&text).unwrap(), PageLine::Trailer(trailer));
    }

    #[test]
    fn a_sum_is_the_same_in_any_order_and_forgets_what_is_taken_out(
        mut records in proptest::collection::btree_map("[a-z0-9-]{1,12}", 1..u64::MAX, 1..30),
    ) {
        let (gone, rev) = records.pop_first().unwrap();
        let mut there = KindState::default();
        let mut back = KindState::default();
        there.add(&gone, rev);
        for (id, rev) in &records { there.add(id, *rev); }
        for (id, rev) in records.iter().rev() { back.add(id, *rev); }
        prop_assert_ne!(there, back);
        there.remove(&gone, rev);
        prop_assert_eq!(there, back);
        let text = serde_json::to_string(&there).unwrap();
        prop_assert_eq!(serde_json::from_str::<KindState>(&text).unwrap(), there);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "[{}\\[\\]:,\"a-z0-9.]{0,60}") {
        let _ = PageLine::parse(&text);
        let _ = serde_json::from_str::<Info>(&text);
        let _ = serde_json::from_str::<Sync>(&text);
        let _ = serde_json::from_str::<Bye>(&text);
        let _ = serde_json::from_str::<ProblemBody>(&text);
    }
}

/// The vectors of the algorithm's own reference implementation, so that another program can compute the same sum.
#[test]
fn the_checksum_is_the_named_hash() {
    assert_eq!(twox_hash::XxHash3_64::oneshot(b""), 0x2d06_8005_38d3_94c2);
    let mut sum = Sum::default();
    sum.add("p-17", 10_452);
    assert_eq!(sum.value(), twox_hash::XxHash3_64::oneshot(b"p-17\xd4\x28\0\0\0\0\0\0"));
    assert_eq!(Sum::from_value(0xab).to_string(), "00000000000000ab");
}

#[test]
fn what_is_no_cursor_is_refused() {
    for bad in [
        "",
        "00",
        "1",
        "e",
        "e.",
        ".1",
        "e.-1",
        "e.+1",
        "e.01",
        "e.1.2",
        "E.1",
        "e 1",
        "e.1 ",
        " e.1",
        "e.۱",
        "e.18446744073709551616",
        "abcdefghijklmnopq.1",
    ] {
        assert_eq!(Cursor::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn what_is_no_line_is_refused() {
    let good = json!({"rev": 1, "kind": "project", "id": "p", "op": "put", "obj": {}});
    assert!(Line::parse(&good.to_string()).is_ok());
    let bad = [
        ("rev", json!(0)),
        ("rev", json!(-1)),
        ("rev", json!(1.5)),
        ("rev", json!("1")),
        ("kind", json!("Project")),
        ("kind", json!("")),
        ("kind", json!("headquarters")),
        ("id", json!("")),
        ("id", json!("پ")),
        ("id", json!("../x")),
        ("op", json!("post")),
        ("op", json!("del")),
        ("obj", json!([])),
        ("obj", json!(null)),
    ];
    for (member, value) in bad {
        let mut line = good.clone();
        line[member] = value;
        assert!(Line::parse(&line.to_string()).is_err(), "{line}");
    }
    for member in ["rev", "kind", "id", "op", "obj"] {
        let mut line = good.clone();
        line.as_object_mut().unwrap().remove(member);
        assert!(Line::parse(&line.to_string()).is_err(), "{line}");
    }
    for text in [
        "",
        "{",
        "[]",
        "null",
        "{\"rev\":1",
        "{\"next\":\"x\",\"head\":1,\"up_to_date\":true,\"count\":0}",
    ] {
        assert!(PageLine::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_newer_server_may_say_more_and_members_may_stand_in_any_order() {
    let line = r#"{"by":"someone","id":"p","obj":{"id":"p"},"op":"put","kind":"project","rev":7}"#;
    assert!(matches!(
        PageLine::parse(line).unwrap(),
        PageLine::Line(Line { rev: 7, .. })
    ));
    let trailer = r#"{"count":0,"later":[1],"head":9,"next":"e.9","up_to_date":true}"#;
    assert!(matches!(
        PageLine::parse(trailer).unwrap(),
        PageLine::Trailer(Trailer { head: 9, .. })
    ));
}

#[test]
fn info_and_events_are_written_as_the_contract_says() {
    let kinds = Kinds::from([(
        "project".to_owned(),
        KindState {
            count: 2,
            sum: Sum::from_value(255),
        },
    )]);
    let time: Timestamp = "2024-05-21T20:45:00Z".parse().unwrap();
    let sync = Sync {
        head: 9,
        time,
        kinds: kinds.clone(),
    };
    let kinds_json = json!({"project": {"count": 2, "sum": "00000000000000ff"}});
    let sync_json = json!({"head": 9, "time": "2024-05-21T20:45:00Z", "kinds": kinds_json});
    assert_eq!(serde_json::to_value(&sync).unwrap(), sync_json);
    assert_eq!(serde_json::from_value::<Sync>(sync_json).unwrap(), sync);
    let limits = ServerLimits {
        page_lines: 1,
        batch_operations: 2,
        body_bytes: 3,
        record_bytes: 4,
        sync_seconds: 5,
        tombstone_days: 6,
        idempotency_hours: 7,
    };
    let info = Info {
        api: API,
        epoch: Epoch::new("e7k2").unwrap(),
        head: 9,
        min_rev: 3,
        time,
        checksum: CHECKSUM.into(),
        limits,
        kinds,
    };
    let text = serde_json::to_string(&info).unwrap();
    assert!(
        text.starts_with(r#"{"api":1,"epoch":"e7k2","head":9,"min_rev":3,"time":"2024-05-21T20:45:00Z""#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Info>(&text).unwrap(), info);
    let reset = Reset {
        reason: Unusable::OtherEpoch,
    };
    assert_eq!(serde_json::to_value(reset).unwrap(), json!({"reason": "other-epoch"}));
    let bye = Bye {
        reason: Parting::Drain,
        retry_ms: 1500,
    };
    assert_eq!(
        serde_json::to_value(bye).unwrap(),
        json!({"reason": "drain", "retry_ms": 1500})
    );
    for event in [EventName::Changes, EventName::Sync, EventName::Reset, EventName::Bye] {
        assert_eq!(EventName::named(event.as_str()), Some(event));
    }
    assert_eq!(EventName::named("message"), None);
}

#[test]
fn a_problem_says_only_what_it_knows() {
    let problem = ProblemBody::new("gone", 410, "Gone");
    let expected = json!({"type": "urn:rasad:problem:gone", "title": "Gone", "status": 410});
    assert_eq!(serde_json::to_value(&problem).unwrap(), expected);
    assert_eq!(problem.slug(), Some("gone"));
    assert_eq!(serde_json::from_value::<ProblemBody>(expected).unwrap(), problem);
}

#[test]
fn an_instant_that_is_none_is_refused() {
    for time in [
        "",
        "2024-05-21",
        "2024-05-21T20:45:00",
        "yesterday",
        "2024-13-01T00:00:00Z",
    ] {
        let sync = json!({"head": 9, "time": time, "kinds": {}});
        assert!(serde_json::from_value::<Sync>(sync).is_err(), "{time}");
    }
}
