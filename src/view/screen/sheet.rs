//! Sheets, drawn: sentences, tables, and the chart of an indicator.

use crate::app::App;
use crate::app::screen::sheet::{Cell, Chart, Grid, Line, Shape, Sheet, Tone, Topic};
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{Direction, isolate, number};
use crate::view::canvas::{Align, Canvas, columns as cells};
use crate::view::widget::{bar, field, table};
use ratatui::style::Style;

/// Between two columns.
const GAP: u16 = 1;
/// Columns kept beside the chart for its values.
const VALUES: u16 = 12;

/// Draws a sheet.
pub fn draw(app: &App, sheet: &Sheet, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let int = |n: usize| number::integer(n as i64, lang);
    let position = if sheet.rows.is_empty() {
        0
    } else {
        sheet.rows.index() + 1
    };
    let mut note = isolate::ltr(&format!("{}/{}", int(position), int(sheet.rows.len())));
    if !matches!(sheet.topic, Topic::Measure(_) | Topic::Trajectory(..)) {
        let next = i18n::t(lang, sheet.topic.turned(1).name_key());
        note = format!("{} · {note}", i18n::tf_screen(lang, "sheet.tab", &[("next", next)]));
    }
    let title = sheet.topic.title(app.board(), lang);
    let mut inner = canvas.frame(&title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    let stale = super::list::is_stale(app);
    let room = usize::from(inner.height());
    // A table is as wide as all its rows need, not only those in sight: it must not jump while one scrolls.
    let mut places: Option<(Grid, Vec<(u16, u16)>)> = None;
    for (row, n) in sheet.rows.visible(room).enumerate() {
        let Some(line) = sheet.lines.get(n) else { continue };
        let y = row as u16;
        let selected = n == sheet.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let width = inner.width().saturating_sub(table::GUTTER);
        let style = table::name_style(&inner, selected, true, stale);
        match line.shape {
            Shape::Blank => {}
            Shape::Heading => {
                say(&mut inner, y, width, line, look.style(Role::Title));
            }
            Shape::Say => say(&mut inner, y, width, line, style),
            Shape::Chart(at) => {
                if let Some(chart) = &sheet.chart {
                    draw_chart(&mut inner, y, at, line, chart);
                }
            }
            Shape::Head(grid) | Shape::Row(grid) => {
                if !places.as_ref().is_some_and(|(of, _)| std::ptr::eq(*of, grid)) {
                    places = Some((grid, place(grid, sheet, inner.width())));
                }
                let Some((_, places)) = &places else { continue };
                let head = matches!(line.shape, Shape::Head(_));
                let base = table::row_style(&inner, stale);
                let naming = widest(grid, places.len());
                for (n, ((cell, (x, width)), slot)) in line.cells.iter().zip(places).zip(grid).enumerate() {
                    let base = if n == naming { style } else { base };
                    let base = if head { look.style(Role::Column) } else { base };
                    draw_cell(&mut inner, (*x, y, *width), cell, slot.numeric, base);
                }
                if line.target.is_some() && selected {
                    let x = inner.width().saturating_sub(1);
                    inner.put(x, y, look.glyphs().forward, look.style(Role::Marker));
                }
            }
        }
    }
}

/// The column that names a row: the one that grows most.
fn widest(grid: Grid, shown: usize) -> usize {
    let most = grid
        .iter()
        .take(shown)
        .enumerate()
        .max_by_key(|(n, slot)| (slot.grow, usize::MAX - n));
    most.map_or(0, |(n, _)| n)
}

fn said(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text, _) | Cell::Figure(text, _) => text,
        Cell::Bar(..) => "",
    }
}

/// Shares the width among the columns of a table: everybody's least first, then what its titles and values need, then growth.
/// Columns that do not fit even so are left out from the end.
fn place(grid: Grid, sheet: &Sheet, width: u16) -> Vec<(u16, u16)> {
    // One cell at the end is the arrow's.
    let room = width.saturating_sub(table::GUTTER + 1);
    let of_grid = |line: &&Line| match line.shape {
        Shape::Head(of) | Shape::Row(of) => std::ptr::eq(of, grid),
        _ => false,
    };
    let mut needs: Vec<u16> = grid.iter().map(|slot| slot.min).collect();
    for line in sheet.lines.iter().filter(of_grid) {
        let head = matches!(line.shape, Shape::Head(_));
        for ((need, slot), cell) in needs.iter_mut().zip(grid).zip(&line.cells) {
            // Words may be cut, figures and titles may not: a cut figure says another one.
            let most = if slot.numeric || head { u16::MAX } else { slot.ideal };
            *need = (*need).max(cells(said(cell)).min(most));
        }
    }
    // What must not be cut counts as the least of its column.
    let least = |n: usize| match grid.get(n) {
        Some(slot) if slot.numeric => needs.get(n).copied().unwrap_or(slot.min),
        Some(slot) => slot.min,
        None => 0,
    };
    let mut shown = grid.len();
    let total = |shown: usize| (0..shown).map(|n| least(n) + GAP).sum::<u16>().saturating_sub(GAP);
    while shown > 1 && total(shown) > room {
        shown -= 1;
    }
    let mut widths: Vec<u16> = (0..shown).map(least).collect();
    let mut left = room.saturating_sub(total(shown));
    // What does not grow is short and says little when it is cut; what grows may be cut.
    for grows in [false, true] {
        for ((width, need), slot) in widths.iter_mut().zip(&needs).zip(grid) {
            if (slot.grow > 0) == grows {
                let more = need.saturating_sub(*width).min(left);
                *width += more;
                left -= more;
            }
        }
    }
    let shares: u16 = grid.iter().take(shown).map(|slot| slot.grow).sum();
    if shares > 0 {
        let (mut taken, mut before) = (0, 0);
        for (width, slot) in widths.iter_mut().zip(grid) {
            before += u32::from(slot.grow);
            let upto = (u32::from(left) * before / u32::from(shares)) as u16;
            *width += upto - taken;
            taken = upto;
        }
    }
    let mut x = table::GUTTER;
    widths
        .into_iter()
        .map(|width| {
            let at = x;
            x += width + GAP;
            (at, width.min(room))
        })
        .collect()
}

