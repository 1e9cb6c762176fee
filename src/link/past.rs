//! Earlier states of what a link shows: the sample's own, or those kept by day.

use super::Ask;
use crate::board::report::{Found, Teller};
use crate::board::{Board, Past};
use crate::clock::{self, Day};
use crate::contract::{Change, Id, Kind, Record};
use crate::kept::Store;
use crate::source::feed::history;
use crate::source::{self, Access, Item, Limits, Pace, Source, Stop, sample};
use std::ops::ControlFlow;
use std::sync::Arc;

/// States looked through for the history of a record; each has to be read whole.
const MOST_STATES: usize = 60;

/// The newest earlier state of a source that is not after a day, beside the board of a later one; nothing when none is that old, or
/// none can be read. The state shown is no earlier one.
pub fn state_of(source: &Source, now: &Board, kept: Option<&Store>, day: Day) -> Option<Past> {
    if source.is_sample() {
        return sample_past(now, day);
    }
    let (day, state) = kept?.newest(day.min(now.today().plus(-1)))?;
    let mut board = Board::new(now.settings().clone(), day);
    board.apply(state);
    Some(Past::new(day, board))
}

fn sample_past(now: &Board, day: Day) -> Option<Past> {
    let newest = now.headquarters()?.as_of?;
    let back = sample::back_to(day.min(newest.plus(-1))).ok()??;
    let mut board = now.clone();
    board.apply(back.changes);
    Some(Past::new(back.as_of, board))
}

/// What was asked for.
pub(super) fn find(ask: Ask, source: &Source, now: &Board, kept: Option<&Store>) -> Found {
    match ask {
        Ask::State(asked) => Found::State {
            asked,
            past: state_of(source, now, kept, asked).map(Arc::new),
            days: days(source, kept),
        },
        Ask::History(kind, id) => {
            let states = if source.is_sample() {
                of_sample(kind, &id)
            } else {
                of_store(kind, &id, kept)
            };
            Found::History {
                kind,
                id,
                states,
                teller: Teller::Kept,
            }
        }
    }
}

/// Where a feed's own history is asked for.
pub(super) struct Endpoint {
    pub address: String,
    pub access: Access,
    pub limits: Limits,
    pub pace: Pace,
    pub kept: Option<Store>,
}

impl Endpoint {
    /// Every version of a record as the endpoint tells it; what this machine kept, with the reason, where it does not.
    pub(super) fn history(&self, kind: Kind, id: Id, now: &Board) -> Found {
        let asked = history::history(&self.address, &self.access, &self.limits, self.pace, (kind, &id));
        let (states, teller) = match asked {
            Ok(versions) if versions.list.is_empty() => (of_store(kind, &id, self.kept.as_ref()), Teller::Kept),
            Ok(versions) => {
                let day = |at| clock::day_of(at, now.zone());
                let began = versions
                    .list
                    .last()
                    .filter(|_| versions.whole)
                    .map(|oldest| (day(oldest.at), None));
                let states = versions
                    .list
                    .into_iter()
                    .map(|version| (day(version.at), version.record));
                (states.chain(began).collect(), Teller::Endpoint)
            }
            Err(failure) => {
                let teller = match Stop::from(failure) {
                    Stop::Problem(why) => Teller::Instead(Arc::new(*why)),
                    Stop::Cancelled => Teller::Kept,
                };
                (of_store(kind, &id, self.kept.as_ref()), teller)
            }
        };
        Found::History {
            kind,
            id,
            states,
            teller,
        }
    }
}

/// The days a state was kept on, newest first.
fn days(source: &Source, kept: Option<&Store>) -> Vec<Day> {
    if source.is_sample() {
        let past = sample::past().into_iter().flatten();
        return past.filter_map(|past| Some(past.ok()?.as_of)).collect();
    }
    kept.map(Store::days).unwrap_or_default()
}

fn of_store(kind: Kind, id: &Id, kept: Option<&Store>) -> Vec<(Day, Option<Record>)> {
    let Some(store) = kept else { return Vec::new() };
    let state = |day: Day| {
        let changes = store.load(day).ok()?;
        let records = changes.into_iter().find_map(|change| match change {
            Change::Whole(of, records) if of == kind => Some(records),
            _ => None,
        });
        let found = records.unwrap_or_default().iter().find(|record| record.id() == id);
        Some((day, found))
    };
    store.days().into_iter().take(MOST_STATES).filter_map(state).collect()
}

fn of_sample(kind: Kind, id: &Id) -> Vec<(Day, Option<Record>)> {
    let mut out = Vec::new();
    // From the embedded newest state, not from the one that has lived since.
    let mut record = embedded(kind, id);
    for past in sample::past().into_iter().flatten().map_while(Result::ok) {
        for change in past.changes {
            match change {
                Change::Put(older) if older.kind() == kind && older.id() == id => record = Some(older),
                Change::Delete(of, gone) if of == kind && gone == *id => record = None,
                _ => {}
            }
        }
        out.push((past.as_of, record.clone()));
    }
    out
}

fn embedded(kind: Kind, id: &Id) -> Option<Record> {
    let limits = Limits {
        kinds_together: true,
        ..Limits::default()
    };
    let mut found = None;
    // Cut short as soon as the kind is there; that it was is no failure.
    let _ = source::read(sample::current().ok()?, &limits, &mut |item| match item {
        Item::Whole(of, records) if of == kind => {
            found = records.iter().find(|record| record.id() == id);
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    found
}
