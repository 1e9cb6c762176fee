//! A filter made ready for chunks: each of its tests by the cheapest way there is to the same answer.

use super::scan::{Mask, Scan};
use crate::board::columns::cells::{Cell, Cells};
use crate::board::columns::{Column, Value};
use crate::board::query::matcher::{self, Matcher};
use crate::board::query::{FieldTest, Query, Term, Test};
use crate::board::rows::Scope;
use crate::board::{Board, outreach};
use crate::contract::packed::{Chunk, CodeColumn, Codes, Names, ROWS, Sym};
use crate::contract::{Initiative, Record, Stage};
use std::sync::Arc;

/// The columns whose values many rows say alike.
const CODES: [CodeColumn; CodeColumn::COUNT] = [
    CodeColumn::Kind,
    CodeColumn::Stage,
    CodeColumn::Origin,
    CodeColumn::County,
    CodeColumn::Measure,
    CodeColumn::Project,
    CodeColumn::Sponsor,
    CodeColumn::Sector,
];

/// What a row takes, about, in billionths of a second.
mod price {
    pub(super) const CODE: u64 = 3;
    pub(super) const DAY: u64 = 10;
    pub(super) const WORD: u64 = 15;
    pub(super) const REST: u64 = 80;
    pub(super) const TEXT: u64 = 600;
    pub(super) const RECORD: u64 = 2_500;
}

/// One test of a filter or of a scope.
enum Way<'q> {
    /// A word somewhere in the texts of a row.
    Word(Scan, &'q str),
    /// Whole words somewhere in the texts of a row, by the word it begins with.
    Phrase(Scan, &'q str),
    /// A value many rows say alike.
    Shared(CodeColumn, &'static Column, &'q FieldTest),
    /// A value of the row; when it must contain a word, by that word.
    Value(Cell, &'static Column, &'q FieldTest, Option<Scan>),
    /// The narrowing of a list: a value many rows say alike that is exactly this.
    Exactly(CodeColumn, &'q str),
    /// Nobody went to it.
    Unvisited,
    /// Whatever else is asked of a whole record.
    Record(Query),
    /// The narrowing of a list by another column.
    Scope(&'static Column, &'q str),
}

impl Way<'_> {
    fn price(&self) -> u64 {
        match self {
            Self::Shared(..) | Self::Exactly(..) | Self::Unvisited => price::CODE,
            Self::Word(..) => price::WORD,
            Self::Value(cell, _, _, scan) => match cell {
                Cell::Day(_) | Cell::Visits | Cell::Reached | Cell::Code(_) => price::DAY,
                Cell::Members | Cell::Jobs(_) | Cell::Capital(_) | Cell::Updated => price::REST,
                Cell::Id | Cell::Title | Cell::Note if scan.is_some() => price::WORD,
                Cell::Id | Cell::Title | Cell::Note | Cell::Findings => price::TEXT,
            },
            Self::Phrase(..) => price::WORD,
            Self::Record(_) | Self::Scope(..) => price::RECORD,
        }
    }
}

/// All tests of a filter and a scope, the cheapest first.
pub struct Sieve<'q> {
    ways: Vec<(bool, Way<'q>)>,
    board: &'q Board,
    query: &'q Query,
}

impl<'q> Sieve<'q> {
    /// The tests of a filter within a scope.
    pub fn new(board: &'q Board, scope: Option<&'q Scope>, query: &'q Query) -> Self {
        let mut ways: Vec<(bool, Way<'q>)> = query.terms.iter().map(|term| (term.negated, way(term))).collect();
        for (column, wanted) in scope.iter().flat_map(|scope| scope.conditions()) {
            let way = match Cell::of(column) {
                Some(Cell::Code(code)) => Way::Exactly(code, wanted),
                _ => Way::Scope(column, wanted),
            };
            ways.push((false, way));
        }
        // Stable: of equally dear ones the first asked comes first.
        ways.sort_by_key(|(_, way)| way.price());
        Self { ways, board, query }
    }

    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }

    /// What looking at a row takes, about, in billionths of a second.
    pub fn price(&self) -> u64 {
        self.ways.iter().map(|(_, way)| way.price()).sum()
    }

    /// Ready to look at chunks on one thread.
    pub fn ready(&self) -> Ready<'_> {
        let memos = self.ways.iter().map(|_| Memos::default()).collect();
        Ready {
            sieve: self,
            matcher: self.query.on(self.board),
            cells: Cells::of(self.board),
            names: self.board.initiatives().names(),
            memos,
        }
    }
}

