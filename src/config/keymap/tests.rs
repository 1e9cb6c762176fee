#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;

fn chord(text: &str) -> Chord {
    text.parse().unwrap()
}

fn bind(context: Context, action: Action, keys: &[&str]) -> Binding {
    Binding {
        context,
        action,
        chords: keys.iter().map(|key| chord(key)).collect(),
    }
}

#[test]
fn every_built_in_key_is_a_key_and_none_is_given_twice() {
    let mut bindings = Vec::new();
    for (context, action, keys) in defaults::DEFAULTS {
        bindings.push(bind(*context, *action, keys));
        assert!(!keys.is_empty());
    }
    let (map, taken) = Keymap::from_bindings(bindings);
    assert_eq!(taken, []);
    assert_eq!(map.bindings().len(), defaults::DEFAULTS.len());
    assert_eq!(map, Keymap::default());
    assert_eq!(map.stuck(), []);
}

#[test]
fn the_file_for_people_says_what_is_built_in() {
    let file: toml::Table = KEYS_TOML.parse().unwrap();
    let mut said = Vec::new();
    for (context, actions) in &file {
        for (action, keys) in actions.as_table().unwrap() {
            let keys: Vec<_> = keys
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key.as_str().unwrap().to_owned())
                .collect();
            said.push((Context::named(context).unwrap(), Action::named(action).unwrap(), keys));
        }
    }
    let mut built: Vec<_> = defaults::DEFAULTS
        .iter()
        .map(|(context, action, keys)| (*context, *action, keys.iter().map(|key| (*key).to_owned()).collect()))
        .collect();
    said.sort();
    built.sort();
    assert_eq!(said, built);
}

#[test]
fn every_action_has_a_key() {
    let map = Keymap::default();
    let without: Vec<_> = Action::ALL
        .iter()
        .filter(|a| !map.bindings().iter().any(|b| b.action == **a))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn a_key_means_first_what_it_means_here_then_what_it_means_everywhere() {
    let map = Keymap::default();
    assert_eq!(map.lookup(Context::List, chord("s")), Some(Action::Sort));
    assert_eq!(map.lookup(Context::Overview, chord("s")), None);
    assert_eq!(map.lookup(Context::List, chord("q")), Some(Action::Quit));
    assert_eq!(map.lookup(Context::Input, chord("enter")), Some(Action::Accept));
    assert_eq!(map.lookup(Context::List, chord("enter")), Some(Action::Open));
}

#[test]
fn a_persian_keyboard_works_by_position() {
    let map = Keymap::default();
    for (persian, action) in [
        ("ض", Action::Quit),
        ("ت", Action::Down),
        ("ن", Action::Up),
        ("س", Action::Sort),
        ("ئ", Action::SortReverse),
        ("؟", Action::Help),
        ("ک", Action::ToggleLanguage),
        ("۲", Action::ScreenMeasures),
        ("۰", Action::ScreenMore),
        ("أ", Action::Last),
    ] {
        let found = map.lookup(Context::List, chord(persian));
        if persian == "ک" {
            assert_eq!(found, None, "ک is on the key of the semicolon, which means nothing");
        } else {
            assert_eq!(found, Some(action), "{persian}");
        }
    }
    assert_eq!(map.lookup(Context::Input, chord("ctrl-ز")), Some(Action::Quit));
}

#[test]
fn letters_are_text_while_typing_and_control_keys_still_work() {
    let map = Keymap::default();
    for text in ["q", "ض", "؟", "?", "۱", "1", "/", "space", "G"] {
        assert_eq!(map.lookup(Context::Input, chord(text)), None, "{text}");
    }
    assert_eq!(map.lookup(Context::Input, chord("ctrl-c")), Some(Action::Quit));
    assert_eq!(map.lookup(Context::Input, chord("f1")), Some(Action::Help));
    assert_eq!(map.lookup(Context::Input, chord("pageup")), None);
}

#[test]
fn a_key_asked_for_twice_is_named_and_the_first_keeps_it() {
    let (map, taken) = Keymap::from_bindings(vec![
        bind(Context::List, Action::Sort, &["s"]),
        bind(Context::List, Action::Wide, &["s", "w"]),
        bind(Context::Record, Action::Zoom, &["s"]),
    ]);
    let expected = Taken {
        chord: chord("s"),
        by: Action::Sort,
        wanted_by: Action::Wide,
        context: Context::List,
    };
    assert_eq!(taken, [expected]);
    assert_eq!(map.lookup(Context::List, chord("s")), Some(Action::Sort));
    assert_eq!(map.lookup(Context::List, chord("w")), Some(Action::Wide));
}

#[test]
fn a_map_without_a_way_out_says_so() {
    let without = |action: Action, keys: &[&str]| {
        let mut bindings = Keymap::default().bindings;
        bindings.retain(|binding| binding.action != action);
        bindings.push(bind(Context::Global, action, keys));
        Keymap::from_bindings(bindings).0.stuck()
    };
    assert_eq!(without(Action::Quit, &[]), [Stuck::NoKey(Action::Quit)]);
    assert_eq!(without(Action::Quit, &["q"]), [Stuck::NoQuitWhileTyping]);
    assert_eq!(without(Action::Quit, &["f10"]), []);
    assert_eq!(without(Action::Back, &[]), [Stuck::NoKey(Action::Back)]);
}

#[test]
fn hints_name_keys_that_work_and_follow_the_map() {
    for context in Context::ALL {
        let map = Keymap::default();
        for (label, action) in map.hints(*context) {
            assert!(!label.is_empty());
            assert!(
                map.chords(*context, action)
                    .iter()
                    .any(|chord| map.lookup(*context, *chord) == Some(action))
            );
        }
        assert!(!map.hints(*context).is_empty(), "{context:?}");
    }
    let (map, _) = Keymap::from_bindings(vec![bind(Context::Global, Action::Help, &["f12"])]);
    assert_eq!(map.hints(Context::List), [("F12".to_owned(), Action::Help)]);
}

#[test]
fn the_help_of_a_context_lists_only_what_works_there() {
    let map = Keymap::default();
    for context in Context::ALL {
        for binding in map.help(*context) {
            for chord in &binding.chords {
                assert_eq!(
                    map.lookup(*context, *chord),
                    Some(binding.action),
                    "{context:?} {chord}"
                );
            }
        }
    }
    let typing: Vec<_> = map.help(Context::Input).into_iter().map(|b| b.action).collect();
    assert!(typing.contains(&Action::Quit) && !typing.contains(&Action::Filter));
}

#[test]
fn the_table_of_the_readme_has_a_row_for_every_binding_in_both_languages() {
    let map = Keymap::default();
    let table = map.markdown_table(Lang::En);
    assert_eq!(table.lines().count(), 2 + map.bindings().len());
    assert!(table.contains("| everywhere | `q` `Ctrl-C` | quit |"), "{table}");
    assert!(map.markdown_table(Lang::Fa).contains("| همه‌جا | `q` `Ctrl-C` | خروج |"));
}
