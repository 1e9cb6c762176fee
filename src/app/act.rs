//! What each action does, whether a key, the palette or a choice asked for it.

use super::input::Input;
use super::popup::{Palette, Pick, Popup};
use super::screen::changes::Show;
use super::screen::overview::{Overview, Pane};
use super::screen::sheet::Sheet;
use super::screen::{Screen, Target, list::List};
use super::{App, Effect, Message, layout};
use crate::config::keymap::Action;
use crate::contract::Kind;
use crate::i18n;
use crate::text::calendar::CalendarKind;
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
