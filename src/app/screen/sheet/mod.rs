//! Sheets: what a kind amounts to on one screen, in sentences, tables and a chart; every line can be selected, leads where it says and
//! answers `why` with its formula and terms. It must not know how a line is drawn.

mod agencies;
mod campaigns;
mod decisions;
mod demands;
mod derived;
mod formula;
mod measures;
mod plans;
mod trajectory;

pub use derived::{why, why_group, why_pair, why_tile};
pub use formula::{FORMULAS, Formula};
pub use trajectory::Chart;

use super::Target;
use crate::app::rows::Rows;
use crate::app::words;
use crate::board::columns::Style;
use crate::board::{Board, Severity};
use crate::clock::Day;
use crate::contract::{Id, Kind};
use crate::i18n;
use crate::text::{self, Lang, calendar, number};
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

/// What a sheet is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Who has submitted an operational plan, who owes one, and what step comes next.
    Submission,
    /// Agencies and what each of them lacks.
    Coverage,
    /// Agencies ranked within their category.
    League,
    /// The three conditions, the measures under them and their indicators.
    Conditions,
    /// One measure: its indicators, and what each project contributes.
    Measure(Id),
    /// One indicator of a measure, planned against actual.
    Trajectory(Id, Id),
    /// Decisions by meeting, past due and not executed.
    Decisions,
    /// Demands of the private sector, oldest first.
    Demands,
    /// Campaigns by kind.
    Campaigns,
}

impl Topic {
    /// The sheets Tab goes through, in the order of the number keys.
    pub const ALL: [Self; 7] = [
        Self::Conditions,
        Self::Coverage,
        Self::League,
        Self::Submission,
        Self::Decisions,
        Self::Demands,
        Self::Campaigns,
    ];

    /// The sheet of a kind, where it has one.
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Measure | Kind::Project => Some(Self::Conditions),
            Kind::Agency => Some(Self::Coverage),
            Kind::Evaluation => Some(Self::League),
            Kind::Plan => Some(Self::Submission),
            Kind::Decision | Kind::Meeting => Some(Self::Decisions),
            Kind::Demand => Some(Self::Demands),
            Kind::Campaign => Some(Self::Campaigns),
            Kind::Enterprise | Kind::Initiative => None,
        }
    }

    /// The catalogue key of its name.
    pub fn name_key(&self) -> &'static str {
        match self {
            Self::Submission => "sheet.submission",
            Self::Coverage => "sheet.coverage",
            Self::League => "sheet.league",
            Self::Conditions => "sheet.conditions",
            Self::Measure(_) => "sheet.measure",
            Self::Trajectory(..) => "sheet.trajectory",
            Self::Decisions => "sheet.decisions",
            Self::Demands => "sheet.demands",
            Self::Campaigns => "sheet.campaigns",
        }
    }

    /// The sheet so many places further, round and round; one measure or indicator counts as its conditions.
    pub fn turned(&self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|topic| topic == self).unwrap_or(0);
        let len = Self::ALL.len() as isize;
        let to = (at as isize + by).rem_euclid(len);
        Self::ALL.get(to as usize).cloned().unwrap_or(Self::Conditions)
    }

    /// What it is about, with the record it is about.
    pub fn title(&self, board: &Board, lang: Lang) -> String {
        let name = i18n::t(lang, self.name_key());
        let about = match self {
            Self::Measure(id) => board.measure_title(id.as_str(), lang),
            Self::Trajectory(measure, id) => board
                .measures()
                .get(measure.as_str())
                .and_then(|measure| measure.indicators.iter().find(|indicator| indicator.id == *id))
                .map_or(id.as_str(), |indicator| indicator.title.get(lang)),
            _ => return name.to_owned(),
        };
        format!("{name}: {}", text::isolate::auto(about))
    }
}

/// How a cell stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Text,
    /// It matters less.
    Dim,
    /// As it should be.
    Good,
    /// As grave as a finding of this severity.
    Grave(Severity),
}

/// A cell of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text in the direction it is read in.
    Text(String, Tone),
    /// A number, a date or a code: left to right.
    Figure(String, Tone),
    /// What is reached, and where the path says it should be, as a bar.
    Bar(Option<f64>, Option<f64>),
}

/// A column of a table: least and usual width, its share of what is left over, and whether figures stand at its far edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// With fewer cells it is left out, from the end.
    pub min: u16,
    /// With these most values fit.
    pub ideal: u16,
    /// Its share of what is left over.
    pub grow: u16,
    /// True for figures.
    pub numeric: bool,
}

/// A column that grows.
const fn wide(min: u16, ideal: u16, grow: u16) -> Slot {
    Slot {
        min,
        ideal,
        grow,
        numeric: false,
    }
}

