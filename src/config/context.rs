//! Named sources, and which source is meant in the end: a context or a location, with the access that belongs to it.
//!
//! A token goes only to the place it was given for: what the file says beside its own location is not sent to an address from
//! the command line, and nothing of one context is sent to another.

use super::error::{ConfigError, Wrong};
use super::load::{Origin, Origins, type_key};
use super::spot::Spot;
use super::{Config, Env};
use crate::text::near::nearest;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// What is needed to be let in, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessSettings {
    /// File of the only authority that counts.
    pub ca: Option<String>,
    /// File of our certificate.
    pub client_certificate: Option<String>,
    /// File of its key.
    pub client_key: Option<String>,
    /// File of the token.
    pub token_file: Option<String>,
    /// Command that prints the token.
    pub token_command: Option<String>,
}

impl AccessSettings {
    /// The names of the fields, in the order they are written.
    pub const FIELDS: [&'static str; 5] = ["ca", "client_certificate", "client_key", "token_file", "token_command"];

    /// A field by its name.
    pub fn get(&self, field: &str) -> Option<&String> {
        match field {
            "ca" => self.ca.as_ref(),
            "client_certificate" => self.client_certificate.as_ref(),
            "client_key" => self.client_key.as_ref(),
            "token_file" => self.token_file.as_ref(),
            "token_command" => self.token_command.as_ref(),
            _ => None,
        }
    }

    /// Sets a field by its name; an empty text unsets it.
    pub fn set(&mut self, field: &str, text: String) {
        let slot = match field {
            "ca" => &mut self.ca,
            "client_certificate" => &mut self.client_certificate,
            "client_key" => &mut self.client_key,
            "token_file" => &mut self.token_file,
            "token_command" => &mut self.token_command,
            _ => return,
        };
        *slot = (!text.is_empty()).then_some(text);
    }
}

/// A named source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextSettings {
    /// A path or an address.
    pub location: String,
    /// What is needed to be let in there.
    pub access: AccessSettings,
}

/// Where the token comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TokenChoice {
    /// There is none.
    #[default]
    None,
    /// The variable `RASAD_TOKEN`.
    Variable,
    /// A file.
    File(PathBuf),
    /// A command.
    Command(String),
}

/// The source that is meant, with files as paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The context's name, if it is one.
    pub context: Option<String>,
    /// A path or an address; nothing means the embedded sample.
    pub location: Option<String>,
    /// File of the only authority that counts.
    pub ca: Option<PathBuf>,
    /// File of our certificate.
    pub client_certificate: Option<PathBuf>,
    /// File of its key.
    pub client_key: Option<PathBuf>,
    /// Where the token comes from.
    pub token: TokenChoice,
}

/// The variable that holds a token.
pub const TOKEN_VARIABLE: &str = "RASAD_TOKEN";

/// True for what a context can be called: letters and digits of any script, `.`, `_` and `-`, at most 64 of them.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '\u{200c}');
    text.chars().next().is_some_and(char::is_alphanumeric) && text.chars().count() <= 64 && text.chars().all(fits)
}

/// A name as TOML writes a key.
pub fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if name.bytes().all(bare) {
        name.to_owned()
    } else {
        toml::Value::String(name.to_owned()).to_string()
    }
}

/// The contexts of the file, and every mistake in them.
pub(super) fn read(
    at: &Spot<'_>,
    table: &DeTable<'_>,
    origins: &mut BTreeMap<String, Origin>,
) -> (BTreeMap<String, ContextSettings>, Vec<ConfigError>) {
    let (mut out, mut errors) = (BTreeMap::new(), Vec::new());
    for (name, value) in table {
        let said = name.get_ref().to_string();
        let section = format!("context.{}", key(&said));
        let mut refuse = |offset, wrong| errors.push(at.error(offset, wrong));
        if !is_name(&said) {
            refuse(name.span().start, Wrong::BadContextName(said));
            continue;
        }
        let DeValue::Table(fields) = value.get_ref() else {
            let wrong = Wrong::WrongType(section, "config.type-table", type_key(value.get_ref()));
            refuse(value.span().start, wrong);
            continue;
        };
        let mut context = ContextSettings::default();
        for (field, value) in fields {
            let known = ["location"].into_iter().chain(AccessSettings::FIELDS);
            let full = format!("{section}.{}", field.get_ref());
            if !known.clone().any(|known| known == field.get_ref().as_ref()) {
                let like = nearest(field.get_ref(), known).map(|near| format!("{section}.{near}"));
                refuse(field.span().start, Wrong::UnknownField(full, like));
                continue;
            }
            let DeValue::String(text) = value.get_ref() else {
                let wrong = Wrong::WrongType(full, "config.type-text", type_key(value.get_ref()));
                refuse(value.span().start, wrong);
                continue;
            };
            let line = at.line(field.span().start);
            origins.insert(full, Origin::File(at.path.to_owned(), line));
            match field.get_ref().as_ref() {
                "location" => context.location = text.to_string(),
                other => context.access.set(other, text.to_string()),
            }
        }
        if context.location.is_empty() {
            refuse(name.span().start, Wrong::NeedsField(format!("{section}.location")));
        }
        if context.access.token_file.is_some() && context.access.token_command.is_some() {
            let both = ["token_file", "token_command"].map(|field| format!("{section}.{field}"));
            let [a, b] = both;
            refuse(name.span().start, Wrong::TwoTokens(a, b));
        }
        out.insert(said, context);
    }
    (out, errors)
}

