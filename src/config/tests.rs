#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::*;
use crate::contract::rules::{RULES, SEVERITIES};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// A home with a configuration file in it.
struct Home(tempfile::TempDir);

impl Home {
    fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        file::create(&home.file(), config).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("rasad/config.toml")
    }

    fn env(&self, more: &[(&str, &str)]) -> Env {
        let dir = self.0.path().to_str().unwrap();
        Env::of(&[&[("XDG_CONFIG_HOME", dir)], more].concat())
    }

    fn load(&self, more: &[(&str, &str)]) -> Result<(Config, Origins), Vec<ConfigError>> {
        Config::load(&self.env(more), &Overrides::default())
    }
}

/// The mistakes of a configuration file: line, column, what.
fn mistakes(config: &str) -> Vec<(usize, usize, Wrong)> {
    let errors = Home::new(config).load(&[]).unwrap_err();
    let places = errors.into_iter().map(|error| match error.place {
        Place::File { line, column, .. } => (line, column, error.wrong),
        Place::WholeFile(_) => (0, 0, error.wrong),
        other => panic!("{other:?}"),
    });
    places.collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn without_a_file_everything_is_built_in() {
    let (config, origins) = Config::load(&Env::default(), &Overrides::default()).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.lang, Lang::Fa);
    assert_eq!(*origins.of("lang"), Origin::Default);
}

#[test]
fn the_documentation_states_the_built_in_values_of_every_setting_and_rule() {
    let text = document(Lang::En);
    // The titles of rules are the rules' own; only their lines must agree.
    let settled = |text: &str| {
        let rules = text.find("[rules]").unwrap_or(text.len());
        let (before, after) = text.split_at(rules);
        before.to_owned()
            + &after
                .lines()
                .filter(|line| !line.starts_with('#'))
                .collect::<Vec<_>>()
                .join("\n")
    };
    assert_eq!(
        settled(include_str!("../../config/default.toml")),
        settled(&text),
        "config/default.toml is not what the settings say; write it again with `rasad config default > config/default.toml`"
    );
    for lang in [Lang::Fa, Lang::En] {
        let home = Home::new(&document(lang));
        let (mut config, origins) = home.load(&[]).unwrap();
        for setting in SETTINGS {
            assert!(matches!(origins.of(setting.key), Origin::File(..)), "{}", setting.key);
        }
        assert_eq!(config.rules.len(), RULES.len());
        assert_eq!(
            config.own_thresholds.len(),
            SETTINGS.iter().filter(|s| s.key.starts_with("thresholds.")).count()
        );
        (config.rules, config.own_thresholds) = Default::default();
        assert_eq!(config, Config::default());
    }
}

#[test]
fn every_setting_is_explained_in_both_languages() {
    for setting in SETTINGS {
        for lang in [Lang::Fa, Lang::En] {
            assert!(
                crate::i18n::find(lang, &format!("setting.{}", setting.key)).is_some(),
                "{}",
                setting.key
            );
        }
    }
    for (_, severity) in RULES {
        assert!(SEVERITIES.contains(severity) && RuleSetting::named(severity).is_some());
    }
}

#[test]
fn what_init_writes_sets_nothing() {
    for lang in [Lang::Fa, Lang::En] {
        let (config, origins) = Home::new(&commented(&document(lang))).load(&[]).unwrap();
        assert_eq!(config, Config::default());
        for setting in SETTINGS {
            assert_eq!(*origins.of(setting.key), Origin::Default);
        }
    }
}

/// A context for the setting that names one.
const CONTEXT: &str = "[context.x]\nlocation = \"x.json\"\n";

#[test]
fn every_setting_takes_the_value_it_gives() {
    let other = |setting: &Setting| match ((setting.get)(&Config::default()), setting.shape) {
        (Value::Flag(flag), _) => Value::Flag(!flag),
        (Value::Whole(number), _) => Value::Whole(number + 1),
        (Value::Number(number), _) => Value::Number(number + 0.5),
        (Value::Text(text), Shape::Choice(names)) => {
            Value::Text(names.iter().find(|name| **name != text).unwrap().to_string())
        }
        (Value::Text(_), _) if setting.key == "theme" => Value::Text("mono".to_owned()),
        (Value::Text(text), _) => Value::Text(format!("{text}x")),
    };
    for setting in SETTINGS {
        let value = other(setting);
        let (config, _) = Home::new(&format!("{} = {value}\n{CONTEXT}", setting.key))
            .load(&[])
            .unwrap();
        assert_eq!((setting.get)(&config), value, "{} by the file", setting.key);
        let plain = match &value {
            Value::Text(text) => text.clone(),
            other => other.to_string(),
        };
        let (config, origins) = Home::new(CONTEXT).load(&[(&setting.variable(), &plain)]).unwrap();
        assert_eq!((setting.get)(&config), value, "{} by the environment", setting.key);
        assert_eq!(*origins.of(setting.key), Origin::Environment(setting.variable()));
    }
}

