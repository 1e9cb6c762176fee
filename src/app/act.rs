//! What each action does, whether a key, the palette or a choice asked for it.

use super::input::Input;
use super::marks::Marks;
use super::popup::{Palette, Pick, Popup};
use super::screen::brief::Brief;
use super::screen::changes::Show;
use super::screen::map::Map;
use super::screen::outreach::OutreachView;
use super::screen::overview::{Overview, Pane};
use super::screen::participation::{Figures, ParticipationView};
use super::screen::sheet::{Sheet, Topic};
use super::screen::{Screen, Target, counties::Counties, list, list::List, page::Page, problems::ProblemList};
use super::{App, Effect, Message, layout};
use crate::board::participation::By;
use crate::board::report::LinkState;
use crate::board::{Board, columns};
use crate::clock::Day;
use crate::config::keymap::Action;
use crate::contract::Kind;
use crate::i18n;
use crate::text::calendar::{self, CalendarKind};
use crate::text::{Direction, Lang};

impl App {
    /// Carries out an action.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        let rtl = self.direction() == Direction::Rtl;
        if self.edit(action) || self.is_behind(action) {
            return Vec::new();
        }
        match action {
            Action::Quit => return vec![Effect::Quit],
            // Stopping would hand the operator whatever started the program.
            Action::Suspend if self.options.kiosk => self.warn("kiosk.denied", &[]),
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
            Action::Open | Action::Accept => return self.open(),
            Action::Why => self.why(),
            // On a map left is the west in every language.
            Action::Left | Action::Right | Action::Up | Action::Down | Action::First | Action::Last
                if self.on_map() =>
            {
                self.move_on_map(action);
            }
            // In a screen read from the right, into is to the left.
            Action::Right if rtl => self.back_a_level(),
            Action::Left if rtl => return self.open(),
            Action::Right => return self.open(),
            Action::Left => self.back_a_level(),
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-(self.page_rows() as isize)),
            Action::PageDown => self.step(self.page_rows() as isize),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::NextPane if matches!(self.screen(), Screen::Changes(_)) => self.show_changes(Show::next),
            Action::PreviousPane if matches!(self.screen(), Screen::Changes(_)) => self.show_changes(Show::previous),
            Action::NextPane if matches!(self.screen(), Screen::Participation(_)) => self.tell_apart(1),
            Action::PreviousPane if matches!(self.screen(), Screen::Participation(_)) => self.tell_apart(-1),
            Action::NextPane => self.turn(1, Pane::next),
            Action::PreviousPane => self.turn(-1, Pane::previous),
            Action::Sheet => self.open_sheet(),
            Action::Zoom => self.zoom(),
            Action::Filter => self.start_filter(),
            Action::Sort => self.choose_sort(),
            Action::SortReverse => {
                self.with_list(|list, board, lang| list.reverse(board, lang));
                self.remember();
            }
            Action::Wide => {
                self.with_list(|list, _, _| list.wide = !list.wide);
                self.remember();
            }
            Action::Columns => self.choose_columns(),
            Action::Facets => self.choose_facet_column(),
            Action::Views => self.choose_view(),
            Action::Pin => self.pin(),
            Action::Export => self.ask_export(),
            Action::Source => self.say_source(),
            Action::Figures => self.next_figures(),
            Action::ScreenParticipation => self.go_participation(),
            Action::ScreenOutreach => self.go_from_overview(Target::Outreach(None)),
            Action::ScreenMap => self.go_from_overview(Target::Map),
            Action::ScreenChanges => self.go_changes(),
            Action::Differences => self.choose_since(),
            Action::ScreenBrief => self.go_from_overview(Target::Brief),
            Action::Toggle if matches!(self.popup, Some(Popup::Choice(_))) => return self.open(),
            Action::Remove if matches!(self.popup, Some(Popup::Choice(_))) => self.remove_view(),
            Action::Toggle | Action::MoveUp | Action::MoveDown | Action::Remove => self.change_columns(action),
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

    pub(super) fn say(&mut self, key: &'static str, values: &[(&str, &str)]) {
        self.message = Some(Message {
            text: i18n::tf_screen(self.lang(), key, values),
            warning: false,
        });
    }

    pub(super) fn warn(&mut self, key: &'static str, values: &[(&str, &str)]) {
        self.say(key, values);
        if let Some(message) = &mut self.message {
            message.warning = true;
        }
    }

    /// Says in English that this terminal turns Persian round: there a Persian sentence could not be read.
    pub(super) fn hint(&mut self, key: &'static str) {
        if self.lang() == Lang::Fa {
            self.message = Some(Message {
                text: i18n::t(Lang::En, key).to_owned(),
                warning: true,
            });
        }
    }

