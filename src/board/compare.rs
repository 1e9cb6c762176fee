//! What differs between two states of the data: records that appeared, vanished or changed, field by field, and among those what
//! moved the wrong way. Pure; it must not know where either state comes from, nor how a difference is shown.

use super::{Board, Fate};
use crate::clock::Day;
use crate::contract::{Change, Figure, Id, Kind, Record, Step};
use serde_json::Value as Json;
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

/// What moved the wrong way in a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Moved {
    /// A planned date was written anew.
    Date {
        /// The field, as the catalogue names it: of which part of the record, and its name.
        field: (&'static str, &'static str),
        /// The part's own name where a record has several (a milestone, a duty).
        part: SmolStr,
        /// What it was.
        was: Day,
        /// What it is; nothing when it was taken out.
        now: Option<Day>,
    },
    /// A figure that can only grow fell.
    Fell {
        /// The field, as the catalogue names it.
        field: (&'static str, &'static str),
        /// The step of a stepped figure.
        step: Option<Step>,
        /// What it was.
        was: f64,
        /// What it is.
        now: f64,
    },
}

/// A field that says something else.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its name in the contract.
    pub name: SmolStr,
    /// What it was; null when it was not there.
    pub was: Json,
    /// What it is; null when it is not there.
    pub now: Json,
}

/// A record that is not as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordChange {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Id,
    /// What became of it.
    pub fate: Fate,
    /// Its fields that changed, in the order of the contract; only of a record that changed.
    pub fields: Vec<FieldChange>,
    /// What moved the wrong way.
    pub moved: Vec<Moved>,
}

/// Everything that differs between two states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// By kind and id.
    pub records: Vec<RecordChange>,
}

/// What differs from `old` to `new`; a kind one of the two does not know yet is left out.
pub fn compare(old: &Board, new: &Board) -> Comparison {
    let mut records = Vec::new();
    for kind in Kind::ALL {
        if !old.is_whole(*kind) || !new.is_whole(*kind) {
            continue;
        }
        // Both go by id in the same order, so one walk over the two finds everything.
        let order = |a: &Id, b: &Id| match kind {
            Kind::Initiative => a.counted(b),
            _ => a.cmp(b),
        };
        let (mut olds, mut news) = (old.records(*kind).peekable(), new.records(*kind).peekable());
        loop {
            let change = match (olds.peek(), news.peek()) {
                (None, None) => break,
                (Some(a), Some(b)) if a.id() == b.id() => {
                    let change = changed(a, b);
                    olds.next();
                    news.next();
                    change
                }
                (Some(a), b) if b.is_none_or(|b| order(a.id(), b.id()).is_lt()) => {
                    let change = alone(a, Fate::Vanished);
                    olds.next();
                    Some(change)
                }
                (_, Some(b)) => {
                    let change = alone(b, Fate::Appeared);
                    news.next();
                    Some(change)
                }
                (Some(_), None) => break,
            };
            records.extend(change);
        }
    }
    Comparison { records }
}

fn alone(record: &Record, fate: Fate) -> RecordChange {
    RecordChange {
        kind: record.kind(),
        id: record.id().clone(),
        fate,
        fields: Vec::new(),
        moved: Vec::new(),
    }
}

fn changed(old: &Record, new: &Record) -> Option<RecordChange> {
    if same(old, new) {
        return None;
    }
    Some(RecordChange {
        fields: fields(old, new),
        moved: moved(old, new),
        ..alone(new, Fate::Changed)
    })
}

/// Whether two records say the same; records shared by both states are not even looked into.
fn same(old: &Record, new: &Record) -> bool {
    macro_rules! either {
        ($($kind:ident),*) => {
            match (old, new) {
                $((Record::$kind(a), Record::$kind(b)) => Arc::ptr_eq(a, b) || a == b,)*
                _ => false,
            }
        };
    }
    either!(
        Measure, Project, Agency, Plan, Enterprise, Initiative, Meeting, Decision, Demand, Evaluation, Campaign
    )
}

/// The fields two records of one kind differ in; a note of when it was looked after is no change of its own.
pub fn fields(old: &Record, new: &Record) -> Vec<FieldChange> {
    let json = |record: &Record| match serde_json::to_value(record) {
        Ok(Json::Object(map)) => map,
        // A record read from a source always is an object.
        _ => serde_json::Map::new(),
    };
    let (mut was, mut now) = (json(old), json(new));
    let mut names: Vec<String> = old.kind().fields().iter().map(|name| (*name).to_owned()).collect();
    names.extend(was.keys().chain(now.keys()).cloned());
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
        .into_iter()
        .filter_map(|name| {
            let (was, now) = (was.remove(&name), now.remove(&name));
            (was != now).then(|| FieldChange {
                name: name.into(),
                was: was.unwrap_or(Json::Null),
                now: now.unwrap_or(Json::Null),
            })
        })
        .collect()
}

type Dated = ((&'static str, &'static str), SmolStr, Day);
type Grown = ((&'static str, &'static str), Option<Step>, f64);

