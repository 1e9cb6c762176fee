#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::{Severity, fixture};
use crate::text::calendar::CalendarKind;
use crate::text::number::MoneyUnit;

const FA: Style = Style {
    lang: Lang::Fa,
    calendar: CalendarKind::Jalali,
    money: MoneyUnit::BillionRial,
};
const EN: Style = Style {
    lang: Lang::En,
    calendar: CalendarKind::Gregorian,
    money: MoneyUnit::Rial,
};

fn value(kind: Kind, id: &str, key: &str) -> Value {
    let board = fixture::board();
    (column(kind, key).unwrap().get)(&board, &board.record(kind, id).unwrap())
}

fn shown(kind: Kind, id: &str, key: &str) -> (String, String) {
    let board = fixture::board();
    let value = value(kind, id, key);
    (value.format(&board, &FA), value.format(&board, &EN))
}

#[test]
fn values_are_written_the_way_each_language_writes_them() {
    for (kind, id, key, fa, en) in [
        (Kind::Project, "p-1", "title", "تکمیل سد خاکی", "تکمیل سد خاکی"),
        (Kind::Project, "p-10", "title", "پارک علم و فناوری", "Science park"),
        (
            Kind::Project,
            "p-1",
            "measure",
            "تکمیل طرح‌های نیمه‌تمام",
            "Finish half-built projects",
        ),
        (Kind::Project, "p-3", "agency", "a-9", "a-9"),
        (Kind::Project, "p-1", "county", "اهر", "Ahar"),
        (Kind::Initiative, "i-3", "county", "nowhere", "nowhere"),
        (Kind::Project, "p-1", "state", "در دست اجرا", "in progress"),
        (Kind::Project, "p-3", "state", "under-review", "under-review"),
        (Kind::Project, "p-1", "due", "۱۴۰۴/۰۳/۰۲", "2025-05-23"),
        (Kind::Project, "p-3", "due", "", ""),
        (Kind::Project, "p-10", "physical", "۶۶٫۴٪", "66.4%"),
        (Kind::Project, "p-1", "physical", "۳۰٪", "30%"),
        (Kind::Project, "p-1", "budget", "۵۰ میلیارد ریال", "50,000,000,000 rial"),
        (Kind::Project, "p-1", "leap", "بله", "yes"),
        (Kind::Project, "p-10", "leap", "خیر", "no"),
        (Kind::Measure, "m-1", "projects", "۲", "2"),
        (Kind::Measure, "m-1", "number", "۱", "1"),
        (Kind::Plan, "pl-1", "days_overdue", "۳۳", "33"),
        (Kind::Plan, "pl-2", "effective_due", "۱۴۰۳/۰۲/۳۱", "2024-05-20"),
        (Kind::Plan, "pl-2", "days_overdue", "۲", "2"),
        (Kind::Plan, "pl-3", "days_overdue", "", ""),
        (Kind::Plan, "pl-3", "late", "بله", "yes"),
        (
            Kind::Plan,
            "pl-1",
            "last_step",
            "اخطار دبیرخانه",
            "secretariat’s warning",
        ),
        (Kind::Plan, "pl-3", "score", "۸۱٫۵", "81.5"),
        (Kind::Agency, "a-4", "plan_state", "معوق", "overdue"),
        (Kind::Agency, "a-4", "plan_due", "۱۴۰۳/۰۱/۳۱", "2024-04-19"),
        (Kind::Agency, "a-4", "next_step", "تذکر", "reminder"),
        (Kind::Agency, "a-2", "plan_due", "۱۴۰۳/۰۲/۳۱", "2024-05-20"),
        (Kind::Agency, "a-4", "days_overdue", "۳۳", "33"),
        (Kind::Agency, "a-4", "category", "mixed", "mixed"),
        (
            Kind::Decision,
            "d-3",
            "meeting",
            "۱۲ · شورای برنامه‌ریزی",
            "12 · شورای برنامه‌ریزی",
        ),
        (Kind::Demand, "dm-1", "age", "۲۱", "21"),
        (Kind::Demand, "dm-1", "days_overdue", "۶", "6"),
        (Kind::Campaign, "c-1", "reach_rate", "۱۲۵٪", "125%"),
        (
            Kind::Evaluation,
            "ev-1",
            "subject",
            "شرکت توزیع برق تبریز",
            "Tabriz Power Distribution",
        ),
        (Kind::Evaluation, "ev-1", "subject_kind", "دستگاه", "agency"),
        (Kind::Initiative, "i-1", "sponsor", "تراکتورسازی", "Tractor works"),
        (
            Kind::Initiative,
            "i-2",
            "sponsor",
            "ادارهٔ کل تعاون، کار و رفاه اجتماعی",
            "DG Cooperatives, Labour and Welfare",
        ),
        (
            Kind::Initiative,
            "i-2",
            "capital_committed",
            "۲٫۵ میلیارد ریال",
            "2,500,000,000 rial",
        ),
        (Kind::Initiative, "i-1", "jobs_verified", "۲", "2"),
        (Kind::Enterprise, "e-1", "initiatives", "۱", "1"),
        (Kind::Enterprise, "e-1", "visited", "۱", "1"),
        (Kind::Meeting, "mt-1", "decisions", "۲", "2"),
        (Kind::Meeting, "mt-1", "overdue_decisions", "۱", "1"),
        (Kind::Meeting, "mt-2", "executed", "۱", "1"),
    ] {
        let (in_fa, in_en) = shown(kind, id, key);
        assert_eq!((in_fa.as_str(), in_en.as_str()), (fa, en), "{kind} {id} {key}");
    }
}

