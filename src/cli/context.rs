//! `rasad context add|list|use|remove`: named sources in the configuration file. Everything else in the file, its comments
//! too, stays as it was; the file is replaced as a whole or not at all.

use super::{Common, USAGE, complain};
use crate::config::{AccessSettings, Config, Env, Origins, Overrides, Paths, context, edit, speak};
use crate::contract::clean;
use crate::i18n::{t, tf};
use crate::source::Source;
use crate::text::Lang;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use toml_edit::{DocumentMut, Item, Table, value};

/// Arguments of `rasad context`.
#[derive(Clone, Debug, clap::Args)]
pub struct ContextArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ContextCommand,
}

/// What to do with the named sources.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub enum ContextCommand {
    /// Writes a named source; --token-file, --token-command, --ca, --client-certificate and --client-key go into it
    Add {
        /// Its name
        name: String,
        /// A document's path, or the address of a server
        location: String,
    },
    /// Names all of them; the one opened by default is marked
    List,
    /// Makes one the source that is opened by default
    Use {
        /// Its name
        name: String,
    },
    /// Takes one out
    Remove {
        /// Its name
        name: String,
    },
}

/// There are mistakes, or nothing could be written.
const MISTAKES: u8 = 1;

/// Why a command was not carried out: the exit code and the sentence, or everything wrong with the configuration, said already.
enum Refused {
    Said(u8),
    Because(u8, String),
}

/// Runs the command.
pub fn run(args: &ContextArgs, common: &Common, env: &Env) -> ExitCode {
    let mut overrides = Overrides::default();
    overrides.config_file.clone_from(&common.config);
    overrides.set("lang", "--lang", common.lang.as_deref());
    let lang = speak(env, &overrides);
    match answer(args, common, env, &overrides, lang) {
        Ok(lines) => {
            let mut out = io::stdout().lock();
            for line in lines {
                // A reader that went away is no failure.
                let _ = writeln!(out, "{line}");
            }
            ExitCode::SUCCESS
        }
        Err(Refused::Said(code)) => ExitCode::from(code),
        Err(Refused::Because(code, sentence)) => {
            complain(&sentence);
            ExitCode::from(code)
        }
    }
}

fn answer(
    args: &ContextArgs,
    common: &Common,
    env: &Env,
    overrides: &Overrides,
    lang: Lang,
) -> Result<Vec<String>, Refused> {
    let (config, origins) = match Config::load(env, overrides) {
        Ok(loaded) => loaded,
        // Whoever takes out the context in use, or asks for one that is gone, must still get at the file.
        Err(errors) => {
            let _ = super::config::report(&errors, lang, &mut io::stderr().lock());
            return Err(Refused::Said(MISTAKES));
        }
    };
    match &args.command {
        ContextCommand::List => Ok(list(&config, lang)),
        ContextCommand::Add { name, location } => {
            if !context::is_name(name) {
                let sentence = tf(lang, "config.bad-context-name", &[("name", name)]);
                return Err(Refused::Because(USAGE, sentence));
            }
            if config.contexts.contains_key(name) {
                let sentence = tf(lang, "context.exists", &[("name", name)]);
                return Err(Refused::Because(MISTAKES, sentence));
            }
            if common.token_file.is_some() && common.token_command.is_some() {
                let both = [("a", "--token-file"), ("b", "--token-command")];
                return Err(Refused::Because(USAGE, tf(lang, "config.two-tokens", &both)));
            }
            let source = Source::named(location);
            if location.is_empty() || matches!(&source, Source::Http(address) if address.contains('@')) {
                return Err(Refused::Because(USAGE, t(lang, "context.bad-location").to_owned()));
            }
            let table = section(common, &source, location);
            edit(&origins, env, lang, |document| {
                let contexts = document.entry("context").or_insert_with(|| {
                    let mut contexts = Table::new();
                    contexts.set_implicit(true);
                    Item::Table(contexts)
                });
                if let Some(contexts) = contexts.as_table_like_mut() {
                    contexts.insert(name, Item::Table(table));
                }
            })?;
            Ok(vec![tf(lang, "context.added", &[("name", name)])])
        }
        ContextCommand::Use { name } => {
            known(&config, name, lang)?;
            edit(&origins, env, lang, |document| {
                let source = document.entry("source").or_insert_with(|| Item::Table(Table::new()));
                if let Some(source) = source.as_table_like_mut() {
                    source.insert("context", value(name));
                }
            })?;
            Ok(vec![tf(lang, "context.used", &[("name", name)])])
        }
        ContextCommand::Remove { name } => {
            known(&config, name, lang)?;
            edit(&origins, env, lang, |document| {
                if let Some(contexts) = document.get_mut("context").and_then(Item::as_table_like_mut) {
                    contexts.remove(name);
                }
                let source = document.get_mut("source").and_then(Item::as_table_like_mut);
                // A configuration that names what is gone would not load any more.
                if let Some(source) = source
                    && source.get("context").and_then(Item::as_str) == Some(name)
                {
                    source.remove("context");
                }
            })?;
            Ok(vec![tf(lang, "context.removed", &[("name", name)])])
        }
    }
}

