#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::rows::{ListSpec, rows};
use crate::board::{columns, fixture};
use crate::text::Lang;
use proptest::prelude::*;

fn found(board: &Board, kind: Kind, filter: &str) -> Vec<String> {
    let query = match Query::parse(filter, kind) {
        Ok(query) => query,
        Err(errors) => panic!("{filter}: {errors:?}"),
    };
    let spec = ListSpec {
        query,
        ..ListSpec::all(kind)
    };
    rows(board, &spec, Lang::Fa)
        .iter()
        .map(|id| id.as_str().to_owned())
        .collect()
}

fn check(kind: Kind, table: &[(&str, &[&str])]) {
    let board = fixture::board();
    for (filter, ids) in table {
        assert_eq!(found(&board, kind, filter), *ids, "{kind}: {filter}");
    }
}

#[test]
fn words_are_looked_for_in_everything_a_row_says() {
    check(
        Kind::Project,
        &[
            ("", &["p-1", "p-2", "p-3", "p-10"]),
            ("سد", &["p-1"]),
            // Of its agency, its county, its measure — in either language.
            ("تعاون", &["p-1"]),
            ("ahar", &["p-1"]),
            ("Tabriz", &["p-2", "p-3", "p-10"]),
            ("half-built", &["p-1", "p-2"]),
            // Words of open lists in both languages, unknown values as they stand.
            ("متوقف", &["p-10"]),
            ("stopped", &["p-10"]),
            ("under-review", &["p-3"]),
            // Ids, dangling ones too.
            ("a-9", &["p-3"]),
            // Texts no column shows whole.
            ("نبود", &["p-10"]),
            ("تحویل", &["p-2"]),
            // All must match; none of those behind a minus.
            ("تبریز برق", &["p-2", "p-10"]),
            ("تبریز -برق", &["p-3"]),
            ("−تبریز", &["p-1"]),
            ("-تبریز -سد", &[]),
        ],
    );
}

#[test]
fn spelling_variants_are_one() {
    check(
        Kind::Measure,
        &[
            ("دانش‌بنیان", &["m-2"]),
            ("دانش بنیان", &["m-2"]),
            ("دانشبنیان", &["m-2"]),
            ("«دانش بنیان»", &["m-2"]),
            ("كسب", &["m-13"]),
            ("KNOWLEDGE", &["m-2"]),
        ],
    );
    check(
        Kind::Project,
        &[
            ("مرکز", &["p-3"]),
            ("مركز", &["p-3"]),
            ("اداره کل", &["p-1"]),
            ("کارخانه", &["p-2"]),
        ],
    );
}

#[test]
fn quoted_words_stand_together_and_whole() {
    check(
        Kind::Agency,
        &[
            ("برق تبریز", &["a-2"]),
            ("تبریز برق", &["a-2"]),
            ("«برق تبریز»", &["a-2"]),
            ("«تبریز برق»", &[]),
            ("\"Power\"", &["a-2"]),
            ("Pow", &["a-2"]),
            ("\"Pow\"", &[]),
            ("«توزیع بر»", &[]),
            ("-«برق تبریز»", &["a-1", "a-3", "a-4"]),
        ],
    );
}

#[test]
fn words_of_lists_are_known_in_both_languages_and_as_they_travel() {
    check(
        Kind::Plan,
        &[
            ("state:submitted", &[]),
            ("state:not-submitted", &["pl-1"]),
            ("state:not_submitted", &["pl-1"]),
            ("state:not", &["pl-1"]),
            ("state=not", &[]),
            ("وضعیت:ارائه‌نشده", &["pl-1"]),
            ("وضعیت:«نیازمند اصلاح»", &["pl-2"]),
            ("وضعیت:نیازمند_اصلاح", &["pl-2"]),
            ("وضعیت:پذیرفته", &["pl-3"]),
            ("state!=accepted", &["pl-1", "pl-2"]),
            ("-state:accepted", &["pl-1", "pl-2"]),
            ("category:driver", &["pl-1"]),
            ("دسته:زیرساختی", &["pl-2"]),
        ],
    );
    check(
        Kind::Project,
        &[
            ("state:under-review", &["p-3"]),
            ("state:under", &["p-3"]),
            ("state=under", &[]),
            ("state:done", &["p-2"]),
        ],
    );
    check(
        Kind::Agency,
        &[("category:mixed", &["a-4"]), ("plan_state:overdue", &["a-1", "a-4"])],
    );
}

