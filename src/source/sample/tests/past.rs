//! The earlier states, and the steps back to them.

use super::*;
use crate::contract::Change;
use crate::source::sample::history;

#[test]
fn دوازده_وضعیت_پیشین_هر_کدام_در_روز_جلسه_خود() {
    for seed in SEEDS {
        let states = all_states(seed, 50);
        let days: Vec<&str> = states.iter().map(|s| word(&s["headquarters"], "as_of")).collect();
        assert_eq!(days.len(), 13);
        assert!(days.is_sorted_by(|a, b| a < b), "{days:?}");
        let newest = &states[12];
        let meetings: Vec<&str> = rows(newest, "meetings").iter().map(|m| word(m, "on")).collect();
        assert_eq!(meetings, days[..12]);
        for (number, state) in states[..12].iter().enumerate() {
            assert_eq!(rows(state, "meetings").len(), number + 1);
        }
    }
}

#[test]
fn in_the_states_dates_were_rewritten_figures_fell_and_records_vanished() {
    for seed in SEEDS {
        let states = all_states(seed, 900);
        let (mut later, mut fell) = (0, 0);
        let mut vanished: BTreeMap<&str, usize> = BTreeMap::new();
        let mut appeared = vanished.clone();
        for pair in states.windows(2) {
            let (old, new) = (&pair[0], &pair[1]);
            let mut changed = 0;
            for kind in Kind::ALL {
                let (before, after) = (by_id(old, kind.plural()), by_id(new, kind.plural()));
                for (id, was) in &before {
                    let Some(is) = after.get(id) else {
                        *vanished.entry(kind.plural()).or_default() += 1;
                        continue;
                    };
                    changed += usize::from(was != is);
                    later += usize::from(was["due"] != is["due"] && !was["due"].is_null());
                    for step in ["claimed", "registered"] {
                        let figure = |r: &Value| r["jobs"][step].as_f64();
                        fell += usize::from(figure(is).zip(figure(was)).is_some_and(|(is, was)| is < was));
                    }
                }
                *appeared.entry(kind.plural()).or_default() +=
                    after.keys().filter(|id| !before.contains_key(*id)).count();
            }
            // Two neighbouring states are much the same, but never the same.
            assert!(
                changed > 5 && changed < rows(new, "initiatives").len() / 2,
                "{changed} changes"
            );
        }
        assert!(later > 8, "{later} planned dates rewritten");
        assert!(fell > 5, "{fell} figures fell");
        for kind in ["projects", "decisions", "demands", "initiatives"] {
            assert!(
                vanished.get(kind).is_some_and(|n| *n > 0),
                "no vanished {kind}: {vanished:?}"
            );
            assert!(
                appeared.get(kind).is_some_and(|n| *n > 0),
                "no new {kind}: {appeared:?}"
            );
        }
        let readings = |d: &Value| {
            rows(d, "measures")
                .iter()
                .flat_map(|m| rows(m, "indicators").to_vec())
                .collect::<Vec<_>>()
        };
        let falls = readings(&states[12])
            .iter()
            .filter(|i| i["direction"] == "up")
            .any(|i| {
                let values: Vec<f64> = rows(i, "readings").iter().filter_map(|r| r["value"].as_f64()).collect();
                !values.is_sorted()
            });
        assert!(falls, "a cumulative indicator fell");
    }
}

fn apply(held: &mut Held, hq: &mut Value, changes: &[Change]) -> Outcome {
    for change in changes {
        match change {
            Change::Headquarters(h) => *hq = serde_json::to_value(h.as_ref())?,
            Change::Put(record) => {
                held.insert((record.kind(), record.id().to_string()), serde_json::to_value(record)?);
            }
            Change::Delete(kind, id) => {
                assert!(
                    held.remove(&(*kind, id.to_string())).is_some(),
                    "{kind} {id} was not there"
                );
            }
            Change::Whole(..) | Change::Growing(_) | Change::Problems(_) => {
                return Err("a step back holds single records only".into());
            }
        }
    }
    Ok(())
}

#[test]
fn گام_های_رو_به_گذشته_درست_همان_وضعیت_های_پیشین_را_می_دهند() -> Outcome {
    for seed in SEEDS {
        let states = all_states(seed, 700);
        let sample = Sample::new(seed, Some(700));
        let (mut records, mut hq) = (held(&states[12]), states[12]["headquarters"].clone());
        let past = history::of(&sample);
        assert_eq!(past.len(), 12);
        for (step, state) in past.iter().zip(states[..12].iter().rev()) {
            apply(&mut records, &mut hq, &step.changes)?;
            assert_eq!(hq, state["headquarters"]);
            assert!(records == held(state), "seed {seed}, state of {}", step.as_of);
        }
    }
    Ok(())
}

#[test]
fn the_steps_back_survive_being_written_and_read() -> Outcome {
    for seed in [1, 2] {
        let past = history::of(&Sample::new(seed, Some(500)));
        let mut bytes = Vec::new();
        history::write(&mut bytes, &past)?;
        let again: Vec<_> = history::read(bytes.as_slice()).collect::<Result<_, _>>()?;
        assert_eq!(format!("{again:?}"), format!("{past:?}"));
    }
    Ok(())
}

#[test]
fn going_back_to_a_day_gives_the_newest_kept_state_not_after_it() -> Outcome {
    let past = history::of(&Sample::new(1, Some(100)));
    let oldest = past.last().map(|p| p.as_of).ok_or("no past")?;
    let to = |day: Day| history::back_to(past.iter().cloned().map(Ok), day);
    for state in &past {
        assert_eq!(to(state.as_of)?.map(|p| p.as_of), Some(state.as_of));
    }
    assert_eq!(to(past[0].as_of.plus(3))?.map(|p| p.as_of), Some(past[0].as_of));
    assert_eq!(to(past[0].as_of.plus(-1))?.map(|p| p.as_of), Some(past[1].as_of));
    assert!(to(oldest.plus(-1))?.is_none());
    let steps: usize = past[..3].iter().map(|p| p.changes.len()).sum();
    assert_eq!(to(past[2].as_of)?.map(|p| p.changes.len()), Some(steps));
    Ok(())
}
