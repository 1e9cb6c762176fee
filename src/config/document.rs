//! The configuration file as documentation: every setting with its meaning, its choices and its built-in value, in a language.

use super::load::LADDER;
use super::settings::{SETTINGS, Shape};
use super::{Config, theme};
use crate::contract::rules::RULES;
use crate::i18n::{find, tf};
use crate::text::Lang;

/// The whole configuration file with the built-in values. `config/default.toml` is this text in English; what
/// [`commented`] makes of it is what `rasad config init` writes.
pub fn document(lang: Lang) -> String {
    let built_in = Config::default();
    let mut out = String::new();
    for key in ["setting.file-head", "setting.file-order"] {
        comment(&mut out, &tf(lang, key, &[]));
    }
    let mut section = "";
    for setting in SETTINGS {
        let (here, name) = setting.key.rsplit_once('.').unwrap_or(("", setting.key));
        if here != section {
            section = here;
            open_section(&mut out, lang, section);
        }
        out.push('\n');
        let key = format!("setting.{}", setting.key);
        comment(
            &mut out,
            &tf(
                lang,
                &key,
                &[&[("choices", theme::BUILT_IN.join(", ").as_str())], WORDS].concat(),
            ),
        );
        match setting.shape {
            Shape::Choice(names) => comment(
                &mut out,
                &tf(lang, "setting.choices", &[("choices", &names.join(", "))]),
            ),
            Shape::Whole(min, max) => range(&mut out, lang, &min.to_string(), &max.to_string()),
            Shape::Number(min, max) => range(&mut out, lang, &min.to_string(), &max.to_string()),
            Shape::Flag | Shape::Text => {}
        }
        comment(
            &mut out,
            &tf(lang, "setting.variable", &[("name", &setting.variable())]),
        );
        out.push_str(&format!("{name} = {}\n", (setting.get)(&built_in)));
    }
    out.push('\n');
    comment(
        &mut out,
        &tf(lang, "setting.text.terminals", &[("command", "rasad doctor")]),
    );
    comment(&mut out, "[text.terminals]");
    comment(&mut out, "\"VTE(7006)|65;7006;1|xterm-256color\" = \"explicit\"");
    open_section(&mut out, lang, LADDER);
    // An example only: a ladder that is written is in force, and hides the headquarters' own.
    for line in LADDER_EXAMPLE {
        comment(&mut out, line);
    }
    open_section(&mut out, lang, "context");
    for line in [
        "[context.tabriz]",
        "location = \"https://rasad.example\"",
        "ca = \"tabriz-ca.pem\"",
        "token_file = \"~/.config/rasad/tabriz.token\"",
    ] {
        comment(&mut out, line);
    }
    open_section(&mut out, lang, "rules");
    for (slug, severity) in RULES {
        let title = find(lang, &format!("rule.{slug}.title")).unwrap_or(slug);
        let severity = find(lang, &format!("severity.{severity}")).unwrap_or(severity);
        out.push('\n');
        comment(
            &mut out,
            &tf(lang, "setting.rule-line", &[("title", title), ("severity", severity)]),
        );
        out.push_str(&format!("{slug} = \"on\"\n"));
    }
    open_section(&mut out, lang, "keys");
    comment(&mut out, "[keys.list]");
    comment(&mut out, "sort = [\"s\", \"ctrl-s\"]");
    out
}

/// A configuration file in which no setting is in force: every `key = value` behind a `#`, so that built-in values can improve
/// with the program, and a threshold counts as the operator's own only when he sets it.
pub fn commented(document: &str) -> String {
    let quiet = |line: &str| {
        if line.is_empty() || line.starts_with(['#', '[']) {
            line.to_owned()
        } else {
            format!("#{line}")
        }
    };
    document.lines().map(|line| quiet(line) + "\n").collect()
}

/// Words of the command line and of the file that explanations speak of.
const WORDS: &[(&str, &str)] = &[
    ("option", "--context"),
    ("word", ":context"),
    ("section", "[context.NAME]"),
    ("home", "~/"),
];

/// A ladder as it may be written.
const LADDER_EXAMPLE: [&str; 4] = [
    "reminder = 1",
    "warning = 7",
    "governor-note = 14",
    "council-agenda = 21",
];

fn open_section(out: &mut String, lang: Lang, section: &str) {
    out.push_str(&format!("\n[{section}]\n"));
    let key = format!("setting.section.{section}");
    if find(lang, &key).is_some() {
        comment(out, &tf(lang, &key, WORDS));
    }
}

fn range(out: &mut String, lang: Lang, min: &str, max: &str) {
    comment(out, &tf(lang, "setting.range", &[("min", min), ("max", max)]));
}

fn comment(out: &mut String, text: &str) {
    out.push_str("# ");
    out.push_str(text);
    out.push('\n');
}