#[test]
fn linked_records_are_found_by_id_by_name_and_by_number() {
    check(
        Kind::Project,
        &[
            ("measure:m-1", &["p-1", "p-2"]),
            ("measure=m-1", &["p-1", "p-2"]),
            ("measure:1", &["p-1", "p-2"]),
            ("measure:۲", &["p-3", "p-10"]),
            ("measure:13", &[]),
            ("اقدام:نیمه‌تمام", &["p-1", "p-2"]),
            ("agency:برق", &["p-2", "p-10"]),
            ("agency=برق", &[]),
            ("agency=«شرکت توزیع برق تبریز»", &["p-2", "p-10"]),
            ("county:اهر", &["p-1"]),
            ("شهرستان=تبریز", &["p-2", "p-3"]),
            ("county:ندارد", &["p-10"]),
            ("county:any", &["p-1", "p-2", "p-3"]),
            ("county!=none", &["p-1", "p-2", "p-3"]),
            ("id:p-1", &["p-1", "p-10"]),
            ("id=p-1", &["p-1"]),
        ],
    );
    check(
        Kind::Initiative,
        &[
            ("sponsor:تراکتور", &["i-1"]),
            ("sponsor=a-1", &["i-2"]),
            ("county=nowhere", &["i-3"]),
        ],
    );
    check(
        Kind::Decision,
        &[
            ("meeting:12", &["d-3"]),
            ("meeting:1", &[]),
            ("جلسه:۱۱", &["d-1", "d-2"]),
        ],
    );
}

#[test]
fn numbers_are_compared_in_any_digits() {
    check(
        Kind::Project,
        &[
            ("physical>50", &["p-2", "p-10"]),
            ("physical>۵۰", &["p-2", "p-10"]),
            ("physical>٥٠", &["p-2", "p-10"]),
            ("physical >= ۱۰۰٪", &["p-2"]),
            ("physical≤30", &["p-1"]),
            ("پیشرفت فیزیکی>۵۰", &["p-2", "p-10"]),
            ("پیشرفت_فیزیکی>۵۰", &["p-2", "p-10"]),
            ("تبریز پیشرفت فیزیکی > ۵۰", &["p-2", "p-10"]),
            ("-پیشرفت فیزیکی>۵۰", &["p-1", "p-3"]),
            ("«پیشرفت فیزیکی»<۵۰", &["p-1"]),
            // A colon means "shows as"; an equals sign means it.
            ("physical:66", &["p-10"]),
            ("physical:66.4", &["p-10"]),
            ("physical:66٫5", &[]),
            ("physical=66", &[]),
            ("physical=66.4", &["p-10"]),
            ("physical!=66", &["p-1", "p-2", "p-3"]),
            ("financial:12.5", &["p-1"]),
            ("physical:none", &["p-3"]),
            ("budget>=50میلیارد", &["p-1"]),
            ("budget>50b", &[]),
            ("budget=50,000,000,000", &["p-1"]),
            ("deviation<-10", &["p-1"]),
            ("deviation<−۱۰", &["p-1"]),
            ("days_overdue>0", &["p-10"]),
            ("evidence:1", &["p-2"]),
        ],
    );
}

#[test]
fn days_are_compared_in_both_calendars() {
    check(
        Kind::Project,
        &[
            ("due<1403/02/31", &["p-10"]),
            ("due<=1403/02/31", &["p-2", "p-10"]),
            ("due<=2024-05-20", &["p-2", "p-10"]),
            ("due<2024-05-20", &["p-10"]),
            ("due:1403/02/31", &["p-2"]),
            ("مهلت<۱۴۰۳/۰۲/۳۱", &["p-10"]),
            ("due:1403/02", &["p-2", "p-10"]),
            ("due:1403-2", &["p-2", "p-10"]),
            ("due<1403/02", &[]),
            ("due>1403", &["p-1"]),
            ("due:1404", &["p-1"]),
            ("due<today", &["p-2", "p-10"]),
            ("مهلت<امروز", &["p-2", "p-10"]),
            ("due>=today-2", &["p-1", "p-2"]),
            ("due<=امروز+۷", &["p-2", "p-10"]),
            ("due:none", &["p-3"]),
            ("start:1402", &["p-1", "p-2"]),
            ("due!=1404", &["p-2", "p-3", "p-10"]),
        ],
    );
}

#[test]
fn a_month_has_its_own_last_day() {
    let span = |text: &str| match Query::parse(&format!("due:{text}"), Kind::Plan).unwrap().terms[0]
        .test
        .clone()
    {
        Test::Field(_, FieldTest::Day(_, Span::Fixed(first, last))) => (first.to_string(), last - first + 1),
        other => panic!("{other:?}"),
    };
    for (text, first, days) in [
        ("1403/12", "2025-02-19", 30),
        ("1402/12", "2024-02-20", 29),
        ("1403/06", "2024-08-22", 31),
        ("1403/07", "2024-09-22", 30),
        ("2024/02", "2024-02-01", 29),
        ("2023-12", "2023-12-01", 31),
        ("1403", "2024-03-20", 366),
        ("1402", "2023-03-21", 365),
    ] {
        assert_eq!(span(text), (first.to_owned(), days), "{text}");
    }
}

