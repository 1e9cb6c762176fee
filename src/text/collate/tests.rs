use super::*;
use proptest::prelude::*;

fn sorted(mut words: Vec<&str>) -> Vec<&str> {
    words.reverse();
    words.sort_by(|a, b| compare(a, b));
    words
}

#[test]
fn letters_stand_in_the_order_of_the_persian_alphabet() {
    let alphabet: Vec<&str> = "آ ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی"
        .split(' ')
        .collect();
    assert_eq!(sorted(alphabet.clone()), alphabet);
}

#[test]
fn digits_count_by_value_and_come_before_letters_and_persian_before_latin() {
    let rows = vec!["۹", "۱۰", "طرح ۲", "طرح ۱۰", "Tabriz"];
    assert_eq!(sorted(rows.clone()), rows);
    assert_eq!(compare("p-9", "p-0117"), Ordering::Less);
    assert_eq!(compare("طرح ٩", "طرح ۱۰"), Ordering::Less);
}

#[test]
fn a_zwnj_counts_for_nothing_and_a_space_counts() {
    assert_eq!(
        sorted(vec!["می شود", "میدان", "می\u{200c}شود"]),
        ["می شود", "میدان", "می\u{200c}شود"]
    );
    assert_eq!(compare("مُلک", "ملخ"), Ordering::Greater);
}

proptest! {
    #[test]
    fn a_sort_key_says_what_comparing_says(a in "[ا-ی۰-۹a-z \u{200c}-]{0,10}", b in "[ا-ی۰-۹a-z \u{200c}-]{0,10}") {
        prop_assert_eq!(sort_key(&a).cmp(&sort_key(&b)), compare(&a, &b));
    }
}
