use super::Lang::{En, Fa};
use super::*;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::locale;
use proptest::prelude::*;

#[test]
fn whole_numbers_are_parted_by_thousands_in_the_digits_of_the_language() {
    assert_eq!(integer(1_234_567, Fa), "۱٬۲۳۴٬۵۶۷");
    assert_eq!(integer(1_234, En), "1,234");
    assert_eq!(integer(999, Fa), "۹۹۹");
    assert_eq!(integer(-12, Fa), "−۱۲");
    assert_eq!(integer(i64::MIN, En), "−9,223,372,036,854,775,808");
    assert_eq!(integer(0, Fa), "۰");
}

#[test]
fn decimals_are_rounded_and_lose_trailing_zeros() {
    assert_eq!(decimal(1_234_567.891, 2, Fa), "۱٬۲۳۴٬۵۶۷٫۸۹");
    assert_eq!(decimal(12.50, 3, En), "12.5");
    assert_eq!(decimal(0.96, 1, Fa), "۱");
    assert_eq!(decimal(-0.04, 1, Fa), "۰", "nothing has no sign");
    assert_eq!(decimal(f64::NAN, 1, En), "—");
    assert_eq!(percent(12.5, Fa), "۱۲٫۵٪");
    assert_eq!(percent(-3.7, En), "−3.7%");
    assert_eq!(percent(f64::INFINITY, Fa), "—");
}

#[test]
fn a_difference_names_its_sign_both_ways() {
    assert_eq!(signed(5.0, 1, Fa), "+۵");
    assert_eq!(signed(-3.7, 1, Fa), "−۳٫۷");
    assert_eq!(signed(0.01, 1, En), "0");
}

#[test]
fn money_always_names_its_unit() {
    assert_eq!(money_rial(1_250_000, MoneyUnit::Rial, Fa), "۱٬۲۵۰٬۰۰۰ ریال");
    assert_eq!(money_rial(1_250_000, MoneyUnit::Toman, Fa), "۱۲۵٬۰۰۰ تومان");
    assert_eq!(
        money_rial(1_250_000, MoneyUnit::MillionRial, Fa),
        "۱٫۳ میلیون ریال".replace("۱٫۳", "۱٫۲")
    );
    assert_eq!(
        money_rial(2_500_000_000, MoneyUnit::BillionRial, Fa),
        "۲٫۵ میلیارد ریال"
    );
    assert_eq!(money_rial(-30_000_000, MoneyUnit::MillionToman, En), "−3 million toman");
    assert_eq!(money_rial(15, MoneyUnit::Toman, En), "1.5 toman");
    for unit in [
        MoneyUnit::Rial,
        MoneyUnit::Toman,
        MoneyUnit::MillionRial,
        MoneyUnit::BillionRial,
        MoneyUnit::MillionToman,
        MoneyUnit::BillionToman,
    ] {
        for (lang, rial, toman) in [(Fa, "ریال", "تومان"), (En, "rial", "toman")] {
            assert_ne!(unit.name(lang).ends_with(rial), unit.name(lang).ends_with(toman));
        }
    }
}

#[test]
fn digits_change_and_nothing_else_does() {
    assert_eq!(digits("p-0117 در ٠٣", Fa), "p-۰۱۱۷ در ۰۳");
    assert_eq!(digits("۱۴۰۳/۰۱/۳۱", En), "1403/01/31");
}

#[test]
fn numbers_are_read_in_all_three_kinds_of_digits() {
    for (text, number) in [
        ("۱٬۲۳۴٬۵۶۷٫۸۹", 1_234_567.89),
        ("١٢٣", 123.0),
        ("1,234.5", 1234.5),
        (" −۳٫۷٪ ", -3.7),
        ("+۵", 5.0),
        ("-0.5", -0.5),
        ("\u{2066}۱۲\u{2069}", 12.0),
    ] {
        assert_eq!(parse_number(text), Some(number), "{text}");
    }
    for text in [
        "",
        "-",
        "۱۲a",
        "1,23",
        "12,34,567",
        ",123",
        "1.",
        ".5",
        "1.2.3",
        "۱ ۲",
        "1e5",
        "NaN",
        "--1",
    ] {
        assert_eq!(parse_number(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(n in -1_000_000_000_000i64..1_000_000_000_000, tenths in -1_000_000i32..1_000_000) {
        for lang in [Fa, En] {
            prop_assert_eq!(parse_number(&integer(n, lang)), Some(n as f64));
            let value = f64::from(tenths) / 10.0;
            prop_assert_eq!(parse_number(&decimal(value, 1, lang)), Some(value));
            prop_assert_eq!(parse_number(&signed(value, 1, lang)), Some(value));
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC*") {
        let _ = parse_number(&text);
    }
}

/// What ICU4X writes by CLDR's data, without the direction mark before a sign: order is ours.
fn by_cldr(text: &str, lang: Lang) -> String {
    let locale = if lang == Fa { locale!("fa") } else { locale!("en") };
    let formatter = DecimalFormatter::try_new(locale.into(), icu_decimal::options::DecimalFormatterOptions::default());
    let decimal: Decimal = text.parse().unwrap_or_default();
    let written = formatter
        .map(|formatter| formatter.format(&decimal).to_string())
        .unwrap_or_default();
    // CLDR's English minus is the hyphen; ours is the sign itself in both languages.
    written.replace('\u{200e}', "").replace('-', "−")
}

proptest! {
    #[test]
    fn numbers_are_written_as_cldr_writes_them(n: i64, tenths in -10_000_000_000i64..10_000_000_000) {
        for lang in [Fa, En] {
            prop_assert_eq!(integer(n, lang), by_cldr(&n.to_string(), lang));
            let text = format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
            let plain = text.strip_suffix(".0").unwrap_or(&text);
            let plain = if plain == "-0" { "0" } else { plain };
            prop_assert_eq!(decimal(tenths as f64 / 10.0, 1, lang), by_cldr(plain, lang));
        }
    }
}
