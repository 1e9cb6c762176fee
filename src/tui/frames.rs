//! From drawn buffers to what the terminal still has to be told.
//!
//! Three buffers: what the program draws now, what it drew last, and what the terminal shows. Decoration (the pinned and
//! fenced profiles) happens between the first and the last, on finished rows that changed, so that the difference sees it.
//! A whole frame is decorated where it was drawn and becomes what the terminal shows. So only one buffer is laid out before
//! the first frame is on its way: each is a quarter of a megabyte that the system has to find page by page.

use super::pen::Pen;
use super::writer::{FrameWriter, symbol_width};
use crate::text::profile::{self, CellRow, Emission};
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Rect, Size};
use ratatui::style::Color;
use std::io::{self, Write};

/// Blanks to the end of a line that are worth an erase sequence.
const ERASE_FROM: usize = 4;
/// Unchanged cells between two changed ones that may be cheaper to write again than to skip.
const BRIDGE: u16 = 4;

/// Draws frames and sends their differences.
#[derive(Debug)]
pub struct Frames<W: Write> {
    writer: FrameWriter<W>,
    drawn: Buffer,
    /// Nothing was drawn into `drawn` since it was laid out.
    fresh: bool,
    /// None after a whole frame.
    last: Option<Buffer>,
    /// Nothing before the first frame, and after a change of size.
    shown: Vec<Cell>,
    row: Vec<Cell>,
    emission: Emission,
    /// The terminal shows something unknown: erase it and write everything.
    lost: bool,
}

impl<W: Write> Frames<W> {
    /// Frames of that size, the first of which erases the screen.
    pub fn new(out: W, size: Size, no_color: bool) -> Self {
        let area = Rect::from((ratatui::layout::Position::ORIGIN, size));
        Self {
            writer: FrameWriter::new(out, size, no_color),
            drawn: Buffer::empty(area),
            fresh: true,
            last: None,
            shown: Vec::new(),
            row: Vec::new(),
            emission: Emission::default(),
            lost: true,
        }
    }

    /// Where the frames go.
    pub fn get_mut(&mut self) -> &mut W {
        self.writer.get_mut()
    }

    /// Where the frames go, to look at.
    pub fn get_ref(&self) -> &W {
        self.writer.get_ref()
    }

    /// The size of the frames in cells.
    pub fn size(&self) -> Size {
        self.drawn.area.as_size()
    }

    /// How right-to-left cells are written; a change repaints everything.
    pub fn set_emission(&mut self, emission: impl Into<Emission>) {
        let emission = emission.into();
        if self.emission != emission {
            self.emission = emission;
            self.writer.set_profile(emission.profile);
            self.lost = true;
        }
    }

    /// The screen has another size, or was reflowed: everything is drawn anew.
    pub fn resize(&mut self, size: Size) {
        self.lay_out(Rect::from((ratatui::layout::Position::ORIGIN, size)));
        self.shown.clear();
        self.writer.set_size(size);
        self.lost = true;
    }

    fn lay_out(&mut self, area: Rect) {
        self.drawn = Buffer::empty(area);
        self.fresh = true;
    }

    /// The terminal shows something unknown: the next frame is written whole.
    pub fn repaint(&mut self) {
        self.lost = true;
    }

    /// Draws one frame into an empty buffer and sends what is new about it, in one write or none; its length in bytes.
    pub fn draw(&mut self, render: impl FnOnce(&mut Buffer)) -> io::Result<usize> {
        if !std::mem::take(&mut self.fresh) {
            self.drawn.reset();
        }
        render(&mut self.drawn);
        let area = self.drawn.area;
        let width = usize::from(area.width);
        let is_whole = self.lost || self.shown.len() != self.drawn.content.len();
        if width > 0 && is_whole {
            self.whole(width);
        } else if width > 0 {
            self.difference(width);
        }
        let sent = self.writer.send();
        // Whatever has to be laid out for the frames to come is laid out now, with this one on its way.
        if is_whole {
            std::mem::swap(&mut self.shown, &mut self.drawn.content);
            self.last = None;
            if self.drawn.content.len() != self.shown.len() {
                self.lay_out(area);
            }
        } else if let Some(last) = self
            .last
            .replace(std::mem::take(&mut self.drawn))
            .filter(|last| last.area == area)
        {
            self.drawn = last;
        } else {
            self.lay_out(area);
        }
        sent
    }

    /// Erases the screen and writes the frame, decorating it in place.
    fn whole(&mut self, width: usize) {
        let frame = self.writer.open();
        frame.0.erase();
        let no_color = frame.0.is_colourless();
        for (y, row) in (0..).zip(self.drawn.content.chunks_exact_mut(width)) {
            row.iter_mut().for_each(|cell| settle(cell, no_color));
            profile::decorate(self.emission, &mut Row(row));
            write_row(frame.0, y, row, None);
        }
        self.lost = false;
    }

