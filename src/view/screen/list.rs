//! A list of records, drawn.

use crate::app::App;
use crate::app::input::Input;
use crate::app::screen::list::List;
use crate::board::columns::{self, ValueKind};
use crate::config::theme::Role;
use crate::contract::Kind;
use crate::i18n;
use crate::text::{self, Direction, number};
use crate::view::canvas::{Align, Canvas, columns as cells};
use crate::view::widget::{field, table};

/// The name of a list: its kind and what it is limited to.
pub fn name(app: &App, list: &List) -> String {
    let lang = app.lang();
    let mut name = i18n::t(lang, list.spec.kind.plural_key()).to_owned();
    for (column, value) in list.spec.scope.iter().flat_map(|scope| scope.conditions()) {
        // What the list is narrowed to is said as its column would say it.
        let said = match column.value {
            ValueKind::Word { prefix, .. } => columns::word_name(lang, prefix, value).to_owned(),
            ValueKind::County => app.board().county_name(value, lang).to_owned(),
            _ => Kind::ALL
                .iter()
                .find(|kind| app.board().contains(**kind, value))
                .map_or_else(
                    || value.to_owned(),
                    |kind| app.board().name_of(*kind, value, lang).into(),
                ),
        };
        name.push_str(": ");
        name.push_str(&text::isolate::auto(&said));
    }
    name
}

/// Draws a list.
pub fn draw(app: &App, list: &List, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let int = |n: usize| number::integer(n as i64, lang);
    let position = if list.rows.is_empty() { 0 } else { list.rows.index() + 1 };
    let mut title = format!("{} {}", name(app, list), int(list.rows.len()));
    if list.rows.len() != list.total {
        title = i18n::tf_screen(
            lang,
            "list.filtered",
            &[
                ("name", &name(app, list)),
                ("n", &int(list.rows.len())),
                ("total", &int(list.total)),
            ],
        );
    }
    if list.is_asked_for() {
        title = format!("{title} · {}", i18n::t(lang, "list.sorting"));
    }
    let note = text::isolate::ltr(&format!("{}/{}", int(position), int(list.rows.len())));
    let stale = is_stale(app);
    let mut inner = canvas.frame(&title, &note, look.style(Role::BorderFocused), look.style(Role::Title));
    let mut top = 0;
    if list.editing.is_some() || !list.typed.is_empty() {
        draw_filter(list, &mut inner);
        top = 1 + u16::from(!list.mistakes.is_empty());
    }
    let placed = table::place(list.columns().into_iter(), inner.width(), lang);
    table::head(&mut inner, top, &placed, |key| list.order_of(key));
    top += 1;
    if list.rows.is_empty() {
        let key = match (list.total, app.board().is_whole(list.spec.kind)) {
            _ if list.is_being_made() => "list.sorting",
            (0, false) => waiting(app),
            (0, true) => "edge.empty-list",
            _ => "edge.no-hit",
        };
        let width = inner.width();
        inner.text(
            0,
            top + 1,
            width,
            Align::Middle,
            i18n::t(lang, key),
            look.style(Role::Dim),
        );
        return;
    }
    let room = usize::from(inner.height().saturating_sub(top));
    let needles: Vec<&str> = list.spec.query.words().collect();
    for (line, n) in list.rows.visible(room).enumerate() {
        let y = top + line as u16;
        let Some(id) = list.rows.get(n) else { continue };
        let id = &id;
        let selected = n == list.rows.index();
        if let Some(gone) = list.rows.gone().filter(|gone| gone.index == n) {
            let text = i18n::tf_screen(lang, "edge.gone", &[("title", &gone.title)]);
            table::gutter(&mut inner, y, selected, true, false);
            inner.start(table::GUTTER, y, inner.width(), &text, look.style(Role::Dim));
            continue;
        }
        let Some(record) = app.board().record(list.spec.kind, id.as_str()) else {
            continue;
        };
        let changed = app.marks().of(list.spec.kind, id).is_some();
        let named = table::naming(placed.iter().map(|placed| placed.column)).unwrap_or_default();
        table::gutter(&mut inner, y, selected, true, changed);
        if !changed && list.pinned.contains(id) {
            inner.put(1, y, look.glyphs().pinned, look.style(Role::Key));
        }
        for (n, placed) in placed.iter().enumerate() {
            let style = table::name_style(&inner, selected && n == named, true, stale);
            let value = (placed.column.get)(app.board(), &record);
            let shown = value.format_within(app.board(), app.style(), placed.width);
            let style = field::style_of(&inner, &value, style);
            let (align, ltr) = field::align(placed.column.value);
            let direction = if ltr {
                Direction::Ltr
            } else {
                text::direction_of(&shown, look.direction())
            };
            let shaped = look.fit_in(&shown, placed.width, direction);
            if needles.is_empty() || ltr {
                inner.line(placed.x, y, placed.width, align, &shaped, style);
            } else {
                let hits: Vec<_> = needles
                    .iter()
                    .flat_map(|needle| text::fold::find(&shown, needle))
                    .collect();
                let hit = style.patch(look.style(Role::Match));
                inner.line_with(placed.x, y, placed.width, align, &shaped, |source| {
                    let inside = |range: &std::ops::Range<usize>| {
                        range.contains(&(source.start as usize))
                            || range.contains(&(source.end as usize).saturating_sub(1))
                    };
                    if hits.iter().any(inside) { hit } else { style }
                });
            }
        }
    }
}