fn way(term: &Term) -> Way<'_> {
    let record = || {
        Way::Record(Query {
            terms: vec![Term {
                negated: false,
                test: term.test.clone(),
            }],
        })
    };
    match &term.test {
        Test::Word(word) => Scan::new(word).map_or_else(record, |scan| Way::Word(scan, word)),
        Test::Phrase(phrase) => Scan::new(phrase).map_or_else(record, |scan| Way::Phrase(scan, phrase)),
        Test::Is(flag) if flag.slug == "unapproached" => Way::Unvisited,
        Test::Is(flag) => match flag.slug {
            "new" => Way::Exactly(CodeColumn::Origin, "new"),
            "existing" => Way::Exactly(CodeColumn::Origin, "existing"),
            _ => record(),
        },
        Test::Field(column, test) => match Cell::of(column) {
            Some(Cell::Code(code)) => Way::Shared(code, column, test),
            Some(cell) => {
                let scan = match (cell, test) {
                    (Cell::Id | Cell::Title | Cell::Note, FieldTest::Contains(word)) => Scan::new(word),
                    _ => None,
                };
                Way::Value(cell, column, test, scan)
            }
            None => record(),
        },
    }
}

/// What was found out of names, by their numbers: 0 nothing yet, 1 no, 2 yes.
#[derive(Default)]
struct Memo(Vec<u8>);

impl Memo {
    fn get(&mut self, sym: Sym, find_out: impl FnOnce() -> bool) -> bool {
        let at = sym.0 as usize;
        if at >= self.0.len() {
            self.0.resize((at + 1).next_power_of_two(), 0);
        }
        match self.0.get_mut(at) {
            Some(2) => true,
            Some(1) => false,
            Some(slot) => {
                let yes = find_out();
                *slot = 1 + u8::from(yes);
                yes
            }
            None => find_out(),
        }
    }
}

#[derive(Default)]
struct Memos {
    codes: [Memo; CodeColumn::COUNT],
    results: Memo,
    reached: Option<[bool; 4]>,
}

/// A filter at work on one thread.
pub struct Ready<'s> {
    sieve: &'s Sieve<'s>,
    matcher: Matcher<'s>,
    cells: Cells<'s>,
    names: &'s Names,
    memos: Vec<Memos>,
}

impl Ready<'_> {
    /// The rows of `within` that pass.
    pub fn pass(&mut self, chunk: &Chunk, within: Mask) -> Mask {
        let mut left = within;
        let sieve = self.sieve;
        for ((negated, way), memos) in sieve.ways.iter().zip(&mut self.memos) {
            if left.is_empty() {
                break;
            }
            let look = Look {
                matcher: &self.matcher,
                cells: self.cells,
                names: self.names,
                board: sieve.board,
                chunk,
                within: left,
            };
            let passed = look.through(way, memos);
            left = if *negated {
                left.without(passed)
            } else {
                left.and(passed)
            };
        }
        left
    }
}

/// One chunk being looked at.
struct Look<'a> {
    matcher: &'a Matcher<'a>,
    cells: Cells<'a>,
    names: &'a Names,
    board: &'a Board,
    chunk: &'a Chunk,
    within: Mask,
}

