//! The table of all settings: name, shape, how to read and write each in [`Config`]. Loading, checking, printing and the tests of
//! `default.toml` all go by it; a new setting is one entry here, one field, one paragraph in `default.toml`.

use super::Config;
use super::values::{Alert, AlertFrom, Calendar, GlyphSet, LogLevel, Money, RuleSetting, TextProfile, Watch};
use crate::contract::rules::RULES;
use crate::text::Lang;
use std::path::PathBuf;

/// A setting's value, whatever it is called.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Text; empty where a setting is not set.
    Text(String),
}

impl std::fmt::Display for Value {
    /// As TOML writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
        }
    }
}

/// What a setting accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// True or false.
    Flag,
    /// A whole number within bounds, both included.
    Whole(i64, i64),
    /// A number within bounds, both included.
    Number(f64, f64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any text; the empty one unsets the setting.
    Text,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, with its section: `source.watch`.
    pub key: &'static str,
    /// What it accepts.
    pub shape: Shape,
    /// Reads it.
    pub get: fn(&Config) -> Value,
    /// Writes a value of its shape; another one is ignored.
    pub(super) set: fn(&mut Config, Value),
}

impl Setting {
    /// The environment variable that sets it: `RASAD_SOURCE_WATCH`.
    pub fn variable(&self) -> String {
        variable(self.key)
    }
}

/// The environment variable of a setting or rule.
pub(super) fn variable(key: &str) -> String {
    let mut name = VARIABLES.to_owned();
    name.extend(letters(key));
    name
}

/// True when that is the [`variable`] of a setting or rule, without writing it down.
pub(super) fn is_variable(key: &str, name: &str) -> bool {
    name.strip_prefix(VARIABLES)
        .is_some_and(|name| letters(key).eq(name.chars()))
}

const VARIABLES: &str = "RASAD_";

fn letters(key: &str) -> impl Iterator<Item = char> {
    // The source is what people set most, so its variable is the short one.
    let key = match key {
        "source.location" => "source",
        "source.context" => "context",
        key => key,
    };
    key.chars().map(|letter| match letter {
        '.' | '-' => '_',
        letter => letter.to_ascii_uppercase(),
    })
}

const LANGS: &[&str] = &["fa", "en"];
/// A century: no threshold in days makes sense beyond it.
pub(super) const MAX_DAYS: i64 = 36_500;
const KIB: i64 = 1 << 10;
const GIB: i64 = 1 << 30;

macro_rules! choice {
    ($key:literal, $type:ident, $($field:ident).+) => {
        Setting {
            key: $key,
            shape: Shape::Choice($type::NAMES),
            get: |c| Value::Text(c.$($field).+.as_str().to_owned()),
            set: |c, value| {
                if let Value::Text(name) = value && let Some(chosen) = $type::named(&name) {
                    c.$($field).+ = chosen;
                }
            },
        }
    };
}

macro_rules! flag {
    ($key:literal, $field:ident) => {
        Setting {
            key: $key,
            shape: Shape::Flag,
            get: |c| Value::Flag(c.$field),
            set: |c, value| {
                if let Value::Flag(flag) = value {
                    c.$field = flag;
                }
            },
        }
    };
}

macro_rules! whole {
    ($key:literal, $min:expr, $max:expr, $type:ty, $($field:ident).+) => {
        Setting {
            key: $key,
            shape: Shape::Whole($min, $max),
            get: |c| Value::Whole(i64::try_from(c.$($field).+).unwrap_or(i64::MAX)),
            set: |c, value| {
                if let Value::Whole(number) = value && let Ok(number) = <$type>::try_from(number) {
                    c.$($field).+ = number;
                }
            },
        }
    };
}

macro_rules! number {
    ($key:literal, $min:expr, $max:expr, $($field:ident).+) => {
        Setting {
            key: $key,
            shape: Shape::Number($min, $max),
            get: |c| Value::Number(c.$($field).+),
            set: |c, value| {
                if let Value::Number(number) = value {
                    c.$($field).+ = number;
                }
            },
        }
    };
}

macro_rules! access {
    ($field:ident) => {
        Setting {
            key: concat!("source.", stringify!($field)),
            shape: Shape::Text,
            get: |c| Value::Text(c.source.access.$field.clone().unwrap_or_default()),
            set: |c, value| {
                if let Value::Text(text) = value {
                    c.source.access.$field = (!text.is_empty()).then_some(text);
                }
            },
        }
    };
}

