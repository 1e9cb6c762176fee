//! The board after any sequence of changes equals one built afresh from the records it then holds.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const IDS: u8 = 4;
/// The first day of the small calendar in which everything happens: 1 Farvardin 1403.
const FIRST: i32 = 19_802;

#[derive(Clone, Debug)]
enum Op {
    Put(u8, u8, Vec<u8>),
    Delete(u8, u8),
    Whole(u8, Vec<(u8, Vec<u8>)>),
    Headquarters(u8),
    Problems(Vec<(u8, u8)>),
}

#[derive(Clone, Debug)]
enum Stage {
    Apply(Vec<Op>),
    Today(u8),
}

/// Choices drawn from bytes; past their end everything is 0, so that shrinking makes records plain.
struct Dice<'a>(&'a [u8], usize);

impl Dice<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        let byte = self.0.get(self.1).copied().unwrap_or(0);
        self.1 += 1;
        byte % sides
    }
    fn id(&mut self, prefix: &str) -> Value {
        // One more than exist, so that some references dangle.
        format!("{prefix}{}", self.roll(IDS + 1)).into()
    }
    fn maybe(&mut self, value: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.roll(3) == 0 { Value::Null } else { value(self) }
    }
    fn day(&mut self) -> Value {
        Day::from_days(FIRST + i32::from(self.roll(60))).to_string().into()
    }
    fn word(&mut self, words: &[&str]) -> Value {
        words[usize::from(self.roll(words.len() as u8))].into()
    }
    fn percent(&mut self) -> Value {
        (f64::from(self.roll(250)) / 2.0 - 5.0).into()
    }
    fn figure(&mut self) -> Value {
        let mut out = serde_json::Map::new();
        for step in ["committed", "claimed", "verified"] {
            let value = self.maybe(|d| (f64::from(d.roll(200)) / 8.0 - 2.0).into());
            if !value.is_null() {
                out.insert(step.into(), value);
            }
        }
        out.into()
    }
}

fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Measure => "m",
        Kind::Project => "p",
        Kind::Agency => "a",
        Kind::Plan => "n",
        Kind::Enterprise => "e",
        Kind::Meeting => "t",
        Kind::Decision => "d",
        Kind::Demand => "x",
        Kind::Campaign => "k",
        Kind::Evaluation => "v",
        Kind::Initiative => "i",
    }
}