/// A column of words.
const fn words_of(min: u16, ideal: u16) -> Slot {
    wide(min, ideal, 0)
}

/// A column of figures.
const fn figures(min: u16, ideal: u16) -> Slot {
    Slot {
        min,
        ideal,
        grow: 0,
        numeric: true,
    }
}

/// The columns of a table.
pub type Grid = &'static [Slot];

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A sentence over the whole width.
    Say,
    /// The heading of a section.
    Heading,
    /// The titles of a table's columns.
    Head(Grid),
    /// A row of a table.
    Row(Grid),
    /// A row of the chart, counted from its top.
    Chart(u16),
    /// Space.
    Blank,
}

/// Why a figure is what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// What the figure is.
    pub title: String,
    /// The catalogue key of its formula.
    pub formula: &'static str,
    /// Its terms, one sentence each.
    pub terms: Vec<String>,
}

/// A line of a sheet.
#[derive(Clone, Debug)]
pub struct Line {
    /// What names it, so that the selection survives a refresh.
    pub key: SmolStr,
    /// What it is.
    pub shape: Shape,
    /// Its cells; a sentence or heading has one.
    pub cells: Vec<Cell>,
    /// Where Enter leads.
    pub target: Option<Target>,
    /// Why its figures are what they are.
    pub why: Option<Arc<Why>>,
}

/// The state of a sheet.
#[derive(Debug)]
pub struct Sheet {
    /// What it is about.
    pub topic: Topic,
    /// The lines, as wide as the screen was when they were built.
    pub lines: Vec<Line>,
    /// The chart its lines show parts of.
    pub chart: Option<Chart>,
    /// The selection.
    pub rows: Rows<SmolStr>,
}

/// Columns around a sentence: the frame and the marker's gutter.
const AROUND: u16 = 5;

impl Sheet {
    /// The sheet of a topic.
    pub fn new(topic: Topic, board: &Board, style: &Style, width: u16) -> Self {
        let mut sheet = Self {
            topic,
            lines: Vec::new(),
            chart: None,
            rows: Rows::default(),
        };
        sheet.refresh(board, style, width);
        sheet
    }

    /// Takes a newer board, another language or another width; the selection stays on its line.
    pub fn refresh(&mut self, board: &Board, style: &Style, width: u16) {
        let mut draft = Draft {
            board,
            style,
            width: usize::from(width.saturating_sub(AROUND).max(10)),
            lines: Vec::new(),
            chart: None,
        };
        match &self.topic {
            Topic::Submission => draft.submission(),
            Topic::Coverage => draft.coverage(),
            Topic::League => draft.league(),
            Topic::Conditions => draft.conditions(),
            Topic::Measure(id) => draft.measure(id),
            Topic::Trajectory(measure, indicator) => draft.trajectory(measure, indicator),
            Topic::Decisions => draft.decisions(),
            Topic::Demands => draft.demands(),
            Topic::Campaigns => draft.campaigns(),
        }
        self.lines = draft.lines;
        self.chart = draft.chart;
        self.rows
            .reconcile(self.lines.iter().map(|line| line.key.clone()).collect(), |_| None);
    }

    /// The selected line.
    pub fn line(&self) -> Option<&Line> {
        self.lines.get(self.rows.index())
    }

    /// Where Enter leads from the selected line.
    pub fn target(&self) -> Option<Target> {
        self.line()?.target.clone()
    }
}

/// A sheet being written.
struct Draft<'a> {
    board: &'a Board,
    style: &'a Style,
    width: usize,
    lines: Vec<Line>,
    chart: Option<Chart>,
}

