//! A bench for the app: a province from its own document, keys by name, cells as text. It must not know any rule of the board.

use rasad::app::{App, Effect, Msg, Options, Report};
use rasad::board::columns::Style;
use rasad::board::report::LinkState;
use rasad::board::{Board, Settings};
use rasad::clock::Day;
use rasad::config::{GlyphSet, Glyphs, Keymap, Theme};
use rasad::contract::{Change, Id, Kind, Problem, Record};
use rasad::source::sample::{Form, Sample};
use rasad::source::{Item, Limits};
use rasad::text::Lang;
use rasad::text::calendar::CalendarKind;
use rasad::text::number::MoneyUnit;
use rasad::view::{self, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use unicode_width::UnicodeWidthStr as _;

/// Both provinces; they share no id, no county and not even all categories.
pub const SEEDS: [u64; 2] = [1, 2];
/// Both languages.
pub const LANGS: [Lang; 2] = [Lang::En, Lang::Fa];

/// A province: its document, and the board a reader makes of it.
pub struct Province {
    /// The document as plain JSON.
    pub json: Value,
    /// The board on the document's own day.
    pub board: Board,
    /// Everything the reader handed over, as one report would.
    pub changes: Vec<Change>,
}

/// The province of a seed, made once.
pub fn province(seed: u64) -> &'static Province {
    static MADE: [OnceLock<Province>; 2] = [OnceLock::new(), OnceLock::new()];
    let at = SEEDS.iter().position(|s| *s == seed).unwrap_or_default();
    MADE[at].get_or_init(|| make(seed))
}

fn make(seed: u64) -> Province {
    let sample = Sample::new(seed, None);
    let mut bytes = Vec::new();
    if let Err(error) = sample.write_to(&mut bytes, Form::Json, sample.as_of()) {
        panic!("the sample cannot be written: {error}");
    }
    let changes = read(&bytes);
    let mut board = Board::new(Settings::default(), sample.as_of());
    board.apply(changes.clone());
    Province {
        json: serde_json::from_slice(&bytes).unwrap_or_default(),
        board,
        changes,
    }
}

/// What a document says, as changes.
pub fn read(bytes: &[u8]) -> Vec<Change> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    let read = rasad::source::read(bytes, &Limits::default(), &mut |item| {
        match item {
            Item::Headquarters(hq) => changes.push(Change::Headquarters(hq)),
            Item::Whole(kind, records) => changes.push(Change::Whole(kind, records)),
            Item::Problem(problem) => problems.push(problem),
            Item::Growing(_) | Item::Progress(_) => {}
        }
        ControlFlow::Continue(())
    });
    if let Err(error) = read {
        panic!("the document cannot be read: {error:?}");
    }
    changes.push(Change::Problems(problems.into()));
    changes
}

/// A record from its JSON.
pub fn record(kind: Kind, json: &Value) -> Record {
    match Record::from_json(kind, &json.to_string()) {
        Ok(record) => record,
        Err(error) => panic!("{kind}: {error:?} in {json}"),
    }
}

/// An id.
pub fn id(text: &str) -> Id {
    Id::new(text).unwrap_or_else(|| panic!("no id: {text}"))
}

/// An app with a size, a look and a time of its own.
pub struct Bench {
    pub app: App,
    look: Look,
    size: (u16, u16),
    now: Duration,
}

pub fn options(lang: Lang) -> Options {
    let style = Style {
        lang,
        calendar: if lang == Lang::Fa {
            CalendarKind::Jalali
        } else {
            CalendarKind::Gregorian
        },
        money: MoneyUnit::BillionRial,
    };
    Options::new(style, Arc::new(Keymap::default()), "headquarters.json".to_owned())
}

impl Bench {
    /// Before anything has been read, on a day.
    pub fn before_data(lang: Lang, size: (u16, u16), today: Day) -> Self {
        let board = Board::new(Settings::default(), today);
        Self {
            app: App::new(options(lang), board, size),
            look: Look::new(lang, Theme::default(), Glyphs::of(GlyphSet::Unicode)),
            size,
            now: Duration::ZERO,
        }
    }