fn made(kind: Kind, at: u8, dice: &[u8]) -> Record {
    let d = &mut Dice(dice, 0);
    let updated = d.maybe(|d| {
        let day = d.day();
        if d.roll(2) == 0 {
            day
        } else {
            format!("{}T21:30:00Z", day.as_str().unwrap()).into()
        }
    });
    let mut fields = match kind {
        Kind::Measure => {
            json!({"lead": d.id("a"), "weight": d.maybe(|d| d.roll(3).into()), "start": d.maybe(Dice::day), "due": d.maybe(Dice::day)})
        }
        Kind::Project => json!({
            "measure": d.id("m"), "agency": d.id("a"), "county": d.maybe(|d| d.id("c")),
            "state": d.word(&["in-progress", "done", "cancelled", "stopped", "تعلیق"]),
            "physical": d.maybe(Dice::percent), "completed": d.maybe(Dice::day), "allocated": d.maybe(|d| (i64::from(d.roll(4)) * 1_000).into()), "spent": d.maybe(|d| (i64::from(d.roll(40)) * 1_000).into()),
            "weight": d.maybe(|d| (f64::from(d.roll(7)) / 2.0 - 0.5).into()),
            "start": d.maybe(Dice::day), "due": d.maybe(Dice::day), "jobs": d.maybe(Dice::figure),
            "path": d.maybe(|d| (0..d.roll(4)).map(|_| json!({"on": d.day(), "percent": d.percent()})).collect::<Vec<_>>().into()),
        }),
        Kind::Agency => json!({
            "category": d.word(&["driver", "support", "service", "دیگر"]),
            "duties": d.maybe(|d| json!([{"id": "w1", "title": "وظیفه", "measure": d.id("m"), "due": d.day(), "state": d.word(&["open", "done"])}])),
            "expert": d.maybe(|_| json!({"post": "کارشناس"})),
        }),
        Kind::Plan => json!({
            "agency": d.id("a"), "due": d.day(), "extended_to": d.maybe(Dice::day),
            "state": d.word(&["not-submitted", "submitted", "returned", "accepted", "گم‌شده"]),
            "submitted": d.maybe(Dice::day),
            "follow_ups": d.maybe(|d| json!([{"on": d.day(), "step": d.word(&["reminder", "warning", "تماس"])}])),
        }),
        Kind::Enterprise => json!({"county": d.maybe(|d| d.id("c"))}),
        Kind::Meeting => json!({"number": 1 + d.roll(3), "on": d.day()}),
        Kind::Decision => json!({
            "meeting": d.id("t"), "agency": d.id("a"), "notified": d.maybe(Dice::day), "due": d.maybe(Dice::day),
            "state": d.word(&["in-progress", "executed", "not-executed"]),
            "measure": d.maybe(|d| d.id("m")), "project": d.maybe(|d| d.id("p")),
        }),
        Kind::Demand => json!({
            "agency": d.maybe(|d| d.id("a")), "decision": d.maybe(|d| d.id("d")), "received": d.day(), "due": d.maybe(Dice::day),
            "state": d.word(&["referred", "answered"]),
        }),
        Kind::Campaign => json!({"agency": d.id("a"), "start": d.maybe(Dice::day), "end": d.maybe(Dice::day)}),
        Kind::Evaluation => {
            let (subject_kind, letter) =
                [("agency", "a"), ("plan", "n"), ("initiatives", "i"), ("نقشه", "z")][usize::from(d.roll(4))];
            json!({"subject_kind": subject_kind, "subject": d.id(letter), "meeting": d.maybe(|d| d.id("t")), "on": d.day(), "score": d.maybe(Dice::percent)})
        }
        Kind::Initiative => json!({
            "initiative_kind": d.word(&["home-business", "cooperative", "زنبورداری"]), "county": d.maybe(|d| d.id("c")),
            "measure": d.maybe(|d| d.id("m")), "project": d.maybe(|d| d.id("p")), "sponsor": d.maybe(|d| { let letter = if d.roll(2) == 0 { "a" } else { "e" }; d.id(letter) }),
            "stage": d.word(&["identified", "empowered", "brought-in", "stalled", "closed", "نیمه"]),
            "identified": d.maybe(Dice::day), "empowered": d.maybe(Dice::day), "brought_in": d.maybe(Dice::day),
            "origin": d.word(&["new", "existing", "نامعلوم"]), "jobs": d.maybe(Dice::figure),
            "outreach": d.maybe(|d| json!([{"on": d.day(), "by": d.id("a")}, {"on": d.day(), "by": d.id("e")}])),
        }),
    };
    fields["updated"] = updated;
    record(kind, &format!("{}{at}", prefix(kind)), fields)
}

fn hq(variant: u8) -> Arc<Headquarters> {
    headquarters(match variant % 4 {
        0 => json!({}),
        1 => json!({"plan_due": "1403-02-20", "cadence_days": 3, "counties": []}),
        2 => {
            json!({"thresholds": {"due_soon_days": 30, "deviation_notice": 1, "plan_critical_days": 2, "notify_within_days": 0}})
        }
        _ => json!({"time_zone": "Pacific/Auckland", "ladder": [], "counties": [{"id": "c3", "name": "مرند"}]}),
    })
}

fn kind(n: u8) -> Kind {
    Kind::ALL[usize::from(n) % Kind::ALL.len()]
}

fn change(op: &Op) -> Change {
    match op {
        Op::Put(k, at, dice) => Change::Put(made(kind(*k), *at, dice)),
        Op::Delete(k, at) => Change::Delete(kind(*k), id(&format!("{}{at}", prefix(kind(*k))))),
        Op::Whole(k, records) => {
            let records = records.iter().map(|(at, dice)| made(kind(*k), *at, dice)).collect();
            Change::Whole(kind(*k), records)
        }
        Op::Headquarters(variant) => Change::Headquarters(hq(*variant)),
        Op::Problems(twice) => Change::Problems(problems(twice)),
    }
}

/// What a reader says of ids given twice.
fn problems(twice: &[(u8, u8)]) -> Arc<[Problem]> {
    let of = |(k, at): &(u8, u8)| {
        let id = format!("{}{at}", prefix(kind(*k)));
        Problem {
            level: crate::contract::Level::Skipped,
            place: crate::contract::Place::default(),
            what: crate::contract::What::DuplicateId(kind(*k), id.as_str().into()),
            record: Some((kind(*k), id.into())),
        }
    };
    twice.iter().map(of).collect()
}

