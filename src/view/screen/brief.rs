//! The brief for the next meeting, drawn.

use crate::app::App;
use crate::app::screen::brief::{Brief, Line};
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::{field, table};

/// Draws the brief.
pub fn draw(app: &App, brief: &Brief, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = app.lang();
    let int = |n: usize| number::integer(n as i64, lang);
    let note = isolate::ltr(&format!("{}/{}", int(brief.rows.index() + 1), int(brief.rows.len())));
    let title = i18n::t(lang, "screen.brief");
    let mut inner = canvas.frame(title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    let width = inner.width();
    let room = usize::from(inner.height());
    for (row, n) in brief.rows.visible(room).enumerate() {
        let Some(line) = brief.lines.get(n) else { continue };
        let y = row as u16;
        let selected = n == brief.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let x = table::GUTTER;
        let wide = width.saturating_sub(x);
        match line {
            Line::Title(text) => drop(inner.start(x, y, wide, text, look.style(Role::Title))),
            Line::Meta(text) => drop(inner.start(x, y, wide, text, look.style(Role::Dim))),
            Line::Heading(text) => drop(inner.start(x, y, wide, text, look.style(Role::Title))),
            Line::Text(text) => drop(inner.start(x, y, wide, text, look.style(Role::Text))),
            Line::Row(at, head, cells) => {
                let Some(widths) = brief.tables.get(*at) else { continue };
                let role = if *head { Role::Column } else { Role::Text };
                for ((at, wide, number), cell) in widths.0.iter().zip(cells) {
                    let style = look.style(role);
                    if *number && !*head {
                        field::ltr(&mut inner, x + at, y, *wide, Align::Right, cell, style);
                    } else {
                        let align = if *number { Align::Right } else { Align::Start };
                        inner.text(x + at, y, *wide, align, cell, style);
                    }
                }
            }
            Line::Blank => {}
        }
    }
}