/// How near to the operator's hand a value was set.
fn layer(origin: &Origin) -> u8 {
    match origin {
        Origin::Default | Origin::Terminal(_) => 0,
        Origin::File(..) => 1,
        Origin::Environment(_) => 2,
        Origin::Option(_) => 3,
    }
}

/// A path as it was written: `~/` is the home, and in the file a relative one starts at the file.
fn path(text: &str, dir: Option<&Path>, env: &Env) -> PathBuf {
    if let Some(rest) = text.strip_prefix("~/")
        && let Some(home) = env.path("HOME")
    {
        return home.join(rest);
    }
    dir.map_or_else(|| PathBuf::from(text), |dir| dir.join(text))
}

/// The source that is meant.
///
/// # Errors
/// A context nobody wrote, two sources at once, two tokens at once; with the key it is said at.
pub(super) fn choose(config: &Config, origins: &Origins, env: &Env) -> Result<Chosen, (&'static str, Wrong)> {
    let of = |key: &str| layer(origins.of(key));
    let dir = origins.file.as_deref().and_then(Path::parent);
    let named = config.source.context.as_ref();
    let by_context = named.filter(|_| of("source.context") >= of("source.location"));
    if by_context.is_some() && of("source.context") == 3 && of("source.location") == 3 {
        return Err(("source.context", Wrong::TwoSources));
    }
    let mut chosen = Chosen::default();
    // What belongs to the place itself, and is used where nothing nearer says otherwise.
    let own = match by_context {
        Some(name) => {
            let Some(context) = config.contexts.get(name) else {
                let names: Vec<&str> = config.contexts.keys().map(String::as_str).collect();
                let like = nearest(name, names.iter().copied()).map(str::to_owned);
                return Err(("source.context", Wrong::NoContext(name.clone(), like, names.join(", "))));
            };
            chosen.context = Some(name.clone());
            chosen.location = Some(context.location.clone());
            context.access.clone()
        }
        None => {
            chosen.location.clone_from(&config.source.location);
            let mut own = config.source.access.clone();
            for field in AccessSettings::FIELDS {
                let there = of(&format!("source.{field}"));
                if there > 1 || of("source.location") > 1 {
                    own.set(field, String::new());
                }
            }
            own
        }
    };
    let given = |field: &str| {
        let nearer = of(&format!("source.{field}")) > 1;
        config.source.access.get(field).filter(|_| nearer)
    };
    let file = |field: &str| match (given(field), own.get(field)) {
        (Some(text), _) => Some(path(text, None, env)),
        (None, own) => own.map(|text| path(text, dir, env)),
    };
    chosen.ca = file("ca");
    chosen.client_certificate = file("client_certificate");
    chosen.client_key = file("client_key");
    chosen.token = token(config, origins, env, &own, dir)?;
    Ok(chosen)
}

/// The token set nearest to the operator's hand.
fn token(
    config: &Config,
    origins: &Origins,
    env: &Env,
    own: &AccessSettings,
    dir: Option<&Path>,
) -> Result<TokenChoice, (&'static str, Wrong)> {
    let access = &config.source.access;
    let mut found: Vec<(u8, String, TokenChoice)> = Vec::new();
    let mut add = |layer, name: &str, token| found.push((layer, name.to_owned(), token));
    for (key, given, is_file) in [
        ("source.token_file", &access.token_file, true),
        ("source.token_command", &access.token_command, false),
    ] {
        let there = layer(origins.of(key));
        if let Some(text) = given.as_ref().filter(|_| there > 1) {
            let token = if is_file {
                TokenChoice::File(path(text, None, env))
            } else {
                TokenChoice::Command(text.clone())
            };
            add(there, key, token);
        }
    }
    if env.has(TOKEN_VARIABLE) {
        add(2, TOKEN_VARIABLE, TokenChoice::Variable);
    }
    if let Some(text) = &own.token_file {
        add(1, "source.token_file", TokenChoice::File(path(text, dir, env)));
    }
    if let Some(text) = &own.token_command {
        add(1, "source.token_command", TokenChoice::Command(text.clone()));
    }
    found.sort_by_key(|(layer, ..)| std::cmp::Reverse(*layer));
    match found.as_slice() {
        [] => Ok(TokenChoice::None),
        [(a, one, _), (b, other, _), ..] if a == b => {
            let key = if one == "source.token_file" {
                "source.token_file"
            } else {
                "source.token_command"
            };
            Err((key, Wrong::TwoTokens(one.clone(), other.clone())))
        }
        [(.., token), ..] => Ok(token.clone()),
    }
}

/// The source of another context, while the program runs: what options and variables give belongs to the first one.
pub fn of_context(config: &Config, name: &str, file: Option<&Path>, env: &Env) -> Option<Chosen> {
    let context = config.contexts.get(name)?;
    let dir = file.and_then(Path::parent);
    let file = |text: &Option<String>| text.as_ref().map(|text| path(text, dir, env));
    let access = &context.access;
    Some(Chosen {
        context: Some(name.to_owned()),
        location: Some(context.location.clone()),
        ca: file(&access.ca),
        client_certificate: file(&access.client_certificate),
        client_key: file(&access.client_key),
        token: match (file(&access.token_file), &access.token_command) {
            (Some(path), _) => TokenChoice::File(path),
            (None, Some(command)) => TokenChoice::Command(command.clone()),
            (None, None) => TokenChoice::None,
        },
    })
}

#[cfg(test)]
mod tests;
