//! The configuration and the board are strangers to each other; here is held together what both of them name.

use rasad::board::{Limit, RULES};
use rasad::config::SETTINGS;
use rasad::contract::rules;

#[test]
fn the_rules_that_can_be_set_are_the_rules_the_board_applies() {
    let applied: Vec<_> = RULES.iter().map(|rule| (rule.slug, rule.severity.as_str())).collect();
    assert_eq!(rules::RULES, applied);
}

#[test]
fn every_limit_of_the_board_is_a_setting() {
    for limit in Limit::ALL {
        let key = format!("thresholds.{}", limit.as_str());
        assert!(SETTINGS.iter().any(|setting| setting.key == key), "{key}");
    }
}
