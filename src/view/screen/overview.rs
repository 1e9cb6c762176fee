//! The overview, drawn: measures, overdue plans, participation, what needs attention.

use crate::app::App;
use crate::app::layout::{self, Field};
use crate::app::rows::Rows;
use crate::app::screen::overview::{Overview, Pane};
use crate::app::words;
use crate::board::columns::{self, Value};
use crate::board::{Class, Group, Reached};
use crate::config::theme::Role;
use crate::contract::{Category, InitiativeKind, Kind, Pillar, Step, records};
use crate::i18n;
use crate::text::number;
use crate::view::canvas::{Align, Canvas, columns as cells};
use crate::view::widget::{bar, field, table};

/// Draws the panes that fit.
pub fn draw(app: &App, overview: &Overview, canvas: &mut Canvas<'_>) {
    let size = app.size();
    for (pane, Field { x, y, width, height }) in layout::panes(size, overview.focus, overview.zoom) {
        let mut part = canvas.part(x, y, width, height);
        let focused = pane == overview.focus;
        match pane {
            Pane::Measures => measures(app, overview, focused, &mut part),
            Pane::Overdue => overdue(app, overview, focused, &mut part),
            Pane::Participation => participation(app, &overview.participation, focused, &mut part),
            Pane::Attention => attention(app, overview, focused, &mut part),
        }
    }
}

fn frame<'a>(canvas: &'a mut Canvas<'_>, focused: bool, title: &str, note: &str) -> Canvas<'a> {
    let look = canvas.look;
    let border = if focused { Role::BorderFocused } else { Role::Border };
    let title_role = if focused { Role::Title } else { Role::Header };
    canvas.frame(title, note, look.style(border), look.style(title_role))
}

fn int(app: &App, n: usize) -> String {
    number::integer(n as i64, app.lang())
}

/// A pane's name with what it counts; what is not known yet is no nothing.
fn counted(app: &App, name: &'static str, count: Option<usize>) -> String {
    let name = i18n::t(app.lang(), name);
    count.map_or_else(|| name.to_owned(), |n| format!("{name} {}", int(app, n)))
}

/// Says why a pane has no rows; true when it had to.
fn empty(app: &App, canvas: &mut Canvas<'_>, whole: bool, empty_key: &'static str, rows: usize) -> bool {
    if rows > 0 {
        return false;
    }
    let look = canvas.look;
    let key = if whole { empty_key } else { super::list::waiting(app) };
    let width = canvas.width();
    let y = canvas.height() / 2;
    canvas.text(
        0,
        y,
        width,
        Align::Middle,
        i18n::t(look.lang, key),
        look.style(Role::Dim),
    );
    true
}

/// Whether the row heading fits, and on which line rows begin.
fn heads(canvas: &Canvas<'_>) -> u16 {
    u16::from(canvas.height() >= 3)
}

/// Columns of a fixed table: heading key, width, right-aligned number or not; the first one takes what is left.
struct Plan {
    widths: Vec<(u16, u16)>,
    heads: Vec<(&'static str, Align)>,
}

impl Plan {
    /// `fixed` are the widths after the first column; those that leave the first one less than `least` are dropped from the
    /// end.
    fn new(canvas: &Canvas<'_>, least: u16, columns: &[(&'static str, Align, u16)]) -> Self {
        let (width, lang) = (canvas.width(), canvas.look.lang);
        // A heading that is cut says nothing: it counts like the values below it.
        let wide = |(key, _, width): &(&'static str, Align, u16)| cells(i18n::t(lang, key)).max(*width);
        let mut fixed: Vec<u16> = columns.iter().skip(1).map(wide).collect();
        while !fixed.is_empty() && table::GUTTER + least + fixed.iter().map(|w| w + 1).sum::<u16>() > width {
            fixed.pop();
        }
        let first = width.saturating_sub(table::GUTTER + fixed.iter().map(|w| w + 1).sum::<u16>());
        let mut x = table::GUTTER;
        let mut widths = vec![(x, first)];
        x += first + 1;
        for width in fixed {
            widths.push((x, width));
            x += width + 1;
        }
        let heads = columns.iter().map(|(key, align, _)| (*key, *align)).collect();
        Self { widths, heads }
    }

    fn get(&self, n: usize) -> Option<(u16, u16)> {
        self.widths.get(n).copied()
    }

    fn head(&self, canvas: &mut Canvas<'_>) {
        let look = canvas.look;
        for ((x, width), (key, align)) in self.widths.iter().zip(&self.heads) {
            canvas.text(*x, 0, *width, *align, i18n::t(look.lang, key), look.style(Role::Column));
        }
    }
}

