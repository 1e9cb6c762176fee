//! A board for commands that print and end: one reading of a source, whole or not at all. Knows nothing of screens.

use super::{Common, settings};
use crate::board::{self, Board};
use crate::clock::{Clock, Day};
use crate::config::{Config, Env};
use crate::contract::{Change, Headquarters, Level, Problem, What};
use crate::i18n::tf;
use crate::kept::Store;
use crate::source::feed::{self, Recognised};
use crate::source::http::Http;
use crate::source::{self, Access, Interrupt, Item, Limits, Pace, Source, Stop, Summary, sample};
use crate::text::{Lang, calendar};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A board that was read once.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The board, evaluated on its day.
    pub board: Board,
    /// The source as a person named it; foreign text.
    pub source: String,
    /// What was read, and how much was left out.
    pub summary: Summary,
}

impl Loaded {
    /// Records that could not be read and are missing from the board.
    pub fn left_out(&self) -> usize {
        self.summary.count(Level::Skipped)
    }
}

/// Reads a source and builds a board of it on a day: `as_of`; else the day a synthetic document describes; else today in the
/// headquarters' zone. A past day is shown in the newest state kept of the source that is not after it, where there is one; the sample
/// brings its earlier states along.
///
/// # Errors
/// The problem that makes the source unreadable.
pub fn board(
    source: &Source,
    as_of: Option<Day>,
    settings: board::Settings,
    limits: &Limits,
    access: &Access,
    kept: Option<&Store>,
    clock: Clock,
) -> Result<Loaded, Box<Problem>> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    let mut headquarters: Option<Arc<Headquarters>> = None;
    let summary = read(source, limits, access, &mut |item| {
        match item {
            Item::Headquarters(hq) => {
                headquarters = Some(Arc::clone(&hq));
                changes.push(Change::Headquarters(hq));
            }
            Item::Whole(kind, records) => changes.push(Change::Whole(kind, records)),
            Item::Problem(problem) => problems.push(problem),
            Item::Growing(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    })
    .map_err(problem)?;
    // An id given twice is a finding, and only the problems tell of it.
    changes.push(Change::Problems(problems.into()));
    let its_own = headquarters
        .as_ref()
        .filter(|hq| hq.is_synthetic())
        .and_then(|hq| hq.as_of);
    if let (Some(kept), Some(wanted)) = (kept, as_of)
        && wanted
            < clock.today(
                &headquarters
                    .as_ref()
                    .map_or_else(crate::clock::Zone::utc, |hq| hq.zone().0),
            )
        && let Some((_, state)) = kept.newest(wanted)
    {
        changes = state;
    }
    if let (Source::Sample, Some(wanted)) = (source, as_of)
        && its_own.is_some_and(|newest| wanted < newest)
        && let Some(past) = sample::back_to(wanted).map_err(|error| problem_of(&error))?
    {
        changes.extend(past.changes);
    }
    let today = as_of.or(its_own).unwrap_or_else(|| {
        let zone = headquarters.as_ref().map(|hq| hq.zone().0);
        clock.today(&zone.unwrap_or_else(crate::clock::Zone::utc))
    });
    let mut board = Board::new(settings, today);
    board.apply(changes);
    Ok(Loaded {
        board,
        source: source.to_string(),
        summary,
    })
}

/// Which earlier state the data are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// The newest one not after the last meeting.
    #[default]
    LastMeeting,
    /// The newest one not after a day.
    Day(Day),
}

/// What the last meeting is called on the command line.
const LAST_MEETING: &str = "last-meeting";

/// Understands `--since`.
///
/// # Errors
/// The sentence for what is neither a day nor the last meeting.
pub fn since(given: Option<&str>, lang: Lang) -> Result<Since, String> {
    match given {
        None => Ok(Since::LastMeeting),
        Some(text) if text.eq_ignore_ascii_case(LAST_MEETING) => Ok(Since::LastMeeting),
        Some(text) => calendar::parse_date(text).map(Since::Day).map_err(|_| {
            let why = tf(lang, "since.wrong", &[("found", text), ("last", LAST_MEETING)]);
            tf(lang, "show.error", &[("option", "--since"), ("why", &why)])
        }),
    }
}

/// Understands `--as-of`.
///
/// # Errors
/// The sentence for what is no day.
pub fn as_of(common: &Common, lang: Lang) -> Result<Option<Day>, String> {
    let Some(text) = &common.as_of else { return Ok(None) };
    calendar::parse_date(text).map(Some).map_err(|_| {
        let why = settings::wrong_day(text, lang);
        tf(lang, "show.error", &[("option", "--as-of"), ("why", &why)])
    })
}

/// A board as the configuration says, held against an earlier state: what the dashboard shows once it is read.
///
/// # Errors
/// The sentence for a source that cannot be read.
pub fn with_past(config: &Config, env: &Env, as_of: Option<Day>, since: Since, clock: Clock) -> Result<Loaded, String> {
    let source = settings::source(config);
    let kept = settings::kept(config, &config.chosen, env);
    let access = settings::access(&config.chosen, env);
    let limits = settings::limits(config);
    let read = board(
        &source,
        as_of,
        settings::board(config),
        &limits,
        &access,
        kept.as_ref(),
        clock,
    );
    let mut loaded = read.map_err(|problem| {
        let place = match (problem.place.line, problem.place.column) {
            (Some(line), Some(column)) => format!(":{line}:{column}"),
            _ => String::new(),
        };
        format!("{source}{place}: {}", problem.sentence(config.lang))
    })?;
    let day = match since {
        Since::Day(day) => Some(day),
        Since::LastMeeting => loaded.board.last_meeting().map(|meeting| meeting.on),
    };
    let past = |day| match &source {
        Source::Http(address) => crate::link::state_at(address, &access, &limits, &loaded.board, kept.as_ref(), day),
        _ => crate::link::state_of(&source, &loaded.board, kept.as_ref(), day),
    };
    if let Some(past) = day.and_then(past) {
        loaded.board.set_past(Some(Arc::new(past)));
    }
    Ok(loaded)
}

/// Reads a source once, whatever it is.
pub(super) fn read(
    source: &Source,
    limits: &Limits,
    access: &Access,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Stop> {
    match source {
        Source::Sample => {
            let input = sample::current().map_err(|error| Stop::from(*problem_of(&error)))?;
            source::read(input, limits, sink)
        }
        Source::File(path) => source::file::read(path, limits, sink),
        Source::Http(address) => document(address, limits, access, sink),
    }
}

/// Reads the document at an address once: the one that stands there, or an endpoint's whole one.
///
/// # Errors
/// What keeps it from being read.
pub fn document(
    address: &str,
    limits: &Limits,
    access: &Access,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<Summary, Stop> {
    let address = match feed::recognise(address, access, limits, Pace::default(), Interrupt::default())? {
        Recognised::Feed(feed) => feed.document(),
        Recognised::Document => address.to_owned(),
    };
    match Http::new(&address, access, Interrupt::default())?.fetch(limits, sink) {
        Ok(Some(summary)) => Ok(summary),
        // Nothing was read before, so nothing can be as it was.
        Ok(None) => Err(Problem::fatal(What::Empty).into()),
        Err(failure) => Err(failure.into()),
    }
}

fn problem(stop: Stop) -> Box<Problem> {
    match stop {
        Stop::Problem(problem) => problem,
        Stop::Cancelled => Box::new(Problem::fatal(What::CutOff)),
    }
}

fn problem_of(error: &std::io::Error) -> Box<Problem> {
    Box::new(Problem::fatal(What::Io(crate::contract::clean::excerpt(
        &error.to_string(),
    ))))
}
