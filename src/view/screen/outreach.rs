//! Who goes to whom, drawn.

use crate::app::App;
use crate::app::screen::outreach::OutreachView;
use crate::app::words;
use crate::config::theme::Role;
use crate::contract::Kind;
use crate::i18n;
use crate::text::{Lang, calendar, isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::grid::{Grid, Head};
use crate::view::widget::table;

/// The name of the screen.
pub fn name(app: &App, view: &OutreachView) -> String {
    let lang = app.lang();
    match &view.body {
        None => i18n::t(lang, "screen.outreach").to_owned(),
        Some(body) => {
            let body = isolate::auto(app.board().body_name(body.as_str(), lang));
            i18n::tf_screen(lang, "outreach.of", &[("body", &body)])
        }
    }
}

fn heads(view: &OutreachView, lang: Lang) -> Vec<Head<'static>> {
    let t = |key| i18n::t(lang, key);
    if view.body.is_some() {
        vec![
            (t("outreach.initiative"), 0, false),
            (t("outreach.last"), 10, false),
            (t("outreach.ago"), 6, true),
            (t("outreach.contacts"), 5, true),
            (t("outreach.result"), 22, false),
        ]
    } else {
        vec![
            (t("outreach.body"), 0, false),
            (t("outreach.last"), 10, false),
            (t("outreach.ago"), 6, true),
            (t("outreach.gone-to"), 7, true),
            (t("outreach.contacts"), 5, true),
            (t("outreach.sponsored"), 6, true),
            (t("outreach.unvisited"), 6, true),
        ]
    }
}

/// Draws who goes to whom: nobody's first, then whoever has not gone for the longest.
pub fn draw(app: &App, view: &OutreachView, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let board = app.board();
    let int = |n: usize| number::integer(n as i64, lang);
    let title = format!("{} {}", name(app, view), int(view.rows.len()));
    let mut inner = canvas.frame(&title, "", look.style(Role::BorderFocused), look.style(Role::Title));
    if view.rows.is_empty() {
        let whole = board.is_whole(Kind::Initiative);
        let key = if whole {
            "outreach.none"
        } else {
            super::list::waiting(app)
        };
        let width = inner.width();
        inner.text(0, 1, width, Align::Middle, i18n::t(lang, key), look.style(Role::Dim));
        return;
    }
    let heads = heads(view, lang);
    let grid = Grid::new(&inner, 16, &heads);
    grid.head(&mut inner, 0, &heads);
    let stale = super::list::is_stale(app);
    let style = table::row_style(&inner, stale);
    let room = usize::from(inner.height().saturating_sub(1));
    for (line, n) in view.rows.visible(room).enumerate() {
        let Some(pair) = view.pairs.get(n) else { continue };
        let y = 1 + line as u16;
        let selected = n == view.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let name_style = table::name_style(&inner, selected, true, stale);
        let Some(id) = &pair.id else {
            let said = i18n::tf_screen(lang, "outreach.nobody", &[("n", &int(pair.initiatives))]);
            let width = inner.width().saturating_sub(table::GUTTER);
            inner.start(
                table::GUTTER,
                y,
                width,
                &said,
                name_style.patch(look.style(Role::Warning)),
            );
            continue;
        };
        let named = match view.body {
            Some(_) => words::subject(board, Kind::Initiative, id, lang),
            None => board.body_name(id.as_str(), lang).to_owned(),
        };
        grid.cell(&mut inner, y, 0, &named, name_style);
        let (last, ago) = match pair.last {
            Some(day) => (
                calendar::short(day, app.style().calendar, lang),
                number::integer(i64::from(board.today() - day), lang),
            ),
            None => (i18n::t(lang, "outreach.never").to_owned(), "—".to_owned()),
        };
        let last_style = if pair.last.is_none() {
            look.style(Role::Warning)
        } else {
            style
        };
        grid.cell(&mut inner, y, 1, &last, last_style);
        grid.cell(&mut inner, y, 2, &ago, style);
        if view.body.is_some() {
            grid.cell(&mut inner, y, 3, &int(pair.contacts), style);
            let result = pair.result.as_ref().map_or("", |result| result.get(lang));
            grid.cell(&mut inner, y, 4, result, look.style(Role::Dim));
        } else {
            let figures = [pair.initiatives, pair.contacts, pair.sponsored, pair.unvisited];
            for (n, figure) in figures.into_iter().enumerate() {
                let style = if figure == 0 { look.style(Role::Dim) } else { style };
                grid.cell(&mut inner, y, n + 3, &int(figure), style);
            }
        }
    }
}
