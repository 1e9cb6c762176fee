//! The operator's own keys: `[keys.CONTEXT]` with `action = ["key", …]` over the built-in ones.

use super::super::error::{ConfigError, Wrong};
use super::super::keymap::{Action, Binding, Context, Keymap, Stuck};
use super::super::spot::Spot;
use super::type_key;
use crate::config::chord::Chord;
use crate::text::near::nearest;
use std::collections::HashMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The key map with the operator's keys, and every mistake in them.
pub(super) fn read(at: &Spot<'_>, contexts: &DeTable<'_>) -> (Keymap, Vec<ConfigError>) {
    let mut errors = Vec::new();
    let mut given = Vec::new();
    for (name, value) in contexts {
        let Some(context) = Context::named(name.get_ref()) else {
            let all: Vec<_> = Context::ALL.iter().map(|context| context.slug()).collect();
            let wrong = Wrong::UnknownContext(name.get_ref().to_string(), all.join(", "));
            errors.push(at.error(name.span().start, wrong));
            continue;
        };
        match value.get_ref() {
            DeValue::Table(actions) => read_context(at, context, actions, &mut given, &mut errors),
            other => {
                let wrong = Wrong::WrongType(format!("keys.{}", context.slug()), "config.type-table", type_key(other));
                errors.push(at.error(value.span().start, wrong));
            }
        }
    }
    // Later lines give way to earlier ones, as a reader of the file expects.
    given.sort_by_key(|given: &Given| given.offset);
    let keymap = merge(at, given, &mut errors);
    (keymap, errors)
}

/// One key the operator gave: where, to what, and at which byte.
struct Given {
    context: Context,
    action: Action,
    chord: Option<Chord>,
    offset: usize,
}

fn read_context(
    at: &Spot<'_>,
    context: Context,
    actions: &DeTable<'_>,
    given: &mut Vec<Given>,
    errors: &mut Vec<ConfigError>,
) {
    for (name, value) in actions {
        let mut refuse = |offset, wrong| errors.push(at.error(offset, wrong));
        let Some(action) = Action::named(name.get_ref()) else {
            let like = nearest(name.get_ref(), Action::ALL.iter().map(|action| action.slug())).map(str::to_owned);
            refuse(
                name.span().start,
                Wrong::UnknownAction(name.get_ref().to_string(), like),
            );
            continue;
        };
        let alone = std::slice::from_ref(value);
        let list: &[Spanned<DeValue<'_>>] = match value.get_ref() {
            DeValue::String(_) => alone,
            DeValue::Array(list) => list,
            other => {
                let key = format!("keys.{}.{}", context.slug(), action.slug());
                refuse(
                    value.span().start,
                    Wrong::WrongType(key, "config.type-list", type_key(other)),
                );
                continue;
            }
        };
        // An empty list takes the action its keys.
        given.push(Given {
            context,
            action,
            chord: None,
            offset: name.span().start,
        });
        for item in list {
            let offset = item.span().start;
            let DeValue::String(text) = item.get_ref() else {
                let key = format!("keys.{}.{}", context.slug(), action.slug());
                refuse(
                    offset,
                    Wrong::WrongType(key, "config.type-text", type_key(item.get_ref())),
                );
                continue;
            };
            match text.parse::<Chord>() {
                Err(_) => refuse(offset, Wrong::BadChord(text.to_string())),
                Ok(chord) if context == Context::Input && chord.types_text() => {
                    refuse(offset, Wrong::KeyShadowsText(chord.to_string()));
                }
                Ok(chord) => given.push(Given {
                    context,
                    action,
                    chord: Some(chord),
                    offset,
                }),
            }
        }
    }
}

fn merge(at: &Spot<'_>, given: Vec<Given>, errors: &mut Vec<ConfigError>) -> Keymap {
    let mut bindings: Vec<Binding> = Keymap::default().bindings().to_vec();
    let mut owners: HashMap<(Context, Chord), (Action, usize)> = HashMap::new();
    for Given {
        context,
        action,
        chord,
        offset,
    } in given
    {
        let index = bindings.iter().position(|b| b.context == context && b.action == action);
        let Some(chord) = chord else {
            let empty = Binding {
                context,
                action,
                chords: Vec::new(),
            };
            match index.and_then(|index| bindings.get_mut(index)) {
                Some(binding) => *binding = empty,
                None => bindings.push(empty),
            }
            continue;
        };
        match owners.get(&(context, chord)) {
            Some((owner, taken_at)) => {
                let wrong = Wrong::KeyTaken(chord.to_string(), owner.name_key(), Some(at.line(*taken_at)));
                errors.push(at.error(offset, wrong));
            }
            None => {
                owners.insert((context, chord), (action, offset));
                if let Some(binding) = index.and_then(|index| bindings.get_mut(index)) {
                    binding.chords.push(chord);
                }
            }
        }
    }
    // The operator's keys first, so that a clash with a built-in one names the built-in action, at the operator's line.
    bindings.sort_by_key(|b| {
        !b.chords
            .iter()
            .any(|chord| owners.get(&(b.context, *chord)).is_some_and(|o| o.0 == b.action))
    });
    let (keymap, taken) = Keymap::from_bindings(bindings);
    for taken in &taken {
        let offset = owners
            .get(&(taken.context, taken.chord))
            .map_or(0, |(_, offset)| *offset);
        let wrong = Wrong::KeyTaken(taken.chord.to_string(), taken.wanted_by.name_key(), None);
        errors.push(at.error(offset, wrong));
    }
    if errors.is_empty() {
        errors.extend(keymap.stuck().into_iter().map(|stuck| ConfigError {
            place: super::Place::WholeFile(at.path.to_owned()),
            wrong: match stuck {
                Stuck::NoKey(action) => Wrong::NoWayOut(action.name_key()),
                Stuck::NoQuitWhileTyping => Wrong::NoQuitWhileTyping,
            },
        }));
    }
    keymap
}
