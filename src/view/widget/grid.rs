//! A table of fixed columns: the first one takes what is left, those that do not fit are left out from the end.

use super::{field, table};
use crate::config::theme::Role;
use crate::view::canvas::{Align, Canvas, columns as cells};
use ratatui::style::Style;

/// A column: its title, its least width, and whether numbers stand in it.
pub type Head<'a> = (&'a str, u16, bool);

/// Where the columns stand.
pub struct Grid {
    fields: Vec<(u16, u16, bool)>,
}

impl Grid {
    /// Shares the width of a canvas: `least` cells at least for the first column.
    pub fn new(canvas: &Canvas<'_>, least: u16, heads: &[Head<'_>]) -> Self {
        let width = canvas.width();
        // A title that is cut says nothing: it counts like the values below it.
        let mut fixed: Vec<(u16, bool)> = heads
            .iter()
            .skip(1)
            .map(|(title, width, number)| (cells(title).max(*width), *number))
            .collect();
        let taken = |fixed: &[(u16, bool)]| fixed.iter().map(|(width, _)| width + 1).sum::<u16>();
        while !fixed.is_empty() && table::GUTTER + least + taken(&fixed) > width {
            fixed.pop();
        }
        let first = width.saturating_sub(table::GUTTER + taken(&fixed));
        let mut fields = vec![(table::GUTTER, first, false)];
        let mut x = table::GUTTER + first + 1;
        for (width, number) in fixed {
            fields.push((x, width, number));
            x += width + 1;
        }
        Self { fields }
    }

    /// Draws the titles.
    pub fn head(&self, canvas: &mut Canvas<'_>, y: u16, heads: &[Head<'_>]) {
        let style = canvas.look.style(Role::Column);
        for ((x, width, number), (title, ..)) in self.fields.iter().zip(heads) {
            let align = if *number { Align::Right } else { Align::Start };
            canvas.text(*x, y, *width, align, title, style);
        }
    }

    /// Draws a cell; one whose column was left out is not drawn.
    pub fn cell(&self, canvas: &mut Canvas<'_>, y: u16, n: usize, text: &str, style: Style) {
        match self.fields.get(n) {
            Some((x, width, true)) => {
                field::ltr(canvas, *x, y, *width, Align::Right, text, style);
            }
            Some((x, width, false)) => {
                canvas.start(*x, y, *width, text, style);
            }
            None => {}
        }
    }
}
