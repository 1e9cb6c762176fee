//! Judging on screen: why a finding stands above another, and what the sheets sum up.

use super::harness::{Bench, LANGS, SEEDS};
use rasad::app::popup::Popup;
use rasad::board::Settings;
use rasad::contract::LadderStep;
use rasad::contract::records::Step;
use rasad::text::Lang;

/// What the window over the screen says, line by line.
fn window(bench: &Bench) -> Vec<String> {
    match bench.app.popup() {
        Some(Popup::Help(help)) => help.all.iter().map(|line| line.text.clone()).collect(),
        _ => panic!("no window:\n{}", bench.picture()),
    }
}

#[test]
fn why_on_the_list_of_attention_says_what_puts_a_row_above_the_next() {
    for seed in SEEDS {
        for lang in LANGS {
            let mut bench = Bench::new(seed, lang, (80, 24));
            bench.keys("tab tab tab x");
            let first = window(&bench);
            assert!(
                first
                    .iter()
                    .any(|line| line.contains(rasad::i18n::t(lang, "rank.title"))),
                "{first:?}"
            );
            if lang == Lang::En {
                let total = bench.app.board().findings().len();
                bench.must_say(&format!("place 1 of {total}"));
            }
            // The first row stands below nobody, one further down below one and above another.
            let sentences = |lines: &[String]| {
                let stands = if lang == Lang::En {
                    "stands above"
                } else {
                    "بالاتر از"
                };
                lines.join(" ").matches(stands).count()
            };
            assert_eq!(sentences(&first), 1, "{first:?}");
            bench.keys("esc down x");
            assert_eq!(sentences(&window(&bench)), 2, "{:?}", window(&bench));
        }
    }
}

#[test]
fn the_term_named_is_the_one_in_which_the_rows_differ() {
    let mut bench = Bench::new(1, Lang::En, (200, 40));
    bench.keys("tab tab tab");
    let board = bench.app.board().clone();
    let ranked: Vec<_> = board.findings().ranked().cloned().collect();
    // Down to the last critical finding: the next one is graver in nothing, and the window says so.
    let critical = board.findings().counts().critical;
    for _ in 1..critical {
        bench.keys("down");
    }
    bench.keys("x");
    assert_eq!(ranked[critical].severity.as_str(), "warning");
    let text = window(&bench).join(" ");
    assert!(text.contains("critical comes before warning"), "{text}");
}

#[test]
fn a_ladder_of_the_operators_own_is_said_in_the_header_and_over_the_ladder() {
    let rung = |step, after_days| LadderStep {
        step,
        after_days,
        extra: None,
    };
    let own = vec![rung(Step::Warning, 11), rung(Step::Other("legal-notice".into()), 26)];
    for seed in SEEDS {
        for (ladder, hides) in [(own.clone(), true), (Vec::new(), false)] {
            let settings = Settings {
                ladder,
                ..Settings::default()
            };
            let mut bench = Bench::judged(seed, Lang::En, (120, 60), settings);
            assert_eq!(bench.rows()[0].contains("own ladder"), hides, "{}", bench.picture());
            bench.keys("4 b end");
            // What is hidden is named, with the headquarters' own days.
            for words in ["configuration and hides", "legal-notice", "reminder 3 ·"] {
                assert_eq!(bench.says(words), hides, "{words}: {}", bench.picture());
            }
            bench.keys("x");
            assert_eq!(window(&bench).join(" ").contains("configuration and hides"), hides);
        }
    }
}
