//! "Did you mean": the known names nearest to a wrong one. It must not know what the names stand for.

/// Most names worth proposing.
const MOST: usize = 3;
/// Letters of a wrong name that are looked at: a pasted page is no name.
const LONGEST: usize = 64;

/// The known names a wrong one may stand for, nearest first: those it begins, or those a few letters away.
pub fn near<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong: String = wrong.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
    // A third of the letters may be wrong; a name of two letters must begin right.
    let limit = wrong.chars().count() / 3;
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let letters = name.to_lowercase();
            let far = if !wrong.is_empty() && letters.starts_with(&wrong) {
                0
            } else {
                within(&wrong, &letters, limit)?
            };
            Some((far, name))
        })
        .collect();
    found.sort();
    found.dedup_by_key(|(_, name)| *name);
    found.truncate(MOST);
    found.into_iter().map(|(_, name)| name).collect()
}

/// The one known word a mistyped one stands for, or nothing when none is near: at most a third of the letters may differ, one at
/// least, and at most three.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A dash or an underscore, a capital or a small letter: nobody remembers which.
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word: String = plain(word).chars().take(LONGEST).collect();
    let limit = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .filter_map(|candidate| Some((within(&word, &plain(candidate), limit)?, candidate)))
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// How many letters are to be put in, taken out, exchanged or swapped with their neighbour, when they are not more than the limit.
fn within(wrong: &str, known: &str, limit: usize) -> Option<usize> {
    let lengths = wrong.chars().count().abs_diff(known.chars().count());
    if lengths > limit {
        return None;
    }
    let far = strsim::osa_distance(wrong, known);
    (far <= limit).then_some(far)
}

#[cfg(test)]
mod tests {
    use super::{near, nearest};

    #[test]
    fn the_nearest_names_are_proposed_and_far_ones_are_not() {
        let known = ["due", "state", "days_overdue", "submitted", "مهلت", "وضعیت"];
        for (wrong, proposed) in [
            ("stat", vec!["state"]),
            ("sate", vec!["state"]),
            ("satte", vec!["state"]),
            ("days_overdeu", vec!["days_overdue"]),
            ("s", vec!["state", "submitted"]),
            ("وضعت", vec!["وضعیت"]),
            ("DUE", vec!["due"]),
            ("colour", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(near(wrong, known), proposed, "{wrong}");
        }
    }

    #[test]
    fn slips_of_the_finger_are_found_and_other_words_are_not() {
        let known = ["due_soon_days", "notify_within_days", "lang", "theme", "plan-overdue"];
        let like = |word: &str| nearest(word, known);
        assert_eq!(like("due_son_days"), Some("due_soon_days"));
        assert_eq!(like("due-soon-days"), Some("due_soon_days"));
        assert_eq!(like("tehme"), Some("theme"));
        assert_eq!(like("Lang"), Some("lang"));
        assert_eq!(like("plan_overdeu"), Some("plan-overdue"));
        assert_eq!(like("language"), None);
        assert_eq!(like("زبان"), None);
        assert_eq!(like(""), None);
    }

    #[test]
    fn swapped_neighbours_are_one_mistake() {
        assert_eq!(nearest("ba", ["ab"]), Some("ab"));
        assert_eq!(nearest("cab", ["abc"]), None);
    }
}
