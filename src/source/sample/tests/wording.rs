//! How the records are worded.

use super::*;
use crate::contract::clean;

fn strings<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(map) => map.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

#[test]
fn هر_نوشته_فارسی_درست_و_پاکیزه_است() {
    const ZWNJ: char = '\u{200c}';
    for seed in [1, 2] {
        let document = newest(seed);
        let mut texts = Vec::new();
        strings(&document, &mut texts);
        assert!(texts.iter().any(|t| t.contains(ZWNJ)) && texts.iter().any(|t| t.contains("هٔ")));
        for text in texts {
            assert!(clean::is_clean(text), "clean: {text}");
            assert!(unicode_normalization::is_nfc(text), "NFC: {text}");
            // Arabic yeh, alef maksura and kaf; Arabic digits and signs; heh with a yeh above as one letter; unfilled places.
            let foreign = |c: char| matches!(c, 'ي' | 'ى' | 'ك' | 'ة' | 'ۀ' | 'ھ' | '\u{660}'..='\u{669}' | '{' | '}');
            assert!(!text.contains(foreign), "letters: {text}");
            assert!(!text.contains("  ") && text.trim() == text, "spaces: {text}");
            let letters: Vec<char> = text.chars().collect();
            for (place, _) in letters.iter().enumerate().filter(|(_, c)| **c == ZWNJ) {
                let side = |at: Option<usize>| at.and_then(|i| letters.get(i)).is_some_and(|c| c.is_alphabetic());
                assert!(
                    side(place.checked_sub(1)) && side(Some(place + 1)),
                    "a joiner at a word's edge: {text}"
                );
            }
            for (wrong, right) in [
                ("می شود", "می‌شود"),
                ("دانش بنیان", "دانش‌بنیان"),
                (" های ", "‌های"),
                (" ها ", "‌ها"),
                ("ه ی ", "هٔ"),
            ] {
                assert!(!text.contains(wrong), "{wrong} for {right}: {text}");
            }
        }
    }
}

#[test]
fn names_and_titles_of_the_small_kinds_stand_in_both_languages() {
    for seed in [1, 2] {
        let document = newest(seed);
        for (kind, field) in [
            ("measures", "title"),
            ("agencies", "name"),
            ("projects", "title"),
            ("decisions", "text"),
            ("demands", "text"),
            ("campaigns", "title"),
            ("enterprises", "name"),
        ] {
            for record in rows(&document, kind) {
                let (fa, en) = (word(&record[field], "fa"), word(&record[field], "en"));
                assert!(!fa.is_ascii() && !en.is_empty() && en.is_ascii(), "{kind}: {fa} / {en}");
            }
        }
    }
}
