//! The life that goes on.

use super::*;
use crate::contract::{Change, Record};
use crate::source::sample::Simulation;

fn live(seed: u64, initiatives: u64) -> (Sample, Simulation) {
    let sample = Sample::new(seed, Some(initiatives));
    let records: Vec<Record> = Kind::ALL
        .iter()
        .flat_map(|kind| sample.records(*kind, sample.as_of()))
        .collect();
    let simulation = Simulation::new(records, sample.as_of(), seed);
    (sample, simulation)
}

#[test]
fn نمونه_زنده_است_و_سرانجام_آرام_می_گیرد() -> Outcome {
    for seed in SEEDS {
        let (sample, mut simulation) = live(seed, 120);
        let before = document(&sample, sample.as_of());
        let today = word(&before["headquarters"], "as_of");
        let mut records = held(&before);
        let (mut kinds, mut steps) = (BTreeSet::new(), 0);
        loop {
            let changes = simulation.step();
            let [Change::Put(record)] = &changes[..] else {
                assert!(changes.is_empty(), "one record a step");
                break;
            };
            let now = serde_json::to_value(record)?;
            let was = records
                .insert((record.kind(), record.id().to_string()), now.clone())
                .ok_or("a record nobody knew")?;
            assert_ne!(was, now, "a step changes something");
            let mut days = Vec::new();
            happened(&now, false, &mut days);
            assert!(days.iter().all(|day| *day <= today) && now["updated"] == today);
            assert!(now["physical"].as_f64().unwrap_or_default() <= 100.0, "{now}");
            let again: Record = Record::from_json(record.kind(), &now.to_string()).or_else(|why| match record {
                // The one record with a field of its own is read the slow way.
                Record::Project(p) if p.extra.is_some() => Ok(record.clone()),
                _ => Err(why),
            })?;
            assert_eq!(again.id(), record.id());
            kinds.insert(record.kind());
            steps += 1;
            assert!(steps < 30_000, "it never ends");
        }
        assert_eq!(
            kinds,
            BTreeSet::from([
                Kind::Project,
                Kind::Plan,
                Kind::Decision,
                Kind::Demand,
                Kind::Initiative
            ])
        );
        let open = records
            .iter()
            .filter(|((kind, _), r)| *kind == Kind::Plan && r["state"] != "accepted")
            .count();
        assert_eq!(open, 0, "every plan arrived");
    }
    Ok(())
}

#[test]
fn the_same_life_is_lived_twice() {
    let run = || {
        let mut simulation = live(1, 100).1;
        (0..200).map(|_| format!("{:?}", simulation.step())).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}
