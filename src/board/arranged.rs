//! A list of initiatives: which rows of a million, in which order, kept through keystrokes and changes. It must not know screens.

use super::columns::cells::{Cell, Cells};
use super::columns::{Column, Value};
use super::namers::Namers;
use super::order::{Handle, Order, Passed, handle, place};
use super::query::{Query, Sifted, Stop};
use super::rows::{ListSpec, Scope};
use super::{Board, columns};
use crate::contract::packed::{ROWS, Sym};
use crate::contract::{Id, Kind};
use crate::text::Lang;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What may be done while a key waits, in billionths of a second on one processor: with two of them a frame or little more.
pub const QUICK: u64 = 40_000_000;

/// Rows a changed one is held against until it is in its place, about.
const SEEKING: usize = 20;

/// A list of initiatives as it was asked for.
#[derive(Clone)]
pub struct Arranged {
    board: Board,
    order: Order,
    scope: Option<Scope>,
    /// The rows within the scope.
    base: Sifted,
    query: Query,
    sifted: Sifted,
    /// What this filter was typed on from, the widest first, of the same rows: whoever takes letters back has been there.
    trail: Vec<(Query, Sifted)>,
    pinned: Vec<Id>,
    rows: Passed,
}

/// Filters remembered on the way to one; each takes a bit a row.
const TRAIL: usize = 16;

impl std::fmt::Debug for Arranged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arranged")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// What of an earlier list still holds.
enum Holds {
    /// All of it: the same initiatives, and nothing else that matters has changed.
    All,
    /// All but the changed initiatives.
    But,
    Nothing,
}

impl Arranged {
    /// The list a specification asks for, made of what an earlier one still holds; nothing when it was stopped.
    pub fn of(
        board: &Board,
        spec: &ListSpec,
        lang: Lang,
        pinned: &[Id],
        before: Option<&Self>,
        stop: &Stop,
    ) -> Option<Self> {
        let order = match before.map(|before| (before, before.order_holds(board, spec, lang))) {
            Some((before, Holds::All)) => before.order.clone(),
            Some((before, Holds::But)) => match before.order.again(board) {
                Some(order) => order,
                None => Order::of(board, &spec.sort, lang, stop)?,
            },
            _ => Order::of(board, &spec.sort, lang, stop)?,
        };
        let scope = spec.scope.as_ref();
        let everything = Query::default();
        let base = match before.map(|before| (before, before.base_holds(board, spec))) {
            Some((before, Holds::All)) => before.base.clone(),
            Some((before, Holds::But)) => before.base.again(board, scope, &everything, stop)?,
            _ => Sifted::of(board, scope, &everything, None, stop)?,
        };
        let query = &spec.query;
        let trail = before.map(|before| before.trail_to(board, spec)).unwrap_or_default();
        let sifted = match before.map(|before| (before, before.sifted_holds(board, spec))) {
            _ if query.is_empty() => base.clone(),
            Some((before, Holds::But)) => before.sifted.again(board, scope, query, stop)?,
            _ => match trail.last() {
                Some((known, sifted)) if known == query => sifted.clone(),
                Some((known, sifted)) => Sifted::of(board, None, &query.besides(known), Some(sifted), stop)?,
                None => Sifted::of(board, None, query, Some(&base), stop)?,
            },
        };
        let rows = match before {
            Some(before) if before.pinned == pinned && before.order.is(&order) && before.sifted.is(&sifted) => {
                before.rows.clone()
            }
            _ => {
                let pinned = pinned.iter().filter_map(|id| board.initiatives().find(id.as_str()));
                let pinned: Vec<Handle> = pinned.map(handle).collect();
                Passed::of(&order, &sifted, pinned)
            }
        };
        Some(Self {
            board: board.clone(),
            order,
            scope: spec.scope.clone(),
            base,
            query: query.clone(),
            sifted,
            trail,
            pinned: pinned.to_vec(),
            rows,
        })
    }