/// Everything a board says, as text, so that a difference is seen where it is.
fn picture(board: &Board) -> String {
    let mut out = String::new();
    let mut say = |what: &str, value: &dyn std::fmt::Debug| writeln!(out, "{what}: {value:?}").unwrap();
    say("today", &board.today());
    say("limits", board.thresholds());
    say("hidden", &(board.hidden_limits(), board.hides_ladder()));
    say("ladder", &board.ladder());
    for kind in Kind::ALL.iter().copied() {
        say("whole", &(kind, board.is_whole(kind), board.count(kind)));
        for record in board.records(kind) {
            say("record", &record);
            say("stale", &(board.age(&record), board.is_stale(&record)));
        }
        for at in 0..=IDS {
            let name = format!("{}{at}", prefix(kind));
            say(&name, &board.referrers(kind, &name));
            say(&name, &board.findings().of(kind, &name));
            say(&name, &board.evaluations_of(kind, &name).collect::<Vec<_>>());
        }
    }
    for field in Field::ALL {
        for letter in ["m", "p", "a", "n", "e", "t", "d", "c", "z", "i"] {
            for at in 0..=IDS {
                let to = format!("{letter}{at}");
                say(field.name(), &board.referring(*field, &to).collect::<Vec<_>>());
            }
        }
    }
    for at in 0..=IDS {
        let measure = format!("m{at}");
        say(&measure, &board.progress(&measure));
        say(
            &measure,
            &board
                .projects_of_measure(&measure)
                .map(|p| (&p.id, board.planned(p), board.deviation(p)))
                .collect::<Vec<_>>(),
        );
    }
    say("submission", board.submission());
    say("standings", board.standings());
    say("conditions", &board.conditions());
    let contributions = board.projects().iter().map(|p| (&p.id, board.contribution(p)));
    say("contributions", &contributions.collect::<Vec<_>>());
    say("owed", &board.owed_plans());
    say("participation", board.participation());
    say("last meeting", &board.last_meeting());
    say("counts", &(board.findings().counts(), board.findings().len()));
    for finding in board.findings().ranked() {
        say("finding", finding);
    }
    out
}

/// The same records in a board that never knew anything else.
fn afresh(old: &Board) -> Board {
    let mut board = Board::new(old.settings().clone(), old.today());
    let mut changes: Vec<Change> = Vec::new();
    for kind in Kind::ALL.iter().copied().rev() {
        let records: Vec<Record> = old.records(kind).collect();
        if old.is_whole(kind) {
            changes.push(Change::Whole(kind, records.into()));
        } else {
            changes.extend(records.into_iter().map(Change::Put));
        }
    }
    changes.extend(old.headquarters().cloned().map(Change::Headquarters));
    changes.push(Change::Problems(old.problems().clone()));
    board.apply(changes);
    board
}

fn dice() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..28)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (0..11_u8, 0..IDS, dice()).prop_map(|(k, at, d)| Op::Put(k, at, d)),
        2 => (0..11_u8, 0..IDS).prop_map(|(k, at)| Op::Delete(k, at)),
        3 => (0..11_u8, prop::collection::vec((0..IDS, dice()), 0..5)).prop_map(|(k, r)| Op::Whole(k, r)),
        1 => (0..4_u8).prop_map(Op::Headquarters),
        1 => prop::collection::vec((0..11_u8, 0..IDS), 0..4).prop_map(Op::Problems),
    ]
}

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![
        5 => prop::collection::vec(op(), 1..6).prop_map(Stage::Apply),
        1 => (0..60_u8).prop_map(Stage::Today),
    ]
}

/// Most boards are whole from the start: only then do all rules speak.
fn stages() -> impl Strategy<Value = Vec<Stage>> {
    (prop::bool::weighted(0.8), prop::collection::vec(stage(), 0..14)).prop_map(|(all, mut stages)| {
        if all {
            let mut first = vec![Op::Headquarters(0)];
            first.extend((0..11).map(|k| Op::Whole(k, Vec::new())));
            stages.insert(0, Stage::Apply(first));
        }
        stages
    })
}

fn run(board: &mut Board, stage: &Stage) -> Delta {
    match stage {
        Stage::Apply(ops) => board.apply(ops.iter().map(change).collect()),
        Stage::Today(n) => board.set_today(Day::from_days(FIRST + i32::from(*n))),
    }
}

fn records_of(board: &Board) -> BTreeMap<(Kind, Id), Record> {
    let all = Kind::ALL.iter().flat_map(|kind| board.records(*kind));
    all.map(|record| ((record.kind(), record.id().clone()), record))
        .collect()
}

