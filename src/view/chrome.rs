//! What surrounds every screen: the header with the state of the source, and the footer with the keys that help.

use super::canvas::{Align, Canvas, columns};
use super::widget::field;
use crate::app::App;
use crate::board::report::{Age, LinkState};
use crate::config::theme::Role;
use crate::contract::{Level, Problem};
use crate::i18n;
use crate::text::{Lang, calendar, number};
use ratatui::style::Style;

/// Columns of the header kept for the program's name and the space around it.
const NAME: u16 = 14;

/// How old the board is, in words.
fn age(age: Age, lang: Lang) -> String {
    let say = |key, n: u32| i18n::tf_screen(lang, key, &[("n", &number::integer(i64::from(n), lang))]);
    match age {
        Age::Now => i18n::t(lang, "age.now").to_owned(),
        Age::Minutes(n) => say("age.minutes", n),
        Age::Hours(n) => say("age.hours", n),
        Age::Days(n) => say("age.days", n),
        Age::Unknown => i18n::t(lang, "age.unknown").to_owned(),
    }
}

/// The sign, word and role of a source's state.
fn state(app: &App, look: &super::Look) -> (String, Role) {
    let lang = look.lang;
    let (key, role) = match app.state() {
        // Something is shown already: what was kept when the program ran last.
        LinkState::Starting if app.age().is_some() => ("link.kept", Role::Warning),
        LinkState::Starting => ("link.starting", Role::Dim),
        LinkState::Sample => ("link.sample", Role::Sample),
        LinkState::File => ("link.file", Role::Good),
        LinkState::Live(_) => ("link.live", Role::Good),
        LinkState::Polling => ("link.polling", Role::Good),
        LinkState::Stale(_) => ("link.stale", Role::Warning),
        LinkState::Rejected(_) => ("link.rejected", Role::Critical),
        LinkState::Unauthorised(_) => ("link.unauthorised", Role::Critical),
        LinkState::Offline(_) => ("link.offline", Role::Critical),
    };
    let sign = if super::screen::list::is_stale(app) {
        look.glyphs().stale
    } else {
        look.glyphs().live
    };
    let mut said = format!("{sign} {}", i18n::t(lang, key));
    if let Some(of) = app.age() {
        said = format!("{said} · {}", age(of, lang));
    }
    (said, role)
}