/// The planned dates of a record: what an extension granted in the open would not touch.
fn dates(record: &Record) -> Vec<Dated> {
    let mut out: Vec<Dated> = Vec::new();
    let mut add = |owner, name, part: SmolStr, day: Option<Day>| {
        out.extend(day.map(|day| ((owner, name), part, day)));
    };
    let whole = SmolStr::default;
    match record {
        Record::Measure(r) => {
            add("measure", "start", whole(), r.start);
            add("measure", "due", whole(), r.due);
            for indicator in &r.indicators {
                add("indicator", "due", indicator.id.as_str().into(), indicator.due);
            }
        }
        Record::Project(r) => {
            add("project", "start", whole(), r.start);
            add("project", "due", whole(), r.due);
            for milestone in &r.milestones {
                let name = milestone.title.wordings().next().unwrap_or_default();
                add("milestone", "due", name.into(), Some(milestone.due));
            }
        }
        Record::Agency(r) => {
            for duty in &r.duties {
                add("duty", "due", duty.id.as_str().into(), duty.due);
            }
        }
        Record::Plan(r) => add("plan", "due", whole(), Some(r.due)),
        Record::Decision(r) => add("decision", "due", whole(), r.due),
        Record::Demand(r) => add("demand", "due", whole(), r.due),
        Record::Campaign(r) => {
            add("campaign", "start", whole(), r.start);
            add("campaign", "end", whole(), r.end);
        }
        Record::Enterprise(_) | Record::Initiative(_) | Record::Meeting(_) | Record::Evaluation(_) => {}
    }
    out
}

/// The figures of a record that can only grow.
fn totals(record: &Record) -> Vec<Grown> {
    let mut out: Vec<Grown> = Vec::new();
    fn figure(out: &mut Vec<Grown>, owner: &'static str, name: &'static str, figure: &Option<Figure>) {
        for step in Step::ALL {
            let n = figure.as_ref().and_then(|figure| figure.at(step));
            out.extend(n.map(|n| ((owner, name), Some(step), n)));
        }
    }
    match record {
        Record::Project(r) => {
            let plain = [("physical", r.physical), ("financial", r.financial)];
            out.extend(
                plain
                    .into_iter()
                    .filter_map(|(name, n)| Some((("project", name), None, n?.get()))),
            );
            out.extend(r.spent.map(|spent| (("project", "spent"), None, spent as f64)));
            figure(&mut out, "project", "jobs", &r.jobs);
        }
        Record::Initiative(r) => {
            figure(&mut out, "initiative", "jobs", &r.jobs);
            figure(&mut out, "initiative", "capital", &r.capital);
        }
        Record::Campaign(r) => out.extend(r.reach.map(|reach| (("campaign", "reach"), None, reach.get()))),
        _ => {}
    }
    out
}

/// What moved the wrong way between two states of one record: planned dates written anew, and figures that fell.
pub fn moved(old: &Record, new: &Record) -> Vec<Moved> {
    let (then, now) = (dates(old), dates(new));
    let date = |(field, part, was): Dated| {
        let at = now.iter().find(|(f, p, _)| *f == field && *p == part);
        let now = at.map(|(_, _, day)| *day);
        (now != Some(was)).then_some(Moved::Date { field, part, was, now })
    };
    let mut out: Vec<Moved> = then.into_iter().filter_map(date).collect();
    let figures = totals(new);
    out.extend(totals(old).into_iter().filter_map(|(field, step, was)| {
        let (_, _, now) = figures.iter().find(|(f, s, _)| *f == field && *s == step)?;
        (*now < was).then_some(Moved::Fell {
            field,
            step,
            was,
            now: *now,
        })
    }));
    out
}

impl Comparison {
    /// True when the two states say the same.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many records had a fate, of one kind or of all.
    pub fn count(&self, kind: Option<Kind>, fate: Fate) -> usize {
        let of = self.records.iter();
        of.filter(|r| r.fate == fate && kind.is_none_or(|kind| r.kind == kind))
            .count()
    }

    /// The records in which something moved the wrong way.
    pub fn moved(&self) -> impl Iterator<Item = &RecordChange> {
        self.records.iter().filter(|record| !record.moved.is_empty())
    }

    /// What makes `new` of the state it was compared with.
    pub fn changes(&self, new: &Board) -> Vec<Change> {
        let change = |r: &RecordChange| match new.record(r.kind, r.id.as_str()) {
            Some(record) => Change::Put(record),
            None => Change::Delete(r.kind, r.id.clone()),
        };
        self.records.iter().map(change).collect()
    }
}

