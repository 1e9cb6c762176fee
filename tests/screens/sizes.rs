//! Any size, any moment: nothing panics, nothing leaves its row, whatever is on screen and whatever is pressed.

use super::harness::{Bench, LANGS, SEEDS};
use super::keys::SCREENS;
use rasad::app::Effect;
use rasad::config::Keymap;
use rasad::text::Lang;

/// Around every limit of the layout, and the ends.
const WIDTHS: &[u16] = &[
    1, 2, 3, 5, 8, 13, 19, 20, 21, 27, 39, 40, 59, 60, 61, 70, 80, 99, 100, 101, 130, 210,
];
const HEIGHTS: &[u16] = &[1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 18, 24, 25, 70];

fn every_size(lang: Lang) {
    for (n, way) in SCREENS.iter().enumerate() {
        let mut bench = Bench::new(SEEDS[n % 2], lang, (80, 24));
        bench.keys(way);
        for (i, width) in WIDTHS.iter().enumerate() {
            for (j, height) in HEIGHTS.iter().enumerate() {
                // The large ones are sampled, each in its turn.
                if u32::from(*width) * u32::from(*height) > 1_500 && (i + j + n) % 4 != 0 {
                    continue;
                }
                bench.resize(*width, *height);
                bench.rows();
            }
        }
    }
}

#[test]
fn every_screen_is_drawn_at_any_size_in_english() {
    every_size(Lang::En);
}

#[test]
fn every_screen_is_drawn_at_any_size_in_persian() {
    every_size(Lang::Fa);
}

#[test]
fn the_overview_is_drawn_at_every_single_small_size() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, (80, 24));
        for width in 1..=64 {
            for height in 1..=16 {
                bench.resize(width, height);
                bench.rows();
            }
        }
    }
}

#[test]
fn too_small_a_window_says_so_where_there_is_room_for_it() {
    let mut bench = Bench::new(1, Lang::En, (19, 5));
    bench.must_say("window too small");
    bench.resize(20, 5);
    bench.must_not_say("window too small");
}

#[test]
fn the_state_of_the_source_is_on_screen_at_every_width() {
    for lang in LANGS {
        let mut bench = Bench::new(1, lang, (80, 24));
        for live in [true, false] {
            let sign = if live { '●' } else { '○' };
            for width in 20..=210 {
                bench.resize(width, 24);
                let header = bench.rows()[0].clone();
                assert!(header.contains(sign), "{width}: {header}");
                assert!(width < 40 || header.trim().chars().count() > 12, "{width}: {header}");
            }
            bench.reject(Vec::new());
        }
    }
}

#[test]
fn a_long_random_walk_over_all_keys_and_sizes_ends_where_esc_leads_home() {
    let mut keys: Vec<String> = Vec::new();
    for binding in Keymap::default().bindings() {
        keys.extend(
            binding
                .chords
                .iter()
                .map(|chord| chord.label().to_lowercase().replace(' ', "")),
        );
    }
    keys.extend(["ش", "ب", "x", "۲", "«", "<", ":", "9"].map(str::to_owned));
    // Labels are for people; only those that are names of keys too are pressed.
    keys.retain(|key| key.parse::<rasad::config::chord::Chord>().is_ok());
    assert!(keys.len() > 40, "{keys:?}");
    for seed in SEEDS {
        let mut bench = Bench::new(seed, Lang::Fa, (80, 24));
        let mut state = 0x2545_f491_4f6c_dd1d_u64 ^ seed;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % below
        };
        for step in 0..2_500 {
            let key = &keys[next(keys.len())];
            bench.keys(key);
            if next(12) == 0 {
                bench.resize(WIDTHS[next(WIDTHS.len())], HEIGHTS[next(HEIGHTS.len())]);
            }
            if step % 5 == 0 {
                bench.rows();
            }
        }
        bench.resize(80, 24);
        let effects = bench.keys(&"esc ".repeat(60));
        assert!(!effects.contains(&Effect::Quit));
        assert_eq!(bench.app.path().len(), 1);
        assert!(bench.app.popup().is_none());
    }
}
