//! Beginning anew: over another source, or judged by another day. It must not read one.

use super::marks::Marks;
use super::screen::Screen;
use super::screen::overview::Overview;
use super::{App, Effect};
use crate::board::Board;
use crate::board::report::LinkState;
use crate::clock::Day;
use crate::text::calendar;

impl App {
    /// Leaves everything that was said of the old source behind.
    pub(super) fn switch(&mut self, name: String) -> Vec<Effect> {
        if self.options.kiosk {
            self.warn("kiosk.denied", &[]);
            return Vec::new();
        }
        let Some((_, source)) = self.options.contexts.iter().find(|(known, _)| *known == name) else {
            return Vec::new();
        };
        self.options.source.clone_from(source);
        self.options.context = Some(name.clone());
        self.begin_anew(self.board.today());
        self.say("message.switched", &[("name", &name)]);
        vec![Effect::Switch(name)]
    }

    /// Judges everything by another day, or by the present one again; the source is read anew for it, in the state kept of that day.
    pub(super) fn judge_by(&mut self, day: Option<Day>) -> Vec<Effect> {
        self.options.as_of = day;
        self.begin_anew(day.unwrap_or(self.board.today()));
        match day {
            Some(day) => {
                let day = calendar::long(day, self.options.style.calendar, self.lang());
                self.say("message.as-of", &[("day", &day)]);
            }
            None => self.say("message.as-of-today", &[]),
        }
        vec![Effect::AsOf(day)]
    }

    /// Forgets what was read.
    fn begin_anew(&mut self, today: Day) {
        self.board = Board::new(self.board.settings().clone(), today);
        self.state = LinkState::Starting;
        (self.loading, self.age, self.retry_at, self.warning) = (None, None, None, None);
        self.marks = Marks::default();
        self.nav = vec![Screen::Overview(Overview::default())];
    }
}
