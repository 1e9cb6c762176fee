//! The columns of initiatives read where they are packed: the same values as a record gives, without making one. It must not know
//! filters or orders.

use super::{Column, Value, a_word, body, county, day, findings, link, moment};
use crate::board::{Board, Reached, participation};
use crate::clock::Day;
use crate::contract::figure::Step;
use crate::contract::packed::{Chunk, CodeColumn, DayColumn, Mask, Names, Steps, Sym};
use crate::contract::{InitiativeKind, Kind, Origin, Stage, Text};

/// Where the value of a column stands in a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The record's id.
    Id,
    /// Its title.
    Title,
    /// Its note.
    Note,
    /// What many rows say alike.
    Code(CodeColumn),
    /// How far it has provably come.
    Reached,
    /// A day.
    Day(DayColumn),
    /// How often somebody went to it.
    Visits,
    /// Members.
    Members,
    /// Jobs at a step.
    Jobs(Step),
    /// Capital at a step.
    Capital(Step),
    /// What was found of it.
    Findings,
    /// When somebody last looked after it.
    Updated,
}

impl Cell {
    /// Where a column of initiatives stands; nothing for a column this does not know.
    pub fn of(column: &Column) -> Option<Self> {
        Some(match column.key {
            "id" => Self::Id,
            "initiative_kind" => Self::Code(CodeColumn::Kind),
            "title" => Self::Title,
            "county" => Self::Code(CodeColumn::County),
            "sector" => Self::Code(CodeColumn::Sector),
            "measure" => Self::Code(CodeColumn::Measure),
            "project" => Self::Code(CodeColumn::Project),
            "stage" => Self::Code(CodeColumn::Stage),
            "reached" => Self::Reached,
            "identified" => Self::Day(DayColumn::Identified),
            "empowered" => Self::Day(DayColumn::Empowered),
            "brought_in" => Self::Day(DayColumn::BroughtIn),
            "origin" => Self::Code(CodeColumn::Origin),
            "sponsor" => Self::Code(CodeColumn::Sponsor),
            "outreach" => Self::Visits,
            "members" => Self::Members,
            "jobs_committed" => Self::Jobs(Step::Committed),
            "jobs_claimed" => Self::Jobs(Step::Claimed),
            "jobs_registered" => Self::Jobs(Step::Registered),
            "jobs_approved" => Self::Jobs(Step::Approved),
            "jobs_verified" => Self::Jobs(Step::Verified),
            "capital_committed" => Self::Capital(Step::Committed),
            "capital_claimed" => Self::Capital(Step::Claimed),
            "capital_registered" => Self::Capital(Step::Registered),
            "capital_approved" => Self::Capital(Step::Approved),
            "capital_verified" => Self::Capital(Step::Verified),
            "started" => Self::Day(DayColumn::Started),
            "findings" => Self::Findings,
            "updated" => Self::Updated,
            "note" => Self::Note,
            _ => return None,
        })
    }
}

/// The days on which an initiative reached what [`Reached::ALL`] names, in that order.
const REACHED_ON: [DayColumn; 3] = [DayColumn::Identified, DayColumn::Empowered, DayColumn::BroughtIn];

/// The cells of one version of the initiatives.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    board: &'a Board,
    names: &'a Names,
}

impl<'a> Cells<'a> {
    /// The cells of a board's initiatives.
    pub fn of(board: &'a Board) -> Self {
        Self {
            board,
            names: board.initiatives().names(),
        }
    }

    /// What a name says in a column.
    pub fn shared(&self, column: CodeColumn, sym: Sym) -> Value {
        let word = || self.names.words.get(sym).map_or("", |word| word.as_str());
        let id = || self.names.ids.get(sym);
        match column {
            CodeColumn::Kind => a_word!(InitiativeKind, InitiativeKind::from(word())),
            CodeColumn::Stage => a_word!(Stage, Stage::from(word())),
            CodeColumn::Origin => a_word!(Origin, Origin::from(word())),
            CodeColumn::County => county(id()),
            CodeColumn::Measure => link(Kind::Measure, id()),
            CodeColumn::Project => link(Kind::Project, id()),
            CodeColumn::Sponsor => body(self.board, id()),
            CodeColumn::Sector => self.names.texts.get(sym).cloned().map_or(Value::Nothing, Value::Text),
        }
    }

