//! App state to cells; pure: the same app, look and size give the same cells.

pub mod canvas;
mod chrome;
mod popup;
mod screen;
mod widget;

use crate::app::{App, layout, screen::Screen};
use crate::config::Glyphs;
use crate::config::theme::{Role, Theme};
use crate::text::{self, Direction, Lang, Line};
use canvas::{Align, Canvas};
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Shaped lines kept for the next frame; one full screen holds some hundreds.
const CACHED_LINES: usize = 4_096;

/// How things look: language, theme, glyphs, and the lines already shaped for them.
pub struct Look {
    /// The language on screen.
    pub lang: Lang,
    theme: Theme,
    /// No theme brings colour.
    colourless: bool,
    glyphs: &'static Glyphs,
    lines: RefCell<HashMap<(SmolStr, u16, Direction), Rc<Line>>>,
}

impl Look {
    /// A look.
    pub fn new(lang: Lang, theme: Theme, glyphs: &'static Glyphs) -> Self {
        Self {
            lang,
            theme,
            colourless: false,
            glyphs,
            lines: RefCell::default(),
        }
    }

    /// Changes the language; what was shaped for the other one is not found again and gives way.
    pub fn set_lang(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// Looks as another theme says.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = if self.colourless { theme.without_colour() } else { theme };
    }

    /// Does without colour from now on, whatever a theme says.
    pub fn forgo_colour(&mut self) {
        self.colourless = true;
        self.set_theme(self.theme);
    }

    /// The direction the screen is read in.
    pub fn direction(&self) -> Direction {
        self.lang.direction()
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The drawing characters.
    pub fn glyphs(&self) -> &'static Glyphs {
        self.glyphs
    }

    /// A text shaped for a field of `width` columns, in the direction it is read in; unchanged text costs a look-up.
    pub fn fit(&self, text: &str, width: u16) -> Rc<Line> {
        self.fit_in(text, width, text::direction_of(text, self.direction()))
    }

    /// A text shaped in a direction of its own: numbers, ids and codes keep left to right.
    pub fn fit_in(&self, text: &str, width: u16, direction: Direction) -> Rc<Line> {
        let key = (SmolStr::new(text), width, direction);
        if let Some(line) = self.lines.borrow().get(&key) {
            return Rc::clone(line);
        }
        let line = Rc::new(text::fit(text, direction, usize::from(width)));
        let mut lines = self.lines.borrow_mut();
        if lines.len() >= CACHED_LINES {
            lines.clear();
        }
        lines.insert(key, Rc::clone(&line));
        line
    }
}

/// Draws the app into an empty buffer.
pub fn render(app: &App, look: &Look, buffer: &mut Buffer) {
    let size = (buffer.area.width, buffer.area.height);
    let mut canvas = Canvas::new(buffer, look);
    if layout::too_small(size) {
        let text = crate::i18n::t(look.lang, "edge.too-small");
        let middle = canvas.height() / 2;
        let width = canvas.width();
        canvas.text(0, middle, width, Align::Middle, text, look.style(Role::Warning));
        return;
    }
    chrome::header(app, &mut canvas);
    let (top, height) = layout::content(size);
    match app.screen() {
        Screen::Overview(overview) => screen::overview::draw(app, overview, &mut canvas),
        Screen::List(list) => screen::list::draw(app, list, &mut canvas.part(0, top, size.0, height)),
        Screen::Page(page) => screen::page::draw(app, page, &mut canvas.part(0, top, size.0, height)),
        Screen::Counties(counties) => screen::counties::draw(app, counties, &mut canvas.part(0, top, size.0, height)),
        Screen::Changes(changes) => screen::changes::draw(app, changes, &mut canvas.part(0, top, size.0, height)),
        Screen::History(history) => screen::history::draw(app, history, &mut canvas.part(0, top, size.0, height)),
        Screen::Brief(brief) => screen::brief::draw(app, brief, &mut canvas.part(0, top, size.0, height)),
        Screen::Participation(view) => {
            screen::participation::draw(app, view, &mut canvas.part(0, top, size.0, height));
        }
        Screen::Outreach(view) => screen::outreach::draw(app, view, &mut canvas.part(0, top, size.0, height)),
        Screen::Map(map) => screen::map::draw(app, map, &mut canvas.part(0, top, size.0, height)),
        Screen::Problems(problems) => screen::problems::draw(app, problems, &mut canvas.part(0, top, size.0, height)),
        Screen::Sheet(sheet) => screen::sheet::draw(app, sheet, &mut canvas.part(0, top, size.0, height)),
    }
    chrome::footer(app, &mut canvas);
    if let Some(popup) = app.popup() {
        popup::draw(popup, &mut canvas);
    }
}
