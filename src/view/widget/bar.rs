//! Bars that show actual and planned in one, and sparklines.

use crate::config::theme::Role;
use crate::view::canvas::Canvas;

/// Draws progress in `width` cells: what is reached from the start, and a mark where the path says it should be. Percentages
/// outside 0–100 are drawn at the ends; the figure beside the bar says the truth.
pub fn progress(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, actual: Option<f64>, planned: Option<f64>) {
    let glyphs = canvas.look.glyphs();
    let (reached, path) = (canvas.look.style(Role::BarActual), canvas.look.style(Role::BarPath));
    let empty = canvas.look.style(Role::BarEmpty);
    let halves = |percent: f64| (percent.clamp(0.0, 100.0) / 100.0 * f64::from(width) * 2.0).round() as u16;
    let filled = actual.map_or(0, halves);
    let mark = planned.map(|percent| (halves(percent) / 2).min(width.saturating_sub(1)));
    for cell in 0..width {
        let symbol = match filled.saturating_sub(cell * 2) {
            0 => glyphs.bar_empty,
            1 => glyphs.bar[3],
            _ => glyphs.bar[7],
        };
        let covered = filled > cell * 2;
        match mark {
            Some(at) if at == cell && !covered => canvas.put(x + cell, y, glyphs.bar_path, path),
            _ => canvas.put(x + cell, y, symbol, if covered { reached } else { empty }),
        }
    }
}

/// Draws a series in `width` cells, oldest at the left in both languages; only the newest values that fit.
pub fn sparkline(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, values: &[u32]) {
    let glyphs = canvas.look.glyphs();
    let style = canvas.look.style(Role::Spark);
    let values = &values[values.len().saturating_sub(usize::from(width))..];
    let top = values.iter().copied().max().unwrap_or(0).max(1);
    let steps = glyphs.spark.len() as u32 - 1;
    let cells = values.iter().map(|value| match value {
        0 => (glyphs.spark_empty, style),
        value => (glyphs.spark[(value * steps).div_ceil(top).min(steps) as usize], style),
    });
    canvas.physical_cells(x, y, values.len() as u16, cells);
}