/// The fields of a new context. Files are written as they are found from anywhere.
fn section(common: &Common, source: &Source, location: &str) -> Table {
    let absolute = |text: &str| {
        let path = std::path::absolute(text).unwrap_or_else(|_| PathBuf::from(text));
        path.to_string_lossy().into_owned()
    };
    let mut table = Table::new();
    table.insert(
        "location",
        value(match source {
            Source::File(path) if path.as_os_str() != "-" => absolute(location),
            _ => location.to_owned(),
        }),
    );
    let given = [
        &common.ca,
        &common.client_certificate,
        &common.client_key,
        &common.token_file,
    ];
    for (field, given) in AccessSettings::FIELDS.iter().zip(given) {
        if let Some(text) = given {
            let text = if text.starts_with("~/") {
                text.clone()
            } else {
                absolute(text)
            };
            table.insert(field, value(text));
        }
    }
    if let Some(command) = &common.token_command {
        table.insert("token_command", value(command));
    }
    table
}

fn known(config: &Config, name: &str, lang: Lang) -> Result<(), Refused> {
    if config.contexts.contains_key(name) {
        return Ok(());
    }
    let names: Vec<&str> = config.contexts.keys().map(String::as_str).collect();
    let choices = names.join(", ");
    let wrong = crate::config::Wrong::NoContext(
        name.to_owned(),
        crate::text::near::nearest(name, names.iter().copied()).map(str::to_owned),
        choices,
    );
    Err(Refused::Because(MISTAKES, wrong.sentence(lang)))
}

fn list(config: &Config, lang: Lang) -> Vec<String> {
    if config.contexts.is_empty() {
        return vec![tf(lang, "context.none", &[("command", "rasad context add")])];
    }
    let width = config
        .contexts
        .keys()
        .map(|name| crate::text::cells(name))
        .max()
        .unwrap_or(0);
    let rows = config.contexts.iter().map(|(name, context)| {
        let mark = if config.source.context.as_ref() == Some(name) {
            "*"
        } else {
            " "
        };
        let gap = " ".repeat(width.saturating_sub(crate::text::cells(name)));
        let place = clean::excerpt(&Source::named(&context.location).to_string());
        format!("{mark} {name}{gap}  {place}")
    });
    rows.collect()
}

