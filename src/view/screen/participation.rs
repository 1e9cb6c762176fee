//! Participation told apart, drawn.

use crate::app::App;
use crate::app::screen::participation::{Figures, ParticipationView};
use crate::app::words;
use crate::board::participation::By;
use crate::board::{Reached, Tally};
use crate::config::theme::Role;
use crate::contract::Step;
use crate::i18n;
use crate::text::{isolate, number};
use crate::view::canvas::{Align, Canvas};
use crate::view::widget::grid::{Grid, Head};
use crate::view::widget::table;

/// The name of the screen: what it is narrowed to, and how it is told apart.
pub fn name(app: &App, view: &ParticipationView) -> String {
    let lang = app.lang();
    let mut name = i18n::t(lang, "screen.participation").to_owned();
    let kind = view.kind.as_ref().map(|kind| kind.name(lang).to_string());
    let county = view
        .county
        .as_ref()
        .map(|id| app.board().county_name(id.as_str(), lang).to_owned());
    for narrowed in [kind, county].into_iter().flatten() {
        name.push_str(": ");
        name.push_str(&isolate::auto(&narrowed));
    }
    name
}

fn by_key(by: By) -> &'static str {
    match by {
        By::Kind => "part.by-kind",
        By::County => "part.by-county",
        By::Sector => "part.by-sector",
    }
}

/// The titles of the columns behind the first.
fn titles(figures: Figures) -> &'static [&'static str] {
    match figures {
        Figures::Funnel => &[
            "pane.count",
            "pane.empowered",
            "pane.brought-in",
            "part.stalled",
            "part.closed",
            "part.existing",
            "pane.new",
            "part.new-share",
        ],
        Figures::Jobs | Figures::Capital => &[
            "part.committed",
            "part.claimed",
            "part.registered",
            "part.approved",
            "part.verified",
            "part.share",
        ],
    }
}

/// The figures of a tally, as the columns want them.
fn cells(app: &App, figures: Figures, tally: &Tally) -> Vec<String> {
    let lang = app.lang();
    let nothing = || "—".to_owned();
    let int = |n: usize| number::integer(n as i64, lang);
    let share = |share: Option<f64>| share.map_or_else(nothing, |s| number::percent((s * 100.0).round(), lang));
    match figures {
        Figures::Funnel => {
            let mut out: Vec<String> = Reached::ALL.map(|stage| int(tally.at(stage))).into();
            out.extend([tally.stalled, tally.closed, tally.existing, tally.new].map(int));
            out.push(share(tally.new_share()));
            out
        }
        Figures::Jobs => {
            let sum = |step| {
                tally
                    .jobs(step)
                    .map_or_else(nothing, |(sum, _)| number::decimal(sum, 0, lang))
            };
            let mut out: Vec<String> = Step::ALL.map(sum).into();
            out.push(share(tally.verified_share()));
            out
        }
        Figures::Capital => {
            let sum = |step| {
                let rial = tally.capital(step).map(|(sum, _)| sum as i64);
                // The heading of the screen names the unit once for all of them.
                rial.map_or_else(nothing, |rial| {
                    number::decimal(rial as f64 / app.style().money.rials() as f64, 1, lang)
                })
            };
            let mut out: Vec<String> = Step::ALL.map(sum).into();
            let (committed, verified) = (tally.capital(Step::Committed), tally.capital(Step::Verified));
            let part = committed.zip(verified).filter(|((whole, _), _)| *whole > 0.0);
            out.push(share(part.map(|((whole, _), (part, _))| part / whole)));
            out
        }
    }
}

/// Draws the participation: the way of telling apart, the figures of each row, and those of all.
pub fn draw(app: &App, view: &ParticipationView, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let title = format!("{} · {}", name(app, view), i18n::t(lang, view.figures.name_key()));
    let note = match (&view.county, view.figures) {
        (_, Figures::Capital) => app.style().money.name(lang).to_owned(),
        (Some(county), _) => {
            let n = app.board().projects_of_county(county.as_str()).count();
            let projects = number::integer(n as i64, lang);
            i18n::tf_screen(lang, "part.projects", &[("n", &projects)])
        }
        (None, Figures::Funnel) => i18n::t(lang, "part.reached-note").to_owned(),
        (None, Figures::Jobs) => i18n::t(lang, "part.share-note").to_owned(),
    };
    let mut inner = canvas.frame(&title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    if view.rows.is_empty() {
        let key = if app.board().participation().whole {
            "edge.no-initiatives"
        } else {
            super::list::waiting(app)
        };
        let width = inner.width();
        inner.text(0, 1, width, Align::Middle, i18n::t(lang, key), look.style(Role::Dim));
        return;
    }
    let width = if view.figures == Figures::Funnel { 5 } else { 7 };
    let mut heads: Vec<Head<'_>> = vec![(i18n::t(lang, by_key(view.by)), 0, false)];
    heads.extend(titles(view.figures).iter().map(|key| (i18n::t(lang, key), width, true)));
    let grid = Grid::new(&inner, 12, &heads);
    grid.head(&mut inner, 0, &heads);
    let stale = super::list::is_stale(app);
    let style = table::row_style(&inner, stale);
    let room = usize::from(inner.height().saturating_sub(2));
    for (line, n) in view.rows.visible(room).enumerate() {
        let (Some(key), Some(tally)) = (view.rows.keys().get(n), view.tallies.get(n)) else {
            continue;
        };
        let y = 1 + line as u16;
        let selected = n == view.rows.index();
        table::gutter(&mut inner, y, selected, true, false);
        let name_style = table::name_style(&inner, selected, true, stale);
        grid.cell(
            &mut inner,
            y,
            0,
            &words::group_name(app.board(), view.by, key.as_deref(), lang),
            name_style,
        );
        for (n, cell) in cells(app, view.figures, tally).iter().enumerate() {
            let none = matches!(cell.as_str(), "0" | "۰" | "—");
            let style = if none { look.style(Role::Dim) } else { style };
            grid.cell(&mut inner, y, n + 1, cell, style);
        }
    }
    let y = inner.height().saturating_sub(1);
    let bold = look.style(Role::Title);
    grid.cell(&mut inner, y, 0, i18n::t(lang, "part.all"), bold);
    for (n, cell) in cells(app, view.figures, &view.all).iter().enumerate() {
        grid.cell(&mut inner, y, n + 1, cell, bold);
    }
}
