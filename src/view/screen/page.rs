//! A record's page, drawn.

use crate::app::App;
use crate::app::screen::page::{LABEL, Page, Role as LineRole};
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{Direction, isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::{field, table};

/// Draws a record's page.
pub fn draw(app: &App, page: &Page, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let kind = i18n::t(lang, page.kind.name_key());
    let title = format!(
        "{kind} {} · {}",
        isolate::ltr(page.id.as_str()),
        isolate::auto(&page.title)
    );
    let int = |n: usize| number::integer(n as i64, lang);
    let position = if page.rows.is_empty() { 0 } else { page.rows.index() + 1 };
    let note = isolate::ltr(&format!("{}/{}", int(position), int(page.rows.len())));
    let mut inner = canvas.frame(&title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    let stale = page.gone || super::list::is_stale(app);
    let mut top = 0;
    if page.gone {
        let text = i18n::tf_screen(lang, "edge.gone", &[("title", &page.title)]);
        inner.start(table::GUTTER, 0, inner.width(), &text, look.style(Role::Warning));
        top = 1;
    }
    let room = usize::from(inner.height().saturating_sub(top));
    let width = inner.width();
    for (row, n) in page.rows.visible(room).enumerate() {
        let Some(line) = page.lines.get(n) else { continue };
        let y = top + row as u16;
        let selected = n == page.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let style = table::name_style(&inner, selected, true, stale);
        let text_x = table::GUTTER + LABEL;
        let text_width = width.saturating_sub(text_x);
        match line.role {
            LineRole::Blank => {}
            LineRole::Heading => {
                inner.start(
                    table::GUTTER,
                    y,
                    width - table::GUTTER,
                    &line.label,
                    look.style(Role::Title),
                );
            }
            LineRole::Finding(severity) => {
                let role = field::severity(severity);
                let glyph = field::sign(&inner, severity);
                inner.start(
                    table::GUTTER,
                    y,
                    LABEL - 1,
                    &format!("{glyph} {}", line.label),
                    look.style(role),
                );
                inner.start(text_x, y, text_width, &line.text, style);
            }
            LineRole::Field | LineRole::Unknown | LineRole::More | LineRole::Link => {
                let direction = if line.label.is_ascii() {
                    Direction::Ltr
                } else {
                    look.direction()
                };
                let label = look.fit_in(&line.label, LABEL - 1, direction);
                inner.line(table::GUTTER, y, LABEL - 1, Align::Start, &label, look.style(Role::Dim));
                let used = inner.start(text_x, y, text_width.saturating_sub(2), &line.text, style);
                // What goes on below has its arrow there.
                let goes_on = page.lines.get(n + 1).is_some_and(|next| next.continues(line));
                if line.target.is_some() && !goes_on {
                    inner.put(text_x + used + 1, y, look.glyphs().forward, look.style(Role::Marker));
                }
            }
        }
    }
}
