//! Help, choices and the palette, drawn over a screen.

use super::canvas::{Align, Canvas, columns};
use super::screen::list::draw_input;
use crate::app::popup::{Ask, ColumnChoice, Help, Pick, Popup};
use crate::app::rows::Rows;
use crate::config::keymap::Action;
use crate::config::theme::Role;
use crate::i18n;

/// Draws what lies over the screen.
pub fn draw(popup: &Popup, canvas: &mut Canvas<'_>) {
    let lang = canvas.look.lang;
    match popup {
        Popup::Help(help) => self::help(help, canvas),
        Popup::Choice(choice) => entries(canvas, &choice.title, None, &choice.entries, &choice.rows),
        Popup::Palette(palette) => {
            let title = i18n::t(lang, "palette.title");
            entries(canvas, title, Some(&palette.input), &palette.entries, &palette.rows);
        }
        Popup::Columns(choice) => columns_of(choice, canvas),
        Popup::Ask(ask) => question(ask, canvas),
    }
}

/// Clears a place in the middle and frames it; calls `inside` with what is inside.
fn window(
    canvas: &mut Canvas<'_>,
    width: u16,
    height: u16,
    title: &str,
    note: &str,
    inside: impl FnOnce(&mut Canvas<'_>),
) {
    let width = width.min(canvas.width().saturating_sub(2));
    let height = height.min(canvas.height().saturating_sub(2));
    let (x, y) = ((canvas.width() - width) / 2, (canvas.height() - height) / 2);
    let mut part = canvas.part(x, y, width, height);
    let look = part.look;
    for row in 0..height {
        part.fill(0, row, width, " ", ratatui::style::Style::reset());
    }
    let mut inner = part.frame(title, note, look.style(Role::BorderFocused), look.style(Role::Title));
    inside(&mut inner);
}

fn entries(
    canvas: &mut Canvas<'_>,
    title: &str,
    input: Option<&crate::app::input::Input>,
    entries: &[(String, String, Pick)],
    rows: &Rows<usize>,
) {
    let look = canvas.look;
    let head = u16::from(input.is_some());
    let wanted = entries
        .iter()
        .map(|(name, note, _)| columns(name) + columns(note))
        .max()
        .unwrap_or(0)
        + 10;
    let wanted = wanted.max(columns(title) + 6);
    let width = if input.is_some() { 76 } else { wanted.clamp(30, 76) };
    let height = if input.is_some() { 18 } else { entries.len() as u16 + 2 };
    window(canvas, width, height, title, "", |inner| {
        if let Some(input) = input {
            draw_input(inner, 1, 0, inner.width().saturating_sub(2), input);
        }
        let room = usize::from(inner.height().saturating_sub(head));
        for (line, n) in rows.visible(room).enumerate() {
            let Some((name, note, _)) = rows.keys().get(n).and_then(|n| entries.get(*n)) else {
                continue;
            };
            let y = head + line as u16;
            let selected = n == rows.index();
            let style = if selected {
                look.style(Role::Selected)
            } else {
                look.style(Role::Text)
            };
            if selected {
                inner.put(0, y, look.glyphs().marker, look.style(Role::Marker));
            }
            let end = columns(note).min(inner.width() / 2);
            inner.start(2, y, inner.width().saturating_sub(end + 4), name, style);
            let x = inner.width().saturating_sub(end + 1);
            inner.text(x, y, end, Align::End, note, look.style(Role::Dim));
        }
    });
}

/// The columns of a list, those shown with a sign.
fn columns_of(choice: &ColumnChoice, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let height = canvas.height().saturating_sub(2).min(choice.entries.len() as u16 + 3);
    window(canvas, 52, height, i18n::t(lang, "columns.title"), "", |inner| {
        let width = inner.width();
        let room = inner.height().saturating_sub(1);
        for (line, n) in choice.rows.visible(usize::from(room)).enumerate() {
            let Some((column, shown)) = choice.entries.get(n) else {
                continue;
            };
            let y = line as u16;
            if n == choice.rows.index() {
                inner.put(0, y, look.glyphs().marker, look.style(Role::Marker));
            }
            let role = if *shown { Role::Text } else { Role::Dim };
            if *shown {
                inner.put(2, y, look.glyphs().good, look.style(Role::Good));
            }
            let style = if n == choice.rows.index() {
                look.style(Role::Selected)
            } else {
                look.style(role)
            };
            inner.start(4, y, width.saturating_sub(5), column.title(lang), style);
        }
        inner.start(
            1,
            room,
            width.saturating_sub(2),
            i18n::t(lang, "columns.keys"),
            look.style(Role::Hint),
        );
    });
}

/// A question with its answer as typed.
fn question(ask: &Ask, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let height = if ask.wrong.is_some() { 4 } else { 3 };
    window(canvas, 76, height, &ask.title, "", |inner| {
        draw_input(inner, 1, 0, inner.width().saturating_sub(2), &ask.input);
        if let Some(wrong) = &ask.wrong {
            inner.start(1, 1, inner.width().saturating_sub(2), wrong, look.style(Role::Warning));
        }
    });
}

fn help(help: &Help, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let (width, height) = (
        crate::app::layout::help(canvas.width()),
        canvas.height().saturating_sub(2),
    );
    let title = i18n::t(
        lang,
        if help.from == Action::Why {
            "action.why"
        } else {
            "help.title"
        },
    );
    let note = i18n::t(lang, "help.note");
    window(canvas, width, height, title, note, |inner| {
        let mut top = 0;
        if let Some(search) = &help.search {
            draw_input(inner, 1, 0, inner.width().saturating_sub(2), search);
            top = 1;
        }
        let label = (inner.width() / 3).min(26);
        let room = usize::from(inner.height().saturating_sub(top));
        for (line, n) in help.rows.visible(room).enumerate() {
            let Some(entry) = help.rows.keys().get(n).and_then(|n| help.all.get(*n)) else {
                continue;
            };
            let y = top + line as u16;
            if n == help.rows.index() {
                inner.put(0, y, look.glyphs().marker, look.style(Role::Marker));
            }
            if entry.heading {
                inner.start(
                    2,
                    y,
                    inner.width().saturating_sub(2),
                    &entry.text,
                    look.style(Role::Title),
                );
            } else if entry.name.is_empty() {
                inner.start(
                    4,
                    y,
                    inner.width().saturating_sub(5),
                    &entry.text,
                    look.style(Role::Text),
                );
            } else {
                let direction = if entry.name.is_ascii() {
                    crate::text::Direction::Ltr
                } else {
                    look.direction()
                };
                let name = look.fit_in(&entry.name, label.saturating_sub(3), direction);
                inner.line(
                    2,
                    y,
                    label.saturating_sub(3),
                    Align::Start,
                    &name,
                    look.style(Role::Marker),
                );
                inner.start(
                    label,
                    y,
                    inner.width().saturating_sub(label),
                    &entry.text,
                    look.style(Role::Text),
                );
            }
        }
        if help.rows.is_empty() {
            inner.start(
                2,
                top,
                inner.width().saturating_sub(2),
                i18n::t(lang, "edge.no-hit"),
                look.style(Role::Dim),
            );
        }
    });
}
