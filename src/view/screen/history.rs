//! What a record was in every kept state, drawn.

use crate::app::App;
use crate::app::screen::history::History;
use crate::app::words;
use crate::board::report::Teller;
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{self, Direction, calendar, isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::table;

/// The name of the screen.
pub fn name(app: &App, history: &History) -> String {
    let lang = app.lang();
    let subject = words::subject(app.board(), history.kind, &history.id, lang);
    let title = format!("{} {}", isolate::ltr(history.id.as_str()), isolate::auto(&subject));
    i18n::tf_screen(lang, "history.title", &[("title", &title)])
}

/// Draws the history, newest first.
pub fn draw(app: &App, history: &History, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let title = name(app, history);
    let note = if history.answered {
        let n = number::integer(history.states as i64, lang);
        let key = match history.teller {
            Teller::Endpoint => "history.versions",
            Teller::Kept | Teller::Instead(_) => "history.states",
        };
        i18n::tf_screen(lang, key, &[("n", &n)])
    } else {
        String::new()
    };
    let mut inner = canvas.frame(&title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    let (width, height) = (inner.width(), inner.height());
    let said = instead(&mut inner, &history.teller);
    let mut inner = inner.part(0, said, width, height.saturating_sub(said));
    if history.lines.is_empty() {
        let key = match (history.answered, history.states) {
            (false, _) => "edge.loading",
            (true, 0) => "change.none-kept",
            (true, _) => "history.nothing",
        };
        inner.text(0, 1, width, Align::Middle, i18n::t(lang, key), look.style(Role::Dim));
        return;
    }
    let (day, label) = (11, (width / 4).clamp(10, 24));
    let room = usize::from(inner.height());
    for (line, n) in history.rows.visible(room).enumerate() {
        let Some(entry) = history.lines.get(n) else { continue };
        let y = line as u16;
        let selected = n == history.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let when = match entry.day {
            Some(day) => calendar::short(day, app.style().calendar, lang),
            None => i18n::t(lang, "change.now").to_owned(),
        };
        let direction = if entry.day.is_some() {
            Direction::Ltr
        } else {
            look.direction()
        };
        let when = look.fit_in(&when, day, direction);
        inner.line(table::GUTTER, y, day, Align::Start, &when, look.style(Role::Dim));
        let x = table::GUTTER + day + 1;
        let role = if entry.wrong { Role::Warning } else { Role::Key };
        inner.start(x, y, label, &entry.label, look.style(role));
        let x = x + label + 1;
        let style = table::name_style(&inner, selected, true, false);
        inner.start(x, y, width.saturating_sub(x), &entry.text, style);
    }
}

/// Says, above what this machine kept, why the endpoint's own history is not there; how many lines that took.
pub(super) fn instead(canvas: &mut Canvas<'_>, teller: &Teller) -> u16 {
    let Teller::Instead(why) = teller else {
        return 0;
    };
    let look = canvas.look;
    let width = canvas.width().saturating_sub(table::GUTTER);
    let said = i18n::tf_screen(look.lang, "history.instead", &[("why", &why.sentence(look.lang))]);
    let lines = text::wrap(&said, look.direction(), usize::from(width));
    let most = lines.len().min(usize::from(canvas.height() / 2));
    for (y, line) in lines.iter().take(most).enumerate() {
        canvas.line(
            table::GUTTER,
            y as u16,
            width,
            Align::Start,
            line,
            look.style(Role::Warning),
        );
    }
    most as u16
}
