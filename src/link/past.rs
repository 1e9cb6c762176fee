//! Earlier states of what a link shows: the sample's own, or those kept by day.

use super::Ask;
use crate::board::report::{Found, Teller};
use crate::board::{Board, Past};
use crate::clock::{self, Day};
use crate::contract::{Change, Id, Kind, Record};
use crate::kept::Store;
use crate::source::feed::{self, history};
use crate::source::{self, Access, Failure, Item, Limits, Pace, Source, Stop, sample};
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
    of_kept(kept?, now, day.min(now.today().plus(-1)))
}

/// The newest state kept on a day or before.
fn of_kept(kept: &Store, now: &Board, day: Day) -> Option<Past> {
    let (day, state) = kept.newest(day)?;
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
            teller: Teller::Kept,
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

/// The same of a server: as its endpoint tells it, or, where it does not, as it was kept here.
pub fn state_at(
    address: &str,
    access: &Access,
    limits: &Limits,
    now: &Board,
    kept: Option<&Store>,
    day: Day,
) -> Option<Past> {
    let endpoint = Endpoint {
        address: address.to_owned(),
        access: access.clone(),
        limits: *limits,
        pace: Pace::default(),
        kept: kept.cloned(),
    };
    endpoint.state(day, now).0
}

/// Where a feed's own past is asked for.
pub(super) struct Endpoint {
    pub address: String,
    pub access: Access,
    pub limits: Limits,
    pub pace: Pace,
    pub kept: Option<Store>,
}

impl Endpoint {
    /// What was asked for, as the endpoint tells it; as this machine kept it, with the reason, where it does not.
    pub(super) fn find(&self, ask: Ask, now: &Board) -> Found {
        match ask {
            Ask::State(asked) => {
                let (past, days, teller) = self.state(asked, now);
                Found::State {
                    asked,
                    past: past.map(Arc::new),
                    days,
                    teller,
                }
            }
            Ask::History(kind, id) => self.history(kind, id, now),
        }
    }

    /// The state at the end of a day, the days whose state can be had, and who tells it. The state shown is no earlier one.
    pub(super) fn state(&self, day: Day, now: &Board) -> (Option<Past>, Vec<Day>, Teller) {
        let kept = self.kept.as_ref();
        let newest = now.today().plus(-1);
        let day = day.min(newest);
        let here = || kept.and_then(|kept| of_kept(kept, now, day));
        let days_here = kept.map(Store::days).unwrap_or_default();
        let Some(at) = clock::last_second(day, now.zone()) else {
            return (here(), days_here, Teller::Kept);
        };
        // It becomes the earlier state, which has none of its own.
        let mut board = now.clone();
        board.forget_past();
        let mut apply = |changes| drop(board.apply(changes));
        let asked = feed::past::past(&self.address, &self.access, &self.limits, self.pace, at, &mut apply);
        let reach = match asked {
            Ok(reach) => reach,
            Err(failure) => return (here(), days_here, teller_of(failure)),
        };
        let mut days = Vec::new();
        if let Some(began) = reach.began {
            // Before the server was founded, what this machine kept of another one at the same address still counts.
            let began = clock::day_of(began, now.zone());
            days.extend((began.days()..=newest.days()).rev().map(Day::from_days));
            days.extend(days_here.into_iter().filter(|day| *day < began));
        } else {
            days = days_here;
        }
        if !reach.told {
            return (here(), days, Teller::Kept);
        }
        board.set_today(day);
        (Some(Past::new(day, board)), days, Teller::Endpoint)
    }

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
            Err(failure) => (of_store(kind, &id, self.kept.as_ref()), teller_of(failure)),
        };
        Found::History {
            kind,
            id,
            states,
            teller,
        }
    }
}

/// Why this machine tells what an endpoint was asked for.
fn teller_of(failure: Failure) -> Teller {
    match Stop::from(failure) {
        Stop::Problem(why) => Teller::Instead(Arc::new(*why)),
        Stop::Cancelled => Teller::Kept,
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
