//! What the command palette offers for what is typed.

use super::popup::{Ask, Pick, Popup, Purpose};
use super::screen::Target;
use super::screen::sheet::Topic;
use super::{App, Effect};
use crate::board::columns;
use crate::board::query::Query;
use crate::board::rows::{self, ListSpec};
use crate::config::{keymap, theme};
use crate::contract::Kind;
use crate::i18n;
use crate::text::{calendar, fold};

/// Records of one kind offered at once; more would push the other kinds off the screen.
const PER_KIND: usize = 5;

impl App {
    /// Offers anew: actions whose name holds the words, lists of kinds, and records found by words or id.
    pub(super) fn palette_changed(&mut self) {
        let Some(Popup::Palette(palette)) = &self.popup else {
            return;
        };
        let typed = palette.input.text().trim().to_owned();
        let mut entries = self.palette_entries(&typed);
        // An id or a command typed with the Persian layout still on: «ح-۰۱۱۷» is p-0117.
        if entries.is_empty()
            && let Some(latin) = keymap::on_latin_keys(&typed)
        {
            entries = self.palette_entries(&latin);
        }
        if let Some(Popup::Palette(palette)) = &mut self.popup {
            palette.rows = super::rows::Rows::default();
            palette.rows.replace((0..entries.len()).collect());
            palette.entries = entries;
        }
    }

    /// Offers to judge by another day: the one typed, behind its word or alone, or one that is asked for.
    fn offer_day(&self, typed: &str, hit: &dyn Fn(&str) -> bool, entries: &mut Vec<(String, String, Pick)>) {
        let lang = self.lang();
        let word = i18n::t(lang, "palette.as-of");
        let rest = ["as-of", "as of", word]
            .iter()
            .find_map(|word| typed.strip_prefix(word))
            .unwrap_or(typed);
        if let Ok(day) = calendar::parse_date(rest.trim()) {
            let said = calendar::long(day, self.options.style.calendar, lang);
            let note = i18n::t(lang, "palette.as-of-note").to_owned();
            entries.push((format!("{word} {said}"), note, Pick::AsOf(Some(day))));
            return;
        }
        if hit(word) || hit("as-of") {
            let note = i18n::t(lang, "palette.as-of-note").to_owned();
            entries.push((format!("{word} …"), note, Pick::AskAsOf));
        }
        let now = i18n::t(lang, "palette.as-of-today");
        if self.options.as_of.is_some() && hit(now) {
            entries.push((now.to_owned(), String::new(), Pick::AsOf(None)));
        }
    }

    /// Asks for the day everything is judged by.
    pub(super) fn ask_as_of(&mut self) {
        let title = i18n::t(self.lang(), "palette.ask-as-of").to_owned();
        self.popup = Some(Popup::Ask(Ask::new(Purpose::AsOf, title, "")));
    }

    /// Takes the day that was typed.
    pub(super) fn as_of_typed(&mut self, answer: &str) -> Vec<Effect> {
        if let Ok(day) = calendar::parse_date(answer.trim()) {
            self.popup = None;
            return self.judge_by(Some(day));
        }
        let lang = self.lang();
        let example = calendar::short(self.board.today(), self.options.style.calendar, lang);
        let wrong = i18n::tf_screen(lang, "change.no-day", &[("example", &example)]);
        if let Some(Popup::Ask(ask)) = &mut self.popup {
            ask.wrong = Some(wrong);
        }
        Vec::new()
    }

    /// What is offered for a text.
    fn palette_entries(&self, typed: &str) -> Vec<(String, String, Pick)> {
        let lang = self.lang();
        let needle = fold::fold(typed);
        let hit = |text: &str| needle.is_empty() || fold::contains(&fold::fold(text), &needle);
        let mut entries = Vec::new();
        for kind in Kind::ALL {
            let name = i18n::t(lang, kind.plural_key());
            if hit(name) || hit(kind.as_str()) {
                entries.push((
                    name.to_owned(),
                    i18n::t(lang, "palette.list").to_owned(),
                    Pick::Kind(*kind),
                ));
            }
        }
        for topic in Topic::ALL {
            let name = i18n::t(lang, topic.name_key());
            if hit(name) {
                let note = i18n::t(lang, "more.sheet").to_owned();
                entries.push((name.to_owned(), note, Pick::Go(Target::Sheet(topic))));
            }
        }
        let (word, here) = (i18n::t(lang, "palette.context"), i18n::t(lang, "palette.context-here"));
        for (name, place) in self.options.contexts.iter().filter(|_| !self.options.kiosk) {
            let said = format!("{word} {}", crate::text::isolate::auto(name));
            if hit(&format!("{word} {name}")) || hit(&format!("context {name}")) || hit(place) {
                let is_here = self.options.context.as_deref() == Some(name);
                let note = if is_here { here.to_owned() } else { place.clone() };
                entries.push((said, note, Pick::Source(name.clone())));
            }
        }
        self.offer_day(typed, &hit, &mut entries);
        let theme = i18n::t(lang, "palette.theme");
        for name in theme::BUILT_IN {
            if hit(&format!("{theme} {name}")) || hit(&format!("theme {name}")) {
                let said = format!("{theme} {}", crate::text::isolate::auto(name));
                entries.push((said, String::new(), Pick::Theme(name)));
            }
        }
        // What can be done on the screen below, as its own key would do it.
        for binding in self.options.keymap.help(self.screen_context()) {
            let name = i18n::t(lang, binding.action.name_key());
            if hit(name) || hit(&binding.action.slug().replace('_', " ")) {
                let keys = binding
                    .chords
                    .first()
                    .map(crate::config::chord::Chord::label)
                    .unwrap_or_default();
                entries.push((name.to_owned(), keys, Pick::Act(binding.action)));
            }
        }
        for kind in Kind::ALL {
            for view in self.options.memory.list(kind.as_str()).views {
                if hit(&view.name) {
                    let note = i18n::t(lang, kind.plural_key()).to_owned();
                    entries.push((view.name.clone(), note, Pick::KindView(*kind, view.name)));
                }
            }
        }
        if typed.chars().count() >= 2 {
            for kind in Kind::ALL {
                let Ok(query) = Query::parse(typed, *kind) else {
                    continue;
                };
                let spec = ListSpec {
                    query,
                    ..ListSpec::all(*kind)
                };
                for id in rows::first(&self.board, &spec, lang, PER_KIND) {
                    let Some(record) = self.board.record(*kind, id.as_str()) else {
                        continue;
                    };
                    let note = format!("{} {id}", i18n::t(lang, kind.name_key()));
                    entries.push((
                        columns::title(&record, lang).to_string(),
                        note,
                        Pick::Go(Target::Record(*kind, id)),
                    ));
                }
            }
        }
        entries
    }
}
