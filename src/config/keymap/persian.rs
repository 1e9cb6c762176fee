//! A Persian keyboard under the same fingers: which Latin key stands where a Persian character is typed (ISIRI 9147).
//!
//! Commands stay where the hand knows them, whatever layout is switched on; text being typed is never touched.

/// Plain layer: the four rows of the keyboard, position by position.
const PLAIN: &[(&str, &str)] = &[
    ("ضصثقفغعهخحجچ", "qwertyuiop[]"),
    ("شسیبلاتنمکگ", "asdfghjkl;'"),
    ("ظطزرذدپو", "zxcvbnm,"),
];

/// Shift layer, where it types a character of its own; what types an ASCII character there already is that key.
const SHIFTED: &[(char, char)] = &[
    ('\u{652}', 'Q'),
    ('\u{64c}', 'W'),
    ('\u{64d}', 'E'),
    ('\u{64b}', 'R'),
    ('\u{64f}', 'T'),
    ('\u{650}', 'Y'),
    ('\u{64e}', 'U'),
    ('\u{651}', 'I'),
    ('ؤ', 'A'),
    ('ئ', 'S'),
    ('ي', 'D'),
    ('إ', 'F'),
    ('أ', 'G'),
    ('آ', 'H'),
    ('ة', 'J'),
    ('»', 'K'),
    ('«', 'L'),
    ('ك', 'Z'),
    ('\u{653}', 'X'),
    ('ژ', 'C'),
    ('\u{670}', 'V'),
    ('\u{200c}', 'B'),
    ('\u{654}', 'N'),
    ('ء', 'M'),
];

/// Punctuation means its Latin twin wherever it stands: the sign on the key is what the hint showed.
const SIGNS: &[(char, char)] = &[
    ('؟', '?'),
    ('،', ','),
    ('؛', ';'),
    ('٪', '%'),
    ('٬', ','),
    ('٫', '.'),
    ('÷', '/'),
    ('ـ', '_'),
];

/// What a text would have been with the Latin layout switched on; nothing when it was typed on that one.
pub fn on_latin_keys(text: &str) -> Option<String> {
    let mut changed = false;
    let typed = text.chars().map(|c| match latin(c) {
        Some(key) => {
            changed = true;
            key
        }
        None => c,
    });
    let typed: String = typed.collect();
    changed.then_some(typed)
}

/// The character of the Latin layout meant by a character of the Persian one, or nothing when it is not one of them.
pub(super) fn latin(c: char) -> Option<char> {
    if let Some(digit) = ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"]
        .iter()
        .find_map(|digits| digits.chars().position(|d| d == c))
    {
        return char::from_digit(u32::try_from(digit).ok()?, 10);
    }
    if c.is_ascii() {
        return None;
    }
    let plain = PLAIN
        .iter()
        .find_map(|(persian, latin)| persian.chars().zip(latin.chars()).find(|(p, _)| *p == c));
    plain
        .or_else(|| SHIFTED.iter().chain(SIGNS).copied().find(|(p, _)| *p == c))
        .map(|(_, latin)| latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_the_persian_keyboard_lie_under_the_latin_ones() {
        for (persian, latin) in PLAIN {
            assert_eq!(persian.chars().count(), latin.chars().count());
        }
        assert_eq!(latin('ش'), Some('a'));
        assert_eq!(latin('ض'), Some('q'));
        assert_eq!(latin('چ'), Some(']'));
        assert_eq!(latin('گ'), Some('\''));
        assert_eq!(latin('و'), Some(','));
        assert_eq!(latin('پ'), Some('m'));
    }

    #[test]
    fn digits_and_signs_of_the_persian_keyboard_mean_their_twins() {
        assert_eq!(latin('۰'), Some('0'));
        assert_eq!(latin('۹'), Some('9'));
        assert_eq!(latin('٣'), Some('3'));
        assert_eq!(latin('؟'), Some('?'));
        assert_eq!(latin('،'), Some(','));
    }

    #[test]
    fn shifted_letters_are_capitals() {
        assert_eq!(latin('أ'), Some('G'));
        assert_eq!(latin('ئ'), Some('S'));
        assert_eq!(latin('\u{650}'), Some('Y'));
    }

    #[test]
    fn a_text_typed_on_the_wrong_layout_is_what_the_hand_meant() {
        assert_eq!(on_latin_keys("ح-۰۱۱۷").as_deref(), Some("p-0117"));
        assert_eq!(on_latin_keys("ثطحخقف").as_deref(), Some("export"));
        assert_eq!(on_latin_keys("p-0117"), None);
        assert_eq!(on_latin_keys(""), None);
    }

    #[test]
    fn no_position_is_named_twice_and_latin_stays_latin() {
        let mut seen = std::collections::BTreeSet::new();
        let plain = PLAIN.iter().flat_map(|(persian, _)| persian.chars());
        for c in plain.chain(SHIFTED.iter().chain(SIGNS).map(|(p, _)| *p)) {
            assert!(seen.insert(c), "{c}");
        }
        assert_eq!((latin('a'), latin('?'), latin('é')), (None, None, None));
    }
}
