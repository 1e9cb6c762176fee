//! What changed between two states, drawn.

use super::history::instead;
use crate::app::App;
use crate::app::screen::changes::{Changes, Show};
use crate::app::words;
use crate::board::Fate;
use crate::board::report::Teller;
use crate::config::theme::Role;
use crate::i18n;
use crate::text::{calendar, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::table;

/// The name of the screen: the states compared.
pub fn name(app: &App, changes: &Changes) -> String {
    let lang = app.lang();
    let day = |day| calendar::short(day, app.style().calendar, lang);
    let Some(from) = changes.from.as_ref().map(|past| past.day).or(changes.wanted_from) else {
        return i18n::t(lang, "screen.changes").to_owned();
    };
    let meeting = app.board().last_meeting().map(|meeting| meeting.on);
    match changes.to.as_ref().map(|past| past.day).or(changes.wanted_to) {
        Some(to) => i18n::tf_screen(lang, "change.between", &[("from", &day(from)), ("to", &day(to))]),
        None if meeting == Some(from) => i18n::tf_screen(lang, "change.since-meeting", &[("from", &day(from))]),
        None => i18n::tf_screen(lang, "change.since-day", &[("from", &day(from))]),
    }
}

/// Draws the changes: what became of each record, newest first.
pub fn draw(app: &App, changes: &Changes, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let int = |n: usize| number::integer(n as i64, lang);
    let title = name(app, changes);
    let note = match changes.teller {
        Teller::Endpoint => i18n::t(lang, "change.by-server"),
        Teller::Kept | Teller::Instead(_) => "",
    };
    let mut inner = canvas.frame(&title, note, look.style(Role::BorderFocused), look.style(Role::Title));
    let (width, height) = (inner.width(), inner.height());
    let said = instead(&mut inner, &changes.teller);
    let mut inner = inner.part(0, said, width, height.saturating_sub(said));
    // The choices with their counts, the one shown marked.
    let mut x = table::GUTTER;
    for (show, count) in Show::ALL.into_iter().zip(changes.counts) {
        let said = format!("{} {}", i18n::t(lang, show.name_key()), int(count));
        let role = if show == changes.show {
            Role::Selected
        } else {
            Role::Dim
        };
        x += inner.start(x, 0, inner.width().saturating_sub(x), &said, look.style(role)) + 2;
    }
    if changes.rows.is_empty() {
        let key = if changes.is_waiting() {
            "edge.loading"
        } else if changes.from.is_none() {
            "change.none-kept"
        } else {
            "change.nothing"
        };
        let width = inner.width();
        inner.text(0, 3, width, Align::Middle, i18n::t(lang, key), look.style(Role::Dim));
        return;
    }
    let width = inner.width();
    let (fate, record) = (12, (width / 4).clamp(12, 30));
    let what = table::GUTTER + fate + record + 2;
    let places = [
        (table::GUTTER, fate),
        (table::GUTTER + fate + 1, record),
        (what, width.saturating_sub(what)),
    ];
    for ((x, width), key) in places.iter().zip(["change.fate", "change.record", "change.what"]) {
        inner.start(*x, 1, *width, i18n::t(lang, key), look.style(Role::Column));
    }
    let later = changes.later(app.board());
    let Some(from) = &changes.from else { return };
    let room = usize::from(inner.height().saturating_sub(2));
    for (line, n) in changes.rows.visible(room).enumerate() {
        let Some(change) = changes.changes.get(n) else { continue };
        let y = 2 + line as u16;
        let selected = n == changes.rows.index();
        let marked = changes.to.is_none() && app.marks().of(change.kind, &change.id).is_some();
        table::gutter(&mut inner, y, selected, true, marked);
        let (key, role) = match change.fate {
            _ if !change.moved.is_empty() => ("change.wrong", Role::Warning),
            Fate::Appeared => ("change.appeared", Role::Good),
            Fate::Changed => ("change.changed", Role::Text),
            Fate::Vanished => ("change.vanished", Role::Critical),
        };
        inner.start(places[0].0, y, places[0].1, i18n::t(lang, key), look.style(role));
        let board = if change.fate == Fate::Vanished {
            &from.board
        } else {
            later
        };
        let subject = words::subject(board, change.kind, &change.id, lang);
        let style = table::name_style(&inner, selected, true, false);
        inner.start(places[1].0, y, places[1].1, &subject, style);
        let said = words::change(change, &from.board, later, app.style());
        let role = if change.moved.is_empty() {
            Role::Dim
        } else {
            Role::Warning
        };
        inner.start(places[2].0, y, places[2].1, &said, look.style(role));
    }
}
