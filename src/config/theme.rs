//! Roles to styles: what a cell means decides how it looks. It must not know any screen; ratatui's `Style` is its only loan.
//!
//! The built-in theme uses the terminal's own sixteen colours and no backgrounds, so that light and dark terminals both read
//! well. No theme says anything by colour alone: selection is reversed or bold, severity also has a sign and a word. With
//! `NO_COLOR` nothing has a colour at all.

use super::error::{ConfigError, Place, Wrong};
use super::spot::Spot;
use super::{Env, file};
use crate::text::near::nearest;
use ratatui::style::{Color, Modifier, Style};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

macro_rules! roles {
    ($($(#[$meta:meta])* $role:ident = $slug:literal: $default:expr),* $(,)?) => {
        /// What a cell means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$meta])* $role),* }

        impl Role {
            /// All roles.
            pub const ALL: &'static [Self] = &[$(Self::$role),*];

            /// The role's name in a theme.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$role => $slug),* }
            }

            /// The role of that name.
            pub fn named(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$role),)* _ => None }
            }
        }

        const COUNT: usize = Role::ALL.len();
        const BUILT_IN_STYLES: [Style; COUNT] = [$($default),*];
    };
}

const PLAIN: Style = Style::new();
const BOLD: Style = PLAIN.add_modifier(Modifier::BOLD);
const DIM: Style = PLAIN.add_modifier(Modifier::DIM);

roles! {
    /// Ordinary text.
    Text = "text": PLAIN,
    /// What matters less.
    Dim = "dim": DIM,
    /// A pane's or page's title.
    Title = "title": BOLD,
    /// The line at the top: where we are, how fresh the data are.
    Header = "header": BOLD,
    /// Column titles.
    Column = "column": PLAIN.add_modifier(Modifier::UNDERLINED),
    /// The frame of a pane.
    Border = "border": DIM,
    /// The frame of the pane that has the keys.
    BorderFocused = "border_focused": PLAIN.fg(Color::Cyan).add_modifier(Modifier::BOLD),
    /// The selected row.
    Selected = "selected": PLAIN.add_modifier(Modifier::REVERSED),
    /// The sign before the selected row.
    Marker = "marker": PLAIN.fg(Color::Cyan).add_modifier(Modifier::BOLD),
    /// Critical findings.
    Critical = "critical": PLAIN.fg(Color::Red).add_modifier(Modifier::BOLD),
    /// Warnings.
    Warning = "warning": PLAIN.fg(Color::Yellow),
    /// Notices.
    Notice = "notice": PLAIN.fg(Color::Cyan),
    /// Findings about the quality of the data.
    Data = "data": PLAIN.fg(Color::Magenta),
    /// What is as it should be.
    Good = "good": PLAIN.fg(Color::Green),
    /// The part of a bar that is done.
    BarActual = "bar_actual": PLAIN.fg(Color::Green),
    /// The mark of the planned path in a bar.
    BarPath = "bar_path": BOLD,
    /// The part of a bar that is not done.
    BarEmpty = "bar_empty": DIM,
    /// The line of a sparkline.
    Spark = "spark": PLAIN.fg(Color::Cyan),
    /// A row that just changed.
    Changed = "changed": PLAIN.fg(Color::Green).add_modifier(Modifier::BOLD),
    /// Data that are no longer fresh.
    Stale = "stale": PLAIN.fg(Color::Yellow).add_modifier(Modifier::DIM),
    /// Text being typed.
    Input = "input": PLAIN,
    /// Letters that match the filter.
    Match = "match": PLAIN.add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
    /// A key in the footer or the help.
    Key = "key": PLAIN.fg(Color::Cyan).add_modifier(Modifier::BOLD),
    /// What a key does.
    Hint = "hint": PLAIN,
    /// Something one can open.
    Link = "link": PLAIN.add_modifier(Modifier::UNDERLINED),
    /// The mark of made-up figures.
    Sample = "sample": PLAIN.fg(Color::Magenta).add_modifier(Modifier::BOLD),
    /// A mistake the operator made, in an input or a message.
    Error = "error": PLAIN.fg(Color::Red),
}

/// The names of the built-in themes.
pub const BUILT_IN: &[&str] = &["default", "light", "dark", "high-contrast", "mono"];

/// The built-in themes that are more than the program's own styles, as files; `default.toml` only tells people.
const FILES: &[(&str, &str)] = &[
    ("light", include_str!("../../config/themes/light.toml")),
    ("dark", include_str!("../../config/themes/dark.toml")),
    ("high-contrast", include_str!("../../config/themes/high-contrast.toml")),
    ("mono", include_str!("../../config/themes/mono.toml")),
];

/// A style for every role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; COUNT],
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            styles: BUILT_IN_STYLES,
        }
    }
}

