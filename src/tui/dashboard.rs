//! The program behind the loop: keys and reports go to the app, the app is drawn, its effects are handed on.

use super::clipboard::COPY_LIMIT;
use super::detect::{Choice, Why};
use super::input::Input;
use super::keeper::Keeper;
use super::recall::Recall;
use super::run::{Effect, Program};
use crate::app::{self, App, Done, Msg};
use crate::board::arranged::Made;
use crate::clock::Day;
use crate::config::theme::Theme;
use crate::link::{Ask, Report};
use crate::text::profile::Emission;
use crate::view::{self, Look};
use ratatui::buffer::Buffer;
use std::time::{Duration, Instant};

/// What the dashboard asks of whoever feeds it.
pub trait Feed {
    /// Begins to read the source; the day of the last visit before today comes back, where it is known.
    fn begin(&mut self) -> Option<Day>;
    /// Reads the source again now.
    fn reload(&mut self);
    /// Reads the source of that name from now on.
    fn switch(&mut self, name: &str);
    /// Reads the source anew, judged by this day, or by the present one.
    fn judge_by(&mut self, day: Option<Day>);
    /// Looks for something in earlier states; the answer comes with a report.
    fn ask(&mut self, ask: Ask);
}

/// The dashboard as the loop sees it.
pub struct Dashboard {
    app: App,
    look: Look,
    feed: Box<dyn Feed>,
    emission: Emission,
    recall: Recall,
    keeper: Keeper,
    /// Monotonic: only distances between moments of this run are taken from it.
    started: Instant,
}

impl Dashboard {
    /// A dashboard over an app and what feeds it, on a terminal that is written to in this way until it is recognised.
    pub fn new(
        app: App,
        look: Look,
        feed: impl Feed + 'static,
        emission: Emission,
        recall: Recall,
        keeper: Keeper,
    ) -> Self {
        Self {
            app,
            look,
            feed: Box::new(feed),
            emission,
            recall,
            keeper,
            started: Instant::now(),
        }
    }

    fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let mut out = Vec::new();
        let mut next = self.app.update(msg, self.started.elapsed());
        // What comes of a file is told to the app, which may want more.
        while !next.is_empty() {
            let done = self.carry_out(next, &mut out);
            let tell = |done| self.app.update(Msg::Done(done), self.started.elapsed());
            next = done.into_iter().flat_map(tell).collect();
        }
        self.look.set_lang(self.app.lang());
        out
    }

    fn carry_out(&mut self, effects: Vec<app::Effect>, out: &mut Vec<Effect>) -> Vec<Done> {
        let mut done = Vec::new();
        for effect in effects {
            match effect {
                app::Effect::Quit => out.push(Effect::Quit),
                app::Effect::Suspend => out.push(Effect::Suspend),
                app::Effect::Repaint => out.push(Effect::Repaint),
                app::Effect::Copy(text) if text.len() > COPY_LIMIT => done.push(self.keeper.copy(&text)),
                app::Effect::Copy(text) => out.push(Effect::Copy(text)),
                app::Effect::Reload => self.feed.reload(),
                app::Effect::Switch(name) => self.feed.switch(&name),
                app::Effect::AsOf(day) => self.feed.judge_by(day),
                app::Effect::Theme(name) => {
                    if let Some(theme) = Theme::built_in(name) {
                        self.look.set_theme(theme);
                    }
                }
                app::Effect::FindState(day) => self.feed.ask(Ask::State(day)),
                app::Effect::FindHistory(kind, id) => self.feed.ask(Ask::History(kind, id)),
                app::Effect::Remember(kind, list) => done.extend(self.keeper.remember(kind, list)),
                app::Effect::Export(file) => done.push(self.keeper.export(file)),
                app::Effect::Arrange(job) => out.push(Effect::Arrange(job)),
                app::Effect::Alert(way, said) => out.push(Effect::Alert(way, said)),
            }
        }
        done
    }
}

impl Program for Dashboard {
    type Report = Report;

