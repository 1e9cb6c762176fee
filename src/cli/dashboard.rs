//! The dashboard itself: no command. Puts the rooms together and hands over to the loop.

use super::{Common, FAILED, complain, log, settings};
use crate::app::{App, Options};
use crate::board::Board;
use crate::clock::Clock;
use crate::config::memory::Broken;
use crate::config::{Config, Env, Glyphs, Memory, Paths};
use crate::i18n;
use crate::link;
use crate::text::profile::Profile;
use crate::tui::dashboard::Dashboard;
use crate::tui::detect::Environment;
use crate::tui::keeper::Keeper;
use crate::tui::run::{Reports, report_bell};
use crate::tui::screen::{self, Options as ScreenOptions};
use crate::tui::terminal;
use crate::view::Look;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

/// Runs the dashboard until it is left. A kiosk touches nothing but its source and its terminal: no log, no state, no export, no
/// other program.
pub fn run(common: &Common, env: &Env, kiosk: bool) -> ExitCode {
    let config = match settings::load(common, env) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let as_of = match settings::as_of(common, config.lang) {
        Ok(day) => day,
        Err(code) => return code,
    };
    if !std::io::stdout().is_terminal() {
        complain(i18n::t(config.lang, "cli.no-terminal"));
        return ExitCode::from(FAILED);
    }
    if !kiosk {
        log::start(&config, env);
    }
    // The report's hook first, the terminal's after it: a panic gives the terminal back before it is told.
    if let Err(error) = color_eyre::install() {
        tracing::warn!("no error reports: {error}");
    }
    terminal::install_panic_hook();
    match show(&config, env, as_of, kiosk) {
        Ok(code) => code,
        Err(error) => {
            complain(&i18n::tf(
                config.lang,
                "cli.terminal-failed",
                &[("why", &error.to_string())],
            ));
            ExitCode::from(FAILED)
        }
    }
}

/// What is remembered, and the sentence to say when that cannot be read.
fn memory(config: &Config, file: Option<&Path>) -> (Memory, Option<String>) {
    let Some(path) = file else { return Default::default() };
    match Memory::read(path) {
        Ok(memory) => (memory, None),
        Err(broken) => {
            let why = match broken {
                Broken::Unreadable(error) => error.sentence(config.lang),
                Broken::Damaged(why) => why,
            };
            let path = path.to_string_lossy();
            let said = i18n::tf_screen(config.lang, "memory.broken", &[("path", &path), ("why", &why)]);
            (Memory::default(), Some(said))
        }
    }
}

fn show(config: &Config, env: &Env, as_of: Option<crate::clock::Day>, kiosk: bool) -> color_eyre::Result<ExitCode> {
    let source = settings::source(config);
    let clock = Clock::System;
    let today = as_of.unwrap_or_else(|| clock.today(&crate::clock::Zone::utc()));
    let state = Paths::of(env).state_dir.filter(|_| !kiosk);
    let file = state.as_ref().map(|dir| dir.join(crate::config::memory::FILE));
    let (memory, broken) = memory(config, file.as_deref());
    let options = Options {
        english_calendar: settings::english_calendar(config),
        wide: config.wide,
        as_of,
        memory,
        kiosk,
        alert: settings::alert(config),
        ..Options::new(
            settings::style(config),
            Arc::new(config.keymap.clone()),
            source.to_string(),
        )
    };
    let keeper = if kiosk {
        Keeper::of_kiosk()
    } else {
        Keeper::new(state, env.path("HOME"))
    };
    let (bell, ear) = report_bell();
    let link_settings = link::Settings {
        kept: if kiosk { None } else { settings::kept(config, env) },
        ..settings::link(config)
    };
    let link = link::start(source, link_settings, clock, as_of, move || bell.ring());
    let link = Rc::new(link);
    let mut app = App::new(options, Board::new(settings::board(config), today), (80, 24));
    if let Some(broken) = broken {
        app.complain(broken);
    }
    let look = Look::new(config.lang, config.styles, Glyphs::of(config.glyphs));
    let asked = settings::profile(config);
    let environment = Environment::of_process(asked);
    let mut dashboard = Dashboard::new(app, look, Rc::clone(&link), asked.unwrap_or(Profile::Plain), keeper);
    let reports = Reports::new(ear, move || link.take());
    let ended = screen::start(
        &mut dashboard,
        reports,
        &ScreenOptions {
            no_color: env.has("NO_COLOR"),
            kiosk,
            environment,
        },
    )?;
    Ok(ExitCode::from(ended.exit_code()))
}
