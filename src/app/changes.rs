//! What changed: the screen's own way through earlier states. It asks for them by effects and takes what is found.

use super::popup::{Ask, Choice, Pick, Popup, Purpose};
use super::screen::Screen;
use super::screen::changes::{Changes, Show};
use super::screen::history::History;
use super::{App, Effect};
use crate::board::report::Found;
use crate::clock::Day;
use crate::config::keymap::Action;
use crate::contract::{Id, Kind};
use crate::i18n;
use crate::text::calendar;

/// Days offered by name; any other one is typed.
const OFFERED: usize = 30;

impl App {
    /// Goes to what has changed since the last meeting, or since the newest earlier state there is.
    pub(super) fn go_changes(&mut self) {
        self.popup = None;
        self.nav.truncate(1);
        let from = self.board.past().cloned();
        // The state of the last meeting may still be on its way.
        let newest = self.board.today().plus(-1);
        let meeting = self.board.last_meeting().map(|meeting| meeting.on);
        let held = from.as_ref().map(|past| past.day).or(meeting);
        let day = held.map_or(newest, |day| day.min(newest));
        let mut screen = Changes {
            wanted_from: Some(day),
            newest_will_do: from.is_none(),
            from,
            ..Changes::default()
        };
        screen.refresh(&self.board, &self.arrivals);
        self.nav.push(Screen::Changes(screen));
        // Also for the days to choose from.
        self.pending.push(Effect::FindState(day));
    }

    /// Says where the data come from, of which day they are, when the newest record was looked after, and whether the source can
    /// be reached.
    pub(super) fn say_source(&mut self) {
        use crate::board::report::LinkState;
        let (lang, board) = (self.lang(), &self.board);
        let newest = Kind::ALL
            .iter()
            .flat_map(|kind| board.records(*kind))
            .filter_map(|record| record.updated().map(|moment| moment.day(board.zone())))
            .filter(|day| *day <= board.today())
            .max();
        let newest = newest.map_or_else(
            || "—".to_owned(),
            |day| format!("{} ({})", self.day(day), calendar::age(board.today() - day, lang)),
        );
        let state = match &self.state {
            LinkState::Starting => "source.starting",
            LinkState::Sample | LinkState::File | LinkState::Live(_) | LinkState::Polling => "source.reached",
            LinkState::Stale { .. } => "source.stale",
            LinkState::Rejected(_) => "source.rejected",
            LinkState::Unauthorised(_) => "source.unauthorised",
            LinkState::Offline { .. } => "source.offline",
        };
        let state = i18n::t(lang, state);
        let trouble = match &self.state {
            LinkState::Stale(trouble) => trouble.as_ref(),
            LinkState::Unauthorised(trouble) | LinkState::Offline(trouble) => Some(trouble),
            _ => None,
        };
        let day = board.headquarters().and_then(|hq| hq.as_of).unwrap_or(board.today());
        // What is long stands last: on a narrow screen the ages are read before its end is cut.
        let source = match trouble {
            Some(trouble) => format!("{} ({})", self.options.source, trouble.sentence(lang)),
            None => self.options.source.clone(),
        };
        let day = self.day(day);
        let values = [
            ("source", source.as_str()),
            ("state", state),
            ("day", &day),
            ("newest", &newest),
        ];
        self.say("source.said", &values);
    }

    fn day(&self, day: Day) -> String {
        calendar::short(day, self.options.style.calendar, self.lang())
    }

    /// Offers the states the data can be held against: since which day.
    pub(super) fn choose_since(&mut self) {
        if !matches!(self.screen(), Screen::Changes(_)) {
            self.go_changes();
        }
        let lang = self.lang();
        if let Screen::Changes(screen) = self.screen_mut()
            && !screen.answered
        {
            screen.offer = true;
            return;
        }
        let Screen::Changes(screen) = self.screen() else { return };
        let mut entries = Vec::new();
        let oldest = screen.days.last().copied();
        let reachable = |day: &Day| oldest.is_some_and(|oldest| oldest <= *day);
        if let Some(day) = self.board.last_meeting().map(|m| m.on).filter(reachable) {
            let name = i18n::t(lang, "change.last-meeting").to_owned();
            entries.push((name, self.day(day), Pick::Since(day)));
        }
        if let Some(day) = self.last_visit.filter(reachable) {
            let name = i18n::t(lang, "change.last-visit").to_owned();
            entries.push((name, self.day(day), Pick::Since(day)));
        }
        let kept = screen
            .days
            .iter()
            .filter(|day| **day < self.board.today())
            .take(OFFERED);
        entries.extend(kept.map(|day| {
            let ago = calendar::age(self.board.today() - *day, lang);
            (self.day(*day), ago, Pick::Since(*day))
        }));
        if entries.is_empty() {
            self.warn("change.none-kept", &[]);
            return;
        }
        let another = i18n::t(lang, "change.another-day").to_owned();
        entries.push((another, String::new(), Pick::AskSince));
        let title = i18n::t(lang, "change.since").to_owned();
        self.popup = Some(Popup::Choice(Choice::new(Action::Differences, title, entries)));
    }

