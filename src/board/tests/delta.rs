//! What a step says changed.

use super::*;

#[test]
fn an_equal_record_is_no_change() {
    let records = [
        record(Kind::Plan, "n1", json!({})),
        record(Kind::Agency, "a1", json!({})),
    ];
    let mut board = board("1403-02-02", &records);
    assert!(board.apply(whole(headquarters(json!({})), &records)).is_empty());
    assert!(board.set_today(day("1403-02-02")).is_empty());
    assert!(board.apply(vec![Change::Delete(Kind::Plan, id("n9"))]).is_empty());
    assert!(board.apply(vec![Change::Put(records[0].clone())]).is_empty());
}

#[test]
fn a_whole_kind_says_only_what_differs() {
    let plan = |name: &str, title: &str| record(Kind::Plan, name, json!({ "title": title }));
    let mut board = board("1403-01-01", &[plan("n1", "یک"), plan("n2", "دو"), plan("n3", "سه")]);
    let next = vec![
        plan("n2", "دوم"),
        plan("n3", "سه"),
        plan("n4", "چهار"),
        plan("n4", "دوباره"),
    ];
    let delta = board.apply(vec![Change::Whole(Kind::Plan, next.into())]);
    let expected = [("n1", Fate::Vanished), ("n2", Fate::Changed), ("n4", Fate::Appeared)]
        .map(|(name, fate)| (Kind::Plan, id(name), fate));
    assert_eq!(delta.changed, expected);
    assert_eq!(delta.whole, []);
    assert_eq!(
        board.name_of(Kind::Plan, "n4", crate::text::Lang::Fa),
        "چهار",
        "of two with one id the first counts"
    );
}

#[test]
fn put_and_deleted_in_one_step_is_nothing() {
    let mut board = board("1403-01-01", &[]);
    let delta = board.apply(vec![
        Change::Put(record(Kind::Plan, "n1", json!({}))),
        Change::Delete(Kind::Plan, id("n1")),
    ]);
    assert!(delta.is_empty(), "{delta:?}");
}

#[test]
fn a_finding_that_only_ages_is_neither_new_nor_gone() {
    let mut board = board(
        "1403-02-02",
        &[
            record(Kind::Plan, "n1", json!({})),
            record(Kind::Agency, "a1", json!({})),
        ],
    );
    let before = finding(&board, "plan-overdue", Kind::Plan, "n1").unwrap();
    let delta = board.set_today(day("1403-02-03"));
    assert!(delta.today && delta.changed.is_empty());
    assert_eq!((delta.findings_new.len(), delta.findings_gone.len()), (0, 0));
    assert_ne!(finding(&board, "plan-overdue", Kind::Plan, "n1").unwrap(), before);
}

#[test]
fn problems_that_stay_the_same_are_no_change() {
    let problems: Arc<[Problem]> = vec![Problem::fatal(crate::contract::What::Empty)].into();
    let mut board = board("1403-01-01", &[]);
    assert!(board.apply(vec![Change::Problems(problems.clone())]).problems);
    assert!(!board.apply(vec![Change::Problems(problems.clone())]).problems);
    assert_eq!(board.problems(), &problems);
}

#[test]
fn merged_deltas_cancel_what_came_and_went() {
    let mut board = board("1403-02-02", &[record(Kind::Agency, "a1", json!({}))]);
    let came = board.apply(vec![Change::Put(record(Kind::Plan, "n1", json!({})))]);
    assert_eq!(came.fate(Kind::Plan, "n1"), Some(Fate::Appeared));
    assert_eq!(
        came.findings_gone.iter().map(|f| f.rule).collect::<Vec<_>>(),
        ["agency-without-plan", "agency-without-mission"]
    );
    let went = board.apply(vec![Change::Delete(Kind::Plan, id("n1"))]);
    assert!(came.merge(went).is_empty());
}

#[test]
fn a_clone_keeps_its_version() {
    let mut board = board("1403-02-02", &[record(Kind::Plan, "n1", json!({}))]);
    let kept = board.clone();
    board.apply(vec![Change::Delete(Kind::Plan, id("n1"))]);
    assert_eq!((kept.count(Kind::Plan), board.count(Kind::Plan)), (1, 0));
    assert!(finding(&kept, "plan-overdue", Kind::Plan, "n1").is_some());
}

#[test]
fn where_all_initiatives_are_others_nothing_stays_found_on_those_that_are_gone() {
    let initiatives = |prefix: &str| {
        let of = |n| {
            let json = format!(
                r#"{{"id":"{prefix}{n}","initiative_kind":"other","title":"","stage":"identified","origin":"new"}}"#
            );
            Record::from_json(Kind::Initiative, &json).unwrap()
        };
        Change::Whole(Kind::Initiative, (0..6_000).map(of).collect())
    };
    let mut board = fixture::board();
    board.apply(vec![initiatives("x")]);
    assert!(board.findings().worst(Kind::Initiative, "x7").is_some());
    let delta = board.apply(vec![initiatives("y")]);
    assert_eq!(delta.many, [Kind::Initiative]);
    assert_eq!(board.findings().worst(Kind::Initiative, "x7"), None);
    assert!(board.findings().worst(Kind::Initiative, "y7").is_some());
    let of_initiatives = board.findings().ranked().filter(|f| f.kind == Kind::Initiative);
    assert_eq!(of_initiatives.filter(|f| f.id.as_str().starts_with('x')).count(), 0);
}
