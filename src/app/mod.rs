//! All state of the user interface and its rules; knows no ratatui, no tokio and no I/O.
//!
//! [`App::update`] takes a message and returns effects as data, so every rule is tested without a terminal. Screens hold ids,
//! never records; the breadcrumb is derived from the stack of screens.

mod act;
mod alert;
mod anew;
pub mod brief;
mod changes;
pub mod comfort;
mod copy;
pub mod export;
mod go;
pub mod input;
pub mod layout;
pub mod listed;
pub mod marks;
mod offer;
mod palette;
mod people;
pub mod popup;
pub mod rows;
pub mod screen;
pub mod shown;
mod update;
mod why;
pub mod words;

use crate::board::arranged::{Job, Made};
use crate::board::columns::Style;
use crate::board::report::{Age, Found, LinkState, Progress};
use crate::board::{Board, Delta};
use crate::config::chord::Chord;
use crate::config::keymap::Action;
use crate::config::keymap::{Context, Keymap};
use crate::config::{Alert, ListMemory};
use crate::contract::{Id, Kind, Problem};
use crate::text::calendar::CalendarKind;
use crate::text::{Direction, Lang};
use marks::Marks;
use popup::Popup;
use screen::{Screen, Target};
use std::sync::Arc;
use std::time::Duration;

/// What can happen to the program.
#[derive(Debug)]
pub enum Msg {
    /// A key.
    Key(Chord),
    /// Pasted text.
    Paste(String),
    /// The link has something new.
    Report(Box<Report>),
    /// The terminal has another size, in columns and rows.
    Resize(u16, u16),
    /// The time asked for by [`App::next_wakeup`] has come.
    Wake,
    /// This terminal cannot show Persian right until its user does what the sentence of this catalogue key says.
    Hint(&'static str),
    /// What came of an effect that touches files.
    Done(Done),
    /// What was asked for of earlier states.
    Found(Found),
    /// A list was made beside the keys.
    Arranged(Made),
}

/// What came of an effect that touches files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// An export was written there.
    Exported(String),
    /// Something is there already; nothing was written.
    Exists(export::ExportFile),
    /// A text too long for the clipboard went into this file.
    CopiedTo(String),
    /// A text too long for the clipboard, and there is no file to put it in.
    TooLong,
    /// A file could not be written: its name, and why.
    Failed(String, String),
}

/// What the link knows now.
#[derive(Clone, Debug)]
pub struct Report {
    /// The board.
    pub board: Board,
    /// What changed since the last report.
    pub delta: Delta,
    /// The state of the source.
    pub state: LinkState,
    /// What is being loaded.
    pub loading: Option<Progress>,
    /// How old the board is, where it is not what the source says now.
    pub age: Option<Age>,
    /// When the source is tried again, where something keeps it from being read.
    pub retry_at: Option<jiff::Timestamp>,
    /// Something is wrong that does not keep the source from being read.
    pub warning: Option<Arc<Problem>>,
}

/// What the program should do for the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Leave.
    Quit,
    /// Go to the background.
    Suspend,
    /// Paint everything anew.
    Repaint,
    /// Put logical text on the clipboard.
    Copy(String),
    /// Read the source again now.
    Reload,
    /// Find the newest state that is not after a day.
    FindState(crate::clock::Day),
    /// Read the source anew and judge by this day, or by the present one.
    AsOf(Option<crate::clock::Day>),
    /// Look as the built-in theme of that name says.
    Theme(&'static str),
    /// Find what a record was in every kept state.
    FindHistory(Kind, Id),
    /// Read the source of that name from now on.
    Switch(String),
    /// Remember what a list of this kind looks like.
    Remember(&'static str, ListMemory),
    /// Make a list beside the keys: it takes longer than a key may wait.
    Arrange(Job),
    /// Write an export.
    Export(export::ExportFile),
    /// Tell of new findings beside the screen, in this way: the sentence.
    Alert(Alert, String),
}

/// A sentence at the bottom until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The sentence.
    pub text: String,
    /// True when something could not be done.
    pub warning: bool,
}