    /// Over the first province, with named sources to change to.
    pub fn with_contexts(lang: Lang, size: (u16, u16), contexts: &[(&str, &str)]) -> Self {
        let mut bench = Self::before_data(lang, size, province(1).board.today());
        let named = contexts
            .iter()
            .map(|(name, place)| ((*name).to_owned(), (*place).to_owned()));
        let options = Options {
            contexts: named.collect(),
            ..options(lang)
        };
        bench.app = App::new(
            options,
            Board::new(Settings::default(), province(1).board.today()),
            size,
        );
        bench.fill(1, LinkState::File);
        bench
    }

    /// Over the first province with other keys.
    pub fn with_keys(lang: Lang, size: (u16, u16), keymap: Keymap) -> Self {
        let mut bench = Self::before_data(lang, size, province(1).board.today());
        let options = Options {
            wide: false,
            keymap: Arc::new(keymap),
            ..options(lang)
        };
        bench.app = App::new(
            options,
            Board::new(Settings::default(), province(1).board.today()),
            size,
        );
        bench.fill(1, LinkState::Sample);
        bench
    }

    /// Over a province with options of its own.
    pub fn with_options(seed: u64, size: (u16, u16), options: Options) -> Self {
        let today = province(seed).board.today();
        let mut bench = Self::before_data(options.style.lang, size, today);
        bench.app = App::new(options, Board::new(Settings::default(), today), size);
        bench.fill(seed, LinkState::Sample);
        bench
    }

    /// Over a province, as the sample is opened.
    pub fn new(seed: u64, lang: Lang, size: (u16, u16)) -> Self {
        let province = province(seed);
        let mut bench = Self::before_data(lang, size, province.board.today());
        bench.fill(seed, LinkState::Sample);
        bench
    }

    /// Over a province that is judged by settings of the operator's own.
    pub fn judged(seed: u64, lang: Lang, size: (u16, u16), settings: Settings) -> Self {
        let province = province(seed);
        let mut bench = Self::before_data(lang, size, province.board.today());
        bench.app = App::new(options(lang), Board::new(settings, province.board.today()), size);
        bench.change(province.changes.clone());
        bench
    }

    /// Over a board of its own, as it stands when it is first seen.
    pub fn over(board: Board, lang: Lang, size: (u16, u16)) -> Self {
        let mut bench = Self::before_data(lang, size, board.today());
        bench.fill_with(board, LinkState::Sample);
        bench
    }

    /// The first report over a province.
    pub fn fill(&mut self, seed: u64, state: LinkState) {
        self.fill_with(province(seed).board.clone(), state);
    }

    fn fill_with(&mut self, board: Board, state: LinkState) {
        let mut delta = rasad::board::Delta {
            headquarters: true,
            ..Default::default()
        };
        delta.whole = Kind::ALL.to_vec();
        self.report(Report {
            board,
            delta,
            state,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
        });
    }

    pub fn report(&mut self, report: Report) {
        self.update(Msg::Report(Box::new(report)));
    }

    /// The source says something new.
    pub fn change(&mut self, changes: Vec<Change>) {
        let mut board = self.app.board().clone();
        let delta = board.apply(changes);
        let state = self.app.state().clone();
        self.report(Report {
            board,
            delta,
            state,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
        });
    }

    /// The same; what the app wants done about it.
    pub fn change_effects(&mut self, changes: Vec<Change>) -> Vec<Effect> {
        let mut board = self.app.board().clone();
        let delta = board.apply(changes);
        let state = self.app.state().clone();
        self.update(Msg::Report(Box::new(Report {
            board,
            delta,
            state,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
        })))
    }