#[test]
fn conditions_have_names_in_both_languages() {
    check(
        Kind::Plan,
        &[
            ("is:overdue", &["pl-1", "pl-2"]),
            ("is:معوق", &["pl-1", "pl-2"]),
            ("هست:معوق", &["pl-1", "pl-2"]),
            ("-is:overdue", &["pl-3"]),
            ("is:late", &["pl-3"]),
            ("is:«با تأخیر»", &["pl-3"]),
            ("is:با_تاخیر", &["pl-3"]),
            ("is:returned", &["pl-2"]),
            ("is:owed days_overdue>10", &["pl-1"]),
            ("is:critical", &["pl-1"]),
            ("is:flagged", &["pl-1", "pl-2", "pl-3"]),
            ("late:yes", &["pl-3"]),
            ("late:خیر", &["pl-1", "pl-2"]),
        ],
    );
    check(
        Kind::Agency,
        &[
            ("is:overdue", &["a-1", "a-2", "a-4"]),
            ("is:no-plan", &["a-4"]),
            ("is:بی‌برنامه", &["a-4"]),
            ("is:no-expert", &["a-2", "a-3", "a-4"]),
            ("expert:none", &["a-2", "a-3", "a-4"]),
            ("is:no-project", &["a-3", "a-4"]),
            ("is:no-mission", &["a-4"]),
            ("is:بی‌مأموریت", &["a-4"]),
            ("is:returned", &["a-2"]),
            ("is:late", &["a-3"]),
        ],
    );
    check(
        Kind::Project,
        &[
            ("is:overdue", &["p-10"]),
            ("is:open", &["p-1", "p-3", "p-10"]),
            ("is:behind", &["p-1"]),
            ("-is:leap", &["p-10"]),
            ("is:stale", &[]),
        ],
    );
    check(
        Kind::Decision,
        &[
            ("is:overdue", &["d-1"]),
            ("is:due-soon", &["d-2"]),
            ("is:late", &["d-2"]),
        ],
    );
    check(Kind::Demand, &[("is:overdue", &["dm-1"]), ("age>20", &["dm-1"])]);
    check(
        Kind::Initiative,
        &[
            ("is:new", &["i-1", "i-3"]),
            ("is:مراجعه‌نشده", &["i-2", "i-3"]),
            ("jobs_verified>=2", &["i-1"]),
        ],
    );
}

#[test]
fn staleness_follows_the_day_of_the_board() {
    let later = crate::text::calendar::parse_date("1403-03-17").unwrap();
    let board = fixture::board_of(&fixture::document(), later);
    // p-1 was looked after on 1 Khordad: 16 days before; p-2 on 30 Ordibehesht, but it is done. The others never said so.
    assert_eq!(found(&board, Kind::Project, "is:stale"), ["p-1"]);
    let before = fixture::board_of(&fixture::document(), later.plus(-1));
    assert!(found(&before, Kind::Project, "is:stale").is_empty());
}

#[test]
fn a_mistake_is_said_with_its_place_in_both_languages() {
    for (filter, wrong, at) in [
        ("برق stat:done", "unknown-field", "stat"),
        ("physical>زیاد", "number", "زیاد"),
        ("due<فردا", "date", "فردا"),
        ("due<1403/13", "day", "1403/13"),
        ("due<1402/12/30", "day", "1402/12/30"),
        ("due<02/31", "date", "02/31"),
        ("leap:شاید", "flag", "شاید"),
        ("title>5", "order", "title>5"),
        ("state<done", "order", "state<done"),
        ("is:wrong", "is", "wrong"),
        ("is=overdue", "colon", "is=overdue"),
        ("is:no-expert", "is", "no-expert"),
        ("«باز", "quote", "«باز"),
    ] {
        let errors = Query::parse(filter, Kind::Project).unwrap_err();
        assert_eq!(errors.len(), 1, "{filter}: {errors:?}");
        let error = &errors[0];
        assert_eq!(filter.get(error.span.clone()), Some(at), "{filter}");
        let kind = match &error.wrong {
            Wrong::UnknownField(..) => "unknown-field",
            Wrong::NotANumber(..) => "number",
            Wrong::NotADate(..) => "date",
            Wrong::NoSuchDay(_) => "day",
            Wrong::NotAFlag(..) => "flag",
            Wrong::NoOrder(_) => "order",
            Wrong::UnknownIs(..) => "is",
            Wrong::IsTakesColon => "colon",
            Wrong::OpenQuote => "quote",
            other => panic!("{other:?}"),
        };
        assert_eq!(kind, wrong, "{filter}");
        for lang in [Lang::Fa, Lang::En] {
            let sentence = error.sentence(lang);
            assert!(
                !sentence.contains(['{', '}']) && !sentence.starts_with("query."),
                "{sentence}"
            );
        }
    }
}

