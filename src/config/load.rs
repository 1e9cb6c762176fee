//! From four layers to one configuration: built in, file, environment, command line; every mistake is collected, none hides another.

use super::error::{ConfigError, Place, Wrong};
use super::settings::{self, SETTINGS, Shape, Value};
use super::spot::Spot;
use super::{Config, Env, Paths, RuleSetting, TextProfile, context, file, theme};
use crate::contract::rules::RULES;
use crate::text::Lang;
use crate::text::near::nearest;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

mod convert;
mod keys;
mod ladder;

pub(in crate::config) use convert::type_key;
use convert::{from_text, from_toml};
pub(in crate::config) use ladder::LADDER;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built into the program.
    Default,
    /// This terminal can do no other (its `TERM`).
    Terminal(String),
    /// The configuration file.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
    /// An option of the command line.
    Option(String),
}

/// Where every value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    by_key: BTreeMap<String, Origin>,
    /// The configuration file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// Where the configuration file is looked for.
    pub place: Option<PathBuf>,
}

impl Origins {
    /// Where a setting's value comes from.
    pub fn of(&self, key: &str) -> &Origin {
        self.by_key.get(key).unwrap_or(&Origin::Default)
    }
}

/// What the command line sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The configuration file named there; it must exist.
    pub config_file: Option<PathBuf>,
    values: Vec<(&'static str, &'static str, String)>,
}

impl Overrides {
    /// Sets a setting as an option of the command line gives it, if it does.
    pub fn set(&mut self, key: &'static str, option: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.values.push((key, option, value.to_owned()));
        }
    }
}

/// The table of single terminals.
pub(in crate::config) const TERMINALS: &str = "text.terminals";

/// Environment variables with our prefix that are no settings.
const RESERVED: &[&str] = &["RASAD_CONFIG", context::TOKEN_VARIABLE];

/// The language to speak before, or without, a configuration: what option, variable or terminal say, else Persian.
pub fn speak(env: &Env, overrides: &Overrides) -> Lang {
    let option = overrides
        .values
        .iter()
        .rev()
        .find(|(key, ..)| *key == "lang")
        .map(|(.., value)| value.clone());
    let asked = option
        .or_else(|| env.text("RASAD_LANG"))
        .and_then(|name| settings::lang_named(&name));
    asked.unwrap_or_else(|| default_lang(env))
}

/// Persian, unless this is the Linux console: its font has no Persian letters and no room for them.
fn default_lang(env: &Env) -> Lang {
    if env.text("TERM").as_deref() == Some("linux") {
        Lang::En
    } else {
        Lang::Fa
    }
}

/// What is being gathered while the layers are read.
struct Loading {
    config: Config,
    origins: Origins,
    errors: Vec<ConfigError>,
    /// Where each setting was last given, for mistakes between two settings.
    places: BTreeMap<String, Place>,
}

pub(super) fn load(env: &Env, overrides: &Overrides) -> Result<(Config, Origins), Vec<ConfigError>> {
    let mut loading = Loading {
        config: Config {
            lang: default_lang(env),
            ..Config::default()
        },
        origins: Origins::default(),
        errors: Vec::new(),
        places: BTreeMap::new(),
    };
    if loading.config.lang == Lang::En {
        let term = Origin::Terminal(env.text("TERM").unwrap_or_default());
        loading.origins.by_key.insert("lang".to_owned(), term);
    }
    loading.read_file(env, overrides);
    loading.read_environment(env);
    loading.read_options(overrides);
    loading.check_together();
    loading.choose_source(env);
    loading.choose_theme(env);
    if loading.errors.is_empty() {
        Ok((loading.config, loading.origins))
    } else {
        Err(loading.errors)
    }
}

impl Loading {
    fn read_file(&mut self, env: &Env, overrides: &Overrides) {
        let named = overrides.config_file.clone().or_else(|| env.path("RASAD_CONFIG"));
        let must_exist = named.is_some();
        let Some(path) = named.or_else(|| Paths::of(env).config_file()) else {
            return;
        };
        self.origins.place = Some(path.clone());
        match file::read(&path) {
            Err(error) => self.errors.push(*error),
            Ok(None) if must_exist => {
                let command = format!("rasad config init --config {}", crate::text::shell::quoted(&path));
                self.errors.push(ConfigError {
                    place: Place::WholeFile(path),
                    wrong: Wrong::NotFound(command),
                });
            }
            Ok(None) => {}
            Ok(Some(text)) => {
                self.origins.file = Some(path.clone());
                self.read_text(&path, &text);
            }
        }
    }

    fn read_text(&mut self, path: &Path, text: &str) {
        let at = Spot { path, text };
        let first = self.errors.len();
        let (document, problems) = DeTable::parse_recoverable(text);
        self.errors.extend(problems.iter().map(|problem| at.syntax(problem)));
        self.read_section(&at, "", document.get_ref());
        let by_place = |error: &ConfigError| match &error.place {
            Place::File { line, column, .. } => (*line, *column),
            _ => (usize::MAX, 0),
        };
        if let Some(own) = self.errors.get_mut(first..) {
            own.sort_by_key(by_place);
        }
    }

