//! The smallest program on the real loop: a Persian list, counters, and a key for every way to end.
//!
//! Keys: `j` `k` move, `q` or Ctrl-C quit, `z` or Ctrl-Z stop, `p` panics, `b` panics on another thread, `y` copies.
//! Arguments: `--error` fails with the terminal taken, `--deaf` obeys Ctrl-C only, `--ask` recognises the terminal.
#![forbid(unsafe_code)]

use rasad::config::chord::{Chord, Key};
use rasad::text::profile::{Emission, Profile};
use rasad::tui::detect::{Choice, Environment};
use rasad::tui::input::Input;
use rasad::tui::run::{Effect, Program, Reports};
use rasad::tui::{screen, terminal, tty};
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

/// استان in screen order and joined, as `text` would give it.
const ROW: &str = "ﻥﺎﺘﺳﺍ";

struct Probe {
    size: (u16, u16),
    cursor: u16,
    keys: u32,
    pastes: u32,
    profile: Profile,
    found: Option<Choice>,
    deaf: bool,
}

impl Program for Probe {
    type Report = ();

    fn input(&mut self, input: Input) -> Vec<Effect> {
        let Input::Key(chord) = input else {
            self.pastes += u32::from(matches!(input, Input::Paste(_)));
            return vec![];
        };
        self.keys += 1;
        let last = self.size.1.saturating_sub(4);
        let quit = chord == Chord::ctrl(Key::Char('c'));
        match chord.key {
            _ if quit => return vec![Effect::Quit],
            _ if self.deaf => {}
            Key::Char('q') => return vec![Effect::Quit],
            Key::Char('z') => return vec![Effect::Suspend],
            Key::Char('y') => return vec![Effect::Copy("استان".into())],
            Key::Char('p') => panic!("the probe was told to panic"),
            Key::Char('b') => {
                std::thread::spawn(|| panic!("a thread of the probe was told to panic"));
            }
            Key::Char('j') | Key::Down => self.cursor = (self.cursor + 1).min(last),
            Key::Char('k') | Key::Up => self.cursor = self.cursor.saturating_sub(1),
            _ => {}
        }
        vec![]
    }

    fn shown(&mut self) {}

    fn report(&mut self, (): ()) -> Vec<Effect> {
        vec![]
    }

    fn arranged(&mut self, _: rasad::board::arranged::Made) -> Vec<Effect> {
        Vec::new()
    }
    fn detected(&mut self, choice: Choice) -> Vec<Effect> {
        self.profile = choice.profile;
        self.found = Some(choice);
        vec![]
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }

    fn wake(&mut self) -> Vec<Effect> {
        vec![]
    }

    fn next_wakeup(&self) -> Option<Duration> {
        None
    }

    fn draw(&mut self, buffer: &mut Buffer) {
        let (width, height) = (buffer.area.width, buffer.area.height);
        let mut line = |y: u16, text: &str, style: Style| {
            if y < height {
                buffer.set_stringn(0, y, text, usize::from(width), style);
            }
        };
        let plain = Style::new();
        let title = plain.add_modifier(Modifier::BOLD);
        line(
            0,
            &format!(
                "probe {}x{} keys={} pastes={}",
                self.size.0, self.size.1, self.keys, self.pastes
            ),
            title,
        );
        if let Some(choice) = &self.found {
            line(
                1,
                &format!("{:?} {:?} {:?}", choice.profile, choice.why, choice.hint),
                plain,
            );
        }
        for row in 0..height.saturating_sub(3) {
            let marker = if row == self.cursor { '▶' } else { ' ' };
            line(row + 2, &format!("{marker} {ROW} {row}"), plain);
        }
    }

    fn emission(&self) -> Emission {
        self.profile.into()
    }
}

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    terminal::install_panic_hook();
    let has = |name: &str| std::env::args().any(|argument| argument == name);
    if has("--error") {
        let _guard = terminal::Terminal::enter(
            std::sync::Arc::new(tty::Tty::open()?),
            Some(Profile::Explicit.into()),
            false,
        )?;
        return Err(color_eyre::eyre::eyre!("the probe was told to fail"));
    }
    let mut probe = Probe {
        size: (0, 0),
        cursor: 0,
        keys: 0,
        pastes: 0,
        profile: Profile::Plain,
        found: None,
        deaf: has("--deaf"),
    };
    let options = screen::Options {
        kiosk: false,
        no_color: std::env::var_os("NO_COLOR").is_some(),
        environment: Environment::of_process((!has("--ask")).then_some(Profile::Plain), BTreeMap::new()),
    };
    let ended = screen::start(&mut probe, Reports::none(), &options)?;
    Ok(ended.exit_code().into())
}
