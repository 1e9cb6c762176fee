//! The dashboard itself: no command. Puts the rooms together and hands over to the loop.

use super::{Common, FAILED, complain, log, settings};
use crate::app::{App, Options};
use crate::board::Board;
use crate::clock::{Clock, Day, Zone};
use crate::config::memory::Broken;
use crate::config::{Chosen, Config, Env, Glyphs, Memory, Origins, Paths, context};
use crate::i18n;
use crate::link::{self, Ask, LinkHandle};
use crate::source::Source;
use crate::tui::dashboard::{Dashboard, Feed};
use crate::tui::keeper::Keeper;
use crate::tui::recall::Recall;
use crate::tui::run::{ReportBell, Reports, report_bell};
use crate::tui::screen::{self, Options as ScreenOptions};
use crate::tui::terminal;
use crate::view::Look;
use std::cell::{Cell, RefCell};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

/// Runs the dashboard until it is left. A kiosk touches nothing but its source and its terminal: no log, no state, no export, no
/// other program.
pub fn run(common: &Common, env: &Env, kiosk: bool) -> ExitCode {
    let (config, origins) = match settings::load_with_origins(common, env) {
        Ok(loaded) => loaded,
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
    let allowed = Allowed::to(&config, env, kiosk);
    // The report's hook first, the terminal's after it: a panic gives the terminal back before it is told. It is refused only
    // where another is there already, and then reports are made.
    let _ = color_eyre::install();
    terminal::install_panic_hook();
    match show(&config, &origins, env, as_of, allowed) {
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

/// The link on screen, once there is a screen, and what it takes to put another in its place.
struct Links {
    link: Rc<RefCell<Option<LinkHandle>>>,
    bell: ReportBell,
    config: Config,
    /// The source that is read.
    chosen: Chosen,
    file: Option<PathBuf>,
    env: Env,
    as_of: Option<Day>,
    /// The log is begun with the source: what comes before has nothing to note, and the first frame does not wait for it.
    log: bool,
    /// Where visits are noted.
    visits: Option<PathBuf>,
    /// The day on which the source was begun with: the one of this visit.
    begun: Rc<Cell<Option<Day>>>,
}

impl Links {
    /// Reads a source from now on. Dropping the old link ends it: nothing of it reaches the screen any more.
    fn start(&self) {
        let chosen = &self.chosen;
        let bell = self.bell.clone();
        let link = link::start(
            settings::source_of(chosen),
            settings::link(&self.config, chosen, &self.env),
            Clock::System,
            self.as_of,
            move || bell.ring(),
        );
        *self.link.borrow_mut() = Some(link);
    }
}

impl Feed for Links {
    fn begin(&mut self) -> Option<Day> {
        if self.log {
            log::start(&self.config, &self.env);
        }
        self.start();
        let zone = Zone::named(crate::contract::DEFAULT_ZONE).unwrap_or_else(Zone::utc);
        let today = Clock::System.today(&zone);
        self.begun.set(Some(today));
        crate::config::memory::last_visit(self.visits.as_deref()?, today)
    }

    fn reload(&mut self) {
        if let Some(link) = self.link.borrow().as_ref() {
            link.reload();
        }
    }

    fn ask(&mut self, ask: Ask) {
        if let Some(link) = self.link.borrow().as_ref() {
            link.ask(ask);
        }
    }

    fn switch(&mut self, name: &str) {
        if let Some(chosen) = context::of_context(&self.config, name, self.file.as_deref(), &self.env) {
            self.chosen = chosen;
            self.start();
        }
    }

    fn judge_by(&mut self, day: Option<Day>) {
        self.as_of = day;
        self.start();
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

/// What a session may touch beside its source and its terminal: in a kiosk nothing, even where the environment names places.
#[derive(Debug)]
struct Allowed {
    kiosk: bool,
    /// The log may be begun.
    log: bool,
    /// Where lists, the visit and long texts are remembered.
    state: Option<PathBuf>,
    /// Where what the terminal is, is remembered.
    cache: Option<PathBuf>,
    /// The named sources it may change to.
    contexts: Vec<(String, String)>,
    keeper: Keeper,
}

impl Allowed {
    fn to(config: &Config, env: &Env, kiosk: bool) -> Self {
        let paths = Paths::of(env);
        let state = paths.state_dir.filter(|_| !kiosk);
        Self {
            kiosk,
            log: !kiosk,
            cache: paths.cache_dir.filter(|_| !kiosk),
            contexts: if kiosk { Vec::new() } else { contexts(config) },
            keeper: if kiosk {
                Keeper::of_kiosk()
            } else {
                Keeper::new(state.clone(), env.path("HOME"))
            },
            state,
        }
    }
}

fn show(
    config: &Config,
    origins: &Origins,
    env: &Env,
    as_of: Option<Day>,
    allowed: Allowed,
) -> color_eyre::Result<ExitCode> {
    let source = settings::source(config);
    let today = as_of.unwrap_or_else(|| Clock::System.today(&Zone::utc()));
    let Allowed {
        kiosk, state, keeper, ..
    } = allowed;
    let file = state.as_ref().map(|dir| dir.join(crate::config::memory::FILE));
    let (memory, broken) = memory(config, file.as_deref());
    // A kiosk has no state directory, so it neither knows of a last visit nor leaves one.
    let visits = state.as_ref().map(|dir| dir.join(crate::config::memory::VISITS));
    let options = Options {
        english_calendar: settings::english_calendar(config),
        wide: config.wide,
        context: config.chosen.context.clone(),
        contexts: allowed.contexts,
        as_of,
        memory,
        kiosk,
        alert: settings::alert(config),
        ..Options::new(settings::style(config), Arc::clone(&config.keymap), source.to_string())
    };
    let (bell, ear) = report_bell();
    let link = Rc::new(RefCell::new(None::<LinkHandle>));
    let begun = Rc::new(Cell::new(None));
    let mut app = App::new(options, Board::new(settings::board(config), today), (80, 24));
    if let Some(broken) = broken {
        app.complain(broken);
    }
    let mut look = Look::new(config.lang, config.styles, Glyphs::of(config.glyphs));
    if env.has("NO_COLOR") {
        look.forgo_colour();
    }
    let environment = settings::environment(config);
    let recall = Recall::new(allowed.cache.as_deref(), &environment);
    let emission = match environment.configured {
        Some(profile) => profile.into(),
        None => recall.recall().unwrap_or_default(),
    };
    let links = Links {
        link: Rc::clone(&link),
        bell,
        config: config.clone(),
        chosen: config.chosen.clone(),
        file: origins.file.clone(),
        env: env.clone(),
        as_of,
        log: allowed.log,
        visits: visits.clone(),
        begun: Rc::clone(&begun),
    };
    let mut dashboard = Dashboard::new(app, look, links, emission, recall, keeper);
    let newest = Rc::clone(&link);
    let reports = Reports::new(ear, move || newest.borrow().as_ref().and_then(LinkHandle::take));
    let ended = screen::start(
        &mut dashboard,
        reports,
        &ScreenOptions {
            no_color: env.has("NO_COLOR"),
            kiosk,
            environment,
        },
    )?;
    if let Some(link) = link.borrow().as_ref() {
        link.finish();
    }
    if let (Some(path), Some(day)) = (visits, begun.get())
        && let Err(error) = crate::config::memory::note_visit(&path, day)
    {
        tracing::warn!("the visit was not noted: {error}");
    }
    Ok(ExitCode::from(ended.exit_code()))
}

/// The named sources as a person knows them; a password in an address is not repeated.
fn contexts(config: &Config) -> Vec<(String, String)> {
    let place = |location: &str| crate::contract::clean::excerpt(&Source::named(location).to_string()).to_string();
    let all = config.contexts.iter();
    all.map(|(name, context)| (name.clone(), place(&context.location)))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use crate::app::export::ExportFile;
    use crate::config::memory::ListMemory;

    /// What a session may do of what a kiosk may not, each by itself: no other guard stands before it.
    fn may(kiosk: bool) -> Vec<&'static str> {
        let home = tempfile::tempdir().unwrap();
        let env = Env::of(&[("HOME", &home.path().to_string_lossy())]);
        let mut config = Config::default();
        let other = context::ContextSettings {
            location: "/srv/other.json".to_owned(),
            access: Default::default(),
        };
        config.contexts.insert("other".to_owned(), other);
        let allowed = Allowed::to(&config, &env, kiosk);
        let written = home.path().join("a.csv");
        let export = ExportFile {
            path: written.to_string_lossy().into_owned(),
            bytes: b"x".to_vec(),
            rows: 1,
            over: false,
        };
        drop(allowed.keeper.export(export));
        drop(allowed.keeper.remember("plan", ListMemory::default()));
        let able = [
            ("log", allowed.log),
            ("state", allowed.state.is_some()),
            ("cache", allowed.cache.is_some()),
            ("contexts", !allowed.contexts.is_empty()),
            ("keeper", written.exists()),
        ];
        able.into_iter()
            .filter(|(_, able)| *able)
            .map(|(what, _)| what)
            .collect()
    }

    #[test]
    fn a_kiosk_may_touch_nothing_even_where_the_environment_names_places() {
        assert_eq!(may(false), ["log", "state", "cache", "contexts", "keeper"]);
        assert_eq!(may(true), Vec::<&str>::new());
    }
}