    fn read_section(&mut self, at: &Spot<'_>, section: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let key = if section.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{section}.{}", name.get_ref())
            };
            let is_section = matches!(key.as_str(), "rules" | "keys" | "context" | LADDER | TERMINALS)
                || SETTINGS.iter().any(|s| s.key.starts_with(&format!("{key}.")));
            match value.get_ref() {
                _ if settings::setting(&key).is_some() => self.read_value(at, &key, name, value),
                DeValue::Table(terminals) if key == TERMINALS => self.read_terminals(at, terminals),
                DeValue::Table(rules) if key == "rules" => self.read_rules(at, rules),
                DeValue::Table(steps) if key == LADDER => {
                    let (ladder, errors) = ladder::read(at, steps, &mut self.origins);
                    self.config.ladder = ladder;
                    self.errors.extend(errors);
                }
                DeValue::Table(contexts) if key == "keys" => {
                    let (keymap, errors) = keys::read(at, contexts);
                    self.config.keymap = Arc::new(keymap);
                    self.errors.extend(errors);
                    self.origins
                        .by_key
                        .insert(key, Origin::File(at.path.to_owned(), at.line(name.span().start)));
                }
                DeValue::Table(contexts) if key == "context" => {
                    let (contexts, errors) = context::read(at, contexts, &mut self.origins.by_key);
                    self.config.contexts = contexts;
                    self.errors.extend(errors);
                }
                DeValue::Table(inner) if is_section => self.read_section(at, &key, inner),
                other if is_section => {
                    let wrong = Wrong::WrongType(key, "config.type-table", type_key(other));
                    self.errors.push(at.error(value.span().start, wrong));
                }
                _ => {
                    let like = similar(section, &key);
                    self.errors
                        .push(at.error(name.span().start, Wrong::UnknownField(key, like)));
                }
            }
        }
    }

    fn read_value(
        &mut self,
        at: &Spot<'_>,
        key: &str,
        name: &Spanned<toml::de::DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let Some(setting) = settings::setting(key) else { return };
        match from_toml(key, setting.shape, value.get_ref()) {
            Ok(found) => {
                let line = at.line(name.span().start);
                let place = at.place(value.span().start);
                self.put(key, found, Origin::File(at.path.to_owned(), line), place);
            }
            Err(wrong) => self.errors.push(at.error(value.span().start, wrong)),
        }
    }

    fn read_rules(&mut self, at: &Spot<'_>, rules: &DeTable<'_>) {
        for (name, value) in rules {
            let Some(slug) = settings::rule(name.get_ref()) else {
                let like = nearest(name.get_ref(), RULES.iter().map(|(slug, _)| *slug)).map(str::to_owned);
                let wrong = Wrong::UnknownRule(name.get_ref().to_string(), like);
                self.errors.push(at.error(name.span().start, wrong));
                continue;
            };
            let key = format!("rules.{slug}");
            match from_toml(&key, Shape::Choice(RuleSetting::NAMES), value.get_ref()) {
                Ok(Value::Text(setting)) => {
                    settings::set_rule(&mut self.config, slug, &setting);
                    let line = at.line(name.span().start);
                    self.origins.by_key.insert(key, Origin::File(at.path.to_owned(), line));
                }
                Ok(_) => {}
                Err(wrong) => self.errors.push(at.error(value.span().start, wrong)),
            }
        }
    }

    fn read_terminals(&mut self, at: &Spot<'_>, terminals: &DeTable<'_>) {
        for (name, value) in terminals {
            let key = format!("{TERMINALS}.{}", name.get_ref());
            match from_toml(&key, Shape::Choice(TextProfile::NAMES), value.get_ref()) {
                Ok(Value::Text(profile)) => {
                    if let Some(profile) = TextProfile::named(&profile) {
                        self.config.terminals.insert(name.get_ref().to_string(), profile);
                    }
                    let line = at.line(name.span().start);
                    self.origins.by_key.insert(key, Origin::File(at.path.to_owned(), line));
                }
                Ok(_) => {}
                Err(wrong) => self.errors.push(at.error(value.span().start, wrong)),
            }
        }
    }

    fn read_environment(&mut self, env: &Env) {
        let rules = || RULES.iter().map(|(slug, _)| format!("rules.{slug}"));
        let keys = || SETTINGS.iter().map(|s| s.key.to_owned()).chain(rules());
        for variable in env.names_with("RASAD_") {
            let text = env.text(&variable).unwrap_or_default();
            let place = Place::Environment(variable.clone());
            // At every start: most variables set a setting, so that is asked first, and without writing any name down.
            let setting = SETTINGS.iter().find(|s| settings::is_variable(s.key, &variable));
            let key = match setting {
                Some(setting) => Some(setting.key.to_owned()),
                None => rules().find(|key| settings::is_variable(key, &variable)),
            };
            match key {
                Some(key) => self.put_text(&key, &text, Origin::Environment(variable), place),
                None if RESERVED.contains(&variable.as_str()) => {}
                None => {
                    let known: BTreeSet<String> = keys().map(|key| settings::variable(&key)).collect();
                    let like = nearest(&variable, known.iter().map(String::as_str)).map(str::to_owned);
                    self.errors.push(ConfigError {
                        place,
                        wrong: Wrong::UnknownVariable(like),
                    });
                }
            }
        }
    }

    fn read_options(&mut self, overrides: &Overrides) {
        for (key, option, text) in &overrides.values {
            let option = (*option).to_owned();
            self.put_text(key, text, Origin::Option(option.clone()), Place::Option(option));
        }
    }

    fn put_text(&mut self, key: &str, text: &str, origin: Origin, place: Place) {
        let rule = key.strip_prefix("rules.").and_then(settings::rule);
        let shape = settings::setting(key).map(|setting| setting.shape);
        let shape = shape.or(rule.map(|_| Shape::Choice(RuleSetting::NAMES)));
        let Some(shape) = shape else { return };
        match (from_text(key, shape, text), rule) {
            (Ok(_), Some(slug)) => {
                settings::set_rule(&mut self.config, slug, text);
                self.origins.by_key.insert(key.to_owned(), origin);
            }
            (Ok(value), None) => self.put(key, value, origin, place),
            (Err(wrong), _) => self.errors.push(ConfigError { place, wrong }),
        }
    }

    fn put(&mut self, key: &str, value: Value, origin: Origin, place: Place) {
        let Some(setting) = settings::setting(key) else { return };
        (setting.set)(&mut self.config, value);
        self.origins.by_key.insert(key.to_owned(), origin);
        self.places.insert(key.to_owned(), place);
        if let Some(threshold) = setting.key.strip_prefix("thresholds.")
            && !self.config.own_thresholds.contains(&threshold)
        {
            self.config.own_thresholds.push(threshold);
        }
    }

    fn choose_source(&mut self, env: &Env) {
        // A mistake in a context would only be told twice.
        if !self.errors.is_empty() {
            return;
        }
        match context::choose(&self.config, &self.origins, env) {
            Ok(chosen) => self.config.chosen = chosen,
            Err((key, wrong)) => {
                let place = self.places.get(key).cloned();
                let place = place.unwrap_or_else(|| Place::Environment(context::TOKEN_VARIABLE.to_owned()));
                self.errors.push(ConfigError { place, wrong });
            }
        }
    }

    fn choose_theme(&mut self, env: &Env) {
        let place = self
            .places
            .get("theme")
            .cloned()
            .unwrap_or(Place::Option("theme".to_owned()));
        let dir = self.origins.place.as_deref().and_then(Path::parent);
        match theme::load(&self.config.theme, dir, env, &place) {
            Ok(styles) => self.config.styles = styles,
            Err(errors) => self.errors.extend(errors),
        }
    }

    /// Settings that must agree with each other; said where one of the two was given.
    fn check_together(&mut self) {
        let pairs = [
            ("thresholds.deviation_notice", "thresholds.deviation_serious"),
            ("source.max_record_bytes", "source.max_bytes"),
        ];
        for (lesser, greater) in pairs {
            let value = |key| settings::setting(key).map(|setting| (setting.get)(&self.config));
            let (Some(a), Some(b)) = (value(lesser), value(greater)) else {
                continue;
            };
            let wrong_way = match (&a, &b) {
                (Value::Whole(a), Value::Whole(b)) => a > b,
                (Value::Number(a), Value::Number(b)) => a > b,
                _ => false,
            };
            // Built-in values agree, so one of the two was given.
            let place = self.places.get(lesser).or_else(|| self.places.get(greater));
            if let (true, Some(place)) = (wrong_way, place) {
                let wrong = Wrong::Order(lesser.to_owned(), a.to_string(), greater.to_owned(), b.to_string());
                self.errors.push(ConfigError {
                    place: place.clone(),
                    wrong,
                });
            }
        }
    }
}

/// The setting most likely meant by an unknown one: near it in the same section, else of that name in another.
fn similar(section: &str, key: &str) -> Option<String> {
    let last = |key: &'static str| key.rsplit('.').next().unwrap_or(key);
    let name = key.rsplit('.').next().unwrap_or(key);
    let of_section = |key: &str| key.rsplit_once('.').map_or("", |(section, _)| section) == section;
    let here = SETTINGS.iter().map(|s| s.key).filter(|key| of_section(key));
    let sections = SETTINGS
        .iter()
        .filter_map(|s| s.key.split_once('.'))
        .map(|(section, _)| section);
    let sections = sections
        .chain(["rules", "keys", "context", LADDER])
        .filter(|_| section.is_empty());
    let near = nearest(name, here.clone().map(last).chain(sections.clone()));
    if let Some(near) = near {
        return Some(if section.is_empty() {
            near.to_owned()
        } else {
            format!("{section}.{near}")
        });
    }
    let elsewhere = nearest(name, SETTINGS.iter().map(|s| last(s.key)))?;
    SETTINGS
        .iter()
        .find(|s| last(s.key) == elsewhere)
        .map(|s| s.key.to_owned())
}
