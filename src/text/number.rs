//! Numbers in the digits and separators of a language, and numbers read from what people type.
//!
//! What comes out is bare logical text with U+2212 as minus sign. A number alone in a cell or in running text keeps its sign on
//! the left by itself; put into a sentence beside Latin text it wants an isolate.

use super::Lang;

/// The unit an amount of money is shown in; the unit's name is always part of the text, because a rial is a tenth of a toman
/// and people mistake the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoneyUnit {
    /// Rial, as the data has it.
    Rial,
    /// Ten rials.
    Toman,
    /// A million rials.
    MillionRial,
    /// A milliard of rials (10⁹).
    BillionRial,
    /// A million tomans.
    MillionToman,
    /// A milliard of tomans (10¹⁰ rials).
    BillionToman,
}

impl MoneyUnit {
    /// Rials in one of it.
    pub const fn rials(self) -> i64 {
        match self {
            Self::Rial => 1,
            Self::Toman => 10,
            Self::MillionRial => 1_000_000,
            Self::BillionRial => 1_000_000_000,
            Self::MillionToman => 10_000_000,
            Self::BillionToman => 10_000_000_000,
        }
    }

    /// Its name after a number.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Rial, Lang::Fa) => "ریال",
            (Self::Toman, Lang::Fa) => "تومان",
            (Self::MillionRial, Lang::Fa) => "میلیون ریال",
            (Self::BillionRial, Lang::Fa) => "میلیارد ریال",
            (Self::MillionToman, Lang::Fa) => "میلیون تومان",
            (Self::BillionToman, Lang::Fa) => "میلیارد تومان",
            (Self::Rial, Lang::En) => "rial",
            (Self::Toman, Lang::En) => "toman",
            (Self::MillionRial, Lang::En) => "million rial",
            (Self::BillionRial, Lang::En) => "billion rial",
            (Self::MillionToman, Lang::En) => "million toman",
            (Self::BillionToman, Lang::En) => "billion toman",
        }
    }
}

/// Shown where there is no number to show.
const NOTHING: &str = "—";
/// Fractions beyond this are noise in a double.
const FRACTION: usize = 9;

/// A whole number with its thousands parted.
pub fn integer(n: i64, lang: Lang) -> String {
    let mut out = String::new();
    if n < 0 {
        out.push('−');
    }
    put_grouped(&mut out, &n.unsigned_abs().to_string(), lang);
    out
}

/// A number rounded to at most `max_fraction` decimals, without trailing zeros; «—» for what is no number.
pub fn decimal(n: f64, max_fraction: usize, lang: Lang) -> String {
    with_sign(n, max_fraction, lang, "")
}

/// Percent of something, given in percent (12.5 is `۱۲٫۵٪`), at most one decimal; «—» for what is no number.
pub fn percent(n: f64, lang: Lang) -> String {
    let mut out = decimal(n, 1, lang);
    if n.is_finite() {
        out.push(match lang {
            Lang::Fa => '٪',
            Lang::En => '%',
        });
    }
    out
}

/// A difference: like [`decimal`], with a plus sign where it is more than nothing after rounding.
pub fn signed(n: f64, max_fraction: usize, lang: Lang) -> String {
    with_sign(n, max_fraction, lang, "+")
}

/// An amount given in rials, in a unit that is named: `۱٫۲ میلیارد ریال`. At most one decimal.
pub fn money_rial(rials: i64, unit: MoneyUnit, lang: Lang) -> String {
    let per_unit = unit.rials();
    let mut out = if per_unit == 1 {
        integer(rials, lang)
    } else {
        // Exact in tenths of the unit: a double would lose the last rials of a national budget, which nobody sees here.
        decimal(rials as f64 / per_unit as f64, 1, lang)
    };
    out.push(' ');
    out.push_str(unit.name(lang));
    out
}

/// The text with its digits in those of the language; everything else stays.
pub fn digits(text: &str, lang: Lang) -> String {
    text.chars()
        .map(|c| digit_value(c).map_or(c, |value| digit(value, lang)))
        .collect()
}

/// The number a text says, in digits of any of the three kinds: `۱٬۲۳۴٫۵`, `1,234.5`, `−۳٫۷٪` (percent stay percent). Thousands
/// must stand in groups of three; anything else is nothing.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}'));
    let text = text.strip_suffix(['٪', '%']).unwrap_or(text).trim_end();
    let (negative, text) = match text.strip_prefix(['−', '-']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once(['.', '٫']).map_or((text, None), |(w, f)| (w, Some(f)));
    let mut plain = String::with_capacity(text.len());
    let groups: Vec<&str> = whole.split(['٬', ',', '،']).collect();
    for (i, group) in groups.iter().enumerate() {
        let length = group.chars().count();
        let right = if groups.len() == 1 {
            length > 0
        } else if i == 0 {
            (1..=3).contains(&length)
        } else {
            length == 3
        };
        if !right {
            return None;
        }
        push_digits(&mut plain, group)?;
    }
    if let Some(fraction) = fraction {
        if fraction.is_empty() {
            return None;
        }
        plain.push('.');
        push_digits(&mut plain, fraction)?;
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(if negative { -value } else { value })
}

fn push_digits(out: &mut String, text: &str) -> Option<()> {
    for c in text.chars() {
        out.push(char::from(b'0' + digit_value(c)?));
    }
    Some(())
}

fn with_sign(n: f64, max_fraction: usize, lang: Lang, plus: &str) -> String {
    if !n.is_finite() {
        return NOTHING.to_owned();
    }
    let text = format!("{:.*}", max_fraction.min(FRACTION), n.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut out = String::new();
    let nothing = fraction.is_empty() && whole == "0";
    if n < 0.0 && !nothing {
        out.push('−');
    } else if !nothing {
        out.push_str(plus);
    }
    put_grouped(&mut out, whole, lang);
    if !fraction.is_empty() {
        out.push(match lang {
            Lang::Fa => '٫',
            Lang::En => '.',
        });
        out.extend(
            fraction
                .chars()
                .map(|c| digit_value(c).map_or(c, |value| digit(value, lang))),
        );
    }
    out
}

fn put_grouped(out: &mut String, ascii: &str, lang: Lang) {
    let separator = match lang {
        Lang::Fa => '٬',
        Lang::En => ',',
    };
    for (i, byte) in ascii.bytes().enumerate() {
        if i > 0 && (ascii.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit(byte.wrapping_sub(b'0'), lang));
    }
}

/// The value of a digit: ASCII, Persian or Arabic.
pub fn digit_value(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

fn digit(value: u8, lang: Lang) -> char {
    let zero = match lang {
        Lang::Fa => '۰',
        Lang::En => '0',
    };
    char::from_u32(u32::from(zero) + u32::from(value)).unwrap_or(zero)
}

#[cfg(test)]
mod tests;