impl Look<'_> {
    fn through(&self, way: &Way<'_>, memos: &mut Memos) -> Mask {
        match way {
            Way::Word(scan, word) => {
                let said = self.said(memos, &|value| self.matcher.says(value, word), &|text| {
                    crate::text::fold::contains(&crate::text::fold::fold(text), word)
                });
                said.or(scan.rows(self.chunk, self.within.without(said)))
            }
            Way::Phrase(scan, phrase) => {
                let said = self.said(memos, &|value| self.matcher.says_phrase(value, phrase), &|text| {
                    matcher::stands_in(text, phrase)
                });
                let candidates = scan.rows(self.chunk, self.within.without(said));
                said.or(filtered(candidates, |row| {
                    [Cell::Title, Cell::Note, Cell::Id].into_iter().any(|cell| {
                        self.matcher
                            .says_phrase(&self.cells.value(cell, self.chunk, row), phrase)
                    })
                }))
            }
            Way::Shared(column, shown, test) => {
                self.coded(*column, memos, &|value| self.matcher.holds(shown, test, value.clone()))
            }
            Way::Exactly(column, wanted) => self.coded(*column, memos, &|value| value.is_exactly(wanted)),
            Way::Value(cell, column, test, scan) => {
                let candidates = match scan {
                    Some(scan) => scan.rows(self.chunk, self.within),
                    None => self.within,
                };
                filtered(candidates, |row| {
                    self.matcher
                        .holds(column, test, self.cells.value(*cell, self.chunk, row))
                })
            }
            Way::Unvisited => {
                let today = self.board.today();
                let stages = self.chunk.codes(CodeColumn::Stage);
                let named = stages.names().iter().map(|stage| self.names.words.get(*stage));
                let open: Vec<bool> = named
                    .map(|stage| outreach::is_open(&Stage::from(stage.map_or("", |stage| stage.as_str()))))
                    .collect();
                filtered(self.within, |row| {
                    let stage = stages.rows().get(row).map_or(0, |code| usize::from(*code));
                    open.get(stage).copied().unwrap_or_default()
                        && !self.chunk.visits(row).any(|visit| visit.on <= today)
                })
            }
            Way::Record(query) => {
                let matcher = query.on(self.board);
                filtered(self.within, |row| {
                    self.record(row).is_some_and(|record| matcher.matches(&record))
                })
            }
            Way::Scope(column, wanted) => filtered(self.within, |row| {
                self.record(row)
                    .is_some_and(|record| (column.get)(self.board, &record).is_exactly(wanted))
            }),
        }
    }

    fn record(&self, row: usize) -> Option<Record> {
        let record: Option<Initiative> = self.chunk.record(row, self.names);
        record.map(|record| Record::Initiative(Arc::new(record)))
    }

    /// The rows whose value in a column passes.
    fn coded(&self, column: CodeColumn, memos: &mut Memos, passes: &dyn Fn(&Value) -> bool) -> Mask {
        let at = CODES.iter().position(|code| *code == column).unwrap_or_default();
        let memo = &mut memos.codes;
        let Some(memo) = memo.get_mut(at) else {
            return Mask::default();
        };
        let find_out = |sym| passes(&self.cells.shared(column, sym));
        self.of_names(self.chunk.codes(column), |sym| memo.get(sym, || find_out(sym)))
    }

    fn of_names(&self, codes: &Codes, mut passes: impl FnMut(Sym) -> bool) -> Mask {
        let mut table = [false; ROWS];
        let mut some = false;
        for (slot, sym) in table.iter_mut().zip(codes.names()) {
            *slot = passes(*sym);
            some |= *slot;
        }
        match some {
            true => Mask::marked(codes.rows(), &table).and(self.within),
            false => Mask::default(),
        }
    }

    /// The rows one of whose shared texts passes: what they name, how far they have come, what came of visits.
    fn said(&self, memos: &mut Memos, value: &dyn Fn(&Value) -> bool, text: &dyn Fn(&str) -> bool) -> Mask {
        let mut out = Mask::default();
        for column in CODES {
            out = out.or(self.coded(column, memos, value));
        }
        let reached = memos.reached.get_or_insert_with(|| {
            use crate::board::Reached::{BroughtIn, Empowered, Identified};
            [None, Some(Identified), Some(Empowered), Some(BroughtIn)]
                .map(|reached| reached.is_some() && value(&Cells::reached_value(reached)))
        });
        if reached.contains(&true) {
            let yes = |row: usize| {
                let at = self
                    .cells
                    .reached(self.chunk, row)
                    .map_or(0, |reached| 1 + reached as usize);
                reached.get(at).copied().unwrap_or_default()
            };
            out = out.or(filtered(self.within.without(out), yes));
        }
        let mut passed: Vec<bool> = Vec::new();
        for sym in self.chunk.results() {
            let find_out = || {
                let result = self.names.texts.get(*sym);
                result.is_some_and(|result| result.wordings().any(text))
            };
            passed.push(memos.results.get(*sym, find_out));
        }
        if passed.contains(&true) {
            let mut rows = Mask::default();
            self.chunk.each_resulting(&passed, |row| rows.set(row));
            out = out.or(rows.and(self.within));
        }
        out
    }
}

fn filtered(rows: Mask, mut passes: impl FnMut(usize) -> bool) -> Mask {
    let mut out = Mask::default();
    for row in rows.rows() {
        if passes(row) {
            out.set(row);
        }
    }
    out
}