/// True when what is on screen may be older than the source.
pub fn is_stale(app: &App) -> bool {
    use crate::board::report::LinkState;
    matches!(
        app.state(),
        LinkState::Stale(_) | LinkState::Rejected(_) | LinkState::Offline(_) | LinkState::Unauthorised(_)
    ) || app.age().is_some()
}

/// What a place says whose records have not come: that they are under way, or that they will not come by themselves.
pub fn waiting(app: &App) -> &'static str {
    if is_stale(app) { "edge.no-data" } else { "edge.loading" }
}

fn draw_filter(list: &List, canvas: &mut Canvas<'_>) {
    let look = canvas.look;
    let lang = look.lang;
    let label = i18n::t(lang, "list.filter");
    let used = canvas.start(table::GUTTER, 0, canvas.width(), label, look.style(Role::Title));
    let x = table::GUTTER + used + 1;
    let width = canvas.width().saturating_sub(x + 1);
    match &list.editing {
        Some(input) => draw_input(canvas, x, 0, width, input),
        None => {
            canvas.start(x, 0, width, &list.typed, look.style(Role::Input));
        }
    }
    if let Some(mistake) = list.mistakes.first() {
        let text = mistake.sentence(lang);
        canvas.start(x, 1, width, &text, look.style(Role::Warning));
    }
}

/// Draws a line being typed, its cursor where the next character will appear.
pub fn draw_input(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, input: &Input) {
    let look = canvas.look;
    let style = look.style(Role::Input);
    let cursor = input.cursor() as u32;
    // One cell stays free for a cursor behind the last character. A line longer than its field shows the part before the
    // cursor: what is being typed is always visible.
    let room = width.saturating_sub(1);
    let mut from = 0;
    while cells(&input.text()[from..input.cursor()]) > room {
        from += input.text()[from..].chars().next().map_or(1, char::len_utf8);
    }
    let visible = &input.text()[from..];
    let line = look.fit_in(visible, room.max(1), look.direction());
    canvas.line(x, y, room, Align::Start, &line, style);
    let cursor = cursor - from as u32;
    let caret = style.patch(look.style(Role::Selected));
    // The cell of the character at the cursor, in reading columns; behind the last one, the next free cell.
    let mut left = 0;
    let mut found = None;
    for glyph in &line.glyphs {
        if glyph.source.contains(&cursor) {
            let physical = left;
            found = Some(match look.direction() {
                Direction::Ltr => physical,
                Direction::Rtl => line.width - physical - u16::from(glyph.width),
            });
        }
        left += u16::from(glyph.width);
    }
    match found {
        Some(at) => canvas.restyle(x + at, y, 1, caret),
        None => canvas.put(x + line.width.min(room), y, " ", caret),
    }
}