impl Moved {
    /// What names it among the others of its record.
    pub fn key(&self) -> SmolStr {
        match self {
            Self::Date { field, part, .. } => format_smolstr!("{}.{}:{part}", field.0, field.1),
            Self::Fell { field, step, .. } => {
                format_smolstr!("{}.{}:{}", field.0, field.1, step.map_or("", Step::as_str))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::board::{Settings, fixture};
    use crate::source::sample::{Sample, history};
    use serde_json::json;
    use std::sync::OnceLock;

    fn record(kind: Kind, json: Json) -> Record {
        Record::from_json(kind, &json.to_string()).unwrap()
    }

    fn day(text: &str) -> Day {
        crate::text::calendar::parse_date(text).unwrap()
    }

    #[test]
    fn what_appears_vanishes_and_changes_is_told_field_by_field() {
        let old = fixture::board();
        let mut new = old.clone();
        let plan =
            json!({"id": "pl-new", "agency": "a-1", "title": "برنامه", "due": "1403-02-01", "state": "submitted"});
        let mut project = serde_json::to_value(old.record(Kind::Project, "p-1").unwrap()).unwrap();
        project["physical"] = json!(20);
        project["due"] = json!("1405-03-02");
        new.apply(vec![
            Change::Put(record(Kind::Plan, plan)),
            Change::Put(record(Kind::Project, project)),
            Change::Delete(Kind::Demand, Id::new("dm-1").unwrap()),
        ]);
        let compared = compare(&old, &new);
        let fates: Vec<_> = compared
            .records
            .iter()
            .map(|r| (r.kind, r.id.as_str(), r.fate))
            .collect();
        assert_eq!(
            fates,
            [
                (Kind::Project, "p-1", Fate::Changed),
                (Kind::Plan, "pl-new", Fate::Appeared),
                (Kind::Demand, "dm-1", Fate::Vanished)
            ]
        );
        let names: Vec<_> = compared.records[0]
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(names, ["due", "physical"]);
        assert_eq!(
            compared.records[0].moved,
            [
                Moved::Date {
                    field: ("project", "due"),
                    part: SmolStr::default(),
                    was: day("1404-03-02"),
                    now: Some(day("1405-03-02")),
                },
                Moved::Fell {
                    field: ("project", "physical"),
                    step: None,
                    was: 30.0,
                    now: 20.0,
                }
            ]
        );
        assert!(compare(&new, &new).is_empty());
    }

    #[test]
    fn an_extension_and_a_figure_that_grows_move_nothing_the_wrong_way() {
        let base = json!({"id": "pl", "agency": "a-1", "title": "ب", "due": "1403-01-31", "state": "not-submitted"});
        let mut extended = base.clone();
        extended["extended_to"] = json!("1403-02-31");
        let (old, new) = (record(Kind::Plan, base.clone()), record(Kind::Plan, extended));
        assert!(moved(&old, &new).is_empty());
        let mut rewritten = base;
        rewritten["due"] = json!("1403-02-31");
        assert_eq!(moved(&old, &record(Kind::Plan, rewritten)).len(), 1);
        let figure = |verified: i64, claimed: Option<i64>| {
            let jobs = json!({"verified": verified, "claimed": claimed});
            record(
                Kind::Initiative,
                json!({"id": "i", "initiative_kind": "cooperative", "title": "ت", "stage": "identified", "origin": "new", "jobs": jobs}),
            )
        };
        assert!(moved(&figure(3, Some(5)), &figure(4, Some(5))).is_empty());
        assert!(moved(&figure(3, None), &figure(3, Some(1))).is_empty());
        let fell = moved(&figure(3, Some(5)), &figure(2, Some(4)));
        assert_eq!(fell.len(), 2, "{fell:?}");
    }

    /// Two states of a made-up province, and what leads from the older to the newer.
    fn states() -> &'static (Board, Vec<Change>) {
        static STATES: OnceLock<(Board, Vec<Change>)> = OnceLock::new();
        STATES.get_or_init(|| {
            let sample = Sample::new(2, Some(120));
            let mut new = Board::new(Settings::default(), sample.as_of());
            let kinds = Kind::ALL.iter().map(|kind| {
                let records = sample.records(*kind, sample.as_of()).collect();
                Change::Whole(*kind, records)
            });
            let hq = Change::Headquarters(sample.headquarters(sample.as_of()).into());
            new.apply(std::iter::once(hq).chain(kinds).collect());
            let mut old = new.clone();
            for past in history::of(&sample) {
                old.apply(past.changes);
            }
            let forward = compare(&old, &new).changes(&new);
            assert!(forward.len() > 100);
            (old, forward)
        })
    }

    proptest::proptest! {
        #[test]
        fn the_difference_applied_to_the_old_gives_the_new(mask in proptest::collection::vec(proptest::prelude::any::<bool>(), 64)) {
            let (old, forward) = states();
            let mut new = old.clone();
            let some = forward.iter().enumerate().filter(|(n, _)| mask[n % mask.len()]);
            new.apply(some.map(|(_, change)| change.clone()).collect());
            let compared = compare(old, &new);
            let mut again = old.clone();
            again.apply(compared.changes(&new));
            proptest::prop_assert!(compare(&again, &new).is_empty());
            // And back again.
            let mut back = new.clone();
            back.apply(compare(&new, old).changes(old));
            proptest::prop_assert!(compare(&back, old).is_empty());
        }
    }
}
