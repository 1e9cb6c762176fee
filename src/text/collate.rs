//! The Persian order of texts: آ ا ب پ …, digits by their value, Persian before Latin, by ICU4X's collation for `fa`.

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// Built when two texts are first compared, never at the start of the program.
fn collator() -> Option<&'static CollatorBorrowed<'static>> {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    COLLATOR
        .get_or_init(|| {
            let mut preferences = CollatorPreferences::from(locale!("fa"));
            preferences.numeric_ordering = Some(CollationNumericOrdering::True);
            CollatorBorrowed::try_new(preferences, CollatorOptions::default()).ok()
        })
        .as_ref()
}

/// Which of two texts comes first; texts that differ only in what the order ignores are equal.
pub fn compare(a: &str, b: &str) -> Ordering {
    match collator() {
        Some(collator) => collator.compare(a, b),
        None => a.cmp(b),
    }
}

/// Bytes that compare as [`compare`] does, for columns that are sorted many times.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    match collator() {
        Some(collator) => {
            if collator.write_sort_key_to(text, &mut key).is_err() {
                key.clear();
            }
        }
        None => key.extend_from_slice(text.as_bytes()),
    }
    key
}

#[cfg(test)]
mod tests;