    /// Offers the later state: the present one, or any kept after the one chosen.
    pub(super) fn choose_until(&mut self, since: Day) {
        let lang = self.lang();
        let Screen::Changes(screen) = self.screen() else { return };
        let now = (
            i18n::t(lang, "change.now").to_owned(),
            String::new(),
            Pick::Until(since, None),
        );
        let mut entries = vec![now];
        let later = screen.days.iter().filter(|day| **day > since);
        let offered = later.clone().take(OFFERED);
        entries.extend(offered.map(|day| (self.day(*day), String::new(), Pick::Until(since, Some(*day)))));
        if later.count() > OFFERED {
            let another = i18n::t(lang, "change.another-day").to_owned();
            entries.push((another, String::new(), Pick::AskUntil(since)));
        }
        let title = i18n::tf_screen(lang, "change.until", &[("day", &self.day(since))]);
        self.popup = Some(Popup::Choice(Choice::new(Action::Differences, title, entries)));
    }

    /// Asks for a day by typing: since which one, or up to which after the one chosen.
    pub(super) fn ask_day(&mut self, since: Option<Day>) {
        let (purpose, key) = match since {
            None => (Purpose::Since, "change.ask-since"),
            Some(since) => (Purpose::Until(since), "change.ask-until"),
        };
        let title = i18n::t(self.lang(), key).to_owned();
        self.popup = Some(Popup::Ask(Ask::new(purpose, title, "")));
    }

    /// Takes a day that was typed.
    pub(super) fn day_typed(&mut self, since: Option<Day>, answer: &str) {
        let lang = self.lang();
        let Screen::Changes(screen) = self.screen() else { return };
        let oldest = screen.days.last().copied().unwrap_or(self.board.today());
        let first = since.map_or(oldest, |since| since.plus(1));
        let last = self.board.today().plus(-1);
        let wrong = match calendar::parse_date(answer) {
            Ok(day) if (first..=last).contains(&day) => {
                match since {
                    None => self.choose_until(day),
                    Some(since) => {
                        self.popup = None;
                        self.compare(since, Some(day));
                    }
                }
                return;
            }
            Ok(_) => i18n::tf_screen(
                lang,
                "change.day-out",
                &[("first", &self.day(first)), ("last", &self.day(last))],
            ),
            Err(_) => i18n::tf_screen(lang, "change.no-day", &[("example", &self.day(last))]),
        };
        if let Some(Popup::Ask(ask)) = &mut self.popup {
            ask.wrong = Some(wrong);
        }
    }

    pub(super) fn compare(&mut self, since: Day, until: Option<Day>) {
        if let Screen::Changes(screen) = self.screen_mut() {
            screen.wanted_from = Some(since);
            screen.wanted_to = until;
            screen.to = None;
            screen.from = None;
        }
        self.pending.push(Effect::FindState(since));
        self.pending.extend(until.map(Effect::FindState));
        self.refresh_changes();
    }

    pub(super) fn show_changes(&mut self, next: impl FnOnce(Show) -> Show) {
        if let Screen::Changes(screen) = self.screen_mut() {
            screen.show = next(screen.show);
        }
        self.refresh_changes();
    }

    pub(super) fn refresh_changes(&mut self) {
        let top = self.nav.len() - 1;
        if let Screen::Changes(screen) = &mut self.nav[top] {
            screen.refresh(&self.board, &self.arrivals);
        }
    }

    /// Goes to what a record was in every kept state.
    pub(super) fn go_history(&mut self, kind: Kind, id: Id) {
        self.pending.push(Effect::FindHistory(kind, id.clone()));
        self.nav.push(Screen::History(History::new(kind, id)));
    }

    pub(super) fn found(&mut self, found: Found) {
        match found {
            Found::State {
                asked,
                past,
                days,
                teller,
            } => {
                for screen in &mut self.nav {
                    if let Screen::Changes(screen) = screen {
                        // No state is as old as the last meeting: then since the newest one there is.
                        if past.is_none()
                            && screen.wanted_from == Some(asked)
                            && std::mem::take(&mut screen.newest_will_do)
                            && let Some(newest) = days.iter().find(|day| **day < self.board.today())
                        {
                            screen.wanted_from = Some(*newest);
                            self.pending.push(Effect::FindState(*newest));
                        }
                        screen.found(asked, past.clone(), &days, teller.clone());
                        screen.refresh(&self.board, &self.arrivals);
                    }
                }
                if let Screen::Changes(screen) = self.screen_mut()
                    && screen.answered
                    && std::mem::take(&mut screen.offer)
                {
                    self.choose_since();
                }
            }
            Found::History {
                kind,
                id,
                states,
                teller,
            } => {
                let style = self.options.style;
                for screen in &mut self.nav {
                    if let Screen::History(history) = screen
                        && history.kind == kind
                        && history.id == id
                    {
                        history.found(&self.board, &style, &states, teller.clone());
                    }
                }
            }
        }
    }
}