/// Settings the app is born with.
#[derive(Clone, Debug)]
pub struct Options {
    /// How values are written: language, calendar, money.
    pub style: Style,
    /// The calendar of dates when the language is turned to English.
    pub english_calendar: CalendarKind,
    /// True when lists begin with all their columns.
    pub wide: bool,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// What the source is called on screen.
    pub source: String,
    /// The named source on screen, if it is one.
    pub context: Option<String>,
    /// All named sources: name, and what is called there.
    pub contexts: Vec<(String, String)>,
    /// The day asked for by `--as-of`, if one was.
    pub as_of: Option<crate::clock::Day>,
    /// What is remembered of lists.
    pub memory: crate::config::Memory,
    /// True when the program may touch nothing but its source and its terminal.
    pub kiosk: bool,
    /// How new findings are told of beside the screen, and from which severity on, if they are.
    pub alert: Option<(Alert, crate::board::Severity)>,
}

impl Options {
    /// Options of a program that remembers nothing yet and is not restricted.
    pub fn new(style: Style, keymap: Arc<Keymap>, source: String) -> Self {
        Self {
            style,
            english_calendar: CalendarKind::Gregorian,
            wide: false,
            keymap,
            source,
            context: None,
            contexts: Vec::new(),
            as_of: None,
            memory: crate::config::Memory::default(),
            kiosk: false,
            alert: None,
        }
    }
}

/// The state of the user interface.
#[derive(Debug)]
pub struct App {
    options: Options,
    board: Board,
    state: LinkState,
    loading: Option<Progress>,
    age: Option<Age>,
    retry_at: Option<jiff::Timestamp>,
    warning: Option<Arc<Problem>>,
    nav: Vec<Screen>,
    popup: Option<Popup>,
    message: Option<Message>,
    marks: Marks,
    size: (u16, u16),
    /// When records last changed while the program ran.
    arrivals: screen::changes::Arrivals,
    /// The day of the last visit before today, where it is known.
    last_visit: Option<crate::clock::Day>,
    /// Effects of what a choice set going, handed out with the next ones.
    pending: Vec<Effect>,
}

impl App {
    /// The app before any data, on the overview.
    pub fn new(options: Options, board: Board, size: (u16, u16)) -> Self {
        Self {
            options,
            board,
            state: LinkState::Starting,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
            nav: vec![Screen::Overview(screen::overview::Overview::default())],
            popup: None,
            message: None,
            marks: Marks::default(),
            size,
            arrivals: screen::changes::Arrivals::new(),
            last_visit: None,
            pending: Vec::new(),
        }
    }

    /// The language on screen.
    pub fn lang(&self) -> Lang {
        self.options.style.lang
    }

    /// The direction the screen is read in.
    pub fn direction(&self) -> Direction {
        self.lang().direction()
    }

    /// How values are written.
    pub fn style(&self) -> &Style {
        &self.options.style
    }

    /// The keys.
    pub fn keymap(&self) -> &Keymap {
        &self.options.keymap
    }

    /// What the source is called.
    pub fn source(&self) -> &str {
        &self.options.source
    }

    /// The named source on screen, if it is one.
    pub fn source_name(&self) -> Option<&str> {
        self.options.context.as_deref()
    }

    /// The last visit before today was on that day.
    pub fn was_visited(&mut self, day: crate::clock::Day) {
        self.last_visit = Some(day);
    }

    /// True when the program may touch nothing but its source and its terminal.
    pub fn is_kiosk(&self) -> bool {
        self.options.kiosk
    }

    /// The day asked for by `--as-of`.
    pub fn as_of(&self) -> Option<crate::clock::Day> {
        self.options.as_of
    }

    /// The board on screen.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The state of the source.
    pub fn state(&self) -> &LinkState {
        &self.state
    }

    /// What is being loaded.
    pub fn loading(&self) -> Option<&Progress> {
        self.loading.as_ref()
    }

    /// How old the board is, where it is not what the source says now.
    pub fn age(&self) -> Option<Age> {
        self.age
    }

    /// When the source is tried again, where something keeps it from being read.
    pub fn retry_at(&self) -> Option<jiff::Timestamp> {
        self.retry_at
    }

    /// Something is wrong that does not keep the source from being read.
    pub fn warning(&self) -> Option<&Problem> {
        self.warning.as_deref()
    }

    /// The sentence at the bottom.
    pub fn message(&self) -> Option<&Message> {
        self.message.as_ref()
    }

    /// What lies over the screen.
    pub fn popup(&self) -> Option<&Popup> {
        self.popup.as_ref()
    }

    /// Rows that just changed.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The screens from the overview to the present one.
    pub fn path(&self) -> &[Screen] {
        &self.nav
    }

