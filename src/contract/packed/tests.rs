#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::clock::Day;
use crate::contract::{
    Extra, Figure, Id, Initiative, InitiativeKind, Moment, Num, Origin, Outreach, Record, Stage, Text,
};
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

mod disk;

fn id() -> impl Strategy<Value = Id> {
    prop_oneof!["i[0-9]{1,2}", "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"].prop_map(|text| Id::new(&text).unwrap())
}

fn text() -> impl Strategy<Value = Text> {
    let wording = || prop_oneof!["[آ-ی\u{200c} ۰-۹a-zA-Z]{0,30}", "\\PC{0,12}"];
    prop_oneof![
        wording().prop_map(Text::one),
        (option::of(wording()), option::of(wording())).prop_map(|(fa, en)| match (fa, en) {
            (None, None) => Text::one(""),
            (fa, en) => Text::Each(Box::new([fa.map(Into::into), en.map(Into::into)])),
        }),
    ]
}

fn day() -> impl Strategy<Value = Day> {
    prop_oneof![19_000..21_000_i32, any::<i32>(), Just(-25_568), Just(39_967)].prop_map(Day::from_days)
}

fn extra() -> impl Strategy<Value = Option<Box<Extra>>> {
    prop_oneof![
        9 => Just(None),
        1 => "[a-z]{1,5}".prop_map(|key| {
            // A name of our own would not be unknown.
            let extra: Extra = [(format!("x_{key}"), serde_json::json!([1, {"b": "پ"}]))].into_iter().collect();
            Some(Box::new(extra))
        }),
    ]
}

prop_compose! {
    fn figure()(steps in [(); 5].map(|()| option::of(prop_oneof![0.0..1e6_f64, (0..1_000_000_000_000_u64).prop_map(|n| n as f64), any::<f64>(), Just(-0.0)])), extra in extra()) -> Figure {
        let [committed, claimed, registered, approved, verified] = steps.map(|step| step.and_then(Num::new));
        Figure { committed, claimed, registered, approved, verified, extra }
    }
}

fn moment() -> impl Strategy<Value = Moment> {
    let instant = (-377_705_023_201_i64..=253_402_207_200, 0..1_000_000_000_i32);
    prop_oneof![
        day().prop_map(Moment::Day),
        instant.prop_map(|(seconds, nanos)| Moment::At(jiff::Timestamp::new(seconds, nanos).unwrap_or_default())),
    ]
}

prop_compose! {
    fn visit()(on in day(), by in id(), result in option::of(text()), extra in extra()) -> Outreach {
        Outreach { on, by, result, extra }
    }
}

prop_compose! {
    pub(super) fn record()(
        (id, kind, title, county, sector, measure, project) in (id(), "[a-z-]{1,9}|home-business|cooperative", text(), option::of(id()), option::of(text()), option::of(id()), option::of(id())),
        (stage, days, origin, sponsor) in ("identified|stalled|نو", [(); 4].map(|()| option::of(day())), "new|existing|x", option::of(id())),
        outreach in prop::collection::vec(visit(), 0..4),
        members in option::of(any::<u32>()),
        (jobs, capital) in (option::of(figure()), option::of(figure())),
        (updated, note, extra) in (option::of(moment()), option::of(text()), extra()),
    ) -> Initiative {
        let [identified, empowered, brought_in, started] = days;
        Initiative {
            id, title, county, sector, measure, project, identified, empowered, brought_in, started, sponsor, outreach, members, jobs, capital, updated, note, extra,
            initiative_kind: InitiativeKind::from(kind.as_str()),
            stage: Stage::from(stage.as_str()),
            origin: Origin::from(origin.as_str()),
        }
    }
}

/// What JSON cannot say (a day before the year 1, a float of no shortest form) a record with unknown fields cannot hold either.
fn travels(record: &Initiative) -> bool {
    let text = serde_json::to_string(record).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut problems = Vec::new();
    let mut reader = crate::contract::read::Reader::new(crate::contract::Path::root(), &mut problems);
    <Initiative as crate::contract::read::Read>::read(&value, &mut reader).as_ref() == Some(record)
}

