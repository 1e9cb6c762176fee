//! Every rule has a title and a reason in both languages.

use super::*;
use crate::i18n;
use crate::text::Lang;
use std::collections::BTreeSet;

#[test]
fn every_rule_has_a_title_and_a_reason_in_both_languages() {
    for rule in RULES {
        for lang in [Lang::Fa, Lang::En] {
            for key in [rule.title, rule.why] {
                assert!(i18n::find(lang, key).is_some(), "{key} in {lang:?}");
            }
        }
    }
}

#[test]
fn every_rule_is_named_once_and_its_slug_is_a_slug() {
    let slugs: BTreeSet<_> = RULES.iter().map(|rule| rule.slug).collect();
    assert_eq!(slugs.len(), RULES.len());
    for slug in slugs {
        assert!(
            slug.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{slug}"
        );
        assert_eq!(finding::rule(slug).unwrap().title, format!("rule.{slug}.title"));
        assert_eq!(finding::rule(slug).unwrap().why, format!("rule.{slug}.why"));
    }
}

/// What a text asks for, a finding must give; called for every finding any other test of rules makes.
pub(super) fn gives_every_value(finding: &Finding) {
    for lang in [Lang::Fa, Lang::En] {
        let text = i18n::find(lang, finding.why.key).expect("a reason");
        for part in text.split('{').skip(1) {
            let name = part.split(['}', '|']).next().unwrap();
            assert!(
                finding.value(name).is_some(),
                "{} says {{{name}}}, which is not given",
                finding.why.key
            );
        }
    }
}
