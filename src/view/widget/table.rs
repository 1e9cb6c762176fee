//! Tables: columns get their share of the width, only visible rows are drawn.

use super::field;
use crate::board::columns::Column;
use crate::board::rows::Direction as Order;
use crate::config::theme::Role;
use crate::i18n;
use crate::text::Lang;
use crate::view::canvas::{Align, Canvas, columns as cells};
use ratatui::style::Style;

/// Columns before the first: the selection's marker and the mark of a changed row.
pub const GUTTER: u16 = 2;
/// Between two columns.
const GAP: u16 = 1;

/// A column with the width it got.
#[derive(Clone, Copy)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// Where it begins, from the start of the reading.
    pub x: u16,
    /// How wide it is.
    pub width: u16,
}

/// Shares `width` among columns: everybody's minimum first, then what is ideal, then growth by share. Columns that do not fit
/// even at their minimum are left out from the end.
pub fn place(columns: impl Iterator<Item = &'static Column>, width: u16, lang: Lang) -> Vec<Placed> {
    let mut columns: Vec<&'static Column> = columns.collect();
    let room = width.saturating_sub(GUTTER);
    let needs = |columns: &[&Column], size: fn(&Column) -> u16| -> u16 {
        columns.iter().map(|c| size(c) + GAP).sum::<u16>().saturating_sub(GAP)
    };
    while columns.len() > 1 && needs(&columns, |c| c.width.min) > room {
        columns.pop();
    }
    let mut widths: Vec<u16> = columns.iter().map(|c| c.width.min).collect();
    let mut left = room.saturating_sub(needs(&columns, |c| c.width.min));
    for (column, width) in columns.iter().zip(&mut widths) {
        // A title that is cut says little: it counts as much as the values, with a place for the arrow of the order.
        let ideal = column.width.ideal.max(cells(column.title(lang)) + 1);
        let more = ideal.saturating_sub(*width).min(left);
        *width += more;
        left -= more;
    }
    let shares: u16 = columns.iter().map(|c| c.width.grow).sum();
    if shares > 0 {
        let mut taken = 0;
        let mut before = 0;
        for (column, width) in columns.iter().zip(&mut widths) {
            before += u32::from(column.width.grow);
            let upto = (u32::from(left) * before / u32::from(shares)) as u16;
            *width += upto - taken;
            taken = upto;
        }
    }
    let mut x = GUTTER;
    columns
        .into_iter()
        .zip(widths)
        .map(|(column, width)| {
            let placed = Placed {
                column,
                x,
                width: width.min(room),
            };
            x += width + GAP;
            placed
        })
        .collect()
}

/// Which column names the row: the one that grows most, else the first.
pub fn naming(columns: &[Placed]) -> usize {
    let widest = columns
        .iter()
        .enumerate()
        .max_by_key(|(n, placed)| (placed.column.width.grow, usize::MAX - n));
    widest.map_or(0, |(n, _)| n)
}

/// Draws the names of the columns, the one sorted by with an arrow.
pub fn head(canvas: &mut Canvas<'_>, y: u16, columns: &[Placed], sorted: impl Fn(&str) -> Option<Order>) {
    let look = canvas.look;
    let style = look.style(Role::Column);
    for placed in columns {
        let name = i18n::t(look.lang, placed.column.title_key);
        let (align, _) = field::align(placed.column.value);
        match sorted(placed.column.key) {
            Some(order) if placed.width > 3 => {
                let arrow = if order == Order::Descending {
                    look.glyphs().down
                } else {
                    look.glyphs().up
                };
                // The arrow stands at the reading end of the name, whichever edge the name keeps to.
                let used = canvas.text(placed.x, y, placed.width - 1, Align::Start, name, style);
                canvas.put(placed.x + used, y, arrow, style);
            }
            _ => {
                canvas.text(placed.x, y, placed.width, align, name, style);
            }
        }
    }
}

/// Marks the selected row: a sign at its start and the theme's style over all of it; a changed row has a sign of its own.
pub fn gutter(canvas: &mut Canvas<'_>, y: u16, selected: bool, focused: bool, changed: bool) {
    let look = canvas.look;
    if changed {
        canvas.put(1, y, look.glyphs().changed, look.style(Role::Changed));
    }
    if selected {
        let role = if focused { Role::Marker } else { Role::Dim };
        canvas.put(0, y, look.glyphs().marker, look.style(role));
    }
}

/// The style of a row's text.
pub fn row_style(canvas: &Canvas<'_>, stale: bool) -> Style {
    canvas.look.style(if stale { Role::Stale } else { Role::Text })
}

/// The style of the cell that names the row: the selection covers it alone, so that moving it sends little over a slow link.
pub fn name_style(canvas: &Canvas<'_>, selected: bool, focused: bool, stale: bool) -> Style {
    let base = row_style(canvas, stale);
    if selected && focused {
        base.patch(canvas.look.style(Role::Selected))
    } else {
        base
    }
}