/// Changes the configuration file and nothing else in it.
fn edit(origins: &Origins, env: &Env, lang: Lang, change: impl FnOnce(&mut DocumentMut)) -> Result<(), Refused> {
    let place = origins.file.clone().or_else(|| origins.place.clone());
    let Some(place) = place.or_else(|| Paths::of(env).config_file()) else {
        return Err(Refused::Because(MISTAKES, t(lang, "config.no-home").to_owned()));
    };
    edit::change(&place, change).map_err(|error| Refused::Because(MISTAKES, error.sentence(lang)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first thing that is not there")]

    use super::*;
    use crate::config::file;

    struct Home(tempfile::TempDir);

    impl Home {
        fn new(text: &str) -> Self {
            let home = Self(tempfile::tempdir().unwrap());
            if !text.is_empty() {
                file::create(&home.file(), text).unwrap();
            }
            home
        }

        fn file(&self) -> PathBuf {
            self.0.path().join("rasad/config.toml")
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.file()).unwrap()
        }

        fn rasad(&self, command: ContextCommand, common: &Common) -> Result<Vec<String>, (u8, String)> {
            let env = Env::of(&[("XDG_CONFIG_HOME", self.0.path().to_str().unwrap())]);
            answer(&ContextArgs { command }, common, &env, &Overrides::default(), Lang::En).map_err(|refused| {
                match refused {
                    Refused::Said(code) => (code, String::new()),
                    Refused::Because(code, sentence) => (code, sentence),
                }
            })
        }
    }

    fn add(name: &str, location: &str) -> ContextCommand {
        ContextCommand::Add {
            name: name.into(),
            location: location.into(),
        }
    }

    fn used(name: &str) -> ContextCommand {
        ContextCommand::Use { name: name.into() }
    }

    fn remove(name: &str) -> ContextCommand {
        ContextCommand::Remove { name: name.into() }
    }

    #[test]
    fn sources_are_named_used_and_taken_out_and_the_rest_of_the_file_stays() {
        let before = "# My own remarks.\nlang = \"en\" # not Persian\n\n[source] # where from\npoll_seconds = 5\n";
        let home = Home::new(before);
        let common = Common {
            token_file: Some("/home/u/t.token".into()),
            ca: Some("~/ca.pem".into()),
            ..Common::default()
        };
        home.rasad(add("tabriz", "https://tabriz.example"), &common).unwrap();
        home.rasad(add("ارومیه", "https://urmia.example"), &Common::default())
            .unwrap();
        home.rasad(used("tabriz"), &Common::default()).unwrap();
        assert_eq!(
            home.text(),
            "# My own remarks.\nlang = \"en\" # not Persian\n\n[source] # where from\npoll_seconds = 5\ncontext = \"tabriz\"\n\n\
             [context.tabriz]\nlocation = \"https://tabriz.example\"\nca = \"~/ca.pem\"\ntoken_file = \"/home/u/t.token\"\n\n\
             [context.\"ارومیه\"]\nlocation = \"https://urmia.example\"\n"
        );
        assert_eq!(
            home.rasad(ContextCommand::List, &Common::default()).unwrap(),
            ["* tabriz  https://tabriz.example", "  ارومیه  https://urmia.example"]
        );
        home.rasad(remove("tabriz"), &Common::default()).unwrap();
        home.rasad(remove("ارومیه"), &Common::default()).unwrap();
        assert_eq!(home.text(), before);
    }

    #[test]
    fn what_cannot_be_done_is_said_and_nothing_is_written() {
        let home = Home::new("[context.a]\nlocation = \"a.json\"\n");
        let text = home.text();
        for (command, code, words) in [
            (add("a", "b.json"), 1, "already"),
            (add("a b", "b.json"), USAGE, "cannot name a context"),
            (
                add("b", "https://user:secret@host.example"),
                USAGE,
                "without a user name",
            ),
            (add("b", ""), USAGE, "needs a path"),
            (used("b"), 1, "there is no context “b”"),
            (remove("b"), 1, "Contexts: a"),
        ] {
            let (found, sentence) = home.rasad(command.clone(), &Common::default()).unwrap_err();
            assert_eq!(found, code, "{command:?}: {sentence}");
            assert!(sentence.contains(words) && !sentence.contains("secret"), "{sentence}");
        }
        let both = Common {
            token_file: Some("f".into()),
            token_command: Some("c".into()),
            ..Common::default()
        };
        assert_eq!(home.rasad(add("b", "b.json"), &both).unwrap_err().0, USAGE);
        assert_eq!(home.text(), text);
        assert_eq!(std::fs::read_dir(home.0.path().join("rasad")).unwrap().count(), 1);
    }

    #[test]
    fn the_first_context_makes_the_file_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = Home::new("");
        home.rasad(add("a", "/srv/a.json"), &Common::default()).unwrap();
        let mode = || std::fs::metadata(home.file()).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(home.file(), std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        home.rasad(used("a"), &Common::default()).unwrap();
        assert_eq!(mode(), 0o640);
        // A file others could have written is not added to either.
        std::fs::set_permissions(home.file(), std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
        assert_eq!(home.rasad(remove("a"), &Common::default()).unwrap_err().0, 1);
    }
}
