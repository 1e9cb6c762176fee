//! Whether a chunk of unknown origin is one that could have been built. Pure; it must not know where it came from.

use super::build::ROW_END;
use super::chunk::{Chunk, has};
use super::column::{BASE, Codes, Days, FAR};
use super::lines::Lines;
use super::names::{Names, Sym};
use crate::contract::Id;
use crate::contract::id::counted_behind;

/// Checks chunks that speak of the same names.
pub(super) struct Check {
    ids: Seen,
    words: Seen,
    texts: Seen,
    id: String,
}

/// Which names a list has already named: by number, in which round.
struct Seen {
    rounds: Vec<u32>,
    round: u32,
}

impl Seen {
    fn of(names: usize) -> Self {
        Self {
            // One more: nothing has a number, too.
            rounds: vec![0; names + 1],
            round: 0,
        }
    }

    /// True when all of these are names, and none stands there twice.
    fn are_names(&mut self, syms: &[Sym]) -> bool {
        self.round = self.round.checked_add(1).unwrap_or_else(|| {
            self.rounds.fill(0);
            1
        });
        let round = self.round;
        syms.iter().all(|sym| {
            let seen = self.rounds.get_mut(sym.0 as usize);
            seen.is_some_and(|seen| std::mem::replace(seen, round) != round)
        })
    }
}

impl Check {
    pub(super) fn of(names: &Names) -> Self {
        Self {
            ids: Seen::of(names.ids.len()),
            words: Seen::of(names.words.len()),
            texts: Seen::of(names.texts.len()),
            id: String::new(),
        }
    }

    /// Nothing for a chunk that nobody could have built. What each list is as long as must be, and where its lines end, the reader
    /// has seen to.
    pub(super) fn chunk(&mut self, chunk: &Chunk, names: &Names) -> Option<()> {
        self.ids_ascend(chunk)?;
        let [kind, stage, origin, county, measure, project, sponsor, sector] = &chunk.codes;
        let of_words = [kind, stage, origin]
            .into_iter()
            .all(|codes| codes_fit(codes, &mut self.words));
        let of_ids = [county, measure, project, sponsor]
            .into_iter()
            .all(|codes| codes_fit(codes, &mut self.ids));
        (of_words && of_ids && codes_fit(sector, &mut self.texts)).then_some(())?;
        chunk.days.iter().all(days_fit).then_some(())?;
        let visits = &chunk.visits;
        let fit = visits.ends.iter().is_sorted()
            && visits.by.iter().all(|at| (at as usize) < visits.names.len())
            && visits.result.iter().all(|at| (at as usize) < visits.results.len())
            && self.ids.are_names(&visits.names)
            && self.texts.are_names(&visits.results);
        fit.then_some(())?;
        (0..chunk.len()).try_for_each(|row| rest(chunk, row, names))
    }

    fn ids_ascend(&mut self, chunk: &Chunk) -> Option<()> {
        let mut before: Option<&[u8]> = None;
        let digit = chunk.prefix.as_bytes().last().is_some_and(u8::is_ascii_digit);
        for row in 0..chunk.len() {
            let now = chunk.ids.get(row);
            self.id.clear();
            self.id.push_str(&chunk.prefix);
            self.id.push_str(std::str::from_utf8(now).ok()?);
            let ascends = before.is_none_or(|before| counted_behind(digit, before, now).is_lt());
            (ascends && Id::is_one(&self.id)).then_some(())?;
            before = Some(now);
        }
        Some(())
    }
}

/// Nothing when these are no searched texts, as UTF-8, of so many rows.
pub(super) fn searched(search: &Lines) -> Option<()> {
    let text = search.all();
    let mut before = 0;
    let marked = search.ends().iter().all(|end| {
        let start = std::mem::replace(&mut before, end as usize);
        start < before && text.get(before - 1) == Some(&ROW_END)
    });
    let marks = memchr::memchr_iter(ROW_END, text).count();
    (marked && marks == search.len() && simdutf8::basic::from_utf8(text).is_ok()).then_some(())?;
    // Folding leaves no capital letter, and here they stand for others.
    let capitals = text.iter().map(|byte| usize::from(byte.is_ascii_uppercase()));
    (capitals.sum::<usize>() == 0).then_some(())
}

fn codes_fit(codes: &Codes, seen: &mut Seen) -> bool {
    let most = codes.rows.iter().max().copied().map_or(0, usize::from);
    most < codes.names.len() && seen.are_names(&codes.names)
}

/// True when every day that does not fit in two bytes, and no other, stands beside its row.
fn days_fit(days: &Days) -> bool {
    let far = days.rows.iter().zip(0_u16..).filter(|(code, _)| **code == FAR);
    far.map(|(_, row)| row).eq(days.far.iter().map(|(row, _)| *row))
        && days.far.iter().all(|(_, day)| {
            let code = i64::from(*day) - i64::from(BASE);
            !(1..i64::from(FAR)).contains(&code)
        })
}

/// Nothing when the bytes of a row are not all of one record.
fn rest(chunk: &Chunk, row: usize, names: &Names) -> Option<()> {
    let flags = chunk.flags(row);
    if flags & has::WHOLE != 0 {
        let record = chunk.record(row, names)?;
        return (flags == has::WHOLE && chunk.compare_id(row, record.id.as_str()).is_eq()).then_some(());
    }
    let tail = chunk.tail(row)?;
    let steps = [tail.jobs, tail.capital];
    let finite = steps.iter().flatten().flatten().flatten().all(|n| n.is_finite());
    let known = has::MEMBERS | has::JOBS | has::CAPITAL | has::UPDATED_DAY | has::UPDATED_AT | has::NOTE;
    let both = has::UPDATED_DAY | has::UPDATED_AT;
    let mut texts = tail.texts;
    let mut is_text = || texts.clean_text() == Some(true);
    let fit = finite && flags & !known == 0 && flags & both != both && is_text() && (!tail.note || is_text());
    (fit && texts.0.is_empty()).then_some(())
}
