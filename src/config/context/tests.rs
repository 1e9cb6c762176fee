#![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

use super::super::{Overrides, Place, file};
use super::*;

const FILE: &str = r#"
[source]
location = "https://own.example"
token_file = "own.token"
ca = "own.pem"

[context.tabriz]
location = "https://tabriz.example"
token_command = "pass tabriz"

[context."ارومیه"]
location = "https://urmia.example"
token_file = "~/urmia.token"
"#;

struct Home(tempfile::TempDir);

impl Home {
    fn new(text: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        file::create(&home.0.path().join("rasad/config.toml"), text).unwrap();
        home
    }

    fn load(
        &self,
        vars: &[(&str, &str)],
        options: &[(&'static str, &'static str, &str)],
    ) -> Result<Config, Vec<ConfigError>> {
        let dir = self.0.path().to_str().unwrap();
        let env = Env::of(&[&[("XDG_CONFIG_HOME", dir), ("HOME", "/home/u")], vars].concat());
        let mut overrides = Overrides::default();
        for (key, option, text) in options {
            overrides.set(key, option, Some(text));
        }
        Config::load(&env, &overrides).map(|(config, _)| config)
    }

    fn chosen(&self, vars: &[(&str, &str)], options: &[(&'static str, &'static str, &str)]) -> Chosen {
        self.load(vars, options).unwrap().chosen
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join("rasad").join(name)
    }
}

fn location(chosen: &Chosen) -> (&str, Option<&str>) {
    (
        chosen.location.as_deref().unwrap_or_default(),
        chosen.context.as_deref(),
    )
}

#[test]
fn the_source_nearest_to_the_operators_hand_is_meant() {
    let home = Home::new(FILE);
    assert_eq!(location(&home.chosen(&[], &[])), ("https://own.example", None));
    let by_variable = home.chosen(&[("RASAD_CONTEXT", "tabriz")], &[]);
    assert_eq!(location(&by_variable), ("https://tabriz.example", Some("tabriz")));
    let by_option = home.chosen(
        &[("RASAD_CONTEXT", "tabriz")],
        &[("source.location", "--source", "hq.json")],
    );
    assert_eq!(location(&by_option), ("hq.json", None));
    let other = home.chosen(
        &[("RASAD_SOURCE", "hq.json")],
        &[("source.context", "--context", "ارومیه")],
    );
    assert_eq!(location(&other), ("https://urmia.example", Some("ارومیه")));
    let both = [
        ("source.location", "--source", "hq.json"),
        ("source.context", "--context", "tabriz"),
    ];
    let errors = home.load(&[], &both).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].wrong, Wrong::TwoSources);
}

#[test]
fn a_token_goes_only_where_it_was_given_for() {
    let home = Home::new(FILE);
    let own = home.chosen(&[], &[]);
    assert_eq!(own.token, TokenChoice::File(home.beside("own.token")));
    assert_eq!(own.ca, Some(home.beside("own.pem")));
    // Another address: nothing of the file's own goes there.
    for chosen in [
        home.chosen(&[], &[("source.location", "--source", "https://other.example")]),
        home.chosen(&[("RASAD_SOURCE", "https://other.example")], &[]),
    ] {
        assert_eq!((&chosen.token, &chosen.ca), (&TokenChoice::None, &None));
    }
    // A context has its own, and nothing of the file's location.
    let tabriz = home.chosen(&[], &[("source.context", "--context", "tabriz")]);
    assert_eq!(tabriz.token, TokenChoice::Command("pass tabriz".to_owned()));
    assert_eq!(tabriz.ca, None);
    let urmia = home.chosen(&[], &[("source.context", "--context", "ارومیه")]);
    assert_eq!(urmia.token, TokenChoice::File(PathBuf::from("/home/u/urmia.token")));
    // What is given for this run goes where this run goes.
    let with_variable = home.chosen(&[("RASAD_TOKEN", "x")], &[("source.context", "--context", "tabriz")]);
    assert_eq!(with_variable.token, TokenChoice::Variable);
    let with_option = home.chosen(
        &[("RASAD_TOKEN", "x")],
        &[("source.token_file", "--token-file", "here")],
    );
    assert_eq!(with_option.token, TokenChoice::File(PathBuf::from("here")));
    // And not to the context that is changed to later.
    let config = home
        .load(&[("RASAD_TOKEN", "x")], &[("source.ca", "--ca", "this.pem")])
        .unwrap();
    let later = of_context(&config, "tabriz", None, &Env::of(&[("RASAD_TOKEN", "x")])).unwrap();
    assert_eq!(later.token, TokenChoice::Command("pass tabriz".to_owned()));
    assert_eq!(later.ca, None);
    assert_eq!(of_context(&config, "none", None, &Env::default()), None);
}

#[test]
fn every_mistake_in_contexts_is_named_with_its_place() {
    let home = Home::new(
        "[context.a]\nlokation = \"x\"\n[context.b]\nlocation = 3\n[context.\"a b\"]\nlocation = \"x\"\n[context]\nc = 1\n[context.d]\nlocation = \"x\"\ntoken_file = \"f\"\ntoken_command = \"c\"\n",
    );
    let errors = home.load(&[], &[]).unwrap_err();
    let lines: Vec<usize> = errors
        .iter()
        .filter_map(|error| match &error.place {
            Place::File { line, .. } => Some(*line),
            _ => None,
        })
        .collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 8, 9], "{errors:#?}");
    let unknown = Home::new("[source]\ncontext = \"tabris\"\n[context.tabriz]\nlocation = \"x\"\n");
    let errors = unknown.load(&[], &[]).unwrap_err();
    assert_eq!(
        errors[0].wrong,
        Wrong::NoContext("tabris".into(), Some("tabriz".into()), "tabriz".into())
    );
    let two = Home::new(FILE).load(&[("RASAD_TOKEN", "x"), ("RASAD_SOURCE_TOKEN_FILE", "f")], &[]);
    assert!(matches!(&two.unwrap_err()[0].wrong, Wrong::TwoTokens(..)));
}