#[test]
fn an_option_wins_over_a_variable_that_over_the_file_and_the_file_over_what_is_built_in() {
    let home = Home::new("# یادداشت\nlang = \"en\"\nwide = true\ntheme = \"dark\"\n");
    let mut overrides = Overrides::default();
    overrides.set("theme", "--theme", Some("mono"));
    overrides.set("lang", "--lang", None);
    let (config, origins) =
        Config::load(&home.env(&[("RASAD_THEME", "light"), ("RASAD_WIDE", "0")]), &overrides).unwrap();
    assert_eq!(
        (config.lang, config.wide, config.theme.as_str()),
        (Lang::En, false, "mono")
    );
    assert_eq!(*origins.of("lang"), Origin::File(home.file(), 2));
    assert_eq!(*origins.of("wide"), Origin::Environment("RASAD_WIDE".to_owned()));
    assert_eq!(*origins.of("theme"), Origin::Option("--theme".to_owned()));
    assert_eq!(*origins.of("calendar"), Origin::Default);
    assert_eq!(origins.file, Some(home.file()));
}

#[test]
fn the_linux_console_speaks_english_unless_it_is_told_otherwise() {
    let at = |vars: &[(&str, &str)]| Config::load(&Env::of(vars), &Overrides::default()).unwrap();
    let (config, origins) = at(&[("TERM", "linux")]);
    assert_eq!(
        (config.lang, origins.of("lang")),
        (Lang::En, &Origin::Terminal("linux".to_owned()))
    );
    assert_eq!(at(&[("TERM", "linux"), ("RASAD_LANG", "fa")]).0.lang, Lang::Fa);
    assert_eq!(at(&[("TERM", "xterm-256color")]).0.lang, Lang::Fa);
    assert_eq!(speak(&Env::of(&[("TERM", "linux")]), &Overrides::default()), Lang::En);
    assert_eq!(
        speak(&Env::of(&[("RASAD_LANG", "en")]), &Overrides::default()),
        Lang::En
    );
}

#[test]
fn all_mistakes_are_named_at_once_with_line_and_column() {
    let found = mistakes(
        "lagn = \"fa\"\nlang = \"de\"\nwide = \"yes\"\n\n[source]\nwacth = \"poll\"\npoll_seconds = 0\nmax_bytes = 1.5\n\
         [thresholds]\ndue_soon_days = -1\ndeviation_serious = 1000\n[surce]\n[rules]\nplan-overdeu = \"off\"\n\
         plan-late = \"loud\"\n",
    );
    let expected = [
        (1, 1, Wrong::UnknownField("lagn".into(), some("lang"))),
        (
            2,
            8,
            Wrong::NotAChoice("lang".into(), "de".into(), None, "fa, en".into()),
        ),
        (
            3,
            8,
            Wrong::WrongType("wide".into(), "config.type-flag", "config.type-text"),
        ),
        (6, 1, Wrong::UnknownField("source.wacth".into(), some("source.watch"))),
        (7, 16, out_of_range("source.poll_seconds", "1", "3600", "0")),
        (
            8,
            13,
            Wrong::WrongType("source.max_bytes".into(), "config.type-whole", "config.type-number"),
        ),
        (10, 17, out_of_range("thresholds.due_soon_days", "0", "36500", "-1")),
        (11, 21, out_of_range("thresholds.deviation_serious", "0", "100", "1000")),
        (12, 2, Wrong::UnknownField("surce".into(), some("source"))),
        (14, 1, Wrong::UnknownRule("plan-overdeu".into(), some("plan-overdue"))),
        (
            15,
            13,
            Wrong::NotAChoice(
                "rules.plan-late".into(),
                "loud".into(),
                None,
                RuleSetting::NAMES.join(", "),
            ),
        ),
    ];
    assert_eq!(found, expected);
}

fn out_of_range(name: &str, min: &str, max: &str, found: &str) -> Wrong {
    Wrong::OutOfRange {
        name: name.into(),
        min: min.into(),
        max: max.into(),
        found: found.into(),
    }
}

