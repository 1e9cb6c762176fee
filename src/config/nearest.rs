//! "Did you mean …": the known word nearest to a mistyped one.

/// The nearest of some known words, or nothing when none is near: at most a third of the letters may differ, and at most three.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A dash or an underscore, a capital or a small letter: nobody remembers which.
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word = plain(word);
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to put in, take out, change or swap with a neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let crossed = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if crossed {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("abc", "ca"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("رصد", "رصد"), 0);
    }
}
