#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::board::query::tests_of_sift::{board, initiative, query, scope};
use crate::board::rows::{Direction, plainly};
use crate::contract::{Change, Record};
use proptest::prelude::*;
use serde_json::json;

#[derive(Clone, Debug)]
enum Step {
    Put(Record),
    Delete(Record),
    Measure(u8),
    Today(i32),
    Query(Query),
    /// A word typed so far, or taken back to.
    Word(usize),
    Scope(Option<Scope>),
    Sort(usize, bool),
    Pin(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        initiative().prop_map(Step::Put),
        initiative().prop_map(Step::Delete),
        (0_u8..3).prop_map(Step::Measure),
        (19_700_i32..19_900).prop_map(Step::Today),
        query().prop_map(Step::Query),
        (0_usize..6).prop_map(Step::Word),
        (0_usize..6).prop_map(Step::Word),
        scope().prop_map(Step::Scope),
        (0_usize..30, any::<bool>()).prop_map(|(at, down)| Step::Sort(at, down)),
        (0_u16..900).prop_map(Step::Pin),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, ..ProptestConfig::default() })]

    /// Whatever a list was before, and whatever happened to the board since: it is the list a fresh one would be.
    #[test]
    fn a_list_made_of_an_earlier_one_is_a_fresh_one(
        initiatives in prop::collection::vec(initiative(), 0..30),
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let mut board = board(&initiatives);
        let mut spec = ListSpec::all(Kind::Initiative);
        let mut pinned = Vec::new();
        let mut list: Option<Arranged> = None;
        for step in steps {
            match step {
                Step::Put(record) => drop(board.apply(vec![Change::Put(record)])),
                Step::Delete(record) => drop(board.apply(vec![Change::Delete(Kind::Initiative, record.id().clone())])),
                Step::Measure(n) => {
                    let title = ["عسل", "کارگاه", "نگار"][usize::from(n)];
                    let measure = json!({"id": "m-1", "number": n, "title": title, "pillar": "empowerment", "lead": "a-1"});
                    board.apply(vec![Change::Put(Record::from_json(Kind::Measure, &measure.to_string()).unwrap())]);
                }
                Step::Today(day) => drop(board.set_today(crate::clock::Day::from_days(day))),
                Step::Query(query) => spec.query = query,
                Step::Word(letters) => {
                    let word: String = "نگار".chars().take(letters).collect();
                    spec.query = Query::parse(&word, Kind::Initiative).unwrap();
                }
                Step::Scope(scope) => spec.scope = scope,
                Step::Sort(at, down) => {
                    let way = if down { Direction::Descending } else { Direction::Ascending };
                    let column = columns::columns(Kind::Initiative).get(at);
                    spec.sort = column.into_iter().map(|column| (column, way)).collect();
                }
                Step::Pin(n) => pinned.extend(Id::new(&format!("i-{n}"))),
            }
            let now = Arranged::of(&board, &spec, Lang::Fa, &pinned, list.as_ref(), &Stop::never()).unwrap();
            let rows: Vec<Id> = (0..now.len()).filter_map(|at| now.get(at)).collect();
            let plain = plainly(&board, &spec, Lang::Fa);
            let (mut first, rest): (Vec<Id>, Vec<Id>) = plain.into_iter().partition(|id| pinned.contains(id));
            first.sort_by_key(|id| pinned.iter().position(|pinned| pinned == id));
            first.extend(rest);
            prop_assert_eq!(&rows, &first);
            for (at, id) in rows.iter().enumerate() {
                prop_assert_eq!(now.position(id), Some(at));
            }
            let unfiltered = ListSpec { query: Query::default(), ..spec.clone() };
            prop_assert_eq!(now.total(), plainly(&board, &unfiltered, Lang::Fa).len());
            list = Some(now);
        }
    }
}

/// Letters taken back lead to results that are still there.
#[test]
fn a_letter_taken_back_is_looked_for_no_more() {
    let records: Vec<Record> = ["نگار", "نگین", "ناب", "عسل"]
        .iter()
        .enumerate()
        .map(|(n, title)| {
            let record = json!({"id": format!("i-{n}"), "title": title, "initiative_kind": "other", "stage": "identified", "origin": "new"});
            Record::from_json(Kind::Initiative, &record.to_string()).unwrap()
        })
        .collect();
    let mut board = board(&records);
    let mut list: Option<Arranged> = None;
    let mut typed = |board: &Board, word: &str| {
        let query = Query::parse(word, Kind::Initiative).unwrap();
        let spec = ListSpec {
            query,
            ..ListSpec::all(Kind::Initiative)
        };
        let now = Arranged::of(board, &spec, Lang::Fa, &[], list.as_ref(), &Stop::never()).unwrap();
        list = Some(now.clone());
        now
    };
    let [one, two, three] = ["ن", "نگ", "نگا"].map(|word| typed(&board, word));
    assert!(typed(&board, "نگ").sifted.is(&two.sifted) && typed(&board, "ن").sifted.is(&one.sifted));
    assert!(
        !typed(&board, "نگا").sifted.is(&three.sifted),
        "what went further is not kept"
    );
    board.apply(vec![Change::Delete(Kind::Initiative, Id::new("i-1").unwrap())]);
    assert_eq!(typed(&board, "نگ").len(), 1);
}
