//! Settings: what they are, where each value comes from, and every mistake in them at once.
//!
//! A value comes from the command line, else from an environment variable, else from the configuration file, else from the
//! program. The built-in values stand in Rust, so that a start without a file parses nothing; `config/default.toml` says the
//! same to people, and a test holds the two together. It must not know boards, sources or screens: only what they are told.

pub mod chord;
pub mod context;
mod document;
pub mod edit;
mod env;
mod error;
pub mod file;
pub mod glyphs;
pub mod keymap;
mod load;
pub mod memory;
pub mod paths;
mod settings;
mod spot;
pub mod theme;
mod values;

pub use context::{AccessSettings, Chosen, ContextSettings, TOKEN_VARIABLE, TokenChoice};
pub use document::{commented, document};
pub use env::Env;
pub use error::{ConfigError, Place, Wrong};
pub use glyphs::Glyphs;
pub use keymap::{Action, Context, Keymap};
pub use load::{Origin, Origins, Overrides, speak};
pub use memory::{ListMemory, Memory, View};
pub use paths::Paths;
pub use settings::{SETTINGS, Setting, Shape, Value};
pub use theme::{Role, Theme};
pub use values::{Alert, AlertFrom, Calendar, GlyphSet, LogLevel, Money, RuleSetting, TextProfile, Watch};

use crate::contract::{LadderStep, Thresholds};
use crate::text::Lang;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// All settings in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Language of the screen and of everything printed for people.
    pub lang: Lang,
    /// Calendar of dates in English.
    pub calendar: Calendar,
    /// Unit of amounts.
    pub money: Money,
    /// Name of the theme: a built-in one, or a file in the configuration directory's `themes`.
    pub theme: String,
    /// The theme itself, without colours under `NO_COLOR`.
    pub styles: Theme,
    /// Signs to draw with.
    pub glyphs: GlyphSet,
    /// Whether lists begin with all their columns.
    pub wide: bool,
    /// How new findings are told of beside the screen.
    pub alert: Alert,
    /// From which severity on.
    pub alert_from: AlertFrom,
    /// How Persian cells are written.
    pub text_profile: TextProfile,
    /// How they are written to single terminals, by what each says of itself; counts while `text_profile` is auto.
    pub terminals: BTreeMap<String, TextProfile>,
    /// Where the data come from.
    pub source: SourceSettings,
    /// Named sources.
    pub contexts: BTreeMap<String, ContextSettings>,
    /// The source that is meant in the end.
    pub chosen: Chosen,
    /// Whether the embedded sample lives.
    pub sample_live: bool,
    /// States of the source kept by day.
    pub states: StateSettings,
    /// The log.
    pub log: LogSettings,
    /// Where findings begin.
    pub thresholds: Thresholds,
    /// The thresholds the operator set himself, by name: these win over the headquarters' shared ones.
    pub own_thresholds: Vec<&'static str>,
    /// The operator's own enforcement ladder, lowest rung first; empty leaves the headquarters' own in force.
    pub ladder: Vec<LadderStep>,
    /// How rules are applied, by slug; a rule that is not named is on.
    pub rules: BTreeMap<&'static str, RuleSetting>,
    /// The keys.
    pub keymap: Arc<Keymap>,
}

/// Where the data come from and what they may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSettings {
    /// A path or an address; nothing means the embedded sample.
    pub location: Option<String>,
    /// The named source; nothing means the location.
    pub context: Option<String>,
    /// What is needed to be let in at the location.
    pub access: AccessSettings,
    /// How a file's changes are noticed.
    pub watch: Watch,
    /// Seconds between two looks where changes are polled, 1–3600.
    pub poll_seconds: u32,
    /// Longest document in bytes, after decompression.
    pub max_bytes: u64,
    /// Longest single record in bytes.
    pub max_record_bytes: u64,
}

/// States of the source kept by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateSettings {
    /// Whether they are kept.
    pub keep: bool,
    /// Days after which one is removed.
    pub days: u32,
}

/// The log: to a file, never to the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// How much is written.
    pub level: LogLevel,
    /// The file; nothing means `rasad.log` in the state directory.
    pub file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            lang: Lang::Fa,
            calendar: Calendar::Gregorian,
            money: Money::BillionRial,
            theme: "default".to_owned(),
            styles: Theme::default(),
            glyphs: GlyphSet::Unicode,
            wide: false,
            alert: Alert::Off,
            alert_from: AlertFrom::Critical,
            text_profile: TextProfile::Auto,
            terminals: BTreeMap::new(),
            source: SourceSettings {
                location: None,
                context: None,
                access: AccessSettings::default(),
                watch: Watch::Auto,
                poll_seconds: 30,
                max_bytes: 1 << 30,
                max_record_bytes: 16 << 20,
            },
            contexts: BTreeMap::new(),
            chosen: Chosen::default(),
            sample_live: true,
            states: StateSettings { keep: true, days: 400 },
            log: LogSettings {
                level: LogLevel::Warn,
                file: None,
            },
            thresholds: Thresholds::default(),
            own_thresholds: Vec::new(),
            ladder: Vec::new(),
            rules: BTreeMap::new(),
            keymap: Arc::default(),
        }
    }
}

impl Config {
    /// The settings in force and where each comes from, or every mistake in them at once.
    pub fn load(env: &Env, overrides: &Overrides) -> Result<(Self, Origins), Vec<ConfigError>> {
        load::load(env, overrides)
    }

    /// How a rule is applied.
    pub fn rule(&self, slug: &str) -> RuleSetting {
        self.rules.get(slug).copied().unwrap_or(RuleSetting::On)
    }
}

#[cfg(test)]
mod tests;
