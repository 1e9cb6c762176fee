//! A filter made ready for chunks: each of its tests by the cheapest way there is to the same answer.

use super::memo::{Memo, Memos};
use super::named::{CODES, Named, how_many};
use super::scan::{Likely, Scan};
use crate::board::columns::cells::{Cell, Cells};
use crate::board::columns::{Column, Value};
use crate::board::query::matcher::{self, Matcher};
use crate::board::query::{FieldTest, Query, Term, Test};
use crate::board::rows::Scope;
use crate::board::{Board, Reached, outreach};
use crate::contract::packed::{Chunk, CodeColumn, Foresight, Lines, Mask, Names, Picked, Sought, Sym};
use crate::contract::{Initiative, Record, Stage};
use crate::text::fold;
use std::sync::Arc;

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
    named: Option<&'q Named>,
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
        let named = None;
        Self {
            ways,
            board,
            query,
            named,
        }
    }

    /// The same, where it is known what names say.
    pub fn knowing(self, named: &'q Named) -> Self {
        let named = Some(named);
        Self { named, ..self }
    }

    /// True when it is asked what names say.
    pub fn asks_names(&self) -> bool {
        self.ways.iter().any(|(_, way)| matches!(way, Way::Word(..)))
    }

    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }

    /// What looking at a row takes, about, in billionths of a second.
    pub fn price(&self) -> u64 {
        self.ways.iter().map(|(_, way)| way.price()).sum()
    }

    /// What its tests make of all names, each of its own.
    pub fn memos(&self) -> Vec<Memos> {
        let ready = self.ready(Vec::new());
        self.ways.iter().map(|(_, way)| ready.look_at_names(way)).collect()
    }

    /// Ready to look at chunks on one thread, with what its tests make of names.
    pub fn ready(&self, memos: Vec<Memos>) -> Ready<'_> {
        Ready {
            sieve: self,
            matcher: self.query.on(self.board),
            cells: Cells::of(self.board),
            names: self.board.initiatives().names(),
            memos,
            read: 0,
        }
    }

    /// True when all it asks for is one word of more than a letter: who says a single letter by a name is not told from who has it otherwise.
    pub fn is_a_word(&self) -> bool {
        matches!(&*self.ways, [(false, Way::Word(scan, _))] if !scan.is_known())
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

/// Whether a value of a column passes.
type OfValue<'f> = &'f dyn Fn(&Value) -> bool;
/// Whether a text passes.
type OfText<'f> = &'f dyn Fn(&str) -> bool;

/// Whether a folded word stands in a text.
fn says(text: &str, word: &str) -> bool {
    fold::contains(&fold::fold(text), word)
}

/// Whether what came of a visit passes.
fn resulted(names: &Names, sym: Sym, text: OfText<'_>) -> bool {
    names.texts.get(sym).is_some_and(|result| result.wordings().any(text))
}

/// A chunk that is to be looked at.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// It.
    pub chunk: &'a Chunk,
    /// The rows that are.
    pub within: Mask,
    /// Those of them that say the only word that is asked for by a name, when it is known.
    pub said: Option<Mask>,
}

/// What a chunk answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// The rows that pass.
    pub rows: Mask,
    /// Of one word that is asked for, the rows that say it by a name.
    pub said: Mask,
}

/// Chunks looked at together: memory answers what is asked of all of them in little more time than what is asked of one.
pub const TOGETHER: usize = 4;

/// A filter at work on one thread.
pub struct Ready<'s> {
    sieve: &'s Sieve<'s>,
    matcher: Matcher<'s>,
    cells: Cells<'s>,
    names: &'s Names,
    memos: Vec<Memos>,
    /// Bytes of a text that are read until the word is found, lately.
    read: usize,
}