    /// What of this list a filter may start from: the results, the widest first, in which all its rows are, of rows that have not changed. The
    /// last may be its own.
    fn trail_to(&self, board: &Board, spec: &ListSpec) -> Vec<(Query, Sifted)> {
        let by_findings = self.query.asks_for_findings();
        if self.query.is_empty() || spec.query.is_empty() || self.scope != spec.scope {
            return Vec::new();
        }
        // Whatever one on the trail looks at, this filter looks at as well: it was made of that one by adding to it.
        if !matches!(self.holds(board, true, by_findings), Holds::All) {
            return Vec::new();
        }
        let own = [(&self.query, &self.sifted)];
        let known = self.trail.iter().map(|(query, sifted)| (query, sifted)).chain(own);
        let mut out: Vec<(Query, Sifted)> = known
            .filter(|(query, _)| spec.query.narrows(query))
            .map(|(query, sifted)| (query.clone(), sifted.clone()))
            .collect();
        // One that was taken back to is followed by none that goes further.
        if let Some(at) = out.iter().position(|(query, _)| *query == spec.query) {
            out.truncate(at + 1);
        }
        out.drain(..out.len().saturating_sub(TRAIL));
        out
    }

    /// What making such a list takes, about, in billionths of a second on one processor.
    pub fn price(board: &Board, spec: &ListSpec, lang: Lang, before: Option<&Self>) -> u64 {
        let rows = board.initiatives().len();
        // What has to be looked at again of what still holds.
        let changed = before.map_or(0, |before| before.changed(board));
        let order = match before.map(|before| before.order_holds(board, spec, lang)) {
            Some(Holds::All) => 0,
            // Each changed row seeks its place among all.
            Some(Holds::But) if Order::follows(changed, board) => Order::price(&spec.sort, changed * SEEKING),
            _ => Order::price(&spec.sort, rows),
        };
        let base = match before.map(|before| before.base_holds(board, spec)) {
            Some(Holds::All) => 0,
            Some(Holds::But) => Sifted::price(board, spec.scope.as_ref(), &Query::default(), changed),
            _ => Sifted::price(board, spec.scope.as_ref(), &Query::default(), rows),
        };
        let trail = before.map(|before| before.trail_to(board, spec)).unwrap_or_default();
        let sifted = match before.map(|before| before.sifted_holds(board, spec)) {
            _ if spec.query.is_empty() => 0,
            Some(Holds::But) => Sifted::price(board, spec.scope.as_ref(), &spec.query, changed),
            _ => match trail.last() {
                Some((known, _)) if *known == spec.query => 0,
                Some((known, sifted)) => Sifted::price(board, None, &spec.query.besides(known), sifted.len()),
                None => Sifted::price(board, None, &spec.query, rows),
            },
        };
        order.saturating_add(base).saturating_add(sifted)
    }

    /// Rows of chunks that are not those this was made of.
    fn changed(&self, board: &Board) -> usize {
        if self.board.initiatives().is_same(board.initiatives()) {
            return 0;
        }
        let known: HashSet<usize> = self
            .board
            .initiatives()
            .chunks()
            .map(|chunk| Arc::as_ptr(chunk).addr())
            .collect();
        let new = board
            .initiatives()
            .chunks()
            .filter(|chunk| !known.contains(&Arc::as_ptr(chunk).addr()));
        new.map(|chunk| chunk.len()).sum()
    }

    fn order_holds(&self, board: &Board, spec: &ListSpec, lang: Lang) -> Holds {
        if !self.order.is_by(&spec.sort, lang) {
            return Holds::Nothing;
        }
        let cells = || spec.sort.iter().filter_map(|(column, _)| Cell::of(column));
        use crate::contract::packed::CodeColumn::{County, Measure, Project, Sponsor};
        let named = |cell| {
            matches!(
                cell,
                Cell::Code(County | Measure | Project | Sponsor) | Cell::Reached | Cell::Updated | Cell::Findings
            )
        };
        let findings = cells().any(|cell| cell == Cell::Findings);
        self.holds(board, cells().any(named), findings)
    }

    fn base_holds(&self, board: &Board, spec: &ListSpec) -> Holds {
        if self.scope != spec.scope {
            return Holds::Nothing;
        }
        let findings = columns::column(Kind::Initiative, "findings");
        let by_findings = spec
            .scope
            .iter()
            .flat_map(Scope::conditions)
            .any(|(column, _)| Some(column) == findings);
        self.holds(board, spec.scope.is_some(), by_findings)
    }

    /// Whether the filtered rows hold for a filter, which may be narrower when the initiatives are the same.
    fn sifted_holds(&self, board: &Board, spec: &ListSpec) -> Holds {
        if self.scope != spec.scope || !spec.query.narrows(&self.query) {
            return Holds::Nothing;
        }
        let named = spec.scope.is_some() || !self.query.is_empty();
        match self.holds(board, named, self.query.asks_for_findings()) {
            Holds::But if self.query != spec.query => Holds::Nothing,
            holds => holds,
        }
    }

