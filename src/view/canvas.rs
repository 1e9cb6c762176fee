//! Drawing in reading order: one layout code for both directions.
//!
//! A [`Canvas`] is a rectangle of the screen seen by its reader: column 0 is where reading starts, the left edge in English,
//! the right edge in Persian. Only here is a reading column turned into a physical one, so a screen written once is mirrored
//! by construction: columns, bars, borders, margins. What must not mirror (numbers, time axes) is drawn by the `physical_*`
//! functions, which keep left to right inside their field.

use super::Look;
use crate::text::{self, Direction, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A part of the screen in reading coordinates.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    /// How things look and in which language they are said.
    pub look: &'a Look,
}

/// Where a text stands in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Where reading starts.
    Start,
    /// Where reading ends.
    End,
    /// In the middle.
    Middle,
    /// The right edge in both languages: numbers.
    Right,
}

impl<'a> Canvas<'a> {
    /// The whole buffer.
    pub fn new(buffer: &'a mut Buffer, look: &'a Look) -> Self {
        let area = buffer.area;
        Self { buffer, area, look }
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// A part of this canvas; what lies outside is cut off.
    pub fn part(&mut self, x: u16, y: u16, width: u16, height: u16) -> Canvas<'_> {
        let x = x.min(self.area.width);
        let y = y.min(self.area.height);
        let width = width.min(self.area.width - x);
        let height = height.min(self.area.height - y);
        let left = match self.look.direction() {
            Direction::Ltr => self.area.x + x,
            Direction::Rtl => self.area.right() - x - width,
        };
        let area = Rect {
            x: left,
            y: self.area.y + y,
            width,
            height,
        };
        Canvas {
            buffer: self.buffer,
            area,
            look: self.look,
        }
    }

    fn physical(&self, x: u16) -> u16 {
        match self.look.direction() {
            Direction::Ltr => self.area.x + x,
            Direction::Rtl => self.area.right() - 1 - x,
        }
    }

    /// One cell; `symbol` is one column wide and given as it looks in a left-to-right world.
    pub fn put(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        if x >= self.area.width || y >= self.area.height {
            return;
        }
        let symbol = match self.look.direction() {
            Direction::Ltr => symbol,
            Direction::Rtl => mirrored(symbol),
        };
        let at = (self.physical(x), self.area.y + y);
        if let Some(cell) = self.buffer.cell_mut(at) {
            cell.set_symbol(symbol).set_style(style);
        }
    }

    /// Restyles a stretch of a row without touching its text.
    pub fn restyle(&mut self, x: u16, y: u16, width: u16, style: Style) {
        let part = self.part(x, y, width, 1).area;
        self.buffer.set_style(part, style);
    }

    /// Fills a stretch of a row with one symbol.
    pub fn fill(&mut self, x: u16, y: u16, width: u16, symbol: &str, style: Style) {
        for i in x..x.saturating_add(width).min(self.area.width) {
            self.put(i, y, symbol, style);
        }
    }

    /// Text of the screen's language in a field of `width` columns, cut with «…» where it is too long. Returns the columns
    /// it took.
    pub fn text(&mut self, x: u16, y: u16, width: u16, align: Align, text: &str, style: Style) -> u16 {
        let width = width.min(self.area.width.saturating_sub(x));
        if width == 0 || y >= self.area.height || text.is_empty() {
            return 0;
        }
        let line = self.look.fit(text, width);
        self.line(x, y, width, align, &line, style)
    }

    /// Text at the start of a field; the usual case of [`Canvas::text`].
    pub fn start(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        self.text(x, y, width, Align::Start, text, style)
    }

    /// A line that was already shaped.
    pub fn line(&mut self, x: u16, y: u16, width: u16, align: Align, line: &Line, style: Style) -> u16 {
        self.line_with(x, y, width, align, line, |_| style)
    }

