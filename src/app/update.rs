//! What each message does to the app.

use super::input::Input;
use super::popup::Popup;
use super::screen::overview::Pane;
use super::screen::{Screen, list::List};
use super::{App, Effect, Msg, Report, layout};
use crate::config::chord::{Chord, Key};
use crate::config::keymap::{Action, Context};
use crate::text::Direction;
use std::time::Duration;

impl App {
    /// Takes a message at a time counted from the start of the program; what the program should do comes back as data.
    pub fn update(&mut self, msg: Msg, now: Duration) -> Vec<Effect> {
        let mut effects = match msg {
            Msg::Key(chord) => self.key(chord),
            Msg::Paste(text) => {
                self.paste(&text);
                Vec::new()
            }
            Msg::Report(report) => {
                self.report(*report, now);
                Vec::new()
            }
            Msg::Resize(width, height) => {
                self.size = (width, height);
                self.rebuild_pages();
                Vec::new()
            }
            Msg::Wake => {
                self.marks.fade(now);
                Vec::new()
            }
            Msg::Found(found) => {
                self.found(found);
                Vec::new()
            }
            Msg::Hint(key) => {
                self.hint(key);
                Vec::new()
            }
            Msg::Arranged(made) => {
                self.arranged(made);
                Vec::new()
            }
            Msg::Done(done) => {
                self.done(done);
                Vec::new()
            }
        };
        effects.append(&mut self.pending);
        effects.extend(self.jobs());
        self.settle();
        effects
    }

    pub(super) fn report(&mut self, report: Report, now: Duration) {
        let old = std::mem::replace(&mut self.board, report.board);
        self.state = report.state;
        self.loading = report.loading;
        self.age = report.age;
        self.retry_at = report.retry_at;
        self.warning = report.warning;
        let delta = report.delta;
        // The first filling of a kind is no news; only what changes afterwards is marked.
        if delta.whole.is_empty() || delta.whole.iter().all(|kind| old.is_whole(*kind)) {
            self.marks.add(
                delta.changed.iter().map(|(kind, id, fate)| (*kind, id.clone(), *fate)),
                now,
            );
            let when = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            let changed = delta.changed.iter().map(|(kind, id, _)| ((*kind, id.clone()), when));
            self.arrivals.extend(changed);
        }
        if delta.is_empty() {
            return;
        }
        self.alert(&delta, &old);
        let (lang, style, width) = (self.lang(), self.options.style, self.size.0);
        for screen in &mut self.nav {
            match screen {
                Screen::Overview(overview) => overview.refresh(&self.board, &old, lang),
                Screen::List(list) => list.refresh(&self.board, &old, lang),
                Screen::Page(page) => page.refresh(&self.board, &style, width),
                Screen::Counties(counties) => counties.refresh(&self.board),
                Screen::Problems(problems) => problems.refresh(&self.board),
                Screen::Sheet(sheet) => sheet.refresh(&self.board, &style, width),
                Screen::Changes(changes) => changes.refresh(&self.board, &self.arrivals),
                Screen::History(_) => {}
                Screen::Brief(brief) => brief.refresh(&self.board, &style, &self.options.source, width),
                Screen::Participation(view) => view.refresh(&self.board),
                Screen::Outreach(view) => view.refresh(&self.board),
                Screen::Map(map) => map.refresh(&self.board),
            }
        }
    }

    pub(super) fn rebuild_pages(&mut self) {
        let (style, width) = (self.options.style, self.size.0);
        for screen in &mut self.nav {
            match screen {
                Screen::Page(page) => page.refresh(&self.board, &style, width),
                Screen::Sheet(sheet) => sheet.refresh(&self.board, &style, width),
                Screen::Brief(brief) => brief.refresh(&self.board, &style, &self.options.source, width),
                _ => {}
            }
        }
    }

    /// Says everything in the language that was just chosen: texts that were put together, and orders by what is read.
    pub(super) fn speak(&mut self) {
        self.rebuild_pages();
        let lang = self.lang();
        for screen in &mut self.nav {
            if let Screen::List(list) = screen {
                list.refresh(&self.board, &self.board, lang);
            }
        }
        let (from, place) = match &self.popup {
            Some(Popup::Help(help)) => (help.from, help.rows.index()),
            Some(Popup::Choice(choice)) => (choice.from, choice.rows.index()),
            Some(Popup::Columns(_)) => {
                self.choose_columns();
                return;
            }
            Some(Popup::Palette(_) | Popup::Ask(_)) | None => return,
        };
        self.popup = None;
        drop(self.act(from));
        match &mut self.popup {
            Some(Popup::Help(help)) => help.rows.go(place),
            Some(Popup::Choice(choice)) => choice.rows.go(place),
            Some(Popup::Palette(_) | Popup::Columns(_) | Popup::Ask(_)) | None => {}
        }
    }

    /// Takes a list that was made beside the keys, unless something newer was asked for.
    fn arranged(&mut self, made: crate::board::arranged::Made) {
        let lang = self.lang();
        for screen in &mut self.nav {
            if let Screen::List(list) = screen
                && list.waits_for(&made)
            {
                list.take(made, &self.board, lang);
                return;
            }
        }
    }

    /// The lists that are to be made beside the keys.
    fn jobs(&mut self) -> Vec<Effect> {
        let lists = self.nav.iter_mut().filter_map(|screen| match screen {
            Screen::List(list) => list.job(),
            _ => None,
        });
        lists.map(Effect::Arrange).collect()
    }