    pub(super) fn with_list(&mut self, change: impl FnOnce(&mut List, &crate::board::Board, Lang)) {
        let lang = self.lang();
        let top = self.nav.len() - 1;
        if let Screen::List(list) = &mut self.nav[top] {
            change(list, &self.board, lang);
        }
    }

    pub(super) fn copy_id(&mut self) -> Vec<Effect> {
        let id = match self.screen() {
            Screen::Overview(overview) => overview.selected_id(),
            Screen::List(list) => list.rows.current().map(|id| id.to_string()),
            Screen::Page(page) => Some(page.id.to_string()),
            Screen::Counties(counties) => counties
                .rows
                .selected()
                .and_then(|id| id.as_ref().map(ToString::to_string)),
            Screen::Sheet(_) => self.selected_record().map(|(_, id)| id.to_string()),
            Screen::Changes(changes) => changes.rows.selected().map(|(_, id)| id.to_string()),
            Screen::History(history) => Some(history.id.to_string()),
            Screen::Participation(view) => view
                .rows
                .selected()
                .and_then(|key| key.as_ref().map(ToString::to_string)),
            Screen::Outreach(view) => view
                .rows
                .selected()
                .and_then(|key| key.as_ref().map(ToString::to_string)),
            Screen::Map(map) => map.selected().map(|tile| tile.id.to_string()),
            Screen::Problems(_) | Screen::Brief(_) => None,
        };
        self.copy(id)
    }

    pub(super) fn copy_row(&mut self) -> Vec<Effect> {
        let row = self.selected_record().and_then(|(kind, id)| {
            let record = self.board.record(kind, id.as_str())?;
            // Of a list what is shown, as the operator has chosen it.
            let shown = match self.screen() {
                Screen::List(list) => list.columns(),
                _ => columns::columns(kind).iter().filter(|column| column.shown).collect(),
            };
            let cells = shown
                .into_iter()
                .map(|c| (c.get)(&self.board, &record).format(&self.board, &self.options.style));
            Some(cells.collect::<Vec<_>>().join("\t"))
        });
        self.copy(row)
    }

