//! One frame as the fewest bytes, in one write.
//!
//! A frame is collected between `CSI ? 2026 h` and `l` (a terminal that knows them shows it at once) and handed over whole. Cursor
//! moves are absolute or relative, whichever is shorter; pen changes are the shortest there are. It must not know what is
//! drawn nor why, and reads nothing back from the terminal.

use super::moves::{self, Move, absolute};
use super::pen::Pen;
use super::shade::alternate;
use crate::text::profile::{Profile, is_rtl_cell};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::Color;
use std::io::{self, Write};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Turns cells into bytes and writes them to `W`, one write a frame, nothing for an empty one.
#[derive(Debug)]
pub struct FrameWriter<W: Write> {
    out: W,
    bytes: Vec<u8>,
    /// Where the cursor is, if known. A column equal to the width means the line is full and the cursor hangs at its end.
    at: Option<(u16, u16)>,
    pen: Pen,
    size: Size,
    profile: Profile,
    no_color: bool,
    cursor: Option<Position>,
    cursor_shown: bool,
}

/// An open frame. Dropping it closes the synchronised update, whatever happened in between.
pub(super) struct OpenFrame<'a, W: Write>(pub(super) &'a mut FrameWriter<W>);

impl<W: Write> Drop for OpenFrame<'_, W> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<W: Write> FrameWriter<W> {
    /// A writer for a screen of that size. With `no_color` no colour is ever sent, attributes are.
    pub fn new(out: W, size: Size, no_color: bool) -> Self {
        Self {
            out,
            bytes: Vec::new(),
            at: None,
            pen: Pen::DEFAULT,
            size,
            profile: Profile::default(),
            no_color,
            cursor: None,
            cursor_shown: false,
        }
    }

    /// Where the frames go.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Where the frames go, to look at.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// Where the frames go, without the writer.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// How right-to-left cells are written from now on.
    pub fn set_profile(&mut self, profile: Profile) {
        self.profile = profile;
    }

    /// How right-to-left cells are written.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The size of the screen changed.
    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.at = None;
    }

    /// No colour is ever sent.
    pub fn is_colourless(&self) -> bool {
        self.no_color
    }

    pub(super) fn open(&mut self) -> OpenFrame<'_, W> {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(BEGIN);
        }
        OpenFrame(self)
    }

    fn close(&mut self) {
        if self.bytes.len() == BEGIN.len() {
            self.bytes.clear();
            return;
        }
        // Nothing is carried over to the next frame: a stranger's line on the screen must not shift or dye ours.
        self.set_pen(Pen::DEFAULT);
        if let (true, Some(Position { x, y })) = (self.cursor_shown, self.cursor) {
            self.move_to(x, y);
        }
        self.at = None;
        self.bytes.extend_from_slice(END);
    }

    /// Sends what was collected in one write and returns its length; the error is the terminal's.
    pub fn send(&mut self) -> io::Result<usize> {
        if self.bytes.is_empty() {
            return Ok(0);
        }
        let written = self.out.write_all(&self.bytes).and_then(|()| self.out.flush());
        let length = self.bytes.len();
        self.bytes.clear();
        // A first frame is large, the later ones are not.
        self.bytes.shrink_to(64 * 1024);
        written.map(|()| length)
    }

    /// Erases the screen and forgets where everything was.
    pub(super) fn erase(&mut self) {
        self.bytes.extend_from_slice(b"\x1b[m\x1b[2J");
        self.pen = Pen::DEFAULT;
        self.at = None;
    }

    /// Erases from a cell to the end of its line.
    pub(super) fn erase_line_from(&mut self, x: u16, y: u16) {
        self.move_to(x, y);
        self.set_pen(Pen::DEFAULT);
        self.bytes.extend_from_slice(b"\x1b[K");
    }

    /// The cell to the right of the last one written, if it is on the same line.
    pub(super) fn column_in(&self, row: u16) -> Option<u16> {
        self.at.filter(|(_, y)| *y == row).map(|(x, _)| x)
    }

    /// Whether this cell can be written without any change of pen.
    pub(super) fn is_in_pen(&self, x: u16, cell: &Cell) -> bool {
        self.pen_of(x, cell) == self.pen
    }

    /// Bytes of the cell's symbol as this profile writes it.
    pub(super) fn cost(&self, cell: &Cell) -> usize {
        match self.profile {
            Profile::Kitty66 if is_rtl_cell(cell.symbol()) => 16 + cell.symbol().len(),
            _ => cell.symbol().len(),
        }
    }

    /// Writes one cell; its width in columns comes back.
    pub(super) fn cell(&mut self, x: u16, y: u16, cell: &Cell) -> u16 {
        self.cell_of_width(x, y, cell, symbol_width(cell.symbol()))
    }

    /// Writes one cell whose symbol is known to be so wide; the width in columns that it took comes back.
    pub(super) fn cell_of_width(&mut self, x: u16, y: u16, cell: &Cell, width: u16) -> u16 {
        let symbol = cell.symbol();
        self.move_to(x, y);
        self.set_pen(self.pen_of(x, cell));
        let room = self.size.width.saturating_sub(x);
        if width > room {
            // Half a wide character: the terminal would break the line.
            self.bytes.push(b' ');
            self.at = Some((x.saturating_add(1), y));
            return 1;
        }
        if is_unsafe(symbol) {
            self.bytes.extend_from_slice("\u{fffd}".as_bytes());
            self.at = Some((x.saturating_add(1), y));
            return 1;
        }
        if self.profile == Profile::Kitty66 && is_rtl_cell(symbol) {
            let height = if x.is_multiple_of(2) { '1' } else { '2' };
            // Writing to a Vec cannot fail.
            let _ = write!(self.bytes, "\x1b]66;w=1:h={height};{symbol}\x1b\\");
        } else if symbol.is_empty() {
            self.bytes.push(b' ');
        } else {
            self.bytes.extend_from_slice(symbol.as_bytes());
        }
        self.at = Some((x.saturating_add(width), y));
        width
    }

    fn pen_of(&self, x: u16, cell: &Cell) -> Pen {
        let (fg, bg) = if self.no_color {
            (Color::Reset, Color::Reset)
        } else if self.profile == Profile::Sgr && is_rtl_cell(cell.symbol()) {
            (alternate(cell.fg, x), cell.bg)
        } else {
            (cell.fg, cell.bg)
        };
        Pen {
            fg,
            bg,
            modifier: cell.modifier,
        }
    }

    fn set_pen(&mut self, pen: Pen) {
        self.pen.change(pen, &mut self.bytes);
        self.pen = pen;
    }

    /// The cursor is where the first cell is to be written.
    pub(super) fn start_here(&mut self) {
        self.at = Some((0, 0));
    }

    /// What was collected, the pen put back to the default.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.set_pen(Pen::DEFAULT);
        self.bytes
    }

    /// Moves the cursor by the shortest way.
    fn move_to(&mut self, x: u16, y: u16) {
        if self.at == Some((x, y)) && x < self.size.width {
            return;
        }
        moves::shortest(self.at, (x, y), self.size.width, &mut self.bytes);
        self.at = Some((x, y));
    }

    /// The most bytes that a move from the cursor to a cell further right on the same line may take.
    pub(super) const fn short_move(gap: u16) -> usize {
        match gap {
            0 => 0,
            1 => 3,
            2..=9 => 4,
            _ => 5,
        }
    }
}