/// All settings but rules and keys, in the order of `default.toml`.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "lang",
        shape: Shape::Choice(LANGS),
        get: |c| Value::Text(lang_name(c.lang).to_owned()),
        set: |c, value| {
            if let Value::Text(name) = value
                && let Some(lang) = lang_named(&name)
            {
                c.lang = lang;
            }
        },
    },
    choice!("calendar", Calendar, calendar),
    choice!("money", Money, money),
    Setting {
        key: "theme",
        shape: Shape::Text,
        get: |c| Value::Text(c.theme.clone()),
        set: |c, value| {
            if let Value::Text(name) = value
                && !name.is_empty()
            {
                c.theme = name;
            }
        },
    },
    choice!("glyphs", GlyphSet, glyphs),
    flag!("wide", wide),
    choice!("alert", Alert, alert),
    choice!("alert_from", AlertFrom, alert_from),
    Setting {
        key: "source.location",
        shape: Shape::Text,
        get: |c| Value::Text(c.source.location.clone().unwrap_or_default()),
        set: |c, value| {
            if let Value::Text(text) = value {
                c.source.location = (!text.is_empty()).then_some(text);
            }
        },
    },
    Setting {
        key: "source.context",
        shape: Shape::Text,
        get: |c| Value::Text(c.source.context.clone().unwrap_or_default()),
        set: |c, value| {
            if let Value::Text(text) = value {
                c.source.context = (!text.is_empty()).then_some(text);
            }
        },
    },
    access!(ca),
    access!(client_certificate),
    access!(client_key),
    access!(token_file),
    access!(token_command),
    choice!("source.watch", Watch, source.watch),
    whole!("source.poll_seconds", 1, 3_600, u32, source.poll_seconds),
    whole!("source.max_bytes", KIB, 1024 * GIB, u64, source.max_bytes),
    whole!("source.max_record_bytes", KIB, GIB, u64, source.max_record_bytes),
    flag!("sample.live", sample_live),
    Setting {
        key: "states.keep",
        shape: Shape::Flag,
        get: |c| Value::Flag(c.states.keep),
        set: |c, value| {
            if let Value::Flag(flag) = value {
                c.states.keep = flag;
            }
        },
    },
    whole!("states.days", 1, MAX_DAYS, u32, states.days),
    choice!("text.profile", TextProfile, text_profile),
    choice!("log.level", LogLevel, log.level),
    Setting {
        key: "log.file",
        shape: Shape::Text,
        get: |c| {
            let file = c.log.file.as_ref();
            Value::Text(file.map(|file| file.to_string_lossy().into_owned()).unwrap_or_default())
        },
        set: |c, value| {
            if let Value::Text(text) = value {
                c.log.file = (!text.is_empty()).then(|| PathBuf::from(text));
            }
        },
    },
    whole!("thresholds.due_soon_days", 0, MAX_DAYS, u32, thresholds.due_soon_days),
    number!("thresholds.deviation_notice", 0.0, 100.0, thresholds.deviation_notice),
    number!("thresholds.deviation_serious", 0.0, 100.0, thresholds.deviation_serious),
    whole!(
        "thresholds.plan_critical_days",
        0,
        MAX_DAYS,
        u32,
        thresholds.plan_critical_days
    ),
    whole!(
        "thresholds.decision_critical_days",
        0,
        MAX_DAYS,
        u32,
        thresholds.decision_critical_days
    ),
    whole!(
        "thresholds.notify_within_days",
        0,
        MAX_DAYS,
        u32,
        thresholds.notify_within_days
    ),
    whole!(
        "thresholds.behind_soon_days",
        0,
        MAX_DAYS,
        u32,
        thresholds.behind_soon_days
    ),
    number!(
        "thresholds.verified_low_percent",
        0.0,
        100.0,
        thresholds.verified_low_percent
    ),
];

/// The setting of that name.
pub(super) fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The rule of that name, as the program knows it.
pub(super) fn rule(slug: &str) -> Option<&'static str> {
    RULES.iter().map(|(slug, _)| *slug).find(|known| *known == slug)
}

/// Writes a rule's setting.
pub(super) fn set_rule(config: &mut Config, slug: &'static str, name: &str) {
    if let Some(setting) = RuleSetting::named(name) {
        config.rules.insert(slug, setting);
    }
}

/// The name of a language in the configuration.
pub(super) const fn lang_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Fa => "fa",
        Lang::En => "en",
    }
}

/// The language of that name.
pub(super) fn lang_named(name: &str) -> Option<Lang> {
    match name {
        "fa" => Some(Lang::Fa),
        "en" => Some(Lang::En),
        _ => None,
    }
}