    pub(super) fn copy(&mut self, text: Option<String>) -> Vec<Effect> {
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

    pub(super) fn back(&mut self) {
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
                self.remember();
                return;
            }
        }
        if let Screen::Overview(overview) = &mut self.nav[top] {
            overview.zoom = false;
        }
        self.back_a_level();
    }

    pub(super) fn back_a_level(&mut self) {
        if self.popup.is_none() && self.nav.len() > 1 {
            self.nav.pop();
        }
    }

    pub(super) fn open(&mut self) -> Vec<Effect> {
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
                return Vec::new();
            }
            Some(Popup::Choice(choice)) => {
                let pick = choice
                    .rows
                    .selected()
                    .and_then(|n| choice.entries.get(*n))
                    .map(|e| e.2.clone());
                self.popup = None;
                return self.pick(pick);
            }
            Some(Popup::Palette(palette)) => {
                let pick = palette
                    .rows
                    .selected()
                    .and_then(|n| palette.entries.get(*n))
                    .map(|e| e.2.clone());
                self.popup = None;
                return self.pick(pick);
            }
            Some(Popup::Columns(_)) => {
                self.change_columns(Action::Toggle);
                return Vec::new();
            }
            Some(Popup::Ask(ask)) => {
                let (purpose, answer) = (ask.purpose, ask.input.text().to_owned());
                return self.answer(purpose, &answer);
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
                    self.remember();
                    return Vec::new();
                }
                list.rows.choose();
                let gone = list.rows.gone().map(|gone| gone.index);
                let here = list.rows.index();
                list.rows
                    .current()
                    .filter(|_| gone != Some(here))
                    .map(|id| Target::Record(list.spec.kind, id))
            }
            Screen::Page(page) => {
                page.rows.choose();
                page.target()
            }
            Screen::Counties(counties) => {
                counties.rows.choose();
                counties.target()
            }
            Screen::Sheet(sheet) => {
                sheet.rows.choose();
                sheet.target()
            }
            Screen::Problems(problems) => problems
                .rows
                .selected()
                .and_then(|n| self.board.problems().get(*n)?.record.clone())
                .and_then(|(kind, id)| Some(Target::Record(kind, crate::contract::Id::new(&id)?))),
            Screen::Changes(changes) => {
                changes.rows.choose();
                changes
                    .rows
                    .selected()
                    .map(|(kind, id)| Target::Record(*kind, id.clone()))
            }
            Screen::Participation(view) => {
                view.rows.choose();
                view.target()
            }
            Screen::Outreach(view) => {
                view.rows.choose();
                view.target()
            }
            Screen::Map(map) => map.target(),
            Screen::History(_) | Screen::Brief(_) => None,
        };
        if let Some(target) = target {
            self.go(target);
        }
        Vec::new()
    }

    pub(super) fn pick(&mut self, pick: Option<Pick>) -> Vec<Effect> {
        match pick {
            Some(Pick::Sort(key)) => {
                self.with_list(|list, board, lang| list.sort_by(key, board, lang));
                self.remember();
            }
            Some(Pick::FacetColumn(key)) => self.choose_facet(key),
            Some(Pick::Facet(key, value)) => self.set_facet(key, value),
            Some(Pick::SaveView) => self.ask_view_name(),
            Some(Pick::View(name)) => self.show_view(&name),
            Some(Pick::KindView(kind, name)) => {
                self.go_kind(kind);
                self.show_view(&name);
            }
            Some(Pick::Since(day)) => self.choose_until(day),
            Some(Pick::AskSince) => self.ask_day(None),
            Some(Pick::AskUntil(since)) => self.ask_day(Some(since)),
            Some(Pick::Until(since, until)) => self.compare(since, until),
            Some(Pick::LastFilter) => self.show_last_filter(),
            Some(Pick::Usual) => self.show_usual(),
            Some(Pick::Replace(file)) => self.export_to(file),
            Some(Pick::Kind(kind)) => self.go_kind(kind),
            Some(Pick::Go(target)) => self.go(target),
            // Its effects are the key's: what quits by a key quits from here.
            Some(Pick::Act(action)) => return self.act(action),
            Some(Pick::Source(name)) => return self.switch(name),
            Some(Pick::AsOf(day)) => return self.judge_by(day),
            Some(Pick::AskAsOf) => self.ask_as_of(),
            Some(Pick::Theme(name)) => return vec![Effect::Theme(name)],
            None => {}
        }
        Vec::new()
    }

    /// Leaves everything that was said of the old source behind.
    fn switch(&mut self, name: String) -> Vec<Effect> {
        if self.options.kiosk {
            self.warn("kiosk.denied", &[]);
            return Vec::new();
        }
        let Some((_, source)) = self.options.contexts.iter().find(|(known, _)| *known == name) else {
            return Vec::new();
        };
        self.options.source.clone_from(source);
        self.options.context = Some(name.clone());
        self.begin_anew(self.board.today());
        self.say("message.switched", &[("name", &name)]);
        vec![Effect::Switch(name)]
    }

    /// Judges everything by another day, or by the present one again; the source is read anew for it, in the state kept of that day.
    pub(super) fn judge_by(&mut self, day: Option<Day>) -> Vec<Effect> {
        self.options.as_of = day;
        self.begin_anew(day.unwrap_or(self.board.today()));
        match day {
            Some(day) => {
                let day = calendar::long(day, self.options.style.calendar, self.lang());
                self.say("message.as-of", &[("day", &day)]);
            }
            None => self.say("message.as-of-today", &[]),
        }
        vec![Effect::AsOf(day)]
    }

    /// Forgets what was read.
    fn begin_anew(&mut self, today: Day) {
        self.board = Board::new(self.board.settings().clone(), today);
        self.state = LinkState::Starting;
        (self.loading, self.age, self.retry_at, self.warning) = (None, None, None, None);
        self.marks = Marks::default();
        self.nav = vec![Screen::Overview(Overview::default())];
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
                let memory = self.options.memory.list(list.spec.kind.as_str());
                list.recall(&memory, &self.board, self.options.style.lang);
                Screen::List(list)
            }
            Target::History(kind, id) => {
                self.go_history(kind, id);
                return;
            }
            Target::Brief => {
                let mut brief = Brief::default();
                brief.refresh(&self.board, &self.options.style, &self.options.source, self.size.0);
                Screen::Brief(brief)
            }
            Target::Participation {
                by,
                figures,
                kind,
                county,
            } => Screen::Participation(ParticipationView::new(by, figures, kind, county, &self.board)),
            Target::Outreach(body) => Screen::Outreach(OutreachView::new(body, &self.board)),
            Target::Map => Screen::Map(Map::new(&self.board)),
            Target::Counties(kind) => Screen::Counties(Counties::new(kind, &self.board)),
            Target::Sheet(topic) => Screen::Sheet(Sheet::new(topic, &self.board, &self.options.style, self.size.0)),
            Target::Problems => {
                let mut problems = ProblemList::default();
                problems.refresh(&self.board);
                Screen::Problems(problems)
            }
        };
        self.nav.push(screen);
    }

    /// Goes to the full list of a kind, from the overview.
    pub(super) fn go_kind(&mut self, kind: Kind) {
        self.popup = None;
        self.nav.truncate(1);
        self.go(Target::List(list::of(kind)));
    }

    pub(super) fn page_rows(&self) -> usize {
        let (_, height) = layout::content(self.size);
        match self.screen() {
            Screen::Overview(overview) => layout::panes(self.size, overview.focus, overview.zoom)
                .iter()
                .find(|(pane, _)| *pane == overview.focus)
                .map_or(1, |(_, field)| layout::rows_inside(field.height, 1)),
            _ => layout::rows_inside(height, 1),
        }
    }

    pub(super) fn step(&mut self, rows: isize) {
        match &mut self.popup {
            Some(Popup::Help(help)) => return help.rows.step(rows),
            Some(Popup::Choice(choice)) => return choice.rows.step(rows),
            Some(Popup::Palette(palette)) => return palette.rows.step(rows),
            Some(Popup::Columns(choice)) => return choice.rows.step(rows),
            Some(Popup::Ask(_)) => return,
            None => {}
        }
        match self.screen_mut() {
            Screen::Overview(overview) => overview.step(rows),
            Screen::List(list) => list.rows.step(rows),
            Screen::Page(page) => page.rows.step(rows),
            Screen::Counties(counties) => counties.rows.step(rows),
            Screen::Sheet(sheet) => sheet.rows.step(rows),
            Screen::Problems(problems) => problems.rows.step(rows),
            Screen::Changes(changes) => changes.rows.step(rows),
            Screen::History(history) => history.rows.step(rows),
            Screen::Brief(brief) => brief.rows.step(rows),
            Screen::Participation(view) => view.rows.step(rows),
            Screen::Outreach(view) => view.rows.step(rows),
            // A page further on a map is its northern or southern end.
            Screen::Map(map) => map.end(rows > 0),
        }
    }

    pub(super) fn overview(&mut self) -> Option<&mut Overview> {
        match self.screen_mut() {
            Screen::Overview(overview) => Some(overview),
            _ => None,
        }
    }

    /// Goes to the next pane of the overview, or from one sheet to the next.
    pub(super) fn turn(&mut self, by: isize, pane: impl FnOnce(Pane) -> Pane) {
        let (style, width) = (self.options.style, self.size.0);
        let top = self.nav.len() - 1;
        match &mut self.nav[top] {
            Screen::Overview(overview) => overview.focus = pane(overview.focus),
            Screen::Sheet(sheet) => *sheet = Sheet::new(sheet.topic.turned(by), &self.board, &style, width),
            _ => {}
        }
    }

    /// Opens the sheet that sums up what is on screen: that of the list, the pane, or the record's kind.
    pub(super) fn open_sheet(&mut self) {
        if self.popup.is_some() {
            return;
        }
        match self.summary() {
            Some(target) => self.go(target),
            None => self.say("message.no-sheet", &[]),
        }
    }

    /// Where what is on screen is summed up: on a sheet, or for initiatives and those who go to them on the screens of participation.
    fn summary(&self) -> Option<Target> {
        let told_apart = |by, kind, county| Target::Participation {
            by,
            figures: Figures::default(),
            kind,
            county,
        };
        let of = |kind| match kind {
            Kind::Initiative => Some(told_apart(By::Kind, None, None)),
            Kind::Enterprise => Some(Target::Outreach(None)),
            kind => Topic::of(kind).map(Target::Sheet),
        };
        match self.screen() {
            Screen::Overview(overview) => match overview.focus {
                Pane::Measures => Some(Target::Sheet(Topic::Conditions)),
                Pane::Overdue => Some(Target::Sheet(Topic::Submission)),
                Pane::Participation => of(Kind::Initiative),
                Pane::Attention => overview.attention.selected().and_then(|key| of(key.kind)),
            },
            Screen::List(list) => of(list.spec.kind),
            Screen::Page(page) => match page.kind {
                Kind::Measure => Some(Target::Sheet(Topic::Measure(page.id.clone()))),
                Kind::Enterprise => Some(Target::Outreach(Some(page.id.clone()))),
                kind => of(kind),
            },
            Screen::Counties(counties) => Some(told_apart(By::County, Some(counties.initiative_kind.clone()), None)),
            Screen::Outreach(_) => of(Kind::Initiative),
            Screen::Map(map) => map.target(),
            Screen::Problems(_)
            | Screen::Sheet(_)
            | Screen::Changes(_)
            | Screen::History(_)
            | Screen::Brief(_)
            | Screen::Participation(_) => None,
        }
    }

    pub(super) fn zoom(&mut self) {
        if let Some(overview) = self.overview() {
            overview.zoom = !overview.zoom;
        }
    }

    pub(super) fn start_filter(&mut self) {
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
}
