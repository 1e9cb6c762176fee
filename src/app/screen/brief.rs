//! The brief for the next meeting on screen: the same document `rasad brief` prints, line by line.

use crate::app::brief::{Asked, brief};
use crate::app::rows::Rows;
use crate::app::words;
use crate::board::Board;
use crate::board::columns::Style;
use crate::exchange::document::{Block, Document};
use crate::text;

/// Columns between two columns of a table.
pub const GAP: u16 = 2;
/// No column of text is wider, so that the others have room.
const WIDEST: u16 = 34;
/// Nor narrower than this when all give way.
const NARROWEST: u16 = 4;

/// A line of the brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The title.
    Title(String),
    /// Under the title: of which day, from which source.
    Meta(String),
    /// The heading of a section.
    Heading(String),
    /// A sentence, or a part of one.
    Text(String),
    /// A row of a table: which one, whether its head, and its cells.
    Row(usize, bool, Vec<String>),
    /// Space.
    Blank,
}

/// How the columns of a table stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Widths(pub Vec<(u16, u16, bool)>);

/// The state of the screen.
#[derive(Debug, Default)]
pub struct Brief {
    /// The document.
    pub document: Option<Document>,
    /// Its lines, as wide as the screen was.
    pub lines: Vec<Line>,
    /// Where the columns of each table begin, how wide they are, and whether numbers stand in them.
    pub tables: Vec<Widths>,
    /// The selection, by position.
    pub rows: Rows<usize>,
}

impl Brief {
    /// Takes a newer board, another language or another width.
    pub fn refresh(&mut self, board: &Board, style: &Style, source: &str, width: u16) {
        let asked = Asked {
            source: source.to_owned(),
            left_out: left_out(board),
            agency: None,
        };
        let document = brief(board, style, &asked);
        // The frame, the marker's gutter, and a blank at the end.
        self.lay_out(&document, width.saturating_sub(5).max(20));
        self.document = Some(document);
        self.rows.reconcile((0..self.lines.len()).collect(), |_| None);
    }

    fn lay_out(&mut self, document: &Document, width: u16) {
        self.lines.clear();
        self.tables.clear();
        let direction = document.lang.direction();
        let wrap = |lines: &mut Vec<Line>, said: &str, make: fn(String) -> Line| {
            let parts = text::wrap(said, direction, usize::from(width));
            lines.extend(parts.iter().map(|part| make(words::part_of(said, part))));
        };
        wrap(&mut self.lines, &document.title, Line::Title);
        for line in &document.meta {
            wrap(&mut self.lines, line, Line::Meta);
        }
        for block in &document.blocks {
            match block {
                Block::Heading(said) => {
                    self.lines.push(Line::Blank);
                    wrap(&mut self.lines, said, Line::Heading);
                }
                Block::Paragraph(said) => wrap(&mut self.lines, said, Line::Text),
                Block::List(items) => {
                    for item in items {
                        wrap(&mut self.lines, item, Line::Text);
                    }
                }
                Block::Table(heads, rows) => {
                    let numbers: Vec<bool> = heads.iter().map(|head| head.number).collect();
                    let titles: Vec<String> = heads.iter().map(|head| head.title.clone()).collect();
                    let cells = rows
                        .iter()
                        .map(|row| row.iter().map(|cell| cell.as_str().to_owned()).collect());
                    let cells: Vec<Vec<String>> = std::iter::once(titles).chain(cells).collect();
                    let table = self.tables.len();
                    self.tables.push(widths(&cells, &numbers, width));
                    let rows = cells.into_iter().enumerate();
                    self.lines
                        .extend(rows.map(|(n, cells)| Line::Row(table, n == 0, cells)));
                }
            }
        }
    }
}

/// Records that could not be read.
fn left_out(board: &Board) -> usize {
    let problems = board.problems().iter();
    problems
        .filter(|problem| problem.level >= crate::contract::Level::Skipped)
        .count()
}

/// Columns as wide as their cells, the widest giving way until all fit.
fn widths(rows: &[Vec<String>], numbers: &[bool], width: u16) -> Widths {
    let cells = |text: &String| u16::try_from(text::cells(text)).unwrap_or(u16::MAX);
    let natural = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(cells).max().unwrap_or(0);
    let mut widths: Vec<u16> = (0..numbers.len()).map(|at| natural(at).clamp(1, WIDEST)).collect();
    let gaps = GAP * (numbers.len() as u16).saturating_sub(1);
    while widths.iter().sum::<u16>() + gaps > width {
        let Some(widest) = widths
            .iter_mut()
            .max_by_key(|width| **width)
            .filter(|width| **width > NARROWEST)
        else {
            break;
        };
        *widest -= 1;
    }
    let mut x = 0;
    let placed = widths.iter().zip(numbers).map(|(width, number)| {
        let at = x;
        x += width + GAP;
        (at, *width, *number)
    });
    Widths(placed.collect())
}