    /// Writes what differs from what is shown.
    fn difference(&mut self, width: usize) {
        let frame = self.writer.open();
        let no_color = frame.0.is_colourless();
        for (y, new) in self.drawn.content.chunks_exact(width).enumerate() {
            let at = y * width..(y + 1) * width;
            let drawn_last = self.last.as_ref().and_then(|last| last.content.get(at.clone()));
            if drawn_last == Some(new) {
                continue;
            }
            self.row.clear();
            self.row.extend_from_slice(new);
            self.row.iter_mut().for_each(|cell| settle(cell, no_color));
            profile::decorate(self.emission, &mut Row(&mut self.row));
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            if let Some(shown) = self.shown.get_mut(at) {
                write_row(frame.0, y, &self.row, Some(shown));
                shown.swap_with_slice(&mut self.row);
            }
        }
    }
}

/// Cells that look alike become equal: no colours where none are sent, and no style on a blank that does not show it.
fn settle(cell: &mut Cell, no_color: bool) {
    if no_color {
        cell.fg = Color::Reset;
        cell.bg = Color::Reset;
    }
    if cell.symbol() == " " && pen(cell).is_blank() {
        cell.reset();
    }
}

fn pen(cell: &Cell) -> Pen {
    Pen {
        fg: cell.fg,
        bg: cell.bg,
        modifier: cell.modifier,
    }
}

fn is_erased(cell: &Cell) -> bool {
    cell.symbol() == " " && pen(cell) == Pen::DEFAULT
}

/// Writes the cells of a row that differ from what is shown; nothing is shown on an erased screen.
fn write_row<W: Write>(writer: &mut FrameWriter<W>, y: u16, row: &[Cell], shown: Option<&[Cell]>) {
    let blank_from = row.iter().rposition(|cell| !is_erased(cell)).map_or(0, |last| last + 1);
    let is_there = |at: usize, cell: &Cell| match shown {
        Some(shown) => shown.get(at) == Some(cell),
        None => at >= blank_from || is_erased(cell),
    };
    let shown = shown.unwrap_or_default();
    let mut forced = 0;
    let mut at = 0;
    while let Some(cell) = row.get(at) {
        let columns = symbol_width(cell.symbol());
        let width = usize::from(columns);
        if cell.diff_option == CellDiffOption::Skip || (is_there(at, cell) && at >= forced) {
            at += width;
            continue;
        }
        let x = u16::try_from(at).unwrap_or(u16::MAX);
        if at >= blank_from && row.len() - at >= ERASE_FROM {
            let changed = shown.iter().skip(at).filter(|cell| !is_erased(cell)).count();
            if changed >= ERASE_FROM || at < forced {
                writer.erase_line_from(x, y);
                return;
            }
        }
        bridge(writer, x, y, row);
        let written = usize::from(writer.cell_of_width(x, y, cell, columns));
        // Whatever half of an old wide character is overwritten, its other half is gone too.
        for covered in at..at + written {
            if shown.get(covered).is_some_and(|cell| symbol_width(cell.symbol()) == 2) {
                forced = forced.max(covered + 2);
            }
        }
        at += written;
    }
}

/// Writes the few unchanged cells up to `x` again where that is no longer than a cursor move.
fn bridge<W: Write>(writer: &mut FrameWriter<W>, x: u16, y: u16, row: &[Cell]) {
    let Some(from) = writer.column_in(y) else {
        return;
    };
    let Some(gap) = x.checked_sub(from).filter(|gap| (1..=BRIDGE).contains(gap)) else {
        return;
    };
    let Some(cells) = row.get(usize::from(from)..usize::from(x)) else {
        return;
    };
    let mut cost = 0;
    for (offset, cell) in (0..).zip(cells) {
        if !writer.is_in_pen(from + offset, cell) || symbol_width(cell.symbol()) != 1 {
            return;
        }
        cost += writer.cost(cell);
    }
    if cost <= FrameWriter::<W>::short_move(gap) {
        for (offset, cell) in (0..).zip(cells) {
            writer.cell(from + offset, y, cell);
        }
    }
}

/// A row of cells as the profiles see it.
pub(super) struct Row<'a>(pub(super) &'a mut [Cell]);

impl CellRow for Row<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn symbol(&self, x: usize) -> &str {
        self.0.get(x).map_or(" ", Cell::symbol)
    }

    fn set_symbol(&mut self, x: usize, symbol: &str) {
        if let Some(cell) = self.0.get_mut(x) {
            cell.set_symbol(symbol);
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        if a.max(b) < self.0.len() {
            self.0.swap(a, b);
        }
    }
}

#[cfg(test)]
mod tests;