    /// The present screen; the overview is always there.
    pub fn screen(&self) -> &Screen {
        &self.nav[self.nav.len() - 1]
    }

    fn screen_mut(&mut self) -> &mut Screen {
        let top = self.nav.len() - 1;
        &mut self.nav[top]
    }

    /// Which keys hold now.
    pub fn context(&self) -> Context {
        match &self.popup {
            Some(Popup::Palette(_) | Popup::Ask(_)) => return Context::Input,
            Some(Popup::Help(help)) if help.search.is_some() => return Context::Input,
            Some(Popup::Help(_)) => return Context::Help,
            Some(Popup::Choice(_) | Popup::Columns(_)) => return Context::Choice,
            None => {}
        }
        match self.screen() {
            Screen::List(list) if list.editing.is_some() => Context::Input,
            _ => self.screen_context(),
        }
    }

    /// The keys the footer names: those of the context that do something on the present screen.
    pub fn hints(&self) -> Vec<(String, Action)> {
        let mut hints = self.options.keymap.hints(self.context());
        hints.retain(|(_, action)| self.heeds(*action));
        hints
    }

    /// What the footer calls an action: what it does on the present screen, where that has a name of its own.
    pub fn hint_key(&self, action: Action) -> &'static str {
        match (action, self.screen()) {
            (Action::NextPane, Screen::Participation(_)) => "hint.tell-apart",
            (Action::NextPane, Screen::Changes(_)) => "hint.changes",
            _ => action.name_key(),
        }
    }

    /// Which keys hold on the present screen, whatever lies over it.
    pub fn screen_context(&self) -> Context {
        match self.screen() {
            Screen::Overview(_) => Context::Overview,
            Screen::List(_) => Context::List,
            Screen::Counties(_)
            | Screen::Problems(_)
            | Screen::Changes(_)
            | Screen::History(_)
            | Screen::Brief(_)
            | Screen::Participation(_)
            | Screen::Outreach(_)
            | Screen::Map(_) => Context::Rows,
            Screen::Page(_) | Screen::Sheet(_) => Context::Record,
        }
    }

    /// Whether the present screen does anything with an action its keys are bound to: screens of rows share their keys, and not each
    /// of them has other figures, parts to turn to, or anything to open.
    pub fn heeds(&self, action: Action) -> bool {
        match action {
            Action::Figures => matches!(self.screen(), Screen::Participation(_) | Screen::Map(_)),
            Action::NextPane => matches!(
                self.screen(),
                Screen::Overview(_) | Screen::Sheet(_) | Screen::Changes(_) | Screen::Participation(_)
            ),
            Action::Open => !matches!(self.screen(), Screen::Brief(_)) || self.popup.is_some(),
            Action::Why => !matches!(
                self.screen(),
                Screen::Problems(_) | Screen::History(_) | Screen::Brief(_)
            ),
            Action::Export => !self.options.kiosk,
            _ => true,
        }
    }

    /// When something visible changes by itself, counted from the start of the program.
    pub fn next_wakeup(&self) -> Option<Duration> {
        self.marks.next()
    }

    /// The record under the cursor.
    pub fn selected_record(&self) -> Option<(Kind, Id)> {
        match self.screen() {
            Screen::Overview(overview) => match overview.target()? {
                Target::Record(kind, id) => Some((kind, id)),
                _ => None,
            },
            Screen::List(list) => list.rows.current().map(|id| (list.spec.kind, id)),
            Screen::Page(page) => match page.target() {
                Some(Target::Record(kind, id)) => Some((kind, id)),
                _ => Some((page.kind, page.id.clone())),
            },
            Screen::Sheet(sheet) => match sheet.target() {
                Some(Target::Record(kind, id)) => Some((kind, id)),
                _ => None,
            },
            Screen::Changes(changes) => changes.rows.selected().cloned(),
            Screen::Outreach(outreach) => {
                let id = outreach.rows.selected()?.clone()?;
                match outreach.body {
                    Some(_) => Some((Kind::Initiative, id)),
                    None if self.board.contains(Kind::Enterprise, id.as_str()) => Some((Kind::Enterprise, id)),
                    None => Some((Kind::Agency, id)),
                }
            }
            Screen::Counties(_)
            | Screen::Problems(_)
            | Screen::History(_)
            | Screen::Brief(_)
            | Screen::Participation(_)
            | Screen::Map(_) => None,
        }
    }
}
