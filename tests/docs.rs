//! The generated documents say what the program does: a rule or figure that changes without its document fails here.
//! Written anew with `TEST_REGENERATE=1 cargo test --test docs`.

use rasad::app::screen::sheet::FORMULAS;
use rasad::board::RULES;
use rasad::contract::{Kind, Thresholds};
use rasad::i18n;
use rasad::text::Lang;
use std::path::Path;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Compares a document with what it should say, or writes it.
fn settled(name: &str, expected: &str) -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::fs::read_to_string(&path).is_ok_and(|text| text == expected) {
        return Ok(());
    }
    if std::env::var_os("TEST_REGENERATE").is_some() {
        return Ok(std::fs::write(&path, expected)?);
    }
    Err(format!("docs/{name} is old; write it anew with: TEST_REGENERATE=1 cargo test --test docs").into())
}

/// A sentence of the catalogue with its places shown as they are named there: `{days|day|days}` as the plural.
fn pattern(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (value, behind) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match value.rsplit_once('|') {
            Some((_, plural)) => out.push_str(plural),
            None => out.push_str(&format!("*{value}*")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Every reason a rule may give: its first one, then those for other cases, whose keys begin with the first one's.
fn reasons(lang: Lang, key: &str) -> String {
    const RULES: &str = include_str!("../config/locales/en/rules.txt");
    let other = format!("{key}-");
    let keys = RULES.lines().filter_map(|line| Some(line.split_once(" = ")?.0));
    let keys = std::iter::once(key).chain(keys.filter(|name| name.starts_with(&other)));
    let reasons: Vec<String> = keys.filter_map(|key| Some(pattern(i18n::find(lang, key)?))).collect();
    reasons.join(if lang == Lang::Fa { "؛ یا: " } else { "; or: " })
}

#[test]
fn the_table_of_rules_is_the_one_the_program_applies() -> Outcome {
    let limits = Thresholds::default();
    let mut out = String::from(
        "# The rules of the findings\n\nGenerated from the program; `rasad config print` says which are in force and \
         where each setting comes from.\n\nA finding has a rule, a severity, a subject, the day since when where that is known, \
         and a reason with the values that\nfired it. Findings are ranked by severity, then by the day since when (the longest \
         first, those without a day last), then by\nkind, id and rule; `x` on the list of what needs attention says which of these \
         terms puts a row above the next. What is behind\nits path is so since the first day on which the progress it has today was behind; what differs from an earlier state since the day after\nthat state.\n\nThe severity below is the one a finding begins with; a rule that goes by a \
         *critical* or *serious* limit raises it beyond\nthat. Any rule can be switched off or given one severity under `[rules]`, \
         any limit set under `[thresholds]`; the\nheadquarters may set shared limits, which an operator's own setting overrides.\n\n",
    );
    out.push_str("| rule | severity | subject | finding | reason | limits |\n| --- | --- | --- | --- | --- | --- |\n");
    for rule in RULES {
        let kinds: Vec<&str> = match rule.kinds == Kind::ALL {
            true => vec!["every kind"],
            false => rule
                .kinds
                .iter()
                .map(|kind| i18n::t(Lang::En, kind.name_key()))
                .collect(),
        };
        let bounds: Vec<String> = rule
            .limits
            .iter()
            .map(|limit| format!("`{}` {}", limit.as_str(), limit.of(&limits)))
            .collect();
        out.push_str(&format!(
            "| `{}` | {} | {} | {}<br>{} | {}<br>{} | {} |\n",
            rule.slug,
            rule.severity.as_str(),
            kinds.join(", "),
            i18n::t(Lang::En, rule.title),
            i18n::t(Lang::Fa, rule.title),
            reasons(Lang::En, rule.why),
            reasons(Lang::Fa, rule.why),
            bounds.join(", "),
        ));
    }
    settled("rules.md", &out)
}

#[test]
fn the_formulas_are_those_the_screen_shows() -> Outcome {
    let mut out = String::from(
        "# Derived figures and their formulas\n\nGenerated from the program. On a sheet (`b`) and on a record's page, `x` shows the \
         formula of the line under the cursor with its terms; `rasad show\n--format json` carries the columns under `derived`. What there is nothing to divide by \
         is shown as «—».\n",
    );
    for formula in FORMULAS {
        let [en, fa] = [Lang::En, Lang::Fa].map(|lang| {
            let find = |key| i18n::find(lang, key).unwrap_or(key);
            (find(formula.sheet).to_owned(), find(formula.key).to_owned())
        });
        let name = formula.key.trim_start_matches("formula.");
        out.push_str(&format!("\n## {name}\n\n{}: {}\n\n{}: {}\n", en.0, en.1, fa.0, fa.1));
        if !formula.columns.is_empty() {
            let columns: Vec<String> = formula.columns.iter().map(|column| format!("`{column}`")).collect();
            out.push_str(&format!("\nColumns: {}\n", columns.join(", ")));
        }
    }
    settled("figures.md", &out)
}