impl Ready<'_> {
    /// What a word makes of all names, if they are few.
    fn look_at_names(&self, way: &Way<'_>) -> Memos {
        let mut memos = Memos::default();
        let (value, text): (OfValue<'_>, OfText<'_>) = match way {
            Way::Word(_, word) => (&|value| self.matcher.says_once(value, word), &|text| says(text, word)),
            Way::Phrase(_, phrase) => (&|value| self.matcher.says_phrase(value, phrase), &|text| {
                matcher::stands_in(text, phrase)
            }),
            _ => return memos,
        };
        memos.reached = Reached::ALL.map(|reached| value(&Cells::reached_value(Some(reached))));
        // What is known of a column before is looked through; of others each name is asked.
        let lines = |column| match way {
            Way::Word(scan, _) => self
                .sieve
                .named
                .and_then(|named| named.said(column))
                .map(|lines| (scan, lines)),
            _ => None,
        };
        let all = |memo: &mut Memo, lines: Option<(&Scan, &Lines)>, known, find_out: &dyn Fn(Sym) -> bool| match lines {
            Some((scan, lines)) => memo.all(lines.len().saturating_sub(1), |sym| {
                scan.stands_in_line(lines, sym.0 as usize)
            }),
            None => memo.all(known, find_out),
        };
        for (column, memo) in CODES.into_iter().zip(&mut memos.codes) {
            let known = how_many(self.names, column);
            all(memo, lines(column), known, &|sym| {
                value(&self.cells.shared(column, sym))
            });
        }
        // What came of visits are texts like sectors.
        let (known, lines) = (how_many(self.names, CodeColumn::Sector), lines(CodeColumn::Sector));
        all(&mut memos.results, lines, known, &|sym| resulted(self.names, sym, text));
        memos
    }

    /// What of every chunk will be looked at; of names nothing when it is known who says them.
    pub fn foresight(&self, said_is_known: bool) -> Foresight {
        let mut out = Foresight::default();
        for ((_, way), memos) in self.sieve.ways.iter().zip(&self.memos) {
            match way {
                Way::Word(scan, _) | Way::Phrase(scan, _) => {
                    out.texts |= !scan.is_known();
                    let pairs = out.pairs.iter_mut().zip(scan.pairs());
                    pairs.for_each(|(slot, pair)| *slot = Some(*pair));
                    let letters = out.letters.iter_mut().zip(scan.letters());
                    letters.for_each(|(slot, letter)| *slot = Some(*letter));
                    if said_is_known {
                        continue;
                    }
                    // The columns of both stand in one order.
                    let columns = out.codes.iter_mut().chain([&mut out.results]);
                    for (wanted, memo) in columns.zip(memos.all()) {
                        // Of two words each has its own names: where both have some, none is picked.
                        match (&wanted, memo.sought()) {
                            (Sought::Nobody, sought) => *wanted = sought,
                            (_, Sought::Nobody) => {}
                            _ => *wanted = Sought::Anybody,
                        }
                    }
                    // Those before the first that passes are not looked at.
                    let first = memos.reached.iter().position(|passes| *passes).unwrap_or(usize::MAX);
                    out.days
                        .iter_mut()
                        .enumerate()
                        .filter(|(at, _)| *at >= first)
                        .for_each(|(_, wanted)| *wanted = Some(self.sieve.board.today()));
                }
                Way::Shared(column, ..) | Way::Exactly(column, _) => {
                    let columns = CODES.into_iter().zip(&mut out.codes);
                    let asked = columns.filter(|(known, _)| known == column);
                    asked.for_each(|(_, wanted)| *wanted = Sought::Anybody);
                }
                Way::Unvisited => out.visits = true,
                Way::Value(.., Some(_)) => out.texts = true,
                Way::Value(..) | Way::Record(_) | Way::Scope(..) => {}
            }
        }
        out
    }

    /// The rows of chunks that pass, at most [`TOGETHER`] of them, each with what was picked of it.
    pub fn pass(&mut self, chunks: &[Asked<'_>], picked: &[Picked; TOGETHER]) -> [Answer; TOGETHER] {
        let mut out = [Answer::default(); TOGETHER];
        out.iter_mut()
            .zip(chunks)
            .for_each(|(out, asked)| out.rows = asked.within);
        let sieve = self.sieve;
        for ((negated, way), memos) in sieve.ways.iter().zip(&mut self.memos) {
            let look = |chunk, within, picked| Look {
                matcher: &self.matcher,
                cells: self.cells,
                names: self.names,
                board: sieve.board,
                chunk,
                within,
                picked,
            };
            let mut passed = [Mask::default(); TOGETHER];
            let mut likely = [const { Likely::Rows(Mask::NONE) }; TOGETHER];
            let looked = chunks
                .iter()
                .zip(picked)
                .zip(&mut out)
                .zip(&mut passed)
                .zip(&mut likely);
            for ((((asked, picked), out), passed), likely) in looked {
                if out.rows.is_empty() {
                    continue;
                }
                (*passed, *likely) = look(asked.chunk, out.rows, picked).through(way, memos, asked.said);
                out.said = *passed;
                likely.foresee(asked.chunk, self.read);
            }
            if let Way::Word(scan, _) = way {
                for ((asked, passed), likely) in chunks.iter().zip(&mut passed).zip(&likely) {
                    *passed = passed.or(scan.found(asked.chunk, likely, &mut self.read));
                }
            }
            for (out, passed) in out.iter_mut().zip(passed) {
                out.rows = match negated {
                    true => out.rows.without(passed),
                    false => out.rows.and(passed),
                };
            }
        }
        out
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
    picked: &'a Picked,
}

impl Look<'_> {
    /// The rows of `within` known to pass, and what is known of the others; those that say a word by a name may be known.
    fn through(&self, way: &Way<'_>, memos: &mut Memos, said: Option<Mask>) -> (Mask, Likely) {
        let passed = match way {
            Way::Word(scan, word) => return self.for_word(scan, word, memos, said),
            Way::Phrase(scan, phrase) => {
                let value = |value: &Value| self.matcher.says_phrase(value, phrase);
                let said = self.said(self.within, memos, &value, &|text| matcher::stands_in(text, phrase));
                let candidates = scan.rows(self.chunk, self.within.without(said));
                said.or(filtered(candidates, |row| {
                    let searched = self.chunk.searched(row);
                    let may = |cell: &Cell| match (cell, searched) {
                        (Cell::Id, Some((id, _))) => scan.stands_in(id),
                        (Cell::Title, Some((_, title))) => scan.stands_in(title),
                        (_, Some(_)) => false,
                        (_, None) => true,
                    };
                    [Cell::Title, Cell::Note, Cell::Id].into_iter().filter(may).any(|cell| {
                        self.matcher
                            .says_phrase(&self.cells.value(cell, self.chunk, row), phrase)
                    })
                }))
            }
            Way::Shared(column, shown, test) => {
                let passes = |value: &Value| self.matcher.holds(shown, test, value.clone());
                self.coded(self.within, *column, memos, &passes)
            }
            Way::Exactly(column, wanted) => self.coded(self.within, *column, memos, &|value| value.is_exactly(wanted)),
            Way::Value(cell, column, test, scan) => {
                let candidates = match scan {
                    Some(scan) => scan.rows(self.chunk, self.within),
                    None => self.within,
                };
                filtered(candidates, |row| {
                    let searched = self.chunk.searched(row);
                    match (scan, cell, searched) {
                        // All that is searched of the row is its id and its title: there is no need to make it of what it says.
                        (Some(scan), Cell::Id, Some((id, _))) => scan.stands_in(id),
                        (Some(scan), Cell::Title, Some((_, title))) => scan.stands_in(title),
                        (Some(_), Cell::Note, Some(_)) => false,
                        _ => self
                            .matcher
                            .holds(column, test, self.cells.value(*cell, self.chunk, row)),
                    }
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
        };
        (passed, Likely::Rows(Mask::NONE))
    }

    /// The rows of `within` known to say a word by a name or a letter, and what is known of the others; those by a name may be known.
    fn for_word(&self, scan: &Scan, word: &str, memos: &mut Memos, known: Option<Mask>) -> (Mask, Likely) {
        let said = |left, memos| {
            let value = |value: &Value| self.matcher.says_once(value, word);
            self.said(left, memos, &value, &|text| says(text, word))
        };
        // A single letter is known of every row; what rows share is looked at where it does not stand.
        if scan.is_known() {
            let own = scan.rows(self.chunk, self.within);
            return (own.or(said(self.within.without(own), memos)), Likely::Rows(Mask::NONE));
        }
        let said = match known {
            Some(said) => said.and(self.within),
            None => said(self.within, memos),
        };
        (said, scan.likely(self.chunk, self.within.without(said)))
    }

    fn record(&self, row: usize) -> Option<Record> {
        let record: Option<Initiative> = self.chunk.record(row, self.names);
        record.map(|record| Record::Initiative(Arc::new(record)))
    }

    /// The rows of `within` whose value in a column passes.
    fn coded(&self, within: Mask, column: CodeColumn, memos: &mut Memos, passes: OfValue<'_>) -> Mask {
        let Some(memo) = memos.codes.get_mut(column as usize) else {
            return Mask::default();
        };
        let mut passes = |sym| memo.get(sym, || passes(&self.cells.shared(column, sym)));
        let codes = self.chunk.codes(column);
        if 4 * within.count() < codes.names().len() {
            return filtered(within, |row| passes(codes.get(row)));
        }
        self.chunk.saying(column, passes).and(within)
    }

    /// The rows of `within` one of whose shared texts passes: what they name, how far they have come, what came of visits.
    fn said(&self, within: Mask, memos: &mut Memos, value: OfValue<'_>, text: OfText<'_>) -> Mask {
        let mut left = within;
        for column in CODES {
            let memo = memos.codes.get(column as usize);
            if memo.is_some_and(|memo| memo.is_of_nobody) || left.is_empty() {
                continue;
            }
            let picked = self.chunk.saying_picked(column, self.picked);
            left = left.without(match picked {
                Some(rows) => rows,
                None => self.coded(left, column, memos, value),
            });
        }
        let reached = memos.reached;
        if reached.contains(&true) && !left.is_empty() {
            for (rows, passes) in self.cells.reaching(self.chunk, reached).into_iter().zip(reached) {
                if passes {
                    left = left.without(rows);
                }
            }
        }
        if !memos.results.is_of_nobody && !left.is_empty() {
            let picked = self.chunk.resulting_picked(self.picked);
            left = left.without(picked.unwrap_or_else(|| {
                let find_out = |sym| memos.results.get(sym, || resulted(self.names, sym, text));
                self.chunk.resulting(find_out)
            }));
        }
        within.without(left)
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