#[test]
fn differences_carry_their_sign_and_nothing_is_never_minus_nothing() {
    let board = fixture::board();
    let write = |n: f64| {
        (
            Value::Points(n).format(&board, &FA),
            Value::Points(n).format(&board, &EN),
        )
    };
    assert_eq!(write(-18.04), ("−۱۸".into(), "−18".into()));
    assert_eq!(write(5.25), ("+۵٫۳".into(), "+5.3".into()));
    assert_eq!(write(-0.04), ("۰".into(), "0".into()));
    let progress = |actual, planned| Value::Progress { actual, planned }.format(&board, &FA);
    assert_eq!(progress(Some(54.4), Some(60.6)), "۵۴/۶۱");
    assert_eq!(progress(Some(54.4), None), "۵۴/—");
}

#[test]
fn findings_name_the_worst_and_their_number() {
    let board = fixture::board();
    let write = |value: Value| (value.format(&board, &FA), value.format(&board, &EN));
    assert_eq!(
        write(Value::Findings(Severity::Critical, 1)),
        ("بحرانی".into(), "critical".into())
    );
    assert_eq!(
        write(Value::Findings(Severity::Warning, 3)),
        ("هشدار ۳".into(), "warning 3".into())
    );
    assert!(matches!(
        value(Kind::Plan, "pl-1", "findings"),
        Value::Findings(Severity::Critical, _)
    ));
}

#[test]
fn a_decision_is_notified_late_only_after_the_days_it_may_take() {
    // d-1 three days after its meeting; d-2 never, and 28 days have passed.
    assert_eq!(value(Kind::Decision, "d-1", "notified_late"), Value::Flag(false));
    assert_eq!(value(Kind::Decision, "d-2", "notified_late"), Value::Flag(true));
}

#[test]
fn every_field_has_a_column_or_parts_or_is_a_list_of_parts() {
    for kind in Kind::ALL {
        for field in kind.fields() {
            let parts = columns(*kind)
                .iter()
                .any(|c| c.origin == Origin::Part && c.key.starts_with(field));
            assert!(column(*kind, field).is_some() || parts, "{kind}.{field}");
        }
        for column in columns(*kind) {
            let is_field = kind.fields().contains(&column.key);
            assert_eq!(column.origin == Origin::Field, is_field, "{kind}.{}", column.key);
            assert!(column.width.min <= column.width.ideal, "{kind}.{}", column.key);
        }
        let mut keys: Vec<_> = columns(*kind).iter().map(|c| c.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), columns(*kind).len(), "{kind}: two columns of one key");
        assert!(columns(*kind).iter().any(|c| c.shown), "{kind}");
    }
}

#[test]
fn every_value_is_of_the_kind_its_column_says() {
    let board = fixture::board();
    for kind in Kind::ALL {
        for record in board.records(*kind) {
            for column in columns(*kind) {
                let value = (column.get)(&board, &record);
                let right = match (&value, column.value) {
                    (Value::Nothing, _)
                    | (Value::Text(_), ValueKind::Text)
                    | (Value::Id(..), ValueKind::Id)
                    | (Value::Link(..), ValueKind::Link)
                    | (Value::County(_), ValueKind::County)
                    | (Value::Number(_), ValueKind::Number)
                    | (Value::Percent(_), ValueKind::Percent)
                    | (Value::Points(_), ValueKind::Points)
                    | (Value::Days(_), ValueKind::Days)
                    | (Value::Day(_), ValueKind::Day)
                    | (Value::Money(_), ValueKind::Money)
                    | (Value::Flag(_), ValueKind::Flag)
                    | (Value::Progress { .. }, ValueKind::Progress)
                    | (Value::Findings(..), ValueKind::Findings) => true,
                    (Value::Word { prefix, .. }, ValueKind::Word { prefix: wanted, known }) => {
                        // Every known word has a name in both languages.
                        let named = |lang| {
                            known
                                .iter()
                                .all(|word| i18n::find(lang, &format!("{wanted}.{word}")).is_some())
                        };
                        *prefix == wanted && named(Lang::Fa) && named(Lang::En)
                    }
                    _ => false,
                };
                assert!(right, "{kind}.{}: {value:?}", column.key);
                // A column says nothing of a record of another kind.
                let other = board.record(Kind::Enterprise, "e-1").unwrap();
                assert!(*kind == Kind::Enterprise || (column.get)(&board, &other).is_nothing());
            }
        }
    }
}

#[test]
fn before_their_records_are_whole_counts_are_nothing() {
    let mut board = Board::new(crate::board::Settings::default(), fixture::board().today());
    let agency = fixture::board().record(Kind::Agency, "a-4").unwrap();
    board.apply(vec![crate::contract::Change::Put(agency.clone())]);
    for key in [
        "projects",
        "plan_state",
        "plan_due",
        "days_overdue",
        "open_decisions",
        "demands",
    ] {
        let value = (column(Kind::Agency, key).unwrap().get)(&board, &agency);
        assert!(value.is_nothing(), "{key}: {value:?}");
    }
}

#[test]
fn every_record_is_called_something() {
    let board = fixture::board();
    for kind in Kind::ALL {
        for record in board.records(*kind) {
            for lang in [Lang::Fa, Lang::En] {
                assert!(!title(&record, lang).is_empty());
            }
        }
    }
    let meeting = board.record(Kind::Meeting, "mt-2").unwrap();
    assert_eq!(title(&meeting, Lang::Fa), "۱۲ · شورای برنامه‌ریزی");
}
