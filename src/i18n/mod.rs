//! Message catalogue in Persian and English.
use crate::text::Lang;

/// The text of a key.
pub fn t(_lang: Lang, key: &'static str) -> &'static str {
    key
}

/// The text of a key with values.
pub fn tf(_lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    format!("{key} {args:?}")
}
