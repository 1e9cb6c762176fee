//! Which key means what, where: the one table that dispatch, footer, help page and the README's table are made from.
//!
//! A key is first looked up where it is pressed, then among the keys that hold everywhere. Outside text input a Persian
//! keyboard works by position: ش is `a`. While typing, only keys that type nothing are looked up. It must not know screens,
//! nor what an action does.

mod action;
mod defaults;
mod persian;
mod spell;

pub use action::{Action, Context};
pub use persian::on_latin_keys;
pub use spell::NoSuchKey;

use super::chord::{Chord, Key};
use crate::i18n;
use crate::text::Lang;

/// The built-in keys as a file for people: every context and action with its keys.
pub const KEYS_TOML: &str = include_str!("../../../config/keys.toml");

/// An action with its keys in one context, for the footer and the help page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// What it does.
    pub action: Action,
    /// Its keys, never empty; the first one is the one to show where there is room for one.
    pub chords: Vec<Chord>,
}

/// The keys in force. They are about a hundred: looking through them all costs less than laying out a table at every start.
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap {
    /// In the order of the help page; no key twice in a context.
    bindings: Vec<Binding>,
}

/// A key asked for twice in one context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The key.
    pub chord: Chord,
    /// Whose it already is.
    pub by: Action,
    /// Who wanted it as well.
    pub wanted_by: Action,
    /// Where.
    pub context: Context,
}

/// A key map that would leave the operator stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// No key is left for an action without which there is no way out.
    NoKey(Action),
    /// No key is left that quits while text is typed.
    NoQuitWhileTyping,
}

impl Default for Keymap {
    fn default() -> Self {
        // A test holds the built-in keys to what is asked of all others: order, and no key twice.
        let bindings = defaults::DEFAULTS
            .iter()
            .map(|(context, action, keys)| Binding {
                context: *context,
                action: *action,
                // A test reads every built-in key, so none is lost here.
                chords: keys.iter().filter_map(|key| key.parse().ok()).collect(),
            })
            .collect();
        Self { bindings }
    }
}

impl Keymap {
    /// A key map from bindings, and every key that was asked for twice (the first one keeps it).
    pub fn from_bindings(bindings: Vec<Binding>) -> (Self, Vec<Taken>) {
        let mut keymap = Self {
            bindings: Vec::with_capacity(bindings.len()),
        };
        let mut taken = Vec::new();
        for mut binding in bindings {
            let (context, wanted_by) = (binding.context, binding.action);
            let mut own = Vec::with_capacity(binding.chords.len());
            for chord in binding.chords.drain(..) {
                let here = own.contains(&chord).then_some(wanted_by);
                match here.or_else(|| keymap.action(context, chord)) {
                    Some(by) => taken.push(Taken {
                        chord,
                        by,
                        wanted_by,
                        context,
                    }),
                    None => own.push(chord),
                }
            }
            if !own.is_empty() {
                binding.chords = own;
                keymap.bindings.push(binding);
            }
        }
        // Whoever asked first, the help page has one order.
        keymap.bindings.sort_by_key(|binding| (binding.context, binding.action));
        (keymap, taken)
    }

    /// What exactly this key means in exactly this context.
    fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let mut bindings = self.bindings.iter();
        let found = bindings.find(|binding| binding.context == context && binding.chords.contains(&chord));
        found.map(|binding| binding.action)
    }

    /// All bindings, in the order of the help page.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// What a key means in a context.
    pub fn lookup(&self, context: Context, chord: Chord) -> Option<Action> {
        let exact = |chord: Chord| {
            self.action(context, chord).or_else(|| {
                self.action(Context::Global, chord)
                    .filter(|_| !swallows(context, chord))
            })
        };
        exact(chord).or_else(|| {
            let Key::Char(c) = chord.key else { return None };
            let key = Key::Char(persian::latin(c)?);
            exact(Chord { key, ..chord })
        })
    }

    /// The keys of an action in a context (its own, else those that hold everywhere), best first.
    pub fn chords(&self, context: Context, action: Action) -> &[Chord] {
        let of = |wanted: Context| {
            let binding = self.bindings.iter().find(|b| b.context == wanted && b.action == action);
            binding.map(|binding| binding.chords.as_slice())
        };
        of(context).or_else(|| of(Context::Global)).unwrap_or_default()
    }

    /// The label of the first key of an action that works in a context: what a sentence or a hint names.
    pub fn label(&self, context: Context, action: Action) -> Option<String> {
        let mut chords = self.chords(context, action).iter();
        let works = chords.find(|chord| self.lookup(context, **chord) == Some(action));
        works.map(Chord::label)
    }

    /// What the footer names in a context, in order of use: label and action.
    pub fn hints(&self, context: Context) -> Vec<(String, Action)> {
        let named = defaults::footer(context).iter();
        named
            .filter_map(|action| Some((self.label(context, *action)?, *action)))
            .collect()
    }

    /// Everything a context's help page lists: first its own keys, then those that hold everywhere and mean the same here.
    pub fn help(&self, context: Context) -> Vec<Binding> {
        let own = self.bindings.iter().filter(|b| b.context == context);
        let global = self
            .bindings
            .iter()
            .filter(|b| b.context == Context::Global && context != Context::Global);
        let global = global.filter_map(|binding| {
            let mut chords = binding.chords.clone();
            chords.retain(|chord| self.lookup(context, *chord) == Some(binding.action));
            (!chords.is_empty()).then(|| Binding {
                chords,
                ..binding.clone()
            })
        });
        own.cloned().chain(global).collect()
    }

    /// What would leave the operator stuck: quitting, going back and giving up typing need a key each.
    pub fn stuck(&self) -> Vec<Stuck> {
        let needed = [
            (Context::Global, Action::Quit),
            (Context::Global, Action::Back),
            (Context::Global, Action::Help),
            (Context::Input, Action::Cancel),
            (Context::Input, Action::Accept),
        ];
        let without = needed
            .into_iter()
            .filter(|(context, action)| self.label(*context, *action).is_none());
        let mut stuck: Vec<_> = without.map(|(_, action)| Stuck::NoKey(action)).collect();
        if stuck.is_empty() && self.label(Context::Input, Action::Quit).is_none() {
            stuck.push(Stuck::NoQuitWhileTyping);
        }
        stuck
    }

    /// The keys as a Markdown table: where, key, what it does.
    pub fn markdown_table(&self, lang: Lang) -> String {
        let head = ["keys.table-context", "keys.table-key", "keys.table-action"].map(|key| i18n::t(lang, key));
        let mut out = format!("| {} |\n| --- | --- | --- |\n", head.join(" | "));
        for binding in &self.bindings {
            let keys: Vec<_> = binding
                .chords
                .iter()
                .map(|chord| format!("`{}`", chord.label().replace('|', "\\|")))
                .collect();
            let row = [
                i18n::t(lang, binding.context.name_key()),
                &keys.join(" "),
                i18n::t(lang, binding.action.name_key()),
            ];
            out.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        out
    }
}

/// True when a key that holds everywhere is a character of the text being typed.
fn swallows(context: Context, chord: Chord) -> bool {
    context == Context::Input && !works_while_typing(chord)
}

/// True for keys that hold everywhere even while text is typed: with Control or Alt, and function keys.
pub(super) fn works_while_typing(chord: Chord) -> bool {
    chord.ctrl || chord.alt || matches!(chord.key, Key::F(_))
}

#[cfg(test)]
mod tests;
