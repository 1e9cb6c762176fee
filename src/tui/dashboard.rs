//! The program behind the loop: keys and reports go to the app, the app is drawn, its effects are handed on.

use super::detect::Choice;
use super::input::Input;
use super::memory::Memory;
use super::run::{Effect, Program};
use crate::app::{self, App, Msg};
use crate::link::Report;
use crate::text::profile::Emission;
use crate::view::{self, Look};
use ratatui::buffer::Buffer;
use std::time::{Duration, Instant};

/// What the dashboard asks of whoever feeds it.
pub trait Feed {
    /// Reads the source again now.
    fn reload(&mut self);
    /// Reads the source of that name from now on.
    fn switch(&mut self, name: &str);
}

/// The dashboard as the loop sees it.
pub struct Dashboard {
    app: App,
    look: Look,
    feed: Box<dyn Feed>,
    emission: Emission,
    memory: Memory,
    /// Monotonic: only distances between moments of this run are taken from it.
    started: Instant,
}

impl Dashboard {
    /// A dashboard over an app and what feeds it, on a terminal that is written to in this way until it is recognised.
    pub fn new(app: App, look: Look, feed: impl Feed + 'static, emission: Emission, memory: Memory) -> Self {
        Self {
            app,
            look,
            feed: Box::new(feed),
            emission,
            memory,
            started: Instant::now(),
        }
    }

    fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = self.app.update(msg, self.started.elapsed());
        self.look.set_lang(self.app.lang());
        let mut out = Vec::new();
        for effect in effects {
            match effect {
                app::Effect::Quit => out.push(Effect::Quit),
                app::Effect::Suspend => out.push(Effect::Suspend),
                app::Effect::Repaint => out.push(Effect::Repaint),
                app::Effect::Copy(text) => out.push(Effect::Copy(text)),
                app::Effect::Reload => self.feed.reload(),
                app::Effect::Switch(name) => self.feed.switch(&name),
            }
        }
        out
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
        let report = app::Report {
            board: report.board,
            delta: report.delta,
            state: report.state,
            loading: report.loading,
            age: report.age,
            retry_at: report.retry_at,
            warning: report.warning,
        };
        self.tell(Msg::Report(Box::new(report)))
    }

    fn detected(&mut self, choice: Choice) -> Vec<Effect> {
        let emission = choice.emission();
        let memory = self.memory.clone();
        // A home directory on a network may make a write wait. A refused thread costs a guess at the next start.
        let _ = std::thread::Builder::new()
            .name("memory".into())
            .spawn(move || memory.keep(emission));
        if emission == self.emission {
            return Vec::new();
        }
        self.emission = emission;
        vec![Effect::SetEmission(emission)]
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