#[test]
fn broken_toml_and_duplicates_do_not_hide_the_other_mistakes() {
    let found =
        mistakes("wide = true\nwide = false\nlang = \nwrong = 1\n[log]\nlevel = \"info\"\n[log]\nfile = \"/x\"\n");
    let lines: Vec<_> = found.iter().map(|(line, ..)| *line).collect();
    assert_eq!(found[0], (2, 1, Wrong::Duplicate("wide".into())), "{found:?}");
    assert!(matches!(found[1].2, Wrong::Syntax(_)), "{found:?}");
    assert!(
        found.contains(&(4, 1, Wrong::UnknownField("wrong".into(), None))),
        "{found:?}"
    );
    assert!(lines.contains(&7), "{found:?}");
}

#[test]
fn columns_count_characters_not_bytes() {
    let found = mistakes("theme = \"پوسته\" # هیچ\n\"زبان\" = 1\n");
    assert_eq!(found[0].0, 2);
    assert_eq!(found.len(), 2);
    let found = mistakes("source = { location = \"دادهٔ ما\", wach = 1 }\n");
    assert_eq!((found[0].0, found[0].1), (1, 35));
}

#[test]
fn numbers_too_long_and_not_a_number_are_out_of_range() {
    let found = mistakes("source.max_bytes = 99999999999999999999\nthresholds.deviation_notice = nan\n");
    assert!(
        matches!(&found[0].2, Wrong::OutOfRange { found, .. } if found == "99999999999999999999"),
        "{found:?}"
    );
    assert!(matches!(&found[1].2, Wrong::OutOfRange { .. }), "{found:?}");
}

#[test]
fn settings_that_contradict_each_other_are_named_where_they_were_set() {
    let found = mistakes("[thresholds]\ndeviation_notice = 20\n");
    let expected = Wrong::Order(
        "thresholds.deviation_notice".into(),
        "20".into(),
        "thresholds.deviation_serious".into(),
        "15".into(),
    );
    assert_eq!(found, [(2, 20, expected)]);
    let error = Config::load(&Env::of(&[("RASAD_SOURCE_MAX_BYTES", "2000")]), &Overrides::default()).unwrap_err();
    assert_eq!(error[0].place, Place::Environment("RASAD_SOURCE_MAX_BYTES".to_owned()));
}

#[test]
fn variables_and_options_are_checked_like_the_file() {
    let mut overrides = Overrides::default();
    overrides.set("lang", "--lang", Some("farsi"));
    let env = Env::of(&[
        ("RASAD_LNAG", "fa"),
        ("RASAD_WIDE", "maybe"),
        ("RASAD_TOKEN", "x"),
        ("RASAD_RULES_PLAN_LATE", "off"),
    ]);
    let errors = Config::load(&env, &overrides).unwrap_err();
    let places: Vec<_> = errors.iter().map(|error| error.place.clone()).collect();
    assert_eq!(
        places,
        [
            Place::Environment("RASAD_LNAG".to_owned()),
            Place::Environment("RASAD_WIDE".to_owned()),
            Place::Option("--lang".to_owned()),
        ]
    );
    assert_eq!(errors[0].wrong, Wrong::UnknownVariable(some("RASAD_LANG")));
}

#[test]
fn rules_can_be_switched_off_or_given_a_severity() {
    let home = Home::new("[rules]\nplan-late = \"off\"\nplan-overdue = \"critical\"\n");
    let (config, origins) = home.load(&[("RASAD_RULES_PLAN_DUE_SOON", "data")]).unwrap();
    assert_eq!(config.rule("plan-late"), RuleSetting::Off);
    assert_eq!(config.rule("plan-overdue"), RuleSetting::Critical);
    assert_eq!(config.rule("plan-due-soon"), RuleSetting::Data);
    assert_eq!(config.rule("plan-returned"), RuleSetting::On);
    assert_eq!(*origins.of("rules.plan-late"), Origin::File(home.file(), 2));
}

#[test]
fn a_threshold_is_the_operators_own_only_when_he_set_it() {
    let (config, _) = Home::new("[thresholds]\ndue_soon_days = 7\n")
        .load(&[("RASAD_THRESHOLDS_NOTIFY_WITHIN_DAYS", "5")])
        .unwrap();
    assert_eq!(config.own_thresholds, ["due_soon_days", "notify_within_days"]);
    assert_eq!(Config::default().own_thresholds, Vec::<&str>::new());
}

