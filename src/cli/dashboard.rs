//! The dashboard itself: no command. Puts the rooms together and hands over to the loop.

use super::{Common, FAILED, complain, log, settings};
use crate::app::{App, Options};
use crate::board::Board;
use crate::clock::Clock;
use crate::config::{Config, Env, Glyphs, Paths};
use crate::i18n;
use crate::link;
use crate::tui::dashboard::Dashboard;
use crate::tui::memory::Memory;
use crate::tui::run::{Reports, report_bell};
use crate::tui::screen::{self, Options as ScreenOptions};
use crate::tui::terminal;
use crate::view::Look;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

/// Runs the dashboard until it is left.
pub fn run(common: &Common, env: &Env) -> ExitCode {
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
    log::start(&config, env);
    // The report's hook first, the terminal's after it: a panic gives the terminal back before it is told.
    if let Err(error) = color_eyre::install() {
        tracing::warn!("no error reports: {error}");
    }
    terminal::install_panic_hook();
    match show(&config, env, as_of) {
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

fn show(config: &Config, env: &Env, as_of: Option<crate::clock::Day>) -> color_eyre::Result<ExitCode> {
    let source = settings::source(config);
    let clock = Clock::System;
    let today = as_of.unwrap_or_else(|| clock.today(&crate::clock::Zone::utc()));
    let options = Options {
        style: settings::style(config),
        english_calendar: settings::english_calendar(config),
        wide: config.wide,
        keymap: Arc::new(config.keymap.clone()),
        source: source.to_string(),
        as_of,
    };
    let (bell, ear) = report_bell();
    let link = link::start(source, settings::link(config), clock, as_of, move || bell.ring());
    let link = Rc::new(link);
    let app = App::new(options, Board::new(settings::board(config), today), (80, 24));
    let look = Look::new(config.lang, config.styles, Glyphs::of(config.glyphs));
    let environment = settings::environment(config);
    let memory = Memory::new(Paths::of(env).cache_dir.as_deref(), &environment);
    let emission = match environment.configured {
        Some(profile) => profile.into(),
        None => memory.recall().unwrap_or_default(),
    };
    let mut dashboard = Dashboard::new(app, look, Rc::clone(&link), emission, memory);
    let reports = Reports::new(ear, move || link.take());
    let ended = screen::start(
        &mut dashboard,
        reports,
        &ScreenOptions {
            no_color: env.has("NO_COLOR"),
            environment,
        },
    )?;
    Ok(ExitCode::from(ended.exit_code()))
}