fn has_extra(record: &Initiative) -> bool {
    Draft::of(record).whole.is_some()
}

/// The table holds exactly what the map does, and every question about it has the same answer.
fn same(table: &Table, model: &BTreeMap<Id, Initiative>) {
    assert_eq!(table.len(), model.len());
    let mut model: Vec<_> = model.iter().collect();
    model.sort_by(|(a, _), (b, _)| a.counted(b));
    assert!(table.ids().eq(model.iter().map(|(id, _)| (*id).clone())));
    assert!(
        table
            .iter()
            .map(|r| (*r).clone())
            .eq(model.iter().map(|(_, record)| (*record).clone()))
    );
    for (place, (id, record)) in table.places().zip(model) {
        assert_eq!(table.find(id.as_str()), Some(place));
        let chunk = table.chunk(place.chunk).unwrap();
        assert!(chunk.len() <= ROWS && !chunk.is_empty());
        assert_eq!(chunk.updated(place.row, table.names()), record.updated);
        let visits: Vec<Id> = chunk
            .visits(place.row)
            .map(|visit| table.names().ids.get(visit.by).unwrap().clone())
            .collect();
        assert!(visits.iter().eq(record.outreach.iter().map(|visit| &visit.by)));
        let of = |figure: &Option<Figure>| {
            let steps = |f: &Figure| crate::contract::Step::ALL.map(|step| f.at(step));
            figure.as_ref().map(steps)
        };
        let [jobs, capital] = chunk.figures(place.row, table.names());
        assert_eq!((jobs, capital), (of(&record.jobs), of(&record.capital)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_record_comes_out_as_it_went_in(records in prop::collection::vec(record(), 1..40)) {
        let mut table = Table::default();
        let mut model = BTreeMap::new();
        for record in records.into_iter().filter(|record| !has_extra(record) || travels(record)) {
            let old = table.put(&record);
            let was = model.insert(record.id.clone(), record);
            prop_assert_eq!(old.map(|r| (*r).clone()), was);
        }
        same(&table, &model);
        // One after the other in the same place, nothing of one is left in the next.
        let mut bare = None;
        for place in table.places() {
            let chunk = table.chunk(place.chunk).unwrap();
            let mut record = chunk.record(place.row, table.names()).unwrap();
            if !has_extra(&record) {
                (record.title, record.sector, record.note) = (Text::one(""), None, None);
                record.outreach.iter_mut().for_each(|visit| visit.result = None);
            }
            prop_assert!(chunk.bare_record(place.row, table.names(), &mut bare).is_some());
            prop_assert_eq!(&bare, &Some(Record::Initiative(Arc::new(record))));
        }
    }

    /// What is known of names and days without looking at rows is what the rows say, after changes as well.
    #[test]
    fn rows_say_what_their_chunk_is_known_to_say(
        records in prop::collection::vec(record(), 1..40),
        later in prop::collection::vec(record(), 0..3),
        on in prop::collection::vec(day(), 1..4),
    ) {
        let mut builder = Builder::new(Arc::default());
        let sorted: BTreeMap<_, _> = records.iter().map(|record| (record.id.clone(), record)).collect();
        let mut sorted: Vec<_> = sorted.into_values().collect();
        sorted.sort_by(|a, b| a.id.counted(&b.id));
        sorted.iter().for_each(|record| builder.push(&Draft::of(record)));
        let made = Arc::new(builder.finish());
        let mut table = Table::new(Arc::clone(builder.names()), vec![made]);
        // What one change makes finds it out when it is asked.
        for record in std::iter::once(None).chain(later.iter().map(Some)) {
            record.map(|record| table.put(record));
            for chunk in table.chunks() {
                let rows = |says: &dyn Fn(usize) -> bool| (0..chunk.len()).filter(|row| says(*row)).collect::<Vec<_>>();
                for column in [CodeColumn::Kind, CodeColumn::Stage, CodeColumn::Origin, CodeColumn::County, CodeColumn::Sector] {
                    let codes = chunk.codes(column);
                    for wanted in codes.names() {
                        let said = chunk.saying(column, |sym| sym == *wanted);
                        prop_assert_eq!(said.rows().collect::<Vec<_>>(), rows(&|row| codes.get(row) == *wanted));
                    }
                    // Some of them, and all but these, as they are picked beforehand.
                    let some: Vec<Sym> = codes.names().iter().copied().skip(1).step_by(2).chain([Sym(90)]).collect();
                    for turned in [false, true] {
                        let passes: Vec<bool> = (0..99).map(|sym| some.contains(&Sym(sym)) != turned).collect();
                        let mut wanted = Foresight::default();
                        wanted.codes[column as usize] = Sought::These(passes.clone().into());
                        let said = chunk.saying_picked(column, &chunk.foresee(&wanted));
                        prop_assert_eq!(said.is_some(), codes.names().len() <= 3);
                        if let Some(said) = said {
                            let said = said.and(Mask::first(chunk.len())).rows().collect::<Vec<_>>();
                            prop_assert_eq!(said, rows(&|row| passes[codes.get(row).0 as usize]));
                        }
                    }
                }
                for wanted in chunk.results() {
                    let said = chunk.resulting(|sym| sym == *wanted).rows().collect::<Vec<_>>();
                    prop_assert_eq!(said, rows(&|row| chunk.visits(row).any(|visit| visit.result == *wanted)));
                }
                let some: Vec<Sym> = chunk.results().iter().copied().skip(1).step_by(2).chain([Sym(90)]).collect();
                for turned in [false, true] {
                    let passes: Vec<bool> = (0..99).map(|sym| some.contains(&Sym(sym)) != turned).collect();
                    let wanted = Foresight { results: Sought::These(passes.clone().into()), ..Foresight::default() };
                    let said = chunk.resulting_picked(&chunk.foresee(&wanted));
                    prop_assert_eq!(said.is_some(), chunk.results().len() <= 3);
                    if let Some(said) = said {
                        let wanted = |row| chunk.visits(row).any(|visit| passes[visit.result.0 as usize]);
                        prop_assert_eq!(said.rows().collect::<Vec<_>>(), rows(&wanted));
                    }
                }
                for column in [DayColumn::Identified, DayColumn::Empowered, DayColumn::BroughtIn, DayColumn::Started] {
                    for on in &on {
                        let (dated, come) = chunk.come(column, *on);
                        let day = |row| chunk.days(column).get(row);
                        prop_assert_eq!(dated.rows().collect::<Vec<_>>(), rows(&|row| day(row).is_some()));
                        prop_assert_eq!(come.rows().collect::<Vec<_>>(), rows(&|row| day(row).is_some_and(|day| day <= *on)));
                    }
                }
            }
        }
    }

    #[test]
    fn any_sequence_of_changes_gives_what_a_map_gives(
        first in prop::collection::btree_set(0..2_000_u16, 0..900),
        ops in prop::collection::vec((0..2_000_u16, any::<bool>()), 0..400),
    ) {
        let made = |n: u16, title: &str| Initiative {
            id: Id::new(&format!("i-{n:05}")).unwrap(),
            initiative_kind: InitiativeKind::Cooperative,
            title: Text::one(title),
            county: Id::new(&format!("c{}", n % 7)),
            sector: None, measure: None, project: Id::new(&format!("p{n}")), stage: Stage::Identified,
            identified: Some(Day::from_days(i32::from(n))), empowered: None, brought_in: None,
            origin: Origin::New, sponsor: None, outreach: Vec::new(), members: None, jobs: None, capital: None,
            started: None, updated: None, note: None, extra: None,
        };
        let mut builder = Builder::new(Arc::default());
        let mut chunks = Vec::new();
        let mut model = BTreeMap::new();
        for n in first {
            let record = made(n, "نخست");
            builder.push(&Draft::of(&record));
            model.insert(record.id.clone(), record);
            if builder.is_full() {
                chunks.push(Arc::new(builder.finish()));
            }
        }
        chunks.push(Arc::new(builder.finish()));
        // Chunks in any order give the same table.
        chunks.reverse();
        let mut table = Table::new(Arc::clone(builder.names()), chunks);
        same(&table, &model);
        for (n, put) in ops {
            let before = table.clone();
            let record = made(n, "دیگر");
            if put {
                table.put(&record);
                model.insert(record.id.clone(), record);
            } else {
                let removed = table.remove(record.id.as_str());
                prop_assert_eq!(removed.map(|r| (*r).clone()), model.remove(&record.id));
            }
            // A change makes one or two chunks anew and shares all others.
            let kept = table.chunks().filter(|chunk| before.chunks().any(|old| Arc::ptr_eq(old, chunk))).count();
            prop_assert!(kept + 2 >= table.chunks().len());
        }
        same(&table, &model);
    }

    #[test]
    fn numbers_and_texts_come_out_as_they_went_in(n in any::<u64>(), s in any::<i64>(), f in any::<f64>(), text in text()) {
        let mut out = Vec::new();
        bytes::put(&mut out, n);
        bytes::put_signed(&mut out, s);
        bytes::put_float(&mut out, f);
        bytes::put_text(&mut out, (&text).into(), &mut Vec::new());
        let mut read = bytes::Bytes(&out);
        prop_assert_eq!(read.number(), Some(n));
        prop_assert_eq!(read.signed(), Some(s));
        prop_assert_eq!(read.float().map(f64::to_bits), Some(f.to_bits()));
        let mut passed = read;
        let clean = text.wordings().all(crate::contract::clean::is_clean);
        prop_assert_eq!(passed.clean_text(), Some(clean));
        prop_assert_eq!(read.text(), Some(text));
        prop_assert!(read.0.is_empty() && passed.0.is_empty());
        // Cut anywhere, reading ends without a panic.
        for len in 0..out.len() {
            let mut read = bytes::Bytes(&out[..len]);
            let _ = (read.number(), read.signed(), read.float(), read.text());
            let mut read = bytes::Bytes(&out[..len]);
            let _ = (read.number(), read.signed(), read.float(), read.clean_text());
        }
    }
}

#[test]
fn of_two_rows_with_one_id_the_first_counts() {
    let names = Arc::<Names>::default();
    let mut builder = Builder::new(Arc::clone(&names));
    let mut chunk = |titles: &[(&str, &str)]| {
        for (id, title) in titles {
            let record = serde_json::json!({"id": id, "initiative_kind": "other", "title": title, "stage": "identified", "origin": "new"});
            let record: Initiative = serde_json::from_str(&record.to_string()).unwrap();
            builder.push(&Draft::of(&record));
        }
        Arc::new(builder.finish())
    };
    let chunks = [
        chunk(&[("b", "1"), ("d", "2")]),
        chunk(&[("a", "3"), ("b", "4")]),
        chunk(&[("d", "5"), ("e", "6")]),
    ];
    let table = Table::new(names, chunks);
    let all: Vec<String> = table
        .iter()
        .map(|r| format!("{}{}", r.id, r.title.get(crate::text::Lang::Fa)))
        .collect();
    assert_eq!(all, ["a3", "b1", "d2", "e6"]);
}

#[test]
fn many_names_are_kept_once_and_found_by_number() {
    let kept: Kept<Id> = Kept::default();
    let syms: Vec<Sym> = (0..5_000).map(|n| kept.intern(&format!("n{n}")).unwrap()).collect();
    for (n, sym) in syms.iter().enumerate() {
        assert_eq!(kept.get(*sym).unwrap().as_str(), format!("n{n}"));
        assert_eq!(kept.find(&format!("n{n}")), Some(*sym));
        assert_eq!(kept.intern(&format!("n{n}")), Some(*sym));
    }
    assert_eq!((kept.len(), kept.find("m"), kept.get(Sym::NONE)), (5_000, None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What the fast way takes, it takes as the strict way into a record does; what that takes, it refuses for an escape only.
    #[test]
    fn a_draft_straight_from_json_is_the_record_it_stands_for(record in record(), cut in any::<u8>()) {
        let json = serde_json::to_string(&record).unwrap();
        let strict = serde_json::from_str::<Initiative>(&json);
        let mut draft = Draft::default();
        match draft.read_start(&json, &mut Seen::default()) {
            Ok(len) => {
                prop_assert_eq!(len, json.len());
                let mut builder = Builder::new(Arc::default());
                builder.push(&draft);
                let names = Arc::clone(builder.names());
                prop_assert_eq!(builder.finish().record(0, &names), strict.ok());
            }
            Err(_) => prop_assert!(strict.is_err() || json.contains('\\')),
        }
        // Cut anywhere it is an error, never a panic.
        let end = json.floor_char_boundary(usize::from(cut) % json.len());
        prop_assert!(Draft::default().read_start(&json[..end], &mut Seen::default()).is_err());
    }
}

/// A small record with an id and a title.
fn plain(id: &str, title: &str) -> Initiative {
    let json = serde_json::json!({"id": id, "initiative_kind": "other", "title": title, "stage": "identified", "origin": "new"});
    serde_json::from_value(json).unwrap()
}

fn chunks_of(names: &Arc<Names>, ids: &[u16], each: usize, title: &str) -> Vec<Arc<Chunk>> {
    let mut builder = Builder::new(Arc::clone(names));
    let chunk = |ids: &[u16]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        ids.iter()
            .for_each(|n| builder.push(&Draft::of(&plain(&format!("i.{n}"), title))));
        Arc::new(builder.finish())
    };
    ids.chunks(each).map(chunk).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_comes_out_of_order_finds_its_place_and_leaves_other_chunks_alone(
        there in prop::collection::btree_set(0..3_000_u16, 0..1_500),
        come in prop::collection::vec(0..3_000_u16, 0..400),
        (each, by) in (1..300_usize, 1..90_usize),
    ) {
        let names = Arc::<Names>::default();
        let there: Vec<u16> = there.into_iter().collect();
        let mut table = Table::new(Arc::clone(&names), chunks_of(&names, &there, each.min(ROWS), "نخست"));
        let before: Vec<Arc<Chunk>> = table.chunks().cloned().collect();
        table.merge(&chunks_of(&names, &come, by, "سپس"));
        let mut model: BTreeMap<u16, &str> = come.iter().map(|n| (*n, "سپس")).collect();
        model.extend(there.iter().map(|n| (*n, "نخست")));
        prop_assert_eq!(table.len(), model.len());
        let rows = table.iter().map(|record| (record.id.as_str().to_owned(), record.title.wordings().collect::<String>()));
        let wanted = model.iter().map(|(n, title)| (format!("i.{}", n), (*title).to_owned()));
        prop_assert!(rows.eq(wanted));
        prop_assert!(table.chunks().all(|chunk| !chunk.is_empty() && chunk.len() <= ROWS));
        // A chunk that nothing came to is still the same one.
        let number = |id: Option<Id>| id.and_then(|id| id.as_str().get(2..)?.parse::<u16>().ok()).unwrap();
        for (at, chunk) in before.iter().enumerate() {
            let from = if at == 0 { 0 } else { number(chunk.id(0)) };
            let to = before.get(at + 1).map_or(u16::MAX, |next| number(next.id(0)));
            let touched = come.iter().any(|n| (from..to).contains(n));
            let stays = table.chunks().any(|now| Arc::ptr_eq(now, chunk));
            prop_assert_eq!(stays, !touched, "{} {}", from, to);
        }
    }
}
