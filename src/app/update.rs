//! What each message does to the app.

use super::input::Input;
use super::popup::{Choice, Help, HelpLine, Palette, Pick, Popup};
use super::screen::overview::{Overview, Pane};
use super::screen::{Screen, Target, counties::Counties, list, list::List, page::Page, problems::ProblemList};
use super::{App, Effect, Message, Msg, Report, layout};
use crate::board::columns;
use crate::board::rows::Direction as Order;
use crate::config::chord::{Chord, Key};
use crate::config::keymap::{Action, Context};
use crate::contract::Kind;
use crate::i18n;
use crate::text::calendar::CalendarKind;
use crate::text::{Direction, Lang};
use std::time::Duration;

/// What the help page says of the filter language: an example and the key of what it does.
const FILTERS: [(&str, &str); 6] = [
    ("word -word", "help.filter-words"),
    ("\"exact words\"", "help.filter-exact"),
    ("state:done", "help.filter-field"),
    ("deviation<-5", "help.filter-number"),
    ("due<1403/02/31", "help.filter-date"),
    ("is:overdue", "help.filter-is"),
];

/// What a column is, for the help page: its name in filters, and where it comes from.
fn help_of(column: &columns::Column, lang: Lang) -> String {
    let from = match column.origin {
        columns::Origin::Field => "help.column-field",
        columns::Origin::Part => "help.column-part",
        columns::Origin::Derived => "help.column-derived",
    };
    i18n::tf_screen(lang, from, &[("key", column.key)])
}

impl App {
    /// Takes a message at a time counted from the start of the program; what the program should do comes back as data.
    pub fn update(&mut self, msg: Msg, now: Duration) -> Vec<Effect> {
        let effects = match msg {
            Msg::Key(chord) => self.key(chord),
            Msg::Paste(text) => {
                self.paste(&text);
                Vec::new()
            }
            Msg::Report(report) => {
                self.report(*report, now);
                Vec::new()
            }
            Msg::Resize(width, height) => {
                self.size = (width, height);
                self.rebuild_pages();
                Vec::new()
            }
            Msg::Wake => {
                self.marks.fade(now);
                Vec::new()
            }
        };
        self.settle();
        effects
    }

    fn report(&mut self, report: Report, now: Duration) {
        let old = std::mem::replace(&mut self.board, report.board);
        self.state = report.state;
        self.loading = report.loading;
        let delta = report.delta;
        // The first filling of a kind is no news; only what changes afterwards is marked.
        if delta.whole.is_empty() || delta.whole.iter().all(|kind| old.is_whole(*kind)) {
            self.marks.add(
                delta.changed.iter().map(|(kind, id, fate)| (*kind, id.clone(), *fate)),
                now,
            );
        }
        if delta.is_empty() {
            return;
        }
        let (lang, style, width) = (self.lang(), self.options.style, self.size.0);
        for screen in &mut self.nav {
            match screen {
                Screen::Overview(overview) => overview.refresh(&self.board, &old, lang),
                Screen::List(list) => list.refresh(&self.board, &old, lang),
                Screen::Page(page) => page.refresh(&self.board, &style, width),
                Screen::Counties(counties) => counties.refresh(&self.board),
                Screen::Problems(problems) => problems.refresh(&self.board),
            }
        }
    }

    fn rebuild_pages(&mut self) {
        let (style, width) = (self.options.style, self.size.0);
        for screen in &mut self.nav {
            if let Screen::Page(page) = screen {
                page.refresh(&self.board, &style, width);
            }
        }
    }

    /// Says everything in the language that was just chosen: texts that were put together, and orders by what is read.
    fn speak(&mut self) {
        self.rebuild_pages();
        let lang = self.lang();
        for screen in &mut self.nav {
            if let Screen::List(list) = screen {
                list.refresh(&self.board, &self.board, lang);
            }
        }
        let (from, place) = match &self.popup {
            Some(Popup::Help(help)) => (help.from, help.rows.index()),
            Some(Popup::Choice(choice)) => (choice.from, choice.rows.index()),
            Some(Popup::Palette(_)) | None => return,
        };
        self.popup = None;
        drop(self.act(from));
        match &mut self.popup {
            Some(Popup::Help(help)) => help.rows.go(place),
            Some(Popup::Choice(choice)) => choice.rows.go(place),
            Some(Popup::Palette(_)) | None => {}
        }
    }

