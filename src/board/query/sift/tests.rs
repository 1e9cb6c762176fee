#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::columns::cells::{Cell, Cells};
use crate::board::columns::columns;
use crate::board::fixture;
use crate::contract::packed::Sym;
use crate::contract::{Change, Id, Initiative, Kind, Project, Record, Text};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// A text that reads alike in many ways: words parted and not, both alphabets, signs.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "نگار",
        "من",
        "گاهی",
        "دانش",
        "بنیان",
        "دانش\u{200c}بنیان",
        "كارگاه",
        "کارگاه",
        "قالی",
        "بافی",
        "ن",
        "a",
        "b",
        "ab",
        "Ab",
        "i-1",
        "12",
        "۱۲",
        "-",
        "،",
        "«",
        "عسل",
        "تبریز",
        "ahar",
        "ع",
        "é",
        "😀",
        "ثذصضظغء",
        "ژ",
    ]);
    let gap = prop::sample::select(vec![" ", "", " ", "\u{200c}"]);
    prop::collection::vec((part, gap), 1..6)
        .prop_map(|parts| parts.into_iter().map(|(part, gap)| format!("{part}{gap}")).collect())
}

fn worded() -> impl Strategy<Value = Json> {
    prop_oneof![
        text().prop_map(Json::from),
        (text(), text()).prop_map(|(fa, en)| json!({"fa": fa, "en": en})),
        text().prop_map(|en| json!({"en": en})),
    ]
}

fn figure() -> impl Strategy<Value = Json> {
    prop::collection::btree_map(
        prop::sample::select(vec!["committed", "claimed", "registered", "approved", "verified"]),
        (-3_i32..9).prop_map(|n| json!(f64::from(n) / 2.0)),
        0..4,
    )
    .prop_map(|steps| json!(steps))
}

fn day() -> impl Strategy<Value = Json> {
    prop_oneof![
        8 => (19_700_i32..19_900).prop_map(|day| json!(crate::clock::Day::from_days(day).to_string())),
        1 => Just(json!("1700-01-01")),
        1 => Just(json!("2290-01-01")),
    ]
}