    /// A shaped line whose style depends on the byte of the logical text a cell comes from.
    pub fn line_with(
        &mut self,
        x: u16,
        y: u16,
        width: u16,
        align: Align,
        line: &Line,
        style: impl Fn(&std::ops::Range<u32>) -> Style,
    ) -> u16 {
        let used = line.width.min(width);
        let gap = width - used;
        let before = match (align, self.look.direction()) {
            (Align::Start, _) | (Align::Right, Direction::Rtl) => 0,
            (Align::End, _) | (Align::Right, Direction::Ltr) => gap,
            (Align::Middle, _) => gap / 2,
        };
        let field = self.part(x + before, y, used, 1).area;
        if field.height == 0 {
            return 0;
        }
        let mut at = field.x;
        for glyph in &line.glyphs {
            let wide = u16::from(glyph.width);
            if at + wide > field.right() {
                break;
            }
            let style = style(&glyph.source);
            if let Some(cell) = self.buffer.cell_mut((at, field.y)) {
                cell.set_symbol(&glyph.symbol).set_style(style);
            }
            // The second column of a wide symbol belongs to it: nothing old may shine through.
            for behind in 1..wide {
                if let Some(cell) = self.buffer.cell_mut((at + behind, field.y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
            at += wide;
        }
        used
    }

    /// Cells that keep left to right in both languages (a time axis, a code): at the start of their field.
    pub fn physical_cells<'s>(&mut self, x: u16, y: u16, width: u16, cells: impl Iterator<Item = (&'s str, Style)>) {
        let field = self.part(x, y, width, 1).area;
        if field.height == 0 {
            return;
        }
        for (at, (symbol, style)) in (field.x..field.right()).zip(cells) {
            if let Some(cell) = self.buffer.cell_mut((at, field.y)) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }

    /// A frame with a title at the start of its top edge and a note at its end; returns the inside.
    pub fn frame(&mut self, title: &str, note: &str, border: Style, title_style: Style) -> Canvas<'_> {
        let (w, h) = (self.area.width, self.area.height);
        if w < 2 || h < 2 {
            return self.part(0, 0, w, h);
        }
        let look = self.look;
        let glyphs = look.glyphs();
        let [top_start, top_end, bottom_start, bottom_end] = glyphs.corners;
        self.fill(1, 0, w - 2, glyphs.horizontal, border);
        self.fill(1, h - 1, w - 2, glyphs.horizontal, border);
        for y in 1..h - 1 {
            self.put(0, y, glyphs.vertical, border);
            self.put(w - 1, y, glyphs.vertical, border);
        }
        self.put(0, 0, top_start, border);
        self.put(w - 1, 0, top_end, border);
        self.put(0, h - 1, bottom_start, border);
        self.put(w - 1, h - 1, bottom_end, border);
        if w > 6 {
            let used = self.padded(2, 0, w - 4, title, title_style);
            let rest = (w - 4).saturating_sub(used + 1);
            let line = look.fit(note, rest.saturating_sub(2));
            if line.width > 0 && !line.truncated {
                let x = w - 2 - (line.width + 2);
                self.put(x, 0, " ", border);
                self.line(x + 1, 0, line.width, Align::Start, &line, border);
                self.put(x + 1 + line.width, 0, " ", border);
            }
        }
        self.part(1, 1, w - 2, h - 2)
    }

    fn padded(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        if text.is_empty() || width < 3 {
            return 0;
        }
        self.put(x, y, " ", Style::default());
        let used = self.start(x + 1, y, width - 2, text, style);
        self.put(x + 1 + used, y, " ", Style::default());
        used + 2
    }

    /// The direction the screen is read in.
    pub fn direction(&self) -> Direction {
        self.look.direction()
    }
}

/// The symbol's twin in a mirrored world, for the drawing characters that have one.
pub fn mirrored(symbol: &str) -> &str {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return symbol;
    };
    match c {
        '┌' => "┐",
        '┐' => "┌",
        '└' => "┘",
        '┘' => "└",
        '├' => "┤",
        '┤' => "├",
        '╭' => "╮",
        '╮' => "╭",
        '╰' => "╯",
        '╯' => "╰",
        '▌' => "▐",
        '▐' => "▌",
        '▏' => "▕",
        '▶' => "◀",
        '◀' => "▶",
        '▸' => "◂",
        '◂' => "▸",
        '→' => "←",
        '←' => "→",
        '❯' => "❮",
        '❮' => "❯",
        '›' => "‹",
        '‹' => "›",
        '>' => "<",
        '<' => ">",
        _ => symbol,
    }
}

/// Columns a text of the screen takes.
pub fn columns(text: &str) -> u16 {
    u16::try_from(text::cells(text)).unwrap_or(u16::MAX)
}