    fn input(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Key(chord) => self.tell(Msg::Key(chord)),
            Input::Paste(text) => self.tell(Msg::Paste(text)),
            Input::Reply(_) | Input::Focus(_) | Input::Ignored => Vec::new(),
        }
    }

    fn report(&mut self, report: Report) -> Vec<Effect> {
        let found = report.found;
        let report = app::Report {
            board: report.board,
            delta: report.delta,
            state: report.state,
            loading: report.loading,
            age: report.age,
            retry_at: report.retry_at,
            warning: report.warning,
        };
        let mut out = self.tell(Msg::Report(Box::new(report)));
        out.extend(found.into_iter().flat_map(|found| self.tell(Msg::Found(found))));
        out
    }

    fn arranged(&mut self, made: Made) -> Vec<Effect> {
        self.tell(Msg::Arranged(made))
    }

    fn detected(&mut self, choice: Choice) -> Vec<Effect> {
        // A terminal that says nothing today is most probably what it was yesterday.
        if choice.why == Why::Silent && self.recall.recall().is_some() {
            return Vec::new();
        }
        let emission = choice.emission();
        let recall = self.recall.clone();
        // A home directory on a network may make a write wait. A refused thread costs a guess at the next start.
        let _ = std::thread::Builder::new()
            .name("recall".into())
            .spawn(move || recall.keep(emission));
        let mut effects = match choice.hint {
            Some(hint) if hint.is_needed() => self.tell(Msg::Hint(hint.sentence_key())),
            _ => Vec::new(),
        };
        if emission != self.emission {
            self.emission = emission;
            effects.push(Effect::SetEmission(emission));
        }
        effects
    }

    fn shown(&mut self) {
        if let Some(day) = self.feed.begin() {
            self.app.was_visited(day);
        }
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.tell(Msg::Resize(width, height));
    }

    fn wake(&mut self) -> Vec<Effect> {
        self.tell(Msg::Wake)
    }

    fn next_wakeup(&self) -> Option<Duration> {
        self.app
            .next_wakeup()
            .map(|at| at.saturating_sub(self.started.elapsed()))
    }

    fn draw(&mut self, buffer: &mut Buffer) {
        view::render(&self.app, &self.look, buffer);
    }

    fn emission(&self) -> Emission {
        self.emission
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::app::Options;
    use crate::board::columns::Style;
    use crate::board::{Board, Settings};
    use crate::config::{GlyphSet, Glyphs};
    use crate::text::Lang;
    use crate::text::calendar::CalendarKind;
    use crate::text::number::MoneyUnit;
    use crate::tui::detect::Environment;

    use std::sync::Arc;

    /// Nothing is fed.
    struct Nobody;

    impl Feed for Nobody {
        fn begin(&mut self) -> Option<Day> {
            None
        }
        fn reload(&mut self) {}
        fn switch(&mut self, _: &str) {}
        fn judge_by(&mut self, _: Option<Day>) {}
        fn ask(&mut self, _: Ask) {}
    }

    /// The terminal says nothing when it drops a text, so what may be dropped must not depend on it.
    #[test]
    fn a_copy_the_terminal_might_drop_goes_to_a_file_whole_and_a_shorter_one_to_the_terminal() {
        let dir = tempfile::tempdir().unwrap();
        let style = Style {
            lang: Lang::Fa,
            calendar: CalendarKind::Jalali,
            money: MoneyUnit::BillionRial,
        };
        let app = App::new(
            Options::new(style, Arc::default(), String::new()),
            Board::new(Settings::default(), Day::from_days(0)),
            (80, 24),
        );
        let look = Look::new(Lang::Fa, Theme::default(), Glyphs::of(GlyphSet::Unicode));
        let recall = Recall::new(None, &Environment::default());
        let keeper = Keeper::new(Some(dir.path().to_owned()), None);
        let mut dashboard = Dashboard::new(app, look, Nobody, Emission::default(), recall, keeper);
        let mut out = Vec::new();
        let short = "ق".repeat(COPY_LIMIT / 2);
        assert!(
            dashboard
                .carry_out(vec![app::Effect::Copy(short.clone())], &mut out)
                .is_empty()
        );
        assert!(
            matches!(&out[..], [Effect::Copy(text)] if *text == short),
            "sent as it is"
        );
        out.clear();
        let long = short + "ق";
        let done = dashboard.carry_out(vec![app::Effect::Copy(long.clone())], &mut out);
        assert!(out.is_empty(), "nothing is sent that may be dropped");
        let [Done::CopiedTo(path)] = &done[..] else {
            panic!("{done:?}")
        };
        assert_eq!(std::fs::read_to_string(path).unwrap(), long);
    }
}
