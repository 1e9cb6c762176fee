//! The sample lines by which a person tells whether a terminal shows Persian right, and what he says of them.

use crate::text::number;
use crate::text::profile::Profile;
use crate::tui::detect::{Answers, Choice};

/// Everything that goes wrong somewhere: joining, lam-alef, the hamza of the ezafe, a ZWNJ, brackets, a Latin id, a date, a decimal
/// with a percent sign, a negative number. Persian in both languages: it is what is being judged.
pub const SAMPLE: &str = "برنامهٔ دانش‌بنیان «سلام» (P-0117) تا ۱۴۰۳/۰۱/۳۱: ۱۲٫۵٪، انحراف \u{2066}−۳\u{2069}";

/// Parts of the sample by which the right line is described.
pub const ID: &str = "P-0117";
/// The same.
pub const DATE: &str = "۱۴۰۳/۰۱/۳۱";
/// The same.
pub const NUMBER: &str = "−۳";

/// The signs screens are drawn with, and the letters fonts lack most often.
pub const GLYPHS: &str = "┌─┬─┐│├┼┤└┴┘ ▌▐█▏▎▍▋▊▉ ▁▂▃▄▅▆▇ ● ○ ▲▼ ‼ … ← → ﮔ ﭼ ﭘ ﮊ ﯾ ﻻ";

/// The profiles that are offered. One that switches the whole terminal can only be judged where it is in force: it is offered to the
/// terminal it is for.
pub fn candidates(answers: &Answers, choice: &Choice) -> Vec<Profile> {
    let offered = |profile: &Profile| match profile {
        Profile::Off => false,
        Profile::Mlterm => choice.profile == Profile::Mlterm,
        // Sequences that an older kitty or another terminal might show as text.
        Profile::Kitty66 => choice.profile == Profile::Kitty66,
        Profile::Explicit => choice.profile == Profile::Explicit || answers.layer().is_none(),
        Profile::Plain | Profile::Pinned | Profile::Fenced | Profile::Sgr => true,
    };
    Profile::ALL.into_iter().filter(offered).collect()
}

/// The line somebody picked, by number in any digits or by name; the inner nothing is `auto`.
pub fn picked(word: &str, candidates: &[Profile]) -> Option<Option<Profile>> {
    if word == "auto" {
        return Some(None);
    }
    let by_number = || {
        let digits: Option<String> = word
            .chars()
            .map(|c| number::digit_value(c).map(|value| char::from(b'0' + value)))
            .collect();
        let n: usize = digits?.parse().ok()?;
        candidates.get(n.checked_sub(1)?).copied()
    };
    // By name any profile can be taken, also one that could not be shown.
    by_number().or_else(|| word.parse().ok()).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::detect::{Environment, choose};

    #[test]
    fn a_line_is_picked_by_number_in_any_digits_or_by_name() {
        let candidates = [Profile::Plain, Profile::Pinned, Profile::Fenced];
        for (word, wanted) in [
            ("2", Some(Some(Profile::Pinned))),
            ("۲", Some(Some(Profile::Pinned))),
            ("٣", Some(Some(Profile::Fenced))),
            ("mlterm", Some(Some(Profile::Mlterm))),
            ("auto", Some(None)),
            ("0", None),
            ("4", None),
            ("99999999999999999999999", None),
            ("", None),
            ("plian", None),
        ] {
            assert_eq!(picked(word, &candidates), wanted, "{word}");
        }
    }

    #[test]
    fn the_sample_holds_what_it_is_described_by() {
        for part in [ID, DATE, NUMBER] {
            assert!(SAMPLE.contains(part), "{part}");
        }
    }

    #[test]
    fn the_sample_is_whole_in_a_window_of_eighty_columns() {
        // Sign, number and the name of the profile stand before it, and the last column stays free.
        let before = " ● 1 explicit ".chars().count();
        assert!(
            before + crate::text::cells(SAMPLE) < 80,
            "{}",
            crate::text::cells(SAMPLE)
        );
    }

    #[test]
    fn what_is_in_force_is_always_among_the_lines() {
        for (name, da2) in [
            ("kitty(0.41.1)", 1),
            ("", 24),
            ("tmux 3.3a", 84),
            ("VTE(8001)", 61),
            ("", 0),
        ] {
            let answers = Answers {
                name: (!name.is_empty()).then(|| name.to_owned()),
                da2: Some(vec![da2, 279, 0]),
                bdsm: (da2 == 61).then_some(1),
                complete: true,
                ..Answers::default()
            };
            let choice = choose(&answers, &Environment::default());
            assert!(candidates(&answers, &choice).contains(&choice.profile), "{name} {da2}");
        }
    }
}
