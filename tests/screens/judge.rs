//! Judging on screen: why a finding stands above another, and what the sheets sum up.

use super::harness::{Bench, LANGS, SEEDS};
use rasad::app::popup::Popup;
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