#[test]
fn all_mistakes_are_named_at_once_and_known_names_proposed() {
    let errors = Query::parse("stat:done برق مهلط<1403 is:overdu -", Kind::Project).unwrap_err();
    let said: Vec<String> = errors.iter().map(|error| error.sentence(Lang::En)).collect();
    assert_eq!(
        said,
        [
            "There is no field “stat”. Did you mean: state, start?",
            "There is no field “مهلط”. Did you mean: مهلت?",
            "There is no condition “overdu”. Did you mean: overdue?",
            "There is nothing after the minus.",
        ]
    );
}

#[test]
fn only_words_that_stand_side_by_side_make_one_name() {
    let refused = |filter: &str| match Query::parse(filter, Kind::Project) {
        Err(errors) => errors[0].sentence(Lang::Fa),
        Ok(query) => panic!("{filter}: {query:?}"),
    };
    for filter in [
        "پیشرفت، فیزیکی>۵۰",
        "«پیشرفت» فیزیکی>۵۰",
        "پیشرفت -فیزیکی>۵۰",
        "پیشرفت id:p فیزیکی>۵۰",
    ] {
        assert_eq!(
            refused(filter),
            "فیلدی به نام «فیزیکی» نداریم. شاید منظور: پیشرفت_فیزیکی",
            "{filter}"
        );
    }
}

#[test]
fn every_column_and_condition_can_be_named_in_both_languages() {
    for kind in Kind::ALL {
        let mut titles = std::collections::BTreeMap::new();
        for column in columns::columns(*kind) {
            for lang in [Lang::Fa, Lang::En] {
                let title = column.title(lang);
                assert_ne!(title, column.title_key, "{kind}.{} has no title", column.key);
                // No two columns of a kind share a name, and no title is another column's key.
                if let Some(other) = titles.insert(squash(title), column.key) {
                    assert_eq!(other, column.key, "{kind}: «{title}»");
                }
                for name in [title.to_owned(), format!("«{title}»"), title.replace(' ', "_")] {
                    let query = Query::parse(&format!("{name}:none"), *kind);
                    let Ok(
                        [
                            Term {
                                test: Test::Field(found, _),
                                ..
                            },
                        ],
                    ) = query.as_ref().map(|q| q.terms.as_slice())
                    else {
                        panic!("{kind}: {name}: {query:?}");
                    };
                    assert_eq!(found.key, column.key, "{kind}: {name}");
                }
            }
            if let Some(other) = titles.insert(squash(column.key), column.key) {
                assert_eq!(other, column.key, "{kind}: {}", column.key);
            }
        }
        for flag in flags(*kind) {
            for lang in [Lang::Fa, Lang::En] {
                let name = columns::word_name(lang, "query.is", flag.slug);
                assert_ne!((name, lang), (flag.slug, Lang::Fa), "{} has no name", flag.slug);
                let query = Query::parse(&format!("is:«{name}»"), *kind).unwrap();
                assert!(
                    matches!(&query.terms[0].test, Test::Is(found) if found.slug == flag.slug),
                    "{name}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_places_inside_it(
        text in ".*|(-|−|is|due|state|مهلت|پیشرفت فیزیکی|:|=|<|>|≤|!=|«|»|\"| |،|[0-9۰-۹/.+٪]|today|امروز|[آ-ی\u{200c}ئأ]){0,24}",
        kind in 0..Kind::ALL.len(),
    ) {
        let kind = Kind::ALL[kind];
        match Query::parse(&text, kind) {
            Ok(query) => {
                let board = fixture::board();
                let all = board.count(kind);
                let spec = ListSpec { query, ..ListSpec::all(kind) };
                prop_assert!(rows(&board, &spec, Lang::Fa).len() <= all);
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(text.get(error.span.clone()).is_some_and(|part| !part.is_empty()), "{:?}", error);
                    prop_assert!(!error.sentence(Lang::Fa).is_empty());
                }
            }
        }
    }

    #[test]
    fn a_term_and_its_opposite_share_the_rows(word in "[ابپتسک]{1,3}|[a-z]{1,2}|is:overdue|physical>[0-9]{1,2}|due<1403|measure:[0-9]") {
        let board = fixture::board();
        let mut both = found(&board, Kind::Project, &word);
        both.extend(found(&board, Kind::Project, &format!("-{word}")));
        both.sort_by(|a, b| crate::contract::id::counted(a.as_bytes(), b.as_bytes()));
        prop_assert_eq!(both, ["p-1", "p-2", "p-3", "p-10"]);
    }
}