fn maybe(of: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    prop::option::of(of).prop_map(|value| value.unwrap_or(Json::Null))
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = Json> {
    prop::sample::select(words.to_vec()).prop_map(Json::from)
}

/// Initiatives with anything they may hold, some with fields this version does not know.
pub(crate) fn initiative() -> impl Strategy<Value = Record> {
    let names = (
        maybe(one_of(&["tabriz", "ahar", "nowhere"])),
        maybe(one_of(&["m-1", "m-2", "m-13", "m-9"])),
        maybe(one_of(&["p-1", "p-2", "p-99"])),
        maybe(one_of(&["a-1", "a-2", "e-1", "z"])),
        maybe(worded()),
    );
    let words = (
        one_of(&["home-business", "cooperative", "other-kind", "digital-economy"]),
        one_of(&["identified", "empowered", "brought-in", "stalled", "closed", "lost"]),
        one_of(&["new", "existing", "unknown"]),
    );
    let days = (maybe(day()), maybe(day()), maybe(day()), maybe(day()), maybe(day()));
    let visits = prop::collection::vec((day(), one_of(&["a-1", "e-1", "z"]), maybe(worded())), 0..3);
    let rest = (
        maybe((0_u32..20).prop_map(Json::from)),
        maybe(figure()),
        maybe(figure()),
        maybe(worded()),
        any::<bool>(),
    );
    (0_u16..900, worded(), names, words, days, visits, rest).prop_map(
        |(id, title, names, words, days, visits, (members, jobs, capital, note, odd))| {
            let visits: Vec<Json> = visits
                .into_iter()
                .map(|(on, by, result)| json!({"on": on, "by": by, "result": result}))
                .collect();
            let mut record = json!({
                "id": format!("i-{id}"), "title": title, "initiative_kind": words.0, "stage": words.1, "origin": words.2,
                "county": names.0, "measure": names.1, "project": names.2, "sponsor": names.3, "sector": names.4,
                "identified": days.0, "empowered": days.1, "brought_in": days.2, "started": days.3, "updated": days.4,
                "outreach": visits, "members": members, "jobs": jobs, "capital": capital, "note": note,
            });
            let fields = record.as_object_mut().unwrap();
            fields.retain(|_, value| !value.is_null());
            let record = Record::from_json(Kind::Initiative, &record.to_string()).unwrap();
            match record {
                Record::Initiative(record) if odd => {
                    let extra = [("x_unheard_of".to_owned(), json!([1, "two"]))].into_iter().collect();
                    Record::Initiative(Arc::new(Initiative {
                        extra: Some(Box::new(extra)),
                        ..Arc::unwrap_or_clone(record)
                    }))
                }
                record => record,
            }
        },
    )
}

/// A small headquarters with these initiatives.
pub(crate) fn board(initiatives: &[Record]) -> Board {
    let mut board = fixture::board();
    board.apply(vec![Change::Whole(Kind::Initiative, initiatives.to_vec().into())]);
    board
}

fn term() -> impl Strategy<Value = String> {
    let field = prop::sample::select(
        columns(Kind::Initiative)
            .iter()
            .map(|column| column.key)
            .collect::<Vec<_>>(),
    );
    let value = prop_oneof![
        text().prop_map(|text| format!("\"{text}\"")),
        prop::sample::select(vec![
            "—",
            "*",
            "3",
            "1",
            "0",
            "m-1",
            "tabriz",
            "تبریز",
            "a-1",
            "new",
            "جدید",
            "1402",
            "1403/02",
            "2024-01-01",
            "cooperative",
            "تعاونی",
            "stalled",
            "brought",
            "home",
            "critical",
            "i-1",
            "کار",
        ])
        .prop_map(str::to_owned),
    ];
    let op = prop::sample::select(vec![":", "=", "<", ">", "<=", ">="]);
    prop_oneof![
        4 => text().prop_map(|text| text.replace([' ', '-', '«', '،'], "")),
        2 => text().prop_map(|text| format!("\"{text}\"")),
        6 => (field, op, value).prop_map(|(field, op, value)| format!("{field}{op}{value}")),
        2 => prop::sample::select(vec!["is:new", "is:existing", "is:unapproached", "is:stale", "is:flagged", "is:data", "is:notice"])
            .prop_map(str::to_owned),
    ]
}

/// Filters of up to three terms that can be read; those that cannot are left out.
pub(crate) fn query() -> impl Strategy<Value = Query> {
    prop::collection::vec((any::<bool>(), term()), 0..4).prop_map(|terms| {
        let mut text = String::new();
        for (negated, term) in terms {
            let with = format!("{text} {}{term}", if negated { "-" } else { "" });
            if Query::parse(&with, Kind::Initiative).is_ok() {
                text = with;
            }
        }
        Query::parse(&text, Kind::Initiative).unwrap_or_default()
    })
}

pub(crate) fn scope() -> impl Strategy<Value = Option<Scope>> {
    let condition = prop_oneof![
        prop::sample::select(vec!["tabriz", "ahar"]).prop_map(|county| Scope::of(Kind::Initiative, "county", county)),
        Just(Scope::of(Kind::Initiative, "initiative_kind", "cooperative")),
        Just(Scope::of(Kind::Initiative, "sponsor", "e-1").with(Kind::Initiative, "stage", "stalled")),
        Just(Scope::of(Kind::Initiative, "reached", "empowered")),
        text().prop_map(|text| Scope::of(Kind::Initiative, "sector", text)),
        text().prop_map(|text| Scope::of(Kind::Initiative, "note", text)),
    ];
    prop::option::of(condition)
}

fn ids(sifted: &Sifted) -> Vec<Id> {
    let chunks = sifted.table().chunks().zip(sifted.masks());
    let rows = chunks.flat_map(|(chunk, mask)| mask.rows().filter_map(|row| chunk.id(row)));
    rows.collect()
}

fn plainly(board: &Board, scope: Option<&Scope>, query: &Query) -> Vec<Id> {
    let matcher = query.on(board);
    let rows = board
        .records(Kind::Initiative)
        .filter(|record| scope.is_none_or(|scope| scope.holds(board, record)) && matcher.matches(record));
    rows.map(|record| record.id().clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// What is found by columns is what is found record by record.
    #[test]
    fn a_filter_over_chunks_finds_what_a_filter_over_records_finds(
        initiatives in prop::collection::vec(initiative(), 0..40),
        scope in scope(),
        query in query(),
    ) {
        let board = board(&initiatives);
        let sifted = Sifted::of(&board, scope.as_ref(), &query, None, &Stop::never()).unwrap();
        prop_assert_eq!(ids(&sifted), plainly(&board, scope.as_ref(), &query));
        prop_assert_eq!(sifted.len(), ids(&sifted).len());
    }

    /// Looking only at what passed a wider filter, and only for what was added, loses nothing: a word typed letter by letter.
    #[test]
    fn a_narrower_filter_finds_all_of_its_own_among_the_rows_of_the_wider(
        initiatives in prop::collection::vec(initiative(), 0..40),
        word in prop_oneof![text(), prop::sample::select(vec!["تبریز", "تعاونی", "کسب", "طرح"]).prop_map(str::to_owned)],
        from in any::<prop::sample::Index>(),
        more in query(),
    ) {
        let board = board(&initiatives);
        let letters: Vec<char> = word.chars().filter(|c| !matches!(c, ' ' | '-' | '«' | '،')).collect();
        let stop = Stop::never();
        let mut before: Option<(Query, Sifted)> = None;
        for typed in 1 + from.index(letters.len().max(1))..=letters.len() + 1 {
            let shown: String = letters.iter().take(typed).collect();
            let Ok(mut query) = Query::parse(&shown, Kind::Initiative) else { return Ok(()) };
            if typed > letters.len() {
                query.terms.extend(more.terms.clone());
            }
            let sifted = match &before {
                Some((known, wider)) => {
                    prop_assume!(query.narrows(known));
                    Sifted::of(&board, None, &query.besides(known), Some(wider), &stop).unwrap()
                }
                None => Sifted::of(&board, None, &query, None, &stop).unwrap(),
            };
            prop_assert_eq!(ids(&sifted), plainly(&board, None, &query), "{}", shown);
            before = Some((query, sifted));
        }
    }

    /// After changes only new chunks are looked at, and the result is the one a fresh look gives.
    #[test]
    fn a_result_kept_through_changes_is_a_fresh_one(
        initiatives in prop::collection::vec(initiative(), 0..40),
        changes in prop::collection::vec((any::<bool>(), initiative()), 1..8),
        query in query(),
    ) {
        let mut board = board(&initiatives);
        let stop = Stop::never();
        let before = Sifted::of(&board, None, &query, None, &stop).unwrap();
        board.apply(changes.into_iter().map(|(put, record)| match put {
            true => Change::Put(record),
            false => Change::Delete(Kind::Initiative, record.id().clone()),
        }).collect());
        let again = before.again(&board, None, &query, &stop).unwrap();
        prop_assert_eq!(ids(&again), plainly(&board, None, &query));
    }

    /// What names say, folded once for many letters, holds a word where the name does; what is too many to be folded is left out.
    #[test]
    fn names_hold_a_word_where_each_of_them_does(
        initiatives in prop::collection::vec(initiative(), 0..12),
        word in text(),
        cut in any::<prop::sample::Index>(),
    ) {
        let board = board(&initiatives);
        let word = crate::text::fold::fold(&word);
        let letters: Vec<char> = word.trim().chars().collect();
        let word: String = letters.iter().take(1 + cut.index(letters.len().max(1))).collect();
        let Some(scan) = scan::Scan::new(&word) else { return Ok(()) };
        let (named, cells, names) = (named::Named::of(&board), Cells::of(&board), board.initiatives().names());
        let nothing = Query::default();
        let matcher = nothing.on(&board);
        for column in named::CODES {
            let known = named::how_many(names, column);
            let Some(said) = named.said(column) else {
                prop_assert!(known > named::FEW_NAMES);
                continue;
            };
            prop_assert_eq!(said.len(), known + 1);
            for sym in (0..=known as u32).map(Sym) {
                let value = cells.shared(column, sym);
                let found = scan.stands_in_line(said, sym.0 as usize);
                prop_assert_eq!(found, matcher.says_once(&value, &word), "{:?} in {:?}", &word, value);
            }
        }
    }

    /// How far all rows have come is how far each has.
    #[test]
    fn rows_have_come_as_far_as_each_of_them(
        initiatives in prop::collection::vec(initiative(), 1..60),
        wanted in any::<[bool; 3]>(),
    ) {
        let board = board(&initiatives);
        let cells = Cells::of(&board);
        for chunk in board.initiatives().chunks() {
            let reaching = crate::board::Reached::ALL.into_iter().zip(cells.reaching(chunk, wanted)).zip(wanted);
            for ((reached, rows), _) in reaching.filter(|(_, wanted)| *wanted) {
                let each = (0..chunk.len()).filter(|row| cells.reached(chunk, *row) == Some(reached));
                prop_assert_eq!(rows.rows().collect::<Vec<_>>(), each.collect::<Vec<_>>());
            }
        }
    }

    /// A cell says what the record says.
    #[test]
    fn every_cell_holds_what_the_column_of_the_record_holds(record in initiative()) {
        let board = board(&[record]);
        let (record, chunk) = (board.records(Kind::Initiative).next().unwrap(), board.initiatives().chunk(0).unwrap());
        for column in columns(Kind::Initiative) {
            let cell = Cell::of(column).unwrap();
            prop_assert_eq!(Cells::of(&board).value(cell, chunk, 0), (column.get)(&board, &record), "{}", column.key);
        }
    }
}

/// A word typed on where records are called otherwise meanwhile is looked for in their new names.
#[test]
fn names_are_those_of_the_day() {
    let initiative = json!({"id": "i-1", "title": "کارگاه", "initiative_kind": "cooperative", "stage": "identified",
        "origin": "new", "project": "p-1"});
    let mut board = board(&[Record::from_json(Kind::Initiative, &initiative.to_string()).unwrap()]);
    let everything = Sifted::all(board.initiatives());
    let found = |board: &Board| {
        let query = Query::parse("طرح\u{200c}تازه", Kind::Initiative).unwrap();
        let sifted = Sifted::of(board, None, &query, Some(&everything), &Stop::never()).unwrap();
        (sifted.len(), sifted)
    };
    let (before, sifted) = found(&board);
    assert_eq!(before, 0);
    let project = board.projects().get("p-1").unwrap();
    let renamed = Project {
        title: Text::one("طرح تازه"),
        ..Project::clone(project)
    };
    board.apply(vec![Change::Put(Record::Project(Arc::new(renamed)))]);
    assert!(sifted.is_of(board.initiatives()), "the initiatives are the same");
    assert_eq!(found(&board).0, 1);
    // Nor are they taken from who found out for the board of before at the same time.
    let query = Query::parse("طرح\u{200c}تازه", Kind::Initiative).unwrap();
    let sieve = sieve(&sifted.named, &board, None, &query);
    let chunks: Vec<Asked<'_>> = board
        .initiatives()
        .chunks()
        .map(|chunk| Asked {
            chunk,
            within: Mask::first(chunk.len()),
            said: None,
        })
        .collect();
    let passed = passing(&sieve, &sieve.memos(), &chunks, &Stop::never()).unwrap();
    assert_eq!(passed.iter().map(|answer| answer.rows.count()).sum::<usize>(), 1);
}

/// Where more names hold a word than are looked for one by one, the rows of all of them are found.
#[test]
fn every_name_that_holds_a_word_counts() {
    let initiatives: Vec<Record> = ["tabriz", "ahar", "tabriz"]
        .into_iter()
        .enumerate()
        .map(|(n, county)| {
            let record = json!({"id": format!("i-{n}"), "title": "-", "initiative_kind": "x", "stage": "y", "origin": "new",
                "county": county});
            Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
        })
        .collect();
    let board = board(&initiatives);
    for (word, rows) in [("a", 3), ("ahar", 1), ("tab", 2)] {
        let query = Query::parse(word, Kind::Initiative).unwrap();
        let sifted = Sifted::of(&board, None, &query, None, &Stop::never()).unwrap();
        assert_eq!(sifted.len(), rows, "{word}");
        assert_eq!(ids(&sifted), plainly(&board, None, &query));
    }
}

/// Thousands of rows on all threads: the same rows, and none when it was stopped.
#[test]
fn many_chunks_are_looked_at_in_parts_until_stopped() {
    let initiatives: Vec<Record> = (0..20_000)
        .map(|n| {
            let title = if n % 7 == 0 { "کارگاه قالی" } else { "تعاونی عسل" };
            let record = json!({"id": format!("i-{n:05}"), "title": format!("{title} {n}"), "initiative_kind": "cooperative",
                "stage": "identified", "origin": "new"});
            Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
        })
        .collect();
    let board = board(&initiatives);
    let query = Query::parse("قالی", Kind::Initiative).unwrap();
    let sifted = Sifted::of(&board, None, &query, None, &Stop::never()).unwrap();
    assert_eq!(sifted.len(), 20_000_usize.div_ceil(7));
    assert_eq!(ids(&sifted), plainly(&board, None, &query));
    let (stop, newer) = {
        let stop = Stop::never().next();
        let newer = stop.next();
        (stop, newer)
    };
    assert!(stop.is_over() && !newer.is_over());
    assert!(Sifted::of(&board, None, &query, None, &stop).is_none());
    assert!(Sifted::of(&board, None, &query, None, &newer).is_some());
}

/// Who says a word by a name is asked once while the names that hold it stay the same, and anew when they do not.
#[test]
fn names_are_asked_again_when_others_hold_the_word() {
    let initiative = |id: &str, title: &str, county: &str| {
        let record = json!({"id": id, "title": title, "initiative_kind": "cooperative", "stage": "identified", "origin": "new",
            "county": county});
        Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
    };
    let board = board(&[
        initiative("i-1", "عسل", "tabriz"),
        initiative("i-2", "نان", "ahar"),
        initiative("i-3", "تبر و تیشه", "ahar"),
    ]);
    let mut typed: Vec<(Query, Sifted)> = Vec::new();
    for word in ["تب", "تبر", "تبری", "تبریک"] {
        let query = Query::parse(word, Kind::Initiative).unwrap();
        let sifted = match typed.last() {
            Some((known, wider)) => {
                Sifted::of(&board, None, &query.besides(known), Some(wider), &Stop::never()).unwrap()
            }
            None => Sifted::of(&board, None, &query, None, &Stop::never()).unwrap(),
        };
        typed.push((query, sifted));
    }
    let counts: Vec<usize> = typed.iter().map(|(_, sifted)| sifted.len()).collect();
    assert_eq!(counts, [2, 2, 1, 0]);
    let said: Vec<&Arc<memo::Said>> = typed.iter().map(|(_, sifted)| sifted.said.as_ref().unwrap()).collect();
    assert!(Arc::ptr_eq(said[0], said[1]) && Arc::ptr_eq(said[1], said[2]));
    assert!(!Arc::ptr_eq(said[2], said[3]));
}

/// Of two words each has its own names, also where both have some in one column.
#[test]
fn two_words_are_each_said_by_their_own_names() {
    let initiatives: Vec<Record> = ["tabriz", "ahar", "tabriz"]
        .into_iter()
        .zip(1..)
        .map(|(county, id)| {
            let record = json!({"id": format!("i-{id}"), "title": "عسل", "initiative_kind": "cooperative", "stage": "identified",
                "origin": "new", "county": county});
            Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
        })
        .collect();
    let board = board(&initiatives);
    for (words, wanted) in [
        ("تبریز", 2),
        ("اهر", 1),
        ("تبریز اهر", 0),
        ("تبریز -اهر", 2),
        ("-تبریز -اهر", 0),
    ] {
        let query = Query::parse(words, Kind::Initiative).unwrap();
        let sifted = Sifted::of(&board, None, &query, None, &Stop::never()).unwrap();
        assert_eq!(sifted.len(), wanted, "{words}");
    }
}
