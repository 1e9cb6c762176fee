//! Counties of one kind of initiative, drawn.

use crate::app::App;
use crate::app::screen::counties::Counties;
use crate::board::Reached;
use crate::config::theme::Role;
use crate::contract::Step;
use crate::i18n;
use crate::text::{isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::{field, table};

/// The name of the screen: the kind of initiative.
pub fn name(app: &App, counties: &Counties) -> String {
    isolate::auto(&counties.initiative_kind.name(app.lang()))
}

const NUMBERS: [&str; 5] = [
    "county.count",
    "county.new",
    "county.brought-in",
    "county.claimed",
    "county.verified",
];
const WIDTH: u16 = 12;

/// Draws the counties.
pub fn draw(app: &App, counties: &Counties, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let title = i18n::tf_screen(lang, "county.title", &[("kind", &name(app, counties))]);
    let mut inner = canvas.frame(&title, "", look.style(Role::BorderFocused), look.style(Role::Title));
    let shown = usize::from((inner.width().saturating_sub(table::GUTTER + 16) / (WIDTH + 1)).clamp(1, 5));
    let names = inner.width().saturating_sub(table::GUTTER + shown as u16 * (WIDTH + 1));
    inner.start(
        table::GUTTER,
        0,
        names,
        i18n::t(lang, "county.name"),
        look.style(Role::Column),
    );
    for (n, key) in NUMBERS.iter().take(shown).enumerate() {
        let x = table::GUTTER + names + n as u16 * (WIDTH + 1);
        inner.text(x, 0, WIDTH, Align::Right, i18n::t(lang, key), look.style(Role::Column));
    }
    let room = usize::from(inner.height().saturating_sub(1));
    for (line, n) in counties.rows.visible(room).enumerate() {
        let Some(county) = counties.figures.get(n) else {
            continue;
        };
        let y = 1 + line as u16;
        let selected = n == counties.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let style = table::row_style(&inner, false);
        let name_style = table::name_style(&inner, selected, true, false);
        let name = match &county.id {
            Some(id) => app
                .board()
                .county(id.as_str())
                .map_or(id.as_str(), |c| c.name.get(lang)),
            None => i18n::t(lang, "county.none"),
        };
        inner.start(table::GUTTER, y, names, name, name_style);
        let tally = &county.tally;
        let jobs = |step: Step| tally.jobs(step).map_or(0.0, |(sum, _)| sum);
        let figures = [
            tally.count as f64,
            tally.new as f64,
            tally.at(Reached::BroughtIn) as f64,
            jobs(Step::Claimed),
            jobs(Step::Verified),
        ];
        for (n, figure) in figures.iter().take(shown).enumerate() {
            let x = table::GUTTER + names + n as u16 * (WIDTH + 1);
            let style = if *figure == 0.0 { look.style(Role::Dim) } else { style };
            field::ltr(
                &mut inner,
                x,
                y,
                WIDTH,
                Align::Right,
                &number::decimal(*figure, 1, lang),
                style,
            );
        }
    }
}