fn rows<K: Clone + PartialEq>(rows: &Rows<K>, canvas: &Canvas<'_>, top: u16) -> Vec<(u16, usize)> {
    let room = usize::from(canvas.height().saturating_sub(top));
    rows.visible(room)
        .enumerate()
        .map(|(line, n)| (top + line as u16, n))
        .collect()
}

/// The three conditions, each as actual/planned percent; nothing before measures and projects are known.
fn conditions(app: &App, overview: &Overview) -> String {
    let board = app.board();
    if !board.is_whole(Kind::Measure) || !board.is_whole(Kind::Project) {
        return String::new();
    }
    let side = |n: Option<f64>| n.map_or_else(|| "—".to_owned(), |n| number::decimal(n.round(), 0, app.lang()));
    let of = |pillar: &Pillar| {
        let found = overview.conditions.iter().find(|(of, _)| of == pillar);
        found.map_or_else(
            || "—".to_owned(),
            |(_, condition)| format!("{}/{}", side(condition.actual), side(condition.planned)),
        )
    };
    let values = [
        ("state", of(&Pillar::StateSupport)),
        ("private", of(&Pillar::PrivateDrive)),
        ("people", of(&Pillar::Empowerment)),
    ];
    i18n::tf_screen(
        app.lang(),
        "pane.conditions",
        &values.each_ref().map(|(name, value)| (*name, value.as_str())),
    )
}

fn measures(app: &App, overview: &Overview, focused: bool, canvas: &mut Canvas<'_>) {
    let (board, list) = (app.board(), &overview.measures);
    let lang = app.lang();
    let title = counted(
        app,
        "pane.measures",
        board.is_whole(Kind::Measure).then(|| board.count(Kind::Measure)),
    );
    let mut inner = frame(canvas, focused, &title, &conditions(app, overview));
    let look = inner.look;
    if empty(
        app,
        &mut inner,
        board.is_whole(Kind::Measure),
        "edge.no-measures",
        list.len(),
    ) {
        return;
    }
    let stale = super::list::is_stale(app);
    let top = heads(&inner);
    // The deviation comes first after the name: it is the last to go when the pane is narrow.
    let columns = [
        ("pane.measure", Align::Start, 0),
        ("pane.deviation", Align::Right, 4),
        ("pane.actual-path", Align::Right, 7),
        ("pane.bar", Align::Start, 8),
        ("pane.projects", Align::Right, 4),
    ];
    let plan = Plan::new(&inner, 14, &columns);
    if top > 0 {
        plan.head(&mut inner);
    }
    for (y, n) in rows(list, &inner, top) {
        let Some(measure) = list.keys().get(n).and_then(|id| board.measures().get(id.as_str())) else {
            continue;
        };
        let progress = board.progress(measure.id.as_str());
        let selected = n == list.index();
        let style = table::row_style(&inner, stale);
        let name_style = table::name_style(&inner, selected, focused, stale);
        table::gutter(
            &mut inner,
            y,
            selected,
            focused,
            app.marks().of(Kind::Measure, &measure.id).is_some(),
        );
        if let Some((x, width)) = plan.get(0) {
            let number = number::integer(i64::from(measure.number), lang);
            field::ltr(&mut inner, x, y, 2, Align::Right, &number, look.style(Role::Dim));
            inner.start(x + 3, y, width.saturating_sub(3), measure.title.get(lang), name_style);
        }
        if let Some((x, width)) = plan.get(1) {
            let none = progress.projects == 0 && board.is_whole(Kind::Project);
            match progress.deviation {
                Some(points) => {
                    let style = field::style_of(&inner, &Value::Points(points), style);
                    let text = number::signed(points.round(), 0, lang);
                    field::ltr(&mut inner, x, y, width, Align::Right, &text, style);
                }
                None if none => {
                    inner.put(x + width - 1, y, look.glyphs().severity[0], look.style(Role::Critical));
                }
                None => {
                    inner.text(x, y, width, Align::Right, look.glyphs().nothing, look.style(Role::Dim));
                }
            }
        }
        if let Some((x, width)) = plan.get(2) {
            let part = |p: Option<f64>| p.map_or(look.glyphs().nothing.into(), |p| number::decimal(p.round(), 0, lang));
            let text = format!("{}/{}", part(progress.actual), part(progress.planned));
            field::ltr(&mut inner, x, y, width, Align::Right, &text, style);
        }
        if let Some((x, width)) = plan.get(3) {
            bar::progress(&mut inner, x, y, width, progress.actual, progress.planned);
        }
        if let Some((x, width)) = plan.get(4) {
            let text = int(app, progress.projects);
            field::ltr(&mut inner, x, y, width, Align::Right, &text, style);
        }
    }
}