fn finding_keys(board: &Board) -> std::collections::BTreeSet<(Kind, Id, &'static str)> {
    board
        .findings()
        .ranked()
        .map(|f| (f.kind, f.id.clone(), f.rule))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_changes_ends_where_a_fresh_board_begins(stages in stages(), own in any::<bool>()) {
        let mut settings = Settings::default();
        if own {
            let rung = |step, after_days| LadderStep { step, after_days, extra: None };
            settings.ladder = vec![rung(Step::Reminder, 3), rung(Step::Warning, 9)];
        }
        settings.own.push(Limit::PlanCriticalDays);
        settings.rules.set("plan-late", RuleSetting { on: true, severity: Some(Severity::Warning) });
        let mut board = Board::new(settings, Day::from_days(FIRST + 30));
        for stage in &stages {
            let kept = board.clone();
            let before = picture(&kept);
            run(&mut board, stage);
            similar_asserts(&picture(&board), &picture(&afresh(&board)))?;
            similar_asserts(&picture(&kept), &before)?;
        }
    }

    #[test]
    fn merged_deltas_name_every_difference_and_no_other(stages in stages(), from in 0..6_usize) {
        let mut board = Board::new(Settings::default(), Day::from_days(FIRST + 30));
        let mut start = board.clone();
        let mut delta = Delta::default();
        for (at, stage) in stages.iter().enumerate() {
            if at == from {
                start = board.clone();
                delta = Delta::default();
            }
            delta = delta.merge(run(&mut board, stage));
        }
        let (old, new) = (records_of(&start), records_of(&board));
        for key in old.keys().chain(new.keys()) {
            let fate = delta.fate(key.0, key.1.as_str());
            match (old.get(key), new.get(key)) {
                (None, Some(_)) => prop_assert_eq!(fate, Some(Fate::Appeared), "{:?}", key),
                (Some(_), None) => prop_assert_eq!(fate, Some(Fate::Vanished), "{:?}", key),
                (Some(a), Some(b)) if a != b => prop_assert_eq!(fate, Some(Fate::Changed), "{:?}", key),
                // There and back again, while a slow reader looked away.
                _ => prop_assert!(matches!(fate, None | Some(Fate::Changed)), "{:?}", key),
            }
        }
        prop_assert!(delta.changed.iter().all(|(kind, id, _)| old.contains_key(&(*kind, id.clone())) || new.contains_key(&(*kind, id.clone()))));
        let keys = |list: &[Arc<Finding>]| list.iter().map(|f| (f.kind, f.id.clone(), f.rule)).collect::<std::collections::BTreeSet<_>>();
        let (had, has) = (finding_keys(&start), finding_keys(&board));
        prop_assert_eq!(keys(&delta.findings_new), &has - &had);
        prop_assert_eq!(keys(&delta.findings_gone), &had - &has);
        for kind in Kind::ALL.iter().copied() {
            prop_assert_eq!(delta.whole.contains(&kind), board.is_whole(kind) && !start.is_whole(kind));
        }
        prop_assert_eq!(delta.headquarters || board.headquarters() == start.headquarters(), true);
    }
}

/// Equal, or the first line in which they differ.
fn similar_asserts(left: &str, right: &str) -> Result<(), TestCaseError> {
    let differ = left.lines().zip(right.lines()).find(|(a, b)| a != b);
    match differ {
        Some((a, b)) => Err(TestCaseError::fail(format!("\n{a}\n{b}"))),
        None if left.lines().count() != right.lines().count() => Err(TestCaseError::fail("one says more")),
        None => Ok(()),
    }
}

#[test]
fn the_dice_make_every_finding() {
    // A property over boards without findings would prove nothing about rules: most of them must fire within some hundred rolls.
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..60_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut byte = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u8
        };
        let mut records = Vec::new();
        for kind in Kind::ALL.iter().copied() {
            for at in 0..IDS {
                let dice: Vec<u8> = (0..28).map(|_| byte()).collect();
                records.push(made(kind, at, &dice));
            }
        }
        let mut board = Board::new(Settings::default(), Day::from_days(FIRST + 30));
        board.apply(whole(hq(0), &records));
        // Held against a state of other dice, without the first of each kind and with one more.
        let mut earlier = Vec::new();
        for kind in Kind::ALL.iter().copied() {
            for at in 1..=IDS {
                let dice: Vec<u8> = (0..28).map(|_| byte()).collect();
                earlier.push(made(kind, at, &dice));
            }
        }
        let mut past = Board::new(Settings::default(), Day::from_days(FIRST));
        past.apply(whole(hq(0), &earlier));
        board.set_past(Some(Arc::new(Past::new(Day::from_days(FIRST), past))));
        board.apply(vec![Change::Problems(problems(&[(byte(), byte() % IDS)]))]);
        board.findings().ranked().for_each(|f| catalogue::gives_every_value(f));
        seen.extend(board.findings().ranked().map(|f| f.rule));
    }
    let silent: Vec<_> = RULES
        .iter()
        .map(|r| r.slug)
        .filter(|slug| !seen.contains(slug))
        .collect();
    assert_eq!(silent, Vec::<&str>::new(), "rules no roll made speak");
}
