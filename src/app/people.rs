//! The screens of popular participation: ways between them, and what their keys change.

use super::App;
use super::screen::map::Way;
use super::screen::participation::Figures;
use super::screen::{Screen, Target};
use crate::board::participation::By;
use crate::config::keymap::Action;

impl App {
    /// Goes somewhere that is one step below the overview.
    pub(super) fn go_from_overview(&mut self, target: Target) {
        self.popup = None;
        self.nav.truncate(1);
        self.go(target);
    }

    pub(super) fn go_participation(&mut self) {
        self.go_from_overview(Target::Participation {
            by: By::Kind,
            figures: Figures::default(),
            kind: None,
            county: None,
        });
    }

    /// Shows other figures of the same rows.
    pub(super) fn next_figures(&mut self) {
        let top = self.nav.len() - 1;
        match &mut self.nav[top] {
            Screen::Participation(view) => view.figures = view.figures.next(),
            Screen::Map(map) => {
                map.value = map.value.next();
                map.refresh(&self.board);
            }
            _ => {}
        }
    }

    /// Tells the rows of the participation apart in another way.
    pub(super) fn tell_apart(&mut self, by: isize) {
        let top = self.nav.len() - 1;
        if let Screen::Participation(view) = &mut self.nav[top] {
            view.turn(by, &self.board);
        }
    }

    pub(super) fn on_map(&self) -> bool {
        self.popup.is_none() && matches!(self.screen(), Screen::Map(_))
    }

    pub(super) fn move_on_map(&mut self, action: Action) {
        if let Screen::Map(map) = self.screen_mut() {
            match action {
                Action::Left => map.step(Way::West),
                Action::Right => map.step(Way::East),
                Action::Up => map.step(Way::North),
                Action::Down => map.step(Way::South),
                Action::First => map.end(false),
                _ => map.end(true),
            }
        }
    }
}