fn overdue(app: &App, overview: &Overview, focused: bool, canvas: &mut Canvas<'_>) {
    let list = &overview.overdue;
    let board = app.board();
    let lang = app.lang();
    let submission = board.submission();
    let whole = submission.whole;
    let mut title = i18n::t(lang, "pane.overdue").to_owned();
    let mut note = String::new();
    if whole {
        let of = [
            ("n", int(app, list.len())),
            ("total", int(app, submission.total.agencies())),
        ];
        title = i18n::tf_screen(lang, "pane.overdue-of", &of.each_ref().map(|(k, v)| (*k, v.as_str())));
        let rest = [
            ("on_time", int(app, submission.total.get(Class::OnTime))),
            ("late", int(app, submission.total.get(Class::Late))),
        ];
        note = i18n::tf_screen(
            lang,
            "pane.overdue-rest",
            &rest.each_ref().map(|(k, v)| (*k, v.as_str())),
        );
    }
    let mut inner = frame(canvas, focused, &title, &note);
    let look = inner.look;
    if empty(app, &mut inner, whole, "edge.none-overdue", list.len()) {
        return;
    }
    let stale = super::list::is_stale(app);
    let top = heads(&inner);
    let columns = [
        ("pane.agency", Align::Start, 0),
        ("pane.days", Align::Right, 4),
        ("pane.step", Align::Start, 14),
        ("pane.due", Align::Start, 10),
        ("pane.category", Align::Start, 12),
    ];
    let plan = Plan::new(&inner, 16, &columns);
    if top > 0 {
        plan.head(&mut inner);
    }
    for (y, n) in rows(list, &inner, top) {
        let Some(owed) = list
            .keys()
            .get(n)
            .and_then(|id| overview.owed.iter().find(|owed| owed.agency == *id))
        else {
            continue;
        };
        let selected = n == list.index();
        let style = table::row_style(&inner, stale);
        let name_style = table::name_style(&inner, selected, focused, stale);
        let changed = app.marks().of(Kind::Agency, &owed.agency).is_some()
            || owed
                .plan
                .as_ref()
                .is_some_and(|plan| app.marks().of(Kind::Plan, plan).is_some());
        table::gutter(&mut inner, y, selected, focused, changed);
        let agency = board.agencies().get(owed.agency.as_str());
        if let Some((x, width)) = plan.get(0) {
            let name = agency.map_or(owed.agency.as_str(), |a| a.name.get(lang));
            inner.start(x, y, width, name, name_style);
        }
        if let Some((x, width)) = plan.get(1) {
            let style = field::style_of(&inner, &Value::Days(owed.days_overdue), style);
            let text = number::integer(i64::from(owed.days_overdue), lang);
            field::ltr(&mut inner, x, y, width, Align::Right, &text, style);
        }
        if let Some((x, width)) = plan.get(2) {
            match &owed.last_step {
                Some((step, _)) => {
                    let step = columns::word_within(lang, records::Step::PREFIX, step.as_str(), width);
                    inner.start(x, y, width, step, style)
                }
                None => inner.start(x, y, width, look.glyphs().nothing, look.style(Role::Dim)),
            };
        }
        if let Some((x, width)) = plan.get(3) {
            let text = Value::Day(owed.due).format(board, app.style());
            field::ltr(&mut inner, x, y, width, Align::Start, &text, look.style(Role::Dim));
        }
        if let (Some((x, width)), Some(agency)) = (plan.get(4), agency) {
            let category = columns::word_within(lang, Category::PREFIX, agency.category.as_str(), width);
            inner.start(x, y, width, category, look.style(Role::Dim));
        }
    }
}

