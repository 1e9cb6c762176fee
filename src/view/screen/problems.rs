//! What is wrong with the data, drawn.

use crate::app::App;
use crate::app::screen::problems::ProblemList;
use crate::config::theme::Role;
use crate::contract::Level;
use crate::i18n;
use crate::text::{Direction, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::table;

/// Draws the problems of the source.
pub fn draw(app: &App, problems: &ProblemList, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let n = number::integer(problems.rows.len() as i64, lang);
    let title = format!("{} {n}", i18n::t(lang, "screen.problems"));
    let mut inner = canvas.frame(&title, "", look.style(Role::BorderFocused), look.style(Role::Title));
    let width = inner.width();
    if problems.rows.is_empty() {
        inner.text(
            0,
            1,
            width,
            Align::Middle,
            i18n::t(lang, "edge.no-problems"),
            look.style(Role::Good),
        );
        return;
    }
    let place = (width / 3).clamp(10, 40);
    let room = usize::from(inner.height());
    for (line, n) in problems.rows.visible(room).enumerate() {
        let Some(problem) = app.board().problems().get(n) else {
            continue;
        };
        let y = line as u16;
        let selected = n == problems.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let style = table::name_style(&inner, selected, true, false);
        let role = match problem.level {
            Level::Note => Role::Data,
            Level::Changed => Role::Notice,
            Level::Skipped => Role::Warning,
            Level::Fatal => Role::Critical,
        };
        let level = i18n::t(lang, problem.level.name_key());
        let used = inner.start(table::GUTTER, y, 12, level, look.style(role)).max(8);
        let at = problem.place.to_string();
        let line = look.fit_in(&at, place, Direction::Ltr);
        inner.line(
            table::GUTTER + used + 1,
            y,
            place,
            Align::Start,
            &line,
            look.style(Role::Dim),
        );
        let x = table::GUTTER + used + place + 2;
        inner.start(x, y, width.saturating_sub(x), &problem.sentence(lang), style);
    }
}