    /// Goes down in what lies over the screen until the entry is called so.
    #[track_caller]
    pub fn find_entry(&mut self, name: &str) {
        use rasad::app::popup::Popup;
        loop {
            let (here, at, len) = match self.app.popup() {
                Some(Popup::Palette(p)) => (
                    p.entries.get(p.rows.index()).map(|e| e.0.clone()),
                    p.rows.index(),
                    p.entries.len(),
                ),
                Some(Popup::Choice(c)) => (
                    c.entries.get(c.rows.index()).map(|e| e.0.clone()),
                    c.rows.index(),
                    c.entries.len(),
                ),
                _ => panic!("nothing to choose from:\n{}", self.picture()),
            };
            if here.as_deref() == Some(name) {
                return;
            }
            assert!(at + 1 < len, "no entry {name:?}:\n{}", self.picture());
            self.keys("down");
        }
    }

    /// The source is in another state, with nothing new to say.
    pub fn link(&mut self, state: LinkState) {
        let report = Report {
            board: self.app.board().clone(),
            delta: rasad::board::Delta::default(),
            state,
            loading: None,
            age: None,
            retry_at: None,
            warning: None,
        };
        self.report(report);
    }

    /// The source was refused.
    pub fn reject(&mut self, problems: Vec<Problem>) {
        self.link(LinkState::Rejected(problems.into()));
    }

    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = self.app.update(msg, self.now);
        self.look.set_lang(self.app.lang());
        effects
    }

    /// Presses keys by name, parted by spaces; the effects of all of them.
    pub fn keys(&mut self, names: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for name in names.split_whitespace() {
            match name.parse() {
                Ok(chord) => effects.extend(self.update(Msg::Key(chord))),
                Err(_) => panic!("no such key: {name}"),
            }
        }
        effects
    }

    /// Types a text, character by character.
    pub fn write(&mut self, text: &str) {
        for c in text.chars() {
            let key = rasad::config::chord::Key::Char(c);
            self.update(Msg::Key(key.into()));
        }
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) {
        self.update(Msg::Paste(text.to_owned()));
    }

    /// Lets time pass; the app is woken when it asked to be.
    pub fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(at) = self.app.next_wakeup().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.update(Msg::Wake);
            assert_ne!(self.app.next_wakeup(), Some(at), "woken for nothing");
        }
        self.now = until;
    }

    /// Another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
        self.update(Msg::Resize(width, height));
    }

    /// The rows as they are drawn, every cell checked.
    pub fn rows(&self) -> Vec<String> {
        let (width, height) = self.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::render(&self.app, &self.look, &mut buffer);
        (0..height).map(|y| row(&buffer, y)).collect()
    }

    /// The screen as a picture: every row between bars, nothing stripped.
    pub fn picture(&self) -> String {
        let rows = self.rows();
        rows.iter().map(|row| format!("⎸{row}⎹\n")).collect()
    }

    /// The screen with every run of blanks and frames as one blank: what it says, row by row.
    pub fn said(&self) -> Vec<String> {
        self.rows().iter().map(|row| plain(row)).collect()
    }

    /// True when some row says this.
    pub fn says(&self, text: &str) -> bool {
        self.said().iter().any(|row| row.contains(text))
    }

    /// Fails with the picture when no row says this.
    #[track_caller]
    pub fn must_say(&self, text: &str) {
        assert!(self.says(text), "no row says {text:?}:\n{}", self.picture());
    }

    /// Fails with the picture when some row says this.
    #[track_caller]
    pub fn must_not_say(&self, text: &str) {
        assert!(!self.says(text), "a row says {text:?}:\n{}", self.picture());
    }

    /// The row the operator is on: the one with the marker.
    #[track_caller]
    pub fn here(&self) -> String {
        let marker = Glyphs::of(GlyphSet::Unicode).marker;
        let marker = match self.app.lang() {
            Lang::En => marker,
            Lang::Fa => view::canvas::mirrored(marker),
        };
        let rows: Vec<_> = self.rows();
        let found = rows.iter().find(|row| {
            let inside = row.trim_matches(|c: char| c.is_whitespace() || "│─┌┐└┘".contains(c));
            inside.starts_with(marker) || inside.ends_with(marker)
        });
        match found {
            Some(row) => plain(&row.replace(marker, " ")),
            None => panic!("no row is selected:\n{}", self.picture()),
        }
    }

    /// Every row of the present list, from its first to its last, as the screen says them; the frame and what stands
    /// outside are left out.
    pub fn all_rows(&mut self) -> Vec<String> {
        self.keys("home");
        let mut out = Vec::new();
        loop {
            let here = self.here();
            out.push(here);
            let before = self.place();
            self.keys("down");
            if self.place() == before {
                return out;
            }
        }
    }

    /// Where the selection stands on the present screen.
    pub fn place(&self) -> usize {
        use rasad::app::screen::Screen;
        use rasad::app::screen::overview::Pane;
        match self.app.screen() {
            Screen::Overview(o) => match o.focus {
                Pane::Measures => o.measures.index(),
                Pane::Overdue => o.overdue.index(),
                Pane::Participation => o.participation.index(),
                Pane::Attention => o.attention.index(),
            },
            Screen::List(list) => list.rows.index(),
            Screen::Page(page) => page.rows.index(),
            Screen::Counties(counties) => counties.rows.index(),
            Screen::Problems(problems) => problems.rows.index(),
            Screen::Sheet(sheet) => sheet.rows.index(),
            Screen::Changes(changes) => changes.rows.index(),
            Screen::History(history) => history.rows.index(),
            Screen::Brief(brief) => brief.rows.index(),
            Screen::Participation(view) => view.rows.index(),
            Screen::Outreach(view) => view.rows.index(),
            Screen::Map(map) => map.at,
        }
    }

    /// Goes down until the record under the cursor is this one.
    #[track_caller]
    pub fn select(&mut self, kind: Kind, id: &str) {
        self.keys("home");
        loop {
            if self
                .app
                .selected_record()
                .is_some_and(|(k, i)| k == kind && i.as_str() == id)
            {
                return;
            }
            let before = self.place();
            self.keys("down");
            assert!(self.place() != before, "{kind} {id} is not here:\n{}", self.picture());
        }
    }

    /// The ids of the present list, in order.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        match self.app.screen() {
            rasad::app::screen::Screen::List(list) => list.rows.ids().map(|id| id.to_string()).collect(),
            _ => panic!("no list:\n{}", self.picture()),
        }
    }

    /// Goes down until the row under the marker says this.
    #[track_caller]
    pub fn find(&mut self, text: &str) {
        self.keys("home");
        loop {
            if self.here().contains(text) {
                return;
            }
            let before = self.place();
            self.keys("down");
            assert!(self.place() != before, "no row says {text:?}:\n{}", self.picture());
        }
    }
}

/// Frames, blanks and the mark of a changed row told as single blanks.
fn plain(row: &str) -> String {
    let bare = row.replace(['│', '┌', '┐', '└', '┘', '─'], " ");
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of cells as text. Fails when a cell holds what no terminal may get, or the cells do not fill the row.
fn row(buffer: &Buffer, y: u16) -> String {
    let mut text = String::new();
    let mut x = 0;
    while x < buffer.area.width {
        let Some(cell) = buffer.cell((x, y)) else { break };
        let symbol = cell.symbol();
        let width = symbol.width();
        assert!((1..=2).contains(&width), "cell {x},{y}: {symbol:?} is {width} wide");
        for c in symbol.chars() {
            assert!(
                !c.is_control() && !rasad::text::visible::is_forbidden(c),
                "cell {x},{y} holds {c:?}"
            );
        }
        text.push_str(symbol);
        x += width as u16;
    }
    assert_eq!(x, buffer.area.width, "row {y} is too long: {text}");
    assert_eq!(text.width(), usize::from(buffer.area.width), "row {y}: {text}");
    text
}
