//! "Did you mean": the known names nearest to a wrong one. It must not know what the names stand for.

/// Most names worth proposing.
const MOST: usize = 3;

/// The known names a wrong one may stand for, nearest first: those it begins, or those a few letters away.
pub fn near<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong: Vec<char> = wrong.chars().flat_map(char::to_lowercase).take(64).collect();
    // A third of the letters may be wrong; a name of two letters must begin right.
    let limit = wrong.len() / 3;
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let letters: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
            if !wrong.is_empty() && letters.starts_with(&wrong) {
                return Some((0, name));
            }
            let far = distance(&wrong, &letters);
            (far <= limit).then_some((far, name))
        })
        .collect();
    found.sort();
    found.dedup_by_key(|(_, name)| *name);
    found.truncate(MOST);
    found.into_iter().map(|(_, name)| name).collect()
}

/// Letters to put in, take out, exchange or swap with their neighbour to get from one to the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::near;

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
}