#[test]
fn a_ladder_of_ones_own_stands_in_the_order_its_steps_come_due() {
    let text = "[ladder]\ncouncil-agenda = 40\nreminder = 2\nlegal-notice = 20\nwarning = 20\n";
    let home = Home::new(text);
    let (config, origins) = home.load(&[]).unwrap();
    let rungs: Vec<_> = config.ladder.iter().map(|r| (r.step.as_str(), r.after_days)).collect();
    let wanted = [
        ("reminder", 2),
        ("legal-notice", 20),
        ("warning", 20),
        ("council-agenda", 40),
    ];
    assert_eq!(rungs, wanted);
    assert_eq!(*origins.of("ladder.warning"), Origin::File(home.file(), 5));
    // A section without a line is what `config init` writes: nothing of the operator's own.
    assert!(Home::new("[ladder]\n").load(&[]).unwrap().0.ladder.is_empty());
}

#[test]
fn every_mistake_in_a_ladder_is_named_with_its_place() {
    let known = "reminder, warning, governor-note, council-agenda";
    let bad = |name: &str, like: Option<&str>| Wrong::BadStep(name.into(), like.map(str::to_owned), known.into());
    let range = |name: &str, found: &str| Wrong::OutOfRange {
        name: name.into(),
        min: "0".into(),
        max: "36500".into(),
        found: found.into(),
    };
    let text = "[ladder]\nremnder = 1\n\"Legal Notice\" = 2\nwarning = -1\ngovernor-note = 36501\ncouncil-agenda = \"21\"\n\"\" = 3\n";
    let wrong_type = Wrong::WrongType("ladder.council-agenda".into(), "config.type-whole", "config.type-text");
    assert_eq!(
        mistakes(text),
        [
            (2, 1, bad("remnder", Some("reminder"))),
            (3, 1, bad("Legal Notice", None)),
            (4, 11, range("ladder.warning", "-1")),
            (5, 17, range("ladder.governor-note", "36501")),
            (6, 18, wrong_type),
            (7, 1, bad("", None)),
        ]
    );
    let section = Wrong::WrongType("ladder".into(), "config.type-table", "config.type-whole");
    assert_eq!(mistakes("ladder = 3\n"), [(1, 10, section)]);
    let text = "[ladder]\nreminder = 1\nreminder = 2\n";
    assert_eq!(mistakes(text), [(3, 1, Wrong::Duplicate("reminder".into()))]);
    assert_eq!(
        mistakes("[lader]\n"),
        [(1, 2, Wrong::UnknownField("lader".into(), some("ladder")))]
    );
    // Both bounds are inside.
    let (config, _) = Home::new("[ladder]\nreminder = 0\nwarning = 36500\n")
        .load(&[])
        .unwrap();
    assert_eq!(config.ladder.len(), 2);
}

#[test]
fn keys_of_ones_own_replace_those_of_the_action_and_leave_the_rest() {
    let (config, _) = Home::new("[keys.global]\nquit = [\"f10\", \"ctrl-q\"]\n[keys.list]\nsort = \"o\"\nwide = []\n")
        .load(&[])
        .unwrap();
    let map = config.keymap;
    let means = |context, key: &str| map.lookup(context, key.parse().unwrap());
    assert_eq!(means(Context::Global, "f10"), Some(Action::Quit));
    assert_eq!(means(Context::Global, "q"), None);
    assert_eq!(means(Context::List, "o"), Some(Action::Sort));
    assert_eq!(means(Context::List, "خ"), Some(Action::Sort));
    assert_eq!(means(Context::List, "w"), None);
    assert_eq!(means(Context::List, "j"), Some(Action::Down));
}

#[test]
fn mistakes_in_keys_are_named_with_their_lines() {
    let found = mistakes(
        "[keys.global]\nqiut = [\"q\"]\nhelp = [\"ctrl-\", 5]\nreload = [\"j\"]\n[keys.list]\nsort = [\"o\"]\nwide = [\"o\"]\n\
         [keys.input]\nclear = [\"u\"]\n[keys.lists]\nx = 1\n",
    );
    let expected = [
        (2, 1, Wrong::UnknownAction("qiut".into(), some("quit"))),
        (3, 9, Wrong::BadChord("ctrl-".into())),
        (
            3,
            18,
            Wrong::WrongType("keys.global.help".into(), "config.type-text", "config.type-whole"),
        ),
        (4, 11, Wrong::KeyTaken("j".into(), "action.down", None)),
        (7, 9, Wrong::KeyTaken("o".into(), "action.sort", Some(6))),
        (9, 10, Wrong::KeyShadowsText("u".into())),
    ];
    assert_eq!(found[..6], expected);
    assert!(matches!(&found[6], (10, 7, Wrong::UnknownContext(name, _)) if name == "lists"));
    assert_eq!(found.len(), 7);
}