    /// Remembers what is visible, so that a selection moves through a window that stays put.
    fn settle(&mut self) {
        let size = self.size;
        let (_, height) = layout::content(size);
        match self.screen_mut() {
            Screen::Overview(overview) => {
                for (pane, field) in layout::panes(size, overview.focus, overview.zoom) {
                    overview.settle(
                        pane,
                        layout::rows_inside(field.height, u16::from(pane != Pane::Attention)),
                    );
                }
            }
            Screen::List(list) => drop(list.rows.window(layout::rows_inside(height, list.head()))),
            Screen::Page(page) => drop(page.rows.window(layout::rows_inside(height, u16::from(page.gone)))),
            Screen::Counties(counties) => drop(counties.rows.window(layout::rows_inside(height, 1))),
            Screen::Problems(problems) => drop(problems.rows.window(layout::rows_inside(height, 0))),
        }
    }

    fn paste(&mut self, text: &str) {
        match &mut self.popup {
            Some(Popup::Palette(palette)) => {
                palette.input.paste(text);
                self.palette_changed();
            }
            Some(Popup::Help(help)) => {
                if let Some(search) = &mut help.search {
                    search.paste(text);
                    help.filter();
                }
            }
            Some(Popup::Choice(_)) => {}
            None => {
                if let Screen::List(List {
                    editing: Some(input), ..
                }) = self.screen_mut()
                {
                    input.paste(text);
                    self.filter_changed();
                }
            }
        }
    }

    fn key(&mut self, chord: Chord) -> Vec<Effect> {
        self.message = None;
        let context = self.context();
        let action = self.options.keymap.lookup(context, chord);
        match (action, chord.key) {
            (Some(action), _) => return self.act(action),
            // While text is typed, a plain character is text.
            (None, Key::Char(c)) if context == Context::Input && !chord.ctrl && !chord.alt => {
                if let Some(input) = self.active_input() {
                    input.insert(c);
                    self.input_changed();
                }
            }
            (None, _) => {}
        }
        Vec::new()
    }

    /// True for what would change the screen behind what lies over it, where nobody sees it.
    fn is_behind(&self, action: Action) -> bool {
        let on_screen = matches!(
            action,
            Action::NextPane | Action::PreviousPane | Action::Zoom | Action::SortReverse | Action::Wide
        );
        match &self.popup {
            None => false,
            Some(Popup::Help(_)) => on_screen,
            Some(Popup::Choice(_) | Popup::Palette(_)) => on_screen || action == Action::Filter,
        }
    }

    /// Changes the line being typed; false when the action is none of typing.
    fn edit(&mut self, action: Action) -> bool {
        let rtl = self.direction() == Direction::Rtl;
        let Some(input) = self.active_input() else { return false };
        let before = input.text().len();
        match action {
            Action::DeleteBack => input.backspace(),
            Action::DeleteForward => input.delete(),
            Action::DeleteWord => input.delete_word(),
            Action::Clear => input.clear(),
            // Arrow keys are physical: in a line read from the right, ← goes forward.
            Action::CursorLeft if rtl => input.forward(),
            Action::CursorRight if rtl => input.backward(),
            Action::CursorLeft => input.backward(),
            Action::CursorRight => input.forward(),
            Action::CursorStart => input.home(),
            Action::CursorEnd => input.end(),
            _ => return false,
        }
        if input.text().len() != before {
            self.input_changed();
        }
        true
    }

    /// The line being typed, if one is.
    pub fn active_input(&mut self) -> Option<&mut Input> {
        match &mut self.popup {
            Some(Popup::Palette(palette)) => return Some(&mut palette.input),
            Some(Popup::Help(help)) => return help.search.as_mut(),
            Some(Popup::Choice(_)) => return None,
            None => {}
        }
        let top = self.nav.len() - 1;
        match &mut self.nav[top] {
            Screen::List(list) => list.editing.as_mut(),
            _ => None,
        }
    }

