use super::super::Direction::{Ltr, Rtl};
use super::*;

fn tailored(text: &str) -> String {
    numbers(text, Rtl).text.replace(LRI, "⟦").replace(PDI, "⟧")
}

#[test]
fn isolates_are_put_around_and_taken_off() {
    assert_eq!(ltr("p-0117"), "\u{2066}p-0117\u{2069}");
    assert_eq!(auto("اهر"), "\u{2068}اهر\u{2069}");
    assert_eq!(strip(&format!("مسیر {}\u{200f}", ltr("/var"))), "مسیر /var");
    assert!(matches!(strip("می‌شود"), Cow::Borrowed(_)));
}

#[test]
fn only_numbers_that_would_come_apart_are_isolated() {
    for (text, wanted) in [
        ("−۳٫۷٪ و +۵", "⟦−۳٫۷٪⟧ و ⟦+۵⟧"),
        ("تاریخ ۱۴۰۳-۰۱-۳۱.", "تاریخ ⟦۱۴۰۳-۰۱-۳۱⟧."),
        ("سال۱۴۰۳-۱۴۰۴", "سال⟦۱۴۰۳-۱۴۰۴⟧"),
        ("(۱۲٪)", "(⟦۱۲٪⟧)"),
        ("٪۱۲", "⟦٪۱۲⟧"),
        ("۲×۳", "⟦۲×۳⟧"),
        ("۱۰–۱۲ و ۱٬۲۳۴", "⟦۱۰–۱۲⟧ و ۱٬۲۳۴"),
        ("۱۴۰۳/۰۱/۳۱", "۱۴۰۳/۰۱/۳۱"),
        ("ساعت ۹:۰۵ - ۱۰", "ساعت ۹:۰۵ - ۱۰"),
        ("p-0117 و S-2024-05", "p-0117 و S-2024-05"),
        ("192.168.1.1-a", "192.168.1.1-a"),
        ("2024-04-19T10", "2024-04-19T10"),
        ("/var/2024-04-19", "/var/2024-04-19"),
        ("۱۲-", "۱۲-"),
        ("--", "--"),
    ] {
        assert_eq!(tailored(text), wanted);
    }
}

#[test]
fn text_from_left_to_right_is_left_alone() {
    assert_eq!(
        numbers("growth −3.7% on 2024-04-19", Ltr).text,
        "growth −3.7% on 2024-04-19"
    );
    assert!(
        numbers("رشد −3.7%", Ltr).text.contains(LRI),
        "but for what stands beside Persian"
    );
}

#[test]
fn places_in_the_text_are_found_again() {
    let text = "ب −۵ پ";
    let tailored = numbers(text, Rtl);
    for (at, c) in text.char_indices() {
        assert!(tailored.text[tailored.map(at)..].starts_with(c));
    }
}