impl Draft<'_> {
    fn lang(&self) -> Lang {
        self.style.lang
    }

    fn t(&self, key: &'static str) -> &'static str {
        i18n::t(self.lang(), key)
    }

    fn tf(&self, key: &'static str, values: &[(&str, &str)]) -> String {
        i18n::tf_screen(self.lang(), key, values)
    }

    fn int(&self, n: usize) -> String {
        number::integer(n as i64, self.lang())
    }

    fn num(&self, n: f64) -> String {
        number::decimal(n, 1, self.lang())
    }

    fn maybe(&self, n: Option<f64>) -> String {
        n.map_or_else(|| "—".to_owned(), |n| self.num(n))
    }

    fn signed(&self, n: Option<f64>) -> String {
        n.map_or_else(|| "—".to_owned(), |n| number::signed(n, 1, self.lang()))
    }

    fn percent(&self, n: Option<f64>) -> String {
        n.map_or_else(
            || "—".to_owned(),
            |n| number::percent((n * 10.0).round() / 10.0, self.lang()),
        )
    }

    fn day(&self, day: Day) -> String {
        calendar::short(day, self.style.calendar, self.lang())
    }

    fn maybe_day(&self, day: Option<Day>) -> String {
        day.map_or_else(|| "—".to_owned(), |day| self.day(day))
    }

    /// A rate with its numerator and denominator: `92 of 104 = 88%`.
    fn rate(&self, part: usize, of: usize) -> String {
        let rate = self.percent(crate::board::tally::rate(part, of));
        self.tf(
            "sheet.rate",
            &[("part", &self.int(part)), ("of", &self.int(of)), ("rate", &rate)],
        )
    }

    /// True when all kinds are whole; else the sheet says that it waits.
    fn knows(&mut self, kinds: &[Kind]) -> bool {
        let whole = self.board.headquarters().is_some() && kinds.iter().all(|kind| self.board.is_whole(*kind));
        if !whole {
            let waiting = self.t("edge.loading").to_owned();
            self.say("waiting", &waiting, None);
        }
        whole
    }

    fn push(&mut self, key: impl Into<SmolStr>, shape: Shape, cells: Vec<Cell>) -> &mut Line {
        self.lines.push(Line {
            key: key.into(),
            shape,
            cells,
            target: None,
            why: None,
        });
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// A sentence, broken to the width; all its lines answer `why` alike.
    fn say(&mut self, key: &str, sentence: &str, why: Option<Why>) {
        let why = why.map(Arc::new);
        let lines = text::wrap(sentence, self.lang().direction(), self.width);
        for (n, line) in lines.iter().enumerate() {
            let part = words::part_of(sentence, line);
            let line = self.push(
                format_smolstr!("say:{key}:{n}"),
                Shape::Say,
                vec![Cell::Text(part, Tone::Text)],
            );
            line.why.clone_from(&why);
        }
    }

    fn heading(&mut self, key: &str, text: String) {
        if !self.lines.is_empty() {
            self.push(format_smolstr!("blank:{key}"), Shape::Blank, Vec::new());
        }
        self.push(
            format_smolstr!("heading:{key}"),
            Shape::Heading,
            vec![Cell::Text(text, Tone::Text)],
        );
    }

    fn head(&mut self, key: &str, grid: Grid, titles: &[&'static str]) {
        let cells = titles
            .iter()
            .map(|title| Cell::Text(self.t(title).to_owned(), Tone::Text))
            .collect();
        self.push(format_smolstr!("head:{key}"), Shape::Head(grid), cells);
    }

    /// The titles of a table whose first column is headed by a name of the data.
    fn head_named(&mut self, key: &str, grid: Grid, first: String, titles: &[&'static str]) {
        let rest = titles
            .iter()
            .map(|title| Cell::Text(self.t(title).to_owned(), Tone::Text));
        let cells = std::iter::once(Cell::Text(first, Tone::Text)).chain(rest).collect();
        self.push(format_smolstr!("head:{key}"), Shape::Head(grid), cells);
    }

    fn row(&mut self, key: SmolStr, grid: Grid, cells: Vec<Cell>, target: Option<Target>, why: Option<Why>) {
        let line = self.push(key, Shape::Row(grid), cells);
        line.target = target;
        line.why = why.map(Arc::new);
    }

    /// Says that a section has nothing to show, and that this is good.
    fn none(&mut self, key: &str, said: &'static str) {
        let text = self.t(said).to_owned();
        self.push(
            format_smolstr!("none:{key}"),
            Shape::Say,
            vec![Cell::Text(text, Tone::Good)],
        );
    }
}

fn text_cell(text: impl Into<String>) -> Cell {
    Cell::Text(text.into(), Tone::Text)
}

fn dim_cell(text: impl Into<String>) -> Cell {
    Cell::Text(text.into(), Tone::Dim)
}

fn figure(text: impl Into<String>) -> Cell {
    Cell::Figure(text.into(), Tone::Text)
}

/// A count; nothing stands out less.
fn count(text: String, n: usize) -> Cell {
    Cell::Figure(text, if n == 0 { Tone::Dim } else { Tone::Text })
}

/// A count that should be nothing.
fn bad_count(text: String, n: usize, severity: Severity) -> Cell {
    Cell::Figure(text, if n == 0 { Tone::Dim } else { Tone::Grave(severity) })
}

/// Points behind or ahead, as grave as a finding would be.
fn points(text: String, deviation: Option<f64>, board: &Board) -> Cell {
    let limits = board.thresholds();
    let tone = match deviation {
        Some(points) if points <= -limits.deviation_serious => Tone::Grave(Severity::Critical),
        Some(points) if points <= -limits.deviation_notice => Tone::Grave(Severity::Warning),
        Some(_) => Tone::Text,
        None => Tone::Dim,
    };
    Cell::Figure(text, tone)
}

#[cfg(test)]
mod tests;