/// The figures of a kind of initiative, in the order of their columns.
fn figures(group: &Group) -> [f64; 7] {
    let tally = &group.tally;
    let jobs = |step: Step| tally.jobs(step).map_or(0.0, |(sum, _)| sum);
    [
        tally.at(Reached::Identified) as f64,
        tally.at(Reached::Empowered) as f64,
        tally.at(Reached::BroughtIn) as f64,
        tally.new as f64,
        jobs(Step::Committed),
        jobs(Step::Claimed),
        jobs(Step::Verified),
    ]
}

fn participation(app: &App, list: &Rows<InitiativeKind>, focused: bool, canvas: &mut Canvas<'_>) {
    let board = app.board();
    let lang = app.lang();
    let all = board.participation();
    let whole = board.is_whole(Kind::Initiative);
    let mut title = i18n::t(lang, "pane.participation").to_owned();
    let mut note = String::new();
    if whole {
        title = format!("{title} {}", int(app, all.all.tally.count));
        let share = number::percent((all.all.tally.new_share().unwrap_or(0.0) * 100.0).round(), lang);
        note = i18n::tf_screen(lang, "pane.new-share", &[("share", &share)]);
    }
    let mut inner = frame(canvas, focused, &title, &note);
    let look = inner.look;
    if empty(app, &mut inner, whole, "edge.no-initiatives", list.len()) {
        return;
    }
    let stale = super::list::is_stale(app);
    let top = heads(&inner);
    // A column is as wide as its longest figure: in a country's data a figure cut short would be a wrong one.
    let written: Vec<[String; 7]> = list
        .keys()
        .iter()
        .map(|kind| {
            all.of(kind)
                .map(|group| figures(group).map(|n| number::decimal(n, 1, lang)))
        })
        .map(Option::unwrap_or_default)
        .collect();
    let fit = |nth: usize, least: u16| {
        let texts = written.iter().filter_map(|row| row.get(nth));
        texts.map(|text| cells(text)).fold(least, u16::max)
    };
    let columns = [
        ("pane.initiatives", Align::Start, 0),
        ("pane.count", Align::Right, fit(0, 6)),
        ("pane.empowered", Align::Right, fit(1, 6)),
        ("pane.brought-in", Align::Right, fit(2, 6)),
        ("pane.new", Align::Right, fit(3, 6)),
        ("pane.jobs-committed", Align::Right, fit(4, 7)),
        ("pane.jobs-claimed", Align::Right, fit(5, 7)),
        ("pane.jobs-verified", Align::Right, fit(6, 7)),
        ("pane.arrivals", Align::Start, 12),
    ];
    let plan = Plan::new(&inner, 14, &columns);
    if top > 0 {
        plan.head(&mut inner);
    }
    for (y, n) in rows(list, &inner, top) {
        let Some((kind, group)) = list.keys().get(n).and_then(|key| all.of(key).map(|group| (key, group))) else {
            continue;
        };
        let selected = n == list.index();
        let style = table::row_style(&inner, stale);
        let name_style = table::name_style(&inner, selected, focused, stale);
        table::gutter(&mut inner, y, selected, focused, false);
        if let Some((x, width)) = plan.get(0) {
            inner.start(x, y, width, &kind.name(lang), name_style);
        }
        let texts = written.get(n).into_iter().flatten();
        for (nth, (figure, text)) in figures(group).into_iter().zip(texts).enumerate() {
            if let Some((x, width)) = plan.get(nth + 1) {
                // What is only promised stands back, as does what is nothing.
                let dim = figure == 0.0 || nth == 4;
                let style = if dim { look.style(Role::Dim) } else { style };
                field::ltr(&mut inner, x, y, width, Align::Right, text, style);
            }
        }
        if let Some((x, width)) = plan.get(8) {
            bar::sparkline(
                &mut inner,
                x,
                y,
                width,
                &group.monthly(board.today(), usize::from(width)),
            );
        }
    }
}