    fn holds(&self, board: &Board, by_names: bool, by_findings: bool) -> Holds {
        let same = (!by_names || Namers::of(&self.board).are_of(board))
            && (!by_findings || self.board.findings().is_same(board.findings()));
        match same {
            false => Holds::Nothing,
            true if self.board.initiatives().is_same(board.initiatives()) => Holds::All,
            true if Arc::ptr_eq(self.board.initiatives().names(), board.initiatives().names()) => Holds::But,
            true => Holds::Nothing,
        }
    }

    /// The board it was made of.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True without a row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there would be without the filter.
    pub fn total(&self) -> usize {
        self.base.len()
    }

    /// The id of the row at a position.
    pub fn get(&self, at: usize) -> Option<Id> {
        self.order.table().id(place(self.rows.get(at)?))
    }

    /// The position of an id.
    pub fn position(&self, id: &Id) -> Option<usize> {
        let wanted = handle(self.order.table().find(id.as_str())?);
        self.rows.position(wanted)
    }
}

/// Hands on the values of a column among the initiatives that pass a filter, each with a number of rows that have it; a value may
/// come more than once.
pub fn values(board: &Board, spec: &ListSpec, column: &Column, each: &mut dyn FnMut(Value, usize)) {
    let table = board.initiatives();
    let (Some(sifted), Some(cell)) = (
        Sifted::of(board, spec.scope.as_ref(), &spec.query, None, &Stop::never()),
        Cell::of(column),
    ) else {
        return;
    };
    let cells = Cells::of(board);
    let chunks = table.chunks().zip(sifted.masks());
    let Cell::Code(code) = cell else {
        for (chunk, mask) in chunks {
            mask.rows().for_each(|row| each(cells.value(cell, chunk, row), 1));
        }
        return;
    };
    let mut counts: HashMap<Sym, usize> = HashMap::new();
    for (chunk, mask) in chunks {
        let codes = chunk.codes(code);
        let mut rows = [0_usize; ROWS];
        for row in mask.rows() {
            let code = codes.rows().get(row).map_or(0, |code| usize::from(*code));
            if let Some(count) = rows.get_mut(code) {
                *count += 1;
            }
        }
        for (sym, count) in codes.names().iter().zip(rows).filter(|(_, count)| *count > 0) {
            *counts.entry(*sym).or_default() += count;
        }
    }
    for (sym, count) in counts {
        each(cells.shared(code, sym), count);
    }
}

/// A list that is to be made beside the keys.
#[derive(Clone, Debug)]
pub struct Job(Box<Asked>);

/// What is asked for.
#[derive(Clone, Debug)]
struct Asked {
    board: Board,
    spec: ListSpec,
    lang: Lang,
    pinned: Vec<Id>,
    before: Option<Arc<Arranged>>,
    stop: Stop,
}

impl Job {
    /// A list to be made of what an earlier one still holds.
    pub fn new(
        board: &Board,
        spec: &ListSpec,
        lang: Lang,
        pinned: &[Id],
        before: Option<Arc<Arranged>>,
        stop: Stop,
    ) -> Self {
        Self(Box::new(Asked {
            board: board.clone(),
            spec: spec.clone(),
            lang,
            pinned: pinned.to_vec(),
            before,
            stop,
        }))
    }

    /// Makes it; nothing when something newer was asked for meanwhile.
    pub fn run(&self) -> Option<Made> {
        let asked = &self.0;
        let before = asked.before.as_deref();
        let list = Arranged::of(
            &asked.board,
            &asked.spec,
            asked.lang,
            &asked.pinned,
            before,
            &asked.stop,
        )?;
        Some(Made {
            list: Arc::new(list),
            stop: asked.stop.clone(),
        })
    }
}

/// Two pieces of work are one when they were asked for at once.
impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.0.stop.is(&other.0.stop)
    }
}

impl Eq for Job {}

/// A list that was made beside the keys.
#[derive(Clone, Debug)]
pub struct Made {
    /// The list.
    pub list: Arc<Arranged>,
    /// Which piece of work it is.
    pub stop: Stop,
}

#[cfg(test)]
mod tests;