    fn input_changed(&mut self) {
        match &mut self.popup {
            Some(Popup::Palette(_)) => self.palette_changed(),
            Some(Popup::Help(help)) => help.filter(),
            Some(Popup::Choice(_)) => {}
            None => self.filter_changed(),
        }
    }

    fn filter_changed(&mut self) {
        let lang = self.lang();
        let top = self.nav.len() - 1;
        if let Screen::List(list) = &mut self.nav[top]
            && let Some(text) = list.editing.as_ref().map(|input| input.text().to_owned())
        {
            list.filter(&text, &self.board, lang);
        }
    }

    /// Carries out an action.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        let rtl = self.direction() == Direction::Rtl;
        if self.edit(action) || self.is_behind(action) {
            return Vec::new();
        }
        match action {
            Action::Quit => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Repaint => return vec![Effect::Repaint],
            Action::Reload => {
                self.say("message.reloading", &[]);
                return vec![Effect::Reload];
            }
            Action::CopyId => return self.copy_id(),
            Action::CopyRow => return self.copy_row(),
            Action::Help => self.toggle_help(),
            Action::Palette => {
                self.popup = Some(Popup::Palette(Palette::default()));
                self.palette_changed();
            }
            Action::Back | Action::Cancel => self.back(),
            Action::Open | Action::Accept => self.open(),
            Action::Why => self.why(),
            // In a screen read from the right, into is to the left.
            Action::Right if rtl => self.back_a_level(),
            Action::Left if rtl => self.open(),
            Action::Right => self.open(),
            Action::Left => self.back_a_level(),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-(self.page_rows() as isize)),
            Action::PageDown => self.step(self.page_rows() as isize),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::NextPane => self.pane(Pane::next),
            Action::PreviousPane => self.pane(Pane::previous),
            Action::Zoom => self.zoom(),
            Action::Filter => self.start_filter(),
            Action::Sort => self.choose_sort(),
            Action::SortReverse => self.with_list(|list, board, lang| list.reverse(board, lang)),
            Action::Wide => self.with_list(|list, _, _| list.wide = !list.wide),
            Action::ToggleDates => {
                self.options.style.calendar = match self.options.style.calendar {
                    CalendarKind::Jalali => CalendarKind::Gregorian,
                    CalendarKind::Gregorian => CalendarKind::Jalali,
                };
                self.rebuild_pages();
            }
            Action::ToggleLanguage => {
                let style = &mut self.options.style;
                (style.lang, style.calendar) = match style.lang {
                    Lang::Fa => (Lang::En, self.options.english_calendar),
                    Lang::En => (Lang::Fa, CalendarKind::Jalali),
                };
                self.speak();
            }
            Action::ScreenOverview => {
                self.popup = None;
                self.nav.truncate(1);
            }
            Action::ScreenMeasures => self.go_kind(Kind::Measure),
            Action::ScreenAgencies => self.go_kind(Kind::Agency),
            Action::ScreenPlans => self.go_kind(Kind::Plan),
            Action::ScreenInitiatives => self.go_kind(Kind::Initiative),
            Action::ScreenDecisions => self.go_kind(Kind::Decision),
            Action::ScreenDemands => self.go_kind(Kind::Demand),
            Action::ScreenCampaigns => self.go_kind(Kind::Campaign),
            Action::ScreenMore => self.choose_more(),
            // Keys of typing, pressed where nothing is typed.
            Action::Clear
            | Action::DeleteBack
            | Action::DeleteForward
            | Action::DeleteWord
            | Action::CursorLeft
            | Action::CursorRight
            | Action::CursorStart
            | Action::CursorEnd => {}
        }
        Vec::new()
    }

    fn say(&mut self, key: &'static str, values: &[(&str, &str)]) {
        self.message = Some(Message {
            text: i18n::tf_screen(self.lang(), key, values),
            warning: false,
        });
    }

    fn with_list(&mut self, change: impl FnOnce(&mut List, &crate::board::Board, Lang)) {
        let lang = self.lang();
        let top = self.nav.len() - 1;
        if let Screen::List(list) = &mut self.nav[top] {
            change(list, &self.board, lang);
        }
    }

    fn copy_id(&mut self) -> Vec<Effect> {
        let id = match self.screen() {
            Screen::Overview(overview) => overview.selected_id(),
            Screen::List(list) => list.rows.selected().map(ToString::to_string),
            Screen::Page(page) => Some(page.id.to_string()),
            Screen::Counties(counties) => counties
                .rows
                .selected()
                .and_then(|id| id.as_ref().map(ToString::to_string)),
            Screen::Problems(_) => None,
        };
        self.copy(id)
    }

    fn copy_row(&mut self) -> Vec<Effect> {
        let row = self.selected_record().and_then(|(kind, id)| {
            let record = self.board.record(kind, id.as_str())?;
            let cells = columns::columns(kind).iter().filter(|column| column.shown);
            let cells = cells.map(|c| (c.get)(&self.board, &record).format(&self.board, &self.options.style));
            Some(cells.collect::<Vec<_>>().join("\t"))
        });
        self.copy(row)
    }

    fn copy(&mut self, text: Option<String>) -> Vec<Effect> {
        match text {
            Some(text) => {
                // What leaves the program is logical text: isolates and other controls stay on the screen's side.
                let text: String = text
                    .chars()
                    .filter(|c| *c == '\t' || !crate::text::visible::is_forbidden(*c))
                    .collect();
                self.say("message.copied", &[("text", &text.replace('\t', " "))]);
                vec![Effect::Copy(text)]
            }
            None => Vec::new(),
        }
    }

    fn back(&mut self) {
        match &mut self.popup {
            Some(Popup::Help(help)) if help.search.is_some() => {
                help.search = None;
                help.filter();
                return;
            }
            Some(_) => {
                self.popup = None;
                return;
            }
            None => {}
        }
        let lang = self.lang();
        let top = self.nav.len() - 1;
        if let Screen::List(list) = &mut self.nav[top] {
            // One step back at a time: out of typing (the filter as typed is given up), then the filter, then the list.
            if list.editing.take().is_some() || !list.typed.is_empty() {
                list.filter("", &self.board, lang);
                return;
            }
        }
        if let Screen::Overview(overview) = &mut self.nav[top] {
            overview.zoom = false;
        }
        self.back_a_level();
    }

    fn back_a_level(&mut self) {
        if self.popup.is_none() && self.nav.len() > 1 {
            self.nav.pop();
        }
    }

    fn open(&mut self) {
        match &mut self.popup {
            Some(Popup::Help(help)) => {
                // Enter ends the search and keeps its hits.
                if let Some(search) = help.search.take() {
                    let hits = help.rows.keys().to_vec();
                    help.search = None;
                    if search.text().is_empty() {
                        help.filter();
                    } else {
                        help.rows.replace(hits);
                    }
                }
                return;
            }
            Some(Popup::Choice(choice)) => {
                let pick = choice
                    .rows
                    .selected()
                    .and_then(|n| choice.entries.get(*n))
                    .map(|e| e.2.clone());
                self.popup = None;
                self.pick(pick);
                return;
            }
            Some(Popup::Palette(palette)) => {
                let pick = palette
                    .rows
                    .selected()
                    .and_then(|n| palette.entries.get(*n))
                    .map(|e| e.2.clone());
                self.popup = None;
                self.pick(pick);
                return;
            }
            None => {}
        }
        let top = self.nav.len() - 1;
        let target = match &mut self.nav[top] {
            Screen::Overview(overview) => {
                overview.choose();
                overview.target()
            }
            Screen::List(list) => {
                if list.editing.take().is_some() {
                    return;
                }
                list.rows.choose();
                let gone = list.rows.gone().map(|gone| gone.index);
                let here = list.rows.index();
                list.rows
                    .selected()
                    .filter(|_| gone != Some(here))
                    .map(|id| Target::Record(list.spec.kind, id.clone()))
            }
            Screen::Page(page) => {
                page.rows.choose();
                page.target()
            }
            Screen::Counties(counties) => {
                counties.rows.choose();
                counties.target()
            }
            Screen::Problems(problems) => problems
                .rows
                .selected()
                .and_then(|n| self.board.problems().get(*n)?.record.clone())
                .and_then(|(kind, id)| Some(Target::Record(kind, crate::contract::Id::new(&id)?))),
        };
        if let Some(target) = target {
            self.go(target);
        }
    }

    fn pick(&mut self, pick: Option<Pick>) {
        match pick {
            Some(Pick::Sort(key)) => self.with_list(|list, board, lang| list.sort_by(key, board, lang)),
            Some(Pick::Kind(kind)) => self.go_kind(kind),
            Some(Pick::Go(target)) => self.go(target),
            Some(Pick::Act(action)) => drop(self.act(action)),
            None => {}
        }
    }

    /// Goes down to a target.
    pub fn go(&mut self, target: Target) {
        let screen = match target {
            Target::Record(kind, id) => {
                // The same record again would only lengthen the way back.
                if matches!(self.screen(), Screen::Page(page) if page.kind == kind && page.id == id) {
                    return;
                }
                Screen::Page(Page::new(kind, id, &self.board, &self.options.style, self.size.0))
            }
            Target::List(spec) => {
                let mut list = List::new(spec, &self.board, self.lang());
                list.wide = self.options.wide;
                Screen::List(list)
            }
            Target::Counties(kind) => Screen::Counties(Counties::new(kind, &self.board)),
            Target::Problems => {
                let mut problems = ProblemList::default();
                problems.refresh(&self.board);
                Screen::Problems(problems)
            }
        };
        self.nav.push(screen);
    }

    /// Goes to the full list of a kind, from the overview.
    fn go_kind(&mut self, kind: Kind) {
        self.popup = None;
        self.nav.truncate(1);
        self.go(Target::List(list::of(kind)));
    }

    fn page_rows(&self) -> usize {
        let (_, height) = layout::content(self.size);
        match self.screen() {
            Screen::Overview(overview) => layout::panes(self.size, overview.focus, overview.zoom)
                .iter()
                .find(|(pane, _)| *pane == overview.focus)
                .map_or(1, |(_, field)| layout::rows_inside(field.height, 1)),
            _ => layout::rows_inside(height, 1),
        }
    }

    fn step(&mut self, rows: isize) {
        match &mut self.popup {
            Some(Popup::Help(help)) => return help.rows.step(rows),
            Some(Popup::Choice(choice)) => return choice.rows.step(rows),
            Some(Popup::Palette(palette)) => return palette.rows.step(rows),
            None => {}
        }
        match self.screen_mut() {
            Screen::Overview(overview) => overview.step(rows),
            Screen::List(list) => list.rows.step(rows),
            Screen::Page(page) => page.rows.step(rows),
            Screen::Counties(counties) => counties.rows.step(rows),
            Screen::Problems(problems) => problems.rows.step(rows),
        }
    }

    fn overview(&mut self) -> Option<&mut Overview> {
        match self.screen_mut() {
            Screen::Overview(overview) => Some(overview),
            _ => None,
        }
    }

    fn pane(&mut self, to: impl FnOnce(Pane) -> Pane) {
        if let Some(overview) = self.overview() {
            overview.focus = to(overview.focus);
        }
    }

    fn zoom(&mut self) {
        if let Some(overview) = self.overview() {
            overview.zoom = !overview.zoom;
        }
    }

    fn start_filter(&mut self) {
        if let Some(Popup::Help(help)) = &mut self.popup {
            help.search = Some(Input::default());
            return;
        }
        // From the overview, filtering means filtering the list behind the focused pane.
        if let Some(spec) = self.overview().and_then(|overview| overview.list()) {
            self.go(Target::List(spec));
        }
        if let Screen::List(list) = self.screen_mut() {
            list.editing = Some(Input::with(&list.typed));
        }
    }

    fn choose_sort(&mut self) {
        let lang = self.lang();
        let Screen::List(list) = self.screen() else { return };
        let entries = list
            .columns()
            .map(|column| {
                let note = match list.order_of(column.key) {
                    Some(Order::Descending) => i18n::t(lang, "sort.descending"),
                    Some(Order::Ascending) => i18n::t(lang, "sort.ascending"),
                    None => "",
                };
                (
                    i18n::t(lang, column.title_key).to_owned(),
                    note.to_owned(),
                    Pick::Sort(column.key),
                )
            })
            .collect();
        self.popup = Some(Popup::Choice(Choice::new(
            Action::Sort,
            i18n::t(lang, "sort.title").into(),
            entries,
        )));
    }

    fn choose_more(&mut self) {
        let lang = self.lang();
        let kinds = [Kind::Project, Kind::Meeting, Kind::Enterprise, Kind::Evaluation];
        let count = |n: usize| crate::text::number::integer(n as i64, lang);
        let mut entries: Vec<_> = kinds
            .iter()
            .map(|kind| {
                (
                    i18n::t(lang, kind.plural_key()).to_owned(),
                    count(self.board.count(*kind)),
                    Pick::Kind(*kind),
                )
            })
            .collect();
        let problems = i18n::t(lang, "screen.problems").to_owned();
        entries.push((problems, count(self.board.problems().len()), Pick::Go(Target::Problems)));
        self.popup = Some(Popup::Choice(Choice::new(
            Action::ScreenMore,
            i18n::t(lang, "more.title").into(),
            entries,
        )));
    }

    /// Why the record under the cursor needs attention: each rule with the values that fired it.
    fn why(&mut self) {
        let Some((kind, id)) = self.selected_record() else {
            return;
        };
        let lang = self.lang();
        let mut lines = Vec::new();
        for finding in self.board.findings().of(kind, id.as_str()) {
            lines.push(HelpLine {
                name: i18n::t(lang, finding.title_key()).into(),
                text: super::words::why(finding, &self.board, &self.options.style),
                heading: false,
            });
        }
        if lines.is_empty() {
            self.say("message.no-findings", &[]);
        } else {
            self.popup = Some(Popup::Help(Help::new(Action::Why, lines)));
        }
    }

    fn toggle_help(&mut self) {
        if matches!(self.popup, Some(Popup::Help(_))) {
            self.popup = None;
            return;
        }
        let lang = self.lang();
        let mut lines = Vec::new();
        let heading = |text: &str| HelpLine {
            name: String::new(),
            text: text.to_owned(),
            heading: true,
        };
        let context = self.screen_context();
        lines.push(heading(i18n::t(lang, "help.keys")));
        for binding in self.options.keymap.help(context) {
            let keys: Vec<_> = binding.chords.iter().map(Chord::label).collect();
            let text = i18n::t(lang, binding.action.name_key()).into();
            lines.push(HelpLine {
                name: keys.join(" "),
                text,
                heading: false,
            });
        }
        if let Screen::List(list) = self.screen() {
            lines.push(heading(i18n::t(lang, "help.columns")));
            for column in columns::columns(list.spec.kind) {
                lines.push(HelpLine {
                    name: i18n::t(lang, column.title_key).into(),
                    text: help_of(column, lang),
                    heading: false,
                });
            }
            lines.push(heading(i18n::t(lang, "help.filter")));
            for (example, key) in FILTERS {
                lines.push(HelpLine {
                    name: example.into(),
                    text: i18n::t(lang, key).into(),
                    heading: false,
                });
            }
        }
        lines.push(heading(i18n::t(lang, "help.rules")));
        for rule in crate::board::RULES {
            lines.push(HelpLine {
                name: i18n::t(lang, rule.title).into(),
                text: i18n::t(lang, rule.why).into(),
                heading: false,
            });
        }
        self.popup = Some(Popup::Help(Help::new(Action::Help, lines)));
    }
}
