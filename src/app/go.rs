//! The way through the screens: down to a target, back, and to what sums up where one is.

use super::popup::Popup;
use super::screen::brief::Brief;
use super::screen::map::Map;
use super::screen::outreach::OutreachView;
use super::screen::overview::Pane;
use super::screen::participation::{Figures, ParticipationView};
use super::screen::sheet::{Sheet, Topic};
use super::screen::{Screen, Target, counties::Counties, list, list::List, page::Page, problems::ProblemList};
use super::{App, Effect};
use crate::board::participation::By;
use crate::config::keymap::Action;
use crate::contract::Kind;

impl App {
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
}