/// Draws the header: program and headquarters at the start, state of the source and day at the end.
pub fn header(app: &App, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let width = canvas.width();
    let bar = look.style(Role::Header);
    let board = app.board();
    let day = calendar::long(board.today(), app.style().calendar, lang);
    let today = format!("{} {day}", calendar::weekday(board.today(), lang));
    // Each with its rank: where there is no room for all, the state of the source stays longest.
    let mut end: Vec<(u8, String, Style)> = Vec::new();
    let counts = board.findings().counts();
    let (text, role) = state(app, look);
    // Beside the program's name there is room for its sign at least.
    let sign = || text.chars().take(1).collect();
    let text = if columns(&text) + NAME >= width { sign() } else { text };
    end.push((0, text, look.style(role)));
    // Two operators tell by it whether they look at the same thing. It gives way first.
    let least = if app.path().len() == 1 { 100 } else { 120 };
    if let LinkState::Live(rev) = app.state()
        && width >= least
    {
        let n = number::digits(&rev.to_string(), lang);
        end.push((
            10,
            i18n::tf_screen(lang, "link.rev", &[("n", &n)]),
            look.style(Role::Dim),
        ));
    }
    if let Some(loading) = app.loading() {
        let n = number::integer(loading.records as i64, lang);
        end.push((
            4,
            i18n::tf_screen(lang, "link.loading", &[("n", &n)]),
            look.style(Role::Dim),
        ));
    }
    // Figures that lack records must not pass for whole ones.
    let left_out = board.problems().iter().filter(|p| p.level >= Level::Skipped).count();
    // Below the overview the way back needs the room.
    if left_out > 0 && (app.path().len() == 1 || width >= 120) {
        let n = number::integer(left_out as i64, lang);
        end.push((
            3,
            i18n::tf_screen(lang, "header.left-out", &[("n", &n)]),
            look.style(Role::Warning),
        ));
    }
    // Below the overview a narrow header belongs to the way back.
    let least = if app.path().len() == 1 { 70 } else { 100 };
    if width >= least && board.headquarters().is_some() {
        for (rank, count, glyph, role) in [
            (5, counts.critical, look.glyphs().severity[0], Role::Critical),
            (6, counts.warning, look.glyphs().severity[1], Role::Warning),
            (8, counts.notice, look.glyphs().severity[2], Role::Notice),
            (9, counts.data, look.glyphs().severity[3], Role::Data),
        ]
        .into_iter()
        .take(if width >= least + 40 { 4 } else { 2 })
        {
            end.push((
                rank,
                format!("{glyph} {}", number::integer(count as i64, lang)),
                look.style(role),
            ));
        }
    }
    let own = match (!board.hidden_limits().is_empty(), board.hides_ladder()) {
        (true, true) => Some("header.own-both"),
        (true, false) => Some("header.own-settings"),
        (false, true) => Some("header.own-ladder"),
        (false, false) => None,
    };
    if let Some(own) = own.filter(|_| width >= 100) {
        end.push((7, i18n::t(lang, own).to_owned(), look.style(Role::Dim)));
    }
    let hq = board.headquarters();
    if app.as_of().is_some() {
        // The day judged by, and the state it is judged on: the newest one kept that is not after that day, else the newest there is.
        let said = match hq.map(|hq| hq.as_of) {
            Some(Some(state)) if state != board.today() => {
                let day = calendar::short(state, app.style().calendar, lang);
                Some(i18n::tf_screen(lang, "header.state-of", &[("day", &day)]))
            }
            Some(None) => Some(i18n::t(lang, "header.newest-state").to_owned()),
            Some(Some(_)) | None => None,
        };
        if let Some(said) = said.filter(|_| width >= 100) {
            end.push((6, said, look.style(Role::Dim)));
        }
    }
    // The sample says by itself that it is none of today.
    let own_day = hq.is_some_and(|hq| hq.is_synthetic() && hq.as_of.is_some()) && *app.state() != LinkState::Sample;
    if app.as_of().is_some() || own_day {
        end.push((2, i18n::t(lang, "header.as-of").to_owned(), look.style(Role::Warning)));
    }
    end.push((1, today, look.style(Role::Text)));
    let mut by_rank: Vec<(u8, u16)> = end.iter().map(|(rank, text, _)| (*rank, columns(text) + 2)).collect();
    by_rank.sort_by_key(|(rank, _)| *rank);
    // What stands at the end gives way before the name at the start does.
    let mut room = (width + 1).saturating_sub(NAME);
    let kept = by_rank.iter().take_while(|(_, need)| {
        let fits = *need <= room;
        room = room.saturating_sub(*need);
        fits
    });
    let kept: Vec<u8> = kept.map(|(rank, _)| *rank).collect();
    let mut x = width.saturating_sub(1);
    for (_, text, style) in end.iter().filter(|(rank, ..)| kept.contains(rank)).rev() {
        let need = columns(text);
        x = x.saturating_sub(need);
        canvas.start(x, 0, need, text, *style);
        x = x.saturating_sub(2);
    }
    let mut at = 1;
    at += canvas.start(
        at,
        0,
        x.saturating_sub(at),
        i18n::t(lang, "program.name"),
        look.style(Role::Title),
    );
    at += 1;
    if board.headquarters().is_some_and(|hq| hq.is_synthetic()) && x > at + 3 {
        let text = i18n::t(lang, "sample.mark");
        at += 1 + canvas.start(at, 0, x.saturating_sub(at), text, look.style(Role::Sample));
    }
    if x <= at + 3 {
        return;
    }
    canvas.start(at, 0, 1, look.glyphs().vertical, look.style(Role::Dim));
    let room = x.saturating_sub(at + 3);
    let place = match app.path() {
        [_] => board
            .headquarters()
            .map(|hq| hq.name.get(lang).to_owned())
            .unwrap_or_default(),
        path => breadcrumb(app, path, room),
    };
    canvas.start(at + 2, 0, room, &place, bar);
}

