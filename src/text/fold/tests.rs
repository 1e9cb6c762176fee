use super::*;
use proptest::prelude::*;

/// What is marked when one searches for a word as it was typed.
fn marked<'a>(text: &'a str, typed: &str) -> Vec<&'a str> {
    find(text, &fold(typed)).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn spellings_that_read_alike_are_one() {
    for (a, b) in [
        ("علي", "علی"),
        ("موسى", "موسی"),
        ("كتاب", "کتاب"),
        ("مسئول", "مسیول"),
        ("مؤسسة", "موسسه"),
        ("خانۀ", "خانهٔ"),
        ("خانهٔ", "خانه"),
        ("آذر", "اذر"),
        ("إجرا", "أجرا"),
        ("املاء", "املا"),
        // However many there are, and in whatever form.
        ("می\u{200c}ء\u{200c}ءء", "می"),
        ("املا\u{fe80}ء\u{fe80}", "املا"),
        ("جزءءها", "جزءءها"),
        ("مُحَمَّد", "محمد"),
        ("کـــار", "کار"),
        ("۱۲۳", "١٢٣"),
        ("۱٬۲۳۴٫۵", "1,234.5"),
        ("١٢", "12"),
        ("ﺳﻼﻡ", "سلام"),
        ("TABRIZ", "tabriz"),
        ("Café", "cafe"),
        ("۵٪", "5%"),
        ("−۵", "-5"),
    ] {
        assert_eq!(fold(a), fold(b), "{a} {b}");
    }
    assert_ne!(fold("سال"), fold("شال"));
    assert_ne!(fold("۱،۲"), fold("۱۲"), "a list is no number");
}

#[test]
fn what_was_folded_is_folded() {
    for (text, folded) in [
        // A letter that is a mark is nothing: the hamza ends its word.
        ("جزء\u{2de1}(", "جز("),
        // A letter in brackets begins with a bracket.
        ("جزء\u{249c}", "جز(a)"),
        // What is nothing does not keep digits from being three.
        ("1,2\u{640}34", "1234"),
        ("1,\u{66c}234", "1234"),
        ("1,2\u{b2}3", "1223"),
        // A comma that comes with something else is one.
        ("1\u{ff0c}234", "1234"),
        ("\u{1f101}234", "0234"),
        ("1,234,5678", "1234,5678"),
        ("1,,234", "1,,234"),
    ] {
        assert_eq!(fold(text), folded, "{text:?}");
        assert_eq!(fold(&fold(text)), folded, "{text:?}");
    }
}

#[test]
fn a_page_of_hamzas_takes_one_look() {
    // Were each to look for the end of the word anew, this would take minutes.
    let page = "ء".repeat(200_000);
    assert_eq!(fold(&format!("{page}ها")).chars().count(), 200_002);
    assert_eq!(fold(&format!("جز{page} ها")), "جز ها");
}

#[test]
fn words_parted_by_a_space_a_zwnj_or_nothing_find_each_other() {
    let ways = ["دانش\u{200c}بنیان", "دانش بنیان", "دانشبنیان"];
    for hay in ways {
        for typed in ways {
            assert_eq!(marked(hay, typed), [hay], "{hay} {typed}");
            assert!(contains(&fold(hay), &fold(typed)));
        }
    }
    assert_eq!(
        marked("شرکت‌های دانش بنیان استان", "دانشبن"),
        ["دانش بن"],
        "while it is typed"
    );
}

#[test]
fn a_match_does_not_run_from_the_middle_of_a_word_into_the_next() {
    assert!(!contains(&fold("من گاهی"), &fold("نگا")));
    assert!(!contains(&fold("plan due"), &fold("and")));
    assert!(
        contains(&fold("درآمد پایدار"), &fold("امد")),
        "inside one word it may start anywhere"
    );
    assert!(contains(&fold("می‌شود"), &fold("می شود")));
    assert!(!contains(&fold("الف"), &fold("الف ب")));
    assert!(contains(&fold("هرچه"), ""));
}

#[test]
fn the_letters_that_matched_are_marked_with_their_marks() {
    assert_eq!(marked("اِستانِ آذربایجان", "استان"), ["اِستانِ"]);
    assert_eq!(marked("مدیرِ كلّ", "کل"), ["كلّ"]);
    assert_eq!(marked("خانهٔ ما", "خانه"), ["خانهٔ"]);
    assert_eq!(marked("۱۲ از ١٢ و 12", "۱۲"), ["۱۲", "١٢", "12"]);
    assert_eq!(marked("Plan PLAN plan", "plan").len(), 3);
    assert_eq!(marked("بابا", "با"), ["با", "با"]);
    assert_eq!(marked("هیچ", "چیز"), [""; 0]);
}

#[test]
fn blanks_at_the_ends_of_what_was_typed_do_not_matter() {
    assert_eq!(marked("رشد ۱۲", " رشد "), ["رشد"]);
    assert!(contains(&fold("رشد"), &fold("رشد ")));
    assert_eq!(fold("  الف \n ب "), "الف ب");
}

#[test]
fn a_character_that_holds_the_word_twice_is_found_once() {
    assert_eq!(find("a‥b", ".").as_slice(), std::slice::from_ref(&(1..4)));
    assert_eq!(find("‥‥", "."), [0..3, 3..6]);
    assert_eq!(find("..", "."), [0..1, 1..2]);
}

proptest! {
    #[test]
    fn every_text_finds_itself(text in "[ا-یآأإؤئةكيa-z۰-۹0-9 \u{200c}\u{64b}-\u{655}]{0,20}") {
        let folded = fold(&text);
        prop_assert!(contains(&folded, &folded));
        prop_assert_eq!(find(&text, &folded).is_empty(), folded.is_empty());
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn found_places_are_whole_characters_in_order(text in "\\PC{0,30}", typed in "\\PC{0,4}") {
        let mut last = 0;
        let needle = fold(&typed);
        let found = find(&text, &needle);
        for range in &found {
            prop_assert!(range.start >= last && range.end > range.start);
            prop_assert!(text.get(range.clone()).is_some());
            last = range.end;
        }
        prop_assert_eq!(!found.is_empty() || needle.is_empty(), contains(&fold(&text), &needle));
    }
}

proptest::proptest! {
    /// The fast way folds as the slow one does, of texts made of what it takes and of what it leaves to the other.
    #[test]
    fn plain_texts_fold_as_all_do(text in "[آ-ی ءأةؤئ۰-۹٠-٩a-cA-C\u{200c}\u{640}\u{64b},،٬ .-]{0,24}|\\PC{0,12}") {
        let mut slow = String::new();
        super::each(&text, |c, _| slow.push(c));
        proptest::prop_assert_eq!(super::fold(&text), slow);
    }
}
