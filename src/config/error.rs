//! What can be wrong with the configuration, where, and how it is said in both languages.

use crate::i18n::{t, tf};
use crate::text::Lang;
use std::path::PathBuf;

/// Where a mistake stands. Lines and columns count from 1; a column counts characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a place of a file.
    File {
        /// The file.
        path: PathBuf,
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// The file as a whole.
    WholeFile(PathBuf),
    /// An environment variable.
    Environment(String),
    /// An option of the command line.
    Option(String),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// A setting nobody knows, and the nearest one that is known.
    UnknownField(String, Option<String>),
    /// A setting that comes twice.
    Duplicate(String),
    /// Not TOML; the parser's reason.
    Syntax(String),
    /// A value of another type: the setting, the wanted type and the found one (catalogue keys).
    WrongType(String, &'static str, &'static str),
    /// A number outside its bounds.
    OutOfRange {
        /// The setting.
        name: String,
        /// Least value.
        min: String,
        /// Greatest value.
        max: String,
        /// What was found.
        found: String,
    },
    /// A word outside a list: the setting, the word, the nearest choice, all choices.
    NotAChoice(String, String, Option<String>, String),
    /// Two settings that contradict each other: the one that must not be greater with its value, and the other one.
    Order(String, String, String, String),
    /// A context nobody wrote, the nearest one, all of them.
    NoContext(String, Option<String>, String),
    /// Not what a context can be called.
    BadContextName(String),
    /// A setting that must be there.
    NeedsField(String),
    /// Two places for one token.
    TwoTokens(String, String),
    /// A context and a location, both by option.
    TwoSources,
    /// A rule nobody knows, and the nearest one that is known.
    UnknownRule(String, Option<String>),
    /// Not what a step of the enforcement ladder can be called, the nearest known step, all known ones.
    BadStep(String, Option<String>, String),
    /// An environment variable `RASAD_…` nobody knows, and the nearest one that is known.
    UnknownVariable(Option<String>),
    /// Others could have written the file; the command that mends it.
    WritableByOthers(String),
    /// No such file; the command that writes one.
    NotFound(String),
    /// A directory, a device, a pipe.
    NotAFile,
    /// Larger than any configuration, in bytes.
    TooLarge(u64),
    /// Not UTF-8 from this byte on.
    NotUtf8(usize),
    /// The operating system would not let it be read.
    Unreadable(String),
    /// It could not be written; the operating system's reason.
    Unwritable(String),
    /// Something else stands where a table should be; its name.
    NotATable(String),
    /// Not a key.
    BadChord(String),
    /// An action nobody knows, and the nearest one that is known.
    UnknownAction(String, Option<String>),
    /// A key context nobody knows; all contexts.
    UnknownContext(String, String),
    /// A key that already means something in this context: the key, its action (catalogue key), and where it was given.
    KeyTaken(String, &'static str, Option<usize>),
    /// A letter bound where text is typed.
    KeyShadowsText(String),
    /// No key is left for an action that must have one (catalogue key).
    NoWayOut(&'static str),
    /// No key is left that quits while text is typed.
    NoQuitWhileTyping,
    /// A theme nobody knows, the nearest one, all built-in ones, and where a theme of one's own would stand.
    UnknownTheme(String, Option<String>, String, String),
    /// Not a colour.
    BadColour(String),
    /// A role nobody knows, and the nearest one that is known.
    UnknownRole(String, Option<String>),
}

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigError {
    /// Where.
    pub place: Place,
    /// What.
    pub wrong: Wrong,
}

impl ConfigError {
    /// The whole sentence in a language: where, what, and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        let message = self.wrong.sentence(lang);
        match &self.place {
            Place::File { path, line, column } => tf(
                lang,
                "config.at-file",
                &[
                    ("path", &path.to_string_lossy()),
                    ("line", &line.to_string()),
                    ("column", &column.to_string()),
                    ("message", &message),
                ],
            ),
            Place::WholeFile(path) => {
                let path = path.to_string_lossy();
                tf(lang, "config.at-whole-file", &[("path", &path), ("message", &message)])
            }
            Place::Environment(name) => tf(lang, "config.at-environment", &[("name", name), ("message", &message)]),
            Place::Option(name) => tf(lang, "config.at-option", &[("name", name), ("message", &message)]),
        }
    }
}

/// A sentence that knows a near word, or the one that does not.
fn maybe(
    lang: Lang,
    like: Option<&String>,
    with: &'static str,
    without: &'static str,
    args: &[(&str, &str)],
) -> String {
    match like {
        Some(like) => {
            let mut args = args.to_vec();
            args.push(("like", like));
            tf(lang, with, &args)
        }
        None => tf(lang, without, args),
    }
}

impl Wrong {
    /// What is wrong and what to do, without the place.
    pub fn sentence(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| tf(lang, key, args);
        match self {
            Self::UnknownField(name, like) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-field-like",
                "config.unknown-field",
                &[("name", name)],
            ),
            Self::Duplicate(name) => say("config.duplicate", &[("name", name)]),
            Self::Syntax(why) => say("config.syntax", &[("why", why)]),
            Self::WrongType(name, wanted, found) => say(
                "config.wrong-type",
                &[("name", name), ("wanted", t(lang, wanted)), ("found", t(lang, found))],
            ),
            Self::OutOfRange { name, min, max, found } => say(
                "config.out-of-range",
                &[("name", name), ("min", min), ("max", max), ("found", found)],
            ),
            Self::NotAChoice(name, found, like, choices) => maybe(
                lang,
                like.as_ref(),
                "config.not-a-choice-like",
                "config.not-a-choice",
                &[("name", name), ("found", found), ("choices", choices)],
            ),
            Self::Order(lesser, a, greater, b) => say(
                "config.order",
                &[("lesser", lesser), ("a", a), ("greater", greater), ("b", b)],
            ),
            Self::UnknownRule(name, like) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-rule-like",
                "config.unknown-rule",
                &[("name", name), ("command", "rasad config print")],
            ),
            Self::BadStep(name, like, choices) => maybe(
                lang,
                like.as_ref(),
                "config.bad-step-like",
                "config.bad-step",
                &[("name", name), ("choices", choices)],
            ),
            Self::UnknownVariable(like) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-variable-like",
                "config.unknown-variable",
                &[],
            ),
            Self::WritableByOthers(command) => say("config.writable-by-others", &[("command", command)]),
            Self::NotFound(command) => say("config.not-found", &[("command", command)]),
            Self::NotAFile => say("config.not-a-file", &[]),
            Self::TooLarge(limit) => say("config.too-large", &[("limit", &limit.to_string())]),
            Self::NotUtf8(offset) => say("config.not-utf8", &[("offset", &offset.to_string())]),
            Self::Unreadable(why) => say("config.unreadable", &[("why", why)]),
            Self::Unwritable(why) => say("config.unwritable", &[("why", why)]),
            Self::NotATable(name) => say("config.not-a-table", &[("name", name)]),
            Self::BadChord(found) => say(
                "config.bad-chord",
                &[("found", found), ("example", "ctrl-c, shift-tab, f5, ?")],
            ),
            Self::UnknownAction(name, like) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-action-like",
                "config.unknown-action",
                &[("name", name)],
            ),
            Self::UnknownContext(name, choices) => {
                say("config.unknown-context", &[("name", name), ("choices", choices)])
            }
            Self::NoContext(name, _, choices) if choices.is_empty() => say(
                "config.no-contexts",
                &[("name", name), ("command", "rasad context add")],
            ),
            Self::NoContext(name, like, choices) => maybe(
                lang,
                like.as_ref(),
                "config.no-context-like",
                "config.no-context",
                &[("name", name), ("choices", choices)],
            ),
            Self::BadContextName(name) => say("config.bad-context-name", &[("name", name)]),
            Self::NeedsField(name) => say("config.needs-field", &[("name", name)]),
            Self::TwoTokens(a, b) => say("config.two-tokens", &[("a", a), ("b", b)]),
            Self::TwoSources => say(
                "config.two-sources",
                &[("source", "--source"), ("context", "--context")],
            ),
            Self::KeyTaken(key, action, Some(line)) => say(
                "config.key-taken-at",
                &[("key", key), ("action", t(lang, action)), ("line", &line.to_string())],
            ),
            Self::KeyTaken(key, action, None) => say("config.key-taken", &[("key", key), ("action", t(lang, action))]),
            Self::KeyShadowsText(key) => say(
                "config.key-shadows-text",
                &[("key", key), ("ctrl", "ctrl-"), ("alt", "alt-")],
            ),
            Self::NoWayOut(action) => say("config.no-way-out", &[("action", t(lang, action))]),
            Self::NoQuitWhileTyping => say("config.no-quit-while-typing", &[("example", "ctrl-c")]),
            Self::UnknownTheme(name, like, choices, place) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-theme-like",
                "config.unknown-theme",
                &[("name", name), ("choices", choices), ("place", place)],
            ),
            Self::BadColour(found) => say(
                "config.bad-colour",
                &[("found", found), ("example", "red, bright-blue"), ("hex", "#1e90ff")],
            ),
            Self::UnknownRole(name, like) => maybe(
                lang,
                like.as_ref(),
                "config.unknown-role-like",
                "config.unknown-role",
                &[("name", name)],
            ),
        }
    }
}
