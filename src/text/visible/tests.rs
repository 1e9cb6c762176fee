use super::*;
use proptest::prelude::*;

const ROOM: usize = 1000;

#[test]
fn plain_text_passes_untouched() {
    for text in [
        "",
        "plan",
        "می‌شود خانهٔ آب",
        "۱۲٫۵٪ «رصد» …",
        "خط اول\nخط دوم",
        "👩‍👩‍👧",
        "Café",
        "ه\u{200d}",
    ] {
        let cleaned = clean(text, ROOM);
        assert!(is_clean(text, ROOM), "{text}");
        assert!(matches!(cleaned.text, Cow::Borrowed(_)), "{text}");
        assert_eq!((cleaned.text.as_ref(), cleaned.changes, cleaned.cut), (text, 0, false));
    }
}

#[test]
fn what_drives_a_terminal_or_turns_a_line_is_replaced_visibly() {
    for c in [
        '\0',
        '\u{7}',
        '\t',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{61c}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2028}',
        '\u{2029}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{206e}',
        '\u{feff}',
        '\u{fdd0}',
        '\u{fff9}',
        '\u{fffe}',
        '\u{1fffe}',
        '\u{10ffff}',
        '\u{e0001}',
        '\u{e0041}',
    ] {
        assert!(is_forbidden(c), "{c:?}");
        let text = format!("a{c}ب");
        assert_eq!(
            clean(&text, ROOM),
            Cleaned {
                text: "a\u{fffd}ب".into(),
                changes: 1,
                cut: false
            },
            "{c:?}"
        );
    }
    for c in [
        '\n',
        ' ',
        '\u{200c}',
        '\u{200d}',
        '\u{a0}',
        '\u{202f}',
        '\u{654}',
        '\u{fe0f}',
        '\u{fffd}',
        '\u{e0100}',
        'ی',
    ] {
        assert!(!is_forbidden(c), "{c:?}");
    }
}

#[test]
fn presentation_forms_become_letters() {
    assert_eq!(clean("ﺳﻼﻡ", ROOM).text, "سلام");
    assert_eq!(clean("ﮔﭘﭼﮊﯼ", ROOM).text, "گپچژی");
    assert_eq!(clean("ﷲ ﷼", ROOM).text, "الله ریال");
    assert_eq!(
        clean("ب\u{fe76}", ROOM).text,
        "ب\u{64e}",
        "a spacing mark is the mark, without its blank"
    );
    assert!(is_clean("\u{fd3e}۱\u{fd3f}", ROOM), "ornate brackets are no forms");
    assert!(clean("ﺳﻼﻡ", ROOM).changes > 0);
}

#[test]
fn the_text_is_composed() {
    assert_eq!(clean("ا\u{653}ب", ROOM).text, "آب");
    assert_eq!(clean("مسي\u{654}ول", ROOM).text, "مسئول");
    assert_eq!(clean("خانۀ", ROOM).text, "خانۀ");
    assert_eq!(clean("e\u{301}", ROOM).text, "é");
    assert!(!is_clean("e\u{301}", ROOM));
}

#[test]
fn a_base_keeps_four_marks() {
    let zalgo = format!("x{}y", "\u{301}".repeat(50));
    assert_eq!(clean(&zalgo, ROOM).text.chars().count(), 6);
    assert!(clean(&zalgo, ROOM).changes >= 46);
}

#[test]
fn long_text_is_cut_and_said_to_be() {
    let cleaned = clean("سلام", 2);
    assert_eq!((cleaned.text.as_ref(), cleaned.changes, cleaned.cut), ("سل", 0, true));
    assert!(!is_clean("سلام", 3));
    assert!(!is_clean("abcd", 3));
}

#[test]
fn every_character_by_itself_is_clean_once_it_was_cleaned() {
    for c in '\0'..=char::MAX {
        let text = c.to_string();
        let cleaned = clean(&text, ROOM);
        assert!(is_clean(&cleaned.text, ROOM), "{c:?} became {:?}", cleaned.text);
        assert_eq!(clean(&cleaned.text, ROOM).changes, 0, "{c:?}");
    }
}

proptest! {
    #[test]
    fn cleaned_text_is_clean_and_composed(text in "(.|\\p{Cf}|[\u{600}-\u{6ff}\u{64b}-\u{655}\u{fb50}-\u{fdff}\u{fe70}-\u{fefc}]|\\p{M}){0,30}") {
        let cleaned = clean(&text, 25);
        prop_assert!(is_clean(&cleaned.text, 25), "{:?}", cleaned);
        prop_assert_eq!(clean(&cleaned.text, 25).text, cleaned.text.clone());
        prop_assert!(!cleaned.text.contains(is_forbidden));
        prop_assert_eq!(is_clean(&text, 25), cleaned.text == text && !cleaned.cut);
        prop_assert!(cleaned.text == text || cleaned.changes > 0 || cleaned.cut);
        let composed: String = cleaned.text.nfc().collect();
        prop_assert_eq!(composed, cleaned.text.as_ref());
    }
}

proptest::proptest! {
    /// A text the fast look takes for clean is clean by every rule: cleaning leaves it as it stands.
    #[test]
    fn what_looks_plain_is_clean(text in "[\u{600}-\u{6ff} a-z\u{200c}\n]{0,12}|[هھۀاوa \u{654}\u{64b}\u{6d5}\u{6c1}]{0,9}|\\PC{0,8}") {
        use unicode_normalization::UnicodeNormalization as _;
        if super::is_plain(&text) {
            proptest::prop_assert!(text.chars().all(|c| !super::is_forbidden(c) && !super::is_presentation_form(c)));
            proptest::prop_assert_eq!(text.nfc().collect::<String>(), text);
        }
    }
}

proptest! {
    /// Bytes looked at sixteen at a time are judged as they are one by one.
    #[test]
    fn a_line_is_as_plain_at_once_as_byte_by_byte(
        text in "[آ-ی۰-۹ a-z\u{200c}،]{0,60}|[\u{600}-\u{6ff} \u{200c}]{0,40}|[آ-یa هٔ\u{654}\n]{0,40}|[آ-ی ]{0,30}\\PC[آ-ی ]{0,30}|\\PC{0,40}",
    ) {
        let one_by_one = super::plain_run(text.as_bytes(), |byte| byte == b'\n') == text.len();
        prop_assert_eq!(super::is_plain_line(&text), one_by_one);
    }
}

/// So it is for every character, wherever the sixteen begin.
#[test]
fn every_character_in_a_line_is_plain_or_not_wherever_it_stands() {
    for c in ('\0'..='\u{ffff}').chain(['\u{1f600}', '\u{10ffff}']) {
        let plain = super::plain_run(c.encode_utf8(&mut [0; 4]).as_bytes(), |byte| byte == b'\n') == c.len_utf8();
        let around = if u32::from(c) < 0x3000 { 0..=17 } else { 9..=9 };
        for before in around {
            let line = format!("{}{c}{}", "a".repeat(before), "ب".repeat(9));
            assert_eq!(
                super::is_plain_line(&line),
                plain,
                "U+{:04X} behind {before}",
                u32::from(c)
            );
        }
    }
}

#[test]
fn every_character_that_looks_plain_is() {
    use unicode_normalization::UnicodeNormalization as _;
    for c in '\u{600}'..='\u{6ff}' {
        let text = c.to_string();
        if super::is_plain(&text) {
            assert!(!super::is_forbidden(c) && !super::is_mark(c), "{c:?}");
            assert!(text.nfc().eq([c]), "{c:?}");
        }
    }
    assert!(super::is_plain("طرح دانش‌بنیان، ۱۲ نفر"));
}
