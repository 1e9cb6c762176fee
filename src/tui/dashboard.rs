//! The program behind the loop: keys and reports go to the app, the app is drawn, its effects are handed on.

use super::clipboard::COPY_LIMIT;
use super::detect::Choice;
use super::input::Input;
use super::keeper::Keeper;
use super::run::{Effect, Program};
use crate::app::{self, App, Done, Msg};
use crate::link::{Ask, LinkHandle, Report};
use crate::text::profile::Profile;
use crate::view::{self, Look};
use ratatui::buffer::Buffer;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The dashboard as the loop sees it.
pub struct Dashboard {
    app: App,
    look: Look,
    link: Rc<LinkHandle>,
    profile: Profile,
    keeper: Keeper,
    /// Monotonic: only distances between moments of this run are taken from it.
    started: Instant,
}

impl Dashboard {
    /// A dashboard over an app and the link that feeds it.
    pub fn new(app: App, look: Look, link: Rc<LinkHandle>, profile: Profile, keeper: Keeper) -> Self {
        Self {
            app,
            look,
            link,
            profile,
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
                app::Effect::Reload => self.link.reload(),
                app::Effect::FindState(day) => self.link.ask(Ask::State(day)),
                app::Effect::FindHistory(kind, id) => self.link.ask(Ask::History(kind, id)),
                app::Effect::Remember(kind, list) => done.extend(self.keeper.remember(kind, list)),
                app::Effect::Export(file) => done.push(self.keeper.export(file)),
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
        };
        let mut out = self.tell(Msg::Report(Box::new(report)));
        out.extend(found.into_iter().flat_map(|found| self.tell(Msg::Found(found))));
        out
    }

    fn detected(&mut self, choice: Choice) -> Vec<Effect> {
        if choice.profile == self.profile {
            return Vec::new();
        }
        self.profile = choice.profile;
        vec![Effect::SetProfile(choice.profile)]
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

    fn profile(&self) -> Profile {
        self.profile
    }
}