    /// How far the initiative of a row has provably come by today.
    pub fn reached(&self, chunk: &Chunk, row: usize) -> Option<Reached> {
        let stage = self.stage(chunk.codes(CodeColumn::Stage).get(row));
        let days: [Option<Day>; 3] = REACHED_ON.map(|column| chunk.days(column).get(row));
        participation::reached_by(&stage, days, self.board.today())
    }

    /// The rows of a chunk whose initiatives have provably come as far as [`Reached::ALL`], and no further: what [`Self::reached`] says
    /// of each, of all at once. Those before the first that is wanted are not looked at.
    pub fn reaching(&self, chunk: &Chunk, wanted: [bool; 3]) -> [Mask; 3] {
        let stands_at = |stage| {
            let passes = |sym| participation::present(&self.stage(sym)) >= Some(stage);
            chunk.saying(CodeColumn::Stage, passes)
        };
        let mut out = [Mask::default(); 3];
        let mut further = Mask::default();
        let first = wanted.iter().position(|wanted| *wanted).unwrap_or(wanted.len());
        let from_first = Reached::ALL.iter().zip(REACHED_ON).zip(&mut out).skip(first);
        // The furthest first: who has come there is looked for no more.
        for ((stage, column), rows) in from_first.rev() {
            let (dated, come) = chunk.come(column, self.board.today());
            *rows = come.or(stands_at(*stage).without(dated)).without(further);
            further = further.or(*rows);
        }
        out
    }

    fn stage(&self, sym: Sym) -> Stage {
        Stage::from(self.names.words.get(sym).map_or("", |word| word.as_str()))
    }

    /// What is shown of how far an initiative has come.
    pub fn reached_value(reached: Option<Reached>) -> Value {
        match reached {
            Some(Reached::Identified) => a_word!(Stage, Stage::Identified),
            Some(Reached::Empowered) => a_word!(Stage, Stage::Empowered),
            Some(Reached::BroughtIn) => a_word!(Stage, Stage::BroughtIn),
            None => Value::Nothing,
        }
    }

    /// The title of a row.
    pub fn title(&self, chunk: &Chunk, row: usize) -> Option<Text> {
        chunk.title(row, self.names)
    }

    /// The note of a row.
    pub fn note(&self, chunk: &Chunk, row: usize) -> Option<Text> {
        chunk.note(row, self.names)
    }

    /// The value of a row.
    pub fn value(&self, cell: Cell, chunk: &Chunk, row: usize) -> Value {
        let at = |steps: Option<Steps>, step: Step| steps.and_then(|steps| steps.get(step as usize).copied().flatten());
        match cell {
            Cell::Id => chunk
                .id(row)
                .map_or(Value::Nothing, |id| Value::Id(Kind::Initiative, id)),
            Cell::Title => self.title(chunk, row).map_or(Value::Nothing, Value::Text),
            Cell::Note => self.note(chunk, row).map_or(Value::Nothing, Value::Text),
            Cell::Code(column) => self.shared(column, chunk.codes(column).get(row)),
            Cell::Reached => Self::reached_value(self.reached(chunk, row)),
            Cell::Day(column) => day(chunk.days(column).get(row)),
            Cell::Visits => super::count(chunk.visits(row).len()),
            Cell::Members => super::number(chunk.members(row, self.names)),
            Cell::Jobs(step) => {
                let [jobs, _] = chunk.figures(row, self.names);
                at(jobs, step).map_or(Value::Nothing, Value::Number)
            }
            Cell::Capital(step) => {
                let [_, capital] = chunk.figures(row, self.names);
                at(capital, step).map_or(Value::Nothing, |n| Value::Money(n as i64))
            }
            Cell::Findings => match chunk.id(row) {
                Some(id) => findings(self.board, Kind::Initiative, &id),
                None => Value::Nothing,
            },
            Cell::Updated => moment(self.board, chunk.updated(row, self.names)),
        }
    }
}