    /// Remembers what is visible, so that a selection moves through a window that stays put.
    pub(super) fn settle(&mut self) {
        let size = self.size;
        let (_, height) = layout::content(size);
        if let Some(Screen::Overview(overview)) = self.nav.last_mut() {
            overview.attend(&self.board);
        }
        match self.screen_mut() {
            Screen::Overview(overview) => {
                for (pane, field) in layout::panes(size, overview.focus, overview.zoom) {
                    overview.settle(
                        pane,
                        layout::rows_inside(field.height, u16::from(pane != Pane::Attention)),
                    );
                }
            }
            Screen::List(list) => drop(list.rows.window(layout::rows_inside(height, list.head()))),
            Screen::Page(page) => drop(page.rows.window(layout::rows_inside(height, u16::from(page.gone)))),
            Screen::Counties(counties) => drop(counties.rows.window(layout::rows_inside(height, 1))),
            Screen::Problems(problems) => drop(problems.rows.window(layout::rows_inside(height, 0))),
            Screen::Sheet(sheet) => drop(sheet.rows.window(layout::rows_inside(height, 0))),
            Screen::Changes(changes) => drop(changes.rows.window(layout::rows_inside(height, 2))),
            Screen::History(history) => drop(history.rows.window(layout::rows_inside(height, 0))),
            Screen::Brief(brief) => drop(brief.rows.window(layout::rows_inside(height, 0))),
            Screen::Participation(view) => drop(view.rows.window(layout::rows_inside(height, 2))),
            Screen::Outreach(view) => drop(view.rows.window(layout::rows_inside(height, 1))),
            Screen::Map(_) => {}
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        match &mut self.popup {
            Some(Popup::Palette(palette)) => {
                palette.input.paste(text);
                self.palette_changed();
            }
            Some(Popup::Help(help)) => {
                if let Some(search) = &mut help.search {
                    search.paste(text);
                    help.filter();
                }
            }
            Some(Popup::Ask(ask)) => ask.input.paste(text),
            Some(Popup::Choice(_) | Popup::Columns(_)) => {}
            None => {
                if let Screen::List(List {
                    editing: Some(input), ..
                }) = self.screen_mut()
                {
                    input.paste(text);
                    self.filter_changed();
                }
            }
        }
    }

    pub(super) fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.message = None;
        let context = self.context();
        let action = self.options.keymap.lookup(context, chord);
        match (action, chord.key) {
            (Some(action), _) => return self.act(action),
            // While text is typed, a plain character is text.
            (None, Key::Char(c)) if context == Context::Input && !chord.ctrl && !chord.alt => {
                if let Some(input) = self.active_input() {
                    input.insert(c);
                    self.input_changed();
                }
            }
            (None, _) => {}
        }
        Vec::new()
    }

    /// True for what would change the screen behind what lies over it, where nobody sees it.
    pub(super) fn is_behind(&self, action: Action) -> bool {
        let on_screen = matches!(
            action,
            Action::NextPane
                | Action::PreviousPane
                | Action::Zoom
                | Action::SortReverse
                | Action::Wide
                | Action::Columns
                | Action::Facets
                | Action::Views
                | Action::Pin
        );
        match &self.popup {
            None => false,
            Some(Popup::Help(_)) => on_screen,
            Some(Popup::Choice(_) | Popup::Palette(_) | Popup::Columns(_) | Popup::Ask(_)) => {
                on_screen || matches!(action, Action::Filter | Action::Export)
            }
        }
    }

    /// Changes the line being typed; false when the action is none of typing.
    pub(super) fn edit(&mut self, action: Action) -> bool {
        let rtl = self.direction() == Direction::Rtl;
        let Some(input) = self.active_input() else { return false };
        let before = input.text().len();
        match action {
            Action::DeleteBack => input.backspace(),
            Action::DeleteForward => input.delete(),
            Action::DeleteWord => input.delete_word(),
            Action::Clear => input.clear(),
            // Arrow keys are physical: in a line read from the right, ← goes forward.
            Action::CursorLeft if rtl => input.forward(),
            Action::CursorRight if rtl => input.backward(),
            Action::CursorLeft => input.backward(),
            Action::CursorRight => input.forward(),
            Action::CursorStart => input.home(),
            Action::CursorEnd => input.end(),
            _ => return false,
        }
        if input.text().len() != before {
            self.input_changed();
        }
        true
    }

    /// The line being typed, if one is.
    pub fn active_input(&mut self) -> Option<&mut Input> {
        match &mut self.popup {
            Some(Popup::Palette(palette)) => return Some(&mut palette.input),
            Some(Popup::Help(help)) => return help.search.as_mut(),
            Some(Popup::Ask(ask)) => return Some(&mut ask.input),
            Some(Popup::Choice(_) | Popup::Columns(_)) => return None,
            None => {}
        }
        let top = self.nav.len() - 1;
        match &mut self.nav[top] {
            Screen::List(list) => list.editing.as_mut(),
            _ => None,
        }
    }

    pub(super) fn input_changed(&mut self) {
        match &mut self.popup {
            Some(Popup::Palette(_)) => self.palette_changed(),
            Some(Popup::Help(help)) => help.filter(),
            Some(Popup::Ask(ask)) => ask.wrong = None,
            Some(Popup::Choice(_) | Popup::Columns(_)) => {}
            None => self.filter_changed(),
        }
    }

    pub(super) fn filter_changed(&mut self) {
        let lang = self.lang();
        let top = self.nav.len() - 1;
        if let Screen::List(list) = &mut self.nav[top]
            && let Some(text) = list.editing.as_ref().map(|input| input.text().to_owned())
        {
            list.filter(&text, &self.board, lang);
        }
    }
}