fn attention(app: &App, overview: &Overview, focused: bool, canvas: &mut Canvas<'_>) {
    let board = app.board();
    let lang = app.lang();
    let findings = board.findings();
    let counts = findings.counts();
    let known = Kind::ALL.iter().any(|kind| board.is_whole(*kind));
    let title = counted(app, "pane.attention", known.then(|| findings.len()));
    let note = if known {
        let values = [
            ("critical", int(app, counts.critical)),
            ("warning", int(app, counts.warning)),
            ("notice", int(app, counts.notice)),
            ("data", int(app, counts.data)),
        ];
        i18n::tf_screen(
            lang,
            "pane.attention-counts",
            &values.each_ref().map(|(k, v)| (*k, v.as_str())),
        )
    } else {
        String::new()
    };
    let mut inner = frame(canvas, focused, &title, &note);
    let look = inner.look;
    let list = &overview.attention;
    if empty(
        app,
        &mut inner,
        Kind::ALL.iter().all(|kind| board.is_whole(*kind)),
        "edge.nothing-wrong",
        list.len(),
    ) {
        return;
    }
    let stale = super::list::is_stale(app);
    let width = inner.width();
    // Why it needs attention is what one reads for: it gets the most.
    let rule = rule_room(width);
    let subject = (width / 4).clamp(14, 32);
    for (y, n) in rows(list, &inner, 0) {
        let Some(key) = list.keys().get(n) else { continue };
        let finding = findings
            .of(key.kind, key.id.as_str())
            .iter()
            .find(|finding| finding.rule == key.rule);
        let Some(finding) = finding else { continue };
        let selected = n == list.index();
        let name_style = table::name_style(&inner, selected, focused, stale);
        table::gutter(
            &mut inner,
            y,
            selected,
            focused,
            app.marks().of(key.kind, &key.id).is_some(),
        );
        let severity = look.style(field::severity(finding.severity));
        let glyph = field::sign(&inner, finding.severity);
        let mut x = table::GUTTER;
        inner.start(x, y, 2, glyph, severity);
        x += 2;
        inner.start(x, y, rule, i18n::t_within(lang, finding.title_key(), rule), severity);
        x += rule + 1;
        inner.start(
            x,
            y,
            subject,
            &words::subject(board, key.kind, &key.id, lang),
            name_style,
        );
        x += subject + 1;
        if width > x + 8 {
            inner.start(
                x,
                y,
                width - x,
                &words::why(finding, board, app.style()),
                look.style(Role::Dim),
            );
        }
    }
}

/// Cells for the title of a rule: in a terminal of eighty columns every short one fits, in one of 120 nearly every whole one.
fn rule_room(width: u16) -> u16 {
    (width * 2 / 9).clamp(12, 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::finding::RULES;
    use crate::text::Lang;
    use std::collections::BTreeMap;

    #[test]
    fn no_title_of_a_rule_is_cut_in_a_terminal_of_eighty_columns_and_no_two_are_alike() {
        let room = rule_room(78);
        for lang in [Lang::En, Lang::Fa] {
            let mut seen = BTreeMap::new();
            for rule in RULES {
                let title = i18n::t_within(lang, rule.title, room);
                assert!(cells(title) <= room, "{lang:?} {}: {title} in {room}", rule.slug);
                assert_eq!(seen.insert(title, rule.slug), None, "{lang:?} {}: {title}", rule.slug);
            }
        }
    }
}