impl Theme {
    /// How a role looks.
    pub fn style(&self, role: Role) -> Style {
        // The array has one style for each role, in their order.
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The built-in theme of a name.
    pub fn built_in(name: &str) -> Option<Self> {
        if name == "default" {
            return Some(Self::default());
        }
        let (_, text) = FILES.iter().find(|(built_in, _)| *built_in == name)?;
        parse(Path::new(name), text).ok()
    }

    /// The same theme without any colour; what was told apart by reversing or weight still is.
    #[must_use]
    pub fn without_colour(mut self) -> Self {
        for style in &mut self.styles {
            (style.fg, style.bg) = (None, None);
        }
        self
    }

    fn set(&mut self, role: Role, style: Style) {
        if let Some(slot) = self.styles.get_mut(role as usize) {
            *slot = style;
        }
    }
}

/// The file of an operator's own theme of that name.
fn own_file(name: &str, config_dir: Option<&Path>) -> Option<PathBuf> {
    // A theme's name is a name, not a way out of the directory.
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    plain.then(|| config_dir.map(|dir| dir.join("themes").join(format!("{name}.toml"))))?
}

/// The theme of a name: a built-in one, or the file of that name in the configuration directory's `themes`.
///
/// `place` is where the name was given, for the mistake that there is no such theme; mistakes inside a theme name its own lines.
pub fn load(name: &str, config_dir: Option<&Path>, env: &Env, place: &Place) -> Result<Theme, Vec<ConfigError>> {
    let theme = if name == "default" {
        Theme::default()
    } else if let Some((_, text)) = FILES.iter().find(|(built_in, _)| *built_in == name) {
        parse(Path::new(name), text)?
    } else {
        let path = own_file(name, config_dir);
        let text = path
            .as_deref()
            .map(file::read)
            .transpose()
            .map_err(|error| vec![*error])?
            .flatten();
        match (path, text) {
            (Some(path), Some(text)) => parse(&path, &text)?,
            _ => {
                let like = nearest(name, BUILT_IN.iter().copied()).map(str::to_owned);
                let own = config_dir.map(|dir| dir.join("themes/NAME.toml").to_string_lossy().into_owned());
                let wrong = Wrong::UnknownTheme(name.to_owned(), like, BUILT_IN.join(", "), own.unwrap_or_default());
                return Err(vec![ConfigError {
                    place: place.clone(),
                    wrong,
                }]);
            }
        }
    };
    Ok(if env.has("NO_COLOR") {
        theme.without_colour()
    } else {
        theme
    })
}

/// Reads a theme: `role = "words"` over the built-in styles; a role that is named has exactly the style given there.
fn parse(path: &Path, text: &str) -> Result<Theme, Vec<ConfigError>> {
    let at = Spot { path, text };
    let (document, problems) = DeTable::parse_recoverable(text);
    let mut errors: Vec<_> = problems.iter().map(|problem| at.syntax(problem)).collect();
    let mut theme = Theme::default();
    for (name, value) in document.get_ref() {
        let Some(role) = Role::named(name.get_ref()) else {
            let like = nearest(name.get_ref(), Role::ALL.iter().map(|role| role.slug())).map(str::to_owned);
            errors.push(at.error(name.span().start, Wrong::UnknownRole(name.get_ref().to_string(), like)));
            continue;
        };
        match value.get_ref() {
            DeValue::String(words) => match style(words) {
                Ok(style) => theme.set(role, style),
                Err(word) => errors.push(at.error(value.span().start, Wrong::BadColour(word.to_owned()))),
            },
            other => {
                let found = super::load::type_key(other);
                let wrong = Wrong::WrongType(name.get_ref().to_string(), "config.type-text", found);
                errors.push(at.error(value.span().start, wrong));
            }
        }
    }
    if errors.is_empty() { Ok(theme) } else { Err(errors) }
}

/// Reads a style: a colour, `on` and a colour for the background, and any of bold, dim, italic, underline, reverse, plain.
fn style(words: &str) -> Result<Style, &str> {
    let mut style = Style::new();
    let mut background = false;
    let mut last = "";
    for word in words.split_whitespace() {
        last = word;
        let modifier = match word {
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underline" => Modifier::UNDERLINED,
            "reverse" => Modifier::REVERSED,
            "plain" => Modifier::empty(),
            "on" => {
                background = true;
                continue;
            }
            colour => {
                let colour: Color = colour.parse().map_err(|_| word)?;
                style = if std::mem::take(&mut background) {
                    style.bg(colour)
                } else {
                    style.fg(colour)
                };
                continue;
            }
        };
        style = style.add_modifier(modifier);
    }
    // "on" with no colour after it.
    if background { Err(last) } else { Ok(style) }
}

#[cfg(test)]
mod tests;