fn tone(canvas: &Canvas<'_>, tone: Tone, base: Style) -> Style {
    let look = canvas.look;
    match tone {
        Tone::Text => base,
        Tone::Dim => look.style(Role::Dim),
        Tone::Good => base.patch(look.style(Role::Good)),
        Tone::Grave(severity) => base.patch(look.style(field::severity(severity))),
    }
}

fn say(canvas: &mut Canvas<'_>, y: u16, width: u16, line: &Line, base: Style) {
    if let Some(Cell::Text(text, how)) = line.cells.first() {
        let style = tone(canvas, *how, base);
        canvas.start(table::GUTTER, y, width, text, style);
    }
}

fn draw_cell(canvas: &mut Canvas<'_>, (x, y, width): (u16, u16, u16), cell: &Cell, numeric: bool, base: Style) {
    let align = if numeric { Align::Right } else { Align::Start };
    match cell {
        Cell::Text(text, how) => {
            let style = tone(canvas, *how, base);
            canvas.text(x, y, width, align, text, style);
        }
        Cell::Figure(text, how) => {
            let style = tone(canvas, *how, base);
            field::ltr(canvas, x, y, width, align, text, style);
        }
        Cell::Bar(actual, planned) => bar::progress(canvas, x, y, width, *actual, *planned),
    }
}

/// A row of the chart. Time runs from left to right in both languages, so its cells are physical; the values stand where reading
/// starts.
fn draw_chart(canvas: &mut Canvas<'_>, y: u16, at: u16, line: &Line, chart: &Chart) {
    let look = canvas.look;
    let x = table::GUTTER + VALUES + 1;
    let width = canvas.width().saturating_sub(x + 1);
    if width < 8 {
        return;
    }
    if at == Chart::HEIGHT {
        // The first day stands at the left edge, the last at the right one, whichever way one reads.
        let (left, right) = match look.direction() {
            Direction::Ltr => (Align::Start, Align::End),
            Direction::Rtl => (Align::End, Align::Start),
        };
        let dim = look.style(Role::Dim);
        for (cell, align) in line.cells.iter().zip([left, right]) {
            field::ltr(canvas, x, y, width, align, said(cell), dim);
        }
        return;
    }
    if at > Chart::HEIGHT {
        legend(canvas, y, line);
        return;
    }
    if let Some(label) = chart.labels.get(usize::from(at)) {
        field::ltr(
            canvas,
            table::GUTTER,
            y,
            VALUES,
            Align::Right,
            label,
            look.style(Role::Dim),
        );
    }
    let glyphs = look.glyphs();
    let readings: Vec<u16> = chart
        .actual
        .iter()
        .filter(|(_, value)| chart.row(*value) == at)
        .map(|(on, _)| chart.column(*on, width))
        .collect();
    let today = (chart.from..=chart.to)
        .contains(&chart.today)
        .then(|| chart.column(chart.today, width));
    let cells = (0..width).map(|column| {
        if readings.contains(&column) {
            (glyphs.live, look.style(Role::BarActual))
        } else if chart
            .planned_at(column, width)
            .is_some_and(|value| chart.row(value) == at)
        {
            (glyphs.dot, look.style(Role::BarPath))
        } else if today == Some(column) {
            (glyphs.vertical, look.style(Role::Border))
        } else {
            (" ", Style::default())
        }
    });
    canvas.physical_cells(x, y, width, cells);
}

/// What the signs of the chart mean, each with the sign as this terminal shows it.
fn legend(canvas: &mut Canvas<'_>, y: u16, line: &Line) {
    let look = canvas.look;
    let glyphs = look.glyphs();
    let signs = [
        (glyphs.live, Role::BarActual),
        (glyphs.dot, Role::BarPath),
        (glyphs.vertical, Role::Border),
        (" ", Role::Dim),
    ];
    let mut x = table::GUTTER;
    for (cell, (sign, role)) in line.cells.iter().zip(signs) {
        canvas.put(x, y, sign, look.style(role));
        let room = canvas.width().saturating_sub(x + 2);
        x += 2 + canvas.start(x + 2, y, room, said(cell), look.style(Role::Dim)) + 2;
    }
}