/// The way from the overview to the present screen; where it is too long, its beginning gives way.
fn breadcrumb(app: &App, path: &[crate::app::screen::Screen], room: u16) -> String {
    use crate::app::screen::Screen;
    let lang = app.lang();
    let mut names = Vec::new();
    for screen in path {
        names.push(match screen {
            Screen::Overview(_) => i18n::t(lang, "screen.overview").to_owned(),
            Screen::List(list) => super::screen::list::name(app, list),
            Screen::Page(page) => {
                // Names on the way are short: the last one is said in full by its own page.
                let line = crate::text::fit(&page.title, lang.direction(), 24);
                let end = line
                    .glyphs
                    .iter()
                    .filter(|g| g.symbol != "…")
                    .map(|g| g.source.end)
                    .max()
                    .unwrap_or(0);
                let cut = page.title.get(..end as usize).unwrap_or(&page.title);
                crate::text::isolate::auto(&if line.truncated {
                    format!("{cut}…")
                } else {
                    cut.to_owned()
                })
            }
            Screen::Counties(counties) => super::screen::counties::name(app, counties),
            Screen::Problems(_) => i18n::t(lang, "screen.problems").to_owned(),
            Screen::Sheet(sheet) => sheet.topic.title(app.board(), lang),
            Screen::Changes(_) => i18n::t(lang, "screen.changes").to_owned(),
            Screen::History(_) => i18n::t(lang, "screen.history").to_owned(),
            Screen::Brief(_) => i18n::t(lang, "screen.brief").to_owned(),
            Screen::Participation(view) => super::screen::participation::name(app, view),
            Screen::Outreach(view) => super::screen::outreach::name(app, view),
            Screen::Map(_) => i18n::t(lang, "screen.map").to_owned(),
        });
    }
    // The pieces are joined by an arrow that the text pipeline turns with the direction of reading.
    let mut way = names.join(" › ");
    for skipped in 1..names.len() {
        if columns(&way) <= room {
            break;
        }
        way = format!("… › {}", names.get(skipped..).unwrap_or_default().join(" › "));
    }
    way
}

/// Why the data were rejected, with the place; and whether what is shown is older data or nothing at all.
fn rejected(app: &App, problems: &[Problem]) -> String {
    let lang = app.lang();
    // What was only noted before the reading failed explains nothing.
    let Some(problem) = problems.iter().max_by_key(|problem| problem.level) else {
        return i18n::t(lang, "link.rejected").to_owned();
    };
    let mut place = app
        .source()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let inside = problem.place.to_string();
    if !inside.is_empty() {
        place = format!("{place}:{inside}");
    }
    let key = if app.board().headquarters().is_some() {
        "link.rejected-why"
    } else {
        "link.rejected-all"
    };
    let why = problem.sentence(lang);
    i18n::tf_screen(lang, key, &[("place", &place), ("why", &why)])
}

/// What keeps the source from being read, and when it is tried again.
fn trouble(app: &App, why: &str) -> String {
    let lang = app.lang();
    match app.retry_at() {
        Some(at) => {
            let (hour, minute) = crate::clock::time_of_day(at, app.board().zone());
            let time = calendar::time(hour, minute, lang);
            i18n::tf_screen(lang, "link.trouble", &[("why", why), ("time", &time)])
        }
        None => why.to_owned(),
    }
}

/// Draws the footer: a sentence if there is one to say, else the keys of the present screen.
pub fn footer(app: &App, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let (width, y) = (canvas.width(), canvas.height() - 1);
    if let Some(message) = app.message() {
        let role = if message.warning { Role::Warning } else { Role::Notice };
        canvas.start(1, y, width.saturating_sub(2), &message.text, look.style(role));
        return;
    }
    let wrong = match app.state() {
        LinkState::Rejected(problems) => Some((trouble(app, &rejected(app, problems)), Role::Critical)),
        LinkState::Offline(why) | LinkState::Unauthorised(why) => {
            Some((trouble(app, &why.sentence(lang)), Role::Critical))
        }
        LinkState::Stale(why) => why
            .as_ref()
            .map(|why| (trouble(app, &why.sentence(lang)), Role::Warning)),
        LinkState::Starting | LinkState::Sample | LinkState::File | LinkState::Live(_) | LinkState::Polling => None,
    };
    let warning = app.warning().map(|problem| (problem.sentence(lang), Role::Warning));
    let mut x = 1;
    if let Some((text, role)) = wrong.or(warning) {
        // The keys stand where the sentence leaves room for them.
        x += canvas.start(x, y, width.saturating_sub(2), &text, look.style(role)) + 2;
    }
    for (keys, action) in app.hints() {
        let name = i18n::t(lang, app.hint_key(action));
        let need = columns(&keys) + 1 + columns(name);
        if x + need + 1 > width {
            break;
        }
        x += field::ltr(canvas, x, y, columns(&keys), Align::Start, &keys, look.style(Role::Key)) + 1;
        x += canvas.start(x, y, columns(name), name, look.style(Role::Hint)) + 2;
    }
}
