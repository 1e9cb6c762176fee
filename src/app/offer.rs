//! What can be laid over a screen: help from the live key map, and choices.

use super::App;
use super::popup::{Choice, Help, HelpLine, Pick, Popup};
use super::screen::sheet::Topic;
use super::screen::{Screen, Target};
use crate::board::columns;
use crate::board::rows::Direction as Order;
use crate::config::chord::Chord;
use crate::config::keymap::Action;
use crate::contract::Kind;
use crate::i18n;
use crate::text::Lang;

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

/// The pattern of a sentence: «…» where a value stands, the plural where a word follows a number.
fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((value, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str(value.rsplit_once('|').map_or("…", |(_, plural)| plural));
        rest = behind;
    }
    out.push_str(rest);
    out
}

impl App {
    pub(super) fn choose_sort(&mut self) {
        let lang = self.lang();
        let Screen::List(list) = self.screen() else { return };
        let entries = list
            .columns()
            .into_iter()
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

    pub(super) fn choose_more(&mut self) {
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
        for topic in Topic::ALL {
            let name = i18n::t(lang, topic.name_key()).to_owned();
            entries.push((
                name,
                i18n::t(lang, "more.sheet").to_owned(),
                Pick::Go(Target::Sheet(topic)),
            ));
        }
        let more = [
            ("action.screen_participation", Action::ScreenParticipation),
            ("action.screen_outreach", Action::ScreenOutreach),
            ("action.screen_map", Action::ScreenMap),
            ("action.screen_brief", Action::ScreenBrief),
        ];
        for (key, action) in more {
            let keys = self.options.keymap.label(crate::config::Context::Global, action);
            entries.push((
                i18n::t(lang, key).to_owned(),
                keys.unwrap_or_default(),
                Pick::Act(action),
            ));
        }
        let problems = i18n::t(lang, "screen.problems").to_owned();
        entries.push((problems, count(self.board.problems().len()), Pick::Go(Target::Problems)));
        self.popup = Some(Popup::Choice(Choice::new(
            Action::ScreenMore,
            i18n::t(lang, "more.title").into(),
            entries,
        )));
    }

    pub(super) fn toggle_help(&mut self) {
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
                text: format!(
                    "{} · {}",
                    i18n::t(lang, rule.severity.name_key()),
                    pattern(i18n::t(lang, rule.why))
                ),
                heading: false,
            });
        }
        self.popup = Some(Popup::Help(Help::new(Action::Help, lines)));
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_rule_is_explained_without_its_placeholders() {
        assert_eq!(
            pattern("{agency} was due on {due}: {days} {days|day|days} ago"),
            "… was due on …: … days ago"
        );
        assert_eq!(pattern("مهلت {due} بود"), "مهلت … بود");
        assert_eq!(pattern("an open { brace"), "an open { brace");
    }
}