#[test]
fn keys_that_leave_no_way_out_are_refused() {
    assert_eq!(
        mistakes("[keys.global]\nquit = []\n"),
        [(0, 0, Wrong::NoWayOut("action.quit"))]
    );
    assert_eq!(
        mistakes("[keys.global]\nquit = [\"q\"]\n"),
        [(0, 0, Wrong::NoQuitWhileTyping)]
    );
    assert_eq!(
        mistakes("[keys.input]\ncancel = []\n"),
        [(0, 0, Wrong::NoWayOut("action.cancel"))]
    );
}

#[test]
fn a_file_others_can_write_is_refused_with_the_command_that_mends_it() {
    let home = Home::new("wide = true\n");
    for (mode, refused) in [
        (0o600, false),
        (0o644, false),
        (0o664, true),
        (0o646, true),
        (0o666, true),
    ] {
        fs::set_permissions(home.file(), fs::Permissions::from_mode(mode)).unwrap();
        match home.load(&[]) {
            Ok(_) => assert!(!refused, "{mode:o}"),
            Err(errors) => {
                let command = format!("chmod go-w {}", crate::text::shell::quoted(&home.file()));
                assert_eq!(errors[0].wrong, Wrong::WritableByOthers(command), "{mode:o}");
                assert!(refused);
            }
        }
    }
}

#[test]
fn what_cannot_be_a_configuration_is_refused_without_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let load = |path: &Path| {
        let mut overrides = Overrides::default();
        overrides.config_file = Some(path.to_owned());
        Config::load(&Env::default(), &overrides).map_err(|errors| errors[0].wrong.clone())
    };
    assert_eq!(load(dir.path()).unwrap_err(), Wrong::NotAFile);
    assert_eq!(load(Path::new("/dev/zero")).unwrap_err(), Wrong::NotAFile);
    assert!(
        matches!(load(&dir.path().join("none.toml")).unwrap_err(), Wrong::NotFound(command) if command.starts_with("rasad config init"))
    );
    let bytes = dir.path().join("bytes.toml");
    fs::write(&bytes, b"lang = \"\xff\"").unwrap();
    assert_eq!(load(&bytes).unwrap_err(), Wrong::NotUtf8(8));
    let long = dir.path().join("long.toml");
    fs::write(&long, "#".repeat(2 << 20)).unwrap();
    assert_eq!(load(&long).unwrap_err(), Wrong::TooLarge(1 << 20));
    let marked = dir.path().join("marked.toml");
    fs::write(&marked, "\u{feff}wide = true\n").unwrap();
    assert!(load(&marked).unwrap().0.wide);
}

#[test]
fn a_new_file_is_private_and_never_replaces_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a/b/config.toml");
    file::create(&path, "wide = true\n").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert!(file::create(&path, "").is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "wide = true\n");
}

#[test]
fn paths_are_quoted_as_a_shell_reads_them() {
    assert_eq!(
        crate::text::shell::quoted(Path::new("/etc/rasad.toml")),
        "/etc/rasad.toml"
    );
    assert_eq!(
        crate::text::shell::quoted(Path::new("/home/ع ل/it's")),
        r"'/home/ع ل/it'\''s'"
    );
}

#[test]
fn a_mistake_is_one_sentence_with_its_place_in_both_languages() {
    let home = Home::new("lagn = \"fa\"\n");
    let error = home.load(&[]).unwrap_err().remove(0);
    let path = home.file().display().to_string();
    assert_eq!(
        error.sentence(Lang::En),
        format!("{path}, line 1, column 1: there is no setting “lagn”; did you mean “lang”?")
    );
    assert_eq!(
        error.sentence(Lang::Fa),
        format!("{path}، سطر 1، ستون 1: تنظیمی به نام «lagn» نداریم؛ منظورتان «lang» بود؟")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_loading_panic(text in "\\PC{0,80}(\n\\PC{0,40}){0,4}") {
        let home = Home::new(&text);
        for error in home.load(&[]).err().unwrap_or_default() {
            proptest::prop_assert!(!error.sentence(Lang::Fa).is_empty());
        }
    }

    #[test]
    fn no_pieces_of_toml_make_loading_panic(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "[", "]", "[[", "keys", "keys.global", ".", "rules", "source", "lang", "=", "\"fa\"", "'", "\"\"\"", "1", "nan",
            "{", "}", ",", "\n", "quit", "theme", "سلام", "#", "-", "1979-05-27", "true", "thresholds", "plan-late",
        ]), 0..24))
    {
        let _ = Home::new(&parts.concat()).load(&[]);
    }
}