/// Columns a symbol takes: 1 or 2. Nearly all there is on a screen is known by its first bytes: ASCII, letters below U+0800,
/// lines and blocks (U+2500–U+25BF), and presentation forms (U+FB00–U+FDFF, U+FE80–U+FEBF).
#[inline]
pub(super) fn symbol_width(symbol: &str) -> u16 {
    match symbol.as_bytes() {
        [] | [_] | [_, 0x80..=0xbf] | [0xe2, 0x94..=0x96, _] | [0xef, 0xac..=0xb7 | 0xba, _] => 1,
        _ => symbol.cell_width().clamp(1, 2),
    }
}

/// A symbol with a control character would be obeyed by the terminal. Data is cleaned long before; this is the last door.
fn is_unsafe(symbol: &str) -> bool {
    symbol.chars().any(char::is_control)
}

/// For ratatui's own `Terminal` (benches, comparisons); the dashboard draws through [`Frames`](super::frames::Frames).
impl<W: Write> Backend for FrameWriter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let frame = self.open();
        for (x, y, cell) in content {
            frame.0.cell(x, y, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.cursor_shown) {
            self.out.write_all(b"\x1b[?25l")?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.cursor_shown, true) {
            self.out.write_all(b"\x1b[?25h")?;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Nothing is asked of the terminal: a full-screen program knows where it put the cursor.
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        self.cursor = Some(position);
        let mut bytes = Move::new();
        absolute(position.x, position.y, &mut bytes);
        self.at = None;
        self.out.write_all(&bytes)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        let bytes: &[u8] = match clear_type {
            ClearType::All => b"\x1b[m\x1b[2J",
            ClearType::AfterCursor => b"\x1b[m\x1b[J",
            ClearType::BeforeCursor => b"\x1b[m\x1b[1J",
            ClearType::CurrentLine => b"\x1b[m\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[m\x1b[K",
        };
        self.pen = Pen::DEFAULT;
        self.out.write_all(bytes)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::default(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send().map(|_| ())
    }
}
